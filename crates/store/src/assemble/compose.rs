//! The last step: rows and their related records written into one body.

use super::node::{Hole, Member, Node};
use crate::query::Format;

/// Writes the root's rows, with related records in their places.
pub(super) fn body(nodes: &[Node], format: Format, strip_nulls: bool) -> Vec<u8> {
    let root = &nodes[0];
    let composer = Composer { nodes, strip_nulls };
    let mut out = Vec::with_capacity(root.rows.bytes.len() + 3 * root.rows.len() + 2);
    match format {
        Format::JsonArray => {
            out.push(b'[');
            composer.objects(&mut out, 0, 0..root.rows.len(), b',');
            out.push(b']');
        }
        Format::JsonObject => composer.objects(&mut out, 0, 0..root.rows.len(), b','),
        Format::Lines => {
            composer.objects(&mut out, 0, 0..root.rows.len(), b'\n');
            if !out.is_empty() {
                out.push(b'\n');
            }
        }
        Format::Csv => {
            out.extend_from_slice(&root.header);
            out.push(b'\n');
            out.extend_from_slice(&root.rows.bytes);
        }
    }
    out
}

struct Composer<'a> {
    nodes: &'a [Node],
    strip_nulls: bool,
}

impl Composer<'_> {
    fn objects(
        &self,
        out: &mut Vec<u8>,
        node: usize,
        rows: impl IntoIterator<Item = usize>,
        separator: u8,
    ) {
        for (position, row) in rows.into_iter().enumerate() {
            if position > 0 {
                out.push(separator);
            }
            let start = out.len();
            self.members(out, node, row);
            // Every member begins with a comma; the first one's place is the brace's.
            if let Some(first) = out.get_mut(start) {
                *first = b'{';
            } else {
                out.push(b'{');
            }
            out.push(b'}');
        }
    }

    fn members(&self, out: &mut Vec<u8>, node: usize, row: usize) {
        let rows = &self.nodes[node].rows;
        let (mut from, first_hole) = if row == 0 { (0, 0) } else { rows.ends[row - 1] };
        let (end, last_hole) = rows.ends[row];
        for hole in &rows.holes[first_hole..last_hole] {
            out.extend_from_slice(&rows.bytes[from..hole.offset]);
            from = hole.offset;
            self.related(out, hole);
        }
        out.extend_from_slice(&rows.bytes[from..end]);
    }

    fn related(&self, out: &mut Vec<u8>, hole: &Hole) {
        let node = &self.nodes[hole.node];
        let Some(link) = &node.link else { return };
        let rows = hole.key.as_ref().and_then(|key| node.rows.groups.get(key));
        let rows = rows.map_or(&[][..], Vec::as_slice);
        match (link.relation.to_one, rows.first()) {
            (true, Some(row)) if link.spread => self.members(out, hole.node, *row),
            (true, Some(row)) => {
                out.extend_from_slice(&link.prefix);
                self.objects(out, hole.node, [*row], b',');
            }
            (true, None) if self.strip_nulls => {}
            (true, None) if link.spread => self.null_members(out, hole.node),
            (true, None) => {
                out.extend_from_slice(&link.prefix);
                out.extend_from_slice(b"null");
            }
            (false, _) => {
                out.extend_from_slice(&link.prefix);
                out.push(b'[');
                self.objects(out, hole.node, rows.iter().copied(), b',');
                out.push(b']');
            }
        }
    }

    /// The members of a spread relation that leads nowhere.
    fn null_members(&self, out: &mut Vec<u8>, node: usize) {
        for member in &self.nodes[node].members {
            match member {
                Member::Item { prefix, .. } | Member::Sealed { prefix, .. } => {
                    out.extend_from_slice(prefix);
                    out.extend_from_slice(b"null");
                }
                Member::Fixed { bytes, .. } => out.extend_from_slice(bytes),
                Member::Related(child) => {
                    self.related(out, &Hole { offset: 0, node: *child, key: None });
                }
            }
        }
    }
}
