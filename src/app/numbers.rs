//! Both ends' figures at the player's moment, and how each is known.

use yew::prelude::*;

use super::view::{Panel, View, thousands};
use crate::conversation::analysis::{FIGURES, Figure, Numbers as Told, Unit};
use crate::conversation::{End, Known};
use crate::scene::measure::duration;
use crate::session::Action;

/// Where groups of figures begin, and their titles. Figures of the last two show once there is one.
const GROUPS: &[(&str, &str)] =
    &[("snd-una", "numbers.sequence"), ("iss", "numbers.opening"), ("rtt", "numbers.time"), ("again", "numbers.loss")];
/// Units across a scoreboard's strip.
const WIDTH: i64 = 1000;

#[component]
pub fn Numbers(Panel { view, .. }: &Panel) -> Html {
    let session = &view.session;
    let player = &session.player;
    let Some(moment) = session.figures.moment.as_ref() else {
        return html! { <p class="soft empty">{view.word("numbers.wait").to_string()}</p> };
    };
    // Before the first packet there is nothing to tell; on its way only its sender has moved.
    let ends = if player.position <= f64::from(moment.row) + 0.999 { &moment.left } else { &moment.arrived };
    html! {
        <>
            <div class="numbers" id="numbers">
                <table>
                    <thead><tr><th></th><th scope="col">{"A"}</th><th scope="col">{"B"}</th></tr></thead>
                    <tbody>{for order().map(|at| row(view, ends, at))}</tbody>
                </table>
                {for [0, 1].map(|end| scoreboard(view, ends, end))}
                {super::point::grounds(view)}
            </div>
            <div class="grounds told" aria-live="polite">{told(view, ends)}</div>
        </>
    }
}

/// What moves comes before what the opening settled.
fn order() -> impl Iterator<Item = usize> {
    let place = |wanted: &str| FIGURES.iter().position(|(key, _)| *key == wanted).unwrap_or_default();
    let (opening, time) = (place("iss"), place("rtt"));
    (0..opening).chain(time..FIGURES.len()).chain(opening..time)
}

fn row(view: &View, ends: &[Told; 2], at: usize) -> Html {
    let Some((key, unit)) = FIGURES.get(at) else { return Html::default() };
    let group = GROUPS.iter().find(|(first, _)| first == key).map(|(_, title)| *title);
    let group = group.map(
        |title| html! { <tr class="group"><th colspan="3" scope="rowgroup">{view.word(title).to_string()}</th></tr> },
    );
    let figures = [0, 1].map(|end: usize| ends[end].figures.get(at));
    let empty = |figure: &Option<&Figure>| {
        figure.is_none_or(|figure| {
            figure.value.is_none_or(|value| value == 0 && (*unit == Unit::Count || *key == "sacked"))
        })
    };
    let later = FIGURES.iter().position(|(key, _)| *key == "rtt").unwrap_or_default();
    if at >= later && figures.iter().all(empty) {
        return html! { <>{group}</> };
    }
    let name = view.word(&format!("figure.{key}")).to_string();
    let cell = |end: End| {
        let Some(figure) = figures[usize::from(end)] else { return Html::default() };
        let on = view.session.figures.chosen == Some((end, at as u8));
        let label =
            format!("{} {name}: {} {}", ["A", "B"][usize::from(end)], value(view, figure), view.word(known(figure).1));
        html! {
            <td><button class={classes!("figure", on.then_some("on"))} aria-pressed={on.to_string()} aria-label={label} onclick={view.click(Action::Figure(end, at as u8))}>
                <span class="known" aria-hidden="true">{known(figure).0}</span>{value(view, figure)}
            </button></td>
        }
    };
    html! { <>{group}<tr><th scope="row">{&name}</th>{cell(0)}{cell(1)}</tr></> }
}

