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

/// The states of both ends in one exchange.
pub fn of_track(transitions: &[Transition], track: u32, position: f64) -> [State; 2] {
    [0, 1].map(|end| {
        let mut mine = transitions.iter().filter(|step| step.track == track && step.end == end);
        let first = mine.clone().next().map_or(State::Unknown, |step| step.from);
        mine.rfind(|step| taken(step, position)).map_or(first, |step| step.to)
    })
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

/// The exchange that the latest move belongs to, or else the first one.
pub fn track_at(transitions: &[Transition], position: f64) -> u32 {
    let taken = transitions.iter().rev().find(|transition| taken(transition, position));
    taken.or(transitions.first()).map_or(0, |transition| transition.track)
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

/// The state's name as its RFC spells it.
pub fn name(state: State) -> &'static str {
    state.node().map_or("?", |node| node.name)
}

/// A shorter name for narrow places, as `ss` and `netstat` print it.
pub(super) fn short(state: State) -> &'static str {
    state.node().map_or("?", |node| node.short)
}

/// The style sheet's class for a state.
pub(super) fn class(state: State) -> &'static str {
    state.node().map_or("state-unknown", |node| node.look)
}
