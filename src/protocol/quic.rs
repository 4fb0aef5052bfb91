//! A QUIC packet → its header and, of an Initial packet, the frames that anybody can decrypt (RFC 9000 §17, RFC 9001 §5).

use super::field::{Buffer, COMPUTED, Field, Made, Part, Show, Words, bits, field, words};
use super::header::{Header, Next, Place, Step, colons};
use super::quic_frames::{self, Piece};
use super::quic_keys::Opened;
use super::quic_packet::{Kind, Long, V2, version_word};
use super::quic_talk::{Stream, Talk};
use super::varint;

const SPEC: &str = "RFC 9000 §17.2";
const SHORT_SPEC: &str = "RFC 9000 §17.3.1";

static CONNECTION: Field =
    field("quic.connection.number", "Connection", COMPUTED, Show::Dec, "counted in this capture");
static PACKET_LENGTH: Field = field("quic.packet_length", "Packet length", COMPUTED, Show::Dec, "RFC 9000 §12.2");
static SHORT: Field = field("quic.short", "Short header", COMPUTED, Show::None, SHORT_SPEC);
static FORM: Field =
    field("quic.header_form", "Header form", bits(0, 1), Show::Dec, SPEC).words(words![(0, "short"), (1, "long")]);
static FIXED: Field = field("quic.fixed_bit", "Fixed bit", bits(1, 1), Show::Flag, SPEC);
static TYPE: Field = field("quic.long.packet_type", "Packet type", bits(2, 2), Show::Dec, SPEC).words(TYPES);
static TYPE_V2: Field =
    field("quic.long.packet_type_v2", "Packet type", bits(2, 2), Show::Dec, "RFC 9369 §3.2").words(TYPES_V2);
static RESERVED: Field = field("quic.long.reserved", "Reserved", bits(4, 2), Show::Dec, SPEC);
static NUMBER_LENGTH: Field = field("quic.packet_number_length", "Packet number length", bits(6, 2), Show::Dec, SPEC)
    .words(words![(0, "1 byte"), (1, "2 bytes"), (2, "3 bytes"), (3, "4 bytes")]);
static UNUSED: Field = field("quic.vn.unused", "Unused", bits(1, 7), Show::Hex(2), "RFC 9000 §17.2.1");
static SPIN: Field = field("quic.spin_bit", "Spin bit", bits(2, 1), Show::Flag, "RFC 9000 §17.4");
static VERSION: Field = field("quic.version", "Version", bits(8, 32), Show::Hex(8), SPEC);
static DCIL: Field = field("quic.dcil", "Destination ID length", COMPUTED, Show::Dec, SPEC);
static DCID: Field = field("quic.dcid", "Destination ID", COMPUTED, Show::Bytes, SPEC);
static SCIL: Field = field("quic.scil", "Source ID length", COMPUTED, Show::Dec, SPEC);
static SCID: Field = field("quic.scid", "Source ID", COMPUTED, Show::Bytes, SPEC);
static TOKEN_LENGTH: Field = field("quic.token_length", "Token length", COMPUTED, Show::Dec, "RFC 9000 §17.2.2");
static TOKEN: Field = field("quic.token", "Token", COMPUTED, Show::Bytes, "RFC 9000 §17.2.2");
static LENGTH: Field = field("quic.length", "Length", COMPUTED, Show::Dec, SPEC);
static NUMBER: Field = field("quic.packet_number", "Packet number", COMPUTED, Show::Dec, "RFC 9000 §17.1");
static PAYLOAD: Field = field("quic.payload", "Protected payload", COMPUTED, Show::Bytes, "RFC 9001 §5.3");
static SEALED: Field = field("quic.remaining_payload", "Encrypted payload", COMPUTED, Show::Bytes, "RFC 9001 §5.3");
static SUPPORTED: Field =
    field("quic.supported_version", "Supported version", COMPUTED, Show::Hex(8), "RFC 9000 §17.2.1");
