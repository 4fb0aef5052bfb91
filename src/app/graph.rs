//! Graphs in the ladder's place: what the engine counted, painted for the stretch of time that one looks at.

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{Blob, Element, HtmlSelectElement, WheelEvent};
use yew::prelude::*;

use super::browser;
use super::ladder::{PRESENTING, heads, hidden};
use super::measure::{attributes, use_size};
use super::paint::paint;
use super::space;
use super::view::{Panel, View, address};
use crate::conversation::graph::{AGAIN, Plot};
use crate::scene::{self, CLASSES, Chart};
use crate::session::{Action, Session};

/// The graphs that there are, with their keys.
const PLOTS: [(Plot, &str); 5] = [
    (Plot::Sequence, "graph.sequence"),
    (Plot::Flight, "graph.flight"),
    (Plot::RoundTrip, "graph.rtt"),
    (Plot::Throughput, "graph.throughput"),
    (Plot::Space, "graph.space"),
];

/// Pixels that make a drag of a click.
const DRAG: f32 = 6.0;
/// Part of the stretch that a turn of the wheel or a click on a button leaves.
const CLOSER: f64 = 0.6;

/// All that the graphs read of the session.
pub fn graph_shown(session: &Session) -> Vec<usize> {
    let (start, stop) = session.graph_range();
    let plot = session.plot().map_or(0, |plot| plot as usize + 1);
    let now = session.selected_row().map_or(0, |row| row as usize + 1);
    let look = usize::from(session.presenting) + 2 * usize::from(session.graph_end());
    let data = session.graphs.data.as_ref().map_or(0, address);
    let stage = session.stage.as_ref().map_or(0, address);
    vec![
        plot,
        now,
        look,
        data,
        stage,
        start as usize,
        stop as usize,
        address(&session.rows),
        hidden(session).first() as usize,
    ]
}

/// Chooses between the ladder and the graphs, where there are any.
pub fn switch(view: &View) -> Html {
    let session = &view.session;
    let (all, offered) = (session.all_hosts(), session.offers_all_hosts());
    if !session.has_graphs() && !offered {
        return html! { <strong>{view.word("stage.ladder").to_string()}</strong> };
    }
    let shown = session.plot();
    let choose = |on: bool, id: &'static str, action: Action, key: &'static str| {
        html! { <button {id} class={classes!("button", on.then_some("on"))} aria-pressed={on.to_string()} onclick={view.click(action)}>{view.word(key).to_string()}</button> }
    };
    let ladder = if all { Action::AllHosts(false) } else { Action::Plot(None) };
    html! {
        <span class="switch">
            {choose(shown.is_none() && !all, "to-ladder", ladder, "stage.ladder")}
            if session.has_graphs() {
                {choose(shown.is_some(), "to-graphs", Action::Plot(shown.or(Some(Plot::Sequence))), "stage.graphs")}
            }
            if offered { {choose(all, "to-hosts", Action::AllHosts(true), "stage.hosts")} }
        </span>
    }
}

