//! Where the walk over a conversation is → each end's figures, with what each rests on.

use serde::{Deserialize, Serialize};

use super::walker::{FIRST_TIMER, Phase, Side, Span, Walker};
use super::way::Way;
use crate::conversation::options::Options;
use crate::conversation::tcp::before;
use crate::conversation::{End, Known};

/// Every figure, in the order in which they are shown: its key in the catalogue, and what its number counts.
pub const FIGURES: &[(&str, Unit)] = &[
    ("snd-una", Unit::Sequence),
    ("snd-nxt", Unit::Sequence),
    ("snd-wnd", Unit::Bytes),
    ("flight", Unit::Bytes),
    ("room", Unit::Bytes),
    ("rcv-nxt", Unit::Sequence),
    ("rcv-wnd", Unit::Bytes),
    ("iss", Unit::Raw),
    ("irs", Unit::Raw),
    ("mss", Unit::Bytes),
    ("shift", Unit::Shift),
    ("sack", Unit::Agreed),
    ("timestamps", Unit::Agreed),
    ("rtt", Unit::Time),
    ("srtt", Unit::Time),
    ("rttvar", Unit::Time),
    ("rto", Unit::Time),
    ("rto-linux", Unit::Time),
    ("waited", Unit::Time),
    ("attempt", Unit::Count),
    ("again", Unit::Count),
    ("dup-acks", Unit::Count),
    ("sacked", Unit::Bytes),
    ("ack-waited", Unit::Time),
    ("nagle", Unit::Time),
    ("cwnd", Unit::AtLeast),
    ("phase", Unit::Phase),
];

/// How a figure's number is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A sequence number that counts from the first one.
    Sequence,
    /// A sequence number as it is on the wire.
    Raw,
    Bytes,
    /// Bytes, or more.
    AtLeast,
    Count,
    /// Nanoseconds.
    Time,
    /// Powers of two.
    Shift,
    /// 1: both ends said so; 0: not.
    Agreed,
    /// A word of the catalogue, by number.
    Phase,
}

/// What a figure may rest on beside what is seen: a rule of the catalogue, and the section that has it.
pub const GROUNDS: &[(&str, &str)] = &[
    ("", ""),
    ("flight", "RFC 5681 §2"),
    ("usable-window", "RFC 9293 §3.8.6.2.1"),
    ("default-mss", "RFC 9293 §3.7.1"),
    ("not-agreed", "RFC 7323 §1.3"),
    ("round-trip", "RFC 6298 §3"),
    ("smoothed", "RFC 6298 §2"),
    ("first-timer", "RFC 6298 §2.1"),
    ("timer-least", "RFC 6298 §2.4"),
    ("timer-linux", "Linux, TCP_RTO_MIN"),
    ("timer-ended", "RFC 6298 §5.4"),
    ("backed-off", "RFC 6298 §5.5"),
    ("sent-again", "RFC 9293 §3.8.1"),
    ("repeated-ack", "RFC 5681 §2"),
    ("ack-delay", "RFC 9293 §3.8.6.3"),
    ("nagle", "RFC 9293 §3.7.4"),
    ("window-of-flight", "RFC 5681 §2"),
    ("phase-begins", "RFC 5681 §3.1"),
    ("phase-slow-start", "RFC 5681 §3.1"),
    ("phase-avoidance", "RFC 5681 §3.1"),
    ("phase-recovery", "RFC 5681 §3.2"),
    ("phase-timer", "RFC 5681 §3.1"),
    ("phase-window", "RFC 9293 §3.8.6"),
    ("phase-idle", "RFC 7661 §4.1"),
];

