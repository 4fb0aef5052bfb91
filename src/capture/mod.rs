//! Bytes → records: which capture format this is, and where each packet's bytes lie in it.

use serde::{Deserialize, Serialize};

/// A `LINKTYPE_` value as pcap files carry it (<https://www.tcpdump.org/linktypes.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LinkType(pub u16);

impl LinkType {
    pub const NULL: LinkType = LinkType(0);
    pub const ETHERNET: LinkType = LinkType(1);
    pub const RAW: LinkType = LinkType(101);
    pub const LOOP: LinkType = LinkType(108);
    pub const LINUX_SLL: LinkType = LinkType(113);
    pub const IPV4: LinkType = LinkType(228);
    pub const IPV6: LinkType = LinkType(229);
    pub const LINUX_SLL2: LinkType = LinkType(276);
}

/// Where one packet lies in the capture, and when it was seen. Its bytes are read again when somebody looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Offset of the packet's first byte in the source.
    pub offset: u64,
    /// Nanoseconds since 1970-01-01 UTC.
    pub time: i64,
    /// Bytes present in the capture.
    pub captured: u32,
    /// Bytes that were on the wire.
    pub length: u32,
    pub link: LinkType,
    /// Interface number as tshark counts it (over all sections).
    pub interface: u16,
}

/// Random access to the bytes of a capture: a file, a `File` in the browser, a slice.
pub trait Source {
    /// Bytes that the source has now; a growing source may answer more later.
    fn size(&self) -> u64;
    /// Fills `buffer` from `offset` and returns how many bytes there were; fewer than asked only at the end.
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, String>;
}

impl Source for &[u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        let start = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(self.len());
        let count = buffer.len().min(self.len() - start);
        buffer[..count].copy_from_slice(&self[start..start + count]);
        Ok(count)
    }
}
