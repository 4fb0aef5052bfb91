//! A DNS message (RFC 1035) → `12345+ A? example.com. (29)` or `12345 1/0/0 A 192.0.2.1 (45)`.

use super::printer::{Cut, Data, Line, Printed, say};

const HEADER: usize = 12;
const RESPONSE: u16 = 0x8000;
const OPT: u16 = 41;
/// The upper bit of a class has its own meaning in multicast DNS (RFC 6762 §5.4, §10.2).
const MULTICAST_FLAG: u16 = 0x8000;
const INVERSE_QUERY: u16 = 1;
/// Flags that a query should not have.
const ODD_IN_QUERY: u16 = 0x6cf;
const LONGEST_NAME: usize = 255;

/// A message and how it came.
#[derive(Clone, Copy)]
struct Message<'a> {
    data: Data<'a>,
    multicast: bool,
}

/// A message over TCP, which begins with its length.
pub(super) fn print_stream(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "domain";
    let Some(length) = length.checked_sub(2) else {
        say!(line, " [DNS over TCP: length {length} < 2]");
        line.invalid();
        return Ok(());
    };
    let prefix = data.u16(0)?;
    if u32::from(prefix) != length {
        say!(line, " [prefix length({prefix}) != length({length})]");
        line.invalid();
        return Ok(());
    }
    say!(line, " ");
    print(line, data.from(2), length, false)
}

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32, multicast: bool) -> Printed {
    line.protocol = "domain";
    if length < HEADER as u32 {
        say!(line, "domain [length {length} < {HEADER}]");
        line.invalid();
        return Ok(());
    }
    data.take(0, HEADER)?;
    let message = Message { data, multicast };
    if data.u16(2)? & RESPONSE != 0 {
        message.response(line)?;
    } else {
        message.query(line)?;
    }
    say!(line, " ({length})");
    Ok(())
}

