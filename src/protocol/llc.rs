//! The LLC header of an IEEE 802 frame → whose data follows, and what kind of LLC frame it is (IEEE 802.2 §3, §5); SNAP too.

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::{Header, Next, Step};

const SPEC: &str = "IEEE 802.2 §3.3";
const CONTROL: &str = "IEEE 802.2 §5.2";
const SNAP: &str = "IEEE 802 §9.2";

static DESTINATION: [Field; 3] = [
    field("llc.dsap", "DSAP", bits(0, 8), Show::Hex(2), SPEC).words(POINTS),
    field("llc.dsap.sap", "Access point", bits(0, 7), Show::Dec, SPEC),
    field("llc.dsap.ig", "Group", bits(7, 1), Show::Flag, SPEC).words(words![(0, "individual"), (1, "group")]),
];
static SOURCE: [Field; 3] = [
    field("llc.ssap", "SSAP", bits(8, 8), Show::Hex(2), SPEC).words(POINTS),
    field("llc.ssap.sap", "Access point", bits(8, 7), Show::Dec, SPEC),
    field("llc.ssap.cr", "Response", bits(15, 1), Show::Flag, SPEC).words(words![(0, "command"), (1, "response")]),
];
static WORD: Field = field("llc.control", "Control", bits(16, 8), Show::Hex(4), CONTROL);
static RECEIVED: Field = field("llc.control.n_r", "N(R)", bits(24, 7), Show::Dec, CONTROL);
static SENT: Field = field("llc.control.n_s", "N(S)", bits(16, 7), Show::Dec, CONTROL);
static POLL: Field = field("llc.control.p", "Poll", COMPUTED, Show::Flag, CONTROL);
static FINAL: Field = field("llc.control.f", "Final", COMPUTED, Show::Flag, CONTROL);
static SUPERVISORY: Field =
    field("llc.control.s_ftype", "Supervisory type", bits(20, 2), Show::Hex(4), CONTROL).words(SUPERVISION);
static COMMAND: Field =
    field("llc.control.u_modifier_cmd", "Command", bits(16, 6), Show::Hex(2), CONTROL).words(UNNUMBERED);
static RESPONSE: Field =
    field("llc.control.u_modifier_resp", "Response", bits(16, 6), Show::Hex(2), CONTROL).words(ANSWERS);
static KIND: Field = field("llc.control.ftype", "Frame type", COMPUTED, Show::Hex(2), CONTROL).words(KINDS);

static ORGANIZATION: Field = field("llc.oui", "Organization", bits(24, 24), Show::Dec, SNAP).words(ORGANIZATIONS);
static TYPE: Field = field("llc.type", "Type", bits(48, 16), Show::Hex(4), SNAP).words(super::ETHERTYPES);
static CISCO: Field = field("llc.cisco_pid", "Protocol", bits(48, 16), Show::Hex(4), SNAP).words(CISCO_PROTOCOLS);
static PROTOCOL: Field = field("llc.pid", "Protocol", bits(48, 16), Show::Hex(4), SNAP);

/// IEEE's registry of LLC addresses, as far as they are met.
const POINTS: Words = words![
    (0x00, "null"),
    (0x04, "SNA path control"),
    (0x06, "IP"),
    (0x42, "spanning tree"),
    (0x98, "ARP"),
    (0xaa, "SNAP"),
    (0xe0, "NetWare"),
    (0xf0, "NetBIOS"),
    (0xfe, "ISO network layer"),
    (0xff, "all (global)"),
];
const SUPERVISION: Words = words![(0, "receiver ready"), (1, "receiver not ready"), (2, "reject")];
/// The modifier bits with the poll bit taken out, counted from bit 2.
const UNNUMBERED: Words = words![
    (0x00, "unnumbered information"),
    (0x10, "disconnect"),
    (0x1b, "set asynchronous balanced mode, extended"),
    (0x2b, "exchange identification"),
    (0x38, "test"),
];
const ANSWERS: Words = words![
    (0x03, "disconnected mode"),
    (0x18, "unnumbered acknowledgement"),
    (0x21, "frame reject"),
    (0x2b, "exchange identification"),
    (0x38, "test"),
];
const KINDS: Words = words![(0, "information"), (1, "supervisory"), (3, "unnumbered")];
const ORGANIZATIONS: Words =
    words![(0, "the protocol is an EtherType"), (0x00000c, "Cisco"), (0x0000f8, "Cisco"), (0x0080c2, "IEEE 802.1")];
