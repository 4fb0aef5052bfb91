//! An SCTP packet (RFC 9260) → `sctp (1) [INIT] [init tag: 1] …`, one part a chunk.

use super::printer::{Cut, Data, Ends, Line, Printed, say};

const HEADER: u32 = 12;
const CHUNK: u32 = 4;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32, ends: &Ends) -> Printed {
    line.protocol = "sctp";
    if length < HEADER {
        say!(line, "truncated-sctp - {} bytes missing!", HEADER - length);
        return Ok(());
    }
    let (source, destination) = (data.u16(0)?, data.u16(2)?);
    let ends = Ends { said: false, ..*ends };
    ends.print_ports(line, source, destination);
    // The words that tell ports from what follows are others than elsewhere.
    line.out.truncate(line.out.trim_end_matches(' ').len());
    say!(line, " sctp");
    let (mut at, mut left) = (HEADER, length - HEADER);
    for number in 1.. {
        if left == 0 {
            break;
        }
        let opening = if number == 1 { " (" } else { ", (" };
        if left < CHUNK {
            say!(line, "{opening}{number}) [chunk descriptor cut off at end of packet]");
            break;
        }
        let size = u32::from(data.u16(at as usize + 2)?);
        if size < CHUNK {
            say!(line, "{opening}{number}) [Bad chunk length {size}, < size of chunk descriptor]");
            break;
        }
        data.take(at as usize, size as usize)?;
        say!(line, "{opening}{number}) ");
        let whole = size.next_multiple_of(4);
        if !chunk(line, data.from(at as usize).first(size as usize), size)? {
            break;
        }
        at += whole;
        left = left.saturating_sub(whole);
    }
    Ok(())
}

/// Prints one chunk; false where tcpdump leaves the line for others, or the chunk contradicts itself.
fn chunk(line: &mut Line, data: Data<'_>, size: u32) -> Result<bool, Cut> {
    let kind = data.u8(0)?;
    match name(kind) {
        Some(name) => say!(line, "[{name}] "),
        None => say!(line, "[Unknown chunk type: 0x{kind:x}] "),
    }
    let smallest = match kind {
        0 => 17,
        1 | 2 => 20,
        3 => 16,
        _ => CHUNK,
    };
    if kind == 0 {
        let flags = data.u8(1)?;
        let letters = [(4, "(U)"), (2, "(B)"), (1, "(E)")].map(|(bit, word)| if flags & bit != 0 { word } else { "" });
        say!(line, "{}{}", letters.concat(), if flags & 7 != 0 { " " } else { "" });
    }
    if size < smallest {
        say!(line, "bogus chunk length {size}]");
        return Ok(false);
    }
    match kind {
        0 => {
            let (sequence, stream, place) = (data.u32(4)?, data.u16(8)?, data.u16(10)?);
            say!(line, "[TSN: {sequence}] [SID: {stream}] [SSEQ {place}] [PPID 0x{:x}] ", data.u32(12)?);
        }
        1 | 2 => {
            let (tag, window, sequence) = (data.u32(4)?, data.u32(8)?, data.u32(16)?);
            say!(line, "[init tag: {tag}] [rwnd: {window}] [OS: {}] ", data.u16(12)?);
            say!(line, "[MIS: {}] [init TSN: {sequence}] ", data.u16(14)?);
        }
        3 => {
            let (sequence, window, gaps, twice) = (data.u32(4)?, data.u32(8)?, data.u16(12)?, data.u16(14)?);
            say!(line, "[cum ack {sequence}] [a_rwnd {window}] [#gap acks {gaps}] [#dup tsns {twice}] ");
            return Ok(gaps == 0 && twice == 0);
        }
        _ => {}
    }
    Ok(true)
}

fn name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0 => "DATA",
        1 => "INIT",
        2 => "INIT ACK",
        3 => "SACK",
        4 => "HB REQ",
        5 => "HB ACK",
        6 => "ABORT",
        7 => "SHUTDOWN",
        8 => "SHUTDOWN ACK",
        9 => "OP ERR",
        10 => "COOKIE ECHO",
        11 => "COOKIE ACK",
        12 => "ECN ECHO",
        13 => "ECN CWR",
        14 => "SHUTDOWN COMPLETE",
        0xc0 => "FOR CUM TSN",
        _ => return None,
    })
}
