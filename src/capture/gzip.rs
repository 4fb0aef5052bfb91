//! A gzip-compressed source (RFC 1952) → its content in memory: packets are read at any offset, and gzip has none.

use std::io::{self, BufReader, Read};

use flate2::read::MultiGzDecoder;

use super::{OpenError, Source};

/// The most that is unpacked. A browser's worker has less memory to give than a native tool.
pub const MAX_UNPACKED: u64 = if cfg!(target_arch = "wasm32") { 256 << 20 } else { 512 << 20 };

/// Compressed bytes asked of the source at a time.
const CHUNK: usize = 1 << 20;

/// Whether `head` begins as gzip data with the one method that there is.
pub(super) fn begins(head: &[u8]) -> bool {
    head.starts_with(b"\x1f\x8b\x08")
}

/// Unpacks all members of the file; more than `limit` bytes are an error. A file that is cut or damaged gives what could be
/// unpacked, and a note that says so.
pub(super) fn unpack<S: Source>(source: &mut S, limit: u64) -> Result<(Vec<u8>, Option<String>), OpenError> {
    let mut bytes = Vec::new();
    let decoder = MultiGzDecoder::new(BufReader::with_capacity(CHUNK, Sequence { source, position: 0 }));
    let outcome = decoder.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    if bytes.len() as u64 > limit {
        let mebibytes = limit >> 20;
        return Err(OpenError::TooLarge(format!(
            "The gzip file holds more than {mebibytes} MiB, which is the most that is unpacked in memory. Unpack it first \
             (gunzip): a plain capture may have any size."
        )));
    }
    match outcome {
        Ok(_) => Ok((bytes, None)),
        Err(why) if bytes.is_empty() => Err(OpenError::Unreadable(format!("its gzip data is damaged: {why}"))),
        Err(why) => {
            let note = format!("The gzip data is cut short or damaged ({why}); {} bytes were unpacked.", bytes.len());
            Ok((bytes, Some(note)))
        }
    }
}

/// A source from its beginning to its end.
struct Sequence<'a, S> {
    source: &'a mut S,
    position: u64,
}

impl<S: Source> Read for Sequence<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read_at(self.position, buffer).map_err(io::Error::other)?;
        self.position = self.position.saturating_add(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(content: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(content).expect("a vector takes all");
        encoder.finish().expect("a vector takes all")
    }

    #[test]
    fn members_follow_each_other() {
        let file = [packed(b"one, "), packed(b"two")].concat();
        assert_eq!(unpack(&mut file.as_slice(), 100), Ok((b"one, two".to_vec(), None)));
    }

    #[test]
    fn the_limit_is_a_limit() {
        let file = packed(&[7; 1000]);
        assert!(unpack(&mut file.as_slice(), 1000).is_ok());
        let error = unpack(&mut file.as_slice(), 999).expect_err("one byte more than the limit");
        assert_eq!(error.kind(), "too-large");
    }

    #[test]
    fn what_is_cut_gives_what_is_there() {
        let content: Vec<u8> = (0..100_000u32).flat_map(|n| n.wrapping_mul(0x9e37_79b9).to_be_bytes()).collect();
        let file = packed(&content);
        let (bytes, note) = unpack(&mut &file[..file.len() / 2], 1 << 20).expect("half of it");
        assert!(!bytes.is_empty() && content.starts_with(&bytes));
        assert!(note.is_some_and(|note| note.contains("cut short")));
        assert_eq!(unpack(&mut &file[..12], 1 << 20).map_err(|error| error.kind()), Err("unreadable"));
    }
}
