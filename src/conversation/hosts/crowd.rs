//! Glances at frames and the conversations' ends → the few hosts that get a lifeline each, and which lifelines a frame joins.

use super::glance::{US, is_group, is_host};
use super::{Glance, Host, Mac, Onward, Role, inferred};
use crate::conversation::Known;
use crate::conversation::order::sorted;
use crate::conversation::tracker::Talk;
use crate::protocol::Address;

/// Hosts with a lifeline of their own; all others share one more.
pub const MAX_LANES: usize = 8;
/// The receiver of what is meant for all.
pub const EVERYONE: u8 = u8::MAX;
/// Hosts gathered in a lifeline where nothing tells who they are.
pub const NAMELESS: u32 = u32::MAX;
/// Frames among which a packet's next hop is looked for.
const REACH: usize = 64;
/// Hardware addresses and addresses of them that are kept: a capture may be made to bring very many.
const MAX_GROUPS: usize = 512;
/// Addresses of one host that are kept.
const MAX_ADDRESSES: usize = 16;

/// Two glances that are one packet, by their places in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    pub earlier: usize,
    pub later: usize,
    pub onward: Onward,
}

/// One host, as far as it is known.
#[derive(Clone, Debug, Default)]
struct Group {
    addresses: Vec<Address>,
    macs: Vec<Mac>,
    frames: u32,
    first: u32,
    roles: Vec<Role>,
    links: Vec<u8>,
}

/// The hosts of a capture.
#[derive(Clone, Debug, Default)]
pub struct Crowd {
    lanes: Vec<Group>,
    /// Hosts without a lifeline of their own.
    others: u32,
    others_frames: u32,
    /// Some packets do not say who sent them, or whom they are for.
    nameless: bool,
    /// Links in the order in which they were seen.
    links: Vec<u32>,
}

/// Pairs of frames that are one packet on two links; each frame goes on once, and comes from one.
pub fn hops(glances: &[Glance]) -> Vec<Hop> {
    let mut hops: Vec<Hop> = Vec::new();
    for (later, glance) in glances.iter().enumerate().filter(|(_, glance)| glance.ttl.is_some()) {
        let found = (later.saturating_sub(REACH)..later).rev().find_map(|earlier| {
            let onward = glances.get(earlier)?.goes_on(glance)?;
            let taken = hops.iter().rev().take(REACH).any(|hop| hop.earlier == earlier);
            (!taken).then_some(Hop { earlier, later, onward })
        });
        hops.extend(found);
    }
    hops
}

impl Crowd {
    /// `glances` are those of the first frames, `talks` all conversations.
    pub fn of(glances: &[Glance], talks: impl Iterator<Item = Talk> + Clone) -> Crowd {
        let mut groups = Groups::default();
        let hops = hops(glances);
        let forwarding: Vec<Mac> =
            hops.iter().filter_map(|hop| glances.get(hop.later)?.from).filter(|mac| *mac != US).collect();
        for glance in glances.iter().filter(|glance| glance.own) {
            groups.own(glance.from, glance.source);
        }
        for glance in glances.iter().filter(|glance| glance.ours) {
            groups.one_host(glance.from, Some(US));
        }
        let mut alone = sources(glances, &forwarding, &groups);
        alone.retain(|(_, address)| groups.of_address(*address).is_none());
        for (mac, address) in alone {
            groups.own(Some(mac), address);
        }
        for hop in &hops {
            let (Some(one), Some(two)) = (glances.get(hop.earlier), glances.get(hop.later)) else { continue };
            groups.one_host(one.to, two.from);
            let key =
                if hop.onward.translated { ("translator", "host-translates") } else { ("gateway", "host-forwards") };
            groups.role(two.from, key, two.frame);
        }
        let mut links = Vec::new();
        for glance in glances {
            let place = links.iter().position(|link| *link == glance.link).unwrap_or_else(|| {
                links.push(glance.link);
                links.len() - 1
            });
            groups.seen(glance, place.min(usize::from(u8::MAX)) as u8);
        }
        let mut crowd = groups.rank(talks.clone());
        crowd.links = links;
        let none = |talk: Talk| talk.ends.iter().any(|end| !is_host(end.0) && !is_group(end.0));
        let unplaced = |glance: &Glance| {
            let (from, to, _) = crowd.lanes(glance);
            [from, to].contains(&(crowd.lanes.len() as u8))
        };
        crowd.nameless = talks.clone().any(none) || glances.iter().any(unplaced);
        talks.for_each(|talk| crowd.judge(&talk));
        crowd.beyond(glances);
        crowd
    }

