//! The worker's side of the port: holds the engine, reads a capture in short turns, answers requests in between.

use std::cell::RefCell;
use std::panic;
use std::rc::{Rc, Weak};

use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use super::blob::{BlobSource, BlobWriter};
use super::converter::{Conversion, Heard};
use super::message::{self, Message};
use crate::capture::{self, Origin};
use crate::engine::{Engine, Failure, Format, Request, Response, SaveError};

/// Bytes read in one turn: long enough to hide a turn's cost, short enough that a `Cancel` is heard within a frame or two.
const TURN_BYTES: u64 = 8 << 20;

/// What a filter or a survey does between two looks at the clock, and the milliseconds of a turn of it.
const TURN_COST: u32 = 1_024;
const TURN_TIME: f64 = 12.0;

/// Milliseconds between two reports of progress.
pub(super) const PROGRESS_EVERY: f64 = 100.0;

struct Host {
    /// Itself, for what answers later.
    this: Weak<RefCell<Host>>,
    scope: DedicatedWorkerGlobalScope,
    /// Posting here starts the next turn, after the messages that have come meanwhile. Unlike a timer it has no least delay.
    turns: MessagePort,
    turn_due: bool,
    capture: u32,
    engine: Option<Engine<BlobSource>>,
    /// The file to open is being unpacked or read as text.
    conversion: Option<Conversion>,
    /// When progress was last reported, in milliseconds.
    reported: f64,
}

/// Answers messages for as long as the worker lives. Fails outside a dedicated worker.
pub fn run() -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    report_panics(scope.clone());
    let channel = MessageChannel::new()?;
    let host = Rc::new_cyclic(|this| {
        RefCell::new(Host {
            this: this.clone(),
            scope: scope.clone(),
            turns: channel.port2(),
            turn_due: false,
            capture: 0,
            engine: None,
            conversion: None,
            reported: 0.0,
        })
    });

    let turning = host.clone();
    let on_turn = Closure::<dyn Fn()>::new(move || turning.borrow_mut().turn());
    channel.port1().set_onmessage(Some(on_turn.as_ref().unchecked_ref()));
    on_turn.forget();

    let on_message =
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| host.borrow_mut().hear(&event.data()));
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    scope.post_message(&message::ready())
}

/// The page hears what went wrong before the worker dies of it.
pub(super) fn report_panics(scope: DedicatedWorkerGlobalScope) {
    panic::set_hook(Box::new(move |info| {
        // Nobody is left to tell when even this fails.
        let _ = scope.post_message(&message::panic(&info.to_string()));
    }));
}

impl Host {
    fn hear(&mut self, value: &JsValue) {
        let Some(asked) = message::read_request(value) else {
            let _ = self.scope.post_message(&message::panic(message::MISMATCH));
            return;
        };
        self.capture = asked.capture;
        match asked.request {
            Request::Open { name } => self.open(asked.blob, &name),
            Request::Save { format } => self.save(format),
            Request::Cancel if self.conversion.take().is_some() => self.post(&failed("cancelled", "")),
            request => {
                let response = match &mut self.engine {
                    Some(engine) => engine.answer(&request),
                    None => failed("no-capture", "no capture is open"),
                };
                self.post(&response);
                if self.engine.as_ref().is_some_and(Engine::is_busy) {
                    self.ask_for_turn();
                }
            }
        }
    }

    fn open(&mut self, blob: Option<Blob>, name: &str) {
        // The old capture's memory goes before the new one's comes.
        (self.engine, self.conversion) = (None, None);
        let opened = match blob {
            Some(blob) => self.open_or_convert(blob, name),
            None => Err(failure("unreadable", "the request to open came without a capture")),
        };
        if let Err(failure) = opened {
            self.post(&Response::Failed(failure));
        }
    }

    fn open_or_convert(&mut self, blob: Blob, name: &str) -> Result<(), Failure> {
        let mut source = BlobSource::new(blob.clone()).map_err(|why| failure("unreadable", &why))?;
        if !capture::needs_conversion(&mut source)? {
            return self.read(source, name, None);
        }
        let (this, capture, size) = (self.this.clone(), self.capture, blob.size() as u64);
        let hear = move |heard| {
            // What comes of a file that was given up for another is not heard any more.
            let host = this.upgrade().filter(|host| host.borrow().capture == capture);
            if let Some(host) = host {
                host.borrow_mut().converting(heard, size);
            }
        };
        self.conversion = Some(Conversion::start(blob, name, hear)?);
        Ok(())
    }

