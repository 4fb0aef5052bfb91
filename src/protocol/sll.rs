//! A Linux cooked header, version 1 → direction, sender and type of a packet captured on "any" (LINKTYPE_LINUX_SLL).

use super::field::{Field, Show, bits, field, tiles};
use super::header::{Header, Next, Step};

const SPEC: &str = "tcpdump.org LINKTYPE_LINUX_SLL";

static HEADER: [Field; 6] = [
    field("sll.pkttype", "Packet type", bits(0, 16), Show::Dec, SPEC).words(super::PACKET_TYPES),
    field("sll.hatype", "Link-layer address type", bits(16, 16), Show::Dec, SPEC).words(super::HARDWARE),
    field("sll.halen", "Address length", bits(32, 16), Show::Dec, SPEC),
    field("sll.src.eth", "Source", bits(48, 48), Show::Mac, SPEC),
    field("sll.unused", "Unused", bits(96, 16), Show::Bytes, SPEC),
    field("sll.etype", "Protocol", bits(112, 16), Show::Hex(4), SPEC).words(super::ETHERTYPES),
];
const _: () = assert!(tiles(&HEADER, 0, 128));

/// The eight address bytes where the sender is no Ethernet host.
static OTHER: Field = field("sll.src.other", "Source", bits(48, 64), Show::Bytes, SPEC);

const SIZE: usize = 16;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain([&OTHER])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("sll", SIZE);
    let [packet_type, hardware, length, source, unused, protocol] = &HEADER;
    header.row(packet_type, 0)?;
    header.row(hardware, 0)?;
    if header.row(length, 0)? == 6 {
        header.row(source, 0)?;
        header.row(unused, 0)?;
    } else {
        header.row(&OTHER, 0)?;
    }
    let carried = header.row(protocol, 0)? as u16;
    header.then(Next::EtherType(carried), SIZE)
}
