//! The rows of HTTP, for whoever reads its heads: the start line, every header that has a name of its own, and bodies.

use super::field::{COMPUTED, Field, Show, Words, field, words};

const LINE: &str = "RFC 9112 §2.1";
const REQUEST: &str = "RFC 9112 §3";
const STATUS: &str = "RFC 9112 §4";
const CHUNKS: &str = "RFC 9112 §7.1";

pub(super) static METHOD: Field = text("http.request.method", "Method", "RFC 9110 §9.1");
pub(super) static URI: Field = text("http.request.uri", "Target", "RFC 9112 §3.2");
pub(super) static PATH: Field = text("http.request.uri.path", "Path", "RFC 3986 §3.3");
pub(super) static QUERY: Field = text("http.request.uri.query", "Query", "RFC 3986 §3.4");
pub(super) static PARAMETER: Field = text("http.request.uri.query.parameter", "Query parameter", "RFC 3986 §3.4");
pub(super) static REQUEST_VERSION: Field = text("http.request.version", "Version", "RFC 9112 §2.3");
pub(super) static FULL_URI: Field = text("http.request.full_uri", "Full URI", "RFC 9112 §3.3");
pub(super) static IS_REQUEST: Field = field("http.request", "Request", COMPUTED, Show::Flag, REQUEST);
pub(super) static RESPONSE_VERSION: Field = text("http.response.version", "Version", "RFC 9112 §2.3");
pub(super) static CODE: Field =
    field("http.response.code", "Status code", COMPUTED, Show::Dec, "RFC 9110 §15").words(CODES);
pub(super) static MEANING: Field = text("http.response.code.desc", "Code's meaning", "RFC 9110 §15");
pub(super) static PHRASE: Field = text("http.response.phrase", "Reason phrase", STATUS);
pub(super) static IS_RESPONSE: Field = field("http.response", "Response", COMPUTED, Show::Flag, STATUS);
pub(super) static REQUEST_LINE: Field = text("http.request.line", "Header line", LINE);
pub(super) static RESPONSE_LINE: Field = text("http.response.line", "Header line", LINE);
pub(super) static LENGTH: Field = field("http.content_length", "Body length", COMPUTED, Show::Dec, "RFC 9110 §8.6");
pub(super) static CREDENTIALS: Field = text("http.authbasic", "User and password", "RFC 7617 §2");
pub(super) static COOKIE: Field = text("http.cookie_pair", "Cookie pair", "RFC 6265 §4.2.1");
pub(super) static CHUNK_SIZE: Field = field("http.chunk_size", "Chunk size", COMPUTED, Show::Dec, CHUNKS);
pub(super) static CHUNK_DATA: Field = field("http.chunk_data", "Chunk", COMPUTED, Show::Bytes, CHUNKS);
pub(super) static CHUNK_END: Field = field("http.chunk_boundary", "Chunk's end", COMPUTED, Show::Bytes, CHUNKS);
pub(super) static TRAILER: Field = text("http.chunked_trailer_part", "Trailer line", "RFC 9112 §7.1.2");
pub(super) static BODY: Field = text("http.file_data", "Body", "RFC 9112 §6");

