//! People as an organisation's own programs manage them.

use super::{
    PASSWORD, ask, given, is_in, person, post, public, refusal, session_of, sign_in, text,
    with_token,
};
use crate::on_both_engines;
use crate::server::{Caller, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    a_program_manages_its_organizations_people,
    a_program_reaches_nobody_else,
    a_barred_or_removed_person_is_out_at_once,
    hashes_of_others_are_taken_over,
    links_can_be_made,
    who_must_choose_a_new_password_can_do_nothing_else,
);

async fn a_program_manages_its_organizations_people(server: Server) {
    let service = server.service(0);
    let body = json!({
        "email": "Ada@Example.com", "password": PASSWORD,
        "user_metadata": { "full_name": "Ada", "color": "red" }, "app_metadata": { "plan": "gold" },
    });
    let ada = given(&server, &service, Method::POST, "admin/users", body).await;
    assert_eq!(ada["email"], "ada@example.com");
    assert_eq!(ada["app_metadata"]["plan"], "gold");
    assert_eq!(ada["app_metadata"]["providers"], json!(["email"]));
    assert_eq!(ada["identities"][0]["provider"], "email");
    assert!(ada.get("email_confirmed_at").is_none(), "{ada}");
    let reply = sign_in(&server, "ada@example.com", PASSWORD).await;
    assert_eq!(refusal(&reply), (400, "email_not_confirmed".to_owned()));

    let path = format!("admin/users/{}", text(&ada["id"]));
    let body = json!({
        "email_confirm": true, "user_metadata": { "color": null, "size": 1 },
        "app_metadata": { "since": 2020 },
    });
    let changed = given(&server, &service, Method::PUT, &path, body).await;
    assert_eq!(changed["user_metadata"], json!({ "full_name": "Ada", "size": 1 }));
    assert_eq!(
        (&changed["app_metadata"]["plan"], &changed["app_metadata"]["since"]),
        (&json!("gold"), &json!(2020))
    );
    assert_eq!(given(&server, &service, Method::GET, &path, Value::Null).await, changed);
    session_of(&server, "ada@example.com").await;

    let page =
        given(&server, &service, Method::GET, "admin/users?page=1&per_page=2", Value::Null).await;
    assert_eq!(page["aud"], "authenticated");
    let users = page["users"].as_array().unwrap();
    assert_eq!((users.len(), &users[0]["email"]), (2, &json!("ada@example.com")));
    let twice = json!({ "email": "ADA@example.com", "password": PASSWORD });
    let reply = post(&server, &service, "admin/users", twice).await;
    assert_eq!(refusal(&reply), (422, "email_exists".to_owned()));
    for (body, path) in [
        (json!({ "email": "xx:;x@x.x" }), "admin/users"),
        (json!({}), "admin/users"),
        (json!({ "email": "x@example.com", "ban_duration": "soon" }), "admin/users"),
    ] {
        let reply = post(&server, &service, path, body).await;
        assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
    }
    let reply = ask(&server, &service, Method::GET, "admin/users?page=-1", Value::Null).await;
    assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
}

/// Other organisations' people are as good as not there; who belongs to several is nobody's.
async fn a_program_reaches_nobody_else(server: Server) {
    let ada = person(&server, "ada@example.com").await;
    let path = format!("admin/users/{}", text(&ada["id"]));
    let unknown = "admin/users/018f0000-0000-7000-8000-000000000000";
    let stranger = server.service(1);
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let foreign = ask(&server, &stranger, method.clone(), &path, json!({})).await;
        let missing = ask(&server, &stranger, method, unknown, json!({})).await;
        assert_eq!(foreign, missing);
        assert_eq!(refusal(&foreign), (404, "user_not_found".to_owned()));
    }
    let people =
        given(&server, &stranger, Method::GET, "admin/users?per_page=1000", Value::Null).await;
    assert!(!people.to_string().contains("ada@example.com"), "{people}");

    // Pat belongs to both.
    let service = server.service(0);
    let people =
        given(&server, &service, Method::GET, "admin/users?per_page=1000", Value::Null).await;
    let people = people["users"].as_array().unwrap();
    let pat = people.iter().find(|user| user["email"] == "pat@both.example").unwrap();
    let path = format!("admin/users/{}", text(&pat["id"]));
    for body in [json!({ "password": PASSWORD }), json!({ "email": "x@example.com" })] {
        let reply = ask(&server, &service, Method::PUT, &path, body).await;
        assert_eq!(refusal(&reply), (409, "conflict".to_owned()));
    }
    let link = json!({ "type": "magiclink", "email": "pat@both.example" });
    let reply = post(&server, &service, "admin/generate_link", link).await;
    assert_eq!(refusal(&reply), (409, "conflict".to_owned()));
    given(&server, &service, Method::DELETE, &path, Value::Null).await;
    let there = Caller { apikey: server.anonymous(1).apikey, bearer: None };
    let user = server.organization(1)["users"].as_array().unwrap().last().unwrap().clone();
    let body = json!({ "email": user["email"], "password": user["password"] });
    let reply = post(&server, &there, "token?grant_type=password", body.clone()).await;
    assert_eq!(reply.status, StatusCode::OK, "still a member of the other: {reply:?}");
    let reply = post(&server, &public(&server), "token?grant_type=password", body).await;
    assert_eq!(refusal(&reply), (403, "not_a_member".to_owned()));

    for caller in [public(&server), server.anonymous(0), server.person(0, "viewer").await] {
        let reply = ask(&server, &caller, Method::GET, "admin/users", Value::Null).await;
        assert_eq!(refusal(&reply), (403, "not_admin".to_owned()));
    }
    let reply = ask(&server, &Caller::default(), Method::GET, "admin/users", Value::Null).await;
    assert_eq!(refusal(&reply), (401, "no_authorization".to_owned()));
}

