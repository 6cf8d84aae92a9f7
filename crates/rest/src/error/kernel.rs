//! The kernel's and the store's errors in PostgREST's words.

use super::{Failure, Fault};
use bytes::Bytes;
use http::{Response, StatusCode};
use mainstay_kernel::{Context, Error, Invalid};
use mainstay_store::{self as store, ErrorKind, Violation};

/// The code of a request that needs an organisation and names none.
const NO_ORGANIZATION: &str = "MS001";

/// The answer to a request that the kernel refused or failed to serve. What went wrong inside
/// goes to the log with the request's identifier; the client is told that identifier alone.
pub fn error_response(error: &Error, request_id: Option<&str>, anonymous: bool) -> Response<Bytes> {
    log(error, request_id);
    fault(error, request_id, anonymous).response()
}

impl Failure {
    /// The answer to the context's caller.
    pub(crate) fn response(&self, context: &Context) -> Response<Bytes> {
        match self {
            Self::Fault(fault) => fault.response(),
            Self::Kernel(error) => {
                let request_id = context.origin.request_id.as_deref();
                error_response(error, request_id, context.principal.is_anonymous())
            }
        }
    }
}

fn log(error: &Error, request_id: Option<&str>) {
    let internal = match error {
        Error::Internal(_) => true,
        Error::Store(error) => {
            use ErrorKind::{Internal, Refused, Unavailable};
            matches!(error.kind(), Internal(_) | Unavailable(_) | Refused(_))
        }
        _ => false,
    };
    if internal {
        tracing::error!(request_id, %error, "request failed");
    }
}

pub(super) fn fault(error: &Error, request_id: Option<&str>, anonymous: bool) -> Fault {
    match error {
        Error::Denied {
            message,
            anonymous: unknown,
        } => denied(message, anonymous || *unknown),
        Error::NoOrganization => Fault::new(
            NO_ORGANIZATION,
            "The request does not say which organization it is for",
        )
        .hint("Use an organization's API key, or a token of a session in one."),
        Error::NotFound(what) => Fault::new("P0002", format!("{what} not found")),
        Error::Invalid(value) => invalid(value),
        Error::Unsupported(what) => Fault::unsupported(what.clone()),
        Error::Store(error) => of_store(error, request_id, anonymous),
        Error::Rule {
            code,
            message,
            details,
            hint,
        } => {
            let mut fault = Fault::new(*code, message.clone());
            if let Some(details) = details {
                fault = fault.details(details.clone());
            }
            if let Some(hint) = hint {
                fault = fault.hint(hint.clone());
            }
            fault
        }
        // The enum may grow; what is not known here is nobody's business.
        _ => internal(request_id),
    }
}

fn denied(message: &str, anonymous: bool) -> Fault {
    let fault = Fault::new("42501", message);
    if anonymous {
        fault.status(StatusCode::UNAUTHORIZED)
    } else {
        fault
    }
}

fn internal(request_id: Option<&str>) -> Fault {
    let fault = Fault::new("XX000", "internal error");
    match request_id {
        Some(id) => fault.details(format!("The log has more under request id {id}.")),
        None => fault,
    }
}

fn invalid(value: &Invalid) -> Fault {
    // Messages in PostgreSQL's words name the column already.
    let name = value.column.rsplit('.').next().unwrap_or(&value.column);
    let message = if value.message.contains(&format!("\"{name}\"")) {
        value.message.clone()
    } else {
        format!("{}: {}", value.column, value.message)
    };
    let fault = Fault::new(value.sqlstate, message);
    match value.row {
        Some(row) => fault.details(format!("Row {row} of the request.")),
        None => fault,
    }
}

fn of_store(error: &store::Error, request_id: Option<&str>, anonymous: bool) -> Fault {
    match error.kind() {
        ErrorKind::Unique(v) => {
            let what = format!(
                "duplicate key value violates unique constraint \"{}\"",
                v.constraint
            );
            violation("23505", what, v, "already exists in this table")
        }
        ErrorKind::ForeignKey(v) => {
            let what = format!(
                "write on table \"{}\" violates foreign key constraint \"{}\"",
                v.table, v.constraint
            );
            violation(
                "23503",
                what,
                v,
                "refers to no row, or a row still refers to it",
            )
        }
        ErrorKind::NotNull(v) => {
            let column = v.columns.first().map_or("", String::as_str);
            let what = format!(
                "null value in column \"{column}\" of relation \"{}\" violates not-null constraint",
                v.table
            );
            Fault::new("23502", what)
        }
        ErrorKind::Check(v) => {
            let what = format!(
                "new row for relation \"{}\" violates check constraint \"{}\"",
                v.table, v.constraint
            );
            violation("23514", what, v, "has a value that the rule refuses")
        }
        ErrorKind::Transition {
            table,
            column,
            from,
            to,
        } => {
            let what = format!("column \"{column}\" of \"{table}\" can't move from {from} to {to}");
            Fault::new("23514", what)
        }
        ErrorKind::AppendOnly { table } => denied(
            &format!("rows of {table} can't be changed or removed"),
            anonymous,
        ),
        ErrorKind::OutOfReach { table } => {
            let what = format!("new row violates row-level security policy for table \"{table}\"");
            denied(&what, anonymous)
        }
        ErrorKind::Data { sqlstate, message } => Fault::new(sqlstate.clone(), message.clone()),
        ErrorKind::Unsupported(what) => Fault::unsupported(what.clone()),
        ErrorKind::Timeout => Fault::new("57014", "the statement took too long and was canceled"),
        ErrorKind::Overloaded => Fault::new("53300", "the server is busy")
            .details("Too many requests wait for the database.")
            .hint("Try again in a moment."),
        ErrorKind::Conflict => Fault::new(
            "40001",
            "could not serialize access due to a concurrent change",
        )
        .hint("Repeat the request."),
        ErrorKind::Unavailable(_) => Fault::new("PGRST001", "The database can't be reached"),
        _ => internal(request_id),
    }
}

/// A broken constraint. The details name its columns, never a value: another's row may hold it.
fn violation(code: &'static str, what: String, v: &Violation, is: &str) -> Fault {
    let tenant = mainstay_entity::TENANT_COLUMN;
    let columns: Vec<&str> = v
        .columns
        .iter()
        .map(String::as_str)
        .filter(|c| *c != tenant)
        .collect();
    let fault = Fault::new(code, what);
    if columns.is_empty() {
        return fault.details(format!("Table \"{}\".", v.table));
    }
    fault.details(format!(
        "Key ({}) of table \"{}\" {is}.",
        columns.join(", "),
        v.table
    ))
}
