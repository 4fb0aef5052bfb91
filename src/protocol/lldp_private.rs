//! An organization's TLV of LLDP → its fields: VLANs (IEEE 802.1Q Annex D), the cable and its power (IEEE 802.3 §79), and telephones (TIA-1057).

use super::field::{Field, Show, Words, bits, field, words};
use super::header::Header;
use super::lldp::{flag, one, rows};

const SPEC: &str = "IEEE 802.1AB §8.6";
const VLAN: &str = "IEEE 802.1Q Annex D.2";
const GATHER: &str = "IEEE 802.1AX Annex F";
const PHY: &str = "IEEE 802.3 §79.3.1";
const POWER: &str = "IEEE 802.3 §79.3.2";
const FRAME: &str = "IEEE 802.3 §79.3.4";
const SAVING: &str = "IEEE 802.3 §79.3.5";
const MED: &str = "ANSI/TIA-1057 §10.2";

static ORGANIZATION: Field =
    field("lldp.orgtlv.oui", "Organization", bits(0, 24), Show::Dec, SPEC).words(ORGANIZATIONS);
/// The subtype behind the organization; which table names it depends on that.
static BRIDGES: Field = field("lldp.ieee.802_1.subtype", "Subtype", bits(24, 8), Show::Hex(2), VLAN).words(OF_BRIDGES);
static CABLES: Field = field("lldp.ieee.802_3.subtype", "Subtype", bits(24, 8), Show::Hex(2), SPEC).words(OF_CABLES);
static PHONES: Field = field("lldp.media.subtype", "Subtype", bits(24, 8), Show::Hex(2), MED).words(OF_PHONES);
static REGISTRY: Field = field("lldp.iana.subtype", "Subtype", bits(24, 8), Show::Hex(2), "RFC 8520 §11")
    .words(words![(1, "manufacturer usage description URL")]);
static OTHERS: Field = field("lldp.unknown_subtype", "Subtype", bits(24, 8), Show::Dec, SPEC);
static CONTENT: [Field; 1] = [field("lldp.unknown_subtype.content", "Content", bits(0, 0), Show::Bytes, SPEC)];

