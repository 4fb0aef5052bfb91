//! The frames of a decrypted QUIC packet → their fields, and the pieces of handshake in them (RFC 9000 §19).

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::Header;
use super::varint;

static FRAME: Field = field("quic.frame", "Frame", COMPUTED, Show::None, "RFC 9000 §19");
static TYPE: Field = field("quic.frame_type", "Frame type", COMPUTED, Show::Dec, "RFC 9000 §19").words(TYPES);
static PADDING: Field = field("quic.padding_length", "Padding length", COMPUTED, Show::Dec, "RFC 9000 §19.1");
static LARGEST: Field =
    field("quic.ack.largest_acknowledged", "Largest acknowledged", COMPUTED, Show::Dec, "RFC 9000 §19.3");
static DELAY: Field = field("quic.ack.ack_delay", "ACK delay", COMPUTED, Show::Dec, "RFC 9000 §19.3");
static RANGES: Field = field("quic.ack.ack_range_count", "ACK ranges", COMPUTED, Show::Dec, "RFC 9000 §19.3");
static FIRST_RANGE: Field = field("quic.ack.first_ack_range", "First ACK range", COMPUTED, Show::Dec, "RFC 9000 §19.3");
static GAP: Field = field("quic.ack.gap", "Gap", COMPUTED, Show::Dec, "RFC 9000 §19.3.1");
static RANGE: Field = field("quic.ack.ack_range", "ACK range", COMPUTED, Show::Dec, "RFC 9000 §19.3.1");
static CONGESTION: [Field; 3] = [
    field("quic.ack.ect0_count", "ECT(0) count", COMPUTED, Show::Dec, "RFC 9000 §19.3.2"),
    field("quic.ack.ect1_count", "ECT(1) count", COMPUTED, Show::Dec, "RFC 9000 §19.3.2"),
    field("quic.ack.ecn_ce_count", "ECN-CE count", COMPUTED, Show::Dec, "RFC 9000 §19.3.2"),
];
static OFFSET: Field = field("quic.crypto.offset", "Handshake offset", COMPUTED, Show::Dec, "RFC 9000 §19.6");
static LENGTH: Field = field("quic.crypto.length", "Handshake length", COMPUTED, Show::Dec, "RFC 9000 §19.6");
static DATA: Field = field("quic.crypto.crypto_data", "Handshake bytes", COMPUTED, Show::None, "RFC 9000 §19.6");
static ERROR: Field = field("quic.cc.error_code", "Error code", COMPUTED, Show::Dec, "RFC 9000 §20.1").words(ERRORS);
static APP_ERROR: Field = field("quic.cc.error_code.app", "Application error", COMPUTED, Show::Dec, "RFC 9000 §20.2");
static ALERT: Field = field("quic.cc.error_code.tls_alert", "TLS alert", COMPUTED, Show::Dec, "RFC 9001 §4.8");
static CAUSE: Field =
    field("quic.cc.frame_type", "Offending frame", COMPUTED, Show::Dec, "RFC 9000 §19.19").words(TYPES);
static REASON_LENGTH: Field =
    field("quic.cc.reason_phrase.length", "Reason length", COMPUTED, Show::Dec, "RFC 9000 §19.19");
static REASON: Field = field("quic.cc.reason_phrase", "Reason", COMPUTED, Show::Text, "RFC 9000 §19.19");

