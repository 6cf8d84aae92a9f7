use crate::calendar::{DAY, SECOND};
use std::cmp::Ordering;
use std::fmt::{self, Write as _};

/// A span of time as `PostgreSQL` keeps it: months, days and microseconds apart, since months and
/// days differ in length.
///
/// Spans are equal, and ordered, by their length where a month has 30 days and a day 24 hours, as
/// `interval_cmp` of `PostgreSQL` has it; equal ones may be printed differently.
#[derive(Clone, Copy, Debug, Default)]
pub struct Interval {
    /// Months; a year is twelve.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Microseconds.
    pub micros: i64,
}

impl Interval {
    /// Microseconds, where a month has 30 days and a day 24 hours.
    fn length(self) -> i128 {
        let days = i128::from(self.months) * 30 + i128::from(self.days);
        days * i128::from(DAY) + i128::from(self.micros)
    }
}

impl PartialEq for Interval {
    fn eq(&self, other: &Self) -> bool {
        self.length() == other.length()
    }
}

impl Eq for Interval {}

impl PartialOrd for Interval {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Interval {
    fn cmp(&self, other: &Self) -> Ordering {
        self.length().cmp(&other.length())
    }
}

impl fmt::Display for Interval {
    /// Writes the interval style `postgres`, such as `1 year 2 mons -3 days +04:05:06.7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What follows a negative part says that it is positive.
        let mut after_negative = false;
        let mut separator = "";
        for (value, unit) in
            [(self.months / 12, "year"), (self.months % 12, "mon"), (self.days, "day")]
        {
            if value != 0 {
                let sign = if after_negative && value > 0 { "+" } else { "" };
                let plural = if value == 1 { "" } else { "s" };
                write!(f, "{separator}{sign}{value} {unit}{plural}")?;
                after_negative = value < 0;
                separator = " ";
            }
        }
        if separator.is_empty() || self.micros != 0 {
            let sign = match self.micros {
                ..0 => "-",
                _ if after_negative => "+",
                _ => "",
            };
            write!(f, "{separator}{sign}")?;
            write_clock(f, self.micros.unsigned_abs())?;
        }
        Ok(())
    }
}

/// Writes `04:05:06.7`, of as many hours as there are.
pub(crate) fn write_clock(f: &mut impl fmt::Write, micros: u64) -> fmt::Result {
    let (seconds, fraction) = (micros / SECOND as u64, micros % SECOND as u64);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    write!(f, "{hours:02}:{minutes:02}:{:02}", seconds % 60)?;
    if fraction == 0 {
        return Ok(());
    }
    let mut digits = String::new();
    write!(digits, "{fraction:06}")?;
    write!(f, ".{}", digits.trim_end_matches('0'))
}
