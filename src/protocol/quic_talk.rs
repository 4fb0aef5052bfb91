//! The first datagrams of a QUIC connection → what its later ones cannot be read without (RFC 9001 §5.2, RFC 9000 §5.1).
//!
//! That is the connection ID that the client chose first, the connection IDs of both ends, and the handshake's bytes so far.

use std::sync::Arc;

use super::field::Part;
use super::quic_frames;
use super::quic_keys::Opened;
use super::quic_packet::{Kind, Long};

/// Datagrams at the beginning of a conversation that are listened to.
pub const MAX_HEARD: u32 = 64;
/// Connection IDs that are remembered of each kind: a Retry makes a second one, a new connection another.
const MAX_IDS: usize = 8;
/// Bytes and pieces of handshake that are kept of each end.
pub const MAX_CRYPTO: usize = 64 * 1024;
const MAX_PIECES: usize = 256;

/// What a conversation said before a datagram, and who sends that one.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub talk: Arc<Talk>,
    /// The sender: 0 or 1, as in the conversation.
    pub end: u8,
    pub frame: u32,
    /// Earlier QUIC conversations of the capture.
    pub connection: u32,
}

/// What the datagrams so far have told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Talk {
    /// Connection IDs that made the keys of client's packets, and the client's end; the newest last.
    ids: Vec<(Vec<u8>, u8)>,
    /// The connection IDs that each end wants to be addressed by.
    names: [Vec<Vec<u8>>; 2],
    /// A long header of a known version was seen.
    begun: bool,
    crypto: [Stream; 2],
}

/// Handshake bytes of one end, by their offset.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stream {
    pieces: Vec<(u64, Vec<u8>, u32)>,
    bytes: usize,
}

impl Talk {
    /// Takes the next datagram of the conversation.
    pub fn hear(&mut self, end: u8, frame: u32, datagram: &[u8]) {
        let mut rest = datagram;
        while let Some(long) = Long::read(rest, rest.len()).filter(Long::plausible) {
            self.begun = true;
            let side = usize::from(end & 1);
            let name = rest.get(long.scid.clone()).unwrap_or(&[]);
            if !name.is_empty()
                && self.names[side].len() < MAX_IDS
                && !self.names[side].iter().any(|known| known == name)
            {
                self.names[side].push(name.to_vec());
            }
            if let Some((opened, id, client)) = self.open(&long, rest, end) {
                if client && self.begins_with(&id) {
                    self.crypto = Default::default();
                    if self.ids.len() < MAX_IDS {
                        self.ids.push((id, end));
                    }
                }
                for piece in quic_frames::pieces(&opened.frames) {
                    let bytes = opened.frames.get(piece.at..piece.at + piece.len).unwrap_or(&[]);
                    self.crypto[side].put(piece.offset, bytes, frame);
                }
            }
            rest = rest.get(long.end..).unwrap_or(&[]);
        }
    }

    /// Whether the conversation is QUIC beyond doubt.
    pub(super) fn begun(&self) -> bool {
        self.begun
    }

    /// Opens an Initial packet with what is known; also says which connection ID made the keys, and whether a client sent it.
    pub(super) fn open(&self, long: &Long, packet: &[u8], end: u8) -> Option<(Opened, Vec<u8>, bool)> {
        if long.kind != Kind::Initial {
            return None;
        }
        let own = packet.get(long.dcid.clone())?;
        let heard = self.ids.iter().rev().map(|(id, client)| (id.as_slice(), *client == end));
        std::iter::once((own, true))
            .chain(heard)
            .find_map(|(id, client)| Some((long.open(packet, id, client)?, id.to_vec(), client)))
    }

    /// Whether a client that makes its keys of this connection ID begins anew: after a Retry, or another connection.
    pub(super) fn begins_with(&self, id: &[u8]) -> bool {
        !self.ids.iter().any(|(known, _)| known == id)
    }

    /// How many bytes the connection ID takes that begins these bytes of a packet sent by this end: 0 where none of those
    /// that the other end has given in the clear does.
    pub(super) fn addressed(&self, end: u8, bytes: &[u8]) -> usize {
        let names = &self.names[usize::from(1 - (end & 1))];
        names.iter().find(|name| bytes.starts_with(name)).map_or(0, Vec::len)
    }

    /// The handshake of this end so far.
    pub(super) fn stream(&self, end: u8) -> &Stream {
        &self.crypto[usize::from(end & 1)]
    }
}

impl Stream {
    pub fn put(&mut self, offset: u64, bytes: &[u8], frame: u32) {
        let known = self.pieces.iter().any(|(at, piece, _)| *at == offset && piece.len() >= bytes.len());
        if known || self.bytes + bytes.len() > MAX_CRYPTO || self.pieces.len() >= MAX_PIECES {
            return;
        }
        self.bytes += bytes.len();
        let place = self.pieces.partition_point(|(at, ..)| *at <= offset);
        self.pieces.insert(place, (offset, bytes.to_vec(), frame));
    }

    /// The bytes from the beginning up to the first gap, and who brought them.
    pub fn joined(&self) -> (Vec<u8>, Vec<Part>) {
        let (mut bytes, mut parts) = (Vec::new(), Vec::new());
        for (offset, piece, frame) in &self.pieces {
            let Some(seen) = (bytes.len() as u64).checked_sub(*offset) else { break };
            let fresh = piece.get(usize::try_from(seen).unwrap_or(usize::MAX)..).unwrap_or(&[]);
            if !fresh.is_empty() {
                parts.push(Part { frame: *frame, offset: bytes.len() as u32, len: fresh.len() as u32 });
                bytes.extend_from_slice(fresh);
            }
        }
        (bytes, parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_in_order_whatever_order_they_came_in() {
        let mut stream = Stream::default();
        stream.put(4, b"efgh", 2);
        assert_eq!(stream.joined().0, b"");
        stream.put(0, b"abcde", 3);
        let part = |frame, offset, len| Part { frame, offset, len };
        assert_eq!(stream.joined(), (b"abcdefgh".to_vec(), vec![part(3, 0, 5), part(2, 5, 3)]));
    }

    #[test]
    fn as_many_pieces_are_kept_as_the_limit_says() {
        let mut stream = Stream::default();
        for offset in 0..=MAX_PIECES as u64 {
            stream.put(offset, b"x", 1);
        }
        assert_eq!(stream.joined().0.len(), MAX_PIECES);
    }

    #[test]
    fn no_more_is_kept_than_the_limit() {
        let mut stream = Stream::default();
        stream.put(0, &vec![1; MAX_CRYPTO], 1);
        stream.put(MAX_CRYPTO as u64, b"x", 2);
        assert_eq!(stream.joined().0.len(), MAX_CRYPTO);
    }
}