#[component]
pub fn Graphs(Panel { view, .. }: &Panel) -> Html {
    let (node, size) = use_size();
    let drag = use_state_eq(|| None::<(f32, f32)>);
    let session = &view.session;
    let Some(plot) = session.plot() else { return Html::default() };
    let end = session.graph_end();
    let button = |id: &'static str, text: &str, title: &str, action: Action| {
        html! { <button {id} class="button" title={title.to_string()} aria-label={title.to_string()} onclick={view.click(action)}>{text.to_string()}</button> }
    };
    let whose = |of: u8, text: &'static str| {
        let on = end == of;
        html! { <button class={classes!("button", on.then_some("on"))} aria-pressed={on.to_string()} onclick={view.click(Action::GraphOf(of))}>{text}</button> }
    };
    let onchange = {
        let send = view.send.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let chosen = usize::try_from(select.selected_index()).ok().and_then(|index| PLOTS.get(index));
            chosen.into_iter().for_each(|(plot, _)| send.emit(Action::Plot(Some(*plot))));
        })
    };
    let onwheel = {
        let view = view.clone();
        Callback::from(move |event: WheelEvent| {
            event.prevent_default();
            if plot == Plot::Space {
                return;
            }
            let (x, across) = (event.offset_x() as f32, event.delta_x());
            let share = with_chart(&view, size, |chart| scene::graph_share(chart, x)).unwrap_or(0.5);
            view.send.emit(if across.abs() > event.delta_y().abs() {
                pan(across.signum() / 10.0)
            } else {
                let part = if event.delta_y() < 0.0 { CLOSER } else { 1.0 / CLOSER };
                Action::Zoom(share - share * part, share + (1.0 - share) * part)
            });
        })
    };
    let pointer = |step: Step| {
        let (view, drag) = (view.clone(), drag.clone());
        Callback::from(move |event: PointerEvent| {
            let x = event.offset_x() as f32;
            match (step, *drag) {
                (Step::Down, _) => {
                    let element: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
                    // Without it a drag ends at the panel's edge.
                    element.into_iter().for_each(|element| drop(element.set_pointer_capture(event.pointer_id())));
                    drag.set(Some((x, x)));
                }
                (Step::Move, Some((from, _))) => drag.set(Some((from, x))),
                (Step::Up, Some((from, _))) => {
                    drag.set(None);
                    if plot == Plot::Space {
                        let row = space::row(&view, size, x, event.offset_y() as f32);
                        return row.into_iter().for_each(|row| view.send.emit(Action::ChooseRow(row)));
                    }
                    let action = with_chart(&view, size, |chart| {
                        if (x - from).abs() > DRAG {
                            Some(Action::Zoom(scene::graph_share(chart, from), scene::graph_share(chart, x)))
                        } else {
                            scene::graph_row(chart, x, event.offset_y() as f32).map(Action::ChooseRow)
                        }
                    });
                    action.flatten().into_iter().for_each(|action| view.send.emit(action));
                }
                _ => {}
            }
        })
    };
    let (width, height, view_box) = attributes(size);
    let picture = match plot {
        Plot::Space => space::picture(view, size),
        _ => with_chart(view, size, |chart| paint(&scene::graph(chart), None)),
    };
    let band = drag.filter(|_| plot != Plot::Space).map(|(from, to)| {
        let (x, w) = (from.min(to), (from - to).abs());
        paint(
            &[scene::Draw {
                shape: scene::Shape::Rect { x, y: 0.0, w, h: size.1, r: 0.0 },
                class: "chosen-band".into(),
                target: None,
            }],
            None,
        )
    });
    html! {
        <section class="card stage graphs" aria-label={view.word("stage.graphs").to_string()}>
            <div class="bar">
                {switch(view)}
                <select class="button" id="plot" aria-label={view.word("graph.which").to_string()} {onchange}>
                    {for PLOTS.iter().map(|(of, key)| html! { <option selected={*of == plot}>{view.word(key).to_string()}</option> })}
                </select>
                <span class="switch whose">{whose(0, "A→B")}{whose(1, "B→A")}</span>
                <span class="grow"></span>
                if plot != Plot::Space {
                    {button("zoom-in", "+", view.word("graph.in"), middle(CLOSER))}
                    {button("zoom-out", "−", view.word("graph.out"), middle(1.0 / CLOSER))}
                    {button("zoom-all", view.word("graph.all"), view.word("graph.all.long"), ALL)}
                }
                <button id="export" class="button" title={view.word("graph.export").to_string()} onclick={Callback::from(|_| export())}>{"SVG"}</button>
            </div>
            <div class="canvas" id="graph" tabindex="0" role="img" aria-label={spoken(view)} ref={node} {onwheel}
                onpointerdown={pointer(Step::Down)} onpointermove={pointer(Step::Move)} onpointerup={pointer(Step::Up)}>
                if let Some(picture) = picture.filter(|_| size.0 > 0.0) {
                    <svg class="scene graph" {width} {height} viewBox={view_box} aria-hidden="true">{picture}{band}</svg>
                }
            </div>
            <p class="ground-note soft">{note(view, plot)}</p>
        </section>
    }
}

#[derive(Clone, Copy)]
enum Step {
    Down,
    Move,
    Up,
}

/// All of the conversation.
pub const ALL: Action = Action::Zoom(f64::NEG_INFINITY, f64::INFINITY);

/// Closer to the middle, or away from it.
pub fn middle(part: f64) -> Action {
    Action::Zoom((1.0 - part) / 2.0, (1.0 + part) / 2.0)
}

/// Along the time, by a share of what is seen.
pub fn pan(by: f64) -> Action {
    Action::Zoom(by, 1.0 + by)
}

