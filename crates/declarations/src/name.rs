//! Names that tables, columns and schemas can have.

use crate::error::{Faults, Place};

/// Longest name in bytes: what `PostgreSQL` keeps.
const NAME_MAX: usize = 63;

/// Parameters of the data API that a column of this name would be taken for.
const PARAMETERS: [&str; 12] = [
    "select",
    "order",
    "limit",
    "offset",
    "columns",
    "on_conflict",
    "and",
    "or",
    "not",
    "cursor",
    "distinct",
    "group",
];
/// Columns that engines have by themselves.
const ENGINES: [&str; 9] =
    ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "oid", "rowid", "_rowid_"];
/// Paths of the data API that are no tables.
const PATHS: [&str; 2] = ["rpc", "batch"];

/// Refuses what no engine or no client could name.
pub(crate) fn check(name: &str, what: &str, place: Place, key: &str, faults: &mut Faults) {
    let fix = "write letters, digits and `_`, a letter or `_` first";
    check_characters(name, what, (is_word(name), fix), place, key, faults);
}

/// Refuses what can't name a column. Requests write spaces and hyphens in double quotes; what
/// else stands between names there would be mistaken for it.
pub(crate) fn check_column_name(name: &str, place: Place, key: &str, faults: &mut Faults) {
    let inner = |c: char| matches!(c, ' ' | '-');
    let is_column =
        is_word(&name.replace(inner, "_")) && !name.starts_with(inner) && !name.ends_with(inner);
    let fix = "write letters, digits and `_`, a letter or `_` first, and spaces or `-` inside";
    check_characters(name, "column", (is_column, fix), place, key, faults);
}

fn is_word(name: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() || c == '_';
    name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_alphanumeric())
}

fn check_characters(
    name: &str,
    what: &str,
    (is_sound, fix): (bool, &str),
    place: Place,
    key: &str,
    faults: &mut Faults,
) {
    if !is_sound {
        faults.add(place, key, format!("`{name}` can't name a {what}"), fix);
    } else if name.len() > NAME_MAX {
        let message = format!("`{name}` has {} bytes, a name at most {NAME_MAX}", name.len());
        faults.add(place, key, message, "write a shorter one");
    }
}

/// Refuses names of columns that mean something else to the data API or to an engine.
pub(crate) fn check_column(name: &str, place: Place, key: &str, faults: &mut Faults) {
    check_column_name(name, place, key, faults);
    let lower = name.to_lowercase();
    if PARAMETERS.contains(&lower.as_str()) {
        let message = format!("`{name}` is a reserved word: a parameter of requests has this name");
        faults.add(place, key, message, format!("write another name, such as `{name}_`"));
    } else if ENGINES.contains(&lower.as_str()) {
        let message = format!("`{name}` is a reserved word: engines have such a column themselves");
        faults.add(place, key, message, format!("write another name, such as `{name}_`"));
    }
}

/// Refuses names of tables that are paths of the data API.
pub(crate) fn check_table(name: &str, place: Place, key: &str, faults: &mut Faults) {
    check(name, "table", place, key, faults);
    if PATHS.contains(&name) {
        let message = format!("`{name}` is a reserved word: the path `/rest/v1/{name}` is taken");
        faults.add(place, key, message, format!("write another name, such as `{name}_`"));
    }
}

/// Refuses schemas that are not a product's.
pub(crate) fn check_schema(name: &str, place: Place, key: &str, faults: &mut Faults) {
    check(name, "schema", place, key, faults);
    let lower = name.to_lowercase();
    if lower == "mainstay" || lower == "information_schema" || lower.starts_with("pg_") {
        let message = format!("the schema `{name}` is not a product's");
        faults.add(place, key, message, "write `public`, or a name of your own");
    } else if name.contains("__") || name.ends_with('_') {
        // Else `a_` and `b` would be stored under the name of `a` and `_b`.
        let message = "`__` stands between schema and table in an embedded database";
        faults.add(place, key, message, "write a name without `__` and without `_` at its end");
    }
}
