//! The words that tables are written in: a row, the bits it covers, how its value prints, and what a packet held of it.

use serde::{Deserialize, Serialize};

use super::{App, Chosen, QuicKnown};

/// One row of a header's table. `key` is Wireshark's display-filter name.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub key: &'static str,
    /// English name as the bit grid prints it; other languages come from the catalogue by `key`.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// Bits from the start of its header; zero length for a field whose place the decoder computes (options, names).
    pub bits: Bits,
    pub show: Show,
    /// RFC or IEEE section, such as `RFC 791 §3.1`.
    #[cfg(not(target_arch = "wasm32"))]
    pub source: &'static str,
    /// What single values mean, where the number alone does not say.
    pub words: Words,
}

/// Values and what they mean, in the words of the registry that assigns them; [`words!`] writes one. All of it is one text,
/// a line a value: a list of pointers would be the larger half of the wasm's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(pub(super) &'static str);

/// `words![(1, "request"), (2, "reply")]`.
macro_rules! words {
    ($(($value:literal, $word:literal)),* $(,)?) => {
        $crate::protocol::field::Words(concat!($($value, " ", $word, "\n"),*))
    };
}
pub(super) use words;

impl Words {
    pub fn iter(self) -> impl Iterator<Item = (u64, &'static str)> {
        let pair =
            |line: &'static str| line.split_once(' ').and_then(|(value, word)| Some((value.parse().ok()?, word)));
        self.0.lines().filter_map(pair)
    }

    /// The word for a value, where there is one.
    pub fn get(self, value: u64) -> Option<&'static str> {
        self.iter().find(|(number, _)| *number == value).map(|(_, word)| word)
    }
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
    /// The value times this, in decimal: a header length counts 32-bit words and is shown in bytes.
    Times(u8),
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

/// Shorthand that keeps the tables to a line a field. The page reads names and sections out of its language files, so that
/// its programs do without them.
pub const fn field(key: &'static str, name: &'static str, bits: Bits, show: Show, source: &'static str) -> Field {
    #[cfg(target_arch = "wasm32")]
    let _ = (name, source);
    Field {
        key,
        #[cfg(not(target_arch = "wasm32"))]
        name,
        bits,
        show,
        #[cfg(not(target_arch = "wasm32"))]
        source,
        words: words![],
    }
}

pub const fn bits(pos: u32, len: u32) -> Bits {
    Bits { pos, len }
}

/// The place of a field that the decoder computes.
pub const COMPUTED: Bits = bits(0, 0);

impl Field {
    pub const fn words(mut self, words: Words) -> Field {
        self.words = words;
        self
    }

    /// The word for a value; empty where the table has none.
    pub fn word(&self, value: u64) -> &'static str {
        self.words.get(value).unwrap_or_default()
    }
}

/// Whether the rows cover exactly the bits `from..to` in order, without gap or overlap. Tables assert it when compiled.
pub const fn tiles(rows: &[Field], from: u32, to: u32) -> bool {
    let mut at = from;
    let mut i = 0;
    while i < rows.len() {
        if rows[i].bits.pos != at || rows[i].bits.len == 0 {
            return false;
        }
        at += rows[i].bits.len;
        i += 1;
    }
    at == to
}

/// A field that was found in a packet.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub field: &'static Field,
    /// Which bytes it lies in: 0 is the frame, n is `Packet::buffers[n - 1]`.
    pub buffer: u8,
    /// Bits from the start of those bytes; zero length for a generated field (not on the wire).
    pub at: Bits,
    /// The value as tshark's PDML shows it.
    pub show: String,
    /// What the value means in words, where the number alone does not say (`IPv4` for 0x0800); empty otherwise.
    pub meaning: String,
    /// Nesting below the layer: 0 for a header's own row, 1 for a flag inside `tcp.flags`, …
    pub depth: u8,
}

