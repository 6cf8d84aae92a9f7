//! What places and proofs of events cost.
//!
//! Both sides run in this process and write the same rows of `audit_events`, with the same
//! constraints and indexes, durably. One goes the governed way, with leaf and place in the log;
//! the other one is the bare insert, whose rows share commits as well. The sequencer works during
//! the governed side's rounds, and has finished before the other side begins.

mod bare;
mod event;
mod lag;
mod size;
mod submit;
mod verify;

use crate::installation;
use crate::load::Shot;
use crate::report::{Comparison, Goal, Round, median};
use crate::spine::{Stage, engine_name};
use crate::{Engine, Options, report};
use anyhow::{Context as _, Result};
use axum::http::{HeaderMap, HeaderValue};
use bare::Bare;
use event::Events;
use mainstay_entity::{Entity, Table};
use mainstay_kernel::entities::{AuditEvent, LedgerPending};
use mainstay_kernel::{Clock, Context, Kernel, Origin, Principal, SystemClock};
use mainstay_server::Services;
use mainstay_store::{Access, Select};
use std::sync::Arc;
use std::time::{Duration, Instant};
use submit::submit;
use uuid::Uuid;

/// Events of one bulk request.
const BULK: u64 = 10_000;
/// What the 99th percentile of 64 submitters should not exceed.
const P99_MAX_MS: f64 = 15.0;
/// How often it is looked whether all events have their places.
const LOOK: Duration = Duration::from_millis(20);

/// A load that both sides are put under.
struct Load {
    name: &'static str,
    submitters: usize,
    /// Events of each request.
    rows: u64,
    /// Organisations that requests go to in turn.
    logs: usize,
    /// The least ratio.
    goal: Option<f64>,
}

const LOADS: [Load; 6] = [
    Load { name: "post-1", submitters: 1, rows: 1, logs: 1, goal: None },
    Load { name: "post-16", submitters: 16, rows: 1, logs: 1, goal: None },
    Load { name: "post-64", submitters: 64, rows: 1, logs: 1, goal: Some(0.65) },
    Load { name: "post-256", submitters: 256, rows: 1, logs: 1, goal: None },
    Load { name: "post-64-in-100-logs", submitters: 64, rows: 1, logs: 100, goal: None },
    Load { name: "bulk", submitters: 1, rows: BULK, logs: 1, goal: Some(0.65) },
];

impl Load {
    fn has_latency_goal(&self) -> bool {
        (self.submitters, self.rows, self.logs) == (64, 1, 1)
    }
}

/// Measures what is asked for, prints it and writes it to a file.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let mut results = Vec::new();
    for engine in options.engines() {
        measure(options, engine, &mut results).await?;
    }
    report::write(&options.json("ledger"), &results)
}

async fn measure(options: &Options, engine: Engine, results: &mut Vec<Comparison>) -> Result<()> {
    let stage = Stage::load(engine, 0).await?;
    let bare = Arc::new(Bare::open(&stage.place).await?);
    let site = Arc::new(Site::open(&stage, options, engine).await?);
    for load in LOADS.iter().filter(|load| site.wants(load.name)) {
        results.push(site.compare(&bare, load).await?);
    }
    if site.wants("lag") {
        results.extend(lag::measure(&site).await?);
    }
    if site.wants("verify") {
        results.extend(verify::measure(&site).await?);
    }
    if site.wants("bytes") {
        results.push(size::measure(&site, &stage.place).await?);
    }
    site.services.sequencer.stop().await;
    site.services.kernel.close().await;
    Ok(())
}

/// An open installation, and who writes to it.
struct Site {
    options: Options,
    engine: Engine,
    services: Services,
    events: Events,
    pending: Arc<Table>,
    /// The keys of the organisations, in their order.
    callers: Vec<Arc<Principal>>,
    origin: Arc<Origin>,
}

impl Site {
    async fn open(stage: &Stage, options: &Options, engine: Engine) -> Result<Self> {
        let Stage { place, tenants, .. } = stage;
        let services = installation::open(place).await?;
        let origin = Arc::new(Origin::default());
        let mut callers = Vec::with_capacity(tenants.len());
        for tenant in tenants {
            let mut headers = HeaderMap::new();
            headers.insert("apikey", HeaderValue::from_str(&tenant.key)?);
            callers.push(services.identity.authenticate(&headers, &origin).await?);
        }
        let find = |schema: &str, table: &str| {
            let found = services.kernel.catalog().find(schema, table).cloned();
            found.with_context(|| format!("the catalog lacks {table}"))
        };
        let events = Events::new(find(AuditEvent::SCHEMA, AuditEvent::TABLE)?);
        let pending = find(LedgerPending::SCHEMA, LedgerPending::TABLE)?;
        let options = options.clone();
        Ok(Self { options, engine, services, events, pending, callers, origin })
    }

