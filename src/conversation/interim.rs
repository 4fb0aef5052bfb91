//! Frames → conversations by their endpoints, and nothing else: holds the place of the tracker until that lands.

use std::collections::HashMap;

use super::{Conversation, End, Endpoint, Kind, Transition};
use crate::capture::Record;
use crate::protocol::{Address, Context, Peek};

/// Word of the protocol, then one end and the other.
type Key = (&'static str, (Address, u16), (Address, u16));

#[derive(Default)]
pub struct Tracker {
    ids: HashMap<Key, u32>,
    conversations: Vec<Conversation>,
    frames: Vec<Vec<u32>>,
    of_frame: Vec<(u32, End)>,
    streams: (u32, u32),
}

impl Tracker {
    pub fn new() -> Tracker {
        Tracker::default()
    }

    pub fn push(&mut self, record: &Record, peek: &Peek) {
        let (from, to) = peek.ports.unwrap_or_default();
        let word = match (peek.tcp, peek.ports) {
            (Some(_), _) => "TCP",
            (None, Some(_)) => "UDP",
            (None, None) => peek.protocol,
        };
        let (from, to) = ((peek.source, from), (peek.destination, to));
        let known = self.ids.get(&(word, from, to)).map(|id| (*id, 0));
        let known = known.or_else(|| self.ids.get(&(word, to, from)).map(|id| (*id, 1)));
        let (id, end) = known.unwrap_or_else(|| (self.begin((word, from, to), record, peek), 0));
        self.of_frame.push((id, end));
        let frame = self.of_frame.len() as u32;
        if let (Some(it), Some(frames)) = (self.conversations.get_mut(id as usize), self.frames.get_mut(id as usize)) {
            it.frames += 1;
            it.bytes += u64::from(record.length);
            it.first = it.first.min(record.time);
            it.last = it.last.max(record.time);
            frames.push(frame);
        }
    }

    fn begin(&mut self, key: Key, record: &Record, peek: &Peek) -> u32 {
        let id = self.len();
        let kind = match key.0 {
            "TCP" => {
                self.streams.0 += 1;
                Kind::Tcp(self.streams.0 - 1)
            }
            "UDP" => {
                self.streams.1 += 1;
                Kind::Udp(self.streams.1 - 1)
            }
            _ => Kind::Other,
        };
        let end =
            |(address, port): (Address, u16)| Endpoint { address: address.to_string(), port: peek.ports.map(|_| port) };
        self.ids.insert(key, id);
        self.frames.push(Vec::new());
        self.conversations.push(Conversation {
            id,
            kind,
            protocol: peek.protocol.to_owned(),
            ends: [end(key.1), end(key.2)],
            frames: 0,
            bytes: 0,
            first: record.time,
            last: record.time,
        });
        id
    }

    pub fn len(&self) -> u32 {
        self.conversations.len() as u32
    }

    pub fn is_empty(&self) -> bool {
        self.conversations.is_empty()
    }

    pub fn get(&self, id: u32) -> Option<Conversation> {
        self.conversations.get(id as usize).cloned()
    }

    pub fn of_frame(&self, frame: u32) -> Option<(u32, End)> {
        self.of_frame.get(frame.checked_sub(1)? as usize).copied()
    }

    pub fn frames(&mut self, id: u32) -> &[u32] {
        self.frames.get(id as usize).map_or(&[], Vec::as_slice)
    }

    pub fn row(&mut self, frame: u32) -> u32 {
        let frames = self.of_frame(frame).and_then(|(id, _)| self.frames.get(id as usize));
        frames.and_then(|frames| frames.binary_search(&frame).ok()).map_or(0, |row| row as u32)
    }

    pub fn context(&mut self, frame: u32) -> Context {
        let kind = self.of_frame(frame).and_then(|(id, _)| self.conversations.get(id as usize)).map(|it| it.kind);
        match kind {
            Some(Kind::Tcp(stream)) => Context { tcp_stream: Some(stream), ..Context::default() },
            Some(Kind::Udp(stream)) => Context { udp_stream: Some(stream), ..Context::default() },
            _ => Context::default(),
        }
    }

    pub fn transitions(&mut self, _id: u32) -> &[Transition] {
        &[]
    }

    pub fn marks(&mut self, _id: u32, _row: u32) -> Vec<&'static str> {
        Vec::new()
    }
}
