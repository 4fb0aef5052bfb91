//! A radiotap header → `1.0 Mb/s 2412 MHz 11b -60dBm signal antenna 1 `, which precedes the frame's own words.

use super::printer::{Cut, Data, Line, Printed, say};
use super::wlan;
use crate::protocol::decimal::fixed;

const SHORTEST: usize = 8;
const PADDED: u8 = 0x20;
const CHECKED: u8 = 0x10;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "802.11_radio";
    data.take(0, SHORTEST)?;
    let size = usize::from(little16(data, 2)?);
    if size < SHORTEST || data.0.len() < size {
        return Err(Cut);
    }
    let mut cursor = Cursor { data: data.first(size), at: SHORTEST, size };
    let mut words = vec![little32(data, 4)?];
    while words.last().is_some_and(|word| word >> 31 == 1) {
        if cursor.at + 4 > size {
            return Err(Cut);
        }
        words.push(little32(data, cursor.at)?);
        cursor.at += 4;
    }
    let mut flags = 0;
    // The words are written while they are read, and an end that comes too early is marked where it is.
    if fields(line, &words, &mut cursor, &mut flags).is_err() {
        line.cut();
    }
    let check = if flags & CHECKED != 0 { 4 } else { 0 };
    wlan::print(line, data.from(size), length.saturating_sub(size as u32), flags & PADDED != 0, check)
}

fn little16(data: Data<'_>, at: usize) -> Result<u16, Cut> {
    Ok(data.u16(at)?.swap_bytes())
}

fn little32(data: Data<'_>, at: usize) -> Result<u32, Cut> {
    Ok(data.u32(at)?.swap_bytes())
}

/// Reads values aligned to their own size.
struct Cursor<'a> {
    data: Data<'a>,
    at: usize,
    size: usize,
}

