//! `cargo xtask bench`: the figures of benches/README.md, taken on this machine and printed.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use packet_theater::capture::{FileSource, generate};
use packet_theater::conversation::Kind;
use packet_theater::engine::{Engine, MAX_ROWS, Matched, Request, Response};
use packet_theater::filter;

use crate::page::{self, Mode};
use crate::step::{run as run_command, step};
use crate::{root, setup};

const BYTES: u64 = 100_000_000;
const SEED: u64 = 1;
/// Packets of the long stream.
const STREAM: u32 = 100_000;
/// As much as the worker reads before it reports progress.
const TURN: u64 = 4 << 20;
const RUNS: usize = 5;
/// By the index, by headers, by one application, and by a field of every segment that only a dissection tells.
const FILTERS: [&str; 4] =
    ["tcp.stream == 3", "ip.addr == 10.0.0.0/8 && tcp.flags.reset == 1", "dns.qry.name", "tcp.seq == 1"];
/// tshark takes seconds; its figure varies less than what it is compared with.
const TSHARK_RUNS: usize = 3;

pub fn run(arguments: &[String]) -> Result<(), String> {
    match arguments {
        [] => native_process().and_then(|()| browser()),
        [part] if part == "native" => native_process(),
        [part] if part == "browser" => browser(),
        // What `native_process` starts.
        [part, file] if part == "measure" => measure(Path::new(file)),
        _ => Err("usage: cargo xtask bench [native|browser]".into()),
    }
}

/// Measures in a process of its own, built for speed: `cargo xtask` itself is built for a quick start.
fn native_process() -> Result<(), String> {
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--profile", "tool", "--package", "xtask", "--", "bench", "measure"]);
    step("Native figures (builds an optimised engine first)", || {
        run_command(command.arg(capture_path()).current_dir(root()))
    })
}

fn capture_path() -> PathBuf {
    root().join("target/bench/office.pcap")
}

fn measure(file: &Path) -> Result<(), String> {
    let frames = generated(file)?;
    let mut bytes = 0;
    let ours = median(RUNS, || index(file).map(|size| bytes = size))?;
    println!("file                    {} bytes, {frames} packets", fs::metadata(file).map_or(0, |data| data.len()));
    println!(
        "index                   {:.3} s, {:.1} million packets/s",
        ours.as_secs_f64(),
        f64::from(frames) / ours.as_secs_f64() / 1e6
    );
    println!("memory                  {:.1} bytes a packet", bytes as f64 / f64::from(frames));
    for text in FILTERS {
        let (time, found) = search(file, text)?;
        println!("filter                  {:.3} s, {found} packets found: {text}", time.as_secs_f64());
    }
    let (mut told, mut kept) = ((0, 0, 0), 0);
    let whole = median(RUNS, || analyse(file).map(|(counts, size)| (told, kept) = (counts, size)))?;
    println!(
        "whole analysis          {:.3} s: {} TCP conversations, {} moves, {} events",
        whole.as_secs_f64(),
        told.0,
        told.1,
        told.2
    );
    println!("memory after it         {:.1} bytes a packet", kept as f64 / f64::from(frames));
    let (time, conversations) = survey(file)?;
    println!("verdicts                {:.3} s on {conversations} conversations", time.as_secs_f64());
    if setup::find("tshark").is_none() {
        println!("tshark                  is not installed, so there is nothing to compare with");
        return Ok(());
    }
    let peer = median(TSHARK_RUNS, || tshark(file))?;
    println!("tshark -q -z io,stat,0  {:.3} s", peer.as_secs_f64());
    println!("tshark against index    {:.1} times as long", peer.as_secs_f64() / ours.as_secs_f64());
    println!("tshark against analysis {:.1} times as long", peer.as_secs_f64() / whole.as_secs_f64());
    Ok(())
}

/// Writes the capture, and returns its number of packets.
fn generated(file: &Path) -> Result<u32, String> {
    written(file, |out| generate::mixed(out, BYTES, SEED))
}

/// Writes a file whole or not at all.
fn written(file: &Path, write: impl FnOnce(BufWriter<File>) -> std::io::Result<u32>) -> Result<u32, String> {
    let told = |error: std::io::Error| format!("{}: {error}", file.display());
    let directory = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory).map_err(told)?;
    let unfinished = file.with_extension("unfinished");
    let frames = write(BufWriter::new(File::create(&unfinished).map_err(told)?)).map_err(told)?;
    fs::rename(&unfinished, file).map_err(told)?;
    Ok(frames)
}

/// Opens the capture as the worker does; returns the memory that its index takes.
fn index(file: &Path) -> Result<usize, String> {
    opened(file).map(|engine| engine.bytes())
}

fn opened(file: &Path) -> Result<Engine<FileSource>, String> {
    let mut engine = Engine::open(FileSource::open(file)?, "office.pcap").map_err(|failure| failure.detail)?;
    while !matches!(engine.advance(TURN).map_err(|failure| failure.detail)?, Response::Opened(_)) {}
    Ok(engine)
}

