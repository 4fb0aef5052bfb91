//! All state of the page: a `Session`, the `Action`s that change it and the `Effect`s that follow; no web types.
//!
//! `reduce` is the only way anything changes. The page paints a `Session` and sends `Action`s; what has to happen outside
//! (a request to the engine, a new address) comes back as `Effect`s. Big parts are behind `Rc`, so that a clone is cheap.

mod answers;
mod arrive;
mod choice;
mod conversations;
mod expression;
mod glossary;
mod graphs;
mod hosts;
mod numbers;
mod panels;
mod player;
mod route;
mod stops;

use std::rc::Rc;

pub use conversations::{Conversations, LIST_WINDOW, Want};
pub use expression::{Ask, Expression};
pub use glossary::{Glossary, Group};
pub use graphs::{Graphs, SHORTEST};
pub use hosts::Hosts;
pub use numbers::Figures;
pub use panels::{Ends, Side, Tab};
pub use player::{Player, SPEEDS};
pub use route::{Language, Route};

use crate::conversation::graph::Plot;
use crate::conversation::story::Event;
use crate::conversation::{End, Machine};
use crate::engine::{Failure, FrameLine, FrameView, Request, Response, Row, Stage, Summary};
use crate::lesson::Lesson;
pub use crate::scene::Scale;
use crate::text::Term;

/// Arrows asked for at once; the window is renewed when the player comes within a quarter of its edge.
pub const ROW_WINDOW: u32 = 256;
/// Lines of the packet list asked for at once.
pub const LINE_WINDOW: u32 = 200;

#[derive(Clone, Debug, PartialEq)]
pub struct Loading {
    pub name: String,
    pub read: u64,
    pub size: u64,
    pub frames: u32,
}

/// A window of rows that the engine has sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Window<T> {
    pub start: u32,
    pub rows: Vec<T>,
}

impl<T> Default for Window<T> {
    fn default() -> Self {
        Window { start: 0, rows: Vec::new() }
    }
}

impl<T> Window<T> {
    pub fn get(&self, row: u32) -> Option<&T> {
        self.rows.get(row.checked_sub(self.start)? as usize)
    }
}

