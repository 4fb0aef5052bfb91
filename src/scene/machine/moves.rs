//! An end's transitions up to a position → where it stands, which lines it took, and how that is known, in words.

use crate::conversation::figure::{self, Figure};
use crate::conversation::{End, Known, Machine, State, Transition};
use crate::scene::{Head, Words, states};

/// How far an end has used a line of the figure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    Never,
    Taken,
    /// The end's latest move.
    Last,
}

/// What an end has done up to the position.
pub(super) struct Moves<'a> {
    pub first: State,
    pub all: Vec<&'a Transition>,
    /// The first one that is still to come.
    next: Option<&'a Transition>,
    other: bool,
}

impl<'a> Moves<'a> {
    pub fn new(transitions: &'a [Transition], end: End, track: u32, position: f64) -> Moves<'a> {
        let mine = |t: &&Transition| t.end == end && t.track == track;
        let (all, later): (Vec<_>, Vec<_>) = transitions.iter().filter(mine).partition(|t| states::taken(t, position));
        let first = transitions.iter().find(mine).map_or(State::Unknown, |t| t.from);
        let other = transitions.first().is_some_and(|t| t.to.machine() != Machine::Tcp);
        Moves { first, all, next: later.first().copied(), other }
    }

    /// Whether the end has no part in it: a machine other than TCP may be one end's alone.
    pub fn absent(&self) -> bool {
        self.other && self.all.is_empty() && self.next.is_none()
    }

    pub fn state(&self) -> State {
        self.all.last().map_or(self.first, |last| last.to)
    }

    /// The box where the end's token stands.
    pub fn node(&self, figure: &Figure) -> Option<usize> {
        let state = self.state();
        // A life that got anywhere ends in the lower CLOSED.
        let young = |last: &&&Transition| matches!(last.from, State::Closed | State::Listen | State::SynSent);
        let over = state == State::Closed && !self.all.is_empty() && self.all.last().filter(young).is_none();
        let mut nodes = figure.nodes.iter();
        let stands = |node: &figure::Node| node.state == state;
        if self.absent() {
            None
        } else if over {
            nodes.rposition(stands)
        } else {
            nodes.position(stands)
        }
    }

    /// How a line was used, and whether backwards (`rcv RST` leads from SYN-RECEIVED back to LISTEN).
    pub fn used(&self, from: State, to: State) -> (Use, bool, Option<&'a Transition>) {
        let last = self.all.last().map(|last| last.row);
        let find = |a, b| self.all.iter().rev().find(|t| t.from == a && t.to == b).copied();
        let (found, back) = match (find(from, to), find(to, from)) {
            (Some(found), _) => (found, false),
            (None, Some(found)) => (found, true),
            (None, None) => return (Use::Never, false, None),
        };
        (if Some(found.row) == last { Use::Last } else { Use::Taken }, back, Some(found))
    }
}

/// `event / action`, as far as there are both.
pub fn deed(event: &str, action: &str) -> String {
    let parts = [event, action];
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join(" / ")
}

/// `● Alice: rcv SYN,ACK / snd ACK · seen, frame 2`, with its class before and its source behind. A state before the first
/// move is inferred from that move.
pub(super) fn caption(name: &str, moves: &Moves, words: &Words) -> (&'static str, String, String) {
    let frame = |t: &Transition| words.frame.replace("{}", &t.frame.to_string());
    let Some(last) = moves.all.last() else {
        return match moves.next.filter(|_| moves.first != State::Unknown) {
            Some(next) => (
                "caption inferred",
                format!("◐ {name}: {} · {}, {}", states::name(moves.first), words.inferred, frame(next)),
                String::new(),
            ),
            None => ("caption unknown", format!("○ {name}: {}", words.unknown), String::new()),
        };
    };
    let deed = deed(&last.event, &last.action);
    match &last.known {
        Known::Seen => ("caption seen", format!("● {name}: {deed} · {}, {}", words.seen, frame(last)), String::new()),
        Known::Inferred { source, .. } => (
            "caption inferred",
            format!("◐ {name}: {deed} · {}, {}", words.inferred, frame(last)),
            format!("({source})"),
        ),
        Known::Unknown => {
            ("caption unknown", format!("○ {name}: {deed} · {}, {}", words.unknown, frame(last)), String::new())
        }
    }
}

/// A letter for each end: its name's first, or A and B where that would not tell them apart.
pub(super) fn letters(heads: &[Head; 2]) -> [String; 2] {
    let first = |head: &Head| head.name.chars().next();
    match (first(&heads[0]), first(&heads[1])) {
        (Some(a), Some(b)) if a != b => [a.to_string(), b.to_string()],
        _ => ["A".to_owned(), "B".to_owned()],
    }
}
