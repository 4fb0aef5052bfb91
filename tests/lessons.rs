//! Lesson folders, held against what the analysis finds in their captures: nothing that a lesson says is taken on trust.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use packet_theater::capture::{self, Record};
use packet_theater::lesson::{Block, Lesson, Span, source};
use packet_theater::protocol::{self, Context};

/// Every lesson in every language, with its folder.
fn lessons() -> Vec<(PathBuf, &'static str, Lesson)> {
    let lessons = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let folders = source::folders(&lessons).unwrap();
    assert!(!folders.is_empty());
    let mut found = Vec::new();
    for folder in folders {
        for language in source::LANGUAGES {
            found.push((folder.clone(), language, source::read(&folder, language).unwrap()));
        }
    }
    found
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

/// What a step's prose points at, in order.
fn keys(prose: &[Block]) -> Vec<&str> {
    let keys = spans(prose).into_iter().filter_map(|span| match span {
        Span::Field { key, .. } => Some(key.as_str()),
        _ => None,
    });
    keys.collect()
}

#[test]
fn every_frame_and_field_that_a_lesson_names_exists() {
    for (folder, language, lesson) in lessons() {
        let records = records(&folder, &lesson);
        for step in &lesson.steps {
            let here = format!("{} {language} {}", lesson.id, step.id);
            let mut named: Vec<&str> = keys(&step.prose);
            named.extend(step.focus.as_deref());
            let Some(frame) = step.frame else {
                assert!(named.is_empty(), "{here}: no frame has played, yet it points at {named:?}");
                continue;
            };
            let found = frame.checked_sub(1).and_then(|index| records.get(index as usize));
            let (record, bytes) = found.unwrap_or_else(|| panic!("{here}: there is no frame {frame}"));
            let packet = protocol::dissect(record.link, bytes, record.length, &Context::default());
            assert_eq!(packet.stop, None, "{here}");
            for key in named {
                let known = packet.layers.iter().flat_map(|layer| &layer.found).any(|found| found.field.key == key);
                assert!(known, "{here}: frame {frame} has no field {key}");
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
            assert!(!step.title.is_empty() && !step.prose.is_empty(), "{here}: nothing to read");
            last = step.frame;
        }
        assert!(lesson.steps.len() >= 8, "{}: {} steps", lesson.id, lesson.steps.len());
        assert!(lesson.card().questions >= 3, "{}: {} questions", lesson.id, lesson.card().questions);
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
                    let mut keys = keys(prose);
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
        let records = records(&folder, &lesson);
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
