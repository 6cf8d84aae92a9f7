//! `serve --demo`.

use crate::support::{demo, run, serve};
use mainstay_testkit::temp_dir;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::os::unix::fs::MetadataExt;

#[tokio::test]
async fn a_demonstration_has_two_organisations_with_people_of_every_role() {
    let folder = temp_dir();
    let server = serve(folder.path(), &["--demo"]);
    let made = demo(folder.path());
    assert_eq!(made["url"], json!(server.url()));
    let mode = std::fs::metadata(folder.path().join("demo.json")).unwrap().mode();
    assert_eq!(mode & 0o777, 0o600);

    let client = Client::new();
    let organizations = made["organizations"].as_array().unwrap();
    let slugs: Vec<&Value> = organizations.iter().map(|o| &o["slug"]).collect();
    assert_eq!(slugs, ["acme", "globex"]);
    for organization in organizations {
        let service_key = organization["service_key"].as_str().unwrap();
        let roles = rest(&client, &server.url(), service_key, "roles?select=name").await;
        let users = organization["users"].as_array().unwrap();
        for role in roles.1.as_array().unwrap() {
            let held = users.iter().any(|user| user["role"] == role["name"]);
            assert!(held, "nobody has the role {role}");
        }
        let anon_key = organization["anon_key"].as_str().unwrap();
        let (status, _) = rest(&client, &server.url(), anon_key, "roles").await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        let own = rest(&client, &server.url(), service_key, "organizations?select=id").await;
        assert_eq!(own.1, json!([{"id": organization["id"]}]));
    }
    let acme = organizations[0]["service_key"].as_str().unwrap();
    let samples = "audit_events?select=action,personal&idempotency_key=like.sample-*&order=action";
    let samples = rest(&client, &server.url(), acme, samples).await.1;
    // It is classified PHI, so that its details are sealed.
    let details = &samples[1]["personal"]["details"];
    assert_eq!(details["clinical_context"]["access_purpose"], json!("TREATMENT"));

    let emails = |index: usize| {
        let users = organizations[index]["users"].as_array().unwrap();
        users.iter().map(|user| user["email"].clone()).collect::<Vec<_>>()
    };
    let both: Vec<Value> = emails(0).into_iter().filter(|e| emails(1).contains(e)).collect();
    assert_eq!(both.len(), 1);
    server.stop();

    // A second start finds everything and only notes its address.
    let server = serve(folder.path(), &["--demo"]);
    let again = demo(folder.path());
    assert_eq!(again["organizations"], made["organizations"]);
    assert_eq!(again["url"], json!(server.url()));
}

async fn rest(client: &Client, url: &str, key: &str, target: &str) -> (StatusCode, Value) {
    let request = client.get(format!("{url}/rest/v1/{target}"));
    let response = request.header("apikey", key).send().await.unwrap();
    let status = response.status();
    let body = response.json::<Value>().await.unwrap();
    if status.is_success() {
        assert!(body.is_array(), "{target}: {body}");
    }
    (status, body)
}

#[test]
fn a_demonstration_listens_on_loopback_alone() {
    let folder = temp_dir();
    let data = folder.path().join("data");
    let arguments = ["serve", "--demo", "--listen", "0.0.0.0:0", "--data"];
    let output = run(&[&arguments[..], &[data.to_str().unwrap()]].concat());
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("loopback"));
    assert!(!data.exists(), "nothing is made for a refused start");
}
