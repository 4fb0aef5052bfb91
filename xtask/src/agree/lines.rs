//! `cargo xtask agree --lines [PATH…]` → how many of the lines that we print equal tcpdump's own (`tcpdump -ntr`, 4.99).
//!
//! Where tcpdump goes on with a dump of bytes that it does not know, the packet's line is the one before the dump.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use packet_theater::capture::FileSource;
use packet_theater::engine::{Engine, FrameLine, MAX_ROWS, Request, Response};

use super::walk;

/// Percent of the lines.
const TARGET: f64 = 95.0;
/// Lines that are printed of each protocol; all are counted.
const EXAMPLES: usize = 3;

#[derive(Default)]
struct Count {
    equal: u64,
    all: u64,
    examples: Vec<String>,
}

/// By tcpdump's first word and the innermost protocol that the packet list names.
type Counts = BTreeMap<(String, String), Count>;

pub fn run(captures: &[PathBuf], all: bool, enforce: bool) -> Result<(), String> {
    if !Command::new("tcpdump").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return Err("tcpdump is missing; install it with: apt-get install -y tcpdump".to_string());
    }
    let limit = if all { usize::MAX } else { EXAMPLES };
    let mut counts = Counts::new();
    for (file, result) in captures.iter().zip(walk::each(captures, |file| compare(file, limit))) {
        match result {
            Ok(found) => merge(&mut counts, found, limit),
            Err(why) => println!("   left out     {}: {why}", file.display()),
        }
    }
    let share = report(&counts);
    if enforce && share < TARGET { Err("target missed: lines".to_string()) } else { Ok(()) }
}

fn merge(counts: &mut Counts, found: Counts, limit: usize) {
    for (name, count) in found {
        let sum = counts.entry(name).or_default();
        sum.equal += count.equal;
        sum.all += count.all;
        sum.examples.extend(count.examples);
        sum.examples.truncate(limit);
    }
}

fn report(counts: &Counts) -> f64 {
    let (mut equal, mut all) = (0, 0);
    for ((word, protocol), count) in counts {
        count.examples.iter().for_each(|example| println!("{example}"));
        println!("{:>8} of {:<8} {word} {protocol}", count.equal, count.all);
        equal += count.equal;
        all += count.all;
    }
    let share = if all == 0 { 100.0 } else { 100.0 * equal as f64 / all as f64 };
    println!("lines      {equal} of {all} equal tcpdump's: {share:.2} % (target {TARGET} %)");
    share
}

fn compare(file: &Path, limit: usize) -> Result<Counts, String> {
    let output = tcpdump(file)?;
    if output.stdout.is_empty() && !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!("tcpdump: {}", error.lines().last().unwrap_or_default()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let ours = walk::caught(|| ours(file)).map_err(|panic| format!("panicked: {panic}"))??;
    let mut counts = Counts::new();
    let mut rows = ours.iter();
    let mut number = 1;
    for line in text.lines() {
        // A packet's first line begins with its number; the others of it do not count.
        let Some(expected) = line.trim_start().strip_prefix(&format!("{number}  ")) else { continue };
        let Some(row) = rows.next() else { break };
        number += 1;
        let count = counts.entry((word(expected), row.protocol.clone())).or_default();
        count.all += 1;
        if row.line == expected {
            count.equal += 1;
        } else if count.examples.len() < limit {
            let place = format!("{} frame {}", file.display(), row.frame);
            count.examples.push(format!("{place}:\n  tcpdump  {expected}\n  here     {}", row.line));
        }
    }
    Ok(counts)
}

/// `IP`, `ARP`, …: the word that the line begins with, behind a cooked capture's interface and direction; addresses are none.
fn word(line: &str) -> String {
    let mut words = line.split_whitespace();
    let mut first = words.next().unwrap_or_default();
    if matches!(words.next(), Some("In" | "Out" | "B" | "M" | "P")) {
        first = words.next().unwrap_or_default();
    }
    let first = first.trim_end_matches(',');
    if first.contains([':', '.', '>']) { String::new() } else { first.to_string() }
}

/// tcpdump's numbered lines. In a network namespace of its own it cannot name the interfaces of another host by this host's
/// numbers; where such a namespace is not to be had, it runs without.
fn tcpdump(file: &Path) -> Result<Output, String> {
    let arguments = ["-nt#", "-r"];
    let apart = Command::new("unshare").args(["-n", "tcpdump"]).args(arguments).arg(file).output();
    match apart {
        Ok(output) if output.status.success() || !output.stdout.is_empty() => Ok(output),
        _ => {
            let output = Command::new("tcpdump").args(arguments).arg(file).output();
            output.map_err(|error| format!("tcpdump: {error}"))
        }
    }
}

fn ours(file: &Path) -> Result<Vec<FrameLine>, String> {
    let source = FileSource::open(file).map_err(|error| error.to_string())?;
    let mut engine = Engine::open(source, "").map_err(|failure| failure.detail)?;
    engine.advance(u64::MAX).map_err(|failure| failure.detail)?;
    let mut lines = Vec::new();
    loop {
        let request = Request::Frames { conversation: None, start: lines.len() as u32, count: MAX_ROWS };
        match engine.answer(&request) {
            Response::Frames { rows, .. } if !rows.is_empty() => lines.extend(rows),
            _ => return Ok(lines),
        }
    }
}