const CISCO_PROTOCOLS: Words = words![
    (0x0104, "port aggregation (PAgP)"),
    (0x010b, "spanning tree per VLAN (PVST+)"),
    (0x0111, "UDLD"),
    (0x2000, "CDP"),
    (0x2003, "VTP"),
    (0x2004, "DTP"),
];

const SNAP_POINT: u8 = 0xaa;
/// Up to this value a type is none (IEEE 802.3 §3.2.6).
const LONGEST_LENGTH: u64 = 1500;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    DESTINATION.iter().chain(&SOURCE).chain([
        &WORD,
        &RECEIVED,
        &SENT,
        &POLL,
        &FINAL,
        &SUPERVISORY,
        &COMMAND,
        &RESPONSE,
        &KIND,
        &ORGANIZATION,
        &TYPE,
        &CISCO,
        &PROTOCOL,
    ])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("llc", 3);
    let [points, inner @ ..] = &DESTINATION;
    let point = header.row(points, 0)? as u8;
    header.rows(inner, 1)?;
    let [points, inner @ ..] = &SOURCE;
    let source = header.row(points, 0)? as u8;
    header.rows(inner, 1)?;
    let (size, carries) = control(header, source & 1 == 1)?;
    if point == SNAP_POINT && source == SNAP_POINT && size == 3 {
        header.is("llc", 8);
        return snap(header);
    }
    header.is("llc", size);
    header.then(if carries { Next::LlcPoint(point & !1) } else { Next::Data }, size)
}

/// The control field: how many bytes the header has with it, and whether data of the access points follow.
fn control(header: &mut Header, response: bool) -> Option<(usize, bool)> {
    let Some(first) = header.u8(2) else {
        header.row(&WORD, 0)?;
        return None;
    };
    let turn = if response { &FINAL } else { &POLL };
    if first & 3 == 3 {
        header.row(&WORD, 0)?;
        // The poll bit lies in the middle of the modifier.
        let (place, value) = (if response { &RESPONSE } else { &COMMAND }, u64::from(first & 0xec) >> 2);
        header.put(place, place.bits, format!("0x{value:02x}"), place.word(value).to_string(), 1);
        if first & 0x10 != 0 {
            header.put(turn, bits(19, 1), "1".to_string(), String::new(), 1);
        }
        header.put(&KIND, bits(22, 2), "0x03".to_string(), KIND.word(3).to_string(), 1);
        return Some((3, first & 0xec == 0));
    }
    header.is("llc", 4);
    header.at(&WORD, 2, 2, 0)?;
    let word = header.array(2).map(u16::from_le_bytes)?;
    if let Some(found) = header.layer.found.last_mut() {
        found.show = format!("0x{word:04x}");
    }
    header.row(&RECEIVED, 1)?;
    let (kind, place) = if first & 1 == 0 { (0, bits(23, 1)) } else { (1, bits(22, 2)) };
    if word & 0x0100 != 0 {
        header.put(turn, bits(31, 1), "1".to_string(), String::new(), 1);
    }
    header.row(if kind == 0 { &SENT } else { &SUPERVISORY }, 1)?;
    header.put(&KIND, place, format!("0x{kind:04x}"), KIND.word(kind).to_string(), 1);
    Some((4, kind == 0))
}

/// Five more bytes that name the protocol, where its access point has no number of its own.
fn snap(header: &mut Header) -> Option<Step> {
    let organization = header.row(&ORGANIZATION, 0)?;
    let next = match organization {
        0 | 0x0000f8 => match header.row(&TYPE, 0)? {
            kind if kind > LONGEST_LENGTH => Next::EtherType(kind as u16),
            _ => Next::Data,
        },
        0x00000c => Next::Cisco(header.row(&CISCO, 0)? as u16),
        _ => {
            header.row(&PROTOCOL, 0)?;
            Next::Data
        }
    };
    header.then(next, 8)
}
