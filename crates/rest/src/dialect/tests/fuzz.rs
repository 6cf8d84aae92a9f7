//! Nothing that a client can send makes the parser panic, or parse to what it can't print.

use std::time::Duration;

use super::super::array::parse_array_literal;
use super::super::media::{body_type, negotiate_rows, parse_accept};
use super::super::{Limits, Preferences, RowRange, parse_query, parse_rpc_query, print};

/// What the dialect is made of, so that random bytes get deep into the grammar.
const TOKENS: [&str; 80] = [
    "select=",
    "order=",
    "limit=",
    "offset=",
    "columns=",
    "on_conflict=",
    "or=(",
    "and=(",
    "&",
    "=",
    ".",
    ",",
    "(",
    ")",
    "!",
    ":",
    "::",
    "->",
    "->>",
    "\"",
    "\\",
    "{",
    "}",
    "*",
    "...",
    "-",
    "not.",
    "eq.",
    "neq.",
    "in.(",
    "is.null",
    "is.",
    "like(any).",
    "fts(",
    "cs.",
    "isdistinct.",
    "or(",
    "and(",
    "not.and(",
    "count()",
    ".sum()",
    ".max()::int",
    "!inner",
    "!left",
    ".desc",
    ".asc",
    ".nullslast",
    "a",
    "b",
    "rel",
    "rel(",
    "0",
    "-1",
    "9999999999",
    " ",
    "+",
    "%20",
    "%00",
    "%ff",
    "%22",
    "%5c",
    "é",
    "\u{1F600}",
    "x.y=eq.1",
    "a.order=",
    "a.b.limit=5",
    "_",
    "$",
    "null",
    "true",
    "q=0.5",
    ";",
    "/",
    "application/",
    "json",
    "vnd.pgrst.",
    "for=\"",
    "return=",
    "minimal",
    "max-affected=",
];

fn input_text(bytes: &[u8]) -> String {
    let piece = |&b: &u8| match TOKENS.get(usize::from(b)) {
        Some(token) => (*token).to_owned(),
        None => char::from(b).to_string(),
    };
    bytes.iter().map(piece).collect()
}

fn round_trips(query: &str) {
    let limits = Limits::default();
    if let Ok(params) = parse_query(query, &limits) {
        assert_eq!(parse_query(&print::query(&params), &limits).as_ref(), Ok(&params), "{query}");
    }
    if let Ok(params) = parse_rpc_query(query, &limits) {
        assert_eq!(
            parse_rpc_query(&print::query(&params), &limits).as_ref(),
            Ok(&params),
            "{query}"
        );
    }
}

/// Runs for `MAINSTAY_FUZZ_SECONDS`, 2 if unset.
#[test]
fn fuzz_dialect_never_panics() {
    let seconds = std::env::var("MAINSTAY_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok());
    bolero::check!()
        .with_test_time(Duration::from_secs(seconds.unwrap_or(2)))
        .with_type::<(Vec<u8>, Vec<u8>)>()
        .for_each(|(query, header)| {
            let (query, header) = (input_text(query), input_text(header));
            round_trips(&query);
            let _ = parse_array_literal(&query);
            let preferences = Preferences::parse([query.as_str(), header.as_str()]);
            let _ = (preferences.check(), preferences.applied());
            let _ = RowRange { offset: 3, limit: Some(5) }.cut_by_header(Some(&header));
            let accepted = parse_accept(Some(&header));
            let _ = negotiate_rows(&accepted).map(|chosen| chosen.content_type().into_owned());
            let _ = body_type(Some(&header), true);
        });
}
