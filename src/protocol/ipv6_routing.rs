//! The body of an IPv6 routing header → the addresses that the packet visits, and the last of them (RFC 8754, RFC 6554, RFC 6275 §6.4).

use super::field::{COMPUTED, Field, Show, bits, field, tiles, words};
use super::header::{Header, Pseudo, ipv6};

const MOBILE_SPEC: &str = "RFC 6275 §6.4.1";
const RPL_SPEC: &str = "RFC 6554 §3";
const SEGMENT_SPEC: &str = "RFC 8754 §2";
const TLV_SPEC: &str = "RFC 8754 §2.1";

static RPL: [Field; 4] = [
    field("ipv6.routing.rpl.cmprI", "CmprI", bits(32, 4), Show::Dec, RPL_SPEC),
    field("ipv6.routing.rpl.cmprE", "CmprE", bits(36, 4), Show::Dec, RPL_SPEC),
    field("ipv6.routing.rpl.pad", "Padding", bits(40, 4), Show::Dec, RPL_SPEC),
    field("ipv6.routing.rpl.reserved", "Reserved", bits(44, 20), Show::Dec, RPL_SPEC),
];
static SEGMENTS: [Field; 3] = [
    field("ipv6.routing.srh.last_entry", "Last entry", bits(32, 8), Show::Dec, SEGMENT_SPEC),
    field("ipv6.routing.srh.flags", "Flags", bits(40, 8), Show::Hex(2), SEGMENT_SPEC),
    field("ipv6.routing.srh.tag", "Tag", bits(48, 16), Show::Bytes, SEGMENT_SPEC),
];
const _: () = assert!(tiles(&RPL, 32, 64) && tiles(&SEGMENTS, 32, 64));

static SOURCE_RESERVED: Field =
    field("ipv6.routing.src.reserved", "Reserved", bits(32, 32), Show::Bytes, "RFC 2460 §4.4");
static SOURCE_ADDRESS: Field = field("ipv6.routing.src.addr", "Address", COMPUTED, Show::Ipv6, "RFC 2460 §4.4");
static MOBILE_RESERVED: Field =
    field("ipv6.routing.mipv6.reserved", "Reserved", bits(32, 32), Show::Bytes, MOBILE_SPEC);
static HOME: Field = field("ipv6.routing.mipv6.home_address", "Home address", COMPUTED, Show::Ipv6, MOBILE_SPEC);
static COUNT: Field = field("ipv6.routing.rpl.addr_count", "Number of addresses", bits(32, 16), Show::Dec, RPL_SPEC);
static PART: Field = field("ipv6.routing.rpl.address", "Compressed address", COMPUTED, Show::Bytes, RPL_SPEC);
static FULL: Field = field("ipv6.routing.rpl.full_address", "Full address", COMPUTED, Show::Ipv6, RPL_SPEC);
static SEGMENT: Field = field("ipv6.routing.srh.addr", "Segment", COMPUTED, Show::Ipv6, SEGMENT_SPEC);
static UNKNOWN: Field =
    field("ipv6.routing.unknown_data", "Type-specific data", COMPUTED, Show::Bytes, "RFC 8200 §4.4");
// tshark 4.0 reads no further than the segments.
static TLV: Field = field("ipv6.routing.srh.tlv.type", "TLV", COMPUTED, Show::Dec, TLV_SPEC).words(words![
    (0, "Pad1"),
    (4, "PadN"),
    (5, "HMAC")
]);
static TLV_LENGTH: Field = field("ipv6.routing.srh.tlv.length", "TLV length", COMPUTED, Show::Dec, TLV_SPEC);
static TLV_VALUE: Field = field("ipv6.routing.srh.tlv.value", "TLV value", COMPUTED, Show::Bytes, TLV_SPEC);

/// Where the addresses begin, and the bytes of one.
const FIRST: usize = 8;
const ADDRESS: usize = 16;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let others = [
        &SOURCE_RESERVED,
        &SOURCE_ADDRESS,
        &MOBILE_RESERVED,
        &HOME,
        &COUNT,
        &PART,
        &FULL,
        &SEGMENT,
        &UNKNOWN,
        &TLV,
        &TLV_LENGTH,
        &TLV_VALUE,
    ];
    RPL.iter().chain(&SEGMENTS).chain(others)
}

