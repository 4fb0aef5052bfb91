//! What the reader does to the graphs → what they show: which one, whose data, which stretch of time.

use std::rc::Rc;

use super::{Effect, Session};
use crate::conversation::graph::{Ask, Graph, Plot};
use crate::conversation::{End, Kind};
use crate::engine::Request;
use crate::text::within;

/// The shortest stretch of time that is looked at, in nanoseconds.
pub const SHORTEST: i64 = 1_000;

/// The graph in place of the ladder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graphs {
    /// `None`: the ladder is shown.
    pub plot: Option<Plot>,
    /// Whose data; `None`: of the end that sent more of it.
    pub end: Option<End>,
    /// Nanoseconds since the conversation's earliest packet; `None`: all of it.
    pub range: Option<(i64, i64)>,
    pub data: Option<Rc<Graph>>,
    /// What the engine is about to answer.
    pub(super) asked: Option<Ask>,
}

impl Session {
    /// The graph that is shown; only TCP has any.
    pub fn plot(&self) -> Option<Plot> {
        self.graphs.plot.filter(|_| self.has_graphs())
    }

    pub fn has_graphs(&self) -> bool {
        self.stage.as_ref().is_some_and(|stage| matches!(stage.conversation.kind, Kind::Tcp(_)))
    }

    /// The stretch of time that is looked at.
    pub fn graph_range(&self) -> (i64, i64) {
        self.graphs.range.unwrap_or((0, self.lasts()))
    }

    /// Moment of the row that the player is at, as graphs count; `None` while it is not known.
    pub fn graph_moment(&self) -> Option<i64> {
        let row = self.rows.get(self.selected_row()?)?;
        Some(row.time.saturating_sub(self.stage.as_ref()?.conversation.first))
    }

    /// Whose data is shown.
    pub fn graph_end(&self) -> End {
        self.graphs.end.or_else(|| self.graphs.data.as_ref()?.ask.end).unwrap_or_default()
    }

    fn lasts(&self) -> i64 {
        let stage = self.stage.as_ref();
        stage.map_or(1, |stage| stage.conversation.last.saturating_sub(stage.conversation.first)).max(1)
    }

    /// Looks from here to there, both shares of what is looked at now: less than 0 is before it, more than 1 behind it.
    pub(super) fn zoom(&mut self, from: f64, to: f64) {
        let length = self.lasts();
        let (start, stop) = self.graph_range();
        let span = (stop - start) as f64;
        let place = |share: f64| start.saturating_add((span * share) as i64);
        let (low, high) = (place(from.min(to)), place(from.max(to)));
        let width = within(high.saturating_sub(low), SHORTEST.min(length), length);
        let low = within(low, 0, length - width);
        self.graphs.range = (width < length).then_some((low, low + width));
    }

    /// Asks for what is looked at; while an answer is on its way, it waits for that.
    pub(super) fn ask_graph(&mut self, effects: &mut Vec<Effect>) {
        let shown = self.graphs.data.as_ref().map(|graph| graph.ask);
        // The player tells every move, and most stay in one row.
        let ask = self.wanted().filter(|ask| ask.plot != Plot::Space || shown.is_none_or(|shown| !same(*ask, shown)));
        if let (Some(ask), None) = (ask, self.graphs.asked) {
            self.graphs.asked = Some(ask);
            effects.push(Effect::Send(Request::Graph(ask)));
        }
    }

    pub(super) fn graph_came(&mut self, graph: Graph, effects: &mut Vec<Effect>) {
        let (asked, wanted) = (self.graphs.asked.take(), self.wanted());
        let same = |wanted: Ask| wanted.conversation == graph.ask.conversation && wanted.plot == graph.ask.plot;
        let whose = |wanted: Ask| wanted.end.is_none() || wanted.end == graph.ask.end;
        if wanted.is_some_and(|wanted| same(wanted) && whose(wanted)) {
            self.graphs.data = Some(Rc::new(graph));
        }
        if wanted != asked {
            self.ask_graph(effects);
        }
    }

    /// The numbers of the moment are asked for again when it is another row's.
    pub(super) fn follow_space(&mut self, effects: &mut Vec<Effect>) {
        if self.plot() == Some(Plot::Space) {
            self.ask_graph(effects);
        }
    }

    fn wanted(&self) -> Option<Ask> {
        let plot = self.plot()?;
        let (start, stop) = self.graphs.range.unwrap_or_default();
        let ask =
            Ask { conversation: self.stage.as_ref()?.conversation.id, end: self.graphs.end, plot, ..Ask::default() };
        // A lesson does not tell what is going to become of bytes.
        let (row, later) = (self.player.row(), self.lesson.is_none());
        Some(if plot == Plot::Space { Ask { row, later, ..ask } } else { Ask { start, stop, ..ask } })
    }
}

/// Whether an answer is to a question, which may leave to the engine whose data it means.
fn same(asked: Ask, answered: Ask) -> bool {
    answered == Ask { end: asked.end.or(answered.end), ..asked }
}
