//! The chosen packet taken apart: envelopes, the 32-bit grid, hex and ASCII, what the field means, tcpdump's line.

use yew::prelude::*;

use super::hex::hex;
use super::judged::judged;
use super::view::{Panel, View, address, source};
use crate::engine::{FieldView, FrameView, LayerView};
use crate::protocol::Buffer;
use crate::scene::grid::{self, Cell};
use crate::session::{Action, Chosen, Route, Session};

/// Rows of a list that are in the page; the rest is said.
const LINES: usize = 500;

/// All that the anatomy reads of the session.
pub fn shown(session: &Session) -> Vec<usize> {
    let chosen = session.chosen.map_or([0, 0], |chosen| [chosen.layer + 1, chosen.field.map_or(0, |field| field + 1)]);
    let frame = session.frame.as_ref().map_or(0, address);
    let listed = session.listed.map_or(2, usize::from);
    [&[frame, listed][..], &chosen].concat()
}

#[component]
pub fn Anatomy(Panel { view, .. }: &Panel) -> Html {
    let label = view.word("anatomy.title").to_string();
    let place = view.session.frame.as_ref().map(|frame| frame.frame).zip(view.session.chosen);
    use_effect_with(place, |_| {
        super::browser::reveal("#grid", &[".on"]);
        super::browser::reveal("#bytes", &[".of-field", ".of-layer"]);
    });
    let Some(frame) = &view.session.frame else {
        return html! { <section class="card anatomy" aria-label={label}><p class="empty">{view.word("anatomy.empty").to_string()}</p></section> };
    };
    let chosen = view.session.chosen.unwrap_or(Chosen { layer: 0, field: None });
    let layer = frame.layers.get(chosen.layer);
    let field = layer.zip(chosen.field).and_then(|(layer, field)| layer.fields.get(field));
    html! {
        <section class="card anatomy" aria-label={label}>
            <div class="said">
                <p class="tcpdump mono" id="line" title={frame.line.clone()}><span class="visually-hidden">{view.word("anatomy.line").to_string()}{": "}</span>{&frame.line}</p>
                {judged(view, frame)}
            </div>
            {envelopes(view, frame, chosen)}
            <div class="grid" id="grid">{layer.map(|layer| paint_layer(view, layer, chosen)).unwrap_or_default()}</div>
            <div class="hex">
                {hex(view, frame, layer, field)}
                {why(view, frame, layer, field)}
            </div>
        </section>
    }
}

fn envelopes(view: &View, frame: &FrameView, chosen: Chosen) -> Html {
    let bytes = view.words.fill("anatomy.bytes", &[("bytes", &frame.length.to_string())]);
    html! {
        <nav class="envelopes" aria-label={view.word("anatomy.layers").to_string()}>
            <p class="frame"><strong id="frame">{view.words.fill("anatomy.frame", &[("frame", &frame.frame.to_string())])}</strong><span class="soft">{bytes}</span></p>
            {for frame.layers.iter().enumerate().map(|(index, layer)| {
                let on = index == chosen.layer;
                let name = view.words.protocol(&layer.protocol);
                html! {
                    <button class={classes!("envelope", on.then_some("on"))} aria-pressed={on.to_string()} onclick={view.click(Action::Choose { layer: index, field: None })}>
                        {name}if !layer.service.is_empty() { <i>{&layer.service}</i> }<span class="soft">{layer.size}</span>
                    </button>
                }
            })}
            if let Some(stop) = &frame.stop {
                <p class="stop" role="note"><b>{view.word("anatomy.stop").to_string()}</b>{" "}{view.words.stop(&stop.why)}</p>
            }
            {for frame.buffers.iter().map(|buffer| made_of(view, buffer))}
            {frame.layers.get(chosen.layer).map(|layer| other_form(view, layer))}
            {for frame.comments.iter().map(|comment| html! { <p class="comment">{comment}</p> })}
        </nav>
    }
}

