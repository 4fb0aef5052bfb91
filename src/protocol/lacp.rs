//! A slow protocol's frame → which it is (IEEE 802.3 Annex 57A); LACP's → which links two ends bundle (IEEE 802.1AX §6.4.2).

use super::field::{Field, Found, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Step};

const SPEC: &str = "IEEE 802.1AX §6.4.2.3";
const STATE: &str = "IEEE 802.1AX §6.4.2.3";

static SUBTYPE: Field =
    field("slow.subtype", "Subtype", bits(0, 8), Show::Hex(2), "IEEE 802.3 Annex 57A.4").words(SUBTYPES);
static VERSION: Field = field("lacp.version", "Version", bits(0, 8), Show::Hex(2), SPEC);
static KIND: Field = field("lacp.tlv_type", "TLV type", bits(0, 8), Show::Hex(2), SPEC).words(KINDS);
static LENGTH: Field = field("lacp.tlv_length", "TLV length", bits(8, 8), Show::Hex(2), SPEC);

// What the sender says of itself, and what it has heard of the other end; counted from the start of the TLV.
static ACTOR: [Field; 16] = [
    field("lacp.actor.sys_priority", "System priority", bits(16, 16), Show::Dec, SPEC),
    field("lacp.actor.sysid", "System", bits(32, 48), Show::Mac, SPEC),
    field("lacp.actor.key", "Key", bits(80, 16), Show::Dec, SPEC),
    field("lacp.actor.port_priority", "Port priority", bits(96, 16), Show::Dec, SPEC),
    field("lacp.actor.port", "Port", bits(112, 16), Show::Dec, SPEC),
    field("lacp.actor.state", "State", bits(128, 8), Show::Hex(2), STATE),
    field("lacp.actor.state.activity", "Active", bits(135, 1), Show::Flag, STATE),
    field("lacp.actor.state.timeout", "Short timeout", bits(134, 1), Show::Flag, STATE),
    field("lacp.actor.state.aggregation", "Aggregatable", bits(133, 1), Show::Flag, STATE),
    field("lacp.actor.state.synchronization", "In sync", bits(132, 1), Show::Flag, STATE),
    field("lacp.actor.state.collecting", "Collecting", bits(131, 1), Show::Flag, STATE),
    field("lacp.actor.state.distributing", "Distributing", bits(130, 1), Show::Flag, STATE),
    field("lacp.actor.state.defaulted", "Defaulted", bits(129, 1), Show::Flag, STATE),
    field("lacp.actor.state.expired", "Expired", bits(128, 1), Show::Flag, STATE),
    field("lacp.actor.state_str", "State letters", bits(128, 8), Show::Text, STATE),
    field("lacp.actor.reserved", "Reserved", bits(136, 24), Show::Bytes, SPEC),
];
static PARTNER: [Field; 16] = [
    field("lacp.partner.sys_priority", "System priority", bits(16, 16), Show::Dec, SPEC),
    field("lacp.partner.sysid", "System", bits(32, 48), Show::Mac, SPEC),
    field("lacp.partner.key", "Key", bits(80, 16), Show::Dec, SPEC),
    field("lacp.partner.port_priority", "Port priority", bits(96, 16), Show::Dec, SPEC),
    field("lacp.partner.port", "Port", bits(112, 16), Show::Dec, SPEC),
    field("lacp.partner.state", "State", bits(128, 8), Show::Hex(2), STATE),
    field("lacp.partner.state.activity", "Active", bits(135, 1), Show::Flag, STATE),
    field("lacp.partner.state.timeout", "Short timeout", bits(134, 1), Show::Flag, STATE),
    field("lacp.partner.state.aggregation", "Aggregatable", bits(133, 1), Show::Flag, STATE),
    field("lacp.partner.state.synchronization", "In sync", bits(132, 1), Show::Flag, STATE),
    field("lacp.partner.state.collecting", "Collecting", bits(131, 1), Show::Flag, STATE),
    field("lacp.partner.state.distributing", "Distributing", bits(130, 1), Show::Flag, STATE),
    field("lacp.partner.state.defaulted", "Defaulted", bits(129, 1), Show::Flag, STATE),
    field("lacp.partner.state.expired", "Expired", bits(128, 1), Show::Flag, STATE),
    field("lacp.partner.state_str", "State letters", bits(128, 8), Show::Text, STATE),
    field("lacp.partner.reserved", "Reserved", bits(136, 24), Show::Bytes, SPEC),
];
static COLLECTOR: [Field; 2] = [
    field("lacp.collector.max_delay", "Longest delay", bits(16, 16), Show::Dec, SPEC),
    field("lacp.coll_reserved", "Reserved", bits(32, 96), Show::Bytes, SPEC),
];
const _: () = assert!(tiles(&COLLECTOR, 16, 128));
static PAD: Field = field("lacp.pad", "Padding", bits(0, 0), Show::Bytes, SPEC);

const SUBTYPES: Words = words![(1, "LACP"), (2, "marker"), (3, "OAM, link monitoring"), (10, "organization's own")];
const KINDS: Words = words![(0, "end"), (1, "actor"), (2, "partner"), (3, "collector")];
/// One letter a bit of the state, from the left.
const LETTERS: &str = "EFDCSGSA";

const HEAD_SIZE: usize = 2;
/// A TLV of each type in this order, and its bytes (§6.4.2.3).
const ORDER: [(u64, usize); 3] = [(1, 20), (2, 20), (3, 16)];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    ACTOR.iter().chain(&PARTNER).chain(&COLLECTOR).chain([&SUBTYPE, &VERSION, &KIND, &LENGTH, &PAD])
}

pub(super) fn decode_slow(header: &mut Header) -> Option<Step> {
    header.is("slow", 1);
    let subtype = header.row(&SUBTYPE, 0)?;
    header.then(Next::Slow(subtype as u8), 1)
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("lacp", header.claimed());
    header.row(&VERSION, 0)?;
    let mut at = 1;
    for (expected, size) in ORDER {
        let kind = header.within(&KIND, at, 0)?;
        let length = header.within(&LENGTH, at, 0)? as usize;
        if kind != expected {
            header.refuse(&KIND, at, "Actor, partner and collector stand in this order.");
            return None;
        }
        if length != size {
            header.refuse(&LENGTH, at + 1, "This TLV has another size.");
            return None;
        }
        let rows: &'static [Field] = match kind {
            1 => &ACTOR,
            2 => &PARTNER,
            _ => &COLLECTOR,
        };
        for row in rows {
            let depth = 1 + u8::from(row.show == Show::Flag);
            let value = header.within(row, at, depth)?;
            if let Some(Found { show, .. }) = header.layer.found.last_mut().filter(|_| row.show == Show::Text) {
                let letter = |(place, letter)| if value >> (7 - place) & 1 == 1 { letter } else { '*' };
                *show = LETTERS.chars().enumerate().map(letter).collect();
            }
        }
        at += size;
    }
    // Later versions put more TLVs before the end; what they are is not taken apart.
    if header.within(&KIND, at, 0)? == 0 {
        header.within(&LENGTH, at, 0)?;
        at += HEAD_SIZE;
    }
    let rest = header.claimed().saturating_sub(at);
    if rest > 0 {
        header.at(&PAD, at, rest, 0)?;
    }
    None
}
