//! The way of a record from HTTP to both engines and back.

mod bulk;
mod isolation;
mod memory;
mod reads;
mod stage;
mod writes;

pub(crate) use stage::{Stage, get_one, list_path, posts};

use crate::report::Comparison;
use crate::{Engine, Options, report};
use anyhow::Result;

/// Organisations that share the tables.
pub(crate) const TENANTS: u64 = 100;

/// Measures what is asked for, prints it and writes it to a file.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let mut results = Vec::new();
    for engine in options.engines() {
        over_http(options, engine, &mut results).await?;
        in_large_tables(options, engine, &mut results).await?;
    }
    report::write(&options.json("spine"), &results)
}

async fn over_http(options: &Options, engine: Engine, results: &mut Vec<Comparison>) -> Result<()> {
    let prefix = format!("{}/", engine_name(engine));
    let names = reads::NAMES.iter().chain(writes::NAMES).chain(bulk::NAMES);
    if !names.into_iter().any(|name| name.starts_with(&prefix) && options.wants(name)) {
        return Ok(());
    }
    println!("{}: loading {} rows of {TENANTS} tenants", engine_name(engine), options.rows);
    let stage = Stage::load(engine, options.rows).await?;
    let server = stage.start().await?;
    let mut found = reads::measure(options, &stage, &server).await?;
    found.extend(writes::measure(options, &stage, &server)?);
    found.extend(bulk::measure(options, &stage, &server).await?);
    results.extend(found);
    Ok(())
}

async fn in_large_tables(
    options: &Options,
    engine: Engine,
    results: &mut Vec<Comparison>,
) -> Result<()> {
    let prefix = format!("{}/", engine_name(engine));
    let names = isolation::NAMES.iter().chain(memory::NAMES);
    if !names.into_iter().any(|name| name.starts_with(&prefix) && options.wants(name)) {
        return Ok(());
    }
    println!("{}: loading {} rows of {TENANTS} tenants", engine_name(engine), options.many_rows);
    let stage = Stage::load(engine, options.many_rows).await?;
    results.extend(isolation::measure(options, &stage).await?);
    results.extend(memory::measure(options, &stage).await?);
    Ok(())
}

/// An engine as the names of comparisons begin.
pub(crate) fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}
