//! Conversations as a few lines of segments, and what analysis must say of them.

use super::*;
use crate::conversation::story::story;
use crate::conversation::tcp::{ACK, FIN, RST, SYN};

/// `10 A> SYN seq=100`, one segment a line: milliseconds, flags joined by commas, `seq`, `ack`, `len`, `win`, `scale`,
/// `sack=FROM-TO`, `cookie`.
fn steps(script: &str) -> Vec<Step> {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
    let parse = |(row, line): (u32, &str)| {
        let mut words = line.split_whitespace();
        // The clock is not at 0, which means none.
        let time = (1_000_000 + words.next().unwrap().parse::<i64>().unwrap()) * 1_000_000;
        let end = End::from(words.next() == Some("B>"));
        let mut segment = Segment { window: 1000, ..Segment::default() };
        let mut options = Options::default();
        for flag in words.next().unwrap_or_default().split(',') {
            segment.flags |= match flag {
                "SYN" => SYN,
                "ACK" => ACK,
                "FIN" => FIN,
                "RST" => RST,
                "PSH" => 8,
                other => panic!("no flag {other}"),
            };
        }
        options.sack_permitted = segment.has(SYN);
        for word in words {
            let number = |text: &str| text.parse::<u32>().unwrap();
            match word.split_once('=').unwrap_or((word, "")) {
                ("seq", value) => segment.seq = number(value),
                ("ack", value) => segment.ack = number(value),
                ("len", value) => segment.payload = number(value),
                ("win", value) => segment.window = number(value) as u16,
                ("scale", value) => options.shift = Some(number(value) as u8),
                ("sack", value) => {
                    let (from, to) = value.split_once('-').unwrap();
                    options.blocks[usize::from(options.count)] = (number(from), number(to));
                    options.count += 1;
                }
                ("cookie", _) => options.cookie = true,
                other => panic!("no {other:?}"),
            }
        }
        Step { frame: row + 1, end, time, segment, options, reused: false }
    };
    (0..).zip(lines).map(parse).collect()
}

fn findings(script: &str) -> Vec<Finding> {
    let steps = steps(script);
    let analysis = Analysis::of(steps.iter().copied().map(Some));
    let time = |frame: u32| steps[frame as usize - 1].time;
    (0..steps.len() as u32).map(|row| analysis.finding(row, row + 1, time).unwrap()).collect()
}

/// Rows with flags as `3 retransmission fast_retransmission`, and with their reason as `3 … <- fast-retransmit 4 6`.
fn check(script: &str, expected: &str) {
    let say = |finding: &Finding| {
        let mut text = finding.row.to_string();
        for word in finding.words() {
            text += &format!(" {word}");
        }
        if let Some(reason) = &finding.reason {
            let frames: Vec<String> = reason.frames.iter().map(u32::to_string).collect();
            text += &format!(" <- {} {}", reason.rule, frames.join(" "));
        }
        text
    };
    let got: Vec<String> = findings(script).iter().filter(|finding| finding.flags != 0).map(say).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(got, expected);
}

/// The round trip is 40 ms; the next frame is the fourth.
const OPEN: &str = "0 A> SYN seq=100
                    40 B> SYN,ACK seq=500 ack=101
                    40 A> ACK seq=101 ack=501\n";

fn after_open(script: &str, expected: &str) {
    check(&format!("{OPEN}{script}"), expected);
}

#[test]
fn a_syn_that_nobody_answers_comes_again_after_1_3_and_7_seconds() {
    let script = "0 A> SYN seq=100
                  1000 A> SYN seq=100
                  3000 A> SYN seq=100
                  7000 A> SYN seq=100";
    check(
        script,
        "1 retransmission <- syn-timer 1
         2 retransmission <- syn-timer 1 2
         3 retransmission <- syn-timer 2 3",
    );
    let said: Vec<_> = findings(script).into_iter().filter_map(|finding| finding.reason).collect();
    let tell = |reason: &Reason| (reason.attempt, reason.waited.unwrap() / 1_000_000_000, reason.before);
    let second = 1_000_000_000;
    assert_eq!(
        said.iter().map(tell).collect::<Vec<_>>(),
        [(1, 1, None), (2, 2, Some(second)), (3, 4, Some(2 * second))]
    );
}

