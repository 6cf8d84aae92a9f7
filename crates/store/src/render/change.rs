//! Changes of rows that were looked up before, by their key.

use super::filter::filter;
use super::{Dialect, Sql, column, quote, scope, table_name};
use crate::access::Access;
use crate::query::Filter;
use crate::statement::Statement;
use mainstay_entity::{Record, Table, Value};

/// Renders the change of the given rows. Rows whose key is one column go in one statement,
/// others in one each.
pub(crate) fn update(
    dialect: Dialect,
    access: &Access,
    table: &Table,
    set: &[(usize, Value)],
    rows: &[Record],
) -> Vec<Statement> {
    by_key(access, table, rows, |rows| {
        let mut sql = Sql::new(dialect, access);
        let name = table_name(dialect, table);
        sql.push("UPDATE ").push(&name).push(" AS t SET ");
        for (position, (index, value)) in set.iter().enumerate() {
            if position > 0 {
                sql.push(", ");
            }
            sql.push(&quote(table.column_name(*index))).push(" = ");
            sql.bind(&table.meta.columns[*index].kind, value.clone());
        }
        where_key(&mut sql, table, rows);
        sql.finish()
    })
}

/// Renders the removal of all rows that match.
pub(crate) fn purge(
    dialect: Dialect,
    access: &Access,
    table: &Table,
    condition: &Filter,
) -> Statement {
    let mut sql = Sql::new(dialect, access);
    let name = table_name(dialect, table);
    sql.push("DELETE FROM ").push(&name).push(" AS t WHERE ");
    scope::reach(&mut sql, "t", table, true);
    sql.push(" AND ");
    filter(&mut sql, "t", table, condition);
    sql.finish()
}

/// Renders the removal of the given rows.
pub(crate) fn delete(
    dialect: Dialect,
    access: &Access,
    table: &Table,
    rows: &[Record],
) -> Vec<Statement> {
    by_key(access, table, rows, |rows| {
        let mut sql = Sql::new(dialect, access);
        let name = table_name(dialect, table);
        sql.push("DELETE FROM ").push(&name).push(" AS t");
        where_key(&mut sql, table, rows);
        sql.finish()
    })
}

fn by_key(
    access: &Access,
    table: &Table,
    rows: &[Record],
    mut render: impl FnMut(&[Record]) -> Statement,
) -> Vec<Statement> {
    if rows.is_empty() {
        Vec::new()
    } else if table.row_key().count() != 1 {
        rows.iter().map(|row| render(std::slice::from_ref(row))).collect()
    } else if let Some(tenant) = spanned_tenants(access, table) {
        let tenant = |row: &Record| row.0[tenant].as_uuid();
        let mut rows = rows.to_vec();
        rows.sort_by_key(tenant);
        rows.chunk_by(|a, b| tenant(a) == tenant(b)).map(render).collect()
    } else {
        vec![render(rows)]
    }
}

/// The tenant column, where one change may touch rows of several organisations. Rows of
/// different organisations may have the same key.
fn spanned_tenants(access: &Access, table: &Table) -> Option<usize> {
    table.tenant_column().filter(|_| access.is_system())
}

/// Rows of one organisation, by their key.
fn where_key(sql: &mut Sql<'_>, table: &Table, rows: &[Record]) {
    sql.push(" WHERE ");
    scope::reach(sql, "t", table, true);
    let tenant = spanned_tenants(sql.access, table);
    if let (Some(index), Some(row)) = (tenant, rows.first()) {
        sql.push(" AND ").push(&column("t", table, index)).push(" = ");
        sql.bind(&table.meta.columns[index].kind, row.0[index].clone());
    }
    for index in table.row_key() {
        sql.push(" AND ").push(&column("t", table, index));
        let kind = &table.meta.columns[index].kind;
        let mut values: Vec<Value> = rows.iter().map(|row| row.0[index].clone()).collect();
        match values.pop() {
            Some(only) if values.is_empty() => {
                sql.push(" = ");
                sql.bind(kind, only);
            }
            Some(last) => {
                values.push(last);
                sql.bind_in(kind, values);
            }
            None => {}
        }
    }
}
