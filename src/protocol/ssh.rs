//! The bytes of an SSH connection → its greeting, the packets that agree on keys, and what is encrypted after them
//! (RFC 4253, RFC 8731).

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::framing::{Framing, Talk};
use super::header::{Header, Step};
use super::lines::{lines, text};

const PACKET: &str = "RFC 4253 §6";
const INIT: &str = "RFC 4253 §7.1";
const EXCHANGE: &str = "RFC 5656 §4";

static PROTOCOL: Field = field("ssh.protocol", "Greeting", COMPUTED, Show::Text, "RFC 4253 §4.2");
static LENGTH: Field = field("ssh.packet_length", "Packet length", COMPUTED, Show::Dec, PACKET);
static PADDING_LENGTH: Field = field("ssh.padding_length", "Padding length", COMPUTED, Show::Dec, PACKET);
static CODE: Field = field("ssh.message_code", "Message", COMPUTED, Show::Dec, "RFC 4250 §4.1").words(CODES);
static PADDING: Field = field("ssh.padding_string", "Padding", COMPUTED, Show::Bytes, PACKET);
static COOKIE: Field = field("ssh.cookie", "Cookie", COMPUTED, Show::Bytes, INIT);
static FIRST: Field = field("ssh.first_kex_packet_follows", "Guess follows", COMPUTED, Show::Dec, INIT);
static RESERVED: Field = field("ssh.kex.reserved", "Reserved", COMPUTED, Show::Bytes, INIT);
static CLIENT_LENGTH: Field = field("ssh.ecdh.q_c_length", "Key share length", COMPUTED, Show::Dec, EXCHANGE);
static CLIENT: Field = field("ssh.ecdh.q_c", "Client's key share", COMPUTED, Show::Bytes, EXCHANGE);
static SERVER_LENGTH: Field = field("ssh.ecdh.q_s_length", "Key share length", COMPUTED, Show::Dec, EXCHANGE);
static SERVER: Field = field("ssh.ecdh.q_s", "Server's key share", COMPUTED, Show::Bytes, EXCHANGE);
static HOST_LENGTH: Field = field("ssh.host_key.length", "Host key length", COMPUTED, Show::Dec, EXCHANGE);
static HOST_TYPE_LENGTH: Field = field("ssh.host_key.type_length", "Type length", COMPUTED, Show::Dec, "RFC 4253 §6.6");
static HOST_TYPE: Field = field("ssh.host_key.type", "Host key type", COMPUTED, Show::Text, "RFC 4253 §6.6");
static EDDSA_LENGTH: Field = field("ssh.host_key.eddsa.key_length", "Key length", COMPUTED, Show::Dec, "RFC 8709 §4");
static EDDSA: Field = field("ssh.host_key.eddsa.key", "Host's public key", COMPUTED, Show::Bytes, "RFC 8709 §4");
static SIGNATURE_LENGTH: Field = field("ssh.host_sig.length", "Signature length", COMPUTED, Show::Dec, EXCHANGE);
static SIGNATURE_TYPE_LENGTH: Field =
    field("ssh.host_sig.type_length", "Type length", COMPUTED, Show::Dec, "RFC 4253 §6.6");
static SIGNATURE_TYPE: Field = field("ssh.host_sig.type", "Signature type", COMPUTED, Show::Text, "RFC 4253 §6.6");
static HIDDEN_LENGTH: Field = field("ssh.packet_length_encrypted", "Hidden length", COMPUTED, Show::Bytes, PACKET);
static ENCRYPTED: Field = field("ssh.encrypted_packet", "Encrypted packet", COMPUTED, Show::Bytes, PACKET);

/// The name lists of KEXINIT, each behind its length.
static LISTS: [(Field, Field); 10] = [
    (list("ssh.kex_algorithms_length", "List length"), names("ssh.kex_algorithms", "Key exchange")),
    (
        list("ssh.server_host_key_algorithms_length", "List length"),
        names("ssh.server_host_key_algorithms", "Host key types"),
    ),
    (
        list("ssh.encryption_algorithms_client_to_server_length", "List length"),
        names("ssh.encryption_algorithms_client_to_server", "Ciphers up"),
    ),
    (
        list("ssh.encryption_algorithms_server_to_client_length", "List length"),
        names("ssh.encryption_algorithms_server_to_client", "Ciphers down"),
    ),
    (
        list("ssh.mac_algorithms_client_to_server_length", "List length"),
        names("ssh.mac_algorithms_client_to_server", "MACs up"),
    ),
    (
        list("ssh.mac_algorithms_server_to_client_length", "List length"),
        names("ssh.mac_algorithms_server_to_client", "MACs down"),
    ),
    (
        list("ssh.compression_algorithms_client_to_server_length", "List length"),
        names("ssh.compression_algorithms_client_to_server", "Compression up"),
    ),
    (
        list("ssh.compression_algorithms_server_to_client_length", "List length"),
        names("ssh.compression_algorithms_server_to_client", "Compression down"),
    ),
    (
        list("ssh.languages_client_to_server_length", "List length"),
        names("ssh.languages_client_to_server", "Languages up"),
    ),
    (
        list("ssh.languages_server_to_client_length", "List length"),
        names("ssh.languages_server_to_client", "Languages down"),
    ),
];

