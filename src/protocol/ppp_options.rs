//! Which options LCP, IPCP, IPv6CP and CCP know → their rows (RFC 1661 §6, RFC 1332 §3, RFC 5072 §4, RFC 1962 §4).

use super::field::{Bits, COMPUTED, Field, Show, Words, bits, field, words};

const DNS: &str = "RFC 1877 §1";
/// An option's value begins behind its type and length.
const VALUE: u32 = 16;

/// A kind of option: the whole of it, and the rows of its value. Those that go beyond its length are not there; the last one may
/// have no fixed length and takes what is left.
pub(super) struct Kind {
    pub number: u8,
    pub whole: Field,
    pub value: &'static [Field],
}

const fn kind(
    number: u8,
    key: &'static str,
    name: &'static str,
    source: &'static str,
    value: &'static [Field],
) -> Kind {
    Kind { number, whole: field(key, name, COMPUTED, Show::Bytes, source), value }
}

const fn rest(from: u32) -> Bits {
    bits(from, 0)
}

/// What LCP, IPCP and so on call the parts of an option, and which kinds they have.
pub(super) struct Protocol {
    pub name: &'static str,
    pub option: [Field; 2],
    pub kinds: &'static [Kind],
}

pub(super) static LCP: Protocol = Protocol {
    name: "lcp",
    option: [
        field("lcp.opt.type", "Type", bits(0, 8), Show::Dec, "RFC 1661 §6").words(LCP_OPTIONS),
        field("lcp.opt.length", "Length", bits(8, 8), Show::Dec, "RFC 1661 §6"),
    ],
    kinds: &LCP_KINDS,
};
pub(super) static IPCP: Protocol = Protocol {
    name: "ipcp",
    option: [
        field("ipcp.opt.type", "Type", bits(0, 8), Show::Dec, "RFC 1332 §3").words(IPCP_OPTIONS),
        field("ipcp.opt.length", "Length", bits(8, 8), Show::Dec, "RFC 1332 §3"),
    ],
    kinds: &IPCP_KINDS,
};
pub(super) static IPV6CP: Protocol = Protocol {
    name: "ipv6cp",
    option: [
        field("ipv6cp.opt.type", "Type", bits(0, 8), Show::Dec, "RFC 5072 §4").words(IPV6CP_OPTIONS),
        field("ipv6cp.opt.length", "Length", bits(8, 8), Show::Dec, "RFC 5072 §4"),
    ],
    kinds: &IPV6CP_KINDS,
};
pub(super) static CCP: Protocol = Protocol {
    name: "ccp",
    option: [
        field("ccp.opt.type", "Type", bits(0, 8), Show::Dec, "RFC 1962 §4").words(CCP_OPTIONS),
        field("ccp.opt.length", "Length", bits(8, 8), Show::Dec, "RFC 1962 §4"),
    ],
    kinds: &[],
};

