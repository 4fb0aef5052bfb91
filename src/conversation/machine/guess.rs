//! One end of a TCP conversation: its moves, the guesses among them, and what its own segments make of those.

use super::super::tcp::{ACK, FIN, RST, SYN, Segment};
use super::super::{Cause, End, Known, State, Transition};
use super::inferred;

/// A move that rests on the arrival of a segment.
#[derive(Default)]
pub(super) struct Guess {
    /// Position among the moves of its end.
    at: usize,
    /// What it leads to, what the end was taken for before, and what was shown.
    to: State,
    before: State,
    shown: State,
    /// An acknowledgment of this number proves it, a lower one refutes it.
    number: Option<u32>,
    /// SYN or FIN whose acknowledgment was taken to have arrived: sent again, it had not.
    awaited: u16,
    /// The segment that was taken to have arrived is a reset.
    reset: bool,
    /// Whether it has happened yet cannot be told: it shows as UNKNOWN.
    doubted: bool,
}

impl Guess {
    pub fn arrival(number: Option<u32>, awaited: u16, reset: bool) -> Guess {
        Guess { number, awaited, reset, ..Guess::default() }
    }

    /// It was on its way when the end spoke last.
    pub fn crossing(number: Option<u32>) -> Guess {
        Guess { number, doubted: true, ..Guess::default() }
    }

    fn proved(&self, own: &Segment) -> bool {
        // Only after SYN-RECEIVED does an end send anything but its SYN,ACK.
        let left_opening = self.doubted && self.awaited == SYN && own.has(ACK) && !own.has(SYN);
        !own.has(RST) && (left_opening || self.number.is_some_and(|number| own.acknowledges(number)))
    }

    /// `repeats`: the SYN in the segment was sent before.
    fn refuted(&self, own: &Segment, repeats: bool) -> bool {
        let acknowledges_less = own.has(ACK) && self.number.is_some_and(|number| !own.acknowledges(number));
        match (self.awaited, own.has(RST)) {
            _ if self.reset => !own.has(RST) && own.has(ACK) && (repeats || !own.has(SYN)),
            // Without ACK it is what an end without the connection answers to the SYN,ACK (RFC 9293 §3.5.2).
            (_, true) => self.before == State::SynSent && !own.has(ACK) || self.awaited == 0 && acknowledges_less,
            (SYN, _) => own.opens() || own.has(SYN) && repeats,
            (flag, _) => own.has(flag) || acknowledges_less,
        }
    }
}

#[derive(Default)]
pub(super) struct Side {
    /// What it is taken for, doubts aside.
    pub state: State,
    /// Where its last move led.
    shown: State,
    /// The sequence numbers after its SYN and after the data in it, and the one after its FIN.
    pub syn: Option<(u32, u32)>,
    pub fin: Option<u32>,
    pub sent_data: bool,
    /// The highest number it has reached.
    pub sent: Option<u32>,
    /// It sent again what it had sent, or probed with an old number, and the peer has said nothing since.
    pub unanswered: bool,
    /// It came to SYN-RECEIVED by answering; and it has sent a SYN,ACK.
    pub passive: bool,
    answered: bool,
    /// The highest number it acknowledged: nothing before it is new to this end.
    pub acked: Option<u32>,
    /// Row and frame of the peer's SYN that this end has not reacted to yet, and whether it came before, too.
    pub asked: Option<(u32, u32)>,
    pub asked_again: bool,
    pub moves: Vec<Transition>,
    /// The guesses among its last moves; whatever it did itself is none and settles those before.
    guesses: Vec<Guess>,
    /// The guess that its own segment took back, with event and action: what had not arrived may still be on its way.
    late: Option<(Guess, String, String)>,
}

impl Side {
    /// What it was before its next move, which tells.
    pub fn was(&mut self, state: State) {
        (self.state, self.shown) = (state, state);
    }

    /// `step` tells all but where the move leads from.
    pub fn push(&mut self, step: Transition) {
        self.state = step.to;
        let from = std::mem::replace(&mut self.shown, step.to);
        self.asked = None;
        self.moves.push(Transition { from, ..step });
    }

