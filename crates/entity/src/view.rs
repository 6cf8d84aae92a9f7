//! Views: read-only lists that are computed from declared tables whenever they are read.
//!
//! A view shows the rows of one table, or groups of them, each with what other tables know of it:
//!
//! * a **joined** table adds at most one row, found by a key of it, so that a join never repeats
//!   rows and sums stay right;
//! * a **related** table adds many, of which the view shows aggregates alone.
//!
//! Deleted rows and rows of other organisations are left out of every table by themselves.

mod resolve;

use crate::kind::Kind;
use crate::meta::{Direction, List, Str};
use std::fmt;

pub(crate) use resolve::plan;
pub use resolve::{
    FirstRows, Place, Role, ViewCondition, ViewOperand, ViewPlan, ViewSource, ViewValue,
};

/// What a view is computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The table whose rows the view shows, one by one or in groups.
    pub from: Source,
    /// Tables that add to each row.
    pub joins: List<Join>,
    /// Which rows of `from` count; all conditions hold.
    pub conditions: List<Condition>,
    /// What each column shows, in the order of the columns.
    pub shows: List<Shown>,
    /// Which of the rows it keeps, when not all.
    pub first: Option<First>,
}

/// The first rows of a view: of each organisation those, where its rows belong to organisations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// The order that tells which rows come first; the view's key decides between equal ones.
    pub order: List<Ordered>,
    /// How many rows are kept, at least one.
    pub limit: u32,
}

/// A column of the view in an order. Nulls are larger than all values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered {
    /// The column's name.
    pub column: Str,
    /// Which end comes first.
    pub direction: Direction,
}

/// A table under a name of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name that columns are told by.
    pub name: Str,
    /// Schema of the table.
    pub schema: Str,
    /// The table.
    pub table: Str,
}

/// A table that adds to each row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// How it adds.
    pub kind: JoinKind,
    /// The table.
    pub source: Source,
    /// Which of its rows belong to a row; `organization_id` is compared besides between tenant
    /// tables.
    pub on: List<Condition>,
}

/// How a table adds to each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// At most one row, else nulls.
    Left,
    /// One row; without it, the row of `from` is left out.
    Inner,
    /// Any number of rows, shown by aggregates.
    Related,
}

/// A column of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnRef {
    /// Name of the source.
    pub source: Str,
    /// Name of the column.
    pub column: Str,
}

/// A comparison that must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Left side.
    pub left: ColumnRef,
    /// The comparison.
    pub comparison: Comparison,
    /// Right side.
    pub right: Operand,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Equal; with [`Operand::Null`]: is null.
    Equal,
    /// Not equal; with [`Operand::Null`]: is not null.
    NotEqual,
    /// Less.
    Less,
    /// Less or equal.
    AtMost,
    /// Greater.
    Greater,
    /// Greater or equal.
    AtLeast,
}

/// The right side of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A column.
    Column(ColumnRef),
    /// The value with this text form.
    Literal(Str),
    /// The instant so many seconds before the time of the request.
    Ago(u32),
    /// No value.
    Null,
}

/// What a column of a view shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A column.
    Column(ColumnRef),
    /// The beginning of the period that an instant falls into, in UTC.
    Begin(Period, ColumnRef),
    /// The number of rows in the group.
    Rows,
    /// A value over the rows of the group, or over related rows. Nulls don't count.
    Aggregate(Function, ColumnRef),
    /// The value with this text form, the same in every row.
    Constant(Str),
}

/// A period of fixed length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Period {
    /// The name in declarations and in SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// The length in microseconds.
    pub const fn micros(self) -> i64 {
        match self {
            Self::Minute => 60_000_000,
            Self::Hour => 3_600_000_000,
            Self::Day => 86_400_000_000,
        }
    }
}

/// An aggregate function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Number of values.
    Count,
    /// Number of different values.
    CountDistinct,
    /// Sum.
    Sum,
    /// Arithmetic mean, a double.
    Avg,
    /// Smallest.
    Min,
    /// Largest.
    Max,
}

impl Function {
    /// What it gives for values of a kind, if it takes them.
    pub fn result(self, kind: &Kind) -> Option<Kind> {
        resolve::aggregate_kind(self, kind)
    }
}

impl fmt::Display for ColumnRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.source, self.column)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column(column) => column.fmt(f),
            Self::Begin(period, column) => write!(f, "{}({column})", period.as_str()),
            Self::Rows => f.write_str("count(*)"),
            Self::Constant(text) => write!(f, "{text:?}"),
            Self::Aggregate(function, column) => match function {
                Function::Count => write!(f, "count({column})"),
                Function::CountDistinct => write!(f, "count(distinct {column})"),
                Function::Sum => write!(f, "sum({column})"),
                Function::Avg => write!(f, "avg({column})"),
                Function::Min => write!(f, "min({column})"),
                Function::Max => write!(f, "max({column})"),
            },
        }
    }
}

impl Comparison {
    /// The operator in declarations.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.left, self.comparison.as_str())?;
        match &self.right {
            Operand::Column(column) => column.fmt(f),
            Operand::Literal(text) => write!(f, "{text:?}"),
            Operand::Ago(seconds) => write!(f, "ago({seconds} seconds)"),
            Operand::Null => f.write_str("null"),
        }
    }
}
