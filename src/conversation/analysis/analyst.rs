//! One segment after the other → what it is called, judged by what came before it (the rules of Wireshark 4.0).

use super::reasons::{self, Why};
use super::way::{Scale, Unacked, Variables, Way};
use super::*;
use crate::conversation::tcp::{ACK, FIN, RST, SYN, before};

/// Segments without acknowledgment that are remembered of each direction.
pub const MAX_UNACKED: usize = 10_000;
/// A segment sent again so soon after a duplicate acknowledgment answers it; nanoseconds.
const FAST: u64 = 20_000_000;
/// Without a round trip of the opening, a segment that lags by less than this was overtaken, not sent again; nanoseconds.
const OVERTAKEN: u64 = 3_000_000;
/// More than this in flight is no number to believe.
const MAX_FLIGHT: u32 = 2_000_000_000;

const PUSH: u16 = 0x008;

/// Walks over a conversation's segments and remembers what the next one is judged by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Analyst {
    ways: [Way; 2],
    /// Moment of the last SYN.
    asked: Option<i64>,
    initial_rtt: Option<i64>,
    /// A SYN brought data and a cookie.
    early_data: bool,
    /// Subtypes of Multipath TCP seen so far.
    multipath: u8,
}

impl Analyst {
    /// Takes the next segment.
    pub fn take(&mut self, step: &Step) {
        self.judge_next(step);
    }

    /// From the last SYN to the first acknowledgment without SYN, in nanoseconds.
    pub fn initial_rtt(&self) -> Option<i64> {
        self.initial_rtt
    }

    /// What the segments so far tell of an end's variables.
    pub fn variables(&self, end: End) -> Variables {
        let (own, peer) = self.both(end);
        own.variables(peer)
    }

    /// The way of an end and that of the other one.
    pub(super) fn both(&self, end: End) -> (&Way, &Way) {
        let [first, second] = &self.ways;
        if end == 0 { (first, second) } else { (second, first) }
    }

    pub(super) fn judge_next(&mut self, step: &Step) -> (Kept, Option<Why>) {
        let segment = &step.segment;
        let mut kept = Kept { flags: if step.reused { REUSED_PORTS | ANALYSED } else { 0 }, ..Kept::default() };
        let (own, peer) = self.ways(step.end);
        own.sacked = 0;
        match (segment.has(SYN), segment.has(ACK), own.base) {
            (true, false, Some(base)) if base == segment.seq => {
                own.next = own.whole_to;
                kept.flags |= ANALYSED;
            }
            (true, true, Some(base)) if base != segment.seq => {
                own.set_base(segment.seq);
                kept.flags |= REUSED_PORTS | ANALYSED;
            }
            _ => {}
        }
        own.base.get_or_insert(if segment.has(SYN) { segment.seq } else { segment.seq.wrapping_sub(1) });
        if segment.has(ACK) {
            peer.base.get_or_insert(segment.ack.wrapping_sub(1));
            peer.flight_known = true;
        }
        self.judge(step, &mut kept);
        let rtt = self.initial_rtt;
        let why = (kept.flags & RETRANSMISSION != 0).then(|| {
            let (own, peer) = self.ways(step.end);
            reasons::why(step, own, peer, kept.flags, rtt)
        });
        self.remember(step, &mut kept);
        self.learn(step, &mut kept);
        (kept, why)
    }

    /// The sender's way and the other one.
    fn ways(&mut self, end: End) -> (&mut Way, &mut Way) {
        let [first, second] = &mut self.ways;
        if end == 0 { (first, second) } else { (second, first) }
    }

