//! Rows that are deleted softly: hidden from everybody, kept for who asks about deleted ones.

use crate::declarations::key;
use crate::on_both_engines;
use crate::server::{Server, is_of_an_organization};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value};

on_both_engines!(deleted_rows_are_hidden_and_kept_for_compliance);

/// What a deletion changes of a row.
const CHANGED: [&str; 2] = ["deleted_at", "updated_at"];

async fn deleted_rows_are_hidden_and_kept_for_compliance(server: Server) {
    let analyst = server.person(0, "analyst").await;
    let mut tried = 0;
    for entity in Server::entities() {
        if !is_of_an_organization(&entity) || entity["soft_delete"] == false {
            continue;
        }
        let table = entity["table"].as_str().unwrap();
        let caller = server.service(0);
        let rows = server.get(&caller, &format!("{table}?limit=1")).await.rows();
        let Some(Value::Object(row)) = rows.into_iter().next() else { panic!("{table} is empty") };
        let path = format!("{table}?{}", key(&entity, &row));
        let reply = server.send(&caller, Method::DELETE, &path, &[], "").await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{table}: {reply:?}");

        assert_eq!(server.get(&caller, &path).await.text, "[]", "{table}");
        let body = Value::from(Map::new()).to_string();
        let changed = server.send(&caller, Method::PATCH, &path, &[], body).await;
        assert!(changed.text.is_empty() || changed.text == "[]", "{table}: {changed:?}");
        // An auditor asks for deleted rows; they are as they were.
        let asked = format!("{path}&deleted_at=not.is.null");
        let kept = server.get(&caller, &asked).await.rows();
        let [Value::Object(kept)] = &kept[..] else { panic!("{table}: {kept:?}") };
        for (name, value) in row.iter().filter(|(name, _)| !CHANGED.contains(&name.as_str())) {
            assert_eq!(kept.get(name), Some(value), "{table}.{name}");
        }
        assert!(kept["deleted_at"].is_string(), "{table}");
        if entity["scope"] == "tenant" {
            assert_eq!(server.get(&analyst, &asked).await.rows().len(), 1, "{table}");
        }
        assert_eq!(server.get(&server.service(1), &asked).await.text, "[]", "{table}");

        let id = row["id"].as_str().unwrap();
        let event = format!("audit_events?resource_id=eq.{id}&action=eq.{table}.delete");
        let events = server.get(&analyst, &event).await.rows();
        assert_eq!(events.len(), 1, "{table}");
        tried += 1;
    }
    assert!(tried >= 30, "only {tried} tables have rows that are deleted softly");
}
