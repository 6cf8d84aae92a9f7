//! Who may do what: conditions of permissions, who may grant them, who stays, and why.

use crate::changes::Listener;
use crate::on_both_engines;
use crate::server::{Caller, Reply, Server};
use mainstay_kernel::{Clock, SystemClock};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

on_both_engines!(
    conditions_hold_for_every_row_that_is_read,
    conditions_hold_behind_views,
    conditions_hold_for_changes_that_others_are_told,
    conditions_hold_for_every_row_that_is_written,
    conditions_on_subject_and_request_decide_alone,
    conditions_that_are_no_filter_are_refused,
    the_more_specific_permission_overrides_an_inherited_one,
    nobody_grants_what_they_do_not_have,
    roles_inherit_in_no_circle,
    the_last_owner_stays,
    assignments_end_by_themselves,
    access_is_explained_step_by_step,
    shipped_roles_do_what_the_documents_say,
    a_policy_by_who_installed_a_plugin_is_a_condition,
);

/// An assignment ends with the second; machines that run tests may be slow.
const SOON: Duration = Duration::from_secs(20);

/// Somebody of Acme with one new role, and the administrator who made it.
struct Cast {
    server: Server,
    admin: Caller,
    /// The viewer, whose only role is the new one.
    person: Caller,
    user: Value,
    role: Value,
}

impl Cast {
    /// With a role of these permissions, each with its condition.
    async fn of(server: Server, grants: &[(&str, Option<Value>)]) -> Self {
        let admin = server.person(0, "admin").await;
        let person = server.person(0, "viewer").await;
        let user = server.get(&person, "users?select=id").await.rows()[0]["id"].clone();
        let body = json!({ "name": "tested" });
        let role = created(&server, &admin, "roles", &body).await["id"].clone();
        let cast = Self { server, admin, person, user, role };
        for (pair, condition) in grants {
            let reply = cast.grant(&cast.admin, pair, condition.clone()).await;
            assert_eq!(reply.status, StatusCode::CREATED, "{pair}: {reply:?}");
        }
        let path = format!("user_roles?user_id=eq.{}", text(&cast.user));
        let reply = cast.server.send(&cast.admin, Method::DELETE, &path, &[], "").await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
        let assignment = json!({ "user_id": cast.user, "role_id": cast.role });
        created(&cast.server, &cast.admin, "user_roles", &assignment).await;
        cast
    }

    /// Gives the role a permission.
    async fn grant(&self, by: &Caller, pair: &str, condition: Option<Value>) -> Reply {
        let permission = permission(&self.server, pair).await;
        let grant = json!({
            "role_id": self.role, "permission_id": permission, "conditions": condition,
        });
        self.server.send(by, Method::POST, "role_permissions", &[], grant.to_string()).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.server.get(&self.person, path).await
    }

