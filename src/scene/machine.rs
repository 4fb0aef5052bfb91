//! A conversation's transitions at a position → both ends' machines on their figure: a token for each, and the lines taken.

mod moves;

use crate::conversation::figure::{self, Edge};
use crate::conversation::{End, State, Transition};
use crate::text::within;

pub use self::moves::deed;
use self::moves::{Moves, Use, caption, letters};
use super::board::{Board, Label};
use super::measure::{self, Face};
use super::{Anchor, Draw, Head, Shape, Target, View, Words, states};

/// The figure with a token for each end, the lines that were taken, and how each end's latest move is known.
pub fn machine(heads: &[Head; 2], transitions: &[Transition], position: f64, view: &View, words: &Words) -> Vec<Draw> {
    let mut board = Board::new(view.width, view.height);
    if view.height < LOWEST {
        return board.finish();
    }
    let track = states::track_at(transitions, position);
    let machine = transitions.iter().find(|t| t.track == track).map(|t| t.to.machine()).unwrap_or_default();
    let figure = Figure::new(view, machine.figure());
    let moves = [0, 1].map(|end| Moves::new(transitions, end, track, position));
    let here = moves.each_ref().map(|moves| moves.node(figure.table));
    let letters = letters(heads);
    figure.captions(&mut board, heads, &letters, &moves, words);
    let lines: Vec<Line> = figure.table.edges.iter().map(|edge| figure.edge(edge, &moves)).collect();
    // The latest moves lie over the others.
    for rank in [Use::Never, Use::Taken, Use::Last] {
        lines.iter().filter(|line| line.used == rank).for_each(|line| line.draw(&mut board, figure.size));
    }
    figure.nodes(&mut board, &moves, here);
    for (end, node) in here.into_iter().enumerate() {
        let Some(node) = node else { continue };
        figure.token(&mut board, end as End, figure.token_place(end, node), &letters[end]);
    }
    for rank in [Use::Last, Use::Taken, Use::Never] {
        for line in lines.iter().filter(|line| line.used == rank && (figure.roomy || rank != Use::Never)) {
            figure.words(&mut board, line);
        }
    }
    board.finish()
}

/// A line of the figure between two boxes' borders.
struct Line {
    from: (f32, f32),
    to: (f32, f32),
    used: Use,
    event: String,
    action: String,
}

impl Line {
    fn class(&self) -> &'static str {
        match self.used {
            Use::Never => "edge",
            Use::Taken => "edge taken",
            Use::Last => "edge last",
        }
    }

    fn draw(&self, board: &mut Board, size: f32) {
        let ((x1, y1), (x2, y2)) = (self.from, self.to);
        let length = (x2 - x1).hypot(y2 - y1).max(1.0);
        let (dx, dy) = ((x2 - x1) / length * size, (y2 - y1) / length * size);
        let tip = if self.used == Use::Never { 6.0 } else { 8.0 };
        if (x2 - x1).hypot(y2 - y1) <= (tip + 1.0) * size {
            return;
        }
        let (bx, by) = (x2 - dx * tip, y2 - dy * tip);
        board.add(Shape::Line { x1, y1, x2: bx, y2: by }, self.class(), None);
        let (ax, ay, cx, cy) = (bx - dy * tip * 0.5, by + dx * tip * 0.5, bx + dy * tip * 0.5, by - dx * tip * 0.5);
        board.add(
            Shape::Path(measure::path(&[(x2, y2), (ax, ay), (cx, cy)]) + " Z"),
            format!("tip {}", self.class()),
            None,
        );
        board.keep_off(measure::segment(x1, y1, x2, y2, 4.0 * size));
    }

    /// Places for words of a line, the best first: along a flat line, else upright beside it.
    fn places(&self, text: &str, size: f32) -> Vec<(f32, f32, Anchor, f32)> {
        let ((x1, y1), (x2, y2)) = (self.from, self.to);
        let (dx, dy) = (x2 - x1, y2 - y1);
        let mut places = Vec::new();
        let flat = dx.abs() > 1.5 * dy.abs();
        if flat && dx.hypot(dy) > measure::width(text, 12.0 * size, Face::SANS) + 12.0 * size {
            let lean = (dy / dx).atan();
            let (sin, cos) = measure::sin_cos(lean);
            for off in [-8.0 * size, 15.0 * size] {
                let (x, y) = ((x1 + x2) / 2.0 - sin * off, (y1 + y2) / 2.0 + cos * off);
                places.push((x, y, Anchor::Middle, lean.to_degrees()));
            }
        }
        for off in [7.0, 12.0, 18.0, 26.0, 36.0] {
            for part in [0.5, 0.3, 0.7] {
                let (x, y) = (x1 + dx * part, y1 + dy * part + 4.0 * size);
                places.push((x + off * size, y, Anchor::Start, 0.0));
                places.push((x - off * size, y, Anchor::End, 0.0));
            }
        }
        places
    }
}

