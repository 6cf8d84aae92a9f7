//! Refusals: what callers were not allowed to do, as events of their own.
//!
//! A refused request changes nothing, so there is no transaction that its event could go with.
//! Refusals are counted in memory by caller, operation and reason. The first of a kind becomes an
//! event within a second; those that follow become one event a minute, with their number. Neither
//! the trail nor other callers feel a flood of them, and what is kept in memory is bounded.

mod escalation;

use crate::context::{Context, Origin};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::kernel::Kernel;
use crate::policy;
use crate::principal::{PLATFORM_ORGANIZATION, PrincipalKind};
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::Table;
use mainstay_store::{Access, Caller, Select};
use parking_lot::Mutex;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

/// Refusals of one kind leave one event in so long.
const PERIOD: SignedDuration = SignedDuration::from_mins(1);
/// How often kinds are looked for that are to be reported.
const TICK: Duration = Duration::from_secs(1);
/// Kinds of refusals that one caller can have at a time; further ones count as one kind.
const KINDS_PER_CALLER: usize = 32;
/// Kinds of refusals of all callers together; a caller that finds no place is not reported.
const KINDS_MAX: usize = 20_000;
/// Characters of a client's name for itself, and of a reason, that are kept.
const TEXT_MAX: usize = 1_000;

/// How many requests were refused since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RefusalStats {
    /// Those of known callers, each part of an event.
    pub recorded: u64,
    /// Those that found no place any more, part of no event.
    pub dropped: u64,
}

/// The refusals that no event tells yet.
#[derive(Default)]
pub(crate) struct Refusals {
    open: Mutex<Open>,
    recorded: AtomicU64,
    dropped: AtomicU64,
}

#[derive(Default)]
struct Open {
    callers: HashMap<Who, HashMap<What, Counted>>,
    /// Kinds of all callers.
    kinds: usize,
}

/// Who was refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Who {
    organization: Uuid,
    actor: String,
}

/// What was refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct What {
    resource: String,
    operation: String,
    reason: String,
}

/// Refusals of one kind.
struct Counted {
    /// The first one since the last event.
    first: Context,
    last_at: Timestamp,
    /// Since the last event.
    count: u64,
    /// The next event is due then.
    due_at: Timestamp,
}

/// Refusals of one kind that become an event now.
struct Report {
    who: Who,
    what: What,
    first: Context,
    last_at: Timestamp,
    count: u64,
}

impl Refusals {
    /// How many there were.
    fn stats(&self) -> RefusalStats {
        RefusalStats {
            recorded: self.recorded.load(Ordering::Relaxed),
            dropped: self.dropped.load(Ordering::Relaxed),
        }
    }

    /// Counts a refusal.
    fn add(&self, context: &Context, resource: &str, operation: &str, reason: &str) {
        let who = Who {
            organization: context.principal.organization_id.unwrap_or(PLATFORM_ORGANIZATION),
            actor: context.principal.actor(),
        };
        let what = What {
            resource: resource.to_owned(),
            operation: operation.to_owned(),
            reason: reason.chars().take(TEXT_MAX).collect(),
        };
        let counter =
            if self.open.lock().add(who, what, context) { &self.recorded } else { &self.dropped };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes what is due at a time, or everything.
    fn take(&self, due_at: Option<Timestamp>) -> Vec<Report> {
        let mut reports = self.open.lock().take(due_at);
        reports.sort_by_key(|report| report.first.now);
        reports
    }

    /// Gives back what could not be written.
    fn put_back(&self, reports: Vec<Report>) {
        let mut open = self.open.lock();
        for report in reports {
            let Report { who, what, first, last_at, count } = report;
            if !open.merge(who, what, &first, last_at, count) {
                self.recorded.fetch_sub(count, Ordering::Relaxed);
                self.dropped.fetch_add(count, Ordering::Relaxed);
            }
        }
    }
}

impl Open {
    /// Counts a refusal; false when there is no place for it.
    fn add(&mut self, who: Who, what: What, context: &Context) -> bool {
        self.merge(who, what, context, context.now, 1)
    }

    /// Adds refusals of one kind; false when there is no place for them.
    fn merge(
        &mut self,
        who: Who,
        mut what: What,
        first: &Context,
        last_at: Timestamp,
        count: u64,
    ) -> bool {
        let is_full = self.kinds >= KINDS_MAX;
        let kinds = match self.callers.entry(who) {
            Entry::Vacant(_) if is_full => return false,
            entry => entry.or_default(),
        };
        if (is_full || kinds.len() >= KINDS_PER_CALLER) && !kinds.contains_key(&what) {
            what = What::further();
        }
        match kinds.entry(what) {
            Entry::Occupied(mut known) => known.get_mut().add(first, last_at, count),
            Entry::Vacant(place) => {
                let (first, due_at) = (small(first), first.now);
                place.insert(Counted { first, last_at, count, due_at });
                self.kinds += 1;
            }
        }
        true
    }

