//! `mainstay witness`: cosigns checkpoints of logs (C2SP tlog-witness).
//!
//! A witness belongs to somebody else than the logs that it watches. It signs that a checkpoint
//! continues all that it has signed before, so a log that shows two histories, or goes back to an
//! older one, gets no signature. It needs no database: [`state`] is one file for each log.

mod http;
mod state;

use crate::config::Config;
use crate::log;
use anyhow::{Context as _, Result, bail, ensure};
use mainstay_ledger::VerifierKey;
use mainstay_vault::SystemEntropy;
use state::Witness;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;

const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8421);

#[derive(clap::Args)]
pub(crate) struct WitnessOptions {
    /// Folder of the key and of what was cosigned; made when missing. Never restore it from a
    /// backup: an older one would cosign what the log has already replaced.
    #[arg(long, value_name = "DIR", default_value = "mainstay-witness")]
    data: PathBuf,
    /// The name of the witness's key, such as witness.example.com; needed at the first start.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:8421].
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// A log to cosign, by its verifier key or a file with it; may be given several times.
    #[arg(long = "log", value_name = "KEY|FILE")]
    logs: Vec<String>,
    /// A file with one verifier key of a log per line; `#` begins a comment.
    #[arg(long = "logs", value_name = "FILE")]
    list: Option<PathBuf>,
    /// Print the witness's own verifier key and end; makes the key when there is none.
    #[arg(long)]
    print_key: bool,
}

pub(crate) fn run(options: &WitnessOptions) -> Result<ExitCode> {
    let logs = logs(options)?;
    let witness = Witness::open(&options.data, options.name.as_deref(), logs, &SystemEntropy)?;
    if options.print_key {
        log::print(&format!("{}\n", witness.key()))?;
        return Ok(ExitCode::SUCCESS);
    }
    ensure!(witness.has_logs(), "name the logs to cosign with --log or --logs");
    log::start(&Config::default())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(options.listen.unwrap_or(DEFAULT_LISTEN), Arc::new(witness)))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(listen: SocketAddr, witness: Arc<Witness>) -> Result<()> {
    let stop = crate::serve::stop_signal()?;
    let listener = TcpListener::bind(listen).await;
    let listener = listener.with_context(|| format!("can't listen on {listen}"))?;
    let address = listener.local_addr()?;
    log::print(&format!("key {}\nlistening on http://{address}\n", witness.key()))?;
    http::serve(listener, witness, stop).await;
    Ok(())
}

/// The verifier keys of the logs to cosign.
fn logs(options: &WitnessOptions) -> Result<Vec<VerifierKey>> {
    let mut logs = Vec::new();
    for given in &options.logs {
        match given.parse() {
            Ok(key) => logs.push(key),
            Err(_) => logs.extend(listed(Path::new(given)).with_context(|| {
                format!("--log: {given} is neither a verifier key nor a file with one")
            })?),
        }
    }
    if let Some(path) = &options.list {
        logs.extend(listed(path).with_context(|| format!("--logs: {}", path.display()))?);
    }
    for key in &logs {
        if key.is_cosigner() {
            bail!("{} is the key of a witness, not of a log", key.name());
        }
    }
    Ok(logs)
}

/// The keys in a file, one per line.
fn listed(path: &Path) -> Result<Vec<VerifierKey>> {
    let text = std::fs::read_to_string(path)?;
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let keys = lines.filter(|line| !line.is_empty());
    keys.map(|line| line.parse().with_context(|| format!("{line:?} is no verifier key"))).collect()
}
