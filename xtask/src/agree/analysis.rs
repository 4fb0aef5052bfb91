//! `cargo xtask agree --analysis PATH…` → how many of the words and numbers that are said of TCP segments are tshark's, in one pass.
//!
//! Compared are all `tcp.analysis` fields of tshark 4.0, frame by frame, in frames that hold one TCP segment of a conversation. A
//! difference whose reason stands in `xtask/analysis.allow` is counted apart; its lines have the form of `xtask/agree.allow`, with
//! the field behind `tcp.analysis.` as KEY.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use packet_theater::capture::FileSource;
use packet_theater::conversation::Kind;
use packet_theater::conversation::analysis::{FLAGS, Finding};
use packet_theater::engine::{Engine, MAX_ROWS, Request, Response};

use super::allow::Allowed;
use super::compare::Disagreement;
use super::walk;
use crate::root;

/// Percent of the flags, and of the numbers.
const TARGET: f64 = 99.0;
/// Differences that are printed of each field; all are counted.
const EXAMPLES: usize = 3;

/// Fields with a number or a time; behind them stand the flags.
const VALUES: [&str; 10] = [
    "acks_frame",
    "ack_rtt",
    "initial_rtt",
    "bytes_in_flight",
    "push_bytes_sent",
    "rto",
    "rto_frame",
    "duplicate_ack_num",
    "duplicate_ack_frame",
    "flags",
];

/// What one side says of a frame, by field; empty where it says nothing.
type Said = Vec<String>;

#[derive(Clone, Copy, Default)]
struct Count {
    both: u64,
    /// Both have it, with another value.
    other: u64,
    only_here: u64,
    only_tshark: u64,
    reasoned: u64,
}

#[derive(Default)]
struct Tally {
    frames: u64,
    counts: BTreeMap<&'static str, Count>,
    differences: Vec<Disagreement>,
}

pub fn run(captures: &[PathBuf], all: bool, enforce: bool) -> Result<(), String> {
    let mut allowed = Allowed::read(&root().join("xtask/analysis.allow"))?;
    let (mut tally, mut left_out) = (Tally::default(), 0);
    for (file, (one, why)) in captures.iter().zip(walk::each(captures, compare)) {
        if let Some(why) = why {
            left_out += 1;
            println!("   left out     {}: {why}", file.display());
        }
        tally.merge(one);
    }
    println!("{} captures, {left_out} of them left out wholly or from some frame on", captures.len());
    let found = std::mem::take(&mut tally.differences);
    let unreasoned = tally.unreasoned(&found, &mut allowed);
    let (flags, values) = tally.table();
    print_differences(&unreasoned, all);
    println!("\nDifferences with a written reason: {}", found.len() - unreasoned.len());
    for (line, uses) in allowed.uses() {
        println!("{uses:>9}  {line}{}", if uses == 0 { "   [not met in these captures]" } else { "" });
    }
    println!("\n{} segments", tally.frames);
    println!("flags      {flags:.3} % of those that either side sets are set by both (target {TARGET} %)");
    println!("values     {values:.3} % of those that either side has are equal (target {TARGET} %)");
    if enforce && flags.min(values) < TARGET { Err("target missed: analysis".to_string()) } else { Ok(()) }
}

/// All fields, with their names behind `tcp.analysis.`.
fn fields() -> impl Iterator<Item = &'static str> {
    VALUES.into_iter().chain(FLAGS.iter().map(|(_, word)| *word))
}

impl Tally {
    fn merge(&mut self, other: Tally) {
        self.frames += other.frames;
        self.differences.extend(other.differences);
        for (field, count) in other.counts {
            let sum = self.counts.entry(field).or_default();
            sum.both += count.both;
            sum.other += count.other;
            sum.only_here += count.only_here;
            sum.only_tshark += count.only_tshark;
        }
    }

    fn frame(&mut self, file: &str, frame: u32, ours: &Said, theirs: &Said) {
        self.frames += 1;
        for ((field, here), tshark) in fields().zip(ours).zip(theirs) {
            let count = self.counts.entry(field).or_default();
            match (here.is_empty(), tshark.is_empty()) {
                (true, true) => continue,
                (false, true) => count.only_here += 1,
                (true, false) => count.only_tshark += 1,
                _ if here == tshark => count.both += 1,
                _ => count.other += 1,
            }
            if here != tshark {
                self.differences.push(Disagreement {
                    file: file.to_string(),
                    frame,
                    protocol: "tcp".into(),
                    key: field.into(),
                    what: "value",
                    ours: here.clone(),
                    theirs: tshark.clone(),
                });
            }
        }
    }

