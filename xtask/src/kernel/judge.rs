//! What the engine says of an end, and what the kernel said → agreement, unknown, unseen or contradiction.
//!
//! A sample encloses the moment at which the kernel was asked. It **agrees** when the kernel's state is one that the engine
//! gives the end within `TOLERANCE` of that moment: a frame's time is taken some microseconds before the kernel acts on it (or
//! after, when it sends), longer when the machine is busy in between. It is **unknown** when the engine says so: the state
//! UNKNOWN, or a move whose ground is unknown. Between the two lies what no packet shows; it is **unseen**, and counted by itself:
//!
//! - *the FIN waits*: RFC 9293 §3.10.4 moves an end at CLOSE, and its FIN may wait behind data or be lost before the point of
//!   capture. While no FIN of an end was captured, FIN-WAIT-1 may show as the state before it, LAST-ACK and CLOSING as CLOSE-WAIT.
//! - *ended without a packet*: a timer, a restart or a reset lost before the point of capture ended the connection when no
//!   segment was captured at that end. CLOSED is then unseen until the end sends again.
//! - *TIME-WAIT* is never left: CLOSED is unseen after it. And LISTEN is CLOSED: the kernel tells no listener apart here.
//!
//! Everything else **contradicts**.

use packet_theater::conversation::State;

/// Nanoseconds between what a frame does and when it may show.
pub const TOLERANCE: i64 = 2_000_000;

/// One look at one end's socket, between two moments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    pub state: State,
    pub from: i64,
    pub until: i64,
}

/// What a capture tells of one end, in the end's own time.
#[derive(Default)]
pub struct Told {
    /// State from that moment on; UNKNOWN before.
    pub states: Vec<(i64, State)>,
    /// When it sent its FINs, and when it sent or received anything.
    pub fins: Vec<i64>,
    pub sent: Vec<i64>,
    pub touched: Vec<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Agrees,
    Unknown,
    Unseen,
    Contradicts(State),
}

/// One verdict for each sample of an end; they come in the order of time.
pub fn judge(told: &Told, samples: &[Sample]) -> Vec<Verdict> {
    let mut ended: Option<(i64, i64)> = None;
    let mut before: Option<&Sample> = None;
    let mut verdicts = Vec::with_capacity(samples.len());
    for sample in samples {
        if sample.state != State::Closed {
            ended = None;
        } else if ended.is_none() {
            ended = Some((before.map_or(sample.from, |before| before.from), sample.until));
        }
        before = Some(sample);
        verdicts.push(told.verdict(sample, ended));
    }
    verdicts
}

impl Told {
    fn verdict(&self, sample: &Sample, ended: Option<(i64, i64)>) -> Verdict {
        let (from, until) = (sample.from - TOLERANCE, sample.until + TOLERANCE);
        let first = self.states.partition_point(|(at, _)| *at <= from);
        let last = self.states.partition_point(|(at, _)| *at <= until);
        let initial = first.checked_sub(1).and_then(|index| self.states.get(index)).map_or(State::Unknown, |it| it.1);
        let said: Vec<State> = std::iter::once(initial).chain(self.states[first..last].iter().map(|it| it.1)).collect();
        if said.iter().any(|&state| same(state, sample.state)) {
            return Verdict::Agrees;
        }
        if said.contains(&State::Unknown) {
            return Verdict::Unknown;
        }
        let fin_waits = !self.fins.iter().any(|&at| at <= until);
        if said.iter().any(|&state| fin_waits && without_fin(sample.state, state)) {
            return Verdict::Unseen;
        }
        let silent = ended.is_some_and(|(from, to)| {
            let quiet = !within(&self.touched, from - TOLERANCE, to + TOLERANCE);
            quiet && !within(&self.sent, to + TOLERANCE, sample.until)
        });
        if silent || sample.state == State::Closed && said.contains(&State::TimeWait) {
            return Verdict::Unseen;
        }
        Verdict::Contradicts(said.last().copied().unwrap_or_default())
    }
}

fn within(moments: &[i64], from: i64, to: i64) -> bool {
    moments.iter().any(|moment| (from..=to).contains(moment))
}

fn same(engine: State, kernel: State) -> bool {
    engine == kernel || engine == State::Listen && kernel == State::Closed
}

/// Whether the engine's is the kernel's state without the end's own CLOSE.
fn without_fin(kernel: State, engine: State) -> bool {
    use State::*;
    matches!(
        (kernel, engine),
        (FinWait1, Established | SynReceived | SynSent) | (LastAck | Closing, CloseWait | Established)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;

    fn check(told: &Told, samples: &[(i64, State)], expected: &[Verdict]) {
        let samples: Vec<Sample> =
            samples.iter().map(|&(at, state)| Sample { state, from: at * MS, until: at * MS + 1000 }).collect();
        assert_eq!(judge(told, &samples), expected);
    }

    fn told(states: &[(i64, State)]) -> Told {
        let states: Vec<(i64, State)> = states.iter().map(|&(at, state)| (at * MS, state)).collect();
        let touched: Vec<i64> = states.iter().map(|state| state.0).collect();
        Told { states, sent: touched.clone(), touched, fins: Vec::new() }
    }

    #[test]
    fn the_neighbour_counts_only_near_a_move() {
        use State::*;
        let told = told(&[(10, SynSent), (20, Established)]);
        check(
            &told,
            &[(5, SynSent), (9, SynSent), (12, SynSent)],
            &[Verdict::Unknown, Verdict::Agrees, Verdict::Agrees],
        );
        check(&told, &[(19, Established), (21, SynSent)], &[Verdict::Agrees; 2]);
        check(&told, &[(16, Established)], &[Verdict::Contradicts(SynSent)]);
        check(&told, &[(24, SynSent)], &[Verdict::Contradicts(Established)]);
    }

    #[test]
    fn a_fin_that_waits_is_unseen_until_it_is_captured() {
        use State::*;
        let mut told = told(&[(10, Established)]);
        check(&told, &[(30, FinWait1)], &[Verdict::Unseen]);
        check(&told, &[(30, FinWait2)], &[Verdict::Contradicts(Established)]);
        told.fins.push(25 * MS);
        check(&told, &[(30, FinWait1)], &[Verdict::Contradicts(Established)]);
    }

    #[test]
    fn an_end_without_a_packet_is_unseen_until_the_end_speaks() {
        use State::*;
        let mut told = told(&[(10, Established)]);
        check(&told, &[(30, Established), (31, Closed)], &[Verdict::Agrees, Verdict::Unseen]);
        told.touched.push(31 * MS);
        check(&told, &[(30, Established), (31, Closed)], &[Verdict::Agrees, Verdict::Contradicts(Established)]);
        check(&told, &[(40, Established), (41, Closed)], &[Verdict::Agrees, Verdict::Unseen]);
        told.sent.push(50 * MS);
        let verdicts = [Verdict::Agrees, Verdict::Unseen, Verdict::Contradicts(Established)];
        check(&told, &[(40, Established), (41, Closed), (60, Closed)], &verdicts);
    }

    #[test]
    fn time_wait_is_never_left_and_nobody_sees_a_listener() {
        use State::*;
        let told = told(&[(10, Listen), (20, TimeWait)]);
        check(
            &told,
            &[(15, Closed), (20, TimeWait), (30, Closed)],
            &[Verdict::Agrees, Verdict::Agrees, Verdict::Unseen],
        );
    }
}
