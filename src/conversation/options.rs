//! Options of TCP segments → the few that the analysis of a conversation needs, kept for the segments that carry them.

use super::tcp::SYN;
use crate::capture::Column;
use crate::protocol::TcpHead;

/// SACK blocks of a segment that are kept; beside timestamps no more fit (RFC 2018 §3).
pub const MAX_BLOCKS: usize = 3;
/// The largest shift there is; a larger one counts as this (RFC 7323 §2.3).
const MAX_SHIFT: u8 = 14;
/// Number that an experimental option begins with where it means TCP Fast Open (RFC 7413 §4.1.1).
const FAST_OPEN: [u8; 2] = [0xf9, 0x89];

/// A stretch of sequence numbers that the receiver has: from the first to before the last.
pub type Block = (u32, u32);

/// What a segment's options say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Window scale.
    pub shift: Option<u8>,
    /// Largest segment that its sender takes; read from SYNs only.
    pub mss: Option<u16>,
    pub timestamps: bool,
    pub sack_permitted: bool,
    /// The first `count` blocks of the last SACK option.
    pub blocks: [Block; MAX_BLOCKS],
    pub count: u8,
    /// A Fast Open cookie, not only the request for one.
    pub cookie: bool,
    /// Multipath TCP: a bit for each subtype (RFC 8684 §3).
    pub multipath: u8,
}

impl Options {
    /// Reads the options of a TCP header as far as they were captured.
    pub fn read(options: &[u8]) -> Options {
        let mut found = Options::default();
        let mut rest = options;
        while let [kind, tail @ ..] = rest {
            let length = match (kind, tail.first()) {
                (0, _) => break,
                (1, _) => 1,
                (_, Some(length)) => usize::from(*length),
                _ => break,
            };
            let Some((option, behind)) = rest.split_at_checked(length) else { break };
            match option {
                [2, 4, high, low] => found.mss = Some(u16::from_be_bytes([*high, *low])),
                [8, 10, ..] => found.timestamps = true,
                [3, 3, shift] => found.shift = Some((*shift).min(MAX_SHIFT)),
                [4, 2] => found.sack_permitted = true,
                [5, _, blocks @ ..] => found.take_blocks(blocks),
                [30, _, subtype, ..] => found.multipath |= 1u8.checked_shl(u32::from(subtype >> 4)).unwrap_or(0),
                [34, _, _, ..] => found.cookie = true,
                [253 | 254, _, high, low, _, ..] => found.cookie |= [*high, *low] == FAST_OPEN,
                [] | [_] if *kind > 1 => break,
                _ => {}
            }
            rest = behind;
        }
        found
    }

    /// The SACK blocks, in their order.
    pub fn sacked(&self) -> &[Block] {
        self.blocks.get(..usize::from(self.count)).unwrap_or_default()
    }

    fn take_blocks(&mut self, bytes: &[u8]) {
        self.count = 0;
        for (kept, block) in self.blocks.iter_mut().zip(bytes.as_chunks::<8>().0) {
            let [a, b, c, d, e, f, g, h] = *block;
            *kept = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
            self.count += 1;
        }
    }
}

/// A SACK block, and the frame that it came in.
#[derive(Clone, Copy)]
struct Sacked {
    frame: u32,
    block: Block,
}

/// Everything else, of a segment that has any of it.
#[derive(Clone, Copy)]
struct Noted {
    frame: u32,
    shift: Option<u8>,
    multipath: u8,
    mss: Option<u16>,
    /// 1: SACK permitted; 2: a cookie; 4: timestamps.
    bits: u8,
}

/// Options by frame: 12 bytes a SACK block, 12 a SYN; nothing for segments without.
#[derive(Default)]
pub struct Notes {
    sacked: Column<Sacked>,
    noted: Column<Noted>,
}

