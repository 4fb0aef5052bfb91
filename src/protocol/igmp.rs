//! An IGMP message → what a host or router says of multicast groups, versions 1 to 3 (RFC 1112, RFC 2236, RFC 3376).

use super::checksum::{self, Beside, STATUS};
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Step};

const SPEC: &str = "RFC 2236 §2";
const QUERY_SPEC: &str = "RFC 3376 §4.1";
const REPORT_SPEC: &str = "RFC 3376 §4.2";

/// Versions 1 and 2; version 1 has reserved bits where version 2 has the time.
static HEADER: [Field; 4] = [
    field("igmp.type", "Type", bits(0, 8), Show::Hex(2), SPEC).words(TYPES),
    field("igmp.max_resp", "Max response time (1/10 s)", bits(8, 8), Show::Dec, SPEC),
    field("igmp.checksum", "Checksum", bits(16, 16), Show::Hex(4), SPEC),
    field("igmp.maddr", "Group address", bits(32, 32), Show::Ipv4, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 64));

/// What version 3 adds to a query; the four bits before `igmp.s` are reserved and tshark does not show them.
static QUERY: [Field; 4] = [
    field("igmp.s", "Suppress router processing", bits(68, 1), Show::Flag, QUERY_SPEC),
    field("igmp.qrv", "Querier's robustness", bits(69, 3), Show::Dec, QUERY_SPEC),
    field("igmp.qqic", "Querier's interval code", bits(72, 8), Show::Dec, QUERY_SPEC),
    field("igmp.num_src", "Number of sources", bits(80, 16), Show::Dec, QUERY_SPEC),
];
const _: () = assert!(tiles(&QUERY, 68, 96));

/// A report of version 3, behind type and checksum.
static REPORT: [Field; 2] = [
    field("igmp.reserved", "Reserved", bits(32, 16), Show::Bytes, REPORT_SPEC),
    field("igmp.num_grp_recs", "Number of group records", bits(48, 16), Show::Dec, REPORT_SPEC),
];
const _: () = assert!(tiles(&REPORT, 32, 64));

/// One group record; the rows count from its start.
static RECORD: [Field; 4] = [
    field("igmp.record_type", "Record type", bits(0, 8), Show::Dec, REPORT_SPEC).words(RECORD_TYPES),
    field("igmp.aux_data_len", "Auxiliary data length", bits(8, 8), Show::Dec, REPORT_SPEC),
    field("igmp.num_src", "Number of sources", bits(16, 16), Show::Dec, REPORT_SPEC),
    field("igmp.maddr", "Group address", bits(32, 32), Show::Ipv4, REPORT_SPEC),
];
const _: () = assert!(tiles(&RECORD, 0, 64));

static VERSION: Field = field("igmp.version", "Version", COMPUTED, Show::Dec, "RFC 3376 §7.1");
static RESERVED: Field = field("igmp.reserved", "Reserved", bits(8, 8), Show::Bytes, REPORT_SPEC);
static EXPONENT: Field = field("igmp.max_resp.exp", "Exponent", bits(9, 3), Show::Hex(2), "RFC 3376 §4.1.1");
static MANTISSA: Field = field("igmp.max_resp.mant", "Mantissa", bits(12, 4), Show::Hex(2), "RFC 3376 §4.1.1");
static SOURCE: Field = field("igmp.saddr", "Source address", COMPUTED, Show::Ipv4, QUERY_SPEC);
static AUXILIARY: Field = field("igmp.aux_data", "Auxiliary data", COMPUTED, Show::Bytes, REPORT_SPEC);
static DATA: Field = field("igmp.data", "Data", COMPUTED, Show::Bytes, SPEC);
static CHECKSUM_STATUS: Field =
    field("igmp.checksum.status", "Checksum status", COMPUTED, Show::Dec, SPEC).words(STATUS);
const BESIDE: Beside = Beside { status: &CHECKSUM_STATUS, calculated: None };

const TYPES: Words = words![
    (0x11, "membership query"),
    (0x12, "membership report, version 1"),
    (0x13, "DVMRP"),
    (0x14, "PIM version 1"),
    (0x16, "membership report, version 2"),
    (0x17, "leave group"),
    (0x1e, "multicast traceroute response"),
    (0x1f, "multicast traceroute query"),
    (0x22, "membership report, version 3"),
];
const RECORD_TYPES: Words = words![
    (1, "mode is include"),
    (2, "mode is exclude"),
    (3, "change to include mode"),
    (4, "change to exclude mode"),
    (5, "allow new sources"),
    (6, "block old sources"),
];

