//! The marks of a graph and a stretch of time → axes, lines and bars; and a place on them → the row that it shows.

mod hatch;
mod pen;
mod ticks;

use crate::conversation::graph::{
    ACKED, AGAIN, FLIGHT, Graph, Mark, Plot, RATE, ROUND_TRIP, SACK, SEGMENT, SERIES, WINDOW, is_line,
};
use crate::text::within;

use super::board::{Board, Label};
use super::measure::{self, Face};
use super::{Anchor, Draw, Shape};
pub(super) use hatch::Hatch;
pub(super) use pen::Pen;
use ticks::TIMES;
pub(super) use ticks::{BYTES, named, tick, ticks};

/// Classes of the series, by their places.
pub const CLASSES: [&str; SERIES] = ["segment", "again", "sack", "acked", "window", "flight", "rtt", "rate"];

/// Space at the edges, at text size 1: tick labels on the left and below, the legend above.
const LEFT: f32 = 72.0;
const RIGHT: f32 = 16.0;
const BELOW: f32 = 24.0;
const LINE: f32 = 20.0;
/// Space that a tick label of time and a line of the grid want at least.
const TICK: f32 = 80.0;
const STEP: f32 = 36.0;
/// A click means a mark at most so far away.
const REACH: f32 = 22.0;
/// The window counts for the height as long as it makes it at most so many times as high.
const ROOM: i64 = 3;
/// Part of the height that is left free above what is highest.
const AIR: i64 = 24;

/// What a graph shows and how it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Chart<'a> {
    pub graph: &'a Graph,
    /// Nanoseconds since the conversation's earliest packet; the first is less than the second.
    pub range: (i64, i64),
    /// The moment of the play, on the same clock.
    pub now: Option<i64>,
    pub selected: Option<u32>,
    /// Rows from this one on are not given away.
    pub hidden: u32,
    pub size: (f32, f32),
    /// Size of everything, as `View::text`.
    pub text: f32,
    /// What the series are called, by their places; behind them what is said of a window that is above the picture.
    pub names: &'a [&'a str],
}

/// The whole picture.
pub fn graph(chart: &Chart) -> Vec<Draw> {
    let plan = Plan::new(chart);
    let (width, height) = chart.size;
    let mut board = Board::new(width, height);
    board.add(Shape::Rect { x: 0.0, y: 0.0, w: width, h: height, r: 0.0 }, "cover", None);
    plan.legend(&mut board);
    plan.grid(&mut board);
    for series in [RATE, WINDOW, SACK, SEGMENT, ACKED, FLIGHT, AGAIN, ROUND_TRIP] {
        plan.series(&mut board, series);
    }
    plan.moment(&mut board);
    board.finish()
}

/// The row that a click there means: that of the nearest mark.
pub fn graph_row(chart: &Chart, x: f32, y: f32) -> Option<u32> {
    let plan = Plan::new(chart);
    let mut best: Option<(f32, u32)> = None;
    for series in 0..SERIES {
        for mark in plan.marks(series) {
            let (low, high) = (plan.y(mark.low), plan.y(mark.high));
            let far = (plan.x(mark.at) - x).hypot((high - y).max(y - low).max(0.0));
            // A line lies on the bars that it touches: they are what one means.
            let far = if is_line(series) { far + 4.0 } else { far };
            if best.is_none_or(|(least, _)| far < least) {
                best = Some((far, mark.row));
            }
        }
    }
    best.filter(|(far, _)| *far <= REACH * chart.text).map(|(_, row)| row)
}

/// The share of the stretch of time at a place.
pub fn graph_share(chart: &Chart, x: f32) -> f64 {
    let plan = Plan::new(chart);
    within(f64::from((x - plan.left) / (plan.right - plan.left).max(1.0)), 0.0, 1.0)
}

/// Everything that is decided before the first command.
struct Plan<'a> {
    chart: &'a Chart<'a>,
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
    /// Values at the lower and upper edge.
    low: i64,
    high: i64,
    /// Part of the window's marks are above the picture.
    above: bool,
}

