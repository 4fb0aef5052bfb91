//! An ICMPv6 message (RFC 4443, neighbor discovery RFC 4861) → `ICMP6, neighbor solicitation, who has …, length 32`.

use super::node_info;
use super::printer::{Cut, Data, Line, Printed, say};

/// Where the packet begins that an error message quotes, and its addresses.
const QUOTED: usize = 8;
const QUOTED_SOURCE: usize = QUOTED + 8;
const QUOTED_DESTINATION: usize = QUOTED + 24;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "icmp6";
    if length == 0 {
        say!(line, "ICMP6, length 0");
        line.invalid();
        return Ok(());
    }
    let kind = data.u8(0)?;
    match name(kind) {
        Some(name) => say!(line, "ICMP6, {name}"),
        None => say!(line, "ICMP6, unknown icmp6 type ({kind})"),
    }
    let code = data.u8(1)?;
    match kind {
        1 if !unreachable(line, data, code)? => return Ok(()),
        2 => say!(line, ", mtu {}", data.u32(4)?),
        3 => match code {
            0 => say!(line, " for {}", data.v6(QUOTED_DESTINATION)?),
            1 => say!(line, " (reassembly)"),
            _ => say!(line, ", unknown code ({code})"),
        },
        4 => problem(line, data, code)?,
        128 | 129 => say!(line, ", id {}, seq {}", data.u16(4)?, data.u16(6)?),
        130 if length == 24 => listener(line, data)?,
        130 if length >= 28 => listener_query2(line, data, length)?,
        130 => say!(line, " unknown-version (len {length}) "),
        131 | 132 => listener(line, data)?,
        135 => say!(line, ", who has {}", data.v6(8)?),
        136 => say!(line, ", tgt is {}", data.v6(8)?),
        137 => {
            say!(line, ", {}", data.v6(24)?);
            say!(line, " to {}", data.v6(8)?);
        }
        139 | 140 if node_info::print(line, data, length).is_err() => line.cut(),
        143 if length < 8 => say!(line, " [invalid len {length}]"),
        143 => say!(line, ", {} group record(s)", data.u16(6)?),
        144 | 146 => say!(line, ", id 0x{:04x}", data.u16(4)?),
        _ => {}
    }
    say!(line, ", length {length}");
    Ok(())
}

/// Says what cannot be reached; false for a code that nobody knows (tcpdump dumps the message then).
fn unreachable(line: &mut Line, data: Data<'_>, code: u8) -> Result<bool, Cut> {
    match code {
        0 => say!(line, ", unreachable route {}", data.v6(QUOTED_DESTINATION)?),
        1 => say!(line, ",  unreachable prohibited {}", data.v6(QUOTED_DESTINATION)?),
        2 => {
            let (to, from) = (data.v6(QUOTED_DESTINATION)?, data.v6(QUOTED_SOURCE)?);
            say!(line, ", beyond scope {to}, source address {from}");
        }
        3 => say!(line, ", unreachable address {}", data.v6(QUOTED_DESTINATION)?),
        4 => {
            say!(line, ", unreachable port");
            let (protocol, port) = quoted_port(data.from(QUOTED))?;
            let to = data.v6(QUOTED_DESTINATION)?;
            say!(line, ", {to} {} port {port}", if protocol == 6 { "tcp" } else { "udp" });
        }
        _ => {
            say!(line, ", unknown unreach code ({code})");
            return Ok(false);
        }
    }
    Ok(true)
}

/// Protocol and destination port of a quoted packet, behind its extension headers.
fn quoted_port(data: Data<'_>) -> Result<(u8, u16), Cut> {
    let mut next = data.u8(6)?;
    let mut at = 40;
    loop {
        let header = data.from(at);
        let size = match next {
            6 | 17 => return Ok((next, header.u16(2)?)),
            0 | 43 | 60 => (usize::from(header.u8(1)?) + 1) * 8,
            44 if header.u16(2)? & 0xfff8 == 0 => 8,
            51 => (usize::from(header.u8(1)?) + 2) * 4,
            _ => return Err(Cut),
        };
        next = header.u8(0)?;
        at += size;
    }
}

fn problem(line: &mut Line, data: Data<'_>, code: u8) -> Printed {
    data.v6(QUOTED_DESTINATION)?;
    match code {
        0 => say!(line, ", erroneous - octet {}", data.u32(4)?),
        1 => say!(line, ", next header - octet {}", data.u32(4)?),
        2 => say!(line, ", option - octet {}", data.u32(4)?),
        3 => say!(line, ", incomplete header chain - octet {}", data.u32(4)?),
        _ => say!(line, ", code-#{code}"),
    }
    Ok(())
}

/// Multicast listener discovery, version 1 (RFC 2710). tcpdump leaves no space before it.
fn listener(line: &mut Line, data: Data<'_>) -> Printed {
    if data.0.len() >= 24 {
        say!(line, "max resp delay: {} addr: {}", data.u16(4)?, data.v6(8)?);
    }
    Ok(())
}

fn listener_query2(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    say!(line, " v2");
    say!(line, " [gaddr {}", data.v6(8)?);
    let sources = data.u16(26)?;
    if sources > 0 {
        if length < 28 + u32::from(sources) * 16 {
            say!(line, " [invalid number of sources]");
        } else {
            say!(line, ", {sources} source(s)");
        }
    }
    say!(line, "]");
    Ok(())
}

fn name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        1 => "destination unreachable",
        2 => "packet too big",
        3 => "time exceeded in-transit",
        4 => "parameter problem",
        128 => "echo request",
        129 => "echo reply",
        130 => "multicast listener query",
        131 => "multicast listener report",
        132 => "multicast listener done",
        133 => "router solicitation",
        134 => "router advertisement",
        135 => "neighbor solicitation",
        136 => "neighbor advertisement",
        137 => "redirect",
        138 => "router renumbering",
        139 => "who-are-you request",
        140 => "who-are-you reply",
        141 => "inverse neighbor solicitation",
        142 => "inverse neighbor advertisement",
        143 => "multicast listener report v2",
        144 => "ha discovery request",
        145 => "ha discovery reply",
        146 => "mobile router solicitation",
        147 => "mobile router advertisement",
        155 => "RPL",
        _ => return None,
    })
}
