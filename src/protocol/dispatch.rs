//! A frame → its layers: the one place that knows ethertypes, protocol numbers and ports.
//!
//! The walk is written out over the tables (no second parser runs beside them), because each row must say where it lies to the
//! bit and a walk that stops must say why; etherparse contributes the checksum sums. `peek` is the same walk without rows.

mod apps;
mod link;
mod tables;

pub use apps::{App, announces, over_tcp, over_udp, takes_over, tunnelled};
pub use tables::{fields, plain_rows};

use super::field::{Buffer, Carried, Context, Message, Packet, Whole};
use super::framing::{Framing, Talk};
use super::header::{Header, Next, Place, Pseudo, Step};
use super::{
    ah, arp, body, data, dhcp, dhcpv6, dns, eap, eapol, echo, esp, ethernet, ftp, geneve, gre, http, http2, icmp,
    icmpv6, igmp, ipv4, ipv6, ipv6_extensions, lacp, llc, lldp, mpls, mqtt, nbns, ntp, null, ppp, ppp_auth,
    ppp_control, pppoe, quic, radiotap, sctp, sdp, sip, sll, sll2, smtp, ssh, stp, stun, syslog, tcp, telnet, tftp,
    tls, udp, vlan, vxlan, wireguard, wlan, wlan_bundle, wlan_management,
};
use crate::capture::LinkType;

/// Layers in one frame; what comes after them is data.
pub const MAX_LAYERS: usize = 64;

type Decode = for<'a, 'b> fn(&'a mut Header<'b>) -> Option<Step>;

/// Takes a frame apart. `bytes` is what was captured of the `length` bytes that were on the wire.
pub fn dissect(link: LinkType, bytes: &[u8], length: u32, context: &Context) -> Packet {
    let end = (length as usize).max(bytes.len());
    let mut walk = Walk { bytes, packet: Packet::default(), inside: false, buffers: Vec::new(), waiting: Vec::new() };
    let place = Place { buffer: 0, start: 0, end, quoted: false, pseudo: None };
    walk.waiting.push((first(link, bytes.first().copied()), place));
    let outside = context.tunnel_stream.map(|stream| Context { udp_stream: Some(stream), ..Context::default() });
    while let Some((decode, place)) = walk.waiting.pop() {
        let context = match &outside {
            _ if place.quoted => &NOTHING,
            Some(outside) if !walk.inside => outside,
            _ => context,
        };
        walk.layer(decode, place, context);
    }
    Packet { buffers: walk.buffers, ..walk.packet }
}

/// A quoted packet belongs to a conversation at another time, so no relative number holds for it.
static NOTHING: Context = Context {
    tcp_stream: None,
    udp_stream: None,
    tunnel_stream: None,
    seq_base: None,
    ack_base: None,
    window_shift: None,
    no_window_scaling: false,
    app: None,
    carried: None,
    fragment: None,
    quic: None,
};

/// The frame, or one of the buffers.
fn bytes<'a>(frame: &'a [u8], buffers: &'a [Buffer], number: u8) -> &'a [u8] {
    match usize::from(number).checked_sub(1) {
        None => frame,
        Some(index) => buffers.get(index).map_or(&[], |buffer| &buffer.bytes),
    }
}

struct Walk<'a> {
    bytes: &'a [u8],
    packet: Packet,
    /// A tunnel over UDP was entered.
    inside: bool,
    buffers: Vec<Buffer>,
    /// What is still to be decoded; the last one comes next.
    waiting: Vec<(Decode, Place)>,
}

