//! Printing and parsing are inverse to each other.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample;

use super::super::{
    Aggregate, AggregateFunction, Arrow, Column, Condition, Connective, Direction, Distinct, Embed,
    Field, Filter, Group, IsValue, JoinKind, JsonKey, JsonStep, Limits, Nulls, Operator, OrderTerm,
    Placed, Predicate, Quantifier, QueryParams, RowRange, SearchMode, SelectItem, parse_query,
    parse_rpc_query, print,
};

fn one_of<T: Clone + std::fmt::Debug + 'static>(values: &[T]) -> impl Strategy<Value = T> + use<T> {
    sample::select(values.to_vec())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9 ]{0,8}", "[^\\x00]{0,6}", "[,.(){}\"\\\\:!>%&=+*-]{0,6}"]
}

fn name() -> impl Strategy<Value = String> {
    let words = ["order", "limit", "and", "or", "not", "select", "columns", "left", "inner", "0"];
    prop_oneof![
        4 => "[a-z_][a-z0-9_]{0,6}",
        1 => text(),
        1 => one_of(&words).prop_map(str::to_owned),
    ]
}

fn field() -> impl Strategy<Value = Field> {
    let arrow = one_of(&[Arrow::Json, Arrow::Text]);
    let index = (-i32::MAX..i32::MAX).prop_map(JsonKey::Index);
    let key = prop_oneof![name().prop_map(JsonKey::Member), index];
    let step = (arrow, key).prop_map(|(arrow, key)| JsonStep { arrow, key });
    (name(), vec(step, 0..3)).prop_map(|(name, path)| Field { name, path })
}

fn cast() -> impl Strategy<Value = Option<String>> {
    option::of("[a-z_$][a-z0-9_$ ]{0,6}[a-z0-9]")
}

fn column() -> impl Strategy<Value = Column> {
    use AggregateFunction::{Avg, Count, Max, Min, Sum};
    let function = one_of(&[Sum, Avg, Count, Max, Min]);
    let aggregate = (function, cast()).prop_map(|(function, cast)| Aggregate { function, cast });
    (option::of(name()), field(), cast(), option::of(aggregate))
        .prop_map(|(alias, field, cast, aggregate)| Column { alias, field, cast, aggregate })
}

fn select_item() -> impl Strategy<Value = SelectItem> {
    let leaf = prop_oneof![
        1 => Just(SelectItem::Star),
        4 => column().prop_map(SelectItem::Column),
        1 => (option::of(name()), cast()).prop_map(|(alias, cast)| SelectItem::Count { alias, cast }),
    ];
    leaf.prop_recursive(3, 12, 4, |item| {
        let join = option::of(one_of(&[JoinKind::Inner, JoinKind::Left]));
        let relation = name().prop_filter("is an aggregate", |name| name != "count");
        (option::of(name()), relation, option::of(name()), join, any::<bool>(), vec(item, 0..4))
            .prop_map(|(alias, relation, hint, join, spread, select)| {
                let alias = alias.filter(|_| !spread);
                SelectItem::Embed(Embed { alias, relation, hint, join, spread, select })
            })
    })
}

