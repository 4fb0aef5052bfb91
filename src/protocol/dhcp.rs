//! A DHCP message (RFC 2131 §2), or one of BOOTP (RFC 951) → the fixed header and its options.

use super::dhcp_options::{self, FILE, NAME};
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Step};
use super::names::HARDWARE;

const SPEC: &str = "RFC 2131 §2";

static HEADER: [Field; 15] = [
    field("dhcp.type", "Message type", bits(0, 8), Show::Dec, SPEC).words(OPERATIONS),
    field("dhcp.hw.type", "Hardware type", bits(8, 8), Show::Hex(2), SPEC).words(HARDWARE),
    field("dhcp.hw.len", "Hardware address length", bits(16, 8), Show::Dec, SPEC),
    field("dhcp.hops", "Hops", bits(24, 8), Show::Dec, SPEC),
    field("dhcp.id", "Transaction ID", bits(32, 32), Show::Hex(8), SPEC),
    field("dhcp.secs", "Seconds elapsed", bits(64, 16), Show::Dec, SPEC),
    field("dhcp.flags", "Flags", bits(80, 16), Show::Hex(4), SPEC),
    field("dhcp.ip.client", "Client address", bits(96, 32), Show::Ipv4, SPEC),
    field("dhcp.ip.your", "Your address", bits(128, 32), Show::Ipv4, SPEC),
    field("dhcp.ip.server", "Next server address", bits(160, 32), Show::Ipv4, SPEC),
    field("dhcp.ip.relay", "Relay agent address", bits(192, 32), Show::Ipv4, SPEC),
    field("dhcp.hw.mac_addr", "Client MAC address", bits(224, 48), Show::Mac, SPEC),
    field("dhcp.hw.addr_padding", "Address padding", bits(272, 80), Show::Bytes, SPEC),
    field("dhcp.server", "Server host name", bits(352, 512), Show::Text, SPEC),
    field("dhcp.file", "Boot file name", bits(864, 1024), Show::Text, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 236 * 8));

static FLAGS: [Field; 2] = [
    field("dhcp.flags.bc", "Broadcast", bits(80, 1), Show::Flag, SPEC).words(words![(0, "unicast"), (1, "broadcast")]),
    field("dhcp.flags.reserved", "Reserved", bits(81, 15), Show::Hex(4), SPEC),
];
const _: () = assert!(tiles(&FLAGS, 80, 96));

/// In the place of the MAC address and its padding, where the hardware is no Ethernet.
static HARDWARE_ADDRESS: Field = field("dhcp.hw.addr", "Hardware address", COMPUTED, Show::Bytes, SPEC);
static COOKIE: Field = field("dhcp.cookie", "Magic cookie", COMPUTED, Show::Ipv4, "RFC 2131 §3");

const OPERATIONS: Words = words![(1, "request"), (2, "reply")];
const SIZE: usize = 236;
const HARDWARE_AT: usize = 28;
const HARDWARE_ROOM: usize = 16;
const ETHERNET: (u8, u8) = (1, 6);
/// RFC 2131 §3: these four bytes say that options follow.
const MAGIC: [u8; 4] = [99, 130, 83, 99];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain(&FLAGS).chain([&HARDWARE_ADDRESS, &COOKIE]).chain(dhcp_options::fields())
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("dhcp", header.claimed());
    let (start, rest) = HEADER.split_at(6);
    header.rows(start, 0)?;
    let [flags, addresses @ .., mac, padding, server, file] = rest else { return None };
    header.row(flags, 0)?;
    header.rows(&FLAGS, 1)?;
    for row in addresses {
        header.row(row, 0)?;
    }
    hardware(header, mac, padding)?;
    let overload = dhcp_options::overload(header.rest(SIZE + MAGIC.len()));
    if !overload.server {
        header.text(server, NAME.0, NAME.1, 0)?;
    }
    if !overload.file {
        header.text(file, FILE.0, FILE.1, 0)?;
    }
    // BOOTP may end here, or carry another vendor's bytes that no RFC describes.
    if header.array(SIZE) != Some(MAGIC) {
        if header.claimed() > SIZE && header.have() < SIZE + MAGIC.len() {
            header.cut(SIZE, MAGIC.len());
        }
        return None;
    }
    header.at(&COOKIE, SIZE, MAGIC.len(), 0)?;
    dhcp_options::decode(header, SIZE + MAGIC.len(), header.claimed(), 0)?;
    None
}

/// The client's address takes 16 bytes, of which Ethernet uses 6.
fn hardware(header: &mut Header, mac: &'static Field, padding: &'static Field) -> Option<()> {
    let kind = (header.u8(1)?, header.u8(2)?);
    let len = usize::from(kind.1);
    if kind == ETHERNET {
        header.row(mac, 0)?;
        header.row(padding, 0)?;
    } else if len > 0 && len <= HARDWARE_ROOM {
        header.at(&HARDWARE_ADDRESS, HARDWARE_AT, len, 0)?;
        if len < HARDWARE_ROOM {
            header.at(padding, HARDWARE_AT + len, HARDWARE_ROOM - len, 0)?;
        }
    }
    Some(())
}
