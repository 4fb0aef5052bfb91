//! Openings and closings as a few lines of segments, and the moves they must make.

use super::*;

/// `A> SYN seq=100`, one segment a line: flags joined by commas, `seq`, `ack`, `len`.
fn segments(script: &str) -> Vec<Move> {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
    let parse = |(row, line): (usize, &str)| {
        let mut words = line.split_whitespace();
        let end = End::from(words.next() == Some("B>"));
        let mut segment = Segment::default();
        for flag in words.next().unwrap_or_default().split(',') {
            segment.flags |= match flag {
                "SYN" => SYN,
                "ACK" => ACK,
                "FIN" => FIN,
                "RST" => RST,
                other => panic!("no flag {other}"),
            };
        }
        for word in words {
            match word.split_once('=').map(|(key, value)| (key, value.parse::<u32>().unwrap())) {
                Some(("seq", value)) => segment.seq = value,
                Some(("ack", value)) => segment.ack = value,
                Some(("len", value)) => segment.payload = value,
                other => panic!("no {other:?}"),
            }
        }
        Move { row: row as u32, frame: row as u32 + 1, end, segment }
    };
    lines.enumerate().map(parse).collect()
}

fn check(script: &str, expected: &str) {
    let moves = run(&segments(script));
    let say = |step: &Transition| {
        let known = match &step.known {
            Known::Seen => "seen",
            Known::Inferred { rule, .. } => rule,
            Known::Unknown => "unknown",
        };
        format!("{} {} {:?} -> {:?} ({known})", step.row, ["A", "B"][usize::from(step.end)], step.from, step.to)
    };
    let got: Vec<String> = moves.iter().map(say).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(got, expected);
}

const OPEN: &str = "A> SYN seq=100
                    B> SYN,ACK seq=500 ack=101
                    A> ACK seq=101 ack=501\n";
const OPENED: &str = "0 A Closed -> SynSent (seen)
                      0 B Listen -> SynReceived (answered-syn)
                      1 A SynSent -> Established (acknowledged)
                      2 B SynReceived -> Established (arrival)\n";

fn after_open(script: &str, expected: &str) {
    check(&format!("{OPEN}{script}"), &format!("{OPENED}{expected}"));
}

#[test]
fn three_segments_open_and_four_close() {
    after_open(
        "A> FIN,ACK seq=101 ack=501
         B> ACK seq=501 ack=102
         B> FIN,ACK seq=501 ack=102
         A> ACK seq=102 ack=502",
        "3 A Established -> FinWait1 (seen)
         3 B Established -> CloseWait (acknowledged)
         4 A FinWait1 -> FinWait2 (arrival)
         5 B CloseWait -> LastAck (seen)
         5 A FinWait2 -> TimeWait (acknowledged)
         6 B LastAck -> Closed (arrival)",
    );
}

#[test]
fn a_fin_that_acknowledges_a_fin_skips_fin_wait_2() {
    after_open(
        "B> FIN,ACK seq=501 ack=101
         A> FIN,ACK seq=101 ack=502
         B> ACK seq=502 ack=102",
        "3 B Established -> FinWait1 (seen)
         3 A Established -> CloseWait (acknowledged)
         4 A CloseWait -> LastAck (seen)
         4 B FinWait1 -> TimeWait (acknowledged)
         5 A LastAck -> Closed (arrival)",
    );
}

#[test]
fn crossing_fins_pass_through_closing() {
    after_open(
        "A> FIN,ACK seq=101 ack=501
         B> FIN,ACK seq=501 ack=101
         A> ACK seq=102 ack=502
         B> ACK seq=502 ack=102",
        "3 A Established -> FinWait1 (seen)
         4 B Established -> FinWait1 (seen)
         4 A FinWait1 -> Closing (acknowledged)
         4 B FinWait1 -> Unknown (unknown)
         5 B Unknown -> TimeWait (arrival)
         6 A Closing -> TimeWait (arrival)",
    );
}

