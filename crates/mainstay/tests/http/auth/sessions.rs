//! Sessions: how they go on, and how they end.

use super::{
    PASSWORD, SOON, ask, given, is_in, person, post, public, refusal, session_of, sign_in, text,
    with_token,
};
use crate::on_both_engines;
use crate::server::{Caller, Engine, Server};
use mainstay_testkit::{temp_dir, wait_until};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    a_session_goes_on_with_new_tokens,
    a_refresh_token_that_was_replaced_ends_its_session,
    tokens_that_were_never_given_out_end_nothing,
    a_person_sees_and_ends_their_sessions,
    each_scope_ends_its_sessions,
    a_new_password_ends_all_other_sessions,
    refusals_have_the_shape_that_clients_ask_for,
    where_things_are_is_told,
);

async fn refresh(server: &Server, token: &Value) -> crate::server::Reply {
    let path = "token?grant_type=refresh_token";
    post(server, &public(server), path, json!({ "refresh_token": token })).await
}

async fn a_session_goes_on_with_new_tokens(server: Server) {
    person(&server, "ada@example.com").await;
    let first = session_of(&server, " Ada@Example.com ").await;
    assert_eq!(first["token_type"], "bearer");
    assert_eq!(first["user"]["email"], "ada@example.com");
    assert_eq!(first["expires_in"], 900);
    let second = refresh(&server, &first["refresh_token"]).await;
    assert_eq!(second.status, StatusCode::OK, "{second:?}");
    let second = second.json();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    // Tabs of one browser refresh at the same time; both go on with the same token.
    let again = refresh(&server, &first["refresh_token"]).await.json();
    assert_eq!(again["refresh_token"], second["refresh_token"]);
    for session in [&first, &second, &again] {
        assert!(is_in(&server, session).await);
    }
    let caller = with_token(&server, &second);
    let sessions = given(&server, &caller, Method::GET, "sessions", Value::Null).await;
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1, "{sessions}");
}

/// S1-B40; RFC 9700 §4.14.2.
async fn a_refresh_token_that_was_replaced_ends_its_session(server: Server) {
    person(&server, "ada@example.com").await;
    let other = session_of(&server, "ada@example.com").await;
    let first = session_of(&server, "ada@example.com").await;
    let second = refresh(&server, &first["refresh_token"]).await.json();
    let third = refresh(&server, &second["refresh_token"]).await.json();
    let stolen = refresh(&server, &first["refresh_token"]).await;
    assert_eq!(refusal(&stolen), (400, "refresh_token_already_used".to_owned()));
    let late = refresh(&server, &third["refresh_token"]).await;
    assert_eq!(refusal(&late), (400, "refresh_token_not_found".to_owned()));
    assert!(!is_in(&server, &third).await);
    assert!(is_in(&server, &other).await);
}

async fn tokens_that_were_never_given_out_end_nothing(server: Server) {
    person(&server, "ada@example.com").await;
    let session = session_of(&server, "ada@example.com").await;
    let token = text(&session["refresh_token"]);
    let mut other_generation = token.to_owned();
    other_generation.replace_range(24..25, "_");
    let mut other_mac = token.to_owned();
    other_mac.replace_range(40..44, "AAAA");
    let bearer = text(&session["access_token"]);
    for forged in [&*other_generation, &*other_mac, "", "nonsense", bearer] {
        let reply = refresh(&server, &json!(forged)).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{forged}: {reply:?}");
    }
    assert!(is_in(&server, &session).await);
    assert_eq!(refresh(&server, &session["refresh_token"]).await.status, StatusCode::OK);
}

/// S2-B3: a person sees where they are signed in, and signs out there.
async fn a_person_sees_and_ends_their_sessions(server: Server) {
    person(&server, "ada@example.com").await;
    person(&server, "bob@example.com").await;
    let (here, there) = (
        session_of(&server, "ada@example.com").await,
        session_of(&server, "ada@example.com").await,
    );
    let (ada, bob) = (
        with_token(&server, &here),
        with_token(&server, &session_of(&server, "bob@example.com").await),
    );
    let list = given(&server, &ada, Method::GET, "sessions", Value::Null).await;
    let list = list["sessions"].as_array().unwrap();
    let (current, others): (Vec<_>, Vec<_>) = list.iter().partition(|s| s["is_current"] == true);
    assert_eq!((current.len(), others.len()), (1, 1), "{list:?}");
    assert_eq!(others[0]["ip_address"], "127.0.0.1");
    let path = format!("sessions/{}", text(&others[0]["id"]));
    let foreign = ask(&server, &bob, Method::DELETE, &path, Value::Null).await;
    assert_eq!(refusal(&foreign).1, "session_not_found");
    assert!(is_in(&server, &there).await);
    given(&server, &ada, Method::DELETE, &path, Value::Null).await;
    assert!(!is_in(&server, &there).await);
    assert!(is_in(&server, &here).await);
    let reply = ask(&server, &with_token(&server, &there), Method::GET, "user", Value::Null).await;
    assert_eq!(refusal(&reply), (403, "session_not_found".to_owned()));
}

