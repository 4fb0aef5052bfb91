//! A file that is no capture → a sentence that says what it is and what would be accepted.

use std::fmt;

use super::{pcap, pcapng};

/// How many of the first bytes the sentence shows.
const SHOWN: usize = 16;

/// Letters of a text's first line that it shows.
const LINE_SHOWN: usize = 60;

/// Why a capture could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// The content is no capture; what was found instead.
    NotACapture(String),
    Empty,
    /// More than can be kept in memory; a sentence that says how much and what to do.
    TooLarge(String),
    /// The source could not be read; its own words.
    Unreadable(String),
}

impl OpenError {
    /// Catalogue key: `not-a-capture`, `empty-file`, `too-large` or `unreadable`.
    pub fn kind(&self) -> &'static str {
        match self {
            OpenError::NotACapture(_) => "not-a-capture",
            OpenError::Empty => "empty-file",
            OpenError::TooLarge(_) => "too-large",
            OpenError::Unreadable(_) => "unreadable",
        }
    }

    /// Whether a source that begins so is text, which may tell of packets.
    pub(super) fn is_text(head: &[u8]) -> bool {
        !head.is_empty() && text(head).is_some_and(|kind| kind == recognise(head))
    }

    /// A text of `size` bytes in which no line tells of a packet; it may be a program's that is known.
    pub(super) fn no_packet_in_text(text: &str, head: &[u8], size: u64, packed: bool) -> OpenError {
        if !matches!(self::text(head), Some("text" | "UTF-16 text")) {
            return OpenError::not_a_capture(head, size, packed);
        }
        let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let shown: String = first.chars().take(LINE_SHOWN).collect();
        let more = if shown.len() < first.len() { "…" } else { "" };
        OpenError::NotACapture(format!(
            "text in which no line reads like a packet that tcpdump -n prints, nor like a hex dump (it begins “{shown}{more}”)"
        ))
    }

    /// `head` is the beginning of a source of `size` bytes that no format claimed; `packed`: it was unpacked from gzip data.
    pub(super) fn not_a_capture(head: &[u8], size: u64, packed: bool) -> OpenError {
        if head.is_empty() {
            return OpenError::Empty;
        }
        let shown: Vec<String> = head.iter().take(SHOWN).map(|byte| format!("{byte:02x}")).collect();
        let more = if size > SHOWN as u64 { " …" } else { "" };
        let within = if packed { "gzip data that holds " } else { "" };
        OpenError::NotACapture(format!("{within}{} ({size} bytes: {}{more})", recognise(head), shown.join(" ")))
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        const ACCEPTED: &str = "Accepted are pcap, pcapng and snoop captures, plain or in gzip, whatever their name, and text that tcpdump -n, tshark -x or hexdump -C printed.";
        match self {
            OpenError::NotACapture(found) => write!(f, "This is not a capture but {found}. {ACCEPTED}"),
            OpenError::Empty => write!(f, "The file is empty. {ACCEPTED}"),
            OpenError::TooLarge(what) => write!(f, "{what}"),
            OpenError::Unreadable(why) => write!(f, "The file could not be read: {why}"),
        }
    }
}

impl std::error::Error for OpenError {}

/// First bytes of formats that people mistake for a capture, and what to do with those that hold one.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"\x1f\x8b", "gzip data again; unpack it first (gunzip)"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data; unpack it first (unzstd)"),
    (b"\xfd7zXZ\0", "xz data; unpack it first (unxz)"),
    (b"BZh", "bzip2 data; unpack it first (bunzip2)"),
    (b"\x04\x22\x4d\x18", "LZ4 data; unpack it first (unlz4)"),
    (b"PK\x03\x04", "a zip archive; unpack it first (office documents are such archives too)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive; unpack it first"),
    (b"snoop\0\0\0", "the beginning of a snoop capture that is cut within its header or of an unknown version"),
    (b"btsnoop\0", "a btsnoop capture of Bluetooth; Wireshark can save it as pcapng"),
    (b"GMBU", "a Microsoft Network Monitor capture; Wireshark can save it as pcapng"),
    (b"RTSS", "a Microsoft Network Monitor capture; Wireshark can save it as pcapng"),
    (b"TRSNIFF data", "a Sniffer capture; Wireshark can save it as pcapng"),
    (b"XCP\0", "a NetXRay capture; Wireshark can save it as pcapng"),
    (b"iptrace ", "an AIX iptrace capture; Wireshark can save it as pcapng"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF document"),
    (b"\x7fELF", "an ELF program"),
    (b"MZ", "a Windows program"),
    (b"\0asm", "a WebAssembly module"),
    (b"SQLite format 3\0", "an SQLite database"),
];

fn recognise(head: &[u8]) -> &'static str {
    if pcap::begins(head) {
        return "a pcap file that ends within its header of 24 bytes";
    }
    if pcapng::begins(head) {
        return "the beginning of a pcapng file without a valid byte-order mark";
    }
    if let Some((_, what)) = SIGNATURES.iter().find(|(start, _)| head.starts_with(start)) {
        return what;
    }
    if head.get(257..262) == Some(b"ustar") {
        return "a tar archive; unpack it first";
    }
    if erf(head) {
        return "probably an ERF capture; Wireshark can save it as pcapng";
    }
    text(head).unwrap_or("binary data of an unknown kind")
}

/// What kind of text it is, or `None` for binary data.
fn text(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Some("UTF-16 text");
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\r' | b'\n' | 0x0c | 0x1b);
    if head.iter().any(control) {
        return None;
    }
    let words = head.trim_ascii_start();
    let starts =
        |start: &str| words.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()));
    Some(if starts("<!doctype html") || starts("<html") {
        "an HTML page (perhaps the page around a download)"
    } else if starts("<?xml") || starts("<pdml") || starts("<psml") {
        "XML text"
    } else if starts("{") || starts("[") {
        "JSON text"
    } else if starts("version https://git-lfs") {
        "a Git LFS pointer; the file itself was not fetched"
    } else {
        "text"
    })
}

/// Endace records have no magic: a type below 0x80 that is in use, flags, and a length that holds the 16-byte header; the
/// second record must look the same.
fn erf(head: &[u8]) -> bool {
    let record = |at: usize| {
        let [kind, _, high, low] = *head.get(at + 8..)?.first_chunk()?;
        let length = usize::from(u16::from_be_bytes([high, low]));
        ((1..=48).contains(&(kind & 0x7f)) && (18..=MAX_ERF).contains(&length)).then_some(at + length)
    };
    record(0).and_then(record).is_some()
}

/// The longest ERF record that a guess believes: an Ethernet frame with its headers, so that two fit the head.
const MAX_ERF: usize = 2048;
