//! The stage with all hosts, and the tables of the hosts on stage: what is chosen, what is asked for, and what came.

use std::rc::Rc;

use super::{Effect, Ends, Session};
use crate::engine::{ALL, Request, Tables};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hosts {
    pub tables: Option<Rc<Tables>>,
    /// Place of the host whose tables show.
    pub chosen: usize,
    /// Rows passed that tables are on their way for.
    asked: Option<u32>,
}

impl Session {
    /// Whether the stage has all hosts.
    pub fn all_hosts(&self) -> bool {
        self.stage.as_ref().is_some_and(|stage| stage.conversation.id == ALL)
    }

    /// Whether there is more than one conversation to show together: a lesson chooses its own stage.
    pub fn offers_all_hosts(&self) -> bool {
        self.lesson.is_none() && self.capture.as_ref().is_some_and(|capture| capture.conversations > 1)
    }

    /// To the stage with all hosts, or to the present packet's conversation, and to the same packet there.
    pub(super) fn show_all_hosts(&mut self, on: bool, effects: &mut Vec<Effect>) {
        let frame = self.frame.as_ref();
        let (conversation, row) = match on {
            true => (ALL, frame.map(|frame| frame.frame.saturating_sub(1))),
            false => (frame.map_or(0, |frame| frame.conversation), frame.map(|frame| frame.row)),
        };
        if on == self.all_hosts() || on && !self.offers_all_hosts() {
            return;
        }
        self.graphs.plot = None;
        self.pending_row = row;
        effects.push(Effect::Send(Request::Stage { conversation }));
    }

    pub(super) fn show_tables_of(&mut self, host: usize, effects: &mut Vec<Effect>) {
        self.hosts.chosen = host;
        self.ends = Ends::Tables;
        self.ask_tables(effects);
    }

    /// Rows that have landed.
    fn landed(&self) -> u32 {
        self.player.position.max(0.0) as u32
    }

    /// Asks for the tables of the player's moment, while they are looked at.
    pub(super) fn ask_tables(&mut self, effects: &mut Vec<Effect>) {
        let Some(stage) = self.stage.as_ref().filter(|_| self.shown_ends() == Ends::Tables) else { return };
        let rows = self.landed();
        let here = self.hosts.asked.or(self.hosts.tables.as_ref().map(|tables| tables.rows));
        if here != Some(rows) && self.hosts.asked.is_none() {
            self.hosts.asked = Some(rows);
            effects.push(Effect::Send(Request::Tables { conversation: stage.conversation.id, rows }));
        }
    }

    pub(super) fn tables_came(&mut self, tables: Tables, effects: &mut Vec<Effect>) {
        if self.stage.as_ref().is_some_and(|stage| stage.conversation.id == tables.conversation) {
            self.hosts.asked = None;
            self.hosts.tables = Some(Rc::new(tables));
            self.ask_tables(effects);
        }
    }

    pub(super) fn forget_tables(&mut self) {
        self.hosts = Hosts::default();
    }
}
