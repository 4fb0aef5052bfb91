//! Messages of small services over UDP → what tcpdump says of them: DHCP, DHCPv6, NTP, TFTP, syslog.

use super::printer::{Cut, Data, Line, Printed, mac, say};
use super::{geneve, vxlan};

/// The printer of a service, by its port; `length`: bytes of data on the wire.
pub(super) type Print = fn(&mut Line, Data<'_>, u32) -> Printed;

/// Which service these ports belong to, asked in tcpdump's order.
pub(super) fn of(source: u16, destination: u16) -> Option<Print> {
    const ORDER: [(u16, Print); 9] = [
        (69, tftp),
        (67, dhcp),
        (68, dhcp),
        (123, ntp),
        (546, dhcp6),
        (547, dhcp6),
        (514, syslog),
        (4789, vxlan::print),
        (6081, geneve::print),
    ];
    ORDER.into_iter().find(|(port, _)| [source, destination].contains(port)).map(|(_, print)| print)
}

/// `BOOTP/DHCP, Request from 00:00:5e:00:53:01, length 300`.
fn dhcp(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "bootp";
    let operation = data.u8(0)?;
    match operation {
        1 => say!(line, "BOOTP/DHCP, Request"),
        2 => say!(line, "BOOTP/DHCP, Reply"),
        _ => say!(line, "BOOTP/DHCP, unknown (0x{operation:02x})"),
    }
    if (data.u8(1)?, data.u8(2)?, operation) == (1, 6, 1) {
        say!(line, " from {}", mac(data.take(28, 6)?));
    }
    say!(line, ", length {length}");
    Ok(())
}

/// `dhcp6 solicit`.
fn dhcp6(line: &mut Line, data: Data<'_>, _: u32) -> Printed {
    const MESSAGES: [&str; 15] = [
        "solicit",
        "advertise",
        "request",
        "confirm",
        "renew",
        "rebind",
        "reply",
        "release",
        "decline",
        "reconfigure",
        "inf-req",
        "relay-fwd",
        "relay-reply",
        "leasequery",
        "leasequery-reply",
    ];
    line.protocol = "dhcp6";
    say!(line, "dhcp6");
    data.take(0, 4)?;
    let kind = data.u8(0)?;
    match usize::from(kind).checked_sub(1).and_then(|place| MESSAGES.get(place)) {
        Some(name) => say!(line, " {name}"),
        None => say!(line, " msgtype-{kind}"),
    }
    Ok(())
}

/// `NTPv4, Client, length 48`.
fn ntp(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    const MODES: [&str; 8] = [
        "unspecified",
        "symmetric active",
        "symmetric passive",
        "Client",
        "Server",
        "Broadcast",
        "Control Message",
        "Reserved",
    ];
    line.protocol = "ntp";
    let first = data.u8(0)?;
    say!(line, "NTPv{}, {}, length {length}", first >> 3 & 7, MODES[usize::from(first & 7)]);
    Ok(())
}

const TFTP_ERRORS: [&str; 8] = ["EUNDEF", "ENOTFOUND", "EACCESS", "ENOSPACE", "EBADOP", "EBADID", "EEXISTS", "ENOUSER"];

/// `TFTP, length 16, RRQ "file" octet`.
fn tftp(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "tftp";
    say!(line, "TFTP, length {length}");
    let data = data.first(length as usize);
    let operation = if length < 2 { return Err(Cut) } else { data.u16(0)? };
    say!(line, ", ");
    match operation {
        1 | 2 => {
            say!(line, "{} \"", if operation == 1 { "RRQ" } else { "WRQ" });
            let name = text(line, data, 2);
            say!(line, "\"");
            let at = name?;
            if at >= length as usize {
                return Err(Cut);
            }
            say!(line, " ");
            let at = text(line, data, at)?;
            options(line, data, at, length)
        }
        3 | 4 => {
            say!(line, "{}", if operation == 3 { "DATA" } else { "ACK" });
            say!(line, " block {}", data.u16(2)?);
            Ok(())
        }
        5 => {
            say!(line, "ERROR");
            let code = data.u16(2)?;
            match TFTP_ERRORS.get(usize::from(code)) {
                Some(name) => say!(line, " {name}"),
                None => say!(line, " tftp-err-#{code} \""),
            }
            if length <= 4 {
                return Err(Cut);
            }
            say!(line, " \"");
            let end = text(line, data, 4);
            say!(line, "\"");
            end.map(drop)
        }
        6 => {
            say!(line, "OACK");
            options(line, data, 2, length)
        }
        _ => {
            say!(line, "tftp-#{operation}");
            Ok(())
        }
    }
}

fn options(line: &mut Line, data: Data<'_>, from: usize, length: u32) -> Printed {
    let mut at = from;
    while at < length as usize {
        if data.u8(at)? != 0 {
            say!(line, " ");
        }
        at = text(line, data, at)?;
    }
    Ok(())
}

/// Prints text up to the zero byte that ends it, and answers where the next one begins.
fn text(line: &mut Line, data: Data<'_>, at: usize) -> Result<usize, Cut> {
    let rest = data.from(at).0;
    let end = rest.iter().position(|byte| *byte == 0);
    line.readable(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
    end.map(|end| at + end + 1).ok_or(Cut)
}

const FACILITIES: [&str; 24] = [
    "kernel", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp",
    "security", "console", "cron", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
];
const SEVERITIES: [&str; 8] = ["emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"];

/// `SYSLOG user.notice, length: 45`.
fn syslog(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "syslog";
    if data.u8(0)? != b'<' {
        line.invalid();
        return Ok(());
    }
    let (mut at, mut priority) = (1, 0);
    while at <= 3 && data.u8(at)?.is_ascii_digit() {
        priority = priority * 10 + u16::from(data.u8(at)? - b'0');
        at += 1;
    }
    if data.u8(at)? != b'>' {
        line.invalid();
        return Ok(());
    }
    let (facility, severity) = ((priority & 0x3f8) >> 3, SEVERITIES[usize::from(priority & 7)]);
    match FACILITIES.get(usize::from(facility)) {
        Some(name) => say!(line, "SYSLOG {name}.{severity}, length: {length}"),
        None => say!(line, "SYSLOG unknown ({facility}).{severity}, length: {length}"),
    }
    Ok(())
}
