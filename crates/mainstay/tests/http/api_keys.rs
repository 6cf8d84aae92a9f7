//! API keys as members make and use them.

use crate::on_both_engines;
use crate::server::{Caller, Engine, Reply, Server};
use mainstay_kernel::{Clock, SystemClock};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

on_both_engines!(
    a_key_is_told_once_and_may_do_no_more_than_its_maker,
    a_key_may_do_no_more_than_its_owner_may_by_now,
    a_keys_hourly_limit_is_never_exceeded,
    a_keys_hourly_limit_holds_over_servers,
    a_key_works_from_its_addresses_and_origins_alone,
    a_replaced_key_works_on_for_a_while,
    a_key_of_the_installation_is_replaced_by_one_alone,
    a_teams_keys_are_made_by_those_who_decide_there,
);

/// A withdrawn key is refused within a second; machines that run tests may be slow.
const SOON: Duration = Duration::from_secs(20);

async fn call(server: &Server, caller: &Caller, action: &str, arguments: Value) -> Reply {
    let path = format!("rpc/{action}");
    server.send(caller, Method::POST, &path, &[], arguments.to_string()).await
}

/// A new key of the caller, told whole.
async fn made(server: &Server, caller: &Caller, arguments: Value) -> Value {
    let reply = call(server, caller, "create_api_key", arguments).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    reply.json()
}

fn bearer(key: &Value) -> Caller {
    let key = key["key"].as_str().unwrap().to_owned();
    Caller { apikey: None, bearer: Some(key) }
}

async fn status(server: &Server, key: &Caller) -> StatusCode {
    server.get(key, "teams?limit=1").await.status
}

/// S1-B41, S1-B42, S2-B45, S2-B81.
async fn a_key_is_told_once_and_may_do_no_more_than_its_maker(server: Server) {
    let admin = server.person(0, "admin").await;
    let new = json!({ "name": "Pipeline", "scopes": ["teams:read", "roles:read"] });
    let key = made(&server, &admin, new).await;
    assert_eq!(status(&server, &bearer(&key)).await, StatusCode::OK);
    assert_eq!(key["rate_limit_per_hour"], 1_000);
    let path = format!("api_keys?id=eq.{}", key["id"].as_str().unwrap());
    let columns = "select=key_prefix,scopes,user_id,team_id,is_active,rate_limit_per_hour";
    let row = server.get(&admin, &format!("{path}&{columns}")).await.rows().remove(0);
    assert!(key["key"].as_str().unwrap().starts_with(row["key_prefix"].as_str().unwrap()));
    let own = server.get(&admin, "users?select=id").await.rows().remove(0);
    assert_eq!((&row["user_id"], &row["team_id"]), (&own["id"], &Value::Null));
    // It stands nowhere any more, in the trail neither; that names who made it.
    let events = "audit_events?resource_type=eq.api_keys&select=actor_id,action,new_value,details";
    let events = server.get(&server.service(0), events).await;
    assert!(!events.text.contains(key["key"].as_str().unwrap()), "{}", events.text);
    let maker = own["id"].as_str().unwrap();
    assert!(
        events.rows().iter().any(|e| e["actor_id"] == maker && e["action"] == "api_keys.create")
    );
    // Everything to read is what it may do when nothing is said.
    let plain = made(&server, &admin, json!({ "name": "Plain" })).await;
    assert_eq!(plain["scopes"], json!(["*:read"]));
    let wrong = |new: Value| call(&server, &admin, "create_api_key", new);
    for (new, why) in [
        (json!({ "name": "x", "scopes": ["teams"] }), "resource:action"),
        (json!({ "name": "x", "allowed_ips": ["nonsense"] }), "allowed_ips"),
        (json!({ "name": "x", "allowed_origins": ["https://a.example/path"] }), "allowed_origins"),
        (json!({ "name": "x", "expires_at": "2020-01-01T00:00:00Z" }), "has passed"),
        (json!({ "name": "x", "expires_at": "soon" }), "RFC 3339"),
    ] {
        let reply = wrong(new.clone()).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{new}: {reply:?}");
        assert!(reply.text.contains(why), "{new}: {reply:?}");
    }
    // Administrators may not reveal, nor does a key make keys that may do more than itself.
    let reply = wrong(json!({ "name": "x", "scopes": ["*:reveal"] })).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "{reply:?}");
    let scopes = json!(["api_keys:create", "teams:read"]);
    let maker = bearer(&made(&server, &admin, json!({ "name": "Maker", "scopes": scopes })).await);
    let more = json!({ "name": "x", "user_id": own["id"], "scopes": ["roles:read"] });
    assert_eq!(call(&server, &maker, "create_api_key", more).await.status, StatusCode::FORBIDDEN);
    let same = json!({ "name": "x", "user_id": own["id"], "scopes": ["teams:read"] });
    assert_eq!(call(&server, &maker, "create_api_key", same).await.status, StatusCode::OK);
    // For another member, no more than they may.
    let viewer = server.person(0, "viewer").await;
    let viewers = server.get(&viewer, "users?select=id").await.rows().remove(0);
    let theirs = |scope: &str| json!({ "name": "x", "user_id": viewers["id"], "scopes": [scope] });
    assert_eq!(wrong(theirs("teams:create")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(wrong(theirs("teams:read")).await.status, StatusCode::OK);
    let reply = call(&server, &viewer, "create_api_key", theirs("teams:read")).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "{reply:?}");
}

