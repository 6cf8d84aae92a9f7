//! Exact sums and means of whole and decimal numbers, as `PostgreSQL` computes and prints those of
//! type `numeric`.

use super::functions::data;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};

/// Registers the functions on a connection.
pub(super) fn register(connection: &Connection, flags: FunctionFlags) -> Result<()> {
    connection.create_aggregate_function("ms_exact_sum", 2, flags, ExactSum)?;
    connection.create_aggregate_function("ms_exact_avg", 2, flags, ExactAvg)
}

/// Digits of a result that are significant at the least: `NUMERIC_MIN_SIG_DIGITS`.
const SIGNIFICANT_DIGITS: i64 = 16;
/// Decimal digits in one digit of `numeric`: `DEC_DIGITS`.
const GROUP: i64 = 4;

/// A sum of numbers: `units` / 10^`scale`, of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sum {
    units: i128,
    scale: u8,
    count: i128,
}

impl Sum {
    /// Adds a number; none when it takes more than 38 digits.
    fn add(&mut self, units: i128, scale: u8) -> Option<()> {
        let widest = self.scale.max(scale);
        let widen = |units: i128, from: u8| {
            units.checked_mul(10_i128.checked_pow(u32::from(widest - from))?)
        };
        self.units = widen(self.units, self.scale)?.checked_add(widen(units, scale)?)?;
        self.scale = widest;
        self.count += 1;
        Some(())
    }

    fn total(&self) -> String {
        digits(self.units < 0, &self.units.unsigned_abs().to_string(), usize::from(self.scale))
    }

    /// The mean, with the digits that `numeric_div` gives it; none without numbers, and for numbers
    /// of too many digits.
    fn mean(&self) -> Option<String> {
        let scale = self.mean_scale()?;
        let divisor = self.count.checked_mul(10_i128.checked_pow(u32::from(self.scale))?)?;
        let (divisor, units) = (divisor.unsigned_abs(), self.units.unsigned_abs());
        let mut text = (units.checked_div(divisor)?).to_string();
        let mut rest = units % divisor;
        for _ in 0..scale {
            rest = rest.checked_mul(10)?;
            text.push(char::from(b'0' + u8::try_from(rest / divisor).ok()?));
            rest %= divisor;
        }
        // Rounded half away from zero.
        if rest >= divisor - rest {
            text = increment(&text);
        }
        Some(digits(self.units < 0, &text, scale))
    }

    /// `select_div_scale` in `src/backend/utils/adt/numeric.c`.
    fn mean_scale(&self) -> Option<usize> {
        let (weight, first) = leading(self.units.unsigned_abs(), self.scale)?;
        let (count_weight, count_first) = leading(self.count.unsigned_abs(), 0)?;
        let mut quotient = weight - count_weight;
        if first <= count_first {
            quotient -= 1;
        }
        let scale = (SIGNIFICANT_DIGITS - quotient * GROUP).max(i64::from(self.scale)).max(0);
        usize::try_from(scale.min(1000)).ok()
    }
}

/// The power of 10,000 of a number's first digit to that base, and the digit.
fn leading(units: u128, scale: u8) -> Option<(i64, u128)> {
    let fraction = i64::from(scale).div_euclid(GROUP) + i64::from(i64::from(scale) % GROUP != 0);
    let filled = u32::try_from(fraction * GROUP - i64::from(scale)).ok()?;
    let mut rest = units.checked_mul(10_u128.checked_pow(filled)?)?;
    if rest == 0 {
        return Some((0, 0));
    }
    let mut weight = -fraction;
    while rest >= 10_000 {
        rest /= 10_000;
        weight += 1;
    }
    Some((weight, rest))
}

