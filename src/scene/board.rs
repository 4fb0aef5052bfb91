//! Drawing commands with a memory of where texts stand: a text that would cover another one is refused.

use super::measure::{self, Corners, Face, SMALLEST_TEXT};
use super::{Anchor, Draw, Shape, Target};

/// A scene under construction, clipped to its view.
pub(super) struct Board {
    draws: Vec<Draw>,
    taken: Vec<Corners>,
    lines: Vec<Corners>,
    view: (f32, f32),
}

/// A text that wants a place.
pub(super) struct Label<'a> {
    pub x: f32,
    pub y: f32,
    pub anchor: Anchor,
    pub size: f32,
    pub rotate: f32,
    pub text: &'a str,
    pub class: &'a str,
    pub target: Option<Target>,
}

impl Board {
    pub fn new(width: f32, height: f32) -> Board {
        Board { draws: Vec::new(), taken: Vec::new(), lines: Vec::new(), view: (width, height) }
    }

    pub fn finish(self) -> Vec<Draw> {
        self.draws
    }

    pub fn add(&mut self, shape: Shape, class: impl Into<String>, target: Option<Target>) {
        self.draws.push(Draw { shape, class: class.into(), target });
    }

    /// Keeps texts out of a box that is drawn by other means.
    pub fn reserve(&mut self, corners: Corners) {
        self.taken.push(corners);
    }

    /// Keeps texts off a line; `write_over_lines` does not mind.
    pub fn keep_off(&mut self, corners: Corners) {
        self.lines.push(corners);
    }

    /// Writes the text unless it would touch another text, a line, a reserved box or leave the view; says whether it did.
    pub fn write(&mut self, label: &Label) -> bool {
        self.place(label, false)
    }

    /// As `write`, but may cross lines: for what is looked at now.
    pub fn write_over_lines(&mut self, label: &Label) -> bool {
        self.place(label, true)
    }

    fn place(&mut self, label: &Label, over_lines: bool) -> bool {
        let draw = label.draw();
        let Some(corners) = measure::text_corners(&draw) else { return false };
        let (width, height) = self.view;
        let inside = corners.iter().all(|&(x, y)| x >= 0.0 && x <= width && y >= 0.0 && y <= height);
        let hits = |boxes: &[Corners]| boxes.iter().any(|taken| measure::overlap(taken, &corners));
        if !inside || hits(&self.taken) || (!over_lines && hits(&self.lines)) {
            return false;
        }
        self.taken.push(corners);
        self.draws.push(draw);
        true
    }
}

impl Label<'_> {
    pub fn draw(&self) -> Draw {
        let size = self.size.max(SMALLEST_TEXT);
        let shape = Shape::Text {
            x: self.x,
            y: self.y,
            anchor: self.anchor,
            size,
            rotate: self.rotate,
            text: self.text.to_owned(),
        };
        Draw { shape, class: self.class.to_owned(), target: self.target }
    }

    pub fn width(&self) -> f32 {
        measure::width(self.text, self.size.max(SMALLEST_TEXT), Face::of(self.class))
    }
}
