//! A frame with an IP fragment → the datagram that it belongs to, put together out of its fragments.

use super::Engine;
use crate::capture::Source;
use crate::conversation::Pieces;
use crate::protocol::{Buffer, Datagram, Fragment, Made, Part};

/// Bytes of a datagram's payload that are put together: what its length field can say, and a little more.
pub const MAX_DATAGRAM: usize = 128 * 1024;

impl<S: Source> Engine<S> {
    /// What became of a fragment's datagram; `None` where the frame holds no fragment.
    pub(super) fn fragment(&mut self, frame: u32) -> Option<Fragment> {
        let pieces = self.tracker.datagram(frame)?.clone();
        let whole = match pieces.whole_in {
            Some(last) if last == frame => Datagram::Ends(self.put_together(&pieces)),
            Some(last) => Datagram::In(last),
            None => pieces.missing().map(|(from, to)| Datagram::Missing { from, to })?,
        };
        Some(Fragment { overlaps: pieces.overlaps_in(frame), whole })
    }

    /// Fragments in the order in which they came; bytes that came twice stay as they came last, as Linux once did and as
    /// tshark shows them. What a capture cut off is left zero.
    fn put_together(&mut self, pieces: &Pieces) -> Buffer {
        let length = pieces.length.map_or(0, |length| (length as usize).min(MAX_DATAGRAM));
        let mut buffer = Buffer { made: Made::Datagram, bytes: vec![0; length], parts: Vec::new() };
        for shard in &pieces.shards {
            let Some(record) = self.index.get(shard.frame) else { continue };
            let bytes = self.bytes_of(&record).unwrap_or_default();
            let from = shard.at as usize;
            let there = bytes.get(from..).unwrap_or_default();
            let there = there.get(..shard.len as usize).unwrap_or(there);
            let room = buffer.bytes.get_mut(shard.offset as usize..).unwrap_or_default();
            let count = there.len().min(room.len());
            // What a fragment brings beyond the datagram's end, which another one stated, has no place in it.
            let (offset, len) = (shard.offset.min(length as u32), shard.len.min(room.len() as u32));
            room[..count].copy_from_slice(&there[..count]);
            buffer.parts.push(Part { frame: shard.frame, offset, len });
            if Some(shard.frame) == pieces.whole_in {
                break;
            }
        }
        buffer
    }
}
