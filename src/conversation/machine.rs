//! The segments of a TCP conversation → the moves of both ends' machines (RFC 9293 §3.3.2, figure 5), and how each is known.
//!
//! A move is *seen* only where the end's own segment shows it: it sent a SYN, a FIN, a RST. What an end does on receiving
//! is *inferred*, for a packet that passed the capture point may still be lost. Such a move is a guess until the end itself
//! speaks: an acknowledgment proves it (rule `acknowledged`), a segment that the end would not have sent after it takes it
//! back (it repeats the SYN or FIN that was thought acknowledged, or acknowledges less), and silence leaves it at `arrival`.
//! Where it may have happened or not, the end is in UNKNOWN until its next segment tells: when the SYN or FIN is sent again that
//! was thought to have arrived, and when the end spoke while an acknowledgment, a FIN or a reset was on its way or lost,
//! and when a reset follows what was sent again in vain.
//! A capture that starts in the middle starts in UNKNOWN, and leaves it only for what the packets prove. TIME-WAIT ends by
//! a clock, which no packet shows: it is never left.

use super::order::sorted_by;
use super::tcp::{ACK, FIN, RST, SYN, Segment, before};
use super::{Cause, End, Known, State, Transition};
pub use figure::FIGURE;
use guess::{Guess, Side, repeated};

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

/// The last time that an end spoke as one with a connection: row, and the number its data reached or acknowledged.
#[derive(Clone, Copy, Default)]
struct Last {
    data: Option<(u32, u32)>,
    ack: Option<(u32, u32)>,
}

#[derive(Default)]
struct Machine {
    sides: [Side; 2],
    last: [Last; 2],
}

/// All moves, in row order; what a sender does comes before what the receiver does of the same row.
pub fn run(segments: &[Move]) -> Vec<Transition> {
    let mut machine = Machine::default();
    for Move { row, end, segment, .. } in segments.iter().filter(|step| !step.segment.has(SYN | RST)) {
        let last = &mut machine.last[usize::from(end & 1)];
        if segment.end() != segment.seq {
            last.data = Some((*row, segment.end()));
        }
        if segment.has(ACK) {
            last.ack = Some((*row, segment.ack));
        }
    }
    for step in segments {
        machine.side(step.end).settle(&step.segment, (step.row, step.frame));
        if let Some(number) = repeated(&step.segment, machine.side(step.end)) {
            machine.side(1 - step.end).hear_again(number);
        }
        machine.send(step);
        machine.receive(step);
    }
    let moves = machine.sides.into_iter().flat_map(|side| side.moves);
    let moves = moves.filter(|step| step.from != State::Unknown || step.to != State::Unknown).collect();
    sorted_by(moves, |step| (step.row, step.cause == Cause::Received))
}

fn inferred(rule: &str) -> Known {
    let source = RULES.iter().find(|(key, _)| *key == rule).map_or("", |(_, source)| source);
    Known::Inferred { rule: rule.into(), source: source.into() }
}

/// Where a FIN of the peer takes an end; `None` where it was taken before, or cannot be.
fn after_fin(state: State) -> Option<State> {
    Some(match state {
        State::Established | State::SynReceived => State::CloseWait,
        State::FinWait1 => State::Closing,
        State::FinWait2 => State::TimeWait,
        _ => return None,
    })
}

/// Where it leads from, its end knows.
fn step_to(place: (u32, u32), end: End, cause: Cause, to: State, words: (&str, &str), known: Known) -> Transition {
    let ((row, frame), (event, action)) = (place, words);
    Transition {
        row,
        frame,
        end,
        track: 0,
        cause,
        from: State::Unknown,
        to,
        event: event.into(),
        action: action.into(),
        known,
    }
}

impl Machine {
    fn side(&mut self, end: End) -> &mut Side {
        &mut self.sides[usize::from(end & 1)]
    }

    fn state(&self, end: End) -> State {
        self.sides[usize::from(end & 1)].state
    }

    fn go(&mut self, place: (u32, u32), end: End, cause: Cause, to: State, words: (&str, &str), known: Known) {
        self.side(end).act(step_to(place, end, cause, to, words, known));
    }