/// The frames whose bytes were put together here; each leads there.
fn made_of(view: &View, buffer: &Buffer) -> Html {
    if buffer.parts.is_empty() {
        return Html::default();
    }
    html! { <p class="comment">{view.word("anatomy.made").to_string()}{for buffer.parts.iter().map(|part| go(view, part.frame))}</p> }
}

fn go(view: &View, frame: u32) -> Html {
    html! { <>{" "}<button class="term" onclick={view.click(Action::GoFrame(frame))}>{frame}</button></> }
}

/// Keys whose value is the number of another frame.
fn names_frame(key: &str) -> bool {
    ["reassembled_in", "response_in", "response_to", ".fragment", ".segment"].iter().any(|end| key.ends_with(end))
}

fn is_list(view: &View, layer: &LayerView) -> bool {
    view.session.listed.unwrap_or_else(|| grid::is_list(layer))
}

/// As it reads better, or as the reader wants it.
fn paint_layer(view: &View, layer: &LayerView, chosen: Chosen) -> Html {
    if is_list(view, layer) { paint_list(view, layer, chosen) } else { paint_grid(view, layer, chosen) }
}

/// To the other form of the layer.
fn other_form(view: &View, layer: &LayerView) -> Html {
    let list = is_list(view, layer);
    let other = view.word(if list { "anatomy.grid" } else { "anatomy.list" }).to_string();
    html! { <button class="plain form" onclick={view.click(Action::List(!list))}>{other}</button> }
}

/// One line a field, as deep as it lies in its groups.
fn paint_list(view: &View, layer: &LayerView, chosen: Chosen) -> Html {
    let more = layer.fields.len().saturating_sub(LINES);
    html! {
        <>
            {for layer.fields.iter().enumerate().take(LINES).map(|(index, field)| {
                let on = chosen.field == Some(index);
                let meaning = if field.meaning == field.show { String::new() } else { view.words.value(&field.meaning) };
                html! {
                    <button class={classes!("line", format!("d{}", field.depth.min(6)), on.then_some("on"))} aria-pressed={on.to_string()} tabindex={if on { "0" } else { "-1" }}
                        title={field.key.clone()} onclick={view.click(Action::Choose { layer: chosen.layer, field: Some(index) })}>
                        <span>{view.words.field_name(field).to_string()}</span>
                        <b>{value(field)}{checked(field)}</b><i>{meaning}</i>
                    </button>
                }
            })}
            if more > 0 { <p class="soft">{view.words.fill("glossary.more", &[("fields", &more.to_string())])}</p> }
        </>
    }
}

fn paint_grid(view: &View, layer: &LayerView, chosen: Chosen) -> Html {
    let cells = grid::cells(layer);
    let rows = cells.iter().map(|cell| cell.row).max().map_or(0, |row| row + 1);
    let outside = layer
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| (field.at.len == 0 || field.buffer != layer.buffer) && !field.show.is_empty());
    html! {
        <>
            <div class="ruler" aria-hidden="true">{for [0, 8, 16, 24, 31].iter().map(|bit| html! { <span class={format!("c{bit}")}>{bit}</span> })}</div>
            {for (0..rows).map(|row| html! {
                <div class="row">{for cells.iter().filter(|cell| cell.row == row).map(|cell| paint_cell(view, layer, cell, chosen))}</div>
            })}
            <p class="generated">{for outside.map(|(index, field)| {
                let on = chosen.field == Some(index);
                html! {
                    <button class={classes!("chip", on.then_some("on"))} onclick={view.click(Action::Choose { layer: chosen.layer, field: Some(index) })}>
                        <span class="soft">{view.words.field_name(field).to_string()}</span>{" "}<b class="mono">{value(field)}{if field.meaning.is_empty() { String::new() } else { format!(" {}", view.words.value(&field.meaning)) }}</b>
                    </button>
                }
            })}</p>
        </>
    }
}

