//! What is known of a packet so far → the values that a filter asks for, or that this is not enough to tell.
//!
//! Most filters ask for what the index, the conversations and the fixed headers of a plain frame tell, and to take every
//! packet of a capture apart would take a hundred times as long.

use super::names::{FRAME, Name};
use super::value::Value;
use crate::capture::{LinkType, Record};
use crate::protocol::{Context, Layer, Packet, Show, over_udp, plain_rows};

/// A packet, as far as it is known.
pub struct Look<'a> {
    pub frame: u32,
    pub record: &'a Record,
    /// Times of the capture's first packet and of the one before, in nanoseconds.
    pub first: i64,
    pub before: i64,
    /// What its conversation says of it.
    pub context: &'a Context,
    /// Its conversation may speak something that its own bytes do not tell.
    pub hidden: bool,
    /// Once it was read.
    pub bytes: Option<&'a [u8]>,
    /// Once it was taken apart.
    pub packet: Option<&'a Packet>,
}

/// A frame of Ethernet whose headers are whole and in no other order than this: where each begins.
struct Plain {
    /// `ip`, `ipv6` or `arp`, and where it begins.
    network: (&'static str, usize),
    /// `tcp` or `udp`; nothing of ARP.
    transport: (&'static str, usize),
    /// Bytes that they carry, and whether nobody knows these.
    payload: usize,
    unknown: bool,
}

/// Fields at fixed places, which are there in every plain frame.
const FIXED: &str = " eth.dst eth.src eth.type ip.version ip.dsfield ip.dsfield.dscp ip.dsfield.ecn ip.len ip.id ip.ttl \
    ip.proto ip.src ip.dst ip.flags.df ip.flags.mf ip.frag_offset ipv6.flow ipv6.plen ipv6.nxt ipv6.hlim ipv6.src ipv6.dst \
    tcp.srcport tcp.dstport tcp.seq_raw tcp.ack_raw tcp.flags tcp.flags.cwr tcp.flags.ece tcp.flags.urg tcp.flags.ack \
    tcp.flags.push tcp.flags.reset tcp.flags.syn tcp.flags.fin tcp.window_size_value udp.srcport udp.dstport udp.length ";
/// Protocols below applications: what a plain frame has none of.
const BELOW: &str = " eth ip ipv6 tcp udp arp icmp icmpv6 igmp vlan llc stp lldp mpls ppp pppoe gre sctp ah esp eapol ";

fn listed(list: &str, word: &str) -> bool {
    list.match_indices(word).any(|(at, _)| {
        list.get(..at).is_some_and(|before| before.ends_with(' '))
            && list.get(at + word.len()..).is_some_and(|after| after.starts_with(' '))
    })
}

impl Look<'_> {
    /// Whether a protocol or any field of this name is there.
    pub(super) fn has(&self, name: &Name) -> Option<bool> {
        if !name.is_protocol() {
            let mut answer = Some(false);
            for key in &name.keys {
                match self.field(key).map(|values| !values.is_empty()) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => answer = None,
                }
            }
            return answer;
        }
        match self.packet {
            _ if name.text == "frame" => Some(true),
            Some(packet) => Some(layers(packet, &name.text).next().is_some()),
            None => self.plain()?.has(&name.text),
        }
    }

    pub(super) fn values(&self, name: &Name) -> Option<Vec<Value>> {
        if name.is_protocol() {
            return self.contents(&name.text);
        }
        let mut values = Vec::new();
        for key in &name.keys {
            values.extend(self.field(key)?);
        }
        Some(values)
    }

    /// A protocol's bytes, from its header to the end of what carries it.
    fn contents(&self, protocol: &str) -> Option<Vec<Value>> {
        let bytes = self.bytes?;
        if protocol == "frame" {
            return Some(vec![Value::bytes(bytes)]);
        }
        let Some(packet) = self.packet else {
            return self.plain().filter(|plain| plain.has(protocol) == Some(false)).map(|_| Vec::new());
        };
        let whole = |layer: &Layer| match usize::from(layer.buffer).checked_sub(1) {
            None => bytes,
            Some(index) => packet.buffers.get(index).map_or(&[][..], |buffer| &buffer.bytes),
        };
        let of = |layer: &Layer| Value::bytes(whole(layer).get(layer.pos as usize..).unwrap_or_default());
        Some(layers(packet, protocol).map(of).collect())
    }

    fn field(&self, key: &str) -> Option<Vec<Value>> {
        if let Some(place) = FRAME.iter().position(|own| *own == key) {
            let time = self.record.time;
            return Some(vec![match place {
                0 => Value::whole(self.frame.into()),
                1 => Value::whole(self.record.length.into()),
                2 => Value::whole(self.record.captured.into()),
                3 => Value::nanoseconds(time.saturating_sub(self.first)),
                4 => Value::nanoseconds(time.saturating_sub(self.before)),
                _ => Value::nanoseconds(time),
            }]);
        }
        if let Some(packet) = self.packet {
            let found = packet.layers.iter().flat_map(|layer| &layer.found).filter(|found| found.field.key == key);
            return Some(found.map(|found| Value::of(found.field, &found.show)).collect());
        }
        let streams = match key {
            "tcp.stream" => [self.context.tcp_stream, None],
            "udp.stream" => [self.context.udp_stream, self.context.tunnel_stream],
            _ => return self.plain()?.values(key, self.bytes?),
        };
        Some(streams.into_iter().flatten().map(|stream| Value::whole(stream.into())).collect())
    }

