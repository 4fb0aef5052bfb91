//! A frame of a TCP conversation → the messages that it carries, put together out of the bytes of its neighbours.
//!
//! Nothing of this happens while a capture is read: a conversation is gone through when somebody looks at one of its
//! frames, from its beginning or from a little before that frame, and what was found is kept for the next look.

use std::collections::VecDeque;

use super::Engine;
use crate::capture::Source;
use crate::conversation::{Data, FIN, Fate, Piece, SYN, Stream, StreamOf};
use crate::protocol::{self, Buffer, Carried, Datagram, Made, Message, Part, Whole};

/// Frames of the conversation that are gone through before the one that is looked at, where it is far from the beginning.
pub const BACK: u32 = 1_024;
/// Frames that are gone through after it, for the end of a message that it begins.
pub const AHEAD: u32 = 1_024;
/// Bytes of one message that are put together; of a longer one this many are shown.
pub const MAX_MESSAGE: usize = 1024 * 1024;
/// Conversations whose messages are remembered.
const KEPT: usize = 64;
/// Rows that are remembered of one conversation; the older half is forgotten where there are more.
pub const MAX_ROWS_KEPT: usize = 32 * 1024;
/// Rows that are remembered of all conversations together.
const MAX_ROWS_ALL: usize = 4 * MAX_ROWS_KEPT;

/// A conversation that is being gone through.
struct Followed {
    conversation: u32,
    /// Rows gone through begin with this one.
    first: u32,
    /// Their frames.
    frames: Vec<u32>,
    stream: Stream,
    ended: bool,
}

/// Conversations that were looked at, the last one first.
#[derive(Default)]
pub(super) struct Messages {
    followed: VecDeque<Followed>,
}

impl Messages {
    fn keep(&mut self, followed: Followed) {
        self.followed.push_front(followed);
        let mut rows = 0;
        let fits = |followed: &&Followed| {
            rows += followed.frames.len();
            rows <= MAX_ROWS_ALL
        };
        let count = self.followed.iter().take(KEPT).take_while(fits).count();
        self.followed.truncate(count);
    }
}

impl Followed {
    /// Keeps memory bounded in a conversation of very many frames.
    fn forget(&mut self) {
        if self.frames.len() > MAX_ROWS_KEPT {
            let gone = self.frames.len() / 2;
            self.frames.drain(..gone);
            self.first += gone as u32;
            self.stream.forget(self.first);
        }
    }

    fn next(&self) -> u32 {
        self.first + self.frames.len() as u32
    }

    fn frame(&self, row: u32) -> Option<u32> {
        self.frames.get(row.checked_sub(self.first)? as usize).copied()
    }
}

impl<S: Source> Engine<S> {
    /// What a frame carries of its stream's messages; `None` where it carries no data or belongs to no TCP conversation.
    pub(super) fn carried(&mut self, frame: u32) -> Option<Carried> {
        let (id, _) = self.tracker.of_frame(frame)?;
        let of = self.tracker.stream(id)?;
        if self.tracker.segment(frame).payload == 0 {
            return None;
        }
        let row = self.tracker.row(frame);
        let mut followed = self.follow(id, of, frame, row);
        while followed.next() <= row && self.feed(&mut followed, of) {}
        let mut ahead = AHEAD;
        while ahead > 0 && followed.stream.waits(row) {
            if !self.feed(&mut followed, of) {
                break;
            }
            ahead -= 1;
        }
        let carried = self.look(&followed, row);
        self.messages.keep(followed);
        carried
    }

    /// Goes on with a conversation where that leads to the row soon, else begins anew.
    fn follow(&mut self, id: u32, of: StreamOf, frame: u32, row: u32) -> Followed {
        let kept = &mut self.messages.followed;
        let old = kept.iter().position(|followed| followed.conversation == id).and_then(|place| kept.remove(place));
        let fits = |followed: &Followed| {
            let more = !followed.ended || followed.next() == of.frames;
            more && (followed.first..followed.next() + BACK).contains(&row)
        };
        old.filter(fits).unwrap_or_else(|| {
            let first = row.saturating_sub(BACK);
            let start = if first == 0 { of.first_frame } else { self.tracker.frame_before(id, frame, BACK) };
            let app = of.app;
            let stream = Stream::new(of.ports, app, first > 0);
            // The first frame is fed at once, so that from then on the last one leads to the next.
            let mut followed = Followed { conversation: id, first, frames: Vec::new(), stream, ended: false };
            self.feed_frame(&mut followed, start);
            followed
        })
    }

