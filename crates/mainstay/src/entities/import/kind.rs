//! The types of other databases in the words of declarations.

use super::yaml::{self, Map};
use mainstay_store::introspect::Column;

/// What a column holds.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    /// `type` with what belongs to it.
    pub(super) keys: Map,
    /// What that is.
    pub(super) base: Base,
    /// How it differs from what the column was.
    pub(super) note: Option<String>,
}

/// What a kind is, as far as defaults and conditions depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    Uuid,
    Text,
    Boolean,
    /// A whole number.
    Whole,
    /// An exact number.
    Number,
    /// A double or a single.
    Double,
    Timestamp,
    Json,
    Choice,
    Other,
}

impl Kind {
    fn new(name: &str, base: Base) -> Self {
        let mut keys = Map::default();
        keys.put("type", name);
        Self { keys, base, note: None }
    }

    fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.keys.put(key, value);
        self
    }

    fn noted(mut self, note: String) -> Self {
        self.note = Some(note);
        self
    }
}

/// A type taken apart: `character varying(20)[]` is a list of `character varying` with `20`.
struct Written<'t> {
    name: String,
    arguments: Vec<&'t str>,
    is_list: bool,
}

impl<'t> Written<'t> {
    fn read(text: &'t str) -> Self {
        let item = text.trim().trim_end_matches("[]");
        let is_list = item.len() < text.trim().len();
        let (before, arguments, after) = match item.split_once('(') {
            Some((before, rest)) => {
                let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
                (before, inside.split(',').map(str::trim).collect(), after)
            }
            None => (item, Vec::new(), ""),
        };
        let words = before.split_whitespace().chain(after.split_whitespace());
        let name = words.collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        Self { name, arguments, is_list }
    }

    fn number(&self, index: usize) -> Option<u32> {
        self.arguments.get(index)?.parse().ok()
    }
}

/// Digits of the longest exact number.
const DIGITS_MAX: u32 = 18;

/// The kind of a column of PostgreSQL.
pub(super) fn of_postgres(column: &Column) -> Kind {
    let written = Written::read(&column.data_type);
    if written.is_list {
        return list(column, &written);
    }
    if !column.labels.is_empty() {
        return Kind::new("choice", Base::Choice).with("values", yaml::list(&column.labels));
    }
    let kept_as = |name: &str, base| {
        Kind::new(name, base).noted(format!("{} is kept as {name}", column.data_type))
    };
    match written.name.as_str() {
        "uuid" => Kind::new("uuid", Base::Uuid),
        "boolean" => Kind::new("boolean", Base::Boolean),
        "smallint" | "integer" | "bigint" => Kind::new(&written.name, Base::Whole),
        "real" => Kind::new("real", Base::Double),
        "double precision" => Kind::new("double", Base::Double),
        "numeric" => numeric(column, &written),
        "money" => kept_as("numeric", Base::Number)
            .with("precision", DIGITS_MAX.to_string())
            .with("scale", "2"),
        "text" => Kind::new("text", Base::Text),
        "character varying" => text(written.number(0)),
        "character" => text(written.number(0).or(Some(1)))
            .noted(format!("{} is kept as text, without blanks at its end", column.data_type)),
        "timestamp with time zone" => Kind::new("timestamptz", Base::Timestamp),
        "timestamp without time zone" => kept_as("timestamptz", Base::Timestamp),
        "date" | "interval" | "inet" | "bytea" => Kind::new(&written.name, Base::Other),
        "time without time zone" => Kind::new("time", Base::Other),
        "time with time zone" => kept_as("time", Base::Other),
        "jsonb" => Kind::new("jsonb", Base::Json),
        "json" => kept_as("jsonb", Base::Json),
        "int4range" | "int8range" | "numrange" | "tstzrange" | "daterange" => {
            Kind::new(&written.name, Base::Other)
        }
        "tsrange" => kept_as("tstzrange", Base::Other),
        "oid" => kept_as("bigint", Base::Whole),
        _ => kept_as("text", Base::Text),
    }
}

/// The kind of a column of SQLite, where a type is any text and values may be of any.
pub(super) fn of_sqlite(column: &Column) -> Kind {
    let written = Written::read(&column.data_type);
    let name = written.name.as_str();
    let has = |part: &str| name.contains(part);
    match name {
        "uuid" | "guid" | "uniqueidentifier" => Kind::new("uuid", Base::Uuid),
        "bool" | "boolean" => Kind::new("boolean", Base::Boolean),
        "smallint" | "int2" => Kind::new("smallint", Base::Whole),
        "date" => Kind::new("date", Base::Other),
        "time" => Kind::new("time", Base::Other),
        "datetime" | "timestamptz" => Kind::new("timestamptz", Base::Timestamp),
        "json" | "jsonb" => Kind::new("jsonb", Base::Json),
        "numeric" | "decimal" | "number" => numeric(column, &written),
        "" => Kind::new("text", Base::Text).noted("a column without a type is text".to_owned()),
        // From here on as SQLite finds the affinity of a type (datatype3, 3.1).
        _ if has("timestamp") => Kind::new("timestamptz", Base::Timestamp),
        _ if has("int") => Kind::new("bigint", Base::Whole),
        _ if has("char") || has("clob") || has("text") => text(written.number(0)),
        _ if has("blob") => Kind::new("bytea", Base::Other),
        _ if has("real") || has("floa") || has("doub") => Kind::new("double", Base::Double),
        _ => Kind::new("text", Base::Text).noted(format!("{} is kept as text", column.data_type)),
    }
}

fn text(max: Option<u32>) -> Kind {
    let text = Kind::new("text", Base::Text);
    match max {
        Some(max) => text.with("max", max.to_string()),
        None => text,
    }
}

fn numeric(column: &Column, written: &Written<'_>) -> Kind {
    let exact = |precision: u32, scale: u32| {
        Kind::new("numeric", Base::Number)
            .with("precision", precision.to_string())
            .with("scale", scale.to_string())
    };
    match (written.number(0), written.number(1)) {
        (Some(precision), scale) if precision <= DIGITS_MAX => exact(precision, scale.unwrap_or(0)),
        (Some(_), scale) => exact(DIGITS_MAX, scale.unwrap_or(0).min(DIGITS_MAX))
            .noted(format!("{} is kept with {DIGITS_MAX} digits", column.data_type)),
        (None, _) => exact(DIGITS_MAX, 6).noted(format!(
            "{} says no digits: {DIGITS_MAX} with 6 after the point are kept",
            column.data_type
        )),
    }
}

fn list(column: &Column, written: &Written<'_>) -> Kind {
    let of = match written.name.as_str() {
        "uuid" | "boolean" | "smallint" | "integer" | "bigint" | "real" | "numeric" | "text"
        | "date" => written.name.as_str(),
        "double precision" => "double",
        "timestamp with time zone" => "timestamptz",
        "character varying" | "character" => "text",
        _ if !column.labels.is_empty() => "text",
        _ => {
            let note = format!("{} is kept as jsonb", column.data_type);
            return Kind::new("jsonb", Base::Json).noted(note);
        }
    };
    let list = Kind::new("list", Base::Other).with("of", of);
    if of == written.name || matches!(of, "double" | "timestamptz") {
        return list;
    }
    list.noted(format!("{} is kept as a list of {of}", column.data_type))
}
