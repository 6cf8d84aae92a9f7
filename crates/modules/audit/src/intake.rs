//! What becomes of events that callers send: they are held to their preset, and personal data goes
//! where it can be erased.

mod document;
mod draft;
mod field;
mod preset;

use crate::preset::AuditPreset;
use draft::{Draft, refused};
use field::FieldPath;
use mainstay_entity::{Entity, Table, Value};
use mainstay_kernel::lookup;
use mainstay_kernel::{Context, Error, Input, IntakeFuture, Invalid, Kernel, NewRow, Result};
use preset::Preset;
use std::collections::HashMap;
use uuid::Uuid;

/// How confidential events are (S4-B24..B27, S1-B32).
const CLASSIFICATIONS: [&str; 5] = ["public", "internal", "confidential", "restricted", PHI];
/// Protected health information: what happened to whom is for those who may see personal data.
const PHI: &str = "phi";
/// What an event classified PHI tells of health, beside personal data.
const HEALTH: [&str; 4] = ["description", "details", "old_value", "new_value"];

/// Checks new events and seals what is personal in them.
pub(crate) fn events<'a>(
    kernel: &'a Kernel,
    context: &'a Context,
    mut rows: Vec<NewRow>,
) -> IntakeFuture<'a> {
    Box::pin(async move {
        let table = kernel.ledger().rows().table();
        let mut presets = HashMap::new();
        for (position, row) in rows.iter_mut().enumerate() {
            let mut event = Draft::new(table, row);
            let taken = take(kernel, context, &mut presets, &mut event).await;
            taken.map_err(|error| error.at_row(position + 1))?;
        }
        Ok(rows)
    })
}

async fn take(
    kernel: &Kernel,
    context: &Context,
    presets: &mut HashMap<String, Preset>,
    event: &mut Draft<'_>,
) -> Result<()> {
    let is_phi = classify(event)?;
    if let Some(name) = event.text("preset").map(str::to_owned) {
        if !presets.contains_key(&name) {
            let preset = Preset::find(kernel, organization(context)?, &name).await?;
            presets.insert(name.clone(), preset);
        }
        if let Some(preset) = presets.get(&name) {
            preset.apply(kernel, context, event).await?;
        }
    }
    if is_phi {
        HEALTH.iter().try_for_each(|column| event.seal_members(&FieldPath::of(column)))?;
    }
    Ok(())
}

/// Writes the classification as it is known; true for PHI.
fn classify(event: &mut Draft<'_>) -> Result<bool> {
    let Some(given) = event.text("data_classification") else {
        return Ok(false);
    };
    let known = CLASSIFICATIONS.into_iter().find(|known| given.eq_ignore_ascii_case(known));
    let Some(known) = known else {
        let message = format!("expected one of {}, got {given:?}", CLASSIFICATIONS.join(", "));
        return Err(refused("22023", "data_classification", message));
    };
    event.set("data_classification", Value::Text(known.to_owned()))?;
    Ok(known == PHI)
}

fn organization(context: &Context) -> Result<Uuid> {
    let principal = &context.principal;
    principal.access().tenant().or(principal.organization_id).ok_or(Error::NoOrganization)
}

/// Checks the definitions of new presets.
pub(crate) fn presets<'a>(
    kernel: &'a Kernel,
    _context: &'a Context,
    rows: Vec<NewRow>,
) -> IntakeFuture<'a> {
    Box::pin(async move {
        let table = lookup::table::<AuditPreset>(kernel.catalog())?;
        for (position, row) in rows.iter().enumerate() {
            let [fields, validation] =
                ["fields", "validation"].map(|name| document(&table, row, name));
            // What is missing is told with the other columns that are.
            let (Some(fields), Some(validation)) = (fields, validation) else { continue };
            if let Err((column, message)) = Preset::read("", true, fields, validation) {
                return Err(Error::Invalid(Invalid {
                    sqlstate: "22023",
                    message,
                    column: format!("{}.{column}", AuditPreset::TABLE),
                    row: Some(position + 1),
                }));
            }
        }
        Ok(rows)
    })
}

fn document<'a>(table: &Table, row: &'a NewRow, column: &str) -> Option<&'a str> {
    match row.values.get(table.column_index(column)?)?.as_ref()? {
        Input::Value(Value::Json(text)) => Some(text),
        _ => None,
    }
}
