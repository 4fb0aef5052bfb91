//! A line without bytes, in which tcpdump tells what it saw → the frame that it tells of, as far as it does.

use std::net::{IpAddr, SocketAddr};

use super::arp::{self, Neighbours};
use super::dns::{self, Questions};
use super::frame::{FRAGMENT, HOP_BY_HOP, Ip, UDP, Upper, packet};
use super::icmp;
use super::link::{ARP, IPV4, IPV6, Start};
use super::scan::{Scan, after, endpoint, number_after, sockets, word};
use super::tcp::{self, Connections};
use crate::capture::LinkType;

const UDP_HEADER: usize = 8;
const UDP_CHECKSUM: usize = 6;
/// Where a fragment is assumed to begin, in eights of a byte, when its line does not say: behind 1480 bytes.
const ASSUMED_OFFSET: u16 = 185;
/// Multicast listener reports come with this option (RFC 2711), so it is what a hop-by-hop header is assumed to hold.
const ROUTER_ALERT: [u8; 8] = [0, 0, 5, 2, 0, 0, 1, 0];

/// What earlier lines have told that later ones do not repeat.
pub(super) struct Rebuilder {
    connections: Connections,
    questions: Questions,
    neighbours: Neighbours,
    /// Bytes that may still be made: beyond them frames are cut behind what their lines tell.
    pub room: usize,
}

/// A frame out of a line.
pub(super) struct Frame {
    pub link: LinkType,
    pub bytes: Vec<u8>,
    pub length: u32,
    /// Its Ethernet header is made up.
    pub made_up: bool,
}

impl Rebuilder {
    pub fn new(room: usize) -> Rebuilder {
        Rebuilder { connections: Connections::new(), questions: Questions::new(), neighbours: Neighbours::new(), room }
    }

    /// `None` for a line that does not tell enough.
    pub fn frame(&mut self, start: &Start<'_>) -> Option<Frame> {
        let link = start.link.as_ref();
        let made_up = link.is_none() && start.kind == Some(ARP);
        let (bytes, length) = match start.kind? {
            ARP => arp::frame(start.rest, link, start.sender, &mut self.neighbours)?,
            IPV4 | IPV6 => {
                let (packet, length) = self.ip(start)?;
                match link {
                    None => (packet, length),
                    Some(link) => {
                        let mut bytes = [link.header.as_slice(), &packet].concat();
                        let whole = length.checked_add(link.header.len() as u32)?;
                        let stated = link.length.unwrap_or(whole).max(whole);
                        // Padding of a short frame; a longer rest is something that the line does not explain.
                        if bytes.len() as u32 == whole && stated <= 64 {
                            bytes.resize(stated as usize, 0);
                        }
                        (bytes, stated)
                    }
                }
            }
            _ => return None,
        };
        let link = if link.is_some() || made_up { LinkType::ETHERNET } else { LinkType::RAW };
        self.room = self.room.saturating_sub(bytes.len());
        Some(Frame { link, bytes, length, made_up })
    }

    fn ip(&mut self, start: &Start<'_>) -> Option<(Vec<u8>, u32)> {
        let mut scan = Scan(start.rest.trim_start());
        let mut ip = scan.group('(', ')').map(header).unwrap_or_default();
        scan.0 = scan.0.trim_start();
        let missing = truncated(&mut scan);
        // `A.1 > B.2: words`; addresses hold colons, but no colon and blank.
        let from = endpoint(scan.until(" > ")?)?;
        let to = endpoint(scan.until(": ").or_else(|| scan.0.strip_suffix(':'))?)?;
        let upper = self.upper(&mut ip, from, to, scan.0, start.sender)?;
        let (mut bytes, mut length) = packet(&ip, from.0, to.0, upper, self.room)?;
        if let Some(missing) = missing {
            length = length.saturating_sub(missing);
            bytes.truncate(length as usize);
        }
        Some((bytes, length))
    }

    /// What the words behind the addresses tell.
    fn upper(&mut self, ip: &mut Ip, from: End, to: End, words: &str, sender: Option<[u8; 6]>) -> Option<Upper> {
        let mut scan = Scan(words);
        if scan.eat("HBH ") {
            let _ = scan.group('(', ')').map(|_| scan.0 = scan.0.trim_start());
            let _ = scan.group('(', ')').map(|_| scan.0 = scan.0.trim_start());
            ip.extensions.push((HOP_BY_HOP, ROUTER_ALERT.to_vec()));
        }
        if scan.eat("frag (") {
            return self.fragment6(ip, from, to, scan, sender);
        }
        // With -v the verdict on a checksum comes first.
        if scan.0.starts_with('[') {
            let _ = scan.group('[', ']');
            scan.0 = scan.0.trim_start();
        }
        let ports = sockets(from, to);
        if scan.0.starts_with("Flags [") {
            return tcp::segment(scan.0, ports?, &mut self.connections, &mut self.questions);
        }
        if let Some(ends) = ports {
            return self.datagram(scan.0, ends);
        }
        match (from.0, to.0) {
            (IpAddr::V4(_), IpAddr::V4(to)) if scan.eat("ICMP ") => icmp::message4(scan.0, to),
            (_, IpAddr::V6(to)) if scan.eat("ICMP6, ") => icmp::message6(scan.0, to, sender),
            _ => other(ip, scan.0.trim_start()),
        }
    }

