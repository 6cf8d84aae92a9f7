//! By hand on `PostgreSQL`: reads with the real server's statements under row-level security,
//! `UNNEST` batches without it, and the shapes of others that the real server is compared with:
//! `json_agg`, and one transaction per request. Reads of a copy, without transaction and row-level
//! security, tell what those cost.

mod batch;
mod exclusive;
mod values;

pub(crate) use values::{Jsonb, timestamp};

use super::LIST_ROWS;
use super::record::{Event, NewEvent};
use anyhow::{Context, Result};
use batch::Batches;
use bytes::Bytes;
use exclusive::{Checkout, Exclusive};
use futures_util::future::join4;
use mainstay_testkit::{APP_ROLE, connect};
use postgres_types::ToSql;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio_postgres::{Client, Row, Statement};
use uuid::Uuid;

/// Connections for reads, as many as the real server has.
const READ_CONNECTIONS: usize = 16;
/// Connections for transactions of one request.
const WRITE_CONNECTIONS: usize = 4;
/// Connections that requests without a transaction share.
const SHARED_CONNECTIONS: usize = 4;

/// The statements of the real server.
const ONE: &str = "SELECT id, organization_id, actor_id, action, resource_type, resource_id, \
    status, ip_address, user_agent, duration_ms, details, created_at FROM public.bench_events \
    WHERE organization_id = $1 AND id = $2";
const LIST: &str = "SELECT id, organization_id, actor_id, action, resource_type, resource_id, \
    status, ip_address, user_agent, duration_ms, details, created_at FROM public.bench_events \
    WHERE organization_id = $1 AND status = $2 ORDER BY created_at DESC, id DESC LIMIT $3";

/// `PostgREST`'s statement for the same list.
const JSON_AGG: &str = "WITH pgrst_source AS (SELECT \"public\".\"bench_events\".* \
    FROM \"public\".\"bench_events\" \
    WHERE \"public\".\"bench_events\".\"organization_id\" = $1 \
    AND \"public\".\"bench_events\".\"status\" = $2 \
    ORDER BY \"public\".\"bench_events\".\"created_at\" DESC LIMIT $3 OFFSET 0) \
    SELECT null::bigint AS total_result_set, \
    pg_catalog.count(_postgrest_t) AS page_total, \
    coalesce(json_agg(_postgrest_t), '[]')::text AS body, \
    nullif(current_setting('response.headers', true), '') AS response_headers, \
    nullif(current_setting('response.status', true), '') AS response_status \
    FROM (SELECT * FROM pgrst_source) _postgrest_t";

/// What the policies look at.
const SESSION: &str = "SELECT set_config('app.current_tenant', $1, true), \
    set_config('app.write_tenants', $1, true), set_config('app.current_user_id', '', true), \
    set_config('app.platform', '', true), set_config('app.system', '', true), \
    set_config('app.teams', '*', true), set_config('app.venues', '*', true)";

const INSERT: &str = "INSERT INTO public.bench_events (id, organization_id, actor_id, action, \
    resource_type, resource_id, status, ip_address, user_agent, duration_ms, details, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const INSERT_EVENT: &str = "INSERT INTO mainstay.audit_events (id, organization_id, actor_id, \
    action, resource_type, resource_id, status, new_value, ip_address, user_agent, event_version, \
    details, occurred_at, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, 'success', $7, $8, $9, '1', '{}', $10, $10)";

/// The real tables under row-level security, and a copy without it.
pub(crate) struct Hand {
    reads: Exclusive<4>,
    alone: Exclusive<3>,
    batches: Batches,
    bare: Vec<Bare>,
    next: AtomicUsize,
}

/// A connection for single statements on the copy; any number may be under way.
struct Bare {
    client: Client,
    one: Statement,
    list: Statement,
}

/// Copies the loaded table into a schema of this side.
pub(super) async fn copy(superuser_url: &str) -> Result<()> {
    let client = connect(superuser_url).await?;
    let sql = format!(
        "CREATE SCHEMA by_hand;
         CREATE TABLE by_hand.bench_events (LIKE public.bench_events INCLUDING ALL);
         INSERT INTO by_hand.bench_events SELECT * FROM public.bench_events;
         ALTER TABLE by_hand.bench_events
             ADD FOREIGN KEY (organization_id) REFERENCES mainstay.organizations (id);
         GRANT USAGE ON SCHEMA by_hand TO {APP_ROLE};
         GRANT SELECT, INSERT ON by_hand.bench_events TO {APP_ROLE};
         VACUUM ANALYZE"
    );
    // VACUUM can't share a batch with other statements.
    let (statements, vacuum) = sql.rsplit_once(';').context("two parts")?;
    client.batch_execute(statements).await?;
    client.batch_execute(vacuum).await?;
    Ok(())
}

impl Hand {
    pub(super) async fn open(url: &str) -> Result<Self> {
        let mut bare = Vec::new();
        for _ in 0..SHARED_CONNECTIONS {
            let client = connect(url).await?;
            let copied = |text: &str| text.replace("public.", "by_hand.");
            let one = client.prepare(&copied(ONE)).await?;
            let list = client.prepare(&copied(LIST)).await?;
            bare.push(Bare { client, one, list });
        }
        let reads = [SESSION, ONE, LIST, JSON_AGG];
        let alone = [SESSION, INSERT, INSERT_EVENT];
        Ok(Self {
            reads: Exclusive::open(url, READ_CONNECTIONS, &reads).await?,
            alone: Exclusive::open(url, WRITE_CONNECTIONS, &alone).await?,
            batches: Batches::open(url).await?,
            bare,
            next: AtomicUsize::new(0),
        })
    }