const fn list(key: &'static str, name: &'static str) -> Field {
    field(key, name, COMPUTED, Show::Dec, INIT)
}

const fn names(key: &'static str, name: &'static str) -> Field {
    field(key, name, COMPUTED, Show::Text, INIT)
}

const CODES: Words = words![
    (1, "disconnect"),
    (2, "ignore"),
    (3, "unimplemented"),
    (4, "debug"),
    (5, "service request"),
    (6, "service accept"),
    (7, "extension info"),
    (20, "KEXINIT, algorithms offered"),
    (21, "NEWKEYS, encrypted from here on"),
    (30, "key exchange, client's part"),
    (31, "key exchange, server's part"),
    (32, "group exchange, client's part"),
    (33, "group exchange, server's part"),
    (34, "group exchange request"),
];
const KEXINIT: u8 = 20;
const CLIENT_PART: u8 = 30;
const SERVER_PART: u8 = 31;
/// Codes that may come before keys are agreed on (RFC 4250 §4.1.1).
const LAST_PLAIN_CODE: u8 = 49;
/// Bytes of a greeting (RFC 4253 §4.2).
const MAX_GREETING: usize = 255;
/// Bytes of a packet that every implementation takes (RFC 4253 §6.1).
const MAX_PACKET: usize = 35000;
const MIN_PADDING: u8 = 4;
/// Packets are a multiple of this, their length included.
const BLOCK: usize = 8;
const COOKIE_SIZE: usize = 16;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let packet = [&PROTOCOL, &LENGTH, &PADDING_LENGTH, &CODE, &PADDING, &COOKIE, &FIRST, &RESERVED];
    let exchange = [&CLIENT_LENGTH, &CLIENT, &SERVER_LENGTH, &SERVER, &HOST_LENGTH, &HOST_TYPE_LENGTH, &HOST_TYPE];
    let host = [&EDDSA_LENGTH, &EDDSA, &SIGNATURE_LENGTH, &SIGNATURE_TYPE_LENGTH, &SIGNATURE_TYPE];
    let rest = [&HIDDEN_LENGTH, &ENCRYPTED];
    let lists = LISTS.iter().flat_map(|(length, list)| [length, list]);
    packet.into_iter().chain(exchange).chain(host).chain(rest).chain(lists)
}

pub(super) fn knows(bytes: &[u8]) -> bool {
    bytes.starts_with(b"SSH-2.0-") || bytes.starts_with(b"SSH-1.")
}

/// Greetings end with their line, packets say their length until keys are agreed on; then nobody else can tell.
pub(super) fn framing(bytes: &[u8], _: &mut Talk) -> Framing {
    if bytes.starts_with(b"SSH-") {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        return match end {
            Some(end) => Framing::Bytes(end + 1),
            None if bytes.len() < MAX_GREETING => Framing::More,
            None => Framing::Loose,
        };
    }
    plain(bytes).map_or(Framing::Loose, |length| Framing::Bytes(4 + length))
}

/// The packet length, where these bytes begin a packet that is not encrypted.
fn plain(bytes: &[u8]) -> Option<usize> {
    let [a, b, c, d, padding, code, ..] = *bytes else { return None };
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
    let sound = length <= MAX_PACKET && (length + 4) % BLOCK == 0 && padding >= MIN_PADDING;
    let fits = usize::from(padding) + 1 < length && (1..=LAST_PLAIN_CODE).contains(&code);
    (sound && fits).then_some(length)
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("ssh", header.claimed());
    let mut at = 0;
    while at < header.claimed() {
        let bytes = header.rest(at);
        if bytes.starts_with(b"SSH-") {
            let line = lines(bytes).next()?;
            header.put(&PROTOCOL, bits(at as u32 * 8, line.text.len() as u32 * 8), text(line.text), String::new(), 0);
            at += line.next;
        } else if let Some(length) = plain(bytes) {
            packet(header, at, length)?;
            at += 4 + length;
        } else {
            encrypted(header, at);
            break;
        }
    }
    if header.have() < header.claimed() {
        header.cut(header.have(), header.claimed() - header.have());
    }
    None
}

