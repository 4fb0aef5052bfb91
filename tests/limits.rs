//! Each named limit, at it and one over it: what hostile bytes can ask for is bounded in memory and time.
//!
//! Those of reassembly stand in `tests/reassembly.rs`, those of rows in `tests/engine.rs`, those of capture files in
//! `tests/capture.rs`.

use etherparse::PacketBuilder;
use packet_theater::capture::{LinkType, MAX_BLOCK, MAX_TEXT, PcapWriter, Source, open};
use packet_theater::engine::{Engine, MAX_OPENED, Response};
use packet_theater::protocol::{
    Context, Framing, MAX_ASKED, MAX_DNS_ENTRIES, MAX_DNS_NAME, MAX_DNS_POINTERS, MAX_LAYERS, MAX_NESTING, MAX_ROUTERS,
    MAX_TLS_RECORDS, Packet, Talk, dissect, over_tcp, peek,
};
use packet_theater::text::{LineContext, MAX_TUNNELS, line};

/// `count` IPv4 headers inside each other, the innermost with this protocol and payload.
fn nested(count: usize, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let mut packet = Vec::new();
    for left in (0..count).rev() {
        let size = ((left + 1) * 20 + payload.len()) as u16;
        packet.extend([0x45, 0, size.to_be_bytes()[0], size.to_be_bytes()[1], 0, 0, 0, 0, 64]);
        packet.extend([if left == 0 { protocol } else { 4 }, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
    }
    packet.extend(payload);
    packet
}

fn taken_apart(packet: &[u8]) -> Packet {
    dissect(LinkType::IPV4, packet, packet.len() as u32, &Context::default())
}

fn count(packet: &Packet, key: &str) -> usize {
    packet.layers.iter().flat_map(|layer| &layer.found).filter(|found| found.field.key == key).count()
}

#[test]
fn layers() {
    for (headers, layers) in [(MAX_LAYERS - 1, MAX_LAYERS), (MAX_LAYERS, MAX_LAYERS), (3 * MAX_LAYERS, MAX_LAYERS)] {
        let packet = taken_apart(&nested(headers, 253, b"payload"));
        assert_eq!(packet.layers.len(), layers, "{headers} headers");
        assert_eq!(packet.layers.last().unwrap().protocol, "data", "{headers} headers");
    }
}

#[test]
fn headers_that_the_index_looks_through() {
    let ports = [0x9c, 0x40, 0x9c, 0x41, 0, 8, 0, 0];
    for (tunnels, protocol) in [(MAX_NESTING, "UDP"), (MAX_NESTING + 1, "IPv4")] {
        let packet = nested(tunnels + 1, 17, &ports);
        assert_eq!(peek(LinkType::IPV4, &packet, packet.len() as u32).protocol, protocol, "{tunnels} tunnels");
    }
}

#[test]
fn tunnels_that_a_line_names() {
    let print = |tunnels: usize| {
        let packet = nested(tunnels + 1, 253, b"payload");
        line(&packet, &LineContext { link: LinkType::IPV4, length: packet.len() as u32, bases: None })
    };
    let (at, over) = (print(MAX_TUNNELS as usize), print(MAX_TUNNELS as usize + 1));
    assert!(at.ends_with("ip-proto-253 7"), "{at}");
    assert!(over.ends_with("[|ip]"), "{over}");
}

fn dns(questions: u16, body: &[u8]) -> Packet {
    let [high, low] = questions.to_be_bytes();
    let message = [&[0x10, 0, 1, 0, high, low, 0, 0, 0, 0, 0, 0], body].concat();
    let mut packet = Vec::new();
    let build = PacketBuilder::ipv4([192, 0, 2, 1], [192, 0, 2, 53], 64).udp(40000, 53);
    build.write(&mut packet, &message).unwrap();
    taken_apart(&packet)
}

#[test]
fn dns_entries() {
    for (asked, shown) in [(MAX_DNS_ENTRIES, MAX_DNS_ENTRIES), (MAX_DNS_ENTRIES + 1, MAX_DNS_ENTRIES)] {
        let packet = dns(asked as u16, &b"\x01a\x00\x00\x01\x00\x01".repeat(asked));
        assert_eq!(count(&packet, "dns.qry.name"), shown, "{asked} questions");
    }
}

#[test]
fn dns_pointers() {
    for (pointers, shown) in [(MAX_DNS_POINTERS, 1), (MAX_DNS_POINTERS + 1, 0)] {
        // Behind the question come the name's end and pointers that each lead to the one before.
        let end = 12 + 6;
        let mut body = vec![0xc0, (end + 1 + 2 * (pointers - 2)) as u8, 0, 1, 0, 1, 0];
        for pointer in 0..pointers - 1 {
            let before = if pointer == 0 { end } else { end + 1 + 2 * (pointer - 1) };
            body.extend([0xc0, before as u8]);
        }
        let packet = dns(1, &body);
        assert_eq!(count(&packet, "dns.qry.name"), shown, "{pointers} pointers");
        assert_eq!(packet.stop.is_some(), shown == 0, "{pointers} pointers");
    }
}

#[test]
fn dns_names() {
    // A byte that does not print takes four letters.
    let name = |bytes: usize| {
        let mut name = Vec::new();
        for length in (0..bytes).step_by(64).map(|at| (bytes - at).min(64) - 1) {
            name.push(length as u8);
            name.extend(vec![1; length]);
        }
        name.extend([0, 0, 1, 0, 1]);
        name
    };
    for (bytes, shown) in [(MAX_DNS_NAME - 1, 1), (2 * MAX_DNS_NAME, 0)] {
        let packet = dns(1, &name(bytes));
        assert_eq!(count(&packet, "dns.qry.name"), shown, "{bytes} bytes");
        assert_eq!(packet.stop.is_some(), shown == 0, "{bytes} bytes");
    }
}

#[test]
fn routers_of_an_advertisement() {
    for (routers, shown) in [(MAX_ROUTERS, MAX_ROUTERS), (MAX_ROUTERS + 1, MAX_ROUTERS)] {
        let head = [9, 0, 0, 0, routers as u8, 2, 0, 30];
        let message = [&head[..], &[192, 0, 2, 9, 0, 0, 0, 0].repeat(routers)].concat();
        assert_eq!(count(&taken_apart(&nested(1, 1, &message)), "icmp.router_address"), shown, "{routers} routers");
    }
}

/// Connections that are opened one after the other, the last of which carries data: is it the one that is shown first?
#[test]
fn openings_remembered_while_none_carries_data() {
    for (opened, remembered) in [(MAX_OPENED, true), (MAX_OPENED + 1, false)] {
        let mut writer = PcapWriter::new(Vec::new(), LinkType::IPV4).unwrap();
        let mut put = |port: u16, syn: bool, data: &[u8]| {
            let (mut packet, mut build) =
                (Vec::new(), PacketBuilder::ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64).tcp(port, 80, 1, 9));
            build = if syn { build.syn() } else { build.ack(1) };
            build.write(&mut packet, data).unwrap();
            writer.packet(0, packet.len() as u32, &packet).unwrap();
        };
        (1..=opened as u16).for_each(|port| put(port, true, &[]));
        put(opened as u16, false, b"data");
        let file = writer.finish().unwrap();
        let mut engine = Engine::open(&file[..], "scan").unwrap();
        let Ok(Response::Opened(summary)) = engine.advance(u64::MAX) else { panic!("a capture") };
        let expected = if remembered { opened as u32 - 1 } else { 0 };
        assert_eq!(summary.start_with, Some(expected), "{opened} openings");
    }
}

/// A capture of this many packets, read by an engine that keeps three: what it says beside the packets.
#[test]
fn packets_of_a_capture() {
    const MOST: u32 = 3;
    for (packets, notes) in [(MOST, 0), (MOST + 1, 1)] {
        let mut writer = PcapWriter::new(Vec::new(), LinkType::IPV4).unwrap();
        let packet = nested(1, 253, b"payload");
        (0..packets).for_each(|time| writer.packet(time.into(), packet.len() as u32, &packet).unwrap());
        let file = writer.finish().unwrap();
        let mut engine = Engine::open(&file[..], "many").unwrap().keeping_at_most(MOST);
        let Ok(Response::Opened(summary)) = engine.advance(u64::MAX) else { panic!("a capture") };
        let said = summary.notes.iter().filter(|note| note.contains("the first 3 packets")).count();
        assert_eq!((summary.frames, said), (MOST, notes), "{packets} packets, {:?}", summary.notes);
    }
}

#[test]
fn records_of_a_segment() {
    for (records, shown) in [(MAX_TLS_RECORDS, MAX_TLS_RECORDS), (MAX_TLS_RECORDS + 1, MAX_TLS_RECORDS)] {
        let mut packet = Vec::new();
        let build = PacketBuilder::ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64).tcp(40000, 443, 1, 9);
        build.write(&mut packet, &[21, 3, 3, 0, 2, 1, 0].repeat(records)).unwrap();
        assert_eq!(count(&taken_apart(&packet), "tls.record.length"), shown, "{records} records");
    }
}

