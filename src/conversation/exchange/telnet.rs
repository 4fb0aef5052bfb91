//! TELNET's negotiations → for each option and each end that may perform it the states of both ends (RFC 1143 §7, the Q method).
//!
//! WILL and WONT speak of the sender's own side, DO and DONT of the other one. A request and the consent to one look alike; a consent
//! is what answers an open request. The queue bits of RFC 1143 (OPPOSITE) never show.

use super::{At, Book, Fold, Remark};
use crate::conversation::End;
use crate::conversation::figure::{FAILED, Figure, IDLE, Machine, Node, WAITS, WELL, node};
use crate::protocol::Packet;

const NO: u8 = 0;
const WANT_YES: u8 = 1;
const YES: u8 = 2;
const WANT_NO: u8 = 3;

const fn at(place: u8, name: &'static str, look: &'static str, column: f32, level: f32) -> Node {
    node(Machine::Telnet, place, name, look, (column, level))
}

pub static FIGURE: Figure = Figure {
    key: "telnet",
    source: "RFC 1143 §7",
    size: (2.0, 2.0),
    wide: 96.0,
    nodes: &[
        at(NO, "NO", IDLE, 1.0, 0.0),
        at(WANT_YES, "WANTYES", WAITS, 2.0, 1.0).or("WANTYES"),
        at(YES, "YES", WELL, 1.0, 2.0),
        at(WANT_NO, "WANTNO", FAILED, 0.0, 1.0),
    ],
    edges: &[
        (0, 1, "enable", "snd WILL, DO"),
        (1, 2, "rcv WILL, DO", ""),
        (0, 2, "rcv WILL, DO", "agree"),
        (2, 3, "disable", "snd WONT, DONT"),
        (3, 0, "rcv WONT, DONT", ""),
    ],
};

/// An option at the end that performs it.
struct Performed {
    number: String,
    performer: End,
    track: usize,
}

#[derive(Default)]
pub(super) struct Telnet {
    options: Vec<Performed>,
}

const WORDS: [&str; 4] = ["WILL", "WONT", "DO", "DONT"];

impl Fold for Telnet {
    fn hear(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        for layer in packet.layers.iter().filter(|layer| layer.protocol == "telnet") {
            let mut command = None;
            for found in &layer.found {
                match (found.field.key, command) {
                    ("telnet.cmd", _) => {
                        let number = found.show.parse::<usize>().ok();
                        command = number.and_then(|number| number.checked_sub(251)).filter(|place| *place < 4);
                    }
                    ("telnet.subcmd", Some(verb)) => {
                        let name = if found.meaning.is_empty() { &found.show } else { &found.meaning };
                        self.negotiate(book, at, verb, &found.show, name);
                        command = None;
                    }
                    _ => {}
                }
            }
        }
    }

    fn finish(&mut self, book: &mut Book) {
        for option in &self.options {
            let states = [0, 1].map(|end| book.state(option.track, end));
            let key = match states {
                [YES, YES] => "telnet.yes",
                [NO, NO] => "telnet.no",
                _ => "telnet.open",
            };
            book.verdict(option.track, Remark::new(key, &[]));
        }
    }
}

impl Telnet {
    fn negotiate(&mut self, book: &mut Book, at: &At, verb: usize, number: &str, name: &str) {
        let (own, on) = (verb < 2, verb.is_multiple_of(2));
        let performer = if own { at.end } else { 1 - at.end };
        let known = self.options.iter().find(|option| option.number == number && option.performer == performer);
        let track = match known {
            Some(option) => option.track,
            None => {
                let letter = if performer == 0 { 'A' } else { 'B' };
                let Some(track) = book.open(at, format!("{letter}: {name}"), [NO, NO]) else { return };
                self.options.push(Performed { number: number.to_owned(), performer, track });
                track
            }
        };
        let (sender, peer) = (book.state(track, at.end), book.state(track, 1 - at.end));
        let said = WORDS.get(verb).copied().unwrap_or_default();
        let action = format!("snd {said}");
        // Where the sender goes: it asks, or it answers what the other end had asked for.
        let to = match (on, sender, peer) {
            (true, NO, WANT_YES) => Some((YES, "agree")),
            (true, NO, _) => Some((WANT_YES, "enable")),
            (false, YES, WANT_NO) => Some((NO, "agree")),
            (false, YES, _) => Some((WANT_NO, "disable")),
            (false, NO, WANT_YES) => Some((NO, "refuse")),
            _ => None,
        };
        if let Some((to, event)) = to {
            book.prove(track, at.end);
            book.sends(track, at, to, (event, &action));
        }
        // What that does to the other end, if it had asked.
        let event = format!("rcv {said}");
        match (on, peer) {
            (true, WANT_YES) => book.receives(track, at, YES, (&event, "")),
            (false, WANT_YES | WANT_NO) => book.receives(track, at, NO, (&event, "")),
            _ => {}
        }
    }
}
