//! A field of a packet → what its value means there: catalogue keys, and the values that their sentences are filled with.
//!
//! Each rule is a row: the field's key and a function that says something or nothing. The sentences stand in
//! `static/lang/here.LANGUAGE.json`, and `tests/meaning.rs` reads them against the goldens.

mod application;
mod ip;
mod link;
mod session;
mod tcp;

use serde::{Deserialize, Serialize};

use crate::protocol::{Context, Found, Layer, Packet};

/// A sentence of the catalogue, with what its `{name}`s stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub key: String,
    pub values: Vec<(String, String)>,
}

/// What is known of a packet beside its bytes.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub context: Context,
    /// The acknowledgment number, as it is on the wire, of the segment that the same end sent before this one.
    pub acked: Option<u32>,
}

/// A field in its packet, as the rules see it.
struct Look<'a> {
    packet: &'a Packet,
    /// Place of the layer in the packet, and of the field in the layer.
    place: (usize, usize),
    layer: &'a Layer,
    found: &'a Found,
    known: &'a Known,
}

type Rule = fn(&Look) -> Option<Said>;

/// Every rule, in the order in which their sentences are shown.
fn rules() -> impl Iterator<Item = &'static (&'static str, Rule)> {
    link::RULES.iter().chain(ip::RULES).chain(tcp::RULES).chain(application::RULES).chain(session::RULES)
}

/// The keys of the fields that rules speak about.
pub fn explained() -> impl Iterator<Item = &'static str> {
    rules().map(|(key, _)| *key)
}

/// What the value of a field means in this packet; `field` is its place in the layer's list. Nothing where no rule knows.
pub fn here(packet: &Packet, layer: usize, field: usize, known: &Known) -> Vec<Said> {
    let Some(layer_here) = packet.layers.get(layer) else { return Vec::new() };
    let Some(found) = layer_here.found.get(field) else { return Vec::new() };
    let look = Look { packet, place: (layer, field), layer: layer_here, found, known };
    rules().filter(|(key, _)| *key == found.field.key).filter_map(|(_, rule)| rule(&look)).collect()
}

fn say(key: &str) -> Said {
    Said { key: key.to_owned(), values: Vec::new() }
}

impl Said {
    fn with(mut self, name: &str, value: impl ToString) -> Said {
        self.values.push((name.to_owned(), value.to_string()));
        self
    }
}

impl<'a> Look<'a> {
    fn value(&self) -> Option<u64> {
        number(self.found)
    }

    /// The value of another field of the same layer.
    fn of(&self, key: &str) -> Option<u64> {
        number(self.layer.get(key)?)
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        Some(self.layer.get(key)?.show.as_str())
    }

    /// The field after this one, if it has this key: parts of a repeated group follow each other.
    fn next(&self, key: &str) -> Option<u64> {
        let found = self.layer.found.get(self.place.1 + 1)?;
        number(found).filter(|_| found.field.key == key)
    }

    /// The nearest layer around this one that is one of these.
    fn outer(&self, protocols: &[&str]) -> Option<&'a Layer> {
        let around = self.packet.layers.get(..self.place.0)?;
        around.iter().rfind(|layer| protocols.contains(&layer.protocol))
    }

    /// The first layer inside of this one that is one of these.
    fn inner(&self, protocols: &[&str]) -> Option<&'a Layer> {
        let inside = self.packet.layers.get(self.place.0 + 1..)?;
        inside.iter().find(|layer| protocols.contains(&layer.protocol))
    }

    /// What the conversation knows; nothing for a packet that an ICMP error quotes, which was sent at another time.
    fn context(&self) -> Option<&'a Context> {
        self.outer(&["icmp", "icmpv6"]).is_none().then_some(&self.known.context)
    }
}

/// A printed value as a number: decimal, or hexadecimal with `0x`.
fn number(found: &Found) -> Option<u64> {
    match found.show.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => found.show.parse().ok(),
    }
}

/// Seconds with the units' symbols, which both languages read: `1 d 2 h`.
fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, unit) in UNITS {
        if rest >= size {
            parts.push(format!("{} {unit}", rest / size));
            rest %= size;
        }
    }
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}
