//! A window of rows at a position → the ladder: lifelines, ribbons of states, arrows, labels, folded gaps.

mod arrows;
mod many;
mod ribbons;

use crate::conversation::End;
use crate::engine::Row;
use crate::text::within;

use super::axis::{self, Heights};
use super::board::{Board, Label};
use super::measure::{self, Face};
use super::{Anchor, Draw, Ladder, Shape, Target, View, Words};

/// Under this width (at text size 1) there is no room beside the lifelines: states are written into the ribbons.
const NARROW: f32 = 560.0;
/// Part of a row's play before its packet leaves, while the ribbons catch up with the departure.
const WAIT: f64 = 0.12;
/// How far a lost packet is drawn on its way.
const LOST_AT: f32 = 0.62;
/// Space between a lifeline and an arrow's end.
const GAP: f32 = 9.0;
/// Half the height of a folded gap's zigzag.
const FOLD: f32 = 8.0;

/// What of the ladder stands still while a row plays.
///
/// Rows before `position` are solid, later ones faint. The answer changes where a row begins (`position` leaves a whole
/// number) and where it ends, not in between: a painter draws it twice a row, unless the view scrolls.
pub fn ladder(ladder: &Ladder, view: &View, position: f64, words: &Words) -> Vec<Draw> {
    let plan = Plan::new(ladder, view, position);
    let mut board = Board::new(view.width, view.height);
    board.reserve(measure::upright(0.0, 0.0, view.width, plan.heights.head));
    plan.band(&mut board);
    for end in plan.ends() {
        plan.future(&mut board, end);
        plan.ribbon(&mut board, end, plan.heights.head, plan.cursor(position.floor()));
    }
    let rows: Vec<&Row> = plan.visible().collect();
    for row in &rows {
        plan.journey(&mut board, row);
        plan.arrow(&mut board, row);
    }
    if !plan.narrow {
        plan.names(&mut board);
    }
    if plan.many() {
        // Level words may lie where time was folded away.
        rows.iter().for_each(|row| plan.zigzags(&mut board, row));
    }
    plan.labels(&mut board, &rows, words);
    for row in &rows {
        plan.fold(&mut board, row, words);
        plan.time(&mut board, row);
    }
    let mut draws = board.finish();
    draws.extend(plan.heads());
    draws
}

/// What of the ladder moves with every frame: the packet under way, its growing arrow, the growing ends of the ribbons.
pub fn moving(ladder: &Ladder, view: &View, position: f64) -> Vec<Draw> {
    let plan = Plan::new(ladder, view, position);
    let mut board = Board::new(view.width, view.height);
    for end in plan.ends() {
        plan.ribbon(&mut board, end, plan.cursor(position.floor()), plan.cursor(position));
    }
    // The ribbons must not grow over the folded gap that they pass.
    plan.visible().filter(|row| plan.current(row) && !plan.many()).for_each(|row| plan.zigzags(&mut board, row));
    if plan.narrow {
        // Names in the ribbons must lie over the growing ends.
        board.reserve(measure::upright(0.0, 0.0, view.width, plan.heights.head));
        for y in plan.visible().filter_map(|row| plan.fold_y(row)) {
            board.reserve(measure::upright(
                0.0,
                y - FOLD * plan.heights.size,
                view.width,
                2.0 * FOLD * plan.heights.size,
            ));
        }
        plan.names(&mut board);
    }
    plan.packet(&mut board);
    board.finish()
}

/// An arrow's way from lifeline to lifeline.
#[derive(Clone, Copy)]
struct Way {
    x1: f32,
    y1: f32,
    x2: f32,
    y2: f32,
}

impl Way {
    fn along(&self, part: f32) -> (f32, f32) {
        (self.x1 + (self.x2 - self.x1) * part, self.y1 + (self.y2 - self.y1) * part)
    }

    fn length(&self) -> f32 {
        (self.x2 - self.x1).hypot(self.y2 - self.y1)
    }

