//! The compressed body of a message → its content, as far as it fits in memory: gzip (RFC 1952) and zlib (RFC 1950).

use miniz_oxide::inflate::{
    TINFLStatus, decompress_to_vec_with_limit as deflate, decompress_to_vec_zlib_with_limit as zlib,
};

/// Bytes that a compressed body may grow to: a few kilobytes can claim gigabytes.
pub(super) const MAX_INFLATED: usize = 1024 * 1024;

/// `None` for another encoding, and where nothing is compressed that is said to be.
pub(super) fn inflate(encoding: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let outcome = if encoding.eq_ignore_ascii_case(b"gzip") || encoding.eq_ignore_ascii_case(b"x-gzip") {
        // The body's own check is left to TCP's: its tables would be 16 KB of the wasm.
        deflate(member(bytes)?, MAX_INFLATED)
    } else if encoding.eq_ignore_ascii_case(b"deflate") {
        zlib(bytes, MAX_INFLATED)
    } else {
        return None;
    };
    match outcome {
        Ok(plain) => Some(plain),
        Err(ended) => (ended.status == TINFLStatus::HasMoreOutput).then_some(ended.output),
    }
}

/// What follows the header of a gzip member (RFC 1952 §2.3).
fn member(bytes: &[u8]) -> Option<&[u8]> {
    let [checked, extra, name, comment]: [u8; 4] = [0x02, 0x04, 0x08, 0x10];
    let [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] = bytes else { return None };
    let mut rest = rest;
    if flags & extra != 0 {
        let (length, after) = rest.split_first_chunk()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [name, comment] {
        if flags & text != 0 {
            rest = rest.get(rest.iter().position(|byte| *byte == 0)? + 1..)?;
        }
    }
    rest.get(if flags & checked != 0 { 2 } else { 0 }..)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder, write::GzEncoder, write::ZlibEncoder};

    use super::*;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn either_encoding_is_unpacked() {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(b"hello").unwrap();
        assert_eq!(inflate(b"deflate", &encoder.finish().unwrap()).as_deref(), Some(&b"hello"[..]));
        assert_eq!(inflate(b"GZIP", &gzip(b"hello")).as_deref(), Some(&b"hello"[..]));
        assert_eq!(inflate(b"br", &gzip(b"hello")), None);
        let packed = gzip(b"hello");
        for cut in 0..packed.len() - 8 {
            assert_eq!(inflate(b"gzip", &packed[..cut]), None, "{cut}");
        }
    }

    #[test]
    fn everything_that_a_gzip_header_may_have_is_passed_over() {
        let all = GzBuilder::new().extra(&b"extra"[..]).filename("name").comment("comment");
        let mut encoder = all.write(Vec::new(), Compression::best());
        encoder.write_all(b"hello").unwrap();
        assert_eq!(inflate(b"gzip", &encoder.finish().unwrap()).as_deref(), Some(&b"hello"[..]));
    }

    #[test]
    fn a_body_grows_to_its_limit_and_no_further() {
        let zeros = vec![b'0'; MAX_INFLATED + 1];
        assert_eq!(inflate(b"gzip", &gzip(&zeros)).map(|plain| plain.len()), Some(MAX_INFLATED));
    }
}
