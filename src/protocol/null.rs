//! The four bytes before a packet on a BSD loopback → its address family (LINKTYPE_NULL and LINKTYPE_LOOP).

use super::field::{Field, Show, bits, field, words};
use super::header::{Header, Next, Step};

static FAMILY: Field =
    field("null.family", "Family", bits(0, 32), Show::Dec, "tcpdump.org LINKTYPE_NULL").words(FAMILIES);

/// `AF_INET` is 2 everywhere; every system has its own `AF_INET6`.
const FAMILIES: super::field::Words = words![
    (2, "IPv4"),
    (10, "IPv6 (Linux)"),
    (23, "IPv6 (Windows)"),
    (24, "IPv6 (NetBSD, OpenBSD)"),
    (28, "IPv6 (FreeBSD)"),
    (30, "IPv6 (macOS)"),
];

const SIZE: usize = 4;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&FAMILY].into_iter()
}

/// `LINKTYPE_NULL`: in the byte order of the host that captured.
pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("null", SIZE);
    let big = header.row(&FAMILY, 0)? as u32;
    // Families are small numbers, so a value above 65535 was written by a host of the other byte order.
    let family = if big > 0xffff { big.swap_bytes() } else { big };
    if let Some(found) = header.layer.found.last_mut() {
        found.show = family.to_string();
    }
    header.means(FAMILY.word(family.into()));
    after(header, family)
}

/// `LINKTYPE_LOOP`: in network byte order.
pub(super) fn decode_loop(header: &mut Header) -> Option<Step> {
    header.is("null", SIZE);
    let family = header.row(&FAMILY, 0)? as u32;
    after(header, family)
}

fn after(header: &Header, family: u32) -> Option<Step> {
    let known = !FAMILY.word(family.into()).is_empty();
    header.then(if known { Next::IpVersion } else { Next::Data }, SIZE)
}
