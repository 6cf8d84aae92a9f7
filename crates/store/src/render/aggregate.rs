//! Aggregates, which give the same value on both engines: exact numbers are summed exactly, doubles
//! in the order of their size.

use super::expression::{self, kind_of};
use super::{Dialect, Sql};
use crate::query::{Aggregate, Expression};
use mainstay_entity::{Kind, Table};

impl Aggregate {
    /// The kind of its values over values of a kind, as PostgreSQL's functions have it.
    pub fn result(self, argument: &Kind) -> Kind {
        match (self, argument) {
            (Self::Count, _) | (Self::Sum, Kind::SmallInt | Kind::Integer) => Kind::BigInt,
            (Self::Sum | Self::Avg, Kind::Double) => Kind::Double,
            (Self::Sum | Self::Avg, _) => Kind::NUMERIC,
            (Self::Max | Self::Min, kind) => kind.clone(),
        }
    }
}

/// Writes an aggregate of the rows of a group.
pub(super) fn write(
    sql: &mut Sql<'_>,
    (alias, table): (&str, &Table),
    function: Aggregate,
    argument: Option<&Expression>,
) {
    let Some(argument) = argument else {
        sql.push("count(*)");
        return;
    };
    let call = Call { alias, table, argument };
    match (function, kind_of(table, argument)) {
        (Aggregate::Count, _) => call.write(sql, "count(", ")"),
        (Aggregate::Max, _) => call.write(sql, "max(", ")"),
        (Aggregate::Min, _) => call.write(sql, "min(", ")"),
        (Aggregate::Sum, Kind::SmallInt | Kind::Integer) => call.write(sql, "sum(", ")"),
        (Aggregate::Sum, Kind::Double) => call.sum_of_doubles(sql),
        (Aggregate::Avg, Kind::Double) => {
            sql.push("(");
            call.sum_of_doubles(sql);
            call.write(sql, " / count(", "))");
        }
        (Aggregate::Sum, kind) => call.exact(sql, "sum(", "ms_exact_sum(", &kind),
        (Aggregate::Avg, kind) => call.exact(sql, "avg(", "ms_exact_avg(", &kind),
    }
}

struct Call<'a> {
    alias: &'a str,
    table: &'a Table,
    argument: &'a Expression,
}

impl Call<'_> {
    fn write(&self, sql: &mut Sql<'_>, before: &str, after: &str) {
        sql.push(before);
        expression::write_collated(sql, self.alias, self.table, self.argument);
        sql.push(after);
    }

    /// Doubles are added in the order of their size, one after the other.
    fn sum_of_doubles(&self, sql: &mut Sql<'_>) {
        let before = match sql.dialect {
            Dialect::Postgres => "sum(",
            Dialect::Sqlite => "ms_sum(",
        };
        self.write(sql, before, "");
        self.write(sql, " ORDER BY ", ")");
    }

    fn exact(&self, sql: &mut Sql<'_>, postgres: &str, sqlite: &str, kind: &Kind) {
        match sql.dialect {
            Dialect::Postgres => self.write(sql, postgres, ")"),
            Dialect::Sqlite => {
                let scale = if let Kind::Decimal { scale, .. } = kind { *scale } else { 0 };
                self.write(sql, sqlite, &format!(", {scale})"));
            }
        }
    }
}
