//! A segment of a TELNET stream → the text that is typed, and commands and options in between (RFC 854, RFC 855).

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::{Header, Step};
use super::lines::{lines, text};

static COMMAND: Field = field("telnet.cmd", "Command", COMPUTED, Show::Dec, "RFC 854").words(COMMANDS);
static OPTION: Field = field("telnet.subcmd", "Option", COMPUTED, Show::Dec, "RFC 855").words(OPTIONS);
static WIDTH: Field = field("telnet.naws_subopt.width", "Columns", COMPUTED, Show::Dec, "RFC 1073");
static HEIGHT: Field = field("telnet.naws_subopt.height", "Rows", COMPUTED, Show::Dec, "RFC 1073");
static VALUE: Field = field("telnet.string_subopt.value", "Value", COMPUTED, Show::Text, "RFC 1091");
static FLOW: Field =
    field("telnet.rfc_subopt.cmd", "Flow control", COMPUTED, Show::Dec, "RFC 1372").words(FLOW_COMMANDS);
static ENCRYPT: Field = field("telnet.enc.cmd", "Encryption", COMPUTED, Show::Dec, "RFC 2946").words(ENCRYPT_COMMANDS);
static OPTION_DATA: Field = field("telnet.option_data", "Option's data", COMPUTED, Show::Bytes, "RFC 855");
static DATA: Field = field("telnet.data", "Text", COMPUTED, Show::Text, "RFC 854");

const COMMANDS: Words = words![
    (236, "end of file"),
    (237, "suspend"),
    (238, "abort"),
    (239, "end of record"),
    (240, "SE, end of suboption"),
    (241, "no operation"),
    (242, "data mark"),
    (243, "break"),
    (244, "interrupt process"),
    (245, "abort output"),
    (246, "are you there?"),
    (247, "erase character"),
    (248, "erase line"),
    (249, "go ahead"),
    (250, "SB, suboption"),
    (251, "WILL"),
    (252, "WON'T"),
    (253, "DO"),
    (254, "DON'T"),
    (255, "IAC, the byte 255 itself"),
];
/// IANA TELNET options.
const OPTIONS: Words = words![
    (0, "binary transmission"),
    (1, "echo"),
    (3, "suppress go ahead"),
    (5, "status"),
    (6, "timing mark"),
    (18, "logout"),
    (23, "send location"),
    (24, "terminal type"),
    (25, "end of record"),
    (31, "window size"),
    (32, "terminal speed"),
    (33, "remote flow control"),
    (34, "line mode"),
    (35, "X display location"),
    (36, "environment"),
    (37, "authentication"),
    (38, "encryption"),
    (39, "new environment"),
    (42, "character set"),
    (44, "serial port control"),
    (46, "start TLS"),
];
const FLOW_COMMANDS: Words = words![(0, "off"), (1, "on"), (2, "restart by any key"), (3, "restart by XON")];
const ENCRYPT_COMMANDS: Words = words![
    (0, "is"),
    (1, "support"),
    (2, "reply"),
    (3, "start"),
    (4, "end"),
    (5, "request start"),
    (6, "request end"),
    (7, "encryption key id"),
    (8, "decryption key id"),
];

const SE: u8 = 240;
const SB: u8 = 250;
const WILL: u8 = 251;
const DONT: u8 = 254;
const IAC: u8 = 255;
/// Commands of one segment that are taken apart.
const MAX_COMMANDS: usize = 512;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&COMMAND, &OPTION, &WIDTH, &HEIGHT, &VALUE, &FLOW, &ENCRYPT, &OPTION_DATA, &DATA].into_iter()
}

/// Whether this begins with two negotiations of options.
pub(super) fn knows(bytes: &[u8]) -> bool {
    matches!(bytes, [IAC, WILL..=DONT, 0..=49, IAC, SB..=DONT, 0..=49, ..] | [IAC, WILL..=DONT, 0..=49])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("telnet", header.claimed());
    let mut at = 0;
    for _ in 0..MAX_COMMANDS {
        let bytes = header.rest(at);
        if bytes.is_empty() {
            break;
        }
        let typed = bytes.iter().position(|byte| *byte == IAC).unwrap_or(bytes.len());
        let spoken = bytes.get(..typed)?;
        for line in lines(spoken) {
            let place = bits((at + line.start) as u32 * 8, line.bits().len);
            let shown = line.whole(spoken).split(|byte| *byte == 0).next().unwrap_or_default();
            header.put(&DATA, place, text(shown), String::new(), 0);
        }
        at += typed;
        if typed < bytes.len() {
            at = command(header, at)?;
        }
    }
    if header.have() < header.claimed() {
        header.cut(header.have(), header.claimed() - header.have());
    }
    None
}

/// Reads the command behind the IAC at an offset, and says where the next byte is.
fn command(header: &mut Header, at: usize) -> Option<usize> {
    let code = header.at(&COMMAND, at + 1, 1, 0)? as u8;
    if !(SB..=DONT).contains(&code) {
        return Some(at + 2);
    }
    let option = header.at(&OPTION, at + 2, 1, 0)? as u8;
    if code != SB {
        return Some(at + 3);
    }
    let bytes = header.rest(at + 3);
    let end = bytes.windows(2).position(|pair| pair == [IAC, SE]);
    if end.is_none() && header.have() == header.claimed() {
        header.refuse(&OPTION, at + 3, "The suboption has no end: IAC SE is missing.");
    }
    let len = end.unwrap_or(bytes.len());
    suboption(header, option, at + 3, len)?;
    Some(at + 3 + len)
}

fn suboption(header: &mut Header, option: u8, at: usize, len: usize) -> Option<()> {
    match (option, len) {
        (_, 0) => {}
        (31, 4) => {
            header.at(&WIDTH, at, 2, 1)?;
            header.at(&HEIGHT, at + 2, 2, 1)?;
        }
        (24 | 35, _) => {
            let sent = header.at(&OPTION, at, 1, 1)? == 0;
            header.means(if sent { "is" } else { "send it" });
            if sent && len > 1 {
                header.at(&VALUE, at + 1, len - 1, 1)?;
            }
        }
        (33, 1) => drop(header.at(&FLOW, at, 1, 1)?),
        (38, _) => {
            header.at(&ENCRYPT, at, 1, 1)?;
            if len > 1 {
                header.at(&OPTION_DATA, at + 1, len - 1, 1)?;
            }
        }
        _ => drop(header.at(&OPTION_DATA, at, len, 1)?),
    }
    Some(())
}
