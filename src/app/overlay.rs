//! What lies over the page for a while: reading a file, an error, the keys.

use yew::prelude::*;

use super::view::{View, size, thousands};
use crate::session::Action;
use crate::text::decimal;

pub fn overlay(view: &View) -> Html {
    html! { <>{loading(view)}{failure(view)}{crashed(view)}{help(view)}</> }
}

fn loading(view: &View) -> Html {
    let Some(loading) = &view.session.loading else { return Html::default() };
    let share = if loading.size > 0 { loading.read as f64 / loading.size as f64 } else { 0.0 };
    let figures = view.words.fill(
        "loading.figures",
        &[("read", &size(loading.read)), ("size", &size(loading.size)), ("frames", &thousands(loading.frames.into()))],
    );
    html! {
        <div class="sheet" role="status" id="loading">
            <strong>{view.words.fill("loading.title", &[("name", &loading.name)])}</strong>
            <progress max="1" value={decimal(share, 4)}></progress>
            <span class="soft">{figures}</span>
            <button class="button" onclick={view.click(Action::CancelLoading)}>{view.word("loading.cancel").to_string()}</button>
        </div>
    }
}

fn failure(view: &View) -> Html {
    let Some(failure) = &view.session.failure else { return Html::default() };
    let title =
        view.words.find(&format!("failure.{}", failure.kind)).unwrap_or_else(|| view.words.get("failure.other"));
    html! {
        <div class="sheet bad" role="alert" id="failure">
            <strong>{title.to_string()}</strong>
            if !failure.detail.is_empty() { <p>{&failure.detail}</p> }
            if let Some(hint) = view.words.find(&format!("failure.{}.hint", failure.kind)) { <p>{hint.to_string()}</p> }
            <button class="button on" onclick={view.click(Action::DismissFailure)}>{view.word("failure.dismiss").to_string()}</button>
        </div>
    }
}

fn crashed(view: &View) -> Html {
    let Some(message) = &view.session.crashed else { return Html::default() };
    html! {
        <div class="sheet bad" role="alert" id="crashed">
            <strong>{view.word("crashed.title").to_string()}</strong>
            <p>{view.word("crashed.text").to_string()}</p>
            <pre>{message}</pre>
            <button class="button on" onclick={view.click(Action::DismissFailure)}>{view.word("failure.dismiss").to_string()}</button>
        </div>
    }
}

const KEYS: &[(&str, &str)] = &[
    ("→  PageDown", "keys.step"),
    ("←  PageUp", "keys.back"),
    ("Space", "keys.play"),
    ("Home  End", "keys.ends"),
    ("↑  ↓", "keys.field"),
    ("[  ]", "keys.layer"),
    ("1 – 4", "keys.answer"),
    ("+  −", "keys.speed"),
    ("T", "keys.scale"),
    ("E", "keys.panels"),
    ("/", "keys.filter"),
    ("G", "keys.graphs"),
    ("H", "keys.hosts"),
    ("+  −  0  ⇧←  ⇧→", "keys.zoom"),
    ("P  L  D", "keys.look"),
    ("?  Esc", "keys.help"),
];

fn help(view: &View) -> Html {
    if !view.session.help {
        return Html::default();
    }
    html! {
        <div class="sheet" role="dialog" aria-modal="true" aria-label={view.word("help.title").to_string()} id="keys">
            <strong>{view.word("help.title").to_string()}</strong>
            <dl class="keys">{for KEYS.iter().map(|(keys, key)| html! { <><dt><kbd>{*keys}</kbd></dt><dd>{view.word(key).to_string()}</dd></> })}</dl>
            <button class="button on" onclick={view.click(Action::Help(false))}>{view.word("failure.dismiss").to_string()}</button>
        </div>
    }
}
