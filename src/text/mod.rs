//! A frame's bytes → a line as tcpdump prints it (`tcpdump -nt`, 4.99), and the words on the ladder's arrows.

use crate::capture::LinkType;

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
/// `context.bases` are tcpdump's own: `None` for the segment that it learns them from (see `conversation`).
pub fn line(_bytes: &[u8], _context: &LineContext) -> String {
    String::new()
}

/// Words for an arrow of the ladder: over it what the segment says, under it options, length or first words of the data.
///
/// `context.bases` are tshark's (`Context::seq_base`, `Context::ack_base`), so that an opening begins with `seq 0`.
pub fn label(_bytes: &[u8], _context: &LineContext) -> (String, String) {
    (String::new(), String::new())
}
