//! A bridge's BPDU (IEEE 802.1D §9) → `STP 802.1d, Config, Flags [none], bridge-id …, length 35`.

use super::printer::{Data, Line, Printed, mac, say};

const RAPID_SIZE: u32 = 36;
const SHORTEST_MULTIPLE: u32 = 102;
const FLAGS: [(u8, &str); 6] = [
    (0x01, "Topology change"),
    (0x02, "Proposal"),
    (0x10, "Learn"),
    (0x20, "Forward"),
    (0x40, "Agreement"),
    (0x80, "Topology change ACK"),
];

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "stp";
    if length < 4 {
        line.invalid();
        return Ok(());
    }
    if data.u16(0)? != 0 {
        say!(line, "unknown STP version, length {length}");
        return Ok(());
    }
    let version = data.u8(2)?;
    match version {
        0 => say!(line, "STP 802.1d"),
        2 => say!(line, "STP 802.1w"),
        3 => say!(line, "STP 802.1s"),
        4 => say!(line, "STP 802.1aq"),
        _ => {
            say!(line, "STP Unknown STP protocol (0x{version:02x})");
            return Ok(());
        }
    }
    match (data.u8(3)?, version) {
        (0x00, _) => {
            say!(line, ", Config");
            configuration(line, data, length, RAPID_SIZE - 1)
        }
        (0x02, version) => {
            say!(line, ", Rapid STP");
            match version {
                2 => configuration(line, data, length, RAPID_SIZE),
                3 | 4 => multiple(line, data, length),
                _ => Ok(()),
            }
        }
        (0x80, _) => {
            say!(line, ", Topology Change");
            Ok(())
        }
        (kind, _) => {
            say!(line, ", Unknown BPDU Type (0x{kind:02x})");
            Ok(())
        }
    }
}

fn flags(data: Data<'_>) -> Result<String, super::printer::Cut> {
    let flags = data.u8(4)?;
    let set: Vec<_> = FLAGS.iter().filter(|(bit, _)| flags & bit != 0).map(|&(_, name)| name).collect();
    Ok(if set.is_empty() { "none".to_string() } else { set.join(", ") })
}

fn configuration(line: &mut Line, data: Data<'_>, length: u32, needed: u32) -> Printed {
    if length < needed {
        line.invalid();
        return Ok(());
    }
    say!(line, ", Flags [{}]", flags(data)?);
    let (priority, address, port) = (data.u16(17)?, data.take(19, 6)?, data.u16(25)?);
    say!(line, ", bridge-id {priority:04x}.{}.{port:04x}, length {length}", mac(address));
    Ok(())
}

fn multiple(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    if length < SHORTEST_MULTIPLE || data.u8(35)? != 0 || length < RAPID_SIZE + 2 + u32::from(data.u16(36)?) {
        line.invalid();
        return Ok(());
    }
    say!(line, ", CIST Flags [{}], length {length}", flags(data)?);
    Ok(())
}
