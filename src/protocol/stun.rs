//! A STUN message (RFC 8489 §5) → its kind, transaction, and attributes: how a host learns its address behind a translator.

use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Step, colons, ipv6};

const SPEC: &str = "RFC 8489 §5";

static HEADER: [Field; 4] = [
    field("stun.type", "Message type", bits(0, 16), Show::Hex(4), SPEC).words(TYPES),
    field("stun.length", "Message length", bits(16, 16), Show::Dec, SPEC),
    field("stun.cookie", "Magic cookie", bits(32, 32), Show::Bytes, SPEC),
    field("stun.id", "Transaction ID", bits(64, 96), Show::Bytes, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 160));
static CLASS: Field = field("stun.type.class", "Class", bits(0, 16), Show::Hex(4), SPEC).words(words![
    (0, "request"),
    (1, "indication"),
    (0x10, "success"),
    (0x11, "error"),
]);
static METHOD: Field = field("stun.type.method", "Method", bits(0, 16), Show::Hex(4), SPEC).words(METHODS);
static ASSIGNMENT: Field =
    field("stun.type.method-assignment", "Assignment", bits(2, 1), Show::Hex(4), "RFC 8489 §18.2");
static VERSION: Field = field("stun.network_version", "Version", COMPUTED, Show::Dec, SPEC);

const ATTRIBUTES: &str = "RFC 8489 §14";
static ALL: Field = field("stun.attributes", "Attributes", COMPUTED, Show::None, ATTRIBUTES);
static ATTRIBUTE: Field = field("stun.attribute", "Attribute", COMPUTED, Show::Hex(4), ATTRIBUTES).words(KINDS);
/// The rows count from the attribute.
static HEAD: [Field; 4] = [
    field("stun.att.type", "Attribute type", bits(0, 16), Show::Hex(4), ATTRIBUTES).words(KINDS),
    field("stun.att.type.comprehension", "May be ignored", bits(0, 1), Show::Hex(4), ATTRIBUTES),
    field("stun.att.type.assignment", "Assignment", bits(1, 1), Show::Hex(4), ATTRIBUTES),
    field("stun.att.length", "Length", bits(16, 16), Show::Dec, ATTRIBUTES),
];
static RESERVED: Field = field("stun.att.reserved", "Reserved", COMPUTED, Show::Bytes, ATTRIBUTES);
static FAMILY: Field = field("stun.att.family", "Address family", COMPUTED, Show::Hex(2), "RFC 8489 §14.1")
    .words(words![(1, "IPv4"), (2, "IPv6")]);
static PORT_MASKED: Field = field("stun.att.port-xord", "Port, masked", COMPUTED, Show::Bytes, "RFC 8489 §14.2");
static PORT: Field = field("stun.att.port", "Port", COMPUTED, Show::Dec, "RFC 8489 §14.1");
static V4_MASKED: Field = field("stun.att.ipv4-xord", "Address, masked", COMPUTED, Show::Bytes, "RFC 8489 §14.2");
static V4: Field = field("stun.att.ipv4", "Address", COMPUTED, Show::Ipv4, "RFC 8489 §14.1");
static V6_MASKED: Field = field("stun.att.ipv6-xord", "Address, masked", COMPUTED, Show::Bytes, "RFC 8489 §14.2");
static V6: Field = field("stun.att.ipv6", "Address", COMPUTED, Show::Ipv6, "RFC 8489 §14.1");
static ERROR_CLASS: Field = field("stun.att.error.class", "Error class", COMPUTED, Show::Dec, "RFC 8489 §14.8");
static ERROR: Field = field("stun.att.error", "Error number", COMPUTED, Show::Dec, "RFC 8489 §14.8");
static REASON: Field = field("stun.att.error.reason", "Reason", COMPUTED, Show::Text, "RFC 8489 §14.8");
static SUM: Field = field("stun.att.crc32", "CRC-32", COMPUTED, Show::Hex(8), "RFC 8489 §14.7");
static SUM_STATUS: Field = field("stun.att.crc32.status", "CRC-32 status", COMPUTED, Show::Dec, "RFC 8489 §14.7")
    .words(words![(0, "bad"), (1, "good")]);
