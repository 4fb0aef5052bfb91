//! Hosts and the links that they were seen on → a sketch of the network: links as bars, hosts on them, routers in between.

use crate::conversation::hosts::Host;
use crate::text::within;

use super::board::{Board, Label};
use super::measure::{self, Face};
use super::{Anchor, Draw, Head, Shape, Target, View, Words};

/// Heights at text size 1: a host's box, and a link with its name.
const BOX: f32 = 40.0;
const BAR: f32 = 22.0;
/// Space between neighbours.
const SPACE: f32 = 8.0;

/// A row of the sketch.
enum Row {
    /// Hosts side by side, by their lifelines.
    Hosts(Vec<usize>),
    /// A link by its place; `None`: what lies beyond the gateways.
    Link(Option<u8>),
}

/// The sketch. `chosen` is the host looked at, `on` the lifelines that the present packet joins.
pub fn topology(
    hosts: &[Host],
    heads: &[Head],
    (chosen, on): (Option<usize>, &[u8]),
    view: &View,
    words: &Words,
) -> Vec<Draw> {
    let size = if view.text.is_finite() { within(view.text, 1.0, 4.0) } else { 1.0 };
    let rows = rows(hosts);
    let mut board = Board::new(view.width, view.height);
    let wanted: f32 = rows.iter().map(|row| height(row) * size).sum::<f32>() + SPACE * size * rows.len() as f32;
    let squeeze = (view.height / wanted.max(1.0)).min(1.0);
    let mut y = SPACE * size * 0.5 * squeeze;
    // First where everything stands, so that lines go under the boxes.
    let mut bars: Vec<(Option<u8>, f32)> = Vec::new();
    let mut boxes: Vec<(usize, f32, f32, f32, f32)> = Vec::new();
    for row in &rows {
        let h = height(row) * size * squeeze;
        match row {
            Row::Link(link) => bars.push((*link, y + h * 0.5)),
            Row::Hosts(list) => {
                let w = (view.width - SPACE * size * (list.len() as f32 + 1.0)) / list.len() as f32;
                let narrow = w.min(190.0 * size);
                for (place, host) in list.iter().enumerate() {
                    let middle = SPACE * size + (w + SPACE * size) * place as f32 + w * 0.5;
                    boxes.push((*host, middle - narrow * 0.5, y, narrow, h));
                }
            }
        }
        y += h + SPACE * size * squeeze;
    }
    for (link, y) in &bars {
        bar(&mut board, *link, *y, view.width, size, words);
    }
    for (host, x, y, w, h) in &boxes {
        let Some(of) = hosts.get(*host) else { continue };
        for (link, at) in &bars {
            let joined = match link {
                Some(link) => of.links.contains(link),
                None => of.links.is_empty() || of.roles.iter().any(|role| role.key == "gateway"),
            };
            if joined {
                let x = x + w * 0.5;
                let (from, to) = if *at < *y { (*at, *y) } else { (*y + *h, *at) };
                board.add(Shape::Line { x1: x, y1: from, x2: x, y2: to }, "wire", None);
            }
        }
    }
    for (host, x, y, w, h) in boxes {
        let target = Some(Target::Host(host as u8));
        let mut class = "host-box".to_owned();
        if on.contains(&(host as u8)) {
            class.push_str(" on");
        }
        if chosen == Some(host) {
            class.push_str(" chosen");
        }
        board.add(Shape::Rect { x, y, w, h, r: 8.0 * size }, class, target);
        let Some(head) = heads.get(host) else { continue };
        let mut write = |down: f32, text: &str, class: &str| {
            let face = Face::of(class);
            let text = measure::shorten_middle(text, 12.0 * size, face, w - 10.0 * size);
            let (x, y) = (x + w * 0.5, y + h * down);
            board.write_over_lines(&Label {
                x,
                y,
                anchor: Anchor::Middle,
                size: 12.0 * size,
                rotate: 0.0,
                text: &text,
                class,
                target,
            });
        };
        let name = if head.name.is_empty() { &head.address } else { &head.name };
        // A low box has room for one line.
        if head.role.is_empty() || h < 28.0 * size {
            write(0.5 + 4.0 * size / h.max(1.0), name, "host mono");
        } else {
            write(0.43, name, "host mono");
            write(0.84, &head.role, "address");
        }
    }
    board.finish()
}

fn height(row: &Row) -> f32 {
    match row {
        Row::Hosts(_) => BOX,
        Row::Link(_) => BAR,
    }
}

fn bar(board: &mut Board, link: Option<u8>, y: f32, width: f32, size: f32, words: &Words) {
    let (class, text) = match link {
        Some(link) => ("link-bar", words.link.replace("{}", &(u32::from(link) + 1).to_string())),
        None => ("link-bar beyond", words.beyond.to_owned()),
    };
    board.add(Shape::Line { x1: SPACE * size, y1: y, x2: width - SPACE * size, y2: y }, class, None);
    let label = Label {
        x: SPACE * size,
        y: y - 4.0 * size,
        anchor: Anchor::Start,
        size: 12.0 * size,
        rotate: 0.0,
        text: &text,
        class: "address",
        target: None,
    };
    board.write_over_lines(&label);
}

/// Hosts of one link above it, those of several below the first of them, those of none beyond the gateways.
fn rows(hosts: &[Host]) -> Vec<Row> {
    let places = |wanted: &dyn Fn(&Host) -> bool| -> Vec<usize> {
        hosts.iter().enumerate().filter(|(_, host)| wanted(host)).map(|(place, _)| place).collect()
    };
    let beyond = places(&|host| host.links.is_empty());
    let passes =
        |host: &Host| host.links.len() > 1 || !beyond.is_empty() && host.roles.iter().any(|role| role.key == "gateway");
    let links = hosts.iter().flat_map(|host| &host.links).max().map_or(0, |link| usize::from(*link) + 1);
    let mut rows = Vec::new();
    for link in 0..links as u8 {
        let first = |host: &Host| host.links.iter().min() == Some(&link);
        let ends = places(&|host| first(host) && !passes(host));
        let routers = places(&|host| first(host) && passes(host));
        let used = hosts.iter().any(|host| host.links.contains(&link));
        // The last link's own hosts stand below it, where no router has to.
        let last = usize::from(link) + 1 == links && link > 0 && routers.is_empty();
        if !last && !ends.is_empty() {
            rows.push(Row::Hosts(ends.clone()));
        }
        if used {
            rows.push(Row::Link(Some(link)));
        }
        if last && !ends.is_empty() {
            rows.push(Row::Hosts(ends));
        }
        if !routers.is_empty() {
            rows.push(Row::Hosts(routers));
        }
    }
    if !beyond.is_empty() {
        rows.push(Row::Link(None));
        rows.push(Row::Hosts(beyond));
    }
    rows
}