/// Opens the capture, then has the machines run, the segments judged and the story told of every TCP conversation; returns how
/// many conversations, moves and events there were, and the memory that is taken afterwards.
fn analyse(file: &Path) -> Result<((u32, usize, usize), usize), String> {
    let mut engine = opened(file)?;
    let mut told = (0, 0, 0);
    let mut tcp: Vec<u32> = Vec::new();
    let mut start = 0;
    while let Response::Conversations { rows, .. } = engine.answer(&Request::Conversations { start, count: MAX_ROWS }) {
        start += rows.len() as u32;
        tcp.extend(rows.iter().filter(|row| matches!(row.kind, Kind::Tcp(_))).map(|row| row.id));
        if rows.is_empty() {
            break;
        }
    }
    for conversation in tcp {
        let Response::Stage(stage) = engine.answer(&Request::Stage { conversation }) else { continue };
        told = (told.0 + 1, told.1 + stage.transitions.len(), told.2 + engine.story(conversation).len());
    }
    Ok((told, engine.bytes()))
}

/// How long it takes to find the packets that a filter means, once the capture is open; and how many they are.
fn search(file: &Path, text: &str) -> Result<(Duration, u32), String> {
    let mut engine = Engine::open(FileSource::open(file)?, "office.pcap").map_err(|failure| failure.detail)?;
    while !matches!(engine.advance(TURN).map_err(|failure| failure.detail)?, Response::Opened(_)) {}
    let known = filter::used(text, &filter::known());
    let started = Instant::now();
    let mut last = engine.answer(&Request::Filter { number: 1, text: text.to_owned(), known });
    while engine.is_searching() {
        last = engine.search_on(u32::MAX);
    }
    match last {
        Response::Matched(Matched { found, .. }) => Ok((started.elapsed(), found)),
        other => Err(format!("{text}: {other:?}")),
    }
}

/// How long a verdict on every conversation takes, once the capture is open; and how many they are.
fn survey(file: &Path) -> Result<(Duration, u32), String> {
    let mut engine = Engine::open(FileSource::open(file)?, "office.pcap").map_err(|failure| failure.detail)?;
    while !matches!(engine.advance(TURN).map_err(|failure| failure.detail)?, Response::Opened(_)) {}
    let started = Instant::now();
    let mut last = engine.answer(&Request::Overview);
    while engine.is_surveying() {
        last = engine.survey_on(1_024);
    }
    match last {
        Response::Overview(overview) => Ok((started.elapsed(), overview.conversations)),
        other => Err(format!("{other:?}")),
    }
}

fn tshark(file: &Path) -> Result<(), String> {
    let mut command = Command::new("tshark");
    command.arg("-r").arg(file).args(["-q", "-z", "io,stat,0"]).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().map_err(|error| format!("cannot start tshark: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("tshark ended with {status}")) }
}

fn median(runs: usize, mut work: impl FnMut() -> Result<(), String>) -> Result<Duration, String> {
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let started = Instant::now();
        work()?;
        times.push(started.elapsed());
    }
    times.sort();
    Ok(times[runs / 2])
}

/// The figures of the page, taken by a test that is left out of the suite: tests/browser/tests/bench.rs.
fn browser() -> Result<(), String> {
    let browser = setup::browser()?;
    let dist = page::build(Mode::Release)?;
    let dist = listening(&dist)?;
    if !capture_path().is_file() {
        step("Generate the capture", || generated(&capture_path()))?;
    }
    let stream = capture_path().with_file_name("stream.pcap");
    if !stream.is_file() {
        step("Generate a long stream", || written(&stream, |file| generate::stream(file, STREAM, SEED)))?;
    }
    let mut command = Command::new("cargo");
    command.args(["test", "--package", "browser-tests", "--test", "bench", "--", "--nocapture", "--test-threads=1"]);
    command.env("PACKET_THEATER_BENCH", capture_path()).env("PACKET_THEATER_BENCH_STREAM", stream);
    step("Figures of the page, in Chromium", || {
        run_command(browser.named(&mut command).env("PACKET_THEATER_DIST", &dist).current_dir(root()))
    })
}

/// Appended to the worker's loader: tells the size of its memory, which no interface of the browser tells.
const LISTENER: &str = r#"
const bench = new BroadcastChannel("bench");
bench.onmessage = async ({ data }) => {
  if (data === "?") bench.postMessage((await wasm_bindgen()).memory.buffer.byteLength);
};
"#;

/// A copy of the page whose worker answers about its memory.
fn listening(dist: &Path) -> Result<PathBuf, String> {
    let copy = root().join("target/bench/dist");
    let told = |error: std::io::Error| format!("{}: {error}", copy.display());
    if copy.exists() {
        fs::remove_dir_all(&copy).map_err(told)?;
    }
    fs::create_dir_all(copy.parent().unwrap_or(&copy)).map_err(told)?;
    run_command(Command::new("cp").arg("-r").arg(dist).arg(&copy))?;
    let loader = copy.join("worker_loader.js");
    let script = fs::read_to_string(&loader).map_err(told)?;
    fs::write(&loader, script + LISTENER).map_err(told)?;
    Ok(copy)
}
