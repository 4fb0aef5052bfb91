//! A TFTP message (RFC 1350 §5) → operation, names, options (RFC 2347), block numbers and errors.

use super::field::{COMPUTED, Field, Show, Words, field, words};
use super::header::{Header, Next, Step};

const SPEC: &str = "RFC 1350 §5";

static OPERATION: Field = field("tftp.opcode", "Operation", COMPUTED, Show::Dec, SPEC).words(OPERATIONS);
static SOURCE: Field = field("tftp.source_file", "File to read", COMPUTED, Show::Text, SPEC);
static DESTINATION: Field = field("tftp.destination_file", "File to write", COMPUTED, Show::Text, SPEC);
static MODE: Field = field("tftp.type", "Mode", COMPUTED, Show::Text, SPEC);
static OPTION_NAME: Field = field("tftp.option.name", "Option name", COMPUTED, Show::Text, "RFC 2347");
static OPTION_VALUE: Field = field("tftp.option.value", "Option value", COMPUTED, Show::Text, "RFC 2347");
static BLOCK: Field = field("tftp.block", "Block", COMPUTED, Show::Dec, SPEC);
static ERROR: Field = field("tftp.error.code", "Error code", COMPUTED, Show::Dec, SPEC).words(ERRORS);
static ERROR_TEXT: Field = field("tftp.error.message", "Error message", COMPUTED, Show::Text, SPEC);

const OPERATIONS: Words = words![
    (1, "read request"),
    (2, "write request"),
    (3, "data"),
    (4, "acknowledgement"),
    (5, "error"),
    (6, "option acknowledgement"),
];
const ERRORS: Words = words![
    (0, "see the message"),
    (1, "file not found"),
    (2, "access violation"),
    (3, "disk full"),
    (4, "illegal operation"),
    (5, "unknown transfer"),
    (6, "file exists"),
    (7, "no such user"),
    (8, "option refused"),
];
const HEAD: usize = 4;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let rows = [&OPERATION, &SOURCE, &DESTINATION, &MODE, &OPTION_NAME, &OPTION_VALUE, &BLOCK, &ERROR, &ERROR_TEXT];
    rows.into_iter()
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("tftp", header.claimed());
    match header.at(&OPERATION, 0, 2, 0)? {
        kind @ 1..=2 => {
            let at = text(header, if kind == 1 { &SOURCE } else { &DESTINATION }, 2)?;
            let at = text(header, &MODE, at)?;
            options(header, at)
        }
        3 => {
            header.at(&BLOCK, 2, 2, 0)?;
            header.is("tftp", HEAD);
            header.then(Next::Data, HEAD)
        }
        4 => {
            header.at(&BLOCK, 2, 2, 0)?;
            None
        }
        5 => {
            header.at(&ERROR, 2, 2, 0)?;
            text(header, &ERROR_TEXT, HEAD)?;
            None
        }
        6 => options(header, 2),
        _ => {
            header.refuse(&OPERATION, 0, "There is no such operation.");
            None
        }
    }
}

fn options(header: &mut Header, from: usize) -> Option<Step> {
    let mut at = from;
    while at < header.claimed() {
        at = text(header, &OPTION_NAME, at)?;
        at = text(header, &OPTION_VALUE, at)?;
    }
    None
}

/// Text up to a zero byte; answers what comes behind it.
fn text(header: &mut Header, row: &'static Field, at: usize) -> Option<usize> {
    let Some(len) = header.rest(at).iter().position(|byte| *byte == 0) else {
        header.cut(at, header.rest(at).len() + 1);
        return None;
    };
    header.text(row, at, len + 1, 0)?;
    Some(at + len + 1)
}
