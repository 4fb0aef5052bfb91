//! Text that tcpdump, tshark, hexdump and their like printed → a pcapng capture in memory.
//!
//! A dump gives a frame's bytes. A line without one gives a frame rebuilt from the line, and its comment says so: what the
//! line does not say is zero or assumed.

mod arp;
mod dns;
mod dump;
mod frame;
mod icmp;
mod link;
mod rebuild;
mod scan;
mod stamp;
mod tcp;
mod with_bytes;

use super::{LinkType, MAX_PACKET, PcapngWriter, Record};
use dump::Dump;
use rebuild::{Frame, Rebuilder};
use stamp::Stamp;

/// The longest text that is read.
pub const MAX_TEXT: u64 = 64 << 20;

/// Bytes of frames that one text makes at most: a short line may tell of a long packet.
const MAX_MADE: usize = 128 << 20;

/// Bytes of comments that frames get: more would not be kept by who reads the capture.
const MAX_COMMENTS: usize = 4 << 20;

/// Lines not understood that the notes show, and how much of each.
const SHOWN: usize = 3;
const EXCERPT: usize = 60;
/// Columns of a tab.
const TAB: usize = 8;
/// How much of a line a frame's comment repeats.
const QUOTED: usize = 300;

/// What became of a text.
pub(super) struct Imported {
    pub pcapng: Vec<u8>,
    pub notes: Vec<String>,
}

/// The text of a source: UTF-8, or UTF-16 as Windows' shells redirect output. Other bytes become U+FFFD.
pub(super) fn decode(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], order: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| pair.first_chunk()).map(|pair| order(*pair));
        char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Reads all lines; `None` where none of them holds a packet.
pub(super) fn read(text: &str) -> Option<Imported> {
    let mut import = Import::new();
    for (number, line) in (1..).zip(text.lines()) {
        import.line(number, line.trim_end());
    }
    import.finish_packet();
    import.finish()
}

/// A packet whose lines are still coming.
#[derive(Default)]
struct Pending {
    /// Its line, a second one of `-v` appended; empty where only a dump is there.
    line: String,
    number: usize,
    /// Columns in front of the line.
    indent: usize,
    stamp: Option<Stamp>,
    bytes: Vec<u8>,
    /// Lines of the dump were left out because they repeat the one before.
    squeezed: bool,
}

struct Import {
    pending: Option<Pending>,
    rebuilder: Rebuilder,
    frames: Vec<(Frame, String)>,
    stamps: Vec<Stamp>,
    with_bytes: usize,
    made_up: usize,
    passed_over: usize,
    /// Among them lines of packets with names in place of addresses.
    named: usize,
    /// Bytes of comments on frames.
    comments: usize,
    examples: Vec<String>,
    /// Inside a dump that is no frame, such as a reassembled stream.
    skipping: bool,
}

impl Import {
    fn new() -> Import {
        Import {
            pending: None,
            rebuilder: Rebuilder::new(MAX_MADE),
            frames: Vec::new(),
            stamps: Vec::new(),
            with_bytes: 0,
            made_up: 0,
            passed_over: 0,
            named: 0,
            comments: 0,
            examples: Vec::new(),
            skipping: false,
        }
    }

    fn line(&mut self, number: usize, line: &str) {
        let dumping = self.pending.as_ref().is_some_and(|pending| !pending.bytes.is_empty());
        if line.trim().is_empty() {
            self.skipping = false;
            if let Some(pending) = self.pending.as_mut().filter(|pending| pending.line.contains('\n')) {
                pending.line.push('\n');
            }
            return;
        }
        if line == "*" && dumping {
            self.pending.iter_mut().for_each(|pending| pending.squeezed = true);
            return;
        }
        if dump::parse(line).is_some_and(|dump| self.dump(number, dump)) {
            return;
        }
        let (stamp, rest) = stamp::take(line);
        let indent = indent(line);
        // What an ICMP error quotes follows it a tab further in, and is no packet of its own.
        let is_quoted = self.pending.as_ref().is_some_and(|it| !it.line.is_empty() && indent >= it.indent + TAB);
        if !is_quoted && link::start(rest).is_some() {
            self.finish_packet();
            let pending = Pending { line: rest.to_owned(), number, indent, stamp: Some(stamp), ..Pending::default() };
            self.pending = Some(pending);
            return;
        }
        // tshark heads each of a frame's dumps by its name.
        if let Some(name) = line.strip_suffix(" bytes):") {
            self.finish_packet();
            self.skipping = !name.starts_with("Frame (");
            return;
        }
        let indented = indent > 0;
        match &mut self.pending {
            // The second line of `tcpdump -v` has the addresses.
            Some(pending)
                if indented && pending.bytes.is_empty() && pending.line.ends_with(')') && line.contains(" > ") =>
            {
                pending.line += " ";
                pending.line += line.trim();
            }
            // The words of a text protocol, such as HTTP's head.
            Some(pending) if indented && pending.bytes.is_empty() && pending.line.contains(tcp::WORDS_FOLLOW) => {
                pending.line.push('\n');
                pending.line += line.trim_start();
            }
            // Its other lines tell what the bytes tell, too.
            Some(pending) if indented && !pending.line.is_empty() => {}
            _ => self.pass_over(number, line),
        }
    }

