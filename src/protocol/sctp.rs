//! An SCTP packet → ports, verification tag, and its chunks one after the other (RFC 9260 §3).

use super::checksum::STATUS;
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Place, Step};

const SPEC: &str = "RFC 9260 §3.1";

static HEADER: [Field; 4] = [
    field("sctp.srcport", "Source port", bits(0, 16), Show::Dec, SPEC),
    field("sctp.dstport", "Destination port", bits(16, 16), Show::Dec, SPEC),
    field("sctp.verification_tag", "Verification tag", bits(32, 32), Show::Hex(8), SPEC),
    field("sctp.checksum", "Checksum (CRC32c)", bits(64, 32), Show::Hex(8), SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 96));
static CHECKSUM_STATUS: Field =
    field("sctp.checksum.status", "Checksum status", COMPUTED, Show::Dec, "RFC 9260 §6.8").words(STATUS);

/// The rows below count from their chunk or parameter.
static CHUNK: [Field; 3] = [
    field("sctp.chunk_type", "Chunk type", bits(0, 8), Show::Dec, "RFC 9260 §3.2").words(CHUNKS),
    field("sctp.chunk_flags", "Chunk flags", bits(8, 8), Show::Hex(2), "RFC 9260 §3.2"),
    field("sctp.chunk_length", "Chunk length", bits(16, 16), Show::Dec, "RFC 9260 §3.2"),
];
const _: () = assert!(tiles(&CHUNK, 0, 32));
static CHUNK_BITS: [Field; 2] = [
    field("sctp.chunk_bit_1", "Skip if unknown", bits(0, 1), Show::Flag, "RFC 9260 §3.2"),
    field("sctp.chunk_bit_2", "Report if unknown", bits(1, 1), Show::Flag, "RFC 9260 §3.2"),
];

static DATA: [Field; 4] = [
    field("sctp.data_tsn_raw", "TSN", bits(32, 32), Show::Dec, "RFC 9260 §3.3.1"),
    field("sctp.data_sid", "Stream identifier", bits(64, 16), Show::Hex(4), "RFC 9260 §3.3.1"),
    field("sctp.data_ssn", "Stream sequence number", bits(80, 16), Show::Dec, "RFC 9260 §3.3.1"),
    field("sctp.data_payload_proto_id", "Payload protocol", bits(96, 32), Show::Dec, "RFC 9260 §3.3.1"),
];
static DATA_BITS: [Field; 4] = [
    field("sctp.data_i_bit", "Immediate SACK", bits(12, 1), Show::Flag, "RFC 9260 §3.3.1"),
    field("sctp.data_u_bit", "Unordered", bits(13, 1), Show::Flag, "RFC 9260 §3.3.1"),
    field("sctp.data_b_bit", "Beginning", bits(14, 1), Show::Flag, "RFC 9260 §3.3.1"),
    field("sctp.data_e_bit", "End", bits(15, 1), Show::Flag, "RFC 9260 §3.3.1"),
];
static INIT: [Field; 5] = [
    field("sctp.init_initiate_tag", "Initiate tag", bits(32, 32), Show::Hex(8), "RFC 9260 §3.3.2"),
    field("sctp.init_credit", "Receiver window", bits(64, 32), Show::Dec, "RFC 9260 §3.3.2"),
    field("sctp.init_nr_out_streams", "Outbound streams", bits(96, 16), Show::Dec, "RFC 9260 §3.3.2"),
    field("sctp.init_nr_in_streams", "Inbound streams", bits(112, 16), Show::Dec, "RFC 9260 §3.3.2"),
    field("sctp.init_initial_tsn", "Initial TSN", bits(128, 32), Show::Dec, "RFC 9260 §3.3.2"),
];
static INIT_ACK: [Field; 5] = [
    field("sctp.initack_initiate_tag", "Initiate tag", bits(32, 32), Show::Hex(8), "RFC 9260 §3.3.3"),
    field("sctp.initack_credit", "Receiver window", bits(64, 32), Show::Dec, "RFC 9260 §3.3.3"),
    field("sctp.initack_nr_out_streams", "Outbound streams", bits(96, 16), Show::Dec, "RFC 9260 §3.3.3"),
    field("sctp.initack_nr_in_streams", "Inbound streams", bits(112, 16), Show::Dec, "RFC 9260 §3.3.3"),
    field("sctp.initack_initial_tsn", "Initial TSN", bits(128, 32), Show::Dec, "RFC 9260 §3.3.3"),
];
static SACK: [Field; 4] = [
    field("sctp.sack_cumulative_tsn_ack_raw", "Cumulative TSN ACK", bits(32, 32), Show::Dec, "RFC 9260 §3.3.4"),
    field("sctp.sack_a_rwnd", "Receiver window", bits(64, 32), Show::Dec, "RFC 9260 §3.3.4"),
    field("sctp.sack_number_of_gap_blocks", "Gap blocks", bits(96, 16), Show::Dec, "RFC 9260 §3.3.4"),
    field("sctp.sack_number_of_duplicated_tsns", "Duplicated TSNs", bits(112, 16), Show::Dec, "RFC 9260 §3.3.4"),
];
const _: () = assert!(tiles(&DATA, 32, 128) && tiles(&DATA_BITS, 12, 16) && tiles(&INIT, 32, 160));
const _: () = assert!(tiles(&INIT_ACK, 32, 160) && tiles(&SACK, 32, 128));

