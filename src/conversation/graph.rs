//! The segments of a TCP conversation → the marks of one graph of one direction, few enough to draw however long it lasts.
//!
//! Time is cut into [`BUCKETS`], and each keeps of a line its first, lowest, highest and last value, of bars what they cover
//! together: a spike of one packet stays in the picture of a whole day. Numbers count from the conversation's beginning.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::analysis::{KEEP_ALIVE, RETRANSMISSION, Step};
use super::space::Space;
use super::tcp::{ACK, RST, SYN};

/// Stretches of time that are told apart at once.
pub const BUCKETS: usize = 800;
/// Separate bars that one bucket keeps of a series; what comes on top widens the last one.
const BARS: usize = 3;
/// Most marks of one series: a line has four a bucket, and one on each side.
pub const MAX_MARKS: usize = BUCKETS * 4 + 2;
/// Segments that wait for their acknowledgment, to measure by; later ones give no sample.
const MAX_WAITING: usize = 10_000;
/// Throughput is counted over so many intervals of a round length, which is never shorter than this many nanoseconds.
const INTERVALS: i64 = 100;
const SHORTEST: i64 = 1_000_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plot {
    /// Numbers over time, as tcptrace draws them.
    #[default]
    Sequence,
    /// Bytes in flight beside the window.
    Flight,
    RoundTrip,
    Throughput,
    /// No graph over time: the numbers themselves at a moment ([`super::space`]).
    Space,
}

/// Places of `Graph::series`. `Mark::low` and `high` are bytes, of `ROUND_TRIP` nanoseconds, of `RATE` bytes a second.
pub const SEGMENT: usize = 0;
/// Sent again; of `Plot::Throughput` the part of the rate that was.
pub const AGAIN: usize = 1;
pub const SACK: usize = 2;
pub const ACKED: usize = 3;
/// Where the window ends; of `Plot::Flight` how large it is.
pub const WINDOW: usize = 4;
pub const FLIGHT: usize = 5;
pub const ROUND_TRIP: usize = 6;
pub const RATE: usize = 7;
pub const SERIES: usize = 8;

/// A value that holds until the next mark of its series, and no bar.
pub fn is_line(series: usize) -> bool {
    matches!(series, ACKED | WINDOW | FLIGHT)
}

impl Plot {
    /// The series that belong to it.
    fn has(self, series: usize) -> bool {
        match self {
            Plot::Sequence => series <= WINDOW,
            Plot::Flight => series == WINDOW || series == FLIGHT,
            Plot::RoundTrip => series == ROUND_TRIP,
            Plot::Throughput | Plot::Space => false,
        }
    }
}

/// Which graph, of which stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    pub conversation: u32,
    /// Whose data; `None`: of the end that sent more of it.
    pub end: Option<u8>,
    pub plot: Plot,
    /// Nanoseconds since the conversation's earliest packet; not before each other: all of it.
    pub start: i64,
    pub stop: i64,
    /// Of `Plot::Space`: the row of the moment, and whether later rows may tell what became of bytes.
    pub row: u32,
    pub later: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Nanoseconds since the conversation's earliest packet.
    pub at: i64,
    pub low: i64,
    pub high: i64,
    /// Row of the conversation that shows it; of several the first.
    pub row: u32,
}

/// The marks of a graph, of each series in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graph {
    /// What was asked, with the end and the stretch that were chosen.
    pub ask: Ask,
    /// Nanoseconds from the conversation's earliest packet to its latest.
    pub length: i64,
    /// Over which throughput is counted, in nanoseconds; 0 for other graphs.
    pub interval: i64,
    /// The opening is not in the capture, so that nobody knows the windows' scale: they are left out.
    pub unscaled: bool,
    pub series: Vec<Vec<Mark>>,
    pub space: Option<Space>,
}

/// What the conversation knows of the direction.
#[derive(Clone, Copy, Debug, Default)]
pub struct About {
    /// Moment of the earliest packet, in nanoseconds since 1970-01-01 UTC, and how long the conversation lasts.
    pub first: i64,
    pub length: i64,
    /// The number that counts as 0.
    pub base: u32,
    /// Shift of the peer's windows; `None`: unknown.
    pub shift: Option<u8>,
}

/// A segment that waits for its acknowledgment: the number behind it, and its moment.
struct Waiting {
    high: i64,
    at: i64,
}

/// Counts numbers on beyond the end of the 32 bits: the highest one seen, as it is on the wire and counted on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Numbers(u32, i64);

impl Numbers {
    /// The number that counts as 0.
    pub fn new(base: u32) -> Numbers {
        Numbers(base, 0)
    }

    pub fn place(self, raw: u32) -> i64 {
        self.1 + i64::from(raw.wrapping_sub(self.0) as i32)
    }