static PADDING: Field = field("stun.att.padding", "Padding", COMPUTED, Show::Dec, ATTRIBUTES);
/// Attributes whose value is one thing.
static VALUES: [(u16, Field); 10] = [
    (0x0006, field("stun.att.username", "User name", COMPUTED, Show::Text, "RFC 8489 §14.3")),
    (0x0008, field("stun.att.hmac", "HMAC-SHA1", COMPUTED, Show::Bytes, "RFC 8489 §14.5")),
    (0x000d, field("stun.att.lifetime", "Lifetime (s)", COMPUTED, Show::Dec, "RFC 8656 §18.2")),
    (0x0014, field("stun.att.realm", "Realm", COMPUTED, Show::Text, "RFC 8489 §14.9")),
    (0x0015, field("stun.att.nonce", "Nonce", COMPUTED, Show::Text, "RFC 8489 §14.10")),
    (0x0024, field("stun.att.priority", "Priority", COMPUTED, Show::Dec, "RFC 8445 §7.1.1")),
    (0x8022, field("stun.att.software", "Software", COMPUTED, Show::Text, "RFC 8489 §14.14")),
    (0x8029, field("stun.att.tie-breaker", "Tie breaker", COMPUTED, Show::Bytes, "RFC 8445 §7.3.1.1")),
    (0x802a, field("stun.att.tie-breaker", "Tie breaker", COMPUTED, Show::Bytes, "RFC 8445 §7.3.1.1")),
    (0, field("stun.value", "Value", COMPUTED, Show::Bytes, ATTRIBUTES)),
];

const TYPES: Words = words![
    (0x0001, "Binding request"),
    (0x0011, "Binding indication"),
    (0x0101, "Binding success response"),
    (0x0111, "Binding error response"),
    (0x0003, "Allocate request"),
    (0x0103, "Allocate success response"),
    (0x0113, "Allocate error response"),
    (0x0004, "Refresh request"),
    (0x0104, "Refresh success response"),
    (0x0008, "CreatePermission request"),
    (0x0108, "CreatePermission success"),
    (0x0009, "ChannelBind request"),
    (0x0109, "ChannelBind success"),
    (0x0016, "Send indication"),
    (0x0017, "Data indication"),
];
const METHODS: Words = words![
    (1, "Binding"),
    (3, "Allocate"),
    (4, "Refresh"),
    (6, "Send"),
    (7, "Data"),
    (8, "CreatePermission"),
    (9, "ChannelBind"),
];
const KINDS: Words = words![
    (0x0001, "mapped address"),
    (0x0006, "user name"),
    (0x0008, "message integrity"),
    (0x0009, "error code"),
    (0x000a, "unknown attributes"),
    (0x000c, "channel number"),
    (0x000d, "lifetime"),
    (0x0012, "peer's address"),
    (0x0013, "data"),
    (0x0014, "realm"),
    (0x0015, "nonce"),
    (0x0016, "relayed address"),
    (0x0019, "requested transport"),
    (0x001c, "message integrity, SHA-256"),
    (0x0020, "mapped address, masked"),
    (0x0024, "priority"),
    (0x0025, "use this candidate"),
    (0x8022, "software"),
    (0x8023, "alternate server"),
    (0x8028, "fingerprint"),
    (0x8029, "controlled by ICE"),
    (0x802a, "controls ICE"),
    (0x802b, "response's origin"),
    (0x802c, "other address"),
];
const SIZE: usize = 20;
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// What the fingerprint's checksum is masked with: "STUN".
const FINGERPRINT_MASK: u32 = 0x5354_554e;
const ADDRESSES: [u16; 6] = [0x0001, 0x0004, 0x0005, 0x8023, 0x802b, 0x802c];
const MASKED_ADDRESSES: [u16; 3] = [0x0012, 0x0016, 0x0020];
const PLAIN_STUN: u8 = 3;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let rows = [
        &CLASS,
        &METHOD,
        &ASSIGNMENT,
        &VERSION,
        &ALL,
        &ATTRIBUTE,
        &RESERVED,
        &FAMILY,
        &PORT_MASKED,
        &PORT,
        &V4_MASKED,
        &V4,
        &V6_MASKED,
        &V6,
        &ERROR_CLASS,
        &ERROR,
        &REASON,
        &SUM,
        &SUM_STATUS,
        &PADDING,
    ];
    HEADER.iter().chain(rows).chain(&HEAD).chain(VALUES.iter().map(|(_, row)| row))
}

/// Two zero bits, the cookie, and a length that fits.
pub(super) fn knows(bytes: &[u8]) -> bool {
    let [first, _, high, low, a, b, c, d, rest @ ..] = bytes else { return false };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    first & 0xc0 == 0 && [*a, *b, *c, *d] == COOKIE && length % 4 == 0 && rest.len() == 12 + length
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("stun", header.claimed());
    let [kind, length, cookie, id] = &HEADER;
    let value = header.row(kind, 0)?;
    for (row, value) in [(&CLASS, (value & 0x0110) >> 4), (&METHOD, value & 0x3eef)] {
        header.put(row, row.bits, format!("{value:#06x}"), row.word(value).into(), 1);
    }
    header.row(&ASSIGNMENT, 1)?;
    let len = header.row(length, 0)? as usize;
    header.row(cookie, 0)?;
    header.row(id, 0)?;
    if len > 0 {
        header.generate(&VERSION, PLAIN_STUN, 0);
        let there = len.min(header.rest(SIZE).len());
        header.put(&ALL, bits(SIZE as u32 * 8, there as u32 * 8), String::new(), String::new(), 0);
        header.claims(length, SIZE, len);
        attributes(header, SIZE, SIZE + there);
    }
    None
}

