//! An NTP message (RFC 5905 §7.3; RFC 9327 for control messages) → clock state, timestamps, what follows them.

use super::date;
use super::decimal::fixed;
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Step};

const SPEC: &str = "RFC 5905 §7.3";
const CONTROL_SPEC: &str = "RFC 9327 §2";

static HEAD: [Field; 4] = [
    field("ntp.flags", "Flags", bits(0, 8), Show::Hex(2), SPEC),
    field("ntp.flags.li", "Leap indicator", bits(0, 2), Show::Dec, SPEC).words(LEAPS),
    field("ntp.flags.vn", "Version", bits(2, 3), Show::Dec, SPEC),
    field("ntp.flags.mode", "Mode", bits(5, 3), Show::Dec, SPEC).words(MODES),
];
static BODY: [Field; 10] = [
    field("ntp.stratum", "Stratum", bits(8, 8), Show::Dec, SPEC),
    field("ntp.ppoll", "Poll interval (log2 s)", bits(16, 8), Show::Dec, SPEC),
    field("ntp.precision", "Precision (log2 s)", bits(24, 8), Show::Dec, SPEC),
    field("ntp.rootdelay", "Root delay", bits(32, 32), Show::Dec, SPEC),
    field("ntp.rootdispersion", "Root dispersion", bits(64, 32), Show::Dec, SPEC),
    field("ntp.refid", "Reference ID", bits(96, 32), Show::Bytes, SPEC),
    field("ntp.reftime", "Reference timestamp", bits(128, 64), Show::Text, SPEC),
    field("ntp.org", "Origin timestamp", bits(192, 64), Show::Text, SPEC),
    field("ntp.rec", "Receive timestamp", bits(256, 64), Show::Text, SPEC),
    field("ntp.xmt", "Transmit timestamp", bits(320, 64), Show::Text, SPEC),
];
const _: () = assert!(tiles(&BODY, 8, 48 * 8));

static EXTENSION: Field = field("ntp.ext", "Extension", COMPUTED, Show::None, "RFC 7822 §7.5");
static EXTENSION_TYPE: Field = field("ntp.ext.type", "Field type", COMPUTED, Show::Hex(4), "RFC 7822 §7.5");
static EXTENSION_LENGTH: Field = field("ntp.ext.length", "Length", COMPUTED, Show::Dec, "RFC 7822 §7.5");
static EXTENSION_VALUE: Field = field("ntp.ext.value", "Value", COMPUTED, Show::Bytes, "RFC 7822 §7.5");
static KEY: Field = field("ntp.keyid", "Key ID", COMPUTED, Show::Bytes, SPEC);
static DIGEST: Field = field("ntp.mac", "Message digest", COMPUTED, Show::Bytes, SPEC);

