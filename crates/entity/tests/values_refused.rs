//! What is refused although `PostgreSQL` takes it, and what the errors say.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mainstay_entity::json::{MAX_DEPTH, MAX_DIGITS, canonical};
use mainstay_entity::like::{Like, like};
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{Cell, ChoiceMeta, ChoiceValue, Decimal, Error, ItemKind, Kind, Value};
use std::borrow::Cow;

fn refused(kind: &Kind, text: &str) -> (&'static str, String) {
    let error = parse_text(kind, text).unwrap_err();
    (error.sqlstate(), error.to_string())
}

#[test]
fn errors_say_what_was_wrong() {
    let cases = [
        (Kind::Uuid, "x", "22P02", "invalid input syntax for type uuid: \"x\""),
        (Kind::Boolean, "maybe", "22P02", "invalid input syntax for type boolean: \"maybe\""),
        (Kind::SmallInt, "40000", "22003", "value \"40000\" is out of range for type smallint"),
        (Kind::Double, "1e999", "22003", "\"1e999\" is out of range for type double precision"),
        (Kind::Bytes, "\\x0", "22023", "invalid hexadecimal data: odd number of digits"),
        (
            Kind::Timestamp,
            "soon",
            "22007",
            "invalid input syntax for type timestamp with time zone: \"soon\"",
        ),
        (Kind::Date, "2026-02-30", "22008", "date/time field value out of range: \"2026-02-30\""),
        (Kind::Text { max: Some(2) }, "äöü", "22001", "expected at most 2 characters, got 3"),
        (Kind::Text { max: None }, "a\0", "22P05", "text can't hold the character U+0000"),
        (Kind::List(ItemKind::Text), "{a", "22P02", "malformed array literal: \"{a\""),
    ];
    for (kind, text, sqlstate, message) in cases {
        assert_eq!(refused(&kind, text), (sqlstate, message.to_owned()));
    }
}

#[test]
fn long_input_is_not_repeated_in_full() {
    let (_, message) = refused(&Kind::Uuid, &"ä".repeat(10_000));
    assert!(message.ends_with("ä...\"") && message.chars().count() < 200, "{message}");
}

#[test]
fn what_one_engine_could_not_keep_is_refused() {
    let cases = [
        (Kind::Double, "NaN"),
        (Kind::Double, "Infinity"),
        (Kind::Double, "0x1p3"),
        (Kind::Decimal { precision: 4, scale: 2 }, "NaN"),
        (Kind::Timestamp, "infinity"),
        (Kind::Timestamp, "now"),
        (Kind::Timestamp, "10000-01-01"),
        (Kind::Timestamp, "9999-12-31T23:59:59-01:00"),
        (Kind::Timestamp, "0001-01-01T00:00:00+01:00"),
        (Kind::Date, "26-01-31"),
        (Kind::Bytes, "a\\9"),
        (Kind::Inet, "10.0.0.0/8"),
        (Kind::U256, "-1"),
        (Kind::List(ItemKind::Integer), "{{1},{2}}"),
        (Kind::List(ItemKind::Integer), "[1,[2]]"),
        (Kind::List(ItemKind::Integer), "[1,"),
        (Kind::Secret, "x"),
        (Kind::Sealed, "x"),
    ];
    for (kind, text) in cases {
        assert!(parse_text(&kind, text).is_err(), "{kind:?} took {text}");
    }
    let max = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    assert!(parse_text(&Kind::U256, max).is_ok());
    assert!(parse_text(&Kind::U256, &max.replace("935", "936")).is_err());
}

