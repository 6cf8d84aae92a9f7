//! Life cycles: which moves a trigger refuses.

use crate::render::{literal, quote};
use mainstay_entity::{ChoiceMeta, Column, Kind, Table};

/// The columns of a table that are life cycles.
pub(super) fn columns(table: &Table) -> impl Iterator<Item = (&Column, &ChoiceMeta)> {
    table.meta.columns.iter().filter_map(|column| match &column.kind {
        Kind::Choice(choice) if choice.life_cycle => Some((column, &**choice)),
        _ => None,
    })
}

/// The condition, in words that both engines know, under which an update is refused. A value may
/// be given where there was none; it can't be taken away.
pub(super) fn refused(column: &Column, choice: &ChoiceMeta) -> String {
    let name = quote(&column.name);
    let mut allowed = String::new();
    for value in choice.values.iter().filter(|value| !value.next.is_empty()) {
        let next: Vec<String> = value.next.iter().map(|next| literal(next)).collect();
        let (from, to) = (literal(&value.name), next.join(", "));
        allowed = format!("{allowed} WHEN {from} THEN NEW.{name} IN ({to})");
    }
    let allowed = if allowed.is_empty() {
        format!("OLD.{name} IS NULL")
    } else {
        format!("coalesce(CASE OLD.{name}{allowed} ELSE OLD.{name} IS NULL END, FALSE)")
    };
    format!("OLD.{name} IS DISTINCT FROM NEW.{name} AND NOT {allowed}")
}
