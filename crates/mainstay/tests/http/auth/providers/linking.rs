//! Adding ways to sign in to an account, and taking them away.

use super::super::{PASSWORD, given, is_in, mails, person, post, refusal, session_of};
use super::*;
use crate::on_both_engines;

on_both_engines!(
    a_provider_is_added_by_whoever_has_the_account_and_agrees,
    a_provider_is_added_by_the_client_that_asked,
    who_somebody_is_elsewhere_belongs_to_one_account,
    the_last_way_in_stays,
    people_are_told_of_ways_in,
    somebody_says_who_they_are,
);

/// Begins to add a provider; gives the address that the browser is to visit.
async fn begin(server: &Server, session: &Value, provider: &str, further: &str) -> String {
    let path =
        format!("user/identities/authorize?provider={provider}&skip_http_redirect=true{further}");
    let caller = with_token(server, session);
    text(&given(server, &caller, Method::GET, &path, Value::Null).await["url"]).to_owned()
}

/// The code in the form of the page that asks.
fn form_code(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    let (_, rest) = page.text.split_once("name=\"code\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn agree(browser: &mut Browser<'_>, code: &str) -> Page {
    let url = format!("{}/auth/v1/callback", browser.server.url);
    let kind = "application/x-www-form-urlencoded";
    let request = browser.client.post(url).header("content-type", kind);
    browser.send(request.body(format!("code={code}"))).await
}

async fn a_provider_is_added_by_whoever_has_the_account_and_agrees(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    person(&server, "bob@example.com").await;
    let bob = session_of(&server, "bob@example.com").await;
    elsewhere.expect(ada());
    let address = begin(&server, &bob, "okta", "").await;
    let mut browser = Browser::new(&server);
    let back = browser.visit(&address).await;
    let page = browser.open(&back).await;
    // Somebody whom Bob has led here would see what it is about.
    assert!(page.text.contains("ada@example.com") && page.text.contains("bob@example.com"));
    let code = form_code(&page);
    let before = user(&server, &bob).await;
    assert_eq!(providers(&before), ["email"]);
    // The answer of another browser counts nothing, nor does a client's without a form.
    let page = agree(&mut Browser::new(&server), &code).await;
    assert_eq!(page.parameter("error_code").as_deref(), Some("bad_oauth_state"));
    let reply = exchange(&server, &code, VERIFIER).await;
    assert!(reply.status.is_client_error(), "{reply:?}");
    assert_eq!(providers(&user(&server, &bob).await), ["email"]);

    // That attempt used the code up.
    let address = begin(&server, &bob, "okta", "&redirect_to=https%3A%2F%2Fapp.example.com").await;
    let back = browser.visit(&address).await;
    let code = form_code(&browser.open(&back).await);
    let page = agree(&mut browser, &code).await;
    let session = session(&page);
    let after = user(&server, &session).await;
    assert_eq!(after["id"], before["id"]);
    assert_eq!(providers(&after), ["email", "okta"]);
    let again = agree(&mut browser, &code).await;
    assert_eq!(again.parameter("error_code").as_deref(), Some("flow_state_not_found"));
    // From now on it leads to Bob's account, whose address is another one.
    let page = Browser::new(&server).go("okta", "").await;
    assert_eq!(user(&server, &super::session(&page)).await["email"], "bob@example.com");
    // The address is for one visit there and back.
    let late = browser.open(&address).await;
    assert_eq!(late.status, StatusCode::BAD_REQUEST, "{late:?}");
}

async fn a_provider_is_added_by_the_client_that_asked(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    person(&server, "bob@example.com").await;
    let bob = session_of(&server, "bob@example.com").await;
    elsewhere.expect(ada());
    let further = format!("&code_challenge={CHALLENGE}&code_challenge_method=s256");
    let address = begin(&server, &bob, "okta", &further).await;
    let mut browser = Browser::new(&server);
    let back = browser.visit(&address).await;
    let code = browser.open(&back).await.parameter("code").unwrap();
    assert_eq!(providers(&user(&server, &bob).await), ["email"]);
    let reply = exchange(&server, &code, VERIFIER).await;
    assert_eq!(providers(&reply.json()["user"]), ["email", "okta"], "{reply:?}");
    // Or with a token that it got by itself.
    person(&server, "eve@example.com").await;
    let eve = session_of(&server, "eve@example.com").await;
    let token = elsewhere.id_token(&json!({ "sub": "eve-1" }));
    let body = json!({ "provider": "okta", "id_token": token, "link_identity": true });
    let reply = with_id_token(&server, &with_token(&server, &eve), body.clone()).await;
    assert_eq!(providers(&reply.json()["user"]), ["email", "okta"], "{reply:?}");
    let reply = with_id_token(&server, &public(&server), body).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{reply:?}");
}

async fn who_somebody_is_elsewhere_belongs_to_one_account(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    let add = async |session: &Value, subject: &str| {
        let token = elsewhere.id_token(&json!({ "sub": subject }));
        let body = json!({ "provider": "okta", "id_token": token, "link_identity": true });
        with_id_token(&server, &with_token(&server, session), body).await
    };
    for email in ["bob@example.com", "eve@example.com"] {
        person(&server, email).await;
    }
    let bob = session_of(&server, "bob@example.com").await;
    let eve = session_of(&server, "eve@example.com").await;
    assert_eq!(add(&bob, "1").await.status, StatusCode::OK);
    for (session, subject) in [(&eve, "1"), (&bob, "1"), (&bob, "2")] {
        let reply = add(session, subject).await;
        assert_eq!(refusal(&reply), (422, "identity_already_exists".to_owned()));
    }
    assert_eq!(providers(&user(&server, &eve).await), ["email"]);
}

async fn the_last_way_in_stays(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    elsewhere.expect(ada());
    let ada = session(&Browser::new(&server).go("okta", "").await);
    let caller = with_token(&server, &ada);
    let unlink = async |caller: &Caller, identity: &Value| {
        let path = format!("user/identities/{}", text(identity));
        ask(&server, caller, Method::DELETE, &path, Value::Null).await
    };
    let account = user(&server, &ada).await;
    let okta = account["identities"][0]["identity_id"].clone();
    let reply = unlink(&caller, &okta).await;
    assert_eq!(refusal(&reply), (422, "single_identity_not_deletable".to_owned()));
    let body = json!({ "password": PASSWORD });
    given(&server, &caller, Method::PUT, "user", body).await;
    // Not by somebody else.
    person(&server, "eve@example.com").await;
    let eve = session_of(&server, "eve@example.com").await;
    let reply = unlink(&with_token(&server, &eve), &okta).await;
    assert_eq!(refusal(&reply), (404, "identity_not_found".to_owned()));
    // Both at a time: one stays.
    let account = user(&server, &ada).await;
    assert_eq!(providers(&account), ["email", "okta"]);
    let ids: Vec<Value> = account["identities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["identity_id"].clone())
        .collect();
    let (one, other) = tokio::join!(unlink(&caller, &ids[0]), unlink(&caller, &ids[1]));
    let both = [one.status, other.status];
    assert!(both.contains(&StatusCode::OK) && both.contains(&StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(providers(&user(&server, &ada).await).len(), 1);
    assert!(is_in(&server, &ada).await);
}

async fn people_are_told_of_ways_in(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    person(&server, "bob@example.com").await;
    let bob = session_of(&server, "bob@example.com").await;
    let caller = with_token(&server, &bob);
    let body = json!({
        "provider": "okta", "id_token": elsewhere.id_token(&ada()), "link_identity": true,
    });
    let linked = with_id_token(&server, &caller, body).await;
    assert_eq!(linked.status, StatusCode::OK, "{linked:?}");
    let own = user(&server, &bob).await;
    let identities = own["identities"].as_array().unwrap();
    let okta = identities.iter().find(|identity| identity["provider"] == "okta").unwrap();
    let path = format!("user/identities/{}", text(&okta["identity_id"]));
    given(&server, &caller, Method::DELETE, &path, Value::Null).await;
    let mails = mails(&server, "bob@example.com", 2).await;
    assert!(mails[0].contains("Subject: A way to sign in was added"), "{mails:?}");
    assert!(mails[1].contains("Subject: A way to sign in was removed"), "{mails:?}");
    for mail in mails {
        // What somebody is called there is told to nobody who reads the mail.
        assert!(mail.contains("“okta”") && !mail.contains("ada"), "{mail}");
    }
}

async fn somebody_says_who_they_are(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    set_auth(&server, json!({ "anonymous": true, "signup": true, "site_url": SITE })).await;
    let nobody = post(&server, &public(&server), "signup", json!({})).await.json();
    let add = async |claims: Value| {
        let body = json!({
            "provider": "okta", "id_token": elsewhere.id_token(&claims), "link_identity": true,
        });
        with_id_token(&server, &with_token(&server, &nobody), body).await
    };
    let reply = add(json!({ "sub": "ada-1", "email": "ada@example.com" })).await;
    assert_eq!(refusal(&reply), (422, "provider_email_needs_verification".to_owned()));
    person(&server, "bob@example.com").await;
    let claims = json!({ "sub": "b", "email": "bob@example.com", "email_verified": true });
    assert_eq!(refusal(&add(claims).await), (422, "email_exists".to_owned()));
    let reply = add(ada()).await.json();
    assert_eq!(reply["user"]["id"], nobody["user"]["id"]);
    assert_eq!(reply["user"]["email"], "ada@example.com");
    assert_eq!(reply["user"]["is_anonymous"], false);
}
