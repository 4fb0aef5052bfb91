//! What a capture says about itself, kept within a bound: notes, comments, names.

use std::collections::HashMap;
use std::net::IpAddr;

use super::LinkType;

/// Bytes of text that one capture may leave in memory; each text is charged a little more than its length.
const MAX_TEXT: usize = 4 << 20;
const TEXT_COST: usize = 64;

/// A name of the capture's own name resolution blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub address: IpAddr,
    pub name: String,
}

#[derive(Default)]
pub(super) struct Remarks {
    pub notes: Vec<String>,
    pub names: Vec<Name>,
    /// By frame number, from 1.
    pub comments: HashMap<u32, Vec<String>>,
    /// Interface statistics blocks seen.
    pub statistics: u32,
    /// Link types that a note has named.
    links: Vec<LinkType>,
    spent: usize,
    full: bool,
}

impl Remarks {
    pub fn note(&mut self, text: String) {
        if self.room(text.len()) {
            self.notes.push(text);
        }
    }

    /// Says once of each link type that nobody here takes apart.
    pub fn link(&mut self, link: LinkType) {
        if !link.is_known() && !self.links.contains(&link) {
            self.links.push(link);
            self.note(format!("Link type {link} is not taken apart; its packets are shown as bytes."));
        }
    }

    pub fn comment(&mut self, frame: u32, text: &[u8]) {
        if self.room(text.len()) {
            self.comments.entry(frame).or_default().push(words(text));
        }
    }

    pub fn name(&mut self, address: IpAddr, name: &[u8]) {
        if self.room(name.len()) {
            self.names.push(Name { address, name: words(name) });
        }
    }

    fn room(&mut self, len: usize) -> bool {
        let spent = self.spent.saturating_add(len).saturating_add(TEXT_COST);
        let fits = spent <= MAX_TEXT;
        if fits {
            self.spent = spent;
        } else if !self.full {
            self.full = true;
            self.notes.push(format!(
                "The capture carries more than {MAX_TEXT} bytes of comments and names; the rest is left out."
            ));
        }
        fits
    }
}

/// UTF-8 as pcapng asks for it; writers in C sometimes leave their closing zero in.
pub(super) fn words(text: &[u8]) -> String {
    String::from_utf8_lossy(text).trim_end_matches('\0').to_owned()
}
