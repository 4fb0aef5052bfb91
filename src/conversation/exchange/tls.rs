//! TLS records → both ends' handshakes: TLS 1.3 after RFC 8446 appendix A, older ones after the flights of RFC 5246 §7.3.
//!
//! After the hellos TLS 1.3 encrypts, so the states in between are inferred from who sent encrypted records and when: an end
//! that sends its first ones under handshake keys has to be past those states. In TLS 1.2 only the Finished are encrypted.

use super::{At, Book, Fold, Remark, word};
use crate::conversation::figure::{DONE, FAILED, Figure, IDLE, LISTENS, Machine, Node, WAITS, WELL, WORKS, node};
use crate::conversation::{Cause, End, Known};
use crate::protocol::{Layer, Packet};

const START: u8 = 0;
const WAIT_HELLO: u8 = 1;
const SERVER_START: u8 = 2;
const HEARD: u8 = 3;
const ABORTED: u8 = 4;
const CONNECTED: u8 = 5;
const SERVER_CONNECTED: u8 = 6;
const WAIT_FINISHED: u8 = 7;
const SERVER_WAIT_FINISHED: u8 = 8;
// TLS 1.3 only.
const WAIT_EE: u8 = 9;
const WAIT_CERT_CR: u8 = 10;
const WAIT_CV: u8 = 11;
const NEGOTIATED: u8 = 12;
const FLIGHT2: u8 = 13;
// TLS 1.2 only.
const WAIT_DONE: u8 = 9;
const WAIT_KEY: u8 = 10;

const fn new(place: u8, name: &'static str, short: &'static str, look: &'static str, at: (f32, f32)) -> Node {
    Node { short, ..node(Machine::Tls, place, name, look, at) }
}

const fn old(place: u8, name: &'static str, look: &'static str, column: f32, level: f32) -> Node {
    node(Machine::Tls12, place, name, look, (column, level))
}

pub static FIGURE: Figure = Figure {
    key: "tls",
    source: "RFC 8446 appendix A",
    size: (3.0, 5.0),
    wide: 104.0,
    nodes: &[
        new(START, "START", "START", IDLE, (0.0, 0.0)),
        new(WAIT_HELLO, "WAIT_SH", "WAIT_SH", WAITS, (0.0, 1.0)),
        new(SERVER_START, "START", "START", LISTENS, (3.0, 0.0)),
        new(HEARD, "RECVD_CH", "RECVD", WORKS, (3.0, 1.0)),
        new(ABORTED, "ABORTED", "ABORTED", FAILED, (1.5, 5.0)),
        new(CONNECTED, "CONNECTED", "CONN.", WELL, (0.0, 5.0)),
        new(SERVER_CONNECTED, "CONNECTED", "CONN.", WELL, (3.0, 5.0)),
        new(WAIT_FINISHED, "WAIT_FINISHED", "FIN", WAITS, (0.0, 4.0)),
        new(SERVER_WAIT_FINISHED, "WAIT_FINISHED", "FIN", WAITS, (3.0, 4.0)),
        new(WAIT_EE, "WAIT_EE", "WAIT_EE", WAITS, (0.0, 2.0)),
        new(WAIT_CERT_CR, "WAIT_CERT_CR", "CERT", DONE, (1.0, 2.0)),
        new(WAIT_CV, "WAIT_CV", "WAIT_CV", DONE, (1.0, 4.0)),
        new(NEGOTIATED, "NEGOTIATED", "NEGOT.", WORKS, (3.0, 2.0)),
        new(FLIGHT2, "WAIT_FLIGHT2", "FLIGHT2", WAITS, (3.0, 3.0)),
        // States that only encrypted messages lead to.
        new(14, "WAIT_CERT", "CERT", DONE, (0.5, 3.0)),
        new(15, "WAIT_EOED", "EOED", DONE, (2.0, 2.0)),
        new(16, "WAIT_CERT", "CERT", DONE, (2.0, 3.0)),
        new(17, "WAIT_CV", "WAIT_CV", DONE, (2.0, 4.0)),
    ],
    edges: &[
        (0, 1, "", "snd ClientHello"),
        (1, 9, "rcv ServerHello", ""),
        (9, 10, "certificate", ""),
        (9, 7, "PSK", ""),
        (10, 14, "rcv CertificateRequest", ""),
        (10, 11, "rcv Certificate", ""),
        (14, 11, "rcv Certificate", ""),
        (11, 7, "rcv CertificateVerify", ""),
        (7, 5, "rcv Finished", "snd Finished"),
        (2, 3, "rcv ClientHello", ""),
        (3, 12, "select parameters", "snd ServerHello"),
        (12, 15, "early data", ""),
        (12, 13, "", "snd Finished"),
        (15, 13, "rcv EndOfEarlyData", ""),
        (13, 16, "client auth", ""),
        (13, 8, "no auth", ""),
        (16, 17, "rcv Certificate", ""),
        (16, 8, "rcv empty Certificate", ""),
        (17, 8, "rcv CertificateVerify", ""),
        (8, 6, "rcv Finished", ""),
    ],
};

