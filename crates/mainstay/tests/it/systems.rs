//! Systems are switched on, which migrates, and off, which hides what they hold.

use crate::support::{demo, serve};
use mainstay_testkit::{MainstayProcess, Postgres, temp_dir};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::path::Path;

/// A running server and its first organisation's own key.
pub(crate) struct Client {
    pub(crate) server: MainstayProcess,
    key: String,
}

impl Client {
    pub(crate) fn start(data: &Path, database: &[&str], systems: &str) -> Self {
        let arguments = [&["--demo", "--systems", systems][..], database].concat();
        let server = serve(data, &arguments);
        let key = demo(data)["organizations"][0]["service_key"].as_str().unwrap().to_owned();
        Self { server, key }
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        let url = format!("{}/rest/v1/{path}", self.server.url());
        let request = reqwest::Client::new().get(url).header("apikey", &self.key);
        let reply = request.bearer_auth(&self.key).send().await.unwrap();
        let status = reply.status();
        (status, serde_json::from_str(&reply.text().await.unwrap()).unwrap())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (StatusCode, String) {
        let url = format!("{}/rest/v1/{path}", self.server.url());
        let request = reqwest::Client::new().post(url).header("apikey", &self.key);
        let request = request.header("Content-Type", "application/json").body(body.to_string());
        let reply = request.bearer_auth(&self.key).send().await.unwrap();
        (reply.status(), reply.text().await.unwrap())
    }
}

async fn switches(data: &Path, database: &[&str]) {
    let portal = Client::start(data, database, "portal");
    let (status, services) = portal.get("services?select=name&order=name").await;
    assert_eq!(status, StatusCode::OK, "{services}");
    assert!(!services.as_array().unwrap().is_empty());
    let (status, error) = portal.get("venues").await;
    assert_eq!((status, &error["code"]), (StatusCode::NOT_FOUND, &json!("PGRST205")));
    assert!(portal.server.stop().0.success());

    // What belongs to a system that was off is there as soon as it is on.
    let both = Client::start(data, database, "portal,ticketing");
    assert_eq!(both.get("venues").await, (StatusCode::OK, json!([])));
    let (status, reply) = both.post("venues", &json!({ "name": "Late Hall" })).await;
    assert_eq!(status, StatusCode::CREATED, "{reply}");
    assert!(both.server.stop().0.success());

    let portal = Client::start(data, database, "portal");
    assert_eq!(portal.get("venues").await.0, StatusCode::NOT_FOUND);
    assert_eq!(portal.get("services?select=name&order=name").await.1, services);
    assert!(portal.server.stop().0.success());

    let both = Client::start(data, database, "portal,ticketing");
    let (_, venues) = both.get("venues?select=name").await;
    assert_eq!(venues, json!([{ "name": "Late Hall" }]));
}

#[tokio::test]
async fn systems_are_switched_on_and_off_on_sqlite() {
    let folder = temp_dir();
    switches(folder.path(), &[]).await;
}

#[tokio::test]
async fn systems_are_switched_on_and_off_on_postgres() {
    let (database, folder) = (Postgres::shared().database().await, temp_dir());
    let urls = ["--database", &database.app_url, "--migrate-database", &database.owner_url];
    switches(folder.path(), &urls).await;
}

#[tokio::test]
async fn each_system_serves_alone() {
    for system in ["ticketing", "portal", "exposure", "assets", "audit"] {
        let folder = temp_dir();
        let client = Client::start(folder.path(), &[], system);
        let (status, people) = client.get("organization_members?select=display_name").await;
        assert_eq!(status, StatusCode::OK, "{system}: {people}");
        assert!(!people.as_array().unwrap().is_empty(), "{system}");
    }
}