    /// Takes the differences with a reason out of the counts; answers the others.
    fn unreasoned<'a>(&mut self, found: &'a [Disagreement], allowed: &mut Allowed) -> Vec<&'a Disagreement> {
        let mut unreasoned = Vec::new();
        for it in found {
            if !allowed.permits(it) {
                unreasoned.push(it);
            } else if let Some(count) = fields().find(|field| *field == it.key).and_then(|key| self.counts.get_mut(key))
            {
                let place = match (it.ours.is_empty(), it.theirs.is_empty()) {
                    (false, true) => &mut count.only_here,
                    (true, false) => &mut count.only_tshark,
                    _ => &mut count.other,
                };
                *place -= 1;
                count.reasoned += 1;
            }
        }
        unreasoned
    }

    /// A line for each field; answers the shares of all flags and of all values.
    fn table(&self) -> (f64, f64) {
        println!(
            "\n{:<24} {:>8} {:>8} {:>9} {:>12} {:>9} {:>11} {:>9}",
            "tcp.analysis.", "both", "differ", "only here", "only tshark", "reasoned", "precision", "recall"
        );
        let mut sums = [(0, 0); 2];
        for field in fields() {
            let count = self.counts.get(field).copied().unwrap_or_default();
            let Count { both, other, only_here, only_tshark, reasoned } = count;
            let precision = share(both, both + other + only_here);
            let recall = share(both, both + other + only_tshark);
            println!(
                "{field:<24} {both:>8} {other:>8} {only_here:>9} {only_tshark:>12} {reasoned:>9} {precision:>9.2} % {recall:>7.2} %"
            );
            let sum = &mut sums[usize::from(VALUES.contains(&field))];
            sum.0 += both;
            sum.1 += both + other + only_here + only_tshark;
        }
        (share(sums[0].0, sums[0].1), share(sums[1].0, sums[1].1))
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 100.0 } else { 100.0 * part as f64 / whole as f64 }
}

fn print_differences(differences: &[&Disagreement], all: bool) {
    let mut kinds: BTreeMap<&str, Vec<&Disagreement>> = BTreeMap::new();
    for it in differences {
        kinds.entry(&it.key).or_default().push(it);
    }
    for (key, list) in kinds {
        println!("\n{key}: {} times", list.len());
        for it in list.iter().take(if all { usize::MAX } else { EXAMPLES }) {
            println!("    {} frame {}: here {:?}, tshark {:?}", it.file, it.frame, it.ours, it.theirs);
        }
    }
}

/// Compares one capture; beside the tally, why it ended before the capture did.
fn compare(file: &Path) -> (Tally, Option<String>) {
    let mut tally = Tally::default();
    let result = frames(file, &mut tally);
    (tally, result.err())
}

fn frames(file: &Path, tally: &mut Tally) -> Result<(), String> {
    let ours = walk::caught(|| ours(file)).map_err(|panic| format!("panicked: {panic}"))??;
    let name = file.display().to_string();
    let mut command = Command::new("tshark");
    command.args(["-n", "-r"]).arg(file).args(["-T", "fields", "-e", "frame.number", "-e", "tcp.stream"]);
    for field in fields() {
        command.args(["-e", &format!("tcp.analysis.{field}")]);
    }
    let mut tshark =
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(|why| format!("tshark: {why}"))?;
    let output = tshark.stdout.take().ok_or("tshark says nothing")?;
    for line in BufReader::new(output).lines() {
        let line = line.map_err(|why| why.to_string())?;
        let mut columns = line.split('\t');
        let frame: u32 = columns.next().and_then(|text| text.parse().ok()).ok_or("tshark numbers no frame")?;
        let stream = columns.next().unwrap_or_default().to_string();
        let theirs: Said = columns.map(|text| text.split(',').next().unwrap_or_default().to_string()).collect();
        // Several layers of TCP in a frame are told apart by neither side here.
        if let Some(said) = ours.get(&frame).filter(|_| !stream.contains(',')) {
            tally.frame(&name, frame, said, &theirs);
        } else if theirs.iter().any(|text| !text.is_empty()) && !stream.contains(',') {
            tally.frame(&name, frame, &vec![String::new(); theirs.len()], &theirs);
        }
    }
    tshark.wait().map_err(|why| why.to_string())?;
    Ok(())
}

/// Everything that analysis says of a capture, by frame.
fn ours(file: &Path) -> Result<BTreeMap<u32, Said>, String> {
    let source = FileSource::open(file).map_err(|error| error.to_string())?;
    let mut engine = Engine::open(source, "").map_err(|failure| failure.detail)?;
    engine.advance(u64::MAX).map_err(|failure| failure.detail)?;
    let mut said = BTreeMap::new();
    let mut start = 0;
    loop {
        let request = Request::Conversations { start, count: MAX_ROWS };
        let Response::Conversations { rows, .. } = engine.answer(&request) else { break };
        if rows.is_empty() {
            break;
        }
        start += rows.len() as u32;
        for conversation in rows.iter().filter(|row| matches!(row.kind, Kind::Tcp(_))) {
            for finding in engine.findings(conversation.id, 0..conversation.frames) {
                said.insert(finding.frame, say(&finding));
            }
        }
    }
    Ok(said)
}

/// A finding as tshark prints it, in the order of the fields.
fn say(finding: &Finding) -> Said {
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let time = |time: Option<i64>| time.map(seconds).unwrap_or_default();
    let set = |is: bool| if is { "1".to_string() } else { String::new() };
    let quiet =
        finding.flags & !(FLAGS.iter().filter(|(_, word)| word.starts_with("tfo")).map(|(flag, _)| flag).sum::<u32>());
    let values = [
        number(finding.acks_frame),
        time(finding.ack_rtt),
        time(finding.initial_rtt),
        number(finding.bytes_in_flight),
        number(finding.push_bytes_sent),
        time(finding.rto),
        number(finding.rto_frame),
        number(finding.duplicate_ack_num),
        number(finding.duplicate_ack_frame),
        set(quiet != 0),
    ];
    values.into_iter().chain(FLAGS.iter().map(|(flag, _)| set(finding.has(*flag)))).collect()
}

/// Nanoseconds as tshark prints a time: `-0.000001000`.
fn seconds(time: i64) -> String {
    let sign = if time < 0 { "-" } else { "" };
    let time = time.unsigned_abs();
    format!("{sign}{}.{:09}", time / 1_000_000_000, time % 1_000_000_000)
}
