//! The properties of an MQTT 5 packet → identifier and value each (MQTT 5 §2.2.2).

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::Header;

const SPEC: &str = "MQTT 5 §2.2.2";

static PROPERTIES: Field = field("mqtt.properties", "Properties", COMPUTED, Show::None, SPEC);
static WILL_PROPERTIES: Field =
    field("mqtt.will_properties", "Will properties", COMPUTED, Show::None, "MQTT 5 §3.1.3.2");
static LENGTH: Field = field("mqtt.property_len", "Properties' length", COMPUTED, Show::Dec, "MQTT 5 §2.2.2.1");
static IDENTIFIER: Field =
    field("mqtt.property_id", "Property", COMPUTED, Show::Hex(2), "MQTT 5 §2.2.2.2").words(NAMES);
static NUMBER: Field = field("mqtt.prop_number", "Value", COMPUTED, Show::Dec, SPEC);
static TEXT_LENGTH: Field = field("mqtt.prop_string_len", "Value length", COMPUTED, Show::Dec, SPEC);
static TEXT: Field = field("mqtt.prop_string", "Value", COMPUTED, Show::Text, SPEC);
static KEY_LENGTH: Field = field("mqtt.prop_key_len", "Key length", COMPUTED, Show::Dec, SPEC);
static KEY: Field = field("mqtt.prop_key", "Key", COMPUTED, Show::Text, SPEC);
static VALUE_LENGTH: Field = field("mqtt.prop_value_len", "Value length", COMPUTED, Show::Dec, SPEC);
static VALUE: Field = field("mqtt.prop_value", "Value", COMPUTED, Show::Text, SPEC);

const NAMES: Words = words![
    (0x01, "payload format"),
    (0x02, "message expiry"),
    (0x03, "content type"),
    (0x08, "response topic"),
    (0x09, "correlation data"),
    (0x0b, "subscription identifier"),
    (0x11, "session expiry"),
    (0x12, "assigned client ID"),
    (0x13, "server keep alive"),
    (0x15, "authentication method"),
    (0x16, "authentication data"),
    (0x17, "request problem information"),
    (0x18, "will delay"),
    (0x19, "request response information"),
    (0x1a, "response information"),
    (0x1c, "server reference"),
    (0x1f, "reason string"),
    (0x21, "receive maximum"),
    (0x22, "topic alias maximum"),
    (0x23, "topic alias"),
    (0x24, "maximum quality of service"),
    (0x25, "retain available"),
    (0x26, "user property"),
    (0x27, "maximum packet size"),
    (0x28, "wildcard subscriptions"),
    (0x29, "subscription identifiers"),
    (0x2a, "shared subscriptions"),
];
/// Properties of one packet that are taken apart.
const MAX_PROPERTIES: usize = 256;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let rows = [&PROPERTIES, &WILL_PROPERTIES, &LENGTH, &IDENTIFIER, &NUMBER, &TEXT_LENGTH, &TEXT, &KEY_LENGTH, &KEY];
    rows.into_iter().chain([&VALUE_LENGTH, &VALUE])
}

/// What a property's value is made of.
enum Kind {
    Number(usize),
    Variable,
    Text,
    Pair,
}

fn kind(identifier: u8) -> Option<Kind> {
    Some(match identifier {
        0x01 | 0x17 | 0x19 | 0x24 | 0x25 | 0x28..=0x2a => Kind::Number(1),
        0x13 | 0x21..=0x23 => Kind::Number(2),
        0x02 | 0x11 | 0x18 | 0x27 => Kind::Number(4),
        0x0b => Kind::Variable,
        0x03 | 0x08 | 0x09 | 0x12 | 0x15 | 0x16 | 0x1a | 0x1c | 0x1f => Kind::Text,
        0x26 => Kind::Pair,
        _ => return None,
    })
}

/// A variable byte integer and its size: seven bits a byte, the lowest first (MQTT 5 §1.5.5).
pub(super) fn number(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut value = 0;
    for (place, byte) in bytes.iter().take(4).enumerate() {
        value |= u32::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((value, place + 1));
        }
    }
    None
}

/// Whether properties stand here: their length holds, and so does each of them.
pub(super) fn sound(bytes: &[u8]) -> bool {
    let Some((length, size)) = number(bytes) else { return false };
    let Some(mut rest) = bytes.get(size..size + length as usize) else { return false };
    while let Some((identifier, value)) = rest.split_first() {
        let text = |bytes: &[u8]| bytes.first_chunk().map(|length| 2 + usize::from(u16::from_be_bytes(*length)));
        let size = match kind(*identifier) {
            Some(Kind::Number(size)) => Some(size),
            Some(Kind::Variable) => number(value).map(|(_, size)| size),
            Some(Kind::Text) => text(value),
            Some(Kind::Pair) => {
                text(value).and_then(|key| text(value.get(key..).unwrap_or_default()).map(|value| key + value))
            }
            None => None,
        };
        match size.and_then(|size| value.get(size..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

/// Reads the properties at an offset and says what comes after them.
pub(super) fn read(header: &mut Header, at: usize, end: usize, will: bool) -> Option<usize> {
    let Some((length, size)) = number(header.rest(at)) else {
        header.cut(at, 1);
        return None;
    };
    let (from, to) = (at + size, at + size + length as usize);
    if to > end {
        header.claims(&LENGTH, from, length as usize);
        return None;
    }
    let span = |from: usize, to: usize| bits(from as u32 * 8, (to - from) as u32 * 8);
    let row = if will { &WILL_PROPERTIES } else { &PROPERTIES };
    header.put(row, span(at, to.min(header.have()).max(from)), String::new(), String::new(), 0);
    header.put(&LENGTH, span(at, from), length.to_string(), String::new(), 1);
    let mut at = from;
    for _ in 0..MAX_PROPERTIES {
        if at >= to {
            break;
        }
        at = property(header, at, to)?;
    }
    Some(to)
}

fn property(header: &mut Header, at: usize, end: usize) -> Option<usize> {
    let identifier = header.at(&IDENTIFIER, at, 1, 1)? as u8;
    match kind(identifier) {
        Some(Kind::Number(size)) => {
            header.at(&NUMBER, at + 1, size, 1)?;
            Some(at + 1 + size)
        }
        Some(Kind::Variable) => {
            let (value, size) = number(header.rest(at + 1))?;
            header.put(&NUMBER, bits((at + 1) as u32 * 8, size as u32 * 8), value.to_string(), String::new(), 1);
            Some(at + 1 + size)
        }
        Some(Kind::Text) => text(header, &TEXT_LENGTH, &TEXT, at + 1, end),
        Some(Kind::Pair) => {
            let value = text(header, &KEY_LENGTH, &KEY, at + 1, end)?;
            text(header, &VALUE_LENGTH, &VALUE, value, end)
        }
        None => {
            header.refuse(&IDENTIFIER, at, "No property has this identifier, so its size is unknown.");
            None
        }
    }
}

fn text(header: &mut Header, length: &'static Field, value: &'static Field, at: usize, end: usize) -> Option<usize> {
    let len = header.at(length, at, 2, 1)? as usize;
    if at + 2 + len > end {
        header.claims(length, at + 2, len);
        return None;
    }
    if len > 0 {
        header.at(value, at + 2, len, 1)?;
    }
    Some(at + 2 + len)
}
