//! An IPv4 datagram (RFC 791) → `IP source > destination: …`, and the dispatch by protocol number that IPv6 shares.

use std::net::IpAddr;

use super::printer::{Cut, Data, Ends, Line, Printed, say};
use super::{gre, icmp, icmp6, igmp, ip6, ipsec, sctp, tcp, udp};

const HEADER: u32 = 20;
const OFFSET: u16 = 0x1fff;
const MORE_FRAGMENTS: u16 = 0x2000;
const TCP: u8 = 6;
const UDP: u8 = 17;
const SCTP: u8 = 132;
/// Headers inside one another that a line follows; the next one counts as cut.
pub const MAX_TUNNELS: u32 = 64;

/// Which IP carries the payload: some protocols belong to one of them only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Four,
    Six,
}

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "ip";
    match data.u8(0)? >> 4 {
        4 => {}
        6 => {
            say!(line, "IP6, wrong link-layer encapsulation");
            line.invalid();
            return Ok(());
        }
        version => {
            say!(line, "IP{version}");
            line.invalid();
            return Ok(());
        }
    }
    say!(line, "IP ");
    data.take(0, HEADER as usize)?;
    if length < HEADER {
        say!(line, "truncated-ip {length}");
        return Ok(());
    }
    let header = u32::from(data.u8(0)? & 0x0f) * 4;
    if header < HEADER {
        say!(line, "bad-hlen {header}");
        return Ok(());
    }
    let total = u32::from(data.u16(2)?);
    if length < total {
        say!(line, "truncated-ip - {} bytes missing! ", total - length);
    }
    if total < header {
        // Zero is what a sending host captures when its network card will cut the segment up; tcpdump does not guess.
        say!(line, "bad-len {total}");
        return Ok(());
    }
    payload(line, data.first(total as usize), header as usize, total - header)
}

fn payload(line: &mut Line, data: Data<'_>, header: usize, length: u32) -> Printed {
    let (fragment, protocol) = (data.u16(6)?, data.u8(9)?);
    let ends = Ends { source: IpAddr::V4(data.v4(12)?), destination: IpAddr::V4(data.v4(16)?), said: false };
    if fragment & OFFSET != 0 {
        // The header of the next protocol went with the first fragment.
        ends.print(line);
        say!(line, "ip-proto-{protocol}");
        return Ok(());
    }
    if !matches!(protocol, TCP | UDP | SCTP) {
        ends.print(line);
    }
    if data.0.len() < header {
        say!(line, " [remaining caplen({}) < header length({header})]", data.0.len());
        data.take(0, header)?;
    }
    let fragmented = fragment & MORE_FRAGMENTS != 0;
    demultiplex(line, data.from(header), length, &ends, Version::Four, protocol, fragmented)
}

/// Hands the payload to the printer of its protocol.
pub(super) fn demultiplex(
    line: &mut Line,
    data: Data<'_>,
    length: u32,
    ends: &Ends,
    version: Version,
    protocol: u8,
    fragmented: bool,
) -> Printed {
    line.tunnels += u32::from(matches!(protocol, 4 | 41 | 47 | 51));
    if line.tunnels > MAX_TUNNELS {
        return Err(Cut);
    }
    match (protocol, version) {
        (TCP, _) => tcp::print(line, data, length, ends),
        (UDP, _) => udp::print(line, data, length, ends, fragmented),
        (SCTP, _) => sctp::print(line, data, length, ends),
        (1, Version::Four) => icmp::print(line, data, length),
        (58, Version::Six) => icmp6::print(line, data, length),
        (4, _) => print(line, data, length),
        (41, _) => ip6::print(line, data, length),
        (2, Version::Four) => igmp::print(line, data, length),
        (47, _) => gre::print(line, data, length),
        (50, _) => ipsec::encrypted(line, data, length),
        (51, _) => {
            let size = ipsec::authentication(line, data)?;
            let rest = length.wrapping_sub(size as u32);
            // Ports that follow stand alone: the addresses were said before this header.
            let ends = Ends { said: true, ..*ends };
            demultiplex(line, data.from(size), rest, &ends, version, data.u8(0)?, fragmented)
        }
        (1, Version::Six) => mismatch(line, "ICMP requires IPv4"),
        (2, Version::Six) => mismatch(line, "IGMP requires IPv4"),
        (58, Version::Four) => mismatch(line, "ICMPv6 requires IPv6"),
        (59, _) => {
            say!(line, "no next header");
            Ok(())
        }
        _ => {
            say!(line, " ip-proto-{protocol} {length}");
            Ok(())
        }
    }
}

fn mismatch(line: &mut Line, words: &str) -> Printed {
    say!(line, "[{words}]");
    line.invalid();
    Ok(())
}
