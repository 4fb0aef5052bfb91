//! Covered bytes + the checksum they carry → the verdict that is shown beside it (RFC 1071).

use etherparse::checksum::Sum16BitWords;

use super::field::{Bits, Field, Words};
use super::header::{Header, Pseudo};

pub(super) const STATUS: Words = &[(0, "bad"), (1, "good"), (2, "unverified"), (3, "not present")];

const BAD: u8 = 0;
const GOOD: u8 = 1;
pub(super) const UNVERIFIED: u8 = 2;

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
    pub words: String,
}

pub(super) fn verdict(carried: u16, sum: u16) -> Verdict {
    if sum == 0 {
        return Verdict { status: GOOD, words: "correct".to_string() };
    }
    Verdict { status: BAD, words: format!("incorrect, should be 0x{:04x}", expected(carried, sum)) }
}

/// Puts the verdict beside the checksum that was read last, and generates its status.
pub(super) fn judge(header: &mut Header, status: &'static Field, verdict: Verdict) {
    header.means(verdict.words);
    header.put(status, Bits::default(), verdict.status.to_string(), status.word(verdict.status.into()).to_string(), 0);
}

/// Reads a transport checksum at `offset` and judges it; `covered` is what the length fields say it covers.
pub(super) fn transport(
    header: &mut Header,
    row: &'static Field,
    status: &'static Field,
    protocol: Option<u8>,
    covered: usize,
) -> Option<()> {
    let carried = header.row(row, 0)? as u16;
    let pseudo = protocol.and_then(|number| header.place.pseudo.map(|pseudo| (pseudo, number)));
    let verdict = match header.bytes(0, covered) {
        _ if protocol.is_some() && pseudo.is_none() => unverified(),
        None => unverified(),
        Some(bytes) => verdict(carried, sum(pseudo, bytes)),
    };
    judge(header, status, verdict);
    Some(())
}

pub(super) fn unverified() -> Verdict {
    Verdict { status: UNVERIFIED, words: "not verified: not all covered bytes are here".to_string() }
}
