//! People who come by a provider, and which account they come into.

use super::super::{PASSWORD, given, is_in, link, mails, post, refusal, session_of, sign_in};
use super::*;
use crate::on_both_engines;

on_both_engines!(
    somebody_comes_by_an_issuer,
    somebody_comes_by_github,
    an_account_is_found_by_an_address_that_both_sides_know_to_be_theirs,
    nothing_of_an_account_survives_that_somebody_else_made,
    rules_of_the_organization_hold,
    an_address_that_names_no_organization_is_for_the_default_one,
);

async fn somebody_comes_by_an_issuer(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    let settings = ask(&server, &public(&server), Method::GET, "settings", Value::Null).await;
    assert_eq!(settings.json()["external"]["okta"], true, "{settings:?}");
    elsewhere.expect(ada());
    let mut browser = Browser::new(&server);
    let page =
        browser.go("okta", "&redirect_to=https%3A%2F%2Fapp.example.com%2Fin&prompt=login").await;
    assert!(page.away().starts_with("https://app.example.com/in#access_token="), "{page:?}");
    let session = session(&page);
    assert!(is_in(&server, &session).await);
    let first = user(&server, &session).await;
    assert_eq!(first["email"], "ada@example.com");
    assert!(first["email_confirmed_at"].is_string(), "{first}");
    assert_eq!(first["user_metadata"]["full_name"], "Ada");
    assert_eq!(first["app_metadata"]["provider"], "okta");
    let identity = &first["identities"][0];
    assert_eq!((&identity["id"], &identity["provider"]), (&json!("ada-1"), &json!("okta")));
    assert_eq!(identity["identity_data"]["email"], "ada@example.com");
    // The same person, whatever the address is by now; it says so at userinfo.
    elsewhere.expect(json!({
        "sub": "ada-1",
        "userinfo": { "sub": "ada-1", "email": "lovelace@example.com", "email_verified": "true" },
    }));
    let further = format!("&code_challenge={CHALLENGE}&code_challenge_method=s256");
    let page = browser.go("okta", &further).await;
    let code = page.away().strip_prefix("https://app.example.com?code=").unwrap().to_owned();
    let wrong = exchange(&server, "nonsense", VERIFIER).await;
    assert_eq!(refusal(&wrong), (404, "flow_state_not_found".to_owned()));
    let reply = exchange(&server, &code, VERIFIER).await.json();
    assert_eq!(reply["user"]["id"], first["id"], "{reply}");
    assert_eq!(reply["user"]["email"], "ada@example.com");
    let identity = &reply["user"]["identities"][0];
    assert_eq!(identity["identity_data"]["email"], "lovelace@example.com", "{reply}");
    assert!(is_in(&server, &reply).await);
    let again = exchange(&server, &code, VERIFIER).await;
    assert_eq!(refusal(&again), (404, "flow_state_not_found".to_owned()));
}

async fn somebody_comes_by_github(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    let other = json!({ "email": "other@example.com", "primary": false, "verified": true });
    let primary = |email: &str, verified: bool| json!({ "email": email, "primary": true, "verified": verified, "visibility": null });
    let mut browser = Browser::new(&server);
    elsewhere.expect(json!({ "id": 1, "emails": [other, primary("ada@example.com", true)] }));
    let ada = user(&server, &session(&browser.go("github", "").await)).await;
    assert_eq!(ada["email"], "ada@example.com");
    assert_eq!(ada["user_metadata"]["user_name"], "octocat");
    assert_eq!(ada["identities"][0]["id"], "1");
    for emails in [json!([]), json!([other]), json!([other, primary("bob@example.com", false)])] {
        elsewhere.expect(json!({ "id": 2, "emails": emails }));
        let page = browser.go("github", "").await;
        let code = page.parameter("error_code");
        assert_eq!(code.as_deref(), Some("provider_email_needs_verification"), "{page:?}");
    }
}

async fn an_account_is_found_by_an_address_that_both_sides_know_to_be_theirs(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let known = given(&server, &public(&server), Method::POST, "signup", body).await;
    let mail = mails(&server, "ada@example.com", 1).await.remove(0);
    server.follow(&format!("/auth/v1/{}", link(&mail))).await;
    let mut browser = Browser::new(&server);
    for claims in [
        json!({ "sub": "1", "email": "ada@example.com" }),
        json!({ "sub": "1", "email": "ada@example.com", "email_verified": false }),
        json!({ "sub": "1", "email_verified": true }),
    ] {
        elsewhere.expect(claims.clone());
        let page = browser.go("okta", "").await;
        assert!(page.away().starts_with("https://app.example.com#error="), "{page:?}");
        let code = page.parameter("error_code");
        assert_eq!(code.as_deref(), Some("provider_email_needs_verification"), "{claims}");
    }
    elsewhere.expect(ada());
    let found = user(&server, &session(&browser.go("okta", "").await)).await;
    assert_eq!(found["id"], known["id"]);
    assert_eq!(providers(&found), ["email", "okta"]);
    // The password is as good as before, as the address was known to be theirs.
    session_of(&server, "ada@example.com").await;
}

