//! DHCP options that have an inner form → their parts: identifiers, routes, names, and what a relay agent adds.

use super::dns_name;
use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::{Header, colons};
use super::names::HARDWARE;

static TIME_OFFSET: Field = field("dhcp.option.time_offset", "Time offset (s)", COMPUTED, Show::Dec, "RFC 2132 §3.4");
static VENDOR: Field = field("dhcp.option.vendor.value", "Vendor's value", COMPUTED, Show::Bytes, "RFC 2132 §8.4");
static SEARCH: Field =
    field("dhcp.option.dhcp_dns_domain_search_list_fqdn", "Search domain", COMPUTED, Show::Text, "RFC 3397 §2");
static ROUTE: Field = field("dhcp.option.classless_static_route", "Route", COMPUTED, Show::Bytes, "RFC 3442 §1");
static UUID: Field = field("dhcp.client_id.uuid", "Machine identifier", COMPUTED, Show::Text, "RFC 4578 §2.3");

/// Pairs of addresses: a destination and its router or mask.
static PAIRS: [[Field; 2]; 2] = [
    [
        field("dhcp.option.policy_filter.ip", "Destination", bits(0, 32), Show::Ipv4, "RFC 2132 §4.3"),
        field("dhcp.option.policy_filter.subnet_mask", "Subnet mask", bits(32, 32), Show::Ipv4, "RFC 2132 §4.3"),
    ],
    [
        field("dhcp.option.static_route.ip", "Destination", bits(0, 32), Show::Ipv4, "RFC 2132 §5.8"),
        field("dhcp.option.static_route.router", "Router", bits(32, 32), Show::Ipv4, "RFC 2132 §5.8"),
    ],
];

const FQDN_SPEC: &str = "RFC 4702 §2";
static FQDN: [Field; 3] = [
    field("dhcp.fqdn.flags", "Flags", bits(0, 8), Show::Hex(2), FQDN_SPEC),
    field("dhcp.fqdn.rcode1", "A record result", bits(8, 8), Show::Dec, FQDN_SPEC),
    field("dhcp.fqdn.rcode2", "PTR record result", bits(16, 8), Show::Dec, FQDN_SPEC),
];
static FQDN_FLAGS: [Field; 5] = [
    field("dhcp.fqdn.mbz", "Reserved", bits(0, 4), Show::Hex(2), FQDN_SPEC),
    field("dhcp.fqdn.n", "No update by the server", bits(4, 1), Show::Flag, FQDN_SPEC),
    field("dhcp.fqdn.e", "Encoding", bits(5, 1), Show::Flag, FQDN_SPEC)
        .words(words![(0, "text"), (1, "DNS wire format")]),
    field("dhcp.fqdn.o", "Server overrides", bits(6, 1), Show::Flag, FQDN_SPEC),
    field("dhcp.fqdn.s", "Server updates A", bits(7, 1), Show::Flag, FQDN_SPEC),
];
static FQDN_NAME: Field = field("dhcp.fqdn.name", "Client name", COMPUTED, Show::Text, FQDN_SPEC);

static HARDWARE_TYPE: Field =
    field("dhcp.hw.type", "Hardware type", COMPUTED, Show::Hex(2), "RFC 2132 §9.14").words(HARDWARE);
static MAC: Field = field("dhcp.hw.mac_addr", "Client MAC address", COMPUTED, Show::Mac, "RFC 2132 §9.14");
static HARDWARE_ADDRESS: Field =
    field("dhcp.client_hardware_address", "Hardware address", COMPUTED, Show::Text, "RFC 2132 §9.14");
static KIND: Field = field("dhcp.client_id.type", "Identifier type", COMPUTED, Show::Dec, "RFC 2132 §9.14");
static NAMED: Field = field("dhcp.client_id.undef", "Identifier", COMPUTED, Show::Text, "RFC 2132 §9.14");
static INTERFACE: Field = field("dhcp.client_id.iaid", "Interface number", COMPUTED, Show::Text, "RFC 4361 §6.1");
static DUID: Field = field("dhcp.client_id.duid_type", "DUID type", COMPUTED, Show::Dec, "RFC 8415 §11.1").words(DUIDS);
static DUID_LLT: Field =
    field("dhcp.client_id.duid_llt_hw_type", "Hardware type", COMPUTED, Show::Dec, "RFC 8415 §11.2").words(HARDWARE);
