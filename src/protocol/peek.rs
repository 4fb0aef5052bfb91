//! Frame bytes → what the index needs of them: the innermost protocol, addresses, ports and the numbers of a TCP header.
//!
//! No allocation and no table: this runs once for every packet of a capture.

mod between;

use std::fmt;

use super::dispatch::{App, over_tcp, over_udp, tunnelled};
use crate::capture::LinkType;

/// Who sent or shall receive, as deep as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    #[default]
    None,
    Mac([u8; 6]),
    V4([u8; 4]),
    V6([u8; 16]),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Address::None => Ok(()),
            Address::Mac([a, b, c, d, e, g]) => write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}"),
            Address::V4(octets) => std::net::Ipv4Addr::from(octets).fmt(f),
            Address::V6(octets) => std::net::Ipv6Addr::from(octets).fmt(f),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peek {
    /// The innermost known word below applications: `TCP`, `UDP`, `ICMP`, `ARP`, `IPv6`, `Ethernet`, `Link`, …
    pub protocol: &'static str,
    /// IP addresses where there is IP; ARP's sender and target; else hardware addresses.
    pub source: Address,
    pub destination: Address,
    /// Absent in fragments: their ports are known only when the datagram is put together.
    pub ports: Option<(u16, u16)>,
    pub tcp: Option<TcpHead>,
    /// The piece that a fragment brings; the rest is then what the first fragment shows of the transport header.
    pub fragment: Option<FragmentHead>,
    /// Where the payload of TCP or UDP begins and ends in the captured bytes; equal where there is none.
    pub payload: (u32, u32),
    /// The outermost tunnel over UDP that the packet came through.
    pub tunnel: Option<Tunnel>,
}

impl Peek {
    /// The innermost known word, applications included: `DNS`, `TLS`, …
    pub fn word(&self, bytes: &[u8]) -> &'static str {
        self.app(bytes).map_or(self.protocol, App::name)
    }

    /// The application that the payload alone tells, if there is a payload.
    pub fn app(&self, bytes: &[u8]) -> Option<App> {
        let (from, to) = self.payload;
        let payload = bytes.get(from as usize..to as usize).filter(|payload| !payload.is_empty())?;
        if self.tcp.is_some() { over_tcp(self.ports?, payload) } else { over_udp(self.ports?, payload) }
    }

    /// Notes the part of the payload that was captured.
    fn carry(&mut self, from: usize, to: usize, bytes: &[u8]) {
        let to = to.min(bytes.len());
        self.payload = (from.min(to) as u32, to as u32);
    }
}

/// A tunnel over UDP that the packet came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tunnel {
    pub source: Address,
    pub destination: Address,
    pub ports: (u16, u16),
}

/// What the conversation reads of a TCP header (RFC 9293 §3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpHead {
    pub seq: u32,
    pub ack: u32,
    /// The twelve bits after the header length.
    pub flags: u16,
    pub window: u16,
    /// Bytes of data by the IP header's length, captured or not.
    pub payload: u32,
    /// The window scale option, as a SYN carries it.
    pub window_shift: Option<u8>,
    /// Bytes of the header, and where it begins in the frame.
    pub header: u32,
    pub at: u32,
}

/// An IP fragment's place in its datagram (RFC 791 §3.2, RFC 8200 §4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FragmentHead {
    pub id: u32,
    pub protocol: u8,
    /// Bytes of the datagram's payload before this piece.
    pub offset: u32,
    /// Bytes of the piece, by the lengths in the headers.
    pub len: u32,
    pub more: bool,
    /// Where the piece begins in the frame.
    pub at: u32,
}

/// Tags and IP headers in one frame that are looked through.
pub const MAX_NESTING: usize = 16;
const SYN: u16 = 2;
/// Up to this value an ethertype is a length (IEEE 802.3 §3.2.6).
const LONGEST_LENGTH: u16 = 1500;
/// In a GRE header; only with it an acknowledgment number may follow.
const PPP: u16 = 0x880b;

