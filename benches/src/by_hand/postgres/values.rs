//! Values that the driver does not know by itself.

use bytes::{BufMut, BytesMut};
use jiff::Timestamp;
use postgres_types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};
use std::error::Error;
use std::time::{Duration, SystemTime};

/// The version byte of jsonb's binary form.
const JSONB_VERSION: u8 = 1;

/// A document as text.
#[derive(Debug)]
pub(crate) struct Jsonb<'a>(pub(crate) &'a str);

impl ToSql for Jsonb<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.put_u8(JSONB_VERSION);
        out.put_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    accepts!(JSONB);
    to_sql_checked!();
}

impl<'a> FromSql<'a> for Jsonb<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match raw.split_first() {
            Some((&JSONB_VERSION, text)) => Ok(Self(std::str::from_utf8(text)?)),
            _ => Err("unknown form of jsonb".into()),
        }
    }

    accepts!(JSONB);
}

/// Microseconds since 1970 as the driver takes them.
pub(crate) fn timestamp(microseconds: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(microseconds.max(0).cast_unsigned())
}

/// A time as the driver gives it.
pub(super) fn instant(time: SystemTime) -> Result<Timestamp, jiff::Error> {
    Timestamp::try_from(time)
}
