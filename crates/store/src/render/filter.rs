//! Filters.

use super::expression::{kind_of, write, write_collated, write_comparable};
use super::{Dialect, Sql, column, scope, search, take, view};
use crate::query::{Compare, Expression, Filter, IsState, Relation};
use mainstay_entity::pattern::Pattern;
use mainstay_entity::{Kind, Table, Value, like, range};

/// Writes a filter as one condition.
pub(super) fn filter(sql: &mut Sql<'_>, alias: &str, table: &Table, filter_: &Filter) {
    match filter_ {
        Filter::All => {
            sql.push("TRUE");
        }
        Filter::And(parts) => list(sql, alias, table, parts, " AND ", "TRUE"),
        Filter::Or(parts) => or(sql, alias, table, parts),
        Filter::Not(inner) => not(sql, alias, table, inner),
        Filter::Compare { left, op, right } => compare(sql, alias, table, left, *op, right),
        Filter::In { left, list } => in_list(sql, alias, table, left, list),
        Filter::Is { left, state } => is(sql, alias, table, left, *state),
        Filter::Search { column, query } => search::search(sql, alias, table, *column, query),
        Filter::Exists { relation, table: other, filter: inner, skip } => {
            exists(sql, (alias, table), relation, other, (inner, *skip));
        }
    }
}

/// Alternatives that are all searches begin with the words of all of them.
fn or(sql: &mut Sql<'_>, alias: &str, table: &Table, parts: &[Filter]) {
    let asked: Option<Vec<_>> = parts
        .iter()
        .map(|part| match part {
            Filter::Search { column, query } => Some((*column, &**query)),
            _ => None,
        })
        .collect();
    let narrowed = asked.is_some_and(|asked| search::some_of(sql, alias, table, &asked));
    if narrowed {
        sql.push(" AND ");
    }
    list(sql, alias, table, parts, " OR ", "FALSE");
    if narrowed {
        sql.push(")");
    }
}

/// Writes that a condition does not hold. A search is false where its column is null, so what is
/// null there in SQL's logic is put in its place: negation goes down to it.
fn not(sql: &mut Sql<'_>, alias: &str, table: &Table, inner: &Filter) {
    let negated = |parts: &[Filter]| -> Vec<Filter> {
        parts.iter().map(|part| Filter::Not(Box::new(part.clone()))).collect()
    };
    match inner {
        Filter::Not(twice) if has_search(inner) => filter(sql, alias, table, twice),
        Filter::And(parts) if has_search(inner) => {
            list(sql, alias, table, &negated(parts), " OR ", "FALSE");
        }
        Filter::Or(parts) if has_search(inner) => {
            list(sql, alias, table, &negated(parts), " AND ", "TRUE");
        }
        Filter::Search { column: searched, .. } => {
            sql.push("(").push(&column(alias, table, *searched)).push(" IS NOT NULL AND NOT ");
            filter(sql, alias, table, inner);
            sql.push(")");
        }
        _ => {
            sql.push("NOT (");
            filter(sql, alias, table, inner);
            sql.push(")");
        }
    }
}

fn has_search(filter: &Filter) -> bool {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().any(has_search),
        Filter::Not(inner) => has_search(inner),
        Filter::Search { .. } => true,
        _ => false,
    }
}

fn list(
    sql: &mut Sql<'_>,
    alias: &str,
    table: &Table,
    parts: &[Filter],
    between: &str,
    empty: &str,
) {
    if parts.is_empty() {
        sql.push(empty);
        return;
    }
    sql.push("(");
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            sql.push(between);
        }
        filter(sql, alias, table, part);
    }
    sql.push(")");
}

fn compare(
    sql: &mut Sql<'_>,
    alias: &str,
    table: &Table,
    left: &Expression,
    op: Compare,
    right: &Value,
) {
    let kind = kind_of(table, left);
    match op {
        Compare::Like | Compare::ILike => pattern(sql, alias, table, left, op, right),
        Compare::Match | Compare::IMatch => matches(sql, alias, table, left, op, right),
        Compare::Contains | Compare::ContainedBy | Compare::Overlaps | Compare::Range(_) => {
            contains(sql, alias, table, left, op, right);
        }
        _ if kind == Kind::Json && sql.dialect == Dialect::Sqlite => {
            compare_json(sql, alias, table, left, op, right);
        }
        Compare::Eq | Compare::Ne => {
            write_comparable(sql, alias, table, left);
            sql.push(symbol(op));
            sql.bind(&kind, right.clone());
        }
        Compare::Distinct => {
            write_comparable(sql, alias, table, left);
            sql.push(match sql.dialect {
                Dialect::Postgres => " IS DISTINCT FROM ",
                Dialect::Sqlite => " IS NOT ",
            });
            sql.bind(&kind, right.clone());
        }
        _ => {
            write_collated(sql, alias, table, left);
            sql.push(symbol(op));
            sql.bind(&kind, right.clone());
        }
    }
}

