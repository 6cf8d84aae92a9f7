//! For every entity and method, one organisation never reads, writes, counts, embeds or infers
//! another's rows.

use crate::server::{Caller, Engine, Server, is_of_an_organization};
use crate::{on_both_engines, over_every_catalog};
use mainstay_testkit::connect;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const COUNT: (&str, &str) = ("Prefer", "count=exact");
const UNKNOWN_ID: &str = "018f0000-0000-7000-8000-000000000000";

over_every_catalog!(
    lists_show_own_rows_alone,
    foreign_rows_answer_as_unknown_ones,
    foreign_rows_answer_as_unknown_ones_in_batches,
    groups_are_of_own_rows_alone,
    foreign_organizations_are_not_written,
    database_isolates_by_itself,
);

on_both_engines!(
    nothing_is_planted,
    foreign_references_answer_as_unknown_ones,
    nested_rows_refer_to_own_rows_alone,
    foreign_rows_cannot_be_taken_by_upsert,
    embeds_and_filters_stay_inside,
    key_and_token_of_two_organizations_are_refused,
    member_of_both_sees_one_at_a_time,
);

/// Tables whose rows belong to one organisation, with their columns.
fn tenant_tables(server: &Server) -> Vec<Value> {
    let mut entities = server.tables();
    entities.retain(is_of_an_organization);
    assert!(entities.len() >= 8, "{entities:?}");
    entities
}

fn name(entity: &Value) -> &str {
    entity["table"].as_str().unwrap()
}

/// Rows of an organisation, with their identifiers.
async fn own_rows(server: &Server, caller: &Caller, table: &str) -> Vec<Value> {
    server.get(caller, &format!("{table}?select=id,organization_id&limit=20")).await.rows()
}

