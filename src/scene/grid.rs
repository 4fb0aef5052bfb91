//! A header's fields → cells of a 32-bit grid: what stands on each row, which bits it takes, which field it shows.

use crate::engine::{FieldView, LayerView};
use crate::protocol::Bits;

/// Bits in a row of the grid.
pub const ROW_BITS: u32 = 32;
/// Rows that one field may take; a longer one says how many bytes it has.
pub const ROWS_PER_FIELD: u32 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Row of the grid, from 0.
    pub row: u32,
    /// First bit in the row, from 0.
    pub column: u32,
    /// Bits in this row.
    pub span: u32,
    /// Place in the layer's list of fields.
    pub field: usize,
    /// Continues a field that began on an earlier row.
    pub continued: bool,
    /// Rows left out after this one, because the field is long.
    pub skipped: u32,
}

/// The fields that stand in the grid: those on the wire, the finest where finer ones cover a group wholly.
pub fn leaves(layer: &LayerView) -> Vec<usize> {
    let (first, last) = (layer.pos * 8, (layer.pos + layer.size) * 8);
    let inside = |field: &FieldView| {
        field.buffer == layer.buffer && field.at.len > 0 && field.at.pos >= first && field.at.pos + field.at.len <= last
    };
    let mut order: Vec<usize> = (0..layer.fields.len()).filter(|&index| inside(&layer.fields[index])).collect();
    // A group gives way to its parts only where the parts cover all of it, and so does what merely says it again.
    let whole: Vec<_> =
        order.iter().filter(|&&index| covered_by_parts(layer, index)).map(|&index| layer.fields[index].at).collect();
    order.retain(|&index| !whole.contains(&layer.fields[index].at));
    let mut taken = first;
    let mut leaves = Vec::new();
    for index in in_order(layer, order.into_iter()) {
        let at = layer.fields[index].at;
        if at.pos >= taken {
            taken = at.pos + at.len;
            leaves.push(index);
        }
    }
    leaves
}

/// Fields of 32 bits and more that begin in the middle of a row, as lists have them; so many leave nothing to read in it.
const CROOKED: usize = 3;
/// Fields of more bytes than a number or an address has, which only texts have.
const TEXTS: usize = 2;
/// More cells than this are no picture of a header any more.
const CELLS: usize = 48;

/// Whether the layer reads better as a list of its fields than as a grid of its bits.
pub fn is_list(layer: &LayerView) -> bool {
    let leaves = leaves(layer);
    let count = |of: &dyn Fn(Bits) -> bool| leaves.iter().filter(|&&index| of(layer.fields[index].at)).count();
    let start = layer.pos.saturating_mul(8);
    let crooked = count(&|at| at.len >= ROW_BITS && !at.pos.saturating_sub(start).is_multiple_of(ROW_BITS));
    let texts = count(&|at| at.len > 2 * ROW_BITS && !at.len.is_multiple_of(ROW_BITS));
    let long = count(&|at| at.len > 2 * ROW_BITS);
    leaves.len() > CELLS || crooked >= CROOKED || texts >= TEXTS || (long >= TEXTS && long == leaves.len())
}

/// Where the arrow keys stop: each field of a list, each cell of a grid.
pub fn places(layer: &LayerView, list: bool) -> Vec<usize> {
    if list { (0..layer.fields.len()).collect() } else { leaves(layer) }
}

/// Fields by their place, of those at one place the longest first.
fn in_order(layer: &LayerView, fields: impl Iterator<Item = usize>) -> Vec<usize> {
    let place = |index: usize| (layer.fields[index].at.pos, u32::MAX - layer.fields[index].at.len, index);
    let mut places: Vec<_> = fields.map(place).collect();
    places.sort_unstable();
    places.into_iter().map(|(.., index)| index).collect()
}

fn covered_by_parts(layer: &LayerView, whole: usize) -> bool {
    let outer = &layer.fields[whole];
    let parts =
        (whole + 1..layer.fields.len()).take_while(|&index| layer.fields[index].depth > outer.depth).filter(|&index| {
            let at = layer.fields[index].at;
            at.len > 0 && at.len < outer.at.len
        });
    let parts = in_order(layer, parts).into_iter().map(|index| layer.fields[index].at);
    let end = parts.fold(outer.at.pos, |end, at| if at.pos <= end { end.max(at.pos + at.len) } else { end });
    end >= outer.at.pos + outer.at.len
}

