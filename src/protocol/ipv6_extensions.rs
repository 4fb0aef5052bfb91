//! IPv6 extension headers → hop-by-hop and destination options, routing, fragment (RFC 8200 §4).

use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Pseudo, Step};
use super::ipv6_routing;
use super::together::Rows;

static HOP_BY_HOP: [Field; 2] = [
    field("ipv6.hopopts.nxt", "Next header", bits(0, 8), Show::Dec, "RFC 8200 §4.3").words(super::IP_PROTOCOLS),
    field("ipv6.hopopts.len", "Length", bits(8, 8), Show::Dec, "RFC 8200 §4.3"),
];
static DESTINATION: [Field; 2] = [
    field("ipv6.dstopts.nxt", "Next header", bits(0, 8), Show::Dec, "RFC 8200 §4.6").words(super::IP_PROTOCOLS),
    field("ipv6.dstopts.len", "Length", bits(8, 8), Show::Dec, "RFC 8200 §4.6"),
];
static ROUTING: [Field; 4] = [
    field("ipv6.routing.nxt", "Next header", bits(0, 8), Show::Dec, "RFC 8200 §4.4").words(super::IP_PROTOCOLS),
    field("ipv6.routing.len", "Length", bits(8, 8), Show::Dec, "RFC 8200 §4.4"),
    field("ipv6.routing.type", "Type", bits(16, 8), Show::Dec, "RFC 8200 §4.4").words(ROUTING_TYPES),
    field("ipv6.routing.segleft", "Segments left", bits(24, 8), Show::Dec, "RFC 8200 §4.4"),
];
static FRAGMENT: [Field; 6] = [
    field("ipv6.fraghdr.nxt", "Next header", bits(0, 8), Show::Dec, "RFC 8200 §4.5").words(super::IP_PROTOCOLS),
    field("ipv6.fraghdr.reserved_octet", "Reserved", bits(8, 8), Show::Hex(2), "RFC 8200 §4.5"),
    field("ipv6.fraghdr.offset", "Offset", bits(16, 13), Show::Dec, "RFC 8200 §4.5"),
    field("ipv6.fraghdr.reserved_bits", "Reserved", bits(29, 2), Show::Dec, "RFC 8200 §4.5"),
    field("ipv6.fraghdr.more", "More fragments", bits(31, 1), Show::Flag, "RFC 8200 §4.5"),
    field("ipv6.fraghdr.ident", "Identification", bits(32, 32), Show::Hex(8), "RFC 8200 §4.5"),
];
const _: () = assert!(
    tiles(&HOP_BY_HOP, 0, 16) && tiles(&DESTINATION, 0, 16) && tiles(&ROUTING, 0, 32) && tiles(&FRAGMENT, 0, 64)
);

static HOP_BY_HOP_BYTES: Field = field("ipv6.hopopts.len_oct", "Length in bytes", COMPUTED, Show::Dec, "RFC 8200 §4.3");
static DESTINATION_BYTES: Field =
    field("ipv6.dstopts.len_oct", "Length in bytes", COMPUTED, Show::Dec, "RFC 8200 §4.6");
static ROUTING_BYTES: Field = field("ipv6.routing.len_oct", "Length in bytes", COMPUTED, Show::Dec, "RFC 8200 §4.4");

