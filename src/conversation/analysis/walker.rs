//! One segment after the other → what each end measures and believes: round trips, timers, the scoreboard, the pace of sending.
//!
//! The round trip that a sender measures is longer than what passes the capture point: the way between the two is added, as
//! long as the opening took it. All times are nanoseconds.

use super::way::Way;
use super::{Analyst, DUPLICATE_ACK, RETRANSMISSION, Step};
use crate::conversation::options::{Block, Options};
use crate::conversation::order::sorted;
use crate::conversation::tcp::{ACK, RST, SYN, before};

/// Blocks of a scoreboard that are kept, from the lowest on.
pub const MAX_SCORED: usize = 64;
/// A segment that leaves so soon after an acknowledgment, beside the way to the capture point, waited for it.
const AT_ONCE: i64 = 2_000_000;
/// The timer before there is a round trip, and the least that the RFC asks for (RFC 6298 §2.1, §2.4).
pub const FIRST_TIMER: i64 = 1_000_000_000;
/// The least that Linux adds to the smoothed round trip.
pub const LINUX_LEAST: i64 = 200_000_000;
/// A program that writes so little leaves the path empty: no pace is told from it; segments in flight.
const FEW: u32 = 4;
/// What an end takes that did not say otherwise (RFC 9293 §3.7.1); over IPv6 it is 1220.
const LEAST_MSS: u32 = 536;

/// A length of time between two frames, and how many segments it is about.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Span {
    pub time: i64,
    pub frames: [u32; 2],
    pub count: u32,
}

/// How fast a sender seems to go. The order is that of the rules in `figures`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    #[default]
    Begins,
    SlowStart,
    Avoidance,
    Recovery,
    AfterTimer,
    WindowLimited,
    Idle,
}

/// What is remembered of an end beside its [`Way`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// What the options of its SYN said, and where that was.
    pub syn: Option<Options>,
    syn_frame: u32,
    syn_time: i64,
    /// How long the opening took from the capture point to this end and back.
    pub reach: Option<Span>,
    /// The last round trip as the capture shows it.
    pub sample: Option<Span>,
    pub srtt: i64,
    pub rttvar: i64,
    pub samples: u32,
    /// The last wait that ended with a segment sent again; `count` is the attempt.
    pub waited: Option<Span>,
    /// Timers that ended in a row without a fresh round trip after.
    pub backoff: u32,
    /// Segments that it sent again.
    pub again: u32,
    pub again_frame: u32,
    /// What the peer has beyond a gap, lowest first, and the last frame that said so.
    pub blocks: Vec<Block>,
    pub blocks_frame: u32,
    /// From the oldest data of the peer that its last acknowledgment was the first to cover.
    pub acked_after: Option<Span>,
    /// A small segment that left when everything before it had been acknowledged.
    pub nagle: Option<Span>,
    /// Frame and time of the last acknowledgment without data that left nothing unacknowledged.
    emptied: Option<(u32, i64)>,
    /// Number that ends the present round trip; most bytes in flight in it and in the one before.
    round_end: Option<u32>,
    pub flight: u32,
    pub flight_frame: u32,
    pub last_flight: u32,
    pub phase: Phase,
    largest: u32,
}

/// Walks over a conversation's rows; a clone goes on from where it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Walker {
    pub(super) analyst: Analyst,
    pub(super) sides: [Side; 2],
    /// Rows taken.
    pub rows: u32,
}

