//! Effects that fetch what was published with the page: words, lessons, samples.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::html::Scope;

use super::words::{Explained, Words};
use super::{App, Message, browser};
use crate::engine::Failure;
use crate::lesson::{Lesson, Listed};
use crate::session::{Action, Ask, Language, Route};

fn failed(link: &Scope<App>, detail: String) {
    link.send_message(Message::Act(Action::Failed(Failure { kind: "fetch".into(), detail })));
}

/// Reads what `cargo xtask` bundled.
async fn fetch_bundle<T: serde::de::DeserializeOwned>(path: &str) -> Result<T, String> {
    let bytes = browser::fetch_bytes(path).await?;
    postcard::from_bytes(&bytes).map_err(|error| format!("{path}: {error}"))
}

/// The words, those of the protocols that are on stage too, and the list of lessons in the same language.
pub fn load_language(link: &Scope<App>, language: Language, protocols: Vec<String>) {
    let link = link.clone();
    spawn_local(async move {
        match Words::load(language, protocols).await {
            Ok(words) => link.send_message(Message::Words(words)),
            Err(error) => failed(&link, error),
        }
        match fetch_bundle::<Vec<Listed>>(&format!("./lessons/index.{}.bin", language.tag())).await {
            Ok(lessons) => link.send_message(Message::Lessons(lessons)),
            Err(error) => failed(&link, error),
        }
    });
}

pub fn load_explanations(link: &Scope<App>, language: Language, protocol: String) {
    let link = link.clone();
    spawn_local(async move {
        match Explained::load(language, protocol).await {
            Ok(explained) => link.send_message(Message::Explained(explained)),
            Err(error) => failed(&link, error),
        }
    });
}

pub fn load_terms(link: &Scope<App>) {
    let link = link.clone();
    spawn_local(async move {
        match fetch_bundle("./lang/glossary.bin").await {
            Ok(terms) => link.send_message(Message::Act(Action::TermsLoaded(Rc::new(terms)))),
            Err(error) => failed(&link, error),
        }
    });
}

pub fn load_names(link: &Scope<App>) {
    let link = link.clone();
    spawn_local(async move {
        match fetch_bundle("./lang/names.bin").await {
            Ok(known) => link.send_message(Message::Act(Action::Expression(Ask::Known(Rc::new(known))))),
            Err(error) => failed(&link, error),
        }
    });
}

/// A lesson in a language; `fresh`: with its capture, else the one on stage is its own already.
pub fn load_lesson(link: &Scope<App>, id: String, language: Language, fresh: bool, step: usize) {
    let link = link.clone();
    spawn_local(async move {
        let folder = format!("./lessons/{id}");
        let lesson = match fetch_bundle::<Lesson>(&format!("{folder}/lesson.{}.bin", language.tag())).await {
            Ok(lesson) => lesson,
            Err(error) => return failed(&link, error),
        };
        let capture = lesson.capture.clone();
        link.send_message(Message::Act(Action::LessonLoaded(lesson.into())));
        if fresh {
            match browser::fetch_blob(&format!("{folder}/{capture}")).await {
                Ok(blob) => link.send_message(Message::Fetched(blob, capture, Route::Lesson { id, step: step + 1 })),
                Err(error) => failed(&link, error),
            }
        }
    });
}

pub fn load_sample(link: &Scope<App>, name: String, route: Route) {
    let link = link.clone();
    spawn_local(async move {
        match browser::fetch_blob(&format!("./samples/{name}")).await {
            Ok(blob) => link.send_message(Message::Fetched(blob, name, route)),
            Err(error) => failed(&link, error),
        }
    });
}
