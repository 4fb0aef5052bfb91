//! A capture's conversations → a verdict on each, what is wrong with the whole, and the list in any order.

use packet_theater::capture::FileSource;
use packet_theater::conversation::story::EVENTS;
use packet_theater::engine::{Column, Engine, Listed, Listing, MAX_ROWS, Matched, Overview, Request, Response};
use packet_theater::filter;

fn open(name: &str) -> Engine<FileSource> {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    let source = FileSource::open(path).expect("a golden capture");
    let mut engine = Engine::open(source, name).expect("a capture opens");
    while !matches!(engine.advance(u64::MAX).expect("it can be read"), Response::Opened(_)) {}
    engine
}

/// Judges all conversations, in turns of this cost.
fn survey(engine: &mut Engine<FileSource>, cost: u32) -> Overview {
    let mut last = engine.answer(&Request::Overview);
    let mut turns = 0;
    while engine.is_surveying() {
        let Response::Overview(Overview { done: false, ref kinds, .. }) = last else { panic!("{last:?}") };
        assert!(kinds.is_empty(), "nothing is told by halves");
        last = engine.survey_on(cost);
        turns += 1;
        assert!(turns < 100_000, "it comes to an end");
    }
    match last {
        Response::Overview(overview) => overview,
        other => panic!("{other:?}"),
    }
}

