//! The filter over the packet list: its field, the names that complete it, how many packets it found, what is wrong with it.

use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::view::{View, thousands};
use crate::filter::Fault;
use crate::session::{Action, Ask, Expression, Side};

pub fn expression(view: &View) -> Html {
    let expression = &view.session.expression;
    let send = |ask: Ask| view.click(Action::Expression(ask));
    let open = !expression.names.is_empty();
    let oninput = {
        let send = view.send.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let text = input.value();
            let caret = caret(&text, input.selection_end().ok().flatten());
            send.emit(Action::Expression(Ask::Type { text, caret }));
        })
    };
    let onblur = {
        let send = view.send.clone();
        Callback::from(move |_: FocusEvent| send.emit(Action::Expression(Ask::Leave)))
    };
    let onfocus = {
        let send = view.send.clone();
        Callback::from(move |_: FocusEvent| send.emit(Action::Expression(Ask::Enter)))
    };
    let picked = expression.pick.map(|pick| format!("name-{pick}"));
    html! {
        <div class="expression" role="search">
            <div class="field">
                <input id="expression" type="text" class={classes!("mono", expression.fault.is_some().then_some("bad"))} value={expression.text.clone()} {oninput} {onfocus} {onblur} onkeydown={keys(view)}
                    placeholder={view.word("filter.hint").to_string()} aria-label={view.word("filter.label").to_string()} title={view.word("filter.label").to_string()}
                    autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false" role="combobox" aria-autocomplete="list" aria-controls="names"
                    aria-expanded={open.to_string()} aria-activedescendant={picked} aria-invalid={expression.fault.is_some().to_string()} aria-describedby="fault" />
                if !expression.text.is_empty() || expression.is_on() {
                    <button class="button" id="filter-clear" onclick={send(Ask::Clear)} aria-label={view.word("filter.clear").to_string()} title={view.word("filter.clear").to_string()}>{"✕"}</button>
                }
                <button class="button" id="filter-apply" onclick={send(Ask::Apply)}>{view.word("filter.apply").to_string()}</button>
            </div>
            if open { {names(view, expression)} }
            {fault(view, expression)}
            {count(view, expression)}
        </div>
    }
}

/// The byte of a text where a browser's count of UTF-16 units leads.
fn caret(text: &str, units: Option<u32>) -> usize {
    let mut left = units.unwrap_or(u32::MAX) as usize;
    let mut letters = text.char_indices();
    letters
        .find(|(_, letter)| {
            let before = left == 0;
            left = left.saturating_sub(letter.len_utf16());
            before
        })
        .map_or(text.len(), |(at, _)| at)
}

fn keys(view: &View) -> Callback<KeyboardEvent> {
    let (send, open, pick) =
        (view.send.clone(), !view.session.expression.names.is_empty(), view.session.expression.pick);
    Callback::from(move |event: KeyboardEvent| {
        let ask = match (event.key().as_str(), pick) {
            ("Enter" | "Tab", Some(pick)) => Ask::Take(pick),
            ("Enter", None) => Ask::Apply,
            ("ArrowDown", _) if open => Ask::Move(1),
            ("ArrowUp", _) if open => Ask::Move(-1),
            ("Escape", _) if open => Ask::Leave,
            ("Escape", _) => {
                let input: HtmlInputElement = event.target_unchecked_into();
                // An element that is there can always be left.
                let _ = input.blur();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        send.emit(Action::Expression(ask));
    })
}

fn names(view: &View, expression: &Expression) -> Html {
    let entry = |(index, name): (usize, &String)| {
        let on = expression.pick == Some(index);
        let send = view.send.clone();
        // Before the field loses the focus and the list goes.
        let take = Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            send.emit(Action::Expression(Ask::Take(index)));
        });
        let says = view.words.find(&format!("name:{name}")).unwrap_or_default().to_string();
        html! { <li id={format!("name-{index}")} role="option" aria-selected={on.to_string()} class={classes!(on.then_some("on"))} onmousedown={take}><code>{name}</code><span class="soft">{says}</span></li> }
    };
    html! { <ul id="names" role="listbox" aria-label={view.word("filter.names").to_string()}>{for expression.names.iter().enumerate().map(entry)}</ul> }
}

/// What is wrong, under the text that it is wrong in.
fn fault(view: &View, expression: &Expression) -> Html {
    let Some(Fault { kind, at, len, what, near, field }) = &expression.fault else {
        return html! { <div id="fault"></div> };
    };
    let (at, text) = (*at as usize, &expression.text);
    let end = at + *len as usize;
    let part = |from, to| text.get(from..to).unwrap_or_default().to_string();
    let key = format!("filter.fault.{kind}");
    let sentence = view.words.fill(&key, &[("what", what), ("near", near), ("field", field)]);
    let hint = Some("filter.fault.near").filter(|_| kind == "unknown" && !near.is_empty());
    let hint = hint.map(|key| view.words.fill(key, &[("near", near)]));
    let column = view.words.fill("filter.column", &[("column", &(part(0, at).chars().count() + 1).to_string())]);
    html! {
        <div id="fault" role="alert">
            <pre>{part(0, at)}<mark>{if end > at { part(at, end) } else { " ".to_string() }}</mark>{part(end, text.len())}</pre>
            <p>{column}{sentence}{hint}</p>
        </div>
    }
}

fn count(view: &View, expression: &Expression) -> Html {
    if !expression.is_on() {
        return Html::default();
    }
    let (matched, session) = (&expression.matched, &view.session);
    // A search goes through the whole capture, even where the list is limited.
    let (found, all) = match session.filtered && matched.done {
        true => (expression.limited, session.rows_total()),
        false => (matched.found, matched.frames),
    };
    // Over the list of conversations, those count.
    let conversations = session.side == Side::Conversations;
    let (found, all) = match (conversations && matched.done, &session.capture) {
        (true, Some(capture)) => (matched.conversations, capture.conversations),
        _ => (found, all),
    };
    let [found, seen, frames] = [found, matched.seen, all].map(|number| thousands(number.into()));
    let cut = matched.done && matched.seen < matched.frames;
    let key = match (!matched.done || cut, conversations) {
        (true, _) => "filter.running",
        (_, true) => "filter.conversations",
        _ => "filter.count",
    };
    html! {
        <p class="soft" role="status" id="filter-count">
            {view.words.fill(key, &[("found", &found), ("seen", &seen), ("frames", &frames)])}
            if !matched.done { <button class="button" id="filter-stop" onclick={view.click(Action::Expression(Ask::Stop))}>{view.word("loading.cancel").to_string()}</button> }
        </p>
    }
}