/// Looks at a frame. `bytes` is what was captured of the `length` bytes that were on the wire.
pub fn peek(link: LinkType, bytes: &[u8], length: u32) -> Peek {
    let mut peek = Peek {
        protocol: "Link",
        source: Address::None,
        destination: Address::None,
        ports: None,
        tcp: None,
        fragment: None,
        tunnel: None,
        payload: (0, 0),
    };
    let end = (length as usize).max(bytes.len());
    match link {
        LinkType::ETHERNET => ethernet(&mut peek, bytes, 0, end, 0),
        LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => ip(&mut peek, bytes, 0, end, 0),
        LinkType::NULL | LinkType::LOOP => {
            // The family is in the host's order, and whose host is not known; the version nibble says the same.
            match first::<4>(bytes, 0).map(|family| family.iter().max().copied()) {
                Some(Some(2 | 10 | 24 | 28 | 30)) => ip(&mut peek, bytes, 4, end, 0),
                _ => None,
            }
        }
        LinkType::RADIOTAP => {
            between::radio(&mut peek, bytes).and_then(|(kind, at)| carried(&mut peek, bytes, kind, at, end, 0))
        }
        LinkType::IEEE802_11 => {
            between::wlan(&mut peek, bytes, 0).and_then(|(kind, at)| carried(&mut peek, bytes, kind, at, end, 0))
        }
        LinkType::PPP | LinkType::PPP_HDLC => carried(&mut peek, bytes, 0x880b, 0, end, 0),
        LinkType::PPP_ETHER => carried(&mut peek, bytes, 0x8864, 0, end, 0),
        LinkType::LINUX_SLL => cooked(&mut peek, bytes, end, 6, 14, 16),
        LinkType::LINUX_SLL2 => cooked(&mut peek, bytes, end, 12, 0, 20),
        _ => None,
    };
    peek
}

fn first<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    first(bytes, at).map(u16::from_be_bytes)
}

fn ethernet(peek: &mut Peek, bytes: &[u8], at: usize, end: usize, depth: usize) -> Option<()> {
    let head = first::<14>(bytes, at)?;
    // A tunnel's outer addresses are IP's; those of the frame inside say less until there is an IP header in it.
    if at == 0 {
        peek.protocol = "Ethernet";
        peek.destination = Address::Mac(first(&head, 0)?);
        peek.source = Address::Mac(first(&head, 6)?);
    }
    carried(peek, bytes, u16::from_be_bytes([head[12], head[13]]), at + 14, end, depth)
}

/// A Linux cooked header: where its address, its ethertype and its payload lie.
fn cooked(peek: &mut Peek, bytes: &[u8], end: usize, address: usize, kind: usize, size: usize) -> Option<()> {
    let kind = word(bytes, kind)?;
    peek.source = Address::Mac(first(bytes, address)?);
    carried(peek, bytes, kind, size, end, 0)
}

fn carried(peek: &mut Peek, bytes: &[u8], kind: u16, at: usize, end: usize, depth: usize) -> Option<()> {
    let (mut kind, mut at) = (kind, at);
    for _ in 0..MAX_NESTING {
        match kind {
            0x0800 | 0x86dd => return ip(peek, bytes, at, end, depth),
            0x0806 => return arp(peek, bytes, at),
            0x6558 if depth < MAX_NESTING => return ethernet(peek, bytes, at, end, depth + 1),
            0x8100 | 0x88a8 | 0x9100 => {
                kind = word(bytes, at + 2)?;
                at += 4;
            }
            0x8847 | 0x8848 => (kind, at) = between::labels(peek, bytes, at)?,
            0x8863 => {
                peek.protocol = "PPPoE";
                return Some(());
            }
            0x8864 => (kind, at) = between::ppp(peek, bytes, at + 6)?,
            0x880b => (kind, at) = between::ppp(peek, bytes, at)?,
            0..=LONGEST_LENGTH => (kind, at) = between::llc(peek, bytes, at)?,
            _ => return None,
        }
    }
    None
}

fn arp(peek: &mut Peek, bytes: &[u8], at: usize) -> Option<()> {
    peek.protocol = "ARP";
    // Only Ethernet and IPv4 (RFC 826): hardware 1, protocol 0x0800, sizes 6 and 4.
    if first::<6>(bytes, at)? == [0, 1, 8, 0, 6, 4] {
        peek.source = Address::V4(first(bytes, at + 14)?);
        peek.destination = Address::V4(first(bytes, at + 24)?);
    }
    Some(())
}

