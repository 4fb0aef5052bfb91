//! A request → its answer, out of the index, the conversations and the bytes of the packets asked for.

use std::ops::Range;

use super::{
    ALL, Axis, BYTES_SHOWN, Engine, Failure, FrameLine, FrameView, MAX_ROWS, Request, Response, Row, Stage, view,
};
use crate::capture::{Record, Source};
use crate::conversation::analysis::Finding;
use crate::conversation::story::Event;
use crate::protocol::{self, Context, Found, Packet, Peek, UNFINISHED_CHECKSUM};
use crate::text::{self, Known, LineContext};

type Answer = Result<Response, Failure>;

impl<S: Source> Engine<S> {
    /// Never fails otherwise than by `Response::Failed`, whatever is asked.
    pub fn answer(&mut self, request: &Request) -> Response {
        let answer = match *request {
            Request::Open { .. } => Err(Failure::new("unreadable", "a capture is opened by who holds its bytes")),
            Request::Save { .. } => Err(Failure::new("unreadable", "a capture is saved by who can hold the file")),
            Request::Cancel => Ok(self.cancel()),
            Request::Frames { conversation, start, count } => self.frame_lines(conversation, start, count),
            Request::Layers { frame } => self.layers(frame),
            Request::Conversations { start, count } => self.conversations(start, count),
            Request::List { ref listing, start, count } => self.list(listing, start, count),
            Request::Overview => Ok(self.overview()),
            Request::Stage { conversation } => self.stage(conversation),
            Request::Tables { conversation, rows } => self.tables(conversation, rows),
            Request::Machine { conversation, machine } => {
                let (transitions, told) = self.exchange(conversation, Some(machine));
                Ok(Response::Machine { conversation, transitions, told })
            }
            Request::Story { conversation } => Ok(Response::Story { conversation, events: self.story(conversation) }),
            Request::Moment { conversation, row } => self.moment(conversation, row),
            Request::Rows { conversation, start, count } => self.rows(conversation, start, count),
            Request::Filter { number, ref text, ref known } => Ok(self.search(number, text, known)),
            Request::Matches { number, conversation, start, count } => self.matches(number, conversation, start, count),
            Request::Graph(ask) => {
                let graph = self.tracker.graph(ask, &self.index);
                graph.map(Response::Graph).ok_or_else(|| self.no_conversation(ask.conversation))
            }
        };
        answer.unwrap_or_else(Response::Failed)
    }

    /// What the conversations know about a packet: its stream's number, relative numbers, window scale.
    pub fn context(&self, frame: u32) -> Context {
        self.tracker.context(frame)
    }

    /// A packet taken apart, with all that its neighbours tell of it; `None`: there is no such frame.
    pub fn packet(&mut self, frame: u32) -> Option<Packet> {
        let record = self.read(frame).ok()?;
        Some(self.dissect(frame, &record))
    }

    /// What analysis says of rows of a TCP conversation, as far as there are such; nothing of another conversation.
    pub fn findings(&mut self, conversation: u32, rows: Range<u32>) -> Vec<Finding> {
        self.tracker.findings(conversation, rows, &self.index)
    }

    /// The events of a conversation that are worth stopping for, in their order; of one without connection only that nobody answers.
    pub fn story(&mut self, conversation: u32) -> Vec<Event> {
        let mut events = self.tracker.story(conversation, &self.index);
        events.extend(self.unanswered(conversation));
        events
    }

    fn moment(&mut self, conversation: u32, row: u32) -> Answer {
        let moment = self.tracker.moment(conversation, row, &self.index);
        let none =
            || Failure::new("no-such-row", format!("there is no segment in row {row} of conversation {conversation}"));
        Ok(Response::Moment { conversation, moment: moment.ok_or_else(none)? })
    }

    fn frame_lines(&mut self, conversation: Option<u32>, start: u32, count: u32) -> Answer {
        let frames = match conversation {
            None => {
                let (start, end) = window(start, count, self.frames())?;
                (start + 1..=end).collect()
            }
            Some(id) => self.frames_of(id, start, count)?,
        };
        let rows = frames.into_iter().map(|frame| self.frame_line(frame)).collect::<Result<_, _>>()?;
        Ok(Response::Frames { conversation, start, rows })
    }

    pub(super) fn frame_line(&mut self, frame: u32) -> Result<FrameLine, Failure> {
        let record = self.read(frame)?;
        let peek = protocol::peek(record.link, &self.bytes, record.length);
        Ok(FrameLine {
            frame,
            time: record.time,
            length: record.length,
            conversation: self.conversation_of(frame),
            row: self.tracker.row(frame),
            protocol: self.word(frame, &peek).to_owned(),
            line: self.line(frame, &record),
        })
    }

