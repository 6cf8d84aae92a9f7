//! Customers with orders with lines, all of one organisation.

use crate::installation::{self, Place, Tenant};
use crate::process::{Beside, Server};
use crate::{Engine, cluster};
use anyhow::{Context as _, Result};
use mainstay_entity::{Decimal, Value};
use mainstay_kernel::{Clock, Context, Kernel, NewRow, SystemClock};
use mainstay_testkit::{Cluster, connect};
use std::path::Path;
use tempfile::TempDir;
use uuid::Uuid;

/// Orders of a customer, and lines of an order.
const EACH: u64 = 10;
/// Rows that are loaded at a time.
const AT_A_TIME: usize = 1_000;

/// A loaded installation.
pub(super) struct Shop {
    pub(super) place: Place,
    pub(super) tenant: Tenant,
    /// In the order of their keys.
    pub(super) customers: Vec<Uuid>,
    pub(super) orders: Vec<Uuid>,
    folder: TempDir,
    _cluster: Option<Cluster>,
}

impl Shop {
    /// Makes an installation with so many lines.
    pub(super) async fn load(engine: Engine, lines: u64) -> Result<Self> {
        let (place, folder, cluster) = cluster::empty_place(engine).await?;
        let tenants = installation::load(&place, 1, 0).await?;
        let tenant = tenants.into_iter().next().context("no organisation")?;
        let services = installation::open(&place).await?;
        let context = Context::system("benchmark", Some(tenant.id), SystemClock.now());
        let loader = Loader { kernel: &services.kernel, context };
        let customer = |n: u64| vec![("name", Value::Text(format!("Customer {n}")))];
        let customers = loader.fill("own_customers", lines / EACH / EACH, customer).await?;
        let order = |n: u64| {
            let customer = Value::Uuid(customers[(n / EACH) as usize]);
            vec![("customer_id", customer), ("number", Value::Int(n.cast_signed()))]
        };
        let orders = loader.fill("own_orders", lines / EACH, order).await?;
        let line = |n: u64| {
            let price = Decimal::new((n * 7_919 % 1_000_000).cast_signed(), 2);
            vec![
                ("order_id", Value::Uuid(orders[(n / EACH) as usize])),
                ("number", Value::Int((n % EACH).cast_signed())),
                ("price", Value::Decimal(price)),
            ]
        };
        loader.fill("own_lines", lines, line).await?;
        services.sequencer.stop().await;
        services.kernel.close().await;
        if let Some(database) = &place.database {
            connect(&database.superuser).await?.batch_execute("VACUUM ANALYZE").await?;
        }
        Ok(Self { place, tenant, customers, orders, folder, _cluster: cluster })
    }

    pub(super) fn start(&self) -> Result<Server> {
        Server::start(&self.place, Beside::Nothing)
    }

    /// Where files of requests go.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

struct Loader<'a> {
    kernel: &'a Kernel,
    context: Context,
}

impl Loader<'_> {
    /// Makes rows from their numbers; gives their keys.
    async fn fill(
        &self,
        table: &str,
        count: u64,
        row: impl Fn(u64) -> Vec<(&'static str, Value)>,
    ) -> Result<Vec<Uuid>> {
        let table = self.kernel.catalog().find("public", table).context("no such table")?.clone();
        let id = table.column_index("id").context("no key")?;
        let mut keys = Vec::new();
        for first in (0..count).step_by(AT_A_TIME) {
            let mut rows = Vec::new();
            for number in first..(first + AT_A_TIME as u64).min(count) {
                let mut new = NewRow::empty(&table);
                for (column, value) in row(number) {
                    new.set(&table, column, value)?;
                }
                rows.push(new);
            }
            let records = self.kernel.create(&self.context, &table, rows).await?;
            keys.extend(records.iter().filter_map(|record| record.0[id].as_uuid()));
        }
        Ok(keys)
    }
}
