//! Relationships with their names resolved.

use super::{Table, TableId, fault, is_comparable, positions};
use crate::error::Result;
use crate::meta::{Direction, Relationship, Str};
use std::collections::{HashMap, HashSet};

/// A declared way from a table to another one that is no reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRelation {
    /// The name.
    pub name: String,
    /// The other table.
    pub target: TableId,
    /// Columns of the table where it starts; `organization_id` first between tenant tables.
    pub columns: Vec<usize>,
    /// Columns of the other table that equal them.
    pub target_columns: Vec<usize>,
    /// Whether a row has one related row.
    pub to_one: bool,
    /// The order of the related rows.
    pub order: Vec<(usize, Direction)>,
    /// At most so many related rows belong to a row.
    pub limit: Option<u32>,
}

/// Resolves the relationships of a table.
pub(super) fn resolve(
    tables: &[Table],
    by_name: &HashMap<String, HashMap<String, TableId>>,
    table: &Table,
) -> Result<Vec<NamedRelation>> {
    let mut names = HashSet::new();
    let mut relations = Vec::with_capacity(table.meta.relationships.len());
    for declared in table.meta.relationships.iter() {
        let name = &declared.name;
        if !names.insert(name.as_ref()) {
            let what = format!("declares relationship {name} twice");
            return Err(fault(&table.meta, what));
        }
        if table.readable_index(name).is_some() {
            return Err(fault(&table.meta, format!("has a column and a relationship {name}")));
        }
        let target = by_name
            .get(declared.schema.as_ref())
            .and_then(|names| names.get(declared.table.as_ref()))
            .ok_or_else(|| {
                let target = format!("{}.{}", declared.schema, declared.table);
                fault(&table.meta, format!("relates {name} to the missing table {target}"))
            })?;
        relations.push(relation(table, &tables[target.index()], declared)?);
    }
    Ok(relations)
}

fn relation(table: &Table, target: &Table, declared: &Relationship) -> Result<NamedRelation> {
    let name = &declared.name;
    let bad = |what: &str| fault(&table.meta, format!("has a relationship {name} that {what}"));
    let (own, theirs): (Vec<Str>, Vec<Str>) = declared.columns.iter().cloned().unzip();
    let (mut columns, mut target_columns) = (positions(table, &own)?, positions(target, &theirs)?);
    if columns.is_empty() {
        return Err(bad("pairs no columns"));
    }
    for (from, to) in columns.iter().zip(&target_columns) {
        let (from, to) = (&table.meta.columns[*from].kind, &target.meta.columns[*to].kind);
        if from.is_confidential() || to.is_confidential() {
            return Err(bad("compares what is sealed"));
        }
        if !is_comparable(from, to) {
            return Err(bad("pairs columns of different kinds"));
        }
        if !from.has_one_spelling() {
            return Err(bad("compares values that can be equal and written otherwise"));
        }
    }
    match (table.tenant_column, target.tenant_column) {
        (Some(own), Some(theirs)) => {
            let mut pairs: Vec<_> = columns.into_iter().zip(target_columns).collect();
            pairs.retain(|pair| *pair != (own, theirs));
            pairs.insert(0, (own, theirs));
            (columns, target_columns) = pairs.into_iter().unzip();
        }
        (None, Some(_)) => return Err(bad("would leave the installation's scope")),
        (_, None) => {}
    }
    if declared.limit == Some(0) || (declared.to_one && declared.limit.is_some()) {
        return Err(bad("has a limit that says nothing"));
    }
    let names: Vec<Str> = declared.order.iter().map(|(column, _)| column.clone()).collect();
    let directions = declared.order.iter().map(|(_, direction)| *direction);
    let order = positions(target, &names)?.into_iter().zip(directions).collect();
    Ok(NamedRelation {
        name: name.to_string(),
        target: target.id,
        columns,
        target_columns,
        to_one: declared.to_one,
        order,
        limit: if declared.to_one { Some(1) } else { declared.limit },
    })
}
