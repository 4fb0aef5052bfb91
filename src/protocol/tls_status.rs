//! Extensions about a certificate's standing → OCSP requests and the log's timestamps (RFC 6066 §8, RFC 6962 §3.2).

use super::date;
use super::field::{COMPUTED, Field, Show, bits, field, words};
use super::header::Header;
use super::tls_span::Span;

const STATUS: &str = "RFC 6066 §8";
const LOG: &str = "RFC 6962 §3.2";

static STATUS_TYPE: Field =
    field("tls.handshake.extensions_status_request_type", "Status type", COMPUTED, Show::Dec, STATUS)
        .words(words![(1, "OCSP"), (2, "OCSP for the whole chain")]);
static RESPONDERS_LENGTH: Field = field(
    "tls.handshake.extensions_status_request_responder_ids_len",
    "Responders length",
    COMPUTED,
    Show::Dec,
    STATUS,
);
static REQUEST_LENGTH: Field =
    field("tls.handshake.extensions_status_request_exts_len", "Request options length", COMPUTED, Show::Dec, STATUS);
static LOGS_LENGTH: Field = field("tls.sct.scts_length", "Timestamps length", COMPUTED, Show::Dec, LOG);
static LOGGED_LENGTH: Field = field("tls.sct.sct_length", "Timestamp length", COMPUTED, Show::Dec, LOG);
static LOG_VERSION: Field = field("tls.sct.sct_version", "Log version", COMPUTED, Show::Dec, LOG);
static LOG_ID: Field = field("tls.sct.sct_logid", "Log ID", COMPUTED, Show::Bytes, LOG);
static LOG_TIME: Field = field("tls.sct.sct_timestamp", "Logged at", COMPUTED, Show::Text, LOG);
static LOG_MORE: Field = field("tls.sct.sct_extensions_length", "Extensions length", COMPUTED, Show::Dec, LOG);
static LOG_SIGNATURE_LENGTH: Field =
    field("tls.sct.sct_signature_length", "Signature length", COMPUTED, Show::Dec, LOG);
static LOG_SIGNATURE: Field = field("tls.sct.sct_signature", "Signature", COMPUTED, Show::Bytes, LOG);

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [
        &STATUS_TYPE,
        &RESPONDERS_LENGTH,
        &REQUEST_LENGTH,
        &LOGS_LENGTH,
        &LOGGED_LENGTH,
        &LOG_VERSION,
        &LOG_ID,
        &LOG_TIME,
        &LOG_MORE,
        &LOG_SIGNATURE_LENGTH,
        &LOG_SIGNATURE,
    ]
    .into_iter()
}

/// Which kind of status is meant.
pub(super) fn kind(header: &mut Header, span: &mut Span, depth: u8) -> Option<u64> {
    span.take(header, &STATUS_TYPE, 1, depth)
}

/// A client's wish for the certificate's status; who should answer, and with which options, is given by length only.
pub(super) fn request(header: &mut Header, body: &mut Span, depth: u8) -> Option<()> {
    const OCSP: u64 = 1;
    if kind(header, body, depth)? == OCSP {
        body.vector(header, &RESPONDERS_LENGTH, 2, depth)?;
        body.vector(header, &REQUEST_LENGTH, 2, depth)?;
    }
    Some(())
}

/// Promises of public logs to list the certificate.
pub(super) fn timestamps(header: &mut Header, body: &mut Span, depth: u8) -> Option<()> {
    let mut list = body.vector(header, &LOGS_LENGTH, 2, depth)?;
    while list.left() > 0 {
        let mut one = list.vector(header, &LOGGED_LENGTH, 2, depth)?;
        one.take(header, &LOG_VERSION, 1, depth + 1)?;
        one.take(header, &LOG_ID, 32, depth + 1)?;
        let time = Span { at: one.at, end: one.at + 8 };
        if time.end > one.end {
            continue;
        }
        let millis = header.array(time.at).map(u64::from_be_bytes)?;
        header.put(&LOG_TIME, bits(time.at as u32 * 8, 64), date::millis(millis), String::new(), depth + 1);
        one.at = time.end;
        one.vector(header, &LOG_MORE, 2, depth + 1)?;
        signature(header, &mut one, depth + 1)?;
    }
    Some(())
}

fn signature(header: &mut Header, one: &mut Span, depth: u8) -> Option<()> {
    super::tls_extensions::signature(header, one, depth)?;
    one.opaque(header, &LOG_SIGNATURE_LENGTH, 2, &LOG_SIGNATURE, depth)
}