/// A glyph for how a figure is known, and its word.
fn known(figure: &Figure) -> (&'static str, &'static str) {
    match figure.known {
        Known::Seen => ("●", "ends.seen"),
        Known::Inferred { .. } => ("◐", "ends.inferred"),
        Known::Unknown => ("○", "ends.unknown"),
    }
}

fn value(view: &View, figure: &Figure) -> String {
    let Some(value) = figure.value else { return "?".into() };
    let count =
        || if value < 0 { format!("−{}", thousands(value.unsigned_abs())) } else { thousands(value.unsigned_abs()) };
    match figure.unit() {
        Unit::Time => duration(value),
        Unit::AtLeast => format!("≥ {}", count()),
        Unit::Raw => value.to_string(),
        Unit::Shift => format!("×{}", 1u32 << value.clamp(0, 14)),
        Unit::Agreed => view.word(if value == 1 { "numbers.yes" } else { "numbers.no" }).to_string(),
        Unit::Phase => view.word(&format!("phase.{value}")).to_string(),
        Unit::Sequence | Unit::Bytes | Unit::Count => count(),
    }
}

/// What the chosen figure is, and what it rests on.
fn told(view: &View, ends: &[Told; 2]) -> Html {
    let chosen = view
        .session
        .figures
        .chosen
        .and_then(|(end, at)| Some((end, ends.get(usize::from(end))?.figures.get(usize::from(at))?)));
    let Some((end, figure)) = chosen else {
        return html! { <span class="soft">{view.word("numbers.hint").to_string()}</span> };
    };
    let key = format!("figure.{}", figure.key());
    let (glyph, word) = known(figure);
    let why = match &figure.known {
        Known::Inferred { rule, source } => format!("{} ({source})", view.words.rule(rule).unwrap_or(rule)),
        Known::Seen => String::new(),
        Known::Unknown => view.word("numbers.unknown").to_string(),
    };
    let frames = figure.frames.iter().map(|frame| {
        let text = view.words.fill("ends.frame", &[("frame", &frame.to_string())]);
        html! { <button class="frame-link" onclick={view.click(Action::GoFrame(*frame))}>{text}</button> }
    });
    html! {
        <>
            <p><b>{if end == 0 { "A " } else { "B " }}{view.word(&key).to_string()}</b>{" = "}<span class="mono">{value(view, figure)}</span>{". "}{view.word(&format!("{key}.is")).to_string()}</p>
            <p><span class="known">{glyph}{" "}{view.word(word).to_string()}</span>{" "}{why}{" "}{for frames}</p>
        </>
    }
}

/// What the other end has beyond a gap: a strip from the first unacknowledged number to the last sent, and the blocks.
fn scoreboard(view: &View, ends: &[Told; 2], end: End) -> Html {
    let Some(told) = ends.get(usize::from(end)).filter(|told| !told.blocks.is_empty()) else { return Html::default() };
    let (Some(from), Some(to)) = (told.get("snd-una"), told.get("snd-nxt")) else { return Html::default() };
    let span = (to - from).max(1);
    let place = |number: i64| ((number - from).clamp(0, span) * WIDTH / span).to_string();
    let blocks = told.blocks.iter().map(|(low, high)| {
        let (low, high) = (i64::from(*low), i64::from(*high));
        html! { <rect class="block" x={place(low)} y="0" width={place(from + (high - low).max(1))} height="14" /> }
    });
    let list: Vec<String> = told.blocks.iter().map(|(low, high)| format!("{low}–{high}")).collect();
    let values = [("from", from.to_string()), ("to", to.to_string()), ("blocks", list.join(", "))];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    html! {
        <div class="scoreboard">
            <b>{if end == 0 { "A " } else { "B " }}{view.word("figure.sacked").to_string()}</b>
            <svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true"><rect class="sent" x="0" y="0" width="1000" height="14" />{for blocks}</svg>
            <p>{view.words.fill("numbers.blocks", &values)}</p>
        </div>
    }
}
