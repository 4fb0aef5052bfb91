//! Golden captures and recorded lessons → the inputs that each fuzz target begins with.

use std::fs;
use std::path::{Path, PathBuf};

use packet_theater::capture::{self, LinkType};
use packet_theater::engine::Request;
use packet_theater::protocol::{Context, dissect};

use super::entries::PORTS;

/// Frames of one capture that become seeds: what follows is more of the same.
const FRAMES: usize = 40;
/// Captures up to this size are seeds as they are.
const SMALL: usize = 32 * 1024;

/// The inputs of a target; `root` is the project's directory.
pub fn seeds(target: &str, root: &Path) -> Vec<Vec<u8>> {
    let files = captures(root);
    let lines = |path: &Path| fs::read_to_string(path.with_extension("lines")).unwrap_or_default();
    let files = files.iter().filter_map(|path| fs::read(path).ok().map(|file| (file, lines(path))));
    let seeds = files.flat_map(|(file, lines)| match target {
        "text" => texts(&file, &lines),
        "capture" => Vec::from_iter((file.len() <= SMALL).then_some(file)),
        "frame" => frames(&file).into_iter().map(|(link, bytes)| framed(link, &bytes)).collect(),
        "payload" => payloads(&file),
        "reassembly" => script(&file),
        "engine" => Vec::from_iter((file.len() <= SMALL).then(|| asked(&file))),
        _ => Vec::new(),
    });
    let mut seeds: Vec<Vec<u8>> = seeds.collect();
    seeds.sort();
    seeds.dedup();
    seeds
}

fn captures(root: &Path) -> Vec<PathBuf> {
    let mut folders = vec![root.join("tests/golden"), root.join("lessons")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| ["pcap", "pcapng", "gz", "snoop"].iter().any(|it| end == *it))
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn frames(file: &[u8]) -> Vec<(LinkType, Vec<u8>)> {
    let mut frames = Vec::new();
    let Ok(mut reader) = capture::open(file) else { return frames };
    while let Ok(Some((record, bytes))) = reader.next() {
        frames.push((record.link, bytes.to_vec()));
        if frames.len() == FRAMES {
            break;
        }
    }
    frames
}

fn framed(link: LinkType, bytes: &[u8]) -> Vec<u8> {
    [&link.0.to_be_bytes()[..], &[0], bytes].concat()
}

/// The lines of a capture, and its first frames as dumps.
fn texts(file: &[u8], lines: &str) -> Vec<Vec<u8>> {
    let lines: Vec<&str> = lines.lines().collect();
    let mut texts: Vec<Vec<u8>> = lines.chunks(10).map(|few| few.join("\n").into_bytes()).collect();
    for (_, bytes) in frames(file).into_iter().take(3) {
        let row = |(number, row): (usize, &[u8])| {
            let words: Vec<String> =
                row.chunks(2).map(|pair| pair.iter().map(|it| format!("{it:02x}")).collect()).collect();
            format!("\t0x{:04x}:  {}\n", number * 16, words.join(" "))
        };
        texts.push(bytes.chunks(16).enumerate().map(row).collect::<String>().into_bytes());
        let row = |(number, row): (usize, &[u8])| {
            let bytes: Vec<String> = row.iter().map(|it| format!("{it:02x}")).collect();
            format!("{:08x}  {}\n", number * 16, bytes.join(" "))
        };
        texts.push(bytes.chunks(16).enumerate().map(row).collect::<String>().into_bytes());
    }
    texts
}

/// What UDP and TCP carry, behind the two bytes that choose transport and ports.
fn payloads(file: &[u8]) -> Vec<Vec<u8>> {
    let mut payloads = Vec::new();
    for (link, bytes) in frames(file) {
        let packet = dissect(link, &bytes, bytes.len() as u32, &Context::default());
        let Some(layer) = packet.layers.iter().rfind(|layer| matches!(layer.protocol, "udp" | "tcp")) else { continue };
        let port = |end: &str| -> Option<u16> { layer.get(&format!("{}.{end}", layer.protocol))?.show.parse().ok() };
        let (from, to) = (port("srcport").unwrap_or(0), port("dstport").unwrap_or(0));
        let place = |port| PORTS.iter().position(|known| *known == port);
        let (reply, number) = match (place(from), place(to)) {
            (_, Some(number)) => (0, number),
            (Some(number), None) => (2, number),
            (None, None) => (0, 0),
        };
        let start = (layer.pos + layer.size) as usize;
        if let Some(payload) = bytes.get(start..).filter(|payload| !payload.is_empty() && layer.buffer == 0) {
            let transport = u8::from(layer.protocol == "tcp") | reply;
            payloads.push([&[transport, number as u8], payload].concat());
        }
    }
    payloads
}

/// The payloads of a capture in halves, as segments of one stream each, and as two fragments.
fn script(file: &[u8]) -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for payload in payloads(file) {
        let [transport, port, rest @ ..] = &payload[..] else { continue };
        let rest = &rest[..rest.len().min(240)];
        let half = rest.len() / 16 * 8;
        let step = |kind: u8, offset: usize, flags: u8, bytes: &[u8]| {
            let [high, low] = (offset as u16).to_be_bytes();
            [&[kind, high, low, flags, bytes.len() as u8], bytes].concat()
        };
        let (first, second) = rest.split_at(half);
        let side = transport >> 1 & 1;
        let mut stream = vec![*port];
        stream.extend(step(side, 0, 2, &[]));
        stream.extend(step(side, 1 + half, 0x18, second));
        stream.extend(step(side, 1, 0x18, first));
        seeds.push(stream);
        let mut fragments = vec![*port];
        fragments.extend(step(2, 0, 1, first));
        fragments.extend(step(2, half / 8, 0, second));
        fragments.extend(step(3, half / 8, 0, second));
        fragments.extend(step(3, 0, 1, first));
        seeds.push(fragments);
    }
    seeds
}

/// A capture with one request of every kind before it.
fn asked(file: &[u8]) -> Vec<u8> {
    let requests = [
        Request::Frames { conversation: None, start: 0, count: 50 },
        Request::Layers { frame: 1 },
        Request::Layers { frame: 2 },
        Request::Conversations { start: 0, count: 50 },
        Request::Frames { conversation: Some(0), start: 0, count: 50 },
        Request::Stage { conversation: 0 },
        Request::Rows { conversation: 0, start: 0, count: 50 },
        Request::Open { name: "again".into() },
        Request::Cancel,
        Request::Layers { frame: 3 },
    ];
    let encoded: Vec<u8> = requests.iter().flat_map(|it| postcard::to_allocvec(it).unwrap_or_default()).collect();
    [&(encoded.len() as u16).to_be_bytes()[..], &encoded, file].concat()
}
