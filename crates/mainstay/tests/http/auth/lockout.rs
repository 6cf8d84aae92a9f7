//! Guessing passwords.

use super::{PASSWORD, given, link, mails, person, post, public, refusal, text};
use crate::on_both_engines;
use crate::server::{Reply, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    too_many_failures_lock_an_account,
    as_many_at_once_count_as_well,
    right_ones_at_once_all_succeed,
    guessing_the_present_password_is_guessing,
    a_place_that_tries_many_accounts_is_told_of,
    who_asks_for_too_many_mails_is_refused,
    nobody_says_by_themselves_where_they_are,
    a_network_of_ipv6_is_one_place,
);

/// Signs in as somebody whom a trusted proxy forwards from an address.
pub(super) async fn sign_in_from(
    server: &Server,
    place: &str,
    email: &str,
    password: &str,
) -> Reply {
    let body = json!({ "email": email, "password": password }).to_string();
    let headers = [("X-Forwarded-For", place)];
    let path = "/auth/v1/token?grant_type=password";
    server.request(&public(server), Method::POST, path, &headers, body).await
}

/// Whoever has one address of IPv6 has a network of them: it is one place, the next is another.
async fn a_network_of_ipv6_is_one_place(mut server: Server) {
    server.restart_with(&["--trusted-proxies", "127.0.0.1"]);
    let status = async |place: &str, guess: usize| {
        let email = format!("person{guess}@example.com");
        sign_in_from(&server, place, &email, "wrong").await.status.as_u16()
    };
    let mut statuses = Vec::new();
    for guess in 0..12 {
        statuses.push(status(&format!("2001:db8:0:1:{guess}::7"), guess).await);
    }
    assert_eq!(statuses, [[400; 10].as_slice(), &[429; 2]].concat());
    assert_eq!(status("2001:db8:0:2::7", 12).await, 400);
}

async fn security_events(server: &Server, kind: &str) -> Vec<Value> {
    let admin = server.person(0, "admin").await;
    let path = format!("security_events?event_type=eq.{kind}&select=user_id,severity,description");
    server.get(&admin, &path).await.rows()
}

/// S2-B5, S2-B48, S2-B49, S3-B144: known and unknown alike.
async fn too_many_failures_lock_an_account(mut server: Server) {
    server.restart_with(&["--trusted-proxies", "127.0.0.1"]);
    let ada = person(&server, "ada@example.com").await;
    let from_home = sign_in_from(&server, "192.0.2.1", "ada@example.com", PASSWORD).await;
    assert_eq!(from_home.status, StatusCode::OK, "{from_home:?}");
    let mut outcomes = Vec::new();
    for email in ["ada@example.com", "nobody@example.com"] {
        let mut refusals = Vec::new();
        for guess in 0..8 {
            let place = format!("198.51.100.{guess}");
            let reply = sign_in_from(&server, &place, email, "wrong").await;
            refusals.push((reply.status.as_u16(), reply.json()["error_code"].clone()));
        }
        outcomes.push(refusals);
    }
    assert_eq!(outcomes[0], outcomes[1], "an unknown address locks like a known one");
    let codes: Vec<u16> = outcomes[0].iter().map(|(status, _)| *status).collect();
    assert_eq!(codes, [400, 400, 400, 400, 400, 400, 429, 429]);
    let right = sign_in_from(&server, "203.0.113.1", "ada@example.com", PASSWORD).await;
    assert_eq!(refusal(&right), (429, "over_request_rate_limit".to_owned()));
    // Where the person signed in before, others lock nobody out.
    let from_home = sign_in_from(&server, "192.0.2.1", "ada@example.com", PASSWORD).await;
    assert_eq!(from_home.status, StatusCode::OK, "{from_home:?}");
    let events = security_events(&server, "account_locked").await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!((&events[0]["user_id"], &events[0]["severity"]), (&ada["id"], &json!("medium")));
    let attempts =
        "login_attempts?select=email,success,failure_reason,ip_address&order=attempted_at";
    let own = super::with_token(&server, &from_home.json());
    let attempts = server.get(&own, attempts).await.rows();
    assert_eq!(attempts.iter().filter(|attempt| attempt["success"] == true).count(), 2);
    let locked = attempts.iter().filter(|attempt| attempt["failure_reason"] == "locked").count();
    assert_eq!(locked, 3, "{attempts:?}");
    unlock_by_link_and_by_administrator(&server, text(&ada["id"])).await;
}

