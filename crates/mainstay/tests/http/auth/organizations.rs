//! Coming to organisations by invitation, and going from one to another.

use super::{PASSWORD, SOON, ask, given, is_in, link, mails, person, post, public, refusal, text};
use crate::on_both_engines;
use crate::server::{Caller, Reply, Server};
use futures_util::future::{join, join_all};
use mainstay_kernel::{Clock, SystemClock};
use mainstay_testkit::wait_until;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    a_session_goes_to_another_organization,
    an_invitation_lets_in_with_or_without_an_account,
    an_invitation_gives_no_more_than_its_inviter_has,
    an_invitation_ends_when_it_is_sent_anew_taken_back_or_overdue,
    seats_hold_when_many_invite_and_accept_at_once,
    ways_to_sign_in_name_the_person_there,
    the_documents_company_has_its_seats_and_tier,
);

/// Somebody without a key of any organisation.
fn bearer(session: &Value) -> Caller {
    Caller { apikey: None, bearer: Some(text(&session["access_token"]).to_owned()) }
}

/// The organisations whose teams a caller sees.
async fn seen(server: &Server, caller: &Caller) -> Vec<Value> {
    let rows = server.get(caller, "teams?select=organization_id").await.rows();
    let mut seen: Vec<Value> = rows.into_iter().map(|row| row["organization_id"].clone()).collect();
    seen.dedup();
    seen
}

async fn enter(server: &Server, caller: &Caller, organization: &str) -> Reply {
    let path = format!("user/organizations/{organization}/enter");
    post(server, caller, &path, Value::Null).await
}

async fn a_session_goes_to_another_organization(server: Server) {
    let users = server.organization(0)["users"].as_array().unwrap();
    let pat = users.iter().find(|user| user["email"] == "pat@both.example").unwrap();
    let credentials = json!({ "email": pat["email"], "password": pat["password"] });
    let [acme, globex] = [server.organization_id(0), server.organization_id(1)];
    let nobody = Caller::default();
    let sign_in = async |caller: &Caller| {
        let path = "token?grant_type=password";
        given(&server, caller, Method::POST, path, credentials.clone()).await
    };
    let first = sign_in(&public(&server)).await;
    let own = given(&server, &bearer(&first), Method::GET, "user/organizations", Value::Null).await;
    let own: Vec<_> = own["organizations"].as_array().unwrap().iter().collect();
    assert_eq!(own.len(), 2, "{own:?}");
    assert!(own.iter().all(|own| (own["id"] == acme) == (own["is_current"] == true)), "{own:?}");

    let entered = enter(&server, &bearer(&first), &globex).await;
    assert_eq!(entered.status, StatusCode::OK, "{entered:?}");
    let second = entered.json();
    assert_eq!(seen(&server, &bearer(&second)).await, [json!(globex)]);
    // What was given for the one before opens nothing more, and its key does not fit any more.
    assert!(!is_in(&server, &first).await);
    let mixed = Caller { apikey: server.anonymous(0).apikey, ..bearer(&second) };
    assert_eq!(server.get(&mixed, "teams").await.code(), "PGRST302");
    let token = json!({ "refresh_token": second["refresh_token"] });
    let third = given(&server, &nobody, Method::POST, "token?grant_type=refresh_token", token);
    let third = third.await;
    assert_eq!(seen(&server, &bearer(&third)).await, [json!(globex)]);
    // A sign-in that names none goes where the person was last.
    assert_eq!(seen(&server, &bearer(&sign_in(&nobody).await)).await, [json!(globex)]);

    for unknown in ["018f0000-0000-7000-8000-000000000000", "x"] {
        let reply = enter(&server, &bearer(&third), unknown).await;
        assert_eq!(refusal(&reply), (403, "not_a_member".to_owned()), "{unknown}");
    }
    let path = format!("organization_members?user_id=eq.{}", text(&third["user"]["id"]));
    let body = json!({ "status": "suspended" }).to_string();
    let reply = server.send(&server.service(0), Method::PATCH, &path, &[], body).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    let reply = enter(&server, &bearer(&third), &acme).await;
    assert_eq!(refusal(&reply), (403, "not_a_member".to_owned()));
    assert_eq!(seen(&server, &bearer(&third)).await, [json!(globex)]);
}

async fn invite(server: &Server, caller: &Caller, body: Value) -> Reply {
    post(server, caller, "invitations", body).await
}

