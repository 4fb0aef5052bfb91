//! TLS records → handshake messages, alerts, and the size of what is encrypted (RFC 8446 §5, RFC 5246 §6).

use super::field::{Buffer, COMPUTED, Field, Made, Show, Words, bits, field, tiles, words};
use super::framing::{Framing, Talk};
use super::header::{Header, Step};
use super::tls_handshake::{self, Session};
use super::tls_names::{self, ALERTS};
use super::tls_span::Span;

const SPEC: &str = "RFC 8446 §5.1";

static RECORD: Field = field("tls.record", "Record", COMPUTED, Show::None, SPEC);
static HEAD: [Field; 3] = [
    field("tls.record.content_type", "Content type", bits(0, 8), Show::Dec, SPEC).words(TYPES),
    field("tls.record.version", "Record version", bits(8, 16), Show::Hex(4), SPEC),
    field("tls.record.length", "Record length", bits(24, 16), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&HEAD, 0, 40));
static OPAQUE: Field =
    field("tls.record.opaque_type", "Outer content type", COMPUTED, Show::Dec, "RFC 8446 §5.2").words(TYPES);
static CHANGE: Field = field("tls.change_cipher_spec", "Change cipher spec", COMPUTED, Show::None, "RFC 5246 §7.1");
static ALERT: Field = field("tls.alert_message", "Alert", COMPUTED, Show::None, "RFC 8446 §6");
static LEVEL: Field = field("tls.alert_message.level", "Alert level", COMPUTED, Show::Dec, "RFC 8446 §6").words(LEVELS);
static DESCRIPTION: Field =
    field("tls.alert_message.desc", "Alert description", COMPUTED, Show::Dec, "RFC 8446 §6").words(ALERTS);
static DATA: Field = field("tls.app_data", "Encrypted data", COMPUTED, Show::Bytes, "RFC 8446 §5.2");
static UNKNOWN: Field = field("tls.segment.data", "Part of a record", COMPUTED, Show::Bytes, SPEC);

const TYPES: Words =
    words![(20, "Change Cipher Spec"), (21, "Alert"), (22, "Handshake"), (23, "Application Data"), (24, "Heartbeat")];
const LEVELS: Words = words![(1, "warning"), (2, "fatal")];

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT_RECORD: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;

const HEAD_SIZE: usize = 5;
/// Bytes in a record: 2^14 of plaintext and at most 2048 more for encryption (RFC 5246 §6.2.3).
const MAX_RECORD: usize = (1 << 14) + 2048;
/// Bytes of a handshake message that are put together out of several records.
pub(super) const MAX_MESSAGE: usize = 1 << 17;
/// Records in one layer that are taken apart.
pub const MAX_RECORDS: usize = 1024;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEAD.iter()
        .chain([&RECORD, &OPAQUE, &CHANGE, &ALERT, &LEVEL, &DESCRIPTION, &DATA, &UNKNOWN])
        .chain(tls_handshake::fields())
}

/// Type and length of the record that begins these bytes; `None` where none does.
fn head(bytes: &[u8]) -> Option<(u8, usize)> {
    let [kind, major, minor, high, low, ..] = *bytes else { return None };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let known = (CHANGE_CIPHER_SPEC..=24).contains(&kind) && matches!((major, minor), (3, 0..=4));
    (known && length <= MAX_RECORD).then_some((kind, length))
}

/// Whether these bytes begin a record: a header that makes sense, and a first message that does.
pub(super) fn knows(bytes: &[u8]) -> bool {
    let Some((kind, length)) = head(bytes) else { return false };
    let body = bytes.get(HEAD_SIZE..).unwrap_or(&[]);
    match kind {
        CHANGE_CIPHER_SPEC => length == 1 && body.first().is_none_or(|byte| *byte == 1),
        ALERT_RECORD => length == 2 || (16..=128).contains(&length),
        // In the clear, a known message whose length fits; encrypted, at least what a cipher adds.
        HANDSHAKE => length >= 4 && (tls_handshake::begins(body) || (16..=256).contains(&length)),
        _ => length > 0,
    }
}

/// A record, or as many as the handshake message that begins in it needs.
pub(super) fn framing(bytes: &[u8], talk: &mut Talk) -> Framing {
    if bytes.len() < HEAD_SIZE {
        return Framing::More;
    }
    let Some((kind, length)) = head(bytes) else { return Framing::Loose };
    let whole = HEAD_SIZE + length;
    match bytes.get(HEAD_SIZE..whole) {
        Some(body) if kind == HANDSHAKE => {
            talk.chosen = tls_handshake::hello(body).unwrap_or(talk.chosen);
            spread(bytes, body, whole)
        }
        // Whether more records belong to it shows in its body.
        None if kind == HANDSHAKE => Framing::More,
        _ => Framing::Bytes(whole),
    }
}