    /// `frag (0|1232) ICMP6, echo request, …`: the first one tells what it carries, the others do not.
    fn fragment6(
        &mut self,
        ip: &mut Ip,
        from: End,
        to: End,
        mut scan: Scan<'_>,
        sender: Option<[u8; 6]>,
    ) -> Option<Upper> {
        let mut offset: u32 = scan.number()?;
        let mut extension = vec![0; 8];
        if scan.eat(":") {
            // With -v the number that all fragments share comes first.
            super::frame::put(&mut extension, 4, &offset.to_be_bytes());
            offset = scan.number()?;
        }
        let offset = u16::try_from(offset).ok()?;
        let size: usize = number_after(scan.until(")")?, "|")?;
        scan.0 = scan.0.trim_start();
        let more = u16::from(offset == 0);
        super::frame::put(&mut extension, 2, &(offset & 0xfff8 | more).to_be_bytes());
        ip.extensions.push((FRAGMENT, extension));
        let mut upper = if scan.0.is_empty() {
            // Which protocol goes on there the line does not say; that no header follows is true of it.
            Upper { protocol: 59, bytes: Vec::new(), length: size, checksum: None }
        } else {
            self.upper(&mut ip.clone(), from, to, scan.0, sender)?
        };
        // Marks it as a part, of which so many bytes are here.
        (ip.fragment, ip.payload) = (1, Some(size));
        upper.length = upper.length.max(size);
        Some(upper)
    }

    fn datagram(&mut self, words: &str, ends: (SocketAddr, SocketAddr)) -> Option<Upper> {
        // DNS tells the length in brackets at the end, the others in words.
        let in_brackets = || words.rsplit_once('(')?.1.strip_suffix(')')?.parse().ok();
        let in_words = || word(words.rsplit_once("length ")?.1).trim_end_matches([':', ')']).parse().ok();
        let is_dns = words.starts_with(|letter: char| letter.is_ascii_digit());
        if words.contains("bad hdr") || words.starts_with("truncated") {
            return None;
        }
        let length: usize = if is_dns { in_brackets() } else { in_words().or_else(in_brackets) }?;
        let whole = length.checked_add(UDP_HEADER)?;
        let message = is_dns.then(|| dns::message(words, ends, length, &mut self.questions)).flatten();
        let mut bytes = Vec::with_capacity(UDP_HEADER);
        for number in [ends.0.port(), ends.1.port(), u16::try_from(whole).ok()?, 0] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend(message.unwrap_or_default());
        Some(Upper { protocol: UDP, bytes, length: whole, checksum: Some(UDP_CHECKSUM) })
    }
}

/// Whether a line has names where there ought to be addresses.
pub(super) fn has_names(start: &Start<'_>) -> bool {
    let ends = start.rest.rsplit_once(" > ").map(|(from, to)| (from.rsplit(' ').next(), to.split(": ").next()));
    let unknown = |end: Option<&str>| end.is_some_and(|end| !end.contains(' ') && endpoint(end).is_none());
    ends.is_some_and(|(from, to)| unknown(from) || unknown(to))
}

type End = (IpAddr, Option<u16>);

/// A later fragment of IPv4 (`ip-proto-17`), or a protocol that tcpdump only numbers (`ip-proto-255 20`).
fn other(ip: &mut Ip, words: &str) -> Option<Upper> {
    let mut scan = Scan(words);
    let protocol = scan.eat("ip-proto-").then(|| scan.number())??;
    let length = scan.eat(" ").then(|| scan.number()).flatten();
    if length.is_none() && ip.fragment & 0x1fff == 0 {
        ip.fragment |= ASSUMED_OFFSET;
    }
    let length = length.or(ip.payload).unwrap_or(0);
    ip.payload = Some(length);
    Some(Upper { protocol, bytes: Vec::new(), length, checksum: None })
}

/// What `-v` tells of the IP header, in brackets: `tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 60`,
/// or `flowlabel 0x1, hlim 64, next-header TCP (6) payload length: 40`.
fn header(told: &str) -> Ip {
    let flags = after(told, "flags [").and_then(|rest| rest.split(']').next()).unwrap_or_default();
    let flag = |letters: &str, bit: u16| if flags.contains(letters) { bit } else { 0 };
    let offset: u16 = number_after(told, "offset ").unwrap_or(0);
    Ip {
        traffic_class: number_after(told, "tos ").or(number_after(told, "class ")).unwrap_or(0),
        flow: number_after(told, "flowlabel ").unwrap_or(0),
        hops: number_after(told, "ttl ").or(number_after(told, "hlim ")),
        id: number_after(told, "id ").unwrap_or(0),
        fragment: flag("DF", 0x4000) | flag("+", 0x2000) | offset >> 3,
        payload: number_after::<usize>(told, ", length ").and_then(|total| total.checked_sub(20)),
        extensions: Vec::new(),
    }
}

/// `truncated-ip - 5 bytes missing! `: so many bytes that the header claims were not on the wire.
fn truncated(scan: &mut Scan<'_>) -> Option<u32> {
    let found = scan.eat("truncated-ip - ") || scan.eat("truncated-ip6 - ");
    let missing = found.then(|| scan.number())?;
    scan.until("!")?;
    scan.0 = scan.0.trim_start();
    missing
}
