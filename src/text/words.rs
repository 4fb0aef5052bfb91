//! The data of text protocols → its first line: `: HTTP: GET / HTTP/1.1`; telnet commands and SSH greetings likewise.

use super::printer::{Cut, Data, Line, Printed, say};

/// A protocol of lines.
pub(super) struct Text {
    protocol: &'static str,
    name: &'static str,
    /// Words that begin a request. A protocol without them is lines throughout; others carry bodies that are no lines.
    commands: &'static [&'static str],
}

pub(super) const FTP: Text = Text { protocol: "ftp", name: "FTP", commands: &[] };
pub(super) const SMTP: Text = Text { protocol: "smtp", name: "SMTP", commands: &[] };
pub(super) const WHOIS: Text = Text { protocol: "whois", name: "WHOIS", commands: &[] };
pub(super) const SIP: Text = Text {
    protocol: "sip",
    name: "SIP",
    commands: &[
        "ACK",
        "BYE",
        "CANCEL",
        "DO",
        "INFO",
        "INVITE",
        "MESSAGE",
        "NOTIFY",
        "OPTIONS",
        "PRACK",
        "QAUTH",
        "REFER",
        "REGISTER",
        "SPRACK",
        "SUBSCRIBE",
        "UPDATE",
        "PUBLISH",
    ],
};
pub(super) const RTSP: Text = Text {
    protocol: "rtsp",
    name: "RTSP",
    commands: &[
        "DESCRIBE",
        "ANNOUNCE",
        "GET_PARAMETER",
        "OPTIONS",
        "PAUSE",
        "PLAY",
        "RECORD",
        "REDIRECT",
        "SETUP",
        "SET_PARAMETER",
        "TEARDOWN",
    ],
};
pub(super) const HTTP: Text = Text {
    protocol: "http",
    name: "HTTP",
    commands: &[
        "GET",
        "PUT",
        "COPY",
        "HEAD",
        "LOCK",
        "MOVE",
        "POLL",
        "POST",
        "BCOPY",
        "BMOVE",
        "MKCOL",
        "TRACE",
        "LABEL",
        "MERGE",
        "DELETE",
        "SEARCH",
        "UNLOCK",
        "REPORT",
        "UPDATE",
        "NOTIFY",
        "BDELETE",
        "CONNECT",
        "OPTIONS",
        "CHECKIN",
        "PROPFIND",
        "CHECKOUT",
        "CCM_POST",
        "SUBSCRIBE",
        "PROPPATCH",
        "BPROPFIND",
        "BPROPPATCH",
        "UNCHECKOUT",
        "MKACTIVITY",
        "MKWORKSPACE",
        "UNSUBSCRIBE",
        "RPC_CONNECT",
        "VERSION-CONTROL",
        "BASELINE-CONTROL",
    ],
};

/// The longest word that can be a command.
const LONGEST_WORD: usize = 127;

/// `length`: bytes of data on the wire.
pub(super) fn text(line: &mut Line, data: Data<'_>, length: u32, text: &Text) -> Printed {
    say!(line, ": ");
    unmarked(line, data, length, text)
}

/// Over UDP nothing stands before it, so no colon does.
pub(super) fn unmarked(line: &mut Line, data: Data<'_>, length: u32, text: &Text) -> Printed {
    line.protocol = text.protocol;
    say!(line, "{}", text.name);
    if !text.commands.is_empty() && !is_message_start(data.first(length as usize), text.commands) {
        return Ok(());
    }
    first_line(line, data, length as usize)
}

/// Begins with a request's command, or with a response's version and three-digit code.
fn is_message_start(data: Data<'_>, commands: &[&str]) -> bool {
    let Some((word, rest)) = word(data.0) else { return false };
    if commands.iter().any(|command| word.eq_ignore_ascii_case(command.as_bytes())) {
        return true;
    }
    self::word(rest).is_some_and(|(code, _)| code.len() == 3 && code.iter().all(u8::is_ascii_digit))
}

fn is_printable(byte: u8) -> bool {
    (0x20..=0x7e).contains(&byte)
}

/// The first word and what follows the blanks behind it.
fn word(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(bytes.len());
    let (word, rest) = bytes.split_at(end);
    if word.is_empty() || word.len() > LONGEST_WORD || !word.iter().all(|&byte| is_printable(byte)) {
        return None;
    }
    let blanks = rest.iter().take_while(|&&byte| byte == b' ').count();
    Some((word, rest.get(blanks..).unwrap_or_default()))
}

fn first_line(line: &mut Line, data: Data<'_>, length: usize) -> Printed {
    let mut end = 0;
    while end < length {
        match data.u8(end)? {
            b'\n' => return printed(line, data, end),
            b'\r' if end + 1 >= length => return Ok(()),
            b'\r' if data.u8(end + 1)? == b'\n' => return printed(line, data, end),
            byte if is_printable(byte) || byte == b'\t' => end += 1,
            _ => return Ok(()),
        }
    }
    printed(line, data, end)?;
    // The line goes on in the next segment.
    Err(Cut)
}

fn printed(line: &mut Line, data: Data<'_>, end: usize) -> Printed {
    say!(line, ": {}", String::from_utf8_lossy(data.take(0, end)?));
    Ok(())
}

/// For the ladder only: the first words of data that no printer knows, where they are text.
pub(super) fn excerpt(line: &mut Line, data: Data<'_>) {
    const LONGEST: usize = 32;
    let first = data.0.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    if line.ladder && !first.is_empty() && first.iter().all(|&byte| is_printable(byte) || byte == b'\t') {
        let more = if first.len() > LONGEST { "…" } else { "" };
        say!(line, ": {}{more}", String::from_utf8_lossy(first.get(..LONGEST).unwrap_or(first)));
    }
}

