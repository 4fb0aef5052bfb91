//! An LLDPDU (IEEE 802.1AB §8) → `LLDP, length 149: alice.example`: of all that it says only the sender's name.

use super::printer::{Cut, Data, Line, Printed, say};

const SYSTEM_NAME: u16 = 5;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "lldp";
    line.body.get_or_insert(line.out.len());
    say!(line, "LLDP, length {length}");
    let (mut at, mut left) = (0, length as usize);
    while left >= 2 {
        let head = data.u16(at)?;
        let (kind, size) = (head >> 9, usize::from(head & 0x1ff));
        (at, left) = (at + 2, left - 2);
        if kind == 0 || size == 0 {
            break;
        }
        let value = data.take(at, size)?;
        if left < size {
            return Err(Cut);
        }
        if kind == SYSTEM_NAME {
            say!(line, ": ");
            line.readable(value.split(|byte| *byte == 0).next().unwrap_or_default());
        }
        (at, left) = (at + size, left - size);
    }
    Ok(())
}
