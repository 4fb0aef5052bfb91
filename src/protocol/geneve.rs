//! A Geneve header → which virtual network the packet behind it belongs to, and the options of the tunnel (RFC 8926 §3).

use super::field::{COMPUTED, Field, Show, bits, field, tiles};
use super::header::{Header, Next, Step};

const SPEC: &str = "RFC 8926 §3.4";
const OPTION_SPEC: &str = "RFC 8926 §3.5";

/// The six bits behind the version count the options in words of four bytes; tshark shows them in bytes.
static HEADER: [Field; 6] = [
    field("geneve.version", "Version", bits(0, 2), Show::Dec, SPEC),
    field("geneve.option.length", "Length of the options", bits(2, 6), Show::Times(4), SPEC),
    field("geneve.flags", "Flags", bits(8, 8), Show::Hex(2), SPEC),
    field("geneve.proto_type", "Protocol type", bits(16, 16), Show::Hex(4), SPEC).words(super::ETHERTYPES),
    field("geneve.vni", "Network identifier (VNI)", bits(32, 24), Show::Hex(6), SPEC),
    field("geneve.reserved", "Reserved", bits(56, 8), Show::Hex(2), SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 64));

static FLAGS: [Field; 3] = [
    field("geneve.flags.oam", "Control packet", bits(8, 1), Show::Flag, SPEC),
    field("geneve.flags.critical", "Critical options", bits(9, 1), Show::Flag, SPEC),
    field("geneve.flags.reserved", "Reserved", bits(10, 6), Show::Flag, SPEC),
];
const _: () = assert!(tiles(&FLAGS, 8, 16));

/// One option; the rows count from its start.
static OPTION: [Field; 4] = [
    field("geneve.option.class", "Class", bits(0, 16), Show::Hex(4), OPTION_SPEC),
    field("geneve.option.type", "Type", bits(16, 8), Show::Hex(2), OPTION_SPEC),
    field("geneve.option.flags", "Flags", bits(24, 3), Show::Hex(2), OPTION_SPEC),
    field("geneve.option.length", "Length", bits(27, 5), Show::Times(4), OPTION_SPEC),
];
const _: () = assert!(tiles(&OPTION, 0, 32));

static CRITICAL: Field = field("geneve.option.type.critical", "Critical", bits(16, 1), Show::Flag, OPTION_SPEC);
static OPTION_RESERVED: Field = field("geneve.option.flags.reserved", "Reserved", bits(24, 3), Show::Flag, OPTION_SPEC);
static OPTIONS: Field = field("geneve.options", "Options", COMPUTED, Show::Bytes, OPTION_SPEC);
static WHOLE_OPTION: Field = field("geneve.option", "Option", COMPUTED, Show::Bytes, OPTION_SPEC);
static DATA: Field = field("geneve.option.unknown.data", "Option data", COMPUTED, Show::Bytes, OPTION_SPEC);

const SIZE: usize = 8;
const OPTION_SIZE: usize = 4;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain(&FLAGS).chain(&OPTION).chain([&CRITICAL, &OPTION_RESERVED, &OPTIONS, &WHOLE_OPTION, &DATA])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("geneve", SIZE);
    let [version, length, flags, others @ ..] = &HEADER;
    if header.row(version, 0)? != 0 {
        header.refuse(version, 0, "Only version 0 of Geneve is defined.");
        return None;
    }
    let size = SIZE + header.row(length, 0)? as usize * 4;
    header.is("geneve", size);
    header.row(flags, 0)?;
    header.rows(&FLAGS, 1)?;
    header.rows(others, 0)?;
    if size > SIZE {
        let here = (size - SIZE).min(header.rest(SIZE).len());
        header.at(&OPTIONS, SIZE, here, 0)?;
        options(header, SIZE + here);
        header.claims(length, SIZE, size - SIZE);
    }
    header.then(Next::EtherType(header.u16(2)?), size)
}

/// Each option takes at least four bytes, so the header bounds them.
fn options(header: &mut Header, end: usize) {
    let mut at = SIZE;
    while at < end {
        let Some([.., length]) = header.array::<4>(at).filter(|_| at + OPTION_SIZE <= end) else {
            return header.cut(at, OPTION_SIZE);
        };
        let len = OPTION_SIZE + usize::from(length & 0x1f) * 4;
        header.at(&WHOLE_OPTION, at, len.min(end - at), 1);
        let [class, kind, flags, length] = &OPTION;
        for (row, depth) in [(class, 2), (kind, 2), (&CRITICAL, 2), (flags, 2), (&OPTION_RESERVED, 3)] {
            header.within(row, at, depth);
        }
        // tshark counts the option's own header, too.
        header.put(length, bits(at as u32 * 8 + length.bits.pos, length.bits.len), len.to_string(), String::new(), 2);
        if at + len > end {
            let why = format!("The option claims {len} bytes; {} are left in the header.", end - at);
            return header.refuse(&OPTION[3], at, why);
        }
        if len > OPTION_SIZE {
            header.at(&DATA, at + OPTION_SIZE, len - OPTION_SIZE, 2);
        }
        at += len;
    }
}
