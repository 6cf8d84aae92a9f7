//! Accounts and sessions at `/auth/v1`.

mod authenticator;
mod bad_input;
mod credential_changes;
mod domains;
mod factor_policy;
mod factors;
mod leaked_passwords;
mod links;
mod lockout;
mod organizations;
mod passkeys;
mod people;
mod providers;
mod sent_factors;
mod sessions;
mod sign_up;
mod tokens;

use crate::server::{Caller, Reply, Server};
use mainstay_testkit::wait_until;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

/// Longest wait for what follows soon; machines that run tests may be slow.
const SOON: Duration = Duration::from_secs(20);
/// A password that nobody guesses.
const PASSWORD: &str = "Kranich-7-Wolke-Tanne";

/// Asks `/auth/v1` for something.
async fn ask(server: &Server, caller: &Caller, method: Method, path: &str, body: Value) -> Reply {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    server.request(caller, method, &format!("/auth/v1/{path}"), &[], body).await
}

async fn post(server: &Server, caller: &Caller, path: &str, body: Value) -> Reply {
    ask(server, caller, Method::POST, path, body).await
}

/// Asks for what must be given.
async fn given(server: &Server, caller: &Caller, method: Method, path: &str, body: Value) -> Value {
    let reply = ask(server, caller, method, path, body).await;
    assert!(reply.status.is_success(), "{path}: {reply:?}");
    if reply.text.is_empty() { Value::Null } else { reply.json() }
}

/// The status and code of a refusal.
fn refusal(reply: &Reply) -> (u16, String) {
    let problem = reply.json();
    assert_eq!(problem["code"], reply.status.as_u16(), "{reply:?}");
    assert!(!problem["msg"].as_str().unwrap().is_empty(), "{reply:?}");
    (reply.status.as_u16(), problem["error_code"].as_str().unwrap().to_owned())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// Somebody with the organisation's public key, who is signed in or not.
fn with_token(server: &Server, session: &Value) -> Caller {
    let bearer = Some(text(&session["access_token"]).to_owned());
    Caller { bearer, ..public(server) }
}

/// Somebody who knows Acme's public key alone.
fn public(server: &Server) -> Caller {
    Caller { apikey: server.anonymous(0).apikey, bearer: None }
}

/// Sets how people come to Acme.
async fn set_auth(server: &Server, auth: Value) {
    let admin = server.person(0, "admin").await;
    let path = format!("organizations?id=eq.{}", server.organization_id(0));
    let body = json!({ "settings": { "auth": auth } }).to_string();
    let reply = server.send(&admin, Method::PATCH, &path, &[], body).await;
    assert!(reply.status.is_success(), "{reply:?}");
}

/// Makes an account at Acme, which may be used at once.
async fn person(server: &Server, email: &str) -> Value {
    let body = json!({ "email": email, "password": PASSWORD, "email_confirm": true });
    given(server, &server.service(0), Method::POST, "admin/users", body).await
}

/// Signs in at Acme.
async fn sign_in(server: &Server, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password });
    post(server, &public(server), "token?grant_type=password", body).await
}

async fn session_of(server: &Server, email: &str) -> Value {
    let reply = sign_in(server, email, PASSWORD).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    reply.json()
}

/// Whether a session's access token opens the data API.
async fn is_in(server: &Server, session: &Value) -> bool {
    server.get(&with_token(server, session), "users?select=id").await.status == StatusCode::OK
}

/// The mails that the server has printed to an address, in their order; waits until there are so
/// many.
async fn mails(server: &Server, to: &str, count: usize) -> Vec<String> {
    let start = format!("To: {to}\n");
    let printed = || -> Vec<String> {
        let output = server.process.as_ref().unwrap().output();
        let mails = output.split(&start).skip(1);
        mails.map(|mail| mail.split("\nTo: ").next().unwrap_or_default().to_owned()).collect()
    };
    // The last word of a mail is the sender's.
    let is_whole = |mail: &String| mail.trim_end().ends_with("Acme Corp");
    let have_come = async || printed().iter().filter(|mail| is_whole(mail)).count() >= count;
    assert!(wait_until(have_come, SOON).await, "no mail to {to}");
    printed()
}

/// The link of a mail, from its path on.
fn link(mail: &str) -> String {
    let (_, rest) = mail.split_once("/auth/v1/verify?").unwrap_or_else(|| panic!("{mail}"));
    format!("verify?{}", rest.split_whitespace().next().unwrap())
}

/// The code of a mail.
fn code(mail: &str) -> String {
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|c| c.is_ascii_digit());
    mail.split_whitespace().find(is_code).unwrap_or_else(|| panic!("no code: {mail}")).to_owned()
}
