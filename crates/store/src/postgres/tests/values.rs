//! Values arrive as they were sent, whichever way they went.

use super::fixture::{Fixture, statement, tenant, text, told, uuid};
use crate::postgres::row::PostgresRow;
use crate::postgres::session::Session;
use crate::statement::{Param, Row as _, Statement};
use crate::write::{Conflict, Insert};
use mainstay_entity::{Decimal, Kind, Record, Value};
use uuid::Uuid;

const MAX_U256: &str =
    "115792089237316195423570985008687907853269984665640564039457584007913129639935";

fn list(items: Vec<Value>) -> Value {
    Value::List(items)
}

/// Rows of `items` with ordinary values, extreme ones, and none.
fn rows() -> Vec<Record> {
    let ordinary = vec![
        uuid(1),
        uuid(1),
        Value::Null,
        Value::Int(7),
        Value::Int(-70_000),
        Value::Int(1 << 40),
        Value::Double(0.1),
        Value::Decimal(Decimal::new(-1_234_567, 3)),
        text("1000000000000000000000"),
        text("it's \"quoted\" \\ {a,b}"),
        Value::Bool(true),
        Value::Bytes(vec![0, 1, 0xFF]),
        Value::Timestamp(1_700_000_000_123_456),
        Value::Date(jiff::civil::date(2026, 1, 31)),
        Value::Json(r#"{"a": [1, null, "\"x\""]}"#.to_owned()),
        list(vec![text("a,b"), text("NULL"), Value::Null, text("\"\\"), text("")]),
        list(vec![Value::Int(1), Value::Null, Value::Int(i64::MAX)]),
        list(vec![uuid(5)]),
        Value::Inet("192.0.2.7".parse().unwrap()),
    ];
    let extreme = vec![
        uuid(1),
        Value::Uuid(Uuid::max()),
        Value::Null,
        Value::Int(i64::from(i16::MIN)),
        Value::Int(i64::from(i32::MAX)),
        Value::Int(i64::MIN),
        Value::Double(-1e300),
        Value::Decimal(Decimal::new(999_999_999_999, 3)),
        text(MAX_U256),
        text(""),
        Value::Bool(false),
        Value::Bytes(Vec::new()),
        Value::Timestamp(-62_135_596_800_000_000),
        Value::Date(jiff::civil::date(9999, 12, 31)),
        Value::Json("null".to_owned()),
        list(Vec::new()),
        list(Vec::new()),
        list(Vec::new()),
        Value::Inet("2001:db8::1".parse().unwrap()),
    ];
    let mut empty = vec![Value::Null; ordinary.len()];
    empty[0] = uuid(1);
    empty[1] = uuid(3);
    vec![Record(ordinary), Record(empty), Record(extreme)]
}

async fn round_trip(pgbouncer: bool) {
    let fixture = Fixture::with(|config| config.pgbouncer = pgbouncer).await;
    let table = fixture.table("items");
    let insert = |rows| Insert { table: table.clone(), rows, conflict: Conflict::Fail };

    fixture.engine.insert(&tenant(1), vec![insert(rows())]).await.unwrap();
    assert_eq!(fixture.records(&tenant(1), "items").await, rows(), "a batch");

    let kinds: Vec<Kind> = table.meta.columns.iter().map(|c| c.kind.clone()).collect();
    for (index, kind) in kinds.iter().enumerate().skip(2) {
        let name = table.column_name(index);
        for row in rows().iter().filter(|row| !row.0[index].is_null()) {
            // PostgreSQL has no other comparison of documents and lists than this.
            let sql = format!("SELECT {name} FROM mainstay.items WHERE {name} = $1");
            let query = statement(&sql, vec![row.0[index].clone()]);
            let found = fixture.engine.fetch(&tenant(1), query, vec![kind.clone()]).await.unwrap();
            assert_eq!(found, [Record(vec![row.0[index].clone()])], "{name} as a parameter");
        }
    }
}

#[tokio::test]
async fn prepared_statements_carry_every_kind_of_value() {
    round_trip(false).await;
}

#[tokio::test]
async fn unnamed_statements_carry_every_kind_of_value() {
    round_trip(true).await;
}

/// The same answers and errors with both kinds of statement, where a value's type is not the one
/// that its place asks for.
#[tokio::test]
async fn values_of_other_types_are_read_as_literals() {
    for pgbouncer in [false, true] {
        let fixture = Fixture::with(|config| config.pgbouncer = pgbouncer).await;
        let answer = async |sql: &str, value: Value| {
            let query = statement(sql, vec![value]);
            match fixture.engine.fetch(&tenant(1), query, vec![Kind::Boolean]).await {
                Ok(rows) => format!("{:?}", rows[0].0[0]),
                Err(error) => told(&error),
            }
        };
        assert_eq!(answer("SELECT 5::int2 = $1", Value::Int(5)).await, "Bool(true)");
        assert_eq!(
            answer("SELECT 5::int2 = $1", Value::Int(70_000)).await,
            "data 22003 value \"70000\" is out of range for type smallint"
        );
        assert_eq!(answer("SELECT '5'::text = $1", Value::Int(5)).await, "Bool(true)");
        assert_eq!(answer("SELECT 0.5::float8 = $1", Value::Int(1)).await, "Bool(false)");
        assert_eq!(
            answer("SELECT now() = $1", text("soon")).await,
            "data 22007 invalid input syntax for type timestamp with time zone: \"soon\""
        );
    }
}

/// As PostgreSQL prints them: with the scale of the type, and with as many digits as there are.
#[tokio::test]
async fn sums_and_means_are_exact_numbers_of_any_size() {
    let fixture = Fixture::new().await;
    let numbers = ["sum(n)", "avg(n)", "avg(n) / 7", "sum(n) * 1e30", "sum(n) * -1e-30"];
    let columns = numbers.map(|number| format!("{number}, ({number})::text")).join(", ");
    let sql = format!("SELECT {columns} FROM unnest($1::int8[]) AS n");
    let values = vec![Value::Int(i64::MAX), Value::Int(i64::MAX - 1), Value::Int(12)];
    let query = Statement { sql, params: vec![Param::List(values)] };
    let mut checkout = fixture.engine.pool.checkout().await.unwrap();
    let rows = checkout.read_once(&Session::of(&tenant(1)), &query).await.unwrap();
    let row = PostgresRow::from(rows.into_iter().next().unwrap());
    let printed = |index, kind: &Kind| {
        let mut text = Vec::new();
        row.cell(index, kind).unwrap().write_text(&mut text);
        String::from_utf8(text).unwrap()
    };
    for (index, number) in numbers.iter().enumerate() {
        let own = printed(2 * index, &Kind::Decimal { precision: 0, scale: 0 });
        assert_eq!(own, printed(2 * index + 1, &Kind::Text { max: None }), "{number}");
    }
}
