//! A datagram's pieces and a moment → a ruler of its bytes: what has come, what came twice, and the holes.

use super::board::{Board, Label};
use super::{Anchor, Draw, Shape, Target, View};
use crate::conversation::exchange::Strip;

const MARGIN: f32 = 12.0;
/// Height of the bar, and of the ruler's words under it.
const BAR: f32 = 16.0;

/// Height that it wants at text size 1.
pub const STRIP: f32 = 40.0;

/// Pieces count as come once their row has landed, as for any receiver.
pub fn strip(strip: &Strip, position: f64, view: &View) -> Vec<Draw> {
    let mut board = Board::new(view.width, view.height);
    let (size, end) = (view.text, strip.end().max(1));
    let room = (view.width - 2.0 * MARGIN).max(1.0);
    let x = |byte: u32| MARGIN + room * (byte as f32 / end as f32);
    let (top, height) = (4.0, BAR * size);
    // An open end is left out where the last piece has not come.
    let told = strip.pieces.iter().any(|piece| Some(piece.to) == strip.length && landed(piece.row, position));
    let hole = if told { "hole" } else { "hole open" };
    board.add(Shape::Rect { x: MARGIN, y: top, w: room, h: height, r: 2.0 }, hole, None);
    let mut edges = vec![0];
    for piece in strip.pieces.iter().filter(|piece| landed(piece.row, position)) {
        let class = if piece.overlaps { "piece again" } else { "piece" };
        let w = (x(piece.to) - x(piece.from)).max(1.0);
        board.add(Shape::Rect { x: x(piece.from), y: top, w, h: height, r: 2.0 }, class, Some(Target::Row(piece.row)));
        edges.extend([piece.from, piece.to]);
    }
    for &byte in &edges {
        let anchor = match byte {
            0 => Anchor::Start,
            _ if x(byte) > view.width - 30.0 * size => Anchor::End,
            _ => Anchor::Middle,
        };
        let (text, y) = (byte.to_string(), top + height + 14.0 * size);
        board.write(&Label {
            x: x(byte),
            y,
            anchor,
            size: 12.0 * size,
            rotate: 0.0,
            text: &text,
            class: "ruler",
            target: None,
        });
    }
    board.finish()
}

fn landed(row: u32, position: f64) -> bool {
    f64::from(row) + 1.0 <= position
}
