//! A name in a filter → the fields or the protocol that it stands for; what a name may have been meant to be.
//!
//! Which names there are is a list beside the program ([`Known`]), written with the page and loaded when somebody filters: the
//! engine is given the few that a filter uses, and so carries no table of all fields.

use serde::{Deserialize, Serialize};

use crate::protocol::Show;

/// A field that a filter can ask for, in one of its forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub key: String,
    pub form: Form,
    /// Values and what they mean, a line each: `1 request`.
    pub words: String,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    Number,
    Flag,
    Ipv4,
    Ipv6,
    Mac,
    Text,
    Bytes,
}

impl Form {
    fn of(show: Show) -> Form {
        match show {
            Show::Dec | Show::Times(_) | Show::Hex(_) => Form::Number,
            Show::Flag => Form::Flag,
            Show::Ipv4 => Form::Ipv4,
            Show::Ipv6 => Form::Ipv6,
            Show::Mac => Form::Mac,
            Show::Text => Form::Text,
            Show::Bytes | Show::None => Form::Bytes,
        }
    }
}

/// What a name in a filter stands for.
#[derive(Debug)]
pub struct Name {
    /// As it is written.
    pub text: String,
    /// The fields that it stands for; none: a protocol.
    pub keys: Vec<String>,
    /// The forms of their values.
    pub forms: Vec<Known>,
}

impl Name {
    pub fn is_protocol(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn form(&self) -> Form {
        self.forms.first().map_or(Form::Bytes, |known| known.form)
    }
}

/// Names for either end, with the fields that they stand for.
const EITHER: &[(&str, [&str; 2], Form)] = &[
    ("eth.addr", ["eth.src", "eth.dst"], Form::Mac),
    ("ip.addr", ["ip.src", "ip.dst"], Form::Ipv4),
    ("ipv6.addr", ["ipv6.src", "ipv6.dst"], Form::Ipv6),
    ("tcp.port", ["tcp.srcport", "tcp.dstport"], Form::Number),
    ("udp.port", ["udp.srcport", "udp.dstport"], Form::Number),
    ("sctp.port", ["sctp.srcport", "sctp.dstport"], Form::Number),
];

/// What a frame says of itself, outside of every header; all are numbers. Times are seconds.
pub const FRAME: [&str; 6] =
    ["frame.number", "frame.len", "frame.cap_len", "frame.time_relative", "frame.time_delta", "frame.time_epoch"];

/// All fields of all protocols, by their keys: what is written beside the page, and what tests know.
pub fn known() -> Vec<Known> {
    let mut all: Vec<Known> = Vec::new();
    for field in crate::protocol::fields() {
        let (form, mut words) = (Form::of(field.show), String::new());
        for (value, word) in field.words.iter() {
            words += &format!("{value} {word}\n");
        }
        match all.iter_mut().find(|known| known.key == field.key && known.form == form) {
            Some(known) => known.words += &words,
            None => all.push(Known { key: field.key.to_owned(), form, words }),
        }
    }
    all.sort_by(|a, b| a.key.cmp(&b.key));
    all
}

/// Those that a filter's words name, or one of the protocol that they name.
pub fn used(text: &str, all: &[Known]) -> Vec<Known> {
    let mut found: Vec<Known> = Vec::new();
    for word in text.split(|letter| !is_part(letter)) {
        let mut fields: Vec<&Known> = all.iter().filter(|known| known.key == word).collect();
        if fields.is_empty() {
            fields.extend(all.iter().find(|known| protocol(&known.key) == word));
        }
        for known in fields {
            if !found.contains(known) {
                found.push(known.clone());
            }
        }
    }
    found
}

/// Whether a letter belongs to a name.
pub fn is_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '.'
}

/// `ip` of `ip.ttl`
fn protocol(key: &str) -> &str {
    key.split('.').next().unwrap_or(key)
}

/// What a name stands for, by the fields that are known.
pub fn find(text: &str, known: &[Known]) -> Option<Name> {
    let name = |keys: &[&str], forms: Vec<Known>| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        Some(Name { text: text.to_owned(), keys, forms })
    };
    let one = |form: Form| vec![Known { key: text.to_owned(), form, words: String::new() }];
    if let Some((_, keys, form)) = EITHER.iter().find(|(either, ..)| *either == text) {
        return name(keys, one(*form));
    }
    if FRAME.contains(&text) {
        return name(&[text], one(Form::Number));
    }
    let forms: Vec<Known> = known.iter().filter(|known| known.key == text).cloned().collect();
    // A key without a dot marks its protocol.
    if text == "frame" || known.iter().any(|known| protocol(&known.key) == text) {
        return name(&[], Vec::new());
    }
    if forms.is_empty() { None } else { name(&[text], forms) }
}

/// Shows every name that a filter may use, some of them more than once.
fn each<'a>(all: &'a [Known], see: &mut dyn FnMut(&'a str)) {
    EITHER.iter().for_each(|(name, ..)| see(name));
    see("frame");
    FRAME.iter().for_each(|name| see(name));
    for known in all {
        see(protocol(&known.key));
        see(&known.key);
    }
}

/// The known name that is nearest to a text; empty where none is near.
pub fn nearest(text: &str, all: &[Known]) -> String {
    let text: String = text.chars().take(MAX_NAME).map(|letter| letter.to_ascii_lowercase()).collect();
    let mut best = (text.len() / 3 + 1, "");
    each(all, &mut |name| {
        if name.len().abs_diff(text.len()) < best.0 {
            let far = distance(text.as_bytes(), name.as_bytes());
            if far < best.0 {
                best = (far, name);
            }
        }
    });
    best.1.to_owned()
}

/// Letters of a name that are compared: more than any name has.
const MAX_NAME: usize = 80;

/// Letters to change, add or leave out to make one text of the other (Levenshtein's distance).
fn distance(one: &[u8], other: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.iter().enumerate() {
        let mut before = line;
        let mut left = line + 1;
        for (cell, wanted) in row.iter_mut().skip(1).zip(other) {
            let best = (before + usize::from(letter != wanted)).min(*cell + 1).min(left + 1);
            before = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Names that begin with a text, those without further dots first, at most `most`.
pub fn complete(text: &str, most: usize, all: &[Known]) -> Vec<String> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    if text.is_empty() {
        return Vec::new();
    }
    each(all, &mut |name| {
        if name.starts_with(text) {
            let entry = (name.matches('.').count(), name);
            if let Err(place) = found.binary_search(&entry) {
                found.insert(place, entry);
                found.truncate(most);
            }
        }
    });
    found.into_iter().map(|(_, name)| name.to_owned()).collect()
}
