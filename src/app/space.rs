//! The ruler of one end's byte stream, in the graphs' place: its picture, and the sentence that says the same.

use yew::Html;

use super::ladder::PRESENTING;
use super::paint::paint;
use super::view::{View, thousands};
use crate::conversation::space::Fate;
use crate::scene::{self, Ruler};
use crate::session::{Action, Session};

/// Names of the ruler's parts in the words, in the order in which the scene takes them; the first are those of `Fate`.
const NAMES: [&str; 13] = [
    "space.acked",
    "space.flight",
    "space.again",
    "space.sack",
    "space.unseen",
    "space.unknown",
    "space.lost",
    "space.free",
    "space.una",
    "space.nxt",
    "space.edge",
    "space.near",
    "space.whole",
];
const FATES: usize = 7;

pub fn picture(view: &View, size: (f32, f32)) -> Option<Html> {
    with_ruler(view, size, |ruler| paint(&scene::space(ruler), None))
}

/// The row that brought the byte at a place.
pub fn row(view: &View, size: (f32, f32), x: f32, y: f32) -> Option<u32> {
    with_ruler(view, size, |ruler| scene::space_row(ruler, x, y)).flatten()
}

/// To what carried the bytes before or after those of the chosen packet; from any other packet, to the first that are not
/// acknowledged.
pub fn beside(session: &Session, by: isize) -> Option<Action> {
    let near = &session.graphs.data.as_ref()?.space.as_ref()?.near;
    let chosen = session.selected_row().and_then(|row| near.iter().position(|stretch| stretch.row == row));
    let place = match chosen {
        Some(chosen) => chosen.checked_add_signed(by)?,
        None => near.iter().position(|stretch| stretch.fate != Fate::Acked).unwrap_or_default(),
    };
    near.get(place).map(|stretch| Action::ChooseRow(stretch.row))
}

fn with_ruler<T>(view: &View, size: (f32, f32), draw: impl FnOnce(&Ruler) -> T) -> Option<T> {
    let session = &view.session;
    let space = session.graphs.data.as_ref()?.space.as_ref()?;
    let names = NAMES.map(|key| view.word(key));
    let text = if session.presenting { PRESENTING } else { 1.0 };
    Some(draw(&Ruler { space, selected: session.selected_row(), size, text, names: &names }))
}

/// What the ruler shows, and how what was lost is known.
pub fn sentence(view: &View) -> String {
    let session = &view.session;
    let Some(graph) = &session.graphs.data else { return String::new() };
    let Some(space) = &graph.space else { return String::new() };
    let way = if session.graph_end() == 0 { "A→B" } else { "B→A" };
    let mut parts = Vec::new();
    for (key, count) in NAMES.iter().take(FATES).zip(space.bytes) {
        if count > 0 {
            let frame = space.frame.unwrap_or_default().to_string();
            let values = [("count", thousands(count.unsigned_abs())), ("frame", frame)];
            parts.push(
                view.words
                    .fill(&[key, ".said"].concat(), &values.each_ref().map(|(key, value)| (*key, value.as_str()))),
            );
        }
    }
    parts.push(match space.edge {
        Some(edge) if edge > space.next => {
            view.words.fill("space.free.said", &[("count", &thousands((edge - space.next).unsigned_abs()))])
        }
        Some(_) => view.word("space.full").to_string(),
        None => view.word("space.scale").to_string(),
    });
    let row = thousands(u64::from(space.row) + 1);
    view.words.fill("space.said", &[("way", way), ("row", &row), ("parts", &parts.join(view.word("space.and")))])
}
