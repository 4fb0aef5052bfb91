//! An ICMP message → type, code, checksum and what the type carries; errors quote the packet they are about (RFC 792).

use super::checksum::{self, Beside, STATUS};
use super::date;
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Step};
use super::icmp_extensions::{self, NEIGHBOR_STATES};

const SPEC: &str = "RFC 792";

static HEADER: [Field; 3] = [
    field("icmp.type", "Type", bits(0, 8), Show::Dec, SPEC).words(TYPES),
    field("icmp.code", "Code", bits(8, 8), Show::Dec, SPEC),
    field("icmp.checksum", "Checksum", bits(16, 16), Show::Hex(4), SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 32));

static ECHO: [Field; 2] = [
    field("icmp.ident", "Identifier", bits(32, 16), Show::Dec, SPEC),
    field("icmp.seq", "Sequence number", bits(48, 16), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&ECHO, 32, 64));

/// Errors that say how much they quote, because something follows it (RFC 4884 §4).
static MEASURED: [Field; 3] = [
    field("icmp.unused", "Unused", bits(32, 8), Show::Bytes, "RFC 4884 §4"),
    field("icmp.length", "Length of the quote", bits(40, 8), Show::Dec, "RFC 4884 §4"),
    field("icmp.unused", "Unused", bits(48, 16), Show::Bytes, "RFC 4884 §4"),
];
const _: () = assert!(tiles(&MEASURED, 32, 64));

/// An extended echo's second half, as a request and as a reply (RFC 8335).
static EXTENDED: [Field; 3] = [
    field("icmp.ext.echo.seq", "Sequence number", bits(48, 8), Show::Dec, "RFC 8335 §2"),
    field("icmp.ext.echo.req.res", "Reserved", bits(56, 7), Show::Hex(2), "RFC 8335 §2"),
    field("icmp.ext.echo.req.local", "Local", bits(63, 1), Show::Flag, "RFC 8335 §2"),
];
static EXTENDED_REPLY: [Field; 5] = [
    field("icmp.ext.echo.rsp.state", "State", bits(56, 3), Show::Dec, "RFC 8335 §3").words(NEIGHBOR_STATES),
    field("icmp.ext.echo.rsp.res", "Reserved", bits(59, 2), Show::Hex(2), "RFC 8335 §3"),
    field("icmp.ext.echo.rsp.active", "Active", bits(61, 1), Show::Flag, "RFC 8335 §3"),
    field("icmp.ext.echo.rsp.ipv4", "Runs IPv4", bits(62, 1), Show::Flag, "RFC 8335 §3"),
    field("icmp.ext.echo.rsp.ipv6", "Runs IPv6", bits(63, 1), Show::Flag, "RFC 8335 §3"),
];
const _: () = assert!(tiles(&EXTENDED, 48, 64) && tiles(&EXTENDED_REPLY, 56, 64));

static ADVERTISEMENT: [Field; 3] = [
    field("icmp.num_addrs", "Number of addresses", bits(32, 8), Show::Dec, "RFC 1256 §3"),
    field("icmp.addr_entry_size", "Address entry size", bits(40, 8), Show::Dec, "RFC 1256 §3"),
    field("icmp.lifetime", "Lifetime", bits(48, 16), Show::Dec, "RFC 1256 §3"),
];
const _: () = assert!(tiles(&ADVERTISEMENT, 32, 64));

static TIMES: [Field; 3] = [
    field("icmp.originate_timestamp", "Originate timestamp", bits(64, 32), Show::Dec, SPEC),
    field("icmp.receive_timestamp", "Receive timestamp", bits(96, 32), Show::Dec, SPEC),
    field("icmp.transmit_timestamp", "Transmit timestamp", bits(128, 32), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&TIMES, 64, 160));

static CHECKSUM_STATUS: Field =
    field("icmp.checksum.status", "Checksum status", COMPUTED, Show::Dec, SPEC).words(STATUS);
const BESIDE: Beside = Beside { status: &CHECKSUM_STATUS, calculated: None };
/// Some hosts count in their own byte order; both readings are shown, as tshark does.
static IDENTIFIER_SWAPPED: Field = field("icmp.ident_le", "Identifier (LE)", COMPUTED, Show::Dec, SPEC);
static SEQUENCE_SWAPPED: Field = field("icmp.seq_le", "Sequence number (LE)", COMPUTED, Show::Dec, SPEC);
static SENT_AT: Field = field("icmp.data_time", "Time in the data", COMPUTED, Show::Text, "no RFC: what ping sends");
static UNUSED: Field = field("icmp.unused", "Unused", bits(32, 32), Show::Bytes, SPEC);
static QUOTE_LENGTH: Field =
    field("icmp.length.original_datagram", "Length of the quote in bytes", COMPUTED, Show::Dec, "RFC 4884 §4");
