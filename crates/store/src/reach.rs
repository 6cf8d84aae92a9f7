//! Whether a row to be written is inside the caller's reach. Reads and changes carry the condition
//! in their text.
//!
//! `PostgreSQL` has row-level security besides. It alone would not do: a batch of inserts is
//! authorised for several organisations at once.

use crate::access::{Access, Caller, Narrow};
use crate::error::{ErrorKind, Result};
use mainstay_entity::{OwnerKey, Record, Scope, Table};
use uuid::Uuid;

/// Refuses a row outside the caller's reach.
///
/// # Errors
/// [`ErrorKind::OutOfReach`], [`ErrorKind::Internal`] when the row lacks columns.
pub(crate) fn check(access: &Access, table: &Table, row: &Record) -> Result<()> {
    if row.0.len() != table.meta.columns.len() {
        let why = format!("a row of {} has {} values", table.meta.table, row.0.len());
        return Err(ErrorKind::Internal(why).into());
    }
    match access.as_caller() {
        Some(caller) if !reaches(caller, table, row) => {
            Err(ErrorKind::OutOfReach { table: table.meta.table.to_string() }.into())
        }
        _ => Ok(()),
    }
}

fn reaches(caller: &Caller, table: &Table, row: &Record) -> bool {
    let column = |name: &str| table.column_index(name).and_then(|index| row.0[index].as_uuid());
    let own = |name: &str, id: Option<Uuid>| id.is_some() && column(name) == id;
    let in_tenant = || {
        let tenant = table.tenant_column().and_then(|index| row.0[index].as_uuid());
        tenant.is_some() && tenant == caller.tenant
    };
    match &table.meta.scope {
        Scope::Tenant => in_tenant(),
        Scope::Team => in_tenant() && allows(&caller.teams, column("team_id")),
        Scope::Venue => in_tenant() && allows(&caller.venues, column("venue_id")),
        Scope::Owner(OwnerKey::User(name)) => caller.platform || own(name, caller.user),
        Scope::Owner(OwnerKey::Organization(name)) => caller.platform || own(name, caller.tenant),
        Scope::Platform | Scope::Public => caller.administers(table),
    }
}

fn allows(narrow: &Narrow, id: Option<Uuid>) -> bool {
    match narrow {
        Narrow::All => true,
        Narrow::None => false,
        Narrow::Only(ids) => id.is_some_and(|id| ids.contains(&id)),
    }
}
