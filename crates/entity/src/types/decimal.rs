use crate::cell::write_decimal;
use crate::error::{Error, Result};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// An exact decimal number: `units` / 10^`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    units: i64,
    scale: u8,
}

impl Decimal {
    /// Most digits of an exact number: what a 64-bit integer holds on every engine.
    pub const MAX_DIGITS: u8 = 18;

    /// The number `units` / 10^`scale`.
    pub const fn new(units: i64, scale: u8) -> Self {
        Self { units, scale }
    }

    /// The scaled integer.
    pub const fn units(self) -> i64 {
        self.units
    }

    /// Digits after the point.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The order of the numbers, whatever their scales.
    pub fn compare(self, other: Self) -> Ordering {
        // Both scales are at most 18, so that nothing overflows.
        let units = |number: Self, scale: u8| {
            let zeros = u32::from(scale.saturating_sub(number.scale));
            i128::from(number.units).saturating_mul(10_i128.saturating_pow(zeros))
        };
        let scale = self.scale.max(other.scale);
        units(self, scale).cmp(&units(other, scale))
    }

    /// Reads a number as `numeric(precision, scale)` takes it, with any number of digits: those
    /// after `scale` are rounded away as [`Decimal::fit`] rounds.
    ///
    /// # Errors
    /// [`Error::is_invalid_value`] when it is no number, [`Error::is_out_of_range`] when it has
    /// more digits before the point than fit.
    pub fn parse(text: &str, precision: u8, scale: u8) -> Result<Self> {
        let written = Written::read(text)?;
        let (units, next) =
            written.units(i64::from(scale)).ok_or_else(|| does_not_fit(precision, scale))?;
        let away = if written.negative { -1 } else { 1 };
        let units = if next >= 5 { units + away } else { units };
        Self { units, scale }.fit(precision, scale)
    }

    /// The same number with `scale` digits after the point, rounded half away from zero as
    /// `PostgreSQL` rounds, and at most `precision` digits in all.
    ///
    /// # Errors
    /// [`Error::is_out_of_range`] when it has more digits before the point than fit.
    pub fn fit(self, precision: u8, scale: u8) -> Result<Self> {
        let overflow = || does_not_fit(precision, scale);
        let mut units = i128::from(self.units);
        if scale >= self.scale {
            units = 10_i128
                .checked_pow(u32::from(scale - self.scale))
                .and_then(|factor| units.checked_mul(factor))
                .ok_or_else(overflow)?;
        } else {
            let factor = 10_i128.checked_pow(u32::from(self.scale - scale)).ok_or_else(overflow)?;
            let half = if units < 0 { -factor / 2 } else { factor / 2 };
            units = (units + half) / factor;
        }
        if units.abs() >= 10_i128.pow(u32::from(precision.min(Decimal::MAX_DIGITS))) {
            return Err(overflow());
        }
        Ok(Self { units: i64::try_from(units).map_err(|_| overflow())?, scale })
    }

    /// The number at the scale of `numeric(precision, scale)`, and whether it is exactly that; of
    /// one that lies between two such numbers the lower.
    ///
    /// # Errors
    /// [`Error::is_out_of_range`] when it has more digits before the point than fit.
    pub fn at_scale(self, precision: u8, scale: u8) -> Result<(Self, bool)> {
        let fitted = self.fit(precision, scale)?;
        if self.scale <= scale {
            return Ok((fitted, true));
        }
        // More digits than a number has make it nearly zero.
        let Some(factor) = 10_i64.checked_pow(u32::from(self.scale - scale)) else {
            return Ok((Self::new(if self.units < 0 { -1 } else { 0 }, scale), self.units == 0));
        };
        let below = Self::new(self.units.div_euclid(factor), scale);
        Ok((below, self.units.rem_euclid(factor) == 0))
    }
}

fn does_not_fit(precision: u8, scale: u8) -> Error {
    Error::out_of_range(format!("expected a number that fits numeric({precision},{scale})"))
}

