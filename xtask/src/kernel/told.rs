//! Two captures of one wire → what each tells of an end, in that end's own time.

use std::collections::HashMap;
use std::path::PathBuf;

use packet_theater::capture::FileSource;
use packet_theater::conversation::{Conversation, Known, State};
use packet_theater::engine::{Engine, MAX_ROWS, Request, Response};

use super::judge::Told;

/// Longer than any delay of the scenarios' wires, shorter than the first repetition.
const CROSSING: i64 = 150_000_000;
/// Clocks of one machine, read on two processors.
const SKEW: i64 = 100_000;
const FIN: u32 = 1;

struct Frame {
    time: i64,
    /// The bytes, which are the same at both ends.
    bytes: Vec<u8>,
    /// 0 where Alice sent it.
    sender: usize,
}

struct Point {
    engine: Engine<FileSource>,
    conversations: Vec<Conversation>,
    frames: Vec<Frame>,
    /// Moments at which a frame passed here.
    passed: HashMap<Vec<u8>, Vec<i64>>,
}

pub struct Wire {
    points: [Point; 2],
}

impl Wire {
    /// The captures of Alice and of Bob.
    pub fn open(paths: [PathBuf; 2]) -> Result<Wire, String> {
        let [alice, bob] = paths;
        Ok(Wire { points: [Point::open(alice)?, Point::open(bob)?] })
    }

    /// The row of a connection that passed the point at this end last before a moment: engine, conversation, which of its ends
    /// this one is, row.
    pub fn row_at(
        &mut self,
        end: usize,
        ports: (u16, u16),
        at: i64,
    ) -> Option<(&mut Engine<FileSource>, u32, usize, u32)> {
        let here = &mut self.points[end];
        let of_both = |it: &&Conversation| {
            let [one, other] = [it.ends[0].port, it.ends[1].port];
            [(one, other), (other, one)].contains(&(Some(ports.0), Some(ports.1))) && it.first <= at
        };
        let conversation = here.conversations.iter().rfind(of_both)?;
        let own = if conversation.ends[0].address < conversation.ends[1].address { end } else { 1 - end };
        let id = conversation.id;
        let (_, frames) = story(&mut here.engine, id);
        let passed = |frame: &&u32| here.frames.get(**frame as usize - 1).is_some_and(|frame| frame.time <= at);
        let row = frames.iter().take_while(passed).count().checked_sub(1)?;
        Some((&mut here.engine, id, own, row as u32))
    }

    /// Of the connections in both captures: how many were found to be captured near the end where they were, in between, near
    /// the other end, and of how many nothing told it.
    pub fn places(&mut self) -> [u32; 4] {
        let mut counts = [0; 4];
        for (end, point) in self.points.iter_mut().enumerate() {
            for conversation in &point.conversations {
                let request = Request::Stage { conversation: conversation.id };
                let Response::Stage(stage) = point.engine.answer(&request) else { continue };
                let own = if conversation.ends[0].address < conversation.ends[1].address { end } else { 1 - end };
                counts[match stage.point.map(|point| point.near()) {
                    Some(Some(near)) if usize::from(near) == own => 0,
                    Some(None) => 1,
                    Some(Some(_)) => 2,
                    None => 3,
                }] += 1;
            }
        }
        counts
    }

