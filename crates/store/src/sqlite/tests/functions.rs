use super::fixture::{Fixture, statement, tenant};
use mainstay_entity::{Kind, Value};

#[tokio::test]
async fn functions_answer_as_postgres_operators() {
    let fixture = Fixture::new().await;
    let doc = r#"'{"a": [1, {"b": "x\ny"}, null], "t": "text"}'"#;
    let cases = [
        (format!("ms_json_get({doc}, 'a', 1)"), Some(r#"{"b": "x\ny"}"#)),
        (format!("ms_json_get({doc}, 't')"), Some("\"text\"")),
        (format!("ms_json_text({doc}, 't')"), Some("text")),
        (format!("ms_json_text({doc}, 'a', 1, 'b')"), Some("x\ny")),
        (format!("ms_json_text({doc}, 'a', -1)"), None),
        (format!("ms_json_get({doc}, 'a', -1)"), Some("null")),
        (format!("ms_json_get({doc}, 'missing')"), None),
        ("ms_json_get(NULL, 'a')".to_owned(), None),
        ("ms_json_compare('1', '2')".to_owned(), Some("-1")),
        ("ms_json_compare('1', NULL)".to_owned(), None),
        (format!("ms_json_contains({doc}, '{{\"t\": \"text\"}}')"), Some("1")),
        (r#"ms_list_contains('["a","b"]', '["b"]')"#.to_owned(), Some("1")),
        (r#"ms_list_contains('["a",null]', '[null]')"#.to_owned(), Some("0")),
        ("ms_list_contains('[1,2]', '[]')".to_owned(), Some("1")),
        ("ms_list_overlaps('[1,2]', '[2,3]')".to_owned(), Some("1")),
        ("ms_list_overlaps('[null]', '[null]')".to_owned(), Some("0")),
        ("ms_list_overlaps('[1]', NULL)".to_owned(), None),
        ("ms_like('abc', 'a_c')".to_owned(), Some("1")),
        ("ms_like('ABC', 'a%')".to_owned(), Some("0")),
        ("ms_ilike('ÄBC', 'ä%')".to_owned(), Some("1")),
        ("ms_ilike(NULL, 'a')".to_owned(), None),
        ("ms_cast(7, 'integer', 'text')".to_owned(), Some("7")),
        ("ms_write_guard()".to_owned(), Some("0")),
    ];
    let text = vec![Kind::Text { max: None }];
    for (call, expected) in cases {
        let sql = statement(&format!("SELECT CAST({call} AS TEXT)"), vec![]);
        let rows = fixture.engine.fetch(&tenant(1), sql, text.clone()).await.unwrap();
        let expected = expected.map_or(Value::Null, |t| Value::Text(t.to_owned()));
        assert_eq!(rows[0].0[0], expected, "{call}");
    }
}

#[tokio::test]
async fn patterns_are_read_per_value_where_they_differ() {
    let fixture = Fixture::new().await;
    let sql = "SELECT count(*) FROM (SELECT 'a%' AS p UNION ALL SELECT 'b%' UNION ALL SELECT 'ab')
               WHERE ms_like('ab', p)";
    assert_eq!(fixture.number(sql).await, 2);
}

#[tokio::test]
async fn an_index_over_a_document_is_used() {
    let fixture = Fixture::new().await;
    fixture.write(vec![fixture.event(1, "a")]).await.unwrap();
    let condition = "ms_json_text(details, 'kind') = 't'";
    let sql = format!("SELECT count(*) FROM events WHERE {condition}");
    assert_eq!(fixture.number(&sql).await, 1);
    let plan = statement(
        &format!(
            "EXPLAIN QUERY PLAN SELECT id FROM events WHERE organization_id = x'' AND {condition}"
        ),
        vec![],
    );
    let kinds = vec![Kind::BigInt, Kind::BigInt, Kind::BigInt, Kind::Text { max: None }];
    let rows = fixture.engine.fetch(&tenant(1), plan, kinds).await.unwrap();
    assert!(
        matches!(&rows[0].0[3], Value::Text(t) if t.contains("events_details_idx")),
        "{rows:?}"
    );
}
