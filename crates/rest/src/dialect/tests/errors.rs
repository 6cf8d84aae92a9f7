//! Refusals, and that they read as PostgREST's do.

use super::super::{Limits, ParseError, parse_query, parse_rpc_query};
use super::{pair, parse, read};

/// Texts recorded from a running PostgREST, which its users' tools and habits know.
#[test]
fn syntax_errors_read_as_postgrest_writes_them() {
    let recorded = include_str!("postgrest_errors.tsv");
    let mut compared = 0;
    for line in recorded.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [key, value, position, details] = fields[..] else { panic!("not four fields: {line}") };
        let error = parse(key, value).expect_err(line);
        let subject = match key.rsplit('.').next().unwrap() {
            "select" => "select parameter",
            "columns" => "columns parameter",
            "on_conflict" => "on_conflict parameter",
            "order" => "order",
            "and" | "or" => "logic tree",
            _ if error.message.starts_with("\"failed to parse tree path") => "tree path",
            _ => "filter",
        };
        let text = if subject == "tree path" { key } else { value };
        assert_eq!(error.code, "PGRST100", "{line}");
        assert_eq!(error.message, format!("\"failed to parse {subject} ({text})\" {position}"));
        assert_eq!(error.details.as_deref(), Some(details), "{line}");
        compared += 1;
    }
    assert!(compared > 150);
}

#[test]
fn operands_of_is_are_named_as_in_postgrest_16() {
    let error = parse("a", "is.nope").unwrap_err();
    assert_eq!(error.message, "\"failed to parse filter (is.nope)\" (line 1, column 6)");
    assert_eq!(
        error.details.as_deref(),
        Some("unexpected \"p\" expecting isVal: (null, not_null, true, false, unknown)")
    );
}

#[test]
fn what_postgrest_would_drop_silently_is_refused() {
    let cases = [
        ("a", "is.nullx", "unexpected 'x' expecting end of input"),
        ("a", "in.(1,2)x", "unexpected 'x' expecting end of input"),
        ("select", "*)", "unexpected ')' expecting \",\" or end of input"),
        ("select", "rel(a)b", "unexpected 'b' expecting \",\" or end of input"),
        (
            "select",
            "...rel",
            "unexpected end of input expecting letter, digit, \"-\", \"!\" or \"(\"",
        ),
        ("or", "(a.eq.1)b", "unexpected 'b' expecting end of input"),
        ("or", "b.eq.1)", "unexpected \"b\" expecting \"(\""),
        (
            "a::text",
            "eq.1",
            "unexpected ':' expecting letter, digit, \"-\", delimiter (.), \"->>\", \"->\" or end of input",
        ),
        ("limit", "ten", "unexpected \"t\" expecting \"-\" or digit"),
        ("offset", "1.5", "unexpected '.' expecting digit or end of input"),
    ];
    for (key, value, details) in cases {
        let error = parse(key, value).expect_err(key);
        assert_eq!(error.code, "PGRST100", "{key}={value}");
        assert_eq!(error.details.as_deref(), Some(details), "{key}={value}");
    }
    assert_eq!(
        parse("select", "a::int::text").unwrap_err().message,
        "The column 'a' can not be cast twice"
    );
    assert!(parse("select", "c->99999999999").unwrap_err().message.contains("out of range"));
}

#[test]
fn negative_ranges_are_not_satisfiable() {
    for (key, what) in [("limit", "Limit"), ("rel.limit", "Limit"), ("offset", "Offset")] {
        let error = parse(key, "-1").unwrap_err();
        let details = format!("{what} should be greater than or equal to zero.");
        assert_eq!(error, ParseError::new("PGRST103", "Requested range not satisfiable", details));
    }
}

#[test]
fn undecodable_text_is_named() {
    let cases = [
        ("a=eq.%ff", "The value of the parameter \"a\" is not valid UTF-8 after percent-decoding."),
        ("%C3=eq.1", "The parameter name \"%C3\" is not valid UTF-8 after percent-decoding."),
        (
            "a=eq.%00",
            "The value of the parameter \"a\" contains a NUL character, which text can not hold.",
        ),
        (
            "select=a%00b",
            "The value of the parameter \"select\" contains a NUL character, which text can not hold.",
        ),
    ];
    for (query, details) in cases {
        let error = read(query).expect_err(query);
        assert_eq!(error.code, "PGRST100");
        assert_eq!(error.details.as_deref(), Some(details));
    }
}

#[test]
fn limits_bound_every_dimension() {
    let limits = Limits { query_bytes: 200, pairs: 3, depth: 3, conditions: 4, select_items: 5 };
    let accepted = [
        ("a=eq.".to_owned() + &"x".repeat(195)),
        "a=eq.1&b=eq.1&c=eq.1".to_owned(),
        "select=a(b(c))".to_owned(),
        "or=(and(or(a.eq.1)))".to_owned(),
        "a.b.c.d=eq.1".to_owned(),
        "or=(a.eq.1,b.eq.1,c.eq.1)&d=eq.1".to_owned(),
        "select=a,b,c(d,e)".to_owned(),
    ];
    for query in accepted {
        parse_query(&query, &limits).expect(&query);
    }
    let refused = [
        ("a=eq.".to_owned() + &"x".repeat(196), "The query string is too long"),
        ("a=eq.1&b=eq.1&c=eq.1&d=eq.1".to_owned(), "The query has too many parameters"),
        ("select=a(b(c(d)))".to_owned(), "The query is nested too deeply"),
        ("or=(and(or(and(a.eq.1))))".to_owned(), "The query is nested too deeply"),
        ("a.b.c.d.e=eq.1".to_owned(), "The query is nested too deeply"),
        ("or=(a.eq.1,b.eq.1,c.eq.1,e.eq.1)&d=eq.1".to_owned(), "The query has too many conditions"),
        ("select=a,b,c(d,e,f)".to_owned(), "The query has too many items in select"),
    ];
    for (query, message) in refused {
        let error = parse_query(&query, &limits).expect_err(&query);
        assert_eq!((error.code, error.message.as_str()), ("PGRST100", message), "{query}");
        assert_eq!(parse_rpc_query(&query, &limits).unwrap_err(), error);
    }
}

/// Nesting far beyond any stack is refused, not recursed into.
#[test]
fn deep_nesting_does_not_overflow() {
    for (key, unit) in [("or", "and("), ("select", "a("), ("or", "("), ("select", "...a(")] {
        let query = pair(key, &("(".to_owned() + &unit.repeat(100_000)));
        let limits = Limits { query_bytes: usize::MAX, ..Limits::default() };
        parse_query(&query, &limits).expect_err(key);
    }
}

#[test]
fn errors_do_not_echo_long_values_whole() {
    let error = parse("a", &"é".repeat(5_000)).unwrap_err();
    assert!(error.message.len() < 1_200, "{}", error.message.len());
}
