//! What is wrong with a request, in PostgREST's error shape.

use std::fmt;

/// A request that can't be read: the members of PostgREST's error body.
///
/// The HTTP status follows from [`code`](Self::code) and is chosen by whoever answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Stable code, `PGRST100` and its siblings, or an SQLSTATE where PostgreSQL would refuse.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, and what was expected there.
    pub details: Option<String>,
    /// What to write instead.
    pub hint: Option<String>,
}

/// The query string can't be parsed.
pub const SYNTAX: &str = "PGRST100";
/// The body, or its content type, can't be read.
pub const INVALID_BODY: &str = "PGRST102";
/// The requested range of rows can't be satisfied.
pub const INVALID_RANGE: &str = "PGRST103";
/// None of the accepted media types can be produced.
pub const NOT_ACCEPTABLE: &str = "PGRST107";
/// Unknown preferences were sent with `handling=strict`.
pub const INVALID_PREFERENCES: &str = "PGRST122";
/// SQLSTATE `invalid_text_representation`.
pub const INVALID_TEXT: &str = "22P02";

impl ParseError {
    /// An error without a hint.
    pub fn new(code: &'static str, message: impl Into<String>, details: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: Some(details.into()), hint: None }
    }

    /// An error that its message says completely.
    pub fn plain(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: None, hint: None }
    }

    /// A limit of [`Limits`](super::Limits) was passed.
    pub(super) fn over_limit(what: &str, limit: usize, unit: &str) -> Self {
        Self::new(
            SYNTAX,
            format!("{what} is too long"),
            format!("At most {limit} {unit} are accepted."),
        )
    }

    /// Embedding or logic is nested deeper than `limit` levels.
    pub(super) fn too_deep(limit: usize) -> Self {
        Self::new(
            SYNTAX,
            "The query is nested too deeply",
            format!("At most {limit} levels of embedding or of logic are accepted."),
        )
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        self.details.as_ref().map_or(Ok(()), |details| write!(f, " ({details})"))
    }
}

impl std::error::Error for ParseError {}
