//! A lesson's questions of its capture → frames and values, found by filter and anatomy as the page finds them. Native only.

use super::{Engine, Request, Response};
use crate::capture::Source;
use crate::filter;
use crate::lesson::anchors::Packets;

impl<S: Source> Packets for Engine<S> {
    fn frame(&mut self, text: &str, nth: u32) -> Result<u32, String> {
        let all = filter::known();
        let mut response =
            self.answer(&Request::Filter { number: 0, text: text.into(), known: filter::used(text, &all) });
        while self.is_searching() {
            response = self.search_on(u32::MAX);
        }
        if let Response::Fault { fault, .. } = response {
            return Err(format!("`{text}` is no filter: {fault:?}"));
        }
        let start = nth.saturating_sub(1);
        match self.answer(&Request::Matches { number: 0, conversation: None, start, count: 1 }) {
            Response::Matches { rows, .. } if !rows.is_empty() => Ok(rows[0].frame),
            Response::Matches { total, .. } => {
                Err(format!("{total} packets are `{text}`, so there is no number {nth}"))
            }
            other => Err(format!("`{text}` finds nothing: {other:?}")),
        }
    }

    fn value(&mut self, frame: u32, key: &str) -> Result<String, String> {
        let Response::Layers(view) = self.answer(&Request::Layers { frame }) else {
            return Err(format!("there is no frame {frame}"));
        };
        let mut fields = view.layers.into_iter().flat_map(|layer| layer.fields);
        let found = fields.find(|field| field.key == key);
        found.map(|field| field.show).ok_or_else(|| format!("frame {frame} has no field {key}"))
    }
}
