//! Latencies of requests that are sent one after another, each with a token that the server has
//! not seen.

use super::people::People;
use anyhow::{Context, Result};
use reqwest::Client;
use std::time::Instant;

/// What is asked, where, and how long the documents give it (S3-B37 to S3-B39), in milliseconds.
/// `{user}` stands for the person.
pub(super) const KINDS: [(&str, &str, f64); 3] = [
    ("session", super::PUBLIC_RECORD, 10.0),
    ("lookup", "/rest/v1/organization_members?user_id=eq.{user}", 5.0),
    ("roles", "/rest/v1/user_roles?user_id=eq.{user}&select=roles(name)", 15.0),
];

/// The 99th percentile over all tokens.
pub(super) async fn p99_ms(
    url: &str,
    path: &str,
    people: &People,
    tokens: &[String],
) -> Result<f64> {
    let client = Client::new();
    let mut times = Vec::with_capacity(tokens.len());
    for (token, person) in tokens.iter().zip(&people.ids) {
        let url = format!("{url}{}", path.replace("{user}", &person.to_string()));
        let began = Instant::now();
        let request = client.get(url).bearer_auth(token).header("Accept-Profile", super::SCHEMA);
        let reply = request.send().await?.error_for_status()?;
        reply.bytes().await?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times.get(times.len() * 99 / 100).copied().context("nobody signed in")
}
