//! Actions → what a viewer would notice: places, pauses, questions, windows.

use super::*;
use crate::conversation::graph::{self, Graph};
use crate::conversation::{Conversation, Endpoint, Kind, Told};
use crate::engine::{Column, FieldView, LayerView, Listing, Matched, Overview};
use crate::lesson::{Question, Step};
use crate::protocol::bits;

fn stage(rows: u32) -> Stage {
    let end = |address: &str| Endpoint { address: address.into(), port: Some(80) };
    let conversation = Conversation {
        id: 0,
        kind: Kind::Tcp(0),
        protocol: "TCP".into(),
        ends: [end("192.0.2.1"), end("192.0.2.2")],
        frames: rows,
        bytes: 0,
        first: 0,
        last: 0,
    };
    Stage {
        conversation,
        rows,
        transitions: Vec::new(),
        told: Told::default(),
        point: None,
        length: rows.into(),
        hosts: Vec::new(),
    }
}

/// Answers what the session asks, as the engine would, until it asks no more.
fn settle(session: &mut Session, rows: u32, effects: Vec<Effect>) {
    let mut waiting = effects;
    while let Some(effect) = waiting.pop() {
        let Effect::Send(request) = effect else { continue };
        let answer = match request {
            Request::Stage { .. } => Response::Stage(stage(rows)),
            Request::Rows { conversation, start, count } => {
                let window = (start..(start + count).min(rows)).map(|row| Row {
                    row,
                    frame: row + 1,
                    at: row.into(),
                    ..Row::default()
                });
                Response::Rows { conversation, start, rows: window.collect() }
            }
            Request::Layers { frame } => {
                let field = |key: &str| FieldView { key: key.into(), at: bits(0, 8), ..FieldView::default() };
                let layer = LayerView {
                    buffer: 0,
                    protocol: "tcp".into(),
                    pos: 0,
                    size: 2,
                    fields: vec![field("tcp.seq"), field("tcp.ack")],
                    ..LayerView::default()
                };
                Response::Layers(FrameView { frame, row: frame - 1, layers: vec![layer], ..FrameView::default() })
            }
            _ => continue,
        };
        waiting.extend(session.reduce(Action::Answered(Box::new(answer))));
    }
}

fn act(session: &mut Session, rows: u32, action: Action) {
    let effects = session.reduce(action);
    settle(session, rows, effects);
}

fn opened(rows: u32) -> Session {
    let mut session = Session::default();
    act(&mut session, rows, Action::Open { name: "a.pcap".into(), size: 9, route: Route::Capture });
    let summary = Summary { frames: rows, conversations: 1, start_with: Some(0), ..Summary::default() };
    act(&mut session, rows, Action::Answered(Box::new(Response::Opened(summary))));
    session
}

fn lesson(rows: u32) -> Session {
    let step = |id: &str, frame, question: bool| Step {
        id: id.into(),
        frame,
        focus: Some("tcp.ack".into()),
        question: question.then(|| Question { choices: vec!["a".into(), "b".into()], right: 1, ..Question::default() }),
        ..Step::default()
    };
    let script = Lesson {
        id: "open".into(),
        capture: "capture.pcapng".into(),
        steps: vec![step("start", None, false), step("syn", Some(1), false), step("answer", Some(2), true)],
        ..Lesson::default()
    };
    let mut session = Session::default();
    let route = Route::Lesson { id: "open".into(), step: 1 };
    act(&mut session, rows, Action::Arrived(route.clone()));
    act(&mut session, rows, Action::LessonLoaded(Rc::new(script)));
    act(&mut session, rows, Action::Open { name: "capture.pcapng".into(), size: 9, route });
    let summary = Summary { frames: rows, conversations: 1, start_with: Some(0), ..Summary::default() };
    act(&mut session, rows, Action::Answered(Box::new(Response::Opened(summary))));
    session
}

fn finish(session: &mut Session, rows: u32) {
    for _ in 0..400 {
        act(session, rows, Action::Tick(0.05));
    }
}

#[test]
fn an_upload_opens_at_its_first_packet_and_takes_it_apart() {
    let session = opened(9);
    assert_eq!((session.player.position, session.frame.as_ref().map(|frame| frame.frame)), (1.0, Some(1)));
    assert_eq!(session.side, Side::Packets);
    assert_eq!(session.chosen, Some(Chosen { layer: 0, field: None }));
}

