//! `ICMP echo request, id 1, seq 1, length 64` and its like → an ICMP message, with the datagram that an error quotes.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::frame::{ICMP, ICMP6, Ip, TCP, UDP, Upper, header4, header6};
use super::scan::{Scan, after, number_after, word, word_after};

const HEADER: usize = 8;
const HEADER4: usize = 20;
const HEADER6: usize = 40;
/// What an error quotes of a transport header: two ports and four bytes more.
const QUOTED: usize = 8;

/// Messages without anything to tell but their type and code.
const PLAIN: [(&str, u8, u8); 9] = [
    ("source quench", 4, 0),
    ("router solicitation", 10, 0),
    ("router advertisement", 9, 0),
    ("time exceeded in-transit", 11, 0),
    ("ip reassembly time exceeded", 11, 1),
    ("information request", 15, 0),
    ("information reply", 16, 0),
    ("address mask request", 17, 0),
    ("parameter problem - octet", 12, 0),
];

/// What is said before and behind the address that cannot be reached, and the code for it.
const UNREACHABLE: [(&str, &str, u8); 15] = [
    ("net ", "", 0),
    ("host ", "", 1),
    ("", " - need to frag", 4),
    ("", " - source route failed", 5),
    ("net ", " - unknown", 6),
    ("host ", " - unknown", 7),
    ("", " - source host isolated", 8),
    ("net ", " - admin prohibited", 9),
    ("host ", " - admin prohibited", 10),
    ("net ", " - tos prohibited", 11),
    ("host ", " - tos prohibited", 12),
    ("host ", " - admin prohibited filter", 13),
    ("host ", " - host precedence violation", 14),
    ("host ", " - precedence cutoff", 15),
    ("", " - unknown", 6),
];

/// A message of ICMP for IPv4; `to`: who gets it, and so who sent what an error quotes.
pub(super) fn message4(text: &str, to: Ipv4Addr) -> Option<Upper> {
    let (told, length) = text.rsplit_once(", length ")?;
    let length: usize = word(length).trim_end_matches(':').parse().ok()?;
    let quote = |destination: Ipv4Addr, protocol, port: u16| {
        let payload = length.saturating_sub(HEADER + HEADER4).max(QUOTED);
        let mut quote = header4(&Ip::default(), [to, destination], protocol, payload).unwrap_or_default();
        quote.extend(quoted_header(protocol, port, payload));
        quote
    };
    let pair = |id: &str, seq: &str| -> Option<[u8; 4]> {
        let [id, seq] = [number_after::<u16>(told, id)?, number_after::<u16>(told, seq)?].map(u16::to_be_bytes);
        Some([id[0], id[1], seq[0], seq[1]])
    };
    let (kind, code, rest, quoted) = if told.starts_with("echo request") {
        (8, 0, pair("id ", "seq ")?, Vec::new())
    } else if told.starts_with("echo reply") {
        (0, 0, pair("id ", "seq ")?, Vec::new())
    } else if told.starts_with("time stamp query") {
        (13, 0, pair("id ", "seq ")?, Vec::new())
    } else if told.starts_with("time stamp reply") {
        let clocks = ["org ", "recv ", "xmit "].map(|key| clock(told, key).unwrap_or(0).to_be_bytes());
        (14, 0, pair("id ", "seq ")?, clocks.concat())
    } else if let Some(rest) = told.strip_prefix("redirect") {
        let mut scan = Scan(rest);
        let service = scan.eat("-tos");
        let destination: Ipv4Addr = word(scan.0.trim_start()).parse().ok()?;
        let to_net = scan.0.contains(" to net ");
        let gateway: Ipv4Addr = word_after(scan.0, if to_net { " to net " } else { " to host " })?;
        (5, u8::from(service) * 2 + u8::from(!to_net), gateway.octets(), quote(destination, UDP, 0))
    } else if told.contains(" unreachable") {
        unreachable(told, &quote)?
    } else if let Some(mask) = told.strip_prefix("address mask is ") {
        (18, 0, [0; 4], Scan(mask).number::<u32>()?.to_be_bytes().to_vec())
    } else if let Some(kind) = number_after(told, "type-#") {
        (kind, 0, [0; 4], Vec::new())
    } else {
        let (words, kind, code) = PLAIN.iter().find(|(words, ..)| told.starts_with(words)).copied()?;
        let octet = number_after(told, words).or(number_after(told, "octet ")).unwrap_or(0);
        let quoted = if matches!(kind, 4 | 11 | 12) { quote(Ipv4Addr::UNSPECIFIED, UDP, 0) } else { Vec::new() };
        (kind, code, [octet, 0, 0, 0], quoted)
    };
    let mut bytes = vec![kind, code, 0, 0];
    bytes.extend(rest);
    bytes.extend(quoted);
    Some(Upper::icmp(ICMP, bytes, length))
}

