//! Durable single-row writes over HTTP.

use super::{Stage, posts};
use crate::Options;
use crate::installation::Tenant;
use crate::load::{Request, Requests};
use crate::process::Server;
use crate::report::{Comparison, Goal};
use anyhow::Result;

/// Connections of the usual load, and of many clients.
const USUAL: u32 = 32;
const MANY: u32 = 256;
/// What the 99th percentile of a write should not exceed.
const P99_MAX_MS: f64 = 20.0;

pub(super) const NAMES: &[&str] = &[
    "sqlite/post-32",
    "sqlite/post-256",
    "sqlite/by-hand/post-32",
    "postgres/post-32",
    "postgres/by-hand/post-32",
];

pub(super) fn measure(
    options: &Options,
    stage: &Stage,
    server: &Server,
) -> Result<Vec<Comparison>> {
    let make = |name: &str, url: &str, requests: Vec<Request<'_>>| {
        Requests::new(stage.folder(), name, url, USUAL, requests)
    };
    let tenants = &stage.tenants;
    let member = |tenant: &Tenant| format!("\"organization_id\":\"{}\",", tenant.id);
    let by_hand = |path| posts(tenants, false, path, member).collect::<Vec<_>>();
    let constant = Request { method: "GET", path: "/livez".to_owned(), ..Request::default() };
    let constant = make("constant", &server.url, vec![constant])?;
    let post = posts(tenants, true, "/rest/v1/bench_events", |_| String::new());
    let post = make("post", &server.url, post.collect())?;
    let many = post.over(MANY);
    let hand = make("post-by-hand", &server.by_hand, by_hand("/events"))?;
    let alone = make("post-alone", &server.by_hand, by_hand("/transactions"))?;

    let mut found = Vec::new();
    for name in NAMES.iter().filter(|name| options.wants(name)) {
        let Some(kind) = name.strip_prefix(stage.place.engine()) else { continue };
        let on_sqlite = stage.cluster.is_none();
        let (about, goal, ours, other) = match kind {
            "/post-32" if on_sqlite => ("durable POST / 11-byte constant", 0.25, &post, &constant),
            "/post-256" => {
                ("durable POST, 256 clients / constant, 32 clients", 0.4, &many, &constant)
            }
            "/post-32" => {
                ("durable POST / a transaction per request, 4 connections", 2.0, &post, &alone)
            }
            _ => ("durable POST / handler by hand", 0.5, &post, &hand),
        };
        let mut comparison = Comparison::new(name, about, "req/s", Goal::AtLeast(goal));
        comparison.p99_max_ms = on_sqlite.then_some(P99_MAX_MS);
        let comparison = comparison.run(ours, other, options.rounds, options.seconds)?;
        comparison.print();
        found.push(comparison);
    }
    Ok(found)
}
