//! What is no way in: other spellings of an address, passwords without end, links that were used.

use super::{PASSWORD, given, link, mails, person, post, public, refusal, session_of, sign_in};
use crate::on_both_engines;
use crate::server::Server;
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::time::{Duration, Instant};

on_both_engines!(
    an_address_is_one_however_it_is_written,
    huge_passwords_are_not_hashed,
    a_link_is_for_one_use,
    an_unknown_address_takes_as_long,
);

async fn an_address_is_one_however_it_is_written(server: Server) {
    person(&server, "ada@example.com").await;
    let create = async |email: &str| {
        let body = json!({ "email": email, "password": PASSWORD, "email_confirm": true });
        refusal(&post(&server, &server.service(0), "admin/users", body).await)
    };
    for same in ["ADA@example.com", "ada@EXAMPLE.com", " Ada@Example.Com "] {
        assert_eq!(create(same).await, (422, "email_exists".to_owned()), "{same}");
        session_of(&server, same).await;
    }
    // What looks alike, or is made alike by lower-casing, names nobody.
    for other in ["\u{ff41}da@example.com", "ad\u{430}@example.com", "ada@e\u{445}ample.com"] {
        assert_eq!(create(other).await, (400, "validation_failed".to_owned()), "{other}");
        let reply = sign_in(&server, other, PASSWORD).await;
        assert_eq!(refusal(&reply), (400, "invalid_credentials".to_owned()), "{other}");
    }
}

async fn huge_passwords_are_not_hashed(server: Server) {
    let ada = person(&server, "ada@example.com").await;
    let reply = sign_in(&server, "ada@example.com", &"x".repeat(1024 * 1024)).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE, "{reply:?}");
    let huge = "x".repeat(60 * 1024);
    let reply = sign_in(&server, "ada@example.com", &huge).await;
    assert_eq!(refusal(&reply), (400, "invalid_credentials".to_owned()));
    let path = format!("admin/users/{}", ada["id"].as_str().unwrap());
    let body = json!({ "password": huge });
    let reply = super::ask(&server, &server.service(0), Method::PUT, &path, body).await;
    assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
    let body = json!({ "email": "bob@example.com", "password": huge, "email_confirm": true });
    let reply = post(&server, &server.service(0), "admin/users", body).await;
    assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
    session_of(&server, "ada@example.com").await;
}

async fn a_link_is_for_one_use(server: Server) {
    person(&server, "ada@example.com").await;
    let body = json!({ "email": "ada@example.com" });
    given(&server, &public(&server), Method::POST, "otp", body).await;
    let link = link(&mails(&server, "ada@example.com", 1).await[0]);
    let landing = server.follow(&format!("/auth/v1/{link}")).await;
    assert!(landing.contains("#access_token="), "{landing}");
    for changed in [link.clone(), link.replace("token=", "token=A"), link.replace("magic", "")] {
        let landing = server.follow(&format!("/auth/v1/{changed}")).await;
        assert!(!landing.contains("access_token"), "{landing}");
        assert!(landing.contains("error_code=otp_expired"), "{landing}");
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// A password is hashed whether there is one to compare it with or not, which takes nearly all of
/// the time of an answer.
async fn an_unknown_address_takes_as_long(mut server: Server) {
    server.restart_with(&["--trusted-proxies", "127.0.0.1"]);
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for round in 0..9 {
        let email = format!("person{round}@example.com");
        person(&server, &email).await;
        let nobody = format!("nobody{round}@example.com");
        for (email, times) in [(email, &mut known), (nobody, &mut unknown)] {
            let place = format!("192.0.2.{round}");
            let begun = Instant::now();
            let reply = super::lockout::sign_in_from(&server, &place, &email, "wrong").await;
            times.push(begun.elapsed());
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{reply:?}");
        }
    }
    let (known, unknown) = (median(known), median(unknown));
    assert!(unknown * 2 > known && known * 2 > unknown, "known {known:?}, unknown {unknown:?}");
}