    fn plain(&self) -> Option<Plain> {
        let bytes = self.bytes.filter(|_| self.record.link == LinkType::ETHERNET)?;
        let mut plain = Plain::of(bytes, self.record.length as usize)?;
        if plain.transport.0 == "udp" && plain.payload > 0 && !self.hidden && self.context.app.is_none() {
            let at = plain.transport.1;
            let ports = (word(bytes, at)?, word(bytes, at + 2)?);
            let end = bytes.len().min(at + 8 + plain.payload);
            plain.unknown = over_udp(ports, bytes.get(at + 8..end)?).is_none();
        }
        Some(plain)
    }
}

/// The layers of a protocol, by their own name or that of their fields.
fn layers<'a>(packet: &'a Packet, protocol: &'a str) -> impl Iterator<Item = &'a Layer> {
    let of = move |key: &str| key.strip_prefix(protocol).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    packet
        .layers
        .iter()
        .filter(move |layer| layer.protocol == protocol || layer.found.iter().any(|found| of(found.field.key)))
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_be_bytes)
}

/// Ports of tunnels, behind which another frame begins.
const TUNNELS: [u16; 2] = [4789, 6081];

impl Plain {
    fn of(bytes: &[u8], length: usize) -> Option<Plain> {
        const AT: usize = 14;
        let first = *bytes.get(AT)?;
        let (name, header, size, protocol) = match (word(bytes, 12)?, first >> 4) {
            (0x0806, _) => {
                let whole = bytes.get(AT..AT + 28).is_some_and(|arp| arp.starts_with(&[0, 1, 8, 0, 6, 4]));
                let (network, transport) = (("arp", AT), ("", 0));
                return whole.then_some(Plain { network, transport, payload: 0, unknown: false });
            }
            (0x0800, 4) if word(bytes, AT + 6)? & 0x3fff == 0 => {
                ("ip", usize::from(first & 15) * 4, usize::from(word(bytes, AT + 2)?), *bytes.get(AT + 9)?)
            }
            (0x86dd, 6) => ("ipv6", 40, 40 + usize::from(word(bytes, AT + 4)?), *bytes.get(AT + 6)?),
            _ => return None,
        };
        let at = AT + header;
        // What the header says may be longer than the frame; then it is not plain.
        let room = size.checked_sub(header).filter(|_| header >= 20 && AT + size <= length)?;
        let (transport, own, room) = match protocol {
            6 => ("tcp", usize::from(*bytes.get(at + 12)? >> 4) * 4, room),
            17 => {
                let length = usize::from(word(bytes, at + 4)?);
                let tunnel = TUNNELS.contains(&word(bytes, at)?) || TUNNELS.contains(&word(bytes, at + 2)?);
                if tunnel || length > room {
                    return None;
                }
                ("udp", 8, length)
            }
            _ => return None,
        };
        let least = if protocol == 6 { 20 } else { 8 };
        let payload = room.checked_sub(own).filter(|_| own >= least && bytes.len() >= at + least)?;
        Some(Plain { network: (name, AT), transport: (transport, at), payload, unknown: false })
    }

    /// Where the header of a protocol begins; `None`: there is none, or it is an application's.
    fn at(&self, protocol: &str) -> Option<usize> {
        let own = [("eth", 0), self.network, self.transport];
        own.into_iter().find(|(name, _)| *name == protocol).map(|(_, at)| at)
    }

    fn has(&self, protocol: &str) -> Option<bool> {
        if self.at(protocol).is_some() {
            return Some(true);
        }
        let none = self.payload == 0 || self.unknown && protocol != "data" || listed(BELOW, protocol);
        none.then_some(false)
    }

    fn values(&self, key: &str, bytes: &[u8]) -> Option<Vec<Value>> {
        let protocol = key.split('.').next().unwrap_or_default();
        let Some(at) = self.at(protocol) else { return (self.has(protocol) == Some(false)).then(Vec::new) };
        if key == "tcp.len" {
            return Some(vec![Value::whole(self.payload as u64)]);
        }
        let row = plain_rows().into_iter().flatten().find(|row| row.key == key).filter(|_| listed(FIXED, key))?;
        let (from, len) = (row.bits.pos as usize, row.bits.len as usize);
        let to = from + len;
        let part = bytes.get(at + from / 8..at + to.div_ceil(8))?;
        if len > 32 || matches!(row.show, Show::Ipv4) {
            return Some(vec![Value::bytes(part)]);
        }
        let whole = part.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        Some(vec![Value::whole(whole >> (to.div_ceil(8) * 8 - to) & ((1u64 << len) - 1))])
    }
}
