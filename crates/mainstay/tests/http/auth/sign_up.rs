//! Signing up, and coming in without saying who one is.

use super::{
    PASSWORD, ask, code, given, is_in, link, mails, person, post, public, refusal, session_of,
    set_auth, sign_in, text, with_token,
};
use crate::on_both_engines;
use crate::server::{Caller, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    nobody_signs_up_where_it_is_not_allowed,
    who_signs_up_belongs_to_the_keys_organization,
    an_address_is_confirmed_by_its_link,
    the_answer_tells_not_whether_an_address_has_an_account,
    a_password_that_another_chose_does_not_outlast_the_proof,
    anonymous_people_can_say_later_who_they_are,
);

fn new(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "data": { "name": "Ada" } })
}

async fn nobody_signs_up_where_it_is_not_allowed(server: Server) {
    for caller in [public(&server), Caller::default()] {
        let reply = post(&server, &caller, "signup", new("ada@example.com")).await;
        assert_eq!(refusal(&reply), (422, "signup_disabled".to_owned()));
        let reply = post(&server, &caller, "signup", json!({})).await;
        assert_eq!(refusal(&reply), (422, "anonymous_provider_disabled".to_owned()));
    }
    set_auth(&server, json!({ "signup": true })).await;
    let other = Caller { apikey: server.anonymous(1).apikey, bearer: None };
    let reply = post(&server, &other, "signup", new("ada@example.com")).await;
    assert_eq!(refusal(&reply), (422, "signup_disabled".to_owned()));
}

async fn who_signs_up_belongs_to_the_keys_organization(server: Server) {
    set_auth(&server, json!({ "signup": true, "confirm_email": false, "role": "viewer" })).await;
    let session =
        given(&server, &public(&server), Method::POST, "signup", new("ada@example.com")).await;
    assert_eq!(session["user"]["user_metadata"], json!({ "name": "Ada" }));
    let own = json!([server.organization_id(0)]);
    assert_eq!(session["user"]["app_metadata"]["organizations"], own);
    let roles = server.get(&with_token(&server, &session), "roles?select=name").await;
    assert_eq!(roles.status, StatusCode::OK, "the role holds: {roles:?}");
    let reply = post(&server, &public(&server), "signup", new("ADA@example.com")).await;
    assert_eq!(refusal(&reply), (422, "user_already_exists".to_owned()));
    let short = json!({ "email": "bob@example.com", "password": "123" });
    let reply = post(&server, &public(&server), "signup", short).await;
    assert_eq!(refusal(&reply), (422, "weak_password".to_owned()));
    let reply = post(&server, &public(&server), "signup", new("bob")).await;
    assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
}

async fn an_address_is_confirmed_by_its_link(server: Server) {
    set_auth(&server, json!({ "signup": true, "site_url": "https://app.example.com" })).await;
    let path = "signup?redirect_to=https%3A%2F%2Fapp.example.com%2Fwelcome";
    let user = given(&server, &public(&server), Method::POST, path, new("ada@example.com")).await;
    assert!(user["confirmation_sent_at"].is_string(), "{user}");
    assert!(user.get("access_token").is_none() && user.get("email_confirmed_at").is_none());
    let reply = sign_in(&server, "ada@example.com", PASSWORD).await;
    assert_eq!(refusal(&reply), (400, "email_not_confirmed".to_owned()));
    let mail = mails(&server, "ada@example.com", 1).await.remove(0);
    let landing = server.follow(&format!("/auth/v1/{}", link(&mail))).await;
    let (place, tokens) = landing.split_once('#').unwrap();
    assert_eq!(place, "https://app.example.com/welcome");
    let token = tokens.split('&').find_map(|pair| pair.strip_prefix("access_token=")).unwrap();
    assert!(is_in(&server, &json!({ "access_token": token })).await);
    assert!(tokens.contains("type=signup") && tokens.contains("refresh_token="), "{tokens}");
    let again = server.follow(&format!("/auth/v1/{}", link(&mail))).await;
    assert!(again.starts_with("https://app.example.com/welcome#error="), "{again}");
    assert!(again.contains("error_code=otp_expired"), "{again}");
    assert!(session_of(&server, "ada@example.com").await["user"]["email_confirmed_at"].is_string());
}