fn ip(peek: &mut Peek, bytes: &[u8], at: usize, end: usize, depth: usize) -> Option<()> {
    match bytes.get(at)? >> 4 {
        4 => ipv4(peek, bytes, at, end, depth),
        6 => ipv6(peek, bytes, at, end, depth),
        _ => None,
    }
}

fn ipv4(peek: &mut Peek, bytes: &[u8], at: usize, end: usize, depth: usize) -> Option<()> {
    let head = first::<20>(bytes, at)?;
    let size = usize::from(head[0] & 15) * 4;
    if size < 20 {
        return None;
    }
    peek.protocol = "IPv4";
    peek.source = Address::V4([head[12], head[13], head[14], head[15]]);
    peek.destination = Address::V4([head[16], head[17], head[18], head[19]]);
    let end = match usize::from(u16::from_be_bytes([head[2], head[3]])) {
        0 => end,
        total if total < size => return None,
        total => end.min(at + total),
    };
    let word = u16::from_be_bytes([head[6], head[7]]);
    if word & 0x3fff != 0 {
        let (id, offset) = (u16::from_be_bytes([head[4], head[5]]).into(), u32::from(word & 0x1fff) * 8);
        let (protocol, more) = (head[9], word & 0x2000 != 0);
        return piece(peek, bytes, at + size, end, FragmentHead { id, protocol, offset, len: 0, more, at: 0 });
    }
    transport(peek, bytes, head[9], at + size, end, depth)
}

fn ipv6(peek: &mut Peek, bytes: &[u8], at: usize, end: usize, depth: usize) -> Option<()> {
    let head = first::<40>(bytes, at)?;
    peek.protocol = "IPv6";
    peek.source = Address::V6(first(&head, 8)?);
    peek.destination = Address::V6(first(&head, 24)?);
    let end = match usize::from(u16::from_be_bytes([head[4], head[5]])) {
        0 => end,
        carried => end.min(at + 40 + carried),
    };
    let (mut next, mut at) = (head[6], at + 40);
    for _ in 0..MAX_NESTING {
        match next {
            0 | 43 | 60 => {
                let [following, len] = first(bytes, at)?;
                next = following;
                at += 8 + usize::from(len) * 8;
            }
            44 => {
                let head = first::<8>(bytes, at)?;
                // Offset zero and no more to come: a whole packet in an "atomic" fragment (RFC 6946).
                let word = u16::from_be_bytes([head[2], head[3]]);
                next = head[0];
                at += 8;
                if word & 0xfff9 != 0 {
                    let id = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
                    let (offset, more) = (u32::from(word & 0xfff8), word & 1 != 0);
                    let piece_of = FragmentHead { id, protocol: next, offset, len: 0, more, at: 0 };
                    return piece(peek, bytes, at, end, piece_of);
                }
            }
            _ => break,
        }
    }
    transport(peek, bytes, next, at, end, depth)
}

/// A fragment: its place in the datagram, and the transport header where it has that.
fn piece(peek: &mut Peek, bytes: &[u8], at: usize, end: usize, head: FragmentHead) -> Option<()> {
    let len = end.saturating_sub(at) as u32;
    if head.offset == 0 {
        // Tunnels inside fragments wait until the datagram is whole.
        transport(peek, bytes, head.protocol, at, end, MAX_NESTING);
        peek.payload = (0, 0);
    }
    peek.fragment = Some(FragmentHead { len, at: at as u32, ..head });
    Some(())
}

fn transport(peek: &mut Peek, bytes: &[u8], protocol: u8, at: usize, end: usize, depth: usize) -> Option<()> {
    match protocol {
        1 => peek.protocol = "ICMP",
        2 => peek.protocol = "IGMP",
        47 if depth < MAX_NESTING => return gre(peek, bytes, at, end, depth + 1),
        50 => peek.protocol = "ESP",
        132 => peek.protocol = "SCTP",
        51 if depth < MAX_NESTING => return authenticated(peek, bytes, at, end, depth + 1),
        58 => peek.protocol = "ICMPv6",
        6 => return tcp(peek, bytes, at, end),
        17 => return udp(peek, bytes, at, end, depth),
        4 | 41 if depth < MAX_NESTING => return ip(peek, bytes, at, end, depth + 1),
        _ => {}
    }
    Some(())
}

