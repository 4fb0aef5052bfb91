//! A UDP datagram → ports, length, checksum (RFC 768).

use super::checksum::{self, Beside, ILLEGAL, NOT_PRESENT, STATUS};
use super::field::{COMPUTED, Field, Show, bits, field, tiles};
use super::header::{Header, Next, Pseudo, Step};

pub(super) static HEADER: [Field; 4] = [
    field("udp.srcport", "Source port", bits(0, 16), Show::Dec, "RFC 768"),
    field("udp.dstport", "Destination port", bits(16, 16), Show::Dec, "RFC 768"),
    field("udp.length", "Length", bits(32, 16), Show::Dec, "RFC 768"),
    field("udp.checksum", "Checksum", bits(48, 16), Show::Hex(4), "RFC 768"),
];
const _: () = assert!(tiles(&HEADER, 0, 64));

static CHECKSUM_STATUS: Field =
    field("udp.checksum.status", "Checksum status", COMPUTED, Show::Dec, "RFC 768").words(STATUS);
static CALCULATED: Field = field("udp.checksum_calculated", "Computed checksum", COMPUTED, Show::Text, "RFC 1071 §1");
const BESIDE: Beside = Beside { status: &CHECKSUM_STATUS, calculated: Some(&CALCULATED) };
static STREAM: Field = field("udp.stream", "Stream", COMPUTED, Show::Dec, "RFC 768");
static PAYLOAD: Field = field("udp.payload", "Payload", COMPUTED, Show::Bytes, "RFC 768");

const SIZE: usize = 8;
/// The protocol number that enters the pseudo header.
const PROTOCOL: u8 = 17;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain([&CHECKSUM_STATUS, &CALCULATED, &STREAM, &PAYLOAD])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("udp", SIZE);
    let [source, destination, length, checksum] = &HEADER;
    let ports = (header.row(source, 0)? as u16, header.row(destination, 0)? as u16);
    // Zero says "as long as IPv6 says": a jumbogram (RFC 2675 §4).
    let claimed = match header.row(length, 0)? as usize {
        0 => header.claimed(),
        claimed => claimed,
    };
    if claimed < SIZE {
        header.refuse(length, 4, "Length is less than the 8 bytes of the header itself.");
    }
    if header.u16(6) == Some(0) {
        header.row(checksum, 0)?;
        // IPv6 has no checksum of its own, so there UDP's must be used (RFC 8200 §8.1).
        let illegal = matches!(header.place.pseudo, Some(Pseudo::V6 { .. })) && !header.place.quoted;
        header.means(if illegal { "not allowed over IPv6" } else { "not used by the sender" });
        let status = if illegal { ILLEGAL } else { NOT_PRESENT };
        header.put(&CHECKSUM_STATUS, checksum.bits, status.to_string(), CHECKSUM_STATUS.word(status).to_string(), 0);
    } else {
        checksum::transport(header, checksum, &BESIDE, Some(PROTOCOL), claimed.max(SIZE))?;
    }
    if let Some(stream) = header.context.udp_stream {
        header.generate(&STREAM, stream, 0);
    }
    if claimed < SIZE {
        return None;
    }
    header.claims(length, 0, claimed);
    let carried = (claimed - SIZE).min(header.rest(SIZE).len());
    if carried > 0 {
        header.at(&PAYLOAD, SIZE, carried, 0);
    }
    header.within_end(Next::UdpPorts(ports.0, ports.1), SIZE, header.place.start + claimed)
}
