//! Segments and fragments, in order, out of order, twice or not at all → the messages and datagrams that they make.

use etherparse::PacketBuilder;
use packet_theater::capture::{LinkType, PcapWriter};
use packet_theater::conversation::{MAX_EARLY, MAX_PIECES, MAX_UNDECIDED, MAX_WAITING};
use packet_theater::engine::{BACK, Engine, MAX_MESSAGE, MAX_ROWS_KEPT};
use packet_theater::protocol::{Made, Packet};

const CLIENT: [u8; 4] = [192, 0, 2, 1];
const SERVER: [u8; 4] = [192, 0, 2, 53];

/// A DNS query over TCP, its length before it (RFC 1035 §4.2.2): 35 bytes.
fn query() -> Vec<u8> {
    let mut message = vec![0x10, 0x00, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0];
    message.extend(b"\x03www\x07example\x03com\x00\x00\x01\x00\x01");
    let mut framed = (message.len() as u16).to_be_bytes().to_vec();
    framed.extend(message);
    framed
}

fn segment(seq: u32, data: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    PacketBuilder::ipv4(CLIENT, SERVER, 64).tcp(40000, 53, seq, 1000).ack(1).write(&mut frame, data).unwrap();
    frame
}

fn syn(seq: u32) -> Vec<u8> {
    let mut frame = Vec::new();
    PacketBuilder::ipv4(CLIENT, SERVER, 64).tcp(40000, 53, seq, 1000).syn().write(&mut frame, &[]).unwrap();
    frame
}

/// A capture of these IPv4 packets, read to its end.
struct Play(Vec<u8>);

impl Play {
    fn of(packets: &[Vec<u8>]) -> Play {
        let mut writer = PcapWriter::new(Vec::new(), LinkType::RAW).unwrap();
        for (i, packet) in packets.iter().enumerate() {
            writer.packet(i as i64, packet.len() as u32, packet).unwrap();
        }
        Play(writer.finish().unwrap())
    }

    fn engine(&self) -> Engine<&[u8]> {
        let mut engine = Engine::open(&self.0[..], "play").unwrap();
        engine.advance(u64::MAX).unwrap();
        engine
    }

    /// The frames in order, as `inspect` asks for them.
    fn packets(&self, count: u32) -> Vec<Packet> {
        let mut engine = self.engine();
        (1..=count).map(|frame| engine.packet(frame).unwrap()).collect()
    }
}

fn show<'a>(packet: &'a Packet, key: &str) -> Vec<&'a str> {
    let fields = packet.layers.iter().flat_map(|layer| &layer.found);
    fields.filter(|found| found.field.key == key).map(|found| found.show.as_str()).collect()
}

fn layers(packet: &Packet) -> String {
    packet.layers.iter().map(|layer| layer.protocol).collect::<Vec<_>>().join(":")
}

#[test]
fn a_message_shows_in_the_segment_that_completes_it() {
    let query = query();
    let play = Play::of(&[syn(99), segment(100, &query[..1]), segment(101, &query[1..20]), segment(120, &query[20..])]);
    let packets = play.packets(4);
    assert_eq!(packets.iter().map(layers).collect::<Vec<_>>(), ["ip:tcp", "ip:tcp", "ip:tcp", "ip:tcp:dns"]);
    assert_eq!(show(&packets[1], "tcp.reassembled_in"), ["4"]);
    assert_eq!(show(&packets[2], "tcp.reassembled_in"), ["4"]);
    assert_eq!(show(&packets[3], "tcp.segment"), ["2", "3", "4"]);
    assert_eq!(show(&packets[3], "dns.qry.name"), ["www.example.com"]);
    let dns = packets[3].layer("dns").unwrap();
    assert_eq!((dns.buffer, dns.pos, dns.size), (1, 0, query.len() as u32));
    assert_eq!((packets[3].buffers[0].made, &packets[3].buffers[0].bytes), (Made::Message, &query));
}

#[test]
fn every_frame_says_the_same_in_whatever_order_one_asks() {
    let query = query();
    let play = Play::of(&[syn(99), segment(100, &query[..9]), segment(109, &query[9..]), segment(135, &query)]);
    let forwards = play.packets(4);
    let mut engine = play.engine();
    for frame in [4, 3, 2, 3, 1, 4] {
        assert_eq!(engine.packet(frame).as_ref(), Some(&forwards[frame as usize - 1]), "frame {frame}");
    }
}

#[test]
fn messages_in_one_segment_are_layers_of_their_own_and_the_rest_is_a_part() {
    let query = query();
    let two_and_a_bit = [&query[..], &query, &query[..5]].concat();
    let play = Play::of(&[segment(100, &two_and_a_bit), segment(100 + two_and_a_bit.len() as u32, &query[5..])]);
    let packets = play.packets(2);
    assert_eq!(packets.iter().map(layers).collect::<Vec<_>>(), ["ip:tcp:dns:dns", "ip:tcp:dns"]);
    assert_eq!(show(&packets[0], "tcp.reassembled_in"), ["2"]);
    assert_eq!(show(&packets[1], "tcp.segment.count"), ["2"]);
}

