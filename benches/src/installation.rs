//! An installation as the `mainstay` binary makes it, with one module more.

use crate::event::{self, BenchEvent};
use crate::product;
use crate::row::Row;
use anyhow::{Context as _, Result};
use mainstay_audit::ledger::{Cosigning, Sequencer, SigningSeed};
use mainstay_entity::{Catalog, Entity};
use mainstay_identity::{AuthSettings, Identity, NewApiKey, SigningKey};
use mainstay_kernel::{Clock, Context, Kernel, Module, Parts, SystemClock};
use mainstay_rest::Rest;
use mainstay_server::Services;
use mainstay_store::migrate::{self, Options, Version};
use mainstay_store::{Config, PostgresConfig, SqliteConfig, Store};
use mainstay_vault::{MasterKey, SystemEntropy};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// Rows that are loaded at a time.
const LOAD_ROWS: u64 = 1_000;

/// Where an installation's data is.
#[derive(Clone)]
pub(crate) struct Place {
    /// The folder of its keys, and of its file on `SQLite`.
    pub(crate) folder: PathBuf,
    /// The database when it is on `PostgreSQL`.
    pub(crate) database: Option<Database>,
}

/// A `PostgreSQL` database, as the URLs of its three roles.
#[derive(Clone)]
pub(crate) struct Database {
    /// Connects as the role that owns the tables.
    pub(crate) owner: String,
    /// Connects as the role of servers.
    pub(crate) app: String,
    /// Connects as the superuser.
    pub(crate) superuser: String,
}

/// An organisation whose key sends requests.
pub(crate) struct Tenant {
    pub(crate) id: Uuid,
    /// The key of its servers.
    pub(crate) key: String,
    /// Its rows.
    pub(crate) rows: Vec<Uuid>,
}

impl Place {
    /// The file of an installation on `SQLite`.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join("mainstay.db")
    }

    /// The engine's name.
    pub(crate) fn engine(&self) -> &'static str {
        if self.database.is_some() { "postgres" } else { "sqlite" }
    }

    fn config(&self) -> Config {
        match &self.database {
            Some(database) => Config::Postgres(PostgresConfig::new(&database.app)),
            None => Config::Sqlite(SqliteConfig::new(self.file())),
        }
    }

    fn owner_config(&self) -> Config {
        match &self.database {
            Some(database) => Config::Postgres(PostgresConfig::new(&database.owner)),
            None => self.config(),
        }
    }
}

fn modules() -> Result<Vec<Module>> {
    let mut modules = vec![
        mainstay_identity::module(),
        mainstay_audit::module(),
        mainstay_governance::module(),
        event::module(),
    ];
    modules.push(product::module(&modules)?);
    Ok(modules)
}

/// Makes the database.
pub(crate) async fn migrate(place: &Place) -> Result<()> {
    let catalog: Arc<Catalog> = Arc::new(mainstay_kernel::catalog(&modules()?)?);
    let options = Options {
        app_role: migrate::app_role(&place.config())?,
        allow_data_loss: false,
        with_own: true,
        now: SystemClock.now(),
        binary_version: Version::new(0, 1, 0),
    };
    migrate::apply(&place.owner_config(), &catalog, &options).await?;
    Ok(())
}

/// Opens what a server works with.
pub(crate) async fn open(place: &Place) -> Result<Services> {
    let modules = modules()?;
    let catalog = Arc::new(mainstay_kernel::catalog(&modules)?);
    let store = Store::open(place.config(), catalog).await?;
    let kernel = Kernel::new(Parts {
        store,
        modules,
        master: master_key(&place.folder)?,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    })?;
    let signing = SigningKey::open(&place.folder.join("signing.key"))?;
    let issuer = "http://127.0.0.1/auth/v1".to_owned();
    let identity =
        Arc::new(Identity::new(kernel.clone(), signing, issuer, AuthSettings::default())?);
    let settings = mainstay_rest::Settings {
        default_schema: BenchEvent::SCHEMA.to_owned(),
        ..mainstay_rest::Settings::default()
    };
    let seed = SigningSeed::open(&place.folder.join("ledger.key"), &SystemEntropy)?;
    let server = format!("benchmark {}", std::process::id());
    let sequencer = Sequencer::start(kernel.clone(), seed, "127.0.0.1", &server).await?;
    let cosigning = Cosigning::start(&kernel, Vec::new())?;
    let rest = Rest::new(kernel.clone(), settings);
    Ok(Services { rest, kernel, identity, sequencer, cosigning, setup: None })
}

