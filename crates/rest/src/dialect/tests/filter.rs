//! Conditions and logic trees.

use super::super::array::{Element, parse_array_literal};
use super::super::{
    Arrow, Condition, Connective, Field, Filter, Group, IsValue, Operator, Predicate, Quantifier,
    SearchMode,
};
use super::{field, json, parse, strings};

fn only_filter(key: &str, value: &str) -> (Vec<String>, Filter) {
    let params = parse(key, value).unwrap_or_else(|error| panic!("{key}={value}: {error}"));
    let [placed] = &params.filters[..] else { panic!("not one filter: {params:?}") };
    (placed.path.clone(), placed.item.clone())
}

fn predicate(value: &str) -> (bool, Predicate) {
    match only_filter("a", value).1 {
        Filter::Condition(Condition { negated, predicate, .. }) => (negated, predicate),
        group @ Filter::Group(_) => panic!("{group:?}"),
    }
}

fn compare(operator: Operator, value: &str) -> Predicate {
    Predicate::Compare { operator, quantifier: None, value: value.to_owned() }
}

fn condition(field: Field, predicate: Predicate) -> Filter {
    Filter::Condition(Condition { field, negated: false, predicate })
}

fn eq(name: &str, value: &str) -> Filter {
    condition(Field::column(name), compare(Operator::Eq, value))
}

fn group(connective: Connective, filters: Vec<Filter>) -> Group {
    Group { negated: false, connective, filters }
}

#[test]
fn every_operator_compares_with_the_rest_of_the_value() {
    use Operator::{
        Adjacent, Contained, Contains, Eq, Gt, Gte, Ilike, Imatch, IsDistinct, Like, Lt, Lte,
        Match, Neq, NotExtendsLeft, NotExtendsRight, Overlaps, StrictlyLeft, StrictlyRight,
    };
    let all = [
        Eq,
        Neq,
        Gt,
        Gte,
        Lt,
        Lte,
        Like,
        Ilike,
        Match,
        Imatch,
        IsDistinct,
        Contains,
        Contained,
        Overlaps,
        StrictlyLeft,
        StrictlyRight,
        NotExtendsRight,
        NotExtendsLeft,
        Adjacent,
    ];
    for operator in all {
        for value in ["5", "", "a.b,c(d)\"e\\", "not.eq.1", "{1,2}", " x "] {
            let text = format!("{}.{value}", operator.as_str());
            assert_eq!(predicate(&text), (false, compare(operator, value)), "{text}");
            assert_eq!(predicate(&format!("not.{text}")), (true, compare(operator, value)));
        }
        for quantifier in [Quantifier::Any, Quantifier::All] {
            let text = format!("{}({}).{{a,b}}", operator.as_str(), quantifier.as_str());
            if operator.is_quantifiable() {
                let value = "{a,b}".to_owned();
                let expected = Predicate::Compare { operator, quantifier: Some(quantifier), value };
                assert_eq!(predicate(&text), (false, expected));
            } else {
                assert!(parse("a", &text).is_err(), "{text}");
            }
        }
    }
}