impl Cursor<'_> {
    fn next(&mut self, size: usize) -> Result<u64, Cut> {
        let at = self.at.next_multiple_of(size);
        if at + size > self.size {
            return Err(Cut);
        }
        self.at = at + size;
        Ok(self.data.take(at, size)?.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    fn byte(&mut self) -> Result<u8, Cut> {
        self.next(1).map(|value| value as u8)
    }
}

fn fields(line: &mut Line, words: &[u32], cursor: &mut Cursor<'_>, flags: &mut u8) -> Printed {
    let (mut base, mut vendor, mut skip) = (0, false, 0);
    for &present in words {
        if vendor {
            cursor.at += skip;
            skip = 0;
        } else {
            for bit in (0..29).filter(|bit| present >> bit & 1 == 1) {
                if !field(line, base + bit, present, cursor, flags)? {
                    return Ok(());
                }
            }
        }
        match present >> 29 & 3 {
            0 => base += 32,
            1 => (base, vendor) = (0, false),
            2 => {
                (base, vendor) = (0, true);
                cursor.at = cursor.at.next_multiple_of(2) + 4;
                skip = cursor.next(2)? as usize;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Prints one field; false where its size is not known, so that nothing behind it can be read.
fn field(line: &mut Line, bit: u32, present: u32, cursor: &mut Cursor<'_>, flags: &mut u8) -> Result<bool, Cut> {
    match bit {
        0 => say!(line, "{}us tsft ", cursor.next(8)?),
        1 => {
            *flags = cursor.byte()?;
            let words = [(1, "cfp "), (2, "short preamble "), (4, "wep "), (8, "fragmented "), (0x40, "bad-fcs ")];
            for (_, word) in words.iter().filter(|(bit, _)| *flags & bit != 0) {
                say!(line, "{word}");
            }
        }
        2 => match cursor.byte()? {
            rate @ 0x80..=0x8f => say!(line, "MCS {} ", rate & 0x7f),
            rate => say!(line, "{} Mb/s ", fixed(rate.into(), 2, 1)),
        },
        3 => {
            let (frequency, flags) = (cursor.next(2)?, cursor.next(2)? as u32);
            if present >> 18 & 1 == 0 {
                channel(line, frequency, flags, present);
            }
        }
        4 => say!(line, "fhset {} fhpat {} ", cursor.byte()?, cursor.byte()?),
        5 => say!(line, "{}dBm signal ", cursor.byte()?.cast_signed()),
        6 => say!(line, "{}dBm noise ", cursor.byte()?.cast_signed()),
        7 => say!(line, "{} sq ", cursor.next(2)?),
        8 => say!(line, "{} tx power ", -i32::from((cursor.next(2)? as u16).cast_signed())),
        9 => say!(line, "{}dB tx attenuation ", -i32::from(cursor.byte()?.cast_signed())),
        10 => say!(line, "{}dBm tx power ", cursor.byte()?.cast_signed()),
        11 => say!(line, "antenna {} ", cursor.byte()?),
        12 => say!(line, "{}dB signal ", cursor.byte()?),
        13 => say!(line, "{}dB noise ", cursor.byte()?),
        14 => _ = cursor.next(2)?,
        18 => {
            let (flags, frequency) = (cursor.next(4)? as u32, cursor.next(2)?);
            cursor.next(2)?;
            channel(line, frequency, flags, present);
        }
        19 => modulation(line, cursor.byte()?, cursor.byte()?, cursor.byte()?),
        20 => {
            cursor.next(4)?;
            cursor.next(4)?;
        }
        21 => fast(line, cursor)?,
        _ => {
            say!(line, "[bit {bit}] ");
            return Ok(false);
        }
    }
    Ok(true)
}

fn channel(line: &mut Line, frequency: u64, flags: u32, present: u32) {
    say!(line, "{frequency} MHz");
    let all = |bits: u32| flags & bits == bits;
    let narrow = match flags {
        _ if all(0x4000) => "/10Mhz",
        _ if all(0x8000) => "/5Mhz",
        _ => "",
    };
    if present >> 19 & 1 == 1 {
        say!(line, " 11n");
    } else {
        if all(0x0880) {
            say!(line, " FHSS");
        }
        if all(0x0140) {
            say!(line, " 11a{narrow}");
        }
        if all(0x00c0) || all(0x0480) {
            say!(line, " 11g{narrow}");
        } else if all(0x00a0) {
            say!(line, " 11b");
        }
        if all(0x0010) {
            say!(line, " Turbo");
        }
    }
    if all(0x10000) {
        say!(line, " ht/20");
    } else if all(0x40000) {
        say!(line, " ht/40-");
    } else if all(0x20000) {
        say!(line, " ht/40+");
    }
    say!(line, " ");
}

/// Half megabits a second of the first eight schemes with 20 and with 40 MHz; each further stream adds as much again.
const RATES: [[u64; 8]; 2] = [[13, 26, 39, 52, 78, 104, 117, 130], [27, 54, 81, 108, 162, 216, 243, 270]];

fn modulation(line: &mut Line, known: u8, flags: u8, index: u8) {
    if known & 2 != 0 {
        let streams = u64::from(index / 8 + 1);
        let row = RATES.get(usize::from(flags & 3 == 1)).and_then(|row| row.get(usize::from(index % 8)));
        let (times, over) = if flags & 4 != 0 { (10, 18) } else { (1, 2) };
        match row {
            Some(rate) if index < 32 && known & 5 != 0 => {
                say!(line, "{} Mb/s MCS {index} ", fixed(rate * streams * times, over, 1))
            }
            _ => say!(line, "MCS {index} "),
        }
    }
    if known & 1 != 0 {
        let width = ["20 MHz", "40 MHz", "20 MHz (L)", "20 MHz (U)"][usize::from(flags & 3)];
        say!(line, "{width} ");
    }
    if known & 4 != 0 {
        say!(line, "{} GI ", if flags & 4 != 0 { "short" } else { "long" });
    }
    if known & 8 != 0 {
        say!(line, "{} ", if flags & 8 != 0 { "greenfield" } else { "mixed" });
    }
    if known & 0x10 != 0 {
        say!(line, "{} FEC ", if flags & 0x10 != 0 { "LDPC" } else { "BCC" });
    }
    if known & 0x20 != 0 {
        say!(line, "RX-STBC{} ", flags >> 5 & 3);
    }
}

const WIDTHS: [&str; 26] = [
    "20 MHz",
    "40 MHz",
    "20 MHz (L)",
    "20 MHz (U)",
    "80 MHz",
    "80 MHz (L)",
    "80 MHz (U)",
    "80 MHz (LL)",
    "80 MHz (LU)",
    "80 MHz (UL)",
    "80 MHz (UU)",
    "160 MHz",
    "160 MHz (L)",
    "160 MHz (U)",
    "160 MHz (LL)",
    "160 MHz (LU)",
    "160 MHz (UL)",
    "160 MHz (UU)",
    "160 MHz (LLL)",
    "160 MHz (LLU)",
    "160 MHz (LUL)",
    "160 MHz (UUU)",
    "160 MHz (ULL)",
    "160 MHz (ULU)",
    "160 MHz (UUL)",
    "160 MHz (UUU)",
];

fn fast(line: &mut Line, cursor: &mut Cursor<'_>) -> Printed {
    let (known, flags, width) = (cursor.next(2)?, cursor.byte()?, cursor.byte()? & 0x1f);
    let users = [cursor.byte()?, cursor.byte()?, cursor.byte()?, cursor.byte()?];
    let coding = cursor.byte()?;
    cursor.byte()?;
    cursor.next(2)?;
    for (user, streams) in users.iter().enumerate().filter(|(_, streams)| *streams & 15 != 0) {
        let coded = if coding >> user & 1 == 1 { "LDPC" } else { "BCC" };
        say!(line, "User {user} MCS {} {coded} FEC ", streams >> 4);
    }
    if known & 0x40 != 0 {
        match WIDTHS.get(usize::from(width)) {
            Some(width) => say!(line, "{width} "),
            None => say!(line, "unknown ({width}) "),
        }
    }
    if known & 4 != 0 {
        say!(line, "{} GI ", if flags & 4 != 0 { "short" } else { "long" });
    }
    Ok(())
}
