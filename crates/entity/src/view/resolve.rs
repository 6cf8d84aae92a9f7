//! Views with their names resolved and their promises checked.

use super::{
    ColumnRef, Comparison, Condition, First, Function, JoinKind, Operand, Period, Shown, Source,
};
use crate::catalog::{TENANT_COLUMN, Table};
use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::meta::{Column, Direction, Personal, Scope};
use crate::parse::parse_text;
use crate::value::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// A view with its names resolved.
#[derive(Debug)]
pub struct ViewPlan {
    /// The tables; the first one is the view's own `from`.
    pub sources: Vec<ViewSource>,
    /// Which rows of the first source count.
    pub conditions: Vec<ViewCondition>,
    /// What each column shows.
    pub values: Vec<ViewValue>,
    /// Whether rows are groups, made by the values that are no aggregates.
    pub grouped: bool,
    /// Values that are the same in every row.
    pub constants: Vec<Value>,
    /// Which of the rows are kept, when not all.
    pub first: Option<FirstRows>,
}

/// The first rows of a view, with names resolved.
#[derive(Debug)]
pub struct FirstRows {
    /// Positions of the view's columns that order its rows; no two rows are equal in all of them.
    pub order: Vec<(usize, Direction)>,
    /// How many rows are kept.
    pub limit: u32,
}

/// A table of a view.
#[derive(Debug)]
pub struct ViewSource {
    /// The name that columns are told by.
    pub name: String,
    /// The table.
    pub table: Arc<Table>,
    /// What it adds.
    pub role: Role,
    /// Which of its rows belong to a row of the sources before it.
    pub on: Vec<ViewCondition>,
}

/// What a source adds to a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The rows themselves.
    From,
    /// See [`JoinKind`].
    Join(JoinKind),
}

/// A column of a source, by positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Position of the source.
    pub source: usize,
    /// Position of the column in its table.
    pub column: usize,
}

/// A resolved condition.
#[derive(Clone, Debug)]
pub struct ViewCondition {
    /// Left side.
    pub left: Place,
    /// The comparison.
    pub comparison: Comparison,
    /// Right side.
    pub right: ViewOperand,
}

/// The right side of a resolved condition.
#[derive(Clone, Debug)]
pub enum ViewOperand {
    /// A column.
    Column(Place),
    /// A value of the left side's kind.
    Value(Value),
    /// The instant so many seconds before the time of the request.
    Ago(u32),
    /// No value.
    Null,
}

/// What a column shows, resolved.
#[derive(Clone, Copy, Debug)]
pub enum ViewValue {
    /// A column.
    Column(Place),
    /// The beginning of the period that an instant falls into.
    Begin(Period, Place),
    /// The number of rows in the group.
    Rows,
    /// A value over the rows of the group.
    Aggregate(Function, Place),
    /// A value over the rows of a related source.
    Related(Function, Place),
    /// The value at this position of [`ViewPlan::constants`].
    Constant(usize),
}

impl ViewValue {
    /// Whether it tells groups apart.
    pub const fn makes_groups(&self) -> bool {
        matches!(self, Self::Column(_) | Self::Begin(..))
    }
}

impl ViewPlan {
    /// The column at a place.
    pub fn column(&self, place: Place) -> &Column {
        self.sources[place.source].table.readable(place.column)
    }
}

