//! The list of conversations: found by words or by the filter, in any order; only those in sight are in the page.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::ladder::endpoint;
use super::packets::{Spacer, TALLEST, use_reveal};
use super::story::kinds;
use super::view::{Panel, View, address, size, thousands};
use crate::conversation::story::TROUBLE;
use crate::engine::{Column, Listed};
use crate::scene::measure::{duration, moment};
use crate::session::{Action, LIST_WINDOW, Session, Want};

/// Height of a conversation in pixels, as the style sheet has it.
const LINE: f64 = 66.0;
/// Conversations in the page at once: more than any screen shows.
const IN_SIGHT: u32 = 28;

const COLUMNS: [(Column, &str); 7] = [
    (Column::Start, "list.start"),
    (Column::Ends, "list.ends"),
    (Column::Length, "list.length"),
    (Column::Frames, "list.frames"),
    (Column::Bytes, "list.bytes"),
    (Column::Rtt, "list.rtt"),
    (Column::Verdict, "list.verdict"),
];

/// All that the list of conversations reads of the session.
pub fn conversations_shown(session: &Session) -> Vec<usize> {
    let now = session.stage.as_ref().map_or(0, |stage| stage.conversation.id as usize + 1);
    let capture = session.capture.as_ref().map_or(0, address);
    vec![address(&session.conversations), address(&session.expression), capture, now]
}

#[component]
pub fn Conversations(Panel { view, .. }: &Panel) -> Html {
    let session = &view.session;
    let list = &session.conversations;
    let scroller = use_node_ref();
    let first = use_state(|| 0u32);
    let height = (f64::from(list.total) * LINE).min(TALLEST);
    let lines_a_pixel = if height > 0.0 { f64::from(list.total) / height } else { 0.0 };
    let onscroll = {
        let (first, send, scroller, list) = (first.clone(), view.send.clone(), scroller.clone(), list.clone());
        Callback::from(move |_: Event| {
            let Some(element) = scroller.cast::<HtmlElement>() else { return };
            let top = ((f64::from(element.scroll_top()) * lines_a_pixel) as u32).saturating_sub(4);
            first.set(top);
            let end = list.rows.start + list.rows.rows.len() as u32;
            if top < list.rows.start || (top + LIST_WINDOW / 4 > end && end < list.total) {
                send.emit(Action::Want(Want::Rows(top.saturating_sub(LIST_WINDOW / 2))));
            }
        })
    };
    let now = session.stage.as_ref().map(|stage| stage.conversation.id);
    let place = list.rows.rows.iter().position(|row| now == Some(row.conversation.id));
    // Another stage shows its conversation, once; another order or search begins at its top.
    let shown = use_mut_ref(|| None);
    let place = place.map(|place| list.rows.start + place as u32).filter(|_| *shown.borrow() != now);
    if place.is_some() {
        shown.replace(now);
    }
    use_reveal((now, place.is_some()), place, scroller.clone(), lines_a_pixel, LINE);
    let (top, begun) = (scroller.clone(), use_mut_ref(|| false));
    use_effect_with(list.listing.clone(), move |_| {
        let list = top.cast::<HtmlElement>().filter(|_| begun.replace(true));
        list.into_iter().for_each(|list| list.set_scroll_top(0));
    });
    let last = (*first + IN_SIGHT).min(list.total);
    let visible = (*first..last).filter_map(|index| list.rows.get(index)).map(|row| conversation(view, row, now));
    let above = if lines_a_pixel > 0.0 { f64::from(*first) / lines_a_pixel } else { 0.0 };
    let below = (height - above - f64::from(last.saturating_sub(*first)) * LINE).max(0.0);
    html! {
        <div class="packets">
            {super::filter::expression(view)}
            {wanted(view)}
            <div class="scroller" ref={scroller} {onscroll} onkeydown={Callback::from(walk)} tabindex="-1" role="region" aria-label={view.word("side.conversations").to_string()}>
                if list.total == 0 { <p class="soft empty">{view.word("list.empty").to_string()}</p> }
                <Spacer height={above} />{for visible}<Spacer height={below} />
            </div>
        </div>
    }
}

