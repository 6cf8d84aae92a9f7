//! All of one kind that a module declares, a line for each.

use mainstay_entity::{
    Audit, ChoiceMeta, Classification, Column, DefaultValue, EntityMeta, Kind, NullsDistinct,
    Personal, Reference, Scope, Unique,
};

/// `table.column from -> to | to; ...` of each life cycle.
#[must_use]
pub fn moves(entities: &[EntityMeta]) -> Vec<String> {
    columns(entities, |column| {
        let values = choice(column, true)?.values.iter().filter(|value| !value.next.is_empty());
        let moves = values.map(|value| format!("{} -> {}", value.name, value.next.join(" | ")));
        Some(moves.collect::<Vec<_>>().join("; "))
    })
}

/// `table.column value/value/...` of each choice that is no life cycle.
#[must_use]
pub fn values(entities: &[EntityMeta]) -> Vec<String> {
    columns(entities, |column| {
        let values = choice(column, false)?.values.iter().map(|value| value.name.as_ref());
        Some(values.collect::<Vec<_>>().join("/"))
    })
}

/// `table.column text` of each default, but for times, identifiers and what is empty.
#[must_use]
pub fn defaults(entities: &[EntityMeta]) -> Vec<String> {
    columns(entities, |column| match column.default.as_ref()? {
        DefaultValue::Literal(text) if !matches!(text.as_ref(), "{}" | "[]") => {
            Some(text.to_string())
        }
        _ => None,
    })
}

/// `table.column word` of what is not for everyone's eyes, and of what names its person.
#[must_use]
pub fn confidential(entities: &[EntityMeta]) -> Vec<String> {
    columns(entities, |column| {
        let word = match (&column.kind, column.personal) {
            (Kind::Secret, _) => "secret",
            (Kind::Sealed, _) => "sealed",
            (_, Personal::Pii) => "pii",
            _ if column.subject => "subject",
            _ if column.classification == Classification::Restricted => "restricted",
            _ => return None,
        };
        Some(word.to_owned())
    })
}

/// `table (column, ...)` of each unique key.
#[must_use]
pub fn uniques(entities: &[EntityMeta]) -> Vec<String> {
    facts(entities, |entity| {
        let unique = |key: &Unique| {
            let nulls = if key.nulls == NullsDistinct::No { " nulls not distinct" } else { "" };
            format!("{} ({}){nulls}", entity.table, key.columns.join(", "))
        };
        entity.uniques.iter().map(unique).collect()
    })
}

/// `table: condition` of each check, and `table.column min..max` of each bounded number.
#[must_use]
pub fn checks(entities: &[EntityMeta]) -> Vec<String> {
    let bound = |bound: Option<i64>| bound.map(|number| number.to_string()).unwrap_or_default();
    let mut all = columns(entities, |column| {
        let is_bounded = column.min.is_some() || column.max.is_some();
        is_bounded.then(|| format!("{}..{}", bound(column.min), bound(column.max)))
    });
    all.extend(facts(entities, |entity| {
        entity.checks.iter().map(|check| format!("{}: {}", entity.table, check.condition)).collect()
    }));
    all
}

/// `table.column -> table action` of each reference, but for those to the organisation.
#[must_use]
pub fn references(entities: &[EntityMeta]) -> Vec<String> {
    facts(entities, |entity| {
        let reference = |reference: &Reference| {
            let columns = reference.columns.join(", ");
            let action = format!("{:?}", reference.on_delete).to_lowercase();
            format!("{}.{columns} -> {} {action}", entity.table, reference.table)
        };
        entity.references.iter().filter(|r| r.table != "organizations").map(reference).collect()
    })
}

/// `table: word, ...` of each entity that is not a tenant's plain, audited table.
#[must_use]
pub fn keeping(entities: &[EntityMeta]) -> Vec<String> {
    facts(entities, |entity| {
        let words = [
            (entity.scope != Scope::Tenant).then(|| format!("{:?}", entity.scope).to_lowercase()),
            entity.soft_delete.then(|| "soft delete".to_owned()),
            entity.append_only.then(|| "append only".to_owned()),
            entity.read_only.then(|| "read only".to_owned()),
            entity.partitioned.then(|| "partitioned".to_owned()),
            entity.queue.then(|| "queue".to_owned()),
            (entity.audit == Audit::None).then(|| "unaudited".to_owned()),
            entity.retain_days.map(|days| format!("{days} days")),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        let line = format!("{}: {}", entity.table, words.join(", "));
        if words.is_empty() { Vec::new() } else { vec![line] }
    })
}

fn facts(entities: &[EntityMeta], of: impl Fn(&EntityMeta) -> Vec<String>) -> Vec<String> {
    entities.iter().flat_map(of).collect()
}

fn columns(entities: &[EntityMeta], of: impl Fn(&Column) -> Option<String>) -> Vec<String> {
    facts(entities, |entity| {
        let told = entity.columns.iter().filter_map(|column| Some((&column.name, of(column)?)));
        told.map(|(name, fact)| format!("{}.{name} {fact}", entity.table)).collect()
    })
}

fn choice(column: &Column, life_cycle: bool) -> Option<&ChoiceMeta> {
    match &column.kind {
        Kind::Choice(choice) if choice.life_cycle == life_cycle => Some(choice),
        _ => None,
    }
}
