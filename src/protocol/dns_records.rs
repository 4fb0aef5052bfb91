//! One resource record of a DNS message → name, type, class, lifetime and what its type carries (RFC 1035 §3.2).

use super::dns_name;
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles};
use super::header::Header;

const SPEC: &str = "RFC 1035 §3.2.1";

static NAME: Field = field("dns.resp.name", "Name", COMPUTED, Show::Text, SPEC);
static TYPE: Field = field("dns.resp.type", "Type", COMPUTED, Show::Dec, SPEC).words(TYPES);
static CLASS: Field = field("dns.resp.class", "Class", COMPUTED, Show::Hex(4), SPEC).words(CLASSES);
static LIFETIME: Field = field("dns.resp.ttl", "Time to live (s)", COMPUTED, Show::Dec, SPEC);
static LENGTH: Field = field("dns.resp.len", "Data length", COMPUTED, Show::Dec, SPEC);
static DATA: Field = field("dns.data", "Data", COMPUTED, Show::Bytes, SPEC);
static ADDRESS: Field = field("dns.a", "Address", COMPUTED, Show::Ipv4, "RFC 1035 §3.4.1");
static ADDRESS_6: Field = field("dns.aaaa", "Address", COMPUTED, Show::Ipv6, "RFC 3596 §2.2");
static ALIAS: Field = field("dns.cname", "Canonical name", COMPUTED, Show::Text, "RFC 1035 §3.3.1");
static SERVER: Field = field("dns.ns", "Name server", COMPUTED, Show::Text, "RFC 1035 §3.3.11");
static POINTER: Field = field("dns.ptr.domain_name", "Domain name", COMPUTED, Show::Text, "RFC 1035 §3.3.12");
static MAIL_PREFERENCE: Field = field("dns.mx.preference", "Preference", COMPUTED, Show::Dec, "RFC 1035 §3.3.9");
static MAIL: Field = field("dns.mx.mail_exchange", "Mail exchange", COMPUTED, Show::Text, "RFC 1035 §3.3.9");
static TEXT_LENGTH: Field = field("dns.txt.length", "Text length", COMPUTED, Show::Dec, "RFC 1035 §3.3.14");
static TEXT: Field = field("dns.txt", "Text", COMPUTED, Show::Text, "RFC 1035 §3.3.14");
static ZONE_SERVER: Field = field("dns.soa.mname", "Primary server", COMPUTED, Show::Text, "RFC 1035 §3.3.13");
static ZONE_MAIL: Field = field("dns.soa.rname", "Mailbox", COMPUTED, Show::Text, "RFC 1035 §3.3.13");

/// Multicast DNS takes the class's upper bit to say that this record replaces what was known.
static MULTICAST_CLASS: [Field; 2] = [
    field("dns.resp.class", "Class", bits(1, 15), Show::Hex(4), "RFC 6762 §18.13").words(CLASSES),
    field("dns.resp.cache_flush", "Cache flush", bits(0, 1), Show::Flag, "RFC 6762 §10.2"),
];

/// The numbers behind the two names of a SOA record; the rows count from the first.
static ZONE: [Field; 5] = [
    field("dns.soa.serial_number", "Serial number", bits(0, 32), Show::Dec, "RFC 1035 §3.3.13"),
    field("dns.soa.refresh_interval", "Refresh (s)", bits(32, 32), Show::Dec, "RFC 1035 §3.3.13"),
    field("dns.soa.retry_interval", "Retry (s)", bits(64, 32), Show::Dec, "RFC 1035 §3.3.13"),
    field("dns.soa.expire_limit", "Expire (s)", bits(96, 32), Show::Dec, "RFC 1035 §3.3.13"),
    field("dns.soa.minimum_ttl", "Minimum TTL (s)", bits(128, 32), Show::Dec, "RFC 2308 §4"),
];
const _: () = assert!(tiles(&ZONE, 0, 160));

/// What OPT puts in the place of class and lifetime (RFC 6891 §6.1.2); the rows count from the class.
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
static EXTENSION_OPTION: Field = field("dns.opt", "Option", COMPUTED, Show::None, "RFC 6891 §6.1.2");
static EXTENSION_CODE: Field =
    field("dns.opt.code", "Option code", COMPUTED, Show::Dec, "RFC 6891 §6.1.2").words(OPTION_CODES);
static EXTENSION_LENGTH: Field = field("dns.opt.len", "Option length", COMPUTED, Show::Dec, "RFC 6891 §6.1.2");
static EXTENSION_DATA: Field = field("dns.opt.data", "Option data", COMPUTED, Show::Bytes, "RFC 6891 §6.1.2");

