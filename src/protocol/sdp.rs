//! A session description → its lines: who calls, which media, where they are to be sent (RFC 8866).

use super::field::{COMPUTED, Field, Show, field};
use super::header::{Header, Step};
use super::lines::{Word, lines, text};

const fn row(key: &'static str, name: &'static str, source: &'static str) -> Field {
    field(key, name, COMPUTED, Show::Text, source)
}

/// The letter that begins a line, its row, and the rows of the words in it.
static LINES: [(u8, Field, &[Field]); 13] = [
    (b'v', row("sdp.version", "Version", "RFC 8866 §5.1"), &[]),
    (b'o', row("sdp.owner", "Origin", "RFC 8866 §5.2"), &OWNER),
    (b's', row("sdp.session_name", "Session name", "RFC 8866 §5.3"), &[]),
    (b'i', row("sdp.session_info", "Session information", "RFC 8866 §5.4"), &[]),
    (b'u', row("sdp.uri", "URI", "RFC 8866 §5.5"), &[]),
    (b'e', row("sdp.email", "Mail address", "RFC 8866 §5.6"), &[]),
    (b'p', row("sdp.phone", "Phone number", "RFC 8866 §5.6"), &[]),
    (b'c', row("sdp.connection_info", "Connection", "RFC 8866 §5.7"), &CONNECTION),
    (b'b', row("sdp.bandwidth", "Bandwidth", "RFC 8866 §5.8"), &[]),
    (b't', row("sdp.time", "Time", "RFC 8866 §5.9"), &TIME),
    (b'm', row("sdp.media", "Media", "RFC 8866 §5.14"), &MEDIA),
    (b'a', row("sdp.session_attr", "Session attribute", "RFC 8866 §5.13"), &[]),
    (b'A', row("sdp.media_attr", "Media attribute", "RFC 8866 §5.13"), &[]),
];
static OWNER: [Field; 6] = [
    row("sdp.owner.username", "User name", "RFC 8866 §5.2"),
    row("sdp.owner.sessionid", "Session ID", "RFC 8866 §5.2"),
    row("sdp.owner.version", "Session version", "RFC 8866 §5.2"),
    row("sdp.owner.network_type", "Network type", "RFC 8866 §5.2"),
    row("sdp.owner.address_type", "Address type", "RFC 8866 §5.2"),
    row("sdp.owner.address", "Address", "RFC 8866 §5.2"),
];
static CONNECTION: [Field; 3] = [
    row("sdp.connection_info.network_type", "Network type", "RFC 8866 §5.7"),
    row("sdp.connection_info.address_type", "Address type", "RFC 8866 §5.7"),
    row("sdp.connection_info.address", "Address for media", "RFC 8866 §5.7"),
];
static TIME: [Field; 2] =
    [row("sdp.time.start", "Start", "RFC 8866 §5.9"), row("sdp.time.stop", "Stop", "RFC 8866 §5.9")];
static MEDIA: [Field; 4] = [
    row("sdp.media.media", "Kind of media", "RFC 8866 §5.14"),
    row("sdp.media.port", "Port for media", "RFC 8866 §5.14"),
    row("sdp.media.proto", "Media protocol", "RFC 8866 §5.14"),
    row("sdp.media.format", "Format", "RFC 8866 §5.14"),
];
static SESSION_FIELD: Field = row("sdp.session_attr.field", "Attribute", "RFC 8866 §5.13");
static SESSION_VALUE: Field = row("sdp.session_attr.value", "Attribute's value", "RFC 8866 §5.13");
static MEDIA_FIELD: Field = row("sdp.media_attribute.field", "Attribute", "RFC 8866 §5.13");
static MEDIA_VALUE: Field = row("sdp.media_attribute.value", "Attribute's value", "RFC 8866 §5.13");
static ENCODING: Field = row("sdp.mime.type", "Encoding", "RFC 8866 §6.6");
static RATE: Field = row("sdp.sample_rate", "Samples a second", "RFC 8866 §6.6");

/// Formats with a fixed number (RFC 3551 §6), in tshark's words.
const FORMATS: [(&[u8], &str); 8] = [
    (b"0", "ITU-T G.711 PCMU"),
    (b"3", "GSM 06.10"),
    (b"4", "ITU-T G.723"),
    (b"8", "ITU-T G.711 PCMA"),
    (b"9", "ITU-T G.722"),
    (b"13", "Comfort noise"),
    (b"18", "ITU-T G.729"),
    (b"26", "JPEG-compressed video"),
];
/// Formats of one media line that are taken apart.
const MAX_FORMATS: usize = 64;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let attributes = [&SESSION_FIELD, &SESSION_VALUE, &MEDIA_FIELD, &MEDIA_VALUE, &ENCODING, &RATE];
    LINES.iter().flat_map(|(_, row, parts)| std::iter::once(row).chain(*parts)).chain(attributes)
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("sdp", header.claimed());
    let mut in_media = false;
    for line in lines(header.rest(0)) {
        let [letter, b'=', value @ ..] = line.text else {
            if !line.text.is_empty() {
                header.refuse(&LINES[0].1, line.start, "A line of a session description is a letter, = and a value.");
            }
            continue;
        };
        in_media |= *letter == b'm';
        let letter = if *letter == b'a' && in_media { b'A' } else { *letter };
        let Some((_, row, parts)) = LINES.iter().find(|(known, ..)| *known == letter) else { continue };
        let whole = Word { text: line.text, start: line.start };
        let value = Word { text: value, start: line.start + 2 };
        header.put(row, whole.bits(), text(value.text), String::new(), 0);
        match letter {
            b'a' => attribute(header, &value, &SESSION_FIELD, &SESSION_VALUE),
            b'A' => attribute(header, &value, &MEDIA_FIELD, &MEDIA_VALUE),
            _ => words(header, &value, parts),
        }
    }
    if header.have() < header.claimed() {
        header.cut(header.have(), header.claimed() - header.have());
    }
    None
}

/// One row a word; the last row takes all words that are left, each for itself.
fn words(header: &mut Header, value: &Word, rows: &'static [Field]) {
    for (place, word) in value.parts(b' ').take(MAX_FORMATS).enumerate() {
        let Some(row) = rows.get(place).or(rows.last()) else { return };
        let named = FORMATS.iter().find(|(number, _)| *number == word.text && row.key == "sdp.media.format");
        let shown = named.map_or_else(|| text(word.text), |(_, name)| name.to_string());
        header.put(row, word.bits(), shown, String::new(), 1);
    }
}

/// `name:value`; `rtpmap` ties a format's number to an encoding and a rate.
fn attribute(header: &mut Header, word: &Word, name: &'static Field, row: &'static Field) {
    let Some(colon) = word.text.iter().position(|byte| *byte == b':') else {
        return header.put(name, word.bits(), text(word.text), String::new(), 1);
    };
    let part =
        |from: usize, to: usize| Word { text: word.text.get(from..to).unwrap_or_default(), start: word.start + from };
    let (field, value) = (part(0, colon), part(colon + 1, word.text.len()));
    header.put(name, field.bits(), text(field.text), String::new(), 1);
    if field.text != b"rtpmap" || name.key != MEDIA_FIELD.key {
        return header.put(row, value.bits(), text(value.text), String::new(), 1);
    }
    let (format, encoding) = value.split();
    header.put(&MEDIA[3], format.bits(), text(format.text), String::new(), 1);
    for (row, word) in [&ENCODING, &RATE].into_iter().zip(encoding.parts(b'/')) {
        header.put(row, word.bits(), text(word.text), String::new(), 1);
    }
}
