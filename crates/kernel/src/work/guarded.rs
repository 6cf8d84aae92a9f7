//! What is checked of changes after they were made and before they are committed: conditions of
//! permissions, and the guards of modules.

use super::Work;
use crate::error::{Error, Result};
use crate::guard::RowChange;
use crate::policy;
use mainstay_entity::{Record, Table};
use mainstay_store::{Change, Filter, Outcome};
use uuid::Uuid;

/// The rows that the caller may add and change, as the conditions of permissions say.
pub(crate) struct Writable {
    pub(crate) create: Filter,
    /// Of rows that are found by their key and merged.
    pub(crate) update: Filter,
}

impl Writable {
    /// Checks a new row.
    pub(crate) fn check_new(&self, table: &Table, row: &Record) -> Result<()> {
        policy::check_row(&self.create, table, row)
    }
}

impl Work {
    /// Checks rows that were added or merged.
    pub(super) async fn check_written(
        &mut self,
        table: &Table,
        writable: &Writable,
        written: &[(Outcome, Record)],
    ) -> Result<()> {
        let check = |(outcome, record): &(Outcome, Record)| match outcome {
            Outcome::Inserted => writable.check_new(table, record),
            Outcome::Merged(change) => {
                policy::check_row(&writable.update, table, &change.old)?;
                policy::check_row(&writable.update, table, &change.new)
            }
            Outcome::Ignored => Ok(()),
        };
        let checked = written.iter().try_for_each(check);
        self.refuse_with(checked)?;
        let change = |(outcome, record): &(Outcome, Record)| match outcome {
            Outcome::Inserted => Some(RowChange { old: None, new: Some(record.clone()) }),
            Outcome::Merged(change) => Some(row_change(change)),
            Outcome::Ignored => None,
        };
        self.guard(table, || written.iter().filter_map(change).collect()).await
    }

    /// Checks rows that were changed: none may become one that the caller could not have changed.
    pub(super) async fn check_changed(
        &mut self,
        table: &Table,
        rows: &Filter,
        changes: &[Change],
    ) -> Result<()> {
        let checked =
            changes.iter().try_for_each(|change| policy::check_row(rows, table, &change.new));
        self.refuse_with(checked)?;
        self.guard(table, || changes.iter().map(row_change).collect()).await
    }

    /// Checks rows that were removed.
    pub(super) async fn check_removed(&mut self, table: &Table, removed: &[Record]) -> Result<()> {
        let change = |row: &Record| RowChange { old: Some(row.clone()), new: None };
        self.guard(table, || removed.iter().map(change).collect()).await
    }

    /// Asks the entity's module about changes.
    async fn guard(
        &mut self,
        table: &Table,
        changes: impl FnOnce() -> Vec<RowChange>,
    ) -> Result<()> {
        let Some(guard) = self.kernel.guards().get(table) else {
            return Ok(());
        };
        let changes = changes();
        if changes.is_empty() {
            return Ok(());
        }
        let outcome = guard(self, changes).await;
        self.refuse_with(outcome)
    }

    /// Keeps an error, so that the work can't be committed in spite of it.
    fn refuse_with(&mut self, outcome: Result<()>) -> Result<()> {
        outcome.inspect_err(|error: &Error| self.refused = Some(error.clone()))
    }

    /// Makes changes of who may do what in an organisation wait for each other, until this work
    /// ends: what is read from here on holds until then.
    ///
    /// # Errors
    /// When the organisation is not within reach.
    pub async fn serialize_policy(&mut self, organization: Uuid) -> Result<()> {
        let version = self.kernel.new_id(&self.context);
        let row = self.kernel.policy().row_of(organization, self.context.now, version);
        self.transaction.insert(row).await?;
        self.policy_changed = true;
        Ok(())
    }
}

fn row_change(change: &Change) -> RowChange {
    RowChange { old: Some(change.old.clone()), new: Some(change.new.clone()) }
}
