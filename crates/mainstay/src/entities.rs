//! `mainstay entities`: a product's own entities.

mod import;

use anyhow::Result;
use clap::Subcommand;
use import::ImportOptions;
use std::process::ExitCode;

#[derive(Subcommand)]
pub(crate) enum EntitiesStep {
    /// Write declarations after the tables of a PostgreSQL or SQLite database.
    Import(ImportOptions),
}

pub(crate) fn run(step: &EntitiesStep) -> Result<ExitCode> {
    match step {
        EntitiesStep::Import(options) => import::run(options),
    }
}
