//! The oldest services for trying a network → what they carry: echo (RFC 862), daytime (RFC 867), chargen (RFC 864).

use super::field::{COMPUTED, Field, Show, field};
use super::header::{Header, Step};

static ECHO: Field = field("echo.data", "Data", COMPUTED, Show::Bytes, "RFC 862");
static DAYTIME: Field = field("daytime.string", "Date and time", COMPUTED, Show::Text, "RFC 867");
static CHARACTERS: Field = field("chargen.data", "Characters", COMPUTED, Show::Text, "RFC 864");

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&ECHO, &DAYTIME, &CHARACTERS].into_iter()
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    let len = begin(header, "echo");
    header.at(&ECHO, 0, len, 0)?;
    None
}

/// What the client sends does not matter and is not looked at; the answer is text.
pub(super) fn daytime(header: &mut Header) -> Option<Step> {
    let len = begin(header, "daytime");
    header.text(&DAYTIME, 0, len, 0)?;
    None
}

pub(super) fn chargen(header: &mut Header) -> Option<Step> {
    let len = begin(header, "chargen");
    header.put(&CHARACTERS, super::field::bits(0, len as u32 * 8), "Data".to_string(), String::new(), 0);
    None
}

/// Names the layer and answers how many bytes of it are at hand.
fn begin(header: &mut Header, protocol: &'static str) -> usize {
    header.is(protocol, header.claimed());
    if header.claimed() > header.have() {
        header.cut(header.have(), header.claimed() - header.have());
    }
    header.have()
}
