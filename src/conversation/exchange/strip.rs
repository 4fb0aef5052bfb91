//! The pieces of a datagram in the order in which they came → which bytes are there, and where the first hole is.

use serde::{Deserialize, Serialize};

/// A datagram's payload as a ruler of its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strip {
    /// Of the payload, where the last piece told it.
    pub length: Option<u32>,
    /// In the order in which they came.
    pub pieces: Vec<Piece>,
}

/// What one fragment brought: bytes `from..to`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub row: u32,
    pub frame: u32,
    pub from: u32,
    pub to: u32,
    /// Some of them had come before.
    pub overlaps: bool,
}

impl Strip {
    /// The first hole; its end is not known where the last piece is missing. Beyond the end where there is none.
    pub fn hole(&self) -> (u32, Option<u32>) {
        let mut reached = 0;
        // Each round takes the pieces that go on from where the last ones ended.
        while let Some(to) = self.pieces.iter().filter(|piece| piece.from <= reached).map(|piece| piece.to).max() {
            if to <= reached {
                break;
            }
            reached = to;
        }
        let next = self.pieces.iter().map(|piece| piece.from).filter(|&from| from > reached).min();
        (reached, next.or(self.length.filter(|&length| length > reached)))
    }

    /// Whether every byte has come.
    pub fn whole(&self) -> bool {
        self.length.is_some_and(|length| self.hole().0 >= length)
    }

    /// One past the last byte that is known of.
    pub fn end(&self) -> u32 {
        self.pieces.iter().map(|piece| piece.to).chain(self.length).max().unwrap_or(0)
    }
}
