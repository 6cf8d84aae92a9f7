//! A claimed row: what its holder may do with it while the lease holds.

use super::failure::{Failure, after};
use super::queue::{QueueTable, equals, timestamp};
use super::stats::Outcome;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::kernel::Kernel;
use crate::principal::PrincipalKind;
use crate::work::{Settle, Work};
use jiff::Timestamp;
use mainstay_entity::{Record, Value};
use mainstay_store::{Access, Filter, Update};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;

/// A claimed row. Every change of its state is fenced: it happens only while the row is still
/// running under this very claim.
pub(crate) struct Lease {
    pub(super) kernel: Kernel,
    pub(super) queue: Arc<QueueTable>,
    /// What the handler's work is done for, as audit events name it.
    pub(super) purpose: &'static str,
    /// The row as it was claimed.
    pub(super) row: Record,
    /// Names the claim; unique.
    pub(super) holder: String,
    /// Counted from 1.
    pub(super) attempt: i64,
    /// The outcome is being written; the row's state is not ours to renew any longer.
    pub(super) is_settling: AtomicBool,
}

impl Lease {
    /// The organisation of the row.
    fn organization(&self) -> Option<Uuid> {
        let column = self.queue.table.tenant_column()?;
        self.row.0[column].as_uuid()
    }

    /// The system in the row's organisation, now.
    pub(super) fn context(&self) -> Context {
        Context::system(self.purpose, self.organization(), self.now())
    }

    pub(super) fn now(&self) -> Timestamp {
        self.kernel.clock().now()
    }

    pub(super) fn is_last_attempt(&self) -> bool {
        self.attempt >= self.queue.max_attempts_of(&self.row)
    }

    /// The row, as long as it is held by this claim.
    fn fence(&self) -> Filter {
        let queue = &self.queue;
        Filter::And(vec![
            queue.key(&self.row),
            equals(queue.status, Value::Text(queue.meta.states.running.to_owned())),
            equals(queue.leased_by, Value::Text(self.holder.clone())),
            equals(queue.attempts, Value::Int(self.attempt)),
        ])
    }

    /// Holds the row for another lease from now; false when it is held no longer.
    pub(super) async fn renew(&self) -> Result<bool> {
        let until = after(self.now(), self.queue.meta.lease);
        self.change(vec![(self.queue.leased_until, timestamp(until))]).await
    }

    /// Gives the row back before its lease ends, as if this attempt had not been.
    pub(super) async fn release(&self) -> Result<bool> {
        let set = vec![
            (self.queue.attempts, Value::Int(self.attempt - 1)),
            (self.queue.leased_by, Value::Null),
            (self.queue.leased_until, timestamp(self.now())),
        ];
        self.change(set).await
    }

    /// Writes the success with the changes of `work`, in its transaction.
    pub(super) async fn complete(&self, work: Work) -> Result<(), Failure> {
        let done = self.queue.meta.states.done;
        let set = vec![(self.queue.status, Value::Text(done.to_owned()))];
        self.complete_with(work, set).await
    }

    /// The same with other values than those of a job that is done.
    pub(super) async fn complete_with(
        &self,
        work: Work,
        mut set: Vec<(usize, Value)>,
    ) -> Result<(), Failure> {
        if !self.is_own(&work) {
            work.rollback().await;
            let message = "a job is finished with a unit of work that it began itself";
            return Err(Error::internal(message).into());
        }
        set.push((self.queue.last_error, Value::Null));
        if self.settle(work, set, "complete", None).await? { Ok(()) } else { Err(Failure::lost()) }
    }

    /// Writes the failure and what follows from it.
    pub(super) async fn fail(&self, failure: &Failure) -> Result<Outcome> {
        let queue = &self.queue;
        let mut random = [0; 8];
        self.kernel.entropy().fill(&mut random);
        let attempt = u32::try_from(self.attempt).unwrap_or(u32::MAX);
        let backoff = queue.meta.backoff.delay(attempt, u64::from_le_bytes(random));
        let next = failure.next_run(self.now(), backoff, self.is_last_attempt());
        let mut set = vec![(queue.last_error, queue.error_text(&failure.message))];
        let (state, verb, outcome) = match next {
            Some(_) => (queue.meta.states.retrying, "retry", Outcome::Failed),
            None => (queue.meta.states.dead, "dead_letter", Outcome::Dead),
        };
        set.push((queue.status, Value::Text(state.to_owned())));
        set.extend(next.map(|time| (queue.run_at, timestamp(time))));
        let work = self.kernel.begin(&self.context()).await?;
        let held = self.settle(work, set, verb, Some(failure.message.clone())).await?;
        Ok(if held { outcome } else { Outcome::Lost })
    }

    /// Ends the claim; false when it had ended already.
    async fn settle(
        &self,
        mut work: Work,
        mut set: Vec<(usize, Value)>,
        verb: &'static str,
        failure: Option<String>,
    ) -> Result<bool> {
        self.is_settling.store(true, Ordering::Release);
        set.push((self.queue.leased_by, Value::Null));
        set.push((self.queue.leased_until, Value::Null));
        let settle = Settle { set, filter: self.fence(), verb, failure, attempt: self.attempt };
        match work.settle(&self.queue.table, settle).await {
            Ok(true) => work.commit().await.map(|()| true),
            Ok(false) => {
                work.rollback().await;
                Ok(false)
            }
            Err(error) => {
                work.rollback().await;
                Err(error)
            }
        }
    }

    /// Whether a unit of work is the system's in this row's organisation.
    fn is_own(&self, work: &Work) -> bool {
        let principal = &work.context().principal;
        principal.kind == PrincipalKind::System(self.purpose)
            && principal.organization_id == self.organization()
    }

    /// Changes the state of the lease itself, which no event tells of.
    async fn change(&self, set: Vec<(usize, Value)>) -> Result<bool> {
        let mut transaction = self.kernel.store().begin(&Access::system()).await?;
        let table = self.queue.table.clone();
        let update = Update { table, set, filter: self.fence() };
        let held = !transaction.update(update).await?.is_empty();
        transaction.commit().await?;
        Ok(held)
    }
}
