//! Plans: what a migration would do, and what it did.

use super::difference::Difference;
use super::record::State;
use super::{Options, Version, postgres, rename, sqlite, views};
use crate::error::{ErrorKind, Result};
use crate::render::Dialect;
use crate::schema::{Object, ObjectKind, TableName, objects};
use mainstay_entity::{BUILT_IN_SCHEMA, Catalog};
use std::fmt;
use std::time::Duration;

/// Most tables that a refusal names.
const NAMED_MAX: usize = 5;

/// How much a step asks of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// Nothing changes for the rows that are there; it runs at start.
    Additive,
    /// Rows are rewritten, or must meet a condition that they did not have to meet before.
    Rewrite,
    /// Values are lost.
    DataLoss,
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Additive => "additive",
            Self::Rewrite => "rewrites rows",
            Self::DataLoss => "loses data",
        })
    }
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does, in words.
    pub description: String,
    /// The statements, in order.
    pub sql: Vec<String>,
    /// How much it asks of the data.
    pub risk: Risk,
    /// Whether the declared entities can do without it: dropping what is no longer declared.
    pub optional: bool,
    /// Whether older servers can't work with the result.
    pub breaking: bool,
    /// The column that it drops, as table and name.
    drops: Option<(TableName, String)>,
    /// The index that it builds while its table is in use, after all other steps.
    builds: Option<Object>,
    /// The table whose rows get their words after the statements.
    fills: Option<TableName>,
}

impl Step {
    pub(super) fn additive(description: impl Into<String>, sql: Vec<String>) -> Self {
        Self::new(description, sql, Risk::Additive)
    }

    pub(super) fn new(description: impl Into<String>, sql: Vec<String>, risk: Risk) -> Self {
        let breaking = risk != Risk::Additive;
        let description = description.into();
        let (optional, drops, builds, fills) = (false, None, None, None);
        Self { description, sql, risk, optional, breaking, drops, builds, fills }
    }

    /// The same, giving the rows of a table their words afterwards.
    pub(super) fn filling(self, table: &TableName) -> Self {
        Self { fills: Some(table.clone()), ..self }
    }

    /// The table whose rows get their words.
    pub(super) fn fills(&self) -> Option<&TableName> {
        self.fills.as_ref()
    }

    /// Builds an index while its table is in use.
    pub(super) fn building(description: String, index: &Object, sql: Vec<String>) -> Self {
        Self { builds: Some(index.clone()), ..Self::additive(description, sql) }
    }

    /// The index that it builds while its table is in use, in no transaction.
    pub(super) fn builds(&self) -> Option<&Object> {
        self.builds.as_ref()
    }

    /// Whether servers can do without it for a while: with an index they are faster, but a unique
    /// one is a rule.
    fn can_wait(&self) -> bool {
        self.builds.as_ref().is_some_and(|index| !index.is_unique_index())
    }

    /// A step that older servers can't cope with, such as a new name.
    pub(super) fn renaming(description: impl Into<String>, sql: String) -> Self {
        Self { breaking: true, ..Self::additive(description, vec![sql]) }
    }

    /// Drops a column that is no longer declared.
    pub(super) fn dropping(column: &Object, dialect: Dialect) -> Self {
        let description =
            format!("drop column {}.{}, which is no longer declared", column.table, column.name);
        Self {
            optional: true,
            drops: Some((column.table.clone(), column.name.clone())),
            ..Self::new(description, vec![column.drop_sql(dialect)], Risk::DataLoss)
        }
    }
}

/// Writes the description and, in the alternate form, the statements below it.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.risk {
            Risk::Additive => write!(f, "{}", self.description)?,
            risk => write!(f, "{} [{risk}]", self.description)?,
        }
        if f.alternate() {
            for line in self.sql.iter().flat_map(|sql| sql.lines()) {
                write!(f, "\n    {line}")?;
            }
        }
        Ok(())
    }
}

/// What a migration would do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Tables no longer declared, as `schema.table`. They are kept with their rows.
    pub kept: Vec<String>,
    /// The version of the newer server that migrated the database, which is left as it is.
    pub newer: Option<Version>,
    /// What the database records once all steps but optional ones have run.
    record: Vec<Object>,
}

