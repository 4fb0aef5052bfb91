//! Golden captures → their layers as text. `UPDATE_GOLDENS=1 cargo test` rewrites the text; the diff is reviewed like code.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use packet_theater::capture::{self, LinkType};
use packet_theater::engine::Engine;
use packet_theater::protocol::{Address, Context, Layer, Packet, dissect, fields, peek};

#[test]
fn goldens_show_the_layers_that_were_reviewed() {
    let captures = captures();
    assert!(!captures.is_empty(), "tests/golden has no captures");
    for path in captures {
        let mut text = String::new();
        let bytes = fs::read(&path).unwrap();
        let mut engine = Engine::open(&bytes[..], "golden").expect("a capture");
        engine.advance(u64::MAX).expect("read to its end");
        for (number, frame) in frames(&path).iter().enumerate() {
            let packet = engine.packet(number as u32 + 1).expect("the frame");
            write_frame(&mut text, number + 1, frame, &packet);
        }
        let twin = path.with_extension("layers");
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&twin, &text).unwrap();
        }
        let golden = fs::read_to_string(&twin).unwrap_or_default();
        let differing = golden.lines().zip(text.lines()).find(|(a, b)| a != b);
        assert!(
            golden == text,
            "{} differs; first: {differing:?}. Rewrite with UPDATE_GOLDENS=1 and read the diff.",
            twin.display()
        );
    }
}

#[test]
fn every_row_has_a_key_a_name_and_a_source() {
    for field in fields() {
        assert!(field.key.contains('.'), "{}: keys are Wireshark's filter names", field.key);
        assert!(!field.name.is_empty() && !field.source.is_empty(), "{}: name or source is missing", field.key);
    }
}

/// Layers in which no packet can stop, and why.
const NEVER_STOP: [(&str, &str); 1] =
    [("ftp-data", "a file has no form: all of its bytes are handed on, and the layer that gets them says what is cut")];

/// What a decoder calls its layer stands in its source.
#[test]
fn each_protocol_has_a_malformed_packet_among_the_goldens() {
    let (mut named, mut stopped) = (BTreeSet::new(), BTreeSet::new());
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/protocol")).unwrap() {
        let path = entry.unwrap().path();
        let text = if path.is_file() { fs::read_to_string(&path).unwrap() } else { String::new() };
        let names =
            text.split(".is(\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_string());
        named.extend(names);
    }
    assert!(named.len() > 50, "the names are not found any more");
    for path in captures() {
        let bytes = fs::read(&path).unwrap();
        let mut engine = Engine::open(&bytes[..], "golden").expect("a capture");
        engine.advance(u64::MAX).expect("read to its end");
        for number in 1..=frames(&path).len() as u32 {
            let packet = engine.packet(number).expect("the frame");
            named.extend(packet.layers.iter().map(|layer| layer.protocol.to_string()));
            stopped.extend(packet.stop.map(|stop| stop.protocol));
        }
    }
    named.retain(|name| NEVER_STOP.iter().all(|(never, _)| never != name));
    let lacking: Vec<_> = named.difference(&stopped).collect();
    assert!(lacking.is_empty(), "no golden packet stops in {lacking:?}");
    let wrong: Vec<_> = NEVER_STOP.iter().filter(|(never, _)| stopped.contains(*never)).collect();
    assert!(wrong.is_empty(), "these stop all the same: {wrong:?}");
}

#[test]
fn a_header_row_has_exactly_its_bits() {
    let packet = first("http", 4);
    let ip = packet.layer("ip").unwrap();
    assert_eq!(ip.get("ip.ttl").map(|found| (found.at.pos, found.at.len)), Some(((14 + 8) * 8, 8)));
    let tcp = packet.layer("tcp").unwrap();
    assert_eq!(tcp.get("tcp.flags.push").map(|found| (found.at.pos, found.at.len)), Some((34 * 8 + 108, 1)));
}

#[test]
fn relative_numbers_and_the_scaled_window_come_from_the_conversation() {
    let frame = &frames(&golden("http"))[3];
    let head = peek(frame.link, &frame.bytes, frame.length).tcp.unwrap();
    let context = Context {
        tcp_stream: Some(7),
        seq_base: Some(head.seq.wrapping_sub(1)),
        ack_base: Some(head.ack.wrapping_sub(1)),
        window_shift: Some(10),
        ..Context::default()
    };
    let packet = dissect(frame.link, &frame.bytes, frame.length, &context);
    let tcp = packet.layer("tcp").unwrap();
    let show = |key| tcp.get(key).map(|found| found.show.clone()).unwrap_or_default();
    assert_eq!(["tcp.stream", "tcp.seq", "tcp.ack"].map(show), ["7", "1", "1"]);
    assert_eq!(show("tcp.window_size"), (u32::from(head.window) << 10).to_string());
    assert_eq!(show("tcp.window_size_scalefactor"), "1024");
}

#[test]
fn a_cut_frame_says_where_and_why_it_stops() {
    let frame = &frames(&golden("http"))[0];
    let stop = dissect(frame.link, &frame.bytes[..30], frame.length, &Context::default()).stop.unwrap();
    assert_eq!((stop.protocol.as_str(), stop.offset, stop.needed, stop.had), ("ip", 30, 4, 0));
    assert_eq!(stop.why, "The capture ends after 30 bytes of this frame, inside this header.");
}

