//! Spans of time, as `PostgreSQL`'s `interval_in` reads them.

use super::{is_space, shown};
use crate::calendar::{DAY, SECOND};
use crate::error::{Error, Result};
use crate::types::Interval;

/// Days of a month where a part of one is given.
const DAYS_PER_MONTH: f64 = 30.0;

/// Reads `1 year 2 mons 3 days 04:05:06`, `@ 1 hour ago`, `P1Y2M3DT4H5M6S` or `1-2` (years and
/// months).
pub(super) fn interval(text: &str) -> Result<Interval> {
    let invalid = || {
        let shown = shown(text);
        Error::invalid_datetime(format!("invalid input syntax for type interval: \"{shown}\""))
    };
    let too_large = || {
        Error::interval_out_of_range(format!(
            "interval field value out of range: \"{}\"",
            shown(text)
        ))
    };
    let trimmed = text.trim_matches(is_space);
    let mut sum = Sum::default();
    let fits = match trimmed.strip_prefix('P') {
        Some(parts) => sum.iso(parts),
        None => sum.words(trimmed),
    };
    match fits.ok_or_else(invalid)? {
        Fit::TooLarge => Err(too_large()),
        Fit::Fits => sum.finish().ok_or_else(too_large),
    }
}

/// Whether what was read fits; what can't be read is none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Fits,
    TooLarge,
}

/// The unit of a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// So many months.
    Months(i64),
    /// So many days.
    Days(i64),
    /// So many microseconds.
    Micros(i64),
}

/// Which units a text may give no more: each one bit.
mod given {
    pub(super) const MICROSECOND: u16 = 1;
    pub(super) const MILLISECOND: u16 = 1 << 1;
    pub(super) const SECOND: u16 = 1 << 2;
    pub(super) const MINUTE: u16 = 1 << 3;
    pub(super) const HOUR: u16 = 1 << 4;
    pub(super) const DAY: u16 = 1 << 5;
    pub(super) const WEEK: u16 = 1 << 6;
    pub(super) const MONTH: u16 = 1 << 7;
    pub(super) const YEAR: u16 = 1 << 8;
    pub(super) const DECADE: u16 = 1 << 9;
    pub(super) const CENTURY: u16 = 1 << 10;
    pub(super) const MILLENNIUM: u16 = 1 << 11;
    /// What a fraction of a second gives.
    pub(super) const SECONDS: u16 = SECOND | MILLISECOND | MICROSECOND;
    /// What a time of the clock gives.
    pub(super) const CLOCK: u16 = HOUR | MINUTE | SECONDS;
}

impl Unit {
    /// The unit of a name, and its bit.
    fn named(name: &str) -> Option<(Self, u16)> {
        Some(match name.to_ascii_lowercase().as_str() {
            "microsecond" | "microseconds" | "microsec" | "microsecs" | "us" | "usec" | "usecs"
            | "useconds" | "usecond" => (Self::Micros(1), given::MICROSECOND),
            "millisecond" | "milliseconds" | "millisec" | "millisecs" | "ms" | "msec" | "msecs"
            | "mseconds" | "msecond" => (Self::Micros(1_000), given::MILLISECOND),
            "second" | "seconds" | "sec" | "secs" | "s" => (Self::Micros(SECOND), given::SECOND),
            "minute" | "minutes" | "min" | "mins" | "m" => {
                (Self::Micros(60 * SECOND), given::MINUTE)
            }
            "hour" | "hours" | "hr" | "hrs" | "h" => (Self::Micros(3600 * SECOND), given::HOUR),
            "day" | "days" | "d" => (Self::Days(1), given::DAY),
            "week" | "weeks" | "w" => (Self::Days(7), given::WEEK),
            "month" | "months" | "mon" | "mons" => (Self::Months(1), given::MONTH),
            "year" | "years" | "yr" | "yrs" | "y" => (Self::Months(12), given::YEAR),
            "decade" | "decades" | "dec" | "decs" => (Self::Months(120), given::DECADE),
            "century" | "centuries" | "cent" | "c" => (Self::Months(1_200), given::CENTURY),
            "millennium" | "millennia" | "mil" | "mils" => {
                (Self::Months(12_000), given::MILLENNIUM)
            }
            _ => return None,
        })
    }

