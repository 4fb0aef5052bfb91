//! PPP over Ethernet → the search for an access concentrator with its tags, or the session that a PPP frame travels in (RFC 2516).

use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Step};

const SPEC: &str = "RFC 2516 §4";
const TAG: &str = "RFC 2516 appendix A";

static HEADER: [Field; 5] = [
    field("pppoe.version", "Version", bits(0, 4), Show::Dec, SPEC),
    field("pppoe.type", "Type", bits(4, 4), Show::Dec, SPEC),
    field("pppoe.code", "Code", bits(8, 8), Show::Hex(2), SPEC).words(CODES),
    field("pppoe.session_id", "Session", bits(16, 16), Show::Hex(4), SPEC),
    field("pppoe.payload_length", "Payload length", bits(32, 16), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 48));

const CODES: Words = words![
    (0x00, "session data"),
    (0x07, "offer (PADO)"),
    (0x09, "initiation (PADI)"),
    (0x19, "request (PADR)"),
    (0x65, "session confirmation (PADS)"),
    (0xa7, "terminate (PADT)"),
];

static TAGS: Field = field("pppoed.tags", "Tags", COMPUTED, Show::None, TAG);
/// By number. The value alone is shown, as Wireshark does; an unknown tag shows its number and length, too.
static KINDS: [(u16, Field); 10] = [
    (0x0101, field("pppoed.tags.service_name", "Service name", COMPUTED, Show::Text, TAG)),
    (0x0102, field("pppoed.tags.ac_name", "Concentrator", COMPUTED, Show::Text, TAG)),
    (0x0103, field("pppoed.tags.host_uniq", "Host-Uniq", COMPUTED, Show::Bytes, TAG)),
    (0x0104, field("pppoed.tags.ac_cookie", "Cookie", COMPUTED, Show::Bytes, TAG)),
    (0x0105, field("pppoed.tags.vendor_id", "Vendor", COMPUTED, Show::Dec, TAG)),
    (0x0110, field("pppoed.tags.relay_session_id", "Relay session", COMPUTED, Show::Bytes, TAG)),
    (0x0120, field("pppoed.tags.max_payload", "Maximum payload", COMPUTED, Show::Bytes, "RFC 4638 §2")),
    (0x0201, field("pppoed.tags.service_name_error", "Service name error", COMPUTED, Show::Text, TAG)),
    (0x0202, field("pppoed.tags.ac_system_error", "Concentrator error", COMPUTED, Show::Text, TAG)),
    (0x0203, field("pppoed.tags.generic_error", "Error", COMPUTED, Show::Text, TAG)),
];
static UNKNOWN: [Field; 3] = [
    field("pppoed.tag", "Tag", COMPUTED, Show::Hex(4), TAG),
    field("pppoed.tag_length", "Tag length", COMPUTED, Show::Dec, TAG),
    field("pppoed.tag.unknown_data", "Value", COMPUTED, Show::Bytes, TAG),
];

/// What the access node adds about the line, in a vendor's tag with tags of its own (BBF TR-101).
static LINE: Field = field("pppoed.tags.vendorspecific.tags", "Line tags", COMPUTED, Show::None, "BBF TR-101 §3.9");
static LINE_KINDS: [(u8, Field); 2] = [
    (1, field("pppoed.tags.circuit_id", "Circuit", COMPUTED, Show::Text, "BBF TR-101 §3.9")),
    (2, field("pppoed.tags.remote_id", "Remote", COMPUTED, Show::Text, "BBF TR-101 §3.9")),
];

const SIZE: usize = 6;
const END_OF_LIST: u16 = 0;
const VENDOR: u16 = 0x0105;
const BROADBAND_FORUM: u64 = 3561;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER
        .iter()
        .chain(KINDS.iter().map(|(_, field)| field))
        .chain(&UNKNOWN)
        .chain([&TAGS, &LINE])
        .chain(LINE_KINDS.iter().map(|(_, field)| field))
}

pub(super) fn decode_session(header: &mut Header) -> Option<Step> {
    header.is("pppoes", SIZE);
    let length = head(header)?;
    header.within_end(Next::Ppp, SIZE, header.place.start + SIZE + length)
}

pub(super) fn decode_discovery(header: &mut Header) -> Option<Step> {
    header.is("pppoed", SIZE);
    let length = head(header)?;
    header.is("pppoed", SIZE + length);
    let there = header.rest(SIZE).len().min(length);
    header.put(&TAGS, bits(SIZE as u32 * 8, there as u32 * 8), String::new(), String::new(), 0);
    let mut at = SIZE;
    while at < SIZE + there {
        at = tag(header, at, SIZE + length)?;
    }
    header.within_end(Next::End, SIZE + length, header.place.start + SIZE + length)
}

/// The rows that both kinds share; returns how many bytes follow.
fn head(header: &mut Header) -> Option<usize> {
    let [version, kind, rest @ .., length] = &HEADER;
    header.row(version, 0)?;
    header.row(kind, 0)?;
    header.rows(rest, 0)?;
    let claimed = header.row(length, 0)? as usize;
    header.claims(length, SIZE, claimed);
    Some(claimed)
}

/// Reads one tag and returns where the next begins; `None` at the end of the list.
fn tag(header: &mut Header, at: usize, end: usize) -> Option<usize> {
    let (Some(kind), Some(length)) = (header.u16(at), header.u16(at + 2)) else {
        header.cut(at, 4);
        return None;
    };
    let (value, length) = (at + 4, usize::from(length));
    if kind == END_OF_LIST {
        return None;
    }
    if value + length > end || header.bytes(value, length).is_none() {
        header.claims(&UNKNOWN[1], value, length);
        return None;
    }
    match KINDS.iter().find(|(number, _)| *number == kind) {
        Some((VENDOR, _)) if length < 4 => {}
        Some((VENDOR, row)) => {
            let vendor = header.at(row, value, 4, 1)?;
            if vendor == BROADBAND_FORUM && length > 4 {
                access_line(header, value + 4, value + length)?;
            }
        }
        Some((_, row)) if length > 0 => header.at(row, value, length, 1).map(|_| ())?,
        Some(_) => {}
        None => {
            let [number, size, data] = &UNKNOWN;
            header.at(number, at, 2, 1)?;
            header.at(size, at + 2, 2, 1)?;
            if length > 0 {
                header.at(data, value, length, 1)?;
            }
        }
    }
    Some(value + length)
}

fn access_line(header: &mut Header, from: usize, end: usize) -> Option<()> {
    header.put(&LINE, bits(from as u32 * 8, (end - from) as u32 * 8), String::new(), String::new(), 1);
    let mut at = from;
    while let (true, Some(kind), Some(length)) = (at + 2 <= end, header.u8(at), header.u8(at + 1)) {
        let length = usize::from(length);
        if at + 2 + length > end {
            header.refuse(&LINE, at, "One of its tags goes beyond the vendor's tag.");
            return None;
        }
        if let Some((_, row)) = LINE_KINDS.iter().find(|(number, _)| *number == kind && length > 0) {
            header.at(row, at + 2, length, 2)?;
        }
        at += 2 + length;
    }
    Some(())
}