#[test]
fn a_step_plays_one_packet_and_stops_and_a_second_press_lands_it() {
    let mut session = opened(9);
    act(&mut session, 9, Action::Step);
    assert!(session.player.playing);
    act(&mut session, 9, Action::Step);
    assert_eq!((session.player.position, session.player.playing), (2.0, false));
    act(&mut session, 9, Action::Step);
    finish(&mut session, 9);
    assert_eq!((session.player.position, session.player.playing), (3.0, false));
    assert_eq!(session.frame.as_ref().map(|frame| frame.frame), Some(3));
    act(&mut session, 9, Action::StepBack);
    assert_eq!((session.player.position, session.frame.as_ref().map(|frame| frame.frame)), (2.0, Some(2)));
}

#[test]
fn any_row_of_a_long_conversation_is_reached_at_once_and_its_neighbours_are_there() {
    let mut session = opened(150_000);
    for row in [149_999, 3, 75_000, 74_999] {
        act(&mut session, 150_000, Action::ChooseRow(row));
        assert_eq!(session.frame.as_ref().map(|frame| frame.frame), Some(row + 1));
        assert!(session.rows.get(row).is_some() && session.rows.get(row.saturating_sub(20)).is_some());
    }
}

#[test]
fn the_chosen_field_stays_from_packet_to_packet() {
    let mut session = opened(9);
    act(&mut session, 9, Action::Choose { layer: 0, field: Some(1) });
    act(&mut session, 9, Action::ChooseRow(4));
    assert_eq!(session.chosen, Some(Chosen { layer: 0, field: Some(1) }));
}

#[test]
fn a_question_holds_the_packet_back_until_it_is_answered() {
    let mut session = lesson(5);
    act(&mut session, 5, Action::Step);
    finish(&mut session, 5);
    assert_eq!((session.step, session.player.position), (1, 1.0));
    act(&mut session, 5, Action::Step);
    assert_eq!((session.step, session.player.position, session.player.playing), (2, 1.0, false));
    assert!(session.open_question().is_some());
    act(&mut session, 5, Action::Answer(Some(0)));
    finish(&mut session, 5);
    assert_eq!((session.player.position, session.given(2)), (2.0, Some(Some(0))));
    assert!(session.open_question().is_none());
}

#[test]
fn a_lesson_says_its_step_in_the_address_and_comes_back_to_it() {
    let mut session = lesson(5);
    let effects = session.reduce(Action::Step);
    assert!(effects.contains(&Effect::Location(Route::Lesson { id: "open".into(), step: 2 }, true)));
    settle(&mut session, 5, effects);
    act(&mut session, 5, Action::Arrived(Route::Lesson { id: "open".into(), step: 1 }));
    assert_eq!((session.step, session.player.position), (0, 0.0));
}

#[test]
fn the_back_button_writes_no_history_and_every_way_to_a_step_is_remembered() {
    let mut session = lesson(5);
    act(&mut session, 5, Action::GoStep(1));
    let effects = session.reduce(Action::Arrived(Route::Lesson { id: "open".into(), step: 1 }));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Location(..))), "{effects:?}");
    act(&mut session, 5, Action::Seek(5.0));
    let effects = session.reduce(Action::First);
    assert!(effects.contains(&Effect::Location(Route::Lesson { id: "open".into(), step: 1 }, true)), "{effects:?}");
}

#[test]
fn a_reload_on_my_own_capture_says_that_it_is_gone() {
    let mut session = Session::default();
    let effects = session.reduce(Action::Arrived(Route::Capture));
    assert_eq!(session.failure.as_ref().map(|failure| failure.kind.as_str()), Some("capture-gone"));
    assert!(effects.contains(&Effect::Location(Route::Home, false)));
}

#[test]
fn reduced_motion_cuts_instead_of_moving() {
    let mut session = opened(9);
    act(&mut session, 9, Action::ReducedMotion(true));
    act(&mut session, 9, Action::Step);
    assert_eq!((session.player.position, session.player.playing), (2.0, false));
}

#[test]
fn a_protocol_is_explained_when_its_first_packet_is_shown_and_stays_so() {
    let mut session = opened(9);
    assert!(session.explained.iter().any(|known| known == "tcp"), "{:?}", session.explained);
    let answer = Response::Layers(FrameView {
        frame: 2,
        layers: session.frame.iter().flat_map(|frame| frame.layers.clone()).collect(),
        ..FrameView::default()
    });
    session.asked_frame = Some(2);
    let effects = session.reduce(Action::Answered(Box::new(answer)));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Explain(_))), "{effects:?}");
    act(&mut session, 9, Action::Open { name: "b.pcap".into(), size: 9, route: Route::Capture });
    assert!(session.explained.iter().any(|known| known == "tcp"));
}

