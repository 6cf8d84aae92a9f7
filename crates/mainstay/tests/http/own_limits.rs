//! The most rows that a table shows in one answer, wherever its rows are shown.

use crate::changes::Listener;
use crate::on_both_engines;
use crate::server::{Caller, Reply, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(a_tables_own_limit_holds_wherever_its_rows_are_shown);

const BOXES: &str = "
table: boxes
primary_key: [code]
columns: {code: text}
";
const PIECES: &str = "
table: pieces
max_rows: 3
primary_key: [number]
columns:
  number: integer
  box:    {type: text, references: {table: boxes, column: code}}
";
const VIEW: &str = "
view: numbers
max_rows: 2
from: pieces
columns: {number: pieces.number}
";
const ACTION: &str = "
action: all_pieces
returns: {rows: pieces, order: [number]}
";
const PIECES_IN_BOX: i64 = 8;

async fn add(server: &Server, caller: &Caller, table: &str, rows: Value) -> Reply {
    let headers = [("Prefer", "return=representation")];
    let reply = server.send(caller, Method::POST, table, &headers, rows.to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    reply
}

fn numbers(rows: &[Value]) -> Vec<i64> {
    rows.iter().map(|row| row["number"].as_i64().unwrap()).collect()
}

async fn a_tables_own_limit_holds_wherever_its_rows_are_shown(mut server: Server) {
    let folder = tempfile::tempdir().unwrap();
    for (index, text) in [BOXES, PIECES, VIEW, ACTION].iter().enumerate() {
        std::fs::write(folder.path().join(format!("{index}.yaml")), text).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    server.restart_with(&["--entities", path, "--default-profile", "public"]);
    let caller = server.service(0);
    let target = "pieces/changes?since=now&select=number";
    let mut listener = Listener::open(&server, &caller, target, None).await;
    add(&server, &caller, "boxes", json!([{"code": "a"}, {"code": "b"}])).await;
    let piece = |number: i64| json!({"number": number, "box": "a"});
    let all: Vec<Value> = (1..=PIECES_IN_BOX).map(piece).collect();
    // What was written is shown whole: nothing of it could be asked for by a next page.
    assert_eq!(add(&server, &caller, "pieces", Value::from(all)).await.rows().len(), 8);

    let get = async |path: &str| server.get(&caller, path).await;
    assert_eq!(numbers(&get("pieces?order=number").await.rows()), [1, 2, 3]);
    assert_eq!(numbers(&get("pieces?order=number&limit=2&offset=4").await.rows()), [5, 6]);
    assert_eq!(numbers(&get("pieces?order=number&limit=50&offset=4").await.rows()), [5, 6, 7]);
    assert_eq!(get("numbers").await.rows().len(), 2);
    let counted = [("Prefer", "count=exact")];
    let reply = server.send(&caller, Method::GET, "pieces", &counted, "").await;
    assert_eq!((reply.status.as_u16(), reply.content_range.as_deref()), (206, Some("0-2/8")));
    let reply = server.send(&caller, Method::GET, "pieces", &[("Range", "2-7")], "").await;
    assert_eq!(reply.content_range.as_deref(), Some("2-4/*"));
    let csv = [("Accept", "text/csv")];
    let reply = server.send(&caller, Method::GET, "pieces?select=number", &csv, "").await;
    assert_eq!(reply.text.lines().count(), 4, "{reply:?}");

    let boxes = get("boxes?select=code,pieces(number)&order=code").await.rows();
    assert_eq!(numbers(boxes[0]["pieces"].as_array().unwrap()).len(), 3, "{boxes:?}");
    let boxes = get("boxes?select=...pieces(number)&code=eq.a&pieces.limit=7").await.rows();
    assert_eq!(boxes[0]["number"].as_array().unwrap().len(), 3, "{boxes:?}");
    let boxes = get("boxes?select=pieces(count())&code=eq.a").await.rows();
    assert_eq!(boxes, [json!({"pieces": [{"count": 8}]})], "groups count all rows");
    assert_eq!(numbers(&get("rpc/all_pieces").await.rows()), [1, 2, 3]);
    assert_eq!(numbers(&get("rpc/all_pieces?limit=9&offset=6").await.rows()), [7, 8]);

    let mut seen = Vec::new();
    let mut page = "pieces?order=number.desc&limit=100&cursor=".to_owned();
    loop {
        let (rows, next) = follow(&server, &caller, &page).await;
        assert!(rows.len() <= 3, "{rows:?}");
        seen.extend(rows);
        let Some(next) = next else { break };
        page = next;
    }
    assert_eq!(seen, [8, 7, 6, 5, 4, 3, 2, 1]);

    // However many rows were written together, each is told.
    for number in 1..=PIECES_IN_BOX {
        let (event, data) = listener.next().await;
        assert_eq!((event.as_str(), &data["row"]["number"]), ("create", &json!(number)), "{data}");
    }
}

/// A page, and the way to the next one.
async fn follow(server: &Server, caller: &Caller, page: &str) -> (Vec<i64>, Option<String>) {
    let request = reqwest::Client::new().get(format!("{}/rest/v1/{page}", server.url));
    let request = request.bearer_auth(caller.bearer.as_ref().unwrap());
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{page}");
    let link = response.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
    let next = link.map(|link| {
        let inner = link.split_once("</rest/v1/").unwrap().1;
        inner.split_once('>').unwrap().0.to_owned()
    });
    (numbers(response.json::<Value>().await.unwrap().as_array().unwrap()), next)
}
