//! The engine as the worker drives it: opened in turns, asked anything, never surprised.

use std::cell::RefCell;
use std::rc::Rc;

use packet_theater::capture::{Source, generate};
use packet_theater::conversation::Kind;
use packet_theater::engine::{Engine, Failure, FrameLine, FrameView, MAX_ROWS, Request, Response, Row, Stage, Summary};

const LESSON: &[u8] = include_bytes!("../lessons/tcp-handshake/capture.pcapng");

fn office() -> Vec<u8> {
    let mut capture = Vec::new();
    generate::mixed(&mut capture, 300_000, 1).expect("a vector takes all bytes");
    capture
}

fn open<S: Source>(source: S) -> (Engine<S>, Summary) {
    let mut engine = Engine::open(source, "test").expect("a capture opens");
    let summary = read_on(&mut engine, u64::MAX);
    (engine, summary)
}

/// Reads to the end in turns of so many bytes.
fn read_on<S: Source>(engine: &mut Engine<S>, turn: u64) -> Summary {
    let mut before = 0;
    loop {
        match engine.advance(turn).expect("the source can be read") {
            Response::Progress { read, size, .. } => {
                assert!(read > before && read <= size, "{before} then {read} of {size}");
                before = read;
            }
            Response::Opened(summary) => return summary,
            other => panic!("{other:?}"),
        }
    }
}

macro_rules! ask {
    ($engine:expr, $kind:ident $fields:tt) => {
        $engine.answer(&Request::$kind $fields)
    };
}

fn frames<S: Source>(engine: &mut Engine<S>, conversation: Option<u32>, start: u32, count: u32) -> Vec<FrameLine> {
    match ask!(engine, Frames { conversation, start, count }) {
        Response::Frames { rows, .. } => rows,
        other => panic!("{other:?}"),
    }
}

fn layers<S: Source>(engine: &mut Engine<S>, frame: u32) -> FrameView {
    match ask!(engine, Layers { frame }) {
        Response::Layers(view) => view,
        other => panic!("{other:?}"),
    }
}

fn stage<S: Source>(engine: &mut Engine<S>, conversation: u32) -> Stage {
    match ask!(engine, Stage { conversation }) {
        Response::Stage(stage) => stage,
        other => panic!("{other:?}"),
    }
}

fn rows<S: Source>(engine: &mut Engine<S>, conversation: u32) -> Vec<Row> {
    match ask!(engine, Rows { conversation, start: 0, count: MAX_ROWS }) {
        Response::Rows { rows, .. } => rows,
        other => panic!("{other:?}"),
    }
}

