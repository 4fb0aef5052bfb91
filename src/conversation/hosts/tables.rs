//! Packets that change hosts' tables, in order → the tables at any frame, as each host's own commands would print them.
//!
//! A packet shows that it passed, not what its receiver made of it: every line is inferred by a rule of [`super::RULES`]. What was
//! there before the capture, and what a timer has ended since, no packet shows.

use serde::{Deserialize, Serialize};

use super::glance::{Glance, is_host};
use super::{Crowd, inferred};
use crate::conversation::Known;
use crate::protocol::{Address, Layer, Packet};

/// Facts that are kept: a capture may be made to bring very many.
pub const MAX_FACTS: usize = 4_096;
/// Lines of one table that are shown.
const MAX_LINES: usize = 64;

/// What one host knows since one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub frame: u32,
    /// One of the host's addresses; empty: every host that has an entry of this address.
    host: String,
    fact: Fact,
    rule: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fact {
    /// It waits for an answer.
    Asked(String),
    Neighbour {
        address: String,
        mac: String,
    },
    Route {
        to: String,
        via: String,
    },
    /// An address that it has, in this net.
    Net {
        net: String,
        own: String,
    },
    Mtu {
        to: String,
        mtu: String,
    },
}

/// A line as a command prints it, and what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub text: String,
    pub known: Known,
    pub frame: u32,
}

/// One host's tables.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HostTables {
    /// Its lifeline.
    pub lane: u8,
    pub name: String,
    /// `arp -n`
    pub neighbours: Vec<Line>,
    /// `ip route`
    pub routes: Vec<Line>,
    /// `ip route get` of paths that are narrower than their links.
    pub paths: Vec<Line>,
    /// `ss -tan`
    pub sockets: Vec<Line>,
}

/// All that was learnt, in frame order.
#[derive(Clone, Debug, Default)]
pub struct Book {
    entries: Vec<Entry>,
}

impl Book {
    pub fn is_full(&self) -> bool {
        self.entries.len() >= MAX_FACTS
    }

    pub fn hear(&mut self, glance: &Glance, packet: &Packet, crowd: &Crowd) {
        if self.is_full() {
            return;
        }
        if let Some(arp) = &glance.arp {
            return self.hear_arp(glance.frame, arp);
        }
        self.hear_way(glance, crowd);
        let icmp = packet.layer("icmp").map(|layer| (layer, "icmp", "ip"));
        if let Some((layer, word, ip)) = icmp.or(packet.layer("icmpv6").map(|layer| (layer, "icmpv6", "ipv6"))) {
            let host = glance.destination.to_string();
            let quoted = packet.layers.iter().filter(|layer| layer.protocol == ip).nth(1);
            let to = quoted.map(|layer| show(layer, if ip == "ip" { "ip.dst" } else { "ipv6.dst" }).to_owned());
            let Some(to) = to.filter(|to| !to.is_empty()) else { return };
            let (via, mtu) =
                (show(layer, "icmp.redir_gw"), show(layer, if word == "icmp" { "icmp.mtu" } else { "icmpv6.mtu" }));
            if !via.is_empty() {
                self.push(glance.frame, host, Fact::Route { to, via: via.to_owned() }, "route-redirect");
            } else if !mtu.is_empty() && mtu != "0" {
                self.push(glance.frame, host, Fact::Mtu { to, mtu: mtu.to_owned() }, "mtu-told");
            }
        }
        if let Some(layer) = packet.layer("dhcp").filter(|layer| show(layer, "dhcp.option.dhcp") == "5") {
            let own = show(layer, "dhcp.ip.your");
            if let Some(net) = net(own, show(layer, "dhcp.option.subnet_mask")) {
                self.push(glance.frame, own.into(), Fact::Net { net, own: own.into() }, "route-lease");
            }
            let via = show(layer, "dhcp.option.router");
            if !via.is_empty() {
                self.push(
                    glance.frame,
                    own.into(),
                    Fact::Route { to: "default".into(), via: via.into() },
                    "route-lease",
                );
            }
        }
    }

    fn hear_arp(&mut self, frame: u32, arp: &super::Arp) {
        if !is_host(arp.sender) {
            return;
        }
        let [sender, target] = [arp.sender, arp.target].map(|address| address.to_string());
        let mac = Address::Mac(arp.mac).to_string();
        let neighbour = Fact::Neighbour { address: sender.clone(), mac };
        if sender == target {
            return self.push(frame, String::new(), neighbour, "neighbour-reply");
        }
        if arp.reply {
            return self.push(frame, target, neighbour, "neighbour-reply");
        }
        if !self.knows(&sender, &target) {
            self.push(frame, sender, Fact::Asked(target.clone()), "neighbour-waits");
        }
        self.push(frame, target, neighbour, "neighbour-asked");
    }