#[test]
fn half_closed_the_peer_still_sends() {
    after_open(
        "A> FIN,ACK seq=101 ack=501
         B> ACK seq=501 ack=102 len=10
         A> ACK seq=102 ack=511",
        "3 A Established -> FinWait1 (seen)
         3 B Established -> CloseWait (acknowledged)
         4 A FinWait1 -> FinWait2 (arrival)",
    );
}

#[test]
fn nobody_listens() {
    check(
        "A> SYN seq=100
         B> RST,ACK seq=0 ack=101",
        "0 A Closed -> SynSent (seen)
         0 B Closed -> Closed (closed-port)
         1 A SynSent -> Closed (arrival)",
    );
}

#[test]
fn an_abort_closes_both_ends_at_once() {
    after_open("B> RST,ACK seq=501 ack=101", "3 B Established -> Closed (seen)\n3 A Established -> Closed (arrival)");
}

#[test]
fn repeated_syns_and_fins_move_nothing_again() {
    check(
        "A> SYN seq=100
         A> SYN seq=100
         B> SYN,ACK seq=500 ack=101
         B> SYN,ACK seq=500 ack=101
         A> ACK seq=101 ack=501
         A> FIN,ACK seq=101 ack=501
         A> FIN,ACK seq=101 ack=501",
        "0 A Closed -> SynSent (seen)
         1 B Unknown -> SynReceived (answered-syn)
         2 A SynSent -> Unknown (unknown)
         4 A Unknown -> Established (acknowledged)
         4 B SynReceived -> Established (arrival)
         5 A Established -> FinWait1 (seen)
         5 B Established -> Unknown (unknown)",
    );
}

#[test]
fn both_ends_open_at_once() {
    check(
        "A> SYN seq=100
         B> SYN seq=500
         A> SYN,ACK seq=100 ack=501
         B> SYN,ACK seq=500 ack=101",
        "0 A Closed -> SynSent (seen)
         1 B Closed -> SynSent (seen)
         1 A SynSent -> SynReceived (acknowledged)
         1 B SynSent -> Unknown (unknown)
         2 B Unknown -> Established (acknowledged)
         3 A SynReceived -> Established (arrival)",
    );
}

#[test]
fn a_capture_that_starts_in_the_middle_knows_only_what_data_proves() {
    check(
        "A> ACK seq=100 ack=500
         A> ACK seq=100 ack=500 len=5
         B> ACK seq=500 ack=105 len=7",
        "2 B Unknown -> Established (carries-data)
         2 A Unknown -> Established (carries-data)",
    );
    check("A> FIN,ACK seq=100 ack=500", "");
}

#[test]
fn a_lost_fin_is_taken_only_when_its_copy_arrives() {
    after_open(
        "A> FIN,ACK seq=101 ack=501
         B> ACK seq=501 ack=101 len=10
         A> FIN,ACK seq=101 ack=511
         B> ACK seq=511 ack=102",
        "3 A Established -> FinWait1 (seen)
         4 B Established -> Unknown (unknown)
         6 B Unknown -> CloseWait (acknowledged)
         6 A FinWait1 -> FinWait2 (arrival)",
    );
}

#[test]
fn a_fin_has_not_arrived_while_the_peer_acknowledges_less() {
    after_open(
        "A> FIN,ACK seq=101 ack=501
         B> ACK seq=501 ack=101 len=10
         B> ACK seq=511 ack=102 len=10",
        "3 A Established -> FinWait1 (seen)
         4 B Established -> Unknown (unknown)
         5 B Unknown -> CloseWait (acknowledged)
         5 A FinWait1 -> FinWait2 (arrival)",
    );
}

#[test]
fn a_fin_behind_a_gap_waits_for_the_data_before_it() {
    after_open(
        "A> FIN,ACK seq=111 ack=501 len=5
         B> ACK seq=501 ack=101
         A> ACK seq=101 ack=501 len=10
         B> ACK seq=501 ack=117",
        "3 A Established -> FinWait1 (seen)
         4 B Established -> Unknown (unknown)
         6 B Unknown -> CloseWait (acknowledged)
         6 A FinWait1 -> FinWait2 (arrival)",
    );
}

