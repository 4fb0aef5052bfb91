//! What a reader wants of the list of conversations → their order, and the rows in sight.
//!
//! An order takes four bytes a conversation and is kept until something else is wanted.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::answer::window;
use super::{Engine, Failure, Response};
use crate::capture::Source;
use crate::conversation::Conversation;
use crate::conversation::order::sorted;
use crate::protocol::Address;

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Column {
    #[default]
    Start,
    Ends,
    Length,
    Frames,
    Bytes,
    Rtt,
    Verdict,
}

/// Which conversations are wanted, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub by: Column,
    /// The greatest first.
    pub down: bool,
    /// Only those whose protocol, addresses and ports have each of these words in them.
    pub text: String,
    /// Only those of which the filter has found a packet.
    pub met: bool,
    /// Only those with this verdict; empty: any.
    pub verdict: String,
}

/// A conversation as the list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    pub conversation: Conversation,
    /// Of its opening, in nanoseconds, where that was seen.
    pub rtt: Option<i64>,
    /// How much it asks to be looked at: from 4, trouble; 0: nothing is said.
    pub rank: u8,
    /// A key of `EVENTS`, or `normal`, `joined` (begins in the middle), `long` (too long to judge), `none` (nothing to say);
    /// empty: not judged yet.
    pub verdict: String,
}

/// An order, and what it was made of.
pub(super) struct Order {
    listing: Listing,
    /// Frames of the capture, conversations judged, the filter and how many conversations it had found.
    state: [u32; 4],
    ids: Vec<u32>,
}

impl<S: Source> Engine<S> {
    pub(super) fn list(&mut self, listing: &Listing, start: u32, count: u32) -> Result<Response, Failure> {
        let (number, met) = self.search.as_ref().map_or((0, 0), |search| search.counts());
        let state = [self.frames(), self.judged(), number, met];
        let kept = self.order.take().filter(|order| order.listing == *listing && order.state == state);
        let order = kept.unwrap_or_else(|| Order { listing: listing.clone(), state, ids: self.ordered(listing) });
        let total = order.ids.len() as u32;
        let rows = window(start.min(total), count, total).map(|(start, end)| {
            let ids = order.ids.get(start as usize..end as usize).unwrap_or_default();
            let listed = |id: &u32| {
                let (rank, verdict, rtt) = self.verdict(*id);
                Some(Listed { conversation: self.tracker.get(*id)?, rtt, rank, verdict: verdict.into() })
            };
            let rows = ids.iter().filter_map(listed).collect();
            Response::List { listing: listing.clone(), start, total, rows }
        });
        self.order = Some(order);
        rows
    }

    fn ordered(&self, listing: &Listing) -> Vec<u32> {
        let words: Vec<String> = listing.text.split_whitespace().map(str::to_ascii_lowercase).collect();
        let mut text = String::new();
        let mut keyed = Vec::new();
        for id in 0..self.tracker.len() {
            if listing.met && self.met(id) == Some(false)
                || !listing.verdict.is_empty() && self.verdict(id).1 != listing.verdict
            {
                continue;
            }
            let Some(row) = self.tracker.brief(id) else { continue };
            if !words.is_empty() {
                text.clear();
                text.push_str(row.protocol);
                for (address, port) in row.ends {
                    // Writing into a text cannot fail.
                    let _ = write!(text, " {address}");
                    if let Some(port) = port {
                        let _ = write!(text, ":{port}");
                    }
                }
                text.make_ascii_lowercase();
                if !words.iter().all(|word| text.contains(word.as_str())) {
                    continue;
                }
            }
            let signed = |number: i64| number as u64 ^ 1 << 63;
            let key = match listing.by {
                Column::Start => signed(row.first),
                Column::Ends => row.ends.first().map_or(0, |(address, port)| number(*address, *port)),
                Column::Length => signed(row.last.saturating_sub(row.first)),
                Column::Frames => row.frames.into(),
                Column::Bytes => row.bytes,
                Column::Rtt => self.verdict(id).2.unwrap_or_default() as u64,
                Column::Verdict => self.verdict(id).0.into(),
            };
            keyed.push((if listing.down { !key } else { key }, id));
        }
        sorted(keyed).into_iter().map(|(_, id)| id).collect()
    }
}

/// A number by whose order addresses are sorted, and ports of one IPv4 address.
fn number(address: Address, port: Option<u16>) -> u64 {
    let sum = |octets: &[u8]| octets.iter().take(8).fold(0u64, |sum, octet| sum << 8 | u64::from(*octet));
    match address {
        Address::None => 0,
        Address::V4(octets) => sum(&octets) << 16 | u64::from(port.unwrap_or_default()),
        Address::Mac(octets) => sum(&octets) | 1 << 48,
        Address::V6(octets) => sum(&octets) | 1 << 63,
    }
}
