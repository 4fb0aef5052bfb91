//! A filter → the frames that it means, found in turns between which other requests are answered.
//!
//! A frame is judged by the index and the conversations, then by its headers, and is only taken apart where that does not
//! tell. What is kept is four bytes for each frame that was found, and a bit for each conversation.

use super::{Engine, Failure, Matched, Response, window};
use crate::capture::{Column, Record, Source};
use crate::filter::{self, Filter, Known, Look};

/// What a frame costs that is judged by the index, by its headers, and taken apart: about their times against each other.
const COSTS: [u32; 3] = [1, 4, 64];
/// Bytes that are read at once where frames follow one another.
const BLOCK: usize = 256 * 1024;

/// A filter and how far it has got.
pub(super) struct Search {
    number: u32,
    filter: Filter,
    /// Frames judged so far.
    seen: u32,
    found: Column<u32>,
    /// A bit for each conversation: one of its frames was found. And how many have it.
    met: Vec<u64>,
    conversations: u32,
    /// The frames of one conversation among those found, as far as they have been sorted out.
    limited: (Option<u32>, usize, Vec<u32>),
    done: bool,
    block: Block,
}

/// Bytes read ahead, and where they begin in the source.
pub(super) type Block = (u64, Vec<u8>);

impl<S: Source> Engine<S> {
    /// Begins to look for the frames that a filter means; [`Engine::search_on`] goes on. Another search ends, but
    /// for a text that is no filter; an empty one begins none.
    pub(super) fn search(&mut self, number: u32, text: &str, known: &[Known]) -> Response {
        if text.is_empty() {
            self.search = None;
            return Response::Matched(Matched { number, done: true, ..Matched::default() });
        }
        match filter::parse(text, known) {
            Ok(filter) => {
                let search = Search {
                    number,
                    filter,
                    seen: 0,
                    found: Column::new(),
                    met: Vec::new(),
                    conversations: 0,
                    limited: (None, 0, Vec::new()),
                    done: false,
                    block: (0, Vec::new()),
                };
                let matched = search.matched(self.frames());
                self.search = Some(search);
                Response::Matched(matched)
            }
            Err(fault) => Response::Fault { number, fault },
        }
    }

    /// Whether frames are left that a filter has not judged.
    pub fn is_searching(&self) -> bool {
        self.search.as_ref().is_some_and(|search| !search.done)
    }

    /// Judges the next frames, about as many as cost so much (a frame taken apart costs 64); says how far it has got.
    pub fn search_on(&mut self, cost: u32) -> Response {
        let Some(mut search) = self.search.take() else { return Response::Matched(Matched::default()) };
        let mut spent = 0;
        while spent < cost && search.seen < self.frames() {
            let frame = search.seen + 1;
            match self.judge(&mut search, frame) {
                Ok((holds, level)) => {
                    if holds {
                        search.found.push(frame);
                        search.meet(self.tracker.of_frame(frame).map_or(0, |(id, _)| id));
                    }
                    spent += COSTS.get(level).copied().unwrap_or_default();
                }
                Err(failure) => return Response::Failed(failure),
            }
            search.seen = frame;
        }
        search.done = search.seen >= self.frames();
        let matched = search.matched(self.frames());
        self.search = Some(search);
        Response::Matched(matched)
    }

    /// Ends a search, where there is one; what it has found stays.
    pub(super) fn end_search(&mut self) -> Option<Response> {
        let frames = self.frames();
        let search = self.search.as_mut()?;
        search.done = true;
        Some(Response::Matched(search.matched(frames)))
    }

    pub(super) fn matches(
        &mut self,
        number: u32,
        conversation: Option<u32>,
        start: u32,
        count: u32,
    ) -> Result<Response, Failure> {
        let tracker = &self.tracker;
        let search = self.search.as_mut().filter(|search| search.number == number);
        let search = search.ok_or_else(|| Failure::new("no-such-row", format!("there is no search {number}")))?;
        let of = |frame: u32| tracker.of_frame(frame).map(|(id, _)| id);
        if conversation.is_some() {
            search.limit(conversation, of);
        }
        let total = if conversation.is_some() { search.limited.2.len() } else { search.found.len() } as u32;
        let (start, end) = window(start.min(total), count, total)?;
        let frame = |at: u32| match conversation {
            Some(_) => search.limited.2.get(at as usize).copied(),
            None => search.found.get(at as usize),
        };
        let frames: Vec<u32> = (start..end).filter_map(frame).collect();
        let rows = frames.into_iter().map(|frame| self.frame_line(frame)).collect::<Result<_, _>>()?;
        Ok(Response::Matches { number, conversation, start, total, rows })
    }

