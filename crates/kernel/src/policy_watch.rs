//! Changes of who may do what, noticed at once here and within a second on every server.

use crate::context::Context;
use crate::entities::{Organization, PolicyVersion};
use crate::error::{Error, Result};
use crate::lookup;
use crate::principal::PLATFORM_ORGANIZATION;
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Catalog, Entity, Id, Table, Value};
use mainstay_store::{Access, Compare, Conflict, Expression, Filter, Insert, Select, Store};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// Clocks of servers may differ by so much without a change being missed.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(10);

/// Tables of which every change counts.
const POLICY_TABLES: [&str; 8] = [
    "organization_members",
    "roles",
    "permissions",
    "role_permissions",
    "user_roles",
    "teams",
    "team_members",
    "venue_members",
];

/// Tables of which only a change of these columns counts: signing in changes the rest.
const WATCHED_TABLES: [&str; 4] = ["organizations", "users", "sessions", "api_keys"];
const WATCHED_COLUMNS: [&str; 13] = [
    "status",
    "is_active",
    "is_platform_admin",
    "expires_at",
    "revoked_at",
    "deleted_at",
    "scopes",
    "allowed_ips",
    "email",
    "must_change_password",
    // Of a session: which factors it has shown.
    "assurance_level",
    // Of an organisation: which ones it demands.
    "settings",
    // Of a session: the organisation that it is in.
    "organization_id",
];

/// Whether a change of some columns of a table changes who may do what. New users, sessions and
/// keys don't: nothing was cached of them.
pub(crate) fn affects_policy(table: &Table, changed: impl IntoIterator<Item = usize>) -> bool {
    if table.meta.schema != PolicyVersion::SCHEMA {
        return false;
    }
    let name = table.meta.table.as_ref();
    POLICY_TABLES.contains(&name)
        || (WATCHED_TABLES.contains(&name)
            && changed.into_iter().any(|c| WATCHED_COLUMNS.contains(&table.column_name(c))))
}

/// Watches the policy versions of all organisations.
pub struct PolicyWatch {
    table: Arc<Table>,
    /// Moves with every change that this server knows of.
    epoch: AtomicU64,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    latest: Option<Timestamp>,
    versions: HashMap<Uuid, Uuid>,
}

impl PolicyWatch {
    pub(crate) fn new(catalog: &Catalog) -> Result<Self> {
        let table = lookup::table::<PolicyVersion>(catalog)?;
        Ok(Self { table, epoch: AtomicU64::new(0), seen: Mutex::default() })
    }

    /// Differs from an earlier value when policy may have changed since.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Policy changed on this server.
    pub(crate) fn moved(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
    }

    /// The row that tells other servers, for the transaction of the change.
    pub(crate) fn row(&self, context: &Context, version: Uuid) -> Insert {
        let organization = context.principal.organization_id.unwrap_or(PLATFORM_ORGANIZATION);
        self.row_of(organization, context.now, version)
    }

    /// The row of an organisation; whoever has written it makes others wait.
    pub(crate) fn row_of(&self, organization: Uuid, now: Timestamp, version: Uuid) -> Insert {
        let row = PolicyVersion {
            id: Id::new(organization),
            organization_id: Id::<Organization>::new(organization),
            version: Id::new(version),
            updated_at: now,
        };
        let column = |name| self.table.column_index(name);
        Insert {
            table: self.table.clone(),
            rows: vec![row.into_record()],
            conflict: Conflict::Merge {
                key: self.table.primary_key.clone(),
                set: ["version", "updated_at"].into_iter().filter_map(column).collect(),
            },
        }
    }

    /// Asks the database what changed elsewhere; run each second.
    pub(crate) async fn poll(&self, store: &Store) -> Result<()> {
        let mut select = Select::all(self.table.clone());
        let latest = self.seen.lock().latest;
        if let (Some(latest), Some(column)) = (latest, self.table.column_index("updated_at")) {
            select.filter = Filter::Compare {
                left: Expression::column(column),
                op: Compare::Ge,
                right: Value::Timestamp((latest - CLOCK_SKEW).as_microsecond()),
            };
        }
        let rows = store.fetch(&Access::system(), &select).await?;
        let mut seen = self.seen.lock();
        let first = seen.latest.is_none();
        let mut changed = false;
        for row in rows {
            let row = PolicyVersion::from_record(row).map_err(Error::internal)?;
            let version = row.version.uuid();
            changed |= seen.versions.insert(row.organization_id.uuid(), version) != Some(version);
            seen.latest = seen.latest.max(Some(row.updated_at));
        }
        drop(seen);
        if changed && !first {
            self.moved();
        }
        Ok(())
    }
}