    /// The receiver moves, as far as one can guess.
    fn arrive(&mut self, step: &Move, to: State, words: (&str, &str), number: Option<u32>, awaited: u16) {
        let guess = Guess::arrival(number, awaited, step.segment.has(RST));
        self.arrive_at((step.row, step.frame), 1 - step.end, to, words, guess);
    }

    fn arrive_at(&mut self, place: (u32, u32), end: End, to: State, words: (&str, &str), guess: Guess) {
        self.side(end).guess(step_to(place, end, Cause::Received, to, words, inferred("arrival")), guess);
    }

    fn send(&mut self, step: &Move) {
        let (end, segment, place) = (step.end, &step.segment, (step.row, step.frame));
        use State::*;
        if segment.has(RST) {
            return self.send_reset(step);
        }
        self.side(1 - end).unanswered = false;
        let again = self.side(end).sent.is_some_and(|sent| !before(sent, segment.end()));
        self.side(end).unanswered |= self.side(end).sent.is_some_and(|sent| before(segment.seq, sent));
        let sent = &mut self.side(end).sent;
        *sent = sent.filter(|&known| before(segment.end(), known)).or(Some(segment.end()));
        if segment.has(SYN) {
            self.send_syn(step);
        }
        if segment.has(ACK) {
            if self.state(end) == SynSent && !segment.has(SYN) {
                // The capture missed the SYN,ACK, but this end acknowledges it.
                self.go(place, end, Cause::Sent, Established, ("rcv SYN,ACK", "snd ACK"), inferred("acknowledged"));
            }
            let fin = self.side(1 - end).fin.filter(|&fin| segment.acknowledges(fin));
            if let Some(to) = fin.and_then(|_| after_fin(self.state(end))) {
                self.go(place, end, Cause::Sent, to, ("rcv FIN", "snd ACK"), inferred("acknowledged"));
            }
            let acked = &mut self.side(end).acked;
            *acked = acked.filter(|&known| before(segment.ack, known)).or(Some(segment.ack));
        }
        if segment.payload > 0 && segment.has(ACK) {
            self.send_data(step);
        }
        if segment.has(FIN) {
            self.send_fin(step, again);
        }
        // The peer's FIN was sent, and had not arrived: from now on it may.
        let fin = self.side(1 - end).fin.filter(|&fin| segment.has(ACK) && !segment.acknowledges(fin));
        if let (Some(_), Some(to)) = (fin, after_fin(self.state(end))) {
            let guess = Guess::crossing(fin);
            self.arrive_at(place, end, to, ("rcv FIN", "snd ACK"), guess);
        }
        self.side(end).expect(end, place);
    }

    fn send_syn(&mut self, step: &Move) {
        let (end, segment, place) = (step.end, &step.segment, (step.row, step.frame));
        use State::*;
        self.side(end).syn.get_or_insert((segment.seq.wrapping_add(1), segment.end()));
        match self.state(end) {
            Unknown | Closed | Listen => {}
            SynSent if !segment.opens() => {
                let words = ("rcv SYN", "snd SYN,ACK");
                return self.go(place, end, Cause::Sent, SynReceived, words, inferred("acknowledged"));
            }
            _ => return,
        }
        if segment.opens() {
            let asked = self.side(end).asked.take();
            self.side(end).was(Closed);
            self.go(place, end, Cause::Sent, SynSent, ("active OPEN", "snd SYN"), Known::Seen);
            if asked.is_some() {
                // The two SYNs crossed: the peer's arrives some time after this one has left.
                let number = self.side(1 - end).syn.map(|(syn, _)| syn);
                let guess = Guess::crossing(number);
                self.arrive_at(place, end, SynReceived, ("rcv SYN", "snd SYN,ACK"), guess);
            }
            return;
        }
        self.side(end).passive = true;
        let words = ("rcv SYN", "snd SYN,ACK");
        match self.side(end).asked.take() {
            // The answer shows that somebody listened, and that the SYN had arrived.
            Some(asked) => {
                // Where it was asked before, that question may have arrived, and its answer been lost.
                let again = self.side(end).asked_again;
                self.side(end).was(if again { Unknown } else { Listen });
                self.go(asked, end, Cause::Received, SynReceived, words, inferred("answered-syn"));
            }
            // The SYN is not in the capture, nor what came before it.
            None => {
                self.side(end).was(Unknown);
                self.go(place, end, Cause::Sent, SynReceived, words, Known::Seen);
            }
        }
    }

