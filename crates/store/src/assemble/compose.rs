//! The last step: rows and their related records written into one body.

use super::node::{Envelope, Filling, Key, Member, Node};
use crate::query::{Format, Unseal};
use mainstay_entity::cell::Cell;

/// Writes the root's rows, with related records in their places.
pub(super) struct Composer<'a> {
    pub(super) nodes: &'a [Node],
    pub(super) format: Format,
    pub(super) strip_nulls: bool,
    pub(super) unseal: Option<&'a dyn Unseal>,
}

impl Composer<'_> {
    /// All rows; none when they take more than so many bytes. A record that many refer to is
    /// written as often, so that is found out by writing.
    pub(super) fn body(&self, bytes_max: usize) -> Option<Vec<u8>> {
        let root = &self.nodes[0].rows;
        let mut out = Vec::with_capacity(root.bytes.len() + 3 * root.len() + 2);
        self.start(&mut out);
        for row in 0..root.len() {
            self.row(&mut out, row, row == 0);
            if out.len() > bytes_max {
                return None;
            }
        }
        self.end(&mut out, root.len() > 0);
        Some(out)
    }

    /// What stands before all rows.
    pub(super) fn start(&self, out: &mut Vec<u8>) {
        match self.format {
            Format::JsonArray => out.push(b'['),
            Format::JsonObject | Format::Lines => {}
            Format::Csv => out.extend_from_slice(&self.nodes[0].header),
        }
    }

    /// One row; `first` when no others were written before.
    pub(super) fn row(&self, out: &mut Vec<u8>, row: usize, first: bool) {
        match self.format {
            Format::JsonArray | Format::JsonObject => {
                if !first {
                    out.push(b',');
                }
                self.object(out, 0, row);
            }
            Format::Lines => {
                self.object(out, 0, row);
                out.push(b'\n');
            }
            Format::Csv => self.members(out, 0, row),
        }
    }

    /// What stands behind all rows; `any` when there were some.
    pub(super) fn end(&self, out: &mut Vec<u8>, any: bool) {
        match self.format {
            Format::JsonArray => out.push(b']'),
            // Newlines stand between lines, and behind a header that is alone.
            Format::Csv if !any => out.push(b'\n'),
            Format::Csv | Format::JsonObject | Format::Lines => {}
        }
    }

    fn object(&self, out: &mut Vec<u8>, node: usize, row: usize) {
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

    fn members(&self, out: &mut Vec<u8>, node: usize, row: usize) {
        let rows = &self.nodes[node].rows;
        let (mut from, first_hole) = rows.start(row);
        let (end, last_hole) = rows.ends[row];
        for hole in &rows.holes[first_hole..last_hole] {
            out.extend_from_slice(&rows.bytes[from..hole.offset]);
            from = hole.offset;
            match &hole.filling {
                Filling::Related { node, key } => self.related(out, *node, key.as_ref()),
                Filling::Sealed(envelope) => self.unsealed(out, &self.nodes[node], envelope),
            }
        }
        out.extend_from_slice(&rows.bytes[from..end]);
    }

    /// What was sealed is a JSON value.
    fn unsealed(&self, out: &mut Vec<u8>, node: &Node, envelope: &Envelope) {
        let plain = node.open(envelope, self.unseal);
        let cell = plain.as_deref().map_or(Cell::Null, Cell::Json);
        match &node.members[envelope.member] {
            _ if self.format == Format::Csv => cell.write_csv(out),
            Member::Sealed { prefix, .. } if !(self.strip_nulls && plain.is_none()) => {
                out.extend_from_slice(prefix);
                cell.write_json(out);
            }
            _ => {}
        }
    }

    fn related(&self, out: &mut Vec<u8>, position: usize, key: Option<&Key>) {
        let node = &self.nodes[position];
        let Some(link) = &node.link else { return };
        let rows = key.and_then(|key| node.rows.groups.get(key));
        let rows = rows.map_or(&[][..], Vec::as_slice);
        match (link.relation.to_one, rows.first()) {
            (true, Some(row)) if link.spread => self.members(out, position, *row),
            (true, Some(row)) => {
                out.extend_from_slice(&link.prefix);
                self.object(out, position, *row);
            }
            (true, None) if self.strip_nulls => {}
            (true, None) if link.spread => self.null_members(out, position),
            (true, None) => {
                out.extend_from_slice(&link.prefix);
                out.extend_from_slice(b"null");
            }
            (false, _) => {
                out.extend_from_slice(&link.prefix);
                out.push(b'[');
                for (number, row) in rows.iter().enumerate() {
                    if number > 0 {
                        out.push(b',');
                    }
                    self.object(out, position, *row);
                }
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
                    self.related(out, *child, None);
                }
            }
        }
    }
}
