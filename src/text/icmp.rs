//! An ICMP message (RFC 792) → `ICMP echo request, id 1, seq 1, length 64`.

use super::printer::{Cut, Data, Line, Printed, say};

/// Where the datagram begins that an error message quotes.
const QUOTED: usize = 8;
/// The destination address in a quoted IPv4 header.
const QUOTED_DESTINATION: usize = QUOTED + 16;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "icmp";
    let words = words(data)?;
    say!(line, "ICMP {words}, length {length}");
    Ok(())
}

fn words(data: Data<'_>) -> Result<String, Cut> {
    let (kind, code) = (data.u8(0)?, data.u8(1)?);
    let numbers = || Ok((data.u16(4)?, data.u16(6)?));
    Ok(match kind {
        0 | 8 => {
            let (id, sequence) = numbers()?;
            format!("echo {}, id {id}, seq {sequence}", if kind == 8 { "request" } else { "reply" })
        }
        3 => unreachable(data, code)?,
        4 => "source quench".to_string(),
        5 => {
            let (destination, gateway) = (data.v4(QUOTED_DESTINATION)?, data.v4(4)?);
            match code {
                0 => format!("redirect {destination} to net {gateway}"),
                1 => format!("redirect {destination} to host {gateway}"),
                2 => format!("redirect-tos {destination} to net {gateway}"),
                3 => format!("redirect-tos {destination} to host {gateway}"),
                _ => format!("redirect-#{code} {destination} to {gateway}"),
            }
        }
        9 => advertisement(data)?,
        10 => "router solicitation".to_string(),
        11 => {
            data.v4(QUOTED_DESTINATION)?;
            match code {
                0 => "time exceeded in-transit".to_string(),
                1 => "ip reassembly time exceeded".to_string(),
                _ => format!("time exceeded-#{code}"),
            }
        }
        12 if code != 0 => format!("parameter problem - code {code}"),
        12 => format!("parameter problem - octet {}", data.u8(4)?),
        13 => {
            let (id, sequence) = numbers()?;
            format!("time stamp query id {id} seq {sequence}")
        }
        14 => {
            let (id, sequence) = numbers()?;
            let [sent, received, returned] = [clock(data.u32(8)?), clock(data.u32(12)?), clock(data.u32(16)?)];
            format!("time stamp reply id {id} seq {sequence}: org {sent}, recv {received}, xmit {returned}")
        }
        15 => "information request".to_string(),
        16 => "information reply".to_string(),
        17 => "address mask request".to_string(),
        18 => format!("address mask is 0x{:08x}", data.u32(8)?),
        _ => format!("type-#{kind}"),
    })
}

fn unreachable(data: Data<'_>, code: u8) -> Result<String, Cut> {
    let to = data.v4(QUOTED_DESTINATION)?;
    Ok(match code {
        0 => format!("net {to} unreachable"),
        1 => format!("host {to} unreachable"),
        2 => format!("{to} protocol {} unreachable", data.u8(QUOTED + 9)?),
        3 => {
            let header = usize::from(data.u8(QUOTED)? & 0x0f) * 4;
            let port = data.u16(QUOTED + header + 2)?;
            match data.u8(QUOTED + 9)? {
                6 => format!("{to} tcp port {port} unreachable"),
                17 => format!("{to} udp port {port} unreachable"),
                protocol => format!("{to} protocol {protocol} port {port} unreachable"),
            }
        }
        4 => match data.u16(6)? {
            0 => format!("{to} unreachable - need to frag"),
            mtu => format!("{to} unreachable - need to frag (mtu {mtu})"),
        },
        5 => format!("{to} unreachable - source route failed"),
        6 => format!("net {to} unreachable - unknown"),
        7 => format!("host {to} unreachable - unknown"),
        8 => format!("{to} unreachable - source host isolated"),
        9 => format!("net {to} unreachable - admin prohibited"),
        10 => format!("host {to} unreachable - admin prohibited"),
        11 => format!("net {to} unreachable - tos prohibited"),
        12 => format!("host {to} unreachable - tos prohibited"),
        13 => format!("host {to} unreachable - admin prohibited filter"),
        14 => format!("host {to} unreachable - host precedence violation"),
        15 => format!("host {to} unreachable - precedence cutoff"),
        _ => format!("{to} unreachable - #{code}"),
    })
}

/// Router advertisement (RFC 1256).
fn advertisement(data: Data<'_>) -> Result<String, Cut> {
    let (count, size, lifetime) = (data.u8(4)?, data.u8(5)?, data.u16(6)?);
    let (hours, minutes, seconds) = (lifetime / 3600, lifetime % 3600 / 60, lifetime % 60);
    let lifetime = match (hours, minutes) {
        (0, 0) => format!("{seconds}"),
        (0, _) => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    };
    let mut words = format!("router advertisement lifetime {lifetime} {count}:");
    if size != 2 {
        return Ok(words + &format!(" [size {size}]"));
    }
    for place in 0..usize::from(count) {
        let at = 8 + 8 * place;
        words += &format!(" {{{} {}}}", data.v4(at)?, data.u32(at + 4)?);
    }
    Ok(words)
}

/// Milliseconds since midnight UTC as a time of day.
fn clock(milliseconds: u32) -> String {
    let seconds = milliseconds / 1000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}.{:03}", seconds % 60, milliseconds % 1000)
}
