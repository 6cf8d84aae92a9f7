//! Servers on folders of their own.

use mainstay_testkit::{MainstayProcess, serve_command};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_mainstay");

/// Starts a server on a data folder, with further arguments.
pub(crate) fn serve(data: &Path, arguments: &[&str]) -> MainstayProcess {
    let mut command = serve_command(BINARY);
    command.arg("--data").arg(data).args(arguments);
    match MainstayProcess::start(command) {
        Ok(server) => server,
        Err(error) => panic!("{error}"),
    }
}

/// Runs a command to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    Command::new(BINARY).args(arguments).output().expect("the binary runs")
}

/// What `demo.json` says.
pub(crate) fn demo(data: &Path) -> Value {
    let text = std::fs::read(data.join("demo.json")).expect("demo.json is there");
    serde_json::from_slice(&text).expect("demo.json is JSON")
}
