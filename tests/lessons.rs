//! Lesson folders, held against what the analysis finds in their captures: nothing that a lesson says is taken on trust.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use packet_theater::capture::{self, FileSource, Record};
use packet_theater::conversation::{State, Transition};
use packet_theater::engine::{Engine, Request, Response};
use packet_theater::lesson::{Answer, Block, Lesson, Span, source};
use packet_theater::protocol::{self, Context};
use packet_theater::scene::{state_name, states_at};

/// Every lesson in every language, with its folder.
fn lessons() -> &'static [(PathBuf, &'static str, Lesson)] {
    static ALL: LazyLock<Vec<(PathBuf, &'static str, Lesson)>> = LazyLock::new(read_lessons);
    &ALL
}

fn read_lessons() -> Vec<(PathBuf, &'static str, Lesson)> {
    let lessons = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let folders = source::folders(&lessons).unwrap();
    assert!(!folders.is_empty());
    let mut found = Vec::new();
    for folder in folders {
        for language in source::LANGUAGES {
            found.push((
                folder.clone(),
                language,
                source::read(&folder, language, &|capture| Ok(Box::new(engine(capture)))).unwrap(),
            ));
        }
    }
    found
}

fn engine(capture: &Path) -> Engine<FileSource> {
    let mut engine = Engine::open(FileSource::open(capture).unwrap(), "lesson").unwrap();
    while !matches!(engine.advance(u64::MAX).unwrap(), Response::Opened(_)) {}
    engine
}

fn records(folder: &Path, lesson: &Lesson) -> Vec<(Record, Vec<u8>)> {
    let bytes = fs::read(folder.join(&lesson.capture)).unwrap();
    let mut reader = capture::open(bytes.as_slice()).unwrap();
    let mut records = Vec::new();
    while let Some((record, packet)) = reader.next().unwrap() {
        records.push((record, packet.to_vec()));
    }
    records
}

fn spans(prose: &[Block]) -> Vec<&Span> {
    prose
        .iter()
        .flat_map(|block| match block {
            Block::Paragraph(spans) => spans.iter().collect(),
            Block::List(items) => items.iter().flatten().collect(),
            Block::Code(_) => Vec::new(),
        })
        .collect()
}

/// What a step's prose points at, in order: the words and the field's key.
fn links(prose: &[Block]) -> Vec<(&str, &str)> {
    let links = spans(prose).into_iter().filter_map(|span| match span {
        Span::Field { text, key } => Some((text.as_str(), key.as_str())),
        _ => None,
    });
    links.collect()
}

#[test]
fn every_frame_and_field_that_a_lesson_names_exists() {
    for (folder, language, lesson) in lessons() {
        let records = records(folder, lesson);
        for step in &lesson.steps {
            let here = format!("{} {language} {}", lesson.id, step.id);
            let mut named = links(&step.prose);
            named.extend(step.focus.as_deref().map(|key| ("", key)));
            let Some(frame) = step.frame else {
                assert!(named.is_empty(), "{here}: no frame has played, yet it points at {named:?}");
                continue;
            };
            let found = frame.checked_sub(1).and_then(|index| records.get(index as usize));
            let (record, bytes) = found.unwrap_or_else(|| panic!("{here}: there is no frame {frame}"));
            let packet = protocol::dissect(record.link, bytes, record.length, &Context::default());
            assert_eq!(packet.stop, None, "{here}");
            for (words, key) in named {
                let found = packet.layers.iter().flat_map(|layer| &layer.found).find(|found| found.field.key == key);
                let found = found.unwrap_or_else(|| panic!("{here}: frame {frame} has no field {key}"));
                // A number in the words is the number in the packet: 1460 in `[MSS 1460](field:tcp.options.mss_val)`.
                for number in
                    words.split(|character: char| !character.is_ascii_digit()).filter(|digits| !digits.is_empty())
                {
                    assert_eq!(number, found.show, "{here}: {key} of frame {frame}, in `{words}`");
                }
            }
        }
    }
}

#[test]
fn steps_go_forward_under_ids_of_their_own() {
    for (_, language, lesson) in lessons() {
        let mut seen = HashSet::new();
        let mut last = None;
        for step in &lesson.steps {
            let here = format!("{} {language} {}", lesson.id, step.id);
            assert!(seen.insert(&step.id), "{here}: twice");
            assert!(step.frame >= last, "{here}: the lesson plays frame {:?} after {last:?}", step.frame);
            // A question comes before what it asks about.
            assert!(step.question.is_none() || step.frame > last, "{here}: the answer has been on the stage already");
            assert!(!step.title.is_empty() && !step.prose.is_empty(), "{here}: nothing to read");
            last = step.frame;
        }
        assert!(lesson.steps.len() >= 8, "{}: {} steps", lesson.id, lesson.steps.len());
        assert!(lesson.listed().questions >= 4, "{}: {} questions", lesson.id, lesson.listed().questions);
    }
}

/// The parsers already hold each language against lesson.toml; what is left is that the languages point at the same things.
#[test]
fn languages_tell_the_same_story() {
    for pair in lessons().chunks(source::LANGUAGES.len()) {
        let [(_, _, english), others @ ..] = pair else { continue };
        for (_, language, other) in others {
            for (step, spoken) in english.steps.iter().zip(&other.steps) {
                let here = format!("{} {language} {}", english.id, step.id);
                assert_eq!((&step.id, step.frame, &step.focus), (&spoken.id, spoken.frame, &spoken.focus), "{here}");
                let sorted = |prose| {
                    let mut keys: Vec<&str> = links(prose).into_iter().map(|(_, key)| key).collect();
                    keys.sort_unstable();
                    keys
                };
                assert_eq!(sorted(&step.prose), sorted(&spoken.prose), "{here}: other fields are pointed at");
                let choices = |question: &Option<_>| {
                    let question: Option<&packet_theater::lesson::Question> = question.as_ref();
                    question.map(|question| (question.choices.len(), question.right, question.answer.clone()))
                };
                assert_eq!(choices(&step.question), choices(&spoken.question), "{here}");
            }
        }
    }
}

#[test]
fn terminals_show_what_was_typed_while_the_packets_went() {
    for (folder, language, lesson) in lessons() {
        let records = records(folder, lesson);
        let (Some((first, _)), Some((last, _))) = (records.first(), records.last()) else {
            panic!("{} is empty", lesson.id)
        };
        assert!(!lesson.terminals.is_empty(), "{}: no terminal", lesson.id);
        for terminal in &lesson.terminals {
            let here = format!("{} {language} {}", lesson.id, terminal.title);
            assert!(usize::from(terminal.host) < lesson.hosts.len(), "{here}: whose terminal is it?");
            assert!(terminal.output.is_sorted_by_key(|(time, _)| *time), "{here}: time runs backwards");
            let (Some((begun, _)), Some((ended, _))) = (terminal.output.first(), terminal.output.last()) else {
                panic!("{here}: silent")
            };
            assert!(*begun < first.time && last.time < *ended, "{here}: not recorded beside the capture");
            let text: String = terminal.output.iter().map(|(_, text)| text.as_str()).collect();
            assert!(!text.contains(|character: char| character.is_control() && !"\n\t".contains(character)), "{here}");
        }
    }
}

/// The analysis of a lesson's capture, asked as the page asks it.
struct Analysis {
    engine: Engine<FileSource>,
    /// Of the conversation that the page opens first.
    transitions: Vec<Transition>,
}

impl Analysis {
    fn of(folder: &Path, lesson: &Lesson) -> Analysis {
        let source = FileSource::open(folder.join(&lesson.capture)).unwrap();
        let mut engine = Engine::open(source, &lesson.capture).unwrap();
        let summary = loop {
            if let Response::Opened(summary) = engine.advance(u64::MAX).unwrap() {
                break summary;
            }
        };
        assert_eq!(summary.conversations, 1, "{}: say which conversation the lesson plays", lesson.id);
        let conversation = summary.start_with.unwrap();
        let Response::Stage(stage) = engine.answer(&Request::Stage { conversation }) else { panic!("no stage") };
        Analysis { engine, transitions: stage.transitions }
    }

    /// Both ends once a frame has arrived; before the first packet for `None`.
    fn states(&self, frame: Option<u32>) -> [State; 2] {
        // A lesson's capture holds one conversation, so rows count as frames do.
        states_at(&self.transitions, frame.map_or(0.0, f64::from))
    }

    /// What the anatomy prints for a field.
    fn field(&mut self, frame: u32, key: &str) -> Option<String> {
        let Response::Layers(view) = self.engine.answer(&Request::Layers { frame }) else { return None };
        let mut fields = view.layers.into_iter().flat_map(|layer| layer.fields);
        fields.find(|field| field.key == key).map(|field| field.show)
    }
}

#[test]
fn every_state_that_a_lesson_claims_is_found() {
    for (folder, language, lesson) in lessons() {
        let analysis = Analysis::of(folder, lesson);
        for step in &lesson.steps {
            let found = analysis.states(step.frame);
            let Some(claimed) = step.states else { continue };
            assert_eq!(claimed.map(state_name), found.map(state_name), "{} {language} {}", lesson.id, step.id);
        }
    }
}

#[test]
fn every_answer_is_computed() {
    for (folder, language, lesson) in lessons() {
        let mut analysis = Analysis::of(folder, lesson);
        let records = records(folder, lesson);
        for step in &lesson.steps {
            let Some(question) = &step.question else { continue };
            let here = format!("{} {language} {}", lesson.id, step.id);
            let value = match question.answer.as_ref().unwrap_or_else(|| panic!("{here}: nothing computes the answer"))
            {
                Answer::Field { frame, key } => {
                    analysis.field(*frame, key).unwrap_or_else(|| panic!("{here}: no {key}"))
                }
                Answer::State { frame, end } => state_name(analysis.states(Some(*frame))[usize::from(*end)]).to_owned(),
                Answer::Wait { from, frame } => {
                    let [from, to] = [from, frame].map(|frame| records[*frame as usize - 1].0.time);
                    ((to - from + 500_000_000) / 1_000_000_000).to_string()
                }
            };
            let right: Vec<u32> =
                (0..).zip(&question.choices).filter(|(_, choice)| says(choice, &value)).map(|(at, _)| at).collect();
            assert_eq!(right, [question.right], "{here}: the answer is {value}");
        }
    }
}

/// Whether a choice has the value as a word of its own: `630` does not say `63`.
fn says(choice: &str, value: &str) -> bool {
    choice.split([' ', ':', '：', ',', '，']).any(|word| word == value)
}
