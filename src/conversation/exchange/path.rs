//! "Fragmentation needed" and "packet too big" → the path MTU that the sender believes in from then on (RFC 1191 §6, RFC 8201 §4).
//!
//! The message may come from any router, so all of ICMP in the capture is heard. That the sender took it shows only by what it
//! sends afterwards; when it tries larger packets again is its own timer.

use super::{At, Book, Fold, NOWHERE, Remark, show};
use crate::conversation::End;
use crate::conversation::figure::{Figure, LISTENS, Machine, Node, WAITS, WELL, node};
use crate::conversation::{Cause, Known};
use crate::protocol::{Layer, Packet};

const LINK: u8 = 0;
const LOWERED: u8 = 1;
const TOO_BIG: u8 = 2;

const fn at(place: u8, name: &'static str, look: &'static str, column: f32, level: f32) -> Node {
    node(Machine::PathMtu, place, name, look, (column, level))
}

pub static FIGURE: Figure = Figure {
    key: "path",
    source: "RFC 1191 §6",
    size: (2.0, 2.0),
    wide: 104.0,
    nodes: &[
        at(LINK, "LINK MTU", LISTENS, 1.0, 0.0),
        at(LOWERED, "LOWERED", WELL, 0.0, 2.0),
        at(TOO_BIG, "TOO BIG", WAITS, 2.0, 1.0),
    ],
    edges: &[
        (0, 2, "packet of link MTU", "snd, DF set"),
        (2, 1, "rcv too big", "lower MTU"),
        (1, 0, "timeout", "try larger"),
    ],
};

#[derive(Default)]
pub(super) struct PathMtu {
    track: Option<usize>,
    /// What each end believes.
    believed: [Option<u32>; 2],
    /// Length and row of the largest datagram of each end.
    sent: [u32; 2],
}

/// The MTU that such a message tells, and source and destination of the packet that it quotes.
pub(super) fn too_big(packet: &Packet) -> Option<(u32, [String; 2], u32)> {
    let place = packet.layers.iter().position(|layer| layer.protocol.starts_with("icmp"))?;
    let icmp = packet.layers.get(place)?;
    let told = match (icmp.protocol, show(icmp, "icmp.type"), show(icmp, "icmp.code"), show(icmp, "icmpv6.type")) {
        ("icmp", "3", "4", _) => show(icmp, "icmp.mtu"),
        ("icmpv6", _, _, "2") => show(icmp, "icmpv6.mtu"),
        _ => return None,
    };
    let quoted = packet.layers.get(place + 1..)?.iter().find_map(network)?;
    Some((told.parse().ok()?, quoted.0, quoted.1))
}

/// Source, destination and length of a network layer.
fn network(layer: &Layer) -> Option<([String; 2], u32)> {
    let (keys, length, more) = match layer.protocol {
        "ip" => (["ip.src", "ip.dst"], "ip.len", 0),
        "ipv6" => (["ipv6.src", "ipv6.dst"], "ipv6.plen", 40),
        _ => return None,
    };
    Some((keys.map(|key| show(layer, key).to_owned()), show(layer, length).parse::<u32>().ok()?.saturating_add(more)))
}

impl Fold for PathMtu {
    fn hear(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        if let Some((mtu, [source, destination], length)) = too_big(packet) {
            let pair = [&source, &destination];
            let own = |end: usize| book.ends.get(end) == Some(&source) && book.ends.get(1 - end) == Some(&destination);
            let end = match (own(0), own(1)) {
                (true, _) => 0,
                (_, true) => 1,
                // The conversation of the host with the router that told it.
                _ if at.home => 1 - at.end,
                _ => return,
            };
            self.lower(book, at, end, mtu, pair, length);
        } else if at.home
            && let Some((_, length)) = packet.layers.iter().find_map(network)
        {
            self.send(book, at, length);
        }
    }

    fn finish(&mut self, _: &mut Book) {}
}

impl PathMtu {
    fn lower(&mut self, book: &mut Book, at: &At, end: End, mtu: u32, pair: [&String; 2], length: u32) {
        let states = if end == 0 { [LINK, NOWHERE] } else { [NOWHERE, LINK] };
        let track = self.track.or_else(|| book.open(at, format!("{} → {}", pair[0], pair[1]), states));
        self.track = track;
        let Some(track) = track else { return };
        let (mtu_text, length) = (mtu.to_string(), length.to_string());
        if book.state(track, end) != TOO_BIG {
            // The quoted packet shows what was sent.
            let event = format!("packet of {length} bytes");
            book.go(track, at, (end, Cause::Sent), TOO_BIG, (&event, "snd, DF set"), Known::Seen);
        }
        let known = book.inferred("passed");
        let action = format!("MTU = {mtu}");
        book.go(track, at, (end, Cause::Received), LOWERED, ("rcv too big", &action), known);
        if let Some(believed) = self.believed.get_mut(usize::from(end & 1)) {
            *believed = Some(mtu);
        }
        let values = [("mtu", &*mtu_text), ("length", &length), ("host", pair[0]), ("target", pair[1])];
        book.verdict(track, Remark::new("path.told", &values).at(at.frame));
    }

    fn send(&mut self, book: &mut Book, at: &At, length: u32) {
        let place = usize::from(at.end & 1);
        let (Some(track), Some(Some(mtu))) = (self.track, self.believed.get(place).copied()) else { return };
        let (text, mtu_text) = (length.to_string(), mtu.to_string());
        let values = [("length", &*text), ("mtu", &mtu_text)];
        if length > mtu {
            book.note(track, Remark::new("path.ignored", &values).at(at.frame));
        } else if length > self.sent.get(place).copied().unwrap_or_default()
            && length.saturating_mul(10) > mtu.saturating_mul(9)
        {
            // Packets just below the limit show that it was taken.
            book.prove(track, at.end);
            book.note(track, Remark::new("path.obeyed", &values).at(at.frame));
        }
        if let Some(sent) = self.sent.get_mut(place) {
            *sent = length.max(*sent);
        }
    }
}
