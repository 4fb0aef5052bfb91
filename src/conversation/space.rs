//! The segments of a TCP conversation and a moment → one end's numbers as stretches: acknowledged, on their way, lost and so on.
//!
//! What happened to bytes that are on their way at the moment shows only later, so the rows behind it are looked at too: what is
//! sent again before anybody acknowledges it counts as lost, unless a duplicate SACK (RFC 2883) says that it had come twice.

use serde::{Deserialize, Serialize};

use super::analysis::Step;
use super::graph::{About, Numbers};
use super::tcp::{ACK, RST, SYN};

/// Most stretches of a ruler; of several in one place the one that tells most is kept.
pub const MAX_STRETCHES: usize = 480;
/// Stretches that are told apart while they are counted. Half of it is when acknowledged ones are put together; what comes on
/// top of all widens the one before.
const MAX_PIECES: usize = 16_384;

/// What is known of a stretch of numbers at a moment, from the least worth telling to the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Fate {
    #[default]
    Acked,
    /// On its way: sent, and acknowledged or SACKed later.
    Flight,
    /// Sent again and on its way.
    Again,
    Sacked,
    /// No segment of the capture brought it before what came after it.
    Unseen,
    /// Sent, and the capture does not show what became of it.
    Unknown,
    /// Inferred: a later segment brings it again, and nothing said before that it had arrived.
    Lost,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    pub low: i64,
    /// The number behind it.
    pub high: i64,
    pub fate: Fate,
    /// Row that brought its first byte last; of `Unseen` the row behind the gap.
    pub row: u32,
    /// Of `Lost` the row that brings it again.
    pub again: Option<u32>,
}

/// One end's numbers at a moment; they count from its SYN, or from what the capture shows first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space {
    pub row: u32,
    /// The first number that the capture shows.
    pub first: i64,
    /// SND.UNA and the end of the peer's window; `None`: nothing was acknowledged, or nobody knows the window's scale.
    pub acked: Option<i64>,
    pub edge: Option<i64>,
    /// SND.NXT, as far as it was seen.
    pub next: i64,
    /// The highest number that may be shown: of the whole conversation, or up to the moment.
    pub last: i64,
    /// Bytes of each `Fate`, by its place.
    pub bytes: [i64; 7],
    /// All of the stream, and what lies around the window, each in order and without overlap.
    pub whole: Vec<Stretch>,
    pub near: Vec<Stretch>,
    /// The first and last number of `near`.
    pub span: (i64, i64),
    /// The first row that brings lost bytes again, and its frame.
    pub again: Option<u32>,
    pub frame: Option<u32>,
}

#[derive(Clone, Copy)]
struct Piece {
    low: i64,
    high: i64,
    row: u32,
    copies: u32,
    sacked: bool,
    /// It is known to have arrived, at the moment or later.
    arrived: bool,
    /// The first row behind the moment that brings it again, before it is known to have arrived.
    again: Option<u32>,
}

#[derive(Default)]
struct Walk {
    numbers: Numbers,
    pieces: Vec<Piece>,
    acked: Option<i64>,
    edge: Option<i64>,
    next: i64,
    first: Option<i64>,
    /// So many pieces are too many.
    crowded: usize,
}

/// `steps`: the conversation's rows that bring a segment. `end`: whose numbers. Rows behind `row` only tell what became of
/// bytes, and not even that unless `later`.
pub fn space(row: u32, end: u8, later: bool, about: About, steps: impl Iterator<Item = (u32, Step)>) -> Space {
    let mut walk = Walk { numbers: Numbers::new(about.base), ..Walk::default() };
    let mut moment: Option<(i64, Option<i64>, Option<i64>)> = None;
    for (at, step) in steps {
        let behind = at > row;
        if behind && moment.is_none() {
            moment = Some((walk.next, walk.acked, walk.edge));
        }
        if behind && !later {
            break;
        }
        if step.end == end {
            walk.sent(at, &step, behind);
        } else if step.segment.has(ACK) && !step.segment.has(RST) {
            walk.answered(&step, about.shift, behind);
        }
    }
    let last = walk.next.max(walk.edge.unwrap_or(walk.next));
    let (next, acked, edge) = moment.unwrap_or((walk.next, walk.acked, walk.edge));
    let first = walk.first.unwrap_or_default();
    let mut space = Space { row, first, acked, edge, next, last: last.max(first + 1), ..Space::default() };
    let all = walk.stretches(first, next, acked.unwrap_or(first), later);
    for stretch in &all {
        space.bytes[stretch.fate as usize] += stretch.high - stretch.low;
        space.again = space.again.or(stretch.again);
    }
    space.span = near(&space);
    let (from, to) = space.span;
    let close = all.iter().filter(|stretch| stretch.high > from && stretch.low < to);
    space.near = thin(
        close.map(|stretch| Stretch { low: stretch.low.max(from), high: stretch.high.min(to), ..*stretch }),
        from,
        to,
    );
    space.whole = thin(all.iter().copied(), first, space.last);
    space
}

