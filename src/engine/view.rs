//! A packet taken apart → the layers that the anatomy shows, with the names that registries give its ports.

use super::{FieldView, LayerView};
use crate::protocol::{Found, Layer, Packet, service, spoken};

pub(super) fn layers(packet: &Packet) -> Vec<LayerView> {
    let mut spoken = None;
    let mut views = Vec::with_capacity(packet.layers.len());
    for layer in &packet.layers {
        spoken = ports(layer).or(spoken);
        views.push(LayerView {
            protocol: layer.protocol.to_owned(),
            buffer: layer.buffer,
            pos: layer.pos,
            size: layer.size,
            service: spoken.filter(|_| layer.protocol == "data").map(str::to_owned).unwrap_or_default(),
            fields: layer.found.iter().map(|found| field(layer, found)).collect(),
        });
    }
    views
}

/// What the ports of a transport header promise of the bytes behind it.
fn ports(layer: &Layer) -> Option<&'static str> {
    let port = |end: &str| layer.get(&format!("{}.{end}", layer.protocol))?.show.parse().ok();
    spoken(layer.protocol, (port("srcport")?, port("dstport")?)).map(|(_, name)| name)
}

fn field(layer: &Layer, found: &Found) -> FieldView {
    let mut meaning = found.meaning.clone();
    if meaning.is_empty() && found.field.key.ends_with("port") {
        meaning = found.show.parse().map_or("", |port| service(layer.protocol, port)).to_owned();
    }
    FieldView {
        key: found.field.key.to_owned(),
        name: found.field.name.to_owned(),
        buffer: found.buffer,
        at: found.at,
        show: found.show.clone(),
        meaning,
        depth: found.depth,
        source: found.field.source.to_owned(),
    }
}
