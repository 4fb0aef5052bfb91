//! Headers between the link and the network → an ethertype that says the same, and where what it announces begins.

use super::{Address, LONGEST_LENGTH, Peek, first, word};

/// PPP (RFC 1661): an ethertype that says the same, and where what it announces begins.
pub(super) fn ppp(peek: &mut Peek, bytes: &[u8], at: usize) -> Option<(u16, usize)> {
    peek.protocol = "PPP";
    let at = if *bytes.get(at)? == 0xff { at + 2 } else { at };
    let first = *bytes.get(at)?;
    let (number, at) = if first & 1 == 1 { (u16::from(first), at + 1) } else { (word(bytes, at)?, at + 2) };
    match number {
        0x0021 => Some((0x0800, at)),
        0x0057 => Some((0x86dd, at)),
        0x0281 | 0x0283 => Some((0x8847, at)),
        _ => None,
    }
}

/// MPLS (RFC 3032): what comes after the last label looks like IP, or like an Ethernet frame with or without a control word.
pub(super) fn labels(peek: &mut Peek, bytes: &[u8], mut at: usize) -> Option<(u16, usize)> {
    peek.protocol = "MPLS";
    while first::<4>(bytes, at)?[2] & 1 == 0 {
        at += 4;
    }
    at += 4;
    let known = |at: usize| word(bytes, at + 12).filter(|&kind| crate::protocol::is_ethertype(kind));
    match bytes.get(at)? >> 4 {
        4 => Some((0x0800, at)),
        6 => Some((0x86dd, at)),
        0 if known(at).is_none() => Some((known(at + 4)?, at + 18)),
        1 => None,
        _ => Some((known(at)?, at + 14)),
    }
}

/// IEEE 802.2: SNAP and the access point of IP lead on to an ethertype, and where what it announces begins.
pub(super) fn llc(peek: &mut Peek, bytes: &[u8], at: usize) -> Option<(u16, usize)> {
    peek.protocol = "LLC";
    match first::<8>(bytes, at)? {
        [0x42, 0x42, 3, ..] | [0xaa, 0xaa, 3, 0, 0, 0x0c, 0x01, 0x0b] => peek.protocol = "STP",
        [0xaa, 0xaa, 3, 0, 0, 0 | 0xf8, high, low] => {
            let kind = u16::from_be_bytes([high, low]);
            return (kind > LONGEST_LENGTH).then_some((kind, at + 8));
        }
        [0x06, _, 3, ..] => return Some((0x0800, at + 3)),
        _ => {}
    }
    None
}

/// Radiotap: only its length matters here.
pub(super) fn radio(peek: &mut Peek, bytes: &[u8]) -> Option<(u16, usize)> {
    let size = usize::from(word(bytes, 2)?.swap_bytes());
    if size < 8 { None } else { wlan(peek, bytes, size) }
}

/// IEEE 802.11 §9.2.3: who sent it to whom, and the LLC header of a data frame that is not encrypted.
pub(super) fn wlan(peek: &mut Peek, bytes: &[u8], at: usize) -> Option<(u16, usize)> {
    peek.protocol = "802.11";
    let [control, flags] = first::<2>(bytes, at)?;
    let (kind, subtype) = (control >> 2 & 3, control >> 4);
    if kind == 1 {
        peek.destination = Address::Mac(first(bytes, at + 4)?);
        return None;
    }
    let (destination, source, size) = match flags & 3 {
        _ if kind == 0 => (4, 10, 24),
        0 => (4, 10, 24),
        1 => (16, 10, 24),
        2 => (4, 16, 24),
        _ => (16, 24, 30),
    };
    peek.destination = Address::Mac(first(bytes, at + destination)?);
    peek.source = Address::Mac(first(bytes, at + source)?);
    let qos = subtype & 8 != 0;
    let bundled = qos && bytes.get(at + size)? & 0x80 != 0;
    if kind != 2 || subtype & 4 != 0 || flags & 0x40 != 0 || bundled {
        return None;
    }
    let order = if qos && flags & 0x80 != 0 { 4 } else { 0 };
    Some((0, at + size + if qos { 2 } else { 0 } + order))
}
