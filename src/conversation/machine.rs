//! The segments of a TCP conversation → the moves of both ends' machines (RFC 9293 §3.3.2, figure 5), and how each is known.
//!
//! A move is *seen* only where the end's own segment shows it: it sent a SYN, a FIN, a RST. What an end does on receiving
//! is *inferred*, for a packet that passed the capture point may still be lost: if the end later acknowledges it, the rule
//! is `acknowledged`, else `arrival`; while it acknowledges less, the packet has not arrived. A capture that starts in the
//! middle starts in UNKNOWN, and leaves it only for what the packets prove. TIME-WAIT ends by a clock, which no packet
//! shows: it is left only for a reset.

use super::tcp::{ACK, FIN, RST, SYN, Segment};
use super::{Cause, End, Known, State, Transition};

/// Every rule that a move may rest on, with its source. The catalogue explains each in words.
pub const RULES: &[(&str, &str)] = &[
    ("answered-syn", "RFC 9293 §3.10.7.2"),
    ("closed-port", "RFC 9293 §3.10.7.1"),
    ("acknowledged", "RFC 9293 §3.4"),
    ("arrival", "RFC 9293 §3.10.7.4"),
    ("carries-data", "RFC 9293 §3.3.2"),
];

/// A segment with its place.
pub struct Move {
    pub row: u32,
    pub frame: u32,
    pub end: End,
    pub segment: Segment,
}

#[derive(Default)]
struct Side {
    state: State,
    /// The sequence number after its SYN, after its FIN.
    syn: Option<u32>,
    fin: Option<u32>,
    sent_data: bool,
    /// Row and frame of the peer's SYN that this end has not reacted to yet.
    asked: Option<(u32, u32)>,
    /// It came to SYN-RECEIVED from LISTEN.
    passive: bool,
}

#[derive(Default)]
struct Machine {
    sides: [Side; 2],
    moves: Vec<Transition>,
    /// Moves that an acknowledgement of this number by this end would prove.
    unproved: Vec<(usize, End, u32)>,
}

/// All moves, in row order; what a sender does comes before what the receiver does of the same row.
pub fn run(segments: &[Move]) -> Vec<Transition> {
    let mut machine = Machine::default();
    for step in segments {
        machine.prove(step);
        machine.send(step);
        machine.receive(step);
    }
    machine.moves.sort_by_key(|step| (step.row, step.cause == Cause::Received));
    machine.moves
}

fn inferred(rule: &str) -> Known {
    let source = RULES.iter().find(|(key, _)| *key == rule).map_or("", |(_, source)| source);
    Known::Inferred { rule: rule.into(), source: source.into() }
}

impl Machine {
    fn side(&mut self, end: End) -> &mut Side {
        &mut self.sides[usize::from(end & 1)]
    }

    fn state(&self, end: End) -> State {
        self.sides[usize::from(end & 1)].state
    }

    fn go(&mut self, (row, frame): (u32, u32), end: End, cause: Cause, to: State, words: (&str, &str), known: Known) {
        let from = std::mem::replace(&mut self.side(end).state, to);
        let (event, action) = (words.0.into(), words.1.into());
        self.moves.push(Transition { row, frame, end, cause, from, to, event, action, known });
    }

    /// The end moves on a segment of its peer's; an acknowledgement of `number` will prove that it arrived.
    fn arrive(&mut self, step: &Move, to: State, words: (&str, &str), number: Option<u32>) {
        self.receive_at((step.row, step.frame), 1 - step.end, to, words, number);
    }

    fn receive_at(&mut self, place: (u32, u32), end: End, to: State, words: (&str, &str), number: Option<u32>) {
        self.go(place, end, Cause::Received, to, words, inferred("arrival"));
        self.unproved.extend(number.map(|number| (self.moves.len() - 1, end, number)));
    }

    /// What an end sends shows what has reached it so far: an acknowledgement proves that, a lower one that it is yet to come.
    fn prove(&mut self, step: &Move) {
        let (moves, segment) = (&mut self.moves, &step.segment);
        let latest = moves.iter().rposition(|earlier| earlier.end == step.end);
        self.unproved.retain(|&(at, end, number)| {
            let proved = end == step.end && segment.acknowledges(number);
            let Some(waiting) = moves.get_mut(at).filter(|_| end == step.end) else { return true };
            if proved {
                waiting.known = inferred("acknowledged");
            } else if latest == Some(at) && !segment.has(RST) {
                (waiting.row, waiting.frame) = (step.row, step.frame);
            }
            !proved
        });
    }

