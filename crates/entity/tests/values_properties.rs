//! Laws that reading and writing keep for any input.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mainstay_entity::json::{self, Step};
use mainstay_entity::like::{fold, like};
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::pattern::Pattern;
use mainstay_entity::range::{self, Relation};
use mainstay_entity::{Cell, Decimal, Interval, ItemKind, Kind, RangeKind, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write;

/// A document as a plain tree, to compare with what works on text.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(String),
    Array(Vec<Tree>),
    /// In the order written; keys may repeat.
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// Of duplicate keys the last, sorted by length, then bytes.
    fn members(members: &[(String, Tree)]) -> Vec<(&str, &Tree)> {
        let mut kept: Vec<(&str, &Tree)> = Vec::new();
        for (key, value) in members {
            kept.retain(|(other, _)| other != key);
            kept.push((key, value));
        }
        kept.sort_by_key(|(key, _)| (key.len(), *key));
        kept
    }

    fn canonical(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => escape(text),
            Self::Array(items) => {
                let items: Vec<String> = items.iter().map(Self::canonical).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Object(members) => {
                let members: Vec<String> = Self::members(members)
                    .into_iter()
                    .map(|(key, value)| format!("{}: {}", escape(key), value.canonical()))
                    .collect();
                format!("{{{}}}", members.join(", "))
            }
        }
    }

    /// As someone else might write it: other white space, other escapes, exponents.
    fn loose(&self, out: &mut String) {
        match self {
            Self::Number(number) => {
                let scale = number.scale();
                let sign = if number.units() < 0 { "-" } else { "" };
                let _ = write!(out, "{sign}{}E-{scale}", number.units().unsigned_abs());
            }
            Self::Text(text) => loose_string(text, out),
            Self::Array(items) => {
                out.push_str("[ ");
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "\n,\t" } else { "" });
                    item.loose(out);
                }
                out.push_str("\r]");
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    loose_string(key, out);
                    out.push_str(" :");
                    value.loose(out);
                }
                out.push('}');
            }
            _ => out.push_str(&self.canonical()),
        }
    }

    fn step(&self, step: &Step<'_>) -> Option<&Tree> {
        match (self, step) {
            (Self::Object(members), Step::Key(key)) => {
                members.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            (Self::Object(_), Step::Index(_)) | (_, Step::Key(_)) => None,
            (Self::Array(items), Step::Index(index)) => {
                let length = i32::try_from(items.len()).unwrap();
                let index = if *index < 0 { index + length } else { *index };
                items.get(usize::try_from(index).ok()?)
            }
            (_, Step::Index(index)) => matches!(index, 0 | -1).then_some(self),
        }
    }

    fn is_container(&self) -> bool {
        matches!(self, Self::Array(_) | Self::Object(_))
    }

    fn contains(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Object(a), Self::Object(b)) => Self::members(b).iter().all(|(key, wanted)| {
                Self::members(a).iter().any(|(name, value)| name == key && value.contains(wanted))
            }),
            (Self::Array(a), Self::Array(b)) => {
                b.iter().all(|wanted| a.iter().any(|item| item.contains(wanted)))
            }
            (Self::Number(a), Self::Number(b)) => a.fit(18, 6) == b.fit(18, 6),
            (a, b) => !a.is_container() && a == b,
        }
    }
}

fn escape(text: &str) -> String {
    let mut out = Vec::new();
    json::escape_into(&mut out, text);
    String::from_utf8(out).unwrap()
}

/// Every second character as `\u` escapes.
fn loose_string(text: &str, out: &mut String) {
    out.push('"');
    for (index, character) in text.chars().enumerate() {
        if index % 2 == 0 || character < ' ' || matches!(character, '"' | '\\') {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04X}");
            }
        } else {
            out.push(character);
        }
    }
    out.push('"');
}

fn text() -> impl Strategy<Value = String> {
    "[ -~]{0,6}|[\\x01-\\x1fab\"\\\\/]{0,5}|\\PC{0,12}"
}

fn key() -> impl Strategy<Value = String> {
    "[ab]{0,2}|[\t\"\\\\é]{1,2}|[a-z]{3,9}"
}

