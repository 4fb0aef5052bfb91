//! An IPv6 packet (RFC 8200) → `IP6 source > destination: …`, extension headers included.

use std::net::IpAddr;

use super::ip::{Version, demultiplex};
use super::printer::{Cut, Data, Ends, Line, Printed, say};

const HEADER: u32 = 40;
const HOP_BY_HOP: u8 = 0;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const DESTINATION: u8 = 60;
const PAD1: u8 = 0;
const JUMBO: u8 = 0xc2;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "ip6";
    data.take(0, HEADER as usize)?;
    if length < HEADER {
        say!(line, "truncated-ip6 {length}");
        return Ok(());
    }
    say!(line, "IP6 ");
    let version = data.u8(0)? >> 4;
    if version != 6 {
        say!(line, "version error: {version} != 6");
        return Ok(());
    }
    let payload = u32::from(data.u16(4)?);
    let total = if payload == 0 { length } else { payload + HEADER };
    if length < total {
        say!(line, "truncated-ip6 - {} bytes missing!", total - length);
    }
    chain(line, data.first(total as usize), payload, length)
}

/// Walks the extension headers up to the first header that is not one. `there`: bytes on the wire from this header on.
fn chain(line: &mut Line, data: Data<'_>, payload: u32, there: u32) -> Printed {
    let (source, destination) = (IpAddr::V6(data.v6(8)?.0), IpAddr::V6(data.v6(24)?.0));
    let mut ends = Ends { source, destination, said: false };
    let mut next = data.u8(6)?;
    let mut at = HEADER as usize;
    let mut fragmented = false;
    let mut jumbo = None;
    if !matches!(next, 6 | 17 | 132) {
        ends.print(line);
        ends.said = true;
    }
    loop {
        let header = data.from(at);
        let size = match next {
            HOP_BY_HOP if at > HEADER as usize => {
                say!(line, "[The Hop-by-Hop Options header don't follow the IPv6 header]");
                line.invalid();
                return Ok(());
            }
            HOP_BY_HOP => {
                let size = options(line, header, "hbhopt", "HBH ")?;
                let found = jumbo_length(header.first(size))?;
                jumbo = found.filter(|&length| payload == 0 && length > 65535);
                if payload == 0 && jumbo.is_none() {
                    say!(line, "[No valid Jumbo Payload Hop-by-Hop option found]");
                    line.invalid();
                    return Ok(());
                }
                size
            }
            DESTINATION => options(line, header, "dstopt", "DSTOPT ")?,
            ROUTING => match routing(line, header)? {
                Some(size) => size,
                None => return Ok(()),
            },
            FRAGMENT => {
                line.protocol = "frag6";
                let offset = header.u16(2)? & 0xfff8;
                let size = (i64::from(payload) + i64::from(HEADER)).wrapping_sub(at as i64 + 8) as u64;
                say!(line, "frag ({offset}|{size})");
                if offset != 0 {
                    return Ok(());
                }
                say!(line, " ");
                fragmented = true;
                8
            }
            _ => {
                let total = u64::from(jumbo.unwrap_or(payload)) + u64::from(HEADER);
                if jumbo.is_some() && u64::from(there) < total {
                    say!(line, "truncated-ip6 - {} bytes missing!", total - u64::from(there));
                }
                let length = total.checked_sub(at as u64).ok_or(Cut)? as u32;
                // Without a payload there is nothing for the next protocol to be in but padding of the frame.
                let header = if total == u64::from(HEADER) { Data(&[]) } else { header };
                return demultiplex(line, header, length, &ends, Version::Six, next, fragmented);
            }
        };
        next = header.u8(0)?;
        line.protocol = "ip6";
        at += size;
        if at >= data.0.len() {
            return Ok(());
        }
    }
}

/// Hop-by-hop or destination options: only their presence is said. Answers the header's size.
fn options(line: &mut Line, data: Data<'_>, protocol: &'static str, word: &str) -> Result<usize, Cut> {
    line.protocol = protocol;
    let size = (usize::from(data.u8(1)?) + 1) * 8;
    data.take(0, size)?;
    say!(line, "{word}");
    Ok(size)
}

/// The jumbo payload option (RFC 2675) of a hop-by-hop header. An option that does not fit is reported as cut.
fn jumbo_length(data: Data<'_>) -> Result<Option<u32>, Cut> {
    let mut found = None;
    let mut at = 2;
    while at < data.0.len() {
        if data.u8(at)? == PAD1 {
            at += 1;
            continue;
        }
        let size = usize::from(data.u8(at + 1)?);
        data.take(at + 2, size)?;
        if data.u8(at)? == JUMBO && size == 4 {
            found = Some(data.u32(at + 2)?);
        }
        at += 2 + size;
    }
    Ok(found)
}

/// Routing header. Answers its size, or nothing where its type or length cannot be read.
fn routing(line: &mut Line, data: Data<'_>) -> Result<Option<usize>, Cut> {
    line.protocol = "rt6";
    say!(line, "RT6");
    let units = data.u8(1)?;
    say!(line, " (len={units}");
    let kind = data.u8(2)?;
    say!(line, ", type={kind}{}", if kind == 0 { " [Deprecated]" } else { "" });
    say!(line, ", segleft={}", data.u8(3)?);
    match kind {
        0 | 2 if data.u32(4)? != 0 => say!(line, ", rsv=0x{:x}", data.u32(4)?),
        0 | 2 => {}
        4 => {
            say!(line, ", last-entry={}", data.u8(4)?);
            if data.u8(5)? != 0 {
                say!(line, ", flags=0x{:x}", data.u8(5)?);
            }
            say!(line, ", tag={:x}", data.u16(6)?);
        }
        _ => {
            say!(line, " (unknown type)");
            line.invalid();
            return Ok(None);
        }
    }
    if units % 2 == 1 {
        say!(line, " (invalid length {units})");
        line.invalid();
        return Ok(None);
    }
    for place in 0..usize::from(units / 2) {
        say!(line, ", [{place}]{}", data.v6(8 + 16 * place)?);
    }
    say!(line, ") ");
    Ok(Some((usize::from(units) + 1) * 8))
}
