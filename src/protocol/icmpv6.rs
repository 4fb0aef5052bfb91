//! An ICMPv6 message → type, code, checksum and what the type carries: echo, errors, neighbor discovery (RFC 4443, RFC 4861).

use super::checksum::{self, Beside, STATUS};
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Step};
use super::icmp_extensions::{self, NEIGHBOR_STATES};
use super::{icmpv6_information, icmpv6_listener, icmpv6_options};

const SPEC: &str = "RFC 4443 §2.1";

static HEADER: [Field; 3] = [
    field("icmpv6.type", "Type", bits(0, 8), Show::Dec, SPEC).words(TYPES),
    field("icmpv6.code", "Code", bits(8, 8), Show::Dec, SPEC),
    field("icmpv6.checksum", "Checksum", bits(16, 16), Show::Hex(4), SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 32));

static ECHO: [Field; 2] = [
    field("icmpv6.echo.identifier", "Identifier", bits(32, 16), Show::Hex(4), "RFC 4443 §4.1"),
    field("icmpv6.echo.sequence_number", "Sequence number", bits(48, 16), Show::Dec, "RFC 4443 §4.1"),
];
const _: () = assert!(tiles(&ECHO, 32, 64));

/// Errors that say how much they quote, because something follows it (RFC 4884 §4.4).
static MEASURED: [Field; 2] = [
    field("icmpv6.length", "Length of the quote", bits(32, 8), Show::Dec, "RFC 4884 §4.4"),
    field("icmpv6.reserved", "Reserved", bits(40, 24), Show::Bytes, SPEC),
];
const _: () = assert!(tiles(&MEASURED, 32, 64));

/// An extended echo's second half, as a request and as a reply (RFC 8335).
static EXTENDED: [Field; 3] = [
    field("icmpv6.ext.echo.seq", "Sequence number", bits(48, 8), Show::Dec, "RFC 8335 §2"),
    field("icmpv6.ext.echo.req.res", "Reserved", bits(56, 7), Show::Hex(2), "RFC 8335 §2"),
    field("icmpv6.ext.echo.req.local", "Local", bits(63, 1), Show::Flag, "RFC 8335 §2"),
];
static EXTENDED_REPLY: [Field; 5] = [
    field("icmpv6.ext.echo.rsp.state", "State", bits(56, 3), Show::Dec, "RFC 8335 §3").words(NEIGHBOR_STATES),
    field("icmpv6.ext.echo.rsp.res", "Reserved", bits(59, 2), Show::Hex(2), "RFC 8335 §3"),
    field("icmpv6.ext.echo.rsp.active", "Active", bits(61, 1), Show::Flag, "RFC 8335 §3"),
    field("icmpv6.ext.echo.rsp.ipv4", "Runs IPv4", bits(62, 1), Show::Flag, "RFC 8335 §3"),
    field("icmpv6.ext.echo.rsp.ipv6", "Runs IPv6", bits(63, 1), Show::Flag, "RFC 8335 §3"),
];
const _: () = assert!(tiles(&EXTENDED, 48, 64) && tiles(&EXTENDED_REPLY, 56, 64));

/// A router's advertisement (RFC 4861 §4.2).
static ROUTER: [Field; 5] = [
    field("icmpv6.nd.ra.cur_hop_limit", "Current hop limit", bits(32, 8), Show::Dec, "RFC 4861 §4.2"),
    field("icmpv6.nd.ra.flag", "Flags", bits(40, 8), Show::Hex(2), "RFC 4861 §4.2"),
    field("icmpv6.nd.ra.router_lifetime", "Router lifetime (s)", bits(48, 16), Show::Dec, "RFC 4861 §4.2"),
    field("icmpv6.nd.ra.reachable_time", "Reachable time (ms)", bits(64, 32), Show::Dec, "RFC 4861 §4.2"),
    field("icmpv6.nd.ra.retrans_timer", "Retransmission timer (ms)", bits(96, 32), Show::Dec, "RFC 4861 §4.2"),
];
const _: () = assert!(tiles(&ROUTER, 32, 128));

static ROUTER_FLAGS: [Field; 6] =
    [
        field("icmpv6.nd.ra.flag.m", "Managed configuration", bits(40, 1), Show::Flag, "RFC 4861 §4.2"),
        field("icmpv6.nd.ra.flag.o", "Other configuration", bits(41, 1), Show::Flag, "RFC 4861 §4.2"),
        field("icmpv6.nd.ra.flag.h", "Home agent", bits(42, 1), Show::Flag, "RFC 6275 §7.1"),
        field("icmpv6.nd.ra.flag.prf", "Default router preference", bits(43, 2), Show::Dec, "RFC 4191 §2.2")
            .words(words![(0, "medium"), (1, "high"), (2, "reserved"), (3, "low"),]),
        field("icmpv6.nd.ra.flag.p", "Proxy", bits(45, 1), Show::Flag, "RFC 4389 §4.1.3.3"),
        field("icmpv6.nd.ra.flag.rsv", "Reserved", bits(46, 2), Show::Dec, "RFC 4861 §4.2"),
    ];
