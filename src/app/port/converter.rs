//! A worker for one conversion: the engine's worker starts it when a file is gzip data or text, and ends it.
//!
//! To the converter: a `Blob`. From it: `["ready"]`, `["progress", bytes read]` and at last `["converted", Blob, origin]`,
//! `["failed", kind, detail]` or `["panic", message]`.

use std::io::Write;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, ErrorEvent, MessageEvent, Worker, WorkerOptions};

use super::blob::{BlobSource, BlobWriter};
use super::host::{PROGRESS_EVERY, report_panics};
use super::message;
use crate::capture::{self, Origin, Source};
use crate::engine::Failure;

const PROGRESS: &str = "progress";
const CONVERTED: &str = "converted";
const FAILED: &str = "failed";

/// The program's name, and the script that loads it beside the worker's own.
const PROGRAM: &str = "converter";
const SCRIPT: &str = "./worker_loader.js";

/// What a converter says.
pub enum Heard {
    Ready,
    Progress(u64),
    Done(Blob, Origin),
    Failed(Failure),
}

/// A conversion under way; dropped, it ends.
pub struct Conversion {
    worker: Worker,
    blob: Blob,
    pub name: String,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(web_sys::Event)>,
}

impl Conversion {
    /// Starts the program; `hear` gets all that it says, never from inside this call.
    pub fn start(blob: Blob, name: &str, hear: impl Fn(Heard) + Clone + 'static) -> Result<Conversion, Failure> {
        let options = WorkerOptions::new();
        options.set_name(PROGRAM);
        let worker = Worker::new_with_options(SCRIPT, &options)
            .map_err(|error| Failure::new("no-worker", message::describe(&error)))?;
        let died = hear.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| hear(read(&event.data())));
        let on_error = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
            event.prevent_default();
            let why = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            died(Heard::Failed(Failure::new("fetch", why)));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Conversion { worker, blob, name: name.to_owned(), _on_message: on_message, _on_error: on_error })
    }

    /// Hands the file over, once the program is ready.
    pub fn begin(&self) {
        // It fails only for values that cannot be cloned, and a blob can.
        let _ = self.worker.post_message(&self.blob);
    }
}

impl Drop for Conversion {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn read(value: &JsValue) -> Heard {
    let parts = Array::from(value);
    let text = |at: u32| parts.get(at).as_string().unwrap_or_default();
    match text(0).as_str() {
        message::READY => Heard::Ready,
        PROGRESS => Heard::Progress(parts.get(1).as_f64().unwrap_or_default() as u64),
        CONVERTED => match (parts.get(1).dyn_into(), message::unpack(&parts.get(2))) {
            (Ok(blob), Some(origin)) => Heard::Done(blob, origin),
            _ => Heard::Failed(Failure::new("worker-died", message::MISMATCH.to_owned())),
        },
        FAILED => Heard::Failed(Failure::new(&text(1), text(2))),
        _ => Heard::Failed(Failure::new("worker-died", text(1))),
    }
}

/// Converts the one file that comes. Fails outside a dedicated worker.
pub fn run() -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    report_panics(scope.clone());
    let answering = scope.clone();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let answer = match converted(&answering, &event.data()) {
            Ok((blob, origin)) => Array::of3(&CONVERTED.into(), &blob, &message::pack(&origin).0),
            Err(Failure { kind, detail }) => Array::of3(&FAILED.into(), &kind.into(), &detail.into()),
        };
        // It fails only for values that cannot be cloned, and there are none in an answer.
        let _ = answering.post_message(&answer);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    scope.post_message(&message::ready())
}

fn converted(scope: &DedicatedWorkerGlobalScope, value: &JsValue) -> Result<(Blob, Origin), Failure> {
    let unreadable = |why: String| Failure::new("unreadable", why);
    let blob: &Blob = value.dyn_ref().ok_or_else(|| unreadable(message::MISMATCH.to_owned()))?;
    let source = BlobSource::new(blob.clone()).map_err(unreadable)?;
    let (bytes, origin) = capture::convert(Reporting { source, scope: scope.clone(), reported: js_sys::Date::now() })?;
    let mut file = BlobWriter::default();
    let blob = file.write_all(&bytes).and_then(|()| file.finish()).map_err(|error| unreadable(error.to_string()))?;
    Ok((blob, origin))
}

/// A source that says from time to time how far it was read.
struct Reporting {
    source: BlobSource,
    scope: DedicatedWorkerGlobalScope,
    reported: f64,
}

impl Source for Reporting {
    fn size(&self) -> u64 {
        self.source.size()
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        let now = js_sys::Date::now();
        if now - self.reported >= PROGRESS_EVERY {
            self.reported = now;
            let _ = self.scope.post_message(&Array::of2(&PROGRESS.into(), &(offset as f64).into()));
        }
        self.source.read_at(offset, buffer)
    }
}
