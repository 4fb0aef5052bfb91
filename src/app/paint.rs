//! Drawing commands → SVG nodes; replays them and decides nothing.

use yew::prelude::*;
use yew::virtual_dom::{VList, VNode};

use crate::scene::{Draw, Shape, Target};
use crate::text::decimal;

/// Nodes for a list of commands; a click on one that stands for something sends its target.
pub fn paint(draws: &[Draw], pick: Option<&Callback<Target>>) -> Html {
    VNode::from(draws.iter().map(|draw| paint_one(draw, pick)).collect::<VList>())
}

fn paint_one(draw: &Draw, pick: Option<&Callback<Target>>) -> Html {
    let class = draw.class.clone();
    let onclick = draw.target.zip(pick).map(|(target, pick)| {
        let pick = pick.clone();
        Callback::from(move |_: MouseEvent| pick.emit(target))
    });
    let class = if onclick.is_some() { format!("{class} pick") } else { class };
    let px = |value: f32| decimal(value.into(), 1);
    match &draw.shape {
        Shape::Line { x1, y1, x2, y2 } => {
            html! { <line {class} x1={px(*x1)} y1={px(*y1)} x2={px(*x2)} y2={px(*y2)} {onclick} /> }
        }
        Shape::Rect { x, y, w, h, r } => {
            html! { <rect {class} x={px(*x)} y={px(*y)} width={px(w.max(0.0))} height={px(h.max(0.0))} rx={px(*r)} {onclick} /> }
        }
        Shape::Circle { x, y, r } => html! { <circle {class} cx={px(*x)} cy={px(*y)} r={px(*r)} {onclick} /> },
        Shape::Path(data) => html! { <path {class} d={data.clone()} {onclick} /> },
        Shape::Text { x, y, anchor, size, rotate, text } => {
            let transform =
                (*rotate != 0.0).then(|| format!("rotate({} {} {})", decimal((*rotate).into(), 2), px(*x), px(*y)));
            html! {
                <text {class} x={px(*x)} y={px(*y)} text-anchor={anchor.svg()} font-size={px(*size)} {transform} {onclick}>{text}</text>
            }
        }
    }
}
