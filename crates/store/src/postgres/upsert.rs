//! Inserts that meet existing keys, a set of rows at a time.

use super::transaction::{PostgresTransaction, records};
use super::unnest::{CHUNK, all_columns, insert, parameters, source, value};
use crate::error::{Error, ErrorKind, Result};
use crate::render::{Dialect, column, quote, table_name};
use crate::schema::is_held_apart;
use crate::write::{Change, Insert, Outcome};
use mainstay_entity::{Kind, Record, Table};
use std::collections::{HashMap, HashSet};

/// Rounds of a merge whose keys others insert or remove meanwhile.
const ROUNDS: u32 = 4;

/// The values of a key as bytes.
type KeyBytes = Vec<u8>;

impl PostgresTransaction {
    /// Leaves out rows whose key exists.
    pub(super) async fn insert_or_ignore(
        &mut self,
        request: &Insert,
        key: &[usize],
    ) -> Result<Vec<Outcome>> {
        let rows: Vec<&Record> = request.rows.iter().collect();
        let inserted = if ignores_held_key(&request.table, key) {
            self.ignore_held_keys(true).await?;
            let inserted = self.insert_new(&request.table, &rows, &[]).await?;
            self.ignore_held_keys(false).await?;
            inserted
        } else {
            self.insert_new(&request.table, &rows, key).await?
        };
        let outcome = |new| {
            if new { Outcome::Inserted } else { Outcome::Ignored }
        };
        Ok(inserted.into_iter().map(outcome).collect())
    }

    /// Whether rows are left out whose key, held beside their partitions, exists.
    async fn ignore_held_keys(&mut self, ignore: bool) -> Result<()> {
        let value = if ignore { "on" } else { "off" };
        let sql = format!("SELECT set_config('app.ignore_keys', '{value}', true)");
        let set = self.checkout.execute_with(&sql, &[]).await;
        self.known(set).map(drop)
    }

    /// Merges rows whose key exists: the columns `set` are overwritten.
    pub(super) async fn insert_or_merge(
        &mut self,
        request: &Insert,
        key: &[usize],
        set: &[usize],
    ) -> Result<Vec<Outcome>> {
        let table = &*request.table;
        let key = full_key(table, key)?;
        if table.primary_key.is_empty() {
            return Err(unsupported(table));
        }
        refuse_repeated_keys(table, &request.rows, &key)?;
        let mut outcomes: Vec<Option<Outcome>> = vec![None; request.rows.len()];
        for _ in 0..ROUNDS {
            let open: Vec<usize> =
                (0..outcomes.len()).filter(|index| outcomes[*index].is_none()).collect();
            for open in open.chunks(CHUNK) {
                self.merge_existing(request, &key, set, open, &mut outcomes).await?;
                let new: Vec<usize> =
                    open.iter().copied().filter(|index| outcomes[*index].is_none()).collect();
                let rows: Vec<&Record> = new.iter().map(|index| &request.rows[*index]).collect();
                let inserted = self.insert_new(table, &rows, &key).await?;
                for (index, _) in new.into_iter().zip(inserted).filter(|(_, inserted)| *inserted) {
                    outcomes[index] = Some(Outcome::Inserted);
                }
            }
            if outcomes.iter().all(Option::is_some) {
                return Ok(outcomes.into_iter().flatten().collect());
            }
        }
        // The key exists, and yet no row with it can be seen and changed.
        Err(Error::new(ErrorKind::OutOfReach { table: table.meta.table.to_string() }))
    }

    /// Inserts rows whose key does not exist; tells for each whether it was inserted.
    async fn insert_new(
        &mut self,
        table: &Table,
        rows: &[&Record],
        key: &[usize],
    ) -> Result<Vec<bool>> {
        let target = if key.is_empty() {
            String::new()
        } else {
            format!(" ({})", names(table, &full_key(table, key)?))
        };
        let primary = &table.primary_key;
        let returned = if primary.is_empty() { "1".to_owned() } else { names(table, primary) };
        let kinds = kinds(table, primary);
        let sql = insert(table, &format!(" ON CONFLICT{target} DO NOTHING RETURNING {returned}"));
        let mut inserted = Vec::with_capacity(rows.len());
        // Without a key nothing tells which rows of several came back.
        for rows in rows.chunks(if primary.is_empty() { 1 } else { CHUNK }) {
            let params = parameters(rows, &all_columns(table));
            let returned = self.checkout.query_with(&sql, &params).await;
            let returned = records(self.known(returned)?, &kinds)?;
            let mut new: HashMap<KeyBytes, usize> = HashMap::new();
            for record in &returned {
                *new.entry(bytes_of(record, 0..record.0.len())).or_default() += 1;
            }
            inserted.extend(rows.iter().map(|row| {
                let left = new.get_mut(&bytes_of(row, primary.iter().copied()));
                // Of rows with the same key the first was inserted.
                left.is_some_and(|left| std::mem::replace(left, left.saturating_sub(1)) > 0)
            }));
        }
        Ok(inserted)
    }