impl Plan {
    /// The plan from what a database records to what a catalog declares.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] when the database can't be used by this version, or a declaration
    /// is wrong.
    pub(super) fn new(
        dialect: Dialect,
        catalog: &Catalog,
        options: &Options,
        state: Option<&State>,
        recorded: Vec<Object>,
    ) -> Result<Self> {
        if let Some(state) = state {
            state.check(options.binary_version)?;
            if !options.with_own {
                refuse_without_own(&recorded)?;
            }
            if state.binary > options.binary_version {
                let newer = Some(state.binary);
                return Ok(Self { steps: Vec::new(), kept: Vec::new(), newer, record: recorded });
            }
        }
        let declared = objects(dialect, catalog, &options.app_role)?;
        if state.is_some_and(|state| state.is_of(&declared)) {
            let (steps, kept) = (Vec::new(), Vec::new());
            return Ok(Self { steps, kept, newer: None, record: recorded });
        }
        let mut recorded = recorded;
        let mut steps = rename::steps(dialect, catalog, &declared, &mut recorded);
        let difference = Difference::new(dialect, &declared, &recorded);
        if dialect == Dialect::Postgres {
            refuse_unpartitioning(&difference)?;
        }
        match dialect {
            Dialect::Sqlite => sqlite::steps::add(&difference, &mut steps),
            Dialect::Postgres => postgres::steps::add(&difference, &mut steps),
        }
        for column in difference.undeclared_columns() {
            steps.push(Step::dropping(column, dialect));
        }
        views::add(dialect, &declared, &recorded, &mut steps);
        let kept = difference.kept_tables().map(ToString::to_string).collect();
        let record = difference.outcome();
        Ok(Self { steps, kept, newer: None, record })
    }

    /// Whether nothing is to be done, with or without permission to lose data.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps that run, and those that wait for permission.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] when a step that the declared entities need is not permitted.
    pub(super) fn choose(&self, options: &Options) -> Result<(Vec<Step>, Vec<Step>)> {
        let may_run = |step: &Step| options.allow_data_loss || step.risk == Risk::Additive;
        let needed: Vec<String> = self
            .steps
            .iter()
            .filter(|step| !step.optional && !may_run(step))
            .map(ToString::to_string)
            .collect();
        if !needed.is_empty() {
            return Err(ErrorKind::Refused(format!(
                "the schema needs steps that must be allowed explicitly:\n  {}",
                needed.join("\n  ")
            ))
            .into());
        }
        Ok(self.steps.iter().cloned().partition(may_run))
    }

    /// What to record after some steps have run.
    pub(super) fn record_after(&self, run: &[Step]) -> Vec<Object> {
        let is_dropped = |object: &Object| {
            matches!(object.kind, ObjectKind::Column | ObjectKind::Comment)
                && run
                    .iter()
                    .filter_map(|step| step.drops.as_ref())
                    .any(|(table, column)| *table == object.table && *column == object.name)
        };
        let waiting: Vec<&Object> =
            self.steps.iter().filter(|step| !run.contains(step)).filter_map(Step::builds).collect();
        let is_there = |object: &&Object| !is_dropped(object) && !waiting.contains(object);
        self.record.iter().filter(is_there).cloned().collect()
    }
}

