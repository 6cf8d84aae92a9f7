//! What a column's check accepts, to tell a wider one from a narrower one.

use super::column_change::{ColumnChange, Conversion};
use super::difference::Difference;
use super::plan::Risk;
use crate::schema::{Object, ObjectKind, column_check_name};
use std::collections::BTreeSet;

/// A check of a column that was there must not accept less than before; rules of the table as a
/// whole can be added as long as they hold.
pub(super) fn check_risk(
    difference: &Difference<'_>,
    changes: &[ColumnChange],
    check: &Object,
) -> Risk {
    if let Some(old) = difference.old(check) {
        let wider = is_wider(&check.definition, &old.definition);
        return if wider { Risk::Additive } else { Risk::Rewrite };
    }
    let own_column = difference.declared_of(&check.table).into_iter().find(|column| {
        column.kind == ObjectKind::Column
            && check.name == column_check_name(&check.table, &column.name)
    });
    let has_new_values = |column: &Object| {
        changes.iter().any(|change| {
            change.table == column.table
                && change.column == column.name
                && (change.old.is_none()
                    || change.conversion(difference.dialect) != Conversion::Keep)
        })
    };
    match own_column {
        Some(column) if !has_new_values(column) => Risk::Rewrite,
        _ => Risk::Additive,
    }
}

/// Whether the new check accepts whatever the old one did. Both are the text of checks as
/// `schema::constraint` writes them for a column; of other texts only equal ones compare.
fn is_wider(new: &str, old: &str) -> bool {
    let (Some(new_terms), Some(old_terms)) = (terms(new), terms(old)) else {
        return new == old;
    };
    new_terms.iter().all(|new| old_terms.iter().any(|old| old.implies(new)))
}

/// One condition on a column.
#[derive(Debug, PartialEq)]
enum Term {
    Values(BTreeSet<String>),
    /// The length is at most this.
    Length(u64),
    AtLeast(i128),
    AtMost(i128),
    /// Anything else, such as the length of an identifier.
    Other(String),
}

impl Term {
    /// Whether what meets this meets `other` too.
    fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Values(own), Self::Values(others)) => own.is_subset(others),
            (Self::Values(own), Self::Length(max)) => {
                own.iter().all(|value| value.chars().count() as u64 <= *max)
            }
            (Self::Length(own), Self::Length(max)) => own <= max,
            (Self::AtLeast(own), Self::AtLeast(min)) => own >= min,
            (Self::AtMost(own), Self::AtMost(max)) => own <= max,
            (own, other) => own == other,
        }
    }
}

fn terms(check: &str) -> Option<Vec<Term>> {
    let inner = check.strip_prefix("CHECK (")?.strip_suffix(')')?;
    if let Some((_, values)) = inner.split_once(" IN (") {
        let values = values.strip_suffix(')')?;
        let own = |value: &str| value.trim_matches('\'').replace("''", "'");
        return Some(vec![Term::Values(values.split(", ").map(own).collect())]);
    }
    Some(inner.split(" AND ").map(term).collect())
}

fn term(text: &str) -> Term {
    let number = |text: &str| text.trim_matches('\'').parse::<i128>().ok();
    let parsed = if let Some((left, right)) = text.split_once(" <= ") {
        let is_length = left.ends_with(')');
        number(right).map(|n| {
            if is_length { Term::Length(u64::try_from(n).unwrap_or(0)) } else { Term::AtMost(n) }
        })
    } else if let Some((_, right)) = text.split_once(" >= ") {
        number(right).map(Term::AtLeast)
    } else {
        None
    };
    parsed.unwrap_or_else(|| Term::Other(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::is_wider;

    #[test]
    fn wider_checks_accept_whatever_the_old_ones_did() {
        let choice = r#"CHECK ("s" IN ('a', 'b'))"#;
        for (new, old, expected) in [
            (r#"CHECK ("s" IN ('b', 'a', 'c'))"#, choice, true),
            (r#"CHECK ("s" IN ('a', 'c'))"#, choice, false),
            (r#"CHECK (length("s") <= 1)"#, choice, true),
            (r#"CHECK (length("s") <= 0)"#, choice, false),
            (r#"CHECK (char_length("s") <= 20)"#, r#"CHECK (char_length("s") <= 10)"#, true),
            (r#"CHECK (char_length("s") <= 9)"#, r#"CHECK (char_length("s") <= 10)"#, false),
            (r#"CHECK ("n" >= 0)"#, r#"CHECK ("n" >= 1 AND "n" <= 5)"#, true),
            (r#"CHECK ("n" >= 1 AND "n" <= 5)"#, r#"CHECK ("n" >= 1)"#, false),
            (r#"CHECK ("n" >= -3)"#, r#"CHECK ("n" >= -2)"#, true),
            (choice, r#"CHECK (length("s") <= 1)"#, false),
        ] {
            assert_eq!(is_wider(new, old), expected, "{new} after {old}");
        }
    }
}
