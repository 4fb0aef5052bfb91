//! Events of the window → Messages: address, keys, drop, paste, and the one animation-frame loop.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Event, KeyboardEvent};
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
        on("paste", Box::new(move |event| take(&paste, event.unchecked_into::<ClipboardEvent>().clipboard_data())));
        Listeners { _closures: closures }
    }
}

fn take(link: &Scope<App>, data: Option<DataTransfer>) {
    if let Some(file) = data.and_then(|data| data.files()).and_then(|files| files.get(0)) {
        link.send_message(Message::File(file));
    }
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
