//! An SSDP message (UPnP Device Architecture §1) → the head of HTTP's form that it consists of.

use super::header::{Header, Step};
use super::http_head;

pub(super) fn knows(bytes: &[u8]) -> bool {
    bytes.starts_with(b"M-SEARCH * HTTP/1.") || bytes.starts_with(b"NOTIFY * HTTP/1.")
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("ssdp", header.claimed());
    http_head::read(header);
    None
}