#[test]
fn lists_have_quoted_elements() {
    let cases: [(&str, &[&str]); 10] = [
        ("in.(1,2,3)", &["1", "2", "3"]),
        ("in.(\"hi,there\",\"yes,you\")", &["hi,there", "yes,you"]),
        ("in.(\"Hebdon,John\",\"Williams,Mary\")", &["Hebdon,John", "Williams,Mary"]),
        (r#"in.("Quote:\"","Backslash:\\")"#, &["Quote:\"", "Backslash:\\"]),
        ("in.(a\"b,\"c\"d)", &["a\"b", "\"c\"d"]),
        ("in.( a, b )", &["a", " b "]),
        ("in.()", &[]),
        ("in.(\"\")", &[""]),
        ("in.(,)", &["", ""]),
        ("in.(a(b,c)", &["a(b", "c"]),
    ];
    for (text, elements) in cases {
        assert_eq!(predicate(text), (false, Predicate::In(strings(elements))), "{text}");
    }
    assert_eq!(predicate("not.in.(1)"), (true, Predicate::In(strings(&["1"]))));
}

#[test]
fn is_takes_keywords_in_either_case() {
    use IsValue::{False, NotNull, Null, True, Unknown};
    for value in [Null, NotNull, True, False, Unknown] {
        for text in [value.as_str().to_owned(), value.as_str().to_uppercase()] {
            assert_eq!(predicate(&format!("is.{text}")), (false, Predicate::Is(value)));
            assert_eq!(predicate(&format!("not.is.{text}")), (true, Predicate::Is(value)));
        }
    }
}

#[test]
fn searches_have_a_mode_and_maybe_a_language() {
    use SearchMode::{Phrase, Plain, Query, Web};
    for mode in [Query, Plain, Phrase, Web] {
        for (written, language) in [("", None), ("(french)", Some("french".to_owned()))] {
            let text = format!("{}{written}.The Fat & 'Cats'", mode.as_str());
            let query = "The Fat & 'Cats'".to_owned();
            assert_eq!(predicate(&text), (false, Predicate::Search { mode, language, query }));
        }
    }
}

#[test]
fn fields_have_json_paths_and_embed_paths() {
    use Arrow::{Json, Text};
    let one = compare(Operator::Eq, "1");
    let cases = [
        ("a", strings(&[]), Field::column("a")),
        ("a->b->>c", strings(&[]), field("a", &[json(Json, "b"), json(Text, "c")])),
        ("rel.a", strings(&["rel"]), Field::column("a")),
        ("rel.sub.a->>b", strings(&["rel", "sub"]), field("a", &[json(Text, "b")])),
        ("\"a.b\"", strings(&[]), Field::column("a.b")),
        ("\"x.y\".\"a.b\"", strings(&["x.y"]), Field::column("a.b")),
        ("\"order\"", strings(&[]), Field::column("order")),
        ("order.id", strings(&["order"]), Field::column("id")),
        ("a->\"b.order\"", strings(&[]), field("a", &[json(Json, "b.order")])),
    ];
    for (key, path, expected) in cases {
        let filter = condition(expected, one.clone());
        assert_eq!(only_filter(key, "eq.1"), (path, filter), "{key}");
    }
}

#[test]
fn logic_nests_and_negates() {
    use Connective::{And, Or};
    let is_true = |name: &str, negated| {
        let predicate = Predicate::Is(IsValue::True);
        Filter::Condition(Condition { field: Field::column(name), negated, predicate })
    };
    let age = |operator, value| condition(Field::column("age"), compare(operator, value));

    let (_, filter) = only_filter("or", "(age.lt.18,and(age.gt.65,student.not.is.true))");
    let inner = group(And, vec![age(Operator::Gt, "65"), is_true("student", true)]);
    let expected = group(Or, vec![age(Operator::Lt, "18"), Filter::Group(inner)]);
    assert_eq!(filter, Filter::Group(expected));
    // As in PostgREST, `not` stands behind the column, and before a group only.
    assert!(parse("or", "(age.lt.18,not.student.is.true)").is_err());

    let (path, filter) = only_filter("rel.sub.not.and", "(a.eq.1, not.or(b.eq.2,c.eq.3))");
    let inner = Group { negated: true, ..group(Or, vec![eq("b", "2"), eq("c", "3")]) };
    let expected = Group { negated: true, ..group(And, vec![eq("a", "1"), Filter::Group(inner)]) };
    assert_eq!((path, filter), (strings(&["rel", "sub"]), Filter::Group(expected)));

    let (_, filter) = only_filter("or", "(projects.not.is.null,clients.not.is.null)");
    let Filter::Group(Group { filters, .. }) = filter else { panic!() };
    assert_eq!(filters.len(), 2, "conditions on embeds look like those on columns");
}

#[test]
fn values_in_logic_end_at_commas_unless_quoted() {
    let cases = [
        ("(a.eq.1)", "1"),
        ("(a.eq.)", ""),
        ("(a.eq.x y)", "x y"),
        ("(a.eq.\"x,y)\")", "x,y)"),
        (r#"(a.eq."\"q\"\\")"#, "\"q\"\\"),
        ("(a.eq.\"x\"y)", "\"x\"y"),
        ("(a.eq.{1,2})", "{1,2}"),
        ("(a.eq.[1)", "[1"),
        ("(a.eq.\"[1,2)\")", "[1,2)"),
        ("( a.eq.1)", "1"),
    ];
    for (text, value) in cases {
        let (_, filter) = only_filter("and", text);
        let expected = group(Connective::And, vec![eq("a", value)]);
        assert_eq!(filter, Filter::Group(expected), "{text}");
    }
}

#[test]
fn fields_named_like_words_of_the_dialect_are_conditions() {
    for name in ["and", "or", "not", "eq"] {
        let (_, filter) = only_filter("or", &format!("({name}.eq.1)"));
        let expected = group(Connective::Or, vec![eq(name, "1")]);
        assert_eq!(filter, Filter::Group(expected), "{name}");
    }
}

#[test]
fn array_literals_follow_postgresql() {
    let value = |text: &str| Element::Value(text.to_owned());
    let cases = [
        ("{}", vec![]),
        ("{ }", vec![]),
        ("{a,b}", vec![value("a"), value("b")]),
        (" { a , b c } ", vec![value("a"), value("b c")]),
        ("{\"a,b\",\"c\\\"d\\\\\"}", vec![value("a,b"), value("c\"d\\")]),
        (
            "{NULL,null,\"NULL\",nul}",
            vec![Element::Null, Element::Null, value("NULL"), value("nul")],
        ),
        ("{a\\,b,\\null}", vec![value("a,b"), value("null")]),
        ("{\"\"}", vec![value("")]),
        (
            "{{1,2},{3,4}}",
            vec![
                Element::Array(vec![value("1"), value("2")]),
                Element::Array(vec![value("3"), value("4")]),
            ],
        ),
    ];
    for (literal, expected) in cases {
        assert_eq!(parse_array_literal(literal).expect(literal), expected, "{literal}");
    }
    let refused = [
        ("", "Array value must start with \"{\" or dimension information."),
        ("a,b", "Array value must start with \"{\" or dimension information."),
        ("{a", "Unexpected end of input."),
        ("{a,", "Unexpected end of input."),
        ("{\"a", "Unexpected end of input."),
        ("{a}b", "Junk after closing right brace."),
        ("{,}", "Unexpected \",\" character."),
        ("{a,}", "Unexpected \"}\" character."),
        ("{\"a\"b}", "Unexpected array element."),
        ("{1,{2}}", "Multidimensional arrays must have sub-arrays with matching dimensions."),
    ];
    for (literal, details) in refused {
        let error = parse_array_literal(literal).expect_err(literal);
        assert_eq!(error.code, "22P02");
        assert_eq!(error.message, format!("malformed array literal: \"{literal}\""));
        assert_eq!(error.details.as_deref(), Some(details), "{literal}");
    }
    parse_array_literal(&"{".repeat(100_000)).unwrap_err();
}