    /// What the capture at one point tells of an end, by the ports of client and server.
    pub fn told(&mut self, point: usize, end: usize, ports: (u16, u16)) -> Told {
        let mut told = Told::default();
        let [alice, bob] = &mut self.points;
        let (here, there) = if point == 0 { (alice, bob) } else { (bob, alice) };
        let time = |frame: &Frame| if point == end { frame.time } else { there.moment(frame, end) };
        let of_both = |it: &&Conversation| {
            let [one, other] = [it.ends[0].port, it.ends[1].port];
            [(one, other), (other, one)].contains(&(Some(ports.0), Some(ports.1)))
        };
        for conversation in here.conversations.iter().filter(of_both) {
            // Ends are numbered anew in each conversation; Alice's address is the lower one.
            let own = if conversation.ends[0].address < conversation.ends[1].address { end } else { 1 - end };
            let (moves, frames) = story(&mut here.engine, conversation.id);
            let mut states: Vec<(i64, State)> = Vec::new();
            for step in moves.iter().filter(|step| usize::from(step.end) == own) {
                let Some(frame) = here.frames.get(step.frame as usize - 1) else { continue };
                let at = time(frame).max(states.last().map_or(i64::MIN, |it| it.0));
                if states.is_empty() {
                    states.push((at, step.from));
                }
                states.push((at, if step.known == Known::Unknown { State::Unknown } else { step.to }));
            }
            for (index, number) in frames.iter().enumerate() {
                let Some(frame) = here.frames.get(*number as usize - 1) else { continue };
                let at = time(frame);
                if index == 0 {
                    // What an end was before its first move, the page shows from the first frame on.
                    let initial = states.first().map_or(State::Unknown, |it| it.1);
                    told.states.push((at.min(states.first().map_or(at, |it| it.0)), initial));
                }
                told.touched.push(at);
                if frame.sender == end {
                    told.sent.push(at);
                    told.fins.extend(is_fin(&frame.bytes).then_some(at));
                }
            }
            told.states.extend(states);
        }
        told
    }
}

/// A conversation's moves and the numbers of its frames.
fn story(
    engine: &mut Engine<FileSource>,
    conversation: u32,
) -> (Vec<packet_theater::conversation::Transition>, Vec<u32>) {
    let moves = match engine.answer(&Request::Stage { conversation }) {
        Response::Stage(stage) => stage.transitions,
        _ => Vec::new(),
    };
    let mut frames = Vec::new();
    loop {
        let start = frames.len() as u32;
        match engine.answer(&Request::Rows { conversation, start, count: MAX_ROWS }) {
            Response::Rows { rows, .. } if !rows.is_empty() => frames.extend(rows.iter().map(|row| row.frame)),
            _ => return (moves, frames),
        }
    }
}

/// Flags of a TCP segment in an IPv4 packet in an Ethernet frame, as these hosts send them.
fn is_fin(bytes: &[u8]) -> bool {
    let header = bytes.get(14).map_or(0, |first| usize::from(first & 15) * 4);
    bytes.get(14 + header + 13).is_some_and(|flags| u32::from(*flags) & FIN != 0)
}

impl Point {
    fn open(path: PathBuf) -> Result<Point, String> {
        let name = path.display().to_string();
        let say = |failure: packet_theater::engine::Failure| format!("{name}: {}", failure.detail);
        let source = FileSource::open(&name)?;
        let mut engine = Engine::open(source, &name).map_err(say)?;
        let Response::Opened(summary) = engine.advance(u64::MAX).map_err(say)? else {
            return Err(format!("{name}: the engine stopped early"));
        };
        let mut frames = Vec::new();
        let mut passed: HashMap<Vec<u8>, Vec<i64>> = HashMap::new();
        for frame in 1..=summary.frames {
            let Response::Layers(view) = engine.answer(&Request::Layers { frame }) else { continue };
            passed.entry(view.bytes.clone()).or_default().push(view.time);
            // Alice's hardware address ends with 1, and the sender's are bytes 6 to 11.
            let sender = usize::from(view.bytes.get(11) != Some(&1));
            frames.push(Frame { time: view.time, bytes: view.bytes, sender });
        }
        let mut conversations = Vec::new();
        while conversations.len() < summary.conversations as usize {
            let start = conversations.len() as u32;
            match engine.answer(&Request::Conversations { start, count: MAX_ROWS }) {
                Response::Conversations { rows, .. } if !rows.is_empty() => conversations.extend(rows),
                _ => return Err(format!("{name}: its conversations are not all listed")),
            }
        }
        Ok(Point { engine, conversations, frames, passed })
    }

    /// When a frame that was captured at the other point passed here, at this end; where it never did, when it passed there.
    fn moment(&self, frame: &Frame, end: usize) -> i64 {
        let times = self.passed.get(&frame.bytes).map_or(&[][..], Vec::as_slice);
        let near = if frame.sender == end {
            times.iter().rev().find(|&&time| (frame.time - CROSSING..=frame.time + SKEW).contains(&time))
        } else {
            times.iter().find(|&&time| (frame.time - SKEW..=frame.time + CROSSING).contains(&time))
        };
        near.copied().unwrap_or(frame.time)
    }
}