impl<'a> Plan<'a> {
    fn new(chart: &'a Chart<'a>) -> Plan<'a> {
        let (text, (width, height)) = (chart.text, chart.size);
        let mut plan = Plan {
            chart,
            left: LEFT * text,
            right: (width - RIGHT * text).max(LEFT * text + 1.0),
            top: 0.0,
            bottom: (height - BELOW * text).max(1.0),
            low: 0,
            high: 0,
            above: false,
        };
        plan.reach();
        let lines = plan.legend(&mut Board::new(width, height));
        plan.top = (lines * LINE * text + 8.0 * text).min(plan.bottom - 1.0);
        plan
    }

    fn marks(&self, series: usize) -> impl Iterator<Item = &'a Mark> + use<'a> {
        let hidden = self.chart.hidden;
        let marks = self.chart.graph.series.get(series).map_or(&[][..], Vec::as_slice);
        marks.iter().filter(move |mark| mark.row < hidden)
    }

    /// Marks in the stretch of time.
    fn seen(&self, series: usize) -> impl Iterator<Item = &'a Mark> + use<'a> {
        let (start, stop) = self.chart.range;
        self.marks(series).filter(move |mark| mark.at >= start && mark.at <= stop)
    }

    /// Finds the values at the edges.
    fn reach(&mut self) {
        let extent = |series: usize| {
            // A line has the value that it comes with.
            let before = self.marks(series).take_while(|mark| mark.at < self.chart.range.0).last();
            let ends = before.filter(|_| is_line(series)).into_iter().chain(self.seen(series));
            let ends = ends.map(|mark| (mark.low, mark.high));
            ends.reduce(|(low, high), (least, most)| (low.min(least), high.max(most)))
        };
        let mut reach: Option<(i64, i64)> = None;
        for series in (0..SERIES).filter(|series| *series != WINDOW) {
            if let Some((low, high)) = extent(series) {
                reach = Some(reach.map_or((low, high), |(least, most)| (least.min(low), most.max(high))));
            }
        }
        let window = extent(WINDOW);
        let from_zero = self.chart.graph.ask.plot != Plot::Sequence;
        let (low, mut high) = reach.or(window).unwrap_or((0, 1));
        let low = if from_zero { low.min(0) } else { low };
        if let Some((_, most)) = window {
            let fits = most.saturating_sub(low) <= high.saturating_sub(low).max(1).saturating_mul(ROOM);
            high = if fits { high.max(most) } else { high };
            self.above = most > high;
        }
        let high = high.max(low.saturating_add(1));
        (self.low, self.high) = (low, high.saturating_add((high - low) / AIR + 1));
    }

    fn x(&self, at: i64) -> f32 {
        let (start, stop) = self.chart.range;
        let share = at.saturating_sub(start) as f64 / stop.saturating_sub(start).max(1) as f64;
        self.left + (share * f64::from(self.right - self.left)) as f32
    }

    fn y(&self, value: i64) -> f32 {
        let share = value.saturating_sub(self.low) as f64 / self.high.saturating_sub(self.low).max(1) as f64;
        self.bottom - (share * f64::from(self.bottom - self.top)) as f32
    }

    /// Names of the series that there are, each behind a sample; answers how many lines they take.
    fn legend(&self, board: &mut Board) -> f32 {
        let text = self.chart.text;
        let (mut x, mut line) = (10.0 * text, 1.0);
        for (series, class) in CLASSES.iter().enumerate() {
            if self.marks(series).next().is_none() {
                continue;
            }
            let Some(name) = self.chart.names.get(series) else { continue };
            let above = self.chart.names.get(SERIES).filter(|_| series == WINDOW && self.above);
            let name = above.map_or_else(|| (*name).to_owned(), |above| format!("{name} {above}"));
            let wide = measure::width(&name, 12.0 * text, Face::SANS) + 26.0 * text;
            if x + wide > self.chart.size.0 && x > 10.0 * text {
                (x, line) = (10.0 * text, line + 1.0);
            }
            let y = line * LINE * text - 5.0 * text;
            let mut pen = Pen::default();
            let (middle, rise) = (x + 8.0 * text, y - 4.0 * text);
            match series {
                SEGMENT | AGAIN | SACK => pen.line(middle, y + 2.0, middle, y - 6.0 * text),
                ROUND_TRIP => pen.dot(middle, rise),
                _ => pen.line(x, rise, x + 16.0 * text, rise),
            }
            pen.draw(board, &format!("plot {class}"));
            let mut flag = Pen::default();
            if series == AGAIN {
                flag.flag(middle, y - 6.0 * text);
            }
            flag.draw(board, "flag");
            let label = Label {
                x: x + 20.0 * text,
                y,
                anchor: Anchor::Start,
                size: 12.0 * text,
                rotate: 0.0,
                text: &name,
                class: "legend",
                target: None,
            };
            board.write(&label);
            x += wide + 8.0 * text;
        }
        line
    }

    /// Lines of the grid with their labels.
    fn grid(&self, board: &mut Board) {
        let text = self.chart.text;
        let plot = self.chart.graph.ask.plot;
        let (start, stop) = self.chart.range;
        let label = |board: &mut Board, x: f32, y: f32, anchor: Anchor, text: &str| {
            let size = 12.0 * self.chart.text;
            board.write(&Label { x, y, anchor, size, rotate: 0.0, text, class: "tick", target: None })
        };
        let units = if plot == Plot::RoundTrip { TIMES } else { BYTES };
        let step = tick(self.high - self.low, (self.bottom - self.top) / (STEP * text));
        for value in ticks(self.low, self.high, step) {
            let y = self.y(value);
            board.add(Shape::Line { x1: self.left, y1: y, x2: self.right, y2: y }, "grid", None);
            let rate = if plot == Plot::Throughput { "/s" } else { "" };
            let words = named(value, self.high, step, units) + rate;
            label(board, self.left - 6.0 * text, y + 4.0 * text, Anchor::End, &words);
        }
        let step = tick(stop - start, (self.right - self.left) / (TICK * text));
        for value in ticks(start, stop, step) {
            let x = self.x(value);
            board.add(Shape::Line { x1: x, y1: self.top, x2: x, y2: self.bottom }, "grid", None);
            label(board, x, self.bottom + 17.0 * text, Anchor::Middle, &named(value, stop, step, TIMES));
        }
        let [left, right, top, bottom] = [self.left, self.right, self.top, self.bottom];
        board.add(Shape::Path(measure::path(&[(left, top), (left, bottom), (right, bottom)])), "axes", None);
    }

    fn series(&self, board: &mut Board, series: usize) {
        let mut pen = Pen::default();
        let (mut chosen, mut flags) = (Pen::default(), Pen::default());
        let interval = self.chart.graph.interval;
        if is_line(series) {
            self.steps(series, &mut pen);
        } else if series == ROUND_TRIP {
            for mark in self.seen(series) {
                let pen = if self.chart.selected == Some(mark.row) { &mut chosen } else { &mut pen };
                pen.dot(self.x(mark.at), self.y(mark.high));
            }
        } else {
            for mark in self.marks(series) {
                let (low, high) = (self.y(mark.low).min(self.bottom), self.y(mark.high).max(self.top));
                if interval > 0 {
                    let from = self.x(mark.at).max(self.left);
                    let to = self.x(mark.at.saturating_add(interval)).min(self.right);
                    if to > from {
                        pen.area(from, high, to - 1.0, low);
                    }
                    continue;
                }
                let x = self.x(mark.at);
                if x < self.left || x > self.right || low < self.top || high > self.bottom {
                    continue;
                }
                // A single byte is seen too.
                let high = high.min(low - 2.0);
                let pen = if self.chart.selected == Some(mark.row) { &mut chosen } else { &mut pen };
                pen.line(x, low, x, high);
                if series == AGAIN {
                    flags.flag(x, high);
                }
            }
        }
        let filled = if interval > 0 { "area" } else { "plot" };
        pen.draw(board, &format!("{filled} {}", CLASSES[series]));
        chosen.draw(board, &format!("{filled} {} chosen", CLASSES[series]));
        flags.draw(board, "flag");
    }

    /// A line that holds each value until the next; what is above or below the picture is left out.
    fn steps(&self, series: usize, pen: &mut Pen) {
        let mut from: Option<(f32, f32)> = None;
        let keep = |x: f32| within(x, self.left, self.right);
        let shown = |y: f32| y >= self.top && y <= self.bottom;
        for mark in self.marks(series) {
            let (x, y) = (self.x(mark.at), self.y(mark.low));
            if let Some((x0, y0)) = from {
                if shown(y0) && keep(x) > keep(x0) {
                    pen.line(keep(x0), y0, keep(x), y0);
                }
                let (y1, y2) = (within(y0, self.top, self.bottom), within(y, self.top, self.bottom));
                if x >= self.left && x <= self.right && y1 != y2 {
                    pen.line(x, y1, x, y2);
                }
            }
            from = Some((x, y));
        }
        // Its last value holds until the end of the conversation.
        if let Some((x, y)) = from.filter(|(x, y)| shown(*y) && *x < self.right && self.chart.hidden == u32::MAX) {
            pen.line(keep(x), y, self.x(self.chart.graph.length).min(self.right).max(keep(x)), y);
        }
    }

    /// The line at the moment of the play.
    fn moment(&self, board: &mut Board) {
        let Some(now) = self.chart.now.filter(|now| *now >= self.chart.range.0 && *now <= self.chart.range.1) else {
            return;
        };
        let (x, text) = (self.x(now), self.chart.text);
        board.add(Shape::Line { x1: x, y1: self.top, x2: x, y2: self.bottom }, "now", None);
        let words = measure::moment(now);
        let left = x + measure::width(&words, 12.0 * text, Face::SANS) + 6.0 * text > self.right;
        let (x, anchor) = if left { (x - 5.0 * text, Anchor::End) } else { (x + 5.0 * text, Anchor::Start) };
        let y = self.top + 12.0 * text;
        let size = 12.0 * text;
        board.write_over_lines(&Label { x, y, anchor, size, rotate: 0.0, text: &words, class: "now", target: None });
    }
}
