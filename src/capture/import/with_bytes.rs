//! A frame's bytes out of a dump, and the line above it → the frame with its link header, whose kind the bytes show.

use super::LinkType;
use super::link::{ARP, IPV4, IPV6, Start};
use super::rebuild::Frame;
use super::scan::number_after;

/// EtherTypes by which a link header is recognised.
const COMMON: [u16; 11] = [IPV4, ARP, IPV6, 0x8035, 0x8100, 0x8847, 0x8863, 0x8864, 0x888e, 0x88a8, 0x88cc];
const LARGEST_802_3: u16 = 1500;
const ETHERNET: usize = 14;

pub(super) fn frame(bytes: Vec<u8>, start: Option<&Start<'_>>) -> Frame {
    let link = start.and_then(|start| start.link.as_ref());
    let kind = start.and_then(|start| start.kind);
    if let Some(header) = link {
        // -e says what the header was: the dump has it (-xx), or it goes back before the bytes (-x).
        let whole = bytes.starts_with(&header.header);
        let bytes = if whole { bytes } else { [header.header.as_slice(), &bytes].concat() };
        let length = header.length.unwrap_or(0).max(bytes.len() as u32);
        return Frame { link: LinkType::ETHERNET, bytes, length, made_up: false };
    }
    let made = |link, bytes: Vec<u8>, made_up| {
        let length = length(&bytes, start.map_or("", |start| start.rest));
        Frame { link, bytes, length, made_up }
    };
    // A line that names its protocol and a dump that begins with it have no link header between them.
    match kind {
        Some(IPV4) if is_ip(&bytes, 4) => return made(LinkType::RAW, bytes, false),
        Some(IPV6) if is_ip(&bytes, 6) => return made(LinkType::RAW, bytes, false),
        Some(ARP) if bytes.starts_with(&[0, 1]) && !looks_like_ethernet(&bytes) => {
            return made(LinkType::ETHERNET, with_header(&bytes), true);
        }
        _ => {}
    }
    let link = recognise(&bytes);
    made(link, bytes, false)
}

/// The link type that the first bytes show.
fn recognise(bytes: &[u8]) -> LinkType {
    let u16_at = |at: usize| bytes.get(at..at + 2).and_then(|it| it.first_chunk()).map(|it| u16::from_be_bytes(*it));
    let after = |at: usize| bytes.get(at..).unwrap_or_default();
    let carries = |kind: Option<u16>, at: usize| match kind {
        Some(IPV4) => is_ip(after(at), 4),
        Some(IPV6) => is_ip(after(at), 6),
        Some(ARP) => after(at).starts_with(&[0, 1]),
        _ => false,
    };
    let families = [[2, 0, 0, 0], [24, 0, 0, 0], [28, 0, 0, 0], [30, 0, 0, 0]];
    if has_ip_lengths(bytes) {
        LinkType::RAW
    } else if looks_like_ethernet(bytes) {
        LinkType::ETHERNET
    } else if u16_at(0).is_some_and(|way| way <= 4) && carries(u16_at(14), 16) {
        LinkType::LINUX_SLL
    } else if u16_at(2) == Some(0) && carries(u16_at(0), 20) {
        LinkType::LINUX_SLL2
    } else if families.iter().any(|family| bytes.starts_with(family)) && has_ip_lengths(after(4)) {
        LinkType::NULL
    } else if bytes.starts_with(&[0, 0, 0]) && has_ip_lengths(after(4)) {
        LinkType::LOOP
    } else if bytes.len() >= ETHERNET {
        LinkType::ETHERNET
    } else {
        LinkType::RAW
    }
}

fn is_ip(bytes: &[u8], version: u8) -> bool {
    bytes.first().is_some_and(|first| first >> 4 == version)
}

/// Whether an IP header stands there whose length is that of what is there; a dump may be cut, or padded to 46 bytes.
fn has_ip_lengths(bytes: &[u8]) -> bool {
    let u16_at = |at: usize| {
        bytes.get(at..at + 2).and_then(|it| it.first_chunk()).map_or(0, |it| usize::from(u16::from_be_bytes(*it)))
    };
    let fits = |length: usize| length == bytes.len() || length < bytes.len() && bytes.len() <= 46;
    match bytes.first() {
        Some(0x45..=0x4f) => bytes.len() >= 20 && (fits(u16_at(2)) || sums_up(bytes)),
        Some(first) if first >> 4 == 6 => bytes.len() >= 40 && fits(u16_at(4) + 40),
        _ => false,
    }
}

/// Whether the checksum of an IPv4 header holds, which a header only has where it begins.
fn sums_up(bytes: &[u8]) -> bool {
    let size = bytes.first().map_or(0, |first| usize::from(first & 0xf) * 4);
    let header = bytes.get(..size).filter(|header| !header.is_empty());
    header.is_some_and(|header| etherparse::checksum::Sum16BitWords::new().add_slice(header).ones_complement() == 0)
}

fn looks_like_ethernet(bytes: &[u8]) -> bool {
    let Some(&[high, low]) = bytes.get(12..ETHERNET).and_then(|kind| kind.first_chunk()) else { return false };
    let kind = u16::from_be_bytes([high, low]);
    let rest = bytes.get(ETHERNET..).unwrap_or_default();
    match kind {
        IPV4 => is_ip(rest, 4) || rest.is_empty(),
        IPV6 => is_ip(rest, 6) || rest.is_empty(),
        0..=LARGEST_802_3 => {
            usize::from(kind) <= rest.len() && usize::from(kind) >= 3 && rest.len() <= usize::from(kind).max(46)
        }
        kind => COMMON.contains(&kind),
    }
}

/// The bytes behind a header with the addresses that an ARP message has itself.
fn with_header(message: &[u8]) -> Vec<u8> {
    let sender = message.get(8..14).unwrap_or(&[0; 6]);
    let target = message.get(18..24).unwrap_or(&[0; 6]);
    let is_request = message.get(6..8) == Some(&[0, 1]);
    let to = if is_request { &[0xff; 6] } else { target };
    [to, sender, &ARP.to_be_bytes(), message].concat()
}

/// Bytes on the wire: a dump may hold the beginning only, and the IP header says how much there was, unless the line
/// says that it does not hold.
fn length(bytes: &[u8], line: &str) -> u32 {
    let there = bytes.len() as u32;
    let u16_at =
        |at: usize| bytes.get(at..at + 2).and_then(|it| it.first_chunk()).map(|it| u32::from(u16::from_be_bytes(*it)));
    let claimed = match bytes.first() {
        Some(0x45..=0x4f) if bytes.len() >= 20 => u16_at(2),
        Some(first) if first >> 4 == 6 && bytes.len() >= 40 => u16_at(4).map(|payload| payload + 40),
        _ => None,
    };
    let claimed = claimed.filter(|_| !line.is_empty()).unwrap_or(there);
    let missing = number_after(line, "truncated-ip - ").or(number_after(line, "truncated-ip6 - ")).unwrap_or(0);
    claimed.saturating_sub(missing).max(there)
}
