//! A `Blob` (a chosen file, pasted or fetched bytes) → a `Source` that a worker reads by slices, never whole; and back.

use std::io::{self, Write};

use js_sys::{Array, Uint8Array};
use web_sys::{Blob, FileReaderSync};

use super::message::describe;
use crate::capture::Source;

/// A read smaller than this fetches a whole block, because each call to the browser costs far more than the copy:
/// packets that lie together in the file, as the rows of a list do, then cost one call.
const BLOCK: u64 = 64 * 1024;

pub struct BlobSource {
    blob: Blob,
    reader: FileReaderSync,
    size: u64,
    /// The block read last, and its offset in the blob.
    block: Vec<u8>,
    block_at: u64,
}

impl BlobSource {
    /// Fails where there is no `FileReaderSync`: outside a worker.
    pub fn new(blob: Blob) -> Result<BlobSource, String> {
        let reader = FileReaderSync::new().map_err(|error| describe(&error))?;
        let size = blob.size() as u64;
        Ok(BlobSource { blob, reader, size, block: Vec::new(), block_at: 0 })
    }

    fn slice(&self, start: u64, end: u64) -> Result<Uint8Array, String> {
        let slice = self.blob.slice_with_f64_and_f64(start as f64, end as f64).map_err(|error| describe(&error))?;
        let buffer = self.reader.read_as_array_buffer(&slice).map_err(|error| describe(&error))?;
        Ok(Uint8Array::new(&buffer))
    }

    /// Whether the bytes from `start` up to `end` lie in the block read last.
    fn cached(&self, start: u64, end: u64) -> bool {
        start >= self.block_at && end <= self.block_at + self.block.len() as u64
    }
}

impl Source for BlobSource {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        let start = offset.min(self.size);
        let end = start.saturating_add(buffer.len() as u64).min(self.size);
        if !self.cached(start, end) {
            if end - start >= BLOCK {
                return copy(&self.slice(start, end)?, buffer);
            }
            self.block = self.slice(start, start.saturating_add(BLOCK).min(self.size))?.to_vec();
            self.block_at = start;
        }
        let from = (start - self.block_at) as usize;
        let bytes = self.block.get(from..).unwrap_or_default();
        let count = bytes.len().min((end - start) as usize);
        buffer[..count].copy_from_slice(&bytes[..count]);
        Ok(count)
    }
}

/// Bytes kept before they are handed to the browser as a part of the file.
const PART: usize = 4 << 20;

/// A file that is written into the browser's keeping: each part becomes a `Blob` and leaves the worker's memory.
#[derive(Default)]
pub struct BlobWriter {
    parts: Array,
    part: Vec<u8>,
}

impl BlobWriter {
    /// The whole file. Fails where the browser has no room for it.
    pub fn finish(mut self) -> io::Result<Blob> {
        self.flush()?;
        blob(&self.parts)
    }
}

impl Write for BlobWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.extend_from_slice(bytes);
        if self.part.len() >= PART {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let part = blob(&Array::of1(&Uint8Array::from(self.part.as_slice())))?;
        self.parts.push(&part);
        self.part.clear();
        Ok(())
    }
}

/// Out of bytes or of other blobs: the browser takes both from a list.
fn blob(parts: &Array) -> io::Result<Blob> {
    Blob::new_with_u8_array_sequence(parts).map_err(|error| io::Error::other(describe(&error)))
}

fn copy(bytes: &Uint8Array, buffer: &mut [u8]) -> Result<usize, String> {
    let count = (bytes.length() as usize).min(buffer.len());
    bytes.subarray(0, count as u32).copy_to(&mut buffer[..count]);
    Ok(count)
}