static DUID_LL: Field =
    field("dhcp.client_id.duid_ll_hw_type", "Hardware type", COMPUTED, Show::Dec, "RFC 8415 §11.4").words(HARDWARE);
static DUID_TIME: Field = field("dhcp.client_id.time", "Time (s since 2000)", COMPUTED, Show::Dec, "RFC 8415 §11.2");
static DUID_ADDRESS: Field =
    field("dhcp.client_id.link_layer_address", "Link-layer address", COMPUTED, Show::Text, "RFC 8415 §11.2");
static DUID_VENDOR: Field =
    field("dhcp.client_id.enterprise_num", "Enterprise number", COMPUTED, Show::Dec, "RFC 8415 §11.3");
static DUID_IDENTIFIER: Field = field("dhcp.client_id", "Identifier", COMPUTED, Show::Bytes, "RFC 8415 §11.3");

static CLASS: Field = field("dhcp.option.user_class", "User class", COMPUTED, Show::Dec, "RFC 3004 §4");
static CLASS_LENGTH: Field = field("dhcp.option.user_class.length", "Length", COMPUTED, Show::Dec, "RFC 3004 §4");
static CLASS_DATA: Field = field("dhcp.option.user_class.data", "Class", COMPUTED, Show::Bytes, "RFC 3004 §4");
static NETWORK_INTERFACE: [Field; 2] = [
    field("dhcp.client_network_id_major", "UNDI major version", bits(8, 8), Show::Dec, "RFC 4578 §2.2"),
    field("dhcp.client_network_id_minor", "UNDI minor version", bits(16, 8), Show::Dec, "RFC 4578 §2.2"),
];
static VENDOR_CLASS: [Field; 2] = [
    field("dhcp.option.vi_class.enterprise", "Enterprise number", bits(0, 32), Show::Dec, "RFC 3925 §3"),
    field("dhcp.option.vi_class.length", "Length", bits(32, 8), Show::Dec, "RFC 3925 §3"),
];
static VENDOR_CLASS_DATA: Field =
    field("dhcp.option.vi_class.data", "Vendor class", COMPUTED, Show::Text, "RFC 3925 §3");
static VENDOR_INFORMATION: [Field; 2] = [
    field("dhcp.option.vi.enterprise", "Enterprise number", bits(0, 32), Show::Dec, "RFC 3925 §4"),
    field("dhcp.option.vi.length", "Length", bits(32, 8), Show::Dec, "RFC 3925 §4"),
];
static RAPID: [Field; 4] = [
    field("dhcp.option.6RD.ipv4_mask_len", "IPv4 mask length", bits(0, 8), Show::Dec, "RFC 5969 §7.1.1"),
    field("dhcp.option.6RD.prefix_len", "6rd prefix length", bits(8, 8), Show::Dec, "RFC 5969 §7.1.1"),
    field("dhcp.option.6RD.prefix", "6rd prefix", bits(16, 128), Show::Ipv6, "RFC 5969 §7.1.1"),
    field("dhcp.option.6RD.border_relay_ip", "Border relay", bits(144, 32), Show::Ipv4, "RFC 5969 §7.1.1"),
];

const DUIDS: Words =
    words![(1, "link-layer address plus time"), (2, "by enterprise number"), (3, "link-layer address"), (4, "UUID")];

const RELAY_SPEC: &str = "RFC 3046 §2.0";
static RELAYED: Field =
    field("dhcp.option.agent_information_option.suboption", "Relay suboption", COMPUTED, Show::Dec, RELAY_SPEC)
        .words(SUBOPTIONS);
static RELAYED_LENGTH: Field = field("dhcp.option.suboption_length", "Length", COMPUTED, Show::Dec, RELAY_SPEC);
static RELAYED_VALUE: Field =
    field("dhcp.option.agent_information_option.value", "Value", COMPUTED, Show::Bytes, RELAY_SPEC);
