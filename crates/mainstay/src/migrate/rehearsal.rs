//! Rehearsals of migrations (S3-B121, S3-B122): made, measured and undone.

use crate::config::Config;
use crate::data_folder::make_folder;
use crate::log;
use anyhow::Result;
use mainstay_entity::Catalog;
use mainstay_store::migrate::{self, Applied, Options};
use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Rehearses a migration and prints how long it took; fails when that is longer than `within`.
pub(super) async fn run(
    config: &Config,
    catalog: &Arc<Catalog>,
    options: &Options,
    within: Option<Duration>,
) -> Result<ExitCode> {
    let folder = config.data().join("rehearsal");
    if config.database.is_none() {
        clear(&folder)?;
        make_folder(&folder)?;
    }
    let copy = folder.join("copy.db");
    let rehearsed = migrate::rehearse(&config.migrations(), catalog, options, &copy).await;
    clear(&folder)?;
    let rehearsed = rehearsed?;
    let total: Duration = rehearsed.times.iter().sum();
    log::print(&report(&rehearsed, total))?;
    if within.is_some_and(|limit| total > limit) {
        log::print("It takes longer than allowed.\n")?;
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn clear(folder: &std::path::Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn report(rehearsed: &Applied, total: Duration) -> String {
    let mut text = String::new();
    for (step, time) in rehearsed.steps.iter().zip(&rehearsed.times) {
        // A text takes whatever is written to it.
        let _ = writeln!(text, "Rehearsed: {step} ({} ms)", time.as_millis());
    }
    for step in &rehearsed.held {
        let _ = writeln!(text, "Waits for permission: {step}");
    }
    let (steps, time) = (rehearsed.steps.len(), total.as_millis());
    let _ = writeln!(text, "{steps} steps took {time} ms. All of it was undone.");
    text
}
