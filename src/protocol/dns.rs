//! A DNS message → header, questions and records (RFC 1035 §4); over TCP its length stands before it. Its two kin that ask all
//! neighbours at once, multicast DNS (RFC 6762) and LLMNR (RFC 4795), use the same form with a few bits of another meaning.

use super::dns_name::{self, Name};
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::framing::{Framing, Talk};
use super::header::{Header, Next, Step};
use super::{dns_records, dns_types};

const SPEC: &str = "RFC 1035 §4.1.1";

static HEADER: [Field; 6] = [
    field("dns.id", "Transaction ID", bits(0, 16), Show::Hex(4), SPEC),
    field("dns.flags", "Flags", bits(16, 16), Show::Hex(4), SPEC),
    field("dns.count.queries", "Questions", bits(32, 16), Show::Dec, SPEC),
    field("dns.count.answers", "Answer records", bits(48, 16), Show::Dec, SPEC),
    field("dns.count.auth_rr", "Authority records", bits(64, 16), Show::Dec, SPEC),
    field("dns.count.add_rr", "Additional records", bits(80, 16), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 96));

static FLAGS: [Field; 10] = [
    field("dns.flags.response", "Response", bits(16, 1), Show::Flag, SPEC).words(words![(0, "query"), (1, "response")]),
    field("dns.flags.opcode", "Opcode", bits(17, 4), Show::Dec, SPEC).words(OPCODES),
    field("dns.flags.authoritative", "Authoritative", bits(21, 1), Show::Flag, SPEC),
    field("dns.flags.truncated", "Truncated", bits(22, 1), Show::Flag, SPEC),
    field("dns.flags.recdesired", "Recursion desired", bits(23, 1), Show::Flag, SPEC),
    field("dns.flags.recavail", "Recursion available", bits(24, 1), Show::Flag, SPEC),
    field("dns.flags.z", "Reserved", bits(25, 1), Show::Flag, SPEC),
    field("dns.flags.authenticated", "Authentic data", bits(26, 1), Show::Flag, "RFC 4035 §3.2.3"),
    field("dns.flags.checkdisable", "Checking disabled", bits(27, 1), Show::Flag, "RFC 4035 §3.2.2"),
    field("dns.flags.rcode", "Reply code", bits(28, 4), Show::Dec, SPEC).words(CODES),
];
const _: () = assert!(tiles(&FLAGS, 16, 32));

/// LLMNR's meaning of the flags (RFC 4795 §2.1.1).
static LINK_LOCAL_FLAGS: [Field; 7] = [
    field("dns.flags.response", "Response", bits(16, 1), Show::Flag, LINK_LOCAL)
        .words(words![(0, "query"), (1, "response")]),
    field("dns.flags.opcode", "Opcode", bits(17, 4), Show::Dec, LINK_LOCAL).words(OPCODES),
    field("dns.flags.conflict", "Conflict", bits(21, 1), Show::Flag, LINK_LOCAL),
    field("dns.flags.truncated", "Truncated", bits(22, 1), Show::Flag, LINK_LOCAL),
    field("dns.flags.tentative", "Tentative", bits(23, 1), Show::Flag, LINK_LOCAL),
    field("dns.flags.z", "Reserved", bits(24, 4), Show::Hex(1), LINK_LOCAL),
    field("dns.flags.rcode", "Reply code", bits(28, 4), Show::Dec, LINK_LOCAL).words(CODES),
];
const _: () = assert!(tiles(&LINK_LOCAL_FLAGS, 16, 32));
const LINK_LOCAL: &str = "RFC 4795 §2.1.1";

static LENGTH: Field = field("dns.length", "Length", COMPUTED, Show::Dec, "RFC 1035 §4.2.2");
static NAME: Field = field("dns.qry.name", "Name", COMPUTED, Show::Text, "RFC 1035 §4.1.2");
static NAME_LENGTH: Field = field("dns.qry.name.len", "Name length", COMPUTED, Show::Dec, "RFC 1035 §4.1.2");
static LABELS: Field = field("dns.count.labels", "Label count", COMPUTED, Show::Dec, "RFC 1035 §4.1.2");
static TYPE: Field = field("dns.qry.type", "Type", COMPUTED, Show::Dec, "RFC 1035 §3.2.2").words(dns_types::TYPES);
static CLASS: Field =
    field("dns.qry.class", "Class", COMPUTED, Show::Hex(4), "RFC 1035 §3.2.4").words(dns_types::CLASSES);

/// An update counts other things in the same places (RFC 2136 §2.2).
static UPDATE: [Field; 4] = [
    field("dns.count.zones", "Zones", bits(32, 16), Show::Dec, "RFC 2136 §2.2"),
    field("dns.count.prerequisites", "Prerequisites", bits(48, 16), Show::Dec, "RFC 2136 §2.2"),
    field("dns.count.updates", "Updates", bits(64, 16), Show::Dec, "RFC 2136 §2.2"),
    field("dns.count.add_rr", "Additional records", bits(80, 16), Show::Dec, "RFC 2136 §2.2"),
];
const _: () = assert!(tiles(&UPDATE, 32, 96));
const OPERATION_UPDATE: u8 = 5;