#[test]
fn the_glossary_leaves_the_stage_as_it_was() {
    let mut session = lesson(5);
    act(&mut session, 5, Action::GoStep(1));
    act(&mut session, 5, Action::Choose { layer: 0, field: Some(0) });
    let effects = session.reduce(Action::Arrived(Route::Glossary { key: "ip.ttl".into() }));
    assert_eq!((effects, session.on_stage()), (vec![Effect::LoadTerms], false));
    let before = session.player.clone();
    let effects = session.reduce(Action::Arrived(session.staged.clone()));
    assert_eq!((effects, session.on_stage(), &session.player), (Vec::new(), true, &before));
    assert_eq!(session.chosen, Some(Chosen { layer: 0, field: Some(0) }));
}

#[test]
fn a_frame_that_a_packet_names_is_gone_to() {
    let mut session = opened(9);
    act(&mut session, 9, Action::GoFrame(7));
    assert_eq!(session.frame.as_ref().map(|frame| frame.frame), Some(7));
}

#[test]
fn who_leaves_while_a_file_is_read_is_not_told_that_it_was_given_up() {
    let cancelled =
        || Action::Answered(Box::new(Response::Failed(Failure { kind: "cancelled".into(), detail: "".into() })));
    let open = || Action::Open { name: "b.pcap.gz".into(), size: 9, route: Route::Capture };
    let mut session = Session::default();
    act(&mut session, 9, open());
    act(&mut session, 9, Action::Arrived(Route::Home));
    act(&mut session, 9, cancelled());
    assert_eq!(session.failure, None);
    act(&mut session, 9, open());
    act(&mut session, 9, Action::CancelLoading);
    act(&mut session, 9, cancelled());
    assert!(session.failure.is_some());
}

/// Applies a filter, which the engine then knows by this number.
fn apply(session: &mut Session, text: &str) -> u32 {
    session.reduce(Action::Expression(Ask::Known(Rc::new(crate::filter::known()))));
    session.reduce(Action::Expression(Ask::Type { text: text.into(), caret: text.len() }));
    let effects = session.reduce(Action::Expression(Ask::Apply));
    let [Effect::Send(Request::Filter { number, .. })] = effects.as_slice() else { panic!("{effects:?}") };
    *number
}

fn matched(number: u32, found: u32, done: bool) -> Action {
    Action::Answered(Box::new(Response::Matched(Matched { number, seen: 9, frames: 9, found, conversations: 1, done })))
}

#[test]
fn a_filter_is_the_list_once_the_engine_takes_it_and_clearing_it_brings_all_back() {
    let mut session = opened(9);
    let number = apply(&mut session, "tcp");
    assert_eq!(session.lines_total(), 9);
    let effects = session.reduce(matched(number, 4, true));
    assert_eq!(effects, [Effect::Send(Request::Matches { number, conversation: None, start: 0, count: LINE_WINDOW })]);
    assert_eq!(session.lines_total(), 4);
    let again = apply(&mut session, "udp");
    session.reduce(matched(number, 5, true));
    assert_eq!((session.expression.applied.as_str(), session.lines_total()), ("tcp", 4));
    session.reduce(matched(again, 1, true));
    assert_eq!((session.expression.applied.as_str(), session.lines_total()), ("udp", 1));
    let effects = session.reduce(Action::Expression(Ask::Clear));
    assert_eq!(session.lines_total(), 9);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Send(Request::Frames { .. }))), "{effects:?}");
}

#[test]
fn a_filter_that_is_none_leaves_the_list_as_it_was() {
    let mut session = opened(9);
    let number = apply(&mut session, "tcp");
    session.reduce(matched(number, 4, true));
    let number = apply(&mut session, "tcp.prot");
    let fault = crate::filter::Fault { kind: "unknown".into(), what: "tcp.prot".into(), ..Default::default() };
    session.reduce(Action::Answered(Box::new(Response::Fault { number, fault })));
    assert_eq!(session.expression.fault.as_ref().map(|fault| fault.near.as_str()), Some("tcp.port"));
    assert_eq!((session.expression.applied.as_str(), session.lines_total()), ("tcp", 4));
}