fn predicate() -> impl Strategy<Value = Predicate> {
    let operators = [
        Operator::Eq,
        Operator::Neq,
        Operator::Gte,
        Operator::Lt,
        Operator::Ilike,
        Operator::IsDistinct,
        Operator::Overlaps,
        Operator::NotExtendsLeft,
    ];
    let quantifier = option::of(one_of(&[Quantifier::Any, Quantifier::All]));
    let compare = (one_of(&operators), quantifier, text());
    let mode = one_of(&[SearchMode::Query, SearchMode::Plain, SearchMode::Phrase, SearchMode::Web]);
    let is = [IsValue::Null, IsValue::NotNull, IsValue::True, IsValue::False, IsValue::Unknown];
    prop_oneof![
        compare.prop_map(|(operator, quantifier, value)| {
            let quantifier = quantifier.filter(|_| operator.is_quantifiable());
            Predicate::Compare { operator, quantifier, value }
        }),
        vec(text(), 0..4).prop_map(Predicate::In),
        one_of(&is).prop_map(Predicate::Is),
        (mode, option::of("[a-z_]{1,8}"), text())
            .prop_map(|(mode, language, query)| { Predicate::Search { mode, language, query } }),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let condition =
        (field(), any::<bool>(), predicate()).prop_map(|(field, negated, predicate)| {
            Filter::Condition(Condition { field, negated, predicate })
        });
    condition.prop_recursive(3, 12, 4, |filter| {
        let connective = one_of(&[Connective::And, Connective::Or]);
        (any::<bool>(), connective, vec(filter, 1..4)).prop_map(|(negated, connective, filters)| {
            Filter::Group(Group { negated, connective, filters })
        })
    })
}

fn order_term() -> impl Strategy<Value = OrderTerm> {
    let direction = option::of(one_of(&[Direction::Asc, Direction::Desc]));
    let nulls = option::of(one_of(&[Nulls::First, Nulls::Last]));
    (option::of(name()), field(), direction, nulls).prop_map(
        |(relation, field, direction, nulls)| OrderTerm { relation, field, direction, nulls },
    )
}

fn placed<T: std::fmt::Debug>(item: impl Strategy<Value = T>) -> impl Strategy<Value = Placed<T>> {
    // In the key of a group, a path segment `not` negates it.
    let segment = name().prop_filter("is a negation", |name| name != "not");
    (vec(segment, 0..3), item).prop_map(|(path, item)| Placed { path, item })
}

/// At most one per path.
fn once<T>(mut placed: Vec<Placed<T>>) -> Vec<Placed<T>> {
    let mut seen = std::collections::HashSet::new();
    placed.retain(|placed| seen.insert(placed.path.clone()));
    placed
}

fn columns() -> impl Strategy<Value = Option<Vec<String>>> {
    let unique = proptest::collection::hash_set(name(), 1..4);
    option::of(unique.prop_map(|names| names.into_iter().collect()))
}

fn distinct() -> impl Strategy<Value = Option<Distinct>> {
    let on = vec(field(), 1..3).prop_map(Distinct::On);
    option::of(prop_oneof![Just(Distinct::Shown), on])
}

fn query() -> impl Strategy<Value = QueryParams> {
    let rows = 0..=i64::MAX as u64;
    let range =
        (rows.clone(), option::of(rows)).prop_map(|(offset, limit)| RowRange { offset, limit });
    (
        vec(select_item(), 0..4),
        vec(placed(filter()), 0..4),
        vec(placed(vec(order_term(), 1..4)), 0..3).prop_map(once),
        vec(placed(range), 0..3).prop_map(once),
        (columns(), columns()),
        (distinct(), option::of(vec(field(), 1..3)), option::of("[A-Za-z0-9_-]{0,12}")),
        vec(("p_[a-z]{1,5}", "v[^\\x00]{0,6}"), 0..3),
    )
        .prop_map(|(select, filters, order, ranges, names, paging, arguments)| {
            let (columns, on_conflict) = names;
            let (distinct, group, cursor) = paging;
            let params = QueryParams {
                select,
                filters,
                order,
                ranges,
                columns,
                on_conflict,
                ..QueryParams::default()
            };
            QueryParams { distinct, group, cursor, arguments, ..params }
        })
}

proptest! {
    #[test]
    fn parsing_what_was_printed_yields_the_same(params in query()) {
        let printed = print::query(&params);
        // Of a function called by `GET` these are arguments.
        if params.distinct.is_none() && params.group.is_none() && params.cursor.is_none() {
            let parsed = parse_rpc_query(&printed, &Limits::default());
            prop_assert_eq!(parsed, Ok(params.clone()), "{}", &printed);
        }
        if params.arguments.is_empty() {
            prop_assert_eq!(parse_query(&printed, &Limits::default()), Ok(params), "{}", printed);
        }
    }
}
