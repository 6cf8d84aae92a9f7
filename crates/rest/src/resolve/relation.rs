//! Relations: which way leads from a table to the one that an embed names.
//!
//! Every reference leads both ways, and a table whose key is made of two references relates their
//! targets many-to-many, a table to itself too. A declared relationship comes before all that have
//! its name; views have the references of the columns that they show, where no other way is meant.
//! The column that isolates organisations belongs to every reference between tenant tables; hints
//! and messages leave it out.

use super::Resolver;
use super::face::{self, ViewWay};
use crate::dialect::ast::Embed;
use crate::error::{Fault, Result};
use crate::nearest::nearest;
use mainstay_entity::json::escape_into;
use mainstay_entity::{Catalog, Direction, ForeignKey, NamedRelation, Table};
use mainstay_store::{Expression, Filter, Junction, Order, OrderBy, Relation, Take};
use std::sync::Arc;

/// A way from one table to another.
struct Way<'c> {
    target: &'c Arc<Table>,
    kind: WayKind<'c>,
}

enum WayKind<'c> {
    /// By a reference of the table where it starts.
    Forward(&'c ForeignKey),
    /// By a reference to the table where it starts.
    Backward(&'c ForeignKey),
    /// By a table between: its reference to the start, and the one to the target.
    Through(&'c Arc<Table>, &'c ForeignKey, &'c ForeignKey),
    /// By a reference of a table that a view shows.
    View(ViewWay),
}

/// The relation that an embed means.
pub(super) struct Found {
    pub(super) relation: Relation,
    pub(super) table: Arc<Table>,
    /// The order of related records when a request asks for none.
    pub(super) order: Vec<Order>,
}

impl Resolver<'_> {
    /// The relation that an embed means, and its table.
    pub(super) fn relation(&self, origin: &Arc<Table>, asked: &Embed) -> Result<Found> {
        if let Some(named) = origin.relations.iter().find(|named| named.name == asked.relation) {
            return Ok(named_relation(self.catalog.table(named.target), named));
        }
        let mut found = Vec::new();
        for_each_way(self.catalog, origin, |way| {
            if way.is_meant(origin, asked) {
                found.push(way);
            }
        });
        if found.is_empty() {
            found = view_ways(self.catalog, origin, asked);
        }
        match found.as_slice() {
            [way] => Ok(Found {
                relation: way.relation(origin),
                table: way.target.clone(),
                order: Vec::new(),
            }),
            [] => Err(no_relation(self.catalog, origin, asked).into()),
            several => Err(ambiguous(origin, asked, several).into()),
        }
    }
}

fn for_each_way<'c>(catalog: &'c Catalog, origin: &'c Arc<Table>, mut give: impl FnMut(Way<'c>)) {
    for key in &origin.foreign_keys {
        give(Way { target: catalog.table(key.target), kind: WayKind::Forward(key) });
    }
    for (source, position) in &origin.referenced_by {
        let source = catalog.table(*source);
        let key = &source.foreign_keys[*position];
        give(Way { target: source, kind: WayKind::Backward(key) });
        for (other_position, other) in source.foreign_keys.iter().enumerate() {
            let target = catalog.table(other.target);
            if other_position != *position
                && !source.is_view()
                && source.id != target.id
                && is_junction(source, (key, origin), (other, target))
            {
                give(Way { target, kind: WayKind::Through(source, key, other) });
            }
        }
    }
}

/// The ways of views that an embed means.
fn view_ways<'c>(catalog: &'c Catalog, origin: &Table, asked: &Embed) -> Vec<Way<'c>> {
    let hint = asked.hint.as_deref();
    let mut found = Vec::new();
    for target in catalog.tables().iter().filter(|t| t.meta.table == asked.relation) {
        for way in face::ways(catalog, origin, target) {
            let meant = hint.is_none_or(|hint| {
                way.name == hint
                    || is_single(origin, &way.relation.from, hint)
                    || is_single(target, &way.relation.to, hint)
            });
            if meant {
                found.push(Way { target, kind: WayKind::View(way) });
            }
        }
    }
    found
}

/// A declared relationship.
fn named_relation(target: &Arc<Table>, named: &NamedRelation) -> Found {
    // A key has one row by itself.
    let first = named.limit.filter(|_| !target.is_key(&named.target_columns));
    let take = first.map(|limit| Take {
        order: named.order.clone(),
        limit: u64::from(limit),
        filter: Box::new(Filter::All),
    });
    let order = named.order.iter().map(|(column, direction)| Order {
        by: OrderBy::Expression(Expression::column(*column)),
        direction: *direction,
        nulls_first: *direction == Direction::Descending,
    });
    let relation = Relation {
        from: named.columns.clone(),
        to: named.target_columns.clone(),
        to_one: named.to_one,
        junction: None,
        take,
    };
    Found { relation, table: target.clone(), order: order.collect() }
}

