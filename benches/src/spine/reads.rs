//! Reads over HTTP: one row by key, a list of 50 with filter and order.

use super::{Stage, get_one, list_path};
use crate::Options;
use crate::by_hand::LIST_ROWS;
use crate::installation::Tenant;
use crate::load::{Request, Requests};
use crate::process::Server;
use crate::report::{Comparison, Goal};
use anyhow::{Result, ensure};
use bytes::Bytes;
use reqwest::Client;
use uuid::Uuid;

/// Connections that send at the same time.
const CONNECTIONS: u32 = 32;

pub(super) const NAMES: &[&str] = &[
    "sqlite/get-one",
    "sqlite/list",
    "sqlite/by-hand/get-one",
    "sqlite/by-hand/list",
    "postgres/list-json-agg",
    "postgres/by-hand/get-one",
    "postgres/by-hand/list",
    "postgres/bare/get-one",
    "postgres/bare/list",
];

/// The sides of all reads.
struct Sides {
    constant: Requests,
    constant_list: Requests,
    one: Requests,
    list: Requests,
    one_by_hand: Requests,
    list_by_hand: Requests,
    list_json_agg: Requests,
    bare_one: Requests,
    bare_list: Requests,
}

pub(super) async fn measure(
    options: &Options,
    stage: &Stage,
    server: &Server,
) -> Result<Vec<Comparison>> {
    let sides = Sides::new(stage, server)?;
    prepare(stage, server).await?;
    let mut found = Vec::new();
    for name in NAMES.iter().filter(|name| options.wants(name)) {
        let Some(kind) = name.strip_prefix(stage.place.engine()) else { continue };
        let (about, goal, ours, other) = sides.of_kind(kind);
        let comparison = Comparison::new(name, about, "req/s", goal).run(
            ours,
            other,
            options.rounds,
            options.seconds,
        )?;
        comparison.print();
        found.push(comparison);
    }
    Ok(found)
}

impl Sides {
    fn new(stage: &Stage, server: &Server) -> Result<Self> {
        let tenants = &stage.tenants;
        let make = |name: &str, url: &str, requests: Vec<Request<'_>>| {
            Requests::new(stage.folder(), name, url, CONNECTIONS, requests)
        };
        let constant = |path: &str| {
            vec![Request { method: "GET", path: path.to_owned(), ..Request::default() }]
        };
        let one = get_one(tenants, true, |_, row| format!("/rest/v1/bench_events?id=eq.{row}"));
        let by_hand = |path: &'static str| {
            let path = move |tenant: &Tenant, row: &Uuid| {
                format!("/{path}/{row}?organization_id={}", tenant.id)
            };
            get_one(tenants, false, path).collect()
        };
        let lists = |path: &str| lists_by_hand(tenants, path);
        Ok(Self {
            constant: make("constant", &server.url, constant("/livez"))?,
            constant_list: make("constant-list", &server.by_hand, constant("/constant"))?,
            one: make("one", &server.url, one.collect())?,
            list: make("list", &server.url, lists_with_keys(tenants))?,
            one_by_hand: make("one-by-hand", &server.by_hand, by_hand("events"))?,
            list_by_hand: make("list-by-hand", &server.by_hand, lists("/events"))?,
            list_json_agg: make("list-json-agg", &server.by_hand, lists("/json_agg"))?,
            bare_one: make("bare-one", &server.by_hand, by_hand("bare"))?,
            bare_list: make("bare-list", &server.by_hand, lists("/bare"))?,
        })
    }

    /// Both sides of a comparison, in words too, and its goal.
    fn of_kind(&self, kind: &str) -> (&'static str, Goal, &Requests, &Requests) {
        let (one, list) = (&self.one, &self.list);
        let least = Goal::AtLeast;
        match kind {
            "/get-one" => ("one row by key / 11-byte constant", least(0.5), one, &self.constant),
            "/list" => {
                ("list of 50 / the same bytes constant", least(0.18), list, &self.constant_list)
            }
            "/list-json-agg" => {
                ("list of 50 / the list by json_agg", least(1.6), list, &self.list_json_agg)
            }
            "/by-hand/get-one" => {
                ("one row by key / handler by hand", least(0.75), one, &self.one_by_hand)
            }
            "/by-hand/list" => {
                ("list of 50 / handler by hand", least(0.75), list, &self.list_by_hand)
            }
            "/bare/get-one" => {
                ("one row by key / without transaction and RLS", Goal::None, one, &self.bare_one)
            }
            _ => ("list of 50 / without transaction and RLS", Goal::None, list, &self.bare_list),
        }
    }
}

fn lists_with_keys(tenants: &[Tenant]) -> Vec<Request<'_>> {
    let requests = tenants.iter().map(|tenant| Request {
        method: "GET",
        path: list_path(),
        token: &tenant.key,
        ..Request::default()
    });
    requests.collect()
}

fn lists_by_hand<'a>(tenants: &'a [Tenant], path: &str) -> Vec<Request<'a>> {
    let path = |tenant: &Tenant| format!("{path}?organization_id={}&status=success", tenant.id);
    let request = |tenant| Request { method: "GET", path: path(tenant), ..Request::default() };
    tenants.iter().map(request).collect()
}

/// Gives the constant the bytes of the real list, and sees that all sides answer 50 rows.
async fn prepare(stage: &Stage, server: &Server) -> Result<()> {
    let client = Client::new();
    let tenant = &stage.tenants[0];
    let url = format!("{}{}", server.url, list_path());
    let list = client.get(url).bearer_auth(&tenant.key).send().await?.error_for_status()?;
    let list = list.bytes().await?;
    check(&list)?;
    let constant = format!("{}/constant", server.by_hand);
    client.put(constant).body(list).send().await?.error_for_status()?;
    let mut paths = vec!["/events"];
    if stage.cluster.is_some() {
        paths.extend(["/json_agg", "/bare"]);
    }
    for path in paths {
        let query = format!("organization_id={}&status=success", tenant.id);
        let url = format!("{}{path}?{query}", server.by_hand);
        check(&client.get(url).send().await?.error_for_status()?.bytes().await?)?;
    }
    Ok(())
}

fn check(body: &Bytes) -> Result<()> {
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(body)?;
    ensure!(rows.len() as i64 == LIST_ROWS, "a side answers {} rows", rows.len());
    ensure!(rows.iter().all(|row| row.len() == 12), "a side leaves columns out");
    Ok(())
}
