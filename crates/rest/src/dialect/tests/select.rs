//! `select=` and `order=`.

use super::super::{
    Aggregate, AggregateFunction, Arrow, Column, Direction, Embed, Field, JoinKind, Nulls,
    OrderTerm, SelectItem,
};
use super::{field, index, json, parse};

fn select(value: &str) -> Vec<SelectItem> {
    parse("select", value).unwrap_or_else(|error| panic!("{value}: {error}")).select
}

fn column(field: Field) -> Column {
    Column { alias: None, field, cast: None, aggregate: None }
}

fn plain(name: &str) -> SelectItem {
    SelectItem::Column(column(Field::column(name)))
}

fn embed(relation: &str, select: Vec<SelectItem>) -> Embed {
    Embed {
        alias: None,
        relation: relation.to_owned(),
        hint: None,
        join: None,
        spread: false,
        select,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the members that it fills are optional")]
fn owned(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn check(cases: &[(&str, SelectItem)]) {
    for (value, expected) in cases {
        assert_eq!(select(value), std::slice::from_ref(expected), "{value}");
    }
}

#[test]
fn columns_have_aliases_and_casts() {
    let with = |alias: Option<&str>, name, cast: Option<&str>| {
        let (alias, cast) = (alias.map(str::to_owned), cast.map(str::to_owned));
        SelectItem::Column(Column { alias, cast, ..column(Field::column(name)) })
    };
    check(&[
        ("first_name", plain("first_name")),
        ("fullName:full_name", with(Some("fullName"), "full_name", None)),
        ("salary::text", with(None, "salary", Some("text"))),
        ("x:salary::double precision", with(Some("x"), "salary", Some("double precision"))),
        ("\"a:b\":c::int", with(Some("a:b"), "c", Some("int"))),
    ]);
}

#[test]
fn columns_have_json_paths() {
    use Arrow::{Json, Text};
    let path = |name, path: &[_]| SelectItem::Column(column(field(name, path)));
    let whole = Column {
        alias: owned("country"),
        cast: owned("int"),
        ..column(field("location", &[json(Text, "country")]))
    };
    check(&[
        ("json_data->blood_type", path("json_data", &[json(Json, "blood_type")])),
        ("country:location->>country::int", SelectItem::Column(whole)),
        ("phones->0->>number", path("phones", &[index(Json, 0), json(Text, "number")])),
        ("data->-1", path("data", &[index(Json, -1)])),
        ("data->0x", path("data", &[json(Json, "0x")])),
        ("data->\"0\"", path("data", &[json(Json, "0")])),
        ("data->key-with-dash", path("data", &[json(Json, "key-with-dash")])),
        ("data->!@#$%^&*_a->>x", path("data", &[json(Json, "!@#$%^&*_a"), json(Text, "x")])),
    ]);
}

#[test]
fn names_are_bare_or_quoted() {
    check(&[
        (" spaced name ", plain("spaced name")),
        ("with-dash", plain("with-dash")),
        ("größe", plain("größe")),
        ("$1", plain("$1")),
        ("\"information.cpe\"", plain("information.cpe")),
        ("\"quo\\\"te\\\\d\"", plain("quo\"te\\d")),
        ("\" kept \"", plain(" kept ")),
    ]);
}

#[test]
fn a_dot_in_a_name_needs_quotes() {
    assert!(parse("select", "information.cpe").is_err());
}

#[test]
fn stars_lists_and_nothing() {
    assert_eq!(select("*"), [SelectItem::Star]);
    assert_eq!(select("*, id"), [SelectItem::Star, plain("id")]);
    assert_eq!(select(" a , b "), [plain("a"), plain("b")]);
    assert_eq!(select(""), []);
}

#[test]
fn aggregates_have_casts_before_and_after() {
    use AggregateFunction::{Avg, Count, Max, Min, Sum};
    let count = |alias: Option<&str>, cast: Option<&str>| SelectItem::Count {
        alias: alias.map(str::to_owned),
        cast: cast.map(str::to_owned),
    };
    assert_eq!(select("count()"), [count(None, None)]);
    assert_eq!(select("n:count()::text"), [count(Some("n"), Some("text"))]);
    for (name, function) in
        [("sum", Sum), ("avg", Avg), ("count", Count), ("max", Max), ("min", Min)]
    {
        let expected = Column {
            alias: owned("x"),
            cast: owned("int"),
            aggregate: Some(Aggregate { function, cast: owned("text") }),
            ..column(field("data", &[json(Arrow::Text, "n")]))
        };
        let value = format!("x:data->>n::int.{name}()::text");
        assert_eq!(select(&value), [SelectItem::Column(expected)]);
    }
    assert_eq!(select("count"), [plain("count")], "a column may be named so");
}

#[test]
fn embeds_have_aliases_hints_and_joins() {
    let with = |change: fn(&mut Embed)| {
        let mut embed = embed("directors", vec![plain("id")]);
        change(&mut embed);
        SelectItem::Embed(embed)
    };
    check(&[
        ("directors(id)", with(|_| {})),
        ("directors()", with(|e| e.select.clear())),
        ("d:directors(id)", with(|e| e.alias = owned("d"))),
        ("directors!fk(id)", with(|e| e.hint = owned("fk"))),
        ("directors!left_fk(id)", with(|e| e.hint = owned("left_fk"))),
        ("directors!\"left\"(id)", with(|e| e.hint = owned("left"))),
        ("directors!inner(id)", with(|e| e.join = Some(JoinKind::Inner))),
        ("directors!left(id)", with(|e| e.join = Some(JoinKind::Left))),
        ("...directors(id)", with(|e| e.spread = true)),
        (
            "d:directors!fk!inner( id )",
            with(|e| {
                (e.alias, e.hint, e.join) = (owned("d"), owned("fk"), Some(JoinKind::Inner));
            }),
        ),
        (
            "...directors!inner!fk(id)",
            with(|e| (e.spread, e.hint, e.join) = (true, owned("fk"), Some(JoinKind::Inner))),
        ),
    ]);
    for refused in ["alias:...directors(id)", "directors->x(id)", "count(id)", "directors(id"] {
        assert!(parse("select", refused).is_err(), "{refused}");
    }
}

#[test]
fn embeds_nest() {
    let films = || embed("films", vec![plain("id")]);
    let spread = SelectItem::Embed(Embed { spread: true, ..films() });
    let roles = SelectItem::Embed(embed("roles", vec![spread]));
    let actors = embed("actors", vec![SelectItem::Star, roles, SelectItem::Embed(films())]);
    let first = SelectItem::Column(column(field("data", &[index(Arrow::Json, 0)])));
    check(&[
        ("actors(*,roles(...films(id)),films(id))", SelectItem::Embed(actors)),
        ("films(data->0)", SelectItem::Embed(embed("films", vec![first]))),
    ]);
}

#[test]
fn orders_have_directions_nulls_and_relations() {
    let term = |relation: Option<&str>, field, direction, nulls| OrderTerm {
        relation: relation.map(str::to_owned),
        field,
        direction,
        nulls,
    };
    let cases = [
        ("age", term(None, Field::column("age"), None, None)),
        ("age.asc", term(None, Field::column("age"), Some(Direction::Asc), None)),
        ("age.nullsfirst", term(None, Field::column("age"), None, Some(Nulls::First))),
        (
            "age.desc.nullslast",
            term(None, Field::column("age"), Some(Direction::Desc), Some(Nulls::Last)),
        ),
        (
            "location->>lat.desc",
            term(None, field("location", &[json(Arrow::Text, "lat")]), Some(Direction::Desc), None),
        ),
        (
            "data->0.asc",
            term(None, field("data", &[index(Arrow::Json, 0)]), Some(Direction::Asc), None),
        ),
        (
            "directors(last_name).desc.nullsfirst",
            term(
                Some("directors"),
                Field::column("last_name"),
                Some(Direction::Desc),
                Some(Nulls::First),
            ),
        ),
    ];
    for (value, expected) in cases {
        let params = parse("order", value).unwrap_or_else(|error| panic!("{value}: {error}"));
        assert_eq!(params.order_at(&[]), [expected], "{value}");
    }
    let both = parse("order", "a.desc, b").unwrap();
    assert_eq!(both.order_at(&[]).len(), 2);
}
