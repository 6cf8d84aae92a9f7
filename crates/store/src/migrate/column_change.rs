//! Changes of one column.

use super::plan::Risk;
use crate::render::{Dialect, quote};
use crate::schema::{ColumnDefinition, TableName};

/// A column that differs between the declaration and the record. One of the two is there.
#[derive(Debug)]
pub(super) struct ColumnChange {
    pub(super) table: TableName,
    pub(super) column: String,
    pub(super) old: Option<ColumnDefinition>,
    pub(super) new: Option<ColumnDefinition>,
}

/// How a column's values reach a new type.
#[derive(Debug, PartialEq)]
pub(super) enum Conversion {
    /// They stay as they are.
    Keep,
    /// This expression gives them.
    Compute { expression: String, risk: Risk },
    /// They are lost.
    Replace,
}

impl ColumnChange {
    /// How values reach the new type; `Keep` for a column that is new or no longer declared.
    pub(super) fn conversion(&self, dialect: Dialect) -> Conversion {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) if old.data_type != new.data_type => {
                conversion(dialect, &quote(&self.column), old.kind(), new.kind())
            }
            _ => Conversion::Keep,
        }
    }

    /// Whether values become required.
    pub(super) fn becomes_required(&self) -> bool {
        matches!((&self.old, &self.new), (Some(old), Some(new)) if new.not_null && !old.not_null)
    }

    /// Whether the column is no longer declared, and rows can't be added without it.
    pub(super) fn needs_relaxing(&self) -> bool {
        self.new.is_none() && self.old.as_ref().is_some_and(|old| !old.is_optional())
    }

    pub(super) fn risk(&self, dialect: Dialect) -> Risk {
        let own = match (&self.old, &self.new) {
            (None, Some(new)) if !new.is_optional() => Risk::Rewrite,
            _ if self.becomes_required() => Risk::Rewrite,
            _ => Risk::Additive,
        };
        let converted = match self.conversion(dialect) {
            Conversion::Keep => Risk::Additive,
            Conversion::Compute { risk, .. } => risk,
            Conversion::Replace => Risk::DataLoss,
        };
        own.max(converted)
    }

    /// What happens, in words.
    pub(super) fn describe(&self, dialect: Dialect) -> String {
        let column = format!("column {}.{}", self.table, self.column);
        let (old, new) = match (&self.old, &self.new) {
            (Some(old), Some(new)) => (old, new),
            (None, Some(new)) if !new.is_optional() => {
                return format!(
                    "add {column}, which is required and has no default: \
                                it fails if there are rows"
                );
            }
            (None, _) => return format!("add {column}"),
            (Some(_), None) => return format!("allow {column}, no longer declared, to be null"),
        };
        let mut parts = Vec::new();
        match self.conversion(dialect) {
            Conversion::Keep => {}
            Conversion::Compute { .. } => {
                parts.push(format!("from {} to {}", old.kind(), new.kind()));
            }
            Conversion::Replace => {
                parts.push(format!("from {} to {}: its values are lost", old.kind(), new.kind()));
            }
        }
        if self.becomes_required() {
            parts.push(match new.default {
                Some(_) => "make it required: nulls become the default".to_owned(),
                None => "make it required: it fails if there are nulls".to_owned(),
            });
        } else if old.not_null && !new.not_null {
            parts.push("let it be null".to_owned());
        }
        if old.default != new.default {
            parts.push("change its default".to_owned());
        }
        format!("change {column} ({})", parts.join("; "))
    }
}

fn conversion(dialect: Dialect, column: &str, old: &str, new: &str) -> Conversion {
    if old == new {
        return Conversion::Keep;
    }
    let computed = if let (Some(old), Some(new)) = (Number::parse(old), Number::parse(new)) {
        old.convert(new, dialect, column)
    } else if new == "text" {
        as_text(dialect, column, old).map(|expression| (expression, Risk::Rewrite))
    } else {
        None
    };
    match computed {
        Some((expression, risk)) => Conversion::Compute { expression, risk },
        None => Conversion::Replace,
    }
}

/// A type of exact numbers.
#[derive(Clone, Copy)]
struct Number {
    /// Digits before the point.
    whole: u8,
    scale: u8,
    is_integer: bool,
}

impl Number {
    fn parse(kind: &str) -> Option<Self> {
        let integer = |whole| Some(Self { whole, scale: 0, is_integer: true });
        match kind {
            "smallint" => integer(5),
            "integer" => integer(10),
            "bigint" => integer(19),
            _ => {
                let inner = kind.strip_prefix("numeric(")?.strip_suffix(')')?;
                let (precision, scale) = inner.split_once(',')?;
                let (precision, scale): (u8, u8) = (precision.parse().ok()?, scale.parse().ok()?);
                let whole = precision.checked_sub(scale).filter(|_| precision <= 18)?;
                Some(Self { whole, scale, is_integer: false })
            }
        }
    }

    fn convert(self, new: Self, dialect: Dialect, column: &str) -> Option<(String, Risk)> {
        let widens = new.whole >= self.whole && new.scale >= self.scale;
        let is_free = !self.is_integer && !new.is_integer && self.scale == new.scale;
        let risk = match (widens, is_free) {
            (true, true) => Risk::Additive,
            (true, false) => Risk::Rewrite,
            (false, _) => Risk::DataLoss,
        };
        let factor = |digits: u8| 10_i64.checked_pow(u32::from(digits));
        let expression = match dialect {
            Dialect::Postgres => column.to_owned(),
            Dialect::Sqlite if new.scale == self.scale => column.to_owned(),
            Dialect::Sqlite if new.scale > self.scale => {
                format!("{column} * {}", factor(new.scale - self.scale)?)
            }
            Dialect::Sqlite => {
                let factor = factor(self.scale - new.scale)?;
                let half = factor / 2;
                format!(
                    "({column} + CASE WHEN {column} < 0 THEN -{half} ELSE {half} END) / {factor}"
                )
            }
        };
        Some((expression, risk))
    }
}

fn as_text(dialect: Dialect, column: &str, old: &str) -> Option<String> {
    if !matches!(
        old,
        "smallint" | "integer" | "bigint" | "boolean" | "date" | "inet" | "uuid" | "jsonb"
    ) {
        return None;
    }
    Some(match (dialect, old) {
        (Dialect::Postgres, "inet") => format!("host({column})"),
        (Dialect::Postgres, _) => format!("{column}::text"),
        (Dialect::Sqlite, "boolean") => {
            format!("CASE {column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END")
        }
        (Dialect::Sqlite, "uuid") => {
            let digits =
                |from: u8, count: u8| format!("substr(lower(hex({column})), {from}, {count})");
            let groups = [digits(1, 8), digits(9, 4), digits(13, 4), digits(17, 4), digits(21, 12)];
            format!("CASE WHEN {column} IS NOT NULL THEN {} END", groups.join(" || '-' || "))
        }
        (Dialect::Sqlite, _) => format!("CAST({column} AS TEXT)"),
    })
}
