//! Organisations that demand a second factor.

use super::factors::{code, enroll, verify};
use super::{given, person, session_of, set_auth, text, with_token};
use crate::on_both_engines;
use crate::server::Server;
use mainstay_testkit::wait_until;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(an_organisation_demands_a_second_factor);

async fn an_organisation_demands_a_second_factor(server: Server) {
    let user = person(&server, "ada@acme.com").await;
    let session = session_of(&server, "ada@acme.com").await;
    let caller = with_token(&server, &session);
    let path = "users?select=id";
    assert_eq!(server.get(&caller, path).await.status, StatusCode::OK);
    set_auth(&server, json!({ "require_second_factor": true })).await;

    // It holds at once, on every surface, for sessions that were there before.
    let is_held = async || server.get(&caller, path).await.status == StatusCode::FORBIDDEN;
    assert!(wait_until(is_held, super::SOON).await);
    let explain = json!({ "table": "users", "method": "GET" }).to_string();
    for (method, path, body) in [
        (Method::GET, "/rest/v1/users?select=id", String::new()),
        (Method::POST, "/rest/v1/rpc/explain_access", explain),
        (Method::PATCH, "/rest/v1/user_settings?language=eq.de", "{}".to_owned()),
    ] {
        let reply = server.request(&caller, method, path, &[], body).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{reply:?}");
        assert_eq!(reply.code(), "insufficient_aal", "{reply:?}");
    }
    // Programs are no sessions; they say why.
    let service = server.service(0);
    let asked = json!({ "user_id": user["id"], "table": "users", "method": "GET" });
    let explain = async || {
        let path = "rpc/explain_access";
        let reply = server.send(&service, Method::POST, path, &[], asked.to_string()).await;
        let told = reply.json();
        let steps = told["steps"].as_array().unwrap_or_else(|| panic!("{reply:?}")).clone();
        steps.into_iter().find(|step| step["step"] == "second_factor").unwrap()
    };
    let step = explain().await;
    assert_eq!(step["passed"], false, "{step}");
    assert!(text(&step["why"]).contains("has none"), "{step}");

    let known = given(&server, &caller, Method::GET, "user", Value::Null).await;
    assert_eq!(known["id"], user["id"]);
    let (factor, secret) = enroll(&server, &caller, "Phone").await;
    let raised = verify(&server, &caller, &factor, &code(&secret, 0)).await.json();
    let strong = with_token(&server, &raised);
    assert_eq!(server.get(&strong, path).await.status, StatusCode::OK);
    assert_eq!(explain().await["passed"], true);
    let weak = with_token(&server, &session_of(&server, "ada@acme.com").await);
    assert_eq!(server.get(&weak, path).await.code(), "insufficient_aal");
    // Without the factor, the session is held again.
    given(&server, &strong, Method::DELETE, &format!("factors/{factor}"), Value::Null).await;
    let is_held = async || server.get(&strong, path).await.status == StatusCode::FORBIDDEN;
    assert!(wait_until(is_held, super::SOON).await);
}
