//! Plans: how an engine would run a read, told without running it.
//!
//! Only the statement of the list itself is explained: those of related records are made when their
//! parents are known. An engine's estimates follow from the rows of all organisations, so operators
//! decide whether plans are told.

use crate::access::Access;
use crate::assemble::Assembly;
use crate::error::{Error, Result};
use crate::query::Read;
use crate::render::Dialect;
use crate::statement::Statement;
use crate::store::Store;
use mainstay_entity::json::escape_into;
use mainstay_entity::{Kind, Record, Value};

/// How a plan is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explain {
    /// One JSON document instead of lines of text.
    pub json: bool,
    /// With what each step gives (`PostgreSQL` alone).
    pub verbose: bool,
}

impl Store {
    /// How the engine would run a read.
    pub async fn explain(&self, access: &Access, read: Read, explain: Explain) -> Result<String> {
        let Statement { sql, params } = Assembly::new(self.dialect(), access, read).of_root();
        let (before, kinds) = match self.dialect() {
            Dialect::Postgres => {
                let (format, kind) = if explain.json {
                    ("JSON", Kind::Json)
                } else {
                    ("TEXT", Kind::Text { max: None })
                };
                let verbose = if explain.verbose { "VERBOSE, " } else { "" };
                (format!("EXPLAIN ({verbose}FORMAT {format}) "), vec![kind])
            }
            Dialect::Sqlite => {
                let number = || Kind::BigInt;
                let kinds = vec![number(), number(), number(), Kind::Text { max: None }];
                ("EXPLAIN QUERY PLAN ".to_owned(), kinds)
            }
        };
        let statement = Statement { sql: before + &sql, params };
        let rows = self.rows(access, statement, kinds).await?;
        match self.dialect() {
            Dialect::Postgres => lines(&rows),
            Dialect::Sqlite => {
                let steps = rows.iter().map(Step::read).collect::<Result<Vec<_>>>()?;
                Ok(if explain.json { json(&steps) } else { text(&steps) })
            }
        }
    }
}

/// The only column of each row, a line.
fn lines(rows: &[Record]) -> Result<String> {
    let line = |row: &Record| match row.0.first() {
        Some(Value::Text(line) | Value::Json(line)) => Ok(line.clone()),
        _ => Err(Error::internal("a plan is not made of lines")),
    };
    Ok(rows.iter().map(line).collect::<Result<Vec<_>>>()?.join("\n"))
}

/// A step of `SQLite`'s plan: the steps inside it name it.
struct Step<'a> {
    id: i64,
    parent: i64,
    detail: &'a str,
}

impl<'a> Step<'a> {
    fn read(row: &'a Record) -> Result<Self> {
        match row.0.as_slice() {
            [Value::Int(id), Value::Int(parent), _, Value::Text(detail)] => {
                Ok(Self { id: *id, parent: *parent, detail })
            }
            _ => Err(Error::internal("a plan is not made of steps")),
        }
    }
}

/// Lines, each indented by how deep it is.
fn text(steps: &[Step<'_>]) -> String {
    let mut depths: Vec<(i64, usize)> = Vec::with_capacity(steps.len());
    let mut lines = vec!["QUERY PLAN".to_owned()];
    for step in steps {
        let around = depths.iter().rev().find(|(id, _)| *id == step.parent);
        let depth = around.map_or(1, |(_, depth)| depth + 1);
        depths.push((step.id, depth));
        lines.push(format!("{}{}", "  ".repeat(depth), step.detail));
    }
    lines.join("\n")
}

/// In the form of `PostgreSQL`'s plans.
fn json(steps: &[Step<'_>]) -> String {
    let mut out = br#"[{"Plan":{"Node Type":"Query""#.to_vec();
    inside(&mut out, steps, 0);
    out.extend_from_slice(b"}}]");
    String::from_utf8_lossy(&out).into_owned()
}

/// The steps inside one; a step stands behind the one that it is inside of.
fn inside(out: &mut Vec<u8>, steps: &[Step<'_>], parent: i64) {
    let mut any = false;
    for (position, step) in steps.iter().enumerate().filter(|(_, step)| step.parent == parent) {
        out.extend_from_slice(if any { b"," } else { b",\"Plans\":[" });
        any = true;
        out.extend_from_slice(b"{\"Node Type\":");
        escape_into(out, step.detail);
        inside(out, &steps[position + 1..], step.id);
        out.push(b'}');
    }
    if any {
        out.push(b']');
    }
}
