//! The tables of all protocols → the glossary's rows.

use std::collections::BTreeSet;

use packet_theater::protocol::{self, Show};
use packet_theater::text::Term;

/// Values that are listed of one field.
const WORDS: usize = 24;

/// Every field of every protocol once; `names` answers a key's name in each language.
pub fn terms(names: impl Fn(&str) -> [String; 2]) -> Vec<Term> {
    let mut seen = BTreeSet::new();
    let fields = protocol::fields().filter(|field| seen.insert(field.key));
    let mut terms: Vec<Term> = fields
        .map(|field| Term {
            key: field.key.to_owned(),
            names: names(field.key),
            bits: field.bits.len,
            form: form(field.show).to_owned(),
            source: field.source.to_owned(),
            words: field.words.iter().take(WORDS).map(|(value, word)| (value, word.to_owned())).collect(),
            more: field.words.iter().skip(WORDS).count() as u32,
        })
        .collect();
    // Protocols by name; within one, the order of its tables is that of the header.
    terms.sort_by(|a, b| a.protocol().cmp(b.protocol()));
    terms
}

fn form(show: Show) -> &'static str {
    match show {
        Show::Dec | Show::Times(_) => "dec",
        Show::Hex(_) => "hex",
        Show::Flag => "flag",
        Show::Ipv4 | Show::Ipv6 | Show::Mac => "address",
        Show::Bytes => "bytes",
        Show::Text => "text",
        _ => "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_listed_once_by_protocol() {
        let terms = terms(|_| Default::default());
        let keys: BTreeSet<&str> = terms.iter().map(|term| term.key.as_str()).collect();
        assert_eq!(keys.len(), terms.len());
        assert_eq!(keys, protocol::fields().map(|field| field.key).collect());
        assert!(terms.is_sorted_by_key(|term| term.protocol().to_owned()));
    }
}
