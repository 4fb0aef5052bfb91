//! A row of a TCP conversation → both ends' figures at its moment, without walking there from the beginning each time.

use serde::{Deserialize, Serialize};

use super::{Kind, Tracker};
use crate::capture::Index;
use crate::conversation::analysis::{Numbers, Point, Walker, numbers};

/// Rows between two places that are remembered to go on from.
pub const WALK_MARK: u32 = 2_048;
/// Steps back that go without walking from a mark again.
const STEPS_BACK: u32 = 64;
/// Places that are remembered; in a longer conversation they lie further apart.
const MAX_MARKS: u32 = 64;

/// Both ends at a row of a TCP conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    pub row: u32,
    /// When the row's segment has left.
    pub left: [Numbers; 2],
    /// When it has arrived.
    pub arrived: [Numbers; 2],
}

/// Where the walk over the conversation looked at is, and places on its way.
#[derive(Default)]
pub(super) struct Walk {
    here: Walker,
    /// A little before, for steps back.
    near: Walker,
    marks: Vec<Walker>,
}

impl Walk {
    /// Goes to the nearest known place that has taken no more than `rows` rows.
    fn back_to(&mut self, rows: u32) {
        let mark = self.marks.iter().chain([&self.near]).filter(|mark| mark.rows <= rows).max_by_key(|mark| mark.rows);
        if self.here.rows > rows || mark.is_some_and(|mark| mark.rows > self.here.rows) {
            self.here = mark.cloned().unwrap_or_default();
        }
    }

    /// Remembers the place, where the last one lies far enough behind in a conversation of so many rows.
    fn mark(&mut self, rows: u32) {
        let apart = WALK_MARK.max(rows / MAX_MARKS);
        if self.here.rows >= self.marks.last().map_or(0, |mark| mark.rows) + apart {
            self.marks.push(self.here.clone());
        }
    }
}

impl Tracker {
    /// Where a TCP conversation was captured, as far as its answers tell.
    pub fn point(&mut self, id: u32, index: &Index) -> Option<Point> {
        self.look_at(id);
        self.flows.get(id as usize).filter(|flow| matches!(flow.kind, Kind::Tcp(_)))?;
        let time = |frame: u32| index.get(frame).map_or(0, |record| record.time);
        Point::of(self.look.frames.iter().map(|&frame| self.step(frame, false, time(frame))))
    }

    /// Both ends' figures around a row of a TCP conversation; `None` for another one, or beyond its last row.
    pub fn moment(&mut self, id: u32, row: u32, index: &Index) -> Option<Moment> {
        self.look_at(id);
        let flow = self.flows.get(id as usize).filter(|flow| matches!(flow.kind, Kind::Tcp(_)))?;
        let (reused, first) = (flow.reused, flow.first_frame);
        let end = self.of_frame(*self.look.frames.get(row as usize)?)?.1;
        let mut walk = std::mem::take(&mut self.look.walk);
        walk.back_to(row);
        let mut left = Default::default();
        while walk.here.rows <= row {
            if walk.here.rows == row - row % STEPS_BACK {
                walk.near = walk.here.clone();
            }
            let frame = self.look.frames.get(walk.here.rows as usize).copied().unwrap_or_default();
            if walk.here.rows == row {
                left = [0, 1].map(|end| numbers(&walk.here, end));
            }
            let time = index.get(frame).map_or(0, |record| record.time);
            walk.here.take(self.step(frame, reused && frame == first, time).as_ref());
            walk.mark(self.look.frames.len() as u32);
        }
        let arrived = [0, 1].map(|end| numbers(&walk.here, end));
        self.look.walk = walk;
        // What its sender does takes effect when it leaves.
        let sender = usize::from(end != 0);
        if let (Some(before), Some(after)) = (left.get_mut(sender), arrived.get(sender)) {
            before.clone_from(after);
        }
        Some(Moment { row, left, arrived })
    }
}
