//! TCP segments of a conversation → sequence numbers that start at 0, and window scale (RFC 9293 §3.4, RFC 7323 §2).

use super::End;
use crate::protocol::TcpHead;

pub const FIN: u16 = 0x001;
pub const SYN: u16 = 0x002;
pub const RST: u16 = 0x004;
pub const ACK: u16 = 0x010;

/// What is kept of every segment; 16 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    pub seq: u32,
    pub ack: u32,
    pub flags: u16,
    pub window: u16,
    /// Bytes of data.
    pub payload: u32,
}

impl Segment {
    pub fn of(head: &TcpHead) -> Segment {
        Segment { seq: head.seq, ack: head.ack, flags: head.flags, window: head.window, payload: head.payload }
    }

    pub fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    pub fn opens(&self) -> bool {
        self.flags & (SYN | ACK) == SYN
    }

    /// The number after the last one that this segment takes: data, SYN and FIN each take theirs (RFC 9293 §3.4).
    pub fn end(&self) -> u32 {
        self.seq
            .wrapping_add(self.payload)
            .wrapping_add(u32::from(self.has(SYN)))
            .wrapping_add(u32::from(self.has(FIN)))
    }

    /// Whether it acknowledges everything before `number`.
    pub fn acknowledges(&self, number: u32) -> bool {
        self.has(ACK) && !before(self.ack, number)
    }
}

/// Whether a sequence number comes before another, around the end of the 32 bits (RFC 9293 §3.4).
pub fn before(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) < 0
}

/// What a conversation remembers of its openings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opening {
    /// The number that counts as 0, as Wireshark sets it: from the SYN, else so that the first byte seen is number 1.
    pub base: [Option<u32>; 2],
    /// The same until a SYN,ACK brings another: what a later SYN is held against, to find the ports used anew.
    pub latest: [Option<u32>; 2],
    /// The window scale of each end's SYN; `Some(None)`: a SYN without the option.
    pub shift: [Option<Option<u8>>; 2],
    /// The numbers that tcpdump counts from: of the first segment that acknowledges, and anew of every SYN,ACK.
    pub learned: Option<[u32; 2]>,
    /// Frame that they were learned from; tcpdump prints that one's numbers as they are.
    pub learned_from: u32,
}

impl Opening {
    pub fn note(&mut self, frame: u32, end: End, head: &TcpHead) {
        let (own, peer) = (usize::from(end), usize::from(1 - end));
        let segment = Segment::of(head);
        if self.base[own].is_none() {
            self.base[own] = Some(if segment.has(SYN) { head.seq } else { head.seq.wrapping_sub(1) });
        }
        if self.base[peer].is_none() && segment.has(ACK) {
            self.base[peer] = Some(head.ack.wrapping_sub(1));
        }
        for end in [own, peer] {
            self.latest[end] = self.latest[end].or(self.base[end]);
        }
        if segment.has(SYN) && segment.has(ACK) {
            self.latest[own] = Some(head.seq);
        }
        if segment.has(SYN) {
            self.shift[own] = Some(head.window_shift);
        }
        if segment.has(ACK) && (self.learned.is_none() || segment.has(SYN)) {
            let mut learned = [head.ack.wrapping_sub(1); 2];
            learned[own] = head.seq;
            (self.learned, self.learned_from) = (Some(learned), frame);
        }
    }

    /// The shift for windows of this end, and whether the openings said that there is none. An end whose SYN the capture
    /// missed is taken to have offered the option as well, as Wireshark does (a SYN,ACK has it only in answer to it).
    pub fn scaling(&self, end: End) -> (Option<u8>, bool) {
        if self.shift.contains(&Some(None)) {
            return (None, true);
        }
        (self.shift[usize::from(end)].flatten(), false)
    }
}
