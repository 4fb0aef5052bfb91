//! A line of text → its words and numbers, from left to right.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// What of a line is still to be read.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a>(pub &'a str);

impl<'a> Scan<'a> {
    /// Passes over `words` where the rest begins with them.
    pub fn eat(&mut self, words: &str) -> bool {
        let rest = self.0.strip_prefix(words);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// What stands before the next `end`, which is passed over; nothing where there is none.
    pub fn until(&mut self, end: &str) -> Option<&'a str> {
        let (before, rest) = self.0.split_once(end)?;
        self.0 = rest;
        Some(before)
    }

    /// The number that comes next, in decimal or after `0x` in hexadecimal.
    pub fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        let (radix, digits) = self.0.strip_prefix("0x").map_or((10, self.0), |digits| (16, digits));
        let end = digits.find(|letter: char| !letter.is_digit(radix)).unwrap_or(digits.len());
        let (number, rest) = digits.split_at(end);
        let number = T::try_from(u64::from_str_radix(number, radix).ok()?).ok()?;
        self.0 = rest;
        Some(number)
    }

    /// What stands between the bracket that comes next and the one that closes it, brackets inside included.
    pub fn group(&mut self, open: char, close: char) -> Option<&'a str> {
        let inside = self.0.strip_prefix(open)?;
        let mut depth = 1usize;
        for (at, letter) in inside.char_indices() {
            if letter == open {
                depth += 1;
            } else if letter == close {
                depth -= 1;
            }
            if depth == 0 {
                let (group, rest) = (inside.get(..at)?, inside.get(at + close.len_utf8()..)?);
                self.0 = rest;
                return Some(group);
            }
        }
        None
    }
}

/// What follows the first `key` in `text`.
pub(super) fn after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.split_once(key).map(|(_, rest)| rest)
}

/// The number behind the first `key` in `text`.
pub(super) fn number_after<T: TryFrom<u64>>(text: &str, key: &str) -> Option<T> {
    Scan(after(text, key)?).number()
}

/// The word (up to a blank, a comma or the end) behind the first `key`, as a `T`.
pub(super) fn word_after<T: FromStr>(text: &str, key: &str) -> Option<T> {
    word(after(text, key)?).parse().ok()
}

/// The first word of `text`.
pub(super) fn word(text: &str) -> &str {
    text.split([' ', ',']).next().unwrap_or_default()
}

/// A hardware address: six pairs of hexadecimal digits.
pub(super) fn mac(text: &str) -> Option<[u8; 6]> {
    let mut address = [0; 6];
    let mut pairs = text.split(':');
    for byte in &mut address {
        let pair = pairs.next().filter(|pair| (1..=2).contains(&pair.len()))?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    pairs.next().is_none().then_some(address)
}

/// An address as tcpdump writes it: `192.0.2.1`, `192.0.2.1.80`, `2001:db8::1.80`. The port follows the last point.
pub(super) fn endpoint(text: &str) -> Option<(IpAddr, Option<u16>)> {
    if let Ok(address) = text.parse() {
        return Some((address, None));
    }
    let (address, port) = text.rsplit_once('.')?;
    Some((address.parse().ok()?, Some(port.parse().ok()?)))
}

/// Both ends of a conversation, where they have ports.
pub(super) fn sockets(from: (IpAddr, Option<u16>), to: (IpAddr, Option<u16>)) -> Option<(SocketAddr, SocketAddr)> {
    Some((SocketAddr::new(from.0, from.1?), SocketAddr::new(to.0, to.1?)))
}

/// The bytes of text in which tcpdump wrote the unreadable ones as `^X` and `M-X`.
pub(super) fn readable(text: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let [first, ..] = rest {
        let (high, low) = rest.strip_prefix(b"M-").map_or((0, rest), |rest| (0x80, rest));
        let (byte, left) = match low {
            [b'^', control @ b'?'..=b'_', left @ ..] => (control ^ 0x40, left),
            [letter, left @ ..] if high != 0 => (*letter, left),
            _ => (*first, rest.get(1..).unwrap_or_default()),
        };
        bytes.push(high | byte);
        rest = left;
    }
    bytes
}
