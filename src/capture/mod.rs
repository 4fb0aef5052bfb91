//! Bytes → records: which capture format this is, and where each packet's bytes lie in it.

mod bytes;
mod column;
mod content;
mod convert;
mod error;
#[cfg(not(target_arch = "wasm32"))]
mod file;
pub mod generate;
mod gzip;
mod import;
mod pcap;
mod pcapng;
mod reader;
mod remarks;
mod snoop;
mod window;
mod write;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use column::{Column, Index};
pub use content::Content;
pub use convert::{Origin, convert, needs_conversion};
pub use error::OpenError;
#[cfg(not(target_arch = "wasm32"))]
pub use file::FileSource;
pub use gzip::MAX_UNPACKED;
pub use import::MAX_TEXT;
pub use reader::{Reader, open, open_plain};
pub use remarks::Name;
pub use write::{PcapWriter, PcapngWriter};

/// The longest packet that a record may claim; Wireshark and libpcap draw the same line, so that a damaged length
/// never asks for memory that the capture does not fill.
pub const MAX_PACKET: u32 = 256 * 1024;

/// The longest pcapng block that is believed, as in Wireshark.
pub const MAX_BLOCK: u32 = 16 * 1024 * 1024;

/// A `LINKTYPE_` value as pcap files carry it (<https://www.tcpdump.org/linktypes.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LinkType(pub u16);

impl LinkType {
    pub const NULL: LinkType = LinkType(0);
    pub const ETHERNET: LinkType = LinkType(1);
    pub const PPP: LinkType = LinkType(9);
    pub const PPP_HDLC: LinkType = LinkType(50);
    pub const PPP_ETHER: LinkType = LinkType(51);
    pub const IEEE802_11: LinkType = LinkType(105);
    pub const RADIOTAP: LinkType = LinkType(127);
    pub const RAW: LinkType = LinkType(101);
    pub const LOOP: LinkType = LinkType(108);
    pub const LINUX_SLL: LinkType = LinkType(113);
    pub const IPV4: LinkType = LinkType(228);
    pub const IPV6: LinkType = LinkType(229);
    pub const LINUX_SLL2: LinkType = LinkType(276);

    /// Whether the protocols here take such frames apart.
    pub fn is_known(self) -> bool {
        KNOWN_LINKS.iter().any(|&(link, _)| link == self)
    }
}

const KNOWN_LINKS: [(LinkType, &str); 13] = [
    (LinkType::NULL, "NULL"),
    (LinkType::ETHERNET, "EN10MB"),
    (LinkType::PPP, "PPP"),
    (LinkType::PPP_HDLC, "PPP_HDLC"),
    (LinkType::PPP_ETHER, "PPP_ETHER"),
    (LinkType::IEEE802_11, "IEEE802_11"),
    (LinkType::RADIOTAP, "IEEE802_11_RADIO"),
    (LinkType::RAW, "RAW"),
    (LinkType::LOOP, "LOOP"),
    (LinkType::LINUX_SLL, "LINUX_SLL"),
    (LinkType::IPV4, "IPV4"),
    (LinkType::IPV6, "IPV6"),
    (LinkType::LINUX_SLL2, "LINUX_SLL2"),
];

/// Link types that teachers meet and that are only named here; all others are known by their number.
const NAMED_LINKS: [(LinkType, &str); 7] = [
    (LinkType(104), "C_HDLC"),
    (LinkType(107), "FRELAY"),
    (LinkType(189), "USB_LINUX"),
    (LinkType(195), "IEEE802_15_4_WITHFCS"),
    (LinkType(201), "BLUETOOTH_HCI_H4_WITH_PHDR"),
    (LinkType(227), "CAN_SOCKETCAN"),
    (LinkType(249), "USBPCAP"),
];

/// The number, with the name where there is one: `1 (EN10MB)`.
impl fmt::Display for LinkType {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match KNOWN_LINKS.iter().chain(&NAMED_LINKS).find(|(link, _)| link == self) {
            Some((_, name)) => write!(f, "{} ({name})", self.0),
            None => write!(f, "{}", self.0),
        }
    }
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
    /// Interface number, counted over all sections; 0 in a pcap file. (tshark's `frame.interface_id` begins anew with each
    /// section.)
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
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.len());
        let count = buffer.len().min(self.len() - start);
        buffer[..count].copy_from_slice(&self[start..start + count]);
        Ok(count)
    }
}
