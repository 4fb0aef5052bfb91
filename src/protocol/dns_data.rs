//! What a resource record carries, by its type → fields: a table of parts for each type that is a row of them.

use super::date;
use super::dns_name;
use super::dns_types::{ALGORITHMS, DIGESTS, TYPES};
use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::Header;

/// How a part of the record's data is read; it begins where the one before it ended.
enum Part {
    /// So many bytes.
    Bytes(usize),
    Name,
    /// As many bytes of text as the number before it says.
    Counted,
    /// As many bytes as the number before it says.
    CountedBytes,
    /// Seconds since 1970, in so many bytes.
    Time(usize),
    /// Bits of the part before it.
    Inner(u32, u32),
    /// All that is left.
    Rest,
}
use Part::{Bytes, Counted, CountedBytes, Inner, Name, Rest, Time};

type Parts = &'static [(Part, Field)];

const fn part(part: Part, key: &'static str, name: &'static str, show: Show, source: &'static str) -> (Part, Field) {
    (part, field(key, name, COMPUTED, show, source))
}

const fn words(row: (Part, Field), words: Words) -> (Part, Field) {
    let (part, field) = row;
    let field = field.words(words);
    (part, field)
}

static RECORDS: [(u16, Parts); 26] = [
    (2, &[part(Name, "dns.ns", "Name server", Show::Text, "RFC 1035 §3.3.11")]),
    (5, &[part(Name, "dns.cname", "Canonical name", Show::Text, "RFC 1035 §3.3.1")]),
    (6, ZONE),
    (12, &[part(Name, "dns.ptr.domain_name", "Domain name", Show::Text, "RFC 1035 §3.3.12")]),
    (13, HOST),
    (15, MAIL),
    (17, PERSON),
    (18, CELL),
    (29, LOCATION),
    (33, SERVICE),
    (35, AUTHORITY),
    (37, CERTIFICATE),
    (39, &[part(Name, "dns.dname", "Other subtree", Show::Text, "RFC 6672 §2.1")]),
    (43, SIGNER),
    (44, FINGERPRINT),
    (46, SIGNATURE),
    (47, &[part(Name, "dns.nsec.next_domain_name", "Next name", Show::Text, "RFC 4034 §4.1.1")]),
    (48, KEY),
    (50, NEXT_HASHED),
    (51, HASHING),
    (52, TLS_CERTIFICATE),
    (59, SIGNER),
    (60, KEY),
    (64, BINDING),
    (65, BINDING),
    (250, TRANSACTION),
];