    /// Whether a packet of a conversation was found; `None`: there is no filter.
    pub(super) fn met(&self, conversation: u32) -> Option<bool> {
        let word = self.search.as_ref()?.met.get(conversation as usize / 64).copied().unwrap_or_default();
        Some(word >> (conversation % 64) & 1 == 1)
    }

    /// Whether a frame is meant, and how closely it had to be looked at.
    fn judge(&mut self, search: &mut Search, frame: u32) -> Result<(bool, usize), Failure> {
        let of = self.tracker.of_frame(frame).map(|(id, _)| id);
        let Some(record) = self.index.get(frame) else { return Ok((false, 0)) };
        let time = |frame| self.index.get(frame).map_or(record.time, |record: Record| record.time);
        let (first, before) = (time(1), time(frame.saturating_sub(1)));
        let context = self.tracker.context(frame);
        let hidden = of.and_then(|id| self.tracker.protocol(id)) == Some("QUIC");
        let look = Look { frame, record: &record, first, before, context: &context, hidden, bytes: None, packet: None };
        if let Some(holds) = search.filter.holds(&look) {
            return Ok((holds, 0));
        }
        self.read_near(&mut search.block, frame, &record)?;
        if let Some(holds) = search.filter.holds(&Look { bytes: Some(&self.bytes), ..look }) {
            return Ok((holds, 1));
        }
        let packet = self.dissect(frame, &record);
        let holds = search.filter.holds(&Look { bytes: Some(&self.bytes), packet: Some(&packet), ..look });
        Ok((holds.unwrap_or_default(), 2))
    }

    /// As `read`, out of a block that serves the following frames, too.
    pub(super) fn read_near(&mut self, block: &mut Block, frame: u32, record: &Record) -> Result<(), Failure> {
        let size = record.captured.min(super::BYTES_SHOWN) as usize;
        let part = |block: &Block| {
            let from = usize::try_from(record.offset.checked_sub(block.0)?).ok()?;
            block.1.get(from..from.checked_add(size)?).map(<[u8]>::to_vec)
        };
        self.bytes = match part(block) {
            Some(bytes) => bytes,
            None => {
                block.1.resize(BLOCK.max(size), 0);
                let read = self.reader.content().read_at(record.offset, &mut block.1);
                let read = read.map_err(|why| {
                    Failure::new("unreadable", format!("frame {frame} could not be read again: {why}"))
                })?;
                block.1.truncate(read);
                block.0 = record.offset;
                block.1.get(..size.min(read)).unwrap_or_default().to_vec()
            }
        };
        Ok(())
    }
}

impl Search {
    fn meet(&mut self, conversation: u32) {
        let (word, bit) = (conversation as usize / 64, 1 << (conversation % 64));
        if self.met.len() <= word {
            self.met.resize(word + 1, 0);
        }
        if let Some(word) = self.met.get_mut(word).filter(|word| **word & bit == 0) {
            *word |= bit;
            self.conversations += 1;
        }
    }

    /// Sorts out the frames of one conversation among those found since the last time.
    fn limit(&mut self, conversation: Option<u32>, of: impl Fn(u32) -> Option<u32>) {
        if self.limited.0 != conversation {
            self.limited = (conversation, 0, Vec::new());
        }
        let (_, seen, frames) = &mut self.limited;
        while let Some(frame) = self.found.get(*seen) {
            *seen += 1;
            if of(frame) == conversation {
                frames.push(frame);
            }
        }
    }

    /// Its number, and the conversations that it has found a frame of.
    pub(super) fn counts(&self) -> (u32, u32) {
        (self.number, self.conversations)
    }

    fn matched(&self, frames: u32) -> Matched {
        let (found, conversations) = (self.found.len() as u32, self.conversations);
        Matched { number: self.number, seen: self.seen, frames, found, conversations, done: self.done }
    }
}
