//! A TCP conversation → the marks of its graphs, against what tshark tells of the same packets.

use packet_theater::capture::FileSource;
use packet_theater::conversation::analysis::Step;
use packet_theater::conversation::graph::{
    self, ACKED, AGAIN, About, Ask, BUCKETS, FLIGHT, Graph, MAX_MARKS, Mark, Plot, RATE, ROUND_TRIP, SACK, SEGMENT,
    WINDOW, round_up,
};
use packet_theater::conversation::{Options, Segment};
use packet_theater::engine::{Engine, Request, Response};
use packet_theater::scene::{self, Chart, Draw, Shape, measure};

/// The transfer over a wire that loses segments, of 41 frames (port 7002): tshark calls it `tcp.stream` 1.
const LOSSY: u32 = 1;

fn opened(path: &str) -> Engine<FileSource> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let mut engine = Engine::open(FileSource::open(path).unwrap(), "").unwrap();
    engine.advance(u64::MAX).unwrap();
    engine
}

fn ask(engine: &mut Engine<FileSource>, ask: Ask) -> Graph {
    match engine.answer(&Request::Graph(ask)) {
        Response::Graph(graph) => graph,
        other => panic!("{other:?}"),
    }
}

fn lossy(plot: Plot) -> Graph {
    ask(&mut opened("tests/golden/loss.pcap"), Ask { conversation: LOSSY, plot, ..Ask::default() })
}

#[test]
fn the_sequence_graph_has_every_segment_and_what_was_sent_again() {
    let graph = lossy(Plot::Sequence);
    assert_eq!(graph.ask.end, Some(0), "the client sent the data");
    assert!(!graph.unscaled && graph.interval == 0);
    // The capture was taken before the loss: there is no gap from the SYN to the FIN.
    let mut bars: Vec<(i64, i64)> = graph.series[SEGMENT].iter().map(|mark| (mark.low, mark.high)).collect();
    bars.sort_unstable();
    assert_eq!((bars[0].0, bars.last().unwrap().1), (0, 20_002));
    assert!(bars.windows(2).all(|pair| pair[1].0 <= pair[0].1), "{bars:?}");
    assert_eq!(graph.series[ACKED].last().unwrap().low, 20_002);
    // Frame 32 is the conversation's row 24.
    let again: Vec<(i64, i64, u32)> = graph.series[AGAIN].iter().map(|mark| (mark.low, mark.high, mark.row)).collect();
    assert_eq!(again, [(5001, 6001, 24)]);
    let highest = graph.series[SACK].iter().map(|mark| mark.high).max();
    assert_eq!((graph.series[SACK][0].low, highest), (6001, Some(12_897)));
    for (edge, ack) in graph.series[WINDOW].iter().zip(&graph.series[ACKED]) {
        assert_eq!((edge.at, edge.row), (ack.at, ack.row));
    }
    // The last window of 80,896 bytes is offered behind what was acknowledged.
    assert_eq!(graph.series[WINDOW].last().unwrap().low, 20_002 + 80_896);
    assert!([FLIGHT, ROUND_TRIP, RATE].iter().all(|series| graph.series[*series].is_empty()));
}

#[test]
fn round_trips_are_tsharks_but_for_what_karn_forbids() {
    let mut engine = opened("tests/golden/loss.pcap");
    let mut found = Vec::new();
    // Four of them lie within 20 microseconds, closer than all of it tells apart.
    for (start, stop) in [(0, 86_500_000), (86_500_000, 87_000_000), (87_000_000, i64::MAX)] {
        let part = Ask { conversation: LOSSY, end: None, plot: Plot::RoundTrip, start, stop, ..Ask::default() };
        found.extend(ask(&mut engine, part).series[ROUND_TRIP].iter().map(|mark| mark.low / 1000));
    }
    // tshark has one more, of frame 38: that acknowledges beyond what was sent again.
    let tshark = [46_157, 40_455, 40_494, 40_495, 40_494, 40_494, 40_238, 40_652, 40_301, 40_385, 40_395, 40_722];
    assert_eq!(found, tshark);
    // The server's own: the SYN,ACK and the FIN.
    let other = Ask { conversation: LOSSY, end: Some(1), plot: Plot::RoundTrip, ..Ask::default() };
    let other = ask(&mut opened("tests/golden/loss.pcap"), other);
    assert_eq!(other.series[ROUND_TRIP].iter().map(|mark| mark.low / 1000).collect::<Vec<_>>(), [38, 31]);
}

