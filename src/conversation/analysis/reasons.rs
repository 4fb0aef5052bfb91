//! A segment that was sent again → which timer or which acknowledgment made its sender do so, as far as the packets tell.
//!
//! No packet says why it was sent: every reason is inferred, and names the frames that it rests on. Where the capture fits
//! more than one, or none, it says that.

use serde::{Deserialize, Serialize};

use super::way::{Unacked, Way};
use super::{SPURIOUS_RETRANSMISSION, Step};
use crate::conversation::order::sorted;
use crate::conversation::tcp::{ACK, FIN, SYN, before};

/// What a reason may be, each a key of the catalogue, and the section that has the sender do so.
pub const REASONS: &[(&str, &str)] = &[
    ("unexplained", ""),
    // Nobody answered a SYN or SYN,ACK in time. The wait doubles each time; some kernels begin with equal ones.
    ("syn-timer", "RFC 6298 §5.5"),
    // The other end's SYN came again, so its answer goes again.
    ("syn-answered-again", "RFC 9293 §3.10.7.4"),
    // Everything in it had been acknowledged before: the acknowledgment was lost or late, or the sender hurried.
    ("needless", "RFC 9293 §3.10.7.4"),
    // The oldest segment that waited for its acknowledgment, after a silence.
    ("timer", "RFC 6298 §5.4"),
    // The last segment, while older ones wait: no retransmission timer sends that.
    ("tail-loss-probe", "RFC 8985 §7.3"),
    // The only segment that waited: either of the two may have sent it.
    ("timer-or-probe", "RFC 8985 §7.2"),
    ("fast-retransmit", "RFC 5681 §3.2"),
    // Blocks say that data behind it arrived.
    ("sack", "RFC 6675 §5"),
    // An acknowledgment that ends before all of what the loss had put in doubt.
    ("partial-ack", "RFC 6582 §3.2"),
    // After the timer everything that was on its way goes again, as acknowledgments allow.
    ("after-timer", "RFC 5681 §3.1"),
    ("syn-ack-timer", "RFC 6298 §5.5"),
    // The handshake's last acknowledgment passed the capture point: it was lost behind it, or nobody took it.
    ("final-ack-ignored", "Linux, listen(2)"),
];

const UNEXPLAINED: u8 = 0;
const SYN_TIMER: u8 = 1;
const ANSWERED_AGAIN: u8 = 2;
const NEEDLESS: u8 = 3;
const TIMER: u8 = 4;
const PROBE: u8 = 5;
const TIMER_OR_PROBE: u8 = 6;
const FAST_RETRANSMIT: u8 = 7;
const SACK: u8 = 8;
const PARTIAL_ACK: u8 = 9;
const AFTER_TIMER: u8 = 10;
const SYN_ACK_TIMER: u8 = 11;
const FINAL_ACK_IGNORED: u8 = 12;

/// Duplicate acknowledgments that make a sender send again (RFC 5681 §3.2).
const DUPLICATES: u32 = 3;
/// What follows an acknowledgment so soon, or within a round trip and a quarter, may be the answer to it. The capture may lie
/// at either end, and a timer waits for longer than a round trip.
const REACTION: i64 = 20_000_000;

/// Why a segment was sent again, always inferred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// A key of [`REASONS`].
    pub rule: String,
    /// RFC section; empty where nothing fits.
    pub source: String,
    /// Frames that it rests on: earlier transmissions, or the acknowledgments that it answers.
    pub frames: Vec<u32>,
    /// How often the capture had shown the same bytes before, as far as they waited for their acknowledgment; 0: never.
    pub attempt: u32,
    /// Nanoseconds since the last of those, and between that and the one before it.
    pub waited: Option<i64>,
    pub before: Option<i64>,
}

/// The same, as it is kept; 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Why {
    rule: u8,
    pub attempt: u32,
    pub frames: [u32; 3],
    pub waited: i64,
    before: i64,
}

impl Why {
    /// Whether a silence made the sender do so.
    pub fn timed(&self) -> bool {
        matches!(self.rule, SYN_TIMER | SYN_ACK_TIMER | FINAL_ACK_IGNORED | TIMER | TIMER_OR_PROBE)
    }

    pub fn reason(&self) -> Reason {
        let (rule, source) = REASONS.get(usize::from(self.rule)).copied().unwrap_or_default();
        let mut frames = sorted(self.frames.iter().copied().filter(|&frame| frame != 0).collect());
        frames.dedup();
        let some = |time: i64| Some(time).filter(|&time| time != 0);
        Reason {
            rule: rule.into(),
            source: source.into(),
            frames,
            attempt: self.attempt,
            waited: some(self.waited),
            before: some(self.before),
        }
    }
}