#[test]
fn segments_out_of_order_and_repeated_make_the_same_message() {
    let query = query();
    let parts = [
        segment(100, &query[..10]),
        segment(120, &query[20..]),
        segment(100, &query[..10]),
        segment(105, &query[5..20]),
    ];
    let packets = Play::of(&parts).packets(4);
    // The third repeats what the first brought; the fourth fills the gap and overlaps the first by five bytes.
    assert_eq!(packets.iter().map(layers).collect::<Vec<_>>(), ["ip:tcp", "ip:tcp", "ip:tcp", "ip:tcp:dns"]);
    assert_eq!(packets[3].buffers[0].bytes, query);
    assert_eq!(show(&packets[3], "tcp.segment"), ["1", "4", "2"]);
    assert!(show(&packets[2], "tcp.segment_data").is_empty());
}

#[test]
fn a_message_whose_end_is_missing_says_so_and_the_next_one_is_read() {
    let query = query();
    let play = Play::of(&[segment(100, &query[..10]), segment(135, &query)]);
    let packets = play.packets(2);
    assert_eq!(packets.iter().map(layers).collect::<Vec<_>>(), ["ip:tcp", "ip:tcp:dns"]);
    let tcp = packets[0].layer("tcp").unwrap();
    assert_eq!(tcp.get("tcp.reassembled_in").unwrap().meaning, "its end is not in the capture");
}

#[test]
fn bytes_ahead_of_a_gap_wait_up_to_a_limit() {
    let query = query();
    let filler = vec![0; MAX_EARLY / 8];
    // The first message's end comes last: after as many early bytes as may wait, or after one segment more.
    let play = |early: u32| {
        let mut segments = vec![segment(100, &query[..10])];
        let length = filler.len() as u32;
        segments.extend((0..early).map(|i| segment(135 + i * length, &filler)));
        segments.push(segment(110, &query[10..]));
        let count = segments.len() as u32;
        Play::of(&segments).packets(count).pop().unwrap()
    };
    assert_eq!(layers(&play(8)), "ip:tcp:dns");
    assert_eq!(layers(&play(9)), "ip:tcp");
}

/// An HTTP answer in chunks does not say how long it is before its last chunk.
#[test]
fn bytes_of_unknown_length_are_held_up_to_a_limit() {
    for (held, whole) in [(MAX_UNDECIDED, true), (MAX_UNDECIDED + 1, false)] {
        let mut message = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        let size = held + 1 - message.len() - 14;
        message.extend(format!("{size:05x}\r\n").bytes());
        message.extend(vec![b'x'; size]);
        message.extend(b"\r\n0\r\n\r\n");
        // All but the last byte has to be held.
        let mut parts: Vec<&[u8]> = message[..held].chunks(MAX_UNDECIDED / 8).collect();
        parts.push(&message[held..]);
        let mut seq = 100;
        let packets = parts.iter().map(|part| {
            let mut frame = Vec::new();
            let build = PacketBuilder::ipv4(SERVER, CLIENT, 64).tcp(80, 40000, seq, 1000).ack(1);
            build.write(&mut frame, part).unwrap();
            seq += part.len() as u32;
            frame
        });
        let packets: Vec<_> = packets.collect();
        let last = Play::of(&packets).packets(packets.len() as u32).pop().unwrap();
        let put_together = last.buffers.first().is_some_and(|buffer| buffer.bytes == message);
        assert_eq!(put_together, whole, "{held} bytes are held");
    }
}

#[test]
fn of_a_message_longer_than_the_limit_only_the_beginning_is_put_together() {
    // HTTP's length is its own word; DNS cannot say more than 64 KiB.
    assert!(MAX_MESSAGE > usize::from(u16::MAX) + 2, "any DNS message fits");
    let mut message = u16::MAX.to_be_bytes().to_vec();
    message.extend(query()[2..].iter().copied());
    message.resize(usize::from(u16::MAX) + 2, 0);
    let segments: Vec<_> =
        message.chunks(1400).enumerate().map(|(i, part)| segment(100 + i as u32 * 1400, part)).collect();
    let count = segments.len() as u32;
    let last = Play::of(&segments).packets(count).pop().unwrap();
    assert_eq!(last.buffers[0].bytes, message);
    assert_eq!(show(&last, "tcp.segment.count"), [count.to_string()]);
}

#[test]
fn a_stream_longer_than_what_is_remembered_is_read_to_its_end() {
    let query = query();
    let length = query.len() as u32;
    // Each message begins in one segment and ends in the next, which begins the one after it.
    let count = MAX_ROWS_KEPT as u32 + 2 * BACK;
    let stream: Vec<u8> = query.iter().copied().cycle().take((count * length) as usize).collect();
    let cut = |i: u32| (i * length + 10).min(count * length) as usize;
    let segments: Vec<_> = (0..count).map(|i| segment(100 + cut(i) as u32, &stream[cut(i)..cut(i + 1)])).collect();
    let play = Play::of(&[&[segment(100, &stream[..10])], &segments[..]].concat());
    let mut engine = play.engine();
    for frame in (2..count).step_by(BACK as usize / 2).chain([count, 2]) {
        let packet = engine.packet(frame).unwrap();
        assert_eq!(layers(&packet), "ip:tcp:dns", "frame {frame}");
        assert_eq!(packet.buffers[0].bytes, query, "frame {frame}");
    }
}

