//! Seconds → a position in the conversation: a pure clock that plays, pauses, stops at targets and goes anywhere.

use crate::text::within;

/// Speeds that the page offers, with what it calls them.
pub const SPEEDS: [(f64, &str); 5] = [(0.25, "¼×"), (0.5, "½×"), (1.0, "1×"), (2.0, "2×"), (4.0, "4×")];
/// Seconds that one packet takes at speed 1.
pub const SECONDS_PER_ROW: f64 = 1.4;

/// `position` is in rows: row `i` is on its way during `[i, i + 1)` and has landed at `i + 1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Player {
    pub position: f64,
    pub end: f64,
    pub playing: bool,
    pub speed: f64,
    /// Where playing stops; `None`: at the end.
    pub target: Option<f64>,
    /// The lesson's step has been found among the rows.
    pub(super) placed: bool,
}

impl Default for Player {
    fn default() -> Self {
        Player { position: 0.0, end: 0.0, playing: false, speed: 1.0, target: None, placed: false }
    }
}

impl Player {
    /// The row that is on its way, or the one that has just landed.
    pub fn row(&self) -> u32 {
        (self.position.ceil() - 1.0).max(0.0) as u32
    }

    /// Moves by `seconds` of the viewer's time; `length(row)` says how many rows' time that row takes.
    pub fn advance(&mut self, seconds: f64, length: impl Fn(u32) -> f64) {
        let stop = self.target.unwrap_or(self.end).min(self.end);
        let mut left = seconds.max(0.0) * self.speed / SECONDS_PER_ROW;
        while self.playing && left > 0.0 {
            if self.position >= stop {
                break;
            }
            let row = self.position.floor();
            let length = length(row as u32).max(0.05);
            let room = (row + 1.0).min(stop) - self.position;
            let step = (left / length).min(room);
            self.position += step;
            left -= step * length;
            if step >= room {
                self.position = (row + 1.0).min(stop);
            }
        }
        if self.position >= stop {
            self.position = stop;
            self.playing = false;
            self.target = None;
        }
    }

    pub fn play_to(&mut self, target: Option<f64>) {
        self.target = target;
        self.playing = self.position < target.unwrap_or(self.end);
    }

    pub fn jump(&mut self, position: f64) {
        self.position = if position.is_finite() { within(position, 0.0, self.end) } else { 0.0 };
        self.playing = false;
        self.target = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player() -> Player {
        Player { end: 5.0, ..Player::default() }
    }

    #[test]
    fn it_stops_where_it_was_told_to_and_at_the_end() {
        let mut player = player();
        player.play_to(Some(2.0));
        player.advance(SECONDS_PER_ROW, |_| 1.0);
        assert!(player.playing && (player.position - 1.0).abs() < 1e-9);
        player.advance(100.0, |_| 1.0);
        assert_eq!((player.position, player.playing), (2.0, false));
        player.play_to(None);
        player.advance(1e9, |_| 1.0);
        assert_eq!((player.position, player.playing), (5.0, false));
    }

    #[test]
    fn small_ticks_and_one_large_tick_reach_the_same_place() {
        let length = |row: u32| if row == 1 { 3.0 } else { 0.5 };
        let (mut once, mut often) = (player(), player());
        once.play_to(None);
        often.play_to(None);
        once.advance(3.0, length);
        for _ in 0..300 {
            often.advance(0.01, length);
        }
        assert!((once.position - often.position).abs() < 1e-6, "{} {}", once.position, often.position);
    }

    #[test]
    fn no_position_is_out_of_reach_or_out_of_range() {
        let mut player = player();
        for (asked, got) in [(3.5, 3.5), (-1.0, 0.0), (9.0, 5.0), (f64::NAN, 0.0)] {
            player.jump(asked);
            assert_eq!(player.position, got);
        }
    }
}
