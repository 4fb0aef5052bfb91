//! A header of a SIP message → its value, and the addresses, tags and numbers in it (RFC 3261 §20).

use super::field::{COMPUTED, Field, Show, field};
use super::header::Header;
use super::lines::{Line, Word, text};

const fn row(key: &'static str, name: &'static str, source: &'static str) -> Field {
    field(key, name, COMPUTED, Show::Text, source)
}

/// Full name or its one-letter form, and the row; Content-Length comes first.
pub(super) static HEADERS: [(&str, Field); 29] = [
    ("Content-Length|l", row("sip.Content-Length", "Content length", "RFC 3261 §20.14")),
    ("Via|v", row("sip.Via", "Via", "RFC 3261 §20.42")),
    ("From|f", row("sip.From", "From", "RFC 3261 §20.20")),
    ("To|t", row("sip.To", "To", "RFC 3261 §20.39")),
    ("Call-ID|i", row("sip.Call-ID", "Call ID", "RFC 3261 §20.8")),
    ("CSeq", row("sip.CSeq", "Command sequence", "RFC 3261 §20.16")),
    ("Contact|m", row("sip.Contact", "Contact", "RFC 3261 §20.10")),
    ("Max-Forwards", row("sip.Max-Forwards", "Hops left", "RFC 3261 §20.22")),
    ("Subject|s", row("sip.Subject", "Subject", "RFC 3261 §20.36")),
    ("Content-Type|c", row("sip.Content-Type", "Content type", "RFC 3261 §20.15")),
    ("User-Agent", row("sip.User-Agent", "User agent", "RFC 3261 §20.41")),
    ("Server", row("sip.Server", "Server", "RFC 3261 §20.35")),
    ("Expires", row("sip.Expires", "Expires (s)", "RFC 3261 §20.19")),
    ("Allow", row("sip.Allow", "Allowed methods", "RFC 3261 §20.5")),
    ("Accept", row("sip.Accept", "Accepted types", "RFC 3261 §20.1")),
    ("Supported|k", row("sip.Supported", "Supported extensions", "RFC 3261 §20.37")),
    ("Require", row("sip.Require", "Required extensions", "RFC 3261 §20.32")),
    ("Route", row("sip.Route", "Route", "RFC 3261 §20.34")),
    ("Record-Route", row("sip.Record-Route", "Recorded route", "RFC 3261 §20.30")),
    ("Authorization", row("sip.Authorization", "Authorization", "RFC 3261 §20.7")),
    ("WWW-Authenticate", row("sip.WWW-Authenticate", "Challenge", "RFC 3261 §20.44")),
    ("Proxy-Authorization", row("sip.Proxy-Authorization", "Proxy authorization", "RFC 3261 §20.28")),
    ("Proxy-Authenticate", row("sip.Proxy-Authenticate", "Proxy's challenge", "RFC 3261 §20.27")),
    ("Date", row("sip.Date", "Date", "RFC 3261 §20.17")),
    ("Event|o", row("sip.Event", "Event", "RFC 6665 §8.2.1")),
    ("Retry-After", row("sip.Retry-After", "Retry after (s)", "RFC 3261 §20.33")),
    ("Warning", row("sip.Warning", "Warning", "RFC 3261 §20.43")),
    ("Organization", row("sip.Organization", "Organization", "RFC 3261 §20.25")),
    ("Allow-Events|u", row("sip.Allow-Events", "Allowed events", "RFC 6665 §8.2.2")),
];

static TRANSPORT: Field = row("sip.Via.transport", "Transport", "RFC 3261 §20.42");
static SENT_BY: Field = row("sip.Via.sent-by.address", "Sent by", "RFC 3261 §18.1.1");
static SENT_BY_PORT: Field = field("sip.Via.sent-by.port", "Sent by port", COMPUTED, Show::Dec, "RFC 3261 §18.1.1");
static BRANCH: Field = row("sip.Via.branch", "Branch", "RFC 3261 §8.1.1.7");
static RECEIVED: Field = row("sip.Via.received", "Received from", "RFC 3261 §18.2.1");
static RPORT: Field = row("sip.Via.rport", "Received port", "RFC 3581 §3");
static SEQUENCE: Field = field("sip.CSeq.seq", "Sequence number", COMPUTED, Show::Dec, "RFC 3261 §20.16");
static SEQUENCE_METHOD: Field = row("sip.CSeq.method", "Sequence method", "RFC 3261 §20.16");

