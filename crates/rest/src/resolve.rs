//! Resolving: the names of a parsed request become columns, relations and typed values.
//!
//! The result is a [`Select`] on metadata. What the caller may not see is left out of `*` here;
//! everything else that policy has to say, the kernel says when the select is read.

mod aggregate;
mod cast;
mod expression;
mod face;
mod filter;
mod group;
mod level;
mod member;
mod operand;
mod order;
mod relation;
mod search;
mod unite;

pub(crate) use expression::column_index;
pub(crate) use level::{Purpose, is_companion, is_plain};

use level::Place;

use crate::dialect::ast::{Embed, Placed, SelectItem};
use crate::dialect::{Filter as AskedFilter, QueryParams};
use crate::error::{Fault, Result};
use crate::request::Settings;
use jiff::tz::TimeZone;
use mainstay_entity::{Catalog, Table};
use mainstay_kernel::Context;
use mainstay_store::{Filter, Select};
use std::sync::Arc;

/// Resolves one request.
pub(crate) struct Resolver<'a> {
    catalog: &'a Catalog,
    context: &'a Context,
    settings: &'a Settings,
    params: &'a QueryParams,
    zone: Option<TimeZone>,
}

impl<'a> Resolver<'a> {
    /// A resolver of a request's parameters.
    pub(crate) fn new(
        catalog: &'a Catalog,
        context: &'a Context,
        settings: &'a Settings,
        params: &'a QueryParams,
    ) -> Self {
        Self { catalog, context, settings, params, zone: None }
    }

    /// The same where instants without an offset are those of a zone's clocks.
    #[must_use]
    pub(crate) fn in_zone(self, zone: Option<TimeZone>) -> Self {
        Self { zone, ..self }
    }

    /// What the request shows of a table: of the rows that match its filters, or of rows that it
    /// writes.
    pub(crate) fn select(&self, table: &Arc<Table>, purpose: Purpose) -> Result<Select> {
        self.check_depth()?;
        self.check_paths()?;
        let mut select = self.level(table, &self.params.select, Place::root(purpose))?;
        self.unite(&mut select, purpose)?;
        Ok(select)
    }

    /// The rows that a write changes: the filters on the table itself.
    pub(crate) fn target_filter(&self, table: &Table) -> Result<Filter> {
        self.check_paths()?;
        self.filters(table, None, &[])
    }

    /// Whether something placed at `path` belongs to an embed; none is the root.
    fn is_at(&self, path: &[String], embed: Option<&Embed>) -> bool {
        match embed {
            None => path.is_empty(),
            Some(embed) => {
                !path.is_empty() && self.embed_at(path).is_ok_and(|e| std::ptr::eq(e, embed))
            }
        }
    }

    fn check_depth(&self) -> Result<()> {
        let most = self.settings.max_embed_depth;
        if depth(&self.params.select) > most {
            let what = format!("Embedding of more than {most} levels.");
            return Err(Fault::unsupported(what).into());
        }
        Ok(())
    }

    /// Everything that is placed at an embed must have one.
    fn check_paths(&self) -> Result<()> {
        let params = self.params;
        let paths = params
            .filters
            .iter()
            .map(|placed| &placed.path)
            .chain(params.order.iter().map(|placed| &placed.path))
            .chain(params.ranges.iter().map(|placed| &placed.path));
        for path in paths.filter(|path| !path.is_empty()) {
            self.embed_at(path)?;
        }
        Ok(())
    }

    fn embed_at(&self, path: &[String]) -> Result<&'a Embed> {
        let mut items = self.params.select.as_slice();
        let mut found = None;
        for name in path {
            let embed = find_embed(items, name).ok_or_else(|| not_embedded(name))?;
            items = &embed.select;
            found = Some(embed);
        }
        found.ok_or_else(|| not_embedded("").into())
    }

    /// The filters that are placed at a level.
    fn filters_at<'s>(
        &'s self,
        embed: Option<&'s Embed>,
    ) -> impl Iterator<Item = &'a AskedFilter> + use<'s, 'a> {
        at(self, &self.params.filters, embed)
    }
}

/// What is placed at a level.
fn at<'s, 'a, T>(
    resolver: &'s Resolver<'a>,
    placed: &'a [Placed<T>],
    embed: Option<&'s Embed>,
) -> impl Iterator<Item = &'a T> + use<'s, 'a, T> {
    placed.iter().filter(move |p| resolver.is_at(&p.path, embed)).map(|p| &p.item)
}

/// The embed that a name of a path means: by its alias, else by its table when no other embed of
/// the level has that table or name.
fn find_embed<'a>(items: &'a [SelectItem], name: &str) -> Option<&'a Embed> {
    let embeds = || {
        items
            .iter()
            .filter_map(|item| if let SelectItem::Embed(embed) = item { Some(embed) } else { None })
    };
    if let Some(embed) = embeds().find(|embed| embed_name(embed) == name) {
        return Some(embed);
    }
    let mut of_table = embeds().filter(|embed| embed.relation == name);
    of_table.next().filter(|_| of_table.next().is_none())
}

/// How many levels of related tables are below some items; the parser has bounded them.
fn depth(items: &[SelectItem]) -> usize {
    let below = |item: &SelectItem| match item {
        SelectItem::Embed(embed) => 1 + depth(&embed.select),
        _ => 0,
    };
    items.iter().map(below).max().unwrap_or(0)
}

/// The name by which an embed is answered and addressed.
fn embed_name(embed: &Embed) -> &str {
    embed.alias.as_deref().unwrap_or(&embed.relation)
}

fn not_embedded(name: &str) -> Fault {
    Fault::new("PGRST108", format!("'{name}' is not an embedded resource in this request"))
        .hint(format!("Verify that '{name}' is included in the 'select' query parameter."))
}

#[cfg(test)]
mod tests;