    pub fn count(&mut self, raw: u32) -> i64 {
        let number = self.place(raw);
        if number > self.1 {
            *self = Numbers(raw, number);
        }
        number
    }
}

struct Walk {
    graph: Graph,
    cells: Vec<Vec<Mark>>,
    numbers: Numbers,
    /// SND.NXT and SND.UNA, as far as the capture shows them.
    next: i64,
    acked: Option<i64>,
    /// The first number seen, and the stretches behind it that no segment brought yet.
    first: Option<i64>,
    holes: Vec<(i64, i64)>,
    waiting: VecDeque<Waiting>,
    /// Stretches that were sent again and are not acknowledged: what covers one of them measures nothing (Karn's rule).
    again: VecDeque<(i64, i64)>,
    /// Bytes of each interval, and of these the repeated ones.
    rates: Vec<[Mark; 2]>,
}

/// `steps`: the conversation's rows that bring a segment, with their flags of analysis. `ask.end` has been chosen.
pub fn graph(ask: Ask, about: About, steps: impl Iterator<Item = (u32, Step, u32)>) -> Graph {
    let length = about.length.max(1);
    let all = ask.start >= ask.stop;
    let (start, stop) = if all { (0, length) } else { (ask.start.max(0), ask.stop.clamp(1, length)) };
    let ask = Ask { start: start.min(stop - 1), stop, ..ask };
    let mut graph = Graph { ask, length, unscaled: about.shift.is_none(), ..Graph::default() };
    if ask.plot == Plot::Throughput {
        graph.interval = round_up((ask.stop - ask.start) / INTERVALS).max(SHORTEST);
    }
    let mut walk = Walk {
        graph,
        cells: vec![Vec::new(); SERIES * (BUCKETS + 2)],
        numbers: Numbers::new(about.base),
        next: 0,
        acked: None,
        first: None,
        holes: Vec::new(),
        waiting: VecDeque::new(),
        again: VecDeque::new(),
        rates: Vec::new(),
    };
    for (row, step, flags) in steps {
        let at = step.time.saturating_sub(about.first).max(0);
        if Some(step.end) == ask.end {
            walk.sent(row, at, &step, flags);
        } else if step.segment.has(ACK) && !step.segment.has(RST) {
            walk.answered(row, at, &step, about.shift);
        }
        if let Some(acked) = walk.acked {
            walk.put(FLIGHT, at, (walk.next - acked).max(0), 0, row);
        }
    }
    walk.finish()
}

/// The least 1, 2 or 5 times a power of ten that is not below.
pub fn round_up(least: i64) -> i64 {
    let mut step = 1i64;
    while step < least && step <= i64::MAX / 10 {
        match [2, 5].into_iter().find(|times| step * times >= least) {
            Some(times) => return step * times,
            None => step *= 10,
        }
    }
    step
}

impl Walk {
    fn sent(&mut self, row: u32, at: i64, step: &Step, flags: u32) {
        let segment = &step.segment;
        let takes = i64::from(segment.end().wrapping_sub(segment.seq));
        let low = self.numbers.count(segment.seq);
        let high = low + takes;
        if takes == 0 {
            return;
        }
        // tshark calls much out of order that is quickly repaired; whose bytes all passed before was sent again.
        let repeats = self.passed(low, high) && flags & KEEP_ALIVE == 0;
        let again = repeats || flags & RETRANSMISSION != 0;
        self.put(if again { AGAIN } else { SEGMENT }, at, low, takes, row);
        self.rate(row, at, i64::from(segment.payload), again);
        if segment.has(SYN) && self.acked.is_none() {
            self.acked = Some(low);
        }
        let settled = self.acked.is_some_and(|acked| high <= acked);
        if low < self.next {
            match self.again.back_mut() {
                Some(last) if low <= last.1 && last.0 <= high || settled => *last = (last.0.min(low), last.1.max(high)),
                _ if settled => {}
                _ => self.again.push_back((low, high)),
            }
            if self.again.len() > MAX_WAITING {
                self.again.pop_front();
            }
        } else if self.waiting.len() < MAX_WAITING {
            self.waiting.push_back(Waiting { high, at });
        }
        self.next = self.next.max(high);
    }

    /// Whether all of a stretch was sent before; notes what it fills, and what is missing before it.
    fn passed(&mut self, low: i64, high: i64) -> bool {
        let first = *self.first.get_or_insert(low);
        if low > self.next && first < low && self.holes.len() < MAX_WAITING {
            self.holes.push((self.next.max(first), low));
        }
        let mut passed = low >= first && high <= self.next;
        for hole in &mut self.holes {
            if low < hole.1 && hole.0 < high {
                passed = false;
                // Of a hole that is filled in its middle the later part is kept.
                *hole = if high < hole.1 { (high, hole.1) } else { (hole.0, low) };
            }
        }
        self.holes.retain(|hole| hole.0 < hole.1);
        passed
    }