    /// What the segment is called by the rules, in their order.
    fn judge(&mut self, step: &Step, kept: &mut Kept) {
        let (multipath, rtt) = (self.multipath, self.initial_rtt);
        let (own, peer) = self.ways(step.end);
        let Segment { seq, ack, payload, .. } = step.segment;
        let window = u32::from(step.segment.window);
        let plain = !step.segment.has(SYN | FIN | RST);
        if payload == 1 && seq == own.next && peer.window == 0 {
            kept.flags |= ZERO_WINDOW_PROBE;
        } else {
            if window == 0 && plain {
                kept.flags |= ZERO_WINDOW;
            }
            if own.next != 0 && before(own.next, seq) && !step.segment.has(RST) {
                kept.flags |= LOST_SEGMENT;
                own.flight_known = false;
            }
            if payload <= 1 && seq == own.next.wrapping_sub(1) && plain {
                kept.flags |= KEEP_ALIVE;
            }
            if payload > 0 && plain && peer.window_edge() == Some(seq.wrapping_add(payload)) {
                kept.flags |= WINDOW_FULL;
            }
            if payload == 0 && plain && seq == own.next && ack == own.ack {
                let asked = peer.flags;
                if window != 0 && window != own.window {
                    kept.flags |= WINDOW_UPDATE;
                } else if window == own.window && window != 0 && asked & KEEP_ALIVE != 0 {
                    kept.flags |= KEEP_ALIVE_ACK;
                } else if window == own.window && window == 0 && asked & ZERO_WINDOW_PROBE != 0 {
                    kept.flags |= ZERO_WINDOW_PROBE_ACK;
                } else if window == own.window && window != 0 && multipath == own.multipath {
                    // Multipath TCP repeats acknowledgments to bring its own news (RFC 8684 §4).
                    own.repeats = if own.repeats == u32::MAX { 1 } else { own.repeats + 1 };
                    own.repeat_frame = step.frame;
                    kept.flags |= DUPLICATE_ACK;
                    (kept.number, kept.refers) = (own.repeats, own.fresh_frame);
                }
            }
        }
        if ack != own.ack {
            (own.fresh_frame, own.repeats) = (step.frame, 0);
        }
        if step.segment.has(ACK) && peer.whole_to != 0 && before(peer.whole_to, ack) {
            kept.flags |= ANALYSED;
            if before(peer.whole_to, peer.next) {
                peer.whole_to = peer.next;
                kept.flags |= ACK_LOST_SEGMENT;
            } else {
                // Said once, until the other end speaks of something else.
                kept.flags |= if peer.repeats == 0 { ACK_LOST_SEGMENT } else { 0 };
                peer.repeats = u32::MAX;
            }
        }
        kept.flags |= again(step, own, peer, kept.flags, rtt);
        if kept.flags & (RETRANSMISSION | SPURIOUS_RETRANSMISSION | FAST_RETRANSMISSION) == RETRANSMISSION {
            kept.refers = own.unacked.first().map_or(own.next_frame, |oldest| oldest.frame);
        }
        if kept.flags != 0 {
            kept.flags |= ANALYSED;
        }
    }

    /// Takes the segment into what the next ones are judged by; finds what it acknowledges and what is in flight.
    fn remember(&mut self, step: &Step, kept: &mut Kept) {
        let multipath = self.multipath;
        let (own, peer) = self.ways(step.end);
        let Segment { seq, ack, payload, .. } = step.segment;
        let takes = payload > 0 || step.segment.has(SYN | FIN);
        // SYN and FIN together count as one here, as in Wireshark.
        let virtual_byte = u32::from(step.segment.has(SYN | FIN));
        let mut end = seq.wrapping_add(payload);
        if takes && own.unacked.len() < MAX_UNACKED {
            end = end.wrapping_add(virtual_byte);
            own.push(Unacked { frame: step.frame, seq, end, time: step.time });
        }
        let probe = kept.flags & ZERO_WINDOW_PROBE != 0;
        if !probe && (own.next == 0 || before(own.next, end)) {
            (own.next, own.next_frame, own.next_time) = (end, step.frame, step.time);
        }
        if !probe && (own.whole_to == 0 || own.whole_to == seq) {
            own.whole_to = own.next;
        }
        (own.window, own.ack, own.ack_time) = (u32::from(step.segment.window), ack, step.time);
        (own.ack_frame, own.flags, own.multipath) = (step.frame, kept.flags, multipath);
        if let Some(frame) = peer.acknowledged(ack) {
            kept.acks = frame;
            kept.flags |= ANALYSED;
        }
        if payload > 0 && own.flight_known && !own.unacked.is_empty() {
            let flight = own.flight().wrapping_sub(peer.sacked);
            if flight > 0 && flight < MAX_FLIGHT {
                kept.number = flight - virtual_byte;
            }
            let push = step.segment.has(PUSH);
            own.pushed = if own.push_before { payload } else { own.pushed.wrapping_add(payload) };
            own.push_before = push;
            kept.pushed = own.pushed;
            kept.flags |= ANALYSED;
        }
    }

