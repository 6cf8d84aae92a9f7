//! Query plans: each declared index serves the list that it is declared for, and makes it cheaper.

use mainstay_testkit::{Postgres, connect, demo_data};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;
use tokio_postgres::{Client, SimpleQueryMessage};

/// What a list by an index costs at most of what it costs without any (S3-B91 promises 30 to 80 %
/// less). The plain width of the rows that are read decides, so small tables gain less.
const COST_MAX: f64 = 0.7;

/// A list that an index is declared for.
struct List {
    table: String,
    /// The first column of the index.
    column: String,
    /// Further columns, by which rows of the same value are ordered.
    order: Vec<String>,
    /// What rows of the index have in common.
    condition: Option<String>,
    is_of_an_organization: bool,
}

fn binary() -> &'static Path {
    Path::new(crate::support::BINARY)
}

/// The list of every declared index. Ranges of blocks serve none of their own.
fn lists() -> Vec<List> {
    let output = crate::support::run(&["schema", "--format", "json"]);
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut lists = Vec::new();
    for entity in schema["entities"].as_array().unwrap() {
        let columns = entity["columns"].as_array().unwrap();
        let is_of_an_organization =
            columns.iter().any(|column| column["name"] == "organization_id");
        for index in entity["indexes"].as_array().unwrap() {
            if index["brin"] == true {
                continue;
            }
            let term = |column: &Value| {
                let name = format!("\"{}\"", column["name"].as_str().unwrap());
                if column["descending"] == true { format!("{name} DESC") } else { name }
            };
            let mut terms: Vec<String> =
                index["columns"].as_array().unwrap().iter().map(term).collect();
            terms.retain(|term| !term.starts_with("\"organization_id\""));
            if terms.is_empty() {
                continue;
            }
            let column = terms.remove(0).trim_end_matches(" DESC").to_owned();
            lists.push(List {
                table: entity["table"].as_str().unwrap().to_owned(),
                column,
                order: terms,
                condition: index["where"].as_str().map(str::to_owned),
                is_of_an_organization,
            });
        }
    }
    assert!(lists.len() >= 300, "{}", lists.len());
    lists
}

impl List {
    fn sql(&self, table: &str, organization: &str, value: &str) -> String {
        let mut sql = format!("SELECT * FROM {table} WHERE {} = {value}", self.column);
        if self.is_of_an_organization {
            sql = format!("{sql} AND organization_id = {organization}");
        }
        if let Some(condition) = &self.condition {
            sql = format!("{sql} AND {condition}");
        }
        if !self.order.is_empty() {
            sql = format!("{sql} ORDER BY {}", self.order.join(", "));
        }
        format!("{sql} LIMIT 50")
    }
}

#[tokio::test]
async fn every_declared_index_serves_its_list_on_sqlite() {
    let (folder, _) = demo_data(binary(), None).await;
    let connection = rusqlite::Connection::open(folder.path().join("mainstay.db")).unwrap();
    let mut unserved = Vec::new();
    for list in lists() {
        let sql = list.sql(&list.table, "?1", "?2");
        let explain = format!("EXPLAIN QUERY PLAN {sql}");
        let mut statement = connection.prepare(&explain).unwrap_or_else(|e| panic!("{e}: {sql}"));
        let count = statement.parameter_count();
        let nulls = std::iter::repeat_n(rusqlite::types::Null, count);
        let rows = statement.query_map(rusqlite::params_from_iter(nulls), |row| row.get(3));
        let plan: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
        let plan = plan.join("; ");
        let column = list.column.trim_matches('"');
        if !plan.starts_with("SEARCH") || !plan.contains(&format!("{column}=?")) {
            unserved.push(format!("{sql}: {plan}"));
        }
    }
    assert!(unserved.is_empty(), "{}", unserved.join("\n"));
}

/// The server of a database that has many rows, as far as its planner knows.
async fn planner(superuser: &Client) {
    // A page of so many rows: the demonstration's tables have few pages.
    let sql = "UPDATE pg_class SET relpages = 1, reltuples = 200000 WHERE relkind = 'r' \
               AND relnamespace = 'mainstay'::regnamespace AND pg_relation_size(oid) > 0";
    superuser.batch_execute(sql).await.unwrap();
    superuser.batch_execute("SET app.system = 'on'; SET jit = off").await.unwrap();
}

