//! One resource record of a DNS message → name, type, class, lifetime and what its type carries (RFC 1035 §3.2).

use super::dns_data::{self, name};
use super::dns_types::{CLASSES, TYPES};
use super::field::{COMPUTED, Field, Show, bits, field};
use super::header::Header;
use super::{dns_extension, dns_name, dns_service};

const SPEC: &str = "RFC 1035 §3.2.1";

static NAME: Field = field("dns.resp.name", "Name", COMPUTED, Show::Text, SPEC);
/// A SRV record's name says what the service is.
static SERVICE: [Field; 3] = [
    field("dns.srv.service", "Service", COMPUTED, Show::Text, "RFC 2782"),
    field("dns.srv.proto", "Transport", COMPUTED, Show::Text, "RFC 2782"),
    field("dns.srv.name", "Domain", COMPUTED, Show::Text, "RFC 2782"),
];
static TYPE: Field = field("dns.resp.type", "Type", COMPUTED, Show::Dec, SPEC).words(TYPES);
static CLASS: Field = field("dns.resp.class", "Class", COMPUTED, Show::Hex(4), SPEC).words(CLASSES);
static LIFETIME: Field = field("dns.resp.ttl", "Time to live (s)", COMPUTED, Show::Dec, SPEC);
static LENGTH: Field = field("dns.resp.len", "Data length", COMPUTED, Show::Dec, SPEC);
static DATA: Field = field("dns.data", "Data", COMPUTED, Show::Bytes, SPEC);
static ADDRESS: Field = field("dns.a", "Address", COMPUTED, Show::Ipv4, "RFC 1035 §3.4.1");
static ADDRESS_6: Field = field("dns.aaaa", "Address", COMPUTED, Show::Ipv6, "RFC 3596 §2.2");
static TEXTS: [[Field; 2]; 2] = [
    [
        field("dns.txt.length", "Text length", COMPUTED, Show::Dec, "RFC 1035 §3.3.14"),
        field("dns.txt", "Text", COMPUTED, Show::Text, "RFC 1035 §3.3.14"),
    ],
    [
        field("dns.spf.length", "Text length", COMPUTED, Show::Dec, "RFC 7208 §3.1"),
        field("dns.spf", "Mail policy", COMPUTED, Show::Text, "RFC 7208 §3.1"),
    ],
];

/// Multicast DNS takes the class's upper bit to say that this record replaces what was known.
static MULTICAST_CLASS: [Field; 2] = [
    field("dns.resp.class", "Class", bits(1, 15), Show::Hex(4), "RFC 6762 §18.13").words(CLASSES),
    field("dns.resp.cache_flush", "Cache flush", bits(0, 1), Show::Flag, "RFC 6762 §10.2"),
];

const SRV: u16 = 33;
const OPT: u16 = 41;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let computed = [&NAME, &TYPE, &CLASS, &LIFETIME, &LENGTH, &DATA, &ADDRESS, &ADDRESS_6];
    let inner = dns_data::fields().chain(dns_service::fields()).chain(dns_extension::fields());
    computed.into_iter().chain(&SERVICE).chain(TEXTS.iter().flatten()).chain(&MULTICAST_CLASS).chain(inner)
}

/// Reads the record at an offset of the message and says where the next begins.
pub(super) fn record(header: &mut Header, at: usize, multicast: bool) -> Option<usize> {
    let name_end = owner(header, at)?;
    let kind = header.at(&TYPE, name_end, 2, 0)? as u16;
    if kind == OPT {
        dns_extension::head(header, name_end + 2, multicast)?;
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
    carried(header, kind, data, len);
    Some(data + len)
}

/// The name that the record is about; where it names a service, its parts.
fn owner(header: &mut Header, at: usize) -> Option<usize> {
    let read = dns_name::read(header.rest(0), at);
    let Some(found) = read.filter(|found| header.u16(at + found.size) == Some(SRV)) else {
        return name(header, &NAME, at, 0);
    };
    let place = bits(at as u32 * 8, found.size as u32 * 8);
    for (row, part) in SERVICE.iter().zip(found.text.splitn(SERVICE.len(), '.')) {
        header.put(row, place, part.to_string(), String::new(), 0);
    }
    Some(at + found.size)
}

/// A flaw inside a record is said; the next record begins behind it all the same.
fn carried(header: &mut Header, kind: u16, at: usize, len: usize) -> Option<()> {
    let end = at + len;
    match (kind, len) {
        // An update names records that must be, or shall go, without data.
        (_, 0) => {}
        (1, 4) => drop(header.at(&ADDRESS, at, 4, 0)),
        (28, 16) => drop(header.at(&ADDRESS_6, at, 16, 0)),
        (16, _) => texts(header, &TEXTS[0], at, end)?,
        (99, _) => texts(header, &TEXTS[1], at, end)?,
        (257, 2..) => dns_service::authorization(header, at, end)?,
        (OPT, _) => dns_extension::options(header, at, end)?,
        _ => match dns_data::decode(header, kind, at, end) {
            Some(rest) => tail(header, kind, rest, end)?,
            None if header.stop.is_none() => drop(header.at(&DATA, at, len, 0)),
            None => {}
        },
    }
    Some(())
}

/// What follows the fixed parts of some types.
fn tail(header: &mut Header, kind: u16, at: usize, end: usize) -> Option<()> {
    match kind {
        47 | 50 => types(header, at, end),
        64 | 65 => dns_service::parameters(header, at, end),
        _ => Some(()),
    }
}

/// Strings of one length byte each; every one takes at least that byte.
fn texts(header: &mut Header, rows: &'static [Field; 2], from: usize, to: usize) -> Option<()> {
    let [length, text] = rows;
    let mut at = from;
    while at < to {
        let len = (header.at(length, at, 1, 0)? as usize).min(to - at - 1);
        header.text(text, at + 1, len, 0)?;
        at += 1 + len;
    }
    Some(())
}

/// Which types a name has: windows of 256, and a bit for each in as many bytes as it needs (RFC 4034 §4.1.2).
fn types(header: &mut Header, from: usize, to: usize) -> Option<()> {
    let mut at = from;
    while at + 2 <= to {
        let [window, len] = header.array(at)?;
        let map = header.bytes(at + 2, usize::from(len).min(to - at - 2))?;
        for (place, byte) in map.iter().enumerate() {
            for bit in (0..8_u16).filter(|bit| byte << bit & 0x80 != 0) {
                let kind = u16::from(window) << 8 | (place as u16) << 3 | bit;
                let at = bits((at + 2 + place) as u32 * 8, 8);
                header.put(&TYPE, at, kind.to_string(), TYPE.word(kind.into()).into(), 1);
            }
        }
        at += 2 + usize::from(len);
    }
    Some(())
}
