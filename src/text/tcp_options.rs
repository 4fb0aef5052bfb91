//! TCP options (RFC 9293 §3.2, RFC 7323, RFC 2018, …) → `, options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7]`.

use super::printer::{Cut, Data, Hex, Line, say};

/// Why the list cannot be read to its end.
enum Broken {
    /// An option's length contradicts the header's.
    Bad,
    /// The value of an option was not captured.
    Value,
    Cut,
}

impl From<Cut> for Broken {
    fn from(_: Cut) -> Broken {
        Broken::Cut
    }
}

/// Options whose value has a length of its own, whatever the option says.
const KNOWN: [u8; 13] = [2, 3, 4, 6, 7, 8, 11, 12, 13, 19, 20, 28, 34];

/// Prints `size` bytes of options. Answers whether the rest of the segment is to be printed.
pub(super) fn print(line: &mut Line, data: Data<'_>, size: u32, receiver_base: u32, flags: u8) -> Result<bool, Cut> {
    say!(line, ", options [");
    let mut at = 0;
    let mut first = true;
    while at < size as usize {
        if !first {
            say!(line, ",");
        }
        match option(line, data.from(at), size as usize - at, receiver_base, flags) {
            Ok(0) => break,
            Ok(length) => at += length,
            Err(Broken::Bad) => {
                say!(line, "[bad opt]{}", if first { "" } else { "]" });
                return Ok(false);
            }
            Err(Broken::Value) => {
                line.cut();
                say!(line, "{}", if first { "" } else { ">" });
                return Ok(false);
            }
            Err(Broken::Cut) => return Err(Cut),
        }
        first = false;
    }
    say!(line, "]");
    Ok(true)
}

/// Prints one option and answers its length; 0 after the end of the list. `left`: bytes of options from here on.
fn option(line: &mut Line, data: Data<'_>, left: usize, receiver_base: u32, flags: u8) -> Result<usize, Broken> {
    let kind = data.u8(0)?;
    match kind {
        0 => {
            say!(line, "eol");
            return Ok(0);
        }
        1 => {
            say!(line, "nop");
            return Ok(1);
        }
        _ => {}
    }
    let length = usize::from(data.u8(1)?);
    if length < 2 || length > left {
        return Err(Broken::Bad);
    }
    match name(kind) {
        Some(name) => say!(line, "{name}"),
        None => say!(line, "unknown-{kind}"),
    }
    if kind == 30 {
        let whole = super::multipath::print(line, data, length, flags).map_err(|_| Broken::Value)?;
        return if whole { Ok(length) } else { Err(Broken::Bad) };
    }
    let value = Value { data: data.from(2), left: left - 2 };
    let used = value.print(line, kind, length - 2, receiver_base)?;
    if used + 2 != length {
        say!(line, "[len {length}]");
    }
    Ok(used + 2)
}

struct Value<'a> {
    data: Data<'a>,
    left: usize,
}

impl<'a> Value<'a> {
    fn take(&self, count: usize) -> Result<&'a [u8], Broken> {
        if count > self.left {
            return Err(Broken::Bad);
        }
        self.data.take(0, count).map_err(|_| Broken::Value)
    }

    /// Prints the value of an option, `size` bytes by its own account; answers how many bytes were read.
    fn print(&self, line: &mut Line, kind: u8, size: usize, receiver_base: u32) -> Result<usize, Broken> {
        let data = self.data;
        let fixed = match kind {
            2 | 20 | 28 => 2,
            3 => 1,
            4 => 0,
            6 | 7 | 11 | 12 | 13 => 4,
            8 => 8,
            19 => 16,
            _ => size,
        };
        if KNOWN.contains(&kind) {
            self.take(fixed)?;
        }
        match kind {
            2 => say!(line, " {}", data.u16(0)?),
            3 => say!(line, " {}", data.u8(0)?),
            4 => {}
            5 => self.blocks(line, size, receiver_base)?,
            6 | 7 | 11 | 12 | 13 => say!(line, " {}", data.u32(0)?),
            8 => say!(line, " val {} ecr {}", data.u32(0)?, data.u32(4)?),
            19 => say!(line, " shared secret not supplied with -M, can't check - {}", Hex(self.take(16)?, "")),
            20 => say!(line, " cap {:02x} id {}", data.u8(0)?, data.u8(1)?),
            28 => {
                let raw = data.u16(0)?;
                let time = u32::from(raw >> 1) * if raw & 1 == 1 { 60 } else { 1 };
                say!(line, " 0x{raw:x} {time}");
            }
            29 => self.authentication(line, size)?,
            34 => {
                say!(line, " ");
                cookie(line, self.take(size)?);
            }
            254 => match self.take(size)? {
                [0xf9, 0x89, rest @ ..] => {
                    say!(line, "-tfo");
                    cookie(line, rest);
                }
                [high, low, ..] => say!(line, "-{high:02x}{low:02x}"),
                _ => return Err(Broken::Bad),
            },
            _ if size > 0 => {
                say!(line, " 0x");
                self.hex(line, 0, size)?;
            }
            _ => {}
        }
        Ok(fixed)
    }

    /// Bytes from `start` to `end` as far as they were captured.
    fn hex(&self, line: &mut Line, start: usize, end: usize) -> Result<(), Broken> {
        let there = self.data.first(end).from(start);
        say!(line, "{}", Hex(there.0, ""));
        self.take(end).map(|_| ())
    }

    /// Blocks of selective acknowledgment (RFC 2018).
    fn blocks(&self, line: &mut Line, size: usize, base: u32) -> Result<(), Broken> {
        if !size.is_multiple_of(8) {
            say!(line, " invalid sack");
            return Ok(());
        }
        say!(line, " {} ", size / 8);
        for at in (0..size).step_by(8) {
            self.take(at + 8)?;
            let (left, right) = (self.data.u32(at)?, self.data.u32(at + 4)?);
            say!(line, "{{{}:{}}}", left.wrapping_sub(base), right.wrapping_sub(base));
        }
        Ok(())
    }

    /// TCP authentication option (RFC 5925).
    fn authentication(&self, line: &mut Line, size: usize) -> Result<(), Broken> {
        if size < 2 {
            line.invalid();
            return Ok(());
        }
        let [key, next] = [self.take(1)?, self.take(2)?].map(|read| read.last().copied().unwrap_or_default());
        say!(line, " keyid {key} rnextkeyid {next}");
        if size > 2 {
            say!(line, " mac 0x");
            self.hex(line, 2, size)?;
        }
        Ok(())
    }
}

/// TCP Fast Open (RFC 7413).
fn cookie(line: &mut Line, cookie: &[u8]) {
    match cookie.len() {
        0 => say!(line, " cookiereq"),
        4..=16 if cookie.len().is_multiple_of(2) => say!(line, " cookie {}", Hex(cookie, "")),
        _ => line.invalid(),
    }
}

fn name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        2 => "mss",
        3 => "wscale",
        4 => "sackOK",
        5 => "sack",
        6 => "echo",
        7 => "echoreply",
        8 => "TS",
        11 => "cc",
        12 => "ccnew",
        13 => "",
        19 => "md5",
        20 => "scps",
        28 => "uto",
        29 => "tcp-ao",
        30 => "mptcp",
        34 => "tfo",
        254 => "exp",
        _ => return None,
    })
}