static PARAMETER: [Field; 2] = [
    field("sctp.parameter_type", "Parameter type", bits(0, 16), Show::Hex(4), "RFC 9260 §3.2.1").words(PARAMETERS),
    field("sctp.parameter_length", "Parameter length", bits(16, 16), Show::Dec, "RFC 9260 §3.2.1"),
];
static PARAMETER_BITS: [Field; 2] = [
    field("sctp.parameter_bit_1", "Skip if unknown", bits(0, 1), Show::Flag, "RFC 9260 §3.2.1"),
    field("sctp.parameter_bit_2", "Report if unknown", bits(1, 1), Show::Flag, "RFC 9260 §3.2.1"),
];
static CAUSE: [Field; 2] = [
    field("sctp.cause_code", "Cause code", bits(0, 16), Show::Hex(4), "RFC 9260 §3.3.10").words(CAUSES),
    field("sctp.cause_length", "Cause length", bits(16, 16), Show::Dec, "RFC 9260 §3.3.10"),
];

static GAP_START: Field = field("sctp.sack_gap_block_start", "Gap block start", COMPUTED, Show::Dec, "RFC 9260 §3.3.4");
static GAP_END: Field = field("sctp.sack_gap_block_end", "Gap block end", COMPUTED, Show::Dec, "RFC 9260 §3.3.4");
static DUPLICATE: Field = field("sctp.sack_duplicate_tsn", "Duplicate TSN", COMPUTED, Show::Dec, "RFC 9260 §3.3.4");
static SHUTDOWN: Field =
    field("sctp.shutdown_cumulative_tsn_ack", "Cumulative TSN ACK", COMPUTED, Show::Dec, "RFC 9260 §3.3.8");
static COOKIE: Field = field("sctp.cookie", "Cookie", COMPUTED, Show::Bytes, "RFC 9260 §3.3.11");
static CHUNK_VALUE: Field = field("sctp.chunk_value", "Chunk value", COMPUTED, Show::Bytes, "RFC 9260 §3.2");
static CHUNK_PADDING: Field = field("sctp.chunk_padding", "Chunk padding", COMPUTED, Show::Bytes, "RFC 9260 §3.2");
static ADDRESS_4: Field = field("sctp.parameter_ipv4_address", "Address", COMPUTED, Show::Ipv4, "RFC 9260 §3.3.2.1");
static ADDRESS_6: Field = field("sctp.parameter_ipv6_address", "Address", COMPUTED, Show::Ipv6, "RFC 9260 §3.3.2.1");
static STATE_COOKIE: Field =
    field("sctp.parameter_state_cookie", "State cookie", COMPUTED, Show::Bytes, "RFC 9260 §3.3.3.1");
static HEARTBEAT: Field =
    field("sctp.parameter_heartbeat_information", "Heartbeat information", COMPUTED, Show::Bytes, "RFC 9260 §3.3.5");
static PARAMETER_VALUE: Field =
    field("sctp.parameter_value", "Parameter value", COMPUTED, Show::Bytes, "RFC 9260 §3.2.1");
static PARAMETER_PADDING: Field =
    field("sctp.parameter_padding", "Parameter padding", COMPUTED, Show::Bytes, "RFC 9260 §3.2.1");
