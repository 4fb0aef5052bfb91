//! A conversation → what lists are sorted and searched by.

use super::{Flow, Port, Tracker};
use crate::protocol::Address;

/// As in `Conversation`, but not yet as text.
pub struct Brief {
    pub protocol: &'static str,
    pub ends: [(Address, Port); 2],
    pub frames: u32,
    pub bytes: u64,
    pub first: i64,
    pub last: i64,
}

impl Tracker {
    pub fn brief(&self, id: u32) -> Option<Brief> {
        let Flow { protocol, ends, frames, bytes, first, last, .. } = *self.flows.get(id as usize)?;
        Some(Brief { protocol, ends, frames, bytes, first, last })
    }
}
