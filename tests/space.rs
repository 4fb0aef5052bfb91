//! A TCP conversation and a moment → the ruler of one end's byte stream: what is known of each byte, and its picture.

use packet_theater::capture::FileSource;
use packet_theater::conversation::analysis::Step;
use packet_theater::conversation::graph::{About, Ask, Plot};
use packet_theater::conversation::space::{Fate, MAX_STRETCHES, Space, Stretch, space};
use packet_theater::conversation::{Options, Segment};
use packet_theater::engine::{Engine, Request, Response};
use packet_theater::scene::{self, Draw, Ruler, Shape, measure};

/// The transfer over a wire that loses segments, of 41 frames (port 7002): tshark calls it `tcp.stream` 1.
const LOSSY: u32 = 1;

fn lossy(row: u32, later: bool) -> Space {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/loss.pcap");
    let mut engine = Engine::open(FileSource::open(path).unwrap(), "").unwrap();
    engine.advance(u64::MAX).unwrap();
    let ask = Ask { conversation: LOSSY, plot: Plot::Space, row, later, ..Ask::default() };
    match engine.answer(&Request::Graph(ask)) {
        Response::Graph(graph) => graph.space.unwrap(),
        other => panic!("{other:?}"),
    }
}

/// The stretches that are no more acknowledged, put together where they go on.
fn open(space: &Space) -> Vec<(i64, i64, Fate)> {
    let mut all: Vec<(i64, i64, Fate)> = Vec::new();
    for Stretch { low, high, fate, .. } in space.near.iter().filter(|one| one.fate != Fate::Acked) {
        match all.last_mut() {
            Some(last) if last.1 == *low && last.2 == *fate => last.1 = *high,
            _ => all.push((*low, *high, *fate)),
        }
    }
    all
}

/// Frame 32 is row 24 and brings 5001 to 6000 again; the acknowledgments before it SACK what lies behind.
#[test]
fn what_is_sent_again_was_lost_and_then_is_on_its_way_again() {
    let before = lossy(23, true);
    assert_eq!(before.acked, Some(5001));
    assert_eq!(open(&before)[0], (5001, 6001, Fate::Lost));
    assert_eq!(open(&before)[1].2, Fate::Sacked);
    assert_eq!((before.again, before.frame), (Some(24), Some(32)));
    assert_eq!(before.bytes[Fate::Lost as usize], 1000);
    let lost = before.near.iter().find(|one| one.fate == Fate::Lost).unwrap();
    assert!(lost.row < 24 && lost.again == Some(24));
    let after = lossy(24, true);
    assert_eq!(open(&after)[0], (5001, 6001, Fate::Again));
    assert_eq!((after.again, after.near.iter().find(|one| one.low == 5001).unwrap().row), (None, 24));
    // Who is not to know what comes takes it for sent.
    assert_eq!(open(&lossy(23, false))[0], (5001, 6001, Fate::Flight));
}

#[test]
fn at_the_end_all_is_acknowledged_and_at_the_beginning_nothing_was_sent() {
    let end = lossy(u32::MAX, true);
    assert_eq!((end.acked, end.next, end.last), (Some(20_002), 20_002, 20_002 + 80_896));
    assert_eq!(open(&end), []);
    let start = lossy(0, true);
    assert_eq!((start.acked, start.next, start.edge), (Some(0), 1, None));
    assert_eq!(open(&start), [(0, 1, Fate::Flight)]);
}

#[test]
fn bytes_of_all_kinds_are_all_bytes_at_every_moment() {
    for row in 0..41 {
        let space = lossy(row, true);
        assert_eq!(space.bytes.iter().sum::<i64>(), space.next - space.first, "row {row}");
        for bar in [&space.near, &space.whole] {
            assert!(bar.windows(2).all(|two| two[0].high == two[1].low), "row {row}: {bar:?}");
            assert!(bar.iter().all(|one| one.low < one.high && one.row <= row.max(24)), "row {row}: {bar:?}");
        }
    }
}

fn segment(row: u32, end: u8, segment: Segment) -> (u32, Step) {
    (row, Step { frame: row + 1, end, time: 0, segment, options: Options::default(), reused: false })
}

fn data(row: u32, seq: u32) -> (u32, Step) {
    segment(row, 0, Segment { seq, flags: 0x10, payload: 100, ..Segment::default() })
}

