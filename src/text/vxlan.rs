//! A VXLAN header (RFC 7348) → `VXLAN, flags [I] (0x08), vni 100`; tcpdump puts what is inside on a line of its own.

use super::link;
use super::printer::{Data, Line, Printed, say};

const HEADER: u32 = 8;
/// The flag that says that the network identifier is valid.
const VALID: u8 = 0x08;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "vxlan";
    say!(line, "VXLAN");
    if length < HEADER {
        line.invalid();
        return Ok(());
    }
    let flags = data.u8(0)?;
    let words = if flags & VALID != 0 { "I" } else { "invalid" };
    say!(line, ", flags [{words}] (0x{flags:02x}), vni {}", data.u32(3)? & 0x00ff_ffff);
    data.u8(7)?;
    if !line.ladder {
        return Ok(());
    }
    say!(line, ": ");
    link::ethernet(line, data.from(HEADER as usize), length - HEADER)
}
