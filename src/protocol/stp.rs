//! A bridge's BPDU → which bridge is root, how far away it is, and what the port does (IEEE 802.1D §9, 802.1Q §14).

use super::decimal::exact;
use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Step};

const SPEC: &str = "IEEE 802.1D §9.3";
const FLAG: &str = "IEEE 802.1D §9.3.3";
const MULTIPLE: &str = "IEEE 802.1Q §14.2";

static START: [Field; 3] = [
    field("stp.protocol", "Protocol", bits(0, 16), Show::Hex(4), SPEC).words(words![(0, "spanning tree")]),
    field("stp.version", "Version", bits(16, 8), Show::Dec, SPEC).words(VERSIONS),
    field("stp.type", "BPDU type", bits(24, 8), Show::Hex(2), SPEC).words(TYPES),
];
const _: () = assert!(tiles(&START, 0, 32));

static FLAGS: Field = field("stp.flags", "Flags", bits(32, 8), Show::Hex(2), FLAG);
/// Counted from the flags' own byte; the first bridges know only the outermost two.
static FLAG_BITS: [Field; 7] = [
    field("stp.flags.tcack", "Change acknowledged", bits(0, 1), Show::Flag, FLAG),
    field("stp.flags.agreement", "Agreement", bits(1, 1), Show::Flag, FLAG),
    field("stp.flags.forwarding", "Forwarding", bits(2, 1), Show::Flag, FLAG),
    field("stp.flags.learning", "Learning", bits(3, 1), Show::Flag, FLAG),
    field("stp.flags.port_role", "Port role", bits(4, 2), Show::Dec, FLAG).words(ROLES),
    field("stp.flags.proposal", "Proposal", bits(6, 1), Show::Flag, FLAG),
    field("stp.flags.tc", "Topology change", bits(7, 1), Show::Flag, FLAG),
];
const _: () = assert!(tiles(&FLAG_BITS, 0, 8));

/// An identifier of a bridge: the four bits of priority count in steps of 4096.
static ROOT: [Field; 3] = [
    field("stp.root.prio", "Root priority", bits(40, 4), Show::Dec, "IEEE 802.1D §9.2.5"),
    field("stp.root.ext", "Root system extension", bits(44, 12), Show::Dec, "IEEE 802.1D §9.2.5"),
    field("stp.root.hw", "Root address", bits(56, 48), Show::Mac, "IEEE 802.1D §9.2.5"),
];
static COST: Field = field("stp.root.cost", "Root path cost", bits(104, 32), Show::Dec, SPEC);
static BRIDGE: [Field; 3] = [
    field("stp.bridge.prio", "Bridge priority", bits(136, 4), Show::Dec, "IEEE 802.1D §9.2.5"),
    field("stp.bridge.ext", "Bridge system extension", bits(140, 12), Show::Dec, "IEEE 802.1D §9.2.5"),
    field("stp.bridge.hw", "Bridge address", bits(152, 48), Show::Mac, "IEEE 802.1D §9.2.5"),
];
static PORT: Field = field("stp.port", "Port", bits(200, 16), Show::Hex(4), "IEEE 802.1D §9.2.7");
/// In 256ths of a second.
static TIMES: [Field; 4] = [
    field("stp.msg_age", "Message age", bits(216, 16), Show::Text, "IEEE 802.1D §9.2.8"),
    field("stp.max_age", "Maximum age", bits(232, 16), Show::Text, "IEEE 802.1D §9.2.8"),
    field("stp.hello", "Hello time", bits(248, 16), Show::Text, "IEEE 802.1D §9.2.8"),
    field("stp.forward", "Forward delay", bits(264, 16), Show::Text, "IEEE 802.1D §9.2.8"),
];
const _: () = assert!(tiles(&TIMES, 216, 280));
static LENGTH_1: Field = field("stp.version_1_length", "Version 1 length", bits(280, 8), Show::Dec, SPEC);

