//! The options of a neighbor discovery message → one group each with its parts (RFC 4861 §4.6, RFC 8106).

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::{Header, Next, Place, ipv6};

const SPEC: &str = "RFC 4861 §4.6";

static OPTION: Field = field("icmpv6.opt", "Option", COMPUTED, Show::None, SPEC);
static TYPE: Field = field("icmpv6.opt.type", "Type", COMPUTED, Show::Dec, SPEC).words(TYPES);
static LENGTH: Field = field("icmpv6.opt.length", "Length", COMPUTED, Show::Dec, SPEC);
static RESERVED: Field = field("icmpv6.opt.reserved", "Reserved", COMPUTED, Show::None, SPEC);
static LINK_ADDRESS: Field =
    field("icmpv6.opt.linkaddr", "Link-layer address", COMPUTED, Show::Bytes, "RFC 4861 §4.6.1");
static MTU: Field = field("icmpv6.opt.mtu", "MTU", COMPUTED, Show::Dec, "RFC 4861 §4.6.4");
static NONCE: Field = field("icmpv6.opt.nonce", "Nonce", COMPUTED, Show::Bytes, "RFC 3971 §5.3.2");
static SERVER_LIFETIME: Field = field("icmpv6.opt.rdnss.lifetime", "Lifetime", COMPUTED, Show::Dec, "RFC 8106 §5.1");
static SERVER: Field = field("icmpv6.opt.rdnss", "DNS server", COMPUTED, Show::Ipv6, "RFC 8106 §5.1");

static INTERVAL: Field =
    field("icmpv6.opt.advertisement_interval", "Advertisement interval (ms)", COMPUTED, Show::Dec, "RFC 6275 §7.3");
static ROUTE_LIFETIME: Field = field("icmpv6.opt.route_lifetime", "Route lifetime", COMPUTED, Show::Dec, ROUTE_SPEC);
static SEARCH_LIFETIME: Field = field("icmpv6.opt.dnssl.lifetime", "Lifetime", COMPUTED, Show::Dec, "RFC 8106 §5.2");
static SEARCH: Field = field("icmpv6.opt.dnssl", "Search domain", COMPUTED, Show::Text, "RFC 8106 §5.2");
static PADDING: Field = field("icmpv6.opt.padding", "Padding", COMPUTED, Show::None, "RFC 8106 §5.2");
static REDIRECTED: Field =
    field("icmpv6.opt.redirected_packet", "Redirected packet", COMPUTED, Show::None, "RFC 4861 §4.6.3");
static PORTAL: Field = field("icmpv6.opt.captive_portal", "Captive portal", COMPUTED, Show::Text, "RFC 8910 §2.3");
static TRANSLATION_PREFIX: Field =
    field("icmpv6.opt.pref64.prefix", "Translation prefix", COMPUTED, Show::Text, "RFC 8781 §4");
static TRANSLATION: [Field; 2] = [
    field("icmpv6.opt.pref64.scaled_lifetime", "Scaled lifetime (8 s)", bits(16, 13), Show::Dec, "RFC 8781 §4"),
    field("icmpv6.opt.pref64.plc", "Prefix length code", bits(29, 3), Show::Hex(4), "RFC 8781 §4").words(words![
        (0, "96 bits"),
        (1, "64 bits"),
        (2, "56 bits"),
        (3, "48 bits"),
        (4, "40 bits"),
        (5, "32 bits"),
    ]),
];

const ROUTE_SPEC: &str = "RFC 4191 §2.3";

/// A route's preference; the rows count from the option.
static ROUTE_FLAGS: Field = field("icmpv6.opt.route_info.flag", "Flags", COMPUTED, Show::Hex(2), ROUTE_SPEC);
static ROUTE_PREFERENCE: Field =
    field("icmpv6.opt.route_info.flag.route_preference", "Route preference", bits(27, 2), Show::Dec, ROUTE_SPEC)
        .words(words![(0, "medium"), (1, "high"), (2, "reserved"), (3, "low")]);

const PREFIX_SPEC: &str = "RFC 4861 §4.6.2";

