//! Conditions, joined by `and` and `or`.

use super::level::{Join, inner};
use super::operand::{self, Clocks, Comparison};
use super::{Resolver, expression, search};
use crate::dialect::ast::{
    Condition, Connective, Embed, Filter as Asked, Group, IsValue, Predicate,
};
use crate::error::{Fault, Result};
use mainstay_entity::{Kind, Table};
use mainstay_store::{Expression, Filter, IsState};

impl Resolver<'_> {
    /// All conditions on the rows of a level, with its inner joins.
    pub(super) fn filters(
        &self,
        table: &Table,
        embed: Option<&Embed>,
        joins: &[Join<'_>],
    ) -> Result<Filter> {
        let clocks = Clocks { now: self.context.now, zone: self.zone.as_ref() };
        let level = Conditions { table, joins, clocks };
        let mut parts = Vec::new();
        for asked in self.filters_at(embed) {
            parts.push(level.filter(asked)?);
        }
        match inner(joins) {
            Filter::All => {}
            Filter::And(joined) => parts.extend(joined),
            joined => parts.push(joined),
        }
        Ok(match parts.len() {
            0 => Filter::All,
            1 => parts.remove(0),
            _ => Filter::And(parts),
        })
    }
}

/// Where the conditions of a level are looked up.
struct Conditions<'s, 'a> {
    table: &'s Table,
    joins: &'s [Join<'a>],
    clocks: Clocks<'s>,
}

impl Conditions<'_, '_> {
    fn filter(&self, asked: &Asked) -> Result<Filter> {
        match asked {
            Asked::Condition(condition) => self.condition(condition),
            Asked::Group(group) => self.group(group),
        }
    }

    fn group(&self, group: &Group) -> Result<Filter> {
        let parts = group.filters.iter().map(|f| self.filter(f)).collect::<Result<Vec<_>>>()?;
        let joined = match group.connective {
            Connective::And => Filter::And(parts),
            Connective::Or => Filter::Or(parts),
        };
        Ok(negated(group.negated, joined))
    }

    fn condition(&self, condition: &Condition) -> Result<Filter> {
        if let Some(filter) = self.related(condition)? {
            return Ok(filter);
        }
        let left = expression::of_field(self.table, &condition.field)?;
        let kind = expression::kind(self.table, &left);
        let compare = Comparison {
            table: self.table,
            field: &condition.field,
            left: &left,
            kind: &kind,
            clocks: self.clocks,
        };
        let filter = match &condition.predicate {
            Predicate::Compare { operator, quantifier, value } => {
                compare.compare(*operator, *quantifier, value)?
            }
            Predicate::In(list) => compare.any_of(list)?,
            Predicate::Is(value) => is(left, &kind, *value)?,
            Predicate::Search { mode, language, query } => {
                let language = language.as_deref();
                search::search(&compare, *mode, language, query)?
            }
        };
        Ok(negated(condition.negated, filter))
    }

    /// A condition that names an embed asks whether there is a related record.
    fn related(&self, condition: &Condition) -> Result<Option<Filter>> {
        if !condition.field.path.is_empty() {
            return Ok(None);
        }
        let name = condition.field.name.as_str();
        let Some(join) = self.joins.iter().find(|join| join.name() == name) else {
            return Ok(None);
        };
        let missing = match condition.predicate {
            Predicate::Is(IsValue::Null) => !condition.negated,
            Predicate::Is(IsValue::NotNull) => condition.negated,
            // A foreign key column may have given its name to the embed.
            _ if self.table.readable_index(name).is_some() => return Ok(None),
            _ => {
                let message = format!("Bad operator on the '{name}' embedded resource");
                let details = "Only is null or not null filters are allowed on embedded resources";
                return Err(Fault::new("PGRST120", message).details(details).into());
            }
        };
        Ok(Some(negated(missing, join.exists())))
    }
}

fn negated(negated: bool, filter: Filter) -> Filter {
    match filter {
        filter if !negated => filter,
        Filter::Is { left, state: IsState::Null } => Filter::Is { left, state: IsState::NotNull },
        Filter::Is { left, state: IsState::NotNull } => Filter::Is { left, state: IsState::Null },
        filter => Filter::Not(Box::new(filter)),
    }
}

fn is(left: Expression, kind: &Kind, value: IsValue) -> Result<Filter> {
    let state = match value {
        IsValue::Null => IsState::Null,
        IsValue::NotNull => IsState::NotNull,
        IsValue::True => IsState::True,
        IsValue::False => IsState::False,
        IsValue::Unknown => IsState::Unknown,
    };
    let of_boolean = !matches!(state, IsState::Null | IsState::NotNull);
    if of_boolean && *kind != Kind::Boolean {
        return Err(operand::not_boolean(value, kind).into());
    }
    Ok(Filter::Is { left, state })
}
