//! Captures made by hand, byte for byte, in every variant of the formats → the records and notes that must come out.

use std::cell::Cell;
use std::fmt::Write as _;
use std::rc::Rc;

use packet_theater::capture::{
    Column, FileSource, Index, LinkType, MAX_PACKET, PcapWriter, Reader, Record, Source, generate, open,
};

/// A capture in the byte order of its writer.
#[derive(Clone, Default)]
struct Bytes {
    big: bool,
    bytes: Vec<u8>,
}

impl Bytes {
    fn u16(mut self, value: u16) -> Bytes {
        self.bytes.extend(if self.big { value.to_be_bytes() } else { value.to_le_bytes() });
        self
    }

    fn u32(mut self, value: u32) -> Bytes {
        self.bytes.extend(if self.big { value.to_be_bytes() } else { value.to_le_bytes() });
        self
    }

    fn raw(mut self, bytes: &[u8]) -> Bytes {
        self.bytes.extend(bytes);
        self
    }

    /// Bytes and the zeros that fill them up to a multiple of four.
    fn padded(self, bytes: &[u8]) -> Bytes {
        self.raw(bytes).raw(&[0; 3][..bytes.len().next_multiple_of(4) - bytes.len()])
    }

    fn option(self, code: u16, value: &[u8]) -> Bytes {
        self.u16(code).u16(value.len() as u16).padded(value)
    }

    fn block(self, kind: u32, body: impl FnOnce(Bytes) -> Bytes) -> Bytes {
        let body = body(Bytes { big: self.big, bytes: Vec::new() }).bytes;
        let length = body.len() as u32 + 12;
        self.u32(kind).u32(length).raw(&body).u32(length)
    }

    fn section(self, big: bool, comment: &str) -> Bytes {
        let head = Bytes { big, ..self };
        head.block(0x0a0d_0d0a, |body| {
            let body = body.u32(0x1a2b_3c4d).u16(1).u16(0).raw(&[0xff; 8]);
            if comment.is_empty() { body } else { body.option(1, comment.as_bytes()).option(0, b"") }
        })
    }

    fn interface(self, link: u16, snap: u32, options: impl FnOnce(Bytes) -> Bytes) -> Bytes {
        self.block(1, |body| options(body.u16(link).u16(0).u32(snap)))
    }

    fn enhanced(self, interface: u32, ticks: u64, length: u32, bytes: &[u8], comment: &str) -> Bytes {
        self.block(6, |body| {
            let body = body.u32(interface).u32((ticks >> 32) as u32).u32(ticks as u32);
            let body = body.u32(bytes.len() as u32).u32(length).padded(bytes);
            if comment.is_empty() { body } else { body.option(1, comment.as_bytes()).option(0, b"") }
        })
    }
}

fn pcap(big: bool, magic: u32, network: u32) -> Bytes {
    let head = Bytes { big, bytes: Vec::new() };
    head.u32(magic).u16(2).u16(4).u32(0).u32(0).u32(65_535).u32(network)
}

fn two_packets(head: Bytes, extra: usize) -> Bytes {
    let first = head.u32(1).u32(2).u32(3).u32(60).raw(&[0xee; 8][..extra]).raw(b"abc");
    first.u32(1).u32(999_999).u32(0).u32(0).raw(&[0xee; 8][..extra])
}

/// Two packets, the first with padding behind it and more bytes on the wire than were captured.
fn snoop(link: u32) -> Bytes {
    let head = Bytes { big: true, bytes: b"snoop\0\0\0".to_vec() }.u32(2).u32(link);
    let first = head.u32(60).u32(3).u32(28).u32(0).u32(1).u32(2).padded(b"abc");
    first.u32(0).u32(0).u32(24).u32(0).u32(1).u32(999_999)
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, content).unwrap();
    encoder.finish().unwrap()
}

