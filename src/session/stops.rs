//! Where the player goes: from packet to packet in an upload, from step to step in a lesson.

use super::{Effect, Route, Scale, Session};

/// How long after a packet a host's program has printed what it brought, in nanoseconds.
const TERMINAL_LAG: i64 = 60_000_000;

/// How long before the first packet nobody has typed the command yet that sends it, in nanoseconds.
const TYPING: i64 = 2_500_000_000;

impl Session {
    /// The moment that the hosts' terminals show, in nanoseconds since 1970: what the packet on its way has brought about.
    pub fn moment(&self) -> i64 {
        let row = self.player.row();
        let this = self.rows.get(row).map_or(0, |row| row.time);
        match self.rows.get(row + 1) {
            _ if self.player.position <= 0.0 => this.saturating_sub(TYPING),
            Some(next) => (this + TERMINAL_LAG).min(next.time),
            None => i64::MAX,
        }
    }

    /// Plays on; the address follows when a packet has landed.
    pub(super) fn tick(&mut self, seconds: f64, effects: &mut Vec<Effect>) {
        let before = (self.player.row(), self.player.playing);
        let (rows, scale) = (self.rows.clone(), self.scale);
        self.player.advance(seconds, |row| match (scale, rows.get(row), rows.get(row + 1)) {
            (Scale::Time, Some(this), Some(next)) => next.at - this.at,
            _ => 1.0,
        });
        if before != (self.player.row(), self.player.playing) {
            self.follow(effects);
        }
    }

    pub(super) fn toggle(&mut self, effects: &mut Vec<Effect>) {
        if self.player.playing {
            self.player.playing = false;
            return;
        }
        self.scrolled = None;
        if self.lesson.is_some() {
            return self.step_forward(effects);
        }
        if self.player.position >= self.player.end {
            self.player.jump(0.0);
        }
        self.player.play_to(None);
        self.follow(effects);
    }

    /// To the next packet, or the next step of a lesson. A second press while it moves lands at once.
    pub(super) fn step_forward(&mut self, effects: &mut Vec<Effect>) {
        self.scrolled = None;
        if self.player.playing {
            let target = self.player.target.unwrap_or(self.player.position.floor() + 1.0);
            self.player.jump(target);
            return self.follow(effects);
        }
        if self.open_question().is_some() {
            return self.answer(None, effects);
        }
        match &self.lesson {
            Some(lesson) if self.step + 1 < lesson.steps.len() => self.go_step(self.step + 1, true, effects),
            Some(_) => {}
            None => self.move_to(self.player.position.floor() + 1.0, effects),
        }
    }

    pub(super) fn step_back(&mut self, effects: &mut Vec<Effect>) {
        self.scrolled = None;
        if self.lesson.is_some() {
            if self.step > 0 {
                self.go_step(self.step - 1, false, effects);
            }
            return;
        }
        self.player.jump(self.player.position.ceil() - 1.0);
        self.follow(effects);
    }

    pub(super) fn first(&mut self, effects: &mut Vec<Effect>) {
        self.scrolled = None;
        match self.lesson {
            Some(_) => self.go_step(0, false, effects),
            None => self.seek(0.0, effects),
        }
    }

    pub(super) fn last(&mut self, effects: &mut Vec<Effect>) {
        self.scrolled = None;
        match &self.lesson {
            Some(lesson) => self.go_step(lesson.steps.len().saturating_sub(1), false, effects),
            None => self.seek(self.player.end, effects),
        }
    }

    /// Any moment from any other; a lesson's script follows to the last step that has played by then.
    pub(super) fn seek(&mut self, position: f64, effects: &mut Vec<Effect>) {
        self.scrolled = None;
        self.player.jump(position);
        if let Some(lesson) = self.lesson.clone() {
            let reached =
                (0..lesson.steps.len()).take_while(|&step| self.step_end(step) <= self.player.position + 1e-9).last();
            self.step = reached.unwrap_or(0);
            self.pass_questions();
            self.go(Route::Lesson { id: lesson.id.clone(), step: self.step + 1 });
            effects.push(Effect::Location(self.route.clone(), false));
        }
        self.follow(effects);
    }

