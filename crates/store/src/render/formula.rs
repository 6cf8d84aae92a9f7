//! Computed columns: their formulas, written where the column's name would stand.
//!
//! Nothing but the time of the request is a parameter, and that is the same one wherever it
//! stands, so that an engine knows equal formulas as equal when it groups by them.

use super::{Dialect, Sql, expression, quote, view};
use crate::query::Cast;
use mainstay_entity::formula::Arithmetic;
use mainstay_entity::meta::Computed;
use mainstay_entity::view::Comparison;
use mainstay_entity::{Formula, Kind, Value};

/// Writes a computed column of an aliased table.
pub(super) fn computed(sql: &mut Sql<'_>, alias: &str, computed: &Computed) {
    let (kind, formula) = (&computed.column.kind, &computed.formula);
    let mut writer = Writer { sql, alias };
    let scale = if let Kind::Decimal { scale, .. } = kind { *scale } else { 0 };
    match writer.sql.dialect {
        Dialect::Sqlite => writer.scaled(formula, scale),
        Dialect::Postgres => {
            let (name, collation) = match kind {
                kind if kind.is_textual() => ("text".into(), " COLLATE \"C\""),
                kind => (kind.name(), ""),
            };
            writer.sql.push("(CAST(");
            writer.value(formula);
            writer.sql.push(" AS ").push(&name).push(")").push(collation).push(")");
        }
    }
}

struct Writer<'w, 's> {
    sql: &'w mut Sql<'s>,
    alias: &'w str,
}

impl Writer<'_, '_> {
    fn push(&mut self, text: &str) {
        self.sql.push(text);
    }

    /// Writes a value, an exact number of `SQLite` in units of its own scale.
    fn value(&mut self, formula: &Formula) {
        match formula {
            Formula::Column(name, kind) => self.column(name, kind),
            Formula::Literal(kind, value) => view::constant(self.sql, kind, value),
            Formula::Null => self.push("NULL"),
            Formula::Now => self.sql.push_now(),
            Formula::Concat(a, b) => self.infix(a, " || ", b),
            Formula::Arithmetic(operation, a, b) => self.arithmetic(*operation, a, b),
            Formula::Negate(of) => self.call("(-", of, ")"),
            Formula::Elapsed(a, b) => self.elapsed(a, b),
            Formula::Compare(comparison, a, b) => self.compare(*comparison, a, b),
            Formula::IsNull(of) => self.call("(", of, " IS NULL)"),
            Formula::Among(of, list) => self.among(of, list),
            Formula::And(a, b) => self.infix(a, " AND ", b),
            Formula::Or(a, b) => self.infix(a, " OR ", b),
            Formula::Not(of) => self.call("(NOT ", of, ")"),
            Formula::Choose(condition, a, b) => self.choose(condition, a, b, formula.scale()),
            Formula::Size(of) => self.call("length(", of, ")"),
            Formula::Contains(text, part) => self.contains(text, part),
            Formula::StartsWith(of, part) => {
                let length = part.chars().count();
                self.call("(substr(", of, &format!(", 1, {length}) = "));
                self.text(part);
                self.push(")");
            }
            Formula::EndsWith(of, part) => self.ends_with(of, part),
            Formula::Substring(of, start, length) => {
                let length = length.map_or(String::new(), |length| format!(", {length}"));
                self.call("substr(", of, &format!(", {}{length})", u64::from(*start) + 1));
            }
            Formula::LowerAscii(of) => self.letters("lower(", of),
            Formula::UpperAscii(of) => self.letters("upper(", of),
            Formula::AsText(of) => self.as_text(of),
        }
    }

    /// `PostgreSQL` computes with whole numbers of 64 bits, as `SQLite` always does.
    fn column(&mut self, name: &str, kind: &Kind) {
        let column = format!("{}.{}", self.alias, quote(name));
        match (self.sql.dialect, kind) {
            (
                Dialect::Postgres,
                Kind::SmallInt | Kind::Integer | Kind::Decimal { scale: 0, .. },
            ) => {
                self.push(&format!("CAST({column} AS bigint)"));
            }
            _ => self.push(&column),
        }
    }

    fn text(&mut self, text: &str) {
        view::constant(self.sql, &Kind::Text { max: None }, &Value::Text(text.to_owned()));
    }

    fn call(&mut self, before: &str, of: &Formula, after: &str) {
        self.push(before);
        self.value(of);
        self.push(after);
    }

    fn infix(&mut self, a: &Formula, operator: &str, b: &Formula) {
        self.call("(", a, operator);
        self.call("", b, ")");
    }

