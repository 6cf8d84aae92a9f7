//! What somebody tries who is not sent by a provider, or not for themselves.

use super::super::{is_in, refusal};
use super::*;
use crate::on_both_engines;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use mainstay_kernel::{Clock, SystemClock};

on_both_engines!(
    an_answer_is_for_the_browser_that_asked_and_for_once,
    a_browser_goes_nowhere_else,
    an_id_token_says_who_somebody_is_only_if_all_of_it_holds,
    a_private_network_is_left_alone,
    one_place_begins_so_many_sign_ins,
);

fn error_code(page: &Page) -> Option<String> {
    page.parameter("error_code")
}

async fn an_answer_is_for_the_browser_that_asked_and_for_once(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    elsewhere.expect(ada());
    let mut browser = Browser::new(&server);
    let back = browser.depart("okta", "").await;
    let bad_state = Some("bad_oauth_state".to_owned());
    // Another browser, which has begun a sign-in of its own or not.
    let mut victim = Browser::new(&server);
    assert_eq!(error_code(&victim.open(&back).await), bad_state);
    victim.depart("okta", "").await;
    assert_eq!(error_code(&victim.open(&back).await), bad_state);
    // A state that nobody gave out, and one of another server's making.
    let forged = back.replace("state=", "state=x");
    assert_eq!(error_code(&browser.open(&forged).await), bad_state);
    // That of a browser's own with an answer of another issuer (RFC 9207).
    let mixed = format!("{back}&iss=https%3A%2F%2Fevil.example");
    let mut other = Browser::new(&server);
    let own = other.depart("okta", "").await;
    let mixed_up = other.open(&mixed.replace(&back, &own)).await;
    assert_eq!(error_code(&mixed_up), bad_state);
    // The first one may still come back, once.
    assert!(is_in(&server, &session(&browser.open(&back).await)).await);
    assert_eq!(error_code(&browser.open(&back).await), bad_state);
    // A code of somebody else's does not hold for this browser: it has another verifier.
    let (mut eve, mut ada) = (Browser::new(&server), Browser::new(&server));
    let (of_eve, of_ada) = (eve.depart("okta", "").await, ada.depart("okta", "").await);
    let code = |back: &str| {
        back.split(['?', '&']).find_map(|pair| pair.strip_prefix("code=")).unwrap().to_owned()
    };
    let injected = of_ada.replace(&code(&of_ada), &code(&of_eve));
    let page = ada.open(&injected).await;
    assert_eq!(error_code(&page).as_deref(), Some("bad_oauth_callback"), "{page:?}");
    // A nonce of another sign-in.
    elsewhere.expect(json!({ "sub": "1", "nonce": "stale" }));
    let page = Browser::new(&server).go("okta", "").await;
    assert_eq!(error_code(&page).as_deref(), Some("bad_oauth_callback"), "{page:?}");
    // Userinfo of somebody else.
    let other = json!({ "sub": "2", "email": "ada@example.com", "email_verified": true });
    elsewhere.expect(json!({ "sub": "1", "userinfo": other }));
    let page = Browser::new(&server).go("okta", "").await;
    assert_eq!(error_code(&page).as_deref(), Some("unexpected_failure"), "{page:?}");
    // Who does not want to is told so.
    let mut browser = Browser::new(&server);
    let back = browser.depart("okta", "").await.replace("code=", "error=access_denied&x=");
    let page = browser.open(&format!("{back}&error_description=No%0d%0athanks")).await;
    assert_eq!(error_code(&page).as_deref(), Some("bad_oauth_callback"));
    assert_eq!(page.parameter("error_description").as_deref(), Some("Nothanks"));
    // With a challenge, the one who asked proves it.
    let further = format!("&code_challenge={CHALLENGE}&code_challenge_method=s256");
    elsewhere.expect(super::ada());
    let page = Browser::new(&server).go("okta", &further).await;
    let code = page.parameter("code").unwrap();
    let wrong = exchange(&server, &code, &VERIFIER.replace("dBj", "dBk")).await;
    assert_eq!(refusal(&wrong), (400, "bad_code_verifier".to_owned()));
    let late = exchange(&server, &code, VERIFIER).await;
    assert_eq!(refusal(&late), (404, "flow_state_not_found".to_owned()));
}

async fn a_browser_goes_nowhere_else(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    elsewhere.expect(ada());
    for evil in [
        "https%3A%2F%2Fevil.example",
        "https%3A%2F%2Fapp.example.com.evil.example",
        "https%3A%2F%2Fapp.example.com%40evil.example",
        "%2F%2Fevil.example",
        "javascript%3A%2F%2Fapp.example.com%2F%250aalert(1)",
    ] {
        let page = Browser::new(&server).go("okta", &format!("&redirect_to={evil}")).await;
        assert!(page.away().starts_with("https://app.example.com#"), "{page:?}");
    }
    // What is ours of the question to the provider, nobody else changes.
    let organization = server.organization_id(0);
    let path = format!(
        "authorize?provider=okta&organization_id={organization}&client_id=evil&state=evil\
         &redirect_uri=https%3A%2F%2Fevil.example&nonce=evil&response_type=token&login_hint=ada"
    );
    let page = Browser::new(&server).open(&format!("{}/auth/v1/{path}", server.url)).await;
    assert!(page.away().starts_with(&format!("{}/authorize?kept=1&", elsewhere.url)), "{page:?}");
    assert!(!page.away().contains("evil") && page.away().contains("login_hint=ada"), "{page:?}");
}

