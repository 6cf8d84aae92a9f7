//! Instants and dates in ISO 8601 form.

use super::{is_space, shown};
use crate::calendar::{DAY, SECOND, days_from_date, days_in_month};
use crate::error::{Error, Result};
use jiff::civil::Date;

/// Offsets from UTC stay below 16 hours, in seconds.
const MAX_OFFSET: i64 = 16 * 3600;

/// Reads `YYYY-MM-DD[( |T)hh:mm[:ss[.f...]][offset]]` as microseconds since 1970-01-01T00:00:00Z.
///
/// The offset is `Z`, `+hh`, `+hhmm`, `+hh:mm` or `+hh:mm:ss`; without one the time is UTC. More
/// than six digits of a second are rounded.
pub(super) fn timestamp(text: &str) -> Result<i64> {
    let read = read(text, "timestamp with time zone")?;
    let days = days_from_date(read.year, read.month, read.day);
    let micros = days * DAY + read.of_day - read.offset * SECOND;
    let range = days_from_date(1, 1, 1) * DAY..days_from_date(10_000, 1, 1) * DAY;
    if range.contains(&micros) { Ok(micros) } else { Err(out_of_range(text)) }
}

/// Reads a date, alone or with a time and offset, which are left out.
pub(super) fn date(text: &str) -> Result<Date> {
    let read = read(text, "date")?;
    Date::new(read.year as i16, read.month as i8, read.day as i8).map_err(|_| out_of_range(text))
}

/// Reads `hh:mm[:ss[.f...]][ AM| PM][offset]` as microseconds since midnight, up to a whole day.
/// The offset is left out.
pub(super) fn time_of_day(text: &str) -> Result<i64> {
    let invalid = || {
        Error::invalid_datetime(format!("invalid input syntax for type time: \"{}\"", shown(text)))
    };
    let mut rest = Rest(text.trim_matches(is_space).as_bytes());
    let mut time = rest.clock().ok_or_else(invalid)?;
    rest.skip_spaces();
    let half = rest.half();
    rest.skip_spaces();
    let offset = rest.offset().ok_or_else(invalid)?;
    if !rest.0.is_empty() {
        return Err(invalid());
    }
    if let Some(is_afternoon) = half {
        if time.hour > 12 {
            return Err(out_of_range(text));
        }
        time.hour = time.hour % 12 + if is_afternoon { 12 } else { 0 };
    }
    if !time.is_within_day() || offset.abs() >= MAX_OFFSET {
        return Err(out_of_range(text));
    }
    Ok(time.of_day())
}

/// Whether a text that [`timestamp`] reads says how far from UTC it is.
pub(super) fn has_offset(text: &str) -> bool {
    let mut rest = Rest(text.trim_matches(is_space).as_bytes());
    rest.date().is_some() && (rest.0.is_empty() || rest.time().is_some()) && {
        rest.skip_spaces();
        !rest.0.is_empty()
    }
}

/// What was read, each field within its range.
struct DateTime {
    year: i64,
    month: i64,
    day: i64,
    /// Microseconds since midnight, up to a whole day.
    of_day: i64,
    /// Seconds east of UTC.
    offset: i64,
}

fn out_of_range(text: &str) -> Error {
    Error::datetime_out_of_range(format!("date/time field value out of range: \"{}\"", shown(text)))
}

fn read(text: &str, type_name: &str) -> Result<DateTime> {
    let invalid = || {
        Error::invalid_datetime(format!(
            "invalid input syntax for type {type_name}: \"{}\"",
            shown(text)
        ))
    };
    let mut rest = Rest(text.trim_matches(is_space).as_bytes());
    let (year, month, day) = rest.date().ok_or_else(invalid)?;
    let mut time = Time::default();
    let mut offset = 0;
    if !rest.0.is_empty() {
        time = rest.time().ok_or_else(invalid)?;
        rest.skip_spaces();
        offset = rest.offset().ok_or_else(invalid)?;
    }
    if !rest.0.is_empty() {
        return Err(invalid());
    }
    let date_fits = (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day);
    if !date_fits || !time.is_within_day() || offset.abs() >= MAX_OFFSET {
        return Err(out_of_range(text));
    }
    Ok(DateTime { year, month, day, of_day: time.of_day(), offset })
}

