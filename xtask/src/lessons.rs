//! Lesson folders → what the page loads: a binary script a language, the capture beside it, and an index for the home page.

use std::fs;
use std::path::Path;
use std::process::Command;

use packet_theater::capture::FileSource;
use packet_theater::engine::{Engine, Response};
use packet_theater::lesson::anchors::Packets;
use packet_theater::lesson::{Listed, source};
use serde::Serialize;

use crate::root;
use crate::step::run as run_command;

/// Writes `index.LANGUAGE.bin` (a list of `Listed`), `ID/lesson.LANGUAGE.bin` (a `Lesson`), both in postcard, and the captures.
pub fn bundle(out: &Path) -> Result<(), String> {
    let lessons = root().join("lessons");
    // A lesson that was renamed must not stay behind.
    if out.exists() {
        fs::remove_dir_all(out).map_err(|error| format!("cannot clear {}: {error}", out.display()))?;
    }
    for language in source::LANGUAGES {
        let scripts = source::read_all(&lessons, language, &packets)?;
        for script in &scripts {
            let folder = out.join(&script.id);
            make(&folder)?;
            write(&folder.join(format!("lesson.{language}.bin")), script)?;
            let from = lessons.join(&script.id).join(&script.capture);
            fs::copy(&from, folder.join(&script.capture))
                .map_err(|error| format!("cannot copy {}: {error}", from.display()))?;
        }
        make(out)?;
        write(
            &out.join(format!("index.{language}.bin")),
            &scripts.iter().map(|script| script.listed()).collect::<Vec<Listed>>(),
        )?;
    }
    Ok(())
}

/// A lesson's capture, to ask for the packets that it names.
fn packets(capture: &Path) -> Result<Box<dyn Packets>, String> {
    let wrong = |why: String| format!("{}: {why}", capture.display());
    let source = FileSource::open(capture).map_err(|why| wrong(why.to_string()))?;
    let mut engine = Engine::open(source, "lesson").map_err(|failure| wrong(failure.detail))?;
    while !matches!(engine.advance(u64::MAX).map_err(|failure| wrong(failure.detail))?, Response::Opened(_)) {}
    Ok(Box::new(engine))
}

/// What records a lesson, in its folder.
const RECORD: &str = "record.py";

/// `cargo xtask record ID|all`
pub fn record(arguments: &[String]) -> Result<(), String> {
    let lessons = root().join("lessons");
    let known = recorded(&lessons)?;
    let listed = || known.join(", ");
    let [id] = arguments else { return Err(format!("`record` takes the name of a lesson, or `all`: {}", listed())) };
    let chosen: Vec<&String> = known.iter().filter(|known| id == "all" || id == *known).collect();
    if chosen.is_empty() {
        return Err(format!("there is no lesson `{id}`; there are: {}", listed()));
    }
    chosen.into_iter().try_for_each(|id| {
        println!("recording {id}");
        let script = lessons.join(id).join(RECORD);
        run_command(Command::new("python3").arg(script).env("PYTHONPATH", lessons.join("recorder")))
    })
}

/// The folders that can be recorded.
fn recorded(lessons: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(lessons).map_err(|error| format!("{}: {error}", lessons.display()))?;
    let folders = entries.flatten().filter(|entry| entry.path().join(RECORD).is_file());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))
}

fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), String> {
    let bytes = postcard::to_allocvec(value).map_err(|error| format!("cannot pack {}: {error}", path.display()))?;
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use packet_theater::lesson::Lesson;

    use super::*;

    #[test]
    fn the_page_can_read_what_was_bundled() {
        let out = std::env::temp_dir().join(format!("packet-theater-lessons-{}", std::process::id()));
        bundle(&out).unwrap();
        for language in source::LANGUAGES {
            let index = fs::read(out.join(format!("index.{language}.bin"))).unwrap();
            let listed: Vec<Listed> = postcard::from_bytes(&index).unwrap();
            assert!(listed.iter().any(|entry| entry.id == "tcp-handshake"));
            for entry in listed {
                let folder = out.join(&entry.id);
                let script = fs::read(folder.join(format!("lesson.{language}.bin"))).unwrap();
                let lesson: Lesson = postcard::from_bytes(&script).unwrap();
                assert_eq!(lesson.listed(), entry);
                assert!(folder.join(&lesson.capture).is_file());
            }
        }
        fs::remove_dir_all(&out).unwrap();
    }
}
