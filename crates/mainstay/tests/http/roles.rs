//! What callers may do follows from their roles, and follows them at once.

use crate::on_both_engines;
use crate::server::{Caller, Engine, Server};
use mainstay_testkit::{temp_dir, wait_until};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

on_both_engines!(
    operations_need_permission,
    wrong_credentials_are_refused,
    roles_hold_from_the_next_request,
    personal_data_is_masked,
    people_see_their_own_account,
    members_reach_the_rows_of_their_venues,
);

/// What people keep of themselves.
const OWN: [&str; 3] = ["onboarding_states", "user_profiles", "user_settings"];

/// Every operation of the OpenAPI document, as somebody who may not do it.
async fn operations_need_permission(server: Server) {
    let nobody = Caller::default();
    let public_key = server.anonymous(0);
    let viewer = server.person(0, "viewer").await;
    for entity in Server::entities() {
        let table = entity["table"].as_str().unwrap();
        for method in [Method::POST, Method::PATCH, Method::DELETE] {
            for (caller, is_person) in [(&nobody, false), (&public_key, false), (&viewer, true)] {
                // Everybody who is signed in writes what they keep of themselves.
                if is_person && OWN.contains(&table) && method != Method::DELETE {
                    continue;
                }
                let reply = server.send(caller, method.clone(), table, &[], "{}").await;
                assert!(
                    matches!(reply.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN),
                    "{method} {table}: {reply:?}"
                );
            }
        }
        if entity["scope"] != "public" {
            let reply = server.get(&nobody, table).await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{table}: {reply:?}");
        }
    }
}

