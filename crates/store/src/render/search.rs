//! Full-text search: rows are found by the words that are kept beside them.

use super::{Dialect, Sql, quote};
use crate::schema::{key_columns, words_function, words_table};
use mainstay_entity::search::{Query, Range};
use mainstay_entity::{Kind, Table, Value};

/// Behind every word that begins with a prefix.
const END: char = '\u{10ffff}';

const TEXT: Kind = Kind::Text { max: None };

/// Writes the condition that a column of a row has what is sought; false where it is null.
pub(super) fn search(sql: &mut Sql<'_>, alias: &str, table: &Table, column: usize, query: &Query) {
    let field = table.search_columns().position(|searched| searched == column);
    let Some(field) = field.filter(|_| !query.is_empty()) else {
        sql.push("FALSE");
        return;
    };
    let place = Place { alias, table, column, field };
    sql.push("(");
    let groups = query.groups();
    for (position, group) in groups.iter().enumerate() {
        if position > 0 {
            sql.push(" AND ");
        }
        place.some_of(sql, group);
    }
    if groups.is_empty() || !query.is_exact() {
        if !groups.is_empty() {
            sql.push(" AND ");
        }
        place.matches(sql, query);
    }
    sql.push(")");
}

/// Writes `(row IN (SELECT row FROM words …)` for rows with some words of each of several searches,
/// so that an engine looks at no others; false, and nothing, where a search demands no words.
pub(super) fn some_of(
    sql: &mut Sql<'_>,
    alias: &str,
    table: &Table,
    asked: &[(usize, &Query)],
) -> bool {
    let begin = |(column, query): &(usize, &Query)| {
        let field = table.search_columns().position(|searched| searched == *column)?;
        let group = query.groups().into_iter().next()?;
        Some((Place { alias, table, column: *column, field }, group))
    };
    let Some(begin) = asked.iter().map(begin).collect::<Option<Vec<_>>>() else { return false };
    let [(first, _), _, ..] = &begin[..] else { return false };
    sql.push("(");
    first.row_in(sql);
    for (position, (place, group)) in begin.iter().enumerate() {
        place.rows(sql, group, position > 0);
    }
    sql.push(")");
    true
}

/// A column of a table that is searched.
struct Place<'a> {
    alias: &'a str,
    table: &'a Table,
    column: usize,
    /// Its place among the columns that are searched.
    field: usize,
}

impl Place<'_> {
    /// `row IN (SELECT row FROM words …)`: the engine begins with the words where they are rare.
    fn some_of(&self, sql: &mut Sql<'_>, group: &[Range]) {
        self.row_in(sql);
        self.rows(sql, group, false);
        sql.push(")");
    }

    /// `(row) IN (`
    fn row_in(&self, sql: &mut Sql<'_>) {
        sql.push(&format!("({}) IN (", self.row(self.alias)));
    }

    /// `SELECT row FROM words …` for each range.
    fn rows(&self, sql: &mut Sql<'_>, group: &[Range], continues: bool) {
        for (position, range) in group.iter().enumerate() {
            if position > 0 || continues {
                sql.push(" UNION ALL ");
            }
            sql.push("SELECT ").push(&self.row("w"));
            self.of_words(sql);
            sql.push(" AND ");
            in_range(sql, range);
        }
    }

    /// What names a row inside its organisation.
    fn row(&self, alias: &str) -> String {
        let name = |column| format!("{alias}.{}", quote(self.table.column_name(column)));
        self.table.row_key().map(name).collect::<Vec<_>>().join(", ")
    }

    /// `FROM words WHERE …` of the caller's organisation and the column.
    fn of_words(&self, sql: &mut Sql<'_>) {
        let name = words_table(self.table).sql(sql.dialect);
        sql.push(" FROM ").push(&name).push(" AS w WHERE ");
        if let Some(column) = self.table.tenant_column() {
            let name = quote(self.table.column_name(column));
            sql.push(&format!("w.{name} = "));
            match sql.access.tenant() {
                Some(tenant) => sql.bind(&Kind::Uuid, Value::Uuid(tenant)),
                None => {
                    sql.push(&format!("{}.{name}", self.alias));
                }
            }
            sql.push(" AND ");
        }
        sql.push(&format!("w.\"field\" = {}", self.field));
    }

    /// Whether the words stand as the query wants them.
    fn matches(&self, sql: &mut Sql<'_>, query: &Query) {
        let value = format!("{}.{}", self.alias, quote(self.table.column_name(self.column)));
        match sql.dialect {
            Dialect::Sqlite => {
                let kind = &self.table.meta.columns[self.column].kind;
                let is_json = u8::from(words_function(kind) != "ms_words");
                let (mode, language) = (query.mode().number(), query.language().as_str());
                sql.push(&format!("ms_search({value}, {is_json}, {mode}, '{language}', "));
                sql.bind(&TEXT, Value::Text(query.text().to_owned()));
                sql.push(")");
            }
            Dialect::Postgres => {
                sql.push(&format!("({value} IS NOT NULL AND coalesce((SELECT string_agg("));
                sql.push("w.\"places\", ' ')");
                self.of_words(sql);
                for column in
                    key_columns(self.table).filter(|c| Some(*c) != self.table.tenant_column())
                {
                    let name = quote(self.table.column_name(column));
                    sql.push(&format!(" AND w.{name} = {}.{name}", self.alias));
                }
                sql.push(" AND (");
                for (position, range) in query.ranges().iter().enumerate() {
                    if position > 0 {
                        sql.push(" OR ");
                    }
                    in_range(sql, range);
                }
                sql.push(")), '')::tsvector @@ ");
                sql.bind(&TEXT, Value::Text(query.tsquery()));
                sql.push("::tsquery)");
            }
        }
    }
}

fn in_range(sql: &mut Sql<'_>, range: &Range) {
    match range {
        Range::Stem(stem) => {
            sql.push("w.\"word\" = ");
            sql.bind(&TEXT, Value::Text(stem.clone()));
        }
        Range::Prefix(prefix) => {
            sql.push("w.\"word\" >= ");
            sql.bind(&TEXT, Value::Text(prefix.clone()));
            sql.push(" AND w.\"word\" < ");
            sql.bind(&TEXT, Value::Text(format!("{prefix}{END}")));
        }
    }
}

#[cfg(test)]
mod tests;
