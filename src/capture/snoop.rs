//! snoop, the format of Solaris (RFC 1761) → records: a header of 16 bytes, then packets with 24 bytes before each.

use super::bytes::Order;
use super::reader::Step;
use super::remarks::Remarks;
use super::window::Window;
use super::{LinkType, MAX_BLOCK, MAX_PACKET, Record, Source};

const MAGIC: &[u8] = b"snoop\0\0\0";
const FILE_HEADER: usize = 16;
const PACKET_HEADER: usize = 24;
const VERSION: u32 = 2;

/// Everything is big-endian.
const ORDER: Order = Order::Big;

/// Data link types of RFC 1761 that have a `LINKTYPE_` value, which is all that pcap has in common with them.
const LINKS: [(u32, LinkType); 5] = [
    (0, LinkType::ETHERNET),
    (2, LinkType(6)),
    (4, LinkType::ETHERNET),
    (8, LinkType(10)),
    // Solaris' own number for frames over InfiniBand, which Wireshark knows too.
    (22, LinkType(242)),
];

/// Stands for the others: the first of those that mean what a user wants them to.
const PRIVATE: LinkType = LinkType(147);

pub(super) struct Snoop {
    link: LinkType,
}

impl Snoop {
    /// Reads the file header; `None` where `head` is no snoop file of the version that there is.
    pub fn open(head: &[u8], remarks: &mut Remarks) -> Option<Snoop> {
        let fits = head.len() >= FILE_HEADER && head.starts_with(MAGIC) && ORDER.u32(head, 8) == VERSION;
        if !fits {
            return None;
        }
        let number = ORDER.u32(head, 12);
        let link = LINKS.iter().find(|(known, _)| *known == number).map(|&(_, link)| link);
        match link {
            Some(link) => remarks.link(link),
            None => remarks.note(format!("snoop's data link type {number} is not taken apart.")),
        }
        Some(Snoop { link: link.unwrap_or(PRIVATE) })
    }

    /// Where the first packet's header stands.
    pub fn first(&self) -> u64 {
        FILE_HEADER as u64
    }

    pub fn step<S: Source>(&self, window: &mut Window<S>, position: u64) -> Result<Step, String> {
        let header = PACKET_HEADER as u64;
        let Some(head) = window.get(position, PACKET_HEADER)? else {
            return Ok(Step::missing(window, position, header));
        };
        let [length, captured, whole, _drops, seconds, microseconds] =
            [0, 4, 8, 12, 16, 20].map(|at| ORDER.u32(head, at));
        if captured > MAX_PACKET {
            return Ok(Step::Damage(format!(
                "the packet claims {captured} bytes, and {MAX_PACKET} is the most that is believed"
            )));
        }
        // The record ends with padding.
        if u64::from(whole) < header + u64::from(captured) || whole > MAX_BLOCK {
            return Ok(Step::Damage(format!("a record of {whole} bytes claims to hold a packet of {captured}")));
        }
        let offset = position.saturating_add(header);
        if window.get(position, whole as usize)?.is_none() {
            return Ok(Step::Cut(u64::from(whole)));
        }
        let time = i64::from(seconds) * 1_000_000_000 + i64::from(microseconds) * 1_000;
        let record = Record { offset, time, captured, length, link: self.link, interface: 0 };
        Ok(Step::Packet(record, position.saturating_add(u64::from(whole))))
    }
}
