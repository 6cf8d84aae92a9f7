//! A product's own actions, from its files to their events.

use crate::on_both_engines;
use crate::server::{Caller, Reply, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

on_both_engines!(an_action_of_the_product_is_governed, wrong_actions_are_told_before_any_is_served);

const STOCK: &str = "
table: stock
primary_key: [product]
columns:
  product: {type: text, max: 50}
  count:   {type: integer, min: 0}
  price:   {type: numeric, precision: 12, scale: 2, default: 0}
";

const SALES: &str = "
table: sales
columns:
  product: {type: text, references: {table: stock, column: product}}
  count:   {type: integer, min: 1}
  total:   {type: numeric, precision: 12, scale: 2}
";

const SELL: &str = "
action: sell
description: Takes products from stock.
arguments: {product: text, count: integer}
steps:
  - read: stock
    as: held
    one: true
    required: true
    lock: true
    where: {product: args.product}
  - assert: held.count >= args.count
    code: PT409
    message: there are not as many
    details: '\"there are \" + string(held.count)'
  - update: stock
    set: {count: held.count - args.count}
    where: {product: args.product}
  - insert: sales
    values: {product: args.product, count: args.count, total: held.price * double(args.count)}
    as: sale
returns: {row_of: sale}
";

const SOLD: &str = "
action: sold
arguments: {product: text}
returns: {rows: sales, where: {product: args.product}, order: [count.desc]}
";

const AUDIT_STOCK: &str = "
action: count_all
permission: stock:count
runs_as: system
steps: [{read: stock, as: all}]
returns: {type: integer, value: size(all)}
";

fn declare(folder: &Path, files: &[&str]) {
    for (index, text) in files.iter().enumerate() {
        std::fs::write(folder.join(format!("{index}.yaml")), text).unwrap();
    }
}

fn serve(server: &mut Server, files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    declare(folder.path(), files);
    let path = folder.path().to_str().unwrap();
    server.restart_with(&["--entities", path, "--default-profile", "public"]);
    folder
}

async fn call(server: &Server, caller: &Caller, target: &str, body: Value) -> Reply {
    server.send(caller, Method::POST, &format!("rpc/{target}"), &[], body.to_string()).await
}

async fn an_action_of_the_product_is_governed(mut server: Server) {
    let _folder = serve(&mut server, &[STOCK, SALES, SELL, SOLD, AUDIT_STOCK]);
    let (acme, globex) = (server.service(0), server.service(1));
    for product in ["nut", "bolt"] {
        let row = json!({ "product": product, "count": 5, "price": 1.25 }).to_string();
        let reply = server.send(&acme, Method::POST, "stock", &[], row).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    }
    let two = json!({ "product": "nut", "count": 2 });
    let sold = call(&server, &acme, "sell?select=product,count,total", two.clone()).await;
    assert_eq!(sold.json(), json!({ "product": "nut", "count": 2, "total": 2.5 }));
    let too_many = call(&server, &acme, "sell", json!({ "product": "nut", "count": 4 })).await;
    assert_eq!((too_many.status, too_many.code()), (StatusCode::CONFLICT, "PT409".to_owned()));
    assert_eq!(too_many.json()["details"], "there are 3");
    let left = server.get(&acme, "stock?product=eq.nut&select=count").await.rows();
    assert_eq!(left, [json!({ "count": 3 })]);

    // Another organisation has none of it, and who may not change may not sell.
    let theirs = call(&server, &globex, "sell", two.clone()).await;
    assert_eq!((theirs.status, theirs.code()), (StatusCode::NOT_FOUND, "P0002".to_owned()));
    assert_eq!(call(&server, &globex, "sold", json!({ "product": "nut" })).await.text, "[]");
    let viewer = server.person(0, "viewer").await;
    let refused = call(&server, &viewer, "sell", two.clone()).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::FORBIDDEN, "42501".to_owned()));
    let refused = call(&server, &viewer, "count_all", json!({})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
    let unknown = call(&server, &server.anonymous(0), "sell", two).await;
    assert_eq!(unknown.code(), "42501", "{unknown:?}");
    assert_eq!(call(&server, &acme, "count_all", json!({})).await.text, "2");
    assert_eq!(call(&server, &globex, "count_all", json!({})).await.text, "0");

    let rows = server.get(&acme, "rpc/sold?product=nut&select=count,stock(price)").await.rows();
    assert_eq!(rows, [json!({ "count": 2, "stock": { "price": 1.25 } })]);
    let headers = [("Accept-Profile", "mainstay")];
    let path = "audit_events?select=action&order=id&action=in.(public.sell.call,public.sold.call)";
    let events = server.send(&acme, Method::GET, path, &headers, "").await.rows();
    assert_eq!(events, [json!({ "action": "public.sell.call" })], "one sale, told once");

    let described = server.request(&acme, Method::GET, "/openapi.json", &[], "").await.json();
    let sell = &described["paths"]["/rest/v1/rpc/sell"];
    let body = &sell["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body["required"], json!(["product", "count"]));
    assert!(
        sell.get("get").is_none() && described["paths"]["/rest/v1/rpc/sold"]["get"].is_object()
    );
}

async fn wrong_actions_are_told_before_any_is_served(mut server: Server) {
    server.process.take().unwrap().stop();
    let folder = tempfile::tempdir().unwrap();
    let said = |files: &[&str]| {
        declare(folder.path(), files);
        let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
        command.args(["migrate", "plan"]).arg("--data").arg(server.data.path());
        command.arg("--entities").arg(folder.path());
        if let Some(database) = &server.database {
            command.args(["--database", &database.app_url]);
            command.args(["--migrate-database", &database.owner_url]);
        }
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let form = said(&[STOCK, "action: a b\nstepps: []", "action: c\nsteps: [{drop: stock}]"]);
    for part in ["1.yaml:1:", "can't name a action", "stepps: unknown key", "2.yaml:2:9: steps[0]"]
    {
        assert!(form.contains(part), "{part}: {form}");
    }
    let meaning = said(&[
        STOCK,
        "action: a
arguments: {x: integer, x2: {row: stok}}
steps:
  - read: stock
    as: held
    where: {produkt: args.x, count: {gte: 'args.y'}}
  - update: stock
    set: {count: \"'many'\", product: now(}
    where: {count: {like: \"'a'\"}}
  - delete: stock
    where: {product: {match: \"'('\", fts: \"'x'\"}}
  - assert: nobody.count > 1
    message: no
    code: short
returns: {rows_of: nothing}",
        "action: b\nruns_as: system\nsteps: [{insert: mainstay.ledger_entries, values: {organization_id: \"'x'\"}}]",
        "action: c",
    ]);
    for part in [
        "1.yaml:2:35: arguments.x2.row: there is no table public.stok",
        "stock has no column produkt",
        "args has x, x2, no y",
        "expected integer: invalid input syntax",
        "no CEL expression",
        "count is of type integer, which has no such test",
        "parentheses () not balanced",
        "product is not searched",
        "unknown name nobody; known here: args, caller, now, held",
        "a code has five digits and capitals",
        "nothing is not what a step calls its rows",
        "2.yaml:1:1: an action that runs as the system needs a permission of its own",
        "ledger_entries is written by the system alone",
    ] {
        assert!(meaning.contains(part), "{part}: {meaning}");
    }
}
