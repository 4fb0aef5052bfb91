//! Layers → conversations: who talks to whom, and what state each end is in.

pub mod analysis;
mod announced;
pub mod exchange;
pub mod figure;
mod fragments;
pub mod graph;
mod hash;
pub mod hosts;
mod machine;
pub mod order;
mod options;
pub mod story;
pub mod space;
mod stream;
mod tcp;
mod tracker;

pub use announced::MAX_ANNOUNCED;
pub use exchange::{Remark, Told, Track};
pub use figure::Machine;
pub use fragments::{MAX_PIECES, MAX_WAITING, Pieces, Shard};
pub use machine::RULES;
pub use options::{Block, MAX_BLOCKS, Options};
pub use stream::{Data, Fate, MAX_EARLY, MAX_UNDECIDED, Piece, Stream};
pub use tcp::{FIN, SYN, Segment};
pub use tracker::{MAX_TOLD, Moment, StreamOf, Talk, Tracker, WALK_MARK};

use serde::{Deserialize, Serialize};

/// What kind of exchange a conversation is, with the number tshark gives it (`tcp.stream`, `udp.stream`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    Tcp(u32),
    Udp(u32),
    /// Everything without ports: ARP, ICMP, bare IP, bare link frames; grouped by protocol and the two addresses.
    Other,
}

/// One side of a conversation as people read it: `192.168.1.109` and `50990`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Endpoint {
    pub address: String,
    pub port: Option<u16>,
}

/// Which end: 0 sent the conversation's first packet that the capture has (for TCP: the client where a SYN tells).
pub type End = u8;

/// A conversation as the list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Index in the engine's list.
    pub id: u32,
    pub kind: Kind,
    /// Word for the list: `TCP`, `UDP`, `DNS`, `ARP`, `ICMP`, …
    pub protocol: String,
    pub ends: [Endpoint; 2],
    pub frames: u32,
    /// Bytes on the wire.
    pub bytes: u64,
    /// Nanoseconds since 1970-01-01 UTC.
    pub first: i64,
    pub last: i64,
}

/// States of RFC 9293 §3.3.2 and the honest extra one: a capture that starts in the middle begins in `Unknown`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    #[default]
    Unknown,
    Closed,
    Listen,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
    /// A state of another machine: its place in the machine's table.
    Of(Machine, u8),
}

/// How a transition is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Known {
    /// The segment that causes it is on the wire in the transition's frame.
    Seen,
    /// A rule says so: `rule` is a catalogue key (`passive-open`, `ack-of-fin`, …), `source` an RFC section.
    Inferred {
        rule: String,
        source: String,
    },
    Unknown,
}

/// Whether the end moves because it sent the frame or because it received it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    Sent,
    Received,
}

/// One move of one end's machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// Position in the conversation, from 0.
    pub row: u32,
    /// Frame number in the capture, from 1.
    pub frame: u32,
    pub end: End,
    /// Place of its exchange in `Told::tracks`; 0 for TCP, which is one.
    pub track: u32,
    pub cause: Cause,
    pub from: State,
    pub to: State,
    /// As the figure words it: `rcv SYN`, `CLOSE`, `active OPEN`, …
    pub event: String,
    /// `snd SYN,ACK`, `snd ACK`, …; empty where the figure has an x.
    pub action: String,
    pub known: Known,
}