/// What a key means to the graph that has the focus.
pub fn key(key: &str, shift: bool, session: &Session) -> Option<Action> {
    if session.plot() == Some(Plot::Space) {
        return match key {
            "ArrowRight" if shift => space::beside(session, 1),
            "ArrowLeft" if shift => space::beside(session, -1),
            _ => None,
        };
    }
    Some(match key {
        "+" | "=" => middle(CLOSER),
        "-" => middle(1.0 / CLOSER),
        "0" => ALL,
        "ArrowRight" if shift => pan(0.2),
        "ArrowLeft" if shift => pan(-0.2),
        _ => return None,
    })
}

fn with_chart<T>(view: &View, size: (f32, f32), draw: impl FnOnce(&Chart) -> T) -> Option<T> {
    let session = &view.session;
    let graph = session.graphs.data.as_ref()?;
    let names = CLASSES.map(|class| format!("graph.of.{class}"));
    let mut names: Vec<&str> = names.iter().map(|key| view.word(key)).collect();
    names.push(view.word("graph.above"));
    Some(draw(&Chart {
        graph,
        range: session.graph_range(),
        now: session.graph_moment(),
        selected: session.selected_row(),
        hidden: hidden(session).first(),
        size,
        text: if session.presenting { PRESENTING } else { 1.0 },
        names: &names,
    }))
}

/// What the graph is an estimate of, and what it lacks.
fn note(view: &View, plot: Plot) -> String {
    if plot == Plot::Space {
        return space::sentence(view);
    }
    let graph = view.session.graphs.data.as_ref();
    let key = PLOTS.iter().find(|(of, _)| *of == plot).map_or("", |(_, key)| key);
    let interval = graph.map_or(0, |graph| graph.interval);
    let mut note = view.words.fill(&format!("{key}.note"), &[("interval", &scene::measure::duration(interval))]);
    if graph.is_some_and(|graph| graph.unscaled) && matches!(plot, Plot::Sequence | Plot::Flight) {
        note.push(' ');
        note.push_str(view.word("graph.unscaled"));
    }
    note
}

/// The graph for those who listen to it.
fn spoken(view: &View) -> String {
    let session = &view.session;
    let (Some(heads), Some(plot)) = (heads(session), session.plot()) else { return String::new() };
    if plot == Plot::Space {
        return space::sentence(view);
    }
    let again = session.graphs.data.as_ref().and_then(|graph| graph.series.get(AGAIN)).map_or(0, Vec::len);
    let key = PLOTS.iter().find(|(of, _)| *of == plot).map_or("", |(_, key)| key);
    let (from, to) = (usize::from(session.graph_end().min(1)), usize::from(1 - session.graph_end().min(1)));
    let (start, stop) = session.graph_range();
    let moment = scene::measure::moment;
    let values = [
        ("graph", view.word(key)),
        ("from", &heads[from].address),
        ("to", &heads[to].address),
        ("start", &moment(start)),
        ("stop", &moment(stop)),
        ("again", &again.to_string()),
    ];
    view.words.fill("graph.spoken", &values)
}

/// What an exported picture states itself, for no style sheet goes with it.
const STYLES: [&str; 9] = [
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "font-family",
    "font-weight",
    "paint-order",
    "opacity",
];

/// The picture as a file of its own.
fn export() {
    let svg = browser::document().query_selector("svg.graph").ok().flatten();
    let Some((svg, copy)) = svg.and_then(|svg| {
        let copy: Element = svg.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
        Some((svg, copy))
    }) else {
        return;
    };
    let (mut shown, mut copied) = (svg.first_element_child(), copy.first_element_child());
    while let (Some(from), Some(to)) = (shown, copied) {
        if let Ok(Some(style)) = browser::window().get_computed_style(&from) {
            for name in STYLES {
                let value = style.get_property_value(name).unwrap_or_default();
                let _ = to.set_attribute(name, &value);
            }
        }
        (shown, copied) = (from.next_element_sibling(), to.next_element_sibling());
    }
    let _ = copy.set_attribute("xmlns", "http://www.w3.org/2000/svg");
    if let Ok(blob) = Blob::new_with_str_sequence(&Array::of1(&copy.outer_html().into())) {
        browser::download(&blob, "graph.svg");
    }
}