/// Refuses a database that has tables or views of a product, whose declarations were not given.
fn refuse_without_own(recorded: &[Object]) -> Result<()> {
    let is_own = |object: &&Object| {
        matches!(object.kind, ObjectKind::Table | ObjectKind::View)
            && object.table.schema != BUILT_IN_SCHEMA
    };
    let mut own: Vec<String> =
        recorded.iter().filter(is_own).map(|object| object.table.to_string()).collect();
    if own.is_empty() {
        return Ok(());
    }
    own.sort_unstable();
    let more = match own.len().saturating_sub(NAMED_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    own.truncate(NAMED_MAX);
    Err(ErrorKind::Refused(format!(
        "the database has tables and views that a product declared ({}{more}), and no declarations \
         are given: name their folder with --entities, or as `entities` in the configuration; an \
         empty folder says that there are none any more",
        own.join(", ")
    ))
    .into())
}

/// Partitions are not put together again.
fn refuse_unpartitioning(difference: &Difference<'_>) -> Result<()> {
    let tables = difference.declared.iter().filter(|object| object.kind == ObjectKind::Table);
    for table in tables.filter(|table| table.definition.is_empty()) {
        if difference.old(table).is_some_and(|old| !old.definition.is_empty()) {
            let why =
                format!("table {} is partitioned in the database: declare it so", table.table);
            return Err(ErrorKind::Refused(why).into());
        }
    }
    Ok(())
}

/// Writes the plan for a terminal; the alternate form adds the statements.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(version) = self.newer {
            return writeln!(f, "The database was migrated by version {version}: left as it is.");
        }
        if self.steps.is_empty() {
            writeln!(f, "The schema is up to date.")?;
        }
        for (index, step) in self.steps.iter().enumerate() {
            let number = index + 1;
            if f.alternate() {
                writeln!(f, "{number}. {step:#}")?;
            } else {
                writeln!(f, "{number}. {step}")?;
            }
        }
        for table in &self.kept {
            writeln!(f, "Kept: table {table}, which is no longer declared.")?;
        }
        Ok(())
    }
}

/// What a migration did.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The steps that ran.
    pub steps: Vec<Step>,
    /// Optional steps that wait for [`Options::allow_data_loss`].
    pub held: Vec<Step>,
    /// Tables no longer declared, as `schema.table`. They are kept with their rows.
    pub kept: Vec<String>,
    /// How long each step took.
    pub times: Vec<Duration>,
}

impl fmt::Display for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "Done: {step}")?;
        }
        for step in &self.held {
            writeln!(f, "Waits for permission: {step}")?;
        }
        for table in &self.kept {
            writeln!(f, "Kept: table {table}, which is no longer declared.")?;
        }
        if self.steps.is_empty() {
            writeln!(f, "The schema is up to date.")?;
        }
        Ok(())
    }
}

/// How a database stands to this program.
#[derive(Clone, Debug)]
pub struct Status {
    /// What the database says of itself; none before the first migration.
    pub state: Option<State>,
    /// Why this program can't use the database, if it can't.
    pub refused: Option<String>,
    /// Steps that the next start would run.
    pub pending: usize,
    /// Indexes that are to be built, or are being built, and that servers can do without.
    pub building: usize,
    /// Steps that the declared entities need and that must be allowed explicitly.
    pub blocked: usize,
    /// Columns no longer declared, which are kept until dropping them is allowed.
    pub held: usize,
    /// Tables no longer declared, as `schema.table`.
    pub kept: Vec<String>,
}

impl Status {
    pub(super) fn new(state: Option<State>, plan: Result<Plan>) -> Result<Self> {
        let (pending, building, blocked, held) = (0, 0, 0, 0);
        let (refused, kept) = (None, Vec::new());
        let mut status = Self { state, refused, pending, building, blocked, held, kept };
        match plan {
            Ok(plan) => {
                for step in &plan.steps {
                    match (step.risk, step.optional) {
                        (Risk::Additive, _) if step.can_wait() => status.building += 1,
                        (Risk::Additive, _) => status.pending += 1,
                        (_, false) => status.blocked += 1,
                        (_, true) => status.held += 1,
                    }
                }
                status.kept = plan.kept;
            }
            Err(error) => match error.kind() {
                ErrorKind::Refused(why) => status.refused = Some(why.clone()),
                _ => return Err(error),
            },
        }
        Ok(status)
    }

    /// Whether a server of this version can work with the database as it is.
    pub fn is_ready(&self) -> bool {
        self.state.is_some() && self.refused.is_none() && self.pending == 0 && self.blocked == 0
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.state {
            Some(state) => writeln!(f, "{state}")?,
            None => writeln!(f, "The database was never migrated.")?,
        }
        if let Some(why) = &self.refused {
            writeln!(f, "Refused: {why}.")?;
        }
        let Self { pending, building, blocked, held, .. } = self;
        writeln!(f, "Steps: {pending} to run, {blocked} to be allowed, {held} columns kept.")?;
        if *building > 0 {
            writeln!(f, "Indexes to be built, which servers can do without: {building}.")?;
        }
        for table in &self.kept {
            writeln!(f, "Kept: table {table}, which is no longer declared.")?;
        }
        Ok(())
    }
}