/// The line with which both ends of SSH name their version (RFC 4253 §4.2).
pub(super) fn ssh(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "ssh";
    for (at, &letter) in b"SSH-".iter().enumerate() {
        if data.u8(at)? != letter {
            return Ok(());
        }
    }
    let mut end = 4;
    while end < length as usize {
        match data.u8(end)? {
            b'\n' => {}
            b'\r' if end + 1 < length as usize && data.u8(end + 1)? == b'\n' => {}
            byte if is_printable(byte) => {
                end += 1;
                continue;
            }
            _ => return Ok(()),
        }
        say!(line, ": SSH");
        return printed(line, data, end);
    }
    Ok(())
}

const IAC: u8 = 255;
const SB: u8 = 250;
const SE: u8 = 240;
/// Telnet commands (RFC 854) from 236 up.
const COMMANDS: [&str; 20] = [
    "EOF", "SUSP", "ABORT", "EOR", "SE", "NOP", "DMARK", "BRK", "IP", "AO", "AYT", "EC", "EL", "GA", "SB", "WILL",
    "WONT", "DO", "DONT", "IAC",
];
const OPTIONS: [&str; 40] = [
    "BINARY",
    "ECHO",
    "RCP",
    "SUPPRESS GO AHEAD",
    "NAME",
    "STATUS",
    "TIMING MARK",
    "RCTE",
    "NAOL",
    "NAOP",
    "NAOCRD",
    "NAOHTS",
    "NAOHTD",
    "NAOFFD",
    "NAOVTS",
    "NAOVTD",
    "NAOLFD",
    "EXTEND ASCII",
    "LOGOUT",
    "BYTE MACRO",
    "DATA ENTRY TERMINAL",
    "SUPDUP",
    "SUPDUP OUTPUT",
    "SEND LOCATION",
    "TERMINAL TYPE",
    "END OF RECORD",
    "TACACS UID",
    "OUTPUT MARKING",
    "TTYLOC",
    "3270 REGIME",
    "X.3 PAD",
    "NAWS",
    "TSPEED",
    "LFLOW",
    "LINEMODE",
    "XDISPLOC",
    "OLD-ENVIRON",
    "AUTHENTICATION",
    "ENCRYPT",
    "NEW-ENVIRON",
];

const AUTHENTICATION: u8 = 37;
const ENCRYPT: u8 = 38;
/// What the first two bytes of a suboption mean, in tcpdump's words; the others are printed as numbers.
type Suboption = [&'static [&'static str]; 2];
const AUTHENTICATION_WORDS: Suboption = [
    &["IS", "SEND", "REPLY", "NAME"],
    &["NULL", "KERBEROS_V4", "KERBEROS_V5", "SPX", "MINK", "SRP", "RSA", "SSL", "", "", "LOKI", "SSA"],
];
const ENCRYPT_WORDS: Suboption = [
    &["IS", "SUPPORT", "REPLY", "START", "END", "REQUEST-START", "REQUEST-END", "END_KEYID", "DEC_KEYID"],
    &["NULL", "DES_CFB64", "DES_OFB64", "DES3_CFB64", "DES3_OFB64"],
];

/// Telnet commands at the start of the data: ` [telnet DO ECHO, WILL NAWS]`.
pub(super) fn telnet(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "telnet";
    let mut at = 0;
    let length = length as usize;
    while at < length && data.u8(at)? == IAC {
        let Some((words, size)) = command(data.from(at), length - at)? else { break };
        say!(line, "{}{words}", if at == 0 { " [telnet " } else { ", " });
        at += size;
    }
    if at > 0 {
        say!(line, "]");
    }
    Ok(())
}

/// One command in words and its length; nothing when it is unknown or goes on in the next segment.
fn command(data: Data<'_>, length: usize) -> Result<Option<(String, usize)>, Cut> {
    if length < 2 {
        return Ok(None);
    }
    let code = data.u8(1)?;
    if code == IAC {
        return Ok(Some(("IAC IAC".to_string(), 2)));
    }
    let Some(name) = code.checked_sub(236).and_then(|place| COMMANDS.get(usize::from(place))) else { return Ok(None) };
    if code < SB {
        return Ok(Some((name.to_string(), 2)));
    }
    if length < 3 {
        return Ok(None);
    }
    let option = data.u8(2)?;
    let mut words = match OPTIONS.get(usize::from(option)) {
        Some(option) => format!("{name} {option}"),
        None => format!("{name} {option:#x}"),
    };
    if code != SB {
        return Ok(Some((words, 3)));
    }
    let mut end = 3;
    while end + 1 < length && !(data.u8(end)? == IAC && data.u8(end + 1)? == SE) {
        end += 1;
    }
    if end + 1 >= length {
        return Ok(None);
    }
    let named: Suboption = match option {
        AUTHENTICATION => AUTHENTICATION_WORDS,
        ENCRYPT => ENCRYPT_WORDS,
        _ => [&["IS", "SEND"], &[]],
    };
    for (place, &byte) in data.take(3, end - 3)?.iter().enumerate() {
        let word = named.get(place).and_then(|words| words.get(usize::from(byte))).filter(|word| !word.is_empty());
        words += &match (word, byte) {
            (Some(word), _) => format!(" {word}"),
            (None, 0) => " 0".to_string(),
            _ => format!(" {byte:#x}"),
        };
    }
    Ok(Some((words + " SE", end + 2)))
}
