//! Text → its lines, the headers that they are (`Name: value`), and where a head of them ends (RFC 9112 §2, RFC 5322 §2.2).

use super::field::{Bits, bits};

/// Bytes of a head that are waited for: servers refuse heads of a fraction of this.
pub(super) const MAX_HEAD: usize = 64 * 1024;
/// Lines of one layer that become fields.
pub(super) const MAX_LINES: usize = 1024;

/// A line of text, with offsets into the bytes that `lines` was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Without its end.
    pub text: &'a [u8],
    pub start: usize,
    /// Where the next line begins; `start + text.len()` for a last line without an end.
    pub next: usize,
}

/// A word or a value within a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub text: &'a [u8],
    pub start: usize,
}

/// The lines of `bytes`, each with the CR LF or LF that ends it; the last one may have none.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let (size, ended) = rest.iter().position(|byte| *byte == b'\n').map_or((rest.len(), 0), |end| (end, 1));
        let line = rest.get(..size)?;
        let text = if ended == 1 { line.strip_suffix(b"\r").unwrap_or(line) } else { line };
        let start = at;
        at += size + ended;
        Some(Line { text, start, next: at })
    })
    .take(MAX_LINES)
}

/// Bytes of a head with the empty line that ends it; `None` while that line is not there.
pub(super) fn head(bytes: &[u8]) -> Option<usize> {
    let bytes = bytes.get(..MAX_HEAD).unwrap_or(bytes);
    let mut at = 0;
    while let Some(end) = bytes.get(at..)?.iter().position(|byte| *byte == b'\n') {
        let line = bytes.get(at..at + end)?;
        at += end + 1;
        if line.is_empty() || line == b"\r" {
            return Some(at);
        }
    }
    None
}

impl<'a> Line<'a> {
    /// Bits of the line with its end, as fields count them.
    pub fn bits(&self) -> Bits {
        bits(self.start as u32 * 8, (self.next - self.start) as u32 * 8)
    }

    /// The line with its end; `bytes` are those that `lines` was given.
    pub fn whole(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.start..self.next).unwrap_or_default()
    }

    /// Name and value of a header, the blanks before the value left out; `None` for a line without a colon.
    pub fn header(&self) -> Option<(Word<'a>, Word<'a>)> {
        let colon = self.text.iter().position(|byte| *byte == b':')?;
        let (name, value) = (self.text.get(..colon)?, self.text.get(colon + 1..)?);
        let blanks = value.len() - value.trim_ascii_start().len();
        let value = Word { text: value.trim_ascii_start(), start: self.start + colon + 1 + blanks };
        Some((Word { text: name, start: self.start }, value))
    }

    /// The first word, and what follows the blanks behind it.
    pub fn split(&self) -> (Word<'a>, Word<'a>) {
        Word { text: self.text, start: self.start }.split()
    }
}

impl<'a> Word<'a> {
    pub fn bits(&self) -> Bits {
        bits(self.start as u32 * 8, self.text.len() as u32 * 8)
    }

    /// What stands before the first blank, and what follows the blanks behind it.
    pub fn split(&self) -> (Word<'a>, Word<'a>) {
        let end = self.text.iter().position(|byte| *byte == b' ').unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at(end);
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        let rest = Word { text: rest.get(blanks..).unwrap_or_default(), start: self.start + end + blanks };
        (Word { text: word, start: self.start }, rest)
    }

    /// The parts between the separators, each with where it begins.
    pub fn parts(&self, separator: u8) -> impl Iterator<Item = Word<'a>> {
        let mut at = self.start;
        self.text.split(move |byte| *byte == separator).map(move |text| {
            let start = at;
            at += text.len() + 1;
            Word { text, start }
        })
    }

    /// The number that the word is, blanks around it or not; `None` for any other text and beyond 64 bits.
    pub fn number(&self) -> Option<u64> {
        let text = std::str::from_utf8(self.text.trim_ascii()).ok()?;
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
    }
}

/// Text as tshark's PDML shows it: bytes that are no UTF-8 as U+FFFD each, control characters but blanks as `\x1`.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '\t' | '\n' | '\r' => text.push(letter),
                '\0'..='\u{1f}' | '\u{7f}' => text.push_str(&format!("\\x{:x}", u32::from(letter))),
                _ => text.push(letter),
            }
        }
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_places() {
        let bytes = b"GET  / HTTP/1.1\r\nHost : \t a:1 \nX\r";
        let found: Vec<(usize, &[u8], usize)> = lines(bytes).map(|line| (line.start, line.text, line.next)).collect();
        assert_eq!(found, [(0, &b"GET  / HTTP/1.1"[..], 17), (17, b"Host : \t a:1 ", 31), (31, b"X\r", 33)]);
        let (name, value) = lines(bytes).nth(1).and_then(|line| line.header()).unwrap();
        assert_eq!((name.text, value.text, value.start), (&b"Host "[..], &b"a:1 "[..], 26));
        let (word, rest) = lines(bytes).next().unwrap().split();
        assert_eq!((word.text, rest.text, rest.start), (&b"GET"[..], &b"/ HTTP/1.1"[..], 5));
    }

    #[test]
    fn a_head_ends_with_an_empty_line_within_its_limit() {
        assert_eq!(head(b"a\r\n\r\nb"), Some(5));
        assert_eq!(head(b"a\n\nb"), Some(3));
        assert_eq!(head(b"a\r\nb\r\n"), None);
        let long = |size: usize| [vec![b'a'; size - 4], b"\r\n\r\n".to_vec()].concat();
        assert_eq!(head(&long(MAX_HEAD)), Some(MAX_HEAD));
        assert_eq!(head(&long(MAX_HEAD + 1)), None);
        assert_eq!(lines(&vec![b'\n'; MAX_LINES + 1]).count(), MAX_LINES);
    }

    #[test]
    fn hostile_text_is_shown_as_tshark_shows_it() {
        assert_eq!(text(b"a\xff\xe9\x01\x7f\t<b>"), "a\u{fffd}\u{fffd}\\x1\\x7f\t<b>");
    }
}
