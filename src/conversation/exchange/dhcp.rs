//! DHCP messages → the client's machine (RFC 2131 §4.4, figure 5), one for each client.
//!
//! Client and server often speak in conversations of their own (0.0.0.0 to 255.255.255.255 there, the server's address to the new one
//! back), so the machine hears all of DHCP in the capture, and tells of the clients that the conversation on stage has.

use super::{At, Book, Fold, NOWHERE, Remark, show};
use crate::conversation::figure::{DONE, Figure, IDLE, Machine, Node, WAITS, WELL, WORKS, node};
use crate::conversation::{Cause, End, Known};
use crate::protocol::{Layer, Packet};

const INIT: u8 = 0;
const INIT_REBOOT: u8 = 1;
const REBOOTING: u8 = 2;
const SELECTING: u8 = 3;
const REQUESTING: u8 = 4;
const BOUND: u8 = 5;
const RENEWING: u8 = 6;
const REBINDING: u8 = 7;

const fn at(place: u8, name: &'static str, look: &'static str, column: f32, level: f32) -> Node {
    node(Machine::Dhcp, place, name, look, (column, level))
}

pub static FIGURE: Figure = Figure {
    key: "dhcp",
    source: "RFC 2131 §4.4",
    size: (2.0, 3.4),
    wide: 88.0,
    nodes: &[
        at(INIT, "INIT", IDLE, 1.0, 0.0),
        at(INIT_REBOOT, "INIT-REBOOT", IDLE, 0.0, 0.0).or("INIT-RB"),
        at(REBOOTING, "REBOOTING", WAITS, 0.0, 1.0).or("REBOOT"),
        at(SELECTING, "SELECTING", WAITS, 2.0, 0.7).or("SELECT"),
        at(REQUESTING, "REQUESTING", WORKS, 2.0, 1.7).or("REQUEST"),
        at(BOUND, "BOUND", WELL, 1.0, 2.4),
        at(RENEWING, "RENEWING", DONE, 2.0, 3.4).or("RENEW"),
        at(REBINDING, "REBINDING", DONE, 0.0, 3.4).or("REBIND"),
    ],
    edges: &[
        (0, 3, "", "snd DHCPDISCOVER"),
        (1, 2, "", "snd DHCPREQUEST"),
        (2, 5, "DHCPACK", "record lease"),
        (2, 0, "DHCPNAK", "restart"),
        (3, 4, "select offer", "snd DHCPREQUEST"),
        (4, 5, "DHCPACK", "record lease"),
        (4, 0, "DHCPNAK", "discard offer"),
        (5, 6, "T1 expires", "snd DHCPREQUEST"),
        (6, 7, "T2 expires", "snd DHCPREQUEST"),
        (7, 5, "DHCPACK", "record lease"),
        (6, 0, "DHCPNAK", "halt network"),
        (7, 0, "lease expired", "halt network"),
    ],
};

/// A client by its hardware address.
struct Client {
    track: usize,
    address: String,
    /// The conversation on stage has a packet of it.
    home: bool,
}

#[derive(Default)]
pub(super) struct Dhcp {
    clients: Vec<Client>,
    /// Which end of the conversation on stage the client is.
    end: Option<End>,
}

/// The client is end 0 until all was heard.
const CLIENT: End = 0;
const BROADCAST: &str = "255.255.255.255";
const NOTHING: &str = "0.0.0.0";

