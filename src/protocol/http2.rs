//! An HTTP/2 frame → its header, and settings, windows and errors as they are; compressed header blocks by their size
//! (RFC 9113).

use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::framing::{Framing, Talk};
use super::header::{Header, Next, Step};
use super::lines::text;

const FRAME: &str = "RFC 9113 §4.1";

static STREAM: Field = field("http2.stream", "Frame", COMPUTED, Show::None, FRAME);
static MAGIC: Field = field("http2.magic", "Preface", COMPUTED, Show::Text, "RFC 9113 §3.4");
static HEADER: [Field; 5] = [
    field("http2.length", "Length", bits(0, 24), Show::Dec, FRAME),
    field("http2.type", "Type", bits(24, 8), Show::Dec, "RFC 9113 §6").words(TYPES),
    field("http2.flags", "Flags", bits(32, 8), Show::Hex(2), FRAME),
    field("http2.r", "Reserved", bits(40, 1), Show::Hex(8), FRAME),
    field("http2.streamid", "Stream", bits(41, 31), Show::Dec, "RFC 9113 §5.1.1"),
];
const _: () = assert!(tiles(&HEADER, 0, 72));

static END_STREAM: Field = field("http2.flags.end_stream", "End of stream", bits(39, 1), Show::Flag, "RFC 9113 §6.1");
static END_HEADERS: Field = field("http2.flags.eh", "End of headers", bits(37, 1), Show::Flag, "RFC 9113 §6.2");
static PADDED: Field = field("http2.flags.padded", "Padded", bits(36, 1), Show::Flag, "RFC 9113 §6.1");
static PRIORITY: Field = field("http2.flags.priority", "Priority", bits(34, 1), Show::Flag, "RFC 9113 §6.2");
static SETTINGS_ACK: Field =
    field("http2.flags.ack.settings", "Acknowledged", bits(39, 1), Show::Flag, "RFC 9113 §6.5");
static PING_ACK: Field = field("http2.flags.ack.ping", "Acknowledged", bits(39, 1), Show::Flag, "RFC 9113 §6.7");

static SETTING: Field = field("http2.settings", "Setting", COMPUTED, Show::None, "RFC 9113 §6.5.1");
static SETTING_ID: Field =
    field("http2.settings.id", "Setting's identifier", COMPUTED, Show::Dec, "RFC 9113 §6.5.2").words(SETTINGS);
static SETTING_VALUES: [(u16, Field); 7] = [
    (1, setting("http2.settings.header_table_size", "Header table size")),
    (2, setting("http2.settings.enable_push", "Push enabled")),
    (3, setting("http2.settings.max_concurrent_streams", "Concurrent streams")),
    (4, setting("http2.settings.initial_window_size", "Initial window")),
    (5, setting("http2.settings.max_frame_size", "Largest frame")),
    (6, setting("http2.settings.max_header_list_size", "Largest header list")),
    (8, field("http2.settings.extended_connect", "Extended CONNECT", COMPUTED, Show::Dec, "RFC 8441 §3")),
];
static SETTING_UNKNOWN: Field = setting("http2.settings.unknown", "Value");
static PAD_LENGTH: Field = field("http2.pad_length", "Padding length", COMPUTED, Show::Dec, "RFC 9113 §6.1");
static DATA: Field = field("http2.data.data", "Data", COMPUTED, Show::Bytes, "RFC 9113 §6.1");
static HEADERS: Field = field("http2.headers", "Header block", COMPUTED, Show::Bytes, "RFC 9113 §6.2");
static CONTINUED: Field = field("http2.continuation.header", "Header block", COMPUTED, Show::Text, "RFC 9113 §6.10");
static RESET: Field = field("http2.rst_stream.error", "Error", COMPUTED, Show::Dec, "RFC 9113 §6.4").words(ERRORS);
static PING: Field = field("http2.ping", "Ping", COMPUTED, Show::Bytes, "RFC 9113 §6.7");
static PONG: Field = field("http2.pong", "Pong", COMPUTED, Show::Bytes, "RFC 9113 §6.7");
static DEPENDENCE: [Field; 2] = [
    field("http2.exclusive", "Exclusive", bits(0, 1), Show::Flag, "RFC 7540 §6.3"),
    field("http2.stream_dependency", "Depends on stream", bits(1, 31), Show::Dec, "RFC 7540 §6.3"),
];
static GO_AWAY: [Field; 3] = [
    field("http2.goway.r", "Reserved", bits(0, 1), Show::Hex(8), "RFC 9113 §6.8"),
    field("http2.goaway.last_stream_id", "Last stream", bits(1, 31), Show::Dec, "RFC 9113 §6.8"),
    field("http2.goaway.error", "Error", bits(32, 32), Show::Dec, "RFC 9113 §6.8").words(ERRORS),
];
static GO_AWAY_DATA: Field = field("http2.goaway.addata", "Debug data", COMPUTED, Show::Bytes, "RFC 9113 §6.8");
static WINDOW: [Field; 2] = [
    field("http2.window_update.r", "Reserved", bits(0, 1), Show::Hex(8), "RFC 9113 §6.9"),
    field("http2.window_update.window_size_increment", "Window increment", bits(1, 31), Show::Dec, "RFC 9113 §6.9"),
];
const _: () = assert!(tiles(&DEPENDENCE, 0, 32) && tiles(&GO_AWAY, 0, 64) && tiles(&WINDOW, 0, 32));
static UNKNOWN: Field = field("http2.unknown", "Payload", COMPUTED, Show::Bytes, FRAME);

