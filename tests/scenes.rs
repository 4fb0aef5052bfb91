//! Scenes as text at chosen moments, and what holds for every scene: nothing overlaps, nothing is too small or outside.

use std::fmt::Write as _;

use packet_theater::conversation::{Cause, Conversation, Endpoint, Kind, Known, State, Told, Transition};
use packet_theater::engine::{Row, Stage};
use packet_theater::scene::measure::{self, Corners};
use packet_theater::scene::{self, Draw, Head, Hidden, Ladder, Scale, Shape, Target, View, Words};

/// A made-up conversation.
struct Play {
    name: &'static str,
    heads: [Head; 2],
    stage: Stage,
    rows: Vec<Row>,
}

impl Play {
    fn ladder(&self) -> Ladder<'_> {
        Ladder { heads: &self.heads, stage: &self.stage, rows: &self.rows }
    }

    fn length(&self) -> f64 {
        self.rows.len() as f64
    }
}

fn play(name: &'static str, kind: Kind, rows: Vec<Row>, transitions: Vec<Transition>) -> Play {
    let head =
        |name: &str, role: &str, address: &str| Head { name: name.into(), role: role.into(), address: address.into() };
    let heads = match kind {
        Kind::Other => [head("", "", "192.168.1.109"), head("", "", "192.168.1.108")],
        _ => [head("Alice", "client", "192.168.1.109:50990"), head("Bob", "server", "192.168.1.108:80")],
    };
    let ends = [
        Endpoint { address: "192.168.1.109".into(), port: Some(50990) },
        Endpoint { address: "192.168.1.108".into(), port: Some(80) },
    ];
    let frames = rows.len() as u32;
    let conversation = Conversation { id: 0, kind, protocol: "TCP".into(), ends, frames, bytes: 0, first: 0, last: 0 };
    let length = rows.last().map_or(0.0, |row| row.at + 1.0);
    Play {
        name,
        heads,
        stage: Stage {
            conversation,
            rows: frames,
            transitions,
            told: Told::default(),
            point: None,
            length,
            hosts: vec![],
        },
        rows,
    }
}

fn row(row: u32, from: u8, time: i64, at: f64, label: &str, detail: &str) -> Row {
    let (label, detail) = (label.into(), detail.into());
    Row { row, frame: row + 1, time, from, to: 1 - from, at, label, detail, ..Row::default() }
}

fn goes(row: u32, end: u8, cause: Cause, from: State, to: State, event: &str, action: &str) -> Transition {
    Transition {
        row,
        frame: row + 1,
        end,
        track: 0,
        cause,
        from,
        to,
        event: event.into(),
        action: action.into(),
        known: Known::Seen,
    }
}

/// Opening and closing, with a silence of 2.9 s before the close.
fn handshake() -> Play {
    use Cause::{Received, Sent};
    use State::*;
    let mut rows = vec![
        row(0, 0, 0, 0.0, "Flags [S], seq 0, win 64240", "mss 1460, sackOK, wscale 7"),
        row(1, 1, 350_000, 0.75, "Flags [S.], seq 0, ack 1, win 65160", "mss 1460, sackOK, wscale 7"),
        row(2, 0, 21_300_000, 1.5, "Flags [.], ack 1, win 502", ""),
        row(3, 0, 2_930_000_000, 2.9, "Flags [F.], seq 1, ack 1, win 502", ""),
        row(4, 1, 2_931_000_000, 3.75, "Flags [F.], seq 1, ack 2, win 510", ""),
        row(5, 0, 2_951_000_000, 5.0, "Flags [.], ack 2, win 502", ""),
    ];
    rows[3].folded = 2_908_700_000;
    let mut transitions = vec![
        goes(0, 0, Sent, Closed, SynSent, "active OPEN", "snd SYN"),
        goes(0, 1, Received, Listen, SynReceived, "rcv SYN", "snd SYN,ACK"),
        goes(1, 0, Received, SynSent, Established, "rcv SYN,ACK", "snd ACK"),
        goes(2, 1, Received, SynReceived, Established, "rcv ACK of SYN", ""),
        goes(3, 0, Sent, Established, FinWait1, "CLOSE", "snd FIN"),
        goes(3, 1, Received, Established, CloseWait, "rcv FIN", "snd ACK"),
        goes(4, 1, Sent, CloseWait, LastAck, "CLOSE", "snd FIN"),
        goes(4, 0, Received, FinWait1, FinWait2, "rcv ACK of FIN", ""),
        goes(4, 0, Received, FinWait2, TimeWait, "rcv FIN", "snd ACK"),
        goes(5, 1, Received, LastAck, Closed, "rcv ACK of FIN", ""),
    ];
    transitions[1].known = Known::Inferred { rule: "passive-open".into(), source: "RFC 9293 §3.5".into() };
    play("handshake", Kind::Tcp(0), rows, transitions)
}