/// The figure's measures in a view.
struct Figure {
    table: &'static figure::Figure,
    size: f32,
    view: (f32, f32),
    /// Centre of the first column and level; distance of the next.
    origin: (f32, f32),
    step: (f32, f32),
    /// A box's width and height.
    node: (f32, f32),
    /// Whether there is room for the words of lines that nobody took.
    roomy: bool,
}

/// Least width and height in which the figure is itself at text size 1.
const LEAST: (f32, f32) = (340.0, 300.0);
/// Under this height it cannot be read.
const LOWEST: f32 = 80.0;
const MARGIN: f32 = 11.0;
const CAPTION: f32 = 18.0;

impl Figure {
    fn new(view: &View, table: &'static figure::Figure) -> Figure {
        let (width, height) = (view.width, view.height);
        let size = within(view.text.min(width / LEAST.0).min(height / LEAST.1), 1.0, 4.0);
        let margin = MARGIN * size;
        let across = (width - 2.0 * margin).min(680.0 * size).max(1.0);
        let (columns, levels) = table.size;
        let wide = (table.wide * size).min((across - 8.0) / (columns + 1.0)).max(1.0);
        let (top, bottom) = (14.0 * size, 2.0 * CAPTION * size + 10.0 * size);
        let level = within((height - top - bottom - 26.0 * size) / levels, 1.0, 84.0 * size);
        let high = (26.0 * size).min(level * 0.7);
        let spare = (height - top - bottom - high - level * levels).max(0.0);
        Figure {
            table,
            size,
            view: (width, height),
            origin: ((width - across + wide) / 2.0, top + high / 2.0 + spare / 2.0),
            step: ((across - wide) / columns, level),
            node: (wide, high),
            roomy: across >= 520.0 * size && level >= 52.0 * size,
        }
    }

    fn centre(&self, node: usize) -> (f32, f32) {
        let (column, level) = self.table.nodes.get(node).map_or((0.0, 0.0), |node| (node.column, node.level));
        (self.origin.0 + column * self.step.0, self.origin.1 + level * self.step.1)
    }

    /// Where the line from a box's centre towards a point leaves the box, `off` pixels further out.
    fn border(&self, node: usize, towards: (f32, f32), off: f32) -> (f32, f32) {
        let (x, y) = self.centre(node);
        let (dx, dy) = (towards.0 - x, towards.1 - y);
        let part = (self.node.0 / 2.0 / dx.abs().max(0.001)).min(self.node.1 / 2.0 / dy.abs().max(0.001));
        let part = part + off / dx.hypot(dy).max(1.0);
        (x + dx * part, y + dy * part)
    }

    fn edge(&self, &(from, to, event, action): &Edge, moves: &[Moves; 2]) -> Line {
        let state = |node: usize| self.table.nodes.get(node).map_or(State::Unknown, |node| node.state);
        let uses = moves.each_ref().map(|moves| moves.used(state(from), state(to)));
        let (used, back, found) = if uses[1].0 > uses[0].0 { uses[1] } else { uses[0] };
        let (from, to) = if back { (to, from) } else { (from, to) };
        Line {
            from: self.border(from, self.centre(to), 3.0),
            to: self.border(to, self.centre(from), 3.0),
            used,
            event: found.map_or(event, |found| &found.event).to_owned(),
            action: found.map_or(action, |found| &found.action).to_owned(),
        }
    }