    fn send_data(&mut self, step: &Move) {
        self.side(step.end).sent_data = true;
        if !self.sides.iter().all(|side| side.sent_data && side.fin.is_none() && side.state != State::Closed) {
            return;
        }
        // Only ESTABLISHED sends while its peer still sends, too.
        for (end, cause) in [(step.end, Cause::Sent), (1 - step.end, Cause::Received)] {
            if self.state(end) == State::Unknown {
                let words = ("data both ways", "");
                self.go((step.row, step.frame), end, cause, State::Established, words, inferred("carries-data"));
            }
        }
    }

    /// `again`: its numbers were sent before, so this is not the first copy.
    fn send_fin(&mut self, step: &Move, again: bool) {
        let (end, place) = (step.end, (step.row, step.frame));
        if self.side(end).fin.is_some() {
            return;
        }
        self.side(end).fin = Some(step.segment.end());
        use State::*;
        let to = match self.state(end) {
            Established | SynReceived => FinWait1,
            // The capture missed the first copy, which may have left before the peer's FIN came.
            CloseWait if again => {
                return self.go(place, end, Cause::Sent, Unknown, ("CLOSE", "snd FIN"), Known::Unknown);
            }
            CloseWait => LastAck,
            Unknown if self.side(1 - end).fin.is_some_and(|fin| step.segment.acknowledges(fin)) => LastAck,
            _ => return,
        };
        self.go(place, end, Cause::Sent, to, ("CLOSE", "snd FIN"), Known::Seen);
    }

    fn send_reset(&mut self, step: &Move) {
        let (end, segment, place) = (step.end, &step.segment, (step.row, step.frame));
        // Who sends on beyond a reset did not send it: somebody else forged it.
        if self.last[usize::from(end & 1)].data.is_some_and(|(row, to)| row > step.row && before(segment.seq, to)) {
            return;
        }
        let syn = self.side(end).syn.map(|(syn, _)| syn);
        use State::*;
        match self.state(end) {
            Unknown | Closed | Listen => {
                if let Some(asked) = self.side(end).asked.take() {
                    self.side(end).was(Closed);
                    self.go(asked, end, Cause::Received, Closed, ("rcv SYN", "snd RST"), inferred("closed-port"));
                } else if self.state(end) == Unknown && self.side(end).acked.is_some() {
                    self.go(place, end, Cause::Sent, Closed, ("ABORT", "snd RST"), Known::Seen);
                }
            }
            // A reset from TIME-WAIT answers an old duplicate, and the wait goes on (RFC 9293 §3.10.7.4).
            TimeWait => {}
            // It answers an ACK of something else: the other end still has an older connection (RFC 9293 §3.5.1).
            SynSent | SynReceived if !segment.has(ACK) && syn != Some(segment.seq) => {}
            SynSent if !segment.has(ACK) => {
                self.go(place, end, Cause::Sent, Closed, ("rcv SYN,ACK", "snd RST"), Known::Seen);
            }
            _ => self.go(place, end, Cause::Sent, Closed, ("ABORT", "snd RST"), Known::Seen),
        }
    }

