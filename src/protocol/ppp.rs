//! A PPP frame → which protocol it carries, behind HDLC's address and control where they were not agreed away (RFC 1661 §2, RFC 1662).

use super::field::{COMPUTED, Field, Show, field};
use super::header::{Header, Next, Step};

static ADDRESS: Field = field("ppp.address", "Address", COMPUTED, Show::Hex(2), "RFC 1662 §3.1");
static CONTROL: Field = field("ppp.control", "Control", COMPUTED, Show::Hex(2), "RFC 1662 §3.1");
static PROTOCOL: Field =
    field("ppp.protocol", "Protocol", COMPUTED, Show::Hex(4), "RFC 1661 §2").words(super::PPP_PROTOCOLS);

const ALL_STATIONS: u8 = 0xff;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&ADDRESS, &CONTROL, &PROTOCOL].into_iter()
}

/// PPP by itself: as in PPPoE and in captures that begin at the protocol.
pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("ppp", 2);
    let mut at = 0;
    if header.u8(0) == Some(ALL_STATIONS) {
        header.is("ppp", 4);
        header.at(&ADDRESS, 0, 1, 0)?;
        header.at(&CONTROL, 1, 1, 0)?;
        at = 2;
    }
    // An odd byte is the last one of a number: that is how one byte can be saved (RFC 1661 §6.5).
    let size = if header.u8(at).is_some_and(|byte| byte & 1 == 1) { 1 } else { 2 };
    header.is("ppp", at + size);
    let protocol = header.at(&PROTOCOL, at, size, 0)? as u16;
    header.then(Next::PppProtocol(protocol), at + size)
}
