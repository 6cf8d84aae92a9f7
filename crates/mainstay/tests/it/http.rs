//! Limits and manners of the server, whatever is asked.

use crate::support::serve;
use mainstay_testkit::{MainstayProcess, temp_dir, wait_until};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// Sends bytes as they are and gives the whole answer; the server closes the connection.
fn raw(server: &MainstayProcess, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(request).unwrap();
    answer(stream)
}

/// The same, of a client that ends before it has sent everything.
fn cut(server: &MainstayProcess, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(request).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    answer(stream)
}

fn answer(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is closed with bytes unread ends with an error after the answer.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let folder = temp_dir();
    let server = serve(folder.path(), &[]);
    let client = Client::new();
    let id = async |sent: Option<&str>| {
        let mut request = client.get(format!("{}/rest/v1/users", server.url()));
        if let Some(sent) = sent {
            request = request.header("x-request-id", sent);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        response.headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(id(Some("my-request.1")).await, "my-request.1");
    let made = id(Some("not one id")).await;
    assert_eq!(made.len(), 36, "{made}");
    assert_ne!(id(None).await, id(None).await);
}

#[tokio::test]
async fn refusals_have_the_shape_of_postgrest() {
    let folder = temp_dir();
    let server = serve(folder.path(), &["--body-limit", "1000"]);
    let client = Client::new();
    let body = vec![b' '; 1001];
    for (method, path, body, status, code) in [
        (Method::GET, "/nowhere", None, StatusCode::NOT_FOUND, "PGRST125"),
        (Method::GET, "/rest/v1/%ff", None, StatusCode::BAD_REQUEST, "PGRST125"),
        (Method::POST, "/readyz", None, StatusCode::METHOD_NOT_ALLOWED, "PGRST117"),
        (Method::POST, "/rest/v1/teams", Some(body), StatusCode::PAYLOAD_TOO_LARGE, "MS413"),
    ] {
        let request = client.request(method, format!("{}{path}", server.url()));
        let response = request.body(body.unwrap_or_default()).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["code"], json!(code), "{path}");
        for key in ["message", "details", "hint"] {
            assert!(problem.get(key).is_some(), "{path}: {problem} has no {key}");
        }
    }
    let bad_token = client
        .get(format!("{}/rest/v1/teams", server.url()))
        .bearer_auth("nonsense")
        .send()
        .await
        .unwrap();
    assert_eq!(bad_token.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(bad_token.json::<Value>().await.unwrap()["code"], json!("PGRST301"));
}

#[test]
fn broken_requests_are_answered_and_change_nothing() {
    let folder = temp_dir();
    let server = serve(folder.path(), &["--body-limit", "1000"]);
    let post = "POST /rest/v1/teams HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    let half = cut(&server, format!("{post}Content-Length: 10\r\n\r\n[{{").as_bytes());
    assert!(half.is_empty() || half.starts_with("HTTP/1.1 400 "), "{half}");
    let chunked =
        format!("{post}Transfer-Encoding: chunked\r\n\r\n3e9\r\n{}\r\n0\r\n\r\n", " ".repeat(1001));
    let chunked = raw(&server, chunked.as_bytes());
    assert!(chunked.starts_with("HTTP/1.1 413 "), "{chunked}");
    let long = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "a".repeat(65_600));
    let long = raw(&server, long.as_bytes());
    assert!(long.starts_with("HTTP/1.1 431 "), "{long}");
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-A: b\r\n".repeat(101));
    let many = raw(&server, many.as_bytes());
    assert!(many.starts_with("HTTP/1.1 431 "), "{many}");
    let (status, _) = server.stop();
    assert!(status.success());
}

#[tokio::test]
async fn more_requests_than_the_server_takes_are_refused_for_a_moment() {
    let folder = temp_dir();
    let server = serve(folder.path(), &["--max-requests", "1"]);
    let mut first = TcpStream::connect(server.address()).unwrap();
    let head = "POST /rest/v1/teams HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n";
    write!(first, "{head}Expect: 100-continue\r\n\r\n").unwrap();
    // The server asks for a body when it has taken the request.
    let mut asked = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    first.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    let teams = format!("{}/rest/v1/teams", server.url());
    let refused = reqwest::get(&teams).await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"), "{:?}", refused.headers());
    let alive = reqwest::get(format!("{}/livez", server.url())).await.unwrap();
    assert_eq!(alive.status(), StatusCode::OK, "probes are not counted");
    first.write_all(b"[]").unwrap();
    let taken = async || reqwest::get(&teams).await.unwrap().status() == StatusCode::UNAUTHORIZED;
    assert!(wait_until(taken, Duration::from_secs(5)).await);
}

#[tokio::test]
async fn answers_are_compressed_for_clients_that_ask() {
    let folder = temp_dir();
    let server = serve(folder.path(), &[]);
    let client = Client::new();
    let encoding = async |path: &str, accepted: &str| {
        let request = client.get(format!("{}{path}", server.url()));
        let response = request.header("accept-encoding", accepted).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let header = response.headers().get("content-encoding").cloned();
        header.map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(encoding("/openapi.json", "gzip").await.as_deref(), Some("gzip"));
    assert_eq!(encoding("/openapi.json", "zstd").await.as_deref(), Some("zstd"));
    assert_eq!(encoding("/openapi.json", "identity").await, None);
    assert_eq!(encoding("/livez", "gzip").await, None);
}

#[tokio::test]
async fn pages_of_named_origins_may_call() {
    let folder = temp_dir();
    let server = serve(folder.path(), &["--cors-origin", "https://app.example"]);
    let client = Client::new();
    let preflight = async |origin: &str| {
        let url = format!("{}/rest/v1/teams", server.url());
        let response = client
            .request(Method::OPTIONS, url)
            .header("origin", origin)
            .header("access-control-request-method", "PATCH")
            .header("access-control-request-headers", "apikey,prefer")
            .send()
            .await
            .unwrap();
        response.headers().clone()
    };
    let named = preflight("https://app.example").await;
    assert_eq!(named["access-control-allow-origin"], "https://app.example");
    assert_eq!(named["access-control-allow-methods"], "PATCH");
    assert_eq!(named["access-control-allow-headers"], "apikey,prefer");
    let other = preflight("https://evil.example").await;
    assert!(!other.contains_key("access-control-allow-origin"), "{other:?}");
}

#[tokio::test]
async fn signing_in_fails_in_the_shape_of_supabase_auth() {
    let folder = temp_dir();
    let server = serve(folder.path(), &[]);
    let client = Client::new();
    let token = async |grant: &str, body: &str| {
        let url = format!("{}/auth/v1/token?grant_type={grant}", server.url());
        let response = client.post(url).body(body.to_owned()).send().await.unwrap();
        let status = response.status();
        (status, response.json::<Value>().await.unwrap())
    };
    let unknown = r#"{"email": "nobody@x.example", "password": "hidden"}"#;
    let (status, problem) = token("password", unknown).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let expected = json!({"code": 400, "error_code": "invalid_credentials", "msg": "Invalid login credentials"});
    assert_eq!(problem, expected);
    let (_, problem) = token("password", r#"{"email": 1, "password": "hidden"}"#).await;
    assert_eq!(problem["error_code"], json!("bad_json"));
    assert!(!problem.to_string().contains("hidden"), "{problem}");
    let (_, problem) = token("magic", unknown).await;
    assert_eq!(problem["error_code"], json!("validation_failed"));
    let user = client.get(format!("{}/auth/v1/user", server.url())).send().await.unwrap();
    assert_eq!(user.status(), StatusCode::UNAUTHORIZED);
    let jwks = format!("{}/auth/v1/.well-known/jwks.json", server.url());
    let jwks: Value = client.get(jwks).send().await.unwrap().json().await.unwrap();
    assert_eq!(jwks["keys"][0]["alg"], json!("ES256"));
}