impl FromStr for Decimal {
    type Err = Error;

    /// Reads `[+-]digits[.digits][e[+-]digits]`; digits beyond the 18th are refused.
    fn from_str(text: &str) -> Result<Self> {
        let max = i64::from(Decimal::MAX_DIGITS);
        let too_long = || Error::out_of_range("expected a number of at most 18 digits");
        let written = Written::read(text)?;
        let mut scale = written.scale(written.fraction.len());
        if scale > max {
            // Trailing zeros don't count as digits.
            scale = written.scale(written.fraction.trim_end_matches('0').len()).max(max);
        }
        if written.is_zero() {
            scale = scale.min(max);
        }
        if scale > max {
            return Err(too_long());
        }
        let (units, _) = written.units(scale).ok_or_else(too_long)?;
        Ok(Self { units, scale: scale as u8 })
    }
}

/// A number as it is written, its digits checked.
struct Written<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    /// Within the range of `i32`, which leaves room to add lengths.
    exponent: i64,
}

impl<'a> Written<'a> {
    /// Reads `[+-]digits[.digits][e[+-]digits]` between white space.
    fn read(text: &'a str) -> Result<Self> {
        let invalid =
            || Error::invalid_value(format!("invalid input syntax for type numeric: \"{text}\""));
        let trimmed = text.trim_ascii();
        let (mantissa, exponent) = match trimmed.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()),
            None => (trimmed, Some(0)),
        };
        let unsigned = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let mut digits = whole.bytes().chain(fraction.bytes());
        if (whole.is_empty() && fraction.is_empty()) || !digits.all(|byte| byte.is_ascii_digit()) {
            return Err(invalid());
        }
        let exponent = i64::from(exponent.ok_or_else(invalid)?);
        Ok(Self { negative: mantissa.starts_with('-'), whole, fraction, exponent })
    }

    fn is_zero(&self) -> bool {
        self.whole.bytes().chain(self.fraction.bytes()).all(|byte| byte == b'0')
    }

    /// Digits after the point once the exponent is applied, of a fraction of `length` digits.
    fn scale(&self, length: usize) -> i64 {
        (length as i64 - self.exponent).max(0)
    }

    fn digit(&self, index: i64) -> u8 {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let digits = self.whole.as_bytes();
        let digit = digits
            .get(index)
            .or_else(|| self.fraction.as_bytes().get(index.checked_sub(digits.len())?));
        digit.map_or(0, |byte| byte - b'0')
    }

    /// The number times 10^`scale` without what is left after the point, and the first digit of
    /// that; `None` when it has more than 18 digits.
    fn units(&self, scale: i64) -> Option<(i64, u8)> {
        let end = self.whole.len() as i64 + self.exponent + scale;
        let written = (self.whole.len() + self.fraction.len()) as i64;
        let mut units = 0_i64;
        for index in 0..end {
            if units == 0 && index >= written {
                break;
            }
            units = units.checked_mul(10)?.checked_add(i64::from(self.digit(index)))?;
            if units >= 10_i64.pow(u32::from(Decimal::MAX_DIGITS)) {
                return None;
            }
        }
        Some((if self.negative { -units } else { units }, self.digit(end)))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(24);
        write_decimal(self.units, self.scale, &mut text);
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

/// An exact number of at most `P` digits, `S` of them after the point: the field type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Numeric<const P: u8, const S: u8>(Decimal);

impl<const P: u8, const S: u8> Numeric<P, S> {
    /// Rounds to the scale and checks the range.
    ///
    /// # Errors
    /// [`Error::is_out_of_range`] when it has more digits before the point than fit.
    pub fn new(value: Decimal) -> Result<Self> {
        const {
            assert!(P >= 1 && P <= Decimal::MAX_DIGITS && S <= P, "numeric takes 1 to 18 digits");
        };
        value.fit(P, S).map(Self)
    }

    /// The number.
    pub const fn get(self) -> Decimal {
        self.0
    }
}