async fn a_key_may_do_no_more_than_its_owner_may_by_now(server: Server) {
    let admin = server.person(0, "admin").await;
    let analyst = server.person(0, "analyst").await;
    let user = server.get(&analyst, "users?select=id").await.rows()[0]["id"].clone();
    let new = json!({ "name": "x", "user_id": user, "scopes": ["*:read", "teams:create"] });
    let key = bearer(&made(&server, &admin, new).await);
    assert_eq!(server.get(&key, "roles?limit=1").await.status, StatusCode::OK);
    // The owner's role goes, and with it what the key may do.
    let path = format!("user_roles?user_id=eq.{}", user.as_str().unwrap());
    let reply = server.send(&admin, Method::DELETE, &path, &[], "").await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    assert_eq!(status(&server, &key).await, StatusCode::FORBIDDEN);
    // So does the key with its owner.
    let path = format!("organization_members?user_id=eq.{}", user.as_str().unwrap());
    let body = json!({ "status": "suspended" }).to_string();
    let reply = server.send(&admin, Method::PATCH, &path, &[], body).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    assert_eq!(status(&server, &key).await, StatusCode::UNAUTHORIZED);
}

/// S1-B42: many at once get as many answers as the limit says, also over a restart, which stands
/// for another server: what one has taken is lost to others, not given twice.
async fn a_keys_hourly_limit_is_never_exceeded(mut server: Server) {
    const LIMIT: usize = 40;
    let admin = server.person(0, "admin").await;
    let new = json!({ "name": "x", "scopes": ["teams:read"], "rate_limit_per_hour": LIMIT });
    let key = bearer(&made(&server, &admin, new).await);
    // The test must not meet the end of an hour.
    let left = 3_600 - SystemClock.now().as_second() % 3_600;
    if left < 90 {
        tokio::time::sleep(Duration::from_secs(left.unsigned_abs())).await;
    }
    let storm = async |server: &Server, requests: usize| {
        let answers = (0..requests).map(|_| server.get(&key, "teams?limit=1"));
        let answers = futures_util::future::join_all(answers).await;
        let refused = answers.iter().find(|reply| reply.status != StatusCode::OK);
        if let Some(reply) = refused {
            assert_eq!(
                (reply.status, reply.code().as_str()),
                (StatusCode::TOO_MANY_REQUESTS, "MS020")
            );
        }
        answers.iter().filter(|reply| reply.status == StatusCode::OK).count()
    };
    assert_eq!(storm(&server, LIMIT / 2).await, LIMIT / 2);
    server.process.take().unwrap().stop();
    server.serve();
    // Of a limit of 40 a block is 2: as much may be lost.
    let rest = storm(&server, LIMIT).await;
    assert!((LIMIT / 2 - 2..=LIMIT / 2).contains(&rest), "{rest}");
    assert_eq!(storm(&server, 3).await, 0);
    let client = reqwest::Client::new();
    let request = client.get(format!("{}/rest/v1/teams", server.url));
    let reply = request.bearer_auth(key.bearer.as_ref().unwrap()).send().await.unwrap();
    let seconds: i64 = reply.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=3_600).contains(&seconds), "{seconds}");
}

