//! The packets of a conversation → the moves of the machines that speak in it: one file a protocol, each with its figure.
//!
//! An end's own packet shows what it does (seen). That a packet arrived is inferred: by the answer to it, or because it
//! passed the capture point. Timers, losses and what is encrypted are inferred by named rules or unknown. A conversation may hold
//! many exchanges (queries, requests, options), each a `Track` with its moves.

pub mod dhcp;
pub mod dns;
pub mod echo;
pub mod ftp;
pub mod http;
pub mod neighbour;
pub mod path;
pub mod reassembly;
mod strip;
pub mod telnet;
pub mod tls;

pub use strip::{Piece, Strip};

use serde::{Deserialize, Serialize};

use super::figure::Figure;
use super::{Cause, End, Known, Machine, State, Transition};
use crate::protocol::{Layer, Packet};

/// Frames of a conversation that its machines are told of; the answer says where there are more.
pub const MAX_TOLD: u32 = 2_000;
/// Exchanges of one conversation that are told apart, and moves that they make; what comes after them is not told.
pub const MAX_TRACKS: usize = 1_000;
pub const MAX_MOVES: usize = 8_000;

/// Every rule that a move may rest on. The catalogue explains each in words; the source is its figure's.
pub const RULES: &[&str] =
    &["replied", "passed", "repeated", "overtaken", "encrypted", "short", "proxied", "asks-all", "asks-one", "learns"];

/// A sentence of the catalogue, with what its `{name}`s stand for, and the frame that shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub key: String,
    pub values: Vec<(String, String)>,
    /// Frame number in the capture, from 1.
    pub frame: Option<u32>,
}

/// One exchange of a conversation: a query with its answer, a request, an option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// In the protocol's words: `A www.example.com`, `seq 3`.
    pub title: String,
    /// Where it begins.
    pub row: u32,
    pub verdict: Remark,
    pub notes: Vec<Remark>,
    /// Of a datagram in fragments.
    pub strip: Option<Strip>,
}

/// What a machine has to say beside its moves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub machine: Machine,
    /// The machine whose figure shows it: TLS 1.2 has another one than TLS 1.3.
    pub figure: Machine,
    /// The machines that the conversation can be looked at with, the one by default first.
    pub machines: Vec<Machine>,
    pub tracks: Vec<Track>,
    /// Of all exchanges together.
    pub sums: Vec<Remark>,
    /// Rows that it was told of, where the conversation has more.
    pub rows: Option<u32>,
}

/// A frame's place.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// Row of the conversation; of a frame of another conversation, the row before it.
    pub row: u32,
    pub frame: u32,
    /// Whether it belongs to the conversation itself.
    pub home: bool,
    /// Its sender, as an end of its own conversation.
    pub end: End,
    /// Nanoseconds since 1970-01-01 UTC.
    pub time: i64,
}

/// A protocol's machine while it is told of the packets, in order.
pub(super) trait Fold {
    fn hear(&mut self, book: &mut Book, at: &At, packet: &Packet);
    /// After the last packet.
    fn finish(&mut self, book: &mut Book);
}

/// A conversation's machines at work.
pub struct Exchange {
    book: Book,
    fold: Box<dyn Fold>,
}

impl Exchange {
    /// Of a conversation between these addresses; `None` for TCP, whose machine takes segments.
    pub fn new(machine: Machine, ends: [String; 2]) -> Option<Exchange> {
        let fold: Box<dyn Fold> = match machine {
            Machine::Tcp => return None,
            Machine::Dns => Box::new(dns::Dns::default()),
            Machine::Dhcp => Box::new(dhcp::Dhcp::default()),
            Machine::Echo => Box::new(echo::Echo::default()),
            Machine::Ftp => Box::new(ftp::Ftp::default()),
            Machine::Http => Box::new(http::Http::default()),
            Machine::Neighbour => Box::new(neighbour::Neighbour::default()),
            Machine::PathMtu => Box::new(path::PathMtu::default()),
            Machine::Reassembly => Box::new(reassembly::Reassembly::default()),
            Machine::Telnet => Box::new(telnet::Telnet::default()),
            Machine::Tls | Machine::Tls12 => Box::new(tls::Tls::default()),
        };
        let book = Book {
            machine,
            moves: Vec::new(),
            told: Told { machine, figure: machine, ..Told::default() },
            now: Vec::new(),
            begun: false,
            ends,
        };
        Some(Exchange { book, fold })
    }

