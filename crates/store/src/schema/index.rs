//! Indexes: those declared, those that references need, and partial unique keys.

use super::constraint;
use super::name::{TableName, column_list, identifier, unused};
use super::object::{Object, ObjectKind};
use super::partition;
use crate::render::{Dialect, literal, quote};
use mainstay_entity::{Direction, Index, IndexColumn, Table, UniqueKey};
use std::collections::BTreeSet;

/// The indexes of a table.
pub(super) fn all(dialect: Dialect, table: &Table) -> Vec<Object> {
    let mut builder = Builder {
        dialect,
        table,
        name: TableName::of(table),
        objects: Vec::new(),
        names: Vec::new(),
        prefixes: vec![table.primary_key.clone()],
    };
    for unique in &table.uniques {
        builder.unique(unique);
    }
    for index in table.meta.indexes.iter() {
        builder.declared(index);
    }
    for key in &table.foreign_keys {
        builder.serving(&key.columns);
    }
    builder.objects
}

struct Builder<'a> {
    dialect: Dialect,
    table: &'a Table,
    name: TableName,
    objects: Vec<Object>,
    names: Vec<String>,
    /// Columns by which rows are found already.
    prefixes: Vec<Vec<usize>>,
}

impl Builder<'_> {
    fn unique(&mut self, unique: &UniqueKey) {
        let table = self.table;
        if partition::is_held_apart(self.dialect, table, unique) {
            return;
        }
        let nullable = |column: &usize| table.meta.columns[*column].nullable;
        let treats_nulls = unique.nulls_not_distinct && unique.columns.iter().any(nullable);
        let columns = constraint::columns(table, &unique.columns);
        match (&unique.filter, self.dialect) {
            (None, _) => self.prefixes.push(unique.columns.clone()),
            (Some(filter), Dialect::Postgres) => {
                let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
                self.push_unique(unique, &format!("({columns}){nulls} WHERE {filter}"));
            }
            (Some(filter), Dialect::Sqlite) if !treats_nulls => {
                self.push_unique(unique, &format!("({columns}) WHERE {filter}"));
            }
            (Some(_), Dialect::Sqlite) => {}
        }
        if treats_nulls && self.dialect == Dialect::Sqlite {
            self.nulls_not_distinct(unique);
        }
    }

    /// `SQLite` has no NULLS NOT DISTINCT. Rows with nulls meet in an index where a blob or number,
    /// which no value of the column can be, stands for null.
    fn nulls_not_distinct(&mut self, unique: &UniqueKey) {
        let mut terms = Vec::new();
        let mut nulls = Vec::new();
        for column in &unique.columns {
            let meta = &self.table.meta.columns[*column];
            let name = quote(&meta.name);
            if meta.nullable {
                let data_type = super::column::definition(self.dialect, self.table, meta);
                let is_blob = data_type.is_ok_and(|d| d.data_type.starts_with("BLOB"));
                terms.push(format!("coalesce({name}, {})", if is_blob { "0" } else { "x''" }));
                nulls.push(format!("{name} IS NULL"));
            } else {
                terms.push(name);
            }
        }
        let condition = match &unique.filter {
            Some(filter) => filter.to_string(),
            None => nulls.join(" OR "),
        };
        self.push_unique(unique, &format!("({}) WHERE {condition}", terms.join(", ")));
    }

    fn push_unique(&mut self, unique: &UniqueKey, rest: &str) {
        let name = match self.dialect {
            Dialect::Postgres => identifier(&unique.name),
            Dialect::Sqlite => {
                let own = unique.name.strip_prefix(&self.name.name).unwrap_or(&unique.name);
                identifier(&format!("{}{own}", self.name.flat()))
            }
        };
        self.push("UNIQUE INDEX", name, rest);
    }

    fn declared(&mut self, index: &Index) {
        // Ranges of blocks know nothing of organisations, whose rows lie side by side.
        if index.brin && self.dialect == Dialect::Sqlite {
            return;
        }
        let leading = self.table.tenant_column().filter(|_| !index.global && !index.brin);
        let tenant = leading.map(|column| self.table.column_name(column));
        let own: Vec<&IndexColumn> =
            index.columns.iter().filter(|column| Some(&*column.name) != tenant).collect();
        let mut terms: Vec<String> = tenant.map(quote).into_iter().collect();
        terms.extend(own.iter().map(|column| self.term(column)));
        let mut words: Vec<String> = own.iter().map(|column| word(column)).collect();
        if words.is_empty() {
            words.extend(tenant.map(str::to_owned));
        }
        let list = terms.join(", ");
        if index.brin {
            words.push("brin".to_owned());
            return self.push_index(&words, &format!("USING brin ({list})"));
        }
        if let Some(filter) = &index.filter {
            return self.push_index(&words, &format!("({list}) WHERE {filter}"));
        }
        self.push_index(&words, &format!("({list})"));
        let plain = own.iter().take_while(|column| column.path.is_empty());
        let columns = plain.filter_map(|column| self.table.column_index(&column.name));
        self.prefixes.push(leading.into_iter().chain(columns).collect());
    }

    fn term(&self, column: &IndexColumn) -> String {
        let name = quote(&column.name);
        let keys: Vec<String> = column.path.iter().map(|key| literal(key)).collect();
        let value = match (self.dialect, keys.split_last()) {
            (_, None) => name,
            (Dialect::Sqlite, _) => format!("ms_json_text({name}, {})", keys.join(", ")),
            (Dialect::Postgres, Some((last, before))) => {
                let mut path = name;
                for key in before {
                    path.push_str(" -> ");
                    path.push_str(key);
                }
                format!("(({path} ->> {last}))")
            }
        };
        match column.direction {
            Direction::Ascending => value,
            Direction::Descending => value + " DESC",
        }
    }

    /// An index by which the rows that refer to a target are found when it goes.
    fn serving(&mut self, columns: &[usize]) {
        let wanted: BTreeSet<usize> = columns.iter().copied().collect();
        let serves = |prefix: &Vec<usize>| {
            prefix.len() >= wanted.len()
                && prefix[..wanted.len()].iter().copied().collect::<BTreeSet<_>>() == wanted
        };
        if self.prefixes.iter().any(serves) {
            return;
        }
        let tenant = self.table.tenant_column();
        let names = columns.iter().filter(|column| Some(**column) != tenant);
        let words: Vec<String> =
            names.map(|column| self.table.column_name(*column).to_owned()).collect();
        let list = column_list(columns.iter().map(|column| self.table.column_name(*column)));
        self.push_index(&words, &format!("({list})"));
        self.prefixes.push(columns.to_vec());
    }

    fn push_index(&mut self, words: &[String], rest: &str) {
        let prefix = self.name.prefix(self.dialect);
        let name = unused(&format!("{prefix}_{}_idx", words.join("_")), &self.names);
        self.push("INDEX", name, rest);
    }

    fn push(&mut self, what: &str, name: String, rest: &str) {
        let table = self.name.sql(self.dialect);
        let definition = format!("CREATE {what} {} ON {table} {rest}", quote(&name));
        self.objects.push(Object::new(&self.name, ObjectKind::Index, &*name, definition));
        self.names.push(name);
    }
}

/// What a column adds to the name of an index.
fn word(column: &IndexColumn) -> String {
    let mut word = column.name.to_string();
    for key in column.path.iter() {
        word.push('_');
        word.extend(
            key.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }),
        );
    }
    word
}