    /// Merges those of the `open` rows whose key exists.
    async fn merge_existing(
        &mut self,
        request: &Insert,
        key: &[usize],
        set: &[usize],
        open: &[usize],
        outcomes: &mut [Option<Outcome>],
    ) -> Result<()> {
        let table = &*request.table;
        let rows: Vec<&Record> = open.iter().map(|index| &request.rows[*index]).collect();
        let kinds = kinds(table, &all_columns(table));
        let locked = self.checkout.query_with(&lock_sql(table, key), &parameters(&rows, key)).await;
        let mut existing: HashMap<KeyBytes, Record> = HashMap::new();
        for record in records(self.known(locked)?, &kinds)? {
            existing.insert(bytes_of(&record, key.iter().copied()), record);
        }
        let mut merged = Vec::new();
        for (index, row) in open.iter().zip(&rows) {
            if let Some(old) = existing.remove(&bytes_of(row, key.iter().copied())) {
                merged.push((*index, old));
            }
        }
        let mut new = self.overwrite(request, set, &merged).await?;
        for (index, old) in merged {
            let new = match new.remove(&bytes_of(&old, table.primary_key.iter().copied())) {
                Some(new) => new,
                None if set.is_empty() => old.clone(),
                // Locked and readable, but no policy lets it be changed.
                None => {
                    let table = table.meta.table.to_string();
                    return Err(Error::new(ErrorKind::OutOfReach { table }));
                }
            };
            outcomes[index] = Some(Outcome::Merged(Change { old, new }));
        }
        Ok(())
    }

    /// Overwrites columns of locked rows with those of the request; gives the rows after that, by
    /// their primary key before.
    async fn overwrite(
        &mut self,
        request: &Insert,
        set: &[usize],
        merged: &[(usize, Record)],
    ) -> Result<HashMap<KeyBytes, Record>> {
        let table = &*request.table;
        let mut new = HashMap::new();
        if set.is_empty() || merged.is_empty() {
            return Ok(new);
        }
        let primary = &table.primary_key;
        let old: Vec<&Record> = merged.iter().map(|(_, old)| old).collect();
        let rows: Vec<&Record> = merged.iter().map(|(index, _)| &request.rows[*index]).collect();
        let mut params = parameters(&old, primary);
        params.extend(parameters(&rows, set));
        let mut kinds = kinds(table, primary);
        kinds.extend(table.meta.columns.iter().map(|column| column.kind.clone()));
        let changed = self.checkout.query_with(&overwrite_sql(table, set), &params).await;
        for mut record in records(self.known(changed)?, &kinds)? {
            let after = Record(record.0.split_off(primary.len()));
            new.insert(bytes_of(&record, 0..primary.len()), after);
        }
        Ok(new)
    }
}

/// Selects the rows with the given keys and locks them, in one order for all transactions.
fn lock_sql(table: &Table, key: &[usize]) -> String {
    let columns: Vec<String> =
        all_columns(table).iter().map(|index| column("t", table, *index)).collect();
    let order: Vec<String> = key.iter().map(|index| column("t", table, *index)).collect();
    format!(
        "SELECT {} FROM {} AS t JOIN {} ON {} ORDER BY {} FOR NO KEY UPDATE OF t",
        columns.join(", "),
        table_name(Dialect::Postgres, table),
        source("k", table, key),
        equal(table, key, nulls_are_equal(table, key)),
        order.join(", "),
    )
}

