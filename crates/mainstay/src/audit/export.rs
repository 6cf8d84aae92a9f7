//! Writing the events of a log to a file.

use super::ExportOptions;
use crate::installation::Installation;
use crate::log;
use anyhow::{Context as _, Result};
use mainstay_audit::ledger::{Export, Progress};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

const BUFFER_BYTES: usize = 1 << 20;
const STANDARD_OUTPUT: &str = "-";

pub(super) async fn run(mut options: ExportOptions) -> Result<ExitCode> {
    let config = std::mem::take(&mut options.config);
    let installation = Installation::open(config).await?;
    let count = installation.run(async |i| export(i, &options).await).await?;
    if options.output != Path::new(STANDARD_OUTPUT) {
        log::print(&format!("exported {count} events to {}\n", options.output.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn export(installation: &Installation, options: &ExportOptions) -> Result<u64> {
    if options.output == Path::new(STANDARD_OUTPUT) {
        let mut out = BufWriter::with_capacity(BUFFER_BYTES, std::io::stdout());
        return write(installation, options, &mut out).await;
    }
    // Whole or not at all: what has the name is complete.
    let path = &options.output;
    let temporary = path.with_added_extension("part");
    let file =
        File::create(&temporary).with_context(|| format!("can't write {}", temporary.display()))?;
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, file);
    let written = write(installation, options, &mut out).await;
    let finished = written.and_then(|count| {
        out.into_inner()?.sync_all()?;
        fs::rename(&temporary, path)?;
        Ok(count)
    });
    if finished.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    finished
}

async fn write(
    installation: &Installation,
    options: &ExportOptions,
    out: &mut impl Write,
) -> Result<u64> {
    let tenant = super::tenant(installation, &options.tenant).await?;
    let kernel = &installation.kernel;
    let export = Export::begin(kernel.store(), tenant, options.since, options.witnessed).await?;
    let export = export.with_context(|| format!("{} has no log", options.tenant))?;
    let bar = super::progress_bar(export.origin())?;
    let progress = |progress: Progress| {
        bar.set_length(progress.size);
        bar.set_position(progress.leaves);
    };
    let count = if options.with_proofs {
        let seed = super::signing_seed(installation)?;
        let seed = seed.context("the data folder has no ledger.key to sign the export with")?;
        let key = seed.key(export.origin())?;
        export.write_bundle(options.format, &key, kernel.clock().now(), out, progress).await?
    } else {
        export.write_events(options.format, out, progress).await?
    };
    bar.finish_and_clear();
    Ok(count)
}
