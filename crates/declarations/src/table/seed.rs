//! `rows`: what a table holds from the beginning.

use super::default;
use crate::error::{Faults, suggest};
use crate::members::{Item, Members};
use crate::yaml::Value;
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{Column, EntityMeta, Kind, NullsDistinct, Scope, TENANT_COLUMN};

/// Most rows that a file may hold; more are imported.
const ROWS_MAX: usize = 1_000;

/// Rows that are put into a table where they are missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// Schema of the table.
    pub schema: String,
    /// The table.
    pub table: String,
    /// Whether each organisation has the rows.
    pub is_tenant: bool,
    /// The columns of the key that tells whether a row is there; empty for a table without a key,
    /// which gets the rows while it is empty.
    pub key: Vec<String>,
    /// The rows.
    pub rows: Vec<serde_json::Map<String, serde_json::Value>>,
}

pub(super) fn read(meta: &EntityMeta, item: &Item<'_>, faults: &mut Faults) -> Option<Seed> {
    let items = item.items(faults);
    if items.len() > ROWS_MAX {
        let message = format!("{} rows; a file holds at most {ROWS_MAX}", items.len());
        item.refuse(message, "load them with `mainstay import`", faults);
        return None;
    }
    if matches!(meta.scope, Scope::Owner(_)) {
        item.refuse("rows of one's own can't be there from the beginning", "leave it out", faults);
        return None;
    }
    let before = faults.count();
    let rows: Vec<_> = items.iter().filter_map(|item| row(meta, item, faults)).collect();
    let key = key(meta, &rows);
    if key.is_none() && faults.count() == before {
        let message = "rows must be told apart when they are looked for";
        let fix = "give each the columns of the primary key, or of a unique key";
        item.refuse(message, fix, faults);
    }
    let key = key?;
    (faults.count() == before && !rows.is_empty()).then(|| Seed {
        schema: meta.schema.to_string(),
        table: meta.table.to_string(),
        is_tenant: meta.scope.is_tenant(),
        key,
        rows,
    })
}

/// A key that all rows give.
fn key(
    meta: &EntityMeta,
    rows: &[serde_json::Map<String, serde_json::Value>],
) -> Option<Vec<String>> {
    let own = |names: &[std::borrow::Cow<'static, str>]| -> Vec<String> {
        names.iter().filter(|name| *name != TENANT_COLUMN).map(ToString::to_string).collect()
    };
    let given = |key: &Vec<String>| {
        rows.iter().all(|row| key.iter().all(|name| row.get(name).is_some_and(|v| !v.is_null())))
    };
    let primary = own(&meta.primary_key);
    if given(&primary) {
        return Some(primary);
    }
    let plain = meta.uniques.iter().filter(|u| u.filter.is_none() && u.nulls == NullsDistinct::Yes);
    plain.map(|unique| own(&unique.columns)).find(given)
}

fn row(
    meta: &EntityMeta,
    item: &Item<'_>,
    faults: &mut Faults,
) -> Option<serde_json::Map<String, serde_json::Value>> {
    let members = Members::of(item, faults)?;
    let mut row = serde_json::Map::new();
    for (key, item) in members.entries() {
        let Some(column) = meta.column(&key.name) else {
            let fix = suggest(&key.name, meta.columns.iter().map(|c| c.name.as_ref()));
            faults.add(key.place, &item.path, format!("no column `{}`", key.name), fix);
            continue;
        };
        check(column, &item, faults);
        row.insert(key.name.clone(), serde_json::Value::from(&item.node.value));
    }
    Some(row)
}

fn check(column: &Column, item: &Item<'_>, faults: &mut Faults) {
    let value = &item.node.value;
    if *value == Value::Null || column.kind.is_confidential() {
        return;
    }
    let text = default::text(value, &column.kind);
    let parsed = match column.kind {
        Kind::List(_) | Kind::Json => parse_json(&column.kind, &text),
        _ => parse_text(&column.kind, &text),
    };
    if let Err(error) = parsed {
        item.refuse(error.to_string(), format!("write a {}", column.kind.name()), faults);
    }
}