/// Resolves the view of a table; `find` gives tables by schema and name.
///
/// # Errors
/// [`Error::is_declaration`] names the view and what is wrong.
pub(crate) fn plan<'c>(
    table: &Table,
    find: impl Fn(&str, &str) -> Option<&'c Arc<Table>>,
) -> Result<Option<ViewPlan>> {
    let Some(view) = &table.meta.view else {
        return Ok(None);
    };
    let mut planner = Planner {
        view: table,
        plan: ViewPlan {
            sources: Vec::new(),
            conditions: Vec::new(),
            values: Vec::new(),
            grouped: false,
            constants: Vec::new(),
            first: None,
        },
    };
    let unadorned = [&table.meta.uniques.is_empty(), &table.meta.checks.is_empty()];
    if unadorned.contains(&&false) || !table.meta.indexes.is_empty() {
        return Err(planner.fault("is a view: keys, checks and indexes belong to its tables"));
    }
    planner.source(&view.from, Role::From, &find)?;
    planner.check_scope()?;
    for join in view.joins.iter() {
        planner.source(&join.source, Role::Join(join.kind), &find)?;
        planner.join(&join.on)?;
    }
    planner.plan.conditions =
        view.conditions.iter().map(|c| planner.condition(c, 1)).collect::<Result<_>>()?;
    if view.shows.len() != table.meta.columns.len() {
        return Err(planner.fault("does not say of each column what it shows"));
    }
    for (index, shown) in view.shows.iter().enumerate() {
        let value = planner.value(index, shown)?;
        planner.plan.values.push(value);
    }
    let is_own = |value: &ViewValue| matches!(value, ViewValue::Rows | ViewValue::Aggregate(..));
    planner.plan.grouped = planner.plan.values.iter().any(is_own);
    planner.check_values()?;
    planner.check_key()?;
    planner.plan.first = view.first.as_ref().map(|first| planner.first(first)).transpose()?;
    Ok(Some(planner.plan))
}

struct Planner<'a> {
    view: &'a Table,
    plan: ViewPlan,
}