fn decimal() -> impl Strategy<Value = Decimal> {
    let units = prop_oneof![-20_i64..20, -1_000_000_000_000..1_000_000_000_000_i64];
    (units, 0..=6_u8).prop_map(|(units, scale)| Decimal::new(units, scale))
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        Just(Tree::Null),
        any::<bool>().prop_map(Tree::Bool),
        decimal().prop_map(Tree::Number),
        text().prop_map(Tree::Text),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Tree::Array),
            vec((key(), inner), 0..6).prop_map(Tree::Object),
        ]
    })
}

/// Few different values, so that some are equal or contain each other.
fn small_tree() -> impl Strategy<Value = Tree> {
    let number = |units, scale| Just(Tree::Number(Decimal::new(units, scale)));
    let leaf = prop_oneof![
        Just(Tree::Null),
        any::<bool>().prop_map(Tree::Bool),
        number(1, 0),
        number(10, 1),
        number(-5, 1),
        "[ab\n]{0,2}".prop_map(Tree::Text),
    ];
    leaf.prop_recursive(3, 24, 12, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..12).prop_map(Tree::Array),
            vec(("[ab\"]{0,2}", inner), 0..4).prop_map(Tree::Object),
        ]
    })
}

fn step() -> impl Strategy<Value = Step<'static>> {
    prop_oneof![key().prop_map(|key| Step::Key(Cow::Owned(key))), (-4..4_i32).prop_map(Step::Index),]
}

/// Text that is close to something the readers take.
fn near_input() -> impl Strategy<Value = String> {
    "[\\[\\]{}:,\"\\\\ue0-9.+ \\-]{0,40}|[()\\[\\]^$|*+?{},\\\\dwymM0-9a\\-]{0,12}|[0-9TZ:./+ \\-]{0,40}|\\PC{0,20}|[\\[]{0,300}"
}

fn kind_and_value() -> impl Strategy<Value = (Kind, Value)> {
    let micros = -62_135_596_800_000_000..253_402_300_800_000_000_i64;
    let date = (1..=9999_i16, 1..=12_i8, 1..=28_i8);
    let double = any::<f64>().prop_filter("finite", |value| value.is_finite());
    // As a column's value, JSON null is the column's null.
    let document = tree().prop_filter("not null", |tree| *tree != Tree::Null);
    let digits = "[1-9][0-9]{0,76}".prop_map(Value::Text);
    let scaled = -10_i64.pow(18) + 1..10_i64.pow(18);
    prop_oneof![
        any::<u128>().prop_map(|id| (Kind::Uuid, Value::Uuid(uuid::Uuid::from_u128(id)))),
        text().prop_map(|text| (Kind::Text { max: Some(12) }, Value::Text(text))),
        any::<bool>().prop_map(|value| (Kind::Boolean, Value::Bool(value))),
        any::<i16>().prop_map(|value| (Kind::SmallInt, Value::Int(value.into()))),
        any::<i32>().prop_map(|value| (Kind::Integer, Value::Int(value.into()))),
        any::<i64>().prop_map(|value| (Kind::BigInt, Value::Int(value))),
        double.prop_map(|value| (Kind::Double, Value::Double(value))),
        vec(any::<u8>(), 0..9).prop_map(|bytes| (Kind::Bytes, Value::Bytes(bytes))),
        micros.prop_map(|micros| (Kind::Timestamp, Value::Timestamp(micros))),
        date.prop_map(|(year, month, day)| {
            (Kind::Date, Value::Date(jiff::civil::date(year, month, day)))
        }),
        (scaled, 0..=18_u8).prop_map(|(units, scale)| {
            (Kind::Decimal { precision: 18, scale }, Value::Decimal(Decimal::new(units, scale)))
        }),
        digits.prop_map(|digits| (Kind::U256, digits)),
        document.prop_map(|tree| (Kind::Json, Value::Json(tree.canonical()))),
        any::<std::net::IpAddr>().prop_map(|address| (Kind::Inet, Value::Inet(address))),
        list(ItemKind::Text, text().prop_map(Value::Text)),
        list(ItemKind::BigInt, any::<i64>().prop_map(Value::Int)),
        list(ItemKind::Boolean, any::<bool>().prop_map(Value::Bool)),
        temporal(),
    ]
}

