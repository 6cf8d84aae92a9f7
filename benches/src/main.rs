//! Benchmarks: two sides in one run, compared round by round.
//!
//! - `spine` measures the way of a record from HTTP to both engines and back.
//! - `access` measures what it costs to know a caller.
//! - `ledger` measures what places and proofs of events cost.
//! - `product` measures tables that a product declares, and what is asked of them beyond lists.
//! - `peers` measures `PostgREST` and `PocketBase` on the same machine and rows.
//! - `serve` is the process under test, which the others start.
//!
//! Numbers, machine and what was tried are in `docs/performance.md`.
#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

mod access;
mod by_hand;
mod cluster;
mod event;
mod installation;
mod ledger;
mod load;
mod peers;
mod process;
mod product;
mod report;
mod row;
mod serve;
mod spine;

use anyhow::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};
use installation::{Database, Place};
use process::Beside;
use std::path::PathBuf;

/// As in the `mainstay` binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Benchmarks that compare sides in one run and print ratios.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The way of a record from HTTP to both engines and back.
    Spine(Options),
    /// Sessions, permissions and sign-ins among many people.
    Access(Options),
    /// Audit events with their places in the logs, against the same rows without.
    Ledger(Options),
    /// Tables that a product declares, batches, pages and changes.
    Product(Options),
    /// Other servers on the same machine, with the same rows.
    Peers(PeerOptions),
    /// The process under test.
    #[command(hide = true)]
    Serve(ServeOptions),
}

/// What is measured and how.
#[derive(Args, Clone)]
pub(crate) struct Options {
    /// Only on this engine.
    #[arg(long)]
    engine: Option<Engine>,
    /// Rounds of each comparison.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of load on each side in each round.
    #[arg(long, default_value_t = 2)]
    seconds: u64,
    /// Only comparisons whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// Rows of the comparisons over HTTP; of `access` people.
    #[arg(long, default_value_t = 100_000)]
    rows: u64,
    /// Rows of the comparisons of isolation and memory; of `access` sessions, of `product` lines
    /// of orders.
    #[arg(long, default_value_t = 1_000_000)]
    many_rows: u64,
    /// Where the results go, as JSON; `target/benchmarks/{command}.json` if nowhere else.
    #[arg(long)]
    json: Option<PathBuf>,
}

#[derive(Args)]
struct PeerOptions {
    #[command(flatten)]
    options: Options,
    /// The folder with the peers' programs, as `benches/peers/fetch.sh` fills it.
    #[arg(long)]
    programs: PathBuf,
}

#[derive(Args)]
struct ServeOptions {
    /// The folder of keys and file.
    #[arg(long)]
    folder: PathBuf,
    /// The database, for the role of servers.
    #[arg(long)]
    database: Option<String>,
    /// Serves handlers by hand and constants too.
    #[arg(long)]
    by_hand: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Options {
    /// Whether a comparison is asked for.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }

    /// Where the results of a command go.
    pub(crate) fn json(&self, command: &str) -> PathBuf {
        let usual = || format!("target/benchmarks/{command}.json").into();
        self.json.clone().unwrap_or_else(usual)
    }

    /// The engines to measure.
    pub(crate) fn engines(&self) -> Vec<Engine> {
        self.engine.map_or_else(|| vec![Engine::Sqlite, Engine::Postgres], |engine| vec![engine])
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Spine(options) => spine::run(&options).await,
        Command::Access(options) => access::run(&options).await,
        Command::Ledger(options) => ledger::run(&options).await,
        Command::Product(options) => product::run(&options).await,
        Command::Peers(peers) => peers::run(&peers.options, &peers.programs).await,
        Command::Serve(options) => {
            let database = options.database.map(|app| Database {
                app,
                // A server that only serves knows neither of them.
                owner: String::new(),
                superuser: String::new(),
            });
            let beside = if options.by_hand { Beside::ByHand } else { Beside::Nothing };
            Box::pin(serve::serve(Place { folder: options.folder, database }, beside)).await
        }
    }
}
