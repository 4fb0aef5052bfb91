//! Conversations and a moment in time → drawing commands, as pure functions; a painter only replays them.
//!
//! Coordinates are CSS pixels from the view's upper left corner. A position `p` on the player's clock counts rows:
//! row `i` plays during `[i, i + 1)`. What its sender does takes effect at `i`, what its receiver does at `i + 1`,
//! when the packet lands. Colours are the style sheet's business (`static/scene.css`); a command carries class names.

mod axis;
mod board;
mod graph;
pub mod grid;
mod ladder;
mod machine;
pub mod measure;
mod space;
mod states;
mod strip;
mod topology;

use std::fmt;

use crate::conversation::{End, State};
use crate::engine::{Row, Stage};

pub use axis::{row_at_y, row_y, top_for, visible_rows};
pub use graph::{CLASSES, Chart, graph, graph_row, graph_share};
pub use ladder::{ladder, moving};
pub use machine::{deed, machine};
pub use space::{Ruler, space, space_row};
pub use states::{at as states_at, name as state_name, of_track as states_of, taken, track_at};
pub use strip::{STRIP, strip};
pub use topology::topology;

/// One drawing command.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    pub shape: Shape,
    /// CSS classes, separated by spaces: `arrow sent selected`, `ribbon state-established`.
    pub class: String,
    /// What a click on it selects.
    pub target: Option<Target>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Line {
        x1: f32,
        y1: f32,
        x2: f32,
        y2: f32,
    },
    /// `r` is the corner's radius.
    Rect {
        x: f32,
        y: f32,
        w: f32,
        h: f32,
        r: f32,
    },
    Circle {
        x: f32,
        y: f32,
        r: f32,
    },
    /// SVG path data, absolute `M`, `L`, `C` and `Z` only, so that a canvas can replay it too.
    Path(String),
    /// `x`, `y` is the anchor's place on the baseline; `rotate` turns clockwise about it, in degrees.
    /// Classes `mono` and `strong` tell the face that was measured.
    Text {
        x: f32,
        y: f32,
        anchor: Anchor,
        size: f32,
        rotate: f32,
        text: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// The value of SVG's `text-anchor`.
    pub fn svg(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// What a drawing command stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A frame by its number in the capture, from 1.
    Frame(u32),
    State {
        end: End,
        state: State,
    },
    /// A row of the conversation, from 0.
    Row(u32),
    /// A host by its lifeline, from 0.
    Host(u8),
}

/// What stands over a lifeline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// `Alice`; may be empty, then only the address shows.
    pub name: String,
    /// `client`; may be empty.
    pub role: String,
    /// `192.168.1.109:50990`
    pub address: String,
}

/// What the ladder shows: a conversation and a window of its rows.
#[derive(Clone, Copy, Debug)]
pub struct Ladder<'a> {
    pub heads: &'a [Head],
    pub stage: &'a Stage,
    /// Consecutive rows that have been loaded, in row order; rows outside of it are not drawn.
    pub rows: &'a [Row],
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Even spacing.
    #[default]
    Steps,
    /// In proportion to time, idle gaps folded.
    Time,
}

/// How the viewer looks at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    pub width: f32,
    pub height: f32,
    /// The row at the upper edge; fractional, in rows in both scales. `top_for` finds it for a position.
    pub top: f64,
    pub scale: Scale,
    /// The selected row.
    pub selected: Option<u32>,
    /// Rows after this one are not given away yet; the next one is dashed and says `?`. For "not even
    /// the first row yet" there is `Hidden::All`.
    pub hidden: Hidden,
    /// Where on the way from end 0 to end 1 packets were seen, from 0 to 1; `None`: where each was sent.
    pub captured: Option<f32>,
    /// Size of everything: 1 is normal, 1.67 lifts the smallest label to 20 pixels for presenting.
    pub text: f32,
}

/// Which rows are kept from the viewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hidden {
    #[default]
    None,
    /// All rows after this one.
    After(u32),
    All,
}

impl Hidden {
    /// The first row that is kept from the viewer.
    pub fn first(self) -> u32 {
        match self {
            Hidden::None => u32::MAX,
            Hidden::After(row) => row.saturating_add(1),
            Hidden::All => 0,
        }
    }
}

impl View {
    pub fn new(width: f32, height: f32) -> View {
        View {
            width,
            height,
            top: 0.0,
            scale: Scale::Steps,
            selected: None,
            hidden: Hidden::None,
            captured: None,
            text: 1.0,
        }
    }
}

/// The few words that a scene writes itself, in the viewer's language; `{}` takes the number.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// `{} of silence, folded`
    pub silence: &'a str,
    /// What each of [`MARKS`] is called, in that order.
    pub marks: &'a [&'a str],
    /// How a transition is known.
    pub seen: &'a str,
    pub inferred: &'a str,
    pub unknown: &'a str,
    /// `frame {}`
    pub frame: &'a str,
    /// `link {}`
    pub link: &'a str,
    /// What lies behind a gateway.
    pub beyond: &'a str,
}

/// Marks of a row that are written under its arrow; those of a segment are called as in tshark's `tcp.analysis`.
pub const MARKS: [&str; 21] = [
    "lost",
    "bad-checksum",
    "cut",
    "fast_retransmission",
    "spurious_retransmission",
    "retransmission",
    "out_of_order",
    "lost_segment",
    "ack_lost_segment",
    "duplicate_ack",
    "zero_window",
    "window_full",
    "window_update",
    "keep_alive",
    "keep_alive_ack",
    "zero_window_probe",
    "zero_window_probe_ack",
    "reused_ports",
    "tfo_syn",
    "tfo_ack",
    "tfo_ignored",
];

impl Words<'static> {
    pub const ENGLISH: Words<'static> = Words {
        silence: "{} of silence, folded",
        marks: &[
            "lost",
            "bad checksum",
            "cut short",
            "fast retransmission",
            "spurious retransmission",
            "retransmission",
            "out of order",
            "segment before it missing",
            "acknowledges what was not seen",
            "duplicate ACK",
            "zero window",
            "window full",
            "window update",
            "keep-alive",
            "keep-alive ACK",
            "zero window probe",
            "zero window probe ACK",
            "ports used anew",
            "Fast Open cookie",
            "Fast Open taken",
            "Fast Open not taken",
        ],
        seen: "seen",
        inferred: "inferred",
        unknown: "unknown",
        frame: "frame {}",
        link: "link {}",
        beyond: "beyond the gateway",
    };
}

/// The golden tests' text form: one line a command, whole pixels.
impl fmt::Display for Draw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.shape, self.class)?;
        match self.target {
            None => Ok(()),
            Some(Target::Frame(frame)) => write!(f, " -> frame {frame}"),
            Some(Target::Row(row)) => write!(f, " -> row {row}"),
            Some(Target::Host(host)) => write!(f, " -> host {host}"),
            Some(Target::State { end, state }) => write!(f, " -> {} of end {end}", state_name(state)),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Line { x1, y1, x2, y2 } => write!(f, "line {x1:.0},{y1:.0} {x2:.0},{y2:.0}"),
            Shape::Rect { x, y, w, h, .. } => write!(f, "rect {x:.0},{y:.0} {w:.0}x{h:.0}"),
            Shape::Circle { x, y, r } => write!(f, "circle {x:.0},{y:.0} r{r:.0}"),
            Shape::Path(data) => write!(f, "path {data}"),
            Shape::Text { x, y, anchor, size, rotate, text } => {
                write!(f, "text {x:.0},{y:.0} {} {size:.1}px {rotate:.0}deg {text:?}", anchor.svg())
            }
        }
    }
}
