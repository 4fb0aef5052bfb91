//! IPv4, IPv6, ICMP and UDP fields → what they mean in this packet.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Look, Rule, Said, duration, say};
use crate::protocol::service;

pub(super) const RULES: &[(&str, Rule)] = &[
    ("ip.hdr_len", header_length),
    ("ip.len", total_length),
    ("ip.id", identification),
    ("ip.flags.df", dont_fragment),
    ("ip.flags.mf", more_fragments),
    ("ip.frag_offset", fragment_offset),
    ("ip.ttl", hops),
    ("ip.checksum", checksum),
    ("ip.src", ipv4),
    ("ip.dst", ipv4),
    ("arp.src.proto_ipv4", ipv4),
    ("arp.dst.proto_ipv4", ipv4),
    ("dns.a", ipv4),
    ("igmp.maddr", ipv4),
    ("dhcp.ip.client", ipv4),
    ("dhcp.option.router", ipv4),
    ("mpls.ttl", hops),
    ("ipv6.plen", payload_length),
    ("ipv6.flow", flow),
    ("ipv6.hlim", neighbours_hops),
    ("ipv6.src", ipv6),
    ("ipv6.dst", ipv6),
    ("ipv6.src", made_of_hardware_address),
    ("ipv6.dst", made_of_hardware_address),
    ("icmpv6.nd.ns.target_address", made_of_hardware_address),
    ("icmpv6.nd.na.target_address", made_of_hardware_address),
    ("dns.aaaa", ipv6),
    ("icmp.type", echo),
    ("icmp.type", quoted),
    ("icmp.code", reason),
    ("icmp.checksum", icmp_checksum),
    ("icmp.mtu", next_mtu),
    ("icmp.redir_gw", gateway),
    ("icmp.seq", echo_number),
    ("icmpv6.nd.ra.router_lifetime", router_lifetime),
    ("udp.length", udp_length),
    ("udp.checksum", udp_checksum),
    ("udp.srcport", port),
    ("udp.dstport", port),
    ("tcp.srcport", port),
    ("tcp.dstport", port),
];

const FIXED: u64 = 20;
const IPV6_FIXED: u64 = 40;

fn header_length(look: &Look) -> Option<Said> {
    let bytes = look.value()?;
    let said = if bytes > FIXED { say("header.options").with("options", bytes - FIXED) } else { say("header.plain") };
    Some(said.with("words", bytes / 4))
}

fn total_length(look: &Look) -> Option<Said> {
    let (total, header) = (look.value()?, look.of("ip.hdr_len")?);
    Some(say("ip.len.parts").with("header", header).with("payload", total.checked_sub(header)?))
}

/// Whether it is a part of a larger datagram.
fn is_fragment(look: &Look) -> Option<bool> {
    Some(look.of("ip.frag_offset")? > 0 || look.of("ip.flags.mf")? > 0)
}

/// RFC 6864 §4: the number matters only where a datagram may be in parts.
fn identification(look: &Look) -> Option<Said> {
    Some(match (is_fragment(look)?, look.of("ip.flags.df")?) {
        (true, _) => say("ip.id.fragment").with("id", &look.found.show),
        (false, 1) => say("ip.id.unused"),
        (false, _) => say("ip.id.whole"),
    })
}

fn dont_fragment(look: &Look) -> Option<Said> {
    let set = look.value()? == 1;
    Some(if set { say("ip.flags.df.set").with("bytes", look.of("ip.len")?) } else { say("ip.flags.df.clear") })
}

fn more_fragments(look: &Look) -> Option<Said> {
    Some(match (look.value()?, look.of("ip.frag_offset")?) {
        (1, _) => say("ip.flags.mf.more"),
        (_, 0) => say("ip.flags.mf.whole"),
        _ => say("ip.flags.mf.last"),
    })
}

fn fragment_offset(look: &Look) -> Option<Said> {
    let units = look.value()?;
    if !is_fragment(look)? {
        return None;
    }
    let bytes = look.of("ip.len")?.checked_sub(look.of("ip.hdr_len")?)?;
    let last = (units * 8 + bytes).checked_sub(1)?;
    Some(say("ip.frag_offset.part").with("units", units).with("first", units * 8).with("last", last))
}

/// Where systems begin to count down. Most hosts of the Internet are within 30 routers of each other.
const STARTS: [u64; 3] = [64, 128, 255];
const FAR: u64 = 30;

