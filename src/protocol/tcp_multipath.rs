//! The multipath option of a TCP segment → what it says of the connection's other paths, message by message (RFC 8684 §3).

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::Header;

const SPEC: &str = "RFC 8684 §3";

/// Single bits count from the option's first byte.
static SUBTYPE: Field =
    field("tcp.options.mptcp.subtype", "Subtype", bits(16, 4), Show::Dec, "RFC 8684 §3").words(SUBTYPES);
static VERSION: Field = field("tcp.options.mptcp.version", "Version", bits(20, 4), Show::Dec, "RFC 8684 §3.1");
static FLAGS: Field = field("tcp.options.mptcp.flags", "Flags", COMPUTED, Show::Hex(2), SPEC);
static RESERVED: Field = field("tcp.options.mptcp.reserved", "Reserved", bits(20, 12), Show::Hex(4), SPEC);

static CAPABLE: [Field; 5] = [
    field("tcp.options.mptcp.checksumreq.flags", "Checksum required", bits(24, 1), Show::Dec, "RFC 8684 §3.1"),
    field("tcp.options.mptcp.extensibility.flag", "Extensibility", bits(25, 1), Show::Dec, "RFC 8684 §3.1"),
    field("tcp.options.mptcp.nomoresubflows.flag", "No more subflows", bits(26, 1), Show::Dec, "RFC 8684 §3.1"),
    field("tcp.options.mptcp.sha256.flag", "HMAC-SHA256", bits(31, 1), Show::Dec, "RFC 8684 §3.1"),
    field("tcp.options.mptcp.reserved.flag", "Reserved", bits(27, 4), Show::Hex(2), "RFC 8684 §3.1"),
];
/// The hash of version 0.
static SHA1: Field = field("tcp.options.mptcp.sha1.flag", "HMAC-SHA1", bits(31, 1), Show::Dec, "RFC 6824 §3.1");
static SENDER_KEY: Field = field("tcp.options.mptcp.sendkey", "Sender's key", COMPUTED, Show::Dec, "RFC 8684 §3.1");
static RECEIVER_KEY: Field = field("tcp.options.mptcp.recvkey", "Receiver's key", COMPUTED, Show::Dec, "RFC 8684 §3.1");

static BACKUP: Field = field("tcp.options.mptcp.backup.flag", "Backup", bits(23, 1), Show::Dec, "RFC 8684 §3.2");
static ADDRESS_ID: Field = field("tcp.options.mptcp.addrid", "Address ID", COMPUTED, Show::Dec, "RFC 8684 §3.2");
static TOKEN: Field = field("tcp.options.mptcp.recvtok", "Receiver's token", COMPUTED, Show::Dec, "RFC 8684 §3.2");
static RANDOM: Field =
    field("tcp.options.mptcp.sendrand", "Sender's random number", COMPUTED, Show::Dec, "RFC 8684 §3.2");
static SHORT_PROOF: Field =
    field("tcp.options.mptcp.sendtrunchmac", "Sender's HMAC, cut", COMPUTED, Show::Dec, "RFC 8684 §3.2");
static PROOF: Field = field("tcp.options.mptcp.sendhmac", "Sender's HMAC", COMPUTED, Show::Bytes, "RFC 8684 §3.2");

static SIGNAL: [Field; 5] = [
    field("tcp.options.mptcp.datafin.flag", "DATA_FIN", bits(27, 1), Show::Dec, "RFC 8684 §3.3"),
    field("tcp.options.mptcp.dseqn8.flag", "Long data sequence", bits(28, 1), Show::Dec, "RFC 8684 §3.3"),
    field("tcp.options.mptcp.dseqnpresent.flag", "Mapping present", bits(29, 1), Show::Dec, "RFC 8684 §3.3"),
    field("tcp.options.mptcp.dataack8.flag", "Long data ACK", bits(30, 1), Show::Dec, "RFC 8684 §3.3"),
    field("tcp.options.mptcp.dataackpresent.flag", "Data ACK present", bits(31, 1), Show::Dec, "RFC 8684 §3.3"),
];
static DATA_ACK: Field = field("tcp.options.mptcp.rawdataack", "Data ACK", COMPUTED, Show::Dec, "RFC 8684 §3.3");
static DATA_SEQUENCE: Field =
    field("tcp.options.mptcp.rawdataseqno", "Data sequence number", COMPUTED, Show::Dec, "RFC 8684 §3.3");
