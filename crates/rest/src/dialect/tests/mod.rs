//! What the dialect promises, as tables.

mod errors;
mod filter;
mod fuzz;
mod headers;
mod query;
mod round_trip;
mod select;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Field, JsonKey, JsonStep, Limits, ParseError, QueryParams, parse_query};

/// A pair of a query string, everything in it percent-encoded.
fn pair(key: &str, value: &str) -> String {
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    format!("{}={}", encode(key), encode(value))
}

fn parse(key: &str, value: &str) -> Result<QueryParams, ParseError> {
    parse_query(&pair(key, value), &Limits::default())
}

fn read(query: &str) -> Result<QueryParams, ParseError> {
    parse_query(query, &Limits::default())
}

fn json(arrow: super::Arrow, key: &str) -> JsonStep {
    JsonStep { arrow, key: JsonKey::Member(key.to_owned()) }
}

fn index(arrow: super::Arrow, index: i32) -> JsonStep {
    JsonStep { arrow, key: JsonKey::Index(index) }
}

fn field(name: &str, path: &[JsonStep]) -> Field {
    Field { name: name.to_owned(), path: path.to_vec() }
}

fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}
