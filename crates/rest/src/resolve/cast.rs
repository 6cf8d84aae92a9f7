//! Casts: the names of types, and which kinds become which.

use crate::error::{Fault, Result};
use mainstay_entity::{ItemKind, Kind, RangeKind};
use mainstay_store::Cast;
use std::borrow::Cow;

/// The type of a name, as PostgreSQL knows it.
pub(super) fn named(name: &str) -> Result<Cast, Fault> {
    Ok(match name.trim() {
        "text" | "varchar" | "character varying" => Cast::Text,
        "int2" | "smallint" => Cast::SmallInt,
        "int4" | "int" | "integer" => Cast::Integer,
        "int8" | "bigint" => Cast::BigInt,
        "float8" | "double precision" => Cast::Double,
        "numeric" | "decimal" => Cast::Numeric,
        "bool" | "boolean" => Cast::Boolean,
        "timestamptz" | "timestamp with time zone" => Cast::Timestamp,
        "date" => Cast::Date,
        "uuid" => Cast::Uuid,
        "json" | "jsonb" => Cast::Json,
        "float4" | "real" => Cast::Real,
        "time" | "time without time zone" => Cast::Time,
        "interval" => Cast::Interval,
        "inet" => Cast::Inet,
        "bytea" => Cast::Bytes,
        "char" | "character" => Cast::Char,
        "name" => Cast::Name,
        known @ ("timestamp"
        | "timestamp without time zone"
        | "timetz"
        | "tsrange"
        | "bpchar"
        | "bit"
        | "varbit"
        | "oid"
        | "money"
        | "xml"
        | "cidr"
        | "macaddr") => {
            return Err(Fault::unsupported(format!("A cast to {known}.")));
        }
        name => match RangeKind::named(name) {
            Some(kind) => Cast::Range(kind),
            None => return Err(Fault::new("42704", format!("type \"{name}\" does not exist"))),
        },
    })
}

/// Refuses casts that PostgreSQL does not have, and of ciphertext.
pub(super) fn check(source: &Kind, target: Cast) -> Result<(), Fault> {
    let fits = match target {
        _ if source.is_confidential() => false,
        Cast::Text | Cast::Name | Cast::Char => true,
        // Addresses of networks have no place on both engines.
        Cast::Inet if source.is_textual() => {
            return Err(Fault::unsupported("A cast of text to inet."));
        }
        _ if source.is_textual() => true,
        Cast::Integer => is_number(source) || matches!(source, Kind::Json | Kind::Boolean),
        Cast::SmallInt | Cast::BigInt | Cast::Double | Cast::Real | Cast::Numeric => {
            is_number(source) || *source == Kind::Json
        }
        Cast::Boolean => matches!(source, Kind::Boolean | Kind::Integer | Kind::Json),
        Cast::Timestamp | Cast::Date => matches!(source, Kind::Timestamp | Kind::Date),
        Cast::Hour | Cast::Day => *source == Kind::Timestamp,
        Cast::Time => matches!(source, Kind::Time | Kind::Timestamp | Kind::Interval),
        Cast::Interval => matches!(source, Kind::Interval | Kind::Time),
        Cast::Bytes => *source == Kind::Bytes,
        Cast::Inet => *source == Kind::Inet,
        Cast::Range(kind) => *source == Kind::Range(kind),
        Cast::Uuid => *source == Kind::Uuid,
        Cast::Json => *source == Kind::Json,
    };
    if fits {
        return Ok(());
    }
    let (from, to) = (type_name(source), cast_name(target));
    Err(Fault::new("42846", format!("cannot cast type {from} to {to}")))
}

/// Whether values are numbers to PostgreSQL.
pub(super) fn is_number(kind: &Kind) -> bool {
    use Kind::{BigInt, Decimal, Double, Integer, Real, SmallInt, U256};
    matches!(kind, SmallInt | Integer | BigInt | Double | Real | Decimal { .. } | U256)
}

/// The name of a kind in PostgreSQL's messages.
pub(super) fn type_name(kind: &Kind) -> Cow<'static, str> {
    match kind {
        Kind::Timestamp => Cow::Borrowed("timestamp with time zone"),
        Kind::Time => Cow::Borrowed("time without time zone"),
        Kind::List(ItemKind::Timestamp) => Cow::Borrowed("timestamp with time zone[]"),
        Kind::Decimal { .. } | Kind::U256 => Cow::Borrowed("numeric"),
        Kind::Choice(_) => Cow::Borrowed("text"),
        Kind::Secret | Kind::Sealed => Cow::Borrowed("bytea"),
        _ => kind.name(),
    }
}

fn cast_name(cast: Cast) -> &'static str {
    match cast {
        Cast::Text => "text",
        Cast::SmallInt => "smallint",
        Cast::Integer => "integer",
        Cast::BigInt => "bigint",
        Cast::Double => "double precision",
        Cast::Numeric => "numeric",
        Cast::Boolean => "boolean",
        Cast::Timestamp | Cast::Hour | Cast::Day => "timestamp with time zone",
        Cast::Date => "date",
        Cast::Uuid => "uuid",
        Cast::Json => "jsonb",
        Cast::Real => "real",
        Cast::Time => "time without time zone",
        Cast::Interval => "interval",
        Cast::Bytes => "bytea",
        Cast::Inet => "inet",
        Cast::Range(kind) => kind.name(),
        Cast::Name => "name",
        Cast::Char => "character",
    }
}
