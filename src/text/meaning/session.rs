//! DHCP and TLS fields → what they mean in this message.

use super::{Look, Rule, Said, duration, say};

pub(super) const RULES: &[(&str, Rule)] = &[
    ("dhcp.id", transaction),
    ("dhcp.flags.bc", broadcast),
    ("dhcp.ip.your", offered),
    ("dhcp.ip.relay", relay),
    ("dhcp.option.subnet_mask", mask),
    ("dhcp.option.ip_address_lease_time", lease),
    ("dhcp.option.renewal_time_value", renewal),
    ("dhcp.option.rebinding_time_value", rebinding),
    ("tls.record.version", record_version),
    ("tls.record.length", record_length),
    ("tls.handshake.version", handshake_version),
    ("tls.handshake.ciphersuite", offered_suite),
    ("tls.handshake.extensions_server_name", server_name),
    ("tls.handshake.extensions_alpn_str", application),
    ("tls.handshake.session_ticket_lifetime_hint", ticket),
];

fn transaction(look: &Look) -> Option<Said> {
    Some(say("dhcp.id.pair").with("id", &look.found.show))
}

fn broadcast(look: &Look) -> Option<Said> {
    Some(say(if look.value()? == 1 { "dhcp.flags.bc.set" } else { "dhcp.flags.bc.clear" }))
}

fn offered(look: &Look) -> Option<Said> {
    Some(match (look.found.show.as_str(), look.of("dhcp.option.dhcp")?) {
        ("0.0.0.0", _) => say("dhcp.ip.your.none"),
        (address, 2) => say("dhcp.ip.your.offer").with("address", address),
        (address, 5) => say("dhcp.ip.your.given").with("address", address),
        _ => return None,
    })
}

fn relay(look: &Look) -> Option<Said> {
    Some(match look.found.show.as_str() {
        "0.0.0.0" => say("dhcp.ip.relay.none"),
        address => say("dhcp.ip.relay.through").with("address", address),
    })
}

/// A mask of ones in front has a length, and leaves the rest of the bits for hosts.
fn mask(look: &Look) -> Option<Said> {
    let bits = look.found.show.parse::<std::net::Ipv4Addr>().ok()?.to_bits();
    let length = bits.leading_ones();
    let hosts = (1u64 << (32 - length)).saturating_sub(2);
    (bits.count_ones() == length).then(|| say("dhcp.option.mask").with("length", length).with("hosts", hosts))
}

fn lease(look: &Look) -> Option<Said> {
    Some(match look.value()? {
        0xffff_ffff => say("dhcp.option.lease.forever"),
        seconds => say("dhcp.option.lease.time").with("time", duration(seconds)),
    })
}

fn renewal(look: &Look) -> Option<Said> {
    Some(say("dhcp.option.renewal.time").with("time", duration(look.value()?)))
}

fn rebinding(look: &Look) -> Option<Said> {
    Some(say("dhcp.option.rebinding.time").with("time", duration(look.value()?)))
}

/// TLS 1.3 writes old numbers where old middleboxes look (RFC 8446 §4.1.2, §5.1).
const TLS_1_2: u64 = 0x0303;

/// Whether the message says by an extension which version it is about.
fn says_version(look: &Look) -> bool {
    look.layer.get("tls.handshake.extensions.supported_version").is_some()
}

fn record_version(look: &Look) -> Option<Said> {
    match look.value()? {
        0x0301 if look.of("tls.handshake.type") == Some(1) => Some(say("tls.record.version.first")),
        TLS_1_2 if says_version(look) => Some(say("tls.record.version.frozen")),
        _ => None,
    }
}

fn handshake_version(look: &Look) -> Option<Said> {
    (look.value()? == TLS_1_2 && says_version(look)).then(|| say("tls.handshake.version.frozen"))
}

fn record_length(look: &Look) -> Option<Said> {
    Some(say("tls.record.length.bytes").with("bytes", look.value()?))
}

fn offered_suite(look: &Look) -> Option<Said> {
    match look.of("tls.handshake.type")? {
        // The list of a ClientHello is in the order in which the client likes them.
        1 => Some(say("tls.handshake.ciphersuite.offer")),
        2 => Some(say("tls.handshake.ciphersuite.choice")),
        _ => None,
    }
}

fn server_name(look: &Look) -> Option<Said> {
    Some(say("tls.handshake.sni.clear").with("name", &look.found.show))
}

fn application(look: &Look) -> Option<Said> {
    let name = match look.found.show.as_str() {
        "h2" => "HTTP/2",
        "h3" => "HTTP/3",
        "http/1.1" => "HTTP/1.1",
        _ => return None,
    };
    Some(say("tls.handshake.alpn.means").with("protocol", name))
}

fn ticket(look: &Look) -> Option<Said> {
    Some(say("tls.handshake.ticket.time").with("time", duration(look.value()?)))
}
