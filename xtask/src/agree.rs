//! `cargo xtask agree FILE…` → how far our field tables and tshark's dissection of the same packets agree, protocol by protocol.
//!
//! A field is compared where both have it in the same packet: its printed value, and its bytes wherever tshark's range is a true
//! place in the frame (it also reports places in reassembled buffers). Several fields of one key are compared in order.

mod compare;
mod pdml;
mod sample;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use packet_theater::capture::{self, FileSource};
use packet_theater::conversation::Tracker;
use packet_theater::protocol;

use compare::Tally;

/// Disagreements that are printed of each kind; all are counted.
const EXAMPLES: usize = 3;

/// `FILE…`, or `--sample N --seed S DIR` for N captures of a directory chosen by a seed.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let files = files(arguments)?;
    pdml::available()?;
    let mut tally = Tally::default();
    for file in &files {
        match agree(file, &mut tally) {
            Ok(frames) => println!("{:>7} frames  {}", frames, file.display()),
            Err(error) => println!("   left out     {}: {error}", file.display()),
        }
    }
    report(&tally);
    Ok(())
}

fn files(arguments: &[String]) -> Result<Vec<PathBuf>, String> {
    let (mut count, mut seed, mut paths) = (None, 1, Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || rest.next().and_then(|text| text.parse().ok()).ok_or(format!("{argument} needs a number"));
        match argument.as_str() {
            "--sample" => count = Some(number()?),
            "--seed" => seed = number()?,
            _ => paths.push(PathBuf::from(argument)),
        }
    }
    if paths.is_empty() {
        return Err("say which captures: cargo xtask agree FILE… or agree --sample N --seed S DIR".to_string());
    }
    match count {
        None => Ok(paths),
        Some(count) => sample::choose(&paths, count as usize, seed),
    }
}

/// Compares one capture, packet by packet, and says how many there were.
fn agree(file: &Path, tally: &mut Tally) -> Result<u32, String> {
    let mut reader = capture::open(FileSource::open(file)?).map_err(|error| error.to_string())?;
    let mut theirs = pdml::Packets::of(file)?;
    let mut tracker = Tracker::new();
    let mut frames = 0;
    while let Some((record, bytes)) = reader.next()? {
        let Some(packet) = theirs.next()? else { break };
        frames += 1;
        if packet.captured != record.captured {
            return Err(format!("frame {frames}: tshark counts the blocks of this file otherwise"));
        }
        tracker.push(&record, bytes, &protocol::peek(record.link, bytes, record.length));
        let context = tracker.context(frames);
        let ours = protocol::dissect(record.link, bytes, record.length, &context);
        tally.packet(&format!("{} frame {frames}", file.display()), bytes, &ours, &packet);
    }
    Ok(frames)
}

fn report(tally: &Tally) {
    println!("\nprotocol           compared  disagree   agreement   only tshark   only here");
    let mut total = compare::Count::default();
    for (protocol, count) in &tally.protocols {
        println!("{protocol:<16} {count}");
        total.add(count);
    }
    println!("{:<16} {total}", "total");
    for (side, keys) in [("tshark", &tally.only_theirs), ("here", &tally.only_ours)] {
        let list: Vec<_> = keys.iter().map(|(key, count)| format!("{key} {count}")).collect();
        println!("\nonly {side}: {}", list.join(", "));
    }
    let mut kinds: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for disagreement in &tally.disagreements {
        kinds.entry((&disagreement.key, disagreement.what)).or_default().push(disagreement);
    }
    for ((key, what), list) in kinds {
        println!("\n{key}: {what} differs, {} times", list.len());
        for example in list.iter().take(EXAMPLES) {
            println!("    {}: here {}, tshark {}", example.place, example.ours, example.theirs);
        }
    }
}
