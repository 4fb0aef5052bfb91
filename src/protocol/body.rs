//! What a message carries → its lines where it is text, its bytes where it is some other medium (RFC 2046).

use super::field::{COMPUTED, Field, Show, field};
use super::header::{Header, Step};
use super::lines::{lines, text};

static LINE: Field = field("data-text-lines.line", "Line", COMPUTED, Show::Text, "RFC 2046 §4.1");
static MEDIUM: Field = field("media.type", "Media", COMPUTED, Show::Bytes, "RFC 2046 §4");

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&LINE, &MEDIUM].into_iter()
}

/// A field for each line, without its end.
pub(super) fn decode_text(header: &mut Header) -> Option<Step> {
    let bytes = header.rest(0);
    header.is("data-text-lines", header.claimed());
    for line in lines(bytes) {
        header.put(&LINE, line.bits(), text(line.text), String::new(), 0);
    }
    whole(header)
}

pub(super) fn decode_media(header: &mut Header) -> Option<Step> {
    header.is("media", header.claimed());
    let here = header.have();
    if here > 0 {
        header.at(&MEDIUM, 0, here, 0)?;
    }
    whole(header)
}

/// Says what of the body was not captured.
fn whole(header: &mut Header) -> Option<Step> {
    if header.have() < header.claimed() {
        header.cut(0, header.claimed());
    }
    None
}