    fn send(&mut self, step: &Move) {
        let (end, segment, place) = (step.end, &step.segment, (step.row, step.frame));
        use State::*;
        if segment.has(RST) {
            return self.send_reset(step);
        }
        if segment.has(SYN) {
            self.side(end).syn.get_or_insert(segment.seq.wrapping_add(1));
            match self.state(end) {
                Unknown | Closed | Listen if segment.opens() => {
                    self.side(end).state = Closed;
                    self.go(place, end, Cause::Sent, SynSent, ("active OPEN", "snd SYN"), Known::Seen);
                    if self.side(end).asked.take().is_some() {
                        // The two SYNs crossed: the peer's arrives after this one has left.
                        let number = self.side(1 - end).syn;
                        self.receive_at(place, end, SynReceived, ("rcv SYN", "snd SYN,ACK"), number);
                    }
                }
                Unknown | Closed | Listen => match self.side(end).asked.take() {
                    // The answer shows that somebody listened, and that the SYN had arrived.
                    Some(asked) => {
                        self.side(end).state = Listen;
                        self.side(end).passive = true;
                        self.go(
                            asked,
                            end,
                            Cause::Received,
                            SynReceived,
                            ("rcv SYN", "snd SYN,ACK"),
                            inferred("answered-syn"),
                        );
                    }
                    // The SYN is not in the capture, nor what came before it.
                    None => {
                        self.side(end).state = Unknown;
                        self.go(place, end, Cause::Sent, SynReceived, ("rcv SYN", "snd SYN,ACK"), Known::Seen);
                    }
                },
                _ => {}
            }
        }
        if self.state(end) == SynSent && segment.has(ACK) && !segment.has(SYN) {
            // The capture missed the SYN,ACK, but this end acknowledges it.
            self.go(place, end, Cause::Sent, Established, ("rcv SYN,ACK", "snd ACK"), inferred("acknowledged"));
        }
        if segment.payload > 0 && segment.has(ACK) {
            self.side(end).sent_data = true;
            if self.sides.iter().all(|side| side.sent_data && side.fin.is_none()) {
                // Only ESTABLISHED sends while its peer still sends, too.
                for (end, cause) in [(end, Cause::Sent), (1 - end, Cause::Received)] {
                    if self.state(end) == Unknown {
                        self.go(place, end, cause, Established, ("data both ways", ""), inferred("carries-data"));
                    }
                }
            }
        }
        if segment.has(FIN) {
            self.send_fin(step);
        }
    }

    fn send_fin(&mut self, step: &Move) {
        let (end, place) = (step.end, (step.row, step.frame));
        if self.side(end).fin.replace(step.segment.end()).is_some() {
            return;
        }
        use State::*;
        let to = match self.state(end) {
            Established | SynReceived => FinWait1,
            CloseWait if self.fins_cross(step) => return,
            CloseWait => LastAck,
            Unknown if self.side(1 - end).fin.is_some() => LastAck,
            _ => return,
        };
        self.go(place, end, Cause::Sent, to, ("CLOSE", "snd FIN"), Known::Seen);
    }

    /// A FIN that does not acknowledge the peer's left before that arrived: both closed at once (RFC 9293 §3.6, figure 13).
    fn fins_cross(&mut self, step: &Move) -> bool {
        let (end, place) = (step.end, (step.row, step.frame));
        let Some(fin) = self.side(1 - end).fin.filter(|&fin| !step.segment.acknowledges(fin)) else { return false };
        // The move to CLOSE-WAIT was too early: it becomes the one to CLOSING.
        let Some(early) = self.unproved.iter().position(|&(_, of, number)| (of, number) == (end, fin)) else {
            return false;
        };
        let at = self.unproved.swap_remove(early).0;
        if at >= self.moves.len() {
            return false;
        }
        self.side(end).state = self.moves.remove(at).from;
        for (waiting, ..) in &mut self.unproved {
            *waiting -= usize::from(*waiting > at);
        }
        self.go(place, end, Cause::Sent, State::FinWait1, ("CLOSE", "snd FIN"), Known::Seen);
        self.receive_at(place, end, State::Closing, ("rcv FIN", "snd ACK"), Some(fin));
        true
    }