/// The token of the newest mail of so many to an address.
async fn token(server: &Server, to: &str, count: usize) -> String {
    let mail = mails(server, to, count).await.pop().unwrap();
    let link = link(&mail);
    assert!(link.contains("type=invitation"), "{mail}");
    let token = link.split(['?', '&']).find_map(|pair| pair.strip_prefix("token=")).unwrap();
    token.to_owned()
}

async fn accept(server: &Server, token: &str) -> Reply {
    let proof = json!({ "type": "invitation", "token_hash": token });
    post(server, &public(server), "verify", proof).await
}

/// The roles of a member of Acme, by name.
async fn roles(server: &Server, user: &Value) -> Vec<Value> {
    let path = format!("user_roles?select=roles(name)&status=eq.active&user_id=eq.{}", text(user));
    let rows = server.get(&server.service(0), &path).await.rows();
    rows.into_iter().map(|row| row["roles"]["name"].clone()).collect()
}

async fn an_invitation_lets_in_with_or_without_an_account(server: Server) {
    let admin = server.person(0, "admin").await;
    let body = json!({ "email": "New@Example.com", "role": "analyst" });
    let invitation = invite(&server, &admin, body.clone()).await;
    assert_eq!(invitation.status, StatusCode::CREATED, "{invitation:?}");
    assert_eq!(invitation.json()["email"], "new@example.com");
    assert_eq!(refusal(&invite(&server, &admin, body).await), (422, "email_exists".to_owned()));
    let invited = token(&server, "new@example.com", 1).await;
    assert!(!invitation.text.contains(&invited), "who invites does not get the link");
    let session = accept(&server, &invited).await.json();
    assert!(is_in(&server, &session).await);
    assert_eq!(session["user"]["email"], "new@example.com");
    assert_eq!(roles(&server, &session["user"]["id"]).await, ["analyst"]);
    let again = accept(&server, &invited).await;
    assert_eq!(refusal(&again), (403, "otp_expired".to_owned()));
    let body = json!({ "email": "new@example.com" });
    assert_eq!(refusal(&invite(&server, &admin, body).await), (422, "email_exists".to_owned()));

    // Who has an account elsewhere comes with it.
    let account =
        json!({ "email": "eve@example.com", "password": PASSWORD, "email_confirm": true });
    let eve = given(&server, &server.service(1), Method::POST, "admin/users", account).await;
    let to = "https://acme.example.com/welcome";
    super::set_auth(&server, json!({ "site_url": "https://acme.example.com" })).await;
    let body = json!({ "email": "eve@example.com", "redirect_to": to });
    assert_eq!(invite(&server, &admin, body).await.status, StatusCode::CREATED);
    let mail = mails(&server, "eve@example.com", 1).await.remove(0);
    let landing = server.follow(&format!("/auth/v1/{}", link(&mail))).await;
    assert!(landing.starts_with(&format!("{to}#access_token=")), "{landing}");
    let token = landing.split(['#', '&']).find_map(|pair| pair.strip_prefix("access_token="));
    let caller = bearer(&json!({ "access_token": token.unwrap() }));
    let own = given(&server, &caller, Method::GET, "user", Value::Null).await;
    assert_eq!(own["id"], eve["id"]);
    assert!(roles(&server, &eve["id"]).await.is_empty());
    let own = given(&server, &caller, Method::GET, "user/organizations", Value::Null).await;
    assert_eq!(own["organizations"].as_array().unwrap().len(), 2);
    let landing = server.follow(&format!("/auth/v1/{}", link(&mail))).await;
    assert!(landing.contains("error_code=otp_expired"), "{landing}");

    let path = "invitations?select=status,accepted_by&email=eq.eve@example.com";
    let row = server.get(&admin, path).await.rows().remove(0);
    assert_eq!(row, json!({ "status": "accepted", "accepted_by": eve["id"] }));
}

/// A key of Acme's administrator with some scopes.
async fn key(server: &Server, scopes: Value) -> (Caller, Value) {
    let admin = server.person(0, "admin").await;
    let body = json!({ "name": "x", "scopes": scopes }).to_string();
    let reply = server.send(&admin, Method::POST, "rpc/create_api_key", &[], body).await;
    let key = reply.json();
    let text = key["key"].as_str().unwrap_or_else(|| panic!("{reply:?}")).to_owned();
    (Caller { apikey: Some(text.clone()), bearer: Some(text) }, key["id"].clone())
}

