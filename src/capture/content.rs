//! A source → what is read of it: itself, or the capture in memory that was unpacked or written out of it.

use super::Source;

/// Bytes at the start that decide what a file is.
const HEAD: u64 = 512;

/// The content of a source. A plain capture is read where it lies and may grow; what was packed or text is in memory.
pub enum Content<S> {
    Source(S),
    Memory {
        bytes: Vec<u8>,
        /// Bytes that the source had.
        packed: u64,
    },
}

impl<S: Source> Content<S> {
    /// Bytes of the source itself: the size of the file.
    pub fn file_size(&self) -> u64 {
        match self {
            Content::Source(source) => source.size(),
            Content::Memory { packed, .. } => *packed,
        }
    }

    /// The same file with `bytes` as what is read of it.
    pub(super) fn replaced(&self, bytes: Vec<u8>) -> Content<S> {
        Content::Memory { bytes, packed: self.file_size() }
    }

    /// The first bytes; fewer than `HEAD` where there are no more.
    pub(super) fn head(&mut self) -> Result<Vec<u8>, String> {
        let mut head = vec![0; usize::try_from(self.size().min(HEAD)).unwrap_or(0)];
        let count = self.read_at(0, &mut head)?;
        head.truncate(count);
        Ok(head)
    }
}

impl<S: Source> Source for Content<S> {
    fn size(&self) -> u64 {
        match self {
            Content::Source(source) => source.size(),
            Content::Memory { bytes, .. } => bytes.len() as u64,
        }
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        match self {
            Content::Source(source) => source.read_at(offset, buffer),
            Content::Memory { bytes, .. } => bytes.as_slice().read_at(offset, buffer),
        }
    }
}
