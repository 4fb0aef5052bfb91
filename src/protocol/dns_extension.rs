//! What OPT puts in the place of a record (RFC 6891 §6.1.2) → sizes, flags, and its options.

use super::dns_types::{ALGORITHMS, DIGESTS, ERRORS, OPTION_CODES};
use super::field::{COMPUTED, Field, Show, bits, field, tiles, words};
use super::header::Header;

/// The rows count from the class.
static EXTENSION: [Field; 4] = [
    field("dns.rr.udp_payload_size", "UDP payload size", bits(0, 16), Show::Dec, "RFC 6891 §6.1.2"),
    field("dns.resp.ext_rcode", "Higher reply code bits", bits(16, 8), Show::Hex(2), "RFC 6891 §6.1.3"),
    field("dns.resp.edns0_version", "EDNS version", bits(24, 8), Show::Dec, "RFC 6891 §6.1.3"),
    field("dns.resp.z", "EDNS flags", bits(32, 16), Show::Hex(4), "RFC 6891 §6.1.4"),
];
static EXTENSION_FLAGS: [Field; 2] = [
    field("dns.resp.z.do", "DNSSEC OK", bits(32, 1), Show::Flag, "RFC 3225 §3"),
    field("dns.resp.z.reserved", "Reserved", bits(33, 15), Show::Hex(4), "RFC 6891 §6.1.4"),
];
const _: () = assert!(tiles(&EXTENSION, 0, 48) && tiles(&EXTENSION_FLAGS, 32, 48));
/// In multicast DNS the size has one bit less.
static MULTICAST_SIZE: [Field; 2] = [
    field("dns.rr.udp_payload_size", "UDP payload size", bits(1, 15), Show::Hex(4), "RFC 6762 §18.13"),
    field("dns.resp.cache_flush", "Cache flush", bits(0, 1), Show::Flag, "RFC 6762 §10.2"),
];

const OPTIONS: &str = "RFC 6891 §6.1.2";
static OPTION: Field = field("dns.opt", "Option", COMPUTED, Show::None, OPTIONS);
static CODE: Field = field("dns.opt.code", "Option code", COMPUTED, Show::Dec, OPTIONS).words(OPTION_CODES);
static LENGTH: Field = field("dns.opt.len", "Option length", COMPUTED, Show::Dec, OPTIONS);
static DATA: Field = field("dns.opt.data", "Option data", COMPUTED, Show::Bytes, OPTIONS);
/// Options that are lists of one byte each.
static UNDERSTOOD: [Field; 3] = [
    field("dns.opt.dau", "Algorithm understood", bits(0, 8), Show::Dec, "RFC 6975 §3").words(ALGORITHMS),
    field("dns.opt.dhu", "DS hash understood", bits(0, 8), Show::Dec, "RFC 6975 §3").words(DIGESTS),
    field("dns.opt.n3u", "NSEC3 hash understood", bits(0, 8), Show::Dec, "RFC 6975 §3").words(DIGESTS),
];
static SUBNET: [Field; 3] = [
    field("dns.opt.client.family", "Address family", bits(0, 16), Show::Dec, "RFC 7871 §6")
        .words(words![(1, "IPv4"), (2, "IPv6")]),
    field("dns.opt.client.netmask", "Source prefix length", bits(16, 8), Show::Dec, "RFC 7871 §6"),
    field("dns.opt.client.scope", "Scope prefix length", bits(24, 8), Show::Dec, "RFC 7871 §6"),
];
static CLIENT: Field = field("dns.opt.client.addr", "Client's subnet", COMPUTED, Show::Bytes, "RFC 7871 §6");
static CLIENT_4: Field = field("dns.opt.client.addr4", "Client's subnet", COMPUTED, Show::Ipv4, "RFC 7871 §6");
static CLIENT_6: Field = field("dns.opt.client.addr6", "Client's subnet", COMPUTED, Show::Ipv6, "RFC 7871 §6");
static COOKIE: Field = field("dns.opt.cookie.client", "Client cookie", COMPUTED, Show::Bytes, "RFC 7873 §4.1");
static SERVER_COOKIE: Field = field("dns.opt.cookie.server", "Server cookie", COMPUTED, Show::Bytes, "RFC 7873 §4.2");
static TIMEOUT: Field =
    field("dns.opt.edns_tcp_keepalive.timeout", "Timeout (0.1 s)", COMPUTED, Show::Dec, "RFC 7828 §3.1");