async fn an_invitation_gives_no_more_than_its_inviter_has(server: Server) {
    let viewer = server.person(0, "viewer").await;
    let body = json!({ "email": "a@example.com", "role": "viewer" });
    assert_eq!(refusal(&invite(&server, &viewer, body).await), (403, "not_admin".to_owned()));
    let (inviter, id) = key(&server, json!(["invitations:create", "*:read"])).await;
    let body = json!({ "email": "a@example.com", "role": "member" });
    assert_eq!(refusal(&invite(&server, &inviter, body).await), (403, "not_admin".to_owned()));
    let body = json!({ "email": "a@example.com", "role": "nonsense" });
    let reply = invite(&server, &inviter, body).await;
    assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
    for email in ["a@example.com", "b@example.com"] {
        let reply = invite(&server, &inviter, json!({ "email": email, "role": "viewer" })).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    }
    let session = accept(&server, &token(&server, "a@example.com", 1).await).await.json();
    assert_eq!(roles(&server, &session["user"]["id"]).await, ["viewer"]);
    // Neither by what they set for those who sign up.
    let (keeper, _) = key(&server, json!(["organizations:update", "*:read"])).await;
    for (role, expected) in [("admin", StatusCode::FORBIDDEN), ("viewer", StatusCode::NO_CONTENT)] {
        let path = format!("organizations?id=eq.{}", server.organization_id(0));
        let body = json!({ "settings": { "auth": { "role": role } } }).to_string();
        let reply = server.send(&keeper, Method::PATCH, &path, &[], body).await;
        assert_eq!(reply.status, expected, "{role}: {reply:?}");
    }
    // A role that nobody could give any more is given to nobody.
    let admin = server.person(0, "admin").await;
    let body = json!({ "id": id }).to_string();
    let reply = server.send(&admin, Method::POST, "rpc/revoke_api_key", &[], body).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    let reply = accept(&server, &token(&server, "b@example.com", 1).await).await;
    assert_eq!(refusal(&reply), (403, "otp_expired".to_owned()));
}

async fn an_invitation_ends_when_it_is_sent_anew_taken_back_or_overdue(server: Server) {
    let admin = server.person(0, "admin").await;
    let ended = (403, "otp_expired".to_owned());
    let reply = invite(&server, &admin, json!({ "email": "a@example.com" })).await;
    let path = format!("invitations/{}", text(&reply.json()["id"]));
    let old = token(&server, "a@example.com", 1).await;
    let stranger = server.service(1);
    for (method, path) in [(Method::POST, format!("{path}/resend")), (Method::DELETE, path.clone())]
    {
        let reply = ask(&server, &stranger, method, &path, Value::Null).await;
        assert_eq!(refusal(&reply), (404, "invitation_not_found".to_owned()), "{path}");
    }
    let again = given(&server, &admin, Method::POST, &format!("{path}/resend"), Value::Null).await;
    assert_eq!(again["sent_count"], 2);
    let new = token(&server, "a@example.com", 2).await;
    assert_eq!(refusal(&accept(&server, &old).await), ended);
    assert_eq!(given(&server, &admin, Method::DELETE, &path, Value::Null).await, Value::Null);
    assert_eq!(refusal(&accept(&server, &new).await), ended);
    let reply = ask(&server, &admin, Method::DELETE, &path, Value::Null).await;
    assert_eq!(refusal(&reply), (404, "invitation_not_found".to_owned()));

    let body = json!({ "email": "a@example.com", "expires_in": 1 });
    let reply = invite(&server, &admin, body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "a revoked one is in nobody's way: {reply:?}");
    let overdue = token(&server, "a@example.com", 3).await;
    let end: jiff::Timestamp = text(&reply.json()["expires_at"]).parse().unwrap();
    assert!(wait_until(async || SystemClock.now() > end, SOON).await);
    assert_eq!(refusal(&accept(&server, &overdue).await), ended);
    let reply = invite(&server, &admin, json!({ "email": "a@example.com" })).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    for wrong in [0, 31 * 24 * 3_600] {
        let body = json!({ "email": "b@example.com", "expires_in": wrong });
        let reply = invite(&server, &admin, body).await;
        assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()));
    }
    for nonsense in ["", "x", &old[1..]] {
        assert_eq!(refusal(&accept(&server, nonsense).await).1, "otp_expired", "{nonsense}");
    }
}