    /// The unit of a letter of ISO 8601 §4.4.3, before or after its `T`.
    fn of_iso(letter: u8, in_time: bool) -> Option<Self> {
        Some(match (letter, in_time) {
            (b'Y', false) => Self::Months(12),
            (b'M', false) => Self::Months(1),
            (b'W', false) => Self::Days(7),
            (b'D', false) => Self::Days(1),
            (b'H', true) => Self::Micros(3600 * SECOND),
            (b'M', true) => Self::Micros(60 * SECOND),
            (b'S', true) => Self::Micros(SECOND),
            _ => return None,
        })
    }
}

/// A number before its unit.
struct Number {
    negative: bool,
    whole: i64,
    /// Less than one.
    fraction: f64,
}

impl Number {
    /// Reads `[+-]digits[.digits]`.
    fn read(text: &str) -> Option<Result<Self, Fit>> {
        let negative = text.starts_with('-');
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if digits.is_empty() || digits == "." || !are_digits(whole) || !are_digits(fraction) {
            return None;
        }
        let fraction: f64 = format!("0.{fraction}0").parse().ok()?;
        let whole = if whole.is_empty() { Ok(0) } else { whole.parse() };
        Some(whole.map(|whole| Self { negative, whole, fraction }).map_err(|_| Fit::TooLarge))
    }
}

/// What was read so far, in wider numbers than an interval has.
#[derive(Default)]
struct Sum {
    months: i128,
    days: i128,
    micros: i128,
    /// The bits of the units so far.
    given: u16,
}

impl Sum {
    /// Notes units; none when one of them was given before.
    fn give(&mut self, units: u16) -> Option<()> {
        let is_new = self.given & units == 0;
        self.given |= units;
        is_new.then_some(())
    }

    fn finish(&self) -> Option<Interval> {
        Some(Interval {
            months: self.months.try_into().ok()?,
            days: self.days.try_into().ok()?,
            micros: self.micros.try_into().ok()?,
        })
    }

    fn add(&mut self, number: &Number, unit: Unit) {
        let sign = if number.negative { -1 } else { 1 };
        let whole = i128::from(number.whole) * sign;
        let fraction = number.fraction * sign as f64;
        match unit {
            Unit::Micros(scale) => {
                self.micros += whole * i128::from(scale);
                self.add_micros(fraction * scale as f64);
            }
            Unit::Days(scale) => {
                self.days += whole * i128::from(scale);
                self.add_days(fraction * scale as f64);
            }
            // Of a year, or of several, the part is whole months.
            Unit::Months(scale) if scale > 1 => {
                self.months += whole * i128::from(scale);
                self.months += (fraction * scale as f64).round_ties_even() as i128;
            }
            Unit::Months(_) => {
                self.months += whole;
                self.add_days(fraction * DAYS_PER_MONTH);
            }
        }
    }

    /// Whole days, and of the last one its microseconds.
    fn add_days(&mut self, days: f64) {
        self.days += days.trunc() as i128;
        self.add_micros(days.fract() * DAY as f64);
    }

    fn add_micros(&mut self, micros: f64) {
        self.micros += micros.round_ties_even() as i128;
    }

    fn negate(&mut self) {
        (self.months, self.days, self.micros) = (-self.months, -self.days, -self.micros);
    }

