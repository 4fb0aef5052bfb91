//! State machines' figures as data: which states there are, where they stand in a grid, and which lines lead between them.
//!
//! A state of TCP is a `State` of its own name; one of another machine is `State::Of` its machine and its place in the
//! machine's table. Names are those of the field, never translated; `static/lang/figures.*.json` explains each.

use serde::{Deserialize, Serialize};

use super::{State, exchange, machine};

/// Which machine a conversation is looked at with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Machine {
    #[default]
    Tcp,
    Dhcp,
    Dns,
    Echo,
    Ftp,
    Http,
    Neighbour,
    PathMtu,
    Reassembly,
    Telnet,
    Tls,
    Tls12,
}

impl Machine {
    pub const ALL: [Machine; 12] = [
        Machine::Tcp,
        Machine::Dhcp,
        Machine::Dns,
        Machine::Echo,
        Machine::Ftp,
        Machine::Http,
        Machine::Neighbour,
        Machine::PathMtu,
        Machine::Reassembly,
        Machine::Telnet,
        Machine::Tls,
        Machine::Tls12,
    ];

    pub fn figure(self) -> &'static Figure {
        match self {
            Machine::Tcp => &machine::FIGURE,
            Machine::Dhcp => &exchange::dhcp::FIGURE,
            Machine::Dns => &exchange::dns::FIGURE,
            Machine::Echo => &exchange::echo::FIGURE,
            Machine::Ftp => &exchange::ftp::FIGURE,
            Machine::Http => &exchange::http::FIGURE,
            Machine::Neighbour => &exchange::neighbour::FIGURE,
            Machine::PathMtu => &exchange::path::FIGURE,
            Machine::Reassembly => &exchange::reassembly::FIGURE,
            Machine::Telnet => &exchange::telnet::FIGURE,
            Machine::Tls => &exchange::tls::FIGURE,
            Machine::Tls12 => &exchange::tls::FIGURE_12,
        }
    }
}

/// A machine's figure.
pub struct Figure {
    /// Prefix of its words in `static/lang/figures.*.json`, and its name there.
    pub key: &'static str,
    /// RFC figure or section that it is drawn after.
    pub source: &'static str,
    /// The last column and level; both count from 0.
    pub size: (f32, f32),
    /// Width of a state's box at text size 1.
    pub wide: f32,
    pub nodes: &'static [Node],
    pub edges: &'static [Edge],
}

/// A state's box. A state may stand at two places, as CLOSED does at both ends of life.
pub struct Node {
    pub state: State,
    /// As the RFC spells it, and shorter for narrow places.
    pub name: &'static str,
    pub short: &'static str,
    /// The style sheet's class.
    pub look: &'static str,
    pub column: f32,
    pub level: f32,
}

/// A line as places in `Figure::nodes`, with its words `event / action`.
pub type Edge = (usize, usize, &'static str, &'static str);

/// Colours that machines share: where something is closed or not begun, waits, works, is well, ends, and fails.
pub const IDLE: &str = "state-closed";
pub const LISTENS: &str = "state-listen";
pub const WAITS: &str = "state-syn-sent";
pub const WORKS: &str = "state-syn-received";
pub const WELL: &str = "state-established";
pub const DONE: &str = "state-time-wait";
pub const FAILED: &str = "state-closing";

/// A state of a machine other than TCP, by its place in the table.
pub const fn node(machine: Machine, place: u8, name: &'static str, look: &'static str, at: (f32, f32)) -> Node {
    Node { state: State::Of(machine, place), name, short: name, look, column: at.0, level: at.1 }
}

impl Node {
    /// For narrow places.
    pub const fn or(mut self, short: &'static str) -> Node {
        self.short = short;
        self
    }
}

impl State {
    /// The machine that has this state.
    pub fn machine(self) -> Machine {
        match self {
            State::Of(machine, _) => machine,
            _ => Machine::Tcp,
        }
    }

    /// The box that tells of the state; `None` for `State::Unknown` outside of a figure.
    pub fn node(self) -> Option<&'static Node> {
        self.machine().figure().nodes.iter().find(|node| node.state == self)
    }
}