#[derive(Default)]
struct Time {
    hour: i64,
    minute: i64,
    second: i64,
    micros: i64,
}

impl Time {
    fn of_day(&self) -> i64 {
        (self.hour * 3600 + self.minute * 60 + self.second) * SECOND + self.micros
    }

    /// As in `PostgreSQL`, the 60th second is the next minute's first, and a day ends at 24:00.
    fn is_within_day(&self) -> bool {
        self.minute < 60 && self.second <= 60 && self.of_day() <= DAY
    }
}

/// What is left to read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take(&mut self, wanted: u8) -> Option<()> {
        let (&first, after) = self.0.split_first()?;
        (first == wanted).then(|| self.0 = after)
    }

    fn skip_spaces(&mut self) {
        while self.take(b' ').is_some() {}
    }

    fn digit_count(&self) -> usize {
        self.0.iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        let (number, after) = self.0.split_at_checked(digits)?;
        let value = number.iter().try_fold(0_i64, |value, byte| {
            byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0'))
        })?;
        self.0 = after;
        Some(value)
    }

    fn date(&mut self) -> Option<(i64, i64, i64)> {
        // Longer years are read too, so that they are out of range and not misspelt.
        let year = self.number(self.digit_count().clamp(4, 6))?;
        self.take(b'-')?;
        let month = self.number(2)?;
        self.take(b'-')?;
        Some((year, month, self.number(2)?))
    }

    fn time(&mut self) -> Option<Time> {
        if self.take(b'T').or_else(|| self.take(b't')).is_none() {
            self.take(b' ')?;
            self.skip_spaces();
        }
        self.clock()
    }

    fn clock(&mut self) -> Option<Time> {
        let mut time = Time { hour: self.number(2)?, ..Time::default() };
        self.take(b':')?;
        time.minute = self.number(2)?;
        if self.take(b':').is_some() {
            time.second = self.number(2)?;
            if self.take(b'.').is_some() {
                time.micros = self.fraction()?;
            }
        }
        Some(time)
    }

    /// `AM` or `PM`: whether it is the afternoon's.
    fn half(&mut self) -> Option<bool> {
        let (half, after) = self.0.split_at_checked(2)?;
        let is_afternoon = match half.to_ascii_lowercase().as_slice() {
            b"am" => false,
            b"pm" => true,
            _ => return None,
        };
        self.0 = after;
        Some(is_afternoon)
    }

    /// Microseconds of a fraction of a second, rounded as `PostgreSQL` rounds them: in floating
    /// point, half to even.
    fn fraction(&mut self) -> Option<i64> {
        let count = self.digit_count();
        if count <= 6 {
            return Some(self.number(count)? * 10_i64.pow(6 - count as u32));
        }
        let (digits, after) = self.0.split_at_checked(count)?;
        let seconds: f64 = format!("0.{}", std::str::from_utf8(digits).ok()?).parse().ok()?;
        self.0 = after;
        Some((seconds * 1e6).round_ties_even() as i64)
    }

    /// Seconds east of UTC, [`MAX_OFFSET`] when a part is out of range; none written is
    /// UTC.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.0.split_first() {
            None => return Some(0),
            Some((b'Z' | b'z', after)) => {
                self.0 = after;
                return Some(0);
            }
            Some((b'+', after)) => {
                self.0 = after;
                1
            }
            Some((b'-', after)) => {
                self.0 = after;
                -1
            }
            Some(_) => return None,
        };
        let hours = self.number(2)?;
        let (mut minutes, mut seconds) = (0, 0);
        if !self.0.is_empty() {
            let colon = self.take(b':').is_some();
            minutes = self.number(2)?;
            if colon && self.take(b':').is_some() {
                seconds = self.number(2)?;
            }
        }
        if minutes >= 60 || seconds >= 60 {
            return Some(MAX_OFFSET);
        }
        Some(sign * (hours * 3600 + minutes * 60 + seconds))
    }
}