#[test]
fn a_fin_sent_again_shows_that_its_acknowledgment_was_lost() {
    after_open(
        "A> FIN,ACK seq=101 ack=501
         B> FIN,ACK seq=501 ack=102
         A> ACK seq=102 ack=502
         B> FIN,ACK seq=501 ack=102
         A> ACK seq=102 ack=502",
        "3 A Established -> FinWait1 (seen)
         3 B Established -> CloseWait (acknowledged)
         4 B CloseWait -> LastAck (seen)
         4 A FinWait1 -> TimeWait (acknowledged)
         6 B LastAck -> Unknown (unknown)",
    );
}

#[test]
fn a_syn_answer_that_is_lost_opens_nothing() {
    check(
        "A> SYN seq=100
         B> SYN,ACK seq=500 ack=101
         A> SYN seq=100
         B> SYN,ACK seq=500 ack=101
         A> ACK seq=101 ack=501
         B> SYN,ACK seq=500 ack=101
         A> ACK seq=101 ack=501",
        "0 A Closed -> SynSent (seen)
         0 B Listen -> SynReceived (answered-syn)
         2 A SynSent -> Unknown (unknown)
         4 A Unknown -> Established (acknowledged)
         5 B SynReceived -> Unknown (unknown)",
    );
}

#[test]
fn data_in_a_syn_may_be_acknowledged_or_not() {
    for ack in ["101", "111"] {
        check(&format!("A> SYN seq=100 len=10\nB> SYN,ACK seq=500 ack={ack}\nA> ACK seq=111 ack=501"), OPENED);
    }
    check(
        "A> SYN seq=100\nB> SYN,ACK seq=500 ack=777\nA> RST seq=777",
        "0 A Closed -> SynSent (seen)\n0 B Listen -> SynReceived (answered-syn)",
    );
}

#[test]
fn who_reset_the_answer_never_was_established() {
    check(
        "A> SYN seq=100
         B> SYN,ACK seq=500 ack=101
         A> RST seq=101",
        "0 A Closed -> SynSent (seen)
         0 B Listen -> SynReceived (answered-syn)
         2 A SynSent -> Closed (seen)
         2 B SynReceived -> Listen (arrival)",
    );
}

#[test]
fn a_half_open_connection_is_discovered() {
    check(
        "B> ACK seq=500 ack=77 len=1
         A> SYN seq=100
         B> ACK seq=501 ack=77
         A> RST seq=77
         A> SYN seq=100
         B> SYN,ACK seq=900 ack=101",
        "1 A Closed -> SynSent (seen)
         3 B Unknown -> Closed (arrival)
         4 B Listen -> SynReceived (answered-syn)
         5 A SynSent -> Established (arrival)",
    );
}

#[test]
fn a_reset_outside_the_window_changes_nothing() {
    after_open(
        "A> ACK seq=101 ack=501 len=10
         B> ACK seq=501 ack=111
         A> RST seq=101",
        "5 A Established -> Closed (seen)",
    );
}

#[test]
fn a_forged_reset_is_belied_by_what_follows() {
    after_open(
        "A> RST seq=101
         A> ACK seq=101 ack=501 len=10
         B> ACK seq=501 ack=111",
        "",
    );
}

#[test]
fn keep_alives_and_window_probes_move_nothing() {
    after_open(
        "A> ACK seq=100 ack=501
         B> ACK seq=501 ack=101
         A> ACK seq=100 ack=501 len=1
         B> ACK seq=501 ack=101",
        "",
    );
}

#[test]
fn a_syn_in_an_open_connection_is_an_old_duplicate() {
    after_open("A> SYN seq=100\nB> ACK seq=501 ack=101", "");
}

#[test]
fn a_capture_may_hold_the_answer_before_the_question() {
    check(
        "B> SYN,ACK seq=500 ack=101
         A> SYN seq=100
         A> ACK seq=101 ack=501",
        "0 B Unknown -> SynReceived (seen)
         1 A Closed -> SynSent (seen)
         1 A SynSent -> Unknown (unknown)
         2 A Unknown -> Established (acknowledged)
         2 B SynReceived -> Established (arrival)",
    );
}