async fn wrong_credentials_are_refused(server: Server) {
    let key = server.service(0).apikey.unwrap();
    let mut forged = key.clone();
    forged.replace_range(key.len() - 4.., "AAAA");
    let token = server.person(0, "admin").await.bearer.unwrap();
    let unsigned = token.rsplit_once('.').unwrap().0.to_owned() + ".";
    let none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.".to_owned();
    for credential in [forged, unsigned, none, "nonsense".to_owned(), "ms_".to_owned()] {
        let caller = Caller { apikey: None, bearer: Some(credential.clone()) };
        let reply = server.get(&caller, "teams").await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{credential}: {reply:?}");
        assert_eq!(reply.code(), "PGRST301", "{credential}");
    }
    let user = &server.organization(0)["users"][0];
    let apikey = server.anonymous(0).apikey.unwrap();
    let wrong = server.sign_in(&apikey, &user["email"], &json!("wrong")).await;
    let unknown = server.sign_in(&apikey, &json!("nobody@example.com"), &json!("wrong")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{wrong:?}");
    assert_eq!(wrong, unknown);
}

async fn roles_hold_from_the_next_request(server: Server) {
    let admin = server.person(0, "admin").await;
    let viewer = server.person(0, "viewer").await;
    let create = async |caller: &Caller, name: &str| {
        let body = json!({ "name": name }).to_string();
        server.send(caller, Method::POST, "teams", &[], body).await.status
    };
    assert_eq!(create(&viewer, "early").await, StatusCode::FORBIDDEN);
    let viewers = server.get(&admin, "roles?name=eq.viewer&select=id,user_roles(user_id)").await;
    let user = &viewers.rows()[0]["user_roles"][0]["user_id"];
    let admins = server.get(&admin, "roles?name=eq.admin&select=id").await.rows();
    let body = json!({ "user_id": user, "role_id": admins[0]["id"] }).to_string();
    let reply = server.send(&admin, Method::POST, "user_roles", &[], body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let everyone_named: Vec<_> =
        server.get(&viewer, "organization_members?select=user_id").await.rows();
    assert!(everyone_named.iter().any(|row| row["user_id"] == *user));
    assert_eq!(create(&viewer, "granted").await, StatusCode::CREATED);
    let path = format!(
        "user_roles?role_id=eq.{}&user_id=eq.{}",
        admins[0]["id"].as_str().unwrap(),
        user.as_str().unwrap()
    );
    let reply = server.send(&admin, Method::DELETE, &path, &[], "").await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    assert_eq!(create(&viewer, "late").await, StatusCode::FORBIDDEN);
}

async fn personal_data_is_masked(server: Server) {
    let path = "organization_members?select=display_name,email,status&limit=3";
    let admin = server.person(0, "admin").await;
    for row in server.get(&admin, path).await.rows() {
        assert!(row["email"].as_str().unwrap().contains('@'), "{row}");
    }
    let viewer = server.person(0, "viewer").await;
    for row in server.get(&viewer, path).await.rows() {
        assert_eq!((&row["email"], &row["display_name"]), (&json!("***"), &json!("***")));
        assert_ne!(row["status"], json!("***"));
    }
    for guess in ["email=like.a*", "display_name=eq.x", "order=email", "or=(email.eq.x,id.is.null)"]
    {
        let reply = server.get(&viewer, &format!("organization_members?{guess}")).await;
        assert_eq!((reply.status, reply.code().as_str()), (StatusCode::FORBIDDEN, "42501"));
    }
}

async fn people_see_their_own_account(server: Server) {
    let viewer = server.person(0, "viewer").await;
    let accounts = server.get(&viewer, "users?select=id,email").await.rows();
    assert_eq!(accounts.len(), 1);
    assert!(accounts[0]["email"].as_str().unwrap().contains('@'));
    let sessions = server.get(&viewer, "sessions?select=user_id,is_active").await.rows();
    assert!(!sessions.is_empty());
    assert!(sessions.iter().all(|session| session["user_id"] == accounts[0]["id"]));
    // A program is nobody's account.
    assert_eq!(server.get(&server.service(0), "users").await.status, StatusCode::FORBIDDEN);
}

/// S0-B41, S0-B42: who works at a venue sees what belongs to it and its events, from the next
/// request on.
async fn members_reach_the_rows_of_their_venues(server: Server) {
    let admin = server.person(0, "admin").await;
    let analyst = server.person(0, "analyst").await;
    let create = async |table: &str, body: Value| {
        let headers = [("Prefer", "return=representation")];
        let reply = server.send(&admin, Method::POST, table, &headers, body.to_string()).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{table}: {reply:?}");
        reply.rows().remove(0)
    };
    let mut venues = Vec::new();
    for name in ["Mill", "Barn"] {
        let venue = create("venues", json!({ "name": name })).await;
        let starts_at = "2030-05-01T19:00:00Z";
        let event = json!({ "venue_id": venue["id"], "name": name, "starts_at": starts_at });
        create("venue_events", event).await;
        venues.push(venue);
    }
    let seen = async || {
        let path = "venue_events?select=name&name=in.(Mill,Barn)&order=name";
        server.get(&analyst, path).await.text
    };
    assert_eq!(seen().await, "[]");
    let user = server.get(&analyst, "users?select=id").await.rows().remove(0);
    let place = json!({ "user_id": user["id"], "venue_id": venues[0]["id"] });
    let place = create("venue_members", place).await;
    assert_eq!(seen().await, r#"[{"name":"Mill"}]"#);
    let path = format!("venue_members?id=eq.{}", place["id"].as_str().unwrap());
    let reply = server.send(&admin, Method::DELETE, &path, &[], "").await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    assert_eq!(seen().await, "[]");
    // A role may say that its holders reach all venues.
    let role = create("roles", json!({ "name": "everywhere" })).await;
    let all = server.get(&admin, "permissions?name=eq.venues:all&select=id").await.rows().remove(0);
    create("role_permissions", json!({ "role_id": role["id"], "permission_id": all["id"] })).await;
    create("user_roles", json!({ "role_id": role["id"], "user_id": user["id"] })).await;
    assert_eq!(seen().await, r#"[{"name":"Barn"},{"name":"Mill"}]"#);
}

/// S4-B3: permissions are cached on every server, without a cache between them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_given_on_one_server_holds_on_the_other_within_seconds() {
    let mut server = Server::start(Engine::Postgres).await;
    // Both give and take the same tokens.
    server.restart_with(&["--public-url", "http://mainstay.example"]);
    let admin = server.person(0, "admin").await;
    let viewer = server.person(0, "viewer").await;
    let (first, folder) = (server.url.clone(), temp_dir());
    let second = server.serve_at(folder.path());
    let create = async |server: &Server, name: &str| {
        let body = json!({ "name": name }).to_string();
        server.send(&viewer, Method::POST, "teams", &[], body).await.status
    };
    server.url = second.url();
    assert_eq!(create(&server, "early").await, StatusCode::FORBIDDEN, "and now it is cached");

    server.url.clone_from(&first);
    let viewers = server.get(&admin, "roles?name=eq.viewer&select=user_roles(user_id)").await;
    let user = &viewers.rows()[0]["user_roles"][0]["user_id"];
    let admins = server.get(&admin, "roles?name=eq.admin&select=id").await.rows();
    let body = json!({ "user_id": user, "role_id": admins[0]["id"] }).to_string();
    let reply = server.send(&admin, Method::POST, "user_roles", &[], body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");

    server.url = second.url();
    let holds = async || create(&server, "granted").await == StatusCode::CREATED;
    assert!(wait_until(holds, Duration::from_secs(10)).await);
    second.kill();
}