/// S1-B42: two servers that are asked at once give as many answers as the limit says together.
async fn a_keys_hourly_limit_holds_over_servers(server: Server) {
    const LIMIT: usize = 40;
    if server.engine == Engine::Sqlite {
        return;
    }
    let admin = server.person(0, "admin").await;
    let new = json!({ "name": "x", "scopes": ["teams:read"], "rate_limit_per_hour": LIMIT });
    let key = bearer(&made(&server, &admin, new).await);
    let folder = mainstay_testkit::temp_dir();
    let other = server.serve_at(folder.path());
    let left = 3_600 - SystemClock.now().as_second() % 3_600;
    if left < 90 {
        tokio::time::sleep(Duration::from_secs(left.unsigned_abs())).await;
    }
    let client = reqwest::Client::new();
    let asked = (0..2 * LIMIT).map(|n| {
        let at = if n % 2 == 0 { &server.url } else { &other.url() };
        let request = client.get(format!("{at}/rest/v1/teams?limit=1"));
        let request = request.bearer_auth(key.bearer.as_ref().unwrap());
        async move { request.send().await.unwrap().status() }
    });
    let statuses = futures_util::future::join_all(asked).await;
    let count = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!(count(StatusCode::OK), LIMIT);
    assert_eq!(count(StatusCode::TOO_MANY_REQUESTS), LIMIT);
}

async fn a_key_works_from_its_addresses_and_origins_alone(server: Server) {
    let admin = server.person(0, "admin").await;
    let key = async |field: &str, list: Value| {
        let mut new = json!({ "name": "x", "scopes": ["teams:read"] });
        new[field] = list;
        bearer(&made(&server, &admin, new).await)
    };
    let here = key("allowed_ips", json!(["127.0.0.0/8", "::1"])).await;
    assert_eq!(status(&server, &here).await, StatusCode::OK);
    let elsewhere = key("allowed_ips", json!(["192.0.2.0/24", "2001:db8::/32"])).await;
    assert_eq!(status(&server, &elsewhere).await, StatusCode::UNAUTHORIZED);
    // Nobody is believed who says that they come from there.
    let headers = [("X-Forwarded-For", "192.0.2.7")];
    let reply = server.send(&elsewhere, Method::GET, "teams", &headers, "").await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{reply:?}");
    let page = key("allowed_origins", json!(["https://app.example"])).await;
    for (origin, expected) in [
        (Some("https://app.example"), StatusCode::OK),
        (Some("https://app.example.evil"), StatusCode::UNAUTHORIZED),
        (Some("null"), StatusCode::UNAUTHORIZED),
        (None, StatusCode::UNAUTHORIZED),
    ] {
        let headers: Vec<_> = origin.iter().map(|origin| ("Origin", *origin)).collect();
        let reply = server.send(&page, Method::GET, "teams?limit=1", &headers, "").await;
        assert_eq!(reply.status, expected, "{origin:?}: {reply:?}");
    }
}