#[test]
fn what_is_in_flight_is_what_was_sent_and_not_acknowledged() {
    let graph = lossy(Plot::Flight);
    let most = graph.series[FLIGHT].iter().max_by_key(|mark| mark.low).unwrap();
    // Frame 37 sends up to 17,241 while 5001 is acknowledged. tshark leaves out what a SACK names.
    assert_eq!((most.low, most.row), (17_241 - 5001, 29));
    assert_eq!(graph.series[FLIGHT].last().unwrap().low, 0);
    assert_eq!(graph.series[WINDOW].last().unwrap().low, 80_896);
}

#[test]
fn throughput_adds_up_to_all_data() {
    let graph = lossy(Plot::Throughput);
    let sum = |series: usize| -> i64 {
        graph.series[series].iter().map(|mark| mark.high * graph.interval / 1_000_000_000).sum()
    };
    assert_eq!(graph.interval, 10_000_000);
    assert_eq!((sum(RATE), sum(AGAIN)), (21_000, 1000));
}

#[test]
fn a_stretch_of_time_has_its_own_marks_and_the_line_that_comes_in() {
    let mut engine = opened("tests/golden/loss.pcap");
    let all = lossy(Plot::Sequence);
    let (start, stop) = (100_000_000, 150_000_000);
    let part = ask(&mut engine, Ask { start, stop, ..all.ask });
    assert_eq!((part.ask.start, part.ask.stop, part.length), (start, stop, all.length));
    assert!(part.series[SEGMENT].iter().all(|mark| mark.at >= start && mark.at <= stop));
    // Frames 35, 37, and 39 with 40, which are two microseconds apart.
    let bars: Vec<(i64, i64)> = part.series[SEGMENT].iter().map(|mark| (mark.low, mark.high)).collect();
    assert_eq!(bars, [(14_345, 15_793), (15_793, 17_241), (17_241, 20_001)]);
    let acked = &part.series[ACKED];
    assert!(acked[0].at < start && acked[1].at >= start && acked.last().unwrap().at > stop);
}

#[test]
fn only_tcp_has_graphs_and_any_question_is_answered() {
    let mut engine = opened("tests/golden/dns.pcap");
    assert!(matches!(engine.answer(&Request::Graph(Ask::default())), Response::Failed(_)));
    let mut engine = opened("tests/golden/loss.pcap");
    for plot in [Plot::Sequence, Plot::Flight, Plot::RoundTrip, Plot::Throughput] {
        for end in [None, Some(0), Some(1), Some(7)] {
            for (start, stop) in [(0, 0), (i64::MIN, i64::MAX), (i64::MAX - 1, i64::MAX), (5, 6), (-9, -3)] {
                ask(&mut engine, Ask { conversation: LOSSY, end, plot, start, stop, ..Ask::default() });
            }
        }
    }
}

#[test]
fn windows_of_an_unknown_scale_are_left_out() {
    let about = About { length: 1000, shift: None, ..About::default() };
    let graph = graph::graph(Ask { end: Some(0), ..Ask::default() }, about, steps(10, 1000).into_iter());
    assert!(graph.unscaled && graph.series[WINDOW].is_empty() && !graph.series[ACKED].is_empty());
}

/// So many segments of 1000 bytes from end 0, a microsecond apart, each acknowledged at once with this window.
fn steps(count: u32, window: u16) -> Vec<(u32, Step, u32)> {
    let step = |row: u32, end, segment| {
        let time = i64::from(row) * 1000;
        (row, Step { frame: row + 1, end, time, segment, options: Options::default(), reused: false }, 0)
    };
    (0..count)
        .flat_map(|i| {
            let seq = i.wrapping_mul(1000).wrapping_sub(50_000);
            let data = Segment { seq, flags: 0x10, payload: 1000, ..Segment::default() };
            let ack = Segment { ack: seq.wrapping_add(1000), flags: 0x10, window, ..Segment::default() };
            [step(2 * i, 0, data), step(2 * i + 1, 1, ack)]
        })
        .collect()
}

