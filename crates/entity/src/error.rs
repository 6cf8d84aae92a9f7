//! The crate's error.

use std::fmt;

/// A value or declaration that was refused. The message says what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// Short for a result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ErrorKind {
    InvalidValue,
    InvalidDatetime,
    InvalidEscape,
    OutOfRange,
    DatetimeOutOfRange,
    IntervalOutOfRange,
    RangeBounds,
    InvalidBytes,
    InvalidPattern,
    UnsupportedPattern,
    TooLong,
    UnsupportedText,
    InvalidQuery,
    Declaration,
}

impl Error {
    /// A value that its column's kind can't take.
    pub fn invalid_value(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::InvalidValue, message: message.into() }
    }

    /// Text that is no date or time.
    pub fn invalid_datetime(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::InvalidDatetime, message: message.into() }
    }

    /// A LIKE pattern that ends within an escape.
    pub fn invalid_escape(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::InvalidEscape, message: message.into() }
    }

    /// A number outside the range of its column.
    pub fn out_of_range(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::OutOfRange, message: message.into() }
    }

    /// A date or time with a field outside its range, or outside the years 1 to 9999.
    pub fn datetime_out_of_range(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::DatetimeOutOfRange, message: message.into() }
    }

    /// A span of time with a part that no interval holds.
    pub fn interval_out_of_range(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::IntervalOutOfRange, message: message.into() }
    }

    /// A range whose lower bound is above its upper one.
    pub fn range_bounds(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::RangeBounds, message: message.into() }
    }

    /// Text that is no hexadecimal form of bytes.
    pub fn invalid_bytes(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::InvalidBytes, message: message.into() }
    }

    /// Text that is no regular expression.
    pub fn invalid_pattern(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::InvalidPattern, message: message.into() }
    }

    /// A regular expression that the engines would not read alike; the message names what it has.
    pub fn unsupported_pattern(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::UnsupportedPattern, message: message.into() }
    }

    /// Text that is longer than its column.
    pub fn too_long(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::TooLong, message: message.into() }
    }

    /// Text that an engine can't hold, such as one with NUL.
    pub fn unsupported_text(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::UnsupportedText, message: message.into() }
    }

    /// A full-text query that can't be read.
    pub fn invalid_query(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::InvalidQuery, message: message.into() }
    }

    /// A declaration that can't be used.
    pub fn declaration(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Declaration, message: message.into() }
    }

    /// Whether a value did not have its column's kind (SQLSTATE 22P02, 22000, 22007, 22023,
    /// 22025 or 2201B).
    pub fn is_invalid_value(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::InvalidValue
                | ErrorKind::InvalidDatetime
                | ErrorKind::InvalidEscape
                | ErrorKind::RangeBounds
                | ErrorKind::InvalidBytes
                | ErrorKind::InvalidPattern
        )
    }

    /// Whether a number, time or span was outside its range (SQLSTATE 22003, 22008 or 22015).
    pub fn is_out_of_range(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::OutOfRange | ErrorKind::DatetimeOutOfRange | ErrorKind::IntervalOutOfRange
        )
    }

    /// Whether a regular expression is one that the engines would not read alike.
    pub fn is_unsupported_pattern(&self) -> bool {
        self.kind == ErrorKind::UnsupportedPattern
    }

    /// Whether text was too long (SQLSTATE 22001).
    pub fn is_too_long(&self) -> bool {
        self.kind == ErrorKind::TooLong
    }

    /// Whether text held what no engine can keep (SQLSTATE 22P05).
    pub fn is_unsupported_text(&self) -> bool {
        self.kind == ErrorKind::UnsupportedText
    }

    /// Whether a declaration was wrong.
    pub fn is_declaration(&self) -> bool {
        self.kind == ErrorKind::Declaration
    }

    /// The SQLSTATE that `PostgreSQL` gives for this fault.
    pub fn sqlstate(&self) -> &'static str {
        match self.kind {
            ErrorKind::InvalidValue => "22P02",
            ErrorKind::InvalidDatetime => "22007",
            ErrorKind::InvalidEscape => "22025",
            ErrorKind::OutOfRange => "22003",
            ErrorKind::DatetimeOutOfRange => "22008",
            ErrorKind::IntervalOutOfRange => "22015",
            ErrorKind::RangeBounds => "22000",
            ErrorKind::InvalidBytes => "22023",
            ErrorKind::InvalidPattern | ErrorKind::UnsupportedPattern => "2201B",
            ErrorKind::TooLong => "22001",
            ErrorKind::UnsupportedText => "22P05",
            ErrorKind::InvalidQuery => "42601",
            ErrorKind::Declaration => "42P16",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
