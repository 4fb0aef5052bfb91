//! What the page asks and what it is told: plain types that cross between page and worker.

use serde::{Deserialize, Serialize};

use super::{Listed, Listing, Overview};
use crate::conversation::analysis::{Finding, Point};
use crate::conversation::graph::{Ask, Graph};
use crate::conversation::hosts::{Host, HostTables};
use crate::conversation::story::Event;
use crate::conversation::{Conversation, End, Machine, Moment, Told, Transition};
use crate::filter::{Fault, Known};
use crate::protocol::{Bits, Buffer, Stop};
use crate::text::Said;

/// What the page asks. The capture itself travels beside `Open`, as a handle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Read the attached capture from its beginning; progress comes until `Opened` or `Failed`.
    Open {
        name: String,
    },
    /// Stop an `Open` that is under way; what has been read so far is kept and answered with `Opened`.
    Cancel,
    /// Rows of the packet list: of one conversation, or of the whole capture.
    Frames {
        conversation: Option<u32>,
        start: u32,
        count: u32,
    },
    /// One packet taken apart, by frame number (from 1).
    Layers {
        frame: u32,
    },
    Conversations {
        start: u32,
        count: u32,
    },
    /// Rows of the list of conversations.
    List {
        listing: Listing,
        start: u32,
        count: u32,
    },
    /// What is wrong with the capture; `Overview` comes until it is done.
    Overview,
    /// The capture as a file, which travels back beside the answers, as a handle.
    Save {
        format: Format,
    },
    /// A conversation's frame of the ladder: size, transitions, time axis; of all of them ([`super::ALL`]): all hosts.
    Stage {
        conversation: u32,
    },
    /// The moves of another of the machines that a conversation can be looked at with.
    Machine {
        conversation: u32,
        machine: Machine,
    },
    /// What happened in a TCP conversation that is worth stopping for.
    Story {
        conversation: u32,
    },
    /// Both ends' figures around a row of a TCP conversation.
    Moment {
        conversation: u32,
        row: u32,
    },
    /// The tables of the hosts of a stage once so many of its rows have passed.
    Tables {
        conversation: u32,
        rows: u32,
    },
    /// Arrows of the ladder, by position in the conversation (from 0).
    Rows {
        conversation: u32,
        start: u32,
        count: u32,
    },
    /// Look for the frames that a filter means; `Matched` comes until it is done, or `Fault`. The number is the page's, to know
    /// its answers by; `known` has the fields that the filter names.
    Filter {
        number: u32,
        text: String,
        known: Vec<Known>,
    },
    /// Rows of the packet list, of the frames that the filter of this number found so far, in one conversation or in all.
    Matches {
        number: u32,
        conversation: Option<u32>,
        start: u32,
        count: u32,
    },
    /// The marks of one graph of a TCP conversation.
    Graph(Ask),
}

/// A format in which a capture is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    Pcap,
    Pcapng,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    Progress {
        read: u64,
        size: u64,
        frames: u32,
    },
    Opened(Summary),
    Frames {
        conversation: Option<u32>,
        start: u32,
        rows: Vec<FrameLine>,
    },
    Layers(FrameView),
    Conversations {
        start: u32,
        total: u32,
        rows: Vec<Conversation>,
    },
    List {
        listing: Listing,
        start: u32,
        total: u32,
        rows: Vec<Listed>,
    },
    Overview(Overview),
    Stage(Stage),
    Machine {
        conversation: u32,
        transitions: Vec<Transition>,
        told: Told,
    },
    Story {
        conversation: u32,
        events: Vec<Event>,
    },
    Moment {
        conversation: u32,
        moment: Moment,
    },
    Rows {
        conversation: u32,
        start: u32,
        rows: Vec<Row>,
    },
    Tables(Tables),
    Matched(Matched),
    Fault {
        number: u32,
        fault: Fault,
    },
    /// `total`: how many there are by now.
    Matches {
        number: u32,
        conversation: Option<u32>,
        start: u32,
        total: u32,
        rows: Vec<FrameLine>,
    },
    Graph(Graph),
    Failed(Failure),
}

/// How far a filter has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    pub number: u32,
    /// Frames judged, of how many, and those that are meant.
    pub seen: u32,
    pub frames: u32,
    pub found: u32,
    /// Conversations with a frame that is meant.
    pub conversations: u32,
    /// All were judged, or it was cancelled.
    pub done: bool,
}

