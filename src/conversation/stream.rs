//! Segments of one TCP conversation → the messages that they carry, and which segment makes each whole.
//!
//! The bytes themselves are not kept: of a message whose length is known only the places of its pieces are. Only while a
//! protocol cannot yet say how long its message is does an end hold its first bytes, and bytes that came early wait in a
//! bounded queue. A gap that is not filled in time is passed over, and reading goes on where a message begins again.

use std::collections::{BTreeMap, VecDeque};

use super::order::sorted;
use crate::protocol::{self, App, Chosen, Framing, Talk};

/// Bytes that are held while the length of a message is unknown.
pub const MAX_UNDECIDED: usize = 256 * 1024;
/// Bytes that wait, ahead of a gap, for the bytes in it.
pub const MAX_EARLY: usize = 256 * 1024;

/// One segment with data.
#[derive(Clone, Copy, Debug)]
pub struct Data<'a> {
    /// Position in the conversation.
    pub row: u32,
    pub end: u8,
    pub seq: u32,
    /// As far as it was captured.
    pub bytes: &'a [u8],
    /// Bytes that it had on the wire.
    pub length: u32,
}

/// A stretch of one segment's payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub row: u32,
    pub from: u32,
    pub to: u32,
}

/// A message, as far as its segments have been fed.
#[derive(Debug)]
pub struct Message {
    /// In the order of the stream.
    pub pieces: Vec<Piece>,
    pub fate: Fate,
    /// What TLS has chosen by then.
    pub chosen: Chosen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Growing,
    Whole,
    /// Bytes of it are missing.
    Torn,
}

/// What an end is in the middle of.
#[derive(Debug, Default)]
struct Direction {
    /// The sequence number that comes next; `None` before the first segment.
    next: Option<u32>,
    /// First bytes of a message of unknown length.
    held: Vec<u8>,
    /// The message that is not whole yet, and how many bytes it still needs where that is known.
    open: Option<(u32, Option<usize>)>,
    /// Segments beyond a gap, in order of their sequence numbers.
    early: VecDeque<(u32, u32, Vec<u8>)>,
    early_bytes: usize,
    /// No message boundary is known: bytes were missed.
    lost: bool,
}

/// The messages of a conversation, as far as its segments have been fed.
#[derive(Debug, Default)]
pub struct Stream {
    app: Option<App>,
    /// Whether another protocol may still turn out to be spoken.
    decided: bool,
    ports: (u16, u16),
    talk: Talk,
    ends: [Direction; 2],
    /// In the order in which they were begun, and how many before them were forgotten.
    messages: VecDeque<Message>,
    forgotten: u32,
    /// A row's pieces: where in the payload each begins, and the message it belongs to.
    rows: BTreeMap<u32, Vec<(u32, u32)>>,
}

impl Stream {
    /// `middle`: the first segment that will be fed need not be the conversation's first.
    pub fn new(ports: (u16, u16), app: Option<App>, middle: bool) -> Stream {
        let mut stream = Stream { ports, app, decided: app.is_some(), ..Stream::default() };
        for end in &mut stream.ends {
            end.lost = middle;
        }
        stream
    }

    pub fn app(&self) -> Option<App> {
        self.app
    }

    /// Notes a SYN: the sequence number of the first byte of data is one more.
    pub fn opens(&mut self, end: u8, seq: u32) {
        let first = Some(seq.wrapping_add(1));
        if let Some(direction) = self.ends.get_mut(usize::from(end)).filter(|direction| direction.next != first) {
            *direction = Direction { next: first, ..Direction::default() };
        }
    }

    /// Notes a FIN: what goes on until then is whole.
    pub fn closes(&mut self, end: u8) {
        let Some(direction) = self.ends.get_mut(usize::from(end)) else { return };
        if let Some((message, None)) = direction.open
            && direction.held.is_empty()
        {
            direction.open = None;
            self.settle(message, Fate::Whole);
        }
    }