    async fn write(&self, method: Method, path: &str, body: Value) -> Reply {
        let headers = [("Prefer", "return=representation,resolution=merge-duplicates")];
        self.server.send(&self.person, method, path, &headers, body.to_string()).await
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

async fn created(server: &Server, by: &Caller, table: &str, body: &Value) -> Value {
    let headers = [("Prefer", "return=representation")];
    let reply = server.send(by, Method::POST, table, &headers, body.to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{table}: {reply:?}");
    reply.rows().remove(0)
}

/// The identifier of a permission of the installation's list.
async fn permission(server: &Server, pair: &str) -> Value {
    let path = format!("permissions?name=eq.{pair}&select=id");
    let found = server.get(&server.service(0), &path).await.rows();
    found.first().unwrap_or_else(|| panic!("no permission {pair}"))["id"].clone()
}

async fn role(server: &Server, name: &str) -> Value {
    let path = format!("roles?name=eq.{name}&select=id");
    server.get(&server.service(0), &path).await.rows()[0]["id"].clone()
}

fn refused(reply: &Reply) {
    assert_eq!(
        (reply.status, reply.code().as_str()),
        (StatusCode::FORBIDDEN, "42501"),
        "{reply:?}"
    );
}

/// Of one change that several are told each is told what it may see.
async fn conditions_hold_for_changes_that_others_are_told(server: Server) {
    let grants = [("teams:read", Some(json!("row.name == 'told-to-all'")))];
    let cast = Cast::of(server, &grants).await;
    let target = "teams/changes?select=name";
    let service = cast.server.service(0);
    let mut listeners = Vec::new();
    for caller in [&service, &cast.person, &cast.admin, &cast.person, &service] {
        listeners.push(Listener::open(&cast.server, caller, target, None).await);
    }
    let rows = json!([{ "name": "told-to-some" }, { "name": "told-to-all" }]);
    let reply = cast.server.send(&service, Method::POST, "teams", &[], rows.to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let change = json!({ "description": "changed" }).to_string();
    let path = "teams?name=eq.told-to-all";
    cast.server.send(&service, Method::PATCH, path, &[], change).await;
    for (place, listener) in listeners.iter_mut().enumerate() {
        let sees_all = ![1, 3].contains(&place);
        let names: &[&str] =
            if sees_all { &["told-to-some", "told-to-all"] } else { &["told-to-all"] };
        for name in names {
            let (event, data) = listener.next().await;
            assert_eq!((event.as_str(), &data["row"]["name"]), ("create", &json!(name)));
        }
        let (event, data) = listener.next().await;
        assert_eq!((event.as_str(), &data["row"]["name"]), ("update", &json!("told-to-all")));
    }
}

/// S3-B149, S4-B48: what may not be read is in no list, count, embedded list or aggregate, and
/// neither filters nor orders by it tell of it.
async fn conditions_hold_for_every_row_that_is_read(server: Server) {
    let condition = json!("row.name in ['platform', 'security'] && row.is_active");
    let grants =
        [("teams:read", Some(condition)), ("team_members:read", None), ("roles:read", None)];
    let cast = Cast::of(server, &grants).await;
    let names = cast.get("teams?select=name&order=name").await;
    assert_eq!(names.text, r#"[{"name":"platform"},{"name":"security"}]"#);
    assert_eq!(cast.get("teams?name=eq.operations").await.text, "[]");
    let headers = [("Prefer", "count=exact")];
    let counted = cast.server.send(&cast.person, Method::GET, "teams?limit=1", &headers, "").await;
    assert_eq!(counted.content_range.as_deref(), Some("0-0/2"));
    assert_eq!(cast.get("teams?select=count()").await.text, r#"[{"count":2}]"#);
    // Embedded, inside out and by a filter on what is embedded.
    let embedded = cast.get("team_members?select=teams(name)").await.rows();
    let hidden = embedded.iter().filter(|row| row["teams"].is_null()).count();
    assert!(hidden > 0 && hidden < embedded.len(), "{embedded:?}");
    assert!(!format!("{embedded:?}").contains("operations"));
    let inner = cast.get("team_members?select=teams!inner(name)&teams.name=eq.operations").await;
    assert_eq!(inner.text, "[]");
    let ordered = cast.get("team_members?select=id,teams(name)&order=teams(name).nullslast").await;
    let ordered = ordered.rows();
    assert!(ordered.iter().skip(ordered.len() - hidden).all(|row| row["teams"].is_null()));
    // Through a table in between, of which some rows may be read.
    let path = format!("role_permissions?role_id=eq.{}", text(&cast.role));
    let reply = cast.server.send(&cast.admin, Method::DELETE, &path, &[], "").await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    for (pair, condition) in
        [("teams:read", None), ("team_members:read", Some(json!("row.role == 'OWNER'")))]
    {
        let reply = cast.grant(&cast.admin, pair, condition).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    }
    let reply = cast.grant(&cast.admin, "organization_members:read", None).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let through = cast.get("teams?select=name,organization_members(user_id)&order=name").await;
    for team in through.rows() {
        assert_eq!(team["organization_members"].as_array().unwrap().len(), 1, "{team}");
    }
}

/// What may not be read is not shown by a view that a wildcard opens; who is to see such a view has
/// a permission that names it.
async fn conditions_hold_behind_views(server: Server) {
    let grants = [("*:read", None), ("teams:read", Some(json!("row.name == 'platform'")))];
    let cast = Cast::of(server, &grants).await;
    // It shows the names of teams.
    refused(&cast.get("service_health_summary?limit=1").await);
    assert_eq!(cast.get("metrics_hourly?limit=1").await.status, StatusCode::OK);
    let body = json!({ "name": "views", "scopes": ["service_health_summary:read"] }).to_string();
    let made =
        cast.server.send(&cast.admin, Method::POST, "rpc/create_api_key", &[], body).await.json();
    let key = Caller { apikey: None, bearer: made["key"].as_str().map(str::to_owned) };
    let read = cast.server.get(&key, "service_health_summary?limit=1").await;
    assert_eq!(read.status, StatusCode::OK, "{read:?}");
    refused(&cast.server.get(&key, "services?limit=1").await);
}

async fn conditions_hold_for_every_row_that_is_written(server: Server) {
    let own = json!("row.name.startsWith('own ')");
    let grants = [
        ("teams:read", None),
        ("teams:create", Some(own.clone())),
        ("teams:update", Some(own.clone())),
        ("teams:delete", Some(own)),
    ];
    let cast = Cast::of(server, &grants).await;
    refused(&cast.write(Method::POST, "teams", json!({ "name": "theirs" })).await);
    // One of many is enough to refuse all.
    let both = json!([{ "name": "own a" }, { "name": "theirs" }]);
    refused(&cast.write(Method::POST, "teams", both).await);
    assert_eq!(cast.get("teams?name=in.(own a,theirs)").await.text, "[]");
    let made = cast.write(Method::POST, "teams", json!({ "name": "own a" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    // Rows that don't meet the condition are not found, and none leaves it.
    let all = cast.write(Method::PATCH, "teams?name=not.is.null", json!({ "display_name": "x" }));
    let all = all.await.rows();
    assert_eq!((all.len(), &all[0]["name"]), (1, &json!("own a")));
    let away = cast.write(Method::PATCH, "teams?name=eq.own a", json!({ "name": "theirs" })).await;
    refused(&away);
    // An upsert that meets a row of the others.
    let path = "teams?on_conflict=name";
    let merge = json!({ "name": "platform", "display_name": "mine" });
    refused(&cast.write(Method::POST, path, merge).await);
    let gone = cast.write(Method::DELETE, "teams?name=not.is.null", json!(null)).await.rows();
    assert_eq!((gone.len(), &gone[0]["name"]), (1, &json!("own a")));
    let left = cast.get("teams?name=in.(platform,security,operations)&display_name=neq.mine").await;
    assert_eq!(left.rows().len(), 3);
}

async fn conditions_on_subject_and_request_decide_alone(server: Server) {
    let grants = [
        (
            "teams:read",
            Some(json!(["'tested' in subject.roles", "inNetwork(request.ip, '127.0.0.0/8')"])),
        ),
        ("roles:read", Some(json!("inNetwork(request.ip, '192.0.2.0/24')"))),
        ("team_members:read", Some(json!("row.user_id == subject.id"))),
        // An error grants nothing.
        ("user_roles:read", Some(json!("request.hour / 0 == 1 || row.id == null"))),
    ];
    let cast = Cast::of(server, &grants).await;
    assert_eq!(cast.get("teams").await.rows().len(), 3);
    refused(&cast.get("roles").await);
    let own = cast.get("team_members?select=user_id").await.rows();
    assert!(!own.is_empty() && own.iter().all(|row| row["user_id"] == cast.user), "{own:?}");
    assert_eq!(cast.get("user_roles").await.text, "[]");
}

async fn conditions_that_are_no_filter_are_refused(server: Server) {
    let cast = Cast::of(server, &[]).await;
    for (pair, condition, why) in [
        ("teams:read", json!("size(row.name) > 3"), "nothing else becomes a filter"),
        ("teams:read", json!("row.name == row.display_name"), "nothing else becomes a filter"),
        ("teams:read", json!("row.nothing == 1"), "teams has no column nothing"),
        ("teams:read", json!("row.settings == 'x'"), "type jsonb"),
        ("teams:read", json!("subject.teams.all(t, t != '')"), "no loops"),
        ("teams:read", json!("somebody == 'x'"), "unknown name"),
        ("teams:read", json!("row.name =="), "no CEL expression"),
        ("teams:read", json!({ "name": "x" }), "expected a CEL expression"),
        ("teams:all", json!("row.id == subject.id"), "about no row"),
    ] {
        let reply = cast.grant(&cast.admin, pair, Some(condition.clone())).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::BAD_REQUEST, "22023"),
            "{condition}"
        );
        assert!(reply.text.contains(why), "{condition}: {reply:?}");
    }
    let path = format!("role_permissions?role_id=eq.{}", text(&cast.role));
    assert_eq!(cast.server.get(&cast.admin, &path).await.text, "[]");
}

/// S4-B48.
async fn the_more_specific_permission_overrides_an_inherited_one(server: Server) {
    let grants = [("teams:read", Some(json!("row.name == 'security'")))];
    let cast = Cast::of(server, &grants).await;
    refused(&cast.get("roles").await);
    let path = format!("roles?id=eq.{}", text(&cast.role));
    let body = json!({ "inherits": ["analyst"] }).to_string();
    let reply = cast.server.send(&cast.admin, Method::PATCH, &path, &[], body).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    // It reads everything by now, and of teams still the one.
    assert!(cast.get("roles").await.rows().len() > 10);
    assert_eq!(cast.get("teams?select=name").await.text, r#"[{"name":"security"}]"#);
}

async fn nobody_grants_what_they_do_not_have(server: Server) {
    // Somebody who looks after roles and reads what there is, but for a team.
    let grants = [
        ("roles:*", None),
        ("role_permissions:*", None),
        ("user_roles:*", None),
        ("*:read", None),
        ("teams:read", Some(json!("row.name == 'security'"))),
    ];
    for pair in ["roles:*", "role_permissions:*", "user_roles:*"] {
        listed(&server, pair).await;
    }
    let cast = Cast::of(server, &grants).await;
    let (server, keeper) = (&cast.server, &cast.person);
    let post = async |table: &str, body: Value| {
        server.send(keeper, Method::POST, table, &[], body.to_string()).await
    };
    let other = created(server, keeper, "roles", &json!({ "name": "other" })).await["id"].clone();
    let granted = async |pair: &str, headers: &[(&str, &str)]| {
        let grant = json!([{ "role_id": other, "permission_id": permission(server, pair).await }]);
        server.send(keeper, Method::POST, "role_permissions", headers, grant.to_string()).await
    };
    assert_eq!(granted("organization_members:read", &[]).await.status, StatusCode::CREATED);
    // What they lack, a wildcard of which they lack a part, what they have under a condition, and
    // personal data; one by one, in bulk and by upsert.
    for pair in ["*:*", "*:read", "teams:read", "*:unmask"] {
        refused(&granted(pair, &[]).await);
        refused(&granted(pair, &[("Prefer", "resolution=merge-duplicates")]).await);
    }
    refused(&cast.grant(keeper, "*:*", None).await);
    // A role that has it, for themselves or for others, and one that inherits it.
    let admin = role(server, "admin").await;
    refused(&post("user_roles", json!({ "user_id": cast.user, "role_id": admin })).await);
    refused(&post("roles", json!({ "name": "high", "inherits": ["admin"] })).await);
    let path = format!("roles?id=eq.{}", text(&other));
    let body = json!({ "inherits": ["super_admin"] }).to_string();
    refused(&server.send(keeper, Method::PATCH, &path, &[], body).await);
    // Without the narrower permission the wide one would hold.
    let narrow = permission(server, "teams:read").await;
    let path = format!(
        "role_permissions?role_id=eq.{}&permission_id=eq.{}",
        text(&cast.role),
        text(&narrow)
    );
    refused(&server.send(keeper, Method::DELETE, &path, &[], "").await);
    let body = json!({ "conditions": "true" }).to_string();
    refused(&server.send(keeper, Method::PATCH, &path, &[], body).await);
    // Nothing came of it.
    assert_eq!(cast.get("teams?select=name").await.text, r#"[{"name":"security"}]"#);
    let own = format!("user_roles?user_id=eq.{}&select=role_id", text(&cast.user));
    assert_eq!(server.get(&cast.admin, &own).await.rows().len(), 1);
    // S3-B147: those who watch see it.
    let seen = async || {
        let path =
            "security_events?event_type=eq.suspicious_activity&select=severity,metadata,user_id";
        let events = server.get(&cast.admin, path).await.rows();
        events.iter().any(|event| {
            event["metadata"]["kind"] == "privilege_escalation"
                && event["user_id"] == cast.user
                && event["severity"] == "high"
        })
    };
    assert!(mainstay_testkit::wait_until(seen, SOON).await);
}

/// Adds a permission to the installation's list, if it is not there.
async fn listed(server: &Server, pair: &str) {
    let path = format!("permissions?name=eq.{pair}&select=id");
    let found = server.get(&server.service(0), &path).await.rows();
    assert_eq!(found.len(), 1, "{pair} is not to be had");
}

async fn roles_inherit_in_no_circle(server: Server) {
    let admin = server.person(0, "admin").await;
    let send = async |method: Method, path: &str, body: Value| {
        server.send(&admin, method, path, &[], body.to_string()).await
    };
    // Those of one request may name each other in any order.
    let chain = json!([{ "name": "a", "inherits": ["b"] }, { "name": "b", "inherits": ["c"] },
                       { "name": "c", "inherits": [] }]);
    assert_eq!(send(Method::POST, "roles", chain).await.status, StatusCode::CREATED);
    for (method, path, body, why) in [
        (Method::PATCH, "roles?name=eq.c", json!({ "inherits": ["a"] }), "would inherit itself"),
        (Method::PATCH, "roles?name=eq.c", json!({ "inherits": ["c"] }), "would inherit itself"),
        (Method::POST, "roles", json!({ "name": "d", "inherits": ["e"] }), "no such role"),
        (Method::DELETE, "roles?name=eq.c", json!(null), "no such role"),
        (Method::PATCH, "roles?name=eq.c", json!({ "name": "z" }), "no such role"),
        (Method::DELETE, "roles?name=eq.demo", json!(null), "shipped role"),
        (Method::PATCH, "roles?name=eq.demo", json!({ "name": "z" }), "shipped role"),
    ] {
        let reply = send(method.clone(), path, body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{method} {path}: {reply:?}");
        assert!(reply.text.contains(why), "{method} {path}: {reply:?}");
    }
}

async fn the_last_owner_stays(server: Server) {
    let service = server.service(0);
    let send = async |method: Method, path: &str, body: &str| {
        server.send(&service, method, path, &[], body.to_owned()).await
    };
    let assigned = async |name: &str| {
        let role = role(&server, name).await;
        let path = format!("user_roles?role_id=eq.{}&select=user_id", text(&role));
        server.get(&service, &path).await.rows()[0]["user_id"].clone()
    };
    let first = assigned("admin").await;
    let (second, third) = (assigned("org:admin").await, assigned("super_admin").await);
    let path = |user: &Value| format!("user_roles?user_id=eq.{}", text(user));
    let gone = send(Method::DELETE, &path(&third), "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
    // Two are left. Each may go while the other stays; both at once may not.
    let (one, two) = (path(&first), path(&second));
    let (one, two) = tokio::join!(send(Method::DELETE, &one, ""), send(Method::DELETE, &two, ""));
    let statuses = [one.status, two.status];
    assert!(statuses.contains(&StatusCode::NO_CONTENT), "{one:?} {two:?}");
    assert!(statuses.contains(&StatusCode::BAD_REQUEST), "{one:?} {two:?}");
    let last = if one.status == StatusCode::NO_CONTENT { second } else { first };
    let member = format!("organization_members?user_id=eq.{}", text(&last));
    let everything = permission(&server, "*:*").await;
    let grant = format!("role_permissions?permission_id=eq.{}", text(&everything));
    for (method, path, body) in [
        (Method::DELETE, path(&last), ""),
        (Method::PATCH, path(&last), r#"{"status": "revoked"}"#),
        (Method::PATCH, path(&last), r#"{"expires_at": "2099-01-01T00:00:00Z"}"#),
        (Method::PATCH, member.clone(), r#"{"status": "suspended"}"#),
        (Method::PATCH, member, r#"{"status": "left"}"#),
        (Method::DELETE, grant.clone(), ""),
        (Method::PATCH, grant, r#"{"conditions": "request.hour > 8"}"#),
    ] {
        let reply = send(method.clone(), &path, body).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::BAD_REQUEST, "23001"),
            "{method} {path} {body}: {reply:?}"
        );
        assert!(reply.text.contains("last owner"), "{reply:?}");
    }
}

/// S3-B149: an assignment for a time ends on every server, without a restart, though callers are
/// remembered for longer.
async fn assignments_end_by_themselves(server: Server) {
    let cast = Cast::of(server, &[("teams:read", None)]).await;
    let is_allowed = async || cast.get("teams").await.status == StatusCode::OK;
    assert!(is_allowed().await);
    let end = SystemClock.now() + jiff::SignedDuration::from_secs(2);
    let path = format!("user_roles?user_id=eq.{}", text(&cast.user));
    let body = json!({ "expires_at": end.to_string() }).to_string();
    let reply = cast.server.send(&cast.admin, Method::PATCH, &path, &[], body).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    while SystemClock.now() < end - jiff::SignedDuration::from_millis(500) {
        assert!(is_allowed().await || SystemClock.now() >= end);
        tokio::task::yield_now().await;
    }
    assert!(
        mainstay_testkit::wait_until(async || !is_allowed().await, Duration::from_secs(4)).await
    );
    assert!(SystemClock.now() >= end);
}

async fn access_is_explained_step_by_step(server: Server) {
    let grants = [("teams:read", Some(json!("row.name == 'security'")))];
    let cast = Cast::of(server, &grants).await;
    let explain = async |arguments: Value| {
        let path = "rpc/explain_access";
        let reply = cast.server.send(&cast.admin, Method::POST, path, &[], arguments.to_string());
        let reply = reply.await;
        assert_eq!(reply.status, StatusCode::OK, "{arguments}: {reply:?}");
        reply.json()
    };
    let teams = cast.server.get(&cast.admin, "teams?select=id,name").await.rows();
    let id = |name: &str| teams.iter().find(|team| team["name"] == name).unwrap()["id"].clone();
    let step = |told: &Value, step: &str| {
        let steps = told["steps"].as_array().unwrap();
        let of = steps.iter().filter(|of| of["step"] == step);
        of.map(|of| format!("{} {}", of["passed"], text(&of["why"]))).collect::<Vec<_>>().join("; ")
    };
    let about = |table: &str, method: &str| json!({ "user_id": cast.user, "table": table, "method": method });
    let mut asked = about("teams", "GET");
    asked["row"] = id("security");
    let told = explain(asked.clone()).await;
    assert_eq!(told["allowed"], true, "{told}");
    assert_eq!(step(&told, "roles"), "null tested");
    let by = "null role tested allows it by teams:read, when row.name == 'security'";
    assert_eq!(step(&told, "grant"), by);
    assert_eq!(step(&told, "condition"), "true a condition holds for the row");
    asked["row"] = id("platform");
    let told = explain(asked).await;
    assert_eq!(
        (&told["allowed"], step(&told, "condition").starts_with("false")),
        (&json!(false), true)
    );
    let told = explain(about("teams", "DELETE")).await;
    assert_eq!(told["allowed"], false);
    assert_eq!(step(&told, "grant"), "null role tested does not allow teams:delete");
    // Another organisation's row and none at all look alike.
    let theirs = cast.server.get(&cast.server.service(1), "teams?select=id&limit=1").await.rows();
    for row in [theirs[0]["id"].clone(), json!("018f0000-0000-7000-8000-000000000000")] {
        let told = explain(json!({ "table": "teams", "method": "GET", "row": row })).await;
        assert_eq!(told["allowed"], false, "{told}");
        assert_eq!(step(&told, "reach"), "false no such row is within reach");
    }
    let told =
        explain(json!({ "user_id": cast.user, "action": "explain_access", "method": "POST" }));
    assert_eq!(told.await["allowed"], false);
    // It is nobody's business who may do what elsewhere, or without the permission to ask.
    let stranger = json!({ "user_id": cast.user, "table": "teams", "method": "GET" }).to_string();
    let path = "rpc/explain_access";
    let elsewhere = cast.server.service(1);
    let reply = cast.server.send(&elsewhere, Method::POST, path, &[], stranger.clone()).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND, "{reply:?}");
    refused(&cast.server.send(&cast.person, Method::POST, path, &[], stranger).await);
}

/// S1-B9, S2-B1, S4-B17, S4-B73.
async fn shipped_roles_do_what_the_documents_say(server: Server) {
    let admin = server.person(0, "admin").await;
    for (role, may, may_not) in [
        (
            "org:admin",
            "read audit_events, create audit_events, create reports",
            "delete audit_events",
        ),
        ("super_admin", "delete roles, create teams", ""),
        ("admin", "delete roles, unmask organization_members", "reveal users"),
        ("analyst", "read audit_events, read api_keys", "create reports, update roles"),
        ("user", "read teams, create teams", "create audit_events, delete teams"),
        ("company_user", "read teams, create teams", "create audit_events, delete teams"),
        ("developer", "create audit_events, update plugin_installations", "read api_keys"),
        ("platform_engineer", "update system_settings, read audit_events", "update roles"),
        ("member", "create teams", "create user_roles"),
        ("viewer", "read teams", "create teams, create audit_events"),
        ("demo", "read teams", "create teams, create audit_events"),
    ] {
        let person = server.person(0, role).await;
        let user = server.get(&person, "users?select=id").await.rows()[0]["id"].clone();
        for (asked, expected) in [(may, true), (may_not, false)] {
            for asked in asked.split(", ").filter(|asked| !asked.is_empty()) {
                let (method, table) = asked.split_once(' ').unwrap();
                let body = json!({ "user_id": user, "table": table, "method": method });
                let path = "rpc/explain_access";
                let reply = server.send(&admin, Method::POST, path, &[], body.to_string()).await;
                assert_eq!(reply.json()["allowed"], expected, "{role}, {asked}: {reply:?}");
            }
        }
    }
}

/// S1-B69: who installed a plugin looks after it; platform engineers and administrators after all.
async fn a_policy_by_who_installed_a_plugin_is_a_condition(server: Server) {
    let seen = async |role: &str| {
        let person = server.person(0, role).await;
        let user = server.get(&person, "users?select=id").await.rows()[0]["id"].clone();
        let rows = server.get(&person, "plugin_installations?select=id,installed_by").await.rows();
        (person, user, rows)
    };
    let (_, _, all) = seen("admin").await;
    let (_, _, engineers) = seen("platform_engineer").await;
    assert_eq!(engineers, all);
    let (developer, own, rows) = seen("developer").await;
    assert!(!rows.is_empty() && rows.len() < all.len(), "{rows:?}");
    assert!(rows.iter().all(|row| row["installed_by"] == own), "{rows:?}");
    let headers = [("Prefer", "return=representation")];
    let body = json!({ "cpu_usage": 1.5 }).to_string();
    let path = "plugin_installations?id=not.is.null&select=installed_by";
    let changed = server.send(&developer, Method::PATCH, path, &headers, body).await.rows();
    assert_eq!(changed.len(), rows.len());
    // Nor is one handed to somebody else.
    let body = json!({ "installed_by": null }).to_string();
    refused(&server.send(&developer, Method::PATCH, path, &headers, body).await);
}
