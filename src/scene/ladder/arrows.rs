//! Rows → arrows from lifeline to lifeline, their words, times and folded gaps.

use crate::engine::Row;

use super::{FOLD, LOST_AT, Plan, Way, travel};
use crate::scene::board::{Board, Label};
use crate::scene::measure::{self, Face};
use crate::scene::{Anchor, MARKS, Shape, Target, Words};
use crate::text::within;

/// Marks that change how an arrow looks, and its class.
const LOOKS: [(&str, &str); 7] = [
    ("retransmission", " again"),
    ("out_of_order", " again"),
    ("lost", " lost"),
    ("bad-checksum", " flawed"),
    ("cut", " flawed"),
    ("lost_segment", " flawed"),
    ("zero_window", " flawed"),
];

impl Plan<'_> {
    /// Behind the selected row.
    pub(super) fn band(&self, board: &mut Board) {
        let Some(row) = self.visible().find(|row| Some(row.row) == self.view.selected) else { return };
        let Way { x1, y1, x2, y2 } = self.way(row);
        let reach = 25.0 * self.heights.size;
        let fit = |y: f32| y.max(self.heights.head).min(self.view.height);
        let (up1, up2, low2, low1) = (fit(y1 - reach), fit(y2 - reach), fit(y2 + reach), fit(y1 + reach));
        let path = measure::path(&[(x1, up1), (x2, up2), (x2, low2), (x1, low1)]) + " Z";
        board.add(Shape::Path(path), "band", Some(Target::Frame(row.frame)));
    }

    pub(super) fn played(&self, row: &Row) -> bool {
        f64::from(row.row) + 1.0 <= self.position
    }

    pub(super) fn current(&self, row: &Row) -> bool {
        !self.played(row) && f64::from(row.row) < self.position
    }

    pub(super) fn secret(&self, row: &Row) -> bool {
        row.row >= self.view.hidden.first()
    }

    /// Classes of a row's commands after the kind of the command.
    pub(super) fn class(&self, row: &Row, kind: &str) -> String {
        let mut class = kind.to_owned();
        class.push_str(match () {
            _ if self.secret(row) => " secret",
            _ if self.played(row) => " sent",
            _ if self.current(row) => " current",
            _ => " later",
        });
        for (mark, word) in LOOKS {
            if !self.secret(row) && has(row, mark) && !class.ends_with(word) {
                class.push_str(word);
            }
        }
        if self.view.selected == Some(row.row) {
            class.push_str(" selected");
        }
        class
    }

    pub(super) fn arrow(&self, board: &mut Board, row: &Row) {
        for way in self.ways(row) {
            self.arrow_along(board, row, way);
        }
        self.passing(board, row);
    }

    fn arrow_along(&self, board: &mut Board, row: &Row, way: Way) {
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
    pub(super) fn shaft(&self, board: &mut Board, way: &Way, class: &str, target: Option<Target>) {
        let fall = (way.y2 - way.y1).max(0.001);
        let from = within((self.heights.head - way.y1) / fall, 0.0, 1.0);
        let to = within((self.view.height - way.y1) / fall, 0.0, 1.0);
        if to > from {
            let ((x1, y1), (x2, y2)) = (way.along(from), way.along(to));
            board.add(Shape::Line { x1, y1, x2, y2 }, class, target);
        }
    }

    pub(super) fn tip(&self, board: &mut Board, way: &Way, class: &str) {
        let size = self.heights.size;
        let (dx, dy) =
            ((way.x2 - way.x1) / way.length().max(1.0) * size, (way.y2 - way.y1) / way.length().max(1.0) * size);
        let (x, y) = (way.x2 + dx, way.y2 + dy);
        let (bx, by) = (x - dx * 12.0, y - dy * 12.0);
        if y - 6.0 * size < self.heights.head || y + 6.0 * size > self.view.height {
            return;
        }
        let (ax, ay, cx, cy) = (bx - dy * 5.5, by + dx * 5.5, bx + dy * 5.5, by - dx * 5.5);
        board.add(Shape::Path(measure::path(&[(x, y), (ax, ay), (cx, cy)]) + " Z"), format!("tip {class}"), None);
    }

    pub(super) fn cross(&self, board: &mut Board, x: f32, y: f32, class: &str) {
        let r = 7.0 * self.heights.size;
        if y - r < self.heights.head || y + r > self.view.height {
            return;
        }
        let (l, t, e, b) = (x - r, y - r, x + r, y + r);
        board.add(
            Shape::Path([measure::path(&[(l, t), (e, b)]), measure::path(&[(l, b), (e, t)])].join(" ")),
            format!("cross {class}"),
            None,
        );
    }

    /// Texts along the arrows: first what goes over, then what goes under, the looked-at rows before the others.
    pub(super) fn labels(&self, board: &mut Board, rows: &[&Row], words: &Words) {
        let rank = |row: &Row| (self.view.selected != Some(row.row), !self.current(row));
        let of = |wanted| rows.iter().copied().filter(move |row| rank(row) == wanted);
        let rows: Vec<&Row> =
            [(false, false), (false, true), (true, false), (true, true)].into_iter().flat_map(of).collect();
        let size = self.heights.size;
        for row in &rows {
            let text = if self.secret(row) { "?" } else { &row.label };
            self.along(board, row, text, &self.class(row, "label mono strong"), (13.0 * size, -9.0 * size));
        }
        for row in rows.iter().filter(|row| !self.secret(row)) {
            let mut parts: Vec<String> = row.marks.iter().filter_map(|mark| word(row, mark, words)).collect();
            parts.extend(self.hop_words(row));
            parts.extend(Some(row.detail.clone()).filter(|detail| !detail.is_empty()));
            self.along(board, row, &parts.join(" · "), &self.class(row, "detail"), (12.0 * size, 18.0 * size));
        }
    }

    /// A text turned with its arrow, `off` from it, shortened to its length.
    pub(super) fn along(&self, board: &mut Board, row: &Row, text: &str, class: &str, (size, off): (f32, f32)) {
        if self.many() {
            return self.level(board, row, text, class, (size, off > 0.0));
        }
        let way = if has(row, "lost") && !self.secret(row) { self.way(row).until(LOST_AT) } else { self.way(row) };
        let room = way.length() - 24.0 * self.heights.size;
        let Some(text) = measure::shorten(text, size, Face::of(class), room).filter(|text| !text.is_empty()) else {
            return;
        };
        let (x, y) = way.along(0.5);
        let lean = ((way.y2 - way.y1) / (way.x2 - way.x1)).atan();
        let (sin, cos) = measure::sin_cos(lean);
        let (x, y) = (x - sin * off, y + cos * off);
        let target = Some(Target::Frame(row.frame));
        let label = Label { x, y, anchor: Anchor::Middle, size, rotate: lean.to_degrees(), text: &text, class, target };
        if self.current(row) || self.view.selected == Some(row.row) {
            board.write_over_lines(&label);
        } else {
            board.write(&label);
        }
    }

    /// The height of the folded gap before a row, if there is one in sight.
    pub(super) fn fold_y(&self, row: &Row) -> Option<f32> {
        let y = (self.lands(f64::from(row.row) - 1.0) + self.leaves(f64::from(row.row))) / 2.0;
        let reach = FOLD * self.heights.size;
        let inside = y - reach >= self.heights.head && y + reach <= self.view.height;
        (row.folded > 0 && row.row > 0 && inside).then_some(y)
    }

    /// The zigzags and the words where idle time was folded away, before its row.
    pub(super) fn fold(&self, board: &mut Board, row: &Row, words: &Words) {
        let Some(y) = self.fold_y(row) else { return };
        let size = self.heights.size;
        let text = words.silence.replace("{}", &measure::duration(row.folded));
        // Between the first two lifelines, or the only two.
        let x = (self.line(0) + self.line(1)) / 2.0;
        let room = self.view.width - 2.0 * self.line(0) - 80.0 * size;
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
        if !self.many() {
            self.zigzags(board, row);
        }
    }

    /// A zigzag on each lifeline where time was folded away before a row.
    pub(super) fn zigzags(&self, board: &mut Board, row: &Row) {
        let Some(y) = self.fold_y(row) else { return };
        let size = self.heights.size;
        let step = if self.narrow { 6.0 } else { 9.0 } * size;
        for line in self.lines.iter().copied() {
            let turns = [(-2.5, 0.0), (-1.5, -5.0), (-0.5, 5.0), (0.5, -5.0), (1.5, 5.0), (2.5, 0.0)];
            let path = measure::path(&turns.map(|(across, up)| (line + step * across, y + up * size)));
            board.add(Shape::Path(path.clone()), "fold cover", None);
            board.add(Shape::Path(path), "fold", None);
        }
    }

    /// Time since the conversation's first packet, in the left margin.
    pub(super) fn time(&self, board: &mut Board, row: &Row) {
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

    /// The packet under way and its arrow as far as it has come.
    pub(super) fn packet(&self, board: &mut Board) {
        let Some(row) = self.ladder.rows.iter().find(|row| self.current(row)).filter(|row| !self.secret(row)) else {
            return;
        };
        let lost = has(row, "lost");
        let part = travel(self.position.fract());
        for way in self.ways(row) {
            self.under_way(board, row, way.until(if lost { part.min(LOST_AT) } else { part }), lost && part >= LOST_AT);
        }
    }

    fn under_way(&self, board: &mut Board, row: &Row, way: Way, gone: bool) {
        let r = 6.5 * self.heights.size;
        self.shaft(board, &way, "arrow growing", None);
        if gone {
            self.cross(board, way.x2, way.y2, "lost");
        } else if way.y2 - r > self.heights.head && way.y2 + r < self.view.height {
            board.add(Shape::Circle { x: way.x2, y: way.y2, r }, "packet", Some(Target::Frame(row.frame)));
        }
    }
}

fn has(row: &Row, mark: &str) -> bool {
    row.marks.iter().any(|m| m == mark)
}

/// A mark's word and its number, as `duplicate ACK #3`; nothing where a more exact mark stands beside it.
fn word(row: &Row, mark: &str, words: &Words) -> Option<String> {
    let (name, number) = mark.split_once(' ').unwrap_or((mark, ""));
    let again = ["fast_retransmission", "spurious_retransmission"].iter().any(|exact| has(row, exact));
    let at = MARKS.iter().position(|known| *known == name).filter(|_| name != "retransmission" || !again)?;
    let word = (*words.marks.get(at)?).to_owned();
    Some(if number.is_empty() { word } else { word + " #" + number })
}