static MTU_UNUSED: Field = field("icmp.unused", "Unused", bits(32, 16), Show::Bytes, "RFC 1191 §4");
static MTU: Field = field("icmp.mtu", "MTU of next hop", bits(48, 16), Show::Dec, "RFC 1191 §4");
static POINTER: Field = field("icmp.pointer", "Pointer", bits(32, 8), Show::Dec, SPEC);
static POINTER_UNUSED: Field = field("icmp.unused", "Unused", bits(40, 24), Show::Bytes, SPEC);
static RESERVED: Field = field("icmp.reserved", "Reserved", bits(32, 32), Show::Bytes, "RFC 1256 §3");
static GATEWAY: Field = field("icmp.redir_gw", "Gateway address", bits(32, 32), Show::Ipv4, SPEC);
static MASK: Field = field("icmp.address_mask", "Address mask", bits(64, 32), Show::Ipv4, "RFC 950");
static ROUTER: Field = field("icmp.router_address", "Router address", COMPUTED, Show::Ipv4, "RFC 1256 §3");
static PREFERENCE: Field = field("icmp.pref_level", "Preference level", COMPUTED, Show::Dec, "RFC 1256 §3");

const TYPES: Words = words![
    (0, "Echo (ping) reply"),
    (3, "Destination unreachable"),
    (4, "Source quench"),
    (5, "Redirect"),
    (8, "Echo (ping) request"),
    (9, "Router advertisement"),
    (10, "Router solicitation"),
    (11, "Time-to-live exceeded"),
    (12, "Parameter problem"),
    (13, "Timestamp request"),
    (14, "Timestamp reply"),
    (15, "Information request"),
    (16, "Information reply"),
    (17, "Address mask request"),
    (18, "Address mask reply"),
    (30, "Traceroute"),
    (31, "Datagram conversion error"),
    (37, "Domain name request"),
    (38, "Domain name reply"),
    (40, "Photuris"),
    (42, "Extended echo request"),
    (43, "Extended echo reply"),
];

/// Codes of the types that have them, as type × 256 + code.
const CODES: Words = words![
    (0x0300, "Network unreachable"),
    (0x0301, "Host unreachable"),
    (0x0302, "Protocol unreachable"),
    (0x0303, "Port unreachable"),
    (0x0304, "Fragmentation needed"),
    (0x0305, "Source route failed"),
    (0x0306, "Destination network unknown"),
    (0x0307, "Destination host unknown"),
    (0x0309, "Network administratively prohibited"),
    (0x030a, "Host administratively prohibited"),
    (0x030b, "Network unreachable for TOS"),
    (0x030c, "Host unreachable for TOS"),
    (0x030d, "Communication administratively filtered"),
    (0x0308, "Source host isolated"),
    (0x030e, "Host precedence violation"),
    (0x030f, "Precedence cutoff in effect"),
    (0x0500, "Redirect for network"),
    (0x0501, "Redirect for host"),
    (0x0502, "Redirect for TOS and network"),
    (0x0503, "Redirect for TOS and host"),
    (0x0900, "Normal router advertisement"),
    (0x0910, "Does not route common traffic"),
    (0x0b00, "Time to live exceeded in transit"),
    (0x0b01, "Fragment reassembly time exceeded"),
    (0x0c00, "Pointer indicates the error"),
    (0x0c01, "Required option missing"),
    (0x0c02, "Bad length"),
    (0x2a00, "No error"),
    (0x2b00, "No error"),
    (0x2b01, "Malformed query"),
    (0x2b02, "No such interface"),
    (0x2b03, "No such table entry"),
    (0x2b04, "Multiple interfaces satisfy query"),
];

