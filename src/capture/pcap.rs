//! pcap → records (draft-ietf-opsawg-pcap): a header of 24 bytes, then packets with 16 bytes before each.

use super::bytes::Order;
use super::reader::Step;
use super::remarks::Remarks;
use super::window::Window;
use super::{LinkType, MAX_PACKET, Record, Source};

const FILE_HEADER: usize = 24;
const MICROSECONDS: u32 = 0xa1b2_c3d4;
const NANOSECONDS: u32 = 0xa1b2_3c4d;
/// Alexey Kuznetzov's format of the 1990s, with 8 bytes more before each packet.
const MODIFIED: u32 = 0xa1b2_cd34;

/// What a pcap file's header says.
pub(super) struct Pcap {
    order: Order,
    magic: u32,
    link: LinkType,
}

impl Pcap {
    /// Reads the file header; `None` where `head` is no pcap file.
    pub fn open(head: &[u8], remarks: &mut Remarks) -> Option<Pcap> {
        if head.len() < FILE_HEADER {
            return None;
        }
        let order = order(head)?;
        // Above the link type stand the length of the frame check sequence and reserved bits.
        let link = LinkType(u16::try_from(order.u32(head, 20) & 0xffff).unwrap_or(0));
        let pcap = Pcap { order, magic: order.u32(head, 0), link };
        remarks.link(link);
        Some(pcap)
    }

    /// Where the first packet's header stands.
    pub fn first(&self) -> u64 {
        FILE_HEADER as u64
    }

    pub fn describe(&self) -> String {
        let unit = if self.magic == NANOSECONDS { "nanoseconds" } else { "microseconds" };
        format!("pcap, {unit}, {}", self.order.word())
    }

    pub fn step<S: Source>(&self, window: &mut Window<S>, position: u64) -> Result<Step, String> {
        let header = if self.magic == MODIFIED { 24 } else { 16 };
        let Some(head) = window.get(position, header)? else {
            return Ok(Step::missing(window, position, header as u64));
        };
        let seconds = self.order.u32(head, 0);
        let fraction = self.order.u32(head, 4);
        let captured = self.order.u32(head, 8);
        let length = self.order.u32(head, 12);
        if captured > MAX_PACKET {
            return Ok(Step::Damage(format!(
                "the packet claims {captured} bytes, and {MAX_PACKET} is the most that is believed"
            )));
        }
        let offset = position.saturating_add(header as u64);
        let next = offset.saturating_add(u64::from(captured));
        if window.get(offset, captured as usize)?.is_none() {
            return Ok(Step::Cut(header as u64 + u64::from(captured)));
        }
        let unit = if self.magic == NANOSECONDS { 1 } else { 1_000 };
        let time = i64::from(seconds) * 1_000_000_000 + i64::from(fraction) * unit;
        Ok(Step::Packet(Record { offset, time, captured, length, link: self.link, interface: 0 }, next))
    }
}

fn order(head: &[u8]) -> Option<Order> {
    let known = |order: &Order| matches!(order.u32(head, 0), MICROSECONDS | NANOSECONDS | MODIFIED);
    [Order::Little, Order::Big].into_iter().find(known)
}

/// Whether `head` begins as a pcap file does, even where the rest of its header is missing.
pub(super) fn begins(head: &[u8]) -> bool {
    order(head).is_some()
}