type Parts = (u8, u8, [u8; 4], Vec<u8>);

fn unreachable(told: &str, quote: &dyn Fn(Ipv4Addr, u8, u16) -> Vec<u8>) -> Option<Parts> {
    let (before, behind) = told.split_once(" unreachable")?;
    if let Some((address, rest)) = before.split_once(' ').filter(|(address, _)| address.parse::<Ipv4Addr>().is_ok()) {
        let address = address.parse().ok()?;
        let protocol = match word(rest) {
            "tcp" => TCP,
            "udp" => UDP,
            _ => number_after(rest, "protocol ")?,
        };
        let port = number_after(rest, "port ");
        let code = if port.is_some() { 3 } else { 2 };
        return Some((3, code, [0; 4], quote(address, protocol, port.unwrap_or(0))));
    }
    let mtu: u16 = number_after(behind, "(mtu ").unwrap_or(0);
    let behind = behind.split(" (mtu ").next()?;
    let address: Ipv4Addr = before.rsplit(' ').next()?.parse().ok()?;
    let fits = |(first, last, _): &&(&str, &str, u8)| before == format!("{first}{address}") && behind == *last;
    let code = UNREACHABLE.iter().find(fits)?.2;
    let [high, low] = mtu.to_be_bytes();
    Some((3, code, [0, 0, high, low], quote(address, UDP, 0)))
}

/// Milliseconds since midnight behind `key`.
fn clock(told: &str, key: &str) -> Option<u32> {
    let mut scan = Scan(after(told, key)?);
    let mut parts = [0u32; 4];
    for (part, separator) in parts.iter_mut().zip([":", ":", ".", ""]) {
        *part = scan.number()?;
        scan.eat(separator);
    }
    let [hours, minutes, seconds, milliseconds] = parts;
    let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
    seconds.checked_mul(1000)?.checked_add(milliseconds)
}

const KINDS6: [(&str, u8); 18] = [
    ("destination unreachable", 1),
    ("packet too big", 2),
    ("time exceeded in-transit", 3),
    ("parameter problem", 4),
    ("echo request", 128),
    ("echo reply", 129),
    ("multicast listener query", 130),
    ("multicast listener report v2", 143),
    ("multicast listener report", 131),
    ("multicast listener done", 132),
    ("router solicitation", 133),
    ("router advertisement", 134),
    ("neighbor solicitation", 135),
    ("neighbor advertisement", 136),
    ("redirect", 137),
    ("router renumbering", 138),
    ("inverse neighbor solicitation", 141),
    ("inverse neighbor advertisement", 142),
];

/// What cannot be reached, by code of a destination unreachable message.
const UNREACHABLE6: [(&str, u8); 5] = [
    ("unreachable route ", 0),
    ("unreachable prohibited ", 1),
    ("beyond scope ", 2),
    ("unreachable address ", 3),
    ("unreachable port, ", 4),
];

/// A solicited answer that overrides what is known (RFC 4861 §4.4), as most are.
const ASSUMED_ADVERTISEMENT: u8 = 0x60;

/// What a router advertisement has behind its first eight bytes, before its options.
const ADVERTISED: usize = 8;
/// Options of neighbor discovery count in units of so many bytes.
const OPTION: usize = 8;
const EXPERIMENT: u8 = 253;

