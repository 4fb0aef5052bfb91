//! What the page knows of both ends' figures, and when it asks for those of another row.

use std::rc::Rc;

use super::{Effect, Ends, Session};
use crate::conversation::{End, Moment};
use crate::engine::Request;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    pub moment: Option<Rc<Moment>>,
    /// The end and the figure (its place in the list) that is explained.
    pub chosen: Option<(End, u8)>,
    /// Row whose figures are on their way.
    pub(super) asked: Option<u32>,
}

impl Session {
    /// Asks for the figures of the player's row, while they are looked at.
    pub(super) fn ask_moment(&mut self, effects: &mut Vec<Effect>) {
        let Some(stage) = self.stage.as_ref().filter(|stage| stage.rows > 0) else { return };
        let row = self.player.row();
        let here = self.figures.asked.or(self.figures.moment.as_ref().map(|moment| moment.row));
        if self.shown_ends() == Ends::Numbers && here != Some(row) {
            self.figures.asked = Some(row);
            effects.push(Effect::Send(Request::Moment { conversation: stage.conversation.id, row }));
        }
    }

    pub(super) fn moment_came(&mut self, conversation: u32, moment: Moment) {
        if self.stage.as_ref().is_some_and(|stage| stage.conversation.id == conversation) {
            self.figures.asked = self.figures.asked.filter(|row| *row != moment.row);
            self.figures.moment = Some(Rc::new(moment));
        }
    }

    pub(super) fn forget_moment(&mut self) {
        self.figures = Figures { chosen: self.figures.chosen, ..Figures::default() };
    }
}
