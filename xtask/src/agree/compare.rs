//! Our packet + tshark's → what both have, and where they differ.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use packet_theater::engine::{FieldView, FrameView};

use super::pdml::{Element, Packet};
use super::scope::Scope;

/// Longer values are cut before they are kept.
const LONGEST: usize = 120;

#[derive(Clone, Default)]
pub struct Count {
    /// Fields and sizes of layers that both sides have.
    pub compared: u64,
    /// Fields that tshark shows, as the scope counts them, and those of them that we have.
    pub shown: u64,
    pub had: u64,
    pub only_ours: u64,
}

pub struct Disagreement {
    pub file: String,
    pub frame: u32,
    pub protocol: String,
    pub key: String,
    /// `value`, `bytes`, the `size` of a layer, or the list of `layers`.
    pub what: &'static str,
    pub ours: String,
    pub theirs: String,
}

/// Packets whose lists of layers differ in one way.
#[derive(Default)]
pub struct Lists {
    pub places: Vec<(String, u32)>,
}

/// What the comparison of one capture found.
#[derive(Default)]
pub struct Tally {
    pub packets: u64,
    pub stops: u64,
    pub panics: Vec<String>,
    pub protocols: BTreeMap<String, Count>,
    pub disagreements: Vec<Disagreement>,
    /// Lists of layers, ours and tshark's, that are not the same.
    pub layers: BTreeMap<(Vec<String>, Vec<String>), Lists>,
    /// Layers that we named.
    pub named: BTreeSet<String>,
    /// Keys that one side shows and the other lacks in the same packet, and how often.
    pub missed: BTreeMap<String, u64>,
    pub only_ours: BTreeMap<String, u64>,
    file: String,
    frame: u32,
}

/// Where the bytes of a field of tshark's are.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Place {
    Frame,
    /// In bytes that were put together or decrypted.
    Buffer,
    /// Nowhere: it was computed.
    None,
}

type Theirs<'a> = (&'a Element, Place);

impl Tally {
    pub fn of(file: &str) -> Tally {
        Tally { file: file.to_string(), ..Tally::default() }
    }

    pub fn merge(&mut self, other: Tally) {
        self.packets += other.packets;
        self.stops += other.stops;
        self.panics.extend(other.panics);
        for (protocol, count) in other.protocols {
            let sum = self.count(&protocol);
            sum.compared += count.compared;
            sum.shown += count.shown;
            sum.had += count.had;
            sum.only_ours += count.only_ours;
        }
        self.disagreements.extend(other.disagreements);
        for (lists, found) in other.layers {
            self.layers.entry(lists).or_default().places.extend(found.places);
        }
        self.named.extend(other.named);
        for (mine, its) in [(&mut self.missed, other.missed), (&mut self.only_ours, other.only_ours)] {
            its.into_iter().for_each(|(key, count)| *mine.entry(key).or_default() += count);
        }
    }

    pub fn packet(&mut self, scope: &Scope, ours: &FrameView, theirs: &Packet) {
        self.frame = ours.frame;
        self.packets += 1;
        self.stops += u64::from(ours.stop.is_some());
        self.layers(ours, theirs);
        let mut mine: HashMap<&str, Vec<&FieldView>> = HashMap::new();
        for field in ours.layers.iter().flat_map(|layer| &layer.fields) {
            mine.entry(&field.key).or_default().push(field);
        }
        let mut shown: BTreeMap<&str, Vec<Theirs>> = BTreeMap::new();
        for (element, place) in theirs.elements.iter().zip(places(theirs, &ours.bytes)) {
            if scope.knows(&element.key) || scope.counts(element) {
                shown.entry(&element.key).or_default().push((element, place));
            }
        }
        for (key, elements) in shown {
            let fields = mine.remove(key).unwrap_or_default();
            self.key(scope, key, &fields, &elements);
        }
        for (key, fields) in mine {
            self.only_ours(scope, key, fields.len() as u64);
        }
    }

    /// All fields of one key: those at the same place belong together, the rest in their order.
    fn key(&mut self, scope: &Scope, key: &str, ours: &[&FieldView], theirs: &[Theirs]) {
        let mut free: Vec<&FieldView> = ours.to_vec();
        let mut partner: Vec<Option<&FieldView>> = vec![None; theirs.len()];
        let at_its_place = |field: &FieldView, (element, place): &Theirs, same_value: bool| {
            *place == Place::Frame && covers(element, field) && (!same_value || element.show == field.show)
        };
        for same_value in [true, false] {
            for (found, theirs) in partner.iter_mut().zip(theirs).filter(|(found, _)| found.is_none()) {
                let same = free.iter().position(|field| at_its_place(field, theirs, same_value));
                *found = same.map(|i| free.remove(i));
            }
        }
        for (found, (_, place)) in partner.iter_mut().zip(theirs).filter(|(found, _)| found.is_none()) {
            let next = free.iter().position(|field| may_pair(field, *place));
            *found = next.map(|i| free.remove(i));
        }
        let protocol = scope.protocol(key).to_string();
        for ((element, place), found) in theirs.iter().zip(partner) {
            let counts = scope.counts(element);
            let count = self.count(&protocol);
            count.shown += u64::from(counts);
            count.had += u64::from(counts && found.is_some());
            match found {
                Some(field) => self.pair(&protocol, key, field, element, *place),
                None if counts => *self.missed.entry(key.to_string()).or_default() += 1,
                None => {}
            }
        }
        self.only_ours(scope, key, free.len() as u64);
    }

