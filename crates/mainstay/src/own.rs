//! A product's own entities: read from files, served beside the built-in ones.

mod seed;

pub(crate) use seed::fill;

use crate::config::Config;
use crate::modules::built_in;
use crate::systems::System;
use anyhow::{Result, anyhow};
use mainstay_declarations::{Declarations, Error};
use mainstay_entity::EntityMeta;
use mainstay_kernel::Module;
use std::path::Path;

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
    Declarations::read(folder, &known).map_err(|errors| refusal(folder, &errors))
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
    let module = Module::new("own").entities(&own.entities).own_actions(own.actions.clone());
    seed::regularly(module, &own.rows)
}