/// Goes on over the records behind the first until the handshake message that it begins is whole.
fn spread(bytes: &[u8], body: &[u8], first: usize) -> Framing {
    let Some(needed) = tls_handshake::needs(body) else { return Framing::Bytes(first) };
    let (mut had, mut end) = (body.len(), first);
    while had < needed {
        let rest = bytes.get(end..).unwrap_or(&[]);
        match head(rest) {
            Some((HANDSHAKE, length)) if length > 0 => {
                had += length;
                end += HEAD_SIZE + length;
            }
            _ if rest.len() < HEAD_SIZE => return Framing::More,
            // Encrypted bytes that looked like a message.
            _ => return Framing::Bytes(first),
        }
    }
    Framing::Bytes(end)
}

/// Records up to the end of the place.
pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("tls", header.claimed());
    let chosen = header.context.carried.as_ref().map(|carried| carried.chosen).unwrap_or_default();
    let session = Session { suite: chosen.suite.map(u64::from), ..Session::default() };
    let mut state = State { session, modern: chosen.modern, sealed: false, message: Vec::new() };
    let mut at = 0;
    for _ in 0..MAX_RECORDS {
        if at >= header.claimed() {
            break;
        }
        at = record(header, at, &mut state)?;
    }
    None
}

/// Handshake messages without records, as QUIC carries them (RFC 9001 §4).
pub(super) fn decode_messages(header: &mut Header) -> Option<Step> {
    header.is("tls", header.claimed());
    let mut session = Session { modern: true, ..Session::default() };
    tls_handshake::messages(header, Span { at: 0, end: header.claimed() }, &mut session, 0)?;
    None
}

/// What the records before, in the same bytes, say about the next one.
struct State {
    session: Session,
    /// TLS 1.3 was chosen in an earlier segment.
    modern: bool,
    /// The sender has announced that it encrypts from here on, so only what fits exactly is taken for messages.
    sealed: bool,
    /// The beginning of a handshake message that goes on in the next record.
    message: Vec<u8>,
}

/// Reads one record and says where the next begins.
fn record(header: &mut Header, at: usize, state: &mut State) -> Option<usize> {
    let Some((kind, length)) = head(header.rest(at)) else {
        return unknown(header, at);
    };
    let whole = Span { at, end: at + HEAD_SIZE + length };
    let mut body = Span { at: at + HEAD_SIZE, ..whole };
    let clear = !state.message.is_empty() || tls_handshake::tile(header.rest(body.at), length, state.sealed);
    whole.group(header, &RECORD, 0, HEAD[0].word(kind.into()));
    if (state.modern || state.session.modern) && kind == APPLICATION_DATA {
        header.at(&OPAQUE, at, 1, 1)?;
    } else {
        header.within(&HEAD[0], at, 1)?;
    }
    let version = header.within(&HEAD[1], at, 1)?;
    header.means(tls_names::version(version));
    state.session.version = version;
    header.within(&HEAD[2], at, 1)?;
    if whole.end > header.claimed() {
        header.claims(&HEAD[2], body.at, length);
        return None;
    }
    match kind {
        CHANGE_CIPHER_SPEC => {
            body.group(header, &CHANGE, 1, "");
            // In TLS 1.3 it means nothing (RFC 8446 §5): messages in the clear may still follow.
            state.sealed = true;
        }
        ALERT_RECORD => alert(header, &mut body)?,
        HANDSHAKE if clear => handshake(header, body, state)?,
        HANDSHAKE => tls_handshake::sealed(header, body),
        APPLICATION_DATA => body.rest(header, &DATA, 1)?,
        _ => {}
    }
    missed(header, whole.end)?;
    Some(whole.end)
}

/// Says so where the capture has fewer bytes of a record than it counts.
fn missed(header: &mut Header, end: usize) -> Option<()> {
    if header.have() >= end {
        return Some(());
    }
    header.cut(0, end);
    None
}

/// The middle of a record of which the beginning was not seen, or no TLS at all.
fn unknown(header: &mut Header, at: usize) -> Option<usize> {
    let len = header.rest(at).len();
    if len < HEAD_SIZE && header.claimed() - at >= HEAD_SIZE {
        header.cut(at, HEAD_SIZE);
        return None;
    }
    header.at(&UNKNOWN, at, len, 0)?;
    let why = "No TLS record begins here: its beginning is in an earlier segment, or this is another protocol.";
    header.refuse(&HEAD[0], at, why);
    None
}