/// Whether two references of a table make up a key of it, so that it relates their targets.
pub(super) fn is_junction(
    between: &Table,
    (first, first_target): (&ForeignKey, &Table),
    (second, second_target): (&ForeignKey, &Table),
) -> bool {
    let covers = |key: &[usize]| {
        first.columns.iter().chain(&second.columns).all(|column| key.contains(column))
    };
    let equals = |key: &[usize]| {
        covers(key) && key.iter().all(|c| first.columns.contains(c) || second.columns.contains(c))
    };
    // Every tenant table refers to its organisation, which relates it to other tenant tables
    // directly; only tables of the installation are reached from an organisation through one.
    let of_organization = named_columns(between, &first.columns).next().is_none()
        || named_columns(between, &second.columns).next().is_none();
    let both_inside =
        first_target.tenant_column().is_some() || second_target.tenant_column().is_some();
    let keys = || {
        let uniques = between.uniques.iter().filter(|u| u.filter.is_none());
        std::iter::once(between.primary_key.as_slice()).chain(uniques.map(|u| u.columns.as_slice()))
    };
    if of_organization { !both_inside && keys().any(equals) } else { keys().any(covers) }
}

/// The names of columns, without the one that isolates organisations.
fn named_columns<'t>(
    table: &'t Table,
    columns: &'t [usize],
) -> impl Iterator<Item = &'t str> + use<'t> {
    let tenant = table.tenant_column();
    columns.iter().filter(move |c| Some(**c) != tenant).map(|c| table.column_name(*c))
}

/// Whether the columns are a single one of this name.
fn is_single(table: &Table, columns: &[usize], name: &str) -> bool {
    if let [tenant] = columns {
        return table.column_name(*tenant) == name;
    }
    let mut names = named_columns(table, columns);
    names.next() == Some(name) && names.next().is_none()
}

impl Way<'_> {
    fn is_meant(&self, origin: &Table, asked: &Embed) -> bool {
        let hint = asked.hint.as_deref();
        if self.target.id == origin.id {
            return self.is_meant_of_itself(origin, &asked.relation, hint);
        }
        self.leads_to(origin, &asked.relation)
            && hint.is_none_or(|hint| self.has_hint(origin, hint))
    }

    /// A reference of a table to itself: the referring column's name leads up; the table's name,
    /// or a hint beside it, leads down. A table between leads by the reference to the related rows.
    fn is_meant_of_itself(&self, origin: &Table, name: &str, hint: Option<&str>) -> bool {
        match (&self.kind, hint) {
            (WayKind::Forward(key), None) => is_single(origin, &key.columns, name),
            (WayKind::Backward(_), None) => origin.meta.table == name,
            (WayKind::Backward(key), Some(hint)) => {
                origin.meta.table == name
                    && (key.name == hint || is_single(origin, &key.columns, hint))
            }
            (WayKind::Through(between, _, to), Some(hint)) => {
                origin.meta.table == name
                    && (between.meta.table == hint
                        || to.name == hint
                        || is_single(between, &to.columns, hint))
            }
            _ => false,
        }
    }

    /// Whether an embed's name is this way's: the table, the constraint or the referring column.
    fn leads_to(&self, origin: &Table, name: &str) -> bool {
        self.target.meta.table == name
            || match &self.kind {
                WayKind::Forward(key) => key.name == name || is_single(origin, &key.columns, name),
                WayKind::Backward(key) => key.name == name,
                WayKind::Through(..) | WayKind::View(_) => false,
            }
    }

    /// Whether a hint is this way's: the constraint, a column at either end, or the table between.
    fn has_hint(&self, origin: &Table, hint: &str) -> bool {
        match &self.kind {
            WayKind::Forward(key) => {
                key.name == hint
                    || is_single(origin, &key.columns, hint)
                    || is_single(self.target, &key.target_columns, hint)
            }
            WayKind::Backward(key) => {
                key.name == hint
                    || is_single(self.target, &key.columns, hint)
                    || is_single(origin, &key.target_columns, hint)
            }
            WayKind::Through(between, ..) => between.meta.table == hint,
            WayKind::View(way) => way.name == hint,
        }
    }

    fn is_to_one(&self) -> bool {
        match &self.kind {
            WayKind::Forward(_) => true,
            WayKind::Backward(key) => self.target.is_key(&key.columns),
            WayKind::Through(..) => false,
            WayKind::View(way) => way.relation.to_one,
        }
    }

    fn relation(&self, origin: &Table) -> Relation {
        let to_one = self.is_to_one();
        match &self.kind {
            WayKind::Forward(key) => Relation {
                from: key.columns.clone(),
                to: key.target_columns.clone(),
                to_one,
                junction: None,
                take: None,
            },
            WayKind::Backward(key) => Relation {
                from: key.target_columns.clone(),
                to: key.columns.clone(),
                to_one,
                junction: None,
                take: None,
            },
            WayKind::Through(between, first, second) => {
                debug_assert_eq!(first.target, origin.id, "the way starts here");
                Relation {
                    from: first.target_columns.clone(),
                    to: second.target_columns.clone(),
                    to_one,
                    junction: Some(Junction {
                        table: (*between).clone(),
                        from: first.columns.clone(),
                        to: second.columns.clone(),
                        filter: Box::new(Filter::All),
                    }),
                    take: None,
                }
            }
            WayKind::View(way) => way.relation.clone(),
        }
    }

    fn cardinality(&self, origin: &Table) -> &'static str {
        match &self.kind {
            WayKind::Forward(key) if origin.is_key(&key.columns) => "one-to-one",
            WayKind::Forward(_) => "many-to-one",
            WayKind::Backward(_) if self.is_to_one() => "one-to-one",
            WayKind::Backward(_) => "one-to-many",
            WayKind::Through(..) => "many-to-many",
            WayKind::View(way) => match (way.forward, way.relation.to_one) {
                _ if way.relation.junction.is_some() => "many-to-many",
                (true, _) => "many-to-one",
                (false, true) => "one-to-one",
                (false, false) => "one-to-many",
            },
        }
    }

    /// The hint that tells this way from the others.
    fn distinctive(&self) -> &str {
        match &self.kind {
            WayKind::Forward(key) | WayKind::Backward(key) => &key.name,
            WayKind::Through(_, from, to) if from.target == to.target => &to.name,
            WayKind::Through(between, ..) => &between.meta.table,
            WayKind::View(way) => &way.name,
        }
    }

    /// How PostgREST describes the way in an error.
    fn description(&self, origin: &Table) -> String {
        let side = |table: &Table, columns: &[usize]| {
            let mut names = named_columns(table, columns).collect::<Vec<_>>().join(", ");
            if names.is_empty() {
                names = columns.iter().map(|c| table.column_name(*c)).collect();
            }
            names
        };
        let end = |table: &Table, columns: &[usize]| {
            format!("{}({})", table.meta.table, side(table, columns))
        };
        match &self.kind {
            WayKind::Forward(key) => {
                let (from, to) = (end(origin, &key.columns), end(self.target, &key.target_columns));
                format!("{} using {from} and {to}", key.name)
            }
            WayKind::Backward(key) => {
                let (from, to) = (end(origin, &key.target_columns), end(self.target, &key.columns));
                format!("{} using {from} and {to}", key.name)
            }
            WayKind::View(way) => {
                let from = end(origin, &way.relation.from);
                format!("{} using {from} and {}", way.name, end(self.target, &way.relation.to))
            }
            WayKind::Through(between, first, second) => format!(
                "{} using {}({}) and {}({})",
                between.meta.table,
                first.name,
                side(between, &first.columns),
                second.name,
                side(between, &second.columns)
            ),
        }
    }
}

