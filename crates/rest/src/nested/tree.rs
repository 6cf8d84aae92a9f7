//! A nested body as a tree: rows with the related rows that their members hold.

use super::ROWS;
use crate::batch::Members;
use crate::body::Reading;
use crate::call::Call;
use crate::dialect::BodyType;
use crate::dialect::error::INVALID_BODY;
use crate::dialect::media::body_type;
use crate::error::{Failure, Fault, Result};
use mainstay_entity::{ForeignKey, Table, Value};
use mainstay_kernel::{Error, Input, NewRow};
use mainstay_store::Relation;
use serde_json::value::RawValue;
use std::sync::Arc;

/// A row of the body.
pub(super) struct Item {
    /// Where it stands: `lines[2]`; empty for a body that is one object.
    pub(super) path: String,
    row: Option<NewRow>,
    /// The related rows.
    pub(super) branches: Vec<Branch>,
}

/// The rows of one relation.
pub(super) struct Branch {
    /// The member that holds them.
    pub(super) name: String,
    pub(super) way: Way,
    /// Their table.
    pub(super) table: Arc<Table>,
    pub(super) items: Vec<Item>,
    /// For each its owner's place among the rows of its level.
    pub(super) owners: Vec<usize>,
}

/// How related rows hang on a row.
#[derive(Clone)]
pub(super) enum Way {
    /// The row refers to the related one: its columns, and theirs.
    Forward { from: Vec<usize>, to: Vec<usize> },
    /// The related rows refer to the row: its columns, and theirs.
    Backward { from: Vec<usize>, to: Vec<usize> },
    /// Rows of a table between refer to both: their columns with the row's, and with the others'.
    Through { between: Arc<Table>, from: Vec<(usize, usize)>, to: Vec<(usize, usize)> },
}

impl Way {
    /// The row's columns and the related rows', without the one that isolates organisations.
    pub(super) fn pairs(&self, table: &Table) -> Vec<(usize, usize)> {
        let (Self::Forward { from, to } | Self::Backward { from, to }) = self else {
            return Vec::new();
        };
        let own = |(column, _): &(usize, usize)| Some(*column) != table.tenant_column();
        from.iter().copied().zip(to.iter().copied()).filter(own).collect()
    }
}

impl Item {
    /// Sets a column of a reference, which the body must not give besides.
    pub(super) fn fill(&mut self, table: &Table, column: usize, value: Value) -> Result<(), Fault> {
        let slot = self.row.as_mut().map(|row| &mut row.values[column]);
        match slot {
            Some(slot @ None) => {
                *slot = Some(Input::Value(value));
                Ok(())
            }
            _ => {
                let name = table.column_name(column);
                let message = format!("The column '{name}' is given by a related row");
                Err(Fault::new(INVALID_BODY, message))
            }
        }
    }

    pub(super) fn take_row(&mut self) -> NewRow {
        self.row.take().unwrap_or_else(|| NewRow { values: Vec::new() })
    }
}

