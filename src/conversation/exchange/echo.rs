//! ICMP echo requests and replies → a machine for each request, and what `ping` sums up at its end (RFC 792, RFC 4443 §4).
//!
//! Of a request without a reply nothing tells whether it was lost or its reply.

use super::{At, Book, Fold, Remark, milliseconds, show};
use crate::conversation::End;
use crate::conversation::figure::{FAILED, Figure, IDLE, LISTENS, Machine, Node, WAITS, WELL, node};
use crate::protocol::{Layer, Packet};

const IDLE_PINGER: u8 = 0;
const WAITING: u8 = 1;
const ANSWERED: u8 = 2;
const NO_REPLY: u8 = 3;
const READY: u8 = 4;
const REPLIED: u8 = 5;

const fn at(place: u8, name: &'static str, look: &'static str, column: f32, level: f32) -> Node {
    node(Machine::Echo, place, name, look, (column, level))
}

pub static FIGURE: Figure = Figure {
    key: "echo",
    source: "RFC 792",
    size: (2.0, 2.0),
    wide: 96.0,
    nodes: &[
        at(IDLE_PINGER, "IDLE", IDLE, 0.5, 0.0),
        at(WAITING, "WAITING", WAITS, 0.5, 1.0),
        at(ANSWERED, "ANSWERED", WELL, 0.0, 2.0).or("ANSWER"),
        at(NO_REPLY, "NO REPLY", FAILED, 1.0, 2.0).or("NONE"),
        at(READY, "READY", LISTENS, 2.0, 0.0),
        at(REPLIED, "REPLIED", WELL, 2.0, 2.0),
    ],
    edges: &[
        (0, 1, "ping", "snd request"),
        (1, 2, "rcv reply", ""),
        (1, 3, "later reply", ""),
        (4, 5, "rcv request", "snd reply"),
    ],
};

/// A request that was sent.
struct Sent {
    track: usize,
    end: End,
    key: (String, String),
    time: i64,
    took: Option<i64>,
    replies: u32,
}

#[derive(Default)]
pub(super) struct Echo {
    sent: Vec<Sent>,
}

/// Whether it asks, with its identifier and number; `None`: another message.
fn echo(layer: &Layer) -> Option<(bool, (String, String))> {
    let (kind, id, number) = match layer.protocol {
        "icmp" => ("icmp.type", "icmp.ident", "icmp.seq"),
        "icmpv6" => ("icmpv6.type", "icmpv6.echo.identifier", "icmpv6.echo.sequence_number"),
        _ => return None,
    };
    let asks = match show(layer, kind) {
        "8" | "128" => true,
        "0" | "129" => false,
        _ => return None,
    };
    Some((asks, (show(layer, id).to_owned(), show(layer, number).to_owned())))
}

impl Fold for Echo {
    fn hear(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        // A message that an error quotes was sent at another time.
        let Some((asks, key)) = packet.layers.iter().find(|layer| layer.protocol.starts_with("icmp")).and_then(echo)
        else {
            return;
        };
        if asks { self.ask(book, at, key) } else { self.reply(book, at, &key) }
    }

    fn finish(&mut self, book: &mut Book) {
        for sent in &self.sent {
            let remark = match sent.took {
                Some(took) => Remark::new("echo.reply", &[("ms", &milliseconds(took))]),
                None => Remark::new("echo.none", &[]),
            };
            book.verdict(sent.track, remark);
        }
        let (count, took) = (self.sent.len() as i64, self.sent.iter().filter_map(|sent| sent.took));
        let took: Vec<i64> = took.collect();
        let received = took.len() as i64;
        if count == 0 {
            return;
        }
        let loss = ((count - received) * 100 / count).to_string();
        let values = [("sent", &*count.to_string()), ("received", &received.to_string()), ("loss", &loss)];
        book.told.sums.push(Remark::new("echo.sum", &values));
        if let (Some(least), Some(most)) = (took.iter().min(), took.iter().max()) {
            let mean = took.iter().fold(0i64, |sum, took| sum.saturating_add(*took)) / received;
            let [least, mean, most] = [*least, mean, *most].map(milliseconds);
            book.told.sums.push(Remark::new("echo.rtt", &[("min", &least), ("avg", &mean), ("max", &most)]));
        }
    }
}

impl Echo {
    fn ask(&mut self, book: &mut Book, at: &At, key: (String, String)) {
        let states = if at.end == 0 { [IDLE_PINGER, READY] } else { [READY, IDLE_PINGER] };
        let Some(track) = book.open(at, format!("id {}, seq {}", key.0, key.1), states) else { return };
        book.sends(track, at, WAITING, ("ping", "snd request"));
        self.sent.push(Sent { track, end: at.end, key, time: at.time, took: None, replies: 0 });
    }

    fn reply(&mut self, book: &mut Book, at: &At, key: &(String, String)) {
        let found = self.sent.iter().rposition(|sent| sent.end != at.end && sent.key == *key);
        let Some(place) = found else {
            // The request is not in the capture.
            let states = if at.end == 0 { [READY, WAITING] } else { [WAITING, READY] };
            let Some(track) = book.open(at, format!("id {}, seq {}", key.0, key.1), states) else { return };
            book.sends(track, at, REPLIED, ("rcv request", "snd reply"));
            book.receives(track, at, ANSWERED, ("rcv reply", ""));
            return book.verdict(track, Remark::new("echo.unasked", &[]));
        };
        let (before, rest) = self.sent.split_at_mut(place);
        let Some(sent) = rest.first_mut() else { return };
        sent.replies += 1;
        if sent.replies > 1 {
            return book.note(sent.track, Remark::new("echo.twice", &[]).at(at.frame));
        }
        sent.took = Some(at.time.saturating_sub(sent.time));
        let track = sent.track;
        // A reply to a later request of the same ping came first: the earlier one, or its reply, is late or lost.
        let known = book.inferred("overtaken");
        for older in before.iter().filter(|older| older.took.is_none() && older.key.0 == key.0 && older.end != at.end) {
            if book.state(older.track, older.end) == WAITING {
                let end = (older.end, crate::conversation::Cause::Received);
                book.go(older.track, at, end, NO_REPLY, ("later reply", ""), known.clone());
            }
        }
        book.sends(track, at, REPLIED, ("rcv request", "snd reply"));
        book.receives(track, at, ANSWERED, ("rcv reply", ""));
    }
}
