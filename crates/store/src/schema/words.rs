//! The table of words beside a table that is searched.
//!
//! A row of it says that a word stands in a column of a row. It is found by organisation, column
//! and word, so that a search looks at no other organisation's words. An inverted index of an
//! engine could not do so: with row-level security `PostgreSQL` asks no GIN index, whose operators
//! may leak, and `SQLite`'s FTS5 knows no organisations.
//!
//! The words of new rows are written with them. Those of rows that go are removed by a trigger,
//! whatever removes the rows. Rows that change get theirs anew, on `SQLite` by a trigger, which
//! makes them with a function of ours, on `PostgreSQL` from the server.

use super::column;
use super::name::{TableName, identifier};
use super::object::{Object, ObjectKind};
use super::postgres;
use crate::error::Result;
use crate::render::{Dialect, literal, quote};
use mainstay_entity::{Kind, Table};

/// Grows when the same text gives other words: those of all rows are made anew then.
const DEFINITION: u32 = 1;

/// Removes the words of rows that went. Its arguments are the table of words and the condition
/// that ties its rows to those that went.
pub(super) const FORGET_WORDS: &str = r#"CREATE OR REPLACE FUNCTION "mainstay"."forget_words"()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DELETE FROM %s AS w USING removed AS r WHERE %s', TG_ARGV[0], TG_ARGV[1]);
    RETURN NULL;
END
$$"#;

/// The table of words of a table.
pub(crate) fn words_table(table: &Table) -> TableName {
    let own = TableName::of(table);
    TableName { name: identifier(&format!("{}_words", own.name)), ..own }
}

/// `schema.table` of the words of a table that is searched, on `PostgreSQL`.
pub fn words_table_name(table: &Table) -> Option<String> {
    let is_kept = table.is_searched() && !table.is_view();
    is_kept.then(|| words_table(table).to_string())
}

/// The columns by which a row of words names its row: the organisation first.
pub(crate) fn key_columns(table: &Table) -> impl Iterator<Item = usize> + '_ {
    table.tenant_column().into_iter().chain(table.row_key())
}

/// What a table that is searched needs.
pub(super) fn objects(dialect: Dialect, table: &Table, app_role: &str) -> Result<Vec<Object>> {
    if !table.is_searched() || table.is_view() {
        return Ok(Vec::new());
    }
    let own = TableName::of(table);
    let words = words_table(table);
    let statements = match dialect {
        Dialect::Sqlite => sqlite_table(table, &words)?,
        Dialect::Postgres => postgres_table(table, &words, app_role)?,
    };
    let name = words.prefix(dialect);
    let mut objects = vec![Object::new(&own, ObjectKind::Words, name, statements.join(";\n"))];
    objects.extend(match dialect {
        Dialect::Sqlite => sqlite_triggers(table, &own, &words),
        Dialect::Postgres => vec![postgres_trigger(table, &own, &words)],
    });
    Ok(objects)
}

/// The table with its key: organisation, column, word, row.
fn create(dialect: Dialect, table: &Table, words: &TableName) -> Result<String> {
    let (small, text, options) = match dialect {
        Dialect::Sqlite => ("INTEGER", "TEXT", " STRICT, WITHOUT ROWID"),
        Dialect::Postgres => ("smallint", "text COLLATE \"C\"", ""),
    };
    let mut columns = Vec::new();
    for index in key_columns(table) {
        let definition = column::definition(dialect, table, &table.meta.columns[index])?;
        let name = quote(table.column_name(index));
        columns.push(format!("{name} {} NOT NULL", definition.data_type));
    }
    let at = usize::from(table.tenant_column().is_some());
    columns.insert(at, format!("\"field\" {small} NOT NULL"));
    columns.insert(at + 1, format!("\"word\" {text} NOT NULL"));
    if dialect == Dialect::Postgres {
        columns.push("\"places\" text NOT NULL".to_owned());
    }
    Ok(format!(
        "CREATE TABLE {} ( /* definition {DEFINITION} */\n    {},\n    CONSTRAINT {} PRIMARY KEY ({})\n){options}",
        words.sql(dialect),
        columns.join(",\n    "),
        quote(&identifier(&format!("{}_pkey", words.prefix(dialect)))),
        key(table)
    ))
}

/// The primary key of a table of words.
fn key(table: &Table) -> String {
    let mut names: Vec<String> =
        key_columns(table).map(|index| quote(table.column_name(index))).collect();
    let at = usize::from(table.tenant_column().is_some());
    names.splice(at..at, ["\"field\"".to_owned(), "\"word\"".to_owned()]);
    names.join(", ")
}

