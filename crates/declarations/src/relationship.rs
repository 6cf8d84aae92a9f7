//! `relationships` of tables and views: named ways to rows of other tables.

use crate::error::{Error, Faults, Place, suggest};
use crate::members::{Item, Members};
use crate::name;
use crate::yaml::Value;
use mainstay_entity::{
    BUILT_IN_SCHEMA, Classification, Column, Direction, EntityMeta, Personal, Relationship, Str,
    TENANT_COLUMN,
};

/// A relationship whose target is not looked for yet.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    place: Place,
    path: String,
    /// The schema is empty where the file names none.
    relationship: Relationship,
}

/// The relationships of one file.
pub(crate) struct OfFile<'a> {
    pub(crate) file: &'a str,
    /// Position of the table or view among all that are declared.
    pub(crate) position: usize,
    pub(crate) drafts: &'a [Draft],
}

/// Reads `relationships: {name: {table, on: {own: theirs}, ...}}`.
pub(crate) fn read(item: Option<&Item<'_>>, faults: &mut Faults) -> Vec<Draft> {
    let Some(members) = item.and_then(|item| Members::of(item, faults)) else {
        return Vec::new();
    };
    let entries: Vec<_> = members.entries().collect();
    let drafts = entries.iter().filter_map(|(key, item)| {
        name::check(&key.name, "relationship", key.place, &item.path, faults);
        one(&key.name, item, faults)
    });
    drafts.collect()
}

fn one(name: &str, item: &Item<'_>, faults: &mut Faults) -> Option<Draft> {
    let mut members = Members::of(item, faults)?;
    let table = members.need("table", "write `table: name`", faults);
    let schema = members.text("schema", faults).unwrap_or_default().to_owned();
    let description = members.text("description", faults).unwrap_or_default().to_owned();
    let on = members.need("on", "write `on: {own_column: their_column}`", faults);
    let columns = on.map(|on| pairs(&on, faults)).unwrap_or_default();
    let to_one = members.flag("to_one", faults);
    let order = members.take("order").map(|item| order(&item, faults)).unwrap_or_default();
    let limit = members.take("limit").and_then(|item| {
        let limit = item.integer(faults).and_then(|limit| u32::try_from(limit).ok());
        if to_one || limit.is_none_or(|limit| limit == 0) {
            let fix = "write a number from 1 on, or `to_one: true` alone for the first";
            item.refuse("a limit that says nothing", fix, faults);
        }
        limit
    });
    members.finish(faults);
    let relationship = Relationship {
        name: name.to_owned().into(),
        description: description.into(),
        schema: schema.into(),
        table: table?.text(faults)?.to_owned().into(),
        columns: columns.into(),
        to_one,
        order: order.into(),
        limit,
    };
    Some(Draft { place: item.node.place, path: item.path.clone(), relationship })
}

/// `{own: theirs}`
fn pairs(item: &Item<'_>, faults: &mut Faults) -> Vec<(Str, Str)> {
    let Some(members) = Members::of(item, faults) else { return Vec::new() };
    let mut pairs: Vec<(Str, Str)> = Vec::new();
    for (key, item) in members.entries() {
        if let Some(theirs) = item.text(faults) {
            pairs.push((key.name.clone().into(), theirs.to_owned().into()));
        }
    }
    if pairs.is_empty() {
        item.refuse("no columns that are equal", "write `on: {own_column: their_column}`", faults);
    }
    pairs
}

/// `[name, {column: name, descending: true}]`
fn order(item: &Item<'_>, faults: &mut Faults) -> Vec<(Str, Direction)> {
    let mut order: Vec<(Str, Direction)> = Vec::new();
    for item in item.items(faults) {
        if let Value::Text(name) = &item.node.value {
            order.push((name.clone().into(), Direction::Ascending));
            continue;
        }
        let Some(mut members) = Members::of(&item, faults) else { continue };
        let column = members.need("column", "write `column: name`", faults);
        let descending = members.flag("descending", faults);
        members.finish(faults);
        let direction = if descending { Direction::Descending } else { Direction::Ascending };
        if let Some(column) = column.and_then(|column| column.text(faults)) {
            order.push((column.to_owned().into(), direction));
        }
    }
    order
}

