//! Types by `PostgreSQL`'s names.

use mainstay_entity::{ItemKind, Kind, RangeKind};

/// The types that a column can have, for suggestions.
pub(crate) const NAMES: [&str; 23] = [
    "uuid",
    "text",
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "double",
    "real",
    "numeric",
    "timestamptz",
    "date",
    "time",
    "interval",
    "int4range",
    "int8range",
    "numrange",
    "daterange",
    "tstzrange",
    "jsonb",
    "inet",
    "bytea",
    "choice",
    "list",
];

/// What a type's name stands for.
pub(crate) enum Type {
    /// A kind without parameters.
    Plain(Kind),
    /// Text, whose `max` is its length.
    Text,
    /// `numeric` with `precision` and `scale`.
    Numeric,
    /// `choice` with `values`.
    Choice,
    /// `list` with `of`, or `of` itself, as in `text[]`.
    List(Option<ItemKind>),
}

/// Why a type can't be had, and what to write instead.
pub(crate) struct Refusal {
    pub(crate) reason: &'static str,
    pub(crate) fix: &'static str,
}

/// The type of a name. None is unknown; a type that engines can't keep alike is refused.
pub(crate) fn by_name(name: &str) -> Option<Result<Type, Refusal>> {
    if let Some(item) = name.strip_suffix("[]") {
        return item_by_name(item).map(|item| Ok(Type::List(Some(item))));
    }
    Some(Ok(match name {
        "uuid" => Type::Plain(Kind::Uuid),
        "text" | "varchar" | "character varying" => Type::Text,
        "boolean" | "bool" => Type::Plain(Kind::Boolean),
        "smallint" | "int2" => Type::Plain(Kind::SmallInt),
        "integer" | "int" | "int4" => Type::Plain(Kind::Integer),
        "bigint" | "int8" => Type::Plain(Kind::BigInt),
        "double" | "double precision" | "float8" | "float" => Type::Plain(Kind::Double),
        "real" | "float4" => Type::Plain(Kind::Real),
        "numeric" | "decimal" => Type::Numeric,
        "timestamptz" | "timestamp with time zone" => Type::Plain(Kind::Timestamp),
        "date" => Type::Plain(Kind::Date),
        "time" | "time without time zone" => Type::Plain(Kind::Time),
        "interval" => Type::Plain(Kind::Interval),
        "jsonb" | "json" => Type::Plain(Kind::Json),
        "inet" => Type::Plain(Kind::Inet),
        "bytea" => Type::Plain(Kind::Bytes),
        "choice" => Type::Choice,
        "list" => Type::List(None),
        name => match RangeKind::named(name) {
            Some(range) => Type::Plain(Kind::Range(range)),
            None => return refusal(name).map(Err),
        },
    }))
}

/// The type of a list's items.
pub(crate) fn item_by_name(name: &str) -> Option<ItemKind> {
    Some(match name {
        "text" | "varchar" => ItemKind::Text,
        "uuid" => ItemKind::Uuid,
        "boolean" | "bool" => ItemKind::Boolean,
        "integer" | "int" | "int4" => ItemKind::Integer,
        "bigint" | "int8" => ItemKind::BigInt,
        "double" | "float8" => ItemKind::Double,
        "smallint" | "int2" => ItemKind::SmallInt,
        "real" | "float4" => ItemKind::Real,
        "numeric" | "decimal" => ItemKind::Numeric,
        "date" => ItemKind::Date,
        "timestamptz" | "timestamp with time zone" => ItemKind::Timestamp,
        _ => return None,
    })
}

fn refusal(name: &str) -> Option<Refusal> {
    let (reason, fix) = match name {
        "serial" | "bigserial" | "smallserial" => {
            ("a serial is a number that the server makes", "write `generated: identity`")
        }
        "timestamp" | "timestamp without time zone" => {
            ("an instant without its zone is no instant", "write `timestamptz`")
        }
        "char" | "character" | "bpchar" => {
            ("it is padded with blanks, which engines compare differently", "write `text`")
        }
        "citext" => ("engines fold letters differently", "write `text`, and search by `ilike`"),
        "money" => ("its form depends on the server's language", "write `numeric`"),
        "enum" => ("an enum is a choice here", "write `type: choice, values: [...]`"),
        "tsvector" => ("words are kept by the server", "write `text` with `search: true`"),
        "cidr" | "macaddr" | "xml" => ("no engine but PostgreSQL keeps it", "write `text`"),
        "timetz" | "time with time zone" => {
            ("a time of the day in a zone is no time without its date", "write `timestamptz`")
        }
        "tsrange" => ("an instant without its zone is no instant", "write `tstzrange`"),
        _ => return None,
    };
    Some(Refusal { reason, fix })
}
