//! Glances at packets, in order → conversations and what each packet is in its own.
//!
//! Numbers follow Wireshark 4.0: TCP and UDP conversations count from 0 each, and a SYN with another sequence number opens
//! a new one between the same ports. Only what a frame itself carries counts: a packet quoted in an ICMP error was sent at
//! another time and opens none (Wireshark counts it), and fragments wait for a reassembly that is not done. Memory is a fixed number of bytes a packet (`Column`s) and a few
//! hundred a conversation; what a look at one conversation needs is computed then and kept until another is looked at.

mod brief;
mod findings;
mod talks;
mod walk;

pub use findings::MAX_TOLD;

use super::analysis::Analysis;
use super::announced::Announced;
use super::fragments::{Fragments, Pieces};
use super::hash::Table;
use super::machine::{self, Move};
use super::options::Notes;
use super::tcp::{ACK, Opening, SYN, Segment};
use super::{Conversation, End, Endpoint, Kind, Transition};
use crate::capture::{Column, Record};
use crate::protocol::{Address, App, Context, Peek, Tunnel};
pub use talks::Talk;
use walk::Walk;
pub use walk::{Moment, WALK_MARK};

type Port = Option<u16>;

/// A conversation while it grows.
struct Flow {
    kind: Kind,
    protocol: &'static str,
    /// What it speaks, as its first data told.
    app: Option<App>,
    /// A control message of another conversation told.
    announced: bool,
    /// It began with a SYN between ports that had had another one.
    reused: bool,
    /// Subtypes of Multipath TCP that were seen.
    multipath: u8,
    ends: [(Address, Port); 2],
    first_frame: u32,
    frames: u32,
    bytes: u64,
    first: i64,
    last: i64,
    opening: Opening,
    /// The number of the tunnel's own conversation over UDP that each end's last packet came through.
    tunnels: [Option<u32>; 2],
}

/// What looking for a TCP conversation's messages begins with.
#[derive(Clone, Copy, Debug)]
pub struct StreamOf {
    pub ports: (u16, u16),
    pub app: Option<App>,
    pub first_frame: u32,
    pub frames: u32,
}

/// Which conversation a packet belongs to: the same for both directions.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    protocol: &'static str,
    low: (Address, Port),
    high: (Address, Port),
}

/// What was computed for the conversation looked at last.
#[derive(Default)]
struct Look {
    /// Conversation and frames seen when it was computed.
    of: Option<(u32, u32)>,
    frames: Vec<u32>,
    transitions: Vec<Transition>,
    /// Only once somebody asks.
    analysis: Option<Analysis>,
    walk: Walk,
}

#[derive(Default)]
pub struct Tracker {
    flows: Vec<Flow>,
    known: Table<Key, u32>,
    /// Conversations of tunnels over UDP and their numbers.
    tunnels: Table<[(Address, u16); 2], u32>,
    tcp: u32,
    udp: u32,
    /// A frame's conversation, and in the lowest bit the end that sent it.
    places: Column<u32>,
    /// A frame's position in its conversation.
    rows: Column<u32>,
    segments: Column<Segment>,
    options: Notes,
    fragments: Fragments,
    announced: Announced,
    look: Look,
}

impl Tracker {
    pub fn new() -> Tracker {
        Tracker::default()
    }

