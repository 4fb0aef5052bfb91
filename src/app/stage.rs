//! The stage: script or lists on the left, the ladder, both ends, the anatomy below, the player at the bottom.

use yew::prelude::*;

use super::anatomy::{Anatomy, shown};
use super::controls::controls;
use super::conversations::{Conversations, conversations_shown};
use super::ends::{Ends, ends_shown};
use super::graph::{Graphs, graph_shown};
use super::ladder::Ladder;
use super::live::Live;
use super::packets::{Packets, packets_shown};
use super::script::Script;
use super::view::{Panel, View};
use crate::session::{Action, Side, Tab};

pub fn stage(view: &View, live: &Live) -> Html {
    let session = &view.session;
    let tab = match session.tab {
        Tab::Script => "tab-script",
        Tab::Ladder => "tab-ladder",
        Tab::Ends => "tab-ends",
        Tab::Anatomy => "tab-anatomy",
    };
    html! {
        <>
            {tabs(view)}
            <main class={classes!("theater", tab)}>
                {side(view)}
                if session.plot().is_some() {
                    <Graphs view={view.clone()} shows={graph_shown(session)} />
                } else {
                    <Ladder view={view.clone()} live={live.clone()} />
                }
                <Ends panel={Panel { view: view.clone(), shows: ends_shown(session) }} live={live.clone()} />
                <Anatomy view={view.clone()} shows={shown(&view.session)} />
            </main>
            {controls(view, live)}
        </>
    }
}

/// What a narrow screen shows one at a time.
fn tabs(view: &View) -> Html {
    let tab = |tab: Tab, key: &'static str| {
        // Presenting shows the ladder beside every other panel.
        let on =
            view.session.tab == tab || view.session.presenting && tab == Tab::Script && view.session.tab == Tab::Ladder;
        html! { <button role="tab" aria-selected={on.to_string()} class={classes!("tab", on.then_some("on"))} onclick={view.click(Action::Tab(tab))}>{view.word(key).to_string()}</button> }
    };
    html! {
        <div class="tabs" role="tablist">
            {tab(Tab::Script, if view.session.lesson.is_some() { "side.script" } else { "side.packets" })}
            if !view.session.presenting { {tab(Tab::Ladder, "stage.ladder")} }
            {tab(Tab::Ends, "ends.title")}
            {tab(Tab::Anatomy, "anatomy.title")}
        </div>
    }
}

/// What there is to say about the file: cut short, odd link types, comments.
fn notes(view: &View) -> Html {
    let notes = view
        .session
        .capture
        .as_ref()
        .filter(|_| view.session.lesson.is_none())
        .map(|capture| capture.notes.clone())
        .unwrap_or_default();
    if notes.is_empty() {
        return Html::default();
    }
    // What is wrong with the file comes before what somebody wrote into it.
    let (comments, faults): (Vec<_>, Vec<_>) = notes.into_iter().partition(|note| note.starts_with("Comment"));
    let notes = [faults, comments].concat();
    html! {
        <details class="notes" role="note"><summary>{view.words.fill("capture.notes", &[("first", &notes[0]), ("count", &notes.len().to_string())])}</summary>
            <ul>{for notes.iter().map(|note| html! { <li>{note}</li> })}</ul>
        </details>
    }
}

fn side(view: &View) -> Html {
    let session = &view.session;
    let lesson = session.lesson.is_some();
    let choose = |side: Side, key: &'static str| {
        let on = session.side == side;
        html! { <button class={classes!("button", on.then_some("on"))} aria-pressed={on.to_string()} onclick={view.click(Action::Side(side))}>{view.word(key).to_string()}</button> }
    };
    html! {
        <section class="card side" aria-label={view.word(if lesson { "side.script" } else { "side.packets" }).to_string()}>
            <div class="bar">
                if lesson { {choose(Side::Script, "side.script")} }
                {choose(Side::Packets, "side.packets")}
                if !lesson { {choose(Side::Story, "side.story")}{choose(Side::Conversations, "side.conversations")} }
            </div>
            {notes(view)}
            {match session.side {
                Side::Script if lesson => html! { <Script ..view.clone() /> },
                Side::Conversations => html! { <Conversations view={view.clone()} shows={conversations_shown(session)} /> },
                Side::Story => super::story::story(view),
                _ => html! { <Packets view={view.clone()} shows={packets_shown(session)} /> },
            }}
        </section>
    }
}
