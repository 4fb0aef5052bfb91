//! Recorded captures → what analysis says of each segment, as it stands beside them (`NAME.analysis`).
//!
//! `loss.pcap` was recorded from two Linux kernels with a wire between them that loses segments on purpose, so that why each was
//! sent again is known; `cargo xtask agree --analysis tests/golden lessons` holds the flags and numbers against tshark.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use packet_theater::capture::FileSource;
use packet_theater::conversation::Kind;
use packet_theater::conversation::analysis::{Finding, REASONS};
use packet_theater::conversation::story::{EVENTS, Event};
use packet_theater::engine::{Engine, MAX_ROWS, Request, Response};

const GOLDEN: &[(&str, &str)] =
    &[("tests/golden/loss.pcap", "loss"), ("lessons/tcp-handshake/capture.pcapng", "tcp-handshake")];

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn opened(path: &str) -> Engine<FileSource> {
    let mut engine = Engine::open(FileSource::open(root(path)).unwrap(), "").unwrap();
    engine.advance(u64::MAX).unwrap();
    engine
}

/// One line a segment of which there is anything to say.
fn say(finding: &Finding) -> String {
    let mut line = finding.frame.to_string();
    for word in finding.words() {
        line += &format!(" {word}");
    }
    let numbers = [
        ("acks", finding.acks_frame.map(i64::from)),
        ("rtt", finding.ack_rtt),
        ("in-flight", finding.bytes_in_flight.map(i64::from)),
        ("pushed", finding.push_bytes_sent.map(i64::from)),
        ("rto", finding.rto),
        ("rto-frame", finding.rto_frame.map(i64::from)),
        ("duplicate", finding.duplicate_ack_num.map(i64::from)),
        ("of", finding.duplicate_ack_frame.map(i64::from)),
    ];
    for (name, number) in numbers {
        line += &number.map(|number| format!(" {name}={number}")).unwrap_or_default();
    }
    if let Some(reason) = &finding.reason {
        line +=
            &format!(" | {} ({}) frames {:?} attempt {}", reason.rule, reason.source, reason.frames, reason.attempt);
        for (name, time) in [("waited", reason.waited), ("before", reason.before)] {
            line += &time.map(|time| format!(" {name} {time}")).unwrap_or_default();
        }
    }
    line
}

fn findings(path: &str) -> Vec<(u32, Vec<Finding>)> {
    let mut engine = opened(path);
    let Response::Conversations { rows, .. } = engine.answer(&Request::Conversations { start: 0, count: MAX_ROWS })
    else {
        panic!("no conversations in {path}")
    };
    let tcp = rows.into_iter().filter(|row| matches!(row.kind, Kind::Tcp(_)));
    tcp.map(|row| (row.id, engine.findings(row.id, 0..row.frames))).collect()
}

#[test]
fn what_is_said_of_recorded_segments() {
    for (path, name) in GOLDEN {
        let mut text = String::new();
        for (id, found) in findings(path) {
            let rtt = found.iter().find_map(|finding| finding.initial_rtt);
            text += &format!("conversation {id}: initial rtt {rtt:?}\n");
            for finding in found {
                text += &say(&finding);
                text.push('\n');
            }
        }
        let golden = root(&format!("tests/golden/{name}.analysis"));
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&golden, &text).unwrap();
        }
        assert_eq!(text, fs::read_to_string(&golden).unwrap_or_default(), "{path}");
    }
}

#[test]
fn why_a_kernel_sent_again_is_found_for_what_was_lost_on_purpose() {
    let reasons: Vec<Vec<String>> = findings("tests/golden/loss.pcap")
        .into_iter()
        .map(|(_, found)| found.into_iter().filter_map(|finding| finding.reason).map(|reason| reason.rule).collect())
        .collect();
    let expected: &[&[&str]] = &[
        // Every SYN; one of many segments; the last one; four in a row, the probe among them.
        &["syn-timer"; 6],
        &["fast-retransmit"],
        &["timer-or-probe"],
        &["tail-loss-probe", "timer", "after-timer", "after-timer"],
        &[],
        &[],
    ];
    assert_eq!(reasons, expected);
    let known: Vec<&str> = REASONS.iter().map(|(rule, _)| *rule).collect();
    assert!(reasons.iter().flatten().all(|rule| known.contains(&rule.as_str())));
}

#[test]
fn findings_are_the_same_in_any_order_of_asking() {
    let mut engine = opened("tests/golden/loss.pcap");
    let whole = engine.findings(1, 0..100);
    for (at, finding) in whole.iter().enumerate().rev().step_by(3) {
        // Another conversation is looked at in between.
        assert!(engine.findings(0, 0..1).len() == 1);
        assert_eq!(engine.findings(1, at as u32..at as u32 + 1), std::slice::from_ref(finding));
    }
    assert_eq!(engine.findings(1, 90..200), []);
    assert_eq!(engine.findings(99, 0..5), []);
}

/// `kind end frames` of each event of the conversations of a capture.
fn events(path: &str) -> Vec<Vec<String>> {
    let mut engine = opened(path);
    let ids: Vec<u32> = findings(path).into_iter().map(|(id, _)| id).collect();
    let say = |event: &Event| format!("{} {} {:?}", event.kind, ["A", "B"][usize::from(event.end)], event.frames);
    ids.into_iter().map(|id| engine.story(id).iter().map(say).collect()).collect()
}

#[test]
fn the_story_of_what_was_lost_on_purpose() {
    let expected: &[&[&str]] = &[
        &["unanswered A [1, 2, 3, 4, 5, 6, 7]"],
        &["opened A [8, 9, 10]", "fast-recovery A [32]", "closed A [46, 47]"],
    ];
    let events = events("tests/golden/loss.pcap");
    assert_eq!(events[..2], expected[..]);
    let kinds = |at: usize| events[at].iter().map(|event| event.split(' ').next().unwrap()).collect::<Vec<_>>();
    assert_eq!(kinds(2), ["opened", "timeout", "closed"]);
    assert_eq!(kinds(3), ["opened", "timeout", "timeout", "closed"]);
    assert!(kinds(4).starts_with(&["opened", "zero-window"]), "{:?}", events[4]);
    assert_eq!(kinds(5), ["opened", "keep-alive", "closed"]);
}

#[test]
fn the_story_of_a_refused_and_of_an_ordinary_connection() {
    let refused = events("tests/golden/refused.pcap");
    assert!(refused.iter().flatten().any(|event| event.starts_with("refused B")), "{refused:?}");
    assert_eq!(events("lessons/tcp-handshake/capture.pcapng"), [["opened A [1, 2, 3]", "closed A [4, 6]"]]);
}

#[test]
fn every_event_has_its_sentence_in_both_languages() {
    let read = |language: &str| -> BTreeMap<String, String> {
        let text = fs::read_to_string(root(&format!("static/lang/story.{language}.json"))).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let (en, zh) = (read("en"), read("zh-CN"));
    let kinds: BTreeSet<&str> = EVENTS.iter().map(|(kind, _)| *kind).collect();
    for words in [&en, &zh] {
        assert_eq!(words.keys().map(String::as_str).collect::<BTreeSet<_>>(), kinds);
    }
    for (kind, text) in &en {
        for place in ["{end}", "{count}", "{lasted}"] {
            assert_eq!(text.contains(place), zh[kind].contains(place), "{kind}: {place}");
        }
        assert!(text.ends_with('.') && zh[kind].ends_with('。'), "{kind} is no sentence");
    }
}