/// A number's digits with a point before the last `scale` of them.
fn digits(negative: bool, digits: &str, scale: usize) -> String {
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    let sign = if negative && padded.bytes().any(|b| b != b'0') { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// The next number, in digits.
fn increment(digits: &str) -> String {
    let nines = digits.bytes().rev().take_while(|b| *b == b'9').count();
    let (kept, _) = digits.split_at(digits.len() - nines);
    let zeros = "0".repeat(nines);
    match kept.as_bytes().split_last() {
        None => format!("1{zeros}"),
        Some((last, before)) => {
            let before = String::from_utf8_lossy(before);
            format!("{before}{}{zeros}", char::from(last + 1))
        }
    }
}

/// Adds a step's argument: an integer in units of the scale that the second argument tells, or
/// plain digits.
fn step(context: &Context<'_>, sum: &mut Sum) -> Result<()> {
    let added = match context.get_raw(0) {
        ValueRef::Null => return Ok(()),
        ValueRef::Integer(units) => sum.add(i128::from(units), context.get(1)?),
        ValueRef::Text(text) => std::str::from_utf8(text)
            .ok()
            .and_then(read)
            .and_then(|(units, scale)| sum.add(units, scale)),
        other => return Err(Error::InvalidFunctionParameterType(0, other.data_type())),
    };
    added.ok_or_else(out_of_range)
}

/// Plain digits with an optional sign and point.
fn read(text: &str) -> Option<(i128, u8)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let units = format!("{whole}{fraction}").parse().ok()?;
    Some((units, u8::try_from(fraction.len()).ok()?))
}

fn out_of_range() -> Error {
    data("22003", "value overflows numeric format")
}

/// `ms_exact_sum(number, scale)`
struct ExactSum;

impl Aggregate<Sum, Option<String>> for ExactSum {
    fn init(&self, _: &mut Context<'_>) -> Result<Sum> {
        Ok(Sum::default())
    }

    fn step(&self, context: &mut Context<'_>, sum: &mut Sum) -> Result<()> {
        step(context, sum)
    }

    fn finalize(&self, _: &mut Context<'_>, sum: Option<Sum>) -> Result<Option<String>> {
        Ok(sum.filter(|sum| sum.count > 0).map(|sum| sum.total()))
    }
}

/// `ms_exact_avg(number, scale)`
struct ExactAvg;

impl Aggregate<Sum, Option<String>> for ExactAvg {
    fn init(&self, _: &mut Context<'_>) -> Result<Sum> {
        Ok(Sum::default())
    }

    fn step(&self, context: &mut Context<'_>, sum: &mut Sum) -> Result<()> {
        step(context, sum)
    }

    fn finalize(&self, _: &mut Context<'_>, sum: Option<Sum>) -> Result<Option<String>> {
        let Some(sum) = sum.filter(|sum| sum.count > 0) else {
            return Ok(None);
        };
        sum.mean().map(Some).ok_or_else(out_of_range)
    }
}

#[cfg(test)]
mod tests {
    use super::Sum;

    fn mean(units: i128, scale: u8, count: i128) -> String {
        Sum { units, scale, count }.mean().expect("a mean")
    }

    /// What PostgreSQL 16 prints for the same sums divided by the same counts.
    #[test]
    fn means_have_postgresqls_digits() {
        for ((units, scale, count), printed) in [
            ((3, 0, 2), "1.5000000000000000"),
            ((10, 0, 4), "2.5000000000000000"),
            ((2, 0, 3), "0.66666666666666666667"),
            ((1, 0, 3), "0.33333333333333333333"),
            ((0, 0, 5), "0.00000000000000000000"),
            ((-7, 0, 2), "-3.5000000000000000"),
            ((20_000, 0, 2), "10000.0000000000000000"),
            ((1_250, 2, 2), "6.2500000000000000"),
            ((1, 2, 1), "0.01000000000000000000"),
            ((100_000_000_000_000_000_000, 0, 3), "33333333333333333333"),
        ] {
            assert_eq!(mean(units, scale, count), printed, "{units}e-{scale} / {count}");
        }
    }

    #[test]
    fn sums_take_the_widest_scale() {
        let mut sum = Sum::default();
        for (units, scale) in [(150, 2), (-2, 0), (5, 3)] {
            sum.add(units, scale).expect("a small number");
        }
        assert_eq!(sum.total(), "-0.495");
    }
}