    fn receive(&mut self, step: &Move) {
        let (end, segment) = (1 - step.end, &step.segment);
        use State::*;
        if segment.has(RST) {
            return self.receive_reset(step);
        }
        if segment.has(SYN) {
            self.receive_syn(step);
        }
        let awaited = self.side(end).syn.filter(|&(syn, _)| !segment.has(SYN) && segment.acknowledges(syn));
        if self.state(end) == SynReceived && awaited.is_some() {
            // An acknowledgment of what the segment carries, if anything, will prove that it arrived.
            let number = (segment.end() != segment.seq).then(|| segment.end());
            self.arrive(step, Established, ("rcv ACK of SYN", ""), number, SYN);
        }
        // A segment is taken in its order, so what lies behind a FIN is taken after it (RFC 9293 §3.10.7.4).
        let peer_fin = self.side(step.end).fin.filter(|&fin| !before(segment.end(), fin));
        if let Some(fin) = peer_fin.filter(|_| !segment.has(FIN)) {
            self.receive_fin(step, fin);
        }
        if self.side(end).fin.is_some_and(|fin| segment.acknowledges(fin)) {
            match self.state(end) {
                // Both at once: figure 5's note takes FIN-WAIT-1 to TIME-WAIT.
                FinWait1 if segment.has(FIN) => {
                    return self.arrive(step, TimeWait, ("rcv FIN,ACK of FIN", "snd ACK"), peer_fin, FIN);
                }
                FinWait1 => self.arrive(step, FinWait2, ("rcv ACK of FIN", ""), None, FIN),
                Closing => self.arrive(step, TimeWait, ("rcv ACK of FIN", ""), None, FIN),
                LastAck => self.arrive(step, Closed, ("rcv ACK of FIN", ""), None, FIN),
                _ => {}
            }
        }
        if let Some(fin) = peer_fin {
            self.receive_fin(step, fin);
        }
    }

    fn receive_fin(&mut self, step: &Move, fin: u32) {
        if let Some(to) = after_fin(self.state(1 - step.end)) {
            self.arrive(step, to, ("rcv FIN", "snd ACK"), Some(fin), 0);
        }
    }

    /// A reset counts only where it fits (RFC 9293 §3.10.7.3, §3.10.7.4), and not where the end went on all the same.
    fn receive_reset(&mut self, step: &Move) {
        let (end, segment) = (1 - step.end, &step.segment);
        use State::*;
        let side = &self.sides[usize::from(end & 1)];
        let fits = match side.state {
            Closed | Listen => false,
            SynSent => side.syn.is_some_and(|syn| answers(segment, syn)),
            state => {
                let beyond = self.sides[usize::from(step.end & 1)].sent.is_some_and(|sent| before(sent, segment.seq));
                side.acked.is_none_or(|acked| !before(segment.seq, acked)) && !(beyond && state == SynReceived)
            }
        };
        let goes_on = |(row, ack)| row > step.row && before(segment.seq, ack);
        if fits && !self.last[usize::from(end & 1)].ack.is_some_and(goes_on) {
            let to = if side.state == SynReceived && side.passive { Listen } else { Closed };
            if self.sides[usize::from(step.end & 1)].unanswered {
                // It follows what was sent again in vain: the path may be cut, and nobody acknowledges a reset.
                let (place, words) = ((step.row, step.frame), ("rcv RST", ""));
                return self.go(place, end, Cause::Received, Unknown, words, Known::Unknown);
            }
            self.arrive(step, to, ("rcv RST", ""), None, 0);
        }
    }

    fn receive_syn(&mut self, step: &Move) {
        let (end, segment) = (1 - step.end, &step.segment);
        use State::*;
        let number = Some(segment.seq.wrapping_add(1));
        let own = self.side(end).syn;
        match self.state(end) {
            Unknown | Closed | Listen if segment.opens() => {
                let side = self.side(end);
                side.asked_again = side.asked.replace((step.row, step.frame)).is_some();
            }
            SynSent if segment.opens() => self.arrive(step, SynReceived, ("rcv SYN", "snd SYN,ACK"), number, 0),
            SynSent if own.is_none_or(|own| answers(segment, own)) => {
                self.arrive(step, Established, ("rcv SYN,ACK", "snd ACK"), number, SYN);
            }
            // In a simultaneous open the peer's SYN,ACK acknowledges this end's SYN.
            SynReceived if own.is_some_and(|own| answers(segment, own)) => {
                self.arrive(step, Established, ("rcv ACK of SYN", ""), number, SYN);
            }
            Unknown if !segment.opens() => self.arrive(step, Established, ("rcv SYN,ACK", "snd ACK"), number, SYN),
            _ => {}
        }
    }
}

/// Whether a segment acknowledges a SYN: it, or some of the data that it carried, but nothing that was never sent.
fn answers(segment: &Segment, (syn, data): (u32, u32)) -> bool {
    segment.acknowledges(syn) && !before(data, segment.ack)
}

mod figure;
mod guess;
#[cfg(test)]
mod tests;