    /// The lifelines, and one more for all others where there are any.
    pub fn hosts(&self) -> Vec<Host> {
        let mut hosts: Vec<Host> = self.lanes.iter().map(Group::host).collect();
        if self.others > 0 || self.nameless {
            let gathered = if self.others == 0 { NAMELESS } else { self.others };
            hosts.push(Host { frames: self.others_frames, gathered, ..Host::default() });
        }
        hosts
    }

    /// The lifelines between which a frame is drawn, by the packet's addresses or, where a host of this link forwards it,
    /// by hardware addresses; and the lifeline that it passes on its way to a host beyond.
    pub fn lanes(&self, glance: &Glance) -> (u8, u8, Option<u8>) {
        let (from, from_via) = self.end(glance.from, glance.source);
        let (to, to_via) = match glance.everyone {
            true => (EVERYONE, None),
            false => self.end(glance.to, glance.destination),
        };
        (from, to, from_via.or(to_via).filter(|via| *via != from && *via != to))
    }

    fn end(&self, mac: Option<Mac>, address: Address) -> (u8, Option<u8>) {
        let link = mac.and_then(|mac| self.lanes.iter().position(|host| host.macs.contains(&mac)));
        let ip = self.lane(address);
        match (link, ip) {
            (Some(link), Some(ip)) if link != ip => {
                // A host of a captured link got the packet from who has it now; one beyond is passed on to.
                let near = self.lanes.get(ip).is_some_and(|host| !host.macs.is_empty());
                if near { (link as u8, None) } else { (ip as u8, Some(link as u8)) }
            }
            (_, Some(ip)) => (ip as u8, None),
            (Some(link), None) if !is_host(address) => (link as u8, None),
            (link, None) => (self.lanes.len() as u8, link.map(|link| link as u8)),
        }
    }

    /// The lifeline of an address that has one of its own.
    pub fn lane(&self, address: Address) -> Option<usize> {
        self.lanes.iter().position(|host| host.addresses.contains(&address) || is_mac(host, address))
    }

    /// Whether the frame was sent by the hardware of the host whose address it bears; true where nothing says otherwise.
    pub fn speaks_itself(&self, glance: &Glance) -> bool {
        let host = self.lane(glance.source).and_then(|lane| self.lanes.get(lane));
        host.is_none_or(|host| host.macs.is_empty() || glance.from.is_none_or(|mac| host.macs.contains(&mac)))
    }

    /// Addresses of a lifeline.
    pub fn addresses(&self, lane: usize) -> &[Address] {
        self.lanes.get(lane).map_or(&[], |host| &host.addresses)
    }

    /// What a conversation tells of its ends.
    fn judge(&mut self, talk: &Talk) {
        let [one, two] = talk.ends;
        let [client, server] = [one, two].map(|(address, _)| self.lane(address));
        let port = |wanted: u16| two.1 == Some(wanted);
        let serving = match talk.protocol {
            "DNS" if port(53) => "dns",
            "DHCP" if port(67) => "dhcp",
            _ if talk.opened => "server",
            _ => return,
        };
        let http = talk.protocol == "HTTP";
        let both = |host: Option<&Group>, key: &str| http && host.is_some_and(|host| host.has(key));
        let frame = talk.first_frame;
        for (lane, key, other) in [(client, "client", "http-server"), (server, serving, "http-client")] {
            let Some(host) = lane.and_then(|lane| self.lanes.get_mut(lane)) else { continue };
            // A translator's connections are others'.
            if host.has("translator") {
                continue;
            }
            let known = if talk.opened { Known::Seen } else { inferred("host-port") };
            host.role(key, known, frame);
            if both(Some(host), other) {
                host.role("proxy", inferred("host-both"), frame);
            }
            if http {
                host.role(if key == "client" { "http-client" } else { "http-server" }, Known::Unknown, frame);
            }
        }
    }

