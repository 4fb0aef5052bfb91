//! The parameters of a SVCB or HTTPS record (RFC 9460 §2.2), and a CAA record's tag and value (RFC 8659 §4.1) → fields.

use super::dns_types::SERVICE_KEYS;
use super::field::{COMPUTED, Field, Show, bits, field};
use super::header::Header;

const SPEC: &str = "RFC 9460 §2.2";
static PARAMETER: Field = field("dns.svcb.svcparam", "Parameter", COMPUTED, Show::None, SPEC);
static KEY: Field = field("dns.svcb.svcparam.key", "Key", COMPUTED, Show::Dec, SPEC).words(SERVICE_KEYS);
static LENGTH: Field = field("dns.svcb.svcparam.value.length", "Length", COMPUTED, Show::Dec, SPEC);
static VALUE: Field = field("dns.svcb.svcparam.value", "Value", COMPUTED, Show::Bytes, SPEC);
static MANDATORY: Field =
    field("dns.svcb.svcparam.mandatory.key", "Mandatory key", COMPUTED, Show::Dec, "RFC 9460 §8").words(SERVICE_KEYS);
static PROTOCOL_LENGTH: Field =
    field("dns.svcb.svcparam.alpn.length", "Length", COMPUTED, Show::Dec, "RFC 9460 §7.1.1");
static PROTOCOL: Field = field("dns.svcb.svcparam.alpn", "Protocol", COMPUTED, Show::Text, "RFC 9460 §7.1.1");
static PORT: Field = field("dns.svcb.svcparam.port", "Port", COMPUTED, Show::Dec, "RFC 9460 §7.2");
static ADDRESS: Field = field("dns.svcb.svcparam.ipv4hint.ip", "IPv4 hint", COMPUTED, Show::Ipv4, "RFC 9460 §7.3");
static ADDRESS_6: Field = field("dns.svcb.svcparam.ipv6hint.ip", "IPv6 hint", COMPUTED, Show::Ipv6, "RFC 9460 §7.3");
static HELLO: Field = field("dns.svcb.svcparam.echconfig", "Encrypted hello", COMPUTED, Show::Bytes, "RFC 9848 §3");

const CAA: &str = "RFC 8659 §4.1";
static FLAGS: Field = field("dns.caa.flags", "Flags", COMPUTED, Show::Hex(2), CAA);
static CRITICAL: Field = field("dns.caa.flags.issuer_critical", "Critical", bits(0, 1), Show::Flag, CAA);
static TAG_LENGTH: Field = field("dns.caa.tag_length", "Tag length", COMPUTED, Show::Dec, CAA);
static TAG: Field = field("dns.caa.tag", "Tag", COMPUTED, Show::Text, CAA);
static TAG_VALUE: Field = field("dns.caa.value", "Value", COMPUTED, Show::Text, CAA);
static PROPERTIES: [(&[u8], Field); 4] = [
    (b"issue", field("dns.caa.issue", "May issue", COMPUTED, Show::Text, "RFC 8659 §4.2")),
    (b"issuewild", field("dns.caa.issuewild", "May issue wildcards", COMPUTED, Show::Text, "RFC 8659 §4.3")),
    (b"iodef", field("dns.caa.iodef", "Report to", COMPUTED, Show::Text, "RFC 8659 §4.4")),
    (b"", field("dns.caa.unknown", "Other property", COMPUTED, Show::Text, CAA)),
];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let rows = [
        &PARAMETER,
        &KEY,
        &LENGTH,
        &VALUE,
        &MANDATORY,
        &PROTOCOL_LENGTH,
        &PROTOCOL,
        &PORT,
        &ADDRESS,
        &ADDRESS_6,
        &HELLO,
        &FLAGS,
        &CRITICAL,
        &TAG_LENGTH,
        &TAG,
        &TAG_VALUE,
    ];
    rows.into_iter().chain(PROPERTIES.iter().map(|(_, row)| row))
}

/// Reads parameters of at least four bytes each.
pub(super) fn parameters(header: &mut Header, from: usize, to: usize) -> Option<()> {
    let mut at = from;
    while at + 4 <= to {
        let (key, len) = (header.u16(at)?, usize::from(header.u16(at + 2)?));
        let there = len.min(to - at - 4);
        let place = bits(at as u32 * 8, (4 + there) as u32 * 8);
        header.put(&PARAMETER, place, String::new(), KEY.word(key.into()).into(), 0);
        header.at(&KEY, at, 2, 1)?;
        header.at(&LENGTH, at + 2, 2, 1)?;
        if there < len {
            header.refuse(&LENGTH, at + 2, "The parameter is longer than what is left of its record.");
            return None;
        }
        value(header, key, at + 4, len)?;
        at += 4 + len;
    }
    Some(())
}

fn value(header: &mut Header, key: u16, at: usize, len: usize) -> Option<()> {
    match key {
        0 => list(header, &MANDATORY, at, len, 2)?,
        1 => protocols(header, at, at + len)?,
        3 => list(header, &PORT, at, len, 2)?,
        4 => list(header, &ADDRESS, at, len, 4)?,
        5 if len > 0 => drop(header.at(&HELLO, at, len, 1)?),
        6 => list(header, &ADDRESS_6, at, len, 16)?,
        _ if len > 0 => drop(header.at(&VALUE, at, len, 1)?),
        _ => {}
    }
    Some(())
}

fn list(header: &mut Header, row: &'static Field, from: usize, len: usize, size: usize) -> Option<()> {
    for at in (from..(from + len + 1).saturating_sub(size)).step_by(size) {
        header.at(row, at, size, 1)?;
    }
    Some(())
}

fn protocols(header: &mut Header, from: usize, to: usize) -> Option<()> {
    let mut at = from;
    while at < to {
        let len = (header.at(&PROTOCOL_LENGTH, at, 1, 1)? as usize).min(to - at - 1);
        header.text(&PROTOCOL, at + 1, len, 1)?;
        at += 1 + len;
    }
    Some(())
}

/// Who may issue certificates for a name.
pub(super) fn authorization(header: &mut Header, at: usize, to: usize) -> Option<()> {
    header.at(&FLAGS, at, 1, 0)?;
    header.within(&CRITICAL, at, 1)?;
    let len = usize::from(header.u8(at + 1)?);
    if at + 2 + len > to {
        header.refuse(&TAG_LENGTH, at + 1, "The tag is longer than what is left of its record.");
        return None;
    }
    let (tag, value) = (header.bytes(at + 2, len)?, header.bytes(at + 2 + len, to - at - 2 - len)?);
    let known = PROPERTIES.iter().find(|(name, _)| tag.eq_ignore_ascii_case(name)).or(PROPERTIES.last());
    let (_, row) = known?;
    let place = bits((at as u32 + 1) * 8, (to - at - 1) as u32 * 8);
    header.put(row, place, String::from_utf8_lossy(value).into_owned(), String::new(), 0);
    header.at(&TAG_LENGTH, at + 1, 1, 1)?;
    header.text(&TAG, at + 2, len, 1)?;
    header.text(&TAG_VALUE, at + 2 + len, value.len(), 1)
}