pub static FIGURE_12: Figure = Figure {
    key: "tls12",
    source: "RFC 5246 §7.3",
    size: (2.0, 4.0),
    wide: 104.0,
    nodes: &[
        old(START, "START", IDLE, 0.0, 0.0),
        old(WAIT_HELLO, "WAIT_SH", WAITS, 0.0, 1.0),
        old(SERVER_START, "START", LISTENS, 2.0, 0.0),
        old(HEARD, "RECVD_CH", WORKS, 2.0, 1.0),
        old(ABORTED, "ABORTED", FAILED, 1.0, 4.0),
        old(CONNECTED, "CONNECTED", WELL, 0.0, 4.0).or("CONN."),
        old(SERVER_CONNECTED, "CONNECTED", WELL, 2.0, 4.0).or("CONN."),
        old(WAIT_FINISHED, "WAIT_FINISHED", WAITS, 0.0, 3.0).or("WAIT_FIN"),
        old(SERVER_WAIT_FINISHED, "WAIT_FINISHED", WAITS, 2.0, 3.0).or("WAIT_FIN"),
        old(WAIT_DONE, "WAIT_SHD", WAITS, 0.0, 2.0),
        old(WAIT_KEY, "WAIT_CKE", WAITS, 2.0, 2.0),
    ],
    edges: &[
        (0, 1, "", "snd ClientHello"),
        (1, 9, "rcv ServerHello", ""),
        (9, 7, "rcv ServerHelloDone", "snd ClientKeyExchange"),
        (7, 5, "rcv Finished", ""),
        (2, 3, "rcv ClientHello", ""),
        (3, 10, "select parameters", "snd ServerHelloDone"),
        (10, 8, "rcv ClientKeyExchange", ""),
        (8, 6, "rcv Finished", "snd Finished"),
    ],
};

/// What a record or a handshake message says.
#[derive(Default)]
struct Said<'a> {
    kind: Kind,
    tls13: bool,
    retry: bool,
    psk: bool,
    suite: &'a str,
    name: &'a str,
    version: &'a str,
    /// Of the record.
    length: u32,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Kind {
    /// A handshake message in the clear, by its number.
    Message(u8),
    Change,
    #[default]
    Secret,
    /// A fatal one, in the clear.
    Alert,
}

#[derive(Default)]
pub(super) struct Tls {
    track: Option<usize>,
    client: End,
    /// `None` until a server hello tells.
    tls13: Option<bool>,
    psk: bool,
    /// Which end has changed to its keys.
    changed: [bool; 2],
    early: bool,
    over: bool,
}

/// How a hello retry request's random begins (RFC 8446 §4.1.3).
const RETRY: &str = "cf:21:ad:74:e5:9a:61:11";

/// A Finished has 4 bytes of header and a hash of 32 bytes at least (RFC 8446 §4.4.4); an alert has 2, each with 17 or so around it.
const LEAST_FINISHED: u32 = 36;

