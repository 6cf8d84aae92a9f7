//! The query string as a whole: decoding, precedence of duplicates, placement.

use super::super::pairs::{self, Pair};
use super::super::{
    Condition, Field, Filter, Limits, Operator, Predicate, RowRange, SelectItem, parse_rpc_query,
};
use super::{parse, read, strings};

fn values(params: &super::super::QueryParams) -> Vec<&str> {
    let value = |filter| match filter {
        &Filter::Condition(Condition {
            predicate: Predicate::Compare { ref value, .. }, ..
        }) => value.as_str(),
        other => panic!("{other:?}"),
    };
    params.filters.iter().map(|placed| value(&placed.item)).collect()
}

#[test]
fn a_list_request_is_read_whole() {
    let params = read("select=a,b&x=eq.1&order=y.desc&limit=50").unwrap();
    assert_eq!(params.select.len(), 2);
    assert_eq!(values(&params), ["1"]);
    assert_eq!(params.order_at(&[]).len(), 1);
    assert_eq!(params.range_at(&[]), RowRange { offset: 0, limit: Some(50) });
    assert_eq!((params.columns, params.on_conflict), (None, None));
}

#[test]
fn nothing_asked_for_is_everything() {
    for query in ["", "&&", "a", "a&b", "select"] {
        assert_eq!(read(query).unwrap(), super::super::QueryParams::default(), "{query}");
    }
    assert_eq!(read("").unwrap().select, [SelectItem::Star]);
}

#[test]
fn text_is_percent_decoded() {
    let cases = [
        ("a=eq.x%20y", "x y"),
        ("a=eq.x+y", "x y"),
        ("a=eq.x%2By", "x+y"),
        ("a=eq.%E2%82%AC", "€"),
        ("a=eq.100%", "100%"),
        ("a=eq.%zz", "%zz"),
        ("a=eq.b=c", "b=c"),
        ("a=eq.b;c", "b;c"),
        ("%61=eq%2E1", "1"),
    ];
    for (query, value) in cases {
        let params = read(query).unwrap();
        assert_eq!(values(&params), [value], "{query}");
        let Filter::Condition(Condition { field, .. }) = &params.filters[0].item else { panic!() };
        assert_eq!(*field, Field::column("a"));
    }
}

#[test]
fn raw_pairs_are_available() {
    let decoded: Vec<_> = pairs::decode("a=1&b&c=x%20y&c=").collect::<Result<_, _>>().unwrap();
    let pair =
        |key: &'static str, value: &'static str| Pair { key: key.into(), value: value.into() };
    assert_eq!(decoded, [pair("a", "1"), pair("c", "x y"), pair("c", "")]);
}

#[test]
fn of_duplicates_postgrest_s_choice_holds() {
    let params = read(
        "select=a&select=b&order=a&order=b&limit=1&limit=2&offset=3&offset=4\
         &columns=a&columns=b&on_conflict=a&on_conflict=b&x=eq.1&x=eq.2",
    )
    .unwrap();
    assert_eq!(params.select, read("select=a").unwrap().select, "the first");
    assert_eq!(params.order, read("order=a").unwrap().order, "the first");
    assert_eq!(params.columns, Some(strings(&["a"])), "the first");
    assert_eq!(params.on_conflict, Some(strings(&["a"])), "the first");
    assert_eq!(params.range_at(&[]), RowRange { offset: 4, limit: Some(2) }, "the last");
    assert_eq!(values(&params), ["1", "2"], "both");
}

#[test]
fn parameters_are_placed_at_embeds() {
    let params =
        read("rel.order=a&rel.sub.limit=5&rel.sub.offset=2&rel.or=(a.eq.1)&limit=9").unwrap();
    let (rel, sub) = (strings(&["rel"]), strings(&["rel", "sub"]));
    assert_eq!(params.order_at(&rel).len(), 1);
    assert!(params.order_at(&[]).is_empty());
    assert_eq!(params.range_at(&sub), RowRange { offset: 2, limit: Some(5) });
    assert_eq!(params.range_at(&[]), RowRange { offset: 0, limit: Some(9) });
    assert_eq!(params.filters_at(&rel).count(), 1);
    assert_eq!(params.filters_at(&[]).count(), 0);
}

#[test]
fn numbers_of_rows_saturate() {
    let huge = parse("limit", "99999999999999999999999").unwrap();
    assert_eq!(huge.range_at(&[]).limit, Some(i64::MAX as u64));
    assert_eq!(parse("limit", "").unwrap().range_at(&[]), RowRange::all());
    assert_eq!(parse("limit", " 7 ").unwrap().range_at(&[]).limit, Some(7));
    assert_eq!(parse("offset", "-0").unwrap().range_at(&[]).offset, 0);
}

#[test]
fn column_lists_keep_their_order_once() {
    assert_eq!(
        parse("columns", "b, a,b,\"c,d\"").unwrap().columns,
        Some(strings(&["b", "a", "c,d"]))
    );
    assert_eq!(parse("on_conflict", "x,y").unwrap().on_conflict, Some(strings(&["x", "y"])));
}

#[test]
fn a_function_s_arguments_are_what_is_no_filter() {
    let query =
        "id=5&name=John%20Doe&name=&note=not.done&v=in.progress&total=gt.5&order=a&select=b";
    let params = parse_rpc_query(query, &Limits::default()).unwrap();
    let arguments: Vec<(&str, &str)> =
        params.arguments.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let expected = [
        ("id", "5"),
        ("name", "John Doe"),
        ("name", ""),
        ("note", "not.done"),
        ("v", "in.progress"),
    ];
    assert_eq!(arguments, expected);
    let total = Condition {
        field: Field::column("total"),
        negated: false,
        predicate: Predicate::Compare {
            operator: Operator::Gt,
            quantifier: None,
            value: "5".to_owned(),
        },
    };
    assert_eq!(params.filters.len(), 1);
    assert_eq!(params.filters[0].item, Filter::Condition(total));
    assert!(read(query).is_err(), "a table has no arguments");
}
