//! The list of conversations and what is wrong with the capture: what the reader wants of them, and what the engine has told.

use std::rc::Rc;

use super::{Effect, Session, Side, Window};
use crate::engine::{Column, Listed, Listing, Overview, Request};

/// Conversations asked for at once.
pub const LIST_WINDOW: u32 = 200;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversations {
    /// What is wanted, and how many there are of it.
    pub listing: Listing,
    pub total: u32,
    pub rows: Window<Listed>,
    /// What is wrong with the capture; `None` until somebody asks.
    pub overview: Option<Overview>,
    /// The kind of event that the story is limited to; empty: all.
    pub kind: String,
}

/// What the reader wants of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Want {
    /// By this column, or the other way round where it is by that already.
    Sort(Column),
    Text(String),
    Verdict(String),
    /// The list shows rows from here.
    Rows(u32),
    /// Only events of this kind; empty: all.
    Kind(String),
}

impl Session {
    pub(super) fn want(&mut self, want: Want, effects: &mut Vec<Effect>) {
        let conversations = Rc::make_mut(&mut self.conversations);
        let listing = &mut conversations.listing;
        match want {
            Want::Sort(column) => {
                // The first look is for what is greatest, of figures.
                let first = !matches!(column, Column::Start | Column::Ends);
                (listing.by, listing.down) = (column, if listing.by == column { !listing.down } else { first });
            }
            Want::Text(text) => listing.text = text,
            Want::Verdict(verdict) => listing.verdict = verdict,
            Want::Rows(start) => return self.ask_list(start, effects),
            Want::Kind(kind) => {
                conversations.kind = kind;
                return;
            }
        }
        self.ask_list(0, effects);
    }

    /// The left panel shows something else.
    pub(super) fn turn_to(&mut self, side: Side, effects: &mut Vec<Effect>) {
        self.side = side;
        if self.capture.is_none() || self.lesson.is_some() || !matches!(side, Side::Story | Side::Conversations) {
            return;
        }
        if self.conversations.overview.is_none() {
            Rc::make_mut(&mut self.conversations).overview = Some(Overview::default());
            effects.push(Effect::Send(Request::Overview));
        }
        self.ask_list(self.conversations.rows.start, effects);
    }

    /// Asks for the list where it shows; it is limited by the filter where there is one.
    pub(super) fn ask_list(&mut self, start: u32, effects: &mut Vec<Effect>) {
        if self.side == Side::Conversations {
            let conversations = Rc::make_mut(&mut self.conversations);
            conversations.listing.met = self.expression.is_on();
            let listing = conversations.listing.clone();
            effects.push(Effect::Send(Request::List { listing, start, count: LIST_WINDOW }));
        }
    }

    pub(super) fn listed(&mut self, listing: &Listing, total: u32, rows: Window<Listed>) {
        if self.conversations.listing == *listing {
            let conversations = Rc::make_mut(&mut self.conversations);
            (conversations.total, conversations.rows) = (total, rows);
        }
    }

    /// Verdicts are there once all is done.
    pub(super) fn overviewed(&mut self, overview: Overview, effects: &mut Vec<Effect>) {
        let done = overview.done;
        Rc::make_mut(&mut self.conversations).overview = Some(overview);
        if done {
            self.ask_list(self.conversations.rows.start, effects);
        }
    }
}
