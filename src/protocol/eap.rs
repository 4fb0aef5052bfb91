//! An EAP packet → who asks whom to prove what, and by which method (RFC 3748 §4, §5).

use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Step};

const SPEC: &str = "RFC 3748 §4";
const TLS: &str = "RFC 5216 §3.1";

static HEAD: [Field; 3] = [
    field("eap.code", "Code", bits(0, 8), Show::Dec, SPEC).words(CODES),
    field("eap.id", "Identifier", bits(8, 8), Show::Dec, SPEC),
    field("eap.len", "Length", bits(16, 16), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&HEAD, 0, 32));
static METHOD: Field = field("eap.type", "Type", bits(32, 8), Show::Dec, "RFC 3748 §5").words(METHODS);
static IDENTITY: Field = field("eap.identity", "Identity", COMPUTED, Show::Text, "RFC 3748 §5.1");
static NOTICE: Field = field("eap.notification", "Notification", COMPUTED, Show::Text, "RFC 3748 §5.2");
static DESIRED: Field =
    field("eap.desired_type", "Desired type", COMPUTED, Show::Dec, "RFC 3748 §5.3.1").words(METHODS);
static CHALLENGE: [Field; 3] = [
    field("eap.md5.value_size", "Value size", bits(40, 8), Show::Dec, "RFC 3748 §5.4"),
    field("eap.md5.value", "Value", COMPUTED, Show::Bytes, "RFC 3748 §5.4"),
    field("eap.md5.extra_data", "Name", COMPUTED, Show::Bytes, "RFC 3748 §5.4"),
];
static FLAGS: [Field; 5] = [
    field("eap.tls.flags", "Flags", bits(40, 8), Show::Hex(2), TLS),
    field("eap.tls.flags.len_included", "Length included", bits(40, 1), Show::Flag, TLS),
    field("eap.tls.flags.more_fragments", "More fragments", bits(41, 1), Show::Flag, TLS),
    field("eap.tls.flags.start", "Start", bits(42, 1), Show::Flag, TLS),
    field("eap.tls.flags.version", "Version", bits(45, 3), Show::Dec, "RFC 5281 §9.1"),
];
static WHOLE: Field = field("eap.tls.len", "TLS length", bits(48, 32), Show::Dec, TLS);

const CODES: Words =
    words![(1, "request"), (2, "response"), (3, "success"), (4, "failure"), (5, "initiate"), (6, "finish")];
/// IANA's EAP methods.
const METHODS: Words = words![
    (1, "identity"),
    (2, "notification"),
    (3, "no: another method (Nak)"),
    (4, "MD5-Challenge"),
    (5, "one-time password (OTP)"),
    (6, "token card (GTC)"),
    (13, "EAP-TLS"),
    (17, "LEAP"),
    (18, "EAP-SIM"),
    (21, "EAP-TTLS"),
    (23, "EAP-AKA"),
    (25, "PEAP"),
    (26, "MS-CHAPv2"),
    (29, "MS-CHAPv2 (older)"),
    (43, "EAP-FAST"),
    (47, "EAP-PSK"),
    (49, "EAP-IKEv2"),
    (50, "EAP-AKA'"),
    (51, "EAP-GPSK"),
    (52, "EAP-pwd"),
    (55, "TEAP"),
    (254, "expanded type"),
    (255, "experimental"),
];

const SIZE: usize = 4;
const BODY: usize = 5;
const PLAIN_TLS: u64 = 13;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEAD.iter().chain(&CHALLENGE).chain(&FLAGS).chain([&METHOD, &IDENTITY, &NOTICE, &DESIRED, &WHOLE])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("eap", SIZE);
    let [code, number, length] = &HEAD;
    let code = header.row(code, 0)?;
    header.row(number, 0)?;
    let size = header.row(length, 0)? as usize;
    header.is("eap", size);
    // Only questions and answers go on with a type.
    let asks = matches!(code, 1 | 2);
    if size < if asks { BODY } else { SIZE } {
        header.refuse(length, 2, "The length leaves no room for what has to be in there.");
        return None;
    }
    header.claims(length, 0, size);
    if !asks {
        return None;
    }
    let method = header.row(&METHOD, 0)?;
    let rest = size.min(header.have()).saturating_sub(BODY);
    let end = header.place.start + size;
    match method {
        _ if rest == 0 => None,
        1 => header.text(&IDENTITY, BODY, rest, 0).and(None),
        2 => header.text(&NOTICE, BODY, rest, 0).and(None),
        3 => (BODY..BODY + rest).try_for_each(|at| header.at(&DESIRED, at, 1, 0).map(|_| ())).and(None),
        4 => challenge(header, rest).and(None),
        13 | 21 | 25 | 43 | 55 => {
            let at = tunnel(header, method, rest)?;
            header.within_end(Next::Data, at, end)
        }
        _ => header.within_end(Next::Data, BODY, end),
    }
}

fn challenge(header: &mut Header, rest: usize) -> Option<()> {
    let [size, value, name] = &CHALLENGE;
    let count = header.row(size, 0)? as usize;
    let left = rest - 1;
    if count > left {
        header.refuse(size, BODY, "The length leaves no room for what has to be in there.");
        return None;
    }
    if count > 0 {
        header.at(value, BODY + 1, count, 0)?;
    }
    if left > count {
        header.at(name, BODY + 1 + count, left - count, 0)?;
    }
    Some(())
}

/// The flags of the methods that carry TLS; returns where that begins.
fn tunnel(header: &mut Header, method: u64, rest: usize) -> Option<usize> {
    let [flags, parts @ .., version] = &FLAGS;
    let flags = header.row(flags, 0)?;
    header.rows(parts, 1)?;
    if method != PLAIN_TLS {
        header.row(version, 1)?;
    }
    if flags & 0x80 == 0 {
        return Some(BODY + 1);
    }
    if rest < 5 {
        header.refuse(&FLAGS[1], BODY, "The length leaves no room for what has to be in there.");
        return None;
    }
    header.row(&WHOLE, 0)?;
    Some(BODY + 5)
}
