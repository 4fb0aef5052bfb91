//! One request → one response over the whole core; what the worker runs and every test drives.
//!
//! A capture is never held: [`Engine`] keeps an index and the conversations, and reads a packet's bytes again when
//! somebody asks for it. Memory grows with the number of packets, never with their size.

mod answer;
mod axis;
mod datagrams;
mod filter;
mod exchange;
mod hosts;
#[cfg(not(target_arch = "wasm32"))]
mod lesson;
mod list;
mod messages;
mod open;
mod save;
mod quic;
mod survey;
mod types;
mod view;

pub use hosts::{ALL, LOOKED};
pub use list::{Column, Listed, Listing};
pub use messages::{AHEAD, BACK, MAX_MESSAGE, MAX_ROWS_KEPT};
pub use open::MAX_OPENED;
pub use save::SaveError;
pub use survey::{MAX_WORST, Overview, Tally, Told};
pub use types::*;

use std::collections::BTreeSet;

use crate::capture::{Index, Reader, Source};
use crate::conversation::Tracker;

use answer::window;
use axis::Axis;
use filter::Search;
use hosts::Hosts;
use list::Order;
use messages::Messages;
use quic::Talks;
use survey::Survey;

/// Most rows that one request gets; the page asks for what it shows and a little more.
pub const MAX_ROWS: u32 = 2_000;

/// Most bytes of a packet that are read and taken apart: more than any IP packet in its link frame has.
pub const BYTES_SHOWN: u32 = 128 * 1024;

/// Most packets that a capture may bring: beyond it the index would not fit a worker's 4 GB of memory.
pub const MAX_FRAMES: u32 = 40_000_000;

/// One capture, as far as it has been read.
pub struct Engine<S: Source> {
    reader: Reader<S>,
    index: Index,
    tracker: Tracker,
    name: String,
    state: Progress,
    /// Packets after which reading ends: [`MAX_FRAMES`], or less.
    most: u32,
    /// Nanoseconds since 1970-01-01 UTC of the earliest and latest packet.
    times: Option<(i64, i64)>,
    start: Start,
    /// What else there is to say about the reading: why it ended early.
    notes: Vec<String>,
    /// The time axis asked for last.
    axis: Option<Axis>,
    /// Bytes of the packet looked at last.
    bytes: Vec<u8>,
    /// Conversations whose messages were looked for.
    messages: Messages,
    /// QUIC conversations that were listened to.
    talks: Talks,
    /// Messages that told of a path's MTU.
    too_big: exchange::TooBig,
    /// The filter asked for last.
    search: Option<Search>,
    /// What was found out about all conversations.
    survey: Option<Survey>,
    /// The order that the list of conversations was shown in last.
    order: Option<Order>,
    hosts: Hosts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Reading,
    /// The source's present end was reached; it may grow.
    AtEnd,
    Cancelled,
    /// The source or a limit forbids reading on.
    Ended,
}

/// Looks for the conversation that a newcomer should see first, while packets pass by.
#[derive(Default)]
struct Start {
    /// A TCP conversation whose opening was seen and that carried data.
    whole: Option<u32>,
    tcp: Option<u32>,
    udp: Option<u32>,
    /// TCP conversations whose SYN was seen, among which `whole` will be.
    opened: BTreeSet<u32>,
}

impl Failure {
    pub fn new(kind: &str, detail: impl Into<String>) -> Failure {
        Failure { kind: kind.into(), detail: detail.into() }
    }
}