    /// Words of other conversations that have a part in it.
    pub fn family(&self) -> &'static [&'static str] {
        match self.book.machine {
            Machine::Dhcp => &["DHCP"],
            Machine::Ftp => &["FTP-DATA"],
            Machine::Http => &["HTTP"],
            Machine::PathMtu => &["ICMP", "ICMPv6"],
            _ => &[],
        }
    }

    pub fn hear(&mut self, at: &At, packet: &Packet) {
        self.book.begun |= at.home;
        self.fold.hear(&mut self.book, at, packet);
    }

    /// Moves in row order, and what else there is to tell.
    pub fn finish(mut self) -> (Vec<Transition>, Told) {
        self.fold.finish(&mut self.book);
        let moves = super::order::sorted_by(self.book.moves, |step| (step.row, step.cause == Cause::Received));
        (moves, self.book.told)
    }
}

/// The machine for a conversation, by the word for what it speaks.
pub fn machine_of(protocol: &str) -> Option<Machine> {
    Some(match protocol {
        "ARP" => Machine::Neighbour,
        "DHCP" => Machine::Dhcp,
        "DNS" => Machine::Dns,
        "ICMP" | "ICMPv6" => Machine::Echo,
        "FTP" => Machine::Ftp,
        "HTTP" => Machine::Http,
        "TELNET" => Machine::Telnet,
        "TLS" => Machine::Tls,
        _ => return None,
    })
}

/// Source and destination of the packet that an ICMP message calls too big for a link.
pub fn too_big(packet: &Packet) -> Option<[String; 2]> {
    path::too_big(packet).map(|(_, pair, _)| pair)
}

/// Where moves and sentences are written.
pub(super) struct Book {
    machine: Machine,
    moves: Vec<Transition>,
    told: Told,
    /// States of both ends, by track.
    now: Vec<[u8; 2]>,
    /// A frame of the conversation itself has been heard.
    begun: bool,
    /// Addresses of the conversation.
    ends: [String; 2],
}

/// A state that no move has to leave.
pub(super) const NOWHERE: u8 = u8::MAX;

impl Book {
    /// Begins an exchange with its ends in these states, places in the figure; `None` where there are too many.
    fn open(&mut self, at: &At, title: String, states: [u8; 2]) -> Option<usize> {
        let place = self.told.tracks.len();
        if place >= MAX_TRACKS {
            return None;
        }
        self.told.tracks.push(Track { title, row: at.row, ..Track::default() });
        self.now.push(states);
        Some(place)
    }

    fn state(&self, track: usize, end: End) -> u8 {
        self.now.get(track).map_or(NOWHERE, |states| states[usize::from(end & 1)])
    }

    /// An end moves as it sends the frame (`Seen` where the frame shows it) or on receiving it.
    fn go(&mut self, track: usize, at: &At, (end, cause): (End, Cause), to: u8, words: (&str, &str), known: Known) {
        let state = |place| if place == NOWHERE { State::Unknown } else { State::Of(self.machine, place) };
        let Some(now) = self.now.get_mut(track).map(|states| &mut states[usize::from(end & 1)]) else { return };
        let (from, to) = (state(std::mem::replace(now, to)), state(to));
        // What happened elsewhere happened after the row before it had landed, or before the first one.
        let cause = match (at.home, self.begun) {
            (true, _) => cause,
            (false, true) => Cause::Received,
            (false, false) => Cause::Sent,
        };
        if self.moves.len() < MAX_MOVES {
            let (event, action) = (words.0.to_owned(), words.1.to_owned());
            let (row, frame, track) = (at.row, at.frame, track as u32);
            self.moves.push(Transition { row, frame, end, track, cause, from, to, event, action, known });
        }
    }

