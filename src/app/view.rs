//! What every panel gets: the session to paint, the words to say it in, and where Actions go.

use std::rc::Rc;

use yew::{Callback, Html, MouseEvent, Properties, html};

use super::words::Words;
pub use crate::scene::measure::thousands;
use crate::session::{Action, Session};
use crate::text;

#[derive(Clone, Properties)]
pub struct View {
    pub session: Rc<Session>,
    pub words: Rc<Words>,
    pub send: Callback<Action>,
}

impl PartialEq for View {
    /// A session that changed is another `Rc`; comparing what it holds would cost more than painting it.
    fn eq(&self, other: &View) -> bool {
        Rc::ptr_eq(&self.session, &other.session) && Rc::ptr_eq(&self.words, &other.words)
    }
}

impl View {
    /// A click that sends this action.
    pub fn click(&self, action: Action) -> Callback<MouseEvent> {
        let send = self.send.clone();
        Callback::from(move |_| send.emit(action.clone()))
    }

    pub fn word<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.get(key)
    }
}

/// A view for a panel that is painted again only when what it shows changed: most Actions leave most panels as they are.
#[derive(Clone, Properties)]
pub struct Panel {
    pub view: View,
    /// Stands for all that the panel reads of the session: addresses of shared parts, numbers, switches.
    pub shows: Vec<usize>,
}

impl PartialEq for Panel {
    fn eq(&self, other: &Panel) -> bool {
        self.shows == other.shows && Rc::ptr_eq(&self.view.words, &other.view.words)
    }
}

/// The address of a shared part, which changes whenever the part does.
pub fn address<T>(part: &Rc<T>) -> usize {
    Rc::as_ptr(part).addr()
}

/// A source, as a link where it is an RFC. Nothing is loaded from there unless somebody follows it.
pub fn source(source: &str) -> Html {
    match text::link(source) {
        Some(href) => html! { <a class="term-link" {href} target="_blank" rel="noreferrer">{source}</a> },
        None => html! { {source} },
    }
}

/// `740 B`, `12.3 kB`, `100.0 MB`
pub fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1000.0 || unit == "GB" {
            return if unit == "B" { format!("{bytes} B") } else { format!("{} {unit}", text::decimal(value, 1)) };
        }
        value /= 1000.0;
    }
    String::new()
}

/// Nanoseconds as seconds from the start: `0.000213 s`.
pub fn seconds(nanoseconds: i64) -> String {
    text::decimal(nanoseconds as f64 / 1e9, 6) + " s"
}
