//! What is remembered of one direction of a TCP conversation, to judge its next segment by and the peer's.

use serde::{Deserialize, Serialize};

use crate::conversation::options::Options;
use crate::conversation::tcp::before;

/// A segment that waits for its acknowledgment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unacked {
    pub frame: u32,
    pub seq: u32,
    /// The number after its last byte, SYN or FIN.
    pub end: u32,
    pub time: i64,
}

/// How an end's windows are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Scale {
    #[default]
    Unknown,
    Off,
    By(u8),
}

/// An end's variables (RFC 9293 §3.3.1) as far as the packets tell, in numbers that start at 0; `None`: nothing told it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variables {
    /// SND.UNA and SND.NXT: what the peer acknowledged, and the number after the highest byte seen.
    pub unacknowledged: Option<u32>,
    pub next: Option<u32>,
    /// RCV.NXT by its own last acknowledgment.
    pub expected: Option<u32>,
    /// The window that it offered last, in bytes; `None` also where the scale is not known.
    pub window: Option<u32>,
    pub shift: Option<u8>,
}

/// One direction: what its sender has sent, acknowledged and offered. Numbers are those on the wire; 0 is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    pub base: Option<u32>,
    /// The number after the highest byte sent; frame and time of the segment that reached it.
    pub next: u32,
    pub next_frame: u32,
    pub next_time: i64,
    /// Up to where everything was seen.
    pub whole_to: u32,
    /// What it acknowledged last, when, in which frame; the first frame with this number, how often it was repeated since
    /// (all ones: it acknowledged what nobody saw), and the last of the repeats.
    pub ack: u32,
    pub ack_time: i64,
    pub ack_frame: u32,
    pub fresh_frame: u32,
    pub repeats: u32,
    pub repeat_frame: u32,
    /// As in the header; all ones before the first segment.
    pub window: u32,
    pub scale: Scale,
    /// No acknowledgment came after its SYN yet, whose window is not scaled.
    pub first_ack: bool,
    /// Its last SYN, answered or not.
    pub syn: Option<Unacked>,
    pub sack_permitted: Option<bool>,
    /// No segment before the last one is known to be missing.
    pub flight_known: bool,
    pub pushed: u32,
    pub push_before: bool,
    /// Flags of its last segment, and the subtypes of Multipath TCP that had been seen by then.
    pub flags: u32,
    pub multipath: u8,
    /// Bytes in the SACK blocks of its last segment; highest edge of all its blocks, and their last frame.
    pub sacked: u32,
    pub sacked_to: Option<u32>,
    pub sack_frame: u32,
    /// In the order in which they were sent.
    pub unacked: Vec<Unacked>,
    /// It is mending a loss until this number is acknowledged; whether a timer found the loss.
    pub mending: Option<(u32, bool)>,
    /// The last number that `unacked` was held against, and how many of it.
    settled: (u32, usize),
    /// Lowest and highest number in `unacked`, counted from `base`; `None`: to be found again.
    reach: Option<(u32, u32)>,
}

impl Default for Way {
    fn default() -> Way {
        Way {
            base: None,
            next: 0,
            next_frame: 0,
            next_time: 0,
            whole_to: 0,
            ack: 0,
            ack_time: 0,
            ack_frame: 0,
            fresh_frame: 0,
            repeats: 0,
            repeat_frame: 0,
            window: u32::MAX,
            scale: Scale::Unknown,
            first_ack: false,
            syn: None,
            sack_permitted: None,
            flight_known: true,
            pushed: 0,
            push_before: false,
            flags: 0,
            multipath: 0,
            sacked: 0,
            sacked_to: None,
            sack_frame: 0,
            unacked: Vec::new(),
            mending: None,
            settled: (0, 0),
            reach: None,
        }
    }
}

impl Way {
    /// The number before which the window that this end offers ends; `None`: its scale is not known.
    pub fn window_edge(&self) -> Option<u32> {
        let shift = match self.scale {
            Scale::Unknown => return None,
            Scale::By(shift) if !self.first_ack => u32::from(shift),
            _ => 0,
        };
        Some(self.ack.wrapping_add(self.window.wrapping_shl(shift)))
    }

    /// What is told of the sender, by its own segments and the peer's.
    pub fn variables(&self, peer: &Way) -> Variables {
        let from = |base: Option<u32>, number: u32| base.filter(|_| number != 0).map(|base| number.wrapping_sub(base));
        Variables {
            unacknowledged: from(self.base, peer.ack),
            next: from(self.base, self.next),
            expected: from(peer.base, self.ack),
            window: self.window_edge().filter(|_| self.window != u32::MAX).map(|edge| edge.wrapping_sub(self.ack)),
            shift: match self.scale {
                Scale::By(shift) => Some(shift),
                _ => None,
            },
        }
    }

    /// Counts from another number.
    pub fn set_base(&mut self, base: u32) {
        (self.base, self.reach) = (Some(base), None);
    }

    pub fn push(&mut self, segment: Unacked) {
        let (low, high) = self.counted(&segment);
        self.reach = match self.reach {
            Some((from, to)) => Some((from.min(low), to.max(high))),
            None if self.unacked.is_empty() => Some((low, high)),
            None => None,
        };
        self.unacked.push(segment);
    }

    fn counted(&self, segment: &Unacked) -> (u32, u32) {
        let base = self.base.unwrap_or_default();
        (segment.seq.wrapping_sub(base), segment.end.wrapping_sub(base))
    }

    /// Bytes from the lowest to the highest number that waits for its acknowledgment.
    pub fn flight(&mut self) -> u32 {
        let reach = self.reach.unwrap_or_else(|| {
            let ends = self.unacked.iter().map(|segment| self.counted(segment));
            ends.reduce(|(from, to), (low, high)| (from.min(low), to.max(high))).unwrap_or_default()
        });
        self.reach = Some(reach);
        reach.1.wrapping_sub(reach.0)
    }

    /// The other end's number: segments before it wait no longer. Answers the frame of the oldest one that ends there.
    pub fn acknowledged(&mut self, ack: u32) -> Option<u32> {
        if self.mending.is_some_and(|(to, _)| !before(ack, to)) {
            self.mending = None;
        }
        // What was held against the same number before stays as it is.
        let from = if self.settled.0 == ack { self.settled.1.min(self.unacked.len()) } else { 0 };
        let mut acked = None;
        let mut kept = from;
        for at in from..self.unacked.len() {
            let mut segment = self.unacked[at];
            if ack == segment.end {
                acked = acked.or(Some(segment.frame));
                continue;
            }
            if before(segment.seq, ack) && before(ack, segment.end) {
                segment.seq = ack;
            }
            if before(ack, segment.end) {
                self.reach = self.reach.filter(|_| segment == self.unacked[at]);
                self.unacked[kept] = segment;
                kept += 1;
            }
        }
        if kept < self.unacked.len() {
            self.unacked.truncate(kept);
            self.reach = None;
        }
        self.settled = (ack, kept);
        acked
    }

    /// What its options say of data that it has beyond a gap.
    pub fn take_blocks(&mut self, frame: u32, options: &Options) {
        for (from, to) in options.sacked() {
            self.sacked = self.sacked.wrapping_add(to.wrapping_sub(*from));
            if before(self.ack, *to) {
                self.sacked_to = self.sacked_to.filter(|high| before(*to, *high)).or(Some(*to));
                self.sack_frame = frame;
            }
        }
        if self.sacked_to.is_some_and(|high| !before(self.ack, high)) {
            self.sacked_to = None;
        }
    }
}