/// S2-B50.
async fn seats_hold_when_many_invite_and_accept_at_once(server: Server) {
    const FREE: usize = 3;
    let (admin, service) = (server.person(0, "admin").await, server.service(0));
    let seated = "organization_members?select=user_id&status=in.(active,invited)";
    let pending = "invitations?select=id&status=eq.pending";
    let taken = async || {
        let seated = server.get(&service, seated).await.rows().len();
        seated + server.get(&service, pending).await.rows().len()
    };
    let seats = taken().await + FREE;
    let own = format!("organizations?id=eq.{}", server.organization_id(0));
    let body = json!({ "max_seats": seats }).to_string();
    let reply = server.send(&service, Method::PATCH, &own, &[], body).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    let emails: Vec<String> = (0..2 * FREE).map(|n| format!("guest{n}@example.com")).collect();
    let asked = emails.iter().map(|email| invite(&server, &admin, json!({ "email": email })));
    let replies = join_all(asked).await;
    let is_asked = |reply: &Reply| reply.status == StatusCode::CREATED;
    assert_eq!(replies.iter().filter(|reply| is_asked(reply)).count(), FREE, "{replies:?}");
    for reply in replies.iter().filter(|reply| !is_asked(reply)) {
        assert_eq!(refusal(reply), (422, "limit_reached".to_owned()));
    }
    assert_eq!(taken().await, seats);

    let invited = emails.iter().zip(&replies).filter(|(_, reply)| is_asked(reply));
    let mut tokens = Vec::new();
    for (email, _) in invited {
        tokens.push(token(&server, email, 1).await);
    }
    // Others who come at the same time get none of the seats that are kept.
    let strangers = server.get(&server.service(1), "organization_members?select=user_id").await;
    let members = server.get(&service, "organization_members?select=user_id").await.rows();
    let strangers: Vec<Value> =
        strangers.rows().into_iter().filter(|row| !members.contains(row)).take(FREE).collect();
    let come = strangers.iter().map(|row| {
        server.send(&service, Method::POST, "organization_members", &[], row.to_string())
    });
    let (accepted, refused) = join(
        join_all(tokens.iter().chain(&tokens).map(|token| accept(&server, token))),
        join_all(come),
    )
    .await;
    let in_now = accepted.iter().filter(|reply| reply.status == StatusCode::OK).count();
    assert_eq!(in_now, FREE, "each once: {accepted:?}");
    assert!(refused.iter().all(|reply| reply.code() == "54000"), "{refused:?}");
    assert_eq!(taken().await, seats);
}

/// S1-B10, S1-B37.
async fn ways_to_sign_in_name_the_person_there(server: Server) {
    let mut seen = Vec::new();
    for role in ["analyst", "developer", "platform_engineer"] {
        let person = server.person(0, role).await;
        let rows = server.get(&person, "user_accounts?select=provider,provider_account_id").await;
        for row in rows.rows() {
            assert!(!text(&row["provider_account_id"]).is_empty(), "{row}");
            seen.push(text(&row["provider"]).to_owned());
        }
    }
    seen.sort();
    seen.dedup();
    // A local account is one with a password.
    assert_eq!(seen, ["github", "google", "password", "saml"]);
    let ada = person(&server, "ada@example.com").await;
    assert_eq!(
        (&ada["identities"][0]["id"], &ada["identities"][0]["provider"]),
        (&ada["id"], &json!("email"))
    );
}

/// S2-B80.
async fn the_documents_company_has_its_seats_and_tier(server: Server) {
    let service = server.service(0);
    let own = format!("organizations?id=eq.{}", server.organization_id(0));
    let body = json!({ "max_seats": 10 }).to_string();
    let reply = server.send(&service, Method::PATCH, &own, &[], body).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    let path = format!("{own}&select=name,primary_domain,max_seats");
    let company = server.get(&service, &path).await.rows().remove(0);
    let expected = json!({ "name": "Acme Corp", "primary_domain": "acme.com", "max_seats": 10 });
    assert_eq!(company, expected);
    let tier = "subscriptions?select=tier&user_id=is.null";
    assert_eq!(server.get(&service, tier).await.rows(), [json!({ "tier": "professional" })]);
    // The demonstration has more people than that: nobody further comes.
    let admin = server.person(0, "admin").await;
    let reply = invite(&server, &admin, json!({ "email": "a@example.com" })).await;
    assert_eq!(refusal(&reply), (422, "limit_reached".to_owned()));
}
