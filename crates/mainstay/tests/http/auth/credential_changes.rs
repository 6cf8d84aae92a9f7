//! Mails of what was changed of what signs a person in.

use super::authenticator::Authenticator;
use super::factors::{code as totp, enroll, verify};
use super::passkeys::register;
use super::{
    PASSWORD, ask, code, given, mails, person, post, public, session_of, set_auth, text, with_token,
};
use crate::on_both_engines;
use crate::server::Server;
use reqwest::Method;
use serde_json::{Value, json};

on_both_engines!(
    people_are_told_of_passwords_factors_and_codes,
    people_are_told_of_passkeys,
    both_addresses_are_told_of_a_change,
    people_are_told_of_what_their_organization_changes,
    nobody_is_told_where_that_is_off,
    a_mailbox_that_may_be_anothers_is_not_filled,
    what_is_told_waits_in_the_queue,
);

const ADA: &str = "ada@example.com";
const NEXT: &str = "Anderes-Holz-9-Marder";

/// The mail of these subjects that came to an address, in their order, of those from one on.
async fn told(server: &Server, to: &str, from: usize, subjects: &[&str]) -> Vec<String> {
    let mails = mails(server, to, from + subjects.len()).await.split_off(from);
    let found: Vec<&str> = mails
        .iter()
        .map(|mail| mail.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap())
        .collect();
    assert_eq!(found, subjects);
    mails
}

async fn people_are_told_of_passwords_factors_and_codes(server: Server) {
    person(&server, ADA).await;
    let caller = with_token(&server, &session_of(&server, ADA).await);
    given(&server, &caller, Method::PUT, "user", json!({ "password": NEXT })).await;
    let mail = told(&server, ADA, 0, &["Your password was changed"]).await.remove(0);
    assert!(mail.contains("from the network address 127.0.0.1") && !mail.contains(NEXT), "{mail}");

    let (factor, secret) = enroll(&server, &caller, "Phone").await;
    let raised = verify(&server, &caller, &factor, &totp(&secret, 0)).await.json();
    let strong = with_token(&server, &raised);
    let path = format!("factors/{factor}");
    let codes = format!("{path}/recovery_codes");
    let codes = given(&server, &strong, Method::POST, &codes, json!({})).await;
    let used = text(&codes["codes"][0]);
    let body = json!({ "email": ADA, "password": NEXT });
    let weak = post(&server, &public(&server), "token?grant_type=password", body).await.json();
    verify(&server, &with_token(&server, &weak), &factor, used).await;
    given(&server, &strong, Method::DELETE, &path, Value::Null).await;
    let subjects = [
        "A second factor was added",
        "New recovery codes",
        "A recovery code was used",
        "A second factor was removed",
    ];
    let mails = told(&server, ADA, 1, &subjects).await;
    assert!(mails[0].contains("an authenticator"), "{mails:?}");
    for mail in mails {
        assert!(!mail.contains(&secret) && !mail.contains(used), "{mail}");
    }
    // A factor that nobody has shown to have signs nobody in.
    let (unshown, _) = enroll(&server, &caller, "").await;
    let path = format!("factors/{unshown}");
    given(&server, &caller, Method::DELETE, &path, Value::Null).await;
    given(&server, &caller, Method::GET, "reauthenticate", Value::Null).await;
    told(&server, ADA, 5, &["Your code"]).await;
}

async fn people_are_told_of_passkeys(server: Server) {
    let site = "https://app.example.com";
    set_auth(&server, json!({ "site_url": site })).await;
    let ada = person(&server, ADA).await;
    let caller = with_token(&server, &session_of(&server, ADA).await);
    for remover in ["passkeys".to_owned(), format!("admin/users/{}/passkeys", text(&ada["id"]))] {
        let passkey = register(&server, &caller, &mut Authenticator::new(site)).await;
        let path = format!("{remover}/{}", text(&passkey["id"]));
        let remover = if remover == "passkeys" { &caller } else { &server.service(0) };
        given(&server, remover, Method::DELETE, &path, Value::Null).await;
    }
    let (added, removed) = ("A passkey was added", "A passkey was removed");
    let mails = told(&server, ADA, 0, &[added, removed, added, removed]).await;
    assert!(mails[3].contains("by Acme Corp") && !mails[3].contains("127.0.0.1"), "{mails:?}");
}

