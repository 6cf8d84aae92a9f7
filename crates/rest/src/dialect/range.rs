//! Ranges of rows: `limit`, `offset` and the `Range` header in, `Content-Range` out.

use std::fmt;

use super::cursor::{self, Cursor, Parsed};
use super::error::{INVALID_RANGE, ParseError};

/// Rows `offset .. offset + limit` of a result. Both stay within `i64`, as the engines count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RowRange {
    /// How many rows are skipped.
    pub offset: u64,
    /// How many rows are returned at most; `None` is without bound.
    pub limit: Option<u64>,
}

/// Larger numbers mean the same as this one.
const ROWS_MAX: u64 = i64::MAX as u64;

impl RowRange {
    /// Every row.
    pub const fn all() -> Self {
        Self { offset: 0, limit: None }
    }

    /// The top-level range of a `GET` request: `limit` and `offset` cut with the `Range` header.
    ///
    /// A header that is not of the form `0-24` or `10-` asks for nothing, and so does any header
    /// with another method (RFC 9110 §14.2): pass `None` then. `limit=0` wins over the header.
    ///
    /// # Errors
    /// `PGRST103` if the header's bounds are the wrong way round or nothing is left after cutting.
    pub fn cut_by_header(self, header: Option<&str>) -> Result<Self, ParseError> {
        if self.limit == Some(0) {
            return Ok(Self { offset: 0, limit: Some(0) });
        }
        let Some((first, last)) = header.and_then(parse_header) else {
            return Ok(self);
        };
        if last.is_some_and(|last| last < first) {
            return Err(not_satisfiable(
                "The lower boundary must be lower than or equal to the upper boundary in the Range header.",
            ));
        }
        let end = |limit: Option<u64>, offset: u64| limit.map(|limit| offset.saturating_add(limit));
        let header_end = last.map(|last| last.saturating_add(1));
        let offset = self.offset.max(first);
        let end = match (end(self.limit, self.offset), header_end) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if end.is_some_and(|end| end <= offset) {
            return Err(not_satisfiable(
                "The Range header and the limit and offset parameters have no rows in common.",
            ));
        }
        Ok(Self { offset, limit: end.map(|end| end - offset) })
    }

    /// Whether `returned` rows of `total` are everything, when the total was counted.
    ///
    /// # Errors
    /// `PGRST103` if the range begins behind the last row.
    pub fn completeness(
        self,
        returned: u64,
        total: Option<u64>,
    ) -> Result<Completeness, ParseError> {
        match total {
            Some(total) if self.offset > total => Err(not_satisfiable(format!(
                "An offset of {} was requested, but there are only {total} rows.",
                self.offset
            ))),
            Some(total) if returned < total => Ok(Completeness::Partial),
            _ => Ok(Completeness::Whole),
        }
    }

    /// The `Content-Range` of an answer with `returned` rows.
    pub fn content_range(self, returned: u64, total: Option<u64>) -> ContentRange {
        ContentRange { first: self.offset, returned, total }
    }
}

/// Whether an answer holds all rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// All of them, or nobody counted: status 200.
    Whole,
    /// Some of them: status 206.
    Partial,
}

/// The value of a `Content-Range` header, unit `items`: `0-24/3573`, `0-9/*`, `*/0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentRange {
    /// Number of the first row returned, counted from 0.
    pub first: u64,
    /// How many rows were returned; with 0 the range is `*`.
    pub returned: u64,
    /// How many rows there are in all, if counted.
    pub total: Option<u64>,
}

impl fmt::Display for ContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.returned == 0 || self.total == Some(0) {
            f.write_str("*")?;
        } else {
            write!(f, "{}-{}", self.first, self.first.saturating_add(self.returned - 1))?;
        }
        match self.total {
            Some(total) => write!(f, "/{total}"),
            None => f.write_str("/*"),
        }
    }
}

fn not_satisfiable(details: impl Into<String>) -> ParseError {
    ParseError::new(INVALID_RANGE, "Requested range not satisfiable", details)
}

/// `0-24` or `10-`, both ends inclusive.
fn parse_header(header: &str) -> Option<(u64, Option<u64>)> {
    let (first, last) = header.split_once('-')?;
    let last = if last.is_empty() { None } else { Some(saturated(last)?) };
    Some((saturated(first)?, last))
}

/// A number of digits alone.
fn saturated(digits: &str) -> Option<u64> {
    let valid = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    valid.then(|| digits.parse().map_or(ROWS_MAX, |rows: u64| rows.min(ROWS_MAX)))
}

/// The value of `limit=`; an empty one asks for nothing.
pub(super) fn parse_limit(value: &str) -> Result<Option<u64>, ParseError> {
    parse_rows("limit", value, "Limit should be greater than or equal to zero.")
}

/// The value of `offset=`; an empty one asks for nothing.
pub(super) fn parse_offset(value: &str) -> Result<Option<u64>, ParseError> {
    parse_rows("offset", value, "Offset should be greater than or equal to zero.")
}

fn parse_rows(subject: &str, value: &str, negative: &str) -> Result<Option<u64>, ParseError> {
    if value.is_empty() {
        return Ok(None);
    }
    if let Some(rows) = saturated(value) {
        return Ok(Some(rows));
    }
    match cursor::parse(subject, value, 0, 0, signed_digits)? {
        (true, rows) if rows > 0 => Err(not_satisfiable(negative)),
        (_, rows) => Ok(Some(rows)),
    }
}

fn signed_digits(c: &mut Cursor<'_>) -> Parsed<(bool, u64)> {
    c.lexeme(|c| {
        let negative = c.optional(|c| c.char('-'))?.is_some();
        let digits = c.take_while1(&["digit"], |ch| ch.is_ascii_digit())?;
        Ok((negative, saturated(digits).unwrap_or(ROWS_MAX)))
    })
}
