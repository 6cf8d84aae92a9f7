//! What a database records of its own schema.

use super::{Options, Step, Version};
use crate::error::{Error, ErrorKind, Result};
use crate::render::{Dialect, quote};
use crate::schema::{Object, ObjectKind, TableName};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;

/// The form of the record. A program refuses a form that it does not know.
const FORMAT: u32 = 1;

/// The table of managed objects.
pub(crate) fn objects_table(dialect: Dialect) -> String {
    own_table("mainstay_schema_objects").sql(dialect)
}

/// The table of what is said of the database as a whole.
pub(crate) fn state_table(dialect: Dialect) -> String {
    own_table("mainstay_schema_state").sql(dialect)
}

fn own_table(name: &str) -> TableName {
    TableName { schema: "mainstay".to_owned(), name: name.to_owned() }
}

/// The statements that make the tables of the record, if they are not there. Servers may read
/// them, to know whether they fit.
pub(crate) fn create_sql(dialect: Dialect, app_role: &str) -> Vec<String> {
    let (objects, state) = (objects_table(dialect), state_table(dialect));
    let (text, options) = match dialect {
        Dialect::Sqlite => ("TEXT", " STRICT, WITHOUT ROWID"),
        Dialect::Postgres => ("text COLLATE \"C\"", ""),
    };
    let mut statements = vec![
        format!(
            "CREATE TABLE IF NOT EXISTS {objects} (\n    \"table_name\" {text} NOT NULL,\n    \
             \"kind\" {text} NOT NULL,\n    \"name\" {text} NOT NULL,\n    \
             \"definition\" {text} NOT NULL,\n    \
             PRIMARY KEY (\"table_name\", \"kind\", \"name\")\n){options}"
        ),
        format!(
            "CREATE TABLE IF NOT EXISTS {state} (\n    \"key\" {text} NOT NULL PRIMARY KEY,\n    \
             \"value\" {text} NOT NULL\n){options}"
        ),
    ];
    if dialect == Dialect::Postgres {
        let role = quote(app_role);
        statements.push(format!("GRANT SELECT ON TABLE {objects}, {state} TO {role}"));
    }
    statements
}

/// One row of the record of objects.
pub(super) type Row = [String; 4];

pub(super) fn to_row(object: &Object) -> Row {
    let Object { table, kind, name, definition } = object;
    [table.to_string(), kind.as_str().to_owned(), name.clone(), definition.clone()]
}

pub(super) fn from_row([table, kind, name, definition]: Row) -> Result<Object> {
    let kind = ObjectKind::parse(&kind).ok_or_else(|| unreadable("kind", &kind))?;
    Ok(Object { table: TableName::parse(&table), kind, name, definition })
}

fn unreadable(what: &str, value: &str) -> Error {
    ErrorKind::Refused(format!("the database's record of its schema has the {what} \"{value}\""))
        .into()
}

/// What a database says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The oldest version of the program that can work with it.
    pub oldest_binary: Version,
    /// The newest version of the program that migrated it.
    pub binary: Version,
    /// When it was last migrated.
    pub migrated_at: Timestamp,
    /// SHA-256 of the recorded objects, in hexadecimal. Equal schemas have equal hashes.
    pub hash: String,
}

impl State {
    /// The state after a migration.
    pub(super) fn after(
        before: Option<&Self>,
        options: &Options,
        run: &[Step],
        record: &[Object],
    ) -> Self {
        let own = options.binary_version;
        let oldest_binary = match before {
            Some(before) if !run.iter().any(|step| step.breaking) => before.oldest_binary,
            _ => own,
        };
        let binary = before.map_or(own, |before| before.binary.max(own));
        Self { oldest_binary, binary, migrated_at: options.now, hash: hash(record) }
    }

    /// Whether the database records these objects and no others.
    pub(super) fn is_of(&self, declared: &[Object]) -> bool {
        self.hash == hash(declared)
    }

    pub(super) fn to_pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("format", FORMAT.to_string()),
            ("oldest_binary", self.oldest_binary.to_string()),
            ("binary", self.binary.to_string()),
            ("migrated_at", self.migrated_at.to_string()),
            ("hash", self.hash.clone()),
        ]
    }

    /// Reads what [`State::to_pairs`] gives; none if there is nothing yet.
    pub(super) fn from_pairs(pairs: &HashMap<String, String>) -> Result<Option<Self>> {
        let Some(format) = pairs.get("format") else {
            return Ok(None);
        };
        if *format != FORMAT.to_string() {
            return Err(unreadable("format", format));
        }
        let value = |key: &str| pairs.get(key).ok_or_else(|| unreadable("missing entry", key));
        let migrated_at = value("migrated_at")?;
        Ok(Some(Self {
            oldest_binary: value("oldest_binary")?.parse()?,
            binary: value("binary")?.parse()?,
            migrated_at: migrated_at.parse().map_err(|_| unreadable("time", migrated_at))?,
            hash: value("hash")?.clone(),
        }))
    }

    /// Refuses a program that is too old.
    pub(super) fn check(&self, own: Version) -> Result<()> {
        if self.oldest_binary <= own {
            return Ok(());
        }
        Err(ErrorKind::Refused(format!(
            "the database needs version {} or newer; this is {own}",
            self.oldest_binary
        ))
        .into())
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { oldest_binary, binary, migrated_at, hash } = self;
        let short = hash.get(..12).unwrap_or(hash);
        write!(
            f,
            "Schema {short}, migrated by version {binary} at {migrated_at}; \
             servers need version {oldest_binary} or newer."
        )
    }
}

fn hash(record: &[Object]) -> String {
    let mut rows: Vec<Row> = record.iter().map(to_row).collect();
    rows.sort_unstable();
    let mut hasher = Sha256::new();
    for field in rows.iter().flatten() {
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field.as_bytes());
    }
    format!("{:x}", hasher.finalize())
}