#[test]
fn half_closed_the_other_end_closes_later() {
    after_open(
        "B> FIN,ACK seq=501 ack=101
         A> ACK seq=101 ack=502 len=10
         B> ACK seq=502 ack=111
         A> FIN,ACK seq=111 ack=502
         B> RST seq=502",
        "3 B Established -> FinWait1 (seen)
         3 A Established -> CloseWait (acknowledged)
         4 B FinWait1 -> FinWait2 (arrival)
         6 A CloseWait -> LastAck (seen)
         6 B FinWait2 -> TimeWait (arrival)
         7 A LastAck -> Closed (arrival)",
    );
}

/// From here on: what real hosts did otherwise than the machine said (`cargo xtask kernel`), as the capture showed it.
#[test]
fn a_fin_that_nobody_answers_may_not_have_arrived() {
    after_open(
        "A> FIN,ACK seq=101 ack=501
         A> FIN,ACK seq=101 ack=501
         B> ACK seq=501 ack=102",
        "3 A Established -> FinWait1 (seen)
         3 B Established -> Unknown (unknown)
         5 B Unknown -> CloseWait (acknowledged)
         5 A FinWait1 -> FinWait2 (arrival)",
    );
    after_open(
        "A> FIN,ACK seq=101 ack=501\nA> FIN,ACK seq=101 ack=501",
        "3 A Established -> FinWait1 (seen)\n3 B Established -> Unknown (unknown)",
    );
}

#[test]
fn who_is_asked_twice_may_have_answered_before() {
    check(
        "A> SYN seq=100
         A> SYN seq=100
         B> SYN,ACK seq=500 ack=101",
        "0 A Closed -> SynSent (seen)
         1 B Unknown -> SynReceived (answered-syn)
         2 A SynSent -> Established (arrival)",
    );
}

#[test]
fn a_syn_answer_sent_again_may_never_have_arrived() {
    check(
        "A> SYN seq=100
         B> SYN,ACK seq=500 ack=101
         A> SYN seq=100
         B> SYN,ACK seq=500 ack=101
         B> SYN,ACK seq=500 ack=101",
        "0 A Closed -> SynSent (seen)
         0 B Listen -> SynReceived (answered-syn)
         2 A SynSent -> Unknown (unknown)",
    );
}

#[test]
fn a_syn_answer_and_its_acknowledgment_may_cross() {
    // A switch doubles all: Bob answers both SYNs before Alice's ACK comes.
    check(
        "A> SYN seq=100
         B> SYN,ACK seq=500 ack=101
         A> ACK seq=101 ack=501
         B> SYN,ACK seq=500 ack=101
         B> ACK seq=501 ack=101 len=5",
        "0 A Closed -> SynSent (seen)
         0 B Listen -> SynReceived (answered-syn)
         1 A SynSent -> Established (acknowledged)
         3 B SynReceived -> Unknown (unknown)
         4 B Unknown -> Established (acknowledged)",
    );
}

#[test]
fn who_goes_on_after_a_reset_may_not_have_it() {
    after_open(
        "B> RST,ACK seq=501 ack=101
         A> ACK seq=101 ack=501 len=10
         B> RST seq=501",
        "3 B Established -> Closed (seen)
         4 A Established -> Unknown (unknown)
         5 A Unknown -> Closed (arrival)",
    );
}

#[test]
fn a_reset_after_probes_in_vain_may_be_lost_like_them() {
    let probes = "A> ACK seq=100 ack=501\nA> ACK seq=100 ack=501\n";
    after_open(
        &format!("{probes}A> RST,ACK seq=101 ack=501"),
        "5 A Established -> Closed (seen)\n5 B Established -> Unknown (unknown)",
    );
    after_open(
        &format!("{probes}B> ACK seq=501 ack=101\nA> RST,ACK seq=101 ack=501"),
        "6 A Established -> Closed (seen)\n6 B Established -> Closed (arrival)",
    );
}

