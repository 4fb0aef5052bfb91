//! A packet taken apart → the layers that the anatomy shows: ports by their registered names, and what values mean here.

use super::{FieldView, LayerView};
use crate::protocol::{Found, Layer, Packet, service, spoken};
use crate::text::{self, Known, Said};

pub(super) fn layers(packet: &Packet, known: &Known) -> Vec<LayerView> {
    let mut spoken = None;
    let mut views = Vec::with_capacity(packet.layers.len());
    for (place, layer) in packet.layers.iter().enumerate() {
        spoken = ports(layer).or(spoken);
        views.push(LayerView {
            protocol: layer.protocol.to_owned(),
            buffer: layer.buffer,
            pos: layer.pos,
            size: layer.size,
            service: spoken.filter(|_| layer.protocol == "data").map(str::to_owned).unwrap_or_default(),
            fields: (0..)
                .zip(&layer.found)
                .map(|(index, found)| field(layer, found, text::here(packet, place, index, known)))
                .collect(),
        });
    }
    views
}

/// What the ports of a transport header promise of the bytes behind it.
fn ports(layer: &Layer) -> Option<&'static str> {
    let port = |end: &str| layer.get(&format!("{}.{end}", layer.protocol))?.show.parse().ok();
    spoken(layer.protocol, (port("srcport")?, port("dstport")?)).map(|(_, name)| name)
}

fn field(layer: &Layer, found: &Found, here: Vec<Said>) -> FieldView {
    let mut meaning = found.meaning.clone();
    if meaning.is_empty() && found.field.key.ends_with("port") {
        meaning = found.show.parse().map_or("", |port| service(layer.protocol, port)).to_owned();
    }
    FieldView {
        key: found.field.key.to_owned(),
        buffer: found.buffer,
        at: found.at,
        show: found.show.clone(),
        meaning,
        here,
        depth: found.depth,
    }
}