#[test]
fn a_syn_that_comes_again_is_answered_again() {
    check(
        "0 A> SYN seq=100
         10 B> SYN,ACK seq=500 ack=101
         1000 A> SYN seq=100
         1001 B> SYN,ACK seq=500 ack=101",
        "2 retransmission <- syn-timer 1
         3 retransmission <- syn-answered-again 2 3",
    );
}

#[test]
fn three_repeats_of_an_acknowledgment_send_the_gap_again_and_its_end_the_rest() {
    after_open(
        "50 A> ACK seq=101 ack=501 len=10
         51 A> ACK seq=111 ack=501 len=10
         52 A> ACK seq=121 ack=501 len=10
         53 A> ACK seq=131 ack=501 len=10
         54 A> ACK seq=141 ack=501 len=10
         90 B> ACK seq=501 ack=111
         91 B> ACK seq=501 ack=111
         92 B> ACK seq=501 ack=111
         93 B> ACK seq=501 ack=111
         95 A> ACK seq=111 ack=501 len=10
         135 B> ACK seq=501 ack=131
         136 A> ACK seq=131 ack=501 len=10",
        "9 duplicate_ack
         10 duplicate_ack
         11 duplicate_ack
         12 retransmission fast_retransmission <- fast-retransmit 9 12
         14 retransmission <- partial-ack 14",
    );
}

#[test]
fn blocks_tell_of_a_gap_as_repeats_do() {
    after_open(
        "50 A> ACK seq=101 ack=501 len=10
         51 A> ACK seq=111 ack=501 len=10
         52 A> ACK seq=121 ack=501 len=10
         90 B> ACK seq=501 ack=101 sack=121-131
         130 A> ACK seq=101 ack=501 len=10",
        "6 duplicate_ack
         7 retransmission <- sack 7",
    );
}

#[test]
fn a_timer_sends_the_oldest_and_waits_twice_as_long_each_time() {
    let script = "100 A> ACK seq=101 ack=501 len=10
         101 A> ACK seq=111 ack=501 len=10
         340 A> ACK seq=101 ack=501 len=10
         820 A> ACK seq=101 ack=501 len=10
         860 B> ACK seq=501 ack=111
         861 A> ACK seq=111 ack=501 len=10";
    after_open(
        script,
        "5 retransmission <- timer 4
         6 retransmission <- timer 4 6
         8 retransmission <- after-timer 8",
    );
    let reason = findings(&format!("{OPEN}{script}"))[6].reason.clone().unwrap();
    assert_eq!((reason.attempt, reason.waited, reason.before), (2, Some(480_000_000), Some(240_000_000)));
    assert_eq!(reason.source, "RFC 6298 §5.4");
}

#[test]
fn a_probe_sends_the_last_while_older_ones_wait() {
    after_open(
        "100 A> ACK seq=101 ack=501 len=10
         101 A> ACK seq=111 ack=501 len=10
         181 A> ACK seq=111 ack=501 len=10",
        "5 retransmission <- tail-loss-probe 5",
    );
    // Of a single segment nobody can tell.
    after_open(
        "100 A> ACK seq=101 ack=501 len=10
         400 A> ACK seq=101 ack=501 len=10",
        "4 retransmission <- timer-or-probe 4",
    );
}

#[test]
fn what_was_acknowledged_need_not_come_again() {
    after_open(
        "100 A> ACK seq=101 ack=501 len=10
         140 B> ACK seq=501 ack=111
         400 A> ACK seq=101 ack=501 len=10",
        "5 retransmission spurious_retransmission <- needless 5",
    );
}