fn kind(response: Response) -> String {
    match response {
        Response::Failed(Failure { kind, detail }) => {
            assert!(!detail.is_empty());
            kind
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn turns_of_any_size_find_the_same() {
    let capture = office();
    let (mut whole, summary) = open(capture.as_slice());
    for turn in [1, 1_000, 65_536] {
        let mut engine = Engine::open(capture.as_slice(), "test").expect("a capture opens");
        assert!(engine.is_opening());
        assert_eq!(read_on(&mut engine, turn), summary);
        assert!(!engine.is_opening());
        assert_eq!(frames(&mut engine, None, 0, MAX_ROWS), frames(&mut whole, None, 0, MAX_ROWS));
        for conversation in 0..summary.conversations {
            assert_eq!(stage(&mut engine, conversation), stage(&mut whole, conversation));
        }
    }
}

/// Packet list, anatomy, conversations and ladder tell the same story.
#[test]
fn every_view_agrees_with_the_others() {
    for capture in [office().as_slice(), LESSON] {
        let (mut engine, summary) = open(capture);
        let mut seen = 0;
        for id in 0..summary.conversations {
            let stage = stage(&mut engine, id);
            let rows = rows(&mut engine, id);
            let lines = frames(&mut engine, Some(id), 0, MAX_ROWS);
            assert_eq!((stage.rows as usize, stage.conversation.frames), (rows.len(), stage.rows));
            assert_eq!(lines.len(), rows.len());
            seen += stage.rows;
            let mut place = -1.0;
            for ((row, line), number) in rows.iter().zip(&lines).zip(0..) {
                assert_eq!((row.row, line.row, line.conversation, line.frame), (number, number, id, row.frame));
                assert!(row.at > place && row.at < stage.length, "row {number} lies at {} after {place}", row.at);
                assert!(row.from < 2 && row.folded >= 0);
                place = row.at;
                let view = layers(&mut engine, row.frame);
                assert_eq!((view.conversation, view.row, view.time, &view.line), (id, number, row.time, &line.line));
                assert_eq!(view.bytes.len() as u32, view.captured);
            }
            for transition in &stage.transitions {
                assert_eq!(rows.get(transition.row as usize).map(|row| row.frame), Some(transition.frame));
            }
        }
        assert_eq!(seen, summary.frames);
        assert_eq!(frames(&mut engine, None, 0, MAX_ROWS).len() as u32, summary.frames.min(MAX_ROWS));
    }
}

#[test]
fn the_lesson_starts_with_its_tcp_conversation() {
    let (mut engine, summary) = open(LESSON);
    let start = summary.start_with.expect("there are packets");
    let stage = stage(&mut engine, start);
    assert!(matches!(stage.conversation.kind, Kind::Tcp(0)), "{:?}", stage.conversation);
    assert!(!stage.transitions.is_empty());
}

#[test]
fn a_file_fetched_by_ftp_is_named_where_the_capture_has_only_the_beginnings_of_its_packets() {
    let capture: &[u8] = include_bytes!("../lessons/bulk/capture.pcapng");
    let (mut engine, _) = open(capture);
    let lines = frames(&mut engine, None, 0, 100);
    let data = lines.iter().filter(|line| line.protocol == "FTP-DATA" && line.length > 1000);
    let names = |frame: &FrameView| frame.layers.iter().map(|layer| layer.protocol.clone()).collect::<Vec<_>>();
    let packets: Vec<Vec<String>> = data.map(|line| names(&layers(&mut engine, line.frame))).collect();
    assert!(packets.len() > 10, "{packets:?}");
    for packet in packets {
        assert_eq!(packet, ["eth", "ip", "tcp", "ftp-data", "data"]);
    }
}

#[test]
fn lines_count_from_the_opening_as_tcpdump_does() {
    let (mut engine, _) = open(LESSON);
    let lines = frames(&mut engine, None, 0, 3);
    assert!(lines[2].line.contains("Flags [.], ack 1,"), "{}", lines[2].line);
}

#[test]
fn cancelling_keeps_what_was_read() {
    let capture = office();
    let (_, whole) = open(capture.as_slice());
    let mut engine = Engine::open(capture.as_slice(), "test").expect("a capture opens");
    engine.advance(100_000).expect("the source can be read");
    let Response::Opened(summary) = engine.answer(&Request::Cancel) else { panic!("cancelling opens") };
    assert!(summary.cancelled && !engine.is_opening());
    assert!(summary.frames > 0 && summary.frames < whole.frames);
    assert_eq!(layers(&mut engine, summary.frames).frame, summary.frames);
    assert_eq!(engine.advance(u64::MAX), Ok(Response::Opened(summary)));
}

#[test]
fn requests_are_answered_while_the_capture_is_read() {
    let capture = office();
    let mut engine = Engine::open(capture.as_slice(), "test").expect("a capture opens");
    engine.advance(10_000).expect("the source can be read");
    let early = rows(&mut engine, 0);
    read_on(&mut engine, 10_000);
    assert_eq!(rows(&mut engine, 0).len() as u32, stage(&mut engine, 0).rows);
    assert!(!early.is_empty());
}

#[test]
fn bad_requests_say_what_is_wrong() {
    let (mut engine, summary) = open(LESSON);
    let (beyond, huge) = (summary.frames + 1, u32::MAX);
    for frame in [0, beyond, huge] {
        assert_eq!(kind(ask!(engine, Layers { frame })), "no-such-frame");
    }
    for conversation in [summary.conversations, huge] {
        assert_eq!(kind(ask!(engine, Stage { conversation })), "no-such-conversation");
        assert_eq!(kind(ask!(engine, Rows { conversation, start: 0, count: 1 })), "no-such-conversation");
        let conversation = Some(conversation);
        assert_eq!(kind(ask!(engine, Frames { conversation, start: 0, count: 1 })), "no-such-conversation");
    }
    for start in [beyond, huge] {
        assert_eq!(kind(ask!(engine, Frames { conversation: None, start, count: 1 })), "no-such-row");
        assert_eq!(kind(ask!(engine, Rows { conversation: 0, start, count: 1 })), "no-such-row");
        assert_eq!(kind(ask!(engine, Conversations { start, count: 1 })), "no-such-row");
    }
    for count in [MAX_ROWS + 1, huge] {
        assert_eq!(kind(ask!(engine, Frames { conversation: None, start: 0, count })), "too-many");
        assert_eq!(kind(ask!(engine, Rows { conversation: 0, start: 0, count })), "too-many");
        assert_eq!(kind(ask!(engine, Conversations { start: 0, count })), "too-many");
    }
    assert_eq!(frames(&mut engine, None, summary.frames, 10), []);
    assert_eq!(kind(engine.answer(&Request::Open { name: "x".into() })), "unreadable");
}

#[test]
fn files_without_packets_are_refused_by_kind() {
    let header = &office()[..24];
    for (bytes, expected) in [(&b""[..], "empty-file"), (b"GIF89a, not a capture at all", "not-a-capture")] {
        assert_eq!(Engine::open(bytes, "test").err().map(|failure| failure.kind).as_deref(), Some(expected));
    }
    let mut engine = Engine::open(header, "test").expect("a header alone opens");
    assert_eq!(engine.advance(u64::MAX).map_err(|failure| failure.kind), Err("no-packets".to_owned()));
}

/// A source that somebody else appends to.
#[derive(Clone, Default)]
struct Growing(Rc<RefCell<Vec<u8>>>);

impl Source for Growing {
    fn size(&self) -> u64 {
        self.0.borrow().as_slice().size()
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        self.0.borrow().as_slice().read_at(offset, buffer)
    }
}

#[test]
fn a_growing_source_is_followed() {
    let capture = office();
    let (mut whole, mut summary) = open(capture.as_slice());
    let source = Growing::default();
    source.0.borrow_mut().extend_from_slice(&capture[..1_000]);
    let (mut engine, first) = open(source.clone());
    assert!(first.frames > 0 && !first.notes.is_empty(), "the thousandth byte lies within a record");
    let mut before = first;
    for part in capture[1_000..].chunks(7_777) {
        source.0.borrow_mut().extend_from_slice(part);
        let now = read_on(&mut engine, 5_000);
        assert!(now.frames >= before.frames);
        before = now;
    }
    summary.notes.sort();
    before.notes.sort();
    assert_eq!(before, summary);
    assert_eq!(frames(&mut engine, None, 0, MAX_ROWS), frames(&mut whole, None, 0, MAX_ROWS));
    for id in 0..summary.conversations {
        assert_eq!(rows(&mut engine, id), rows(&mut whole, id));
    }
}

/// Fails every read beyond a point, as a file that is changed or a stick that is pulled out does.
struct Failing<'a>(&'a [u8], u64);

impl Source for Failing<'_> {
    fn size(&self) -> u64 {
        self.0.size()
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        if offset >= self.1 { Err("the stick is gone".to_owned()) } else { self.0.read_at(offset, buffer) }
    }
}

#[test]
fn a_source_that_fails_leaves_what_was_read() {
    let mut capture = Vec::new();
    generate::mixed(&mut capture, 12_000_000, 1).expect("a vector takes all bytes");
    let (_, summary) = open(Failing(&capture, 8_000_000));
    assert!(summary.frames > 0);
    assert!(summary.notes.iter().any(|note| note.contains("the stick is gone")), "{:?}", summary.notes);
    let nothing = Engine::open(Failing(&capture, 0), "test").err().map(|failure| failure.kind);
    assert_eq!(nothing.as_deref(), Some("unreadable"));
}
