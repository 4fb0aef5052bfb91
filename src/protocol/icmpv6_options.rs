//! The options of a neighbor discovery message → one group each with its parts (RFC 4861 §4.6, RFC 8106).

use super::field::{COMPUTED, Field, Show, Words, bits, field};
use super::header::Header;

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

const TYPES: Words = &[
    (1, "Source link-layer address"),
    (2, "Target link-layer address"),
    (3, "Prefix information"),
    (4, "Redirected header"),
    (5, "MTU"),
    (14, "Nonce"),
    (24, "Route information"),
    (25, "Recursive DNS servers"),
    (31, "DNS search list"),
];

/// Options count in units of eight bytes.
const UNIT: usize = 8;
const PREFIX_SIZE: usize = 32;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    PREFIX.iter().chain(&PREFIX_FLAGS).chain([
        &OPTION,
        &TYPE,
        &LENGTH,
        &RESERVED,
        &LINK_ADDRESS,
        &MTU,
        &NONCE,
        &SERVER_LIFETIME,
        &SERVER,
    ])
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
