//! Ethernet II and 802.3 frames → destination, source, type or length, and what was padded or appended (IEEE 802.3 §3).

use super::field::{COMPUTED, Field, Show, bits, field, tiles, words};
use super::header::{Header, Next, Step};

const SPEC: &str = "IEEE 802.3 §3.2";

pub(super) static HEADER: [Field; 3] = [
    field("eth.dst", "Destination", bits(0, 48), Show::Mac, SPEC),
    field("eth.src", "Source", bits(48, 48), Show::Mac, SPEC),
    field("eth.type", "Type", bits(96, 16), Show::Hex(4), "IEEE 802.3 §3.2.6").words(super::ETHERTYPES),
];
const _: () = assert!(tiles(&HEADER, 0, 112));

/// The two lowest bits of an address's first byte; the rows count from the address.
static DESTINATION_BITS: [Field; 2] = [
    field("eth.dst.lg", "LG bit", bits(6, 1), Show::Flag, "IEEE 802 §8.2").words(LOCAL),
    field("eth.dst.ig", "IG bit", bits(7, 1), Show::Flag, "IEEE 802 §8.2").words(GROUP),
];
static SOURCE_BITS: [Field; 2] = [
    field("eth.src.lg", "LG bit", bits(6, 1), Show::Flag, "IEEE 802 §8.2").words(LOCAL),
    field("eth.src.ig", "IG bit", bits(7, 1), Show::Flag, "IEEE 802 §8.2").words(GROUP),
];
const LOCAL: super::field::Words = words![(0, "globally unique, set by the factory"), (1, "locally administered")];
const GROUP: super::field::Words = words![(0, "one host (unicast)"), (1, "a group (multicast or broadcast)")];

static LENGTH: Field = field("eth.len", "Length", bits(96, 16), Show::Dec, "IEEE 802.3 §3.2.6");
static PADDING: Field = field("eth.padding", "Padding", COMPUTED, Show::Bytes, "IEEE 802.3 §3.2.8");
static TRAILER: Field = field("eth.trailer", "Trailer", COMPUTED, Show::Bytes, "IEEE 802.3 §3.2.9");
static CHECK: Field = field("eth.fcs", "Frame check sequence", COMPUTED, Show::Hex(8), "IEEE 802.3 §3.2.9");
static CHECK_STATUS: Field =
    field("eth.fcs.status", "FCS status", COMPUTED, Show::Dec, "IEEE 802.3 §3.2.9").words(super::checksum::STATUS);

/// Up to this value the field is a length (IEEE 802.3 §3.2.6).
const LONGEST_LENGTH: u64 = 1500;
/// A frame is padded to this many bytes, its check sequence not counted.
const SHORTEST_FRAME: usize = 60;
const CHECK_SIZE: usize = 4;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain(&DESTINATION_BITS).chain(&SOURCE_BITS).chain([
        &LENGTH,
        &PADDING,
        &TRAILER,
        &CHECK,
        &CHECK_STATUS,
    ])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("eth", 14);
    let [destination, source, kind] = &HEADER;
    header.row(destination, 0)?;
    DESTINATION_BITS.iter().try_for_each(|row| header.within(row, 0, 1).map(|_| ()))?;
    header.row(source, 0)?;
    SOURCE_BITS.iter().try_for_each(|row| header.within(row, 6, 1).map(|_| ()))?;
    match header.u16(12) {
        Some(length) if u64::from(length) <= LONGEST_LENGTH => {
            header.row(&LENGTH, 0)?;
            header.claims(&LENGTH, 14, length.into());
            header.within_end(Next::Llc, 14, header.place.start + 14 + usize::from(length))
        }
        _ => {
            let value = header.row(kind, 0)?;
            header.then(Next::EtherType(value as u16), 14)
        }
    }
}

/// Names the bytes between the end of what the frame carries and the end of the frame: zeros that fill a short frame, what a
/// device appended, and four bytes that are taken for a check sequence where the frame needed no filling (as tshark does).
/// `carried` is the offset of that end from the frame's first byte; `tagged` is what a tag calls the appended bytes.
pub(super) fn trailer(header: &mut Header, carried: usize, tagged: Option<&'static Field>) {
    let mut at = carried;
    let padding = SHORTEST_FRAME.saturating_sub(carried).min(header.rest(at).len());
    if padding > 0 && header.claimed() >= SHORTEST_FRAME && header.rest(at).iter().take(padding).all(|byte| *byte == 0)
    {
        header.at(&PADDING, at, padding, 0);
        at += padding;
    }
    let left = header.claimed() - at.min(header.claimed());
    let has_check = tagged.is_none() && header.claimed() >= SHORTEST_FRAME + CHECK_SIZE && left >= CHECK_SIZE;
    let trailer = header.rest(at).len().min(if has_check { left - CHECK_SIZE } else { left });
    if trailer > 0 {
        header.at(tagged.unwrap_or(&TRAILER), at, trailer, 0);
    }
    if has_check && header.bytes(at + trailer, CHECK_SIZE).is_some() {
        header.at(&CHECK, at + trailer, CHECK_SIZE, 0);
        header.generate(&CHECK_STATUS, super::checksum::UNVERIFIED, 0);
    }
}
