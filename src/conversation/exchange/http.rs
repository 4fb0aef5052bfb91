//! HTTP/1 messages → a machine for each request and its response (RFC 9112 §9), through a proxy, too.
//!
//! A proxy asks in a connection of its own (RFC 9110 §3.7). That the two belong together is inferred: the same host and path, in
//! this order, and that the first one asked a proxy (absolute form, RFC 9112 §3.2.2) or the second one comes from whom it asked.

use std::collections::VecDeque;

use super::{At, Book, Fold, Remark, milliseconds, show};
use crate::conversation::figure::{DONE, Figure, IDLE, LISTENS, Machine, Node, WAITS, WELL, WORKS, node};
use crate::conversation::{Cause, End};
use crate::protocol::{Layer, Packet};

const IDLE_CLIENT: u8 = 0;
const WAITING: u8 = 1;
const COMPLETE: u8 = 2;
const TUNNEL: u8 = 3;
const READY: u8 = 4;
const HANDLING: u8 = 5;
const RESPONDED: u8 = 6;
const UPSTREAM: u8 = 7;

const fn at(place: u8, name: &'static str, look: &'static str, column: f32, level: f32) -> Node {
    node(Machine::Http, place, name, look, (column, level))
}

pub static FIGURE: Figure = Figure {
    key: "http",
    source: "RFC 9112 §9",
    size: (2.0, 3.0),
    wide: 96.0,
    nodes: &[
        at(IDLE_CLIENT, "IDLE", IDLE, 0.5, 0.0),
        at(WAITING, "WAITING", WAITS, 0.5, 1.5),
        at(COMPLETE, "COMPLETE", WELL, 0.0, 3.0).or("DONE"),
        at(TUNNEL, "TUNNEL", DONE, 1.0, 3.0),
        at(READY, "READY", LISTENS, 2.0, 0.0),
        at(HANDLING, "HANDLING", WORKS, 2.0, 1.2).or("WORKS"),
        at(RESPONDED, "RESPONDED", WELL, 2.0, 3.0).or("REPLIED"),
        at(UPSTREAM, "UPSTREAM", WAITS, 1.4, 2.1).or("UPSTR."),
    ],
    edges: &[
        (0, 1, "", "snd request"),
        (1, 2, "rcv response", ""),
        (1, 3, "rcv 101, 2xx to CONNECT", ""),
        (4, 5, "rcv request", ""),
        (5, 6, "result", "snd response"),
        (5, 7, "proxy", "snd request"),
        (7, 6, "rcv response", "snd response"),
    ],
};

/// A request that was sent.
struct Asked {
    track: usize,
    end: End,
    method: String,
    target: Target,
    ends: [String; 2],
    /// In absolute form: a proxy was asked.
    absolute: bool,
    time: i64,
    /// The ends of the connection in which a proxy asked, by address.
    forwarded: Option<[String; 2]>,
}

/// Host and path, of an absolute form, too.
#[derive(Clone, PartialEq)]
struct Target {
    host: String,
    path: String,
}

/// Whether the second request may be a proxy's for the first: source and destination of both, and what the first asked.
fn forwards(first: &[String; 2], absolute: bool, second: &[String; 2]) -> bool {
    second[0] != first[0] && (absolute || first[1] == second[0] && second[0] != second[1])
}

/// A request of another connection that may be one of a proxy's two.
struct Elsewhere {
    ends: [String; 2],
    absolute: bool,
    target: Target,
    frame: u32,
    time: i64,
}

#[derive(Default)]
pub(super) struct Http {
    waiting: VecDeque<Asked>,
    elsewhere: Vec<Elsewhere>,
    told: u32,
}

impl Fold for Http {
    fn hear(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        for layer in packet.layers.iter().filter(|layer| layer.protocol == "http") {
            let (request, response) = (show(layer, "http.request.method"), show(layer, "http.response.code"));
            match (at.home, request.is_empty(), response.is_empty()) {
                (true, false, _) => self.ask(book, at, layer, packet),
                (true, true, false) => self.answer(book, at, layer),
                (false, false, _) => self.ask_elsewhere(book, at, layer, packet),
                (false, true, false) => self.answer_elsewhere(book, at, packet),
                _ => {}
            }
        }
    }

    fn finish(&mut self, book: &mut Book) {
        for asked in &self.waiting {
            book.verdict(asked.track, Remark::new("http.none", &[]));
        }
        let (requests, answered) = (self.told.to_string(), (self.told as usize).saturating_sub(self.waiting.len()));
        let values = [("requests", &*requests), ("answered", &answered.to_string())];
        book.told.sums.push(Remark::new("http.sum", &values));
    }
}

/// Source and destination of the innermost network layer.
fn ends(packet: &Packet) -> [String; 2] {
    let layers = || packet.layers.iter().rev();
    let ip = layers().find(|layer| layer.protocol == "ip").map(|ip| [show(ip, "ip.src"), show(ip, "ip.dst")]);
    let ip6 = || layers().find(|layer| layer.protocol == "ipv6").map(|ip| [show(ip, "ipv6.src"), show(ip, "ipv6.dst")]);
    ip.or_else(ip6).unwrap_or_default().map(str::to_owned)
}

