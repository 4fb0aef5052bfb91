//! Segments as they pass by → the sequence numbers that tcpdump would print relative ones from.
//!
//! tcpdump does not count from the SYN as tshark does: it learns a connection's numbers from the first segment with an
//! ACK that it meets, prints that one raw, and learns anew from each SYN,ACK (print-tcp.c).

use std::collections::BTreeMap;

use crate::conversation::End;
use crate::protocol::TcpHead;

const SYN: u16 = 0x002;
const ACK: u16 = 0x010;

/// One entry for a connection, seldom more: memory grows with conversations, not with packets.
#[derive(Default)]
pub struct Numbers {
    /// By conversation and the frame that taught it: who sent that frame, its sequence number and what it acknowledges.
    learned: BTreeMap<(u32, u32), (End, u32, u32)>,
    /// Conversations, by number, that have taught something.
    known: Vec<bool>,
}

impl Numbers {
    /// Once a frame, in order.
    pub fn push(&mut self, frame: u32, conversation: u32, end: End, tcp: &TcpHead) {
        if tcp.flags & ACK == 0 {
            return;
        }
        let at = conversation as usize;
        if tcp.flags & SYN == 0 && self.known.get(at).is_some_and(|known| *known) {
            return;
        }
        if self.known.len() <= at {
            self.known.resize(at + 1, false);
        }
        self.known[at] = true;
        // The first octet that the SYN's own sender has after it is number 1, so one less than acknowledged counts as 0.
        self.learned.insert((conversation, frame), (end, tcp.seq, tcp.ack.wrapping_sub(1)));
    }

    /// Numbers that count as 0 for the frame's sender and receiver; `None` for the frame that teaches them.
    pub fn bases(&self, frame: u32, conversation: u32, end: End) -> Option<(u32, u32)> {
        let (_, &(teacher, seq, ack)) = self.learned.range((conversation, 0)..(conversation, frame)).next_back()?;
        Some(if teacher == end { (seq, ack) } else { (ack, seq) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(flags: u16, seq: u32, ack: u32) -> TcpHead {
        TcpHead { flags, seq, ack, ..TcpHead::default() }
    }

    #[test]
    fn an_opening_teaches_with_its_syn_ack() {
        let mut numbers = Numbers::default();
        numbers.push(1, 0, 0, &segment(SYN, 100, 0));
        numbers.push(2, 0, 1, &segment(SYN | ACK, 500, 101));
        numbers.push(3, 0, 0, &segment(ACK, 101, 501));
        assert_eq!(numbers.bases(1, 0, 0), None);
        assert_eq!(numbers.bases(2, 0, 1), None);
        assert_eq!(numbers.bases(3, 0, 0), Some((100, 500)));
        assert_eq!(numbers.bases(4, 0, 1), Some((500, 100)));
        assert_eq!(numbers.bases(4, 1, 1), None);
    }

    #[test]
    fn a_capture_that_starts_in_the_middle_counts_from_its_first_segment() {
        let mut numbers = Numbers::default();
        numbers.push(7, 3, 0, &segment(ACK, 1_000, 0));
        numbers.push(8, 3, 1, &segment(ACK, 0, 1_010));
        assert_eq!(numbers.bases(7, 3, 0), None);
        assert_eq!(numbers.bases(8, 3, 1), Some((u32::MAX, 1_000)));
    }
}
