//! Primary keys, unique keys and indexes.

use super::check;
use crate::error::{Faults, Place, suggest};
use crate::members::{Item, Members};
use crate::yaml::Value;
use mainstay_entity::{
    DefaultValue, Direction, EntityMeta, Index, IndexColumn, Kind, NullsDistinct, TENANT_COLUMN,
    Unique,
};
use std::borrow::Cow;

type Names = Vec<Cow<'static, str>>;

/// The key's columns; none where nothing is said and `id` is the key.
pub(super) fn primary(
    meta: &EntityMeta,
    item: Option<&Item<'_>>,
    faults: &mut Faults,
) -> Option<Vec<String>> {
    let item = item?;
    if let Value::Text(word) = &item.node.value
        && word == "none"
    {
        if meta.scope.is_tenant() {
            let message = "rows of an organisation have a key";
            item.refuse(message, "leave it out for `id`, or name its columns", faults);
        }
        return Some(Vec::new());
    }
    let names = item.names(faults)?;
    for (name, place) in &names {
        match meta.column(name) {
            None => unknown(meta, name, *place, item, faults),
            Some(column) if column.nullable => {
                faults.add(
                    *place,
                    &item.path,
                    format!("`{name}` may be null"),
                    "leave `nullable` out",
                );
            }
            Some(column) if column.kind.is_confidential() || !column.kind.has_one_spelling() => {
                let message = format!("a {} can't be a key", column.kind.name());
                faults.add(*place, &item.path, message, "name another column");
            }
            Some(_) => {}
        }
    }
    if names.is_empty() && meta.scope.is_tenant() {
        item.refuse("rows of an organisation have a key", "name its columns", faults);
    }
    Some(names.into_iter().map(|(name, _)| name).collect())
}

/// The key as the metadata has it: the organisation first.
pub(super) fn with_tenant(
    meta: &EntityMeta,
    names: Vec<String>,
) -> Cow<'static, [Cow<'static, str>]> {
    let tenant = meta.scope.is_tenant().then(|| TENANT_COLUMN.to_owned());
    let names = tenant.into_iter().chain(names.into_iter().filter(|name| name != TENANT_COLUMN));
    names.map(Cow::Owned).collect()
}

/// A key of one uuid is made by the server.
pub(super) fn finish_primary(meta: &mut EntityMeta) {
    let own: Names = meta.primary_key.iter().filter(|n| *n != TENANT_COLUMN).cloned().collect();
    if let [name] = &own[..]
        && name == "id"
        && let Some(column) = meta.columns.to_mut().iter_mut().find(|c| c.name == *name)
        && column.kind == Kind::Uuid
        && column.default.is_none()
    {
        column.default = Some(DefaultValue::NewId);
    }
}

pub(super) fn of_column(name: &str) -> Unique {
    let columns: Names = vec![name.to_owned().into()];
    Unique { columns: columns.into(), nulls: NullsDistinct::Yes, filter: None }
}

/// `unique: [[a, b], {columns: [c], where: "...", nulls: equal}]`.
pub(super) fn uniques(
    meta: &mut EntityMeta,
    of_columns: Vec<Unique>,
    item: Option<&Item<'_>>,
    faults: &mut Faults,
) {
    let mut uniques = of_columns;
    for item in item.map(|item| item.items(faults)).unwrap_or_default() {
        let unique = if let Value::Map(_) = &item.node.value {
            let Some(mut members) = Members::of(&item, faults) else { continue };
            let columns = members
                .need("columns", "write `columns: [a, b]`", faults)
                .and_then(|columns| columns.names(faults));
            let words = [("distinct", NullsDistinct::Yes), ("equal", NullsDistinct::No)];
            let nulls = members.take("nulls").and_then(|item| item.word(&words, faults));
            let filter = members.take("where").and_then(|w| check::condition(meta, &w, faults));
            members.finish(faults);
            columns.map(|columns| (columns, nulls.unwrap_or(NullsDistinct::Yes), filter))
        } else {
            item.names(faults).map(|columns| (columns, NullsDistinct::Yes, None))
        };
        let Some((columns, nulls, filter)) = unique else { continue };
        let Some(columns) = known(meta, columns, &item, faults) else { continue };
        let unique = Unique { columns: columns.into(), nulls, filter: filter.map(Cow::Owned) };
        if uniques.contains(&unique) {
            item.refuse("this key is declared twice", "keep one", faults);
        }
        uniques.push(unique);
    }
    meta.uniques = uniques.into();
}

/// `indexes: [[a, b], {columns: [c], descending: true, where: "..."}]`.
pub(super) fn indexes(meta: &mut EntityMeta, item: Option<&Item<'_>>, faults: &mut Faults) {
    let mut indexes: Vec<Index> = Vec::new();
    for item in item.map(|item| item.items(faults)).unwrap_or_default() {
        let (names, direction, filter) = if let Value::Map(_) = &item.node.value {
            let Some(mut members) = Members::of(&item, faults) else { continue };
            let names = members
                .need("columns", "write `columns: [a, b]`", faults)
                .and_then(|columns| columns.names(faults));
            let descending = members.flag("descending", faults);
            let filter = members.take("where").and_then(|w| check::condition(meta, &w, faults));
            members.finish(faults);
            let direction = if descending { Direction::Descending } else { Direction::Ascending };
            (names, direction, filter)
        } else {
            (item.names(faults), Direction::Ascending, None)
        };
        let Some(names) = names.and_then(|names| known(meta, names, &item, faults)) else {
            continue;
        };
        let column = |name| IndexColumn { name, path: Vec::new().into(), direction };
        let columns: Vec<IndexColumn> = names.into_iter().map(column).collect();
        let filter = filter.map(Cow::Owned);
        let index = Index { columns: columns.into(), filter, global: false, brin: false };
        if indexes.contains(&index) {
            item.refuse("this index is declared twice", "keep one", faults);
        }
        indexes.push(index);
    }
    meta.indexes = indexes.into();
}

/// The names of columns that are there and that can be compared.
fn known(
    meta: &EntityMeta,
    names: Vec<(String, Place)>,
    item: &Item<'_>,
    faults: &mut Faults,
) -> Option<Names> {
    let before = faults.count();
    if names.is_empty() {
        item.refuse("a key has at least one column", "write `[a]`", faults);
    }
    for (name, place) in &names {
        match meta.column(name) {
            None => unknown(meta, name, *place, item, faults),
            Some(column) if column.kind.is_confidential() || !column.kind.has_one_spelling() => {
                let message = format!("a {} can't be part of it", column.kind.name());
                faults.add(*place, &item.path, message, "name another column");
            }
            Some(_) => {}
        }
    }
    (faults.count() == before).then(|| names.into_iter().map(|(name, _)| name.into()).collect())
}

fn unknown(meta: &EntityMeta, name: &str, place: Place, item: &Item<'_>, faults: &mut Faults) {
    let fix = suggest(name, meta.columns.iter().map(|column| column.name.as_ref()));
    faults.add(place, &item.path, format!("no column `{name}`"), fix);
}
