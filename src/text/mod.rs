//! A frame's bytes → a line as tcpdump prints it (`tcpdump -nt`, 4.99), the words on the ladder's arrows, what values mean.
//!
//! Every printer reads the captured bytes in the order in which tcpdump reads them, because a line says as much as the
//! capture holds and no more: where a read fails, the line ends with `[|protocol]`.

mod arp;
mod dns;
mod geneve;
mod eapol;
mod gre;
mod glossary;
mod icmp;
mod icmp6;
mod igmp;
mod ip;
mod ip6;
mod ipsec;
mod link;
mod llc;
mod lldp;
mod meaning;
mod multipath;
mod node_info;
mod number;
mod ppp;
mod printer;
mod radio;
mod sctp;
mod services;
mod slow;
mod stp;
mod tcp;
mod tcp_options;
mod translate;
mod udp;
mod vxlan;
mod wlan;
mod wlan_words;
mod words;

pub use glossary::{Term, link};
pub use meaning::{Known, Said, explained, here};
pub use number::{decimal, fill, within};
pub use translate::{about, pattern, translate};

use crate::capture::LinkType;
pub use ip::MAX_TUNNELS;
use printer::{Data, Line};

/// What a line needs that is not among the frame's own captured bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineContext {
    pub link: LinkType,
    /// Bytes that were on the wire; more than the bytes given when the capture was cut.
    pub length: u32,
    /// Sequence numbers that count as 0 for the sender and for the receiver; `None`: numbers are printed as they are.
    pub bases: Option<(u32, u32)>,
}

/// The frame as `tcpdump -nt` prints it. Never fails: what cannot be read is marked `[|protocol]` as tcpdump does.
///
/// `context.bases` are tcpdump's own: `None` for the segment that it learns them from (the first one with an ACK).
/// Where tcpdump would dump bytes that it does not know, the line is the one before the dump.
pub fn line(bytes: &[u8], context: &LineContext) -> String {
    print(bytes, context, false).out
}

/// Words for an arrow of the ladder: over it what the packet says, under it options, length or first words of the data.
///
/// `context.bases` are tshark's (`Context::seq_base`, `Context::ack_base`), so that an opening begins with `seq 0`.
pub fn label(bytes: &[u8], context: &LineContext) -> (String, String) {
    let line = print(bytes, context, true);
    let body = line.out.get(line.body.unwrap_or(0)..).unwrap_or_default().trim();
    let (over, rest) = match body.split_once(", length ") {
        Some((over, rest)) => (over, format!("length {rest}")),
        None => (body, String::new()),
    };
    match over.split_once(", options ") {
        // Options matter where they are agreed upon and where they tell of a gap; elsewhere they are noise.
        Some((over, options)) if over.contains('S') || options.contains("sack ") => {
            let rest = if rest == "length 0" { String::new() } else { format!(", {rest}") };
            (over.to_string(), format!("options {options}{rest}"))
        }
        Some((over, _)) => (over.to_string(), rest),
        None => (over.to_string(), rest),
    }
}

fn print(bytes: &[u8], context: &LineContext, ladder: bool) -> Line {
    let mut line = Line { out: String::new(), protocol: "", bases: context.bases, ladder, body: None, tunnels: 0 };
    if let Some(words) = contradiction(bytes.len(), context.length) {
        line.out = words;
    } else if link::print(&mut line, context.link, Data(bytes), context.length).is_err() {
        line.cut();
    }
    line
}

/// What tcpdump says of a record whose lengths cannot be true.
fn contradiction(captured: usize, length: u32) -> Option<String> {
    let flaws = match (captured, length) {
        (0, 0) => "caplen==0, len==0".to_string(),
        (0, _) => "caplen==0".to_string(),
        (_, 0) => "len==0".to_string(),
        _ if captured as u64 > u64::from(length) => format!("len({length}) < caplen({captured})"),
        _ => return None,
    };
    Some(format!("[Invalid header: {flaws}]"))
}
