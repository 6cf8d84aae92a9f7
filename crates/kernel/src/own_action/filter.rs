//! Conditions of steps: declared, compiled, and as filters of statements.

use super::expression::{Expression, fits};
use super::scope::{Scope, Shapes};
use crate::error::{Error, Result};
use mainstay_entity::action::{ConditionMeta, Operator, Place, Source, State};
use mainstay_entity::{self as entity, Kind, Table, Value};
use mainstay_store::{self as store, Compare, Filter, IsState};

/// Text of any length: a row may be asked for longer texts than its column takes.
const TEXT: Kind = Kind::Text { max: None };
/// Most values of a list that a column is looked for in.
const LIST_MAX: usize = 10_000;

/// A compiled condition.
#[derive(Debug)]
pub(super) enum Condition {
    Compare { column: usize, operator: Operator, kind: Kind, value: Expression },
    Is { column: usize, state: IsState },
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Vec<Condition>),
}

/// What is wrong, and where.
pub(super) type Faults = Vec<(Place, String)>;

/// Resolves and compiles conditions; what is wrong is added to `faults`.
pub(super) fn compile(
    list: &[ConditionMeta],
    table: &Table,
    shapes: &Shapes,
    faults: &mut Faults,
) -> Vec<Condition> {
    list.iter().filter_map(|condition| one(condition, table, shapes, faults)).collect()
}

fn one(
    condition: &ConditionMeta,
    table: &Table,
    shapes: &Shapes,
    faults: &mut Faults,
) -> Option<Condition> {
    Some(match condition {
        ConditionMeta::All(parts) => Condition::All(compile(parts, table, shapes, faults)),
        ConditionMeta::Any(parts) => Condition::Any(compile(parts, table, shapes, faults)),
        ConditionMeta::Not(parts) => Condition::Not(compile(parts, table, shapes, faults)),
        ConditionMeta::Is { column, state } => {
            let index = self::column(table, column, faults)?;
            let kind = &table.meta.columns[index].kind;
            let of_boolean = matches!(state, State::True | State::False | State::Unknown);
            if of_boolean && *kind != Kind::Boolean {
                let message = format!("{column} is of type {}, not boolean", kind.name());
                faults.push((column.place.clone(), message));
            }
            Condition::Is { column: index, state: is_state(*state) }
        }
        ConditionMeta::Compare { column, operator, value } => {
            let index = self::column(table, column, faults)?;
            let own = &table.meta.columns[index].kind;
            let kind = operand(own, *operator).or_else(|| {
                let message = format!("{column} is of type {}, which has no such test", own.name());
                faults.push((column.place.clone(), message));
                None
            })?;
            let value = if *operator == Operator::In {
                list(value, &kind, shapes, faults)?
            } else {
                expression(value, &kind, shapes, faults)?
            };
            Condition::Compare { column: index, operator: *operator, kind, value }
        }
    })
}

/// The position of a column.
pub(super) fn column(table: &Table, name: &Source, faults: &mut Faults) -> Option<usize> {
    let index = table.column_index(&name.text);
    if index.is_none() {
        let message = format!("{} has no column {name}", table.meta.table);
        faults.push((name.place.clone(), message));
    }
    index
}

/// Compiles an expression that gives a value of a kind.
pub(super) fn expression(
    source: &Source,
    kind: &Kind,
    shapes: &Shapes,
    faults: &mut Faults,
) -> Option<Expression> {
    let mut refuse = |message: String| faults.push((source.place.clone(), message));
    let expression = match Expression::compile(&source.text, shapes) {
        Ok(expression) => expression,
        Err(message) => {
            refuse(message);
            return None;
        }
    };
    if let Some(own) = expression.kind(shapes)
        && !fits(own, kind)
    {
        refuse(format!("{source} is of type {}, expected {}", own.name(), kind.name()));
    }
    if expression.is_constant()
        && let Err(error) = expression.value(&Scope::empty(), kind)
    {
        refuse(format!("expected {}: {error}", kind.name()));
    }
    Some(expression)
}

