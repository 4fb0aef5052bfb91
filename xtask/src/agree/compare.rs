//! Our packet + tshark's → what both have, and where they differ.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use packet_theater::engine::{FieldView, FrameView};

use super::pdml::{self, Element, Packet};
use super::scope::Scope;

/// Longer values are cut before they are kept.
const LONGEST: usize = 120;

#[derive(Clone, Default)]
pub struct Count {
    /// Fields and sizes of layers that both sides have.
    pub compared: u64,
    /// Pairs of a packet and a field that tshark shows in it, as the scope counts them, and those of them that we have.
    pub shown: u64,
    pub had: u64,
    /// The same, but every time that the field is there in the packet.
    pub times_shown: u64,
    pub times_had: u64,
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

/// Whether a field of ours may be this one of tshark's.
type Fits<'a> = dyn Fn(&FieldView, &Theirs) -> bool + 'a;

/// A field of tshark's.
struct Theirs<'a> {
    element: &'a Element,
    place: Place,
    /// What it says its bytes are; empty where it was computed.
    bytes: Vec<u8>,
}

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
            sum.times_shown += count.times_shown;
            sum.times_had += count.times_had;
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
        let (places, protocols) = places(theirs, &ours.bytes);
        self.layers(ours, theirs, &protocols);
        let mut mine: HashMap<&str, Vec<&FieldView>> = HashMap::new();
        for field in ours.layers.iter().flat_map(|layer| &layer.fields) {
            mine.entry(&field.key).or_default().push(field);
        }
        let mut shown: BTreeMap<&str, Vec<Theirs>> = BTreeMap::new();
        for (element, place) in theirs.elements.iter().zip(places) {
            if scope.knows(&element.key) || scope.counts(element) {
                let bytes = element.hex();
                shown.entry(&element.key).or_default().push(Theirs { element, place, bytes });
            }
        }
        let same_data = mine.get("data.data").into_iter().flatten().any(|field| {
            shown.get("data.data").is_some_and(|theirs| theirs.iter().any(|theirs| theirs.is_at(field, ours)))
        });
        for (key, elements) in shown {
            // Each side calls data what it does not know, so only data that begins at the same place is the same.
            let other_data = key.starts_with("data.") && !same_data;
            let fields = if other_data { Vec::new() } else { mine.remove(key).unwrap_or_default() };
            self.key(scope, key, ours, fields, &elements);
        }
        for (key, fields) in mine {
            self.only_ours(scope, key, fields.len() as u64);
        }
    }

    /// All fields of one key: those at the same place belong together, then those in the same bytes in their order.
    fn key(&mut self, scope: &Scope, key: &str, ours: &FrameView, mut free: Vec<&FieldView>, theirs: &[Theirs]) {
        let mut partner: Vec<Option<&FieldView>> = vec![None; theirs.len()];
        let steps: [&Fits; 4] = [
            &|field, theirs| theirs.is_at(field, ours) && theirs.element.show == field.show,
            &|field, theirs| theirs.is_at(field, ours),
            &|field, theirs| (theirs.place == Place::Buffer) == (field.buffer > 0),
            // What was computed has no place of its own.
            &|_, theirs| theirs.bytes.is_empty(),
        ];
        for fits in steps {
            for (found, theirs) in partner.iter_mut().zip(theirs).filter(|(found, _)| found.is_none()) {
                let first = free.iter().position(|field| fits(field, theirs));
                *found = first.map(|i| free.remove(i));
            }
        }
        let protocol = scope.protocol(key).to_string();
        let counted = || theirs.iter().zip(&partner).filter(|(theirs, _)| scope.counts(theirs.element));
        let (times_shown, times_had) = (counted().count(), counted().filter(|(_, found)| found.is_some()).count());
        let count = self.count(&protocol);
        count.shown += u64::from(times_shown > 0);
        count.had += u64::from(times_had > 0);
        count.times_shown += times_shown as u64;
        count.times_had += times_had as u64;
        for (theirs, found) in theirs.iter().zip(partner) {
            let counts = scope.counts(theirs.element);
            match found {
                Some(field) => self.pair(&protocol, key, ours, field, theirs),
                None if counts => *self.missed.entry(key.to_string()).or_default() += 1,
                None => {}
            }
        }
        self.only_ours(scope, key, free.len() as u64);
    }

    fn pair(&mut self, protocol: &str, key: &str, view: &FrameView, ours: &FieldView, theirs: &Theirs) {
        self.count(protocol).compared += 1;
        let element = theirs.element;
        if ours.show != element.show {
            self.disagree(protocol, key, "value", ours.show.clone(), element.show.clone());
        } else if theirs.has_place_in(ours, view) && !covers(element, ours) {
            let (from, to) = bytes_of(ours);
            let range = |from, to| format!("{from}..{to}");
            self.disagree(protocol, key, "bytes", range(from, to), range(element.pos, element.pos + element.size));
        }
    }

    /// Compares the sizes of the layers that both see at the same place, and keeps the lists where they differ.
    fn layers(&mut self, ours: &FrameView, theirs: &Packet, places: &[Place]) {
        for layer in &ours.layers {
            let same = |(it, place): &(&pdml::Protocol, &Place)| {
                let elsewhere = **place == Place::Buffer;
                it.name == layer.protocol && it.pos == layer.pos as usize && elsewhere == (layer.buffer > 0)
            };
            let Some((found, _)) = theirs.protocols.iter().zip(places).find(same) else { continue };
            self.count(&layer.protocol).compared += 1;
            if found.size != layer.size as usize {
                let (here, there) = (layer.size.to_string(), found.size.to_string());
                self.disagree(&layer.protocol, &layer.protocol, "size", here, there);
            }
        }
        let listed = |names: &[String]| -> Vec<String> {
            names.iter().filter(|name| Scope::is_listed_layer(name)).cloned().collect()
        };
        let here = listed(&ours.layers.iter().map(|layer| layer.protocol.clone()).collect::<Vec<_>>());
        let there: Vec<String> = theirs.protocols.iter().map(|protocol| protocol.name.clone()).collect();
        self.named.extend(here.iter().cloned());
        if here != listed(&there) {
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

/// Where each of tshark's fields lies, and each of its protocols. It says positions alike whether they count in the frame or in a
/// reassembled buffer; only the bytes tell. Few bytes agree by chance, so a protocol most of whose fields lie elsewhere does
/// so as a whole.
fn places(theirs: &Packet, frame: &[u8]) -> (Vec<Place>, Vec<Place>) {
    let mut votes = vec![0_i64; theirs.protocols.len()];
    let mut places = Vec::with_capacity(theirs.elements.len());
    for element in &theirs.elements {
        let bytes = element.hex();
        let place = match bytes.is_empty() {
            true => Place::None,
            false if lies_in(element, &bytes, frame) => Place::Frame,
            false => Place::Buffer,
        };
        if let Some(vote) = votes.get_mut(element.within) {
            *vote += i64::from(place == Place::Frame) - i64::from(place == Place::Buffer);
        }
        places.push(place);
    }
    let protocols = votes.iter().map(|vote| if *vote < 0 { Place::Buffer } else { Place::Frame }).collect::<Vec<_>>();
    let mut before = Place::Frame;
    for (place, element) in places.iter_mut().zip(&theirs.elements) {
        let elsewhere = protocols.get(element.within) == Some(&Place::Buffer);
        // What was computed belongs to the field before it.
        if elsewhere || (*place == Place::None && before == Place::Buffer) {
            *place = Place::Buffer;
        }
        before = *place;
    }
    (places, protocols)
}

/// Whether tshark's bytes are those at its position.
fn lies_in(element: &Element, bytes: &[u8], whole: &[u8]) -> bool {
    whole.get(element.pos..element.pos.saturating_add(element.size)) == Some(bytes)
}

impl Theirs<'_> {
    /// Whether the field of ours lies in the same bytes at the same place.
    fn is_at(&self, field: &FieldView, view: &FrameView) -> bool {
        self.has_place_in(field, view) && covers(self.element, field)
    }

    /// Whether tshark's range is a true place in the bytes in which the field of ours lies.
    fn has_place_in(&self, field: &FieldView, view: &FrameView) -> bool {
        match (self.place, field.buffer) {
            (Place::Frame, 0) => true,
            (Place::Buffer, 1..) => {
                let buffer = view.buffers.get(usize::from(field.buffer) - 1);
                !self.bytes.is_empty() && buffer.is_some_and(|it| lies_in(self.element, &self.bytes, &it.bytes))
            }
            _ => false,
        }
    }
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
        assert_eq!(places(&theirs, &[0, 1, 2, 3]), (vec![Place::Buffer; 4], vec![Place::Buffer]));
    }
}
