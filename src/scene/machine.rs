//! A conversation's transitions at a position → both TCP machines on RFC 9293's figure 5.

use crate::conversation::Transition;

use super::{Draw, View, Words};

/// The figure with a token for each end.
pub fn machine(_transitions: &[Transition], _position: f64, _view: &View, _words: &Words) -> Vec<Draw> {
    Vec::new()
}
