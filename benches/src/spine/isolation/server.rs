//! Isolation on `PostgreSQL`: row-level security, and the settings that name the tenant.
//!
//! Both sides send the statement that the store renders, in a transaction and all at once. The
//! superuser, whom the policies don't bind, needs no settings.

use super::Question;
use crate::installation::Database;
use anyhow::{Result, ensure};
use futures_util::future::join4;
use mainstay_testkit::connect;
use std::time::{Duration, Instant};
use tokio_postgres::{Client, Statement};
use uuid::Uuid;

const SETTINGS: &str = "SELECT set_config('app.current_tenant', $1, true), \
    set_config('app.current_user_id', '', true), set_config('app.platform', '', true), \
    set_config('app.system', '', true), set_config('app.teams', '*', true), \
    set_config('app.venues', '*', true), set_config('app.write_tenants', $1, true)";
/// As long to parse and answer, without meaning to any policy.
const NO_SETTINGS: &str = "SELECT $1::text";

const COUNT: &str = "SELECT count(*) FROM public.bench_events t \
    WHERE t.organization_id = $1 AND t.status = 'success'";
const AGGREGATE: &str = "SELECT t.action, count(*), sum(t.duration_ms)::bigint, \
    max(t.duration_ms) FROM public.bench_events t \
    WHERE t.organization_id = $1 AND t.status = 'success' GROUP BY t.action ORDER BY t.action";
const LIST: &str = "SELECT t.id, t.organization_id, t.actor_id, t.action, t.resource_type, \
    t.resource_id, t.status, t.ip_address, t.user_agent, t.duration_ms, t.details, t.created_at \
    FROM public.bench_events t WHERE t.organization_id = $1 AND t.status = 'success' \
    ORDER BY t.created_at DESC, t.id DESC LIMIT 50";

pub(super) struct Sides {
    isolated: Side,
    trusted: Side,
}

struct Side {
    client: Client,
    settings: Statement,
    count: Statement,
    aggregate: Statement,
    list: Statement,
}

impl Sides {
    pub(super) async fn open(database: &Database) -> Result<Self> {
        let superuser = connect(&database.superuser).await?;
        superuser.batch_execute("VACUUM ANALYZE public.bench_events").await?;
        Ok(Self {
            isolated: Side::open(&database.app, SETTINGS).await?,
            trusted: Side::open(&database.superuser, NO_SETTINGS).await?,
        })
    }

    pub(super) async fn ask(
        &mut self,
        tenant: Uuid,
        question: Question,
        isolated: bool,
    ) -> Result<Duration> {
        // A connection in a transaction is this question's alone.
        let side = if isolated { &mut self.isolated } else { &mut self.trusted };
        side.ask(tenant, question).await
    }
}

impl Side {
    async fn open(url: &str, settings: &str) -> Result<Self> {
        let client = connect(url).await?;
        Ok(Self {
            settings: client.prepare(settings).await?,
            count: client.prepare(COUNT).await?,
            aggregate: client.prepare(AGGREGATE).await?,
            list: client.prepare(LIST).await?,
            client,
        })
    }

    async fn ask(&mut self, tenant: Uuid, question: Question) -> Result<Duration> {
        let name = tenant.to_string();
        let statement = match question {
            Question::Count => &self.count,
            Question::Aggregate => &self.aggregate,
            Question::List => &self.list,
        };
        let start = Instant::now();
        let (began, set, rows, ended) = join4(
            self.client.batch_execute("BEGIN READ ONLY"),
            self.client.query(&self.settings, &[&name]),
            self.client.query(statement, &[&tenant]),
            self.client.batch_execute("COMMIT"),
        )
        .await;
        let took = start.elapsed();
        began?;
        set?;
        ended?;
        ensure!(!rows?.is_empty(), "nothing was found");
        Ok(took)
    }
}