impl Message<'_> {
    /// Numbers of questions, answers, authority and additional records.
    fn counts(self) -> Result<[u16; 4], Cut> {
        Ok([self.data.u16(4)?, self.data.u16(6)?, self.data.u16(8)?, self.data.u16(10)?])
    }

    fn query(self, line: &mut Line) -> Printed {
        let flags = self.data.u16(2)?;
        let operation = flags >> 11 & 0xf;
        let [questions, answers, authorities, additionals] = self.counts()?;
        say!(line, "{}{}", self.data.u16(0)?, OPERATIONS[usize::from(operation)]);
        say!(line, "{}{}", if flags & 0x100 != 0 { "+" } else { "" }, if flags & 0x10 != 0 { "%" } else { "" });
        if flags & ODD_IN_QUERY != 0 {
            say!(line, " [b2&3=0x{flags:x}]");
        }
        if operation == INVERSE_QUERY {
            count(line, questions != 0, questions, "q");
            count(line, answers != 1, answers, "a");
        } else {
            count(line, answers != 0, answers, "a");
            count(line, questions != 1, questions, "q");
        }
        count(line, authorities != 0, authorities, "n");
        count(line, additionals != 0, additionals, "au");
        let mut at = HEADER;
        for place in 0..questions {
            if place > 0 && at >= self.data.0.len() {
                return Err(Cut);
            }
            at = self.question(line, at)?;
        }
        Ok(())
    }

    fn question(self, line: &mut Line, at: usize) -> Result<usize, Cut> {
        let end = self.skip_name(at).ok_or(Cut)?;
        let (kind, class) = (self.data.u16(end)?, self.data.u16(end + 2)?);
        say!(line, " {}", kind_name(kind));
        self.class(line, class);
        if self.multicast {
            say!(line, "{}", if class & MULTICAST_FLAG != 0 { " (QU)" } else { " (QM)" });
        }
        say!(line, "? ");
        self.name(line, at)?;
        Ok(end + 4)
    }

    fn response(self, line: &mut Line) -> Printed {
        let flags = self.data.u16(2)?;
        let [questions, answers, authorities, additionals] = self.counts()?;
        say!(line, "{}{}", self.data.u16(0)?, OPERATIONS[usize::from(flags >> 11 & 0xf)]);
        code(line, flags & 0xf | self.extended_code().unwrap_or(0) << 4);
        say!(line, "{}{}", if flags & 0x400 != 0 { "*" } else { "" }, if flags & 0x80 != 0 { "" } else { "-" });
        say!(line, "{}{}", if flags & 0x200 != 0 { "|" } else { "" }, if flags & 0x20 != 0 { "$" } else { "" });
        count(line, questions != 1, questions, "q");
        let mut at = HEADER;
        for place in 0..questions {
            if place > 0 {
                say!(line, ",");
            }
            at = self.skip_name(at).ok_or(Cut)? + 4;
        }
        say!(line, " {answers}/{authorities}/{additionals}");
        for place in 0..answers {
            if place > 0 {
                if at >= self.data.0.len() {
                    return Err(Cut);
                }
                say!(line, ",");
            }
            at = self.record(line, at)?;
        }
        Ok(())
    }

    /// The upper bits of the response code, from the OPT record (RFC 6891 §6.1.3).
    fn extended_code(self) -> Option<u16> {
        let [questions, answers, authorities, additionals] = self.counts().ok()?;
        let mut at = HEADER;
        for _ in 0..questions {
            at = self.skip_name(at)? + 4;
        }
        for place in 0..u32::from(answers) + u32::from(authorities) + u32::from(additionals) {
            at = self.skip_name(at)?;
            let additional = place >= u32::from(answers) + u32::from(authorities);
            if additional && self.data.u16(at).ok()? == OPT {
                return self.data.u8(at + 4).ok().map(u16::from);
            }
            at += 10 + usize::from(self.data.u16(at + 8).ok()?);
        }
        None
    }

    fn class(self, line: &mut Line, class: u16) {
        match if self.multicast { class & !MULTICAST_FLAG } else { class } {
            1 => {}
            3 => say!(line, " CHAOS"),
            4 => say!(line, " HS"),
            255 => say!(line, " ANY"),
            class => say!(line, " (Class {class})"),
        }
    }

    /// Prints a record and answers where the next one begins.
    fn record(self, line: &mut Line, at: usize) -> Result<usize, Cut> {
        let data = self.data;
        let Some(at) = self.skip_name(at).filter(|&at| data.take(at, 10).is_ok()) else {
            // tcpdump treats a record without its fixed part as the end of the message.
            return Ok(data.0.len());
        };
        let (kind, class, size) = (data.u16(at)?, data.u16(at + 2)?, usize::from(data.u16(at + 8)?));
        if kind != OPT {
            self.class(line, class);
        }
        if self.multicast && class & MULTICAST_FLAG != 0 {
            say!(line, " (Cache flush)");
        }
        say!(line, " {}", kind_name(kind));
        let at = at + 10;
        data.take(at, size)?;
        self.content(line, kind, class, at, size)?;
        Ok(at + size)
    }

    fn content(self, line: &mut Line, kind: u16, class: u16, at: usize, size: usize) -> Printed {
        let data = self.data;
        match kind {
            1 => say!(line, " {}", data.v4(at)?),
            2 | 5 | 12 | 39 => {
                say!(line, " ");
                self.name(line, at)?;
            }
            15 => {
                say!(line, " ");
                self.name(line, at + 2)?;
                say!(line, " {}", data.u16(at)?);
            }
            16 => {
                let mut text = at;
                while text < at + size {
                    let length = usize::from(data.u8(text)?);
                    say!(line, " \"");
                    line.readable(data.take(text + 1, length)?);
                    say!(line, "\"");
                    text += 1 + length;
                }
            }
            28 => say!(line, " {}", data.v6(at)?),
            33 => {
                say!(line, " ");
                self.name(line, at + 6)?;
                say!(line, ":{} {} {}", data.u16(at + 4)?, data.u16(at)?, data.u16(at + 2)?);
            }
            256 => {
                say!(line, " {} {} ", data.u16(at)?, data.u16(at + 2)?);
                line.readable(data.take(at + 4, size.saturating_sub(4))?);
            }
            OPT => say!(line, " UDPsize={class}"),
            _ => {}
        }
        Ok(())
    }

    /// Where a name ends in place (a pointer counts as two bytes); nothing where it cannot be read.
    fn skip_name(self, mut at: usize) -> Option<usize> {
        loop {
            let length = self.data.u8(at).ok()?;
            match length >> 6 {
                0 if length == 0 => return Some(at + 1),
                0 => at += 1 + usize::from(length),
                3 => return Some(at + 2),
                _ => return None,
            }
        }
    }

    fn name(self, line: &mut Line, mut at: usize) -> Printed {
        let mut written = 0;
        // A pointer must lead backwards, or a message could send us in circles.
        let mut limit = at;
        if self.data.u8(at)? == 0 {
            say!(line, ".");
            return Ok(());
        }
        loop {
            let length = self.data.u8(at)?;
            match length >> 6 {
                0 if length == 0 => break,
                0 => {
                    let label = self.data.take(at + 1, length.into())?;
                    let room = LONGEST_NAME.saturating_sub(written);
                    line.readable(label.get(..room).unwrap_or(label));
                    written += label.len();
                    if written <= LONGEST_NAME {
                        say!(line, ".");
                    }
                    written += 1;
                    at += 1 + label.len();
                }
                3 => {
                    let offset = usize::from(self.data.u16(at)? & 0x3fff);
                    if offset >= limit {
                        say!(line, "<BAD PTR>");
                        return Err(Cut);
                    }
                    (limit, at) = (offset, offset);
                }
                1 => {
                    say!(line, "<ELT {}>", length & 0x3f);
                    return Err(Cut);
                }
                _ => {
                    say!(line, "<BAD LABEL TYPE>");
                    return Err(Cut);
                }
            }
        }
        if written > LONGEST_NAME {
            say!(line, "<DOMAIN NAME TOO LONG>");
        }
        Ok(())
    }
}

