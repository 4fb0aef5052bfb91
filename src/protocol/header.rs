//! Frame bytes + table rows → found fields: the one reader that every protocol file decodes with.

use super::field::{Bits, Buffer, Context, Field, Found, Layer, Show, Stop, bits};

/// What the next layer has to be told about the ones around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Which bytes: 0 is the frame, n is `Packet::buffers[n - 1]`.
    pub buffer: u8,
    /// First byte in them.
    pub start: usize,
    /// One past the last byte, as the layers below claim; may lie beyond what was captured.
    pub end: usize,
    /// Inside an ICMP error: a router quotes only the beginning of a packet, so missing bytes are no flaw.
    pub quoted: bool,
    /// Sum of the network layer's pseudo header, for the checksums of the layers above.
    pub pseudo: Option<Pseudo>,
}

/// Addresses that enter a transport checksum (RFC 9293 §3.1, RFC 8200 §8.1).
#[derive(Clone, Copy, Debug)]
pub(super) enum Pseudo {
    V4 { source: [u8; 4], destination: [u8; 4] },
    V6 { source: [u8; 16], destination: [u8; 16] },
}

/// What a decoder says comes after its header; the dispatcher knows which protocol that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing follows, or what follows cannot be read.
    End,
    Data,
    EtherType(u16),
    /// What an IEEE 802.3 length counts.
    Llc,
    /// Data of an LLC access point.
    LlcPoint(u8),
    /// A whole Ethernet frame.
    Ethernet,
    Ppp,
    PppProtocol(u16),
    /// Nothing but its first bytes says what it is.
    BelowMpls,
    /// An 802.11 frame, and whether it ends with its check sequence.
    Wlan(bool),
    /// The body of a management frame of this subtype.
    WlanManagement(u8),
    WlanBundle,
    Eap,
    /// By the subtype of a slow protocol.
    Slow(u8),
    /// By a number of Cisco's.
    Cisco(u16),
    IpProtocol(u8),
    /// By the version nibble of the first byte.
    IpVersion,
    UdpPorts(u16, u16),
    TcpPorts(u16, u16),
    /// The packet that an ICMP error quotes.
    Quoted,
    /// Another message of the same protocol.
    Same,
    /// The body of a message: text or not.
    Media(bool),
    /// A session description.
    Sdp,
    /// TLS handshake messages without records.
    Handshake,
}

/// The result of a `decode`: what follows, and where. `end` may only shrink.
pub(super) struct Step {
    pub next: Next,
    pub place: Place,
}

/// One header that is being read.
pub(super) struct Header<'a> {
    /// The frame, or the buffer that the header lies in.
    frame: &'a [u8],
    pub place: Place,
    pub context: &'a Context,
    pub layer: Layer,
    pub stop: Option<Stop>,
    /// What else follows, after the step that `decode` returns and all that comes of it.
    pub later: Vec<Step>,
    /// Bytes that this header brought to light, and the number that the first of them gets.
    pub buffers: Vec<Buffer>,
    pub first_buffer: u8,
}