/// Two sections of different byte order, three interfaces with their own clocks, every kind of block.
fn sections() -> Bytes {
    let first = Bytes::default().section(false, "recorded in class").interface(1, 0, |body| body);
    let first = first.interface(101, 0, |body| body.option(9, &[9]).option(14, &10i64.to_le_bytes()).option(0, b""));
    let first = first.enhanced(0, 1_000_002, 60, b"abc", "").enhanced(1, 5, 4, b"defg", "look here");
    let first = first.block(4, |body| {
        let body = body.option(1, b"\xc0\x00\x02\x01router.example\0gate.example\0");
        body.option(2, b"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01six.example\0").option(0, b"")
    });
    let first = first.block(5, |body| body.u32(0).u32(0).u32(0)).block(0xbad, |body| body.u32(1).raw(b"private."));
    let second = first.section(true, "").interface(1, 2, |body| body.option(9, &[0x80 | 10]));
    let second = second.block(3, |body| body.u32(5).padded(b"hi"));
    second.block(2, |body| body.u16(0).u16(7).u32(0).u32(1536).u32(1).u32(1).padded(b"z").option(1, b"old"))
}

fn variants() -> Vec<Bytes> {
    vec![
        two_packets(pcap(false, 0xa1b2_c3d4, 1), 0),
        two_packets(pcap(true, 0xa1b2_c3d4, 1), 0),
        two_packets(pcap(false, 0xa1b2_3c4d, 276), 0),
        two_packets(pcap(true, 0xa1b2_3c4d, 276), 0),
        two_packets(pcap(false, 0xa1b2_cd34, 1), 8),
        snoop(4),
        sections(),
    ]
}

