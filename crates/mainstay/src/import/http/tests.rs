use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap as Headers;
use axum::response::IntoResponse;
use axum::routing::post;
use serde_json::{Value as Json, json};

use super::*;
use crate::import::batch::{Batch, Rows};
use crate::import::report::Report;
use crate::import::send::deliver;

/// A server that stores rows by `id`, refuses those with `bad`, and answers as PostgREST does.
#[derive(Clone, Default)]
pub(crate) struct TestServer(Arc<Mutex<Stored>>);

#[derive(Default)]
struct Stored {
    ids: BTreeSet<u64>,
    /// The rows of each request.
    requests: Vec<usize>,
    /// Statuses to answer before anything else.
    answers: VecDeque<(u16, Option<&'static str>)>,
}

impl TestServer {
    /// Starts the server; gives its URL.
    pub(crate) async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/rest/v1/{table}", post(insert)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    pub(crate) fn ids(&self) -> Vec<u64> {
        self.0.lock().unwrap().ids.iter().copied().collect()
    }

    fn requests(&self) -> Vec<usize> {
        self.0.lock().unwrap().requests.clone()
    }

    fn answer_first(&self, answers: &[(u16, Option<&'static str>)]) {
        self.0.lock().unwrap().answers.extend(answers);
    }
}

async fn insert(
    State(TestServer(stored)): State<TestServer>,
    Path(table): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: Headers,
    body: String,
) -> impl IntoResponse {
    let mut stored = stored.lock().unwrap();
    let rows: Vec<Json> = body.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    stored.requests.push(rows.len());
    if let Some((status, wait)) = stored.answers.pop_front() {
        let mut answer = StatusCode::from_u16(status).unwrap().into_response();
        let wait = wait.map(HeaderValue::from_static);
        answer.headers_mut().extend(wait.map(|wait| (RETRY_AFTER, wait)));
        return answer;
    }
    assert_eq!(table, "things");
    assert_eq!(query.get("on_conflict").map(String::as_str), Some("id"));
    assert_eq!(headers["apikey"], "the-key");
    assert_eq!(headers["authorization"], "Bearer the-key");
    assert_eq!(headers["content-type"], "application/x-ndjson");
    let prefer = "resolution=ignore-duplicates,return=headers-only,count=exact";
    assert_eq!(headers["prefer"], prefer);
    if rows.iter().any(|row| row["bad"] == true) {
        let message = "column \"bad\" is no good";
        let error = json!({"code": "22P02", "message": message, "details": null, "hint": null});
        return (StatusCode::BAD_REQUEST, error.to_string()).into_response();
    }
    let ids = rows.iter().map(|row| row["id"].as_u64().unwrap());
    let new = ids.filter(|&id| stored.ids.insert(id)).count();
    (StatusCode::CREATED, [("content-range", format!("*/{new}"))]).into_response()
}

fn target() -> Target {
    Target { table: "things".to_owned(), key: Some("id".to_owned()) }
}

/// Rows with the ids given, each from the line after ten times its id.
fn rows(count: u64, bad: &[u64]) -> Rows {
    let mut batch = Batch::default();
    for id in 0..count {
        let row = json!({"id": id, "bad": bad.contains(&id)}).to_string();
        assert!(batch.push(id * 10 + 1, row.as_bytes()).is_none());
    }
    batch.take().unwrap()
}

async fn deliver_to(server: &TestServer, rows: &Rows, rejected_max: u64) -> Report {
    let sink = HttpSink::new(&server.start().await, "the-key").unwrap();
    let mut report = Report::new(rejected_max);
    let _ = deliver(&sink, &target(), rows, &mut report).await;
    report
}

#[tokio::test]
async fn a_refused_batch_is_halved_to_its_bad_rows() {
    let server = TestServer::default();
    let report = deliver_to(&server, &rows(100, &[0, 41, 42, 99]), 100).await;
    assert_eq!((report.loaded, report.skipped, report.rejected), (96, 0, 4));
    let lines: Vec<_> = report.rejections.iter().map(|rejection| rejection.line).collect();
    assert_eq!(lines, [1, 411, 421, 991]);
    assert_eq!(report.rejections[0].reason, "column \"bad\" is no good (22P02)");
    assert_eq!(server.ids().len(), 96);
    assert!(server.requests().len() < 60, "{:?}", server.requests());
}

#[tokio::test]
async fn rows_stored_before_are_skipped() {
    let server = TestServer::default();
    let first = deliver_to(&server, &rows(30, &[]), 0).await;
    assert_eq!((first.loaded, first.skipped, first.rejected), (30, 0, 0));
    let second = deliver_to(&server, &rows(40, &[]), 0).await;
    assert_eq!((second.loaded, second.skipped, second.rejected), (10, 30, 0));
    assert!(second.is_complete());
}

#[tokio::test]
async fn too_many_bad_rows_end_the_import() {
    let server = TestServer::default();
    let every: Vec<u64> = (0..64).collect();
    let report = deliver_to(&server, &rows(64, &every), 2).await;
    assert_eq!((report.loaded, report.rejected), (0, 3));
    assert_eq!(report.stopped.as_deref(), Some("more than 2 records were rejected"));
    assert!(server.requests().len() < 12, "{:?}", server.requests());
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says() {
    let server = TestServer::default();
    server.answer_first(&[(503, Some("0")), (429, Some("0")), (429, None)]);
    let report = deliver_to(&server, &rows(5, &[]), 0).await;
    assert_eq!(report.loaded, 5);
    assert_eq!(server.requests(), [5, 5, 5, 5]);

    server.answer_first(&[(503, Some("301"))]);
    let report = deliver_to(&server, &rows(5, &[]), 0).await;
    let stopped = "the server answered 503 Service Unavailable";
    assert_eq!(report.stopped.as_deref(), Some(stopped));
}

#[tokio::test]
async fn what_more_rows_would_not_change_ends_the_import() {
    let server = TestServer::default();
    for (status, stopped) in [
        (401, "the server answered 401 Unauthorized"),
        (404, "the server answered 404 Not Found"),
        (307, "the server answered 307 Temporary Redirect"),
        (500, "the server answered 500 Internal Server Error"),
        (200, "the server did not say how many rows it stored"),
    ] {
        server.answer_first(&[(status, None)]);
        let report = deliver_to(&server, &rows(4, &[]), 100).await;
        assert_eq!(report.stopped.as_deref(), Some(stopped));
        assert_eq!((report.loaded, report.rejected), (0, 0));
    }
    assert_eq!(server.requests(), [4, 4, 4, 4, 4]);
}

#[test]
fn the_table_is_a_part_of_the_path() {
    let sink = HttpSink::new("https://example.org/base/", "k").unwrap();
    let target = Target { table: "a/b?c".to_owned(), key: None };
    let url = sink.table_url(&target).unwrap();
    assert_eq!(url.as_str(), "https://example.org/base/rest/v1/a%2Fb%3Fc");
    let error = |url, key| HttpSink::new(url, key).err().unwrap().to_string();
    assert!(error("localhost:8420", "k").starts_with("expected a URL such as"));
    assert_eq!(error("http://[::1]", "se\ncret"), "the key has characters that no key has");
}
