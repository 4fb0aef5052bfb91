//! A frame of a QUIC conversation → what the conversation said before, heard from its first datagrams.
//!
//! As with messages of TCP, nothing of this happens while a capture is read.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Engine;
use crate::capture::Source;
use crate::protocol::{MAX_HEARD, QuicKnown, QuicTalk};

/// Conversations that are remembered.
const KEPT: usize = 16;

/// A conversation, as far as it was listened to.
struct Heard {
    conversation: u32,
    /// Datagrams heard, and the frame of the last one.
    rows: u32,
    last: Option<u32>,
    talk: Arc<QuicTalk>,
}

/// Conversations that were looked at, the last one first.
#[derive(Default)]
pub(super) struct Talks {
    heard: VecDeque<Heard>,
}

impl<S: Source> Engine<S> {
    /// What a frame's conversation said before it; `None` where it does not speak QUIC.
    pub(super) fn quic(&mut self, frame: u32) -> Option<QuicKnown> {
        let (id, end) = self.tracker.of_frame(frame)?;
        if self.tracker.protocol(id) != Some("QUIC") {
            return None;
        }
        let (first, connection) = self.tracker.opening(id)?;
        let row = self.tracker.row(frame).min(MAX_HEARD);
        let kept = &mut self.talks.heard;
        let old = kept.iter().position(|heard| heard.conversation == id).and_then(|place| kept.remove(place));
        let new = || Heard { conversation: id, rows: 0, last: None, talk: Arc::default() };
        let mut heard = old.filter(|heard| heard.rows <= row).unwrap_or_else(new);
        while heard.rows < row {
            let next = match heard.last {
                None => Some(first),
                Some(last) => self.tracker.frame_after(id, last),
            };
            let Some(next) = next.filter(|next| *next < frame) else { break };
            let sender = self.tracker.of_frame(next).map_or(0, |(_, end)| end);
            let datagram = self.payload(next);
            Arc::make_mut(&mut heard.talk).hear(sender, next, &datagram);
            heard.rows += 1;
            heard.last = Some(next);
        }
        let known = QuicKnown { talk: Arc::clone(&heard.talk), end, frame, connection };
        self.talks.heard.push_front(heard);
        self.talks.heard.truncate(KEPT);
        Some(known)
    }
}
