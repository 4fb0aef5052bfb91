//! `cargo xtask size`: the built page → what a visitor downloads to play a first lesson, against the budgets.
//!
//! A visit is one language and one lesson, and the heaviest one counts: every file of the page, without the samples, other
//! lessons and languages, the glossary, the names for filters, the program that converts files, and the explanations of protocols that no packet of
//! the lesson's capture has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use brotli::enc::BrotliEncoderParams;
use packet_theater::capture;
use packet_theater::protocol::{Context, dissect};

use crate::page::{self, Mode};
use crate::step::step;
use crate::words::{GLOSSARY, NAMES};

/// Bytes after brotli at its best quality, as static hosts send it. With headers only, the page had 160,000 and the worker
/// 140,000; the protocols added 120,000 to the worker, and what explains conversations (display filters, graphs, the other
/// machines, tables and stages of many hosts) 60,000 to the page and 70,000 to the worker.
const TOTAL: usize = 620_000;
const BUDGETS: &[(&str, usize)] = &[("app", 220_000), ("worker", 330_000)];

pub fn run(arguments: &[String]) -> Result<(), String> {
    if let Some(other) = arguments.first() {
        return Err(format!("`size` takes no argument, but was given `{other}`"));
    }
    let dist = page::build(Mode::Release)?;
    let (files, unasked) = step("Compress what the page loads", || {
        let mut files = Vec::new();
        walk(&dist, &dist, &mut files)?;
        let (unasked, files): (Vec<File>, Vec<File>) = files.into_iter().partition(File::is_unasked);
        Ok((heaviest_visit(&files, &protocols(&dist)?), unasked))
    })?;
    for (title, files) in [("bytes", &files), ("only when somebody needs it", &unasked)] {
        println!("\n{title:<48} {:>9} {:>9}", "raw", "brotli");
        for File { name, raw, packed } in files {
            println!("{name:<48} {raw:>9} {packed:>9}");
        }
    }
    println!();
    let mut over = Vec::new();
    for (program, budget) in BUDGETS {
        let wasm = files.iter().find(|file| file.name.starts_with(program) && file.name.ends_with(".wasm"));
        let size = wasm.map(|file| file.packed).ok_or_else(|| format!("the page has no wasm of {program}"))?;
        verdict(&format!("{program}'s wasm"), size, *budget, &mut over);
    }
    verdict("all before the first lesson plays", weight(&files), TOTAL, &mut over);
    if over.is_empty() { Ok(()) } else { Err(format!("over budget: {}", over.join(", "))) }
}

fn verdict(what: &str, size: usize, budget: usize, over: &mut Vec<String>) {
    println!("{what}: {size} of {budget} bytes");
    if size > budget {
        over.push(what.to_string());
    }
}

#[derive(Clone)]
struct File {
    /// Relative to the page, such as `lang/fields/ip.en.json`.
    name: String,
    raw: usize,
    packed: usize,
}

impl File {
    /// The language in a name like `fields.zh-CN.json`.
    fn language(&self) -> Option<&str> {
        let mut parts = self.name.rsplit('/').next()?.rsplit('.').skip(1);
        let language = parts.next()?;
        parts.next().map(|_| language)
    }

    /// The glossary, and the program for gzip data and text.
    fn is_unasked(&self) -> bool {
        self.name.ends_with(GLOSSARY) || self.name.ends_with(NAMES) || self.name.starts_with("converter")
    }

    /// The lesson that the file belongs to: the directory under `lessons/`.
    fn lesson(&self) -> Option<&str> {
        Some(self.name.strip_prefix("lessons/")?.split_once('/')?.0)
    }

    /// The protocol that the file explains: `ip` of `lang/fields/ip.en.json`.
    fn explains(&self) -> Option<&str> {
        Some(self.name.strip_prefix("lang/fields/")?.split_once('.')?.0)
    }
}

/// By lesson, the protocols that its packets have: their explanations are loaded while it plays.
type Protocols = BTreeMap<String, BTreeSet<String>>;