fn ack(row: u32, ack: u32) -> (u32, Step) {
    segment(row, 1, Segment { ack, flags: 0x10, window: 500, ..Segment::default() })
}

fn sacked(block: (u32, u32)) -> Options {
    let mut options = Options { count: 1, ..Options::default() };
    options.blocks[0] = block;
    options
}

const ABOUT: About = About { first: 0, length: 1, base: 0, shift: Some(0) };

#[test]
fn what_nothing_tells_of_is_unknown_and_a_gap_is_no_loss() {
    // 200 to 300 never passes by, 300 is acknowledged, and what comes then nobody answers.
    let rows = [data(0, 1), data(1, 101), data(2, 301), ack(3, 401), data(4, 401), data(5, 601)];
    let at = |row: u32| open(&space(row, 0, true, ABOUT, rows.into_iter()));
    assert_eq!(at(2), [(1, 201, Fate::Flight), (201, 301, Fate::Unseen), (301, 401, Fate::Flight)]);
    assert_eq!(at(3), []);
    assert_eq!(at(5), [(401, 501, Fate::Unknown), (501, 601, Fate::Unseen), (601, 701, Fate::Unknown)]);
}

#[test]
fn what_arrived_twice_was_not_lost() {
    let mut last = ack(4, 201);
    last.1.options = sacked((1, 101));
    let rows = [data(0, 1), data(1, 101), data(2, 1), ack(3, 201)];
    assert_eq!(open(&space(1, 0, true, ABOUT, rows.into_iter()))[0], (1, 101, Fate::Lost));
    let rows = [data(0, 1), data(1, 101), data(2, 1), last];
    assert_eq!(open(&space(1, 0, true, ABOUT, rows.into_iter())), [(1, 201, Fate::Flight)]);
}

#[test]
fn a_long_stream_is_few_stretches_and_its_one_loss_is_seen() {
    let count = 100_000u32;
    let mut rows: Vec<(u32, Step)> = Vec::new();
    for i in 0..count {
        let seq = 100 * i + 1;
        if i != 70_000 {
            rows.push(data(rows.len() as u32, seq));
        }
        if i == 70_100 {
            rows.push(data(rows.len() as u32, 100 * 70_000 + 1));
        }
        if i % 2 == 1 && !(70_000..70_101).contains(&i) {
            rows.push(ack(rows.len() as u32, seq + 100));
        }
    }
    for row in [0, 10_000, 105_050, 120_000, u32::MAX] {
        let space = space(row, 0, true, ABOUT, rows.iter().copied());
        assert!(space.whole.len() <= MAX_STRETCHES && space.near.len() <= MAX_STRETCHES, "{}", space.whole.len());
        assert!(space.whole.windows(2).all(|two| two[0].high == two[1].low));
        let unseen = space.whole.iter().any(|one| one.fate == Fate::Unseen);
        assert_eq!(unseen, row == 105_050, "row {row}");
    }
}

#[test]
fn any_order_and_any_numbers_give_stretches_in_order() {
    let mut state = 7u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for round in 0..40 {
        let wild = round % 4 == 0;
        let number =
            |random: &mut dyn FnMut(u64) -> u64| if wild { random(1 << 31) as u32 * 2 } else { random(3000) as u32 };
        let rows: Vec<(u32, Step)> = (0..60)
            .map(|row| {
                let (seq, acked) = (number(&mut random), number(&mut random));
                let payload = random(400) as u32;
                let flags = if random(20) == 0 { 0x02 } else { 0x10 };
                let window = random(5000) as u16;
                let one = Segment { seq, ack: acked, flags, payload, window };
                let mut step = segment(row, random(2) as u8, one);
                step.1.options = sacked((number(&mut random), number(&mut random)));
                step
            })
            .collect();
        for row in (0..60).step_by(7) {
            let found = space(row, 0, true, ABOUT, rows.iter().copied());
            for bar in [&found.near, &found.whole] {
                assert!(bar.windows(2).all(|two| two[0].high <= two[1].low), "round {round} row {row}");
            }
            scene::space(&ruler(&found, (400.0, 260.0), 1.0));
        }
    }
}

