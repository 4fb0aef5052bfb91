//! A source's bytes → the index and the conversations, a turn at a time.

use std::collections::BTreeSet;

use super::hosts::Hosts;
use super::messages::Messages;
use super::quic::Talks;
use super::{Engine, Failure, MAX_FRAMES, Progress, Response, Start, Summary};
use crate::capture::{self, Index, OpenError, Origin, Reader, Source};
use crate::conversation::Tracker;
use crate::protocol::{self, Peek};

/// Opened conversations remembered while none of them has carried data: a scan of ports may open very many.
pub const MAX_OPENED: usize = 4_096;

const SYN: u16 = 0x002;

impl<S: Source> Engine<S> {
    /// Looks at the beginning of the source only; [`Engine::advance`] reads on.
    pub fn open(source: S, name: &str) -> Result<Engine<S>, Failure> {
        Ok(Engine::over(capture::open(source)?, name))
    }

    /// As [`Engine::open`], for a capture that needs no conversion, or was converted from `origin`.
    pub fn open_plain(source: S, name: &str, origin: Option<Origin>) -> Result<Engine<S>, Failure> {
        Ok(Engine::over(capture::open_plain(source, origin)?, name))
    }

    fn over(reader: Reader<S>, name: &str) -> Engine<S> {
        Engine {
            reader,
            index: Index::default(),
            tracker: Tracker::new(),
            name: name.to_owned(),
            state: Progress::Reading,
            most: MAX_FRAMES,
            times: None,
            start: Start::default(),
            notes: Vec::new(),
            axis: None,
            bytes: Vec::new(),
            messages: Messages::default(),
            talks: Talks::default(),
            too_big: super::exchange::TooBig::default(),
            search: None,
            survey: None,
            order: None,
            hosts: Hosts::default(),
        }
    }

    /// Ends the reading after so many packets, where [`MAX_FRAMES`] are too many.
    pub fn keeping_at_most(mut self, packets: u32) -> Engine<S> {
        self.most = packets.min(MAX_FRAMES);
        self
    }

    /// Whether there is more to read before the capture is open.
    pub fn is_opening(&self) -> bool {
        self.state == Progress::Reading
    }

    /// Reads records from at most about `max_bytes` of the source (a record is never left half read). Answers
    /// `Progress`, or `Opened` once the source's end is reached; called again after that, it reads what the source has
    /// grown by.
    pub fn advance(&mut self, max_bytes: u64) -> Result<Response, Failure> {
        if self.state == Progress::AtEnd {
            self.state = Progress::Reading;
        }
        let pause = self.reader.position().saturating_add(max_bytes.max(1));
        while self.state == Progress::Reading {
            if self.reader.position() >= pause {
                return Ok(self.progress());
            }
            self.read_record()?;
        }
        self.opened()
    }

    /// Reads one record, or finds out why there is none.
    fn read_record(&mut self) -> Result<(), Failure> {
        let full = self.frames() >= self.most;
        match self.reader.next() {
            Ok(Some(_)) if full => {
                let most = self.most;
                self.notes
                    .push(format!("Only the first {most} packets were read, which is the most that can be kept."));
                self.state = Progress::Ended;
            }
            Ok(Some((record, bytes))) => {
                let peek = protocol::peek(record.link, bytes, record.length);
                self.index.push(&record);
                self.tracker.push(&record, bytes, &peek);
                let (first, last) = self.times.unwrap_or((record.time, record.time));
                self.times = Some((first.min(record.time), last.max(record.time)));
                let frame = self.frames();
                if let Some((conversation, _)) = self.tracker.of_frame(frame) {
                    self.start.look(&peek, conversation);
                }
            }
            Ok(None) => self.state = Progress::AtEnd,
            Err(why) => {
                self.state = Progress::Ended;
                let frames = self.frames();
                if frames == 0 {
                    return Err(Failure::new("unreadable", why));
                }
                // What has been read stays of use.
                self.notes.push(format!("The file could not be read beyond frame {frames}: {why}"));
            }
        }
        Ok(())
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Memory that the index and the conversations take, in bytes.
    pub fn bytes(&self) -> usize {
        self.index.bytes() + self.tracker.bytes()
    }

    /// Stops a search, or reading, and keeps what was found or read.
    pub(super) fn cancel(&mut self) -> Response {
        if let Some(ended) = self.end_search() {
            return ended;
        }
        if self.state == Progress::Reading {
            self.state = Progress::Cancelled;
        }
        self.opened().unwrap_or_else(Response::Failed)
    }

    pub(super) fn frames(&self) -> u32 {
        self.index.len()
    }

    fn progress(&mut self) -> Response {
        let size = self.reader.content().size();
        Response::Progress { read: self.reader.position().min(size), size, frames: self.frames() }
    }

    fn opened(&mut self) -> Result<Response, Failure> {
        let Some((first, last)) = self.times else {
            let detail = format!("{} holds no packet: {}", self.name, self.reader.format());
            return Err(Failure::new("no-packets", detail));
        };
        Ok(Response::Opened(Summary {
            name: self.name.clone(),
            format: self.reader.format(),
            size: self.reader.file_size(),
            frames: self.frames(),
            conversations: self.tracker.len(),
            first,
            last,
            notes: [self.reader.notes(), &self.notes].concat(),
            start_with: Some(self.start.best()),
            cancelled: self.state == Progress::Cancelled,
        }))
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Failure {
        Failure::new(error.kind(), error.to_string())
    }
}

impl Start {
    fn look(&mut self, peek: &Peek, id: u32) {
        match peek.tcp {
            Some(tcp) if self.whole.is_none() => {
                self.tcp.get_or_insert(id);
                if tcp.flags & SYN != 0 && self.opened.len() < MAX_OPENED {
                    self.opened.insert(id);
                }
                if tcp.payload > 0 && self.opened.contains(&id) {
                    self.whole = Some(id);
                    self.opened = BTreeSet::new();
                }
            }
            None if peek.ports.is_some() && self.udp.is_none() => self.udp = Some(id),
            _ => {}
        }
    }

    /// A whole TCP conversation, else any TCP, else UDP, else the first.
    fn best(&self) -> u32 {
        self.whole.or(self.tcp).or(self.udp).unwrap_or(0)
    }
}
