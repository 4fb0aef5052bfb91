//! The player's bar: first, back, play, step, last, the track, speed.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::live::{Live, use_position};
use super::view::{View, seconds, thousands};
use crate::session::{Action, SPEEDS};
use crate::text::decimal;

#[derive(Clone, Properties, PartialEq)]
pub struct Props {
    pub view: View,
    pub live: Live,
}

pub fn controls(view: &View, live: &Live) -> Html {
    let session = &view.session;
    let lesson = session.lesson.is_some();
    let button = |id: &'static str, key: &'static str, path: &'static str, action: Action| {
        let label = view.word(key).to_string();
        html! { <button {id} class="button" aria-label={label.clone()} title={label} onclick={view.click(action)}>{icon(path)}</button> }
    };
    let speed = {
        let send = view.send.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let speed = usize::try_from(select.selected_index()).ok().and_then(|index| SPEEDS.get(index));
            speed.into_iter().for_each(|(speed, _)| send.emit(Action::Speed(*speed)));
        })
    };
    let playing = session.player.playing;
    html! {
        <footer class="player">
            {button("first", "player.first", FIRST, Action::First)}
            {button("back", if lesson { "player.back.step" } else { "player.back" }, BACK, Action::StepBack)}
            <button id="play" class="button on" onclick={view.click(Action::Toggle)}>
                {icon(if playing { PAUSE } else { PLAY })}{" "}{view.word(if playing { "player.pause" } else { "player.play" }).to_string()}
            </button>
            {button("next", if lesson { "player.next.step" } else { "player.next" }, NEXT, Action::Step)}
            {button("last", "player.last", LAST, Action::Last)}
            <Track view={view.clone()} live={live.clone()} />
            {moment(view)}
            <label class="speed"><span class="visually-hidden">{view.word("player.speed").to_string()}</span>
                <select id="speed" onchange={speed}>{for SPEEDS.iter().map(|(speed, name)| html! {
                    <option selected={session.player.speed == *speed}>{*name}</option>
                })}</select>
            </label>
        </footer>
    }
}

/// Outlines in a square of 16; fonts that lack the players' signs show boxes.
const FIRST: &str = "M2 3h2v10H2zM14 3v10L5 8z";
const BACK: &str = "M12 3v10L4 8z";
const PLAY: &str = "M4 2.5v11L13.5 8z";
const PAUSE: &str = "M4 3h3v10H4zM9 3h3v10H9z";
const NEXT: &str = "M3 3v10l7.5-5zM11.5 3h2v10h-2z";
const LAST: &str = "M2 3v10l9-5zM12 3h2v10h-2z";

fn icon(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d={path} /></svg> }
}

/// The time of the packet that landed last, from the capture's beginning, and its number.
fn moment(view: &View) -> Html {
    let session = &view.session;
    let first = session.stage.as_ref().map_or(0, |stage| stage.conversation.first);
    let time = session.rows.get(session.player.row()).map(|row| seconds(row.time - first)).unwrap_or_default();
    let number = if session.player.position > 0.0 { session.player.row() + 1 } else { 0 };
    let place = format!("{}/{}", thousands(number.into()), thousands(session.rows_total().into()));
    html! { <span class="moment mono" id="moment"><span class="when">{time}{" · "}</span>{place}</span> }
}

#[component]
fn Track(Props { view, live }: &Props) -> Html {
    let position = use_position(live);
    let session = &view.session;
    let end = session.player.end.max(1.0);
    let oninput = {
        let send = view.send.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            send.emit(Action::Seek(input.value_as_number()));
        })
    };
    let stops = session.lesson.as_ref().map_or(0, |lesson| lesson.steps.len());
    let percent = |position: f64| decimal(100.0 * position / end, 3) + "%";
    html! {
        <div class="track">
            <svg aria-hidden="true" width="100%" height="24">
                <rect class="rail" x="0" y="9" width="100%" height="6" rx="3" />
                <rect class="done" x="0" y="9" width={percent(position)} height="6" rx="3" />
                {for (0..stops).map(|step| { let x = percent(session.step_end(step)); html! { <line class="stop" x1={x.clone()} x2={x} y1="6" y2="18" /> } })}
                <circle class="thumb" cx={percent(position)} cy="12" r="8" />
            </svg>
            <input id="track" type="range" min="0" max={decimal(end, 3)} step="any" value={decimal(position, 3)} {oninput} aria-label={view.word("player.track").to_string()} tabindex="-1" />
        </div>
    }
}
