//! Relations of views: a view that shows the columns of a reference of its tables has it too, and
//! one that shows what references refer to is referred to by them.

use mainstay_entity::view::{JoinKind, Place, Role, ViewValue};
use mainstay_entity::{Catalog, ForeignKey, Table};
use mainstay_store::{Filter, Junction, Relation};
use std::sync::Arc;

/// A way between two tables of which one at least is a view.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ViewWay {
    /// The reference's constraint, or the table between.
    pub(super) name: String,
    pub(super) relation: Relation,
    /// Whether the reference leads from the start to the target.
    pub(super) forward: bool,
}

/// A table as a table or view shows it.
struct Face<'c> {
    table: &'c Table,
    /// The view that shows it and the position of its source there; none for the table itself.
    shown: Option<(&'c Table, usize)>,
    /// Whether each of its rows is shown once at most.
    once: bool,
}

impl Face<'_> {
    /// Where columns of the table are shown.
    fn columns(&self, columns: &[usize]) -> Option<Vec<usize>> {
        let Some((view, source)) = self.shown else {
            return Some(columns.to_vec());
        };
        let plan = view.view.as_ref()?;
        columns
            .iter()
            .map(|column| {
                // Tables of a view are joined within an organisation.
                if Some(*column) == self.table.tenant_column() {
                    return view.tenant_column();
                }
                let place = Place { source, column: *column };
                plan.values.iter().position(|v| matches!(v, ViewValue::Column(p) if *p == place))
            })
            .collect()
    }
}

fn faces(table: &Table) -> Vec<Face<'_>> {
    let Some(plan) = &table.view else {
        return vec![Face { table, shown: None, once: true }];
    };
    let shown = plan
        .sources
        .iter()
        .enumerate()
        .filter(|(_, source)| !matches!(source.role, Role::Join(JoinKind::Related)));
    shown
        .map(|(position, source)| Face {
            table: &source.table,
            shown: Some((table, position)),
            once: source.role == Role::From && !plan.grouped,
        })
        .collect()
}

/// The ways that views have from their tables' references.
pub(super) fn ways(catalog: &Catalog, origin: &Table, target: &Table) -> Vec<ViewWay> {
    let mut found = Vec::new();
    if !origin.is_view() && !target.is_view() {
        return found;
    }
    let (starts, ends) = (faces(origin), faces(target));
    for start in &starts {
        for end in &ends {
            for key in start.table.foreign_keys.iter().filter(|key| key.target == end.table.id) {
                add(&mut found, forward(key, start, end));
            }
            for key in end.table.foreign_keys.iter().filter(|key| key.target == start.table.id) {
                add(&mut found, backward(key, start, end));
            }
            for (between, position) in &start.table.referenced_by {
                let between = catalog.table(*between);
                let first = &between.foreign_keys[*position];
                for second in &between.foreign_keys {
                    let relates = second.target == end.table.id
                        && end.table.id != start.table.id
                        && !between.is_view()
                        && super::relation::is_junction(
                            between,
                            (first, start.table),
                            (second, end.table),
                        );
                    if relates {
                        add(&mut found, through(between, (first, start), (second, end)));
                    }
                }
            }
        }
    }
    found
}

fn add(found: &mut Vec<ViewWay>, way: Option<ViewWay>) {
    found.extend(way.filter(|way| !found.contains(way)));
}

fn forward(key: &ForeignKey, start: &Face<'_>, end: &Face<'_>) -> Option<ViewWay> {
    let (from, to) = (start.columns(&key.columns)?, end.columns(&key.target_columns)?);
    let relation = Relation { from, to, to_one: end.once, junction: None, take: None };
    Some(ViewWay { name: key.name.clone(), relation, forward: true })
}

fn backward(key: &ForeignKey, start: &Face<'_>, end: &Face<'_>) -> Option<ViewWay> {
    let (from, to) = (start.columns(&key.target_columns)?, end.columns(&key.columns)?);
    let to_one = end.once && end.table.is_key(&key.columns);
    let relation = Relation { from, to, to_one, junction: None, take: None };
    Some(ViewWay { name: key.name.clone(), relation, forward: false })
}

fn through(
    between: &Arc<Table>,
    (first, start): (&ForeignKey, &Face<'_>),
    (second, end): (&ForeignKey, &Face<'_>),
) -> Option<ViewWay> {
    let junction = Junction {
        table: between.clone(),
        from: first.columns.clone(),
        to: second.columns.clone(),
        filter: Box::new(Filter::All),
    };
    let relation = Relation {
        from: start.columns(&first.target_columns)?,
        to: end.columns(&second.target_columns)?,
        to_one: false,
        junction: Some(junction),
        take: None,
    };
    Some(ViewWay { name: between.meta.table.to_string(), relation, forward: false })
}
