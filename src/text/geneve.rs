//! A Geneve header (RFC 8926) → `Geneve, Flags [C], vni 0xa, options [8 bytes]: ` and the line of what is inside.

use super::printer::{Data, Line, Printed, say};
use super::{ip, ip6, link};

const HEADER: u32 = 8;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "geneve";
    say!(line, "Geneve");
    if length < HEADER {
        say!(line, " [length {length} < 8]");
        line.invalid();
        return Ok(());
    }
    data.take(0, HEADER as usize)?;
    let first = data.u8(0)?;
    if first >> 6 != 0 {
        say!(line, " ERROR: unknown-version {}", first >> 6);
        return Ok(());
    }
    let flags = match data.u8(1)? >> 6 {
        0 => "none",
        1 => "C",
        2 => "O",
        _ => "OC",
    };
    say!(line, ", Flags [{flags}], vni 0x{:x}", data.u32(3)? & 0x00ff_ffff);
    let reserved = data.u8(7)?;
    if reserved != 0 {
        say!(line, ", rsvd 0x{reserved:x}");
    }
    let (options, left) = (u32::from(first & 0x3f) * 4, length - HEADER);
    if left < options {
        say!(line, " truncated-geneve - {} bytes missing", options - left);
        return Ok(());
    }
    data.take(HEADER as usize, options as usize)?;
    if options > 0 {
        say!(line, ", options [{options} bytes]");
    }
    say!(line, ": ");
    let (inner, rest) = (data.from((HEADER + options) as usize), left - options);
    match data.u16(2)? {
        0x0800 => ip::print(line, inner, rest),
        0x86dd => ip6::print(line, inner, rest),
        0x6558 => link::ethernet(line, inner, rest),
        protocol => {
            say!(line, "geneve-proto-0x{protocol:x}");
            Ok(())
        }
    }
}