    /// Takes in a line of a dump; false for one that continues nothing and begins nothing.
    fn dump(&mut self, number: usize, dump: Dump) -> bool {
        if dump.nested || self.skipping {
            return self.pending.is_some() || self.skipping;
        }
        let held = self.pending.as_ref().map_or(0, |pending| pending.bytes.len());
        if dump.is_at(0) && !dump.bytes.is_empty() {
            // Other programs' dumps have no line of tcpdump's above them.
            if held > 0 || !dump.marked && self.pending.as_ref().is_some_and(|pending| !pending.line.is_empty()) {
                self.finish_packet();
            }
            let stamp = Some(Stamp::None);
            self.pending.get_or_insert_with(|| Pending { number, stamp, ..Pending::default() });
        } else if held == 0 {
            return false;
        }
        let Some(pending) = &mut self.pending else { return false };
        if std::mem::take(&mut pending.squeezed)
            && let Some(offset) = dump.skips_to(pending.bytes.len()).filter(|&offset| offset <= MAX_PACKET as usize)
        {
            let start = pending.bytes.len().saturating_sub(16);
            while pending.bytes.len() < offset {
                pending.bytes.extend_from_within(start..start + 16);
            }
        }
        let continues = dump.is_at(pending.bytes.len());
        if continues && pending.bytes.len() + dump.bytes.len() <= MAX_PACKET as usize {
            pending.bytes.extend(dump.bytes);
        }
        continues
    }

    fn finish_packet(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        let start = link::start(&pending.line);
        let (frame, comment) = if pending.bytes.is_empty() {
            let Some(frame) = start.as_ref().and_then(|start| self.rebuilder.frame(start)) else {
                self.named += usize::from(start.is_some_and(|start| rebuild::has_names(&start)));
                return self.pass_over(pending.number, &pending.line);
            };
            (
                frame,
                format!(
                    "Rebuilt from a line of text; what the line does not say is zero or assumed: {}",
                    cut(pending.line.lines().next().unwrap_or_default(), QUOTED)
                ),
            )
        } else {
            self.with_bytes += 1;
            let frame = with_bytes::frame(pending.bytes, start.as_ref());
            let comment =
                if frame.made_up { "The bytes came without their Ethernet header; this one is made up." } else { "" };
            (frame, comment.to_owned())
        };
        self.made_up += usize::from(frame.made_up);
        // Readers keep no more comments than that; the notes tell the same of all frames.
        let comment = if self.comments > MAX_COMMENTS { String::new() } else { comment };
        self.comments = self.comments.saturating_add(comment.len());
        self.stamps.push(pending.stamp.unwrap_or(Stamp::None));
        self.frames.push((frame, comment));
    }

    fn pass_over(&mut self, number: usize, line: &str) {
        self.passed_over += 1;
        if self.examples.len() < SHOWN {
            self.examples.push(format!("line {number} “{}”", cut(line.trim(), EXCERPT)));
        }
    }

    fn finish(self) -> Option<Imported> {
        if self.frames.is_empty() {
            return None;
        }
        let (times, assumed) = stamp::resolve(&self.stamps);
        let rebuilt = self.frames.len() - self.with_bytes;
        let mut notes = vec![format!(
            "Read from text: {} packets with their bytes, {rebuilt} rebuilt from lines without.",
            self.with_bytes
        )];
        if rebuilt > 0 {
            notes.push(String::from(
                "Rebuilt packets have what their lines say; the rest is assumed (a TTL of 64, data of zeros). The comment of each one has its line.",
            ));
        }
        if self.made_up > 0 {
            notes.push(format!(
                "{} packets came without a link header and have a made-up Ethernet header, with addresses as far as lines tell them.",
                self.made_up
            ));
        }
        notes.extend(assumed.map(str::to_owned));
        if self.passed_over > 0 {
            let (more, shown) = (if self.passed_over > SHOWN { ", …" } else { "" }, self.examples.join(", "));
            notes.push(format!("Lines without a packet, or not understood: {} ({shown}{more}).", self.passed_over));
        }
        if self.named > 0 {
            let named = self.named;
            notes.push(format!(
                "{named} of them name hosts or ports; let tcpdump print numbers (-n), and they can be rebuilt."
            ));
        }
        let pcapng = write(self.frames, &times).ok()?;
        Some(Imported { pcapng, notes })
    }
}

/// Writing to memory fails for no packet that was made here.
fn write(frames: Vec<(Frame, String)>, times: &[i64]) -> std::io::Result<Vec<u8>> {
    let mut writer = PcapngWriter::new(Vec::new())?;
    for ((frame, comment), &time) in frames.into_iter().zip(times) {
        let captured = frame.bytes.len() as u32;
        // An interface for each link type.
        let record = Record { offset: 0, time, captured, length: frame.length, link: frame.link, interface: 0 };
        let comments = if comment.is_empty() { Vec::new() } else { vec![comment] };
        writer.packet(&record, &frame.bytes, &comments)?;
    }
    writer.finish()
}

/// Columns of blanks in front of a line.
fn indent(line: &str) -> usize {
    let blanks = line.chars().take_while(|letter| matches!(letter, ' ' | '\t'));
    blanks.map(|letter| if letter == '\t' { TAB } else { 1 }).sum()
}

/// At most so many letters of a line.
fn cut(line: &str, letters: usize) -> String {
    let end = line.char_indices().nth(letters).map(|(at, _)| at);
    end.and_then(|end| line.get(..end)).map_or_else(|| line.to_owned(), |start| format!("{start}…"))
}