async fn both_addresses_are_told_of_a_change(server: Server) {
    person(&server, ADA).await;
    let caller = with_token(&server, &session_of(&server, ADA).await);
    let new = "lovelace@example.com";
    given(&server, &caller, Method::PUT, "user", json!({ "email": new })).await;
    for email in [new, ADA] {
        let token = code(&mails(&server, email, 1).await[0]);
        let proof = json!({ "type": "email_change", "email": email, "token": token });
        given(&server, &public(&server), Method::POST, "verify", proof).await;
    }
    let to_former = told(&server, ADA, 1, &["Your address was changed"]).await.remove(0);
    let to_new = told(&server, new, 1, &["Your address was changed"]).await.remove(0);
    assert!(to_former.contains("names your account from now on; this one does no longer"));
    assert!(to_new.contains("This address names your account from now on"), "{to_new}");
    // Whoever reads one of them does not learn of the other.
    assert!(!to_former.contains(new) && !to_new.contains(ADA), "{to_former}{to_new}");

    // Where addresses are not confirmed, both are told all the same.
    set_auth(&server, json!({ "confirm_email": false })).await;
    let newer = "countess@example.com";
    given(&server, &caller, Method::PUT, "user", json!({ "email": newer })).await;
    told(&server, new, 2, &["Your address was changed"]).await;
    told(&server, newer, 0, &["Your address was changed"]).await;
}

async fn people_are_told_of_what_their_organization_changes(server: Server) {
    let ada = person(&server, ADA).await;
    let service = server.service(0);
    let path = format!("admin/users/{}", text(&ada["id"]));
    let body = json!({ "email": "lovelace@example.com", "password": NEXT });
    given(&server, &service, Method::PUT, &path, body).await;
    told(&server, ADA, 0, &["Your address was changed"]).await;
    let subjects = ["Your address was changed", "Your password was changed"];
    for mail in told(&server, "lovelace@example.com", 0, &subjects).await {
        assert!(mail.contains("by Acme Corp") && !mail.contains("127.0.0.1"), "{mail}");
        assert!(!mail.contains(NEXT), "{mail}");
    }
    // What changes nothing of that is not told.
    given(&server, &service, Method::PUT, &path, json!({ "ban_duration": "none" })).await;
    let body = json!({ "email": "lovelace@example.com" });
    given(&server, &public(&server), Method::POST, "recover", body).await;
    told(&server, "lovelace@example.com", 2, &["Choose a new password"]).await;
}

async fn nobody_is_told_where_that_is_off(mut server: Server) {
    server.restart_with(&["--change-mails=false"]);
    person(&server, ADA).await;
    let caller = with_token(&server, &session_of(&server, ADA).await);
    given(&server, &caller, Method::PUT, "user", json!({ "password": NEXT })).await;
    given(&server, &caller, Method::GET, "reauthenticate", Value::Null).await;
    told(&server, ADA, 0, &["Your code"]).await;
}

/// Whoever makes an account of another's address does not fill their mailbox.
async fn a_mailbox_that_may_be_anothers_is_not_filled(server: Server) {
    let ada = person(&server, ADA).await;
    let path = format!("admin/users/{}", text(&ada["id"]));
    for count in 0..12 {
        let body = json!({ "password": format!("{NEXT}-{count}") });
        given(&server, &server.service(0), Method::PUT, &path, body).await;
    }
    person(&server, "bob@example.com").await;
    let bob = with_token(&server, &session_of(&server, "bob@example.com").await);
    given(&server, &bob, Method::GET, "reauthenticate", Value::Null).await;
    mails(&server, "bob@example.com", 1).await;
    assert_eq!(mails(&server, ADA, 10).await.len(), 10);
}

async fn what_is_told_waits_in_the_queue(mut server: Server) {
    // Nobody listens there, so messages stay where they are.
    server.restart_with(&["--smtp", "smtp://127.0.0.1:9", "--mail-from", "noreply@example.com"]);
    person(&server, ADA).await;
    let caller = with_token(&server, &session_of(&server, ADA).await);
    let refused = json!({ "password": PASSWORD });
    let reply = ask(&server, &caller, Method::PUT, "user", refused).await;
    assert!(reply.status.is_client_error(), "{reply:?}");
    given(&server, &caller, Method::PUT, "user", json!({ "password": NEXT })).await;
    let admin = server.person(0, "admin").await;
    let queued =
        server.get(&admin, "outbound_messages?select=channel,priority&priority=eq.50").await;
    assert_eq!(queued.rows(), [json!({ "channel": "email", "priority": 50 })]);
}
