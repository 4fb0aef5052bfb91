//! `Request who-has … tell …`, `Reply … is-at …` → an ARP message (RFC 826).

use std::collections::HashMap;
use std::net::Ipv4Addr;

use super::link::{ARP, Link};
use super::scan::{after, mac, word, word_after};

const NOBODY: [u8; 6] = [0; 6];
const EVERYBODY: [u8; 6] = [0xff; 6];
const MESSAGE: usize = 28;
const HEADER: usize = 14;

/// Hardware addresses that lines have told so far.
pub(super) type Neighbours = HashMap<Ipv4Addr, [u8; 6]>;

/// The frame of an ARP line. Without a link header in the line one is made up of what is known, with zeros for the rest.
pub(super) fn frame(
    text: &str,
    link: Option<&Link>,
    sender: Option<[u8; 6]>,
    known: &mut Neighbours,
) -> Option<(Vec<u8>, u32)> {
    let padded: usize = after(text, ", length ").and_then(|rest| word(rest).parse().ok()).unwrap_or(MESSAGE);
    let (operation, ends, to) = if text.contains("who-has ") {
        let target: Ipv4Addr = word_after(text, "who-has ")?;
        let asker: Ipv4Addr = word_after(text, " tell ")?;
        let hint = after(text, "(").and_then(|rest| mac(rest.split(')').next()?));
        let hardware = sender.or(known.get(&asker).copied()).unwrap_or(NOBODY);
        (1, [(hardware, asker), (hint.unwrap_or(NOBODY), target)], EVERYBODY)
    } else {
        let (rest, hardware) = text.split_once(" is-at ")?;
        let owner: Ipv4Addr = rest.rsplit([' ', ',']).next()?.parse().ok()?;
        let hardware = mac(word(hardware))?;
        known.insert(owner, hardware);
        // Who asked, the line does not say; a link header does by its address.
        let asker = link.and_then(|link| link.header.first_chunk::<6>().copied());
        let address = known.iter().find(|(_, mac)| Some(**mac) == asker).map_or(Ipv4Addr::UNSPECIFIED, |(ip, _)| *ip);
        (2, [(hardware, owner), (asker.unwrap_or(NOBODY), address)], asker.unwrap_or(NOBODY))
    };
    if let Some(sender) = sender.filter(|_| operation == 1) {
        known.insert(ends.first()?.1, sender);
    }
    let mut bytes = match link {
        Some(link) => link.header.clone(),
        None => [to.as_slice(), ends.first()?.0.as_slice(), &ARP.to_be_bytes()].concat(),
    };
    bytes.extend([0, 1, 8, 0, 6, 4, 0, operation]);
    for (hardware, address) in ends {
        bytes.extend(hardware);
        bytes.extend(address.octets());
    }
    let header = link.map_or(HEADER, |link| link.header.len());
    bytes.resize(header + padded.clamp(MESSAGE, 1500), 0);
    let length = link.and_then(|link| link.length).unwrap_or(0).max(bytes.len() as u32);
    Some((bytes, length))
}