    /// Numbers with their units, and a time of the clock.
    fn words(&mut self, text: &str) -> Option<Fit> {
        let mut words = Words { rest: text };
        let mut any = false;
        if words.rest.starts_with('@') {
            words.rest = &words.rest[1..];
        }
        while let Some(word) = words.next() {
            if any && word.eq_ignore_ascii_case("ago") {
                self.negate();
                return words.next().is_none().then_some(Fit::Fits);
            }
            any = true;
            if word.contains(':') {
                self.give(given::CLOCK)?;
                if self.clock(word)? == Fit::TooLarge {
                    return Some(Fit::TooLarge);
                }
                continue;
            }
            if let Some((years, months)) = word.get(1..).and_then(|rest| rest.split_once('-')) {
                let years = &word[..=years.len()];
                self.give(given::YEAR | given::MONTH)?;
                if self.years_and_months(years, months)? == Fit::TooLarge {
                    return Some(Fit::TooLarge);
                }
                continue;
            }
            let number = match Number::read(word)? {
                Ok(number) => number,
                Err(fit) => return Some(fit),
            };
            // Without a unit a number counts days before a time, and seconds at the end.
            let (unit, mut bits) = match words.clone().next() {
                Some(name) if name.contains(':') => (Unit::Days(1), given::DAY),
                Some(name) => {
                    words.next();
                    Unit::named(name)?
                }
                None => (Unit::Micros(SECOND), given::SECOND),
            };
            if bits == given::SECOND && number.fraction != 0.0 {
                bits = given::SECONDS;
            }
            self.give(bits)?;
            self.add(&number, unit);
        }
        any.then_some(Fit::Fits)
    }

    /// `1-2`: years and months, of one sign.
    fn years_and_months(&mut self, years: &str, months: &str) -> Option<Fit> {
        let whole = |text| match Number::read(text)? {
            Ok(number) if number.fraction == 0.0 => Some(Ok(number)),
            Ok(_) => None,
            Err(fit) => Some(Err(fit)),
        };
        if months.starts_with(['+', '-']) {
            return None;
        }
        let (Ok(years), Ok(mut months)) = (whole(years)?, whole(months)?) else {
            return Some(Fit::TooLarge);
        };
        if months.whole >= 12 {
            return Some(Fit::TooLarge);
        }
        months.negative = years.negative;
        self.add(&years, Unit::Months(12));
        self.add(&months, Unit::Months(1));
        Some(Fit::Fits)
    }

    /// `[+-]hh:mm[:ss[.f]]`, of as many hours as are given.
    fn clock(&mut self, word: &str) -> Option<Fit> {
        let negative = word.starts_with('-');
        let mut parts = word.strip_prefix(['+', '-']).unwrap_or(word).split(':');
        let mut read = |is_last: bool| -> Option<Option<Result<Number, Fit>>> {
            let Some(part) = parts.next() else { return Some(None) };
            let plain = part.bytes().all(|b| b.is_ascii_digit() || is_last && b == b'.');
            if !plain {
                return None;
            }
            Some(Some(Number::read(part)?))
        };
        let (hours, minutes) = (read(false)??, read(false)??);
        let seconds = read(true)?;
        if parts.next().is_some() {
            return None;
        }
        let (Ok(hours), Ok(minutes)) = (hours, minutes) else { return Some(Fit::TooLarge) };
        let seconds = match seconds {
            None => Number { negative, whole: 0, fraction: 0.0 },
            Some(Ok(seconds)) => seconds,
            Some(Err(fit)) => return Some(fit),
        };
        if minutes.whole >= 60 || seconds.whole > 60 {
            return Some(Fit::TooLarge);
        }
        for (number, scale) in [(hours, 3600), (minutes, 60), (seconds, 1)] {
            self.add(&Number { negative, ..number }, Unit::Micros(scale * SECOND));
        }
        Some(Fit::Fits)
    }

    /// What follows the `P` of ISO 8601 §4.4.3.2.
    fn iso(&mut self, text: &str) -> Option<Fit> {
        let mut rest = text;
        let mut in_time = false;
        let mut any = false;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('T') {
                if std::mem::replace(&mut in_time, true) {
                    return None;
                }
                any = true;
                rest = after;
                continue;
            }
            let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
            let number = match Number::read(&rest[..end])? {
                Ok(number) => number,
                Err(fit) => return Some(fit),
            };
            self.add(&number, Unit::of_iso(rest.as_bytes()[end], in_time)?);
            any = true;
            rest = &rest[end + 1..];
        }
        any.then_some(Fit::Fits)
    }
}

/// The words of a text: between white space, and where digits meet letters.
#[derive(Clone)]
struct Words<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.rest = self.rest.trim_start_matches(is_space);
        let first = self.rest.chars().next()?;
        let is_word = first.is_ascii_alphabetic();
        let end = self.rest.find(|c: char| is_space(c) || c.is_ascii_alphabetic() != is_word);
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        Some(word)
    }
}