/// A GRE header (RFC 2784, RFC 2890), and what the tunnel carries.
fn gre(peek: &mut Peek, bytes: &[u8], at: usize, end: usize, depth: usize) -> Option<()> {
    peek.protocol = "GRE";
    let [flags, kind] = [word(bytes, at)?, word(bytes, at + 2)?];
    let has = |bit: u16| usize::from(flags >> bit & 1);
    let words = (has(15) | has(14)) + has(13) + has(12) + if kind == PPP { has(7) } else { 0 };
    let mut at = at + 4 + words * 4;
    // Source routes of RFC 1701, up to the empty one.
    while has(14) == 1 {
        let (family, length) = (word(bytes, at)?, usize::from(*bytes.get(at + 3)?));
        at += 4 + length;
        if family == 0 && length == 0 {
            break;
        }
    }
    // Lower numbers are no lengths here, as they are in Ethernet.
    if kind > LONGEST_LENGTH { carried(peek, bytes, kind, at, end, depth) } else { None }
}

/// An authentication header (RFC 4302), and what comes after it.
fn authenticated(peek: &mut Peek, bytes: &[u8], at: usize, end: usize, depth: usize) -> Option<()> {
    peek.protocol = "AH";
    let [next, words] = first(bytes, at)?;
    transport(peek, bytes, next, at + (usize::from(words) + 2) * 4, end, depth)
}

fn udp(peek: &mut Peek, bytes: &[u8], at: usize, end: usize, depth: usize) -> Option<()> {
    let ports = (word(bytes, at)?, word(bytes, at + 2)?);
    peek.ports = Some(ports);
    peek.protocol = "UDP";
    let claimed = match usize::from(word(bytes, at + 4)?) {
        0 => end,
        length => end.min(at + length),
    };
    peek.carry(at + 8, claimed, bytes);
    let payload = bytes.get(peek.payload.0 as usize..peek.payload.1 as usize)?;
    let (name, kind, from) = tunnelled(ports, payload).filter(|_| depth < MAX_NESTING)?;
    // The conversation is the one inside; of this one only the number is used up, as tshark counts.
    let tunnel = Tunnel { source: peek.source, destination: peek.destination, ports };
    peek.tunnel = peek.tunnel.or(Some(tunnel));
    (peek.ports, peek.payload, peek.protocol) = (None, (0, 0), name);
    carried(peek, bytes, kind, at + 8 + from, claimed, depth + 1)
}

fn tcp(peek: &mut Peek, bytes: &[u8], at: usize, end: usize) -> Option<()> {
    let head = first::<20>(bytes, at)?;
    let size = usize::from(head[12] >> 4) * 4;
    if size < 20 {
        return None;
    }
    let ports = (u16::from_be_bytes([head[0], head[1]]), u16::from_be_bytes([head[2], head[3]]));
    let flags = u16::from_be_bytes([head[12], head[13]]) & 0xfff;
    peek.ports = Some(ports);
    peek.tcp = Some(TcpHead {
        seq: u32::from_be_bytes([head[4], head[5], head[6], head[7]]),
        ack: u32::from_be_bytes([head[8], head[9], head[10], head[11]]),
        flags,
        window: u16::from_be_bytes([head[14], head[15]]),
        payload: end.saturating_sub(at + size) as u32,
        window_shift: if flags & SYN == 0 { None } else { window_shift(bytes, at + 20, at + size) },
        header: size as u32,
        at: at as u32,
    });
    peek.protocol = "TCP";
    peek.carry(at + size, end, bytes);
    Some(())
}

fn window_shift(bytes: &[u8], from: usize, to: usize) -> Option<u8> {
    let options = bytes.get(from..to.min(bytes.len()))?;
    let mut at = 0;
    while let Some(kind) = options.get(at) {
        match kind {
            0 => return None,
            1 => at += 1,
            3 => return options.get(at + 2).copied(),
            _ => at += usize::from(*options.get(at + 1)?).max(2),
        }
    }
    None
}
