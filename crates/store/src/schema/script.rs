//! A whole schema as a script to read, to compare, and to run.

use super::object::{Object, ObjectKind};
use super::{DEFAULT_APP_ROLE, TableName, objects};
use crate::error::Result;
use crate::migrate::record;
use crate::render::Dialect;
use mainstay_entity::{Catalog, Table};
use std::fmt::Write;

/// What a script begins with.
const POSTGRES_HEADER: &str = "\
-- The schema of Mainstay on PostgreSQL 15 or newer, for its owner to run in an empty database
-- that has the role of servers. Generated from the entities' declarations.
";
const SQLITE_HEADER: &str = "\
-- The schema of Mainstay on SQLite. Generated from the entities' declarations. Servers register
-- the functions whose names begin with ms_.
";

/// The statement that creates a table with the given columns and constraints, which are written
/// in order, under a name that may differ from the table's own for a while.
pub(crate) fn create_table(name: &str, options: &str, parts: &[&Object]) -> String {
    let lines: Vec<String> = parts.iter().map(|part| format!("    {}", part.clause())).collect();
    format!("CREATE TABLE {name} (\n{}\n){}{options}", lines.join(",\n"), space(options))
}

fn space(options: &str) -> &'static str {
    if options.is_empty() { "" } else { " " }
}

/// The whole schema as an ordered SQL script with comments, servers' role and the tables in
/// which migrations keep their record included. It can be run in an empty database.
///
/// # Errors
/// [`crate::ErrorKind::Refused`] names a declaration that no table can be made of.
pub fn render_sql(dialect: Dialect, catalog: &Catalog) -> Result<String> {
    let objects = objects(dialect, catalog, DEFAULT_APP_ROLE)?;
    let mut script = Script { dialect, text: String::new() };
    script.text.push_str(match dialect {
        Dialect::Sqlite => SQLITE_HEADER,
        Dialect::Postgres => POSTGRES_HEADER,
    });
    if dialect == Dialect::Postgres {
        script.line("");
    }
    for object in objects.iter().filter(|object| object.table.is_none()) {
        script.statement(&object.definition);
    }
    script.section("The record that migrations keep.");
    for statement in record::create_sql(dialect, DEFAULT_APP_ROLE) {
        script.statement(&statement);
    }
    for table in catalog.tables().iter().filter(|table| !table.is_view()) {
        script.table(table, &objects);
    }
    for table in catalog.tables().iter().filter(|table| table.is_view()) {
        script.view(table, &objects);
    }
    if dialect == Dialect::Postgres {
        script.section("References, which need all tables.");
        for object in objects.iter().filter(|object| object.kind == ObjectKind::ForeignKey) {
            script.statement(&object.create_sql(dialect));
        }
    }
    Ok(script.text)
}

struct Script {
    dialect: Dialect,
    text: String,
}

impl Script {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn statement(&mut self, sql: &str) {
        // Writing to a `String` does not fail.
        let _ = writeln!(self.text, "{sql};");
    }

    fn section(&mut self, title: &str) {
        self.line("");
        self.comment("", title);
    }

    fn comment(&mut self, indent: &str, text: &str) {
        for line in text.lines() {
            let line = format!("{indent}-- {line}");
            self.line(line.trim_end());
        }
    }

    fn table(&mut self, table: &Table, objects: &[Object]) {
        let name = TableName::of(table);
        let own: Vec<&Object> = objects.iter().filter(|object| object.table == name).collect();
        self.section(&format!("{name} ({})", table.module));
        match self.dialect {
            Dialect::Sqlite => self.commented_table(table, &own),
            Dialect::Postgres => {
                let parts = in_table(self.dialect, &own);
                let options = own.first().map_or("", |object| &object.definition);
                self.statement(&create_table(&name.sql(self.dialect), options, &parts));
            }
        }
        for object in own.iter().filter(|object| object.kind > ObjectKind::ForeignKey) {
            self.statement(&object.definition);
        }
    }

    fn view(&mut self, view: &Table, objects: &[Object]) {
        let name = TableName::of(view);
        self.section(&format!("{name} ({}), a view", view.module));
        if self.dialect == Dialect::Sqlite {
            self.comment("", &view.meta.description);
        }
        for object in objects.iter().filter(|object| object.table == name) {
            self.statement(&object.definition);
        }
    }

    /// `SQLite` has no comments but those in the text.
    fn commented_table(&mut self, table: &Table, own: &[&Object]) {
        self.comment("", &table.meta.description);
        let name = TableName::of(table).sql(self.dialect);
        self.line(&format!("CREATE TABLE {name} ("));
        let parts = in_table(self.dialect, own);
        for (position, part) in parts.iter().enumerate() {
            if part.kind == ObjectKind::Column
                && let Some(column) = table.meta.column(&part.name)
            {
                self.comment("    ", &column.description);
            }
            let comma = if position + 1 < parts.len() { "," } else { "" };
            self.line(&format!("    {}{comma}", part.clause()));
        }
        let options = own.first().map_or("", |object| &object.definition);
        self.statement(&format!("){}{options}", space(options)));
    }
}

/// What is declared inside `CREATE TABLE`. On `PostgreSQL` references follow when all tables exist.
pub(crate) fn in_table<'a>(dialect: Dialect, own: &[&'a Object]) -> Vec<&'a Object> {
    let last = match dialect {
        Dialect::Sqlite => ObjectKind::ForeignKey,
        Dialect::Postgres => ObjectKind::Check,
    };
    let parts = own.iter().filter(|o| o.kind >= ObjectKind::Column && o.kind <= last);
    parts.copied().collect()
}
