//! A `Blob` (a chosen file, pasted or fetched bytes) → a `Source` that a worker reads by slices, never whole.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

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

fn copy(bytes: &Uint8Array, buffer: &mut [u8]) -> Result<usize, String> {
    let count = (bytes.length() as usize).min(buffer.len());
    bytes.subarray(0, count as u32).copy_to(&mut buffer[..count]);
    Ok(count)
}

/// The browser's own words: `NotReadableError: The requested file could not be read …`.
fn describe(error: &JsValue) -> String {
    String::from(js_sys::Object::from(error.clone()).to_string())
}