/// The headers that Wireshark knows by name, with the names that stand in the head.
pub(super) static HEADERS: [(&str, Field); 30] = [
    ("Authorization", text("http.authorization", "Authorization", "RFC 9110 §11.6.2")),
    ("Proxy-Authorization", text("http.proxy_authorization", "Proxy authorization", "RFC 9110 §11.7.2")),
    ("Proxy-Authenticate", text("http.proxy_authenticate", "Proxy's challenge", "RFC 9110 §11.7.1")),
    ("WWW-Authenticate", text("http.www_authenticate", "Server's challenge", "RFC 9110 §11.6.1")),
    ("Content-Type", text("http.content_type", "Content type", "RFC 9110 §8.3")),
    ("Content-Length", text("http.content_length_header", "Content length", "RFC 9110 §8.6")),
    ("Content-Encoding", text("http.content_encoding", "Content encoding", "RFC 9110 §8.4")),
    ("Transfer-Encoding", text("http.transfer_encoding", "Transfer encoding", "RFC 9112 §6.1")),
    ("Upgrade", text("http.upgrade", "Upgrade", "RFC 9110 §7.8")),
    ("User-Agent", text("http.user_agent", "User agent", "RFC 9110 §10.1.5")),
    ("Host", text("http.host", "Host", "RFC 9110 §7.2")),
    ("Connection", text("http.connection", "Connection", "RFC 9110 §7.6.1")),
    ("Cookie", text("http.cookie", "Cookie", "RFC 6265 §5.4")),
    ("Accept", text("http.accept", "Accepted types", "RFC 9110 §12.5.1")),
    ("Referer", text("http.referer", "Referer", "RFC 9110 §10.1.3")),
    ("Accept-Language", text("http.accept_language", "Accepted languages", "RFC 9110 §12.5.4")),
    ("Accept-Encoding", text("http.accept_encoding", "Accepted encodings", "RFC 9110 §12.5.3")),
    ("Date", text("http.date", "Date", "RFC 9110 §6.6.1")),
    ("Cache-Control", text("http.cache_control", "Cache control", "RFC 9111 §5.2")),
    ("Server", text("http.server", "Server", "RFC 9110 §10.2.4")),
    ("Location", text("http.location", "Location", "RFC 9110 §10.2.2")),
    ("Sec-WebSocket-Accept", text("http.sec_websocket_accept", "WebSocket accept", "RFC 6455 §11.3.3")),
    ("Sec-WebSocket-Extensions", text("http.sec_websocket_extensions", "WebSocket extensions", "RFC 6455 §11.3.2")),
    ("Sec-WebSocket-Key", text("http.sec_websocket_key", "WebSocket key", "RFC 6455 §11.3.1")),
    ("Sec-WebSocket-Protocol", text("http.sec_websocket_protocol", "WebSocket protocol", "RFC 6455 §11.3.4")),
    ("Sec-WebSocket-Version", text("http.sec_websocket_version", "WebSocket version", "RFC 6455 §11.3.5")),
    ("Set-Cookie", text("http.set_cookie", "Set cookie", "RFC 6265 §4.1")),
    ("Last-Modified", text("http.last_modified", "Last modified", "RFC 9110 §8.8.2")),
    ("X-Forwarded-For", text("http.x_forwarded_for", "Forwarded for", "RFC 7239 §1")),
    ("HTTP2-Settings", text("http.http2_settings", "HTTP/2 settings", "RFC 7540 §3.2.1")),
];

const fn text(key: &'static str, name: &'static str, source: &'static str) -> Field {
    field(key, name, COMPUTED, Show::Text, source)
}

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let rows = [
        &METHOD,
        &URI,
        &PATH,
        &QUERY,
        &PARAMETER,
        &REQUEST_VERSION,
        &FULL_URI,
        &IS_REQUEST,
        &RESPONSE_VERSION,
        &CODE,
        &MEANING,
        &PHRASE,
        &IS_RESPONSE,
        &REQUEST_LINE,
        &RESPONSE_LINE,
        &LENGTH,
        &CREDENTIALS,
        &COOKIE,
        &CHUNK_SIZE,
        &CHUNK_DATA,
        &CHUNK_END,
        &TRAILER,
        &BODY,
    ];
    rows.into_iter().chain(HEADERS.iter().map(|(_, row)| row))
}

/// The row of a header, whatever case its name is written in.
pub(super) fn row(name: &[u8]) -> Option<&'static Field> {
    HEADERS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes())).map(|(_, row)| row)
}

/// IANA's HTTP status codes.
const CODES: Words = words![
    (100, "Continue"),
    (101, "Switching Protocols"),
    (102, "Processing"),
    (103, "Early Hints"),
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "Non-authoritative Information"),
    (204, "No Content"),
    (205, "Reset Content"),
    (206, "Partial Content"),
    (207, "Multi-Status"),
    (208, "Already Reported"),
    (226, "IM Used"),
    (300, "Multiple Choices"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (304, "Not Modified"),
    (305, "Use Proxy"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (406, "Not Acceptable"),
    (407, "Proxy Authentication Required"),
    (408, "Request Time-out"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "Length Required"),
    (412, "Precondition Failed"),
    (413, "Request Entity Too Large"),
    (414, "Request-URI Too Long"),
    (415, "Unsupported Media Type"),
    (416, "Requested Range Not Satisfiable"),
    (417, "Expectation Failed"),
    (418, "I'm a teapot"),
    (421, "Misdirected Request"),
    (422, "Unprocessable Entity"),
    (423, "Locked"),
    (424, "Failed Dependency"),
    (426, "Upgrade Required"),
    (428, "Precondition Required"),
    (429, "Too Many Requests"),
    (431, "Request Header Fields Too Large"),
    (451, "Unavailable For Legal Reasons"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Time-out"),
    (505, "HTTP Version not supported"),
    (506, "Variant Also Negotiates"),
    (507, "Insufficient Storage"),
    (508, "Loop Detected"),
    (510, "Not Extended"),
    (511, "Network Authentication Required"),
];
