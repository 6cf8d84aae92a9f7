//! One table of a request: what is shown of it, and the related tables inside it.

use super::order::OrderTerms;
use super::{Resolver, aggregate, at, embed_name, expression};
use crate::dialect::RowRange;
use crate::dialect::ast::{Column, Embed as AskedEmbed, JoinKind, SelectItem};
use crate::error::{Fault, Result};
use mainstay_entity::{Kind, Table};
use mainstay_kernel::policy::{Visibility, visibility};
use mainstay_store::{
    Embed, Expression, Filter, Order, OrderBy, Output, OutputValue, Relation, Select,
};
use std::sync::Arc;

/// What a select is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Showing the rows that match.
    Read,
    /// Showing rows that were written: the request's own filters and bounds don't apply to them.
    Written,
}

/// A related table of a level, as filters and orders of the level refer to it.
pub(super) struct Join<'a> {
    pub(super) asked: &'a AskedEmbed,
    pub(super) relation: Relation,
    pub(super) table: Arc<Table>,
    /// The embed's own filter.
    pub(super) filter: Filter,
}

impl Join<'_> {
    pub(super) fn name(&self) -> &str {
        embed_name(self.asked)
    }

    pub(super) fn is_inner(&self) -> bool {
        self.asked.join == Some(JoinKind::Inner)
    }

    /// Whether some related record passes the embed's filter.
    pub(super) fn exists(&self) -> Filter {
        Filter::Exists {
            relation: self.relation.clone(),
            table: self.table.clone(),
            filter: Box::new(self.filter.clone()),
        }
    }
}

impl<'a> Resolver<'a> {
    /// Resolves one table: the root, or an embed.
    pub(super) fn level(
        &self,
        table: &Arc<Table>,
        items: &'a [SelectItem],
        embed: Option<&'a AskedEmbed>,
        purpose: Purpose,
    ) -> Result<Select> {
        let mut output = Vec::with_capacity(items.len());
        let mut joins = Vec::new();
        for item in items {
            match item {
                SelectItem::Star => self.star(table, &mut output),
                SelectItem::Column(column) => push(&mut output, column_output(table, column)?),
                SelectItem::Count { alias, cast } => {
                    output.push(aggregate::count(alias.as_deref(), cast.as_deref())?);
                }
                SelectItem::Embed(asked) => {
                    let (join, shown) = self.join(table, asked)?;
                    output.extend(shown);
                    joins.push(join);
                }
            }
        }
        let own = purpose == Purpose::Read || embed.is_some();
        let filter = if own { self.filters(table, embed, &joins)? } else { inner(&joins) };
        let terms = at(self, &self.params.order, embed).next().map_or(&[][..], Vec::as_slice);
        let order = OrderTerms { table, joins: &joins }.resolve(terms)?;
        check_groups(table, &output, &order, embed.is_some() || !joins.is_empty())?;
        let range = if own { self.range(embed) } else { RowRange::all() };
        Ok(Select {
            table: table.clone(),
            output,
            filter,
            order,
            limit: range.limit,
            offset: range.offset,
            for_update: false,
            skip_locked: false,
            with_deleted: false,
        })
    }

    /// Every column that the caller may see, masked ones included.
    fn star(&self, table: &Table, output: &mut Vec<Output>) {
        for index in 0..table.meta.columns.len() {
            let hidden = visibility(self.context, table, index) == Visibility::Hidden;
            if !hidden && !is_companion(table, index) {
                push(output, Output::column(table, index));
            }
        }
    }

