//! LCP, IPCP, IPv6CP and CCP → what is asked, granted, refused: one form for the negotiation of a link (RFC 1661 §5) and for that of each
//! protocol on it (RFC 1332, RFC 5072, RFC 1962).

use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Step};
use super::ppp_options::{self, CCP, COMPRESSION, IPCP, IPV6CP, LCP, Protocol};

const SPEC: &str = "RFC 1661 §5";

static HEADER: [Field; 3] = [
    field("ppp.code", "Code", bits(0, 8), Show::Dec, SPEC).words(CODES),
    field("ppp.identifier", "Identifier", bits(8, 8), Show::Dec, SPEC),
    field("ppp.length", "Length", bits(16, 16), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 32));
static DATA: Field = field("ppp.data", "Data", COMPUTED, Show::Bytes, SPEC);
static MAGIC: Field = field("lcp.magic_number", "Magic number", bits(32, 32), Show::Hex(8), "RFC 1661 §5.8");
static ECHOED: Field = field("lcp.data", "Data", COMPUTED, Show::Bytes, "RFC 1661 §5.8");
static MESSAGE: Field = field("lcp.message", "Message", COMPUTED, Show::Text, "RFC 1570 §2.1");
static SECONDS: Field = field("lcp.secs_remaining", "Seconds remaining", bits(64, 32), Show::Dec, "RFC 1570 §2.2");
static REJECTED: Field = field("lcp.rej_proto", "Rejected protocol", bits(32, 16), Show::Hex(4), "RFC 1661 §5.7")
    .words(super::PPP_PROTOCOLS);

const CODES: Words = words![
    (0, "vendor specific"),
    (1, "configure request"),
    (2, "configure ack"),
    (3, "configure nak"),
    (4, "configure reject"),
    (5, "terminate request"),
    (6, "terminate ack"),
    (7, "code reject"),
    (8, "protocol reject"),
    (9, "echo request"),
    (10, "echo reply"),
    (11, "discard request"),
    (12, "identification"),
    (13, "time remaining"),
    (14, "reset request"),
    (15, "reset ack"),
];

const SIZE: usize = 4;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain(ppp_options::fields()).chain([&DATA, &MAGIC, &ECHOED, &MESSAGE, &SECONDS, &REJECTED])
}

pub(super) fn decode_lcp(header: &mut Header) -> Option<Step> {
    decode(header, &LCP)
}

pub(super) fn decode_ipcp(header: &mut Header) -> Option<Step> {
    decode(header, &IPCP)
}

pub(super) fn decode_ipv6cp(header: &mut Header) -> Option<Step> {
    decode(header, &IPV6CP)
}

pub(super) fn decode_ccp(header: &mut Header) -> Option<Step> {
    decode(header, &CCP)
}

fn decode(header: &mut Header, protocol: &'static Protocol) -> Option<Step> {
    header.is(protocol.name, SIZE);
    let [code, identifier, length] = &HEADER;
    let code = header.row(code, 0)?;
    header.row(identifier, 0)?;
    let claimed = header.row(length, 0)? as usize;
    if claimed < SIZE {
        header.refuse(length, 2, "The header alone takes 4 bytes.");
        return None;
    }
    header.is(protocol.name, claimed);
    header.claims(length, SIZE, claimed - SIZE);
    let end = claimed.min(header.have());
    match code {
        1..=4 => options(header, protocol, end),
        8 => {
            let rejected = header.row(&REJECTED, 0)? as u16;
            // Only the beginning of what was not understood is sent back.
            let mut step = header.within_end(Next::PppProtocol(rejected), SIZE + 2, header.place.start + claimed)?;
            step.place.quoted = true;
            return Some(step);
        }
        9..=11 => {
            header.row(&MAGIC, 0)?;
            leftover(header, &ECHOED, 8, end);
        }
        12 => {
            header.row(&MAGIC, 0)?;
            leftover(header, &MESSAGE, 8, end);
        }
        13 => {
            header.row(&MAGIC, 0)?;
            header.row(&SECONDS, 0)?;
            leftover(header, &MESSAGE, 12, end);
        }
        _ => leftover(header, &DATA, SIZE, end),
    }
    None
}

fn leftover(header: &mut Header, row: &'static Field, from: usize, end: usize) {
    if from < end {
        header.at(row, from, end - from, 0);
    }
}

fn options(header: &mut Header, protocol: &'static Protocol, end: usize) {
    let [kind, length] = &protocol.option;
    let mut at = SIZE;
    while let (true, Some(number), Some(size)) = (at < end, header.u8(at), header.u8(at + 1)) {
        let size = usize::from(size);
        if size < 2 || at + size > end {
            header.within(kind, at, 0);
            header.within(length, at, 0);
            let why = if size < 2 { "An option has at least 2 bytes." } else { "The option goes beyond the packet." };
            // That the packet itself is cut outweighs it.
            if header.stop.is_none() {
                header.refuse(length, at + 1, why);
            }
            return;
        }
        // IPv6CP has IPCP's option for compression.
        let shared = (protocol.name == "ipv6cp" && number == COMPRESSION.number).then_some(&IPCP);
        let named = shared.unwrap_or(protocol);
        option(header, named, number, at, size);
        at += size;
    }
}

fn option(header: &mut Header, protocol: &'static Protocol, number: u8, at: usize, size: usize) {
    let [kind, length] = &protocol.option;
    let known = protocol.kinds.iter().find(|kind| kind.number == number);
    let depth = u8::from(known.is_some());
    if let Some(known) = known {
        header.at(&known.whole, at, size, 0);
    }
    header.within(kind, at, depth);
    header.within(length, at, depth);
    for row in known.map_or(&[][..], |known| known.value) {
        let from = (row.bits.pos / 8) as usize;
        if row.bits.len == 0 && from < size {
            header.at(row, at + from, size - from, depth);
        } else if row.bits.len > 0 && (row.bits.pos + row.bits.len).div_ceil(8) as usize <= size {
            header.within(row, at, depth);
        }
    }
}