/// Reads what the type says about itself, in a header of `size` bytes. Returns where the packet goes in the end, which is what
/// checksums cover (RFC 8200 §8.1), while it has not arrived there: the last address of a source route, the first one of a segment
/// list, which counts backwards (RFC 8754 §2), or the home address (RFC 6275 §6.4). `None`: it is cut, or shorter than its own list.
pub(super) fn body(header: &mut Header, size: usize) -> Option<Option<[u8; 16]>> {
    let (kind, left) = (header.u8(2)?, header.u8(3)?);
    let last = match kind {
        0 => {
            header.row(&SOURCE_RESERVED, 0)?;
            match (size - FIRST) / ADDRESS {
                0 => return Some(None),
                count => list(header, &SOURCE_ADDRESS, count, size)?.1,
            }
        }
        2 => {
            header.row(&MOBILE_RESERVED, 0)?;
            list(header, &HOME, 1, size)?.0
        }
        3 => return Some(compressed(header, size)?.filter(|_| left > 0)),
        4 => {
            header.rows(&SEGMENTS, 0)?;
            let count = usize::from(header.u8(4)?) + 1;
            let first = list(header, &SEGMENT, count, size)?.0;
            additions(header, FIRST + count * ADDRESS, size);
            first
        }
        _ => {
            header.at(&UNKNOWN, 4, size - 4, 0)?;
            return Some(None);
        }
    };
    Some(Some(last).filter(|_| left > 0))
}

/// Reads as many addresses as there are to be, and returns the first and the last of them.
fn list(header: &mut Header, row: &'static Field, count: usize, size: usize) -> Option<([u8; 16], [u8; 16])> {
    for at in (FIRST..).step_by(ADDRESS).take(count) {
        if at + ADDRESS > size {
            short(header, row, at);
            return None;
        }
        header.at(row, at, ADDRESS, 0)?;
    }
    Some((header.array(FIRST)?, header.array(FIRST + count.checked_sub(1)? * ADDRESS)?))
}

fn short(header: &mut Header, row: &'static Field, at: usize) {
    header.refuse(row, at, "This header ends before the addresses that it announces.");
}

/// Addresses without the bytes that they share with the packet's destination (RFC 6554 §3); returns the last one, if there is any.
fn compressed(header: &mut Header, size: usize) -> Option<Option<[u8; 16]>> {
    header.rows(&RPL, 0)?;
    let [left_out, padding] = header.array(4)?.map(usize::from);
    let (inner, last) = (ADDRESS - (left_out >> 4), ADDRESS - (left_out & 15));
    let room = (size - FIRST).checked_sub((padding >> 4) + last);
    let count = room.map_or(0, |room| room / inner + 1);
    header.put(&COUNT, COUNT.bits, count.to_string(), String::new(), 0);
    if room.is_none() {
        short(header, &PART, FIRST);
    }
    let (mut at, mut whole) = (FIRST, [0; 16]);
    for number in 1..=count {
        let len = if number == count { last } else { inner };
        header.at(&PART, at, len, 0)?;
        let Some(Pseudo::V6 { destination, .. }) = header.place.pseudo else { return Some(None) };
        whole = destination;
        let part = header.bytes(at, len)?;
        whole.iter_mut().rev().zip(part.iter().rev()).for_each(|(to, from)| *to = *from);
        header.put(&FULL, bits(at as u32 * 8, len as u32 * 8), ipv6(whole), String::new(), 1);
        at += len;
    }
    Some((count > 0).then_some(whole))
}

/// What may follow a segment list. Each takes at least a byte, so the header bounds them.
fn additions(header: &mut Header, mut at: usize, size: usize) {
    while at < size {
        let Some(kind) = header.at(&TLV, at, 1, 0) else { return };
        if kind == 0 {
            at += 1;
            continue;
        }
        let len = if at + 1 < size { header.at(&TLV_LENGTH, at + 1, 1, 1) } else { Some(u64::MAX) };
        let Some(len) = len else { return };
        if len as usize > size.saturating_sub(at + 2) {
            return header.refuse(&TLV_LENGTH, at, "This addition is longer than its header.");
        }
        if len > 0 {
            header.at(&TLV_VALUE, at + 2, len as usize, 1);
        }
        at += 2 + len as usize;
    }
}
