//! `select=` and `order=`.

use super::super::{
    Aggregate, AggregateFunction, Arrow, Column, Direction, Embed, Field, JoinKind, Nulls,
    OrderTerm, SelectItem,
};
use super::{field, index, json, parse};

fn select(value: &str) -> Vec<SelectItem> {
    parse("select", value)
        .unwrap_or_else(|error| panic!("{value}: {error}"))
        .select
}

fn column(field: Field) -> Column {
    Column {
        alias: None,
        field,
        cast: None,
        aggregate: None,
    }
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

#[expect(
    clippy::unnecessary_wraps,
    reason = "the members that it fills are optional"
)]
fn owned(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn columns_have_aliases_casts_and_json_paths() {
    use Arrow::{Json, Text};
    let with = |alias: Option<&str>, field, cast: Option<&str>| {
        SelectItem::Column(Column {
            alias: alias.map(str::to_owned),
            cast: cast.map(str::to_owned),
            ..column(field)
        })
    };
    let cases = [
        ("first_name", plain("first_name")),
        (
            "fullName:full_name",
            with(Some("fullName"), Field::column("full_name"), None),
        ),
        (
            "salary::text",
            with(None, Field::column("salary"), Some("text")),
        ),
        (
            "x:salary::double precision",
            with(Some("x"), Field::column("salary"), Some("double precision")),
        ),
        (
            "json_data->blood_type",
            with(None, field("json_data", &[json(Json, "blood_type")]), None),
        ),
        (
            "country:location->>country::int",
            with(
                Some("country"),
                field("location", &[json(Text, "country")]),
                Some("int"),
            ),
        ),
        (
            "phones->0->>number",
            with(
                None,
                field("phones", &[index(Json, 0), json(Text, "number")]),
                None,
            ),
        ),
        (
            "data->-1",
            with(None, field("data", &[index(Json, -1)]), None),
        ),
        (
            "data->0x",
            with(None, field("data", &[json(Json, "0x")]), None),
        ),
        (
            "data->\"0\"",
            with(None, field("data", &[json(Json, "0")]), None),
        ),
        (
            "data->key-with-dash",
            with(None, field("data", &[json(Json, "key-with-dash")]), None),
        ),
        (
            "data->!@#$%^&*_a->>x",
            with(
                None,
                field("data", &[json(Json, "!@#$%^&*_a"), json(Text, "x")]),
                None,
            ),
        ),
        ("\"information.cpe\"", plain("information.cpe")),
        ("\"quo\\\"te\\\\d\"", plain("quo\"te\\d")),
        (" spaced name ", plain("spaced name")),
        ("with-dash", plain("with-dash")),
        ("größe", plain("größe")),
        ("\"a:b\":c", with(Some("a:b"), Field::column("c"), None)),
    ];
    for (value, expected) in cases {
        assert_eq!(select(value), [expected], "{value}");
    }
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
    for (name, function) in [
        ("sum", Sum),
        ("avg", Avg),
        ("count", Count),
        ("max", Max),
        ("min", Min),
    ] {
        let expected = Column {
            alias: owned("x"),
            cast: owned("int"),
            aggregate: Some(Aggregate {
                function,
                cast: owned("text"),
            }),
            ..column(field("data", &[json(Arrow::Text, "n")]))
        };
        let value = format!("x:data->>n::int.{name}()::text");
        assert_eq!(select(&value), [SelectItem::Column(expected)]);
    }
    assert_eq!(
        select("count"),
        [plain("count")],
        "a column may be named so"
    );
}

#[test]
fn embeds_have_aliases_hints_and_joins() {
    let inner = || vec![plain("id")];
    let cases = [
        ("directors(id)", embed("directors", inner())),
        ("directors()", embed("directors", vec![])),
        (
            "d:directors(id)",
            Embed {
                alias: owned("d"),
                ..embed("directors", inner())
            },
        ),
        (
            "directors!fk(id)",
            Embed {
                hint: owned("fk"),
                ..embed("directors", inner())
            },
        ),
        (
            "directors!inner(id)",
            Embed {
                join: Some(JoinKind::Inner),
                ..embed("directors", inner())
            },
        ),
        (
            "directors!left(id)",
            Embed {
                join: Some(JoinKind::Left),
                ..embed("directors", inner())
            },
        ),
        (
            "d:directors!fk!inner( id )",
            Embed {
                alias: owned("d"),
                hint: owned("fk"),
                join: Some(JoinKind::Inner),
                ..embed("directors", inner())
            },
        ),
        (
            "directors!inner!fk(id)",
            Embed {
                hint: owned("fk"),
                join: Some(JoinKind::Inner),
                ..embed("directors", inner())
            },
        ),
        (
            "directors!left_fk(id)",
            Embed {
                hint: owned("left_fk"),
                ..embed("directors", inner())
            },
        ),
        (
            "directors!\"left\"(id)",
            Embed {
                hint: owned("left"),
                ..embed("directors", inner())
            },
        ),
        (
            "...directors(id)",
            Embed {
                spread: true,
                ..embed("directors", inner())
            },
        ),
        (
            "...directors!fk!inner(id)",
            Embed {
                spread: true,
                hint: owned("fk"),
                join: Some(JoinKind::Inner),
                ..embed("directors", inner())
            },
        ),
        (
            "actors(*,roles(...films(id)),films(id))",
            embed(
                "actors",
                vec![
                    SelectItem::Star,
                    SelectItem::Embed(embed(
                        "roles",
                        vec![SelectItem::Embed(Embed {
                            spread: true,
                            ..embed("films", inner())
                        })],
                    )),
                    SelectItem::Embed(embed("films", inner())),
                ],
            ),
        ),
        (
            "films(data->0)",
            embed(
                "films",
                vec![SelectItem::Column(column(field(
                    "data",
                    &[index(Arrow::Json, 0)],
                )))],
            ),
        ),
    ];
    for (value, expected) in cases {
        assert_eq!(select(value), [SelectItem::Embed(expected)], "{value}");
    }
    for refused in [
        "alias:...directors(id)",
        "directors->x(id)",
        "count(id)",
        "directors(id",
    ] {
        assert!(parse("select", refused).is_err(), "{refused}");
    }
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
        (
            "age.asc",
            term(None, Field::column("age"), Some(Direction::Asc), None),
        ),
        (
            "age.nullsfirst",
            term(None, Field::column("age"), None, Some(Nulls::First)),
        ),
        (
            "age.desc.nullslast",
            term(
                None,
                Field::column("age"),
                Some(Direction::Desc),
                Some(Nulls::Last),
            ),
        ),
        (
            "location->>lat.desc",
            term(
                None,
                field("location", &[json(Arrow::Text, "lat")]),
                Some(Direction::Desc),
                None,
            ),
        ),
        (
            "data->0.asc",
            term(
                None,
                field("data", &[index(Arrow::Json, 0)]),
                Some(Direction::Asc),
                None,
            ),
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
