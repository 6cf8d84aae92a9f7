//! Views. Servers write a view's query out where they read it; the database has it for other
//! programs, which there see what its tables let them see.

use super::name::TableName;
use super::object::{Object, ObjectKind};
use super::postgres;
use crate::access::Access;
use crate::render::{Dialect, Sql, quote, view};
use mainstay_entity::Table;
use mainstay_entity::view::ViewPlan;

/// The view, with what it grants and its comments.
pub(super) fn object(dialect: Dialect, table: &Table, plan: &ViewPlan, app_role: &str) -> Object {
    let name = TableName::of(table);
    let access = Access::system();
    let mut sql = Sql::new(dialect, &access);
    view::query(&mut sql, table, plan);
    let (query, own) = (sql.finish().sql, name.sql(dialect));
    let definition = match dialect {
        Dialect::Sqlite => format!("CREATE VIEW {own} AS {query}"),
        Dialect::Postgres => {
            let view = format!("CREATE VIEW {own} WITH (security_invoker = true) AS {query}");
            let grant = format!("GRANT SELECT ON TABLE {own} TO {}", quote(app_role));
            let mut statements = vec![view, grant];
            statements.extend(postgres::comments(table, "VIEW").into_iter().map(|(_, sql)| sql));
            statements.join(";\n")
        }
    };
    Object::new(&name, ObjectKind::View, &*name.name, definition)
}