/// An IPv4 fragment of an ICMP message; `offset` in units of eight bytes.
fn fragment(id: u16, offset: u16, more: bool, data: &[u8]) -> Vec<u8> {
    let mut header =
        etherparse::Ipv4Header::new(data.len() as u16, 64, etherparse::IpNumber::ICMP, CLIENT, SERVER).unwrap();
    header.identification = id;
    header.dont_fragment = false;
    header.more_fragments = more;
    header.fragment_offset = etherparse::IpFragOffset::try_new(offset).unwrap();
    header.header_checksum = header.calc_header_checksum();
    let mut packet = header.to_bytes().to_vec();
    packet.extend_from_slice(data);
    packet
}

/// An echo request of 24 bytes with a right checksum.
fn echo() -> Vec<u8> {
    let mut message = Vec::new();
    PacketBuilder::ipv4(CLIENT, SERVER, 64).icmpv4_echo_request(1, 2).write(&mut message, &[7; 16]).unwrap();
    message.split_off(20)
}

#[test]
fn a_datagram_shows_in_the_fragment_that_completes_it_in_any_order() {
    let echo = echo();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        let fragments: Vec<_> = (0..3).map(|i| fragment(9, i as u16, i < 2, &echo[i * 8..i * 8 + 8])).collect();
        let packets = Play::of(&order.map(|i| fragments[i].clone())).packets(3);
        assert_eq!(packets.iter().map(layers).collect::<Vec<_>>(), ["ip:data", "ip:data", "ip:icmp:data"], "{order:?}");
        assert_eq!(packets[2].buffers[0].bytes, echo);
        assert_eq!(show(&packets[2], "icmp.checksum.status"), ["1"]);
        assert_eq!(show(&packets[0], "ip.reassembled_in"), ["3"]);
    }
}

#[test]
fn an_overlap_and_a_gap_are_said() {
    let echo = echo();
    let overlapping = [fragment(9, 0, true, &echo[..16]), fragment(9, 1, false, &echo[8..])];
    let packets = Play::of(&overlapping).packets(2);
    assert_eq!(
        (show(&packets[0], "ip.fragment.overlap").len(), show(&packets[1], "ip.fragment.overlap")),
        (0, vec!["1"])
    );
    assert_eq!(layers(&packets[1]), "ip:icmp:data");
    let gap = [fragment(9, 0, true, &echo[..8]), fragment(9, 2, false, &echo[16..])];
    let packets = Play::of(&gap).packets(2);
    let said = &packets[1].layer("ip").unwrap().get("ip.reassembled_in").unwrap().meaning;
    assert_eq!(said, "never: bytes 8 to 15 of the datagram did not come");
}

#[test]
fn fragments_of_two_datagrams_do_not_mix() {
    let echo = echo();
    let packets =
        [fragment(1, 0, true, &echo[..8]), fragment(2, 1, false, &echo[8..]), fragment(1, 1, false, &echo[8..])];
    let packets = Play::of(&packets).packets(3);
    assert_eq!(packets.iter().map(layers).collect::<Vec<_>>(), ["ip:data", "ip:data", "ip:icmp:data"]);
}

#[test]
fn the_oldest_datagram_gives_way_where_too_many_wait() {
    let echo = echo();
    let play = |others: u16| {
        let mut packets = vec![fragment(0, 0, true, &echo[..8])];
        packets.extend((1..=others).map(|id| fragment(id, 0, true, &echo[..8])));
        packets.push(fragment(0, 1, false, &echo[8..]));
        let count = packets.len() as u32;
        Play::of(&packets).packets(count).pop().unwrap()
    };
    assert_eq!(layers(&play(MAX_WAITING as u16 - 1)), "ip:icmp:data");
    assert_eq!(layers(&play(MAX_WAITING as u16)), "ip:data");
}

#[test]
fn a_datagram_in_too_many_fragments_stays_in_pieces() {
    // The same piece over and over: a datagram has no more places than fragments are kept.
    let echo = echo();
    let play = |repeats: usize| {
        let mut packets = vec![fragment(5, 0, true, &echo[..8]); repeats];
        packets.push(fragment(5, 1, false, &echo[8..]));
        let count = packets.len() as u32;
        let play = Play::of(&packets);
        play.engine().packet(count).map(|packet| layers(&packet)).unwrap()
    };
    assert_eq!(play(MAX_PIECES - 1), "ip:icmp:data");
    assert_eq!(play(MAX_PIECES), "ip:data");
}
