//! An address → the place that it names: what is there already is kept, what is not is asked for.

use std::rc::Rc;

use super::{Effect, Loading, Player, Route, Session, Side};
use crate::engine::{Failure, Request};

impl Session {
    /// Whether the packets are what the page shows.
    pub fn on_stage(&self) -> bool {
        self.stage.is_some() && self.route.is_stage()
    }

    pub(super) fn go(&mut self, route: Route) {
        if route.is_stage() {
            self.staged = route.clone();
        }
        self.route = route;
    }

    pub(super) fn arrive(&mut self, route: Route, effects: &mut Vec<Effect>) {
        match &route {
            // Back from the glossary: everything is as it was left.
            _ if self.stage.is_some() && !self.route.is_stage() && self.staged == route => {}
            Route::Glossary { key } => self.open_glossary(key, effects),
            Route::Home => {
                self.player.playing = false;
                if self.loading.take().is_some() {
                    effects.push(Effect::Send(Request::Cancel));
                }
            }
            Route::Lesson { id, step } => {
                let step = step.saturating_sub(1);
                if self.lesson.as_ref().is_some_and(|lesson| lesson.id == *id) && self.stage.is_some() {
                    // The address says so already: another entry in the history would hold the back button here.
                    self.go(route.clone());
                    return self.go_step(step, false, effects);
                }
                self.clear();
                self.step = step;
                effects.push(Effect::LoadLesson(id.clone()));
            }
            Route::Sample { name, row } => {
                if self.staged.same_capture(&route) && self.stage.is_some() {
                    self.show_row(row.saturating_sub(1), effects);
                } else {
                    self.pending_row = row.checked_sub(1);
                    effects.push(Effect::LoadSample(name.clone()));
                }
            }
            Route::Capture => {
                if self.capture.is_none() && self.loading.is_none() {
                    self.fail(Failure { kind: "capture-gone".into(), detail: String::new() });
                    effects.push(Effect::Location(Route::Home, false));
                    self.route = Route::Home;
                    return;
                }
            }
        }
        self.go(route);
    }

    pub(super) fn clear(&mut self) {
        let keep = Session {
            route: self.route.clone(),
            language: self.language,
            presenting: self.presenting,
            dark: self.dark,
            listed: self.listed,
            reduced_motion: self.reduced_motion,
            scale: self.scale,
            ends: self.ends,
            pending_row: self.pending_row,
            explained: self.explained.clone(),
            glossary: self.glossary.clone(),
            expression: Rc::new(self.expression.cleared()),
            player: Player { speed: self.player.speed, ..Player::default() },
            ..Session::default()
        };
        *self = keep;
    }

    pub(super) fn open(&mut self, name: String, size: u64) {
        let lesson = self.lesson.take().filter(|lesson| lesson.capture == name);
        let (step, answers) = (self.step, std::mem::take(&mut self.answers));
        self.clear();
        if lesson.is_some() {
            (self.lesson, self.step, self.answers) = (lesson, step, answers);
        } else {
            self.side = Side::Packets;
        }
        self.loading = Some(Loading { name, read: 0, size, frames: 0 });
    }
}
