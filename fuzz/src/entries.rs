//! Any bytes → one of Packet Theater's entries, and what has to hold of its answer: no panic, and no place outside of the bytes.

use std::sync::LazyLock;

use packet_theater::capture::{self, LinkType, PcapWriter};
use packet_theater::engine::{Engine, FrameView, MAX_ROWS, Request, Response};
use packet_theater::filter::{self, Known};
use packet_theater::protocol::{Context, Packet, dissect, peek};
use packet_theater::text::{LineContext, label, line};

pub type Entry = fn(&[u8]);

/// Every entry with the name of its fuzz target and of the folder of its regressions.
pub const ENTRIES: &[(&str, Entry)] = &[
    ("capture", capture),
    ("text", text),
    ("frame", frame),
    ("payload", payload),
    ("reassembly", reassembly),
    ("engine", engine),
];

/// Packets of one input that are looked at; more of them show nothing new.
const PACKETS: u32 = 64;
/// Requests of one input.
const REQUESTS: usize = 64;

/// A file of any format: its records, its remarks, its rows and every packet taken apart.
pub fn capture(data: &[u8]) {
    if let Ok(mut reader) = capture::open(data) {
        while let Ok(Some((record, bytes))) = reader.next() {
            assert_eq!(record.captured as usize, bytes.len(), "a record has the bytes that it says");
        }
    }
    look_at_all(data);
}

/// What tcpdump, tshark or hexdump printed, or anything else that is text; a filter, too.
pub fn text(data: &[u8]) {
    static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(filter::known);
    if let Err(fault) = filter::parse(&String::from_utf8_lossy(data), &KNOWN) {
        assert!(!fault.kind.is_empty(), "a fault says what it is");
    }
    look_at_all(data);
}

/// A frame of any link type: two bytes name it, one says how many more bytes were on the wire, the rest is the frame.
pub fn frame(data: &[u8]) {
    let Some(([high, low, missing], bytes)) = data.split_first_chunk() else { return };
    let link = LinkType(u16::from_be_bytes([*high, *low]));
    look_at(link, bytes, bytes.len() as u32 + u32::from(*missing));
}

/// An application's bytes: the first two choose transport and ports, the rest is what the datagram or segment carries.
pub fn payload(data: &[u8]) {
    let Some(([transport, port], bytes)) = data.split_first_chunk() else { return };
    let frame = segment(
        &Segment { tcp: transport & 1 == 1, reply: transport & 2 == 2, port: *port, seq: 1, flags: 0x18 },
        bytes,
    );
    look_at(LinkType::IPV4, &frame, frame.len() as u32);
}

/// Segments and fragments in any order and with any overlap: steps of a head and the bytes that go with it.
pub fn reassembly(data: &[u8]) {
    let Some((port, mut rest)) = data.split_first() else { return };
    let Ok(mut file) = PcapWriter::new(Vec::new(), LinkType::RAW) else { return };
    let mut time = 0;
    while let Some(([kind, high, low, flags, size], after)) = rest.split_first_chunk() {
        let (bytes, following) = after.split_at(after.len().min(usize::from(*size)));
        let offset = u16::from_be_bytes([*high, *low]);
        let frame = match kind & 3 {
            0 | 1 => {
                let seq = u32::from(offset);
                let reply = kind & 1 == 1;
                segment(&Segment { tcp: kind & 4 == 0, reply, port: *port, seq, flags: *flags }, bytes)
            }
            2 => fragment4(offset, *flags, bytes),
            _ => fragment6(offset, *flags, bytes),
        };
        time += 1_000_000;
        let _ = file.packet(time, frame.len() as u32, &frame);
        rest = following;
    }
    look_at_all(&file.finish().unwrap_or_default());
}

/// Requests in the worker's encoding behind a length of two bytes, then the capture that they are asked of.
pub fn engine(data: &[u8]) {
    let Some((size, rest)) = data.split_first_chunk::<2>() else { return };
    let (mut requests, file) = rest.split_at(rest.len().min(usize::from(u16::from_be_bytes(*size))));
    let Ok(mut engine) = Engine::open(file, "fuzz") else { return };
    for _ in 0..REQUESTS {
        let Ok((request, rest)) = postcard::take_from_bytes::<Request>(requests) else { break };
        requests = rest;
        // The page asks while the capture is still being read, too.
        let _ = engine.advance(200);
        let response = engine.answer(&request);
        if engine.is_searching() {
            engine.search_on(500);
        }
        let encoded = postcard::to_allocvec(&response).expect("a response can be sent");
        assert!(postcard::from_bytes::<Response>(&encoded).is_ok(), "a response that is sent arrives");
    }
}

/// Opens a file as the page does and asks for everything that the page can show of it.
fn look_at_all(file: &[u8]) {
    let Ok(mut engine) = Engine::open(file, "fuzz") else { return };
    let Ok(Response::Opened(summary)) = engine.advance(u64::MAX) else { return };
    for frame in 1..=summary.frames.min(PACKETS) {
        if let Response::Layers(view) = engine.answer(&Request::Layers { frame }) {
            check_view(&view);
        }
    }
    engine.answer(&Request::Frames { conversation: None, start: 0, count: PACKETS });
    engine.answer(&Request::Conversations { start: 0, count: MAX_ROWS });
    for conversation in 0..summary.conversations.min(8) {
        engine.answer(&Request::Stage { conversation });
        engine.answer(&Request::Rows { conversation, start: 0, count: PACKETS });
    }
}

