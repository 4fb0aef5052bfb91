//! Which field of the packet is looked at: the lesson's, the same one as before, or the reader's.

use std::rc::Rc;

use super::{Chosen, Session};
use crate::engine::FrameView;
use crate::scene::grid;

impl Session {
    /// Chooses the field that the step (or, without one, the innermost header) wants looked at; keeps a choice of the same kind.
    pub(super) fn set_frame(&mut self, frame: FrameView) {
        let focus = self.focus();
        let before = self.chosen.and_then(|chosen| {
            let layer = self.frame.as_ref()?.layers.get(chosen.layer)?;
            Some((layer.protocol.clone(), chosen.field.and_then(|field| Some(layer.fields.get(field)?.key.clone()))))
        });
        let place = |key: &str| find(&frame, key);
        let header = |protocol: &str| frame.layers.iter().rposition(|layer| layer.protocol == protocol);
        let kept = before.and_then(|(protocol, key)| {
            key.and_then(|key| place(&key)).or_else(|| header(&protocol).map(|layer| Chosen { layer, field: None }))
        });
        let innermost =
            ["tcp", "udp", "icmp", "icmpv6", "arp", "ip", "ipv6"].iter().find_map(|protocol| header(protocol));
        self.chosen = focus
            .and_then(|key| place(&key))
            .or(kept)
            .or(Some(Chosen { layer: innermost.unwrap_or(frame.layers.len().saturating_sub(1)), field: None }));
        self.frame = Some(Rc::new(frame));
    }

    /// The step's own field, where the packet is there already.
    pub(super) fn refocus(&mut self) {
        if let (Some(key), Some(frame)) = (self.focus(), &self.frame)
            && let Some(chosen) = find(frame, &key)
        {
            self.chosen = Some(chosen);
        }
    }

    pub(super) fn choose_key(&mut self, key: &str) {
        if let Some(chosen) = self.frame.as_ref().and_then(|frame| find(frame, key)) {
            self.chosen = Some(chosen);
        }
    }

    fn focus(&self) -> Option<String> {
        self.lesson.as_ref()?.steps.get(self.step)?.focus.clone()
    }

    /// Along the fields of the grid, from layer to layer.
    pub(super) fn move_field(&mut self, by: i32) {
        let Some(frame) = self.frame.clone() else { return };
        let places: Vec<Chosen> = frame
            .layers
            .iter()
            .enumerate()
            .flat_map(|(layer, view)| {
                let list = self.listed.unwrap_or_else(|| grid::is_list(view));
                grid::places(view, list).into_iter().map(move |field| Chosen { layer, field: Some(field) })
            })
            .collect();
        let now = self.chosen.unwrap_or(Chosen { layer: 0, field: None });
        let at = match places.iter().position(|place| *place == now) {
            Some(at) => at as i32 + by,
            None => {
                let first = places.iter().position(|place| place.layer >= now.layer).unwrap_or(0) as i32;
                if by > 0 { first } else { first - 1 }
            }
        };
        if let Some(place) = usize::try_from(at).ok().and_then(|at| places.get(at)) {
            self.chosen = Some(*place);
        }
    }

    pub(super) fn move_layer(&mut self, by: i32) {
        let Some(frame) = &self.frame else { return };
        let now = self.chosen.map_or(0, |chosen| chosen.layer) as i32;
        let layer = (now + by).clamp(0, frame.layers.len().saturating_sub(1) as i32) as usize;
        self.chosen = Some(Chosen { layer, field: None });
    }
}

fn find(frame: &FrameView, key: &str) -> Option<Chosen> {
    frame.layers.iter().enumerate().find_map(|(layer, view)| {
        let field = view.fields.iter().position(|field| field.key == key)?;
        Some(Chosen { layer, field: Some(field) })
    })
}
