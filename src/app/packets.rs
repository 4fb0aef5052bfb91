//! The packet list; only the lines in sight are in the page.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::view::{Panel, address, seconds, thousands};
use crate::session::{Action, LINE_WINDOW, Session};
use crate::text::decimal;

/// Height of a line in pixels, as the style sheet has it.
const LINE: f64 = 46.0;
/// Lines in the page at once: more than any screen shows.
const IN_SIGHT: u32 = 36;
/// Taller than this, browsers stop placing things exactly; the list then scrolls by proportion.
pub(super) const TALLEST: f64 = 8_000_000.0;

/// All that the packet list reads of the session.
pub fn packets_shown(session: &Session) -> Vec<usize> {
    let number = |number: Option<u32>| number.map_or(0, |number| number as usize + 1);
    let capture = session.capture.as_ref().map_or(0, address);
    let (row, frame) = (number(session.selected_row()), number(session.frame.as_ref().map(|frame| frame.frame)));
    let expression = address(&session.expression);
    vec![
        expression,
        address(&session.lines),
        capture,
        row,
        frame,
        session.lines_total() as usize,
        usize::from(session.filtered),
    ]
}

#[component]
pub fn Packets(Panel { view, .. }: &Panel) -> Html {
    let session = &view.session;
    let scroller = use_node_ref();
    let first = use_state(|| 0u32);
    let total = session.lines_total();
    let height = (f64::from(total) * LINE).min(TALLEST);
    let lines_a_pixel = if height > 0.0 { f64::from(total) / height } else { 0.0 };
    let onscroll = {
        let (first, send, scroller, lines) =
            (first.clone(), view.send.clone(), scroller.clone(), session.lines.clone());
        Callback::from(move |_: Event| {
            let Some(list) = scroller.cast::<HtmlElement>() else { return };
            // A few lines above those in sight, so that a quick scroll shows no gap.
            let top = ((f64::from(list.scroll_top()) * lines_a_pixel) as u32).saturating_sub(6);
            first.set(top);
            let end = lines.start + lines.rows.len() as u32;
            if top < lines.start || (top + LINE_WINDOW / 4 > end && end < total) {
                send.emit(Action::NeedLines(top.saturating_sub(LINE_WINDOW / 2)));
            }
        })
    };
    let selected = session.frame.as_ref().map(|frame| frame.frame);
    let found = || session.lines.rows.iter().position(|line| selected == Some(line.frame));
    let place = match () {
        () if session.expression.is_on() => found().map(|place| session.lines.start + place as u32),
        () if session.filtered => session.selected_row(),
        () => selected.map(|frame| frame - 1),
    };
    use_reveal(place, place, scroller.clone(), lines_a_pixel, LINE);
    let begin = session.capture.as_ref().map_or(0, |capture| capture.first);
    let last = (*first + IN_SIGHT).min(total);
    let visible = (*first..last).filter_map(|index| {
        let line = session.lines.get(index)?;
        let on = selected == Some(line.frame);
        let action = Action::ChooseFrame { frame: line.frame, conversation: line.conversation, row: line.row };
        Some(html! {
            <button key={line.frame} class={classes!("packet", on.then_some("on"))} aria-current={on.to_string()} tabindex={if on { "0" } else { "-1" }} onclick={view.click(action)}>
                <span class="number">{line.frame}</span><span class="protocol">{&line.protocol}</span><span class="when">{seconds(line.time - begin)}</span>
                <span class="line">{&line.line}</span>
            </button>
        })
    });
    let above = if lines_a_pixel > 0.0 { f64::from(*first) / lines_a_pixel } else { 0.0 };
    let below = (height - above - f64::from(last - *first) * LINE).max(0.0);
    html! {
        <div class="packets">
            {super::filter::expression(view)}
            <label class="filter"><input type="checkbox" id="filter" checked={session.filtered} onchange={
                let (send, on) = (view.send.clone(), !session.filtered);
                Callback::from(move |_| send.emit(Action::Filter(on)))
            } />{view.word("packets.filter").to_string()}<span class="soft">{thousands(total.into())}</span></label>
            <div class="scroller" ref={scroller} {onscroll} tabindex="0" role="region" aria-label={view.word("side.packets").to_string()}>
                <Spacer height={above} />{for visible}<Spacer height={below} />
            </div>
        </div>
    }
}

/// Scrolls the list to a place when what it stands for changed, and not when the reader scrolls.
#[hook]
pub(super) fn use_reveal<T: PartialEq + 'static>(
    of: T,
    place: Option<u32>,
    scroller: NodeRef,
    lines_a_pixel: f64,
    line: f64,
) {
    use_effect_with(of, move |_| {
        super::browser::after_paint(move || {
            if let (Some(place), Some(list)) = (place, scroller.cast::<HtmlElement>())
                && lines_a_pixel > 0.0
            {
                let y = (f64::from(place) / lines_a_pixel) as i32;
                let (top, height) = (list.scroll_top(), list.client_height());
                if y < top || y + line as i32 > top + height {
                    list.set_scroll_top((y - height / 3).max(0));
                }
            }
        });
    });
}

#[derive(Clone, Properties, PartialEq)]
pub(super) struct SpacerProps {
    pub height: f64,
}

/// Holds the place of lines that are not in the page. The height is set on the element itself, for the
/// Content-Security-Policy allows no style attribute.
#[component]
pub(super) fn Spacer(SpacerProps { height }: &SpacerProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(height.to_bits(), move |&height| {
            if let Some(element) = node.cast::<HtmlElement>() {
                // A height in pixels is always a valid value.
                let _ = element.style().set_property("height", &(decimal(f64::from_bits(height), 1) + "px"));
            }
        });
    }
    html! { <div ref={node}></div> }
}
