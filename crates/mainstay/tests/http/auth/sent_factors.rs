//! Second factors beside authenticators: codes that are sent, and security keys.

use super::authenticator::Authenticator;
use super::factors::{challenge, claims};
use super::{code, given, mails, person, post, refusal, session_of, set_auth, text, with_token};
use crate::on_both_engines;
use crate::server::{Caller, Reply, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    a_code_that_was_sent_is_for_one_challenge_and_one_use,
    codes_go_to_telephones_as_messages_of_the_queue,
    guessing_ends_a_code_that_was_sent,
    a_security_key_is_a_second_factor,
);

const SITE: &str = "https://app.example.com";

async fn enroll(server: &Server, caller: &Caller, factor: Value) -> String {
    let enrolled = given(server, caller, Method::POST, "factors", factor.clone()).await;
    assert_eq!(enrolled["type"], factor["factor_type"]);
    text(&enrolled["id"]).to_owned()
}

async fn show(server: &Server, caller: &Caller, factor: &str, asked: &Value, code: &str) -> Reply {
    let body = json!({ "challenge_id": asked, "code": code });
    post(server, caller, &format!("factors/{factor}/verify"), body).await
}

async fn signed_in(server: &Server, email: &str) -> Caller {
    with_token(server, &session_of(server, email).await)
}

async fn a_code_that_was_sent_is_for_one_challenge_and_one_use(server: Server) {
    person(&server, "ada@acme.com").await;
    let caller = signed_in(&server, "ada@acme.com").await;
    let factor = enroll(&server, &caller, json!({ "factor_type": "email" })).await;
    let wrong = (422, "mfa_verification_failed".to_owned());
    let first = challenge(&server, &caller, &factor).await;
    let first_code = code(&mails(&server, "ada@acme.com", 1).await[0]);
    let second = challenge(&server, &caller, &factor).await;
    let second_code = code(&mails(&server, "ada@acme.com", 2).await[1]);
    // The newest holds, with its own challenge.
    assert_eq!(refusal(&show(&server, &caller, &factor, &first, &first_code).await), wrong);
    if first_code != second_code {
        assert_eq!(refusal(&show(&server, &caller, &factor, &second, &first_code).await), wrong);
    }
    let raised = show(&server, &caller, &factor, &second, &second_code).await;
    assert_eq!(raised.status, StatusCode::OK, "{raised:?}");
    let told = claims(&raised.json());
    assert_eq!((&told["aal"], &told["amr"][1]["method"]), (&json!("aal2"), &json!("mfa/email")));
    let again = show(&server, &caller, &factor, &second, &second_code).await;
    assert_eq!(refusal(&again), wrong);
    // Neither codes nor their hashes are shown to anybody.
    let admin = server.person(0, "admin").await;
    let events = server.get(&admin, "audit_events?resource_type=eq.user_mfa_factor").await;
    assert!(!events.text.contains(&second_code), "{events:?}");
}

async fn codes_go_to_telephones_as_messages_of_the_queue(server: Server) {
    person(&server, "ada@acme.com").await;
    let caller = signed_in(&server, "ada@acme.com").await;
    let body = json!({ "factor_type": "phone", "phone": "015112345678" });
    let reply = post(&server, &caller, "factors", body).await;
    assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
    let wanted = json!({ "factor_type": "phone", "phone": "+4915112345678" });
    let factor = enroll(&server, &caller, wanted).await;
    let user = given(&server, &caller, Method::GET, "user", Value::Null).await;
    assert_eq!(user["factors"][0]["phone"], "+4915112345678");
    let asked = challenge(&server, &caller, &factor).await;
    let sent = code(&mails(&server, "+4915112345678", 1).await[0]);
    let raised = show(&server, &caller, &factor, &asked, &sent).await;
    assert_eq!(claims(&raised.json())["amr"][1]["method"], "mfa/phone", "{raised:?}");
    // Nobody has messages sent without end.
    let path = format!("factors/{factor}/challenge");
    let mut replies = Vec::new();
    for _ in 0..10 {
        replies.push(post(&server, &caller, &path, json!({})).await);
    }
    let (last, earlier) = replies.split_last().unwrap();
    assert!(earlier.iter().all(|reply| reply.status == StatusCode::OK), "{earlier:?}");
    assert_eq!(refusal(last), (429, "over_sms_send_rate_limit".to_owned()));
}

