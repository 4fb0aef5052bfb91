//! How fast each end answers what passes the capture point → which end the capture was made near, and how sure that is.
//!
//! What passes the point on its way to an end comes back as an answer after twice that end's distance at least. The opening is
//! answered by the hosts themselves, at once; data is answered when an acknowledgment is due, so of that only the least counts.

use serde::{Deserialize, Serialize};

use super::{Step, Walker};
use crate::conversation::Known;

/// Rows that are looked at.
const MAX_LOOKED: usize = 4_096;
/// Answers that come sooner, both together, tell nothing: hosts take that long themselves; nanoseconds.
const QUICK: i64 = 300_000;
/// Nearer to an end than this part of the way, in thousandths, is at that end.
const NEAR: u16 = 150;

/// Acknowledgments of data by each end, among which one will not have been delayed.
const ENOUGH: u32 = 4;

/// What a point is inferred from, each a rule of the catalogue with its section.
pub const POINT_RULES: &[(&str, &str)] = &[
    ("point-opening", "RFC 9293 §3.5"),
    ("point-answers", "RFC 9293 §3.8.6.3"),
    ("point-both", "RFC 9293 §3.5"),
    ("point-differs", "RFC 9293 §3.5"),
];

/// Where a conversation was captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Thousandths of the way from end 0 to end 1.
    pub share: u16,
    /// From the point to each end and back, in nanoseconds.
    pub reach: [i64; 2],
    pub known: Known,
    /// More than one kind of answer says the same.
    pub sure: bool,
    pub frames: Vec<u32>,
}

impl Point {
    /// The end that it is at; `None`: somewhere in between.
    pub fn near(&self) -> Option<u8> {
        near(self.share)
    }

    /// `steps`: the rows of a conversation, in order. `None` where nothing tells it.
    pub fn of(steps: impl Iterator<Item = Option<Step>>) -> Option<Point> {
        let mut walker = Walker::default();
        let (mut least, mut counts) = ([None, None], [0; 2]);
        for step in steps.take(MAX_LOOKED) {
            walker.take(step.as_ref());
            for ((side, least), count) in walker.sides.iter().zip(&mut least).zip(&mut counts) {
                let last = side.acked_after.filter(|span| span.time >= 0);
                *count += u32::from(last.is_some_and(|span| step.is_some_and(|step| span.frames[1] == step.frame)));
                *least = last.into_iter().chain(*least).min_by_key(|span| span.time);
            }
        }
        let share = |reach: [i64; 2]| {
            let way = reach[0].saturating_add(reach[1]);
            (way >= QUICK).then(|| (i128::from(reach[0]) * 1000 / i128::from(way)) as u16)
        };
        let [a, b] = &walker.sides;
        let opening = a.reach.zip(b.reach);
        let answers = least[0].zip(least[1]);
        let told = |spans: super::walker::Span| spans.time;
        let by_opening = opening.and_then(|(a, b)| share([told(a), told(b)]));
        let by_answers = answers.and_then(|(a, b)| share([told(a), told(b)]));
        let rule = match (by_opening, by_answers) {
            (Some(one), Some(other)) if near(one) == near(other) => 2,
            (Some(_), Some(_)) => 3,
            (Some(_), None) => 0,
            (None, Some(_)) if counts.iter().all(|&count| count >= ENOUGH) => 1,
            _ => return None,
        };
        let (a, b) = by_opening.and(opening).or(answers)?;
        let mut frames: Vec<u32> = [a.frames, b.frames].concat();
        frames.sort_unstable();
        frames.dedup();
        let (key, source) = POINT_RULES.get(rule).copied().unwrap_or_default();
        Some(Point {
            share: by_opening.or(by_answers)?,
            reach: [a.time, b.time],
            known: Known::Inferred { rule: key.into(), source: source.into() },
            sure: rule == 2,
            frames,
        })
    }
}

fn near(share: u16) -> Option<u8> {
    match share {
        ..NEAR => Some(0),
        _ if share > 1000 - NEAR => Some(1),
        _ => None,
    }
}
