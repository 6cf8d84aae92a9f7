//! Views, which hold no rows: what changes is dropped and made anew.
//!
//! Neither engine lets a column go or change its type while a view shows it, so views go before
//! the steps that touch their tables and come back after them.

use super::plan::Step;
use crate::render::Dialect;
use crate::schema::{Object, ObjectKind};

/// Adds what views need around all other steps.
pub(super) fn add(
    dialect: Dialect,
    declared: &[Object],
    recorded: &[Object],
    steps: &mut Vec<Step>,
) {
    let is_view = |object: &&Object| object.kind == ObjectKind::View;
    let declared: Vec<&Object> = declared.iter().filter(is_view).collect();
    let recorded: Vec<&Object> = recorded.iter().filter(is_view).collect();
    let mut first = Vec::new();
    let mut last = Vec::new();
    let mut stays = Vec::new();
    for old in &recorded {
        let new = declared.iter().find(|new| new.key() == old.key());
        let is_same = new.is_some_and(|new| new.definition == old.definition);
        let goes = !is_same || steps.iter().any(|step| !step.optional && touches(step, old));
        if goes {
            first.push(step("drop", old, old.drop_sql(dialect)));
        } else {
            stays.push(*old);
        }
    }
    for new in &declared {
        if !stays.iter().any(|old| old.key() == new.key()) {
            last.push(step("create", new, new.create_sql(dialect)));
        }
    }
    // A step that may wait for long brings its views back itself.
    for step in steps.iter_mut().filter(|step| step.optional) {
        let touched: Vec<&&Object> = declared.iter().filter(|view| touches(step, view)).collect();
        step.sql.splice(0..0, touched.iter().map(|view| view.drop_sql(dialect)));
        step.sql.extend(touched.iter().map(|view| view.create_sql(dialect)));
    }
    steps.splice(0..0, first);
    steps.append(&mut last);
}

fn step(verb: &str, view: &Object, sql: String) -> Step {
    Step::additive(format!("{verb} view {}", view.table), vec![sql])
}

/// Whether a step changes a table that a view shows.
fn touches(step: &Step, view: &Object) -> bool {
    let changed = step.sql.iter().filter_map(|sql| {
        let rest = sql.strip_prefix("ALTER TABLE ").or_else(|| sql.strip_prefix("DROP TABLE "))?;
        let end = rest.find(' ').unwrap_or(rest.len());
        Some(&rest[..end])
    });
    let mut changed = changed.map(|table| format!(" {table} AS "));
    changed.any(|table| view.definition.contains(&table))
}
