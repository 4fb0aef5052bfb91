//! What the machines of an exchange tell beside their figure: which one is shown, how each exchange ended, and what sums up.

use yew::prelude::*;

use super::measure::{attributes, use_size};
use super::paint::paint;
use super::view::View;
use crate::conversation::{Kind, Machine, Remark, State, Track};
use crate::engine::Stage;
use crate::scene::{self, Target};
use crate::session::Action;

/// Whether there is a figure to show.
pub fn has_figure(stage: &Stage) -> bool {
    let tcp = matches!(stage.conversation.kind, Kind::Tcp(_)) && stage.told.machine == Machine::Tcp;
    tcp || !stage.transitions.is_empty()
}

/// The word for what a figure is called and drawn after.
pub fn name(machine: Machine) -> String {
    format!("figure:{}", machine.figure().key)
}

/// A choice of figures, where a conversation has more than one.
pub fn chooser(view: &View, stage: &Stage) -> Html {
    let told = &stage.told;
    if told.machines.len() < 2 {
        return Html::default();
    }
    let choices = told.machines.iter().map(|&machine| {
        let on = machine == told.machine;
        let label = view.word(&format!("{}.short", name(machine))).to_string();
        html! { <button class={classes!("button", on.then_some("on"))} aria-pressed={on.to_string()} title={view.word(&name(machine)).to_string()} onclick={view.click(Action::Machine(machine))}>{label}</button> }
    });
    html! { <div class="machines" id="machines" role="group" aria-label={view.word("ends.machines").to_string()}>{for choices}</div> }
}

/// The exchange that the figure shows at a position: its title, and its end once that is reached.
pub fn now(view: &View, stage: &Stage, position: f64) -> Html {
    let place = scene::track_at(&stage.transitions, position);
    let Some(track) = stage.told.tracks.get(place as usize) else { return Html::default() };
    let count = stage.told.tracks.len();
    let mine = stage.transitions.iter().filter(|step| step.track == place);
    let over = mine.clone().all(|step| scene::taken(step, position));
    html! {
        <div class="exchange" id="exchange">
            <p>
                if count > 1 { <span class="soft">{format!("{}/{count} ", place + 1)}</span> }
                <b>{&track.title}</b>
                if over && !track.verdict.key.is_empty() { {" — "}{remark(view, &track.verdict)} }
            </p>
        </div>
    }
}

/// The bytes of a datagram in fragments, as far as they have come.
#[derive(Clone, Properties, PartialEq)]
pub struct RulerProps {
    pub view: View,
    pub position: f64,
}

#[component]
pub fn Ruler(RulerProps { view, position }: &RulerProps) -> Html {
    let (node, size) = use_size();
    let shown = view.session.stage.as_ref().and_then(|stage| {
        stage.told.tracks.get(scene::track_at(&stage.transitions, *position) as usize)?.strip.as_ref()
    });
    // The element stays, so that its width is known when there is something to show.
    let Some(strip) = shown else { return html! { <div class="strip none" ref={node}></div> } };
    let text = if view.session.presenting { super::ladder::PRESENTING } else { 1.0 };
    let look = scene::View { text, ..scene::View::new(size.0, scene::STRIP * text) };
    let send = view.send.clone();
    let pick = Callback::from(move |target| {
        if let Target::Row(row) = target {
            send.emit(Action::ChooseRow(row));
        }
    });
    let (width, height, view_box) = attributes((size.0, look.height));
    html! {
        <div class="strip" ref={node}>
            <svg class="scene" {width} {height} viewBox={view_box} role="img" aria-label={view.word("ends.strip").to_string()}>
                {paint(&scene::strip(strip, *position, &look), Some(&pick))}
            </svg>
        </div>
    }
}

/// What the states of both ends mean at a position.
pub fn meanings(view: &View, stage: &Stage, position: f64) -> Html {
    let track = scene::track_at(&stage.transitions, position);
    let [first, second] = scene::states_of(&stage.transitions, track, position);
    let same = scene::state_name(first) == scene::state_name(second);
    html! { <>{explained(view, first)}if !same { {explained(view, second)} }</> }
}

/// `WAITING: …`
fn explained(view: &View, state: State) -> Html {
    let figure = state.machine().figure();
    let name = scene::state_name(state);
    match view.words.find(&format!("figure:{}.{name}", figure.key)) {
        Some(text) if state != State::Unknown => {
            html! { <p class="meant"><span class="mono">{name}</span>{": "}{text.to_string()}</p> }
        }
        _ => Html::default(),
    }
}

fn remark(view: &View, said: &Remark) -> Html {
    let values: Vec<(&str, &str)> = said.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let text = view.words.fill(&format!("figure:{}", said.key), &values);
    match said.frame {
        Some(frame) => {
            let label = view.words.fill("ends.frame", &[("frame", &frame.to_string())]);
            html! { <>{text}{" · "}<button class="term-link" onclick={view.click(Action::GoFrame(frame))}>{label}</button></> }
        }
        None => html! { {text} },
    }
}

/// All exchanges with how they ended, and what sums them up.
pub fn list(view: &View, stage: &Stage, position: f64) -> Html {
    let told = &stage.told;
    if told.tracks.is_empty() {
        return Html::default();
    }
    let here = scene::track_at(&stage.transitions, position) as usize;
    let first = here.saturating_sub(LISTED);
    let line = |(place, track): (usize, &Track)| {
        let row = track.row;
        html! {
            <li class={classes!((place == here).then_some("on"))} aria-current={(place == here).to_string()}>
                <button class="term-link mono" onclick={view.click(Action::ChooseRow(row))}>{&track.title}</button>
                if !track.verdict.key.is_empty() { {" — "}{remark(view, &track.verdict)} }
                if place == here && !track.notes.is_empty() {
                    <ul>{for track.notes.iter().map(|note| html! { <li>{remark(view, note)}</li> })}</ul>
                }
            </li>
        }
    };
    html! {
        <details class="grounds" id="tracks">
            <summary>{view.words.fill("ends.tracks", &[("count", &told.tracks.len().to_string())])}</summary>
            {for told.sums.iter().map(|sum| html! { <p><b>{remark(view, sum)}</b></p> })}
            <ol class="tracks" start={(first + 1).to_string()}>{for told.tracks.iter().enumerate().skip(first).take(2 * LISTED).map(line)}</ol>
            if let Some(rows) = told.rows { <p class="soft">{view.words.fill("ends.rows", &[("rows", &rows.to_string())])}</p> }
        </details>
    }
}

/// Exchanges listed before and after the present one.
const LISTED: usize = 40;