    /// Takes the next frame; once for every frame, in order.
    pub fn push(&mut self, record: &Record, bytes: &[u8], peek: &Peek) {
        let datagram = self.fragments.take(self.places.len() as u32 + 1, peek);
        let peek = datagram.as_ref().unwrap_or(peek);
        let tunnel = peek.tunnel.map(|tunnel| self.tunnel(tunnel));
        let ports = peek.ports.map_or((None, None), |(source, destination)| (Some(source), Some(destination)));
        let (source, destination) = ((peek.source, ports.0), (peek.destination, ports.1));
        // A fragment of a segment has ports and no header of its own.
        let tcp = peek.tcp.is_some() || (peek.fragment.is_some() && peek.protocol == "TCP");
        let transport = match peek.ports {
            Some(_) if tcp => "TCP",
            Some(_) => "UDP",
            None => peek.protocol,
        };
        let key = Key { protocol: transport, low: source.min(destination), high: source.max(destination) };
        let reused = |flow: &Flow| {
            let end = usize::from(flow.ends[0] != source);
            let base = flow.opening.latest[end];
            peek.tcp.is_some_and(|head| Segment::of(&head).opens() && base.is_some_and(|base| base != head.seq))
        };
        let known = self.known.get(&key).copied().filter(|&id| !self.flows.get(id as usize).is_some_and(reused));
        let id = known.unwrap_or_else(|| {
            let id = self.flows.len() as u32;
            let reused = self.known.insert(key, id).is_some();
            let flow = Flow { reused, ..self.open(record, peek, source, destination) };
            self.flows.push(flow);
            id
        });
        let frame = self.places.len() as u32 + 1;
        let (mut end, mut row) = (0, 0);
        if let Some(flow) = self.flows.get_mut(id as usize) {
            end = End::from(flow.ends[0] != source);
            row = flow.frames;
            flow.frames += 1;
            flow.bytes += u64::from(record.length);
            flow.first = flow.first.min(record.time);
            flow.last = flow.last.max(record.time);
            if let (Some(_), Some(own)) = (tunnel, flow.tunnels.get_mut(usize::from(end))) {
                *own = tunnel;
            }
            if let Some(head) = &peek.tcp {
                flow.opening.note(frame, end, head);
                // The header of a datagram in pieces is not in this frame.
                if datagram.is_none() {
                    self.options.push(frame, head, bytes, &mut flow.multipath);
                }
            }
            // What it speaks shows in the first bytes of data that pass.
            if flow.app.is_none() && peek.payload.0 < peek.payload.1 {
                flow.app = peek.app(bytes);
                flow.protocol = flow.app.map_or(flow.protocol, App::name);
            }
            if let Some(app) = flow.app.filter(|_| peek.payload.0 < peek.payload.1) {
                self.announced.hear(app, peek, bytes);
            }
        }
        self.rows.push(row);
        self.places.push(id << 1 | u32::from(end));
        self.segments.push(peek.tcp.as_ref().map(Segment::of).unwrap_or_default());
    }

    /// The number of a tunnel's own conversation, which tshark counts with those inside.
    fn tunnel(&mut self, tunnel: Tunnel) -> u32 {
        let [one, other] = [(tunnel.source, tunnel.ports.0), (tunnel.destination, tunnel.ports.1)];
        let ends = [(one.0, Some(one.1)), (other.0, Some(other.1))];
        let key = Key { protocol: "UDP", low: ends[0].min(ends[1]), high: ends[0].max(ends[1]) };
        let known = self.known.get(&key);
        if let Some(Kind::Udp(number)) = known.and_then(|&id| self.flows.get(id as usize)).map(|flow| flow.kind) {
            return number;
        }
        let next = self.udp;
        let number = *self.tunnels.entry([one.min(other), one.max(other)]).or_insert(next);
        self.udp += u32::from(number == next);
        number
    }

    fn open(&mut self, record: &Record, peek: &Peek, source: (Address, Port), destination: (Address, Port)) -> Flow {
        let count = |counter: &mut u32| {
            *counter += 1;
            *counter - 1
        };
        let tunnel = peek.ports.and_then(|ports| {
            let [one, other] = [(source.0, ports.0), (destination.0, ports.1)];
            self.tunnels.get(&[one.min(other), one.max(other)]).copied()
        });
        let tcp = peek.tcp.is_some() || (peek.fragment.is_some() && peek.protocol == "TCP");
        let kind = match (tcp, peek.ports.is_some()) {
            (true, _) => Kind::Tcp(count(&mut self.tcp)),
            (_, true) => Kind::Udp(tunnel.unwrap_or_else(|| count(&mut self.udp))),
            _ => Kind::Other,
        };
        // Where a capture begins with the answer, the other end is the client.
        let answers = peek.tcp.is_some_and(|head| head.flags & (SYN | ACK) == SYN | ACK);
        let ends = if answers { [destination, source] } else { [source, destination] };
        let app = [source, destination].iter().find_map(|end| self.announced.take(*end));
        Flow {
            kind,
            protocol: app.map_or(peek.protocol, App::name),
            app,
            announced: app.is_some(),
            reused: false,
            multipath: 0,
            ends,
            first_frame: self.places.len() as u32 + 1,
            frames: 0,
            bytes: 0,
            first: record.time,
            last: record.time,
            opening: Opening::default(),
            tunnels: [None; 2],
        }
    }

