//! Text that tcpdump and its like printed of golden captures → the frames of those captures again.
//!
//! With bytes, the frames are the same; without, their lines are. `UPDATE_GOLDENS=1` prints the texts anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use packet_theater::capture::{self, LinkType, Record};
use packet_theater::conversation::Tracker;
use packet_theater::protocol::{self, Context, peek};
use packet_theater::text::{LineContext, line};

/// A frame with what surrounds it.
#[derive(Debug, PartialEq)]
struct Frame {
    record: Record,
    bytes: Vec<u8>,
    comments: Vec<String>,
}

struct Capture {
    frames: Vec<Frame>,
    notes: Vec<String>,
}

fn read(content: &[u8]) -> Capture {
    let mut reader = capture::open(content).unwrap_or_else(|error| panic!("{error}"));
    let mut frames = Vec::new();
    while let Some((record, bytes)) = reader.next().expect("bytes in memory") {
        frames.push(Frame { record, bytes: bytes.to_vec(), comments: Vec::new() });
    }
    for (number, frame) in (1..).zip(&mut frames) {
        frame.comments = reader.comments(number).to_vec();
    }
    Capture { frames, notes: reader.notes().to_vec() }
}

impl Capture {
    /// As `tcpdump -nt` prints it.
    fn lines(&self) -> Vec<String> {
        let mut tracker = Tracker::new();
        for Frame { record, bytes, .. } in &self.frames {
            tracker.push(record, bytes, &peek(record.link, bytes, record.length));
        }
        let print = |(number, Frame { record, bytes, .. }): (u32, &Frame)| {
            let context = LineContext { link: record.link, length: record.length, bases: tracker.line_bases(number) };
            line(bytes, &context)
        };
        (1..).zip(&self.frames).map(print).collect()
    }
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// What a program printed of a golden capture, as it was checked in.
fn printed(name: &str, program: &str, options: &str) -> Vec<u8> {
    let path = golden(&format!("text/{name}.{program}{options}.txt"));
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        let mut command = Command::new(if program == "tcpdump" { "unshare" } else { program });
        if program == "tcpdump" {
            // In a network namespace of its own it cannot name another host's interfaces by this host's numbers.
            command.args(["-n", "tcpdump"]);
        }
        let output = command.env("TZ", "UTC").arg(options).arg("-r").arg(golden(&format!("{name}.pcap"))).output();
        fs::write(&path, output.expect("the program runs").stdout).expect("text written");
    }
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; UPDATE_GOLDENS=1 prints it", path.display()))
}

/// Bytes of link headers without tags or options.
fn header(link: LinkType) -> usize {
    match link {
        LinkType::ETHERNET => 14,
        LinkType::LINUX_SLL => 16,
        LinkType::LINUX_SLL2 => 20,
        LinkType::NULL | LinkType::LOOP => 4,
        _ => 0,
    }
}

/// Dumps with link headers: `tcpdump -xx` and `-XX`, `tshark -x`.
#[track_caller]
fn check_whole(name: &str, program: &str, options: &str) {
    let (original, again) =
        (read(&fs::read(golden(&format!("{name}.pcap"))).unwrap()), read(&printed(name, program, options)));
    assert_eq!(again.frames.len(), original.frames.len(), "{name} {program} {options}: {:?}", again.notes);
    for (number, (a, b)) in (1..).zip(original.frames.iter().zip(&again.frames)) {
        // NULL in the order of a big-endian machine begins as LOOP does.
        let link = if a.record.link == LinkType::NULL && a.bytes[0] == 0 { LinkType::LOOP } else { a.record.link };
        assert_eq!((link, &a.bytes), (b.record.link, &b.bytes), "{name} {program} {options}, frame {number}");
        assert_eq!(b.comments, [""; 0], "{name}, frame {number}");
    }
}

/// Dumps without: `tcpdump -x` and `-X`. They begin behind the link header, and where `-e` tells it, it is put back.
#[track_caller]
fn check_inner(name: &str, options: &str) {
    let (original, again) =
        (read(&fs::read(golden(&format!("{name}.pcap"))).unwrap()), read(&printed(name, "tcpdump", options)));
    assert_eq!(again.frames.len(), original.frames.len(), "{name} {options}: {:?}", again.notes);
    for (number, (a, b)) in (1..).zip(original.frames.iter().zip(&again.frames)) {
        let inner = &a.bytes[header(a.record.link)..];
        let about = format!("{name} {options}, frame {number}");
        match b.record.link {
            LinkType::RAW => assert_eq!(b.bytes, inner, "{about}"),
            LinkType::ETHERNET if options.contains('e') => {
                assert_eq!((&b.bytes, b.record.length), (&a.bytes, a.record.length), "{about}");
            }
            LinkType::ETHERNET => {
                assert_eq!(&b.bytes[14..], inner, "{about}");
                assert!(b.comments.concat().contains("made up"), "{about}");
            }
            other => panic!("{about} has link type {other}"),
        }
    }
}