/// A chosen field: its layer and its place in that layer's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub layer: usize,
    pub field: Option<usize>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    pub route: Route,
    /// Where the packets on stage are shown, to come back to.
    pub staged: Route,
    pub language: Language,
    pub loading: Option<Loading>,
    pub failure: Option<Failure>,
    /// The worker died and was started again; the sentence it left.
    pub crashed: Option<String>,
    pub capture: Option<Rc<Summary>>,
    pub conversations: Rc<Conversations>,
    pub stage: Option<Rc<Stage>>,
    /// The events of the conversation on stage.
    pub story: Rc<Vec<Event>>,
    pub rows: Rc<Window<Row>>,
    pub lines: Rc<Window<FrameLine>>,
    /// Whether the packet list is limited to the conversation on stage.
    pub filtered: bool,
    /// The filter that the packet list is limited by.
    pub expression: Rc<Expression>,
    pub frame: Option<Rc<FrameView>>,
    /// Protocols whose explanations what was shown so far needs, by the first part of their keys (`ip` of `ip.ttl`).
    pub explained: Rc<Vec<String>>,
    pub chosen: Option<Chosen>,
    pub player: Player,
    pub scale: Scale,
    pub graphs: Graphs,
    /// First row of the ladder where the reader scrolled away from the player.
    pub scrolled: Option<f64>,
    /// Layers as lists of fields or as grids of bits; `None`: as each reads better.
    pub listed: Option<bool>,
    pub tab: Tab,
    pub side: Side,
    pub ends: Ends,
    pub figures: Figures,
    pub hosts: Hosts,
    pub presenting: bool,
    pub dark: bool,
    pub help: bool,
    pub reduced_motion: bool,
    pub glossary: Rc<Glossary>,
    pub lesson: Option<Rc<Lesson>>,
    /// Place in the lesson's script, from 0.
    pub step: usize,
    /// Steps that asked and were answered, each with the choice made; `None` where it was skipped.
    pub answers: Vec<(usize, Option<u32>)>,
    /// Row to go to once the stage that is being loaded is there.
    pending_row: Option<u32>,
    /// First row of the rows that are on their way.
    asked_rows: Option<u32>,
    asked_frame: Option<u32>,
    /// A frame whose place is not known before it is there.
    wanted_frame: Option<u32>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The address bar says so (first load, back, a link).
    Arrived(Route),
    /// A capture of the reader's own, or a sample: the page attaches it to `Open`.
    Open {
        name: String,
        size: u64,
        route: Route,
    },
    CancelLoading,
    Answered(Box<Response>),
    Crashed(String),
    /// A file that could not even be fetched or read.
    Failed(Failure),
    DismissFailure,
    LessonLoaded(Rc<Lesson>),
    TermsLoaded(Rc<Vec<Term>>),
    /// The glossary is searched for this.
    Search(String),
    /// A protocol of the glossary is opened or closed.
    OpenProtocol(String),
    MoreTerms,
    Choose {
        layer: usize,
        field: Option<usize>,
    },
    /// The field of this key, where the packet has it.
    ChooseKey(String),
    /// A frame from the packet list.
    ChooseFrame {
        frame: u32,
        conversation: u32,
        row: u32,
    },
    ChooseRow(u32),
    /// A frame that the packet itself names, wherever it is.
    GoFrame(u32),
    ChooseConversation(u32),
    /// Look at the conversation with this one of its machines.
    Machine(Machine),
    /// The packet list shows lines from here.
    NeedLines(u32),
    Filter(bool),
    Expression(Ask),
    Want(Want),
    Scroll(f64),
    /// Back from scrolling to where the player is.
    Follow,
    Tick(f64),
    Toggle,
    Step,
    StepBack,
    First,
    Last,
    Seek(f64),
    Speed(f64),
    Scale(Scale),
    /// Shows a graph, or the ladder.
    Plot(Option<Plot>),
    /// Graphs of this end's data.
    GraphOf(End),
    /// The graph's stretch of time, from and to, as shares of the present one.
    Zoom(f64, f64),
    GoStep(usize),
    Answer(Option<u32>),
    List(bool),
    Tab(Tab),
    Side(Side),
    Ends(Ends),
    /// The capture was made at end 0, between, or at end 1 (0, 1, 2); `None`: as inferred.
    Captured(Option<u8>),
    /// To the stage with all hosts, or back.
    AllHosts(bool),
    /// The tables of the host in this place.
    Host(usize),
    /// Explains a figure of an end.
    Figure(End, u8),
    Language(Language),
    Dark(bool),
    Present(bool),
    /// To the previous or next field (or layer) of the packet.
    MoveField(i32),
    MoveLayer(i32),
    Help(bool),
    ReducedMotion(bool),
    Home,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Send(Request),
    LoadLesson(String),
    /// Fetch the glossary's rows.
    LoadTerms,
    /// Fetch the names of all fields, for filters.
    LoadNames,
    /// Fetch one of the sample captures and open it.
    LoadSample(String),
    /// The address bar should say this; `true` makes a new entry in the history.
    Location(Route, bool),
    LoadLanguage(Language),
    /// Fetch the explanations of this protocol's fields.
    Explain(String),
    /// The element of this id gets the focus.
    Focus(&'static str),
    /// Paint dark (or light) and remember it.
    Theme(bool),
}

