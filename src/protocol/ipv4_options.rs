//! The options of an IPv4 header → one group each with its parts (RFC 791 §3.1, RFC 1122 §3.2.1.8).

use super::field::{COMPUTED, Field, Show, bits, field, words};
use super::header::Header;
use super::ipv4_security;

const SPEC: &str = "RFC 791 §3.1";

/// The three parts of the type byte; the rows count from it.
static TYPE_BITS: [Field; 3] = [
    field("ip.opt.type.copy", "Copied into fragments", bits(0, 1), Show::Flag, SPEC),
    field("ip.opt.type.class", "Class", bits(1, 2), Show::Dec, SPEC)
        .words(words![(0, "control"), (2, "debugging and measurement")]),
    field("ip.opt.type.number", "Number", bits(3, 5), Show::Dec, SPEC).words(NUMBERS),
];
static TYPE: Field = field("ip.opt.type", "Type", COMPUTED, Show::Dec, SPEC);
static LENGTH: Field = field("ip.opt.len", "Length", COMPUTED, Show::Dec, SPEC);
static POINTER: Field = field("ip.opt.ptr", "Pointer", COMPUTED, Show::Dec, SPEC);
static END: Field = field("ip.options.eol", "End of options", COMPUTED, Show::Bytes, SPEC);
static NO_OPERATION: Field = field("ip.options.nop", "No operation", COMPUTED, Show::Bytes, SPEC);
static RECORD_ROUTE: Field = field("ip.options.record_route", "Record route", COMPUTED, Show::Bytes, SPEC);
static LOOSE_ROUTE: Field = field("ip.options.lsr", "Loose source route", COMPUTED, Show::Bytes, SPEC);
static STRICT_ROUTE: Field = field("ip.options.ssr", "Strict source route", COMPUTED, Show::Bytes, SPEC);
static TIMES: Field = field("ip.options.timestamp", "Timestamp", COMPUTED, Show::Bytes, SPEC);
static ALERT: Field = field("ip.options.routeralert", "Router alert", COMPUTED, Show::Bytes, "RFC 2113 §2.1");
static ALERT_VALUE: Field = field("ip.opt.ra", "Router alert value", COMPUTED, Show::Dec, "RFC 2113 §2.1")
    .words(words![(0, "router shall examine packet")]);
static SECURITY: Field = field("ip.options.security", "Security", COMPUTED, Show::Bytes, "RFC 1108 §2");
static EXTENDED: Field = field("ip.options.ext_security", "Extended security", COMPUTED, Show::Bytes, "RFC 1108 §3");
static COMMERCIAL: Field =
    field("ip.options.cipso", "Commercial security", COMPUTED, Show::Bytes, "draft-ietf-cipso-ipsecurity-01 §3");
static UNKNOWN: Field = field("ip.options.unknown", "Unknown option", COMPUTED, Show::Bytes, SPEC);
static RECORDED: Field = field("ip.rec_rt", "Recorded route", COMPUTED, Show::Ipv4, SPEC);
static EMPTY: Field = field("ip.empty_rt", "Empty route slot", COMPUTED, Show::Ipv4, SPEC);
static SOURCE_ROUTE: Field = field("ip.src_rt", "Source route", COMPUTED, Show::Ipv4, SPEC);
static OVERFLOW: Field = field("ip.opt.overflow", "Overflow", bits(0, 4), Show::Dec, SPEC);
static FLAG: Field = field("ip.opt.flag", "Flag", bits(4, 4), Show::Hex(2), SPEC).words(words![
    (0, "timestamps only"),
    (1, "timestamp and address"),
    (3, "timestamps for the addresses given"),
]);
static TIME: Field = field("ip.opt.time_stamp", "Timestamp value", COMPUTED, Show::Dec, SPEC);
static TIME_ADDRESS: Field = field("ip.opt.time_stamp_addr", "Timestamp address", COMPUTED, Show::Ipv4, SPEC);

