//! Yew: reads a Session, paints a scene, sends Actions.

mod anatomy;
mod browser;
mod controls;
mod conversations;
mod effects;
mod ends;
mod filter;
mod exchange;
mod glossary;
mod graph;
mod header;
mod hex;
mod home;
mod hosts;
mod judged;
mod keys;
mod ladder;
mod listen;
mod live;
mod measure;
mod numbers;
mod overlay;
mod packets;
mod paint;
mod point;
pub mod port;
mod script;
mod space;
mod stage;
mod story;
mod view;
mod words;

use std::rc::Rc;

use web_sys::{Blob, File};
use yew::prelude::*;

use crate::engine::{Format, Request};
use crate::lesson::Listed;
use crate::session::{Action, Effect, Language, Route, Session};
use crate::text::within;
use listen::Listeners;
use live::Live;
use port::{Event, Port};
use view::View;
use words::{Explained, Words};

/// What reaches the page: an Action for the session, or something only the page deals with.
pub enum Message {
    Act(Action),
    Port(Event),
    File(File),
    /// A capture that was published with the page, its name and its address.
    Fetched(Blob, String, Route),
    Words(Rc<Words>),
    Explained(Explained),
    Lessons(Vec<Listed>),
    /// An animation frame, at this many milliseconds.
    Frame(f64),
    /// Whether something is being dragged over the page.
    Dragged(bool),
    Share,
    /// The capture as a file to keep.
    Save(Format),
}

pub struct App {
    session: Rc<Session>,
    words: Option<Rc<Words>>,
    lessons: Vec<Listed>,
    live: Live,
    port: Port,
    _listeners: Listeners,
    clock: listen::Clock,
    last_frame: Option<f64>,
    dragged: bool,
    shared: bool,
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<App>) -> App {
        let link = ctx.link().clone();
        let port = Port::new(move |event| link.send_message(Message::Port(event)));
        let mut app = App {
            session: Rc::default(),
            words: None,
            lessons: Vec::new(),
            live: Live::default(),
            port,
            _listeners: Listeners::new(ctx.link()),
            clock: listen::Clock::new(ctx.link()),
            last_frame: None,
            dragged: false,
            shared: false,
        };
        let language =
            browser::remembered("language").as_deref().and_then(Language::of).unwrap_or_else(browser_language);
        let dark = browser::remembered("theme")
            .map_or_else(|| browser::prefers("(prefers-color-scheme: dark)"), |theme| theme == "dark");
        app.act(ctx, Action::Language(language));
        app.act(ctx, Action::Dark(dark));
        app.act(ctx, Action::ReducedMotion(browser::prefers("(prefers-reduced-motion: reduce)")));
        app.act(ctx, Action::Arrived(Route::parse(&browser::fragment())));
        app
    }

    fn update(&mut self, ctx: &Context<App>, message: Message) -> bool {
        match message {
            Message::Act(action) => {
                self.shared = false;
                self.act(ctx, action)
            }
            Message::Port(Event::Answer(response)) => self.act(ctx, Action::Answered(response)),
            Message::Port(Event::Died(message)) => self.act(ctx, Action::Crashed(message)),
            Message::Port(Event::Ready | Event::Restarted) => false,
            Message::Port(Event::Saved(blob, name)) => {
                browser::download(&blob, &name);
                false
            }
            Message::Save(format) => {
                self.port.send(Request::Save { format });
                false
            }
            Message::File(file) => {
                self.dragged = false;
                let action = Action::Open { name: file.name(), size: file.size() as u64, route: Route::Capture };
                self.act(ctx, action);
                self.port.open(file.clone().into(), &file.name());
                true
            }
            Message::Fetched(blob, name, route) => {
                self.act(ctx, Action::Open { name: name.clone(), size: blob.size() as u64, route });
                self.port.open(blob, &name);
                true
            }
            Message::Words(words) => {
                // What was asked for while they were on their way came too early to be kept.
                for protocol in self.session.explained.iter().filter(|protocol| !words.explained.contains(protocol)) {
                    effects::load_explanations(ctx.link(), words.language, protocol.clone());
                }
                self.words = Some(words);
                true
            }
            Message::Explained(explained) => match &mut self.words {
                Some(words) if words.language == explained.language => {
                    Rc::make_mut(words).explain(explained);
                    true
                }
                _ => false,
            },
            Message::Lessons(lessons) => {
                self.lessons = lessons;
                true
            }
            Message::Frame(now) => self.frame(ctx, now),
            Message::Dragged(dragged) => std::mem::replace(&mut self.dragged, dragged) != dragged,
            Message::Share => {
                let _ = browser::window().navigator().clipboard().write_text(&browser::address());
                self.shared = true;
                true
            }
        }
    }

    fn view(&self, ctx: &Context<App>) -> Html {
        let Some(words) = &self.words else { return Html::default() };
        let link = ctx.link();
        let view = View { session: self.session.clone(), words: words.clone(), send: link.callback(Message::Act) };
        let on_stage = self.session.on_stage();
        let in_glossary = matches!(self.session.route, Route::Glossary { .. });
        html! {
            <div class={classes!("app", on_stage.then_some("on-stage"), in_glossary.then_some("in-glossary"), self.session.presenting.then_some("presenting"))}>
                {header::header(&view, link.callback(|_| Message::Share), self.shared, link.callback(Message::Save))}
                if on_stage {
                    {stage::stage(&view, &self.live)}
                } else if in_glossary {
                    <glossary::Glossary shows={glossary::glossary_shown(&view.session)} view={view.clone()} />
                } else {
                    {home::home(&view, &self.lessons, link.callback(Message::File), link.batch_callback(listen::pasted))}
                }
                {overlay::overlay(&view)}
                <div class="dragging" hidden={!self.dragged} aria-hidden="true"><strong>{view.word("home.dragging").to_string()}</strong></div>
            </div>
        }
    }
}