impl Walk<'_> {
    /// Decodes one layer and notes what comes after it, and where.
    fn layer(&mut self, decode: Decode, place: Place, context: &Context) {
        let mut header = Header::new(bytes(self.bytes, &self.buffers, place.buffer), place, context);
        header.first_buffer = (self.buffers.len() + 1).min(usize::from(u8::MAX)) as u8;
        let step = decode(&mut header);
        let Header { layer, stop, later, buffers, .. } = header;
        self.buffers.extend(buffers);
        // That a header is cut outweighs the claim of a length field outside of it.
        if stop.as_ref().is_some_and(|stop| self.packet.stop.is_none() || stop.claimed_by.is_empty()) {
            self.packet.stop = stop;
        }
        let (protocol, size) = (layer.protocol, layer.size);
        // A header of which no field is there is no layer; its stop says that it is missing.
        if !layer.found.is_empty() {
            self.inside |= matches!(protocol, "vxlan" | "geneve");
            self.packet.layers.push(layer);
        }
        if let Some(Step { next, place: inner }) = &step {
            let shorter = inner.buffer == 0 && inner.end < place.end && !place.quoted;
            if shorter && matches!(protocol, "ip" | "ipv6" | "arp" | "eth" | "vlan" | "ieee8021ad") {
                self.trailer(inner.end, place.end);
            }
            let extension =
                protocol.starts_with("ipv6.") || protocol == "ah" && matches!(place.pseudo, Some(Pseudo::V6 { .. }));
            if extension && matches!(next, Next::IpProtocol(_)) {
                self.extend(size);
            }
        }
        // What was put last is decoded first.
        for Step { next, place } in later.into_iter().rev().chain(step) {
            self.follow(next, place, decode, context);
        }
    }

    /// Finds the decoder of what comes next.
    fn follow(&mut self, next: Next, place: Place, own: Decode, context: &Context) {
        let bytes = bytes(self.bytes, &self.buffers, place.buffer);
        // A header that is cut has said so; a cut that falls between two headers is for the next one to say.
        let gone = place.start > bytes.len() || (place.quoted && place.start == bytes.len());
        if gone || place.start >= place.end {
            return;
        }
        let place = Place { quoted: place.quoted || next == Next::Quoted, ..place };
        let rest = bytes.get(place.start..).unwrap_or(&[]);
        if self.packet.layers.len() + 1 >= MAX_LAYERS {
            self.waiting.push((data::decode, place));
        } else if let (Next::TcpPorts(source, destination), false) = (next, place.quoted) {
            // A stream goes on without a segment that was cut; what is there of it is looked at all the same.
            let cut = place.end > bytes.len();
            match &context.carried {
                Some(carried) if carried.app.is_some() && !(cut && carried.messages.is_empty()) => {
                    self.messages(carried, place);
                }
                carried => {
                    let known = carried.as_ref().and_then(|carried| carried.app);
                    self.alone((source, destination), known, place);
                }
            }
        } else if let (Next::UdpPorts(source, destination), Some(_)) = (next, &context.quic)
            && over_udp((source, destination), rest).is_none()
        {
            // Later packets of a connection tell nothing of themselves.
            self.waiting.push((quic::decode, place));
        } else if let (Next::UdpPorts(source, destination), Some(app)) = (next, context.app)
            && over_udp((source, destination), rest).is_none()
        {
            self.waiting.push((app.decode(), place));
        } else if let Some(decode) = after(next, rest, own) {
            self.waiting.push((decode, place));
        }
    }

    /// The messages of a segment, as its stream divides it. Neighbours that lie within the segment are handed on together.
    fn messages(&mut self, carried: &Carried, place: Place) {
        let decode = apps::decode(carried.app);
        let mut steps: Vec<(Decode, Place)> = Vec::new();
        let mut within: Option<(u32, u32)> = None;
        let put = |steps: &mut Vec<(Decode, Place)>, range: Option<(u32, u32)>| {
            steps.extend(range.map(|(from, to)| {
                let (start, end) = (place.start + from as usize, place.start + to as usize);
                (decode, Place { start, end: end.min(place.end), ..place })
            }));
        };
        for Message { from, to, whole } in &carried.messages {
            match (whole, within) {
                (Whole::Within, Some((first, last))) if last == *from => within = Some((first, *to)),
                (Whole::Within, _) => put(&mut steps, within.replace((*from, *to))),
                (Whole::Ends(buffer), _) => {
                    put(&mut steps, within.take());
                    self.buffers.push(buffer.clone());
                    let number = self.buffers.len().min(usize::from(u8::MAX)) as u8;
                    steps.push((decode, Place { buffer: number, start: 0, end: buffer.bytes.len(), ..place }));
                }
                _ => {}
            }
        }
        put(&mut steps, within);
        self.waiting.extend(steps.into_iter().rev());
    }

    /// The messages of a segment of which the stream is unknown: those that are whole, then the rest as data.
    fn alone(&mut self, ports: (u16, u16), known: Option<App>, place: Place) {
        let bytes = bytes(self.bytes, &self.buffers, place.buffer);
        let rest = bytes.get(place.start..place.end.min(bytes.len())).unwrap_or(&[]);
        // What has no messages is itself wherever it begins.
        let known = known.filter(|app| matches!(app.framing(rest, &mut Talk::default()), Framing::Loose));
        let Some(app) = over_tcp(ports, rest).or(known).filter(|_| !place.quoted) else {
            self.waiting.push((data::decode, place));
            return;
        };
        let (mut talk, mut at, claimed) = (Talk::default(), 0, place.end - place.start);
        while at < rest.len() {
            match app.framing(&rest[at..], &mut talk) {
                Framing::Bytes(size) if size > 0 && at.saturating_add(size) <= claimed => at += size,
                // Cut by the capture, not by the segment: its decoder says so.
                Framing::Bytes(_) | Framing::More if rest.len() == claimed => break,
                _ => at = claimed,
            }
        }
        let split = place.start + at;
        if split < place.end {
            self.waiting.push((data::decode, Place { start: split, ..place }));
        }
        if at > 0 {
            self.waiting.push((app.decode(), Place { end: split, ..place }));
        }
    }

    /// An IPv6 header counts the extension headers behind it as its own, as tshark does.
    fn extend(&mut self, size: u32) {
        if let Some(layer) = self.packet.layers.iter_mut().rfind(|layer| layer.protocol == "ipv6") {
            layer.size += size;
        }
    }

    /// Names what is left of an Ethernet frame, or of what is tagged in it, behind the datagram that it carries.
    fn trailer(&mut self, carried: usize, end: usize) {
        // In a tunnel the frame begins behind other headers.
        let frame =
            self.packet.layers.iter().rfind(|layer| layer.protocol == "eth").map_or(0, |layer| layer.pos as usize);
        // The datagram's own layer may be the last one already.
        let Some(layer) = self.packet.layers.iter_mut().rev().take(2).find(|layer| TRAILED.contains(&layer.protocol))
        else {
            return;
        };
        if layer.found.iter().any(|found| matches!(found.field.key, "eth.padding" | "eth.trailer" | "eth.fcs")) {
            return;
        }
        let place = Place { buffer: 0, start: frame, end, quoted: false, pseudo: None };
        let mut header = Header::new(self.bytes, place, &NOTHING);
        std::mem::swap(&mut header.layer, layer);
        let tagged = vlan::trailer(header.layer.protocol);
        ethernet::trailer(&mut header, carried.saturating_sub(frame), tagged);
        *layer = header.layer;
    }
}