#[test]
fn an_overtaken_segment_is_none_that_came_again() {
    after_open(
        "100 A> ACK seq=111 ack=501 len=10
         101 A> ACK seq=101 ack=501 len=10",
        "3 lost_segment
         4 out_of_order",
    );
}

#[test]
fn windows_close_are_asked_about_and_open() {
    check(
        "0 A> SYN seq=100 scale=0
         40 B> SYN,ACK seq=500 ack=101 win=20 scale=0
         40 A> ACK seq=101 ack=501
         50 A> ACK seq=101 ack=501 len=20
         60 B> ACK seq=501 ack=121 win=0
         300 A> ACK seq=121 ack=501 len=1
         310 B> ACK seq=501 ack=121 win=0
         400 B> ACK seq=501 ack=121 win=20",
        "3 window_full
         4 zero_window
         5 zero_window_probe
         6 zero_window zero_window_probe_ack
         7 window_update",
    );
}

#[test]
fn a_keep_alive_is_no_retransmission() {
    after_open(
        "100 A> ACK seq=101 ack=501 len=10
         140 B> ACK seq=501 ack=111
         9000 A> ACK seq=110 ack=501
         9040 B> ACK seq=501 ack=111",
        "5 keep_alive
         6 keep_alive_ack",
    );
}

#[test]
fn numbers_and_times_are_told_with_the_frames_they_count_from() {
    let findings = findings(&format!(
        "{OPEN}100 A> PSH,ACK seq=101 ack=501 len=10
         105 A> PSH,ACK seq=111 ack=501 len=30
         140 B> ACK seq=501 ack=111
         141 B> ACK seq=501 ack=111"
    ));
    let ms = 1_000_000;
    assert_eq!((findings[1].acks_frame, findings[1].ack_rtt), (Some(1), Some(40 * ms)));
    assert_eq!((findings[2].initial_rtt, findings[1].initial_rtt), (Some(40 * ms), None));
    assert_eq!((findings[4].bytes_in_flight, findings[4].push_bytes_sent), (Some(40), Some(30)));
    assert_eq!((findings[5].acks_frame, findings[5].ack_rtt), (Some(4), Some(40 * ms)));
    assert_eq!((findings[6].duplicate_ack_num, findings[6].duplicate_ack_frame), (Some(1), Some(6)));
}

#[test]
fn a_cookie_with_data_is_taken_or_ignored() {
    check(
        "0 A> SYN seq=100 len=5 cookie
         40 B> SYN,ACK seq=500 ack=106",
        "0 tfo_syn
         1 tfo_ack",
    );
    check(
        "0 A> SYN seq=100 len=5 cookie
         40 B> SYN,ACK seq=500 ack=101",
        "0 tfo_syn
         1 tfo_ignored",
    );
}

#[test]
fn the_variables_are_those_of_the_segments_so_far() {
    let mut analyst = Analyst::default();
    for step in steps(&format!(
        "{OPEN}100 A> ACK seq=101 ack=501 len=10
         105 A> ACK seq=111 ack=501 len=30
         140 B> ACK seq=501 ack=111 win=900"
    )) {
        analyst.take(&step);
    }
    let [a, b] = [0, 1].map(|end| analyst.variables(end));
    assert_eq!((a.unacknowledged, a.next, a.expected), (Some(11), Some(41), Some(1)));
    assert_eq!((b.unacknowledged, b.next, b.expected, b.window), (Some(1), Some(1), Some(11), Some(900)));
}

