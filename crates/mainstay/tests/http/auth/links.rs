//! Links and codes: for one purpose, one use and one browser.

use super::{
    PASSWORD, ask, code, given, is_in, link, mails, person, post, public, refusal, session_of,
    set_auth, with_token,
};
use crate::on_both_engines;
use crate::server::{Engine, Server};
use mainstay_testkit::connect;
use reqwest::Method;
use serde_json::{Value, json};

on_both_engines!(
    a_code_is_for_one_use_and_few_attempts,
    a_code_holds_for_ten_minutes_and_its_link_longer,
    a_forgotten_password_is_replaced,
    the_browser_that_asked_gets_the_tokens,
    both_addresses_agree_to_a_change,
    a_code_shows_once_more_who_asks,
    an_invitation_is_accepted_by_its_link,
);

async fn a_code_is_for_one_use_and_few_attempts(server: Server) {
    person(&server, "ada@example.com").await;
    person(&server, "bob@example.com").await;
    let try_code = async |email: &str, digits: &str| {
        let proof = json!({ "type": "email", "email": email, "token": digits });
        post(&server, &public(&server), "verify", proof).await
    };
    let new_code = async |count| {
        let body = json!({ "email": "ada@example.com" });
        given(&server, &public(&server), Method::POST, "otp", body).await;
        code(mails(&server, "ada@example.com", count).await.last().unwrap())
    };
    let first = new_code(1).await;
    let wrong = if first == "000000" { "000001" } else { "000000" };
    assert_eq!(refusal(&try_code("bob@example.com", &first).await).1, "otp_expired");
    assert_eq!(refusal(&try_code("ada@example.com", wrong).await), (403, "otp_expired".to_owned()));
    assert!(is_in(&server, &try_code("Ada@example.com", &first).await.json()).await);
    assert_eq!(refusal(&try_code("ada@example.com", &first).await).1, "otp_expired");

    let second = new_code(2).await;
    for _ in 0..5 {
        assert_eq!(refusal(&try_code("ada@example.com", wrong).await).1, "otp_expired");
    }
    assert_eq!(refusal(&try_code("ada@example.com", &second).await).1, "otp_expired");
    let third = new_code(3).await;
    let fourth = new_code(4).await;
    if third != fourth {
        assert_eq!(refusal(&try_code("ada@example.com", &third).await).1, "otp_expired");
    }
    // A code is for its own purpose.
    let proof = json!({ "type": "recovery", "email": "ada@example.com", "token": fourth });
    let reply = post(&server, &public(&server), "verify", proof).await;
    assert_eq!(refusal(&reply).1, "otp_expired");
    assert!(is_in(&server, &try_code("ada@example.com", &fourth).await.json()).await);
}

/// Makes what was sent so many minutes older.
async fn age(server: &Server, minutes: i64) {
    match server.engine {
        Engine::Sqlite => {
            let path = server.data.path().join("mainstay.db");
            let connection = rusqlite::Connection::open(path).unwrap();
            let sql = "UPDATE user_verifications SET created_at = created_at - ?1";
            assert!(connection.execute(sql, [minutes * 60_000_000]).unwrap() > 0);
        }
        Engine::Postgres => {
            let database = server.database.as_ref().unwrap();
            let client = connect(&database.superuser_url).await.unwrap();
            let sql = "UPDATE mainstay.user_verifications \
                       SET created_at = created_at - make_interval(mins => $1)";
            let minutes = i32::try_from(minutes).unwrap();
            assert!(client.execute(sql, &[&minutes]).await.unwrap() > 0);
        }
    }
}

/// OWASP ASVS 5.0 §6.5.5.
async fn a_code_holds_for_ten_minutes_and_its_link_longer(server: Server) {
    person(&server, "ada@example.com").await;
    let mut mail = String::new();
    for (count, minutes, holds) in [(1, 9, true), (2, 10, false)] {
        let body = json!({ "email": "ada@example.com" });
        given(&server, &public(&server), Method::POST, "otp", body).await;
        mail = mails(&server, "ada@example.com", count).await.remove(count - 1);
        age(&server, minutes).await;
        let proof = json!({ "type": "email", "email": "ada@example.com", "token": code(&mail) });
        let reply = post(&server, &public(&server), "verify", proof).await;
        assert_eq!(reply.status.is_success(), holds, "{minutes}: {reply:?}");
    }
    let landing = server.follow(&format!("/auth/v1/{}", link(&mail))).await;
    assert!(landing.contains("#access_token="), "{landing}");
}

async fn a_forgotten_password_is_replaced(server: Server) {
    person(&server, "ada@example.com").await;
    let old = session_of(&server, "ada@example.com").await;
    let body = json!({ "email": "ada@example.com" });
    given(&server, &public(&server), Method::POST, "recover", body).await;
    let mail = mails(&server, "ada@example.com", 1).await.remove(0);
    // Where the organisation allows nothing, a browser goes to the server's own address.
    let place = link(&mail).replace("redirect_to=", "redirect_to=https%3A%2F%2Fevil.example&x=");
    let landing = server.follow(&format!("/auth/v1/{place}")).await;
    assert!(landing.starts_with(&format!("{}#access_token=", server.url)), "{landing}");
    let token = landing.split(['#', '&']).find_map(|pair| pair.strip_prefix("access_token="));
    let caller = with_token(&server, &json!({ "access_token": token.unwrap() }));
    let body = json!({ "password": "Anderes-Holz-9-Marder" });
    given(&server, &caller, Method::PUT, "user", body).await;
    assert!(!is_in(&server, &old).await);
}

