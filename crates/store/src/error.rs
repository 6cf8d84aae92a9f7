//! The store's error: what an engine refused, in terms of the model.

use std::fmt;

/// A statement that was refused or could not run.
#[derive(Debug, Clone)]
pub struct Error {
    kind: Box<ErrorKind>,
}

/// Short for a result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong. Constraint kinds name the table and constraint, and columns where known.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A key exists already (SQLSTATE 23505).
    Unique(Violation),
    /// A referenced row is missing, or a row is still referred to (23503).
    ForeignKey(Violation),
    /// A required value is missing (23502).
    NotNull(Violation),
    /// A check rule, choice or length does not hold (23514).
    Check(Violation),
    /// A life cycle does not allow the move (23514).
    Transition {
        /// Table.
        table: String,
        /// Column of the life cycle.
        column: String,
        /// The value it had.
        from: String,
        /// The value that was refused.
        to: String,
    },
    /// Rows that can't be changed or removed, such as audit events (42501).
    AppendOnly {
        /// Table.
        table: String,
    },
    /// The row is outside the caller's reach (42501).
    OutOfReach {
        /// Table.
        table: String,
    },
    /// A value that the engine can't compute with, such as a failed cast (22xxx).
    Data {
        /// SQLSTATE.
        sqlstate: String,
        /// Message without internal detail.
        message: String,
    },
    /// The engine can't do what was asked; see [`crate::Capability`].
    Unsupported(String),
    /// The statement or the wait for a connection took too long.
    Timeout,
    /// Too much waits already; try again later.
    Overloaded,
    /// Concurrent transactions collided; the request can be repeated (40001, 40P01).
    Conflict,
    /// The engine can't be reached or is shutting down.
    Unavailable(String),
    /// The database was made by a newer server, or its role is unfit.
    Refused(String),
    /// A fault of the server or the engine. The text is for the log only.
    Internal(String),
}

/// A constraint that did not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violation {
    /// Table.
    pub table: String,
    /// Constraint name, as the catalog names it.
    pub constraint: String,
    /// Columns, where known.
    pub columns: Vec<String>,
}

impl Error {
    /// An error of a kind.
    pub fn new(kind: ErrorKind) -> Self {
        Self { kind: Box::new(kind) }
    }

    /// A fault of the server or the engine; the text goes to the log only.
    pub fn internal(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Internal(message.to_string()))
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Whether the fault is the request's own, not the server's or the moment's.
    pub fn is_callers_fault(&self) -> bool {
        matches!(
            *self.kind,
            ErrorKind::Unique(_)
                | ErrorKind::ForeignKey(_)
                | ErrorKind::NotNull(_)
                | ErrorKind::Check(_)
                | ErrorKind::Transition { .. }
                | ErrorKind::AppendOnly { .. }
                | ErrorKind::OutOfReach { .. }
                | ErrorKind::Data { .. }
                | ErrorKind::Unsupported(_)
        )
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kind {
            ErrorKind::Unique(v) => {
                write!(f, "unique violation of {} in {}", v.constraint, v.table)
            }
            ErrorKind::ForeignKey(v) => {
                write!(f, "foreign key violation of {} in {}", v.constraint, v.table)
            }
            ErrorKind::NotNull(v) => {
                write!(f, "missing value of {} in {}", v.columns.join(", "), v.table)
            }
            ErrorKind::Check(v) => write!(f, "check violation of {} in {}", v.constraint, v.table),
            ErrorKind::Transition { table, column, from, to } => {
                write!(f, "{table}.{column} can't move from {from} to {to}")
            }
            ErrorKind::AppendOnly { table } => write!(f, "rows of {table} can't be changed"),
            ErrorKind::OutOfReach { table } => write!(f, "row of {table} is out of reach"),
            ErrorKind::Data { sqlstate, message } => write!(f, "{message} ({sqlstate})"),
            ErrorKind::Unsupported(what) => write!(f, "not supported: {what}"),
            ErrorKind::Timeout => f.write_str("the statement took too long"),
            ErrorKind::Overloaded => f.write_str("too many requests wait"),
            ErrorKind::Conflict => f.write_str("concurrent transactions collided"),
            ErrorKind::Unavailable(why) => write!(f, "database unavailable: {why}"),
            ErrorKind::Refused(why) => write!(f, "database refused: {why}"),
            ErrorKind::Internal(why) => write!(f, "internal error: {why}"),
        }
    }
}

impl std::error::Error for Error {}
