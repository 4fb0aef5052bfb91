//! Filter expressions → the frames that tshark finds by them, however little of a packet is looked at, and whatever is written.

use std::fs;
use std::sync::LazyLock;

use packet_theater::capture;
use packet_theater::engine::{Engine, Matched, Request, Response};
use packet_theater::filter::{self, Known, Look};

const GOLDENS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");

fn golden(name: &str) -> Vec<u8> {
    fs::read(format!("{GOLDENS}/{name}")).unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// The fields that a filter names, as the page sends them along.
fn used(text: &str) -> Vec<Known> {
    static ALL: LazyLock<Vec<Known>> = LazyLock::new(filter::known);
    filter::used(text, &ALL)
}

/// Capture, filter and the frames that tshark 4.0 finds; `cargo xtask agree --filter` asks it again.
fn recorded() -> Vec<(String, String, Vec<u32>)> {
    let text = fs::read_to_string(format!("{GOLDENS}/filters.txt")).expect("the recorded filters");
    let mut file = "";
    let mut found = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("# "), line.split_once('\t')) {
            (Some(name), _) => file = name,
            (None, Some((filter, frames))) => {
                let frames = frames.split_whitespace().map(|frame| frame.parse().expect("a frame number")).collect();
                found.push((file.to_owned(), filter.to_owned(), frames));
            }
            _ => panic!("{line:?} is no record"),
        }
    }
    found
}

fn open(bytes: &[u8]) -> Engine<&[u8]> {
    let mut engine = Engine::open(bytes, "test").expect("a capture opens");
    while !matches!(engine.advance(u64::MAX).expect("it can be read"), Response::Opened(_)) {}
    engine
}

