//! The kernel's and the store's errors in PostgREST's words.

use super::{Failure, Fault};
use bytes::Bytes;
use http::{Response, StatusCode};
use mainstay_kernel::{Context, Error, Invalid};
use mainstay_store::{self as store, ErrorKind, Violation};

/// The code of a request that needs an organisation and names none.
const NO_ORGANIZATION: &str = "MS001";
/// The code of a key that has made as many requests as it may.
const TOO_MANY: &str = "MS020";

/// The answer to a request that the kernel refused or failed to serve. What went wrong inside
/// goes to the log with the request's identifier; the client is told that identifier alone.
pub fn error_response(error: &Error, request_id: Option<&str>, anonymous: bool) -> Response<Bytes> {
    log(error, request_id);
    fault(error, request_id, anonymous).response()
}

impl Failure {
    /// The refusal as the context's caller reads it.
    pub(crate) fn into_fault(self, context: &Context) -> Fault {
        match self {
            Self::Fault(fault) => fault,
            Self::Kernel(error) => {
                let request_id = context.origin.request_id.as_deref();
                log(&error, request_id);
                fault(&error, request_id, context.principal.is_anonymous())
            }
        }
    }

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
        Error::Denied { message, anonymous: unknown } => denied(message, anonymous || *unknown),
        Error::NoOrganization => {
            Fault::new(NO_ORGANIZATION, "The request does not say which organization it is for")
                .hint("Use an organization's API key, or a token of a session in one.")
        }
        Error::NotFound(what) => Fault::new("P0002", format!("{what} not found")),
        Error::Invalid(value) => invalid(value),
        Error::Unsupported(what) => Fault::unsupported(what.clone()),
        Error::RateLimited { retry_after_seconds } => {
            Fault::too_many(TOO_MANY, *retry_after_seconds)
                .details("The API key has made as many requests this hour as it may.")
        }
        Error::Store(error) => of_store(error, request_id, anonymous),
        Error::Rule { code, message, details, hint } => {
            let mut fault = Fault::new(*code, message.clone());
            if let Some(details) = details {
                fault = fault.details(details.clone());
            }
            if let Some(hint) = hint {
                fault = fault.hint(hint.clone());
            }
            fault
        }
        Error::Raised { code, message, details, hint } => {
            raised(code, message, details.as_deref(), hint.as_deref())
        }
        // The enum may grow; what is not known here is nobody's business.
        _ => internal(request_id),
    }
}

/// What a declared action has ended with. Codes of `PT` and three digits give a status, as those of
/// PostgreSQL's functions do for PostgREST.
fn raised(code: &str, message: &str, details: Option<&str>, hint: Option<&str>) -> Fault {
    let mut fault = Fault::new(code.to_owned(), message);
    let status = code.strip_prefix("PT").and_then(|status| status.parse().ok());
    if let Some(status) = status.and_then(|status: u16| StatusCode::from_u16(status).ok()) {
        fault = fault.status(status);
    }
    if let Some(details) = details {
        fault = fault.details(details);
    }
    if let Some(hint) = hint {
        fault = fault.hint(hint);
    }
    fault
}

fn denied(message: &str, anonymous: bool) -> Fault {
    let fault = Fault::new("42501", message);
    if anonymous { fault.status(StatusCode::UNAUTHORIZED) } else { fault }
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
            let what =
                format!("duplicate key value violates unique constraint \"{}\"", v.constraint);
            violation("23505", what, v, "already exists in this table")
        }
        ErrorKind::ForeignKey(v) => {
            let what = format!(
                "write on table \"{}\" violates foreign key constraint \"{}\"",
                v.table, v.constraint
            );
            violation("23503", what, v, "refers to no row, or a row still refers to it")
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
        ErrorKind::Transition { table, column, from, to } => {
            let what = format!("column \"{column}\" of \"{table}\" can't move from {from} to {to}");
            Fault::new("23514", what)
        }
        ErrorKind::AppendOnly { table } => {
            denied(&format!("rows of {table} can't be changed or removed"), anonymous)
        }
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
        ErrorKind::Conflict => {
            Fault::new("40001", "could not serialize access due to a concurrent change")
                .hint("Repeat the request.")
        }
        ErrorKind::Unavailable(_) => Fault::new("PGRST001", "The database can't be reached"),
        _ => internal(request_id),
    }
}

