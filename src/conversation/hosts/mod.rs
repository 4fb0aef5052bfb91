//! Frames taken apart → the hosts behind their addresses: which addresses are one host's, who forwards, and who does what.
//!
//! A hardware address is a host's own where the host says so (ARP, neighbour discovery), or where all that it sends has one
//! source. Two hardware addresses are one host's where a packet comes in at the one and goes on from the other.

mod crowd;
mod glance;
mod tables;

use serde::{Deserialize, Serialize};

use super::Known;
pub use crowd::{Crowd, EVERYONE, Hop, MAX_LANES, NAMELESS, hops};
pub use glance::{Arp, Glance, Onward};
pub use tables::{Book, Entry, HostTables, Line, MAX_FACTS};

pub type Mac = [u8; 6];

/// Rules that what is said of hosts rests on, with their sources. The catalogue explains each in words.
pub const RULES: &[(&str, &str)] = &[
    ("host-forwards", "RFC 1812 §5.3.1"),
    ("host-translates", "RFC 3022 §2.2"),
    ("host-beyond", "RFC 1812 §5.2.1"),
    ("host-port", "RFC 6335 §6"),
    ("host-both", "RFC 9110 §3.7"),
    ("neighbour-asked", "RFC 826"),
    ("neighbour-reply", "RFC 826"),
    ("neighbour-waits", "RFC 1122 §2.3.2"),
    ("on-link-asked", "RFC 1122 §3.3.1"),
    ("route-by-mac", "RFC 1122 §3.3.1"),
    ("route-redirect", "RFC 792"),
    ("route-lease", "RFC 2131 §3.1"),
    ("mtu-told", "RFC 1191 §3"),
];

/// An inference by one of [`RULES`].
pub(super) fn inferred(rule: &str) -> Known {
    match RULES.iter().find(|(key, _)| *key == rule) {
        Some((rule, source)) => Known::Inferred { rule: (*rule).into(), source: (*source).into() },
        None => Known::Unknown,
    }
}

/// A lifeline of the stage with all hosts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// As people read them; the one that sends most first.
    pub addresses: Vec<String>,
    pub macs: Vec<String>,
    /// Packets that it sent or that were meant for it.
    pub frames: u32,
    /// Hosts gathered in this lifeline; 0: it is one host's own; [`NAMELESS`]: nothing tells whose.
    pub gathered: u32,
    pub roles: Vec<Role>,
    /// The links that its hardware addresses were seen on, from 0.
    pub links: Vec<u8>,
}

/// What a host is in this capture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Catalogue key: `client`, `server`, `dns`, `dhcp`, `gateway`, `translator`, `proxy`.
    pub key: String,
    pub known: Known,
    /// A frame that shows it.
    pub frame: u32,
}
