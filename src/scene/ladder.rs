//! A window of rows at a position → the ladder: lifelines, ribbons of states, arrows, labels, folded gaps.

use crate::conversation::{Cause, End, State};
use crate::engine::Row;

use super::axis::{self, Heights};
use super::board::{Board, Label};
use super::measure::{self, Face};
use super::{Anchor, Draw, Ladder, Shape, Target, View, Words, states};

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
    for end in [0, 1] {
        plan.future(&mut board, end);
        plan.ribbon(&mut board, end, plan.heights.head, plan.cursor(position.floor()));
    }
    let rows: Vec<&Row> = plan.visible().collect();
    for row in &rows {
        plan.arrow(&mut board, row);
    }
    if !plan.narrow {
        plan.names(&mut board);
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
    for end in [0, 1] {
        plan.ribbon(&mut board, end, plan.cursor(position.floor()), plan.cursor(position));
    }
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
    lines: [f32; 2],
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
            (false, true) => (view.width * 0.2).clamp(118.0 * heights.size, 200.0 * heights.size),
            (false, false) => 88.0 * heights.size,
        };
        let position = if position.is_finite() { position.max(0.0) } else { 0.0 };
        Plan { ladder, view, position, heights, lines: [margin, view.width - margin], narrow, stateful }
    }

    fn y(&self, row: f64) -> f32 {
        axis::row_y(self.ladder, self.view, row)
    }

    fn line(&self, end: End) -> f32 {
        self.lines[usize::from(end != 0)]
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
            let y = self.y(f64::from(row.row));
            let Heights { head, slant, size, .. } = self.heights;
            row.row <= self.view.hidden.first() && y + slant + 20.0 * size > head && y - 20.0 * size < self.view.height
        })
    }

    fn way(&self, row: &Row) -> Way {
        let y = self.y(f64::from(row.row));
        let gap = (self.half() + 2.0 * self.heights.size).max(GAP * self.heights.size);
        let [left, right] = [self.lines[0] + gap, self.lines[1] - gap];
        let (x1, x2) = if row.from == 0 { (left, right) } else { (right, left) };
        Way { x1, y1: y, x2, y2: y + self.heights.slant }
    }

    /// Height that time has reached on the lifelines.
    fn cursor(&self, position: f64) -> f32 {
        let rows = f64::from(self.ladder.stage.rows);
        let (row, part) = (position.floor().min(rows), position.fract());
        let start =
            if row < 1.0 { self.y(0.0) - self.heights.lead * 0.5 } else { self.y(row - 1.0) + self.heights.slant };
        if part <= 0.0 || row >= rows {
            return start;
        }
        let departure = self.y(row).max(start);
        let caught_up = start + (departure - start) * (part / WAIT).min(1.0) as f32;
        caught_up.max(self.y(row) + self.heights.slant * travel(part))
    }

    /// Adds an upright box, cut to the part below the heads and inside the view.
    fn strip(&self, board: &mut Board, x: f32, half: f32, (from, to): (f32, f32), class: &str) {
        // Whole pixels, so that a ribbon's still part and its growing end meet without a seam.
        let (top, bottom) = (from.max(self.heights.head).round(), to.min(self.view.height).round());
        if bottom > top {
            board.add(Shape::Rect { x: x - half, y: top, w: half * 2.0, h: bottom - top, r: 0.0 }, class, None);
        }
    }

    /// The dashed outline of what has not happened yet.
    fn future(&self, board: &mut Board, end: End) {
        let now = self.cursor(self.position.floor());
        self.strip(board, self.line(end), self.half() - 0.5, (now, self.view.height), "ribbon future");
    }

    /// An end's moves that the position has reached: the height and what state begins there, the oldest first.
    fn moves(&self, end: End) -> Vec<(f32, State)> {
        let transitions = &self.ladder.stage.transitions;
        let mut moves = vec![(f32::NEG_INFINITY, states::first(transitions, end))];
        for transition in transitions.iter().filter(|t| t.end == end && states::taken(t, self.position)) {
            let fall = if transition.cause == Cause::Received { self.heights.slant } else { 0.0 };
            moves.push((self.y(f64::from(transition.row)) + fall, transition.to));
        }
        moves
    }

    fn ribbon(&self, board: &mut Board, end: End, from: f32, to: f32) {
        if !self.stateful {
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
    fn names(&self, board: &mut Board) {
        for end in if self.stateful { 0..2 } else { 0..0 } {
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

    fn name(&self, board: &mut Board, end: End, state: State, (top, bottom): (f32, f32)) {
        let target = Some(Target::State { end, state });
        let _ = [states::name(state), states::short(state)].into_iter().any(|text| match self.narrow {
            true => self.name_in(board, end, text, (top, bottom), target),
            false => self.name_beside(board, end, text, top, target),
        });
    }

    fn name_beside(&self, board: &mut Board, end: End, text: &str, top: f32, target: Option<Target>) -> bool {
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

    fn name_in(
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

    /// Behind the selected row.
    fn band(&self, board: &mut Board) {
        let Some(row) = self.visible().find(|row| Some(row.row) == self.view.selected) else { return };
        let Way { x1, y1, x2, y2 } = self.way(row);
        let reach = 25.0 * self.heights.size;
        let fit = |y: f32| y.clamp(self.heights.head, self.view.height);
        let (up1, up2, low2, low1) = (fit(y1 - reach), fit(y2 - reach), fit(y2 + reach), fit(y1 + reach));
        let path = format!("M{x1:.1},{up1:.1} L{x2:.1},{up2:.1} L{x2:.1},{low2:.1} L{x1:.1},{low1:.1} Z");
        board.add(Shape::Path(path), "band", Some(Target::Frame(row.frame)));
    }

    fn played(&self, row: &Row) -> bool {
        f64::from(row.row) + 1.0 <= self.position
    }

    fn current(&self, row: &Row) -> bool {
        !self.played(row) && f64::from(row.row) < self.position
    }

    fn secret(&self, row: &Row) -> bool {
        row.row >= self.view.hidden.first()
    }

    /// Classes of a row's commands after the kind of the command.
    fn class(&self, row: &Row, kind: &str) -> String {
        let mut class = kind.to_owned();
        class.push_str(match () {
            _ if self.secret(row) => " secret",
            _ if self.played(row) => " sent",
            _ if self.current(row) => " current",
            _ => " later",
        });
        for (mark, word) in
            [("retransmission", " again"), ("lost", " lost"), ("bad-checksum", " flawed"), ("cut", " flawed")]
        {
            if !self.secret(row) && has(row, mark) && !class.ends_with(word) {
                class.push_str(word);
            }
        }
        if self.view.selected == Some(row.row) {
            class.push_str(" selected");
        }
        class
    }

    fn arrow(&self, board: &mut Board, row: &Row) {
        let way = self.way(row);
        let target = Some(Target::Frame(row.frame));
        self.shaft(board, &way, "hit", target);
        board.keep_off(measure::segment(way.x1, way.y1, way.x2, way.y2, 2.0));
        let class = self.class(row, "arrow");
        if has(row, "lost") && !self.secret(row) {
            let way = way.until(LOST_AT);
            self.shaft(board, &way, &class, target);
            self.cross(board, way.x2, way.y2, &class);
        } else {
            self.shaft(board, &way, &class, target);
            self.tip(board, &way, &class);
        }
    }

    /// A line, cut to the part below the heads and inside the view.
    fn shaft(&self, board: &mut Board, way: &Way, class: &str, target: Option<Target>) {
        let fall = (way.y2 - way.y1).max(0.001);
        let from = ((self.heights.head - way.y1) / fall).clamp(0.0, 1.0);
        let to = ((self.view.height - way.y1) / fall).clamp(0.0, 1.0);
        if to > from {
            let ((x1, y1), (x2, y2)) = (way.along(from), way.along(to));
            board.add(Shape::Line { x1, y1, x2, y2 }, class, target);
        }
    }

    fn tip(&self, board: &mut Board, way: &Way, class: &str) {
        let size = self.heights.size;
        let (dx, dy) =
            ((way.x2 - way.x1) / way.length().max(1.0) * size, (way.y2 - way.y1) / way.length().max(1.0) * size);
        let (x, y) = (way.x2 + dx, way.y2 + dy);
        let (bx, by) = (x - dx * 12.0, y - dy * 12.0);
        if y - 6.0 * size < self.heights.head || y + 6.0 * size > self.view.height {
            return;
        }
        let (ax, ay, cx, cy) = (bx - dy * 5.5, by + dx * 5.5, bx + dy * 5.5, by - dx * 5.5);
        board.add(
            Shape::Path(format!("M{x:.1},{y:.1} L{ax:.1},{ay:.1} L{cx:.1},{cy:.1} Z")),
            format!("tip {class}"),
            None,
        );
    }

    fn cross(&self, board: &mut Board, x: f32, y: f32, class: &str) {
        let r = 7.0 * self.heights.size;
        if y - r < self.heights.head || y + r > self.view.height {
            return;
        }
        let (l, t, e, b) = (x - r, y - r, x + r, y + r);
        board.add(
            Shape::Path(format!("M{l:.1},{t:.1} L{e:.1},{b:.1} M{l:.1},{b:.1} L{e:.1},{t:.1}")),
            format!("cross {class}"),
            None,
        );
    }

    /// Texts along the arrows: first what goes over, then what goes under, the looked-at rows before the others.
    fn labels(&self, board: &mut Board, rows: &[&Row], words: &Words) {
        let mut rows = rows.to_vec();
        rows.sort_by_key(|row| (self.view.selected != Some(row.row), !self.current(row)));
        let size = self.heights.size;
        for row in &rows {
            let text = if self.secret(row) { "?" } else { &row.label };
            self.along(board, row, text, &self.class(row, "label mono strong"), (13.0 * size, -9.0 * size));
        }
        for row in rows.iter().filter(|row| !self.secret(row)) {
            let mut parts: Vec<&str> = row.marks.iter().filter_map(|mark| word(mark, words)).collect();
            parts.extend(Some(row.detail.as_str()).filter(|detail| !detail.is_empty()));
            self.along(board, row, &parts.join(" · "), &self.class(row, "detail"), (12.0 * size, 18.0 * size));
        }
    }

    /// A text turned with its arrow, `off` from it, shortened to its length.
    fn along(&self, board: &mut Board, row: &Row, text: &str, class: &str, (size, off): (f32, f32)) {
        let way = if has(row, "lost") && !self.secret(row) { self.way(row).until(LOST_AT) } else { self.way(row) };
        let room = way.length() - 24.0 * self.heights.size;
        let Some(text) = measure::shorten(text, size, Face::of(class), room).filter(|text| !text.is_empty()) else {
            return;
        };
        let (x, y) = way.along(0.5);
        let lean = ((way.y2 - way.y1) / (way.x2 - way.x1)).atan();
        let (x, y) = (x - lean.sin() * off, y + lean.cos() * off);
        let target = Some(Target::Frame(row.frame));
        let label = Label { x, y, anchor: Anchor::Middle, size, rotate: lean.to_degrees(), text: &text, class, target };
        if self.current(row) || self.view.selected == Some(row.row) {
            board.write_over_lines(&label);
        } else {
            board.write(&label);
        }
    }

    /// The height of the folded gap before a row, if there is one in sight.
    fn fold_y(&self, row: &Row) -> Option<f32> {
        let y = (self.y(f64::from(row.row) - 1.0) + self.y(f64::from(row.row)) + self.heights.slant) / 2.0;
        let reach = FOLD * self.heights.size;
        let inside = y - reach >= self.heights.head && y + reach <= self.view.height;
        (row.folded > 0 && row.row > 0 && inside).then_some(y)
    }

    /// The zigzag where idle time was folded away, before its row.
    fn fold(&self, board: &mut Board, row: &Row, words: &Words) {
        let Some(y) = self.fold_y(row) else { return };
        let size = self.heights.size;
        let text = words.silence.replace("{}", &measure::duration(row.folded));
        let x = self.view.width / 2.0;
        let room = self.lines[1] - self.lines[0] - 80.0 * size;
        if let Some(text) = measure::shorten(&text, 13.0 * size, Face::SANS, room) {
            let label = Label {
                x,
                y: y + 4.5 * size,
                anchor: Anchor::Middle,
                size: 13.0 * size,
                rotate: 0.0,
                text: &text,
                class: "silence",
                target: None,
            };
            board.write(&label);
        }
        let step = if self.narrow { 6.0 } else { 9.0 } * size;
        for line in self.lines {
            let mut path = format!("M{:.1},{y:.1}", line - step * 2.5);
            for (i, up) in [-5.0, 5.0, -5.0, 5.0, 0.0].into_iter().enumerate() {
                path.push_str(&format!(" L{:.1},{:.1}", line + step * (i as f32 - 1.5), y + up * size));
            }
            board.add(Shape::Path(path.clone()), "fold cover", None);
            board.add(Shape::Path(path), "fold", None);
        }
    }

    /// Time since the conversation's first packet, in the left margin.
    fn time(&self, board: &mut Board, row: &Row) {
        if self.narrow || self.secret(row) {
            return;
        }
        let size = self.heights.size;
        let text = measure::moment(row.time.saturating_sub(self.ladder.stage.conversation.first));
        let y = self.y(f64::from(row.row)) - 5.0 * size;
        board.write(&Label {
            x: 8.0 * size,
            y,
            anchor: Anchor::Start,
            size: 12.0 * size,
            rotate: 0.0,
            text: &text,
            class: "time mono",
            target: None,
        });
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
        for (head, line) in self.ladder.heads.iter().zip(self.lines) {
            let most = self.view.width / 2.0 - 10.0 * size;
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
            let w = (text + 20.0 * size).clamp(most.min(120.0 * size), most);
            let middle = line.clamp(w / 2.0 + 4.0, self.view.width - w / 2.0 - 4.0);
            board.add(
                Shape::Rect { x: middle - w / 2.0, y: 7.0 * size, w, h: 41.0 * size, r: 10.0 * size },
                "head",
                None,
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
                    target: None,
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

    /// The packet under way and its arrow as far as it has come.
    fn packet(&self, board: &mut Board) {
        let Some(row) = self.ladder.rows.iter().find(|row| self.current(row)).filter(|row| !self.secret(row)) else {
            return;
        };
        let lost = has(row, "lost");
        let part = travel(self.position.fract());
        let way = self.way(row).until(if lost { part.min(LOST_AT) } else { part });
        let r = 6.5 * self.heights.size;
        self.shaft(board, &way, "arrow growing", None);
        if lost && part >= LOST_AT {
            self.cross(board, way.x2, way.y2, "lost");
        } else if way.y2 - r > self.heights.head && way.y2 + r < self.view.height {
            board.add(Shape::Circle { x: way.x2, y: way.y2, r }, "packet", Some(Target::Frame(row.frame)));
        }
    }
}

/// How far a packet has come when this part of its row has played.
fn travel(part: f64) -> f32 {
    ((part - WAIT) / (1.0 - WAIT)).clamp(0.0, 1.0) as f32
}

fn has(row: &Row, mark: &str) -> bool {
    row.marks.iter().any(|m| m == mark)
}

/// A mark's word, with a glyph so that colour is not its only carrier.
fn word<'a>(mark: &str, words: &Words<'a>) -> Option<&'a str> {
    match mark {
        "retransmission" => Some(words.retransmission),
        "lost" => Some(words.lost),
        "bad-checksum" => Some(words.bad_checksum),
        "cut" => Some(words.cut),
        _ => None,
    }
}