impl Fold for Dhcp {
    fn hear(&mut self, book: &mut Book, at: &At, packet: &Packet) {
        let Some(layer) = packet.layer("dhcp") else { return };
        let request = show(layer, "dhcp.type") == "1";
        if at.home && self.end.is_none() {
            self.end = Some(if request { at.end } else { 1 - at.end });
        }
        let kind = show(layer, "dhcp.option.dhcp");
        let given = show(layer, "dhcp.ip.client") != NOTHING;
        let chosen = layer.get("dhcp.option.dhcp_server_id").is_some();
        let to_all = packet.layer("ip").is_some_and(|ip| show(ip, "ip.dst") == BROADCAST);
        // Where the client has to have been (RFC 2131 §4.3.2), where it goes, and the figure's words.
        let (from, to, words) = match (kind, request) {
            ("1", true) => (INIT, SELECTING, ("", "snd DHCPDISCOVER")),
            ("3", true) if chosen => (SELECTING, REQUESTING, ("select offer", "snd DHCPREQUEST")),
            ("3", true) if !given => (INIT_REBOOT, REBOOTING, ("", "snd DHCPREQUEST")),
            ("3", true) if to_all => (RENEWING, REBINDING, ("T2 expires", "snd DHCPREQUEST")),
            ("3", true) => (BOUND, RENEWING, ("T1 expires", "snd DHCPREQUEST")),
            ("4", true) => (REQUESTING, INIT, ("address in use", "snd DHCPDECLINE")),
            ("7", true) => (BOUND, INIT, ("release", "snd DHCPRELEASE")),
            ("2", false) => (SELECTING, SELECTING, ("DHCPOFFER", "collect replies")),
            ("5", false) => (REQUESTING, BOUND, ("DHCPACK", "record lease, set T1, T2")),
            ("6", false) => (REQUESTING, INIT, ("DHCPNAK", "restart")),
            _ => return,
        };
        let Some(place) = self.client(book, at, layer, if request { from } else { NOWHERE }) else { return };
        let Some(client) = self.clients.get_mut(place) else { return };
        client.home |= at.home;
        let (track, now) = (client.track, book.state(client.track, CLIENT));
        if request {
            // It answers what it received.
            book.prove(track, CLIENT);
            let again = now == to;
            let (known, words) =
                if again { (book.inferred("repeated"), ("timeout", words.1)) } else { (Known::Seen, words) };
            book.go(track, at, (CLIENT, Cause::Sent), to, words, known);
        } else if kind != "5" || [REQUESTING, REBOOTING, RENEWING, REBINDING, NOWHERE].contains(&now) {
            let known = book.inferred("passed");
            book.go(track, at, (CLIENT, Cause::Received), to, words, known);
        }
        self.tell(book, at, layer, (kind, track));
    }

    fn finish(&mut self, book: &mut Book) {
        let kept: Vec<usize> = self.clients.iter().filter(|client| client.home).map(|client| client.track).collect();
        book.keep(&kept);
        if self.end == Some(1) {
            book.turn();
        }
    }
}

impl Dhcp {
    fn client(&mut self, book: &mut Book, at: &At, layer: &Layer, state: u8) -> Option<usize> {
        let address = ["dhcp.hw.mac_addr", "dhcp.hw.addr"].map(|key| show(layer, key)).concat();
        if let Some(place) = self.clients.iter().position(|client| client.address == address) {
            return Some(place);
        }
        let name = show(layer, "dhcp.option.hostname");
        let title = if name.is_empty() { address.clone() } else { format!("{name} ({address})") };
        let track = book.open(at, title, [state, NOWHERE])?;
        book.verdict(track, Remark::new("dhcp.none", &[]));
        self.clients.push(Client { track, address, home: false });
        Some(self.clients.len() - 1)
    }

    fn tell(&self, book: &mut Book, at: &At, layer: &Layer, (kind, track): (&str, usize)) {
        let address = show(layer, "dhcp.ip.your");
        let server = show(layer, "dhcp.option.dhcp_server_id");
        let lease = show(layer, "dhcp.option.ip_address_lease_time");
        let key = match kind {
            "2" => "dhcp.offer",
            "5" if lease.is_empty() => "dhcp.inform",
            "5" => "dhcp.bound",
            "6" => "dhcp.nak",
            "4" => "dhcp.decline",
            "7" => "dhcp.release",
            _ => return,
        };
        let values = [("address", address), ("server", server), ("seconds", lease)];
        let said = Remark::new(key, &values).at(at.frame);
        book.note(track, said.clone());
        let timers = ["dhcp.option.renewal_time_value", "dhcp.option.rebinding_time_value"].map(|key| show(layer, key));
        if kind == "5" && !timers[0].is_empty() {
            book.note(track, Remark::new("dhcp.timers", &[("t1", timers[0]), ("t2", timers[1])]).at(at.frame));
        }
        book.verdict(track, said);
    }
}
