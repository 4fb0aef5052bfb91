//! A GRE header → its flags and the optional words that they announce, in front of what the tunnel carries (RFC 2784, RFC 2890;
//! version 1 as PPTP uses it: RFC 2637 §4.1).

use super::checksum::{self, Beside, STATUS};
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Step};

const SPEC: &str = "RFC 2784 §2.1";
const OLD_SPEC: &str = "RFC 1701";
const PPTP_SPEC: &str = "RFC 2637 §4.1";

static HEADER: [Field; 2] = [
    field("gre.flags_and_version", "Flags and version", bits(0, 16), Show::Hex(4), SPEC),
    field("gre.proto", "Protocol type", bits(16, 16), Show::Hex(4), SPEC).words(PROTOCOLS),
];
const _: () = assert!(tiles(&HEADER, 0, 32));

static FLAGS: [Field; 8] = [
    field("gre.flags.checksum", "Checksum present", bits(0, 1), Show::Flag, SPEC),
    field("gre.flags.routing", "Routing present", bits(1, 1), Show::Flag, OLD_SPEC),
    field("gre.flags.key", "Key present", bits(2, 1), Show::Flag, "RFC 2890 §2"),
    field("gre.flags.sequence_number", "Sequence number present", bits(3, 1), Show::Flag, "RFC 2890 §2"),
    field("gre.flags.strict_source_route", "Strict source route", bits(4, 1), Show::Flag, OLD_SPEC),
    field("gre.flags.recursion_control", "Recursion control", bits(5, 3), Show::Dec, OLD_SPEC),
    field("gre.flags.reserved", "Reserved", bits(8, 5), Show::Dec, SPEC),
    field("gre.flags.version", "Version", bits(13, 3), Show::Dec, SPEC).words(VERSIONS),
];
const _: () = assert!(tiles(&FLAGS, 0, 16));

/// Where PPP is carried (version 1), one of the reserved bits is a flag.
static ENHANCED: [Field; 2] = [
    field("gre.flags.ack", "Acknowledgment present", bits(8, 1), Show::Flag, PPTP_SPEC),
    field("gre.flags.reserved", "Reserved", bits(9, 4), Show::Dec, PPTP_SPEC),
];
const _: () = assert!(tiles(&ENHANCED, 8, 13));

/// One source route entry of RFC 1701; the rows count from its start.
static ROUTE: [Field; 3] = [
    field("gre.routing.address_family", "Address family", bits(0, 16), Show::Dec, OLD_SPEC),
    field("gre.routing.sre_offset", "Offset", bits(16, 8), Show::Dec, OLD_SPEC),
    field("gre.routing.src_length", "Length", bits(24, 8), Show::Dec, OLD_SPEC),
];
const _: () = assert!(tiles(&ROUTE, 0, 32));

static CHECKSUM: Field = field("gre.checksum", "Checksum", bits(32, 16), Show::Hex(4), SPEC);
static CHECKSUM_STATUS: Field =
    field("gre.checksum.status", "Checksum status", COMPUTED, Show::Dec, SPEC).words(STATUS);
const BESIDE: Beside = Beside { status: &CHECKSUM_STATUS, calculated: None };
static OFFSET: Field = field("gre.offset", "Offset", bits(48, 16), Show::Dec, OLD_SPEC);
static KEY: Field = field("gre.key", "Key", COMPUTED, Show::Hex(8), "RFC 2890 §2.1");
static PAYLOAD_LENGTH: Field = field("gre.key.payload_length", "Payload length", COMPUTED, Show::Dec, PPTP_SPEC);
static CALL: Field = field("gre.key.call_id", "Call ID", COMPUTED, Show::Dec, PPTP_SPEC);
static SEQUENCE: Field = field("gre.sequence_number", "Sequence number", COMPUTED, Show::Dec, "RFC 2890 §2.2");
static ACKNOWLEDGMENT: Field = field("gre.ack_number", "Acknowledgment number", COMPUTED, Show::Dec, PPTP_SPEC);
static ROUTING: Field = field("gre.routing", "Routing", COMPUTED, Show::None, OLD_SPEC);
static ROUTE_BYTES: Field = field("gre.routing.information", "Routing information", COMPUTED, Show::Bytes, OLD_SPEC);