static CONTROL: [Field; 6] = [
    field("ntp.ctrl.flags2", "Flags", bits(8, 8), Show::Hex(2), CONTROL_SPEC),
    field("ntp.ctrl.sequence", "Sequence", bits(16, 16), Show::Dec, CONTROL_SPEC),
    field("ntp.ctrl.status", "Status", bits(32, 16), Show::Hex(4), CONTROL_SPEC),
    field("ntp.ctrl.associd", "Association ID", bits(48, 16), Show::Dec, CONTROL_SPEC),
    field("ntp.ctrl.offset", "Offset", bits(64, 16), Show::Dec, CONTROL_SPEC),
    field("ntp.ctrl.count", "Count", bits(80, 16), Show::Dec, CONTROL_SPEC),
];
const _: () = assert!(tiles(&CONTROL, 8, 96));
static CONTROL_FLAGS: [Field; 4] = [
    field("ntp.ctrl.flags2.r", "Response", bits(8, 1), Show::Dec, CONTROL_SPEC)
        .words(words![(0, "request"), (1, "response")]),
    field("ntp.ctrl.flags2.error", "Error", bits(9, 1), Show::Dec, CONTROL_SPEC),
    field("ntp.ctrl.flags2.more", "More", bits(10, 1), Show::Dec, CONTROL_SPEC),
    field("ntp.ctrl.flags2.opcode", "Operation", bits(11, 5), Show::Dec, CONTROL_SPEC).words(OPERATIONS),
];
const _: () = assert!(tiles(&CONTROL_FLAGS, 8, 16));
/// The status word of the system, in answers about association 0 (RFC 9327 §3.1).
static SYSTEM_STATUS: [Field; 4] = [
    field("ntp.ctrl.sys_status.li", "Leap indicator", bits(32, 2), Show::Dec, "RFC 9327 §3.1").words(LEAPS),
    field("ntp.ctrl.sys_status.clksrc", "Clock source", bits(34, 6), Show::Dec, "RFC 9327 §3.1"),
    field("ntp.ctrl.sys_status.count", "Event count", bits(40, 4), Show::Dec, "RFC 9327 §3.1"),
    field("ntp.ctrl.sys_status.code", "Event code", bits(44, 4), Show::Dec, "RFC 9327 §3.1"),
];
const _: () = assert!(tiles(&SYSTEM_STATUS, 32, 48));
/// The status word of a peer, in answers about one (RFC 9327 §3.2); the rows count from the word.
static PEER_STATUS: [Field; 8] = [
    field("ntp.ctrl.peer_status.config", "Configured", bits(0, 1), Show::Flag, "RFC 9327 §3.2"),
    field("ntp.ctrl.peer_status.authenable", "Authentication on", bits(1, 1), Show::Flag, "RFC 9327 §3.2"),
    field("ntp.ctrl.peer_status.authentic", "Authentic", bits(2, 1), Show::Flag, "RFC 9327 §3.2"),
    field("ntp.ctrl.peer_status.reach", "Reachable", bits(3, 1), Show::Flag, "RFC 9327 §3.2"),
    field("ntp.ctrl.peer_status.bcast", "Broadcast", bits(4, 1), Show::Flag, "RFC 9327 §3.2"),
    field("ntp.ctrl.peer_status.selection", "Selection", bits(5, 3), Show::Dec, "RFC 9327 §3.2"),
    field("ntp.ctrl.peer_status.count", "Event count", bits(8, 4), Show::Dec, "RFC 9327 §3.2"),
    field("ntp.ctrl.peer_status.code", "Event code", bits(12, 4), Show::Dec, "RFC 9327 §3.2"),
];
const _: () = assert!(tiles(&PEER_STATUS, 0, 16));
static DATA: Field = field("ntp.ctrl.data", "Data", COMPUTED, Show::None, CONTROL_SPEC);
static ITEM: Field = field("ntp.ctrl.item", "Peer", COMPUTED, Show::None, "RFC 9327 §4");
static ITEM_PEER: Field = field("ntp.ctrl.associd", "Association ID", COMPUTED, Show::Dec, "RFC 9327 §4");
static ITEM_STATUS: Field = field("ntp.ctrl.status", "Status", COMPUTED, Show::Hex(4), "RFC 9327 §4");

/// ntpd's own questions, of which no RFC tells; `ntp_request.h` of its sources does.
const PRIVATE_SPEC: &str = "ntpd, ntp_request.h";
static PRIVATE_FLAGS: [Field; 4] = [
    field("ntp.priv.flags.r", "Response", bits(0, 1), Show::Dec, PRIVATE_SPEC)
        .words(words![(0, "request"), (1, "response")]),
    field("ntp.priv.flags.more", "More", bits(1, 1), Show::Dec, PRIVATE_SPEC),
    field("ntp.flags.vn", "Version", bits(2, 3), Show::Dec, PRIVATE_SPEC),
    field("ntp.flags.mode", "Mode", bits(5, 3), Show::Dec, PRIVATE_SPEC).words(MODES),
];
const _: () = assert!(tiles(&PRIVATE_FLAGS, 0, 8));
static PRIVATE_SEQUENCE: [Field; 2] = [
    field("ntp.priv.auth", "Authenticated", bits(8, 1), Show::Dec, PRIVATE_SPEC),
    field("ntp.priv.seq", "Sequence", bits(9, 7), Show::Dec, PRIVATE_SPEC),
];
static PRIVATE: [Field; 7] = [
    field("ntp.priv.auth_seq", "Authentication, sequence", bits(8, 8), Show::Dec, PRIVATE_SPEC),
    field("ntp.priv.impl", "Implementation", bits(16, 8), Show::Dec, PRIVATE_SPEC),
    field("ntp.priv.reqcode", "Request code", bits(24, 8), Show::Dec, PRIVATE_SPEC).words(REQUESTS),
    field("ntp.priv.err", "Error", bits(32, 4), Show::Hex(2), PRIVATE_SPEC),
    field("ntp.priv.numitems", "Items", bits(36, 12), Show::Dec, PRIVATE_SPEC),
    field("ntp.priv.reserved", "Reserved", bits(48, 4), Show::Hex(2), PRIVATE_SPEC),
    field("ntp.priv.itemsize", "Size of an item", bits(52, 12), Show::Dec, PRIVATE_SPEC),
];
const _: () = assert!(tiles(&PRIVATE, 8, 64));