/// What went wrong, for whom it happened, and what to do: catalogue keys are the page's business, this is the fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Catalogue key: `not-a-capture`, `empty-file`, `too-large`, `mixed-links`, `no-packets`, `unreadable`, `no-such-frame`, …
    pub kind: String,
    /// English sentence with what was found and where.
    pub detail: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub name: String,
    /// `pcap (microseconds, little-endian)`, `pcapng`, …
    pub format: String,
    pub size: u64,
    pub frames: u32,
    pub conversations: u32,
    /// Nanoseconds since 1970-01-01 UTC of the earliest and latest packet.
    pub first: i64,
    pub last: i64,
    /// Things to say about the file: cut short and where, unknown link types, section comments.
    pub notes: Vec<String>,
    /// The conversation a newcomer should see first, if there is any packet.
    pub start_with: Option<u32>,
    pub cancelled: bool,
}

/// One line of the packet list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FrameLine {
    /// From 1.
    pub frame: u32,
    pub time: i64,
    pub length: u32,
    pub conversation: u32,
    /// Position in its conversation.
    pub row: u32,
    pub protocol: String,
    /// As `tcpdump -nt` prints it.
    pub line: String,
}

/// A packet for the anatomy panel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FrameView {
    pub frame: u32,
    pub time: i64,
    pub captured: u32,
    pub length: u32,
    pub link: u16,
    pub conversation: u32,
    pub row: u32,
    pub layers: Vec<LayerView>,
    pub stop: Option<Stop>,
    /// Bytes that are not in the frame as they are: put together out of several frames, or decrypted.
    pub buffers: Vec<Buffer>,
    /// The packet's bytes, at most `BYTES_SHOWN`.
    pub bytes: Vec<u8>,
    pub line: String,
    /// What analysis says of its segment, where that is more than numbers.
    pub judged: Option<Box<Finding>>,
    pub comments: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LayerView {
    pub protocol: String,
    /// Which bytes it lies in: 0 is the frame, n is `FrameView::buffers[n - 1]`.
    pub buffer: u8,
    pub pos: u32,
    pub size: u32,
    /// What IANA's registry calls the port of bytes that no table takes apart; empty elsewhere.
    pub service: String,
    pub fields: Vec<FieldView>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldView {
    /// Wireshark's filter name; also the key of its explanation.
    pub key: String,
    /// Which bytes it lies in, as for its layer; a layer may have fields in others than its own.
    pub buffer: u8,
    /// Bits in them; zero length: generated.
    pub at: Bits,
    pub show: String,
    pub meaning: String,
    /// What the value means in this packet, as sentences of the catalogue.
    pub here: Vec<Said>,
    pub depth: u8,
}

/// A conversation set up for the ladder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub conversation: Conversation,
    pub rows: u32,
    /// In row order; the state of an end at a row is the last one before it.
    pub transitions: Vec<Transition>,
    /// What machine that is, and what else it tells.
    pub told: Told,
    /// Where it was captured; `None` where nothing tells.
    pub point: Option<Box<Point>>,
    /// Length of the folded time axis, in the unit of `Row::at` (1 is the space of one row).
    pub length: f64,
    /// The lifelines where they are more than the conversation's two ends.
    pub hosts: Vec<Host>,
}

/// One arrow of the ladder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Position in the conversation.
    pub row: u32,
    pub frame: u32,
    pub time: i64,
    /// The end that sent it; the other one receives.
    pub from: End,
    /// The other end; on the stage with all hosts both are lifelines, and `hosts::EVERYONE` stands for all.
    pub to: End,
    /// The lifeline of the host that passes it on, where the receiver or the sender is beyond.
    pub via: Option<u8>,
    /// On the stage with all hosts: the packet as it is on this link.
    pub hop: Option<Box<Hop>>,
    /// Place on the folded time axis.
    pub at: f64,
    /// Idle time folded away before this row, in nanoseconds; zero where nothing was folded.
    pub folded: i64,
    /// Over the arrow, in tcpdump's words: `Flags [S.], seq 0, ack 1, win 65160`.
    pub label: String,
    /// Under the arrow: options, payload length or the first words of the data.
    pub detail: String,
    /// Words for flaws that this packet itself shows: `bad-checksum`, `cut`; and tshark's for its segment: `retransmission`,
    /// `duplicate_ack 3`.
    pub marks: Vec<String>,
}

/// A packet on one of the links that it crosses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hop {
    /// TTL or hop limit.
    pub ttl: u8,
    /// Hardware addresses of sender and receiver, as far as the link's header has them.
    pub macs: [Option<String>; 2],
    /// IP addresses of source and destination.
    pub ends: [String; 2],
    /// The row of the same packet on the link before, and on the next one.
    pub before: Option<u32>,
    pub after: Option<u32>,
    /// Ends that the last hop changed, before and after: `10.0.1.2:43720`, `10.0.2.1:43720`.
    pub changed: Vec<(String, String)>,
}

/// What hosts' tables hold at a moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tables {
    pub conversation: u32,
    /// Rows that have passed, and the last of their frames.
    pub rows: u32,
    pub frame: u32,
    /// More was told than is kept: later lines are missing.
    pub full: bool,
    pub hosts: Vec<HostTables>,
}