    /// Goes through the conversation's next frame; false where there is none.
    fn feed(&mut self, followed: &mut Followed, of: StreamOf) -> bool {
        let next = if followed.next() < of.frames { followed.frames.last() } else { None };
        let next = next.and_then(|last| self.tracker.frame_after(followed.conversation, *last));
        match next {
            Some(frame) => self.feed_frame(followed, frame),
            None if !followed.ended => {
                followed.ended = true;
                followed.stream.finish();
            }
            None => {}
        }
        next.is_some()
    }

    fn feed_frame(&mut self, followed: &mut Followed, frame: u32) {
        followed.forget();
        let row = followed.next();
        followed.frames.push(frame);
        let Some((_, end)) = self.tracker.of_frame(frame) else { return };
        let segment = self.tracker.segment(frame);
        if segment.has(SYN) {
            followed.stream.opens(end, segment.seq);
        }
        if segment.payload > 0 {
            let seq = segment.seq.wrapping_add(u32::from(segment.has(SYN)));
            let bytes = self.payload(frame);
            followed.stream.feed(Data { row, end, seq, bytes: &bytes, length: segment.payload });
        }
        if segment.has(FIN) {
            followed.stream.closes(end);
        }
    }

    /// The captured part of a frame's payload; nothing where it cannot be read again.
    pub(super) fn payload(&mut self, frame: u32) -> Vec<u8> {
        let Some(record) = self.index.get(frame) else { return Vec::new() };
        let bytes = self.bytes_of(&record).unwrap_or_default();
        let (from, to) = match self.fragment(frame).map(|fragment| fragment.whole) {
            None => protocol::peek(record.link, &bytes, record.length).payload,
            // A segment that came in fragments lies in the datagram that they make.
            Some(Datagram::Ends(buffer)) => return self.payload_of(frame, &buffer.bytes),
            Some(_) => (0, 0),
        };
        bytes.get(from as usize..to as usize).unwrap_or_default().to_vec()
    }

    fn payload_of(&self, frame: u32, segment: &[u8]) -> Vec<u8> {
        let length = self.tracker.segment(frame).payload as usize;
        segment.get(segment.len().saturating_sub(length)..).unwrap_or_default().to_vec()
    }

    fn look(&mut self, followed: &Followed, row: u32) -> Option<Carried> {
        let messages: Vec<(Fate, Vec<Piece>)> =
            followed.stream.carried(row).map(|message| (message.fate, message.pieces.clone())).collect();
        let chosen = followed.stream.carried(row).last().map(|message| message.chosen).unwrap_or_default();
        let mut carried = Carried { app: followed.stream.app(), messages: Vec::new(), chosen };
        for (fate, pieces) in messages {
            let mine = pieces.iter().filter(|piece| piece.row == row);
            let Some((from, to)) = mine.map(|piece| (piece.from, piece.to)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
            else {
                continue;
            };
            let last = pieces.iter().map(|piece| piece.row).max().unwrap_or(row);
            let whole = match fate {
                Fate::Whole if pieces.iter().all(|piece| piece.row == row) => Whole::Within,
                Fate::Whole if last == row => Whole::Ends(self.join(followed, &pieces)),
                Fate::Whole => followed.frame(last).map_or(Whole::Never, Whole::In),
                Fate::Growing | Fate::Torn => Whole::Never,
            };
            carried.messages.push(Message { from, to, whole });
        }
        Some(carried)
    }

    /// Puts a message together out of its pieces.
    fn join(&mut self, followed: &Followed, pieces: &[Piece]) -> Buffer {
        let mut buffer = Buffer { made: Made::Message, bytes: Vec::new(), parts: Vec::new() };
        for piece in pieces {
            let Some(frame) = followed.frame(piece.row) else { continue };
            let payload = self.payload(frame);
            let part = payload.get(piece.from as usize..piece.to as usize).unwrap_or_default();
            let part = part.get(..MAX_MESSAGE.saturating_sub(buffer.bytes.len())).unwrap_or(part);
            buffer.parts.push(Part { frame, offset: buffer.bytes.len() as u32, len: part.len() as u32 });
            buffer.bytes.extend_from_slice(part);
            if buffer.bytes.len() >= MAX_MESSAGE {
                break;
            }
        }
        buffer
    }
}
