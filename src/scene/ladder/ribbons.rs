//! States over time → coloured ribbons along the lifelines, with the states' names.

use crate::conversation::{Cause, End, Machine, State};

use super::Plan;
use crate::scene::board::{Board, Label};
use crate::scene::{Anchor, Target, states};

impl Plan<'_> {
    /// The dashed outline of what has not happened yet.
    pub(super) fn future(&self, board: &mut Board, end: End) {
        let now = self.cursor(self.position.floor());
        self.strip(board, self.line(end), self.half() - 0.5, (now, self.view.height), "ribbon future");
    }

    /// An end's moves that the position has reached: the height and what state begins there, the oldest first.
    pub(super) fn moves(&self, end: End) -> Vec<(f32, State)> {
        let transitions = &self.ladder.stage.transitions;
        let mut moves = vec![(f32::NEG_INFINITY, states::first(transitions, end))];
        for transition in transitions.iter().filter(|t| t.end == end && states::taken(t, self.position)) {
            // A state that is left for itself, or that the next exchange begins in, is named once.
            if moves.last().is_some_and(|last| last.1 == transition.to) {
                continue;
            }
            let row = f64::from(transition.row);
            let y = if transition.cause == Cause::Received { self.lands(row) } else { self.leaves(row) };
            moves.push((y, transition.to));
        }
        moves
    }

    /// Whether anything is known of an end's states: a machine other than TCP may be the other end's alone.
    fn moves_at(&self, end: End) -> bool {
        let transitions = &self.ladder.stage.transitions;
        transitions.iter().any(|step| step.end == end || step.to.machine() == Machine::Tcp)
    }

    pub(super) fn ribbon(&self, board: &mut Board, end: End, from: f32, to: f32) {
        if !self.moves_at(end) {
            return self.strip(board, self.line(end), self.half(), (from, to), "ribbon neutral");
        }
        let moves = self.moves(end);
        for (i, &(y, state)) in moves.iter().enumerate() {
            let until = moves.get(i + 1).map_or(to, |next| next.0).min(to);
            let class = format!("ribbon {}", states::class(state));
            self.strip(board, self.line(end), self.half(), (y.max(from), until), &class);
        }
    }

    /// States' names beside the ribbons, or in them where it is narrow.
    pub(super) fn names(&self, board: &mut Board) {
        for end in (0..2).filter(|end| self.moves_at(*end)) {
            let moves = self.moves(end);
            for (i, &(y, state)) in moves.iter().enumerate() {
                let top = y.max(self.heights.head);
                let bottom = moves.get(i + 1).map_or(self.view.height, |next| next.0).min(self.view.height);
                if bottom > top {
                    self.name(board, end, state, (top, bottom));
                }
            }
        }
    }

    pub(super) fn name(&self, board: &mut Board, end: End, state: State, (top, bottom): (f32, f32)) {
        let target = Some(Target::State { end, state });
        let _ = [states::name(state), states::short(state)].into_iter().any(|text| match self.narrow {
            true => self.name_in(board, end, text, (top, bottom), target),
            false => self.name_beside(board, end, text, top, target),
        });
    }

    pub(super) fn name_beside(
        &self,
        board: &mut Board,
        end: End,
        text: &str,
        top: f32,
        target: Option<Target>,
    ) -> bool {
        let size = self.heights.size;
        let side = if end == 0 { -1.0 } else { 1.0 };
        let anchor = if end == 0 { Anchor::End } else { Anchor::Start };
        let x = self.line(end) + side * 13.0 * size;
        [13.0, 18.0, 23.0].into_iter().any(|drop| {
            board.write(&Label {
                x,
                y: top + drop * size,
                anchor,
                size: 12.0 * size,
                rotate: 0.0,
                text,
                class: "state strong",
                target,
            })
        })
    }

    pub(super) fn name_in(
        &self,
        board: &mut Board,
        end: End,
        text: &str,
        (top, bottom): (f32, f32),
        target: Option<Target>,
    ) -> bool {
        let size = self.heights.size;
        let (rotate, side) = if end == 0 { (-90.0, 1.0) } else { (90.0, -1.0) };
        let x = self.line(end) + side * 4.0 * size;
        let mut label =
            Label { x, y: top, anchor: Anchor::Middle, size: 12.0 * size, rotate, text, class: "state strong", target };
        let half = label.width() / 2.0 + 3.0 * size;
        // A folded gap may be in the way: then the name stands below it.
        (0..10).map(|step| top + half + step as f32 * 8.0 * size).take_while(|y| y + half <= bottom).any(|y| {
            label.y = y;
            board.write(&label)
        })
    }
}
