//! Conditions of steps: declared, compiled, and as filters of statements.

use super::expression::{Expression, fits};
use super::scope::{Scope, Shapes};
use crate::error::{Error, Result};
use mainstay_entity::action::{ConditionMeta, Operator, Place, Quantifier, Source, State};
use mainstay_entity::like::Like;
use mainstay_entity::parse::parse_text;
use mainstay_entity::pattern::Pattern;
use mainstay_entity::range::{self, Relation};
use mainstay_entity::search::{Language, Mode, Query};
use mainstay_entity::{self as entity, Decimal, Kind, Table, Value};
use mainstay_store::{self as store, Compare, Filter, IsState};
use std::sync::Arc;

/// Text of any length: a row may be asked for longer texts than its column takes.
const TEXT: Kind = Kind::Text { max: None };
/// Most values of a list that a column is looked for in.
const LIST_MAX: usize = 10_000;

/// A compiled condition.
#[derive(Debug)]
pub(super) enum Condition {
    /// The column's kind is there besides.
    Compare(usize, Kind, Comparison),
    Search {
        column: usize,
        mode: Mode,
        language: Language,
        query: Expression,
    },
    Is {
        column: usize,
        state: IsState,
    },
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Vec<Condition>),
}

/// How a column compares with a value.
#[derive(Debug)]
pub(super) struct Comparison {
    operator: Operator,
    quantifier: Option<Quantifier>,
    value: Expression,
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
        ConditionMeta::Compare { column, operator, quantifier, value } => {
            let index = self::column(table, column, faults)?;
            let own = &table.meta.columns[index].kind;
            let kind = operand(own, *operator).or_else(|| {
                let message = format!("{column} is of type {}, which has no such test", own.name());
                faults.push((column.place.clone(), message));
                None
            })?;
            let expression = if *operator == Operator::In || quantifier.is_some() {
                list(value, &kind, shapes, faults)?
            } else {
                expression(value, &kind, shapes, faults)?
            };
            let (operator, quantifier) = (*operator, *quantifier);
            let compared = Comparison { operator, quantifier, value: expression };
            checked(Condition::Compare(index, own.clone(), compared), value, faults)
        }
        ConditionMeta::Search { column, mode, language, query } => {
            let index = self::column(table, column, faults)?;
            if table.is_view() || !table.meta.columns[index].search {
                let message = format!("{column} is not searched; write `search: true` for it");
                faults.push((column.place.clone(), message));
            }
            let sought = expression(query, &TEXT, shapes, faults)?;
            let (mode, language) = (*mode, *language);
            let condition = Condition::Search { column: index, mode, language, query: sought };
            checked(condition, query, faults)
        }
    })
}

/// A condition; with what is wrong about its value where that is known before any call.
fn checked(condition: Condition, value: &Source, faults: &mut Faults) -> Condition {
    let is_known = match &condition {
        Condition::Compare(_, _, Comparison { value, .. })
        | Condition::Search { query: value, .. } => value.is_constant(),
        _ => false,
    };
    let is_told = || faults.iter().any(|(place, _)| *place == value.place);
    if is_known
        && !is_told()
        && let Err(error) = condition.filter(&Scope::empty())
    {
        faults.push((value.place.clone(), error.to_string()));
    }
    condition
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
    let compare = compare(operator);
    let is_equality = matches!(compare, Compare::Eq | Compare::Ne | Compare::Distinct);
    // Secrets are never asked; sealed columns are asked by their keyed hash.
    let is_kept = *kind == Kind::Secret || (*kind == Kind::Sealed && !is_equality);
    if is_kept || !compare.takes(kind) {
        return None;
    }
    Some(match (compare, kind) {
        (Compare::Like | Compare::ILike | Compare::Match | Compare::IMatch, _)
        | (_, Kind::Text { .. } | Kind::Sealed)
        // A range, or an element.
        | (Compare::Contains, Kind::Range(_)) => TEXT,
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
            Self::Compare(column, kind, compared) => {
                compared.filter(&store::Expression::column(*column), kind, scope)?
            }
            Self::Search { column, mode, language, query } => {
                match query.value(scope, &TEXT)?.as_text() {
                    None => Filter::unknown(&store::Expression::column(*column)),
                    Some(text) => {
                        let query = Query::parse(*mode, *language, text)
                            .map_err(|error| Error::invalid("", &error))?;
                        Filter::Search { column: *column, query: Arc::new(query) }
                    }
                }
            }
        })
    }
}

