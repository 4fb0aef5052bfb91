//! A Linux cooked header, version 2 → interface, direction, sender and type of a packet captured on "any" (LINKTYPE_LINUX_SLL2).

use super::field::{COMPUTED, Field, Show, bits, field, tiles};
use super::header::{Header, Next, Step};

const SPEC: &str = "tcpdump.org LINKTYPE_LINUX_SLL2";

static HEADER: [Field; 8] = [
    field("sll.etype", "Protocol", bits(0, 16), Show::Hex(4), SPEC).words(super::ETHERTYPES),
    field("sll.reserved", "Reserved", bits(16, 16), Show::Bytes, SPEC),
    field("sll.ifindex", "Interface index", bits(32, 32), Show::Dec, SPEC),
    field("sll.hatype", "Link-layer address type", bits(64, 16), Show::Dec, SPEC).words(super::HARDWARE),
    field("sll.pkttype", "Packet type", bits(80, 8), Show::Dec, SPEC).words(super::PACKET_TYPES),
    field("sll.halen", "Address length", bits(88, 8), Show::Dec, SPEC),
    field("sll.src.eth", "Source", bits(96, 48), Show::Mac, SPEC),
    field("sll.unused", "Unused", bits(144, 16), Show::Bytes, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 160));

/// The eight address bytes where the sender is no Ethernet host.
static OTHER: Field = field("sll.src.other", "Source", COMPUTED, Show::Bytes, SPEC);

const SIZE: usize = 20;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain([&OTHER])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("sll", SIZE);
    let [protocol, reserved, interface, hardware, packet_type, length, source, unused] = &HEADER;
    let carried = header.row(protocol, 0)? as u16;
    header.row(reserved, 0)?;
    header.row(interface, 0)?;
    header.row(hardware, 0)?;
    header.row(packet_type, 0)?;
    if header.row(length, 0)? == 6 {
        header.row(source, 0)?;
        header.row(unused, 0)?;
    } else {
        header.at(&OTHER, 12, 8, 0)?;
    }
    header.then(Next::EtherType(carried), SIZE)
}
