//! The multipath option of a TCP segment (RFC 8684) → `capable v1`, `dss ack 1 seq 2 subseq 3 len 4`, …

use super::printer::{Cut, Data, Hex, Line, say};

const SYN: u8 = 2;
const ACK: u8 = 16;

/// Prints an option of `len` bytes, its kind and length included; false for one that contradicts itself.
pub(super) fn print(line: &mut Line, data: Data<'_>, len: usize, flags: u8) -> Result<bool, Cut> {
    let data = data.first(len);
    if len < 3 {
        return Ok(false);
    }
    let subtype = data.u8(2)? >> 4;
    let names = ["capable", "join", "dss", "add-addr", "rem-addr", "prio", "fail", "fast-close"];
    say!(line, " {len} {}", names.get(usize::from(subtype)).unwrap_or(&"unknown"));
    match subtype {
        0 => capable(line, data, len, flags),
        1 => join(line, data, len, flags),
        2 => signal(line, data, len, flags),
        3 => address(line, data, len),
        4 if len >= 4 => {
            say!(line, " id");
            data.from(3).0.iter().for_each(|id| say!(line, " {id}"));
            Ok(true)
        }
        5 if matches!(len, 3 | 4) => {
            say!(line, "{}", if data.u8(2)? & 1 == 1 { " backup" } else { " non-backup" });
            if len == 4 {
                say!(line, " id {}", data.u8(3)?);
            }
            Ok(true)
        }
        6 | 7 if len == 12 => {
            let value = u64(data, 4)?;
            if subtype == 6 {
                say!(line, " seq {value}");
            } else {
                say!(line, " key 0x{value:x}");
            }
            Ok(true)
        }
        8.. => Ok(true),
        _ => Ok(false),
    }
}

fn u64(data: Data<'_>, at: usize) -> Result<u64, Cut> {
    Ok(u64::from(data.u32(at)?) << 32 | u64::from(data.u32(at + 4)?))
}

fn capable(line: &mut Line, data: Data<'_>, len: usize, flags: u8) -> Result<bool, Cut> {
    let opening = matches!(len, 4 | 12) && flags & SYN != 0;
    let opened = matches!(len, 20 | 22) && flags & (SYN | ACK) == ACK;
    if !opening && !opened {
        return Ok(false);
    }
    let version = data.u8(2)? & 0x0f;
    if version > 1 {
        say!(line, " Unknown Version ({version})");
        return Ok(true);
    }
    say!(line, " v{version}{}", if data.u8(3)? & 0x80 != 0 { " csum" } else { "" });
    if len >= 12 {
        say!(line, " {{0x{:x}", u64(data, 4)?);
        if len >= 20 {
            say!(line, ",0x{:x}", u64(data, 12)?);
        }
        say!(line, "}}");
    }
    Ok(true)
}

fn join(line: &mut Line, data: Data<'_>, len: usize, flags: u8) -> Result<bool, Cut> {
    match len {
        12 if flags & SYN != 0 => {}
        16 if flags & (SYN | ACK) == SYN | ACK => {}
        24 if flags & ACK != 0 => {
            say!(line, " hmac 0x{}", Hex(data.take(4, 20)?, ""));
            return Ok(true);
        }
        _ => return Ok(false),
    }
    say!(line, "{} id {}", if data.u8(2)? & 1 == 1 { " backup" } else { "" }, data.u8(3)?);
    if len == 12 {
        say!(line, " token 0x{:x} nonce 0x{:x}", data.u32(4)?, data.u32(8)?);
    } else {
        say!(line, " hmac 0x{:x} nonce 0x{:x}", u64(data, 4)?, data.u32(12)?);
    }
    Ok(true)
}

fn signal(line: &mut Line, data: Data<'_>, len: usize, flags: u8) -> Result<bool, Cut> {
    if len < 4 || flags & SYN != 0 {
        return Ok(false);
    }
    let bits = data.u8(3)?;
    let has = |bit: u8| bits & bit != 0;
    if has(16) {
        say!(line, " fin");
    }
    let mut at = 4;
    for (there, long, word) in [(has(1), has(2), "ack"), (has(4), has(8), "seq")] {
        if !there {
            continue;
        }
        say!(line, " {word} ");
        let size = if long { 8 } else { 4 };
        if at + size > len {
            return Ok(false);
        }
        say!(line, "{}", if long { u64(data, at)? } else { data.u32(at)?.into() });
        at += size;
    }
    if has(4) {
        if at + 4 > len {
            return Ok(false);
        }
        say!(line, " subseq {}", data.u32(at)?);
        if at + 6 > len {
            return Ok(false);
        }
        say!(line, " len {}", data.u16(at + 4)?);
        at += 6;
        if at + 2 <= len {
            say!(line, " csum 0x{:x}", data.u16(at)?);
            at += 2;
        }
    }
    Ok(at == len)
}

fn address(line: &mut Line, data: Data<'_>, len: usize) -> Result<bool, Cut> {
    let size = match len {
        8 | 10 | 16 | 18 => 4,
        20 | 22 | 28 | 30 => 16,
        _ => return Ok(false),
    };
    let word = match data.u8(2)? & 0x0f {
        0 => "v1",
        1 => "v1-echo",
        4 => "v0-ip4",
        6 => "v0-ip6",
        _ => "[bad version/echo]",
    };
    say!(line, " {word} id {}", data.u8(3)?);
    match size {
        4 => say!(line, " {}", data.v4(4)?),
        _ => say!(line, " {}", data.v6(4)?),
    }
    let mut at = 4 + size;
    if matches!(len - at, 2 | 10) {
        say!(line, ":{}", data.u16(at)?);
        at += 2;
    }
    if len > at {
        say!(line, " hmac 0x{:x}", u64(data, at)?);
    }
    Ok(true)
}