    /// Whose hardware address carries packets of addresses that have none here.
    fn beyond(&mut self, glances: &[Glance]) {
        for glance in glances.iter().filter(|glance| glance.ttl.is_some()) {
            let (_, _, Some(via)) = self.lanes(glance) else { continue };
            if let Some(host) = self.lanes.get_mut(usize::from(via)) {
                host.role("gateway", inferred("host-beyond"), glance.frame);
            }
        }
        for host in &mut self.lanes {
            host.roles.retain(|role| !role.key.starts_with("http-"));
        }
    }
}

fn is_mac(host: &Group, address: Address) -> bool {
    matches!(address, Address::Mac(mac) if host.macs.contains(&mac))
}

fn is_v4(address: Address) -> bool {
    matches!(address, Address::V4(_))
}

/// Hardware addresses all of whose packets have one source, seen from no other.
fn sources(glances: &[Glance], forwarding: &[Mac], groups: &Groups) -> Vec<(Mac, Address)> {
    let mut pairs: Vec<(Mac, Address)> = Vec::new();
    for glance in glances.iter().filter(|glance| glance.ttl.is_some() && is_host(glance.source)) {
        let Some(mac) = glance.from.filter(|mac| !forwarding.contains(mac)) else { continue };
        if !pairs.contains(&(mac, glance.source)) && pairs.len() < MAX_GROUPS {
            pairs.push((mac, glance.source));
        }
    }
    let once = |pair: &&(Mac, Address)| {
        let same =
            |other: &&(Mac, Address)| (other.0 == pair.0 && is_v4(other.1) == is_v4(pair.1)) || other.1 == pair.1;
        let known = groups.of_mac(pair.0).is_some_and(|place| {
            groups.list.get(place).is_some_and(|host| host.addresses.iter().any(|own| is_v4(*own) == is_v4(pair.1)))
        });
        pairs.iter().filter(same).count() == 1 && !known
    };
    pairs.iter().filter(once).copied().collect()
}

#[derive(Default)]
struct Groups {
    list: Vec<Group>,
}

impl Groups {
    fn of_mac(&self, mac: Mac) -> Option<usize> {
        self.list.iter().position(|host| host.macs.contains(&mac))
    }

    fn of_address(&self, address: Address) -> Option<usize> {
        self.list.iter().position(|host| host.addresses.contains(&address))
    }

    fn add(&mut self, group: Group) {
        if self.list.len() < MAX_GROUPS {
            self.list.push(group);
        }
    }

    fn own(&mut self, mac: Option<Mac>, address: Address) {
        let Some(mac) = mac.filter(|_| is_host(address)) else { return };
        match (self.of_mac(mac), self.of_address(address)) {
            (Some(place), None) => {
                let addresses = &mut self.list[place].addresses;
                if addresses.len() < MAX_ADDRESSES {
                    addresses.push(address);
                }
            }
            (None, None) => self.add(Group { addresses: vec![address], macs: vec![mac], ..Group::default() }),
            // Who claims another's address is another host.
            (None, Some(_)) => self.add(Group { macs: vec![mac], ..Group::default() }),
            (Some(_), Some(_)) => {}
        }
    }

    /// Both hardware addresses are one host's.
    fn one_host(&mut self, one: Option<Mac>, two: Option<Mac>) {
        let (Some(one), Some(two)) = (one, two) else { return };
        match (self.of_mac(one), self.of_mac(two)) {
            (Some(a), Some(b)) if a != b => {
                let (keep, gone) = (a.min(b), a.max(b));
                let other = self.list.remove(gone);
                let host = &mut self.list[keep];
                host.macs.extend(other.macs);
                host.addresses.extend(other.addresses);
                for role in other.roles {
                    host.role(&role.key, role.known, role.frame);
                }
            }
            (Some(a), None) => self.list[a].macs.push(two),
            (None, Some(b)) => self.list[b].macs.push(one),
            (None, None) => self.add(Group { macs: vec![one, two], ..Group::default() }),
            _ => {}
        }
    }

