//! An LLDPDU → what a neighbour says of itself: its name, its port, its addresses, and what it can do (IEEE 802.1AB §8).

use super::field::{Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Step};
use super::lldp_private::{self, by_organization};
use super::x509::dotted;

const SPEC: &str = "IEEE 802.1AB §8.4";
const CHASSIS: &str = "IEEE 802.1AB §8.5.2";
const PORT: &str = "IEEE 802.1AB §8.5.3";
const ABILITIES: &str = "IEEE 802.1AB §8.5.8";
const MANAGEMENT: &str = "IEEE 802.1AB §8.5.9";

static HEAD: [Field; 2] = [
    field("lldp.tlv.type", "Type", bits(0, 7), Show::Dec, SPEC).words(TYPES),
    field("lldp.tlv.len", "Length", bits(7, 9), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&HEAD, 0, 16));

// Rows of values count from the first byte of the value; a row without length has the rest of it.
static CHASSIS_KIND: Field =
    field("lldp.chassis.subtype", "Chassis ID subtype", bits(0, 8), Show::Dec, CHASSIS).words(CHASSIS_KINDS);
static CHASSIS_IDS: [Field; 4] = [
    field("lldp.chassis.id.mac", "Chassis ID", bits(8, 48), Show::Mac, CHASSIS),
    field("lldp.chassis.id.ip4", "Chassis ID", bits(16, 32), Show::Ipv4, CHASSIS),
    field("lldp.chassis.id.ip6", "Chassis ID", bits(16, 128), Show::Ipv6, CHASSIS),
    field("lldp.chassis.id", "Chassis ID", bits(8, 0), Show::Bytes, CHASSIS),
];
static PORT_KIND: Field = field("lldp.port.subtype", "Port ID subtype", bits(0, 8), Show::Dec, PORT).words(PORT_KINDS);
static PORT_IDS: [Field; 4] = [
    field("lldp.port.id.mac", "Port ID", bits(8, 48), Show::Mac, PORT),
    field("lldp.port.id.ip4", "Port ID", bits(16, 32), Show::Ipv4, PORT),
    field("lldp.port.id.ip6", "Port ID", bits(16, 128), Show::Ipv6, PORT),
    field("lldp.port.id", "Port ID", bits(8, 0), Show::Text, PORT),
];
static FAMILY: Field =
    field("lldp.network_address.subtype", "Address family", bits(8, 8), Show::Dec, CHASSIS).words(FAMILIES);
static LIFETIME: [Field; 1] =
    [field("lldp.time_to_live", "Time to live", bits(0, 16), Show::Dec, "IEEE 802.1AB §8.5.4")];
static PORT_TEXT: [Field; 1] =
    [field("lldp.port.desc", "Port description", bits(0, 0), Show::Text, "IEEE 802.1AB §8.5.5")];
static NAME: [Field; 1] = [field("lldp.tlv.system.name", "System name", bits(0, 0), Show::Text, "IEEE 802.1AB §8.5.6")];
static SYSTEM_TEXT: [Field; 1] =
    [field("lldp.tlv.system.desc", "System description", bits(0, 0), Show::Text, "IEEE 802.1AB §8.5.7")];
static CAN: [Field; 18] = [
    field("lldp.tlv.system_cap", "Capabilities", bits(0, 16), Show::Hex(4), ABILITIES),
    flag("lldp.tlv.system_cap.other", "Other", 15, ABILITIES),
    flag("lldp.tlv.system_cap.repeater", "Repeater", 14, ABILITIES),
    flag("lldp.tlv.system_cap.bridge", "Bridge", 13, ABILITIES),
    flag("lldp.tlv.system_cap.wlan_access_pt", "Access point", 12, ABILITIES),
    flag("lldp.tlv.system_cap.router", "Router", 11, ABILITIES),
    flag("lldp.tlv.system_cap.telephone", "Telephone", 10, ABILITIES),
    flag("lldp.tlv.system_cap.docsis_cable_device", "Cable device", 9, ABILITIES),
    flag("lldp.tlv.system_cap.station_only", "Station only", 8, ABILITIES),
    field("lldp.tlv.enable_system_cap", "Enabled capabilities", bits(16, 16), Show::Hex(4), ABILITIES),
    flag("lldp.tlv.enable_system_cap.other", "Other", 31, ABILITIES),
    flag("lldp.tlv.enable_system_cap.repeater", "Repeater", 30, ABILITIES),
    flag("lldp.tlv.enable_system_cap.bridge", "Bridge", 29, ABILITIES),
    flag("lldp.tlv.enable_system_cap.wlan_access_pt", "Access point", 28, ABILITIES),
    flag("lldp.tlv.enable_system_cap.router", "Router", 27, ABILITIES),
    flag("lldp.tlv.enable_system_cap.telephone", "Telephone", 26, ABILITIES),
    flag("lldp.tlv.enable_system_cap.docsis_cable_device", "Cable device", 25, ABILITIES),
    flag("lldp.tlv.enable_system_cap.station_only", "Station only", 24, ABILITIES),
];
static ADDRESS_SIZE: Field = field("lldp.mgn.address.len", "Address length", bits(0, 8), Show::Dec, MANAGEMENT);
static ADDRESS_KIND: Field =
    field("lldp.mgn.address.subtype", "Address family", bits(8, 8), Show::Dec, MANAGEMENT).words(FAMILIES);