async fn an_id_token_says_who_somebody_is_only_if_all_of_it_holds(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    let try_token = async |token: &str, nonce: Option<&str>| {
        let body = json!({ "provider": "okta", "id_token": token, "nonce": nonce });
        with_id_token(&server, &public(&server), body).await
    };
    let now = SystemClock.now().as_second();
    let and = |changes: Value| {
        let mut claims = ada();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        elsewhere.id_token(&claims)
    };
    let stranger = Elsewhere::start().await;
    let good = and(json!({}));
    let parts: Vec<&str> = good.split('.').collect();
    let none = URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "kid": "1" }).to_string());
    let unsigned = format!("{none}.{}.", parts[1]);
    let mac = elsewhere.sign(&json!({ "alg": "HS256", "kid": "1" }), &json!({ "sub": "ada-1" }));
    let stolen_issuer = stranger.id_token(&{
        let mut claims = ada();
        claims["iss"] = json!(elsewhere.url);
        claims
    });
    for (token, nonce) in [
        (unsigned, None),
        (mac, None),
        (stolen_issuer, None),
        (stranger.id_token(&ada()), None),
        (and(json!({ "aud": "them" })), None),
        (and(json!({ "aud": [CLIENT, "them"] })), None),
        (and(json!({ "exp": now - 120, "iat": now - 600 })), None),
        (and(json!({ "iat": now + 600, "exp": now + 900 })), None),
        (and(json!({ "nonce": "hash" })), Some("hash")),
        (and(json!({ "nonce": "hash" })), None),
        (good.clone(), Some("nonce")),
        (format!("{}.{}.{}", parts[0], parts[1], "AAAA"), None),
        ("nonsense".to_owned(), None),
        ("a".repeat(20_000), None),
    ] {
        let reply = try_token(&token, nonce).await;
        let (status, code) = refusal(&reply);
        assert_eq!((status, &*code), (400, "bad_oauth_callback"), "{token:.80}: {reply:?}");
        assert!(reply.text.contains("Bad ID token"), "{reply:?}");
    }
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    for (token, nonce) in [
        (good, None),
        (and(json!({ "nonce": hash })), Some("test")),
        (and(json!({ "aud": "our-app" })), None),
    ] {
        let reply = try_token(&token, nonce).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        assert!(is_in(&server, &reply.json()).await);
    }
    // The provider has a new key, which nobody has told this server of. Unknown keys don't have it
    // ask again and again.
    elsewhere.rotate();
    assert_eq!(try_token(&and(json!({})), None).await.status, StatusCode::OK);
    elsewhere.rotate();
    let reply = try_token(&and(json!({})), None).await;
    assert_eq!(refusal(&reply).1, "bad_oauth_callback", "{reply:?}");
    // GitHub has no such tokens.
    let body = json!({ "provider": "github", "id_token": "x" });
    let reply = with_id_token(&server, &public(&server), body).await;
    assert_eq!(refusal(&reply), (400, "provider_disabled".to_owned()));
}

async fn a_private_network_is_left_alone(mut server: Server) {
    let elsewhere = Elsewhere::start().await;
    serve_with(&mut server, &elsewhere, "");
    let path = format!("authorize?provider=okta&organization_id={}", server.organization_id(0));
    let reply = ask(&server, &Caller::default(), Method::GET, &path, Value::Null).await;
    assert_eq!(refusal(&reply), (500, "unexpected_failure".to_owned()));
    assert!(!reply.text.contains("127.0.0.1"), "{reply:?}");
    let body = json!({ "provider": "okta", "id_token": elsewhere.id_token(&ada()) });
    let reply = with_id_token(&server, &public(&server), body).await;
    assert_eq!(refusal(&reply), (500, "unexpected_failure".to_owned()));
    assert_eq!(elsewhere.requests(), 0);
}

/// Each is a row until its time has passed.
async fn one_place_begins_so_many_sign_ins(mut server: Server) {
    const MOST: usize = 300;
    const AT_ONCE: usize = 20;
    with_providers(&mut server).await;
    let path = format!("authorize?provider=github&organization_id={}", server.organization_id(0));
    let address = format!("{}/auth/v1/{path}", server.url);
    let begin = async || Browser::new(&server).open(&address).await.status;
    for _ in 0..MOST / AT_ONCE {
        let begun = join_all((0..AT_ONCE).map(|_| begin())).await;
        assert!(begun.iter().all(|status| *status == StatusCode::SEE_OTHER), "{begun:?}");
    }
    assert_eq!(begin().await, StatusCode::TOO_MANY_REQUESTS);
}
