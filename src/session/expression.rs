//! The filter over the lists: what is written, what completes it, what it found, and what is wrong with it.

use std::rc::Rc;

use super::{Effect, Session, Side, Tab, Window};
use crate::engine::{FrameLine, Matched, Request};
use crate::filter::{self, Fault, Known};

/// Names offered to complete what was begun.
const OFFERED: usize = 12;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expression {
    /// Every field that there is; empty until somebody comes to filter.
    pub known: Rc<Vec<Known>>,
    /// As it is written, and the byte before which the reader writes.
    pub text: String,
    pub caret: usize,
    /// What the list shows; empty: every packet.
    pub applied: String,
    pub matched: Matched,
    /// Frames of the conversation on stage among those that were found.
    pub limited: u32,
    pub fault: Option<Fault>,
    /// What completes the word that begins at this byte, and the one that the keys have reached.
    pub from: usize,
    pub names: Vec<String>,
    pub pick: Option<usize>,
    /// The filter that the engine was asked for last, and its number.
    asked: (u32, String),
    /// It is to be applied once the names are there.
    waits: bool,
}

/// What the reader does with the filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    Focus,
    /// The field has the focus.
    Enter,
    /// The names that were asked for.
    Known(Rc<Vec<Known>>),
    Type {
        text: String,
        caret: usize,
    },
    Apply,
    Clear,
    /// End the search and keep what was found.
    Stop,
    /// To the next or previous name that completes the word.
    Move(i32),
    Take(usize),
    /// Close the list of names.
    Leave,
}

impl Expression {
    pub fn is_on(&self) -> bool {
        !self.applied.is_empty()
    }

    /// Without anything written or found; an answer that is still on its way is not taken for one to the next question.
    pub(super) fn cleared(&self) -> Expression {
        Expression { known: self.known.clone(), asked: (self.asked.0 + 1, String::new()), ..Expression::default() }
    }
}

impl Session {
    /// Lines that the packet list has in all.
    pub fn lines_total(&self) -> u32 {
        if self.expression.is_on() {
            return if self.filtered { self.expression.limited } else { self.expression.matched.found };
        }
        if self.filtered { self.rows_total() } else { self.capture.as_ref().map_or(0, |capture| capture.frames) }
    }

    pub(super) fn express(&mut self, ask: Ask, effects: &mut Vec<Effect>) {
        let expression = Rc::make_mut(&mut self.expression);
        match ask {
            Ask::Focus => {
                self.tab = Tab::Script;
                if self.side != Side::Conversations {
                    self.side = Side::Packets;
                }
                effects.push(Effect::Focus("expression"));
            }
            Ask::Enter if expression.known.is_empty() => effects.push(Effect::LoadNames),
            Ask::Enter => {}
            Ask::Known(known) => {
                expression.known = known;
                if std::mem::take(&mut expression.waits) {
                    self.express(Ask::Apply, effects);
                }
            }
            Ask::Type { text, caret } => {
                (expression.text, expression.caret, expression.fault) = (text, caret, None);
                self.complete(effects);
            }
            Ask::Apply if expression.text.trim().is_empty() => self.express(Ask::Clear, effects),
            Ask::Apply if expression.known.is_empty() => {
                expression.waits = true;
                effects.push(Effect::LoadNames);
            }
            Ask::Apply => {
                (expression.names, expression.pick) = (Vec::new(), None);
                let known = filter::used(&expression.text, &expression.known);
                let (number, text) = (expression.asked.0 + 1, expression.text.clone());
                expression.asked = (number, text.clone());
                effects.push(Effect::Send(Request::Filter { number, text, known }));
            }
            Ask::Clear => {
                let was_on = expression.is_on();
                *expression = expression.cleared();
                let (number, known) = (expression.asked.0, Vec::new());
                if was_on {
                    effects.push(Effect::Send(Request::Filter { number, text: String::new(), known }));
                    self.ask_list(0, effects);
                    self.limit(self.filtered, effects);
                }
                effects.push(Effect::Focus("expression"));
            }
            Ask::Stop => effects.push(Effect::Send(Request::Cancel)),
            Ask::Move(by) => {
                let last = expression.names.len() as i32 - 1;
                let from = expression.pick.map_or(if by > 0 { -1 } else { last + 1 }, |pick| pick as i32);
                expression.pick = usize::try_from((from + by).clamp(0, last.max(0))).ok().filter(|_| last >= 0);
            }
            Ask::Take(pick) => {
                let ends = (expression.text.get(..expression.from), expression.text.get(expression.caret..));
                if let (Some(name), (Some(before), Some(after))) = (expression.names.get(pick), ends) {
                    let text = format!("{before}{name}{after}");
                    expression.caret = expression.from + name.len();
                    (expression.text, expression.fault) = (text, None);
                }
                (expression.names, expression.pick) = (Vec::new(), None);
            }
            Ask::Leave => (expression.names, expression.pick) = (Vec::new(), None),
        }
    }