/// Why no relationship asks a column.
const KEPT: &str = "is personal or restricted: related rows would tell it to who may not see it";

/// Whether some callers see a column masked, or not at all.
fn is_kept(column: &Column) -> bool {
    column.personal != Personal::None || column.classification >= Classification::Restricted
}

/// Finds what relationships lead to, and gives them to their tables.
pub(crate) fn link(
    entities: &mut [EntityMeta],
    files: &[OfFile<'_>],
    known: &[EntityMeta],
    errors: &mut Vec<Error>,
) {
    let mut found: Vec<(usize, Vec<Relationship>)> = Vec::new();
    for OfFile { file, position, drafts } in files {
        let mut faults = Faults::new(file);
        let all: Vec<&EntityMeta> = entities.iter().chain(known).collect();
        let own = &entities[*position];
        let linked = drafts.iter().filter_map(|draft| resolve(own, draft, &all, &mut faults));
        found.push((*position, linked.collect()));
        errors.extend(faults.into_errors());
    }
    for (position, relationships) in found {
        entities[position].relationships = relationships.into();
    }
}

fn resolve(
    own: &EntityMeta,
    draft: &Draft,
    all: &[&EntityMeta],
    faults: &mut Faults,
) -> Option<Relationship> {
    let Draft { place, path, relationship } = draft;
    let mut refuse = |message: String, fix: String| faults.add(*place, path, message, fix);
    let find = |schema: &str| {
        all.iter().find(|meta| meta.schema == schema && meta.table == relationship.table)
    };
    let target = match &*relationship.schema {
        "" => find(&own.schema).or_else(|| find(BUILT_IN_SCHEMA)),
        schema => find(schema),
    };
    let Some(target) = target else {
        let names = all.iter().map(|meta| meta.table.as_ref());
        let message = format!("there is no table or view `{}`", relationship.table);
        refuse(message, suggest(&relationship.table, names));
        return None;
    };
    if own.readable(&relationship.name).is_some() {
        let message = format!("`{}` has a column of this name", own.table);
        refuse(message, "write another name".to_owned());
    }
    for (from, to) in relationship.columns.iter() {
        let (Some(a), Some(b)) = (own.column(from), target.column(to)) else {
            let (meta, name) = if own.column(from).is_none() { (own, from) } else { (*target, to) };
            let names = meta.columns.iter().map(|column| column.name.as_ref());
            refuse(format!("`{}` has no column `{name}`", meta.table), suggest(name, names));
            continue;
        };
        let alike = a.kind.name() == b.kind.name() || (a.kind.is_textual() && b.kind.is_textual());
        if a.kind.is_confidential() || b.kind.is_confidential() {
            refuse("what is sealed is not compared".to_owned(), "name other columns".to_owned());
        } else if let Some((_, name)) = [(a, from), (b, to)].into_iter().find(|(c, _)| is_kept(c)) {
            refuse(format!("`{name}` {KEPT}"), "name other columns".to_owned());
        } else if !alike {
            let message = format!("`{from}` is {}, `{to}` {}", a.kind.name(), b.kind.name());
            refuse(message, "name columns of one type".to_owned());
        } else if !a.kind.has_one_spelling() {
            let name = a.kind.name();
            let message =
                format!("`{from}` is {name}, whose equal values can be written otherwise");
            refuse(message, "name columns of another type".to_owned());
        }
    }
    for (name, _) in relationship.order.iter() {
        match target.column(name) {
            None => {
                let names = target.columns.iter().map(|column| column.name.as_ref());
                refuse(format!("`{}` has no column `{name}`", target.table), suggest(name, names));
            }
            Some(column) if is_kept(column) => {
                refuse(format!("`{name}` {KEPT}"), "order by another column".to_owned());
            }
            Some(_) => {}
        }
    }
    if relationship.columns.iter().all(|(from, _)| from == TENANT_COLUMN) {
        let message = "rows of one organisation alone are no relationship".to_owned();
        refuse(message, "name further columns that are equal".to_owned());
    }
    if !own.scope.is_tenant() && target.scope.is_tenant() {
        let message = format!("rows of `{}` are an organisation's", target.table);
        refuse(message, "write `scope: tenant`".to_owned());
    }
    Some(Relationship { schema: target.schema.clone(), ..relationship.clone() })
}
