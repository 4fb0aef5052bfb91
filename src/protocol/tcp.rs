//! A TCP segment → ports, numbers, flags, window, checksum, and what follows from them (RFC 9293 §3.1).

use super::checksum::{self, Beside, STATUS};
use super::field::{COMPUTED, Field, Show, Whole, bits, field, tiles};
use super::header::{Header, Next, Step};
use super::tcp_options;
use super::together::Rows;

const SPEC: &str = "RFC 9293 §3.1";

pub(super) static HEADER: [Field; 9] = [
    field("tcp.srcport", "Source port", bits(0, 16), Show::Dec, SPEC),
    field("tcp.dstport", "Destination port", bits(16, 16), Show::Dec, SPEC),
    field("tcp.seq_raw", "Sequence number (raw)", bits(32, 32), Show::Dec, SPEC),
    field("tcp.ack_raw", "Acknowledgment number (raw)", bits(64, 32), Show::Dec, SPEC),
    field("tcp.hdr_len", "Header length", bits(96, 4), Show::Times(4), SPEC),
    field("tcp.flags", "Flags", bits(100, 12), Show::Hex(4), SPEC),
    field("tcp.window_size_value", "Window", bits(112, 16), Show::Dec, SPEC),
    field("tcp.checksum", "Checksum", bits(128, 16), Show::Hex(4), SPEC),
    field("tcp.urgent_pointer", "Urgent pointer", bits(144, 16), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 160));

pub(super) static FLAGS: [Field; 10] = [
    field("tcp.flags.res", "Reserved", bits(100, 3), Show::Flag, SPEC),
    field("tcp.flags.ae", "AE: Accurate ECN", bits(103, 1), Show::Flag, "RFC 9768 §3.1"),
    field("tcp.flags.cwr", "CWR: Congestion window reduced", bits(104, 1), Show::Flag, "RFC 3168 §6.1"),
    field("tcp.flags.ece", "ECE: ECN echo", bits(105, 1), Show::Flag, "RFC 3168 §6.1"),
    field("tcp.flags.urg", "URG: Urgent", bits(106, 1), Show::Flag, SPEC),
    field("tcp.flags.ack", "ACK: Acknowledgment", bits(107, 1), Show::Flag, SPEC),
    field("tcp.flags.push", "PSH: Push", bits(108, 1), Show::Flag, SPEC),
    field("tcp.flags.reset", "RST: Reset", bits(109, 1), Show::Flag, SPEC),
    field("tcp.flags.syn", "SYN: Synchronize", bits(110, 1), Show::Flag, SPEC),
    field("tcp.flags.fin", "FIN: No more data", bits(111, 1), Show::Flag, SPEC),
];
const _: () = assert!(tiles(&FLAGS, 100, 112));

static STREAM: Field = field("tcp.stream", "Stream", COMPUTED, Show::Dec, SPEC);
static LENGTH: Field = field("tcp.len", "Segment length", COMPUTED, Show::Dec, "RFC 9293 §3.3.1");
static SEQUENCE: Field = field("tcp.seq", "Sequence number", COMPUTED, Show::Dec, SPEC);
static NEXT_SEQUENCE: Field = field("tcp.nxtseq", "Next sequence number", COMPUTED, Show::Dec, "RFC 9293 §3.4");
static ACKNOWLEDGMENT: Field = field("tcp.ack", "Acknowledgment number", COMPUTED, Show::Dec, SPEC);
static FLAG_LETTERS: Field = field("tcp.flags.str", "Flags in letters", COMPUTED, Show::Text, SPEC);
static WINDOW: Field = field("tcp.window_size", "Window in bytes", COMPUTED, Show::Dec, "RFC 7323 §2.3");
static SCALE: Field = field("tcp.window_size_scalefactor", "Window scale factor", COMPUTED, Show::Dec, "RFC 7323 §2.2");
static CHECKSUM_STATUS: Field =
    field("tcp.checksum.status", "Checksum status", COMPUTED, Show::Dec, SPEC).words(STATUS);
