//! The segments of a TCP conversation, in one pass → what each is called in tshark's vocabulary (`tcp.analysis.*`), and why.
//!
//! The rules are those of Wireshark 4.0, so that the words agree with what people read elsewhere; `cargo xtask agree
//! --analysis` measures it. They judge a segment by what the capture had shown up to then, as tshark does when it reads once.
//! Why a segment was sent again, which tshark does not say, is inferred in `reasons`.

mod analyst;
mod figures;
mod point;
mod reasons;
#[cfg(test)]
mod tests;
mod walker;
mod way;

pub use analyst::{Analyst, MAX_UNACKED};
pub use figures::{FIGURES, Figure, GROUNDS, Numbers, Unit, numbers};
pub use point::{POINT_RULES, Point};
pub use reasons::{REASONS, Reason};
pub use walker::{MAX_SCORED, Walker};
pub use way::Variables;

use serde::{Deserialize, Serialize};

use super::End;
use super::options::Options;
use super::tcp::Segment;
use reasons::Why;

pub const RETRANSMISSION: u32 = 1;
pub const FAST_RETRANSMISSION: u32 = 1 << 1;
pub const SPURIOUS_RETRANSMISSION: u32 = 1 << 2;
pub const OUT_OF_ORDER: u32 = 1 << 3;
pub const LOST_SEGMENT: u32 = 1 << 4;
pub const ACK_LOST_SEGMENT: u32 = 1 << 5;
pub const DUPLICATE_ACK: u32 = 1 << 6;
pub const ZERO_WINDOW: u32 = 1 << 7;
pub const WINDOW_FULL: u32 = 1 << 8;
pub const WINDOW_UPDATE: u32 = 1 << 9;
pub const KEEP_ALIVE: u32 = 1 << 10;
pub const KEEP_ALIVE_ACK: u32 = 1 << 11;
pub const ZERO_WINDOW_PROBE: u32 = 1 << 12;
pub const ZERO_WINDOW_PROBE_ACK: u32 = 1 << 13;
pub const REUSED_PORTS: u32 = 1 << 14;
pub const TFO_SYN: u32 = 1 << 15;
pub const TFO_ACK: u32 = 1 << 16;
pub const TFO_IGNORED: u32 = 1 << 17;
/// Nothing of the above, yet tshark has an analysis of the segment, and so shows the opening's round trip in it.
const ANALYSED: u32 = 1 << 31;

/// tshark's name of each flag, behind `tcp.analysis.`.
pub const FLAGS: &[(u32, &str)] = &[
    (RETRANSMISSION, "retransmission"),
    (FAST_RETRANSMISSION, "fast_retransmission"),
    (SPURIOUS_RETRANSMISSION, "spurious_retransmission"),
    (OUT_OF_ORDER, "out_of_order"),
    (LOST_SEGMENT, "lost_segment"),
    (ACK_LOST_SEGMENT, "ack_lost_segment"),
    (DUPLICATE_ACK, "duplicate_ack"),
    (ZERO_WINDOW, "zero_window"),
    (WINDOW_FULL, "window_full"),
    (WINDOW_UPDATE, "window_update"),
    (KEEP_ALIVE, "keep_alive"),
    (KEEP_ALIVE_ACK, "keep_alive_ack"),
    (ZERO_WINDOW_PROBE, "zero_window_probe"),
    (ZERO_WINDOW_PROBE_ACK, "zero_window_probe_ack"),
    (REUSED_PORTS, "reused_ports"),
    (TFO_SYN, "tfo_syn"),
    (TFO_ACK, "tfo_ack"),
    (TFO_IGNORED, "tfo_ignored"),
];

/// A segment with its place and moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Step {
    /// From 1.
    pub frame: u32,
    pub end: End,
    /// Nanoseconds since 1970-01-01 UTC.
    pub time: i64,
    pub segment: Segment,
    pub options: Options,
    /// It opens a conversation between ports that had one.
    pub reused: bool,
}

/// What is kept of a row; 20 bytes. No segment is both a duplicate acknowledgment and in flight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Kept {
    flags: u32,
    /// Frame that it acknowledges, else 0.
    acks: u32,
    /// Frame of the first acknowledgment that it repeats, or that its timer counts from; else 0.
    refers: u32,
    /// Number of the duplicate, or bytes in flight.
    number: u32,
    /// Bytes since the last PSH.
    pushed: u32,
}

