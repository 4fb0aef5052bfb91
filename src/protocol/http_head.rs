//! The head of an HTTP message → its start line and headers as fields, and what they say of the body (RFC 9112 §2 to §6).
//!
//! HTTP's own layer and SSDP's, which borrows its form, are both read with this.

use super::field::{Bits, Field};
use super::header::Header;
use super::http_fields::{
    CODE, COOKIE, CREDENTIALS, FULL_URI, IS_REQUEST, IS_RESPONSE, LENGTH, MEANING, METHOD, PARAMETER, PATH, PHRASE,
    QUERY, REQUEST_LINE, REQUEST_VERSION, RESPONSE_LINE, RESPONSE_VERSION, URI, row,
};
use super::lines::{self, Line, Word, lines, text};

/// Methods of RFC 9110 §9, RFC 5789, WebDAV and its relatives, UPnP.
const METHODS: [&str; 40] = [
    "GET",
    "PUT",
    "HEAD",
    "POST",
    "COPY",
    "LOCK",
    "MOVE",
    "POLL",
    "PATCH",
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
    "M-SEARCH",
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
];
/// Cookies and query parameters that are taken apart in one line.
const MAX_PARTS: usize = 256;

/// What a head says of itself and of the body behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Head<'a> {
    /// Bytes with the empty line at its end.
    pub size: usize,
    pub request: bool,
    pub method: &'a [u8],
    /// 0 in a request.
    pub code: u16,
    pub length: Option<u64>,
    pub chunked: bool,
    pub media: &'a [u8],
    /// `gzip` and its like; empty where the body is as it is.
    pub encoding: &'a [u8],
}

/// Whether a message begins here, as far as its first word tells.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let word = bytes.split(|byte| matches!(byte, b' ' | b'\r' | b'\n')).next().unwrap_or_default();
    word.starts_with(b"HTTP/1.") || METHODS.iter().any(|method| word == method.as_bytes())
}

/// Whether a message may begin here once there is more: somebody types it.
pub(super) fn may_begin(bytes: &[u8]) -> bool {
    b"HTTP/1.".starts_with(bytes) || METHODS.iter().any(|method| method.as_bytes().starts_with(bytes))
}

/// Whether nothing else begins like this, on whatever port: the version or a target says so, too.
pub(super) fn knows(bytes: &[u8]) -> bool {
    if !begins(bytes) {
        return false;
    }
    let Some(line) = lines(bytes).next() else { return false };
    let (word, rest) = line.split();
    let (target, version) = rest.split();
    if word.text.starts_with(b"HTTP/") {
        return rest.split().0.text.len() == 3 && rest.split().0.number().is_some();
    }
    let cut = line.start + line.text.len() == line.next;
    version.text.starts_with(b"HTTP/1.")
        || (cut && (target.text.starts_with(b"/") || target.text.starts_with(b"http:")))
}

impl<'a> Head<'a> {
    /// Reads the head that begins `bytes`; `None` while it is not whole.
    pub fn of(bytes: &'a [u8]) -> Option<Head<'a>> {
        let size = lines::head(bytes)?;
        let mut head = Head { size, ..Head::default() };
        let mut lines = lines(bytes.get(..size)?);
        let (first, rest) = lines.next()?.split();
        if first.text.starts_with(b"HTTP/") {
            head.code = rest.split().0.number().and_then(|code| u16::try_from(code).ok()).unwrap_or(0);
        } else {
            (head.request, head.method) = (true, first.text);
        }
        for (name, value) in lines.filter_map(|line| line.header()) {
            if name.text.eq_ignore_ascii_case(b"Content-Length") {
                head.length = value.number();
            } else if name.text.eq_ignore_ascii_case(b"Transfer-Encoding") {
                head.chunked = value.text.trim_ascii().to_ascii_lowercase().ends_with(b"chunked");
            } else if name.text.eq_ignore_ascii_case(b"Content-Type") {
                head.media = value.text;
            } else if name.text.eq_ignore_ascii_case(b"Content-Encoding") {
                head.encoding = value.text.trim_ascii();
            }
        }
        Some(head)
    }

    /// Whether its kind has no body whatever its headers say (RFC 9112 §6.3).
    pub fn bodiless(&self) -> bool {
        matches!(self.code, 100..=199 | 204 | 304)
    }
}

/// Pushes the fields of the head that begins the layer; `None`, with a stop, where its end is missing.
pub(super) fn read<'a>(header: &mut Header<'a>) -> Option<Head<'a>> {
    let bytes = header.rest(0);
    let head = Head::of(bytes);
    let size = head.map_or(bytes.len(), |head| head.size);
    let mut host = None;
    let mut all = lines(bytes.get(..size)?);
    let first = all.next()?;
    let request = !first.text.starts_with(b"HTTP/");
    let target = if request { request_line(header, &first) } else { status_line(header, &first) };
    for line in all.filter(|line| !line.text.is_empty()) {
        if let Some(value) = header_line(header, bytes, &line, request) {
            host = Some(value);
        }
    }
    if let Some(target) = target {
        full_uri(header, target, host);
    }
    header.generate(if request { &IS_REQUEST } else { &IS_RESPONSE }, 1, 0);
    if head.is_none() {
        let missing = header.claimed().saturating_sub(bytes.len()).max(1);
        header.cut(bytes.len(), missing);
    }
    head
}

