//! The glossary's rows, and a source such as `RFC 791 §3.1` → its address.

use serde::{Deserialize, Serialize};

/// One field, as the glossary lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    pub key: String,
    /// In each language, so that either finds it: English, Chinese.
    pub names: [String; 2],
    /// Bits in a fixed header; 0 where the place is computed.
    pub bits: u32,
    /// Catalogue key of the form of its value: `dec`, `hex`, `address`, …
    pub form: String,
    pub source: String,
    /// Values and what they mean, as many as are worth a look.
    pub words: Vec<(u64, String)>,
    /// Values that are left out.
    pub more: u32,
}

impl Term {
    /// `ip` of `ip.ttl`: the protocol that it is listed under.
    pub fn protocol(&self) -> &str {
        self.key.split('.').next().unwrap_or(&self.key)
    }
}

/// The address of the RFC section that a source names first; `None` for a source of another kind.
pub fn link(source: &str) -> Option<String> {
    let (number, rest) = leading(source.strip_prefix("RFC ")?, |c| c.is_ascii_digit());
    let section = rest.strip_prefix(" §").map(|rest| leading(rest, |c| c.is_ascii_digit() || c == '.').0);
    let anchor = section.map(|section| format!("#section-{}", section.trim_end_matches('.'))).unwrap_or_default();
    (!number.is_empty()).then(|| format!("https://www.rfc-editor.org/rfc/rfc{number}{anchor}"))
}

fn leading(text: &str, of: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !of(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_leads_to_its_section() {
        let address = |source| link(source).unwrap_or_default();
        assert_eq!(address("RFC 791 §3.1"), "https://www.rfc-editor.org/rfc/rfc791#section-3.1");
        assert_eq!(address("RFC 2474 §3, RFC 3168 §5"), "https://www.rfc-editor.org/rfc/rfc2474#section-3");
        assert_eq!(address("RFC 1071"), "https://www.rfc-editor.org/rfc/rfc1071");
        assert_eq!(address("IEEE 802.3 §3.2"), "");
    }
}
