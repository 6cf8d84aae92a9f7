//! Passkeys: made at a site, used there alone, once for each challenge.

use super::authenticator::Authenticator;
use super::factors::{claims, code, enroll, verify};
use super::{
    ask, given, is_in, person, post, public, refusal, session_of, set_auth, text, with_token,
};
use crate::on_both_engines;
use crate::server::{Caller, Engine, Reply, Server};
use mainstay_testkit::connect;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    a_passkey_signs_its_person_in,
    several_devices_sign_in_at_once,
    a_challenge_is_for_one_attempt_and_its_own_ceremony,
    a_late_answer_is_refused,
    answers_that_do_not_hold_are_refused,
    broken_answers_are_refused,
    an_authenticator_that_counts_back_is_told_of,
    passkeys_are_their_persons,
    a_passkey_is_added_by_who_has_shown_their_factor,
);

const SITE: &str = "https://app.example.com";

async fn options(server: &Server, caller: &Caller, ceremony: &str) -> Value {
    let path = format!("passkeys/{ceremony}/options");
    given(server, caller, Method::POST, &path, json!({})).await
}

async fn answer(
    server: &Server,
    caller: &Caller,
    ceremony: &str,
    challenge: &Value,
    credential: Value,
) -> Reply {
    let body = json!({ "challenge_id": challenge["challenge_id"], "credential": credential });
    post(server, caller, &format!("passkeys/{ceremony}/verify"), body).await
}

/// Gives somebody a passkey.
pub(super) async fn register(server: &Server, caller: &Caller, with: &mut Authenticator) -> Value {
    let asked = options(server, caller, "registration").await;
    let made = with.create(&asked["options"]);
    let reply = answer(server, caller, "registration", &asked, made).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    reply.json()
}

async fn sign_in(server: &Server, with: &mut Authenticator) -> Reply {
    let caller = public(server);
    let asked = options(server, &caller, "authentication").await;
    let shown = with.get(&asked["options"]);
    answer(server, &caller, "authentication", &asked, shown).await
}

async fn signed_in(server: &Server, email: &str) -> Caller {
    person(server, email).await;
    with_token(server, &session_of(server, email).await)
}

