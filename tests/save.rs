//! A capture saved as pcap or pcapng → the same packets when it is opened again: times, lengths, link types, comments.

use std::fs;
use std::path::Path;

use packet_theater::capture;
use packet_theater::engine::{Engine, Format, SaveError};

/// Link type, time, length, bytes and comments of every packet.
type Packets = Vec<(u16, i64, u32, Vec<u8>, Vec<String>)>;

fn packets(content: &[u8]) -> Packets {
    let mut reader = capture::open(content).unwrap_or_else(|error| panic!("{error}"));
    let mut packets = Packets::new();
    while let Some((record, bytes)) = reader.next().expect("bytes in memory") {
        packets.push((record.link.0, record.time, record.length, bytes.to_vec(), Vec::new()));
    }
    for (frame, packet) in (1..).zip(&mut packets) {
        packet.4 = reader.comments(frame).to_vec();
    }
    packets
}

fn saved(content: &[u8], format: Format) -> Result<Vec<u8>, String> {
    let mut engine = Engine::open(content, "test").map_err(|failure| failure.detail)?;
    engine.advance(u64::MAX).map_err(|failure| failure.detail)?;
    let mut out = Vec::new();
    match engine.save(format, &mut out) {
        Ok(_) => Ok(out),
        Err(SaveError::Capture(failure)) => Err(failure.kind),
        Err(SaveError::Output(error)) => Err(error.to_string()),
    }
}

fn golden(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)).expect(name)
}

#[test]
fn captures_come_back_as_they_were() {
    for name in ["http.pcap", "flawed.pcap", "any.pcap", "raw.pcap", "text/dns.tcpdump-nX.txt"] {
        let original = golden(name);
        for format in [Format::Pcap, Format::Pcapng] {
            let file = saved(&original, format).expect(name);
            assert_eq!(packets(&file), packets(&original), "{name} as {format:?}");
        }
    }
}

#[test]
fn rebuilt_packets_keep_their_mark_and_mixed_links_need_pcapng() {
    let text =
        b"ARP, Request who-has 192.0.2.2 tell 192.0.2.1, length 28\nIP 192.0.2.1.9 > 192.0.2.2.9: UDP, length 3\n";
    assert_eq!(saved(text, Format::Pcap), Err("mixed-links".to_owned()));
    let file = saved(text, Format::Pcapng).expect("pcapng");
    assert_eq!(packets(&file), packets(text));
    let marks = packets(&file).iter().filter(|packet| packet.4.concat().starts_with("Rebuilt from a line")).count();
    assert_eq!(marks, 2);
}

#[test]
fn nanoseconds_and_cut_packets_stay() {
    let mut writer = capture::PcapngWriter::new(Vec::new()).unwrap();
    let comments = ["one".to_owned(), "二".to_owned()];
    for (interface, link) in [(3, 1), (0, 101), (3, 1)] {
        let link = capture::LinkType(link);
        let record =
            capture::Record { offset: 0, time: 1_700_000_000_123_456_789, captured: 5, length: 9000, link, interface };
        writer.packet(&record, b"12345", &comments).unwrap();
    }
    let file = writer.finish().unwrap();
    let expected = |link| (link, 1_700_000_000_123_456_789, 9000, b"12345".to_vec(), comments.to_vec());
    assert_eq!(packets(&file), [expected(1), expected(101), expected(1)]);
    assert_eq!(packets(&saved(&file, Format::Pcapng).unwrap()), packets(&file));
}

#[test]
fn names_get_the_ending_of_their_format() {
    for (name, saved) in [
        ("a.b.pcap", "a.b.pcapng"),
        ("notes.txt", "notes.pcapng"),
        ("x.pcap.gz", "x.pcapng"),
        ("plain", "plain.pcapng"),
    ] {
        assert_eq!(Format::Pcapng.name(name), saved);
    }
}