/// Headers that what they carry may leave bytes behind.
const TRAILED: [&str; 3] = ["eth", "vlan", "ieee8021ad"];

fn first(link: LinkType, version: Option<u8>) -> Decode {
    match link {
        LinkType::ETHERNET => ethernet::decode,
        LinkType::NULL => null::decode,
        LinkType::LOOP => null::decode_loop,
        LinkType::LINUX_SLL => sll::decode,
        LinkType::LINUX_SLL2 => sll2::decode,
        LinkType::PPP | LinkType::PPP_HDLC => ppp::decode,
        LinkType::PPP_ETHER => pppoe::decode_session,
        LinkType::IEEE802_11 => wlan::decode,
        LinkType::RADIOTAP => radiotap::decode,
        LinkType::RAW => by_version(version),
        LinkType::IPV4 => ipv4::decode,
        LinkType::IPV6 => ipv6::decode,
        _ => data::decode,
    }
}

fn after(next: Next, rest: &[u8], own: Decode) -> Option<Decode> {
    Some(match next {
        Next::End => return None,
        Next::Same => own,
        Next::Handshake => tls::decode_messages,
        Next::EtherType(ethertype) => by_ethertype(ethertype),
        // Old NetWare put its header where LLC's belongs.
        Next::Llc if rest.starts_with(&[0xff, 0xff]) => data::decode,
        Next::Llc => llc::decode,
        Next::Ethernet => ethernet::decode,
        Next::Ppp => ppp::decode,
        Next::PppProtocol(protocol) => link::by_ppp_protocol(protocol),
        Next::BelowMpls => link::below_mpls(rest),
        Next::Wlan(false) => wlan::decode,
        Next::Wlan(true) => wlan::decode_checked,
        Next::WlanBundle => wlan_bundle::decode,
        Next::WlanManagement(subtype) => link::by_management(subtype),
        Next::LlcPoint(point) => link::by_access_point(point),
        Next::Eap => eap::decode,
        Next::Slow(1) => lacp::decode,
        Next::Cisco(0x010b) => stp::decode_per_vlan,
        Next::IpVersion | Next::Quoted => by_version(rest.first().copied()),
        Next::IpProtocol(protocol) => by_protocol(protocol),
        Next::UdpPorts(source, destination) => apps::decode(over_udp((source, destination), rest)),
        Next::Data | Next::Cisco(_) | Next::Slow(_) | Next::TcpPorts(..) => data::decode,
        Next::Sdp => sdp::decode,
        Next::Media(true) => body::decode_text,
        Next::Media(false) => body::decode_media,
    })
}

fn by_version(first: Option<u8>) -> Decode {
    match first.map(|byte| byte >> 4) {
        Some(4) => ipv4::decode,
        Some(6) => ipv6::decode,
        _ => data::decode,
    }
}

/// The ethertype of a whole Ethernet frame in a tunnel.
const ETHERNET_INSIDE: u16 = 0x6558;

fn by_ethertype(ethertype: u16) -> Decode {
    match ethertype {
        0x0800 => ipv4::decode,
        0x0806 => arp::decode,
        ETHERNET_INSIDE => ethernet::decode,
        0x8100 | 0x9100 => vlan::decode,
        0x88a8 => vlan::decode_service,
        0x86dd => ipv6::decode,
        0x880b => ppp::decode,
        0x8809 => lacp::decode_slow,
        0x888e => eapol::decode,
        0x8847 | 0x8848 => mpls::decode,
        0x8863 => pppoe::decode_discovery,
        0x8864 => pppoe::decode_session,
        0x88cc => lldp::decode,
        _ => data::decode,
    }
}

fn by_protocol(protocol: u8) -> Decode {
    match protocol {
        0 => ipv6_extensions::hop_by_hop,
        1 => icmp::decode,
        2 => igmp::decode,
        4 => ipv4::decode,
        6 => tcp::decode,
        17 => udp::decode,
        41 => ipv6::decode,
        43 => ipv6_extensions::routing,
        44 => ipv6_extensions::fragment,
        47 => gre::decode,
        50 => esp::decode,
        51 => ah::decode,
        58 => icmpv6::decode,
        60 => ipv6_extensions::destination,
        132 => sctp::decode,
        _ => data::decode,
    }
}
