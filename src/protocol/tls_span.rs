//! A part of a TLS message → its numbers and its vectors, read one after the other (RFC 8446 §3.4).

use super::field::{Field, bits};
use super::header::Header;

/// Bytes `at..end` of a header's bytes; reading moves `at`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub at: usize,
    pub end: usize,
}

impl Span {
    pub fn left(&self) -> usize {
        self.end.saturating_sub(self.at)
    }

    /// Reads a field of `len` bytes and returns its value. Where the part ends before, that is said as a stop.
    pub fn take(&mut self, header: &mut Header, field: &'static Field, len: usize, depth: u8) -> Option<u64> {
        if len > self.left() {
            let why = format!("{} needs {len} bytes and {} are left in what it belongs to.", field.key, self.left());
            header.refuse(field, self.at, why);
            return None;
        }
        if len == 0 {
            header.put(field, bits(0, 0), String::new(), String::new(), depth);
            return Some(0);
        }
        let value = header.at(field, self.at, len, depth)?;
        self.at += len;
        Some(value)
    }

    /// Like `take`; a word says what the value means.
    pub fn named(
        &mut self,
        header: &mut Header,
        field: &'static Field,
        len: usize,
        depth: u8,
        word: fn(u64) -> &'static str,
    ) -> Option<u64> {
        let value = self.take(header, field, len, depth)?;
        header.means(word(value));
        Some(value)
    }

    /// Reads a length of `size` bytes and returns the bytes that it counts.
    pub fn vector(&mut self, header: &mut Header, length: &'static Field, size: usize, depth: u8) -> Option<Span> {
        let len = self.take(header, length, size, depth)? as usize;
        if len > self.left() {
            let why = format!("{} says {len} bytes and {} are left in what it belongs to.", length.key, self.left());
            header.refuse(length, self.at, why);
            return None;
        }
        let inner = Span { at: self.at, end: self.at + len };
        self.at = inner.end;
        Some(inner)
    }

    /// Reads all that is left as one field; nothing where nothing is left.
    pub fn rest(&mut self, header: &mut Header, field: &'static Field, depth: u8) -> Option<()> {
        match self.left() {
            0 => Some(()),
            len => self.take(header, field, len, depth).map(|_| ()),
        }
    }

    /// A length and the bytes that it counts, as one field each; no bytes, no field.
    pub fn opaque(
        &mut self,
        header: &mut Header,
        length: &'static Field,
        size: usize,
        field: &'static Field,
        depth: u8,
    ) -> Option<()> {
        self.vector(header, length, size, depth)?.rest(header, field, depth)
    }

    /// Names the whole of what is left, as far as it was captured.
    pub fn group(&self, header: &mut Header, field: &'static Field, depth: u8, meaning: &str) {
        let len = self.left().min(header.rest(self.at).len());
        header.put(field, bits(self.at as u32 * 8, len as u32 * 8), String::new(), meaning.to_string(), depth);
    }

    /// All that is left as elements of one field, `size` bytes each.
    pub fn list(
        &mut self,
        header: &mut Header,
        field: &'static Field,
        size: usize,
        depth: u8,
        word: fn(u64) -> &'static str,
    ) -> Option<()> {
        while self.left() > 0 {
            self.named(header, field, size, depth, word)?;
        }
        Some(())
    }
}
