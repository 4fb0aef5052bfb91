//! A certificate in DER → whom it names, who signed it, how long it holds, and its key (RFC 5280 §4.1, X.690).
//!
//! What is read is what says whether a client may trust it: names, dates, key, and the extensions with the host's names.

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::Header;

const SPEC: &str = "RFC 5280 §4.1";
const NAMES: &str = "RFC 5280 §4.1.2.4";
const DATES: &str = "RFC 5280 §4.1.2.5";
const KEYS: &str = "RFC 5280 §4.1.2.7";
const MORE: &str = "RFC 5280 §4.2";

static SIGNED: Field = field("x509af.signedCertificate_element", "Signed part", COMPUTED, Show::None, SPEC);
static VERSION: Field = field("x509af.version", "Certificate version", COMPUTED, Show::Dec, SPEC).words(words![
    (0, "v1"),
    (1, "v2"),
    (2, "v3")
]);
static SERIAL: Field = field("x509af.serialNumber", "Serial number", COMPUTED, Show::Bytes, SPEC);
static SIGNATURE: Field = field("x509af.signature_element", "Signature algorithm", COMPUTED, Show::None, SPEC);
static ALGORITHM: Field = field("x509af.algorithm.id", "Algorithm", COMPUTED, Show::Text, SPEC);
static ISSUER: Field = field("x509af.issuer", "Issuer", COMPUTED, Show::Dec, NAMES);
static ISSUER_PARTS: Field = field("x509if.rdnSequence", "Parts of the issuer", COMPUTED, Show::Dec, NAMES);
static SUBJECT: Field = field("x509af.subject", "Subject", COMPUTED, Show::Dec, "RFC 5280 §4.1.2.6");
static SUBJECT_PARTS: Field = field("x509af.rdnSequence", "Parts of the subject", COMPUTED, Show::Dec, NAMES);
static PARTS: Field = field("x509if.RDNSequence_item", "Part of a name", COMPUTED, Show::Dec, NAMES);
static PART: Field = field("x509if.RelativeDistinguishedName_item_element", "Attribute", COMPUTED, Show::None, NAMES);
static KIND: Field = field("x509if.oid", "Attribute type", COMPUTED, Show::Text, NAMES);
static COUNTRY: Field = field("x509sat.CountryName", "Country", COMPUTED, Show::Text, NAMES);
static STRING: Field = field("x509sat.DirectoryString", "String type", COMPUTED, Show::Dec, NAMES);
static PRINTABLE: Field = field("x509sat.printableString", "Text", COMPUTED, Show::Text, NAMES);
static UTF8: Field = field("x509sat.uTF8String", "Text", COMPUTED, Show::Text, NAMES);
static TELETEX: Field = field("x509sat.teletexString", "Text", COMPUTED, Show::Text, NAMES);
static VALIDITY: Field = field("x509af.validity_element", "Validity", COMPUTED, Show::None, DATES);
static BEFORE: Field = field("x509af.notBefore", "Not before", COMPUTED, Show::Dec, DATES);
static AFTER: Field = field("x509af.notAfter", "Not after", COMPUTED, Show::Dec, DATES);
static UTC: Field = field("x509af.utcTime", "Date", COMPUTED, Show::Text, DATES);
static GENERAL: Field = field("x509af.generalizedTime", "Date", COMPUTED, Show::Text, DATES);
static KEY_INFO: Field = field("x509af.subjectPublicKeyInfo_element", "Public key info", COMPUTED, Show::None, KEYS);
static KEY_ALGORITHM: Field = field("x509af.algorithm_element", "Key algorithm", COMPUTED, Show::None, KEYS);
static KEY: Field = field("x509af.subjectPublicKey", "Public key", COMPUTED, Show::Bytes, KEYS);
static EXTENSIONS: Field = field("x509af.extensions", "Extensions", COMPUTED, Show::Dec, MORE);
static EXTENSION: Field = field("x509af.Extension_element", "Extension", COMPUTED, Show::None, MORE);
static EXTENSION_ID: Field = field("x509af.extension.id", "Extension type", COMPUTED, Show::Text, MORE);
static CRITICAL: Field = field("x509af.critical", "Critical", COMPUTED, Show::Flag, MORE);
static HOSTS: Field = field("x509ce.GeneralNames", "Names", COMPUTED, Show::Dec, "RFC 5280 §4.2.1.6");
static HOST: Field =
    field("x509ce.GeneralName", "Name type", COMPUTED, Show::Dec, "RFC 5280 §4.2.1.6").words(HOST_KINDS);