fn protocols(dist: &Path) -> Result<Protocols, String> {
    let mut all = Protocols::new();
    let lessons = dist.join("lessons");
    let folders = fs::read_dir(&lessons).map_err(|error| format!("cannot read {}: {error}", lessons.display()))?;
    for folder in folders.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()) {
        let seen = all.entry(folder.file_name().unwrap_or_default().to_string_lossy().into_owned()).or_default();
        for file in fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if file.extension().is_some_and(|extension| extension.to_string_lossy().starts_with("pcap")) {
                add_protocols(&file, seen)?;
            }
        }
    }
    Ok(all)
}

fn add_protocols(path: &Path, seen: &mut BTreeSet<String>) -> Result<(), String> {
    let bytes = fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let told = |why: &dyn std::fmt::Debug| format!("{}: {why:?}", path.display());
    let mut reader = capture::open(bytes.as_slice()).map_err(|error| told(&error))?;
    while let Some((record, bytes)) = reader.next().map_err(|error| told(&error))? {
        let packet = dissect(record.link, bytes, record.length, &Context::default());
        let keys = packet.layers.iter().flat_map(|layer| &layer.found).map(|found| found.field.key);
        seen.extend(keys.filter_map(|key| key.split('.').next()).map(str::to_owned));
    }
    Ok(())
}

/// What is loaded by the visitor whose language and lesson weigh most.
fn heaviest_visit(files: &[File], protocols: &Protocols) -> Vec<File> {
    let languages: BTreeSet<_> = files.iter().filter_map(File::language).collect();
    let lessons: BTreeSet<_> = files.iter().filter_map(File::lesson).collect();
    let visits = languages.iter().flat_map(|language| lessons.iter().map(move |lesson| (*language, *lesson)));
    let loads = |(language, lesson): (&str, &str)| {
        let seen = protocols.get(lesson);
        let mine = files.iter().filter(move |file| {
            file.language().is_none_or(|other| other == language)
                && file.lesson().is_none_or(|other| other == lesson)
                && file.explains().is_none_or(|protocol| seen.is_some_and(|seen| seen.contains(protocol)))
        });
        mine.cloned().collect::<Vec<File>>()
    };
    visits.map(loads).max_by_key(|files| weight(files)).unwrap_or_else(|| files.to_vec())
}

fn weight(files: &[File]) -> usize {
    files.iter().map(|file| file.packed).sum()
}

/// Every file of the page but the samples.
fn walk(dist: &Path, directory: &Path, files: &mut Vec<File>) -> Result<(), String> {
    let told = |error: std::io::Error| format!("cannot read {}: {error}", directory.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory).map_err(told)? {
        paths.push(entry.map_err(told)?.path());
    }
    paths.sort();
    for path in paths.iter().filter(|path| !path.ends_with("samples")) {
        if path.is_dir() {
            walk(dist, path, files)?;
            continue;
        }
        let bytes = fs::read(path).map_err(told)?;
        let name = path.strip_prefix(dist).unwrap_or(path).display().to_string();
        files.push(File { name, raw: bytes.len(), packed: packed(&bytes)? });
    }
    Ok(())
}

fn packed(bytes: &[u8]) -> Result<usize, String> {
    let best = BrotliEncoderParams { quality: 11, lgwin: 22, ..BrotliEncoderParams::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &best).map_err(|error| format!("brotli: {error}"))?;
    Ok(packed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_visit_has_one_language_and_one_lesson() {
        let file = |name: &str, packed| File { name: name.into(), raw: 0, packed };
        let files = [
            file("app-1_bg.wasm", 9),
            file("lang/page.en.json", 1),
            file("lang/page.zh-CN.json", 2),
            file("lang/fields/ip.zh-CN.json", 2),
            file("lang/fields/arp.zh-CN.json", 2),
            file("lessons/a/capture.pcapng", 5),
            file("lessons/b/lesson.en.bin", 3),
        ];
        let protocols = Protocols::from([("a".into(), BTreeSet::from(["ip".into()]))]);
        let names: Vec<String> = heaviest_visit(&files, &protocols).into_iter().map(|file| file.name).collect();
        let expected =
            ["app-1_bg.wasm", "lang/page.zh-CN.json", "lang/fields/ip.zh-CN.json", "lessons/a/capture.pcapng"];
        assert_eq!(names, expected);
    }
}