#[test]
fn a_long_stream_keeps_its_one_spike_in_few_marks() {
    let count = 200_000;
    let mut steps = steps(count, 1000);
    // One window of nothing, and one segment sent again.
    steps[300_001].1.segment.window = 0;
    steps[123_456].2 = 1;
    let about = About { length: i64::from(count) * 2000, base: 0u32.wrapping_sub(50_000), shift: Some(2), first: 0 };
    for plot in [Plot::Sequence, Plot::Flight, Plot::RoundTrip, Plot::Throughput] {
        let asked = Ask { end: Some(0), plot, ..Ask::default() };
        let graph = graph::graph(asked, about, steps.iter().copied());
        for marks in &graph.series {
            assert!(marks.len() <= MAX_MARKS, "{plot:?}: {}", marks.len());
            assert!(marks.windows(2).all(|pair| pair[0].row < pair[1].row), "{plot:?}: rows in order, each once");
        }
        let edges = |series: usize| {
            let marks = &graph.series[series];
            (marks.iter().map(|mark| mark.low).min(), marks.iter().map(|mark| mark.high).max())
        };
        match plot {
            Plot::Sequence => {
                // Around the end of the 32 bits the numbers count on.
                assert_eq!(edges(SEGMENT), (Some(0), Some(i64::from(count) * 1000)));
                assert_eq!(graph.series[AGAIN].iter().map(|mark| mark.row).collect::<Vec<_>>(), [123_456]);
                assert!(graph.series[SEGMENT].len() >= BUCKETS / 2);
            }
            Plot::Flight => assert_eq!((edges(WINDOW), edges(FLIGHT).1), ((Some(0), Some(4000)), Some(1000))),
            Plot::RoundTrip => assert_eq!(edges(ROUND_TRIP), (Some(1000), Some(1000))),
            Plot::Throughput => assert_eq!(edges(RATE).1, Some(500_000_000)),
            Plot::Space => unreachable!(),
        }
    }
}

#[test]
fn lengths_are_round() {
    let found = [0, 1, 2, 3, 6, 11, 1001, 5001, i64::MAX].map(round_up);
    assert_eq!(found[..8], [1, 1, 2, 5, 10, 20, 2000, 10_000]);
    assert!(found[8] > 0);
}

/// Not reached by any golden: repeats of many kinds, in whatever order of time.
#[test]
fn times_that_run_backwards_give_marks_too() {
    let mut steps = steps(5_000, 9);
    for (row, step, flags) in &mut steps {
        step.time = i64::from(*row % 7) * 1_000_000 - 2_000_000;
        *flags = u32::from(*row % 3 == 0);
    }
    let about = About { length: 7_000_000, shift: Some(14), ..About::default() };
    let graph = graph::graph(Ask { end: Some(0), ..Ask::default() }, about, steps.into_iter());
    let all: Vec<Mark> = graph.series.concat();
    assert!(!all.is_empty() && all.iter().all(|mark| mark.low <= mark.high));
    assert!(graph.series.iter().all(|marks| marks.len() <= MAX_MARKS));
}

const NAMES: [&str; 9] = [
    "segment",
    "sent again",
    "SACK",
    "acknowledged up to",
    "window",
    "in flight (estimate)",
    "round-trip time",
    "data",
    "(above ↑)",
];

fn chart(graph: &Graph, range: (i64, i64)) -> Chart<'_> {
    let now = Some(89_000_000);
    Chart { graph, range, now, selected: Some(24), hidden: u32::MAX, size: (560.0, 280.0), text: 1.0, names: &NAMES }
}

