//! `cargo xtask size`: the built page → what a visitor downloads before the first lesson plays, against the budgets.

use std::fs;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;

use crate::page::{self, Mode};
use crate::step::step;

/// Thousands of bytes after brotli at its best quality, as static hosts send it.
const TOTAL: usize = 300_000;
const BUDGETS: &[(&str, usize)] = &[("app.wasm", 160_000), ("worker.wasm", 140_000)];

/// The largest of the languages and of the lessons stands for the one that a visitor loads.
const ONE_OF: &[&str] = &["lang", "lessons"];

pub fn run(arguments: &[String]) -> Result<(), String> {
    if let Some(other) = arguments.first() {
        return Err(format!("`size` takes no argument, but was given `{other}`"));
    }
    let dist = page::build(Mode::Release)?;
    let files = step("Compress what the page loads", || files(&dist))?;
    println!("\n{:<44} {:>9} {:>9}", "bytes", "raw", "brotli");
    for File { name, raw, packed } in &files {
        println!("{name:<44} {raw:>9} {packed:>9}");
    }
    let total = files.iter().map(|file| file.packed).sum();
    let mut over = Vec::new();
    for (name, budget) in BUDGETS {
        let size = files.iter().find(|file| role(&file.name) == *name).map_or(0, |file| file.packed);
        verdict(name, size, *budget, &mut over);
    }
    verdict("all before the first lesson plays", total, TOTAL, &mut over);
    if over.is_empty() { Ok(()) } else { Err(format!("over budget: {}", over.join(", "))) }
}

fn verdict(what: &str, size: usize, budget: usize, over: &mut Vec<String>) {
    println!("{what}: {size} of {budget} bytes");
    if size > budget {
        over.push(what.to_string());
    }
    if size == 0 {
        over.push(format!("{what} (which is missing)"));
    }
}

struct File {
    name: String,
    raw: usize,
    packed: usize,
}

/// Every file of the page, but of the choices only the largest, and no samples.
fn files(dist: &Path) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    for path in list(dist)? {
        if path.is_file() {
            files.push(measure(dist, &path)?);
        }
    }
    for choice in ONE_OF {
        files.extend(largest_choice(dist, &dist.join(choice))?);
    }
    Ok(files)
}

/// A choice is named by the first word of its files (`fields.zh-CN.json`: the language is the second) or its directory.
fn largest_choice(dist: &Path, directory: &Path) -> Result<Vec<File>, String> {
    let mut choices: Vec<(String, Vec<File>)> = Vec::new();
    for path in list(directory)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // `fields.en.json` and `page.en.json` are loaded together; so are the files of a lesson's directory.
        let choice = if path.is_dir() { name.clone() } else { name.split('.').skip(1).collect::<Vec<_>>().join(".") };
        let inner = if path.is_dir() { list(&path)? } else { vec![path] };
        let inner = inner
            .iter()
            .filter(|path| path.is_file())
            .map(|path| measure(dist, path))
            .collect::<Result<Vec<_>, _>>()?;
        match choices.iter_mut().find(|(other, _)| *other == choice) {
            Some((_, files)) => files.extend(inner),
            None => choices.push((choice, inner)),
        }
    }
    let largest = choices.into_iter().max_by_key(|(_, files)| files.iter().map(|file| file.packed).sum::<usize>());
    Ok(largest.map(|(_, files)| files).unwrap_or_default())
}

fn list(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let told = |error: std::io::Error| format!("cannot list {}: {error}", directory.display());
    let entries = fs::read_dir(directory).map_err(told)?;
    let mut paths = entries.map(|entry| Ok(entry.map_err(told)?.path())).collect::<Result<Vec<_>, String>>()?;
    paths.sort();
    Ok(paths)
}

fn measure(dist: &Path, path: &Path) -> Result<File, String> {
    let bytes = fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let mut packed = Vec::new();
    let best = BrotliEncoderParams { quality: 11, lgwin: 22, ..BrotliEncoderParams::default() };
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut packed, &best)
        .map_err(|error| format!("cannot compress: {error}"))?;
    let name = path.strip_prefix(dist).unwrap_or(path).display().to_string();
    Ok(File { name, raw: bytes.len(), packed: packed.len() })
}

/// `app-1f3a…_bg.wasm` and `worker_bg.wasm` without what the build adds.
fn role(name: &str) -> String {
    match name.strip_suffix("_bg.wasm") {
        Some(stem) => format!("{}.wasm", stem.split('-').next().unwrap_or_default()),
        None => name.to_string(),
    }
}