    fn role(&mut self, mac: Option<Mac>, (key, rule): (&str, &str), frame: u32) {
        let place = mac.and_then(|mac| self.of_mac(mac));
        if let Some(host) = place.and_then(|place| self.list.get_mut(place)) {
            host.role(key, inferred(rule), frame);
        }
    }

    fn seen(&mut self, glance: &Glance, link: u8) {
        for mac in [glance.from, glance.to].into_iter().flatten().filter(|mac| mac[0] & 1 == 0) {
            if let Some(place) = self.of_mac(mac) {
                let host = &mut self.list[place];
                if host.first == 0 {
                    host.first = glance.frame;
                }
                if !host.links.contains(&link) {
                    host.links.push(link);
                }
            }
        }
    }

    /// Counts all packets, and keeps the most talkative hosts and those that forward.
    fn rank(mut self, talks: impl Iterator<Item = Talk>) -> Crowd {
        let ends = talks.flat_map(|talk| talk.ends.map(|end| (end.0, talk.first_frame, talk.frames)));
        let ends = sorted(ends.filter(|end| is_host(end.0)).collect::<Vec<_>>());
        let mut at = 0;
        let mut rest: Vec<Group> = Vec::new();
        let (mut others, mut others_frames) = (0, 0_u32);
        while let Some(&(address, first, _)) = ends.get(at) {
            let same = ends[at..].iter().take_while(|end| end.0 == address).count();
            let frames = ends[at..at + same].iter().fold(0_u32, |sum, end| sum.saturating_add(end.2));
            at += same;
            let known = match address {
                Address::Mac(mac) => self.of_mac(mac),
                _ => self.of_address(address),
            };
            if let Some(host) = known.and_then(|place| self.list.get_mut(place)) {
                host.frames = host.frames.saturating_add(frames);
                host.first = if host.first == 0 { first } else { host.first.min(first) };
                continue;
            }
            let mut host = Group { frames, first, ..Group::default() };
            match address {
                Address::Mac(mac) => host.macs.push(mac),
                _ => host.addresses.push(address),
            }
            rest.push(host);
            if rest.len() > MAX_GROUPS {
                let least = (0..rest.len()).min_by_key(|place| rest[*place].frames).unwrap_or_default();
                others_frames = others_frames.saturating_add(rest.swap_remove(least).frames);
                others += 1;
            }
        }
        // A hardware address that owns nothing and forwards nothing is nobody to draw.
        self.list.retain(|host| host.frames > 0 || !host.roles.is_empty());
        rest.extend(self.list);
        let rank = |place: usize| (rest[place].roles.is_empty(), u32::MAX - rest[place].frames, place);
        let order = sorted((0..rest.len()).map(rank).collect());
        let (kept, gone) = order.split_at(order.len().min(MAX_LANES));
        for (_, _, place) in gone {
            others_frames = others_frames.saturating_add(rest[*place].frames);
            others += 1;
        }
        let by_time = sorted(kept.iter().map(|(_, _, place)| (rest[*place].first, *place)).collect());
        let lanes = by_time.into_iter().map(|(_, place)| std::mem::take(&mut rest[place])).collect();
        Crowd { lanes, others, others_frames, ..Crowd::default() }
    }
}

impl Group {
    fn has(&self, key: &str) -> bool {
        self.roles.iter().any(|role| role.key == key)
    }

    fn role(&mut self, key: &str, known: Known, frame: u32) {
        if !self.has(key) {
            self.roles.push(Role { key: key.to_owned(), known, frame });
        }
    }

    fn host(&self) -> Host {
        Host {
            addresses: self.addresses.iter().map(Address::to_string).collect(),
            macs: self.macs.iter().filter(|mac| **mac != US).map(|mac| Address::Mac(*mac).to_string()).collect(),
            frames: self.frames,
            gathered: 0,
            roles: self.roles.clone(),
            links: self.links.clone(),
        }
    }
}