async fn a_replaced_key_works_on_for_a_while(server: Server) {
    let admin = server.person(0, "admin").await;
    let new = json!({ "name": "x", "scopes": ["teams:read"], "rate_limit_per_hour": 77 });
    let old = made(&server, &admin, new).await;
    let rotate = json!({ "id": old["id"], "overlap_seconds": 2 });
    let reply = call(&server, &admin, "rotate_api_key", rotate).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let new = reply.json();
    assert_eq!((&new["scopes"], &new["rate_limit_per_hour"]), (&old["scopes"], &json!(77)));
    let (old_key, new_key) = (bearer(&old), bearer(&new));
    assert_eq!(status(&server, &old_key).await, StatusCode::OK);
    assert_eq!(status(&server, &new_key).await, StatusCode::OK);
    let has_ended = async || status(&server, &old_key).await == StatusCode::UNAUTHORIZED;
    assert!(mainstay_testkit::wait_until(has_ended, SOON).await);
    // One that has ended is neither replaced nor withdrawn; another organisation's is unknown.
    for (caller, id) in [(&admin, &old["id"]), (&server.service(1), &new["id"])] {
        for action in ["rotate_api_key", "revoke_api_key"] {
            let reply = call(&server, caller, action, json!({ "id": id })).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{action}: {reply:?}");
        }
    }
    let withdrawal = json!({ "id": new["id"], "reason": "leaked" });
    let reply = call(&server, &admin, "revoke_api_key", withdrawal).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    assert_eq!(status(&server, &new_key).await, StatusCode::UNAUTHORIZED);
    let path = format!("api_keys?id=eq.{}&select=revoked_reason", new["id"].as_str().unwrap());
    assert_eq!(server.get(&admin, &path).await.text, r#"[{"revoked_reason":"leaked"}]"#);
}

/// Nobody of an organisation gets hold of one by replacing it.
async fn a_key_of_the_installation_is_replaced_by_one_alone(server: Server) {
    let (service, admin) = (server.service(0), server.person(0, "admin").await);
    let path = "api_keys?name=eq.service&select=id,installation,scopes";
    let old = server.get(&admin, path).await.rows().remove(0);
    assert_eq!(old["installation"], true);
    let rotate = json!({ "id": old["id"], "overlap_seconds": 600 });
    let refused = call(&server, &admin, "rotate_api_key", rotate.clone()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
    assert!(refused.text.contains("a key of the installation"), "{refused:?}");
    let new = call(&server, &service, "rotate_api_key", rotate).await;
    assert_eq!(new.status, StatusCode::OK, "{new:?}");
    let new = new.json();
    let path = format!("api_keys?id=eq.{}&select=installation,scopes", new["id"].as_str().unwrap());
    let row = server.get(&bearer(&new), &path).await.rows().remove(0);
    assert_eq!(row, json!({ "installation": true, "scopes": old["scopes"] }));
}

/// S1-B9: owners and maintainers decide for a team.
async fn a_teams_keys_are_made_by_those_who_decide_there(server: Server) {
    let admin = server.person(0, "admin").await;
    let person = server.person(0, "platform_engineer").await;
    let user = server.get(&person, "users?select=id").await.rows()[0]["id"].clone();
    let body = json!({ "name": "keepers" }).to_string();
    let headers = [("Prefer", "return=representation")];
    let role = server.send(&admin, Method::POST, "roles", &headers, body).await.rows().remove(0);
    let path = "permissions?name=eq.api_keys:create&select=id";
    let permission = server.get(&admin, path).await.rows().remove(0);
    let grant = json!({ "role_id": role["id"], "permission_id": permission["id"] }).to_string();
    let reply = server.send(&admin, Method::POST, "role_permissions", &[], grant).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let assignment = json!({ "role_id": role["id"], "user_id": user }).to_string();
    let reply = server.send(&admin, Method::POST, "user_roles", &[], assignment).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let path = format!("team_members?user_id=eq.{}&select=id,team_id", user.as_str().unwrap());
    let place = server.get(&admin, &path).await.rows().remove(0);
    let path = format!("team_members?id=eq.{}", place["id"].as_str().unwrap());
    for (role, expected) in [
        ("MEMBER", StatusCode::FORBIDDEN),
        ("MAINTAINER", StatusCode::OK),
        ("OWNER", StatusCode::OK),
    ] {
        let body = json!({ "role": role }).to_string();
        let reply = server.send(&admin, Method::PATCH, &path, &[], body).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
        let new = json!({ "name": "x", "team_id": place["team_id"], "scopes": ["teams:read"] });
        let reply = call(&server, &person, "create_api_key", new).await;
        assert_eq!(reply.status, expected, "{role}: {reply:?}");
    }
}