static CALCULATED: Field = field("tcp.checksum_calculated", "Computed checksum", COMPUTED, Show::Text, "RFC 1071 §1");
const BESIDE: Beside = Beside { status: &CHECKSUM_STATUS, calculated: Some(&CALCULATED) };
static OPTIONS: Field = field("tcp.options", "Options", COMPUTED, Show::Bytes, SPEC);
static PAYLOAD: Field = field("tcp.payload", "Payload", COMPUTED, Show::Bytes, SPEC);

const SIZE: usize = 20;
const PROTOCOL: u8 = 6;
const FIN: u64 = 1;
const SYN: u64 = 2;
const ACK: u64 = 16;

/// tshark's own figures for a scale factor that no number states.
const SCALE_UNKNOWN: i32 = -1;
const SCALE_NONE: i32 = -2;

static TOGETHER: Rows = Rows {
    whole: &field("tcp.segments", "Segments", COMPUTED, Show::None, "RFC 9293 §3.8.5"),
    part: &field("tcp.segment", "Segment in frame", COMPUTED, Show::Dec, "RFC 9293 §3.8.5"),
    count: &field("tcp.segment.count", "Segment count", COMPUTED, Show::Dec, "RFC 9293 §3.8.5"),
    length: &field("tcp.reassembled.length", "Reassembled length", COMPUTED, Show::Dec, "RFC 9293 §3.8.5"),
};
static SEGMENT_DATA: Field = field("tcp.segment_data", "Part of a message", COMPUTED, Show::Bytes, "RFC 9293 §3.8.5");
static REASSEMBLED_IN: Field =
    field("tcp.reassembled_in", "Message whole in frame", COMPUTED, Show::Dec, "RFC 9293 §3.8.5");

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let computed = [
        &STREAM,
        &LENGTH,
        &SEQUENCE,
        &NEXT_SEQUENCE,
        &ACKNOWLEDGMENT,
        &FLAG_LETTERS,
        &WINDOW,
        &SCALE,
        &CHECKSUM_STATUS,
        &CALCULATED,
        &OPTIONS,
        &PAYLOAD,
        &SEGMENT_DATA,
        &REASSEMBLED_IN,
    ];
    HEADER.iter().chain(&FLAGS).chain(computed).chain(TOGETHER.all()).chain(tcp_options::fields())
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("tcp", SIZE);
    let [source, destination, sequence, acknowledgment, header_length, flags_row, window, checksum, urgent] = &HEADER;
    let ports = (header.row(source, 0)? as u16, header.row(destination, 0)? as u16);
    // The numbers that follow need the header's length, so it is looked at before its turn; a router quotes no more than this.
    let size = header.u8(12).map_or(SIZE, |byte| usize::from(byte >> 4) * 4);
    let flags = u64::from(header.u16(12).unwrap_or(0) & 0xfff);
    let payload = header.claimed().saturating_sub(size);
    if let Some(stream) = header.context.tcp_stream {
        header.generate(&STREAM, stream, 0);
    }
    if header.have() > 12 && size >= SIZE {
        header.generate(&LENGTH, payload, 0);
    }
    numbers(header, sequence, acknowledgment, flags, payload)?;
    header.row(header_length, 0)?;
    if size < SIZE {
        header.is("tcp", header.claimed());
        header.refuse(header_length, 12, "Header length is less than the 20 bytes of the fixed header.");
        return None;
    }
    header.is("tcp", size);
    flag_rows(header, flags_row, flags)?;
    windows(header, window, flags)?;
    checksum::transport(header, checksum, &BESIDE, Some(PROTOCOL), header.claimed())?;
    header.row(urgent, 0)?;
    if size > SIZE {
        let here = (size - SIZE).min(header.rest(SIZE).len());
        header.at(&OPTIONS, SIZE, here, 0);
        tcp_options::decode(header, SIZE, SIZE + here, flags & SYN != 0);
        header.claims(header_length, 0, size);
    }
    let carried = header.rest(size).len();
    if carried > 0 {
        header.at(&PAYLOAD, size, carried, 0);
    }
    let next = Next::TcpPorts(ports.0, ports.1);
    parts(header, size);
    header.then(next, size)
}