fn list(engine: &mut Engine<FileSource>, listing: Listing) -> Vec<Listed> {
    match engine.answer(&Request::List { listing: listing.clone(), start: 0, count: MAX_ROWS }) {
        Response::List { listing: told, rows, total, .. } => {
            assert_eq!((told, total), (listing, rows.len() as u32));
            rows
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_verdict_is_the_worst_of_the_conversations_own_story() {
    for name in ["network.pcap", "loss.pcap", "http.pcap", "ftp.pcap"] {
        let mut engine = open(name);
        let overview = survey(&mut engine, 100);
        assert!(overview.done && overview.judged == overview.conversations);
        let rows = list(&mut engine, Listing::default());
        assert_eq!(rows.len() as u32, overview.conversations);
        let mut tallied = 0;
        for row in &rows {
            let story = engine.story(row.conversation.id);
            tallied += story.len() as u32;
            let worst = story.iter().filter(|event| event.rank >= 4).max_by_key(|event| event.rank);
            match worst {
                Some(worst) => assert_eq!(row.rank, worst.rank, "{name}: {row:?}, {story:?}"),
                None => assert!(["none", "normal", "joined"].contains(&row.verdict.as_str()), "{name}: {row:?}"),
            }
        }
        assert_eq!(overview.kinds.iter().map(|kind| kind.events).sum::<u32>(), tallied, "{name}");
        for kind in &overview.kinds {
            assert!(EVENTS.contains(&(kind.kind.as_str(), kind.rank)));
            assert!(kind.conversations >= 1 && kind.conversations <= kind.events);
            for told in &kind.worst {
                assert!(engine.story(told.conversation).contains(&told.event), "{name}: {told:?}");
            }
        }
        assert!(overview.kinds.is_sorted_by(|a, b| a.rank >= b.rank), "the worst comes first");
    }
}

#[test]
fn turns_of_any_size_come_to_the_same() {
    let whole = survey(&mut open("network.pcap"), u32::MAX);
    assert_eq!(survey(&mut open("network.pcap"), 1), whole);
}

/// The verdict on the conversation of this protocol between these.
fn verdict(engine: &mut Engine<FileSource>, protocol: &str, from: &str, to: &str) -> String {
    let listing = Listing { text: format!("{protocol} {from} {to}"), ..Listing::default() };
    match list(engine, listing).as_slice() {
        [row] => row.verdict.clone(),
        rows => panic!("{protocol} {from} {to}: {rows:?}"),
    }
}

#[test]
fn a_verdict_is_what_somebody_would_say_who_looks_at_the_packets() {
    let mut engine = open("network.pcap");
    survey(&mut engine, u32::MAX);
    for (protocol, from, to, wanted) in [
        ("tcp", "192.0.2.1:53766", "192.0.2.129", "refused"),
        ("echo", "192.0.2.1:36232", "192.0.2.129", "aborted"),
        ("http", "192.0.2.1:47476", "192.0.2.129:80", "normal"),
        // Pings: one to a host that is not there, one to a host that answers; and what asks nobody in particular.
        ("icmp", "192.0.2.1", "203.0.113.9", "no-answer"),
        ("icmp", "192.0.2.1", "192.0.2.129", "none"),
        ("arp", "192.0.2.1", "192.0.2.2", "none"),
        ("icmpv6", "2001:db8:1::1", "ff02::1:ff00:2", "none"),
    ] {
        assert_eq!(verdict(&mut engine, protocol, from, to), wanted, "{protocol} {from} {to}");
    }
    let mut engine = open("loss.pcap");
    survey(&mut engine, u32::MAX);
    assert_eq!(verdict(&mut engine, "tcp", "192.0.2.1:56490", "192.0.2.2"), "unanswered");
    assert_eq!(verdict(&mut engine, "tcp", "192.0.2.1:51406", "192.0.2.2"), "timeout");
    let rows = list(&mut engine, Listing { verdict: "zero-window".into(), ..Listing::default() });
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    // The wire of this recording delays each way by 20 ms.
    assert!(row.rtt.is_some_and(|rtt| (40_000_000..50_000_000).contains(&rtt)), "{row:?}");
}

#[test]
fn the_list_has_every_order_both_ways() {
    let mut engine = open("network.pcap");
    survey(&mut engine, u32::MAX);
    let all = list(&mut engine, Listing::default()).len();
    let key = |by: Column, row: &Listed| match by {
        Column::Start => row.conversation.first,
        Column::Length => row.conversation.last - row.conversation.first,
        Column::Frames => row.conversation.frames.into(),
        Column::Bytes => row.conversation.bytes as i64,
        Column::Rtt => row.rtt.unwrap_or_default(),
        Column::Verdict => row.rank.into(),
        Column::Ends => 0,
    };
    for by in [Column::Start, Column::Length, Column::Frames, Column::Bytes, Column::Rtt, Column::Verdict, Column::Ends]
    {
        for down in [false, true] {
            let rows = list(&mut engine, Listing { by, down, ..Listing::default() });
            assert_eq!(rows.len(), all);
            let keys: Vec<i64> = rows.iter().map(|row| key(by, row)).collect();
            assert!(keys.is_sorted_by(|a, b| if down { a >= b } else { a <= b }), "{by:?} {down}: {keys:?}");
        }
    }
}

#[test]
fn words_and_filters_limit_the_list() {
    let mut engine = open("network.pcap");
    let all = list(&mut engine, Listing::default());
    let found = list(&mut engine, Listing { text: "http 192.0.2.129:80".into(), ..Listing::default() });
    assert!(!found.is_empty() && found.len() < all.len());
    for row in &found {
        let end = |at: usize| &row.conversation.ends[at];
        assert!((0..2).any(|at| end(at).address == "192.0.2.129" && end(at).port == Some(80)), "{row:?}");
    }
    assert!(list(&mut engine, Listing { text: "no such host".into(), ..Listing::default() }).is_empty());
    let (text, known) = ("dns".to_owned(), filter::used("dns", &filter::known()));
    engine.answer(&Request::Filter { number: 1, text, known });
    let mut last = Response::Matched(Matched::default());
    while engine.is_searching() {
        last = engine.search_on(u32::MAX);
    }
    let Response::Matched(matched) = last else { panic!("{last:?}") };
    let met = list(&mut engine, Listing { met: true, ..Listing::default() });
    assert_eq!(met.len() as u32, matched.conversations);
    assert!(!met.is_empty() && met.iter().all(|row| row.conversation.protocol.contains("DNS")), "{met:?}");
}

#[test]
fn a_window_beyond_the_end_is_empty_and_one_too_large_is_refused() {
    let mut engine = open("http.pcap");
    let ask = |start, count| Request::List { listing: Listing::default(), start, count };
    assert!(matches!(engine.answer(&ask(99, 5)), Response::List { rows, total: 1.., .. } if rows.is_empty()));
    assert!(matches!(engine.answer(&ask(0, MAX_ROWS + 1)), Response::Failed(_)));
}