#[test]
fn json_values_are_taken_as_populating_a_record_takes_them() {
    let text = |text: &str| Ok(Value::Text(text.to_owned()));
    let unlimited = Kind::Text { max: None };
    assert_eq!(parse_json(&unlimited, r#" "a\u0062" "#), text("ab"));
    assert_eq!(parse_json(&unlimited, "1e2"), text("1e2"));
    assert_eq!(parse_json(&unlimited, "true"), text("true"));
    assert_eq!(parse_json(&unlimited, r#"{"b":1,"a":2}"#), text(r#"{"b":1,"a":2}"#));
    assert_eq!(parse_json(&unlimited, "null"), Ok(Value::Null));
    assert!(parse_json(&unlimited, r#""a\u0000""#).unwrap_err().is_unsupported_text());
    assert_eq!(parse_json(&Kind::Integer, "1.0"), Ok(Value::Int(1)));
    assert_eq!(parse_json(&Kind::Integer, "-2e3"), Ok(Value::Int(-2000)));
    assert_eq!(parse_json(&Kind::Integer, r#""7""#), Ok(Value::Int(7)));
    assert!(parse_json(&Kind::Integer, "1.5").unwrap_err().is_invalid_value());
    assert!(parse_json(&Kind::Integer, "1e99999999999").is_err());
    assert!(parse_json(&Kind::Integer, "{}").unwrap_err().is_invalid_value());
    assert_eq!(parse_json(&Kind::U256, "1e3"), text("1000"));
    assert_eq!(parse_json(&Kind::Json, "null"), Ok(Value::Null));
    assert_eq!(parse_json(&Kind::Json, r#""{}""#), Ok(Value::Json(r#""{}""#.to_owned())));
    let list = Kind::List(ItemKind::Text);
    let items = vec![Value::Text("a".to_owned()), Value::Null, Value::Text("1".to_owned())];
    assert_eq!(parse_json(&list, "[\"a\",\n null, 1]"), Ok(Value::List(items.clone())));
    assert_eq!(parse_json(&list, r#""{a,NULL,1}""#), Ok(Value::List(items)));
}

#[test]
fn a_choice_takes_its_values_alone() {
    let value = |name: &'static str| ChoiceValue {
        name: Cow::Borrowed(name),
        description: Cow::Borrowed(""),
        next: Cow::Borrowed(&[]),
    };
    let kind = Kind::Choice(Cow::Owned(ChoiceMeta {
        name: Cow::Borrowed("Colour"),
        description: Cow::Borrowed(""),
        values: Cow::Owned(vec![value("red"), value("blue")]),
        life_cycle: false,
    }));
    assert_eq!(parse_text(&kind, "red"), Ok(Value::Text("red".to_owned())));
    assert_eq!(
        parse_json(&kind, r#""green""#),
        Err(Error::invalid_value("expected one of red, blue, got \"green\""))
    );
}

#[test]
fn depth_and_digits_of_documents_are_bounded() {
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(canonical(&nested(MAX_DEPTH)).is_ok());
    let too_deep = canonical(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert!(too_deep.is_invalid_value() && too_deep.to_string().contains("depth"));
    // Far deeper than the stack would bear.
    assert!(canonical(&nested(1_000_000)).is_err());
    assert_eq!(canonical(&format!("1e{}", MAX_DIGITS - 1)).unwrap().len(), MAX_DIGITS);
    for number in [format!("1e{MAX_DIGITS}"), "1e-1000".to_owned(), "9".repeat(MAX_DIGITS + 1)] {
        assert!(canonical(&number).unwrap_err().is_out_of_range(), "{number}");
    }
    assert!(canonical("1e999999999999999999999").unwrap_err().is_out_of_range());
}

#[test]
fn a_pattern_may_not_end_within_an_escape() {
    let error = Like::new("a\\").unwrap_err();
    assert_eq!(error.sqlstate(), "22025");
    assert!(like("a\\", "b").is_err());
}

#[test]
fn hostile_patterns_take_no_longer() {
    let text = "a".repeat(20_000);
    let pattern = format!("{}b", "%a".repeat(5_000));
    assert!(!like(&pattern, &text).unwrap());
}

#[test]
fn cells_print_what_values_do_not_hold() {
    let print = |cell: &Cell<'_>| {
        let mut out = Vec::new();
        cell.write_json(&mut out);
        out.push(b'|');
        cell.write_text(&mut out);
        out.push(b'|');
        cell.write_csv(&mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(print(&Cell::Null), "null||");
    assert_eq!(print(&Cell::Text("")), r#"""||"""#);
    assert_eq!(print(&Cell::Number("12.50")), "12.50|12.50|12.50");
    assert_eq!(print(&Cell::Digits("00120")), r#""120"|120|120"#);
    assert_eq!(print(&Cell::Digits("000")), r#""0"|0|0"#);
    assert_eq!(print(&Cell::Bytes(b"\x00\xff")), r#""\\x00ff"|\x00ff|"\x00ff""#);
    assert_eq!(print(&Cell::Double(f64::NAN)), r#""NaN"|NaN|NaN"#);
    assert_eq!(print(&Cell::Json(r#"{"a": 1}"#)), r#"{"a": 1}|{"a": 1}|"{""a"": 1}""#);
    assert_eq!(print(&Cell::Bool(true)), "true|t|t");
    // Times that no engine gives still print something.
    for micros in [i64::MIN, i64::MAX] {
        print(&Cell::Timestamp(micros));
    }
    print(&Cell::Date(i32::MIN));
}

#[test]
fn decimals_are_rounded_as_numeric_rounds() {
    let parse = |text| Decimal::parse(text, 6, 2).map(|value| value.to_string());
    assert_eq!(parse("1.005"), Ok("1.01".to_owned()));
    assert_eq!(parse("-0.005"), Ok("-0.01".to_owned()));
    assert_eq!(parse("1234.56499999999999999999999999999999"), Ok("1234.56".to_owned()));
    assert!(parse("9999.995").unwrap_err().is_out_of_range());
    let plain: Decimal = "0.000000000000000001000".parse().unwrap();
    assert_eq!(plain, Decimal::new(1, 18));
    assert!("1e-2147483648".parse::<Decimal>().unwrap_err().is_out_of_range());
    assert!("1e-99999999999".parse::<Decimal>().unwrap_err().is_invalid_value());
}
