//! A seed → a capture like a small office's, for benchmarks and tests: TCP, UDP with DNS, ICMP and ARP, checksums valid.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};

use etherparse::{
    ArpHardwareId, ArpOperation, ArpPacket, EtherType, PacketBuilder, PacketBuilderStep, TcpOptionElement,
};
use etherparse::{Ethernet2Header, IpHeaders, IpNumber, Ipv4Header, Ipv6FlowLabel, Ipv6Header};

use super::{LinkType, PcapWriter};

/// 2026-01-01 00:00:00 UTC in nanoseconds.
const START: i64 = 1_767_225_600 * 1_000_000_000;
const MICROSECOND: i64 = 1_000;
const MILLISECOND: i64 = 1_000_000;

/// Bytes of TCP data in a full segment: 1,500 less the two headers and the timestamp option, for IPv4 and IPv6.
const SEGMENT: [usize; 2] = [1448, 1428];
/// Segments between two acknowledgments of a receiver that delays them.
const PER_ACK: usize = 2;
/// Conversations begin this far apart on average, so that some dozen of them overlap.
const BETWEEN: u64 = 4_000_000;

/// Writes Ethernet frames until the capture has `bytes` bytes or slightly more, and returns how many frames. The same seed
/// gives the same capture. Streams: only the conversations that overlap are in memory.
///
/// 100,000,000 bytes give about 150,000 frames.
pub fn mixed<W: Write>(writer: W, bytes: u64, seed: u64) -> io::Result<u32> {
    let mut capture = PcapWriter::new(writer, LinkType::ETHERNET)?;
    let mut play = Play { random: Random(seed), time: START, order: 0, queue: BinaryHeap::new(), planned: 24 };
    let mut frames = 0;
    let mut next = START;
    loop {
        while play.planned < bytes && play.queue.peek().is_none_or(|Reverse(frame)| frame.time >= next) {
            play.time = next;
            play.conversation();
            next += play.random.nanoseconds(BETWEEN);
        }
        let Some(Reverse(frame)) = play.queue.pop() else { break };
        capture.packet(frame.time, u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX), &frame.bytes)?;
        frames += 1;
    }
    capture.finish()?;
    Ok(frames)
}

/// Writes one TCP conversation of so many Ethernet frames or a few more, and returns how many: requests and responses with an
/// opening and a close, repeated segments among them. All of it is in memory, about 1,000 bytes a frame.
pub fn stream<W: Write>(writer: W, frames: u32, seed: u64) -> io::Result<u32> {
    let mut capture = PcapWriter::new(writer, LinkType::ETHERNET)?;
    let mut play = Play { random: Random(seed), time: START, order: 0, queue: BinaryHeap::new(), planned: 24 };
    let (mut talk, trip) = play.opening(host(10, false), host(1, true), false);
    while (play.queue.len() as u64) < u64::from(frames) {
        play.request(&mut talk, trip, 1, 11);
    }
    play.close(&mut talk, trip);
    let mut written = 0;
    while let Some(Reverse(frame)) = play.queue.pop() {
        capture.packet(frame.time, u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX), &frame.bytes)?;
        written += 1;
    }
    capture.finish()?;
    Ok(written)
}

/// `SplitMix64` (Steele, Lea, Flood 2014): eight lines, and the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn word(&mut self) -> u32 {
        u32::try_from(self.next() >> 32).unwrap_or(0)
    }

    fn port(&mut self) -> u16 {
        u16::try_from(32_768 + self.below(28_000)).unwrap_or(32_768)
    }

    /// A time of `mean` on average, never zero.
    fn nanoseconds(&mut self, mean: u64) -> i64 {
        i64::try_from(1 + self.below(mean * 2)).unwrap_or(1)
    }
}

/// A frame that waits for its turn; frames of one moment keep the order in which they were made.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    time: i64,
    order: u64,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Host {
    mac: [u8; 6],
    v4: [u8; 4],
    v6: [u8; 16],
}