    fn layers(&mut self, frame: u32) -> Answer {
        let record = self.read(frame)?;
        let packet = self.dissect(frame, &record);
        let known = Known { context: self.tracker.context(frame), acked: self.tracker.acked_before(frame) };
        Ok(Response::Layers(FrameView {
            frame,
            time: record.time,
            captured: record.captured,
            length: record.length,
            link: record.link.0,
            conversation: self.conversation_of(frame),
            row: self.tracker.row(frame),
            layers: view::layers(&packet, &known),
            stop: packet.stop,
            buffers: packet.buffers,
            bytes: self.bytes.clone(),
            judged: self.finding(self.conversation_of(frame), self.tracker.row(frame)).map(Box::new),
            line: self.line(frame, &record),
            comments: self.reader.comments(frame).to_vec(),
        }))
    }

    /// What a frame is called: by its stream where it carries a piece of one, else by what it shows itself.
    fn word(&self, frame: u32, peek: &Peek) -> &'static str {
        let stream = peek.tcp.is_some() && peek.payload.0 < peek.payload.1;
        let word = self.tracker.of_frame(frame).and_then(|(id, _)| self.tracker.protocol(id));
        // Later packets of a QUIC connection tell nothing of themselves.
        let word = word.filter(|word| stream || (*word == "QUIC" && peek.protocol == "UDP"));
        word.unwrap_or_else(|| peek.word(&self.bytes))
    }

    fn conversations(&mut self, start: u32, count: u32) -> Answer {
        let total = self.tracker.len();
        let (from, end) = window(start, count, total)?;
        let rows = (from..end).filter_map(|id| self.tracker.get(id)).collect();
        Ok(Response::Conversations { start, total, rows })
    }

    fn stage(&mut self, id: u32) -> Answer {
        if id == ALL {
            return Ok(Response::Stage(self.all_hosts()));
        }
        let conversation = self.tracker.get(id).ok_or_else(|| self.no_conversation(id))?;
        let length = self.axis(id).length();
        let rows = conversation.frames;
        let (transitions, told) = self.exchange(id, None);
        let point = self.tracker.point(id, &self.index).map(Box::new);
        Ok(Response::Stage(Stage { conversation, rows, transitions, told, point, length, hosts: Vec::new() }))
    }

    fn rows(&mut self, conversation: u32, start: u32, count: u32) -> Answer {
        if conversation == ALL {
            let rows = self.all_rows(start, count)?;
            return Ok(Response::Rows { conversation, start, rows });
        }
        let frames = self.frames_of(conversation, start, count)?;
        let rows =
            (start..).zip(frames).map(|(row, frame)| self.row(conversation, row, frame)).collect::<Result<_, _>>()?;
        Ok(Response::Rows { conversation, start, rows })
    }

    pub(super) fn row(&mut self, conversation: u32, row: u32, frame: u32) -> Result<Row, Failure> {
        let record = self.read(frame)?;
        let packet = self.dissect(frame, &record);
        let context = self.tracker.context(frame);
        let (label, detail) = text::label(&self.bytes, &line_context(&record, context.seq_base.zip(context.ack_base)));
        let gap = self.gap_before(conversation, row, record.time);
        let from = self.tracker.of_frame(frame).map_or(0, |(_, end)| end);
        let axis = self.axis(conversation);
        Ok(Row {
            row,
            frame,
            time: record.time,
            at: axis.place(row as usize),
            folded: axis.folded(gap),
            from,
            to: 1 - from,
            via: None,
            hop: None,
            label,
            detail,
            marks: self.marks(conversation, row, &record, &packet),
        })
    }

    /// Nanoseconds since the row before; negative where the capture has them out of order, zero for the first row.
    fn gap_before(&mut self, conversation: u32, row: u32, time: i64) -> i64 {
        let before = match conversation {
            ALL => Some(row),
            _ => row.checked_sub(1).and_then(|row| self.tracker.frames(conversation).get(row as usize).copied()),
        };
        let before = before.and_then(|frame| self.index.get(frame));
        before.map_or(0, |record| time.saturating_sub(record.time))
    }

    fn marks(&mut self, conversation: u32, row: u32, record: &Record, packet: &Packet) -> Vec<String> {
        let mut marks = self.finding(conversation, row).map(marks_of).unwrap_or_default();
        if packet.layers.iter().flat_map(|layer| &layer.found).any(is_bad_checksum) {
            marks.push("bad-checksum".to_owned());
        }
        if record.captured < record.length {
            marks.push("cut".to_owned());
        } else if packet.stop.is_some() {
            marks.push("malformed".to_owned());
        }
        marks
    }

    /// What analysis says of one segment, where that is more than its numbers.
    fn finding(&mut self, conversation: u32, row: u32) -> Option<Finding> {
        if conversation == ALL {
            return None;
        }
        self.findings(conversation, row..row + 1).pop().filter(|finding| finding.flags != 0)
    }

    /// The conversation's time axis, kept until another conversation is asked for or this one grows.
    pub(super) fn axis(&mut self, id: u32) -> &Axis {
        if id == ALL {
            let kept =
                self.axis.take().filter(|axis| axis.conversation == id && axis.rows() == self.index.len() as usize);
            let times = (1..=self.index.len()).filter_map(|frame| self.index.get(frame)).map(|record| record.time);
            return self.axis.insert(kept.unwrap_or_else(|| Axis::new(id, times)));
        }
        let frames = self.tracker.frames(id);
        let kept = self.axis.take().filter(|axis| axis.conversation == id && axis.rows() == frames.len());
        let times = frames.iter().filter_map(|frame| self.index.get(*frame)).map(|record| record.time);
        self.axis.insert(kept.unwrap_or_else(|| Axis::new(id, times)))
    }

    fn frames_of(&mut self, id: u32, start: u32, count: u32) -> Result<Vec<u32>, Failure> {
        if id == ALL {
            let (start, end) = window(start, count, self.frames())?;
            return Ok((start + 1..=end).collect());
        }
        if id >= self.tracker.len() {
            return Err(self.no_conversation(id));
        }
        let frames = self.tracker.frames(id);
        let (start, end) = window(start, count, frames.len() as u32)?;
        Ok(frames.get(start as usize..end as usize).unwrap_or_default().to_vec())
    }

    /// Brings a packet's bytes into `self.bytes`, at most [`BYTES_SHOWN`] of them.
    pub(super) fn read(&mut self, frame: u32) -> Result<Record, Failure> {
        let Some(record) = self.index.get(frame) else {
            let detail = format!("there is no frame {frame}: the frames read are 1 to {}", self.frames());
            return Err(Failure::new("no-such-frame", detail));
        };
        let read = self
            .bytes_of(&record)
            .map_err(|why| Failure::new("unreadable", format!("frame {frame} could not be read again: {why}")))?;
        self.bytes = read;
        Ok(record)
    }

    /// The captured bytes of a packet, at most [`BYTES_SHOWN`] of them.
    pub(super) fn bytes_of(&mut self, record: &Record) -> Result<Vec<u8>, String> {
        let mut bytes = vec![0; record.captured.min(BYTES_SHOWN) as usize];
        let read = self.reader.content().read_at(record.offset, &mut bytes)?;
        bytes.truncate(read);
        Ok(bytes)
    }

    pub(super) fn dissect(&mut self, frame: u32, record: &Record) -> Packet {
        let context = Context {
            carried: self.carried(frame),
            fragment: self.fragment(frame),
            quic: self.quic(frame),
            ..self.tracker.context(frame)
        };
        protocol::dissect(record.link, &self.bytes, record.length, &context)
    }

    fn line(&self, frame: u32, record: &Record) -> String {
        text::line(&self.bytes, &line_context(record, self.tracker.line_bases(frame)))
    }

    fn conversation_of(&self, frame: u32) -> u32 {
        self.tracker.of_frame(frame).map_or(0, |(id, _)| id)
    }

    pub(super) fn no_conversation(&self, id: u32) -> Failure {
        let detail = format!("there is no conversation {id}: {} have been found, counted from 0", self.tracker.len());
        Failure::new("no-such-conversation", detail)
    }
}

