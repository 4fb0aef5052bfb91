//! A conversation → the moves of its machines, out of its frames taken apart, when somebody looks at it.

use super::Engine;
use crate::capture::Source;
use crate::conversation::exchange::{At, Exchange, MAX_TOLD, machine_of};
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
        let frames = self.tracker.frames(id).to_vec();
        for (row, &frame) in (0..MAX_TOLD).zip(&frames) {
            let Some(time) = self.index.get(frame).map(|record| record.time) else { continue };
            let Some(packet) = self.packet(frame) else { continue };
            let end = self.tracker.of_frame(frame).map_or(0, |(_, end)| end);
            exchange.hear(&At { row, frame, end, time }, &packet);
        }
        let (moves, told) = exchange.finish();
        (moves, Told { rows: (frames.len() > MAX_TOLD as usize).then_some(MAX_TOLD), ..told })
    }
}
