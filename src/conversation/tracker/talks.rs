//! Conversations → what of each tells of hosts, and the moves of many TCP conversations in one pass.

use super::{Kind, Port, Segment, Tracker};
use crate::conversation::Transition;
use crate::conversation::machine::{self, Move};
use crate::protocol::Address;

/// A conversation in short.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    pub id: u32,
    pub tcp: bool,
    pub protocol: &'static str,
    pub ends: [(Address, Port); 2],
    pub frames: u32,
    pub bytes: u64,
    pub first_frame: u32,
    /// Nanoseconds since 1970-01-01 UTC.
    pub first: i64,
    pub last: i64,
    /// A SYN shows who is the client.
    pub opened: bool,
}

impl Tracker {
    pub fn talks(&self) -> impl DoubleEndedIterator<Item = Talk> + Clone {
        self.flows.iter().enumerate().map(|(id, flow)| Talk {
            id: id as u32,
            tcp: matches!(flow.kind, Kind::Tcp(_)),
            protocol: flow.protocol,
            ends: flow.ends,
            frames: flow.frames,
            bytes: flow.bytes,
            first_frame: flow.first_frame,
            first: flow.first,
            last: flow.last,
            opened: flow.opening.shift.iter().any(Option::is_some),
        })
    }

    /// The moves of these TCP conversations.
    pub fn moves_of(&self, ids: &[u32]) -> Vec<(u32, Vec<Transition>)> {
        let mut moves: Vec<(u32, Vec<Move>)> = ids.iter().map(|id| (*id, Vec::new())).collect();
        for (at, place) in self.places.iter().enumerate() {
            let Some((_, mine)) = moves.iter_mut().find(|(id, _)| *id == place >> 1) else { continue };
            let segment: Segment = self.segments.get(at).unwrap_or_default();
            mine.push(Move { row: mine.len() as u32, frame: at as u32 + 1, end: (place & 1) as u8, segment });
        }
        moves.into_iter().map(|(id, moves)| (id, machine::run(&moves))).collect()
    }
}
