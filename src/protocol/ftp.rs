//! Lines of an FTP control connection → commands, answers, and the data connections that they arrange (RFC 959, RFC 2428).

use std::net::Ipv4Addr;

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::{Header, Next, Step};
use super::lines::{Word, lines, text};

const ARRANGE: &str = "RFC 959 §4.1.2";
const EXTENDED: &str = "RFC 2428 §3";

static REQUEST: Field = field("ftp.request", "Request", COMPUTED, Show::Flag, "RFC 959 §4.1");
static RESPONSE: Field = field("ftp.response", "Response", COMPUTED, Show::Flag, "RFC 959 §4.2");
static COMMAND: Field = field("ftp.request.command", "Command", COMPUTED, Show::Text, "RFC 959 §4.1");
static ARGUMENT: Field = field("ftp.request.arg", "Argument", COMPUTED, Show::Text, "RFC 959 §4.1");
static CODE: Field = field("ftp.response.code", "Reply code", COMPUTED, Show::Dec, "RFC 959 §4.2").words(CODES);
static REPLY: Field = field("ftp.response.arg", "Reply text", COMPUTED, Show::Text, "RFC 959 §4.2");
static PASSIVE: Field = field("ftp.passive.ip", "Server's data address", COMPUTED, Show::Ipv4, ARRANGE);
static PASSIVE_PORT: Field = field("ftp.passive.port", "Server's data port", COMPUTED, Show::Dec, ARRANGE);
static ACTIVE: Field = field("ftp.active.cip", "Client's data address", COMPUTED, Show::Ipv4, ARRANGE);
static ACTIVE_PORT: Field = field("ftp.active.port", "Client's data port", COMPUTED, Show::Dec, ARRANGE);
static EXTENDED_PORT: Field = field("ftp.epsv.port", "Server's data port", COMPUTED, Show::Dec, EXTENDED);
static FAMILY: Field =
    field("ftp.eprt.af", "Address family", COMPUTED, Show::Dec, "RFC 2428 §2").words(words![(1, "IPv4"), (2, "IPv6")]);
static FAMILY_4: Field = field("ftp.eprt.ip", "Client's data address", COMPUTED, Show::Ipv4, "RFC 2428 §2");
static FAMILY_6: Field = field("ftp.eprt.ipv6", "Client's data address", COMPUTED, Show::Ipv6, "RFC 2428 §2");
static FAMILY_PORT: Field = field("ftp.eprt.port", "Client's data port", COMPUTED, Show::Dec, "RFC 2428 §2");
static METHOD: Field = field("ftp-data.setup-method", "Arranged by", COMPUTED, Show::Text, "RFC 959 §3.2");

const CODES: Words = words![
    (110, "restart marker"),
    (120, "service ready soon"),
    (125, "data connection open, transfer starts"),
    (150, "file status okay, opens data connection"),
    (200, "command okay"),
    (202, "command not needed here"),
    (211, "system status"),
    (212, "directory status"),
    (213, "file status"),
    (214, "help"),
    (215, "system type"),
    (220, "ready for a new user"),
    (221, "closes the control connection"),
    (225, "data connection open"),
    (226, "closes the data connection, done"),
    (227, "enters passive mode"),
    (229, "enters extended passive mode"),
    (230, "user logged in"),
    (234, "goes on with TLS"),
    (250, "file action done"),
    (257, "path name"),
    (331, "needs the password"),
    (332, "needs an account"),
    (350, "needs the next command"),
    (421, "service not available"),
    (425, "cannot open data connection"),
    (426, "connection closed, transfer aborted"),
    (450, "file busy"),
    (451, "local error"),
    (452, "no room"),
    (500, "syntax error"),
    (501, "syntax error in arguments"),
    (502, "command not implemented"),
    (503, "bad sequence of commands"),
    (504, "argument not implemented"),
    (530, "not logged in"),
    (532, "needs an account to store"),
    (550, "file not available"),
    (551, "page type unknown"),
    (552, "too much to store"),
    (553, "name not allowed"),
];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let control = [&REQUEST, &RESPONSE, &COMMAND, &ARGUMENT, &CODE, &REPLY];
    let data = [&PASSIVE, &PASSIVE_PORT, &ACTIVE, &ACTIVE_PORT, &EXTENDED_PORT, &FAMILY, &FAMILY_4, &FAMILY_6];
    control.into_iter().chain(data).chain([&FAMILY_PORT, &METHOD])
}

/// The port at which the sender of these lines will take the data connection, and how that was arranged: a place in [`ARRANGED`].
pub(super) fn announced(payload: &[u8]) -> Option<(u16, usize)> {
    let line = str::from_utf8(payload.split(|byte| *byte == b'\r' || *byte == b'\n').next()?).ok()?;
    let (verb, rest) = line.split_at_checked(4)?;
    let digits = |text: &str| text.trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
    let method = ["PORT", "227 ", "EPRT", "229 "].iter().position(|known| *known == verb)?;
    let port = if method < 2 {
        // h1,h2,h3,h4,p1,p2, in the answer behind words and a bracket.
        let mut last = rest.rsplit(',').map(digits);
        let (low, high) = (last.next()?.parse::<u8>().ok()?, last.next()?.parse::<u8>().ok()?);
        u16::from_be_bytes([high, low])
    } else {
        rest.rsplit('|').map(digits).find(|part| !part.is_empty())?.parse().ok()?
    };
    Some((port, method))
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("ftp", header.claimed());
    let bytes = header.rest(0);
    // Lines between the first and the last of an answer may have no code, and commands have letters.
    let response = bytes.first().is_some_and(|byte| byte.is_ascii_digit() || byte.is_ascii_whitespace());
    header.generate(&REQUEST, u8::from(!response), 0);
    header.generate(&RESPONSE, u8::from(response), 0);
    for line in lines(bytes) {
        let whole = Word { text: line.text, start: line.start };
        if response { reply(header, &whole) } else { request(header, &whole) }
    }
    if header.have() < header.claimed() {
        header.cut(header.have(), header.claimed() - header.have());
    }
    None
}