fn postgres_table(table: &Table, words: &TableName, app_role: &str) -> Result<Vec<String>> {
    const DIALECT: Dialect = Dialect::Postgres;
    let sql = words.sql(DIALECT);
    let row: Vec<String> = key_columns(table).map(|c| quote(table.column_name(c))).collect();
    let fields: Vec<&str> = table.search_columns().map(|c| table.column_name(c)).collect();
    let comment =
        format!("The words of {} in its columns {}.", table.meta.table, fields.join(", "));
    let mut statements = vec![
        create(DIALECT, table, words)?,
        format!(
            "CREATE INDEX {} ON {sql} ({})",
            quote(&identifier(&format!("{}_row_idx", words.name))),
            row.join(", ")
        ),
        format!("ALTER TABLE {sql} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"),
    ];
    statements.extend(postgres::words_policies(table, words, &sql));
    statements.push(format!("GRANT SELECT, INSERT, DELETE ON TABLE {sql} TO {}", quote(app_role)));
    statements.push(format!("COMMENT ON TABLE {sql} IS {}", literal(&comment)));
    Ok(statements)
}

/// Forgets the words of rows that go.
fn postgres_trigger(table: &Table, own: &TableName, words: &TableName) -> Object {
    const DIALECT: Dialect = Dialect::Postgres;
    let same: Vec<String> = key_columns(table)
        .map(|column| quote(table.column_name(column)))
        .map(|name| format!("w.{name} = r.{name}"))
        .collect();
    let name = identifier(&format!("{}_forget", words.name));
    let definition = format!(
        "CREATE TRIGGER {} AFTER DELETE ON {} REFERENCING OLD TABLE AS removed FOR EACH STATEMENT \
         EXECUTE FUNCTION \"mainstay\".\"forget_words\"({}, {})",
        quote(&name),
        own.sql(DIALECT),
        literal(&words.sql(DIALECT)),
        literal(&same.join(" AND "))
    );
    Object::new(own, ObjectKind::Trigger, name, definition)
}

fn sqlite_table(table: &Table, words: &TableName) -> Result<Vec<String>> {
    let mut statements = vec![create(Dialect::Sqlite, table, words)?];
    if !table.meta.search_later {
        let own = TableName::of(table).sql(Dialect::Sqlite);
        let fields = table.search_columns().enumerate();
        let fill = |(field, column): (usize, usize)| {
            let from = format!("{own} AS t, json_each({}) AS j", words_of(table, column, "t"));
            format!("{} FROM {from}", add(table, words, field, "t"))
        };
        statements.extend(fields.map(fill));
    }
    Ok(statements)
}

/// `INSERT INTO words (…) SELECT …` of the words `j.value` of a row.
fn add(table: &Table, words: &TableName, field: usize, row: &str) -> String {
    let mut values: Vec<String> =
        key_columns(table).map(|c| format!("{row}.{}", quote(table.column_name(c)))).collect();
    let at = usize::from(table.tenant_column().is_some());
    values.splice(at..at, [field.to_string(), "j.value".to_owned()]);
    let (sql, key) = (words.sql(Dialect::Sqlite), key(table));
    format!("INSERT INTO {sql} ({key}) SELECT {}", values.join(", "))
}

/// The words of a column as a JSON array.
fn words_of(table: &Table, column: usize, row: &str) -> String {
    let function = words_function(&table.meta.columns[column].kind);
    format!("{function}({row}.{})", quote(table.column_name(column)))
}

/// The function that gives the words of a kind's values as `SQLite` keeps them.
pub(crate) fn words_function(kind: &Kind) -> &'static str {
    if matches!(kind, Kind::Text { .. }) { "ms_words" } else { "ms_json_words" }
}

fn sqlite_triggers(table: &Table, own: &TableName, words: &TableName) -> Vec<Object> {
    let sql = own.sql(Dialect::Sqlite);
    let fields: Vec<(usize, usize)> = table.search_columns().enumerate().collect();
    let added = |(field, column): &(usize, usize)| {
        let source = format!("json_each({}) AS j", words_of(table, *column, "NEW"));
        format!("{} FROM {source}; ", add(table, words, *field, "NEW"))
    };
    let removed = |(field, column): &(usize, usize)| {
        let row: Vec<String> = key_columns(table)
            .map(|c| quote(table.column_name(c)))
            .map(|name| format!("{name} = OLD.{name}"))
            .collect();
        format!(
            "DELETE FROM {} WHERE {} AND \"field\" = {field} AND \"word\" IN \
             (SELECT value FROM json_each({})); ",
            words.sql(Dialect::Sqlite),
            row.join(" AND "),
            words_of(table, *column, "OLD")
        )
    };
    let trigger = |verb: &str, event: &str, body: String| {
        let name = identifier(&format!("{}_{verb}", words.flat()));
        let quoted = quote(&name);
        let definition =
            format!("CREATE TRIGGER {quoted} AFTER {event} ON {sql} FOR EACH ROW BEGIN {body}END");
        Object::new(own, ObjectKind::Trigger, name, definition)
    };
    let remove: String = fields.iter().map(removed).collect();
    let mut triggers = vec![trigger("forget", "DELETE", remove)];
    if !table.meta.search_later {
        for field in &fields {
            let watched = std::iter::once(field.1).chain(table.row_key());
            let watched: Vec<String> = watched.map(|c| quote(table.column_name(c))).collect();
            let event = format!("UPDATE OF {}", watched.join(", "));
            let body = removed(field) + &added(field);
            triggers.push(trigger(&format!("change_{}", field.0), &event, body));
        }
    }
    triggers
}
