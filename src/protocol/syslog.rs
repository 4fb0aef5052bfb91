//! A syslog message (RFC 5424 §6, RFC 3164 §4.1) → facility, severity and text.

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::{Header, Step};

const SPEC: &str = "RFC 5424 §6.2.1";

static FACILITY: Field = field("syslog.facility", "Facility", COMPUTED, Show::Dec, SPEC).words(FACILITIES);
static SEVERITY: Field = field("syslog.level", "Severity", COMPUTED, Show::Dec, SPEC).words(SEVERITIES);
static TEXT: Field = field("syslog.msg", "Message", COMPUTED, Show::Text, "RFC 5424 §6.4");

const FACILITIES: Words = words![
    (0, "kernel"),
    (1, "user"),
    (2, "mail"),
    (3, "system daemons"),
    (4, "authorization"),
    (5, "syslog itself"),
    (6, "printers"),
    (7, "news"),
    (8, "UUCP"),
    (9, "clock"),
    (10, "authorization, private"),
    (11, "FTP"),
    (12, "NTP"),
    (13, "audit"),
    (14, "alert"),
    (15, "clock"),
    (16, "local 0"),
    (17, "local 1"),
    (18, "local 2"),
    (19, "local 3"),
    (20, "local 4"),
    (21, "local 5"),
    (22, "local 6"),
    (23, "local 7"),
];
const SEVERITIES: Words = words![
    (0, "emergency"),
    (1, "alert"),
    (2, "critical"),
    (3, "error"),
    (4, "warning"),
    (5, "notice"),
    (6, "informational"),
    (7, "debug"),
];
/// Digits of the priority between `<` and `>`.
const MAX_DIGITS: usize = 3;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&FACILITY, &SEVERITY, &TEXT].into_iter()
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("syslog", header.claimed());
    let bytes = header.rest(0);
    let start = match priority(bytes) {
        Some((value, size)) => {
            let place = bits(0, size as u32 * 8);
            let (facility, severity) = (value >> 3, value & 7);
            header.put(&FACILITY, place, facility.to_string(), FACILITY.word(facility).into(), 0);
            header.put(&SEVERITY, place, severity.to_string(), SEVERITY.word(severity).into(), 0);
            size
        }
        None => {
            header.refuse(&FACILITY, 0, "The message does not begin with its priority, such as <13>.");
            0
        }
    };
    if bytes.len() > start {
        header.text(&TEXT, start, bytes.len() - start, 0)?;
    }
    if header.claimed() > bytes.len() {
        header.cut(bytes.len(), header.claimed() - bytes.len());
    }
    None
}

/// The number in angle brackets that begins the message, and the bytes that it takes.
fn priority(bytes: &[u8]) -> Option<(u64, usize)> {
    let rest = bytes.strip_prefix(b"<")?;
    let digits = rest.iter().take(MAX_DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
    let value = rest.get(..digits)?.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    (digits > 0 && rest.get(digits) == Some(&b'>')).then_some((value, digits + 2))
}