static DNS: Field = field("x509ce.dNSName", "DNS name", COMPUTED, Show::Text, "RFC 5280 §4.2.1.6");
static SEAL_ALGORITHM: Field =
    field("x509af.algorithmIdentifier_element", "Signature algorithm", COMPUTED, Show::None, SPEC);
static SEAL: Field = field("x509af.encrypted", "Signature", COMPUTED, Show::Bytes, "RFC 5280 §4.1.1.3");

const HOST_KINDS: Words =
    words![(0, "other"), (1, "mail address"), (2, "DNS name"), (4, "directory name"), (6, "URI"), (7, "IP address")];

/// Object identifiers that certificates on the web have, as they print, and what they are called.
const KNOWN: &[(&str, &str)] = &[
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.10045.2.1", "EC public key"),
    ("1.2.840.10045.4.3.2", "ECDSA with SHA-256"),
    ("1.2.840.10045.4.3.3", "ECDSA with SHA-384"),
    ("1.2.840.10045.4.3.4", "ECDSA with SHA-512"),
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.2.840.113549.1.1.4", "RSA with MD5"),
    ("1.2.840.113549.1.1.5", "RSA with SHA-1"),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS"),
    ("1.2.840.113549.1.1.11", "RSA with SHA-256"),
    ("1.2.840.113549.1.1.12", "RSA with SHA-384"),
    ("1.2.840.113549.1.1.13", "RSA with SHA-512"),
    ("1.2.840.113549.1.9.1", "mail address"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.6.1.4.1.11129.2.4.2", "signed certificate timestamps"),
    ("1.3.6.1.5.5.7.1.1", "authority information access"),
    ("2.5.4.3", "common name"),
    ("2.5.4.5", "serial number"),
    ("2.5.4.6", "country"),
    ("2.5.4.7", "locality"),
    ("2.5.4.8", "state or province"),
    ("2.5.4.10", "organization"),
    ("2.5.4.11", "organizational unit"),
    ("2.5.29.14", "subject key identifier"),
    ("2.5.29.15", "key usage"),
    ("2.5.29.17", "subject alternative name"),
    ("2.5.29.19", "basic constraints"),
    ("2.5.29.31", "CRL distribution points"),
    ("2.5.29.32", "certificate policies"),
    ("2.5.29.35", "authority key identifier"),
    ("2.5.29.37", "extended key usage"),
];
const COUNTRY_NAME: &str = "2.5.4.6";
const ALTERNATIVE_NAMES: &str = "2.5.29.17";

/// Elements of one list that are shown.
const MAX_ITEMS: usize = 256;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [
        &SIGNED,
        &VERSION,
        &SERIAL,
        &SIGNATURE,
        &ALGORITHM,
        &ISSUER,
        &ISSUER_PARTS,
        &SUBJECT,
        &SUBJECT_PARTS,
        &PARTS,
        &PART,
        &KIND,
        &COUNTRY,
        &STRING,
        &PRINTABLE,
        &UTF8,
        &TELETEX,
        &VALIDITY,
        &BEFORE,
        &AFTER,
        &UTC,
        &GENERAL,
        &KEY_INFO,
        &KEY_ALGORITHM,
        &KEY,
        &EXTENSIONS,
        &EXTENSION,
        &EXTENSION_ID,
        &CRITICAL,
        &HOSTS,
        &HOST,
        &DNS,
        &SEAL_ALGORITHM,
        &SEAL,
    ]
    .into_iter()
}

/// Tag, and where the whole begins, its contents begin, and both end.
#[derive(Clone, Copy, Debug)]
struct Element {
    tag: u8,
    start: usize,
    content: usize,
    end: usize,
}

/// The element at `at`; `None` where none ends before `end`, or its length is written in a way that DER does not allow.
fn element(header: &Header, at: usize, end: usize) -> Option<Element> {
    let (tag, first) = (header.u8(at)?, header.u8(at + 1)?);
    let (content, len) = match first {
        0..=0x7f => (at + 2, usize::from(first)),
        0x81 => (at + 3, usize::from(header.u8(at + 2)?)),
        0x82 => (at + 4, usize::from(header.u16(at + 2)?)),
        0x83 => (at + 5, usize::from(header.u8(at + 2)?) << 16 | usize::from(header.u16(at + 3)?)),
        _ => return None,
    };
    let element = Element { tag, start: at, content, end: content + len };
    (element.end <= end && header.bytes(content, len).is_some()).then_some(element)
}

/// The elements inside another.
fn children(header: &Header, of: Element) -> Vec<Element> {
    let mut at = of.content;
    let next = || {
        let child = element(header, at, of.end)?;
        at = child.end;
        Some(child)
    };
    std::iter::from_fn(next).take(MAX_ITEMS).collect()
}

