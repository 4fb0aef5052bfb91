//! Covered bytes + the checksum they carry → the verdict that is shown beside it (RFC 1071).

use etherparse::checksum::Sum16BitWords;

use super::field::{Bits, Field, Words, words};
use super::header::{Header, Pseudo};

pub(super) const STATUS: Words = words![(0, "bad"), (1, "good"), (2, "unverified"), (3, "not present"), (4, "illegal")];

pub(super) const BAD: u8 = 0;
const GOOD: u8 = 1;
pub(super) const UNVERIFIED: u8 = 2;
pub(super) const NOT_PRESENT: u64 = 3;
pub(super) const ILLEGAL: u64 = 4;

/// The sum over what a checksum covers; right bytes, their checksum included, give 0.
pub(super) fn sum(pseudo: Option<(Pseudo, u8)>, covered: &[u8]) -> u16 {
    let mut sum = Sum16BitWords::new();
    if let Some((pseudo, protocol)) = pseudo {
        sum = match pseudo {
            Pseudo::V4 { source, destination } => sum.add_4bytes(source).add_4bytes(destination),
            Pseudo::V6 { source, destination } => sum.add_16bytes(source).add_16bytes(destination),
        };
        sum = sum.add_2bytes([0, protocol]).add_4bytes((covered.len() as u32).to_be_bytes());
    }
    u16::from_be(sum.add_slice(covered).ones_complement())
}

/// What the checksum field should have been, given the sum over all bytes with the field as it is (RFC 1624).
pub(super) fn expected(carried: u16, sum: u16) -> u16 {
    let total = u32::from(sum) + u32::from(carried);
    ((total & 0xffff) + (total >> 16)) as u16
}

/// The words beside a checksum, and its status.
pub(super) struct Verdict {
    pub status: u8,
    /// The status in a word.
    pub word: &'static str,
    pub words: String,
    /// What the field should hold, where it could be computed.
    pub calculated: Option<u16>,
}

/// The meaning of a status that is bad only because the packet was captured before its sender finished it.
pub const UNFINISHED: &str = "left to the network card";

/// Whether the field holds just the pseudo header's sum: a sending host leaves the rest to its network card, and a capture
/// on that host (always so on loopback) sees the packet before the card has done its part.
fn unfinished(carried: u16, pseudo: Option<(Pseudo, u8)>, covered: usize) -> bool {
    let Some((pseudo, protocol)) = pseudo else { return false };
    let sum = match pseudo {
        Pseudo::V4 { source, destination } => Sum16BitWords::new().add_4bytes(source).add_4bytes(destination),
        Pseudo::V6 { source, destination } => Sum16BitWords::new().add_16bytes(source).add_16bytes(destination),
    };
    let sum = sum.add_2bytes([0, protocol]).add_4bytes((covered as u32).to_be_bytes());
    carried == !u16::from_be(sum.ones_complement())
}

pub(super) fn verdict(carried: u16, sum: u16) -> Verdict {
    let right = expected(carried, sum);
    if sum == 0 {
        return Verdict { status: GOOD, word: "good", words: "correct".to_string(), calculated: Some(carried) };
    }
    let words = format!("incorrect, should be 0x{right:04x}");
    Verdict { status: BAD, word: "bad", words, calculated: Some(right) }
}

/// The rows that stand beside a checksum: whether it is right, and what it should be where that is shown.
pub(super) struct Beside {
    pub status: &'static Field,
    pub calculated: Option<&'static Field>,
}

/// Puts the verdict beside the checksum that was read last, and generates its status.
pub(super) fn judge(header: &mut Header, beside: &Beside, verdict: Verdict) {
    header.means(verdict.words);
    let place = header.layer.found.last().map_or(Bits::default(), |found| found.at);
    header.put(beside.status, Bits::default(), verdict.status.to_string(), verdict.word.to_string(), 0);
    if let Some((row, right)) = beside.calculated.zip(verdict.calculated) {
        header.generate(row, format!("{right:#06x}"), 0);
        if let Some(found) = header.layer.found.last_mut() {
            found.at = place;
        }
    }
}

/// Reads a transport checksum at `offset` and judges it; `covered` is what the length fields say it covers.
pub(super) fn transport(
    header: &mut Header,
    row: &'static Field,
    beside: &Beside,
    protocol: Option<u8>,
    covered: usize,
) -> Option<()> {
    let carried = header.row(row, 0)? as u16;
    let pseudo = protocol.and_then(|number| header.place.pseudo.map(|pseudo| (pseudo, number)));
    let verdict = match header.bytes(0, covered) {
        _ if protocol.is_some() && pseudo.is_none() => unverified(),
        None => unverified(),
        Some(bytes) => match verdict(carried, sum(pseudo, bytes)) {
            bad if bad.status == BAD && unfinished(carried, pseudo, covered) => Verdict {
                word: UNFINISHED,
                words: format!("{UNFINISHED}, which would write {:#06x}", expected(carried, sum(pseudo, bytes))),
                ..bad
            },
            verdict => verdict,
        },
    };
    judge(header, beside, verdict);
    Some(())
}

pub(super) fn unverified() -> Verdict {
    Verdict {
        status: UNVERIFIED,
        word: "unverified",
        words: "not verified: not all covered bytes are here".to_string(),
        calculated: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_left_to_the_card_is_told_from_a_wrong_one() {
        // 127.0.0.1 to 127.0.0.1, TCP, 40 bytes: 7f00 + 0001 + 7f00 + 0001 + 0006 + 0028.
        let pseudo = Some((Pseudo::V4 { source: [127, 0, 0, 1], destination: [127, 0, 0, 1] }, 6));
        assert!(unfinished(0xfe30, pseudo, 40));
        assert!(!unfinished(0xfe31, pseudo, 40) && !unfinished(0xfe30, pseudo, 41) && !unfinished(0xfe30, None, 40));
    }
}
