//! A mapping: how a record of some format becomes a row of a table, one CEL expression per column.

mod personal;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::Context as _;
use cel::Value;
use cel::objects::Key;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::expression::{Environment, EvaluationError, Expression, from_json, to_json};
use super::record::{Record, push_on_one_line, push_string};
use personal::Personal;

/// The mappings inside the binary, by name.
const BUILT_IN: [(&str, &str); 1] =
    [("cloudtrail", include_str!("../../../../docs/mappings/cloudtrail.yaml"))];

/// A mapping file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingFile {
    /// The table the rows go to, unless the command names another.
    table: String,
    /// The column by which a row already stored is recognised.
    key: Option<String>,
    /// The member that holds the records, where a file is one JSON object.
    records: Option<String>,
    /// Column to CEL expression.
    columns: BTreeMap<String, String>,
    /// The column that takes the rest of a record.
    rest: Option<String>,
    /// Members that are personal data, such as `userIdentity.userName`: the column `personal` takes
    /// them.
    #[serde(default)]
    personal: Vec<String>,
}

/// The column that takes what is personal.
const PERSONAL: &str = "personal";

/// A mapping, compiled.
pub(crate) struct Mapping {
    /// What messages call it: the built-in name or the path.
    name: String,
    table: String,
    key: Option<String>,
    records: Option<String>,
    columns: Vec<Column>,
    rest: Option<String>,
    personal: Personal,
    environment: Environment,
}

struct Column {
    name: String,
    expression: Expression,
    source: String,
}

/// Why a record has no row.
#[derive(Debug, PartialEq)]
pub(crate) enum RowError {
    /// The mapping is wrong; no record has one.
    Mapping(String),
    /// This record can't be mapped.
    Record(String),
}

impl Mapping {
    /// The built-in mapping of that name, or the file at that path.
    pub(crate) fn find(name: &str) -> anyhow::Result<Self> {
        if let Some((_, yaml)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name) {
            return Self::compile(name, yaml);
        }
        let yaml = std::fs::read_to_string(Path::new(name)).with_context(|| {
            let names: Vec<_> = BUILT_IN.iter().map(|(name, _)| *name).collect();
            let names = names.join(", ");
            format!("no mapping `{name}`: neither built in ({names}) nor a file that can be read")
        })?;
        Self::compile(name, &yaml)
    }

    fn compile(name: &str, yaml: &str) -> anyhow::Result<Self> {
        let file: MappingFile =
            serde_saphyr::from_str(yaml).with_context(|| format!("mapping `{name}`"))?;
        let environment = Environment::new()?;
        let mut columns = Vec::with_capacity(file.columns.len());
        for (column, source) in file.columns {
            let expression = environment.compile(&source).map_err(|error| {
                anyhow::anyhow!("mapping `{name}`, column `{column}`: `{source}`: {error}")
            })?;
            columns.push(Column { name: column, expression, source });
        }
        let personal = Personal::new(&file.personal);
        check_personal(name, &personal, &columns)?;
        for (what, named, is_a_column) in [("key", &file.key, true), ("rest", &file.rest, false)] {
            if let Some(named) = named {
                anyhow::ensure!(
                    columns.iter().any(|column| column.name == *named) == is_a_column,
                    "mapping `{name}`: {what} `{named}` must {} one of the columns",
                    if is_a_column { "be" } else { "not be" },
                );
            }
        }
        Ok(Self {
            name: name.to_owned(),
            table: file.table,
            key: file.key,
            records: file.records,
            columns,
            rest: file.rest,
            personal,
            environment,
        })
    }

    /// The table the rows are meant for.
    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    /// The column by which a row already stored is recognised.
    pub(crate) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The member that holds the records, where a file is one JSON object.
    pub(crate) fn records(&self) -> Option<&str> {
        self.records.as_deref()
    }

    /// Appends the record's row, as one line of JSON without the line break. Every row has every
    /// column, so that the rows of a batch are alike. After an error `row` holds no whole row.
    pub(crate) fn push_row(
        &mut self,
        record: &Record<'_>,
        row: &mut Vec<u8>,
    ) -> Result<(), RowError> {
        let members = self.members_read(record)?;
        let values = self.values(&members)?;
        row.push(b'{');
        for (column, value) in self.columns.iter().zip(&values) {
            push_string(&column.name, row);
            row.push(b':');
            match value {
                // The member's own text, which for a number says more than its value.
                ColumnValue::Member { raw, .. } => push_on_one_line(raw.get().as_bytes(), row),
                ColumnValue::Made(json) => row.extend_from_slice(json.to_string().as_bytes()),
            }
            row.push(b',');
        }
        self.push_rest(record, &values, row)?;
        close(row);
        Ok(())
    }

