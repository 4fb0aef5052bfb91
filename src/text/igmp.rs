//! An IGMP message (RFC 2236, RFC 3376) → `igmp v3 report, 1 group record(s)`.

use super::printer::{Data, Line, Printed, say};

/// The response time that RFC 2236 proposes, in tenths of a second; tcpdump mentions only others.
const USUAL_TIME: u8 = 100;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "igmp";
    match data.u8(0)? {
        0x11 => {
            say!(line, "igmp query");
            if length >= 12 { query3(line, data, length) } else { query(line, data, length) }
        }
        0x12 => {
            say!(line, "igmp v1 report {}", data.v4(4)?);
            odd_length(line, length);
            Ok(())
        }
        0x13 => {
            say!(line, "igmp dvmrp");
            Ok(())
        }
        0x14 => {
            say!(line, "igmp pimv1");
            Ok(())
        }
        0x16 => {
            say!(line, "igmp v2 report {}", data.v4(4)?);
            Ok(())
        }
        0x17 => {
            say!(line, "igmp leave {}", data.v4(4)?);
            Ok(())
        }
        0x1e => trace(line, "mresp", data, length),
        0x1f => trace(line, "mtrace", data, length),
        0x22 => {
            say!(line, "igmp v3 report");
            if length < 16 || !length.is_multiple_of(4) {
                say!(line, " [invalid len {length}]");
            } else {
                say!(line, ", {} group record(s)", data.u16(6)?);
            }
            Ok(())
        }
        kind => {
            say!(line, "igmp-{kind}");
            Ok(())
        }
    }
}

fn odd_length(line: &mut Line, length: u32) {
    if length != 8 {
        say!(line, " [len {length}]");
    }
}

fn query(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    match data.u8(1)? {
        0 => say!(line, " v1"),
        USUAL_TIME => say!(line, " v2"),
        time => say!(line, " v2 [max resp time {time}]"),
    }
    if data.u32(4)? != 0 {
        say!(line, " [gaddr {}]", data.v4(4)?);
    }
    odd_length(line, length);
    Ok(())
}

fn query3(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    say!(line, " v3");
    if !length.is_multiple_of(4) {
        say!(line, " [invalid len {length}]");
        return Ok(());
    }
    let code = data.u8(1)?;
    if code != USUAL_TIME {
        say!(line, " [max resp time {}]", duration(code));
    }
    if data.u32(4)? == 0 {
        return Ok(());
    }
    say!(line, " [gaddr {}", data.v4(4)?);
    match data.u16(10)? {
        0 => {}
        sources if length < 12 + u32::from(sources) * 4 => say!(line, " [invalid number of sources {sources}]"),
        sources => say!(line, ", {sources} source(s)"),
    }
    say!(line, "]");
    Ok(())
}

/// A response time in tenths of a second, from 128 on as a floating-point code (RFC 3376 §4.1.1).
fn duration(code: u8) -> String {
    let tenths = match u32::from(code) {
        plain @ 0..128 => plain,
        code => (code & 0x0f | 0x10) << ((code >> 4 & 7) + 3),
    };
    match (tenths / 600, tenths % 600) {
        (0, rest) => format!("{}.{}s", rest / 10, rest % 10),
        (minutes, 0) => format!("{minutes}m"),
        (minutes, rest) => format!("{minutes}m{}s", rest / 10),
    }
}

/// Multicast traceroute, of which tcpdump says only who asked.
fn trace(line: &mut Line, name: &str, data: Data<'_>, length: u32) -> Printed {
    if length < 24 {
        say!(line, " [invalid len {length}]");
        return Ok(());
    }
    let number = data.u32(20)? & 0x00ff_ffff;
    say!(line, "{name} {number}: {} to {} reply-to {}", data.v4(8)?, data.v4(12)?, data.v4(16)?);
    if data.u8(16)? >> 4 == 0xe {
        say!(line, " with-ttl {}", data.u8(20)?);
    }
    Ok(())
}