/// Singles, spans, times of the day and ranges.
fn temporal() -> impl Strategy<Value = (Kind, Value)> {
    let single = any::<f32>().prop_filter("finite", |value| value.is_finite());
    let interval = (any::<i32>(), any::<i32>(), any::<i64>());
    let bounds = (any::<bool>(), any::<i32>(), any::<i32>(), any::<bool>());
    prop_oneof![
        single.prop_map(|value| (Kind::Real, Value::Real(value))),
        (0..=86_400_000_000_i64).prop_map(|micros| (Kind::Time, Value::Time(micros))),
        interval.prop_map(|(months, days, micros)| {
            (Kind::Interval, Value::Interval(Interval { months, days, micros }))
        }),
        bounds.prop_map(|(closed, a, b, upper)| {
            let (open, low) =
                if closed { ('[', a.min(b).to_string()) } else { ('(', String::new()) };
            let high = if upper { (i64::from(a.max(b)) + 1).to_string() } else { String::new() };
            let kind = RangeKind::BigInt;
            let text = range::canonical(kind, &format!("{open}{low},{high})")).unwrap();
            (Kind::Range(kind), Value::Range(text))
        }),
    ]
}

fn list(
    item: ItemKind,
    values: impl Strategy<Value = Value>,
) -> impl Strategy<Value = (Kind, Value)> {
    vec(prop_oneof![Just(Value::Null), values], 0..4)
        .prop_map(move |items| (Kind::List(item), Value::List(items)))
}

fn printed(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

/// `LIKE` by trying everything, of a pattern without escapes.
fn naive_like(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|from| naive_like(rest, &text[from..])),
        Some((wanted, rest)) => text.split_first().is_some_and(|(first, after)| {
            (*wanted == '_' || wanted == first) && naive_like(rest, after)
        }),
    }
}

