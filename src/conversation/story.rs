//! A TCP conversation's segments, moves and findings → the events worth stopping for, each with the frames that show it.
//!
//! An event is a template of the catalogue (`static/lang/story.*.json`) and what its `{name}`s stand for; it claims no more than the
//! findings and moves that it is made of.

use serde::{Deserialize, Serialize};

use super::analysis::{
    ACK_LOST_SEGMENT, Finding, KEEP_ALIVE, LOST_SEGMENT, OUT_OF_ORDER, RETRANSMISSION, REUSED_PORTS, Step, ZERO_WINDOW,
};
use super::order::sorted_by;
use super::tcp::{FIN, RST, SYN};
use super::{End, State, Transition};

/// Every kind of event, with its rank: 9 is what a reader looks for first, 1 the ordinary.
pub const EVENTS: &[(&str, u8)] = &[
    ("refused", 9),
    ("unanswered", 9),
    ("aborted", 8),
    ("timeout", 7),
    ("no-answer", 6),
    ("zero-window", 7),
    ("fast-recovery", 5),
    ("again", 5),
    ("gap", 4),
    ("needless", 4),
    ("half-closed", 3),
    ("out-of-order", 3),
    ("reused-ports", 3),
    ("joined", 2),
    ("keep-alive", 2),
    ("opened", 1),
    ("closed", 1),
];

/// Events of this rank and above are what is wrong.
pub const TROUBLE: u8 = 4;

/// Frames that an event names at most; its `count` has them all.
pub const MAX_FRAMES: usize = 16;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// A key of [`EVENTS`].
    pub kind: String,
    pub rank: u8,
    /// Row of its first segment.
    pub row: u32,
    /// Who did it, or whose segments it is about.
    pub end: End,
    /// The first [`MAX_FRAMES`] of those that show it, in order.
    pub frames: Vec<u32>,
    /// Segments that it is about.
    pub count: u32,
    /// Nanoseconds from its first segment to its last.
    pub lasted: i64,
}

/// While segments pass: an event that may still grow, and which of the rows before it belong to it.
struct Writer<'a> {
    steps: &'a [Step],
    events: Vec<Event>,
    /// Up to which row each end's window is known to have stayed shut since its event began.
    shut: [u32; 2],
}

/// Nobody answered what was asked in these frames, given with their times: an exchange without connection, of one voice.
pub fn no_answer(frames: &[(u32, i64)]) -> Event {
    let time = |at: Option<&(u32, i64)>| at.map_or(0, |(_, time)| *time);
    Event {
        kind: "no-answer".into(),
        rank: rank("no-answer"),
        row: 0,
        end: 0,
        frames: frames.iter().take(MAX_FRAMES).map(|(frame, _)| *frame).collect(),
        count: frames.len() as u32,
        lasted: time(frames.last()).saturating_sub(time(frames.first())),
    }
}

fn rank(kind: &str) -> u8 {
    EVENTS.iter().find(|(key, _)| *key == kind).map_or(1, |(_, rank)| *rank)
}

impl Writer<'_> {
    fn begin(&mut self, kind: &str, row: u32, end: End) {
        self.events.push(Event {
            kind: kind.into(),
            rank: rank(kind),
            row,
            end,
            frames: Vec::new(),
            count: 0,
            lasted: 0,
        });
        self.grow(row);
    }

    /// The row belongs to the event begun last.
    fn grow(&mut self, row: u32) {
        let of = |row: u32| self.steps.get(row as usize);
        let (Some(event), Some(step)) = (self.events.last_mut(), of(row)) else { return };
        if event.frames.last() == Some(&step.frame) {
            return;
        }
        event.count += 1;
        event.lasted = of(event.row).map_or(0, |first| step.time.saturating_sub(first.time));
        if event.frames.len() < MAX_FRAMES {
            event.frames.push(step.frame);
        }
    }

    /// Lets the row join the latest event of this kind and end, however many others lie between, or begins another.
    fn join(&mut self, kind: &str, row: u32, end: End, joins: impl Fn(&Event) -> bool) {
        let last = self.events.iter().rposition(|event| event.kind == kind && event.end == end);
        match last.filter(|&at| self.events.get(at).is_some_and(joins)) {
            Some(at) => {
                let event = self.events.remove(at);
                self.events.push(event);
                self.grow(row);
            }
            None => self.begin(kind, row, end),
        }
    }
}

/// The events of a conversation, in the order of their first segments. All three are of the same conversation; `steps` and
/// `findings` have one entry a row.
pub fn story(steps: &[Step], moves: &[Transition], findings: &mut dyn Iterator<Item = Finding>) -> Vec<Event> {
    let mut writer = Writer { steps, events: Vec::new(), shut: [0; 2] };
    opening(&mut writer, moves);
    for finding in findings {
        let Some(step) = steps.get(finding.row as usize) else { break };
        judged(&mut writer, step, &finding);
    }
    ending(&mut writer, moves);
    sorted_by(writer.events, |event| event.row)
}

