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
        "42501" | "insufficient_aal" => StatusCode::FORBIDDEN,
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

#[cfg(test)]
mod tests {
    use super::status_of;

    #[test]
    fn every_code_has_postgrests_status() {
        for (status, codes) in [
            (300, "PGRST201 PGRST203"),
            (400, "PGRST100 PGRST102 PGRST108 PGRST114 PGRST115 PGRST118 PGRST120 PGRST122"),
            (400, "PGRST123 PGRST124 PGRST127 PGRST128 PGRST200 PGRST204 P0001 54000 MS001"),
            (400, "22P02 22003 22001 23502 23514 42703 42804 42P10 42846 428C9"),
            (401, "PGRST301 PGRST302 PGRST303"),
            (403, "42501 28000 0LP01 insufficient_aal"),
            (404, "PGRST125 PGRST126 PGRST202 PGRST205 42P01 42883 P0002"),
            (405, "PGRST101 PGRST105 PGRST117 25006"),
            (406, "PGRST106 PGRST107 PGRST116"),
            (409, "23503 23505 40001 40P01"),
            (416, "PGRST103"),
            (500, "PGRST111 PGRST112 PGRST121 PGRST300 XX000 42P17 58030"),
            (503, "PGRST000 PGRST001 PGRST002 53300 08006 57P01"),
            (504, "PGRST003 57014"),
        ] {
            for code in codes.split(' ') {
                assert_eq!(status_of(code).as_u16(), status, "{code}");
            }
        }
    }
}