/// Overwrites the columns `set` of the rows with the given primary keys.
fn overwrite_sql(table: &Table, set: &[usize]) -> String {
    let primary = &table.primary_key;
    let given: Vec<usize> = primary.iter().chain(set).copied().collect();
    let assign = |(at, index): (usize, &usize)| {
        let kind = &table.meta.columns[*index].kind;
        format!("{} = {}", quote(table.column_name(*index)), value("k", primary.len() + at, kind))
    };
    let before: Vec<String> = (0..primary.len()).map(|at| format!("k.c{at}")).collect();
    let after: Vec<String> =
        all_columns(table).iter().map(|index| column("t", table, *index)).collect();
    format!(
        "UPDATE {} AS t SET {} FROM {} WHERE {} RETURNING {}, {}",
        table_name(Dialect::Postgres, table),
        set.iter().enumerate().map(assign).collect::<Vec<_>>().join(", "),
        source("k", table, &given),
        equal(table, primary, false),
        before.join(", "),
        after.join(", "),
    )
}

/// `t.a = k.c0 AND t.b = k.c1 …`
fn equal(table: &Table, columns: &[usize], with_nulls: bool) -> String {
    let pair = |(at, index): (usize, &usize)| {
        let own = column("t", table, *index);
        let given = value("k", at, &table.meta.columns[*index].kind);
        if with_nulls && table.meta.columns[*index].nullable {
            format!("{own} IS NOT DISTINCT FROM {given}")
        } else {
            format!("{own} = {given}")
        }
    };
    columns.iter().enumerate().map(pair).collect::<Vec<_>>().join(" AND ")
}

fn nulls_are_equal(table: &Table, key: &[usize]) -> bool {
    table.uniques.iter().any(|unique| unique.nulls_not_distinct && same(&unique.columns, key))
}

/// The key with these columns, the tenant's included, as it is declared.
fn full_key(table: &Table, columns: &[usize]) -> Result<Vec<usize>> {
    let tenant = table.tenant_column();
    let mut wanted: Vec<usize> = columns.iter().copied().filter(|c| Some(*c) != tenant).collect();
    wanted.extend(tenant);
    let uniques = table.uniques.iter().filter(|unique| unique.filter.is_none());
    let mut keys = std::iter::once(&table.primary_key).chain(uniques.map(|unique| &unique.columns));
    keys.find(|key| same(key, &wanted)).cloned().ok_or_else(|| unsupported(table))
}

/// Whether a key, or any key, may be one that the table's partitions don't hold.
fn ignores_held_key(table: &Table, key: &[usize]) -> bool {
    let tenant = table.tenant_column();
    let mut held = table.uniques.iter().filter(|u| is_held_apart(Dialect::Postgres, table, u));
    held.any(|unique| {
        let own = || unique.columns.iter().filter(|column| Some(**column) != tenant);
        key.is_empty() || own().all(|column| key.contains(column))
    })
}

fn same(left: &[usize], right: &[usize]) -> bool {
    left.len() == right.len() && left.iter().all(|column| right.contains(column))
}

fn unsupported(table: &Table) -> Error {
    Error::new(ErrorKind::Unsupported(format!("merging into {} without its key", table.meta.table)))
}

/// As the server refuses it.
fn refuse_repeated_keys(table: &Table, rows: &[Record], key: &[usize]) -> Result<()> {
    let mut seen = HashSet::new();
    let nulls_are_equal = nulls_are_equal(table, key);
    let has_key =
        |row: &&Record| nulls_are_equal || key.iter().all(|column| !row.0[*column].is_null());
    for row in rows.iter().filter(has_key) {
        if !seen.insert(bytes_of(row, key.iter().copied())) {
            return Err(Error::new(ErrorKind::Data {
                sqlstate: "21000".to_owned(),
                message: "ON CONFLICT DO UPDATE command cannot affect row a second time".to_owned(),
            }));
        }
    }
    Ok(())
}

/// The values of some columns, each with its length, so that different ones stay different.
fn bytes_of(row: &Record, columns: impl Iterator<Item = usize>) -> KeyBytes {
    let mut bytes = Vec::new();
    for value in columns.filter_map(|column| row.0.get(column)) {
        let start = bytes.len();
        bytes.extend_from_slice(&[0; 9]);
        value.as_cell().write_text(&mut bytes);
        let length = (bytes.len() - start - 9) as u64;
        bytes[start..start + 8].copy_from_slice(&length.to_be_bytes());
        bytes[start + 8] = u8::from(value.is_null());
    }
    bytes
}

fn kinds(table: &Table, columns: &[usize]) -> Vec<Kind> {
    columns.iter().map(|column| table.meta.columns[*column].kind.clone()).collect()
}

fn names(table: &Table, columns: &[usize]) -> String {
    columns.iter().map(|c| quote(table.column_name(*c))).collect::<Vec<_>>().join(", ")
}
