//! The figure of the TCP machine: RFC 9293 §3.3.2, figure 5.

use crate::conversation::State;
use crate::conversation::figure::{Edge, Figure, Node};

pub static FIGURE: Figure =
    Figure { key: "tcp", source: "RFC 9293 §3.3.2", size: (2.0, 6.0), wide: 104.0, nodes: &NODES, edges: &EDGES };

const fn node(state: State, names: (&'static str, &'static str), look: &'static str, at: (f32, f32)) -> Node {
    Node { state, name: names.0, short: names.1, look, column: at.0, level: at.1 }
}

/// CLOSED stands at both ends of life, as in the RFC. Shorter names are those that `ss` and `netstat` print.
static NODES: [Node; 13] = [
    node(State::Closed, ("CLOSED", "CLOSED"), "state-closed", (1.0, 0.0)),
    node(State::Listen, ("LISTEN", "LISTEN"), "state-listen", (0.0, 1.0)),
    node(State::SynSent, ("SYN-SENT", "SYN-SENT"), "state-syn-sent", (2.0, 1.0)),
    node(State::SynReceived, ("SYN-RECEIVED", "SYN-RECV"), "state-syn-received", (0.0, 2.0)),
    node(State::Established, ("ESTABLISHED", "ESTAB"), "state-established", (1.0, 3.0)),
    node(State::FinWait1, ("FIN-WAIT-1", "FIN-1"), "state-fin-wait-1", (0.0, 4.0)),
    node(State::CloseWait, ("CLOSE-WAIT", "CLOSE-W"), "state-close-wait", (2.0, 4.0)),
    node(State::FinWait2, ("FIN-WAIT-2", "FIN-2"), "state-fin-wait-2", (0.0, 5.0)),
    node(State::Closing, ("CLOSING", "CLOSING"), "state-closing", (1.0, 5.0)),
    node(State::LastAck, ("LAST-ACK", "LAST-ACK"), "state-last-ack", (2.0, 5.0)),
    node(State::TimeWait, ("TIME-WAIT", "TIME-W"), "state-time-wait", (1.0, 6.0)),
    node(State::Closed, ("CLOSED", "CLOSED"), "state-closed", (2.0, 6.0)),
    // Not in the figure: where a capture that starts in the middle begins. Drawn only while an end is there.
    node(State::Unknown, ("?", "?"), "state-unknown", (2.0, 0.0)),
];

static EDGES: [Edge; 17] = [
    (0, 1, "passive OPEN", ""),
    (0, 2, "active OPEN", "snd SYN"),
    (1, 3, "rcv SYN", "snd SYN,ACK"),
    (1, 2, "SEND", "snd SYN"),
    (2, 3, "rcv SYN", "snd SYN,ACK"),
    (2, 4, "rcv SYN,ACK", "snd ACK"),
    (3, 4, "rcv ACK of SYN", ""),
    (3, 5, "CLOSE", "snd FIN"),
    (4, 5, "CLOSE", "snd FIN"),
    (4, 6, "rcv FIN", "snd ACK"),
    (5, 7, "rcv ACK of FIN", ""),
    (5, 8, "rcv FIN", "snd ACK"),
    (6, 9, "CLOSE", "snd FIN"),
    (7, 10, "rcv FIN", "snd ACK"),
    (8, 10, "rcv ACK of FIN", ""),
    (9, 11, "rcv ACK of FIN", ""),
    (10, 11, "2MSL timeout", ""),
];