const TYPES: Words = words![
    (0x00, "PADDING"),
    (0x01, "PING"),
    (0x02, "ACK"),
    (0x03, "ACK with ECN counts"),
    (0x06, "CRYPTO"),
    (0x1c, "CONNECTION_CLOSE by QUIC"),
    (0x1d, "CONNECTION_CLOSE by the application"),
];
const ERRORS: Words = words![
    (0x00, "NO_ERROR"),
    (0x01, "INTERNAL_ERROR"),
    (0x02, "CONNECTION_REFUSED"),
    (0x03, "FLOW_CONTROL_ERROR"),
    (0x04, "STREAM_LIMIT_ERROR"),
    (0x05, "STREAM_STATE_ERROR"),
    (0x06, "FINAL_SIZE_ERROR"),
    (0x07, "FRAME_ENCODING_ERROR"),
    (0x08, "TRANSPORT_PARAMETER_ERROR"),
    (0x09, "CONNECTION_ID_LIMIT_ERROR"),
    (0x0a, "PROTOCOL_VIOLATION"),
    (0x0b, "INVALID_TOKEN"),
    (0x0c, "APPLICATION_ERROR"),
    (0x0d, "CRYPTO_BUFFER_EXCEEDED"),
    (0x0e, "KEY_UPDATE_ERROR"),
    (0x0f, "AEAD_LIMIT_REACHED"),
    (0x10, "NO_VIABLE_PATH"),
];
/// Errors of the handshake: this and the number of a TLS alert.
const CRYPTO_ERROR: u64 = 0x100;
/// Frames in one packet that are taken apart.
const MAX_FRAMES: usize = 512;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [
        &FRAME,
        &TYPE,
        &PADDING,
        &LARGEST,
        &DELAY,
        &RANGES,
        &FIRST_RANGE,
        &GAP,
        &RANGE,
        &OFFSET,
        &LENGTH,
        &DATA,
        &ERROR,
        &APP_ERROR,
        &ALERT,
        &CAUSE,
        &REASON_LENGTH,
        &REASON,
    ]
    .into_iter()
    .chain(&CONGESTION)
}

/// Bytes of a CRYPTO frame: their place in the handshake's stream, and in the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub offset: u64,
    pub at: usize,
    pub len: usize,
}

/// The CRYPTO frames of an Initial packet, without saying anything about the others.
pub(super) fn pieces(frames: &[u8]) -> Vec<Piece> {
    let (mut at, mut pieces) = (0, Vec::new());
    for _ in 0..MAX_FRAMES {
        let Some(size) = skip(frames.get(at..).unwrap_or(&[]), at, &mut pieces) else { break };
        at += size;
    }
    pieces
}

/// Size of the frame that these bytes begin; `None` at the end, or where none does that may be here.
fn skip(bytes: &[u8], at: usize, pieces: &mut Vec<Piece>) -> Option<usize> {
    let kind = *bytes.first()?;
    let mut size = 1;
    let mut number = || {
        let (value, len) = varint::read(bytes.get(size..)?)?;
        size += len;
        Some(value)
    };
    match kind {
        0 => size = bytes.iter().take_while(|byte| **byte == 0).count(),
        1 => {}
        2 | 3 => {
            number()?;
            number()?;
            let ranges = number()?;
            for _ in 0..ranges.checked_mul(2)?.checked_add(if kind == 3 { 4 } else { 1 })? {
                number()?;
            }
        }
        6 => {
            let (offset, len) = (number()?, usize::try_from(number()?).ok()?);
            let end = size.checked_add(len)?;
            bytes.get(size..end)?;
            pieces.push(Piece { offset, at: at + size, len });
            size = end;
        }
        _ => return None,
    }
    Some(size)
}

/// All frames of a packet; what they are read from begins with the first and ends with the last.
pub(super) fn decode(header: &mut Header) -> Option<()> {
    let mut at = 0;
    for _ in 0..MAX_FRAMES {
        if at >= header.have() {
            break;
        }
        at = frame(header, at)?;
    }
    Some(())
}

