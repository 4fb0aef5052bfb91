//! An LLC frame (IEEE 802.2), SNAP's too → the line of what it carries, or its own: `STP 802.1w, Rapid STP, Flags [none], …`.

use super::link::{payload, type_name};
use super::printer::{Cut, Data, Line, Printed, mac, say};
use super::{ip, stp};

/// Who sent it to whom on the link, where the link says so.
pub(super) type Stations<'a> = Option<(&'a [u8], &'a [u8])>;

const UNNUMBERED: u8 = 3;
const INFORMATION: u8 = 0x03;
const POLL: u8 = 0x10;
const RESPONSE: u8 = 1;
const SNAP: u8 = 0xaa;
const TREE: u8 = 0x42;
const IP: u8 = 0x06;

/// False where nobody here knows the payload: tcpdump dumps it then.
pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32, stations: Stations<'_>) -> Result<bool, Cut> {
    line.protocol = "llc";
    line.body.get_or_insert(line.out.len());
    let first = data.u8(2).map_err(|_| Cut)?;
    let unnumbered = first & UNNUMBERED == UNNUMBERED;
    let size = if unnumbered { 3 } else { 4 };
    data.take(0, size)?;
    let Some(length) = length.checked_sub(size as u32) else { return Err(Cut) };
    let (to, from) = (data.u8(0)?, data.u8(1)?);
    let inner = data.from(size);
    match (to & !1, from & !1, first) {
        (SNAP, SNAP, INFORMATION) => return snap(line, inner, length, stations),
        (TREE, TREE, INFORMATION) => stp::print(line, inner, length)?,
        (IP, IP, INFORMATION) => ip::print(line, inner, length)?,
        _ => return unknown(line, data, size, length, stations),
    }
    Ok(true)
}

fn unknown(line: &mut Line, data: Data<'_>, size: usize, rest: u32, stations: Stations<'_>) -> Result<bool, Cut> {
    let (to, from, control) = (data.u8(0)? & !1, data.u8(1)?, data.u8(2)?);
    let sender = from & !1;
    let (before, after) = match stations {
        Some((source, destination)) => (format!("{} ", mac(source)), format!("{} ", mac(destination))),
        None => Default::default(),
    };
    if sender == to {
        let arrow = if stations.is_some() { "> " } else { "" };
        say!(line, "{before}{arrow}{after}{} ", point(to, "DSAP"));
    } else {
        say!(line, "{before}{} > {after}{} ", point(sender, "SSAP"), point(to, "DSAP"));
    }
    let length = rest + size as u32;
    let flags = |poll: bool| match (from & RESPONSE != 0, poll) {
        (false, false) => "Command",
        (true, false) => "Response",
        (false, true) => "Poll",
        (true, true) => "Final",
    };
    if size == 3 {
        say!(line, "Unnumbered, {}, Flags [{}], length {length}", command(control & !POLL), flags(control & POLL != 0));
        if control & !POLL == 0xaf && rest > 0 {
            let inner = data.from(size);
            if inner.u8(0)? == 0x81 {
                say!(line, ": {:02x} {:02x}", inner.u8(1)?, inner.u8(2)?);
            }
            return Ok(true);
        }
        return Ok(false);
    }
    let second = data.u8(3)?;
    let (received, flags) = (second >> 1, flags(second & 1 != 0));
    if control & 1 == 1 {
        let kind = ["Receiver Ready", "Receiver not Ready", "Reject", "?"][usize::from(control >> 2 & 3)];
        say!(line, "Supervisory, {kind}, rcv seq {received}, Flags [{flags}], length {length}");
        return Ok(true);
    }
    say!(line, "Information, send seq {}, rcv seq {received}, Flags [{flags}], length {length}", control >> 1);
    Ok(false)
}

