//! The moments of a conversation's packets → places on a time axis whose idle gaps are folded.

use crate::conversation::order::sorted;

/// Least and most distance of two neighbouring rows, in rows: close enough to belong together, far enough to read.
const MIN_GAP: f64 = 0.75;
const MAX_GAP: f64 = 4.0;

/// Gaps that the scale is taken from; more of them would not change it visibly.
const SAMPLE: usize = 4_096;

/// Where each row of one conversation lies. The unit is the space of one row: the conversation's median gap.
pub struct Axis {
    pub conversation: u32,
    /// Nanoseconds that one row stands for.
    scale: f64,
    /// By row; never falls.
    places: Vec<f64>,
}

impl Axis {
    /// `times`: nanoseconds since 1970-01-01 UTC, in row order. Packets may be out of order in time; rows never are.
    pub fn new(conversation: u32, times: impl Iterator<Item = i64> + Clone) -> Axis {
        let scale = median(gaps(times.clone()));
        let mut place = 0.0;
        let mut places: Vec<f64> = times.clone().take(1).map(|_| 0.0).collect();
        places.extend(gaps(times).map(|gap| {
            place += (gap as f64 / scale).clamp(MIN_GAP, MAX_GAP);
            place
        }));
        Axis { conversation, scale, places }
    }

    pub fn rows(&self) -> usize {
        self.places.len()
    }

    /// Room for the last row included.
    pub fn length(&self) -> f64 {
        self.places.last().map_or(0.0, |last| last + 1.0)
    }

    pub fn place(&self, row: usize) -> f64 {
        self.places.get(row).copied().unwrap_or_default()
    }

    /// Of a gap of so many nanoseconds, how many the axis leaves out.
    pub fn folded(&self, gap: i64) -> i64 {
        (gap as f64 - MAX_GAP * self.scale).max(0.0) as i64
    }
}

/// Distances of neighbours in nanoseconds, never negative.
fn gaps(times: impl Iterator<Item = i64> + Clone) -> impl Iterator<Item = i64> + Clone {
    times.clone().skip(1).zip(times).map(|(later, earlier)| later.saturating_sub(earlier).max(0))
}

/// The middle one of the gaps that are not zero, or of an even sample of them; one nanosecond where there is none.
fn median(gaps: impl Iterator<Item = i64> + Clone) -> f64 {
    let stride = gaps.clone().count() / SAMPLE + 1;
    let sample = sorted(gaps.step_by(stride).filter(|gap| *gap > 0).collect());
    sample.get(sample.len() / 2).map_or(1.0, |gap| *gap as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(times: &[i64]) -> Axis {
        Axis::new(0, times.iter().copied())
    }

    #[test]
    fn an_idle_gap_is_folded_and_says_how_much() {
        let axis = axis(&[0, 100, 200, 300, 1_000_300]);
        assert_eq!(axis.places, [0.0, 1.0, 2.0, 3.0, 7.0]);
        assert_eq!(axis.folded(1_000_000), 1_000_000 - 400);
        assert_eq!(axis.folded(100), 0);
        assert_eq!(axis.length(), 8.0);
    }

    #[test]
    fn rows_never_go_back_in_time() {
        for times in [&[500, 100, 900, 200][..], &[i64::MAX, i64::MIN, i64::MAX], &[7; 5]] {
            let axis = axis(times);
            assert_eq!(axis.rows(), times.len());
            assert!(axis.places.windows(2).all(|pair| pair[1] - pair[0] >= MIN_GAP), "{:?}", axis.places);
        }
    }

    #[test]
    fn one_packet_and_none() {
        assert_eq!((axis(&[5]).length(), axis(&[5]).rows()), (1.0, 1));
        assert_eq!((axis(&[]).length(), axis(&[]).rows()), (0.0, 0));
    }
}