/// RFC 7636: whoever opens the link, the tokens go to who asked for it.
async fn the_browser_that_asked_gets_the_tokens(server: Server) {
    set_auth(&server, json!({ "site_url": "https://app.example.com" })).await;
    person(&server, "ada@example.com").await;
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let ask_link = json!({
        "email": "ada@example.com",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "s256",
    });
    let exchange = async |code: &str, verifier: &str| {
        let body = json!({ "auth_code": code, "code_verifier": verifier });
        post(&server, &public(&server), "token?grant_type=pkce", body).await
    };
    for count in 1..=2 {
        given(&server, &public(&server), Method::POST, "otp", ask_link.clone()).await;
        let mail = mails(&server, "ada@example.com", count).await.remove(count - 1);
        let landing = server.follow(&format!("/auth/v1/{}", link(&mail))).await;
        let code = landing.strip_prefix("https://app.example.com?code=").unwrap();
        if count == 1 {
            let reply = exchange(code, &verifier.replace("dBj", "dBk")).await;
            assert_eq!(refusal(&reply), (400, "bad_code_verifier".to_owned()));
        } else {
            let reply = exchange(code, verifier).await;
            assert!(is_in(&server, &reply.json()).await, "{reply:?}");
        }
        let again = exchange(code, verifier).await;
        assert_eq!(refusal(&again), (404, "flow_state_not_found".to_owned()));
    }
    let broken = json!({ "email": "ada@example.com", "code_challenge": "short" });
    let reply = post(&server, &public(&server), "otp", broken).await;
    assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
}

async fn both_addresses_agree_to_a_change(server: Server) {
    person(&server, "ada@example.com").await;
    person(&server, "bob@example.com").await;
    let session = session_of(&server, "ada@example.com").await;
    let caller = with_token(&server, &session);
    let change = async |email: &str| {
        given(&server, &caller, Method::PUT, "user", json!({ "email": email })).await
    };
    // An address that has an account is not told apart.
    assert_eq!(change("bob@example.com").await["new_email"], "bob@example.com");
    assert_eq!(change("lovelace@example.com").await["email"], "ada@example.com");
    let new = code(&mails(&server, "lovelace@example.com", 1).await[0]);
    let present = code(mails(&server, "ada@example.com", 2).await.last().unwrap());
    let agree = async |email: &str, digits: &str| {
        let proof = json!({ "type": "email_change", "email": email, "token": digits });
        given(&server, &public(&server), Method::POST, "verify", proof).await
    };
    let half = agree("lovelace@example.com", &new).await;
    assert!(half.get("access_token").is_none() && half["msg"].is_string(), "{half}");
    let user = given(&server, &caller, Method::GET, "user", Value::Null).await;
    assert_eq!(user["email"], "ada@example.com");
    let session = agree("ada@example.com", &present).await;
    assert_eq!(session["user"]["email"], "lovelace@example.com");
    session_of(&server, "lovelace@example.com").await;
}

async fn a_code_shows_once_more_who_asks(server: Server) {
    person(&server, "ada@example.com").await;
    let caller = with_token(&server, &session_of(&server, "ada@example.com").await);
    given(&server, &caller, Method::GET, "reauthenticate", Value::Null).await;
    let mail = mails(&server, "ada@example.com", 1).await.remove(0);
    assert!(!mail.contains("/verify?"), "{mail}");
    let change = async |nonce: &str| {
        let body = json!({ "password": "Anderes-Holz-9-Marder", "nonce": nonce });
        ask(&server, &caller, Method::PUT, "user", body).await
    };
    let wrong = change("nonsense").await;
    assert_eq!(refusal(&wrong), (422, "reauthentication_not_valid".to_owned()));
    let current = json!({ "password": "Anderes-Holz-9-Marder", "current_password": "wrong" });
    let wrong = ask(&server, &caller, Method::PUT, "user", current).await;
    assert_eq!(refusal(&wrong), (422, "reauthentication_not_valid".to_owned()));
    let changed = change(&code(&mail)).await;
    assert!(changed.status.is_success(), "{changed:?}");
}

async fn an_invitation_is_accepted_by_its_link(server: Server) {
    let service = server.service(0);
    let body = json!({ "email": "ada@example.com", "data": { "full_name": "Ada" } });
    let user = given(&server, &service, Method::POST, "invite", body.clone()).await;
    assert!(user["invited_at"].is_string(), "{user}");
    let again = given(&server, &service, Method::POST, "invite", body.clone()).await;
    assert_eq!(again["id"], user["id"]);
    let mail = mails(&server, "ada@example.com", 2).await.remove(1);
    let landing = server.follow(&format!("/auth/v1/{}", link(&mail))).await;
    assert!(landing.contains("#access_token=") && landing.contains("type=invite"), "{landing}");
    let token = landing.split(['#', '&']).find_map(|pair| pair.strip_prefix("access_token="));
    let caller = with_token(&server, &json!({ "access_token": token.unwrap() }));
    let body_of_change = json!({ "password": PASSWORD });
    given(&server, &caller, Method::PUT, "user", body_of_change).await;
    session_of(&server, "ada@example.com").await;
    let late = post(&server, &service, "invite", body).await;
    assert_eq!(refusal(&late), (422, "email_exists".to_owned()));

    // Who has an account elsewhere is asked too, and nothing is told of it.
    let stranger = server.service(1);
    let body = json!({ "email": "ada@example.com" });
    let shown = given(&server, &stranger, Method::POST, "invite", body).await;
    assert_ne!(shown["id"], user["id"]);
    assert_eq!(shown["user_metadata"], json!({}));
}