#[test]
fn a_name_completes_the_word_before_the_caret() {
    let mut session = opened(9);
    assert_eq!(session.reduce(Action::Expression(Ask::Enter)), [Effect::LoadNames]);
    session.reduce(Action::Expression(Ask::Known(Rc::new(crate::filter::known()))));
    session.reduce(Action::Expression(Ask::Type { text: "ip && tcp.flags.ac == 1".into(), caret: 18 }));
    assert_eq!(session.expression.names, ["tcp.flags.ack"]);
    session.reduce(Action::Expression(Ask::Type { text: "ip && tcp.fl == 1".into(), caret: 12 }));
    assert_eq!(session.expression.names[..2], ["tcp.flags", "tcp.flags.ack"]);
    for _ in 0..2 {
        session.reduce(Action::Expression(Ask::Move(1)));
    }
    assert_eq!(session.expression.pick, Some(1));
    session.reduce(Action::Expression(Ask::Take(1)));
    assert_eq!((session.expression.text.as_str(), session.expression.caret), ("ip && tcp.flags.ack == 1", 19));
    assert!(session.expression.names.is_empty());
}

#[test]
fn a_filter_waits_for_the_names_that_it_is_read_by() {
    let mut session = opened(9);
    session.reduce(Action::Expression(Ask::Type { text: "tcp".into(), caret: 3 }));
    assert_eq!(session.reduce(Action::Expression(Ask::Apply)), [Effect::LoadNames]);
    let effects = session.reduce(Action::Expression(Ask::Known(Rc::new(crate::filter::known()))));
    assert!(
        matches!(effects.as_slice(), [Effect::Send(Request::Filter { known, .. })] if known.len() == 1),
        "{effects:?}"
    );
}

/// The question that is sent of a graph, if one is.
fn asked(effects: &[Effect]) -> Option<graph::Ask> {
    effects.iter().find_map(|effect| match effect {
        Effect::Send(Request::Graph(ask)) => Some(*ask),
        _ => None,
    })
}

fn came(session: &mut Session, ask: graph::Ask) -> Option<graph::Ask> {
    let graph = Graph { ask: graph::Ask { end: ask.end.or(Some(1)), ..ask }, ..Graph::default() };
    asked(&session.reduce(Action::Answered(Box::new(Response::Graph(graph)))))
}

/// A TCP conversation of ten seconds.
fn graphs() -> Session {
    let mut session = opened(3);
    let mut stage = stage(3);
    (stage.conversation.kind, stage.conversation.last) = (Kind::Tcp(0), 10_000_000_000);
    let effects = session.reduce(Action::Answered(Box::new(Response::Stage(stage))));
    settle(&mut session, 3, effects);
    session
}

#[test]
fn a_graph_is_asked_for_once_and_again_when_something_else_is_looked_at() {
    let mut session = graphs();
    assert!(session.plot().is_none());
    let first = asked(&session.reduce(Action::Plot(Some(Plot::Sequence)))).expect("it is asked for");
    assert_eq!((first.end, first.start, first.stop), (None, 0, 0));
    assert_eq!(came(&mut session, first), None, "nothing else is wanted");
    assert_eq!(session.graph_end(), 1);
    // Twice closer while the answer to the first is on its way: the next question is what is wanted then.
    let closer = asked(&session.reduce(Action::Zoom(0.0, 0.5))).expect("it is asked for");
    assert_eq!(closer.stop, 5_000_000_000);
    assert_eq!(asked(&session.reduce(Action::Zoom(0.5, 1.0))), None);
    let next = came(&mut session, closer).expect("what is looked at now is asked for");
    assert_eq!((next.start, next.stop), (2_500_000_000, 5_000_000_000));
    assert_eq!(came(&mut session, next), None);
    let other = asked(&session.reduce(Action::GraphOf(0))).expect("it is asked for");
    assert_eq!(other.end, Some(0));
    session.reduce(Action::Plot(None));
    assert!(session.plot().is_none() && came(&mut session, other).is_none());
}

#[test]
fn a_stretch_of_time_stays_within_the_conversation() {
    let mut session = graphs();
    let second = 1_000_000_000;
    for (from, to, expected) in [
        (0.25, 0.5, (5 * second / 2, 5 * second)),
        (1.0, 2.0, (5 * second, 15 * second / 2)),
        (3.0, 4.0, (15 * second / 2, 10 * second)),
        (1.0, 0.0, (15 * second / 2, 10 * second)),
        (-100.0, 100.0, (0, 10 * second)),
        (0.5, 0.5, (5 * second, 5 * second + SHORTEST)),
        (f64::NEG_INFINITY, f64::INFINITY, (0, 10 * second)),
        (f64::NAN, f64::NAN, (0, SHORTEST)),
    ] {
        session.reduce(Action::Zoom(from, to));
        assert_eq!(session.graph_range(), expected, "from {from} to {to}");
    }
}