/// A relay's suboptions whose value is one thing; the row's bits are its size, none where it is as long as it is.
static RELAY: [(u8, Field); 7] = [
    (1, relay("dhcp.option.agent_information_option.agent_circuit_id", "Circuit ID", 0, Show::Bytes, "RFC 3046 §3.1")),
    (2, relay("dhcp.option.agent_information_option.agent_remote_id", "Remote ID", 0, Show::Bytes, "RFC 3046 §3.2")),
    (5, relay("dhcp.option.agent_information_option.link_selection", "Link selection", 32, Show::Ipv4, "RFC 3527 §3")),
    (6, relay("dhcp.option.agent_information_option.subscriber_id", "Subscriber ID", 0, Show::Text, "RFC 3993 §3")),
    (10, relay("dhcp.option.agent_information_option.flags", "Flags", 8, Show::Hex(2), "RFC 5010 §3")),
    (11, relay("dhcp.option.agent_information_option.server_id_override", "Server ID", 32, Show::Ipv4, "RFC 5107 §4")),
    (12, relay("dhcp.option.agent_information_option.relay_agent_id", "Relay ID", 0, Show::Bytes, "RFC 6925 §5")),
];

const SUBOPTIONS: Words = words![
    (1, "circuit"),
    (2, "remote end"),
    (4, "DOCSIS device class"),
    (5, "link selection"),
    (6, "subscriber"),
    (7, "RADIUS attributes"),
    (8, "authentication"),
    (9, "vendor information"),
    (10, "flags"),
    (11, "server override"),
    (12, "relay identifier"),
    (19, "source port"),
    (151, "virtual subnet"),
];

const fn relay(key: &'static str, name: &'static str, len: u32, show: Show, source: &'static str) -> Field {
    field(key, name, bits(0, len), show, source)
}

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let single = [
        &TIME_OFFSET,
        &VENDOR,
        &SEARCH,
        &ROUTE,
        &UUID,
        &FQDN_NAME,
        &HARDWARE_TYPE,
        &MAC,
        &HARDWARE_ADDRESS,
        &KIND,
        &NAMED,
        &INTERFACE,
        &DUID,
        &DUID_LLT,
        &DUID_LL,
        &DUID_TIME,
        &DUID_ADDRESS,
        &DUID_VENDOR,
        &DUID_IDENTIFIER,
        &CLASS,
        &CLASS_LENGTH,
        &CLASS_DATA,
        &VENDOR_CLASS_DATA,
        &RELAYED,
        &RELAYED_LENGTH,
        &RELAYED_VALUE,
    ];
    let tables = FQDN.iter().chain(&FQDN_FLAGS).chain(&NETWORK_INTERFACE).chain(&VENDOR_CLASS);
    let tables = tables.chain(&VENDOR_INFORMATION).chain(&RAPID).chain(PAIRS.iter().flatten());
    single.into_iter().chain(tables).chain(RELAY.iter().map(|(_, row)| row))
}

/// Whether the option has an inner form; its `len` bytes at an offset, which are there, are read if so.
pub(super) fn decode(header: &mut Header, kind: u8, at: usize, len: usize, depth: u8) -> bool {
    match kind {
        2 if len == 4 => {
            let seconds = header.u32(at).unwrap_or(0).cast_signed();
            header.put(&TIME_OFFSET, bits(at as u32 * 8, 32), seconds.to_string(), String::new(), depth);
        }
        21 if len >= 8 => repeat(header, &PAIRS[0], at, len, depth),
        33 if len >= 8 => repeat(header, &PAIRS[1], at, len, depth),
        43 if len > 0 => drop(header.at(&VENDOR, at, len, depth)),
        61 if len > 1 => drop(identifier(header, at, len, depth)),
        77 if len > 1 => drop(classes(header, at, len, depth)),
        81 if len > 2 => drop(fqdn(header, at, len, depth)),
        82 => drop(relayed(header, at, len, depth)),
        94 if len == 3 => repeat(header, &NETWORK_INTERFACE, at, len, depth),
        97 if len == 17 => uuid(header, at + 1, depth),
        119 if len > 0 => drop(search(header, at, len, depth)),
        121 | 249 if len > 4 => drop(routes(header, at, len, depth)),
        124 if len > 5 => {
            repeat(header, &VENDOR_CLASS, at, 5, depth);
            header.text(&VENDOR_CLASS_DATA, at + 5, len - 5, depth);
        }
        125 if len > 5 => {
            header.within(&VENDOR_INFORMATION[0], at, depth);
            header.within(&VENDOR_INFORMATION[1], at, depth + 1);
        }
        212 if len >= 22 => repeat(header, &RAPID, at, 22, depth),
        _ => return false,
    }
    true
}

