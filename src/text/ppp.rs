//! PPP, PPP over Ethernet and MPLS → `PPPoE  [ses 0x17] IP …`, `LCP, Conf-Request (0x01), id 1, length 12`, `MPLS (label 16, tc 0, …) IP …`.

use super::printer::{Cut, Data, Line, Printed, say};
use super::{ip, ip6};

/// A PPP frame with or without HDLC's two bytes.
pub(super) fn print(line: &mut Line, mut data: Data<'_>, mut length: u32) -> Printed {
    line.protocol = "ppp";
    if length < 2 {
        return Err(Cut);
    }
    // The address and control bytes of HDLC, or what pppd writes in their place.
    if matches!(data.u16(0)?, 0xff03 | 0x0003 | 0x0103) {
        (data, length) = (data.from(2), length - 2);
    }
    if length < 2 {
        return Err(Cut);
    }
    let (protocol, size) = match data.u8(0)? {
        odd if odd & 1 == 1 => (u16::from(odd), 1),
        _ => (data.u16(0)?, 2),
    };
    carried(line, protocol, data.from(size), length - size as u32)
}

/// LINKTYPE_PPP_HDLC, where the name of the protocol is said, too.
pub(super) fn print_hdlc(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "ppp_hdlc";
    data.take(0, 4)?;
    if data.u8(0)? != 0xff {
        say!(line, "unknown addr {:02x}; ctrl {:02x}", data.u8(2)?, data.u8(3)?);
        return Ok(());
    }
    let protocol = data.u16(2)?;
    match name(protocol) {
        Some(name) => say!(line, "{name}: "),
        None => say!(line, "unknown PPP protocol (0x{protocol:04x}): "),
    }
    carried(line, protocol, data.from(4), length.saturating_sub(4))
}

fn carried(line: &mut Line, protocol: u16, data: Data<'_>, length: u32) -> Printed {
    match protocol {
        0x0021 | 0x002f | 0x0800 => ip::print(line, data, length),
        0x0057 | 0x86dd => ip6::print(line, data, length),
        0x0281 | 0x0283 => mpls(line, data, length),
        0xc021 | 0x8021 | 0x8023 | 0x8281 | 0x8057 | 0x80fd | 0xc02b => control(line, protocol, data, length),
        0xc023 => password(line, data, length),
        0xc223 => challenge(line, data, length),
        0x00fd => {
            say!(line, "compressed PPP data");
            Ok(())
        }
        _ => {
            match name(protocol) {
                Some(name) => say!(line, "{name} "),
                None => say!(line, "unknown PPP protocol (0x{protocol:04x}) "),
            }
            Ok(())
        }
    }
}

fn name(protocol: u16) -> Option<&'static str> {
    Some(match protocol {
        0x0021 => "IP",
        0x0023 => "OSI",
        0x0029 => "APPLE",
        0x002b => "IPX",
        0x002d => "VJC IP",
        0x002f => "VJNC IP",
        0x003d => "MLPPP",
        0x0057 => "IP6",
        0x00fd => "Compressed",
        0x0281 | 0x0283 => "MPLS",
        0x8021 => "IPCP",
        0x8023 => "OSICP",
        0x802b => "IPXCP",
        0x8057 => "IP6CP",
        0x80fd => "CCP",
        0x8281 => "MPLSCP",
        0xc021 => "LCP",
        0xc023 => "PAP",
        0xc025 => "LQM",
        0xc02b => "BACP",
        0xc223 => "CHAP",
        0xc227 => "EAP",
        _ => return None,
    })
}

