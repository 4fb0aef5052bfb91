//! ARP requests and replies → what both hosts' neighbour entries of each other are, in the states of RFC 4861 §7.3.2 that Linux keeps for
//! ARP, too (`ip neigh`).
//!
//! Entries never show on the wire; a request shows that its sender asks, to all where it knows nothing, to the one address where it
//! only checks. What timers do (STALE after REACHABLE, FAILED after the third request) sends nothing and is unknown.

use super::{At, Book, Fold, Remark, show};
use crate::conversation::Cause;
use crate::conversation::figure::{DONE, FAILED, Figure, IDLE, LISTENS, Machine, Node, WAITS, WELL, WORKS, node};
use crate::protocol::Packet;

const NONE: u8 = 0;
const INCOMPLETE: u8 = 1;
const REACHABLE: u8 = 2;
const STALE: u8 = 3;
const PROBE: u8 = 5;
const GONE: u8 = 6;

const fn at(place: u8, name: &'static str, look: &'static str, column: f32, level: f32) -> Node {
    node(Machine::Neighbour, place, name, look, (column, level))
}

pub static FIGURE: Figure = Figure {
    key: "neighbour",
    source: "RFC 4861 §7.3.2",
    size: (2.0, 3.0),
    wide: 94.0,
    nodes: &[
        at(NONE, "NONE", IDLE, 1.0, 0.0),
        at(INCOMPLETE, "INCOMPLETE", WAITS, 0.0, 1.0).or("INCOMPL."),
        at(REACHABLE, "REACHABLE", WELL, 1.0, 2.0).or("REACH."),
        at(STALE, "STALE", DONE, 2.0, 1.0),
        at(4, "DELAY", LISTENS, 2.0, 2.0),
        at(PROBE, "PROBE", WORKS, 2.0, 3.0),
        at(GONE, "FAILED", FAILED, 0.0, 3.0),
    ],
    edges: &[
        (0, 1, "packet to send", "ask all"),
        (1, 2, "rcv reply", ""),
        (1, 6, "3 requests", ""),
        (0, 3, "rcv request", ""),
        (2, 3, "timeout", ""),
        (3, 4, "packet to send", ""),
        (4, 2, "confirmed", ""),
        (4, 5, "timeout", "ask it"),
        (5, 2, "rcv reply", ""),
        (5, 6, "3 requests", ""),
    ],
};

#[derive(Default)]
pub(super) struct Neighbour {
    track: Option<usize>,
    requests: u32,
    answer: Option<(String, String, u32)>,
}

const ALL: &str = "ff:ff:ff:ff:ff:ff";

impl Fold for Neighbour {
    fn hear(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        let Some(arp) = packet.layer("arp") else { return };
        let [sender, target] = ["arp.src.proto_ipv4", "arp.dst.proto_ipv4"].map(|key| show(arp, key));
        // An announcement, or a probe of an address that nobody has yet, speaks of no neighbour.
        if sender == target || sender == "0.0.0.0" {
            return;
        }
        let track = self.track.or_else(|| book.open(at, format!("{sender} ⇄ {target}"), [NONE, NONE]));
        self.track = track;
        let Some(track) = track else { return };
        let to_all = packet.layer("eth").is_none_or(|eth| show(eth, "eth.dst") == ALL);
        match show(arp, "arp.opcode") {
            "1" => {
                let again = book.state(track, at.end);
                let (to, rule, words) = match (to_all, again) {
                    (true, INCOMPLETE) => (INCOMPLETE, "repeated", ("timeout", "ask all")),
                    (true, _) => (INCOMPLETE, "asks-all", ("packet to send", "ask all")),
                    (false, PROBE) => (PROBE, "repeated", ("timeout", "ask it")),
                    (false, _) => (PROBE, "asks-one", ("timeout", "ask it")),
                };
                let known = book.inferred(rule);
                book.go(track, at, (at.end, Cause::Sent), to, words, known);
                self.requests += 1;
            }
            "2" => {
                // Who answers has entered the one who asked (RFC 826), and Linux does so as STALE.
                if [NONE, GONE].contains(&book.state(track, at.end)) {
                    let known = book.inferred("learns");
                    book.go(track, at, (at.end, Cause::Sent), STALE, ("rcv request", ""), known);
                }
                if [INCOMPLETE, PROBE].contains(&book.state(track, 1 - at.end)) {
                    book.receives(track, at, REACHABLE, ("rcv reply", ""));
                }
                let address = show(arp, "arp.src.hw_mac").to_owned();
                self.answer = Some((sender.to_owned(), address, at.frame));
            }
            _ => {}
        }
    }

    fn finish(&mut self, book: &mut Book) {
        let Some(track) = self.track else { return };
        let remark = match &self.answer {
            Some((host, address, frame)) => {
                book.note(track, Remark::new("neighbour.timers", &[]));
                Remark::new("neighbour.known", &[("host", host), ("address", address)]).at(*frame)
            }
            None => Remark::new("neighbour.none", &[("requests", &self.requests.to_string())]),
        };
        book.verdict(track, remark);
    }
}
