//! Personal data that is sealed: readable with permission, found by equality alone.

use crate::api::{Api, Who, on_both};

const ADA: &str = r#"{"code":"p1","name":"Ada","history":{"since":1833}}"#;
const SELECT: &str = "patients?select=code,name,history&order=code";

#[tokio::test]
async fn sealed_columns_are_shown_to_those_who_may() {
    on_both(async |api: &Api| {
        api.write("POST", "patients", "", ADA).await.is(201, "");
        api.write("POST", "patients", "", r#"{"code":"p2","name":"{\"Bob\"","history":null}"#)
            .await
            .is(201, "");
        api.get(SELECT).await.is(
            200,
            r#"[{"code":"p1","name":"Ada","history":{"since": 1833}},{"code":"p2","name":"{\"Bob\"","history":null}]"#,
        );
        let clerk = api.send(Who::Clerk, "GET", SELECT, &[], "").await;
        clerk.is(
            200,
            r#"[{"code":"p1","name":null,"history":null},{"code":"p2","name":null,"history":null}]"#,
        );
        let guess = api.send(Who::Clerk, "GET", "patients?name=eq.Ada", &[], "").await;
        guess.refuses(403, "42501", "name");
        api.get("patients?select=name_blind").await.refuses(403, "42501", "name_blind");
    })
    .await;
}

#[tokio::test]
async fn sealed_columns_are_found_by_equality_inside_the_organisation() {
    on_both(async |api: &Api| {
        api.write("POST", "patients", "", ADA).await.is(201, "");
        let theirs = r#"{"code":"q1","name":"Ada","history":null}"#;
        api.send(Who::Globex, "POST", "patients", &[], theirs).await.is(201, "");
        let found = r#"[{"code":"p1"}]"#;
        for filter in ["name=eq.Ada", "name=in.(Bob,Ada)", "name=neq.Bob", "not.and=(name.eq.Bob)"]
        {
            api.get(&format!("patients?select=code&{filter}")).await.is(200, found);
        }
        api.get("patients?select=code&name=eq.ada").await.is(200, "[]");
        for filter in ["name=like.A*", "name=gt.A", "history=eq.x"] {
            let reply = api.get(&format!("patients?select=code&{filter}")).await;
            assert!(matches!(reply.status, 400 | 404), "{filter}: {}", reply.body);
        }
    })
    .await;
}

#[tokio::test]
async fn sealed_columns_change_with_their_blind_index() {
    on_both(async |api: &Api| {
        api.write("POST", "patients", "", ADA).await.is(201, "");
        api.write("PATCH", "patients?name=eq.Ada", "", r#"{"name":"Augusta"}"#).await.is(204, "");
        api.get("patients?select=code&name=eq.Ada").await.is(200, "[]");
        api.get("patients?select=name&name=eq.Augusta").await.is(200, r#"[{"name":"Augusta"}]"#);
        // An upsert finds the row, seals for it, and leaves alone what it does not give.
        let merge = "resolution=merge-duplicates";
        let upsert = r#"{"code":"p1","name":"Countess"}"#;
        api.write("POST", "patients?on_conflict=code", merge, upsert).await;
        api.get(SELECT)
            .await
            .is(200, r#"[{"code":"p1","name":"Countess","history":{"since": 1833}}]"#);
        api.get("patients?select=code&name=eq.Countess").await.is(200, r#"[{"code":"p1"}]"#);
    })
    .await;
}