/// Reads the rows, which count from the offset, again and again as long as there are bytes for all of them.
fn repeat(header: &mut Header, rows: &'static [Field], at: usize, len: usize, depth: u8) {
    let size = rows.last().map_or(0, |row| (row.bits.pos + row.bits.len) as usize / 8).max(1);
    for start in (at..=(at + len).saturating_sub(size)).step_by(size) {
        for row in rows {
            header.within(row, start, depth);
        }
    }
}

/// RFC 2132 §9.14: a hardware type and an address, or something else; since RFC 4361 a DUID behind 255.
fn identifier(header: &mut Header, at: usize, len: usize, depth: u8) -> Option<()> {
    match (header.u8(at)?, len) {
        (1, 7) => {
            header.at(&HARDWARE_TYPE, at, 1, depth)?;
            header.at(&MAC, at + 1, 6, depth)?;
        }
        (1..48, 2..) => {
            header.at(&HARDWARE_TYPE, at, 1, depth)?;
            let address = colons(header.bytes(at + 1, len - 1)?);
            let place = bits((at as u32 + 1) * 8, (len as u32 - 1) * 8);
            header.put(&HARDWARE_ADDRESS, place, address, String::new(), depth);
        }
        (255, 7..) => {
            let interface = format!("{:08x}", header.u32(at + 1)?);
            header.put(&INTERFACE, bits((at as u32 + 1) * 8, 32), interface, String::new(), depth);
            duid(header, at + 5, len - 5, depth)?;
        }
        _ => {
            header.at(&KIND, at, 1, depth)?;
            header.text(&NAMED, at + 1, len - 1, depth)?;
        }
    }
    Some(())
}

fn duid(header: &mut Header, at: usize, len: usize, depth: u8) -> Option<()> {
    let (rest, address) = match (header.at(&DUID, at, 2, depth)?, len) {
        (1, 9..) => {
            header.at(&DUID_LLT, at + 2, 2, depth)?;
            header.at(&DUID_TIME, at + 4, 4, depth)?;
            (8, true)
        }
        (2, 7..) => {
            header.at(&DUID_VENDOR, at + 2, 4, depth)?;
            (6, false)
        }
        (3, 5..) => {
            header.at(&DUID_LL, at + 2, 2, depth)?;
            (4, true)
        }
        _ => return None,
    };
    let place = bits((at + rest) as u32 * 8, (len - rest) as u32 * 8);
    let show = colons(header.bytes(at + rest, len - rest)?);
    header.put(if address { &DUID_ADDRESS } else { &DUID_IDENTIFIER }, place, show, String::new(), depth);
    Some(())
}

fn classes(header: &mut Header, from: usize, len: usize, depth: u8) -> Option<()> {
    let mut at = from;
    for number in 0_usize.. {
        let size = usize::from(header.u8(at)?);
        if at + 1 + size > from + len {
            header.claims(&CLASS_LENGTH, at + 1, size);
            return None;
        }
        header.put(&CLASS, bits(at as u32 * 8, (1 + size) as u32 * 8), number.to_string(), String::new(), depth);
        header.at(&CLASS_LENGTH, at, 1, depth + 1)?;
        header.at(&CLASS_DATA, at + 1, size, depth + 1)?;
        at += 1 + size;
        if at >= from + len {
            break;
        }
    }
    Some(())
}

