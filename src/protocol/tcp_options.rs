//! The options of a TCP header → one field each with its parts (RFC 9293 §3.2, RFC 7323, RFC 2018).

use super::field::{Bits, COMPUTED, Field, Show, bits, field};
use super::header::Header;

static KIND: Field = field("tcp.option_kind", "Kind", COMPUTED, Show::Dec, "RFC 9293 §3.2").words(KINDS);
static LENGTH: Field = field("tcp.option_len", "Length", COMPUTED, Show::Dec, "RFC 9293 §3.2");
static END: Field = field("tcp.options.eol", "End of options", COMPUTED, Show::Bytes, "RFC 9293 §3.2");
static NO_OPERATION: Field = field("tcp.options.nop", "No operation", COMPUTED, Show::Bytes, "RFC 9293 §3.2");
static MSS: Field = field("tcp.options.mss", "Maximum segment size", COMPUTED, Show::Bytes, "RFC 9293 §3.7.1");
static MSS_VALUE: Field = field("tcp.options.mss_val", "MSS value", COMPUTED, Show::Dec, "RFC 9293 §3.7.1");
static SCALE: Field = field("tcp.options.wscale", "Window scale", COMPUTED, Show::Bytes, "RFC 7323 §2.2");
static SHIFT: Field = field("tcp.options.wscale.shift", "Shift count", COMPUTED, Show::Dec, "RFC 7323 §2.2");
static MULTIPLIER: Field = field("tcp.options.wscale.multiplier", "Multiplier", COMPUTED, Show::Dec, "RFC 7323 §2.2");
static SACK_PERMITTED: Field = field("tcp.options.sack_perm", "SACK permitted", COMPUTED, Show::Bytes, "RFC 2018 §2");
static SACK: Field = field("tcp.options.sack", "SACK", COMPUTED, Show::Bytes, "RFC 2018 §3");
static SACK_COUNT: Field = field("tcp.options.sack.count", "SACK blocks", COMPUTED, Show::Dec, "RFC 2018 §3");
static SACK_LEFT: Field = field("tcp.options.sack_le", "Left edge", COMPUTED, Show::Dec, "RFC 2018 §3");
static SACK_RIGHT: Field = field("tcp.options.sack_re", "Right edge", COMPUTED, Show::Dec, "RFC 2018 §3");
static TIMES: Field = field("tcp.options.timestamp", "Timestamps", COMPUTED, Show::Bytes, "RFC 7323 §3.2");
static TIME_VALUE: Field =
    field("tcp.options.timestamp.tsval", "Timestamp value", COMPUTED, Show::Dec, "RFC 7323 §3.2");
static TIME_ECHO: Field =
    field("tcp.options.timestamp.tsecr", "Timestamp echo reply", COMPUTED, Show::Dec, "RFC 7323 §3.2");
static UNKNOWN: Field = field("tcp.options.unknown", "Unknown option", COMPUTED, Show::Bytes, "RFC 9293 §3.2");
static UNKNOWN_PAYLOAD: Field =
    field("tcp.options.unknown.payload", "Option data", COMPUTED, Show::Bytes, "RFC 9293 §3.2");

/// Kinds as IANA's registry names them.
const KINDS: super::field::Words = &[
    (0, "End of option list"),
    (1, "No operation"),
    (2, "Maximum segment size"),
    (3, "Window scale"),
    (4, "SACK permitted"),
    (5, "SACK"),
    (8, "Timestamps"),
    (19, "MD5 signature"),
    (28, "User timeout"),
    (29, "TCP-AO"),
    (30, "Multipath TCP"),
    (34, "TCP Fast Open cookie"),
    (253, "Experiment 1"),
    (254, "Experiment 2"),
];

/// The largest shift that counts (RFC 7323 §2.3).
pub(super) const LARGEST_SHIFT: u8 = 14;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [
        &KIND,
        &LENGTH,
        &END,
        &NO_OPERATION,
        &MSS,
        &MSS_VALUE,
        &SCALE,
        &SHIFT,
        &MULTIPLIER,
        &SACK_PERMITTED,
        &SACK,
        &SACK_COUNT,
        &SACK_LEFT,
        &SACK_RIGHT,
        &TIMES,
        &TIME_VALUE,
        &TIME_ECHO,
        &UNKNOWN,
        &UNKNOWN_PAYLOAD,
    ]
    .into_iter()
}

/// Reads the options between two offsets from the header's first byte. Each takes at least a byte, so the header bounds them.
pub(super) fn decode(header: &mut Header, from: usize, to: usize, opening: bool) {
    let mut at = from;
    while at < to {
        let Some(kind) = header.u8(at) else { return };
        if kind <= 1 {
            let group = if kind == 0 { &END } else { &NO_OPERATION };
            header.at(group, at, 1, 1);
            header.at(&KIND, at, 1, 2);
            // Zeros that fill the header after the end of the options are shown as ends, as tshark does.
            at += 1;
            continue;
        }
        let Some(len) = header.u8(at + 1).map(usize::from).filter(|_| at + 1 < to) else {
            return header.cut(at, 2);
        };
        if len < 2 || at + len > to {
            let why = format!("Option {kind} claims {len} bytes; {} are left in the header.", to - at);
            return header.refuse(&LENGTH, at, why);
        }
        option(header, kind, at, len, opening);
        at += len;
    }
}

fn option(header: &mut Header, kind: u8, at: usize, len: usize, opening: bool) {
    let group = match (kind, len) {
        (2, 4) => &MSS,
        (3, 3) => &SCALE,
        (4, 2) => &SACK_PERMITTED,
        (5, _) if len >= 10 && (len - 2).is_multiple_of(8) => &SACK,
        (8, 10) => &TIMES,
        _ => &UNKNOWN,
    };
    header.at(group, at, len, 1);
    header.at(&KIND, at, 1, 2);
    header.at(&LENGTH, at + 1, 1, 2);
    match group.key {
        "tcp.options.mss" => drop(header.at(&MSS_VALUE, at + 2, 2, 2)),
        "tcp.options.wscale" => scale(header, at + 2),
        "tcp.options.sack" => sack(header, at + 2, (len - 2) / 8, opening),
        "tcp.options.timestamp" => {
            header.at(&TIME_VALUE, at + 2, 4, 2);
            header.at(&TIME_ECHO, at + 6, 4, 2);
        }
        "tcp.options.unknown" if len > 2 => drop(header.at(&UNKNOWN_PAYLOAD, at + 2, len - 2, 2)),
        _ => {}
    }
}

fn scale(header: &mut Header, at: usize) {
    let Some(shift) = header.at(&SHIFT, at, 1, 2) else { return };
    let multiplier = 1u32 << shift.min(LARGEST_SHIFT.into());
    header.put(&MULTIPLIER, place(at, 1), multiplier.to_string(), String::new(), 2);
}

/// The edges count from where the receiver of this segment began, as acknowledgment numbers do.
fn sack(header: &mut Header, at: usize, count: usize, _opening: bool) {
    let base = header.context.ack_base.unwrap_or(0);
    for block in 0..count {
        for (edge, field) in [&SACK_LEFT, &SACK_RIGHT].into_iter().enumerate() {
            let at = at + block * 8 + edge * 4;
            let Some(raw) = header.u32(at) else { return };
            header.put(field, place(at, 4), raw.wrapping_sub(base).to_string(), String::new(), 2);
        }
    }
    header.generate(&SACK_COUNT, count, 2);
}

fn place(at: usize, len: usize) -> Bits {
    bits(at as u32 * 8, len as u32 * 8)
}