// Rows of values count from behind the subtype.
static PORT_VLAN: [Field; 1] = [field("lldp.ieee.802_1.port_vlan.id", "Port VLAN", bits(0, 16), Show::Dec, VLAN)];
static PROTOCOL_VLAN: [Field; 4] = [
    field("lldp.ieee.802_1.port_and_vlan_id_flag", "Flags", bits(0, 8), Show::Hex(2), VLAN),
    flag("lldp.ieee.802_1.port_and_vlan_id_flag.supported", "Supported", 6, VLAN),
    flag("lldp.ieee.802_1.port_and_vlan_id_flag.enabled", "Enabled", 5, VLAN),
    field("lldp.ieee.802_1.port_proto_vlan.id", "Protocol VLAN", bits(8, 16), Show::Dec, VLAN),
];
static VLAN_NAME: [Field; 3] = [
    field("lldp.ieee.802_1.vlan.id", "VLAN", bits(0, 16), Show::Dec, VLAN),
    field("lldp.ieee.802_1.vlan.name_len", "Name length", bits(16, 8), Show::Dec, VLAN),
    field("lldp.ieee.802_1.vlan.name", "VLAN name", bits(24, 0), Show::Text, VLAN),
];
static IDENTITY: [Field; 2] = [
    field("lldp.ieee.802_1.proto.id_length", "Identity length", bits(0, 8), Show::Dec, VLAN),
    field("lldp.ieee.802_1.proto.id", "Protocol identity", bits(8, 0), Show::Bytes, VLAN),
];
static BUNDLE: [Field; 4] = [
    field("lldp.ieee.802_1.aggregation_status", "Aggregation", bits(0, 8), Show::Hex(2), GATHER),
    flag("lldp.ieee.802_1.aggregation_status.cap", "Capable", 7, GATHER),
    flag("lldp.ieee.802_1.aggregation_status.enabled", "Enabled", 6, GATHER),
    field("lldp.ieee.802_1.aggregated_port_id", "Aggregated port", bits(8, 32), Show::Dec, GATHER),
];
static OLD_BUNDLE: [Field; 4] = [
    field("lldp.ieee.802_3.aggregation_status", "Aggregation", bits(0, 8), Show::Hex(2), GATHER),
    flag("lldp.ieee.802_3.aggregation_status.cap", "Capable", 7, GATHER),
    flag("lldp.ieee.802_3.aggregation_status.enabled", "Enabled", 6, GATHER),
    field("lldp.ieee.802_3.aggregated_port_id", "Aggregated port", bits(8, 32), Show::Dec, GATHER),
];
static SPEED: [Field; 21] = [
    field("lldp.ieee.802_3.mac_phy_auto_neg_status", "Autonegotiation", bits(0, 8), Show::Hex(2), PHY),
    flag("lldp.ieee.802_3.mac_phy_auto_neg_status.supported", "Supported", 7, PHY),
    flag("lldp.ieee.802_3.mac_phy_auto_neg_status.enabled", "Enabled", 6, PHY),
    field("lldp.ieee.802_3.pmd_auto_neg_advertised_caps", "Offered modes", bits(8, 16), Show::Hex(4), PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.1000base_tfd", "1000BASE-T full", 23, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.1000base_t", "1000BASE-T half", 22, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.1000base_xfd", "1000BASE-X full", 21, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.1000base_x", "1000BASE-X half", 20, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.fdx_bpause", "Pause, both ways", 19, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.fdx_spause", "Pause, symmetric", 18, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.fdx_apause", "Pause, asymmetric", 17, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.fdx_pause", "Pause", 16, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.100base_t2fd", "100BASE-T2 full", 15, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.100base_t2", "100BASE-T2 half", 14, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.100base_txfd", "100BASE-TX full", 13, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.100base_tx", "100BASE-TX half", 12, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.100base_t4", "100BASE-T4", 11, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.10base_tfd", "10BASE-T full", 10, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.10base_t", "10BASE-T half", 9, PHY),
    flag("lldp.ieee.802_3.pmd_auto_neg_advertised_caps.other", "Other", 8, PHY),
    field("lldp.ieee.802_3.pmd_mau_type", "Operating mode", bits(24, 16), Show::Hex(4), PHY).words(MODES),
];
static ELECTRICITY: [Field; 12] = [
    field("lldp.ieee.802_3.mdi_power_support", "Power support", bits(0, 8), Show::Hex(2), POWER),
    flag("lldp.ieee.802_3.mdi_power_support.port_class", "Gives power", 7, POWER),
    flag("lldp.ieee.802_3.mdi_power_support.supported", "Supported", 6, POWER),
    flag("lldp.ieee.802_3.mdi_power_support.enabled", "Enabled", 5, POWER),
    flag("lldp.ieee.802_3.mdi_power_support.pse_pairs", "Pairs selectable", 4, POWER),
    field("lldp.ieee.802_3.mdi_pse_pair", "Powered pairs", bits(8, 8), Show::Dec, POWER)
        .words(words![(1, "signal pairs"), (2, "spare pairs")]),
    field("lldp.ieee.802_3.mdi_power_class", "Power class", bits(16, 8), Show::Dec, POWER).words(CLASSES),
    field("lldp.ieee.802_3.mdi_power_type", "Power type", bits(24, 2), Show::Dec, POWER).words(POWER_TYPES),
    field("lldp.ieee.802_3.mdi_power_source", "Power source", bits(26, 2), Show::Dec, POWER),
    field("lldp.ieee.802_3.mdi_power_priority", "Power priority", bits(28, 4), Show::Dec, POWER).words(PRIORITIES),
    field("lldp.ieee.802_3.mdi_pde_requested", "Power requested", bits(32, 16), Show::Dec, POWER),
    field("lldp.ieee.802_3.mdi_pse_allocated", "Power allocated", bits(48, 16), Show::Dec, POWER),
];
static FRAME_SIZE: [Field; 1] =
    [field("lldp.ieee.802_3.max_frame_size", "Longest frame", bits(0, 16), Show::Dec, FRAME)];
static WAKING: [Field; 5] = [
    field("lldp.ieee.802_3.eee.transmit", "Transmit wake", bits(0, 16), Show::Dec, SAVING),
    field("lldp.ieee.802_3.eee.receive", "Receive wake", bits(16, 16), Show::Dec, SAVING),
    field("lldp.ieee.802_3.eee.fallback_receive", "Fallback wake", bits(32, 16), Show::Dec, SAVING),
    field("lldp.ieee.802_3.eee.echo_transmit", "Echoed transmit wake", bits(48, 16), Show::Dec, SAVING),
    field("lldp.ieee.802_3.eee.echo_receive", "Echoed receive wake", bits(64, 16), Show::Dec, SAVING),
];
static ENDPOINT: [Field; 8] = [
    field("lldp.media.subtype.caps", "Capabilities", bits(0, 16), Show::Hex(4), MED),
    flag("lldp.media.subtype.caps.llpd", "LLDP-MED", 15, MED),
    flag("lldp.media.subtype.caps.network_policy", "Network policy", 14, MED),
    flag("lldp.media.subtype.caps.location_id", "Location", 13, MED),
    flag("lldp.media.subtype.caps.mdi_pse", "Gives power", 12, MED),
    flag("lldp.media.subtype.caps.mid_pd", "Takes power", 11, MED),
    flag("lldp.media.subtype.caps.inventory", "Inventory", 10, MED),
    field("lldp.media.subtype.class", "Class", bits(16, 8), Show::Dec, MED).words(ENDPOINTS),
];
static POLICY: [Field; 6] = [
    field("lldp.media.app_type", "Application", bits(0, 8), Show::Dec, MED).words(APPLICATIONS),
    flag("lldp.media.policy_flag", "Policy unknown", 8, MED),
    flag("lldp.media.tag_flag", "Tagged", 9, MED),
    field("lldp.media.vlan_id", "VLAN", bits(11, 12), Show::Dec, MED),
    field("lldp.media.l2_prio", "Frame priority", bits(23, 3), Show::Dec, MED),
    field("lldp.media.dscp", "DSCP", bits(26, 6), Show::Dec, MED).words(super::DSCP),
];
static LOCATION: [Field; 1] =
    [field("lldp.media.loc.data_format", "Location format", bits(0, 8), Show::Dec, MED).words(FORMATS)];
static MED_POWER: [Field; 4] = [
    field("lldp.media.power.type", "Power type", bits(0, 2), Show::Dec, MED).words(words![
        (0, "gives power"),
        (1, "takes power"),
        (2, "gives power"),
        (3, "takes power")
    ]),
    field("lldp.media.power.source", "Power source", bits(2, 2), Show::Dec, MED),
    field("lldp.media.power.prio", "Power priority", bits(4, 4), Show::Dec, MED).words(PRIORITIES),
    field("lldp.media.power.value", "Power", bits(8, 16), Show::Dec, MED),
];
/// Subtypes 5 to 11, each one text.
static INVENTORY: [[Field; 1]; 7] = [
    [field("lldp.media.hardware", "Hardware revision", bits(0, 0), Show::Text, MED)],
    [field("lldp.media.firmware", "Firmware revision", bits(0, 0), Show::Text, MED)],
    [field("lldp.media.software", "Software revision", bits(0, 0), Show::Text, MED)],
    [field("lldp.media.sn", "Serial number", bits(0, 0), Show::Text, MED)],
    [field("lldp.media.manufacturer", "Manufacturer", bits(0, 0), Show::Text, MED)],
    [field("lldp.media.model", "Model", bits(0, 0), Show::Text, MED)],
    [field("lldp.media.asset", "Asset ID", bits(0, 0), Show::Text, MED)],
];
static USAGE: [Field; 1] = [field("lldp.iana.mudurl", "Usage description", bits(0, 0), Show::Text, "RFC 8520 §11")];
static REMAINDER: [Field; 1] = [field("lldp.subtype.content_remaining", "Content", bits(0, 0), Show::Bytes, SPEC)];

const ORGANIZATIONS: Words = words![
    (0x00005e, "IANA"),
    (0x000ecf, "PROFIBUS"),
    (0x00120f, "IEEE 802.3"),
    (0x0012bb, "TIA (LLDP-MED)"),
    (0x001b21, "Intel (DCBX)"),
    (0x0080c2, "IEEE 802.1"),
];
const OF_BRIDGES: Words = words![
    (0x01, "port VLAN"),
    (0x02, "VLAN by port and protocol"),
    (0x03, "VLAN name"),
    (0x04, "protocol identity"),
    (0x05, "VLAN usage digest"),
    (0x06, "management VLAN"),
    (0x07, "link aggregation"),
    (0x08, "congestion notification"),
    (0x09, "transmission selection"),
    (0x0a, "transmission selection, recommended"),
    (0x0b, "priority flow control"),
    (0x0c, "application priority"),
    (0x0d, "edge virtual bridging"),
    (0x0e, "S-channels"),
];
const OF_CABLES: Words = words![
    (0x01, "speed and autonegotiation"),
    (0x02, "power over the cable"),
    (0x03, "link aggregation"),
    (0x04, "longest frame"),
    (0x05, "energy-efficient Ethernet"),
    (0x07, "frame preemption"),
];
const OF_PHONES: Words = words![
    (0x01, "capabilities"),
    (0x02, "network policy"),
    (0x03, "location"),
    (0x04, "extended power"),
    (0x05, "hardware revision"),
    (0x06, "firmware revision"),
    (0x07, "software revision"),
    (0x08, "serial number"),
    (0x09, "manufacturer"),
    (0x0a, "model"),
    (0x0b, "asset ID"),
];
/// IANA's MAU types, as far as cables of today bring them (RFC 4836).
const MODES: Words = words![
    (0x00, "other"),
    (0x0a, "10BASE-T half duplex"),
    (0x0b, "10BASE-T full duplex"),
    (0x0f, "100BASE-TX half duplex"),
    (0x10, "100BASE-TX full duplex"),
    (0x16, "1000BASE-X full duplex"),
    (0x1d, "1000BASE-T half duplex"),
    (0x1e, "1000BASE-T full duplex"),
    (0x1f, "10GBASE-X"),
    (0x21, "10GBASE-R"),
    (0x36, "10GBASE-T"),
];
/// The class is one less than its number on the wire.
const CLASSES: Words = words![(1, "class 0"), (2, "class 1"), (3, "class 2"), (4, "class 3"), (5, "class 4")];
const POWER_TYPES: Words = words![
    (0, "type 2, gives power"),
    (1, "type 2, takes power"),
    (2, "type 1, gives power"),
    (3, "type 1, takes power")
];
const PRIORITIES: Words = words![(0, "unknown"), (1, "critical"), (2, "high"), (3, "low")];
const ENDPOINTS: Words = words![
    (1, "class I: generic endpoint"),
    (2, "class II: media endpoint"),
    (3, "class III: telephone"),
    (4, "network device"),
];
const APPLICATIONS: Words = words![
    (1, "voice"),
    (2, "voice signalling"),
    (3, "guest voice"),
    (4, "guest voice signalling"),
    (5, "softphone voice"),
    (6, "video conference"),
    (7, "streaming video"),
    (8, "video signalling"),
];
const FORMATS: Words = words![(1, "coordinates"), (2, "civic address"), (3, "emergency number")];

const HEAD_SIZE: usize = 4;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let single = [&ORGANIZATION, &BRIDGES, &CABLES, &PHONES, &REGISTRY, &OTHERS];
    let tables: [&'static [Field]; 15] = [
        &PORT_VLAN,
        &PROTOCOL_VLAN,
        &VLAN_NAME,
        &IDENTITY,
        &BUNDLE,
        &OLD_BUNDLE,
        &SPEED,
        &ELECTRICITY,
        &FRAME_SIZE,
        &WAKING,
        &ENDPOINT,
        &POLICY,
        &LOCATION,
        &MED_POWER,
        &USAGE,
    ];
    tables.into_iter().flatten().chain(single).chain(INVENTORY.as_flattened()).chain(&CONTENT).chain(&REMAINDER)
}