#[test]
fn pictures_are_as_they_were() {
    let mut text = String::new();
    for plot in [Plot::Sequence, Plot::Flight, Plot::RoundTrip, Plot::Throughput] {
        let graph = lossy(plot);
        text += &format!("# {plot:?}\n");
        for draw in scene::graph(&chart(&graph, (0, graph.length))) {
            text += &format!("{draw}\n");
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/graphs.scene");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, &text).expect("the golden can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "graphs.scene differs; look at it, then UPDATE_GOLDENS=1 rewrites it:\n{text}");
}

/// The texts with this class, in the order in which they are drawn.
fn texts(draws: &[Draw], class: &str) -> Vec<String> {
    let text = |draw: &Draw| match &draw.shape {
        Shape::Text { text, .. } if draw.class == class => Some(text.clone()),
        _ => None,
    };
    draws.iter().filter_map(text).collect()
}

#[test]
fn nothing_leaves_the_picture_and_no_texts_overlap() {
    for plot in [Plot::Sequence, Plot::Flight, Plot::RoundTrip, Plot::Throughput] {
        let graph = lossy(plot);
        for (start, stop) in [(0, graph.length), (86_000_000, 90_000_000), (89_000_000, 89_001_000), (0, i64::MAX)] {
            for (width, height, size) in
                [(366.0, 300.0, 1.0), (560.0, 180.0, 1.0), (1200.0, 700.0, 1.67), (20.0, 9.0, 1.0)]
            {
                let look = Chart { size: (width, height), text: size, ..chart(&graph, (start, stop)) };
                let draws = scene::graph(&look);
                let corners: Vec<_> = draws.iter().filter_map(measure::text_corners).collect();
                for (at, one) in corners.iter().enumerate() {
                    assert!(
                        corners[..at].iter().all(|other| !measure::overlap(one, other)),
                        "{plot:?} {width} {start}"
                    );
                }
                for draw in &draws {
                    let Shape::Path(data) = &draw.shape else { continue };
                    for point in data.split(['M', 'L', 'Z', ' ']).filter(|point| !point.is_empty()) {
                        let (x, y) = point.split_once(',').expect("a place has two numbers");
                        let (x, y): (f32, f32) = (x.parse().unwrap(), y.parse().unwrap());
                        let air = 12.0 * size;
                        assert!(
                            width < 100.0 || x >= -air && x <= width + air && y >= -air && y <= height + air,
                            "{draw}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn axes_are_round_and_in_the_unit_that_fits() {
    let ticks = |plot, range| {
        let graph = lossy(plot);
        texts(&scene::graph(&chart(&graph, range)), "tick")
    };
    let all = (0, 587_000_000);
    assert_eq!(ticks(Plot::Sequence, all)[..5], ["0 kB", "5 kB", "10 kB", "15 kB", "20 kB"]);
    assert_eq!(ticks(Plot::RoundTrip, all)[..3], ["0 ms", "10 ms", "20 ms"]);
    assert!(ticks(Plot::Throughput, all).iter().any(|tick| tick.ends_with("MB/s")));
    let closer = ticks(Plot::Sequence, (86_800_000, 86_900_000));
    assert!(closer.contains(&"86.82 ms".to_owned()), "{closer:?}");
    assert!(closer.contains(&"4.0 kB".to_owned()) || closer.contains(&"4 kB".to_owned()), "{closer:?}");
}

#[test]
fn a_click_means_the_nearest_mark() {
    let graph = lossy(Plot::Sequence);
    let all = chart(&graph, (0, graph.length));
    // Where the segment that was sent again is drawn, as the golden says, and a little beside it.
    let draws = scene::graph(&all);
    let chosen = draws.iter().find(|draw| draw.class == "plot again chosen").expect("frame 32 is selected");
    let Shape::Path(data) = &chosen.shape else { panic!("{chosen}") };
    let (x, y) = data.trim_start_matches('M').split_once('L').unwrap().0.split_once(',').unwrap();
    let (x, y): (f32, f32) = (x.parse().unwrap(), y.parse().unwrap());
    assert_eq!(scene::graph_row(&all, x, y - 1.0), Some(24));
    assert_eq!(scene::graph_row(&all, 300.0, 200.0), None, "there is nothing");
    // What is not given away yet cannot be chosen, and is not drawn.
    let early = Chart { hidden: 3, ..all };
    assert_eq!(scene::graph_row(&early, x, y - 1.0), None);
    assert!(texts(&scene::graph(&early), "legend").iter().all(|name| name != "sent again"));
    assert!((scene::graph_share(&all, 280.0) - 0.44).abs() < 0.01);
    assert_eq!((scene::graph_share(&all, -5.0), scene::graph_share(&all, 9999.0)), (0.0, 1.0));
}

#[test]
fn what_passed_twice_was_sent_again_and_what_fills_a_gap_was_not() {
    let data = |row: u32, seq: u32| {
        let segment = Segment { seq, flags: 0x10, payload: 100, ..Segment::default() };
        let time = i64::from(row) * 1_000_000;
        // No flag: tshark calls all of them out of order.
        (row, Step { frame: row + 1, end: 0, time, segment, options: Options::default(), reused: false }, 0)
    };
    let rows = [1, 101, 401, 201, 101, 301, 301, 501];
    let steps = (0..).zip(rows).map(|(row, seq)| data(row, seq));
    let about = About { length: 10_000_000, ..About::default() };
    let graph = graph::graph(Ask { end: Some(0), ..Ask::default() }, about, steps);
    let rows = |series: usize| graph.series[series].iter().map(|mark| mark.row).collect::<Vec<_>>();
    assert_eq!((rows(SEGMENT), rows(AGAIN)), (vec![0, 1, 2, 3, 5, 7], vec![4, 6]));
}