    /// What it did itself settles what was guessed.
    pub fn act(&mut self, step: Transition) {
        self.guesses.clear();
        self.push(step);
    }

    pub fn guess(&mut self, step: Transition, guess: Guess) {
        let (at, before, shown, doubted) = (self.moves.len(), self.state, self.shown, guess.doubted);
        let to = step.to;
        self.push(step);
        self.guesses.push(Guess { at, to, before, shown, ..guess });
        if doubted {
            self.doubt(self.guesses.len() - 1);
        }
    }

    /// Holds what was guessed of this end against what it sends, in this row and frame.
    pub fn settle(&mut self, own: &Segment, (row, frame): (u32, u32)) {
        let repeats = self.answered;
        self.answered |= own.has(SYN) && own.has(ACK);
        if let Some(first) = self.guesses.iter().position(|guess| guess.refuted(own, repeats)) {
            let guess = self.guesses.swap_remove(first);
            self.guesses.truncate(first);
            (self.state, self.shown) = (guess.before, guess.shown);
            let step = self.moves.drain(guess.at.min(self.moves.len())..).next();
            if let Some(step) = step.filter(|_| (guess.awaited != 0 || guess.reset) && !own.has(RST)) {
                self.late = Some((guess, step.event, step.action));
            }
        }
        let Some(last) = self.guesses.iter().rposition(|guess| guess.proved(own)) else { return };
        let mut resolved = None;
        for guess in self.guesses.drain(..=last).filter(|guess| guess.proved(own)) {
            match self.moves.get_mut(guess.at) {
                Some(step) if !guess.doubted => step.known = inferred("acknowledged"),
                step => resolved = step.map(|step| (step.event.clone(), step.action.clone())),
            }
        }
        if let (Some((event, action)), State::Unknown) = (resolved, self.shown) {
            let (end, to) = (self.moves.last().map_or(0, |step| step.end), self.state);
            let known = inferred("acknowledged");
            self.push(Transition {
                row,
                frame,
                end,
                track: 0,
                cause: Cause::Sent,
                from: State::Unknown,
                to,
                event,
                action,
                known,
            });
        }
    }

    /// The peer sends this SYN or FIN again: whether the one before arrived, nobody can tell until it is acknowledged.
    pub fn hear_again(&mut self, number: u32) {
        if let Some(first) = self.guesses.iter().position(|guess| guess.number == Some(number)) {
            self.doubt(first);
        }
    }

    /// After its own segment: what that took back may arrive from now on, or be lost.
    pub fn expect(&mut self, end: End, (row, frame): (u32, u32)) {
        let Some((guess, event, action)) = self.late.take() else { return };
        let (to, reset) = (guess.to, guess.reset);
        let known = Known::Unknown;
        let step = Transition {
            row,
            frame,
            end,
            track: 0,
            cause: Cause::Received,
            from: State::Unknown,
            to,
            event,
            action,
            known,
        };
        if reset {
            return self.act(Transition { to: State::Unknown, ..step });
        }
        self.guess(step, Guess { doubted: true, ..guess });
    }

    /// The state is kept, for what follows may build on it, and shown as UNKNOWN.
    fn doubt(&mut self, index: usize) {
        let Some(guess) = self.guesses.get_mut(index) else { return };
        guess.doubted = true;
        self.moves.truncate(guess.at + 1);
        if let Some(step) = self.moves.get_mut(guess.at) {
            (step.to, step.known) = (State::Unknown, Known::Unknown);
        }
        self.shown = State::Unknown;
        self.guesses.truncate(index + 1);
    }
}

/// The flag of a segment that its sender repeats until it is acknowledged, and the number that acknowledges it.
pub(super) fn repeated(own: &Segment, side: &Side) -> Option<u32> {
    if own.has(SYN) { side.syn.map(|(syn, _)| syn) } else { side.fin.filter(|_| own.has(FIN)) }
}