fn said(layer: &Layer) -> Vec<Said<'_>> {
    let mut all: Vec<Said> = Vec::new();
    for found in &layer.found {
        let mut begin = |kind| all.push(Said { kind, ..Said::default() });
        match found.field.key {
            "tls.handshake.type" => begin(Kind::Message(found.show.parse().unwrap_or(u8::MAX))),
            "tls.change_cipher_spec" => begin(Kind::Change),
            "tls.record.opaque_type" => begin(Kind::Secret),
            "tls.alert_message.level" if found.show == "2" => begin(Kind::Alert),
            _ => {}
        }
        let Some(last) = all.last_mut() else { continue };
        match found.field.key {
            "tls.record.length" => last.length = found.show.parse().unwrap_or(u32::MAX),
            "tls.handshake.version" => last.version = &found.meaning,
            "tls.handshake.extensions.supported_version" => last.tls13 |= found.show == "0x0304",
            "tls.handshake.random" => last.retry |= found.show.starts_with(RETRY),
            "tls.handshake.extension.type" => last.psk |= found.show == "41",
            "tls.handshake.ciphersuite" => last.suite = &found.meaning,
            "tls.handshake.extensions_server_name" => last.name = &found.show,
            _ => {}
        }
    }
    all
}

impl Fold for Tls {
    fn hear(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        if self.over {
            return;
        }
        for layer in packet.layers.iter().filter(|layer| layer.protocol == "tls") {
            for said in said(layer) {
                match (said.kind, self.track) {
                    (Kind::Message(1), None) => self.begin(book, at, &said),
                    (Kind::Alert, Some(track)) => self.abort(book, at, track, word(layer, "tls.alert_message.desc")),
                    (_, Some(track)) => self.step(book, at, track, &said),
                    _ => {}
                }
            }
        }
    }

    fn finish(&mut self, book: &mut Book) {
        if self.tls13 == Some(false) {
            book.redraw(Machine::Tls12);
        }
    }
}

impl Tls {
    /// States of client and server, by end.
    fn ends(&self, client: u8, server: u8) -> [u8; 2] {
        if self.client == 0 { [client, server] } else { [server, client] }
    }

    fn begin(&mut self, book: &mut Book, at: &At, said: &Said) {
        self.client = at.end;
        let title = if said.name.is_empty() { "TLS" } else { said.name };
        self.track = book.open(at, title.to_owned(), self.ends(START, SERVER_START));
        let Some(track) = self.track else { return };
        book.verdict(track, Remark::new("tls.open", &[]));
        self.hello(book, at, track);
    }

    fn hello(&self, book: &mut Book, at: &At, track: usize) {
        book.sends(track, at, WAIT_HELLO, ("", "snd ClientHello"));
        book.receives(track, at, HEARD, ("rcv ClientHello", ""));
    }

    fn step(&mut self, book: &mut Book, at: &At, track: usize, said: &Said) {
        let from_client = at.end == self.client;
        match (said.kind, from_client, self.tls13) {
            (Kind::Message(1), true, _) => self.hello(book, at, track),
            (Kind::Message(2), false, _) if said.retry => {
                book.prove(track, at.end);
                book.sends(track, at, SERVER_START, ("select parameters", "snd HelloRetryRequest"));
                book.receives(track, at, START, ("rcv HelloRetryRequest", ""));
                book.note(track, Remark::new("tls.retry", &[]).at(at.frame));
            }
            (Kind::Message(2), false, None) => self.chosen(book, at, track, said),
            (Kind::Secret, true, None) if !self.early => {
                self.early = true;
                book.note(track, Remark::new("tls.early", &[]).at(at.frame));
            }
            (Kind::Secret, false, Some(true)) if !self.changed[1] => {
                self.changed[1] = true;
                let known = book.inferred("encrypted");
                book.go(track, at, (at.end, Cause::Sent), FLIGHT2, ("", "snd EncryptedExtensions … Finished"), known);
            }
            // Early data is sent before the server's flight comes.
            (Kind::Secret, true, Some(true)) if self.changed[1] && !self.changed[0] => {
                self.close_new(book, at, track, said.length);
            }
            (kind, _, Some(false)) => self.step_old(book, at, track, kind),
            _ => {}
        }
    }

    fn chosen(&mut self, book: &mut Book, at: &At, track: usize, said: &Said) {
        self.tls13 = Some(said.tls13);
        self.psk = said.psk;
        book.prove(track, at.end);
        let version = if said.tls13 { "TLS 1.3" } else { said.version };
        book.verdict(track, Remark::new("tls.chosen", &[("version", version), ("suite", said.suite)]).at(at.frame));
        if said.tls13 {
            book.sends(track, at, NEGOTIATED, ("select parameters", "snd ServerHello"));
            book.receives(track, at, WAIT_EE, ("rcv ServerHello", ""));
            book.note(track, Remark::new(if said.psk { "tls.psk" } else { "tls.secret" }, &[]));
        } else {
            book.receives(track, at, WAIT_DONE, ("rcv ServerHello", ""));
        }
    }