const SEEN: usize = 0;
const FLIGHT: usize = 1;
const USABLE: usize = 2;
const DEFAULT_MSS: usize = 3;
const NOT_AGREED: usize = 4;
const ROUND_TRIP: usize = 5;
const SMOOTHED: usize = 6;
const FIRST: usize = 7;
const LEAST: usize = 8;
const LINUX: usize = 9;
const ENDED: usize = 10;
const BACKED_OFF: usize = 11;
const AGAIN: usize = 12;
const REPEATED: usize = 13;
const DELAY: usize = 14;
const NAGLE: usize = 15;
const OF_FLIGHT: usize = 16;
/// The first of the phases, in the order of [`Phase`].
const PHASES: usize = 17;

/// One figure of one end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Place in [`FIGURES`].
    pub figure: u8,
    /// `None` where nothing tells it.
    pub value: Option<i64>,
    pub known: Known,
    /// Frames that it rests on, in order.
    pub frames: Vec<u32>,
}

impl Figure {
    pub fn key(&self) -> &'static str {
        FIGURES.get(usize::from(self.figure)).map_or("", |(key, _)| *key)
    }

    pub fn unit(&self) -> Unit {
        FIGURES.get(usize::from(self.figure)).map_or(Unit::Count, |(_, unit)| *unit)
    }
}

/// All of one end; numbers count from its first one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// One for each of [`FIGURES`], in that order.
    pub figures: Vec<Figure>,
    /// The scoreboard: what the peer has beyond a gap, from the first number to before the last.
    pub blocks: Vec<(u32, u32)>,
}

impl Numbers {
    /// The figure of this key, where it has a value.
    pub fn get(&self, key: &str) -> Option<i64> {
        self.figures.iter().find(|figure| figure.key() == key).and_then(|figure| figure.value)
    }

    /// Adds the next figure.
    fn add(&mut self, value: Option<i64>, ground: usize, frames: [u32; 2]) {
        let (rule, source) = GROUNDS.get(ground).copied().unwrap_or_default();
        let known = match value {
            None => Known::Unknown,
            Some(_) if ground == SEEN => Known::Seen,
            Some(_) => Known::Inferred { rule: rule.into(), source: source.into() },
        };
        let frames = frames.into_iter().filter(|&frame| frame != 0 && value.is_some()).collect();
        self.figures.push(Figure { figure: self.figures.len() as u8, value, known, frames });
    }

    fn span(&mut self, span: Option<Span>, ground: usize) {
        self.add(span.map(|span| span.time), ground, span.map_or([0; 2], |span| span.frames));
    }
}

/// The figures of an end after the rows that were taken.
pub fn numbers(walker: &Walker, end: End) -> Numbers {
    let (own, peer) = walker.analyst.both(end);
    let [first, second] = &walker.sides;
    let (mine, other) = if end == 0 { (first, second) } else { (second, first) };
    let mut found = Numbers::default();
    if own.ack_frame == 0 {
        // Whether anything arrived shows only when it answers.
        FIGURES.iter().for_each(|_| found.add(None, SEEN, [0; 2]));
        return found;
    }
    sequence(&mut found, own, peer, mine);
    opening(&mut found, [own, peer], mine, other);
    timers(&mut found, mine);
    loss(&mut found, peer, mine);
    found
}

fn sequence(found: &mut Numbers, own: &Way, peer: &Way, mine: &Side) {
    let (to, from) = (own.variables(peer), peer.variables(own));
    let wide = |number: Option<u32>| number.map(i64::from);
    let sent = to.unacknowledged.zip(to.next).filter(|(una, next)| !before(*next, *una));
    let flight = sent.map(|(una, next)| next.wrapping_sub(una));
    let room = flight.zip(from.window).map(|(flight, window)| i64::from(window) - i64::from(flight));
    found.add(wide(to.unacknowledged), SEEN, [peer.ack_frame, 0]);
    found.add(wide(to.next), SEEN, [own.next_frame, 0]);
    found.add(wide(from.window), SEEN, [peer.ack_frame, 0]);
    found.add(
        flight.map(|flight| i64::from(flight) - i64::from(mine.scored())),
        FLIGHT,
        [peer.ack_frame, own.next_frame],
    );
    found.add(room, USABLE, [peer.ack_frame, own.next_frame]);
    found.add(wide(to.expected), SEEN, [own.ack_frame, 0]);
    found.add(wide(to.window), SEEN, [own.ack_frame, 0]);
    let base = own.base.unwrap_or_default();
    found.blocks = mine.blocks.iter().map(|block| (block.0.wrapping_sub(base), block.1.wrapping_sub(base))).collect();
}