const SIZE: usize = 8;
/// A query of this length is one of version 3 (RFC 3376 §7.1).
const LONG_QUERY: usize = 12;
const RECORD_SIZE: usize = 8;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let computed = [&VERSION, &RESERVED, &EXPONENT, &MANTISSA, &SOURCE, &AUXILIARY, &DATA, &CHECKSUM_STATUS];
    HEADER.iter().chain(&QUERY).chain(&REPORT).chain(&RECORD).chain(computed)
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("igmp", header.claimed());
    let [kind_row, time, ..] = &HEADER;
    match (header.u8(0), header.u8(1)) {
        (Some(0x11), _) if header.claimed() >= LONG_QUERY => query(header),
        (Some(0x11), Some(0)) | (Some(0x12), _) => opening(header, 1, &RESERVED).and_then(|()| group(header)),
        (Some(0x11 | 0x16 | 0x17), _) => opening(header, 2, time).and_then(|()| group(header)),
        (Some(0x22), _) => report(header),
        _ => {
            header.row(kind_row, 0)?;
            let rest = header.rest(1).len();
            if rest > 0 {
                header.at(&DATA, 1, rest, 0)?;
            }
            None
        }
    };
    None
}

/// Version, type, the byte that differs between the versions, and checksum.
fn opening(header: &mut Header, version: u8, second: &'static Field) -> Option<()> {
    let [kind, _, checksum, _] = &HEADER;
    header.generate(&VERSION, version, 0);
    header.row(kind, 0)?;
    if version == 3 && second.key == HEADER[1].key {
        response_time(header, second)?;
    } else {
        header.row(second, 0)?;
    }
    checksum::transport(header, checksum, &BESIDE, None, header.claimed())
}

fn group(header: &mut Header) -> Option<()> {
    header.row(&HEADER[3], 0).map(|_| ())
}

/// From 128 on the code is a floating-point number (RFC 3376 §4.1.1).
fn response_time(header: &mut Header, row: &'static Field) -> Option<()> {
    let code = u32::from(header.u8(1)?);
    if code < 128 {
        return header.row(row, 0).map(|_| ());
    }
    let tenths = (code & 0x0f | 0x10) << ((code >> 4 & 7) + 3);
    header.put(row, row.bits, tenths.to_string(), String::new(), 0);
    header.row(&EXPONENT, 1)?;
    header.row(&MANTISSA, 1).map(|_| ())
}

fn query(header: &mut Header) -> Option<()> {
    opening(header, 3, &HEADER[1])?;
    group(header)?;
    header.rows(&QUERY, 0)?;
    let count = usize::from(header.u16(10)?);
    sources(header, &QUERY[3], LONG_QUERY, count, 0).map(|_| ())
}

fn report(header: &mut Header) -> Option<()> {
    opening(header, 3, &RESERVED)?;
    header.rows(&REPORT, 0)?;
    let mut at = SIZE;
    // Each record takes at least eight bytes, so the message bounds them.
    for _ in 0..header.u16(6)? {
        if at >= header.claimed() {
            header.claims(&REPORT[1], at, RECORD_SIZE);
            break;
        }
        for row in &RECORD {
            header.within(row, at, u8::from(row.key != RECORD[0].key))?;
        }
        let words = usize::from(header.u8(at + 1)?);
        let count = usize::from(header.u16(at + 2)?);
        at = sources(header, &RECORD[2], at + RECORD_SIZE, count, 1)?;
        if words > 0 {
            header.at(&AUXILIARY, at, words * 4, 1)?;
        }
        at += words * 4;
    }
    Some(())
}

/// The source addresses of a query or record; returns the offset behind them.
fn sources(header: &mut Header, counter: &'static Field, from: usize, count: usize, depth: u8) -> Option<usize> {
    let here = count.min(header.rest(from).len() / 4);
    for source in 0..here {
        header.at(&SOURCE, from + source * 4, 4, depth)?;
    }
    if here < count {
        header.claims(counter, from, count * 4);
        return None;
    }
    Some(from + count * 4)
}
