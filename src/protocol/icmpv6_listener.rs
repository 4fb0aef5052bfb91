//! Multicast listener discovery → who listens to which group, versions 1 and 2 (RFC 2710, RFC 3810): IGMP's counterpart.

use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::Header;

const SPEC: &str = "RFC 2710 §3";
const QUERY_SPEC: &str = "RFC 3810 §5.1";
const REPORT_SPEC: &str = "RFC 3810 §5.2";

static MESSAGE: [Field; 3] = [
    field("icmpv6.mld.maximum_response_delay", "Max response delay (ms)", bits(32, 16), Show::Dec, SPEC),
    field("icmpv6.reserved", "Reserved", bits(48, 16), Show::Bytes, SPEC),
    field("icmpv6.mld.multicast_address", "Multicast address", bits(64, 128), Show::Ipv6, SPEC),
];
const _: () = assert!(tiles(&MESSAGE, 32, 192));

/// What version 2 adds to a query.
static QUERY: [Field; 3] = [
    field("icmpv6.mld.flag", "Flags", bits(192, 8), Show::Hex(2), QUERY_SPEC),
    field("icmpv6.mld.qqi", "Querier's interval code", bits(200, 8), Show::Dec, QUERY_SPEC),
    field("icmpv6.mld.nb_sources", "Number of sources", bits(208, 16), Show::Dec, QUERY_SPEC),
];
const _: () = assert!(tiles(&QUERY, 192, 224));

/// In tshark's order, which is not that of the bits.
static QUERY_FLAGS: [Field; 3] = [
    field("icmpv6.mld.flag.s", "Suppress router processing", bits(196, 1), Show::Flag, QUERY_SPEC),
    field("icmpv6.mld.flag.qrv", "Querier's robustness", bits(197, 3), Show::Dec, QUERY_SPEC),
    field("icmpv6.mld.flag.reserved", "Reserved", bits(192, 4), Show::Dec, QUERY_SPEC),
];

static REPORT: [Field; 2] = [
    field("icmpv6.reserved", "Reserved", bits(32, 16), Show::Bytes, REPORT_SPEC),
    field("icmpv6.mldr.nb_mcast_records", "Number of records", bits(48, 16), Show::Dec, REPORT_SPEC),
];
const _: () = assert!(tiles(&REPORT, 32, 64));

/// One record; the rows count from its start.
static RECORD: [Field; 4] = [
    field("icmpv6.mldr.mar.record_type", "Record type", bits(0, 8), Show::Dec, REPORT_SPEC).words(RECORD_TYPES),
    field("icmpv6.mldr.mar.aux_data_len", "Auxiliary data length", bits(8, 8), Show::Dec, REPORT_SPEC),
    field("icmpv6.mldr.mar.nb_sources", "Number of sources", bits(16, 16), Show::Dec, REPORT_SPEC),
    field("icmpv6.mldr.mar.multicast_address", "Multicast address", bits(32, 128), Show::Ipv6, REPORT_SPEC),
];
const _: () = assert!(tiles(&RECORD, 0, 160));

static RESPONSE_CODE: Field =
    field("icmpv6.mld.maximum_response_code", "Max response code", bits(32, 16), Show::Dec, QUERY_SPEC);
static SOURCE: Field = field("icmpv6.mld.source_address", "Source address", COMPUTED, Show::Ipv6, QUERY_SPEC);
static RECORD_GROUP: Field = field("icmpv6.mldr.mar", "Multicast record", COMPUTED, Show::None, REPORT_SPEC);
static RECORD_SOURCE: Field =
    field("icmpv6.mldr.mar.source_address", "Source address", COMPUTED, Show::Ipv6, REPORT_SPEC);
static AUXILIARY: Field = field("icmpv6.mldr.mar.auxiliary_data", "Auxiliary data", COMPUTED, Show::Bytes, REPORT_SPEC);

const RECORD_TYPES: Words = words![
    (1, "mode is include"),
    (2, "mode is exclude"),
    (3, "changed to include"),
    (4, "changed to exclude"),
    (5, "allow new sources"),
    (6, "block old sources"),
];

/// A query of this length is one of version 2 (RFC 3810 §8.1).
const LONG_QUERY: usize = 28;
const RECORD_SIZE: usize = 20;
const ADDRESS: usize = 16;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let tables = [&MESSAGE[..], &QUERY, &QUERY_FLAGS, &REPORT, &RECORD];
    tables.into_iter().flatten().chain([&RESPONSE_CODE, &SOURCE, &RECORD_GROUP, &RECORD_SOURCE, &AUXILIARY])
}

/// A query, or a report or farewell of version 1.
pub(super) fn message(header: &mut Header, query: bool) -> Option<()> {
    if !query || header.claimed() < LONG_QUERY {
        return header.rows(&MESSAGE, 0);
    }
    header.row(&RESPONSE_CODE, 0)?;
    header.rows(&MESSAGE[1..], 0)?;
    let [flags, others @ ..] = &QUERY;
    header.row(flags, 0)?;
    header.rows(&QUERY_FLAGS, 1)?;
    header.rows(others, 0)?;
    let count = usize::from(header.u16(26)?);
    sources(header, (&QUERY[2], &SOURCE), LONG_QUERY, count, 0).map(|_| ())
}

/// A report of version 2.
pub(super) fn report(header: &mut Header) -> Option<()> {
    header.rows(&REPORT, 0)?;
    let mut at = 8;
    // Each record takes at least twenty bytes, so the message bounds them.
    for _ in 0..header.u16(6)? {
        if header.bytes(at, RECORD_SIZE).is_none() {
            header.claims(&REPORT[1], at, RECORD_SIZE);
            return None;
        }
        let (words, count) = (usize::from(header.u8(at + 1)?), usize::from(header.u16(at + 2)?));
        let len = (RECORD_SIZE + count * ADDRESS + words * 4).min(header.rest(at).len());
        let kind = RECORD[0].word(header.u8(at)?.into());
        header.put(&RECORD_GROUP, bits(at as u32 * 8, len as u32 * 8), String::new(), kind.to_string(), 0);
        for row in &RECORD {
            header.within(row, at, 1)?;
        }
        at = sources(header, (&RECORD[2], &RECORD_SOURCE), at + RECORD_SIZE, count, 1)?;
        if words > 0 {
            header.at(&AUXILIARY, at, words * 4, 1)?;
        }
        at += words * 4;
    }
    Some(())
}

/// As many source addresses as the counter says; returns the offset behind them.
fn sources(
    header: &mut Header,
    (counter, row): (&'static Field, &'static Field),
    from: usize,
    count: usize,
    depth: u8,
) -> Option<usize> {
    let here = count.min(header.rest(from).len() / ADDRESS);
    for source in 0..here {
        header.at(row, from + source * ADDRESS, ADDRESS, depth)?;
    }
    if here < count {
        header.claims(counter, from, count * ADDRESS);
        return None;
    }
    Some(from + count * ADDRESS)
}
