//! The engine's answers → the session, and what the page has to ask next.

use std::rc::Rc;

use super::{Action, Effect, Graphs, LINE_WINDOW, Loading, Player, ROW_WINDOW, Session, Window};
use crate::conversation::Machine;
use crate::engine::{FrameView, Request, Response, Stage};

impl Session {
    pub(super) fn answered(&mut self, response: Response, effects: &mut Vec<Effect>) {
        match response {
            Response::Progress { read, size, frames } => {
                if let Some(loading) = &mut self.loading {
                    *loading = Loading { name: loading.name.clone(), read, size, frames };
                }
            }
            Response::Opened(summary) => {
                self.loading = None;
                if let Some(conversation) = summary.start_with {
                    effects.push(Effect::Send(Request::Stage { conversation }));
                }
                self.capture = Some(Rc::new(summary));
                self.ask_lines(0, effects);
                // Where a worker died, its successor knows nothing of the conversations yet.
                Rc::make_mut(&mut self.conversations).overview = None;
                self.turn_to(self.side, effects);
            }
            Response::Conversations { .. } => {}
            Response::List { listing, start, total, rows } => self.listed(&listing, total, Window { start, rows }),
            Response::Overview(overview) => self.overviewed(overview, effects),
            Response::Stage(stage) => self.set_stage(stage, effects),
            Response::Machine { conversation, transitions, told } => {
                if let Some(stage) = self.stage.as_mut().filter(|stage| stage.conversation.id == conversation) {
                    let stage = Rc::make_mut(stage);
                    (stage.transitions, stage.told) = (transitions, told);
                }
            }
            Response::Story { conversation, events } => {
                if self.stage.as_ref().is_some_and(|stage| stage.conversation.id == conversation) {
                    self.story = Rc::new(events);
                }
            }
            Response::Moment { conversation, moment } => self.moment_came(conversation, moment),
            Response::Tables(tables) => self.tables_came(tables, effects),
            Response::Rows { conversation, start, rows } => {
                if self.stage.as_ref().is_some_and(|stage| stage.conversation.id == conversation) {
                    self.asked_rows = None;
                    self.rows = Rc::new(Window { start, rows });
                    self.rows_came(effects);
                }
            }
            Response::Frames { conversation, start, rows } => {
                if conversation == self.limits_to() && !self.expression.is_on() {
                    self.lines = Rc::new(Window { start, rows });
                }
            }
            Response::Layers(frame) if self.wanted_frame == Some(frame.frame) => {
                self.wanted_frame = None;
                let FrameView { frame, conversation, row, .. } = frame;
                effects.extend(self.reduce(Action::ChooseFrame { frame, conversation, row }));
            }
            Response::Layers(frame) => {
                if self.asked_frame == Some(frame.frame) {
                    self.asked_frame = None;
                    let keys = frame.layers.iter().flat_map(|layer| &layer.fields).map(|field| field.key.as_str());
                    self.explain(keys, effects);
                    self.set_frame(frame);
                }
            }
            Response::Matched(matched) => self.matched(matched, effects),
            Response::Fault { number, fault } => self.faulty(number, fault),
            Response::Matches { number, conversation, start, total, rows } => {
                self.matches(number, conversation, total, Window { start, rows });
            }
            Response::Graph(graph) => self.graph_came(graph, effects),
            // Who left while the file was being read knows that it was given up.
            Response::Failed(failure) if failure.kind == "cancelled" && self.loading.is_none() => {}
            Response::Failed(failure) => self.fail(failure),
        }
    }

    /// Asks for the explanations of these fields' protocols, of each once.
    pub(super) fn explain<'a>(&mut self, keys: impl Iterator<Item = &'a str>, effects: &mut Vec<Effect>) {
        for protocol in keys.filter_map(|key| key.split('.').next()) {
            if !self.explained.iter().any(|known| known == protocol) {
                Rc::make_mut(&mut self.explained).push(protocol.to_owned());
                effects.push(Effect::Explain(protocol.to_owned()));
            }
        }
    }

    fn set_stage(&mut self, stage: Stage, effects: &mut Vec<Effect>) {
        let rows = stage.rows;
        if self.lesson.is_none() {
            effects.push(Effect::Send(Request::Story { conversation: stage.conversation.id }));
        }
        self.story = Rc::default();
        self.stage = Some(Rc::new(stage));
        self.forget_moment();
        self.forget_tables();
        self.rows = Rc::default();
        (self.asked_rows, self.scrolled) = (None, None);
        self.graphs = Graphs { plot: self.graphs.plot, asked: self.graphs.asked, ..Graphs::default() };
        self.ask_graph(effects);
        let speed = self.player.speed;
        self.player = Player { speed, end: f64::from(rows), ..Player::default() };
        if self.filtered {
            self.lines = Rc::default();
            self.ask_lines(0, effects);
        }
        if self.lesson.is_none() {
            let row = self.pending_row.take().unwrap_or(0);
            self.show_row(row, effects);
        }
        self.ask_rows(effects);
        self.ask_tables(effects);
    }

    /// A lesson's place is a frame, and only the rows tell which row that is.
    fn rows_came(&mut self, effects: &mut Vec<Effect>) {
        if self.lesson.is_some() && !self.player.placed {
            self.player.placed = true;
            self.go_step(self.step, false, effects);
        } else {
            self.follow(effects);
        }
        self.ask_rows(effects);
    }

    pub(super) fn ask_frame(&mut self, frame: u32, effects: &mut Vec<Effect>) {
        if self.asked_frame != Some(frame)
            && (self.asked_frame.is_some() || self.frame.as_ref().is_none_or(|view| view.frame != frame))
        {
            self.asked_frame = Some(frame);
            effects.push(Effect::Send(Request::Layers { frame }));
        }
    }

    pub(super) fn ask_machine(&self, machine: Machine, effects: &mut Vec<Effect>) {
        let conversation = self.stage.as_ref().map(|stage| stage.conversation.id);
        effects.extend(conversation.map(|conversation| Effect::Send(Request::Machine { conversation, machine })));
    }

    pub(super) fn ask_lines(&mut self, start: u32, effects: &mut Vec<Effect>) {
        let (conversation, number, count) = (self.limits_to(), self.expression.matched.number, LINE_WINDOW);
        effects.push(Effect::Send(match self.expression.is_on() {
            true => Request::Matches { number, conversation, start, count },
            false => Request::Frames { conversation, start, count },
        }));
    }

    pub(super) fn ask_rows(&mut self, effects: &mut Vec<Effect>) {
        let Some(stage) = &self.stage else { return };
        let centre = self.scrolled.map_or(self.player.row(), |top| top as u32);
        let start = centre.saturating_sub(ROW_WINDOW / 2);
        let have = self.rows.start + self.rows.rows.len() as u32;
        let margin = ROW_WINDOW / 4;
        let enough = !self.rows.rows.is_empty()
            && (self.rows.start == 0 || centre >= self.rows.start + margin)
            && (have >= stage.rows || centre + margin <= have);
        // Who scrolls fast wants only what is in sight when the answer has come.
        if !enough && stage.rows > 0 && self.asked_rows.is_none() {
            self.asked_rows = Some(start);
            effects.push(Effect::Send(Request::Rows { conversation: stage.conversation.id, start, count: ROW_WINDOW }));
        }
    }
}
