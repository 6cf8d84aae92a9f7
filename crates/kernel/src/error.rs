//! Why a request was refused, in terms of the model. The HTTP status is chosen elsewhere.

use mainstay_store as store;
use std::fmt;

/// A refused or failed request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Error {
    /// The caller may not do this; `anonymous` callers may sign in first.
    Denied {
        /// What was refused, without hinting at rows.
        message: String,
        /// Whether the caller has not said who it is.
        anonymous: bool,
    },
    /// The request needs an organisation and names none.
    NoOrganization,
    /// There is no such record (for this caller).
    NotFound(String),
    /// A value was refused.
    Invalid(Invalid),
    /// The request can't be served as it is.
    Unsupported(String),
    /// The store refused or failed.
    Store(store::Error),
    /// There were as many requests as the caller may make.
    RateLimited {
        /// Further ones are served after so many seconds.
        retry_after_seconds: u64,
    },
    /// A domain rule was broken.
    Rule {
        /// Stable code.
        code: &'static str,
        /// What the caller is told.
        message: String,
        /// More of it.
        details: Option<String>,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A declared action has ended itself.
    Raised {
        /// The code that the declaration gives; `PT` and three digits mean a status.
        code: String,
        /// What the caller is told.
        message: String,
        /// More of it.
        details: Option<String>,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A fault of the server; the text is for the log only.
    Internal(String),
}

/// A refused value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// SQLSTATE that `PostgreSQL` gives for the fault.
    pub sqlstate: &'static str,
    /// What was expected.
    pub message: String,
    /// Table and column, `users.email`.
    pub column: String,
    /// Position of the row in the request, from 1.
    pub row: Option<usize>,
}

/// Short for a result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal.
    pub fn denied(message: impl Into<String>) -> Self {
        Self::Denied { message: message.into(), anonymous: false }
    }

    /// A fault of the server; the text goes to the log only.
    pub fn internal(message: impl fmt::Display) -> Self {
        Self::Internal(message.to_string())
    }

    /// A broken rule.
    pub fn rule(code: &'static str, message: impl Into<String>) -> Self {
        Self::Rule { code, message: message.into(), details: None, hint: None }
    }

    /// The end of a declared action.
    pub(crate) fn raised(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Raised { code: code.into(), message: message.into(), details: None, hint: None }
    }

    /// A refused value of a column.
    pub fn invalid(column: impl Into<String>, error: &mainstay_entity::Error) -> Self {
        Self::Invalid(Invalid {
            sqlstate: error.sqlstate(),
            message: error.to_string(),
            column: column.into(),
            row: None,
        })
    }

    /// Whether the caller was not allowed to do what it asked for.
    pub fn is_refusal(&self) -> bool {
        use store::ErrorKind::{AppendOnly, OutOfReach};
        match self {
            Self::Denied { .. } => true,
            Self::Store(error) => matches!(error.kind(), AppendOnly { .. } | OutOfReach { .. }),
            _ => false,
        }
    }

    /// The same error, told of a row of the request (from 1).
    pub fn at_row(mut self, row: usize) -> Self {
        if let Self::Invalid(invalid) = &mut self {
            invalid.row = Some(row);
        }
        self
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied { message, .. }
            | Self::Rule { message, .. }
            | Self::Raised { message, .. } => f.write_str(message),
            Self::NoOrganization => f.write_str("the request names no organisation"),
            Self::NotFound(what) => write!(f, "{what} not found"),
            Self::Invalid(invalid) => write!(f, "{}: {}", invalid.column, invalid.message),
            Self::Unsupported(what) => write!(f, "not supported: {what}"),
            Self::RateLimited { retry_after_seconds } => {
                write!(f, "too many requests; try again in {retry_after_seconds} seconds")
            }
            Self::Store(error) => fmt::Display::fmt(error, f),
            Self::Internal(what) => write!(f, "internal error: {what}"),
        }
    }
}

impl std::error::Error for Error {}