/// Why the segment was sent. `own` and `peer` are as they were before it; `rtt` is that of the opening.
pub(super) fn why(step: &Step, own: &mut Way, peer: &Way, flags: u32, rtt: Option<i64>) -> Why {
    let seq = step.segment.seq;
    let same = |other: &&Unacked| !before(seq, other.seq) && before(seq, other.end);
    let mut earlier = own.unacked.iter().rev().filter(same);
    let answered_syn = || own.syn.filter(|syn| step.segment.has(SYN) && syn.seq == seq);
    let (last, second) = (earlier.next().copied().or_else(answered_syn), earlier.next().copied());
    let attempt = (earlier.count() + usize::from(last.is_some()) + usize::from(second.is_some())) as u32;
    let between = |later: i64, other: Option<Unacked>| other.map_or(0, |other| later.saturating_sub(other.time));
    let waited = between(step.time, last);
    let mut why = Why {
        attempt,
        waited,
        before: last.map_or(0, |last| between(last.time, second)),
        frames: [last, second, None].map(|segment| segment.map_or(0, |segment| segment.frame)),
        rule: UNEXPLAINED,
    };
    if step.segment.has(SYN) {
        let asked = peer.syn.filter(|syn| step.segment.has(ACK) && last.is_some_and(|last| syn.frame > last.frame));
        let answers = step.segment.has(ACK);
        let taken = answers && peer.ack_frame != 0 && peer.ack == seq.wrapping_add(1);
        why.rule = match () {
            _ if asked.is_some() => ANSWERED_AGAIN,
            _ if taken => FINAL_ACK_IGNORED,
            _ if answers => SYN_ACK_TIMER,
            _ => SYN_TIMER,
        };
        why.frames[2] = asked.map_or(if taken { peer.ack_frame } else { 0 }, |syn| syn.frame);
        return why;
    }
    if flags & SPURIOUS_RETRANSMISSION != 0 {
        return Why { rule: NEEDLESS, frames: [peer.fresh_frame, 0, 0], ..why };
    }
    let near = rtt.unwrap_or(0).saturating_mul(5) / 4;
    let answers = (0..=near.max(REACTION)).contains(&step.time.saturating_sub(peer.ack_time))
        && last.is_none_or(|last| last.frame < peer.ack_frame);
    if answers && let Some((rule, frames)) = answered(seq, own, peer) {
        let timed = own.mending.is_some_and(|(_, timed)| timed);
        own.mending = own.mending.or(Some((own.next, timed)));
        return Why { rule, frames, ..why };
    }
    // No timer is shorter than a round trip (RFC 6298 §2).
    if last.is_none() || waited < rtt.unwrap_or(1) {
        return why;
    }
    let oldest = !own.unacked.iter().any(|other| before(other.seq, seq));
    let end = seq.wrapping_add(step.segment.payload).wrapping_add(u32::from(step.segment.has(FIN)));
    // Probes need SACK on both sides (RFC 8985 §7.1), and go once.
    let may_probe = end == own.next
        && attempt == 1
        && own.mending.is_none()
        && own.sack_permitted != Some(false)
        && peer.sack_permitted != Some(false);
    why.rule = match (oldest, may_probe) {
        (true, true) => TIMER_OR_PROBE,
        (true, false) => TIMER,
        (false, true) => PROBE,
        (false, false) => return why,
    };
    if oldest {
        own.mending = Some((own.next, true));
    }
    why
}

/// The acknowledgment that a segment answers, where one asks for it.
fn answered(seq: u32, own: &Way, peer: &Way) -> Option<(u8, [u32; 3])> {
    let repeats = if peer.repeats == u32::MAX { 0 } else { peer.repeats };
    let asked = peer.ack == seq;
    if asked && repeats >= DUPLICATES {
        return Some((FAST_RETRANSMIT, [peer.fresh_frame, peer.repeat_frame, 0]));
    }
    if let Some((_, true)) = own.mending {
        return Some((AFTER_TIMER, [peer.ack_frame, 0, 0]));
    }
    if peer.sacked_to.is_some_and(|high| before(seq, high)) {
        return Some((SACK, [peer.sack_frame, 0, 0]));
    }
    let partial = asked && repeats == 0 && own.mending.is_some();
    partial.then_some((PARTIAL_ACK, [peer.ack_frame, 0, 0]))
}
