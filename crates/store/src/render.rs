//! Rendering: a query on metadata becomes SQL text of one engine.
//!
//! Every table that a statement mentions passes through [`scope::reach`], so no statement can
//! forget the caller's reach.

mod aggregate;
pub(crate) mod change;
pub(crate) mod expression;
mod filter;
mod formula;
mod joined;
mod keyset;
pub(crate) mod scope;
mod search;
pub(crate) mod select;
mod take;
pub(crate) mod view;

use crate::access::Access;
use crate::statement::{Param, Statement};
use mainstay_entity::{Kind, Table, Value};

/// Which SQL is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `SQLite` with the functions of `sqlite/functions.rs`.
    Sqlite,
    /// `PostgreSQL` 15 or newer.
    Postgres,
}

/// A statement being written.
pub(crate) struct Sql<'a> {
    pub(crate) dialect: Dialect,
    pub(crate) access: &'a Access,
    text: String,
    params: Vec<Param>,
    aliases: u32,
    /// The parameter that is the time of the request, from 1.
    now: Option<usize>,
}

impl<'a> Sql<'a> {
    pub(crate) fn new(dialect: Dialect, access: &'a Access) -> Self {
        let text = String::with_capacity(512);
        Self { dialect, access, text, params: Vec::new(), aliases: 0, now: None }
    }

    /// Writes SQL text as it is.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Writes a column of an aliased table, or what computes it.
    pub(crate) fn push_column(&mut self, alias: &str, table: &Table, index: usize) -> &mut Self {
        if let Some(computed) = table.computed(index) {
            formula::computed(self, alias, computed);
            return self;
        }
        let name = table.column_name(index);
        self.push(alias).push(".");
        if name.contains('"') {
            self.push(&quote(name))
        } else {
            self.push("\"").push(name).push("\"")
        }
    }

    /// Writes a placeholder for a value of a column of this kind.
    pub(crate) fn bind(&mut self, kind: &Kind, value: Value) {
        let value = self.engine_value(kind, value);
        self.placeholder(Param::Value(value));
    }

    /// Writes `IN (list)` for values of this kind.
    pub(crate) fn bind_in(&mut self, kind: &Kind, values: Vec<Value>) {
        let values = values.into_iter().map(|v| self.engine_value(kind, v)).collect();
        match self.dialect {
            Dialect::Sqlite => {
                self.push(" IN rarray(");
            }
            Dialect::Postgres => {
                self.push(" = ANY(");
            }
        }
        self.placeholder(Param::List(values));
        self.push(")");
    }

    /// Writes the time of the request, one parameter however often it stands there; where there is
    /// none, the query's own time.
    fn push_now(&mut self) {
        match (self.access.now(), self.dialect) {
            (Some(now), dialect) => {
                let is_postgres = dialect == Dialect::Postgres;
                self.push(if is_postgres { "CAST(" } else { "" });
                match self.now {
                    Some(position) => self.mention(position),
                    None => {
                        self.bind(&Kind::Timestamp, Value::Timestamp(now.as_microsecond()));
                        self.now = Some(self.params.len());
                    }
                }
                self.push(if is_postgres { " AS timestamptz)" } else { "" });
            }
            (None, Dialect::Postgres) => {
                self.push("now()");
            }
            (None, Dialect::Sqlite) => {
                self.push("CAST(unixepoch('subsec') * 1000000 AS INTEGER)");
            }
        }
    }

    /// A table alias not used so far.
    pub(crate) fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("t{}", self.aliases)
    }

    pub(crate) fn finish(self) -> Statement {
        Statement { sql: self.text, params: self.params }
    }

    fn placeholder(&mut self, param: Param) {
        self.params.push(param);
        self.mention(self.params.len());
    }

    /// Writes the parameter at a position, from 1.
    fn mention(&mut self, position: usize) {
        self.text.push(match self.dialect {
            Dialect::Sqlite => '?',
            Dialect::Postgres => '$',
        });
        self.text.push_str(&position.to_string());
    }

    /// A value in the engine's representation, where that differs from the model's.
    fn engine_value(&self, kind: &Kind, value: Value) -> Value {
        match (self.dialect, kind, value) {
            (Dialect::Sqlite, Kind::U256, Value::Text(digits)) => {
                Value::Text(format!("{digits:0>78}"))
            }
            (_, _, value) => value,
        }
    }
}

/// An identifier in double quotes.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text literal.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The quoted name of a table.
pub(crate) fn table_name(dialect: Dialect, table: &Table) -> String {
    let (schema, name) = (&table.meta.schema, &table.meta.table);
    match dialect {
        Dialect::Postgres => format!("{}.{}", quote(schema), quote(name)),
        Dialect::Sqlite => quote(&flat_name(schema, name)),
    }
}

/// The name of a table on `SQLite`, which has no schemas.
pub(crate) fn flat_name(schema: &str, table: &str) -> String {
    if schema == "mainstay" { table.to_owned() } else { format!("{schema}__{table}") }
}

/// A column of an aliased table.
pub(crate) fn column(alias: &str, table: &Table, index: usize) -> String {
    format!("{alias}.{}", quote(table.column_name(index)))
}
