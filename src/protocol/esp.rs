//! An IPsec ESP packet → the two numbers that are in clear; the rest is encrypted and stays so (RFC 4303 §2).

use super::field::{COMPUTED, Field, Show, bits, field, tiles};
use super::header::{Header, Step};

static HEADER: [Field; 2] = [
    field("esp.spi", "Security parameters index", bits(0, 32), Show::Hex(8), "RFC 4303 §2.1"),
    field("esp.sequence", "Sequence number", bits(32, 32), Show::Dec, "RFC 4303 §2.2"),
];
const _: () = assert!(tiles(&HEADER, 0, 64));

static ENCRYPTED: Field = field("esp.encrypted_data", "Encrypted data", COMPUTED, Show::Bytes, "RFC 4303 §2.3");

const SIZE: usize = 8;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain([&ENCRYPTED])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("esp", header.claimed());
    header.rows(&HEADER, 0)?;
    let rest = header.claimed().saturating_sub(SIZE);
    let here = header.rest(SIZE).len();
    if here > 0 {
        header.at(&ENCRYPTED, SIZE, here, 0)?;
    }
    if here < rest {
        header.cut(SIZE, rest);
    }
    None
}