/// Data one way, acknowledgements back, microseconds apart; a loss and its repair.
fn bulk() -> Play {
    let mut rows: Vec<Row> = (0..40u32)
        .map(|i| {
            let (from, label) = if i % 3 == 2 {
                (1, format!("Flags [.], ack {}, win 501", i * 1448))
            } else {
                (0, format!("Flags [P.], seq {}:{}, ack 1, win 502", i * 1448, (i + 1) * 1448))
            };
            row(i, from, i64::from(i) * 12_000, f64::from(i) * 0.75, &label, "length 1448: GET /index.html HTTP/1.1")
        })
        .collect();
    rows[1].marks = vec!["lost".into()];
    rows[3].marks = vec!["retransmission".into()];
    rows[4].marks = vec!["bad-checksum".into(), "cut".into()];
    rows[3].folded = 200_000_000;
    let transitions = vec![
        goes(0, 0, Cause::Sent, State::Unknown, State::Established, "data", ""),
        goes(2, 1, Cause::Sent, State::Unknown, State::Established, "data", ""),
    ];
    play("bulk", Kind::Tcp(0), rows, transitions)
}

fn long_labels() -> Play {
    let mut play = handshake();
    play.name = "long";
    play.heads[0] = Head {
        name: "A host with a very long name indeed".into(),
        role: "client".into(),
        address: "[2001:db8:1234:5678:9abc:def0:1234:5678]:50990".into(),
    };
    for row in &mut play.rows {
        row.label =
            "Flags [P.], seq 1804289383:1804290831, ack 846930886, win 65535, options [nop,nop,TS val 1 ecr 2]".into();
        row.detail =
            "超文本传输协议请求的第一行字，很长很长，长到箭头上放不下，必须缩短才行，否则就会盖住别的字".into();
        row.marks = vec!["retransmission".into(), "bad-checksum".into()];
    }
    play
}

fn ping() -> Play {
    let rows = (0..6u32)
        .map(|i| {
            row(
                i,
                (i % 2) as u8,
                i64::from(i) * 500_000_000,
                f64::from(i),
                if i % 2 == 0 {
                    "ICMP echo request, id 7, seq 1, length 64"
                } else {
                    "ICMP echo reply, id 7, seq 1, length 64"
                },
                "length 64",
            )
        })
        .collect();
    play("ping", Kind::Other, rows, vec![])
}

/// Closer in time than an engine would lay them.
fn crowd() -> Play {
    let mut play = bulk();
    play.name = "crowd";
    play.rows.iter_mut().for_each(|row| row.at *= 0.3);
    play.stage.length = play.rows.last().map_or(0.0, |row| row.at + 1.0);
    play
}

fn plays() -> [Play; 5] {
    [handshake(), bulk(), crowd(), long_labels(), ping()]
}

const SIZES: [(f32, f32); 4] = [(560.0, 318.0), (760.0, 520.0), (366.0, 420.0), (1000.0, 700.0)];