    fn take(&mut self, due_at: Option<Timestamp>) -> Vec<Report> {
        let mut reports = Vec::new();
        let is_due = |counted: &Counted| due_at.is_none_or(|now| counted.due_at <= now);
        for (who, kinds) in &mut self.callers {
            // A kind of which there were none for a whole period is forgotten.
            kinds.retain(|_, counted| counted.count > 0 || !is_due(counted));
            for (what, counted) in kinds.iter_mut().filter(|(_, c)| c.count > 0 && is_due(c)) {
                reports.push(Report {
                    who: who.clone(),
                    what: what.clone(),
                    first: counted.first.clone(),
                    last_at: counted.last_at,
                    count: std::mem::take(&mut counted.count),
                });
                counted.due_at = due_at.unwrap_or(counted.last_at) + PERIOD;
            }
        }
        self.callers.retain(|_, kinds| !kinds.is_empty());
        self.kinds = self.callers.values().map(HashMap::len).sum();
        reports
    }
}

impl Counted {
    fn add(&mut self, first: &Context, last_at: Timestamp, count: u64) {
        if self.count == 0 || first.now < self.first.now {
            self.first = small(first);
        }
        self.last_at = if self.count == 0 { last_at } else { self.last_at.max(last_at) };
        self.count += count;
    }
}

impl What {
    /// What stands for all kinds that a caller has no place for.
    fn further() -> Self {
        Self {
            resource: "refusals".to_owned(),
            operation: "further".to_owned(),
            reason: "refused in more ways than are listed".to_owned(),
        }
    }
}

impl Report {
    fn event(&self) -> Event {
        let details = serde_json::json!({
            "count": self.count,
            "first_at": self.first.now.to_string(),
            "last_at": self.last_at.to_string(),
        });
        let mut event = Event::new(&self.what.resource, &self.what.operation);
        event.failure = Some(self.what.reason.clone());
        event.details = mainstay_entity::json::canonical(&details.to_string()).ok();
        event.occurred_at = Some(self.first.now);
        event
    }
}

/// A context as it is kept: a client decides how long its name for itself is.
fn small(context: &Context) -> Context {
    let origin = &context.origin;
    let Some(agent) = origin.user_agent.as_ref().filter(|agent| agent.len() > TEXT_MAX) else {
        return context.clone();
    };
    let user_agent = Some(agent.chars().take(TEXT_MAX).collect());
    let origin = Arc::new(Origin { user_agent, ..(**origin).clone() });
    Context { origin, ..context.clone() }
}

impl Kernel {
    /// Checks that the caller may do an action on some rows of a table.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NoOrganization`].
    pub fn authorize(&self, context: &Context, table: &Table, action: &str) -> Result<()> {
        policy::grant(context, table, action)
            .map(drop)
            .inspect_err(|error| self.note_refusal(context, table, action, error))
    }

    /// Checks that the caller may do an action on every row of a table within its reach.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NoOrganization`].
    pub fn authorize_all(&self, context: &Context, table: &Table, action: &str) -> Result<()> {
        policy::require(context, table, action)
            .inspect_err(|error| self.note_refusal(context, table, action, error))
    }

    /// Makes a select fit the caller: denies tables, masks personal columns in the output, and
    /// refuses hidden ones and any filter or order that would tell a masked value.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NoOrganization`].
    pub fn authorize_select(&self, context: &Context, select: &mut Select) -> Result<()> {
        policy::authorize_select(context, select).inspect_err(|error| {
            self.note_refusal(context, &select.table, crate::permissions::READ, error);
        })
    }

    /// Notes that a known caller was refused something, for an event of its own. Callers that have
    /// not said who they are leave none: nobody is to be named, and anybody could write.
    pub fn record_refusal(&self, context: &Context, resource: &str, operation: &str, why: &str) {
        let is_known =
            !matches!(context.principal.kind, PrincipalKind::Anonymous | PrincipalKind::System(_));
        if is_known {
            self.refusals().add(context, resource, operation, why);
        }
    }

    /// How many requests were refused since the start.
    pub fn refusal_stats(&self) -> RefusalStats {
        self.refusals().stats()
    }

    /// Notes a failed operation on a table, if it is a refusal.
    pub(crate) fn note_refusal(
        &self,
        context: &Context,
        table: &Table,
        operation: &str,
        error: &Error,
    ) {
        if error.is_refusal() {
            let resource = policy::resource_name(table);
            self.record_refusal(context, &resource, operation, &error.to_string());
        }
    }

