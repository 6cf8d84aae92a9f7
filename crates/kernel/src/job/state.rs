//! What all servers agree on: which queues and schedules there are, and which are paused.

use super::failure::after;
use super::queue::{equals, timestamp};
use crate::context::Context;
use crate::entities::{JobState, JobStatus};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::kernel::Kernel;
use crate::lookup::position;
use crate::principal::PrincipalKind;
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Table, Text, Value};
use mainstay_store::{
    Access, Compare, Conflict, Expression, Filter, Insert, Select, Transaction, Update,
};
use std::sync::Arc;
use std::time::Duration;

impl Kernel {
    /// What can be paused: queues by their table with its schema, schedules by module and
    /// function.
    pub fn job_names(&self) -> impl Iterator<Item = &str> {
        self.jobs().names.iter().map(|(name, _)| name.as_str())
    }

    /// Stops or resumes the starting of jobs of a queue or schedule, on all servers. What runs
    /// runs on.
    ///
    /// # Errors
    /// [`Error::Denied`] for all but platform administrators, [`Error::NotFound`] for a name that
    /// [`Kernel::job_names`] does not give.
    pub async fn set_job_paused(&self, context: &Context, name: &str, paused: bool) -> Result<()> {
        let principal = &context.principal;
        if !principal.platform_admin && !matches!(principal.kind, PrincipalKind::System(_)) {
            let refused = Error::denied("jobs are paused by platform administrators");
            let operation = if paused { "pause" } else { "resume" };
            self.record_refusal(context, "job_states", operation, &refused.to_string());
            return Err(refused);
        }
        let known = self.job_names().any(|known| known == name);
        let (Some(table), true) = (&self.jobs().states, known) else {
            return Err(Error::NotFound(format!("job {name}")));
        };
        ensure(self, context.now).await?;
        let mut event = Event::new("job_states", if paused { "pause" } else { "resume" });
        event.resource_id = Some(name.to_owned());
        let mut transaction = self.store().begin(&Access::system()).await?;
        let update = Update {
            table: table.clone(),
            set: vec![
                (position(table, "paused")?, Value::Bool(paused)),
                (position(table, "updated_at")?, timestamp(context.now)),
            ],
            filter: equals(position(table, "name")?, Value::Text(name.to_owned())),
        };
        transaction.update(update).await?;
        for insert in self.event_rows(context, vec![event])? {
            transaction.insert(insert).await?;
        }
        transaction.commit().await?;
        self.ledger().wake();
        refresh(self).await
    }
}

/// Makes the states of what this server knows, and brings runs that a longer interval had put
/// off back into the present one.
pub(super) async fn ensure(kernel: &Kernel, now: Timestamp) -> Result<()> {
    let jobs = kernel.jobs();
    let Some(table) = &jobs.states else {
        return Ok(());
    };
    let context = Context::system("jobs", None, now);
    let row = |(name, _): &(String, Option<Duration>)| {
        let state = JobState {
            id: Id::new(kernel.new_id(&context)),
            name: Text::new(name.clone()).map_err(Error::internal)?,
            paused: false,
            status: JobStatus::Pending,
            attempts: 0,
            run_at: now,
            last_run_at: None,
            leased_by: None,
            leased_until: None,
            last_error: None,
            created_at: now,
            updated_at: now,
        };
        Ok(state.into_record())
    };
    let insert = Insert {
        table: table.clone(),
        rows: jobs.names.iter().map(row).collect::<Result<_>>()?,
        conflict: Conflict::Ignore { key: vec![position(table, "name")?] },
    };
    if insert.rows.is_empty() {
        return Ok(());
    }
    let mut transaction = kernel.store().begin(&Access::system()).await?;
    transaction.insert(insert).await?;
    for (name, interval) in &jobs.names {
        if let Some(interval) = interval {
            bring_forward(&mut transaction, table, name, after(now, *interval)).await?;
        }
    }
    Ok(transaction.commit().await?)
}

async fn bring_forward(
    transaction: &mut Transaction,
    table: &Arc<Table>,
    name: &str,
    latest: Timestamp,
) -> Result<()> {
    let run_at = position(table, "run_at")?;
    let is_later = Filter::Compare {
        left: Expression::column(run_at),
        op: Compare::Gt,
        right: timestamp(latest),
    };
    let is_named = equals(position(table, "name")?, Value::Text(name.to_owned()));
    let update = Update {
        table: table.clone(),
        set: vec![(run_at, timestamp(latest))],
        filter: Filter::And(vec![is_named, is_later]),
    };
    transaction.update(update).await?;
    Ok(())
}

/// Learns what is paused.
pub(super) async fn refresh(kernel: &Kernel) -> Result<()> {
    let jobs = kernel.jobs();
    let Some(table) = &jobs.states else {
        return Ok(());
    };
    let filter = equals(position(table, "paused")?, Value::Bool(true));
    let select = Select::all(table.clone()).filtered(filter);
    let rows = kernel.store().fetch(&Access::system(), &select).await?;
    let name = position(table, "name")?;
    let names = rows.iter().filter_map(|row| row.0[name].as_text());
    *jobs.paused.write() = names.map(str::to_owned).collect();
    Ok(())
}
