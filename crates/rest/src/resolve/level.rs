//! One table of a request: what is shown of it, and the related tables inside it.

use super::order::OrderTerms;
use super::relation::Found;
use super::{Resolver, aggregate, at, embed_name, expression, group};
use crate::dialect::RowRange;
use crate::dialect::ast::{AggregateFunction, Column, Embed as AskedEmbed, JoinKind, SelectItem};
use crate::error::{Fault, Result};
use mainstay_entity::{Kind, Table};
use mainstay_kernel::policy::{Visibility, visibility};
use mainstay_store::{Embed, Expression, Filter, Output, OutputValue, Relation, Select};
use std::sync::Arc;

/// What a select is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Showing the rows that match.
    Read,
    /// Showing rows that were written: the request's own filters and bounds don't apply to them.
    Written,
}

/// Where a level stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The embed that it is the inside of; none for the root.
    embed: Option<&'a AskedEmbed>,
    purpose: Purpose,
    /// How many embeds it is inside of.
    depth: usize,
}

impl<'a> Place<'a> {
    pub(super) fn root(purpose: Purpose) -> Self {
        Self { embed: None, purpose, depth: 0 }
    }

    fn inside(self, embed: &'a AskedEmbed) -> Self {
        Self { embed: Some(embed), purpose: Purpose::Read, depth: self.depth + 1 }
    }
}

/// A related table of a level, as filters and orders of the level refer to it.
pub(super) struct Join<'a> {
    pub(super) asked: &'a AskedEmbed,
    pub(super) relation: Relation,
    pub(super) table: Arc<Table>,
    /// The embed's own filter.
    pub(super) filter: Filter,
    offset: u64,
    /// Its limit is 0: no related record is shown.
    shows_none: bool,
    /// It shows aggregates over all related records, which there are without any too.
    is_one_group: bool,
}

impl Join<'_> {
    pub(super) fn name(&self) -> &str {
        embed_name(self.asked)
    }

    pub(super) fn is_inner(&self) -> bool {
        self.asked.join == Some(JoinKind::Inner)
    }

    /// Whether the embed shows some related record.
    pub(super) fn exists(&self) -> Filter {
        if self.shows_none || (self.is_one_group && self.offset > 0) {
            return nothing();
        }
        if self.is_one_group {
            return Filter::All;
        }
        Filter::Exists {
            relation: self.relation.clone(),
            table: self.table.clone(),
            filter: Box::new(self.filter.clone()),
            skip: self.offset,
        }
    }

    /// The condition on the one related record that the embed shows.
    pub(super) fn shown_filter(&self) -> Filter {
        if self.shows_none || self.offset > 0 { nothing() } else { self.filter.clone() }
    }
}

impl<'a> Resolver<'a> {
    /// Resolves one table: the root, or an embed.
    pub(super) fn level(
        &self,
        table: &Arc<Table>,
        items: &'a [SelectItem],
        place: Place<'a>,
    ) -> Result<Select> {
        let select = self.level_of(table, items, place);
        // PostgreSQL knows an embedded table by the alias that PostgREST gives it.
        select.map_err(|failure| match place.depth {
            0 => failure,
            depth => failure.of_alias(&table.meta.table, depth),
        })
    }

    fn level_of(
        &self,
        table: &Arc<Table>,
        items: &'a [SelectItem],
        place: Place<'a>,
    ) -> Result<Select> {
        let Place { embed, purpose, depth } = place;
        let mut output = Vec::with_capacity(items.len());
        let mut joins = Vec::new();
        for item in items {
            match item {
                SelectItem::Star => self.star(table, &mut output),
                SelectItem::Column(column) if counts(table, column) => {
                    let cast = column.cast.as_deref();
                    output.push(aggregate::count(column.alias.as_deref(), cast)?);
                }
                SelectItem::Column(column) => push(&mut output, column_output(table, column)?),
                SelectItem::Count { alias, cast } => {
                    output.push(aggregate::count(alias.as_deref(), cast.as_deref())?);
                }
                SelectItem::Embed(asked) => {
                    let (join, shown) = self.join(table, asked, place)?;
                    output.extend(shown);
                    joins.push(join);
                }
            }
        }
        check_names(table, &joins, depth + 1)?;
        let own = purpose == Purpose::Read || embed.is_some();
        let filter = if own { self.filters(table, embed, &joins)? } else { inner(&joins) };
        let terms = at(self, &self.params.order, embed).next().map_or(&[][..], Vec::as_slice);
        let order = OrderTerms { table, joins: &joins }.resolve(terms)?;
        let range = if own { self.range(embed) } else { RowRange::all() };
        let select = Select {
            table: table.clone(),
            output,
            filter,
            order,
            limit: range.limit,
            offset: range.offset,
            for_update: false,
            skip_locked: false,
            with_deleted: false,
            group: None,
            first_of: Vec::new(),
            page: None,
        };
        // `group=` says by itself what makes groups.
        if embed.is_some() || self.params.group.is_none() {
            group::check(&select)?;
        }
        Ok(select)
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
        place: Place<'a>,
    ) -> Result<(Join<'a>, Option<Output>)> {
        let Found { relation, table: target, order } = self.relation(table, asked)?;
        let mut select = self.level(&target, &asked.select, place.inside(asked))?;
        let is_one_group = select.is_one_group();
        if select.is_grouped() && !is_one_group && select.offset > 0 {
            let what = format!("An offset in the groups of '{}'.", embed_name(asked));
            return Err(Fault::unsupported(what).into());
        }
        if select.order.is_empty() && !select.is_grouped() {
            select.order = order;
        }
        let join = Join {
            asked,
            relation: relation.clone(),
            table: target.clone(),
            filter: select.filter.clone(),
            offset: select.offset,
            shows_none: select.limit == Some(0),
            is_one_group,
        };
        if asked.select.is_empty() {
            return Ok((join, None));
        }
        if !relation.to_one && !is_one_group {
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

/// Whether a column is none and counts rows instead: PostgreSQL reads `rows.count` as `count(rows)`.
fn counts(table: &Table, column: &Column) -> bool {
    let Column { field, aggregate, .. } = column;
    field.name == AggregateFunction::Count.as_str()
        && field.path.is_empty()
        && aggregate.is_none()
        && table.readable_index(&field.name).is_none()
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

/// Tables of one level need names of their own, as in PostgreSQL.
fn check_names(table: &Table, joins: &[Join<'_>], depth: usize) -> Result<()> {
    let shown = || joins.iter().filter(|join| !join.asked.select.is_empty()).map(Join::name);
    for (position, name) in shown().enumerate() {
        if shown().take(position).any(|other| other == name) {
            let alias = format!("{}_{name}_{depth}", table.meta.table);
            let message = format!("table name \"{alias}\" specified more than once");
            return Err(Fault::new("42712", message).into());
        }
    }
    Ok(())
}

/// No record.
fn nothing() -> Filter {
    Filter::Or(Vec::new())
}

/// Whether a value is a column as it stands in a record.
pub(crate) fn is_plain(table: &Table, expression: &Expression) -> bool {
    let column = table.meta.columns.get(expression.column);
    let is_kept = column.is_some_and(|column| !column.kind.is_confidential());
    is_kept && expression.path.is_empty() && expression.cast.is_none()
}
