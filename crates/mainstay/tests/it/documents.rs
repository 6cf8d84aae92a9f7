//! What the five documents promise of records of several modules.

use crate::support::run;
use serde_json::{Value, json};
use std::collections::HashMap;

fn entities() -> HashMap<String, Value> {
    let output = run(&["schema", "--format", "json"]);
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    let entities = schema["entities"].as_array().unwrap().clone();
    entities.into_iter().map(|e| (e["table"].as_str().unwrap().to_owned(), e)).collect()
}

fn column<'a>(entity: &'a Value, name: &str) -> &'a Value {
    let columns = entity["columns"].as_array().unwrap();
    columns.iter().find(|column| column["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

/// S0-B83: cents are whole, amounts are exact, costs name their currency.
#[test]
fn money_has_the_documents_kinds() {
    let entities = entities();
    for (table, name, kind) in [
        ("price_history", "price_cents", "bigint"),
        ("tickets", "price_cents", "bigint"),
        ("outbound_messages", "cost_cents", "bigint"),
        ("venue_daily_stats", "revenue", "numeric(12,2)"),
        ("event_daily_stats", "revenue", "numeric(12,2)"),
        ("customer_lifetime_values", "clv", "numeric(12,2)"),
        // The documents' (15,2) and, for measurements of other kinds, three digits more.
        ("metrics", "value", "numeric(18,5)"),
        ("metric_rollups", "value", "numeric(18,5)"),
        ("cost_records", "cost", "numeric(10,2)"),
    ] {
        assert_eq!(column(&entities[table], name)["type"], kind, "{table}.{name}");
    }
    assert_eq!(column(&entities["cost_records"], "currency")["default"], "USD");
}

/// S1-B8: whoever adds a row need not name it.
#[test]
fn identifiers_are_made_by_the_server() {
    for (table, entity) in entities().iter().filter(|(_, entity)| entity["view"].is_null()) {
        let columns = entity["columns"].as_array().unwrap();
        let Some(id) = columns.iter().find(|column| column["name"] == "id") else { continue };
        assert_eq!((&id["type"], &id["default"]), (&json!("uuid"), &json!("new_id()")), "{table}");
    }
}

/// S3-B101: what may belong to records of any kind says which kind and which record, and is found
/// by both.
#[test]
fn polymorphic_relations_have_type_and_identifier() {
    let entities = entities();
    for table in [
        "files",
        "metrics",
        "metric_rollups",
        "alerts",
        "ofac_checks",
        "risk_assessments",
        "risk_flags",
        "compliance_documents",
    ] {
        let entity = &entities[table];
        let (kind, id) = (column(entity, "entity_type"), column(entity, "entity_id"));
        assert_eq!(kind["nullable"], id["nullable"], "{table}");
        assert_eq!(kind["type"], "text", "{table}: the list of kinds is open");
        let served = |list: &str| {
            let keys = entity[list].as_array().unwrap().iter();
            keys.flat_map(|key| key["columns"].as_array().unwrap())
                .any(|column| column["name"] == "entity_id" || column == "entity_id")
        };
        assert!(served("indexes") || served("uniques"), "{table}");
    }
    let target = column(&entities["audit_events"], "resource_type");
    assert_eq!(target["nullable"], true);
}
