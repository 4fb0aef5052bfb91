//! What an ICMP error says behind the packet that it quotes → extension objects: MPLS labels, interfaces (RFC 4884, RFC 4950,
//! RFC 5837), and the interface that an extended echo asks for (RFC 8335 §2.1). ICMPv6 has the same objects.

use super::checksum::{self, Beside, STATUS};
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::Header;

const SPEC: &str = "RFC 4884 §7";
const INTERFACE: &str = "RFC 5837 §4.1";
const LABELS: &str = "RFC 4950 §3";

/// The rows of this file count from the structure, the object or the entry that they belong to.
static HEADER: [Field; 3] = [
    field("icmp.ext.version", "Version", bits(0, 4), Show::Dec, SPEC),
    field("icmp.ext.res", "Reserved", bits(4, 12), Show::Hex(4), SPEC),
    field("icmp.ext.checksum", "Checksum", bits(16, 16), Show::Hex(4), SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 32));

static OBJECT: [Field; 3] = [
    field("icmp.ext.length", "Length", bits(0, 16), Show::Dec, "RFC 4884 §8"),
    field("icmp.ext.class", "Class", bits(16, 8), Show::Dec, "RFC 4884 §8").words(CLASSES),
    field("icmp.ext.ctype", "C-Type", bits(24, 8), Show::Dec, "RFC 4884 §8"),
];
const _: () = assert!(tiles(&OBJECT, 0, 32));

static LABEL: [Field; 4] = [
    field("icmp.mpls.label", "Label", bits(0, 20), Show::Dec, LABELS),
    field("icmp.mpls.exp", "Experimental", bits(20, 3), Show::Dec, LABELS),
    field("icmp.mpls.s", "Bottom of stack", bits(23, 1), Show::Flag, LABELS),
    field("icmp.mpls.ttl", "Time to live", bits(24, 8), Show::Dec, LABELS),
];
const _: () = assert!(tiles(&LABEL, 0, 32));

/// The C-Type of interface information is a set of flags.
static ROLE: [Field; 6] = [
    field("icmp.int_info.role", "Role of the interface", bits(24, 2), Show::Dec, INTERFACE).words(words![
        (0, "where the datagram arrived"),
        (1, "part of it where the datagram arrived"),
        (2, "where it would have left"),
        (3, "next hop"),
    ]),
    field("icmp.int_info.reserved", "Reserved", bits(26, 2), Show::Dec, INTERFACE),
    field("icmp.int_info.ifindex", "Index present", bits(28, 1), Show::Flag, INTERFACE),
    field("icmp.int_info.ipaddr", "Address present", bits(29, 1), Show::Flag, INTERFACE),
    field("icmp.int_info.name_present", "Name present", bits(30, 1), Show::Flag, INTERFACE),
    field("icmp.int_info.mtu_present", "MTU present", bits(31, 1), Show::Flag, INTERFACE),
];
const _: () = assert!(tiles(&ROLE, 24, 32));

static GROUP: Field = field("icmp.ext", "Extensions", COMPUTED, Show::None, SPEC);
static CHECKSUM_STATUS: Field =
    field("icmp.ext.checksum.status", "Checksum status", COMPUTED, Show::Dec, SPEC).words(STATUS);
const BESIDE: Beside = Beside { status: &CHECKSUM_STATUS, calculated: None };
static DATA: Field = field("icmp.ext.data", "Object data", COMPUTED, Show::Bytes, "RFC 4884 §8");
static INDEX: Field = field("icmp.int_info.index", "Interface index", COMPUTED, Show::Dec, INTERFACE);
static FAMILY: Field = field("icmp.int_info.afi", "Address family", COMPUTED, Show::Dec, INTERFACE).words(FAMILIES);
static RESERVED: Field = field("icmp.reserved", "Reserved", COMPUTED, Show::Bytes, INTERFACE);
static ADDRESS_4: Field = field("icmp.int_info.ipv4", "Interface address", COMPUTED, Show::Ipv4, INTERFACE);
static ADDRESS_6: Field = field("icmp.int_info.ipv6", "Interface address", COMPUTED, Show::Ipv6, INTERFACE);
static NAME_LENGTH: Field = field("icmp.int_info.name_length", "Name length", COMPUTED, Show::Dec, INTERFACE);
static NAME: Field = field("icmp.int_info.name", "Interface name", COMPUTED, Show::Text, INTERFACE);
static MTU: Field = field("icmp.int_info.mtu", "Interface MTU", COMPUTED, Show::Dec, INTERFACE);