fn paint_cell(view: &View, layer: &LayerView, cell: &Cell, chosen: Chosen) -> Html {
    let field = &layer.fields[cell.field];
    // A field may say in another way what stands in the same bits; both are the same cell.
    let on = chosen.field.and_then(|chosen| layer.fields.get(chosen)).is_some_and(|chosen| chosen.at == field.at);
    let name = if cell.span <= 2 { initial(&field.key) } else { view.words.field_name(field).to_string() };
    let shown = if cell.continued {
        if cell.skipped > 0 {
            view.words.fill("anatomy.long", &[("bytes", &(field.at.len / 8).to_string())])
        } else {
            String::new()
        }
    } else {
        value(field)
    };
    let set = field.at.len == 1 && field.show == "1";
    let class = classes!(
        "cell",
        format!("c{}", cell.column),
        format!("w{}", cell.span),
        on.then_some("on"),
        set.then_some("set"),
        cell.continued.then_some("continued")
    );
    let title = format!("{} = {} ({})", view.words.field_name(field), field.show, field.key);
    html! {
        <button {class} {title} aria-pressed={on.to_string()} tabindex={if on { "0" } else { "-1" }}
            onclick={view.click(Action::Choose { layer: chosen.layer, field: Some(cell.field) })}>
            <small>{if cell.continued { String::new() } else { name }}{checked(field)}</small><b>{shown}</b>
        </button>
    }
}

/// A sign beside a checksum: it is right, it is wrong, or nobody could tell.
fn checked(field: &FieldView) -> &'static str {
    match field.meaning.split([' ', ',']).next() {
        _ if !field.key.ends_with(".checksum") => "",
        Some("correct") => " ✓",
        Some("incorrect") => " ✗",
        _ => " –",
    }
}

/// `ACK` of `tcp.flags.ack` is too long for one bit: its first letter.
fn initial(key: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key);
    last.chars().take(1).flat_map(char::to_uppercase).collect()
}

/// The value as it is and, for a short meaning, in words.
fn value(field: &FieldView) -> String {
    field.show.chars().take(96).collect()
}

fn why(view: &View, frame: &FrameView, layer: Option<&LayerView>, field: Option<&FieldView>) -> Html {
    let Some(field) = field else {
        let about = layer.and_then(|layer| view.words.find(&format!("about.{}", layer.protocol)));
        return html! { <div class="why" id="why"><p>{about.unwrap_or_else(|| view.words.get("anatomy.choose")).to_string()}</p></div> };
    };
    let meaning = if field.meaning.is_empty() || field.meaning == field.show {
        String::new()
    } else {
        format!(" · {}", view.words.value(&field.meaning))
    };
    let place = if field.at.len == 0 {
        view.word("anatomy.generated").to_string()
    } else {
        view.words
            .fill("anatomy.place", &[("bits", &field.at.len.to_string()), ("byte", &(field.at.pos / 8).to_string())])
    };
    html! {
        <div class="why" id="why" aria-live="polite" key={format!("{}-{}", frame.frame, field.key)}>
            <p><b>{view.words.field_name(field).to_string()}</b>{" = "}<span class="mono">{value(field)}</span>{meaning}
                if names_frame(&field.key) { {for field.show.parse().ok().map(|frame| go(view, frame))} }</p>
            if let Some(text) = view.words.field_text(&field.key) { <p>{text.to_string()}</p> }
            if !field.here.is_empty() {
                <p class="here"><b>{view.word("anatomy.here").to_string()}</b>{for field.here.iter().filter_map(|said| view.words.said(said)).map(|text| html! { <span>{" "}{text}</span> })}</p>
            }
            <p class="soft">{source(view.words.field_source(&field.key))}{" · "}<a class="term-link" href={Route::Glossary { key: field.key.clone() }.fragment()}><code>{&field.key}</code></a>{" · "}{place}</p>
        </div>
    }
}
