//! DNS messages → for each query the resolver's machine and the server's (RFC 1034 §5.3.1, RFC 1035 §7).
//!
//! The RFCs draw no figure; this one has their words. What the server does to find the answer is not on this wire.

use super::{At, Book, Fold, Remark, milliseconds, show, word};
use crate::conversation::figure::{DONE, FAILED, Figure, IDLE, LISTENS, Machine, Node, WAITS, WELL, WORKS, node};
use crate::protocol::{Layer, Packet};

const IDLE_STUB: u8 = 0;
const WAITING: u8 = 1;
const ANSWERED: u8 = 2;
const NO_NAME: u8 = 3;
const REFUSED: u8 = 4;
const READY: u8 = 5;
const LOOKING_UP: u8 = 6;
const REPLIED: u8 = 7;

const fn at(place: u8, name: &'static str, look: &'static str, column: f32, level: f32) -> Node {
    node(Machine::Dns, place, name, look, (column, level))
}

pub static FIGURE: Figure = Figure {
    key: "dns",
    source: "RFC 1035 §7",
    size: (2.0, 3.0),
    wide: 96.0,
    nodes: &[
        at(IDLE_STUB, "IDLE", IDLE, 0.5, 0.0),
        at(WAITING, "WAITING", WAITS, 0.5, 1.0),
        at(ANSWERED, "ANSWERED", WELL, 0.0, 2.0).or("ANSWER"),
        at(NO_NAME, "NXDOMAIN", DONE, 1.0, 2.0).or("NXDOM."),
        at(REFUSED, "FAILED", FAILED, 0.5, 3.0),
        at(READY, "LISTENING", LISTENS, 2.0, 0.0).or("LISTEN"),
        at(LOOKING_UP, "LOOKING UP", WORKS, 2.0, 1.5).or("LOOKUP"),
        at(REPLIED, "REPLIED", WELL, 2.0, 3.0),
    ],
    edges: &[
        (0, 1, "lookup", "snd query"),
        (1, 2, "rcv answer", ""),
        (1, 3, "rcv NXDOMAIN", ""),
        (1, 4, "rcv error", ""),
        (5, 6, "rcv query", ""),
        (6, 7, "result", "snd response"),
    ],
};

/// A query that was asked.
struct Asked {
    track: usize,
    id: String,
    /// `A www.example.com`
    question: String,
    frame: u32,
    time: i64,
    tries: u32,
    answered: bool,
}

#[derive(Default)]
pub(super) struct Dns {
    asked: Vec<Asked>,
}

impl Fold for Dns {
    fn hear(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        for layer in packet.layers.iter().filter(|layer| layer.protocol == "dns") {
            let question = format!("{} {}", word(layer, "dns.qry.type"), show(layer, "dns.qry.name"));
            match show(layer, "dns.flags.response") {
                "0" => self.ask(book, at, show(layer, "dns.id"), question),
                "1" => self.answer(book, at, layer, question),
                _ => {}
            }
        }
    }

    fn finish(&mut self, book: &mut Book) {
        for asked in self.asked.iter().filter(|asked| !asked.answered) {
            book.verdict(asked.track, Remark::new("dns.none", &[("tries", &asked.tries.to_string())]));
        }
        let answered = self.asked.iter().filter(|asked| asked.answered).count();
        let (queries, answered) = (self.asked.len().to_string(), answered.to_string());
        book.told.sums.push(Remark::new("dns.sum", &[("queries", &queries), ("answered", &answered)]));
    }
}

/// The states of both ends where this end is the resolver.
fn ends(resolver: u8, states: [u8; 2]) -> [u8; 2] {
    if resolver == 0 { states } else { [states[1], states[0]] }
}