async fn a_passkey_signs_its_person_in(server: Server) {
    let user = person(&server, "ada@acme.com").await;
    let caller = with_token(&server, &session_of(&server, "ada@acme.com").await);
    // A site without a name has no passkeys.
    let path = "passkeys/registration/options";
    let reply = post(&server, &caller, path, json!({})).await;
    assert_eq!(refusal(&reply), (422, "passkey_disabled".to_owned()));
    set_auth(&server, json!({ "site_url": SITE })).await;

    let asked = options(&server, &caller, "registration").await;
    let wanted = &asked["options"];
    assert_eq!(wanted["rp"]["id"], "app.example.com");
    assert_eq!(wanted["rp"]["name"], "Acme Corp");
    assert_eq!(wanted["user"]["name"], "ada@acme.com");
    assert_eq!(wanted["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(wanted["authenticatorSelection"]["userVerification"], "required");
    // No authenticator is left out because of what it can't promise.
    assert_eq!((&wanted["attestation"], &wanted["extensions"]), (&json!("none"), &json!({})));
    // What authenticators call the person says nothing of who that is.
    let handle = data_encoding::BASE64URL_NOPAD.decode(text(&wanted["user"]["id"]).as_bytes());
    let handle = handle.unwrap();
    let id: uuid::Uuid = text(&user["id"]).parse().unwrap();
    assert!(handle.len() == 64 && !handle.windows(8).any(|part| id.as_bytes().starts_with(part)));
    let mut authenticator = Authenticator::new(SITE);
    let made = authenticator.create(wanted);
    let added = answer(&server, &caller, "registration", &asked, made).await.json();
    assert!(added["last_used_at"].is_null(), "{added}");

    let reply = sign_in(&server, &mut authenticator).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let session = reply.json();
    assert_eq!(session["user"]["id"], user["id"]);
    let told = claims(&session);
    assert_eq!((&told["aal"], &told["amr"][0]["method"]), (&json!("aal2"), &json!("passkey")));
    assert!(is_in(&server, &session).await);
    let listed = given(&server, &caller, Method::GET, "passkeys", Value::Null).await;
    assert_eq!(listed[0]["id"], added["id"]);
    assert!(!text(&listed[0]["last_used_at"]).is_empty());

    // A page below the site, where links may lead, uses it too.
    let redirect_urls = ["https://*.app.example.com/welcome"];
    set_auth(&server, json!({ "site_url": SITE, "redirect_urls": redirect_urls })).await;
    authenticator.origin = "https://shop.app.example.com";
    assert!(is_in(&server, &sign_in(&server, &mut authenticator).await.json()).await);

    // Who is barred does not come in by another door.
    let path = format!("admin/users/{}", text(&user["id"]));
    let body = json!({ "ban_duration": "1h" });
    given(&server, &server.service(0), Method::PUT, &path, body).await;
    let reply = sign_in(&server, &mut authenticator).await;
    assert_eq!(refusal(&reply), (400, "user_banned".to_owned()));
}

async fn several_devices_sign_in_at_once(server: Server) {
    set_auth(&server, json!({ "site_url": SITE })).await;
    let caller = signed_in(&server, "ada@acme.com").await;
    let mut devices = Vec::new();
    for _ in 0..6 {
        let mut device = Authenticator::new(SITE);
        register(&server, &caller, &mut device).await;
        devices.push(device);
    }
    let all = devices.iter_mut().map(|device| sign_in(&server, device));
    for reply in futures_util::future::join_all(all).await {
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    }
}

async fn a_challenge_is_for_one_attempt_and_its_own_ceremony(server: Server) {
    set_auth(&server, json!({ "site_url": SITE })).await;
    let caller = signed_in(&server, "ada@acme.com").await;
    let mut authenticator = Authenticator::new(SITE);
    let unknown = (400, "webauthn_challenge_not_found".to_owned());

    let asked = options(&server, &caller, "registration").await;
    let made = authenticator.create(&asked["options"]);
    // Another session of the same person, another person, and a sign-in have no use for it.
    let elsewhere = with_token(&server, &session_of(&server, "ada@acme.com").await);
    let other = signed_in(&server, "bob@acme.com").await;
    for caller in [&elsewhere, &other] {
        let reply = answer(&server, caller, "registration", &asked, made.clone()).await;
        assert_eq!(refusal(&reply), unknown);
    }
    let anybody = public(&server);
    let reply = answer(&server, &anybody, "authentication", &asked, made.clone()).await;
    assert_eq!(refusal(&reply), unknown);
    let added = answer(&server, &caller, "registration", &asked, made.clone()).await;
    assert_eq!(added.status, StatusCode::OK, "{added:?}");
    let again = answer(&server, &caller, "registration", &asked, made).await;
    assert_eq!(refusal(&again), unknown);

    let asked = options(&server, &anybody, "authentication").await;
    let shown = authenticator.get(&asked["options"]);
    let reply = answer(&server, &anybody, "authentication", &asked, shown.clone()).await;
    assert!(is_in(&server, &reply.json()).await, "{reply:?}");
    let again = answer(&server, &anybody, "authentication", &asked, shown).await;
    assert_eq!(refusal(&again), unknown);
    // A wrong answer uses it up as well.
    let asked = options(&server, &anybody, "authentication").await;
    let wrong = Authenticator::new(SITE).get(&asked["options"]);
    let reply = answer(&server, &anybody, "authentication", &asked, wrong).await;
    assert_eq!(refusal(&reply).1, "webauthn_verification_failed");
    let shown = authenticator.get(&asked["options"]);
    let reply = answer(&server, &anybody, "authentication", &asked, shown).await;
    assert_eq!(refusal(&reply), unknown);
}

/// An hour passes for the challenges that wait.
async fn wait_an_hour(server: &Server) {
    match server.engine {
        Engine::Sqlite => {
            let path = server.data.path().join("mainstay.db");
            let connection = rusqlite::Connection::open(path).unwrap();
            connection.busy_timeout(super::SOON).unwrap();
            let sql = "UPDATE webauthn_challenges SET expires_at = expires_at - 3600000000";
            connection.execute(sql, []).unwrap();
        }
        Engine::Postgres => {
            let database = server.database.as_ref().unwrap();
            let client = connect(&database.superuser_url).await.unwrap();
            let sql = "UPDATE mainstay.webauthn_challenges SET expires_at = expires_at - interval '1 hour'";
            client.execute(sql, &[]).await.unwrap();
        }
    }
}

async fn a_late_answer_is_refused(server: Server) {
    set_auth(&server, json!({ "site_url": SITE })).await;
    let caller = signed_in(&server, "ada@acme.com").await;
    let mut authenticator = Authenticator::new(SITE);
    register(&server, &caller, &mut authenticator).await;
    let late = (400, "webauthn_challenge_expired".to_owned());
    for (ceremony, caller) in [("registration", caller), ("authentication", public(&server))] {
        let asked = options(&server, &caller, ceremony).await;
        let answered = match ceremony {
            "registration" => Authenticator::new(SITE).create(&asked["options"]),
            _ => authenticator.get(&asked["options"]),
        };
        wait_an_hour(&server).await;
        let reply = answer(&server, &caller, ceremony, &asked, answered).await;
        assert_eq!(refusal(&reply), late);
    }
}

async fn answers_that_do_not_hold_are_refused(server: Server) {
    set_auth(&server, json!({ "site_url": SITE })).await;
    let caller = signed_in(&server, "ada@acme.com").await;
    let failed = (400, "webauthn_verification_failed".to_owned());
    let mut authenticator = Authenticator::new(SITE);
    let spoilt: [fn(&mut Authenticator); 4] = [
        |it| it.origin = "https://evil.example",
        |it| it.origin = "https://app.example.com.evil.example",
        |it| it.rp_id = "evil.example",
        |it| it.verifies = false,
    ];
    for spoil in spoilt {
        let mut other = Authenticator::new(SITE);
        spoil(&mut other);
        let asked = options(&server, &caller, "registration").await;
        let made = other.create(&asked["options"]);
        let reply = answer(&server, &caller, "registration", &asked, made).await;
        assert_eq!(refusal(&reply), failed);
    }
    register(&server, &caller, &mut authenticator).await;
    for spoil in spoilt {
        spoil(&mut authenticator);
        assert_eq!(refusal(&sign_in(&server, &mut authenticator).await), failed);
        (authenticator.origin, authenticator.verifies) = (SITE, true);
        authenticator.rp_id = "app.example.com";
    }
    // A signature over another challenge, one by another key, and what is no answer at all.
    let anybody = public(&server);
    let earlier = options(&server, &anybody, "authentication").await;
    let shown = authenticator.get(&earlier["options"]);
    let mut forged = shown.clone();
    forged["response"]["signature"] =
        Authenticator::new(SITE).get(&earlier["options"])["response"]["signature"].clone();
    let mut nobody = shown.clone();
    nobody["response"]["userHandle"] = Value::Null;
    for wrong in [shown, forged, nobody, json!({}), json!("x"), json!({ "id": "", "response": {} })]
    {
        let asked = options(&server, &anybody, "authentication").await;
        let reply = answer(&server, &anybody, "authentication", &asked, wrong).await;
        assert_eq!(refusal(&reply), failed);
    }
    assert!(is_in(&server, &sign_in(&server, &mut authenticator).await.json()).await);
}

/// Answers like a good one, each with a part that is missing, of another kind or cut off.
fn broken(answer: &Value) -> Vec<Value> {
    let mut broken = Vec::new();
    let parts =
        answer["response"].as_object().unwrap().keys().map(|name| format!("/response/{name}"));
    for part in parts.chain(["/id", "/rawId", "/type", "/response"].map(str::to_owned)) {
        let with = |value: Value| {
            let mut answer = answer.clone();
            *answer.pointer_mut(&part).unwrap() = value;
            answer
        };
        broken.extend(
            [Value::Null, json!(""), json!("A"), json!("*"), json!(7), json!([])].map(with),
        );
        let (place, name) = part.rsplit_once('/').unwrap();
        let mut without = answer.clone();
        without.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(name);
        broken.push(without);
        let bytes = answer.pointer(&part).and_then(Value::as_str).unwrap_or_default().as_bytes();
        let Ok(bytes) = data_encoding::BASE64URL_NOPAD.decode(bytes) else { continue };
        let lengths = [1, 16, 31, 36, 37, 40, 55, 60, 90, bytes.len().saturating_sub(1)];
        let cut = lengths.into_iter().filter(|length| *length < bytes.len());
        broken.extend(
            cut.map(|length| with(json!(data_encoding::BASE64URL_NOPAD.encode(&bytes[..length])))),
        );
    }
    broken
}

async fn broken_answers_are_refused(server: Server) {
    set_auth(&server, json!({ "site_url": SITE })).await;
    let caller = signed_in(&server, "ada@acme.com").await;
    let mut authenticator = Authenticator::new(SITE);
    register(&server, &caller, &mut authenticator).await;
    for (ceremony, caller) in [("registration", caller), ("authentication", public(&server))] {
        let mut place = 0;
        loop {
            let asked = options(&server, &caller, ceremony).await;
            let answered = match ceremony {
                "registration" => Authenticator::new(SITE).create(&asked["options"]),
                _ => authenticator.get(&asked["options"]),
            };
            let Some(wrong) = broken(&answered).into_iter().nth(place) else { break };
            place += 1;
            let reply = answer(&server, &caller, ceremony, &asked, wrong.clone()).await;
            // Some parts say nothing that counts; those may be missing.
            assert!(!reply.status.is_server_error(), "{ceremony} {wrong}: {reply:?}");
        }
        assert!(place > 60, "{place}");
    }
}

async fn an_authenticator_that_counts_back_is_told_of(server: Server) {
    set_auth(&server, json!({ "site_url": SITE })).await;
    let caller = signed_in(&server, "ada@acme.com").await;
    let mut authenticator = Authenticator::new(SITE);
    register(&server, &caller, &mut authenticator).await;
    authenticator.count = 10;
    assert!(is_in(&server, &sign_in(&server, &mut authenticator).await.json()).await);
    authenticator.count = 5;
    let reply = sign_in(&server, &mut authenticator).await;
    assert_eq!(refusal(&reply), (400, "webauthn_verification_failed".to_owned()));
    let admin = server.person(0, "admin").await;
    let path = "security_events?event_type=eq.suspicious_activity&select=severity,description";
    let told = server.get(&admin, path).await.rows();
    assert_eq!(told[0]["severity"], "high", "{told:?}");
    assert!(text(&told[0]["description"]).contains("counted back"), "{told:?}");
}

async fn passkeys_are_their_persons(server: Server) {
    set_auth(&server, json!({ "site_url": SITE })).await;
    let user = person(&server, "ada@acme.com").await;
    let ada = with_token(&server, &session_of(&server, "ada@acme.com").await);
    let bob = signed_in(&server, "bob@acme.com").await;
    let mut authenticator = Authenticator::new(SITE);
    let added = register(&server, &ada, &mut authenticator).await;
    // The same authenticator is told not to make another, and is refused if it does.
    let asked = options(&server, &ada, "registration").await;
    let known = &asked["options"]["excludeCredentials"][0];
    let made = authenticator.create(&asked["options"]);
    assert_eq!((&known["id"], &known["transports"]), (&made["id"], &json!(["usb"])));
    let reply = answer(&server, &ada, "registration", &asked, made).await;
    assert_eq!(refusal(&reply), (422, "webauthn_credential_exists".to_owned()));

    let one = format!("passkeys/{}", text(&added["id"]));
    let missing = (404, "webauthn_credential_not_found".to_owned());
    let name = json!({ "friendly_name": "Ada's key" });
    assert_eq!(refusal(&ask(&server, &bob, Method::PATCH, &one, name.clone()).await), missing);
    assert_eq!(refusal(&ask(&server, &bob, Method::DELETE, &one, Value::Null).await), missing);
    let renamed = given(&server, &ada, Method::PATCH, &one, name).await;
    assert_eq!(renamed["friendly_name"], "Ada's key");
    let long = json!({ "friendly_name": "x".repeat(121) });
    let reply = ask(&server, &ada, Method::PATCH, &one, long).await;
    assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
    assert_eq!(given(&server, &bob, Method::GET, "passkeys", Value::Null).await, json!([]));
    let reply = ask(&server, &public(&server), Method::GET, "passkeys", Value::Null).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{reply:?}");

    // The organisation's own programs see and remove it; nobody reads keys through the data API.
    let path = format!("admin/users/{}/passkeys", text(&user["id"]));
    let reply = ask(&server, &server.service(1), Method::GET, &path, Value::Null).await;
    assert_eq!(refusal(&reply), (404, "user_not_found".to_owned()));
    let listed = given(&server, &server.service(0), Method::GET, &path, Value::Null).await;
    assert_eq!(listed[0]["id"], added["id"]);
    let removed = format!("{path}/{}", text(&added["id"]));
    given(&server, &server.service(0), Method::DELETE, &removed, Value::Null).await;
    let reply = sign_in(&server, &mut authenticator).await;
    assert_eq!(refusal(&reply), (400, "webauthn_verification_failed".to_owned()));
}

async fn a_passkey_is_added_by_who_has_shown_their_factor(server: Server) {
    set_auth(&server, json!({ "site_url": SITE })).await;
    let caller = signed_in(&server, "ada@acme.com").await;
    let (factor, secret) = enroll(&server, &caller, "Phone").await;
    let raised = verify(&server, &caller, &factor, &code(&secret, 0)).await.json();
    let weak = with_token(&server, &session_of(&server, "ada@acme.com").await);
    let reply = post(&server, &weak, "passkeys/registration/options", json!({})).await;
    assert_eq!(refusal(&reply), (403, "insufficient_aal".to_owned()));
    let strong = with_token(&server, &raised);
    let mut authenticator = Authenticator::new(SITE);
    let added = register(&server, &strong, &mut authenticator).await;
    let one = format!("passkeys/{}", text(&added["id"]));
    let reply = ask(&server, &weak, Method::DELETE, &one, Value::Null).await;
    assert_eq!(refusal(&reply), (403, "insufficient_aal".to_owned()));
    // A passkey stands for both: who signs in with it manages factors.
    let session = sign_in(&server, &mut authenticator).await.json();
    let path = format!("factors/{factor}");
    given(&server, &with_token(&server, &session), Method::DELETE, &path, Value::Null).await;
}