impl App {
    /// Changes the session, does what follows, and says whether the page has to be painted again.
    fn act(&mut self, ctx: &Context<App>, action: Action) -> bool {
        let effects = Rc::make_mut(&mut self.session).reduce(action);
        for effect in effects {
            self.run(ctx, effect);
        }
        self.live.tell(self.session.player.position);
        if self.session.player.playing {
            self.clock.request();
        }
        true
    }

    /// One animation frame. Painting the whole page is for when a packet starts or lands; the rest moves by itself.
    fn frame(&mut self, ctx: &Context<App>, now: f64) -> bool {
        let seconds = within(self.last_frame.map_or(0.0, |last| (now - last) / 1000.0), 0.0, LONGEST_FRAME);
        let before = (self.session.player.row(), self.session.player.playing);
        self.last_frame = Some(now);
        self.act(ctx, Action::Tick(seconds));
        if !self.session.player.playing {
            self.last_frame = None;
        }
        before != (self.session.player.row(), self.session.player.playing)
    }

    fn run(&mut self, ctx: &Context<App>, effect: Effect) {
        match effect {
            Effect::Send(request) => self.port.send(request),
            Effect::Location(route, push) => browser::set_fragment(&route.fragment(), push),
            Effect::Theme(dark) => {
                let theme = if dark { "dark" } else { "light" };
                browser::set_root("data-theme", theme);
                browser::remember("theme", theme);
            }
            Effect::LoadLanguage(language) => {
                browser::set_root("lang", language.tag());
                browser::remember("language", language.tag());
                effects::load_language(ctx.link(), language, (*self.session.explained).clone());
            }
            Effect::Explain(protocol) => effects::load_explanations(ctx.link(), self.session.language, protocol),
            Effect::LoadLesson(id) => {
                let fresh =
                    self.session.stage.is_none() || self.session.lesson.as_ref().is_none_or(|lesson| lesson.id != id);
                effects::load_lesson(ctx.link(), id, self.session.language, fresh, self.session.step);
            }
            Effect::Focus(id) => browser::focus(id),
            Effect::LoadTerms => effects::load_terms(ctx.link()),
            Effect::LoadNames => effects::load_names(ctx.link()),
            Effect::LoadSample(name) => effects::load_sample(ctx.link(), name, self.session.route.clone()),
        }
    }
}

/// A tab that slept does not leap: longer frames count as this many seconds.
const LONGEST_FRAME: f64 = 0.1;

/// The first of the browser's languages that the page speaks.
fn browser_language() -> Language {
    let languages = browser::window().navigator().languages();
    languages.iter().filter_map(|tag| Language::of(&tag.as_string()?)).next().unwrap_or_default()
}

/// Puts the page on the document.
pub fn start() {
    if let Some(boot) = browser::document().get_element_by_id("boot") {
        boot.remove();
    }
    yew::Renderer::<App>::new().render();
}
