//! What Citus asks of tables that are distributed by organisation.

use crate::support::run;
use serde_json::Value;

fn entities() -> Vec<Value> {
    let output = run(&["schema", "--format", "json"]);
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    schema["entities"].as_array().unwrap().clone()
}

fn belongs_to_an_organization(entity: &Value) -> bool {
    ["tenant", "venue", "team"].contains(&entity["scope"].as_str().unwrap())
        && entity["global_key"] == false
}

fn carries(columns: &Value) -> bool {
    columns.as_array().unwrap().iter().any(|column| column == "organization_id")
}

#[test]
fn keys_of_distributed_tables_carry_the_organization() {
    for entity in entities().iter().filter(|entity| belongs_to_an_organization(entity)) {
        let table = &entity["table"];
        assert!(carries(&entity["primary_key"]), "{table}");
        for unique in entity["uniques"].as_array().unwrap() {
            assert!(carries(&unique["columns"]), "{table}: {unique}");
        }
    }
}

#[test]
fn references_stay_on_one_node() {
    let entities = entities();
    let is_distributed = |table: &Value| {
        let target = entities.iter().find(|entity| entity["table"] == *table).unwrap();
        belongs_to_an_organization(target)
    };
    for entity in &entities {
        for reference in entity["references"].as_array().unwrap() {
            if !is_distributed(&reference["table"]) {
                continue;
            }
            let what = format!("{}: {reference}", entity["table"]);
            assert!(belongs_to_an_organization(entity), "a reference table refers to one: {what}");
            let place = |columns: &Value| {
                columns.as_array().unwrap().iter().position(|column| column == "organization_id")
            };
            assert_eq!(place(&reference["columns"]), Some(0), "{what}");
            assert_eq!(place(&reference["to"]), Some(0), "{what}");
        }
    }
}

#[test]
fn every_table_is_distributed_or_kept_whole() {
    let output = run(&["schema", "--format", "sql", "--engine", "postgres", "--distributed"]);
    let sql = String::from_utf8(output.stdout).unwrap();
    for entity in entities() {
        let name = format!("'mainstay.{}'", entity["table"].as_str().unwrap());
        let calls = |function: &str| sql.matches(&format!("{function}({name}")).count();
        let expected = match () {
            () if entity["global_key"] == true => (0, 0),
            () if belongs_to_an_organization(&entity) => (1, 0),
            () => (0, 1),
        };
        let made = (calls("create_distributed_table"), calls("create_reference_table"));
        assert_eq!(made, expected, "{name}");
    }
    // A reference that empties its column must not empty the organisation too.
    let within = sql.lines().filter(|line| line.contains("FOREIGN KEY (\"organization_id\", "));
    for line in within.filter(|line| line.contains("ON DELETE SET NULL")) {
        assert!(line.contains("ON DELETE SET NULL ("), "{line}");
    }
}