static EXTENSION: [Field; 6] = [
    field("mstp.version_3_length", "Version 3 length", bits(288, 16), Show::Dec, MULTIPLE),
    field("mstp.config_format_selector", "Format selector", bits(304, 8), Show::Dec, MULTIPLE),
    field("mstp.config_name", "Region", bits(312, 256), Show::Text, MULTIPLE),
    field("mstp.config_revision_level", "Revision", bits(568, 16), Show::Dec, MULTIPLE),
    field("mstp.config_digest", "Digest", bits(584, 128), Show::Bytes, MULTIPLE),
    field("mstp.cist_internal_root_path_cost", "Internal root cost", bits(712, 32), Show::Dec, MULTIPLE),
];
const _: () = assert!(tiles(&EXTENSION, 288, 744));
static CIST: [Field; 3] = [
    field("mstp.cist_bridge.prio", "Bridge priority", bits(744, 4), Show::Dec, MULTIPLE),
    field("mstp.cist_bridge.ext", "Bridge extension", bits(748, 12), Show::Dec, MULTIPLE),
    field("mstp.cist_bridge.hw", "Bridge address", bits(760, 48), Show::Mac, MULTIPLE),
];
static HOPS: Field = field("mstp.cist_remaining_hops", "Remaining hops", bits(808, 8), Show::Dec, MULTIPLE);

/// One tree of several; counted from its own start.
static TREE_FLAGS: Field = field("mstp.msti.flags", "Flags", bits(0, 8), Show::Hex(2), MULTIPLE);
static TREE: [Field; 7] = [
    field("mstp.msti.priority", "Priority", bits(8, 4), Show::Hex(2), MULTIPLE),
    field("mstp.msti.msti_id", "Tree", bits(12, 12), Show::Dec, MULTIPLE),
    field("mstp.msti.root.hw", "Regional root", bits(24, 48), Show::Mac, MULTIPLE),
    field("mstp.msti.root_cost", "Internal root cost", bits(72, 32), Show::Dec, MULTIPLE),
    field("mstp.msti.bridge_priority", "Bridge priority", bits(104, 8), Show::Times(1), MULTIPLE),
    field("mstp.msti.port_priority", "Port priority", bits(112, 8), Show::Times(1), MULTIPLE),
    field("mstp.msti.remaining_hops", "Remaining hops", bits(120, 8), Show::Dec, MULTIPLE),
];
const _: () = assert!(tiles(&TREE, 8, 128));

/// What Cisco's trees per VLAN add behind the BPDU; no standard describes it.
static PER_VLAN: [Field; 3] = [
    field("stp.pvst.tlvtype", "Type", COMPUTED, Show::Hex(4), "Cisco PVST+"),
    field("stp.pvst.tlvlen", "Length", COMPUTED, Show::Dec, "Cisco PVST+"),
    field("stp.pvst.origvlan", "Originating VLAN", COMPUTED, Show::Dec, "Cisco PVST+"),
];

const VERSIONS: Words = words![(0, "STP"), (2, "RSTP"), (3, "MSTP"), (4, "SPB")];
const TYPES: Words =
    words![(0x00, "configuration"), (0x02, "rapid or multiple spanning tree"), (0x80, "topology change notification")];
const ROLES: Words = words![(0, "unknown"), (1, "alternate or backup"), (2, "root"), (3, "designated")];

const CONFIGURATION: u64 = 0x00;
const RAPID: u64 = 0x02;
const CHANGE: u64 = 0x80;
const MULTIPLE_VERSION: u64 = 3;
/// Bytes of a configuration BPDU, a rapid one, a multiple one without its trees, and one tree.
const SIZE: usize = 35;
const RAPID_SIZE: usize = 36;
const MULTIPLE_SIZE: usize = 102;
const TREE_SIZE: usize = 16;
/// What the version 3 length counts before the trees.
const FIXED_EXTENSION: usize = 64;
/// IEEE 802.1Q §14.2: instances 1 to 64.
const MOST_TREES: usize = 64;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let ends = [&FLAGS, &COST, &PORT, &LENGTH_1, &HOPS, &TREE_FLAGS];
    let tables = [&ROOT, &BRIDGE, &CIST, &PER_VLAN].into_iter().flatten();
    START.iter().chain(&FLAG_BITS).chain(tables).chain(&TIMES).chain(&EXTENSION).chain(&TREE).chain(ends)
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    bpdu(header).map(|_| None)?
}

