//! A filter's text → its words, signs and quoted texts, each with its place.

use super::Fault;

#[derive(Clone, Debug, PartialEq)]
pub struct Token<'a> {
    pub at: usize,
    /// As it is written, quotes included.
    pub text: &'a str,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A field, a number, an address, an operator in letters.
    Word,
    /// With its escapes resolved.
    Quoted(String),
    Sign,
}

/// The longest come first.
const SIGNS: &[&str] = &[
    "===", "!==", "==", "!=", "~=", ">=", "<=", "&&", "||", "..", ">", "<", "!", "(", ")", "{", "}", "[", "]", ",",
    "&", "~",
];

pub fn tokens(text: &str) -> Result<Vec<Token<'_>>, Fault> {
    let mut found: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or_default();
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (len, kind) = if first == '"' {
            quoted(rest).ok_or_else(|| Fault::new("unclosed", at, "\""))?
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (sign.len(), Kind::Sign)
        } else {
            match word(rest) {
                0 => return Err(Fault::new("unsupported", at, &rest[..first.len_utf8()])),
                len => (len, Kind::Word),
            }
        };
        found.push(Token { at, text: &rest[..len], kind });
        at += len;
    }
    Ok(found)
}

/// Bytes of the word that a text begins with; two dots end it, as they do in `80..90`.
fn word(text: &str) -> usize {
    let belongs = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | ':' | '-' | '/');
    let end = text.find(|letter| !belongs(letter)).unwrap_or(text.len());
    text.find("..").map_or(end, |dots| dots.min(end))
}

/// A text in quotes: its bytes with both quotes, and what it says. `None`: the second quote is missing.
fn quoted(text: &str) -> Option<(usize, Kind)> {
    let mut said = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((at + 1, Kind::Quoted(said))),
            '\\' => said.push(match letters.next()?.1 {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            }),
            _ => said.push(letter),
        }
    }
    None
}
