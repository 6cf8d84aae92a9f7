//! Groups over to-one relations: the related rows are joined, as they repeat no row of the list.

use super::filter::{self, join_condition};
use super::select::is_grouped;
use super::{Sql, expression, scope, view};
use crate::query::{Embed, Expression, OutputValue, Select};
use mainstay_entity::Table;

/// The tables that are joined to a grouped list, depth first: those of its embeds.
pub(super) struct Joins<'a> {
    list: Vec<Joined<'a>>,
}

struct Joined<'a> {
    embed: &'a Embed,
    /// Position of the table that it hangs on; none for the list's own.
    parent: Option<usize>,
    alias: String,
}

/// A value that tells groups apart.
enum Maker<'a> {
    Value(&'a Table, &'a str, &'a Expression),
    /// Whether there is a related row.
    Present(&'a Table, &'a str, usize),
}

impl<'a> Joins<'a> {
    /// The joins of a list, with aliases for their tables.
    pub(super) fn new(sql: &mut Sql<'_>, select: &'a Select) -> Self {
        let mut list = Vec::new();
        if is_grouped(select) {
            collect(sql, select, None, &mut list);
        }
        Self { list }
    }

    /// The alias of a joined table.
    pub(super) fn alias(&self, join: usize) -> &str {
        &self.list[join].alias
    }

    /// Writes the joins behind the list's own table.
    pub(super) fn write(&self, sql: &mut Sql<'_>, alias: &str, table: &Table) {
        for joined in &self.list {
            let (relation, select) = (&joined.embed.relation, &joined.embed.select);
            let (parent, parent_table) = match joined.parent {
                Some(parent) => (self.alias(parent), &*self.list[parent].embed.select.table),
                None => (alias, table),
            };
            let (name, other) = (joined.alias.as_str(), &*select.table);
            sql.push(" LEFT JOIN ");
            view::rows(sql, other);
            sql.push(" ").push(name).push(" ON ");
            join_condition(
                sql,
                (name, other, &relation.to),
                (parent, parent_table, &relation.from),
            );
            sql.push(" AND ");
            scope::reach(sql, name, other, select.with_deleted);
            filter::and(sql, name, other, &select.filter);
            if select.limit == Some(0) || select.offset > 0 {
                sql.push(" AND FALSE");
            }
        }
    }

    /// Writes what of the joined rows tells groups apart, each behind a separator.
    pub(super) fn group_by(&self, sql: &mut Sql<'_>, mut separator: impl FnMut(&mut Sql<'_>)) {
        for maker in self.makers() {
            separator(sql);
            match maker {
                Maker::Value(table, alias, expression) => {
                    expression::write(sql, alias, table, expression);
                }
                Maker::Present(table, alias, column) => present(sql, alias, table, column),
            }
        }
    }

    /// Writes an order of groups by what of the joined rows tells them apart.
    pub(super) fn order_by(&self, sql: &mut Sql<'_>, mut separator: impl FnMut(&mut Sql<'_>)) {
        for maker in self.makers() {
            separator(sql);
            match maker {
                Maker::Value(table, alias, expression) => {
                    expression::write_collated(sql, alias, table, expression);
                }
                Maker::Present(table, alias, column) => present(sql, alias, table, column),
            }
            sql.push(" ASC NULLS LAST");
        }
    }

    fn makers(&self) -> impl Iterator<Item = Maker<'_>> {
        self.list.iter().flat_map(|joined| {
            let (table, alias) = (&*joined.embed.select.table, joined.alias.as_str());
            let values = joined.embed.select.output.iter().filter_map(move |o| match &o.value {
                OutputValue::Expression(expression) => Some(Maker::Value(table, alias, expression)),
                _ => None,
            });
            let present = (!joined.embed.spread)
                .then(|| Maker::Present(table, alias, joined.embed.relation.to[0]));
            values.chain(present)
        })
    }
}

fn collect<'a>(
    sql: &mut Sql<'_>,
    select: &'a Select,
    parent: Option<usize>,
    list: &mut Vec<Joined<'a>>,
) {
    for output in &select.output {
        if let OutputValue::Embed(embed) = &output.value {
            list.push(Joined { embed, parent, alias: sql.alias() });
            let position = list.len() - 1;
            collect(sql, &embed.select, Some(position), list);
        }
    }
}

/// Writes whether there is a joined row, by the column that joins it.
pub(super) fn present(sql: &mut Sql<'_>, alias: &str, table: &Table, column: usize) {
    sql.push("(").push_column(alias, table, column).push(" IS NOT NULL)");
}

impl Select {
    /// Whether it shows groups of records.
    pub fn is_grouped(&self) -> bool {
        is_grouped(self)
    }

    /// Whether all records make one group, which is there without any record too.
    pub fn is_one_group(&self) -> bool {
        fn makes_groups(select: &Select) -> bool {
            select.output.iter().any(|output| match &output.value {
                OutputValue::Expression(_) => true,
                OutputValue::Embed(embed) => !embed.spread || makes_groups(&embed.select),
                OutputValue::Aggregate { .. } | OutputValue::Masked(_) => false,
            })
        }
        let told = self.group.as_ref().is_some_and(|group| !group.is_empty());
        is_grouped(self) && !told && !makes_groups(self)
    }

    /// Whether something holds for a table that is joined to its groups.
    pub(crate) fn joins_any(&self, holds: &mut impl FnMut(&Table) -> bool) -> bool {
        self.output.iter().any(|output| match &output.value {
            OutputValue::Embed(embed) => {
                let select = &embed.select;
                holds(&select.table) || select.filter.any_table(holds) || select.joins_any(holds)
            }
            _ => false,
        })
    }
}
