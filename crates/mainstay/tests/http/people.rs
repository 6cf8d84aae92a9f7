//! Seats of organisations, and what people keep of themselves.

use crate::on_both_engines;
use crate::server::{Caller, Reply, Server};
use futures_util::future::join_all;
use mainstay_kernel::{Clock, SystemClock};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    seats_hold_when_many_come_at_once,
    domains_are_limited_and_limits_are_raised_by_the_installation_alone,
    people_change_what_they_keep_of_themselves,
    onboarding_goes_in_order_with_what_each_step_asks_for,
    an_account_for_a_while_ends_by_itself,
);

async fn post(server: &Server, caller: &Caller, table: &str, body: Value) -> Reply {
    let headers = [("Prefer", "return=representation")];
    server.send(caller, Method::POST, table, &headers, body.to_string()).await
}

async fn patch(server: &Server, caller: &Caller, path: &str, body: Value) -> Reply {
    server.send(caller, Method::PATCH, path, &[], body.to_string()).await
}

async fn user(server: &Server, caller: &Caller) -> Value {
    server.get(caller, "users?select=id").await.rows()[0]["id"].clone()
}

/// S2-B50.
async fn seats_hold_when_many_come_at_once(server: Server) {
    const FREE: usize = 2;
    let service = server.service(0);
    let path = "organization_members?select=user_id&status=in.(active,invited)";
    let members = server.get(&service, path).await.rows();
    let seats = json!({ "max_seats": members.len() + FREE });
    let own = format!("organizations?id=eq.{}", server.organization_id(0));
    assert_eq!(patch(&server, &service, &own, seats).await.status, StatusCode::NO_CONTENT);
    let others = server.get(&server.service(1), "organization_members?select=user_id").await.rows();
    let strangers = others.iter().filter(|row| !members.contains(row)).take(FREE + 3);
    let come = strangers.map(|row| {
        let body = json!({ "user_id": row["user_id"], "status": "invited" });
        post(&server, &service, "organization_members", body)
    });
    let replies = join_all(come).await;
    assert_eq!(replies.len(), FREE + 3);
    let (came, refused): (Vec<_>, Vec<_>) =
        replies.into_iter().partition(|reply| reply.status == StatusCode::CREATED);
    assert_eq!(came.len(), FREE, "{refused:?}");
    for reply in refused {
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::BAD_REQUEST, "54000"),
            "{reply:?}"
        );
    }
    // Who was asked takes no second seat by coming; who leaves gives theirs up.
    let one = came[0].rows().remove(0);
    let path = format!("organization_members?id=eq.{}", one["id"].as_str().unwrap());
    for status in ["active", "left"] {
        let reply = patch(&server, &service, &path, json!({ "status": status })).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{status}: {reply:?}");
    }
    let next = others.iter().find(|row| {
        !members.contains(row)
            && came.iter().all(|reply| reply.rows()[0]["user_id"] != row["user_id"])
    });
    let body = json!({ "user_id": next.unwrap()["user_id"] });
    let reply = post(&server, &service, "organization_members", body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let reply = patch(&server, &service, &path, json!({ "status": "active" })).await;
    assert_eq!(reply.code(), "54000", "{reply:?}");
}

async fn domains_are_limited_and_limits_are_raised_by_the_installation_alone(server: Server) {
    let service = server.service(0);
    let own = format!("organizations?id=eq.{}", server.organization_id(0));
    let change = async |body: Value| patch(&server, &service, &own, body).await;
    // The primary one, one that is to be verified, and one more.
    assert_eq!(change(json!({ "max_domains": 3 })).await.status, StatusCode::NO_CONTENT);
    let further = json!({ "additional_domains": ["acme.example"] });
    assert_eq!(change(further).await.status, StatusCode::NO_CONTENT);
    let too_many = change(json!({ "additional_domains": ["acme.example", "acme.test"] })).await;
    assert_eq!(
        (too_many.status, too_many.code().as_str()),
        (StatusCode::BAD_REQUEST, "54000"),
        "{too_many:?}"
    );
    for raised in
        [json!({ "max_domains": 4 }), json!({ "max_domains": null }), json!({ "max_seats": 51 })]
    {
        let reply = change(raised.clone()).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{raised}: {reply:?}");
    }
}