    /// A packet chosen by hand is shown at the moment after it landed.
    pub(super) fn show_row(&mut self, row: u32, effects: &mut Vec<Effect>) {
        let scrolled = self.scrolled;
        self.seek(f64::from(row) + 1.0, effects);
        self.scrolled = scrolled;
    }

    /// To a step of the lesson: `play` shows its packet moving, else it has landed already.
    pub(super) fn go_step(&mut self, step: usize, play: bool, effects: &mut Vec<Effect>) {
        let Some(lesson) = self.lesson.clone() else { return };
        self.step = step.min(lesson.steps.len().saturating_sub(1));
        self.scrolled = None;
        let route = Route::Lesson { id: lesson.id.clone(), step: self.step + 1 };
        if self.route != route {
            // A step that is not there is no place to come back to.
            let real = matches!(self.route, Route::Lesson { step, .. } if step <= lesson.steps.len());
            effects.push(Effect::Location(route.clone(), real));
            self.go(route);
        }
        let end = self.step_end(self.step);
        if self.open_question().is_some() {
            self.player.jump(end - 1.0);
        } else if play && self.player.position < end {
            return self.move_to(end, effects);
        } else {
            self.player.jump(end);
        }
        self.refocus();
        self.follow(effects);
    }

    /// The choice made at a step that asks, if it was answered; `Some(None)` where it was skipped.
    pub fn given(&self, step: usize) -> Option<Option<u32>> {
        self.answers.iter().find(|(of, _)| *of == step).map(|(_, choice)| *choice)
    }

    /// Takes the answer (`None`: shown without one) and lets the packet go.
    pub(super) fn answer(&mut self, choice: Option<u32>, effects: &mut Vec<Effect>) {
        if self.open_question().is_some() {
            self.answers.push((self.step, choice));
            self.move_to(self.step_end(self.step), effects);
        }
    }

    /// The player's place once this step has played.
    pub fn step_end(&self, step: usize) -> f64 {
        let Some(lesson) = &self.lesson else { return 0.0 };
        let frame = lesson.steps.iter().take(step + 1).rev().find_map(|step| step.frame);
        let row = frame.and_then(|frame| self.rows.rows.iter().find(|row| row.frame == frame));
        row.map_or(0.0, |row| f64::from(row.row) + 1.0)
    }

    fn move_to(&mut self, target: f64, effects: &mut Vec<Effect>) {
        if self.reduced_motion {
            self.player.jump(target);
        } else {
            self.player.play_to(Some(target.min(self.player.end)));
        }
        self.refocus();
        self.follow(effects);
    }

    /// Seeking past a question leaves it behind; nothing stays hidden that was passed.
    fn pass_questions(&mut self) {
        let Some(lesson) = self.lesson.clone() else { return };
        for (index, _) in
            lesson.steps.iter().enumerate().take(self.step + 1).filter(|(_, step)| step.question.is_some())
        {
            if self.given(index).is_none() {
                self.answers.push((index, None));
            }
        }
    }

    /// All views follow the player: its packet is taken apart, its rows are there, the address says where.
    pub(super) fn follow(&mut self, effects: &mut Vec<Effect>) {
        self.ask_rows(effects);
        self.ask_moment(effects);
        self.follow_space(effects);
        self.ask_tables(effects);
        let frame = self.rows.get(self.player.row()).map(|row| row.frame);
        if let Some(frame) = frame.filter(|_| self.player.position > 0.0 || self.lesson.is_none()) {
            self.ask_frame(frame, effects);
        }
        if let Route::Sample { name, row } = &self.route
            && !self.player.playing
            && *row != self.player.row() + 1
        {
            self.go(Route::Sample { name: name.clone(), row: self.player.row() + 1 });
            effects.push(Effect::Location(self.route.clone(), false));
        }
    }
}
