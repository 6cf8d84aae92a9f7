//! The HTTP status of each code, after PostgREST's table.

use http::StatusCode;

/// The status that belongs to a code; 400 for those that no rule names.
///
/// It differs from PostgREST where its 500 would blame the server: a request that took too long
/// is 504, one that collided with another (and can be repeated) 409, and one that would change
/// too many rows 400.
pub fn status_of(code: &str) -> StatusCode {
    if let Some(number) = code.strip_prefix("PGRST") {
        return postgrest(number);
    }
    match code {
        "23503" | "23505" | "40001" | "40P01" => StatusCode::CONFLICT,
        "25006" => StatusCode::METHOD_NOT_ALLOWED,
        "42501" => StatusCode::FORBIDDEN,
        "42883" | "42P01" | "P0002" => StatusCode::NOT_FOUND,
        "53400" | "42P17" => StatusCode::INTERNAL_SERVER_ERROR,
        "57014" => StatusCode::GATEWAY_TIMEOUT,
        "57P01" => StatusCode::SERVICE_UNAVAILABLE,
        "P0001" | "54000" => StatusCode::BAD_REQUEST,
        _ => class(code.get(..2).unwrap_or_default()),
    }
}

/// The status of a class of SQLSTATEs.
fn class(class: &str) -> StatusCode {
    match class {
        "08" | "53" => StatusCode::SERVICE_UNAVAILABLE,
        "0L" | "0P" | "28" => StatusCode::FORBIDDEN,
        "09" | "25" | "2D" | "38" | "39" | "3B" | "40" | "54" | "55" | "57" | "58" | "F0"
        | "HV" | "P0" | "XX" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn postgrest(number: &str) -> StatusCode {
    match number {
        "000" | "001" | "002" => StatusCode::SERVICE_UNAVAILABLE,
        "003" => StatusCode::GATEWAY_TIMEOUT,
        "101" | "105" | "117" => StatusCode::METHOD_NOT_ALLOWED,
        "103" => StatusCode::RANGE_NOT_SATISFIABLE,
        "106" | "107" | "116" => StatusCode::NOT_ACCEPTABLE,
        "111" | "112" | "121" | "300" => StatusCode::INTERNAL_SERVER_ERROR,
        "125" | "126" | "202" | "205" => StatusCode::NOT_FOUND,
        "201" | "203" => StatusCode::MULTIPLE_CHOICES,
        "301" | "302" | "303" => StatusCode::UNAUTHORIZED,
        _ => StatusCode::BAD_REQUEST,
    }
}
