//! Both ends: the RFC's figure with a token for each, and how each state is known.

use yew::prelude::*;

use super::exchange;
use super::live::{Live, use_position};
use super::measure::{attributes, use_size};
use super::paint::paint;
use super::view::{Panel, View, address, seconds, size as bytes, thousands};
use crate::conversation::{Known, Transition};
use crate::scene::{self, Target};
use crate::session::{Action, Ends as Tab, Session};

#[derive(Clone, Properties, PartialEq)]
pub struct Props {
    pub panel: Panel,
    pub live: Live,
}

/// All that this panel reads of the session, but for the position.
pub fn ends_shown(session: &Session) -> Vec<usize> {
    let lesson = session.lesson.as_ref().map_or(0, address);
    let tabs = Tab::ALL
        .iter()
        .filter(|tab| session.offers(**tab))
        .fold(session.shown_ends() as usize, |sum, tab| sum | 4 << *tab as usize);
    let mut shown = vec![session.stage.as_ref().map_or(0, address), lesson, usize::from(session.presenting), tabs];
    if session.shown_ends() == Tab::Numbers {
        let figures = &session.figures;
        let chosen = figures.chosen.map_or(0, |(end, figure)| 1 + usize::from(end) + 2 * usize::from(figure));
        let landed = usize::from(session.player.position.fract() == 0.0);
        let place = figures.place.map_or(0, |place| usize::from(place) + 1);
        shown.extend([figures.moment.as_ref().map_or(0, address), chosen, landed, place]);
    }
    if session.shown_ends() == Tab::Tables || session.all_hosts() {
        shown.extend(super::hosts::hosts_shown(session));
    }
    shown
}

#[component]
pub fn Ends(props: &Props) -> Html {
    let view = &props.panel.view;
    html! {
        <section class="card ends" aria-label={view.word("ends.title").to_string()}>
            {bar(view)}
            {match view.session.shown_ends() {
                Tab::Numbers => html! { <super::numbers::Numbers ..props.panel.clone() /> },
                Tab::Tables => html! { <super::hosts::Tables ..props.panel.clone() /> },
                Tab::Machine if view.session.all_hosts() => html! { <super::hosts::Network panel={props.panel.clone()} live={props.live.clone()} /> },
                Tab::Machine => html! { <Machine ..props.clone() /> },
            }}
        </section>
    }
}

/// The figure with its tokens, and what tells where they are.
#[component]
fn Machine(Props { panel, live }: &Props) -> Html {
    let view = &panel.view;
    let (node, size) = use_size();
    // States change when a packet starts or lands, not in between.
    let position = use_position(live);
    let session = &view.session;
    let (Some(stage), Some(heads)) = (&session.stage, super::ladder::heads(session)) else { return Html::default() };
    let drawn = exchange::has_figure(stage);
    let pick = {
        let (send, stage) = (view.send.clone(), stage.clone());
        Callback::from(move |target| {
            let row = match target {
                Target::Row(row) => Some(row),
                Target::State { end, state } => {
                    stage.transitions.iter().find(|step| step.end == end && step.to == state).map(|step| step.row)
                }
                Target::Host(_) => None,
                Target::Frame(frame) => stage.transitions.iter().find(|step| step.frame == frame).map(|step| step.row),
            };
            row.into_iter().for_each(|row| send.emit(Action::ChooseRow(row)));
        })
    };
    let text = if session.presenting { super::ladder::PRESENTING } else { 1.0 };
    let look = scene::View { text, ..scene::View::new(size.0, size.1) };
    let moment = if position.fract() == 0.0 { position } else { position.floor() + 0.5 };
    let (width, height, view_box) = attributes(size);
    html! {
        <>
            {exchange::chooser(view, stage)}
            if drawn {
                {exchange::now(view, stage, moment)}
                <exchange::Ruler view={view.clone()} position={moment} />
            }
            <div class="canvas" ref={node}>
                if drawn && size.0 > 0.0 {
                    <svg class="scene machine" {width} {height} viewBox={view_box} role="img" aria-label={spoken(view, moment)}>
                        {paint(&view.words.scene(|words| scene::machine(&heads, &stage.transitions, moment, &look, words)), Some(&pick))}
                    </svg>
                } else if !drawn {
                    {facts(view)}
                }
            </div>
            if drawn {
                <div class="drawer">
                    <details class="grounds"><summary>{view.word("ends.how").to_string()}</summary>
                        {for last_moves(&stage.transitions, moment).map(|step| ground(view, step))}
                        {exchange::meanings(view, stage, moment)}
                    </details>
                    {exchange::list(view, stage, moment)}
                </div>
            }
        </>
    }
}