static ADDRESSES: [Field; 3] = [
    field("lldp.mgn.addr.ip4", "Management address", bits(16, 32), Show::Ipv4, MANAGEMENT),
    field("lldp.mgn.addr.ip6", "Management address", bits(16, 128), Show::Ipv6, MANAGEMENT),
    field("lldp.mgn.addr.hex", "Management address", bits(16, 0), Show::Bytes, MANAGEMENT),
];
/// Counted from behind the address.
static INTERFACE: [Field; 3] = [
    field("lldp.mgn.interface.subtype", "Interface numbering", bits(0, 8), Show::Dec, MANAGEMENT).words(NUMBERINGS),
    field("lldp.mgn.interface.number", "Interface number", bits(8, 32), Show::Dec, MANAGEMENT),
    field("lldp.mgn.obj.len", "Object ID length", bits(40, 8), Show::Dec, MANAGEMENT),
];
static OBJECT: Field = field("lldp.mgn.obj.id", "Object ID", bits(48, 0), Show::Text, MANAGEMENT);

pub(super) const fn flag(key: &'static str, name: &'static str, at: u32, source: &'static str) -> Field {
    field(key, name, bits(at, 1), Show::Flag, source)
}

const TYPES: Words = words![
    (0, "end of LLDPDU"),
    (1, "chassis ID"),
    (2, "port ID"),
    (3, "time to live"),
    (4, "port description"),
    (5, "system name"),
    (6, "system description"),
    (7, "system capabilities"),
    (8, "management address"),
    (127, "organization specific"),
];
const CHASSIS_KINDS: Words = words![
    (1, "chassis component"),
    (2, "interface alias"),
    (3, "port component"),
    (4, "MAC address"),
    (5, "network address"),
    (6, "interface name"),
    (7, "locally assigned"),
];
const PORT_KINDS: Words = words![
    (1, "interface alias"),
    (2, "port component"),
    (3, "MAC address"),
    (4, "network address"),
    (5, "interface name"),
    (6, "agent circuit ID"),
    (7, "locally assigned"),
];
/// IANA's address family numbers, as far as they are met.
const FAMILIES: Words = words![(1, "IPv4"), (2, "IPv6"), (6, "MAC address"), (16, "DNS name")];
const NUMBERINGS: Words = words![(1, "unknown"), (2, "interface index"), (3, "system port number")];

const HEAD_SIZE: usize = 2;
const END: u64 = 0;
/// Where an object's name begins behind a management address.
const OBJECT_AT: usize = 6;
const LAST_MANDATORY: u64 = 3;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let single = [&CHASSIS_KIND, &PORT_KIND, &FAMILY, &ADDRESS_SIZE, &ADDRESS_KIND, &OBJECT];
    let tables: [&'static [Field]; 9] =
        [&HEAD, &CHASSIS_IDS, &PORT_IDS, &LIFETIME, &PORT_TEXT, &NAME, &SYSTEM_TEXT, &CAN, &ADDRESSES];
    tables.into_iter().flatten().chain(single).chain(&INTERFACE).chain(lldp_private::fields())
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("lldp", header.claimed());
    let [kind, length] = &HEAD;
    let (mut at, mut number) = (0, 0);
    while at < header.claimed() {
        number += 1;
        let which = header.within(kind, at, 0)?;
        // Who, where and how long come first, in this order and nowhere else (§8.2).
        let (mandatory, expected) = (which > END && which <= LAST_MANDATORY, number <= LAST_MANDATORY);
        if (mandatory || expected) && which != number {
            header.refuse(kind, at, "An LLDPDU begins with chassis, port and time to live, each of them once.");
            return None;
        }
        let size = header.within(length, at, 0)? as usize;
        at += HEAD_SIZE;
        header.claims(length, at, size);
        if at + size > header.claimed() {
            return None;
        }
        value(header, which, at, size)?;
        at += size;
        if which == END {
            break;
        }
    }
    // Behind the end is padding, which may be cut, too.
    if header.have() < header.claimed() {
        header.cut(at, header.claimed() - at);
    }
    None
}