    /// Writes a number; `SQLite` keeps exact ones as units, which are brought to `scale`.
    fn scaled(&mut self, formula: &Formula, scale: u8) {
        let zeros = scale.saturating_sub(formula.scale());
        let is_number = formula.is_number();
        if self.sql.dialect == Dialect::Postgres || !is_number || zeros == 0 {
            return self.value(formula);
        }
        let factor = 10_i64.saturating_pow(u32::from(zeros));
        self.call("(", formula, &format!(" * {factor})"));
    }

    fn arithmetic(&mut self, operation: Arithmetic, a: &Formula, b: &Formula) {
        let common = a.scale().max(b.scale());
        let operator = match operation {
            Arithmetic::Add => " + ",
            Arithmetic::Subtract => " - ",
            Arithmetic::Multiply => return self.infix(a, " * ", b),
            Arithmetic::Divide => return self.divide(a, " / ", b),
            Arithmetic::Remainder => return self.divide(a, " % ", b),
        };
        self.push("(");
        self.scaled(a, common);
        self.push(operator);
        self.scaled(b, common);
        self.push(")");
    }

    fn divide(&mut self, a: &Formula, operator: &str, b: &Formula) {
        self.call("(", a, operator);
        self.call("NULLIF(", b, ", 0))");
    }

    fn elapsed(&mut self, a: &Formula, b: &Formula) {
        match self.sql.dialect {
            Dialect::Sqlite => self.infix(a, " - ", b),
            Dialect::Postgres => {
                self.push("CAST(EXTRACT(EPOCH FROM ");
                self.infix(a, " - ", b);
                self.push(") * 1000000 AS bigint)");
            }
        }
    }

    fn compare(&mut self, comparison: Comparison, a: &Formula, b: &Formula) {
        let operator = match comparison {
            Comparison::NotEqual => "<>",
            other => other.as_str(),
        };
        let common = a.scale().max(b.scale());
        self.push("(");
        self.scaled(a, common);
        self.collate(a);
        self.push(" ");
        self.push(operator);
        self.push(" ");
        self.scaled(b, common);
        self.push(")");
    }

    fn among(&mut self, of: &Formula, list: &[Formula]) {
        let common = list.iter().map(Formula::scale).fold(of.scale(), u8::max);
        self.push("(");
        self.scaled(of, common);
        self.collate(of);
        for (position, item) in list.iter().enumerate() {
            self.push(if position == 0 { " IN (" } else { ", " });
            self.scaled(item, common);
        }
        self.push("))");
    }

    /// Texts are compared by code point, wherever they come from.
    fn collate(&mut self, of: &Formula) {
        if self.sql.dialect == Dialect::Postgres && of.kind().is_textual() {
            self.push(" COLLATE \"C\"");
        }
    }

    fn choose(&mut self, condition: &Formula, a: &Formula, b: &Formula, scale: u8) {
        self.call("(CASE WHEN ", condition, " THEN ");
        self.scaled(a, scale);
        self.push(" ELSE ");
        self.scaled(b, scale);
        self.push(" END)");
    }

    fn contains(&mut self, text: &Formula, part: &Formula) {
        let function = match self.sql.dialect {
            Dialect::Postgres => "(strpos(",
            Dialect::Sqlite => "(instr(",
        };
        self.call(function, text, ", ");
        self.call("", part, ") > 0)");
    }

    fn ends_with(&mut self, of: &Formula, part: &str) {
        let length = part.chars().count();
        match self.sql.dialect {
            Dialect::Postgres => self.call("(right(", of, &format!(", {length}) = ")),
            Dialect::Sqlite => self.call("(substr(", of, &format!(", -{length}) = ")),
        }
        self.text(part);
        self.push(")");
    }

    /// Under the collation "C", `PostgreSQL` knows the letters of ASCII alone, as `SQLite` does.
    fn letters(&mut self, function: &str, of: &Formula) {
        self.call(function, of, "");
        self.collate(of);
        self.push(")");
    }

    fn as_text(&mut self, of: &Formula) {
        let kind = of.kind();
        let alias = self.alias;
        expression::write_cast_of(self.sql, &kind, Cast::Text, |sql| {
            let is_exact = matches!(kind, Kind::Decimal { .. });
            let digits = is_exact && sql.dialect == Dialect::Postgres;
            sql.push(if digits { "CAST(" } else { "" });
            Writer { sql, alias }.value(of);
            if digits {
                sql.push(" AS ").push(&kind.name()).push(")");
            }
        });
    }
}