/// The frames that a filter means, found in turns of this cost.
fn search(engine: &mut Engine<&[u8]>, text: &str, conversation: Option<u32>, cost: u32) -> Vec<u32> {
    let text = text.to_owned();
    let begun = engine.answer(&Request::Filter { number: 7, text: text.clone(), known: used(&text) });
    assert!(matches!(begun, Response::Matched(Matched { seen: 0, number: 7, .. })), "{text}: {begun:?}");
    let mut seen = 0;
    while engine.is_searching() {
        let Response::Matched(matched) = engine.search_on(cost) else { panic!("{text}") };
        assert!(matched.seen > seen && matched.seen <= matched.frames, "{text}: {matched:?}");
        seen = matched.seen;
    }
    match engine.answer(&Request::Matches { number: 7, conversation, start: 0, count: 2_000 }) {
        Response::Matches { rows, .. } => rows.iter().map(|row| row.frame).collect(),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn filters_find_the_frames_that_tshark_finds() {
    let mut wrong = Vec::new();
    let records = recorded();
    assert!(records.len() >= 60, "{} filters are recorded", records.len());
    for (file, text, wanted) in &records {
        let bytes = golden(file);
        let found = search(&mut open(&bytes), text, None, 300);
        if found != *wanted {
            wrong.push(format!("{file}: {text}\n    here   {found:?}\n    tshark {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Frames of each capture that are judged by every filter.
const FRAMES: u32 = 60;

#[test]
fn a_packet_is_judged_the_same_however_closely_it_is_looked_at() {
    let mut texts: Vec<_> = recorded().into_iter().map(|(_, text, _)| text).collect();
    texts.sort();
    texts.dedup();
    let filters: Vec<_> =
        texts.iter().map(|text| (text, filter::parse(text, &used(text)).expect("a filter"))).collect();
    let (mut told, mut all) = (0, 0);
    for entry in fs::read_dir(GOLDENS).expect("the goldens").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".pcap") && !name.ends_with(".pcapng") {
            continue;
        }
        let bytes = golden(&name);
        let mut engine = open(&bytes);
        let mut reader = capture::open(bytes.as_slice()).expect("a capture opens");
        let mut frame = 0;
        while let Ok(Some((record, bytes))) = reader.next() {
            frame += 1;
            if frame > FRAMES {
                break;
            }
            let (context, packet) = (engine.context(frame), engine.packet(frame).expect("a frame"));
            let lines = engine.answer(&Request::Frames { conversation: None, start: frame - 1, count: 1 });
            let hidden = matches!(lines, Response::Frames { rows, .. } if rows[0].protocol == "QUIC");
            let (context, record) = (&context, &record);
            let far = Look { frame, record, first: 0, before: 0, context, hidden, bytes: None, packet: None };
            let near = Look { bytes: Some(bytes), ..far };
            let close = Look { packet: Some(&packet), ..near };
            for (text, filter) in &filters {
                let holds = filter.holds(&close);
                assert!(holds.is_some(), "{name}, frame {frame}: {text} cannot be told of a packet taken apart");
                for look in [&far, &near] {
                    let sooner = filter.holds(look);
                    assert!(
                        sooner.is_none() || sooner == holds,
                        "{name}, frame {frame}: {text} is {sooner:?}, {holds:?}"
                    );
                    told += u32::from(sooner.is_some());
                    all += 1;
                }
            }
        }
    }
    assert!(told * 4 > all, "{told} of {all} were told before the packet was taken apart");
}

#[test]
fn a_search_of_one_conversation_finds_nothing_of_another() {
    let bytes = golden("network.pcap");
    let mut engine = open(&bytes);
    let all = search(&mut engine, "frame", None, 1_000);
    let one = search(&mut engine, "frame", Some(0), 1_000);
    assert!(!one.is_empty() && one.len() < all.len(), "{one:?} of {all:?}");
}

#[test]
fn a_cancelled_search_keeps_what_it_has_found_and_another_number_gets_nothing() {
    let bytes = golden("http.pcap");
    let mut engine = open(&bytes);
    engine.answer(&Request::Filter { number: 3, text: "tcp".into(), known: used("tcp") });
    engine.search_on(10);
    let Response::Matched(ended) = engine.answer(&Request::Cancel) else { panic!("no answer to Cancel") };
    assert!(ended.done && ended.found > 0 && ended.seen < ended.frames, "{ended:?}");
    assert!(!engine.is_searching());
    assert!(matches!(
        engine.answer(&Request::Matches { number: 4, conversation: None, start: 0, count: 5 }),
        Response::Failed(_)
    ));
    match engine.answer(&Request::Matches { number: 3, conversation: None, start: 0, count: 5 }) {
        Response::Matches { rows, .. } => assert_eq!(rows.len() as u32, ended.found.min(5)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn any_text_is_a_filter_or_a_fault_within_it() {
    let words = [
        "tcp",
        "tcp.port",
        "ip.addr",
        "http.host",
        "eth",
        "==",
        "!=",
        "in",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "0:4",
        "80",
        "10.0.0.0/8",
        "\"",
        "\\",
        "..",
        ",",
        "&&",
        "or",
        "not",
        "!",
        "&",
        "0x",
        "::",
        "é",
        "\u{0}",
        "-1",
        "contains",
        "frame",
    ];
    let mut seed = 1u64;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % most
    };
    let bytes = golden("http.pcap");
    let mut engine = open(&bytes);
    let (packet, context) = (engine.packet(4).expect("a frame"), engine.context(4));
    let record =
        &capture::open(bytes.as_slice()).ok().and_then(|mut reader| Some(reader.next().ok()??.0)).expect("one");
    let mut good = 0;
    for _ in 0..4_000 {
        let count = 1 + next(9);
        let gap = [" ", ""][next(2)];
        let text = (0..count).map(|_| words[next(words.len())]).collect::<Vec<_>>().join(gap);
        match filter::parse(&text, &used(&text)) {
            Ok(filter) => {
                let look = Look {
                    frame: 1,
                    record,
                    first: 0,
                    before: 0,
                    context: &context,
                    hidden: false,
                    bytes: None,
                    packet: None,
                };
                filter.holds(&look);
                let near = Look { bytes: Some(&bytes[..60]), ..look };
                filter.holds(&near);
                assert!(filter.holds(&Look { packet: Some(&packet), ..near }).is_some(), "{text}");
                good += 1;
            }
            Err(fault) => {
                let (from, to) = (fault.at as usize, (fault.at + fault.len) as usize);
                assert!(text.get(from..to).is_some_and(|part| part == fault.what), "{text:?}: {fault:?}");
                assert!(!fault.kind.is_empty(), "{text:?}");
            }
        }
    }
    assert!(good > 40, "{good} texts were filters");
}
