//! An A-MSDU → the datagrams that were sent in one 802.11 frame, each with its own two ends (IEEE 802.11 §9.3.2.2).

use super::field::{COMPUTED, Field, Show, bits, field};
use super::header::{Header, Next, Step};

const SPEC: &str = "IEEE 802.11 §9.3.2.2";

static PART: Field = field("wlan_aggregate.a_mdsu.subframe", "Subframe", COMPUTED, Show::None, SPEC);
static DESTINATION: Field = field("wlan.da", "Destination", COMPUTED, Show::Mac, SPEC);
static SOURCE: Field = field("wlan.sa", "Source", COMPUTED, Show::Mac, SPEC);
static LENGTH: Field = field("wlan_aggregate.a_mdsu.length", "Length", COMPUTED, Show::Dec, SPEC);

const SIZE: usize = 14;
/// Datagrams in one frame that are looked at.
const MOST_PARTS: usize = 64;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&PART, &LENGTH].into_iter()
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("wlan_aggregate", header.claimed());
    let mut at = 0;
    for _ in 0..MOST_PARTS {
        if header.rest(at).is_empty() {
            header.cut(at, SIZE);
            return None;
        }
        let length = usize::from(header.u16(at + 12).unwrap_or(0));
        let there = header.rest(at).len().min(SIZE + length) as u32 * 8;
        header.put(&PART, bits(at as u32 * 8, there), String::new(), String::new(), 0);
        header.at(&DESTINATION, at, 6, 1)?;
        header.at(&SOURCE, at + 6, 6, 1)?;
        header.at(&LENGTH, at + 12, 2, 1)?;
        header.claims(&LENGTH, at + SIZE, length);
        let step = header.within_end(Next::Llc, at + SIZE, header.place.start + at + SIZE + length)?;
        header.also(step.next, step.place);
        // All but the last are filled up to four bytes.
        at = (at + SIZE + length).next_multiple_of(4);
        if at >= header.claimed() {
            break;
        }
    }
    None
}