const NUMBERS: super::field::Words = words![
    (0, "end of option list"),
    (1, "no operation"),
    (2, "security"),
    (3, "loose source route"),
    (4, "timestamp"),
    (5, "extended security"),
    (6, "commercial security"),
    (7, "record route"),
    (8, "stream identifier"),
    (9, "strict source route"),
    (20, "router alert"),
];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    TYPE_BITS.iter().chain(ipv4_security::fields()).chain([
        &TYPE,
        &LENGTH,
        &POINTER,
        &END,
        &NO_OPERATION,
        &RECORD_ROUTE,
        &LOOSE_ROUTE,
        &STRICT_ROUTE,
        &TIMES,
        &ALERT,
        &ALERT_VALUE,
        &SECURITY,
        &EXTENDED,
        &COMMERCIAL,
        &UNKNOWN,
        &RECORDED,
        &EMPTY,
        &SOURCE_ROUTE,
        &OVERFLOW,
        &FLAG,
        &TIME,
        &TIME_ADDRESS,
    ])
}

/// Reads the options between two offsets from the header's first byte. Each takes at least a byte, so the header bounds them.
pub(super) fn decode(header: &mut Header, from: usize, to: usize) {
    let mut at = from;
    while at < to {
        let Some(kind) = header.u8(at) else { return };
        if kind & 0x1f <= 1 {
            header.at(if kind & 0x1f == 0 { &END } else { &NO_OPERATION }, at, 1, 0);
            kind_rows(header, at);
            if kind & 0x1f == 0 {
                return;
            }
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
        option(header, kind, at, len);
        at += len;
    }
}

fn kind_rows(header: &mut Header, at: usize) {
    header.at(&TYPE, at, 1, 1);
    for row in &TYPE_BITS {
        header.within(row, at, 2);
    }
}

fn option(header: &mut Header, kind: u8, at: usize, len: usize) {
    let group = match kind {
        7 if len >= 3 => &RECORD_ROUTE,
        131 if len >= 3 => &LOOSE_ROUTE,
        137 if len >= 3 => &STRICT_ROUTE,
        68 if len >= 4 => &TIMES,
        148 if len == 4 => &ALERT,
        130 if len >= 3 => &SECURITY,
        133 if len >= 3 => &EXTENDED,
        134 if len >= 6 => &COMMERCIAL,
        _ => &UNKNOWN,
    };
    header.at(group, at, len, 0);
    kind_rows(header, at);
    header.at(&LENGTH, at + 1, 1, 1);
    match group.key {
        "ip.options.record_route" => route(header, at, len, &RECORDED, &EMPTY),
        "ip.options.lsr" | "ip.options.ssr" => route(header, at, len, &RECORDED, &SOURCE_ROUTE),
        "ip.options.timestamp" => times(header, at, len),
        "ip.options.routeralert" => drop(header.at(&ALERT_VALUE, at + 2, 2, 1)),
        "ip.options.unknown" if matches!(kind, 130 | 133 | 134) => {
            header.refuse(&LENGTH, at, "The length leaves no room for what has to be in there.");
        }
        "ip.options.security" => ipv4_security::basic(header, at, len),
        "ip.options.ext_security" => ipv4_security::extended(header, at, len),
        "ip.options.cipso" => ipv4_security::commercial(header, at, len),
        _ => {}
    }
}

/// Addresses before the pointer were filled in on the way; the others are still to come.
fn route(header: &mut Header, at: usize, len: usize, passed: &'static Field, ahead: &'static Field) {
    let pointer = header.at(&POINTER, at + 2, 1, 1).unwrap_or(0) as usize;
    for slot in (3..len.saturating_sub(3)).step_by(4) {
        header.at(if slot + 1 < pointer { passed } else { ahead }, at + slot, 4, 1);
    }
}

fn times(header: &mut Header, at: usize, len: usize) {
    header.at(&POINTER, at + 2, 1, 1);
    header.within(&OVERFLOW, at + 3, 1);
    let with_address = header.within(&FLAG, at + 3, 1) != Some(0);
    let slot_size = if with_address { 8 } else { 4 };
    for slot in (4..(len + 1).saturating_sub(slot_size)).step_by(slot_size) {
        if with_address {
            header.at(&TIME_ADDRESS, at + slot, 4, 1);
        }
        header.at(&TIME, at + slot + slot_size - 4, 4, 1);
    }
}