/// One header (or the data after the last one).
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// tshark's protocol name: `eth`, `vlan`, `arp`, `ip`, `ipv6`, `icmp`, `icmpv6`, `udp`, `tcp`, `dns`, `data`, …
    pub protocol: &'static str,
    /// Which bytes it lies in: 0 is the frame, n is `Packet::buffers[n - 1]`.
    pub buffer: u8,
    /// First byte in them.
    pub pos: u32,
    /// Bytes of the header (of the payload for `data` and applications), as tshark counts them.
    pub size: u32,
    pub found: Vec<Found>,
}

impl Layer {
    /// The first field with this key.
    pub fn get(&self, key: &str) -> Option<&Found> {
        self.found.iter().find(|found| found.field.key == key)
    }
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
    /// Bytes that are not in the frame as they are: put together out of several frames, or decrypted.
    pub buffers: Vec<Buffer>,
}

/// Bytes that a layer was read from and that are not the frame's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buffer {
    pub made: Made,
    pub bytes: Vec<u8>,
    /// Where the bytes came from, in order; empty where that says nothing (decrypted bytes).
    pub parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Made {
    /// An IP datagram's payload out of its fragments.
    Datagram,
    /// A message out of the segments of a stream.
    Message,
    Decrypted,
    /// Out of the chunks that carried it, or decompressed.
    Unpacked,
}

/// What one frame gave to a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Frame number, from 1.
    pub frame: u32,
    /// First byte in the buffer.
    pub offset: u32,
    pub len: u32,
}

impl Packet {
    /// The first layer of this protocol.
    pub fn layer(&self, protocol: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.protocol == protocol)
    }
}

/// What only the conversation knows about a packet: relative numbers, window scale, and what its payload is a part of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    pub tcp_stream: Option<u32>,
    pub udp_stream: Option<u32>,
    /// Number of the conversation over UDP that is the outermost tunnel around all of that.
    pub tunnel_stream: Option<u32>,
    /// Sequence number that counts as 0 for the sender.
    pub seq_base: Option<u32>,
    /// Sequence number that counts as 0 for the receiver.
    pub ack_base: Option<u32>,
    /// Shift announced by the sender where both ends announced one (RFC 7323 §2.2); `None` when the opening was not seen.
    pub window_shift: Option<u8>,
    /// The opening was seen and at least one end did not offer window scaling.
    pub no_window_scaling: bool,
    /// What a control message elsewhere announced for this conversation over UDP.
    pub app: Option<App>,
    /// How the payload divides into messages; `None`: unknown, so the payload is looked at by itself.
    pub carried: Option<Carried>,
    /// What became of this fragment's datagram; `None`: no fragment, or unknown.
    pub fragment: Option<Fragment>,
    /// What a QUIC conversation said before; `None`: it speaks something else, or nothing is known.
    pub quic: Option<QuicKnown>,
}

/// A TCP segment's payload as its stream divides it into messages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    /// What the stream speaks; `None`: nothing that is known here.
    pub app: Option<App>,
    /// In the order of their first bytes in this segment; bytes that are in none were seen before.
    pub messages: Vec<Message>,
    /// What TLS had chosen when the last of them was sent.
    pub chosen: Chosen,
}

/// A message that a segment carries, or carries a part of.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The part of it in this segment's payload: first byte, and one past the last.
    pub from: u32,
    pub to: u32,
    pub whole: Whole,
}

/// Where a message is whole.
#[derive(Clone, Debug, PartialEq)]
pub enum Whole {
    /// It lies in this segment from its first byte to its last.
    Within,
    /// It ends in this segment and began in an earlier one.
    Ends(Buffer),
    /// It ends in a later frame.
    In(u32),
    /// Its end is not in the capture, or it is longer than what is put together.
    Never,
}

/// An IP fragment and the datagram that it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Fragment {
    /// Whether it carries bytes that another fragment had brought already.
    pub overlaps: bool,
    pub whole: Datagram,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Datagram {
    /// This fragment was the last one missing: the datagram's payload.
    Ends(Buffer),
    /// The frame whose fragment was the last one missing.
    In(u32),
    /// Bytes `from..to` of its payload never came; `to` is `None` where its end is not known.
    Missing { from: u32, to: Option<u32> },
}
