//! Our packet + tshark's → what both have, and where they differ.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use packet_theater::protocol::{self, Packet};

use super::pdml::{self, Element};

#[derive(Default)]
pub struct Count {
    compared: u64,
    disagree: u64,
    only_theirs: u64,
    only_ours: u64,
}

impl Count {
    pub fn add(&mut self, other: &Count) {
        self.compared += other.compared;
        self.disagree += other.disagree;
        self.only_theirs += other.only_theirs;
        self.only_ours += other.only_ours;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let agree = 100.0 * (self.compared - self.disagree) as f64 / self.compared.max(1) as f64;
        let Count { compared, disagree, only_theirs, only_ours } = self;
        write!(f, "{compared:>10} {disagree:>9} {agree:>9.3} % {only_theirs:>13} {only_ours:>11}")
    }
}

pub struct Disagreement {
    pub place: String,
    pub key: String,
    /// `value`, `bytes`, or the `size` of a layer.
    pub what: &'static str,
    pub ours: String,
    pub theirs: String,
}

pub struct Tally {
    pub protocols: BTreeMap<String, Count>,
    pub disagreements: Vec<Disagreement>,
    /// Keys that one side has and the other lacks in the same packet, and how often.
    pub only_theirs: BTreeMap<String, u64>,
    pub only_ours: BTreeMap<String, u64>,
    known: HashSet<&'static str>,
}

impl Default for Tally {
    fn default() -> Tally {
        let known = protocol::fields().map(|field| field.key).collect();
        let (only_theirs, only_ours) = (BTreeMap::new(), BTreeMap::new());
        Tally { protocols: BTreeMap::new(), disagreements: Vec::new(), only_theirs, only_ours, known }
    }
}

/// A field of ours as the comparison needs it: what it shows and the whole bytes that hold it.
struct Ours<'a> {
    protocol: &'static str,
    show: &'a str,
    from: usize,
    to: usize,
}

impl Tally {
    pub fn packet(&mut self, place: &str, bytes: &[u8], ours: &Packet, theirs: &pdml::Packet) {
        self.layers(place, ours, theirs);
        let mut mine: HashMap<&str, Vec<Ours>> = HashMap::new();
        for layer in &ours.layers {
            for found in &layer.found {
                let (from, to) = ((found.at.pos / 8) as usize, (found.at.pos + found.at.len).div_ceil(8) as usize);
                let field = Ours { protocol: layer.protocol, show: &found.show, from, to };
                mine.entry(found.field.key).or_default().push(field);
            }
        }
        let mut known: HashMap<&str, Vec<&Element>> = HashMap::new();
        let mut buffered = false;
        for element in &theirs.elements {
            // A generated field has no place of its own: it belongs to the frame if the one before it does.
            buffered = in_frame(element, bytes).map_or(buffered, |in_frame| !in_frame);
            if !buffered && self.known.contains(element.key.as_str()) {
                known.entry(&element.key).or_default().push(element);
            }
        }
        for (key, elements) in &known {
            let fields = mine.get(key).map_or(&[][..], Vec::as_slice);
            for (i, element) in elements.iter().enumerate() {
                match fields.get(i) {
                    Some(field) => self.pair(place, key, field, element, bytes),
                    None => {
                        self.count(&element.protocol).only_theirs += 1;
                        *self.only_theirs.entry(key.to_string()).or_default() += 1;
                    }
                }
            }
        }
        for (key, fields) in &mine {
            let theirs = known.get(key).map_or(0, Vec::len);
            for field in fields.iter().skip(theirs) {
                self.count(field.protocol).only_ours += 1;
                *self.only_ours.entry(key.to_string()).or_default() += 1;
            }
        }
    }

    /// Compares the sizes of the layers that both see at the same place.
    fn layers(&mut self, place: &str, ours: &Packet, theirs: &pdml::Packet) {
        for layer in &ours.layers {
            let same = |element: &&Element| element.protocol == layer.protocol && element.pos == layer.pos as usize;
            let Some(element) = theirs.elements.iter().filter(|element| element.key.is_empty()).find(same) else {
                continue;
            };
            let count = self.count(layer.protocol);
            count.compared += 1;
            if element.size != layer.size as usize {
                count.disagree += 1;
                self.disagree(place, layer.protocol, "size", layer.size.to_string(), element.size.to_string());
            }
        }
    }

    fn pair(&mut self, place: &str, key: &str, ours: &Ours, theirs: &Element, bytes: &[u8]) {
        let same_value = ours.show == theirs.show;
        let same_bytes = in_frame(theirs, bytes).is_none() || covers(theirs, ours);
        let count = self.count(ours.protocol);
        count.compared += 1;
        count.disagree += u64::from(!same_value || !same_bytes);
        if !same_value {
            self.disagree(place, key, "value", format!("{:?}", ours.show), format!("{:?}", theirs.show));
        } else if !same_bytes {
            let range = |from, to| format!("{from}..{to}");
            self.disagree(place, key, "bytes", range(ours.from, ours.to), range(theirs.pos, theirs.pos + theirs.size));
        }
    }

    fn disagree(&mut self, place: &str, key: &str, what: &'static str, ours: String, theirs: String) {
        let short = |text: String| text.chars().take(120).collect();
        let (place, key) = (place.to_string(), key.to_string());
        self.disagreements.push(Disagreement { place, key, what, ours: short(ours), theirs: short(theirs) });
    }

    fn count(&mut self, protocol: &str) -> &mut Count {
        self.protocols.entry(protocol.to_string()).or_default()
    }
}

/// Whether tshark's range is a place in the frame: `None` where it has none, `Some(false)` where the bytes are others (a
/// reassembled buffer).
fn in_frame(element: &Element, bytes: &[u8]) -> Option<bool> {
    if element.size == 0 || element.bytes.is_empty() {
        return None;
    }
    let there = bytes.get(element.pos..element.pos + element.size).unwrap_or(&[]);
    let hex: String = there.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(hex.eq_ignore_ascii_case(&element.bytes))
}

/// A masked field has some bits of tshark's bytes, so ours lies inside them; any other has them all.
fn covers(theirs: &Element, ours: &Ours) -> bool {
    let (from, to) = (theirs.pos, theirs.pos + theirs.size);
    if theirs.masked { from <= ours.from && ours.to <= to } else { (from, to) == (ours.from, ours.to) }
}