fn master_key(folder: &Path) -> Result<MasterKey> {
    let path = folder.join("master.key");
    Ok(if path.exists() {
        MasterKey::read(&path)?
    } else {
        MasterKey::create(&path, &SystemEntropy)?
    })
}

/// Makes organisations with a key each and loads rows of all of them through the governed write
/// path, a thousand at a time in turn.
pub(crate) async fn load(place: &Place, tenants: u64, rows: u64) -> Result<Vec<Tenant>> {
    migrate(place).await.context("could not migrate")?;
    let services = open(place).await?;
    let mut loaded = Vec::new();
    for number in 0..tenants {
        loaded.push(tenant(&services.identity, number).await?);
    }
    let organizations: Vec<Uuid> = loaded.iter().map(|tenant: &Tenant| tenant.id).collect();
    let keys = fill(&services.kernel, BenchEvent::TABLE, &organizations, rows).await?;
    for (tenant, keys) in loaded.iter_mut().zip(keys) {
        tenant.rows = keys;
    }
    services.sequencer.stop().await;
    services.kernel.close().await;
    Ok(loaded)
}

/// Loads the rows of organisations into another table too; gives their keys, organisation by
/// organisation.
pub(crate) async fn load_also(
    place: &Place,
    table: &str,
    tenants: &[Tenant],
    rows: u64,
) -> Result<Vec<Vec<Uuid>>> {
    let services = open(place).await?;
    let organizations: Vec<Uuid> = tenants.iter().map(|tenant| tenant.id).collect();
    let keys = fill(&services.kernel, table, &organizations, rows).await?;
    services.sequencer.stop().await;
    services.kernel.close().await;
    Ok(keys)
}

/// Rows of a table of the shape of [`BenchEvent`], a thousand for each organisation in turn.
async fn fill(
    kernel: &Kernel,
    table: &str,
    organizations: &[Uuid],
    rows: u64,
) -> Result<Vec<Vec<Uuid>>> {
    let table = kernel.catalog().find(BenchEvent::SCHEMA, table);
    let table = table.context("the module is not listed")?.clone();
    let id = table.column_index("id").context("the table has no id")?;
    let mut keys = vec![Vec::new(); organizations.len()];
    for (position, first) in (0..rows).step_by(LOAD_ROWS as usize).enumerate() {
        let place = position % organizations.len();
        let context = Context::system("benchmark", Some(organizations[place]), SystemClock.now());
        let numbers = first..(first + LOAD_ROWS).min(rows);
        let new = numbers.map(|n| Row::nth(n).new_row(&table)).collect::<Result<Vec<_>, _>>()?;
        let records = kernel.create(&context, &table, new).await?;
        keys[place].extend(records.iter().filter_map(|record| record.0[id].as_uuid()));
    }
    Ok(keys)
}

async fn tenant(identity: &Identity, number: u64) -> Result<Tenant> {
    let name = format!("Tenant {number}");
    let id = identity.create_organization(&name, &format!("tenant-{number:03}")).await?;
    let key = NewApiKey {
        organization_id: id,
        name: "servers".to_owned(),
        scopes: vec!["*:*".to_owned()],
        expires_at: None,
        installation: false,
    };
    Ok(Tenant { id, key: identity.create_api_key(&key).await?, rows: Vec::new() })
}
