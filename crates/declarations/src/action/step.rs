//! Steps of an action, each a map whose verb says what is done.

use super::condition;
use super::expression::{source, text_source};
use super::{count, place, rows, table};
use crate::error::{Faults, suggest};
use crate::members::{Item, Members};
use mainstay_entity::action::{
    ConflictMeta, Place, Source, StepKind, StepMeta, TableName, TargetMeta,
};

/// The code of an assertion that gives none: `PostgreSQL`'s for what a function raises.
const RAISED: &str = "P0001";
/// What can be done.
const VERBS: [&str; 8] =
    ["read", "insert", "upsert", "update", "delete", "assert", "let", "for_each"];

/// Reads a list of steps.
pub(super) fn read(item: &Item<'_>, faults: &mut Faults) -> Vec<StepMeta> {
    let mut steps = Vec::new();
    for item in item.items(faults) {
        step(&item, faults, &mut steps);
    }
    steps
}

fn step(item: &Item<'_>, faults: &mut Faults, out: &mut Vec<StepMeta>) {
    let Some(mut members) = Members::of(item, faults) else {
        return;
    };
    let place = place(item);
    let when = members.take("if").map(|item| source(&item));
    let verb = VERBS.into_iter().find(|verb| members.entries().any(|(key, _)| key.name == *verb));
    let of = verb.and_then(|verb| members.take(verb));
    let (Some(verb), Some(of)) = (verb, of) else {
        let known = members.entries().next().map_or("", |(key, _)| key.name.as_str());
        item.refuse("it does not say what is done", suggest(known, VERBS), faults);
        return;
    };
    let mut done = Vec::new();
    match verb {
        "read" => done.extend(reads(&mut members, &of, faults)),
        "insert" => done.extend(inserts(&mut members, &of, None, faults)),
        "upsert" => {
            let conflict = conflict(&mut members, &of, faults);
            done.extend(inserts(&mut members, &of, Some(conflict), faults));
        }
        "update" => {
            let (name, set) = (table(&of, faults), members.take("set"));
            let set = set.map(|item| values(&item, faults)).unwrap_or_default();
            let target = target(&mut members, faults);
            done.extend(name.zip(target).map(|(table, target)| StepKind::Update {
                table,
                set,
                target,
            }));
        }
        "delete" => {
            let name = table(&of, faults);
            let target = target(&mut members, faults);
            done.extend(name.zip(target).map(|(table, target)| StepKind::Delete { table, target }));
        }
        "assert" => done.extend(asserts(&mut members, &of, faults)),
        "let" => {
            for (name, value) in values(&of, faults) {
                done.push(StepKind::Set { name, value });
            }
        }
        _ => done.extend(loops(&mut members, &of, faults)),
    }
    members.finish(faults);
    let step = |r#do| StepMeta { place: place.clone(), when: when.clone(), r#do };
    out.extend(done.into_iter().map(step));
}

fn reads(members: &mut Members<'_>, of: &Item<'_>, faults: &mut Faults) -> Option<StepKind> {
    let mut rows = rows(members, of, faults);
    if let Some(rows) = &mut rows {
        rows.required = members.flag("required", faults);
    }
    let name = members.need("as", "write `as: name`, which later steps use", faults);
    let name = name.and_then(|item| text_source(&item, faults));
    let (one, lock) = (members.flag("one", faults), members.flag("lock", faults));
    Some(StepKind::Read { rows: rows?, name: name?, one, lock })
}

fn inserts(
    members: &mut Members<'_>,
    of: &Item<'_>,
    conflict: Option<ConflictMeta>,
    faults: &mut Faults,
) -> Option<StepKind> {
    let table: Option<TableName> = table(of, faults);
    let values = members.need("values", "write `values: {column: expression}`", faults);
    let columns = values.map(|item| self::values(&item, faults)).unwrap_or_default();
    let name = name(members, faults);
    Some(StepKind::Insert { table: table?, values: columns, conflict, name })
}

fn conflict(members: &mut Members<'_>, of: &Item<'_>, faults: &mut Faults) -> ConflictMeta {
    let mut columns = Vec::new();
    if let Some(item) = members.take("on_conflict") {
        for (text, at) in item.names(faults).unwrap_or_default() {
            let place = Place { line: at.line, column: at.column, key: item.path.clone() };
            columns.push(Source { text, place });
        }
    }
    let ignore = members.flag("ignore_duplicates", faults);
    ConflictMeta { columns, ignore, place: place(of) }
}

fn target(members: &mut Members<'_>, faults: &mut Faults) -> Option<TargetMeta> {
    let fix = "write `where: {column: expression}`, or `where: {}` for all rows";
    let filter = members.need("where", fix, faults)?;
    let filter = condition::read(&filter, faults);
    let name = name(members, faults);
    let required = members.flag("required", faults);
    let at_most = members.take("at_most").and_then(|item| count(&item, faults));
    Some(TargetMeta { filter, name, required, at_most })
}

fn asserts(members: &mut Members<'_>, of: &Item<'_>, faults: &mut Faults) -> Option<StepKind> {
    let condition = source(of);
    let code = match members.take("code") {
        Some(item) => text_source(&item, faults),
        None => Some(Source { text: RAISED.to_owned(), place: place(of) }),
    };
    let message = members.need("message", "write what the caller is told", faults);
    let message = message.and_then(|item| Some(item.text(faults)?.to_owned()));
    let details = members.take("details").map(|item| source(&item));
    let hint = members.text("hint", faults).map(str::to_owned);
    Some(StepKind::Assert { condition, code: code?, message: message?, details, hint })
}

fn loops(members: &mut Members<'_>, of: &Item<'_>, faults: &mut Faults) -> Option<StepKind> {
    let list = source(of);
    let name = members.need("as", "write `as: name`, which the steps use", faults);
    let name = name.and_then(|item| text_source(&item, faults));
    let steps = members.need("steps", "write what is done for each", faults);
    let steps = steps.map(|item| read(&item, faults)).unwrap_or_default();
    Some(StepKind::ForEach { list, name: name?, steps })
}

fn name(members: &mut Members<'_>, faults: &mut Faults) -> Option<Source> {
    members.take("as").and_then(|item| text_source(&item, faults))
}

/// `{column: expression}`
fn values(item: &Item<'_>, faults: &mut Faults) -> Vec<(Source, Source)> {
    let Some(members) = Members::of(item, faults) else {
        return Vec::new();
    };
    let mut values = Vec::new();
    for (key, item) in members.entries() {
        let at = Place { line: key.place.line, column: key.place.column, key: item.path.clone() };
        let name = Source { text: key.name.clone(), place: at };
        values.push((name, source(&item)));
    }
    values
}
