//! The first bytes of a QUIC packet with a long header → where its parts lie (RFC 9000 §17.2, RFC 8999 §5.1).

use std::ops::Range;

use super::quic_keys::{Keys, Opened};
use super::varint;

pub(super) const V2: u32 = 0x6b33_43cf;
/// RFC 9000 §17.2: longer ones are for other versions, which nobody has written.
const MAX_ID: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Initial,
    Early,
    Handshake,
    Retry,
    Negotiation,
}

/// A packet with a long header; offsets count from its first byte.
#[derive(Clone, Debug)]
pub(super) struct Long {
    pub kind: Kind,
    pub version: u32,
    pub dcid: Range<usize>,
    pub scid: Range<usize>,
    /// Where the length of the token lies, and the token: Initial packets only.
    pub token: Option<(Range<usize>, Range<usize>)>,
    /// Where the length lies that counts what is behind it; Retry and version negotiation have none.
    pub length: Option<Range<usize>>,
    /// Where the packet number begins, or what the kind has instead.
    pub body: usize,
    /// One past the packet's last byte; may lie beyond what was captured.
    pub end: usize,
}

/// Which kind the two bits of the first byte mean: QUIC version 2 has them in another order (RFC 9369 §3.2).
fn kind(version: u32, first: u8) -> Kind {
    let number = first >> 4 & 3;
    let number = if version == V2 { number.wrapping_sub(1) & 3 } else { number };
    match (version, number) {
        (0, _) => Kind::Negotiation,
        (_, 0) => Kind::Initial,
        (_, 1) => Kind::Early,
        (_, 2) => Kind::Handshake,
        _ => Kind::Retry,
    }
}

/// What a version is called; empty where it is none that is known.
pub(super) fn version_word(version: u64) -> &'static str {
    match version {
        0 => "version negotiation",
        1 => "QUIC version 1",
        0x6b33_43cf => "QUIC version 2",
        0xff00_0000..=0xff00_00ff => "a draft of version 1",
        0xface_b000..=0xface_b00f => "Facebook's mvfst",
        _ if version & 0x0f0f_0f0f == 0x0a0a_0a0a => "GREASE, reserved: to be ignored",
        _ => "",
    }
}

impl Long {
    /// `total`: bytes that the datagram has from here on. `None`: no long header, or not all of it is here.
    pub fn read(bytes: &[u8], total: usize) -> Option<Long> {
        let [first, v0, v1, v2, v3, dcil, ..] = *bytes else { return None };
        if first & 0x80 == 0 {
            return None;
        }
        let version = u32::from_be_bytes([v0, v1, v2, v3]);
        let dcid = 6..6 + usize::from(dcil);
        let scid = dcid.end + 1..dcid.end + 1 + usize::from(*bytes.get(dcid.end)?);
        let kind = kind(version, first);
        let mut long = Long { kind, version, dcid, scid, token: None, length: None, body: 0, end: total };
        let mut at = long.scid.end;
        if kind == Kind::Initial {
            let (len, size) = varint::read(bytes.get(at..)?)?;
            let token = at + size..(at + size).checked_add(usize::try_from(len).ok()?)?;
            long.token = Some((at..at + size, token.clone()));
            at = token.end;
        }
        if !matches!(kind, Kind::Retry | Kind::Negotiation) {
            let (len, size) = varint::read(bytes.get(at..)?)?;
            long.length = Some(at..at + size);
            at += size;
            long.end = at.checked_add(usize::try_from(len).ok()?)?;
        }
        long.body = at;
        (bytes.len() >= long.scid.end).then_some(long)
    }

    /// Whether the version is known, and the lengths of the connection IDs make sense in it.
    pub fn plausible(&self) -> bool {
        !version_word(self.version.into()).is_empty() && self.dcid.len() <= MAX_ID && self.scid.len() <= MAX_ID
    }

    /// Removes the protection of an Initial packet.
    pub fn open(&self, bytes: &[u8], id: &[u8], client: bool) -> Option<Opened> {
        Keys::initial(self.version, id, client)?.open(bytes.get(..self.end)?, self.body)
    }
}
