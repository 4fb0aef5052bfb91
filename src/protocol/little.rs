//! A little-endian word → its number and the bit fields in it, counted as the standards of Wi-Fi do, from the lowest bit.

use super::field::{Bits, COMPUTED, Field, Show, Words, bits, field};
use super::header::Header;

/// A bit field of a little-endian word: its row, its lowest bit, and how many there are.
pub(super) struct Low {
    pub field: Field,
    from: u32,
    len: u32,
}

pub(super) const fn low(
    key: &'static str,
    name: &'static str,
    from: u32,
    len: u32,
    show: Show,
    source: &'static str,
) -> Low {
    Low { field: field(key, name, COMPUTED, show, source), from, len }
}

/// A single bit.
pub(super) const fn flag(key: &'static str, name: &'static str, from: u32, source: &'static str) -> Low {
    low(key, name, from, 1, Show::Flag, source)
}

impl Low {
    pub const fn words(mut self, words: Words) -> Low {
        self.field = self.field.words(words);
        self
    }

    /// Its place in a word at byte `offset`. Bits that go over a byte's border do not lie side by side on the wire, so the
    /// place is that of the bytes.
    fn place(&self, offset: usize) -> Bits {
        let (first, last) = (self.from / 8, (self.from + self.len - 1) / 8);
        let start = offset as u32 * 8;
        if first == last {
            bits(start + first * 8 + 8 - (self.from % 8 + self.len), self.len)
        } else {
            bits(start + first * 8, (last - first + 1) * 8)
        }
    }
}

/// Reads `size` bytes (at most 8) at `offset` as one number.
pub(super) fn number(header: &mut Header, row: &'static Field, offset: usize, size: usize, depth: u8) -> Option<u64> {
    let value = peek(header, offset, size);
    let Some(value) = value else {
        header.cut(offset, size);
        return None;
    };
    let place = bits(offset as u32 * 8, size as u32 * 8);
    header.put(row, place, print(row.show, value), row.word(value).to_string(), depth);
    Some(value)
}

/// Reads a word and its bit fields, which lie one level deeper.
pub(super) fn word(
    header: &mut Header,
    row: &'static Field,
    parts: &'static [Low],
    offset: usize,
    size: usize,
    depth: u8,
) -> Option<u64> {
    let value = number(header, row, offset, size, depth)?;
    split(header, parts, value, offset, depth + 1);
    Some(value)
}

/// Pushes the bit fields of a word whose number is known.
pub(super) fn split(header: &mut Header, parts: &'static [Low], word: u64, offset: usize, depth: u8) {
    for part in parts {
        let value = word >> part.from & ((1 << part.len) - 1);
        let words = part.field.word(value).to_string();
        header.put(&part.field, part.place(offset), print(part.field.show, value), words, depth);
    }
}

fn peek(header: &Header, offset: usize, size: usize) -> Option<u64> {
    Some(header.bytes(offset, size)?.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

fn print(show: Show, value: u64) -> String {
    match show {
        Show::Hex(digits) => format!("0x{value:0width$x}", width = usize::from(digits)),
        Show::None => String::new(),
        _ => value.to_string(),
    }
}
