//! `cargo xtask size`: the built page → what a visitor downloads before the first lesson plays, against the budgets.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use brotli::enc::BrotliEncoderParams;

use crate::page::{self, Mode};
use crate::step::step;

/// Bytes after brotli at its best quality, as static hosts send it.
const TOTAL: usize = 300_000;
const BUDGETS: &[(&str, usize)] = &[("app", 160_000), ("worker", 140_000)];

pub fn run(arguments: &[String]) -> Result<(), String> {
    if let Some(other) = arguments.first() {
        return Err(format!("`size` takes no argument, but was given `{other}`"));
    }
    let dist = page::build(Mode::Release)?;
    let files = step("Compress what the page loads", || {
        let mut files = Vec::new();
        walk(&dist, &dist, &mut files)?;
        Ok(heaviest_visit(&files))
    })?;
    println!("\n{:<48} {:>9} {:>9}", "bytes", "raw", "brotli");
    for File { name, raw, packed } in &files {
        println!("{name:<48} {raw:>9} {packed:>9}");
    }
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
    /// Relative to the page, such as `lang/fields.en.json`.
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

    /// The lesson that the file belongs to: the directory under `lessons/`.
    fn lesson(&self) -> Option<&str> {
        Some(self.name.strip_prefix("lessons/")?.split_once('/')?.0)
    }
}

/// What is loaded by the visitor whose language and lesson weigh most.
fn heaviest_visit(files: &[File]) -> Vec<File> {
    let languages: BTreeSet<_> = files.iter().filter_map(File::language).collect();
    let lessons: BTreeSet<_> = files.iter().filter_map(File::lesson).collect();
    let visits = languages.iter().flat_map(|language| lessons.iter().map(move |lesson| (*language, *lesson)));
    let loads = |(language, lesson)| {
        let mine = files.iter().filter(move |file| {
            file.language().is_none_or(|other| other == language) && file.lesson().is_none_or(|other| other == lesson)
        });
        mine.cloned().collect::<Vec<File>>()
    };
    visits.map(loads).max_by_key(|files| weight(files)).unwrap_or_else(|| files.to_vec())
}

fn weight(files: &[File]) -> usize {
    files.iter().map(|file| file.packed).sum()
}

/// Every file of the page but the samples, which nobody loads unasked.
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
            file("lessons/a/capture.pcapng", 5),
            file("lessons/b/lesson.en.bin", 3),
        ];
        let names: Vec<String> = heaviest_visit(&files).into_iter().map(|file| file.name).collect();
        assert_eq!(names, ["app-1_bg.wasm", "lang/page.zh-CN.json", "lessons/a/capture.pcapng"]);
    }
}
