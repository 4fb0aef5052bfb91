//! IP fragments → the receiver's buffer for each datagram: which bytes came, which are missing, which came twice (RFC 791 §3.2,
//! RFC 815, RFC 8200 §4.5).
//!
//! That the receiver gave up shows only where it says so by ICMP (time exceeded in reassembly); its timer does not.

use super::{At, Book, Fold, Piece, Remark, Strip, show};
use crate::conversation::figure::{FAILED, Figure, IDLE, Machine, Node, WAITS, WELL, node};
use crate::conversation::{Cause, End, Known};
use crate::protocol::{Layer, Packet};

const EMPTY: u8 = 0;
const HOLES: u8 = 1;
const COMPLETE: u8 = 2;
const TIMED_OUT: u8 = 3;

const fn at(place: u8, name: &'static str, look: &'static str, column: f32, level: f32) -> Node {
    node(Machine::Reassembly, place, name, look, (column, level))
}

pub static FIGURE: Figure = Figure {
    key: "reassembly",
    source: "RFC 791 §3.2",
    size: (2.0, 2.0),
    wide: 104.0,
    nodes: &[
        at(EMPTY, "NO BUFFER", IDLE, 1.0, 0.0),
        at(HOLES, "HOLES", WAITS, 1.0, 1.0),
        at(COMPLETE, "COMPLETE", WELL, 0.0, 2.0),
        at(TIMED_OUT, "TIMED OUT", FAILED, 2.0, 2.0),
    ],
    edges: &[
        (0, 1, "rcv fragment", "start timer"),
        (1, 2, "last hole filled", ""),
        (1, 3, "timeout", "snd time exceeded"),
    ],
};

/// A datagram in pieces.
struct Datagram {
    track: usize,
    id: String,
    sender: End,
    protocol: String,
    strip: Strip,
}

#[derive(Default)]
pub(super) struct Reassembly {
    datagrams: Vec<Datagram>,
}

/// A fragment's identification, protocol, bytes of the datagram's payload, and whether more follow.
fn fragment(packet: &Packet) -> Option<(&str, &str, u32, u32, bool)> {
    let number = |layer: &Layer, key: &str| show(layer, key).parse::<u32>().ok();
    let first = packet.layers.iter().find(|layer| ["ip", "ipv6"].contains(&layer.protocol))?;
    if first.protocol == "ip" {
        let (offset, more) = (number(first, "ip.frag_offset")?.saturating_mul(8), show(first, "ip.flags.mf") == "1");
        let length = number(first, "ip.len")?.checked_sub(number(first, "ip.hdr_len")?)?;
        let part = offset > 0 || more;
        return part
            .then(|| (show(first, "ip.id"), show(first, "ip.proto"), offset, offset.saturating_add(length), more));
    }
    let head = packet.layer("ipv6.fraghdr")?;
    let offset = number(head, "ipv6.fraghdr.offset")?.saturating_mul(8);
    let behind = head.pos.saturating_add(8).checked_sub(first.pos.saturating_add(40))?;
    let length = number(first, "ipv6.plen")?.checked_sub(behind)?;
    let more = show(head, "ipv6.fraghdr.more") == "1";
    let (id, protocol) = (show(head, "ipv6.fraghdr.ident"), show(head, "ipv6.fraghdr.nxt"));
    Some((id, protocol, offset, offset.saturating_add(length), more))
}

impl Fold for Reassembly {
    fn hear(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        let Some((id, protocol, from, to, more)) = fragment(packet) else { return self.gave_up(book, at, packet) };
        let open =
            |datagram: &&mut Datagram| datagram.id == id && datagram.sender == at.end && datagram.protocol == protocol;
        // An identification may come again, for another datagram.
        let known = self.datagrams.iter_mut().rev().find(open).filter(|datagram| !datagram.strip.whole());
        let datagram = match known {
            Some(datagram) => datagram,
            None => {
                let states = if at.end == 0 { [super::NOWHERE, EMPTY] } else { [EMPTY, super::NOWHERE] };
                let Some(track) = book.open(at, format!("id {id}"), states) else { return };
                let (id, protocol) = (id.to_owned(), protocol.to_owned());
                self.datagrams.push(Datagram { track, id, sender: at.end, protocol, strip: Strip::default() });
                let Some(datagram) = self.datagrams.last_mut() else { return };
                datagram
            }
        };
        if datagram.strip.pieces.len() >= MAX_SHARDS {
            return;
        }
        let overlaps = datagram.strip.pieces.iter().any(|piece| piece.from < to && from < piece.to);
        datagram.strip.pieces.push(Piece { row: at.row, frame: at.frame, from, to, overlaps });
        if !more {
            datagram.strip.length = Some(to);
        }
        let (track, event) = (datagram.track, format!("rcv bytes {from}–{}", to.saturating_sub(1)));
        let whole = datagram.strip.whole();
        let action = if book.state(track, 1 - at.end) == EMPTY { "start timer" } else { "" };
        book.receives(track, at, if whole { COMPLETE } else { HOLES }, (&event, action));
        if overlaps {
            book.note(track, Remark::new("reassembly.overlap", &[]).at(at.frame));
        }
    }

    fn finish(&mut self, book: &mut Book) {
        for datagram in &mut self.datagrams {
            let strip = &datagram.strip;
            let count = strip.pieces.len().to_string();
            let remark = match (strip.length.filter(|_| strip.whole()), strip.hole()) {
                (Some(length), _) => {
                    Remark::new("reassembly.whole", &[("bytes", &length.to_string()), ("count", &count)])
                }
                (None, (from, Some(to))) => {
                    let (from, to) = (from.to_string(), to.saturating_sub(1).to_string());
                    Remark::new("reassembly.hole", &[("from", &from), ("to", &to)])
                }
                (None, (from, None)) => Remark::new("reassembly.end", &[("from", &from.to_string())]),
            };
            book.verdict(datagram.track, remark);
            if let Some(track) = book.told.tracks.get_mut(datagram.track) {
                track.strip = Some(std::mem::take(&mut datagram.strip));
            }
        }
    }
}

impl Reassembly {
    /// Time exceeded with code 1 quotes the header of a fragment of the datagram that was given up.
    fn gave_up(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        let Some(icmp) = packet.layers.iter().find(|layer| layer.protocol.starts_with("icmp")) else { return };
        let say = |key: &str| show(icmp, &format!("{}.{key}", icmp.protocol)).to_owned();
        let expired = if icmp.protocol == "icmp" { "11" } else { "3" };
        if say("type") != expired || say("code") != "1" {
            return;
        }
        let mut quoted =
            packet.layers.iter().filter_map(|layer| layer.get("ip.id").or(layer.get("ipv6.fraghdr.ident")));
        let Some(id) = quoted.next_back().map(|found| found.show.clone()) else { return };
        let mine = |datagram: &&Datagram| datagram.id == id && datagram.sender != at.end;
        if let Some(datagram) = self.datagrams.iter().rev().find(mine) {
            let end = (at.end, Cause::Sent);
            book.go(datagram.track, at, end, TIMED_OUT, ("timeout", "snd time exceeded"), Known::Seen);
        }
    }
}

/// Fragments of one datagram that are told.
const MAX_SHARDS: usize = 200;