static SUBFLOW_SEQUENCE: Field =
    field("tcp.options.mptcp.subflowseqno", "Subflow sequence number", COMPUTED, Show::Dec, "RFC 8684 §3.3");
static DATA_LENGTH: Field =
    field("tcp.options.mptcp.datalvllen", "Data-level length", COMPUTED, Show::Dec, "RFC 8684 §3.3");
static CHECKSUM: Field = field("tcp.options.mptcp.checksum", "Checksum", COMPUTED, Show::Hex(4), "RFC 8684 §3.3");

static ECHO: Field = field("tcp.options.mptcp.echo", "Echo", bits(23, 1), Show::Dec, "RFC 8684 §3.4.1");
/// Version 0 of the protocol says the kind of the address, where version 1 tells it by the length.
static IP_VERSION: Field = field("tcp.options.mptcp.ipver", "IP version", bits(20, 4), Show::Dec, "RFC 6824 §3.4.1");
static ADDRESS_4: Field =
    field("tcp.options.mptcp.ipv4", "Advertised address", COMPUTED, Show::Ipv4, "RFC 8684 §3.4.1");
static ADDRESS_6: Field =
    field("tcp.options.mptcp.ipv6", "Advertised address", COMPUTED, Show::Ipv6, "RFC 8684 §3.4.1");
static PORT: Field = field("tcp.options.mptcp.port", "Advertised port", COMPUTED, Show::Dec, "RFC 8684 §3.4.1");
static ADDRESS_PROOF: Field =
    field("tcp.options.mptcp.addaddrtrunchmac", "HMAC of the address", COMPUTED, Show::Dec, "RFC 8684 §3.4.1");

static RESET: [Field; 4] = [
    field("tcp.options.mptcp.flag_U.flag", "U", bits(20, 1), Show::Flag, "RFC 8684 §3.6"),
    field("tcp.options.mptcp.flag_V.flag", "V", bits(21, 1), Show::Flag, "RFC 8684 §3.6"),
    field("tcp.options.mptcp.flag_W.flag", "W", bits(22, 1), Show::Flag, "RFC 8684 §3.6"),
    field("tcp.options.mptcp.flag_T.flag", "Transient", bits(23, 1), Show::Flag, "RFC 8684 §3.6"),
];
static REASON: Field =
    field("tcp.options.mptcp.rst_reason", "Reason", COMPUTED, Show::Hex(2), "RFC 8684 §3.6").words(REASONS);

const SUBTYPES: Words = words![
    (0, "multipath capable"),
    (1, "join connection"),
    (2, "data sequence signal"),
    (3, "add address"),
    (4, "remove address"),
    (5, "change subflow priority"),
    (6, "fallback"),
    (7, "fast close"),
    (8, "subflow reset"),
];
const REASONS: Words = words![
    (0, "unspecified"),
    (1, "MPTCP-specific error"),
    (2, "lack of resources"),
    (3, "administratively prohibited"),
    (4, "too much outstanding data"),
    (5, "unacceptable performance"),
    (6, "middlebox interference"),
];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let single = [&SUBTYPE, &VERSION, &FLAGS, &RESERVED, &SHA1, &SENDER_KEY, &RECEIVER_KEY, &BACKUP, &ADDRESS_ID];
    let join = [&TOKEN, &RANDOM, &SHORT_PROOF, &PROOF, &DATA_ACK, &DATA_SEQUENCE, &SUBFLOW_SEQUENCE, &DATA_LENGTH];
    let others = [&CHECKSUM, &ECHO, &IP_VERSION, &ADDRESS_4, &ADDRESS_6, &PORT, &ADDRESS_PROOF, &REASON];
    CAPABLE.iter().chain(&SIGNAL).chain(&RESET).chain(single).chain(join).chain(others)
}