#[test]
fn a_reset_and_a_fin_may_cross() {
    after_open(
        "B> RST,ACK seq=501 ack=101
         A> FIN,ACK seq=101 ack=501",
        "3 B Established -> Closed (seen)
         4 A Established -> FinWait1 (seen)
         4 A FinWait1 -> Unknown (unknown)",
    );
    after_open(
        "A> FIN,ACK seq=101 ack=501
         B> RST,ACK seq=501 ack=101",
        "3 A Established -> FinWait1 (seen)
         4 B Established -> Closed (seen)
         4 A FinWait1 -> Closed (arrival)",
    );
}

#[test]
fn of_two_crossing_fins_one_may_be_lost() {
    // Captured near Bob, whose FIN is lost behind the capture.
    after_open(
        "B> FIN,ACK seq=501 ack=101
         A> FIN,ACK seq=101 ack=501
         B> ACK seq=502 ack=102
         B> FIN,ACK seq=501 ack=102
         A> ACK seq=102 ack=502",
        "3 B Established -> FinWait1 (seen)
         4 A Established -> FinWait1 (seen)
         4 A FinWait1 -> Unknown (unknown)
         4 B FinWait1 -> Closing (acknowledged)
         7 A Unknown -> TimeWait (acknowledged)
         7 B Closing -> TimeWait (arrival)",
    );
    // Captured near Alice, where Bob's first FIN never came, and the number after it shows that there was one.
    after_open(
        "A> FIN,ACK seq=101 ack=501
         B> ACK seq=502 ack=102
         B> FIN,ACK seq=501 ack=102
         A> ACK seq=102 ack=502",
        "3 A Established -> FinWait1 (seen)
         3 B Established -> CloseWait (acknowledged)
         4 A FinWait1 -> FinWait2 (arrival)
         5 B CloseWait -> Unknown (unknown)
         5 A FinWait2 -> TimeWait (acknowledged)",
    );
}

#[test]
fn every_rule_named_has_a_source() {
    assert!(RULES.iter().all(|(_, source)| source.starts_with("RFC 9293 §")));
    for rule in ["answered-syn", "closed-port", "acknowledged", "arrival", "carries-data"] {
        assert!(RULES.iter().any(|(key, _)| *key == rule), "{rule}");
    }
}

/// Edges of figure 5 and its notes; leaving UNKNOWN is free, a reset goes from anywhere to CLOSED.
fn legal(step: &Transition) -> bool {
    use State::*;
    matches!(
        (step.from, step.to),
        (Unknown, _)
            | (_, Closed | Unknown)
            | (Closed, SynSent | Listen)
            | (Listen, SynReceived | SynSent)
            | (SynSent, SynReceived | Established)
            | (SynReceived, Established | FinWait1 | CloseWait | Listen)
            | (Established, FinWait1 | CloseWait)
            | (FinWait1, FinWait2 | Closing | TimeWait)
            | (FinWait2 | Closing, TimeWait)
            | (CloseWait, LastAck)
    )
}

#[test]
fn loss_order_and_duplication_never_break_the_figure() {
    let whole = segments(&format!(
        "{OPEN}A> ACK seq=101 ack=501 len=9
         B> ACK seq=501 ack=110 len=3
         A> FIN,ACK seq=110 ack=504
         B> ACK seq=504 ack=111
         B> FIN,ACK seq=504 ack=111
         A> ACK seq=111 ack=505
         B> RST seq=505"
    ));
    let mut seed = 7u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % below
    };
    for _ in 0..5000 {
        let picked: Vec<Move> = (0..random(20) as u32)
            .map(|row| {
                let step = &whole[random(whole.len())];
                Move { row, frame: row + 1, ..Move { row, frame: row, end: step.end, segment: step.segment } }
            })
            .collect();
        let moves = run(&picked);
        assert!(moves.is_sorted_by_key(|step| step.row));
        for end in 0..2 {
            let mut before = State::Unknown;
            for step in moves.iter().filter(|step| step.end == end) {
                // An answer shows afterwards what the state had been; else moves follow each other.
                let shown = matches!(step.from, State::Closed | State::Listen | State::Unknown);
                assert!(step.from == before || shown, "{step:?} after {before:?}");
                before = step.to;
                assert!(
                    legal(step),
                    "{step:?} in {:?}",
                    picked.iter().map(|step| (step.end, step.segment)).collect::<Vec<_>>()
                );
            }
        }
    }
}