    /// Writes the events of refusals that are due at a time, or of all.
    pub(crate) async fn report_refusals(&self, due_at: Option<Timestamp>) -> Result<()> {
        let mut organizations: BTreeMap<Uuid, Vec<Report>> = BTreeMap::new();
        for report in self.refusals().take(due_at) {
            organizations.entry(report.who.organization).or_default().push(report);
        }
        let mut outcome = Ok(());
        for (organization, reports) in organizations {
            let access = Access::caller(Caller { tenant: Some(organization), ..Caller::default() });
            let now = self.clock().now();
            let row = |report: &Report| {
                let context = Context { now, ..report.first.clone() };
                report.event().into_record(&context, self.new_id(&context))
            };
            let mut inserts = self.enter_events(reports.iter().map(row).collect())?;
            inserts.extend(self.escalations(&reports, now)?);
            match self.store().insert(&access, inserts).await {
                Ok(()) => self.ledger().wake(),
                Err(error) => {
                    self.refusals().put_back(reports);
                    outcome = Err(error.into());
                }
            }
        }
        outcome
    }
}

/// Writes the events of refusals until told to stop; what is left then is for [`Kernel::close`].
pub(crate) async fn report_regularly(kernel: Kernel, mut stopped: watch::Receiver<bool>) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut was_written = true;
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            _ = ticks.tick() => {}
        }
        let written = kernel.report_refusals(Some(kernel.clock().now())).await;
        // Told once, not with every try of an outage.
        if let (Err(error), true) = (&written, was_written) {
            tracing::warn!(%error, "events of refused requests can't be written yet");
        }
        was_written = written.is_ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::Principal;

    const ORGANIZATION: Uuid = Uuid::from_u128(7);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn context(key: u128, second: i64) -> Context {
        let principal = Principal {
            kind: PrincipalKind::ApiKey(Uuid::from_u128(key)),
            organization_id: Some(ORGANIZATION),
            ..Principal::anonymous()
        };
        Context::new(Arc::new(principal), Arc::default(), at(second))
    }

    fn counts(reports: &[Report]) -> Vec<(String, u64)> {
        let of = |report: &Report| {
            let What { resource, operation, .. } = &report.what;
            (format!("{resource}.{operation}"), report.count)
        };
        reports.iter().map(of).collect()
    }

    #[test]
    fn the_first_refusal_is_told_at_once_and_the_rest_once_a_minute() {
        let refusals = Refusals::default();
        for _ in 0..3 {
            refusals.add(&context(1, 100), "teams", "create", "no");
        }
        let told = |now| counts(&refusals.take(Some(at(now))));
        assert_eq!(told(100), [("teams.create".to_owned(), 3)]);
        for second in 101..160 {
            refusals.add(&context(1, second), "teams", "create", "no");
            assert_eq!(told(second), []);
        }
        assert_eq!(told(160), [("teams.create".to_owned(), 59)]);
        // Forgotten after a quiet minute, and told at once when it begins again.
        assert_eq!(told(220), []);
        refusals.add(&context(1, 221), "teams", "create", "no");
        assert_eq!(told(221), [("teams.create".to_owned(), 1)]);
        assert_eq!(refusals.stats(), RefusalStats { recorded: 63, dropped: 0 });
    }

    #[test]
    fn callers_operations_and_reasons_are_told_apart() {
        let refusals = Refusals::default();
        refusals.add(&context(1, 1), "teams", "create", "no");
        refusals.add(&context(2, 2), "teams", "create", "no");
        refusals.add(&context(1, 3), "teams", "delete", "no");
        refusals.add(&context(1, 4), "teams", "delete", "never");
        assert_eq!(refusals.take(None).len(), 4);
    }

    #[test]
    fn one_caller_takes_no_more_than_its_places_and_loses_no_count() {
        let refusals = Refusals::default();
        for number in 0..1_000 {
            refusals.add(&context(1, 1), &format!("table_{number}"), "read", "no");
        }
        let reports = refusals.take(None);
        assert_eq!(reports.len(), KINDS_PER_CALLER + 1);
        assert_eq!(reports.iter().map(|report| report.count).sum::<u64>(), 1_000);
        let further = counts(&reports).into_iter().find(|(kind, _)| kind == "refusals.further");
        assert_eq!(further.unwrap().1, 1_000 - KINDS_PER_CALLER as u64);
    }

    #[test]
    fn places_are_bounded_and_what_finds_none_is_counted() {
        let refusals = Refusals::default();
        for key in 0..KINDS_MAX as u128 {
            refusals.add(&context(key, 1), "teams", "read", "no");
        }
        refusals.add(&context(KINDS_MAX as u128, 1), "teams", "read", "no");
        // Who has a place keeps it.
        refusals.add(&context(0, 1), "teams", "delete", "no");
        let recorded = KINDS_MAX as u64 + 1;
        assert_eq!(refusals.stats(), RefusalStats { recorded, dropped: 1 });
        assert_eq!(refusals.take(None).len(), KINDS_MAX + 1);
    }

    #[test]
    fn what_could_not_be_written_is_told_later_in_full() {
        let refusals = Refusals::default();
        refusals.add(&context(1, 1), "teams", "create", "no");
        let reports = refusals.take(Some(at(1)));
        refusals.add(&context(1, 5), "teams", "create", "no");
        refusals.put_back(reports);
        let reports = refusals.take(None);
        assert_eq!(counts(&reports), [("teams.create".to_owned(), 2)]);
        assert_eq!((reports[0].first.now, reports[0].last_at), (at(1), at(5)));
    }
}
