//! Policy: who may see and do what. Applied to every read and write by the kernel's dispatch.

use crate::condition;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::event::is_hidden_kind;
use crate::permissions::{CREATE, Decision, PermissionPair, READ, REVEAL, UNMASK, UPDATE};
use crate::principal::PrincipalKind;
use mainstay_entity::{BUILT_IN_SCHEMA, Classification, OwnerKey, Personal, Record, Scope, Table};
use mainstay_store::{
    Compare, Expression, Filter, IsState, Order, OrderBy, Output, OutputValue, Relation, Select,
};
use std::borrow::Cow;

/// What stands for a personal text that the caller may not see.
const MASK: &str = "***";

/// Whether the caller may see a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// As it is.
    Plain,
    /// A mask stands for it; no filter, no order.
    Masked,
    /// Not at all.
    Hidden,
}

/// The name of a table as permissions know it: built-in ones plain, others with their schema.
pub fn resource_name(table: &Table) -> Cow<'_, str> {
    if table.meta.schema == BUILT_IN_SCHEMA {
        Cow::Borrowed(&table.meta.table)
    } else {
        Cow::Owned(table.meta.qualified_name())
    }
}

/// What people keep of themselves: everybody adds and changes their own.
const OWN: [&str; 3] = ["onboarding_states", "user_profiles", "user_settings"];

fn is_own(table: &Table, action: &str) -> bool {
    [CREATE, UPDATE].contains(&action) && OWN.contains(&&*resource_name(table))
}

/// The rows of a table on which the caller may do an action.
///
/// # Errors
/// When it may on none: [`Error::Denied`], [`Error::NoOrganization`].
pub fn grant(context: &Context, table: &Table, action: &str) -> Result<Filter> {
    let principal = &context.principal;
    if matches!(principal.kind, PrincipalKind::System(_)) {
        return Ok(Filter::All);
    }
    let allowed = match &table.meta.scope {
        Scope::Public if action == READ => true,
        // Everybody reads what is their own; the row scope keeps it to that.
        Scope::Owner(OwnerKey::User(_)) if action == READ || is_own(table, action) => {
            principal.user_id.is_some()
        }
        Scope::Owner(OwnerKey::Organization(_)) if action == READ => {
            principal.platform_admin || principal.organization_id.is_some()
        }
        // What belongs to the installation is its administrators' to change.
        _ => principal.platform_admin,
    };
    // Roles decide about records of the organisation, and about changes of what is somebody's own.
    let by_role = match &table.meta.scope {
        // At the installation's own level permissions are given to keys, for a product's tables.
        Scope::Public | Scope::Platform => {
            principal.installation && table.meta.schema != BUILT_IN_SCHEMA
        }
        Scope::Owner(_) => action != READ,
        Scope::Tenant | Scope::Venue | Scope::Team => true,
    };
    let resource = resource_name(table);
    let decision = if reads_whole_sources(context, table) {
        principal.permissions.decide(&resource, action)
    } else {
        principal.permissions.decide_by_name(&resource, action)
    };
    let rows = match decision {
        _ if allowed => Filter::All,
        Decision::Always if by_role => Filter::All,
        Decision::When(any) if by_role => condition::any(
            any.into_iter().map(|condition| condition.filter(context, table, action)),
        ),
        _ => condition::nothing(),
    };
    if !condition::is_nothing(&rows) {
        Ok(rows)
    } else if principal.organization_id.is_none()
        && principal.user_id.is_some()
        && !matches!(table.meta.scope, Scope::Public | Scope::Platform)
    {
        // A member of several organisations, or of none, has permissions in the one that is named.
        Err(Error::NoOrganization)
    } else {
        Err(Error::Denied {
            message: format!("permission denied for table {}", table.meta.table),
            anonymous: principal.is_anonymous(),
        })
    }
}

/// Whether the caller may read all rows that a view is made of; true of what is no view. Whoever
/// reads some of them alone reads the view by a permission that names it, not by a wildcard: no
/// condition can be asked of rows that stand behind others.
fn reads_whole_sources(context: &Context, table: &Table) -> bool {
    let sources = table.view.iter().flat_map(|plan| &plan.sources);
    sources
        .filter(|source| source.table.meta.scope.is_tenant())
        .all(|source| matches!(grant(context, &source.table, READ), Ok(Filter::All)))
}

