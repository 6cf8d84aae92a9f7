//! Access tokens that are not as they were given out.

use super::{person, session_of, text};
use crate::on_both_engines;
use crate::server::{Caller, Server};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::StatusCode;
use serde_json::{Value, json};

on_both_engines!(tokens_that_were_changed_or_made_elsewhere_open_nothing);

const NOBODY: &str = "018f0000-0000-7000-8000-00000000dead";

/// A document as a part of a token.
fn part(document: &Value) -> String {
    URL_SAFE_NO_PAD.encode(document.to_string())
}

fn read(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A token with a signature of a key.
fn signed(key: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let signature = key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
}

/// A document with one member otherwise; null takes it away.
fn with(document: &Value, name: &str, value: Value) -> Value {
    let mut changed = document.clone();
    let members = changed.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name)
    } else {
        members.insert(name.to_owned(), value)
    };
    changed
}

/// What both surfaces answer to a token.
async fn answers(server: &Server, token: &str) -> [StatusCode; 2] {
    let caller = Caller { apikey: None, bearer: Some(token.to_owned()) };
    let rest = server.get(&caller, "users?select=id").await.status;
    let url = format!("{}/auth/v1/user", server.url);
    let request = reqwest::Client::new().get(url).bearer_auth(token);
    [rest, request.send().await.unwrap().status()]
}

async fn tokens_that_were_changed_or_made_elsewhere_open_nothing(server: Server) {
    person(&server, "ada@example.com").await;
    let session = session_of(&server, "ada@example.com").await;
    let token = text(&session["access_token"]).to_owned();
    let [first, second, signature] =
        token.split('.').collect::<Vec<_>>().try_into().expect("three parts");
    let (header, claims) = (read(first), read(second));
    let stored = server.data.path().join("keys/signing.key");
    let pkcs8 = STANDARD.decode(std::fs::read_to_string(stored).unwrap().trim()).unwrap();
    let own = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8).unwrap();
    let stranger = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    // What is refused below is refused for the one thing that is otherwise.
    let same = signed(&own, &header, &claims);
    assert_eq!(answers(&server, &same).await, [StatusCode::OK, StatusCode::OK]);

    let now = claims["iat"].as_i64().unwrap();
    let jwks = reqwest::get(format!("{}/auth/v1/.well-known/jwks.json", server.url)).await.unwrap();
    let jwks = jwks.text().await.unwrap();
    let mac = |header: &Value, secret: &[u8]| {
        let message = format!("{}.{}", part(header), part(&claims));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
    };
    let none = with(&header, "alg", json!("none"));
    let symmetric = with(&header, "alg", json!("HS256"));
    let public = serde_json::from_str::<Value>(&jwks).unwrap()["keys"][0]["x"].to_string();
    let claimed = |name: &str, value: Value| signed(&own, &header, &with(&claims, name, value));
    for (what, token) in [
        ("no signature", format!("{}.{}.", part(&none), part(&claims))),
        ("none with a signature", format!("{}.{second}.{signature}", part(&none))),
        ("a MAC by the public key", mac(&symmetric, public.as_bytes())),
        ("a MAC by the key set", mac(&symmetric, jwks.as_bytes())),
        ("another key", signed(&stranger, &header, &claims)),
        (
            "changed claims",
            format!("{first}.{}.{signature}", part(&with(&claims, "aal", json!("aal2")))),
        ),
        ("another audience", claimed("aud", json!("others"))),
        ("no audience", claimed("aud", Value::Null)),
        ("another issuer", claimed("iss", json!("https://evil.example/auth/v1"))),
        ("no issuer", claimed("iss", Value::Null)),
        ("expired", claimed("exp", json!(now - 3_600))),
        ("no end", claimed("exp", Value::Null)),
        ("of the future", claimed("iat", json!(now + 3_600))),
        ("a session that never was", claimed("session_id", json!(NOBODY))),
        ("somebody else's session", claimed("sub", json!(NOBODY))),
    ] {
        for status in answers(&server, &token).await {
            assert!(
                [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status),
                "{what}: {status}"
            );
        }
    }
    assert_eq!(answers(&server, &token).await, [StatusCode::OK, StatusCode::OK]);
}
