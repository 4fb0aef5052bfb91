//! A stretch of an axis → round ticks and what they are called.

use crate::conversation::graph::round_up;
use crate::text::decimal;

/// Units of time and of bytes, from large to small.
pub const TIMES: &[(i64, &str)] = &[(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"), (1, "ns")];
pub const BYTES: &[(i64, &str)] = &[(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"), (1, "B")];

/// No axis has room for more ticks.
const MOST_TICKS: i64 = 100;

/// The distance of ticks: 1, 2 or 5 times a power of ten, so that at most so many fit.
pub fn tick(span: i64, most: f32) -> i64 {
    round_up((span as f64 / f64::from(most.max(1.0))) as i64)
}

pub fn ticks(low: i64, high: i64, step: i64) -> impl Iterator<Item = i64> {
    let first = low.div_euclid(step) * step;
    let all = (0..MOST_TICKS).map(move |count| first.saturating_add(step.saturating_mul(count)));
    all.filter(move |value| *value >= low && *value <= high)
}

/// A value on an axis that ends at `high`, in the unit that fits there, with the decimals that its step needs.
pub fn named(value: i64, high: i64, step: i64, units: &[(i64, &str)]) -> String {
    let (unit, name) = units.iter().find(|(unit, _)| *unit <= high.max(1)).copied().unwrap_or((1, ""));
    let mut places = 0;
    let mut least = unit;
    while least > step {
        (places, least) = (places + 1, least / 10);
    }
    format!("{} {name}", decimal(value as f64 / unit as f64, places))
}
