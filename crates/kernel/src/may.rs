//! Whether a caller could do something, without doing it.

use crate::action::Action;
use crate::condition;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::kernel::Kernel;
use crate::own_action::{Need, OwnAction};
use crate::permissions::{CREATE, DELETE, READ, UPDATE};
use crate::policy;
use crate::prepare::{self, NewRow};
use mainstay_entity::{Table, Value};
use mainstay_store::{Compare, Expression, Filter, Select};
use std::sync::Arc;

/// What somebody would do.
#[derive(Clone, Debug)]
pub struct Question {
    /// The action of a permission.
    pub action: String,
    /// The key of an existing row; none asks whether there may be some row.
    pub key: Option<Vec<(usize, Value)>>,
    /// The row that would be added.
    pub new_row: Option<NewRow>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is allowed.
    pub allowed: bool,
    /// What was looked at, in the order in which a request goes through it; what fails is last.
    pub reasons: Vec<String>,
}

impl Verdict {
    fn refused(mut self, reason: impl Into<String>) -> Self {
        self.reasons.push(reason.into());
        Self { allowed: false, ..self }
    }
}

impl Kernel {
    /// Whether the caller could do something with a table, or a row of it. It says of a row that is
    /// out of reach what it says of none at all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn may(
        &self,
        context: &Context,
        table: &Arc<Table>,
        question: Question,
    ) -> Result<Verdict> {
        let verdict = Verdict { allowed: true, reasons: Vec::new() };
        let action = question.action.as_str();
        let rows = match policy::grant(context, table, action) {
            Ok(rows) => rows,
            Err(error @ (Error::Denied { .. } | Error::NoOrganization)) => {
                return Ok(verdict.refused(error.to_string()));
            }
            Err(error) => return Err(error),
        };
        let is_conditional = !matches!(rows, Filter::All);
        let mut verdict = verdict;
        verdict.reasons.push(if is_conditional {
            "the permission holds for the rows that a condition keeps".to_owned()
        } else {
            "the permission holds for every row within reach".to_owned()
        });
        if let Some(reason) = unwritable(table, action) {
            return Ok(verdict.refused(reason));
        }
        if let Some(row) = question.new_row {
            return Ok(self.judge_new(context, table, &rows, row, verdict));
        }
        match question.key {
            Some(key) => self.judge(context, table, rows, key, verdict).await,
            None => Ok(verdict),
        }
    }

    /// Judges a row that would be added.
    fn judge_new(
        &self,
        context: &Context,
        table: &Table,
        rows: &Filter,
        row: NewRow,
        mut verdict: Verdict,
    ) -> Verdict {
        let record = match prepare::new_record(self, context, table, row) {
            Ok((record, _)) => record,
            Err(error) => return verdict.refused(error.to_string()),
        };
        if !condition::holds(rows, &record) {
            return verdict.refused("no condition of the permission holds for the row");
        }
        verdict.reasons.push("the row could be added".to_owned());
        verdict
    }

    /// Judges a row that exists.
    async fn judge(
        &self,
        context: &Context,
        table: &Arc<Table>,
        rows: Filter,
        key: Vec<(usize, Value)>,
        mut verdict: Verdict,
    ) -> Result<Verdict> {
        let equal = |(column, right): (usize, Value)| Filter::Compare {
            left: Expression::column(column),
            op: Compare::Eq,
            right,
        };
        let own = Filter::And(key.into_iter().map(equal).collect());
        // Who may not read a row learns nothing of it by asking.
        let readable = policy::grant(context, table, READ).unwrap_or_else(|_| condition::nothing());
        let found = async |filter: Filter| {
            let select = Select::all(table.clone()).filtered(filter);
            Ok::<_, Error>(!self.store().fetch(&context.access(), &select).await?.is_empty())
        };
        if !found(Filter::And(vec![own.clone(), readable])).await? {
            return Ok(verdict.refused("no such row is within reach"));
        }
        if !found(Filter::And(vec![own, rows])).await? {
            return Ok(verdict.refused("no condition of the permission holds for the row"));
        }
        verdict.reasons.push("the row is within reach".to_owned());
        Ok(verdict)
    }
}

impl OwnAction {
    /// Whether the caller could call it; `reads` is whether by a method that changes nothing.
    pub fn may(&self, context: &Context, reads: bool) -> Verdict {
        let mut verdict = Verdict { allowed: true, reasons: Vec::new() };
        for Need { is_met, is_certain, why } in self.needs(context, reads) {
            match (is_met, is_certain) {
                (true, _) => verdict.reasons.push(why),
                (false, true) => return verdict.refused(why),
                (false, false) => verdict.reasons.push(format!("not in every call: {why}")),
            }
        }
        verdict
    }
}

impl Action {
    /// Whether the caller could call it.
    pub fn may(&self, context: &Context) -> Verdict {
        let verdict = Verdict { allowed: true, reasons: Vec::new() };
        let permission = &self.permission;
        if !policy::may(context, permission) {
            let reason = format!("permission denied for function {}: {permission}", self.name);
            return verdict.refused(reason);
        }
        Verdict { reasons: vec![format!("{permission} permits the call")], ..verdict }
    }
}

/// Why rows of a table are not written by an action.
fn unwritable(table: &Table, action: &str) -> Option<&'static str> {
    let writes = [CREATE, UPDATE, DELETE].contains(&action);
    if writes && table.is_view() {
        return Some("the table is a view");
    }
    if writes && table.meta.read_only {
        return Some("the table is written by the system alone");
    }
    let changes = [UPDATE, DELETE].contains(&action);
    (changes && table.meta.append_only).then_some("rows are never changed or removed")
}