async fn explain(client: &Client, sql: &str) -> (f64, String) {
    let rows = client.simple_query(&format!("EXPLAIN {sql}")).await;
    let rows = rows.unwrap_or_else(|error| panic!("{error:?}: {sql}"));
    let lines = rows.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let plan = lines.collect::<Vec<_>>().join("\n");
    let cost = plan.split_once("..").unwrap().1.split_once(' ').unwrap().0;
    (cost.parse().unwrap(), plan)
}

/// The types of all columns, as `table.column`.
async fn types(client: &Client) -> HashMap<String, String> {
    let sql = "SELECT c.relname || '.' || quote_ident(a.attname), format_type(a.atttypid, NULL) \
               FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
               WHERE c.relnamespace = 'mainstay'::regnamespace AND a.attnum > 0";
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.get::<_, String>(0).replace('"', ""), row.get(1))).collect()
}

const NO_INDEX: &str = "SET enable_indexscan = off; SET enable_bitmapscan = off; \
                        SET enable_indexonlyscan = off; RESET enable_sort";
/// The demonstration's few pages would be sorted in no time.
const INDEX: &str = "RESET enable_indexscan; RESET enable_bitmapscan; RESET enable_indexonlyscan; \
                     SET enable_sort = off";

#[tokio::test]
async fn every_declared_index_serves_its_list_on_postgres() {
    let (_folder, database) = demo_data(binary(), Some(&Postgres::shared())).await;
    let database = database.unwrap();
    let client = connect(&database.superuser_url).await.unwrap();
    planner(&client).await;
    let types = types(&client).await;
    let (mut unserved, mut dear) = (Vec::new(), Vec::new());
    for list in lists() {
        let column = list.column.trim_matches('"');
        let kind = &types[&format!("{}.{column}", list.table)];
        // A value that the planner does not know, as it does not know a parameter's.
        let unknown = |kind: &str| format!("(SELECT NULL::{kind} OFFSET 0)");
        let table = format!("mainstay.\"{}\"", list.table);
        let sql = list.sql(&table, &unknown("uuid"), &unknown(kind));
        client.batch_execute(INDEX).await.unwrap();
        let (cost, plan) = explain(&client, &sql).await;
        let plain = plan.replace('"', "");
        let mut conditions = plain.lines().filter(|line| line.contains("Index Cond: "));
        // A column is compared as it is, or cast.
        let forms = [format!("{column} = "), format!("({column})::")];
        if !conditions.any(|line| forms.iter().any(|form| line.contains(form))) {
            unserved.push(format!("{sql}\n{plan}"));
            continue;
        }
        client.batch_execute(NO_INDEX).await.unwrap();
        let (without, _) = explain(&client, &sql).await;
        if cost > COST_MAX * without {
            dear.push(format!("{sql}: {cost} of {without}"));
        }
    }
    assert!(unserved.is_empty(), "{}", unserved.join("\n"));
    assert!(dear.is_empty(), "{}", dear.join("\n"));
}

/// S3-B93: what is computed ahead is read for a small part of what computing it costs.
#[tokio::test]
async fn results_that_are_kept_cost_less_than_computing_them() {
    let (_folder, database) = demo_data(binary(), Some(&Postgres::shared())).await;
    let database = database.unwrap();
    let client = connect(&database.superuser_url).await.unwrap();
    planner(&client).await;
    let whose = "organization_id = (SELECT NULL::uuid OFFSET 0) \
                 AND metric_name = (SELECT NULL::text OFFSET 0)";
    let kept = format!("SELECT value FROM mainstay.metric_rollups WHERE {whose}");
    let (kept, _) = explain(&client, &kept).await;
    let computed = format!("SELECT avg_value FROM mainstay.metrics_hourly WHERE {whose}");
    let (computed, plan) = explain(&client, &computed).await;
    assert!(kept <= 0.5 * computed, "{kept} of {computed}\n{plan}");
}
