//! First start, set-up, probes and stopping.

use crate::support::serve;
use mainstay_testkit::{temp_dir, wait_until_blocking};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

fn setup_link(output: &str) -> Option<String> {
    let line = output.lines().find(|line| line.contains("/setup?token="))?;
    Some(line.trim().to_owned())
}

#[tokio::test]
async fn an_empty_folder_gets_keys_database_and_one_set_up_link() {
    let folder = temp_dir();
    let data = folder.path().join("data");
    let server = serve(&data, &[]);
    for (path, mode) in [
        ("", 0o700),
        ("keys", 0o700),
        ("keys/master.key", 0o600),
        ("keys/signing.key", 0o600),
        ("mainstay.db", 0o600),
    ] {
        let metadata = std::fs::metadata(data.join(path)).expect(path);
        assert_eq!(metadata.mode() & 0o777, mode, "{path}");
    }
    let printed = || setup_link(&server.output()).is_some();
    assert!(wait_until_blocking(printed, Duration::from_secs(5)), "{}", server.output());
    let link = setup_link(&server.output()).unwrap();

    let client = Client::new();
    let page = client.get(&link).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("'none'"));
    let wrong = client.get(format!("{link}0")).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::NOT_FOUND);

    let (url, token) = link.split_once("/setup?token=").unwrap();
    let form = |password: &str| {
        let fields = [
            ("token", token),
            ("organization", "First"),
            ("slug", "first"),
            ("name", "Ada"),
            ("email", "Ada@First.example"),
            ("password", password),
        ];
        let encoded: Vec<String> =
            fields.iter().map(|(k, v)| format!("{k}={}", v.replace(' ', "+"))).collect();
        client
            .post(format!("{url}/setup"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encoded.join("&"))
            .send()
    };
    assert_eq!(form("short").await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    let done = form("correct horse battery").await.unwrap();
    assert_eq!(done.status(), StatusCode::CREATED);
    // The link works once, whoever asks again.
    assert_eq!(form("correct horse battery").await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(client.get(&link).send().await.unwrap().status(), StatusCode::NOT_FOUND);

    let roles = roles_seen_by_the_administrator(&client, url).await;
    assert_eq!(roles, json!([{"name": "admin"}]));

    let (status, _) = server.stop();
    assert!(status.success(), "{status}");
    // With an administrator there is no link any more.
    let (_, output) = serve(&data, &[]).stop();
    assert_eq!(setup_link(&output), None, "{output}");
}

async fn roles_seen_by_the_administrator(client: &Client, url: &str) -> Value {
    let signed_in = client
        .post(format!("{url}/auth/v1/token?grant_type=password"))
        .json(&json!({"email": "ada@first.example", "password": "correct horse battery"}))
        .send()
        .await
        .unwrap();
    assert_eq!(signed_in.status(), StatusCode::OK);
    let token: Value = signed_in.json().await.unwrap();
    let roles = client
        .get(format!("{url}/rest/v1/roles?select=name&name=eq.admin"))
        .bearer_auth(token["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    roles.json().await.unwrap()
}

#[test]
fn a_folder_serves_one_process() {
    let folder = temp_dir();
    let first = serve(folder.path(), &[]);
    let data = folder.path().to_str().unwrap();
    let second = crate::support::run(&["serve", "--listen", "127.0.0.1:0", "--data", data]);
    assert!(!second.status.success());
    let message = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(message.contains("another process"), "{message}");
    first.stop();
}

#[tokio::test]
async fn a_stopping_server_finishes_what_it_accepted() {
    let folder = temp_dir();
    let server = serve(folder.path(), &[]);
    let mut open = TcpStream::connect(server.address()).unwrap();
    // The head is accepted, the body still to come.
    let head = "POST /rest/v1/teams HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n";
    open.write_all(head.as_bytes()).unwrap();
    let metrics = format!("{}/metrics", server.url());
    let client = Client::new();
    let accepted = async || {
        let text = client.get(&metrics).send().await.unwrap().text().await.unwrap();
        text.lines().any(|line| line == "http_requests_in_flight 1")
    };
    assert!(mainstay_testkit::wait_until(accepted, Duration::from_secs(5)).await);
    server.request_stop();
    let refused = || TcpStream::connect(server.address()).is_err();
    assert!(wait_until_blocking(refused, Duration::from_secs(5)));
    open.write_all(b"[]").unwrap();
    let mut answer = String::new();
    open.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
    let (status, output) = server.stop();
    assert!(status.success(), "{status}: {output}");
}

#[tokio::test]
async fn probes_tell_life_readiness_and_metrics() {
    let folder = temp_dir();
    let server = serve(folder.path(), &[]);
    let get = async |path: &str| {
        let response = reqwest::get(format!("{}{path}", server.url())).await.unwrap();
        (response.status(), response.text().await.unwrap())
    };
    assert_eq!(get("/livez").await.0, StatusCode::OK);
    let (status, ready) = get("/readyz").await;
    assert_eq!(status, StatusCode::OK, "{ready}");
    let ready: Value = serde_json::from_str(&ready).unwrap();
    assert_eq!(ready["ready"], json!(true));
    assert_eq!(ready["checks"][1]["name"], json!("database"));
    get("/nowhere").await;
    let (_, metrics) = get("/metrics").await;
    for line in [
        r#"http_requests_total{route="health",status="200"} 2"#,
        r#"http_requests_total{route="other",status="404"} 1"#,
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
}

/// The demonstration is loaded into the schema that is built in, whatever requests mean that name
/// none, and a product's tables are there from the first start on.
#[tokio::test]
async fn a_demonstration_begins_in_a_products_schema() {
    let folder = temp_dir();
    let entities = folder.path().join("entities");
    std::fs::create_dir(&entities).unwrap();
    let colours = "table: colours\nscope: public\ncolumns: {name: {type: text, unique: true}}\n\
                   rows: [{name: red}]\n";
    std::fs::write(entities.join("colours.yaml"), colours).unwrap();
    let data = folder.path().join("data");
    let own = ["--demo", "--default-profile", "public", "--entities", entities.to_str().unwrap()];
    let server = serve(&data, &own);
    let demo = crate::support::demo(&data);
    let key = demo["organizations"][0]["service_key"].as_str().unwrap();
    let get = async |path: &str, profile: Option<&str>| {
        let request =
            Client::new().get(format!("{}/rest/v1/{path}", server.url())).bearer_auth(key);
        let request = match profile {
            Some(profile) => request.header("accept-profile", profile),
            None => request,
        };
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    assert_eq!(get("colours?select=name", None).await, json!([{"name": "red"}]));
    assert_eq!(get("teams", None).await["code"], "PGRST205");
    assert!(get("teams?select=id", Some("mainstay")).await.as_array().unwrap().len() >= 3);
    server.stop();

    // `public` is there before it has a table.
    let empty = folder.path().join("empty");
    serve(&empty, &["--demo", "--default-profile", "public"]).stop();
}

#[test]
fn a_default_schema_that_there_is_not_is_told_at_the_start() {
    let folder = temp_dir();
    let data = folder.path().join("data");
    let wrong = ["serve", "--listen", "127.0.0.1:0", "--default-profile", "pubic", "--data"];
    let output = crate::support::run(&[&wrong[..], &[data.to_str().unwrap()]].concat());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{message}");
    assert!(message.contains("there is no schema pubic; there are mainstay, public"), "{message}");
    assert!(!data.exists(), "nothing is made");
}
