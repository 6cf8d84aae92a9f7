//! Second factors.

use super::{ask, given, is_in, person, post, refusal, session_of, text, with_token};
use crate::on_both_engines;
use crate::server::{Caller, Server};
use mainstay_kernel::{Clock, SystemClock};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    a_second_factor_raises_the_session_and_ends_others,
    a_code_is_taken_once_and_wrong_ones_make_a_factor_rest,
    a_factor_is_its_persons_and_its_sessions,
    recovery_codes_stand_in_for_a_lost_factor,
    an_organisation_takes_a_lost_factor_away,
);

/// What a token says.
pub(super) fn claims(session: &Value) -> Value {
    use base64::Engine;
    let payload = text(&session["access_token"]).split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// The codes of an authenticator: that of this time, and so many steps later.
pub(super) fn code(secret: &str, later: i64) -> String {
    let key = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let step = SystemClock.now().as_second() / 30 + later;
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let tag = aws_lc_rs::hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes(tag[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

pub(super) async fn enroll(server: &Server, caller: &Caller, name: &str) -> (String, String) {
    let body = json!({ "factor_type": "totp", "friendly_name": name, "issuer": "Acme" });
    let factor = given(server, caller, Method::POST, "factors", body).await;
    assert_eq!((&factor["type"], &factor["friendly_name"]), (&json!("totp"), &json!(name)));
    assert!(text(&factor["totp"]["qr_code"]).contains("<svg"), "{factor}");
    let secret = text(&factor["totp"]["secret"]);
    assert!(text(&factor["totp"]["uri"]).ends_with(&format!("secret={secret}")), "{factor}");
    (text(&factor["id"]).to_owned(), secret.to_owned())
}

pub(super) async fn challenge(server: &Server, caller: &Caller, factor: &str) -> Value {
    let path = format!("factors/{factor}/challenge");
    given(server, caller, Method::POST, &path, json!({})).await["id"].clone()
}

pub(super) async fn verify(
    server: &Server,
    caller: &Caller,
    factor: &str,
    code: &str,
) -> crate::server::Reply {
    let body = json!({ "challenge_id": challenge(server, caller, factor).await, "code": code });
    post(server, caller, &format!("factors/{factor}/verify"), body).await
}

async fn a_second_factor_raises_the_session_and_ends_others(server: Server) {
    person(&server, "two@acme.com").await;
    let other = session_of(&server, "two@acme.com").await;
    let session = session_of(&server, "two@acme.com").await;
    assert_eq!(claims(&session)["aal"], "aal1");
    let caller = with_token(&server, &session);
    let (factor, secret) = enroll(&server, &caller, "Phone").await;
    let user = given(&server, &caller, Method::GET, "user", Value::Null).await;
    assert_eq!(user["factors"][0]["status"], "unverified");

    let raised = verify(&server, &caller, &factor, &code(&secret, 0)).await;
    assert_eq!(raised.status, StatusCode::OK, "{raised:?}");
    let raised = raised.json();
    let told = claims(&raised);
    assert_eq!(told["aal"], "aal2");
    let methods = told["amr"].as_array().unwrap().iter().map(|shown| text(&shown["method"]));
    assert_eq!(methods.collect::<Vec<_>>(), ["password", "totp"]);
    assert_eq!(raised["user"]["factors"][0]["status"], "verified");
    assert!(!is_in(&server, &other).await, "a session of one factor lasts");
    assert!(is_in(&server, &raised).await);

    // What a refresh gives has shown both as well; a new sign-in has not.
    let body = json!({ "refresh_token": raised["refresh_token"] });
    let caller = with_token(&server, &raised);
    let refreshed =
        given(&server, &caller, Method::POST, "token?grant_type=refresh_token", body).await;
    assert_eq!(claims(&refreshed)["aal"], "aal2");
    let again = session_of(&server, "two@acme.com").await;
    assert_eq!(claims(&again)["aal"], "aal1");
    let weak = with_token(&server, &again);
    let insufficient = (403, "insufficient_aal".to_owned());
    let path = format!("factors/{factor}");
    let reply = ask(&server, &weak, Method::DELETE, &path, Value::Null).await;
    assert_eq!(refusal(&reply), insufficient);
    let body = json!({ "factor_type": "totp" });
    assert_eq!(refusal(&post(&server, &weak, "factors", body).await), insufficient);
    let body = json!({ "password": "Eine-9-andere-Buche" });
    let reply = ask(&server, &weak, Method::PUT, "user", body).await;
    assert_eq!(refusal(&reply), insufficient);

    let strong = with_token(&server, &refreshed);
    let gone = given(&server, &strong, Method::DELETE, &path, Value::Null).await;
    assert_eq!(gone["id"], factor.as_str());
    let body = json!({ "refresh_token": refreshed["refresh_token"] });
    let lowered =
        given(&server, &strong, Method::POST, "token?grant_type=refresh_token", body).await;
    assert_eq!(claims(&lowered)["aal"], "aal1");
}

async fn a_code_is_taken_once_and_wrong_ones_make_a_factor_rest(server: Server) {
    person(&server, "once@acme.com").await;
    let session = session_of(&server, "once@acme.com").await;
    let caller = with_token(&server, &session);
    let (factor, secret) = enroll(&server, &caller, "").await;
    let used = code(&secret, 0);
    let raised = verify(&server, &caller, &factor, &used).await;
    let caller = with_token(&server, &raised.json());
    let wrong = (422, "mfa_verification_failed".to_owned());
    assert_eq!(refusal(&verify(&server, &caller, &factor, &used).await), wrong);
    for given in ["", "12345", "abcdef", "1234567"] {
        assert_eq!(refusal(&verify(&server, &caller, &factor, given).await), wrong);
    }
    let reply = verify(&server, &caller, &factor, &code(&secret, 1)).await;
    assert_eq!(refusal(&reply), (429, "over_request_rate_limit".to_owned()));
    // Secrets and what was tried stand in no list.
    let admin = server.person(0, "admin").await;
    let events = "audit_events?resource_type=eq.user_mfa_factor";
    let events = server.get(&admin, events).await;
    assert!(!events.text.contains(&secret) && !events.text.contains(&used), "{events:?}");
}

async fn a_factor_is_its_persons_and_its_sessions(server: Server) {
    for name in ["one@acme.com", "another@acme.com"] {
        person(&server, name).await;
    }
    let one = with_token(&server, &session_of(&server, "one@acme.com").await);
    let another = with_token(&server, &session_of(&server, "another@acme.com").await);
    let (factor, secret) = enroll(&server, &one, "Key").await;
    let body = json!({ "factor_type": "totp", "friendly_name": "Key" });
    let taken = (422, "mfa_factor_name_conflict".to_owned());
    assert_eq!(refusal(&post(&server, &one, "factors", body).await), taken);

    let unknown = (404, "mfa_factor_not_found".to_owned());
    let path = format!("factors/{factor}");
    let reply = post(&server, &another, &format!("{path}/challenge"), json!({})).await;
    assert_eq!(refusal(&reply), unknown);
    let reply = ask(&server, &another, Method::DELETE, &path, Value::Null).await;
    assert_eq!(refusal(&reply), unknown);
    let shown = challenge(&server, &one, &factor).await;
    let body = json!({ "challenge_id": shown, "code": code(&secret, 0) });
    let reply = post(&server, &another, &format!("{path}/verify"), body.clone()).await;
    assert_eq!(refusal(&reply), unknown);
    // A challenge is of use to the session alone that asked for it.
    let elsewhere = with_token(&server, &session_of(&server, "one@acme.com").await);
    let reply = post(&server, &elsewhere, &format!("{path}/verify"), body.clone()).await;
    assert_eq!(refusal(&reply), unknown);
    assert_eq!(post(&server, &one, &format!("{path}/verify"), body).await.status, StatusCode::OK);
}

async fn recovery_codes_stand_in_for_a_lost_factor(server: Server) {
    person(&server, "lost@acme.com").await;
    let caller = with_token(&server, &session_of(&server, "lost@acme.com").await);
    let (factor, secret) = enroll(&server, &caller, "").await;
    let path = format!("factors/{factor}/recovery_codes");
    let reply = post(&server, &caller, &path, json!({})).await;
    assert_eq!(refusal(&reply), (403, "insufficient_aal".to_owned()));
    let raised = verify(&server, &caller, &factor, &code(&secret, 0)).await.json();
    let codes = given(&server, &with_token(&server, &raised), Method::POST, &path, json!({})).await;
    let codes = codes["codes"].as_array().unwrap().clone();
    assert_eq!(codes.len(), 10);

    let caller = with_token(&server, &session_of(&server, "lost@acme.com").await);
    let raised = verify(&server, &caller, &factor, text(&codes[0])).await;
    assert_eq!(claims(&raised.json())["aal"], "aal2", "{raised:?}");
    let caller = with_token(&server, &session_of(&server, "lost@acme.com").await);
    let reply = verify(&server, &caller, &factor, text(&codes[0])).await;
    assert_eq!(refusal(&reply), (422, "mfa_verification_failed".to_owned()));
}

async fn an_organisation_takes_a_lost_factor_away(server: Server) {
    let user = person(&server, "gone@acme.com").await;
    let caller = with_token(&server, &session_of(&server, "gone@acme.com").await);
    let (factor, secret) = enroll(&server, &caller, "Phone").await;
    let raised = verify(&server, &caller, &factor, &code(&secret, 0)).await.json();
    let path = format!("admin/users/{}/factors", text(&user["id"]));
    let one = format!("{path}/{factor}");
    // Another organisation does not know the person; the person is no administrator.
    let stranger = server.service(1);
    for (method, path) in [(Method::GET, &path), (Method::DELETE, &one)] {
        let reply = ask(&server, &stranger, method.clone(), path, Value::Null).await;
        assert_eq!(refusal(&reply), (404, "user_not_found".to_owned()));
        let reply = ask(&server, &with_token(&server, &raised), method, path, Value::Null).await;
        assert_eq!(refusal(&reply), (403, "not_admin".to_owned()));
    }
    let service = server.service(0);
    let listed = given(&server, &service, Method::GET, &path, Value::Null).await;
    assert_eq!((&listed[0]["id"], &listed[0]["status"]), (&json!(factor), &json!("verified")));
    given(&server, &service, Method::DELETE, &one, Value::Null).await;
    assert_eq!(given(&server, &service, Method::GET, &path, Value::Null).await, json!([]));
    let body = json!({ "refresh_token": raised["refresh_token"] });
    let lowered =
        given(&server, &caller, Method::POST, "token?grant_type=refresh_token", body).await;
    assert_eq!(claims(&lowered)["aal"], "aal1");
}