/// What is searched for, the verdicts, and the columns to sort by.
fn wanted(view: &View) -> Html {
    let list = &view.session.conversations;
    let find = {
        let send = view.send.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            send.emit(Action::Want(Want::Text(input.value())));
        })
    };
    let sort = |(column, key): &(Column, &'static str)| {
        let (on, listing) = (list.listing.by == *column, &list.listing);
        let arrow = match (on, listing.down) {
            (false, _) => "",
            (true, false) => " ▲",
            (true, true) => " ▼",
        };
        html! { <button class={classes!(on.then_some("on"))} aria-pressed={on.to_string()} onclick={view.click(Action::Want(Want::Sort(*column)))}>{view.word(key).to_string()}{arrow}</button> }
    };
    let overview = list.overview.as_ref().filter(|overview| overview.done);
    let found: Vec<(&str, u32)> = overview
        .iter()
        .flat_map(|overview| &overview.kinds)
        .filter(|tally| tally.rank >= TROUBLE)
        .map(|tally| (tally.kind.as_str(), tally.conversations))
        .collect();
    let alone = list.listing.text.is_empty() && list.listing.verdict.is_empty() && list.listing.met;
    let label = view.words.fill("list.count", &[("count", &thousands(list.total.into()))]);
    html! {
        <div class="wanted">
            <div class="field">
                <input id="find" type="search" value={list.listing.text.clone()} oninput={find} placeholder={view.word("list.find").to_string()} aria-label={view.word("list.find").to_string()} autocomplete="off" spellcheck="false" />
                {kinds(view, "verdict", "list.any", &found, &list.listing.verdict, Want::Verdict)}
            </div>
            <div class="columns" role="group" aria-label={view.word("list.sort").to_string()}>
                {for COLUMNS.iter().map(sort)}
                <span class="soft" role="status" id="list-count">if !alone { {label} }{super::story::progress(view)}</span>
            </div>
        </div>
    }
}

fn conversation(view: &View, row: &Listed, now: Option<u32>) -> Html {
    let conversation = &row.conversation;
    let begin = view.session.capture.as_ref().map_or(0, |capture| capture.first);
    let on = now == Some(conversation.id);
    let [one, other] = &conversation.ends;
    let ends = format!("{} ⇄ {}", endpoint(one), endpoint(other));
    let dash = || "—".to_string();
    let figures = view.words.fill(
        "list.figures",
        &[
            ("start", &moment(conversation.first - begin)),
            ("length", &duration(conversation.last - conversation.first)),
            ("frames", &thousands(conversation.frames.into())),
            ("bytes", &size(conversation.bytes)),
            ("rtt", &row.rtt.map_or_else(dash, duration)),
        ],
    );
    let (glyph, class) = match row.rank {
        0 => ("", "soft"),
        TROUBLE.. => ("✕ ", "bad"),
        _ if row.verdict == "normal" => ("✓ ", "good"),
        _ => ("", "soft"),
    };
    let verdict = match row.verdict.as_str() {
        "" | "none" => dash(),
        verdict => view.words.get(&format!("verdict.{verdict}")).to_string(),
    };
    html! {
        <button key={conversation.id} class={classes!("conversation", "row", on.then_some("on"))} aria-current={on.to_string()} title={format!("{ends}\n{figures}")}
            onclick={view.click(Action::ChooseConversation(conversation.id))}>
            <span class="head"><b class="protocol">{&conversation.protocol}</b><span class={classes!("verdict", class)}>{glyph}{verdict}</span></span>
            <span class="mono">{ends}</span>
            <span class="soft">{figures}</span>
        </button>
    }
}

/// The arrows go from one conversation to the next.
fn walk(event: KeyboardEvent) {
    let focus = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(focus) = focus.filter(|focus| focus.matches(".row").is_ok_and(|is| is)) else { return };
    let next = match event.key().as_str() {
        "ArrowDown" => focus.next_element_sibling(),
        "ArrowUp" => focus.previous_element_sibling(),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        // What cannot have the focus leaves it where it is.
        let _ = next.focus();
    }
}
