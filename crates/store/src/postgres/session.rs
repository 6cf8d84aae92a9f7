//! What row-level security knows of a transaction: who asks, for which organisation.
//!
//! The policies read these settings. All of them are set in every transaction and end with it, so
//! nothing that an earlier request or another client of a connection pooler left can matter.

use crate::access::{Access, Narrow};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use uuid::Uuid;

/// The settings of the policies and of the trigger that keeps rows, in the order of [`Session::values`].
const NAMES: [&str; 8] = [
    "app.current_tenant",
    "app.current_user_id",
    "app.platform",
    "app.retention",
    "app.system",
    "app.teams",
    "app.venues",
    "app.write_tenants",
];

const ON: &str = "on";
/// Of the installation a product's tables alone.
const OWN: &str = "own";
const ALL: &str = "*";

/// The values of the policies' settings in one transaction.
pub(super) struct Session {
    values: [Cow<'static, str>; NAMES.len()],
}

impl Session {
    /// The reach of one caller, or of the server itself. Writes go to the caller's organisation.
    pub(super) fn of(access: &Access) -> Self {
        const NONE: Cow<'static, str> = Cow::Borrowed("");
        let Some(caller) = access.as_caller() else {
            let retention = if access.is_retention() { Cow::Borrowed(ON) } else { NONE };
            let system = Cow::Borrowed(ON);
            return Self { values: [NONE, NONE, NONE, retention, system, NONE, NONE, NONE] };
        };
        let tenant = identifier(caller.tenant);
        Self {
            values: [
                tenant.clone(),
                identifier(caller.user),
                match (caller.platform, caller.installation) {
                    (true, _) => Cow::Borrowed(ON),
                    (false, true) => Cow::Borrowed(OWN),
                    (false, false) => NONE,
                },
                NONE,
                NONE,
                narrow(&caller.teams),
                narrow(&caller.venues),
                tenant,
            ],
        }
    }

    /// A batch of inserts for several organisations, each of them authorised for its own rows.
    /// Nothing can be read, changed or removed.
    pub(super) fn batch(tenants: &BTreeSet<Uuid>) -> Self {
        const NONE: Cow<'static, str> = Cow::Borrowed("");
        const EVERY: Cow<'static, str> = Cow::Borrowed(ALL);
        let writes = Cow::Owned(list(tenants.iter()));
        Self { values: [NONE, NONE, NONE, NONE, NONE, EVERY, EVERY, writes] }
    }

    /// The parameters of [`settings_sql`].
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(AsRef::as_ref)
    }
}

/// The statement that begins every transaction, with settings of the connection for poolers that
/// don't pass them on.
pub(super) fn settings_sql(others: &[(&str, String)]) -> String {
    let mut sql = String::from("SELECT ");
    for (index, name) in NAMES.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        // Writing to a `String` does not fail.
        let _ = write!(sql, "{comma}set_config('{name}', ${}, true)", index + 1);
    }
    for (name, value) in others {
        let _ = write!(sql, ", set_config('{name}', '{value}', true)");
    }
    sql
}

fn identifier(id: Option<Uuid>) -> Cow<'static, str> {
    id.map_or(Cow::Borrowed(""), |id| Cow::Owned(id.to_string()))
}

fn narrow(narrow: &Narrow) -> Cow<'static, str> {
    match narrow {
        Narrow::All => Cow::Borrowed(ALL),
        Narrow::None => Cow::Borrowed(""),
        Narrow::Only(ids) => Cow::Owned(list(ids.iter())),
    }
}

fn list<'a>(ids: impl Iterator<Item = &'a Uuid>) -> String {
    ids.map(Uuid::to_string).collect::<Vec<_>>().join(",")
}