/// Somebody makes an account of an address that is not theirs and waits for its owner.
async fn nothing_of_an_account_survives_that_somebody_else_made(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    let open = json!({ "signup": true, "confirm_email": false, "site_url": SITE });
    set_auth(&server, open).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let waiting = post(&server, &public(&server), "signup", body).await.json();
    assert!(is_in(&server, &waiting).await);
    // They add an account of their own, by which they could come back.
    elsewhere.expect(json!({ "id": 666, "emails": [] }));
    let caller = with_token(&server, &waiting);
    let path = format!(
        "user/identities/authorize?provider=github&skip_http_redirect=true\
         &code_challenge={CHALLENGE}&code_challenge_method=s256"
    );
    let begun = ask(&server, &caller, Method::GET, &path, Value::Null).await.json();
    let mut theirs = Browser::new(&server);
    let back = theirs.visit(text(&begun["url"])).await;
    let code = theirs.open(&back).await.parameter("code").unwrap();
    let linked = exchange(&server, &code, VERIFIER).await.json();
    assert_eq!(providers(&linked["user"]), ["email", "github"], "{linked}");

    elsewhere.expect(ada());
    let owner = session(&Browser::new(&server).go("okta", "").await);
    let account = user(&server, &owner).await;
    assert_eq!(account["id"], waiting["user"]["id"]);
    assert_eq!(providers(&account), ["okta"]);
    for session in [&waiting, &linked] {
        assert!(!is_in(&server, session).await);
    }
    let reply = sign_in(&server, "ada@example.com", PASSWORD).await;
    assert_eq!(refusal(&reply), (400, "invalid_credentials".to_owned()));
    elsewhere.expect(json!({ "id": 666, "emails": [] }));
    let page = theirs.go("github", "").await;
    let code = page.parameter("error_code");
    assert_eq!(code.as_deref(), Some("provider_email_needs_verification"), "{page:?}");
    assert!(is_in(&server, &owner).await);
}

async fn rules_of_the_organization_hold(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    elsewhere.expect(ada());
    let mut browser = Browser::new(&server);
    let mut refused = async |auth: Value, expected: &str| {
        set_auth(&server, auth).await;
        let page = browser.go("okta", "").await;
        let code = page.parameter("error_code");
        assert_eq!(code.as_deref(), Some(expected), "{page:?}");
    };
    refused(json!({ "site_url": SITE }), "signup_disabled").await;
    // All seats are taken.
    let path = "organization_members?select=id&status=in.(active,invited)";
    let members = server.get(&server.service(0), path).await.rows().len();
    let own = format!("organizations?id=eq.{}", server.organization_id(0));
    let seats = json!({ "max_seats": members }).to_string();
    let reply = server.send(&server.service(0), Method::PATCH, &own, &[], seats).await;
    assert!(reply.status.is_success(), "{reply:?}");
    refused(json!({ "signup": true, "site_url": SITE }), "limit_reached").await;
    // Somebody who belongs elsewhere does not belong here by coming.
    let pat = server.organization(0)["users"].as_array().unwrap()[0]["email"].clone();
    elsewhere.expect(json!({ "sub": "pat", "email": pat, "email_verified": true }));
    let page = Browser::new(&server).go("okta", "").await;
    assert_eq!(user(&server, &session(&page)).await["email"], pat);

    // The organisation decides which providers people come by.
    set_auth(&server, json!({ "signup": true, "providers": ["github"] })).await;
    let path = format!("authorize?provider=okta&organization_id={}", server.organization_id(0));
    let reply = ask(&server, &Caller::default(), Method::GET, &path, Value::Null).await;
    assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
    let body = json!({ "provider": "okta", "id_token": elsewhere.id_token(&ada()) });
    let reply = with_id_token(&server, &public(&server), body).await;
    assert_eq!(refusal(&reply), (400, "provider_disabled".to_owned()));
}

async fn an_address_that_names_no_organization_is_for_the_default_one(mut server: Server) {
    let elsewhere = with_providers(&mut server).await;
    elsewhere.expect(ada());
    let path = "/auth/v1/authorize?provider=okta";
    let mut browser = Browser::new(&server);
    let address = format!("{}{path}", server.url);
    let back = browser.visit(&address).await;
    let page = browser.open(&back).await;
    assert_eq!(page.parameter("error_code").as_deref(), Some("signup_disabled"), "{page:?}");

    let slug = text(&server.organization(0)["slug"]).to_owned();
    let settings =
        format!("outbound_networks = [\"127.0.0.0/8\"]\ndefault_organization = {slug:?}");
    serve_with(&mut server, &elsewhere, &settings);
    let mut browser = Browser::new(&server);
    let address = format!("{}{path}", server.url);
    let back = browser.visit(&address).await;
    let page = browser.open(&back).await;
    let ada = user(&server, &session(&page)).await;
    assert_eq!(ada["app_metadata"]["organizations"], json!([server.organization_id(0)]));
    // So are sign-ups without a key.
    let body = json!({ "email": "bob@example.com", "password": PASSWORD });
    let reply = post(&server, &Caller::default(), "signup", body).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
}
