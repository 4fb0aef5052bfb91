//! Record → layers: every header as a table of fields. Decoding never fails; it stops, and says where and why.

mod peek;

use serde::{Deserialize, Serialize};

pub use peek::{Address, Peek, TcpHead};

/// One row of a header's table. `key` is Wireshark's display-filter name.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub key: &'static str,
    /// English name as the bit grid prints it; other languages come from the catalogue by `key`.
    pub name: &'static str,
    /// Bits from the start of its header; zero length for a field whose place the decoder computes (options, names).
    pub bits: Bits,
    pub show: Show,
    /// RFC or IEEE section, such as `RFC 791 §3.1`.
    pub source: &'static str,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bits {
    pub pos: u32,
    pub len: u32,
}

/// How the value is printed; the printed form is what tshark's PDML has in `show`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    Dec,
    /// Hexadecimal, zero-padded to this many digits, with `0x`.
    Hex(u8),
    /// `1` or `0`.
    Flag,
    Ipv4,
    Ipv6,
    Mac,
    /// Text computed by the decoder.
    Text,
    /// Colon-separated bytes.
    Bytes,
    /// No value of its own: a marker or a group.
    None,
}

/// Shorthand that keeps the tables to a line a field.
pub const fn field(
    key: &'static str,
    name: &'static str,
    bits: Bits,
    show: Show,
    source: &'static str,
) -> Field {
    Field {
        key,
        name,
        bits,
        show,
        source,
    }
}

pub const fn bits(pos: u32, len: u32) -> Bits {
    Bits { pos, len }
}

/// A field that was found in a packet.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub field: &'static Field,
    /// Bits from the start of the frame; zero length for a generated field (not on the wire).
    pub at: Bits,
    /// The value as tshark's PDML shows it.
    pub show: String,
    /// What the value means in words, where the number alone does not say (`IPv4 (0x0800)`); empty otherwise.
    pub meaning: String,
    /// Nesting below the layer: 0 for a header's own row, 1 for a flag inside `tcp.flags`, …
    pub depth: u8,
}

/// One header (or the data after the last one).
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// tshark's protocol name: `eth`, `vlan`, `arp`, `ip`, `ipv6`, `icmp`, `icmpv6`, `udp`, `tcp`, `dns`, `data`, …
    pub protocol: &'static str,
    /// First byte in the frame.
    pub pos: u32,
    /// Bytes of the header (of the payload for `data` and applications), as tshark counts them.
    pub size: u32,
    pub found: Vec<Found>,
}

/// Where decoding ended before the packet did, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub protocol: String,
    /// Byte offset in the frame.
    pub offset: u32,
    pub needed: u32,
    pub had: u32,
    /// The key of the field that claimed the bytes; empty when the header itself is cut.
    pub claimed_by: String,
    /// English sentence.
    pub why: String,
}

/// A packet taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packet {
    pub layers: Vec<Layer>,
    pub stop: Option<Stop>,
}

/// What only the conversation knows about a packet, and some fields need: relative numbers and window scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    pub tcp_stream: Option<u32>,
    pub udp_stream: Option<u32>,
    /// Sequence number that counts as 0 for the sender.
    pub seq_base: Option<u32>,
    /// Sequence number that counts as 0 for the receiver.
    pub ack_base: Option<u32>,
    /// Shift announced by the sender where both ends announced one (RFC 7323 §2.2); `None` when the opening was not seen.
    pub window_shift: Option<u8>,
    /// The opening was seen and at least one end did not offer window scaling.
    pub no_window_scaling: bool,
}
