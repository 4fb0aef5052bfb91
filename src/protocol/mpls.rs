//! One entry of an MPLS label stack → label, class, bottom mark, lifetime (RFC 3032 §2.1); and what pseudowires put behind the last (RFC 4448).

use super::field::{Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Step};

const SPEC: &str = "RFC 3032 §2.1";

static ENTRY: [Field; 4] = [
    field("mpls.label", "Label", bits(0, 20), Show::Dec, SPEC).words(LABELS),
    field("mpls.exp", "Traffic class", bits(20, 3), Show::Dec, "RFC 5462 §2"),
    field("mpls.bottom", "Bottom of stack", bits(23, 1), Show::Dec, SPEC),
    field("mpls.ttl", "Time to live", bits(24, 8), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&ENTRY, 0, 32));

static SEQUENCE: Field = field("pweth.cw.sequence_number", "Sequence number", bits(16, 16), Show::Dec, "RFC 4448 §4.6");
static CHANNEL: [Field; 3] = [
    field("pwach.ver", "Version", bits(4, 4), Show::Dec, "RFC 4385 §5"),
    field("pwach.res", "Reserved", bits(8, 8), Show::Hex(2), "RFC 4385 §5"),
    field("pwach.channel_type", "Channel type", bits(16, 16), Show::Hex(4), "RFC 4385 §5").words(CHANNELS),
];

const LABELS: Words = words![
    (0, "IPv4 explicit null"),
    (1, "router alert"),
    (2, "IPv6 explicit null"),
    (3, "implicit null"),
    (7, "entropy label indicator"),
    (13, "generic associated channel"),
    (14, "OAM alert"),
];
const CHANNELS: Words = words![(0x0007, "BFD"), (0x0021, "IPv4"), (0x0057, "IPv6"), (0x8902, "Ethernet OAM")];

const SIZE: usize = 4;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    ENTRY.iter().chain(&CHANNEL).chain([&SEQUENCE])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("mpls", SIZE);
    let [label, class, bottom, lifetime] = &ENTRY;
    header.row(label, 0)?;
    header.row(class, 0)?;
    let last = header.row(bottom, 0)? == 1;
    header.row(lifetime, 0)?;
    header.then(if last { Next::BelowMpls } else { Next::Same }, SIZE)
}

/// The word in front of an Ethernet frame, which keeps the frame from looking like IP.
pub(super) fn decode_control_word(header: &mut Header) -> Option<Step> {
    header.is("pwethcw", SIZE);
    header.row(&SEQUENCE, 0)?;
    header.then(Next::Ethernet, SIZE)
}

pub(super) fn decode_channel(header: &mut Header) -> Option<Step> {
    header.is("pwach", SIZE);
    header.rows(&CHANNEL, 0)?;
    let next = match header.u16(2)? {
        0x0021 | 0x0057 => Next::IpVersion,
        _ => Next::Data,
    };
    header.then(next, SIZE)
}
