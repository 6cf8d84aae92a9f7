//! `mainstay entities import`: declarations after the tables of another database.
//!
//! What declarations can't say is told, in the file and in the report; nothing is left out in
//! silence.

mod column;
mod expression;
mod fact;
mod kind;
mod settle;
mod table;
#[cfg(test)]
mod tests;
mod yaml;

use crate::log;
use crate::modules::built_in;
use crate::systems::System;
use anyhow::{Context, Result, bail};
use clap::Args;
use mainstay_entity::EntityMeta;
use mainstay_store::introspect::{self, Schema};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use table::{Declaration, Scope, Source};

/// Where tables come from, and where declarations go.
#[derive(Args)]
pub(crate) struct ImportOptions {
    /// The database: `postgres://…`, or a SQLite file (`sqlite:app.db`, `app.db`).
    #[arg(long, value_name = "URL")]
    from: String,
    /// Which schema of a PostgreSQL database.
    #[arg(long, default_value = "public")]
    schema: String,
    /// Folder for the declarations; made when missing. Files that are there stay as they are.
    #[arg(long, value_name = "DIR", default_value = "entities")]
    out: PathBuf,
    /// Whose the rows are of tables without a column `organization_id` of uuids.
    #[arg(long, value_enum, default_value = "public")]
    scope: Scope,
}

pub(crate) fn run(options: &ImportOptions) -> Result<ExitCode> {
    let is_postgres = ["postgres://", "postgresql://"].iter().any(|p| options.from.starts_with(p));
    let schema = if is_postgres {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(introspect::read_postgres(&options.from, &options.schema))?
    } else {
        let path = options.from.strip_prefix("sqlite:").unwrap_or(&options.from);
        let path = path.strip_prefix("//").unwrap_or(path);
        introspect::read_sqlite(Path::new(path)).with_context(|| format!("{path} is not read"))?
    };
    if schema.tables.is_empty() {
        bail!("there is no table in {}", if is_postgres { &options.schema } else { "the file" });
    }
    let name = if is_postgres { options.schema.as_str() } else { "" };
    let source = Source { schema: &schema, name, scope: options.scope };
    let mut declared = declare(source);
    let known: Vec<EntityMeta> =
        built_in(&System::ALL).into_iter().flat_map(|module| module.entities).collect();
    let faults = settle::settle(&mut declared, &known);
    write(&options.out, &declared)?;
    log::print(&report(&options.out, &schema, &declared))?;
    for fault in &faults {
        log::print(&format!("to be mended: {}/{fault}\n", options.out.display()))?;
    }
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Declarations by the names of their files.
fn declare(source: Source<'_>) -> BTreeMap<String, Declaration> {
    let mut files = BTreeMap::new();
    for table in &source.schema.tables {
        let is_safe = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let name: String = table.name.chars().map(|c| if is_safe(c) { c } else { '_' }).collect();
        let mut file = format!("{name}.yaml");
        let mut number = 2;
        while files.contains_key(&file) {
            file = format!("{name}_{number}.yaml");
            number += 1;
        }
        files.insert(file, source.declare(table));
    }
    files
}

/// Writes the files, or none when one of them is there.
fn write(folder: &Path, files: &BTreeMap<String, Declaration>) -> Result<()> {
    if let Some(taken) = files.keys().map(|file| folder.join(file)).find(|path| path.exists()) {
        bail!("{} is there already: name another folder by --out", taken.display());
    }
    std::fs::create_dir_all(folder)
        .with_context(|| format!("{} can't be made", folder.display()))?;
    for (file, declaration) in files {
        let path = folder.join(file);
        std::fs::write(&path, &declaration.text)
            .with_context(|| format!("{} can't be written", path.display()))?;
    }
    Ok(())
}

fn report(folder: &Path, schema: &Schema, files: &BTreeMap<String, Declaration>) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    for (file, declaration) in files {
        let _ = writeln!(text, "{}", folder.join(file).display());
        for note in &declaration.notes {
            let _ = writeln!(text, "  {}", note.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    for view in &schema.views {
        let _ = writeln!(text, "{} {} is not carried over", view.what, view.name);
        if let Some(query) = &view.query {
            let _ = writeln!(text, "  {}", query.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    let notes: usize = files.values().map(|declaration| declaration.notes.len()).sum();
    let _ = writeln!(
        text,
        "{} tables are declared; {} things are not as they were.",
        files.len(),
        notes + schema.views.len()
    );
    text
}
