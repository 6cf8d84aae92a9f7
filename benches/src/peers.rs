//! Other servers on the same machine, with the same rows, side by side with Mainstay.
//!
//! The peers answer anyone: no token, no rule on rows, no audit. Mainstay answers a key of one of
//! 100 tenants, keeps them apart and records each write.

mod pocketbase;
mod postgrest;
mod program;

use crate::installation::Tenant;
use crate::load::{Request, Requests};
use crate::process::{Beside, Server};
use crate::report::{self, Comparison, Goal, Round};
use crate::spine::{Stage, get_one, list_path, posts};
use crate::{Engine, Options};
use anyhow::Result;
use std::path::Path;

const CONNECTIONS: u32 = 32;

/// What `TrailBase` 0.33.2, which is no package, did on a machine of this kind (answers a second).
const TRAILBASE: [(&str, f64); 3] = [("get-one", 12_925.0), ("list", 3_110.0), ("post", 6_924.0)];
const TRAILBASE_GOAL: f64 = 2.0;

/// What a peer is asked, in the order of [`Sides`].
const KINDS: [&str; 3] = ["get-one", "list", "post"];

/// A peer that is running with all rows.
struct Peer {
    name: &'static str,
    url: String,
    goals: [f64; 3],
    paths: Paths,
    /// It ends with the value.
    _program: program::Program,
}

/// Where a peer keeps the table.
struct Paths {
    one: fn(&Tenant, &uuid::Uuid) -> String,
    list: fn(&Tenant) -> String,
    post: &'static str,
}

/// The same three kinds of request, for one server.
struct Sides([Requests; 3]);

/// Measures what is asked for, prints it and writes it to a file.
pub(crate) async fn run(options: &Options, programs: &Path) -> Result<()> {
    let mut results = Vec::new();
    for engine in options.engines() {
        let stage = Stage::load(engine, options.rows).await?;
        let server = Server::start(&stage.place, Beside::Nothing)?;
        let peer = match &stage.place.database {
            None => pocketbase::start(&stage, programs, options.rows).await?,
            Some(database) => postgrest::start(&stage, database, programs).await?,
        };
        let (ours, theirs) = (Sides::ours(&stage, &server)?, Sides::of(&stage, &peer)?);
        for (kind, goal) in KINDS.iter().zip(peer.goals) {
            let name = format!("peers/{}/{kind}", peer.name);
            if !options.wants(&name) {
                continue;
            }
            let about = format!("{kind}, with isolation and audit / {}", peer.name);
            let (ours, theirs) = (ours.of_kind(kind), theirs.of_kind(kind));
            let comparison = Comparison::new(&name, &about, "req/s", Goal::AtLeast(goal)).run(
                ours,
                theirs,
                options.rounds,
                options.seconds,
            )?;
            comparison.print();
            if engine == Engine::Sqlite {
                results.push(recorded(kind, &comparison));
            }
            results.push(comparison);
        }
    }
    report::write(&options.json("peers"), &results)
}

/// The rounds against a rate that was recorded in another run.
fn recorded(kind: &str, measured: &Comparison) -> Comparison {
    let known = TRAILBASE.iter().find(|(name, _)| *name == kind);
    let rate = known.map_or(f64::NAN, |(_, rate)| *rate);
    let about = format!("{kind}, with isolation and audit / TrailBase as recorded");
    let name = format!("peers/trailbase/{kind}");
    let mut comparison = Comparison::new(&name, &about, "req/s", Goal::AtLeast(TRAILBASE_GOAL));
    comparison.rounds =
        measured.rounds.iter().map(|round| Round { ours: round.ours, other: rate }).collect();
    comparison.print();
    comparison
}

impl Sides {
    fn ours(stage: &Stage, server: &Server) -> Result<Self> {
        let tenants = &stage.tenants;
        let one = get_one(tenants, true, |_, row| format!("/rest/v1/bench_events?id=eq.{row}"));
        let list = tenants.iter().map(|tenant| Request {
            method: "GET",
            path: list_path(),
            token: &tenant.key,
            ..Request::default()
        });
        let post = posts(tenants, true, "/rest/v1/bench_events", |_| String::new());
        let make = |kind, requests: Vec<Request<'_>>| {
            let name = format!("mainstay/{kind}");
            Requests::new(stage.folder(), &name, &server.url, CONNECTIONS, requests)
        };
        Ok(Self([
            make("get-one", one.collect())?,
            make("list", list.collect())?,
            make("post", post.collect())?,
        ]))
    }

    fn of(stage: &Stage, peer: &Peer) -> Result<Self> {
        let tenants = &stage.tenants;
        let list = tenants.iter().map(|tenant| Request {
            method: "GET",
            path: (peer.paths.list)(tenant),
            ..Request::default()
        });
        let tenant_id = |tenant: &Tenant| format!("\"organization_id\":\"{}\",", tenant.id);
        let make = |kind, requests: Vec<Request<'_>>| {
            let name = format!("{}/{kind}", peer.name);
            Requests::new(stage.folder(), &name, &peer.url, CONNECTIONS, requests)
        };
        Ok(Self([
            make("get-one", get_one(tenants, false, peer.paths.one).collect())?,
            make("list", list.collect())?,
            make("post", posts(tenants, false, peer.paths.post, tenant_id).collect())?,
        ]))
    }

    fn of_kind(&self, kind: &str) -> &Requests {
        let [one, list, post] = &self.0;
        match kind {
            "get-one" => one,
            "list" => list,
            _ => post,
        }
    }
}
