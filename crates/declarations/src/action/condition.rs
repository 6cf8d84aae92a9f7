//! Conditions on rows: `where: {state: "'open'", price: {gte: args.least}, or: [{..}, {..}]}`.

use super::expression::source;
use super::place;
use crate::error::{Faults, suggest};
use crate::members::{Item, Members};
use crate::yaml::{Key, Value};
use mainstay_entity::action::{ConditionMeta, Operator, Quantifier, Source, State};
use mainstay_entity::search::{Language, Mode};

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
        let (operator, value) = (Operator::Eq, source(item));
        out.push(ConditionMeta::Compare { column, operator, quantifier: None, value });
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
        match test(&key.name) {
            Some(Test::Compare(operator, quantifier)) => {
                let value = source(&item);
                out.push(ConditionMeta::Compare { column, operator, quantifier, value });
            }
            Some(Test::Search(mode, language)) => {
                let query = source(&item);
                out.push(ConditionMeta::Search { column, mode, language, query });
            }
            None => {
                let names = Operator::ALL.iter().map(|(name, _)| *name);
                let names = names.chain(Mode::ALL.iter().map(|(name, _)| *name)).chain(["is"]);
                let fix = suggest(&key.name, names);
                faults.add(key.place, &item.path, format!("unknown operator `{}`", key.name), fix);
            }
        }
    }
}

/// What a column is asked.
enum Test {
    Compare(Operator, Option<Quantifier>),
    Search(Mode, Language),
}

/// `gt`, `like(any)`, `fts`, `fts(simple)`
fn test(text: &str) -> Option<Test> {
    let (name, word) = match text.split_once('(') {
        None => (text, None),
        Some((name, rest)) => (name, Some(rest.strip_suffix(')')?)),
    };
    if let Some((_, mode)) = Mode::ALL.iter().find(|(known, _)| *known == name) {
        let language = word.map_or(Some(Language::default()), Language::parse)?;
        return Some(Test::Search(*mode, language));
    }
    let (_, operator) = Operator::ALL.iter().find(|(known, _)| *known == name)?;
    let Some(word) = word else {
        return Some(Test::Compare(*operator, None));
    };
    let (_, quantifier) = Quantifier::ALL.iter().find(|(known, _)| *known == word)?;
    operator.is_quantifiable().then_some(Test::Compare(*operator, Some(*quantifier)))
}

fn state(item: &Item<'_>, faults: &mut Faults) -> Option<State> {
    match &item.node.value {
        Value::Null => Some(State::Null),
        Value::Boolean(true) => Some(State::True),
        Value::Boolean(false) => Some(State::False),
        _ => item.word(&State::ALL, faults),
    }
}