impl Notes {
    /// Notes a frame's options, in the order of frames. `multipath`: what the conversation had of it so far; only what is
    /// new to it is noted.
    pub fn push(&mut self, frame: u32, head: &TcpHead, bytes: &[u8], multipath: &mut u8) {
        let from = head.at as usize + 20;
        let to = (head.at as usize + head.header as usize).min(bytes.len());
        let Some(options) = bytes.get(from..to).filter(|options| !options.is_empty()) else { return };
        let found = Options::read(options);
        for block in found.sacked() {
            self.sacked.push(Sacked { frame, block: *block });
        }
        let new = found.multipath & !*multipath;
        *multipath |= new;
        // Timestamps are in every segment where they are in any: the SYNs tell.
        let syn = head.flags & SYN != 0;
        let bits =
            u8::from(found.sack_permitted) | u8::from(found.cookie) << 1 | u8::from(found.timestamps && syn) << 2;
        let mss = found.mss.filter(|_| syn);
        if found.shift.is_some() || mss.is_some() || bits != 0 || new != 0 {
            self.noted.push(Noted { frame, shift: found.shift, multipath: new, mss, bits });
        }
    }

    /// What was noted of a frame.
    pub fn of(&self, frame: u32) -> Options {
        let mut options = Options::default();
        let place = self.noted.partition_point(|noted| noted.frame < frame);
        if let Some(noted) = self.noted.get(place).filter(|noted| noted.frame == frame) {
            options.shift = noted.shift;
            options.multipath = noted.multipath;
            options.sack_permitted = noted.bits & 1 != 0;
            options.cookie = noted.bits & 2 != 0;
            options.timestamps = noted.bits & 4 != 0;
            options.mss = noted.mss;
        }
        let first = self.sacked.partition_point(|sacked| sacked.frame < frame);
        for (place, kept) in (first..).zip(&mut options.blocks) {
            let Some(sacked) = self.sacked.get(place).filter(|sacked| sacked.frame == frame) else { break };
            *kept = sacked.block;
            options.count += 1;
        }
        options
    }

    /// Memory, in bytes.
    pub fn bytes(&self) -> usize {
        self.sacked.bytes() + self.noted.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_as_far_as_they_reach() {
        let syn = [2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7];
        let found = Options::read(&syn);
        assert_eq!((found.shift, found.sack_permitted, found.count), (Some(7), true, 0));
        assert_eq!((found.mss, found.timestamps), (Some(1460), true));
        let mut sack = vec![1, 1, 5, 18];
        for edge in [300u32, 400, 100, 200] {
            sack.extend(edge.to_be_bytes());
        }
        assert_eq!(Options::read(&sack).sacked(), [(300, 400), (100, 200)]);
        // An option that claims more than there is is not read, and nothing behind it.
        assert_eq!(Options::read(&sack[..19]).sacked(), []);
        for bad in [&[3][..], &[3, 0, 7], &[3, 1, 7, 3, 3, 7], &[0, 3, 3, 7], &[5, 200, 0]] {
            assert_eq!(Options::read(bad), Options::default(), "{bad:?}");
        }
        assert_eq!(Options::read(&[3, 3, 200]).shift, Some(MAX_SHIFT));
        assert!(Options::read(&[34, 4, 1, 2]).cookie && !Options::read(&[34, 2]).cookie);
        assert!(Options::read(&[254, 6, 0xf9, 0x89, 1, 2]).cookie && !Options::read(&[254, 4, 0xf9, 0x89]).cookie);
        assert_eq!(Options::read(&[30, 4, 0x20, 0, 30, 3, 0x00]).multipath, 0b101);
    }

    #[test]
    fn what_was_noted_comes_back_by_frame() {
        let mut notes = Notes::default();
        let head = TcpHead { at: 2, header: 40, ..TcpHead::default() };
        let mut multipath = 0;
        let mut bytes = vec![0; 22];
        bytes.extend([5, 10, 0, 0, 0, 1, 0, 0, 0, 9, 3, 3, 2, 30, 3, 0, 0]);
        for frame in (10..20_000).step_by(10) {
            notes.push(frame, &head, &bytes, &mut multipath);
        }
        let expected = Options { shift: Some(2), blocks: [(1, 9), (0, 0), (0, 0)], count: 1, ..Options::default() };
        assert_eq!(notes.of(10), Options { multipath: 1, ..expected });
        assert_eq!(notes.of(19_990), expected);
        assert_eq!(notes.of(19_995), Options::default());
        notes.push(30_000, &head, &bytes[..20], &mut multipath);
        assert_eq!(notes.of(30_000), Options::default());
    }
}
