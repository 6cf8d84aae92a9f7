//! What the declarations say of data is there for each organisation to read and to change.

use crate::on_both_engines;
use crate::server::Server;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_both_engines!(
    declared_classifications_are_recorded,
    organizations_change_their_classifications_alone,
);

const LIST: &str = "data_classifications?select=table_name,column_name,classification,contains_pii,\
                    encryption_required&limit=1000";

async fn declared_classifications_are_recorded(server: Server) {
    let rows = server.get(&server.service(0), LIST).await.rows();
    let tables: BTreeSet<&str> = rows
        .iter()
        .filter(|row| row["column_name"] == "*")
        .map(|row| row["table_name"].as_str().unwrap())
        .collect();
    let find = |table: &str, column: &str| {
        rows.iter().find(|row| row["table_name"] == table && row["column_name"] == column)
    };
    for entity in Server::entities() {
        let table = entity["table"].as_str().unwrap();
        assert!(tables.contains(table), "{table}");
        for column in entity["columns"].as_array().unwrap() {
            let name = column["name"].as_str().unwrap();
            if column["personal"] == "pii" && column["type"] == "text" {
                let row = find(table, name).unwrap_or_else(|| panic!("no row of {table}.{name}"));
                assert_eq!(row["contains_pii"], true, "{row}");
            }
            if column["type"] == "secret" {
                assert_eq!(
                    find(table, name).unwrap()["encryption_required"],
                    true,
                    "{table}.{name}"
                );
            }
        }
    }
}

async fn organizations_change_their_classifications_alone(server: Server) {
    let path = "data_classifications?table_name=eq.teams&column_name=eq.*";
    let before = server.get(&server.service(1), path).await;
    let body = json!({ "classification": "restricted" }).to_string();
    let reply = server.send(&server.service(0), Method::PATCH, path, &[], body).await;
    assert!(reply.status.is_success(), "{reply:?}");
    let own = server.get(&server.service(0), path).await.rows();
    assert_eq!(
        own.iter().map(|row| &row["classification"]).collect::<Vec<&Value>>(),
        ["restricted"]
    );
    assert_eq!(server.get(&server.service(1), path).await, before);
}