static CAUSE_VALUE: Field =
    field("sctp.cause_information", "Cause information", COMPUTED, Show::Bytes, "RFC 9260 §3.3.10");

const CHUNKS: Words = words![
    (0, "DATA"),
    (1, "INIT"),
    (2, "INIT ACK"),
    (3, "SACK"),
    (4, "HEARTBEAT"),
    (5, "HEARTBEAT ACK"),
    (6, "ABORT"),
    (7, "SHUTDOWN"),
    (8, "SHUTDOWN ACK"),
    (9, "ERROR"),
    (10, "COOKIE ECHO"),
    (11, "COOKIE ACK"),
    (12, "ECNE"),
    (13, "CWR"),
    (14, "SHUTDOWN COMPLETE"),
    (15, "AUTH"),
    (64, "I-DATA"),
    (128, "ASCONF ACK"),
    (130, "RE-CONFIG"),
    (132, "PAD"),
    (192, "FORWARD TSN"),
    (193, "ASCONF"),
    (194, "I-FORWARD-TSN"),
];
const PARAMETERS: Words = words![
    (1, "heartbeat information"),
    (5, "IPv4 address"),
    (6, "IPv6 address"),
    (7, "state cookie"),
    (9, "cookie preservative"),
    (11, "host name address"),
    (12, "supported address types"),
    (0x8000, "ECN capable"),
    (0x8002, "random"),
    (0x8003, "chunk list"),
    (0x8004, "requested HMAC algorithm"),
    (0x8008, "supported extensions"),
    (0xc000, "forward TSN supported"),
    (0xc006, "adaptation layer indication"),
];
const CAUSES: Words = words![
    (1, "invalid stream identifier"),
    (2, "missing mandatory parameter"),
    (3, "stale cookie"),
    (4, "out of resource"),
    (5, "unresolvable address"),
    (6, "unrecognized chunk type"),
    (7, "invalid mandatory parameter"),
    (8, "unrecognized parameters"),
    (9, "no user data"),
    (10, "cookie received while shutting down"),
    (11, "restart with new addresses"),
    (12, "user-initiated abort"),
    (13, "protocol violation"),
];

const SIZE: usize = 12;
/// Header of a chunk, a parameter or a cause.
const HEAD: usize = 4;
const DATA_SIZE: usize = 16;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let tables = [&HEADER[..], &CHUNK, &CHUNK_BITS, &DATA, &DATA_BITS, &INIT, &INIT_ACK, &SACK];
    let more = [&PARAMETER[..], &PARAMETER_BITS, &CAUSE];
    let single = [&CHECKSUM_STATUS, &GAP_START, &GAP_END, &DUPLICATE, &SHUTDOWN, &COOKIE, &CHUNK_VALUE, &CHUNK_PADDING];
    let values =
        [&ADDRESS_4, &ADDRESS_6, &STATE_COOKIE, &HEARTBEAT, &PARAMETER_VALUE, &PARAMETER_PADDING, &CAUSE_VALUE];
    tables.into_iter().flatten().chain(more.into_iter().flatten()).chain(single).chain(values)
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("sctp", header.claimed());
    header.rows(&HEADER, 0)?;
    // Like tshark, no verdict: network cards and old stacks differ in which sum they use.
    header.generate(&CHECKSUM_STATUS, 2, 0);
    let mut at = SIZE;
    // Each chunk takes at least four bytes, so the packet bounds them.
    while header.claimed() > at {
        let [kind_row, flags, length] = &CHUNK;
        let kind = header.within(kind_row, at, 0)? as u8;
        for row in &CHUNK_BITS {
            header.within(row, at, 2)?;
        }
        header.within(flags, at, 1)?;
        if kind == 0 {
            for row in &DATA_BITS {
                header.within(row, at, 2)?;
            }
        }
        let len = header.within(length, at, 1)? as usize;
        if len < HEAD {
            header.refuse(length, at, "A chunk is never shorter than its own header of 4 bytes.");
            return None;
        }
        let end = at + len.min(header.rest(at).len());
        chunk(header, kind, at, end);
        if end < at + len {
            header.claims(length, at, len);
            return None;
        }
        let padding = (len.next_multiple_of(4) - len).min(header.rest(end).len());
        if padding > 0 {
            header.at(&CHUNK_PADDING, end, padding, 1)?;
        }
        at += len.next_multiple_of(4);
    }
    None
}

