//! The options of a TCP header → one field each with its parts (RFC 9293 §3.2, RFC 7323, RFC 2018).

use super::field::{Bits, COMPUTED, Field, Show, bits, field, words};
use super::header::Header;
use super::tcp_multipath;

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
static FAST_OPEN: Field = field("tcp.options.tfo", "Fast Open", COMPUTED, Show::Bytes, "RFC 7413 §4.1.1");
static COOKIE_REQUEST: Field =
    field("tcp.options.tfo.request", "Fast Open cookie request", COMPUTED, Show::None, "RFC 7413 §4.1.1");
static COOKIE: Field = field("tcp.options.tfo.cookie", "Fast Open cookie", COMPUTED, Show::Bytes, "RFC 7413 §4.1.1");
static EXPERIMENT: Field =
    field("tcp.options.experimental", "Experimental option", COMPUTED, Show::Bytes, "RFC 6994 §3");
static EXPERIMENT_ID: Field =
    field("tcp.options.experimental.exid", "Experiment ID", COMPUTED, Show::Hex(4), "RFC 6994 §3")
        .words(words![(0xf989, "TCP Fast Open")]);
static EXPERIMENT_DATA: Field =
    field("tcp.options.experimental.data", "Experiment data", COMPUTED, Show::Bytes, "RFC 6994 §3");
static SIGNATURE: Field = field("tcp.options.md5", "MD5 signature", COMPUTED, Show::Bytes, "RFC 2385 §3");
static DIGEST: Field = field("tcp.options.md5.digest", "MD5 digest", COMPUTED, Show::Bytes, "RFC 2385 §3");
static AUTHENTICATION: Field = field("tcp.options.ao", "Authentication", COMPUTED, Show::Bytes, "RFC 5925 §2.2");
static KEY: Field = field("tcp.options.ao.keyid", "Key ID", COMPUTED, Show::Dec, "RFC 5925 §2.2");
static NEXT_KEY: Field = field("tcp.options.ao.rnextkeyid", "Next key ID", COMPUTED, Show::Dec, "RFC 5925 §2.2");
static AUTHENTICATOR: Field =
    field("tcp.options.ao.mac", "Authentication code", COMPUTED, Show::Bytes, "RFC 5925 §2.2");
static USER_TIMEOUT: Field = field("tcp.options.user_to", "User timeout", COMPUTED, Show::Bytes, "RFC 5482 §2");
/// The two parts count from the option's first byte.
static TIMEOUT_UNIT: Field =
    field("tcp.options.user_to_granularity", "In minutes", bits(16, 1), Show::Flag, "RFC 5482 §2");
static TIMEOUT: Field = field("tcp.options.user_to_val", "Timeout", bits(17, 15), Show::Dec, "RFC 5482 §2");
static MULTIPATH: Field = field("tcp.options.mptcp", "Multipath TCP", COMPUTED, Show::Bytes, "RFC 8684 §3");
static UNKNOWN: Field = field("tcp.options.unknown", "Unknown option", COMPUTED, Show::Bytes, "RFC 9293 §3.2");
static UNKNOWN_PAYLOAD: Field =
    field("tcp.options.unknown.payload", "Option data", COMPUTED, Show::Bytes, "RFC 9293 §3.2");

/// Kinds as IANA's registry names them.
const KINDS: super::field::Words = words![
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

/// The experiment that Fast Open was before it had a kind of its own.
const FAST_OPEN_EXPERIMENT: u64 = 0xf989;

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
        &FAST_OPEN,
        &COOKIE_REQUEST,
        &COOKIE,
        &EXPERIMENT,
        &EXPERIMENT_ID,
        &EXPERIMENT_DATA,
        &SIGNATURE,
        &DIGEST,
        &AUTHENTICATION,
        &KEY,
        &NEXT_KEY,
        &AUTHENTICATOR,
        &USER_TIMEOUT,
        &TIMEOUT_UNIT,
        &TIMEOUT,
        &MULTIPATH,
    ]
    .into_iter()
    .chain(tcp_multipath::fields())
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
        (19, 18) => &SIGNATURE,
        (28, 4) => &USER_TIMEOUT,
        (29, _) if len >= 4 => &AUTHENTICATION,
        (30, _) if len >= 3 => &MULTIPATH,
        (34, _) => &FAST_OPEN,
        (253 | 254, _) if len >= 4 => &EXPERIMENT,
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
        "tcp.options.md5" => drop(header.at(&DIGEST, at + 2, 16, 2)),
        "tcp.options.user_to" => {
            header.within(&TIMEOUT_UNIT, at, 2);
            header.within(&TIMEOUT, at, 2);
        }
        "tcp.options.ao" => {
            header.at(&KEY, at + 2, 1, 2);
            header.at(&NEXT_KEY, at + 3, 1, 2);
            if len > 4 {
                header.at(&AUTHENTICATOR, at + 4, len - 4, 2);
            }
        }
        "tcp.options.mptcp" => tcp_multipath::decode(header, at, len),
        "tcp.options.tfo" => cookie(header, at, at + 2, at + len),
        "tcp.options.experimental" => match header.at(&EXPERIMENT_ID, at + 2, 2, 2) {
            Some(FAST_OPEN_EXPERIMENT) => cookie(header, at + 2, at + 4, at + len),
            _ if len > 4 => drop(header.at(&EXPERIMENT_DATA, at + 4, len - 4, 2)),
            _ => {}
        },
        "tcp.options.unknown" if len > 2 => drop(header.at(&UNKNOWN_PAYLOAD, at + 2, len - 2, 2)),
        _ => {}
    }
}

/// A Fast Open cookie; none asks the server for one.
fn cookie(header: &mut Header, from: usize, at: usize, end: usize) {
    if at == end {
        header.put(&COOKIE_REQUEST, place(from, 2), String::new(), String::new(), 2);
    } else {
        header.at(&COOKIE, at, end - at, 2);
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
