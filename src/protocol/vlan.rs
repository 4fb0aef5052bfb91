//! An 802.1Q or 802.1ad tag → priority, drop eligibility, VLAN number, and the type of what is tagged (IEEE 802.1Q §9.6).

use super::field::{COMPUTED, Field, Show, bits, field, tiles, words};
use super::header::{Header, Next, Step};

const SPEC: &str = "IEEE 802.1Q §9.6";

static CUSTOMER: [Field; 4] = [
    field("vlan.priority", "Priority", bits(0, 3), Show::Dec, SPEC).words(PRIORITIES),
    field("vlan.dei", "Drop eligible", bits(3, 1), Show::Flag, SPEC)
        .words(words![(0, "not eligible"), (1, "eligible")]),
    field("vlan.id", "VLAN", bits(4, 12), Show::Dec, SPEC),
    field("vlan.etype", "Type", bits(16, 16), Show::Hex(4), SPEC).words(super::ETHERTYPES),
];
const _: () = assert!(tiles(&CUSTOMER, 0, 32));

/// The outer tag of two, which a provider adds (IEEE 802.1ad); Wireshark names its type as it does in 802.1ah.
static SERVICE: [Field; 4] = [
    field("ieee8021ad.priority", "Priority", bits(0, 3), Show::Dec, SPEC).words(PRIORITIES),
    field("ieee8021ad.dei", "Drop eligible", bits(3, 1), Show::Dec, SPEC)
        .words(words![(0, "not eligible"), (1, "eligible")]),
    field("ieee8021ad.id", "Service VLAN", bits(4, 12), Show::Dec, SPEC),
    field("ieee8021ah.etype", "Type", bits(16, 16), Show::Hex(4), SPEC).words(super::ETHERTYPES),
];
const _: () = assert!(tiles(&SERVICE, 0, 32));

/// Up to this value the last two bytes are a length, as in an untagged frame (IEEE 802.3 §3.2.6).
const LONGEST_LENGTH: u16 = 1500;
static LENGTH: Field = field("vlan.len", "Length", bits(16, 16), Show::Dec, SPEC);

/// What the datagram inside leaves of the frame.
static TRAILER: Field = field("vlan.trailer", "Trailer", COMPUTED, Show::Bytes, "IEEE 802.3 §3.2.9");
static SERVICE_TRAILER: Field = field("ieee8021ah.trailer", "Trailer", COMPUTED, Show::Bytes, "IEEE 802.3 §3.2.9");

/// IEEE 802.1Q table I-2.
const PRIORITIES: super::field::Words = words![
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
    CUSTOMER.iter().chain(&SERVICE).chain([&LENGTH, &TRAILER, &SERVICE_TRAILER])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("vlan", 4);
    tag(header, &CUSTOMER)
}

pub(super) fn decode_service(header: &mut Header) -> Option<Step> {
    header.is("ieee8021ad", 4);
    tag(header, &SERVICE)
}

/// The row for bytes that are left behind what a tag carries.
pub(super) fn trailer(protocol: &str) -> Option<&'static Field> {
    match protocol {
        "vlan" => Some(&TRAILER),
        "ieee8021ad" => Some(&SERVICE_TRAILER),
        _ => None,
    }
}

fn tag(header: &mut Header, rows: &'static [Field; 4]) -> Option<Step> {
    let [tag @ .., kind] = rows;
    header.rows(tag, 0)?;
    match header.u16(2) {
        Some(length) if length <= LONGEST_LENGTH => {
            header.row(&LENGTH, 0)?;
            header.claims(&LENGTH, 4, length.into());
            header.within_end(Next::Llc, 4, header.place.start + 4 + usize::from(length))
        }
        _ => {
            let kind = header.row(kind, 0)? as u16;
            header.then(Next::EtherType(kind), 4)
        }
    }
}