async fn a_barred_or_removed_person_is_out_at_once(server: Server) {
    let service = server.service(0);
    let ada = person(&server, "ada@example.com").await;
    let path = format!("admin/users/{}", text(&ada["id"]));
    let session = session_of(&server, "ada@example.com").await;
    assert!(is_in(&server, &session).await);
    given(&server, &service, Method::PUT, &path, json!({ "ban_duration": "24h" })).await;
    assert!(!is_in(&server, &session).await);
    let reply = sign_in(&server, "ada@example.com", PASSWORD).await;
    assert_eq!(refusal(&reply), (400, "user_banned".to_owned()));
    let wrong = sign_in(&server, "ada@example.com", "wrong").await;
    assert_eq!(refusal(&wrong), (400, "invalid_credentials".to_owned()));
    given(&server, &service, Method::PUT, &path, json!({ "ban_duration": "none" })).await;
    let session = session_of(&server, "ada@example.com").await;
    given(&server, &service, Method::DELETE, &path, Value::Null).await;
    assert!(!is_in(&server, &session).await);
    let caller = with_token(&server, &session);
    let reply = ask(&server, &caller, Method::GET, "user", Value::Null).await;
    assert_eq!(refusal(&reply), (403, "session_not_found".to_owned()));
    let reply = sign_in(&server, "ada@example.com", PASSWORD).await;
    assert_eq!(refusal(&reply), (400, "invalid_credentials".to_owned()));
    // The address is free again.
    person(&server, "ada@example.com").await;
}

/// S1-B36, S1-B75: hashes made with bcrypt open the account, and are replaced when they do.
async fn hashes_of_others_are_taken_over(server: Server) {
    let service = server.service(0);
    let bcrypt = "$2b$04$EGdrhbKUv8Oc9vGiXX0HQOxSg445d458Muh7DAHskb6QbtCvdxcie";
    let body =
        json!({ "email": "ada@example.com", "password_hash": bcrypt, "email_confirm": true });
    given(&server, &service, Method::POST, "admin/users", body).await;
    for _ in 0..2 {
        let reply = sign_in(&server, "ada@example.com", "correctbatteryhorsestapler").await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        let reply = sign_in(&server, "ada@example.com", "wrong").await;
        assert_eq!(refusal(&reply).1, "invalid_credentials");
    }
    let costly = "$2b$31$EGdrhbKUv8Oc9vGiXX0HQOxSg445d458Muh7DAHskb6QbtCvdxcie";
    let body = json!({ "email": "bob@example.com", "password_hash": costly });
    let reply = post(&server, &service, "admin/users", body).await;
    assert_eq!(refusal(&reply).1, "validation_failed");
}

async fn links_can_be_made(server: Server) {
    let service = server.service(0);
    let body = json!({
        "type": "signup", "email": "ada@example.com", "password": PASSWORD,
        "data": { "status": "alpha" }, "redirect_to": "https://evil.example/",
    });
    let link = given(&server, &service, Method::POST, "admin/generate_link", body).await;
    assert_eq!(link["user_metadata"], json!({ "status": "alpha" }));
    assert_eq!(link["verification_type"], "signup");
    assert_eq!(link["redirect_to"], server.url, "{link}");
    assert!(text(&link["action_link"]).contains("type=signup"), "{link}");
    let proof = json!({ "type": "signup", "token_hash": link["hashed_token"] });
    let session = given(&server, &public(&server), Method::POST, "verify", proof.clone()).await;
    assert!(is_in(&server, &session).await);
    let again = post(&server, &public(&server), "verify", proof).await;
    assert_eq!(refusal(&again), (403, "otp_expired".to_owned()));
    let body = json!({ "type": "recovery", "email": "ada@example.com" });
    let link = given(&server, &service, Method::POST, "admin/generate_link", body).await;
    let proof =
        json!({ "type": "recovery", "email": "ada@example.com", "token": link["email_otp"] });
    let session = given(&server, &public(&server), Method::POST, "verify", proof).await;
    assert_eq!(session["user"]["email"], "ada@example.com");
    for (kind, email, code) in [
        ("recovery", "nobody@example.com", "user_not_found"),
        ("nonsense", "ada@example.com", "validation_failed"),
        ("signup", "xx:;x@x.x", "validation_failed"),
    ] {
        let body = json!({ "type": kind, "email": email, "password": PASSWORD });
        let reply = post(&server, &service, "admin/generate_link", body).await;
        assert_eq!(refusal(&reply).1, code, "{kind}");
    }
}

/// S2-B49.
async fn who_must_choose_a_new_password_can_do_nothing_else(server: Server) {
    let service = server.service(0);
    let viewer = server.person(0, "viewer").await;
    assert_eq!(server.get(&viewer, "roles").await.status, StatusCode::OK);
    let user = given(&server, &viewer, Method::GET, "user", Value::Null).await;
    let path = format!("admin/users/{}", text(&user["id"]));
    let body = json!({ "must_change_password": true });
    given(&server, &service, Method::PUT, &path, body).await;
    assert_eq!(server.get(&viewer, "roles").await.status, StatusCode::FORBIDDEN);
    let user = given(&server, &viewer, Method::GET, "user", Value::Null).await;
    assert_eq!(user["app_metadata"]["must_change_password"], true);
    given(&server, &viewer, Method::PUT, "user", json!({ "password": PASSWORD })).await;
    assert_eq!(server.get(&viewer, "roles").await.status, StatusCode::OK);
}
