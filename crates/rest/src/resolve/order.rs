//! Orders, of a level's own columns and of those of its to-one relations.

use super::level::Join;
use super::{expression, not_embedded};
use crate::dialect::ast::{Direction as Asked, Nulls, OrderTerm};
use crate::error::{Fault, Result};
use mainstay_entity::{Direction, Table};
use mainstay_store::{Order, OrderBy};

/// Where the terms of an order are looked up.
pub(super) struct OrderTerms<'s, 'a> {
    pub(super) table: &'s Table,
    pub(super) joins: &'s [Join<'a>],
}

impl OrderTerms<'_, '_> {
    pub(super) fn resolve(&self, terms: &[OrderTerm]) -> Result<Vec<Order>> {
        terms.iter().map(|term| self.term(term)).collect()
    }

    fn term(&self, term: &OrderTerm) -> Result<Order> {
        let direction = match term.direction {
            None | Some(Asked::Asc) => Direction::Ascending,
            Some(Asked::Desc) => Direction::Descending,
        };
        let nulls_first = match term.nulls {
            Some(nulls) => nulls == Nulls::First,
            None => direction == Direction::Descending,
        };
        let by = match &term.relation {
            None => OrderBy::Expression(expression::of_field(self.table, &term.field)?),
            Some(name) => self.related(name, term)?,
        };
        Ok(Order { by, direction, nulls_first })
    }

    fn related(&self, name: &str, term: &OrderTerm) -> Result<OrderBy> {
        let join = self.joins.iter().find(|join| join.name() == name);
        let join = join.ok_or_else(|| not_embedded(name))?;
        if !join.relation.to_one {
            let own = &self.table.meta.table;
            let message = format!("A related order on '{name}' is not possible");
            let details = format!(
                "'{own}' and '{name}' do not form a many-to-one or one-to-one relationship"
            );
            return Err(Fault::new("PGRST118", message).details(details).into());
        }
        Ok(OrderBy::Related {
            relation: join.relation.clone(),
            expression: expression::of_field(&join.table, &term.field)?,
            table: join.table.clone(),
            filter: Box::new(join.shown_filter()),
        })
    }
}
