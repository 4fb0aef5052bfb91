//! A GRE header (RFC 2784, RFC 2890, RFC 2637) → `GREv0, key=0x1, length N: ` and the line of what the tunnel carries.

use super::printer::{Cut, Data, Line, Printed, say};
use super::{ip, ip6, link};

const CHECKSUM: u16 = 0x8000;
const ROUTING: u16 = 0x4000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
const ACKNOWLEDGMENT: u16 = 0x0080;
const VERSION: u16 = 0x0007;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "gre";
    let data = data.first(length as usize);
    let flags = data.u16(0)?;
    say!(line, "GREv{}", flags & VERSION);
    match flags & VERSION {
        0 => plain(line, data, length, flags),
        1 => enhanced(line, data, length, flags),
        _ => {
            say!(line, " ERROR: unknown-version");
            Ok(())
        }
    }
}

fn plain(line: &mut Line, data: Data<'_>, length: u32, flags: u16) -> Printed {
    let protocol = data.u16(2)?;
    let mut at = 4;
    if flags & (CHECKSUM | ROUTING) != 0 {
        data.u16(at)?;
        say!(line, ", off 0x{:x}", data.u16(at + 2)?);
        at += 4;
    }
    if flags & KEY != 0 {
        say!(line, ", key=0x{:x}", data.u32(at)?);
        at += 4;
    }
    if flags & SEQUENCE != 0 {
        say!(line, ", seq {}", data.u32(at)?);
        at += 4;
    }
    if flags & ROUTING != 0 {
        at = routes(line, data, at)?;
    }
    say!(line, ", length {length}: ");
    let (inner, rest) = (data.from(at), length.saturating_sub(at as u32));
    match protocol {
        0x0800 => ip::print(line, inner, rest),
        0x86dd => ip6::print(line, inner, rest),
        0x6558 => link::ethernet(line, inner, rest),
        _ => {
            say!(line, "gre-proto-0x{protocol:x}");
            Ok(())
        }
    }
}

/// The form that PPTP uses; what is behind it is PPP.
fn enhanced(line: &mut Line, data: Data<'_>, length: u32, flags: u16) -> Printed {
    let protocol = data.u16(2)?;
    let mut at = 4;
    for (flag, word) in [(KEY, "call"), (SEQUENCE, "seq"), (ACKNOWLEDGMENT, "ack")] {
        if flags & flag != 0 {
            let value = data.u32(at)?;
            say!(line, ", {word} {}", if flag == KEY { value & 0xffff } else { value });
            at += 4;
        }
    }
    if flags & SEQUENCE == 0 {
        say!(line, ", no-payload, length {length}");
        return Ok(());
    }
    say!(line, ", length {length}: gre-proto-0x{protocol:x}");
    Ok(())
}

/// Source routes (RFC 1701) up to the empty one; answers the offset behind them.
fn routes(line: &mut Line, data: Data<'_>, from: usize) -> Result<usize, Cut> {
    let mut at = from;
    loop {
        let (family, offset, size) = (data.u16(at)?, data.u8(at + 2)?, data.u8(at + 3)?);
        at += 4;
        match (family, size) {
            (0, 0) => return Ok(at),
            (0x0800, _) => route(line, data.from(at), ("ip", 4), offset, size)?,
            (0xfffe, _) => route(line, data.from(at), ("asn", 2), offset, size)?,
            _ => say!(line, ", (rtaf=0x{family:x})"),
        }
        at += usize::from(size);
    }
}

/// The hops of one route, the next one starred.
fn route(line: &mut Line, data: Data<'_>, (family, unit): (&str, u8), offset: u8, size: u8) -> Printed {
    say!(line, ", (rtaf={family}");
    if !offset.is_multiple_of(unit) {
        say!(line, ", badoffset={offset}");
    } else if !size.is_multiple_of(unit) {
        say!(line, ", badlength={size}");
    } else if offset >= size {
        say!(line, ", badoff/len={offset}/{size}");
    } else {
        for at in (0..size).step_by(unit.into()) {
            say!(line, " {}", if at == offset { "*" } else { "" });
            match unit {
                4 => say!(line, "{}", data.v4(at.into())?),
                _ => say!(line, "{:x}", data.u16(at.into())?),
            }
        }
    }
    say!(line, ")");
    Ok(())
}
