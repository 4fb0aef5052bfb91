//! Lines, bars, dots and flags → the path data of one drawing command.

use crate::scene::Shape;
use crate::scene::board::Board;
use crate::text::decimal;

/// Writes path data; goes on where it stands.
#[derive(Default)]
pub(in crate::scene) struct Pen {
    data: String,
    at: Option<(f32, f32)>,
}

impl Pen {
    fn go(&mut self, command: &str, x: f32, y: f32) {
        self.data.push_str(command);
        self.data.push_str(&decimal(x.into(), 1));
        self.data.push(',');
        self.data.push_str(&decimal(y.into(), 1));
        self.at = Some((x, y));
    }

    pub fn line(&mut self, x1: f32, y1: f32, x2: f32, y2: f32) {
        if self.at != Some((x1, y1)) {
            self.go("M", x1, y1);
        }
        self.go("L", x2, y2);
    }

    pub fn area(&mut self, x1: f32, y1: f32, x2: f32, y2: f32) {
        self.go("M", x1, y1);
        for (x, y) in [(x2, y1), (x2, y2), (x1, y2)] {
            self.go("L", x, y);
        }
        self.data.push('Z');
    }

    /// A small flag that points at what was sent again, so that colour is not all that tells it.
    pub fn flag(&mut self, x: f32, y: f32) {
        self.go("M", x - 4.0, y - 8.0);
        self.go("L", x + 4.0, y - 8.0);
        self.go("L", x, y - 1.0);
        self.data.push('Z');
    }

    /// A small square that stands on its corner.
    pub fn dot(&mut self, x: f32, y: f32) {
        self.go("M", x - 3.0, y);
        for (x, y) in [(x, y - 3.0), (x + 3.0, y), (x, y + 3.0)] {
            self.go("L", x, y);
        }
        self.data.push('Z');
    }

    pub fn draw(self, board: &mut Board, class: &str) {
        if !self.data.is_empty() {
            board.add(Shape::Path(self.data), class, None);
        }
    }
}
