//! Developer commands: `cargo xtask --help`.

mod fuzz;
mod prerequisites;
mod refresh;
mod shell;
mod steps;
mod suite;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Developer commands of Mainstay.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Format check, lints and all tests, on both engines; installs what is missing.
    Test(suite::Options),
    /// Check what readers feel: sizes, crate edges, dead files, broken links.
    Tidy,
    /// Regenerate the committed artefacts: golden schemas, OpenAPI document, reference pages.
    Refresh(refresh::Options),
    /// Feed random input to the dialect parser.
    Fuzz(fuzz::Options),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Test(options) => suite::run(&options),
        Command::Tidy => tidy::run(),
        Command::Refresh(options) => refresh::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