const ZONE: Parts = &[
    part(Name, "dns.soa.mname", "Primary server", Show::Text, "RFC 1035 §3.3.13"),
    part(Name, "dns.soa.rname", "Mailbox", Show::Text, "RFC 1035 §3.3.13"),
    part(Bytes(4), "dns.soa.serial_number", "Serial number", Show::Dec, "RFC 1035 §3.3.13"),
    part(Bytes(4), "dns.soa.refresh_interval", "Refresh (s)", Show::Dec, "RFC 1035 §3.3.13"),
    part(Bytes(4), "dns.soa.retry_interval", "Retry (s)", Show::Dec, "RFC 1035 §3.3.13"),
    part(Bytes(4), "dns.soa.expire_limit", "Expire (s)", Show::Dec, "RFC 1035 §3.3.13"),
    part(Bytes(4), "dns.soa.minimum_ttl", "Minimum TTL (s)", Show::Dec, "RFC 2308 §4"),
];
const HOST: Parts = &[
    part(Bytes(1), "dns.hinfo.cpu_length", "Length", Show::Dec, "RFC 1035 §3.3.2"),
    part(Counted, "dns.hinfo.cpu", "Processor", Show::Text, "RFC 1035 §3.3.2"),
    part(Bytes(1), "dns.hinfo.os_length", "Length", Show::Dec, "RFC 1035 §3.3.2"),
    part(Counted, "dns.hinfo.os", "Operating system", Show::Text, "RFC 1035 §3.3.2"),
];
const MAIL: Parts = &[
    part(Bytes(2), "dns.mx.preference", "Preference", Show::Dec, "RFC 1035 §3.3.9"),
    part(Name, "dns.mx.mail_exchange", "Mail exchange", Show::Text, "RFC 1035 §3.3.9"),
];
const PERSON: Parts = &[
    part(Name, "dns.rp.mailbox", "Mailbox", Show::Text, "RFC 1183 §2.2"),
    part(Name, "dns.rp.txt_rr", "Text's name", Show::Text, "RFC 1183 §2.2"),
];
const CELL: Parts = &[
    part(Bytes(2), "dns.afsdb.subtype", "Subtype", Show::Dec, "RFC 1183 §1"),
    part(Name, "dns.afsdb.hostname", "Host name", Show::Text, "RFC 1183 §1"),
];
const LOCATION: Parts = &[
    part(Bytes(1), "dns.loc.version", "Version", Show::Dec, "RFC 1876 §2"),
    part(Bytes(1), "dns.loc.size", "Size", Show::Dec, "RFC 1876 §2"),
    part(Bytes(1), "dns.loc.horizontal_precision", "Horizontal precision", Show::Dec, "RFC 1876 §2"),
    part(Bytes(1), "dns.loc.vertical_precision", "Vertical precision", Show::Dec, "RFC 1876 §2"),
    part(Bytes(4), "dns.loc.latitude", "Latitude", Show::Dec, "RFC 1876 §2"),
    part(Bytes(4), "dns.loc.longitude", "Longitude", Show::Dec, "RFC 1876 §2"),
    part(Bytes(4), "dns.loc.altitude", "Altitude", Show::Dec, "RFC 1876 §2"),
];
const SERVICE: Parts = &[
    part(Bytes(2), "dns.srv.priority", "Priority", Show::Dec, "RFC 2782"),
    part(Bytes(2), "dns.srv.weight", "Weight", Show::Dec, "RFC 2782"),
    part(Bytes(2), "dns.srv.port", "Port", Show::Dec, "RFC 2782"),
    part(Name, "dns.srv.target", "Target", Show::Text, "RFC 2782"),
];
const AUTHORITY: Parts = &[
    part(Bytes(2), "dns.naptr.order", "Order", Show::Dec, "RFC 3403 §4.1"),
    part(Bytes(2), "dns.naptr.preference", "Preference", Show::Dec, "RFC 3403 §4.1"),
    part(Bytes(1), "dns.naptr.flags_length", "Length", Show::Dec, "RFC 3403 §4.1"),
    part(Counted, "dns.naptr.flags", "Flags", Show::Text, "RFC 3403 §4.1"),
    part(Bytes(1), "dns.naptr.service_length", "Length", Show::Dec, "RFC 3403 §4.1"),
    part(Counted, "dns.naptr.service", "Service", Show::Text, "RFC 3403 §4.1"),
    part(Bytes(1), "dns.naptr.regex_length", "Length", Show::Dec, "RFC 3403 §4.1"),
    part(Counted, "dns.naptr.regex", "Regular expression", Show::Text, "RFC 3403 §4.1"),
    part(Name, "dns.naptr.replacement", "Replacement", Show::Text, "RFC 3403 §4.1"),
];
const CERTIFICATE: Parts = &[
    part(Bytes(2), "dns.cert.type", "Certificate type", Show::Dec, "RFC 4398 §2"),
    part(Bytes(2), "dns.cert.key_tag", "Key tag", Show::Hex(4), "RFC 4398 §2"),
    words(part(Bytes(1), "dns.cert.algorithm", "Algorithm", Show::Dec, "RFC 4398 §2"), ALGORITHMS),
    part(Rest, "dns.cert.certificate", "Certificate", Show::Bytes, "RFC 4398 §2"),
];
const SIGNER: Parts = &[
    part(Bytes(2), "dns.ds.key_id", "Key tag", Show::Hex(4), "RFC 4034 §5.1.1"),
    words(part(Bytes(1), "dns.ds.algorithm", "Algorithm", Show::Dec, "RFC 4034 §5.1.2"), ALGORITHMS),
    words(part(Bytes(1), "dns.ds.digest_type", "Digest type", Show::Dec, "RFC 4034 §5.1.3"), DIGESTS),
    part(Rest, "dns.ds.digest", "Digest", Show::Bytes, "RFC 4034 §5.1.4"),
];
const FINGERPRINT: Parts = &[
    words(part(Bytes(1), "dns.sshfp.algorithm", "Key algorithm", Show::Dec, "RFC 4255 §3.1.1"), SSH_KEYS),
    words(part(Bytes(1), "dns.sshfp.fingerprint.type", "Fingerprint type", Show::Dec, "RFC 4255 §3.1.2"), DIGESTS),
    part(Rest, "dns.sshfp.fingerprint", "Fingerprint", Show::Bytes, "RFC 4255 §3.1.3"),
];
const SSH_KEYS: Words = words![(1, "RSA"), (2, "DSA"), (3, "ECDSA"), (4, "Ed25519"), (6, "Ed448")];
const SIGNATURE: Parts = &[
    words(part(Bytes(2), "dns.rrsig.type_covered", "Type covered", Show::Dec, "RFC 4034 §3.1.1"), TYPES),
    words(part(Bytes(1), "dns.rrsig.algorithm", "Algorithm", Show::Dec, "RFC 4034 §3.1.2"), ALGORITHMS),
    part(Bytes(1), "dns.rrsig.labels", "Labels", Show::Dec, "RFC 4034 §3.1.3"),
    part(Bytes(4), "dns.rrsig.original_ttl", "Original TTL (s)", Show::Dec, "RFC 4034 §3.1.4"),
    part(Time(4), "dns.rrsig.signature_expiration", "Expires", Show::Text, "RFC 4034 §3.1.5"),
    part(Time(4), "dns.rrsig.signature_inception", "Valid from", Show::Text, "RFC 4034 §3.1.5"),
    part(Bytes(2), "dns.rrsig.key_tag", "Key tag", Show::Dec, "RFC 4034 §3.1.6"),
    part(Name, "dns.rrsig.signers_name", "Signer's name", Show::Text, "RFC 4034 §3.1.7"),
    part(Rest, "dns.rrsig.signature", "Signature", Show::Bytes, "RFC 4034 §3.1.8"),
];
const KEY: Parts = &[
    part(Bytes(2), "dns.dnskey.flags", "Flags", Show::Hex(4), "RFC 4034 §2.1.1"),
    part(Inner(7, 1), "dns.dnskey.flags.zone_key", "Zone key", Show::Flag, "RFC 4034 §2.1.1"),
    part(Inner(8, 1), "dns.dnskey.flags.key_revoked", "Revoked", Show::Flag, "RFC 5011 §3"),
    part(Inner(15, 1), "dns.dnskey.flags.secure_entry_point", "Key-signing key", Show::Flag, "RFC 4034 §2.1.1"),
    part(Bytes(1), "dns.dnskey.protocol", "Protocol", Show::Dec, "RFC 4034 §2.1.2"),
    words(part(Bytes(1), "dns.dnskey.algorithm", "Algorithm", Show::Dec, "RFC 4034 §2.1.3"), ALGORITHMS),
    part(Rest, "dns.dnskey.public_key", "Public key", Show::Bytes, "RFC 4034 §2.1.4"),
];
const NEXT_HASHED: Parts = &[
    words(part(Bytes(1), "dns.nsec3.algo", "Hash algorithm", Show::Dec, "RFC 5155 §3.1.1"), DIGESTS),
    part(Bytes(1), "dns.nsec3.flags", "Flags", Show::Dec, "RFC 5155 §3.1.2"),
    part(Inner(7, 1), "dns.nsec3.flags.opt_out", "Opt-out", Show::Flag, "RFC 5155 §3.1.2.1"),
    part(Bytes(2), "dns.nsec3.iterations", "Iterations", Show::Dec, "RFC 5155 §3.1.3"),
    part(Bytes(1), "dns.nsec3.salt_length", "Salt length", Show::Dec, "RFC 5155 §3.1.4"),
    part(CountedBytes, "dns.nsec3.salt_value", "Salt", Show::Bytes, "RFC 5155 §3.1.5"),
    part(Bytes(1), "dns.nsec3.hash_length", "Hash length", Show::Dec, "RFC 5155 §3.1.6"),
    part(CountedBytes, "dns.nsec3.hash_value", "Next hashed name", Show::Text, "RFC 5155 §3.1.7"),
];
const HASHING: Parts = &[
    words(part(Bytes(1), "dns.nsec3.algo", "Hash algorithm", Show::Dec, "RFC 5155 §4.1.1"), DIGESTS),
    part(Bytes(1), "dns.nsec3.flags", "Flags", Show::Dec, "RFC 5155 §4.1.2"),
    part(Bytes(2), "dns.nsec3.iterations", "Iterations", Show::Dec, "RFC 5155 §4.1.3"),
    part(Bytes(1), "dns.nsec3.salt_length", "Salt length", Show::Dec, "RFC 5155 §4.1.4"),
    part(CountedBytes, "dns.nsec3.salt_value", "Salt", Show::Bytes, "RFC 5155 §4.1.5"),
];
const TLS_CERTIFICATE: Parts = &[
    words(part(Bytes(1), "dns.tlsa.certificate_usage", "Certificate usage", Show::Dec, "RFC 6698 §2.1.1"), USAGES),
    words(part(Bytes(1), "dns.tlsa.selector", "Selector", Show::Dec, "RFC 6698 §2.1.2"), SELECTORS),
    words(part(Bytes(1), "dns.tlsa.matching_type", "Matching type", Show::Dec, "RFC 6698 §2.1.3"), MATCHES),
    part(Rest, "dns.tlsa.certificate_association_data", "Certificate data", Show::Bytes, "RFC 6698 §2.1.4"),
];
const USAGES: Words =
    words![(0, "authority's certificate"), (1, "server's certificate"), (2, "own authority"), (3, "own certificate")];
