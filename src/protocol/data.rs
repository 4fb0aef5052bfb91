//! Whatever no table describes → its bytes as they are.

use super::field::{COMPUTED, Field, Show, field};
use super::header::{Header, Step};

static DATA: Field = field("data.data", "Data", COMPUTED, Show::Bytes, "no header of its own");
static LENGTH: Field = field("data.len", "Length", COMPUTED, Show::Dec, "no header of its own");

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&DATA, &LENGTH].into_iter()
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    let len = header.have();
    header.is("data", len);
    if len > 0 {
        header.at(&DATA, 0, len, 0)?;
        header.generate(&LENGTH, len, 0);
    }
    if header.claimed() > len {
        header.cut(0, header.claimed());
    }
    None
}
