//! The stage with all hosts of a capture, and each host's tables at a moment: with bounded work, whatever the capture's size.

use super::{Engine, Failure, Hop, Response, Row, Stage, Tables, answer::window};
use crate::capture::Source;
use crate::conversation::hosts::{Book, Crowd, Glance, Host, HostTables, Line, hops};
use crate::conversation::order::sorted;
use crate::conversation::{Conversation, End, Endpoint, Kind, Known, State, Told, Transition};
use crate::protocol::{self, Address, Context, Packet};

/// Stands for all conversations at once, where a request names one.
pub const ALL: u32 = u32::MAX - 1;
/// Frames from the beginning that tell which hosts there are.
pub const LOOKED: u32 = 2_048;
/// Frames before and behind a window of rows that may hold the other hops of its packets.
const AROUND: u32 = 64;
/// Protocols that fill tables, all of whose frames are heard, up to [`LOOKED`] more.
const TELLING: [&str; 4] = ["ARP", "ICMP", "ICMPv6", "DHCP"];
/// Sockets that are followed at once: those of the connections that began last.
const SOCKETS: usize = 64;

/// What was found out about hosts, for as many frames as there were then.
#[derive(Default)]
pub(super) struct Hosts {
    frames: u32,
    crowd: Crowd,
    book: Book,
    /// Ends of conversations that a translator stands for.
    stood_for: Vec<(u32, End)>,
    /// The TCP conversations followed last.
    moves: Vec<(u32, Vec<Transition>)>,
}

impl<S: Source> Engine<S> {
    /// The stage of all conversations at once.
    pub(super) fn all_hosts(&mut self) -> Stage {
        let (rows, length) = (self.frames(), self.axis(ALL).length());
        let (first, last) = self.times.unwrap_or_default();
        let bytes = self.tracker.talks().fold(0_u64, |sum, talk| sum.saturating_add(talk.bytes));
        let ends = [Endpoint::default(), Endpoint::default()];
        let protocol = String::new();
        let conversation =
            Conversation { id: ALL, kind: Kind::Other, protocol, ends, frames: rows, bytes, first, last };
        self.look_for_hosts();
        let hosts = self.hosts.crowd.hosts();
        Stage { conversation, rows, transitions: Vec::new(), told: Told::default(), point: None, length, hosts }
    }

    /// Frames as arrows between the lifelines of all hosts.
    pub(super) fn all_rows(&mut self, start: u32, count: u32) -> Result<Vec<Row>, Failure> {
        let (start, end) = window(start, count, self.frames())?;
        self.look_for_hosts();
        let low = start.saturating_sub(AROUND);
        let high = end.saturating_add(AROUND).min(self.frames());
        let glances: Vec<Glance> = (low..high).map(|row| self.glance(row + 1).0).collect();
        let pairs = hops(&glances);
        let mut rows = Vec::new();
        for row in start..end {
            let mut arrow = self.row(ALL, row, row + 1)?;
            let place = (row - low) as usize;
            if let Some(glance) = glances.get(place) {
                (arrow.from, arrow.to, arrow.via) = self.hosts.crowd.lanes(glance);
                let of = |at: usize| low + at as u32;
                let before = pairs.iter().find(|hop| hop.later == place);
                let after = pairs.iter().find(|hop| hop.earlier == place);
                let earlier = before.and_then(|hop| glances.get(hop.earlier));
                arrow.hop = glance.ttl.map(|ttl| {
                    Box::new(Hop {
                        ttl,
                        macs: [glance.from, glance.to].map(|mac| mac.map(|mac| Address::Mac(mac).to_string())),
                        ends: [glance.source, glance.destination].map(|address| address.to_string()),
                        before: before.map(|hop| of(hop.earlier)),
                        after: after.map(|hop| of(hop.later)),
                        changed: earlier.map(|earlier| changes(earlier, glance)).unwrap_or_default(),
                    })
                });
            }
            rows.push(arrow);
        }
        Ok(rows)
    }

    /// A frame as it tells of hosts, and taken apart.
    fn glance(&mut self, frame: u32) -> (Glance, Packet) {
        let Ok(record) = self.read(frame) else { return (Glance { frame, ..Glance::default() }, Packet::default()) };
        let packet = protocol::dissect(record.link, &self.bytes, record.length, &Context::default());
        (Glance::of(frame, record.time, record.interface, &self.bytes, &packet), packet)
    }

    /// Finds out who is there, from the first frames and all conversations; once for as many frames as there are.
    fn look_for_hosts(&mut self) {
        let frames = self.frames();
        if self.hosts.frames == frames {
            return;
        }
        let telling = |frame: &u32| {
            let of = self.tracker.of_frame(*frame).and_then(|(id, _)| self.tracker.protocol(id));
            of.is_some_and(|word| TELLING.contains(&word))
        };
        let looked = frames.min(LOOKED);
        let more: Vec<u32> = (looked + 1..=frames).filter(telling).take(LOOKED as usize).collect();
        let mut heard: Vec<(Glance, Packet)> = Vec::new();
        for frame in (1..=looked).chain(more) {
            let (glance, packet) = self.glance(frame);
            let tells = packet.layers.iter().any(|layer| matches!(layer.protocol, "icmp" | "icmpv6" | "dhcp"));
            heard.push((glance, if tells { packet } else { Packet::default() }));
        }
        let glances: Vec<Glance> = heard.iter().take(looked as usize).map(|(glance, _)| *glance).collect();
        let crowd = Crowd::of(&glances, self.tracker.talks());
        let mut book = Book::default();
        heard.iter().for_each(|(glance, packet)| book.hear(glance, packet, &crowd));
        let mut stood_for = Vec::new();
        for hop in hops(&glances).iter().filter(|hop| hop.onward.translated) {
            // Whom the packet came to, and who seems to have sent it on, is the translator in both cases.
            for (place, other) in [(hop.earlier, 1), (hop.later, 0)] {
                let of = glances.get(place).and_then(|glance| self.tracker.of_frame(glance.frame));
                let Some((id, end)) = of.map(|(id, end)| (id, end ^ other)) else { continue };
                if !stood_for.contains(&(id, end)) && stood_for.len() < LOOKED as usize {
                    stood_for.push((id, end));
                }
            }
        }
        self.hosts = Hosts { frames, crowd, book, stood_for, moves: Vec::new() };
    }

