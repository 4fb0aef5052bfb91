//! Lines of an SMTP connection → commands, answers, and the lines of a mail (RFC 5321).

use super::field::{COMPUTED, Field, Show, Words, field, words};
use super::header::{Header, Step};
use super::lines::{Line, Word, lines, text};

static REQUEST: Field = field("smtp.req", "Request", COMPUTED, Show::Flag, "RFC 5321 §2.3.7");
static RESPONSE: Field = field("smtp.rsp", "Response", COMPUTED, Show::Flag, "RFC 5321 §2.3.7");
static COMMAND_LINE: Field = field("smtp.command_line", "Command line", COMPUTED, Show::Text, "RFC 5321 §4.1.1");
static COMMAND: Field = field("smtp.req.command", "Command", COMPUTED, Show::Text, "RFC 5321 §4.1.1");
static PARAMETER: Field = field("smtp.req.parameter", "Parameter", COMPUTED, Show::Text, "RFC 5321 §4.1.1");
static REPLY_LINE: Field = field("smtp.response", "Reply line", COMPUTED, Show::Text, "RFC 5321 §4.2");
static CODE: Field = field("smtp.response.code", "Reply code", COMPUTED, Show::Dec, "RFC 5321 §4.2.2").words(CODES);
static REPLY: Field = field("smtp.rsp.parameter", "Reply text", COMPUTED, Show::Text, "RFC 5321 §4.2");
static MESSAGE: Field = field("smtp.message", "Line of the mail", COMPUTED, Show::Text, "RFC 5321 §4.1.1.4");
static END: Field = field("smtp.eom", "End of the mail", COMPUTED, Show::None, "RFC 5321 §4.1.1.4");

const CODES: Words = words![
    (211, "system status"),
    (214, "help"),
    (220, "service ready"),
    (221, "closes the connection"),
    (235, "authentication succeeded"),
    (250, "done"),
    (251, "user not local, will forward"),
    (252, "cannot verify, will try"),
    (334, "goes on with authentication"),
    (354, "start the mail"),
    (421, "service not available"),
    (450, "mailbox not available now"),
    (451, "local error"),
    (452, "no room"),
    (454, "TLS not available"),
    (500, "syntax error"),
    (501, "syntax error in parameters"),
    (502, "command not implemented"),
    (503, "bad sequence of commands"),
    (504, "parameter not implemented"),
    (530, "needs authentication"),
    (535, "authentication failed"),
    (550, "mailbox not available"),
    (551, "user not local"),
    (552, "too much to store"),
    (553, "mailbox name not allowed"),
    (554, "transaction failed"),
];
const COMMANDS: [&str; 20] = [
    "HELO", "EHLO", "MAIL", "RCPT", "DATA", "RSET", "VRFY", "EXPN", "HELP", "NOOP", "QUIT", "AUTH", "STARTTLS", "BDAT",
    "ETRN", "TURN", "SEND", "SOML", "SAML", "LHLO",
];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let rows = [&REQUEST, &RESPONSE, &COMMAND_LINE, &COMMAND, &PARAMETER, &REPLY_LINE, &CODE, &REPLY, &MESSAGE, &END];
    rows.into_iter()
}

/// Whether a server greets like this, or a client says who it is.
pub(super) fn knows(bytes: &[u8]) -> bool {
    let Some(line) = lines(bytes).next().filter(|line| line.text.len() < line.next) else { return false };
    let greets = |code: &[u8]| line.text.starts_with(code) && line.text.windows(4).any(|word| word == b"SMTP");
    greets(b"220 ") || greets(b"220-") || line.text.starts_with(b"EHLO ") || line.text.starts_with(b"HELO ")
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("smtp", header.claimed());
    let bytes = header.rest(0);
    let first = lines(bytes).next()?;
    if code(&first).is_some() {
        replies(header, bytes);
    } else if is_command(&first) {
        commands(header, bytes);
    } else {
        mail(header, bytes, 0);
    }
    if header.have() < header.claimed() {
        header.cut(header.have(), header.claimed() - header.have());
    }
    None
}

/// Three digits, and a hyphen where more lines follow.
fn code<'a>(line: &Line<'a>) -> Option<(Word<'a>, u64)> {
    let word = Word { text: line.text.get(..3)?, start: line.start };
    let number = word.number().filter(|_| matches!(line.text.get(3), None | Some(b' ' | b'-')))?;
    Some((word, number))
}

fn is_command(line: &Line) -> bool {
    let word = line.split().0.text;
    COMMANDS.iter().any(|command| word.eq_ignore_ascii_case(command.as_bytes()))
}

fn replies(header: &mut Header, bytes: &[u8]) {
    header.generate(&RESPONSE, 1, 0);
    for (place, line) in lines(bytes).enumerate() {
        let Some((word, number)) = code(&line) else {
            return header.refuse(&CODE, line.start, "This line of an answer has no code.");
        };
        if place == 0 {
            header.put(&REPLY_LINE, line.bits(), text(line.whole(bytes)), String::new(), 0);
            header.put(&CODE, word.bits(), number.to_string(), CODE.word(number).to_string(), 1);
        }
        let rest = Word { text: line.text.get(4..).unwrap_or_default(), start: line.start + 4 };
        if !rest.text.is_empty() {
            header.put(&REPLY, rest.bits(), text(rest.text), String::new(), 1);
        }
    }
}

fn commands(header: &mut Header, bytes: &[u8]) {
    for line in lines(bytes) {
        if line.text.len() == line.next - line.start && header.have() == header.claimed() {
            header.refuse(&COMMAND_LINE, line.start, "The line has no end: CR LF is missing.");
        }
        let (command, rest) = line.split();
        header.generate(&REQUEST, 1, 0);
        header.put(&COMMAND_LINE, line.bits(), text(line.whole(bytes)), String::new(), 0);
        header.put(&COMMAND, command.bits(), text(command.text), String::new(), 1);
        if !rest.text.is_empty() {
            header.put(&PARAMETER, rest.bits(), text(rest.text), String::new(), 1);
        }
        if command.text.eq_ignore_ascii_case(b"BDAT") {
            return mail(header, bytes, line.next);
        }
    }
}

/// The lines of a mail from an offset on; one with a dot alone ends it.
fn mail(header: &mut Header, bytes: &[u8], from: usize) {
    for line in lines(bytes).filter(|line| line.start >= from) {
        if line.text == b"." && line.next > line.start + 1 {
            header.put(&END, line.bits(), String::new(), String::new(), 0);
        } else {
            header.put(&MESSAGE, line.bits(), text(line.text), String::new(), 0);
        }
    }
}
