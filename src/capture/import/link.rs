//! The start of a line (interface, hardware addresses, EtherType, VLAN tags) → the frame's header, and what it announces.

use super::scan::{Scan, mac, number_after};

pub(super) const IPV4: u16 = 0x0800;
pub(super) const ARP: u16 = 0x0806;
pub(super) const IPV6: u16 = 0x86dd;

/// An Ethernet header as a line tells it (`tcpdump -e`).
pub(super) struct Link {
    /// Its bytes, tags included.
    pub header: Vec<u8>,
    /// Bytes of the whole frame on the wire; a length of IEEE 802.3 says it of the rest only.
    pub length: Option<u32>,
}

/// The beginning of a line.
pub(super) struct Start<'a> {
    /// Only a line with both hardware addresses gives one back.
    pub link: Option<Link>,
    /// EtherType of what `rest` tells; `None` where the line does not say it, or nobody here rebuilds it.
    pub kind: Option<u16>,
    pub rest: &'a str,
    /// The hardware address of the sender, also where the line has no other.
    pub sender: Option<[u8; 6]>,
}

/// `None` for a line that does not begin as tcpdump's lines do.
pub(super) fn start(line: &str) -> Option<Start<'_>> {
    let mut scan = Scan(line);
    direction(&mut scan);
    for (words, kind) in [("IP ", Some(IPV4)), ("IP6 ", Some(IPV6)), ("ARP, ", Some(ARP)), ("arp ", Some(ARP))] {
        if scan.eat(words) {
            return Some(Start { link: None, kind, rest: scan.0, sender: None });
        }
    }
    ethernet(scan).or_else(|| cooked(scan)).or_else(|| bare(scan))
}

/// `eth0  In  `, `?     Out ifindex 2 `: where and which way, as `-i any` tells it; frames do not carry it on.
fn direction(scan: &mut Scan<'_>) {
    const WAYS: [&str; 5] = ["In", "Out", "B", "M", "P"];
    let mut words = scan.0.split_ascii_whitespace();
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let skipped = if WAYS.contains(&second) && !first.ends_with(',') { 2 } else { usize::from(WAYS.contains(&first)) };
    for _ in 0..skipped {
        scan.0 = scan.0.trim_start().split_once(' ').map_or("", |(_, rest)| rest).trim_start();
    }
    if scan.eat("ifindex ") {
        let _ = scan.until(" ");
    }
}

/// `MAC > MAC, ethertype IPv4 (0x0800), length 74: ` with any VLAN tags behind it, or `MAC > MAC, 802.3, length 39: `.
fn ethernet(mut scan: Scan<'_>) -> Option<Start<'_>> {
    let source = mac(scan.until(" > ")?)?;
    let destination = mac(scan.until(", ")?)?;
    let mut header = [destination, source].concat();
    let is_802_3 = scan.eat("802.3");
    let mut kind = if is_802_3 { None } else { Some(ethertype(&mut scan)?) };
    scan.eat(", ");
    let length: u32 = scan.eat("length ").then(|| scan.number())??;
    scan.eat(": ");
    while let Some(tag @ (0x8100 | 0x88a8 | 0x9100 | 0x9200)) = kind {
        scan.eat(": ");
        let control: u16 = scan.eat("vlan ").then(|| scan.number())??;
        let priority: u16 = scan.eat(", p ").then(|| scan.number())??;
        let eligible = scan.eat(", DEI");
        header.extend(tag.to_be_bytes());
        header.extend((priority << 13 | u16::from(eligible) << 12 | control & 0xfff).to_be_bytes());
        scan.eat(", ");
        kind = Some(ethertype(&mut scan)?);
        if !scan.eat(", ") {
            scan.eat(": ");
        }
    }
    header.extend(kind.or(u16::try_from(length).ok())?.to_be_bytes());
    let length = (!is_802_3).then_some(length);
    // Some lines of IP begin with its name all the same.
    let _ = scan.eat("IP ") || scan.eat("IP6 ") || scan.eat("ARP, ");
    Some(Start { link: Some(Link { header, length }), kind, rest: scan.0, sender: Some(source) })
}

/// `ethertype IPv4 (0x0800)`, or the bare name as older versions print it.
fn ethertype(scan: &mut Scan<'_>) -> Option<u16> {
    if !scan.eat("ethertype ") {
        return None;
    }
    let end = scan.0.find([',', ':']).unwrap_or(scan.0.len());
    let (name, rest) = scan.0.split_at(end);
    scan.0 = rest;
    number_after(name, "(").or(match name {
        "IPv4" => Some(IPV4),
        "IPv6" => Some(IPV6),
        "ARP" => Some(ARP),
        _ => None,
    })
}

/// `MAC ethertype IPv4 (0x0800), length 100: ` of Linux's cooked captures, which know one address of the two.
fn cooked(mut scan: Scan<'_>) -> Option<Start<'_>> {
    let sender = scan.0.split_once(' ').and_then(|(first, _)| mac(first));
    if sender.is_some() {
        let _ = scan.until(" ");
    }
    let kind = ethertype(&mut scan)?;
    scan.until(": ")?;
    Some(Start { link: None, kind: Some(kind), rest: scan.0, sender })
}

/// `AF IPv4 (2), length 88: ` of BSD's loopback, `ip: ` of no link at all.
fn bare(mut scan: Scan<'_>) -> Option<Start<'_>> {
    let kind = if scan.eat("AF IPv4 ") {
        IPV4
    } else if scan.eat("AF IPv6 ") {
        IPV6
    } else if scan.0.starts_with("ip: ") {
        let source = scan.0.get(4..)?.split(" > ").next()?;
        if source.contains(':') { IPV6 } else { IPV4 }
    } else {
        return None;
    };
    scan.until(": ")?;
    Some(Start { link: None, kind: Some(kind), rest: scan.0, sender: None })
}
