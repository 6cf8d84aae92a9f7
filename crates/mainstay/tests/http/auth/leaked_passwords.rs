//! Passwords that leaked elsewhere, from a folder and from a server of ranges.

use super::{ask, refusal};
use crate::on_both_engines;
use crate::server::{Reply, Server};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use mainstay_testkit::temp_dir;
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::sync::{Arc, Mutex};

on_both_engines!(ranges_in_a_folder_refuse_passwords, a_server_of_ranges_learns_five_digits);

const LEAKED: &str = "Zaunkoenig-12-Brunnen";
const PADDED: &str = "Zaunkoenig-13-Brunnen";
const UNKNOWN: &str = "Zaunkoenig-14-Brunnen";

/// The range of a password, and its line there.
fn line(password: &str, count: u32) -> (String, String) {
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    let hash = data_encoding::HEXUPPER.encode(hash.as_ref());
    let (range, rest) = hash.split_at(5);
    (range.to_owned(), format!("{rest}:{count}\r\n"))
}

/// Makes an account with a password.
async fn account(server: &Server, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password });
    ask(server, &server.service(0), Method::POST, "admin/users", body).await
}

fn is_refused(reply: &Reply) -> bool {
    let is_weak = refusal(reply) == (422, "weak_password".to_owned());
    is_weak && reply.json()["weak_password"]["reasons"] == json!(["pwned"])
}

/// What a server counts of passwords that were taken without knowing.
async fn failures(server: &Server) -> String {
    let metrics = reqwest::get(format!("{}/metrics", server.url)).await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let name = "mainstay_leak_check_failures_total ";
    metrics.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned()
}

async fn ranges_in_a_folder_refuse_passwords(mut server: Server) {
    let folder = temp_dir();
    for (password, count, ending) in [(LEAKED, 3, ""), (PADDED, 0, ".txt")] {
        let (range, line) = line(password, count);
        let other = "00000000000000000000000000000000000:9\r\n";
        let file = folder.path().join(format!("{range}{ending}"));
        std::fs::write(file, format!("{other}{line}")).unwrap();
    }
    server.restart_with(&["--password-ranges", folder.path().to_str().unwrap()]);
    assert!(is_refused(&account(&server, "a@example.com", LEAKED).await));
    assert_eq!(account(&server, "a@example.com", PADDED).await.status, StatusCode::OK);
    assert_eq!(failures(&server).await, "0");
    // Whose range is not there is taken, and counted.
    assert_eq!(account(&server, "b@example.com", UNKNOWN).await.status, StatusCode::OK);
    assert_eq!(failures(&server).await, "1");
}

async fn a_server_of_ranges_learns_five_digits(mut server: Server) {
    type Asked = Arc<Mutex<Vec<String>>>;
    async fn range(State(asked): State<Asked>, Path(range): Path<String>) -> String {
        asked.lock().unwrap().push(range.clone());
        let known = [line(LEAKED, 7), line(PADDED, 0)];
        known.into_iter().filter(|(of, _)| *of == range).map(|(_, line)| line).collect()
    }
    let asked = Asked::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/range", listener.local_addr().unwrap());
    let router = Router::new().route("/range/{range}", get(range)).with_state(asked.clone());
    let ranges = tokio::spawn(async move { axum::serve(listener, router).await });
    let arguments = ["--password-ranges-url", &url, "--outbound-networks", "127.0.0.0/8"];
    server.restart_with(&arguments);
    for email in ["a@example.com", "b@example.com"] {
        assert!(is_refused(&account(&server, email, LEAKED).await));
    }
    assert_eq!(account(&server, "a@example.com", PADDED).await.status, StatusCode::OK);
    // A range is asked for once, by its name alone.
    let (leaked, padded) = (line(LEAKED, 0).0, line(PADDED, 0).0);
    assert_eq!(*asked.lock().unwrap(), [leaked, padded]);
    assert_eq!(failures(&server).await, "0");
    ranges.abort();
    assert!(ranges.await.unwrap_err().is_cancelled());
    assert_eq!(account(&server, "b@example.com", UNKNOWN).await.status, StatusCode::OK);
    assert_eq!(failures(&server).await, "1");
}