impl Planner<'_> {
    fn fault(&self, what: impl fmt::Display) -> Error {
        Error::declaration(format!("view {} {what}", self.view.meta.qualified_name()))
    }

    fn source<'c>(
        &mut self,
        source: &Source,
        role: Role,
        find: &impl Fn(&str, &str) -> Option<&'c Arc<Table>>,
    ) -> Result<()> {
        let table = find(&source.schema, &source.table).ok_or_else(|| {
            let name = format!("{}.{}", source.schema, source.table);
            self.fault(format_args!("shows {name}, which is no table"))
        })?;
        if self.plan.sources.iter().any(|other| other.name == source.name) {
            return Err(self.fault(format_args!("has two sources named {}", source.name)));
        }
        let within = self.view.tenant_column().is_some();
        if table.tenant_column().is_some() && !within {
            let what = format!("is no organisation's and shows rows of {}", table.meta.table);
            return Err(self.fault(what));
        }
        let (name, table) = (source.name.to_string(), table.clone());
        self.plan.sources.push(ViewSource { name, table, role, on: Vec::new() });
        Ok(())
    }

    /// Rows are reached as those of `from` are.
    fn check_scope(&self) -> Result<()> {
        let own = &self.view.meta.scope;
        let from = &self.plan.sources[0].table.meta.scope;
        if own == from || own.is_tenant() && from.is_tenant() {
            return Ok(());
        }
        let public = matches!(from, Scope::Public);
        if public && matches!(own, Scope::Platform) {
            return Ok(());
        }
        Err(self.fault("must have the scope of the table that it shows"))
    }

    /// The conditions of the source added last.
    fn join(&mut self, on: &[Condition]) -> Result<()> {
        let last = self.plan.sources.len() - 1;
        let on: Vec<ViewCondition> = on
            .iter()
            .map(|condition| self.condition(condition, last + 1))
            .collect::<Result<_>>()?;
        let source = &self.plan.sources[last];
        let own: Vec<usize> =
            on.iter().filter(|c| c.left.source == last).map(|c| c.left.column).collect();
        if own.len() != on.len() {
            let what = format!("compares another source's column in the join of {}", source.name);
            return Err(self.fault(what));
        }
        let is_bound = |c: &&ViewCondition| {
            c.comparison == Comparison::Equal && matches!(c.right, ViewOperand::Column(_))
        };
        let bound: Vec<usize> = on.iter().filter(is_bound).map(|c| c.left.column).collect();
        let is_related = source.role == Role::Join(JoinKind::Related);
        let finds_one = has_key_within(&source.table, &bound);
        if !is_related && !finds_one {
            let what = format!(
                "joins {} by {}, which is no key of it: a related table adds several rows",
                source.name,
                names(&source.table, &bound)
            );
            return Err(self.fault(what));
        }
        if is_related && bound.is_empty() {
            let what = format!("does not say which rows of {} are related", source.name);
            return Err(self.fault(what));
        }
        self.plan.sources[last].on = on;
        Ok(())
    }

    fn place(&self, column: &ColumnRef) -> Result<Place> {
        let mut sources = self.plan.sources.iter();
        let source = sources
            .position(|source| source.name == *column.source)
            .ok_or_else(|| self.fault(format_args!("has no source {}", column.source)))?;
        let table = &self.plan.sources[source].table;
        let index = table.readable_index(&column.column).ok_or_else(|| {
            self.fault(format_args!("shows {column}; {} has no such column", table.meta.table))
        })?;
        if table.readable(index).kind.is_confidential() {
            return Err(self.fault(format_args!("shows {column}, which is ciphertext")));
        }
        Ok(Place { source, column: index })
    }

    /// A condition on the first `sources` sources. The right side is none of a related one.
    fn condition(&self, condition: &Condition, sources: usize) -> Result<ViewCondition> {
        let wrong = |what: &str| self.fault(format_args!("asks for {condition}: {what}"));
        let left = self.place(&condition.left)?;
        if left.source >= sources {
            return Err(wrong("the left side is of a source that comes later"));
        }
        let kind = &self.plan.column(left).kind;
        let is_equality = matches!(condition.comparison, Comparison::Equal | Comparison::NotEqual);
        let has_order = kind.has_one_spelling() && !matches!(kind, Kind::List(_));
        if !has_order || !(is_equality || has_extremes(kind)) {
            return Err(wrong("values of this kind can't be compared so"));
        }
        let right = match &condition.right {
            Operand::Column(column) => {
                let right = self.place(column)?;
                let role = self.plan.sources[right.source].role;
                let is_own = right.source + 1 == sources;
                if right.source >= sources || !is_own && role == Role::Join(JoinKind::Related) {
                    return Err(wrong("the right side is of a source that has no single row here"));
                }
                if !same_kind(kind, &self.plan.column(right).kind) {
                    return Err(wrong("the sides are of different kinds"));
                }
                ViewOperand::Column(right)
            }
            Operand::Literal(text) => {
                let value = parse_text(kind, text).map_err(|error| wrong(&error.to_string()))?;
                ViewOperand::Value(value)
            }
            Operand::Ago(_) if *kind != Kind::Timestamp => {
                return Err(wrong("only an instant can be compared with one"));
            }
            Operand::Ago(seconds) => ViewOperand::Ago(*seconds),
            Operand::Null if !is_equality => {
                return Err(wrong("a value is null or not null"));
            }
            Operand::Null => ViewOperand::Null,
        };
        Ok(ViewCondition { left, comparison: condition.comparison, right })
    }

    fn value(&mut self, index: usize, shown: &Shown) -> Result<ViewValue> {
        let related =
            |place: Place| self.plan.sources[place.source].role == Role::Join(JoinKind::Related);
        match shown {
            Shown::Rows => Ok(ViewValue::Rows),
            Shown::Constant(text) => {
                let column = &self.view.meta.columns[index];
                let value = parse_text(&column.kind, text)
                    .map_err(|error| self.fault(format_args!("shows {shown}: {error}")))?;
                self.plan.constants.push(value);
                Ok(ViewValue::Constant(self.plan.constants.len() - 1))
            }
            Shown::Column(column) | Shown::Begin(_, column) => {
                let place = self.place(column)?;
                if related(place) {
                    let what = "shows one of several related values: write an aggregate of";
                    return Err(self.fault(format_args!("{what} {column}")));
                }
                Ok(match shown {
                    Shown::Begin(period, _) => ViewValue::Begin(*period, place),
                    _ => ViewValue::Column(place),
                })
            }
            Shown::Aggregate(function, column) => {
                let place = self.place(column)?;
                let function = *function;
                if related(place) {
                    Ok(ViewValue::Related(function, place))
                } else {
                    Ok(ViewValue::Aggregate(function, place))
                }
            }
        }
    }

    /// Each column must be what its value gives, and tell of a person what that tells.
    fn check_values(&self) -> Result<()> {
        for (index, value) in self.plan.values.iter().enumerate() {
            let column = &self.view.meta.columns[index];
            let wrong = |what: fmt::Arguments<'_>| {
                let name = &column.name;
                self.fault(format_args!("has a column {name} that {what}"))
            };
            let Some(kind) = self.kind(index, value) else {
                return Err(wrong(format_args!("has no value of its kind")));
            };
            if !same_kind(&column.kind, &kind) {
                let (own, other) = (column.kind.name(), kind.name());
                return Err(wrong(format_args!("is {own}, and shows {other}")));
            }
            if self.is_nullable(value) && !column.nullable {
                return Err(wrong(format_args!("can't be null, and what it shows can")));
            }
            if self.plan.grouped && matches!(value, ViewValue::Related(..)) {
                return Err(wrong(format_args!("shows related rows of a group: that has none")));
            }
            // A group of one row has its value as sum and mean, too.
            let reveals = match value {
                ViewValue::Column(place) | ViewValue::Begin(_, place) => Some(*place),
                ViewValue::Aggregate(function, place) | ViewValue::Related(function, place)
                    if !matches!(function, Function::Count | Function::CountDistinct) =>
                {
                    Some(*place)
                }
                _ => None,
            };
            let Some(source) = reveals.map(|place| self.plan.column(place)) else {
                continue;
            };
            if column.classification < source.classification {
                let word = source.classification.as_str();
                return Err(wrong(format_args!("shows what is {word}: classify it so")));
            }
            if source.personal != Personal::None && column.personal == Personal::None {
                return Err(wrong(format_args!("shows personal data: mark it so")));
            }
        }
        match self.view.tenant_column().map(|column| &self.plan.values[column]) {
            None => Ok(()),
            Some(ViewValue::Column(place))
                if place.source == 0
                    && Some(place.column) == self.plan.sources[0].table.tenant_column() =>
            {
                Ok(())
            }
            Some(_) => {
                let from = &self.plan.sources[0].name;
                Err(self.fault(format_args!("must show {from}.{TENANT_COLUMN} as its own")))
            }
        }
    }

    fn kind(&self, index: usize, value: &ViewValue) -> Option<Kind> {
        let kind = |place: &Place| self.plan.column(*place).kind.clone();
        match value {
            ViewValue::Column(place) => Some(kind(place)),
            ViewValue::Begin(_, place) => {
                (kind(place) == Kind::Timestamp).then_some(Kind::Timestamp)
            }
            ViewValue::Rows => Some(Kind::BigInt),
            ViewValue::Constant(_) => Some(self.view.meta.columns[index].kind.clone()),
            ViewValue::Aggregate(function, place) | ViewValue::Related(function, place) => {
                aggregate_kind(*function, &kind(place))
            }
        }
    }

    fn is_nullable(&self, value: &ViewValue) -> bool {
        let nullable = |place: &Place| {
            let is_left = self.plan.sources[place.source].role == Role::Join(JoinKind::Left);
            is_left || self.plan.column(*place).nullable
        };
        match value {
            ViewValue::Rows
            | ViewValue::Constant(_)
            | ViewValue::Aggregate(Function::Count | Function::CountDistinct, _)
            | ViewValue::Related(Function::Count | Function::CountDistinct, _) => false,
            ViewValue::Related(..) => true,
            ViewValue::Column(place)
            | ViewValue::Begin(_, place)
            | ViewValue::Aggregate(_, place) => nullable(place),
        }
    }

    /// The order of the first rows, with the key behind it, so that it leaves nothing open.
    fn first(&self, first: &First) -> Result<FirstRows> {
        if first.limit == 0 {
            return Err(self.fault("keeps no row: its limit is at least 1"));
        }
        let mut order = Vec::with_capacity(first.order.len());
        for ordered in first.order.iter() {
            let index = self.view.column_index(&ordered.column).ok_or_else(|| {
                self.fault(format_args!("is ordered by {}, which it does not show", ordered.column))
            })?;
            let kind = &self.view.meta.columns[index].kind;
            if !has_extremes(kind) && !matches!(kind, Kind::Uuid | Kind::Boolean) {
                let what = format!("is ordered by {}, which is {}", ordered.column, kind.name());
                return Err(self.fault(what));
            }
            order.push((index, ordered.direction));
        }
        let rest = self.view.primary_key.iter().filter(|key| order.iter().all(|(c, _)| c != *key));
        let rest: Vec<_> = rest.map(|key| (*key, Direction::Ascending)).collect();
        order.extend(rest);
        Ok(FirstRows { order, limit: first.limit })
    }

    /// The key of a view tells its rows apart: what makes a group, or a key of `from`.
    fn check_key(&self) -> Result<()> {
        let key: BTreeSet<usize> = self.view.primary_key.iter().copied().collect();
        let holds = if self.plan.grouped {
            let makes_group = |column: &usize| self.plan.values[*column].makes_groups();
            (0..self.plan.values.len()).filter(makes_group).collect::<BTreeSet<_>>() == key
        } else {
            let of_from = |column: &usize| match self.plan.values[*column] {
                ViewValue::Column(place) if place.source == 0 => Some(place.column),
                _ => None,
            };
            let shown: Option<Vec<usize>> = key.iter().map(of_from).collect();
            shown.is_some_and(|shown| has_key_within(&self.plan.sources[0].table, &shown))
        };
        if holds {
            return Ok(());
        }
        Err(self.fault(if self.plan.grouped {
            "is made of groups: its key is all columns that are no aggregates"
        } else {
            "must have a key of the table that it shows"
        }))
    }
}

