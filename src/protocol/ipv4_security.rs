//! Security options of an IPv4 header → how secret the datagram is, and whose rules protect it (RFC 1108, RFC 791 §3.1, CIPSO).

use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::Header;

const BASIC_SPEC: &str = "RFC 1108 §2";
const EXTENDED_SPEC: &str = "RFC 1108 §3";
const OLD_SPEC: &str = "RFC 791 §3.1";
const CIPSO_SPEC: &str = "draft-ietf-cipso-ipsecurity-01 §3";

/// The form that RFC 791 had, counted from the option's first byte.
static OLD: [Field; 2] = [
    field("ip.opt.sec_rfc791_sec", "Security", bits(16, 16), Show::Hex(4), OLD_SPEC).words(OLD_LEVELS),
    field("ip.opt.sec_rfc791_comp", "Compartments", bits(32, 16), Show::Dec, OLD_SPEC),
];
static HANDLING: Field = field("ip.opt.sec_rfc791_hr", "Handling restrictions", COMPUTED, Show::Text, OLD_SPEC);
static CONTROL: Field = field("ip.opt.sec_rfc791_tcc", "Transmission control code", COMPUTED, Show::Text, OLD_SPEC);

static LEVEL: Field = field("ip.opt.sec_cl", "Classification level", COMPUTED, Show::Hex(2), BASIC_SPEC).words(words![
    (1, "reserved"),
    (61, "top secret"),
    (90, "secret"),
    (102, "reserved"),
    (150, "confidential"),
    (171, "unclassified"),
    (204, "reserved"),
    (241, "reserved"),
]);
static FLAGS: Field = field("ip.opt.sec_prot_auth_flags", "Protection authorities", COMPUTED, Show::Hex(2), BASIC_SPEC);
/// The first byte of them; its rows count from it.
static AUTHORITIES: [Field; 7] = [
    field("ip.opt.sec_prot_auth_genser", "GENSER", bits(0, 1), Show::Flag, BASIC_SPEC),
    field("ip.opt.sec_prot_auth_siop_esi", "SIOP-ESI", bits(1, 1), Show::Flag, BASIC_SPEC),
    field("ip.opt.sec_prot_auth_sci", "SCI", bits(2, 1), Show::Flag, BASIC_SPEC),
    field("ip.opt.sec_prot_auth_nsa", "NSA", bits(3, 1), Show::Flag, BASIC_SPEC),
    field("ip.opt.sec_prot_auth_doe", "DOE", bits(4, 1), Show::Flag, BASIC_SPEC),
    field("ip.opt.sec_prot_auth_unassigned", "Unassigned", bits(5, 2), Show::Hex(2), BASIC_SPEC),
    field("ip.opt.sec_prot_auth_fti", "More follow", bits(7, 1), Show::Flag, BASIC_SPEC),
];
const _: () = assert!(tiles(&OLD, 16, 48) && tiles(&AUTHORITIES, 0, 8));
/// Nobody stands for the bits of the bytes after it.
static UNASSIGNED: Field = field("ip.opt.sec_prot_auth_unassigned", "Unassigned", bits(0, 7), Show::Hex(2), BASIC_SPEC);

static FORMAT: Field =
    field("ip.opt.ext_sec_add_sec_info_format_code", "Format", COMPUTED, Show::Hex(2), EXTENDED_SPEC);
static INFORMATION: Field =
    field("ip.opt.ext_sec_add_sec_info", "Additional information", COMPUTED, Show::Bytes, EXTENDED_SPEC);

static DOMAIN: Field = field("ip.cipso.doi", "Domain of interpretation", COMPUTED, Show::Dec, CIPSO_SPEC);
static TAG: Field = field("ip.cipso.tag_type", "Tag type", COMPUTED, Show::Dec, CIPSO_SPEC).words(words![
    (0, "padding"),
    (1, "restrictive category bitmap"),
    (2, "enumerated categories"),
    (5, "ranged categories"),
    (6, "permissive categories"),
    (7, "free form"),
]);
static SENSITIVITY: Field = field("ip.cipso.sensitivity_level", "Sensitivity level", COMPUTED, Show::Dec, CIPSO_SPEC);
static CATEGORIES: Field = field("ip.cipso.categories", "Categories", COMPUTED, Show::Text, CIPSO_SPEC);
static DATA: Field = field("ip.cipso.tag_data", "Tag data", COMPUTED, Show::Bytes, CIPSO_SPEC);

