//! A table that is declared in a file beside the same one that is built in.

use crate::load::{Request, Requests};
use crate::process::{Beside, Server};
use crate::report::{Comparison, Goal};
use crate::row::Row;
use crate::spine::engine_name;
use crate::{Engine, Options, cluster, installation};
use anyhow::Result;

/// Connections that send at the same time.
const CONNECTIONS: u32 = 32;
/// Organisations that share the tables.
const TENANTS: u64 = 100;
/// Different requests that create rows.
const POSTS: u64 = 20_000;
/// Equal within noise.
const SAME: Goal = Goal::AtLeast(0.9);

pub(super) const NAMES: [&str; 3] = ["own/get-one", "own/list", "own/post-32"];

pub(super) async fn measure(options: &Options, engine: Engine) -> Result<Vec<Comparison>> {
    let (place, folder, _cluster) = cluster::empty_place(engine).await?;
    let tenants = installation::load(&place, TENANTS, options.rows).await?;
    let copies = installation::load_also(&place, "own_events", &tenants, options.rows).await?;
    let server = Server::start(&place, Beside::Nothing)?;
    let mut found = Vec::new();
    for kind in NAMES {
        let name = format!("{}/{kind}", engine_name(engine));
        if !options.wants(&name) {
            continue;
        }
        let side = |table: &str, rows: &[Vec<uuid::Uuid>]| {
            let requests: Vec<Request<'_>> = (0..POSTS)
                .filter_map(|n| {
                    let tenant = &tenants[(n * 37) as usize % tenants.len()];
                    let keys = &rows[(n * 37) as usize % tenants.len()];
                    let key = keys.get((n * 7_919) as usize % keys.len().max(1))?;
                    Some(request(kind, table, &tenant.key, *key, n))
                })
                .collect();
            let file = format!("{kind}-{table}");
            Requests::new(folder.path(), &file, &server.url, CONNECTIONS, requests)
        };
        let built_in: Vec<_> = tenants.iter().map(|tenant| tenant.rows.clone()).collect();
        let (ours, other) = (side("own_events", &copies)?, side("bench_events", &built_in)?);
        let about = "a table declared in a file / the same one built in";
        let comparison = Comparison::new(&name, about, "req/s", SAME);
        let comparison = comparison.run(&ours, &other, options.rounds, options.seconds)?;
        comparison.print();
        found.push(comparison);
    }
    Ok(found)
}

fn request<'a>(kind: &str, table: &str, token: &'a str, key: uuid::Uuid, n: u64) -> Request<'a> {
    let (method, path) = match kind {
        "own/get-one" => ("GET", format!("/rest/v1/{table}?id=eq.{key}")),
        "own/list" => {
            let query = "status=eq.success&order=created_at.desc&limit=50";
            ("GET", format!("/rest/v1/{table}?{query}"))
        }
        _ => ("POST", format!("/rest/v1/{table}")),
    };
    let (content_type, body) = match method {
        "POST" => ("application/json", Row::nth((1 << 41) + n).json("")),
        _ => ("", String::new()),
    };
    Request { method, path, token, content_type, body, ..Request::default() }
}
