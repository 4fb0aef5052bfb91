//! What happened in the conversation on stage: its events in order, and first those that a reader looks for.

use yew::prelude::*;

use super::ladder::endpoint;
use super::view::View;
use crate::conversation::story::Event;
use crate::scene::measure::duration;
use crate::session::Action;

/// Events of this rank and above are told first.
const TROUBLE: u8 = 4;
/// Frames that a line names.
const NAMED: usize = 5;

pub fn story(view: &View) -> Html {
    let events = &view.session.story;
    let mut trouble: Vec<&Event> = events.iter().filter(|event| event.rank >= TROUBLE).collect();
    trouble.sort_by_key(|event| (u8::MAX - event.rank, event.row));
    html! {
        <div class="conversations" id="story">
            if events.is_empty() { <p class="soft">{view.word("story.none").to_string()}</p> }
            if !trouble.is_empty() {
                <h3>{view.word("story.first").to_string()}</h3>
                <ul>{for trouble.iter().map(|event| line(view, event))}</ul>
                <h3>{view.word("story.all").to_string()}</h3>
            }
            <ul>{for events.iter().map(|event| line(view, event))}</ul>
        </div>
    }
}

fn line(view: &View, event: &Event) -> Html {
    let Some(stage) = &view.session.stage else { return Html::default() };
    let Some(&frame) = event.frames.first() else { return Html::default() };
    let end = stage.conversation.ends.get(usize::from(event.end)).map(endpoint).unwrap_or_default();
    let said = view.words.fill(
        &format!("story:{}", event.kind),
        &[("end", &end), ("count", &event.count.to_string()), ("lasted", &duration(event.lasted))],
    );
    let mut frames: Vec<String> = event.frames.iter().take(NAMED).map(u32::to_string).collect();
    if event.count as usize > frames.len() {
        frames.push("…".to_string());
    }
    let on = view.session.selected_row() == Some(event.row);
    let action = Action::ChooseFrame { frame, conversation: stage.conversation.id, row: event.row };
    html! {
        <li><button class={classes!("conversation", "event", (event.rank >= TROUBLE).then_some("trouble"), on.then_some("on"))} aria-current={on.to_string()} onclick={view.click(action)}>
            <span>{said}</span>
            <span class="soft">{view.words.fill("story.frames", &[("count", &event.count.to_string()), ("frames", &frames.join(", "))])}</span>
        </button></li>
    }
}