    fn converting(&mut self, heard: Heard, size: u64) {
        let ended = match heard {
            Heard::Ready => return self.conversion.iter().for_each(Conversion::begin),
            Heard::Progress(read) => return self.post(&Response::Progress { read: read.min(size), size, frames: 0 }),
            Heard::Failed(failure) => Err(failure),
            Heard::Done(blob, origin) => {
                BlobSource::new(blob).map_err(|why| failure("unreadable", &why)).map(|source| (source, origin))
            }
        };
        let Some(conversion) = self.conversion.take() else { return };
        if let Err(failure) = ended.and_then(|(source, origin)| self.read(source, &conversion.name, Some(origin))) {
            self.post(&Response::Failed(failure));
        }
    }

    fn read(&mut self, source: BlobSource, name: &str, origin: Option<Origin>) -> Result<(), Failure> {
        self.engine = Some(Engine::open_plain(source, name, origin)?);
        self.reported = js_sys::Date::now();
        self.ask_for_turn();
        Ok(())
    }

    /// The file grows outside of this worker's memory, and crosses as a handle.
    fn save(&mut self, format: Format) {
        let Some(engine) = &mut self.engine else { return };
        let mut file = BlobWriter::default();
        let why = match engine.save(format, &mut file) {
            Ok(_) => match file.finish() {
                Ok(blob) => {
                    let name = format.name(engine.name());
                    let _ = self.scope.post_message(&message::saved(self.capture, &blob, &name));
                    return;
                }
                Err(error) => failure("not-saved", &error.to_string()),
            },
            Err(SaveError::Capture(failure)) => failure,
            Err(SaveError::Output(error)) => failure("not-saved", &error.to_string()),
        };
        self.post(&Response::Failed(why));
    }

    fn turn(&mut self) {
        self.turn_due = false;
        let Some(engine) = self.engine.as_mut().filter(|engine| engine.is_opening()) else { return self.go_on() };
        match engine.advance(TURN_BYTES) {
            Ok(progress @ Response::Progress { .. }) => {
                let now = js_sys::Date::now();
                if now - self.reported >= PROGRESS_EVERY {
                    self.reported = now;
                    self.post(&progress);
                }
                self.ask_for_turn();
            }
            Ok(opened) => self.post(&opened),
            Err(failure) => {
                self.engine = None;
                self.post(&Response::Failed(failure));
            }
        }
    }

    /// Goes on with a filter, else with the survey, for some milliseconds.
    fn go_on(&mut self) {
        let Some(engine) = self.engine.as_mut().filter(|engine| engine.is_busy()) else { return };
        let begun = js_sys::Date::now();
        // Which of the two has ended is told before the other goes on.
        let searching = engine.is_searching();
        let more = |engine: &Engine<BlobSource>| if searching { engine.is_searching() } else { engine.is_surveying() };
        let mut response = engine.go_on(TURN_COST);
        while more(engine) && js_sys::Date::now() - begun < TURN_TIME {
            response = engine.go_on(TURN_COST);
        }
        let (ended, going_on) = (!more(engine), engine.is_busy());
        if ended || begun - self.reported >= PROGRESS_EVERY {
            self.reported = begun;
            self.post(&response);
        }
        if going_on {
            self.ask_for_turn();
        }
    }

    /// At most one turn is ever due, so that a capture opened over another does not run two of them abreast.
    fn ask_for_turn(&mut self) {
        if !self.turn_due {
            self.turn_due = self.turns.post_message(&JsValue::NULL).is_ok();
        }
    }

    fn post(&self, response: &Response) {
        let Message { value, transfer } = message::answer(self.capture, response);
        // It fails only for values that cannot be cloned, and there are none in an answer.
        let _ = self.scope.post_message_with_transfer(&value, &transfer);
    }
}

fn failure(kind: &str, detail: &str) -> Failure {
    Failure { kind: kind.into(), detail: detail.into() }
}

fn failed(kind: &str, detail: &str) -> Response {
    Response::Failed(failure(kind, detail))
}
