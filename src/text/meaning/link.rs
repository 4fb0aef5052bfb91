//! Hardware addresses, tags and ARP → what they mean in this frame.

use super::{Look, Rule, Said, say};

pub(super) const RULES: &[(&str, Rule)] = &[
    ("eth.dst", mac),
    ("eth.src", mac),
    ("sll.src.eth", mac),
    ("arp.src.hw_mac", mac),
    ("arp.dst.hw_mac", mac),
    ("dhcp.hw.mac_addr", mac),
    ("eth.padding", padding),
    ("eth.trailer", trailer),
    ("vlan.id", vlan),
    ("arp.opcode", arp),
];

/// IEEE 802 addresses: the lowest bits of the first byte say group and local (RFC 9542 §2.1).
fn mac(look: &Look) -> Option<Said> {
    const GROUP: u8 = 1;
    const LOCAL: u8 = 2;
    let bytes: Vec<u8> = look.found.show.split(':').filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
    let group = || look.inner(&["ip", "ipv6"]).and_then(|ip| ip.get("ip.dst").or(ip.get("ipv6.dst")));
    Some(match *bytes.first_chunk::<6>()? {
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => say("mac.broadcast"),
        [0, 0, 0, 0, 0, 0] => say("mac.zero"),
        [0x01, 0x00, 0x5e, high, ..] if high < 0x80 => match group() {
            Some(group) => say("mac.ipv4-group").with("group", &group.show),
            None => say("mac.group"),
        },
        [0x33, 0x33, ..] => match group() {
            Some(group) => say("mac.ipv6-group").with("group", &group.show),
            None => say("mac.group"),
        },
        [0x01, 0x80, 0xc2, 0x00, 0x00, low] if low < 0x10 => say("mac.bridge"),
        [first, ..] if first & GROUP != 0 => say("mac.group"),
        [first, ..] if first & LOCAL != 0 => say("mac.local"),
        [a, b, c, ..] => say("mac.vendor").with("block", format!("{a:02x}:{b:02x}:{c:02x}")),
    })
}

fn padding(look: &Look) -> Option<Said> {
    Some(say("eth.padding.fill").with("bytes", look.found.at.len / 8))
}

fn trailer(look: &Look) -> Option<Said> {
    Some(say("eth.trailer.extra").with("bytes", look.found.at.len / 8))
}

fn vlan(look: &Look) -> Option<Said> {
    match look.value()? {
        0 => Some(say("vlan.id.none")),
        1 => Some(say("vlan.id.default")),
        4095 => Some(say("vlan.id.reserved")),
        _ => None,
    }
}

/// RFC 826; a probe and an announcement are RFC 5227 §1.1.
fn arp(look: &Look) -> Option<Said> {
    let (sender, target) = (look.text("arp.src.proto_ipv4")?, look.text("arp.dst.proto_ipv4")?);
    let said = match look.value()? {
        _ if sender == target => say("arp.opcode.announce"),
        1 if sender == "0.0.0.0" => say("arp.opcode.probe"),
        1 => say("arp.opcode.ask"),
        2 => say("arp.opcode.answer").with("mac", look.text("arp.src.hw_mac")?),
        _ => return None,
    };
    Some(said.with("sender", sender).with("target", target))
}