static RETRY_TOKEN: Field = field("quic.retry_token", "Retry token", COMPUTED, Show::Bytes, "RFC 9000 §17.2.5");
static RETRY_TAG: Field = field("quic.retry_integrity_tag", "Integrity tag", COMPUTED, Show::Bytes, "RFC 9001 §5.8");
static PADDING: Field =
    field("quic.coalesced_padding_data", "Padding of the datagram", COMPUTED, Show::None, "RFC 9000 §14.1");

const TYPES: Words = words![(0, "Initial"), (1, "0-RTT"), (2, "Handshake"), (3, "Retry")];
const TYPES_V2: Words = words![(0, "Retry"), (1, "Initial"), (2, "0-RTT"), (3, "Handshake")];
const TAG: usize = 16;
/// Versions listed in one packet that are shown.
const MAX_VERSIONS: usize = 256;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [
        &CONNECTION,
        &PACKET_LENGTH,
        &SHORT,
        &FORM,
        &FIXED,
        &TYPE,
        &TYPE_V2,
        &RESERVED,
        &NUMBER_LENGTH,
        &UNUSED,
        &SPIN,
        &VERSION,
        &DCIL,
        &DCID,
        &SCIL,
        &SCID,
        &TOKEN_LENGTH,
        &TOKEN,
        &LENGTH,
        &NUMBER,
        &PAYLOAD,
        &SEALED,
        &SUPPORTED,
        &RETRY_TOKEN,
        &RETRY_TAG,
        &PADDING,
    ]
    .into_iter()
    .chain(quic_frames::fields())
}

/// Whether a datagram begins with a long header of a known version.
pub(super) fn knows(bytes: &[u8]) -> bool {
    let Some(long) = Long::read(bytes, bytes.len()).filter(Long::plausible) else { return false };
    let fixed = bytes.first().is_some_and(|first| first & 0x40 != 0);
    match long.kind {
        Kind::Negotiation => bytes.len() >= long.body + 4 && (bytes.len() - long.body).is_multiple_of(4),
        _ => fixed,
    }
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    let rest = header.rest(0);
    let known = header.context.quic.as_ref().is_some_and(|known| known.talk.begun());
    match rest.first().map(|first| (first & 0x80 != 0, first & 0x40 != 0)) {
        Some((true, _)) if known || header.u32(1).is_none_or(|version| !version_word(version.into()).is_empty()) => {
            long(header)
        }
        Some((false, true)) => short(header),
        // Behind the first packets of a datagram; a buffer tells that one of them was opened.
        _ if rest.iter().all(|byte| *byte == 0) && (known || header.first_buffer > 1) => {
            header.is("quic", header.claimed());
            header.at(&PADDING, 0, rest.len(), 0);
            None
        }
        // Nothing that QUIC sends: another protocol at its port.
        _ => header.then(Next::Data, 0),
    }
}

/// What is known without looking at the packet.
fn open_layer(header: &mut Header, size: usize) {
    header.is("quic", size);
    if let Some(known) = &header.context.quic {
        header.generate(&CONNECTION, known.connection, 0);
    }
    header.generate(&PACKET_LENGTH, size, 0);
}

fn long(header: &mut Header) -> Option<Step> {
    let Some(parts) = Long::read(header.rest(0), header.claimed()) else {
        header.is("quic", header.claimed());
        header.within(&FORM, 0, 0)?;
        header.row(&VERSION, 0)?;
        header.cut(header.have(), 1);
        return None;
    };
    open_layer(header, parts.end.min(header.claimed()));
    let opened = initial(header, &parts);
    first_byte(header, &parts, opened.as_ref().map(|(opened, _)| opened))?;
    let version = header.row(&VERSION, 0)?;
    header.means(version_word(version));
    header.at(&DCIL, parts.dcid.start - 1, 1, 0)?;
    some(header, &DCID, parts.dcid.start, parts.dcid.len())?;
    header.at(&SCIL, parts.scid.start - 1, 1, 0)?;
    some(header, &SCID, parts.scid.start, parts.scid.len())?;
    match parts.kind {
        Kind::Negotiation => versions(header, parts.body),
        Kind::Retry => retry(header, parts.body),
        _ => protected(header, &parts, opened),
    }
}