fn control(line: &mut Line, protocol: u16, data: Data<'_>, length: u32) -> Printed {
    line.body.get_or_insert(line.out.len());
    say!(line, "{}, ", name(protocol).unwrap_or("BACP"));
    if length < 4 {
        say!(line, "[|{}]", name(protocol).unwrap_or("BACP"));
        return Ok(());
    }
    let (code, number) = (data.u8(0)?, data.u8(1)?);
    const CODES: [&str; 16] = [
        "Vendor-Extension",
        "Conf-Request",
        "Conf-Ack",
        "Conf-Nack",
        "Conf-Reject",
        "Term-Request",
        "Term-Ack",
        "Code-Reject",
        "Prot-Reject",
        "Echo-Request",
        "Echo-Reply",
        "Disc-Req",
        "Ident",
        "Time-Rem",
        "Reset-Req",
        "Reset-Ack",
    ];
    let word = CODES.get(usize::from(code)).copied().unwrap_or("Unknown Opcode");
    say!(line, "{word} (0x{code:02x}), id {number}, length {}", length + 2);
    Ok(())
}

fn password(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.body.get_or_insert(line.out.len());
    if length < 4 {
        match data.u8(0) {
            Ok(code) if length > 0 => say!(line, "[|pap 0x{code:02x}]"),
            _ => say!(line, "[|pap]"),
        }
        return Ok(());
    }
    let code = data.u8(0)?;
    let word = ["unknown", "Auth-Req", "Auth-ACK", "Auth-NACK"].get(usize::from(code)).copied().unwrap_or("unknown");
    say!(line, "PAP, {word} (0x{code:02x}), id {}", data.u8(1)?);
    let claimed = u32::from(data.u16(2)?);
    if claimed > length {
        say!(line, ", length {claimed} > packet size");
        return Ok(());
    }
    if claimed < 4 {
        say!(line, ", length {claimed} < PAP header length");
        return Ok(());
    }
    let parts: &[&str] = match code {
        1 => &["Peer", "Name"],
        2 | 3 => &["Msg"],
        _ => &[],
    };
    if claimed < 4 + parts.len() as u32 {
        say!(line, "[|pap]");
        return Ok(());
    }
    let mut at = 4;
    for part in parts {
        if at >= claimed as usize {
            break;
        }
        let size = usize::from(data.u8(at)?);
        if at + 1 + size > claimed as usize {
            break;
        }
        say!(line, ", {part} ");
        text(line, data, at + 1, size)?;
        at += 1 + size;
    }
    Ok(())
}

fn challenge(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.body.get_or_insert(line.out.len());
    if length < 4 {
        match data.u8(0) {
            Ok(code) if length > 0 => say!(line, "[|chap 0x{code:02x}]"),
            _ => say!(line, "[|chap]"),
        }
        return Ok(());
    }
    let code = data.u8(0)?;
    let words = ["unknown", "Challenge", "Response", "Success", "Fail"];
    let word = words.get(usize::from(code)).copied().unwrap_or("unknown");
    say!(line, "CHAP, {word} (0x{code:02x}), id {}", data.u8(1)?);
    let claimed = usize::from(data.u16(2)?);
    match code {
        1 | 2 if length > 4 => {
            let size = usize::from(data.u8(4)?);
            if 5 + size > length as usize {
                return Ok(());
            }
            say!(line, ", Value {}, Name ", super::printer::Hex(data.take(5, size)?, ""));
            text(line, data, 5 + size, claimed.saturating_sub(5 + size))
        }
        3 | 4 => {
            say!(line, ", Msg ");
            text(line, data, 4, claimed.saturating_sub(4))
        }
        _ => Ok(()),
    }
}

/// As far as it was captured; the cut is marked by the caller.
fn text(line: &mut Line, data: Data<'_>, at: usize, size: usize) -> Printed {
    line.readable(data.from(at).first(size).0);
    data.take(at, size).map(|_| ())
}

const PPPOE: u32 = 6;
/// tcpdump prints so many bytes of a tag that is text.
const LONGEST_TAG: usize = 79;

