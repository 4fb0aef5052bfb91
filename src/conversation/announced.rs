//! Control messages → the ends at which another conversation will speak a protocol that its ports do not tell.

use std::collections::VecDeque;

use crate::protocol::{self, Address, App, Peek};

/// Ends that are waited for; the oldest one gives way.
pub const MAX_ANNOUNCED: usize = 64;

/// An end, as conversations know it, and what will be spoken there.
type Expected = ((Address, Option<u16>), App);

#[derive(Default)]
pub(super) struct Announced {
    expected: VecDeque<Expected>,
}

impl Announced {
    /// Listens to a control conversation's message: who sends it will speak at the port that it names.
    pub fn hear(&mut self, app: App, peek: &Peek, bytes: &[u8]) {
        let (from, to) = peek.payload;
        let payload = bytes.get(from as usize..to as usize).unwrap_or_default();
        let Some(ports) = peek.ports else { return };
        if let Some((port, app)) = protocol::announces(app, ports, payload) {
            self.expected.push_back(((peek.source, Some(port)), app));
            if self.expected.len() > MAX_ANNOUNCED {
                self.expected.pop_front();
            }
        }
    }

    /// What was announced for this end; a new conversation there takes it.
    pub fn take(&mut self, end: (Address, Option<u16>)) -> Option<App> {
        let place = self.expected.iter().position(|(expected, _)| *expected == end)?;
        self.expected.remove(place).map(|(_, app)| app)
    }
}