    fn pair(&mut self, protocol: &str, key: &str, ours: &FieldView, theirs: &Element, place: Place) {
        self.count(protocol).compared += 1;
        if ours.show != theirs.show {
            self.disagree(protocol, key, "value", ours.show.clone(), theirs.show.clone());
        } else if place == Place::Frame && !covers(theirs, ours) {
            let (from, to) = bytes_of(ours);
            let range = |from, to| format!("{from}..{to}");
            self.disagree(protocol, key, "bytes", range(from, to), range(theirs.pos, theirs.pos + theirs.size));
        }
    }

    /// Compares the sizes of the layers that both see at the same place, and keeps the lists where they differ.
    fn layers(&mut self, ours: &FrameView, theirs: &Packet) {
        for layer in &ours.layers {
            let same = |it: &&super::pdml::Protocol| it.name == layer.protocol && it.pos == layer.pos as usize;
            let Some(found) = theirs.protocols.iter().find(same) else { continue };
            self.count(&layer.protocol).compared += 1;
            if found.size != layer.size as usize {
                let (here, there) = (layer.size.to_string(), found.size.to_string());
                self.disagree(&layer.protocol, &layer.protocol, "size", here, there);
            }
        }
        let listed = |names: &mut dyn Iterator<Item = &String>| -> Vec<String> {
            names.filter(|name| Scope::is_listed_layer(name)).cloned().collect()
        };
        let here = listed(&mut ours.layers.iter().map(|layer| &layer.protocol));
        let there = listed(&mut theirs.protocols.iter().map(|protocol| &protocol.name));
        self.named.extend(here.iter().cloned());
        if here != there {
            self.layers.entry((here, there)).or_default().places.push((self.file.clone(), self.frame));
        }
    }

    fn only_ours(&mut self, scope: &Scope, key: &str, count: u64) {
        if count > 0 {
            self.count(scope.protocol(key)).only_ours += count;
            *self.only_ours.entry(key.to_string()).or_default() += count;
        }
    }

    fn disagree(&mut self, protocol: &str, key: &str, what: &'static str, ours: String, theirs: String) {
        let short = |text: String| text.chars().take(LONGEST).collect();
        let (file, frame, protocol, key) = (self.file.clone(), self.frame, protocol.to_string(), key.to_string());
        let (ours, theirs) = (short(ours), short(theirs));
        self.disagreements.push(Disagreement { file, frame, protocol, key, what, ours, theirs });
    }

    pub fn count(&mut self, protocol: &str) -> &mut Count {
        self.protocols.entry(protocol.to_string()).or_default()
    }
}

/// Where each of tshark's fields lies. It says positions alike whether they count in the frame or in a reassembled buffer; only
/// the bytes tell. Few bytes agree by chance, so a protocol most of whose fields lie elsewhere does so as a whole.
fn places(theirs: &Packet, frame: &[u8]) -> Vec<Place> {
    let mut votes = vec![0_i64; theirs.protocols.len()];
    let mut places = Vec::with_capacity(theirs.elements.len());
    for element in &theirs.elements {
        let place = match in_frame(element, frame) {
            None => Place::None,
            Some(true) => Place::Frame,
            Some(false) => Place::Buffer,
        };
        if let Some(vote) = votes.get_mut(element.within) {
            *vote += i64::from(place == Place::Frame) - i64::from(place == Place::Buffer);
        }
        places.push(place);
    }
    let mut before = Place::Frame;
    for (place, element) in places.iter_mut().zip(&theirs.elements) {
        let elsewhere = votes.get(element.within).is_some_and(|vote| *vote < 0);
        // What was computed belongs to the field before it.
        if elsewhere || (*place == Place::None && before == Place::Buffer) {
            *place = Place::Buffer;
        }
        before = *place;
    }
    places
}

/// Whether tshark's bytes are those of the frame at its position: `None` where it has none.
fn in_frame(element: &Element, frame: &[u8]) -> Option<bool> {
    if element.size == 0 || element.bytes.is_empty() {
        return None;
    }
    let there = frame.get(element.pos..element.pos.saturating_add(element.size)).unwrap_or(&[]);
    let hex: String = there.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(hex.eq_ignore_ascii_case(&element.bytes))
}

fn may_pair(_field: &FieldView, place: Place) -> bool {
    place != Place::Buffer
}

/// The whole bytes that hold a field.
fn bytes_of(field: &FieldView) -> (usize, usize) {
    ((field.at.pos / 8) as usize, (field.at.pos + field.at.len).div_ceil(8) as usize)
}

/// A masked field has some bits of tshark's bytes, so ours lies inside them; any other has them all.
fn covers(theirs: &Element, ours: &FieldView) -> bool {
    let ((from, to), (start, end)) = (bytes_of(ours), (theirs.pos, theirs.pos + theirs.size));
    if theirs.masked { start <= from && to <= end } else { (start, end) == (from, to) }
}

#[cfg(test)]
mod tests {
    use super::{Place, places};
    use crate::agree::pdml::{Element, Packet};

    fn element(pos: usize, bytes: &str) -> Element {
        Element { pos, size: bytes.len() / 2, bytes: bytes.into(), ..Element::default() }
    }

    #[test]
    fn a_protocol_whose_fields_lie_elsewhere_does_so_as_a_whole() {
        let protocol = || crate::agree::pdml::Protocol { name: "dns".into(), pos: 0, size: 0 };
        let elements = vec![element(0, "00"), element(1, "0708"), element(0, "010203"), element(0, "")];
        let theirs = Packet { captured: 4, protocols: vec![protocol()], elements };
        let expected = [Place::Buffer; 4];
        assert_eq!(places(&theirs, &[0, 1, 2, 3]), expected);
    }
}
