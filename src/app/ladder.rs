//! The ladder: hosts as lifelines, packets as arrows; what stands still and what moves are painted apart.

use std::rc::Rc;

use web_sys::WheelEvent;
use yew::prelude::*;

use super::live::{Live, use_position};
use super::measure::{attributes, use_size};
use super::paint::paint;
use super::view::{Panel, View, address};
use crate::conversation::Endpoint;
use crate::scene::{self, Head, Hidden, Scale, Target};
use crate::session::{Action, Session};

#[derive(Clone, Properties, PartialEq)]
pub struct Props {
    pub view: View,
    pub live: Live,
}

#[component]
pub fn Ladder(Props { view, live }: &Props) -> Html {
    let (node, size) = use_size();
    let session = &view.session;
    let onwheel = {
        let (send, session, live) = (view.send.clone(), session.clone(), live.clone());
        Callback::from(move |event: WheelEvent| {
            event.prevent_default();
            let pixels = if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL {
                event.delta_y()
            } else {
                event.delta_y() * 40.0
            };
            let top = session.scrolled.unwrap_or_else(|| {
                with_scene(&session, &[], size, |ladder, look| scene::top_for(ladder, look, live.now())).unwrap_or(0.0)
            });
            send.emit(Action::Scroll(top + pixels / PIXELS_A_ROW));
        })
    };
    let pick = {
        let send = view.send.clone();
        use_callback(session.stage.as_ref().map_or(0, address), {
            let (stage, all) = (session.stage.clone(), session.all_hosts());
            move |target: Target, _| {
                let row = match target {
                    Target::Row(row) => Some(row),
                    Target::State { end, state } => stage.as_ref().and_then(|stage| {
                        Some(stage.transitions.iter().find(|step| step.end == end && step.to == state)?.row)
                    }),
                    Target::Host(host) => return send.emit(Action::Host(host.into())),
                    Target::Frame(frame) if all => return send.emit(Action::GoFrame(frame)),
                    Target::Frame(_) => None,
                };
                row.into_iter().for_each(|row| send.emit(Action::ChooseRow(row)));
            }
        })
    };
    let panel = Panel { view: view.clone(), shows: shown(session) };
    let scale = |scale: Scale, key: &'static str| {
        let on = session.scale == scale;
        html! { <button class={classes!("button", on.then_some("on"))} aria-pressed={on.to_string()} onclick={view.click(Action::Scale(scale))}>{view.word(key).to_string()}</button> }
    };
    let (width, height, view_box) = attributes(size);
    html! {
        <section class="card stage" aria-label={view.word("stage.ladder").to_string()}>
            <div class="bar">
                {super::graph::switch(view)}{super::point::choice(view)}<span class="grow"></span>
                if session.scrolled.is_some() {
                    <button class="button" onclick={view.click(Action::Follow)}>{view.word("stage.follow").to_string()}</button>
                }
                {scale(Scale::Steps, "stage.steps")}
                {scale(Scale::Time, "stage.time")}
            </div>
            <div class="canvas" ref={node} {onwheel}>
                if size.0 > 0.0 && session.stage.is_some() {
                    <svg class="scene ladder" {width} {height} viewBox={view_box} aria-hidden="true">
                        <Still panel={panel.clone()} live={live.clone()} {size} {pick} />
                        <Moving panel={panel.clone()} live={live.clone()} {size} />
                    </svg>
                }
                <List ..panel />
            </div>
        </section>
    }
}

/// Pixels of the wheel that scroll one row.
const PIXELS_A_ROW: f64 = 70.0;

#[derive(Clone, Properties, PartialEq)]
struct PartProps {
    panel: Panel,
    live: Live,
    size: (f32, f32),
    #[prop_or_default]
    pick: Option<Callback<Target>>,
}

/// All that the ladder reads of the session, but for the position in between rows.
fn shown(session: &Session) -> Vec<usize> {
    let lesson = session.lesson.as_ref().map_or(0, address);
    let stage = session.stage.as_ref().map_or(0, address);
    let scrolled = session.scrolled.map_or(0, |top| (top * 1000.0) as usize + 1);
    let selected = session.selected_row().map_or(0, |row| row as usize + 1);
    let look = usize::from(session.scale == Scale::Time) + 2 * usize::from(session.presenting);
    let captured = session.captured().map_or(0, |share| (share * 1000.0) as usize + 1);
    vec![stage, address(&session.rows), lesson, scrolled, selected, hidden(session).first() as usize, look, captured]
}

