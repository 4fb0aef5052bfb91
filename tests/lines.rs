//! Every line equals tcpdump's: golden captures have their lines beside them (`tcpdump -ntr NAME.pcap`, 4.99.3).
//!
//! `PACKET_SAMPLE=folder cargo test --test lines sample -- --nocapture` asks the installed tcpdump about more captures.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use packet_theater::capture;
use packet_theater::conversation::Tracker;
use packet_theater::protocol::peek;
use packet_theater::text::{LineContext, label, line};

/// A frame with what is needed to print it.
struct Frame {
    bytes: Vec<u8>,
    context: LineContext,
    /// The context of the ladder's labels, whose numbers start with the SYN.
    ladder: LineContext,
    protocol: &'static str,
}

/// All frames of a capture, numbered as the engine numbers them.
fn frames(path: &Path) -> Vec<Frame> {
    let bytes = fs::read(path).expect("capture");
    let Ok(mut reader) = capture::open(bytes.as_slice()) else { return Vec::new() };
    let mut tracker = Tracker::new();
    let mut frames = Vec::new();
    while let Ok(Some((record, bytes))) = reader.next() {
        let seen = peek(record.link, bytes, record.length);
        tracker.push(&record, bytes, &seen);
        let context = LineContext { link: record.link, length: record.length, bases: None };
        frames.push(Frame { bytes: bytes.to_vec(), context, ladder: context, protocol: seen.word(bytes) });
    }
    for (number, frame) in (1..).zip(&mut frames) {
        frame.context.bases = tracker.line_bases(number);
        let numbers = tracker.context(number);
        frame.ladder.bases = numbers.seq_base.zip(numbers.ack_base);
    }
    frames
}

fn captures(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(captures(&path));
        } else if path.extension().is_some_and(|end| ["pcap", "pcapng", "cap"].iter().any(|known| end == *known)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Captures and the lines that belong to them: those of `tests/golden`, and whatever else the app ships.
fn golden() -> Vec<(PathBuf, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("tests/golden");
    let mut pairs: Vec<_> =
        captures(&folder).into_iter().map(|path| (path.clone(), path.with_extension("lines"))).collect();
    for path in captures(&root.join("static/samples")) {
        let name = path.file_stem().expect("a name");
        pairs.push((path.clone(), folder.join(name).with_extension("lines")));
    }
    // A lesson's capture is named for its folder.
    for path in captures(&root.join("lessons")) {
        let name = path.parent().and_then(Path::file_name).expect("a folder");
        pairs.push((path.clone(), folder.join("lessons").join(name).with_extension("lines")));
    }
    pairs
}

fn tcpdump(options: &str, path: &Path) -> String {
    // In a network namespace of its own tcpdump cannot name the interfaces of another host by this host's numbers.
    let output =
        Command::new("unshare").args(["-n", "tcpdump", options, "-r"]).arg(path).output().expect("unshare tcpdump");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The ladder's words for every frame of a capture.
fn labels(name: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    frames(&path).iter().map(|frame| label(&frame.bytes, &frame.ladder)).collect()
}

fn check(labels: &[(String, String)], over: &str, under: &str) {
    let found = labels.iter().any(|(a, b)| a == over && b.starts_with(under));
    assert!(found, "no arrow says {over:?} over {under:?} in {labels:#?}");
}

#[test]
fn arrows_say_what_happens() {
    let opening = labels("lessons/tcp-handshake/capture.pcapng");
    check(&opening, "Flags [S], seq 0, win 64240", "options [mss 1460,sackOK,TS val ");
    check(&opening, "Flags [S.], seq 0, ack 1, win 65160", "options [mss 1460,sackOK,TS val ");
    check(&opening, "Flags [F.], seq 1, ack 1, win 502", "length 0");
    let network = labels("tests/golden/network.pcap");
    check(&network, "Flags [P.], seq 1:28, ack 1, win 63", "length 27: HTTP: GET / HTTP/1.1");
    check(&network, "UDP", "length 14: nobody listens");
    check(&network, "ARP, Request who-has 192.0.2.2 tell 192.0.2.1", "length 28");
    check(&network, "ICMP time exceeded in-transit", "length 92");
    check(&network, "1000+ A? www.example.com. (33)", "");
    check(&labels("tests/golden/cooked.pcap"), "ARP, Request who-has 192.0.2.2 tell 192.0.2.1", "length 28");
}

/// tcpdump continues a packet that it does not know with a dump of its bytes, indented by a tab, and VXLAN with a line of what is
/// inside.
fn without_dumps(lines: &str) -> Vec<&str> {
    let mut inside = false;
    let begins = |line: &&str| {
        let begins = !line.starts_with('\t') && !inside;
        inside = begins && line.contains(": VXLAN, flags [");
        begins
    };
    lines.lines().filter(begins).collect()
}

#[test]
fn lines_equal_those_of_tcpdump() {
    let (mut equal, mut all) = (0, 0);
    let mut different = Vec::new();
    for (path, twin) in golden() {
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&twin, tcpdump("-nt", &path)).expect("lines written");
        }
        let lines = fs::read_to_string(&twin).unwrap_or_else(|error| {
            panic!("{}: {error}; UPDATE_GOLDENS=1 asks the installed tcpdump for it", twin.display())
        });
        let (lines, frames) = (without_dumps(&lines), frames(&path));
        assert_eq!(lines.len(), frames.len(), "{}: one line a frame", twin.display());
        for (number, (frame, expected)) in frames.iter().zip(lines).enumerate() {
            let printed = line(&frame.bytes, &frame.context);
            all += 1;
            if printed == expected {
                equal += 1;
            } else {
                different.push(format!("{} frame {}:\n  {expected}\n  {printed}", path.display(), number + 1));
            }
        }
    }
    println!("{equal} of {all} lines equal");
    assert!(different.is_empty(), "expected, then printed:\n{}", different.join("\n"));
}