/// The first byte's bits; those under protection only where it could be removed.
fn first_byte(header: &mut Header, parts: &Long, opened: Option<&Opened>) -> Option<()> {
    header.row(&FORM, 0)?;
    if parts.kind == Kind::Negotiation {
        return header.row(&UNUSED, 0).map(|_| ());
    }
    if parts.kind != Kind::Retry {
        header.row(&FIXED, 0)?;
    }
    header.row(if parts.version == V2 { &TYPE_V2 } else { &TYPE }, 0)?;
    if let Some(opened) = opened {
        header.put(&RESERVED, RESERVED.bits, (opened.first >> 2 & 3).to_string(), String::new(), 0);
        let length = u64::from(opened.first & 3);
        header.put(&NUMBER_LENGTH, NUMBER_LENGTH.bits, length.to_string(), NUMBER_LENGTH.word(length).into(), 0);
    }
    Some(())
}

/// A field of bytes where there are any.
fn some(header: &mut Header, field: &'static Field, at: usize, len: usize) -> Option<()> {
    if len == 0 { Some(()) } else { header.at(field, at, len, 0).map(|_| ()) }
}

fn versions(header: &mut Header, from: usize) -> Option<Step> {
    for at in (from..header.claimed()).step_by(4).take(MAX_VERSIONS) {
        let version = header.at(&SUPPORTED, at, 4, 0)?;
        header.means(version_word(version));
    }
    None
}

fn retry(header: &mut Header, from: usize) -> Option<Step> {
    let end = header.claimed();
    let Some(tag) = end.checked_sub(TAG).filter(|tag| *tag >= from) else {
        header.cut(from, TAG);
        return None;
    };
    some(header, &RETRY_TOKEN, from, tag - from)?;
    header.at(&RETRY_TAG, tag, TAG, 0)?;
    None
}

/// Initial, 0-RTT and Handshake packets: lengths, then what is protected.
fn protected(header: &mut Header, parts: &Long, opened: Option<(Opened, bool)>) -> Option<Step> {
    let claimed = header.claimed();
    if let Some((length, token)) = &parts.token {
        let mut at = length.start;
        varint::take(header, &TOKEN_LENGTH, &mut at, length.end, 0)?;
        if token.end > claimed {
            header.refuse(&TOKEN_LENGTH, token.start, "The token reaches beyond the datagram.");
            return None;
        }
        some(header, &TOKEN, token.start, token.len())?;
    }
    if let Some(length) = &parts.length {
        let mut at = length.start;
        varint::take(header, &LENGTH, &mut at, length.end, 0)?;
    }
    if parts.end > claimed {
        header.refuse(&LENGTH, parts.body, "The length counts more bytes than the datagram has.");
        return None;
    }
    let more = (parts.end < claimed).then(|| header.then(Next::Same, parts.end)).flatten();
    let Some((opened, anew)) = opened else {
        some(header, &SEALED, parts.body, parts.end - parts.body)?;
        return more;
    };
    let number = bits(parts.body as u32 * 8, opened.number_len as u32 * 8);
    header.put(&NUMBER, number, opened.number.to_string(), String::new(), 0);
    let payload = parts.body + opened.number_len;
    some(header, &PAYLOAD, payload, parts.end - payload)?;
    let handshake = frames(header, opened.frames, anew);
    match (handshake, more) {
        (Some(handshake), Some(more)) => {
            header.also(more.next, more.place);
            Some(handshake)
        }
        (handshake, more) => handshake.or(more),
    }
}

