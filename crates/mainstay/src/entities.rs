//! `mainstay entities`: a product's own entities.

mod import;

use crate::systems::System;
use crate::{log, own};
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use import::ImportOptions;
use mainstay_declarations::{EXAMPLE, JSON_SCHEMA};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const SCHEMA_FILE: &str = "entities.schema.json";
const EXAMPLE_FILE: &str = "products.yaml";

#[derive(Subcommand)]
pub(crate) enum EntitiesStep {
    /// Begin a folder: an example, and the JSON Schema by which editors complete and check.
    Init {
        /// The folder; made when missing.
        #[arg(value_name = "DIR", default_value = "entities")]
        folder: PathBuf,
    },
    /// Check a folder of declarations; tells all faults at once.
    Check {
        /// The folder.
        #[arg(value_name = "DIR", default_value = "entities")]
        folder: PathBuf,
    },
    /// Print the JSON Schema of declarations.
    Schema,
    /// Write declarations after the tables of a PostgreSQL or SQLite database.
    Import(ImportOptions),
}

pub(crate) fn run(step: &EntitiesStep) -> Result<ExitCode> {
    match step {
        EntitiesStep::Init { folder } => init(folder),
        EntitiesStep::Check { folder } => check(folder),
        EntitiesStep::Schema => {
            log::print(JSON_SCHEMA)?;
            Ok(ExitCode::SUCCESS)
        }
        EntitiesStep::Import(options) => import::run(options),
    }
}

fn init(folder: &Path) -> Result<ExitCode> {
    fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
    // The schema is this release's; what somebody wrote stays.
    let schema = folder.join(SCHEMA_FILE);
    fs::write(&schema, JSON_SCHEMA).with_context(|| format!("can't write {}", schema.display()))?;
    let example = folder.join(EXAMPLE_FILE);
    match fs::File::create_new(&example).and_then(|mut file| file.write_all(EXAMPLE.as_bytes())) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} is there already", example.display())
        }
        written => written.with_context(|| format!("can't write {}", example.display()))?,
    }
    let (folder, example) = (folder.display(), example.display());
    log::print(&format!("{example}\nServe it with `mainstay serve --entities {folder}`.\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn check(folder: &Path) -> Result<ExitCode> {
    let own = own::read_folder(folder, &System::ALL)?;
    // What entities must keep together is found out by making their catalog.
    crate::modules::catalog(&System::ALL, &own)?;
    let (entities, actions) = (own.entities.len(), own.actions.len());
    log::print(&format!("{entities} tables and views, {actions} actions\n"))?;
    Ok(ExitCode::SUCCESS)
}
