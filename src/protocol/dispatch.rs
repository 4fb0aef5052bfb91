//! A frame → its layers: the one place that knows ethertypes, protocol numbers and ports.
//!
//! The walk is written out over the tables (no second parser runs beside them), because each row must say where it lies to the
//! bit and a walk that stops must say why; etherparse contributes the checksum sums. `peek` is the same walk without rows.

use super::field::{Context, Field, Packet};
use super::header::{Header, Next, Place, Step};
use super::{arp, data, dns, ethernet, icmp, icmpv6, ipv4, ipv6, ipv6_extensions, null, sll, sll2, tcp, udp, vlan};
use crate::capture::LinkType;

/// Layers in one frame; a capture that nests deeper ends in data.
const MAX_LAYERS: usize = 24;

type Decode = for<'a, 'b> fn(&'a mut Header<'b>) -> Option<Step>;

/// Takes a frame apart. `bytes` is what was captured of the `length` bytes that were on the wire.
pub fn dissect(link: LinkType, bytes: &[u8], length: u32, context: &Context) -> Packet {
    let end = (length as usize).max(bytes.len());
    let mut walk = Walk { bytes, length: end, packet: Packet::default() };
    let place = Place { start: 0, end, quoted: false, pseudo: None };
    let mut next = Some((first(link, bytes.first().copied()), place));
    while let Some((decode, place)) = next {
        next = walk.layer(decode, place, if place.quoted { &NOTHING } else { context });
    }
    walk.packet
}

/// A quoted packet belongs to a conversation at another time, so no relative number holds for it.
static NOTHING: Context = Context {
    tcp_stream: None,
    udp_stream: None,
    seq_base: None,
    ack_base: None,
    window_shift: None,
    no_window_scaling: false,
};

struct Walk<'a> {
    bytes: &'a [u8],
    /// Bytes that the frame had on the wire.
    length: usize,
    packet: Packet,
}

impl Walk<'_> {
    /// Decodes one layer and says which comes after it, and where.
    fn layer(&mut self, decode: Decode, place: Place, context: &Context) -> Option<(Decode, Place)> {
        let mut header = Header::new(self.bytes, place, context);
        let step = decode(&mut header);
        // That a header is cut outweighs the claim of a length field outside of it.
        if header.stop.as_ref().is_some_and(|stop| self.packet.stop.is_none() || stop.claimed_by.is_empty()) {
            self.packet.stop = header.stop;
        }
        let (protocol, size) = (header.layer.protocol, header.layer.size);
        // A header of which no field is there is no layer; its stop says that it is missing.
        if !header.layer.found.is_empty() {
            self.packet.layers.push(header.layer);
        }
        let Step { next, place: inner } = step?;
        if inner.end < place.end && !place.quoted && matches!(protocol, "ip" | "ipv6" | "arp" | "eth") {
            self.trailer(inner.end);
        }
        if protocol.starts_with("ipv6.") && matches!(next, Next::IpProtocol(_)) {
            self.extend(size);
        }
        // A header that is cut has said so; a cut that falls between two headers is for the next one to say.
        let gone = inner.start > self.bytes.len() || (inner.quoted && inner.start == self.bytes.len());
        if gone || inner.start >= inner.end {
            return None;
        }
        let rest = self.bytes.get(inner.start..).unwrap_or(&[]);
        let full = self.packet.layers.len() + 1 >= MAX_LAYERS;
        let decode = if full { data::decode } else { after(next, rest, inner.end - inner.start)? };
        Some((decode, Place { quoted: inner.quoted || next == Next::Quoted, ..inner }))
    }

    /// An IPv6 header counts the extension headers behind it as its own, as tshark does.
    fn extend(&mut self, size: u32) {
        if let Some(layer) = self.packet.layers.iter_mut().rfind(|layer| layer.protocol == "ipv6") {
            layer.size += size;
        }
    }

    /// Names what is left of an Ethernet frame behind the datagram that it carries.
    fn trailer(&mut self, carried: usize) {
        let Some(layer) = self.packet.layers.first_mut().filter(|layer| layer.protocol == "eth") else { return };
        if layer.found.iter().any(|found| matches!(found.field.key, "eth.padding" | "eth.trailer" | "eth.fcs")) {
            return;
        }
        let place = Place { start: 0, end: self.length, quoted: false, pseudo: None };
        let mut header = Header::new(self.bytes, place, &NOTHING);
        std::mem::swap(&mut header.layer, layer);
        ethernet::trailer(&mut header, carried, carried - ETHERNET_HEADER);
        *layer = header.layer;
    }
}