/// The numbers around what is on its way: a little of what is acknowledged, and the window as far as it is not far larger.
fn near(space: &Space) -> (i64, i64) {
    let acked = space.acked.unwrap_or(space.first);
    let flight = (space.next - acked).max(1_000);
    let room = flight.saturating_mul(2);
    let to = space.edge.map_or(space.next, |edge| edge.min(space.next.saturating_add(room)).max(space.next));
    let to = to.saturating_add((to - acked) / 12 + 1);
    ((acked - (to - acked) / 3).max(space.first), to)
}

/// At most so many stretches; one that is wider than its share stays as it is, and so does what tells most.
fn thin(stretches: impl Iterator<Item = Stretch>, from: i64, to: i64) -> Vec<Stretch> {
    let share = ((to - from) / (MAX_STRETCHES as i64 / 2)).max(1);
    let mut kept: Vec<Stretch> = Vec::new();
    for stretch in stretches {
        let Some(last) = kept.last_mut() else {
            kept.push(stretch);
            continue;
        };
        let together = last.low / share == (stretch.high - 1) / share && last.high == stretch.low;
        match together {
            true if stretch.fate > last.fate => *last = Stretch { low: last.low, ..stretch },
            true => last.high = stretch.high,
            false => kept.push(stretch),
        }
    }
    kept
}

impl Walk {
    fn sent(&mut self, row: u32, step: &Step, behind: bool) {
        let segment = &step.segment;
        let takes = i64::from(segment.end().wrapping_sub(segment.seq));
        let low = self.numbers.count(segment.seq);
        let high = low + takes;
        if takes == 0 {
            return;
        }
        self.first.get_or_insert(low);
        if segment.has(SYN) && self.acked.is_none() {
            self.acked = Some(low);
        }
        let open = self.acked.map_or(low, |acked| low.max(acked));
        if behind {
            self.each(open, high, |piece| {
                piece.again = piece.again.or((!piece.arrived).then_some(row));
            });
        } else {
            let sent = self.next;
            self.each(open, high, |piece| (piece.row, piece.copies) = (row, piece.copies + 1));
            self.fill(low.max(self.first.unwrap_or(low)), high.min(sent), row);
            if high > sent {
                self.add(Piece::new(low.max(sent), high, row), self.pieces.len());
            }
            if self.pieces.len() >= self.crowded.max(MAX_PIECES / 2) {
                self.gather();
                // Where little could be put together, it is not tried again at once.
                self.crowded = self.pieces.len() + self.pieces.len() / 4;
            }
        }
        self.next = self.next.max(high);
    }

    fn answered(&mut self, step: &Step, shift: Option<u8>, behind: bool) {
        let ack = self.numbers.count(step.segment.ack);
        let before = self.acked.unwrap_or(i64::MIN);
        self.acked = Some(before.max(ack));
        if let Some(shift) = shift {
            let shift = if step.segment.has(SYN) { 0 } else { shift };
            let edge = ack + (i64::from(step.segment.window) << shift);
            self.edge = Some(self.edge.map_or(edge, |before| before.max(edge)));
        }
        if behind {
            self.each(before, ack, |piece| piece.arrived = true);
        }
        let blocks = step.options.sacked();
        for (at, (from, to)) in blocks.iter().enumerate() {
            let numbers = self.numbers;
            let low = numbers.place(*from);
            let high = low + i64::from(to.wrapping_sub(*from) as i32).max(0);
            let inside = |other: &(u32, u32)| {
                let outer = numbers.place(other.0);
                low >= outer && high <= outer + i64::from(other.1.wrapping_sub(other.0) as i32)
            };
            // A first block that is acknowledged, or lies in the second one, tells of bytes that came twice.
            let twice = at == 0 && (high <= ack || blocks.get(1).is_some_and(inside));
            match (twice, behind) {
                (true, true) => self.each(low, high, |piece| piece.again = None),
                (true, false) => {}
                (false, true) => self.each(low, high, |piece| piece.arrived = true),
                (false, false) => self.each(low, high, |piece| piece.sacked = true),
            }
        }
    }