/// Two bytes in the clear; more are encrypted.
fn alert(header: &mut Header, body: &mut Span) -> Option<()> {
    if body.left() != 2 {
        body.group(header, &ALERT, 1, "encrypted");
        return Some(());
    }
    body.group(header, &ALERT, 1, "");
    body.take(header, &LEVEL, 1, 2)?;
    body.take(header, &DESCRIPTION, 1, 2).map(|_| ())
}

/// The messages of a record: the end of one that began in an earlier record, whole ones, and the beginning of the next.
fn handshake(header: &mut Header, body: Span, state: &mut State) -> Option<()> {
    if state.message.is_empty() {
        let end = tls_handshake::messages(header, body, &mut state.session, 1)?;
        let left = header.bytes(end, body.end - end).unwrap_or(&[]);
        state.message.extend_from_slice(left);
        return Some(());
    }
    state.message.extend_from_slice(header.bytes(body.at, body.left())?);
    let whole = tls_handshake::needs(&state.message).is_none();
    if !whole && state.message.len() < MAX_MESSAGE {
        return Some(());
    }
    let bytes = std::mem::take(&mut state.message);
    let place = header.spawn(Buffer { made: Made::Message, bytes: bytes.clone(), parts: Vec::new() })?;
    let span = Span { at: 0, end: bytes.len() };
    let end = header.inside(&bytes, place, |inner| tls_handshake::messages(inner, span, &mut state.session, 1))?;
    state.message.extend_from_slice(bytes.get(end..).unwrap_or(&[]));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut bytes = vec![kind, 3, 3];
        bytes.extend((body.len() as u16).to_be_bytes());
        bytes.extend(body);
        bytes
    }

    fn framed(bytes: &[u8]) -> Framing {
        framing(bytes, &mut Talk::default())
    }

    #[test]
    fn a_message_takes_as_many_records_as_it_needs() {
        // A certificate message of 10 bytes behind its header, 8 bytes of it in the first record.
        let first = record(HANDSHAKE, &[11, 0, 0, 10, 1, 2, 3, 4]);
        let both = [first.clone(), record(HANDSHAKE, &[5; 6])].concat();
        assert_eq!(framed(&both), Framing::Bytes(both.len()));
        assert_eq!(framed(&first), Framing::More);
        let other = [first.clone(), record(APPLICATION_DATA, &[5; 6])].concat();
        assert_eq!(framed(&other), Framing::Bytes(first.len()), "what looked like a message was encrypted");
    }

    #[test]
    fn a_record_ends_where_its_length_says_and_no_later_than_the_limit() {
        assert_eq!(framed(&[23, 3, 3, 0, 9]), Framing::Bytes(14));
        let [high, low] = (MAX_RECORD as u16).to_be_bytes();
        assert_eq!(framed(&[23, 3, 3, high, low]), Framing::Bytes(HEAD_SIZE + MAX_RECORD));
        assert_eq!(framed(&[23, 3, 3, high, low + 1]), Framing::Loose);
    }

    #[test]
    fn a_message_longer_than_the_limit_is_taken_for_encrypted() {
        let claims = |size: usize| {
            let [_, high, middle, low] = (size as u32).to_be_bytes();
            tls_handshake::needs(&[11, high, middle, low])
        };
        assert_eq!(claims(MAX_MESSAGE - 1), Some(MAX_MESSAGE + 3));
        assert_eq!(claims(MAX_MESSAGE), None);
    }

    #[test]
    fn other_protocols_are_not_taken_for_tls() {
        assert!(knows(&record(HANDSHAKE, &[1, 0, 0, 2, 3, 3])));
        for bytes in [&b"GET / HTTP/1.1"[..], b"SSH-2.0-x", &[22, 2, 0, 0, 5, 1], &[22, 3, 1, 0xff, 0xff], &[]] {
            assert!(!knows(bytes), "{bytes:02x?}");
        }
    }

    #[test]
    fn a_server_hello_tells_the_stream_its_choice() {
        let mut hello = vec![2, 0, 0, 46, 3, 3];
        hello.extend([7; 32]);
        hello.extend([0, 0x13, 1, 0, 0, 6, 0, 43, 0, 2, 3, 4]);
        let mut talk = Talk::default();
        framing(&record(HANDSHAKE, &hello), &mut talk);
        assert_eq!((talk.chosen.modern, talk.chosen.suite), (true, Some(0x1301)));
    }
}
