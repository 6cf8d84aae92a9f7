//! Words and queries, as `PostgreSQL` 15's `english` has them where the definition agrees with it.

use super::{Language, Mode, Query, Range, Words};

/// Mode, query, text, and whether `to_tsvector('english', text) @@ query` holds on PostgreSQL 15.
/// A test of the store asks a server of the same.
const CASES: &str = include_str!("cases.tsv");

fn query(mode: Mode, text: &str) -> Query {
    Query::parse(mode, Language::English, text).expect("a query")
}

fn mode(function: &str) -> Mode {
    match function {
        "to_tsquery" => Mode::Operators,
        "plainto_tsquery" => Mode::Plain,
        "phraseto_tsquery" => Mode::Phrase,
        "websearch_to_tsquery" => Mode::Web,
        other => panic!("unknown function {other}"),
    }
}

#[test]
fn queries_hold_where_postgresql_says_so() {
    for case in CASES.lines() {
        let [function, asked, text, expected] =
            case.split('\t').collect::<Vec<_>>().try_into().expect("four columns");
        let holds = query(mode(function), asked).matches(&Words::of_text(text));
        assert_eq!(holds.to_string(), expected, "{case}");
    }
}

#[test]
fn words_are_folded_stemmed_and_cleaned() {
    let stems = |text: &str| Words::of_text(text).stems().collect::<Vec<_>>().join(" ");
    assert_eq!(stems("The Fat RATS ate; the cats' food."), "ate cat fat food rat");
    assert_eq!(stems("Café Ångström naïve ﬁne"), "angstrom cafe fine naiv");
    assert_eq!(stems("error42 v2.0 a_b"), "0 b error42 v2");
    assert_eq!(stems("東京タワー and ΣΊΣΥΦΟΣ"), "σισυφοσ タ ワ ー 京 東");
    assert_eq!(stems("the and of"), "");
}

#[test]
fn forms_keep_their_places() {
    let words = Words::of_text("Rats chase the rat");
    let lexemes: Vec<(&str, String)> = words.lexemes().collect();
    let rat = ("rat", "'rat':1,4 '=rats':1 '=rat':4".to_owned());
    assert_eq!(lexemes, [("chase", "'chase':2 '=chase':2".to_owned()), rat]);
}

#[test]
fn phrases_stay_inside_one_string_of_a_document() {
    let words = Words::of_json(r#"{"b": ["fat rat", 7], "a": {"fat": "cat sat"}}"#);
    let holds = |asked: &str| query(Mode::Phrase, asked).matches(&words);
    assert!(holds("fat rat") && holds("cat sat"));
    assert!(!holds("sat fat"), "of two strings");
    assert!(!holds("fat cat"), "names of members are no words");
}

#[test]
fn simple_words_are_sought_as_they_are() {
    let words = Words::of_text("Running Rats run");
    let holds = |asked: &str| {
        let query = Query::parse(Mode::Operators, Language::Simple, asked).expect("a query");
        assert!(!query.is_exact());
        query.matches(&words)
    };
    assert!(holds("running & rats") && holds("runn:*") && holds("rats <-> run"));
    assert!(!holds("rat") && !holds("runs"));
}

#[test]
fn a_search_begins_with_what_a_text_must_have() {
    let groups = |asked: &str| query(Mode::Operators, asked).groups();
    let stem = |text: &str| Range::Stem(text.to_owned());
    assert_eq!(groups("fat & rats"), [[stem("fat")], [stem("rat")]]);
    assert_eq!(groups("fat | !rats"), Vec::<Vec<Range>>::new());
    assert_eq!(groups("fat | cat:*"), [[stem("fat"), Range::Prefix("cat".to_owned())]]);
    assert!(query(Mode::Operators, "fat & (rats | cats)").is_exact());
    for inexact in ["fat <-> rat", "fat & !rat", "fat | cat & rat"] {
        assert!(!query(Mode::Operators, inexact).is_exact(), "{inexact}");
    }
}

#[test]
fn queries_that_do_not_fit_together_are_refused() {
    for wrong in ["fat rat", "fat &", "(fat", "fat)", "& fat", "'fat", "fat <x> rat", "fat:A", "!"]
    {
        let error = Query::parse(Mode::Operators, Language::English, wrong).expect_err(wrong);
        assert_eq!(error.sqlstate(), "42601", "{wrong}");
        // Other modes have no syntax to get wrong.
        for mode in [Mode::Plain, Mode::Phrase, Mode::Web] {
            assert!(Query::parse(mode, Language::English, wrong).is_ok(), "{wrong}");
        }
    }
    let deep = "(".repeat(1_000);
    assert!(Query::parse(Mode::Operators, Language::English, &deep).is_err());
    let long = "rat ".repeat(1_000);
    assert!(Query::parse(Mode::Plain, Language::English, &long).is_err());
}

#[test]
fn texts_of_any_size_have_a_bounded_number_of_words() {
    let long: Vec<String> = (0..40_000).map(|number| format!("w{number}")).collect();
    let words = Words::of_text(&long.join(" "));
    assert_eq!(words.stems().count(), 16_382);
    let wide = Words::of_text(&"a1".repeat(500));
    assert_eq!(wide.stems().count(), 0, "too long for a word");
    let often = Words::of_text(&"rat ".repeat(1_000));
    let (_, places) = often.lexemes().next().expect("a word");
    assert_eq!(places.split(' ').next().map(|stem| stem.split(',').count()), Some(255));
}
