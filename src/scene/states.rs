//! Transitions and a moment → the state of each end, and the words for states.

use crate::conversation::{Cause, State, Transition};

/// The state of each end at a position. A sender moves when its packet leaves (as soon as the position is past `row`), a
/// receiver when it lands (`row + 1`): once row `i` has played, at `i + 1`, the next row's sender has not moved yet.
///
/// The transitions are in row order, as `Stage` has them; the answer depends on the position alone, so that seeking
/// backwards gives the same picture.
pub fn at(transitions: &[Transition], position: f64) -> [State; 2] {
    [of_end(transitions, 0, position), of_end(transitions, 1, position)]
}

fn of_end(transitions: &[Transition], end: u8, position: f64) -> State {
    let mut state = first(transitions, end);
    for transition in transitions.iter().filter(|transition| transition.end == end) {
        if taken(transition, position) {
            state = transition.to;
        }
    }
    state
}

/// Where an end stands before the conversation's first row.
pub(super) fn first(transitions: &[Transition], end: u8) -> State {
    transitions.iter().find(|transition| transition.end == end).map_or(State::Unknown, |transition| transition.from)
}

/// Whether a transition has taken effect at a position.
pub fn taken(transition: &Transition, position: f64) -> bool {
    match transition.cause {
        Cause::Sent => f64::from(transition.row) < position,
        Cause::Received => f64::from(transition.row) + 1.0 <= position,
    }
}

/// The state's name as RFC 9293 §3.3.2 spells it.
pub fn name(state: State) -> &'static str {
    match state {
        State::Unknown => "?",
        State::Closed => "CLOSED",
        State::Listen => "LISTEN",
        State::SynSent => "SYN-SENT",
        State::SynReceived => "SYN-RECEIVED",
        State::Established => "ESTABLISHED",
        State::FinWait1 => "FIN-WAIT-1",
        State::FinWait2 => "FIN-WAIT-2",
        State::CloseWait => "CLOSE-WAIT",
        State::Closing => "CLOSING",
        State::LastAck => "LAST-ACK",
        State::TimeWait => "TIME-WAIT",
    }
}

/// A shorter name for narrow places, as `ss` and `netstat` print it.
pub(super) fn short(state: State) -> &'static str {
    match state {
        State::SynReceived => "SYN-RECV",
        State::Established => "ESTAB",
        State::FinWait1 => "FIN-1",
        State::FinWait2 => "FIN-2",
        State::TimeWait => "TIME-W",
        State::CloseWait => "CLOSE-W",
        other => name(other),
    }
}

/// The style sheet's class for a state.
pub(super) fn class(state: State) -> &'static str {
    match state {
        State::Unknown => "state-unknown",
        State::Closed => "state-closed",
        State::Listen => "state-listen",
        State::SynSent => "state-syn-sent",
        State::SynReceived => "state-syn-received",
        State::Established => "state-established",
        State::FinWait1 => "state-fin-wait-1",
        State::FinWait2 => "state-fin-wait-2",
        State::CloseWait => "state-close-wait",
        State::Closing => "state-closing",
        State::LastAck => "state-last-ack",
        State::TimeWait => "state-time-wait",
    }
}
