//! A product's own tables: declared in files, governed like the built-in ones.

use crate::on_both_engines;
use crate::server::{Caller, Engine, Reply, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

on_both_engines!(
    every_type_goes_in_and_out,
    numbers_are_made_by_the_server,
    numbers_end_where_their_column_does,
    tenant_tables_are_governed,
    tables_of_the_installation_are_read_by_all_and_written_by_few,
    rows_are_there_from_the_beginning_and_put_in_once,
    tables_change_with_their_files,
);

const THINGS: &str = "
table: things
description: One column of each type.
primary_key: [code]
columns:
  code:    {type: text, max: 20}
  flag:    {type: boolean, default: false}
  small:   {type: smallint, nullable: true}
  whole:   {type: integer, nullable: true, min: -5, max: 5}
  big:     {type: bigint, nullable: true}
  real:    {type: double, nullable: true}
  price:   {type: numeric, precision: 12, scale: 2, default: 1.5}
  tokens:  {type: numeric, precision: 78, scale: 0, nullable: true}
  at:      {type: timestamptz, default: now}
  day:     {type: date, nullable: true}
  doc:     {type: jsonb, default: {a: [1, 2]}}
  address: {type: inet, nullable: true}
  raw:     {type: bytea, nullable: true}
  tags:    {type: list, of: text, default: [x]}
  ref:     {type: uuid, nullable: true}
  state:   {type: choice, values: [open, paid, shipped], default: open,
            moves: {open: [paid], paid: [shipped]}}
checks: {paid_has_day: 'state == \"open\" || day != null'}
";

const ORDERS: &str = "
table: orders
soft_delete: true
columns:
  number:   {type: bigint, generated: identity}
  customer: {type: text, sealed: true, blind_index: true, nullable: true}
  token:    {type: text, secret: true, nullable: true}
  note:     {type: text, nullable: true, search: true}
  owner_id: {type: uuid, nullable: true, references: {table: organization_members, column: user_id}}
unique: [[number]]
";

const LINES: &str = "
table: order_lines
primary_key: [order_id, line]
columns:
  order_id: {type: uuid, references: {table: orders, on_delete: cascade}}
  line:     {type: integer, min: 1}
  price:    {type: numeric, precision: 12, scale: 2, default: 0}
indexes: [{columns: [price], descending: true}]
";

const COUNTRIES: &str = "
table: countries
scope: public
primary_key: [code]
columns: {code: {type: text, max: 2}, name: text, number: {type: integer, generated: identity}}
rows: [{code: at, name: Austria}, {code: ch, name: Switzerland}]
";

const NOTICES: &str = "
table: notices
scope: platform
primary_key: none
columns: {text: text}
rows: [{text: hello}]
";

const STATUSES: &str = "
table: statuses
columns: {name: {type: text, unique: true}, rank: {type: integer, default: 0}}
rows: [{name: new, rank: 1}, {name: done, rank: 2}]
";

/// Writes declarations into a folder, instead of those that were there.
fn declare(folder: &Path, files: &[&str]) {
    for entry in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    for (index, text) in files.iter().enumerate() {
        std::fs::write(folder.join(format!("{index}.yaml")), text).unwrap();
    }
}

/// Restarts the server with own tables, in the schema of requests that name none.
fn serve(server: &mut Server, folder: &TempDir, files: &[&str]) {
    declare(folder.path(), files);
    let folder = folder.path().to_str().unwrap();
    server.restart_with(&["--entities", folder, "--default-profile", "public"]);
}

fn own(mut server: Server, files: &[&str]) -> (Server, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    serve(&mut server, &folder, files);
    (server, folder)
}

const SHOW: (&str, &str) = ("Prefer", "return=representation");

async fn post(server: &Server, caller: &Caller, table: &str, body: Value) -> Reply {
    server.send(caller, Method::POST, table, &[SHOW], body.to_string()).await
}

async fn patch(server: &Server, caller: &Caller, path: &str, body: Value) -> Reply {
    server.send(caller, Method::PATCH, path, &[SHOW], body.to_string()).await
}

async fn every_type_goes_in_and_out(server: Server) {
    let (server, _folder) = own(server, &[THINGS]);
    let caller = server.service(0);
    let full = json!({
        "code": "a", "flag": true, "small": -32768, "whole": 5, "big": 9_007_199_254_740_993_i64,
        "real": 0.5, "price": 12.34, "tokens": "115792089237316195423570985008687907853269984665",
        "at": "2026-01-31T12:00:00.000001+00:00", "day": "2026-01-31", "doc": {"b": null},
        "address": "192.0.2.1", "raw": "\\x0102", "tags": ["p", "q r"],
        "ref": "018f0000-0000-7000-8000-000000000000", "state": "open"
    });
    let reply = post(&server, &caller, "things", full.clone()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let mut read = server.get(&caller, "things?code=eq.a").await.rows().remove(0);
    let organization = read.as_object_mut().unwrap().remove("organization_id");
    assert_eq!(organization, Some(json!(server.organization_id(0))));
    assert_eq!(read, full);

    let row = post(&server, &caller, "things", json!({"code": "b"})).await.rows().remove(0);
    let expected = json!([false, null, 1.5, {"a": [1, 2]}, ["x"], "open"]);
    let told = ["flag", "small", "price", "doc", "tags", "state"].map(|name| row[name].clone());
    assert_eq!(Value::from(told.to_vec()), expected);

    for (body, code) in [
        (json!({"code": "a"}), "23505"),
        (json!({"code": "c", "whole": 6}), "23514"),
        (json!({"code": "c", "state": "lost"}), "23514"),
        (json!({"code": "c", "small": 40_000}), "22003"),
        (json!({"code": "a code that is too long"}), "22001"),
        (json!({"code": null}), "23502"),
        (json!({"code": "c", "nothing": 1}), "PGRST204"),
    ] {
        let reply = post(&server, &caller, "things", body.clone()).await;
        assert!(!reply.status.is_success(), "{body}");
        let got = reply.code();
        assert!(got == code || (code == "23514" && got == "22P02"), "{body}: {reply:?}");
    }
    let moved = patch(&server, &caller, "things?code=eq.b", json!({"state": "shipped"})).await;
    assert_eq!(moved.code(), "23514", "the life cycle has no such move: {moved:?}");
    let paid = patch(&server, &caller, "things?code=eq.b", json!({"state": "paid"})).await;
    assert_eq!(paid.code(), "23514", "the check asks for a day: {paid:?}");
    let paid =
        patch(&server, &caller, "things?code=eq.b", json!({"state": "paid", "day": "2026-02-01"}));
    assert_eq!(paid.await.rows().len(), 1);
    let trail = server
        .send(
            &caller,
            Method::GET,
            "audit_events?action=eq.public.things.update&select=resource_type",
            &[("Accept-Profile", "mainstay")],
            "",
        )
        .await;
    assert_eq!(trail.rows().len(), 1, "{trail:?}");
}

fn numbers(rows: &[Value]) -> Vec<i64> {
    rows.iter().map(|row| row["number"].as_i64().unwrap()).collect()
}

async fn numbers_are_made_by_the_server(server: Server) {
    let (server, _folder) = own(server, &[ORDERS]);
    let (acme, globex) = (server.service(0), server.service(1));
    let first = post(&server, &acme, "orders", json!({})).await.rows();
    assert_eq!(numbers(&first), [1]);
    let many: Vec<Value> = (0..50).map(|_| json!({"note": "bulk"})).collect();
    let reply =
        server.send(&acme, Method::POST, "orders", &[], Value::from(many).to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let own = post(&server, &acme, "orders", json!({"number": 1_000})).await.rows();
    assert_eq!(numbers(&own), [1_000]);
    let next = post(&server, &acme, "orders", json!([{}, {}])).await.rows();
    assert_eq!(numbers(&next), [1_001, 1_002], "behind a number that a row brought");
    let plain = server.send(&acme, Method::POST, "orders", &[], "{}").await;
    assert_eq!(plain.status, StatusCode::CREATED, "{plain:?}");
    let all = server.get(&acme, "orders?select=number&order=number").await.rows();
    let all = numbers(&all);
    assert_eq!(all.len(), 55);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 55, "{all:?}");
    assert!(all.last() > Some(&1_002), "{all:?}");
    // Others' numbers say nothing of ours.
    assert_eq!(numbers(&post(&server, &globex, "orders", json!({})).await.rows()), [1]);

    let url = server.url.clone();
    let other_data = tempfile::tempdir().unwrap();
    let other = (server.engine == Engine::Postgres).then(|| server.serve_at(other_data.path()));
    let urls = [url.clone(), other.as_ref().map_or(url, mainstay_testkit::MainstayProcess::url)];
    let key = globex.apikey.clone().unwrap();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (url, key) = (urls[writer % 2].clone(), key.clone());
            tokio::spawn(async move {
                let client = reqwest::Client::new();
                for _ in 0..20 {
                    let request = client
                        .post(format!("{url}/rest/v1/orders"))
                        .header("apikey", &key)
                        .header("Content-Type", "application/json")
                        .body("{}");
                    let response = request.send().await.unwrap();
                    assert_eq!(response.status(), StatusCode::CREATED);
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let rows = server.get(&globex, "orders?select=number").await.rows();
    assert_eq!(rows.len(), 161);
    assert_eq!(numbers(&rows).into_iter().collect::<BTreeSet<_>>().len(), 161);
}

async fn numbers_end_where_their_column_does(server: Server) {
    let tickets = ORDERS
        .replace("table: orders", "table: tickets")
        .replace("bigint, generated: identity", "smallint, generated: identity, max: 3");
    let (server, _folder) = own(server, &[ORDERS, &tickets]);
    let acme = server.service(0);
    let add = async |table: &str, body: Value| post(&server, &acme, table, body).await;
    // The sequence goes on behind a number that a row brings, unless the row is refused for it.
    let refused = add("tickets", json!({"number": 4})).await;
    assert_eq!(refused.code(), "23514", "{refused:?}");
    assert_eq!(numbers(&add("tickets", json!([{}, {}])).await.rows()), [1, 2]);
    assert_eq!(numbers(&add("tickets", json!({})).await.rows()), [3]);
    for _ in 0..2 {
        let refused = add("tickets", json!({})).await;
        assert_eq!(refused.code(), "2200H", "{refused:?}");
    }
    let last = add("orders", json!({"number": i64::MAX})).await;
    assert_eq!(numbers(&last.rows()), [i64::MAX]);
    for body in [json!({}), json!([{}, {}])] {
        let refused = add("orders", body).await;
        assert_eq!(refused.code(), "2200H", "{refused:?}");
    }
}

async fn tenant_tables_are_governed(server: Server) {
    let (server, _folder) = own(server, &[LINES, ORDERS]);
    let (acme, globex) = (server.service(0), server.service(1));
    let body = json!({"customer": "Ada", "token": "s3cret", "note": "two blue lamps"});
    let order = post(&server, &acme, "orders", body).await.rows().remove(0);
    let id = order["id"].as_str().unwrap().to_owned();
    assert!(order.get("token").is_none(), "{order}");
    let line = json!({"order_id": id, "line": 1, "price": 9.5});
    assert_eq!(post(&server, &acme, "order_lines", line.clone()).await.rows().len(), 1);

    assert!(server.get(&globex, "orders").await.rows().is_empty());
    let stolen = post(&server, &globex, "order_lines", line).await;
    assert_eq!(stolen.code(), "23503", "another organisation's order is not there: {stolen:?}");
    let changed =
        patch(&server, &globex, &format!("orders?id=eq.{id}"), json!({"note": "x"})).await;
    assert!(changed.rows().is_empty());
    let anonymous = server.get(&server.anonymous(0), "orders").await;
    assert_eq!(anonymous.code(), "42501", "{anonymous:?}");

    let found = server.get(&acme, "orders?note=fts.lamp&select=id,order_lines(price)").await.rows();
    assert_eq!(found, [json!({"id": id, "order_lines": [{"price": 9.5}]})]);
    let sealed = server.get(&acme, "orders?customer=eq.Ada&select=customer").await.rows();
    assert_eq!(sealed, [json!({"customer": "Ada"})]);
    let person = json!({"owner_id": "018f0000-0000-7000-8000-000000000000"});
    let dangling = patch(&server, &acme, &format!("orders?id=eq.{id}"), person).await;
    assert_eq!(dangling.code(), "23503", "{dangling:?}");

    let gone = server.send(&acme, Method::DELETE, &format!("orders?id=eq.{id}"), &[], "").await;
    assert!(gone.status.is_success(), "{gone:?}");
    assert!(server.get(&acme, "orders").await.rows().is_empty());
    let kept = server.get(&acme, "orders?deleted_at=not.is.null&select=id").await.rows();
    assert_eq!(kept, [json!({"id": id})]);
}

async fn tables_of_the_installation_are_read_by_all_and_written_by_few(server: Server) {
    let (server, _folder) = own(server, &[COUNTRIES, NOTICES]);
    let (acme, globex) = (server.service(0), server.service(1));
    let anonymous = server.anonymous(1);
    assert_eq!(server.get(&anonymous, "countries").await.rows().len(), 2);
    let body = json!({"code": "it", "name": "Italy"});
    for caller in [&anonymous, &server.person(0, "admin").await] {
        let refused = post(&server, caller, "countries", body.clone()).await;
        assert_eq!(refused.code(), "42501", "{refused:?}");
        assert_eq!(server.get(caller, "notices").await.code(), "42501");
    }
    let added = post(&server, &acme, "countries", body).await.rows().remove(0);
    assert_eq!(added["number"], 3);
    assert_eq!(server.get(&globex, "countries?code=eq.it").await.rows().len(), 1);
    let path = "countries?code=eq.it";
    assert_eq!(patch(&server, &globex, path, json!({"name": "Italia"})).await.rows().len(), 1);
    let gone = server.send(&acme, Method::DELETE, path, &[], "").await;
    assert!(gone.status.is_success(), "{gone:?}");

    assert_eq!(server.get(&acme, "notices").await.rows(), [json!({"text": "hello"})]);
    assert_eq!(post(&server, &acme, "notices", json!({"text": "hello"})).await.rows().len(), 1);
    for method in [Method::PATCH, Method::DELETE] {
        let body = json!({"text": "x"}).to_string();
        let refused = server.send(&acme, method, "notices?text=eq.hello", &[], body).await;
        assert_eq!(refused.code(), "PGRST127", "rows without a key stay: {refused:?}");
    }
    // What is the installation's own stays its administrators'.
    let users =
        server.send(&acme, Method::GET, "users", &[("Accept-Profile", "mainstay")], "").await;
    assert_eq!(users.code(), "42501", "{users:?}");
}

async fn rows_are_there_from_the_beginning_and_put_in_once(server: Server) {
    let (mut server, folder) = own(server, &[COUNTRIES, NOTICES, STATUSES]);
    for index in [0, 1] {
        let rows = server.get(&server.service(index), "statuses?select=name,rank&order=rank").await;
        let expected = [json!({"name": "new", "rank": 1}), json!({"name": "done", "rank": 2})];
        assert_eq!(rows.rows(), expected);
    }
    let acme = server.service(0);
    let changed = patch(&server, &acme, "statuses?name=eq.new", json!({"rank": 5})).await;
    assert_eq!(changed.rows().len(), 1);
    let more = STATUSES.replace("rows: [", "rows: [{name: held, rank: 3}, ");
    serve(&mut server, &folder, &[COUNTRIES, NOTICES, &more]);
    let rows = server.get(&server.service(0), "statuses?select=name,rank&order=name").await.rows();
    let expected = json!([
        {"name": "done", "rank": 2}, {"name": "held", "rank": 3}, {"name": "new", "rank": 5}
    ]);
    assert_eq!(Value::from(rows), expected, "missing rows are put in, others stay");
    assert_eq!(server.get(&server.service(0), "notices").await.rows().len(), 1);
    assert_eq!(server.get(&server.service(0), "countries").await.rows().len(), 2);
}

/// Runs a command on the server's data, which must not be served; gives whether it succeeded and
/// what it said.
fn mainstay(server: &Server, folder: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
    command.args(arguments).arg("--data").arg(server.data.path());
    command.arg("--entities").arg(folder);
    if let Some(database) = &server.database {
        command.args(["--database", &database.app_url]);
        command.args(["--migrate-database", &database.owner_url]);
    }
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

async fn tables_change_with_their_files(server: Server) {
    let (mut server, folder) = own(server, &[STATUSES]);
    let wider = STATUSES.replace("rank:", "label: {type: text, nullable: true}, rank:");
    server.process.take().unwrap().stop();
    declare(folder.path(), &[&wider]);
    let (planned, plan) = mainstay(&server, folder.path(), &["migrate", "plan"]);
    assert!(planned && plan.contains("statuses") && plan.contains("label"), "{plan}");
    server.serve();
    let acme = server.service(0);
    let labelled = patch(&server, &acme, "statuses?name=eq.new", json!({"label": "New"})).await;
    assert_eq!(labelled.rows()[0]["label"], "New");

    server.process.take().unwrap().stop();
    declare(
        folder.path(),
        &[&wider
            .replace("type: integer", "type: boolean")
            .replace("rank: 1", "rank: true")
            .replace("rank: 2", "rank: true")
            .replace("default: 0", "default: false")],
    );
    let (applied, refusal) = mainstay(&server, folder.path(), &["migrate", "apply"]);
    assert!(!applied && refusal.contains("rank"), "{refusal}");
    declare(folder.path(), &["table: statuses\ncolums: {a: text}"]);
    let (applied, fault) = mainstay(&server, folder.path(), &["migrate", "plan"]);
    assert!(!applied && fault.contains("0.yaml:2:1: colums: unknown key"), "{fault}");
    declare(folder.path(), &[&wider]);
    server.serve();
    let rows = server.get(&server.service(0), "statuses?select=label&name=eq.new").await.rows();
    assert_eq!(rows, [json!({"label": "New"})]);
}