fn symbol(op: Compare) -> &'static str {
    match op {
        Compare::Eq => " = ",
        Compare::Ne => " <> ",
        Compare::Gt => " > ",
        Compare::Ge => " >= ",
        Compare::Lt => " < ",
        Compare::Le => " <= ",
        Compare::Distinct => " IS DISTINCT FROM ",
        Compare::Like | Compare::ILike => " LIKE ",
        Compare::Contains => " @> ",
        Compare::ContainedBy => " <@ ",
        Compare::Overlaps => " && ",
        Compare::Match | Compare::IMatch => " ~ ",
        Compare::Range(asked) => {
            let symbol = range::Relation::ALL.into_iter().find(|(known, _)| *known == asked);
            symbol.map_or("", |(_, symbol)| symbol)
        }
    }
}

/// JSON compares by `jsonb`'s order, which `SQLite` gets from a function.
fn compare_json(
    sql: &mut Sql<'_>,
    alias: &str,
    table: &Table,
    left: &Expression,
    op: Compare,
    right: &Value,
) {
    if op == Compare::Distinct {
        // Null compares as null; a difference in nullness decides then.
        sql.push("coalesce(ms_json_compare(");
        write(sql, alias, table, left);
        sql.push(", ");
        sql.bind(&Kind::Json, right.clone());
        sql.push(") <> 0, (");
        write(sql, alias, table, left);
        sql.push(" IS NULL) <> (");
        sql.bind(&Kind::Json, right.clone());
        sql.push(" IS NULL))");
        return;
    }
    sql.push("ms_json_compare(");
    write(sql, alias, table, left);
    sql.push(", ");
    sql.bind(&Kind::Json, right.clone());
    sql.push(")").push(symbol(op)).push("0");
}

/// `like` and `ilike`; both sides of the latter are folded by one definition
/// ([`mainstay_entity::like::fold`], which `PostgreSQL`'s ICU lower-casing follows).
fn pattern(
    sql: &mut Sql<'_>,
    alias: &str,
    table: &Table,
    left: &Expression,
    op: Compare,
    right: &Value,
) {
    let text = Kind::Text { max: None };
    let insensitive = op == Compare::ILike;
    match sql.dialect {
        Dialect::Sqlite => {
            sql.push(if insensitive { "ms_ilike(" } else { "ms_like(" });
            write(sql, alias, table, left);
            sql.push(", ");
            sql.bind(&text, right.clone());
            sql.push(")");
        }
        Dialect::Postgres if insensitive => {
            sql.push("replace(lower(");
            write(sql, alias, table, left);
            sql.push(" COLLATE \"und-x-icu\"), 'ς', 'σ') LIKE ");
            let folded = match right {
                Value::Text(pattern) => Value::Text(like::fold(pattern).into_owned()),
                other => other.clone(),
            };
            sql.bind(&text, folded);
        }
        Dialect::Postgres => {
            write(sql, alias, table, left);
            sql.push(" LIKE ");
            sql.bind(&text, right.clone());
        }
    }
}

/// A regular expression, which both engines get in one form ([`Pattern`]).
fn matches(
    sql: &mut Sql<'_>,
    alias: &str,
    table: &Table,
    left: &Expression,
    op: Compare,
    right: &Value,
) {
    let folded = op == Compare::IMatch;
    let text = Kind::Text { max: None };
    if sql.dialect == Dialect::Sqlite {
        sql.push(if folded { "ms_imatch(" } else { "ms_match(" });
        write(sql, alias, table, left);
        sql.push(", ");
        sql.bind(&text, right.clone());
        sql.push(")");
        return;
    }
    if folded {
        sql.push("replace(lower(");
        write(sql, alias, table, left);
        sql.push(" COLLATE \"und-x-icu\"), 'ς', 'σ')");
    } else {
        write(sql, alias, table, left);
    }
    sql.push(" COLLATE \"C\" ~ ");
    // One that can't be read is left to the server to refuse.
    let pattern = right.as_text().and_then(|text| Pattern::parse(text, folded).ok());
    let pattern = pattern.map_or_else(|| right.clone(), |p| Value::Text(p.postgres()));
    sql.bind(&text, pattern);
}

/// How one range stands to another.
fn compare_ranges(
    sql: &mut Sql<'_>,
    (alias, table, left): (&str, &Table, &Expression),
    kind: &Kind,
    op: Compare,
    right: &Value,
) {
    let operator = symbol(op).trim();
    match sql.dialect {
        Dialect::Postgres => {
            write(sql, alias, table, left);
            sql.push(" ").push(operator).push(" ");
            sql.bind(kind, right.clone());
            sql.push("::").push(&kind.name());
        }
        Dialect::Sqlite => {
            sql.push(&format!("ms_range('{operator}', '{}', ", kind.name()));
            write(sql, alias, table, left);
            sql.push(", ");
            sql.bind(kind, right.clone());
            sql.push(")");
        }
    }
}

