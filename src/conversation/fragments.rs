//! IP fragments, in order → the datagrams that they make, which one makes each whole, and what overlaps or is missing.
//!
//! A datagram is known by its addresses, protocol and identification (RFC 791 §3.2, RFC 8200 §4.5). Only places are kept, no
//! bytes; the datagrams that are not whole yet are bounded in number, and the oldest one gives way.

use std::collections::{BTreeMap, VecDeque};

use super::hash::Table;
use super::order::sorted;
use crate::protocol::{Address, FragmentHead, Peek, TcpHead};

/// Datagrams that may wait for fragments at the same time.
pub const MAX_WAITING: usize = 1_024;
/// Fragments of one datagram that are kept: of 64 KiB in pieces of 8 bytes.
pub const MAX_PIECES: usize = 8_192;

/// What one fragment brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    pub frame: u32,
    /// Place in the datagram's payload, in bytes.
    pub offset: u32,
    pub len: u32,
    /// Where its bytes begin in its frame.
    pub at: u32,
}

/// A datagram that came in fragments.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    /// In the order in which they came.
    pub shards: Vec<Shard>,
    /// Bytes of the payload, known from the last fragment.
    pub length: Option<u32>,
    /// The frame whose fragment was the last one missing.
    pub whole_in: Option<u32>,
    /// Whether some bytes came more than once.
    pub overlaps: bool,
    first: Option<First>,
}

/// What the fragment with the transport header tells.
#[derive(Clone, Copy, Debug)]
struct First {
    protocol: &'static str,
    ports: Option<(u16, u16)>,
    tcp: Option<TcpHead>,
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    ends: (Address, Address),
    protocol: u8,
    id: u32,
}

#[derive(Default)]
pub(super) struct Fragments {
    waiting: Table<Key, u32>,
    /// Keys in the order in which they began to wait; some of them may be whole by now.
    order: VecDeque<(Key, u32)>,
    datagrams: Vec<Pieces>,
    frames: BTreeMap<u32, u32>,
}

impl Fragments {
    /// Takes a frame's fragment. Answers what the frame then is to its conversation: the whole datagram in the frame that
    /// completes it, else as much as is known of it.
    pub fn take(&mut self, frame: u32, peek: &Peek) -> Option<Peek> {
        let head = peek.fragment?;
        let key = || Key { ends: (peek.source, peek.destination), protocol: head.protocol, id: head.id };
        let known = self.waiting.get(&key()).copied();
        let datagram = known.unwrap_or_else(|| {
            let number = self.datagrams.len() as u32;
            self.datagrams.push(Pieces::default());
            self.waiting.insert(key(), number);
            self.order.push_back((key(), number));
            self.forget();
            number
        });
        let pieces = self.datagrams.get_mut(datagram as usize)?;
        self.frames.insert(frame, datagram);
        if head.offset == 0 && pieces.first.is_none() {
            pieces.first = Some(First { protocol: peek.protocol, ports: peek.ports, tcp: peek.tcp });
        }
        pieces.add(frame, &head);
        let mut seen = *peek;
        let first = pieces.first;
        if let Some(first) = first {
            seen.protocol = first.protocol;
            seen.ports = first.ports;
        }
        seen.tcp = None;
        if pieces.whole_in == Some(frame) {
            let length = pieces.length.unwrap_or_default();
            seen.tcp = first
                .and_then(|first| first.tcp)
                .map(|tcp| TcpHead { payload: length.saturating_sub(tcp.header), ..tcp });
            self.waiting.remove(&key());
        }
        Some(seen)
    }

    /// The datagram that a frame is a fragment of.
    pub fn of(&self, frame: u32) -> Option<&Pieces> {
        self.datagrams.get(*self.frames.get(&frame)? as usize)
    }

    /// Memory, in bytes.
    pub fn bytes(&self) -> usize {
        let shards: usize = self.frames.len() * (size_of::<Shard>() + 2 * size_of::<u32>());
        shards + self.datagrams.capacity() * size_of::<Pieces>()
    }

    /// The oldest one gives up waiting where too many do.
    fn forget(&mut self) {
        while self.waiting.len() > MAX_WAITING {
            let Some((key, number)) = self.order.pop_front() else { return };
            if self.waiting.get(&key) == Some(&number) {
                self.waiting.remove(&key);
            }
        }
        // What became whole long ago need not be remembered, either.
        if self.order.len() > 2 * MAX_WAITING {
            let waiting = &self.waiting;
            self.order.retain(|(key, number)| waiting.get(key) == Some(number));
        }
    }
}

impl Pieces {
    fn add(&mut self, frame: u32, head: &FragmentHead) {
        if self.shards.len() >= MAX_PIECES {
            return;
        }
        let (from, to) = (head.offset, head.offset.saturating_add(head.len));
        self.overlaps |= self.shards.iter().any(|other| from < other.offset + other.len && other.offset < to);
        self.shards.push(Shard { frame, offset: head.offset, len: head.len, at: head.at });
        if !head.more {
            self.length = Some(to);
        }
        if self.whole_in.is_none() && self.length.is_some() && self.missing().is_none() {
            self.whole_in = Some(frame);
        }
    }

    /// Whether this frame's fragment carries bytes that an earlier one had brought.
    pub fn overlaps_in(&self, frame: u32) -> bool {
        let Some(place) = self.shards.iter().position(|shard| shard.frame == frame) else { return false };
        let (before, mine) = (&self.shards[..place], self.shards[place]);
        before.iter().any(|other| mine.offset < other.offset + other.len && other.offset < mine.offset + mine.len)
    }

    /// The first hole: from where, and to where if anything lies behind it or the end is known.
    pub fn missing(&self) -> Option<(u32, Option<u32>)> {
        let places = sorted(self.shards.iter().map(|shard| (shard.offset, shard.len)).collect());
        let mut reached = 0;
        for (offset, len) in places {
            if offset > reached {
                return Some((reached, Some(offset)));
            }
            reached = reached.max(offset + len);
        }
        match self.length {
            Some(length) if reached >= length => None,
            length => Some((reached, length)),
        }
    }
}
