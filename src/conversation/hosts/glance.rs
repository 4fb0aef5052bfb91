//! A frame taken apart → what of it tells of hosts: hardware addresses, addresses, hop limit, and a sum of what routers leave alone.

use super::Mac;
use crate::protocol::{Address, Layer, Packet};

/// Stands for the host that captured, where a cooked header says "to us" and no address (LINKTYPE_LINUX_SLL). It is a group
/// address, which no host sends from.
pub(super) const US: Mac = [0xff, 0xff, 0xff, 0xff, 0xff, 0xfe];

/// Longest time between two hops of one packet that are looked for, in nanoseconds.
pub const LONGEST_HOP: i64 = 1_000_000_000;

/// Cooked packet types.
const TO_US: u8 = 0;
const FROM_US: u8 = 4;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    pub frame: u32,
    pub time: i64,
    /// The link that it was seen on: interface, and its number in a cooked header.
    pub link: u32,
    pub from: Option<Mac>,
    pub to: Option<Mac>,
    /// It is meant for all, or for a group.
    pub everyone: bool,
    pub source: Address,
    pub destination: Address,
    pub ports: Option<(u16, u16)>,
    /// TTL or hop limit; `None`: no IP.
    pub ttl: Option<u8>,
    pub id: u16,
    pub protocol: u8,
    /// Of the payload, without ports, checksums and what else a translator changes.
    pub sum: u64,
    /// Its sender says itself that hardware address and address are its own.
    pub own: bool,
    /// A cooked header says that the host that captured sends it.
    pub ours: bool,
    pub arp: Option<Arp>,
}

/// What an ARP packet says (RFC 826).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arp {
    pub reply: bool,
    pub mac: Mac,
    pub sender: Address,
    pub target: Address,
}

/// How a packet looks on its next link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Onward {
    /// An address or a port was changed.
    pub translated: bool,
}

impl Glance {
    pub fn of(frame: u32, time: i64, interface: u16, bytes: &[u8], packet: &Packet) -> Glance {
        let mut seen = Glance { frame, time, link: u32::from(interface) << 16, ..Glance::default() };
        for layer in packet.layers.iter().take_while(|layer| layer.buffer == 0) {
            let body = bytes.get(layer.pos as usize..).unwrap_or_default();
            match layer.protocol {
                "eth" => (seen.to, seen.from) = (part(body, 0), part(body, 6)),
                "sll" => seen.cooked(part(body, 6), part::<2>(body, 0).map(|[_, kind]| kind)),
                "sll2" => {
                    seen.link |= part(body, 4).map_or(0, u32::from_be_bytes) & 0xffff;
                    seen.cooked(part(body, 12), body.get(10).copied());
                }
                "arp" => seen.arp(layer, body),
                "ip" if seen.ttl.is_none() => seen.ipv4(layer, body),
                "ipv6" if seen.ttl.is_none() => seen.ipv6(layer, body),
                "icmpv6" => {
                    // Neighbours accept these only unforwarded (RFC 4861 §7.1).
                    seen.own |= seen.ttl == Some(255) && matches!(body.first(), Some(133..=136));
                }
                _ => {}
            }
        }
        seen.everyone |= seen.to.is_some_and(|to| to[0] & 1 == 1 && to != US) || is_group(seen.destination);
        seen
    }

    fn cooked(&mut self, from: Option<Mac>, kind: Option<u8>) {
        self.from = from.filter(|mac| *mac != [0; 6]);
        match kind {
            Some(TO_US) => self.to = Some(US),
            Some(1 | 2) => self.everyone = true,
            _ => {}
        }
        self.ours = kind == Some(FROM_US);
    }

    fn arp(&mut self, layer: &Layer, body: &[u8]) {
        let reply = layer.get("arp.opcode").is_some_and(|code| code.show == "2");
        if let (Some(mac), Some(sender), Some(target)) = (part(body, 8), part(body, 14), part(body, 24))
            && layer.get("arp.src.proto_ipv4").is_some()
        {
            let (sender, target) = (Address::V4(sender), Address::V4(target));
            self.arp = Some(Arp { reply, mac, sender, target });
            (self.source, self.destination, self.own) = (sender, target, is_host(sender));
        }
    }