fn hops(look: &Look) -> Option<Said> {
    let left = look.value()?;
    let start = STARTS.into_iter().find(|start| *start >= left)?;
    let passed = start - left;
    Some(match left {
        0 | 1 if stays_on_link(look) => say("hops.link"),
        _ if passed == 0 => say("hops.fresh").with("start", start),
        _ if passed > FAR && left <= FAR => say("hops.few").with("left", left),
        _ => say("hops.passed").with("start", start).with("passed", passed),
    })
}

fn stays_on_link(look: &Look) -> bool {
    let v4 = look.text("ip.dst").and_then(|text| text.parse::<Ipv4Addr>().ok());
    let v6 = look.text("ipv6.dst").and_then(|text| text.parse::<Ipv6Addr>().ok());
    v4.is_some_and(|address| address.is_multicast()) || v6.is_some_and(|address| address.is_multicast())
}

fn checksum(look: &Look) -> Option<Said> {
    Some(say("ip.checksum.sum").with("words", look.of("ip.hdr_len")? / 2))
}

/// RFC 6890 and the registry of special-purpose addresses.
fn ipv4(look: &Look) -> Option<Said> {
    let address: Ipv4Addr = look.found.show.parse().ok()?;
    Some(match address.octets() {
        [0, 0, 0, 0] => say("address.unspecified"),
        [255, 255, 255, 255] => say("address.broadcast"),
        [10, ..] => say("address.private").with("block", "10.0.0.0/8"),
        [172, 16..=31, ..] => say("address.private").with("block", "172.16.0.0/12"),
        [192, 168, ..] => say("address.private").with("block", "192.168.0.0/16"),
        [127, ..] => say("address.loopback").with("block", "127.0.0.0/8"),
        [169, 254, ..] => say("address.link-local").with("block", "169.254.0.0/16"),
        [100, 64..=127, ..] => say("address.shared"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => say("address.documentation"),
        [224, 0, 0, _] => say("address.multicast-link").with("address", address),
        [224..=239, ..] => say("address.multicast").with("address", address),
        [240..=255, ..] => say("address.reserved"),
        _ => say("address.public"),
    })
}

fn payload_length(look: &Look) -> Option<Said> {
    let payload = look.value()?;
    Some(say("ipv6.plen.total").with("payload", payload).with("total", payload + IPV6_FIXED))
}

fn flow(look: &Look) -> Option<Said> {
    Some(say(if look.value()? == 0 { "ipv6.flow.none" } else { "ipv6.flow.label" }))
}

/// Neighbour discovery accepts only packets that no router can have passed on (RFC 4861 §11.2).
fn neighbours_hops(look: &Look) -> Option<Said> {
    let kind = look.inner(&["icmpv6"]).and_then(|layer| layer.get("icmpv6.type")).map(|found| found.show.as_str());
    let discovery = matches!(kind, Some("133" | "134" | "135" | "136" | "137"));
    if discovery && look.value()? == 255 { Some(say("ipv6.hlim.neighbour")) } else { hops(look) }
}

/// RFC 4291 §2.4 and RFC 4193; a group's scope is in its second byte's lower half (RFC 4291 §2.7).
fn ipv6(look: &Look) -> Option<Said> {
    let address: Ipv6Addr = look.found.show.parse().ok()?;
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => say("address.unspecified"),
        [0, 0, 0, 0, 0, 0, 0, 1] => say("address.loopback").with("block", "::1"),
        [0xff02, 0, 0, 0, 0, 0, 0, 1] => say("address.all-nodes"),
        [0xff02, 0, 0, 0, 0, 0, 0, 2] => say("address.all-routers"),
        [0xff02, 0, 0, 0, 0, 1, high, low] if high >> 8 == 0xff => {
            say("address.solicited").with("bits", format!("{:02x}:{low:04x}", high & 0xff))
        }
        [first, ..] if first & 0xff0f == 0xff02 => say("address.multicast-link").with("address", address),
        [first, ..] if first >> 8 == 0xff => say("address.multicast").with("address", address),
        [first, ..] if first & 0xffc0 == 0xfe80 => say("address.link-local").with("block", "fe80::/10"),
        [first, ..] if first & 0xfe00 == 0xfc00 => say("address.private").with("block", "fc00::/7"),
        [0x2001, 0xdb8, ..] => say("address.documentation"),
        [first, ..] if first >> 13 == 1 => say("address.public"),
        _ => say("address.reserved"),
    })
}