#[test]
fn another_conversation_keeps_the_graph_and_a_lost_answer_is_asked_for_again() {
    let mut session = graphs();
    session.reduce(Action::Plot(Some(Plot::Flight)));
    session.reduce(Action::Zoom(0.2, 0.3));
    session.reduce(Action::Crashed("gone".into()));
    let mut stage = stage(3);
    (stage.conversation.kind, stage.conversation.id) = (Kind::Tcp(1), 7);
    let again = asked(&session.reduce(Action::Answered(Box::new(Response::Stage(stage)))));
    let again = again.expect("the graph of the new conversation is asked for");
    assert_eq!((again.conversation, again.plot, again.stop), (7, Plot::Flight, 0));
    // What comes late of the conversation before is not shown.
    came(&mut session, graph::Ask { conversation: 0, ..again });
    assert!(session.graphs.data.is_none());
}

#[test]
fn what_is_not_tcp_has_the_ladder() {
    let mut session = opened(3);
    let mut stage = stage(3);
    stage.conversation.kind = Kind::Udp(0);
    let effects = session.reduce(Action::Answered(Box::new(Response::Stage(stage))));
    settle(&mut session, 3, effects);
    assert!(!session.has_graphs());
    assert_eq!(asked(&session.reduce(Action::Plot(Some(Plot::RoundTrip)))), None);
    assert!(session.plot().is_none());
}

fn want(session: &mut Session, want: Want) -> Vec<Effect> {
    session.reduce(Action::Want(want))
}

#[test]
fn all_conversations_are_judged_once_somebody_looks_at_them_and_the_list_is_asked_for_again() {
    let mut session = opened(9);
    let effects = session.reduce(Action::Side(Side::Conversations));
    assert!(effects.contains(&Effect::Send(Request::Overview)), "{effects:?}");
    let listing = Listing::default();
    let list = Effect::Send(Request::List { listing: listing.clone(), start: 0, count: LIST_WINDOW });
    assert!(effects.contains(&list), "{effects:?}");
    session.reduce(Action::Side(Side::Packets));
    let effects = session.reduce(Action::Side(Side::Conversations));
    assert_eq!(effects, std::slice::from_ref(&list));
    let overview = |done| Action::Answered(Box::new(Response::Overview(Overview { done, ..Overview::default() })));
    assert_eq!(session.reduce(overview(false)), []);
    assert_eq!(session.reduce(overview(true)), [list]);
}

#[test]
fn a_column_chosen_again_turns_the_order_round_and_a_late_answer_is_not_shown() {
    let mut session = opened(9);
    session.reduce(Action::Side(Side::Conversations));
    let order = |session: &Session| (session.conversations.listing.by, session.conversations.listing.down);
    want(&mut session, Want::Sort(Column::Bytes));
    assert_eq!(order(&session), (Column::Bytes, true));
    let old = session.conversations.listing.clone();
    want(&mut session, Want::Sort(Column::Bytes));
    assert_eq!(order(&session), (Column::Bytes, false));
    let answer =
        |listing: Listing, total| Action::Answered(Box::new(Response::List { listing, start: 0, total, rows: vec![] }));
    session.reduce(answer(old, 7));
    assert_eq!(session.conversations.total, 0);
    let now = session.conversations.listing.clone();
    session.reduce(answer(now, 8));
    assert_eq!(session.conversations.total, 8);
}

#[test]
fn a_filter_limits_the_list_of_conversations_too() {
    let mut session = opened(9);
    session.reduce(Action::Side(Side::Conversations));
    let number = apply(&mut session, "tcp");
    let limited = |effects: &[Effect], on| {
        effects.iter().any(|effect| matches!(effect, Effect::Send(Request::List { listing, .. }) if listing.met == on))
    };
    assert!(limited(&session.reduce(matched(number, 4, true)), true));
    assert!(limited(&session.reduce(Action::Expression(Ask::Clear)), false));
}

#[test]
fn rows_are_asked_for_once_at_a_time_however_fast_one_scrolls() {
    let mut session = opened(9_000);
    let asked = |effects: &[Effect]| -> Vec<u32> {
        let start = |effect: &Effect| match effect {
            Effect::Send(Request::Rows { start, .. }) => Some(*start),
            _ => None,
        };
        effects.iter().filter_map(start).collect()
    };
    let first: Vec<u32> =
        (1..50).flat_map(|turn| asked(&session.reduce(Action::Scroll(f64::from(turn) * 100.0)))).collect();
    assert_eq!(first.len(), 1);
    let rows = (first[0]..first[0] + ROW_WINDOW).map(|row| Row { row, ..Row::default() }).collect();
    let came = Response::Rows { conversation: 0, start: first[0], rows };
    assert_eq!(asked(&session.reduce(Action::Answered(Box::new(came)))), [4_900 - ROW_WINDOW / 2]);
}