/// Reads one frame and says where the next begins.
fn frame(header: &mut Header, start: usize) -> Option<usize> {
    let end = header.have();
    let group = header.layer.found.len();
    header.put(&FRAME, bits(start as u32 * 8, 8), String::new(), String::new(), 0);
    let mut at = start;
    let kind = varint::take(header, &TYPE, &mut at, end, 1)?;
    match kind {
        0 => {
            let len = header.rest(start).iter().take_while(|byte| **byte == 0).count();
            header.generate(&PADDING, len, 1);
            at = start + len;
        }
        1 => {}
        2 | 3 => acknowledge(header, kind == 3, &mut at, end)?,
        6 => {
            varint::take(header, &OFFSET, &mut at, end, 1)?;
            let len = varint::take(header, &LENGTH, &mut at, end, 1)?;
            at = counted(header, &LENGTH, &DATA, at, len)?;
        }
        0x1c | 0x1d => at = close(header, kind == 0x1c, at, end)?,
        _ => {
            header.refuse(&TYPE, start, "A frame of this type may not be in an Initial packet (RFC 9000 §12.4).");
            return None;
        }
    }
    if let Some(found) = header.layer.found.get_mut(group) {
        found.at.len = (at - start) as u32 * 8;
        found.meaning = TYPE.word(kind).to_string();
    }
    Some(at)
}

fn acknowledge(header: &mut Header, congestion: bool, at: &mut usize, end: usize) -> Option<()> {
    varint::take(header, &LARGEST, at, end, 1)?;
    varint::take(header, &DELAY, at, end, 1)?;
    let ranges = varint::take(header, &RANGES, at, end, 1)?;
    varint::take(header, &FIRST_RANGE, at, end, 1)?;
    // Each takes two bytes, so the packet bounds them.
    for _ in 0..ranges {
        varint::take(header, &GAP, at, end, 1)?;
        varint::take(header, &RANGE, at, end, 1)?;
    }
    if congestion {
        CONGESTION.iter().try_for_each(|row| varint::take(header, row, at, end, 1).map(|_| ()))?;
    }
    Some(())
}

fn close(header: &mut Header, by_quic: bool, mut at: usize, end: usize) -> Option<usize> {
    if by_quic {
        let error = varint::take(header, &ERROR, &mut at, end, 1)?;
        if (CRYPTO_ERROR..CRYPTO_ERROR + 256).contains(&error) {
            header.means("CRYPTO_ERROR: the TLS alert below");
            header.generate(&ALERT, error - CRYPTO_ERROR, 1);
        }
        varint::take(header, &CAUSE, &mut at, end, 1)?;
    } else {
        varint::take(header, &APP_ERROR, &mut at, end, 1)?;
    }
    let len = varint::take(header, &REASON_LENGTH, &mut at, end, 1)?;
    counted(header, &REASON_LENGTH, &REASON, at, len)
}

/// A field of the bytes that a length counts; says where they end.
fn counted(header: &mut Header, length: &'static Field, field: &'static Field, at: usize, len: u64) -> Option<usize> {
    let len = usize::try_from(len).ok().filter(|len| header.bytes(at, *len).is_some());
    let Some(len) = len else {
        header.claims(length, at, header.rest(at).len() + 1);
        return None;
    };
    if len > 0 {
        header.at(field, at, len, 1)?;
    }
    Some(at + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_found_between_other_frames() {
        // PING, CRYPTO at 4 of 2 bytes, PADDING, ACK with ECN counts, CRYPTO at 0 of 4 bytes.
        let frames = [1, 6, 4, 2, 9, 9, 0, 0, 0, 3, 5, 0, 0, 1, 0, 0, 0, 6, 0, 4, 1, 2, 3, 4];
        let piece = |offset, at, len| Piece { offset, at, len };
        assert_eq!(pieces(&frames), [piece(4, 4, 2), piece(0, 20, 4)]);
        assert_eq!(pieces(&frames[..22]), [piece(4, 4, 2)], "the last one is cut");
    }

    #[test]
    fn no_more_frames_are_read_than_the_limit() {
        let mut frames = vec![1; MAX_FRAMES - 1];
        frames.extend([6, 0, 1, 7]);
        assert_eq!(pieces(&frames).len(), 1);
        frames.insert(0, 1);
        assert_eq!(pieces(&frames).len(), 0);
    }
}