const LEAPS: Words = words![
    (0, "no leap second"),
    (1, "last minute has 61 s"),
    (2, "last minute has 59 s"),
    (3, "clock not synchronized")
];
const MODES: Words = words![
    (0, "reserved"),
    (1, "symmetric active"),
    (2, "symmetric passive"),
    (3, "client"),
    (4, "server"),
    (5, "broadcast"),
    (6, "control message"),
    (7, "private use"),
];
const OPERATIONS: Words = words![
    (1, "read status"),
    (2, "read variables"),
    (3, "write variables"),
    (4, "read clock variables"),
    (5, "write clock variables"),
    (6, "set trap"),
    (7, "trap response"),
    (8, "configure"),
    (9, "save configuration"),
    (10, "read recent clients"),
    (11, "read ordered list"),
    (12, "request nonce"),
    (31, "unset trap"),
];
const REQUESTS: Words = words![
    (0, "peer list"),
    (1, "peer list, summary"),
    (2, "peer"),
    (3, "peer statistics"),
    (4, "system"),
    (5, "system statistics"),
    (6, "I/O statistics"),
    (7, "memory statistics"),
    (8, "loop filter"),
    (20, "monitored hosts"),
    (28, "timer statistics"),
    (38, "kernel clock"),
    (42, "recent clients"),
];

const SIZE: usize = 48;
const MODE_CONTROL: u8 = 6;
const MODE_PRIVATE: u8 = 7;
const READ_STATUS: u64 = 1;
const CONTROL_SIZE: usize = 12;
/// A digest is 16 or 20 bytes behind the key's 4; whatever is longer is an extension (RFC 7822 §7.5).
const LONGEST_DIGEST: usize = 24;
const SHORTEST_EXTENSION: usize = 16;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let computed = [
        &EXTENSION,
        &EXTENSION_TYPE,
        &EXTENSION_LENGTH,
        &EXTENSION_VALUE,
        &KEY,
        &DIGEST,
        &DATA,
        &ITEM,
        &ITEM_PEER,
        &ITEM_STATUS,
    ];
    let control = CONTROL.iter().chain(&CONTROL_FLAGS).chain(&SYSTEM_STATUS).chain(&PEER_STATUS);
    let private = PRIVATE_FLAGS.iter().chain(&PRIVATE_SEQUENCE).chain(&PRIVATE);
    HEAD.iter().chain(&BODY).chain(computed).chain(control).chain(private)
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("ntp", header.claimed());
    let [flags, meanings @ ..] = &HEAD;
    let first = header.row(flags, 0)? as u8;
    if first & 7 == MODE_PRIVATE {
        return private(header);
    }
    header.rows(meanings, 1)?;
    if first & 7 == MODE_CONTROL {
        return control(header);
    }
    for row in &BODY {
        match row.show {
            Show::Text => time(header, row)?,
            _ => drop(header.row(row, 0)?),
        }
        note(header, row.key);
    }
    tail(header, SIZE)
}

/// Words for the numbers of a clock, as far as they have any.
fn note(header: &mut Header, key: &str) {
    let seconds = |value: u32| format!("{} s", fixed(value.into(), 65_536, 6));
    let stratum = header.u8(1).unwrap_or(0);
    let meaning = match key {
        "ntp.stratum" => match stratum {
            0 => "unspecified or invalid".to_string(),
            1 => "primary reference".to_string(),
            2..16 => "secondary reference".to_string(),
            16 => "not synchronized".to_string(),
            _ => "reserved".to_string(),
        },
        "ntp.ppoll" => match header.u8(2) {
            Some(power @ 4..18) => format!("{} s", 1_u32 << power),
            _ => String::new(),
        },
        "ntp.rootdelay" => header.u32(4).map_or(String::new(), seconds),
        "ntp.rootdispersion" => header.u32(8).map_or(String::new(), seconds),
        "ntp.refid" => reference(stratum, header.array(12).unwrap_or_default()),
        _ => return,
    };
    header.means(meaning);
}

