//! A NetBIOS name service message (RFC 1002 §4.2) → header, questions and records; names are of 16 letters, each in two.

use super::dns_name;
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Step};

const SPEC: &str = "RFC 1002 §4.2.1.1";

static HEADER: [Field; 6] = [
    field("nbns.id", "Transaction ID", bits(0, 16), Show::Hex(4), SPEC),
    field("nbns.flags", "Flags", bits(16, 16), Show::Hex(4), SPEC),
    field("nbns.count.queries", "Questions", bits(32, 16), Show::Dec, SPEC),
    field("nbns.count.answers", "Answer records", bits(48, 16), Show::Dec, SPEC),
    field("nbns.count.auth_rr", "Authority records", bits(64, 16), Show::Dec, SPEC),
    field("nbns.count.add_rr", "Additional records", bits(80, 16), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 96));

static FLAGS: [Field; 8] = [
    field("nbns.flags.response", "Response", bits(16, 1), Show::Flag, SPEC)
        .words(words![(0, "query"), (1, "response")]),
    field("nbns.flags.opcode", "Opcode", bits(17, 4), Show::Dec, SPEC).words(OPERATIONS),
    field("nbns.flags.authoritative", "Authoritative", bits(21, 1), Show::Flag, SPEC),
    field("nbns.flags.truncated", "Truncated", bits(22, 1), Show::Flag, SPEC),
    field("nbns.flags.recdesired", "Recursion desired", bits(23, 1), Show::Flag, SPEC),
    field("nbns.flags.recavail", "Recursion available", bits(24, 1), Show::Flag, SPEC),
    field("nbns.flags.broadcast", "Broadcast", bits(27, 1), Show::Flag, SPEC),
    field("nbns.flags.rcode", "Reply code", bits(28, 4), Show::Dec, SPEC).words(CODES),
];

static NAME: Field = field("nbns.name", "Name", COMPUTED, Show::Text, "RFC 1001 §14.1");
static TYPE: Field = field("nbns.type", "Type", COMPUTED, Show::Dec, "RFC 1002 §4.2.1.2")
    .words(words![(32, "NB, name"), (33, "NBSTAT, node status")]);
static CLASS: Field =
    field("nbns.class", "Class", COMPUTED, Show::Dec, "RFC 1002 §4.2.1.2").words(words![(1, "IN, the Internet")]);
static LIFETIME: Field = field("nbns.ttl", "Time to live (s)", COMPUTED, Show::Dec, "RFC 1002 §4.2.1.3");
static LENGTH: Field = field("nbns.data_length", "Data length", COMPUTED, Show::Dec, "RFC 1002 §4.2.1.3");
/// One address of a name; the rows count from its flags.
static ENTRY: [Field; 2] = [
    field("nbns.nb_flags", "Name flags", bits(0, 16), Show::Hex(4), "RFC 1002 §4.2.2"),
    field("nbns.addr", "Address", bits(16, 32), Show::Ipv4, "RFC 1002 §4.2.2"),
];
static ENTRY_FLAGS: [Field; 2] = [
    field("nbns.nb_flags.group", "Group name", bits(0, 1), Show::Flag, "RFC 1002 §4.2.2"),
    field("nbns.nb_flags.ont", "Owner's node type", bits(1, 2), Show::Dec, "RFC 1002 §4.2.2").words(NODES),
];

