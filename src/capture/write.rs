//! Packets → a pcap file with nanoseconds, little-endian, as libpcap 1.5 and later and Wireshark read it.

use std::io::{self, Write};

use super::{LinkType, MAX_PACKET};

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