fn value(header: &mut Header, kind: u64, at: usize, size: usize) -> Option<()> {
    match kind {
        1 => identifier(header, &CHASSIS_KIND, [4, 5], &CHASSIS_IDS, (at, size)),
        2 => identifier(header, &PORT_KIND, [3, 4], &PORT_IDS, (at, size)),
        3 => rows(header, &LIFETIME, at, size),
        4 => rows(header, &PORT_TEXT, at, size),
        5 => rows(header, &NAME, at, size),
        6 => rows(header, &SYSTEM_TEXT, at, size),
        7 => rows(header, &CAN, at, size),
        8 => management(header, at, size),
        127 => by_organization(header, at, size),
        _ => Some(()),
    }
}

/// An identifier of a chassis or port; `[mac, network]` are its kinds that are no text.
fn identifier(
    header: &mut Header,
    kind: &'static Field,
    [mac, network]: [u64; 2],
    ids: &'static [Field; 4],
    (at, size): (usize, usize),
) -> Option<()> {
    let which = one(header, kind, at, size)?;
    let [of_mac, of_ip4, of_ip6, other] = ids;
    if which == mac {
        return one(header, of_mac, at, size).map(|_| ());
    }
    if which != network {
        one(header, other, at, size)?;
        if other.show == Show::Bytes {
            // Text as a rule, which tshark shows as bytes.
            let text = String::from_utf8_lossy(header.bytes(at + 1, size - 1).unwrap_or_default()).into_owned();
            header.means(text);
        }
        return Some(());
    }
    match one(header, &FAMILY, at, size)? {
        1 => one(header, of_ip4, at, size).map(|_| ()),
        2 => one(header, of_ip6, at, size).map(|_| ()),
        _ => Some(()),
    }
}

fn management(header: &mut Header, at: usize, size: usize) -> Option<()> {
    let length = one(header, &ADDRESS_SIZE, at, size)? as usize;
    if 1 + length > size {
        return too_short(header, &ADDRESS_SIZE, at);
    }
    let [of_ip4, of_ip6, other] = &ADDRESSES;
    match one(header, &ADDRESS_KIND, at, 1 + length)? {
        1 => one(header, of_ip4, at, 1 + length)?,
        2 => one(header, of_ip6, at, 1 + length)?,
        _ => one(header, other, at, 1 + length)?,
    };
    let (at, size) = (at + 1 + length, size - 1 - length);
    rows(header, &INTERFACE, at, size)?;
    let count = if size > OBJECT_AT { usize::from(header.u8(at + OBJECT_AT - 1)?) } else { 0 };
    if count == 0 {
        return Some(());
    }
    if OBJECT_AT + count > size {
        return too_short(header, &INTERFACE[2], at);
    }
    let place = bits((at + OBJECT_AT) as u32 * 8, count as u32 * 8);
    let name = dotted(header.bytes(at + OBJECT_AT, count)?);
    header.put(&OBJECT, place, name, String::new(), 1);
    Some(())
}

/// Reads the rows of a value of `size` bytes at `at`. Later rows may be missing where the value ends before one begins: older
/// editions of a standard have fewer. A row within the one before it stands below it; one without a length of its own has the
/// rest, or as many bytes as the row before it counts.
pub(super) fn rows(header: &mut Header, rows: &'static [Field], at: usize, size: usize) -> Option<()> {
    let (mut whole, mut before): (u32, Option<(&Field, usize)>) = (0, None);
    for row in rows {
        let first = (row.bits.pos / 8) as usize;
        if whole > 0 && first >= size {
            break;
        }
        let mut end = size;
        if let Some((counter, count)) = before.filter(|(field, _)| row.bits.len == 0 && counts(field)) {
            end = first + count;
            if end > size {
                return too_short(header, counter, at);
            }
        }
        let value = read(header, row, at, end, 1 + u8::from(row.bits.pos < whole))?;
        before = Some((row, value as usize));
        whole = whole.max(row.bits.pos + row.bits.len);
    }
    Some(())
}

fn counts(field: &Field) -> bool {
    field.key.ends_with("len") || field.key.ends_with("length")
}

/// Reads one row of a value of `size` bytes at `at`.
pub(super) fn one(header: &mut Header, row: &'static Field, at: usize, size: usize) -> Option<u64> {
    read(header, row, at, size, 1)
}

fn read(header: &mut Header, row: &'static Field, at: usize, size: usize, depth: u8) -> Option<u64> {
    let first = (row.bits.pos / 8) as usize;
    if (row.bits.pos + row.bits.len).div_ceil(8) as usize > size {
        return too_short(header, &HEAD[1], at);
    }
    match (row.bits.len, row.show) {
        (0, _) if first >= size => Some(0),
        (0, Show::Text) => header.text(row, at + first, size - first, depth).map(|()| 0),
        (0, _) => header.at(row, at + first, size - first, depth),
        _ => header.within(row, at, depth),
    }
}

fn too_short<T>(header: &mut Header, length: &'static Field, at: usize) -> Option<T> {
    header.refuse(length, at, "The length leaves no room for what has to be in there.");
    None
}
