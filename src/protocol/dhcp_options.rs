//! The options of a DHCP message → one group each: kind, length, and its values (RFC 2132 and those that name others).

use super::dhcp_names::OPTIONS;
use super::dhcp_nested;
use super::dhcp_values::{self, Value};
use super::field::{COMPUTED, Field, Show, bits, field};
use super::header::Header;

const SPEC: &str = "RFC 2132 §2";

static TYPE: Field = field("dhcp.option.type", "Option", COMPUTED, Show::Dec, SPEC).words(OPTIONS);
static LENGTH: Field = field("dhcp.option.length", "Length", COMPUTED, Show::Dec, SPEC);
static VALUE: Field = field("dhcp.option.value", "Value", COMPUTED, Show::Bytes, SPEC);
static PADDING: Field = field("dhcp.option.padding", "Padding", COMPUTED, Show::Bytes, "RFC 2132 §3.1");
static END: Field = field("dhcp.option.end", "End of options", COMPUTED, Show::Dec, "RFC 2132 §3.2");

const PAD: u8 = 0;
const END_OPTION: u8 = 255;
const OVERLOAD: u8 = 52;
/// Where the two names of the fixed header begin, and their bytes.
pub(super) const NAME: (usize, usize) = (44, 64);
pub(super) const FILE: (usize, usize) = (108, 128);

/// Which of the two names hold options instead (RFC 2132 §9.3).
#[derive(Clone, Copy, Default)]
pub(super) struct Overload {
    pub file: bool,
    pub server: bool,
}

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&TYPE, &LENGTH, &VALUE, &PADDING, &END].into_iter().chain(dhcp_values::fields()).chain(dhcp_nested::fields())
}

/// Looks ahead for the option that gives the names to options.
pub(super) fn overload(options: &[u8]) -> Overload {
    let mut rest = options;
    while let [kind, tail @ ..] = rest {
        rest = match (*kind, tail) {
            (END_OPTION, _) => break,
            (PAD, tail) => tail,
            (OVERLOAD, [1, which, ..]) => return Overload { file: which & 1 != 0, server: which & 2 != 0 },
            (_, [len, tail @ ..]) => tail.get(usize::from(*len)..).unwrap_or(&[]),
            _ => break,
        };
    }
    Overload::default()
}

/// Reads options from one offset to another, until their end is marked. Each takes at least a byte, so they are bounded.
pub(super) fn decode(header: &mut Header, from: usize, to: usize, depth: u8) -> Option<()> {
    let to = to.min(header.claimed());
    let mut at = from;
    while at < to {
        let Some(kind) = header.u8(at) else {
            header.cut(at, 1);
            return None;
        };
        match kind {
            END_OPTION => {
                header.at(&END, at, 1, depth)?;
                pad(header, at + 1, to, depth);
                return Some(());
            }
            PAD => {
                let zeros = header.rest(at).iter().take(to - at).take_while(|byte| **byte == PAD).count();
                header.at(&TYPE, at, 1, depth)?;
                header.at(&PADDING, at, zeros, depth + 1)?;
                at += zeros;
            }
            _ => at = option(header, kind, at, to, depth)?,
        }
    }
    Some(())
}

/// What stands behind the end fills the message up.
fn pad(header: &mut Header, from: usize, to: usize, depth: u8) {
    let len = header.rest(from).len().min(to - from);
    if len > 0 {
        header.at(&PADDING, from, len, depth);
    }
}

/// Reads the option at an offset and says where the next one begins.
fn option(header: &mut Header, kind: u8, at: usize, to: usize, depth: u8) -> Option<usize> {
    let Some(len) = header.u8(at + 1).filter(|_| at + 1 < to) else {
        header.cut(at, 2);
        return None;
    };
    let (from, len) = (at + 2, usize::from(len));
    let there = len.min(header.rest(from).len()).min(to.saturating_sub(from));
    let place = bits(at as u32 * 8, (2 + there) as u32 * 8);
    header.put(&TYPE, place, kind.to_string(), TYPE.word(kind.into()).into(), depth);
    header.at(&LENGTH, at + 1, 1, depth + 1)?;
    if there < len {
        header.claims(&LENGTH, from, len);
        return None;
    }
    if !dhcp_nested::decode(header, kind, from, len, depth + 1) {
        match dhcp_values::of(kind) {
            Some(value) => plain(header, value, from, len, depth + 1),
            None if len > 0 => drop(header.at(&VALUE, from, len, depth + 1)),
            None => {}
        }
    }
    // Options in the place of the names are no place for another such option.
    if kind == OVERLOAD && depth == 0 {
        let which = header.u8(from).unwrap_or(0);
        for (_, (start, size)) in [(2, NAME), (1, FILE)].into_iter().filter(|(bit, _)| which & bit != 0) {
            decode(header, start, start + size, depth + 1)?;
        }
    }
    Some(from + len)
}

/// Reads a value, or a list of them; one of the wrong size is shown as bytes.
fn plain(header: &mut Header, value: &'static Value, at: usize, len: usize, depth: u8) {
    let unit = value.row.bits.len as usize / 8;
    if unit == 0 {
        header.text(&value.row, at, len, depth);
    } else if len == unit || (value.list && len > 0 && len.is_multiple_of(unit)) {
        for place in (at..at + len).step_by(unit) {
            header.at(&value.row, place, unit, depth);
        }
    } else {
        header.at(&VALUE, at, len, depth);
        header.refuse(&LENGTH, at, format!("{}: a value of {len} bytes has the wrong size.", value.row.key));
    }
}
