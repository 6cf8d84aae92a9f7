//! The ten thousandth page beside the first, by cursor and by offset.

use super::shop::Shop;
use crate::Options;
use crate::process::Server;
use crate::report::{Comparison, Goal, Round, median};
use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, Response};
use std::time::Instant;

pub(super) const NAMES: [&str; 2] = ["pages/cursor", "pages/offset"];

/// Rows of a page.
const ROWS: u64 = 100;
const PAGE: u64 = 10_000;
/// How often a page is read in a round.
const READS: usize = 50;

pub(super) async fn measure(
    options: &Options,
    kind: &str,
    name: &str,
    shop: &Shop,
    server: &Server,
) -> Result<Comparison> {
    let reader = Reader { client: Client::new(), shop, server };
    let last = PAGE.min(options.many_rows / ROWS);
    let list = format!("/rest/v1/own_lines?select=id,price&order=order_id,id&limit={ROWS}");
    let (first, far, goal) = if kind == NAMES[0] {
        let first = format!("{list}&cursor=");
        let mut path = first.clone();
        for _ in 1..last {
            let page = reader.get(&path).await?;
            path = next(&page).context("the list ends early")?;
            page.bytes().await?;
        }
        (first, path, Goal::AtMost(1.2))
    } else {
        (list.clone(), format!("{list}&offset={}", (last - 1) * ROWS), Goal::None)
    };
    let about = format!("time of page {last} / of page 1");
    let mut comparison = Comparison::new(name, &about, "ms", goal);
    for _ in 0..options.rounds {
        let other = reader.time(&first).await?;
        let ours = reader.time(&far).await?;
        comparison.rounds.push(Round { ours, other });
    }
    Ok(comparison)
}

struct Reader<'a> {
    client: Client,
    shop: &'a Shop,
    server: &'a Server,
}

impl Reader<'_> {
    async fn get(&self, path: &str) -> Result<Response> {
        let request = self.client.get(format!("{}{path}", self.server.url));
        Ok(request.bearer_auth(&self.shop.tenant.key).send().await?.error_for_status()?)
    }

    /// The median time of a page, in milliseconds.
    async fn time(&self, path: &str) -> Result<f64> {
        let mut times = Vec::with_capacity(READS);
        for _ in 0..READS {
            let start = Instant::now();
            let body = self.get(path).await?.bytes().await?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
            ensure!(body.len() > 1_000, "a page is nearly empty");
        }
        Ok(median(times.into_iter()))
    }
}

/// Where the next page is.
fn next(page: &Response) -> Option<String> {
    let link = page.headers().get("link")?.to_str().ok()?;
    let (path, _) = link.strip_prefix('<')?.split_once('>')?;
    Some(path.to_owned())
}
