//! QUIC's transport parameters in a TLS extension → one group each of type, length and value (RFC 9000 §18).

use super::field::{COMPUTED, Field, Show, Words, field, words};
use super::header::Header;
use super::tls_span::Span;
use super::varint;

const SPEC: &str = "RFC 9000 §18.2";

static TYPE: Field = field("tls.quic.parameter.type", "Parameter", COMPUTED, Show::Dec, "RFC 9000 §18").words(TYPES);
static LENGTH: Field = field("tls.quic.parameter.length", "Parameter length", COMPUTED, Show::Dec, "RFC 9000 §18");
static VALUE: Field = field("tls.quic.parameter.value", "Parameter value", COMPUTED, Show::Bytes, "RFC 9000 §18");

/// Parameters that are one number; in the order of `NUMBER_TYPES`.
static NUMBERS: [Field; 13] = [
    field("tls.quic.parameter.max_idle_timeout", "Idle timeout (ms)", COMPUTED, Show::Dec, SPEC),
    field("tls.quic.parameter.max_udp_payload_size", "Max UDP payload", COMPUTED, Show::Dec, SPEC),
    field("tls.quic.parameter.initial_max_data", "Max data", COMPUTED, Show::Dec, SPEC),
    field("tls.quic.parameter.initial_max_stream_data_bidi_local", "Max data, own streams", COMPUTED, Show::Dec, SPEC),
    field(
        "tls.quic.parameter.initial_max_stream_data_bidi_remote",
        "Max data, peer's streams",
        COMPUTED,
        Show::Dec,
        SPEC,
    ),
    field("tls.quic.parameter.initial_max_stream_data_uni", "Max data, one-way", COMPUTED, Show::Dec, SPEC),
    field("tls.quic.parameter.initial_max_streams_bidi", "Max two-way streams", COMPUTED, Show::Dec, SPEC),
    field("tls.quic.parameter.initial_max_streams_uni", "Max one-way streams", COMPUTED, Show::Dec, SPEC),
    field("tls.quic.parameter.ack_delay_exponent", "ACK delay exponent", COMPUTED, Show::Dec, SPEC),
    field("tls.quic.parameter.max_ack_delay", "Max ACK delay (ms)", COMPUTED, Show::Dec, SPEC),
    field("tls.quic.parameter.active_connection_id_limit", "Connection ID limit", COMPUTED, Show::Dec, SPEC),
    field("tls.quic.parameter.max_datagram_frame_size", "Max DATAGRAM frame", COMPUTED, Show::Dec, "RFC 9221 §3"),
    field("tls.quic.parameter.google.initial_rtt", "Initial RTT (µs)", COMPUTED, Show::Dec, "Chromium's QUIC"),
];
const NUMBER_TYPES: [u64; 13] = [1, 3, 4, 5, 6, 7, 8, 9, 0x0a, 0x0b, 0x0e, 0x20, 0x3127];

/// Parameters whose value is shown as it is; in the order of `BYTES_TYPES`.
static BYTES: [Field; 4] = [
    field(
        "tls.quic.parameter.original_destination_connection_id",
        "Original connection ID",
        COMPUTED,
        Show::Bytes,
        SPEC,
    ),
    field("tls.quic.parameter.stateless_reset_token", "Stateless reset token", COMPUTED, Show::Bytes, SPEC),
    field("tls.quic.parameter.initial_source_connection_id", "Initial source CID", COMPUTED, Show::Bytes, SPEC),
    field("tls.quic.parameter.retry_source_connection_id", "Retry source CID", COMPUTED, Show::Bytes, SPEC),
];
const BYTES_TYPES: [u64; 4] = [0, 2, 0x0f, 0x10];
static CHOSEN: Field =
    field("tls.quic.parameter.vi.chosen_version", "Chosen version", COMPUTED, Show::Hex(8), "RFC 9368 §3");
static OTHER: Field =
    field("tls.quic.parameter.vi.other_version", "Available version", COMPUTED, Show::Hex(8), "RFC 9368 §3");

const TYPES: Words = words![
    (0x00, "original_destination_connection_id"),
    (0x01, "max_idle_timeout"),
    (0x02, "stateless_reset_token"),
    (0x03, "max_udp_payload_size"),
    (0x04, "initial_max_data"),
    (0x05, "initial_max_stream_data_bidi_local"),
    (0x06, "initial_max_stream_data_bidi_remote"),
    (0x07, "initial_max_stream_data_uni"),
    (0x08, "initial_max_streams_bidi"),
    (0x09, "initial_max_streams_uni"),
    (0x0a, "ack_delay_exponent"),
    (0x0b, "max_ack_delay"),
    (0x0c, "disable_active_migration"),
    (0x0d, "preferred_address"),
    (0x0e, "active_connection_id_limit"),
    (0x0f, "initial_source_connection_id"),
    (0x10, "retry_source_connection_id"),
    (0x11, "version_information"),
    (0x20, "max_datagram_frame_size"),
    (0x2ab2, "grease_quic_bit"),
    (0x3127, "google_initial_rtt"),
    (0x3128, "google_connection_options"),
    (0x3129, "google_user_agent"),
    (0x4752, "google_quic_version"),
    (0xff73db, "version_information, as drafts numbered it"),
];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&TYPE, &LENGTH, &VALUE, &CHOSEN, &OTHER].into_iter().chain(&NUMBERS).chain(&BYTES)
}

/// Parameters up to the end of the extension; each takes at least two bytes.
pub(super) fn decode(header: &mut Header, body: &mut Span, depth: u8) -> Option<()> {
    while body.left() > 0 {
        let kind = varint::take(header, &TYPE, &mut body.at, body.end, depth)?;
        if kind % 31 == 27 {
            header.means("GREASE, reserved: to be ignored");
        }
        let len = varint::take(header, &LENGTH, &mut body.at, body.end, depth + 1)? as usize;
        if len > body.left() {
            let why = format!("{} says {len} bytes and {} are left.", LENGTH.key, body.left());
            header.refuse(&LENGTH, body.at, why);
            return None;
        }
        let mut value = Span { at: body.at, end: body.at + len };
        body.at = value.end;
        let whole = value;
        value.take(header, &VALUE, len, depth + 1)?;
        known(header, kind, whole, depth + 1)?;
    }
    Some(())
}

/// What the value of a known parameter means.
fn known(header: &mut Header, kind: u64, mut value: Span, depth: u8) -> Option<()> {
    let row = |types: &[u64], rows: &'static [Field]| {
        types.iter().position(|known| *known == kind).and_then(|place| rows.get(place))
    };
    if let Some(field) = row(&NUMBER_TYPES, &NUMBERS) {
        varint::take(header, field, &mut value.at, value.end, depth)?;
    } else if let Some(field) = row(&BYTES_TYPES, &BYTES) {
        value.take(header, field, value.left(), depth)?;
    } else if matches!(kind, 0x11 | 0xff73db) {
        value.take(header, &CHOSEN, 4, depth)?;
        value.list(header, &OTHER, 4, depth, |_| "")?;
    }
    Some(())
}