/// Every scene of every play in every size, with its name.
fn every_scene(mut check: impl FnMut(&str, &View, &[Draw])) {
    let mut drawn = 0;
    for play in plays() {
        let ladder = play.ladder();
        for (width, height) in SIZES {
            for scale in [Scale::Steps, Scale::Time] {
                for (text, hidden) in [(1.0, Hidden::None), (1.0, Hidden::After(1)), (1.67, Hidden::None)] {
                    for step in 0..=12 {
                        let position = play.length() * f64::from(step) / 12.0;
                        // Not every kind of view with every capture point: one after the other.
                        let captured = [None, Some(0.0), Some(1.0), Some(0.5)][(drawn % 4) as usize];
                        drawn += 1;
                        let mut view =
                            View { scale, text, hidden, captured, selected: Some(1), ..View::new(width, height) };
                        view.top = scene::top_for(&ladder, &view, position);
                        let name = format!(
                            "{} {width}x{height} {scale:?} text {text} {hidden:?} captured {captured:?} at {position:.2}",
                            play.name
                        );
                        let mut draws = scene::ladder(&ladder, &view, position, &Words::ENGLISH);
                        draws.extend(scene::moving(&ladder, &view, position));
                        check(&format!("ladder {name}"), &view, &draws);
                        if scale == Scale::Time || hidden != Hidden::None {
                            continue; // The machines know neither.
                        }
                        let draws =
                            scene::machine(&play.heads, &play.stage.transitions, position, &view, &Words::ENGLISH);
                        check(&format!("machine {name}"), &view, &draws);
                    }
                }
            }
        }
    }
}

#[test]
fn no_two_texts_overlap() {
    every_scene(|name, _, draws| {
        let texts: Vec<(&Draw, Corners)> =
            draws.iter().filter_map(|draw| Some((draw, measure::text_corners(draw)?))).collect();
        for (i, (one, a)) in texts.iter().enumerate() {
            for (other, b) in &texts[i + 1..] {
                assert!(!measure::overlap(a, b), "{name}: {one} over {other}");
            }
        }
    });
}

#[test]
fn every_text_is_large_enough() {
    every_scene(|name, view, draws| {
        for draw in draws {
            if let Shape::Text { size, .. } = draw.shape {
                // The machines stay whole where presenting leaves too little room for them.
                let factor = if name.starts_with("ladder") { view.text } else { 1.0 };
                assert!(size >= measure::SMALLEST_TEXT * factor, "{name}: {draw}");
            }
        }
    });
}

#[test]
fn nothing_is_drawn_outside_the_view() {
    every_scene(|name, view, draws| {
        for draw in draws {
            for (x, y) in points(draw) {
                let inside = (-0.5..=view.width + 0.5).contains(&x) && (-0.5..=view.height + 0.5).contains(&y);
                assert!(inside, "{name}: {draw} reaches {x},{y}");
            }
        }
    });
}

/// The corners of what a command covers.
fn points(draw: &Draw) -> Vec<(f32, f32)> {
    match &draw.shape {
        Shape::Line { x1, y1, x2, y2 } => vec![(*x1, *y1), (*x2, *y2)],
        Shape::Rect { x, y, w, h, .. } => vec![(*x, *y), (x + w, y + h)],
        Shape::Circle { x, y, r } => vec![(x - r, y - r), (x + r, y + r)],
        Shape::Text { .. } => measure::text_corners(draw).into_iter().flatten().collect(),
        Shape::Path(data) => data
            .split([' ', 'M', 'L', 'C', 'Z'])
            .filter_map(|pair| pair.split_once(','))
            .map(|(x, y)| (x.parse().expect("a number"), y.parse().expect("a number")))
            .collect(),
    }
}