fn chunk(header: &mut Header, kind: u8, at: usize, end: usize) {
    match kind {
        0 => data(header, at, end),
        1 | 2 => {
            let rows = if kind == 1 { &INIT } else { &INIT_ACK };
            if table(header, rows, at, end) {
                parameters(header, at + 20, end);
            }
        }
        3 => sack(header, at, end),
        4 | 5 => parameters(header, at + HEAD, end),
        6 | 9 => causes(header, at + HEAD, end),
        7 if at + 8 <= end => drop(header.at(&SHUTDOWN, at + HEAD, 4, 1)),
        10 => value(header, &COOKIE, at + HEAD, end, 1),
        _ => value(header, &CHUNK_VALUE, at + HEAD, end, 1),
    }
}

/// The rows of a chunk that are within it; whether all of them were.
fn table(header: &mut Header, rows: &'static [Field], at: usize, end: usize) -> bool {
    rows.iter().all(|row| {
        let after = at + ((row.bits.pos + row.bits.len) / 8) as usize;
        after <= end && header.within(row, at, 1).is_some()
    })
}

fn value(header: &mut Header, row: &'static Field, from: usize, to: usize, depth: u8) {
    if to > from {
        header.at(row, from, to - from, depth);
    }
}

/// What the user sends: the payload becomes a layer of its own, as far as this chunk has it.
fn data(header: &mut Header, at: usize, end: usize) {
    if table(header, &DATA, at, end) && end > at + DATA_SIZE {
        let start = header.place.start;
        // tshark counts to where the first data begins.
        if header.later.is_empty() {
            header.is("sctp", at + DATA_SIZE);
        }
        header.also(Next::Data, Place { start: start + at + DATA_SIZE, end: start + end, ..header.place });
    }
}

/// Which chunks came, which of them beyond a gap, and which more than once.
fn sack(header: &mut Header, at: usize, end: usize) {
    if !table(header, &SACK, at, end) {
        return;
    }
    let [gaps, duplicates] = [12, 14].map(|offset| header.u16(at + offset).map_or(0, usize::from));
    let mut at = at + 16;
    for _ in 0..gaps {
        if at + 4 > end {
            return;
        }
        header.at(&GAP_START, at, 2, 1);
        header.at(&GAP_END, at + 2, 2, 1);
        at += 4;
    }
    for _ in 0..duplicates {
        if at + 4 > end {
            return;
        }
        header.at(&DUPLICATE, at, 4, 1);
        at += 4;
    }
}

/// Parameters up to the end of the chunk; each takes at least four bytes.
fn parameters(header: &mut Header, from: usize, end: usize) {
    let mut at = from;
    while at + HEAD <= end {
        let Some(kind) = header.within(&PARAMETER[0], at, 1) else { return };
        for row in &PARAMETER_BITS {
            header.within(row, at, 3);
        }
        let len = header.within(&PARAMETER[1], at, 2).unwrap_or(0) as usize;
        if len < HEAD || at + len > end {
            let why = format!("The parameter claims {len} bytes; {} are left in the chunk.", end - at);
            return header.refuse(&PARAMETER[1], at, why);
        }
        let row = match (kind, len) {
            (1, _) => &HEARTBEAT,
            (5, 8) => &ADDRESS_4,
            (6, 20) => &ADDRESS_6,
            (7, _) => &STATE_COOKIE,
            _ => &PARAMETER_VALUE,
        };
        value(header, row, at + HEAD, at + len, 2);
        let next = at + len.next_multiple_of(4);
        value(header, &PARAMETER_PADDING, at + len, next.min(end), 2);
        at = next;
    }
}

/// Why an association is ended, or what was wrong; each cause takes at least four bytes.
fn causes(header: &mut Header, from: usize, end: usize) {
    let mut at = from;
    while at + HEAD <= end {
        header.within(&CAUSE[0], at, 1);
        let len = header.within(&CAUSE[1], at, 2).unwrap_or(0) as usize;
        if len < HEAD || at + len > end {
            let why = format!("The cause claims {len} bytes; {} are left in the chunk.", end - at);
            return header.refuse(&CAUSE[1], at, why);
        }
        value(header, &CAUSE_VALUE, at + HEAD, at + len, 2);
        at += len.next_multiple_of(4);
    }
}