#[test]
fn dumps_with_link_headers_give_the_same_frames() {
    for name in ["http", "vlan", "flawed", "sll", "any", "null", "loop", "raw", "nd"] {
        check_whole(name, "tcpdump", "-ntxx");
    }
    for name in ["dns", "vlan", "refused"] {
        check_whole(name, "tcpdump", "-nXX");
        check_whole(name, "tcpdump", "-nteXX");
        check_whole(name, "tshark", "-x");
    }
}

#[test]
fn dumps_without_link_headers_give_the_same_packets() {
    for name in ["http", "sll", "any", "raw", "nd", "null"] {
        check_inner(name, "-ntx");
    }
    for name in ["dns", "refused", "unreachable"] {
        check_inner(name, "-nX");
        check_inner(name, "-ntvX");
    }
    for name in ["vlan", "nd", "refused"] {
        check_inner(name, "-ntex");
    }
}

/// Words that a line needs and that the import does not turn back into bytes.
const NOT_REBUILT: [&str; 2] = [" [telnet ", "[|"];

/// Lines without bytes: all that is compared is what the line says. Answers how many came back the same, and of how many.
#[track_caller]
fn check_lines(name: &str, text: &[u8], expected: &str) -> (usize, usize) {
    let again = read(text);
    // Cooked captures name the interface in front; rebuilt frames have none.
    let bare = |line: &str| match line.get(10..) {
        Some(rest)
            if line.get(5..10).is_some_and(|way| ["  In ", " In  ", " Out ", " M   ", " B   "].contains(&way)) =>
        {
            rest.trim_start().to_owned()
        }
        _ => line.to_owned(),
    };
    let expected: Vec<String> = expected.lines().filter(|line| !line.starts_with('\t')).map(bare).collect();
    let lines = again.lines();
    assert_eq!(lines.len(), expected.len(), "{name}: {:?}", again.notes);
    let mut same = 0;
    for (number, (line, expected)) in (1..).zip(lines.iter().zip(&expected)) {
        let known = NOT_REBUILT.iter().any(|words| expected.contains(words));
        assert!(line == expected || known, "{name}, line {number}:\n  {expected}\n  {line}");
        same += usize::from(line == expected);
    }
    for Frame { record, bytes, comments } in &again.frames {
        assert!(comments.concat().starts_with("Rebuilt from a line of text"), "{comments:?}");
        let packet = protocol::dissect(record.link, bytes, record.length, &Context::default());
        let bad = packet.layers.iter().flat_map(|layer| &layer.found);
        let bad = bad.filter(|found| found.field.key.ends_with(".checksum.status") && found.show == "0");
        assert_eq!(bad.count(), 0, "{name}: {comments:?}");
    }
    (same, lines.len())
}

#[test]
fn lines_without_bytes_give_frames_with_the_same_lines() {
    let names = [
        "any",
        "cooked",
        "dns",
        "dns-tcp",
        "fragments",
        "fragments6",
        "http",
        "loop",
        "loopback",
        "nd",
        "network",
        "null",
        "options",
        "ping",
        "raw",
        "refused",
        "sll",
        "unreachable",
        "vlan",
    ];
    let (mut same, mut all) = (0, 0);
    for name in names {
        let lines = fs::read_to_string(golden(&format!("{name}.lines"))).expect("lines");
        let counts = check_lines(name, lines.as_bytes(), &lines);
        (same, all) = (same + counts.0, all + counts.1);
    }
    for name in ["http", "dns", "vlan", "refused", "unreachable", "options"] {
        let lines = fs::read_to_string(golden(&format!("{name}.lines"))).expect("lines");
        for options in ["-n", "-nte", "-ntS", "-nttttv"] {
            check_lines(&format!("{name} {options}"), &printed(name, "tcpdump", options), &lines);
        }
    }
    println!("{same} of {all} lines are the same");
}

#[test]
fn verbose_lines_give_back_headers_too() {
    let original = read(&fs::read(golden("http.pcap")).unwrap());
    let again = read(&printed("http", "tcpdump", "-nttttv"));
    let pairs = original.frames.iter().zip(&again.frames);
    let same = pairs.filter(|(a, b)| a.bytes[14..] == b.bytes && a.record.time / 1000 == b.record.time / 1000).count();
    // All but the answer's body.
    assert_eq!((same, original.frames.len()), (11, 12));
}