/// Behind Cisco's SNAP header: a BPDU for one VLAN, which it names at the end.
pub(super) fn decode_per_vlan(header: &mut Header) -> Option<Step> {
    if bpdu(header)? < SIZE {
        return None;
    }
    // A configuration BPDU is one byte shorter than a rapid one and is filled up.
    let at = RAPID_SIZE;
    header.is("stp", at + 6);
    let [kind, length, vlan] = &PER_VLAN;
    header.at(kind, at, 2, 0)?;
    header.at(length, at + 2, 2, 0)?;
    header.at(vlan, at + 4, 2, 0)?;
    None
}

/// Returns how many bytes it took.
fn bpdu(header: &mut Header) -> Option<usize> {
    header.is("stp", 4);
    let [protocol, version, kind] = &START;
    header.row(protocol, 0)?;
    let version = header.row(version, 0)?;
    let kind_value = header.row(kind, 0)?;
    match kind_value {
        CHANGE => return Some(4),
        CONFIGURATION | RAPID => {}
        _ => {
            header.is("stp", header.have());
            header.refuse(kind, 3, "No BPDU of this type is known.");
            return None;
        }
    }
    header.is("stp", if kind_value == RAPID { RAPID_SIZE } else { SIZE });
    header.row(&FLAGS, 0)?;
    for row in FLAG_BITS.iter().filter(|row| kind_value == RAPID || matches!(row.bits.pos, 0 | 7)) {
        header.within(row, 4, 1)?;
    }
    identifier(header, &ROOT)?;
    header.row(&COST, 0)?;
    identifier(header, &BRIDGE)?;
    header.row(&PORT, 0)?;
    for row in &TIMES {
        let at = (row.bits.pos / 8) as usize;
        header.row(row, 0)?;
        let seconds = exact(header.u16(at)?.into(), 256);
        shown(header, seconds);
    }
    if kind_value == CONFIGURATION {
        return Some(SIZE);
    }
    header.row(&LENGTH_1, 0)?;
    if version < MULTIPLE_VERSION || header.have() <= RAPID_SIZE {
        return Some(RAPID_SIZE);
    }
    extension(header)
}

fn shown(header: &mut Header, show: String) {
    if let Some(found) = header.layer.found.last_mut() {
        found.show = show;
    }
}

fn identifier(header: &mut Header, rows: &'static [Field; 3]) -> Option<()> {
    let [priority, extension, address] = rows;
    let steps = header.row(priority, 0)?;
    shown(header, (steps << 12).to_string());
    header.row(extension, 0)?;
    header.row(address, 0).map(|_| ())
}

/// The part of a multiple spanning tree: the region, then one record for each tree.
fn extension(header: &mut Header) -> Option<usize> {
    let claimed = usize::from(header.u16(RAPID_SIZE).unwrap_or(0));
    header.is("stp", RAPID_SIZE + 2 + claimed);
    let [length, selector, name, rest @ ..] = &EXTENSION;
    header.row(length, 0)?;
    header.row(selector, 0)?;
    header.row(name, 0)?;
    let text = header.bytes(39, 32)?;
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    shown(header, String::from_utf8_lossy(text).into_owned());
    header.rows(rest, 0)?;
    identifier(header, &CIST)?;
    header.row(&HOPS, 0)?;
    let trees = claimed.saturating_sub(FIXED_EXTENSION) / TREE_SIZE;
    if trees > MOST_TREES {
        header.refuse(length, RAPID_SIZE, "There are at most 64 trees in a region.");
        return None;
    }
    let end = MULTIPLE_SIZE + trees * TREE_SIZE;
    for at in (MULTIPLE_SIZE..end).step_by(TREE_SIZE) {
        header.within(&TREE_FLAGS, at, 0)?;
        FLAG_BITS.iter().try_for_each(|row| header.within(row, at, 1).map(|_| ()))?;
        for row in &TREE {
            let value = header.within(row, at, 0)?;
            if row.show == Show::Times(1) {
                // Only the upper half of the byte counts.
                shown(header, (value >> 4).to_string());
            }
        }
    }
    Some(end)
}