/// A first server names its clock by letters, others the server that they follow (RFC 5905 §7.3).
fn reference(stratum: u8, id: [u8; 4]) -> String {
    let letters = id.into_iter().take_while(|byte| *byte != 0);
    match stratum {
        0 | 1 if letters.clone().all(|byte| byte.is_ascii_graphic()) => letters.map(char::from).collect(),
        0 | 1 => String::new(),
        _ => std::net::Ipv4Addr::from(id).to_string(),
    }
}

fn time(header: &mut Header, row: &'static Field) -> Option<()> {
    let at = row.bits.pos as usize / 8;
    let Some(seconds) = header.u32(at).zip(header.u32(at + 4)) else {
        header.cut(at, 8);
        return None;
    };
    header.put(row, row.bits, date::ntp(seconds.0, seconds.1), String::new(), 0);
    Some(())
}

/// Extension fields, and the key and digest that vouch for all before them.
fn tail(header: &mut Header, from: usize) -> Option<Step> {
    let mut at = from;
    while header.claimed() > at + LONGEST_DIGEST {
        let len = usize::from(header.u16(at + 2).unwrap_or(0));
        if len < SHORTEST_EXTENSION || !len.is_multiple_of(4) {
            break;
        }
        let there = len.min(header.rest(at).len());
        header.put(&EXTENSION, bits(at as u32 * 8, there as u32 * 8), String::new(), String::new(), 0);
        header.at(&EXTENSION_TYPE, at, 2, 1)?;
        header.at(&EXTENSION_LENGTH, at + 2, 2, 1)?;
        if there < len {
            header.claims(&EXTENSION_LENGTH, at, len);
            return None;
        }
        header.at(&EXTENSION_VALUE, at + 4, len - 4, 1)?;
        at += len;
    }
    let rest = header.claimed() - at.min(header.claimed());
    if rest >= 4 {
        header.at(&KEY, at, 4, 0)?;
        if rest > 4 {
            header.at(&DIGEST, at + 4, rest - 4, 0)?;
        }
    } else if rest > 0 {
        header.refuse(&KEY, at, "Behind the timestamps there is too little for a key.");
    }
    None
}

fn control(header: &mut Header) -> Option<Step> {
    let [flags, sequence, status, association, rest @ ..] = &CONTROL;
    header.row(flags, 0)?;
    header.rows(&CONTROL_FLAGS, 1)?;
    header.row(sequence, 0)?;
    header.row(status, 0)?;
    let (answer, peer) = (header.u8(1)? & 0x80 != 0, header.u16(6).unwrap_or(0));
    let operation = u64::from(header.u8(1)? & 0x1f);
    if answer && peer == 0 {
        header.rows(&SYSTEM_STATUS, 1)?;
    } else if answer {
        peer_status(header, 4, 1)?;
    }
    header.row(association, 0)?;
    header.rows(rest, 0)?;
    let count = usize::from(header.u16(10)?);
    if count > 0 {
        let there = count.min(header.rest(CONTROL_SIZE).len());
        header.put(&DATA, bits(CONTROL_SIZE as u32 * 8, there as u32 * 8), String::new(), String::new(), 0);
        if operation == READ_STATUS && answer && peer == 0 {
            for at in (CONTROL_SIZE..(CONTROL_SIZE + there).saturating_sub(3)).step_by(4) {
                header.put(&ITEM, bits(at as u32 * 8, 32), String::new(), String::new(), 1);
                header.at(&ITEM_PEER, at, 2, 2)?;
                header.at(&ITEM_STATUS, at + 2, 2, 2)?;
                peer_status(header, at + 2, 3)?;
            }
        }
        header.claims(&CONTROL[5], CONTROL_SIZE, count);
    }
    None
}

fn peer_status(header: &mut Header, at: usize, depth: u8) -> Option<()> {
    PEER_STATUS.iter().try_for_each(|row| header.within(row, at, depth).map(|_| ()))
}

fn private(header: &mut Header) -> Option<Step> {
    header.rows(&PRIVATE_FLAGS, 1)?;
    let [sequence, rest @ ..] = &PRIVATE;
    header.row(sequence, 0)?;
    header.rows(&PRIVATE_SEQUENCE, 1)?;
    header.rows(rest, 0)?;
    None
}
