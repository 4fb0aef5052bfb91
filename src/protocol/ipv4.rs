//! An IPv4 header → its fields, options and checksum, and how far the datagram goes (RFC 791 §3.1).

use super::checksum::{self, Beside, STATUS};
use super::field::{COMPUTED, Field, Show, bits, field, tiles};
use super::header::{Header, Next, Pseudo, Step};
use super::ipv4_options;
use super::together::Rows;

const SPEC: &str = "RFC 791 §3.1";

pub(super) static HEADER: [Field; 12] = [
    field("ip.version", "Version", bits(0, 4), Show::Dec, SPEC),
    field("ip.hdr_len", "Header length", bits(4, 4), Show::Times(4), SPEC),
    field("ip.dsfield", "Differentiated services", bits(8, 8), Show::Hex(2), "RFC 2474 §3"),
    field("ip.len", "Total length", bits(16, 16), Show::Dec, SPEC),
    field("ip.id", "Identification", bits(32, 16), Show::Hex(4), SPEC),
    field("ip.flags", "Flags", bits(48, 3), Show::Hex(2), SPEC),
    field("ip.frag_offset", "Fragment offset", bits(51, 13), Show::Dec, SPEC),
    field("ip.ttl", "Time to live", bits(64, 8), Show::Dec, SPEC),
    field("ip.proto", "Protocol", bits(72, 8), Show::Dec, SPEC).words(super::IP_PROTOCOLS),
    field("ip.checksum", "Header checksum", bits(80, 16), Show::Hex(4), SPEC),
    field("ip.src", "Source address", bits(96, 32), Show::Ipv4, SPEC),
    field("ip.dst", "Destination address", bits(128, 32), Show::Ipv4, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 160));

pub(super) static SERVICES: [Field; 2] = [
    field("ip.dsfield.dscp", "DSCP", bits(8, 6), Show::Dec, "RFC 2474 §3").words(super::DSCP),
    field("ip.dsfield.ecn", "ECN", bits(14, 2), Show::Dec, "RFC 3168 §5").words(super::ECN),
];
const _: () = assert!(tiles(&SERVICES, 8, 16));

pub(super) static FLAGS: [Field; 3] = [
    field("ip.flags.rb", "Reserved", bits(48, 1), Show::Flag, SPEC),
    field("ip.flags.df", "Don't fragment", bits(49, 1), Show::Flag, SPEC),
    field("ip.flags.mf", "More fragments", bits(50, 1), Show::Flag, SPEC),
];
const _: () = assert!(tiles(&FLAGS, 48, 51));

static CHECKSUM_STATUS: Field = field("ip.checksum.status", "Checksum status", COMPUTED, Show::Dec, SPEC).words(STATUS);
static CALCULATED: Field = field("ip.checksum_calculated", "Computed checksum", COMPUTED, Show::Text, "RFC 1071 §1");
const BESIDE: Beside = Beside { status: &CHECKSUM_STATUS, calculated: Some(&CALCULATED) };

static TOGETHER: Rows = Rows {
    whole: &field("ip.fragments", "Fragments", COMPUTED, Show::None, "RFC 791 §3.2"),
    part: &field("ip.fragment", "Fragment in frame", COMPUTED, Show::Dec, "RFC 791 §3.2"),
    count: &field("ip.fragment.count", "Fragment count", COMPUTED, Show::Dec, "RFC 791 §3.2"),
    length: &field("ip.reassembled.length", "Reassembled length", COMPUTED, Show::Dec, "RFC 791 §3.2"),
};
static REASSEMBLED_IN: Field = field("ip.reassembled_in", "Reassembled in frame", COMPUTED, Show::Dec, "RFC 791 §3.2");
static OVERLAP: Field = field("ip.fragment.overlap", "Fragment overlaps", COMPUTED, Show::Flag, "RFC 5722 §3");

const SIZE: usize = 20;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER
        .iter()
        .chain(&SERVICES)
        .chain(&FLAGS)
        .chain([&CHECKSUM_STATUS, &CALCULATED])
        .chain([&REASSEMBLED_IN, &OVERLAP])
        .chain(TOGETHER.all())
        .chain(ipv4_options::fields())
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("ip", SIZE);
    let [version, header_length, services, length, id, flags, offset, ttl, protocol, checksum_row, source, destination] =
        &HEADER;
    if header.row(version, 0)? != 4 {
        // Nothing else of it can be trusted to be a header's.
        header.is("ip", 1);
        header.refuse(version, 0, "An IPv4 header begins with version 4.");
        return None;
    }
    let size = header.row(header_length, 0)? as usize * 4;
    header.is("ip", size);
    if size < SIZE {
        header.refuse(header_length, 0, "Header length is less than the 20 bytes of the fixed header.");
        return None;
    }
    header.row(services, 0)?;
    header.rows(&SERVICES, 1)?;
    let total = total_length(header, length, size)?;
    header.row(id, 0)?;
    let flag_bits = header.row(flags, 0)?;
    header.rows(&FLAGS, 1)?;
    let fragment_at = header.row(offset, 0)?;
    if fragment_at > 0 {
        header.means(format!("{} bytes", fragment_at * 8));
    }
    header.row(ttl, 0)?;
    let carried = header.row(protocol, 0)? as u8;
    let sum = header.bytes(0, size).map(|covered| checksum::sum(None, covered));
    let check = header.row(checksum_row, 0)? as u16;
    checksum::judge(header, &BESIDE, sum.map_or_else(checksum::unverified, |sum| checksum::verdict(check, sum)));
    header.row(source, 0)?;
    header.row(destination, 0)?;
    if size > SIZE {
        ipv4_options::decode(header, SIZE, size.min(header.have()));
        header.claims(header_length, 0, size);
    }
    header.claims(length, 0, total);
    let fragment = fragment_at > 0 || flag_bits & 1 == 1;
    // A first fragment that cannot be part of a datagram, being cut or damaged, still shows the header that it begins with.
    let damaged = sum.is_none_or(|sum| checksum::verdict(check, sum).status == checksum::BAD);
    let alone = fragment_at == 0 && (damaged || header.have() < total);
    let next = if fragment && !alone { Next::Data } else { Next::IpProtocol(carried) };
    let mut step = header.within_end(next, size, header.place.start + total)?;
    if let Some(place) = fragment.then(|| header.datagram(&TOGETHER, &REASSEMBLED_IN, &OVERLAP)).flatten() {
        step = Step { next: Next::IpProtocol(carried), place };
    }
    step.place.pseudo = Some(Pseudo::V4 { source: header.array(12)?, destination: header.array(16)? });
    Some(step)
}

/// Bytes of the datagram. Zero stands for "all there is" where a network card cuts segments itself (TSO), as tshark reads it.
fn total_length(header: &mut Header, row: &'static Field, size: usize) -> Option<usize> {
    let total = header.u16(2).map_or(size, usize::from);
    if total == 0 {
        let all = header.claimed();
        header.put(row, row.bits, all.to_string(), "0 on the wire: left to the network card".to_string(), 0);
        return Some(all);
    }
    header.row(row, 0)?;
    if total < size {
        header.refuse(row, 2, "Total length is less than the header length.");
        return None;
    }
    Some(total)
}
