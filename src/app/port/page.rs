//! The page's side of the port: keeps a worker alive, sends it requests, and turns what it says into events.

use std::cell::RefCell;
use std::mem;
use std::rc::{Rc, Weak};

use wasm_bindgen::prelude::*;
use web_sys::{Blob, ErrorEvent, MessageEvent, Worker};

use super::message::{self, Heard, Message};
use crate::engine::{Failure, Request, Response};

/// The script that loads `worker.js` and its wasm; relative to the page, so that the app runs under any path.
const SCRIPT: &str = "./worker_loader.js";

/// How often one capture may kill the worker before it is given up, so that a capture that always does cannot loop.
const RESTARTS: u32 = 3;

/// What the port tells the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The first worker runs.
    Ready,
    /// An answer about the capture opened last.
    Answer(Box<Response>),
    /// The capture as a file of this name.
    Saved(Blob, String),
    /// The worker died, and of what. Requests that it had not answered are lost.
    Died(String),
    /// Its successor runs and opens the same capture again; `Answer(Opened(…))` follows.
    Restarted,
}

/// A handle on the worker; clones share it, and the last one to go ends it.
#[derive(Clone)]
pub struct Port(Rc<Inner>);

struct Inner {
    state: RefCell<State>,
    script: String,
    on_event: Box<dyn Fn(Event)>,
    on_message: Closure<dyn Fn(MessageEvent)>,
    on_error: Closure<dyn Fn(web_sys::Event)>,
}

#[derive(Default)]
struct State {
    worker: Option<Worker>,
    ready: bool,
    restarting: bool,
    /// Requests made before the worker was ready.
    queue: Vec<Message>,
    /// Counts the captures opened; answers that carry another number are stale.
    capture: u32,
    open: Option<(Blob, String)>,
    /// Workers that died since the capture was opened.
    deaths: u32,
}

impl Port {
    /// Starts the worker. `on_event` is never called from inside a call to the port.
    pub fn new(on_event: impl Fn(Event) + 'static) -> Port {
        Port::with_script(SCRIPT, on_event)
    }

    /// With another worker than the engine's, for tests.
    pub fn with_script(script: &str, on_event: impl Fn(Event) + 'static) -> Port {
        let inner = Rc::new_cyclic(|inner: &Weak<Inner>| {
            let (message_to, error_to) = (inner.clone(), inner.clone());
            Inner {
                state: RefCell::default(),
                script: script.to_owned(),
                on_event: Box::new(on_event),
                on_message: Closure::new(move |event: MessageEvent| {
                    if let Some(inner) = message_to.upgrade() {
                        inner.heard(&event.data());
                    }
                }),
                on_error: Closure::new(move |event: web_sys::Event| {
                    if let Some(inner) = error_to.upgrade() {
                        event.prevent_default();
                        let why = error_message(&event);
                        inner.died(why.unwrap_or_else(|| format!("{} could not be loaded", inner.script)));
                    }
                }),
            }
        });
        inner.start();
        Port(inner)
    }

    /// Opens a capture in place of the one before. Progress comes until `Opened` or `Failed`.
    pub fn open(&self, blob: Blob, name: &str) {
        let mut state = self.0.state.borrow_mut();
        state.capture = state.capture.wrapping_add(1);
        state.deaths = 0;
        state.open = Some((blob, name.to_owned()));
        // What was asked about the capture before is not worth an answer any more.
        state.queue.clear();
        state.send_open();
        let dead = state.worker.is_none();
        drop(state);
        if dead {
            self.0.start();
        }
    }

    /// Sends a request about the open capture; requests made before the worker is ready wait for it.
    pub fn send(&self, request: Request) {
        let mut state = self.0.state.borrow_mut();
        let message = message::request(state.capture, &request, None);
        state.post(message);
    }
}

impl State {
    fn send_open(&mut self) {
        if let Some((blob, name)) = &self.open {
            let message = message::request(self.capture, &Request::Open { name: name.clone() }, Some(blob));
            self.post(message);
        }
    }

    fn post(&mut self, message: Message) {
        match &self.worker {
            // It fails only for values that cannot be cloned, and there are none in a request.
            Some(worker) if self.ready => drop(worker.post_message_with_transfer(&message.value, &message.transfer)),
            _ => self.queue.push(message),
        }
    }
}

impl Inner {
    fn start(self: &Rc<Inner>) {
        match Worker::new(&self.script) {
            Ok(worker) => {
                worker.set_onmessage(Some(self.on_message.as_ref().unchecked_ref()));
                worker.set_onerror(Some(self.on_error.as_ref().unchecked_ref()));
                self.state.borrow_mut().worker = Some(worker);
            }
            Err(error) => {
                let inner = self.clone();
                let why = message::describe(&error);
                wasm_bindgen_futures::spawn_local(async move { inner.give_up("no-worker", why) });
            }
        }
    }

    fn heard(self: &Rc<Inner>, value: &JsValue) {
        match message::read_answer(value) {
            Some(Heard::Ready) => self.became_ready(),
            Some(Heard::Answer { capture, response }) => {
                let current = self.state.borrow().capture;
                if capture == current {
                    (self.on_event)(Event::Answer(response));
                }
            }
            Some(Heard::Saved { blob, name }) => (self.on_event)(Event::Saved(blob, name)),
            Some(Heard::Panic(why)) => self.died(why),
            None => self.died(message::MISMATCH.to_owned()),
        }
    }

    fn became_ready(&self) {
        let mut state = self.state.borrow_mut();
        state.ready = true;
        for message in mem::take(&mut state.queue) {
            state.post(message);
        }
        let event = if mem::take(&mut state.restarting) { Event::Restarted } else { Event::Ready };
        drop(state);
        (self.on_event)(event);
    }

    /// Buries the worker and starts another with the same capture. A panic is reported twice, by the worker's own message
    /// and by the browser; the first takes the worker away, so the second never arrives.
    fn died(self: &Rc<Inner>, why: String) {
        let mut state = self.state.borrow_mut();
        let Some(worker) = state.worker.take() else { return };
        worker.set_onmessage(None);
        worker.set_onerror(None);
        worker.terminate();
        let had_started = mem::take(&mut state.ready);
        state.queue.clear();
        state.deaths += 1;
        let again = state.deaths <= RESTARTS;
        if !again {
            state.open = None;
        }
        state.send_open();
        state.restarting |= had_started;
        drop(state);

        (self.on_event)(Event::Died(why.clone()));
        // The page may have opened another capture on hearing that, and so have started the successor itself.
        if (again || had_started) && self.state.borrow().worker.is_none() {
            self.start();
        }
        if !again {
            self.give_up(if had_started { "worker-died" } else { "no-worker" }, why);
        }
    }

    fn give_up(&self, kind: &str, detail: String) {
        (self.on_event)(Event::Answer(Box::new(Response::Failed(Failure { kind: kind.into(), detail }))));
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(worker) = self.state.get_mut().worker.take() {
            worker.terminate();
        }
    }
}

/// An error in the worker has a message; a script that could not be loaded has none.
fn error_message(event: &web_sys::Event) -> Option<String> {
    event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).filter(|message| !message.is_empty())
}