const AUTHENTICATION: &str = "RFC 1661 §6.2";
static LCP_KINDS: [Kind; 11] = [
    kind(
        1,
        "lcp.opt.mtu_bytes",
        "Maximum receive unit",
        "RFC 1661 §6.1",
        &[field("lcp.opt.mru", "Maximum receive unit", bits(VALUE, 16), Show::Dec, "RFC 1661 §6.1")],
    ),
    kind(
        2,
        "lcp.opt.asyncmap_bytes",
        "Character map",
        "RFC 1662 §7.1",
        &[field("lcp.opt.asyncmap", "Character map", bits(VALUE, 32), Show::Hex(8), "RFC 1662 §7.1")],
    ),
    kind(
        3,
        "lcp.opt.auth_protocol_bytes",
        "Authentication",
        AUTHENTICATION,
        &[
            field("lcp.opt.auth_protocol", "Protocol", bits(VALUE, 16), Show::Hex(4), AUTHENTICATION)
                .words(super::PPP_PROTOCOLS),
            field("lcp.opt.algorithm", "Algorithm", bits(32, 8), Show::Dec, "RFC 1994 §3").words(ALGORITHMS),
        ],
    ),
    kind(
        4,
        "lcp.opt.quality_protocol_bytes",
        "Quality",
        "RFC 1661 §6.3",
        &[
            field("lcp.opt.quality_protocol", "Protocol", bits(VALUE, 16), Show::Hex(4), "RFC 1661 §6.3")
                .words(super::PPP_PROTOCOLS),
            field("lcp.opt.reporting_period", "Reporting period", bits(32, 32), Show::Dec, "RFC 1989 §2"),
        ],
    ),
    kind(
        5,
        "lcp.opt.magic_number_bytes",
        "Magic number",
        "RFC 1661 §6.4",
        &[field("lcp.opt.magic_number", "Magic number", bits(VALUE, 32), Show::Hex(8), "RFC 1661 §6.4")],
    ),
    kind(7, "lcp.opt.field_compress", "Protocol compression", "RFC 1661 §6.5", &[]),
    kind(8, "lcp.opt.addr_field_compress", "Address compression", "RFC 1661 §6.6", &[]),
    kind(
        13,
        "lcp.opt.callback",
        "Callback",
        "RFC 1570 §2.3",
        &[
            field("lcp.opt.operation", "Operation", bits(VALUE, 8), Show::Dec, "RFC 1570 §2.3"),
            field("lcp.opt.message", "Message", rest(24), Show::Bytes, "RFC 1570 §2.3"),
        ],
    ),
    kind(
        17,
        "lcp.opt.multilink_mrru",
        "Reassembled unit",
        "RFC 1990 §5.1.1",
        &[field("lcp.opt.mrru", "Reassembled unit", bits(VALUE, 16), Show::Dec, "RFC 1990 §5.1.1")],
    ),
    kind(18, "lcp.opt.multilink_ssnh", "Short numbers", "RFC 1990 §5.1.2", &[]),
    kind(
        19,
        "lcp.opt.multilink_ep_disc",
        "Endpoint",
        "RFC 1990 §5.1.3",
        &[
            field("lcp.opt.ep_disc_class", "Class", bits(VALUE, 8), Show::Dec, "RFC 1990 §5.1.3"),
            field("lcp.opt.data", "Address", rest(24), Show::Bytes, "RFC 1990 §5.1.3"),
        ],
    ),
];
static IPCP_KINDS: [Kind; 8] = [
    kind(
        1,
        "ipcp.opt.addrs",
        "Addresses (old)",
        "RFC 1332 §3.1",
        &[
            field("ipcp.opt.src_address", "Own address", bits(VALUE, 32), Show::Ipv4, "RFC 1332 §3.1"),
            field("ipcp.opt.dst_address", "Peer's address", bits(48, 32), Show::Ipv4, "RFC 1332 §3.1"),
        ],
    ),
    COMPRESSION,
    kind(
        3,
        "ipcp.opt.addr",
        "Address",
        "RFC 1332 §3.3",
        &[field("ipcp.opt.ip_address", "Address", bits(VALUE, 32), Show::Ipv4, "RFC 1332 §3.3")],
    ),
    kind(
        4,
        "ipcp.opt.mobileipv4",
        "Home address",
        "RFC 2290 §2",
        &[field("ipcp.opt.mobilenodehomeaddress", "Home address", bits(VALUE, 32), Show::Ipv4, "RFC 2290 §2")],
    ),
    kind(
        129,
        "ipcp.opt.pri_dns",
        "Primary DNS",
        DNS,
        &[field("ipcp.opt.pri_dns_address", "Primary DNS", bits(VALUE, 32), Show::Ipv4, DNS)],
    ),
    kind(
        130,
        "ipcp.opt.pri_nbns",
        "Primary NBNS",
        DNS,
        &[field("ipcp.opt.pri_nbns_address", "Primary NBNS", bits(VALUE, 32), Show::Ipv4, DNS)],
    ),
    kind(
        131,
        "ipcp.opt.sec_dns",
        "Secondary DNS",
        DNS,
        &[field("ipcp.opt.sec_dns_address", "Secondary DNS", bits(VALUE, 32), Show::Ipv4, DNS)],
    ),
    kind(
        132,
        "ipcp.opt.sec_nbns",
        "Secondary NBNS",
        DNS,
        &[field("ipcp.opt.sec_nbns_address", "Secondary NBNS", bits(VALUE, 32), Show::Ipv4, DNS)],
    ),
];
/// Its parameters are those of van Jacobson's method (RFC 1144), by far the most common.
pub(super) const COMPRESSION: Kind = kind(
    2,
    "ipcp.opt.compress",
    "Compression",
    "RFC 1332 §3.2",
    &[
        field("ipcp.opt.compress_proto", "Protocol", bits(VALUE, 16), Show::Hex(4), "RFC 1332 §3.2")
            .words(super::PPP_PROTOCOLS),
        field("ipcp.opt.max_slot_id", "Largest slot", bits(32, 8), Show::Dec, "RFC 1332 §4"),
        field("ipcp.opt.comp_slot_id", "Slot compressed", bits(47, 1), Show::Flag, "RFC 1332 §4"),
    ],
);
static IPV6CP_KINDS: [Kind; 1] = [kind(
    1,
    "ipv6cp.opt.interface_identifier",
    "Interface identifier",
    "RFC 5072 §4.1",
    &[field("ipv6cp.interface_identifier", "Interface identifier", bits(VALUE, 64), Show::Bytes, "RFC 5072 §4.1")],
)];

const LCP_OPTIONS: Words = words![
    (1, "maximum receive unit"),
    (2, "async control character map"),
    (3, "authentication protocol"),
    (4, "quality protocol"),
    (5, "magic number"),
    (7, "protocol field compression"),
    (8, "address and control field compression"),
    (9, "check sequence alternatives"),
    (10, "self-describing padding"),
    (13, "callback"),
    (17, "multilink: maximum reconstructed unit"),
    (18, "multilink: short sequence numbers"),
    (19, "multilink: endpoint discriminator"),
    (23, "link discriminator"),
];
const IPCP_OPTIONS: Words = words![
    (1, "IP addresses (deprecated)"),
    (2, "IP compression protocol"),
    (3, "IP address"),
    (4, "mobile node's home address"),
    (129, "primary DNS server"),
    (130, "primary NBNS server"),
    (131, "secondary DNS server"),
    (132, "secondary NBNS server"),
];
const IPV6CP_OPTIONS: Words = words![(1, "interface identifier"), (2, "IPv6 compression protocol")];
const CCP_OPTIONS: Words = words![
    (0, "organization's own"),
    (1, "Predictor type 1"),
    (17, "Stac LZS"),
    (18, "Microsoft encryption or compression"),
    (21, "BSD LZW"),
    (26, "Deflate"),
];
const ALGORITHMS: Words = words![(5, "CHAP with MD5"), (128, "MS-CHAP"), (129, "MS-CHAP-2")];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    // IPv6CP's compression is IPCP's.
    let kinds = LCP_KINDS.iter().chain(&IPCP_KINDS).chain(&IPV6CP_KINDS);
    let options = [&LCP, &IPCP, &IPV6CP, &CCP].into_iter().flat_map(|protocol| &protocol.option);
    options.chain(kinds.flat_map(|kind| [&kind.whole].into_iter().chain(kind.value)))
}
