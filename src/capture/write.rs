//! Packets → a pcap or pcapng file with nanoseconds, little-endian, as libpcap 1.5 and later and Wireshark read it.

use std::io::{self, Write};

use super::{LinkType, MAX_PACKET, Record};

/// Magic of a pcap file whose times have nanoseconds.
const MAGIC: u32 = 0xa1b2_3c4d;

/// Writes one capture; each packet goes straight to the writer, so give it a buffered one.
pub struct PcapWriter<W: Write> {
    writer: W,
}

impl<W: Write> PcapWriter<W> {
    /// Writes the file header.
    pub fn new(mut writer: W, link: LinkType) -> io::Result<PcapWriter<W>> {
        let mut header = Vec::with_capacity(24);
        header.extend(MAGIC.to_le_bytes());
        header.extend(2u16.to_le_bytes());
        header.extend(4u16.to_le_bytes());
        header.extend([0; 8]);
        header.extend(MAX_PACKET.to_le_bytes());
        header.extend(u32::from(link.0).to_le_bytes());
        writer.write_all(&header)?;
        Ok(PcapWriter { writer })
    }

    /// Appends a packet. `time` is nanoseconds since 1970-01-01 UTC (the format has 1970 to 2106; others are moved to the
    /// nearer end), `length` the bytes that were on the wire. Errors: the writer's, and a packet longer than `MAX_PACKET`.
    pub fn packet(&mut self, time: i64, length: u32, bytes: &[u8]) -> io::Result<()> {
        let captured = u32::try_from(bytes.len()).ok().filter(|&count| count <= MAX_PACKET);
        let captured = captured.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let time = u64::try_from(time).unwrap_or(0);
        let seconds = u32::try_from(time / 1_000_000_000).unwrap_or(u32::MAX);
        let nanoseconds = u32::try_from(time % 1_000_000_000).unwrap_or(0);
        for word in [seconds, nanoseconds, captured, length] {
            self.writer.write_all(&word.to_le_bytes())?;
        }
        self.writer.write_all(bytes)
    }

    /// Flushes and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.flush()?;
        Ok(self.writer)
    }
}

/// Writes a pcapng capture: one section, an interface description before its first packet, comments beside packets.
pub struct PcapngWriter<W: Write> {
    writer: W,
    /// What each interface described so far was in the capture that is copied: its number and link type.
    interfaces: Vec<(u16, LinkType)>,
}

/// Block types, option codes and the clock (draft-ietf-opsawg-pcapng).
const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const ENHANCED_PACKET: u32 = 6;
const COMMENT: u16 = 1;
const USER_APPLICATION: u16 = 4;
const CLOCK: u16 = 9;
/// Ten to the power of minus nine seconds.
const NANOSECONDS: u8 = 9;
/// An option's length is a 16-bit number; a multiple of four below that.
const LONGEST_OPTION: usize = 65_532;

impl<W: Write> PcapngWriter<W> {
    /// Writes the section header.
    pub fn new(writer: W) -> io::Result<PcapngWriter<W>> {
        let mut file = PcapngWriter { writer, interfaces: Vec::new() };
        let mut body = Vec::new();
        body.extend(0x1a2b_3c4du32.to_le_bytes());
        body.extend([1, 0, 0, 0]);
        body.extend(u64::MAX.to_le_bytes());
        option(&mut body, USER_APPLICATION, b"Packet Theater");
        option(&mut body, 0, b"");
        file.block(SECTION, &body)?;
        Ok(file)
    }

    /// Appends a packet; of `record` its time (1970 and later; an earlier one becomes 1970), length, link and interface
    /// count. Errors: the writer's, and a packet longer than `MAX_PACKET`.
    pub fn packet(&mut self, record: &Record, bytes: &[u8], comments: &[String]) -> io::Result<()> {
        let captured = u32::try_from(bytes.len()).ok().filter(|&count| count <= MAX_PACKET);
        let captured = captured.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let interface = self.interface(record)?;
        let time = u64::try_from(record.time).unwrap_or(0);
        let mut body = Vec::with_capacity(bytes.len() + 64);
        for word in [interface, (time >> 32) as u32, time as u32, captured, record.length] {
            body.extend(word.to_le_bytes());
        }
        body.extend(bytes);
        body.resize(body.len().next_multiple_of(4), 0);
        for comment in comments {
            option(&mut body, COMMENT, comment.as_bytes());
        }
        if !comments.is_empty() {
            option(&mut body, 0, b"");
        }
        self.block(ENHANCED_PACKET, &body)
    }

    /// The number of the packet's interface, which is described first where it is new.
    fn interface(&mut self, record: &Record) -> io::Result<u32> {
        let wanted = (record.interface, record.link);
        let known = self.interfaces.iter().position(|interface| *interface == wanted);
        let number = known.unwrap_or(self.interfaces.len());
        if known.is_none() {
            self.interfaces.push(wanted);
            let mut body = Vec::new();
            body.extend(record.link.0.to_le_bytes());
            body.extend([0; 2]);
            body.extend(MAX_PACKET.to_le_bytes());
            option(&mut body, CLOCK, &[NANOSECONDS]);
            option(&mut body, 0, b"");
            self.block(INTERFACE, &body)?;
        }
        u32::try_from(number).map_err(io::Error::other)
    }

    fn block(&mut self, kind: u32, body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len().saturating_add(12)).map_err(io::Error::other)?.to_le_bytes();
        self.writer.write_all(&kind.to_le_bytes())?;
        self.writer.write_all(&length)?;
        self.writer.write_all(body)?;
        self.writer.write_all(&length)
    }

    /// Flushes and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.flush()?;
        Ok(self.writer)
    }
}

/// Appends an option with its padding; a value that is too long is cut.
fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    let value = value.get(..LONGEST_OPTION).unwrap_or(value);
    body.extend(code.to_le_bytes());
    body.extend((value.len() as u16).to_le_bytes());
    body.extend(value);
    body.resize(body.len().next_multiple_of(4), 0);
}
