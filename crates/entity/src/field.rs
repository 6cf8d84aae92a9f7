//! Field types: which Rust type makes which kind of column.

use crate::choice::Choice;
use crate::error::{Error, Result};
use crate::kind::{ItemKind, Kind};
use crate::types::{Id, Interval, Json, Numeric, Sealed, Secret, Text, U256};
use crate::value::Value;
use std::borrow::Cow;
use std::net::IpAddr;
use uuid::Uuid;

/// A Rust type that can be a field of an entity.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no column type",
    label = "not a column type",
    note = "use Id<T>, uuid::Uuid, Text<N>, String, bool, i16, i32, i64, f32, f64, Vec<u8>, \
            jiff::Timestamp, jiff::civil::Date, Interval, Numeric<P, S>, U256, Json<T>, Vec<T>, IpAddr, \
            Secret<T>, Sealed<T> or an enum with #[derive(Choice)]; Option<_> makes it nullable"
)]
pub trait Field: Sized {
    /// The column kind.
    const KIND: Kind;
    /// Whether the column may be null.
    const NULLABLE: bool = false;

    /// Reads the value of a column.
    ///
    /// # Errors
    /// When the value is of another kind.
    fn from_value(value: Value) -> Result<Self>;

    /// The value to store.
    fn into_value(self) -> Value;
}

/// A type whose list makes a column.
pub trait Item: Field {
    /// The kind of the items.
    const ITEM: ItemKind;
}

/// The error for a value that does not have its column's kind.
fn mismatch<T>(expected: &Kind, got: &Value) -> Result<T> {
    let got = match got {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Int(_) => "integer",
        Value::Double(_) => "double",
        Value::Decimal(_) => "numeric",
        Value::Text(_) => "text",
        Value::Bytes(_) => "bytes",
        Value::Uuid(_) => "uuid",
        Value::Timestamp(_) => "timestamp",
        Value::Date(_) => "date",
        Value::Json(_) => "json",
        Value::List(_) => "list",
        Value::Inet(_) => "inet",
        Value::Real(_) => "real",
        Value::Time(_) => "time",
        Value::Interval(_) => "interval",
        Value::Range(_) => "range",
    };
    Err(Error::invalid_value(format!("expected {}, got {got}", expected.name())))
}

macro_rules! field {
    ($type:ty, $kind:expr, $pattern:pat => $read:expr, $this:ident => $write:expr) => {
        impl Field for $type {
            const KIND: Kind = $kind;

            fn from_value(value: Value) -> Result<Self> {
                match value {
                    $pattern => $read,
                    other => mismatch(&Self::KIND, &other),
                }
            }

            fn into_value(self) -> Value {
                let $this = self;
                $write
            }
        }
    };
}

field!(bool, Kind::Boolean, Value::Bool(v) => Ok(v), this => Value::Bool(this));
field!(i64, Kind::BigInt, Value::Int(v) => Ok(v), this => Value::Int(this));
field!(f64, Kind::Double, Value::Double(v) => Ok(v), this => Value::Double(this));
field!(f32, Kind::Real, Value::Real(v) => Ok(v), this => Value::Real(this));
field!(Interval, Kind::Interval, Value::Interval(v) => Ok(v), this => Value::Interval(this));
field!(String, Kind::Text { max: None }, Value::Text(v) => Ok(v), this => Value::Text(this));
field!(Uuid, Kind::Uuid, Value::Uuid(v) => Ok(v), this => Value::Uuid(this));
field!(IpAddr, Kind::Inet, Value::Inet(v) => Ok(v), this => Value::Inet(this));
field!(Vec<u8>, Kind::Bytes, Value::Bytes(v) => Ok(v), this => Value::Bytes(this));
field!(U256, Kind::U256, Value::Text(v) => v.parse(), this => Value::Text(this.to_string()));
field!(jiff::civil::Date, Kind::Date, Value::Date(v) => Ok(v), this => Value::Date(this));
field!(i16, Kind::SmallInt,
    Value::Int(v) => v.try_into().map_err(|_| Error::out_of_range("smallint out of range")),
    this => Value::Int(i64::from(this)));