proptest! {
    #[test]
    fn any_spelling_of_a_document_has_one_canonical_form(tree in tree()) {
        let mut loose = String::new();
        tree.loose(&mut loose);
        let canonical = json::canonical(&loose).unwrap();
        prop_assert_eq!(&canonical, &tree.canonical());
        prop_assert_eq!(json::canonical(&canonical).unwrap(), canonical);
    }

    #[test]
    fn paths_over_text_and_tree_lead_to_the_same(
        tree in tree(),
        steps in vec(step(), 0..4),
    ) {
        let wanted = steps.iter().try_fold(&tree, Tree::step);
        let document = tree.canonical();
        let found = json::get(&document, &steps);
        prop_assert_eq!(found.map(str::to_owned), wanted.map(Tree::canonical));
        let text = wanted.and_then(|value| match value {
            Tree::Null => None,
            Tree::Text(text) => Some(text.clone()),
            _ => Some(value.canonical()),
        });
        prop_assert_eq!(json::get_text(&document, &steps).map(Cow::into_owned), text);
    }

    #[test]
    fn the_order_of_documents_is_total(trees in vec(small_tree(), 3)) {
        let documents: Vec<String> = trees.iter().map(Tree::canonical).collect();
        let order = |a: usize, b: usize| json::compare(&documents[a], &documents[b]);
        for a in 0..3 {
            prop_assert_eq!(order(a, a), Ordering::Equal);
            for b in 0..3 {
                prop_assert_eq!(order(a, b), order(b, a).reverse());
                for c in 0..3 {
                    if order(a, b).is_le() && order(b, c).is_le() {
                        prop_assert!(order(a, c).is_le());
                    }
                }
            }
        }
    }

    #[test]
    fn text_and_tree_contain_the_same(a in small_tree(), b in small_tree()) {
        let wanted = match &a {
            Tree::Array(items) if !b.is_container() => items.iter().any(|item| item.contains(&b)),
            _ => a.contains(&b),
        };
        prop_assert_eq!(json::contains(&a.canonical(), &b.canonical()), wanted);
        prop_assert!(json::contains(&a.canonical(), &a.canonical()));
    }

    #[test]
    fn a_printed_value_reads_as_itself((kind, value) in kind_and_value()) {
        let text = printed(|out| value.as_cell().write_text(out));
        prop_assert_eq!(&parse_text(&kind, &text).unwrap(), &value);
        let json = printed(|out| value.as_cell().write_json(out));
        prop_assert_eq!(&parse_json(&kind, &json).unwrap(), &value);
        if let Kind::List(_) = kind {
            // Lists that an engine keeps as JSON print the same.
            prop_assert_eq!(printed(|out| Cell::JsonList(&json).write_text(out)), text);
        }
    }

    #[test]
    fn ranges_stand_to_each_other_as_sets_do(
        (a, b, c, d) in (0..6_i64, 0..6_i64, 0..6_i64, 0..6_i64),
    ) {
        let kind = RangeKind::BigInt;
        let (one, other) = ((a.min(b), a.max(b)), (c.min(d), c.max(d)));
        let text = |(low, high): (i64, i64)| range::canonical(kind, &format!("[{low},{high})")).unwrap();
        let holds = |relation: Relation| relation.holds(kind, &text(one), &text(other)).unwrap();
        let has = |(low, high): (i64, i64), number: i64| (low..high).contains(&number);
        let mut numbers = 0..6_i64;
        let both = numbers.clone().any(|n| has(one, n) && has(other, n));
        let inside = numbers.all(|n| !has(other, n) || has(one, n));
        let (some, others) = (one.0 < one.1, other.0 < other.1);
        prop_assert_eq!(holds(Relation::Overlaps), both);
        prop_assert_eq!(holds(Relation::Contains), inside);
        prop_assert_eq!(holds(Relation::Before), some && others && one.1 <= other.0);
        prop_assert_eq!(holds(Relation::NotAbove), some && others && one.1 <= other.1);
        prop_assert_eq!(holds(Relation::NotBelow), some && others && one.0 >= other.0);
        let meets = one.1 == other.0 || other.1 == one.0;
        prop_assert_eq!(holds(Relation::Adjacent), some && others && meets);
        let order = range::compare(kind, &text(one), &text(other));
        prop_assert_eq!(order, some.then_some(one).cmp(&others.then_some(other)));
    }

    #[test]
    fn csv_fields_read_back_as_text(text in text()) {
        let field = printed(|out| Cell::Text(&text).write_csv(out));
        let read = match field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => field.clone(),
        };
        prop_assert_eq!(read, text);
        prop_assert!(field.starts_with('"') || !field.contains([',', '"', '\n', '\r']));
    }

    #[test]
    fn instants_print_as_the_calendar_says(micros in -62_135_596_800_000_000..253_402_300_800_000_000_i64) {
        let time = jiff::Timestamp::from_microsecond(micros).unwrap();
        let wanted = format!("\"{}\"", time.to_string().replace('Z', "+00:00"));
        prop_assert_eq!(printed(|out| Cell::Timestamp(micros).write_json(out)), wanted);
    }

    #[test]
    fn patterns_match_what_trying_everything_matches(
        pattern in "[ab_%é]{0,7}",
        text in "[abé]{0,8}",
    ) {
        let (naive_pattern, naive_text): (Vec<char>, Vec<char>) =
            (pattern.chars().collect(), text.chars().collect());
        prop_assert_eq!(like(&pattern, &text).unwrap(), naive_like(&naive_pattern, &naive_text));
    }

    #[test]
    fn a_text_matches_itself_escaped(text in "[ab%_\\\\]{0,9}") {
        let mut pattern = String::new();
        for character in text.chars() {
            pattern.extend(['\\', character]);
        }
        prop_assert!(like(&pattern, &text).unwrap());
        let longer = text + "x";
        prop_assert!(!like(&pattern, &longer).unwrap());
    }

    #[test]
    fn folding_twice_changes_nothing(text in "\\PC{0,12}") {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded.as_ref());
    }

    #[test]
    fn no_input_panics(
        (kind, _) in kind_and_value(),
        a in near_input(),
        b in near_input(),
        steps in vec(step(), 1..3),
    ) {
        let _ = (parse_text(&kind, &a), parse_json(&kind, &a), json::unescape(&a), like(&a, &b));
        let _ = (json::get_text(&a, &steps), json::compare(&a, &b), json::contains(&a, &b));
        for folded in [false, true] {
            let matcher = Pattern::parse(&a, folded).and_then(|pattern| pattern.compile());
            let _ = matcher.map(|matcher| matcher.matches(&b));
        }
        if let Ok(canonical) = json::canonical(&a) {
            prop_assert_eq!(json::canonical(&canonical).unwrap(), canonical);
        }
        printed(|out| Cell::JsonList(&a).write_text(out));
    }
}
