//! Where the capture was made: what is inferred, and what the reader says instead.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::view::View;
use crate::conversation::Known;
use crate::conversation::analysis::Point;
use crate::scene::measure::duration;
use crate::session::Action;

/// The reader's choices behind "as inferred", by the number that the session keeps.
const PLACES: [&str; 3] = ["point.a", "point.middle", "point.b"];

/// A list to choose from, in the ladder's bar.
pub fn choice(view: &View) -> Html {
    let session = &view.session;
    // Between many hosts there is no nearer one of two.
    if session.all_hosts() {
        return Html::default();
    }
    let point = session.stage.as_ref().and_then(|stage| stage.point.as_deref());
    let place = session.figures.place;
    let onchange = {
        let send = view.send.clone();
        Callback::from(move |event: Event| {
            let list = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
            let chosen = list.map_or(0, |list| list.selected_index());
            send.emit(Action::Captured(u8::try_from(chosen - 1).ok()));
        })
    };
    let inferred = match point {
        Some(point) => view.words.fill("point.inferred", &[("place", view.word(PLACES[place_of(point)]))]),
        None => view.word("point.unknown").to_string(),
    };
    html! {
        <select class="point button" aria-label={view.word("point.title").to_string()} title={ground(view, point)} {onchange}>
            <option selected={place.is_none()}>{inferred}</option>
            {for (0..).zip(PLACES).map(|(at, key)| html! { <option selected={place == Some(at)}>{view.word(key).to_string()}</option> })}
        </select>
    }
}

fn place_of(point: &Point) -> usize {
    match point.near() {
        Some(0) => 0,
        Some(_) => 2,
        None => 1,
    }
}

/// The same list with what it rests on.
pub fn grounds(view: &View) -> Html {
    let point = view.session.stage.as_ref().and_then(|stage| stage.point.as_deref());
    let known =
        point.map(|_| html! { <><span class="known">{"◐ "}{view.word("ends.inferred").to_string()}</span>{" "}</> });
    html! { <div class="captured"><b>{view.word("point.title").to_string()}</b>{choice(view)}<p>{known}{ground(view, point)}</p></div> }
}

/// How the place is known: the rule, how sure, and the frames that it rests on.
fn ground(view: &View, point: Option<&Point>) -> String {
    let Some(point) = point else { return view.word("point.none").to_string() };
    let Known::Inferred { rule, source } = &point.known else { return String::new() };
    let frames: Vec<String> = point.frames.iter().map(u32::to_string).collect();
    let values = [
        ("why", view.words.rule(rule).unwrap_or(rule).to_string()),
        ("source", source.clone()),
        ("sure", view.word(if point.sure { "point.sure" } else { "point.likely" }).to_string()),
        ("a", duration(point.reach[0])),
        ("b", duration(point.reach[1])),
        ("frames", frames.join(", ")),
    ];
    view.words.fill("point.ground", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}
