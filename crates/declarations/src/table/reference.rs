//! References as they are written; [`crate::link`] finds what they name.

use crate::error::{Faults, Place};
use crate::members::{Item, Members};
use crate::name;
use mainstay_entity::OnDelete;

/// What happens to a row when the one goes that it refers to.
const ON_DELETE: [(&str, OnDelete); 4] = [
    ("restrict", OnDelete::Restrict),
    ("no_action", OnDelete::Restrict),
    ("cascade", OnDelete::Cascade),
    ("set_null", OnDelete::SetNull),
];

/// A reference whose target is not looked for yet.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) place: Place,
    pub(crate) path: String,
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) schema: Option<String>,
    pub(crate) table: String,
    /// None means the target's key.
    pub(crate) to: Option<Vec<String>>,
    pub(crate) on_delete: OnDelete,
}

/// In a column: `{table, schema?, column?, on_delete?, name?}`, or the table's name alone.
pub(crate) fn short(
    item: &Item<'_>,
    (column, _): (&str, Place),
    faults: &mut Faults,
) -> Option<Draft> {
    if let crate::yaml::Value::Text(table) = &item.node.value {
        return Some(Draft {
            place: item.node.place,
            path: item.path.clone(),
            name: None,
            columns: vec![column.to_owned()],
            schema: None,
            table: table.clone(),
            to: None,
            on_delete: OnDelete::Restrict,
        });
    }
    let mut members = Members::of(item, faults)?;
    let to = members.text("column", faults).map(|column| vec![column.to_owned()]);
    let draft = rest(&mut members, vec![column.to_owned()], to, faults);
    members.finish(faults);
    draft
}

/// In `references`: `{columns, table, to?, schema?, on_delete?, name?}`.
pub(crate) fn long(item: &Item<'_>, faults: &mut Faults) -> Option<Draft> {
    let mut members = Members::of(item, faults)?;
    let fix = "write `columns: [a, b]`";
    let columns = members.need("columns", fix, faults).and_then(|item| item.names(faults));
    let plain = |names: Vec<(String, Place)>| names.into_iter().map(|(name, _)| name).collect();
    let to = members.names("to", faults).map(plain);
    let draft = rest(&mut members, columns.map(plain).unwrap_or_default(), to, faults);
    members.finish(faults);
    draft.filter(|draft| !draft.columns.is_empty())
}

fn rest(
    members: &mut Members<'_>,
    columns: Vec<String>,
    to: Option<Vec<String>>,
    faults: &mut Faults,
) -> Option<Draft> {
    let table = members.need("table", "write `table: name`", faults);
    let schema = members.text("schema", faults).map(str::to_owned);
    let on_delete = members.take("on_delete").and_then(|item| item.word(&ON_DELETE, faults));
    let name = members.take("name");
    if let Some(item) = &name
        && let Some(name) = item.text(faults)
    {
        name::check(name, "reference", item.node.place, &item.path, faults);
    }
    Some(Draft {
        place: members.place(),
        path: members.path().to_owned(),
        name: name.and_then(|item| item.text(faults)).map(str::to_owned),
        columns,
        schema,
        table: table?.text(faults)?.to_owned(),
        to,
        on_delete: on_delete.unwrap_or(OnDelete::Restrict),
    })
}