/// All that a capture tells, as text: format, a line a packet, names, notes.
fn told(bytes: &[u8]) -> String {
    let mut reader = match open(bytes) {
        Ok(reader) => reader,
        Err(error) => return format!("{}: {error}\n", error.kind()),
    };
    let mut text = format!("{}\n", reader.format());
    for frame in 1.. {
        let Some((record, bytes)) = reader.next().unwrap() else { break };
        let Record { time, captured, length, link, interface, .. } = record;
        let bytes = String::from_utf8_lossy(bytes).into_owned();
        let comments = reader.comments(frame).join("; ");
        writeln!(text, "{time} {captured}/{length} link {link} interface {interface} {bytes:?} {comments}").unwrap();
    }
    for name in reader.names() {
        writeln!(text, "{} is {}", name.address, name.name).unwrap();
    }
    for note in reader.notes() {
        writeln!(text, "note: {note}").unwrap();
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[track_caller]
fn check(capture: &Bytes, expected: &[&str]) {
    let told = told(&capture.bytes);
    assert_eq!(told.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn pcap_has_two_units_and_two_byte_orders() {
    for (big, order) in [(false, "little-endian"), (true, "big-endian")] {
        check(
            &two_packets(pcap(big, 0xa1b2_c3d4, 1), 0),
            &[
                &format!("pcap, microseconds, {order}"),
                "1000002000 3/60 link 1 (EN10MB) interface 0 \"abc\"",
                "1999999000 0/0 link 1 (EN10MB) interface 0 \"\"",
            ],
        );
        check(
            &two_packets(pcap(big, 0xa1b2_3c4d, 276), 0),
            &[
                &format!("pcap, nanoseconds, {order}"),
                "1000000002 3/60 link 276 (LINUX_SLL2) interface 0 \"abc\"",
                "1000999999 0/0 link 276 (LINUX_SLL2) interface 0 \"\"",
            ],
        );
    }
    check(
        &two_packets(pcap(false, 0xa1b2_cd34, 1), 8),
        &[
            "pcap, microseconds, little-endian",
            "1000002000 3/60 link 1 (EN10MB) interface 0 \"abc\"",
            "1999999000 0/0 link 1 (EN10MB) interface 0 \"\"",
        ],
    );
}

#[test]
fn link_types_keep_their_number_and_unknown_ones_are_named_once() {
    check(&pcap(false, 0xa1b2_c3d4, 0xf400_0001), &["pcap, microseconds, little-endian"]);
    let capture = Bytes::default().section(false, "").interface(104, 0, |body| body).interface(104, 0, |body| body);
    let capture = capture.interface(4242, 0, |body| body).enhanced(2, 0, 0, b"", "");
    check(
        &capture,
        &[
            "pcapng",
            "0 0/0 link 4242 interface 2 \"\"",
            "note: Link type 104 (C_HDLC) is not taken apart; its packets are shown as bytes.",
            "note: Link type 4242 is not taken apart; its packets are shown as bytes.",
        ],
    );
}

#[test]
fn pcapng_sections_have_their_own_order_interfaces_and_clocks() {
    check(
        &sections(),
        &[
            "pcapng",
            "1000002000 3/60 link 1 (EN10MB) interface 0 \"abc\"",
            "10000000005 4/4 link 101 (RAW) interface 1 \"defg\" look here",
            "0 2/5 link 1 (EN10MB) interface 2 \"hi\"",
            "1500000000 1/1 link 1 (EN10MB) interface 2 \"z\" old",
            "192.0.2.1 is router.example",
            "192.0.2.1 is gate.example",
            "2001:db8::1 is six.example",
            "note: Comment on the capture: recorded in class",
        ],
    );
    let bytes = sections().bytes;
    let mut reader = open(&bytes[..]).unwrap();
    while reader.next().unwrap().is_some() {}
    assert_eq!(reader.statistics(), 1);
}

#[test]
fn no_clock_overflows() {
    for (resolution, offset, expected) in [
        (9, 0, i64::MAX),
        (0, 0, i64::MAX),
        (6, i64::MIN, i64::MIN),
        (127, i64::MAX, i64::MAX),
        (127, 0, 0),
        (0xff, -1, -1_000_000_000),
        (12, 0, (u64::MAX / 1_000) as i64),
    ] {
        let capture = Bytes::default().section(false, "");
        let capture =
            capture.interface(1, 0, |body| body.option(9, &[resolution]).option(14, &i64::to_le_bytes(offset)));
        let capture = capture.enhanced(0, u64::MAX, 0, b"", "");
        let (record, _) = open(&capture.bytes[..]).unwrap().next().unwrap().map(|(r, b)| (r, b.len())).unwrap();
        assert_eq!(record.time, expected, "resolution {resolution}, offset {offset}");
    }
}

#[test]
fn damage_ends_the_reading_and_says_where_and_why() {
    let good = || Bytes::default().section(false, "").interface(1, 0, |body| body).enhanced(0, 0, 1, b"x", "");
    let packet = "0 1/1 link 1 (EN10MB) interface 0 \"x\"";
    for (capture, why) in [
        (
            good().u32(6).u32(13).raw(&[0; 64]),
            "a block of type 0x6 claims 13 bytes, which must be a multiple of 4 from 32 to 16777216",
        ),
        (
            good().u32(77).u32(0xffff_fff0).raw(&[0; 64]),
            "a block of type 0x4d claims 4294967280 bytes, which must be a multiple of 4 from 12 to 16777216",
        ),
        (good().u32(77).u32(16).u32(0).u32(20), "the block begins with length 16 and ends with 20"),
        (good().enhanced(1, 0, 0, b"", ""), "the packet names interface 1, and its section has described 1"),
        (
            good().block(6, |body| body.u32(0).u32(0).u32(0).u32(9).u32(9).raw(b"four")),
            "the packet claims 9 bytes, 4 are in its block, and 262144 is the most that is believed",
        ),
        (good().u32(0x0a0d_0d0a).u32(28).raw(&[0; 20]), "the section header has no valid byte-order mark"),
        (
            good().block(0x0a0d_0d0a, |body| body.u32(0x1a2b_3c4d).u16(9).u16(1).raw(&[0; 8])),
            "the section has version 9.1 of pcapng, and 1 is the one that is known",
        ),
    ] {
        check(
            &capture,
            &["pcapng", packet, &format!("note: Damaged at byte 84, after frame 1: {why}. Nothing after it was read.")],
        );
    }
    check(
        &two_packets(pcap(false, 0xa1b2_c3d4, 1), 0).u32(0).u32(0).u32(MAX_PACKET + 1).u32(0),
        &[
            "pcap, microseconds, little-endian",
            "1000002000 3/60 link 1 (EN10MB) interface 0 \"abc\"",
            "1999999000 0/0 link 1 (EN10MB) interface 0 \"\"",
            "note: Damaged at byte 59, after frame 2: the packet claims 262145 bytes, and 262144 is the most that is believed. Nothing after it was read.",
        ],
    );
}

#[test]
fn snoop_names_links_in_its_own_numbers() {
    for (number, link) in [(4, "1 (EN10MB)"), (0, "1 (EN10MB)"), (99, "147")] {
        let note = (number == 99).then_some("note: snoop's data link type 99 is not taken apart.");
        let lines = [
            "snoop",
            &format!("1000002000 3/60 link {link} interface 0 \"abc\""),
            &format!("1999999000 0/0 link {link} interface 0 \"\""),
        ];
        check(&snoop(number), &lines.into_iter().chain(note).collect::<Vec<_>>());
    }
    let lies = snoop(4).u32(9).u32(9).u32(24).u32(0).u32(0).u32(0);
    assert!(told(&lies.bytes).contains("a record of 24 bytes claims to hold a packet of 9"));
}

#[test]
fn gzip_holds_what_it_holds() {
    for capture in variants() {
        let packed = gzip(&capture.bytes);
        assert_eq!(told(&packed), told(&capture.bytes).replacen('\n', ", in gzip\n", 1));
        let mut reader = open(packed.as_slice()).unwrap();
        assert_eq!(reader.content().size(), capture.bytes.len() as u64);
        assert_eq!(reader.file_size(), packed.len() as u64);
    }
    let packed = gzip(&sections().bytes);
    let told = told(&packed[..packed.len() - 9]);
    assert!(told.contains("note: The gzip data is cut short or damaged"), "{told}");
}

#[test]
fn what_is_no_capture_is_recognised() {
    for (bytes, kind, found) in [
        (&b""[..], "empty-file", "The file is empty."),
        (b"\x1f\x8b\x07\0\0\0", "not-a-capture", "not a capture but gzip data"),
        (&gzip(b"PK\x03\x04...."), "not-a-capture", "not a capture but gzip data that holds a zip archive"),
        (&gzip(&gzip(b"")), "not-a-capture", "gzip data that holds gzip data again; unpack it first"),
        (&gzip(b""), "empty-file", "The file is empty."),
        (b"PK\x03\x04....", "not-a-capture", "a zip archive"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not-a-capture", "a PNG picture"),
        (b"\n <!DOCTYPE HTML><title>", "not-a-capture", "an HTML page"),
        (b"{\"a\": 1}", "not-a-capture", "JSON text (8 bytes: 7b 22 61 22 3a 20 31 7d)"),
        (
            "\n12:00 IP a > b: ICMP … \n".as_bytes(),
            "not-a-capture",
            "nor like a hex dump (it begins “12:00 IP a > b: ICMP …”)",
        ),
        (b"snoop\0\0\0\0\0\0\x02", "not-a-capture", "the beginning of a snoop capture"),
        (b"\xd4\xc3\xb2\xa1\x02\0", "not-a-capture", "a pcap file that ends within its header"),
        (b"\x0a\x0d\x0d\x0a", "not-a-capture", "the beginning of a pcapng file"),
        (
            &[0; 700],
            "not-a-capture",
            "binary data of an unknown kind (700 bytes: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 …)",
        ),
        (
            &[[0, 0, 0, 0, 9, 9, 9, 9, 2, 4, 0, 32], [0; 12], [0; 12]].concat()[..32].repeat(3),
            "not-a-capture",
            "probably an ERF capture",
        ),
    ] {
        let error = open(bytes).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(found), "{error}");
        assert!(error.to_string().contains("Accepted are pcap, pcapng and snoop captures"), "{error}");
    }
}

/// Every record with its bytes, and where the reader stood after it.
fn records<S: Source>(reader: &mut Reader<S>) -> Vec<(Record, Vec<u8>, u64)> {
    let mut all = Vec::new();
    while let Some((record, bytes)) = reader.next().unwrap().map(|(record, bytes)| (record, bytes.to_vec())) {
        all.push((record, bytes, reader.position()));
    }
    all
}

#[test]
fn cut_at_every_byte_gives_all_whole_records_and_says_where() {
    for capture in variants() {
        let whole = records(&mut open(&capture.bytes[..]).unwrap());
        for cut in 0..capture.bytes.len() {
            let Ok(mut reader) = open(&capture.bytes[..cut]) else {
                assert!(cut < 24, "opened up to byte {cut} only");
                continue;
            };
            let some = records(&mut reader);
            assert_eq!(some.len(), whole.iter().filter(|(.., end)| *end <= cut as u64).count());
            assert_eq!(some[..], whole[..some.len()]);
            let says = format!("Cut short at byte {cut}, after frame {}: ", some.len());
            let said = reader.notes().iter().filter(|note| note.starts_with(&says)).count();
            assert_eq!(said, usize::from(reader.position() < cut as u64), "{:?}", reader.notes());
            assert_eq!(reader.next(), Ok(None));
            assert_eq!(reader.notes().iter().filter(|note| note.starts_with("Cut")).count(), said);
        }
    }
}

#[test]
fn flipped_bytes_never_panic_and_records_lie_within_the_source() {
    let mut state = 1u64;
    let mut random = move |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    for capture in variants() {
        for _ in 0..3_000 {
            let mut bytes = capture.bytes.clone();
            for _ in 0..=random(4) {
                let at = random(bytes.len());
                bytes[at] = [0, 1, 0x7f, 0xff, random(256) as u8][random(5)];
            }
            let Ok(mut reader) = open(&bytes[..]) else { continue };
            let all = records(&mut reader);
            assert!(all.len() <= bytes.len() / 16);
            for (record, found, _) in all {
                let start = record.offset as usize;
                assert_eq!(found, bytes[start..start + record.captured as usize]);
            }
        }
    }
}

/// A file that somebody else is still writing, and that counts what is asked of it.
#[derive(Clone, Default)]
struct Growing {
    bytes: Rc<Vec<u8>>,
    there: Rc<Cell<usize>>,
    asked: Rc<Cell<usize>>,
    largest: Rc<Cell<usize>>,
    broken: bool,
}

impl Source for Growing {
    fn size(&self) -> u64 {
        self.there.get() as u64
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        if self.broken {
            return Err("the disk is gone".to_owned());
        }
        self.asked.set(self.asked.get() + buffer.len());
        self.largest.set(self.largest.get().max(buffer.len()));
        (&self.bytes[..self.there.get()]).read_at(offset, buffer)
    }
}

#[test]
fn a_growing_source_gives_its_records_as_they_become_whole() {
    for capture in variants() {
        let there = Rc::new(Cell::new(24));
        let source = Growing { bytes: Rc::new(capture.bytes.clone()), there: there.clone(), ..Growing::default() };
        let mut reader = open(source).unwrap();
        let mut all = records(&mut reader);
        while there.get() < capture.bytes.len() {
            there.set(there.get() + 1);
            all.extend(records(&mut reader));
        }
        assert_eq!(all, records(&mut open(&capture.bytes[..]).unwrap()));
        assert!(!reader.notes().iter().any(|note| note.starts_with("Cut")), "{:?}", reader.notes());
    }
}

#[test]
fn a_large_capture_is_read_once_and_in_slices() {
    let mut bytes = Vec::new();
    let frames = generate::mixed(&mut bytes, 20_000_000, 7).unwrap();
    let ng = bytes.chunks(1_000).fold(Bytes::default().section(false, "").interface(1, 0, |b| b), |capture, part| {
        capture.enhanced(0, 1, 1_000, part, "")
    });
    for (bytes, frames) in [(ng.bytes, bytes.len().div_ceil(1_000)), (bytes, frames as usize)] {
        let size = bytes.len();
        let source = Growing { bytes: Rc::new(bytes), there: Rc::new(Cell::new(size)), ..Growing::default() };
        let (asked, largest) = (source.asked.clone(), source.largest.clone());
        let mut reader = open(source).unwrap();
        assert_eq!(records(&mut reader).len(), frames);
        assert_eq!((reader.position(), reader.notes()), (size as u64, &[][..]));
        assert!(largest.get() <= 8 << 20 && largest.get() < size);
        assert!(asked.get() < size + 20_000, "{} of {size}", asked.get());
    }
}

#[test]
fn a_source_that_fails_is_an_error() {
    let source =
        Growing { bytes: Rc::new(vec![0; 9]), there: Rc::new(Cell::new(9)), broken: true, ..Growing::default() };
    let error = open(source).map(|_| ()).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        ("unreadable", "The file could not be read: the disk is gone")
    );
    assert!(FileSource::open("no/such/file").map(|_| ()).unwrap_err().starts_with("no/such/file: "));
}

#[test]
fn comments_are_kept_within_a_bound() {
    let mut capture = Bytes::default().section(false, "").interface(1, 0, |body| body);
    let long = "x".repeat(60_000);
    for _ in 0..100 {
        capture = capture.enhanced(0, 0, 0, b"", &long);
    }
    let mut reader = open(&capture.bytes[..]).unwrap();
    assert_eq!(records(&mut reader).len(), 100);
    assert_eq!((1..=100).filter(|&frame| !reader.comments(frame).is_empty()).count(), 69);
    assert_eq!(
        reader.notes(),
        ["The capture carries more than 4194304 bytes of comments and names; the rest is left out."]
    );
}

#[test]
fn interfaces_are_bounded() {
    let capture = (0..66_000).fold(Bytes::default().section(false, ""), |bytes, _| bytes.interface(1, 0, |body| body));
    let mut reader = open(&capture.bytes[..]).unwrap();
    assert_eq!(reader.next(), Ok(None));
    assert!(reader.notes()[0].contains("the capture has more than 65536 interfaces"), "{:?}", reader.notes());
}

#[test]
fn columns_and_index_give_back_what_they_took() {
    let mut column = Column::new();
    (0..10_000u32).for_each(|value| column.push(value));
    *column.get_mut(5_000).unwrap() = 7;
    assert_eq!(
        (column.len(), column.get(4_095), column.get(4_096), column.get(5_000)),
        (10_000, Some(4_095), Some(4_096), Some(7))
    );
    assert_eq!((column.get(10_000), column.iter().count()), (None, 10_000));
    let mut index = Index::new();
    let record = |n: u32| Record {
        offset: u64::from(n) << 20,
        time: -i64::from(n),
        captured: n,
        length: n + 1,
        link: LinkType(n as u16 % 3),
        interface: n as u16 % 3,
    };
    (1..=100_000).for_each(|n| index.push(&record(n)));
    assert_eq!((index.len(), index.get(0), index.get(100_001)), (100_000, None, None));
    assert!((1..=100_000).all(|n| index.get(n) == Some(record(n))));
    assert!(index.bytes() <= 28 * 100_000, "{}", index.bytes());
}

#[test]
fn what_the_writer_wrote_the_reader_reads() {
    let mut writer = PcapWriter::new(Vec::new(), LinkType::RAW).unwrap();
    writer.packet(1_234_567_890_123_456_789, 99, b"abc").unwrap();
    writer.packet(-5, 0, b"").unwrap();
    assert!(writer.packet(0, 0, &vec![0; MAX_PACKET as usize + 1]).is_err());
    check(
        &Bytes { big: false, bytes: writer.finish().unwrap() },
        &[
            "pcap, nanoseconds, little-endian",
            "1234567890123456789 3/99 link 101 (RAW) interface 0 \"abc\"",
            "0 0/0 link 101 (RAW) interface 0 \"\"",
        ],
    );
}

#[test]
fn the_generated_capture_is_the_same_each_time_and_its_checksums_hold() {
    use etherparse::{NetSlice, SlicedPacket, TransportSlice};
    let (mut one, mut two) = (Vec::new(), Vec::new());
    let frames = generate::mixed(&mut one, 1_000_000, 3).unwrap();
    generate::mixed(&mut two, 1_000_000, 3).unwrap();
    assert!(one == two && (1_000_000..1_100_000).contains(&one.len()));
    let mut seen = [0; 5];
    let mut last = i64::MIN;
    let all = records(&mut open(&one[..]).unwrap());
    assert_eq!(all.len(), frames as usize);
    for (record, bytes, _) in all {
        assert!(record.time >= last);
        last = record.time;
        let packet = SlicedPacket::from_ethernet(&bytes).unwrap();
        match (&packet.net, &packet.transport) {
            (Some(NetSlice::Ipv4(ip)), Some(TransportSlice::Tcp(tcp))) => {
                let header = ip.header();
                assert_eq!(header.header_checksum(), header.to_header().calc_header_checksum());
                let sum = tcp.to_header().calc_checksum_ipv4_raw(header.source(), header.destination(), tcp.payload());
                assert_eq!(sum.unwrap(), tcp.checksum());
                seen[0] += 1;
            }
            (Some(NetSlice::Ipv6(ip)), Some(TransportSlice::Tcp(tcp))) => {
                let sum = tcp.to_header().calc_checksum_ipv6_raw(
                    ip.header().source(),
                    ip.header().destination(),
                    tcp.payload(),
                );
                assert_eq!(sum.unwrap(), tcp.checksum());
                seen[1] += 1;
            }
            (Some(NetSlice::Ipv4(ip)), Some(TransportSlice::Udp(udp))) => {
                let header = udp.to_header();
                let sum = header.calc_checksum_ipv4_raw(ip.header().source(), ip.header().destination(), udp.payload());
                assert_eq!(sum.unwrap(), header.checksum);
                seen[2] += 1;
            }
            (_, Some(TransportSlice::Icmpv4(_) | TransportSlice::Icmpv6(_))) => seen[3] += 1,
            (Some(NetSlice::Arp(_)), None) => seen[4] += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(seen.iter().all(|&count| count > 0), "{seen:?}");
}