/// An object identifier as numbers with dots.
pub(super) fn dotted(bytes: &[u8]) -> String {
    let mut numbers: Vec<u64> = Vec::new();
    let mut number = 0_u64;
    for byte in bytes {
        number = number.wrapping_shl(7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if numbers.is_empty() {
                let first = (number / 40).min(2);
                numbers.push(first);
                number -= first * 40;
            }
            numbers.push(std::mem::take(&mut number));
        }
    }
    let text: Vec<String> = numbers.iter().map(u64::to_string).collect();
    text.join(".")
}

/// An object identifier, and what it is called.
fn identifier(bytes: &[u8]) -> (String, &'static str) {
    let text = dotted(bytes);
    let word = KNOWN.iter().find(|(known, _)| *known == text).map_or("", |(_, word)| word);
    (text, word)
}

/// Pushes a field for the whole element, or for its contents.
fn whole(header: &mut Header, field: &'static Field, of: Element, show: String, meaning: &str, depth: u8) {
    let place = bits(of.start as u32 * 8, (of.end - of.start) as u32 * 8);
    header.put(field, place, show, meaning.to_string(), depth);
}

fn inside(header: &mut Header, field: &'static Field, of: Element, show: String, meaning: &str, depth: u8) {
    whole(header, field, Element { start: of.content, ..of }, show, meaning, depth);
}

/// The contents as the field's own print has them; nothing where there are none.
fn plain(header: &mut Header, field: &'static Field, of: Element, depth: u8) {
    if of.end > of.content {
        header.at(field, of.content, of.end - of.content, depth);
    }
}

/// Reads the certificate in `at..end`, as far as it is one; its bytes are shown already, so nothing is said of the rest.
pub(super) fn decode(header: &mut Header, at: usize, end: usize, depth: u8) {
    let Some(certificate) = element(header, at, end) else { return };
    let [signed, algorithm, seal, ..] = children(header, certificate)[..] else { return };
    whole(header, &SIGNED, signed, String::new(), "", depth);
    signed_part(header, signed, depth + 1);
    whole(header, &SEAL_ALGORITHM, algorithm, String::new(), "", depth);
    named(header, &ALGORITHM, algorithm, depth + 1);
    bit_string(header, &SEAL, seal, depth);
}

fn signed_part(header: &mut Header, signed: Element, depth: u8) {
    let mut parts = children(header, signed).into_iter().peekable();
    // Version 1 is not written.
    if let Some(version) = parts.next_if(|part| part.tag == 0xa0)
        && let Some(number) = children(header, version).first()
    {
        plain(header, &VERSION, *number, depth);
    }
    let order: Vec<Element> = parts.collect();
    let [serial, algorithm, issuer, validity, subject, key, ref rest @ ..] = order[..] else { return };
    plain(header, &SERIAL, serial, depth);
    whole(header, &SIGNATURE, algorithm, String::new(), "", depth);
    named(header, &ALGORITHM, algorithm, depth + 1);
    name(header, &ISSUER, &ISSUER_PARTS, issuer, depth);
    whole(header, &VALIDITY, validity, String::new(), "", depth);
    for (row, time) in [&BEFORE, &AFTER].into_iter().zip(children(header, validity)) {
        date(header, row, time, depth + 1);
    }
    name(header, &SUBJECT, &SUBJECT_PARTS, subject, depth);
    public_key(header, key, depth);
    for part in rest.iter().filter(|part| part.tag == 0xa3) {
        extensions(header, *part, depth);
    }
}

/// The identifier that an algorithm begins with.
fn named(header: &mut Header, field: &'static Field, of: Element, depth: u8) -> Option<String> {
    let id = *children(header, of).first()?;
    let (text, word) = identifier(header.bytes(id.content, id.end - id.content)?);
    inside(header, field, id, text.clone(), word, depth);
    Some(text)
}

/// A distinguished name: sets of attributes, in practice of one each. Its meaning is its common name.
fn name(header: &mut Header, field: &'static Field, count: &'static Field, of: Element, depth: u8) {
    let sets = children(header, of);
    whole(header, field, of, "0".into(), "", depth);
    inside(header, count, of, sets.len().to_string(), &told(header, &sets), depth + 1);
    for set in sets {
        let attributes = children(header, set);
        inside(header, &PARTS, set, attributes.len().to_string(), "", depth + 2);
        for attribute in attributes {
            whole(header, &PART, attribute, String::new(), "", depth + 3);
            let Some(kind) = named(header, &KIND, attribute, depth + 4) else { continue };
            if let Some(value) = children(header, attribute).get(1) {
                text(header, &kind, *value, depth + 4);
            }
        }
    }
}