    /// The tables of a stage's hosts once so many of its rows have passed.
    pub(super) fn tables(&mut self, conversation: u32, rows: u32) -> Result<Response, Failure> {
        self.look_for_hosts();
        let (frame, hosts) = if conversation == ALL {
            let lanes = self.hosts.crowd.hosts().into_iter().filter(|host| host.gathered == 0);
            (rows.min(self.frames()), lanes.collect::<Vec<Host>>())
        } else {
            let Some(of) = self.tracker.get(conversation) else { return Err(self.no_conversation(conversation)) };
            let frames = self.tracker.frames(conversation);
            let frame = match rows.checked_sub(1) {
                Some(row) => frames.get(row as usize).or(frames.last()).copied().unwrap_or_default(),
                None => frames.first().map_or(0, |frame| frame - 1),
            };
            let known = self.hosts.crowd.hosts();
            let host = |end: &Endpoint| {
                let mine = known.iter().find(|host| host.addresses.contains(&end.address));
                mine.cloned().unwrap_or(Host { addresses: vec![end.address.clone()], ..Host::default() })
            };
            (frame, of.ends.iter().map(host).collect())
        };
        let sockets = self.sockets(frame);
        let tables = hosts.iter().zip(0..).map(|(host, lane)| {
            let name = host.addresses.first().or(host.macs.first()).cloned().unwrap_or_default();
            let mine = |(address, line): &(String, Line)| host.addresses.contains(address).then(|| line.clone());
            let sockets = sockets.iter().filter_map(mine).collect();
            HostTables { lane, name, sockets, ..self.hosts.book.at(frame, &host.addresses) }
        });
        let full = self.hosts.book.is_full();
        Ok(Response::Tables(Tables { conversation, rows, frame, full, hosts: tables.collect() }))
    }

    /// The sockets of all ends of TCP conversations that had begun by a frame: the host's address, and the line.
    fn sockets(&mut self, frame: u32) -> Vec<(String, Line)> {
        let begun = self.tracker.talks().rev().filter(|talk| talk.tcp && talk.first_frame <= frame).take(SOCKETS);
        let talks = sorted(begun.map(|talk| talk.id).collect::<Vec<u32>>());
        if self.hosts.moves.iter().map(|(id, _)| *id).ne(talks.iter().copied()) {
            self.hosts.moves = self.tracker.moves_of(&talks);
        }
        let mut lines = Vec::new();
        for (id, moves) in &self.hosts.moves {
            let Some(conversation) = self.tracker.get(*id) else { continue };
            for end in [0, 1_u8].into_iter().filter(|end| !self.hosts.stood_for.contains(&(*id, *end))) {
                let mut mine = moves.iter().filter(|step| step.end == end);
                let latest = mine.clone().rfind(|step| step.frame <= frame);
                let (state, known, at) = match (latest, mine.next()) {
                    (Some(step), _) => (step.to, step.known.clone(), step.frame),
                    (None, first) => (first.map_or(State::Unknown, |step| step.from), Known::Unknown, frame),
                };
                let Some(word) = printed(state) else { continue };
                let [own, peer] = [end, 1 - end].map(|end| &conversation.ends[usize::from(end)]);
                let text = format!("{word:<10} {} {}", socket(own), socket(peer));
                lines.push((own.address.clone(), Line { text, known, frame: at }));
            }
        }
        lines
    }
}

/// What of a packet another hop changed, before and after.
fn changes(earlier: &Glance, later: &Glance) -> Vec<(String, String)> {
    let ports =
        |glance: &Glance| glance.ports.map_or((None, None), |(source, destination)| (Some(source), Some(destination)));
    let side = |address: Address, port| socket(&Endpoint { address: address.to_string(), port });
    let source = [earlier, later].map(|glance| side(glance.source, ports(glance).0));
    let destination = [earlier, later].map(|glance| side(glance.destination, ports(glance).1));
    [source, destination]
        .into_iter()
        .filter(|[before, after]| before != after)
        .map(|[before, after]| (before, after))
        .collect()
}

/// `10.0.1.2:80`, `[2001:db8::1]:80`
fn socket(end: &Endpoint) -> String {
    match end.port {
        Some(port) if end.address.contains(':') => format!("[{}]:{port}", end.address),
        Some(port) => format!("{}:{port}", end.address),
        None => end.address.clone(),
    }
}

/// A state as `ss` prints it; none of an end that has no connection.
fn printed(state: State) -> Option<&'static str> {
    match state {
        State::Unknown => Some("UNKNOWN"),
        State::SynSent => Some("SYN-SENT"),
        State::SynReceived => Some("SYN-RECV"),
        State::Established => Some("ESTAB"),
        State::FinWait1 => Some("FIN-WAIT-1"),
        State::FinWait2 => Some("FIN-WAIT-2"),
        State::CloseWait => Some("CLOSE-WAIT"),
        State::Closing => Some("CLOSING"),
        State::LastAck => Some("LAST-ACK"),
        State::TimeWait => Some("TIME-WAIT"),
        State::Closed | State::Listen | State::Of(..) => None,
    }
}