/// The place of a member of a row.
pub(super) fn member(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The rows of a body; none when none of them has related ones.
pub(super) fn read(call: &Call<'_>) -> Result<Option<Vec<Item>>> {
    if body_type(call.request.content_type(), false)? != BodyType::Json {
        return Ok(None);
    }
    let Ok(raw) = serde_json::from_slice::<&RawValue>(&call.request.body) else {
        return Ok(None);
    };
    let mut reader = Reader { call, rows: 0, nested: false };
    let items = reader.items(&call.table, raw, "", 0);
    // Whatever else is wrong with it, the body is no tree of relations.
    if reader.nested { items.map(Some) } else { Ok(None) }
}

struct Reader<'c, 'a> {
    call: &'c Call<'a>,
    rows: usize,
    /// Whether some member is a relation.
    nested: bool,
}

impl Reader<'_, '_> {
    /// The rows of an object or a list of objects.
    fn items(
        &mut self,
        table: &Arc<Table>,
        raw: &RawValue,
        path: &str,
        depth: usize,
    ) -> Result<Vec<Item>> {
        if !raw.get().starts_with('[') {
            return Ok(vec![self.item(table, raw, path.to_owned(), depth)?]);
        }
        let list: Vec<&RawValue> = serde_json::from_str(raw.get()).map_err(Error::internal)?;
        let item = |(place, raw): (usize, &&RawValue)| {
            self.item(table, raw, format!("{path}[{place}]"), depth)
        };
        list.iter().enumerate().map(item).collect()
    }

    fn item(
        &mut self,
        table: &Arc<Table>,
        raw: &RawValue,
        path: String,
        depth: usize,
    ) -> Result<Item> {
        self.rows += 1;
        if self.rows > ROWS {
            let message = format!("A nested body has at most {ROWS} rows");
            return Err(Fault::new("54000", message).into());
        }
        let Ok(Members(members)) = serde_json::from_str(raw.get()) else {
            let fault = Fault::new(INVALID_BODY, "Expected an object");
            return Err(at(fault, &path));
        };
        let mut own = String::from("{");
        let mut branches: Vec<Branch> = Vec::new();
        for (name, value) in members {
            let is_root_column =
                depth == 0 && self.call.params.columns.as_ref().is_some_and(|c| !c.contains(&name));
            if is_root_column {
                continue;
            }
            if table.column_index(&name).is_some() {
                own.push_str(if own.len() > 1 { "," } else { "" });
                own.push_str(&serde_json::Value::from(name).to_string());
                own.push(':');
                own.push_str(value.get());
            } else {
                let twice = branches.iter().any(|branch| branch.name == name);
                let place = member(&path, &name);
                if twice {
                    return Err(at(Fault::new(INVALID_BODY, "Keys must be unique"), &place));
                }
                branches.extend(self.branch(table, name, value, &place, depth)?);
            }
        }
        own.push('}');
        let row = self.own(table, &own, &path)?;
        Ok(Item { path, row: Some(row), branches })
    }

    /// The row without its related ones.
    fn own(&self, table: &Table, own: &str, path: &str) -> Result<NewRow> {
        let zone = self.call.zone();
        let reading = Reading { table, columns: None, missing_default: true, zone };
        let read = reading.read(BodyType::Json, own.as_bytes());
        let rows = read.map_err(|failure| match failure {
            Failure::Kernel(Error::Invalid(mut invalid)) => {
                invalid.row = None;
                let column = invalid.column.rsplit('.').next().unwrap_or_default().to_owned();
                let fault = Failure::from(Error::Invalid(invalid)).into_fault(self.call.context);
                at(fault, &member(path, &column))
            }
            other => at(other.into_fault(self.call.context), path),
        })?;
        let row = rows.rows.into_iter().next();
        row.ok_or_else(|| Error::internal("an object without a row").into())
    }

    /// The related rows that a member holds; none for null.
    fn branch(
        &mut self,
        table: &Arc<Table>,
        name: String,
        value: &RawValue,
        place: &str,
        depth: usize,
    ) -> Result<Option<Branch>> {
        let found = self.call.resolver().member(table, &name);
        // What could be several relations is one.
        self.nested |= !matches!(found, Ok(None));
        let Some((relation, target)) = found? else {
            let own = &table.meta.table;
            let message = format!(
                "Could not find a column or a relation '{name}' of '{own}' in the schema cache"
            );
            return Err(at(Fault::new("PGRST204", message), place));
        };
        if depth + 1 > self.call.settings.max_embed_depth {
            let most = self.call.settings.max_embed_depth;
            return Err(Fault::unsupported(format!("Nesting of more than {most} levels.")).into());
        }
        let is_list = value.get().starts_with('[');
        if value.get() == "null" && relation.to_one {
            return Ok(None);
        }
        if is_list == relation.to_one {
            let expected = if relation.to_one { "one object" } else { "a list of objects" };
            let fault = Fault::new(INVALID_BODY, format!("Expected {expected}"));
            return Err(at(fault, place));
        }
        let Some(way) = way(table, &target, &relation) else {
            let what = format!("Inserting related rows by the relationship '{name}'.");
            return Err(Fault::unsupported(what).into());
        };
        let items = self.items(&target, value, place, depth + 1)?;
        Ok((!items.is_empty()).then(|| Branch {
            name,
            way,
            table: target,
            items,
            owners: Vec::new(),
        }))
    }
}

/// How a relation hangs rows on each other, when it follows references.
fn way(table: &Table, target: &Table, relation: &Relation) -> Option<Way> {
    let refers = |keys: &[ForeignKey], to: &Table, columns: &[usize], others: &[usize]| {
        keys.iter().any(|key| {
            key.target == to.id && key.columns == columns && key.target_columns == others
        })
    };
    let (from, to) = (relation.from.clone(), relation.to.clone());
    if let Some(junction) = &relation.junction {
        let pairs = |columns: &[usize], others: &[usize]| {
            columns.iter().copied().zip(others.iter().copied()).collect()
        };
        return Some(Way::Through {
            between: junction.table.clone(),
            from: pairs(&junction.from, &from),
            to: pairs(&junction.to, &to),
        });
    }
    if refers(&table.foreign_keys, target, &from, &to) {
        return Some(Way::Forward { from, to });
    }
    refers(&target.foreign_keys, table, &to, &from).then_some(Way::Backward { from, to })
}

fn at(fault: Fault, path: &str) -> Failure {
    if path.is_empty() { fault.into() } else { fault.place(path).into() }
}
