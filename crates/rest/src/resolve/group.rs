//! Groups: what may stand beside aggregates.

use crate::error::{Fault, Result};
use mainstay_entity::Table;
use mainstay_store::{Embed, Expression, OrderBy, OutputValue, Select};

/// What `PostgREST` answers to aggregates in a spread of many rows.
const MANY: &str = "Aggregates are not implemented for one-to-many or many-to-many spreads.";

/// Refuses what is shown beside aggregates, or ordered by, and makes no groups.
pub(super) fn check(select: &Select) -> Result<()> {
    let embeds = || select.output.iter().filter_map(embed);
    let many = |embed: &Embed| embed.spread && !embed.relation.to_one;
    if embeds().any(|embed| many(embed) && embed.select.is_grouped()) {
        return Err(Fault::unsupported(MANY).into());
    }
    if !select.is_grouped() {
        return Ok(());
    }
    embeds().try_for_each(check_joined)?;
    let table = &*select.table;
    for output in &select.output {
        if let OutputValue::Expression(shown) = &output.value
            && !has_equals(table, shown)
        {
            let kind = shown.kind(table);
            let what = format!("Groups of equal values of type {}.", kind.name());
            return Err(Fault::unsupported(what).into());
        }
    }
    for term in &select.order {
        match &term.by {
            OrderBy::Expression(by) if makes_groups(select, by) => {}
            OrderBy::Expression(by) => return Err(ungrouped(table, by).into()),
            OrderBy::Related { .. } => {
                let what = "An order by related records together with aggregate functions.";
                return Err(Fault::unsupported(what).into());
            }
        }
    }
    Ok(())
}

/// A related table beside aggregates: its one row makes groups.
fn check_joined(embed: &Embed) -> Result<()> {
    let name = &embed.select.table.meta.table;
    let refused = |why: &str| {
        Err(Fault::unsupported(format!("Aggregate functions beside '{name}', {why}.")).into())
    };
    if !embed.relation.to_one {
        return refused("of which a row has many");
    }
    if embed.relation.take.is_some() {
        return refused("of which a row has the first");
    }
    if !embed.spread && embed.select.is_grouped() {
        return refused("which has aggregates of its own");
    }
    for output in &embed.select.output {
        match &output.value {
            OutputValue::Expression(shown) if !has_equals(&embed.select.table, shown) => {
                return refused("which shows values that make no groups");
            }
            OutputValue::Embed(inner) => check_joined(inner)?,
            _ => {}
        }
    }
    Ok(())
}

/// Whether both engines call the same values equal.
fn has_equals(table: &Table, expression: &Expression) -> bool {
    let kind = expression.kind(table);
    kind.has_one_spelling() && !kind.is_confidential()
}

fn embed(output: &mainstay_store::Output) -> Option<&Embed> {
    if let OutputValue::Embed(embed) = &output.value { Some(embed) } else { None }
}

fn makes_groups(select: &Select, by: &Expression) -> bool {
    if let Some(group) = &select.group {
        return group.contains(by);
    }
    select.output.iter().any(|o| matches!(&o.value, OutputValue::Expression(e) if e == by))
}

fn ungrouped(table: &Table, by: &Expression) -> Fault {
    let column = format!("{}.{}", table.meta.table, table.column_name(by.column));
    let message = format!(
        "column \"{column}\" must appear in the GROUP BY clause or be used in an aggregate function"
    );
    Fault::new("42803", message)
}