/// Rows of an organisation, with their keys.
async fn keys(server: &Server, caller: &Caller, entity: &Value) -> Vec<Value> {
    let mut columns: Vec<&str> =
        entity["primary_key"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    columns.retain(|column| *column != "organization_id");
    let path = format!("{}?select=organization_id,{}&limit=20", name(entity), columns.join(","));
    server.get(caller, &path).await.rows()
}

async fn lists_show_own_rows_alone(server: &Server) {
    for entity in tenant_tables(server) {
        for index in [0, 1] {
            let caller = server.service(index);
            let own = server.organization_id(index);
            let rows = keys(server, &caller, &entity).await;
            for row in &rows {
                assert_eq!(row["organization_id"], json!(own), "{}", name(&entity));
            }
            let foreign = server.organization_id(1 - index);
            let filter = format!("{}?organization_id=eq.{foreign}", name(&entity));
            let reply = server.send(&caller, Method::GET, &filter, &[COUNT], "").await;
            assert_eq!(reply.text, "[]", "{filter}");
            assert_eq!(reply.content_range.as_deref(), Some("*/0"), "{filter}");
        }
    }
}

/// Whether rows have an identifier; keys without one are small numbers, which every organisation
/// has.
fn is_identified(entity: &Value) -> bool {
    entity["primary_key"].as_array().unwrap().iter().any(|column| column == "id")
}

async fn foreign_rows_answer_as_unknown_ones(server: &Server) {
    let (acme, globex) = (server.service(0), server.service(1));
    let mut tried = 0;
    for entity in tenant_tables(server).into_iter().filter(is_identified) {
        let table = name(&entity);
        for row in own_rows(server, &globex, table).await {
            let foreign = row["id"].as_str().unwrap();
            for (method, body) in
                [(Method::GET, ""), (Method::HEAD, ""), (Method::PATCH, "{}"), (Method::DELETE, "")]
            {
                let headers = [("Prefer", "return=representation,count=exact")];
                let path = |id| format!("{table}?id=eq.{id}");
                let send =
                    async |id| server.send(&acme, method.clone(), &path(id), &headers, body).await;
                assert_eq!(send(foreign).await, send(UNKNOWN_ID).await, "{method} {table}");
            }
            tried += 1;
        }
    }
    assert!(tried >= server.expected(20), "only {tried} foreign rows were tried");
}

async fn foreign_rows_answer_as_unknown_ones_in_batches(server: &Server) {
    let (acme, globex) = (server.service(0), server.service(1));
    let mut tried = 0;
    for entity in tenant_tables(server).into_iter().filter(is_identified) {
        let table = name(&entity);
        let rows = own_rows(server, &globex, table).await;
        let Some(foreign) = rows.first().map(|row| row["id"].as_str().unwrap()) else { continue };
        for method in ["GET", "PATCH", "DELETE"] {
            let batch = |id: &str| {
                let first = json!({ "id": "first", "method": method, "path": format!("/{table}?id=eq.{id}"),
                    "headers": { "Prefer": "return=representation" }, "body": {} });
                json!([first]).to_string()
            };
            let send =
                async |id: &str| server.send(&acme, Method::POST, "batch", &[], batch(id)).await;
            assert_eq!(send(foreign).await, send(UNKNOWN_ID).await, "{method} {table}");
        }
        tried += 1;
    }
    assert!(tried >= server.expected(20), "only {tried} tables were tried");
}

async fn groups_are_of_own_rows_alone(server: &Server) {
    let mut compared = 0;
    for entity in tenant_tables(server) {
        let table = name(&entity);
        for index in [0, 1] {
            let caller = server.service(index);
            let total = async || {
                let list = format!("{table}?select=organization_id");
                let reply = server.send(&caller, Method::HEAD, &list, &[COUNT], "").await;
                let range = reply.content_range.unwrap_or_default();
                range.rsplit('/').next().unwrap_or_default().to_owned()
            };
            let before = total().await;
            let path = format!("{table}?select=organization_id,count()");
            let groups = server.get(&caller, &path).await.rows();
            assert!(groups.len() <= 1, "{table}: {groups:?}");
            let own = server.organization_id(index);
            assert!(groups.iter().all(|group| group["organization_id"] == own), "{groups:?}");
            let counted = groups.first().map_or(json!(0), |group| group["count"].clone());
            // Logs and queues change by themselves between two requests.
            if total().await == before {
                assert_eq!(before, counted.to_string(), "{table}");
                compared += 1;
            }
        }
    }
    assert!(compared >= server.expected(100), "only {compared} counts were compared");
}

async fn nested_rows_refer_to_own_rows_alone(server: Server) {
    let (acme, globex) = (server.service(0), server.service(1));
    let path = "organization_members?select=user_id";
    let ours = server.get(&acme, path).await.rows();
    let theirs = server.get(&globex, path).await.rows();
    let foreign = theirs.iter().find(|member| !ours.contains(member)).unwrap();
    let nobody = json!(UNKNOWN_ID);
    let nested = |user: &Value| {
        json!({ "name": "nested", "team_members": [{ "user_id": user, "role": "MEMBER" }] })
            .to_string()
    };
    let send = async |path, body: String| server.send(&acme, Method::POST, path, &[], body).await;
    let (a, b) =
        (send("teams", nested(&foreign["user_id"])).await, send("teams", nested(&nobody)).await);
    assert_eq!((a.status, a.code().as_str()), (StatusCode::CONFLICT, "23503"), "{a:?}");
    assert_eq!(a, b);
    let batch = |user: &Value| {
        let member = json!({ "team_id": { "$ref": "team.id" }, "user_id": user, "role": "MEMBER" });
        json!([
            { "id": "team", "method": "POST", "path": "/teams", "body": { "name": "nested" } },
            { "method": "POST", "path": "/team_members", "body": member }
        ])
        .to_string()
    };
    let (a, b) =
        (send("batch", batch(&foreign["user_id"])).await, send("batch", batch(&nobody)).await);
    assert_eq!((a.status, a.code().as_str()), (StatusCode::CONFLICT, "23503"), "{a:?}");
    assert_eq!(a, b);
    let own = &ours[0]["user_id"];
    let taken = send("teams", nested(own)).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{taken:?}");
    assert_eq!(server.get(&acme, "teams?name=eq.nested&select=name").await.rows().len(), 1);
}

async fn foreign_organizations_are_not_written(server: &Server) {
    let acme = server.service(0);
    let foreign = server.organization_id(1);
    for entity in tenant_tables(server) {
        let table = name(&entity);
        let body = json!({ "organization_id": foreign }).to_string();
        let reply = server.send(&acme, Method::POST, table, &[], body).await;
        assert!(
            [StatusCode::FORBIDDEN, StatusCode::BAD_REQUEST].contains(&reply.status),
            "{table}: {reply:?}"
        );
        assert!(!reply.text.contains(&foreign) || reply.status == StatusCode::FORBIDDEN);
    }
}

async fn nothing_is_planted(server: Server) {
    let acme = server.service(0);
    let foreign = server.organization_id(1);
    let body = json!({ "name": "planted", "organization_id": foreign }).to_string();
    let reply = server.send(&acme, Method::POST, "teams", &[], body).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::FORBIDDEN, "42501"));
    let planted = server.get(&server.service(1), "teams?name=eq.planted").await;
    assert_eq!(planted.text, "[]");
}

async fn foreign_references_answer_as_unknown_ones(server: Server) {
    let (acme, globex) = (server.service(0), server.service(1));
    let foreign = &own_rows(&server, &globex, "roles").await[0];
    let permission = &server.get(&acme, "permissions?select=id&limit=1").await.rows()[0];
    let grant =
        |role: &Value| json!({ "role_id": role, "permission_id": permission["id"] }).to_string();
    let send =
        async |body: String| server.send(&acme, Method::POST, "role_permissions", &[], body).await;
    let (theirs, nobodys) =
        (send(grant(&foreign["id"])).await, send(grant(&json!(UNKNOWN_ID))).await);
    assert_eq!((theirs.status, theirs.code().as_str()), (StatusCode::CONFLICT, "23503"));
    assert_eq!(theirs, nobodys);
}