#[test]
fn lines_of_a_book_become_a_capture() {
    let text = "显示ARP:\n\
        7c:d1:c3:f8:40:b3 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 192.168.1.108 tell 192.168.1.109, length 28\n\
        \n\
        sudo tcpdump -ntv icmp\n\
        IP (tos 0x0, ttl 64, id 52547, offset 0, flags [+], proto ICMP (1), length 1500)\n    \
            192.168.1.109 > 192.168.1.108: ICMP echo request, id 33978, seq 3, length 1480\n\
        IP (tos 0x0, ttl 64, id 52547, offset 1480, flags [none], proto ICMP (1), length 21)\n    \
            192.168.1.109 > 192.168.1.108: ip-proto-1\n\
        IP 192.168.1.109.61451 > 192.168.1.108.54321: Flags [S], seq 181141014, win 65535, options [mss 1460,nop,wscale 4,nop,nop,TS val 600459026 ecr 0,sackOK,eol], length 0\n";
    let capture = read(text.as_bytes());
    assert_eq!(
        capture.lines(),
        [
            "ARP, Request who-has 192.168.1.108 tell 192.168.1.109, length 28",
            "IP 192.168.1.109 > 192.168.1.108: ICMP echo request, id 33978, seq 3, length 1480",
            "IP 192.168.1.109 > 192.168.1.108: ip-proto-1",
            "IP 192.168.1.109.61451 > 192.168.1.108.54321: Flags [S], seq 181141014, win 65535, options [mss 1460,nop,wscale 4,nop,nop,TS val 600459026 ecr 0,sackOK,eol], length 0",
        ]
    );
    let [arp, first, second, syn] = &capture.frames[..] else { panic!("{:?}", capture.frames) };
    assert_eq!(
        (arp.record.link, &arp.bytes[..12]),
        (LinkType::ETHERNET, &b"\xff\xff\xff\xff\xff\xff\x7c\xd1\xc3\xf8\x40\xb3"[..])
    );
    assert_eq!((first.bytes.len(), &first.bytes[4..8]), (1500, &b"\xcd\x43\x20\x00"[..]));
    assert_eq!((second.bytes.len(), &second.bytes[4..8]), (21, &b"\xcd\x43\x00\xb9"[..]));
    assert_eq!((syn.record.link, syn.record.time), (LinkType::RAW, 3_000_000));
    let passed_over =
        "Lines without a packet, or not understood: 2 (line 1 “显示ARP:”, line 4 “sudo tcpdump -ntv icmp”).";
    assert_eq!(capture.notes.last().map(String::as_str), Some(passed_over));
}

#[test]
fn numbers_count_from_the_first_acknowledgment_or_not_at_all() {
    let opening = "IP 192.0.2.1.5000 > 192.0.2.2.80: Flags [S], seq 3000000000, win 1, length 0\n\
        IP 192.0.2.2.80 > 192.0.2.1.5000: Flags [S.], seq 4294967290, ack 3000000001, win 1, length 0\n";
    let line = |rest: &str| format!("IP 192.0.2.1.5000 > 192.0.2.2.80: Flags {rest}\n");
    let relative = line("[.], ack 1, win 9, length 0") + &line("[P.], seq 1:8, ack 1, win 9, length 7");
    let absolute = line("[.], ack 4294967291, win 9, length 0")
        + &line("[P.], seq 3000000001:3000000008, ack 4294967291, win 9, length 7");
    let [relative, absolute] = [relative, absolute].map(|rest| read((opening.to_owned() + &rest).as_bytes()));
    let bytes = |capture: &Capture| capture.frames.iter().map(|frame| frame.bytes.clone()).collect::<Vec<_>>();
    assert_eq!(bytes(&relative), bytes(&absolute));
    let acknowledgment = &relative.frames[2].bytes[24..32];
    assert_eq!(acknowledgment, [3_000_000_001u32.to_be_bytes(), 4_294_967_291u32.to_be_bytes()].concat());
}

