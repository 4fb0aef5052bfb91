//! A source → what is read of it: itself, or the capture in memory that it was converted to.

use super::Source;

/// Bytes at the start that decide what a file is.
const HEAD: u64 = 512;

/// The first bytes of a source; fewer than `HEAD` where there are no more.
pub(super) fn head<S: Source + ?Sized>(source: &mut S) -> Result<Vec<u8>, String> {
    let mut head = vec![0; usize::try_from(source.size().min(HEAD)).unwrap_or(0)];
    let count = source.read_at(0, &mut head)?;
    head.truncate(count);
    Ok(head)
}

/// A plain capture is read where it lies and may grow; one that was converted may be in memory.
pub enum Content<S> {
    Source(S),
    Memory(Vec<u8>),
}

impl<S: Source> Source for Content<S> {
    fn size(&self) -> u64 {
        match self {
            Content::Source(source) => source.size(),
            Content::Memory(bytes) => bytes.len() as u64,
        }
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        match self {
            Content::Source(source) => source.read_at(offset, buffer),
            Content::Memory(bytes) => bytes.as_slice().read_at(offset, buffer),
        }
    }
}
