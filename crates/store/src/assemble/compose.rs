//! The last step: rows and their related records written into one body.

use super::node::{Envelope, Filling, Hole, Key, Member, Node, Style, close_object};
use crate::query::{Format, Unseal};
use mainstay_entity::cell::Cell;

/// Writes the root's rows, with related records in their places.
pub(super) struct Composer<'a> {
    pub(super) nodes: &'a [Node],
    pub(super) format: Format,
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
        close_object(out, start);
    }

    fn members(&self, out: &mut Vec<u8>, node: usize, row: usize) {
        let rows = &self.nodes[node].rows;
        self.piece(out, node, [rows.start(row), rows.ends[row]]);
    }

    /// A piece of a node's rows, its holes filled.
    fn piece(&self, out: &mut Vec<u8>, node: usize, [start, end]: [(usize, usize); 2]) {
        let rows = &self.nodes[node].rows;
        let mut from = start.0;
        for hole in &rows.holes[start.1..end.1] {
            out.extend_from_slice(&rows.bytes[from..hole.offset]);
            from = hole.offset;
            self.fill(out, &self.nodes[node], hole);
        }
        out.extend_from_slice(&rows.bytes[from..end.0]);
    }

    fn fill(&self, out: &mut Vec<u8>, node: &Node, hole: &Hole) {
        match &hole.filling {
            Filling::Related { node: child, key } if node.style == Style::Csv => {
                self.fields(out, *child, key.as_ref());
            }
            Filling::Related { node: child, key } => {
                let stripped = node.style == Style::JsonStripped;
                self.related(out, *child, key.as_ref(), stripped);
            }
            Filling::Sealed(envelope) => self.unsealed(out, node, envelope),
        }
    }

    /// What was sealed is a JSON value.
    fn unsealed(&self, out: &mut Vec<u8>, node: &Node, envelope: &Envelope) {
        let plain = node.open(envelope, self.unseal);
        let cell = plain.as_deref().map_or(Cell::Null, Cell::Json);
        match &node.members[envelope.member] {
            _ if node.style == Style::Csv => cell.write_csv(out),
            Member::Sealed { prefix, .. }
                if node.style != Style::JsonStripped || plain.is_some() =>
            {
                out.extend_from_slice(prefix);
                cell.write_json(out);
            }
            _ => {}
        }
    }

    /// Related records in a parent's row; nulls are left out of a stripped one.
    fn related(&self, out: &mut Vec<u8>, position: usize, key: Option<&Key>, stripped: bool) {
        let node = &self.nodes[position];
        let Some(link) = &node.link else { return };
        let rows = node.rows_of(key);
        match (link.spread, link.relation.to_one) {
            (true, false) => self.arrays(out, position, rows),
            (true, true) => match rows.first() {
                Some(row) => self.members(out, position, *row),
                None if stripped => {}
                None => self.null_members(out, position),
            },
            (false, true) => match (rows.first(), &node.of_nothing) {
                (Some(row), _) => {
                    out.extend_from_slice(&link.prefix);
                    self.object(out, position, *row);
                }
                (None, Some(_)) => group_of_nothing(out, node, &link.prefix),
                (None, None) if stripped => {}
                (None, None) => {
                    out.extend_from_slice(&link.prefix);
                    out.extend_from_slice(b"null");
                }
            },
            (false, false) => {
                out.extend_from_slice(&link.prefix);
                out.push(b'[');
                if rows.is_empty() {
                    group_of_nothing(out, node, b"");
                }
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

    /// The members of a spread of many rows: each an array of the rows' values.
    fn arrays(&self, out: &mut Vec<u8>, position: usize, rows: &[usize]) {
        for leaf in &self.nodes[position].leaves {
            out.extend_from_slice(&leaf.prefix);
            self.array(out, position, &leaf.path, rows);
        }
    }

    fn array(&self, out: &mut Vec<u8>, position: usize, path: &[usize], rows: &[usize]) {
        out.push(b'[');
        for (number, row) in rows.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            self.value(out, position, path, Some(*row));
        }
        out.push(b']');
    }

    /// One value of a spread's row: a member of its own, or of a spread inside it.
    fn value(&self, out: &mut Vec<u8>, position: usize, path: &[usize], row: Option<usize>) {
        let node = &self.nodes[position];
        let (Some(row), Some((member, inner))) = (row, path.split_first()) else {
            if node.style != Style::Csv {
                out.extend_from_slice(b"null");
            }
            return;
        };
        let piece = node.rows.value(row, *member, node.members.len());
        let Member::Related(child) = node.members[*member] else {
            return self.piece(out, position, piece);
        };
        let spread = &self.nodes[child];
        let hole = node.rows.holes.get(piece[0].1).map(|hole| &hole.filling);
        let Some(Filling::Related { key, .. }) = hole.filter(|_| spread.is_spread()) else {
            return self.piece(out, position, piece);
        };
        let rows = spread.rows_of(key.as_ref());
        if spread.link.as_ref().is_some_and(|link| link.relation.to_one) {
            self.value(out, child, inner, rows.first().copied());
        } else if node.style == Style::Csv {
            json_field(out, |out| self.array(out, child, inner, rows));
        } else {
            self.array(out, child, inner, rows);
        }
    }

    /// Related records in a line of CSV: a field of JSON, or a field for each member of a spread.
    fn fields(&self, out: &mut Vec<u8>, position: usize, key: Option<&Key>) {
        let node = &self.nodes[position];
        let Some(link) = &node.link else { return };
        if !link.spread {
            return json_field(out, |out| self.related(out, position, key, true));
        }
        let rows = node.rows_of(key);
        for (number, leaf) in node.leaves.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            if link.relation.to_one {
                self.value(out, position, &leaf.path, rows.first().copied());
            } else {
                json_field(out, |out| self.array(out, position, &leaf.path, rows));
            }
        }
    }

    /// The members of a spread relation that leads nowhere.
    fn null_members(&self, out: &mut Vec<u8>, node: usize) {
        for member in &self.nodes[node].members {
            match member {
                Member::Item { prefix, .. }
                | Member::Sealed { prefix, .. }
                | Member::Object { prefix, .. } => null(out, prefix),
                // There is nothing to mask.
                Member::Fixed { bytes, prefix, .. } => null(out, &bytes[..*prefix]),
                Member::Related(child) => self.null_related(out, &self.nodes[*child], *child),
            }
        }
    }

    /// Related records of a spread relation that leads nowhere: null, and no empty list.
    fn null_related(&self, out: &mut Vec<u8>, node: &Node, position: usize) {
        let Some(link) = &node.link else { return };
        match (link.spread, link.relation.to_one) {
            (true, true) => self.null_members(out, position),
            (true, false) => node.leaves.iter().for_each(|leaf| null(out, &leaf.prefix)),
            (false, _) => null(out, &link.prefix),
        }
    }
}

/// The one group that there is without rows, where there is one.
fn group_of_nothing(out: &mut Vec<u8>, node: &Node, prefix: &[u8]) {
    if let Some(members) = &node.of_nothing {
        out.extend_from_slice(prefix);
        let start = out.len();
        out.extend_from_slice(members);
        close_object(out, start);
    }
}

fn null(out: &mut Vec<u8>, prefix: &[u8]) {
    out.extend_from_slice(prefix);
    out.extend_from_slice(b"null");
}

/// Writes JSON as a field of CSV; nothing for nothing.
fn json_field(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let mut json = Vec::new();
    write(&mut json);
    if !json.is_empty() {
        Cell::Json(&String::from_utf8_lossy(&json)).write_csv(out);
    }
}