/// Reads an option of `len` bytes that begins at `at`; the header has them all.
pub(super) fn decode(header: &mut Header, at: usize, len: usize) {
    let Some(subtype) = header.within(&SUBTYPE, at, 2) else { return };
    let mut rest = Rest { at: at + 4, end: at + len };
    match subtype {
        0 => capable(header, at, &mut rest),
        1 => join(header, at, len, &mut rest),
        2 => signal(header, at, &mut rest),
        3 => address(header, at, len, &mut rest),
        4 => {
            rest.at = at + 3;
            while rest.take(header, &ADDRESS_ID, 1) {}
        }
        5 => {
            flags(header, at + 2, &[&BACKUP], at);
            rest.at = at + 3;
            rest.take(header, &ADDRESS_ID, 1);
        }
        6 | 7 => {
            header.within(&RESERVED, at, 2);
            rest.take(header, if subtype == 6 { &DATA_SEQUENCE } else { &RECEIVER_KEY }, 8);
        }
        8 => {
            let [u, v, w, t] = &RESET;
            flags(header, at + 2, &[u, v, w, t], at);
            rest.at = at + 3;
            rest.take(header, &REASON, 1);
        }
        _ => {}
    }
}

/// What is left of an option.
struct Rest {
    at: usize,
    end: usize,
}

impl Rest {
    /// Reads one part if the option has room for it.
    fn take(&mut self, header: &mut Header, row: &'static Field, len: usize) -> bool {
        let fits = self.at + len <= self.end && header.at(row, self.at, len, 2).is_some();
        self.at += if fits { len } else { 0 };
        fits
    }

    fn left(&self) -> usize {
        self.end.saturating_sub(self.at)
    }
}

/// The byte of the flags, and those of its bits that mean something.
fn flags(header: &mut Header, byte: usize, rows: &[&'static Field], at: usize) {
    header.at(&FLAGS, byte, 1, 2);
    for row in rows {
        header.within(row, at, 3);
    }
}

/// The opening: both ends name their keys.
fn capable(header: &mut Header, at: usize, rest: &mut Rest) {
    let old = header.within(&VERSION, at, 2) == Some(0);
    let [checksum, extensible, closed, sha256, reserved] = &CAPABLE;
    if old {
        flags(header, at + 3, &[checksum, extensible, &SHA1, reserved], at);
    } else {
        flags(header, at + 3, &[checksum, extensible, closed, sha256, reserved], at);
    }
    for row in [&SENDER_KEY, &RECEIVER_KEY] {
        rest.take(header, row, 8);
    }
    for row in [&DATA_LENGTH, &CHECKSUM] {
        rest.take(header, row, 2);
    }
}

/// Another path joins: SYN, SYN-ACK and ACK each have a form of their own, told by the length.
fn join(header: &mut Header, at: usize, len: usize, rest: &mut Rest) {
    if len >= 24 {
        header.within(&RESERVED, at, 2);
        rest.take(header, &PROOF, 20);
        return;
    }
    flags(header, at + 2, &[&BACKUP], at);
    header.at(&ADDRESS_ID, at + 3, 1, 2);
    if len >= 16 {
        rest.take(header, &SHORT_PROOF, 8);
    } else {
        rest.take(header, &TOKEN, 4);
    }
    rest.take(header, &RANDOM, 4);
}

/// Which bytes of the whole connection this segment carries, and how far the other end's have come.
fn signal(header: &mut Header, at: usize, rest: &mut Rest) {
    let bits = header.u8(at + 3).unwrap_or(0);
    let [fin, long_sequence, mapping, long_ack, ack] = &SIGNAL;
    flags(header, at + 3, &[fin, long_sequence, mapping, long_ack, ack], at);
    if bits & 1 != 0 {
        rest.take(header, &DATA_ACK, if bits & 2 != 0 { 8 } else { 4 });
    }
    if bits & 4 != 0 {
        rest.take(header, &DATA_SEQUENCE, if bits & 8 != 0 { 8 } else { 4 });
        rest.take(header, &SUBFLOW_SEQUENCE, 4);
        rest.take(header, &DATA_LENGTH, 2);
        rest.take(header, &CHECKSUM, 2);
    }
}

/// An address of the sender that the other end may open a path to.
fn address(header: &mut Header, at: usize, len: usize, rest: &mut Rest) {
    let old = header.u8(at + 2).map_or(0, |byte| byte & 0x0f) >= 4;
    header.within(if old { &IP_VERSION } else { &ECHO }, at, 2);
    header.at(&ADDRESS_ID, at + 3, 1, 2);
    // With port and HMAC an IPv4 address takes 18 bytes at most, an IPv6 address 20 at least.
    if len >= 20 {
        rest.take(header, &ADDRESS_6, 16);
    } else {
        rest.take(header, &ADDRESS_4, 4);
    }
    if matches!(rest.left(), 2 | 10) {
        rest.take(header, &PORT, 2);
    }
    rest.take(header, &ADDRESS_PROOF, 8);
}
