//! Record → the few facts that the index needs: endpoints, ports, and the numbers of a TCP header.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Who sent or receives a frame, by the innermost address that identifies a host.
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
        match self {
            Address::None => Ok(()),
            Address::Mac([a, b, c, d, e, g]) => {
                write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
            }
            Address::V4(octets) => Ipv4Addr::from(*octets).fmt(f),
            Address::V6(octets) => Ipv6Addr::from(*octets).fmt(f),
        }
    }
}

/// What one glance at a packet tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peek {
    /// Innermost known word: `TCP`, `UDP`, `DNS`, `ICMP`, `ICMPv6`, `ARP`, `IPv4`, `IPv6`, `Ethernet`, `Link`.
    pub protocol: &'static str,
    /// IP addresses if there are any; for ARP the sender's and target's protocol addresses; else MAC; else `None`.
    pub source: Address,
    pub destination: Address,
    /// Source and destination port; `None` where tshark gives the frame no stream of its own (fragments).
    pub ports: Option<(u16, u16)>,
    pub tcp: Option<TcpHead>,
}

/// The numbers of a TCP header (RFC 9293 §3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpHead {
    pub seq: u32,
    pub ack: u32,
    /// The twelve bits from the reserved ones down to FIN; FIN is bit 0.
    pub flags: u16,
    /// As the header carries it, unscaled.
    pub window: u16,
    /// Bytes of data by the IP total length, captured or not.
    pub payload: u32,
    /// Shift count of a SYN's window scale option (RFC 7323 §2.2).
    pub window_shift: Option<u8>,
}