/// Removes an Initial packet's protection, with the keys of its own connection ID or of the connection's first; also says
/// whether the handshake begins anew with it.
fn initial(header: &Header, parts: &Long) -> Option<(Opened, bool)> {
    let packet = header.rest(0);
    let nothing = Talk::default();
    let (talk, end) = header.context.quic.as_ref().map_or((&nothing, 0), |known| (&*known.talk, known.end));
    let (opened, id, client) = talk.open(parts, packet, end)?;
    Some((opened, client && talk.begins_with(&id)))
}

/// Shows the frames, and says where the handshake messages lie that they complete.
fn frames(header: &mut Header, bytes: Vec<u8>, anew: bool) -> Option<Step> {
    let pieces = quic_frames::pieces(&bytes);
    let place = header.spawn(Buffer { made: Made::Decrypted, bytes: bytes.clone(), parts: Vec::new() })?;
    header.inside(&bytes, place, quic_frames::decode);
    let (mut stream, frame) = match &header.context.quic {
        Some(known) if !anew => (known.talk.stream(known.end).clone(), known.frame),
        known => (Stream::default(), known.as_ref().map_or(0, |known| known.frame)),
    };
    let before = stream.joined().0.len();
    for Piece { offset, at, len } in &pieces {
        stream.put(*offset, bytes.get(*at..at + len)?, frame);
    }
    let (joined, parts) = stream.joined();
    let (from, to) = completed(&joined, before)?;
    let holds = |piece: &&Piece| piece.offset <= from as u64 && to as u64 <= piece.offset + piece.len as u64;
    if let Some(piece) = pieces.iter().find(holds) {
        let start = piece.at + (from - piece.offset as usize);
        return Some(Step { next: Next::Handshake, place: Place { start, end: start + (to - from), ..place } });
    }
    let place = header.spawn(Buffer {
        made: Made::Message,
        bytes: joined.get(from..to)?.to_vec(),
        parts: cut(&parts, from, to),
    })?;
    Some(Step { next: Next::Handshake, place })
}

/// The handshake messages that are whole now and were not after the first `before` bytes.
fn completed(bytes: &[u8], before: usize) -> Option<(usize, usize)> {
    let (mut at, mut from) = (0, None);
    while let Some([_, high, middle, low]) = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        let end = at + 4 + (usize::from(*high) << 16 | usize::from(u16::from_be_bytes([*middle, *low])));
        if end > bytes.len() {
            break;
        }
        if end > before {
            from.get_or_insert(at);
        }
        at = end;
    }
    from.map(|from| (from, at))
}

/// The parts of `from..to` of what they were parts of.
fn cut(parts: &[Part], from: usize, to: usize) -> Vec<Part> {
    let (from, to) = (from as u32, to as u32);
    let inside = parts.iter().filter_map(|part| {
        let (start, end) = (part.offset.max(from), (part.offset + part.len).min(to));
        (start < end).then(|| Part { frame: part.frame, offset: start - from, len: end - start })
    });
    inside.collect()
}

fn short(header: &mut Header) -> Option<Step> {
    let size = header.claimed();
    open_layer(header, size);
    let id = header.context.quic.as_ref().map_or(0, |known| known.talk.addressed(known.end, header.rest(1)));
    header.put(&SHORT, bits(0, header.have() as u32 * 8), String::new(), String::new(), 0);
    if let Some(bytes) = header.bytes(1, id).filter(|bytes| !bytes.is_empty()) {
        header.means(format!("to {}", colons(bytes)));
    }
    header.row(&FORM, 1)?;
    header.row(&FIXED, 1)?;
    header.row(&SPIN, 1)?;
    if id > 0 {
        header.at(&DCID, 1, id, 1)?;
    }
    if size <= 1 + id {
        header.refuse(&FORM, 1, "Nothing follows the header, not even a packet number.");
        return None;
    }
    header.at(&SEALED, 1 + id, size - 1 - id, 0)?;
    None
}
