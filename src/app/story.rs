//! What is wrong with the capture, over all of its conversations, and what happened in the one on stage.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::ladder::endpoint;
use super::view::{View, thousands};
use crate::conversation::Endpoint;
use crate::conversation::story::{Event as Told, TROUBLE};
use crate::engine::Tally;
use crate::scene::measure::duration;
use crate::session::{Action, Want};
use crate::text::decimal;

/// Frames that a line names.
const NAMED: usize = 5;
/// Events of a kind that are told before somebody asks for that kind.
const FIRST: usize = 3;

pub fn story(view: &View) -> Html {
    let kind = view.session.conversations.kind.as_str();
    let events = &view.session.story;
    let wanted = |event: &&Told| kind.is_empty() || event.kind == kind;
    let mut trouble: Vec<&Told> =
        events.iter().filter(wanted).filter(|event| event.rank >= TROUBLE && kind.is_empty()).collect();
    trouble.sort_by_key(|event| (u8::MAX - event.rank, event.row));
    let here = view.session.stage.as_ref().map(|stage| &stage.conversation);
    let tell = |event: &&Told| here.map(|here| line(view, here.id, &here.ends, event, false)).unwrap_or_default();
    let none = !events.iter().any(|event| wanted(&event));
    html! {
        <div class="conversations" id="story">
            {capture(view, kind)}
            <section id="here" aria-label={view.word("story.here").to_string()}>
                <h3 class="part">{view.word("story.here").to_string()}</h3>
                if none { <p class="soft">{view.word(if kind.is_empty() { "story.none" } else { "story.none.kind" }).to_string()}</p> }
                if !trouble.is_empty() {
                    <h3>{view.word("story.first").to_string()}</h3>
                    <ul>{for trouble.iter().map(tell)}</ul>
                    <h3>{view.word("story.all").to_string()}</h3>
                }
                <ul>{for events.iter().filter(wanted).map(|event| tell(&event))}</ul>
            </section>
        </div>
    }
}

/// The worst of all conversations.
fn capture(view: &View, kind: &str) -> Html {
    let overview = view.session.conversations.overview.as_ref();
    let done = overview.filter(|overview| overview.done);
    let tallies = done.map(|overview| overview.kinds.as_slice()).unwrap_or_default();
    let choices: Vec<(&str, u32)> = tallies.iter().map(|tally| (tally.kind.as_str(), tally.events)).collect();
    let shown = tallies.iter().filter(|it| if kind.is_empty() { it.rank >= TROUBLE } else { it.kind == kind });
    let sound = kind.is_empty() && tallies.iter().all(|tally| tally.rank < TROUBLE);
    html! {
        <section id="wrong" aria-label={view.word("story.wrong").to_string()}>
            <div class="headline"><h3 class="part">{view.word("story.wrong").to_string()}</h3>
                if done.is_some() { {kinds(view, "kinds", "story.kinds", &choices, kind, Want::Kind)} }
            </div>
            {progress(view)}
            if let Some(done) = done.filter(|_| sound) {
                <p class="soft" id="sound">{view.words.fill("story.sound", &[("count", &thousands(done.conversations.into()))])}</p>
            }
            {for shown.map(|tally| group(view, tally, !kind.is_empty()))}
        </section>
    }
}

/// How far the engine is with all conversations; nothing once it is done, or where nobody asked.
pub fn progress(view: &View) -> Html {
    let Some(overview) = view.session.conversations.overview.as_ref().filter(|overview| !overview.done) else {
        return Html::default();
    };
    let share = f64::from(overview.judged) / f64::from(overview.conversations.max(1));
    html! { <progress max="1" value={decimal(share, 4)} aria-label={view.word("story.judging").to_string()}></progress> }
}

/// The events of one kind, few of them or all that were kept.
fn group(view: &View, tally: &Tally, all: bool) -> Html {
    let shown = if all { tally.worst.len() } else { FIRST.min(tally.worst.len()) };
    let rest = tally.events as usize - shown;
    let name = view.words.get(&format!("verdict.{}", tally.kind)).to_string();
    let counts = view.words.fill(
        "story.tally",
        &[("events", &thousands(tally.events.into())), ("conversations", &thousands(tally.conversations.into()))],
    );
    let more = view.words.fill(if all { "story.rest" } else { "story.more" }, &[("count", &thousands(rest as u64))]);
    html! {
        <>
            <h3>{name}{" "}<span class="soft">{counts}</span></h3>
            <ul>{for tally.worst.iter().take(shown).map(|told| line(view, told.conversation, &told.ends, &told.event, true))}</ul>
            if rest > 0 && all { <p class="soft">{more}</p> } else if rest > 0 {
                <button class="plain" onclick={view.click(Action::Want(Want::Kind(tally.kind.clone())))}>{more}</button>
            }
        </>
    }
}

/// A choice among kinds, each with how many there are.
pub fn kinds(
    view: &View,
    id: &'static str,
    all: &'static str,
    found: &[(&str, u32)],
    chosen: &str,
    want: fn(String) -> Want,
) -> Html {
    let onchange = {
        let send = view.send.clone();
        let keys: Vec<String> = found.iter().map(|(kind, _)| (*kind).to_string()).collect();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let place = usize::try_from(select.selected_index() - 1).ok();
            send.emit(Action::Want(want(place.and_then(|place| keys.get(place)).cloned().unwrap_or_default())));
        })
    };
    let label = view.word(all).to_string();
    html! {
        <select {id} {onchange} aria-label={label.clone()}>
            <option selected={chosen.is_empty()}>{label}</option>
            {for found.iter().map(|(kind, count)| html! {
                <option selected={chosen == *kind}>{view.words.get(&format!("verdict.{kind}")).to_string()}{" ("}{count}{")"}</option>
            })}
        </select>
    }
}

/// An event; `apart`: its conversation is not the one on stage, and is named.
fn line(view: &View, conversation: u32, ends: &[Endpoint; 2], event: &Told, apart: bool) -> Html {
    let Some(&frame) = event.frames.first() else { return Html::default() };
    let end = ends.get(usize::from(event.end)).map(endpoint).unwrap_or_default();
    let said = view.words.fill(
        &format!("story:{}", event.kind),
        &[("end", &end), ("count", &event.count.to_string()), ("lasted", &duration(event.lasted))],
    );
    let mut frames: Vec<String> = event.frames.iter().take(NAMED).map(u32::to_string).collect();
    if event.count as usize > frames.len() {
        frames.push("…".to_string());
    }
    let stage = view.session.stage.as_ref().map(|stage| stage.conversation.id);
    let on = stage == Some(conversation) && view.session.selected_row() == Some(event.row);
    let action = Action::ChooseFrame { frame, conversation, row: event.row };
    html! {
        <li><button class={classes!("conversation", "event", (event.rank >= TROUBLE).then_some("trouble"), on.then_some("on"))} aria-current={on.to_string()} onclick={view.click(action)}>
            <span>{said}</span>
            if apart { <span class="mono">{endpoint(&ends[0])}{" ⇄ "}{endpoint(&ends[1])}</span> }
            <span class="soft">{view.words.fill("story.frames", &[("count", &event.count.to_string()), ("frames", &frames.join(", "))])}</span>
        </button></li>
    }
}