/// A prefix option's fixed rows; they count from the option.
static PREFIX: [Field; 6] = [
    field("icmpv6.opt.prefix.length", "Prefix length", bits(16, 8), Show::Dec, PREFIX_SPEC),
    field("icmpv6.opt.prefix.flag", "Flags", bits(24, 8), Show::Hex(2), PREFIX_SPEC),
    field("icmpv6.opt.prefix.valid_lifetime", "Valid lifetime", bits(32, 32), Show::Dec, PREFIX_SPEC),
    field("icmpv6.opt.prefix.preferred_lifetime", "Preferred lifetime", bits(64, 32), Show::Dec, PREFIX_SPEC),
    field("icmpv6.opt.reserved", "Reserved", bits(96, 32), Show::None, PREFIX_SPEC),
    field("icmpv6.opt.prefix", "Prefix", bits(128, 128), Show::Ipv6, PREFIX_SPEC),
];
static PREFIX_FLAGS: [Field; 4] = [
    field("icmpv6.opt.prefix.flag.l", "On-link", bits(24, 1), Show::Flag, PREFIX_SPEC),
    field("icmpv6.opt.prefix.flag.a", "Autonomous configuration", bits(25, 1), Show::Flag, PREFIX_SPEC),
    field("icmpv6.opt.prefix.flag.r", "Router address", bits(26, 1), Show::Flag, "RFC 6275 §7.2"),
    field("icmpv6.opt.prefix.flag.reserved", "Reserved", bits(27, 5), Show::Dec, PREFIX_SPEC),
];
const _: () = assert!(super::field::tiles(&PREFIX, 16, 256) && super::field::tiles(&PREFIX_FLAGS, 24, 32));

const TYPES: Words = words![
    (1, "Source link-layer address"),
    (2, "Target link-layer address"),
    (3, "Prefix information"),
    (4, "Redirected header"),
    (5, "MTU"),
    (7, "Advertisement interval"),
    (14, "Nonce"),
    (24, "Route information"),
    (25, "Recursive DNS servers"),
    (31, "DNS search list"),
    (37, "Captive portal"),
    (38, "NAT64 prefix"),
];

/// Options count in units of eight bytes.
const UNIT: usize = 8;
const PREFIX_SIZE: usize = 32;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    PREFIX
        .iter()
        .chain(&PREFIX_FLAGS)
        .chain([
            &OPTION,
            &TYPE,
            &LENGTH,
            &RESERVED,
            &LINK_ADDRESS,
            &MTU,
            &NONCE,
            &SERVER_LIFETIME,
            &SERVER,
            &INTERVAL,
            &ROUTE_LIFETIME,
            &ROUTE_FLAGS,
            &ROUTE_PREFERENCE,
            &SEARCH_LIFETIME,
            &SEARCH,
            &PADDING,
            &REDIRECTED,
            &PORTAL,
            &TRANSLATION_PREFIX,
        ])
        .chain(&TRANSLATION)
}

/// Reads options from an offset to the end of the message. Each takes at least eight bytes, so the message bounds them.
pub(super) fn decode(header: &mut Header, from: usize) {
    let mut at = from;
    while header.claimed() > at {
        let Some([kind, units]) = header.array(at) else { return header.cut(at, 2) };
        let len = usize::from(units) * UNIT;
        if len == 0 {
            return header.refuse(&LENGTH, at, "An option of length 0 would never end.");
        }
        header.put(
            &OPTION,
            bits(at as u32 * 8, (len.min(header.rest(at).len()) * 8) as u32),
            String::new(),
            TYPE.word(kind.into()).into(),
            0,
        );
        header.at(&TYPE, at, 1, 1);
        header.at(&LENGTH, at + 1, 1, 1);
        if header.bytes(at, len).is_none() {
            return header.claims(&LENGTH, at, len);
        }
        option(header, kind, at, len);
        at += len;
    }
}