pub(super) fn pppoe(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "pppoe";
    let Some(rest) = length.checked_sub(PPPOE) else {
        say!(line, " (length {length} < {PPPOE})");
        line.invalid();
        return Ok(());
    };
    data.take(0, PPPOE as usize)?;
    let (kind, code, session) = (data.u8(0)?, data.u8(1)?, data.u16(2)?);
    let mut claimed = u32::from(data.u16(4)?);
    if kind >> 4 != 1 {
        say!(line, " [ver {}]", kind >> 4);
    }
    if kind & 15 != 1 {
        say!(line, " [type {}]", kind & 15);
    }
    line.body.get_or_insert(line.out.len());
    match code {
        0x00 => say!(line, "PPPoE "),
        0x07 => say!(line, "PPPoE PADO"),
        0x09 => say!(line, "PPPoE PADI"),
        0x19 => say!(line, "PPPoE PADR"),
        0x65 => say!(line, "PPPoE PADS"),
        0xa7 => say!(line, "PPPoE PADT"),
        _ => say!(line, "PPPoE PAD-{code:x}"),
    }
    if code == 0x09 && claimed > 1484 - PPPOE {
        say!(line, " [len {claimed}!]");
    }
    if claimed > rest {
        say!(line, " [len {claimed} > {rest}!]");
        claimed = rest;
    }
    if session != 0 {
        say!(line, " [ses 0x{session:x}]");
    }
    let inner = data.from(PPPOE as usize);
    if code != 0 {
        return tags(line, inner, claimed as usize);
    }
    say!(line, " ");
    line.body = None;
    print(line, inner, claimed)
}

fn tags(line: &mut Line, data: Data<'_>, end: usize) -> Printed {
    let mut at = 0;
    while at < end {
        let (kind, size) = (data.u16(at)?, usize::from(data.u16(at + 2)?));
        let name = match kind {
            0x0000 => "EOL",
            0x0101 => "Service-Name",
            0x0102 => "AC-Name",
            0x0103 => "Host-Uniq",
            0x0104 => "AC-Cookie",
            0x0105 => "Vendor-Specific",
            0x0110 => "Relay-Session-ID",
            0x0120 => "PPP-Max-Payload",
            0x0201 => "Service-Name-Error",
            0x0202 => "AC-System-Error",
            0x0203 => "Generic-Error",
            _ => "",
        };
        let name = if name.is_empty() { format!("TAG-0x{kind:x}") } else { name.to_string() };
        let value = data.take(at + 4, size)?;
        let printable = |byte: &u8| (0x20..=0x7e).contains(byte);
        let shown = value.get(..LONGEST_TAG).unwrap_or(value);
        let readable = shown.iter().filter(|byte| printable(byte)).count();
        if size == 0 {
            say!(line, " [{name}]");
        } else if readable > shown.len() - readable {
            let text: String = shown.iter().map(|byte| if printable(byte) { char::from(*byte) } else { '.' }).collect();
            say!(line, " [{name} \"{text}\"]");
        } else {
            let digits: String = value.iter().map(|byte| format!("{byte:02X}")).collect();
            say!(line, " [{name} 0x{digits}]");
        }
        if kind == 0 {
            break;
        }
        at += 4 + size;
    }
    Ok(())
}

pub(super) fn mpls(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "mpls";
    line.body.get_or_insert(line.out.len());
    say!(line, "MPLS");
    let (mut at, mut left) = (0, length);
    let label = loop {
        if left < 4 {
            line.invalid();
            return Ok(());
        }
        let entry = data.u32(at)?;
        let (label, last) = (entry >> 12, entry >> 8 & 1 == 1);
        let mark = if last { ", [S]" } else { "" };
        say!(line, " (label {label}, tc {}{mark}, ttl {})", entry >> 9 & 7, entry & 255);
        (at, left) = (at + 4, left - 4);
        if last {
            break label;
        }
    };
    let inner = data.from(at);
    let first = match label {
        0 | 3 => 0x45,
        2 => 0x60,
        _ if left < 1 => return Ok(()),
        _ => inner.u8(0)?,
    };
    match first {
        0x45..=0x4f => {
            say!(line, " ");
            ip::print(line, inner, left)
        }
        0x60..=0x6f => {
            say!(line, " ");
            ip6::print(line, inner, left)
        }
        _ => Ok(()),
    }
}