/// What analysis says of one segment; fields are called as tshark's, times are nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Position in the conversation, from 0.
    pub row: u32,
    pub frame: u32,
    /// Bits of [`FLAGS`].
    pub flags: u32,
    pub acks_frame: Option<u32>,
    pub ack_rtt: Option<i64>,
    /// From the SYN to the first acknowledgment without SYN.
    pub initial_rtt: Option<i64>,
    pub bytes_in_flight: Option<u32>,
    pub push_bytes_sent: Option<u32>,
    /// Since the oldest segment that waited for its acknowledgment.
    pub rto: Option<i64>,
    pub rto_frame: Option<u32>,
    pub duplicate_ack_num: Option<u32>,
    pub duplicate_ack_frame: Option<u32>,
    /// Why it was sent again, where it was.
    pub reason: Option<Reason>,
}

impl Finding {
    pub fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    /// tshark's names of its flags.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        let flags = self.flags;
        FLAGS.iter().filter(move |(flag, _)| flags & flag != 0).map(|(_, word)| *word)
    }
}

/// Everything that analysis says of a conversation.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    rows: Vec<Kept>,
    /// Since which row the opening's round trip is known, and what it is.
    initial_rtt: Option<(u32, i64)>,
    /// By row: why it was sent again.
    reasons: Vec<(u32, Why)>,
}

impl Analysis {
    /// `steps`: all rows of a conversation, in order; `None` for one that brings no segment, as a fragment.
    pub fn of(steps: impl Iterator<Item = Option<Step>>) -> Analysis {
        let mut analyst = Analyst::default();
        let mut analysis = Analysis::default();
        for (row, step) in (0..).zip(steps) {
            let (kept, why) = step.map(|step| analyst.judge_next(&step)).unwrap_or_default();
            analysis.rows.push(kept);
            analysis.reasons.extend(why.map(|why| (row, why)));
            analysis.initial_rtt = analysis.initial_rtt.or(analyst.initial_rtt().map(|rtt| (row, rtt)));
        }
        analysis
    }

    /// Bits of [`FLAGS`] of a row; none beyond the last.
    pub fn flags(&self, row: u32) -> u32 {
        self.rows.get(row as usize).map_or(0, |kept| kept.flags & !ANALYSED)
    }

    /// All of a row. `frame` is its frame, and `time` tells a frame's moment.
    pub fn finding(&self, row: u32, frame: u32, time: impl Fn(u32) -> i64) -> Option<Finding> {
        let kept = *self.rows.get(row as usize)?;
        let since = |other: u32| time(frame).saturating_sub(time(other));
        let some = |number: u32| Some(number).filter(|&number| number != 0);
        let (again, repeats) = (kept.flags & RETRANSMISSION != 0, kept.flags & DUPLICATE_ACK != 0);
        let acks_frame = some(kept.acks);
        // Without a distance in time tshark names no frame either.
        let rto_frame = some(kept.refers).filter(|&other| again && since(other) != 0);
        let initial_rtt = self.initial_rtt.filter(|(from, _)| *from <= row && kept.flags & ANALYSED != 0);
        let why = self.reasons.binary_search_by_key(&row, |(row, _)| *row).ok();
        Some(Finding {
            row,
            frame,
            flags: kept.flags & !ANALYSED,
            acks_frame,
            ack_rtt: acks_frame.map(since).filter(|&rtt| rtt != 0),
            initial_rtt: initial_rtt.map(|(_, rtt)| rtt),
            bytes_in_flight: some(kept.number).filter(|_| !repeats),
            push_bytes_sent: some(kept.number).filter(|_| !repeats).map(|_| kept.pushed),
            rto: rto_frame.map(since),
            rto_frame,
            duplicate_ack_num: some(kept.number).filter(|_| repeats),
            duplicate_ack_frame: Some(kept.refers).filter(|_| repeats),
            reason: why.and_then(|at| self.reasons.get(at)).map(|(_, why)| why.reason()),
        })
    }

    /// From the last SYN to the first acknowledgment without SYN, in nanoseconds.
    pub fn initial_rtt(&self) -> Option<i64> {
        self.initial_rtt.map(|(_, rtt)| rtt)
    }

    pub fn len(&self) -> u32 {
        self.rows.len() as u32
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