/// Whether some columns hold a key that finds at most one row of an organisation.
fn has_key_within(table: &Table, columns: &[usize]) -> bool {
    let tenant = table.tenant_column();
    let within = |key: &[usize]| key.iter().all(|c| Some(*c) == tenant || columns.contains(c));
    let uniques = table.uniques.iter().filter(|unique| unique.filter.is_none());
    !table.primary_key.is_empty() && within(&table.primary_key)
        || uniques.into_iter().any(|unique| within(&unique.columns))
}

fn names(table: &Table, columns: &[usize]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| table.column_name(*column)).collect();
    names.join(", ")
}

/// Whether values of two kinds are stored alike.
fn same_kind(a: &Kind, b: &Kind) -> bool {
    a.name() == b.name() || a.is_textual() && b.is_textual()
}

/// Whether both engines order values of a kind alike and know the largest of them.
fn has_extremes(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Text { .. }
            | Kind::Choice(_)
            | Kind::SmallInt
            | Kind::Integer
            | Kind::BigInt
            | Kind::Double
            | Kind::Decimal { .. }
            | Kind::Timestamp
            | Kind::Date
            | Kind::Time
            | Kind::Real
            | Kind::U256
    )
}

/// The kind that a function gives for values of a kind, if it takes them.
pub(super) fn aggregate_kind(function: Function, kind: &Kind) -> Option<Kind> {
    let is_whole = matches!(kind, Kind::SmallInt | Kind::Integer | Kind::BigInt);
    let is_number = is_whole || matches!(kind, Kind::Double | Kind::Decimal { .. });
    match function {
        Function::Count => Some(Kind::BigInt),
        Function::CountDistinct => kind.has_one_spelling().then_some(Kind::BigInt),
        Function::Avg => is_number.then_some(Kind::Double),
        Function::Sum if is_whole => Some(Kind::BigInt),
        Function::Sum => match kind {
            Kind::Double => Some(Kind::Double),
            Kind::Decimal { scale, .. } => Some(Kind::Decimal { precision: 18, scale: *scale }),
            _ => None,
        },
        Function::Min | Function::Max => has_extremes(kind).then(|| kind.clone()),
    }
}