/// A glance and a close look agree on what a packet is.
#[test]
fn peek_sees_what_dissect_sees() {
    for path in captures() {
        for (number, frame) in frames(&path).iter().enumerate() {
            let packet = dissect(frame.link, &frame.bytes, frame.length, &Context::default());
            let peek = peek(frame.link, &frame.bytes, frame.length);
            let place = format!("{} frame {}", path.display(), number + 1);
            // What an ICMP error quotes is no part of the conversation; of a tunnel the innermost header counts.
            let quoted = packet.layers.iter().position(|layer| layer.protocol.starts_with("icmp"));
            let own = packet.layers.iter().take(quoted.unwrap_or(usize::MAX));
            let inner = |keys: &[&str]| {
                let of = |layer: &Layer| keys.iter().find_map(|key| layer.get(key)).map(|found| found.show.clone());
                own.clone().filter_map(of).next_back()
            };
            if let (Some(ports), Some(shown)) = (peek.ports, inner(&["tcp.srcport", "udp.srcport"])) {
                assert_eq!(ports.0.to_string(), shown, "{place}");
            }
            // In a frame that is cut inside its IP header, the glance falls back to what the link layer says.
            let has_ip = matches!(peek.source, Address::V4(_) | Address::V6(_));
            let sources = ["ip.src", "ipv6.src", "arp.src.proto_ipv4"];
            if let Some(source) = inner(&sources).filter(|_| has_ip) {
                assert_eq!(peek.source.to_string(), source, "{place}");
            }
            if let Some(tcp) = peek.tcp {
                assert_eq!(Some(tcp.seq.to_string()), inner(&["tcp.seq_raw"]), "{place}");
                assert_eq!(Some(tcp.payload.to_string()), inner(&["tcp.len"]), "{place}");
                assert_eq!(
                    tcp.window_shift.map(|shift| shift.to_string()),
                    inner(&["tcp.options.wscale.shift"]),
                    "{place}"
                );
            }
        }
    }
}

struct Frame {
    link: LinkType,
    length: u32,
    bytes: Vec<u8>,
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.pcap"))
}

/// The captures that have a text of their layers beside them; an empty one asks for it to be written.
fn captures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut captures: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pcap"))
        .filter(|path| path.with_extension("layers").exists())
        .collect();
    captures.sort();
    captures
}

fn frames(path: &Path) -> Vec<Frame> {
    let file = fs::read(path).unwrap();
    let mut reader = capture::open(&file[..]).unwrap();
    let mut frames = Vec::new();
    while let Some((record, bytes)) = reader.next().unwrap() {
        frames.push(Frame { link: record.link, length: record.length, bytes: bytes.to_vec() });
    }
    frames
}

/// A golden's frame, counted from 1, taken apart.
fn first(name: &str, number: usize) -> Packet {
    let frame = &frames(&golden(name))[number - 1];
    dissect(frame.link, &frame.bytes, frame.length, &Context::default())
}

/// Longer values are cut in the text: a payload is not what is reviewed.
const LONGEST_SHOW: usize = 64;

fn write_frame(text: &mut String, number: usize, frame: &Frame, packet: &Packet) {
    writeln!(text, "frame {number}: {} of {} bytes", frame.bytes.len(), frame.length).unwrap();
    for layer in &packet.layers {
        let within = if layer.buffer == 0 { String::new() } else { format!(" of buffer {}", layer.buffer) };
        writeln!(text, "  {} at {}{within}, {} bytes", layer.protocol, layer.pos, layer.size).unwrap();
        for found in &layer.found {
            let elsewhere = if found.buffer == layer.buffer { String::new() } else { format!("b{}:", found.buffer) };
            let place = match found.at.len {
                0 => "-".to_string(),
                len => format!("{elsewhere}{}+{len}", found.at.pos),
            };
            let show: String = found.show.chars().take(LONGEST_SHOW).collect();
            let dots = if show.len() < found.show.len() { "…" } else { "" };
            let meaning = if found.meaning.is_empty() { String::new() } else { format!("  ({})", found.meaning) };
            let indent = "  ".repeat(usize::from(found.depth));
            writeln!(text, "    {place:<9} {indent}{} = {show}{dots}{meaning}", found.field.key).unwrap();
        }
    }
    for (number, buffer) in (1..).zip(&packet.buffers) {
        let parts = buffer.parts.iter().map(|part| format!("{} from frame {}", part.len, part.frame));
        let parts = parts.collect::<Vec<_>>().join(", ");
        writeln!(text, "  buffer {number}: {:?}, {} bytes; {parts}", buffer.made, buffer.bytes.len()).unwrap();
    }
    if let Some(stop) = &packet.stop {
        let by = if stop.claimed_by.is_empty() { String::new() } else { format!(" by {}", stop.claimed_by) };
        writeln!(
            text,
            "  stop in {} at {}: {} needed{by}, {} here. {}",
            stop.protocol, stop.offset, stop.needed, stop.had, stop.why
        )
        .unwrap();
    }
}
