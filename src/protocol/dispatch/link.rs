//! Numbers of the link layers → who decodes what they announce.

use super::{Decode, data, eap, ethernet, ipv4, ipv6, mpls, ppp_auth, ppp_control, stp, wlan_management};
use crate::protocol::is_ethertype;

pub(super) fn by_access_point(point: u8) -> Decode {
    match point {
        0x06 => ipv4::decode,
        0x42 => stp::decode,
        _ => data::decode,
    }
}

pub(super) fn by_management(subtype: u8) -> Decode {
    match subtype {
        0 => wlan_management::association,
        1 | 3 => wlan_management::response,
        2 => wlan_management::reassociation,
        4 => wlan_management::probe,
        5 | 8 => wlan_management::beacon,
        10 | 12 => wlan_management::leave,
        11 => wlan_management::authentication,
        13 | 14 => wlan_management::action,
        _ => data::decode,
    }
}

pub(super) fn by_ppp_protocol(protocol: u16) -> Decode {
    match protocol {
        0x0021 => ipv4::decode,
        0x0057 => ipv6::decode,
        0x0281 | 0x0283 => mpls::decode,
        0x8021 => ppp_control::decode_ipcp,
        0x8057 => ppp_control::decode_ipv6cp,
        0x80fd => ppp_control::decode_ccp,
        0xc021 => ppp_control::decode_lcp,
        0xc023 => ppp_auth::decode_pap,
        0xc223 => ppp_auth::decode_chap,
        0xc227 => eap::decode,
        _ => data::decode,
    }
}

/// A label stack does not say what it carries (RFC 4928 §3): the first half byte tells IP, and 0 and 1 belong to pseudowires.
pub(super) fn below_mpls(rest: &[u8]) -> Decode {
    let known = |at: usize| {
        let kind = rest.get(at..).and_then(|rest| rest.first_chunk());
        kind.is_some_and(|kind| is_ethertype(u16::from_be_bytes(*kind)))
    };
    match rest.first().map(|byte| byte >> 4) {
        Some(4) => ipv4::decode,
        Some(6) => ipv6::decode,
        Some(1) => mpls::decode_channel,
        Some(0) if !known(12) => mpls::decode_control_word,
        _ if known(12) => ethernet::decode,
        _ => data::decode,
    }
}
