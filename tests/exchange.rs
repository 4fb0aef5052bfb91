//! Real captures → the moves of the machines in them, beside the twin files; and what holds for hostile bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use packet_theater::conversation::{Cause, Known, Machine, Remark, Told, Transition};
use packet_theater::engine::{Engine, Request, Response};
use packet_theater::scene::{self, Head, Shape, View, Words, measure, state_name};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The captures whose moves are written down.
const GOLDENS: &[&str] = &[
    "dhcp",
    "dhcp-options",
    "dns",
    "fragments",
    "fragments6",
    "ftp",
    "http",
    "meanings",
    "network",
    "ping",
    "proxy",
    "telnet",
    "tls",
    "web",
];

fn open(bytes: &[u8]) -> Option<Engine<&[u8]>> {
    let mut engine = Engine::open(bytes, "test").ok()?;
    while engine.is_opening() {
        engine.advance(u64::MAX).ok()?;
    }
    Some(engine)
}

/// The moves of every machine but TCP's of every conversation.
fn plays(bytes: &[u8]) -> Vec<(String, Vec<Transition>, Told)> {
    let Some(mut engine) = open(bytes) else { return Vec::new() };
    let mut plays = Vec::new();
    for conversation in 0.. {
        let Response::Stage(stage) = engine.answer(&Request::Stage { conversation }) else { break };
        let ends = stage.conversation.ends.map(|end| end.address);
        for machine in stage.told.machines.into_iter().filter(|machine| *machine != Machine::Tcp) {
            let Response::Machine { transitions, told, .. } =
                engine.answer(&Request::Machine { conversation, machine })
            else {
                panic!("{machine:?} of {conversation}");
            };
            let title = format!("conversation {conversation}: {} {} {}", machine.figure().key, ends[0], ends[1]);
            plays.push((title, transitions, told));
        }
    }
    plays
}

fn text(plays: &[(String, Vec<Transition>, Told)]) -> String {
    let words: BTreeMap<String, String> =
        serde_json::from_str(&fs::read_to_string(root("static/lang/figures.en.json")).unwrap()).unwrap();
    let say = |said: &Remark| {
        if said.key.is_empty() {
            return String::new();
        }
        let sentence = words.get(&said.key).unwrap_or_else(|| panic!("figures.en.json lacks {}", said.key));
        let values = said.values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let text = packet_theater::text::fill(sentence, values);
        assert!(!text.contains('{'), "{}: {text}", said.key);
        match said.frame {
            Some(frame) => format!("{text} [frame {frame}]"),
            None => text,
        }
    };
    let mut text = String::new();
    for (title, moves, told) in plays.iter().filter(|(_, moves, _)| !moves.is_empty()) {
        writeln!(text, "{title}").unwrap();
        told.sums.iter().for_each(|sum| writeln!(text, "  = {}", say(sum)).unwrap());
        for (place, track) in told.tracks.iter().enumerate() {
            writeln!(text, "  {}: {}", track.title, say(&track.verdict)).unwrap();
            for step in moves.iter().filter(|step| step.track as usize == place) {
                let known = match &step.known {
                    Known::Seen => "seen",
                    Known::Inferred { rule, .. } => rule,
                    Known::Unknown => "unknown",
                };
                let action = if step.action.is_empty() { String::new() } else { format!(" / {}", step.action) };
                let (from, to) = (state_name(step.from), state_name(step.to));
                let (frame, end, event) = (step.frame, if step.end == 0 { 'A' } else { 'B' }, &step.event);
                writeln!(text, "    {frame} {end} {from} -> {to}: {event}{action} ({known})").unwrap();
            }
            track.notes.iter().for_each(|note| writeln!(text, "    - {}", say(note)).unwrap());
        }
    }
    text
}

#[test]
fn machines_move_as_the_captures_show() {
    for name in GOLDENS {
        let bytes = fs::read(root(&format!("tests/golden/{name}.pcap"))).expect("a golden capture");
        let found = text(&plays(&bytes));
        let path = root(&format!("tests/golden/{name}.moves"));
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&path, &found).expect("the golden can be written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(expected == found, "{name}.moves differs; look at it, then UPDATE_GOLDENS=1 rewrites it:\n{found}");
    }
}