    /// A related table, and what it adds to each row; an empty embed adds nothing.
    fn join(
        &self,
        table: &Arc<Table>,
        asked: &'a AskedEmbed,
    ) -> Result<(Join<'a>, Option<Output>)> {
        let (relation, target) = self.relation(table, asked)?;
        let mut select = self.level(&target, &asked.select, Some(asked), Purpose::Read)?;
        if asked.spread && !relation.to_one {
            let what = format!("A spread of the to-many relation '{}'.", asked.relation);
            return Err(Fault::unsupported(what).into());
        }
        if asked.join == Some(JoinKind::Inner) && (select.offset > 0 || select.limit == Some(0)) {
            let what = format!("An offset in the inner join of '{}'.", embed_name(asked));
            return Err(Fault::unsupported(what).into());
        }
        let join = Join {
            asked,
            relation: relation.clone(),
            table: target.clone(),
            filter: select.filter.clone(),
        };
        if asked.select.is_empty() {
            return Ok((join, None));
        }
        if !relation.to_one {
            let most = self.max_rows(&target);
            select.limit = Some(select.limit.map_or(most, |limit| limit.min(most)));
        }
        let embed = Embed { relation, select, spread: asked.spread };
        let key = embed_name(asked).to_owned();
        Ok((join, Some(Output { key, value: OutputValue::Embed(Box::new(embed)) })))
    }

    fn range(&self, embed: Option<&AskedEmbed>) -> RowRange {
        at(self, &self.params.ranges, embed).next().copied().unwrap_or(RowRange::all())
    }

    /// Most rows of a table in one answer.
    pub(crate) fn max_rows(&self, table: &Table) -> u64 {
        table.meta.max_rows.map_or(self.settings.max_rows, u64::from)
    }
}

/// A column, a part of a document, or an aggregate.
fn column_output(table: &Table, column: &Column) -> Result<Output> {
    let source = expression::of_field(table, &column.field)?;
    let value = expression::cast(table, source, column.cast.as_deref())?;
    if let Some(asked) = &column.aggregate {
        return aggregate::over(table, column.alias.as_deref(), value, asked);
    }
    let key = match &column.alias {
        Some(alias) => alias.clone(),
        None => expression::default_key(&column.field).to_owned(),
    };
    Ok(Output { key, value: OutputValue::Expression(value) })
}

/// Whether a column only serves to find equal values of another.
pub(crate) fn is_companion(table: &Table, index: usize) -> bool {
    table.meta.columns[index].kind == Kind::Bytes
        && (0..index).any(|column| table.blind_column(column) == Some(index))
}

/// Adds an output unless the same one stands there already.
fn push(output: &mut Vec<Output>, new: Output) {
    let same = |old: &Output| match (&old.value, &new.value) {
        (OutputValue::Expression(a), OutputValue::Expression(b)) => a == b && old.key == new.key,
        _ => false,
    };
    if !output.iter().any(same) {
        output.push(new);
    }
}

/// Parents without a related record are left out.
pub(super) fn inner(joins: &[Join<'_>]) -> Filter {
    let mut parts: Vec<Filter> =
        joins.iter().filter(|join| join.is_inner()).map(Join::exists).collect();
    match parts.len() {
        0 => Filter::All,
        1 => parts.remove(0),
        _ => Filter::And(parts),
    }
}

/// Groups are answered at the root, without related records, and ordered by what makes them.
fn check_groups(table: &Table, output: &[Output], order: &[Order], related: bool) -> Result<()> {
    if !output.iter().any(|o| matches!(o.value, OutputValue::Aggregate { .. })) {
        return Ok(());
    }
    if related {
        let what = "Aggregate functions together with embedded resources.";
        return Err(Fault::unsupported(what).into());
    }
    let makes_groups = |by: &Expression| {
        let same = |o: &Output| matches!(&o.value, OutputValue::Expression(e) if e == by);
        output.iter().any(same)
    };
    for term in order {
        if let OrderBy::Expression(by) = &term.by
            && !makes_groups(by)
        {
            let column = format!("{}.{}", table.meta.table, table.column_name(by.column));
            let message = format!(
                "column \"{column}\" must appear in the GROUP BY clause or be used in an \
                 aggregate function"
            );
            return Err(Fault::new("42803", message).into());
        }
    }
    Ok(())
}

/// Whether a value is a column as it stands in a record.
pub(crate) fn is_plain(table: &Table, expression: &Expression) -> bool {
    let sealed = table.meta.columns[expression.column].kind.is_confidential();
    expression.path.is_empty() && expression.cast.is_none() && !sealed
}
