//! QUIC's integers of variable length → their values and sizes (RFC 9000 §16).

use super::field::{Field, bits};
use super::header::Header;

/// The integer that these bytes begin and its size; `None` where they end before it does.
pub(super) fn read(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let size = 1 << (first >> 6);
    let value = bytes.get(1..size)?.iter().fold(u64::from(first & 0x3f), |sum, byte| sum << 8 | u64::from(*byte));
    Some((value, size))
}

/// Reads the integer at `at` as a field and moves on; where it is cut, or does not end before `end`, that is said.
pub(super) fn take(header: &mut Header, field: &'static Field, at: &mut usize, end: usize, depth: u8) -> Option<u64> {
    let Some((value, size)) = read(header.rest(*at)).filter(|(_, size)| at.saturating_add(*size) <= end) else {
        header.cut(*at, 1.max(end.saturating_sub(*at)));
        return None;
    };
    let place = bits(*at as u32 * 8, size as u32 * 8);
    header.put(field, place, value.to_string(), field.word(value).to_string(), depth);
    *at += size;
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::read;

    /// RFC 9000 §A.1.
    #[test]
    fn the_four_sizes() {
        assert_eq!(read(&[0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c]), Some((151_288_809_941_952_652, 8)));
        assert_eq!(read(&[0x9d, 0x7f, 0x3e, 0x7d]), Some((494_878_333, 4)));
        assert_eq!(read(&[0x7b, 0xbd]), Some((15_293, 2)));
        assert_eq!((read(&[0x25]), read(&[0x40])), (Some((37, 1)), None));
    }
}
