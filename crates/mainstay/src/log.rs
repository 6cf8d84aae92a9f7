//! What the binary says: its log, its results and its complaints.

use crate::config::{Config, LogFormat};
use anyhow::{Context, Result};
use std::io::{self, IsTerminal, Write};
use tracing_subscriber::EnvFilter;

/// Sends the log to standard error, as the configuration says.
pub(crate) fn start(config: &Config) -> Result<()> {
    let filter = config.log.as_deref().unwrap_or("info");
    let filter = EnvFilter::builder().parse(filter).context("log")?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    let started = match config.log_format.unwrap_or_default() {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("log: {error}"))
}

/// Writes a result to standard output. A reader that has gone away is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Says why a command failed, with the causes.
pub(crate) fn complain(error: &anyhow::Error) {
    // There is nobody to tell when standard error is closed.
    let _ = writeln!(io::stderr(), "error: {error:#}");
}
