//! What conditions and defaults of other databases become.

use super::column::Declared;
use super::expression::{Expression, parse};
use super::fact::{self, Fact};
use super::kind::{self, Base};
use super::yaml;
use mainstay_store::introspect::Column;

fn base(name: &str) -> Option<Base> {
    Some(match name {
        "state" | "VALUE" => Base::Text,
        "line" => Base::Whole,
        "price" => Base::Number,
        _ => return None,
    })
}

fn facts(sql: &str) -> Vec<Option<Fact>> {
    let condition = parse(sql).unwrap_or_else(|| panic!("{sql} is not read"));
    condition.conjuncts().iter().map(|part| fact::of(part, base)).collect()
}

#[test]
fn conditions_of_both_engines_become_facts() {
    let state = |values: &[&str]| {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Some(Fact::Choice("state".to_owned(), values))
    };
    let cases: Vec<(&str, Vec<Option<Fact>>)> = vec![
        ("(state = ANY (ARRAY['open'::text, 'paid'::text]))", vec![state(&["open", "paid"])]),
        (
            "(((state)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[])))",
            vec![state(&["a", "it's"])],
        ),
        ("state IN ('a', 'b') OR state IS NULL", vec![state(&["a", "b"])]),
        ("((state = 'a'::text) OR (state = 'b'::text))", vec![state(&["a", "b"])]),
        ("\"line\" > 0", vec![Some(Fact::Min("line".into(), 1))]),
        (
            "0 < line and line <= 10",
            vec![Some(Fact::Min("line".into(), 1)), Some(Fact::Max("line".into(), 10))],
        ),
        (
            "((price >= 0.00) AND (price <= (99)::numeric))",
            vec![Some(Fact::Min("price".into(), 0)), Some(Fact::Max("price".into(), 99))],
        ),
        ("(price >= '-5'::integer)", vec![Some(Fact::Min("price".into(), -5))]),
        (
            "line BETWEEN -1 AND 1",
            vec![Some(Fact::Min("line".into(), -1)), Some(Fact::Max("line".into(), 1))],
        ),
        ("(char_length(state) <= 20)", vec![Some(Fact::Length("state".into(), 20))]),
        ("length(state) < 20", vec![Some(Fact::Length("state".into(), 19))]),
        ("(line IS NOT NULL)", vec![Some(Fact::NotNull("line".into()))]),
        // More than a number of another kind can say, or of another column.
        ("price > 0", vec![None]),
        ("price >= 0.5", vec![None]),
        ("line IN (1, 2)", vec![None]),
        ("state IN ('a') OR line IS NULL", vec![None]),
        ("line > 9223372036854775807", vec![None]),
        ("other >= 1", vec![None]),
    ];
    for (sql, expected) in cases {
        assert_eq!(facts(sql), expected, "{sql}");
    }
}

#[test]
fn conditions_over_columns_are_said_in_cel() {
    let cel = |sql: &str| parse(sql).and_then(|condition| condition.to_cel());
    let cases = [
        ("starts_at <= ends_at", "starts_at <= ends_at"),
        ("((a IS NULL) OR (b <> 'x\"y'::text))", r#"(a == null) || (b != "x\"y")"#),
        ("NOT (a = 1 AND b)", "!((a == 1) && b)"),
        ("line IN (1, 2) AND c IS TRUE", "(line in [1, 2]) && (c == true)"),
        ("price > 0.5", "price > 0.5"),
        ("kind <> ALL (ARRAY['a'::text])", r#"!(kind in ["a"])"#),
    ];
    for (sql, expected) in cases {
        assert_eq!(cel(sql).as_deref(), Some(expected), "{sql}");
    }
    for sql in [
        "lower(a) = 'x'",
        "a ~ '^x'",
        "a LIKE 'x%'",
        "CASE WHEN a THEN b END",
        "a + b > 1",
        "\"Ä\" = 1",
        "(a = 1",
        "a = 'x",
        "",
    ] {
        assert_eq!(cel(sql), None, "{sql}");
    }
    let deep = format!("{}a{}", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(parse(&deep), None);
    assert_eq!(
        parse(&format!("{}a", "NOT ".repeat(5001))),
        Some(Expression::Not(Box::new(Expression::Name("a".into()))))
    );
}

/// The line of a column of PostgreSQL.
fn line(data_type: &str, default: Option<&str>) -> String {
    let column = Column {
        name: "c".to_owned(),
        data_type: data_type.to_owned(),
        default: default.map(str::to_owned),
        ..Column::default()
    };
    Declared::new(&column, kind::of_postgres(&column)).line()
}

#[test]
fn types_and_defaults_of_postgres_are_said_or_told() {
    let cases = [
        ("uuid", Some("gen_random_uuid()"), "{type: uuid, default: new id}"),
        (
            "bigint",
            Some("nextval('public.t_c_seq'::regclass)"),
            "{type: bigint, generated: identity}",
        ),
        (
            "character varying(20)",
            Some("'no'::character varying"),
            "{type: text, max: 20, default: \"no\"}",
        ),
        ("numeric(12,2)", Some("0.5"), "{type: numeric, precision: 12, scale: 2, default: 0.5}"),
        ("timestamp with time zone", Some("now()"), "{type: timestamptz, default: now}"),
        ("boolean", Some("false"), "{type: boolean, default: false}"),
        ("jsonb", Some("'{\"a\": [1]}'::jsonb"), "{type: jsonb, default: {\"a\":[1]}}"),
        ("text[]", Some("'{}'::text[]"), "{type: list, of: text, default: []}"),
        ("integer", Some("NULL::integer"), "{type: integer}"),
        ("integer", Some("(1 + 2)"), "{type: integer} # had the default (1 + 2)"),
        ("xml", None, "{type: text} # xml is kept as text"),
        (
            "numeric(38,10)",
            None,
            "{type: numeric, precision: 18, scale: 10} # numeric(38,10) is kept with 18 digits",
        ),
        ("point[]", None, "{type: jsonb} # point[] is kept as jsonb"),
    ];
    for (data_type, default, expected) in cases {
        assert_eq!(line(data_type, default), format!("  c: {expected}"), "{data_type}");
    }
}

#[test]
fn texts_are_quoted_where_yaml_would_read_something_else() {
    let cases = [
        ("open", "open"),
        ("in-use", "in-use"),
        ("No", "\"No\""),
        ("1", "\"1\""),
        ("a: b", "\"a: b\""),
        ("it's \"x\"\n", "\"it's \\\"x\\\"\\n\""),
        ("Straße", "\"Straße\""),
        ("", "\"\""),
    ];
    for (text, expected) in cases {
        assert_eq!(yaml::scalar(text), expected);
        let read: String = serde_saphyr::from_str(expected).unwrap();
        assert_eq!(read, text);
    }
}