    /// Takes the next segment with data, in the capture's order.
    pub fn feed(&mut self, data: Data) {
        let Some(direction) = self.ends.get_mut(usize::from(data.end)) else { return };
        let next = *direction.next.get_or_insert(data.seq);
        let ahead = data.seq.wrapping_sub(next) as i32;
        let cut = (data.bytes.len() as u32) < data.length;
        if ahead > 0 && !cut {
            direction.wait(data);
            if direction.early_bytes > MAX_EARLY {
                self.give_up(data.end);
            }
            return;
        }
        let seen = ahead.min(0).unsigned_abs();
        if seen >= data.length && data.length > 0 {
            return;
        }
        if cut || ahead > 0 {
            // Bytes that the capture lacks are a gap that nobody fills.
            self.tear(data.end);
            if let Some(direction) = self.ends.get_mut(usize::from(data.end)) {
                direction.next = Some(data.seq.wrapping_add(data.length));
            }
            return;
        }
        self.take(data.end, data.row, seen, data.bytes);
        self.take_early(data.end);
    }

    /// No more segments will come: what waits for a gap to be filled is read without it.
    pub fn finish(&mut self) {
        for end in [0, 1] {
            while !self.ends[usize::from(end)].early.is_empty() {
                self.give_up(end);
            }
        }
    }

    /// The messages that a row's segment has a piece of, in the order of its bytes.
    pub fn carried(&self, row: u32) -> impl Iterator<Item = &Message> {
        let mut pieces = sorted(self.rows.get(&row).cloned().unwrap_or_default());
        pieces.dedup_by_key(|(_, message)| *message);
        pieces.into_iter().filter_map(|(_, message)| self.messages.get(message.checked_sub(self.forgotten)? as usize))
    }

    /// Whether what comes later may still tell more of a row's segment: its message goes on, or it came before others of its end.
    pub fn waits(&self, row: u32) -> bool {
        let early = self.ends.iter().any(|direction| direction.early.iter().any(|(_, waiting, _)| *waiting == row));
        early || self.carried(row).any(|message| message.fate == Fate::Growing)
    }

    /// Forgets what lies wholly before a row; feeding goes on as if nothing had happened.
    pub fn forget(&mut self, before: u32) {
        self.rows = self.rows.split_off(&before);
        let past =
            |message: &Message| message.fate != Fate::Growing && message.pieces.iter().all(|piece| piece.row < before);
        while self.messages.pop_front_if(|message| past(message)).is_some() {
            self.forgotten += 1;
        }
    }

    fn message_mut(&mut self, message: u32) -> Option<&mut Message> {
        self.messages.get_mut(message.checked_sub(self.forgotten)? as usize)
    }

    fn settle(&mut self, message: u32, fate: Fate) {
        if let Some(message) = self.message_mut(message) {
            message.fate = fate;
        }
    }

    /// Bytes in order: `bytes[from..]` of a row's payload come next in the stream.
    fn take(&mut self, end: u8, row: u32, from: u32, bytes: &[u8]) {
        let mut at = from;
        let length = bytes.len() as u32;
        if let Some(direction) = self.ends.get_mut(usize::from(end)) {
            direction.next = direction.next.map(|next| next.wrapping_add(length.saturating_sub(from)));
        }
        while let Some(rest) = bytes.get(at as usize..).filter(|rest| !rest.is_empty()) {
            let taken = self.step(end, row, at, rest).clamp(1, length - at);
            at += taken;
        }
    }