/// Says which messages this segment carries only a part of, and where they are whole.
fn parts(header: &mut Header, size: usize) {
    let context = header.context;
    let carried = context.carried.iter().filter(|carried| carried.app.is_some());
    let messages = carried.flat_map(|carried| &carried.messages).filter(|message| message.whole != Whole::Within);
    let mut ended = 0;
    for message in messages {
        let (from, len) = (message.from as usize, message.to.saturating_sub(message.from) as usize);
        header.at(&SEGMENT_DATA, size + from, len, 0);
        match &message.whole {
            Whole::Ends(buffer) => {
                // The buffers of a segment's messages are numbered in their order, after those of the layers before.
                TOGETHER.say(header, buffer, header.first_buffer.saturating_add(ended));
                ended += 1;
            }
            Whole::In(frame) => header.generate(&REASSEMBLED_IN, frame, 0),
            Whole::Never => {
                header.generate(&REASSEMBLED_IN, "", 0);
                header.means("its end is not in the capture");
            }
            Whole::Within => {}
        }
    }
}

/// The two numbers, relative where the conversation is known, and the one that the sender will use next.
fn numbers(
    header: &mut Header,
    sequence: &'static Field,
    acknowledgment: &'static Field,
    flags: u64,
    payload: usize,
) -> Option<()> {
    let raw = header.u32(4);
    let relative = raw.map(|raw| raw.wrapping_sub(header.context.seq_base.unwrap_or(0)));
    if let Some(relative) = relative {
        header.put(&SEQUENCE, sequence.bits, relative.to_string(), String::new(), 0);
    }
    header.row(sequence, 0)?;
    if let (Some(relative), true) = (relative, header.have() > 13) {
        let next = relative.wrapping_add(payload as u32).wrapping_add(u32::from(flags & (SYN | FIN) != 0));
        header.generate(&NEXT_SEQUENCE, next, 0);
    }
    if let Some(raw) = header.u32(8) {
        let base = if flags & ACK == 0 { 0 } else { header.context.ack_base.unwrap_or(0) };
        header.put(&ACKNOWLEDGMENT, acknowledgment.bits, raw.wrapping_sub(base).to_string(), String::new(), 0);
    }
    header.row(acknowledgment, 0).map(|_| ())
}

fn flag_rows(header: &mut Header, row: &'static Field, flags: u64) -> Option<()> {
    header.row(row, 0)?;
    let names = ["CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"];
    let set = names.iter().enumerate().filter(|(i, _)| flags >> (7 - i) & 1 == 1).map(|(_, name)| *name);
    header.means(set.collect::<Vec<_>>().join(", "));
    header.rows(&FLAGS, 1)?;
    let letters: String = "RRRACEUAPRSF"
        .chars()
        .enumerate()
        .map(|(i, letter)| if flags >> (11 - i) & 1 == 1 { letter } else { '·' })
        .collect();
    header.put(&FLAG_LETTERS, row.bits, letters, String::new(), 1);
    Some(())
}

/// The window as it stands, in bytes, and the factor between the two where the opening told it.
fn windows(header: &mut Header, row: &'static Field, flags: u64) -> Option<()> {
    let value = header.row(row, 0)?;
    let context = header.context;
    let shift = if flags & SYN != 0 { 0 } else { context.window_shift.unwrap_or(0) };
    header.put(&WINDOW, row.bits, (value << shift.min(tcp_options::LARGEST_SHIFT)).to_string(), String::new(), 0);
    if flags & SYN != 0 || header.place.quoted {
        return Some(());
    }
    let (factor, words) = match context.window_shift {
        Some(shift) => (1 << shift.min(tcp_options::LARGEST_SHIFT), ""),
        None if context.no_window_scaling => (SCALE_NONE, "no window scaling used"),
        None => (SCALE_UNKNOWN, "unknown"),
    };
    header.put(&SCALE, row.bits, factor.to_string(), words.to_string(), 0);
    Some(())
}