const fn setting(key: &'static str, name: &'static str) -> Field {
    field(key, name, COMPUTED, Show::Dec, "RFC 9113 §6.5.2")
}

const TYPES: Words = words![
    (0, "DATA"),
    (1, "HEADERS"),
    (2, "PRIORITY"),
    (3, "RST_STREAM"),
    (4, "SETTINGS"),
    (5, "PUSH_PROMISE"),
    (6, "PING"),
    (7, "GOAWAY"),
    (8, "WINDOW_UPDATE"),
    (9, "CONTINUATION"),
    (10, "ALTSVC"),
    (12, "ORIGIN"),
    (16, "PRIORITY_UPDATE"),
];
const SETTINGS: Words = words![
    (1, "header table size"),
    (2, "enable push"),
    (3, "max concurrent streams"),
    (4, "initial window size"),
    (5, "max frame size"),
    (6, "max header list size"),
    (8, "extended CONNECT"),
];
const ERRORS: Words = words![
    (0, "no error"),
    (1, "protocol error"),
    (2, "internal error"),
    (3, "flow control error"),
    (4, "settings timeout"),
    (5, "stream closed"),
    (6, "frame size error"),
    (7, "refused stream"),
    (8, "cancel"),
    (9, "compression error"),
    (10, "connect error"),
    (11, "enhance your calm"),
    (12, "inadequate security"),
    (13, "HTTP/1.1 required"),
];
/// What a client says first (RFC 9113 §3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SIZE: usize = 9;
/// The highest type that is assigned; a frame of a higher one is more likely no frame.
const LAST_TYPE: u8 = 16;
/// Settings of one frame that are taken apart.
const MAX_SETTINGS: usize = 64;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let flags = [&END_STREAM, &END_HEADERS, &PADDED, &PRIORITY, &SETTINGS_ACK, &PING_ACK];
    let parts = [&STREAM, &MAGIC, &SETTING, &SETTING_ID, &SETTING_UNKNOWN, &PAD_LENGTH, &DATA, &HEADERS, &CONTINUED];
    let rest = [&RESET, &PING, &PONG, &GO_AWAY_DATA, &UNKNOWN];
    let tables = HEADER.iter().chain(&DEPENDENCE).chain(&GO_AWAY).chain(&WINDOW);
    tables.chain(flags).chain(parts).chain(rest).chain(SETTING_VALUES.iter().map(|(_, row)| row))
}

/// The client's preface, or the settings with which a server begins.
pub(super) fn knows(bytes: &[u8]) -> bool {
    let settings = |length: u8| length.is_multiple_of(6);
    bytes.starts_with(PREFACE) || matches!(bytes, [0, 0, length, 4, 0, 0, 0, 0, 0, 0, ..] if settings(*length))
}