const ASKED: &str = "RFC 8335 §2.1";
static ASKED_NAME: Field = field("icmp.int_ident.name", "Interface name", COMPUTED, Show::Text, ASKED);
static ASKED_INDEX: Field = field("icmp.int_ident.index", "Interface index", COMPUTED, Show::Dec, ASKED);
/// An interface that is asked for by address; the rows count from the object.
static ASKED_ADDRESS: [Field; 3] = [
    field("icmp.int_ident.afi", "Address family", bits(32, 16), Show::Dec, ASKED).words(FAMILIES),
    field("icmp.int_ident.addr_length", "Address length", bits(48, 8), Show::Dec, ASKED),
    field("icmp.int_ident.reserved", "Reserved", bits(56, 8), Show::Bytes, ASKED),
];
const _: () = assert!(tiles(&ASKED_ADDRESS, 32, 64));
static ASKED_4: Field = field("icmp.int_ident.ipv4", "Interface address", COMPUTED, Show::Ipv4, ASKED);
static ASKED_6: Field = field("icmp.int_ident.ipv6", "Interface address", COMPUTED, Show::Ipv6, ASKED);
static ASKED_OTHER: Field = field("icmp.int_ident.address", "Interface address", COMPUTED, Show::Bytes, ASKED);

/// How a router knows the neighbor that an extended echo asks for.
pub(super) const NEIGHBOR_STATES: Words = words![
    (0, "reserved"),
    (1, "incomplete"),
    (2, "reachable"),
    (3, "stale"),
    (4, "delay"),
    (5, "probe"),
    (6, "failed")
];
const CLASSES: Words = words![(1, "MPLS label stack"), (2, "interface information"), (3, "interface identification")];
const FAMILIES: Words = words![(1, "IPv4"), (2, "IPv6")];

const SIZE: usize = 4;
const VERSION: u8 = 2;
/// Routers that do not say how much they quote, quote this much before an extension (RFC 4884 §5.5).
const USUAL_QUOTE: usize = 128;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let tables = [&HEADER[..], &OBJECT, &LABEL, &ROLE, &ASKED_ADDRESS];
    let computed = [&GROUP, &CHECKSUM_STATUS, &DATA, &INDEX, &FAMILY, &RESERVED, &ADDRESS_4, &ADDRESS_6];
    let named = [&NAME_LENGTH, &NAME, &MTU, &ASKED_NAME, &ASKED_INDEX, &ASKED_4, &ASKED_6, &ASKED_OTHER];
    tables.into_iter().flatten().chain(computed).chain(named)
}

/// How many bytes an error quotes, given what its length field says, and whether extensions follow them.
pub(super) fn quoted(header: &Header, from: usize, stated: usize) -> Option<usize> {
    let quote = if stated > 0 { stated } else { USUAL_QUOTE };
    let version = header.u8(from + quote)? >> 4;
    (version == VERSION && header.claimed() >= from + quote + SIZE).then_some(quote)
}

/// Reads the extensions from an offset to the end of the message.
pub(super) fn decode(header: &mut Header, from: usize) {
    let len = header.rest(from).len();
    header.put(&GROUP, bits(from as u32 * 8, len as u32 * 8), String::new(), String::new(), 0);
    let whole = header.claimed() == from + len && !header.place.quoted;
    for row in &HEADER {
        let Some(value) = header.within(row, from, 1) else { return };
        if row.key == HEADER[2].key {
            let sum = checksum::sum(None, header.rest(from));
            let verdict = if whole { checksum::verdict(value as u16, sum) } else { checksum::unverified() };
            checksum::judge(header, &BESIDE, verdict);
        }
    }
    let mut at = from + SIZE;
    // Each object takes at least four bytes, so the message bounds them.
    while header.claimed() > at {
        for row in &OBJECT {
            if header.within(row, at, 1).is_none() {
                return;
            }
        }
        let len = header.u16(at).map_or(0, usize::from);
        if len < SIZE {
            return header.refuse(&OBJECT[0], at, "An object is never shorter than its own header of 4 bytes.");
        }
        let end = (at + len).min(at + header.rest(at).len());
        object(header, at, end);
        if header.rest(at).len() < len {
            return header.claims(&OBJECT[0], at, len);
        }
        at += len;
    }
}

