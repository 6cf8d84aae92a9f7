//! `group=` and `distinct=`: rows that are alike as one.

use super::{Purpose, Resolver, expression};
use crate::dialect::ast::{Distinct, Field};
use crate::error::{Fault, Result};
use mainstay_entity::Table;
use mainstay_store::{Expression, Order, OrderBy, OutputValue, Select};

impl Resolver<'_> {
    /// Unites the rows of a request's own table as it asks.
    pub(super) fn unite(&self, select: &mut Select, purpose: Purpose) -> Result<()> {
        let params = self.params;
        if params.distinct.is_none() && params.group.is_none() {
            return Ok(());
        }
        if purpose == Purpose::Written {
            let what = "distinct and group on requests that write.";
            return Err(Fault::unsupported(what).into());
        }
        match (&params.distinct, &params.group) {
            (None, Some(group)) => grouped(select, group),
            (Some(Distinct::Shown), None) => shown_once(select),
            (Some(Distinct::On(fields)), None) => {
                if shows_aggregates(select) {
                    let what = "distinct=on together with aggregate functions.";
                    return Err(Fault::unsupported(what).into());
                }
                select.first_of = makers(&select.table, fields)?;
                Ok(())
            }
            _ => Err(Fault::unsupported("distinct together with group.").into()),
        }
    }
}

/// `group=a,b`: what is shown is one of these or an aggregate.
fn grouped(select: &mut Select, group: &[Field]) -> Result<()> {
    let table = select.table.clone();
    refuse_embeds(select, "group")?;
    let group = makers(&table, group)?;
    for output in &select.output {
        if let OutputValue::Expression(shown) = &output.value {
            let source = Expression { cast: None, ..shown.clone() };
            if !group.contains(&source) {
                return Err(ungrouped(&table, shown).into());
            }
        }
    }
    if let Some((of, by)) = ordered_outside(&table, &select.order, &group) {
        return Err(ungrouped(of, by).into());
    }
    select.group = Some(group);
    Ok(())
}

/// `distinct=true`: rows that show the same are one.
fn shown_once(select: &mut Select) -> Result<()> {
    refuse_embeds(select, "distinct")?;
    let table = select.table.clone();
    if shows_aggregates(select) {
        // Groups differ in what makes them.
        return Ok(());
    }
    let mut group: Vec<Expression> = Vec::with_capacity(select.output.len());
    for output in &select.output {
        if let OutputValue::Expression(shown) = &output.value {
            check_comparable(&table, shown)?;
            if !group.contains(shown) {
                group.push(shown.clone());
            }
        }
    }
    if ordered_outside(&table, &select.order, &group).is_some() {
        let message = "for SELECT DISTINCT, ORDER BY expressions must appear in select list";
        return Err(Fault::new("42P10", message).into());
    }
    select.group = Some(group);
    Ok(())
}

/// The expressions that some fields name, each once.
fn makers(table: &Table, fields: &[Field]) -> Result<Vec<Expression>> {
    let mut makers = Vec::with_capacity(fields.len());
    for field in fields {
        let maker = expression::of_field(table, field)?;
        check_comparable(table, &maker)?;
        if !makers.contains(&maker) {
            makers.push(maker);
        }
    }
    Ok(makers)
}

/// Refuses values that the engines don't call equal alike.
fn check_comparable(table: &Table, expression: &Expression) -> Result<()> {
    let kind = expression.kind(table);
    if !kind.has_one_spelling() || kind.is_confidential() {
        let column = table.column_name(expression.column);
        let what =
            format!("Groups of equal values of type {}, as of column '{column}'.", kind.name());
        return Err(Fault::unsupported(what).into());
    }
    Ok(())
}

fn shows_aggregates(select: &Select) -> bool {
    select.output.iter().any(|o| matches!(o.value, OutputValue::Aggregate { .. }))
}

fn refuse_embeds(select: &Select, parameter: &str) -> Result<()> {
    if select.output.iter().any(|o| matches!(o.value, OutputValue::Embed(_))) {
        let what = format!("{parameter} together with embedded resources.");
        return Err(Fault::unsupported(what).into());
    }
    Ok(())
}

/// A value ordered by that makes no group, and its table.
fn ordered_outside<'o>(
    own: &'o Table,
    order: &'o [Order],
    group: &[Expression],
) -> Option<(&'o Table, &'o Expression)> {
    order.iter().find_map(|term| match &term.by {
        OrderBy::Expression(by) => (!group.contains(by)).then_some((own, by)),
        OrderBy::Related { table, expression, .. } => Some((&**table, expression)),
    })
}

/// PostgreSQL's answer to a column outside of the groups.
fn ungrouped(table: &Table, expression: &Expression) -> Fault {
    let column = format!("{}.{}", table.meta.table, table.column_name(expression.column));
    let message = format!(
        "column \"{column}\" must appear in the GROUP BY clause or be used in an aggregate function"
    );
    Fault::new("42803", message)
}
