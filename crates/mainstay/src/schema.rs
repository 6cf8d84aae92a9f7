//! `mainstay schema`: what this release declares.

mod distributed;
mod markdown;

use crate::cli::{Engine, SchemaFormat, SchemaOptions};
use crate::log;
use crate::modules::{catalog, modules};
use crate::own;
use crate::systems::System;
use anyhow::{Result, bail, ensure};
use mainstay_declarations::Declarations;
use mainstay_entity::Catalog;
use mainstay_store::Dialect;
use std::process::ExitCode;

pub(crate) fn run(options: &SchemaOptions) -> Result<ExitCode> {
    let systems = System::ALL;
    let own = match &options.entities {
        Some(folder) => own::read_folder(folder, &systems)?,
        None => Declarations::default(),
    };
    let catalog = catalog(&systems, &own)?;
    let mut text = match options.format {
        SchemaFormat::Sql => {
            let dialect = match options.engine {
                Engine::Sqlite => Dialect::Sqlite,
                Engine::Postgres => Dialect::Postgres,
            };
            let mut sql = mainstay_store::render_sql(dialect, &catalog)?;
            if options.distributed {
                ensure!(dialect == Dialect::Postgres, "--distributed is for PostgreSQL");
                sql.push_str(&distributed::render(&catalog));
            }
            sql
        }
        SchemaFormat::Json => {
            serde_json::to_string_pretty(&mainstay_rest::schema_json::document(&catalog))?
        }
        SchemaFormat::Openapi => {
            let modules = modules(&systems, &own);
            let actions: Vec<_> = modules.iter().flat_map(|module| &module.actions).collect();
            let schema = mainstay_rest::Settings::default().default_schema;
            let mut document = mainstay_server::openapi::document(&catalog, &actions, &schema);
            let own_actions = mainstay_kernel::own_actions(&modules, &catalog);
            mainstay_rest::openapi::add_own_actions(&mut document, &own_actions);
            serde_json::to_string_pretty(&document)?
        }
        SchemaFormat::Markdown => pages(&catalog, options.module.as_deref())?,
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    log::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn pages(catalog: &Catalog, module: Option<&str>) -> Result<String> {
    let all = markdown::modules(catalog);
    match module {
        Some(module) if all.contains(&module) => Ok(markdown::page(catalog, module)),
        Some(module) => bail!("there is no module {module}; there are {}", all.join(", ")),
        None => {
            let pages: Vec<String> =
                all.into_iter().map(|module| markdown::page(catalog, module)).collect();
            Ok(pages.join("\n"))
        }
    }
}
