//! A node information query or reply → what is asked about a node, and what it answers (RFC 4620).

use super::dns_name;
use super::field::{COMPUTED, Field, Show, bits, field, tiles, words};
use super::header::Header;

const SPEC: &str = "RFC 4620 §4";
const QUERY_SPEC: &str = "RFC 4620 §5";
const NAME_SPEC: &str = "RFC 4620 §6.3";
const ADDRESS_SPEC: &str = "RFC 4620 §6.4";

static HEAD: [Field; 3] = [
    field("icmpv6.ni.qtype", "Query type", bits(32, 16), Show::Dec, SPEC).words(words![
        (0, "nothing"),
        (1, "supported query types (obsolete)"),
        (2, "node name"),
        (3, "IPv6 addresses"),
        (4, "IPv4 addresses"),
    ]),
    field("icmpv6.ni.flag", "Flags", bits(48, 16), Show::Hex(4), SPEC),
    field("icmpv6.ni.nonce", "Nonce", bits(64, 64), Show::Hex(16), SPEC),
];
static FLAGS: [Field; 7] = [
    field("icmpv6.ni.flag.rsv", "Reserved", bits(48, 10), Show::Hex(4), ADDRESS_SPEC),
    field("icmpv6.ni.flag.g", "Global addresses", bits(58, 1), Show::Flag, ADDRESS_SPEC),
    field("icmpv6.ni.flag.s", "Site-local addresses", bits(59, 1), Show::Flag, ADDRESS_SPEC),
    field("icmpv6.ni.flag.l", "Link-local addresses", bits(60, 1), Show::Flag, ADDRESS_SPEC),
    field("icmpv6.ni.flag.c", "Compatible addresses", bits(61, 1), Show::Flag, ADDRESS_SPEC),
    field("icmpv6.ni.flag.a", "All unicast addresses", bits(62, 1), Show::Flag, ADDRESS_SPEC),
    field("icmpv6.ni.flag.t", "Truncated", bits(63, 1), Show::Flag, ADDRESS_SPEC),
];
const _: () = assert!(tiles(&HEAD, 32, 128) && tiles(&FLAGS, 48, 64));

static SUBJECT_V6: Field = field("icmpv6.ni.query.subject_ipv6", "Subject", COMPUTED, Show::Ipv6, QUERY_SPEC);
static SUBJECT_NAME: Field = field("icmpv6.ni.query.subject_fqdn", "Subject", COMPUTED, Show::Text, QUERY_SPEC);
static SUBJECT_V4: Field = field("icmpv6.ni.query.subject_ipv4", "Subject", COMPUTED, Show::Ipv4, QUERY_SPEC);
static LIFETIME: Field = field("icmpv6.ni.reply.node_ttl", "Time to live (s)", COMPUTED, Show::Dec, NAME_SPEC);
static NAME: Field = field("icmpv6.ni.reply.node_name", "Node name", COMPUTED, Show::Text, NAME_SPEC);
static NODE_V6: Field = field("icmpv6.ni.reply.node_address", "IPv6 address", COMPUTED, Show::Ipv6, ADDRESS_SPEC);
static NODE_V4: Field = field("icmpv6.ni.reply.ipv4_address", "IPv4 address", COMPUTED, Show::Ipv4, "RFC 4620 §6.5");

/// Where the data begin.
const DATA: usize = 16;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let others = [&SUBJECT_V6, &SUBJECT_NAME, &SUBJECT_V4, &LIFETIME, &NAME, &NODE_V6, &NODE_V4];
    HEAD.iter().chain(&FLAGS).chain(others)
}

/// Reads a query or a reply behind its checksum. `None`: it is cut.
pub(super) fn decode(header: &mut Header, reply: bool, code: u8) -> Option<()> {
    let [query, flags, nonce] = &HEAD;
    let query = header.row(query, 0)?;
    header.row(flags, 0)?;
    header.rows(&FLAGS, 1)?;
    header.row(nonce, 0)?;
    let mut at = DATA;
    if !reply {
        return match code {
            0 => header.at(&SUBJECT_V6, at, 16, 0).map(|_| ()),
            1 if header.claimed() > at => name(header, &SUBJECT_NAME, at),
            2 => header.at(&SUBJECT_V4, at, 4, 0).map(|_| ()),
            _ => Some(()),
        };
    }
    let (row, len) = match query {
        2 => (&NAME, 0),
        3 => (&NODE_V6, 16),
        4 => (&NODE_V4, 4),
        _ => return Some(()),
    };
    while at < header.claimed() {
        header.at(&LIFETIME, at, 4, 0)?;
        if len == 0 {
            return name(header, row, at + 4);
        }
        header.at(row, at + 4, len, 0)?;
        at += 4 + len;
    }
    Some(())
}

/// A name as DNS writes it; one without a domain ends with a second zero (RFC 4620 §4).
fn name(header: &mut Header, row: &'static Field, at: usize) -> Option<()> {
    let Some(name) = dns_name::read(header.rest(0), at) else {
        header.refuse(row, at, "This name leaves its message or goes round in circles.");
        return None;
    };
    header.put(row, bits(at as u32 * 8, name.size as u32 * 8), name.text, String::new(), 0);
    Some(())
}
