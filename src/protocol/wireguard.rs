//! A WireGuard message (Donenfeld, "WireGuard", NDSS 2017, §5.4) → its kind, indices, and what is encrypted.

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::{Header, Step};

const SPEC: &str = "WireGuard paper §5.4";

static TYPE: Field = field("wg.type", "Message type", bits(0, 8), Show::Dec, SPEC).words(TYPES);
static RESERVED: Field = field("wg.reserved", "Reserved", bits(8, 24), Show::Bytes, SPEC);
/// Indices and the counter are little-endian.
static SENDER: Field = field("wg.sender", "Sender's index", COMPUTED, Show::Hex(8), SPEC);
static RECEIVER: Field = field("wg.receiver", "Receiver's index", COMPUTED, Show::Hex(8), SPEC);
static COUNTER: Field = field("wg.counter", "Counter", COMPUTED, Show::Dec, "WireGuard paper §5.4.6");
static EPHEMERAL: Field = field("wg.ephemeral", "Ephemeral key", COMPUTED, Show::Text, "WireGuard paper §5.4.2");
static STATIC: Field =
    field("wg.encrypted_static", "Encrypted static key", COMPUTED, Show::None, "WireGuard paper §5.4.2");
static TIMESTAMP: Field =
    field("wg.encrypted_timestamp", "Encrypted timestamp", COMPUTED, Show::None, "WireGuard paper §5.4.2");
static EMPTY: Field = field("wg.encrypted_empty", "Encrypted nothing", COMPUTED, Show::None, "WireGuard paper §5.4.3");
static MAC_1: Field = field("wg.mac1", "MAC 1", COMPUTED, Show::Bytes, "WireGuard paper §5.4.4");
static MAC_2: Field = field("wg.mac2", "MAC 2", COMPUTED, Show::Bytes, "WireGuard paper §5.4.4");
static NONCE: Field = field("wg.nonce", "Nonce", COMPUTED, Show::Bytes, "WireGuard paper §5.4.7");
static COOKIE: Field =
    field("wg.encrypted_cookie", "Encrypted cookie", COMPUTED, Show::Bytes, "WireGuard paper §5.4.7");
static PACKET: Field = field("wg.encrypted_packet", "Encrypted packet", COMPUTED, Show::None, "WireGuard paper §5.4.6");

const TYPES: Words =
    words![(1, "handshake initiation"), (2, "handshake response"), (3, "cookie reply"), (4, "transport data")];

/// Each kind's parts and their bytes; 0 is all that is left.
const INITIATION: &[(&Field, usize)] =
    &[(&SENDER, 4), (&EPHEMERAL, 32), (&STATIC, 48), (&TIMESTAMP, 28), (&MAC_1, 16), (&MAC_2, 16)];
const RESPONSE: &[(&Field, usize)] =
    &[(&SENDER, 4), (&RECEIVER, 4), (&EPHEMERAL, 32), (&EMPTY, 16), (&MAC_1, 16), (&MAC_2, 16)];
const COOKIE_REPLY: &[(&Field, usize)] = &[(&RECEIVER, 4), (&NONCE, 24), (&COOKIE, 32)];
const TRANSPORT: &[(&Field, usize)] = &[(&RECEIVER, 4), (&COUNTER, 8), (&PACKET, 0)];
/// A handshake's messages have fixed sizes; data is padded to 16 bytes and has a head and a tag of 16 each.
const SIZES: [usize; 3] = [148, 92, 64];
const UNIT: usize = 16;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let rows = [
        &TYPE, &RESERVED, &SENDER, &RECEIVER, &COUNTER, &EPHEMERAL, &STATIC, &TIMESTAMP, &EMPTY, &MAC_1, &MAC_2,
        &NONCE, &COOKIE, &PACKET,
    ];
    rows.into_iter()
}

/// Handshakes by their kind and size; data looks like anything and is known by its port only.
pub(super) fn knows(bytes: &[u8]) -> bool {
    matches!(bytes, [kind @ 1..=3, 0, 0, 0, ..] if SIZES.get(usize::from(*kind) - 1) == Some(&bytes.len()))
}

/// What may come over its port.
pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("wg", header.claimed());
    let kind = header.row(&TYPE, 0)?;
    header.row(&RESERVED, 0)?;
    let parts = match kind {
        1 => INITIATION,
        2 => RESPONSE,
        3 => COOKIE_REPLY,
        4 => TRANSPORT,
        _ => {
            header.refuse(&TYPE, 0, "There is no such message.");
            return None;
        }
    };
    let mut at = 4;
    for (row, size) in parts {
        let size = if *size == 0 { header.claimed().saturating_sub(at) } else { *size };
        read(header, row, at, size)?;
        at += size;
    }
    if kind == 4 && header.claimed() == 2 * UNIT {
        header.means("empty: keeps the way through address translation open");
    }
    None
}

fn read(header: &mut Header, row: &'static Field, at: usize, size: usize) -> Option<()> {
    let Some(bytes) = header.bytes(at, size) else {
        header.cut(at, size);
        return None;
    };
    let number = bytes.iter().take(8).rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let show = match row.show {
        Show::Hex(_) => format!("0x{number:08x}"),
        Show::Dec => number.to_string(),
        Show::Text => base64(bytes),
        _ => {
            header.at(row, at, size, 0)?;
            return Some(());
        }
    };
    header.put(row, bits(at as u32 * 8, size as u32 * 8), show, String::new(), 0);
    Some(())
}

/// Keys are written as `wg` prints them (RFC 4648 §4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let sum = three.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS.get((sum >> (18 - 6 * place) & 63) as usize).filter(|_| place <= three.len());
            text.push(digit.map_or('=', |digit| char::from(*digit)));
        }
    }
    text
}