    /// Does something to the pieces in a stretch; those that lie across its edges are cut there.
    fn each(&mut self, low: i64, high: i64, change: impl Fn(&mut Piece)) {
        if low >= high {
            return;
        }
        self.cut(low);
        self.cut(high);
        let from = self.pieces.partition_point(|piece| piece.low < low);
        self.pieces[from..].iter_mut().take_while(|piece| piece.high <= high).for_each(change);
    }

    fn cut(&mut self, at: i64) {
        let place = self.pieces.partition_point(|piece| piece.high <= at);
        let full = self.pieces.len() >= MAX_PIECES;
        let Some(piece) = self.pieces.get_mut(place).filter(|piece| piece.low < at && !full) else { return };
        let rest = Piece { low: at, ..*piece };
        piece.high = at;
        self.add(rest, place + 1);
    }

    /// Puts what a segment brings of a gap into it.
    fn fill(&mut self, low: i64, high: i64, row: u32) {
        let mut at = low;
        while at < high {
            let place = self.pieces.partition_point(|piece| piece.high <= at);
            let next = self.pieces.get(place).map_or(high, |piece| piece.low);
            if next > at {
                self.add(Piece::new(at, next.min(high), row), place);
            }
            at = self.pieces.get(place).map_or(high, |piece| piece.high.max(at + 1));
        }
    }

    fn add(&mut self, piece: Piece, place: usize) {
        if self.pieces.len() < MAX_PIECES {
            self.pieces.insert(place.min(self.pieces.len()), piece);
        } else if let Some(before) = place.checked_sub(1).and_then(|before| self.pieces.get_mut(before)) {
            before.high = before.high.max(piece.high);
        }
    }

    /// Puts acknowledged pieces together where there are more than a picture has room for.
    fn gather(&mut self) {
        let (Some(acked), Some(first)) = (self.acked, self.first) else { return };
        let share = (acked - first) / MAX_STRETCHES as i64 / 2;
        self.pieces.dedup_by(|next, kept| {
            let together = next.high <= acked && next.low == kept.high && next.high - kept.low <= share;
            kept.high = if together { next.high } else { kept.high };
            together
        });
    }

    /// What the moment shows, without gaps.
    fn stretches(&self, first: i64, next: i64, acked: i64, later: bool) -> Vec<Stretch> {
        let mut all: Vec<Stretch> = Vec::with_capacity(self.pieces.len());
        let mut at = first;
        for piece in &self.pieces {
            if piece.low > at {
                push(&mut all, at, piece.low, acked, piece.row);
            }
            let fate = match piece {
                piece if piece.high <= acked => Fate::Acked,
                piece if piece.sacked => Fate::Sacked,
                piece if piece.again.is_some() => Fate::Lost,
                piece if later && !piece.arrived => Fate::Unknown,
                piece if piece.copies > 1 => Fate::Again,
                _ => Fate::Flight,
            };
            let again = piece.again.filter(|_| fate == Fate::Lost);
            all.push(Stretch { low: piece.low, high: piece.high, fate, row: piece.row, again });
            at = piece.high;
        }
        if next > at {
            push(&mut all, at, next, acked, self.pieces.last().map_or(0, |piece| piece.row));
        }
        all
    }
}

/// A gap: acknowledged as far as that goes, else never seen.
fn push(all: &mut Vec<Stretch>, low: i64, high: i64, acked: i64, row: u32) {
    let settled = acked.clamp(low, high);
    for (low, high, fate) in [(low, settled, Fate::Acked), (settled, high, Fate::Unseen)] {
        if low < high {
            all.push(Stretch { low, high, fate, row, again: None });
        }
    }
}

impl Piece {
    fn new(low: i64, high: i64, row: u32) -> Piece {
        Piece { low, high, row, copies: 1, sacked: false, arrived: false, again: None }
    }
}