const SIZE: usize = 8;
const FRAGMENTATION_NEEDED: u8 = 4;
/// Routers in one advertisement that are listed.
pub const MAX_ROUTERS: usize = 32;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let rest = [
        &CHECKSUM_STATUS,
        &IDENTIFIER_SWAPPED,
        &SEQUENCE_SWAPPED,
        &SENT_AT,
        &UNUSED,
        &QUOTE_LENGTH,
        &MTU_UNUSED,
        &MTU,
        &POINTER,
        &POINTER_UNUSED,
        &RESERVED,
        &GATEWAY,
        &MASK,
        &ROUTER,
        &PREFERENCE,
    ];
    let tables = [&HEADER[..], &ECHO, &MEASURED, &EXTENDED, &EXTENDED_REPLY, &ADVERTISEMENT, &TIMES];
    tables.into_iter().flatten().chain(rest).chain(icmp_extensions::fields())
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("icmp", header.claimed());
    let [kind_row, code_row, checksum_row] = &HEADER;
    let kind = header.row(kind_row, 0)? as u8;
    let code = header.row(code_row, 0)? as u8;
    header.means(CODES.get(u64::from(kind) << 8 | u64::from(code)).unwrap_or_default());
    // A quoted message is hardly ever whole, so no verdict is given on it.
    let covered = if header.place.quoted { usize::MAX } else { header.claimed() };
    checksum::transport(header, checksum_row, &BESIDE, None, covered)?;
    match kind {
        0 | 8 => echo(header),
        3 | 11 | 12 => error(header, kind, code),
        4 => {
            header.row(&UNUSED, 0)?;
            header.then(Next::Quoted, SIZE)
        }
        5 => {
            header.row(&GATEWAY, 0)?;
            header.then(Next::Quoted, SIZE)
        }
        9 => routers(header),
        10 => {
            header.row(&RESERVED, 0)?;
            None
        }
        13 | 14 => {
            identify(header)?;
            header.rows(&TIMES, 0)?;
            None
        }
        17 | 18 => {
            identify(header)?;
            header.row(&MASK, 0)?;
            None
        }
        15 | 16 => {
            identify(header)?;
            None
        }
        42 | 43 => extended(header, kind),
        _ => header.then(Next::Data, 4),
    }
}

/// What differs between the errors, how much they quote, and what they add behind that.
fn error(header: &mut Header, kind: u8, code: u8) -> Option<Step> {
    let words = header.u8(5).map_or(0, usize::from);
    let too_big = kind == 3 && code == FRAGMENTATION_NEEDED;
    let [unused, length, rest] = &MEASURED;
    if words > 0 {
        header.row(if kind == 12 { &POINTER } else { unused }, 0)?;
        header.row(length, 0)?;
        header.put(&QUOTE_LENGTH, length.bits, (words * 4).to_string(), String::new(), 0);
        header.row(if too_big { &MTU } else { rest }, 0)?;
    } else if too_big {
        header.row(&MTU_UNUSED, 0)?;
        header.row(&MTU, 0)?;
    } else if kind == 12 {
        header.row(&POINTER, 0)?;
        header.row(&POINTER_UNUSED, 0)?;
    } else {
        header.row(&UNUSED, 0)?;
    }
    match icmp_extensions::quoted(header, SIZE, words * 4) {
        Some(quote) => {
            icmp_extensions::decode(header, SIZE + quote);
            header.within_end(Next::Quoted, SIZE, header.place.start + SIZE + quote)
        }
        None => header.then(Next::Quoted, SIZE),
    }
}

/// An echo about an interface of the receiver rather than about the receiver (RFC 8335).
fn extended(header: &mut Header, kind: u8) -> Option<Step> {
    let [identifier, _] = &ECHO;
    let value = header.row(identifier, 0)? as u16;
    header.put(&IDENTIFIER_SWAPPED, identifier.bits, value.swap_bytes().to_string(), String::new(), 0);
    header.row(&EXTENDED[0], 0)?;
    if kind == 42 {
        header.rows(&EXTENDED[1..], 0)?;
        if header.claimed() > SIZE {
            icmp_extensions::decode(header, SIZE);
        }
        return None;
    }
    header.rows(&EXTENDED_REPLY, 0)?;
    header.then(Next::Data, SIZE)
}

fn echo(header: &mut Header) -> Option<Step> {
    identify(header)?;
    let Some(time) = header.array(SIZE).and_then(date::sent_at) else {
        return header.then(Next::Data, SIZE);
    };
    header.put(&SENT_AT, bits(64, 64), time, String::new(), 0);
    header.then(Next::Data, SIZE + 8)
}

fn identify(header: &mut Header) -> Option<()> {
    for (row, swapped) in ECHO.iter().zip([&IDENTIFIER_SWAPPED, &SEQUENCE_SWAPPED]) {
        let value = header.row(row, 0)? as u16;
        header.put(swapped, row.bits, value.swap_bytes().to_string(), String::new(), 0);
    }
    Some(())
}

fn routers(header: &mut Header) -> Option<Step> {
    header.rows(&ADVERTISEMENT, 0)?;
    let [count, words] = [header.u8(4)?, header.u8(5)?].map(usize::from);
    for router in 0..count.min(MAX_ROUTERS) {
        let at = SIZE + router * words * 4;
        if words < 2 || header.bytes(at, 8).is_none() {
            break;
        }
        header.at(&ROUTER, at, 4, 0)?;
        let level = header.u32(at + 4)? as i32;
        header.put(&PREFERENCE, bits((at as u32 + 4) * 8, 32), level.to_string(), String::new(), 0);
    }
    None
}