/// Compiles an expression that gives a list of values of a kind.
fn list(source: &Source, kind: &Kind, shapes: &Shapes, faults: &mut Faults) -> Option<Expression> {
    let expression = Expression::compile(&source.text, shapes);
    let refused = match &expression {
        Ok(known) if known.is_constant() => {
            known.values(&Scope::empty(), kind).err().map(|error| error.to_string())
        }
        Ok(_) => None,
        Err(message) => Some(message.clone()),
    };
    faults.extend(refused.map(|message| (source.place.clone(), message)));
    expression.ok()
}

/// The kind of what a column is compared with; none when it can't be.
fn operand(kind: &Kind, operator: Operator) -> Option<Kind> {
    use Operator::{Cd, Cs, Gt, Gte, Ilike, Like, Lt, Lte, Ov};
    let has = match operator {
        Like | Ilike => kind.is_textual(),
        Cs | Cd => matches!(kind, Kind::Json | Kind::List(_)),
        Ov => matches!(kind, Kind::List(_)),
        Gt | Gte | Lt | Lte => {
            !matches!(kind, Kind::U256 | Kind::Inet | Kind::List(_) | Kind::Json)
                && !kind.is_confidential()
        }
        // Secrets are never asked; sealed columns are asked by their keyed hash.
        _ => *kind != Kind::Secret,
    };
    has.then(|| match (operator, kind) {
        (Like | Ilike, _) | (_, Kind::Text { .. } | Kind::Sealed) => TEXT,
        _ => kind.clone(),
    })
}

fn is_state(state: State) -> IsState {
    match state {
        State::Null => IsState::Null,
        State::NotNull => IsState::NotNull,
        State::True => IsState::True,
        State::False => IsState::False,
        State::Unknown => IsState::Unknown,
    }
}

/// The filter that conditions are in a run.
pub(super) fn filter(conditions: &[Condition], scope: &Scope) -> Result<Filter> {
    let mut parts =
        conditions.iter().map(|condition| condition.filter(scope)).collect::<Result<Vec<_>>>()?;
    Ok(match parts.len() {
        0 => Filter::All,
        1 => parts.remove(0),
        _ => Filter::And(parts),
    })
}

impl Condition {
    fn filter(&self, scope: &Scope) -> Result<Filter> {
        Ok(match self {
            Self::All(parts) => filter(parts, scope)?,
            Self::Any(parts) => {
                let parts = parts.iter().map(|part| part.filter(scope));
                Filter::Or(parts.collect::<Result<_>>()?)
            }
            Self::Not(parts) => Filter::Not(Box::new(filter(parts, scope)?)),
            Self::Is { column, state } => {
                Filter::Is { left: store::Expression::column(*column), state: *state }
            }
            Self::Compare { column, operator: Operator::In, kind, value } => {
                let list = items(value, scope, kind)?;
                Filter::In { left: store::Expression::column(*column), list }
            }
            Self::Compare { column, operator, kind, value } => {
                let left = store::Expression::column(*column);
                let right = value.value(scope, kind)?;
                if matches!(operator, Operator::Like | Operator::Ilike)
                    && let Some(pattern) = right.as_text()
                {
                    entity::like::Like::new(pattern).map_err(|error| Error::invalid("", &error))?;
                }
                Filter::Compare { left, op: compare(*operator), right }
            }
        })
    }
}

/// The values of a list; null is among none.
fn items(list: &Expression, scope: &Scope, kind: &Kind) -> Result<Vec<Value>> {
    let values = list.values(scope, kind)?;
    if values.len() > LIST_MAX {
        let message = format!("a list of more than {LIST_MAX} values");
        return Err(Error::raised("54000", message));
    }
    Ok(values)
}

fn compare(operator: Operator) -> Compare {
    match operator {
        Operator::Eq | Operator::In => Compare::Eq,
        Operator::Neq => Compare::Ne,
        Operator::Gt => Compare::Gt,
        Operator::Gte => Compare::Ge,
        Operator::Lt => Compare::Lt,
        Operator::Lte => Compare::Le,
        Operator::Like => Compare::Like,
        Operator::Ilike => Compare::ILike,
        Operator::Isdistinct => Compare::Distinct,
        Operator::Cs => Compare::Contains,
        Operator::Cd => Compare::ContainedBy,
        Operator::Ov => Compare::Overlaps,
    }
}
