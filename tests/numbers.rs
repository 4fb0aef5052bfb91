//! Segments in any order, lost and doubled → both ends' figures at any row, the same however one comes there.

use etherparse::{PacketBuilder, TcpOptionElement};
use packet_theater::capture::{FileSource, LinkType, PcapWriter};
use packet_theater::conversation::analysis::{FIGURES, GROUNDS, MAX_SCORED};
use packet_theater::conversation::{Kind, Known, Moment, WALK_MARK};
use packet_theater::engine::{Engine, MAX_ROWS, Request, Response, Row};
use packet_theater::scene;
use packet_theater::session::{Action, Effect, Ends, Session};

/// `SplitMix64`: the same numbers everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn one_in(&mut self, limit: u64) -> bool {
        self.below(limit) == 0
    }
}

/// A transfer over a wire that loses, doubles and reorders: a capture of `rows` packets of one connection.
fn capture(seed: u64, rows: u32) -> Vec<u8> {
    let mut dice = Dice(seed);
    let mut packets: Vec<(u64, Vec<u8>)> = Vec::new();
    let isn = [u32::MAX - 3_000, dice.below(1 << 32) as u32];
    let mut at = 0u64;
    for step in 0..rows {
        at += 1_000 * (1 + dice.below(40)) + if dice.one_in(50) { 300_000_000 } else { 0 };
        let end = usize::from(dice.one_in(2));
        let offset = u32::from(step > 1) + step / 2 * 100;
        let ack = isn[1 - end].wrapping_add(offset.saturating_sub(dice.below(500) as u32));
        let seq = isn[end].wrapping_add(offset);
        let address = |end: usize| [10, 0, 0, 1 + end as u8];
        let builder = PacketBuilder::ipv4(address(end), address(1 - end), 64);
        let builder = builder.tcp(1000 + end as u16, 1000 + (1 - end) as u16, seq, dice.below(1 << 16) as u16);
        let mut payload = vec![0; [0, 1, 100, 100, 1400][dice.below(5) as usize]];
        let builder = match step {
            0 => builder.syn(),
            1 => builder.syn().ack(isn[1 - end].wrapping_add(1)),
            _ if dice.one_in(400) => builder.fin().ack(ack),
            _ if dice.one_in(900) => builder.rst(),
            _ => builder.ack(ack),
        };
        let builder = if step < 2 {
            payload.clear();
            let options = [TcpOptionElement::MaximumSegmentSize(1460), TcpOptionElement::WindowScale(7)];
            builder.options(&options).unwrap()
        } else if dice.one_in(6) {
            let gap = 100 + dice.below(3_000) as u32;
            let block = (ack.wrapping_add(gap), ack.wrapping_add(gap + 100));
            builder.options(&[TcpOptionElement::SelectiveAcknowledgement(block, [None; 3])]).unwrap()
        } else {
            builder
        };
        let mut bytes = Vec::new();
        builder.write(&mut bytes, &payload).unwrap();
        let late = if step > 3 && dice.one_in(20) { 200_000 } else { 0 };
        if step < 3 || !dice.one_in(15) {
            packets.push((at + late, bytes.clone()));
        }
        if step > 3 && dice.one_in(25) {
            packets.push((at + 100_000 + late, bytes));
        }
    }
    packets.sort_by_key(|(time, _)| *time);
    let mut writer = PcapWriter::new(Vec::new(), LinkType::RAW).unwrap();
    for (time, bytes) in &packets {
        writer.packet(*time as i64, bytes.len() as u32, bytes).unwrap();
    }
    writer.finish().unwrap()
}

fn opened(bytes: &[u8]) -> Engine<&[u8]> {
    let mut engine = Engine::open(bytes, "generated").unwrap();
    engine.advance(u64::MAX).unwrap();
    engine
}

fn moment(engine: &mut Engine<&[u8]>, row: u32) -> Moment {
    match engine.answer(&Request::Moment { conversation: 0, row }) {
        Response::Moment { moment, .. } => moment,
        other => panic!("{other:?}"),
    }
}

fn rows(engine: &mut Engine<&[u8]>) -> u32 {
    let Response::Stage(stage) = engine.answer(&Request::Stage { conversation: 0 }) else { panic!("no stage") };
    stage.rows
}