impl Comparison {
    fn filter(&self, left: &store::Expression, kind: &Kind, scope: &Scope) -> Result<Filter> {
        let asked = operand(kind, self.operator).unwrap_or_else(|| kind.clone());
        // A number that the column can't hold is compared as it is, not rounded.
        let asked = if matches!(asked, Kind::Decimal { .. }) { TEXT } else { asked };
        if self.operator == Operator::In {
            return among(left, kind, items(&self.value, scope, &asked)?);
        }
        let op = compare(self.operator);
        let Some(quantifier) = self.quantifier else {
            return compared(left, kind, op, self.value.value(scope, &asked)?);
        };
        let items = items(&self.value, scope, &asked)?.into_iter();
        let parts = items.map(|item| compared(left, kind, op, item)).collect::<Result<_>>()?;
        Ok(match quantifier {
            Quantifier::Any => Filter::Or(parts),
            Quantifier::All => Filter::And(parts),
        })
    }
}

/// A comparison with one value.
fn compared(left: &store::Expression, kind: &Kind, op: Compare, right: Value) -> Result<Filter> {
    let invalid = |error: entity::Error| Error::invalid("", &error);
    let right = match (op, kind, right.as_text()) {
        (Compare::Like | Compare::ILike, _, Some(pattern)) => {
            Like::new(pattern).map_err(invalid)?;
            right
        }
        (Compare::Match | Compare::IMatch, _, Some(pattern)) => {
            let pattern = Pattern::parse(pattern, op == Compare::IMatch);
            pattern.and_then(|pattern| pattern.compile()).map_err(|error| {
                if error.is_unsupported_pattern() {
                    Error::Unsupported(format!("A regular expression with {error}."))
                } else {
                    invalid(error)
                }
            })?;
            right
        }
        (Compare::Contains, Kind::Range(of), Some(text)) if !range::is_range(text) => {
            Value::Range(range::of_element(*of, text).map_err(invalid)?)
        }
        (Compare::Contains, Kind::Range(_), Some(text)) => {
            parse_text(kind, text).map_err(invalid)?
        }
        (_, Kind::Decimal { precision, scale }, Some(text)) => {
            let right: Decimal = text.parse().map_err(invalid)?;
            let places = (*precision, *scale);
            return Filter::compare_decimal(left, op, right, places).map_err(invalid);
        }
        _ => right,
    };
    Ok(Filter::Compare { left: left.clone(), op, right })
}

/// Whether a column equals some value of a list.
fn among(left: &store::Expression, kind: &Kind, list: Vec<Value>) -> Result<Filter> {
    let Kind::Decimal { precision, scale } = kind else {
        return Ok(Filter::In { left: left.clone(), list });
    };
    let invalid = |error: entity::Error| Error::invalid("", &error);
    let numbers = list.iter().filter_map(Value::as_text).map(str::parse::<Decimal>);
    let numbers = numbers.collect::<Result<Vec<_>, _>>().map_err(invalid)?;
    let filter = Filter::any_of_decimals(left, numbers, (*precision, *scale)).map_err(invalid)?;
    let has_null = list.iter().any(Value::is_null);
    Ok(if has_null { Filter::Or(vec![filter, Filter::unknown(left)]) } else { filter })
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
        Operator::Match => Compare::Match,
        Operator::Imatch => Compare::IMatch,
        Operator::Sl => Compare::Range(Relation::Before),
        Operator::Sr => Compare::Range(Relation::After),
        Operator::Nxr => Compare::Range(Relation::NotAbove),
        Operator::Nxl => Compare::Range(Relation::NotBelow),
        Operator::Adj => Compare::Range(Relation::Adjacent),
    }
}