fn point(point: u8, which: &str) -> String {
    let name = match point {
        0x00 => "Null",
        0x02 => "802.1B I",
        0x06 => "IP",
        0x04 => "SNA",
        0x0e => "ProWay NM",
        0x42 => "STP",
        0x4e => "RS511",
        0x7e => "ISO8208",
        0x8e => "ProWay",
        0xaa => "SNAP",
        0xe0 => "IPX",
        0xf0 => "NetBeui",
        0xfe => "OSI",
        _ => return format!("Unknown {which} 0x{point:02x}"),
    };
    name.to_string()
}

fn command(control: u8) -> String {
    let name = match control {
        0x03 => "ui",
        0xe3 => "test",
        0xaf => "xid",
        0x63 => "ua",
        0x43 => "disc",
        0x0f => "dm",
        0x6f => "sabme",
        0x87 => "frmr",
        _ => return format!("{control:02x}"),
    };
    name.to_string()
}

const CISCO: u32 = 0x00000c;
const CISCO_90: u32 = 0x0000f8;
const BRIDGED: u32 = 0x0080c2;

fn snap(line: &mut Line, data: Data<'_>, length: u32, stations: Stations<'_>) -> Result<bool, Cut> {
    line.protocol = "snap";
    data.take(0, 5)?;
    let Some(length) = length.checked_sub(5) else { return Err(Cut) };
    let (organization, kind) = (data.u32(0)? >> 8, data.u16(3)?);
    let inner = data.from(5);
    match (organization, kind) {
        (0 | CISCO_90, _) if payload(line, kind, inner, length)? => return Ok(true),
        (CISCO, 0x010b | 0x010c) | (BRIDGED, 0x000e) => return stp::print(line, inner, length).map(|()| true),
        (CISCO, 0x2000) => return discovery(line, inner, length).map(|()| true),
        _ => {}
    }
    if let Some((source, destination)) = stations {
        say!(line, "{} > {} ", mac(source), mac(destination));
    }
    if organization == 0 {
        let name = type_name(kind).unwrap_or("Unknown");
        say!(line, "SNAP, ethertype {name} (0x{kind:04x}), length {length}: ");
    } else {
        let (maker, name) = match (organization, kind) {
            (CISCO, 0x2003) => ("Cisco", "VTP"),
            (CISCO, 0x2004) => ("Cisco", "DTP"),
            (CISCO, 0x0111) => ("Cisco", "UDLD"),
            (CISCO, _) => ("Cisco", "Unknown"),
            (BRIDGED, _) => ("Ethernet bridged", "Unknown"),
            (CISCO_90, _) => ("Cisco bridged", type_name(kind).unwrap_or("Unknown")),
            _ => ("Unknown", "Unknown"),
        };
        say!(line, "SNAP, oui {maker} (0x{organization:06x}), pid {name} (0x{kind:04x}), length {length}: ");
    }
    Ok(false)
}

/// Cisco's discovery protocol: version, lifetime, and of the records only the device's name and number of bytes.
fn discovery(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "cdp";
    if length < 4 {
        say!(line, " (packet length {length} < 4)");
        line.invalid();
        return Ok(());
    }
    let (version, lifetime) = (data.u8(0)?, data.u8(1)?);
    say!(line, "CDPv{version}, ttl: {lifetime}s");
    let (mut at, mut left) = (4, length - 4);
    while left > 0 {
        if left < 4 {
            say!(line, " (remaining packet length {left} < 4)");
            line.invalid();
            return Ok(());
        }
        let (kind, size) = (data.u16(at)?, u32::from(data.u16(at + 2)?));
        if size < 4 {
            say!(line, " (TLV length {size} < 4)");
            line.invalid();
            return Ok(());
        }
        if size > left {
            say!(line, " (TLV length {size} > {left})");
            line.invalid();
            return Ok(());
        }
        let value = data.take(at + 4, size as usize - 4)?;
        if kind == 1 {
            say!(line, ", Device-ID '");
            line.readable(value);
            say!(line, "'");
        }
        (at, left) = (at + size as usize, left - size);
    }
    say!(line, ", length {length}");
    Ok(())
}