/// Attributes of at least four bytes each.
fn attributes(header: &mut Header, from: usize, to: usize) -> Option<()> {
    let mut at = from;
    while at + 4 <= to {
        let (kind, len) = (header.u16(at)?, usize::from(header.u16(at + 2)?));
        let there = len.min(to - at - 4);
        let padded = len.next_multiple_of(4).min(to - at - 4);
        let place = bits(at as u32 * 8, (4 + padded) as u32 * 8);
        header.put(&ATTRIBUTE, place, format!("{kind:#06x}"), ATTRIBUTE.word(kind.into()).into(), 1);
        let [kind_row, first, second, length] = &HEAD;
        header.within(kind_row, at, 2)?;
        header.within(first, at, 3)?;
        header.within(second, at, 3)?;
        header.within(length, at, 2)?;
        if there < len {
            header.refuse(length, at + 2, "The attribute is longer than what is left of the message.");
            return None;
        }
        if len > 0 {
            attribute(header, kind, at + 4, len)?;
        }
        let padding = len.next_multiple_of(4) - len;
        if padding > 0 && at + 4 + len + padding <= to {
            let place = bits((at + 4 + len) as u32 * 8, padding as u32 * 8);
            header.put(&PADDING, place, padding.to_string(), String::new(), 2);
        }
        at += 4 + len + padding;
    }
    Some(())
}

fn attribute(header: &mut Header, kind: u16, at: usize, len: usize) -> Option<()> {
    if ADDRESSES.contains(&kind) || MASKED_ADDRESSES.contains(&kind) {
        return address(header, MASKED_ADDRESSES.contains(&kind), at, len);
    }
    match (kind, len) {
        (0x0009, 4..) => {
            header.at(&RESERVED, at, 2, 2)?;
            header.at(&ERROR_CLASS, at + 2, 1, 2)?;
            header.at(&ERROR, at + 3, 1, 2)?;
            if len > 4 {
                header.text(&REASON, at + 4, len - 4, 2)?;
            }
        }
        (0x8028, 4) => {
            let shown = header.at(&SUM, at, 4, 2)? as u32;
            let good = crc32(header.bytes(0, at - 4)?) ^ FINGERPRINT_MASK == shown;
            header.generate(&SUM_STATUS, u8::from(good), 2);
        }
        // tshark names the flag that it is and no more.
        (0x0025, _) => {}
        _ => {
            let (_, row) = VALUES.iter().find(|(code, _)| *code == kind).or(VALUES.last())?;
            match row.show {
                Show::Text => header.text(row, at, len, 2)?,
                _ => drop(header.at(row, at, len, 2)?),
            }
        }
    }
    Some(())
}

/// An address, masked with the cookie so that no translator on the way "corrects" it (RFC 8489 §14.2).
fn address(header: &mut Header, masked: bool, at: usize, len: usize) -> Option<()> {
    header.at(&RESERVED, at, 1, 2)?;
    let family = header.at(&FAMILY, at + 1, 1, 2)?;
    let mask = if masked { header.array::<16>(4)? } else { [0; 16] };
    let unmask = |bytes: &[u8]| -> Vec<u8> { bytes.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect() };
    if masked {
        header.at(&PORT_MASKED, at + 2, 2, 2)?;
    }
    let port = unmask(header.bytes(at + 2, 2)?).iter().fold(0_u16, |sum, byte| sum << 8 | u16::from(*byte));
    header.put(&PORT, bits((at as u32 + 2) * 8, 16), port.to_string(), String::new(), 2);
    let (size, hidden, row) = if family == 1 { (4, &V4_MASKED, &V4) } else { (16, &V6_MASKED, &V6) };
    if len < 4 + size {
        header.refuse(&FAMILY, at + 1, "The address does not fit into its attribute.");
        return None;
    }
    if masked {
        header.at(hidden, at + 4, size, 2)?;
    }
    let octets = unmask(header.bytes(at + 4, size)?);
    let show = match (octets.first_chunk::<4>(), octets.first_chunk::<16>()) {
        (_, Some(octets)) => ipv6(*octets),
        (Some(octets), None) => std::net::Ipv4Addr::from(*octets).to_string(),
        _ => colons(&octets),
    };
    header.put(row, bits((at as u32 + 4) * 8, size as u32 * 8), show, String::new(), 2);
    Some(())
}

/// The checksum of Ethernet (ISO/IEC 13239), bit by bit: messages are short.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32| if sum & 1 == 0 { sum >> 1 } else { sum >> 1 ^ 0xedb8_8320 };
    !bytes.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum)))
}
