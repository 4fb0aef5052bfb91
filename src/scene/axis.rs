//! Rows ↔ heights: both scales, scrolling, and where the current row stays in sight.

use crate::engine::Row;
use crate::text::within;

use super::{Ladder, Scale, View};

/// Space of one row, from one departure to the next, at text size 1: two lines of text, the slant and a folded gap.
const PITCH: f32 = 72.0;
/// The same in the time scale, whose closest rows are three quarters of a space apart.
const TIME_PITCH: f32 = 90.0;
/// Height that a packet falls on its way.
const SLANT: f32 = 30.0;
/// Where the capture point tells when packets of one end leave and those of the other arrive, arrows of both meet: they fall less,
/// and rows get more space.
const SEEN_SLANT: f32 = 20.0;
const SEEN_MORE: f32 = 10.0;
/// Height of the pinned heads.
const HEAD: f32 = 56.0;
/// Space between the heads and the first row.
const LEAD: f32 = 36.0;
/// Part of a row's play during which the view scrolls on to the next page.
const SCROLL: f64 = 0.35;

/// The heights that follow from a view, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heights {
    pub size: f32,
    pub pitch: f32,
    pub slant: f32,
    pub head: f32,
    pub lead: f32,
}

impl Heights {
    pub fn of(view: &View) -> Heights {
        let size = if view.text.is_finite() { within(view.text, 1.0, 4.0) } else { 1.0 };
        let pitch = if view.scale == Scale::Time { TIME_PITCH } else { PITCH };
        let (more, slant) = if view.captured.is_some() { (SEEN_MORE, SEEN_SLANT) } else { (0.0, SLANT) };
        let pitch = pitch + more;
        Heights { size, pitch: pitch * size, slant: slant * size, head: HEAD * size, lead: LEAD * size }
    }
}

/// A fractional row's place on the axis, in the space of one row.
///
/// Steps: the row itself. Time: between the loaded rows' places; outside the window one space a row.
fn place(rows: &[Row], scale: Scale, row: f64) -> f64 {
    let (Scale::Time, Some(first), Some(last)) = (scale, rows.first(), rows.last()) else { return row };
    let index = row - f64::from(first.row);
    if index <= 0.0 {
        return first.at + index.max(-first.at);
    }
    if row >= f64::from(last.row) {
        return last.at + row - f64::from(last.row);
    }
    let here = index as usize;
    match (rows.get(here), rows.get(here + 1)) {
        (Some(a), Some(b)) => a.at + (b.at - a.at) * index.fract(),
        _ => row,
    }
}

/// The inverse of `place`.
fn row_at(rows: &[Row], scale: Scale, place: f64) -> f64 {
    let (Scale::Time, Some(first), Some(last)) = (scale, rows.first(), rows.last()) else { return place };
    if place <= first.at {
        return (f64::from(first.row) + place - first.at).max(0.0);
    }
    if place >= last.at {
        return f64::from(last.row) + place - last.at;
    }
    let next = rows.partition_point(|row| row.at <= place);
    match (rows.get(next.wrapping_sub(1)), rows.get(next)) {
        (Some(a), Some(b)) if b.at > a.at => f64::from(a.row) + (place - a.at) / (b.at - a.at),
        (Some(a), _) => f64::from(a.row),
        _ => place,
    }
}

/// The height at which a row departs (a fractional row: between two). It lands `slant` lower.
pub fn row_y(ladder: &Ladder, view: &View, row: f64) -> f32 {
    let heights = Heights::of(view);
    let rows = place(ladder.rows, view.scale, row) - place(ladder.rows, view.scale, view.top);
    heights.head + heights.lead + (rows * f64::from(heights.pitch)) as f32
}

/// The row that a click at height `y` means; `None` over the heads and beyond the ends.
pub fn row_at_y(ladder: &Ladder, view: &View, y: f32) -> Option<u32> {
    let heights = Heights::of(view);
    if y < heights.head || y > view.height {
        return None;
    }
    // A row's band reaches from its label's upper edge to where it has landed.
    let y = y - heights.slant / 2.0;
    ladder
        .rows
        .iter()
        .min_by(|a, b| {
            let far = |row: &Row| (row_y(ladder, view, f64::from(row.row)) - y).abs();
            far(a).total_cmp(&far(b))
        })
        .filter(|row| (row_y(ladder, view, f64::from(row.row)) - y).abs() <= heights.pitch / 2.0)
        .map(|row| row.row)
}

/// How many rows of even spacing a view holds.
pub fn visible_rows(view: &View) -> f64 {
    let heights = Heights::of(view);
    let room = view.height - heights.head - heights.lead + heights.pitch - heights.slant - heights.lead / 2.0;
    f64::from(room / heights.pitch).max(1.0)
}

/// How much of what is seen a turned page replaces; the rest stays above as what came before.
const PAGE: f64 = 0.6;

/// Where to scroll (`View::top`) so that the row that plays at `position` is in sight.
///
/// The view turns pages: it keeps still while a page of rows plays and scrolls during the end of the page's last row, so
/// that the next row is in sight before it starts. A pure function of the position: seeking gives the same picture.
pub fn top_for(ladder: &Ladder, view: &View, position: f64) -> f64 {
    let length = match view.scale {
        Scale::Steps => f64::from(ladder.stage.rows),
        Scale::Time => ladder.stage.length,
    };
    let seen = visible_rows(view);
    let page = (seen * PAGE).floor().max(1.0);
    let last = (length - seen).max(0.0);
    let row = position.max(0.0).floor();
    let top = |row: f64| {
        let place = place(ladder.rows, view.scale, row.min(f64::from(ladder.stage.rows.saturating_sub(1))));
        ((place / page).ceil() - 1.0).max(0.0).min(last / page) * page
    };
    let (from, to) = (top(row), top(row + 1.0));
    let along = within((position - row - 1.0 + SCROLL) / SCROLL, 0.0, 1.0);
    let smooth = along * along * (3.0 - 2.0 * along);
    row_at(ladder.rows, view.scale, from + (to - from) * smooth)
}
