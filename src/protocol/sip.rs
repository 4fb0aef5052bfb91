//! A SIP message → its start line, the common headers taken apart, and its body (RFC 3261).

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::framing::{Framing, Talk};
use super::header::{Header, Next, Place, Step};
use super::lines::{self, Line, MAX_HEAD, Word, lines, text};
use super::sip_headers::{self, HEADERS};

static REQUEST_LINE: Field = row("sip.Request-Line", "Request line", "RFC 3261 §7.1");
static METHOD: Field = row("sip.Method", "Method", "RFC 3261 §7.1");
static STATUS_LINE: Field = row("sip.Status-Line", "Status line", "RFC 3261 §7.2");
static STATUS: Field = field("sip.Status-Code", "Status code", COMPUTED, Show::Dec, "RFC 3261 §21").words(CODES);
static HEAD: Field = row("sip.msg_hdr", "Headers", "RFC 3261 §7.3");
static BODY: Field = field("sip.msg_body", "Body", COMPUTED, Show::None, "RFC 3261 §7.4");

const fn row(key: &'static str, name: &'static str, source: &'static str) -> Field {
    field(key, name, COMPUTED, Show::Text, source)
}

const CODES: Words = words![
    (100, "Trying"),
    (180, "Ringing"),
    (181, "Call Is Being Forwarded"),
    (182, "Queued"),
    (183, "Session Progress"),
    (200, "OK"),
    (202, "Accepted"),
    (300, "Multiple Choices"),
    (301, "Moved Permanently"),
    (302, "Moved Temporarily"),
    (305, "Use Proxy"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (407, "Proxy Authentication Required"),
    (408, "Request Timeout"),
    (415, "Unsupported Media Type"),
    (420, "Bad Extension"),
    (480, "Temporarily Unavailable"),
    (481, "Call Does Not Exist"),
    (486, "Busy Here"),
    (487, "Request Terminated"),
    (488, "Not Acceptable Here"),
    (500, "Server Internal Error"),
    (503, "Service Unavailable"),
    (603, "Decline"),
];
const VERSION: &[u8] = b"SIP/2.0";

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&REQUEST_LINE, &METHOD, &STATUS_LINE, &STATUS, &HEAD, &BODY].into_iter().chain(sip_headers::fields())
}

pub(super) fn knows(bytes: &[u8]) -> bool {
    let Some(line) = lines(bytes).next() else { return false };
    let status = line.text.strip_prefix(VERSION).is_some_and(|rest| rest.starts_with(b" "));
    status || line.text.strip_suffix(VERSION).is_some_and(|rest| rest.ends_with(b" "))
}

/// Over TCP a message goes as far as its Content-Length says (RFC 3261 §18.3); empty lines between messages keep NATs awake.
pub(super) fn framing(bytes: &[u8], _: &mut Talk) -> Framing {
    let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    if blank > 0 {
        return Framing::Bytes(blank);
    }
    match lines::head(bytes) {
        Some(size) => Framing::Bytes(size.saturating_add(length(bytes.get(..size).unwrap_or_default()).unwrap_or(0))),
        None if bytes.len() < MAX_HEAD => Framing::More,
        None => Framing::Loose,
    }
}

/// The bytes of body that a head promises; `None` where it does not say.
fn length(head: &[u8]) -> Option<usize> {
    let (_, value) = lines(head).filter_map(|line| line.header()).find(|(name, _)| {
        let name = name.text.trim_ascii_end();
        name.eq_ignore_ascii_case(b"Content-Length") || name.eq_ignore_ascii_case(b"l")
    })?;
    usize::try_from(value.number()?).ok()
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("sip", header.claimed());
    let bytes = header.rest(0);
    let size = lines::head(bytes);
    let head = bytes.get(..size.unwrap_or(bytes.len()))?;
    let mut all = lines(head);
    let first = all.next()?;
    start_line(header, &first);
    let rest: Vec<Line> = all.filter(|line| !line.text.is_empty()).collect();
    if let (Some(from), Some(to)) = (rest.first(), rest.last()) {
        let span = bits(from.start as u32 * 8, (to.next - from.start) as u32 * 8);
        header.put(&HEAD, span, text(head.get(from.start..to.next)?), String::new(), 0);
    }
    let mut media: &[u8] = b"";
    for line in rest {
        let Some((name, value)) = line.header() else {
            header.refuse(&HEAD, line.start, "This line is no header: it has no colon.");
            continue;
        };
        if let Some(kind) = sip_headers::read(header, &line, &name, &value) {
            media = kind;
        }
    }
    let Some(size) = size else {
        header.cut(bytes.len(), header.claimed().saturating_sub(bytes.len()).max(1));
        return None;
    };
    body(header, size, length(head), media)
}

/// The body and what comes after it; over UDP it may go to the end of the datagram without saying so.
fn body(header: &mut Header, size: usize, length: Option<usize>, media: &[u8]) -> Option<Step> {
    let behind = header.claimed() - size;
    let len = length.unwrap_or(behind);
    if len > behind {
        header.claims(&HEADERS[0].1, size, len);
    }
    let len = len.min(behind);
    if size + len < header.claimed() {
        let place = Place { start: header.place.start + size + len, ..header.place };
        header.also(Next::Same, place);
    }
    header.is("sip", size + len);
    if len == 0 {
        return None;
    }
    let here = header.rest(size).len().min(len);
    header.put(&BODY, bits(size as u32 * 8, here as u32 * 8), String::new(), String::new(), 0);
    let start = header.place.start + size;
    let place = Place { start, end: start + len, ..header.place };
    let kind = media.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
    let next = if kind == b"application/sdp" { Next::Sdp } else { Next::Media(kind.starts_with(b"text/")) };
    Some(Step { next, place })
}

fn start_line(header: &mut Header, line: &Line) {
    let whole = Word { text: line.text, start: line.start };
    let (first, rest) = line.split();
    if first.text == VERSION {
        header.put(&STATUS_LINE, whole.bits(), text(line.text), String::new(), 0);
        let (code, _) = rest.split();
        match code.number() {
            Some(number) => header.put(&STATUS, code.bits(), number.to_string(), STATUS.word(number).to_string(), 1),
            None => header.refuse(&STATUS, code.start, "The status code is not a number."),
        }
        return;
    }
    header.put(&REQUEST_LINE, whole.bits(), text(line.text), String::new(), 0);
    header.put(&METHOD, first.bits(), text(first.text), String::new(), 1);
    sip_headers::request_uri(header, &rest.split().0);
}
