//! pcapng → records (draft-ietf-opsawg-pcapng): blocks in sections, each with its own byte order and interfaces.

use std::net::IpAddr;

use super::bytes::Order;
use super::reader::Step;
use super::remarks::{Remarks, words};
use super::window::Window;
use super::{LinkType, MAX_BLOCK, MAX_PACKET, Record, Source};

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OBSOLETE_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const NAMES: u32 = 4;
const STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;

fn is_read(kind: u32) -> bool {
    matches!(kind, SECTION | INTERFACE | OBSOLETE_PACKET | SIMPLE_PACKET | NAMES | STATISTICS | ENHANCED_PACKET)
}

/// The byte-order mark of a section header, as its writer sees it.
const ORDER_MARK: u32 = 0x1a2b_3c4d;
/// Type and length before a block's body, and the length again after it.
const SMALLEST_BLOCK: u32 = 12;
const BODY: usize = 8;

const OPT_COMMENT: u16 = 1;
const IF_TSRESOL: u16 = 9;
const IF_TSOFFSET: u16 = 14;

const NANOSECONDS: u64 = 1_000_000_000;

/// Whether `head` begins as a pcapng file does.
pub(super) fn begins(head: &[u8]) -> bool {
    head.starts_with(&SECTION.to_be_bytes())
}

/// Where a reader stands within the sections of a file.
#[derive(Default)]
pub(super) struct Pcapng {
    order: Option<Order>,
    interfaces: Vec<Interface>,
    /// Number of the section's first interface, counted over all sections.
    first_interface: u32,
}

struct Interface {
    link: LinkType,
    /// The most that a simple packet block holds of a packet; zero: no bound.
    snap: u32,
    /// Ticks in a second; `None` where they are more than 128 bits hold.
    ticks: Option<u128>,
    /// Seconds to add.
    offset: i64,
}

impl Pcapng {
    /// Whether a section header with a byte-order mark stands at the beginning.
    pub fn opens(head: &[u8]) -> bool {
        begins(head) && order_of(head).is_some()
    }

    /// Walks over blocks to the next packet, moving `position` past those that are none. `frame` is the number that the
    /// packet will have.
    pub fn step<S: Source>(
        &mut self,
        window: &mut Window<S>,
        position: &mut u64,
        frame: u32,
        remarks: &mut Remarks,
    ) -> Result<Step, String> {
        loop {
            let at = *position;
            let Some(head) = window.get(at, SMALLEST_BLOCK as usize)? else {
                return Ok(Step::missing(window, at, u64::from(SMALLEST_BLOCK)));
            };
            let (kind, length) = match self.block(head) {
                Ok(block) => block,
                Err(why) => return Ok(Step::Damage(why)),
            };
            let next = at.saturating_add(u64::from(length));
            // Blocks that nobody reads are jumped over, however large; their closing length is looked at all the same.
            let (start, size) = if is_read(kind) { (at, length) } else { (next.saturating_sub(4), 4) };
            let Some(block) = window.get(start, size as usize)? else {
                return Ok(Step::Cut(u64::from(length)));
            };
            let order = self.order.unwrap_or(Order::Little);
            let end = block.len().saturating_sub(4);
            let again = order.u32(block, end);
            if again != length {
                return Ok(Step::Damage(format!("the block begins with length {length} and ends with {again}")));
            }
            if let Some(body) = block.get(BODY..end) {
                match self.read(order, kind, body, at, frame, remarks) {
                    Ok(Some(record)) => return Ok(Step::Packet(record, next)),
                    Ok(None) => {}
                    Err(why) => return Ok(Step::Damage(why)),
                }
            }
            *position = next;
        }
    }

