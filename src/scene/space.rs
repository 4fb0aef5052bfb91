//! One end's numbers at a moment → a ruler of its byte stream; and a place on it → the row that brought the byte there.

use crate::conversation::space::{Fate, Space, Stretch};
use crate::text::within;

use super::board::{Board, Label};
use super::graph::{BYTES, Hatch, Pen, named, tick, ticks};
use super::measure::{self, Face};
use super::{Anchor, Draw, Shape};

/// Classes, glyphs and hatchings of what may become of bytes, by the places of `Fate`.
const FATES: [(&str, &str, Hatch); 7] = [
    ("acked", "✓", Hatch::Plain),
    ("flight", "→", Hatch::Level),
    ("again", "↻", Hatch::Upright),
    ("sack", "S", Hatch::Rising),
    ("unseen", "–", Hatch::Plain),
    ("unknown", "?", Hatch::Falling),
    ("lost", "✕", Hatch::Crossed),
];
/// Behind them what is free to be sent, which has no glyph.
const FREE: &str = "free";

/// Sizes at text size 1: space at the edges, a line of the legend, the bar around the moment, that of all, a line of ticks.
const EDGE: f32 = 22.0;
const LINE: f32 = 20.0;
const BAR: f32 = 44.0;
const THIN: f32 = 18.0;
const TICKS: f32 = 22.0;
/// Room for the title and two lines of marks above the bar around the moment.
const HEAD: f32 = 54.0;
/// Space that a tick label wants at least.
const TICK: f32 = 74.0;
/// The bar around the moment grows at most so many times where there is room.
const GROWS: f32 = 3.0;

/// A ruler and how it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Ruler<'a> {
    pub space: &'a Space,
    pub selected: Option<u32>,
    pub size: (f32, f32),
    /// Size of everything, as `View::text`.
    pub text: f32,
    /// What `FATES` are called; behind them what is free, "SND.UNA", "SND.NXT", the window's end, and the titles of both bars.
    pub names: &'a [&'a str],
}

/// Where the bars lie: left, right, and of each its top and height.
struct Plan<'a> {
    ruler: &'a Ruler<'a>,
    left: f32,
    right: f32,
    near: (f32, f32),
    whole: (f32, f32),
}

/// The whole picture.
pub fn space(ruler: &Ruler) -> Vec<Draw> {
    let (width, height) = ruler.size;
    let mut board = Board::new(width, height);
    board.add(Shape::Rect { x: 0.0, y: 0.0, w: width, h: height, r: 0.0 }, "cover", None);
    let plan = Plan::new(ruler, &mut board);
    let space = ruler.space;
    let (from, to) = space.span;
    // The edge may lie beyond what is drawn.
    let free = space.edge.filter(|edge| *edge > space.next).map(|edge| (space.next, edge));
    plan.bar(&mut board, plan.near, (from, to), &space.near, free);
    plan.bar(&mut board, plan.whole, (space.first, space.last), &space.whole, free);
    plan.marks(&mut board);
    plan.title(&mut board, 11, plan.near.0 - 42.0 * ruler.text);
    plan.title(&mut board, 12, plan.whole.0 - 6.0 * ruler.text);
    plan.lens(&mut board);
    board.finish()
}

/// The row that brought the byte at a place of either bar.
pub fn space_row(ruler: &Ruler, x: f32, y: f32) -> Option<u32> {
    let plan = Plan::new(ruler, &mut Board::new(ruler.size.0, ruler.size.1));
    let space = ruler.space;
    let air = 6.0 * ruler.text;
    let bars = [(plan.near, space.span, &space.near), (plan.whole, (space.first, space.last), &space.whole)];
    let (_, range, stretches) = bars.into_iter().find(|(bar, ..)| y >= bar.0 - air && y <= bar.0 + bar.1 + air)?;
    // What is a pixel wide or less is meant too where one points beside it.
    let far = |stretch: &&Stretch| {
        let (low, high) = (plan.x(range, stretch.low), plan.x(range, stretch.high));
        ((low - x).max(x - high).max(0.0) * 16.0) as i32
    };
    let nearest = stretches.iter().min_by_key(|stretch| (far(stretch), 7 - stretch.fate as i32))?;
    (far(&nearest) <= (air * 16.0) as i32).then_some(nearest.row)
}

