//! The first page: what this is, the lessons, and where a capture goes in.

use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::view::View;
use crate::lesson::Listed;
use crate::session::Route;

/// Captures that come with the page: file and label.
const SAMPLES: [(&str, &str); 2] = [("mixed.pcapng", "home.sample.mixed"), ("day.pcap", "home.sample.day")];

pub fn home(view: &View, lessons: &[Listed], files: Callback<web_sys::File>, text: Callback<String>) -> Html {
    let word = |key: &'static str| view.words.get(key).to_string();
    html! {
        <main class="home">
            <section class="pitch">
                <h1>{word("home.title")}</h1>
                <p>{word("home.sentence")}</p>
            </section>
            <section class="card lessons" aria-labelledby="lessons">
                <h2 id="lessons">{word("home.lessons")}</h2>
                <ul>{for lessons.iter().map(|lesson| lesson_card(view, lesson))}</ul>
            </section>
            <section class="card yours" aria-labelledby="yours">
                <h2 id="yours">{word("home.yours")}</h2>
                {picker(view, files)}
                {paper(view, text)}
                <p class="soft">{word("home.private")}</p>
                <h3>{word("home.samples")}</h3>
                <p class="samples">{for SAMPLES.iter().map(|(name, label)| html! {
                    <a class="button sample" href={Route::Sample { name: (*name).into(), row: 0 }.fragment()}>{word(label)}</a>
                })}</p>
            </section>
        </main>
    }
}

fn lesson_card(view: &View, lesson: &Listed) -> Html {
    let route = Route::Lesson { id: lesson.id.clone(), step: 1 };
    let count = view.words.fill(
        "home.lesson.size",
        &[("steps", &lesson.steps.to_string()), ("questions", &lesson.questions.to_string())],
    );
    html! {
        <li key={lesson.id.clone()}>
            <a class="lesson" href={route.fragment()}>
                <span class="section">{view.words.fill("home.section", &[("section", &lesson.chapter)])}</span>
                <strong>{&lesson.title}</strong>
                <span>{&lesson.purpose}</span>
                <span class="soft">{count}</span>
            </a>
        </li>
    }
}

/// Takes lines that tcpdump printed. A paste is heard by the whole page; what comes otherwise, as from a phone's keyboard,
/// is taken when the reader is done.
fn paper(view: &View, text: Callback<String>) -> Html {
    let onchange = Callback::from(move |event: Event| {
        let paper: HtmlTextAreaElement = event.target_unchecked_into();
        text.emit(paper.value());
    });
    let label = view.word("home.text").to_string();
    html! { <textarea id="paper" rows="2" spellcheck="false" aria-label={label.clone()} placeholder={label} {onchange} /> }
}

/// Takes a click, Enter, a paste (`App` listens for that) or a drop (everywhere on the page).
fn picker(view: &View, files: Callback<web_sys::File>) -> Html {
    let onchange = {
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = input.files().and_then(|list| list.get(0)) {
                files.emit(file);
            }
            // The same file chosen again is a change too.
            input.set_value("");
        })
    };
    html! {
        <label class="drop">
            <input type="file" id="picker" {onchange} />
            <strong>{view.word("home.drop").to_string()}</strong>
            <span>{view.word("home.drop.how").to_string()}</span>
            <span class="soft">{view.word("home.drop.formats").to_string()}</span>
        </label>
    }
}