    /// A packet that a host sends to a neighbour's hardware address, for somebody else, shows a route over that neighbour.
    fn hear_way(&mut self, glance: &Glance, crowd: &Crowd) {
        let (Some(to_mac), true) = (glance.to, glance.ttl.is_some() && !glance.everyone) else { return };
        let (host, to, mac) =
            (glance.source.to_string(), glance.destination.to_string(), Address::Mac(to_mac).to_string());
        if !crowd.speaks_itself(glance) {
            return;
        }
        let via = self.entries.iter().rev().find_map(|entry| match &entry.fact {
            Fact::Neighbour { address, mac: of } if entry.host == host && *of == mac => Some(address.clone()),
            _ => None,
        });
        let Some(via) = via.filter(|via| *via != to) else { return };
        let fact = Fact::Route { to: to.clone(), via };
        let latest =
            self.entries.iter().rev().find(|entry| {
                entry.host == host && matches!(&entry.fact, Fact::Route { to: known, .. } if *known == to)
            });
        if latest.is_none_or(|entry| entry.fact != fact) {
            self.push(glance.frame, host, fact, "route-by-mac");
        }
    }

    fn knows(&self, host: &str, address: &str) -> bool {
        self.entries.iter().any(|entry| {
            entry.host == host
                && match &entry.fact {
                    Fact::Neighbour { address: known, .. } => known == address,
                    Fact::Asked(known) => known == address,
                    _ => false,
                }
        })
    }

    fn push(&mut self, frame: u32, host: String, fact: Fact, rule: &'static str) {
        let entry = Entry { frame, host, fact, rule };
        if !self.is_full() {
            self.entries.push(entry);
        }
    }

    /// A host's tables once all frames up to this one have passed, but for its sockets.
    pub fn at(&self, frame: u32, addresses: &[String]) -> HostTables {
        let mut tables = HostTables::default();
        // What a line is about stands first in it.
        for entry in self.entries.iter().take_while(|entry| entry.frame <= frame) {
            let mine = addresses.contains(&entry.host);
            let heard = |about: &str| {
                entry.host.is_empty() && tables.neighbours.iter().any(|line| line.text.split(' ').next() == Some(about))
            };
            let (text, rule) = match &entry.fact {
                Fact::Asked(address) if mine => (format!("{address}  (incomplete)"), entry.rule),
                Fact::Neighbour { address, mac } if mine || heard(address) => {
                    (format!("{address}  ether  {mac}  C"), entry.rule)
                }
                Fact::Route { to, via } if mine => (format!("{to} via {via}"), entry.rule),
                Fact::Net { net, own } if mine => (format!("{net} scope link src {own}"), entry.rule),
                Fact::Mtu { to, mtu } if mine => (format!("{to} cache mtu {mtu}"), entry.rule),
                _ => continue,
            };
            let table = match &entry.fact {
                Fact::Asked(_) | Fact::Neighbour { .. } => &mut tables.neighbours,
                Fact::Mtu { .. } => &mut tables.paths,
                _ => &mut tables.routes,
            };
            set(table, text, rule, entry.frame);
            if let Fact::Asked(address) = &entry.fact {
                set(&mut tables.routes, format!("{address} scope link"), "on-link-asked", entry.frame);
            }
        }
        tables
    }
}

/// Puts a line in the place of the one about the same address.
fn set(table: &mut Vec<Line>, text: String, rule: &str, frame: u32) {
    let about = text.split(' ').next();
    let line = Line { known: inferred(rule), frame, text: text.clone() };
    match table.iter().position(|line| line.text.split(' ').next() == about) {
        Some(place) => table[place] = line,
        None if table.len() < MAX_LINES => table.push(line),
        None => {}
    }
}

fn show<'a>(layer: &'a Layer, key: &str) -> &'a str {
    layer.get(key).map_or("", |found| found.show.as_str())
}

/// `192.0.2.7` and `255.255.255.0` → `192.0.2.0/24`.
fn net(address: &str, mask: &str) -> Option<String> {
    let (address, mask) = (octets(address)?, octets(mask)?);
    let [a, b, c, d] = [0, 1, 2, 3].map(|at: usize| address[at] & mask[at]);
    Some(format!("{a}.{b}.{c}.{d}/{}", u32::from_be_bytes(mask).count_ones()))
}

fn octets(text: &str) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        *octet = parts.next()?.parse().ok()?;
    }
    Some(octets)
}