fn host(number: u8, outside: bool) -> Host {
    let (v4, net) = if outside { ([203, 0, 113, number], 2) } else { ([192, 168, 1, number], 1) };
    Host {
        // Whatever lies outside is reached through the router's address.
        mac: if outside { [0x02, 0, 0, 0, 1, 1] } else { [0x02, 0, 0, 0, 0, number] },
        v4,
        v6: [0x20, 1, 0x0d, 0xb8, 0, net, 0, 0, 0, 0, 0, 0, 0, 0, 0, number],
    }
}

/// The state of the whole generator.
struct Play {
    random: Random,
    /// When the conversation that is being made sends next.
    time: i64,
    order: u64,
    queue: BinaryHeap<Reverse<Waiting>>,
    /// Size of the capture with all frames that wait.
    planned: u64,
}

impl Play {
    fn frame(&mut self, bytes: Vec<u8>) {
        self.planned += 16 + bytes.len() as u64;
        self.order += 1;
        self.queue.push(Reverse(Waiting { time: self.time, order: self.order, bytes }));
    }

    fn wait(&mut self, mean: i64) {
        self.time += self.random.nanoseconds(mean.unsigned_abs());
    }

    fn conversation(&mut self) {
        let client = host(10 + u8::try_from(self.random.below(40)).unwrap_or(0), false);
        let server = host(1 + u8::try_from(self.random.below(200)).unwrap_or(0), true);
        match self.random.below(20) {
            0..=11 => self.tcp(client, server),
            12..=16 => self.dns(client),
            17 | 18 => self.ping(client, server),
            _ => self.arp(client),
        }
    }

    /// Ethernet and IP for a packet from one host to the other.
    fn ip(
        &mut self,
        from: Host,
        to: Host,
        six: bool,
        protocol: IpNumber,
        payload: usize,
    ) -> PacketBuilderStep<IpHeaders> {
        let size = u16::try_from(payload).unwrap_or(u16::MAX);
        let headers = if six {
            let flow = Ipv6FlowLabel::try_new(self.random.word() & 0xfffff).unwrap_or(Ipv6FlowLabel::ZERO);
            IpHeaders::Ipv6(
                Ipv6Header {
                    flow_label: flow,
                    payload_length: size,
                    next_header: protocol,
                    hop_limit: 64,
                    source: from.v6,
                    destination: to.v6,
                    ..Ipv6Header::default()
                },
                etherparse::Ipv6Extensions::default(),
            )
        } else {
            let mut header = Ipv4Header::new(size, 64, protocol, from.v4, to.v4).unwrap_or_default();
            header.identification = u16::try_from(self.random.word() >> 16).unwrap_or(0);
            IpHeaders::Ipv4(header, etherparse::Ipv4Extensions::default())
        };
        ethernet(from, to.mac).ip(headers)
    }

    /// Name asked and answered, over IPv4.
    fn dns(&mut self, client: Host) {
        const NAMES: [&[&str]; 4] =
            [&["www", "example", "com"], &["mail", "example", "org"], &["example", "net"], &["api", "example", "com"]];
        let name = NAMES.get(usize::try_from(self.random.below(4)).unwrap_or(0)).copied().unwrap_or_default();
        let id = u16::try_from(self.random.below(65_536)).unwrap_or(0);
        let (port, resolver) = (self.random.port(), host(1, false));
        let mut question = Vec::new();
        for label in name {
            question.push(u8::try_from(label.len()).unwrap_or(0));
            question.extend(label.bytes());
        }
        question.extend([0, 0, 1, 0, 1]);
        let mut query = id.to_be_bytes().to_vec();
        query.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        query.extend(&question);
        let mut answer = id.to_be_bytes().to_vec();
        answer.extend([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
        answer.extend(&question);
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 203, 0, 113]);
        answer.push(u8::try_from(1 + self.random.below(200)).unwrap_or(1));
        let ask = self.ip(client, resolver, false, IpNumber::UDP, query.len()).udp(port, 53);
        let told = self.ip(resolver, client, false, IpNumber::UDP, answer.len()).udp(53, port);
        self.frame(built(&query, |bytes, payload| ask.write(bytes, payload)));
        self.wait(3 * MILLISECOND);
        self.frame(built(&answer, |bytes, payload| told.write(bytes, payload)));
    }