fn contains(
    sql: &mut Sql<'_>,
    alias: &str,
    table: &Table,
    left: &Expression,
    op: Compare,
    right: &Value,
) {
    let kind = kind_of(table, left);
    if matches!(kind, Kind::Range(_)) {
        return compare_ranges(sql, (alias, table, left), &kind, op, right);
    }
    if sql.dialect == Dialect::Postgres {
        write(sql, alias, table, left);
        sql.push(symbol(op));
        sql.bind(&kind, right.clone());
        return;
    }
    sql.push(match (&kind, op) {
        (_, Compare::Overlaps) => "ms_list_overlaps(",
        (Kind::List(_), _) => "ms_list_contains(",
        _ => "ms_json_contains(",
    });
    if op == Compare::ContainedBy {
        sql.bind(&kind, right.clone());
        sql.push(", ");
        write(sql, alias, table, left);
    } else {
        write(sql, alias, table, left);
        sql.push(", ");
        sql.bind(&kind, right.clone());
    }
    sql.push(")");
}

fn in_list(sql: &mut Sql<'_>, alias: &str, table: &Table, left: &Expression, values: &[Value]) {
    let kind = kind_of(table, left);
    // SQLite compares documents by a function, and PostgreSQL has no arrays of arrays.
    let singly = match kind {
        Kind::List(_) => true,
        Kind::Decimal { .. } => false,
        _ => sql.dialect == Dialect::Sqlite && !kind.has_one_spelling(),
    };
    if singly {
        let parts: Vec<Filter> = values
            .iter()
            .map(|right| Filter::Compare {
                left: left.clone(),
                op: Compare::Eq,
                right: right.clone(),
            })
            .collect();
        return list(sql, alias, table, &parts, " OR ", "FALSE");
    }
    write(sql, alias, table, left);
    sql.bind_in(&kind, values.to_vec());
}

fn is(sql: &mut Sql<'_>, alias: &str, table: &Table, left: &Expression, state: IsState) {
    write(sql, alias, table, left);
    sql.push(match (state, sql.dialect) {
        (IsState::Null, _) | (IsState::Unknown, Dialect::Sqlite) => " IS NULL",
        (IsState::NotNull, _) => " IS NOT NULL",
        (IsState::True, _) => " IS TRUE",
        (IsState::False, _) => " IS FALSE",
        (IsState::Unknown, Dialect::Postgres) => " IS UNKNOWN",
    });
}

/// Writes `a.x = b.y AND …` for the columns of a relation.
pub(super) fn join_condition(
    sql: &mut Sql<'_>,
    left: (&str, &Table, &[usize]),
    right: (&str, &Table, &[usize]),
) {
    for (position, (from, to)) in left.2.iter().zip(right.2).enumerate() {
        if position > 0 {
            sql.push(" AND ");
        }
        sql.push(&column(left.0, left.1, *from)).push(" = ").push(&column(right.0, right.1, *to));
    }
}

fn exists(
    sql: &mut Sql<'_>,
    from: (&str, &Table),
    relation: &Relation,
    other: &Table,
    (inner, skip): (&Filter, u64),
) {
    let (alias, table) = from;
    let related = sql.alias();
    sql.push("EXISTS (SELECT 1 FROM ");
    take::of_row(sql, relation, other, from);
    sql.push(" ").push(&related);
    if let Some(junction) = &relation.junction {
        let between = sql.alias();
        sql.push(" JOIN ");
        view::rows(sql, &junction.table);
        sql.push(" ").push(&between).push(" ON ");
        join_condition(
            sql,
            (&between, &junction.table, &junction.to),
            (&related, other, &relation.to),
        );
        sql.push(" AND ");
        scope::reach(sql, &between, &junction.table, false);
        and(sql, &between, &junction.table, &junction.filter);
        sql.push(" WHERE ");
        let between = (between.as_str(), &*junction.table, junction.from.as_slice());
        join_condition(sql, between, (alias, table, &relation.from));
    } else {
        sql.push(" WHERE ");
        join_condition(sql, (&related, other, &relation.to), (alias, table, &relation.from));
    }
    sql.push(" AND ");
    scope::reach(sql, &related, other, false);
    and(sql, &related, other, inner);
    if skip > 0 {
        sql.push(" LIMIT 1 OFFSET ");
        sql.bind(&Kind::BigInt, Value::Int(skip.cast_signed()));
    }
    sql.push(")");
}

/// Writes a filter after other conditions, if there is one.
pub(super) fn and(sql: &mut Sql<'_>, alias: &str, table: &Table, filter_: &Filter) {
    if !matches!(filter_, Filter::All) {
        sql.push(" AND ");
        filter(sql, alias, table, filter_);
    }
}