    fn name(&self, name: &str) -> String {
        format!("{}/ledger/{name}", engine_name(self.engine))
    }

    fn wants(&self, name: &str) -> bool {
        self.options.wants(&self.name(name))
    }

    fn kernel(&self) -> &Kernel {
        &self.services.kernel
    }

    fn context(&self, caller: usize) -> Context {
        let principal = self.callers[caller % self.callers.len()].clone();
        Context::new(principal, self.origin.clone(), SystemClock.now())
    }

    /// Writes events the governed way.
    async fn create(&self, caller: usize, numbers: std::ops::Range<u64>) -> Result<Vec<Uuid>> {
        let table = self.events.table();
        let rows = numbers.map(|n| self.events.new_row(n)).collect::<Result<Vec<_>>>()?;
        let records = self.kernel().create(&self.context(caller), table, rows).await?;
        let id = self.events.id();
        Ok(records.iter().filter_map(|record| record.0[id].as_uuid()).collect())
    }

    /// Waits until every event has its place; gives the time it took.
    async fn settle(&self) -> Result<Duration> {
        let start = Instant::now();
        let mut select = Select::all(self.pending.clone());
        select.limit = Some(1);
        while !self.kernel().store().fetch(&Access::system(), &select).await?.is_empty() {
            tokio::time::sleep(LOOK).await;
        }
        Ok(start.elapsed())
    }

    /// Sends requests of some events each for some time, from so many submitters, in turn to some
    /// organisations.
    async fn send(
        self: &Arc<Self>,
        (submitters, rows, logs): (usize, u64, usize),
        time: Duration,
    ) -> Result<Shot> {
        let site = self.clone();
        submit(submitters, time, move |n| {
            let site = site.clone();
            async move { site.create(n as usize % logs, n * rows..(n + 1) * rows).await.map(drop) }
        })
        .await
    }

    /// The same as bare rows.
    async fn send_bare(
        self: &Arc<Self>,
        bare: &Arc<Bare>,
        (submitters, rows, logs): (usize, u64, usize),
        time: Duration,
    ) -> Result<Shot> {
        let (site, bare) = (self.clone(), bare.clone());
        submit(submitters, time, move |n| {
            let (site, bare) = (site.clone(), bare.clone());
            async move {
                let organization = site.callers[n as usize % logs].organization_id;
                let numbers = n * rows..(n + 1) * rows;
                bare.insert(numbers.map(|n| site.events.record(n, organization)).collect()).await
            }
        })
        .await
    }

    /// Compares both sides; which comes first alternates.
    async fn compare(self: &Arc<Self>, bare: &Arc<Bare>, load: &Load) -> Result<Comparison> {
        let Load { name, submitters, rows, logs, goal } = *load;
        let about = format!(
            "{submitters} submitters of {rows} events each, {logs} logs / as many bare rows"
        );
        let goal = goal.map_or(Goal::None, Goal::AtLeast);
        let mut comparison = Comparison::new(&self.name(name), &about, "events/s", goal);
        comparison.p99_max_ms = load.has_latency_goal().then_some(P99_MAX_MS);
        let shape = (submitters, rows, logs);
        let mut bare_shots = Vec::new();
        let mut late = Duration::ZERO;
        // The first round warms up.
        for round in 0..=self.options.rounds {
            let time = Duration::from_secs(if round == 0 { 1 } else { self.options.seconds });
            let mut other = None;
            if round % 2 == 1 {
                other = Some(self.send_bare(bare, shape, time).await?);
            }
            let ours = self.send(shape, time).await?;
            let settled = self.settle().await?;
            let other = match other {
                Some(other) => other,
                None => self.send_bare(bare, shape, time).await?,
            };
            if round > 0 {
                late = late.max(settled);
                let rows = rows as f64;
                comparison.rounds.push(Round { ours: ours.rate * rows, other: other.rate * rows });
                comparison.shots.push(ours);
                bare_shots.push(other);
            }
        }
        comparison.print();
        let bare_ms = |of: fn(&Shot) -> f64| median(bare_shots.iter().map(of));
        println!(
            "  bare rows: p50 {:.2} ms, p99 {:.2} ms; all had their places {:.2} s after the last \
             answer\n",
            bare_ms(|shot| shot.p50_ms),
            bare_ms(|shot| shot.p99_ms),
            late.as_secs_f64()
        );
        Ok(comparison)
    }
}
