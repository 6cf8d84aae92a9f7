//! A product's own entities: read from files, served beside the built-in ones.

mod seed;

pub(crate) use seed::{fill, fill_regularly};

use crate::config::Config;
use crate::modules::{built_in, modules};
use crate::systems::System;
use anyhow::{Result, anyhow, bail};
use mainstay_declarations::{Declarations, Error};
use mainstay_entity::{BUILT_IN_SCHEMA, EntityMeta};
use mainstay_kernel::{ActionFault, Module, check_own_actions};
use std::collections::BTreeSet;
use std::path::Path;

/// The schema of a product's tables that name no other.
const PUBLIC: &str = "public";

/// What the configuration's folder declares; nothing without one.
///
/// # Errors
/// Every fault of every file, a line each.
pub(crate) fn read(config: &Config) -> Result<Declarations> {
    match &config.entities {
        Some(folder) => read_folder(folder, &config.systems()?),
        None => Ok(Declarations::default()),
    }
}

/// What a folder declares beside the systems.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_folder(folder: &Path, systems: &[System]) -> Result<Declarations> {
    let known: Vec<EntityMeta> =
        built_in(systems).into_iter().flat_map(|module| module.entities).collect();
    let own = Declarations::read(folder, &known).map_err(|errors| refusal(folder, &errors))?;
    let faults = check_actions(&own, systems)?;
    if faults.is_empty() { Ok(own) } else { Err(refusal(folder, &faults)) }
}

/// What is wrong in actions, which is known when all entities are.
fn check_actions(own: &Declarations, systems: &[System]) -> Result<Vec<Error>> {
    if own.actions.is_empty() {
        return Ok(Vec::new());
    }
    let modules = modules(systems, own);
    let catalog = mainstay_kernel::catalog(&modules)?;
    let fault = |fault: ActionFault| Error {
        file: fault.file,
        line: fault.place.line,
        column: fault.place.column,
        key: fault.place.key,
        message: fault.message,
        fix: String::new(),
    };
    Ok(check_own_actions(&modules, &catalog).into_iter().map(fault).collect())
}

/// Refuses a schema for requests that name none, when there is none of that name. `public` is always
/// there: it is where a product's tables are that name no other.
///
/// # Errors
/// With the schemas that there are.
pub(crate) fn check_default_profile(config: &Config, own: &Declarations) -> Result<()> {
    let Some(profile) = &config.default_profile else { return Ok(()) };
    let mut schemas = BTreeSet::from([BUILT_IN_SCHEMA, PUBLIC]);
    schemas.extend(own.entities.iter().map(|entity| entity.schema.as_ref()));
    schemas.extend(own.actions.iter().map(|action| action.schema.as_str()));
    if schemas.contains(profile.as_str()) {
        return Ok(());
    }
    let known: Vec<&str> = schemas.into_iter().collect();
    bail!("--default-profile: there is no schema {profile}; there are {}", known.join(", "))
}

fn refusal(folder: &Path, errors: &[Error]) -> anyhow::Error {
    let lines: Vec<String> = errors.iter().map(|error| format!("  {error}")).collect();
    let count = match errors.len() {
        1 => "a fault".to_owned(),
        count => format!("{count} faults"),
    };
    anyhow!("{} has {count}:\n{}", folder.display(), lines.join("\n"))
}

/// The module that own entities and actions are.
pub(crate) fn module(own: &Declarations) -> Module {
    Module::new("own").entities(&own.entities).own_actions(own.actions.clone())
}