/// A message of ICMPv6; `sender`: the hardware address of who sends it, where it is known.
pub(super) fn message6(text: &str, to: Ipv6Addr, sender: Option<[u8; 6]>) -> Option<Upper> {
    let told = text.trim_start();
    let (_, kind) = *KINDS6.iter().find(|(words, _)| told.starts_with(words))?;
    let length: usize = number_after(told, "length ")?;
    let (mut code, mut rest, mut body) = (0, vec![0; 4], Vec::new());
    match kind {
        1 => {
            let (words, number) = UNREACHABLE6.iter().find(|(words, _)| told.contains(words))?;
            let destination: Ipv6Addr = word_after(told, words)?;
            let port = number_after(told, " port ").unwrap_or(0);
            let protocol = if told.contains(" tcp port ") { TCP } else { UDP };
            code = *number;
            body = quote6(to, destination, protocol, port, length)?;
        }
        2 => {
            rest = number_after::<u32>(told, "mtu ")?.to_be_bytes().to_vec();
            body = quote6(to, Ipv6Addr::UNSPECIFIED, UDP, 0, length)?;
        }
        3 => {
            let destination = word_after(told, " for ");
            code = u8::from(destination.is_none());
            body = quote6(to, destination.unwrap_or(Ipv6Addr::UNSPECIFIED), UDP, 0, length)?;
        }
        128 | 129 => {
            rest =
                [number_after::<u16>(told, "id ")?, number_after::<u16>(told, "seq ")?].map(u16::to_be_bytes).concat();
        }
        130..=132 => body.extend(word_after::<Ipv6Addr>(told, "addr: ").unwrap_or(Ipv6Addr::UNSPECIFIED).octets()),
        133..=136 => {
            match kind {
                133 => {}
                134 => body.resize(ADVERTISED, 0),
                _ => {
                    let target: Ipv6Addr = word_after(told, "who has ").or_else(|| word_after(told, "tgt is "))?;
                    body.extend(target.octets());
                }
            }
            if kind == 136 {
                rest = vec![ASSUMED_ADVERTISEMENT, 0, 0, 0];
            }
            neighbor_options(&mut body, kind, length, sender);
        }
        143 => rest = [0, number_after::<u16>(told, "report v2, ")?].map(u16::to_be_bytes).concat(),
        _ => {}
    }
    let bytes = [vec![kind, code, 0, 0], rest, body].concat();
    Some(Upper::icmp(ICMP6, bytes, length))
}

/// Fills a message of neighbor discovery up to its length: first the option with the sender's hardware address, or the
/// target's; then one of those for experiments (RFC 4727) in place of others that the line does not tell.
fn neighbor_options(body: &mut Vec<u8>, kind: u8, length: usize, sender: Option<[u8; 6]>) {
    let left = |body: &[u8]| length.saturating_sub(HEADER + body.len()) / OPTION;
    if left(body) > 0 {
        body.extend([if kind == 136 { 2 } else { 1 }, 1]);
        body.extend(sender.unwrap_or_default());
    }
    if let Some(units) = u8::try_from(left(body)).ok().filter(|&units| units > 0) {
        body.extend([EXPERIMENT, units]);
    }
}

/// The packet that an error quotes: who gets the error sent it.
fn quote6(from: Ipv6Addr, to: Ipv6Addr, protocol: u8, port: u16, length: usize) -> Option<Vec<u8>> {
    let payload = length.saturating_sub(HEADER + HEADER6).max(QUOTED);
    let mut quote = header6(&Ip::default(), &[from.octets(), to.octets()].concat(), protocol, payload)?;
    quote.extend(quoted_header(protocol, port, payload));
    Some(quote)
}

/// The first bytes of a quoted transport header; only the port that was asked for is told.
fn quoted_header(protocol: u8, port: u16, payload: usize) -> Vec<u8> {
    let length = if protocol == UDP { u16::try_from(payload).unwrap_or(0) } else { 0 };
    [0, port, length].map(u16::to_be_bytes).concat()
}
