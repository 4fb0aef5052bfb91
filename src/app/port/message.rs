//! Requests and responses ⇄ the JavaScript values that cross between page and worker.
//!
//! Page to worker: `[capture, request bytes, Blob or undefined]`. Worker to page: `["ready"]`,
//! `["answer", capture, response bytes]`, `["saved", capture, Blob, name]` or `["panic", message]`. Bytes are postcard in a `Uint8Array` whose buffer is
//! transferred. `capture` counts the page's `Open`s, so that a late answer about an earlier capture can be told apart.

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use crate::engine::{Request, Response};

pub const READY: &str = "ready";
const ANSWER: &str = "answer";
const SAVED: &str = "saved";
const PANIC: &str = "panic";

/// What is said when a message cannot be read, which happens when the browser kept one of the two programs from before.
pub const MISMATCH: &str = "the page and its worker are of different versions; reload the page";

/// A value to post, and the list of buffers that move with it instead of being copied.
pub struct Message {
    pub value: Array,
    pub transfer: Array,
}

/// What the worker hears.
pub struct Asked {
    pub capture: u32,
    pub request: Request,
    pub blob: Option<Blob>,
}

/// What the page hears.
pub enum Heard {
    Ready,
    Answer {
        capture: u32,
        response: Box<Response>,
    },
    /// The capture as a file of this name.
    Saved {
        blob: Blob,
        name: String,
    },
    Panic(String),
}

pub fn request(capture: u32, request: &Request, blob: Option<&Blob>) -> Message {
    let (bytes, transfer) = pack(request);
    let blob = blob.map_or(JsValue::UNDEFINED, JsValue::from);
    Message { value: Array::of3(&capture.into(), &bytes, &blob), transfer }
}

pub fn answer(capture: u32, response: &Response) -> Message {
    let (bytes, transfer) = pack(response);
    Message { value: Array::of3(&ANSWER.into(), &capture.into(), &bytes), transfer }
}

pub fn saved(capture: u32, blob: &Blob, name: &str) -> JsValue {
    Array::of4(&SAVED.into(), &capture.into(), blob, &name.into()).into()
}

pub fn ready() -> JsValue {
    Array::of1(&READY.into()).into()
}

pub fn panic(message: &str) -> JsValue {
    Array::of2(&PANIC.into(), &message.into()).into()
}

/// `None` for a value that no page of this version posts.
pub fn read_request(value: &JsValue) -> Option<Asked> {
    let parts: &Array = value.dyn_ref()?;
    let capture = number(&parts.get(0))?;
    let request = unpack(&parts.get(1))?;
    Some(Asked { capture, request, blob: parts.get(2).dyn_into().ok() })
}

/// `None` for a value that no worker of this version posts.
pub fn read_answer(value: &JsValue) -> Option<Heard> {
    let parts: &Array = value.dyn_ref()?;
    match parts.get(0).as_string()?.as_str() {
        READY => Some(Heard::Ready),
        ANSWER => Some(Heard::Answer { capture: number(&parts.get(1))?, response: Box::new(unpack(&parts.get(2))?) }),
        SAVED => Some(Heard::Saved { blob: parts.get(2).dyn_into().ok()?, name: parts.get(3).as_string()? }),
        PANIC => Some(Heard::Panic(parts.get(1).as_string()?)),
        _ => None,
    }
}

/// An error in the browser's own words: `NotReadableError: The requested file could not be read …`.
pub fn describe(error: &JsValue) -> String {
    String::from(js_sys::Object::from(error.clone()).to_string())
}

fn number(value: &JsValue) -> Option<u32> {
    value.as_f64().map(|number| number as u32)
}

/// Serialising plain structs into a growing vector cannot fail, so an empty buffer stands for the case that never is.
pub fn pack(value: &impl Serialize) -> (JsValue, Array) {
    let bytes = Uint8Array::from(postcard::to_allocvec(value).unwrap_or_default().as_slice());
    let transfer = Array::of1(&bytes.buffer());
    (bytes.into(), transfer)
}

pub fn unpack<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    let bytes: &Uint8Array = value.dyn_ref()?;
    postcard::from_bytes(&bytes.to_vec()).ok()
}