impl Session {
    /// Applies one action and says what has to happen outside.
    pub fn reduce(&mut self, action: Action) -> Vec<Effect> {
        let mut effects = Vec::new();
        match action {
            Action::Arrived(route) => self.arrive(route, &mut effects),
            Action::Open { name, size, route } => {
                self.open(name, size);
                effects.push(Effect::Location(route.clone(), self.route != route));
                self.go(route);
            }
            Action::CancelLoading => effects.push(Effect::Send(Request::Cancel)),
            Action::Answered(response) => self.answered(*response, &mut effects),
            Action::Crashed(message) => {
                self.loading = None;
                (self.asked_rows, self.asked_frame, self.graphs.asked) = (None, None, None);
                self.figures.asked = None;
                // Its successor opens the same capture, and the reader finds the place again.
                self.pending_row = self.selected_row();
                self.crashed = Some(message);
                self.expression = Rc::new(self.expression.cleared());
            }
            Action::Failed(failure) => self.fail(failure),
            Action::DismissFailure => (self.failure, self.crashed) = (None, None),
            Action::LessonLoaded(lesson) => self.lesson_loaded(lesson, &mut effects),
            Action::TermsLoaded(terms) => self.terms_loaded(terms, &mut effects),
            Action::Search(query) => self.search(query, &mut effects),
            Action::OpenProtocol(protocol) => self.open_protocol(protocol, &mut effects),
            Action::MoreTerms => self.more_terms(&mut effects),
            Action::Choose { layer, field } => self.chosen = Some(Chosen { layer, field }),
            Action::ChooseKey(key) => self.choose_key(&key),
            Action::ChooseFrame { frame, conversation, row } => {
                if self.all_hosts() {
                    self.show_row(frame.saturating_sub(1), &mut effects);
                } else if self.stage.as_ref().is_some_and(|stage| stage.conversation.id == conversation) {
                    self.show_row(row, &mut effects);
                } else {
                    self.pending_row = Some(row);
                    effects.push(Effect::Send(Request::Stage { conversation }));
                    self.ask_frame(frame, &mut effects);
                }
            }
            Action::GoFrame(frame) => {
                self.wanted_frame = Some(frame);
                effects.push(Effect::Send(Request::Layers { frame }));
            }
            Action::ChooseRow(row) => self.show_row(row, &mut effects),
            Action::ChooseConversation(conversation) => {
                self.pending_row = None;
                effects.push(Effect::Send(Request::Stage { conversation }));
            }
            Action::Machine(machine) => self.ask_machine(machine, &mut effects),
            Action::NeedLines(start) => self.ask_lines(start, &mut effects),
            Action::Filter(on) => self.limit(on, &mut effects),
            Action::Expression(ask) => self.express(ask, &mut effects),
            Action::Want(want) => self.want(want, &mut effects),
            Action::Scroll(top) => {
                self.scrolled = Some(top.clamp(0.0, f64::from(self.rows_total().saturating_sub(1))));
                self.ask_rows(&mut effects);
            }
            Action::Follow => self.scrolled = None,
            Action::Tick(seconds) => self.tick(seconds, &mut effects),
            Action::Toggle => self.toggle(&mut effects),
            Action::Step => self.step_forward(&mut effects),
            Action::StepBack => self.step_back(&mut effects),
            Action::First => self.first(&mut effects),
            Action::Last => self.last(&mut effects),
            Action::Seek(position) => self.seek(position, &mut effects),
            Action::Speed(speed) => self.player.speed = speed,
            Action::Scale(scale) => {
                self.scale = scale;
                self.scrolled = None;
            }
            Action::Plot(plot) => {
                self.graphs.plot = plot;
                self.ask_graph(&mut effects);
            }
            Action::GraphOf(end) => {
                self.graphs.end = Some(end);
                self.ask_graph(&mut effects);
            }
            Action::Zoom(from, to) => {
                self.zoom(from, to);
                self.ask_graph(&mut effects);
            }
            Action::GoStep(step) => self.go_step(step, true, &mut effects),
            Action::Answer(choice) => self.answer(choice, &mut effects),
            Action::List(on) => self.listed = Some(on),
            Action::Tab(tab) => self.tab = tab,
            Action::Ends(ends) => {
                self.ends = ends;
                self.ask_moment(&mut effects);
                self.ask_tables(&mut effects);
            }
            Action::AllHosts(on) => self.show_all_hosts(on, &mut effects),
            Action::Host(host) => self.show_tables_of(host, &mut effects),
            Action::Captured(place) => self.figures.place = place,
            Action::Figure(end, figure) => self.figures.chosen = Some((end, figure)),
            Action::Side(side) => self.turn_to(side, &mut effects),
            Action::Language(language) => {
                self.language = language;
                effects.push(Effect::LoadLanguage(language));
                if let Some(lesson) = &self.lesson {
                    effects.push(Effect::LoadLesson(lesson.id.clone()));
                }
            }
            Action::Dark(on) => {
                self.dark = on;
                effects.push(Effect::Theme(on));
            }
            Action::MoveField(by) => self.move_field(by),
            Action::MoveLayer(by) => self.move_layer(by),
            Action::Present(on) => self.presenting = on,
            Action::Help(on) => self.help = on,
            Action::ReducedMotion(on) => self.reduced_motion = on,
            Action::Home => {
                effects.push(Effect::Location(Route::Home, self.route != Route::Home));
                self.arrive(Route::Home, &mut effects);
            }
        }
        effects
    }

    pub fn rows_total(&self) -> u32 {
        self.stage.as_ref().map_or(0, |stage| stage.rows)
    }

    /// The row whose packet is on its way or has just landed; `None` before the first.
    pub fn selected_row(&self) -> Option<u32> {
        (self.player.position > 0.0).then(|| self.player.row())
    }

    /// The question of the present step, while it is still open.
    pub fn open_question(&self) -> Option<&crate::lesson::Question> {
        let step = self.lesson.as_ref()?.steps.get(self.step)?;
        step.question.as_ref().filter(|_| self.given(self.step).is_none())
    }

    fn fail(&mut self, failure: Failure) {
        self.loading = None;
        (self.asked_rows, self.asked_frame, self.graphs.asked) = (None, None, None);
        self.figures.asked = None;
        self.failure = Some(failure);
    }

    fn lesson_loaded(&mut self, lesson: Rc<Lesson>, effects: &mut Vec<Effect>) {
        self.step = self.step.min(lesson.steps.len().saturating_sub(1));
        self.side = Side::Script;
        self.lesson = Some(lesson);
        if self.stage.is_some() {
            self.go_step(self.step, false, effects);
        }
    }
}

#[cfg(test)]
mod tests;