const SELECTORS: Words = words![(0, "whole certificate"), (1, "public key")];
const MATCHES: Words = words![(0, "exact"), (1, "SHA-256"), (2, "SHA-512")];
const BINDING: Parts = &[
    part(Bytes(2), "dns.svcb.svcpriority", "Priority", Show::Dec, "RFC 9460 §2.4.1"),
    part(Name, "dns.svcb.targetname", "Target name", Show::Text, "RFC 9460 §2.5"),
];
const TRANSACTION: Parts = &[
    part(Name, "dns.tsig.algorithm_name", "Algorithm", Show::Text, "RFC 8945 §4.2"),
    part(Time(6), "dns.tsig.time_signed", "Time signed", Show::Text, "RFC 8945 §4.2"),
    part(Bytes(2), "dns.tsig.fudge", "Tolerance (s)", Show::Dec, "RFC 8945 §4.2"),
    part(Bytes(2), "dns.tsig.mac_size", "MAC size", Show::Dec, "RFC 8945 §4.2"),
    part(CountedBytes, "dns.tsig.mac", "MAC", Show::None, "RFC 8945 §4.2"),
    part(Bytes(2), "dns.tsig.original_id", "Original ID", Show::Dec, "RFC 8945 §4.2"),
    part(Bytes(2), "dns.tsig.error", "Error", Show::Dec, "RFC 8945 §4.2"),
    part(Bytes(2), "dns.tsig.other_len", "Other length", Show::Dec, "RFC 8945 §4.2"),
    part(CountedBytes, "dns.tsig.other_data", "Other data", Show::Bytes, "RFC 8945 §4.2"),
];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    RECORDS.iter().flat_map(|(_, parts)| parts.iter()).map(|(_, row)| row)
}