fn encrypted(header: &mut Header, at: usize) {
    let rest = header.rest(at).len();
    if rest > 4 {
        header.at(&HIDDEN_LENGTH, at, 4, 0);
        header.at(&ENCRYPTED, at + 4, rest - 4, 0);
    } else if rest > 0 {
        header.at(&ENCRYPTED, at, rest, 0);
    }
}

/// A packet in clear; `None` with a stop where its lengths do not hold.
fn packet(header: &mut Header, at: usize, length: usize) -> Option<()> {
    header.at(&LENGTH, at, 4, 0)?;
    let padding = header.at(&PADDING_LENGTH, at + 4, 1, 0)? as usize;
    let code = header.at(&CODE, at + 5, 1, 0)? as u8;
    let end = at + 4 + length - padding;
    match code {
        KEXINIT => offers(header, at + 6, end)?,
        CLIENT_PART => drop(string(header, &CLIENT_LENGTH, &CLIENT, at + 6, end)?),
        SERVER_PART => server_part(header, at + 6, end)?,
        _ => {}
    }
    header.at(&PADDING, end, padding, 0)?;
    Some(())
}

/// The algorithms that one side offers, best first.
fn offers(header: &mut Header, from: usize, end: usize) -> Option<()> {
    header.at(&COOKIE, from, COOKIE_SIZE, 1)?;
    let mut at = from + COOKIE_SIZE;
    for (length, list) in &LISTS {
        at = string(header, length, list, at, end)?;
    }
    header.at(&FIRST, at, 1, 1)?;
    header.at(&RESERVED, at + 1, 4, 1)?;
    Some(())
}

/// Bytes behind their length, which may not go beyond `end`; says where the next thing begins.
fn string(header: &mut Header, length: &'static Field, value: &'static Field, at: usize, end: usize) -> Option<usize> {
    let len = header.at(length, at, 4, 1)? as usize;
    if at.saturating_add(4).saturating_add(len) > end {
        header.refuse(length, at, format!("{} claims {len} bytes, more than the packet has.", length.key));
        return None;
    }
    header.at(value, at + 4, len, 1)?;
    Some(at + 4 + len)
}

/// The host's key, the server's share, and the signature that proves the one to the other.
fn server_part(header: &mut Header, from: usize, end: usize) -> Option<()> {
    // In a group exchange the same code carries a group instead.
    let kind = header.rest(from + 8);
    if ![&b"ssh-"[..], b"rsa-", b"ecdsa-", b"sk-"].iter().any(|known| kind.starts_with(known)) {
        return Some(());
    }
    let host_end = (from + 4).saturating_add(header.at(&HOST_LENGTH, from, 4, 1)? as usize);
    if host_end > end {
        header.refuse(&HOST_LENGTH, from, "The host key is longer than its packet.");
        return None;
    }
    let key = string(header, &HOST_TYPE_LENGTH, &HOST_TYPE, from + 4, host_end)?;
    if kind.starts_with(b"ssh-ed25519") {
        string(header, &EDDSA_LENGTH, &EDDSA, key, host_end)?;
    }
    let signature = string(header, &SERVER_LENGTH, &SERVER, host_end, end)?;
    header.at(&SIGNATURE_LENGTH, signature, 4, 1)?;
    string(header, &SIGNATURE_TYPE_LENGTH, &SIGNATURE_TYPE, signature + 4, end)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_say_their_length_until_they_are_encrypted() {
        let mut talk = Talk::default();
        let mut frame = |bytes: &[u8]| framing(bytes, &mut talk);
        assert_eq!(frame(b"SSH-2.0-x\r\n\0\0\0\x0c"), Framing::Bytes(11));
        assert_eq!(frame(b"SSH-2.0-x"), Framing::More);
        assert_eq!(frame(&[0, 0, 0, 12, 10, 21, 0, 0]), Framing::Bytes(16));
        assert_eq!(frame(&[0, 0, 0, 12, 11, 21, 0, 0]), Framing::Loose, "padding leaves no room for a code");
        assert_eq!(frame(&[0, 1, 0, 12, 4, 21, 0, 0]), Framing::Loose, "longer than packets are");
        assert_eq!(frame(&[0x97, 0x81, 0x40, 0x5c, 0x24, 0xd5]), Framing::Loose);
    }
}