impl Walker {
    /// Takes the next row; `None` for one that brings no segment.
    pub fn take(&mut self, step: Option<&Step>) {
        self.rows += 1;
        let Some(step) = step else { return };
        let measured = self.measure(step);
        let (kept, why) = self.analyst.judge_next(step);
        let [first, second] = &mut self.sides;
        let (own, peer) = if step.end == 0 { (first, second) } else { (second, first) };
        let (sender, receiver) = self.analyst.both(step.end);
        if step.segment.has(SYN) {
            own.opened(step, peer);
        } else if step.segment.has(ACK) && own.reach.is_none() && step.end == 0 {
            own.answered(step, peer);
        }
        if let Some((span, fresh)) = measured {
            if fresh && !step.segment.has(SYN) {
                own.acked_after = Some(span);
            }
            if fresh {
                peer.measured(span);
            }
        }
        if let Some(why) = why.filter(|_| kept.flags & RETRANSMISSION != 0) {
            (own.again, own.again_frame) = (own.again + 1, step.frame);
            if why.timed() {
                own.waited = Some(Span { time: why.waited, frames: [why.frames[0], step.frame], count: why.attempt });
                own.backoff = why.attempt;
            }
        }
        if let Some((_, timed)) = sender.mending {
            own.phase = if timed { Phase::AfterTimer } else { Phase::Recovery };
            // The loss made the window smaller, and what was sent before it says nothing of it any more.
            (own.flight, own.last_flight) = (0, 0);
        }
        peer.score(step, sender.ack);
        let whole = kept.flags & DUPLICATE_ACK == 0 && sender.mending.is_none();
        let flight = if whole { kept.number } else { 0 };
        own.pace(step, flight, peer.most());
        peer.round(step, receiver, sender, measured.is_some());
    }

    /// From the oldest segment that this one is the first to acknowledge; whether it tells a round trip: nothing of what
    /// it acknowledges was sent twice (Karn's algorithm, RFC 6298 §3).
    fn measure(&mut self, step: &Step) -> Option<(Span, bool)> {
        let ack = Some(step.segment.ack).filter(|_| step.segment.has(ACK) && !step.segment.has(RST))?;
        let (own, peer) = self.analyst.both(step.end);
        // The same number again acknowledges nothing new.
        if own.ack_frame != 0 && own.ack == ack {
            return None;
        }
        let mut acked = peer.unacked.iter().filter(|segment| !before(ack, segment.end));
        let oldest = *acked.next()?;
        let (mut reached, mut once, mut count) = (oldest.end, true, 1);
        for segment in acked {
            once &= !before(segment.seq, reached);
            (reached, count) = (segment.end, count + 1);
        }
        let time = step.time.saturating_sub(oldest.time);
        Some((Span { time, frames: [oldest.frame, step.frame], count }, once && time >= 0))
    }
}

impl Side {
    fn opened(&mut self, step: &Step, peer: &mut Side) {
        self.syn = Some(step.options);
        (self.syn_frame, self.syn_time) = (step.frame, step.time);
        if step.segment.has(ACK) && peer.syn.is_some() && self.reach.is_none() {
            self.reach = Some(peer.since_syn(step));
        }
    }

    fn since_syn(&self, step: &Step) -> Span {
        let time = step.time.saturating_sub(self.syn_time).max(0);
        Span { time, frames: [self.syn_frame, step.frame], count: 1 }
    }

    /// The client's acknowledgment tells how far it is, which its first round trip lacked.
    fn answered(&mut self, step: &Step, peer: &Side) {
        if self.syn.is_none() || peer.syn.is_none() {
            return;
        }
        let span = peer.since_syn(step);
        self.reach = Some(span);
        if self.samples == 1 {
            self.srtt += span.time;
            self.rttvar = self.srtt / 2;
        }
    }

    /// Takes a round trip (RFC 6298 §2.2, §2.3).
    fn measured(&mut self, span: Span) {
        let full = span.time.saturating_add(self.reach.map_or(0, |reach| reach.time));
        if self.samples == 0 {
            (self.srtt, self.rttvar) = (full, full / 2);
        } else {
            let off = self.srtt.saturating_sub(full).saturating_abs();
            self.rttvar = self.rttvar - self.rttvar / 4 + off / 4;
            self.srtt = self.srtt - self.srtt / 8 + full / 8;
        }
        self.sample = Some(span);
        self.samples += 1;
        self.backoff = 0;
    }

    /// The timer by RFC 6298 §2, and by Linux's floor; `None` before there was a round trip.
    pub fn timer(&self) -> Option<(i64, i64)> {
        let spread = self.rttvar.saturating_mul(4);
        (self.samples > 0).then(|| {
            let strict = self.srtt.saturating_add(spread).max(FIRST_TIMER);
            (strict, self.srtt.saturating_add(spread.max(LINUX_LEAST)))
        })
    }