static OPTION: Field = field("ipv6.opt", "Option", COMPUTED, Show::None, "RFC 8200 §4.2");
static OPTION_TYPE: Field = field("ipv6.opt.type", "Type", COMPUTED, Show::Hex(2), "RFC 8200 §4.2").words(OPTION_TYPES);
/// The parts of the type byte; the rows count from it.
static OPTION_BITS: [Field; 3] = [
    field("ipv6.opt.type.action", "Where it is unknown", bits(0, 2), Show::Dec, "RFC 8200 §4.2").words(words![
        (0, "skip it"),
        (1, "discard the packet"),
        (2, "discard and report"),
        (3, "discard and report unless multicast"),
    ]),
    field("ipv6.opt.type.change", "May change on the way", bits(2, 1), Show::Flag, "RFC 8200 §4.2"),
    field("ipv6.opt.type.rest", "Low-order bits", bits(3, 5), Show::Hex(2), "RFC 8200 §4.2"),
];
const _: () = assert!(tiles(&OPTION_BITS, 0, 8));
static OPTION_LENGTH: Field = field("ipv6.opt.length", "Length", COMPUTED, Show::Dec, "RFC 8200 §4.2");
static PAD_1: Field = field("ipv6.opt.pad1", "Pad1", COMPUTED, Show::None, "RFC 8200 §4.2");
static PAD_N: Field = field("ipv6.opt.padn", "PadN", COMPUTED, Show::Bytes, "RFC 8200 §4.2");
static ROUTER_ALERT: Field = field("ipv6.opt.router_alert", "Router alert", COMPUTED, Show::Dec, "RFC 2711 §2.1")
    .words(words![(0, "multicast listener discovery"), (1, "RSVP"), (2, "active networks")]);
static TUNNELS: Field = field("ipv6.opt.tel", "Tunnel limit", COMPUTED, Show::Dec, "RFC 2473 §4.1.1");
static HOME: Field = field("ipv6.opt.mipv6.home_address", "Home address", COMPUTED, Show::Ipv6, "RFC 6275 §6.3");
static JUMBO: Field = field("ipv6.opt.jumbo", "Jumbo payload length", COMPUTED, Show::Dec, "RFC 2675 §2");

const ROUTING_TYPES: Words =
    words![(0, "source route (deprecated)"), (2, "Mobile IPv6"), (3, "RPL source route"), (4, "segment routing")];
const OPTION_TYPES: Words = words![
    (0x00, "Pad1"),
    (0x01, "PadN"),
    (0x04, "tunnel encapsulation limit"),
    (0x05, "router alert"),
    (0xc2, "jumbo payload"),
    (0xc9, "home address")
];

static TOGETHER: Rows = Rows {
    whole: &field("ipv6.fragments", "Fragments", COMPUTED, Show::None, "RFC 8200 §4.5"),
    part: &field("ipv6.fragment", "Fragment in frame", COMPUTED, Show::Dec, "RFC 8200 §4.5"),
    count: &field("ipv6.fragment.count", "Fragment count", COMPUTED, Show::Dec, "RFC 8200 §4.5"),
    length: &field("ipv6.reassembled.length", "Reassembled length", COMPUTED, Show::Dec, "RFC 8200 §4.5"),
};
static REASSEMBLED_IN: Field =
    field("ipv6.reassembled.in", "Reassembled in frame", COMPUTED, Show::Dec, "RFC 8200 §4.5");
static OVERLAP: Field = field("ipv6.fragment.overlap", "Fragment overlaps", COMPUTED, Show::Flag, "RFC 5722 §4");

/// Extension headers count in units of eight bytes, the first unit not counted.
const UNIT: usize = 8;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let computed = [
        &HOP_BY_HOP_BYTES,
        &DESTINATION_BYTES,
        &ROUTING_BYTES,
        &OPTION,
        &OPTION_TYPE,
        &OPTION_LENGTH,
        &PAD_1,
        &PAD_N,
        &ROUTER_ALERT,
        &JUMBO,
        &TUNNELS,
        &HOME,
        &REASSEMBLED_IN,
        &OVERLAP,
    ];
    let tables = [&HOP_BY_HOP[..], &DESTINATION, &ROUTING, &FRAGMENT, &OPTION_BITS];
    tables.into_iter().flatten().chain(computed).chain(TOGETHER.all()).chain(ipv6_routing::fields())
}

pub(super) fn hop_by_hop(header: &mut Header) -> Option<Step> {
    header.is("ipv6.hopopts", UNIT);
    let (next, size) = head(header, &HOP_BY_HOP, &HOP_BY_HOP_BYTES)?;
    options(header, size);
    header.then(Next::IpProtocol(next), size)
}

