//! An English word or sentence about a value → the same in another language, the numbers in it kept.
//!
//! Decoders speak English; a language's list has their words as they stand in the tables, and their sentences with `{}` for
//! each number.

/// `find` answers a list's entry. `None` where the list has none, and the English stays.
pub fn translate<'a>(english: &str, find: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    if let Some(word) = find(english) {
        return Some(word.to_owned());
    }
    let (pattern, numbers) = pattern(english);
    let mut text = String::new();
    let mut numbers = numbers.into_iter();
    for (index, part) in find(&pattern)?.split("{}").enumerate() {
        if index > 0 {
            text.push_str(numbers.next().unwrap_or_default());
        }
        text.push_str(part);
    }
    Some(text)
}

/// A sentence that begins with a field's key → the key and the rest, which lists have with `It` before it.
pub fn about(sentence: &str) -> Option<(&str, &str)> {
    let (key, rest) = sentence.split_at(sentence.find([' ', ':'])?);
    (key.contains('.') && key.starts_with(|letter: char| letter.is_ascii_lowercase())).then_some((key, rest))
}

/// A text with `{}` for each number, decimal or `0x`, and the numbers.
pub fn pattern(text: &str) -> (String, Vec<&str>) {
    let (mut pattern, mut numbers) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let digits = match number.strip_prefix("0x") {
            Some(hex) => 2 + length(hex, |letter| letter.is_ascii_hexdigit()),
            None => length(number, |letter| letter.is_ascii_digit()),
        };
        let (number, after) = number.split_at(digits);
        pattern.push_str(before);
        pattern.push_str("{}");
        numbers.push(number);
        rest = after;
    }
    pattern.push_str(rest);
    (pattern, numbers)
}

fn length(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !of(letter)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(english: &str) -> Option<&'static str> {
        match english {
            "no error" => Some("无差错"),
            "incorrect, should be {}" => Some("错误，应为 {}"),
            "{} of {} bytes" => Some("{} 字节，共 {} 字节"),
            _ => None,
        }
    }

    #[test]
    fn words_are_found_as_they_are_and_sentences_by_their_numbers() {
        let check = |english: &str, expected: Option<&str>| assert_eq!(translate(english, find).as_deref(), expected);
        check("no error", Some("无差错"));
        check("incorrect, should be 0x1af3", Some("错误，应为 0x1af3"));
        check("12 of 40 bytes", Some("12 字节，共 40 字节"));
        check("12", None);
        check("https", None);
    }

    #[test]
    fn a_sentence_about_a_field_begins_with_its_key() {
        assert_eq!(about("ip.len claims 4 bytes."), Some(("ip.len", " claims 4 bytes.")));
        assert_eq!(about("dhcp.option.lease: too short."), Some(("dhcp.option.lease", ": too short.")));
        assert_eq!(about("The capture ends."), None);
        assert_eq!(about("802.11 ends."), None);
    }
}