fn target(layer: &Layer) -> (Target, bool) {
    let (uri, host) = (show(layer, "http.request.uri"), show(layer, "http.host"));
    let absolute = uri.split_once("://").map(|(_, rest)| rest.split_at(rest.find('/').unwrap_or(rest.len())));
    let (host, path) = absolute.unwrap_or((host, uri));
    let path = if path.is_empty() { "/" } else { path };
    (Target { host: host.to_owned(), path: path.to_owned() }, absolute.is_some())
}

impl Http {
    fn ask(&mut self, book: &mut Book, at: &At, layer: &Layer, packet: &Packet) {
        let (method, uri) = (show(layer, "http.request.method"), show(layer, "http.request.uri"));
        let states = if at.end == 0 { [IDLE_CLIENT, READY] } else { [READY, IDLE_CLIENT] };
        let Some(track) = book.open(at, format!("{method} {uri}"), states) else { return };
        self.told += 1;
        book.sends(track, at, WAITING, ("", "snd request"));
        book.receives(track, at, HANDLING, ("rcv request", ""));
        let (ends, (target, absolute)) = (ends(packet), target(layer));
        // Who asks here may do so for somebody who asked the same of it before.
        let first = |other: &&Elsewhere| other.target == target && forwards(&other.ends, other.absolute, &ends);
        if let Some(before) = self.elsewhere.iter().rev().find(first).filter(|_| !absolute) {
            let values = [("client", &*before.ends[0]), ("ms", &milliseconds(at.time - before.time))];
            book.note(track, Remark::new("http.behalf", &values).at(before.frame));
        }
        let (method, time) = (method.to_owned(), at.time);
        self.waiting.push_back(Asked { track, end: at.end, method, target, ends, absolute, time, forwarded: None });
    }

    fn answer(&mut self, book: &mut Book, at: &At, layer: &Layer) {
        let (code, phrase) = (show(layer, "http.response.code"), show(layer, "http.response.code.desc"));
        let Some(asked) = self.waiting.front().filter(|asked| asked.end != at.end) else {
            let states = if at.end == 0 { [HANDLING, WAITING] } else { [WAITING, HANDLING] };
            let Some(track) = book.open(at, format!("… {code}"), states) else { return };
            book.sends(track, at, RESPONDED, ("result", "snd response"));
            book.receives(track, at, COMPLETE, ("rcv response", ""));
            return book.verdict(track, Remark::new("http.late", &[("code", code), ("phrase", phrase)]));
        };
        let (track, method) = (asked.track, asked.method.clone());
        let ms = milliseconds(at.time - asked.time);
        book.prove(track, at.end);
        let tunnel = code == "101" || method == "CONNECT" && code.starts_with('2');
        if code.starts_with('1') && !tunnel {
            return book.note(track, Remark::new("http.interim", &[("code", code), ("phrase", phrase)]).at(at.frame));
        }
        self.waiting.pop_front();
        let event = if book.state(track, at.end) == UPSTREAM { "rcv response" } else { "result" };
        book.sends(track, at, RESPONDED, (event, "snd response"));
        let (to, event) = if tunnel { (TUNNEL, "rcv 101, 2xx to CONNECT") } else { (COMPLETE, "rcv response") };
        book.receives(track, at, to, (event, ""));
        let values = [("code", code), ("phrase", phrase), ("ms", &ms)];
        book.verdict(track, Remark::new("http.done", &values).at(at.frame));
    }

    /// A request in another connection: a proxy's, if it comes from this server and wants what was wanted here.
    fn ask_elsewhere(&mut self, book: &mut Book, at: &At, layer: &Layer, packet: &Packet) {
        let (ends, (target, absolute)) = (ends(packet), target(layer));
        let mine = |asked: &&mut Asked| {
            asked.target == target && asked.forwarded.is_none() && forwards(&asked.ends, asked.absolute, &ends)
        };
        if let Some(asked) = self.waiting.iter_mut().find(mine) {
            let values = [("server", &*ends[1]), ("ms", &milliseconds(at.time - asked.time))];
            book.note(asked.track, Remark::new("http.forwarded", &values).at(at.frame));
            let known = book.inferred("proxied");
            let end = (1 - asked.end, Cause::Sent);
            asked.forwarded = Some(ends.clone());
            book.go(asked.track, at, end, UPSTREAM, ("proxy", "snd request"), known);
        }
        if self.elsewhere.len() < MAX_ELSEWHERE {
            self.elsewhere.push(Elsewhere { ends, absolute, target, frame: at.frame, time: at.time });
        }
    }

    fn answer_elsewhere(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        let [from, to] = ends(packet);
        let mine = |asked: &&Asked| asked.forwarded.as_ref().is_some_and(|ends| ends[0] == to && ends[1] == from);
        if let Some(asked) = self.waiting.iter().find(mine) {
            book.note(asked.track, Remark::new("http.returned", &[("server", &from)]).at(at.frame));
        }
    }
}

/// Requests of other connections that are remembered.
const MAX_ELSEWHERE: usize = 1_000;