    /// Gives the next bytes to the message that they belong to, and says how many those are.
    fn step(&mut self, end: u8, row: u32, at: u32, rest: &[u8]) -> u32 {
        let open = self.ends.get(usize::from(end)).and_then(|direction| direction.open);
        let message = match open {
            Some((message, Some(needed))) => {
                let taken = needed.min(rest.len());
                return self.grow(end, message, row, at, taken, needed - taken);
            }
            Some((message, None)) if self.ends[usize::from(end)].held.is_empty() => {
                // It goes on until the FIN.
                self.put(row, at, rest.len(), message);
                return rest.len() as u32;
            }
            Some((message, None)) => message,
            None => {
                self.begin(end, rest);
                if self.app.is_none() || self.ends[usize::from(end)].lost {
                    return rest.len() as u32;
                }
                self.messages.push_back(Message { pieces: Vec::new(), fate: Fate::Growing, chosen: self.talk.chosen });
                self.forgotten + self.messages.len() as u32 - 1
            }
        };
        let mut held = std::mem::take(&mut self.ends[usize::from(end)].held);
        let before = held.len();
        held.extend_from_slice(rest);
        self.talk.end = end;
        let framing = self.app.map_or(Framing::Loose, |app| app.framing(&held, &mut self.talk));
        let chosen = self.talk.chosen;
        if let Some(open) = self.message_mut(message) {
            open.chosen = chosen;
        }
        match framing {
            Framing::Bytes(size) if size > before => {
                let taken = (size - before).min(rest.len());
                self.grow(end, message, row, at, taken, size - before - taken)
            }
            Framing::More if held.len() <= MAX_UNDECIDED => {
                self.put(row, at, rest.len(), message);
                self.ends[usize::from(end)].held = held;
                self.ends[usize::from(end)].open = Some((message, None));
                rest.len() as u32
            }
            Framing::UntilClose => {
                self.put(row, at, rest.len(), message);
                self.ends[usize::from(end)].open = Some((message, None));
                rest.len() as u32
            }
            // What has no length is a message by itself, a segment at a time; so is what never says its length.
            _ => self.grow(end, message, row, at, rest.len(), 0),
        }
    }

    /// At the beginning of a message: is it still the protocol that it was, and does one begin here at all?
    fn begin(&mut self, end: u8, rest: &[u8]) {
        if !self.decided {
            self.app = protocol::over_tcp(self.ports, rest);
            self.decided = self.app.is_some();
        } else if let Some(other) = protocol::takes_over(rest).filter(|other| Some(*other) != self.app) {
            // TLS begins within another protocol's stream: STARTTLS, CONNECT.
            self.app = Some(other);
        }
        let direction = &mut self.ends[usize::from(end)];
        if direction.lost && self.app.is_some_and(|app| app.may_begin(rest)) {
            direction.lost = false;
        }
    }

    fn grow(&mut self, end: u8, message: u32, row: u32, at: u32, taken: usize, needed: usize) -> u32 {
        self.put(row, at, taken, message);
        let direction = &mut self.ends[usize::from(end)];
        direction.held = Vec::new();
        direction.open = (needed > 0).then_some((message, Some(needed)));
        if needed == 0 {
            self.settle(message, Fate::Whole);
        }
        taken as u32
    }

    fn put(&mut self, row: u32, at: u32, count: usize, message: u32) {
        if let Some(open) = self.message_mut(message) {
            open.pieces.push(Piece { row, from: at, to: at + count as u32 });
            self.rows.entry(row).or_default().push((at, message));
        }
    }

    /// Bytes of the open message are missing: it will never be whole, and nobody knows where the next one begins.
    fn tear(&mut self, end: u8) {
        let direction = &mut self.ends[usize::from(end)];
        direction.held = Vec::new();
        direction.lost = true;
        if let Some((message, _)) = direction.open.take() {
            self.settle(message, Fate::Torn);
        }
    }

    /// Passes over the gap before the earliest of the segments that wait.
    fn give_up(&mut self, end: u8) {
        self.tear(end);
        let direction = &mut self.ends[usize::from(end)];
        direction.next = direction.early.front().map_or(direction.next, |(seq, ..)| Some(*seq));
        self.take_early(end);
    }

    /// Takes what waited for the bytes that have come.
    fn take_early(&mut self, end: u8) {
        loop {
            let direction = &mut self.ends[usize::from(end)];
            let Some(next) = direction.next else { return };
            let due = direction.early.front().is_some_and(|(seq, ..)| next.wrapping_sub(*seq) as i32 >= 0);
            let Some((seq, row, bytes)) = direction.early.pop_front_if(|_| due) else { return };
            direction.early_bytes -= bytes.len();
            let seen = next.wrapping_sub(seq);
            if (seen as usize) < bytes.len() {
                self.take(end, row, seen, &bytes);
            }
        }
    }
}

impl Direction {
    fn wait(&mut self, data: Data) {
        let place = self.early.partition_point(|(seq, ..)| (seq.wrapping_sub(data.seq) as i32) < 0);
        self.early.insert(place, (data.seq, data.row, data.bytes.to_vec()));
        self.early_bytes += data.bytes.len();
    }
}
