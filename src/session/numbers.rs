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
    /// Where the reader says that the capture was made, from 0 (end 0) to 2 (end 1); `None`: as inferred.
    pub place: Option<u8>,
    /// Row whose figures are on their way.
    pub(super) asked: Option<u32>,
}

impl Session {
    /// Where on the way from end 0 to end 1 the capture was made; `None` where nobody knows.
    pub fn captured(&self) -> Option<f32> {
        let inferred = || Some(f32::from(self.stage.as_ref()?.point.as_ref()?.share) / 1000.0);
        self.figures.place.map(|place| f32::from(place) / 2.0).or_else(inferred)
    }

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
        (self.figures.moment, self.figures.asked, self.figures.place) = (None, None, None);
    }
}
