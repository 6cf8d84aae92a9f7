//! Whether a database and a role are fit to serve: row-level security must hold for the role.

use super::error::statement_error;
use super::pool::Checkout;
use super::session::Session;
use crate::access::Access;
use crate::error::{Error, ErrorKind, Result};
use crate::statement::{Param, Statement};
use mainstay_entity::{Catalog, Value};
use tokio_postgres::Row;
use tracing::warn;

/// The oldest server with composite `SET NULL` and `NULLS NOT DISTINCT`: 15.
const OLDEST_SERVER: i32 = 150_000;

/// The server, and the role with every role that it could switch to.
const SERVER_AND_ROLE: &str = "\
SELECT current_setting('server_version_num')::int4, current_setting('server_encoding'), \
       current_setting('synchronous_commit'), current_user::text, \
       bool_or(rolsuper), bool_or(rolbypassrls) \
FROM pg_catalog.pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER')";

/// Declared tables whose policies the role could lift, or that lack protection.
const UNFIT_TABLES: &str = "\
SELECT n.nspname || '.' || c.relname, pg_has_role(current_user, c.relowner, 'MEMBER') \
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
JOIN UNNEST($1::text[], $2::text[]) AS declared(nspname, relname) \
  ON declared.nspname = n.nspname AND declared.relname = c.relname \
WHERE c.relkind IN ('r', 'p') AND (pg_has_role(current_user, c.relowner, 'MEMBER') \
  OR NOT (c.relrowsecurity AND c.relforcerowsecurity)) \
ORDER BY 2 DESC, 1 LIMIT 1";

/// Refuses a server that is too old, a role that row-level security does not bind, and tables
/// without it.
pub(super) async fn check(checkout: &mut Checkout, catalog: &Catalog) -> Result<()> {
    let server = Statement { sql: SERVER_AND_ROLE.to_owned(), params: Vec::new() };
    let role = match read(checkout, catalog, &server).await?.first() {
        Some(row) => check_server_and_role(row)?,
        None => return Err(Error::internal("the server doesn't know its role")),
    };
    let names = |name: fn(&mainstay_entity::Table) -> String| {
        Param::List(catalog.tables().iter().map(|table| Value::Text(name(table))).collect())
    };
    let tables = Statement {
        sql: UNFIT_TABLES.to_owned(),
        params: vec![
            names(|table| table.meta.schema.to_string()),
            names(|table| table.meta.table.to_string()),
        ],
    };
    let Some(row) = read(checkout, catalog, &tables).await?.into_iter().next() else {
        return Ok(());
    };
    let (table, owned): (String, bool) = (column(&row, 0)?, column(&row, 1)?);
    Err(refused(if owned {
        format!(
            "role {role} could lift the row-level security of {table}, which it owns or whose \
             owner it is a member of; serve with a role that owns nothing, and give the owner's \
             URL to migrations alone (--migrate-database)"
        )
    } else {
        format!(
            "table {table} has no forced row-level security; \
             run `mainstay migrate apply` with the owner's URL"
        )
    }))
}

/// Gives the role's name.
fn check_server_and_role(row: &Row) -> Result<String> {
    let version: i32 = column(row, 0)?;
    if version < OLDEST_SERVER {
        let major = version / 10_000;
        return Err(refused(format!("PostgreSQL {major} is too old; 15 or newer is needed")));
    }
    let encoding: &str = column(row, 1)?;
    if encoding != "UTF8" {
        let hint = "create the database with ENCODING 'UTF8'";
        return Err(refused(format!("the database is encoded in {encoding}; {hint}")));
    }
    if column::<&str>(row, 2)? == "off" {
        warn!("synchronous_commit is off: a crash of the server can lose acknowledged writes");
    }
    let role: String = column(row, 3)?;
    let (is_super, bypasses): (bool, bool) = (column(row, 4)?, column(row, 5)?);
    if is_super || bypasses {
        let power = if is_super { "is a superuser" } else { "has BYPASSRLS" };
        return Err(refused(format!(
            "role {role} {power} or is a member of a role that does, so row-level security does \
             not bind it; serve with a role created by \
             `CREATE ROLE … LOGIN NOSUPERUSER NOBYPASSRLS`"
        )));
    }
    Ok(role)
}

async fn read(checkout: &mut Checkout, catalog: &Catalog, query: &Statement) -> Result<Vec<Row>> {
    let session = Session::of(&Access::system());
    let rows = checkout.read_once(&session, query).await;
    rows.map_err(|error| statement_error(catalog, &error))
}

fn column<'a, T: postgres_types::FromSql<'a>>(row: &'a Row, index: usize) -> Result<T> {
    row.try_get(index).map_err(Error::internal)
}

fn refused(why: String) -> Error {
    Error::new(ErrorKind::Refused(why))
}
