//! Conditions on rows: `where: {state: "'open'", price: {gte: args.least}, or: [{..}, {..}]}`.

use super::expression::source;
use super::place;
use crate::error::{Faults, suggest};
use crate::members::{Item, Members};
use crate::yaml::{Key, Value};
use mainstay_entity::action::{ConditionMeta, Operator, Source, State};

/// Reads a map of conditions that all hold.
pub(super) fn read(item: &Item<'_>, faults: &mut Faults) -> Vec<ConditionMeta> {
    let Some(members) = Members::of(item, faults) else {
        return Vec::new();
    };
    let mut conditions = Vec::new();
    for (key, item) in members.entries() {
        match key.name.as_str() {
            "and" => conditions.push(ConditionMeta::All(each(&item, faults))),
            "or" => conditions.push(ConditionMeta::Any(each(&item, faults))),
            "not" => conditions.push(ConditionMeta::Not(read(&item, faults))),
            _ => column(key, &item, faults, &mut conditions),
        }
    }
    conditions
}

/// A list of maps; what stands in one map holds together.
fn each(item: &Item<'_>, faults: &mut Faults) -> Vec<ConditionMeta> {
    item.items(faults).iter().map(|item| ConditionMeta::All(read(item, faults))).collect()
}

/// `price: 5`, `price: {gt: 5, lt: 9}`
fn column(key: &Key, item: &Item<'_>, faults: &mut Faults, out: &mut Vec<ConditionMeta>) {
    let column = Source { text: key.name.clone(), place: place(item) };
    let Value::Map(_) = &item.node.value else {
        let value = source(item);
        out.push(ConditionMeta::Compare { column, operator: Operator::Eq, value });
        return;
    };
    let Some(members) = Members::of(item, faults) else {
        return;
    };
    for (key, item) in members.entries() {
        let column = column.clone();
        if key.name == "is" {
            out.extend(state(&item, faults).map(|state| ConditionMeta::Is { column, state }));
            continue;
        }
        let operator = Operator::ALL.iter().find(|(name, _)| *name == key.name);
        let Some((_, operator)) = operator else {
            let names = Operator::ALL.iter().map(|(name, _)| *name).chain(["is"]);
            let fix = suggest(&key.name, names);
            faults.add(key.place, &item.path, format!("unknown operator `{}`", key.name), fix);
            continue;
        };
        let value = source(&item);
        out.push(ConditionMeta::Compare { column, operator: *operator, value });
    }
}

fn state(item: &Item<'_>, faults: &mut Faults) -> Option<State> {
    match &item.node.value {
        Value::Null => Some(State::Null),
        Value::Boolean(true) => Some(State::True),
        Value::Boolean(false) => Some(State::False),
        _ => item.word(&State::ALL, faults),
    }
}
