//! Sums that round as `PostgreSQL`'s do.

use super::functions::data;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};

/// Registers the functions on a connection.
pub(super) fn register(connection: &Connection, flags: FunctionFlags) -> Result<()> {
    connection.create_aggregate_function("ms_sum", 1, flags, Doubles)?;
    connection.create_aggregate_function("ms_total", 2, flags, Exact)
}

/// `ms_sum(double)`: plain addition, value by value; `SQLite` itself compensates for what rounding
/// loses.
struct Doubles;

impl Aggregate<Option<f64>, Option<f64>> for Doubles {
    fn init(&self, _: &mut Context<'_>) -> Result<Option<f64>> {
        Ok(None)
    }

    fn step(&self, context: &mut Context<'_>, sum: &mut Option<f64>) -> Result<()> {
        let Some(value) = context.get::<Option<f64>>(0)? else {
            return Ok(());
        };
        let total = sum.map_or(value, |sum| sum + value);
        if total.is_infinite() {
            return Err(data("22003", "value out of range: overflow"));
        }
        *sum = Some(total);
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, sum: Option<Option<f64>>) -> Result<Option<f64>> {
        Ok(sum.flatten())
    }
}

/// `ms_total(number, scale)`: the exact sum of numbers with so many digits after the point, as the
/// nearest double.
struct Exact;

/// A sum of units, and how many of them make one.
type Units = (i128, u8);

impl Aggregate<Option<Units>, Option<f64>> for Exact {
    fn init(&self, _: &mut Context<'_>) -> Result<Option<Units>> {
        Ok(None)
    }

    fn step(&self, context: &mut Context<'_>, sum: &mut Option<Units>) -> Result<()> {
        let value = match context.get_raw(0) {
            ValueRef::Null => return Ok(()),
            ValueRef::Integer(value) => i128::from(value),
            other => return Err(Error::InvalidFunctionParameterType(0, other.data_type())),
        };
        let (total, scale) = match *sum {
            // 2^64 rows would be needed for it to overflow.
            Some((total, scale)) => (total.saturating_add(value), scale),
            None => (value, context.get(1)?),
        };
        *sum = Some((total, scale));
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, sum: Option<Option<Units>>) -> Result<Option<f64>> {
        let Some((total, scale)) = sum.flatten() else {
            return Ok(None);
        };
        let text = format!("{total}e-{scale}");
        text.parse()
            .map(Some)
            .map_err(|error: std::num::ParseFloatError| Error::UserFunctionError(error.into()))
    }
}
