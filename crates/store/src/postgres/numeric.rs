//! `numeric` in PostgreSQL's binary form: digits to the base of 10,000.
//!
//! The form is `numeric_send` in `src/backend/utils/adt/numeric.c`: the number of digits, the
//! weight of the first one, the sign, the digits after the point in print, and the digits.

use bytes::{BufMut, BytesMut};
use mainstay_entity::Decimal;
use std::fmt::Write as _;

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;

/// Decimal digits in one digit of the binary form.
const GROUP: usize = 4;

/// A received `numeric`.
pub(super) struct Numeric<'a> {
    /// Power of 10,000 of the first digit.
    weight: i16,
    negative: bool,
    /// Digits after the point in print.
    scale: u16,
    /// Pairs of bytes, each a digit.
    digits: &'a [u8],
}

impl<'a> Numeric<'a> {
    /// Reads the binary form; nothing for NaN, infinities and anything malformed.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (header, digits) = bytes.split_first_chunk::<8>()?;
        let field = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
        let negative = match field(4) {
            POSITIVE => false,
            NEGATIVE => true,
            _ => return None,
        };
        if digits.len() != 2 * usize::from(field(0)) {
            return None;
        }
        Some(Self { weight: field(2).cast_signed(), negative, scale: field(6), digits })
    }

    /// The number, when it fits.
    pub(super) fn decimal(&self) -> Option<Decimal> {
        let scale = u8::try_from(self.scale).ok().filter(|scale| *scale <= 18)?;
        let mut units: i128 = 0;
        for (index, digit) in self.groups().enumerate() {
            let power = GROUP as i32 * (i32::from(self.weight) - index as i32) + i32::from(scale);
            let digit = i128::from(digit);
            let factor = 10_i128.checked_pow(power.unsigned_abs())?;
            // Digits beyond the scale are zeros that fill the last group.
            let part = if power < 0 { digit / factor } else { digit.checked_mul(factor)? };
            units = units.checked_add(part)?;
        }
        let units = i64::try_from(if self.negative { -units } else { units }).ok()?;
        Some(Decimal::new(units, scale))
    }

    /// The number as `numeric_out` prints it.
    pub(super) fn text(&self) -> String {
        let groups: Vec<u16> = self.groups().collect();
        let group = |power: i32| {
            let index = usize::try_from(i32::from(self.weight) - power).ok();
            index.and_then(|index| groups.get(index)).copied().unwrap_or(0)
        };
        let sign = if self.negative { "-" } else { "" };
        let mut text = format!("{sign}{}", group(i32::from(self.weight).max(0)));
        // Writing to a `String` does not fail.
        for power in (0..i32::from(self.weight)).rev() {
            let _ = write!(text, "{:04}", group(power));
        }
        if self.scale > 0 {
            text.push('.');
            let scale = usize::from(self.scale);
            let end = text.len() + scale;
            for power in 1..=scale.div_ceil(GROUP) {
                let _ = write!(text, "{:04}", group(-(power as i32)));
            }
            text.truncate(end);
        }
        text
    }

    fn groups(&self) -> impl Iterator<Item = u16> + '_ {
        self.digits.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
    }
}

/// Appends the binary form of a number.
pub(super) fn write_decimal(value: Decimal, out: &mut BytesMut) {
    let digits =
        format!("{:0>width$}", value.units().unsigned_abs(), width = usize::from(value.scale()));
    let (whole, fraction) = digits.split_at(digits.len() - usize::from(value.scale()));
    write(value.units() < 0, whole, fraction, out);
}

/// Appends the binary form of a whole number in decimal digits.
pub(super) fn write_digits(digits: &str, out: &mut BytesMut) {
    write(false, digits, "", out);
}

/// Both parts are ASCII digits and may be empty.
fn write(negative: bool, whole: &str, fraction: &str, out: &mut BytesMut) {
    let group = |digits: &[u8]| digits.iter().fold(0, |group, d| group * 10 + u16::from(d - b'0'));
    let mut groups: Vec<u16> = Vec::new();
    let (first, rest) = whole.as_bytes().split_at(whole.len() % GROUP);
    if !first.is_empty() {
        groups.push(group(first));
    }
    groups.extend(rest.chunks_exact(GROUP).map(group));
    let mut weight = groups.len() as i16 - 1;
    for chunk in fraction.as_bytes().chunks(GROUP) {
        groups.push(group(chunk) * 10_u16.pow((GROUP - chunk.len()) as u32));
    }
    let zeros = groups.iter().take_while(|group| **group == 0).count();
    weight -= zeros as i16;
    let significant = groups.iter().rposition(|group| *group != 0).map_or(0, |last| last + 1);
    let groups = groups.get(zeros..significant).unwrap_or_default();
    out.put_u16(groups.len() as u16);
    out.put_i16(if groups.is_empty() { 0 } else { weight });
    out.put_u16(if negative { NEGATIVE } else { POSITIVE });
    out.put_u16(fraction.len() as u16);
    for group in groups {
        out.put_u16(*group);
    }
}

#[cfg(test)]
mod tests {
    use super::{Numeric, write_decimal, write_digits};
    use bytes::BytesMut;
    use mainstay_entity::Decimal;

    fn round_trip(value: Decimal) -> (Option<Decimal>, String) {
        let mut bytes = BytesMut::new();
        write_decimal(value, &mut bytes);
        let read = Numeric::read(&bytes).unwrap();
        (read.decimal(), read.text())
    }

    #[test]
    fn decimals_survive_the_binary_form() {
        let units = [0, 1, -1, 9, 10, 9_999, 10_000, -10_001, 123_456_789, 100_000_000_000_000_000];
        let most = [999_999_999_999_999_999, -999_999_999_999_999_999, i64::MAX];
        for units in units.into_iter().chain(most) {
            for scale in 0..=18 {
                let value = Decimal::new(units, scale);
                assert_eq!(round_trip(value), (Some(value), value.to_string()));
            }
        }
    }

    #[test]
    fn numbers_beyond_a_decimal_are_read_as_text() {
        let digits =
            "115792089237316195423570985008687907853269984665640564039457584007913129639935";
        let mut bytes = BytesMut::new();
        write_digits(digits, &mut bytes);
        let read = Numeric::read(&bytes).unwrap();
        assert_eq!((read.decimal(), read.text()), (None, digits.to_owned()));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        let nan = [0, 0, 0, 0, 0xC0, 0, 0, 0];
        let short = [0, 2, 0, 0, 0, 0, 0, 0, 0, 1];
        assert!(Numeric::read(&nan).is_none() && Numeric::read(&short).is_none());
    }
}
