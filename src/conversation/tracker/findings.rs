//! A TCP conversation's segments, times and options → what analysis says of them, computed when somebody looks.

use std::ops::Range;

use super::{Kind, Look, Move, Tracker, machine};
use crate::capture::Index;
use crate::conversation::End;
use crate::conversation::analysis::{Analysis, Finding, Step};
use crate::conversation::graph::{self, About, Ask, Graph, Plot};
use crate::conversation::space::space;
use crate::conversation::story::{Event, story};

/// Packets of a conversation whose story is told: 80 bytes for each are needed while it is.
pub const MAX_TOLD: u32 = 500_000;

impl Tracker {
    /// What analysis says of rows of a TCP conversation; nothing of another one. `index` tells the frames' times.
    pub fn findings(&mut self, id: u32, rows: Range<u32>, index: &Index) -> Vec<Finding> {
        let time = |frame: u32| index.get(frame).map_or(0, |record| record.time);
        let (look, analysis) = self.analysed(id, index);
        let finding = |row: u32| analysis.finding(row, *look.frames.get(row as usize)?, time);
        let found = rows.map_while(finding).collect();
        self.look = Look { analysis: Some(analysis), ..look };
        found
    }

    /// What was computed for a conversation, taken out of `self.look`, with its analysis.
    fn analysed(&mut self, id: u32, index: &Index) -> (Look, Analysis) {
        let time = |frame: u32| index.get(frame).map_or(0, |record| record.time);
        self.look_at(id);
        let mut look = std::mem::take(&mut self.look);
        let flow = self.flows.get(id as usize).filter(|flow| matches!(flow.kind, Kind::Tcp(_)));
        let analysis = match (look.analysis.take(), flow) {
            (Some(analysis), _) => analysis,
            (None, Some(flow)) => {
                let step = |frame: &u32| self.step(*frame, flow.reused && *frame == flow.first_frame, time(*frame));
                Analysis::of(look.frames.iter().map(step))
            }
            (None, None) => Analysis::default(),
        };
        (look, analysis)
    }

    /// The marks of a graph; `None`: there is no such TCP conversation.
    pub fn graph(&mut self, ask: Ask, index: &Index) -> Option<Graph> {
        let flow = self.flows.get(ask.conversation as usize).filter(|flow| matches!(flow.kind, Kind::Tcp(_)))?;
        let (first, length) = (flow.first, flow.last.saturating_sub(flow.first));
        let opening = flow.opening;
        let (look, analysis) = self.analysed(ask.conversation, index);
        let time = |frame: u32| index.get(frame).map_or(0, |record| record.time);
        let steps = || {
            let step = |(row, frame): (u32, &u32)| Some((row, self.step(*frame, false, time(*frame))?));
            (0..).zip(&look.frames).filter_map(step)
        };
        let end = ask.end.unwrap_or_else(|| {
            let sent = |end: End| -> u64 {
                steps().filter(|(_, step)| step.end == end).map(|(_, step)| u64::from(step.segment.payload)).sum()
            };
            End::from(sent(1) > sent(0))
        });
        let (shift, none) = opening.scaling(1 - end.min(1));
        let about = About {
            first,
            length,
            base: opening.base.get(usize::from(end)).copied().flatten().unwrap_or_default(),
            shift: shift.or(none.then_some(0)),
        };
        let ask = Ask { end: Some(end), ..ask };
        if ask.plot == Plot::Space {
            let mut space = space(ask.row, end, ask.later, about, steps());
            space.frame = space.again.and_then(|row| look.frames.get(row as usize).copied());
            self.look = Look { analysis: Some(analysis), ..look };
            return Some(Graph { ask, length: length.max(1), space: Some(space), ..Graph::default() });
        }
        let graph = graph::graph(ask, about, steps().map(|(row, step)| (row, step, analysis.flags(row))));
        self.look = Look { analysis: Some(analysis), ..look };
        Some(graph)
    }

    /// A frame's segment as analysis takes it; `None`: a fragment, and not the one that makes its datagram whole.
    pub(super) fn step(&self, frame: u32, reused: bool, time: i64) -> Option<Step> {
        let (_, end) = self.of_frame(frame)?;
        let waits = self.fragments.of(frame).is_some_and(|datagram| datagram.whole_in != Some(frame));
        let options = self.options.of(frame);
        (!waits).then(|| Step { frame, end, time, segment: self.segment(frame), options, reused })
    }

    /// The events of a TCP conversation that are worth stopping for, in their order; none of another one.
    pub fn story(&mut self, id: u32, index: &Index) -> Vec<Event> {
        self.look_at(id);
        let frames = std::mem::take(&mut self.look.frames);
        let events = self.tell(id, &frames, index).0;
        self.look.frames = frames;
        events
    }

    /// The events of a TCP conversation, whose frames these are, and its opening's round trip in nanoseconds; nothing of another
    /// one, or of one that is longer than [`MAX_TOLD`].
    pub fn tell(&self, id: u32, frames: &[u32], index: &Index) -> (Vec<Event>, Option<i64>) {
        let flow = self.flows.get(id as usize).filter(|flow| matches!(flow.kind, Kind::Tcp(_)));
        let Some(flow) = flow.filter(|_| frames.len() <= MAX_TOLD as usize) else { return Default::default() };
        let time = |frame: u32| index.get(frame).map_or(0, |record| record.time);
        let step = |&frame: &u32| self.step(frame, flow.reused && frame == flow.first_frame, time(frame));
        let steps: Vec<Option<Step>> = frames.iter().map(step).collect();
        let analysis = Analysis::of(steps.iter().copied());
        // A fragment stands as a segment without anything.
        let end = |frame: u32| self.of_frame(frame).map_or(0, |(_, end)| end);
        let empty = |frame: u32| Step { frame, end: end(frame), time: time(frame), ..Step::default() };
        let steps: Vec<Step> =
            steps.into_iter().zip(frames).map(|(step, frame)| step.unwrap_or_else(|| empty(*frame))).collect();
        let moves = (0..).zip(frames);
        let moves = moves.map(|(row, &frame)| Move { row, frame, end: end(frame), segment: self.segment(frame) });
        let moves = machine::run(&moves.collect::<Vec<_>>());
        let mut findings = (0..).zip(frames).map_while(|(row, frame)| analysis.finding(row, *frame, time));
        (story(&steps, &moves, &mut findings), analysis.initial_rtt())
    }
}