/// Method, target and version; answers the target.
fn request_line<'a>(header: &mut Header, line: &Line<'a>) -> Option<Word<'a>> {
    let (method, rest) = line.split();
    let (target, version) = rest.split();
    put(header, &METHOD, &method, 0);
    put(header, &URI, &target, 0);
    if let Some(mark) = target.text.iter().position(|byte| *byte == b'?') {
        let (path, query) = (target.text.get(..mark)?, target.text.get(mark + 1..)?);
        let query = Word { text: query, start: target.start + mark + 1 };
        put(header, &PATH, &Word { text: path, start: target.start }, 1);
        put(header, &QUERY, &query, 1);
        for parameter in query.parts(b'&').take(MAX_PARTS).filter(|part| !part.text.is_empty()) {
            put(header, &PARAMETER, &parameter, 2);
        }
    }
    put(header, &REQUEST_VERSION, &version, 0);
    Some(target).filter(|target| !target.text.is_empty())
}

/// Version, code and phrase; there is no target.
fn status_line<'a>(header: &mut Header, line: &Line<'a>) -> Option<Word<'a>> {
    let (version, rest) = line.split();
    let (code, phrase) = rest.split();
    put(header, &RESPONSE_VERSION, &version, 0);
    if let Some(number) = code.number().filter(|number| *number < 1000) {
        let word = CODE.word(number).to_string();
        header.put(&CODE, code.bits(), number.to_string(), word.clone(), 0);
        let word = if word.is_empty() { format!("Unknown ({number})") } else { word };
        header.put(&MEANING, code.bits(), word, String::new(), 0);
        put(header, &PHRASE, &phrase, 0);
    }
    None
}

/// A header by its own name where it has one, then the line as it is; answers the value of `Host`.
fn header_line<'a>(header: &mut Header, bytes: &[u8], line: &Line<'a>, request: bool) -> Option<Word<'a>> {
    let mut host = None;
    let mut depth = 0;
    if let Some((name, value)) = line.header()
        && let Some(row) = row(name.text)
    {
        header.put(row, line.bits(), text(value.text), String::new(), 0);
        depth = 1;
        match row.key {
            "http.host" => host = Some(value),
            "http.content_length_header" => {
                if let Some(number) = value.number() {
                    header.put(&LENGTH, line.bits(), number.to_string(), String::new(), 1);
                } else {
                    header.refuse(&LENGTH, value.start, "The length of the body is not a number.");
                }
            }
            "http.authorization" | "http.proxy_authorization" => credentials(header, &value),
            "http.cookie" => {
                for pair in value.parts(b';').take(MAX_PARTS) {
                    let blanks = pair.text.len() - pair.text.trim_ascii_start().len();
                    let pair = Word { text: pair.text.trim_ascii(), start: pair.start + blanks };
                    put(header, &COOKIE, &pair, 1);
                }
            }
            _ => {}
        }
    }
    let whole = text(line.whole(bytes));
    header.put(if request { &REQUEST_LINE } else { &RESPONSE_LINE }, line.bits(), whole, String::new(), depth);
    host
}

/// `Basic` hides user and password from nobody: they are base64 (RFC 7617 §2).
fn credentials(header: &mut Header, value: &Word) {
    let (scheme, secret) = value.split();
    if !scheme.text.eq_ignore_ascii_case(b"Basic") {
        return;
    }
    if let Some(plain) = base64(secret.text.trim_ascii()) {
        header.put(&CREDENTIALS, Bits::default(), text(&plain), String::new(), 1);
    }
}

/// RFC 4648 §4; `None` for anything that is not base64.
fn base64(letters: &[u8]) -> Option<Vec<u8>> {
    let letters = letters.strip_suffix(b"==").or(letters.strip_suffix(b"=")).unwrap_or(letters);
    let mut plain = Vec::with_capacity(letters.len());
    for four in letters.chunks(4) {
        let mut sum = 0u32;
        for letter in four {
            let value = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'a'..=b'z' => letter - b'a' + 26,
                b'0'..=b'9' => letter - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            sum = sum << 6 | u32::from(value);
        }
        sum <<= 6 * (4 - four.len());
        plain.extend(sum.to_be_bytes().iter().skip(1).take(four.len() - 1));
    }
    Some(plain)
}

fn full_uri(header: &mut Header, target: Word, host: Option<Word>) {
    let target_text = text(target.text);
    match host {
        Some(host) if matches!(target.text.first(), Some(b'/' | b'*')) => {
            header.generate(&FULL_URI, format!("http://{}{target_text}", text(host.text)), 0);
        }
        _ if !matches!(target.text.first(), Some(b'/' | b'*')) => header.generate(&FULL_URI, target_text, 0),
        _ => {}
    }
}

/// Pushes a word that is there.
fn put(header: &mut Header, field: &'static Field, word: &Word, depth: u8) {
    if !word.text.is_empty() {
        header.put(field, word.bits(), text(word.text), String::new(), depth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_known_by_its_first_line() {
        for (line, known) in [
            ("GET / HTTP/1.1\r\n", true),
            ("GET /a-target-that-goes-on", true),
            ("CONNECT a:443 HTTP/1.1\r\n", true),
            ("HTTP/1.1 200 OK\r\n", true),
            ("HTTP/1.1 20", false),
            ("GET the book\r\n", false),
            ("OPTIONS sip:a@b SIP/2.0\r\n", false),
            ("GETTING / HTTP/1.1", false),
            ("", false),
        ] {
            assert_eq!(knows(line.as_bytes()), known, "{line}");
        }
    }

    #[test]
    fn basic_credentials_are_plain() {
        assert_eq!(base64(b"dXNlcjpwYXNz"), Some(b"user:pass".to_vec()));
        assert_eq!(base64(b"YQ=="), Some(b"a".to_vec()));
        assert_eq!(base64(b"!"), None);
    }
}
