//! The statements that insert the rows of one or several requests: each table once, parents first.

use super::connection::Write;
use super::unnest;
use super::words::{self, ArrayStatement};
use crate::write::Insert;
use mainstay_entity::{Catalog, Record, Table, TableId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The order in which tables are written, so that references find their targets.
pub(super) struct WriteOrder {
    /// For each table its position in the order.
    ranks: Vec<usize>,
}

impl WriteOrder {
    /// Targets before the tables that refer to them; the references of a cycle that leads back are
    /// left to constraints that are checked later.
    pub(super) fn new(catalog: &Catalog) -> Self {
        let count = catalog.tables().len();
        let mut ranks = vec![usize::MAX; count];
        let mut next = 0;
        let mut seen = vec![false; count];
        for root in catalog.tables() {
            // Tables to be finished, each with its next reference to follow.
            let mut path: Vec<(TableId, usize)> = Vec::new();
            if !std::mem::replace(&mut seen[root.id.index()], true) {
                path.push((root.id, 0));
            }
            while let Some((id, reference)) = path.last_mut() {
                if let Some(key) = catalog.table(*id).foreign_keys.get(*reference) {
                    *reference += 1;
                    if !std::mem::replace(&mut seen[key.target.index()], true) {
                        path.push((key.target, 0));
                    }
                } else {
                    ranks[id.index()] = next;
                    next += 1;
                    path.pop();
                }
            }
        }
        Self { ranks }
    }

    /// The rows of several requests by table, in the order to write them.
    pub(super) fn group<'a>(
        &self,
        inserts: impl Iterator<Item = &'a Insert>,
    ) -> Vec<(&'a Table, Vec<&'a Record>)> {
        let mut groups: BTreeMap<usize, (&Table, Vec<&Record>)> = BTreeMap::new();
        for insert in inserts.filter(|insert| !insert.rows.is_empty()) {
            let rank = self.ranks.get(insert.table.id.index()).copied().unwrap_or(usize::MAX);
            let table: &'a Arc<Table> = &insert.table;
            let (_, rows) = groups.entry(rank).or_insert_with(|| (table, Vec::new()));
            rows.extend(&insert.rows);
        }
        groups.into_values().collect()
    }
}

/// The words of grouped rows, which are written with them.
pub(super) fn words(groups: &[(&Table, Vec<&Record>)]) -> Vec<ArrayStatement> {
    groups.iter().flat_map(|(table, rows)| words::inserts(table, rows)).collect()
}

/// The statements that insert grouped rows, each ending with `suffix`, and then their words.
pub(super) fn writes<'a>(
    groups: &'a [(&'a Table, Vec<&'a Record>)],
    words: &'a [ArrayStatement],
    suffix: &'a str,
) -> Vec<Write<'a>> {
    let rows = groups.iter().flat_map(|(table, rows)| unnest::inserts(table, rows, suffix));
    rows.chain(words.iter().map(ArrayStatement::write)).collect()
}

/// How many rows the inserts hold.
pub(super) fn count_rows<'a>(inserts: impl Iterator<Item = &'a Insert>) -> usize {
    inserts.map(|insert| insert.rows.len()).sum()
}
