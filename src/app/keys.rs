//! A key → an Action.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::conversation::graph::Plot;
use crate::session::{Action, Ask, SPEEDS, Scale, Session};

/// What a key means on the stage; `None` where it belongs to what has the focus.
pub fn action(event: &KeyboardEvent, session: &Session) -> Option<Action> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let key = event.key();
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let (focus, id) = element.map(|element| (element.tag_name(), element.id())).unzip();
    let focus = focus.as_deref().unwrap_or_default();
    if matches!(focus, "SELECT" | "TEXTAREA")
        || (focus == "BUTTON" || focus == "A" || focus == "INPUT") && matches!(key.as_str(), " " | "Enter")
    {
        return None;
    }
    // Whoever writes there means letters.
    if matches!(id.as_deref(), Some("search" | "expression" | "find")) {
        return None;
    }
    // In the list of conversations the arrows go through it.
    if matches!(key.as_str(), "ArrowUp" | "ArrowDown") && event.default_prevented() {
        return None;
    }
    if id.as_deref() == Some("graph")
        && let Some(action) = super::graph::key(&key, event.shift_key(), session)
    {
        return Some(action);
    }
    match key.as_str() {
        "Escape" if session.help => return Some(Action::Help(false)),
        "Escape" if session.failure.is_some() || session.crashed.is_some() => return Some(Action::DismissFailure),
        "Escape" if session.loading.is_some() => return Some(Action::CancelLoading),
        "Escape" if session.presenting => return Some(Action::Present(false)),
        "?" => return Some(Action::Help(!session.help)),
        "l" | "L" => return Some(Action::Language(session.language.other())),
        "d" | "D" => return Some(Action::Dark(!session.dark)),
        _ => {}
    }
    if !session.on_stage() {
        return None;
    }
    Some(match key.as_str() {
        "ArrowRight" | "PageDown" => Action::Step,
        "ArrowLeft" | "PageUp" => Action::StepBack,
        "Home" => Action::First,
        "End" => Action::Last,
        " " => Action::Toggle,
        "ArrowDown" => Action::MoveField(1),
        "ArrowUp" => Action::MoveField(-1),
        "]" => Action::MoveLayer(1),
        "[" => Action::MoveLayer(-1),
        "+" | "=" => Action::Speed(neighbour(session.player.speed, 1)),
        "-" => Action::Speed(neighbour(session.player.speed, -1)),
        "/" => Action::Expression(Ask::Focus),
        "t" | "T" => Action::Scale(if session.scale == Scale::Steps { Scale::Time } else { Scale::Steps }),
        "e" | "E" => Action::Ends(session.next_ends()),
        "h" | "H" if session.all_hosts() || session.offers_all_hosts() => Action::AllHosts(!session.all_hosts()),
        "g" | "G" if session.has_graphs() => {
            Action::Plot(if session.plot().is_some() { None } else { Some(Plot::Sequence) })
        }
        "p" | "P" => Action::Present(!session.presenting),
        "1" | "2" | "3" | "4" | "5" => {
            let choice = u32::from(key.as_bytes()[0] - b'1');
            session.open_question().filter(|question| choice < question.choices.len() as u32)?;
            Action::Answer(Some(choice))
        }
        _ => return None,
    })
}

fn neighbour(speed: f64, by: i32) -> f64 {
    let at = SPEEDS.iter().position(|&(offered, _)| offered == speed).unwrap_or(2) as i32 + by;
    SPEEDS[at.clamp(0, SPEEDS.len() as i32 - 1) as usize].0
}