    /// A few echo requests a second apart, over IPv4 or IPv6.
    fn ping(&mut self, client: Host, server: Host) {
        let payload: Vec<u8> = (8..64).collect();
        let (six, id) = (self.random.below(4) == 0, u16::try_from(self.random.below(65_536)).unwrap_or(0));
        let began = self.time;
        for number in 1..=4 {
            self.time = began + i64::from(number) * 1_000 * MILLISECOND;
            for (from, to, request) in [(client, server, true), (server, client, false)] {
                let protocol = if six { IpNumber::IPV6_ICMP } else { IpNumber::ICMP };
                let step = self.ip(from, to, six, protocol, payload.len());
                self.frame(built(&payload, |bytes, payload| match (six, request) {
                    (false, true) => step.icmpv4_echo_request(id, number).write(bytes, payload),
                    (false, false) => step.icmpv4_echo_reply(id, number).write(bytes, payload),
                    (true, true) => step.icmpv6_echo_request(id, number).write(bytes, payload),
                    (true, false) => step.icmpv6_echo_reply(id, number).write(bytes, payload),
                }));
                self.wait(12 * MILLISECOND);
            }
        }
    }

    /// A host asks for the router's address.
    fn arp(&mut self, client: Host) {
        let router = host(1, false);
        let ask = (ArpOperation::REQUEST, client, router, [0xff; 6], [0; 6]);
        let told = (ArpOperation::REPLY, router, client, client.mac, client.mac);
        for (operation, from, to, destination, target) in [ask, told] {
            let (kind, protocol) = (ArpHardwareId::ETHERNET, EtherType::IPV4);
            let Ok(packet) = ArpPacket::new(kind, protocol, operation, &from.mac, &from.v4, &target, &to.v4) else {
                return;
            };
            let mut bytes = built(&[], |bytes, _| ethernet(from, destination).arp(packet).write(bytes));
            // Ethernet frames have at least 60 bytes before the check sequence.
            bytes.resize(60, 0);
            self.frame(bytes);
            self.wait(MILLISECOND);
        }
    }

    /// A page fetched: handshake, request, response in full segments with acknowledgments, close from the client's side.
    fn tcp(&mut self, client: Host, server: Host) {
        let six = self.random.below(5) == 0;
        let (mut talk, trip) = self.opening(client, server, six);
        let size = 1 + usize::try_from(self.random.below(11)).unwrap_or(0);
        for request in 0..1 + self.random.below(4) {
            self.request(&mut talk, trip, request, size);
        }
        self.close(&mut talk, trip);
    }

    /// A handshake; answers the connection and the time that a segment and its answer take.
    fn opening(&mut self, client: Host, server: Host, six: bool) -> (Talk, i64) {
        let trip = self.random.nanoseconds(15_000_000);
        let mut talk = Talk {
            hosts: [client, server],
            ports: [self.random.port(), 80],
            seq: [self.random.word(), self.random.word()],
            clock: [self.random.word(), self.random.word()],
            began: self.time,
            six,
        };
        self.segment(&mut talk, 0, SYN, b"");
        self.time += trip;
        self.segment(&mut talk, 1, SYN | ACK, b"");
        self.wait(40 * MICROSECOND);
        self.segment(&mut talk, 0, ACK, b"");
        self.wait(90 * MICROSECOND);
        (talk, trip)
    }

    fn request(&mut self, talk: &mut Talk, trip: i64, number: u64, segments: usize) {
        let get = format!(
            "GET /page/{number} HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: office/1.0\r\nAccept: */*\r\n\r\n"
        );
        self.segment(talk, 0, PSH | ACK, get.as_bytes());
        self.time += trip;
        self.segment(talk, 1, ACK, b"");
        self.response(talk, segments);
    }

    fn close(&mut self, talk: &mut Talk, trip: i64) {
        for (end, flags) in [(0, FIN | ACK), (1, FIN | ACK), (0, ACK)] {
            self.time += trip / 2;
            self.segment(talk, end, flags, b"");
        }
    }

