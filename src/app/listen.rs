//! Events of the window → Messages: address, keys, drop, paste, and the one animation-frame loop.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, ClipboardEvent, DataTransfer, DragEvent, Event, HtmlInputElement, KeyboardEvent};
use yew::html::Scope;

use super::{App, Message, browser};
use crate::session::{Action, Route};

/// Listeners that last as long as the page.
pub struct Listeners {
    _closures: Vec<Closure<dyn Fn(Event)>>,
}

impl Listeners {
    pub fn new(link: &Scope<App>) -> Listeners {
        let mut closures = Vec::new();
        let mut on = |name: &str, handle: Box<dyn Fn(Event)>| {
            let closure = Closure::wrap(handle);
            // Adding a listener to the window fails for no name that stands here.
            let _ = browser::window().add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
            closures.push(closure);
        };
        for name in ["hashchange", "popstate"] {
            let link = link.clone();
            on(
                name,
                Box::new(move |_| link.send_message(Message::Act(Action::Arrived(Route::parse(&browser::fragment()))))),
            );
        }
        let keys = link.clone();
        on(
            "keydown",
            Box::new(move |event| {
                let event: KeyboardEvent = event.unchecked_into();
                let action = keys.get_component().and_then(|app| super::keys::action(&event, &app.session));
                if let Some(action) = action {
                    event.prevent_default();
                    keys.send_message(Message::Act(action));
                }
            }),
        );
        for (name, dragged) in [("dragover", true), ("dragleave", false), ("drop", false)] {
            let link = link.clone();
            on(
                name,
                Box::new(move |event| {
                    event.prevent_default();
                    let event: DragEvent = event.unchecked_into();
                    let inside = name == "dragleave" && event.related_target().is_some();
                    if !inside {
                        link.send_message(Message::Dragged(dragged));
                    }
                    if name == "drop" {
                        take(&link, event.data_transfer());
                    }
                }),
            );
        }
        let paste = link.clone();
        on(
            "paste",
            Box::new(move |event| {
                // What is pasted into a line of input, such as a search, belongs there.
                let is_input = event.target().is_some_and(|target| target.has_type::<HtmlInputElement>());
                let event: ClipboardEvent = event.unchecked_into();
                if let Some(data) = event.clipboard_data().filter(|_| !is_input) {
                    event.prevent_default();
                    take(&paste, Some(data));
                }
            }),
        );
        Listeners { _closures: closures }
    }
}

/// A file, or else text.
fn take(link: &Scope<App>, data: Option<DataTransfer>) {
    let Some(data) = data else { return };
    if let Some(file) = data.files().and_then(|files| files.get(0)) {
        link.send_message(Message::File(file));
    } else if let Some(message) = data.get_data("text/plain").ok().and_then(pasted) {
        link.send_message(message);
    }
}

/// Opens text as a file of a name that says where it comes from; nothing where there is none.
pub fn pasted(text: String) -> Option<Message> {
    if text.trim().is_empty() {
        return None;
    }
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    Some(Message::Fetched(blob, "pasted.txt".into(), Route::Capture))
}

/// The page's only animation-frame loop; it runs while somebody asks for the next frame.
pub struct Clock {
    closure: Closure<dyn Fn(JsValue)>,
    waiting: Rc<Cell<bool>>,
}

impl Clock {
    pub fn new(link: &Scope<App>) -> Clock {
        let (link, waiting) = (link.clone(), Rc::new(Cell::new(false)));
        let asked = waiting.clone();
        let closure = Closure::new(move |now: JsValue| {
            asked.set(false);
            link.send_message(Message::Frame(now.as_f64().unwrap_or(0.0)));
        });
        Clock { closure, waiting }
    }

    pub fn request(&self) {
        if !self.waiting.replace(true)
            && browser::window().request_animation_frame(self.closure.as_ref().unchecked_ref()).is_err()
        {
            self.waiting.set(false);
        }
    }
}
