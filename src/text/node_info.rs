//! A node information query or reply (RFC 4620) → ` node information query (DNS name, subject=2001:db8::2)`.

use super::printer::{Data, Line, Printed, say};

/// Bytes before the data.
const HEAD: usize = 16;
/// Bytes of KAME's older request.
const WHO_ARE_YOU: usize = 12;
/// Letters of the flags, as tcpdump orders them; the last one is for replies only.
const FLAGS: [(u16, char); 7] = [(0x40, 'a'), (0x20, 'G'), (0x10, 'S'), (8, 'L'), (4, 'C'), (2, 'A'), (1, 'T')];

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    let data = data.first(length as usize);
    if data.u8(0)? == 140 {
        return reply(line, data, length);
    }
    if data.0.len() == WHO_ARE_YOU {
        say!(line, " who-are-you request");
        return Ok(());
    }
    say!(line, " node information query");
    data.take(0, HEAD)?;
    say!(line, " (");
    let (query, given) = (data.u16(4)?, data.0.len() - HEAD);
    asked(line, query, data.u16(6)?);
    if query == 3 {
        flags(line, data.u16(6)? & !1, data.u16(6)? != 0);
    }
    match data.u8(1)? {
        _ if query < 2 => {}
        _ if given == 0 => say!(line, ", 03 draft"),
        0 if given == 16 => say!(line, ", subject={}", data.v6(HEAD)?),
        1 => {
            say!(line, ", subject=DNS name");
            name(line, data.from(HEAD))?;
        }
        2 if given == 4 => say!(line, ", subject={}", data.v4(HEAD)?),
        0 | 2 => {}
        _ => say!(line, ", unknown subject"),
    }
    say!(line, ")");
    Ok(())
}

fn reply(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    if (data.0.len() as u32) < length {
        say!(line, "[|icmp6: node information reply]");
        return Ok(());
    }
    data.take(0, HEAD)?;
    say!(line, " node information reply (");
    let (query, set) = (data.u16(4)?, data.u16(6)?);
    match data.u8(1)? {
        0 => {
            asked(line, query, set);
            if query == 2 {
                name(line, data.from(HEAD + 4))?;
                if set & 1 != 0 {
                    say!(line, " [TTL={}]", data.u32(HEAD)?);
                }
            }
            if query == 3 {
                for at in (HEAD..(data.0.len() + 1).saturating_sub(20)).step_by(20) {
                    say!(line, " {}({})", data.v6(at + 4)?, data.u32(at)?);
                }
                flags(line, set, set != 0);
            }
        }
        1 => say!(line, "refused"),
        2 => say!(line, "unknown"),
        _ => {}
    }
    say!(line, ")");
    Ok(())
}

fn asked(line: &mut Line, query: u16, set: u16) {
    match query {
        0 => say!(line, "noop"),
        1 if set == 0 => say!(line, "supported qtypes"),
        1 => say!(line, "supported qtypes [{}]", if set & 1 != 0 { "C" } else { "" }),
        2 => say!(line, "DNS name"),
        3 => say!(line, "node addresses"),
        _ => say!(line, "unknown"),
    }
}

fn flags(line: &mut Line, set: u16, any: bool) {
    if any {
        let letters: String = FLAGS.iter().filter(|(bit, _)| set & bit != 0).map(|(_, letter)| letter).collect();
        say!(line, " [{letters}]");
    }
}

/// The labels of a name, without pointers; a first byte that counts all the rest is a text of an older draft.
fn name(line: &mut Line, data: Data<'_>) -> Printed {
    say!(line, ", \"");
    if usize::from(data.u8(0)?) + 1 == data.0.len() {
        line.readable(&data.0[1..]);
        say!(line, "\"");
        return Ok(());
    }
    let mut at = 0;
    while let Some(length) = data.0.get(at).map(|byte| usize::from(*byte)) {
        let rest = data.from(at + 1).0;
        if length == 0 {
            let end = match rest {
                [] => ".",
                [0] => "",
                _ => "???",
            };
            say!(line, "{end}");
            break;
        }
        let Some(label) = rest.get(..length) else {
            say!(line, "???");
            break;
        };
        line.readable(label);
        at += 1 + length;
        if data.0.get(at).is_some_and(|next| *next != 0) {
            say!(line, ".");
        }
    }
    say!(line, "\"");
    Ok(())
}