impl<'a> Header<'a> {
    pub fn new(frame: &'a [u8], place: Place, context: &'a Context) -> Header<'a> {
        let found = Vec::with_capacity(16);
        let layer = Layer { protocol: "", buffer: place.buffer, pos: place.start as u32, size: 0, found };
        let (stop, later, buffers, first_buffer) = (None, Vec::new(), Vec::new(), place.buffer + 1);
        Header { frame, place, context, layer, stop, later, buffers, first_buffer }
    }

    /// Says that something else follows, too: after the step that `decode` returns and all that comes of it.
    pub fn also(&mut self, next: Next, place: Place) {
        self.later.push(Step { next, place });
    }

    /// Keeps bytes that were put together or decrypted, and returns the whole of them as a place; `None` when there are
    /// too many such buffers already.
    pub fn spawn(&mut self, buffer: Buffer) -> Option<Place> {
        let number = usize::from(self.first_buffer) + self.buffers.len();
        let number = u8::try_from(number).ok().filter(|number| *number < u8::MAX)?;
        let place = Place { buffer: number, start: 0, end: buffer.bytes.len(), ..self.place };
        self.buffers.push(buffer);
        Some(place)
    }

    /// Reads on in bytes of `spawn`: the fields that `read` finds there become this layer's own.
    pub fn inside<T>(&mut self, bytes: &[u8], place: Place, read: impl FnOnce(&mut Header) -> T) -> T {
        let mut inner = Header::new(bytes, place, self.context);
        inner.layer.protocol = self.layer.protocol;
        inner.first_buffer = self.first_buffer + self.buffers.len() as u8;
        let result = read(&mut inner);
        let Header { layer, stop, later, buffers, .. } = inner;
        self.layer.found.extend(layer.found);
        self.stop = self.stop.take().or(stop);
        self.later.extend(later);
        self.buffers.extend(buffers);
        result
    }

    /// Names the layer and says how many bytes it takes; more than there are count only as far as they go.
    pub fn is(&mut self, protocol: &'static str, size: usize) {
        self.layer.protocol = protocol;
        self.layer.size = size.min(self.have()) as u32;
    }

    /// Counts offsets and rows from `bytes` further on: a message behind a length that is shown in the same layer.
    pub fn shift(&mut self, bytes: usize) {
        self.place.start += bytes;
    }

    /// Bytes at hand, from the first byte of this header.
    pub fn have(&self) -> usize {
        self.frame.len().min(self.place.end).saturating_sub(self.place.start)
    }

    /// Bytes that the layers below say there are, from the first byte of this header.
    pub fn claimed(&self) -> usize {
        self.place.end.saturating_sub(self.place.start)
    }

    /// All bytes at hand from this offset on.
    pub fn rest(&self, offset: usize) -> &'a [u8] {
        let end = self.frame.len().min(self.place.end);
        self.frame.get(self.place.start.saturating_add(offset)..end).unwrap_or(&[])
    }

    pub fn bytes(&self, offset: usize, len: usize) -> Option<&'a [u8]> {
        self.rest(offset).get(..len)
    }

    pub fn array<const N: usize>(&self, offset: usize) -> Option<[u8; N]> {
        self.rest(offset).first_chunk().copied()
    }

    pub fn u8(&self, offset: usize) -> Option<u8> {
        self.rest(offset).first().copied()
    }

    pub fn u16(&self, offset: usize) -> Option<u16> {
        self.array(offset).map(u16::from_be_bytes)
    }

    pub fn u32(&self, offset: usize) -> Option<u32> {
        self.array(offset).map(u32::from_be_bytes)
    }

    /// Reads the rows of a fixed table one after the other; stops, and says so, at the first that is not whole.
    pub fn rows(&mut self, rows: &'static [Field], depth: u8) -> Option<()> {
        rows.iter().try_for_each(|row| self.row(row, depth).map(|_| ()))
    }

    /// Reads one row at the bits that its table states, and returns its value (the lowest 64 bits of it).
    pub fn row(&mut self, row: &'static Field, depth: u8) -> Option<u64> {
        self.read(row, row.bits, depth)
    }

    /// Reads a field whose place was computed: `len` bytes at `offset` from the header's first byte.
    pub fn at(&mut self, field: &'static Field, offset: usize, len: usize, depth: u8) -> Option<u64> {
        self.read(field, bits(offset as u32 * 8, len as u32 * 8), depth)
    }

    /// Reads a field of single bits inside a part that starts at `offset` bytes; its row counts from that start.
    pub fn within(&mut self, row: &'static Field, offset: usize, depth: u8) -> Option<u64> {
        self.read(row, bits(offset as u32 * 8 + row.bits.pos, row.bits.len), depth)
    }

    fn read(&mut self, field: &'static Field, at: Bits, depth: u8) -> Option<u64> {
        let first = (at.pos / 8) as usize;
        let after = (at.pos + at.len).div_ceil(8) as usize;
        let Some(bytes) = self.bytes(first, after - first) else {
            self.cut(first, after - first);
            return None;
        };
        let value = number(bytes, at);
        let (show, meaning) = (print(field.show, value, bytes), field.word(value).to_string());
        self.put(field, at, show, meaning, depth);
        Some(value)
    }

    /// Reads a text of fixed size, which a zero byte may end before that.
    pub fn text(&mut self, field: &'static Field, offset: usize, len: usize, depth: u8) -> Option<()> {
        let Some(bytes) = self.bytes(offset, len) else {
            self.cut(offset, len);
            return None;
        };
        let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        let at = bits(offset as u32 * 8, len as u32 * 8);
        self.put(field, at, String::from_utf8_lossy(text).into_owned(), String::new(), depth);
        Some(())
    }

    /// Pushes a field whose printed value the decoder made; `at` counts from the header's first byte.
    pub fn put(&mut self, field: &'static Field, at: Bits, show: String, meaning: String, depth: u8) {
        let base = if at.len == 0 { 0 } else { self.place.start as u32 * 8 };
        let (buffer, at) = (self.place.buffer, bits(base + at.pos, at.len));
        self.layer.found.push(Found { field, buffer, at, show, meaning, depth });
    }

    /// Pushes a field that is not on the wire but follows from what is.
    pub fn generate(&mut self, field: &'static Field, value: impl ToString, depth: u8) {
        let show = value.to_string();
        let meaning = show.parse().map_or("", |number| field.word(number)).to_string();
        self.put(field, bits(0, 0), show, meaning, depth);
    }

    /// Words for the field that was pushed last.
    pub fn means(&mut self, meaning: impl Into<String>) {
        if let Some(found) = self.layer.found.last_mut() {
            found.meaning = meaning.into();
        }
    }

    /// Says that the header itself is cut: `needed` bytes at `offset`, and fewer are there.
    pub fn cut(&mut self, offset: usize, needed: usize) {
        if self.place.quoted {
            return;
        }
        let had = self.rest(offset).len();
        let part = if self.layer.protocol == "data" { "the data" } else { "this header" };
        let why = if self.place.start + offset + needed <= self.place.end {
            format!("The capture ends after {} bytes of this frame, inside {part}.", self.frame.len())
        } else {
            format!("The packet ends inside {part}.")
        };
        self.stopped(offset, needed, had, "", why);
    }

    /// Says that a length field claims more bytes than there are.
    pub fn claims(&mut self, field: &'static Field, offset: usize, needed: usize) {
        let had = self.rest(offset).len();
        if self.place.quoted || had >= needed {
            return;
        }
        let why = format!("{} claims {needed} bytes and {had} of them are here.", field.key);
        self.stopped(offset, needed, had, field.key, why);
    }

    /// Says that a value makes no sense, so nothing behind it can be trusted; nothing is missing.
    pub fn refuse(&mut self, field: &'static Field, offset: usize, why: impl Into<String>) {
        self.stopped(offset, 0, 0, field.key, why.into());
    }

    fn stopped(&mut self, offset: usize, needed: usize, had: usize, claimed_by: &str, why: String) {
        self.stop = Some(Stop {
            protocol: self.layer.protocol.to_string(),
            offset: (self.place.start + offset + had).min(self.frame.len()) as u32,
            needed: needed as u32,
            had: had as u32,
            claimed_by: claimed_by.to_string(),
            why,
        });
    }

    /// What follows begins `offset` bytes from the header's first byte and goes as far as this header's own bytes do.
    pub fn then(&self, next: Next, offset: usize) -> Option<Step> {
        self.within_end(next, offset, self.place.end)
    }

    /// Like `then`, but a length field of this header says where the bytes end.
    pub fn within_end(&self, next: Next, offset: usize, end: usize) -> Option<Step> {
        let start = self.place.start + offset;
        let end = end.min(self.place.end).max(start);
        Some(Step { next, place: Place { start, end, ..self.place } })
    }
}