const OPCODES: Words = words![
    (0, "standard query"),
    (1, "inverse query"),
    (2, "server status"),
    (4, "zone change"),
    (5, "dynamic update")
];
const CODES: Words = words![
    (0, "no error"),
    (1, "format error"),
    (2, "server failure"),
    (3, "no such name"),
    (4, "not implemented"),
    (5, "refused"),
    (6, "name exists"),
    (7, "record set exists"),
    (8, "record set is missing"),
    (9, "not authorized"),
    (10, "name is not in the zone"),
];

/// Multicast DNS takes the class's upper bit to ask for an answer to the asker alone.
static MULTICAST_CLASS: [Field; 2] = [
    field("dns.qry.class", "Class", bits(1, 15), Show::Hex(4), "RFC 6762 §18.13").words(dns_types::CLASSES),
    field("dns.qry.qu", "Answer by unicast", bits(0, 1), Show::Flag, "RFC 6762 §5.4"),
];

const SIZE: usize = 12;
/// Over TCP, a length of two bytes precedes the message.
const PREFIX: usize = 2;
/// Questions and records that are taken apart; a message of 64 KiB can claim more.
pub const MAX_ENTRIES: usize = 8192;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER
        .iter()
        .chain(&FLAGS)
        .chain(&LINK_LOCAL_FLAGS)
        .chain(&MULTICAST_CLASS)
        .chain(&UPDATE)
        .chain([&LENGTH, &NAME, &NAME_LENGTH, &LABELS, &TYPE, &CLASS])
        .chain(dns_records::fields())
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("dns", header.claimed());
    message(header, &FLAGS, false)
}

pub(super) fn decode_multicast(header: &mut Header) -> Option<Step> {
    header.is("mdns", header.claimed());
    message(header, &FLAGS, true)
}

pub(super) fn decode_link_local(header: &mut Header) -> Option<Step> {
    header.is("llmnr", header.claimed());
    message(header, &LINK_LOCAL_FLAGS, false)
}

/// Over TCP a length stands before each message (RFC 1035 §4.2.2).
pub(super) fn framing(bytes: &[u8], _: &mut Talk) -> Framing {
    bytes
        .first_chunk()
        .map_or(Framing::More, |length| Framing::Bytes(PREFIX + usize::from(u16::from_be_bytes(*length))))
}

/// A message behind its length.
pub(super) fn decode_tcp(header: &mut Header) -> Option<Step> {
    header.is("dns", header.claimed());
    let size = header.at(&LENGTH, 0, PREFIX, 0)? as usize;
    let place = header.place;
    header.is("dns", PREFIX + size);
    let next = header.then(Next::Same, PREFIX + size);
    header.place.end = place.end.min(place.start + PREFIX + size);
    header.shift(PREFIX);
    message(header, &FLAGS, false);
    next
}

fn message(header: &mut Header, meanings: &'static [Field], multicast: bool) -> Option<Step> {
    let [id, flags, counts @ ..] = &HEADER;
    header.row(id, 0)?;
    header.row(flags, 0)?;
    header.rows(meanings, 1)?;
    let update = header.u8(2)? >> 3 & 15 == OPERATION_UPDATE;
    header.rows(if update { &UPDATE } else { counts }, 0)?;
    let [questions, answers, authority, additional] = [4, 6, 8, 10].map(|at| header.u16(at).map_or(0, usize::from));
    let mut at = SIZE;
    for _ in 0..questions.min(MAX_ENTRIES) {
        at = question(header, at, multicast)?;
    }
    for _ in 0..(answers + authority + additional).min(MAX_ENTRIES) {
        at = dns_records::record(header, at, multicast)?;
    }
    None
}

fn question(header: &mut Header, at: usize, multicast: bool) -> Option<usize> {
    let Some(Name { text, size, labels }) = dns_name::read(header.rest(0), at) else {
        header.refuse(&NAME, at, "The name runs out of the message or points in a circle.");
        return None;
    };
    let place = bits(at as u32 * 8, size as u32 * 8);
    let length = text.chars().count();
    header.put(&NAME, place, text, String::new(), 0);
    header.put(&NAME_LENGTH, place, length.to_string(), String::new(), 1);
    header.put(&LABELS, place, labels.max(1).to_string(), String::new(), 1);
    header.at(&TYPE, at + size, 2, 0)?;
    if multicast {
        for row in &MULTICAST_CLASS {
            header.within(row, at + size + 2, 0)?;
        }
    } else {
        header.at(&CLASS, at + size + 2, 2, 0)?;
    }
    Some(at + size + 4)
}