/// The rows of an address: display name, the URI, and user, host, port and parameters in it; then the tag.
struct Address {
    display: Option<&'static Field>,
    uri: &'static Field,
    parts: &'static [Field; 4],
    tag: Option<&'static Field>,
}

static TARGET_URI: Field = row("sip.r-uri", "Request URI", "RFC 3261 §8.1.1.1");
static TARGET: [Field; 4] = uri_parts("sip.r-uri.user", "sip.r-uri.host", "sip.r-uri.port", "sip.r-uri.param");
static FROM_DISPLAY: Field = row("sip.from.display.info", "Caller's name", "RFC 3261 §20.20");
static FROM_URI: Field = row("sip.from.addr", "Caller's URI", "RFC 3261 §20.20");
static FROM: [Field; 4] = uri_parts("sip.from.user", "sip.from.host", "sip.from.port", "sip.from.param");
static FROM_TAG: Field = row("sip.from.tag", "Caller's tag", "RFC 3261 §19.3");
static TO_DISPLAY: Field = row("sip.to.display.info", "Callee's name", "RFC 3261 §20.39");
static TO_URI: Field = row("sip.to.addr", "Callee's URI", "RFC 3261 §20.39");
static TO: [Field; 4] = uri_parts("sip.to.user", "sip.to.host", "sip.to.port", "sip.to.param");
static TO_TAG: Field = row("sip.to.tag", "Callee's tag", "RFC 3261 §19.3");
static CONTACT_URI: Field = row("sip.contact.uri", "Contact URI", "RFC 3261 §20.10");
static CONTACT: [Field; 4] = uri_parts("sip.contact.user", "sip.contact.host", "sip.contact.port", "sip.contact.param");

const fn uri_parts(user: &'static str, host: &'static str, port: &'static str, param: &'static str) -> [Field; 4] {
    const SPEC: &str = "RFC 3261 §19.1.1";
    [
        row(user, "User", SPEC),
        row(host, "Host", SPEC),
        field(port, "Port", COMPUTED, Show::Dec, SPEC),
        row(param, "Parameter", SPEC),
    ]
}

/// Parameters of one URI or header that are taken apart.
const MAX_PARAMETERS: usize = 32;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let via = [&TRANSPORT, &SENT_BY, &SENT_BY_PORT, &BRANCH, &RECEIVED, &RPORT, &SEQUENCE, &SEQUENCE_METHOD];
    let from = [&TARGET_URI, &FROM_DISPLAY, &FROM_URI, &FROM_TAG, &TO_DISPLAY, &TO_URI, &TO_TAG, &CONTACT_URI];
    let parts = [&TARGET, &FROM, &TO, &CONTACT].into_iter().flatten();
    HEADERS.iter().map(|(_, row)| row).chain(via).chain(from).chain(parts)
}

/// Pushes the header and its parts; answers the value of Content-Type.
pub(super) fn read<'a>(header: &mut Header, line: &Line<'a>, name: &Word<'a>, value: &Word<'a>) -> Option<&'a [u8]> {
    let named = |names: &str| names.split('|').any(|known| name.text.eq_ignore_ascii_case(known.as_bytes()));
    let (names, row) = HEADERS.iter().find(|(names, _)| named(names))?;
    header.put(row, line.bits(), text(value.text), String::new(), 1);
    match *names {
        "Via|v" => via(header, value),
        "From|f" => {
            let rows = Address { display: Some(&FROM_DISPLAY), uri: &FROM_URI, parts: &FROM, tag: Some(&FROM_TAG) };
            address(header, value, &rows);
        }
        "To|t" => {
            let rows = Address { display: Some(&TO_DISPLAY), uri: &TO_URI, parts: &TO, tag: Some(&TO_TAG) };
            address(header, value, &rows);
        }
        "Contact|m" => {
            address(header, value, &Address { display: None, uri: &CONTACT_URI, parts: &CONTACT, tag: None });
        }
        "CSeq" => {
            let (number, method) = value.split();
            match number.number() {
                Some(sequence) => header.put(&SEQUENCE, number.bits(), sequence.to_string(), String::new(), 2),
                None => header.refuse(&SEQUENCE, number.start, "The sequence number is not a number."),
            }
            put(header, &SEQUENCE_METHOD, &method, 2);
        }
        "Content-Length|l" if value.number().is_none() => {
            header.refuse(row, value.start, "The length of the body is not a number.");
        }
        "Content-Type|c" => return Some(value.text),
        _ => {}
    }
    None
}

