//! FTP's commands and replies → a machine for each command after the diagrams of RFC 959 §6, and the data connections arranged.

use super::{At, Book, Fold, Remark, show, word};
use crate::conversation::figure::{FAILED, Figure, IDLE, LISTENS, Machine, Node, WAITS, WELL, WORKS, node};
use crate::protocol::{Layer, Packet};

const BEGIN: u8 = 0;
const WAIT: u8 = 1;
const SUCCESS: u8 = 2;
const FAILURE: u8 = 3;
const MORE: u8 = 4;
const READY: u8 = 5;
const WORKING: u8 = 6;
const REPLIED: u8 = 7;

const fn at(place: u8, name: &'static str, look: &'static str, column: f32, level: f32) -> Node {
    node(Machine::Ftp, place, name, look, (column, level))
}

pub static FIGURE: Figure = Figure {
    key: "ftp",
    source: "RFC 959 §6",
    size: (2.0, 3.0),
    wide: 96.0,
    nodes: &[
        at(BEGIN, "BEGIN", IDLE, 0.5, 0.0),
        at(WAIT, "WAIT", WAITS, 0.5, 1.0),
        at(SUCCESS, "SUCCESS", WELL, 0.0, 2.0),
        at(FAILURE, "FAILURE", FAILED, 1.0, 2.0),
        at(MORE, "MORE", WORKS, 0.5, 3.0),
        at(READY, "READY", LISTENS, 2.0, 0.0),
        at(WORKING, "WORKING", WORKS, 2.0, 1.5),
        at(REPLIED, "REPLIED", WELL, 2.0, 3.0),
    ],
    edges: &[
        (0, 1, "", "snd command"),
        (1, 2, "rcv 2yz", ""),
        (1, 3, "rcv 4yz, 5yz", ""),
        (1, 4, "rcv 3yz", ""),
        (5, 6, "rcv command", ""),
        (6, 7, "done", "snd reply"),
    ],
};

/// A data connection that was arranged: the address and port that it will go to, and for which command.
struct Arranged {
    track: usize,
    port: String,
    seen: bool,
}

#[derive(Default)]
pub(super) struct Ftp {
    /// The command that waits for its reply.
    waiting: Option<usize>,
    arranged: Vec<Arranged>,
    commands: u32,
    /// A reply has come.
    greeted: bool,
}

/// Fields that name the port of a data connection.
const PORTS: &[(&str, &str)] = &[
    ("ftp.passive.port", "ftp.passive.ip"),
    ("ftp.epsv.port", ""),
    ("ftp.active.port", "ftp.active.cip"),
    ("ftp.eprt.port", "ftp.eprt.ip"),
];

impl Fold for Ftp {
    fn hear(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        if !at.home {
            return self.data(book, at, packet);
        }
        for layer in packet.layers.iter().filter(|layer| layer.protocol == "ftp") {
            let (command, code) = (show(layer, "ftp.request.command"), show(layer, "ftp.response.code"));
            if !command.is_empty() {
                self.command(book, at, layer, command);
            } else if code.len() == 3 {
                self.reply(book, at, layer, code);
            }
        }
    }

    fn finish(&mut self, book: &mut Book) {
        if let Some(track) = self.waiting {
            book.verdict(track, Remark::new("ftp.none", &[]));
        }
        let (commands, count) = (self.commands.to_string(), self.arranged.len().to_string());
        book.told.sums.push(Remark::new("ftp.sum", &[("commands", &commands), ("data", &count)]));
    }
}

impl Ftp {
    fn command(&mut self, book: &mut Book, at: &At, layer: &Layer, command: &str) {
        let states = if at.end == 0 { [BEGIN, READY] } else { [READY, BEGIN] };
        let argument = if command == "PASS" { "…" } else { show(layer, "ftp.request.arg") };
        let Some(track) = book.open(at, format!("{command} {argument}").trim_end().to_owned(), states) else { return };
        self.commands += 1;
        self.waiting = Some(track);
        book.sends(track, at, WAIT, ("", "snd command"));
        book.receives(track, at, WORKING, ("rcv command", ""));
        self.arrange(book, at, layer, track);
    }

    fn reply(&mut self, book: &mut Book, at: &At, layer: &Layer, code: &str) {
        let (meaning, text) = (word(layer, "ftp.response.code"), show(layer, "ftp.response.arg"));
        let values = [("code", code), ("meaning", meaning), ("text", text)];
        // The greeting answers no command, even one that was sent before it came.
        let greets = !std::mem::replace(&mut self.greeted, true) && (code == "220" || code == "120");
        let Some(track) = self.waiting.filter(|_| !greets) else {
            let states = if at.end == 0 { [WORKING, BEGIN] } else { [BEGIN, WORKING] };
            let Some(track) = book.open(at, code.to_owned(), states) else { return };
            book.sends(track, at, REPLIED, ("", "snd reply"));
            return book.verdict(track, Remark::new("ftp.reply", &values).at(at.frame));
        };
        book.prove(track, at.end);
        let (to, event) = match code.as_bytes().first() {
            // Another reply will come.
            Some(b'1') => return book.note(track, Remark::new("ftp.reply", &values).at(at.frame)),
            Some(b'2') => (SUCCESS, "rcv 2yz"),
            Some(b'3') => (MORE, "rcv 3yz"),
            _ => (FAILURE, "rcv 4yz, 5yz"),
        };
        self.waiting = None;
        book.sends(track, at, REPLIED, ("done", "snd reply"));
        book.receives(track, at, to, (event, ""));
        book.verdict(track, Remark::new("ftp.reply", &values).at(at.frame));
        self.arrange(book, at, layer, track);
    }

    fn arrange(&mut self, book: &mut Book, at: &At, layer: &Layer, track: usize) {
        for (key, address) in PORTS {
            let port = show(layer, key);
            if !port.is_empty() && self.arranged.len() < MAX_ARRANGED {
                let address = show(layer, address);
                let place = if address.is_empty() { format!(":{port}") } else { format!("{address}:{port}") };
                book.note(track, Remark::new("ftp.arranged", &[("place", &place)]).at(at.frame));
                self.arranged.push(Arranged { track, port: port.to_owned(), seen: false });
            }
        }
    }

    /// The first packet of a data connection that was arranged.
    fn data(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        let Some(tcp) = packet.layer("tcp") else { return };
        let ports = ["tcp.srcport", "tcp.dstport"].map(|key| show(tcp, key));
        let mine = |arranged: &&mut Arranged| !arranged.seen && ports.contains(&&*arranged.port);
        if let Some(arranged) = self.arranged.iter_mut().rev().find(mine) {
            arranged.seen = true;
            let remark = Remark::new("ftp.data", &[("port", &arranged.port)]).at(at.frame);
            book.note(arranged.track, remark.clone());
            if let Some(track) = self.waiting {
                book.note(track, remark);
            }
        }
    }
}

/// Data connections of one session.
const MAX_ARRANGED: usize = 500;
