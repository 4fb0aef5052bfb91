//! A buffer that several frames filled → the rows that say which, in whatever protocol's words.

use super::field::{Buffer, Datagram, Field, bits};
use super::header::{Header, Place};

/// A protocol's rows for what it was put together from.
pub(super) struct Rows {
    /// The whole, and under it: a frame that gave a part, how many there are, and how long the whole is.
    pub whole: &'static Field,
    pub part: &'static Field,
    pub count: &'static Field,
    pub length: &'static Field,
}

impl Rows {
    pub fn all(&self) -> [&'static Field; 4] {
        [self.whole, self.part, self.count, self.length]
    }

    /// Keeps the buffer and says what it is made of; where it lies, for what follows in it.
    pub fn show(&self, header: &mut Header, buffer: &Buffer) -> Option<Place> {
        let place = header.spawn(buffer.clone())?;
        self.say(header, buffer, place.buffer);
        Some(place)
    }

    /// Says what the buffer with this number is made of.
    pub fn say(&self, header: &mut Header, buffer: &Buffer, number: u8) {
        header.generate(self.whole, "", 0);
        header.means(format!("{} bytes in {} parts", buffer.bytes.len(), buffer.parts.len()));
        for part in &buffer.parts {
            header.generate(self.part, part.frame, 1);
            if let Some(found) = header.layer.found.last_mut() {
                found.buffer = number;
                found.at = bits(part.offset.saturating_mul(8), part.len.saturating_mul(8));
            }
            header.means(format!("{} bytes from byte {}", part.len, part.offset));
        }
        header.generate(self.count, buffer.parts.len(), 1);
        header.generate(self.length, buffer.bytes.len(), 1);
    }
}

impl Header<'_> {
    /// Says what became of the datagram that this fragment belongs to, and where it lies if it is whole now.
    pub fn datagram(&mut self, rows: &Rows, later: &'static Field, overlap: &'static Field) -> Option<Place> {
        let fragment = self.context.fragment.as_ref().filter(|_| self.place.buffer == 0)?;
        if fragment.overlaps {
            self.generate(overlap, 1, 0);
        }
        match &fragment.whole {
            Datagram::Ends(buffer) => return rows.show(self, buffer),
            Datagram::In(frame) => self.generate(later, frame, 0),
            Datagram::Missing { from, to } => {
                let gap = to.map_or(format!("from {from} on"), |to| format!("{from} to {}", to.saturating_sub(1)));
                self.generate(later, "", 0);
                self.means(format!("never: bytes {gap} of the datagram did not come"));
            }
        }
        None
    }
}
