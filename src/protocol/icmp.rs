//! An ICMP message → type, code, checksum and what the type carries; errors quote the packet they are about (RFC 792).

use super::checksum::{self, STATUS};
use super::date;
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles};
use super::header::{Header, Next, Step};

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

static TOO_BIG: [Field; 2] = [
    field("icmp.unused", "Unused", bits(32, 16), Show::Bytes, "RFC 1191 §4"),
    field("icmp.mtu", "MTU of next hop", bits(48, 16), Show::Dec, "RFC 1191 §4"),
];
const _: () = assert!(tiles(&TOO_BIG, 32, 64));

static PROBLEM: [Field; 2] = [
    field("icmp.pointer", "Pointer", bits(32, 8), Show::Dec, SPEC),
    field("icmp.unused", "Unused", bits(40, 24), Show::Bytes, SPEC),
];
const _: () = assert!(tiles(&PROBLEM, 32, 64));

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
/// Some hosts count in their own byte order; both readings are shown, as tshark does.
static IDENTIFIER_SWAPPED: Field = field("icmp.ident_le", "Identifier (LE)", COMPUTED, Show::Dec, SPEC);
static SEQUENCE_SWAPPED: Field = field("icmp.seq_le", "Sequence number (LE)", COMPUTED, Show::Dec, SPEC);
static SENT_AT: Field = field("icmp.data_time", "Time in the data", COMPUTED, Show::Text, "no RFC: what ping sends");
static UNUSED: Field = field("icmp.unused", "Unused", bits(32, 32), Show::Bytes, SPEC);
static RESERVED: Field = field("icmp.reserved", "Reserved", bits(32, 32), Show::Bytes, "RFC 1256 §3");
static GATEWAY: Field = field("icmp.redir_gw", "Gateway address", bits(32, 32), Show::Ipv4, SPEC);
static MASK: Field = field("icmp.address_mask", "Address mask", bits(64, 32), Show::Ipv4, "RFC 950");
static ROUTER: Field = field("icmp.router_address", "Router address", COMPUTED, Show::Ipv4, "RFC 1256 §3");
static PREFERENCE: Field = field("icmp.pref_level", "Preference level", COMPUTED, Show::Dec, "RFC 1256 §3");

const TYPES: Words = &[
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
    (17, "Address mask request"),
    (18, "Address mask reply"),
];

/// Codes of the types that have them, as type × 256 + code.
const CODES: Words = &[
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
    (0x0500, "Redirect for network"),
    (0x0501, "Redirect for host"),
    (0x0502, "Redirect for TOS and network"),
    (0x0503, "Redirect for TOS and host"),
    (0x0b00, "Time to live exceeded in transit"),
    (0x0b01, "Fragment reassembly time exceeded"),
    (0x0c00, "Pointer indicates the error"),
    (0x0c01, "Required option missing"),
    (0x0c02, "Bad length"),
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
        &RESERVED,
        &GATEWAY,
        &MASK,
        &ROUTER,
        &PREFERENCE,
    ];
    HEADER.iter().chain(&ECHO).chain(&TOO_BIG).chain(&PROBLEM).chain(&ADVERTISEMENT).chain(&TIMES).chain(rest)
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("icmp", header.claimed());
    let [kind_row, code_row, checksum_row] = &HEADER;
    let kind = header.row(kind_row, 0)? as u8;
    let code = header.row(code_row, 0)? as u8;
    header.means(CODES.iter().find(|(key, _)| *key == u64::from(kind) << 8 | u64::from(code)).map_or("", |(_, w)| w));
    // A quoted message is hardly ever whole, so no verdict is given on it.
    let covered = if header.place.quoted { usize::MAX } else { header.claimed() };
    checksum::transport(header, checksum_row, &CHECKSUM_STATUS, None, covered)?;
    match kind {
        0 | 8 => echo(header),
        3 if code == FRAGMENTATION_NEEDED => {
            header.rows(&TOO_BIG, 0)?;
            header.then(Next::Quoted, SIZE)
        }
        3 | 4 | 11 => {
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
        12 => {
            header.rows(&PROBLEM, 0)?;
            header.then(Next::Quoted, SIZE)
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
        _ => header.then(Next::Data, 4),
    }
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
        header.at(&PREFERENCE, at + 4, 4, 0)?;
    }
    None
}