/// RFC 4291 appendix A: `ff:fe` in the middle, and the bit for "universal" turned over.
fn made_of_hardware_address(look: &Look) -> Option<Said> {
    let address: Ipv6Addr = look.found.show.parse().ok()?;
    let [.., a, b, c, 0xff, 0xfe, d, e, f] = address.octets() else { return None };
    let mac = [a ^ 2, b, c, d, e, f].map(|byte| format!("{byte:02x}")).join(":");
    (!address.is_multicast()).then(|| say("address.eui64").with("mac", mac))
}

fn echo(look: &Look) -> Option<Said> {
    let number = look.of("icmp.seq")?;
    let said = match look.value()? {
        8 => say("icmp.type.ask"),
        0 => say("icmp.type.answer"),
        _ => return None,
    };
    Some(said.with("number", number).with("data", look.layer.size.saturating_sub(8)))
}

/// Errors quote the packet that they are about (RFC 792).
fn quoted(look: &Look) -> Option<Said> {
    let inside = look.inner(&["ip"])?;
    let (source, destination) = (inside.get("ip.src")?, inside.get("ip.dst")?);
    Some(say("icmp.type.about").with("source", &source.show).with("destination", &destination.show))
}

fn reason(look: &Look) -> Option<Said> {
    let router = || Some(&look.outer(&["ip"])?.get("ip.src")?.show);
    let inside = look.inner(&["ip"])?;
    let destination = &inside.get("ip.dst")?.show;
    Some(match (look.of("icmp.type")?, look.value()?) {
        (3, 3) => {
            let transport = look.inner(&["udp", "tcp"])?;
            let port = &transport.get(&format!("{}.dstport", transport.protocol))?.show;
            let protocol = transport.protocol.to_ascii_uppercase();
            say("icmp.code.port").with("protocol", protocol).with("port", port).with("destination", destination)
        }
        (3, 0 | 1) => say("icmp.code.route").with("router", router()?).with("destination", destination),
        (3, 4) => say("icmp.code.size").with("router", router()?).with("bytes", &inside.get("ip.len")?.show),
        (11, 0) => say("icmp.code.expired").with("router", router()?),
        (11, 1) => say("icmp.code.reassembly").with("router", router()?),
        _ => return None,
    })
}

fn icmp_checksum(look: &Look) -> Option<Said> {
    Some(say("icmp.checksum.covers").with("bytes", look.layer.size))
}

fn next_mtu(look: &Look) -> Option<Said> {
    let bytes = look.inner(&["ip"])?.get("ip.len")?;
    Some(say("icmp.mtu.next").with("mtu", look.value()?).with("bytes", &bytes.show))
}

fn gateway(look: &Look) -> Option<Said> {
    let destination = look.inner(&["ip"])?.get("ip.dst")?;
    Some(say("icmp.redir_gw.use").with("gateway", &look.found.show).with("destination", &destination.show))
}

fn echo_number(look: &Look) -> Option<Said> {
    let number = look.value()?;
    Some(say("icmp.seq.pair").with("number", number))
}

fn router_lifetime(look: &Look) -> Option<Said> {
    Some(match look.value()? {
        0 => say("icmpv6.nd.ra.router_lifetime.none"),
        seconds => say("icmpv6.nd.ra.router_lifetime.time").with("time", duration(seconds)),
    })
}

fn udp_length(look: &Look) -> Option<Said> {
    Some(say("udp.length.parts").with("data", look.value()?.checked_sub(8)?))
}

fn udp_checksum(look: &Look) -> Option<Said> {
    Some(match look.value()? {
        0 => say("udp.checksum.none"),
        _ => say("udp.checksum.covers").with("bytes", look.of("udp.length")?),
    })
}

/// RFC 6335 §6; Linux and others take ports for clients from lower numbers than the RFC's range.
fn port(look: &Look) -> Option<Said> {
    let port = u16::try_from(look.value()?).ok()?;
    let name = service(look.layer.protocol, port);
    Some(match port {
        0 => say("port.none"),
        _ if !name.is_empty() => say("port.service").with("name", name),
        1..1024 => say("port.system"),
        1024..32768 => say("port.user"),
        _ => say("port.dynamic"),
    })
}