    /// The client's first record under handshake keys ends its handshake.
    fn close_new(&mut self, book: &mut Book, at: &At, track: usize, length: u32) {
        self.changed[0] = true;
        self.over = true;
        let known = book.inferred("encrypted");
        let (client, server) = ((at.end, Cause::Sent), (1 - at.end, Cause::Received));
        if length < LEAST_FINISHED {
            let known = book.inferred("short");
            book.go(track, at, client, ABORTED, ("error", "snd alert"), known);
            book.receives(track, at, ABORTED, ("rcv alert", ""));
            return book.verdict(track, Remark::new("tls.secret-alert", &[]).at(at.frame));
        }
        if !self.psk {
            book.go(track, at, client, WAIT_CERT_CR, ("rcv EncryptedExtensions", ""), known.clone());
            // Perhaps by way of WAIT_CERT: a request for the client's certificate would be encrypted.
            book.go(track, at, client, WAIT_CV, ("rcv Certificate", ""), Known::Unknown);
        }
        let event = if self.psk { "rcv EncryptedExtensions" } else { "rcv CertificateVerify" };
        book.go(track, at, client, WAIT_FINISHED, (event, ""), known.clone());
        book.go(track, at, client, CONNECTED, ("rcv Finished", "snd Finished"), known.clone());
        // Perhaps by way of WAIT_CERT and WAIT_CV.
        book.go(track, at, server, SERVER_WAIT_FINISHED, ("no auth", ""), Known::Unknown);
        book.go(track, at, server, SERVER_CONNECTED, ("rcv Finished", ""), known);
    }

    fn step_old(&mut self, book: &mut Book, at: &At, track: usize, kind: Kind) {
        let from_client = at.end == self.client;
        match (kind, from_client) {
            (Kind::Message(14), false) => book.sends(track, at, WAIT_KEY, ("select parameters", "snd ServerHelloDone")),
            (Kind::Message(16), true) => {
                book.prove(track, at.end);
                book.sends(track, at, WAIT_FINISHED, ("rcv ServerHelloDone", "snd ClientKeyExchange"));
                book.receives(track, at, SERVER_WAIT_FINISHED, ("rcv ClientKeyExchange", ""));
            }
            (Kind::Change, _) => self.change(book, at, track, from_client),
            _ => {}
        }
    }

    /// Finished follows the change of keys, encrypted.
    fn change(&mut self, book: &mut Book, at: &At, track: usize, from_client: bool) {
        // The client is the first.
        let (own_place, peer_place) = (usize::from(!from_client), usize::from(from_client));
        if std::mem::replace(&mut self.changed[own_place], true) {
            return;
        }
        book.prove(track, at.end);
        let (own, peer) = if from_client { (CONNECTED, SERVER_CONNECTED) } else { (SERVER_CONNECTED, CONNECTED) };
        let known = book.inferred("encrypted");
        if self.changed[peer_place] {
            self.over = true;
            book.go(track, at, (at.end, Cause::Sent), own, ("rcv Finished", "snd Finished"), known);
            book.receives(track, at, peer, ("rcv Finished", ""));
        } else if !from_client {
            // Without a key exchange: an earlier session goes on (RFC 5246 §7.3, figure 2).
            book.note(track, Remark::new("tls.resumed", &[]).at(at.frame));
            book.go(track, at, (at.end, Cause::Sent), SERVER_WAIT_FINISHED, ("resume", "snd Finished"), known);
            book.receives(track, at, WAIT_FINISHED, ("resume", ""));
        }
    }

    fn abort(&mut self, book: &mut Book, at: &At, track: usize, why: &str) {
        self.over = true;
        book.prove(track, at.end);
        book.go(track, at, (at.end, Cause::Sent), ABORTED, ("error", "snd alert"), Known::Seen);
        book.receives(track, at, ABORTED, ("rcv alert", ""));
        book.verdict(track, Remark::new("tls.alert", &[("alert", why)]).at(at.frame));
    }
}
