//! A filter expression in Wireshark's syntax → which packets it means, and for text that is none, what is wrong and where.
//!
//! Comparisons mean what they mean in Wireshark 4.0: `==`, `<` and their like hold where any value of the field does, `!=` only
//! where the field is there and all its values differ. An expression is judged by what is known of a packet so far
//! ([`Look`]): by its number and headers where they suffice, and only else by the packet taken apart.

mod lex;
mod look;
mod names;
mod parse;
mod value;

pub use look::Look;
pub use names::{Form, Known, complete, is_part, known, nearest, used};
pub use parse::{MAX_DEPTH, MAX_TEXT, parse};

use serde::{Deserialize, Serialize};

use names::Name;
use value::Value;

/// Why a text is no filter: a catalogue key, what it is about, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// `unknown`, `value`, `expected-value`, `expected-test`, `expected-join`, `unclosed`, `unsupported`, `kind`, `long`, `deep`.
    pub kind: String,
    /// Bytes of the text that are wrong: the first, and how many. None at its end, where something is missing.
    pub at: u32,
    pub len: u32,
    /// The part that is wrong, as it is written.
    pub what: String,
    /// An example of a value to write instead, or a limit.
    pub near: String,
    /// The field that it is compared with, where there is one.
    pub field: String,
}

/// A filter, ready to be asked. Its depth is at most [`MAX_DEPTH`], so judging and dropping it need little stack.
#[derive(Debug)]
pub enum Filter {
    /// Every part holds. Of no parts: it always does.
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Test(Test),
}

/// One comparison, or the question whether something is there.
#[derive(Debug)]
pub struct Test {
    left: Operand,
    how: How,
    right: Vec<Side>,
}

#[derive(Debug)]
struct Operand {
    name: Name,
    /// First byte and one past the last of each value.
    slice: Option<(usize, usize)>,
    /// Only these bits of each value; without a comparison one of them has to be set.
    mask: Option<u64>,
}

#[derive(Debug)]
enum Side {
    One(Value),
    /// From the first to the last, both included.
    Range(Value, Value),
    Other(Operand),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    There,
    /// `true`: all values have to.
    Equal(bool),
    Differ(bool),
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Contains,
}

impl Filter {
    /// Whether the packet is meant; `None` where what is known of it does not tell.
    pub fn holds(&self, look: &Look) -> Option<bool> {
        match self {
            Filter::All(parts) => joined(parts, look, false),
            Filter::Any(parts) => joined(parts, look, true),
            Filter::Not(part) => part.holds(look).map(|holds| !holds),
            Filter::Test(test) => test.holds(look),
        }
    }
}

/// The first part that is `decisive` decides; else all have to be known.
fn joined(parts: &[Filter], look: &Look, decisive: bool) -> Option<bool> {
    let mut answer = Some(!decisive);
    for part in parts {
        match part.holds(look) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => answer = None,
        }
    }
    answer
}

impl Test {
    fn holds(&self, look: &Look) -> Option<bool> {
        if self.how == How::There && self.left.mask.is_none() && self.left.slice.is_none() {
            return look.has(&self.left.name);
        }
        let left = self.left.values(look)?;
        if self.how == How::There {
            return Some(left.iter().any(|value| self.left.mask.is_none() || value.is_set()));
        }
        let mut sides = Vec::new();
        for side in &self.right {
            if let Side::Other(operand) = side {
                sides.extend(operand.values(look)?);
            }
        }
        let holds = |value: &Value| {
            let one = self.right.iter().any(|side| match side {
                Side::One(want) => self.how.holds(value, want),
                Side::Range(from, to) => How::GreaterEqual.holds(value, from) && How::LessEqual.holds(value, to),
                Side::Other(_) => false,
            });
            match self.how {
                How::Equal(true) | How::Differ(true) => {
                    one || !sides.is_empty() && sides.iter().all(|want| self.how.holds(value, want))
                }
                _ => one || sides.iter().any(|want| self.how.holds(value, want)),
            }
        };
        Some(match self.how {
            How::Equal(true) | How::Differ(true) => !left.is_empty() && left.iter().all(holds),
            _ => left.iter().any(holds),
        })
    }
}

impl How {
    fn holds(self, value: &Value, want: &Value) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        if self == How::Contains {
            return value.contains(want);
        }
        let order = value.order(want);
        match self {
            How::Equal(_) => order == Some(Equal),
            How::Differ(_) => order != Some(Equal),
            How::Less => order == Some(Less),
            How::LessEqual => matches!(order, Some(Less | Equal)),
            How::Greater => order == Some(Greater),
            How::GreaterEqual => matches!(order, Some(Greater | Equal)),
            How::There | How::Contains => false,
        }
    }
}

impl Operand {
    /// All values, as far as the packet is known; none where the field is not there.
    fn values(&self, look: &Look) -> Option<Vec<Value>> {
        let values = look.values(&self.name)?;
        Some(values.into_iter().filter_map(|value| Some(value.sliced(self.slice)?.masked(self.mask))).collect())
    }
}

impl Fault {
    fn new(kind: &str, at: usize, what: &str) -> Fault {
        let (at, len, what) = (at as u32, what.len() as u32, what.to_owned());
        Fault { kind: kind.to_owned(), at, len, what, ..Fault::default() }
    }
}

#[cfg(test)]
mod tests;
