//! Teams: what a role in one allows, and how they belong to each other.

use crate::on_both_engines;
use crate::server::{Caller, Reply, Server};
use futures_util::future::join;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    roles_in_a_team_say_who_changes_it,
    the_last_owner_of_a_team_stays,
    teams_belong_to_each_other_in_no_circle,
);

async fn call(server: &Server, caller: &Caller, action: &str, arguments: Value) -> Reply {
    let path = format!("rpc/{action}");
    server.send(caller, Method::POST, &path, &[], arguments.to_string()).await
}

async fn team(server: &Server, name: &str, parent: Option<&Value>) -> Value {
    let body = json!({ "name": name, "parent_team_id": parent }).to_string();
    let headers = [("Prefer", "return=representation")];
    let reply = server.send(&server.service(0), Method::POST, "teams", &headers, body).await;
    reply.rows()[0]["id"].clone()
}

/// Somebody of Acme with their identifier.
async fn member(server: &Server, role: &str) -> (Caller, Value) {
    let caller = server.person(0, role).await;
    let id = server.get(&caller, "users?select=id").await.rows()[0]["id"].clone();
    (caller, id)
}

async fn add(server: &Server, caller: &Caller, team: &Value, user: &Value, role: &str) -> Reply {
    let arguments = json!({ "team_id": team, "user_id": user, "role": role });
    call(server, caller, "add_team_member", arguments).await
}

/// S1-B9.
async fn roles_in_a_team_say_who_changes_it(server: Server) {
    let parent = team(&server, "parent", None).await;
    let child = team(&server, "child", Some(&parent)).await;
    let (admin, _) = member(&server, "admin").await;
    let (owner, owner_id) = member(&server, "member").await;
    let (maintainer, maintainer_id) = member(&server, "viewer").await;
    let (plain, plain_id) = member(&server, "user").await;
    let (outsider, outsider_id) = member(&server, "developer").await;
    let refused = StatusCode::FORBIDDEN;
    assert_eq!(add(&server, &outsider, &parent, &outsider_id, "OWNER").await.status, refused);
    for (caller, team, user, role, expected) in [
        (&admin, &parent, &owner_id, "OWNER", StatusCode::OK),
        (&owner, &parent, &maintainer_id, "MAINTAINER", StatusCode::OK),
        (&maintainer, &parent, &outsider_id, "MAINTAINER", refused),
        (&maintainer, &parent, &plain_id, "MEMBER", StatusCode::OK),
        (&plain, &parent, &outsider_id, "MEMBER", refused),
        // A role counts in the teams below, not in those above.
        (&owner, &child, &plain_id, "OWNER", StatusCode::OK),
        (&plain, &parent, &outsider_id, "MEMBER", refused),
    ] {
        let reply = add(&server, caller, team, user, role).await;
        assert_eq!(reply.status, expected, "{role}: {reply:?}");
    }
    for (caller, user, role, expected) in [
        (&maintainer, &maintainer_id, "OWNER", refused),
        (&maintainer, &plain_id, "MAINTAINER", refused),
        (&plain, &plain_id, "OWNER", refused),
        (&owner, &plain_id, "MAINTAINER", StatusCode::NO_CONTENT),
        (&owner, &plain_id, "MEMBER", StatusCode::NO_CONTENT),
    ] {
        let arguments = json!({ "team_id": parent, "user_id": user, "role": role });
        let reply = call(&server, caller, "set_team_role", arguments).await;
        assert_eq!(reply.status, expected, "{role}: {reply:?}");
    }
    // The permission to add members adds none to the teams of others.
    let row = json!({ "team_id": parent, "user_id": outsider_id, "role": "MEMBER" }).to_string();
    let reply = server.send(&outsider, Method::POST, "team_members", &[], row).await;
    assert_eq!(reply.status, refused, "{reply:?}");
    for (caller, user, expected) in [
        (&maintainer, &owner_id, refused),
        (&plain, &maintainer_id, refused),
        (&maintainer, &plain_id, StatusCode::NO_CONTENT),
        (&maintainer, &maintainer_id, StatusCode::NO_CONTENT),
        (&owner, &maintainer_id, StatusCode::NOT_FOUND),
    ] {
        let arguments = json!({ "team_id": parent, "user_id": user });
        let reply = call(&server, caller, "remove_team_member", arguments).await;
        assert_eq!(reply.status, expected, "{reply:?}");
    }
    let stranger = server.person(1, "admin").await;
    let reply = add(&server, &stranger, &parent, &owner_id, "OWNER").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND, "{reply:?}");
}

async fn the_last_owner_of_a_team_stays(server: Server) {
    let team = team(&server, "kept", None).await;
    let (admin, admin_id) = member(&server, "admin").await;
    let (other, other_id) = member(&server, "viewer").await;
    assert_eq!(add(&server, &admin, &team, &other_id, "OWNER").await.status, StatusCode::OK);
    let demote = async |caller: &Caller, user: &Value| {
        let arguments = json!({ "team_id": team, "user_id": user, "role": "MEMBER" });
        call(&server, caller, "set_team_role", arguments).await
    };
    let arguments = json!({ "team_id": team, "user_id": other_id });
    let leave = call(&server, &other, "remove_team_member", arguments).await;
    let path = format!("team_members?team_id=eq.{}", team.as_str().unwrap());
    let removed = server.send(&admin, Method::DELETE, &path, &[], "").await;
    for reply in [demote(&other, &other_id).await, leave, removed] {
        assert_eq!(reply.code(), "23001", "{reply:?}");
    }
    // Two who demote each other at once leave one.
    assert_eq!(add(&server, &other, &team, &admin_id, "OWNER").await.status, StatusCode::OK);
    join(demote(&admin, &other_id), demote(&other, &admin_id)).await;
    let owners = server.get(&admin, &format!("{path}&role=eq.OWNER&select=id")).await.rows();
    assert_eq!(owners.len(), 1, "{owners:?}");
}

async fn teams_belong_to_each_other_in_no_circle(server: Server) {
    let service = server.service(0);
    let top = team(&server, "a", None).await;
    let middle = team(&server, "b", Some(&top)).await;
    let bottom = team(&server, "c", Some(&middle)).await;
    let put = async |team: &Value, parent: &Value| {
        let path = format!("teams?id=eq.{}", team.as_str().unwrap());
        let body = json!({ "parent_team_id": parent }).to_string();
        server.send(&service, Method::PATCH, &path, &[], body).await
    };
    for parent in [&middle, &bottom] {
        let reply = put(&top, parent).await;
        assert_eq!(reply.code(), "23514", "{reply:?}");
    }
    assert_eq!(put(&bottom, &top).await.status, StatusCode::NO_CONTENT);
    // Neither by two requests at once, nor by one of several rows.
    let (left, right) = (team(&server, "x", None).await, team(&server, "y", None).await);
    let (first, second) = join(put(&left, &right), put(&right, &left)).await;
    let done = [&first, &second].iter().filter(|reply| reply.status.is_success()).count();
    assert_eq!(done, 1, "{first:?} {second:?}");
    let [one, two] =
        ["018f0000-0000-7000-8000-00000000000a", "018f0000-0000-7000-8000-00000000000b"];
    let rows = json!([
        { "id": one, "name": "one", "parent_team_id": two },
        { "id": two, "name": "two", "parent_team_id": one },
    ]);
    let reply = server.send(&service, Method::POST, "teams", &[], rows.to_string()).await;
    assert!(reply.status.is_client_error(), "{reply:?}");
    assert!(server.get(&service, "teams?select=id&name=in.(one,two)").await.rows().is_empty());
}
