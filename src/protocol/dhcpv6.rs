//! A DHCPv6 message (RFC 8415 §8, §9) → its head and its options, which may hold options or a relayed message in turn.

use super::dhcpv6_options;
use super::field::{Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Place, Step};

static TYPE: Field = field("dhcpv6.msgtype", "Message type", bits(0, 8), Show::Dec, "RFC 8415 §7.3").words(MESSAGES);
static ID: Field = field("dhcpv6.xid", "Transaction ID", bits(8, 24), Show::Hex(6), "RFC 8415 §8");
static RELAY: [Field; 3] = [
    field("dhcpv6.hopcount", "Hop count", bits(8, 8), Show::Dec, "RFC 8415 §9.1"),
    field("dhcpv6.linkaddr", "Link address", bits(16, 128), Show::Ipv6, "RFC 8415 §9.1"),
    field("dhcpv6.peeraddr", "Peer address", bits(144, 128), Show::Ipv6, "RFC 8415 §9.1"),
];
const _: () = assert!(tiles(&RELAY, 8, 272));

const MESSAGES: Words = words![
    (1, "Solicit"),
    (2, "Advertise"),
    (3, "Request"),
    (4, "Confirm"),
    (5, "Renew"),
    (6, "Rebind"),
    (7, "Reply"),
    (8, "Release"),
    (9, "Decline"),
    (10, "Reconfigure"),
    (11, "Information-request"),
    (12, "Relay-forward"),
    (13, "Relay-reply"),
    (14, "Leasequery"),
    (15, "Leasequery-reply"),
    (16, "Leasequery-done"),
    (17, "Leasequery-data"),
    (20, "DHCPv4-query"),
    (21, "DHCPv4-response"),
];
const RELAY_FORWARD: u64 = 12;
const RELAY_REPLY: u64 = 13;
const HEAD: usize = 4;
const RELAY_HEAD: usize = 34;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [&TYPE, &ID].into_iter().chain(&RELAY).chain(dhcpv6_options::fields())
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("dhcpv6", header.claimed());
    let kind = header.row(&TYPE, 0)?;
    let options = if matches!(kind, RELAY_FORWARD | RELAY_REPLY) {
        header.rows(&RELAY, 0)?;
        RELAY_HEAD
    } else {
        header.row(&ID, 0)?;
        HEAD
    };
    // What a relay passes on is a message of its own, as often as there were relays.
    for (from, to) in dhcpv6_options::decode(header, kind, options, header.claimed(), 0)? {
        let place = Place { start: header.place.start + from, end: header.place.start + to, ..header.place };
        header.also(Next::Same, place);
    }
    None
}