pub(super) fn framing(bytes: &[u8], _: &mut Talk) -> Framing {
    if bytes.starts_with(PREFACE) {
        return Framing::Bytes(PREFACE.len());
    }
    match bytes {
        [a, b, c, kind, ..] if *kind <= LAST_TYPE => {
            Framing::Bytes(SIZE + u32::from_be_bytes([0, *a, *b, *c]) as usize)
        }
        [_, _, _, ..] if bytes.len() > 3 => Framing::Loose,
        _ => Framing::More,
    }
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("http2", header.claimed());
    if header.rest(0).starts_with(PREFACE) {
        let place = bits(0, PREFACE.len() as u32 * 8);
        header.is("http2", PREFACE.len());
        header.put(&STREAM, place, String::new(), String::new(), 0);
        header.put(&MAGIC, place, text(PREFACE), String::new(), 1);
        return header.then(Next::Same, PREFACE.len());
    }
    let Some([a, b, c, kind, flags]) = header.array(0) else {
        header.row(&HEADER[0], 0)?;
        header.cut(0, SIZE);
        return None;
    };
    let size = SIZE + u32::from_be_bytes([0, a, b, c]) as usize;
    header.is("http2", size);
    let next = header.then(Next::Same, size);
    let here = size.min(header.have());
    header.put(&STREAM, bits(0, here as u32 * 8), String::new(), String::new(), 0);
    header.means(HEADER[1].word(u64::from(kind)));
    header.rows(&HEADER[..3], 1)?;
    let rows: &[&'static Field] = match kind {
        0 => &[&PADDED, &END_STREAM],
        1 => &[&PRIORITY, &PADDED, &END_HEADERS, &END_STREAM],
        4 => &[&SETTINGS_ACK],
        5 => &[&PADDED, &END_HEADERS],
        6 => &[&PING_ACK],
        9 => &[&END_HEADERS],
        _ => &[],
    };
    rows.iter().try_for_each(|row| header.row(row, 2).map(|_| ()))?;
    header.rows(&HEADER[3..], 1)?;
    if size > header.claimed() {
        header.claims(&HEADER[0], SIZE, size - SIZE);
    } else if size > header.have() {
        header.cut(SIZE, size - SIZE);
    }
    header.place.end = header.place.end.min(header.place.start + size);
    payload(header, kind, flags, here);
    next
}

/// What a frame carries, as far as it is here.
fn payload(header: &mut Header, kind: u8, flags: u8, end: usize) -> Option<()> {
    match kind {
        0 | 1 => block(header, kind, flags, end),
        2 if end >= SIZE + 4 => {
            header.within(&DEPENDENCE[0], SIZE, 1)?;
            header.within(&DEPENDENCE[1], SIZE, 1).map(|_| ())
        }
        3 => header.at(&RESET, SIZE, 4, 1).map(|_| ()),
        4 => settings(header, end),
        6 if end > SIZE => {
            let row = if flags & 1 == 0 { &PING } else { &PONG };
            header.at(row, SIZE, end - SIZE, 1).map(|_| ())
        }
        7 => {
            for row in &GO_AWAY {
                header.within(row, SIZE, 1)?;
            }
            if end > SIZE + 8 {
                header.at(&GO_AWAY_DATA, SIZE + 8, end - SIZE - 8, 1)?;
            }
            Some(())
        }
        8 => {
            header.within(&WINDOW[0], SIZE, 1)?;
            header.within(&WINDOW[1], SIZE, 1).map(|_| ())
        }
        9 if end > SIZE => header.at(&CONTINUED, SIZE, end - SIZE, 1).map(|_| ()),
        _ if end > SIZE => header.at(&UNKNOWN, SIZE, end - SIZE, 1).map(|_| ()),
        _ => Some(()),
    }
}

/// Data, or headers that only who saw the whole connection can decompress (RFC 7541); padding and priority around them.
fn block(header: &mut Header, kind: u8, flags: u8, end: usize) -> Option<()> {
    const IS_PADDED: u8 = 0x08;
    const HAS_PRIORITY: u8 = 0x20;
    let mut at = SIZE;
    let mut padding = 0;
    if flags & IS_PADDED != 0 {
        padding = header.at(&PAD_LENGTH, at, 1, 1)? as usize;
        at += 1;
        if at + padding > end {
            header.refuse(&PAD_LENGTH, SIZE, "The padding is longer than its frame.");
            return None;
        }
    } else {
        header.generate(&PAD_LENGTH, 0, 1);
    }
    if kind == 1 && flags & HAS_PRIORITY != 0 {
        header.within(&DEPENDENCE[0], at, 1)?;
        header.within(&DEPENDENCE[1], at, 1)?;
        at += 5;
    }
    let len = end.saturating_sub(padding).saturating_sub(at);
    if len > 0 {
        header.at(if kind == 0 { &DATA } else { &HEADERS }, at, len, 1)?;
    }
    Some(())
}

fn settings(header: &mut Header, end: usize) -> Option<()> {
    for place in 0..MAX_SETTINGS {
        let at = SIZE + place * 6;
        if at >= end {
            break;
        }
        if at + 6 > end {
            // Where the capture cut the frame, that is said already.
            if header.stop.is_none() {
                header.refuse(&HEADER[0], SIZE, "Settings take six bytes each; this length is no multiple of it.");
            }
            return None;
        }
        header.put(&SETTING, bits(at as u32 * 8, 48), String::new(), String::new(), 1);
        let id = header.at(&SETTING_ID, at, 2, 2)? as u16;
        let row = SETTING_VALUES.iter().find(|(known, _)| *known == id).map_or(&SETTING_UNKNOWN, |(_, row)| row);
        header.at(row, at + 2, 4, 2)?;
    }
    Some(())
}