fn object(header: &mut Header, at: usize, end: usize) {
    let body = at + SIZE;
    match (header.u8(at + 2), header.u8(at + 3)) {
        (Some(1), Some(1)) => {
            for label in (body..end.saturating_sub(3)).step_by(4) {
                for row in &LABEL {
                    header.within(row, label, 2);
                }
            }
        }
        (Some(2), Some(flags)) => drop(interface(header, at, end, flags)),
        (Some(3), Some(kind)) => drop(asked(header, at, end, kind)),
        _ if end > body => drop(header.at(&DATA, body, end - body, 1)),
        _ => {}
    }
}

/// What is known of an interface, in the order of the flags that announce it.
fn interface(header: &mut Header, at: usize, end: usize, flags: u8) -> Option<()> {
    for row in &ROLE {
        header.within(row, at, 2)?;
    }
    let fits = |at: usize, len: usize| (at + len <= end).then_some(());
    let mut at = at + SIZE;
    if flags & 8 != 0 {
        fits(at, 4)?;
        header.at(&INDEX, at, 4, 1)?;
        at += 4;
    }
    if flags & 4 != 0 {
        fits(at, 4)?;
        let family = header.at(&FAMILY, at, 2, 2)?;
        header.at(&RESERVED, at + 2, 2, 2)?;
        let (row, len) = if family == 2 { (&ADDRESS_6, 16) } else { (&ADDRESS_4, 4) };
        fits(at + 4, len)?;
        header.at(row, at + 4, len, 2)?;
        at += 4 + len;
    }
    if flags & 2 != 0 {
        fits(at, 1)?;
        let len = header.at(&NAME_LENGTH, at, 1, 2)? as usize;
        fits(at, len.max(1))?;
        text(header, &NAME, at + 1, len.saturating_sub(1), 2);
        at += len.max(1);
    }
    if flags & 1 != 0 {
        fits(at, 4)?;
        header.at(&MTU, at, 4, 1)?;
    }
    Some(())
}

/// The interface that an extended echo request is about: by name, index or address.
fn asked(header: &mut Header, at: usize, end: usize, kind: u8) -> Option<()> {
    let body = at + SIZE;
    match kind {
        1 => text(header, &ASKED_NAME, body, end.saturating_sub(body), 1),
        2 => drop(header.at(&ASKED_INDEX, body, 4, 1)),
        3 => {
            for row in &ASKED_ADDRESS {
                header.within(row, at, 1)?;
            }
            let (family, len) = (header.u16(body)?, usize::from(header.u8(body + 2)?));
            let row = match (family, len) {
                (1, 4) => &ASKED_4,
                (2, 16) => &ASKED_6,
                _ => &ASKED_OTHER,
            };
            if len > 0 && body + 4 + len <= end {
                header.at(row, body + 4, len, 1)?;
            }
        }
        _ if end > body => drop(header.at(&DATA, body, end - body, 1)),
        _ => {}
    }
    Some(())
}

/// A name that is filled with zeros to a multiple of four bytes.
fn text(header: &mut Header, row: &'static Field, at: usize, len: usize, depth: u8) {
    if let Some(bytes) = header.bytes(at, len).filter(|bytes| !bytes.is_empty()) {
        let name = bytes.split(|byte| *byte == 0).next().unwrap_or(bytes);
        let show = String::from_utf8_lossy(name).into_owned();
        header.put(row, bits(at as u32 * 8, len as u32 * 8), show, String::new(), depth);
    }
}
