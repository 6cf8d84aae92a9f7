//! What numbers can be: bounds that follow from the columns and from what is computed.

use super::{Fault, Result};
use mainstay_entity::{Column, Decimal, Kind};

/// Digits of the largest exact number.
const DIGITS: u32 = Decimal::MAX_DIGITS as u32;
const BOUND: &str = "give the columns that it reads `min` and `max`, or fewer digits";

/// Numbers from `low` to `high`, in units of 10 to the power of -`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) scale: u8,
    low: i128,
    high: i128,
}

impl Bounds {
    /// What a column that numbers are kept in can hold.
    pub(super) fn of_column(column: &Column) -> Option<Self> {
        let (scale, least, most) = match &column.kind {
            Kind::SmallInt => (0, i128::from(i16::MIN), i128::from(i16::MAX)),
            Kind::Integer => (0, i128::from(i32::MIN), i128::from(i32::MAX)),
            Kind::BigInt => (0, i128::from(i64::MIN), i128::from(i64::MAX)),
            Kind::Decimal { precision, scale } if *precision > 0 => {
                let most = power(u32::from(*precision)) - 1;
                (*scale, -most, most)
            }
            _ => return None,
        };
        let bound = |value: Option<i64>| value.map(|v| i128::from(v) * power(u32::from(scale)));
        let low = bound(column.min).map_or(least, |min| min.max(least));
        let high = bound(column.max).map_or(most, |max| max.min(most));
        Some(Self { scale, low, high: high.max(low) })
    }

    /// One number.
    pub(super) fn exactly(number: Decimal) -> Self {
        let units = i128::from(number.units());
        Self { scale: number.scale(), low: units, high: units }
    }

    /// Whole numbers within bounds.
    pub(super) fn whole(low: i64, high: i64) -> Self {
        Self { scale: 0, low: low.into(), high: high.into() }
    }

    /// Whether 0 is none of them.
    pub(super) fn excludes_zero(self) -> bool {
        self.low > 0 || self.high < 0
    }

    /// Two kinds of numbers in one unit.
    fn common(self, other: Self) -> Result<(Self, Self)> {
        let scale = self.scale.max(other.scale);
        Ok((self.at(scale)?, other.at(scale)?))
    }

    fn at(self, scale: u8) -> Result<Self> {
        let factor = power(u32::from(scale.saturating_sub(self.scale)));
        Self { scale, low: self.low * factor, high: self.high * factor }.checked()
    }

    /// What is one or the other.
    pub(super) fn union(self, other: Self) -> Result<Self> {
        let (a, b) = self.common(other)?;
        Ok(Self { scale: a.scale, low: a.low.min(b.low), high: a.high.max(b.high) })
    }

    pub(super) fn add(self, other: Self) -> Result<Self> {
        let (a, b) = self.common(other)?;
        Self { scale: a.scale, low: a.low + b.low, high: a.high + b.high }.checked()
    }

    pub(super) fn subtract(self, other: Self) -> Result<Self> {
        self.add(Self { low: -other.high, high: -other.low, ..other })
    }

    pub(super) fn negate(self) -> Result<Self> {
        Self { low: -self.high, high: -self.low, ..self }.checked()
    }

    pub(super) fn multiply(self, other: Self) -> Result<Self> {
        let corners = [
            (self.low, other.low),
            (self.low, other.high),
            (self.high, other.low),
            (self.high, other.high),
        ];
        let product = |(a, b): (i128, i128)| a * b;
        let low = corners.into_iter().map(product).fold(i128::MAX, i128::min);
        let high = corners.into_iter().map(product).fold(i128::MIN, i128::max);
        Self { scale: self.scale.saturating_add(other.scale), low, high }.checked()
    }

    /// Whole quotients, cut towards zero.
    pub(super) fn divide(self, other: Self) -> Result<Self> {
        whole_both(self, other)?;
        let most = self.low.abs().max(self.high.abs());
        let least = [other.low.abs(), other.high.abs()].into_iter().min().unwrap_or(1);
        let spans_zero = other.low <= 0 && other.high >= 0;
        let most = most / if spans_zero { 1 } else { least };
        let same_sign = self.low >= 0 && other.low >= 0;
        // A dividend that is the least of all has no opposite.
        let low = if other.low >= 0 { (-most).max(self.low) } else { -most };
        let high = if other.low >= 0 { most.min(self.high.max(0)) } else { most };
        Self { scale: 0, low: if same_sign { 0 } else { low }, high }.checked()
    }

    /// What a whole division leaves.
    pub(super) fn remainder(self, other: Self) -> Result<Self> {
        whole_both(self, other)?;
        let most = other.low.abs().max(other.high.abs()) - 1;
        let most = most.max(0).min(self.low.abs().max(self.high.abs()));
        let low = if self.low < 0 { -most } else { 0 };
        Self { scale: 0, low, high: most }.checked()
    }

    /// Refuses what 64 bits or 18 digits can't hold.
    fn checked(self) -> Result<Self> {
        if u32::from(self.scale) > DIGITS {
            let message = format!("a number has {} digits behind the point", self.scale);
            return Err(Fault::new(message, format!("compute with fewer; there are {DIGITS}")));
        }
        let (message, least, most) = if self.scale == 0 {
            ("a whole number could be larger than a bigint", i64::MIN.into(), i64::MAX.into())
        } else {
            let most = power(DIGITS) - 1;
            ("an exact number could have more than 18 digits", -most, most)
        };
        if self.low < least || self.high > most {
            return Err(Fault::new(message, BOUND));
        }
        Ok(self)
    }

    /// Checks that a declared kind holds all of them.
    pub(super) fn check_fit(self, kind: &Kind) -> Result<()> {
        let held = match kind {
            Kind::SmallInt => Self::whole(i16::MIN.into(), i16::MAX.into()),
            Kind::Integer => Self::whole(i32::MIN.into(), i32::MAX.into()),
            Kind::BigInt => Self::whole(i64::MIN, i64::MAX),
            Kind::Decimal { precision, scale } => {
                let most = power(u32::from(*precision)) - 1;
                Self { scale: *scale, low: -most, high: most }
            }
            other => {
                let message = format!("the expression gives a number, not {}", other.name());
                let fix = match (other, self.scale) {
                    (Kind::Text { .. }, _) => "write `string(...)` around it",
                    (_, 0) => "write `type: bigint`",
                    _ => "write `type: numeric`",
                };
                return Err(Fault::new(message, fix));
            }
        };
        if self.scale > held.scale {
            let message = format!(
                "the result has {} digits behind the point, and {} has {}",
                self.scale,
                kind.name(),
                held.scale
            );
            let fix = format!("write `type: numeric, precision: 18, scale: {}`", self.scale);
            return Err(Fault::new(message, fix));
        }
        let own = self.at(held.scale)?;
        if own.low < held.low || own.high > held.high {
            let message = format!("the result could lie outside of {}", kind.name());
            return Err(Fault::new(message, format!("declare a larger type, or {BOUND}")));
        }
        Ok(())
    }
}

fn whole_both(a: Bounds, b: Bounds) -> Result<()> {
    if a.scale == 0 && b.scale == 0 {
        return Ok(());
    }
    Err(Fault::new("exact numbers are not divided", "multiply, or divide whole numbers"))
}

/// 10 to a power of at most 36.
fn power(exponent: u32) -> i128 {
    10_i128.pow(exponent.min(36))
}