async fn unlock_by_link_and_by_administrator(server: &Server, ada: &str) {
    let guess_until_locked = async || {
        for guess in 0..7 {
            let place = format!("198.51.100.{}", 100 + guess);
            sign_in_from(server, &place, "ada@example.com", "wrong").await;
        }
        let right = sign_in_from(server, "203.0.113.2", "ada@example.com", PASSWORD).await;
        assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "{right:?}");
    };
    guess_until_locked().await;
    let mail = mails(server, "ada@example.com", 2).await.remove(1);
    let landing = server.follow(&format!("/auth/v1/{}", link(&mail))).await;
    assert!(landing.contains("#message="), "{landing}");
    let right = sign_in_from(server, "203.0.113.3", "ada@example.com", PASSWORD).await;
    assert_eq!(right.status, StatusCode::OK, "{right:?}");
    guess_until_locked().await;
    let path = format!("admin/users/{ada}");
    given(server, &server.service(0), Method::PUT, &path, json!({ "unlock": true })).await;
    let right = sign_in_from(server, "203.0.113.4", "ada@example.com", PASSWORD).await;
    assert_eq!(right.status, StatusCode::OK, "{right:?}");
}

async fn as_many_at_once_count_as_well(mut server: Server) {
    server.restart_with(&["--trusted-proxies", "127.0.0.1"]);
    person(&server, "ada@example.com").await;
    let places: Vec<String> = (0..24).map(|guess| format!("198.51.100.{guess}")).collect();
    let guess = |place| sign_in_from(&server, place, "ada@example.com", "wrong");
    let replies = futures_util::future::join_all(places.iter().map(|place| guess(place))).await;
    let tried = replies.iter().filter(|reply| reply.status == StatusCode::BAD_REQUEST).count();
    assert!(tried <= 6, "{tried} guesses were answered");
    for reply in &replies {
        assert!([400, 429].contains(&reply.status.as_u16()), "{reply:?}");
    }
    assert_eq!(security_events(&server, "account_locked").await.len(), 1);
}

/// What is on its way is no failure yet: neither from many places nor from a new one.
async fn right_ones_at_once_all_succeed(mut server: Server) {
    server.restart_with(&["--trusted-proxies", "127.0.0.1"]);
    person(&server, "ada@example.com").await;
    let many: Vec<String> = (0..24).map(|place| format!("198.51.100.{place}")).collect();
    let one = vec!["203.0.113.1".to_owned(); 24];
    for places in [many, one] {
        let right = |place| sign_in_from(&server, place, "ada@example.com", PASSWORD);
        let replies = futures_util::future::join_all(places.iter().map(|place| right(place))).await;
        for reply in &replies {
            assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        }
    }
    assert!(security_events(&server, "account_locked").await.is_empty());
}

/// Who has found an open session does not try passwords without end.
async fn guessing_the_present_password_is_guessing(server: Server) {
    person(&server, "ada@example.com").await;
    let caller = super::with_token(&server, &super::session_of(&server, "ada@example.com").await);
    for guess in 0..12 {
        let body = json!({ "password": "Anderes-Holz-9-Marder", "current_password": "wrong" });
        let reply = super::ask(&server, &caller, Method::PUT, "user", body).await;
        let expected = if guess < 10 {
            (422, "reauthentication_not_valid".to_owned())
        } else {
            (429, "over_request_rate_limit".to_owned())
        };
        assert_eq!(refusal(&reply), expected, "{guess}");
    }
}

/// S2-B5: brute force over many accounts.
async fn a_place_that_tries_many_accounts_is_told_of(mut server: Server) {
    server.restart_with(&["--trusted-proxies", "127.0.0.1"]);
    for account in 0..12 {
        let email = format!("a{account}@example.com");
        let reply = sign_in_from(&server, "198.51.100.7", &email, "wrong").await;
        let expected = if account < 10 { 400 } else { 429 };
        assert_eq!(reply.status.as_u16(), expected, "{account}: {reply:?}");
    }
    let other = sign_in_from(&server, "198.51.100.8", "b@example.com", "wrong").await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
    let mut events = security_events(&server, "brute_force_detected").await;
    events.retain(|event| text(&event["description"]).contains("from one address"));
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["severity"], "high");
}

async fn who_asks_for_too_many_mails_is_refused(server: Server) {
    person(&server, "ada@example.com").await;
    for email in ["ada@example.com", "nobody@example.com"] {
        for count in 0..12 {
            let reply = post(&server, &public(&server), "recover", json!({ "email": email })).await;
            if count < 10 {
                assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
            } else {
                assert_eq!(refusal(&reply), (429, "over_email_send_rate_limit".to_owned()));
            }
        }
    }
    assert_eq!(mails(&server, "ada@example.com", 10).await.len(), 10);
}

/// Without a trusted proxy, what a client says of its address counts nothing.
async fn nobody_says_by_themselves_where_they_are(server: Server) {
    person(&server, "ada@example.com").await;
    for guess in 0..12 {
        let place = format!("198.51.100.{guess}");
        let email = format!("a{guess}@example.com");
        let reply = sign_in_from(&server, &place, &email, "wrong").await;
        let expected = if guess < 10 { 400 } else { 429 };
        assert_eq!(reply.status.as_u16(), expected, "{guess}: {reply:?}");
    }
    let reply = sign_in_from(&server, "192.0.2.1", "ada@example.com", PASSWORD).await;
    assert_eq!(refusal(&reply), (429, "over_request_rate_limit".to_owned()));
}
