//! An ARP packet → who asks for which address, or answers (RFC 826).

use super::field::{COMPUTED, Field, Show, bits, field, tiles, words};
use super::header::{Header, Step};

const SPEC: &str = "RFC 826";

static HEADER: [Field; 5] = [
    field("arp.hw.type", "Hardware type", bits(0, 16), Show::Dec, SPEC).words(super::HARDWARE),
    field("arp.proto.type", "Protocol type", bits(16, 16), Show::Hex(4), SPEC).words(super::ETHERTYPES),
    field("arp.hw.size", "Hardware size", bits(32, 8), Show::Dec, SPEC),
    field("arp.proto.size", "Protocol size", bits(40, 8), Show::Dec, SPEC),
    field("arp.opcode", "Opcode", bits(48, 16), Show::Dec, SPEC).words(OPCODES),
];
const _: () = assert!(tiles(&HEADER, 0, 64));

/// The addresses as Ethernet and IPv4 have them, which is nearly always.
static ADDRESSES: [Field; 4] = [
    field("arp.src.hw_mac", "Sender MAC address", bits(64, 48), Show::Mac, SPEC),
    field("arp.src.proto_ipv4", "Sender IP address", bits(112, 32), Show::Ipv4, SPEC),
    field("arp.dst.hw_mac", "Target MAC address", bits(144, 48), Show::Mac, SPEC),
    field("arp.dst.proto_ipv4", "Target IP address", bits(192, 32), Show::Ipv4, SPEC),
];
const _: () = assert!(tiles(&ADDRESSES, 64, 224));

/// The same four where sizes or types are others.
static OTHERS: [Field; 4] = [
    field("arp.src.hw", "Sender hardware address", COMPUTED, Show::Bytes, SPEC),
    field("arp.src.proto", "Sender protocol address", COMPUTED, Show::Bytes, SPEC),
    field("arp.dst.hw", "Target hardware address", COMPUTED, Show::Bytes, SPEC),
    field("arp.dst.proto", "Target protocol address", COMPUTED, Show::Bytes, SPEC),
];

static GRATUITOUS: Field = field("arp.isgratuitous", "Is gratuitous", COMPUTED, Show::Flag, "RFC 5227 §3");
static ANNOUNCEMENT: Field = field("arp.isannouncement", "Is announcement", COMPUTED, Show::Flag, "RFC 5227 §2.3");
static PROBE: Field = field("arp.isprobe", "Is probe", COMPUTED, Show::Flag, "RFC 5227 §2.1.1");

const OPCODES: super::field::Words = words![
    (1, "request"),
    (2, "reply"),
    (3, "reverse request"),
    (4, "reverse reply"),
    (8, "inverse request"),
    (9, "inverse reply"),
];
const REQUEST: u16 = 1;
const REPLY: u16 = 2;
const SIZE: usize = 8;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain(&ADDRESSES).chain(&OTHERS).chain([&GRATUITOUS, &ANNOUNCEMENT, &PROBE])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("arp", SIZE);
    header.rows(&HEADER, 0)?;
    let [hardware, protocol] = [header.u8(4)?, header.u8(5)?].map(usize::from);
    let total = SIZE + 2 * (hardware + protocol);
    header.is("arp", total);
    let opcode = header.u16(6)?;
    // Hardware type 6 (IEEE 802) has Ethernet's addresses too.
    let usual = matches!(header.u16(0)?, 1 | 6) && header.u16(2)? == 0x0800;
    let mut at = SIZE;
    for (i, size) in [hardware, protocol, hardware, protocol].into_iter().enumerate() {
        let plain = usual && size == [6, 4][i % 2];
        if size > 0 {
            header.at(if plain { &ADDRESSES[i] } else { &OTHERS[i] }, at, size, 0)?;
        }
        at += size;
    }
    if usual && protocol == 4 {
        kind(header, opcode, header.array(SIZE + hardware)?, header.array(SIZE + 2 * hardware + 4)?);
    }
    header.within_end(super::header::Next::End, total, header.place.start + total)
}

/// What the addresses together say, as tshark puts it.
fn kind(header: &mut Header, opcode: u16, sender: [u8; 4], target: [u8; 4]) {
    let gratuitous = matches!(opcode, REQUEST | REPLY) && sender == target;
    if gratuitous {
        header.generate(&GRATUITOUS, 1, 0);
        if opcode == REQUEST {
            header.generate(&ANNOUNCEMENT, 1, 0);
        }
    } else if opcode == REQUEST && sender == [0; 4] {
        header.generate(&PROBE, 1, 0);
    }
}
