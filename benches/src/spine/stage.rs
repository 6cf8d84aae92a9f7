//! A loaded installation, and the requests that are sent to it.

use super::TENANTS;
use crate::installation::{self, Place, Tenant};
use crate::load::Request;
use crate::process::{Beside, Server};
use crate::row::Row;
use crate::{Engine, by_hand, cluster};
use anyhow::Result;
use mainstay_testkit::{Cluster, connect};
use tempfile::TempDir;

/// Different requests of one kind.
const REQUESTS: u64 = 20_000;
/// Rows that are posted are numbered from here; loaded ones from 0.
const POSTED: u64 = 1 << 40;
/// Steps through tenants and rows; primes, so that every one is met.
const STEPS: (u64, u64) = (37, 7_919);

/// A loaded installation.
pub(crate) struct Stage {
    pub(crate) place: Place,
    pub(crate) tenants: Vec<Tenant>,
    folder: TempDir,
    /// The database server, when it is on one.
    pub(crate) cluster: Option<Cluster>,
}

impl Stage {
    /// Makes an installation and loads rows.
    pub(crate) async fn load(engine: Engine, rows: u64) -> Result<Self> {
        let (place, folder, cluster) = cluster::empty_place(engine).await?;
        let tenants = installation::load(&place, TENANTS, rows).await?;
        if let Some(database) = &place.database {
            // As the copies of the other sides, so that all plans know the rows.
            let superuser = connect(&database.superuser).await?;
            superuser.batch_execute("VACUUM ANALYZE public.bench_events").await?;
        }
        Ok(Self { place, tenants, folder, cluster })
    }

    /// Gives the side by hand its copy of the rows and starts the process under test with it.
    pub(crate) async fn start(&self) -> Result<Server> {
        by_hand::copy(&self.place).await?;
        Server::start(&self.place, Beside::ByHand)
    }

    /// Where files of requests go.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// Requests for one row each; `path` says where, given the tenant and the row.
pub(crate) fn get_one<'a>(
    tenants: &'a [Tenant],
    with_key: bool,
    path: impl Fn(&Tenant, &uuid::Uuid) -> String + 'a,
) -> impl Iterator<Item = Request<'a>> + 'a {
    (0..REQUESTS).filter_map(move |n| {
        let tenant = tenants.get((n * STEPS.0) as usize % tenants.len().max(1))?;
        let row = tenant.rows.get((n * STEPS.1) as usize % tenant.rows.len().max(1))?;
        Some(Request {
            method: "GET",
            path: path(tenant, row),
            token: if with_key { &tenant.key } else { "" },
            ..Request::default()
        })
    })
}

/// The list of 50 rows with filter and order.
pub(crate) fn list_path() -> String {
    "/rest/v1/bench_events?status=eq.success&order=created_at.desc&limit=50".to_owned()
}

/// Requests that create a row each; `extra` gives members of the body that a side needs.
pub(crate) fn posts<'a>(
    tenants: &'a [Tenant],
    with_key: bool,
    path: &'a str,
    extra: impl Fn(&Tenant) -> String + 'a,
) -> impl Iterator<Item = Request<'a>> + 'a {
    (0..REQUESTS).filter_map(move |n| {
        let tenant = tenants.get((n * STEPS.0) as usize % tenants.len().max(1))?;
        Some(Request {
            method: "POST",
            path: path.to_owned(),
            token: if with_key { &tenant.key } else { "" },
            content_type: "application/json",
            body: Row::nth(POSTED + n).json(&extra(tenant)),
            ..Request::default()
        })
    })
}