/// Checks that the caller may do an action on every row of a table that is within reach.
pub(crate) fn require(context: &Context, table: &Table, action: &str) -> Result<()> {
    match grant(context, table, action)? {
        Filter::All => Ok(()),
        _ => Err(Error::denied(format!(
            "permission for table {} holds for some of its rows alone",
            table.meta.table
        ))),
    }
}

/// Checks that a row is one of those on which the caller may do an action, as [`grant`] gave them.
pub(crate) fn check_row(rows: &Filter, table: &Table, row: &Record) -> Result<()> {
    if condition::holds(rows, row) {
        return Ok(());
    }
    let table = &table.meta.table;
    Err(Error::denied(format!("a condition of the permission for table {table} does not hold")))
}

/// Keeps the rows of a filter that the caller may do an action on.
pub(crate) fn narrow(filter: &mut Filter, rows: Filter) {
    let asked = std::mem::replace(filter, Filter::All);
    *filter = condition::all([asked, rows].into_iter());
}

/// Whether the caller may do something that is about no row.
pub fn may(context: &Context, pair: &PermissionPair) -> bool {
    let principal = &context.principal;
    let PermissionPair { resource, action } = pair;
    principal.access().is_system()
        || principal.platform_admin
        || match principal.permissions.decide(resource, action) {
            Decision::Always => true,
            Decision::Never => false,
            Decision::When(any) => {
                any.iter().any(|condition| condition.holds(context, resource, action))
            }
        }
}

/// Whether the caller may see a column of a table.
pub fn visibility(context: &Context, table: &Table, column: usize) -> Visibility {
    let column = table.readable(column);
    if is_hidden_kind(&column.kind) {
        return Visibility::Hidden;
    }
    let principal = &context.principal;
    if matches!(principal.kind, PrincipalKind::System(_)) {
        return Visibility::Plain;
    }
    // Most columns need no permission of their own.
    if column.classification != Classification::Restricted && column.personal == Personal::None {
        return Visibility::Plain;
    }
    let resource = resource_name(table);
    if column.classification == Classification::Restricted && !sees(context, &resource, REVEAL) {
        return Visibility::Hidden;
    }
    // Rows of user-owned tables are the caller's own, unless an administrator looks.
    let own = matches!(table.meta.scope, Scope::Owner(OwnerKey::User(_)));
    let masked = column.personal != Personal::None
        && (!own || principal.platform_admin)
        && !sees(context, &resource, UNMASK);
    if masked { Visibility::Masked } else { Visibility::Plain }
}

/// Whether the caller may see what takes a permission of its own, in whatever row.
fn sees(context: &Context, resource: &str, action: &str) -> bool {
    match context.principal.permissions.decide(resource, action) {
        Decision::Always => true,
        Decision::Never => false,
        Decision::When(any) => any.iter().any(|c| c.holds(context, resource, action)),
    }
}

/// Makes a select fit the caller: narrows tables to the rows that may be read or denies them, masks personal columns in the output, and
/// refuses hidden ones and any filter or order that would tell a masked value.
pub(crate) fn authorize_select(context: &Context, select: &mut Select) -> Result<()> {
    let rows = grant(context, &select.table, READ)?;
    let table = select.table.clone();
    for output in &mut select.output {
        authorize_output(context, &table, output)?;
    }
    authorize_filter(context, &table, &mut select.filter)?;
    for order in &mut select.order {
        authorize_order(context, &table, order)?;
    }
    // Groups tell which values there are, and so does a place in the order.
    let place = select.page.as_ref().and_then(|_| select.place()).unwrap_or_default();
    let makers = select.group.iter().flatten().chain(&select.first_of);
    makers.chain(&place).try_for_each(|value| plain(context, &table, value))?;
    // What the condition asks about is nobody's to see by that.
    narrow(&mut select.filter, rows);
    Ok(())
}

