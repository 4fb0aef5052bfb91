//! PAP and CHAP → who wants to come in over a PPP link, and whether the answer is yes (RFC 1334 §2, RFC 1994 §4).

use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Step};

const PASSWORD: &str = "RFC 1334 §2.2";
const CHALLENGE: &str = "RFC 1994 §4";

static PAP: [Field; 3] = [
    field("pap.code", "Code", bits(0, 8), Show::Dec, PASSWORD).words(PAP_CODES),
    field("pap.identifier", "Identifier", bits(8, 8), Show::Dec, PASSWORD),
    field("pap.length", "Length", bits(16, 16), Show::Dec, PASSWORD),
];
const _: () = assert!(tiles(&PAP, 0, 32));
static CHAP: [Field; 3] = [
    field("chap.code", "Code", bits(0, 8), Show::Dec, CHALLENGE).words(CHAP_CODES),
    field("chap.identifier", "Identifier", bits(8, 8), Show::Dec, CHALLENGE),
    field("chap.length", "Length", bits(16, 16), Show::Dec, CHALLENGE),
];
const _: () = assert!(tiles(&CHAP, 0, 32));

static PAP_DATA: Field = field("pap.data", "Data", COMPUTED, Show::None, PASSWORD);
/// Pairs of a length and the text that it counts.
static PEER: [Field; 2] = [
    field("pap.peer_id.length", "Name length", COMPUTED, Show::Dec, PASSWORD),
    field("pap.peer_id", "Name", COMPUTED, Show::Text, PASSWORD),
];
static SECRET: [Field; 2] = [
    field("pap.password.length", "Password length", COMPUTED, Show::Dec, PASSWORD),
    field("pap.password", "Password", COMPUTED, Show::Text, PASSWORD),
];
static MESSAGE: [Field; 2] = [
    field("pap.message.length", "Message length", COMPUTED, Show::Dec, PASSWORD),
    field("pap.message", "Message", COMPUTED, Show::Text, PASSWORD),
];
static CHAP_DATA: Field = field("chap.data", "Data", COMPUTED, Show::None, CHALLENGE);
static VALUE: [Field; 2] = [
    field("chap.value_size", "Value size", COMPUTED, Show::Dec, "RFC 1994 §4.1"),
    field("chap.value", "Value", COMPUTED, Show::Bytes, "RFC 1994 §4.1"),
];
static NAME: Field = field("chap.name", "Name", COMPUTED, Show::Text, "RFC 1994 §4.1");
static CHAP_MESSAGE: Field = field("chap.message", "Message", COMPUTED, Show::Text, "RFC 1994 §4.2");

const PAP_CODES: Words = words![(1, "request"), (2, "accepted"), (3, "refused")];
const CHAP_CODES: Words = words![(1, "challenge"), (2, "response"), (3, "success"), (4, "failure")];
const SIZE: usize = 4;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let pairs = [&PEER, &SECRET, &MESSAGE, &VALUE].into_iter().flatten();
    PAP.iter().chain(&CHAP).chain(pairs).chain([&PAP_DATA, &CHAP_DATA, &NAME, &CHAP_MESSAGE])
}

pub(super) fn decode_pap(header: &mut Header) -> Option<Step> {
    let (code, end) = head(header, "pap", &PAP)?;
    if matches!(code, 1..=3) && end > SIZE {
        data(header, &PAP_DATA, end);
        let at = pair(header, if code == 1 { &PEER } else { &MESSAGE }, SIZE, end)?;
        if code == 1 {
            pair(header, &SECRET, at, end)?;
        }
    }
    None
}

pub(super) fn decode_chap(header: &mut Header) -> Option<Step> {
    let (code, end) = head(header, "chap", &CHAP)?;
    match code {
        1 | 2 => {
            data(header, &CHAP_DATA, end);
            let at = pair(header, &VALUE, SIZE, end)?;
            if at < end {
                header.at(&NAME, at, end - at, 1)?;
            }
        }
        3 | 4 if end > SIZE => {
            header.at(&CHAP_MESSAGE, SIZE, end - SIZE, 0)?;
        }
        _ => {}
    }
    None
}

/// The rows that every message begins with: its code, and where it ends.
fn head(header: &mut Header, name: &'static str, rows: &'static [Field; 3]) -> Option<(u64, usize)> {
    header.is(name, SIZE);
    let [code, identifier, length] = rows;
    let code = header.row(code, 0)?;
    header.row(identifier, 0)?;
    let claimed = header.row(length, 0)? as usize;
    if claimed < SIZE {
        header.refuse(length, 2, "The header alone takes 4 bytes.");
        return None;
    }
    header.is(name, claimed);
    header.claims(length, SIZE, claimed - SIZE);
    Some((code, claimed.min(header.have())))
}

fn data(header: &mut Header, group: &'static Field, end: usize) {
    let len = end.saturating_sub(SIZE) as u32 * 8;
    header.put(group, bits(SIZE as u32 * 8, len), String::new(), String::new(), 0);
}

/// A length and what it counts; returns where the next begins.
fn pair(header: &mut Header, rows: &'static [Field; 2], at: usize, end: usize) -> Option<usize> {
    let [length, text] = rows;
    let size = header.at(length, at, 1, 1)? as usize;
    if at + 1 + size > end {
        header.refuse(length, at, "It counts more bytes than the message has.");
        return None;
    }
    if size > 0 {
        header.at(text, at + 1, size, 1)?;
    }
    Some(at + 1 + size)
}