#[test]
fn figures_are_the_same_forwards_backwards_and_by_seek() {
    for seed in 0..20 {
        let bytes = capture(seed, 300);
        let mut engine = opened(&bytes);
        let total = rows(&mut engine);
        let forwards: Vec<Moment> = (0..total).map(|row| moment(&mut engine, row)).collect();
        for row in (0..total).rev() {
            assert_eq!(moment(&mut engine, row), forwards[row as usize], "seed {seed}, back to row {row}");
        }
        let mut dice = Dice(seed);
        for _ in 0..60 {
            let row = dice.below(total.into()) as u32;
            assert_eq!(moment(&mut engine, row), forwards[row as usize], "seed {seed}, seek to row {row}");
        }
        for pair in forwards.windows(2) {
            // A segment on its way has changed nothing of its receiver.
            let moved = [0, 1].map(|end: usize| pair[0].arrived[end] != pair[1].left[end]);
            assert!(moved != [true, true], "seed {seed}, row {}", pair[1].row);
        }
    }
}

#[test]
fn figures_by_a_mark_are_those_from_the_beginning() {
    let bytes = capture(7, 3 * WALK_MARK);
    let mut walked = opened(&bytes);
    let total = rows(&mut walked);
    assert!(total > 2 * WALK_MARK);
    let last = moment(&mut walked, total - 1);
    for row in [WALK_MARK - 1, WALK_MARK, WALK_MARK + 1, 2 * WALK_MARK + 5, total - 1, 3] {
        let by_mark = moment(&mut walked, row);
        assert_eq!(by_mark, moment(&mut opened(&bytes), row), "row {row}");
    }
    assert_eq!(moment(&mut walked, total - 1), last);
    assert!(matches!(walked.answer(&Request::Moment { conversation: 0, row: total }), Response::Failed(_)));
    assert!(matches!(walked.answer(&Request::Moment { conversation: 9, row: 0 }), Response::Failed(_)));
}

#[test]
fn every_figure_says_how_it_is_known() {
    for seed in 20..30 {
        let bytes = capture(seed, 300);
        let mut engine = opened(&bytes);
        for row in 0..rows(&mut engine) {
            for told in moment(&mut engine, row).arrived {
                assert_eq!(told.figures.len(), FIGURES.len());
                assert!(told.blocks.len() <= MAX_SCORED);
                assert!(told.blocks.windows(2).all(|pair| pair[0].1.wrapping_sub(pair[1].0) as i32 <= 0));
                for figure in told.figures {
                    match &figure.known {
                        Known::Unknown => assert!(figure.value.is_none() && figure.frames.is_empty()),
                        Known::Seen => assert!(figure.value.is_some()),
                        Known::Inferred { rule, source } => {
                            assert!(figure.value.is_some());
                            assert!(GROUNDS.contains(&(rule.as_str(), source.as_str())), "{rule} {source}");
                        }
                    }
                    assert!(figure.frames.iter().all(|&frame| frame > 0 && frame <= row + 1), "{figure:?}");
                }
            }
        }
    }
}

#[test]
fn a_prefix_of_a_capture_tells_the_same_of_its_rows() {
    for seed in 30..40 {
        let bytes = capture(seed, 200);
        let mut whole = opened(&bytes);
        let total = rows(&mut whole);
        for part in [1, 2, 3, total / 3, total / 2, total - 1] {
            // A record is 16 bytes of header and its packet.
            let end = (0..part).fold(24, |at: usize, _| {
                16 + at + u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize
            });
            let mut prefix = opened(&bytes[..end]);
            assert_eq!(prefix.findings(0, 0..part), whole.findings(0, 0..part), "seed {seed}, {part} rows");
            assert_eq!(moment(&mut prefix, part - 1), moment(&mut whole, part - 1), "seed {seed}, {part} rows");
        }
    }
}