/// The bits `at` of a header as a number; `bytes` are the whole bytes that hold them.
fn number(bytes: &[u8], at: Bits) -> u64 {
    let after = (8 - (at.pos + at.len) % 8) % 8;
    let whole = bytes.iter().fold(0u128, |sum, byte| sum << 8 | u128::from(*byte));
    let mask = if at.len >= 64 { u128::from(u64::MAX) } else { (1 << at.len) - 1 };
    (whole >> after & mask) as u64
}

/// A value as tshark's PDML shows it.
fn print(show: Show, value: u64, bytes: &[u8]) -> String {
    match show {
        Show::Dec => value.to_string(),
        Show::Times(factor) => (value * u64::from(factor)).to_string(),
        Show::Hex(digits) => format!("0x{value:0width$x}", width = usize::from(digits)),
        Show::Flag => u8::from(value != 0).to_string(),
        Show::Ipv4 => std::net::Ipv4Addr::from_bits(value as u32).to_string(),
        Show::Ipv6 => bytes.first_chunk::<16>().map_or(String::new(), |octets| ipv6(*octets)),
        Show::Mac | Show::Bytes => colons(bytes),
        Show::Text => String::from_utf8_lossy(bytes).into_owned(),
        Show::None => String::new(),
    }
}

/// RFC 5952 text form of an address.
pub(super) fn ipv6(octets: [u8; 16]) -> String {
    std::net::Ipv6Addr::from(octets).to_string()
}

pub(super) fn colons(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 3);
    for (i, byte) in bytes.iter().enumerate() {
        if i > 0 {
            text.push(':');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