fn put(header: &mut Header, field: &'static Field, word: &Word) {
    if !word.text.is_empty() {
        header.put(field, word.bits(), text(word.text), String::new(), 0);
    }
}

fn request(header: &mut Header, line: &Word) {
    let (command, argument) = line.split();
    put(header, &COMMAND, &command);
    put(header, &ARGUMENT, &argument);
    let sound = if command.text.eq_ignore_ascii_case(b"PORT") {
        address(header, &argument, &ACTIVE, &ACTIVE_PORT)
    } else if command.text.eq_ignore_ascii_case(b"EPRT") {
        extended(header, &argument)
    } else {
        return;
    };
    if sound.is_none() {
        header.refuse(&ARGUMENT, argument.start, "This is no address and port for a data connection.");
    }
}

fn reply(header: &mut Header, line: &Word) {
    let code = line.text.get(..3).map(|text| Word { text, start: line.start });
    let Some((code, number)) = code.and_then(|code| Some((code, code.number()?))) else {
        return put(header, &REPLY, line);
    };
    header.put(&CODE, code.bits(), number.to_string(), CODE.word(number).to_string(), 0);
    let rest = Word { text: line.text.get(4..).unwrap_or_default(), start: line.start + 4 };
    put(header, &REPLY, &rest);
    let sound = match number {
        227 => address(header, &within(&rest), &PASSIVE, &PASSIVE_PORT),
        229 => within(&rest).parts(b'|').nth(3).and_then(|port| number_of(header, &EXTENDED_PORT, &port)),
        _ => return,
    };
    if sound.is_none() {
        header.refuse(&REPLY, rest.start, "This names no port for a data connection.");
    }
}

/// What stands in parentheses; servers may write other text around it, or leave them out.
fn within<'a>(text: &Word<'a>) -> Word<'a> {
    let from = text.text.iter().position(|byte| *byte == b'(').map_or_else(
        || text.text.iter().position(u8::is_ascii_digit).unwrap_or(text.text.len()),
        |parenthesis| parenthesis + 1,
    );
    let inner = text.text.get(from..).unwrap_or_default();
    let inner = inner.split(|byte| *byte == b')').next().unwrap_or_default();
    Word { text: inner.strip_suffix(b".").unwrap_or(inner), start: text.start + from }
}

fn number_of(header: &mut Header, field: &'static Field, word: &Word) -> Option<()> {
    let number = word.number().filter(|number| *number <= u64::from(u16::MAX))?;
    header.put(field, word.bits(), number.to_string(), field.word(number).to_string(), 0);
    Some(())
}

/// `h1,h2,h3,h4,p1,p2`: an address and, in two bytes, a port.
fn address(header: &mut Header, word: &Word, address: &'static Field, port: &'static Field) -> Option<()> {
    let parts: Vec<Word> = word.parts(b',').take(7).collect();
    let numbers: Vec<u8> = parts.iter().filter_map(|part| u8::try_from(part.number()?).ok()).collect();
    let ([first, _, _, fourth, fifth, sixth], [a, b, c, d, high, low]) = (&parts[..], &numbers[..]) else {
        return None;
    };
    let span = |from: &Word, to: &Word| bits(from.start as u32 * 8, (to.start + to.text.len() - from.start) as u32 * 8);
    let shown = Ipv4Addr::new(*a, *b, *c, *d).to_string();
    header.put(address, span(first, fourth), shown, String::new(), 0);
    header.put(port, span(fifth, sixth), u16::from_be_bytes([*high, *low]).to_string(), String::new(), 0);
    Some(())
}

/// `|1|192.0.2.1|50000|`: family, address and port between delimiters.
fn extended(header: &mut Header, word: &Word) -> Option<()> {
    let parts: Vec<Word> = word.parts(*word.text.first()?).take(5).collect();
    let [_, family, address, port, ..] = &parts[..] else { return None };
    number_of(header, &FAMILY, family)?;
    let row = if family.number() == Some(2) { &FAMILY_6 } else { &FAMILY_4 };
    put(header, row, address);
    number_of(header, &FAMILY_PORT, port)
}

/// A data connection from the server's port 20, which the client asked for with PORT or EPRT.
/// A data connection, by what arranged it.
fn decode_data(header: &mut Header, method: &str) -> Option<Step> {
    header.is("ftp-data", header.claimed());
    header.generate(&METHOD, method, 0);
    let bytes = header.rest(0);
    let readable = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let next = if bytes.iter().all(readable) { Next::Media(true) } else { Next::Data };
    header.then(next, 0)
}

/// Decoders of data connections, in the order of what [`announced`] says.
pub(super) const ARRANGED: [fn(&mut Header) -> Option<Step>; 4] = [
    |header| decode_data(header, "PORT"),
    |header| decode_data(header, "PASV"),
    |header| decode_data(header, "EPRT"),
    |header| decode_data(header, "EPASV"),
];