/// A segment by segment account of a wire that loses on purpose; the numbers are tshark's and the kernels' own.
#[test]
fn what_a_recorded_loss_looks_like_in_figures() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/loss.pcap");
    let mut engine = Engine::open(FileSource::open(path).unwrap(), "").unwrap();
    engine.advance(u64::MAX).unwrap();
    let mut at = |row: u32| match engine.answer(&Request::Moment { conversation: 1, row }) {
        Response::Moment { moment, .. } => moment.arrived,
        other => panic!("{other:?}"),
    };
    let opened = at(2);
    let of = |key: &str, end: usize| opened[end].get(key);
    assert_eq!([of("mss", 0), of("shift", 0), of("sack", 0), of("timestamps", 0)], [1460, 10, 1, 1].map(Some));
    assert_eq!([of("iss", 0), of("irs", 0)], [of("irs", 1), of("iss", 1)]);
    assert_eq!([of("snd-wnd", 1), of("snd-wnd", 0)], [Some(64_512), Some(65_160)]);
    // Four duplicates after the acknowledgment of 5001; their blocks reach from 6001 to 10001.
    let hole = &at(24)[0];
    assert_eq!([hole.get("snd-una"), hole.get("dup-acks"), hole.get("sacked")], [5_001, 4, 4_000].map(Some));
    assert_eq!(hole.blocks, [(6_001, 10_001)]);
    assert_eq!(hole.get("phase"), Some(3), "fast recovery");
    let mended = &at(30)[0];
    assert_eq!([mended.get("snd-una"), mended.get("sacked"), mended.get("dup-acks")], [12_897, 0, 0].map(Some));
    // Karn: what was sent twice tells no round trip.
    assert_eq!(mended.get("rtt"), hole.get("rtt"));
}

/// Nothing is known of an end that has not answered: what was sent to it may have been lost.
#[test]
fn an_end_that_says_nothing_has_no_figures() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/loss.pcap");
    let mut engine = Engine::open(FileSource::open(path).unwrap(), "").unwrap();
    engine.advance(u64::MAX).unwrap();
    let Response::Moment { moment, .. } = engine.answer(&Request::Moment { conversation: 0, row: 4 }) else {
        panic!("no moment")
    };
    let [asks, silent] = moment.arrived;
    assert!(silent.figures.iter().all(|figure| figure.value.is_none() && figure.known == Known::Unknown));
    // Four SYNs more, a second apart as this kernel has them.
    assert_eq!((asks.get("again"), asks.get("attempt")), (Some(4), Some(4)));
    assert_eq!(asks.get("waited").map(|waited| waited / 1_000_000_000), Some(1));
    assert_eq!(asks.get("rto"), Some(1_000_000_000));
}

#[test]
fn the_page_asks_for_the_figures_of_its_row_and_only_while_they_show() {
    let bytes = capture(3, 60);
    let mut engine = opened(&bytes);
    let mut session = Session::default();
    let mut asked = Vec::new();
    let mut act = |session: &mut Session, action: Action| {
        let mut queue = session.reduce(action);
        while let Some(effect) = queue.pop() {
            let Effect::Send(request) = effect else { continue };
            if let Request::Moment { row, .. } = request {
                asked.push(row);
            }
            queue.extend(session.reduce(Action::Answered(Box::new(engine.answer(&request)))));
        }
        std::mem::take(&mut asked)
    };
    act(&mut session, Action::ChooseConversation(0));
    assert_eq!(act(&mut session, Action::ChooseRow(4)), [0u32; 0]);
    assert_eq!(act(&mut session, Action::Ends(Ends::Numbers)), [4]);
    let there = session.figures.moment.clone();
    assert_eq!(act(&mut session, Action::ChooseRow(9)), [9]);
    assert_eq!(act(&mut session, Action::StepBack), [8]);
    assert_eq!(act(&mut session, Action::ChooseRow(4)), [4]);
    assert_eq!(session.figures.moment, there);
    act(&mut session, Action::Ends(Ends::Machine));
    assert_eq!(act(&mut session, Action::ChooseRow(7)), [0u32; 0]);
}

/// What the ladder shows does not depend on how one came there either.
#[test]
fn rows_are_the_same_in_any_order_of_asking() {
    let bytes = capture(11, 400);
    let mut engine = opened(&bytes);
    let total = rows(&mut engine);
    let mut window = |start: u32, count: u32| -> Vec<Row> {
        match engine.answer(&Request::Rows { conversation: 0, start, count }) {
            Response::Rows { rows, .. } => rows,
            other => panic!("{other:?}"),
        }
    };
    let whole = window(0, MAX_ROWS.min(total));
    for start in (0..total).rev().step_by(17) {
        let part = window(start, 17);
        assert_eq!(part[..], whole[start as usize..][..part.len()]);
    }
}

