//! tshark's list of fields → which protocol each belongs to, and which of them count as shown.

use std::collections::{BTreeSet, HashMap};
use std::process::Stdio;

use packet_theater::protocol;

use super::pdml::{self, Element};
use crate::root;

/// tshark's names of the protocols that Packet Theater means to take apart; coverage is measured over these.
const LISTED: &[&str] = &[
    "eth",
    "llc",
    "vlan",
    "ieee8021ad",
    "sll",
    "null",
    "ppp",
    "pppoe",
    "pppoed",
    "pppoes",
    "wlan",
    "radiotap",
    "eapol",
    "eap",
    "wlan_rsna_eapol",
    "mpls",
    "stp",
    "lldp",
    "slow",
    "lacp",
    "arp",
    "ip",
    "ipv6",
    "ipv6.hopopts",
    "ipv6.routing",
    "ipv6.fraghdr",
    "ipv6.dstopts",
    "ah",
    "esp",
    "icmp",
    "icmpv6",
    "igmp",
    "gre",
    "vxlan",
    "geneve",
    "udp",
    "tcp",
    "mptcp",
    "sctp",
    "dns",
    "mdns",
    "llmnr",
    "dhcp",
    "dhcpv6",
    "ntp",
    "tftp",
    "echo",
    "daytime",
    "chargen",
    "http",
    "telnet",
    "ftp",
    "ftp-data",
    "smtp",
    "ssh",
    "tls",
    "quic",
    "ssdp",
    "sip",
    "mqtt",
    "nbns",
    "syslog",
    "wg",
    "stun",
    "data",
];

/// What the command prints of the rule below.
pub const RULE: &str = "\
Coverage counts pairs of a packet and a field that tshark shows in it, for the fields that tshark registers for a listed
protocol. Not counted: what tshark's window hides; a field that repeats the one around it (eth.addr in eth.dst);
text without a key; tshark's remarks and analyses (_ws.*, *.analysis*); what it looks up or computes from other packets
(*_resolved, numbers of other frames, times between packets, frame.*). Lists of layers end, for both sides, at the first
protocol of tshark's that is not supported here: what lies inside it cannot be compared.";

pub struct Scope {
    /// Keys of our tables.
    known: BTreeSet<&'static str>,
    /// tshark's key → the protocol it is registered for, and whether fields of its type say something of other packets.
    registered: HashMap<String, (String, bool)>,
}

impl Scope {
    pub fn ask() -> Result<Scope, String> {
        let text = listing()?;
        let registered = text.lines().filter_map(registered).collect();
        Ok(Scope { known: protocol::fields().map(|field| field.key).collect(), registered })
    }

    pub fn knows(&self, key: &str) -> bool {
        self.known.contains(key)
    }

    /// Keys of ours that tshark does not have.
    pub fn invented(&self) -> Vec<&'static str> {
        self.known.iter().filter(|key| !self.registered.contains_key(**key)).copied().collect()
    }

    /// The protocol that a field belongs to, under whichever protocol's heading it is shown.
    pub fn protocol<'a>(&'a self, key: &'a str) -> &'a str {
        match self.registered.get(key) {
            Some((protocol, _)) => protocol,
            None => key.split('.').next().unwrap_or(key),
        }
    }

    /// Whether tshark shows this field in the sense of [`RULE`].
    pub fn counts(&self, element: &Element) -> bool {
        let key = element.key.as_str();
        let Some((protocol, elsewhere)) = self.registered.get(key) else { return false };
        let repeated = element.hidden || element.alias || key.ends_with("_resolved");
        let remark = element.remark || key.starts_with("frame.") || key.contains(".analysis");
        // A time or a frame number that lies on the wire (none does today) would have bytes.
        let elsewhere = *elsewhere && element.size == 0;
        !repeated && !remark && !elsewhere && LISTED.contains(&protocol.as_str())
    }

    /// Protocols whose layers both sides must name: the listed ones that a table of ours speaks of.
    pub fn supported(&self) -> BTreeSet<&str> {
        let mut supported: BTreeSet<&str> = self.known.iter().map(|key| self.protocol(key)).collect();
        supported.retain(|protocol| LISTED.contains(protocol) && *protocol != "data");
        supported
    }

    /// Whether such a layer may be compared at all: bare data is what each side calls whatever it does not know.
    pub fn is_listed_layer(protocol: &str) -> bool {
        protocol != "data" && LISTED.contains(&protocol)
    }
}

/// `tshark -G fields`, which takes it seconds and changes only with its version: it is kept under `target/`.
fn listing() -> Result<String, String> {
    let version: String =
        pdml::version()?.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '-' }).collect();
    let kept = root().join("target").join(format!("fields-{version}.txt"));
    if let Ok(text) = std::fs::read_to_string(&kept) {
        return Ok(text);
    }
    let output = pdml::tshark().args(["-G", "fields"]).stdout(Stdio::piped()).output();
    let output = output.map_err(|error| format!("tshark -G fields: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // Another process may be writing the same file: a whole one takes its place at once. Not keeping it costs only time.
    let half = kept.with_extension(std::process::id().to_string());
    let _ = std::fs::write(&half, &text).and_then(|()| std::fs::rename(&half, &kept));
    Ok(text)
}

/// A line of tshark's list: a field's key, protocol and whether its type is one that speaks of other packets.
fn registered(line: &str) -> Option<(String, (String, bool))> {
    let columns: Vec<&str> = line.split('\t').collect();
    match columns[..] {
        ["F", _, key, kind, parent, ..] => {
            Some((key.to_string(), (parent.to_string(), matches!(kind, "FT_FRAMENUM" | "FT_RELATIVE_TIME"))))
        }
        // Options are registered like protocols and shown like fields: `tcp.options.mss`.
        ["P", _, key, ..] if key.contains('.') => {
            let protocol = if LISTED.contains(&key) { key } else { key.split('.').next()? };
            Some((key.to_string(), (protocol.to_string(), false)))
        }
        _ => None,
    }
}