    /// Takes what the options and the opening say, which counts only from the next segment on.
    fn learn(&mut self, step: &Step, kept: &mut Kept) {
        let segment = &step.segment;
        let early_data = self.early_data;
        let (own, peer) = self.ways(step.end);
        if let (true, true, Some(base)) = (segment.has(SYN), segment.has(ACK), peer.base) {
            if segment.ack.wrapping_sub(base) > 1 {
                kept.flags |= TFO_ACK;
            } else if early_data {
                kept.flags |= TFO_IGNORED;
            }
        }
        let opens = segment.opens();
        let acknowledges = segment.has(ACK) && !segment.has(SYN);
        if segment.has(SYN) {
            own.first_ack = true;
            own.syn = Some(Unacked { frame: step.frame, seq: segment.seq, end: segment.end(), time: step.time });
            own.sack_permitted = Some(step.options.sack_permitted);
        } else if acknowledges {
            own.first_ack = false;
        }
        if let Some(shift) = step.options.shift {
            own.scale = Scale::By(shift);
        }
        own.take_blocks(step.frame, &step.options);
        if segment.has(SYN) {
            if own.scale == Scale::Unknown {
                (own.scale, peer.scale) = (Scale::Off, Scale::Off);
            } else if segment.has(ACK) && peer.scale == Scale::Off {
                own.scale = Scale::Off;
            }
        }
        if opens {
            self.asked = Some(step.time);
            if step.options.cookie {
                kept.flags |= TFO_SYN;
                self.early_data |= segment.payload > 0;
            }
        }
        if acknowledges && self.initial_rtt.is_none() {
            let asked = self.asked.filter(|&asked| asked != 0);
            self.initial_rtt = asked.map(|asked| step.time.saturating_sub(asked)).filter(|&rtt| rtt != 0);
        }
        self.multipath |= step.options.multipath;
    }
}

/// Which of the kinds of repetition a segment is.
fn again(step: &Step, own: &Way, peer: &Way, flags: u32, rtt: Option<i64>) -> u32 {
    let Segment { seq, payload, .. } = step.segment;
    let ends = step.segment.has(SYN | FIN);
    if !(payload > 0 || ends) || flags & KEEP_ALIVE != 0 {
        return 0;
    }
    // A segment that goes on where a probe's byte began is new.
    let behind = own.next != 0 && before(seq, own.next) && !(payload > 1 && own.next.wrapping_sub(1) == seq);
    let end = seq.wrapping_add(payload);
    if payload > 0 && peer.ack != 0 && !before(peer.ack, end) {
        return SPURIOUS_RETRANSMISSION | RETRANSMISSION;
    }
    // A time that runs backwards is a very long one.
    let since = |moment: i64| step.time.wrapping_sub(moment) as u64;
    if behind && peer.repeats >= 2 && peer.ack == seq && since(peer.ack_time) < FAST {
        return FAST_RETRANSMISSION | RETRANSMISSION;
    }
    let overtaken = rtt.map_or(OVERTAKEN, |rtt| rtt as u64);
    if behind && since(own.next_time) < overtaken && own.next != end.wrapping_add(u32::from(ends)) {
        return OUT_OF_ORDER;
    }
    if behind { RETRANSMISSION } else { 0 }
}