    /// Appends the columns that take what no other column holds.
    fn push_rest(
        &self,
        record: &Record<'_>,
        values: &[ColumnValue<'_>],
        row: &mut Vec<u8>,
    ) -> Result<(), RowError> {
        let (mut rest, mut personal) = (vec![b'{'], vec![b'{']);
        let open = record.members().filter(|(name, _)| !is_carried(name, values));
        self.personal.split(open, &mut rest, &mut personal);
        let is_copied = |name: &&str| self.personal.concerns(name) && is_carried(name, values);
        if let Some(name) = record.members().map(|(name, _)| name).find(is_copied) {
            let why = format!(
                "mapping `{}`: a column holds all of `{name}`, and some of it is personal",
                self.name
            );
            return Err(RowError::Mapping(why));
        }
        if let Some(name) = &self.rest {
            close(&mut rest);
            push_string(name, row);
            row.push(b':');
            row.append(&mut rest);
            row.push(b',');
        }
        if !self.personal.is_empty() {
            push_string(PERSONAL, row);
            row.push(b':');
            if personal.len() > 1 {
                close(&mut personal);
                row.append(&mut personal);
            } else {
                row.extend_from_slice(b"null");
            }
            row.push(b',');
        }
        Ok(())
    }

    /// The members that some expression reads, and gives them to the expressions as `record`.
    fn members_read<'r>(
        &mut self,
        record: &'r Record<'_>,
    ) -> Result<HashMap<&'r str, Member<'r>>, RowError> {
        let mut members = HashMap::new();
        for (name, raw) in record.members() {
            let mut readers = self.columns.iter().enumerate();
            let mut readers = readers.by_ref().filter(|(_, column)| column.expression.reads(name));
            let Some((first, _)) = readers.next() else {
                continue;
            };
            let json: Json = serde_json::from_str(raw.get())
                .map_err(|error| RowError::Record(format!("`{name}`: {error}")))?;
            if !json.is_null() {
                let sole_reader = readers.next().is_none().then_some(first);
                members.insert(name, Member { raw, value: from_json(json), sole_reader });
            }
        }
        self.environment.set_record(
            members.iter().map(|(&name, member)| (Key::from(name), member.value.clone())).collect(),
        );
        Ok(members)
    }

    fn values<'r>(
        &self,
        members: &HashMap<&'r str, Member<'r>>,
    ) -> Result<Vec<ColumnValue<'r>>, RowError> {
        let columns = self.columns.iter().enumerate();
        columns
            .map(|(index, column)| {
                let value =
                    column.expression.value(&self.environment).map_err(|error| match error {
                        EvaluationError::Unknown(why) => {
                            RowError::Mapping(self.blame(column, &why))
                        }
                        EvaluationError::Record(why) => RowError::Record(self.blame(column, &why)),
                    })?;
                let carried = members
                    .iter()
                    .find(|(_, member)| member.sole_reader == Some(index) && member.value == value);
                if let Some((&name, member)) = carried {
                    return Ok(ColumnValue::Member { name, raw: member.raw });
                }
                let json = to_json(&value);
                json.map(ColumnValue::Made)
                    .map_err(|why| RowError::Record(self.blame(column, &why)))
            })
            .collect()
    }

    fn blame(&self, column: &Column, why: &str) -> String {
        let Self { name: mapping, .. } = self;
        let Column { name, source, .. } = column;
        format!("mapping `{mapping}`, column `{name}`: `{source}`: {why}")
    }
}

/// What is personal stands in no other column.
fn check_personal(name: &str, personal: &Personal, columns: &[Column]) -> anyhow::Result<()> {
    anyhow::ensure!(
        personal.is_empty() || columns.iter().all(|column| column.name != PERSONAL),
        "mapping `{name}`: the column `{PERSONAL}` has an expression, and members are personal",
    );
    for column in columns {
        anyhow::ensure!(
            !personal.whole().any(|member| column.expression.reads(member)),
            "mapping `{name}`, column `{}`: `{}`: it is made from a member that is personal",
            column.name,
            column.source,
        );
    }
    Ok(())
}

/// A member of the record that expressions read.
struct Member<'r> {
    raw: &'r RawValue,
    value: Value,
    /// The index of the column whose expression alone reads it.
    sole_reader: Option<usize>,
}

enum ColumnValue<'r> {
    /// A member of the record, unchanged, which this column alone is made from.
    Member { name: &'r str, raw: &'r RawValue },
    /// Anything else.
    Made(Json),
}

/// Whether a column holds the member unchanged, so that the rest needn't. What several columns are
/// made from stays in the rest, where a filter finds it in every row that has it.
fn is_carried(member: &str, values: &[ColumnValue<'_>]) -> bool {
    let mut values = values.iter();
    values.any(|value| matches!(value, ColumnValue::Member { name, .. } if *name == member))
}

/// Ends a JSON object, whose last member left a comma.
fn close(json: &mut Vec<u8>) {
    if json.last() == Some(&b',') {
        json.pop();
    }
    json.push(b'}');
}

#[cfg(test)]
mod tests;