#[test]
fn no_line_of_the_figure_crosses_a_state() {
    every_scene(|name, _, draws| {
        let boxes: Vec<Corners> = draws
            .iter()
            .filter(|draw| draw.class.starts_with("node"))
            .filter_map(|draw| {
                if let Shape::Rect { x, y, w, h, .. } = draw.shape { Some(measure::upright(x, y, w, h)) } else { None }
            })
            .collect();
        for draw in draws.iter().filter(|draw| draw.class.starts_with("edge")) {
            if let Shape::Line { x1, y1, x2, y2 } = draw.shape {
                assert!(
                    !boxes.iter().any(|node| measure::overlap(node, &measure::segment(x1, y1, x2, y2, 0.0))),
                    "{name}: {draw}"
                );
            }
        }
    });
}

/// A page measures itself as 0 by 0 before its first layout.
#[test]
fn odd_views_draw_something_or_nothing() {
    for play in plays() {
        for (width, height) in [(0.0, 0.0), (10.0, 10.0), (300.0, 40.0), (f32::NAN, 300.0), (1e9, 1e9)] {
            for position in [0.0, 1.5, 1e9, -1.0, f64::NAN] {
                let mut view = View { selected: Some(1), text: 1.67, ..View::new(width, height) };
                view.top = scene::top_for(&play.ladder(), &view, position);
                scene::ladder(&play.ladder(), &view, position, &Words::ENGLISH);
                scene::moving(&play.ladder(), &view, position);
                scene::machine(&play.heads, &play.stage.transitions, position, &view, &Words::ENGLISH);
            }
        }
        let empty = Ladder { rows: &[], ..play.ladder() };
        scene::ladder(&empty, &View::new(560.0, 318.0), 2.0, &Words::ENGLISH);
    }
}

#[test]
fn the_current_row_is_in_sight() {
    for play in plays() {
        let ladder = play.ladder();
        for (width, height) in SIZES {
            for scale in [Scale::Steps, Scale::Time] {
                for row in 0..play.rows.len() {
                    let position = row as f64;
                    let mut view = View { scale, ..View::new(width, height) };
                    view.top = scene::top_for(&ladder, &view, position);
                    let y = scene::row_y(&ladder, &view, position);
                    assert!(
                        y > 60.0 && y + 30.0 < height,
                        "{} {width}x{height} {scale:?}: row {row} at {y}, top {}",
                        play.name,
                        view.top
                    );
                }
            }
        }
    }
}

#[test]
fn a_click_on_an_arrow_finds_its_row() {
    let play = handshake();
    let view = View::new(560.0, 600.0);
    for row in 0..6u32 {
        let y = scene::row_y(&play.ladder(), &view, f64::from(row)) + 15.0;
        assert_eq!(scene::row_at_y(&play.ladder(), &view, y), Some(row));
    }
    assert_eq!(scene::row_at_y(&play.ladder(), &view, 20.0), None);
}

#[test]
fn states_depend_on_the_position_alone() {
    let play = handshake();
    let at = |position| scene::states_at(&play.stage.transitions, position);
    assert_eq!(at(0.0), [State::Closed, State::Listen]);
    assert_eq!(at(0.5), [State::SynSent, State::Listen]);
    assert_eq!(at(1.0), [State::SynSent, State::SynReceived]);
    assert_eq!(at(3.0), [State::Established, State::Established]);
    assert_eq!(at(6.0), [State::TimeWait, State::Closed]);
    let forwards: Vec<_> = (0..=60).map(|tenth| at(f64::from(tenth) / 10.0)).collect();
    let mut backwards: Vec<_> = (0..=60).rev().map(|tenth| at(f64::from(tenth) / 10.0)).collect();
    backwards.reverse();
    assert_eq!(forwards, backwards);
}

#[test]
fn durations_read_well() {
    let said: Vec<String> =
        [0, 999, 350_000, 21_300_000, 2_908_700_000, 200_000_000, 125_000_000_000, 11_040_000_000_000]
            .map(measure::duration)
            .into();
    assert_eq!(said, ["0 s", "999 ns", "350 µs", "21.3 ms", "2.91 s", "200 ms", "2 min 5 s", "3 h 4 min"]);
}

