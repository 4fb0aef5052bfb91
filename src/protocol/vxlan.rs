//! A VXLAN header → which virtual network the Ethernet frame behind it belongs to (RFC 7348 §5).

use super::field::{Field, Show, bits, field, tiles};
use super::header::{Header, Next, Step};

const SPEC: &str = "RFC 7348 §5";
const POLICY: &str = "draft-smith-vxlan-group-policy §2.1";

static HEADER: [Field; 4] = [
    field("vxlan.flags", "Flags", bits(0, 16), Show::Hex(4), SPEC),
    field("vxlan.gbp", "Group policy ID", bits(16, 16), Show::Dec, POLICY),
    field("vxlan.vni", "Network identifier (VNI)", bits(32, 24), Show::Dec, SPEC),
    field("vxlan.reserved8", "Reserved", bits(56, 8), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 64));

/// The flags that have a meaning; the bits between them are reserved.
static FLAGS: [Field; 4] = [
    field("vxlan.flag_g", "Group policy present", bits(0, 1), Show::Flag, POLICY),
    field("vxlan.flag_i", "VNI valid", bits(4, 1), Show::Flag, SPEC),
    field("vxlan.flag_d", "Don't learn", bits(9, 1), Show::Flag, POLICY),
    field("vxlan.flag_a", "Policy applied", bits(12, 1), Show::Flag, POLICY),
];
static RESERVED: Field = field("vxlan.flags_reserved", "Reserved", bits(0, 16), Show::Hex(4), SPEC);
/// The bits of the flags that `RESERVED` is about.
const RESERVED_BITS: u64 = 0x77b7;

const SIZE: usize = 8;
/// What follows, by the number that Ethernet in a tunnel has.
const ETHERNET: u16 = 0x6558;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain(&FLAGS).chain([&RESERVED])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("vxlan", SIZE);
    let [flags_row, others @ ..] = &HEADER;
    let flags = header.row(flags_row, 0)?;
    header.rows(&FLAGS, 1)?;
    header.put(&RESERVED, RESERVED.bits, format!("0x{:04x}", flags & RESERVED_BITS), String::new(), 1);
    header.rows(others, 0)?;
    header.then(Next::EtherType(ETHERNET), SIZE)
}
