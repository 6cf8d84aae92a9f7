use crate::error::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// Most digits of an exact number: what a 64-bit integer holds on every engine.
const MAX_DIGITS: u8 = 18;

/// An exact decimal number: `units` / 10^`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    units: i64,
    scale: u8,
}

impl Decimal {
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

    /// The same number with `scale` digits after the point, rounded half away from zero as
    /// `PostgreSQL` rounds, and at most `precision` digits in all.
    ///
    /// # Errors
    /// [`Error::is_out_of_range`] when it has more digits before the point than fit.
    pub fn fit(self, precision: u8, scale: u8) -> Result<Self> {
        let overflow = || {
            Error::out_of_range(format!("expected a number that fits numeric({precision},{scale})"))
        };
        let mut units = i128::from(self.units);
        if scale >= self.scale {
            units = 10_i128
                .checked_pow(u32::from(scale - self.scale))
                .and_then(|factor| units.checked_mul(factor))
                .ok_or_else(overflow)?;
        } else {
            let factor =
                10_i128.checked_pow(u32::from(self.scale - scale)).ok_or_else(overflow)?;
            let half = if units < 0 { -factor / 2 } else { factor / 2 };
            units = (units + half) / factor;
        }
        if units.abs() >= 10_i128.pow(u32::from(precision.min(MAX_DIGITS))) {
            return Err(overflow());
        }
        Ok(Self { units: i64::try_from(units).map_err(|_| overflow())?, scale })
    }
}

impl FromStr for Decimal {
    type Err = Error;

    /// Reads `[+-]digits[.digits][e[+-]digits]`; digits beyond the 18th are refused.
    fn from_str(text: &str) -> Result<Self> {
        let invalid =
            || Error::invalid_value(format!("invalid input syntax for type numeric: \"{text}\""));
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, exponent.parse::<i32>().map_err(|_| invalid())?)
            }
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.as_bytes().first() {
            Some(b'-') => (true, &mantissa[1..]),
            Some(b'+') => (false, &mantissa[1..]),
            _ => (false, mantissa),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let mut units: i128 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return Err(invalid());
            }
            units = units * 10 + i128::from(byte - b'0');
            if units >= 10_i128.pow(30) {
                return Err(Error::out_of_range("expected a number of at most 18 digits"));
            }
        }
        let mut scale = i32::try_from(fraction.len()).map_err(|_| invalid())? - exponent;
        if units == 0 {
            scale = scale.clamp(0, i32::from(MAX_DIGITS));
        }
        while scale < 0 && units < 10_i128.pow(30) {
            units *= 10;
            scale += 1;
        }
        // Trailing zeros don't count as digits.
        while scale > 0 && units % 10 == 0 && units != 0 && scale > i32::from(MAX_DIGITS) {
            units /= 10;
            scale -= 1;
        }
        let too_long = || Error::out_of_range("expected a number of at most 18 digits");
        if !(0..=i32::from(MAX_DIGITS)).contains(&scale) {
            return Err(too_long());
        }
        let units = i64::try_from(units).map_err(|_| too_long())?;
        Ok(Self { units: if negative { -units } else { units }, scale: scale as u8 })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let factor = 10_u64.pow(u32::from(self.scale));
        let units = self.units.unsigned_abs();
        if self.units < 0 {
            f.write_str("-")?;
        }
        write!(f, "{}", units / factor)?;
        if self.scale > 0 {
            write!(f, ".{:0width$}", units % factor, width = usize::from(self.scale))?;
        }
        Ok(())
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
        const { assert!(P >= 1 && P <= MAX_DIGITS && S <= P, "numeric takes 1 to 18 digits") };
        value.fit(P, S).map(Self)
    }

    /// The number.
    pub const fn get(self) -> Decimal {
        self.0
    }
}