fn no_relation(catalog: &Catalog, origin: &Arc<Table>, asked: &Embed) -> Fault {
    let (from, to) = (&origin.meta.table, &asked.relation);
    let using = match &asked.hint {
        Some(hint) => format!(" using the hint '{hint}'"),
        None => String::new(),
    };
    let message =
        format!("Could not find a relationship between '{from}' and '{to}' in the schema cache");
    let details = format!(
        "Searched for a foreign key relationship between '{from}' and '{to}'{using} in the schema \
         '{}', but no matches were found.",
        origin.meta.schema
    );
    let mut related = Vec::new();
    for_each_way(catalog, origin, |way| related.push(way.target.meta.table.as_ref()));
    related.extend(origin.relations.iter().map(|named| named.name.as_str()));
    let fault = Fault::new("PGRST200", message).details(details);
    match nearest(to, related) {
        Some(name) if name != to => {
            fault.hint(format!("Perhaps you meant '{name}' instead of '{to}'."))
        }
        _ => fault,
    }
}

fn ambiguous(origin: &Table, asked: &Embed, ways: &[Way<'_>]) -> Fault {
    let (from, to) = (&origin.meta.table, &asked.relation);
    let mut details = vec![b'['];
    for (position, way) in ways.iter().enumerate() {
        if position > 0 {
            details.push(b',');
        }
        let with = format!("{from} with {}", way.target.meta.table);
        details.extend_from_slice(b"{\"cardinality\":");
        escape_into(&mut details, way.cardinality(origin));
        details.extend_from_slice(b",\"embedding\":");
        escape_into(&mut details, &with);
        details.extend_from_slice(b",\"relationship\":");
        escape_into(&mut details, &way.description(origin));
        details.push(b'}');
    }
    details.push(b']');
    let choices: Vec<String> =
        ways.iter().map(|way| format!("'{to}!{}'", way.distinctive())).collect();
    let message = format!(
        "Could not embed because more than one relationship was found for '{from}' and '{to}'"
    );
    Fault::new("PGRST201", message)
        .details_json(String::from_utf8_lossy(&details).into_owned())
        .hint(format!(
            "Try changing '{to}' to one of the following: {}. Find the desired relationship in \
             the 'details' key.",
            choices.join(", ")
        ))
}
