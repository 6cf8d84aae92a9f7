//! The statements of logs as rows, so that those about some leaves are found.

use super::database::{Database, Transaction};
use super::tables::{equal, read, select};
use jiff::Timestamp;
use mainstay_entity::{Catalog, Entity, Id, Table, Text, Value};
use mainstay_kernel::entities::{LedgerStatement, StatementKind};
use mainstay_kernel::lookup::{self, compare};
use mainstay_kernel::{Error, Result};
use mainstay_ledger::SignedNote;
use mainstay_store::{Compare, Conflict, Filter, Insert};
use std::ops::Range;
use std::sync::Arc;
use uuid::Uuid;

/// A statement that becomes a leaf.
pub(super) struct Statement<'a> {
    pub(super) kind: StatementKind,
    /// The leaves that it is about.
    pub(super) leaves: Range<u64>,
    pub(super) policy: Option<&'a str>,
    pub(super) reason: &'a str,
    pub(super) note: &'a SignedNote,
}

/// The table of statements.
pub(super) struct Statements(Arc<Table>);

impl Statements {
    pub(super) fn new(catalog: &Catalog) -> Result<Self> {
        lookup::table::<LedgerStatement>(catalog).map(Self)
    }

    /// Writes statements that become leaves from an index on, in their transaction.
    pub(super) async fn write(
        &self,
        transaction: &mut impl Transaction,
        log: Uuid,
        first_index: u64,
        statements: &[Statement<'_>],
        now: Timestamp,
    ) -> Result<()> {
        let mut rows = Vec::with_capacity(statements.len());
        for (index, statement) in (first_index..).zip(statements) {
            let row = LedgerStatement {
                organization_id: Id::new(log),
                leaf_index: index.cast_signed(),
                kind: statement.kind,
                first_index: statement.leaves.start.cast_signed(),
                end_index: statement.leaves.end.cast_signed(),
                policy: statement.policy.map(Text::new).transpose().map_err(Error::internal)?,
                reason: Text::new(statement.reason).map_err(Error::internal)?,
                note: Text::new(statement.note.to_string()).map_err(Error::internal)?,
                stated_at: now,
            };
            rows.push(row.into_record());
        }
        let insert = Insert { table: self.0.clone(), rows, conflict: Conflict::Fail };
        transaction.insert(insert).await.map(drop)
    }

    /// Whether a log has statements that are leaves from an index on.
    pub(super) async fn any_since(
        &self,
        transaction: &mut impl Transaction,
        log: Uuid,
        index: u64,
    ) -> Result<bool> {
        let filter = Filter::And(vec![
            equal(&self.0, "organization_id", Value::Uuid(log))?,
            compare(&self.0, "leaf_index", Compare::Ge, Value::Int(index.cast_signed()))?,
        ]);
        let mut select = select(&self.0, filter, Some("leaf_index"))?;
        select.limit = Some(1);
        Ok(!transaction.fetch(&select).await?.is_empty())
    }

    /// The statements about some leaves of a log, the oldest first.
    pub(super) async fn about(
        &self,
        database: &impl Database,
        log: Uuid,
        leaves: &Range<u64>,
    ) -> Result<Vec<LedgerStatement>> {
        let index = |index: u64| Value::Int(index.cast_signed());
        let filter = Filter::And(vec![
            equal(&self.0, "organization_id", Value::Uuid(log))?,
            compare(&self.0, "first_index", Compare::Lt, index(leaves.end))?,
            compare(&self.0, "end_index", Compare::Gt, index(leaves.start))?,
        ]);
        read(database, &select(&self.0, filter, Some("leaf_index"))?).await
    }
}
