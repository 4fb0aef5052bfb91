//! IPsec headers → `AH(spi=…,seq=…,icv=…): ` before what follows (RFC 4302), `ESP(spi=…,seq=…), length N` (RFC 4303).

use super::printer::{Cut, Data, Hex, Line, Printed, say};

/// Prints an authentication header; answers its size.
pub(super) fn authentication(line: &mut Line, data: Data<'_>) -> Result<usize, Cut> {
    line.protocol = "ah";
    data.u8(0)?;
    say!(line, "AH");
    let size = (usize::from(data.u8(1)?) + 2) * 4;
    say!(line, "(");
    match data.u16(2)? {
        0 => {}
        reserved => say!(line, "reserved=0x{reserved:x}[MustBeZero],"),
    }
    say!(line, "spi=0x{:08x},", data.u32(4)?);
    say!(line, "seq=0x{:x},", data.u32(8)?);
    say!(line, "icv=0x{}", Hex(data.first(size).from(12).0, ""));
    data.take(0, size)?;
    say!(line, "): ");
    Ok(size)
}

pub(super) fn encrypted(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "esp";
    let (spi, sequence) = (data.u32(0)?, data.u32(4)?);
    say!(line, "ESP(spi=0x{spi:08x},seq=0x{sequence:x}), length {length}");
    Ok(())
}
