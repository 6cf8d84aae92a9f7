//! `mainstay schema`: what this release declares.

use crate::cli::{Engine, SchemaFormat, SchemaOptions};
use crate::log;
use crate::modules::{catalog, modules};
use anyhow::Result;
use mainstay_store::Dialect;
use std::process::ExitCode;

pub(crate) fn run(options: &SchemaOptions) -> Result<ExitCode> {
    let catalog = catalog()?;
    let mut text = match options.format {
        SchemaFormat::Sql => {
            let dialect = match options.engine {
                Engine::Sqlite => Dialect::Sqlite,
                Engine::Postgres => Dialect::Postgres,
            };
            mainstay_store::render_sql(dialect, &catalog)?
        }
        SchemaFormat::Json => {
            serde_json::to_string_pretty(&mainstay_rest::schema_json::document(&catalog))?
        }
        SchemaFormat::Openapi => {
            let modules = modules();
            let actions: Vec<_> = modules.iter().flat_map(|module| &module.actions).collect();
            let schema = mainstay_rest::Settings::default().default_schema;
            let document = mainstay_server::openapi::document(&catalog, &actions, &schema);
            serde_json::to_string_pretty(&document)?
        }
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    log::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