/// The organization, its own number for the TLV, and the fields of those that are met; others show as bytes.
pub(super) fn by_organization(header: &mut Header, at: usize, size: usize) -> Option<()> {
    let organization = one(header, &ORGANIZATION, at, size)?;
    let kinds = match organization {
        0x0080c2 => &BRIDGES,
        0x00120f => &CABLES,
        0x0012bb => &PHONES,
        0x00005e => &REGISTRY,
        _ => &OTHERS,
    };
    let kind = one(header, kinds, at, size)?;
    let table: &'static [Field] = match (organization, kind) {
        (0x0080c2, 1) => &PORT_VLAN,
        (0x0080c2, 2) => &PROTOCOL_VLAN,
        (0x0080c2, 3) => &VLAN_NAME,
        (0x0080c2, 4) => &IDENTITY,
        (0x0080c2, 7) => &BUNDLE,
        (0x00120f, 1) => &SPEED,
        (0x00120f, 2) => &ELECTRICITY,
        (0x00120f, 3) => &OLD_BUNDLE,
        (0x00120f, 4) => &FRAME_SIZE,
        (0x00120f, 5) => &WAKING,
        (0x0012bb, 1) => &ENDPOINT,
        (0x0012bb, 2) => &POLICY,
        (0x0012bb, 3) => &LOCATION,
        (0x0012bb, 4) => &MED_POWER,
        (0x0012bb, 5..=11) => &INVENTORY[kind as usize - 5],
        (0x00005e, 1) => &USAGE,
        _ if std::ptr::eq(kinds, &OTHERS) => &CONTENT,
        _ => &REMAINDER,
    };
    let (at, size) = (at + HEAD_SIZE, size - HEAD_SIZE);
    rows(header, table, at, size)?;
    // What has no table of its own, and the place of a location, whose three forms share nothing but the first byte.
    if std::ptr::eq(table, LOCATION.as_slice()) && size > 1 {
        rows(header, &REMAINDER, at + 1, size - 1)?;
    }
    Some(())
}