/// The figures are those of the analysis, which `cargo xtask agree --analysis` holds against tshark, and of the decoded fields.
#[test]
fn figures_agree_with_what_is_said_of_each_segment() {
    let mut compared = [0; 3];
    for path in ["tests/golden/loss.pcap", "lessons/tcp-handshake/capture.pcapng", "tests/golden/network.pcap"] {
        let source = FileSource::open(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let mut engine = Engine::open(source, "").unwrap();
        engine.advance(u64::MAX).unwrap();
        let Response::Conversations { rows: all, .. } =
            engine.answer(&Request::Conversations { start: 0, count: MAX_ROWS })
        else {
            panic!("no conversations")
        };
        for conversation in all.iter().filter(|it| matches!(it.kind, Kind::Tcp(_))) {
            let id = conversation.id;
            let Response::Rows { rows, .. } =
                engine.answer(&Request::Rows { conversation: id, start: 0, count: MAX_ROWS })
            else {
                panic!("no rows")
            };
            for (row, finding) in rows.iter().zip(engine.findings(id, 0..MAX_ROWS)) {
                let Response::Moment { moment, .. } =
                    engine.answer(&Request::Moment { conversation: id, row: row.row })
                else {
                    panic!("no moment")
                };
                let own = &moment.arrived[usize::from(row.from)];
                let peer = &moment.arrived[1 - usize::from(row.from)];
                let packet = engine.packet(row.frame).unwrap();
                let field = |key: &str| packet.layers.iter().find_map(|layer| layer.get(key)).map(|it| it.show.clone());
                if let (Some(window), Some(shown)) = (own.get("rcv-wnd"), field("tcp.window_size")) {
                    assert_eq!(window.to_string(), shown, "{path} frame {}", row.frame);
                    compared[0] += 1;
                }
                let sample = peer.figures.iter().find(|figure| figure.key() == "rtt").unwrap();
                if finding.ack_rtt.is_some() && sample.frames == [finding.acks_frame.unwrap_or(0), row.frame] {
                    assert_eq!(sample.value, finding.ack_rtt, "{path} frame {}", row.frame);
                    compared[1] += 1;
                }
                // tshark takes only the last segment's blocks from what is in flight, the scoreboard all.
                let ends =
                    field("tcp.flags.syn").as_deref() == Some("1") || field("tcp.flags.fin").as_deref() == Some("1");
                if let Some(flight) = finding.bytes_in_flight.filter(|_| own.blocks.is_empty() && !ends) {
                    assert_eq!(own.get("flight"), Some(flight.into()), "{path} frame {}", row.frame);
                    compared[2] += 1;
                }
            }
        }
    }
    assert!(compared.iter().all(|&count| count > 20), "{compared:?}");
}

/// An opening and a segment of data with its acknowledgment, each end so far away (there and back, in microseconds).
fn seen_from(reach: [u64; 2]) -> Vec<u8> {
    let mut writer = PcapWriter::new(Vec::new(), LinkType::RAW).unwrap();
    let [a, b] = reach;
    let flow = [(0, 0, "S"), (1, b, "SA"), (0, b + a, "A"), (0, b + a + 5, "D"), (1, 2 * b + a + 9, "A")];
    let answer = [(1, 3 * b + a, "D"), (0, 3 * b + 2 * a + 3, "A")];
    for (end, micros, kind) in flow.into_iter().chain(answer) {
        let builder = PacketBuilder::ipv4([10, 0, 0, 1 + end], [10, 0, 0, 2 - end], 64);
        let builder =
            builder.tcp(1000 + u16::from(end), 1001 - u16::from(end), u32::from(kind != "S" && kind != "SA"), 9);
        let late = micros > 2 * b + a;
        let ack = 1 + if late || (end == 1 && micros > b) { 10 } else { 0 };
        let (builder, payload) = match kind {
            "S" => (builder.syn(), 0),
            "SA" => (builder.syn().ack(1), 0),
            "D" => (builder.ack(if late { 11 } else { 1 }), 10),
            _ => (builder.ack(if kind == "A" && micros == b + a { 1 } else { ack }), 0),
        };
        let mut bytes = Vec::new();
        builder.write(&mut bytes, &vec![0; payload]).unwrap();
        writer.packet(micros as i64 * 1000, bytes.len() as u32, &bytes).unwrap();
    }
    writer.finish().unwrap()
}

#[test]
fn the_capture_point_is_where_answers_come_quickly_from() {
    let point = |reach: [u64; 2]| {
        let bytes = seen_from(reach);
        let mut engine = opened(&bytes);
        let Response::Stage(stage) = engine.answer(&Request::Stage { conversation: 0 }) else { panic!("no stage") };
        stage.point
    };
    for (reach, near) in [([30, 40_000], Some(0)), ([40_000, 30], Some(1)), ([20_000, 21_000], None)] {
        let point = point(reach).unwrap();
        assert_eq!((point.near(), point.sure), (near, true), "{reach:?} {point:?}");
        assert_eq!(point.reach, [reach[0] as i64 * 1000, reach[1] as i64 * 1000]);
    }
    // Hosts that answer each other within microseconds tell nothing.
    assert_eq!(point([30, 40]), None);
}

/// What the reader says of the capture point counts, until another conversation comes.
#[test]
fn the_reader_corrects_the_capture_point() {
    let bytes = seen_from([30, 40_000]);
    let mut engine = opened(&bytes);
    let mut session = Session::default();
    let stage = engine.answer(&Request::Stage { conversation: 0 });
    session.reduce(Action::Answered(Box::new(stage.clone())));
    assert!(session.captured().unwrap() < 0.15);
    session.reduce(Action::Captured(Some(2)));
    assert_eq!(session.captured(), Some(1.0));
    session.reduce(Action::Captured(None));
    assert!(session.captured().unwrap() < 0.15);
    session.reduce(Action::Captured(Some(1)));
    session.reduce(Action::Answered(Box::new(stage)));
    assert!(session.captured().unwrap() < 0.15);
}

/// Lets the engine answer everything that an action asks for.
fn act(session: &mut Session, engine: &mut Engine<&[u8]>, action: Action) {
    let mut queue = session.reduce(action);
    while let Some(effect) = queue.pop() {
        if let Effect::Send(request) = effect {
            queue.extend(session.reduce(Action::Answered(Box::new(engine.answer(&request)))));
        }
    }
}

/// Steps, seeks and play, forwards and backwards: what the page shows of a row does not tell how one came there.
#[test]
fn any_way_to_a_row_shows_the_same() {
    for seed in 50..52 {
        let bytes = capture(seed, 600);
        let mut engine = opened(&bytes);
        let mut direct = Session::default();
        act(&mut direct, &mut engine, Action::ChooseConversation(0));
        act(&mut direct, &mut engine, Action::Ends(Ends::Numbers));
        let mut wandering = direct.clone();
        let total = direct.rows_total();
        let mut dice = Dice(seed);
        for _ in 0..80 {
            let action = match dice.below(8) {
                0 => Action::Step,
                1 => Action::StepBack,
                2 => Action::Seek(dice.below(u64::from(total) * 10) as f64 / 10.0),
                3 => Action::Last,
                4 => Action::Toggle,
                5 => Action::First,
                _ => Action::Tick(dice.below(30) as f64 / 10.0),
            };
            act(&mut wandering, &mut engine, action);
            let row = wandering.player.row();
            if wandering.player.position < 1.0 {
                continue;
            }
            act(&mut direct, &mut engine, Action::ChooseRow(row));
            assert_eq!(wandering.figures.moment, direct.figures.moment, "seed {seed}, row {row}");
            assert_eq!(wandering.rows.get(row), direct.rows.get(row), "seed {seed}, row {row}");
            let frame = |session: &Session| session.frame.as_ref().map(|frame| (frame.frame, frame.judged.clone()));
            assert_eq!(frame(&wandering), frame(&direct), "seed {seed}, row {row}");
            let states = |session: &Session| scene::states_at(&session.stage.as_ref().unwrap().transitions, row.into());
            assert_eq!(states(&wandering), states(&direct));
        }
    }
}
