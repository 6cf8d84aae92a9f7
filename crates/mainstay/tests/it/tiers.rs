//! What an organisation may have by the tier that it has subscribed to (S2-B50).

use crate::volumes::Installation;
use mainstay_testkit::{Postgres, temp_dir};
use reqwest::StatusCode;
use serde_json::json;
use std::path::Path;

async fn check(data: &Path, database: &[&str]) {
    let at = Installation::start(data, database).await;
    let user = |n: u32| format!("018f0000-0001-7000-8000-{n:012x}");
    let member = async |n: u32| {
        let row = json!({ "id": user(n), "email": format!("person{n}@tier.example") });
        assert_eq!(at.ask("users", row).await.0, StatusCode::CREATED);
        at.ask("organization_members", json!({ "user_id": user(n) })).await
    };
    let key = async || at.ask("rpc/create_api_key", json!({ "name": "x" })).await;
    // A tier without a plan limits nothing.
    assert_eq!(member(1).await.0, StatusCode::CREATED);
    assert_eq!(key().await.0, StatusCode::OK);
    let plan = json!({ "tier": "basic", "max_seats": 3, "max_domains": 0, "max_api_keys": 2 });
    assert_eq!(at.ask("subscription_plans", plan).await.0, StatusCode::CREATED);
    assert_eq!(member(2).await.0, StatusCode::CREATED);
    assert_eq!(key().await.0, StatusCode::OK);
    for (status, refusal) in [member(3).await, key().await] {
        assert_eq!((status, &refusal["code"]), (StatusCode::BAD_REQUEST, &json!("54000")));
    }
}

#[tokio::test]
async fn a_tiers_plan_limits_seats_and_keys_on_sqlite() {
    check(temp_dir().path(), &[]).await;
}

#[tokio::test]
async fn a_tiers_plan_limits_seats_and_keys_on_postgres() {
    let (database, folder) = (Postgres::shared().database().await, temp_dir());
    let urls = ["--database", &database.app_url, "--migrate-database", &database.owner_url];
    check(folder.path(), &urls).await;
}