/// Reads the parts of a record's data and says where they end; `None` where the type is not in the table, or where the
/// data is flawed, which the header then says.
pub(super) fn decode(header: &mut Header, kind: u16, at: usize, end: usize) -> Option<usize> {
    let (_, parts) = RECORDS.iter().find(|(number, _)| *number == kind)?;
    let (mut at, mut last, mut start) = (at, 0, at);
    for (part, row) in *parts {
        if let Inner(pos, len) = part {
            inner(header, row, bits(start as u32 * 8 + pos, *len));
            continue;
        }
        start = at;
        let size = match part {
            Bytes(size) | Time(size) => *size,
            Counted | CountedBytes => last,
            Rest => end.saturating_sub(at),
            Name | Inner(..) => {
                at = name(header, row, at, 0)?;
                continue;
            }
        };
        if at + size > end {
            header.refuse(row, at, format!("{} does not fit into its record.", row.key));
            return None;
        }
        last = read(header, part, row, at, size)?;
        at += size;
    }
    Some(at)
}

fn read(header: &mut Header, part: &Part, row: &'static Field, at: usize, size: usize) -> Option<usize> {
    let place = bits(at as u32 * 8, size as u32 * 8);
    match part {
        Time(_) => {
            let seconds = header.bytes(at, size)?.iter().fold(0_i64, |sum, byte| sum << 8 | i64::from(*byte));
            header.put(row, place, date::unix(seconds, 0), String::new(), 0);
        }
        Counted if size > 0 => header.text(row, at, size, 0)?,
        CountedBytes if size > 0 && row.show == Show::Text => {
            header.put(row, place, base32(header.bytes(at, size)?), String::new(), 0);
        }
        Counted | CountedBytes | Rest if size == 0 => {}
        _ => return header.at(row, at, size, 0).map(|value| value as usize),
    }
    Some(0)
}

fn inner(header: &mut Header, row: &'static Field, at: super::field::Bits) {
    let byte = header.u8((at.pos / 8) as usize).unwrap_or(0);
    let show = byte >> (7 - at.pos % 8) & 1;
    header.put(row, at, show.to_string(), String::new(), 1);
}

/// Pushes the name at an offset and says where it ends.
pub(super) fn name(header: &mut Header, field: &'static Field, at: usize, depth: u8) -> Option<usize> {
    let Some(name) = dns_name::read(header.rest(0), at) else {
        header.refuse(field, at, "The name runs out of the message or points in a circle.");
        return None;
    };
    header.put(field, bits(at as u32 * 8, name.size as u32 * 8), name.text, String::new(), depth);
    Some(at + name.size)
}

/// Base32 with the extended alphabet, as hashed names are written (RFC 4648 §7).
fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    let (mut text, mut held, mut count) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = held << 8 & 0xffff | u32::from(*byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            text.extend(DIGITS.get((held >> count & 31) as usize).map(|digit| char::from(*digit)));
        }
    }
    if count > 0 {
        text.extend(DIGITS.get((held << (5 - count) & 31) as usize).map(|digit| char::from(*digit)));
    }
    text
}