    pub(super) async fn one(&self, organization: Uuid, id: Uuid) -> Result<Bytes> {
        let checkout = self.reads.checkout().await?;
        let (client, [session, one, ..]) = checkout.parts();
        body(&read(client, session, organization, one, &[&organization, &id]).await?)
    }

    pub(super) async fn list(&self, organization: Uuid, status: &str) -> Result<Bytes> {
        let checkout = self.reads.checkout().await?;
        let (client, [session, _, list, _]) = checkout.parts();
        let values: [&(dyn ToSql + Sync); 3] = [&organization, &status, &LIST_ROWS];
        body(&read(client, session, organization, list, &values).await?)
    }

    /// The list as `PostgREST` asks for it.
    pub(super) async fn json_agg(&self, organization: Uuid, status: &str) -> Result<String> {
        let checkout = self.reads.checkout().await?;
        let (client, [session, .., list]) = checkout.parts();
        let values: [&(dyn ToSql + Sync); 3] = [&organization, &status, &LIST_ROWS];
        let rows = read(client, session, organization, list, &values).await?;
        Ok(rows.first().context("an aggregate has one row")?.try_get(2)?)
    }

    /// One row of the copy: no transaction, no settings, no row-level security.
    pub(super) async fn bare_one(&self, organization: Uuid, id: Uuid) -> Result<Bytes> {
        let bare = self.bare();
        body(&bare.client.query(&bare.one, &[&organization, &id]).await?)
    }

    /// The list from the copy.
    pub(super) async fn bare_list(&self, organization: Uuid, status: &str) -> Result<Bytes> {
        let bare = self.bare();
        body(&bare.client.query(&bare.list, &[&organization, &status, &LIST_ROWS]).await?)
    }

    fn bare(&self) -> &Bare {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        &self.bare[next % self.bare.len()]
    }

    pub(super) async fn create(&self, event: NewEvent) -> Result<()> {
        self.batches.insert(event).await
    }

    /// A row and its event under row-level security, in a transaction of their own.
    pub(super) async fn create_alone(&self, event: NewEvent) -> Result<()> {
        let checkout = self.alone.checkout().await?;
        write_alone(&checkout, &event).await
    }
}

/// Reads in a transaction of one tenant, all sent at once; the connection is this request's alone
/// meanwhile.
async fn read(
    client: &Client,
    session: &Statement,
    organization: Uuid,
    statement: &Statement,
    values: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>> {
    let organization = organization.to_string();
    let (began, set, rows, ended) = join4(
        client.batch_execute("BEGIN READ ONLY"),
        client.query(session, &[&organization]),
        client.query(statement, values),
        client.batch_execute("COMMIT"),
    )
    .await;
    began?;
    set?;
    ended?;
    Ok(rows?)
}

/// Sends all of the transaction at once; the connection is this request's alone meanwhile.
async fn write_alone(checkout: &Checkout<'_, 3>, event: &NewEvent) -> Result<()> {
    let (client, [session, insert, insert_event]) = checkout.parts();
    let sent = &event.sent;
    let organization = sent.organization_id.to_string();
    let created = timestamp(event.created_at.as_microsecond());
    let (actor, resource_id) = ("key:benchmark", event.id.to_string());
    let (action, resource_type) = ("bench_events.create", "bench_events");
    let details = Jsonb(sent.details.get());
    // The event has an identifier of its own; that it resembles the row's costs nothing.
    let event_id = Uuid::from_u128(event.id.as_u128() ^ 1);
    let session_values: [&(dyn ToSql + Sync); 1] = [&organization];
    let row: [&(dyn ToSql + Sync); 12] = [
        &event.id,
        &sent.organization_id,
        &sent.actor_id,
        &sent.action,
        &sent.resource_type,
        &sent.resource_id,
        &sent.status,
        &sent.ip_address,
        &sent.user_agent,
        &sent.duration_ms,
        &details,
        &created,
    ];
    let audit: [&(dyn ToSql + Sync); 10] = [
        &event_id,
        &sent.organization_id,
        &actor,
        &action,
        &resource_type,
        &resource_id,
        &details,
        &sent.ip_address,
        &sent.user_agent,
        &created,
    ];
    let begin = async {
        let (began, set) = futures_util::future::join(
            client.batch_execute("BEGIN"),
            client.query(session, &session_values),
        )
        .await;
        began.and(set.map(drop))
    };
    let (began, row, audit, ended) = join4(
        begin,
        client.execute(insert, &row),
        client.execute(insert_event, &audit),
        client.batch_execute("COMMIT"),
    )
    .await;
    began?;
    row?;
    audit?;
    ended?;
    Ok(())
}

fn body(rows: &[Row]) -> Result<Bytes> {
    let mut out = Vec::with_capacity(512 * rows.len());
    out.push(b'[');
    for row in rows {
        if out.len() > 1 {
            out.push(b',');
        }
        let details: Jsonb<'_> = row.try_get(10)?;
        let event = Event {
            id: row.try_get(0)?,
            organization_id: row.try_get(1)?,
            actor_id: row.try_get(2)?,
            action: row.try_get(3)?,
            resource_type: row.try_get(4)?,
            resource_id: row.try_get(5)?,
            status: row.try_get(6)?,
            ip_address: row.try_get::<_, IpAddr>(7)?,
            user_agent: row.try_get(8)?,
            duration_ms: row.try_get(9)?,
            details: serde_json::from_str(details.0)?,
            created_at: values::instant(row.try_get(11)?)?,
        };
        serde_json::to_writer(&mut out, &event)?;
    }
    out.push(b']');
    Ok(out.into())
}