const OPERATIONS: Words = words![
    (0, "name query"),
    (5, "registration"),
    (6, "release"),
    (7, "wait for acknowledgement"),
    (8, "refresh"),
    (9, "refresh"),
    (15, "multi-homed registration"),
];
const CODES: Words = words![
    (0, "no error"),
    (1, "format error"),
    (2, "server failure"),
    (3, "no such name"),
    (4, "not implemented"),
    (5, "refused"),
    (6, "name is owned by another"),
    (7, "name conflict"),
];
const NODES: Words = words![(0, "B-node"), (1, "P-node"), (2, "M-node"), (3, "H-node")];
/// What the sixteenth letter stands for, in tshark's words, which are part of the value that it shows.
const SUFFIXES: [(u8, &str); 14] = [
    (0x00, "Workstation/Redirector"),
    (0x01, "Browser"),
    (0x02, "Workstation/Redirector"),
    (0x03, "Messenger service/Main name"),
    (0x05, "Forwarded name"),
    (0x06, "RAS Server service"),
    (0x1b, "Domain Master Browser"),
    (0x1c, "Domain Controllers"),
    (0x1d, "Local Master Browser"),
    (0x1e, "Browser Election Service"),
    (0x1f, "Net DDE Service"),
    (0x20, "Server service"),
    (0x21, "RAS client service"),
    (0xbe, "Network Monitor Agent"),
];
const SIZE: usize = 12;
const NB: u16 = 32;
/// More do not fit into a datagram, whatever the counts claim.
const MAX_ENTRIES: usize = 4096;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let tables = HEADER.iter().chain(&FLAGS).chain(&ENTRY).chain(&ENTRY_FLAGS);
    tables.chain([&NAME, &TYPE, &CLASS, &LIFETIME, &LENGTH])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("nbns", header.claimed());
    let [id, flags, counts @ ..] = &HEADER;
    header.row(id, 0)?;
    header.row(flags, 0)?;
    let answer = header.u8(2)? & 0x80 != 0;
    for row in FLAGS.iter().filter(|row| answer || !matches!(row.bits.pos, 21 | 24 | 28)) {
        header.row(row, 1)?;
    }
    header.rows(counts, 0)?;
    let [questions, answers, authority, additional] = [4, 6, 8, 10].map(|at| header.u16(at).map_or(0, usize::from));
    let mut at = SIZE;
    for _ in 0..questions.min(MAX_ENTRIES) {
        let end = name(header, at, false)?;
        header.at(&TYPE, end, 2, 0)?;
        header.at(&CLASS, end + 2, 2, 0)?;
        at = end + 4;
    }
    for _ in 0..(answers + authority + additional).min(MAX_ENTRIES) {
        at = record(header, at)?;
    }
    None
}

fn record(header: &mut Header, at: usize) -> Option<usize> {
    let end = name(header, at, true)?;
    let kind = header.at(&TYPE, end, 2, 0)? as u16;
    header.at(&CLASS, end + 2, 2, 0)?;
    header.at(&LIFETIME, end + 4, 4, 0)?;
    let len = header.at(&LENGTH, end + 8, 2, 0)? as usize;
    let data = end + 10;
    if header.bytes(data, len).is_none() {
        header.claims(&LENGTH, data, len);
        return None;
    }
    if kind == NB {
        let [flags, address] = &ENTRY;
        for entry in (data..(data + len).saturating_sub(5)).step_by(6) {
            header.within(flags, entry, 0)?;
            for flag in &ENTRY_FLAGS {
                header.within(flag, entry, 1)?;
            }
            header.within(address, entry, 0)?;
        }
    }
    Some(data + len)
}

/// A name's place begins, in a record, behind its first byte: so tshark has it.
fn name(header: &mut Header, at: usize, record: bool) -> Option<usize> {
    let Some(found) = dns_name::read(header.rest(0), at) else {
        header.refuse(&NAME, at, "The name runs out of the message or points in a circle.");
        return None;
    };
    let (text, suffix) = plain(&found.text);
    let meaning = suffix.and_then(|suffix| SUFFIXES.iter().find(|(code, _)| *code == suffix)).map(|(_, words)| *words);
    let place = bits((at + usize::from(record)) as u32 * 8, (found.size - usize::from(record)) as u32 * 8);
    let show = if record { meaning.map_or(text.clone(), |words| format!("{text} ({words})")) } else { text };
    header.put(&NAME, place, show, meaning.unwrap_or_default().to_string(), 0);
    Some(at + found.size)
}

/// Every two letters from A to P are the halves of a byte (RFC 1001 §14.1); the last byte says what the name is for.
fn plain(encoded: &str) -> (String, Option<u8>) {
    let (label, scope) = encoded.split_once('.').unwrap_or((encoded, ""));
    let halves: Vec<u8> = label.bytes().map(|letter| letter.wrapping_sub(b'A')).collect();
    if halves.len() != 32 || halves.iter().any(|half| *half > 15) {
        return (encoded.to_string(), None);
    }
    let mut bytes: Vec<u8> =
        halves.chunks_exact(2).map(|pair| pair.iter().fold(0, |sum, half| sum << 4 | half)).collect();
    let suffix = bytes.pop().unwrap_or(0);
    let mut text = String::new();
    for byte in bytes.iter().take_while(|byte| **byte != 0) {
        match byte {
            0x20..=0x7e => text.push(char::from(*byte)),
            _ => text.push_str(&format!("<{byte:02x}>")),
        }
    }
    if bytes.first() == Some(&b'*') {
        // A question for any name: the rest of it is zeros, and no letter has a meaning.
        return ("*".to_string() + &"<00>".repeat(15), None);
    }
    let dot = if scope.is_empty() { String::new() } else { format!(".{scope}") };
    (format!("{}<{suffix:02x}>{dot}", text.trim_end()), Some(suffix))
}
