//! What a line says of a packet → the packet's bytes, with lengths and checksums that hold.

use std::net::{IpAddr, Ipv4Addr};

use etherparse::checksum::Sum16BitWords;

/// Hops that are assumed where a line does not say them.
const ASSUMED_TTL: u8 = 64;
const HEADER4: usize = 20;
const HEADER6: usize = 40;
pub(super) const ICMP: u8 = 1;
pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;
pub(super) const FRAGMENT: u8 = 44;
pub(super) const ICMP6: u8 = 58;
pub(super) const HOP_BY_HOP: u8 = 0;
const MORE_FRAGMENTS: u16 = 0x2000;

/// What IP carries: the bytes that a line tells, and zeros behind them up to `length`.
pub(super) struct Upper {
    pub protocol: u8,
    pub bytes: Vec<u8>,
    pub length: usize,
    /// Where its checksum stands.
    pub checksum: Option<usize>,
}

impl Upper {
    /// An ICMP message, its checksum where all of ICMP has it.
    pub fn icmp(protocol: u8, bytes: Vec<u8>, length: usize) -> Upper {
        Upper { protocol, length: length.max(4), bytes, checksum: Some(2) }
    }

    /// Writes the checksum. The zeros that are left out add nothing to it.
    fn seal(&mut self, source: IpAddr, destination: IpAddr) {
        self.bytes.truncate(self.length);
        let Some(at) = self.checksum else { return };
        let mut sum = Sum16BitWords::new();
        if self.protocol != ICMP {
            for address in [source, destination] {
                sum = match address {
                    IpAddr::V4(address) => sum.add_4bytes(address.octets()),
                    IpAddr::V6(address) => sum.add_16bytes(address.octets()),
                };
            }
            sum = sum.add_2bytes([0, self.protocol]).add_4bytes((self.length as u32).to_be_bytes());
        }
        let sum = sum.add_slice(&self.bytes).ones_complement().to_ne_bytes();
        // A sum of zero means in UDP that there is none (RFC 768).
        let sum = if self.protocol == UDP && sum == [0, 0] { [0xff, 0xff] } else { sum };
        put(&mut self.bytes, at, &sum);
    }
}

/// What a line says of an IP header.
#[derive(Clone, Default)]
pub(super) struct Ip {
    pub traffic_class: u8,
    pub flow: u32,
    pub hops: Option<u8>,
    pub id: u16,
    /// Flags and offset as they stand in an IPv4 header.
    pub fragment: u16,
    /// Bytes behind the IP header, where the line says it and a fragment carries a part only.
    pub payload: Option<usize>,
    /// Extension headers of IPv6, each with room for the number of the next one in front.
    pub extensions: Vec<(u8, Vec<u8>)>,
}

impl Ip {
    pub fn is_fragment(&self) -> bool {
        self.fragment & (MORE_FRAGMENTS | 0x1fff) != 0
    }
}

/// A packet, at most `room` bytes of it, and how long it is as a whole.
pub(super) fn packet(
    ip: &Ip,
    source: IpAddr,
    destination: IpAddr,
    mut upper: Upper,
    room: usize,
) -> Option<(Vec<u8>, u32)> {
    upper.seal(source, destination);
    let length = match ip.payload {
        Some(payload) if ip.is_fragment() => payload,
        _ => upper.length,
    };
    upper.bytes.truncate(length);
    let mut bytes = match (source, destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => header4(ip, [source, destination], upper.protocol, length)?,
        (IpAddr::V6(source), IpAddr::V6(destination)) => {
            let addresses = [source.octets(), destination.octets()].concat();
            header6(ip, &addresses, upper.protocol, length)?
        }
        _ => return None,
    };
    let whole = bytes.len().checked_add(length)?;
    bytes.extend(upper.bytes);
    bytes.resize(whole.min(room.max(bytes.len())), 0);
    Some((bytes, u32::try_from(whole).ok()?))
}

pub(super) fn header4(ip: &Ip, ends: [Ipv4Addr; 2], protocol: u8, payload: usize) -> Option<Vec<u8>> {
    let total = u16::try_from(HEADER4.checked_add(payload)?).ok()?;
    let mut header = vec![0x45, ip.traffic_class];
    header.extend(total.to_be_bytes());
    header.extend(ip.id.to_be_bytes());
    header.extend(ip.fragment.to_be_bytes());
    header.extend([ip.hops.unwrap_or(ASSUMED_TTL), protocol, 0, 0]);
    header.extend(ends.iter().flat_map(Ipv4Addr::octets));
    let sum = Sum16BitWords::new().add_slice(&header).ones_complement().to_ne_bytes();
    put(&mut header, 10, &sum);
    Some(header)
}

pub(super) fn header6(ip: &Ip, addresses: &[u8], protocol: u8, payload: usize) -> Option<Vec<u8>> {
    let mut next = protocol;
    let mut extensions = Vec::new();
    for (kind, extension) in ip.extensions.iter().rev() {
        let mut extension = extension.clone();
        put(&mut extension, 0, &[next]);
        next = *kind;
        extensions.splice(0..0, extension);
    }
    let payload = u16::try_from(extensions.len().checked_add(payload)?).ok()?;
    let mut header = Vec::with_capacity(HEADER6);
    header.extend((6 << 28 | u32::from(ip.traffic_class) << 20 | ip.flow & 0xf_ffff).to_be_bytes());
    header.extend(payload.to_be_bytes());
    header.extend([next, ip.hops.unwrap_or(ASSUMED_TTL)]);
    header.extend(addresses);
    header.extend(extensions);
    Some(header)
}

/// Overwrites bytes from `at` on, as far as there are any.
pub(super) fn put(bytes: &mut [u8], at: usize, with: &[u8]) {
    for (byte, with) in bytes.iter_mut().skip(at).zip(with) {
        *byte = *with;
    }
}