const NAMES: [&str; 13] = [
    "acknowledged",
    "in flight",
    "sent again, in flight",
    "SACKed",
    "not in the capture",
    "unknown",
    "lost (inferred)",
    "window: may be sent",
    "SND.UNA",
    "SND.NXT",
    "window ends",
    "Around the window",
    "The whole stream",
];

fn ruler(space: &Space, size: (f32, f32), text: f32) -> Ruler<'_> {
    Ruler { space, selected: Some(24), size, text, names: &NAMES }
}

#[test]
fn pictures_are_as_they_were() {
    let mut text = String::new();
    for row in [0, 23, 24, 40] {
        text += &format!("# row {row}\n");
        for draw in scene::space(&ruler(&lossy(row, true), (560.0, 280.0), 1.0)) {
            text += &format!("{draw}\n");
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/space.scene");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, &text).expect("the golden can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "space.scene differs; look at it, then UPDATE_GOLDENS=1 rewrites it:\n{text}");
}

#[test]
fn no_texts_overlap_and_both_bars_are_in_the_picture() {
    for row in 0..41 {
        let space = lossy(row, true);
        for (width, height, size) in [(574.0, 250.0, 1.0), (366.0, 460.0, 1.0), (740.0, 420.0, 1.67), (20.0, 9.0, 1.0)]
        {
            let draws = scene::space(&ruler(&space, (width, height), size));
            let corners: Vec<_> = draws.iter().filter_map(measure::text_corners).collect();
            for (at, one) in corners.iter().enumerate() {
                assert!(corners[..at].iter().all(|other| !measure::overlap(one, other)), "{row} {width}");
            }
            let has = |name: &str| {
                draws.iter().any(|draw| matches!(&draw.shape, Shape::Text { text, .. } if text.starts_with(name)))
            };
            for name in ["Around the window", "The whole stream", "SND.UNA", "SND.NXT"] {
                assert!(width < 100.0 || has(name), "row {row}, {width} wide: {name}");
            }
            for draw in draws.iter().filter(|draw| width > 100.0 && draw.class.starts_with("hatch")) {
                let Shape::Path(data) = &draw.shape else { continue };
                for point in data.split(['M', 'L']).filter(|point| !point.is_empty()) {
                    let (x, y): (f32, f32) =
                        point.split_once(',').map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap())).unwrap();
                    assert!(x >= 0.0 && y >= 0.0 && x <= width && y <= height, "{draw}");
                }
            }
            let low = |draw: &Draw| match draw.shape {
                Shape::Rect { y, h, .. } => y + h,
                _ => 0.0,
            };
            assert!(width < 100.0 || draws.iter().all(|draw| low(draw) <= height), "row {row}, {width} wide");
        }
    }
}

#[test]
fn hatching_stays_in_its_stretch() {
    let space = lossy(23, true);
    // High and narrow, as on a phone.
    for draw in scene::space(&ruler(&space, (366.0, 460.0), 1.0)) {
        if let (Shape::Path(data), "hatch lost") = (&draw.shape, draw.class.as_str()) {
            let xs: Vec<f32> =
                data.split(['M', 'L']).filter_map(|point| point.split_once(',')?.0.parse().ok()).collect();
            let wide = xs.iter().copied().fold(f32::MIN, f32::max) - xs.iter().copied().fold(f32::MAX, f32::min);
            assert!(wide <= 24.0, "{draw}");
        }
    }
}

#[test]
fn a_click_means_the_segment_that_brought_the_bytes() {
    let space = lossy(23, true);
    let ruler = ruler(&space, (560.0, 280.0), 1.0);
    // The middle of the lost stretch, as the picture has it.
    let draws = scene::space(&ruler);
    let lost = draws.iter().find(|draw| draw.class == "fate lost" && matches!(draw.shape, Shape::Path(_))).unwrap();
    let Shape::Path(data) = &lost.shape else { unreachable!() };
    let (x, y) = data.trim_start_matches('M').split_once('L').unwrap().0.split_once(',').unwrap();
    let (x, y): (f32, f32) = (x.parse().unwrap(), y.parse().unwrap());
    let row = scene::space_row(&ruler, x + 4.0, y + 10.0).unwrap();
    assert_eq!(Some(row), space.near.iter().find(|one| one.low == 5001).map(|one| one.row));
    assert_eq!(scene::space_row(&ruler, x, y - 60.0), None);
}
