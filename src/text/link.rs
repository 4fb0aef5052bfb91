//! A frame of any link type → the line of what it carries, or of the frame itself where nobody here knows its content.

use super::printer::{Data, Line, Printed, mac, say};
use super::{arp, eapol, ip, ip6, llc, lldp, ppp, radio, slow, wlan};
use crate::capture::LinkType;

/// Type fields up to this value are lengths of IEEE 802.3 frames.
const LARGEST_LENGTH: u16 = 1500;

pub(super) fn print(line: &mut Line, link: LinkType, data: Data<'_>, length: u32) -> Printed {
    match link {
        LinkType::ETHERNET => ethernet(line, data, length),
        LinkType::NULL | LinkType::LOOP => family(line, data, length),
        LinkType::IEEE802_11 => wlan::print(line, data, length, false, 0),
        LinkType::RADIOTAP => radio::print(line, data, length),
        LinkType::PPP => ppp::print(line, data, length),
        LinkType::PPP_HDLC => ppp::print_hdlc(line, data, length),
        LinkType::PPP_ETHER => ppp::pppoe(line, data, length),
        LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => raw(line, data, length),
        LinkType::LINUX_SLL => cooked(line, data, length),
        LinkType::LINUX_SLL2 => cooked2(line, data, length),
        _ => {
            say!(line, "link-type {}, length {length}", link.0);
            Ok(())
        }
    }
}

pub(super) fn ethernet(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "ether";
    let (destination, source, mut kind) = (data.take(0, 6)?, data.take(6, 6)?, data.u16(12)?);
    let mut at = 14;
    while matches!(kind, 0x8100 | 0x88a8 | 0x9100 | 0x9200) {
        line.protocol = "vlan";
        kind = data.u16(at + 2)?;
        at += 4;
    }
    let rest = length.saturating_sub(at as u32);
    if kind <= LARGEST_LENGTH {
        let length = rest.min(u32::from(kind));
        llc::print(line, data.from(at).first(length as usize), length, Some((source, destination)))?;
        return Ok(());
    }
    if payload(line, kind, data.from(at), rest)? {
        return Ok(());
    }
    say!(line, "{} > {}, ", mac(source), mac(destination));
    say!(line, "ethertype {} (0x{kind:04x}), length {length}: ", type_name(kind).unwrap_or("Unknown"));
    Ok(())
}

/// Prints what an EtherType announces; false where nobody here knows it.
pub(super) fn payload(line: &mut Line, kind: u16, data: Data<'_>, length: u32) -> Result<bool, super::printer::Cut> {
    match kind {
        0x0800 => ip::print(line, data, length)?,
        0x86dd => ip6::print(line, data, length)?,
        0x0806 | 0x8035 => arp::print(line, data, length)?,
        0x8847 | 0x8848 => ppp::mpls(line, data, length)?,
        0x8863 | 0x8864 | 0x3c12 | 0x3c13 => ppp::pppoe(line, data, length)?,
        0x888e => eapol::print(line, data)?,
        0x8809 => slow::print(line, data, length)?,
        0x88cc => lldp::print(line, data, length)?,
        0x880b => {
            if length > 0 {
                say!(line, ": ");
                ppp::print(line, data, length)?;
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// BSD loopback: four bytes of address family, in the byte order of whoever captured.
fn family(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "null";
    let family = match data.u32(0)? {
        little if little & 0xffff == 0 => little.swap_bytes(),
        big => big,
    };
    let (rest, payload) = (length.saturating_sub(4), data.from(4));
    match family {
        2 => ip::print(line, payload, rest),
        24 | 28 | 30 => ip6::print(line, payload, rest),
        _ => {
            say!(line, "AF Unknown ({family}), length {length}: ");
            Ok(())
        }
    }
}

fn raw(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "ipn";
    match data.u8(0)? >> 4 {
        4 => ip::print(line, data, length),
        6 => ip6::print(line, data, length),
        version => {
            say!(line, "unknown ip {version}");
            Ok(())
        }
    }
}

/// Where a cooked frame was going, seen from the capturing host.
fn direction(kind: u16) -> &'static str {
    match kind {
        0 => "In",
        1 => "B",
        2 => "M",
        3 => "P",
        4 => "Out",
        _ => "?",
    }
}

/// Linux "cooked" capture (LINKTYPE_LINUX_SLL), as taken on the device `any`.
fn cooked(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    const HEADER: usize = 16;
    line.protocol = "sll";
    data.take(0, HEADER)?;
    if cooked_payload(line, data.u16(14)?, data.from(HEADER), length.saturating_sub(HEADER as u32))? {
        return Ok(());
    }
    say!(line, "{:>3} ", direction(data.u16(0)?));
    unknown_cooked(line, data, data.u16(4)?.into(), 6, data.u16(14)?, length)
}

/// The second version of it, which names the interface too. Index 1 is the loopback interface on every Linux; what the
/// others are called only the capturing host knows, so they are `?` as for a tcpdump on another host.
fn cooked2(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    const HEADER: usize = 20;
    line.protocol = "sll2";
    data.take(0, HEADER)?;
    let (kind, interface) = (data.u16(0)?, data.u32(4)?);
    say!(line, "{:<5} ", if interface == 1 { "lo" } else { "?" });
    say!(line, "{:<3} ", direction(data.u8(10)?.into()));
    if cooked_payload(line, kind, data.from(HEADER), length.saturating_sub(HEADER as u32))? {
        return Ok(());
    }
    say!(line, "ifindex {interface} ");
    unknown_cooked(line, data, data.u8(11)?.into(), 12, kind, length)
}

fn cooked_payload(line: &mut Line, mut kind: u16, data: Data<'_>, length: u32) -> Result<bool, super::printer::Cut> {
    let mut at = 0;
    while kind == 0x8100 {
        line.protocol = "vlan";
        kind = data.u16(at + 2)?;
        at += 4;
        say!(line, "ethertype {}, ", type_name(kind).unwrap_or("Unknown"));
    }
    payload(line, kind, data.from(at), length.saturating_sub(at as u32))
}

fn unknown_cooked(line: &mut Line, data: Data<'_>, size: usize, at: usize, kind: u16, length: u32) -> Printed {
    if size == 6 {
        say!(line, "{} ", mac(data.take(at, 6)?));
    }
    match kind {
        1 => say!(line, "802.3"),
        4 => say!(line, "802.2"),
        _ => say!(line, "ethertype {} (0x{kind:04x})", type_name(kind).unwrap_or("Unknown")),
    }
    say!(line, ", length {length}: ");
    Ok(())
}

pub(super) fn type_name(kind: u16) -> Option<&'static str> {
    Some(match kind {
        0x0200 => "PUP",
        0x0600 => "NS",
        0x0800 => "IPv4",
        0x0806 => "ARP",
        0x1000 => "Trail",
        0x8035 => "Reverse ARP",
        0x809b => "Appletalk",
        0x80f3 => "Appletalk ARP",
        0x8100 => "802.1Q",
        0x8137 => "IPX",
        0x86dd => "IPv6",
        0x8808 => "MPCP",
        0x8809 => "Slow Protocols",
        0x8847 => "MPLS unicast",
        0x8848 => "MPLS multicast",
        0x8863 => "PPPoE D",
        0x8864 => "PPPoE S",
        0x888e => "EAPOL",

        0x88a8 => "802.1Q-QinQ",
        0x88cc => "LLDP",
        0x88e5 => "802.1AE MACsec",
        0x88f7 => "PTP",
        0x9000 => "Loopback",
        0x9100 => "802.1Q-9100",
        0x9200 => "802.1Q-9200",
        _ => return None,
    })
}