    /// Takes the blocks that the peer's segment brings, and drops what it acknowledges.
    fn score(&mut self, step: &Step, acked: u32) {
        let fresh =
            step.options.sacked().iter().copied().filter(|block| before(acked, block.0) && before(block.0, block.1));
        let before_it = self.blocks.len();
        self.blocks.retain(|block| before(acked, block.1));
        self.blocks.extend(fresh);
        if self.blocks.len() == before_it && step.options.count == 0 {
            return;
        }
        if step.options.count > 0 {
            self.blocks_frame = step.frame;
        }
        // Counted from what is acknowledged, numbers have an order.
        let count = |number: u32| if before(number, acked) { 0 } else { number.wrapping_sub(acked) };
        let placed = std::mem::take(&mut self.blocks).into_iter();
        let placed = placed.map(|(from, to)| (count(from), count(to))).collect();
        for (from, to) in sorted(placed) {
            let room = self.blocks.len() < MAX_SCORED;
            match self.blocks.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ if room => self.blocks.push((from, to)),
                _ => {}
            }
        }
        for block in &mut self.blocks {
            *block = (block.0.wrapping_add(acked), block.1.wrapping_add(acked));
        }
    }

    /// Takes a segment that this end sent, with so many bytes in flight behind it; `most`: the peer takes in a segment.
    fn pace(&mut self, step: &Step, flight: u32, most: u32) {
        let payload = step.segment.payload;
        if payload == 0 {
            return;
        }
        let small = payload < most;
        self.largest = self.largest.max(payload);
        if let Some((frame, time)) = self.emptied.take().filter(|_| small) {
            let waited = step.time.saturating_sub(time);
            let way = self.reach.map(|reach| reach.time);
            if way.is_some_and(|way| waited <= way + way / 4 + AT_ONCE) {
                self.nagle = Some(Span { time: waited, frames: [frame, step.frame], count: payload });
            }
        }
        if flight > self.flight {
            (self.flight, self.flight_frame) = (flight, step.frame);
        }
        self.round_end.get_or_insert(step.segment.end());
    }

    /// The peer's segment may end a round: everything that was on its way when the round began is acknowledged.
    /// `own` and `peer` are the ways of this end and of the other one; `fresh`: it acknowledges something new.
    fn round(&mut self, step: &Step, own: &Way, peer: &Way, fresh: bool) {
        let (ack, payload) = (step.segment.ack, step.segment.payload);
        if !step.segment.has(ACK) || step.segment.has(SYN | RST) {
            return;
        }
        let emptied = own.unacked.is_empty() && self.round_end.is_some();
        self.emptied = Some((step.frame, step.time)).filter(|_| emptied && payload == 0 && fresh);
        if self.round_end.is_none_or(|end| before(ack, end)) {
            return;
        }
        let window = peer.window_edge().map_or(u32::MAX, |edge| edge.wrapping_sub(ack));
        let (now, last, unit) = (u64::from(self.flight), u64::from(self.last_flight), u64::from(self.largest.max(1)));
        self.phase = match () {
            _ if own.mending.is_some() => self.phase,
            _ if now + unit > u64::from(window) => Phase::WindowLimited,
            _ if now < u64::from(FEW) * unit => Phase::Idle,
            _ if last == 0 => Phase::Begins,
            _ if 2 * now >= 3 * last => Phase::SlowStart,
            _ if now > last && now - last <= 2 * unit => Phase::Avoidance,
            _ => Phase::Idle,
        };
        (self.last_flight, self.flight) = (self.flight, 0);
        self.round_end = Some(own.next).filter(|_| !emptied);
    }

    /// The largest segment that this end takes: as its SYN says, else the least that everybody has to (RFC 9293 §3.7.1).
    pub fn most(&self) -> u32 {
        self.syn.and_then(|options| options.mss).map_or(LEAST_MSS, u32::from)
    }

    /// Bytes that the scoreboard has.
    pub fn scored(&self) -> u32 {
        self.blocks.iter().fold(0, |sum, block| sum.wrapping_add(block.1.wrapping_sub(block.0)))
    }
}
