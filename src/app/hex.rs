//! The bytes that the chosen field lies in → hex and ASCII, and a tab for each kind of bytes that a frame has.

use yew::prelude::*;

use super::view::View;
use crate::engine::{FieldView, FrameView, LayerView};
use crate::protocol::Made;
use crate::scene::grid;
use crate::session::Action;

/// Bytes in a row where the window is wide, and where it is not.
const HEX_ROW_WIDE: usize = 16;
const HEX_ROW: usize = 8;
/// Windows this wide have room for the wide rows, in pixels.
const WIDE: f64 = 1700.0;
/// Rows that are in the page; the rest is said.
const HEX_ROWS: usize = 128;

/// Hex and ASCII in runs: a run is what one field of the grid covers, and a click on it chooses that field.
pub fn hex(view: &View, frame: &FrameView, layer: Option<&LayerView>, field: Option<&FieldView>) -> Html {
    // The bytes that the chosen field lies in, else those of its layer.
    let shown = field.map(|field| field.buffer).or(layer.map(|layer| layer.buffer)).unwrap_or(0);
    let bytes = match usize::from(shown).checked_sub(1).and_then(|index| frame.buffers.get(index)) {
        Some(buffer) => &buffer.bytes,
        None => &frame.bytes,
    };
    let owners = owners(frame, shown, bytes.len());
    let of_layer = layer
        .filter(|layer| layer.buffer == shown)
        .map_or(0..0, |layer| layer.pos as usize..(layer.pos + layer.size) as usize);
    let of_field = field
        .filter(|field| field.at.len > 0)
        .map_or(0..0, |field| field.at.pos as usize / 8..(field.at.pos + field.at.len).div_ceil(8) as usize);
    let width = if super::browser::width() >= WIDE { HEX_ROW_WIDE } else { HEX_ROW };
    let rows = bytes.len().div_ceil(width).min(HEX_ROWS);
    let paint_row = |row: usize| {
        let start = row * width;
        let end = (start + width).min(bytes.len());
        // A wider gap in the middle of a wide row, inside of a run too.
        let after = |at: usize| if at == start + 8 && at < end { "  " } else { " " };
        let mut runs = Vec::new();
        let mut from = start;
        while from < end {
            let owner = owners.get(from).copied().flatten();
            let to = (from + 1..end).find(|&at| owners.get(at).copied().flatten() != owner).unwrap_or(end);
            let class = classes!(
                "run",
                of_layer.contains(&from).then_some("of-layer"),
                of_field.contains(&from).then_some("of-field")
            );
            let gap = |at: usize| if at == to { "" } else { after(at) };
            let text: String = (from..to).map(|at| format!("{:02x}{}", bytes[at], gap(at + 1))).collect();
            let onclick = owner.map(|(layer, field)| view.click(Action::Choose { layer, field: Some(field) }));
            runs.push(html! { <><span {class} {onclick}>{text}</span>{after(to)}</> });
            from = to;
        }
        let pad = "   ".repeat(width - (end - start)) + if width > 8 && end - start <= 8 { " " } else { "" };
        let ascii: String = bytes[start..end]
            .iter()
            .map(|&byte| if (0x20..0x7f).contains(&byte) { char::from(byte) } else { '.' })
            .collect();
        html! { <span class="octets">{format!("{start:04x}  ")}{for runs}{pad}{" "}<span class="ascii">{ascii}</span></span> }
    };
    let left = bytes.len().saturating_sub(rows * width);
    html! {
        <>
        {tabs(view, frame, shown)}
        <div class="bytes" id="bytes" tabindex="0" role="region" aria-label={view.word("anatomy.hex").to_string()}>
            <pre>{for (0..rows).map(paint_row)}</pre>
            if left > 0 { <p class="soft">{view.words.fill("anatomy.more", &[("bytes", &left.to_string())])}</p> }
        </div>
        </>
    }
}

/// Whose bytes are shown: the frame's own, or some that were put together or decrypted. A tab chooses the innermost layer
/// that lies in them, and a chosen layer its tab.
fn tabs(view: &View, frame: &FrameView, shown: u8) -> Html {
    if frame.buffers.is_empty() {
        return Html::default();
    }
    let tab = |buffer: u8, name: String| {
        let layer = frame.layers.iter().rposition(|layer| layer.buffer == buffer);
        let onclick = layer.map(|layer| view.click(Action::Choose { layer, field: None }));
        let on = buffer == shown;
        html! { <button class={classes!("plain", on.then_some("on"))} aria-pressed={on.to_string()} disabled={onclick.is_none()} {onclick}>{name}</button> }
    };
    let made = (1..).zip(&frame.buffers).map(|(number, buffer)| {
        let key = match buffer.made {
            Made::Datagram => "anatomy.datagram",
            Made::Message => "anatomy.message",
            Made::Decrypted => "anatomy.decrypted",
            Made::Unpacked => "anatomy.unpacked",
        };
        tab(number, view.words.fill(key, &[("parts", &buffer.parts.len().to_string())]))
    });
    html! { <div class="buffers">{tab(0, view.word("anatomy.own").to_string())}{for made}</div> }
}

/// For each byte the innermost field of the grids that begins in it or covers it.
fn owners(frame: &FrameView, buffer: u8, bytes: usize) -> Vec<Option<(usize, usize)>> {
    let mut owners = vec![None; bytes];
    for (index, layer) in frame.layers.iter().enumerate().filter(|(_, layer)| layer.buffer == buffer) {
        for field in grid::leaves(layer) {
            let at = layer.fields[field].at;
            let range = at.pos as usize / 8..((at.pos + at.len).div_ceil(8) as usize).min(owners.len());
            for owner in owners.get_mut(range).into_iter().flatten() {
                // Several flags share a byte: the first one has it.
                if owner.is_none_or(|(layer, _)| layer != index) {
                    *owner = Some((index, field));
                }
            }
        }
    }
    owners
}