/// The texts of a name, the most special one first.
fn told(header: &Header, sets: &[Element]) -> String {
    let attributes = sets.iter().rev().flat_map(|set| children(header, *set));
    let values = attributes.filter_map(|attribute| children(header, attribute).get(1).copied());
    let texts = values.filter_map(|value| header.bytes(value.content, value.end - value.content));
    texts.map(|text| String::from_utf8_lossy(text).into_owned()).collect::<Vec<_>>().join(", ")
}

fn text(header: &mut Header, kind: &str, value: Element, depth: u8) {
    if kind == COUNTRY_NAME {
        return plain(header, &COUNTRY, value, depth);
    }
    let (choice, field) = match value.tag {
        0x13 => ("1", &PRINTABLE),
        0x0c => ("4", &UTF8),
        0x14 => ("0", &TELETEX),
        _ => return,
    };
    whole(header, &STRING, value, choice.into(), "", depth);
    plain(header, field, value, depth + 1);
}

/// `YYMMDDhhmmssZ`, or with four digits for the year.
fn date(header: &mut Header, row: &'static Field, of: Element, depth: u8) {
    let digits = header.bytes(of.content, of.end - of.content).unwrap_or(&[]);
    let Ok(digits) = std::str::from_utf8(digits) else { return };
    let (choice, field, century) = match (of.tag, digits.as_bytes().first()) {
        (0x18, _) => ("1", &GENERAL, ""),
        // RFC 5280 §4.1.2.5.1: years from 50 on belong to the last century.
        (_, Some(b'5'..=b'9')) => ("0", &UTC, "19"),
        _ => ("0", &UTC, "20"),
    };
    let all = format!("{century}{digits}");
    let part = |from: usize, to: usize| all.get(from..to).unwrap_or("");
    let date = format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8));
    let shown = format!("{date} {}:{}:{} (UTC)", part(8, 10), part(10, 12), part(12, 14));
    whole(header, row, of, choice.into(), "", depth);
    inside(header, field, of, shown, "", depth + 1);
}

fn public_key(header: &mut Header, of: Element, depth: u8) {
    whole(header, &KEY_INFO, of, String::new(), "", depth);
    let [algorithm, key, ..] = children(header, of)[..] else { return };
    whole(header, &KEY_ALGORITHM, algorithm, String::new(), "", depth + 1);
    named(header, &ALGORITHM, algorithm, depth + 2);
    bit_string(header, &KEY, key, depth + 1);
}

/// The first byte counts unused bits at the end: none, here.
fn bit_string(header: &mut Header, field: &'static Field, of: Element, depth: u8) {
    let content = (of.content + 1).min(of.end);
    plain(header, field, Element { content, ..of }, depth);
}

fn extensions(header: &mut Header, of: Element, depth: u8) {
    let Some(list) = children(header, of).first().copied() else { return };
    let all = children(header, list);
    inside(header, &EXTENSIONS, list, all.len().to_string(), "", depth);
    for extension in all {
        whole(header, &EXTENSION, extension, String::new(), "", depth + 1);
        let Some(id) = named(header, &EXTENSION_ID, extension, depth + 2) else { continue };
        for part in children(header, extension).into_iter().skip(1) {
            match part.tag {
                0x01 => plain(header, &CRITICAL, part, depth + 2),
                0x04 if id == ALTERNATIVE_NAMES => hosts(header, part, depth + 2),
                _ => {}
            }
        }
    }
}

/// The names that the certificate is good for; a client looks here, and no longer at the subject.
fn hosts(header: &mut Header, of: Element, depth: u8) {
    let Some(list) = children(header, of).first().copied() else { return };
    let all = children(header, list);
    inside(header, &HOSTS, list, all.len().to_string(), "", depth);
    for host in all {
        let kind = u64::from(host.tag & 0x1f);
        inside(header, &HOST, host, kind.to_string(), HOST.word(kind), depth + 1);
        if kind == 2 {
            plain(header, &DNS, host, depth + 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::identifier;

    #[test]
    fn identifiers_print_as_numbers_with_dots() {
        assert_eq!(identifier(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11]).0, "1.2.840.113549.1.1.11");
        assert_eq!(identifier(&[0x55, 4, 3]), ("2.5.4.3".into(), "common name"));
        assert_eq!(identifier(&[0xff; 40]).0, "", "one that never ends");
    }
}