fn opening(writer: &mut Writer, moves: &[Transition]) {
    let steps = writer.steps;
    let Some(first) = steps.first() else { return };
    let reached = |end: End| moves.iter().find(|step| step.end == end && step.to == State::Established);
    let refused = moves.iter().find(|step| step.to == State::Closed && step.event == "rcv SYN");
    let answer = (0..).zip(steps).find(|(_, step)| step.end != first.end);
    if !first.segment.has(SYN) {
        writer.begin("joined", 0, first.end);
    } else if let (Some(refused), Some((row, _))) = (refused, (0..).zip(steps).find(|(_, step)| step.segment.has(RST)))
    {
        writer.begin("refused", refused.row, 1 - first.end);
        writer.grow(row);
    } else if answer.is_none() {
        writer.begin("unanswered", 0, first.end);
        (1..steps.len() as u32).for_each(|row| writer.grow(row));
    } else if let (Some(one), Some(other)) = (reached(0), reached(1)) {
        writer.begin("opened", 0, first.end);
        for row in [one.row.min(other.row), one.row.max(other.row)] {
            writer.grow(row);
        }
    }
}

fn judged(writer: &mut Writer, step: &Step, finding: &Finding) {
    let (row, end) = (finding.row, step.end);
    if finding.has(REUSED_PORTS) {
        writer.begin("reused-ports", row, end);
    }
    if finding.has(LOST_SEGMENT | ACK_LOST_SEGMENT) {
        // Of what was acknowledged unseen, the other end's segments are missing.
        writer.begin("gap", row, if finding.has(LOST_SEGMENT) { end } else { 1 - end });
    }
    if finding.has(OUT_OF_ORDER) {
        writer.join("out-of-order", row, end, |event| event.row + event.count == row);
    }
    if finding.has(ZERO_WINDOW) {
        // Shut until it offers more: everything that it sends meanwhile says so again.
        let last = writer.shut.get_mut(usize::from(end)).map_or(0, |last| std::mem::replace(last, row));
        let between = writer.steps.get(last as usize..row as usize).unwrap_or_default();
        let shut = between.iter().all(|other| other.end != end || other.segment.window == 0);
        writer.join("zero-window", row, end, |_| shut);
    }
    if finding.has(KEEP_ALIVE) {
        writer.join("keep-alive", row, end, |_| true);
    }
    let Some(reason) = finding.reason.as_ref().filter(|_| finding.has(RETRANSMISSION)) else { return };
    // It is the first where there is one.
    let unanswered = writer.events.first().is_some_and(|event| event.kind == "unanswered");
    let same = |event: &Event| event.frames.iter().any(|frame| reason.frames.contains(frame));
    match reason.rule.as_str() {
        _ if unanswered => {}
        "needless" => writer.join("needless", row, end, |event| event.row + event.count == row),
        "fast-retransmit" => writer.begin("fast-recovery", row, end),
        "sack" | "partial-ack" => writer.join("fast-recovery", row, end, |_| true),
        "after-timer" => writer.join("timeout", row, end, |_| true),
        "syn-timer" | "syn-ack-timer" | "final-ack-ignored" | "timer" | "timer-or-probe" | "tail-loss-probe" => {
            let again = reason.attempt > 1;
            writer.join("timeout", row, end, |event| again && same(event));
        }
        _ => writer.begin("again", row, end),
    }
}

fn ending(writer: &mut Writer, moves: &[Transition]) {
    let steps = writer.steps;
    let first_of = |flag: u16, end: End| (0..).zip(steps).find(|(_, step)| step.end == end && step.segment.has(flag));
    let aborted = moves.iter().find(|step| step.event == "ABORT");
    if let Some(aborted) = aborted {
        writer.begin("aborted", aborted.row, aborted.end);
    }
    let fins: Vec<u32> = [0, 1].iter().filter_map(|&end| first_of(FIN, end)).map(|(row, _)| row).collect();
    let Some(&first) = fins.iter().min() else { return };
    let Some(closer) = steps.get(first as usize).map(|step| step.end) else { return };
    // Data of the other end after the first FIN, before its own.
    let until = first_of(FIN, 1 - closer).map_or(steps.len() as u32, |(row, _)| row);
    let more: Vec<u32> = (0..)
        .zip(steps)
        .filter(|(row, step)| *row > first && *row < until && step.end != closer && step.segment.payload > 0)
        .map(|(row, _)| row)
        .collect();
    if !more.is_empty() {
        writer.begin("half-closed", first, closer);
        more.iter().for_each(|row| writer.grow(*row));
    }
    if let (None, [one, other]) = (aborted, fins.as_slice()) {
        writer.begin("closed", *one.min(other), closer);
        writer.grow(*one.max(other));
    }
}
