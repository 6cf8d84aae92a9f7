//! A thousand inserts as one batch beside as many requests.

use super::shop::Shop;
use crate::Options;
use crate::process::Server;
use crate::report::{Comparison, Goal, Round};
use anyhow::Result;
use reqwest::Client;
use serde_json::{Value, json};
use std::time::Instant;

pub(super) const NAME: &str = "batch";

const OPERATIONS: usize = 1_000;

pub(super) async fn measure(
    options: &Options,
    name: &str,
    shop: &Shop,
    server: &Server,
) -> Result<Comparison> {
    let client = Client::new();
    let post = async |path: &str, body: &Value| {
        let request = client.post(format!("{}/rest/v1/{path}", server.url));
        let request = request.bearer_auth(&shop.tenant.key).body(body.to_string());
        let request = request.header("content-type", "application/json");
        request.send().await?.error_for_status()?.bytes().await?;
        anyhow::Ok(())
    };
    let row = |n: usize| json!({ "order_id": shop.orders[n % shop.orders.len()], "number": n % 100, "price": 2.5 });
    let operation = |n| json!({ "method": "POST", "path": "/own_lines", "body": row(n) });
    let about = "1,000 inserts as one batch / one request after the other";
    let mut comparison = Comparison::new(name, about, "rows/s", Goal::AtLeast(8.0));
    for _ in 0..options.rounds {
        let start = Instant::now();
        for n in 0..OPERATIONS {
            post("own_lines", &row(n)).await?;
        }
        let alone = start.elapsed().as_secs_f64();
        let start = Instant::now();
        post("batch", &(0..OPERATIONS).map(operation).collect()).await?;
        let together = start.elapsed().as_secs_f64();
        let rate = |seconds: f64| OPERATIONS as f64 / seconds;
        comparison.rounds.push(Round { ours: rate(together), other: rate(alone) });
    }
    Ok(comparison)
}
