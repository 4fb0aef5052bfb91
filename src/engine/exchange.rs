//! A conversation → the moves of its machines, out of its frames taken apart, when somebody looks at it.

use super::Engine;
use crate::capture::Source;
use crate::conversation::exchange::{At, Exchange, MAX_TOLD, machine_of};
use crate::conversation::order::sorted;
use crate::conversation::{Kind, Machine, Told, Transition};

impl<S: Source> Engine<S> {
    /// The moves of one of a conversation's machines, by default the first: TCP's where it is TCP.
    pub(super) fn exchange(&mut self, id: u32, machine: Option<Machine>) -> (Vec<Transition>, Told) {
        let Some(conversation) = self.tracker.get(id) else { return Default::default() };
        let tcp = matches!(conversation.kind, Kind::Tcp(_)).then_some(Machine::Tcp);
        let machines: Vec<Machine> = tcp.into_iter().chain(machine_of(&conversation.protocol)).collect();
        let machine = machine.filter(|machine| machines.contains(machine)).or(machines.first().copied());
        let (moves, told) = match machine.and_then(Exchange::new) {
            Some(exchange) => self.tell(exchange, id),
            None => (self.tracker.transitions(id).to_vec(), Told::default()),
        };
        (moves, Told { machines, ..told })
    }

    fn tell(&mut self, mut exchange: Exchange, id: u32) -> (Vec<Transition>, Told) {
        let rows = self.tracker.frames(id).len();
        let mut row = 0;
        for frame in self.heard(id, exchange.family()) {
            let Some(time) = self.index.get(frame).map(|record| record.time) else { continue };
            let Some((of, end)) = self.tracker.of_frame(frame) else { continue };
            let home = of == id;
            if home {
                row = self.tracker.row(frame);
            }
            if let Some(packet) = self.packet(frame) {
                exchange.hear(&At { row, frame, home, end, time }, &packet);
            }
        }
        let (moves, told) = exchange.finish();
        (moves, Told { rows: (rows > MAX_TOLD as usize).then_some(MAX_TOLD), ..told })
    }

    /// Frames of a conversation, and of the others that speak one of a family's protocols, as far as they are told.
    fn heard(&mut self, id: u32, family: &[&str]) -> Vec<u32> {
        let mut frames = self.tracker.frames(id).to_vec();
        frames.truncate(MAX_TOLD as usize);
        if !family.is_empty() {
            let speaks = |of: u32| of != id && self.tracker.protocol(of).is_some_and(|word| family.contains(&word));
            let others =
                (1..=self.frames()).filter(|&frame| self.tracker.of_frame(frame).is_some_and(|(of, _)| speaks(of)));
            frames.extend(others.take(MAX_TOLD as usize));
            frames = sorted(frames);
        }
        frames
    }
}