field!(i32, Kind::Integer,
    Value::Int(v) => v.try_into().map_err(|_| Error::out_of_range("integer out of range")),
    this => Value::Int(i64::from(this)));
field!(jiff::Timestamp, Kind::Timestamp,
    Value::Timestamp(v) => jiff::Timestamp::from_microsecond(v)
        .map_err(|_| Error::out_of_range("timestamptz out of range")),
    this => Value::Timestamp(this.as_microsecond()));

impl<T> Field for Id<T> {
    const KIND: Kind = Kind::Uuid;

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Uuid(id) => Ok(Self::new(id)),
            other => mismatch(&Self::KIND, &other),
        }
    }

    fn into_value(self) -> Value {
        Value::Uuid(self.uuid())
    }
}

impl<const MAX: u32> Field for Text<MAX> {
    const KIND: Kind = Kind::Text { max: Some(MAX) };

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Text(text) => Self::new(text),
            other => mismatch(&Self::KIND, &other),
        }
    }

    fn into_value(self) -> Value {
        Value::Text(self.into_string())
    }
}

impl<const P: u8, const S: u8> Field for Numeric<P, S> {
    const KIND: Kind = Kind::Decimal { precision: P, scale: S };

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Decimal(v) => Self::new(v),
            other => mismatch(&Self::KIND, &other),
        }
    }

    fn into_value(self) -> Value {
        Value::Decimal(self.get())
    }
}

impl<T> Field for Json<T> {
    const KIND: Kind = Kind::Json;

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Json(text) => Ok(Self::from_canonical(text)),
            other => mismatch(&Self::KIND, &other),
        }
    }

    fn into_value(self) -> Value {
        Value::Json(self.into_canonical())
    }
}

impl<T> Field for Secret<T> {
    const KIND: Kind = Kind::Secret;

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Bytes(bytes) => Ok(Self::from_ciphertext(bytes)),
            other => mismatch(&Self::KIND, &other),
        }
    }

    fn into_value(self) -> Value {
        Value::Bytes(self.into_ciphertext())
    }
}

impl<T> Field for Sealed<T> {
    const KIND: Kind = Kind::Sealed;

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Bytes(bytes) => Ok(Self::from_ciphertext(bytes)),
            other => mismatch(&Self::KIND, &other),
        }
    }

    fn into_value(self) -> Value {
        Value::Bytes(self.into_ciphertext())
    }
}

#[diagnostic::do_not_recommend]
impl<C: Choice> Field for C {
    const KIND: Kind = Kind::Choice(Cow::Borrowed(C::META));

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Text(text) => C::parse(&text),
            other => mismatch(&Self::KIND, &other),
        }
    }

    fn into_value(self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
}

impl<F: Field> Field for Option<F> {
    const KIND: Kind = F::KIND;
    const NULLABLE: bool = true;

    fn from_value(value: Value) -> Result<Self> {
        if value.is_null() { Ok(None) } else { F::from_value(value).map(Some) }
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, F::into_value)
    }
}

impl<T: Item> Field for Vec<T> {
    const KIND: Kind = Kind::List(T::ITEM);

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::List(items) => items.into_iter().map(T::from_value).collect(),
            other => mismatch(&Self::KIND, &other),
        }
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }
}

macro_rules! item {
    ($($type:ty => $item:expr),* $(,)?) => {
        $(impl Item for $type {
            const ITEM: ItemKind = $item;
        })*
    };
}

item!(String => ItemKind::Text, Uuid => ItemKind::Uuid, bool => ItemKind::Boolean,
      i16 => ItemKind::SmallInt, i32 => ItemKind::Integer, i64 => ItemKind::BigInt,
      f32 => ItemKind::Real, f64 => ItemKind::Double, jiff::civil::Date => ItemKind::Date,
      jiff::Timestamp => ItemKind::Timestamp);

impl<T> Item for Id<T> {
    const ITEM: ItemKind = ItemKind::Uuid;
}