/// The tabs, or the title where there is only one.
fn bar(view: &View) -> Html {
    let session = &view.session;
    let figure = session.stage.as_ref().filter(|stage| exchange::has_figure(stage));
    let figure = figure.map_or("ends.none".to_string(), |stage| exchange::name(stage.told.figure));
    let shown = session.shown_ends();
    let tab = |tab: Tab| {
        let key = match tab {
            Tab::Machine if session.all_hosts() => "ends.network",
            Tab::Machine => "ends.machine",
            Tab::Numbers => "ends.numbers",
            Tab::Tables => "ends.tables",
        };
        let on = tab == shown;
        html! { <button class={classes!("button", on.then_some("on"))} aria-pressed={on.to_string()} onclick={view.click(Action::Ends(tab))}>{view.word(key).to_string()}</button> }
    };
    let tabs: Vec<Tab> = Tab::ALL.into_iter().filter(|tab| session.offers(*tab)).collect();
    html! {
        <div class="bar">
            if tabs.len() > 1 { {for tabs.into_iter().map(tab)} } else { <strong>{view.word("ends.title").to_string()}</strong> }
            if shown == Tab::Machine && !session.all_hosts() { <span class="soft source">{view.word(&figure).to_string()}</span> }
        </div>
    }
}

fn spoken(view: &View, position: f64) -> String {
    let Some(stage) = &view.session.stage else { return String::new() };
    let states = scene::states_at(&stage.transitions, position);
    format!("A: {}, B: {}", scene::state_name(states[0]), scene::state_name(states[1]))
}

/// The last move of each end that has happened by now.
fn last_moves(transitions: &[Transition], position: f64) -> impl Iterator<Item = &Transition> {
    (0..2u8)
        .filter_map(move |end| transitions.iter().rev().find(|step| step.end == end && scene::taken(step, position)))
}

fn ground(view: &View, step: &Transition) -> Html {
    let frame = view.words.fill("ends.frame", &[("frame", &step.frame.to_string())]);
    let (glyph, known, why) = match &step.known {
        Known::Seen => ("●", view.word("ends.seen").to_string(), String::new()),
        Known::Inferred { rule, source } => {
            let text = view.words.rule(rule).unwrap_or(rule);
            ("◐", view.word("ends.inferred").to_string(), format!("{text} ({source})"))
        }
        Known::Unknown => ("○", view.word("ends.unknown").to_string(), String::new()),
    };
    let deed = scene::deed(&step.event, &step.action);
    html! {
        <p class="ground"><b>{if step.end == 0 { "A " } else { "B " }}</b><span class="mono">{deed}</span>
        {" · "}<span class="known">{glyph}{" "}{known}{", "}{frame}</span>{if why.is_empty() { String::new() } else { format!(". {why}") }}</p>
    }
}

/// What there is to say about an exchange that has no state machine.
fn facts(view: &View) -> Html {
    let Some(stage) = &view.session.stage else { return Html::default() };
    let conversation = &stage.conversation;
    let row = |key: &'static str, value: String| html! { <><dt>{view.word(key).to_string()}</dt><dd>{value}</dd></> };
    html! {
        <dl class="facts">
            {row("facts.protocol", conversation.protocol.clone())}
            {row("facts.frames", thousands(conversation.frames.into()))}
            {row("facts.bytes", bytes(conversation.bytes))}
            {row("facts.duration", seconds(conversation.last - conversation.first))}
        </dl>
    }
}