const ETHERNET_HEADER: usize = 14;

fn first(link: LinkType, version: Option<u8>) -> Decode {
    match link {
        LinkType::ETHERNET => ethernet::decode,
        LinkType::NULL => null::decode,
        LinkType::LOOP => null::decode_loop,
        LinkType::LINUX_SLL => sll::decode,
        LinkType::LINUX_SLL2 => sll2::decode,
        LinkType::RAW => by_version(version),
        LinkType::IPV4 => ipv4::decode,
        LinkType::IPV6 => ipv6::decode,
        _ => data::decode,
    }
}

fn after(next: Next, rest: &[u8], whole: usize) -> Option<Decode> {
    Some(match next {
        Next::End => return None,
        Next::Data => data::decode,
        Next::EtherType(ethertype) => by_ethertype(ethertype),
        Next::IpVersion | Next::Quoted => by_version(rest.first().copied()),
        Next::IpProtocol(protocol) => by_protocol(protocol),
        Next::UdpPorts(DNS, _) | Next::UdpPorts(_, DNS) => dns::decode,
        Next::TcpPorts(DNS, _) | Next::TcpPorts(_, DNS) if holds_message(rest, whole) => dns::decode_tcp,
        Next::UdpPorts(..) | Next::TcpPorts(..) => data::decode,
    })
}

/// UDP and TCP port of DNS.
const DNS: u16 = 53;

/// Over TCP only a message that lies whole in a segment is read; the parts of others wait for reassembly.
fn holds_message(rest: &[u8], whole: usize) -> bool {
    rest.first_chunk().is_some_and(|length| {
        let length = usize::from(u16::from_be_bytes(*length));
        length >= 12 && length + 2 <= rest.len().min(whole)
    })
}

fn by_version(first: Option<u8>) -> Decode {
    match first.map(|byte| byte >> 4) {
        Some(4) => ipv4::decode,
        Some(6) => ipv6::decode,
        _ => data::decode,
    }
}

fn by_ethertype(ethertype: u16) -> Decode {
    match ethertype {
        0x0800 => ipv4::decode,
        0x0806 => arp::decode,
        0x8100 => vlan::decode,
        0x86dd => ipv6::decode,
        _ => data::decode,
    }
}

fn by_protocol(protocol: u8) -> Decode {
    match protocol {
        0 => ipv6_extensions::hop_by_hop,
        1 => icmp::decode,
        4 => ipv4::decode,
        6 => tcp::decode,
        17 => udp::decode,
        41 => ipv6::decode,
        43 => ipv6_extensions::routing,
        44 => ipv6_extensions::fragment,
        58 => icmpv6::decode,
        60 => ipv6_extensions::destination,
        _ => data::decode,
    }
}

/// All rows of all tables.
pub fn fields() -> impl Iterator<Item = &'static Field> {
    ethernet::fields()
        .chain(null::fields())
        .chain(sll::fields())
        .chain(sll2::fields())
        .chain(vlan::fields())
        .chain(arp::fields())
        .chain(ipv4::fields())
        .chain(icmp::fields())
        .chain(ipv6::fields())
        .chain(ipv6_extensions::fields())
        .chain(icmpv6::fields())
        .chain(udp::fields())
        .chain(tcp::fields())
        .chain(dns::fields())
        .chain(data::fields())
}