fn option(header: &mut Header, kind: u8, at: usize, len: usize) {
    match kind {
        1 | 2 => drop(header.at(&LINK_ADDRESS, at + 2, (len - 2).min(6), 1)),
        3 if len == PREFIX_SIZE => {
            for row in &PREFIX {
                header.within(row, at, 1);
                if row.key == "icmpv6.opt.prefix.flag" {
                    for flag in &PREFIX_FLAGS {
                        header.within(flag, at, 2);
                    }
                }
            }
        }
        4 if len > UNIT => {
            header.at(&RESERVED, at + 2, 6, 1);
            header.at(&REDIRECTED, at + UNIT, len - UNIT, 1);
            let start = header.place.start + at + UNIT;
            header.also(Next::Quoted, Place { start, end: start + len - UNIT, ..header.place });
        }
        7 => {
            header.at(&RESERVED, at + 2, 2, 1);
            header.at(&INTERVAL, at + 4, 4, 1);
        }
        24 => route(header, at, len),
        31 => {
            header.at(&RESERVED, at + 2, 2, 1);
            header.at(&SEARCH_LIFETIME, at + 4, 4, 1);
            domains(header, at + UNIT, at + len);
        }
        37 => portal(header, at + 2, len - 2),
        38 if len == 16 => {
            for row in &TRANSLATION {
                header.within(row, at, 1);
            }
            show_prefix(header, &TRANSLATION_PREFIX, at + 4, 12);
        }
        5 => {
            header.at(&RESERVED, at + 2, 2, 1);
            header.at(&MTU, at + 4, 4, 1);
        }
        14 => drop(header.at(&NONCE, at + 2, len - 2, 1)),
        25 => {
            header.at(&RESERVED, at + 2, 2, 1);
            header.at(&SERVER_LIFETIME, at + 4, 4, 1);
            for server in (8..len.saturating_sub(15)).step_by(16) {
                header.at(&SERVER, at + server, 16, 1);
            }
        }
        _ => {}
    }
}

/// A more specific route (RFC 4191 §2.3); as much of the prefix is there as the length of the option has room for.
fn route(header: &mut Header, at: usize, len: usize) {
    header.at(&PREFIX[0], at + 2, 1, 1);
    header.at(&ROUTE_FLAGS, at + 3, 1, 1);
    header.within(&ROUTE_PREFERENCE, at, 2);
    header.at(&ROUTE_LIFETIME, at + 4, 4, 1);
    show_prefix(header, &PREFIX[5], at + UNIT, len - UNIT);
}

/// An address of the web, filled up with zeros.
fn portal(header: &mut Header, at: usize, len: usize) {
    let text = String::from_utf8_lossy(header.bytes(at, len).unwrap_or_default());
    let show = text.trim_end_matches('\0').to_string();
    header.put(&PORTAL, bits(at as u32 * 8, len as u32 * 8), show, String::new(), 1);
}

/// The first bytes of an address whose other bytes are zero.
fn show_prefix(header: &mut Header, row: &'static Field, at: usize, len: usize) {
    if let Some(bytes) = header.bytes(at, len).filter(|bytes| matches!(bytes.len(), 1..=16)) {
        let mut octets = [0; 16];
        octets.iter_mut().zip(bytes).for_each(|(octet, byte)| *octet = *byte);
        header.put(row, bits(at as u32 * 8, len as u32 * 8), ipv6(octets), String::new(), 1);
    }
}

/// Names without compression, each ended by an empty label; zeros fill the option up.
fn domains(header: &mut Header, from: usize, end: usize) {
    let (mut at, mut first, mut name) = (from, from, String::new());
    while at < end {
        let Some(len) = header.u8(at).map(usize::from) else { return };
        if len == 0 && name.is_empty() {
            header.at(&PADDING, at, end - at, 1);
            return;
        }
        at += 1;
        if len == 0 {
            let range = bits(first as u32 * 8, (at - first) as u32 * 8);
            header.put(&SEARCH, range, std::mem::take(&mut name), String::new(), 1);
            first = at;
            continue;
        }
        let Some(label) = header.bytes(at, len).filter(|_| at + len < end) else { return };
        name += if name.is_empty() { "" } else { "." };
        name += &String::from_utf8_lossy(label);
        at += len;
    }
}