    /// The sender of the frame moves.
    fn sends(&mut self, track: usize, at: &At, to: u8, words: (&str, &str)) {
        self.go(track, at, (at.end, Cause::Sent), to, words, Known::Seen);
    }

    /// The other end moves, if the frame arrives.
    fn receives(&mut self, track: usize, at: &At, to: u8, words: (&str, &str)) {
        let known = self.inferred("passed");
        self.go(track, at, (1 - at.end, Cause::Received), to, words, known);
    }

    fn inferred(&self, rule: &str) -> Known {
        let figure: &Figure = self.machine.figure();
        Known::Inferred { rule: rule.to_owned(), source: figure.source.to_owned() }
    }

    /// What an end did on the last frame that it received in this exchange is proven by what it sends now.
    fn prove(&mut self, track: usize, end: End) {
        let known = self.inferred("replied");
        let mine = |step: &&mut Transition| step.end == end && step.track as usize == track;
        if let Some(step) = self.moves.iter_mut().rev().find(mine)
            && step.cause == Cause::Received
            && matches!(&step.known, Known::Inferred { rule, .. } if rule == "passed")
        {
            step.known = known;
        }
    }

    /// Forgets all exchanges but these.
    fn keep(&mut self, kept: &[usize]) {
        let place = |track: u32| kept.iter().position(|&kept| kept == track as usize);
        self.moves.retain_mut(|step| match place(step.track) {
            Some(track) => {
                step.track = track as u32;
                true
            }
            None => false,
        });
        let tracks = std::mem::take(&mut self.told.tracks);
        self.told.tracks =
            (0..).zip(tracks).filter(|(track, _)| place(*track).is_some()).map(|(_, track)| track).collect();
    }

    /// The moves are those of another machine, whose states have the same places.
    fn redraw(&mut self, machine: Machine) {
        let of = |state| if let State::Of(_, place) = state { State::Of(machine, place) } else { state };
        for step in &mut self.moves {
            (step.from, step.to) = (of(step.from), of(step.to));
            if let Known::Inferred { source, .. } = &mut step.known {
                *source = machine.figure().source.to_owned();
            }
        }
        self.told.figure = machine;
    }

    /// Each end was the other one.
    fn turn(&mut self) {
        self.moves.iter_mut().for_each(|step| step.end = 1 - step.end.min(1));
    }

    fn verdict(&mut self, track: usize, remark: Remark) {
        if let Some(track) = self.told.tracks.get_mut(track) {
            track.verdict = remark;
        }
    }

    fn note(&mut self, track: usize, remark: Remark) {
        if let Some(track) = self.told.tracks.get_mut(track).filter(|track| track.notes.len() < MAX_NOTES) {
            track.notes.push(remark);
        }
    }
}

/// Sentences beside one exchange.
const MAX_NOTES: usize = 24;

impl Remark {
    fn new(key: &str, values: &[(&str, &str)]) -> Remark {
        let values = values.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Remark { key: key.to_owned(), values, frame: None }
    }

    fn at(mut self, frame: u32) -> Remark {
        self.frame = Some(frame);
        self
    }
}

/// What a field shows; nothing where the layer has none.
fn show<'a>(layer: &'a Layer, key: &str) -> &'a str {
    layer.get(key).map_or("", |found| &found.show)
}

/// The word for a field's value up to a comma: `A` of `A, IPv4 address`; the number where there is no word.
fn word<'a>(layer: &'a Layer, key: &str) -> &'a str {
    let Some(found) = layer.get(key) else { return "" };
    let word = found.meaning.split(',').next().unwrap_or_default();
    if word.is_empty() { &found.show } else { word }
}

/// Nanoseconds as milliseconds, as `ping` prints them: `0.213`.
fn milliseconds(time: i64) -> String {
    let micros = time.max(0) / 1_000;
    format!("{}.{:03}", micros / 1_000, micros % 1_000)
}