/// IANA resource record types.
pub(super) const TYPES: Words = &[
    (1, "A, IPv4 address"),
    (2, "NS, name server"),
    (5, "CNAME, canonical name"),
    (6, "SOA, start of a zone"),
    (12, "PTR, pointer to a name"),
    (15, "MX, mail exchange"),
    (16, "TXT, text"),
    (28, "AAAA, IPv6 address"),
    (33, "SRV, service"),
    (35, "NAPTR"),
    (41, "OPT, extension"),
    (43, "DS"),
    (46, "RRSIG"),
    (47, "NSEC"),
    (48, "DNSKEY"),
    (50, "NSEC3"),
    (64, "SVCB"),
    (65, "HTTPS"),
    (251, "IXFR, incremental zone transfer"),
    (252, "AXFR, zone transfer"),
    (255, "ANY"),
];
pub(super) const CLASSES: Words = &[(1, "IN, the Internet"), (3, "CH, Chaos"), (4, "HS, Hesiod"), (255, "ANY")];
const OPTION_CODES: Words =
    &[(3, "name server identifier"), (8, "client subnet"), (10, "cookie"), (12, "padding"), (15, "extended error")];
const OPT: u16 = 41;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let computed = [
        &NAME,
        &TYPE,
        &CLASS,
        &LIFETIME,
        &LENGTH,
        &DATA,
        &ADDRESS,
        &ADDRESS_6,
        &ALIAS,
        &SERVER,
        &POINTER,
        &MAIL_PREFERENCE,
        &MAIL,
        &TEXT_LENGTH,
        &TEXT,
        &ZONE_SERVER,
        &ZONE_MAIL,
        &EXTENSION_OPTION,
        &EXTENSION_CODE,
        &EXTENSION_LENGTH,
        &EXTENSION_DATA,
    ];
    ZONE.iter().chain(&MULTICAST_CLASS).chain(&EXTENSION).chain(&EXTENSION_FLAGS).chain(computed)
}

/// Reads the record at an offset of the message and says where the next begins.
pub(super) fn record(header: &mut Header, at: usize, multicast: bool) -> Option<usize> {
    let name_end = name(header, &NAME, at, 0)?;
    let kind = header.at(&TYPE, name_end, 2, 0)? as u16;
    if kind == OPT {
        for row in &EXTENSION {
            header.within(row, name_end + 2, 0)?;
        }
        for row in &EXTENSION_FLAGS {
            header.within(row, name_end + 2, 1)?;
        }
    } else {
        if multicast {
            for row in &MULTICAST_CLASS {
                header.within(row, name_end + 2, 0)?;
            }
        } else {
            header.at(&CLASS, name_end + 2, 2, 0)?;
        }
        header.at(&LIFETIME, name_end + 4, 4, 0)?;
    }
    let len = header.at(&LENGTH, name_end + 8, 2, 0)? as usize;
    let data = name_end + 10;
    if header.bytes(data, len).is_none() {
        header.claims(&LENGTH, data, len);
        return None;
    }
    carried(header, kind, data, len)?;
    Some(data + len)
}

fn carried(header: &mut Header, kind: u16, at: usize, len: usize) -> Option<()> {
    match (kind, len) {
        (1, 4) => drop(header.at(&ADDRESS, at, 4, 0)),
        (28, 16) => drop(header.at(&ADDRESS_6, at, 16, 0)),
        (2, _) => drop(name(header, &SERVER, at, 0)?),
        (5, _) => drop(name(header, &ALIAS, at, 0)?),
        (12, _) => drop(name(header, &POINTER, at, 0)?),
        (15, 3..) => {
            header.at(&MAIL_PREFERENCE, at, 2, 0)?;
            name(header, &MAIL, at + 2, 0)?;
        }
        (16, _) => texts(header, at, at + len)?,
        (6, 22..) => {
            let mailbox = name(header, &ZONE_SERVER, at, 0)?;
            let numbers = name(header, &ZONE_MAIL, mailbox, 0)?;
            for row in &ZONE {
                header.within(row, numbers, 0)?;
            }
        }
        (OPT, _) => options(header, at, at + len)?,
        (_, 0) => {}
        _ => drop(header.at(&DATA, at, len, 0)),
    }
    Some(())
}

/// Pushes the name at an offset and says where it ends.
fn name(header: &mut Header, field: &'static Field, at: usize, depth: u8) -> Option<usize> {
    let Some(name) = dns_name::read(header.rest(0), at) else {
        header.refuse(field, at, "The name runs out of the message or points in a circle.");
        return None;
    };
    header.put(field, bits(at as u32 * 8, name.size as u32 * 8), name.text, String::new(), depth);
    Some(at + name.size)
}

/// Strings of one length byte each; every one takes at least that byte.
fn texts(header: &mut Header, from: usize, to: usize) -> Option<()> {
    let mut at = from;
    while at < to {
        let len = (header.at(&TEXT_LENGTH, at, 1, 0)? as usize).min(to - at - 1);
        header.at(&TEXT, at + 1, len, 0)?;
        at += 1 + len;
    }
    Some(())
}

/// Options of at least four bytes each.
fn options(header: &mut Header, from: usize, to: usize) -> Option<()> {
    let mut at = from;
    while at + 4 <= to {
        let len = usize::from(header.u16(at + 2)?).min(to - at - 4);
        header.put(&EXTENSION_OPTION, bits(at as u32 * 8, (4 + len) as u32 * 8), String::new(), String::new(), 0);
        header.at(&EXTENSION_CODE, at, 2, 1)?;
        header.at(&EXTENSION_LENGTH, at + 2, 2, 1)?;
        if len > 0 {
            header.at(&EXTENSION_DATA, at + 4, len, 1)?;
        }
        at += 4 + len;
    }
    Some(())
}