    /// The same way, given up at `part`.
    fn until(&self, part: f32) -> Way {
        let (x2, y2) = self.along(part);
        Way { x2, y2, ..*self }
    }
}

/// Everything that is decided before the first command.
struct Plan<'a> {
    ladder: &'a Ladder<'a>,
    view: &'a View,
    position: f64,
    heights: Heights,
    /// The lifelines' places.
    lines: Vec<f32>,
    narrow: bool,
    /// Whether anything is known about states; else the lifelines are neutral.
    stateful: bool,
}

impl<'a> Plan<'a> {
    fn new(ladder: &'a Ladder<'a>, view: &'a View, position: f64) -> Plan<'a> {
        let heights = Heights::of(view);
        let narrow = view.width / heights.size < NARROW;
        let stateful = !ladder.stage.transitions.is_empty();
        let margin = match (narrow, stateful) {
            (true, _) => 20.0 * heights.size,
            (false, true) => within(view.width * 0.2, 118.0 * heights.size, 200.0 * heights.size),
            (false, false) => 88.0 * heights.size,
        };
        let position = if position.is_finite() { position.max(0.0) } else { 0.0 };
        Plan { ladder, view, position, heights, lines: lines(ladder.heads.len(), margin, view.width), narrow, stateful }
    }

    fn y(&self, row: f64) -> f32 {
        axis::row_y(self.ladder, self.view, row)
    }

    /// The height at which a row's packet leaves; the row's own height is when it passed the capture point.
    fn leaves(&self, row: f64) -> f32 {
        let first = self.ladder.rows.first().map_or(0, |first| first.row);
        let known = (row as u32).checked_sub(first).and_then(|at| self.ladder.rows.get(at as usize));
        let passed = match (self.view.captured, known) {
            (Some(share), Some(row)) if row.from == 0 => within(share.into(), 0.0, 1.0) as f32,
            (Some(share), Some(_)) => within(1.0 - f64::from(share), 0.0, 1.0) as f32,
            _ => 0.0,
        };
        self.y(row) - passed * self.heights.slant
    }

    /// The height at which it arrives.
    fn lands(&self, row: f64) -> f32 {
        self.leaves(row) + self.heights.slant
    }

    fn line(&self, end: End) -> f32 {
        // All hosts, and what came before the engine said who: never out of the view.
        self.lines.get(usize::from(end)).or(self.lines.last()).copied().unwrap_or_default()
    }

    /// The lifelines, from the left.
    fn ends(&self) -> std::ops::Range<End> {
        0..self.lines.len().min(usize::from(End::MAX)) as End
    }

    /// Half a ribbon's width.
    fn half(&self) -> f32 {
        let half = if !self.stateful {
            2.0
        } else if self.narrow {
            9.0
        } else {
            7.0
        };
        half * self.heights.size
    }

    /// Rows of which something is in sight, given away or next to be.
    fn visible(&self) -> impl Iterator<Item = &'a Row> + '_ {
        self.ladder.rows.iter().filter(|row| {
            let y = self.leaves(f64::from(row.row));
            let Heights { head, slant, size, .. } = self.heights;
            row.row <= self.view.hidden.first() && y + slant + 20.0 * size > head && y - 20.0 * size < self.view.height
        })
    }

    fn way(&self, row: &Row) -> Way {
        let y = self.leaves(f64::from(row.row));
        let gap = (self.half() + 2.0 * self.heights.size).max(GAP * self.heights.size);
        let (x1, x2) = (self.line(row.from), self.line(row.to));
        let y2 = y + self.heights.slant;
        match () {
            // A stub: what a host sends to itself, or what both ends of have no lifeline of their own.
            _ if x1 == x2 => Way { x1: x1 - gap, y1: y, x2: x1 - 5.0 * gap, y2 },
            _ if x1 < x2 => Way { x1: x1 + gap, y1: y, x2: x2 - gap, y2 },
            _ => Way { x1: x1 - gap, y1: y, x2: x2 + gap, y2 },
        }
    }

    /// Height that time has reached on the lifelines.
    fn cursor(&self, position: f64) -> f32 {
        let rows = f64::from(self.ladder.stage.rows);
        let (row, part) = (position.floor().min(rows), position.fract());
        let start = if row < 1.0 { self.leaves(0.0) - self.heights.lead * 0.5 } else { self.lands(row - 1.0) };
        if part <= 0.0 || row >= rows {
            return start;
        }
        let departure = self.leaves(row).max(start);
        let caught_up = start + (departure - start) * (part / WAIT).min(1.0) as f32;
        caught_up.max(self.leaves(row) + self.heights.slant * travel(part))
    }

    /// Adds an upright box, cut to the part below the heads and inside the view.
    fn strip(&self, board: &mut Board, x: f32, half: f32, (from, to): (f32, f32), class: &str) {
        // Whole pixels, so that a ribbon's still part and its growing end meet without a seam.
        let (top, bottom) = (from.max(self.heights.head).round(), to.min(self.view.height).round());
        if bottom > top {
            board.add(Shape::Rect { x: x - half, y: top, w: half * 2.0, h: bottom - top, r: 0.0 }, class, None);
        }
    }

    /// The hosts over the lifelines, on a ground that hides what scrolls under it.
    fn heads(&self) -> Vec<Draw> {
        let size = self.heights.size;
        let mut board = Board::new(self.view.width, self.view.height);
        board.add(
            Shape::Rect { x: 0.0, y: 0.0, w: self.view.width, h: self.heights.head.min(self.view.height), r: 0.0 },
            "cover",
            None,
        );
        for (lane, (head, line)) in self.ladder.heads.iter().zip(self.lines.iter().copied()).enumerate() {
            let most = self.view.width / self.lines.len().max(2) as f32 - 10.0 * size;
            let title: Vec<&str> =
                [head.name.as_str(), &head.role].into_iter().filter(|word| !word.is_empty()).collect();
            let title =
                measure::shorten(&title.join(" · "), 14.0 * size, Face::STRONG, most - 16.0 * size).unwrap_or_default();
            let address = measure::shorten_middle(&head.address, 12.0 * size, Face::MONO, most - 16.0 * size);
            let text = measure::width(&title, 14.0 * size, Face::STRONG).max(measure::width(
                &address,
                12.0 * size,
                Face::MONO,
            ));
            let w = (text + 20.0 * size).max(if self.many() { 0.0 } else { 120.0 * size }).min(most);
            let middle = line.max(w / 2.0 + 4.0).min(self.view.width - w / 2.0 - 4.0);
            board.add(
                Shape::Rect { x: middle - w / 2.0, y: 7.0 * size, w, h: 41.0 * size, r: 10.0 * size },
                "head",
                self.many().then_some(Target::Host(lane as u8)),
            );
            let mut write = |y: f32, text: &str, points: f32, class: &str| {
                board.write(&Label {
                    x: middle,
                    y: y * size,
                    anchor: Anchor::Middle,
                    size: points * size,
                    rotate: 0.0,
                    text,
                    class,
                    target: self.many().then_some(Target::Host(lane as u8)),
                })
            };
            if title.is_empty() {
                write(32.0, &address, 12.0, "host mono strong");
            } else {
                write(24.0, &title, 14.0, "host strong");
                write(41.0, &address, 12.0, "address mono");
            }
        }
        board.finish()
    }
}

/// The lifelines' places, evenly spaced.
fn lines(count: usize, margin: f32, width: f32) -> Vec<f32> {
    let step = (width - 2.0 * margin) / count.saturating_sub(1).max(1) as f32;
    (0..count).map(|at| margin + step * at as f32).collect()
}

/// How far a packet has come when this part of its row has played.
fn travel(part: f64) -> f32 {
    within((part - WAIT) / (1.0 - WAIT), 0.0, 1.0) as f32
}