/// A broken constraint. The details name its columns, never a value: another's row may hold it.
fn violation(code: &'static str, what: String, v: &Violation, is: &str) -> Fault {
    let tenant = mainstay_entity::TENANT_COLUMN;
    let columns: Vec<&str> =
        v.columns.iter().map(String::as_str).filter(|c| *c != tenant).collect();
    let fault = Fault::new(code, what);
    if columns.is_empty() {
        return fault.details(format!("Table \"{}\".", v.table));
    }
    fault.details(format!("Key ({}) of table \"{}\" {is}.", columns.join(", "), v.table))
}

#[cfg(test)]
mod tests {
    use super::fault;
    use mainstay_kernel::{Error, Invalid};
    use mainstay_store::{self as store, ErrorKind, Violation};

    fn of(error: &Error) -> (u16, String) {
        let response = fault(error, Some("r-7"), false).response();
        let body = String::from_utf8(response.body().to_vec()).expect("UTF-8");
        (response.status().as_u16(), body)
    }

    fn of_store(kind: ErrorKind) -> (u16, String) {
        of(&Error::Store(store::Error::new(kind)))
    }

    fn violation() -> Violation {
        Violation {
            table: "users".to_owned(),
            constraint: "users_email_key".to_owned(),
            columns: vec!["organization_id".to_owned(), "email".to_owned()],
        }
    }

    #[test]
    fn refusals_name_fields_and_never_rows() {
        let (status, body) = of_store(ErrorKind::Unique(violation()));
        let expected = "{\"code\":\"23505\",\
            \"details\":\"Key (email) of table \\\"users\\\" already exists in this table.\",\
            \"hint\":null,\
            \"message\":\"duplicate key value violates unique constraint \\\"users_email_key\\\"\"}";
        assert_eq!((status, body.as_str()), (409, expected));
        let value = Invalid {
            sqlstate: "22P02",
            message: "expected one of a, b, got \"c\"".to_owned(),
            column: "users.status".to_owned(),
            row: Some(3),
        };
        let (status, body) = of(&Error::Invalid(value));
        assert_eq!(status, 400);
        assert!(body.contains("users.status: expected one of a, b"), "{body}");
        assert!(body.contains("Row 3"), "{body}");
    }

    #[test]
    fn each_kind_of_error_has_its_status() {
        let columns = violation;
        for (status, kind) in [
            (409, ErrorKind::ForeignKey(columns())),
            (400, ErrorKind::NotNull(columns())),
            (400, ErrorKind::Check(columns())),
            (403, ErrorKind::AppendOnly { table: "t".to_owned() }),
            (403, ErrorKind::OutOfReach { table: "t".to_owned() }),
            (400, ErrorKind::Unsupported("x".to_owned())),
            (504, ErrorKind::Timeout),
            (503, ErrorKind::Overloaded),
            (409, ErrorKind::Conflict),
            (503, ErrorKind::Unavailable("x".to_owned())),
            (500, ErrorKind::Refused("x".to_owned())),
        ] {
            let text = format!("{kind:?}");
            assert_eq!(of_store(kind).0, status, "{text}");
        }
        assert_eq!(of(&Error::NoOrganization).0, 400);
        assert_eq!(of(&Error::NotFound("x".to_owned())).0, 404);
        assert_eq!(of(&Error::rule("PGRST301", "x")).0, 401);
        assert_eq!(of(&Error::denied("x")).0, 403);
        assert_eq!(fault(&Error::denied("x"), None, true).http_status().as_u16(), 401);
    }

    #[test]
    fn a_fault_of_the_server_tells_its_request_and_nothing_else() {
        let (status, body) = of(&Error::internal("disk /dev/sda is on fire"));
        assert_eq!(status, 500);
        assert!(body.contains("r-7") && !body.contains("fire"), "{body}");
        let (_, body) = of_store(ErrorKind::Unavailable("postgres://secret@host".to_owned()));
        assert!(!body.contains("secret"), "{body}");
    }
}