pub(super) fn request_uri(header: &mut Header, target: &Word) {
    put(header, &TARGET_URI, target, 1);
    uri(header, target, &TARGET, 2);
}

fn put(header: &mut Header, field: &'static Field, word: &Word, depth: u8) {
    if !word.text.is_empty() {
        header.put(field, word.bits(), text(word.text), String::new(), depth);
    }
}

/// A part of a word, by offsets into it.
fn slice<'a>(word: &Word<'a>, from: usize, to: usize) -> Word<'a> {
    Word { text: word.text.get(from..to.max(from)).unwrap_or_default(), start: word.start + from }
}

fn find(word: &Word, byte: u8) -> Option<usize> {
    word.text.iter().position(|other| *other == byte)
}

/// `SIP/2.0/UDP 192.0.2.1:5060;branch=…`
fn via(header: &mut Header, value: &Word) {
    let (protocol, rest) = value.split();
    if let Some(slash) = protocol.text.iter().rposition(|byte| *byte == b'/') {
        put(header, &TRANSPORT, &slice(&protocol, slash + 1, protocol.text.len()), 2);
    }
    let mut parts = rest.parts(b';').take(MAX_PARAMETERS);
    if let Some(by) = parts.next() {
        let (host, port) = host_port(&by);
        put(header, &SENT_BY, &host, 2);
        if let Some(port) = port {
            put(header, &SENT_BY_PORT, &port, 2);
        }
    }
    for part in parts {
        let Some(equals) = find(&part, b'=') else { continue };
        let value = slice(&part, equals + 1, part.text.len());
        match part.text.get(..equals).unwrap_or_default() {
            b"branch" => put(header, &BRANCH, &value, 2),
            b"received" => put(header, &RECEIVED, &value, 2),
            b"rport" => put(header, &RPORT, &value, 2),
            _ => {}
        }
    }
}

/// A colon separates the port, but for those within the brackets of an IPv6 address.
fn host_port<'a>(word: &Word<'a>) -> (Word<'a>, Option<Word<'a>>) {
    let after = find(word, b']').map_or(0, |bracket| bracket + 1);
    match find(&slice(word, after, word.text.len()), b':') {
        Some(colon) => {
            let colon = after + colon;
            let port = slice(word, colon + 1, word.text.len());
            (slice(word, 0, colon), Some(port).filter(|port| port.number().is_some()))
        }
        None => (*word, None),
    }
}

/// `Name <sip:user@host:port>;tag=…`, or the URI alone.
fn address(header: &mut Header, value: &Word, rows: &Address) {
    let open = find(value, b'<');
    let (target, rest) = match open {
        Some(open) => {
            let inner = slice(value, open + 1, value.text.len());
            let close = find(&inner, b'>').unwrap_or(inner.text.len());
            let display = slice(value, 0, open);
            if let Some(row) = rows.display {
                put(header, row, &display, 2);
            }
            (slice(&inner, 0, close), slice(&inner, close, inner.text.len()))
        }
        None => {
            let end = find(value, b';').unwrap_or(value.text.len());
            (slice(value, 0, end), slice(value, end, value.text.len()))
        }
    };
    put(header, rows.uri, &target, 2);
    uri(header, &target, rows.parts, 3);
    let Some(row) = rows.tag else { return };
    for part in rest.parts(b';').take(MAX_PARAMETERS).filter(|part| part.text.starts_with(b"tag=")) {
        put(header, row, &slice(&part, 4, part.text.len()), 2);
    }
}

/// `sip:user@host:port;parameter`
fn uri(header: &mut Header, word: &Word, rows: &'static [Field; 4], depth: u8) {
    let [user_row, host_row, port_row, parameter_row] = rows;
    let Some(scheme) = find(word, b':') else { return };
    let rest = slice(word, scheme + 1, word.text.len());
    let at = find(&rest, b'@');
    if let Some(at) = at {
        put(header, user_row, &slice(&rest, 0, at), depth);
    }
    let rest = slice(&rest, at.map_or(0, |at| at + 1), rest.text.len());
    let mut parts = rest.parts(b';').take(MAX_PARAMETERS);
    let Some(host) = parts.next() else { return };
    let (host, port) = host_port(&host);
    put(header, host_row, &host, depth);
    if let Some(port) = port {
        put(header, port_row, &port, depth);
    }
    for part in parts {
        put(header, parameter_row, &part, depth);
    }
}