async fn each_scope_ends_its_sessions(server: Server) {
    person(&server, "ada@example.com").await;
    for (scope, first_lasts, second_lasts) in
        [("local", false, true), ("others", true, false), ("global", false, false)]
    {
        let first = session_of(&server, "ada@example.com").await;
        let second = session_of(&server, "ada@example.com").await;
        let caller = with_token(&server, &first);
        let reply = post(&server, &caller, &format!("logout?scope={scope}"), Value::Null).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
        let last = (is_in(&server, &first).await, is_in(&server, &second).await);
        assert_eq!(last, (first_lasts, second_lasts), "{scope}");
        for (session, lasts) in [(&first, first_lasts), (&second, second_lasts)] {
            let status = refresh(&server, &session["refresh_token"]).await.status;
            assert_eq!(status == StatusCode::OK, lasts, "{scope}");
        }
    }
    let session = session_of(&server, "ada@example.com").await;
    let reply = post(&server, &with_token(&server, &session), "logout?scope=x", Value::Null).await;
    assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
}

async fn a_new_password_ends_all_other_sessions(server: Server) {
    person(&server, "ada@example.com").await;
    let (here, there) = (
        session_of(&server, "ada@example.com").await,
        session_of(&server, "ada@example.com").await,
    );
    let caller = with_token(&server, &here);
    let change = async |password: &str| {
        ask(&server, &caller, Method::PUT, "user", json!({ "password": password })).await
    };
    assert_eq!(refusal(&change(PASSWORD).await).1, "same_password");
    for weak in ["short", "password1", "ada@example.com"] {
        let reply = change(weak).await;
        assert_eq!(refusal(&reply), (422, "weak_password".to_owned()), "{weak}");
        assert!(reply.json()["weak_password"]["reasons"][0].is_string(), "{reply:?}");
    }
    assert_eq!(refusal(&change(&"x".repeat(1_025)).await).1, "validation_failed");
    let next = "Anderes-Holz-9-Marder";
    assert_eq!(change(next).await.status, StatusCode::OK);
    assert!(is_in(&server, &here).await);
    assert!(!is_in(&server, &there).await);
    assert_eq!(refusal(&sign_in(&server, "ada@example.com", PASSWORD).await).0, 400);
    assert_eq!(sign_in(&server, "ada@example.com", next).await.status, StatusCode::OK);
    // S2-B47: former passwords are not taken again.
    assert_eq!(change(PASSWORD).await.json()["weak_password"]["reasons"], json!(["reused"]));
}

/// `auth-js` names the version that it reads codes of.
async fn refusals_have_the_shape_that_clients_ask_for(server: Server) {
    let nobody = public(&server);
    let old = ask(&server, &nobody, Method::GET, "user", Value::Null).await;
    assert_eq!(refusal(&old), (401, "no_authorization".to_owned()));
    let version = [("X-Supabase-Api-Version", "2024-01-01")];
    let new = server.request(&nobody, Method::GET, "/auth/v1/user", &version, "").await;
    assert_eq!(new.status, StatusCode::UNAUTHORIZED);
    let problem = new.json();
    assert_eq!(problem["code"], "no_authorization", "{problem}");
    assert_eq!(problem["message"], old.json()["msg"], "{problem}");
    for bearer in ["nonsense", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."] {
        let caller = Caller { bearer: Some(bearer.to_owned()), ..public(&server) };
        let reply = ask(&server, &caller, Method::GET, "user", Value::Null).await;
        assert_eq!(refusal(&reply), (403, "bad_jwt".to_owned()));
        assert!(text(&reply.json()["msg"]).starts_with("invalid JWT"), "{reply:?}");
    }
    let reply = server.request(&nobody, Method::POST, "/auth/v1/signup", &[], "{").await;
    assert_eq!(refusal(&reply), (400, "bad_json".to_owned()));
}

async fn where_things_are_is_told(server: Server) {
    let nobody = Caller::default();
    let path = ".well-known/openid-configuration";
    let found = given(&server, &nobody, Method::GET, path, Value::Null).await;
    assert_eq!(found["issuer"], format!("{}/auth/v1", server.url));
    let keys = text(&found["jwks_uri"]).replace(&server.url, "");
    let keys = server.request(&nobody, Method::GET, &keys, &[], "").await.json();
    assert_eq!(keys["keys"][0]["alg"], "ES256");
    let settings = given(&server, &public(&server), Method::GET, "settings", Value::Null).await;
    assert_eq!(
        (&settings["disable_signup"], &settings["external"]["email"]),
        (&json!(true), &json!(true))
    );
}

/// What ends on one server ends on the others within a second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_on_one_server_ends_on_the_other() {
    let mut server = Server::start(Engine::Postgres).await;
    // Tokens of one server hold on the other if both have the same address for clients.
    server.restart_with(&["--public-url", "https://mainstay.example.com"]);
    person(&server, "ada@example.com").await;
    let session = session_of(&server, "ada@example.com").await;
    let (first, folder) = (server.url.clone(), temp_dir());
    let second = server.serve_at(folder.path());
    server.url = second.url();
    assert!(is_in(&server, &session).await, "and now it is cached");
    server.url.clone_from(&first);
    post(&server, &with_token(&server, &session), "logout", Value::Null).await;
    server.url = second.url();
    assert!(wait_until(async || !is_in(&server, &session).await, SOON).await);
    second.kill();
}