pub(super) fn destination(header: &mut Header) -> Option<Step> {
    header.is("ipv6.dstopts", UNIT);
    let (next, size) = head(header, &DESTINATION, &DESTINATION_BYTES)?;
    let home = options(header, size);
    let mut step = header.then(Next::IpProtocol(next), size)?;
    if let (Some(Pseudo::V6 { destination, .. }), Some(source)) = (step.place.pseudo, home) {
        step.place.pseudo = Some(Pseudo::V6 { source, destination });
    }
    Some(step)
}

pub(super) fn routing(header: &mut Header) -> Option<Step> {
    header.is("ipv6.routing", UNIT);
    let (next, size) = head(header, &ROUTING, &ROUTING_BYTES)?;
    let last = ipv6_routing::body(header, size)?;
    let mut step = header.then(Next::IpProtocol(next), size)?;
    if let (Some(Pseudo::V6 { source, .. }), Some(destination)) = (step.place.pseudo, last) {
        step.place.pseudo = Some(Pseudo::V6 { source, destination });
    }
    Some(step)
}

pub(super) fn fragment(header: &mut Header) -> Option<Step> {
    header.is("ipv6.fraghdr", UNIT);
    header.rows(&FRAGMENT, 0)?;
    let next = header.u8(0)?;
    // Offset zero and no more to come is a whole packet (RFC 6946); all else waits for its other parts.
    let whole = header.u16(2)? & 0xfff9 == 0;
    if whole {
        return header.then(Next::IpProtocol(next), UNIT);
    }
    match header.datagram(&TOGETHER, &REASSEMBLED_IN, &OVERLAP) {
        Some(place) => Some(Step { next: Next::IpProtocol(next), place }),
        None => header.then(Next::Data, UNIT),
    }
}

/// Next header and size of a header that tells its own length.
fn head(header: &mut Header, rows: &'static [Field], in_bytes: &'static Field) -> Option<(u8, usize)> {
    let [next, length, others @ ..] = rows else { return None };
    let next = header.row(next, 0)? as u8;
    let size = UNIT + header.row(length, 0)? as usize * UNIT;
    header.put(in_bytes, length.bits, size.to_string(), String::new(), 0);
    header.is(header.layer.protocol, size);
    header.rows(others, 0)?;
    header.claims(length, 0, size);
    Some((next, size))
}

/// Each option takes at least a byte, so the header bounds them. Returns the home address, which checksums take for the source
/// (RFC 6275 §6.3).
fn options(header: &mut Header, size: usize) -> Option<[u8; 16]> {
    let (mut at, mut home) = (2, None);
    let size = size.min(header.have());
    while at < size {
        let kind = header.u8(at)?;
        let len = if kind == 0 { 1 } else { 2 + header.u8(at + 1).map_or(0, usize::from) };
        let here = len.min(size - at);
        header.put(
            &OPTION,
            bits(at as u32 * 8, here as u32 * 8),
            String::new(),
            OPTION_TYPE.word(kind.into()).into(),
            0,
        );
        header.at(&OPTION_TYPE, at, 1, 1);
        for row in &OPTION_BITS {
            header.within(row, at, 2);
        }
        if kind == 0 {
            header.at(&PAD_1, at, 1, 1);
        } else {
            header.at(&OPTION_LENGTH, at + 1, 1, 1);
            if at + len > size {
                header.claims(&OPTION_LENGTH, at, len);
                return home;
            }
            match (kind, len) {
                (1, 2) => header.generate(&PAD_N, "", 1),
                (1, _) => drop(header.at(&PAD_N, at + 2, len - 2, 1)),
                (5, 4) => drop(header.at(&ROUTER_ALERT, at + 2, 2, 1)),
                (4, 3) => drop(header.at(&TUNNELS, at + 2, 1, 1)),
                (0xc9, 18) => {
                    header.at(&HOME, at + 2, 16, 1);
                    home = header.array(at + 2);
                }
                (0xc2, 6) => drop(header.at(&JUMBO, at + 2, 4, 1)),
                _ => {}
            }
        }
        at += len;
    }
    home
}