    /// Conversations so far.
    pub fn len(&self) -> u32 {
        self.flows.len() as u32
    }

    pub fn is_empty(&self) -> bool {
        self.flows.is_empty()
    }

    pub fn get(&self, id: u32) -> Option<Conversation> {
        let flow = self.flows.get(id as usize)?;
        let end = |(address, port): (Address, Port)| Endpoint { address: address.to_string(), port };
        Some(Conversation {
            id,
            kind: flow.kind,
            protocol: flow.protocol.into(),
            ends: flow.ends.map(end),
            frames: flow.frames,
            bytes: flow.bytes,
            first: flow.first,
            last: flow.last,
        })
    }

    /// The word for what a conversation speaks: `DNS`, `TLS`, `TCP`, …
    pub fn protocol(&self, id: u32) -> Option<&'static str> {
        self.flows.get(id as usize).map(|flow| flow.protocol)
    }

    /// The conversation of a frame (from 1) and the end that sent it.
    pub fn of_frame(&self, frame: u32) -> Option<(u32, End)> {
        let place = self.places.get(frame.checked_sub(1)? as usize)?;
        Some((place >> 1, (place & 1) as End))
    }

    /// A TCP conversation as its messages are looked for in: ports, what it speaks, its first frame and how many there are.
    pub fn stream(&self, id: u32) -> Option<StreamOf> {
        let flow = self.flows.get(id as usize).filter(|flow| matches!(flow.kind, Kind::Tcp(_)))?;
        let [(_, one), (_, other)] = flow.ends;
        Some(StreamOf { ports: (one?, other?), app: flow.app, first_frame: flow.first_frame, frames: flow.frames })
    }

    /// A conversation's first frame, and how many earlier conversations speak the same.
    pub fn opening(&self, id: u32) -> Option<(u32, u32)> {
        let flow = self.flows.get(id as usize)?;
        let same = |other: &&Flow| other.app == flow.app;
        Some((flow.first_frame, self.flows.iter().take(id as usize).filter(same).count() as u32))
    }

    /// The next frame of a conversation after this one.
    pub fn frame_after(&self, id: u32, frame: u32) -> Option<u32> {
        (frame + 1..=self.places.len() as u32).find(|&other| self.of_frame(other).is_some_and(|(of, _)| of == id))
    }

    /// The frame of a conversation that lies up to `rows` rows before this one.
    pub fn frame_before(&self, id: u32, frame: u32, rows: u32) -> u32 {
        let mine = (1..frame).rev().filter(|&other| self.of_frame(other).is_some_and(|(of, _)| of == id));
        mine.take(rows as usize).last().unwrap_or(frame)
    }

    /// The datagram that a frame is a fragment of.
    pub fn datagram(&self, frame: u32) -> Option<&Pieces> {
        self.fragments.of(frame)
    }

    /// What a frame's TCP header said; zeros in a frame that has none.
    pub fn segment(&self, frame: u32) -> Segment {
        frame.checked_sub(1).and_then(|index| self.segments.get(index as usize)).unwrap_or_default()
    }

    /// Frame numbers of a conversation, in order.
    pub fn frames(&mut self, id: u32) -> &[u32] {
        self.look_at(id);
        &self.look.frames
    }

    /// Position of a frame in its conversation, from 0.
    pub fn row(&self, frame: u32) -> u32 {
        frame.checked_sub(1).and_then(|index| self.rows.get(index as usize)).unwrap_or_default()
    }

    /// What decoding a frame needs to know of its conversation.
    pub fn context(&self, frame: u32) -> Context {
        let Some((id, end)) = self.of_frame(frame) else { return Context::default() };
        let Some(flow) = self.flows.get(id as usize) else { return Context::default() };
        let (own, peer) = (usize::from(end), usize::from(1 - end));
        if self.fragments.of(frame).is_some_and(|datagram| datagram.whole_in != Some(frame)) {
            // What a stream's number says is shown where its datagram is whole.
            return Context::default();
        }
        let (window_shift, no_window_scaling) = flow.opening.scaling(end);
        let tunnel_stream = flow.tunnels.get(own).copied().flatten();
        match flow.kind {
            Kind::Tcp(stream) => Context {
                tcp_stream: Some(stream),
                tunnel_stream,
                seq_base: flow.opening.base[own],
                ack_base: flow.opening.base[peer],
                window_shift,
                no_window_scaling,
                ..Context::default()
            },
            Kind::Udp(stream) => {
                let app = flow.app.filter(|_| flow.announced);
                Context { udp_stream: Some(stream), tunnel_stream, app, ..Context::default() }
            }
            Kind::Other => Context { tunnel_stream, ..Context::default() },
        }
    }

    /// The acknowledgment number of the segment that the same end sent before this frame, as it is on the wire.
    pub fn acked_before(&mut self, frame: u32) -> Option<u32> {
        let (id, end) = self.of_frame(frame)?;
        self.look_at(id);
        let earlier = self.look.frames.partition_point(|&other| other < frame);
        let mut before = self.look.frames.get(..earlier)?.iter().rev();
        let before = before.find(|&&other| self.of_frame(other).is_some_and(|(_, sender)| sender == end))?;
        let segment = self.segments.get(*before as usize - 1).filter(|segment| segment.has(ACK))?;
        Some(segment.ack)
    }

    /// The numbers of sender and receiver that tcpdump's line of this frame counts from; `None`: it prints them as they are.
    pub fn line_bases(&self, frame: u32) -> Option<(u32, u32)> {
        let (id, end) = self.of_frame(frame)?;
        let opening = &self.flows.get(id as usize)?.opening;
        let segment = self.segments.get(frame as usize - 1)?;
        let learned =
            opening.learned.filter(|_| segment.has(ACK) && !segment.has(SYN) && frame != opening.learned_from)?;
        Some((learned[usize::from(end)], learned[usize::from(1 - end)]))
    }

    /// Moves of both machines, in row order; none unless it is TCP.
    pub fn transitions(&mut self, id: u32) -> &[Transition] {
        self.look_at(id);
        &self.look.transitions
    }

    /// Memory of the columns and tables.
    pub fn bytes(&self) -> usize {
        self.places.bytes()
            + self.rows.bytes()
            + self.segments.bytes()
            + self.options.bytes()
            + self.fragments.bytes()
            + self.flows.capacity() * size_of::<Flow>()
            + self.known.capacity() * (size_of::<Key>() + size_of::<u32>())
    }

    fn look_at(&mut self, id: u32) {
        let of = Some((id, self.places.len() as u32));
        if self.look.of == of {
            return;
        }
        let (first, count) =
            self.flows.get(id as usize).map_or((1, 0), |flow| (flow.first_frame, flow.frames as usize));
        let mine = |(_, place): &(u32, u32)| place >> 1 == id;
        // Behind its last frame there is nothing to look for.
        let places = (first..).zip(self.places.iter_from(first as usize - 1));
        let frames: Vec<u32> = places.filter(mine).take(count).map(|(frame, _)| frame).collect();
        let mut look = Look { of, frames, ..Look::default() };
        if self.flows.get(id as usize).is_some_and(|flow| matches!(flow.kind, Kind::Tcp(_))) {
            let mut moves = Vec::with_capacity(look.frames.len());
            for (row, &frame) in look.frames.iter().enumerate() {
                let Some((_, end)) = self.of_frame(frame) else { continue };
                let segment = self.segments.get(frame as usize - 1).unwrap_or_default();
                moves.push(Move { row: row as u32, frame, end, segment });
            }
            look.transitions = machine::run(&moves);
        }
        self.look = look;
    }
}