    fn response(&mut self, talk: &mut Talk, segments: usize) {
        let full = SEGMENT[usize::from(talk.six)];
        let length = full * segments - full / 2;
        let mut body = format!(
            "HTTP/1.1 200 OK\r\nServer: office\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"
        )
        .into_bytes();
        body.extend((0..length).map(|at| b' ' + u8::try_from(at * 7 % 94).unwrap_or(0)));
        let last = body.chunks(full).count();
        for (number, part) in body.chunks(full).enumerate() {
            self.wait(120 * MICROSECOND);
            let flags = if number + 1 == last { PSH | ACK } else { ACK };
            // One segment in two hundred does not arrive where the capture is taken, and is sent again.
            if self.random.below(200) == 0 {
                let before = (talk.seq, self.time);
                self.segment(talk, 1, flags, part);
                talk.seq = before.0;
                self.time = before.1 + 200 * MILLISECOND;
            }
            self.segment(talk, 1, flags, part);
            if (number + 1) % PER_ACK == 0 || number + 1 == last {
                self.wait(60 * MICROSECOND);
                self.segment(talk, 0, ACK, b"");
            }
        }
    }

    fn segment(&mut self, talk: &mut Talk, end: usize, flags: u8, payload: &[u8]) {
        let (from, to) = (end & 1, 1 - (end & 1));
        let step = self.ip(talk.hosts[from], talk.hosts[to], talk.six, IpNumber::TCP, payload.len());
        let mut tcp =
            step.tcp(talk.ports[from], talk.ports[to], talk.seq[from], if flags & SYN == 0 { 502 } else { 64_240 });
        if flags & ACK != 0 {
            tcp = tcp.ack(talk.seq[to]);
        }
        for (flag, set) in
            [(SYN, PacketBuilderStep::syn as fn(_) -> _), (FIN, PacketBuilderStep::fin), (PSH, PacketBuilderStep::psh)]
        {
            if flags & flag != 0 {
                tcp = set(tcp);
            }
        }
        let passed = u32::try_from((self.time - talk.began) / MILLISECOND).unwrap_or(0);
        let echo = if flags & ACK == 0 { 0 } else { talk.clock[to].wrapping_add(passed) };
        let stamp = TcpOptionElement::Timestamp(talk.clock[from].wrapping_add(passed), echo);
        let mss = u16::try_from(SEGMENT[usize::from(talk.six)] + 12).unwrap_or(536);
        let opening = [
            TcpOptionElement::MaximumSegmentSize(mss),
            TcpOptionElement::SelectiveAcknowledgementPermitted,
            stamp.clone(),
            TcpOptionElement::Noop,
            TcpOptionElement::WindowScale(7),
        ];
        let usual = [TcpOptionElement::Noop, TcpOptionElement::Noop, stamp];
        let options: &[TcpOptionElement] = if flags & SYN == 0 { &usual } else { &opening };
        if let Ok(tcp) = tcp.options(options) {
            self.frame(built(payload, |bytes, payload| tcp.write(bytes, payload)));
        }
        let counted = payload.len() + usize::from(flags & (SYN | FIN) != 0);
        talk.seq[from] = talk.seq[from].wrapping_add(u32::try_from(counted).unwrap_or(0));
    }
}

const FIN: u8 = 1;
const SYN: u8 = 2;
const PSH: u8 = 8;
const ACK: u8 = 16;

/// A TCP connection while it is made: client 0, server 1.
struct Talk {
    hosts: [Host; 2],
    ports: [u16; 2],
    /// The next sequence number of each end.
    seq: [u32; 2],
    /// Milliseconds that each end's timestamp clock began with.
    clock: [u32; 2],
    began: i64,
    six: bool,
}

fn ethernet(from: Host, to: [u8; 6]) -> PacketBuilderStep<Ethernet2Header> {
    PacketBuilder::ethernet2(from.mac, to)
}

/// What `write` puts around the payload; it only fails for payloads larger than any here.
fn built<E>(payload: &[u8], write: impl FnOnce(&mut Vec<u8>, &[u8]) -> Result<(), E>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len() + 100);
    if write(&mut bytes, payload).is_err() {
        bytes.clear();
    }
    bytes
}
