//! The first bytes of a stream → how long the message is that they begin.

/// How a protocol over TCP marks where its messages end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// The message has this many bytes, of which some may not be here yet.
    Bytes(usize),
    /// More bytes have to come before its length can be told.
    More,
    /// It goes as far as its sender does: its end is the FIN.
    UntilClose,
    /// No message begins here: whatever a segment has is shown as it is.
    Loose,
}

/// What both directions of a stream have said so far, as far as the length of the next message hangs on it.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    /// Who sent the bytes that are looked at: 0 or 1.
    pub end: u8,
    /// Requests without answers, oldest first, by whether the answer has a body at all: an answer to `HEAD` has none.
    pub asked: std::collections::VecDeque<bool>,
    pub chosen: Chosen,
}

/// What a TLS server hello has chosen: other messages of the stream are read by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// TLS 1.3 or a draft of it.
    pub modern: bool,
    /// `None`: no server hello so far.
    pub suite: Option<u16>,
}

/// Requests that are remembered until they are answered.
pub const MAX_ASKED: usize = 256;
