//! An IPv6 header → its fields, and how far the packet goes (RFC 8200 §3).

use super::field::{Field, Show, bits, field, tiles};
use super::header::{Header, Next, Pseudo, Step};

const SPEC: &str = "RFC 8200 §3";

pub(super) static HEADER: [Field; 8] = [
    field("ipv6.version", "Version", bits(0, 4), Show::Dec, SPEC),
    field("ipv6.tclass", "Traffic class", bits(4, 8), Show::Hex(8), "RFC 8200 §7"),
    field("ipv6.flow", "Flow label", bits(12, 20), Show::Hex(6), "RFC 6437 §2"),
    field("ipv6.plen", "Payload length", bits(32, 16), Show::Dec, SPEC),
    field("ipv6.nxt", "Next header", bits(48, 8), Show::Dec, SPEC).words(super::IP_PROTOCOLS),
    field("ipv6.hlim", "Hop limit", bits(56, 8), Show::Dec, SPEC),
    field("ipv6.src", "Source address", bits(64, 128), Show::Ipv6, SPEC),
    field("ipv6.dst", "Destination address", bits(192, 128), Show::Ipv6, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 320));

static SERVICES: [Field; 2] = [
    field("ipv6.tclass.dscp", "DSCP", bits(4, 6), Show::Dec, "RFC 2474 §3").words(super::DSCP),
    field("ipv6.tclass.ecn", "ECN", bits(10, 2), Show::Dec, "RFC 3168 §5").words(super::ECN),
];
const _: () = assert!(tiles(&SERVICES, 4, 12));

const SIZE: usize = 40;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain(&SERVICES)
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("ipv6", SIZE);
    let [version, class, flow, length, next, hops, source, destination] = &HEADER;
    if header.row(version, 0)? != 6 {
        header.refuse(version, 0, "An IPv6 header begins with version 6.");
        return None;
    }
    header.row(class, 0)?;
    header.rows(&SERVICES, 1)?;
    header.row(flow, 0)?;
    // Zero leaves the length to a hop-by-hop option (RFC 2675) or to the network card: all there is.
    let carried = match header.row(length, 0)? as usize {
        0 => header.claimed().saturating_sub(SIZE),
        carried => carried,
    };
    let next = header.row(next, 0)? as u8;
    header.row(hops, 0)?;
    header.row(source, 0)?;
    header.row(destination, 0)?;
    header.claims(length, SIZE, carried);
    let mut step = header.within_end(Next::IpProtocol(next), SIZE, header.place.start + SIZE + carried)?;
    step.place.pseudo = Some(Pseudo::V6 { source: header.array(8)?, destination: header.array(24)? });
    Some(step)
}