fn fqdn(header: &mut Header, at: usize, len: usize, depth: u8) -> Option<()> {
    let [flags, results @ ..] = &FQDN;
    let wire = header.within(flags, at, depth)? & 4 != 0;
    for flag in &FQDN_FLAGS {
        header.within(flag, at, depth + 1)?;
    }
    for row in results {
        header.within(row, at, depth)?;
    }
    let size = len - 3;
    if size == 0 {
        return Some(());
    }
    if !wire {
        return header.text(&FQDN_NAME, at + 3, size, depth);
    }
    // A client may send the name without its end (RFC 4702 §2.3.1).
    let mut encoded = header.bytes(at + 3, size)?.to_vec();
    encoded.push(0);
    let name = dns_name::read(&encoded, 0)?;
    header.put(&FQDN_NAME, bits((at as u32 + 3) * 8, size as u32 * 8), name.text, String::new(), depth);
    Some(())
}

/// Names, whose compression pointers count from the option's first byte.
fn search(header: &mut Header, from: usize, len: usize, depth: u8) -> Option<()> {
    let encoded = header.bytes(from, len)?;
    let mut at = 0;
    while at < len {
        let Some(name) = dns_name::read(encoded, at) else {
            header.refuse(&SEARCH, from + at, "The name runs out of the option or points in a circle.");
            return None;
        };
        header.put(&SEARCH, bits((from + at) as u32 * 8, name.size as u32 * 8), name.text, String::new(), depth);
        at += name.size;
    }
    Some(())
}

/// A mask's width, as many bytes of the destination as it needs, and the router.
fn routes(header: &mut Header, from: usize, len: usize, depth: u8) -> Option<()> {
    let mut at = from;
    while at < from + len {
        let width = header.u8(at)?;
        let significant = usize::from(width.div_ceil(8));
        let size = 1 + significant + 4;
        if width > 32 || at + size > from + len {
            header.refuse(&ROUTE, at, "The route does not fit into its option.");
            return None;
        }
        let route = header.bytes(at, size)?;
        let mut address = [0; 4];
        for (to, from) in address.iter_mut().take(significant).zip(route.iter().skip(1)) {
            *to = *from;
        }
        let router: [u8; 4] = *route.last_chunk()?;
        let (network, router) = (std::net::Ipv4Addr::from(address), std::net::Ipv4Addr::from(router));
        header.at(&ROUTE, at, size, depth)?;
        header.means(format!("{network}/{width} by way of {router}"));
        at += size;
    }
    Some(())
}

/// What relay agents add on the way to the server, and the server repeats (RFC 3046).
fn relayed(header: &mut Header, from: usize, len: usize, depth: u8) -> Option<()> {
    let mut at = from;
    while at + 2 <= from + len {
        let (kind, size) = (header.u8(at)?, usize::from(header.u8(at + 1)?));
        let there = size.min(from + len - at - 2);
        let place = bits(at as u32 * 8, (2 + there) as u32 * 8);
        header.put(&RELAYED, place, kind.to_string(), RELAYED.word(kind.into()).into(), depth);
        header.at(&RELAYED_LENGTH, at + 1, 1, depth + 1)?;
        if there < size {
            header.refuse(&RELAYED_LENGTH, at + 1, "The suboption is longer than what is left of its option.");
            return None;
        }
        let row = RELAY.iter().find(|(code, _)| *code == kind).map(|(_, row)| row);
        match row {
            Some(row) if row.show == Show::Text => header.text(row, at + 2, size, depth + 1)?,
            Some(row) if row.bits.len == 0 || row.bits.len as usize == size * 8 => {
                header.at(row, at + 2, size, depth + 1)?;
            }
            _ if size > 0 => drop(header.at(&RELAYED_VALUE, at + 2, size, depth + 1)),
            _ => {}
        }
        at += 2 + size;
    }
    Some(())
}

/// The first three parts of a UUID are little-endian here.
fn uuid(header: &mut Header, at: usize, depth: u8) {
    let Some([a, b, c, d, e, f, g, h, rest @ ..]) = header.array::<16>(at) else { return };
    let [i, j, k, l, m, n, o, p] = rest;
    let head = format!(
        "{:08x}-{:04x}-{:04x}",
        u32::from_le_bytes([a, b, c, d]),
        u16::from_le_bytes([e, f]),
        u16::from_le_bytes([g, h])
    );
    let tail = format!("{i:02x}{j:02x}-{k:02x}{l:02x}{m:02x}{n:02x}{o:02x}{p:02x}");
    header.put(&UUID, bits(at as u32 * 8, 128), format!("{head}-{tail}"), String::new(), depth);
}
