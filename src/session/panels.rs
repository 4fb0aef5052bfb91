//! Which panels the page shows, where it does not show all.

use super::Session;
use crate::conversation::{Endpoint, Kind};

/// The panel that a narrow screen shows; wide screens show all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    Script,
    #[default]
    Ladder,
    Ends,
    Anatomy,
}

/// What the left panel of the stage shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Script,
    Packets,
    Conversations,
    Story,
}

/// What the right panel of the stage shows of both ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    #[default]
    Machine,
    /// The variables of both ends of a TCP conversation.
    Numbers,
    /// The tables of both hosts.
    Tables,
}

impl Ends {
    pub const ALL: [Ends; 3] = [Ends::Machine, Ends::Numbers, Ends::Tables];
}

impl Session {
    /// Whether the right panel has anything to show under this tab.
    pub fn offers(&self, ends: Ends) -> bool {
        match ends {
            Ends::Machine => true,
            Ends::Numbers => self
                .stage
                .as_ref()
                .is_some_and(|stage| matches!(stage.conversation.kind, Kind::Tcp(_)) && stage.rows > 0),
            Ends::Tables => {
                let ip =
                    |end: &Endpoint| end.address.contains('.') || end.address.contains("::") || end.address.len() > 17;
                self.stage
                    .as_ref()
                    .is_some_and(|stage| self.all_hosts() || stage.rows > 0 && stage.conversation.ends.iter().any(ip))
            }
        }
    }

    /// The tab of the right panel: the chosen one where the conversation on stage has it.
    pub fn shown_ends(&self) -> Ends {
        if self.offers(self.ends) { self.ends } else { Ends::Machine }
    }

    /// The tab after the one that shows.
    pub fn next_ends(&self) -> Ends {
        let tabs = Ends::ALL.iter().chain(&Ends::ALL);
        let mut after = tabs.skip_while(|tab| **tab != self.shown_ends()).skip(1);
        after.find(|tab| self.offers(**tab)).copied().unwrap_or_default()
    }
}
