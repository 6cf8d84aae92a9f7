//! The `mainstay` binary: commands, configuration, module list.

mod audit;
mod cli;
mod config;
mod data_folder;
mod demo;
mod doctor;
mod entities;
mod import;
mod import_command;
mod installation;
mod keys;
mod log;
mod migrate;
mod modules;
mod own;
mod reference;
mod schema;
mod serve;
mod systems;
mod witness;

use clap::Parser;
use std::process::ExitCode;

/// Many small allocations per request: the system's allocator would cost a tenth of the rate.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            log::complain(&error);
            ExitCode::FAILURE
        }
    }
}