impl<'a> Plan<'a> {
    /// Writes the legend, for it decides where the rest begins.
    fn new(ruler: &'a Ruler<'a>, board: &mut Board) -> Plan<'a> {
        let (text, (width, height)) = (ruler.text, ruler.size);
        let mut plan = Plan {
            ruler,
            left: EDGE * text,
            right: (width - EDGE * text).max(EDGE * text + 1.0),
            near: (0.0, BAR * text),
            whole: (0.0, THIN * text),
        };
        let top = plan.legend(board) * LINE * text + 6.0 * text;
        // Above the near bar its title and its marks, between the bars ticks and a title, below them ticks again.
        let fixed = (HEAD + TICKS + LINE + THIN + TICKS) * text;
        let room = height - top - fixed;
        plan.near.1 = within(room - 12.0 * text, BAR * text * 0.6, BAR * text * GROWS);
        plan.whole.1 = within(THIN * text + (room - plan.near.1) / 6.0, THIN * text, THIN * text * GROWS / 2.0);
        let air = within((room + THIN * text - plan.near.1 - plan.whole.1) / 3.0, 0.0, 60.0 * text);
        plan.near.0 = top + HEAD * text + air;
        plan.whole.0 = plan.near.0 + plan.near.1 + (TICKS + LINE) * text + air;
        plan
    }

    fn name(&self, at: usize) -> &'a str {
        self.ruler.names.get(at).copied().unwrap_or_default()
    }

    fn x(&self, (from, to): (i64, i64), number: i64) -> f32 {
        let share = number.saturating_sub(from) as f64 / to.saturating_sub(from).max(1) as f64;
        self.left + (within(share, 0.0, 1.0) * f64::from(self.right - self.left)) as f32
    }

    /// What is there now, each behind a sample; answers how many lines it takes.
    fn legend(&self, board: &mut Board) -> f32 {
        let text = self.ruler.text;
        let space = self.ruler.space;
        let free = space.edge.is_some_and(|edge| edge > space.next);
        let (mut x, mut line) = (EDGE * text, 1.0);
        let fates = FATES.iter().map(Some).chain([None]);
        for (at, fate) in fates.enumerate() {
            if !space.bytes.get(at).map_or(free, |bytes| *bytes > 0) {
                continue;
            }
            let wide = measure::width(self.name(at), 12.0 * text, Face::SANS) + 34.0 * text;
            if x + wide > self.ruler.size.0 && x > EDGE * text {
                (x, line) = (EDGE * text, line + 1.0);
            }
            let y = line * LINE * text - 5.0 * text;
            let sample = (x, y - 11.0 * text, 22.0 * text, 14.0 * text);
            let class = fate.map_or(FREE, |fate| fate.0);
            stretch(board, class, sample);
            if let Some((_, glyph, hatch)) = fate {
                let mut pen = Pen::default();
                hatch.draw(&mut pen, sample, text);
                pen.draw(board, &hatched(class));
                write(board, (x + 11.0 * text, y), Anchor::Middle, text, glyph, "glyph strong");
            }
            write(board, (x + 27.0 * text, y), Anchor::Start, text, self.name(at), "legend");
            x += wide + 8.0 * text;
        }
        line
    }

    /// The stretches of one bar, with its ticks.
    fn bar(
        &self,
        board: &mut Board,
        (y, h): (f32, f32),
        range: (i64, i64),
        stretches: &[Stretch],
        free: Option<(i64, i64)>,
    ) {
        let text = self.ruler.text;
        let mut pens: [(Pen, Pen); 7] = Default::default();
        board.add(Shape::Rect { x: self.left, y, w: self.right - self.left, h, r: 0.0 }, "fate blank", None);
        if let Some((low, high)) = free {
            let (low, high) = (self.x(range, low), self.x(range, high));
            stretch(board, FREE, (low, y, high - low, h));
        }
        let (mut chosen, mut glyphs) = (Pen::default(), Vec::new());
        for one in stretches {
            let (low, high) = (self.x(range, one.low), self.x(range, one.high));
            // A single byte is seen too; of two segments one sees that they are two.
            let wide = (high - low).max(1.0);
            let wide = if wide > 5.0 { wide - 1.0 } else { wide };
            let (Some((fill, lines)), Some((_, glyph, hatch))) =
                (pens.get_mut(one.fate as usize), FATES.get(one.fate as usize))
            else {
                continue;
            };
            fill.area(low, y, low + wide, y + h);
            hatch.draw(lines, (low, y, wide, h), text);
            if self.ruler.selected == Some(one.row) {
                chosen.area(low, y, low + wide, y + h);
            }
            if wide > 15.0 * text && h > 16.0 * text && one.fate != Fate::Acked {
                glyphs.push((low + wide / 2.0, *glyph));
            }
        }
        for ((fill, lines), (class, ..)) in pens.into_iter().zip(FATES) {
            fill.draw(board, &["fate ", class].concat());
            lines.draw(board, &hatched(class));
        }
        chosen.draw(board, "fate-chosen");
        for (x, glyph) in glyphs {
            write(board, (x, y + h / 2.0 + 4.5 * text), Anchor::Middle, text, glyph, "glyph strong");
        }
        let step = tick(range.1 - range.0, (self.right - self.left) / (TICK * text));
        let bottom = y + h;
        for value in ticks(range.0, range.1, step) {
            let x = self.x(range, value);
            board.add(Shape::Line { x1: x, y1: bottom, x2: x, y2: bottom + 4.0 * text }, "ruler", None);
            write(board, (x, bottom + 17.0 * text), Anchor::Middle, text, &named(value, range.1, step, BYTES), "tick");
        }
        board.add(Shape::Line { x1: self.left, y1: bottom, x2: self.right, y2: bottom }, "ruler", None);
    }

    /// SND.UNA, SND.NXT and the end of the window, above the near bar.
    fn marks(&self, board: &mut Board) {
        let space = self.ruler.space;
        let (text, (y, h)) = (self.ruler.text, self.near);
        let mut before = f32::MIN;
        let all = [(8, space.acked, "una"), (9, Some(space.next), "nxt"), (10, space.edge, "end")];
        for (name, number, class) in all {
            let Some(number) = number else { continue };
            let beyond = number > space.span.1;
            let x = self.x(space.span, number);
            let class = ["mark ", class].concat();
            board.add(Shape::Line { x1: x, y1: y - 6.0 * text, x2: x, y2: y + h }, class.as_str(), None);
            let mut words = [self.name(name), " ", &measure::thousands(number.unsigned_abs())].concat();
            if beyond {
                words.push_str(" →");
            }
            let wide = measure::width(&words, 12.0 * text, Face::STRONG);
            let (x, anchor) = match x {
                x if x - wide / 2.0 < self.left => (self.left, Anchor::Start),
                x if x + wide / 2.0 > self.right => (self.right, Anchor::End),
                x => (x, Anchor::Middle),
            };
            let class = [&class, " strong"].concat();
            // Where two of them lie close, the later one stands a line higher.
            let start = match anchor {
                Anchor::Start => x,
                Anchor::Middle => x - wide / 2.0,
                Anchor::End => x - wide,
            };
            let close = start < before + 8.0 * text;
            let lift = if close { 9.0 + LINE * 0.8 } else { 9.0 };
            write(board, (x, y - lift * text), anchor, text, &words, &class);
            before = if close { before } else { start + wide };
        }
    }

    fn title(&self, board: &mut Board, name: usize, y: f32) {
        write(board, (self.left, y), Anchor::Start, self.ruler.text, self.name(name), "caption");
    }

    /// Which part of all the near bar shows.
    fn lens(&self, board: &mut Board) {
        let space = self.ruler.space;
        let range = (space.first, space.last);
        let (low, high) = (self.x(range, space.span.0), self.x(range, space.span.1));
        let (y, h) = self.whole;
        let w = (high - low).max(3.0);
        board.add(Shape::Rect { x: low, y: y - 3.0, w, h: h + 6.0, r: 2.0 }, "lens", None);
    }
}

fn hatched(class: &str) -> String {
    ["hatch ", class].concat()
}

fn stretch(board: &mut Board, class: &str, (x, y, w, h): (f32, f32, f32, f32)) {
    board.add(Shape::Rect { x, y, w, h, r: 0.0 }, ["fate ", class].concat(), None);
}

fn write(board: &mut Board, (x, y): (f32, f32), anchor: Anchor, text: f32, words: &str, class: &str) -> bool {
    board.write(&Label { x, y, anchor, size: 12.0 * text, rotate: 0.0, text: words, class, target: None })
}