#[test]
fn damaged_frames_are_printed_without_a_panic() {
    // A xorshift generator: the same damage on every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    for (path, _) in golden() {
        for Frame { bytes, context, .. } in frames(&path).into_iter().take(200) {
            for _ in 0..40 {
                let mut damaged = bytes.clone();
                damaged.truncate(random(bytes.len() + 1));
                for _ in 0..random(4) {
                    if let Some(at) = damaged.len().checked_sub(1) {
                        damaged[random(at + 1)] = random(256) as u8;
                    }
                }
                let context = LineContext { length: [context.length, random(2000) as u32][random(2)], ..context };
                line(&damaged, &context);
                label(&damaged, &context);
            }
        }
    }
}

#[test]
fn sample_agrees_with_tcpdump() {
    let Ok(folder) = std::env::var("PACKET_SAMPLE") else {
        return println!("no captures are compared: PACKET_SAMPLE names no folder");
    };
    let mut counts: BTreeMap<(u16, &str), (u32, u32)> = BTreeMap::new();
    for path in captures(Path::new(&folder)) {
        let frames = frames(&path);
        let text = tcpdump("-nt#", &path);
        let mut next = 1;
        for expected in text.lines() {
            let Some(rest) = expected.trim_start().strip_prefix(&format!("{next}  ")) else { continue };
            let Some(frame) = frames.get(next - 1) else { break };
            next += 1;
            let printed = line(&frame.bytes, &frame.context);
            let count = counts.entry((frame.context.link.0, frame.protocol)).or_default();
            count.1 += 1;
            if printed == rest {
                count.0 += 1;
            } else {
                println!("{} {} {}\n  {rest}\n  {printed}", frame.protocol, path.display(), next - 1);
            }
        }
    }
    for ((link, protocol), (equal, all)) in counts {
        println!("= link type {link}, {protocol}: {equal} of {all}");
    }
}