    fn send_reset(&mut self, step: &Move) {
        let (end, place) = (step.end, (step.row, step.frame));
        use State::*;
        match self.state(end) {
            Unknown | Closed | Listen => {
                if let Some(asked) = self.side(end).asked.take() {
                    self.side(end).state = Closed;
                    self.go(asked, end, Cause::Received, Closed, ("rcv SYN", "snd RST"), inferred("closed-port"));
                }
            }
            // A reset from TIME-WAIT answers an old duplicate, and the wait goes on (RFC 9293 §3.10.7.4).
            TimeWait => {}
            _ => self.go(place, end, Cause::Sent, Closed, ("ABORT", "snd RST"), Known::Seen),
        }
    }

    fn receive(&mut self, step: &Move) {
        let (end, segment) = (1 - step.end, &step.segment);
        use State::*;
        if segment.has(RST) {
            match self.state(end) {
                Closed | Listen => {}
                // Figure 5, note 1: an end that listened listens again.
                SynReceived if self.side(end).passive => self.arrive(step, Listen, ("rcv RST", ""), None),
                _ => self.arrive(step, Closed, ("rcv RST", ""), None),
            }
            return;
        }
        if segment.has(SYN) {
            self.receive_syn(step);
        }
        if segment.has(ACK) {
            let (syn, fin) = (self.side(end).syn, self.side(end).fin);
            if self.state(end) == SynReceived && syn.is_some_and(|syn| segment.acknowledges(syn)) && !segment.has(SYN) {
                self.arrive(step, Established, ("rcv ACK of SYN", ""), segment_number(segment));
            }
            if fin.is_some_and(|fin| segment.acknowledges(fin)) {
                match self.state(end) {
                    // Both at once: figure 5's note takes FIN-WAIT-1 to TIME-WAIT.
                    FinWait1 if segment.has(FIN) => {
                        return self.arrive(step, TimeWait, ("rcv FIN,ACK of FIN", "snd ACK"), Some(segment.end()));
                    }
                    FinWait1 => self.arrive(step, FinWait2, ("rcv ACK of FIN", ""), None),
                    Closing => self.arrive(step, TimeWait, ("rcv ACK of FIN", ""), None),
                    LastAck => self.arrive(step, Closed, ("rcv ACK of FIN", ""), None),
                    _ => {}
                }
            }
        }
        if segment.has(FIN) {
            let to = match self.state(end) {
                Established | SynReceived => CloseWait,
                FinWait1 => Closing,
                FinWait2 => TimeWait,
                _ => return,
            };
            self.arrive(step, to, ("rcv FIN", "snd ACK"), Some(segment.end()));
        }
    }

    fn receive_syn(&mut self, step: &Move) {
        let (end, segment) = (1 - step.end, &step.segment);
        use State::*;
        let syn = Some(segment.seq.wrapping_add(1));
        match self.state(end) {
            Unknown | Closed | Listen if segment.opens() => self.side(end).asked = Some((step.row, step.frame)),
            SynSent if segment.opens() => self.arrive(step, SynReceived, ("rcv SYN", "snd SYN,ACK"), syn),
            SynSent if self.side(end).syn.is_none_or(|own| segment.acknowledges(own)) => {
                self.arrive(step, Established, ("rcv SYN,ACK", "snd ACK"), syn);
            }
            // In a simultaneous open the peer's SYN,ACK acknowledges this end's SYN.
            SynReceived if self.side(end).syn.is_some_and(|own| segment.acknowledges(own)) => {
                self.arrive(step, Established, ("rcv ACK of SYN", ""), syn);
            }
            Unknown if !segment.opens() => self.arrive(step, Established, ("rcv SYN,ACK", "snd ACK"), syn),
            _ => {}
        }
    }
}

/// What would prove that a segment arrived: an acknowledgement of what it carries, if it carries anything.
fn segment_number(segment: &Segment) -> Option<u32> {
    (segment.end() != segment.seq).then(|| segment.end())
}

#[cfg(test)]
mod tests;
