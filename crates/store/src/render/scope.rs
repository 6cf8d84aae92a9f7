//! The caller's reach as a condition on each table.

use super::Sql;
use crate::access::{Caller, Narrow};
use mainstay_entity::{Kind, OwnerKey, Scope, Table, Value};
use uuid::Uuid;

/// Writes the condition (after `WHERE`) that keeps a table's rows inside the caller's reach, and
/// hides soft-deleted rows unless they are asked for. Always writes a condition.
pub(crate) fn reach(sql: &mut Sql<'_>, alias: &str, table: &Table, with_deleted: bool) {
    let hide_deleted = table.meta.soft_delete && !with_deleted;
    match sql.access.as_caller() {
        None => {
            if !hide_deleted {
                sql.push("TRUE");
                return;
            }
        }
        Some(caller) => {
            scope(sql, alias, table, caller);
            if !hide_deleted {
                return;
            }
            sql.push(" AND ");
        }
    }
    sql.push(&format!("{alias}.\"deleted_at\" IS NULL"));
}

fn scope(sql: &mut Sql<'_>, alias: &str, table: &Table, caller: &Caller) {
    match &table.meta.scope {
        Scope::Tenant => tenant(sql, alias, table, caller.tenant),
        Scope::Team => {
            tenant(sql, alias, table, caller.tenant);
            narrow(sql, alias, table, "team_id", &caller.teams);
        }
        Scope::Venue => {
            tenant(sql, alias, table, caller.tenant);
            narrow(sql, alias, table, "venue_id", &caller.venues);
        }
        Scope::Owner(_) if caller.platform => {
            sql.push("TRUE");
        }
        Scope::Platform if caller.administers(table) => {
            sql.push("TRUE");
        }
        Scope::Owner(OwnerKey::User(name)) => owner(sql, alias, table, name, caller.user),
        Scope::Owner(OwnerKey::Organization(name)) => {
            owner(sql, alias, table, name, caller.tenant);
        }
        Scope::Platform => {
            sql.push("FALSE");
        }
        Scope::Public => {
            sql.push("TRUE");
        }
    }
}

fn tenant(sql: &mut Sql<'_>, alias: &str, table: &Table, tenant: Option<Uuid>) {
    match (tenant, table.tenant_column()) {
        (Some(tenant), Some(index)) => {
            sql.push_column(alias, table, index).push(" = ");
            sql.bind(&Kind::Uuid, Value::Uuid(tenant));
        }
        _ => {
            sql.push("FALSE");
        }
    }
}

fn narrow(sql: &mut Sql<'_>, alias: &str, table: &Table, name: &str, narrow: &Narrow) {
    match (narrow, table.column_index(name)) {
        (Narrow::All, _) => {}
        (Narrow::Only(ids), Some(index)) => {
            sql.push(" AND ").push_column(alias, table, index);
            sql.bind_in(&Kind::Uuid, ids.iter().copied().map(Value::Uuid).collect());
        }
        _ => {
            sql.push(" AND FALSE");
        }
    }
}

fn owner(sql: &mut Sql<'_>, alias: &str, table: &Table, name: &str, owner: Option<Uuid>) {
    match (owner, table.column_index(name)) {
        (Some(owner), Some(index)) => {
            sql.push_column(alias, table, index).push(" = ");
            sql.bind(&Kind::Uuid, Value::Uuid(owner));
        }
        _ => {
            sql.push("FALSE");
        }
    }
}
