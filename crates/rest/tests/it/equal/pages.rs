//! Random lists, read page by page: the pages together are the list.

use super::dice::Dice;
use super::kinds;

const COLUMNS: &[&str] = &[
    "span",
    "single",
    "clock",
    "seen",
    "bytes",
    "address",
    "document",
    "document->b",
    "document->>a",
    "numbers",
    "smalls",
    "bigs",
    "singles",
    "doubles",
    "flags",
    "days",
    "instants",
    "words",
    "uuids",
    "name",
    "int4range",
    "int8range",
    "numrange",
    "daterange",
    "tstzrange",
    "id",
];

const CUSTOMERS: &[&str] = &[
    "code",
    "name",
    "born",
    "tier",
    "visits",
    "credit",
    "weight",
    "wallet",
    "active",
    "tags",
    "notes",
    "notes->age",
    "notes->>city",
    "address",
    "created_at",
    "id",
    "email",
];

const ENDINGS: &[&str] = &["", ".desc", ".nullsfirst", ".desc.nullslast", ".desc.nullsfirst"];

/// A random list in a random order, without bounds.
pub(super) fn target(dice: &mut Dice) -> String {
    let (table, columns) =
        if dice.once_in(3) { ("customers", CUSTOMERS) } else { ("samples", COLUMNS) };
    let order: Vec<String> = dice
        .some(columns, 3)
        .into_iter()
        .map(|column| format!("{column}{}", dice.one(ENDINGS)))
        .collect();
    let mut target = format!("{table}?select=id");
    if !order.is_empty() {
        target = format!("{target}&order={}", order.join(","));
    }
    if table == "samples" && dice.once_in(2) {
        target = format!("{target}&{}", kinds::condition(dice, "="));
    }
    target
}