const VERSIONS: Words = words![(0, "GRE"), (1, "enhanced GRE")];
/// What tunnels carry beside the ethertypes that every link has.
const PROTOCOLS: Words = words![
    (0x0000, "keep-alive"),
    (0x2000, "CDP"),
    (0x2001, "NHRP"),
    (0x22eb, "ERSPAN, type III"),
    (0x6558, "Ethernet (transparent bridging)"),
    (0x880b, "PPP"),
    (0x883e, "WCCP"),
    (0x88be, "ERSPAN"),
];

const SIZE: usize = 4;
const PPP: u16 = 0x880b;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let computed = [
        &CHECKSUM,
        &CHECKSUM_STATUS,
        &OFFSET,
        &KEY,
        &PAYLOAD_LENGTH,
        &CALL,
        &SEQUENCE,
        &ACKNOWLEDGMENT,
        &ROUTING,
        &ROUTE_BYTES,
    ];
    HEADER.iter().chain(&FLAGS).chain(&ENHANCED).chain(&ROUTE).chain(computed)
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("gre", SIZE);
    let [flags_row, protocol_row] = &HEADER;
    let bits = header.row(flags_row, 0)?;
    let has = |bit: u32| bits >> (15 - bit) & 1 == 1;
    // tshark goes by what is carried and not by the version.
    let enhanced = header.u16(2) == Some(PPP);
    flags(header, enhanced)?;
    let protocol = header.row(protocol_row, 0)? as u16;
    if protocol_row.word(protocol.into()).is_empty() {
        header.means(super::ETHERTYPES.get(protocol.into()).unwrap_or_default());
    }
    // The size is known before the words are read, so that a cut one still belongs to this header.
    let words = [has(0) || has(1), has(2), has(3), enhanced && has(8)];
    let mut at = SIZE;
    header.is("gre", SIZE + words.iter().filter(|word| **word).count() * 4);
    if words[0] {
        if has(0) {
            checksum::transport(header, &CHECKSUM, &BESIDE, None, header.claimed())?;
        } else {
            header.row(&CHECKSUM, 0)?;
        }
        header.row(&OFFSET, 0)?;
        at += 4;
    }
    if words[1] && enhanced {
        header.at(&PAYLOAD_LENGTH, at, 2, 0)?;
        header.at(&CALL, at + 2, 2, 0)?;
    } else if words[1] {
        header.at(&KEY, at, 4, 0)?;
    }
    at += if words[1] { 4 } else { 0 };
    for (there, row) in [(words[2], &SEQUENCE), (words[3], &ACKNOWLEDGMENT)] {
        if there {
            header.at(row, at, 4, 0)?;
            at += 4;
        }
    }
    if has(1) {
        at = routing(header, at)?;
        header.is("gre", at);
    }
    header.then(Next::EtherType(protocol), at)
}

fn flags(header: &mut Header, enhanced: bool) -> Option<()> {
    for row in &FLAGS {
        if enhanced && row.key == ENHANCED[1].key {
            header.rows(&ENHANCED, 1)?;
        } else {
            header.row(row, 1)?;
        }
    }
    Some(())
}

/// Source route entries up to the empty one that ends them; each takes at least four bytes. Returns the offset behind them.
fn routing(header: &mut Header, from: usize) -> Option<usize> {
    let mut at = from;
    header.put(&ROUTING, bits(from as u32 * 8, header.rest(from).len() as u32 * 8), String::new(), String::new(), 0);
    loop {
        for row in &ROUTE {
            header.within(row, at, 1)?;
        }
        let [family, length] = [header.u16(at)?, header.u8(at + 3)?.into()];
        at += 4;
        if family == 0 && length == 0 {
            return Some(at);
        }
        if length > 0 {
            header.at(&ROUTE_BYTES, at, length.into(), 1)?;
        }
        at += usize::from(length);
    }
}
