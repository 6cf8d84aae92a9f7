//! The command line.

use crate::audit::AuditStep;
use crate::config::Config;
use crate::entities::EntitiesStep;
use crate::import::ImportOptions;
use crate::keys::KeysStep;
use crate::witness::WitnessOptions;
use crate::{
    audit, doctor, entities, import_command, keys, log, migrate, reference, schema, serve, witness,
};
use anyhow::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Governed records behind a data API, on embedded SQLite or PostgreSQL.
#[derive(Parser)]
#[command(name = "mainstay", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until the process is told to stop.
    Serve(Configured),
    /// Bring the database to what this release declares.
    Migrate(MigrateOptions),
    /// Print what this release declares; needs no database.
    Schema(SchemaOptions),
    /// A product's own entities.
    Entities(EntitiesOptions),
    /// Check configuration, keys and database.
    Doctor(DoctorOptions),
    /// Load records from a file.
    Import(ImportOptions),
    /// List, make and withdraw API keys.
    Keys(KeysOptions),
    /// Verify and export the audit trail.
    Audit(AuditOptions),
    /// Run a witness, which cosigns checkpoints of other installations' logs.
    Witness(WitnessOptions),
    /// Print the version.
    Version,
    /// Print a page of the reference.
    #[command(hide = true)]
    Reference {
        /// Which page.
        page: ReferencePage,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ReferencePage {
    /// Commands with their arguments.
    Cli,
    /// Everything that can be set.
    Configuration,
}

/// Configuration, by flags and by a file.
#[derive(Args, Default)]
pub(crate) struct Configured {
    /// Configuration file [default: ./mainstay.toml where there is one].
    #[arg(long, value_name = "FILE", env = "MAINSTAY_CONFIG")]
    config: Option<PathBuf>,

    #[command(flatten)]
    flags: Config,
}

#[derive(Args)]
pub(crate) struct MigrateOptions {
    #[command(subcommand)]
    pub(crate) step: MigrateStep,
}

#[derive(Subcommand)]
pub(crate) enum MigrateStep {
    /// Show which changes the database needs; change nothing.
    Plan {
        /// Show the statements too.
        #[arg(long)]
        sql: bool,
        #[command(flatten)]
        config: Configured,
    },
    /// Make the changes that `plan` shows.
    Apply {
        /// Also run steps that rewrite rows or lose data.
        #[arg(long)]
        allow_data_loss: bool,
        /// Make the changes, measure them and undo them: on a copy of an embedded database, in a
        /// transaction on PostgreSQL, which locks the tables that it changes.
        #[arg(long)]
        rehearse: bool,
        /// With `--rehearse`: fail when it takes longer.
        #[arg(long, value_name = "SECONDS", requires = "rehearse")]
        within: Option<u64>,
        #[command(flatten)]
        config: Configured,
    },
    /// Show how the database stands to this release; fails when it can't be served.
    Status {
        #[command(flatten)]
        config: Configured,
    },
}

#[derive(Args)]
pub(crate) struct KeysOptions {
    #[command(subcommand)]
    pub(crate) step: KeysStep,
}

#[derive(Args)]
pub(crate) struct EntitiesOptions {
    #[command(subcommand)]
    pub(crate) step: EntitiesStep,
}

#[derive(Args)]
pub(crate) struct AuditOptions {
    #[command(subcommand)]
    pub(crate) step: AuditStep,
}

#[derive(Args)]
pub(crate) struct SchemaOptions {
    /// What to print.
    #[arg(long, default_value = "json")]
    pub(crate) format: SchemaFormat,
    /// Whose SQL.
    #[arg(long, default_value = "postgres")]
    pub(crate) engine: Engine,
    /// With SQL for PostgreSQL: also distribute the tables by organisation, as Citus does.
    #[arg(long)]
    pub(crate) distributed: bool,
    /// With Markdown: the page of this module alone.
    #[arg(long)]
    pub(crate) module: Option<String>,
    /// Folder of a product's own entities, which are printed too.
    #[arg(long, value_name = "DIR")]
    pub(crate) entities: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum SchemaFormat {
    /// The statements that make an empty database.
    Sql,
    /// Entities with columns, keys, references and classifications.
    Json,
    /// The description of the data API.
    Openapi,
    /// Tables, fields and life cycles for people, a page per module.
    Markdown,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Engine {
    /// The embedded database.
    Sqlite,
    /// PostgreSQL 15 or newer.
    Postgres,
}

#[derive(Args)]
pub(crate) struct DoctorOptions {
    /// Print the findings as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) config: Configured,
}

impl Configured {
    /// The configuration from all its sources.
    pub(crate) fn load(self) -> Result<Config> {
        let config = self.flags.load(self.config.as_deref())?;
        config.check()?;
        Ok(config)
    }
}

impl Cli {
    pub(crate) fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Serve(config) => serve::run(&config.load()?),
            Command::Migrate(options) => migrate::run(options.step),
            Command::Schema(options) => schema::run(&options),
            Command::Entities(options) => entities::run(&options.step),
            Command::Doctor(options) => doctor::run(options),
            Command::Import(options) => import_command::run(&options),
            Command::Keys(options) => keys::run(options.step),
            Command::Audit(options) => audit::run(options.step),
            Command::Witness(options) => witness::run(&options),
            Command::Reference { page } => reference::run(page),
            Command::Version => {
                log::print(&format!("mainstay {}\n", env!("CARGO_PKG_VERSION")))?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
