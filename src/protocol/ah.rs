//! An IPsec authentication header → who vouches for the packet, and what comes after (RFC 4302 §2).

use super::field::{COMPUTED, Field, Show, bits, field, tiles};
use super::header::{Header, Next, Step};

static HEADER: [Field; 5] = [
    field("ah.next_header", "Next header", bits(0, 8), Show::Dec, "RFC 4302 §2.1").words(super::IP_PROTOCOLS),
    field("ah.length", "Length", bits(8, 8), Show::Dec, "RFC 4302 §2.2"),
    field("ah.reserved", "Reserved", bits(16, 16), Show::Bytes, "RFC 4302 §2.3"),
    field("ah.spi", "Security parameters index", bits(32, 32), Show::Hex(8), "RFC 4302 §2.4"),
    field("ah.sequence", "Sequence number", bits(64, 32), Show::Dec, "RFC 4302 §2.5"),
];
const _: () = assert!(tiles(&HEADER, 0, 96));

static CHECK: Field = field("ah.icv", "Integrity check value", COMPUTED, Show::Bytes, "RFC 4302 §2.6");

const SIZE: usize = 12;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain([&CHECK])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("ah", SIZE);
    let [next_row, length, others @ ..] = &HEADER;
    let next = header.row(next_row, 0)? as u8;
    // In words of four bytes, two of them not counted.
    let size = (header.row(length, 0)? as usize + 2) * 4;
    header.means(format!("{size} bytes"));
    header.is("ah", size);
    if size < SIZE {
        header.refuse(length, 1, "Length is less than the 12 bytes of the fixed header.");
        return None;
    }
    header.rows(others, 0)?;
    let check = (size - SIZE).min(header.rest(SIZE).len());
    if check > 0 {
        header.at(&CHECK, SIZE, check, 0)?;
    }
    header.claims(length, 0, size);
    header.then(Next::IpProtocol(next), size)
}
