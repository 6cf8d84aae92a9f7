//! Conditions of permissions: CEL over subject, row and request, compiled once (S3-B149).
//!
//! A condition is an expression that gives true or false, or a list of them that all hold:
//! `row.owner_id == subject.id && inNetwork(request.ip, '10.0.0.0/8')`. What it says of the
//! row becomes a filter of the statement, so that it holds for every row that is answered,
//! counted, embedded, aggregated or changed. What can't be said by a filter is refused when the
//! condition is written.
//!
//! CEL's errors are SQL's nulls: `!` is pushed down to single tests, and a test that can't be
//! made (no such column, another type, nothing to compare) holds neither plain nor negated. So a
//! condition that fails grants nothing.

mod filter;
mod holds;
mod parse;
mod values;

pub(crate) use filter::{all, any, is_nothing, nothing};
pub(crate) use holds::holds;

use cel::IdedExpr;
use mainstay_entity::{Kind, Table};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// Longest expression, in bytes. It has no loops, so this bounds what it costs, too.
const SOURCE_MAX: usize = 2_000;
/// Most expressions of one condition.
const EXPRESSIONS_MAX: usize = 16;

/// When a permission holds. Cheap to evaluate: subject and request are known by then, and the row
/// is the engine's work.
pub struct Condition {
    source: String,
    tree: Tree,
    /// Whether a fault was told already: a condition is evaluated with each request.
    is_told: AtomicBool,
}

/// Tests, combined; negation is part of each test.
#[derive(Debug)]
enum Tree {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Test { test: Test, negated: bool },
}

/// One test. Expressions in it are of subject and request alone.
#[derive(Debug)]
enum Test {
    /// An expression that gives true or false.
    Known(IdedExpr),
    /// A column that is true or false.
    Flag(String),
    /// A column is not null.
    Given(String),
    /// A column compares with a value. `==` and `!=` take null as a value, as CEL does.
    Compare(String, Comparison, IdedExpr),
    /// A column is among the values of a list.
    Among(String, IdedExpr),
    /// A column that is a list has an item.
    Has(String, IdedExpr),
    /// A text column has a part.
    Part(String, Place, IdedExpr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Where a part of a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Start,
    End,
    Anywhere,
}

impl Condition {
    /// Compiles what stands in `conditions`, of one row or of several whose conditions must all
    /// hold: JSON, an expression each or a list of them.
    ///
    /// # Errors
    /// What is wrong with it, for whoever wrote it.
    pub fn compile(documents: &[&str]) -> Result<Self, String> {
        let mut sources = Vec::new();
        for document in documents {
            sources.extend(expressions(document)?);
        }
        let trees = sources.iter().map(|source| parse::tree(source)).collect::<Result<_, _>>()?;
        let source = match sources.as_slice() {
            [source] => source.clone(),
            _ => {
                sources.iter().map(|source| format!("({source})")).collect::<Vec<_>>().join(" && ")
            }
        };
        Ok(Self { source, tree: Tree::All(trees), is_told: AtomicBool::new(false) })
    }

    /// The same, or a condition that never holds where that can't be compiled; the log tells why.
    pub fn compile_or_never(documents: &[&str]) -> Self {
        Self::compile(documents).unwrap_or_else(|fault| {
            let source = documents.join(" && ");
            tracing::warn!(condition = source, fault, "a condition grants nothing");
            Self { source, tree: Tree::Any(Vec::new()), is_told: AtomicBool::new(true) }
        })
    }

    /// What it was compiled from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The columns that it asks about.
    pub fn columns(&self) -> BTreeSet<&str> {
        let mut columns = BTreeSet::new();
        collect_columns(&self.tree, &mut columns);
        columns
    }

    /// Checks that a table has what is asked of its rows.
    ///
    /// # Errors
    /// What is wrong, for whoever wrote the condition.
    pub fn check(&self, table: &Table) -> Result<(), String> {
        check_tree(&self.tree, table)
    }

    /// Tells of a fault once.
    fn tell(&self, fault: &str) {
        if !self.is_told.swap(true, Ordering::Relaxed) {
            tracing::warn!(condition = self.source, fault, "a condition grants nothing");
        }
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Condition").field(&self.source).finish()
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl Test {
    fn column(&self) -> Option<&str> {
        match self {
            Self::Known(_) => None,
            Self::Flag(column)
            | Self::Given(column)
            | Self::Compare(column, ..)
            | Self::Among(column, _)
            | Self::Has(column, _)
            | Self::Part(column, ..) => Some(column),
        }
    }

    /// Whether columns of a kind can be tested so, the same on both engines.
    fn takes(&self, kind: &Kind) -> bool {
        let is_number =
            matches!(kind, Kind::SmallInt | Kind::Integer | Kind::BigInt | Kind::Decimal { .. });
        let is_ordered = is_number
            || kind.is_textual()
            || matches!(kind, Kind::Double | Kind::Timestamp | Kind::Date);
        let is_comparable = is_ordered || matches!(kind, Kind::Uuid | Kind::Boolean | Kind::Inet);
        match self {
            Self::Known(_) => true,
            Self::Flag(_) => *kind == Kind::Boolean,
            Self::Given(_) => *kind != Kind::Secret,
            Self::Compare(_, Comparison::Equal, value) => {
                is_comparable || (values::is_null(value) && *kind != Kind::Secret)
            }
            Self::Among(..) => is_comparable,
            Self::Compare(..) => is_ordered,
            Self::Has(..) => matches!(kind, Kind::List(_)),
            Self::Part(..) => kind.is_textual(),
        }
    }
}

fn collect_columns<'a>(tree: &'a Tree, columns: &mut BTreeSet<&'a str>) {
    match tree {
        Tree::All(parts) | Tree::Any(parts) => {
            for part in parts {
                collect_columns(part, columns);
            }
        }
        Tree::Test { test, .. } => columns.extend(test.column()),
    }
}

fn check_tree(tree: &Tree, table: &Table) -> Result<(), String> {
    match tree {
        Tree::All(parts) | Tree::Any(parts) => {
            parts.iter().try_for_each(|part| check_tree(part, table))
        }
        Tree::Test { test, .. } => {
            let Some(name) = test.column() else {
                return Ok(());
            };
            let table_name = &table.meta.table;
            let Some(column) = table.column_index(name) else {
                return Err(format!("{table_name} has no column {name}"));
            };
            let kind = &table.meta.columns[column].kind;
            if test.takes(kind) {
                return Ok(());
            }
            let kind = kind.name();
            Err(format!("{table_name}.{name} is of type {kind}, which can't be tested like this"))
        }
    }
}

/// The expressions in a document.
fn expressions(document: &str) -> Result<Vec<String>, String> {
    let what =
        || "expected a CEL expression as a string, or a list of them that all hold".to_owned();
    let list = match serde_json::from_str(document) {
        Ok(serde_json::Value::String(source)) => return Ok(vec![source]),
        Ok(serde_json::Value::Array(list)) if (1..=EXPRESSIONS_MAX).contains(&list.len()) => list,
        _ => return Err(what()),
    };
    let source = |item: serde_json::Value| match item {
        serde_json::Value::String(source) => Ok(source),
        _ => Err(what()),
    };
    list.into_iter().map(source).collect()
}

#[cfg(test)]
mod tests;