    /// Type and length of the block whose first 12 bytes are `head`; a section header sets the byte order first.
    fn block(&mut self, head: &[u8]) -> Result<(u32, u32), String> {
        if begins(head) {
            self.order = Some(order_of(head).ok_or("the section header has no valid byte-order mark")?);
        }
        let order = self.order.ok_or("the file does not begin with a section header")?;
        let (kind, length) = (order.u32(head, 0), order.u32(head, 4));
        let smallest = match kind {
            SECTION => 28,
            INTERFACE => 20,
            OBSOLETE_PACKET | ENHANCED_PACKET => 32,
            SIMPLE_PACKET => 16,
            STATISTICS => 24,
            _ => SMALLEST_BLOCK,
        };
        if !(smallest..=MAX_BLOCK).contains(&length) || !length.is_multiple_of(4) {
            return Err(format!(
                "a block of type {kind:#x} claims {length} bytes, which must be a multiple of 4 from {smallest} to {MAX_BLOCK}"
            ));
        }
        Ok((kind, length))
    }

    /// Takes in one whole block that stands at `at`; a packet becomes a record.
    fn read(
        &mut self,
        order: Order,
        kind: u32,
        body: &[u8],
        at: u64,
        frame: u32,
        remarks: &mut Remarks,
    ) -> Result<Option<Record>, String> {
        match kind {
            SECTION => self.section(order, body, remarks)?,
            INTERFACE => self.interface(order, body, remarks)?,
            NAMES => names(order, body, remarks),
            STATISTICS => remarks.statistics = remarks.statistics.saturating_add(1),
            SIMPLE_PACKET => return self.simple(order, body, at).map(Some),
            _ => {
                let (record, options) = self.packet(order, kind, body, at)?;
                for (code, value) in options {
                    if code == OPT_COMMENT {
                        remarks.comment(frame, value);
                    }
                }
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    fn section(&mut self, order: Order, body: &[u8], remarks: &mut Remarks) -> Result<(), String> {
        let (major, minor) = (order.u16(body, 4), order.u16(body, 6));
        if major != 1 {
            return Err(format!("the section has version {major}.{minor} of pcapng, and 1 is the one that is known"));
        }
        self.first_interface =
            self.first_interface.saturating_add(u32::try_from(self.interfaces.len()).unwrap_or(u32::MAX));
        self.interfaces.clear();
        for (code, value) in options(order, body, 16) {
            if code == OPT_COMMENT {
                remarks.note(format!("Comment on the capture: {}", words(value)));
            }
        }
        Ok(())
    }

    fn interface(&mut self, order: Order, body: &[u8], remarks: &mut Remarks) -> Result<(), String> {
        let number = self.number(self.interfaces.len())?;
        let link = LinkType(order.u16(body, 0));
        let mut interface = Interface { link, snap: order.u32(body, 4), ticks: Some(1_000_000), offset: 0 };
        for (code, value) in options(order, body, 8) {
            match (code, value) {
                (IF_TSRESOL, [power, ..]) => {
                    let base = if power & 0x80 == 0 { 10u128 } else { 2 };
                    interface.ticks = base.checked_pow(u32::from(power & 0x7f));
                }
                (IF_TSOFFSET, [_, _, _, _, _, _, _, _, ..]) => interface.offset = order.i64(value, 0),
                (OPT_COMMENT, _) => remarks.note(format!("Comment on interface {number}: {}", words(value))),
                _ => {}
            }
        }
        remarks.link(link);
        self.interfaces.push(interface);
        Ok(())
    }

    /// An enhanced packet block, or the packet block that it replaced, and the options after its bytes.
    fn packet<'a>(
        &self,
        order: Order,
        kind: u32,
        body: &'a [u8],
        at: u64,
    ) -> Result<(Record, impl Iterator<Item = (u16, &'a [u8])> + use<'a>), String> {
        let id = if kind == ENHANCED_PACKET { order.u32(body, 0) } else { u32::from(order.u16(body, 0)) };
        let ticks = u64::from(order.u32(body, 4)) << 32 | u64::from(order.u32(body, 8));
        let (captured, length) = (order.u32(body, 12), order.u32(body, 16));
        let room = body.len().saturating_sub(20);
        if captured > MAX_PACKET || captured as usize > room {
            return Err(format!(
                "the packet claims {captured} bytes, {room} are in its block, and {MAX_PACKET} is the most that is believed"
            ));
        }
        let (interface, number) = self.of(id)?;
        let offset = at.saturating_add(BODY as u64 + 20);
        let time = interface.time(ticks);
        let record = Record { offset, time, captured, length, link: interface.link, interface: number };
        Ok((record, options(order, body, 20 + (captured as usize).next_multiple_of(4))))
    }

    /// A simple packet block: the first interface's, without time.
    fn simple(&self, order: Order, body: &[u8], at: u64) -> Result<Record, String> {
        let (interface, number) = self.of(0)?;
        let length = order.u32(body, 0);
        let room = u32::try_from(body.len().saturating_sub(4)).unwrap_or(u32::MAX);
        let snap = if interface.snap == 0 { u32::MAX } else { interface.snap };
        let captured = length.min(snap).min(room);
        if captured > MAX_PACKET {
            return Err(format!("the packet has {captured} bytes, and {MAX_PACKET} is the most that is believed"));
        }
        let offset = at.saturating_add(BODY as u64 + 4);
        Ok(Record { offset, time: 0, captured, length, link: interface.link, interface: number })
    }

    /// The section's interface `id` and its number over all sections.
    fn of(&self, id: u32) -> Result<(&Interface, u16), String> {
        let at = usize::try_from(id).unwrap_or(usize::MAX);
        let count = self.interfaces.len();
        let interface = self.interfaces.get(at);
        let interface = interface
            .ok_or_else(|| format!("the packet names interface {id}, and its section has described {count}"))?;
        Ok((interface, self.number(at)?))
    }

    fn number(&self, at: usize) -> Result<u16, String> {
        let number = u64::from(self.first_interface).saturating_add(at as u64);
        u16::try_from(number).map_err(|_| format!("the capture has more than {} interfaces", u32::from(u16::MAX) + 1))
    }
}

impl Interface {
    /// Ticks → nanoseconds since 1970; times that 64 bits do not hold become the nearest one that they do.
    fn time(&self, ticks: u64) -> i64 {
        let nanoseconds = match self.ticks {
            Some(1_000_000) => i128::from(ticks) * 1_000,
            Some(1_000_000_000) => i128::from(ticks),
            Some(per_second) => {
                let product = u128::from(ticks) * u128::from(NANOSECONDS);
                product.checked_div(per_second).and_then(|time| i128::try_from(time).ok()).unwrap_or(0)
            }
            None => 0,
        };
        let time = nanoseconds + i128::from(self.offset) * i128::from(NANOSECONDS);
        i64::try_from(time).unwrap_or(if time < 0 { i64::MIN } else { i64::MAX })
    }
}

/// The byte order of the section whose header begins with `head`.
fn order_of(head: &[u8]) -> Option<Order> {
    let mark = head.get(BODY..BODY + 4)?;
    [Order::Little, Order::Big].into_iter().find(|order| order.u32(mark, 0) == ORDER_MARK)
}

/// The options of a block from `start` of its body: code and value. An option that overruns the block ends them.
fn options(order: Order, body: &[u8], start: usize) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = body.get(start..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (code, value, after) = option(order, rest)?;
        rest = after;
        (code != 0).then_some((code, value))
    })
}

/// One type-length-value with its padding taken off, and what follows it.
fn option(order: Order, rest: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let value = rest.get(4..)?;
    let length = usize::from(order.u16(rest, 2));
    let after = value.get(length.next_multiple_of(4)..).unwrap_or_default();
    Some((order.u16(rest, 0), value.get(..length)?, after))
}

/// A name resolution block: records of an address and the zero-ended names that it has.
fn names(order: Order, body: &[u8], remarks: &mut Remarks) {
    for (kind, value) in options(order, body, 0) {
        let found = match kind {
            1 => value.split_first_chunk::<4>().map(|(address, names)| (IpAddr::from(*address), names)),
            2 => value.split_first_chunk::<16>().map(|(address, names)| (IpAddr::from(*address), names)),
            _ => None,
        };
        let Some((address, names)) = found else { continue };
        for name in names.split(|&byte| byte == 0).filter(|name| !name.is_empty()) {
            remarks.name(address, name);
        }
    }
}