    fn ipv4(&mut self, layer: &Layer, body: &[u8]) {
        let Some(head) = part::<20>(body, 0) else { return };
        self.id = u16::from_be_bytes([head[4], head[5]]);
        (self.ttl, self.protocol) = (Some(head[8]), head[9]);
        self.source = Address::V4([head[12], head[13], head[14], head[15]]);
        self.destination = Address::V4([head[16], head[17], head[18], head[19]]);
        let total = usize::from(u16::from_be_bytes([head[2], head[3]])).min(body.len());
        self.payload(body.get(layer.size as usize..total).unwrap_or_default());
    }

    fn ipv6(&mut self, layer: &Layer, body: &[u8]) {
        let (Some(head), Some(source), Some(destination)) = (part::<8>(body, 0), part(body, 8), part(body, 24)) else {
            return;
        };
        // The flow label does what IPv4's identification does here.
        self.id = u16::from_be_bytes([head[2], head[3]]);
        (self.ttl, self.protocol) = (Some(head[7]), head[6]);
        (self.source, self.destination) = (Address::V6(source), Address::V6(destination));
        let total = 40 + usize::from(u16::from_be_bytes([head[4], head[5]]));
        self.payload(body.get((layer.size as usize).max(40)..total.min(body.len())).unwrap_or_default());
    }

    /// FNV-1a over what no router on the way changes.
    fn payload(&mut self, payload: &[u8]) {
        let skipped: &[(usize, usize)] = match self.protocol {
            6 => &[(0, 4), (16, 18)],
            17 => &[(0, 4), (6, 8)],
            1 => &[(2, 6)],
            58 => &[(2, 4)],
            _ => &[],
        };
        if matches!(self.protocol, 6 | 17) {
            let ports = |at| part(payload, at).map(u16::from_be_bytes);
            self.ports = ports(0).zip(ports(2));
        }
        let mut sum = 0xcbf2_9ce4_8422_2325_u64 ^ payload.len() as u64;
        for (at, byte) in payload.iter().enumerate() {
            if !skipped.iter().any(|(from, to)| (*from..*to).contains(&at)) {
                sum = (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
        self.sum = sum;
    }

    /// Whether `later` is the same packet one hop on: identification and payload agree, the TTL has fallen by one
    /// (RFC 1812 §5.3.1), and another host sends it. Addresses or ports of one side may be translated (RFC 3022 §2.2).
    pub fn goes_on(&self, later: &Glance) -> Option<Onward> {
        let fell = self.ttl.is_some() && later.ttl.and_then(|ttl| ttl.checked_add(1)) == self.ttl;
        let same = self.id == later.id && self.protocol == later.protocol && self.sum == later.sum;
        let near = later.time.saturating_sub(self.time).unsigned_abs() <= LONGEST_HOP.unsigned_abs();
        let moved = self.from.is_none() || self.from != later.from;
        let ports = (self.ports.unwrap_or_default(), later.ports.unwrap_or_default());
        let sender = self.source == later.source && ports.0.0 == ports.1.0;
        let receiver = self.destination == later.destination && ports.0.1 == ports.1.1;
        let hop = fell && same && near && moved && !self.everyone && (sender || receiver);
        hop.then_some(Onward { translated: !(sender && receiver) })
    }
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// Whether an address means many hosts.
pub(super) fn is_group(address: Address) -> bool {
    match address {
        Address::V4(octets) => octets[0] & 0xf0 == 0xe0 || octets == [255; 4],
        Address::V6(octets) => octets[0] == 0xff,
        Address::Mac(mac) => mac[0] & 1 == 1,
        Address::None => false,
    }
}

/// Whether an address means one host.
pub(super) fn is_host(address: Address) -> bool {
    !is_group(address)
        && match address {
            Address::V4(octets) => octets != [0; 4],
            Address::V6(octets) => octets != [0; 16],
            Address::Mac(mac) => mac != [0; 6],
            Address::None => false,
        }
}
