//! More than two lifelines: packets for all, packets that a router passes on, and words that need no slant.

use crate::conversation::hosts::EVERYONE;
use crate::engine::Row;

use super::{Plan, Way};
use crate::scene::board::{Board, Label};
use crate::scene::measure::{self, Face};
use crate::scene::{Anchor, Shape, Target};
use crate::text::within;

impl Plan<'_> {
    /// Whether it is the stage with all hosts.
    pub(super) fn many(&self) -> bool {
        !self.ladder.stage.hosts.is_empty()
    }

    /// The ways of a packet: one, or to all that are on either side of its sender.
    pub(super) fn ways(&self, row: &Row) -> Vec<Way> {
        let way = self.way(row);
        if row.to != EVERYONE || !self.many() {
            return vec![way];
        }
        let from = self.line(row.from);
        let gap = super::GAP * self.heights.size;
        let others = [self.lines.first(), self.lines.last()].into_iter().flatten().filter(|line| **line != from);
        others
            .map(|line| {
                let side = if *line < from { -gap } else { gap };
                Way { x1: from + side, x2: line - side, ..way }
            })
            .collect()
    }

    /// What a packet did between two links: the time that the router held it, on the router's lifeline.
    pub(super) fn journey(&self, board: &mut Board, row: &Row) {
        let Some(hop) = row.hop.as_ref().filter(|_| !self.secret(row)) else { return };
        if let Some(before) = hop.before {
            let x = self.line(row.from);
            let top = self.y(f64::from(before)) + self.heights.slant;
            let bottom = self.y(f64::from(row.row));
            let half = 3.0 * self.heights.size;
            self.strip(board, x, half, (top, bottom), &self.class(row, "journey"));
        }
    }

    /// The router's lifeline that an arrow passes on its way.
    pub(super) fn passing(&self, board: &mut Board, row: &Row) {
        let Some(via) = row.via.filter(|_| self.many() && !self.secret(row)) else { return };
        let (x, way, r) = (self.line(via), self.way(row), 4.5 * self.heights.size);
        let part = (x - way.x1) / (way.x2 - way.x1);
        if part.is_finite() && part > 0.0 && part < 1.0 {
            let (x, y) = way.along(part);
            if y - r > self.heights.head && y + r < self.view.height {
                board.add(Shape::Circle { x, y, r }, self.class(row, "via"), Some(Target::Frame(row.frame)));
            }
        }
    }

    /// How a packet that is seen on several links looks on this one: `TTL 64 → 63 · NAT 10.0.1.2 → 10.0.2.1`.
    pub(super) fn hop_words(&self, row: &Row) -> Option<String> {
        let hop = row.hop.as_ref().filter(|hop| hop.before.is_some() || hop.after.is_some())?;
        let mut text = match hop.before {
            Some(_) => format!("TTL {} → {}", u16::from(hop.ttl) + 1, hop.ttl),
            None => format!("TTL {}", hop.ttl),
        };
        for (before, after) in &hop.changed {
            text += &format!(" · NAT {before} → {after}");
        }
        Some(text)
    }

    /// A text that lies level, over or under its arrow, as wide as the view allows.
    pub(super) fn level(&self, board: &mut Board, row: &Row, text: &str, class: &str, (size, under): (f32, bool)) {
        let ways = self.ways(row);
        let (left, right) = ways.iter().fold((f32::MAX, f32::MIN), |(left, right), way| {
            (left.min(way.x1.min(way.x2)), right.max(way.x1.max(way.x2)))
        });
        let y = self.y(f64::from(row.row));
        let y = if under { y + self.heights.slant + 13.0 * self.heights.size } else { y - 7.0 * self.heights.size };
        // The time stands in the left margin.
        let least = if self.narrow || under { 4.0 } else { 76.0 } * self.heights.size;
        let room = self.view.width - least - 4.0;
        let Some(text) = measure::shorten(text, size, Face::of(class), room).filter(|text| !text.is_empty()) else {
            return;
        };
        let half = measure::width(&text, size, Face::of(class)) / 2.0;
        let most = (self.view.width - 4.0 - half).max(least + half);
        let x = within((left + right) / 2.0, least + half, most);
        let label = Label {
            x,
            y,
            anchor: Anchor::Middle,
            size,
            rotate: 0.0,
            text: &text,
            class: &format!("{class} level"),
            target: Some(Target::Frame(row.frame)),
        };
        board.write_over_lines(&label);
    }
}