static PADDING: Field = field("dns.opt.padding", "Padding", COMPUTED, Show::Bytes, "RFC 7830 §3");
static ERROR: Field = field("dns.opt.ext_error.info_code", "Error", COMPUTED, Show::Dec, "RFC 8914 §2").words(ERRORS);
static ERROR_TEXT: Field = field("dns.opt.ext_error.extra_text", "Extra text", COMPUTED, Show::Text, "RFC 8914 §2");

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let rows = [
        &OPTION,
        &CODE,
        &LENGTH,
        &DATA,
        &CLIENT,
        &CLIENT_4,
        &CLIENT_6,
        &COOKIE,
        &SERVER_COOKIE,
        &TIMEOUT,
        &PADDING,
        &ERROR,
        &ERROR_TEXT,
    ];
    let tables = EXTENSION.iter().chain(&EXTENSION_FLAGS).chain(&MULTICAST_SIZE).chain(&UNDERSTOOD).chain(&SUBNET);
    tables.chain(rows)
}

/// The parts in the place of class and lifetime.
pub(super) fn head(header: &mut Header, at: usize, multicast: bool) -> Option<()> {
    let [size, rest @ ..] = &EXTENSION;
    let sizes = if multicast { &MULTICAST_SIZE[..] } else { std::slice::from_ref(size) };
    for row in sizes.iter().chain(rest) {
        header.within(row, at, 0)?;
    }
    EXTENSION_FLAGS.iter().try_for_each(|row| header.within(row, at, 1).map(|_| ()))
}

/// Options of at least four bytes each.
pub(super) fn options(header: &mut Header, from: usize, to: usize) -> Option<()> {
    let mut at = from;
    while at + 4 <= to {
        let (code, len) = (header.u16(at)?, usize::from(header.u16(at + 2)?));
        let there = len.min(to - at - 4);
        let place = bits(at as u32 * 8, (4 + there) as u32 * 8);
        header.put(&OPTION, place, String::new(), CODE.word(code.into()).into(), 0);
        header.at(&CODE, at, 2, 1)?;
        header.at(&LENGTH, at + 2, 2, 1)?;
        if there < len {
            header.refuse(&LENGTH, at + 2, "The option is longer than what is left of its record.");
            return None;
        }
        if len > 0 {
            header.at(&DATA, at + 4, len, 1)?;
            option(header, code, at + 4, len)?;
        }
        at += 4 + len;
    }
    Some(())
}

fn option(header: &mut Header, code: u16, at: usize, len: usize) -> Option<()> {
    match (code, len) {
        (5..=7, _) => {
            let row = UNDERSTOOD.get(usize::from(code) - 5)?;
            for place in at..at + len {
                header.at(row, place, 1, 1)?;
            }
        }
        (8, 4..) => subnet(header, at, len)?,
        (10, 8..) => {
            header.at(&COOKIE, at, 8, 1)?;
            if len > 8 {
                header.at(&SERVER_COOKIE, at + 8, len - 8, 1)?;
            }
        }
        (11, 2) => drop(header.at(&TIMEOUT, at, 2, 1)?),
        (12, _) => drop(header.at(&PADDING, at, len, 1)?),
        (15, 2..) => {
            header.at(&ERROR, at, 2, 1)?;
            if len > 2 {
                header.text(&ERROR_TEXT, at + 2, len - 2, 1)?;
            }
        }
        _ => {}
    }
    Some(())
}

/// As many bytes of the address as its prefix needs.
fn subnet(header: &mut Header, at: usize, len: usize) -> Option<()> {
    for row in &SUBNET {
        header.within(row, at, 1)?;
    }
    let (family, part) = (header.u16(at)?, header.bytes(at + 4, len - 4)?);
    if part.is_empty() {
        return Some(());
    }
    let mut octets = [0_u8; 16];
    for (to, from) in octets.iter_mut().zip(part) {
        *to = *from;
    }
    let place = bits((at as u32 + 4) * 8, part.len() as u32 * 8);
    match (family, part.len(), octets) {
        (1, ..=4, [a, b, c, d, ..]) => header.put(&CLIENT_4, place, format!("{a}.{b}.{c}.{d}"), String::new(), 1),
        (2, ..=16, _) => header.put(&CLIENT_6, place, super::header::ipv6(octets), String::new(), 1),
        _ => drop(header.at(&CLIENT, at + 4, part.len(), 1)?),
    }
    Some(())
}
