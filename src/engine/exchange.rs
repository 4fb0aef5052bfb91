//! A conversation → the moves of its machines, out of its frames taken apart, when somebody looks at it.

use super::Engine;
use crate::capture::Source;
use crate::conversation::exchange::{At, Exchange, MAX_TOLD, machine_of, too_big};
use crate::conversation::order::sorted;
use crate::conversation::{Conversation, Kind, Machine, Told, Transition};

/// ICMP messages that are searched for those that tell of a path's MTU.
const MAX_SEARCHED: usize = 500;

/// Between whom packets were too big: source and destination, the conversation of the message, and its time.
#[derive(Default)]
pub(super) struct TooBig {
    /// Frames when it was looked for.
    frames: u32,
    found: Vec<([String; 2], u32, i64)>,
}

impl<S: Source> Engine<S> {
    /// The moves of one of a conversation's machines, by default the first: TCP's where it is TCP.
    pub(super) fn exchange(&mut self, id: u32, machine: Option<Machine>) -> (Vec<Transition>, Told) {
        let Some(conversation) = self.tracker.get(id) else { return Default::default() };
        let machines = self.machines(&conversation);
        let ends = conversation.ends.map(|end| end.address);
        let asked = machine.filter(|machine| machines.contains(machine));
        // By default the first one that moves.
        for machine in asked.map_or(machines.clone(), |machine| vec![machine]) {
            let (moves, told) = match Exchange::new(machine, ends.clone()) {
                Some(exchange) => self.tell(exchange, id),
                None => return (self.tracker.transitions(id).to_vec(), Told { machines, ..Told::default() }),
            };
            if asked.is_some() || !moves.is_empty() {
                return (moves, Told { machines, ..told });
            }
        }
        (Vec::new(), Told { machine: machines.first().copied().unwrap_or_default(), machines, ..Told::default() })
    }

    /// What a conversation can be looked at with, the best first.
    fn machines(&mut self, conversation: &Conversation) -> Vec<Machine> {
        let mut machines = Vec::new();
        if matches!(conversation.kind, Kind::Tcp(_)) {
            machines.push(Machine::Tcp);
        }
        machines.extend(machine_of(&conversation.protocol));
        let frames = self.tracker.frames(conversation.id).to_vec();
        if frames.iter().take(MAX_TOLD as usize).any(|&frame| self.tracker.datagram(frame).is_some()) {
            machines.push(Machine::Reassembly);
        }
        if self.is_too_big(conversation) {
            machines.push(Machine::PathMtu);
        }
        machines
    }

    /// Whether a message in the capture says that packets of a conversation were too big for a link.
    fn is_too_big(&mut self, conversation: &Conversation) -> bool {
        if self.too_big.frames != self.frames() {
            let told = |of: u32| self.tracker.protocol(of).is_some_and(|word| ["ICMP", "ICMPv6"].contains(&word));
            let icmp = |frame: u32| self.tracker.of_frame(frame).filter(|(of, _)| told(*of)).map(|(of, _)| (frame, of));
            let icmp: Vec<(u32, u32)> = (1..=self.frames()).filter_map(icmp).take(MAX_SEARCHED).collect();
            let mut found = Vec::new();
            for (frame, of) in icmp {
                let time = self.index.get(frame).map_or(0, |record| record.time);
                found.extend(self.packet(frame).and_then(|packet| too_big(&packet)).map(|pair| (pair, of, time)));
            }
            self.too_big = TooBig { frames: self.frames(), found };
        }
        let [one, other] = &conversation.ends;
        let between = |pair: &[String; 2]| {
            pair.contains(&one.address) && pair.contains(&other.address) && one.address != other.address
        };
        // It concerns what is under way.
        let lasts = conversation.first..=conversation.last;
        let concerns = |pair: &[String; 2], time: &i64| between(pair) && lasts.contains(time);
        self.too_big.found.iter().any(|(pair, of, time)| *of == conversation.id || concerns(pair, time))
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
            let speaks = |frame: &u32| self.tracker.of_frame(*frame).is_some_and(|(of, _)| speaks(of));
            frames.extend((1..=self.frames()).filter(speaks).take(MAX_TOLD as usize));
            frames = sorted(frames);
        }
        frames
    }
}