fn look_at(link: LinkType, bytes: &[u8], length: u32) {
    peek(link, bytes, length);
    check_packet(&dissect(link, bytes, length, &Context::default()), bytes.len());
    for bases in [None, Some((1, 2))] {
        let context = LineContext { link, length, bases };
        line(bytes, &context);
        label(bytes, &context);
    }
}

fn check_packet(packet: &Packet, frame: usize) {
    let size = |buffer: u8| match usize::from(buffer).checked_sub(1) {
        None => frame,
        Some(number) => packet.buffers[number].bytes.len(),
    };
    for layer in &packet.layers {
        let end = layer.pos as usize + layer.size as usize;
        assert!(end <= size(layer.buffer), "{} leaves its bytes: {end} of {}", layer.protocol, size(layer.buffer));
        for found in layer.found.iter().filter(|found| found.at.len > 0) {
            let end = (found.at.pos + found.at.len) as usize;
            assert!(end <= size(found.buffer) * 8, "{} leaves its bytes: {:?}", found.field.key, found.at);
        }
    }
}

fn check_view(view: &FrameView) {
    let size = |buffer: u8| match usize::from(buffer).checked_sub(1) {
        None => view.bytes.len(),
        Some(number) => view.buffers[number].bytes.len(),
    };
    for layer in &view.layers {
        let end = layer.pos as usize + layer.size as usize;
        assert!(end <= size(layer.buffer), "{} leaves its bytes: {end} of {}", layer.protocol, size(layer.buffer));
        for field in layer.fields.iter().filter(|field| field.at.len > 0) {
            let end = (field.at.pos + field.at.len) as usize;
            assert!(end <= size(field.buffer) * 8, "{} leaves its bytes: {:?}", field.key, field.at);
        }
    }
}

/// Ports of every application protocol here; the first two have none, so that content has to tell.
pub const PORTS: &[u16] = &[
    40000, 8080, 53, 5353, 5355, 67, 68, 546, 547, 123, 69, 7, 9, 13, 19, 80, 443, 23, 21, 20, 25, 587, 22, 853, 1900,
    5060, 1883, 137, 514, 51820, 3478, 4789, 6081, 465, 993, 8443, 3128, 5061, 138,
];

/// A UDP datagram or TCP segment between a client and a server.
pub struct Segment {
    pub tcp: bool,
    pub reply: bool,
    /// Place in [`PORTS`], around and around.
    pub port: u8,
    pub seq: u32,
    pub flags: u8,
}

/// An IPv4 packet with the segment; checksums are left 0.
pub fn segment(it: &Segment, payload: &[u8]) -> Vec<u8> {
    let server = PORTS[usize::from(it.port) % PORTS.len()];
    let (source, destination) = if it.reply { (server, 50_000) } else { (50_000, server) };
    let mut header: Vec<u8> = [source.to_be_bytes(), destination.to_be_bytes()].concat();
    if it.tcp {
        header.extend(it.seq.to_be_bytes());
        header.extend([0, 0, 0, 1, 0x50, it.flags, 0x20, 0, 0, 0, 0, 0]);
    } else {
        header.extend(((payload.len() + 8) as u16).to_be_bytes());
        header.extend([0, 0]);
    }
    header.extend(payload);
    ipv4(if it.tcp { 6 } else { 17 }, it.reply, [0, 1, 0x40, 0], &header)
}

/// A piece of an IPv4 datagram: `flags` are two bits of identification and one that says whether more follow.
fn fragment4(offset: u16, flags: u8, payload: &[u8]) -> Vec<u8> {
    let place = (offset & 0x1fff) | u16::from(flags & 1) << 13;
    let [high, low] = place.to_be_bytes();
    ipv4(if flags & 16 == 0 { 17 } else { 1 }, false, [0, flags >> 1 & 3, high, low], payload)
}

fn ipv4(protocol: u8, reply: bool, identified: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let (a, b) = if reply { (2, 1) } else { (1, 2) };
    let [high, low] = ((payload.len() + 20) as u16).to_be_bytes();
    let mut packet = vec![0x45, 0, high, low];
    packet.extend(identified);
    packet.extend([64, protocol, 0, 0, 192, 0, 2, a, 192, 0, 2, b]);
    packet.extend(payload);
    packet
}

fn fragment6(offset: u16, flags: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = ((payload.len() + 8) as u16).to_be_bytes();
    let mut packet = vec![0x60, 0, 0, 0, high, low, 44, 64];
    for host in [1, 2] {
        packet.extend([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host]);
    }
    let [high, low] = (offset << 3 | u16::from(flags & 1)).to_be_bytes();
    packet.extend([if flags & 16 == 0 { 17 } else { 58 }, 0, high, low, 0, 0, 0, flags >> 1 & 3]);
    packet.extend(payload);
    packet
}