/// After this many questions for a head only, does the answer to the last of them end with its head?
#[test]
fn questions_that_wait_for_their_answers() {
    let (ask, answer) = (b"HEAD / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    let http = over_tcp((40000, 80), ask).unwrap();
    for (asked, extra) in [(MAX_ASKED, 0), (MAX_ASKED + 1, 5)] {
        let mut talk = Talk::default();
        (0..asked).for_each(|_| assert_eq!(http.framing(ask, &mut talk), Framing::Bytes(ask.len())));
        let last = (0..asked).map(|_| http.framing(answer, &mut talk)).last().unwrap();
        assert_eq!(last, Framing::Bytes(answer.len() + extra), "{asked} questions");
    }
}

/// A pcapng block that claims this many bytes, of which the section header before it and its own head are there.
#[test]
fn blocks() {
    for (size, refused) in [(MAX_BLOCK, false), (MAX_BLOCK + 4, true)] {
        let mut file = vec![0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0];
        file.extend([0xff; 8]);
        file.extend(28_u32.to_le_bytes());
        file.extend(0x0bad_u32.to_le_bytes());
        file.extend(size.to_le_bytes());
        file.extend([0; 8]);
        let mut reader = open(&file[..]).unwrap();
        assert_eq!(reader.next(), Ok(None));
        let notes = reader.notes().join(" ");
        assert_eq!(notes.contains("must be a multiple of 4"), refused, "{notes}");
    }
}

/// Text of this size, of which only the beginning is ever asked for.
struct Long(u64);

impl Source for Long {
    fn size(&self) -> u64 {
        self.0
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        let text = b"IP 192.0.2.1.40000 > 192.0.2.2.80: Flags [S], seq 1, win 9, length 0\n";
        let rest = usize::try_from(offset).ok().and_then(|offset| text.get(offset..)).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

#[test]
fn text_that_is_read_into_memory() {
    assert!(open(Long(MAX_TEXT)).is_ok());
    assert_eq!(open(Long(MAX_TEXT + 1)).map(|_| ()).map_err(|error| error.kind()), Err("too-large"));
}