const OLD_LEVELS: Words = words![
    (0, "unclassified"),
    (61749, "confidential"),
    (30874, "EFTO"),
    (48205, "MMMM"),
    (24102, "PROG"),
    (44819, "restricted"),
    (55176, "secret"),
    (27589, "top secret"),
];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let others = [
        &HANDLING,
        &CONTROL,
        &LEVEL,
        &FLAGS,
        &UNASSIGNED,
        &FORMAT,
        &INFORMATION,
        &DOMAIN,
        &TAG,
        &SENSITIVITY,
        &CATEGORIES,
        &DATA,
    ];
    OLD.iter().chain(&AUTHORITIES).chain(others)
}

/// Option 130 of `len` bytes at `at`.
pub(super) fn basic(header: &mut Header, at: usize, len: usize) {
    if len == 11 && header.u16(at + 2).is_some_and(|level| OLD_LEVELS.get(level.into()).is_some()) {
        for row in &OLD {
            header.within(row, at, 1);
        }
        header.text(&HANDLING, at + 6, 2, 1);
        header.text(&CONTROL, at + 8, 3, 1);
        return;
    }
    header.at(&LEVEL, at + 2, 1, 1);
    for byte in at + 3..at + len {
        header.at(&FLAGS, byte, 1, 1);
        let [rows @ .., more] = &AUTHORITIES;
        for row in if byte == at + 3 { rows } else { std::slice::from_ref(&UNASSIGNED) } {
            header.within(row, byte, 2);
        }
        if header.within(more, byte, 2) != Some(1) {
            return;
        }
        if byte + 1 == at + len {
            header.refuse(more, byte, "More bytes of authorities are announced, and the option ends.");
        }
    }
}

/// Option 133.
pub(super) fn extended(header: &mut Header, at: usize, len: usize) {
    header.at(&FORMAT, at + 2, 1, 1);
    if len > 3 {
        header.at(&INFORMATION, at + 3, len - 3, 1);
    }
}

/// Option 134: a domain, and tags whose meaning it fixes. Each takes at least a byte, so the option bounds them.
pub(super) fn commercial(header: &mut Header, option: usize, len: usize) {
    header.at(&DOMAIN, option + 2, 4, 1);
    let (mut at, end) = (option + 6, option + len);
    while at < end {
        let Some(kind) = header.at(&TAG, at, 1, 1) else { return };
        if kind == 0 {
            at += 1;
            continue;
        }
        let size = header.u8(at + 1).map(usize::from).filter(|_| at + 1 < end).unwrap_or_default();
        let least = if matches!(kind, 1 | 2 | 5) { 4 } else { 2 };
        if size < least || at + size > end {
            return header.refuse(&TAG, at, "This tag does not fit its option.");
        }
        if least == 4 {
            header.at(&SENSITIVITY, at + 3, 1, 1);
        }
        match header.bytes(at + least, size - least) {
            Some([]) | None => {}
            Some(body) if least == 4 => {
                let place = bits((at + least) as u32 * 8, body.len() as u32 * 8);
                header.put(&CATEGORIES, place, categories(kind, body), String::new(), 1);
            }
            // tshark shows nothing of tags that it does not know.
            Some(_) => drop(header.at(&DATA, at + least, size - least, 1)),
        }
        at += size;
    }
}

/// `0,2,15` of a bitmap or a list, `40-20,9-0` of ranges, the last of which may leave out its 0.
fn categories(kind: u64, body: &[u8]) -> String {
    let words: Vec<u16> = match kind {
        1 => (0..body.len() as u16 * 8).filter(|bit| body[usize::from(bit / 8)] << (bit % 8) & 0x80 != 0).collect(),
        _ => body.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect(),
    };
    let mut text = String::new();
    for (number, word) in words.iter().enumerate() {
        let between = if kind == 5 && number % 2 == 1 { "-" } else { "," };
        text.push_str(if number > 0 { between } else { "" });
        text.push_str(&word.to_string());
    }
    if kind == 5 && words.len() % 2 == 1 {
        text.push_str("-0");
    }
    text
}
