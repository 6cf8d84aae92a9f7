//! `/rest/v1/{table}/changes`: committed changes as Server-Sent Events.

use crate::on_both_engines;
use crate::server::{Caller, Server};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

on_both_engines!(
    changes_are_told_in_order_filtered_and_resumed,
    changes_stay_in_their_organisation,
    who_is_revoked_is_told_nothing_more,
);

/// Within this time a change is told.
const PATIENCE: Duration = Duration::from_secs(10);

/// A client that listens.
pub(crate) struct Listener {
    response: Response,
    text: String,
    /// The `id` that came last.
    last: Option<String>,
}

impl Listener {
    pub(crate) async fn open(
        server: &Server,
        caller: &Caller,
        target: &str,
        last: Option<&str>,
    ) -> Self {
        let mut request = reqwest::Client::new().get(format!("{}/rest/v1/{target}", server.url));
        if let Some(apikey) = &caller.apikey {
            request = request.header("apikey", apikey);
        }
        if let Some(bearer) = &caller.bearer {
            request = request.bearer_auth(bearer);
        }
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{target}");
        Self { response, text: String::new(), last: None }
    }

    /// The next event: its name and data.
    pub(crate) async fn next(&mut self) -> (String, Value) {
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| {
                    block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned)
                };
                self.last = field("id: ").or(self.last.take());
                if let (Some(event), Some(data)) = (field("event: "), field("data: ")) {
                    return (event, serde_json::from_str(&data).unwrap());
                }
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await.expect("an event in time");
            let chunk = chunk.unwrap().expect("the stream goes on");
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event with the name of its row.
    async fn told(&mut self) -> (String, Option<String>) {
        let (event, data) = self.next().await;
        (event, data["row"]["name"].as_str().map(str::to_owned))
    }

    /// Reads until the log's place behind what was told.
    async fn place(&mut self) -> String {
        self.last = None;
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                if let Some(id) = block.lines().find_map(|line| line.strip_prefix("id: ")) {
                    return id.to_owned();
                }
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await.expect("a place in time");
            let chunk = chunk.unwrap().expect("the stream goes on");
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

async fn add(server: &Server, caller: &Caller, rows: Value) {
    let reply = server.send(caller, Method::POST, "teams", &[], rows.to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
}

async fn changes_are_told_in_order_filtered_and_resumed(server: Server) {
    let caller = server.service(0);
    let target = "teams/changes?since=now&select=name&description=eq.seen";
    let mut listener = Listener::open(&server, &caller, target, None).await;
    let row = |name: &str, description: &str| json!({ "name": name, "description": description });
    add(&server, &caller, row("feed-a", "seen")).await;
    assert_eq!(listener.told().await, ("create".to_owned(), Some("feed-a".to_owned())));
    add(&server, &caller, row("feed-hidden", "unseen")).await;
    // Rows that are added together are one event of the log.
    add(&server, &caller, json!([row("feed-b", "seen"), row("feed-c", "seen")])).await;
    assert_eq!(listener.told().await, ("create".to_owned(), Some("feed-b".to_owned())));
    assert_eq!(listener.told().await, ("create".to_owned(), Some("feed-c".to_owned())));
    let place = listener.place().await;
    let change = |name: &str, body: Value| {
        let target = format!("teams?name=eq.{name}");
        let (server, caller) = (&server, &caller);
        async move { server.send(caller, Method::PATCH, &target, &[], body.to_string()).await }
    };
    change("feed-hidden", json!({ "display_name": "x" })).await;
    change("feed-a", json!({ "display_name": "A" })).await;
    assert_eq!(listener.told().await, ("update".to_owned(), Some("feed-a".to_owned())));
    change("feed-b", json!({ "description": "gone" })).await;
    assert_eq!(listener.told().await, ("leave".to_owned(), None));
    change("feed-hidden", json!({ "description": "seen" })).await;
    assert_eq!(listener.told().await, ("update".to_owned(), Some("feed-hidden".to_owned())));
    server.send(&caller, Method::DELETE, "teams?name=eq.feed-c", &[], "").await;
    assert_eq!(listener.told().await, ("delete".to_owned(), None));
    // Who comes back goes on behind what it had. Rows are told as they are now: the one that was
    // hidden is seen by its first change, too.
    let mut again = Listener::open(&server, &caller, target, Some(&place)).await;
    for expected in ["update", "update", "leave", "update", "delete"] {
        assert_eq!(again.next().await.0, expected);
    }
    for (target, status) in [
        ("teams/changes?order=name", 400),
        ("teams/changes?select=count()", 400),
        ("teams/changes?since=x", 400),
        ("teams/changes?nothing=eq.1", 400),
        ("audit_events/changes", 400),
        ("nothing/changes", 404),
    ] {
        let reply = server.get(&caller, target).await;
        assert_eq!(reply.status.as_u16(), status, "{target}: {reply:?}");
    }
}

async fn changes_stay_in_their_organisation(server: Server) {
    let (ours, theirs) = (server.service(0), server.service(1));
    let mut listener = Listener::open(&server, &ours, "teams/changes?select=name", None).await;
    add(&server, &theirs, json!({ "name": "feed-theirs" })).await;
    add(&server, &ours, json!({ "name": "feed-ours" })).await;
    assert_eq!(listener.told().await, ("create".to_owned(), Some("feed-ours".to_owned())));
}

async fn who_is_revoked_is_told_nothing_more(server: Server) {
    let caller = server.person(0, "admin").await;
    let body = json!({ "name": "feed", "scopes": ["teams:read"] }).to_string();
    let made = server.send(&caller, Method::POST, "rpc/create_api_key", &[], body).await;
    assert_eq!(made.status, StatusCode::OK, "{made:?}");
    let made = made.json();
    let bearer = made["key"].as_str().map(str::to_owned);
    let key = Caller { apikey: None, bearer };
    let mut listener = Listener::open(&server, &key, "teams/changes?select=name", None).await;
    let body = json!({ "id": made["id"] }).to_string();
    let revoked = server.send(&caller, Method::POST, "rpc/revoke_api_key", &[], body).await;
    assert!(revoked.status.is_success(), "{revoked:?}");
    assert_eq!(listener.next().await.0, "revoked");
}