#[test]
fn dumps_of_other_programs_are_frames() {
    let frame = &read(&fs::read(golden("refused.pcap")).unwrap()).frames[0].bytes;
    let row = |at: usize, bytes: &[u8]| (at, bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>());
    let rows: Vec<_> = frame.chunks(16).enumerate().map(|(n, bytes)| row(16 * n, bytes)).collect();
    let text = |print: &dyn Fn(usize, &[String]) -> String| {
        rows.iter().map(|(at, bytes)| print(*at, bytes)).collect::<String>()
    };
    let words = |bytes: &[String]| {
        bytes.chunks(2).map(|pair| pair.iter().rev().cloned().collect()).collect::<Vec<String>>().join(" ")
    };
    let end = frame.len();
    for text in [
        text(&|at, bytes| {
            format!("{at:08x}  {}  |....|\n", bytes.chunks(8).map(|half| half.join(" ")).collect::<Vec<_>>().join("  "))
        }) + &format!("{end:08x}\n"),
        text(&|at, bytes| {
            format!(
                "{at:08x}: {:<39}  ab  cd\n",
                bytes.chunks(2).map(|pair| pair.concat()).collect::<Vec<_>>().join(" ")
            )
        }),
        text(&|at, bytes| format!("{at:06x} {}\n", bytes.join(" "))) + &format!("{end:06x}\n"),
        text(&|at, bytes| format!("{at:07o} {}\n", bytes.join(" "))) + &format!("{end:07o}\n"),
        text(&|at, bytes| format!("{at:07x} {}\n", words(bytes))) + &format!("{end:07x}\n"),
        text(&|at, bytes| format!("{at:04x}   {}   abcd ef\n", bytes.join(" "))),
    ] {
        // Twice, to see where a frame ends.
        let frames = read((text.clone() + "\n" + &text).as_bytes()).frames;
        assert!(
            frames.len() == 2 && frames.iter().all(|it| it.bytes == *frame && it.record.link == LinkType::ETHERNET),
            "{text}"
        );
    }
    let above = "IP 192.0.2.1.9 > 192.0.2.2.9: UDP, length 3\n0000   45 00\n\n0002   00 1c\n";
    let frames = read(above.as_bytes()).frames;
    assert_eq!(
        frames.iter().map(|frame| frame.bytes.len()).collect::<Vec<_>>(),
        [31, 4],
        "a line, and a dump that is not its own"
    );
    let zeros = "00000000  45 00 00 44 00 00 00 00  40 11 00 00 7f 00 00 01  |E|\n00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |.|\n*\n00000040  01 02 03 04  |.|\n00000044\n";
    assert_eq!(read(zeros.as_bytes()).frames[0].bytes.len(), 0x44);
}

#[test]
fn text_comes_in_several_codes() {
    let line = "12:00:00.5 IP 192.0.2.1.9 > 192.0.2.2.9: UDP, length 3\r\n";
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(line.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked = ["\u{feff}", line].concat().into_bytes();
    for text in [line.as_bytes(), &wide, &marked] {
        let capture = read(text);
        assert_eq!(capture.lines(), ["IP 192.0.2.1.9 > 192.0.2.2.9: UDP, length 3"]);
        assert_eq!(capture.frames[0].record.time, 43_200_500_000_000);
    }
}

#[test]
fn damaged_text_never_panics() {
    // A xorshift generator: the same damage on every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let mut texts: Vec<_> = fs::read_dir(golden("text")).unwrap().map(|entry| entry.unwrap().path()).collect();
    texts.extend(["network", "fragments6", "nd", "dns-tcp"].map(|name| golden(&format!("{name}.lines"))));
    texts.sort();
    for path in texts {
        let text = fs::read(path).unwrap();
        for _ in 0..30 {
            let mut damaged = text.clone();
            for _ in 0..=random(40) {
                let at = random(damaged.len());
                if damaged.is_empty() {
                    break;
                }
                match random(4) {
                    0 => damaged[at] = b"0123456789abcdef.,:()[]{} >\t\n"[random(29)],
                    1 => damaged.truncate(at + 1),
                    2 => drop(damaged.drain(at..(at + random(9)).min(text.len().min(damaged.len())).max(at))),
                    _ => damaged
                        .splice(at..at, text[at.min(text.len() - 1)..].iter().copied().take(random(40)))
                        .for_each(drop),
                }
            }
            if let Ok(mut reader) = capture::open(damaged.as_slice()) {
                while let Ok(Some((record, bytes))) = reader.next() {
                    assert!(record.length >= record.captured || bytes.is_empty(), "{record:?}");
                }
            }
        }
    }
}

#[test]
fn names_instead_of_addresses_are_told_apart() {
    let text = "IP host.example.http > 192.0.2.1.5: Flags [.], ack 1, win 1, length 0\nIP 192.0.2.1.9 > 192.0.2.2.9: UDP, length 3\n";
    let notes = read(text.as_bytes()).notes;
    assert!(
        notes.iter().any(|note| note.starts_with("1 of them name hosts or ports; let tcpdump print numbers (-n)")),
        "{notes:?}"
    );
}

#[test]
fn a_message_of_names_without_end_stays_small() {
    let name = "a.".repeat(200_000);
    let text = format!("IP 192.0.2.1.9 > 192.0.2.2.53: 1+ A? {name} (50)\n{}", format!("CNAME {name}, ").repeat(3));
    assert_eq!(read(text.as_bytes()).frames[0].bytes.len(), 20 + 8 + 50);
}