/// Every move leaves the state that the one before it reached, and every one is a line of its figure or says why not.
#[test]
fn moves_are_those_of_their_figures() {
    for name in GOLDENS {
        let bytes = fs::read(root(&format!("tests/golden/{name}.pcap"))).expect("a golden capture");
        for (title, moves, told) in plays(&bytes) {
            let mut now = BTreeMap::new();
            for step in &moves {
                assert_eq!(step.to.machine(), told.figure, "{name} {title}");
                let before = now.insert((step.track, step.end), step.to);
                assert!(before.is_none_or(|before| before == step.from), "{name} {title}: {step:?} after {before:?}");
                assert!((step.track as usize) < told.tracks.len(), "{name} {title}: {step:?}");
            }
            assert!(moves.is_sorted_by_key(|step| step.row), "{name} {title}");
        }
    }
}

/// Goldens with bytes flipped: anything may come of it but a panic.
#[test]
fn hostile_bytes_never_panic() {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    for name in GOLDENS {
        let whole = fs::read(root(&format!("tests/golden/{name}.pcap"))).expect("a golden capture");
        for _ in 0..5 {
            let mut bytes = whole.clone();
            for _ in 0..1 + random() % 40 {
                let place = 40 + random() as usize % (bytes.len() - 40);
                bytes[place] = random() as u8;
            }
            plays(&bytes);
        }
    }
}

/// Moves over every line of a figure.
fn walk(machine: Machine) -> Vec<Transition> {
    let figure = machine.figure();
    let edges = figure.edges.iter().enumerate().map(|(row, &(from, to, event, action))| Transition {
        row: row as u32,
        frame: row as u32 + 1,
        end: (row % 2) as u8,
        track: 0,
        cause: Cause::Sent,
        from: figure.nodes[from].state,
        to: figure.nodes[to].state,
        event: event.into(),
        action: action.into(),
        known: Known::Seen,
    });
    edges.collect()
}

/// Panels of the page: at 1280×720 with and without a chooser, on a phone, at 1920×1080, presenting.
const PANELS: [(f32, f32, f32); 6] = [
    (348.0, 196.0, 1.0),
    (348.0, 250.0, 1.0),
    (372.0, 560.0, 1.0),
    (478.0, 420.0, 1.0),
    (580.0, 520.0, 1.67),
    (1000.0, 700.0, 1.0),
];

#[test]
fn figures_are_drawn_whole_in_every_panel() {
    let heads = [Head::default(), Head::default()];
    for machine in Machine::ALL {
        let moves = walk(machine);
        // TCP's figure has no line of its exchange above it.
        for (width, height, text) in PANELS.into_iter().skip(usize::from(machine == Machine::Tcp)) {
            for position in 0..=moves.len() {
                let view = View { text, ..View::new(width, height) };
                let draws = scene::machine(&heads, &moves, position as f64, &view, &Words::ENGLISH);
                let name = format!("{machine:?} {width}x{height} at {position}");
                let texts: Vec<_> =
                    draws.iter().filter_map(|draw| Some((draw, measure::text_corners(draw)?))).collect();
                for (place, (one, corners)) in texts.iter().enumerate() {
                    for (other, others) in &texts[place + 1..] {
                        // Two ends in neighbouring states of a narrow figure touch with their tokens.
                        let tokens = [one, other].iter().all(|draw| draw.class.starts_with("letter"));
                        assert!(tokens || !measure::overlap(corners, others), "{name}: {one} over {other}");
                    }
                }
                let boxes: Vec<_> = draws
                    .iter()
                    .filter_map(|draw| match draw.shape {
                        Shape::Rect { x, y, w, h, .. } => Some(measure::upright(x, y, w, h)),
                        _ => None,
                    })
                    .collect();
                let named = draws.iter().filter(|draw| draw.class.starts_with("node-name")).count();
                assert_eq!(boxes.len(), named, "{name}: a state has no name");
                for draw in draws.iter().filter(|draw| draw.class.starts_with("edge")) {
                    let Shape::Line { x1, y1, x2, y2 } = draw.shape else { continue };
                    let line = measure::segment(x1, y1, x2, y2, 0.0);
                    assert!(!boxes.iter().any(|node| measure::overlap(node, &line)), "{name}: {draw} crosses a state");
                }
            }
        }
    }
}
