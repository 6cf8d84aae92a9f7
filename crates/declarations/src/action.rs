//! Actions: `action: name`, with arguments, steps and what is answered.
//!
//! Here a file becomes data. That its tables and columns exist, and that its expressions mean
//! something, the kernel checks when it has all entities, with the same places.

mod argument;
mod condition;
mod expression;
mod step;

use crate::error::{Faults, suggest};
use crate::members::{Item, Members};
use crate::name;
use crate::yaml::Value;
use expression::{source, text_source};
use mainstay_entity::action::{
    ActionMeta, Callers, Place, ResultRows, Returns, RowsMeta, Source, TableName,
};

/// The schema of what a product declares.
const SCHEMA: &str = "public";

/// Reads the whole of a file that declares an action.
pub(crate) fn read(file: &str, root: &Item<'_>, faults: &mut Faults) -> Option<ActionMeta> {
    let before = faults.count();
    let mut members = Members::of(root, faults)?;
    let place = place(root);
    let name = members.need("action", "write `action: name`", faults);
    let name = name.and_then(|item| {
        let text = item.text(faults)?;
        name::check(text, "action", item.node.place, &item.path, faults);
        Some(text.to_owned())
    });
    let schema = members.text("schema", faults).unwrap_or(SCHEMA).to_owned();
    let description = members.text("description", faults).unwrap_or_default().to_owned();
    let callers = members.take("permission").map_or(Some(Callers::Known), |i| callers(&i, faults));
    let elevated = members.take("runs_as").is_some_and(|item| {
        item.word(&[("system", true), ("caller", false)], faults).unwrap_or(false)
    });
    let arguments = members.take("arguments").map(|item| argument::read(&item, faults));
    let steps = members.take("steps").map(|item| step::read(&item, faults));
    let returns = members.take("returns").map_or(Some(Returns::Nothing), |i| returns(&i, faults));
    members.finish(faults);
    if faults.count() > before {
        return None;
    }
    Some(ActionMeta {
        schema,
        name: name?,
        description,
        file: file.to_owned(),
        place,
        callers: callers?,
        elevated,
        arguments: arguments.unwrap_or_default(),
        steps: steps.unwrap_or_default(),
        returns: returns?,
    })
}

/// Where a value stands, as the kernel tells it.
fn place(item: &Item<'_>) -> Place {
    let place = item.node.place;
    Place { line: place.line, column: place.column, key: item.path.clone() }
}

fn callers(item: &Item<'_>, faults: &mut Faults) -> Option<Callers> {
    let text = item.text(faults)?;
    if text == "public" {
        return Some(Callers::Everybody);
    }
    let pair = text
        .rsplit_once(':')
        .filter(|(resource, action)| !resource.is_empty() && !action.is_empty());
    let Some((resource, action)) = pair else {
        let fix = "write `resource:action`, or `public` for callers who have not signed in";
        item.refuse(format!("`{text}` is no permission"), fix, faults);
        return None;
    };
    Some(Callers::Permitted(resource.to_owned(), action.to_owned()))
}

fn returns(item: &Item<'_>, faults: &mut Faults) -> Option<Returns> {
    if matches!(&item.node.value, Value::Text(text) if text == "nothing") {
        return Some(Returns::Nothing);
    }
    let mut members = Members::of(item, faults)?;
    let read = |members: &mut Members<'_>, table: Item<'_>, one, faults: &mut Faults| {
        let rows = ResultRows::Read(rows(members, &table, faults)?);
        let columns = columns(members, faults);
        Some(Returns::Rows { rows, one, columns })
    };
    let step = |members: &mut Members<'_>, name: Item<'_>, one, faults: &mut Faults| {
        let rows = ResultRows::Step(text_source(&name, faults)?);
        let columns = columns(members, faults);
        Some(Returns::Rows { rows, one, columns })
    };
    let returns = if let Some(ty) = members.take("type") {
        let kind = argument::kind(&ty, &mut members, faults);
        let value = members.need("value", "write an expression", faults);
        let value = value.map(|item| source(&item));
        kind.zip(value).map(|(kind, value)| Returns::Value { kind, value })
    } else if let Some(table) = members.take("rows") {
        read(&mut members, table, false, faults)
    } else if let Some(table) = members.take("row") {
        read(&mut members, table, true, faults)
    } else if let Some(name) = members.take("rows_of") {
        step(&mut members, name, false, faults)
    } else if let Some(name) = members.take("row_of") {
        step(&mut members, name, true, faults)
    } else {
        let fix = "write `type:` with `value:`, or `rows:`, `row:`, `rows_of:` or `row_of:`";
        item.refuse("it does not say what is answered", fix, faults);
        return None;
    };
    members.finish(faults);
    returns
}

/// The columns of a result that shows some alone.
fn columns(members: &mut Members<'_>, faults: &mut Faults) -> Option<Vec<Source>> {
    let item = members.take("columns")?;
    let names = item.names(faults)?;
    let column = |(text, at): (String, crate::error::Place)| Source {
        text,
        place: Place { line: at.line, column: at.column, key: item.path.clone() },
    };
    Some(names.into_iter().map(column).collect())
}

/// A table's name, with its schema where it is not the action's.
fn table(item: &Item<'_>, faults: &mut Faults) -> Option<TableName> {
    let mut name = text_source(item, faults)?;
    let schema = name.text.split_once('.').map(|(schema, _)| schema.to_owned());
    if let Some((_, table)) = name.text.split_once('.') {
        name.text = table.to_owned();
    }
    Some(TableName { schema, name })
}

/// Which rows are read: `where`, `order`, `limit`.
fn rows(members: &mut Members<'_>, of: &Item<'_>, faults: &mut Faults) -> Option<RowsMeta> {
    let table = table(of, faults);
    let filter = members.take("where").map(|item| condition::read(&item, faults));
    let order = members.take("order").map(|item| order(&item, faults));
    let limit = members.take("limit").and_then(|item| count(&item, faults));
    Some(RowsMeta {
        table: table?,
        filter: filter.unwrap_or_default(),
        order: order.unwrap_or_default(),
        limit,
        required: false,
    })
}

/// A number of rows.
fn count(item: &Item<'_>, faults: &mut Faults) -> Option<u64> {
    let number = item.integer(faults)?;
    let count = u64::try_from(number).ok();
    if count.is_none() {
        item.refuse("a number of rows is not negative", "write 1 or more", faults);
    }
    count
}

/// `[name, created_at.desc]`
fn order(item: &Item<'_>, faults: &mut Faults) -> Vec<(Source, bool)> {
    let mut terms = Vec::new();
    for (text, at) in item.names(faults).unwrap_or_default() {
        let (column, descending) = match text.rsplit_once('.') {
            None => (text.as_str(), false),
            Some((column, "asc")) => (column, false),
            Some((column, "desc")) => (column, true),
            Some((_, word)) => {
                let fix = suggest(word, ["asc", "desc"]);
                faults.add(at, &item.path, format!("unknown direction `{word}`"), fix);
                continue;
            }
        };
        let place = Place { line: at.line, column: at.column, key: item.path.clone() };
        terms.push((Source { text: column.to_owned(), place }, descending));
    }
    terms
}