fn opening(found: &mut Numbers, ways: [&Way; 2], mine: &Side, other: &Side) {
    let [asked, answered] = ways.map(|way| way.syn.map_or(0, |syn| syn.frame));
    for (way, frame) in ways.into_iter().zip([asked, answered]) {
        found.add(way.syn.map(|syn| i64::from(syn.seq)), SEEN, [frame, 0]);
    }
    let said = other.syn.and_then(|options| options.mss).map_or(DEFAULT_MSS, |_| SEEN);
    found.add(other.syn.map(|_| i64::from(other.most())), said, [answered, 0]);
    let mut agreed = |has: fn(&Options) -> bool, value: fn(&Options) -> i64| {
        let (value, ground) = match (mine.syn, other.syn) {
            (Some(one), Some(two)) if has(&one) && has(&two) => (Some(value(&one)), SEEN),
            (Some(one), _) if !has(&one) => (Some(0), NOT_AGREED),
            (_, Some(two)) if !has(&two) => (Some(0), NOT_AGREED),
            _ => (None, SEEN),
        };
        found.add(value, ground, [asked.min(answered), asked.max(answered)]);
    };
    agreed(|options| options.shift.is_some(), |options| options.shift.map_or(0, i64::from));
    agreed(|options| options.sack_permitted, |_| 1);
    agreed(|options| options.timestamps, |_| 1);
}

fn timers(found: &mut Numbers, mine: &Side) {
    found.span(mine.sample, ROUND_TRIP);
    let last = mine.sample.map_or([0; 2], |sample| sample.frames);
    let measured = mine.samples > 0;
    found.add(Some(mine.srtt).filter(|_| measured), SMOOTHED, last);
    found.add(Some(mine.rttvar).filter(|_| measured), SMOOTHED, last);
    match mine.timer() {
        Some((strict, linux)) => {
            found.add(Some(strict), if strict == FIRST_TIMER { LEAST } else { SMOOTHED }, last);
            found.add(Some(linux), LINUX, last);
        }
        None => {
            found.add(Some(FIRST_TIMER).filter(|_| mine.syn.is_some()), FIRST, [0; 2]);
            found.add(Some(FIRST_TIMER).filter(|_| mine.syn.is_some()), FIRST, [0; 2]);
        }
    }
    found.span(mine.waited, ENDED);
    let waited = mine.waited.map_or([0; 2], |span| span.frames);
    found.add(Some(i64::from(mine.backoff)).filter(|&times| times > 0), BACKED_OFF, waited);
}

fn loss(found: &mut Numbers, peer: &Way, mine: &Side) {
    let count = |number: u32| Some(i64::from(number));
    found.add(count(mine.again), AGAIN, [mine.again_frame, 0]);
    let repeats = if peer.repeats == u32::MAX { 0 } else { peer.repeats };
    let repeated = if repeats > 0 { [peer.fresh_frame, peer.repeat_frame] } else { [0; 2] };
    found.add(count(repeats), REPEATED, repeated);
    let scored = mine.scored();
    found.add(count(scored), SEEN, [mine.blocks_frame, 0]);
    found.span(mine.acked_after, DELAY);
    found.span(mine.nagle, NAGLE);
    let cwnd = mine.flight.max(mine.last_flight);
    found.add(count(cwnd).filter(|_| cwnd > 0), OF_FLIGHT, [mine.flight_frame, 0]);
    let phase = mine.phase;
    let told = phase != Phase::Begins || (mine.syn.is_some() && cwnd > 0);
    found.add(Some(phase as i64).filter(|_| told), PHASES + phase as usize, [mine.flight_frame, 0]);
}