#[test]
fn scenes_are_as_they_were() {
    for (name, part) in [("start", 0.0), ("quarter", 0.25), ("half", 0.5), ("end", 1.0)] {
        let play = handshake();
        let position = play.length() * part;
        let mut view = View::new(560.0, 318.0);
        view.top = scene::top_for(&play.ladder(), &view, position);
        let mut text = String::new();
        let mut list = |title: &str, draws: Vec<Draw>| {
            writeln!(text, "# {title}").expect("a string takes everything");
            for draw in draws {
                writeln!(text, "{draw}").expect("a string takes everything");
            }
        };
        list("ladder", scene::ladder(&play.ladder(), &view, position, &Words::ENGLISH));
        list("moving", scene::moving(&play.ladder(), &view, position));
        list(
            "machine",
            scene::machine(&play.heads, &play.stage.transitions, position, &View::new(372.0, 332.0), &Words::ENGLISH),
        );
        golden(&format!("handshake-{name}.scene"), &text);
    }
}

/// Compares with the twin file; `UPDATE_GOLDENS=1` rewrites it.
fn golden(name: &str, found: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, found).expect("the golden can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "{name} differs; look at it, then UPDATE_GOLDENS=1 rewrites it:\n{found}");
}

/// Writes scenes as pages to look at: `SCENES=/some/folder cargo test --test scenes look`.
#[test]
fn look() {
    let Ok(folder) = std::env::var("SCENES") else {
        return println!("no pages are written: SCENES names no folder");
    };
    let style =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/static/scene.css")).expect("the style sheet");
    let page = |name: &str, dark: bool, scenes: Vec<(View, Vec<Draw>)>| {
        let mut html = format!(
            "<!doctype html><html{}><meta charset=utf-8><style>{style}\nbody{{margin:8px;background:var(--scene-rule)}}svg{{background:var(--scene-card);margin:4px;vertical-align:top}}</style>",
            if dark { " data-theme=dark" } else { "" }
        );
        for (view, draws) in scenes {
            write!(html, "<svg class=scene width={} height={}>{}</svg>", view.width, view.height, svg(&draws))
                .expect("a string takes everything");
        }
        std::fs::write(format!("{folder}/{name}.html"), html).expect("the page can be written");
    };
    let stage = |play: &Play, (width, height): (f32, f32), scale, position: f64, text, hidden, selected| {
        let mut view = View { scale, text, hidden, selected, ..View::new(width, height) };
        view.top = scene::top_for(&play.ladder(), &view, position);
        let mut draws = scene::ladder(&play.ladder(), &view, position, &Words::ENGLISH);
        draws.extend(scene::moving(&play.ladder(), &view, position));
        (view, draws)
    };
    use Scale::{Steps, Time};
    let (hand, bulk, long, ping) = (handshake(), bulk(), long_labels(), ping());
    let small = SIZES[0];
    page(
        "small",
        false,
        vec![
            stage(&hand, small, Steps, 0.0, 1.0, Hidden::None, None),
            stage(&hand, small, Steps, 1.68, 1.0, Hidden::After(1), Some(1)),
            stage(&hand, small, Time, 1.68, 1.0, Hidden::None, Some(1)),
            stage(&hand, small, Steps, 4.3, 1.0, Hidden::None, Some(3)),
        ],
    );
    page(
        "dark",
        true,
        vec![
            stage(&hand, small, Steps, 2.0, 1.0, Hidden::After(1), Some(1)),
            stage(&bulk, small, Steps, 3.4, 1.0, Hidden::None, Some(4)),
            stage(&long, small, Steps, 3.4, 1.0, Hidden::None, Some(3)),
            stage(&ping, small, Steps, 3.4, 1.0, Hidden::None, Some(3)),
        ],
    );
    page("large", false, vec![stage(&hand, SIZES[3], Steps, 6.0, 1.0, Hidden::None, Some(3))]);
    page("present", false, vec![stage(&hand, (1200.0, 640.0), Steps, 1.6, 1.67, Hidden::None, Some(1))]);
    page(
        "phone",
        false,
        vec![
            stage(&hand, (366.0, 420.0), Steps, 1.68, 1.0, Hidden::None, Some(1)),
            stage(&hand, (366.0, 420.0), Steps, 6.0, 1.0, Hidden::None, Some(3)),
            stage(&bulk, (366.0, 420.0), Time, 7.5, 1.0, Hidden::None, None),
        ],
    );
    page(
        "time",
        false,
        vec![
            stage(&bulk, SIZES[1], Time, 9.4, 1.0, Hidden::None, Some(4)),
            stage(&hand, SIZES[1], Time, 6.0, 1.0, Hidden::None, None),
        ],
    );
    let graph = |width, height, text, position| {
        let view = View { text, ..View::new(width, height) };
        (view, scene::machine(&hand.heads, &hand.stage.transitions, position, &view, &Words::ENGLISH))
    };
    page(
        "machine",
        false,
        vec![
            graph(360.0, 345.0, 1.0, 0.0),
            graph(360.0, 345.0, 1.0, 2.0),
            graph(366.0, 420.0, 1.0, 6.0),
            graph(760.0, 520.0, 1.0, 4.5),
        ],
    );
    page(
        "machine-dark",
        true,
        vec![graph(360.0, 345.0, 1.0, 2.0), graph(560.0, 318.0, 1.0, 4.0), graph(1000.0, 700.0, 1.67, 5.0)],
    );
}