/// Which of `total` rows are meant, as start and end; a window that reaches beyond the last row ends there.
pub(super) fn window(start: u32, count: u32, total: u32) -> Result<(u32, u32), Failure> {
    if count > MAX_ROWS {
        return Err(Failure::new(
            "too-many",
            format!("{count} rows were asked for, and {MAX_ROWS} is the most at once"),
        ));
    }
    if start > total {
        return Err(Failure::new("no-such-row", format!("rows from {start} were asked for, and there are {total}")));
    }
    Ok((start, start.saturating_add(count).min(total)))
}

/// tshark's words for a segment; a duplicate acknowledgment with its number.
fn marks_of(finding: Finding) -> Vec<String> {
    let number = finding.duplicate_ack_num.map_or(String::new(), |number| format!(" {number}"));
    let word = |word: &str| if word == "duplicate_ack" { word.to_owned() + &number } else { word.to_owned() };
    finding.words().map(word).collect()
}

fn line_context(record: &Record, bases: Option<(u32, u32)>) -> LineContext {
    LineContext { link: record.link, length: record.length, bases }
}

/// tshark's `ip.checksum.status` and its like: 0 is bad, 1 good, 2 unverified.
fn is_bad_checksum(found: &Found) -> bool {
    found.field.key.ends_with(".checksum.status") && found.show == "0" && found.meaning != UNFINISHED_CHECKSUM
}
