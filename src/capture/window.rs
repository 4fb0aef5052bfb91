//! Source → slices: the one buffer through which a capture of any size is read.

use super::Source;

/// Bytes asked of the source at a time. A browser hands a slice of a `File` over from another process: reading 100 MB
/// took it 0.42 s in slices of 1 MiB and 0.25 s in slices of 8 MiB.
const WINDOW: usize = 8 << 20;

/// A part of the source held in memory. It moves forward as the reader asks for more and never holds more than `WINDOW`
/// bytes or the one block that is larger.
pub(super) struct Window<S> {
    source: S,
    buffer: Vec<u8>,
    /// Offset in the source of the buffer's first byte.
    start: u64,
    /// Bytes of the buffer that are the source's.
    filled: usize,
}

impl<S: Source> Window<S> {
    pub fn new(source: S) -> Window<S> {
        Window { source, buffer: Vec::new(), start: 0, filled: 0 }
    }

    pub fn source(&mut self) -> &mut S {
        &mut self.source
    }

    /// Bytes that the source has now.
    pub fn size(&self) -> u64 {
        self.source.size()
    }

    /// Exactly `len` bytes at `offset`, or `None` where the source does not have them (yet). Callers bound `len`.
    pub fn get(&mut self, offset: u64, len: usize) -> Result<Option<&[u8]>, String> {
        if self.held(offset, len).is_none() {
            self.fill(offset, len)?;
        }
        Ok(self.held(offset, len))
    }

    fn held(&self, offset: u64, len: usize) -> Option<&[u8]> {
        let from = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        self.buffer.get(..self.filled)?.get(from..)?.get(..len)
    }

    fn fill(&mut self, offset: u64, len: usize) -> Result<(), String> {
        let rest = self.source.size().saturating_sub(offset);
        if rest < len as u64 {
            return Ok(());
        }
        let want = usize::try_from(rest).unwrap_or(WINDOW).min(WINDOW).max(len);
        if self.buffer.len() < want {
            self.buffer.resize(want, 0);
        }
        let Some(room) = self.buffer.get_mut(..want) else { return Ok(()) };
        self.filled = 0;
        self.start = offset;
        self.filled = self.source.read_at(offset, room)?.min(want);
        Ok(())
    }
}
