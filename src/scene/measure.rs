//! Texts → estimated sizes and boxes, so that a pure function can keep labels apart without asking a browser.

use super::{Anchor, Draw, Shape};
use crate::text::decimal;

/// The smallest text that a scene may hold, in pixels.
pub const SMALLEST_TEXT: f32 = 12.0;

/// Heights of a line over and under its baseline, in em.
const ASCENT: f32 = 0.80;
const DESCENT: f32 = 0.22;

/// How a text is set, as its classes say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Face {
    pub mono: bool,
    pub strong: bool,
}

impl Face {
    pub const MONO: Face = Face { mono: true, strong: false };
    pub const SANS: Face = Face { mono: false, strong: false };
    pub const STRONG: Face = Face { mono: false, strong: true };

    pub fn of(class: &str) -> Face {
        let has = |word| class.split(' ').any(|class| class == word);
        Face { mono: has("mono"), strong: has("strong") }
    }
}

/// Estimated width in pixels. It leans to the wide side: system fonts differ.
pub fn width(text: &str, size: f32, face: Face) -> f32 {
    let em: f32 = text.chars().map(|c| advance(c, face)).sum();
    em * size
}

fn advance(c: char, face: Face) -> f32 {
    let wide = matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd);
    if wide {
        return 1.0;
    }
    if face.mono {
        return 0.605;
    }
    let plain = match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.32,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 0.38,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.92,
        'A'..='Z' => 0.69,
        _ => 0.61,
    };
    if face.strong { plain * 1.1 } else { plain }
}

/// The text, or as much of it as fits into `room` pixels with `…` at its end; `None` when not even a few letters would.
pub fn shorten(text: &str, size: f32, face: Face, room: f32) -> Option<String> {
    if width(text, size, face) <= room {
        return Some(text.to_owned());
    }
    let mut left = room - width("…", size, face);
    let mut kept: String = text
        .chars()
        .take_while(|&c| {
            left -= advance(c, face) * size;
            left >= 0.0
        })
        .collect();
    kept.truncate(kept.trim_end_matches([' ', ',']).len());
    if kept.chars().count() < 2 {
        return None;
    }
    kept.push('…');
    Some(kept)
}

/// As `shorten`, but keeps both ends: an address loses its middle and keeps its port.
pub fn shorten_middle(text: &str, size: f32, face: Face, room: f32) -> String {
    if width(text, size, face) <= room {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let kept = (room / (size * advance('0', face))).max(3.0) as usize - 1;
    let (front, back) = (kept / 2, kept - kept / 2);
    let front: String = letters.iter().take(front).collect();
    let back: String = letters.iter().skip(letters.len().saturating_sub(back)).collect();
    format!("{front}…{back}")
}

/// A duration with two or three figures: `350 µs`, `21.3 ms`, `2.91 s`, `2 min 5 s`, `3 h 4 min`.
pub fn duration(nanoseconds: i64) -> String {
    let seconds = nanoseconds as f64 / 1e9;
    let whole = nanoseconds.abs() / 1_000_000_000;
    match seconds.abs() {
        s if s >= 3600.0 => format!("{} h {} min", whole / 3600, whole / 60 % 60),
        s if s >= 60.0 => format!("{} min {} s", whole / 60, whole % 60),
        s if s >= 0.9995 => format!("{} s", figures(seconds)),
        s if s >= 0.000_999_5 => format!("{} ms", figures(seconds * 1e3)),
        s if s >= 0.000_000_999_5 => format!("{} µs", figures(seconds * 1e6)),
        0.0 => "0 s".to_owned(),
        _ => format!("{nanoseconds} ns"),
    }
}

/// `12,345`
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A moment after a beginning: as `duration`, with milliseconds up to a minute, so that neighbours differ.
pub fn moment(nanoseconds: i64) -> String {
    match nanoseconds {
        1_000_000_000..60_000_000_000 => decimal(nanoseconds as f64 / 1e9, 3) + " s",
        _ => duration(nanoseconds),
    }
}

/// Three figures without idle zeros.
fn figures(value: f64) -> String {
    let text = match value.abs() {
        v if v >= 99.95 => decimal(value, 0),
        v if v >= 9.995 => decimal(value, 1),
        _ => decimal(value, 2),
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The four corners of what a command covers; `None` for what is not a box.
pub type Corners = [(f32, f32); 4];

/// Where a text stands, turned with it.
pub fn text_corners(draw: &Draw) -> Option<Corners> {
    let Shape::Text { x, y, anchor, size, rotate, text } = &draw.shape else { return None };
    let width = width(text, *size, Face::of(&draw.class));
    let left = match anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => -width / 2.0,
        Anchor::End => -width,
    };
    let (sin, cos) = sin_cos(rotate.to_radians());
    let turn = |dx: f32, dy: f32| (x + dx * cos - dy * sin, y + dx * sin + dy * cos);
    let (top, bottom) = (-ASCENT * size, DESCENT * size);
    Some([turn(left, top), turn(left + width, top), turn(left + width, bottom), turn(left, bottom)])
}

/// Sine and cosine of the angle that a text is turned by, at most a quarter either way: series that end five digits
/// deep. Those of the library take any angle, and weigh 7 kB of wasm.
pub fn sin_cos(radians: f32) -> (f32, f32) {
    let square = radians * radians;
    let series = |below: [f32; 5]| below.iter().rev().fold(1.0, |rest, below| 1.0 - square / below * rest);
    (radians * series([6.0, 20.0, 42.0, 72.0, 110.0]), series([2.0, 12.0, 30.0, 56.0, 90.0]))
}

/// SVG path data along these points: `M1.0,2.0 L3.5,4.0`.
pub fn path(points: &[(f32, f32)]) -> String {
    let mut data = String::new();
    for (x, y) in points {
        data.push_str(if data.is_empty() { "M" } else { " L" });
        data.push_str(&decimal((*x).into(), 1));
        data.push(',');
        data.push_str(&decimal((*y).into(), 1));
    }
    data
}

/// The corners of an upright box.
pub fn upright(x: f32, y: f32, w: f32, h: f32) -> Corners {
    [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
}

/// The corners of a line with `air` on both sides.
pub fn segment(x1: f32, y1: f32, x2: f32, y2: f32, air: f32) -> Corners {
    let length = (x2 - x1).hypot(y2 - y1).max(0.001);
    let (dx, dy) = ((y1 - y2) / length * air, (x2 - x1) / length * air);
    [(x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy)]
}

/// Whether two convex boxes share more than an edge: no axis separates them.
pub fn overlap(a: &Corners, b: &Corners) -> bool {
    !separated(a, b) && !separated(b, a)
}

fn separated(a: &Corners, b: &Corners) -> bool {
    (0..4).any(|i| {
        let ((x1, y1), (x2, y2)) = (a[i], a[(i + 1) % 4]);
        // The edge's own direction and its normal: together with b's they are all the axes that can separate boxes.
        [(y1 - y2, x2 - x1), (x2 - x1, y2 - y1)].into_iter().filter(|axis| *axis != (0.0, 0.0)).any(|axis| {
            let (low_a, high_a) = extent(a, axis);
            let (low_b, high_b) = extent(b, axis);
            high_a <= low_b || high_b <= low_a
        })
    })
}

fn extent(corners: &Corners, (ax, ay): (f32, f32)) -> (f32, f32) {
    corners
        .iter()
        .map(|(x, y)| x * ax + y * ay)
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
}