/// What stands still while a packet is on its way; the position only scrolls it.
#[component]
fn Still(PartProps { panel, live, size, pick }: &PartProps) -> Html {
    let view = &panel.view;
    let position = use_position(live);
    let session = view.session.clone();
    let top = session.scrolled.unwrap_or_else(|| {
        with_scene(&session, &[], *size, |ladder, look| scene::top_for(ladder, look, position)).unwrap_or(0.0)
    });
    // While it scrolls the picture is new in every frame; else only when a packet starts or lands, or something was chosen.
    let moment = if position.fract() == 0.0 { position } else { position.floor() + 0.5 };
    let words = view.words.clone();
    use_memo((panel.clone(), *size, top.to_bits(), moment.to_bits()), |_| {
        let many = super::hosts::heads(view);
        let draws = with_scene(&session, &many, *size, |ladder, look| {
            let look = scene::View { top, ..*look };
            words.scene(|words| scene::ladder(ladder, &look, position, words))
        });
        paint(&draws.unwrap_or_default(), pick.as_ref())
    })
    .as_ref()
    .clone()
}

/// Only what moves in each frame.
#[component]
fn Moving(PartProps { panel, live, size, .. }: &PartProps) -> Html {
    let view = &panel.view;
    let position = use_position(live);
    let session = &view.session;
    let many = super::hosts::heads(view);
    let draws = with_scene(session, &many, *size, |ladder, look| {
        let top = session.scrolled.unwrap_or_else(|| scene::top_for(ladder, look, position));
        scene::moving(ladder, &scene::View { top, ..*look }, position)
    });
    html! { <g class="moving">{paint(&draws.unwrap_or_default(), None)}</g> }
}

/// Sets the scene for a session: the conversation, the rows that are there, and how they are looked at.
/// `many` are the heads of all hosts, where there are more than two lifelines.
pub fn with_scene<T>(
    session: &Session,
    many: &[Head],
    size: (f32, f32),
    draw: impl FnOnce(&scene::Ladder, &scene::View) -> T,
) -> Option<T> {
    let stage = session.stage.as_ref()?;
    let two = heads(session)?;
    let heads: &[Head] = if stage.hosts.is_empty() { &*two } else { many };
    let ladder = scene::Ladder { heads, stage, rows: &session.rows.rows };
    let look = scene::View {
        scale: session.scale,
        selected: session.selected_row(),
        hidden: hidden(session),
        captured: session.captured().filter(|_| stage.hosts.is_empty()),
        text: if session.presenting { PRESENTING } else { 1.0 },
        ..scene::View::new(size.0, size.1)
    };
    Some(draw(&ladder, &look))
}

/// Lifts the smallest label to 20 pixels.
pub const PRESENTING: f32 = 1.67;

/// A lesson gives nothing away: rows after its present step stay hidden.
pub fn hidden(session: &Session) -> Hidden {
    if session.lesson.is_none() {
        return Hidden::None;
    }
    let end = session.step_end(session.step).max(session.player.position.ceil());
    let end = if session.open_question().is_some() { session.player.position } else { end };
    if end < 1.0 { Hidden::All } else { Hidden::After(end as u32 - 1) }
}

/// The two ends as the lesson names them, or by address.
pub fn heads(session: &Session) -> Option<Rc<[Head; 2]>> {
    let ends = &session.stage.as_ref()?.conversation.ends;
    let head = |end: &Endpoint| {
        let host = session
            .lesson
            .as_ref()
            .and_then(|lesson| lesson.hosts.iter().find(|host| host.addresses.contains(&end.address)));
        Head {
            name: host.map(|host| host.name.clone()).unwrap_or_default(),
            role: host.map(|host| host.role.clone()).unwrap_or_default(),
            address: endpoint(end),
        }
    };
    Some(Rc::new([head(&ends[0]), head(&ends[1])]))
}

/// `192.168.1.108:80`, `[2001:db8::1]:80`, or the address alone.
pub fn endpoint(end: &Endpoint) -> String {
    match end.port {
        Some(port) if end.address.contains(':') => format!("[{}]:{port}", end.address),
        Some(port) => format!("{}:{port}", end.address),
        None => end.address.clone(),
    }
}

/// The ladder for those who listen to it.
#[component]
fn List(Panel { view, .. }: &Panel) -> Html {
    let session = &view.session;
    let Some(two) = heads(session) else { return Html::default() };
    let many = super::hosts::heads(view);
    let heads: &[Head] = if many.is_empty() { &*two } else { &many };
    let first = match hidden(session) {
        Hidden::None => u32::MAX,
        hidden => hidden.first(),
    };
    let now = session.player.row();
    let rows =
        session.rows.rows.iter().filter(|row| row.row < first && row.row + LISTED > now && row.row < now + LISTED);
    html! {
        <ol class="visually-hidden" id="ladder-list">{for rows.map(|row| {
            let name = |lane: u8| match heads.get(usize::from(lane)) {
                Some(head) if head.name.is_empty() => head.address.clone(),
                Some(head) => head.name.clone(),
                None => view.word("hosts.everyone").to_string(),
            };
            html! { <li key={row.row} aria-current={(session.selected_row() == Some(row.row)).to_string()}>{format!("{} → {}: {} {}", name(row.from), name(row.to), row.label, row.detail)}</li> }
        })}</ol>
    }
}

/// Rows told on each side of the present one.
const LISTED: u32 = 12;
