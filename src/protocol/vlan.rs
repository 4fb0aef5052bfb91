//! An 802.1Q tag → priority, drop eligibility, VLAN number, and the type of what is tagged (IEEE 802.1Q §9.6).

use super::field::{Field, Show, bits, field, tiles};
use super::header::{Header, Next, Step};

const SPEC: &str = "IEEE 802.1Q §9.6";

static HEADER: [Field; 4] = [
    field("vlan.priority", "Priority", bits(0, 3), Show::Dec, SPEC).words(PRIORITIES),
    field("vlan.dei", "Drop eligible", bits(3, 1), Show::Flag, SPEC).words(&[(0, "not eligible"), (1, "eligible")]),
    field("vlan.id", "VLAN", bits(4, 12), Show::Dec, SPEC),
    field("vlan.etype", "Type", bits(16, 16), Show::Hex(4), SPEC).words(super::ETHERTYPES),
];
const _: () = assert!(tiles(&HEADER, 0, 32));

/// Up to this value the last two bytes are a length, as in an untagged frame (IEEE 802.3 §3.2.6).
const LONGEST_LENGTH: u16 = 1500;
static LENGTH: Field = field("vlan.len", "Length", bits(16, 16), Show::Dec, SPEC);

/// IEEE 802.1Q table I-2.
const PRIORITIES: super::field::Words = &[
    (0, "best effort (default)"),
    (1, "background"),
    (2, "excellent effort"),
    (3, "critical applications"),
    (4, "video, under 100 ms latency and jitter"),
    (5, "voice, under 10 ms latency and jitter"),
    (6, "internetwork control"),
    (7, "network control"),
];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain([&LENGTH])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("vlan", 4);
    let [tag @ .., kind] = &HEADER;
    header.rows(tag, 0)?;
    match header.u16(2) {
        Some(length) if length <= LONGEST_LENGTH => {
            header.row(&LENGTH, 0)?;
            header.claims(&LENGTH, 4, length.into());
            header.within_end(Next::Data, 4, header.place.start + 4 + usize::from(length))
        }
        _ => {
            let kind = header.row(kind, 0)? as u16;
            header.then(Next::EtherType(kind), 4)
        }
    }
}