    /// Limits the list to the conversation on stage, or no more; it begins near the packet that is shown.
    pub(super) fn limit(&mut self, on: bool, effects: &mut Vec<Effect>) {
        self.filtered = on;
        self.lines = Rc::default();
        let frame = self.frame.as_ref().map_or(0, |frame| frame.frame.saturating_sub(1));
        let start = match () {
            () if self.expression.is_on() => 0,
            () if on => self.player.row(),
            () => frame,
        };
        self.ask_lines(start.saturating_sub(20), effects);
    }

    pub(super) fn matched(&mut self, matched: Matched, effects: &mut Vec<Effect>) {
        if self.expression.asked.0 != matched.number || self.expression.asked.1.is_empty() {
            return;
        }
        let expression = Rc::make_mut(&mut self.expression);
        if expression.matched.number != matched.number {
            (expression.applied, expression.fault) = (expression.asked.1.clone(), None);
            expression.limited = 0;
            self.lines = Rc::default();
        }
        let anew = expression.matched.number != matched.number;
        expression.matched = matched;
        if anew || matched.done {
            self.ask_list(0, effects);
        }
        let have = self.lines.rows.len() as u32;
        if self.lines.start == 0 && have < matched.found.min(super::LINE_WINDOW) {
            self.ask_lines(0, effects);
        }
    }

    pub(super) fn matches(&mut self, number: u32, of: Option<u32>, total: u32, lines: Window<FrameLine>) {
        if self.expression.is_on() && self.expression.matched.number == number && of == self.limits_to() {
            if of.is_some() {
                Rc::make_mut(&mut self.expression).limited = total;
            }
            self.lines = Rc::new(lines);
        }
    }

    /// The conversation that the packet list is limited to.
    pub(super) fn limits_to(&self) -> Option<u32> {
        self.stage.as_ref().map(|stage| stage.conversation.id).filter(|_| self.filtered && !self.all_hosts())
    }

    /// The list stays as it was.
    pub(super) fn faulty(&mut self, number: u32, mut fault: Fault) {
        let expression = Rc::make_mut(&mut self.expression);
        if expression.asked.0 == number {
            if fault.kind == "unknown" {
                fault.near = filter::nearest(&fault.what, &expression.known);
            }
            (expression.fault, expression.asked) = (Some(fault), (number, expression.applied.clone()));
        }
    }

    /// Offers the names that can stand where the word before the caret ends.
    fn complete(&mut self, effects: &mut Vec<Effect>) {
        let expression = Rc::make_mut(&mut self.expression);
        let before = expression.text.get(..expression.caret).unwrap_or_default();
        let word = before.rsplit(|letter| !filter::is_part(letter)).next().unwrap_or_default();
        let names = filter::complete(word, OFFERED, &expression.known);
        let done = matches!(names.as_slice(), [name] if name == word);
        (expression.from, expression.pick) = (before.len() - word.len(), None);
        expression.names = if done { Vec::new() } else { names };
        let expression = self.expression.clone();
        let explained = expression.names.iter().filter(|name| name.contains('.') && !name.starts_with("frame."));
        self.explain(explained.map(String::as_str), effects);
    }
}
