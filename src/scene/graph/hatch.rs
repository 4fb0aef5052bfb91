//! A box and what it stands for → its hatching, so that colour is not all that tells it.

use super::pen::Pen;

/// How a box is filled, besides its colour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::scene) enum Hatch {
    Plain,
    /// Lines that rise or fall to the right.
    Rising,
    Falling,
    Crossed,
    Upright,
    Level,
}

/// Distance of the lines, at text size 1.
const STEP: f32 = 7.0;
/// A narrower box has its colour only.
const LEAST: f32 = 3.0;

impl Hatch {
    pub fn draw(self, pen: &mut Pen, (x, y, w, h): (f32, f32, f32, f32), text: f32) {
        if w < LEAST || h < LEAST {
            return;
        }
        let step = STEP * text;
        let lines = |length: f32| (0..=(length / step) as i32).map(move |line| line as f32 * step);
        // Where a line leaves the box below or on the left, and above or on the right.
        let ends = |at: f32| ((at - at.min(h), at.min(h)), (at.min(w), at - at.min(w)));
        for at in lines(w + h).filter(|_| !matches!(self, Hatch::Plain | Hatch::Upright | Hatch::Level)) {
            let ((x1, y1), (x2, y2)) = ends(at);
            if self != Hatch::Falling {
                pen.line(x + x1, y + y1, x + x2, y + y2);
            }
            if self != Hatch::Rising {
                pen.line(x + x1, y + h - y1, x + x2, y + h - y2);
            }
        }
        if self == Hatch::Upright {
            lines(w).for_each(|at| pen.line(x + at, y, x + at, y + h));
        }
        if self == Hatch::Level {
            lines(h).for_each(|at| pen.line(x, y + at, x + w, y + at));
        }
    }
}