impl Dns {
    fn ask(&mut self, book: &mut Book, at: &At, id: &str, question: String) {
        let again = self.asked.iter_mut().rev().find(|asked| !asked.answered && asked.question == question);
        if let Some(asked) = again {
            asked.tries += 1;
            asked.id = id.to_owned();
            let known = book.inferred("repeated");
            let from = (at.end, crate::conversation::Cause::Sent);
            book.go(asked.track, at, from, WAITING, ("timeout", "snd query"), known);
            let waited = milliseconds(at.time - asked.time);
            book.note(asked.track, Remark::new("dns.again", &[("ms", &waited)]).at(at.frame));
            return;
        }
        let Some(track) = book.open(at, question.clone(), ends(at.end, [IDLE_STUB, READY])) else { return };
        book.sends(track, at, WAITING, ("lookup", "snd query"));
        book.receives(track, at, LOOKING_UP, ("rcv query", ""));
        let (id, frame, time) = (id.to_owned(), at.frame, at.time);
        self.asked.push(Asked { track, id, question, frame, time, tries: 1, answered: false });
    }

    fn answer(&mut self, book: &mut Book, at: &At, layer: &Layer, question: String) {
        let id = show(layer, "dns.id");
        let asked = self.asked.iter_mut().rev().find(|asked| asked.id == id && asked.question == question);
        let track = match &asked {
            Some(asked) => Some(asked.track),
            // The query is not in the capture, nor what its sender was in.
            None => book.open(at, question, ends(1 - at.end, [WAITING, LOOKING_UP])),
        };
        let Some(track) = track else { return };
        let taken = asked.as_ref().map(|asked| milliseconds(at.time - asked.time));
        let first = asked.as_ref().is_none_or(|asked| !asked.answered);
        if let Some(asked) = asked {
            asked.answered = true;
            let frame = asked.frame;
            book.note(track, Remark::new("dns.asked", &[]).at(frame));
        }
        book.prove(track, at.end);
        book.sends(track, at, REPLIED, ("result", "snd response"));
        let code = show(layer, "dns.flags.rcode");
        let (to, event) = match code {
            "0" => (ANSWERED, "rcv answer"),
            "3" => (NO_NAME, "rcv NXDOMAIN"),
            _ => (REFUSED, "rcv error"),
        };
        if first {
            book.receives(track, at, to, (event, ""));
        }
        let chain = chain(layer);
        for (name, target) in &chain {
            book.note(track, Remark::new("dns.alias", &[("name", name), ("target", target)]).at(at.frame));
        }
        if show(layer, "dns.flags.truncated") == "1" {
            book.note(track, Remark::new("dns.truncated", &[]).at(at.frame));
        }
        let addresses = values(layer, &["dns.a", "dns.aaaa"]);
        let (count, ms) = (show(layer, "dns.count.answers"), taken.unwrap_or_default());
        let key = match (code, addresses.is_empty(), count) {
            ("0", false, _) => "dns.addresses",
            ("0", true, "0") => "dns.nothing",
            ("0", true, _) => "dns.records",
            ("3", ..) => "dns.nxdomain",
            _ => "dns.failed",
        };
        let key = if ms.is_empty() { format!("{key}.late") } else { key.to_owned() };
        let code = word(layer, "dns.flags.rcode");
        let values = [("addresses", addresses.as_str()), ("count", count), ("code", code), ("ms", &ms)];
        book.verdict(track, Remark::new(&key, &values).at(at.frame));
    }
}

/// Aliases that the answer follows, name and target.
fn chain(layer: &Layer) -> Vec<(String, String)> {
    let mut name = "";
    let mut chain = Vec::new();
    for found in &layer.found {
        match found.field.key {
            "dns.resp.name" => name = &found.show,
            "dns.cname" => chain.push((name.to_owned(), found.show.clone())),
            _ => {}
        }
    }
    chain
}

/// Values of these fields, up to a few.
fn values(layer: &Layer, keys: &[&str]) -> String {
    let found = layer.found.iter().filter(|found| keys.contains(&found.field.key));
    found.take(4).map(|found| found.show.as_str()).collect::<Vec<_>>().join(", ")
}