const _: () = assert!(tiles(&ROUTER_FLAGS, 40, 48));

static SOLICITATION: [Field; 2] = [
    field("icmpv6.reserved", "Reserved", bits(32, 32), Show::Bytes, "RFC 4861 §4.3"),
    field("icmpv6.nd.ns.target_address", "Target address", bits(64, 128), Show::Ipv6, "RFC 4861 §4.3"),
];
const _: () = assert!(tiles(&SOLICITATION, 32, 192));

static ADVERTISEMENT: [Field; 2] = [
    field("icmpv6.nd.na.flag", "Flags", bits(32, 32), Show::Hex(8), "RFC 4861 §4.4"),
    field("icmpv6.nd.na.target_address", "Target address", bits(64, 128), Show::Ipv6, "RFC 4861 §4.4"),
];
const _: () = assert!(tiles(&ADVERTISEMENT, 32, 192));

static ADVERTISEMENT_FLAGS: [Field; 4] = [
    field("icmpv6.nd.na.flag.r", "Router", bits(32, 1), Show::Flag, "RFC 4861 §4.4"),
    field("icmpv6.nd.na.flag.s", "Solicited", bits(33, 1), Show::Flag, "RFC 4861 §4.4"),
    field("icmpv6.nd.na.flag.o", "Override", bits(34, 1), Show::Flag, "RFC 4861 §4.4"),
    field("icmpv6.nd.na.flag.rsv", "Reserved", bits(35, 29), Show::Dec, "RFC 4861 §4.4"),
];
const _: () = assert!(tiles(&ADVERTISEMENT_FLAGS, 32, 64));

static REDIRECT: [Field; 3] = [
    field("icmpv6.reserved", "Reserved", bits(32, 32), Show::Bytes, "RFC 4861 §4.5"),
    field("icmpv6.nd.rd.target_address", "Target address", bits(64, 128), Show::Ipv6, "RFC 4861 §4.5"),
    field("icmpv6.rd.na.destination_address", "Destination address", bits(192, 128), Show::Ipv6, "RFC 4861 §4.5"),
];
const _: () = assert!(tiles(&REDIRECT, 32, 320));

static CHECKSUM_STATUS: Field =
    field("icmpv6.checksum.status", "Checksum status", COMPUTED, Show::Dec, SPEC).words(STATUS);
const BESIDE: Beside = Beside { status: &CHECKSUM_STATUS, calculated: None };
static RESERVED: Field = field("icmpv6.reserved", "Reserved", bits(32, 32), Show::Bytes, SPEC);
static MTU: Field = field("icmpv6.mtu", "MTU of next hop", bits(32, 32), Show::Dec, "RFC 4443 §3.2");
static POINTER: Field = field("icmpv6.pointer", "Pointer", bits(32, 32), Show::Dec, "RFC 4443 §3.4");

const TYPES: Words = words![
    (1, "Destination unreachable"),
    (2, "Packet too big"),
    (3, "Time exceeded"),
    (4, "Parameter problem"),
    (128, "Echo (ping) request"),
    (129, "Echo (ping) reply"),
    (130, "Multicast listener query"),
    (131, "Multicast listener report"),
    (132, "Multicast listener done"),
    (133, "Router solicitation"),
    (134, "Router advertisement"),
    (135, "Neighbor solicitation"),
    (136, "Neighbor advertisement"),
    (137, "Redirect"),
    (138, "Router renumbering"),
    (139, "Node information query"),
    (140, "Node information response"),
    (141, "Inverse neighbor discovery solicitation"),
    (142, "Inverse neighbor discovery advertisement"),
    (143, "Multicast listener report, version 2"),
    (144, "Home agent address discovery request"),
    (145, "Home agent address discovery reply"),
    (146, "Mobile prefix solicitation"),
    (147, "Mobile prefix advertisement"),
    (148, "Certification path solicitation"),
    (149, "Certification path advertisement"),
    (151, "Multicast router advertisement"),
    (152, "Multicast router solicitation"),
    (153, "Multicast router termination"),
    (155, "RPL control"),
    (157, "Duplicate address request"),
    (158, "Duplicate address confirmation"),
    (160, "Extended echo request"),
    (161, "Extended echo reply"),
];

