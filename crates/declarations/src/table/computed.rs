//! `computed: {name: {type: text, expression: "..."}}`: columns that are computed when they are
//! read.

use super::column::Parameters;
use super::formula::{self, ALLOWED};
use crate::error::Faults;
use crate::members::{Item, Members};
use crate::name;
use crate::yaml::Key;
use mainstay_entity::meta::Computed;
use mainstay_entity::{Classification, Column, EntityMeta, Formula, Personal};

/// A table has at most so many: each is part of what clients read of it.
const COMPUTED_MAX: usize = 100;

/// Reads them, behind the columns that they read. `usual` is the classification of what reads none.
pub(super) fn read(
    meta: &mut EntityMeta,
    item: Option<&Item<'_>>,
    usual: Classification,
    faults: &mut Faults,
) {
    let Some((item, members)) = item.and_then(|item| Some((item, Members::of(item, faults)?)))
    else {
        return;
    };
    let entries: Vec<_> = members.entries().collect();
    if entries.len() > COMPUTED_MAX {
        let message =
            format!("{} computed columns; there are at most {COMPUTED_MAX}", entries.len());
        item.refuse(message, "declare a view that shows some of them", faults);
        return;
    }
    let mut computed: Vec<Computed> = Vec::new();
    for (key, item) in entries {
        name::check_column(&key.name, key.place, &item.path, faults);
        let lower = key.name.to_lowercase();
        let before = computed.iter().map(|other| &other.column);
        if meta.columns.iter().chain(before).any(|other| other.name.to_lowercase() == lower) {
            let message = "a column has this name, whatever its case";
            faults.add(key.place, &item.path, message, "write another name");
        }
        computed.extend(one(meta, key, &item, usual, faults));
    }
    meta.computed = computed.into();
}

fn one(
    meta: &EntityMeta,
    key: &Key,
    item: &Item<'_>,
    usual: Classification,
    faults: &mut Faults,
) -> Option<Computed> {
    let mut members = Members::of(item, faults)?;
    let parameters = Parameters::read_type(&mut members, faults);
    let kind = parameters.kind(&meta.table, &key.name, &mut members, faults);
    let expression = members.need("expression", "write `expression: row.a + ' ' + row.b`", faults);
    let description = members.text("description", faults).unwrap_or_default().to_owned();
    members.finish(faults);
    let (kind, expression) = (kind?, expression?);
    if !formula::is_result(&kind) {
        let message = format!("no expression gives {}", kind.name());
        parameters.refuse(message, formula::RESULTS, faults);
        return None;
    }
    let source = expression.text(faults)?;
    match formula::compile(meta, source, &kind) {
        Ok((formula, nullable)) => {
            let mut column = Column::new("", kind);
            column.name = key.name.clone().into();
            column.description = description.into();
            column.nullable = nullable;
            column.read_only = true;
            confide(&mut column, meta, &formula, usual);
            Some(Computed { column, source: source.to_owned().into(), formula })
        }
        Err(fault) => {
            let fix = fault.fix.unwrap_or_else(|| ALLOWED.to_owned());
            expression.refuse(fault.message, fix, faults);
            None
        }
    }
}

/// A value tells as much as the most confidential column that it is made of.
fn confide(column: &mut Column, meta: &EntityMeta, formula: &Formula, usual: Classification) {
    let read = formula.columns();
    let read: Vec<&Column> = read.iter().filter_map(|(name, _)| meta.column(name)).collect();
    column.classification = read.iter().map(|c| c.classification).max().unwrap_or(usual);
    let tells = |personal: Personal| read.iter().any(|c| c.personal == personal);
    column.personal = match (tells(Personal::Phi), tells(Personal::Pii)) {
        (true, _) => Personal::Phi,
        (false, true) => Personal::Pii,
        (false, false) => Personal::None,
    };
}