fn authorize_output(context: &Context, table: &Table, output: &mut Output) -> Result<()> {
    match &mut output.value {
        OutputValue::Expression(expression) => {
            match visibility(context, table, expression.column) {
                Visibility::Plain => {}
                Visibility::Masked => {
                    let textual = table.readable(expression.column).kind.is_textual();
                    output.value = OutputValue::Masked(textual.then_some(MASK));
                }
                Visibility::Hidden => return Err(hidden(table, expression.column)),
            }
        }
        OutputValue::Aggregate { argument: Some(expression), .. } => {
            plain(context, table, expression)?;
        }
        OutputValue::Aggregate { argument: None, .. } | OutputValue::Masked(_) => {}
        OutputValue::Embed(embed) => {
            authorize_relation(context, &mut embed.relation, &embed.select.table)?;
            authorize_select(context, &mut embed.select)?;
        }
    }
    Ok(())
}

/// A way through a third table takes the rows of it that may be read, and one that leads to the
/// first rows the first of those that may be.
fn authorize_relation(context: &Context, relation: &mut Relation, target: &Table) -> Result<()> {
    if let Some(junction) = &mut relation.junction {
        *junction.filter = grant(context, &junction.table, READ)?;
    }
    if let Some(take) = &mut relation.take {
        *take.filter = grant(context, target, READ)?;
    }
    Ok(())
}

/// Makes a filter fit the caller, as [`authorize_select`] does.
pub(crate) fn authorize_filter(
    context: &Context,
    table: &Table,
    filter: &mut Filter,
) -> Result<()> {
    match filter {
        Filter::All => Ok(()),
        Filter::And(parts) | Filter::Or(parts) => {
            parts.iter_mut().try_for_each(|part| authorize_filter(context, table, part))
        }
        Filter::Not(inner) => authorize_filter(context, table, inner),
        Filter::Compare { left, .. } | Filter::In { left, .. } | Filter::Is { left, .. } => {
            plain(context, table, left)
        }
        Filter::Search { column, .. } => plain(context, table, &Expression::column(*column)),
        Filter::Exists { relation, table: other, filter, .. } => {
            let rows = grant(context, other, READ)?;
            authorize_relation(context, relation, other)?;
            authorize_filter(context, other, filter)?;
            narrow(filter, rows);
            Ok(())
        }
    }
}

fn authorize_order(context: &Context, table: &Table, order: &mut Order) -> Result<()> {
    match &mut order.by {
        OrderBy::Expression(expression) => plain(context, table, expression),
        OrderBy::Related { relation, table: other, expression, filter } => {
            authorize_relation(context, relation, other)?;
            authorize_filter(context, other, filter)?;
            narrow(filter, grant(context, other, READ)?);
            plain(context, other, expression)
        }
    }
}

fn plain(context: &Context, table: &Table, expression: &Expression) -> Result<()> {
    match visibility(context, table, expression.column) {
        Visibility::Plain => Ok(()),
        Visibility::Masked | Visibility::Hidden => Err(hidden(table, expression.column)),
    }
}

fn hidden(table: &Table, column: usize) -> Error {
    Error::denied(format!(
        "permission denied for column {} of table {}",
        table.column_name(column),
        table.meta.table
    ))
}

/// Whether a filter asks about `deleted_at`, and so means to see deleted rows.
pub fn asks_for_deleted(table: &Table, filter: &Filter) -> bool {
    let deleted_at = table.column_index("deleted_at");
    deleted_at.is_some_and(|column| passes_deleted(column, filter, false))
}

/// Whether a condition on `deleted_at` (behind a `not` or without) can hold for a deleted row.
fn passes_deleted(column: usize, filter: &Filter, negated: bool) -> bool {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => {
            parts.iter().any(|part| passes_deleted(column, part, negated))
        }
        Filter::Not(inner) => passes_deleted(column, inner, !negated),
        Filter::Is { left, state } => left.column == column && (*state == IsState::Null) == negated,
        Filter::Compare { left, op, .. } => left.column == column && *op != Compare::Distinct,
        _ => false,
    }
}