/// Numbers that look random and are the same each time (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// Any order, loss and duplication of a plain exchange, and hostile numbers among it.
fn shuffled(seed: u64) -> Vec<Step> {
    let mut dice = Dice(seed);
    let isn = [u32::MAX - dice.below(200) as u32, dice.below(1 << 32) as u32];
    let mut steps: Vec<Step> = (0..200u32)
        .map(|at| {
            let end = usize::from(dice.below(2) == 1);
            let flags = [SYN, SYN | ACK, ACK, ACK, ACK, ACK | FIN, RST, 0]
                [if at < 2 { at } else { dice.below(8) as u32 } as usize];
            let seq = isn[end].wrapping_add(at * 7 + dice.below(3) as u32 * 1000);
            let ack = isn[1 - end].wrapping_add(at * 7).wrapping_add(dice.below(2) as u32 * (1 << 31));
            let payload = [0, 1, 10, 65_535, u32::MAX][dice.below(5) as usize];
            let window = [0, 1, 1000, u16::MAX][dice.below(4) as usize];
            let blocks = [0; MAX].map(|_: u8| (dice.below(1 << 32) as u32, dice.below(1 << 32) as u32));
            let options =
                Options { shift: Some(dice.below(15) as u8), blocks, count: dice.below(4) as u8, ..Options::default() };
            let time = [i64::MIN, i64::MAX, 0, i64::from(at) * 1_000_000]
                [if at % 50 == 0 { dice.below(4) as usize } else { 3 }];
            Step {
                frame: at + 1,
                end: end as End,
                time,
                segment: Segment { seq, ack, flags, window, payload },
                options,
                reused: at == 0,
            }
        })
        .collect();
    for at in 0..steps.len() {
        match dice.below(10) {
            0 => steps.swap(at, (at + 5).min(199)),
            1 => steps[at] = steps[at / 2],
            _ => {}
        }
    }
    steps
}

const MAX: usize = crate::conversation::options::MAX_BLOCKS;

#[test]
fn any_order_loss_and_duplication_is_judged_alike_forwards_and_by_seek() {
    for seed in 0..200 {
        let steps = shuffled(seed);
        let whole = Analysis::of(steps.iter().copied().map(Some));
        let time = |frame: u32| steps.get(frame as usize - 1).map_or(0, |step| step.time);
        let found: Vec<Finding> = (0..whole.len()).filter_map(|row| whole.finding(row, row + 1, time)).collect();
        let events = story(&steps, &[], &mut found.into_iter());
        assert!(events.is_sorted_by_key(|event| event.row) && events.iter().all(|event| event.count > 0));
        let mut forwards = Analyst::default();
        for row in 0..steps.len() {
            forwards.take(&steps[row]);
            if row % 20 != 19 {
                continue;
            }
            let part = Analysis::of(steps[..=row].iter().copied().map(Some));
            let finding = |analysis: &Analysis, row: u32| analysis.finding(row, steps[row as usize].frame, time);
            // What comes later changes nothing that was said.
            assert!((0..=row as u32).all(|row| finding(&part, row) == finding(&whole, row)), "seed {seed} row {row}");
            let mut sought = Analyst::default();
            steps[..=row].iter().for_each(|step| sought.take(step));
            assert_eq!([0, 1].map(|end| sought.variables(end)), [0, 1].map(|end| forwards.variables(end)));
        }
    }
}

#[test]
fn what_waits_is_bounded() {
    let step = |at: u32| Step {
        frame: at + 1,
        end: 0,
        time: i64::from(at),
        segment: Segment { seq: 1 + at * 10, ack: 1, flags: ACK, window: 100, payload: 10 },
        options: Options::default(),
        reused: false,
    };
    let count = MAX_UNACKED as u32 + 5;
    let analysis = Analysis::of((0..count).map(|at| Some(step(at))));
    let flight = |row: u32| analysis.finding(row, row + 1, i64::from).unwrap().bytes_in_flight;
    assert_eq!(flight(MAX_UNACKED as u32 - 1), Some(10 * MAX_UNACKED as u32));
    // Beyond the limit the rest is not counted, as in tshark.
    assert_eq!(flight(count - 1), Some(10 * MAX_UNACKED as u32));
}