/// The answer is alike, and its time; the address alone is told more.
async fn the_answer_tells_not_whether_an_address_has_an_account(server: Server) {
    set_auth(&server, json!({ "signup": true })).await;
    person(&server, "ada@example.com").await;
    let blurred = async |email: &str| {
        let user = given(&server, &public(&server), Method::POST, "signup", new(email)).await;
        let mut user = user.as_object().unwrap().clone();
        for key in ["id", "email", "created_at", "updated_at", "confirmation_sent_at"] {
            assert!(user.remove(key).unwrap().is_string(), "{key}");
        }
        user
    };
    assert_eq!(blurred("ada@example.com").await, blurred("new@example.com").await);
    let mail = mails(&server, "ada@example.com", 1).await.remove(0);
    assert!(mail.contains("type=magiclink"), "{mail}");
    for (path, body) in [
        ("recover", json!({ "email": "?" })),
        ("otp", json!({ "email": "?", "create_user": false })),
        ("resend", json!({ "type": "signup", "email": "?" })),
    ] {
        let reply = async |email: &str| {
            let body: Value = serde_json::from_str(&body.to_string().replace('?', email)).unwrap();
            post(&server, &public(&server), path, body).await
        };
        let known = reply("ada@example.com").await;
        assert_eq!((known.status, &*known.text), (StatusCode::OK, "{}"), "{path}");
        assert_eq!(known, reply("nobody@example.com").await, "{path}");
    }
}

/// Who signs up with somebody else's address gets nothing of it.
async fn a_password_that_another_chose_does_not_outlast_the_proof(server: Server) {
    set_auth(&server, json!({ "signup": true, "confirm_email": false })).await;
    let thief =
        given(&server, &public(&server), Method::POST, "signup", new("ada@example.com")).await;
    assert!(is_in(&server, &thief).await);
    let body = json!({ "email": "ada@example.com" });
    given(&server, &public(&server), Method::POST, "otp", body).await;
    let mail = mails(&server, "ada@example.com", 1).await.remove(0);
    let proof = json!({ "type": "email", "email": "ada@example.com", "token": code(&mail) });
    let session = given(&server, &public(&server), Method::POST, "verify", proof).await;
    assert!(is_in(&server, &session).await);
    assert!(!is_in(&server, &thief).await);
    let reply = sign_in(&server, "ada@example.com", PASSWORD).await;
    assert_eq!(refusal(&reply), (400, "invalid_credentials".to_owned()));
}

async fn anonymous_people_can_say_later_who_they_are(server: Server) {
    set_auth(&server, json!({ "signup": true, "anonymous": true })).await;
    let body = json!({ "data": { "cart": 1 } });
    let session = given(&server, &public(&server), Method::POST, "signup", body).await;
    let user = &session["user"];
    assert_eq!((&user["is_anonymous"], &user["email"]), (&json!(true), &json!("")), "{user}");
    assert_eq!(user["user_metadata"], json!({ "cart": 1 }));
    let caller = with_token(&server, &session);
    let body = json!({ "email": "ada@example.com" });
    let user = given(&server, &caller, Method::PUT, "user", body).await;
    assert_eq!(
        (&user["is_anonymous"], &user["new_email"]),
        (&json!(true), &json!("ada@example.com"))
    );
    let mail = mails(&server, "ada@example.com", 1).await.remove(0);
    let proof = json!({ "type": "email_change", "email": "ada@example.com", "token": code(&mail) });
    given(&server, &public(&server), Method::POST, "verify", proof).await;
    let user = given(&server, &caller, Method::GET, "user", Value::Null).await;
    assert_eq!((&user["is_anonymous"], &user["email"]), (&json!(false), &json!("ada@example.com")));
    assert_eq!(text(&user["id"]), text(&session["user"]["id"]));
    let body = json!({ "password": PASSWORD });
    let reply = ask(&server, &caller, Method::PUT, "user", body).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    session_of(&server, "ada@example.com").await;
}