async fn foreign_rows_cannot_be_taken_by_upsert(server: Server) {
    let (acme, globex) = (server.service(0), server.service(1));
    let path = "teams?select=id,name,description&order=id&limit=1";
    let before = server.get(&globex, path).await;
    let team = &before.rows()[0];
    let body = json!({ "id": team["id"], "name": "usurped", "description": "taken" });
    let headers = [("Prefer", "resolution=merge-duplicates,return=representation")];
    let reply = server.send(&acme, Method::POST, "teams", &headers, body.to_string()).await;
    // The same identifier is free in another organisation: the row is a new one there.
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert_eq!(reply.rows()[0]["organization_id"], json!(server.organization_id(0)));
    assert_eq!(server.get(&globex, path).await, before);
}

async fn embeds_and_filters_stay_inside(server: Server) {
    let acme = server.service(0);
    let own = server.organization_id(0);
    let path = "roles?select=name,organization_id,role_permissions(organization_id),\
                user_roles(organization_id,organization_members!user_roles_user_id_fkey(organization_id))";
    for role in server.get(&acme, path).await.rows() {
        for grant in role["role_permissions"].as_array().unwrap() {
            assert_eq!(grant["organization_id"], json!(own));
        }
        for assignment in role["user_roles"].as_array().unwrap() {
            assert_eq!(assignment["organization_id"], json!(own));
            assert_eq!(assignment["organization_members"]["organization_id"], json!(own));
        }
    }
    let foreign = server.organization_id(1);
    let path = format!(
        "teams?select=name,team_members!inner(id)&team_members.organization_id=eq.{foreign}"
    );
    assert_eq!(server.get(&acme, &path).await.text, "[]");
    let organizations = server.get(&acme, "organizations?select=id").await.rows();
    assert_eq!(organizations, [json!({ "id": own })]);
}

async fn key_and_token_of_two_organizations_are_refused(server: Server) {
    let person = server.person(0, "admin").await;
    let mixed = Caller { apikey: server.anonymous(1).apikey, bearer: person.bearer };
    let reply = server.get(&mixed, "teams").await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::UNAUTHORIZED, "PGRST302"));
}

async fn member_of_both_sees_one_at_a_time(server: Server) {
    let emails = |index: usize| -> Vec<String> {
        let users = server.organization(index)["users"].as_array().unwrap();
        users.iter().map(|user| user["email"].as_str().unwrap().to_owned()).collect()
    };
    let others = emails(1);
    let both = emails(0).into_iter().find(|email| others.contains(email));
    let both = both.expect("the demonstration has a member of both organisations");
    for index in [0, 1] {
        let organization = server.organization(index);
        let users = organization["users"].as_array().unwrap();
        let user = users.iter().find(|user| user["email"] == json!(both)).unwrap();
        if index == 0 {
            // Whoever has been in neither says which one is meant.
            let reply = server.sign_in("", &user["email"], &user["password"]).await;
            let bearer = reply.json()["access_token"].as_str().map(str::to_owned);
            let reply = server.get(&Caller { apikey: None, bearer }, "teams").await;
            assert_eq!((reply.status, reply.code().as_str()), (StatusCode::BAD_REQUEST, "MS001"));
        }
        let apikey = organization["anon_key"].as_str().unwrap();
        let reply = server.sign_in(apikey, &user["email"], &user["password"]).await;
        let bearer = reply.json()["access_token"].as_str().unwrap().to_owned();
        let named = Caller { apikey: Some(apikey.to_owned()), bearer: Some(bearer.clone()) };
        let own = json!(server.organization_id(index));
        let rows = server.get(&named, "teams?select=organization_id").await.rows();
        assert!(!rows.is_empty() && rows.iter().all(|row| row["organization_id"] == own));
        // The key that they signed in with chose the organisation; the token says so.
        let alone = Caller { apikey: None, bearer: Some(bearer) };
        assert_eq!(server.get(&alone, "teams?select=organization_id").await.rows(), rows);
        let mixed = Caller { apikey: server.anonymous(1 - index).apikey, ..alone };
        let reply = server.get(&mixed, "teams").await;
        assert_eq!((reply.status, reply.code().as_str()), (StatusCode::UNAUTHORIZED, "PGRST302"));
    }
}

/// `psql` as the application's role sees no row while no organisation is set.
async fn database_isolates_by_itself(server: &Server) {
    if server.engine == Engine::Sqlite {
        return;
    }
    let database = server.database.as_ref().unwrap();
    let client = connect(&database.app_url).await.unwrap();
    for entity in server.tables() {
        if entity["scope"] == "public" {
            continue;
        }
        let schema = entity["schema"].as_str().unwrap();
        let sql = format!("select count(*) from {schema}.{}", name(&entity));
        let count: i64 = client.query_one(&sql, &[]).await.unwrap().get(0);
        assert_eq!(count, 0, "{}", name(&entity));
    }
}