async fn guessing_ends_a_code_that_was_sent(server: Server) {
    person(&server, "ada@acme.com").await;
    let caller = signed_in(&server, "ada@acme.com").await;
    let factor = enroll(&server, &caller, json!({ "factor_type": "email" })).await;
    let asked = challenge(&server, &caller, &factor).await;
    let sent = code(&mails(&server, "ada@acme.com", 1).await[0]);
    for guess in ["", "1", "abcdef", "12345678", "-00000"] {
        let reply = show(&server, &caller, &factor, &asked, guess).await;
        assert_eq!(refusal(&reply), (422, "mfa_verification_failed".to_owned()));
    }
    let reply = show(&server, &caller, &factor, &asked, &sent).await;
    assert_eq!(refusal(&reply), (429, "over_request_rate_limit".to_owned()));
}

async fn a_security_key_is_a_second_factor(server: Server) {
    set_auth(&server, json!({ "site_url": SITE })).await;
    person(&server, "ada@acme.com").await;
    let caller = signed_in(&server, "ada@acme.com").await;
    let wanted = json!({ "factor_type": "webauthn", "friendly_name": "Key" });
    let factor = enroll(&server, &caller, wanted).await;
    let path = format!("factors/{factor}");
    let ask = async |caller: &Caller, kind: &str| {
        let body = json!({ "webauthn": { "rpId": "evil.example" } });
        let challenge = format!("{path}/challenge");
        let asked = given(&server, caller, Method::POST, &challenge, body).await;
        assert_eq!(
            (&asked["type"], &asked["webauthn"]["type"]),
            (&json!("webauthn"), &json!(kind))
        );
        asked
    };
    let show = async |caller: &Caller, asked: &Value, answer: Value| {
        let shown = json!({ "type": asked["webauthn"]["type"], "credential_response": answer });
        let body = json!({ "challenge_id": asked["id"], "webauthn": shown });
        post(&server, caller, &format!("{path}/verify"), body).await
    };
    let public_key = |asked: &Value| asked["webauthn"]["credential_options"]["publicKey"].clone();
    // It shows what the person has; who they are, the password has shown.
    let mut key = Authenticator::new(SITE);
    key.verifies = false;
    let asked = ask(&caller, "create").await;
    assert_eq!(public_key(&asked)["rp"]["id"], "app.example.com");
    let made = key.create(&public_key(&asked));
    let raised = show(&caller, &asked, made).await;
    assert_eq!(raised.status, StatusCode::OK, "{raised:?}");
    let told = claims(&raised.json());
    assert_eq!(told["amr"][1]["method"], "mfa/webauthn", "{told}");
    assert_eq!(raised.json()["user"]["factors"][0]["status"], "verified");

    let weak = signed_in(&server, "ada@acme.com").await;
    let asked = ask(&weak, "request").await;
    let other = Authenticator::new(SITE).get(&public_key(&asked));
    let wrong = (422, "mfa_verification_failed".to_owned());
    assert_eq!(refusal(&show(&weak, &asked, other).await), wrong);
    let gone = (400, "webauthn_challenge_not_found".to_owned());
    let shown = key.get(&public_key(&asked));
    assert_eq!(refusal(&show(&weak, &asked, shown).await), gone);
    let asked = ask(&weak, "request").await;
    assert_eq!(public_key(&asked)["allowCredentials"].as_array().unwrap().len(), 1);
    let shown = key.get(&public_key(&asked));
    let raised = show(&weak, &asked, shown).await;
    assert_eq!(claims(&raised.json())["aal"], "aal2", "{raised:?}");

    // A recovery code stands in for it; a second factor is no passkey.
    let strong = with_token(&server, &raised.json());
    let codes = format!("{path}/recovery_codes");
    let codes = given(&server, &strong, Method::POST, &codes, json!({})).await;
    let weak = signed_in(&server, "ada@acme.com").await;
    let asked = ask(&weak, "request").await;
    let body = json!({ "challenge_id": asked["id"], "code": codes["codes"][0] });
    let raised = post(&server, &weak, &format!("{path}/verify"), body).await;
    assert_eq!(claims(&raised.json())["aal"], "aal2", "{raised:?}");
    let listed = given(&server, &strong, Method::GET, "passkeys", Value::Null).await;
    assert_eq!(listed, json!([]));
}