/// The commands as SVG.
fn svg(draws: &[Draw]) -> String {
    let mut out = String::new();
    for Draw { shape, class, .. } in draws {
        match shape {
            Shape::Line { x1, y1, x2, y2 } => write!(out, r#"<line class="{class}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>"#),
            Shape::Rect { x, y, w, h, r } => write!(out, r#"<rect class="{class}" x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}"/>"#),
            Shape::Circle { x, y, r } => write!(out, r#"<circle class="{class}" cx="{x}" cy="{y}" r="{r}"/>"#),
            Shape::Path(data) => write!(out, r#"<path class="{class}" d="{data}"/>"#),
            Shape::Text { x, y, anchor, size, rotate, text } => write!(
                out,
                r#"<text class="{class}" x="{x}" y="{y}" text-anchor="{}" font-size="{size}" transform="rotate({rotate} {x} {y})">{text}</text>"#,
                anchor.svg()
            ),
        }
        .expect("a string takes everything");
    }
    out
}

/// What was seen near an end is drawn so: its own packets leave then, the other end's arrive then.
#[test]
fn arrows_are_where_the_capture_point_saw_them() {
    let play = handshake();
    let ladder = play.ladder();
    for (captured, own) in [(0.0, 0), (1.0, 1)] {
        let view = View { captured: Some(captured), ..View::new(560.0, 600.0) };
        let draws = scene::ladder(&ladder, &view, 3.0, &Words::ENGLISH);
        for row in &play.rows {
            let y = scene::row_y(&ladder, &view, f64::from(row.row));
            let arrow = draws.iter().find_map(|draw| match draw.shape {
                Shape::Line { y1, y2, .. }
                    if draw.target == Some(Target::Frame(row.frame)) && draw.class.starts_with("arrow") =>
                {
                    Some((y1, y2))
                }
                _ => None,
            });
            let (left, landed) = arrow.expect("an arrow for each row");
            let seen = if row.from == own { left } else { landed };
            assert!(
                (seen - y).abs() < 0.01 && landed > left,
                "captured {captured}, row {}: {left} {landed} {y}",
                row.row
            );
        }
    }
}