    fn nodes(&self, board: &mut Board, moves: &[Moves; 2], here: [Option<usize>; 2]) {
        let (w, h) = self.node;
        for (node, figure::Node { state, name, short, look, .. }) in self.table.nodes.iter().enumerate() {
            let (state, (x, y)) = (*state, self.centre(node));
            let occupied = here.iter().position(|&place| place == Some(node));
            let apart = !self.table.edges.iter().any(|edge| edge.0 == node || edge.1 == node);
            if apart && occupied.is_none() {
                continue;
            }
            // The lower CLOSED counts as visited only where a token went; the upper one where a life began.
            let been = state != State::Closed
                && moves.iter().any(|m| m.all.iter().any(|t| t.from == state || t.to == state))
                || node == 0 && moves.iter().any(|m| m.first == State::Closed);
            let class = match (occupied, been) {
                (Some(_), _) => format!("node here {look}"),
                (None, true) => "node been".to_owned(),
                (None, false) => "node".to_owned(),
            };
            let target = Some(Target::State { end: occupied.unwrap_or(0) as End, state });
            board.add(Shape::Rect { x: x - w / 2.0, y: y - h / 2.0, w, h, r: h / 2.0 }, class, target);
            let size = 12.0 * self.size;
            // On a low box the tokens at its corners reach down to the name.
            let tokens = if occupied.is_some() && h < 24.0 * self.size { 2.0 * 9.0 } else { 0.0 };
            let fits = |text: &&str| measure::width(text, size, Face::STRONG) <= w - (3.0 + tokens) * self.size;
            let text = [*name, short].into_iter().find(fits).unwrap_or(short);
            let class = if occupied.is_some() { "node-name strong" } else { "node-name" };
            board.write_over_lines(&Label {
                x,
                y: y + 0.35 * size,
                anchor: Anchor::Middle,
                size,
                rotate: 0.0,
                text,
                class,
                target,
            });
            let air = 3.0 * self.size;
            board.reserve(measure::upright(x - w / 2.0 - air, y - h / 2.0 - air, w + 2.0 * air, h + 2.0 * air));
        }
    }

    /// The first end's token sits on a box's upper left corner, the second's on the upper right one.
    fn token_place(&self, end: usize, node: usize) -> (f32, f32) {
        let (x, y) = self.centre(node);
        let side = if end == 0 { -1.0 } else { 1.0 };
        (x + side * (self.node.0 / 2.0 - 1.0 * self.size), y - self.node.1 / 2.0)
    }

    /// A disc for the first end, a diamond for the second.
    fn token(&self, board: &mut Board, end: End, (x, y): (f32, f32), letter: &str) {
        let size = self.size;
        if end == 0 {
            board.add(Shape::Circle { x, y, r: 9.0 * size }, "token first", None);
        } else {
            let r = 10.5 * size;
            let (l, t, e, b) = (x - r, y - r, x + r, y + r);
            board.add(Shape::Path(measure::path(&[(x, t), (e, y), (x, b), (l, y)]) + " Z"), "token second", None);
        }
        // The letter is part of the token, which may reach over a box; nothing is ever written there.
        let label = Label {
            x,
            y: y + 4.2 * size,
            anchor: Anchor::Middle,
            size: 12.0 * size,
            rotate: 0.0,
            text: letter,
            class: "letter strong",
            target: None,
        };
        let draw = label.draw();
        board.reserve(measure::upright(x - 10.0 * size, y - 10.0 * size, 20.0 * size, 20.0 * size));
        board.add(draw.shape, draw.class, None);
    }

    /// A line's words beside it, where they touch nothing.
    fn words(&self, board: &mut Board, line: &Line) {
        let size = self.size;
        let both = moves::deed(&line.event, &line.action);
        let class = match line.used {
            Use::Never => "edge-words",
            Use::Taken => "edge-words taken",
            Use::Last => "edge-words last",
        };
        for text in [both.as_str(), &line.event].into_iter().filter(|text| !text.is_empty()) {
            let placed = line.places(text, size).into_iter().any(|(x, y, anchor, rotate)| {
                board.write(&Label { x, y, anchor, size: 12.0 * size, rotate, text, class, target: None })
            });
            if placed {
                return;
            }
        }
    }

    /// At the foot, a line for each end: its token, its latest move and how that is known.
    fn captions(&self, board: &mut Board, heads: &[Head; 2], letters: &[String; 2], moves: &[Moves; 2], words: &Words) {
        let size = self.size;
        for (end, moves) in moves.iter().enumerate().filter(|(_, moves)| !moves.absent()) {
            let y = self.view.1 - (if end == 0 { CAPTION + 10.0 } else { 8.0 }) * size;
            let name = if heads[end].name.is_empty() { &letters[end] } else { &heads[end].name };
            let (class, mut text, source) = caption(name, moves, words);
            let x = MARGIN * size;
            let room = self.view.0 - 2.0 * x;
            let sourced = format!("{text} {source}");
            if !source.is_empty() && measure::width(&sourced, 12.0 * size, Face::SANS) <= room {
                text = sourced;
            }
            if let Some(text) = measure::shorten(&text, 12.0 * size, Face::SANS, room) {
                board.write(&Label {
                    x,
                    y,
                    anchor: Anchor::Start,
                    size: 12.0 * size,
                    rotate: 0.0,
                    text: &text,
                    class,
                    target: None,
                });
            }
        }
    }
}