/// S3-B32, S3-B33, S2-B52.
async fn people_change_what_they_keep_of_themselves(server: Server) {
    let viewer = server.person(0, "viewer").await;
    let other = server.person(0, "analyst").await;
    let (own, theirs) = (user(&server, &viewer).await, user(&server, &other).await);
    for (table, change, column) in [
        ("user_settings", json!({ "theme": "light" }), "theme"),
        ("user_profiles", json!({ "full_name": "Vera" }), "full_name"),
    ] {
        // The demonstration has some of them.
        let path = format!("{table}?on_conflict=user_id");
        let headers = [("Prefer", "return=representation,resolution=merge-duplicates")];
        let body = json!({ "user_id": own }).to_string();
        let reply = server.send(&viewer, Method::POST, &path, &headers, body).await;
        assert!(reply.status.is_success(), "{table}: {reply:?}");
        let reply =
            patch(&server, &viewer, &format!("{table}?user_id=not.is.null"), change.clone()).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{table}: {reply:?}");
        let rows = server.get(&viewer, &format!("{table}?select=user_id,{column}")).await.rows();
        assert_eq!(rows, [json!({ "user_id": own, column: change[column] })], "{table}");
        // Nobody writes for somebody else.
        let body = json!({ "user_id": theirs }).to_string();
        let reply = server.send(&viewer, Method::POST, &path, &headers, body).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{table}: {reply:?}");
        let seen = server.get(&other, &format!("{table}?select={column}")).await.rows();
        assert!(seen.iter().all(|row| row[column] != change[column]), "{seen:?}");
    }
    // What is the server's to say of an account stays so.
    let reply = patch(
        &server,
        &viewer,
        &format!("users?id=eq.{}", own.as_str().unwrap()),
        json!({ "email": "x@y.z" }),
    )
    .await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "{reply:?}");
}

/// S3-B151.
async fn onboarding_goes_in_order_with_what_each_step_asks_for(server: Server) {
    let viewer = server.person(0, "viewer").await;
    let own = user(&server, &viewer).await;
    let finish = async |step: &str, data: Value| {
        let body = json!({ "user_id": own, "step": step, "completed": true, "data": data });
        let path = "onboarding_states?on_conflict=user_id,step";
        let headers = [("Prefer", "resolution=merge-duplicates")];
        server.send(&viewer, Method::POST, path, &headers, body.to_string()).await
    };
    // The demonstration has three steps: profile, second_factor, and invite, which may be left out.
    for (step, data, why) in [
        ("second_factor", json!({}), "step profile comes first"),
        ("profile", json!({}), "don't fit its rules"),
        ("profile", json!([]), "don't fit its rules"),
    ] {
        let reply = finish(step, data).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::BAD_REQUEST, "23514"),
            "{reply:?}"
        );
        assert!(reply.text.contains(why), "{reply:?}");
    }
    assert!(finish("profile", json!({ "full_name": "Vera" })).await.status.is_success());
    assert!(finish("second_factor", json!({})).await.status.is_success());
    let states = server.get(&viewer, "onboarding_states?select=step,user_id&completed=is.true");
    let states = states.await.rows();
    assert!(states.len() >= 2 && states.iter().all(|row| row["user_id"] == own), "{states:?}");
}

/// S2-B44.
async fn an_account_for_a_while_ends_by_itself(server: Server) {
    let admin = server.person(0, "admin").await;
    let demo = server.person(0, "demo").await;
    let own = user(&server, &demo).await;
    let end = SystemClock.now() + jiff::SignedDuration::from_secs(3);
    let call = async |caller: &Caller, user: &Value, end: Option<String>| {
        let body = json!({ "user_id": user, "expires_at": end });
        post(&server, caller, "rpc/set_account_end", body).await
    };
    let reply = call(&admin, &own, Some(end.to_string())).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    let works = async || server.get(&demo, "teams?limit=1").await.status == StatusCode::OK;
    assert!(works().await || SystemClock.now() >= end);
    let has_ended = async || !works().await;
    assert!(mainstay_testkit::wait_until(has_ended, std::time::Duration::from_secs(10)).await);
    assert!(SystemClock.now() >= end);
    let people = server.organization(0)["users"].as_array().unwrap();
    let person = people.iter().find(|person| person["role"] == "demo").unwrap();
    let apikey = server.anonymous(0).apikey.unwrap();
    let signed_in = server.sign_in(&apikey, &person["email"], &person["password"]).await;
    assert_eq!(signed_in.status, StatusCode::BAD_REQUEST, "{signed_in:?}");
    // Who belongs elsewhere too, or may do more, is not theirs to end; nor is the caller, last of all.
    let both = people.iter().find(|person| person["email"] == "pat@both.example").unwrap();
    let path = "organization_members?select=user_id,email";
    let members = server.get(&admin, path).await.rows();
    let pat = members.iter().find(|row| row["email"] == both["email"]).unwrap();
    let reply = call(&admin, &pat["user_id"], Some(end.to_string())).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "{reply:?}");
    let strangers = user(&server, &server.person(1, "viewer").await).await;
    assert_eq!(call(&admin, &strangers, None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(call(&demo, &own, None).await.status, StatusCode::UNAUTHORIZED);
}