/// Codes of the types that have them, as type × 256 + code.
const CODES: Words = words![
    (0x0100, "No route to destination"),
    (0x0101, "Administratively prohibited"),
    (0x0102, "Beyond scope of source address"),
    (0x0103, "Address unreachable"),
    (0x0104, "Port unreachable"),
    (0x0105, "Source address failed ingress or egress policy"),
    (0x0106, "Reject route to destination"),
    (0x0300, "Hop limit exceeded in transit"),
    (0x0301, "Fragment reassembly time exceeded"),
    (0x0400, "Erroneous header field"),
    (0x0401, "Unrecognized next header"),
    (0x0402, "Unrecognized option"),
    (0x0403, "First fragment has an incomplete header chain"),
    (0x8b00, "About an IPv6 address"),
    (0x8b01, "About a name, or nothing"),
    (0x8b02, "About an IPv4 address"),
    (0x8c00, "Successful"),
    (0x8c01, "Refused"),
    (0x8c02, "Unknown query type"),
    (0xa000, "No error"),
    (0xa100, "No error"),
    (0xa101, "Malformed query"),
    (0xa102, "No such interface"),
    (0xa103, "No such table entry"),
    (0xa104, "Multiple interfaces satisfy query"),
];

const SIZE: usize = 8;
/// The protocol number that enters the pseudo header.
const PROTOCOL: u8 = 58;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let tables = [
        &ROUTER_FLAGS[..],
        &MEASURED,
        &EXTENDED,
        &EXTENDED_REPLY,
        &ECHO,
        &ROUTER,
        &SOLICITATION,
        &ADVERTISEMENT,
        &ADVERTISEMENT_FLAGS,
        &REDIRECT,
    ];
    HEADER
        .iter()
        .chain(tables.into_iter().flatten())
        .chain([&CHECKSUM_STATUS, &RESERVED, &MTU, &POINTER])
        .chain(icmpv6_options::fields())
        .chain(icmpv6_listener::fields())
        .chain(icmpv6_information::fields())
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("icmpv6", header.claimed());
    let [kind_row, code_row, checksum_row] = &HEADER;
    let kind = header.row(kind_row, 0)? as u8;
    let code = header.row(code_row, 0)? as u8;
    header.means(CODES.get(u64::from(kind) << 8 | u64::from(code)).unwrap_or_default());
    // A quoted message is hardly ever whole, so no verdict is given on it.
    let covered = if header.place.quoted { usize::MAX } else { header.claimed() };
    checksum::transport(header, checksum_row, &BESIDE, Some(PROTOCOL), covered)?;
    match kind {
        1 | 3 => quoting(header, &RESERVED),
        2 => quoting(header, &MTU),
        4 => quoting(header, &POINTER),
        128 | 129 => {
            header.rows(&ECHO, 0)?;
            header.then(Next::Data, SIZE)
        }
        130..=132 => {
            icmpv6_listener::message(header, kind == 130);
            None
        }
        143 => {
            icmpv6_listener::report(header);
            None
        }
        139 | 140 => {
            icmpv6_information::decode(header, kind == 140, code);
            None
        }
        160 | 161 => extended(header, kind),
        133 => discovery(header, &[], SIZE),
        134 => {
            let [hops, flags, ..] = &ROUTER;
            header.row(hops, 0)?;
            header.row(flags, 0)?;
            header.rows(&ROUTER_FLAGS, 1)?;
            discovery(header, &ROUTER[2..], 16)
        }
        135 => discovery(header, &SOLICITATION, 24),
        136 => {
            header.row(&ADVERTISEMENT[0], 0)?;
            header.rows(&ADVERTISEMENT_FLAGS, 1)?;
            discovery(header, &ADVERTISEMENT[1..], 24)
        }
        137 => discovery(header, &REDIRECT, 40),
        _ => header.then(Next::Data, 4),
    }
}

fn quoting(header: &mut Header, row: &'static Field) -> Option<Step> {
    // Only these two errors can say how much they quote; elsewhere the same byte is a part of something else.
    let words = if row.key == RESERVED.key { header.u8(4).map_or(0, usize::from) } else { 0 };
    if words > 0 {
        header.rows(&MEASURED, 0)?;
        if let Some(quote) = icmp_extensions::quoted(header, SIZE, words * 8) {
            icmp_extensions::decode(header, SIZE + quote);
            return header.within_end(Next::Quoted, SIZE, header.place.start + SIZE + quote);
        }
    } else {
        header.row(row, 0)?;
    }
    header.then(Next::Quoted, SIZE)
}

/// An echo about an interface of the receiver rather than about the receiver (RFC 8335).
fn extended(header: &mut Header, kind: u8) -> Option<Step> {
    header.row(&ECHO[0], 0)?;
    header.row(&EXTENDED[0], 0)?;
    if kind == 161 {
        header.rows(&EXTENDED_REPLY, 0)?;
        return header.then(Next::Data, SIZE);
    }
    header.rows(&EXTENDED[1..], 0)?;
    if header.claimed() > SIZE {
        icmp_extensions::decode(header, SIZE);
    }
    None
}

/// The fixed part of a neighbor discovery message, then its options.
fn discovery(header: &mut Header, rows: &'static [Field], options: usize) -> Option<Step> {
    if rows.is_empty() {
        header.row(&RESERVED, 0)?;
    }
    header.rows(rows, 0)?;
    icmpv6_options::decode(header, options);
    None
}
