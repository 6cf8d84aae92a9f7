//! A transaction of one request, on a connection of its own.

use super::batch::{words, writes};
use super::check_rows;
use super::error::statement_error;
use super::pool::{Checkout, Driven};
use super::row::PostgresRow;
use super::session::{Session, settings_sql};
use crate::access::Access;
use crate::assemble::{Answer, Assembly};
use crate::error::{Error, Result};
use crate::statement::{Param, Statement};
use crate::write::{Conflict, Insert, Outcome};
use mainstay_entity::{Catalog, Kind, Record, Value};
use std::ops::ControlFlow;
use std::sync::Arc;
use tokio_postgres::Row;

/// A transaction. Dropped without a commit it is rolled back.
pub(crate) struct PostgresTransaction {
    pub(super) checkout: Checkout,
    catalog: Arc<Catalog>,
    access: Access,
}

impl PostgresTransaction {
    pub(super) async fn begin(
        mut checkout: Checkout,
        catalog: Arc<Catalog>,
        access: &Access,
    ) -> Result<Self> {
        let begun = checkout.begin_writes(&Session::of(access), &[]).await;
        begun.map_err(|error| statement_error(&catalog, &error))?;
        Ok(Self { checkout, catalog, access: access.clone() })
    }

    /// Runs the statements of an assembly; they see the transaction's own changes.
    pub(crate) async fn read(&mut self, mut assembly: Assembly) -> Result<Answer> {
        while let Some(statement) = assembly.next() {
            let rows = self.checkout.query(&statement).await;
            if hand_in(&mut assembly, self.known(rows)?)?.is_break() {
                return assembly.outgrown().whole();
            }
        }
        assembly.finish().whole()
    }

    /// Rows of one statement as values of the given kinds.
    pub(crate) async fn fetch(
        &mut self,
        statement: Statement,
        kinds: Vec<Kind>,
    ) -> Result<Vec<Record>> {
        let rows = self.checkout.query(&statement).await;
        records(self.known(rows)?, &kinds)
    }

    /// Goes on with another reach.
    pub(crate) async fn switch(&mut self, access: &Access) -> Result<()> {
        let text = |value: &str| Param::Value(Value::Text(value.to_owned()));
        let params = Session::of(access).values().map(text).collect();
        self.execute(Statement { sql: settings_sql(&[]), params }).await?;
        self.access = access.clone();
        Ok(())
    }

    /// Runs one statement; gives how many rows it touched.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64> {
        let count = self.checkout.execute(&statement).await;
        self.known(count)
    }

    /// Inserts or upserts rows; tells what became of each, in order.
    pub(crate) async fn insert(&mut self, insert: Insert) -> Result<Vec<Outcome>> {
        check_rows(&self.access, &insert)?;
        match &insert.conflict {
            Conflict::Fail | Conflict::Never => {
                let groups = [(&*insert.table, insert.rows.iter().collect())];
                let words = words(&groups);
                for write in writes(&groups, &words, "") {
                    let count = self.checkout.execute_with(&write.sql, &write.params).await;
                    self.known(count)?;
                }
                Ok(vec![Outcome::Inserted; insert.rows.len()])
            }
            Conflict::Ignore { key } => {
                let outcomes = self.insert_or_ignore(&insert, key).await?;
                self.words_of_outcomes(&insert, outcomes).await
            }
            Conflict::Merge { key, set } => {
                let outcomes = self.insert_or_merge(&insert, key, set).await?;
                self.words_of_outcomes(&insert, outcomes).await
            }
        }
    }

    /// Writes the words of rows that were inserted or merged.
    async fn words_of_outcomes(
        &mut self,
        insert: &Insert,
        outcomes: Vec<Outcome>,
    ) -> Result<Vec<Outcome>> {
        let (mut added, mut merged) = (Vec::new(), Vec::new());
        for (row, outcome) in insert.rows.iter().zip(&outcomes) {
            match outcome {
                Outcome::Inserted => added.push(row),
                Outcome::Ignored => {}
                Outcome::Merged(change) => merged.push(change),
            }
        }
        self.add_words(&insert.table, &added).await?;
        self.merge_words(&insert.table, &merged).await?;
        Ok(outcomes)
    }

    /// Ends the transaction; returns when its changes are durable.
    pub(crate) async fn commit(mut self) -> Result<()> {
        if self.checkout.has_failed() {
            // The server would answer with success, having rolled back.
            self.rollback().await;
            return Err(Error::internal("a transaction with a failed statement can't commit"));
        }
        let committed = self.checkout.commit().await;
        self.known(committed)
    }

    /// Undoes the transaction.
    pub(crate) async fn rollback(mut self) {
        // Should this fail, the connection is lost, and its transaction with it.
        let _ = self.checkout.rollback().await;
    }

    /// The result with its error in terms of the model.
    pub(super) fn known<T>(&self, result: Driven<T>) -> Result<T> {
        result.map_err(|error| statement_error(&self.catalog, &error))
    }
}

/// Gives an assembly the rows of its last statement; breaks when it outgrows its bounds.
pub(super) fn hand_in(assembly: &mut Assembly, rows: Vec<Row>) -> Result<ControlFlow<()>> {
    for row in rows {
        if assembly.row(&PostgresRow::from(row))?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Rows as values of the given kinds.
pub(super) fn records(rows: Vec<Row>, kinds: &[Kind]) -> Result<Vec<Record>> {
    rows.into_iter().map(|row| PostgresRow::from(row).record(kinds)).collect()
}