/// Lays the leaves out, row by row.
pub fn cells(layer: &LayerView) -> Vec<Cell> {
    let mut cells = Vec::new();
    // Rows that long fields gave up, so that what follows moves up.
    let mut saved = 0;
    for field in leaves(layer) {
        let at = layer.fields[field].at;
        let start = at.pos - layer.pos * 8;
        let (mut bit, end) = (start, start + at.len);
        let rows = (end - 1) / ROW_BITS - start / ROW_BITS + 1;
        let keep = if rows > ROWS_PER_FIELD + 1 { ROWS_PER_FIELD } else { rows };
        for row in 0..rows {
            let column = bit % ROW_BITS;
            let span = (ROW_BITS - column).min(end - bit);
            if row < keep {
                let skipped = if row + 1 == keep { rows - keep } else { 0 };
                cells.push(Cell { row: bit / ROW_BITS - saved, column, span, field, continued: row > 0, skipped });
            }
            bit += span;
        }
        // The last row stays counted where the next field begins in its middle.
        let shares_last = end % ROW_BITS != 0;
        saved += (rows - keep).saturating_sub(u32::from(shares_last && rows > keep));
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::bits;

    fn layer(size: u32, fields: &[(&str, u32, u32, u8)]) -> LayerView {
        let fields = fields.iter().map(|&(key, pos, len, depth)| FieldView {
            key: key.into(),
            at: bits(pos + 80, len),
            depth,
            ..FieldView::default()
        });
        LayerView { protocol: "test".into(), pos: 10, size, fields: fields.collect(), ..LayerView::default() }
    }

    fn check(layer: &LayerView, expected: &[(&str, u32, u32, u32)]) {
        let got: Vec<_> = cells(layer)
            .iter()
            .map(|cell| (layer.fields[cell.field].key.as_str(), cell.row, cell.column, cell.span))
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn a_group_gives_way_to_parts_that_cover_it() {
        let flags =
            layer(4, &[("a", 0, 16, 0), ("flags", 16, 16, 0), ("f1", 16, 8, 1), ("f2", 24, 8, 1), ("text", 16, 16, 1)]);
        check(&flags, &[("a", 0, 0, 16), ("f1", 0, 16, 8), ("f2", 0, 24, 8)]);
    }

    #[test]
    fn a_group_stays_whole_where_its_parts_leave_gaps() {
        let address = layer(6, &[("eth.dst", 0, 48, 0), ("eth.lg", 6, 1, 1), ("eth.ig", 7, 1, 1)]);
        check(&address, &[("eth.dst", 0, 0, 32), ("eth.dst", 1, 0, 16)]);
    }

    #[test]
    fn the_same_bits_stand_once_and_generated_fields_not_at_all() {
        check(
            &layer(4, &[("ip.src", 0, 32, 0), ("ip.addr", 0, 32, 0), ("generated", 0, 0, 0)]),
            &[("ip.src", 0, 0, 32)],
        );
    }

    #[test]
    fn texts_read_as_a_list_and_headers_as_a_grid() {
        let arp =
            layer(28, &[("a", 0, 64, 0), ("b", 64, 48, 0), ("c", 112, 32, 0), ("d", 144, 48, 0), ("e", 192, 32, 0)]);
        assert!(!is_list(&arp));
        assert!(is_list(&layer(28, &[("a", 8, 40, 0), ("b", 48, 32, 0), ("c", 80, 32, 0)])));
        assert!(is_list(&layer(24, &[("GET", 0, 24, 0), ("a", 24, 72, 0), ("b", 96, 88, 0)])));
        let many: Vec<(&str, u32, u32, u8)> = (0..49).map(|byte| ("a", byte * 8, 8, 0)).collect();
        assert!(is_list(&layer(49, &many)) && !is_list(&layer(49, &many[1..])));
    }

    #[test]
    fn a_long_field_is_cut_and_what_follows_moves_up() {
        let long = layer(44, &[("data", 0, 320, 0), ("end", 320, 32, 0)]);
        check(&long, &[("data", 0, 0, 32), ("data", 1, 0, 32), ("end", 2, 0, 32)]);
        assert_eq!(cells(&long)[1].skipped, 8);
    }
}