fn count(line: &mut Line, odd: bool, count: u16, unit: &str) {
    if odd {
        say!(line, " [{count}{unit}]");
    }
}

const OPERATIONS: [&str; 16] = [
    "",
    " inv_q",
    " stat",
    " op3",
    " notify",
    " update",
    " op6",
    " op7",
    " op8",
    " updateA",
    " updateD",
    " updateDA",
    " updateM",
    " updateMA",
    " zoneInit",
    " zoneRef",
];

/// Response codes as tcpdump spells them.
const CODES: [&str; 24] = [
    "",
    " FormErr",
    " ServFail",
    " NXDomain",
    " NotImp",
    " Refused",
    " YXDomain",
    " YXRRSet",
    " NXRRSet",
    " NotAuth",
    " NotZone",
    " Resp11",
    " Resp12",
    " Resp13",
    " Resp14",
    " NoChange",
    " BadVers",
    "Resp17",
    " Resp18",
    " Resp19",
    " Resp20",
    "Resp21",
    " Resp22",
    " BadCookie",
];

fn code(line: &mut Line, code: u16) {
    match CODES.get(usize::from(code)) {
        Some(name) => say!(line, "{name}"),
        None => say!(line, " Resp{}", code & 0xfff),
    }
}

fn kind_name(kind: u16) -> String {
    const FIRST: [&str; 48] = [
        "A", "NS", "MD", "MF", "CNAME", "SOA", "MB", "MG", "MR", "NULL", "WKS", "PTR", "HINFO", "MINFO", "MX", "TXT",
        "RP", "AFSDB", "X25", "ISDN", "RT", "NSAP", "NSAP_PTR", "SIG", "KEY", "PX", "GPOS", "AAAA", "LOC", "NXT",
        "EID", "NIMLOC", "SRV", "ATMA", "NAPTR", "KX", "CERT", "A6", "DNAME", "SINK", "OPT", "APL", "DS", "SSHFP",
        "IPSECKEY", "RRSIG", "NSEC", "DNSKEY",
    ];
    let name = match kind {
        1..=48 => FIRST[usize::from(kind) - 1],
        99 => "SPF",
        100 => "UINFO",
        101 => "UID",
        102 => "GID",
        103 => "UNSPEC",
        104 => "UNSPECA",
        249 => "TKEY",
        250 => "TSIG",
        251 => "IXFR",
        252 => "AXFR",
        253 => "MAILB",
        254 => "MAILA",
        255 => "ANY",
        256 => "URI",
        _ => return format!("Type{kind}"),
    };
    name.to_string()
}