    fn answered(&mut self, row: u32, at: i64, step: &Step, shift: Option<u8>) {
        let ack = self.numbers.count(step.segment.ack);
        self.put(ACKED, at, ack, 0, row);
        if let Some(shift) = shift {
            let shift = if step.segment.has(SYN) { 0 } else { shift };
            let from = if self.graph.ask.plot == Plot::Flight { 0 } else { ack };
            self.put(WINDOW, at, from + (i64::from(step.segment.window) << shift), 0, row);
        }
        for (from, to) in step.options.sacked() {
            let low = self.numbers.count(*from);
            self.put(SACK, at, low, i64::from(to.wrapping_sub(*from) as i32).max(0), row);
        }
        let repaired = self.again.iter().any(|(low, _)| *low < ack);
        let mut sample = None;
        while self.waiting.front().is_some_and(|waiting| waiting.high <= ack) {
            sample = self.waiting.pop_front();
        }
        self.again.retain(|(_, high)| *high > ack);
        if let Some(waiting) = sample.filter(|_| !repaired) {
            self.put(ROUND_TRIP, at, at.saturating_sub(waiting.at).max(0), 0, row);
        }
        self.acked = Some(self.acked.map_or(ack, |acked| acked.max(ack)));
    }

    fn put(&mut self, series: usize, at: i64, low: i64, takes: i64, row: u32) {
        let Ask { plot, start, stop, .. } = self.graph.ask;
        if !plot.has(series) {
            return;
        }
        let line = is_line(series);
        let bucket = match at {
            at if at < start => 0,
            at if at > stop => BUCKETS + 1,
            at => 1 + ((at - start) / ((stop - start) / BUCKETS as i64 + 1)) as usize,
        };
        if (bucket == 0 || bucket > BUCKETS) && !line {
            return;
        }
        let mark = Mark { at, low, high: low + takes, row };
        let Some(cell) = self.cells.get_mut(series * (BUCKETS + 2) + bucket) else { return };
        if line || series == ROUND_TRIP {
            if cell.is_empty() {
                cell.resize(4, mark);
            }
            if let [_, least, most, last] = cell.as_mut_slice() {
                *least = if mark.low < least.low { mark } else { *least };
                *most = if mark.low > most.low { mark } else { *most };
                *last = mark;
            }
            return;
        }
        let touched = cell.iter().position(|bar| mark.low <= bar.high && bar.low <= mark.high);
        match cell.get_mut(touched.unwrap_or(BARS - 1)) {
            Some(bar) => (bar.low, bar.high) = (bar.low.min(mark.low), bar.high.max(mark.high)),
            None => cell.push(mark),
        }
    }

    fn rate(&mut self, row: u32, at: i64, bytes: i64, again: bool) {
        let Graph { ask, interval, .. } = self.graph;
        if interval == 0 || bytes == 0 || at < ask.start - ask.start % interval || at > ask.stop {
            return;
        }
        let place = (at / interval - ask.start / interval) as usize;
        if place >= self.rates.len() {
            self.rates.resize(place + 1, [Mark::default(); 2]);
        }
        let [all, repeated] = &mut self.rates[place];
        for mark in [Some(all), again.then_some(repeated)].into_iter().flatten() {
            mark.row = if mark.high == 0 { row } else { mark.row };
            mark.at = at - at % interval;
            mark.high += bytes;
        }
    }

    fn finish(mut self) -> Graph {
        let interval = self.graph.interval;
        self.graph.series = self.cells.chunks_mut(BUCKETS + 2).map(series).collect();
        for (series, part) in [(RATE, 0), (AGAIN, 1)] {
            let marks = self.rates.iter().map(|both| both[part]).filter(|mark| mark.high > 0);
            let a_second = |bytes: i64| (i128::from(bytes) * 1_000_000_000 / i128::from(interval.max(1))) as i64;
            self.graph.series[series].extend(marks.map(|mark| Mark { high: a_second(mark.high), ..mark }));
        }
        self.graph
    }
}

/// The marks of one series; of what lies before and behind only what a line comes from and goes to.
fn series(cells: &mut [Vec<Mark>]) -> Vec<Mark> {
    let last = cells.len() - 1;
    let mut marks = Vec::new();
    for (bucket, cell) in cells.iter_mut().enumerate() {
        if bucket == 0 {
            cell.drain(..cell.len().saturating_sub(1));
        } else if bucket == last {
            cell.truncate(1);
        }
        cell.sort_unstable_by_key(|mark| mark.row);
        cell.dedup();
        marks.append(cell);
    }
    marks
}
