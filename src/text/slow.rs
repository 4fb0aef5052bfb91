//! A slow protocol's frame (IEEE 802.3 Annex 57A) → `LACPv1, length 110`.

use super::printer::{Data, Line, Printed, say};

const VERSION: u8 = 1;
const OPERATIONS: u8 = 3;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "slow";
    line.body.get_or_insert(line.out.len());
    if length < 1 {
        say!(line, " (packet is too short)");
        return Ok(());
    }
    let subtype = data.u8(0)?;
    let name = match subtype {
        1 => "LACP",
        2 => "MARKER",
        _ => {
            let name = if subtype == OPERATIONS { "OAM".to_string() } else { format!("unknown ({subtype})") };
            say!(line, "{name}, length {length}");
            return Ok(());
        }
    };
    if length < 2 {
        say!(line, " (packet is too short)");
        return Ok(());
    }
    match data.u8(1)? {
        VERSION => say!(line, "{name}v{VERSION}, length {length}"),
        version => say!(line, "{name} version {version} packet not supported"),
    }
    Ok(())
}
