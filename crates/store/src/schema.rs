//! What a catalog looks like in a database: tables, constraints, indexes, triggers, policies.
//!
//! An [`Object`] is one of these with its canonical SQL text. The declared objects of a catalog
//! and the objects that a database records are compared as they are, so the text of an object
//! changes only together with its meaning.

mod column;
mod constraint;
mod ddl;
mod index;
mod life_cycle;
mod name;
mod object;
mod partition;
mod postgres;
mod script;
mod sqlite;
mod view;
mod words;

pub(crate) use column::{ColumnDefinition, value_literal};
pub(crate) use constraint::{check_names, column_check_name, primary_key_name};
pub(crate) use name::{TableName, identifier, mentions};
pub(crate) use object::{Key, Object, ObjectKind};
pub(crate) use partition::{convert, is_held_apart};
pub use script::render_sql;
pub(crate) use script::{create_table, in_table};
pub use words::words_table_name;
pub(crate) use words::{key_columns, words_function, words_table};

use crate::error::{Error, ErrorKind, Result};
use crate::render::Dialect;
use mainstay_entity::{Catalog, Scope, Table};

/// The `PostgreSQL` role of servers, unless another is named.
pub const DEFAULT_APP_ROLE: &str = "mainstay_app";

/// Everything that a catalog needs of a database, in an order that reads well: what belongs to
/// no table first, then table by table in the catalog's order.
///
/// # Errors
/// [`ErrorKind::Refused`] names a declaration that no table can be made of.
pub(crate) fn objects(dialect: Dialect, catalog: &Catalog, app_role: &str) -> Result<Vec<Object>> {
    let mut objects = match dialect {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres => postgres::shared_objects(catalog, app_role),
    };
    for table in catalog.tables() {
        table_objects(dialect, catalog, table, app_role, &mut objects)?;
    }
    Ok(objects)
}

fn table_objects(
    dialect: Dialect,
    catalog: &Catalog,
    table: &Table,
    app_role: &str,
    objects: &mut Vec<Object>,
) -> Result<()> {
    check_scope(table)?;
    let name = TableName::of(table);
    if let Some(plan) = &table.view {
        objects.push(view::object(dialect, table, plan, app_role));
        return Ok(());
    }
    let definition = match dialect {
        Dialect::Sqlite => sqlite::table_options(table),
        Dialect::Postgres => partition::table_options(table),
    };
    objects.push(Object::new(&name, ObjectKind::Table, &name.name, definition));
    for column in table.meta.columns.iter() {
        let definition = column::definition(dialect, table, column)?.to_string();
        objects.push(Object::new(&name, ObjectKind::Column, &*column.name, definition));
    }
    objects.extend(constraint::all(dialect, catalog, table));
    objects.extend(index::all(dialect, table));
    objects.extend(words::objects(dialect, table, app_role)?);
    match dialect {
        Dialect::Sqlite => objects.extend(sqlite::triggers(catalog, table)),
        Dialect::Postgres => {
            objects.extend(postgres::protection(table, app_role));
            objects.extend(partition::objects(table, app_role)?);
        }
    }
    Ok(())
}

/// Rows of a scope are told apart by a column.
fn check_scope(table: &Table) -> Result<()> {
    let needed = match table.meta.scope {
        Scope::Venue => "venue_id",
        Scope::Team => "team_id",
        _ => return Ok(()),
    };
    if table.column_index(needed).is_some() {
        return Ok(());
    }
    Err(refused(table, format_args!("its scope needs a column {needed}")))
}

fn refused(table: &Table, why: impl std::fmt::Display) -> Error {
    ErrorKind::Refused(format!("table {}: {why}", table.meta.qualified_name())).into()
}

#[cfg(test)]
pub(crate) mod tests;
