//! Running other programs in the workspace.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// The `mainstay` binary of the debug profile: it is built next to this one.
pub(crate) fn mainstay_binary() -> Result<PathBuf> {
    let this = std::env::current_exe().context("the path of this program")?;
    Ok(this.with_file_name("mainstay"))
}

/// A `cargo` command in the root of the workspace, with the arguments of `line` (split at spaces).
pub(crate) fn cargo(line: &str) -> Command {
    let mut command = program(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), line);
    // `cargo run` described our own package in the environment. Build scripts that watch these
    // variables would run again, and differently from a plain `cargo build`.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// A command in the root of the workspace, with the arguments of `line` (split at spaces).
pub(crate) fn program(name: &str, line: &str) -> Command {
    let mut command = Command::new(name);
    command.args(line.split_whitespace()).current_dir(root());
    command
}

/// Runs the command with our terminal; an error if it fails.
pub(crate) fn execute(command: &mut Command) -> Result<()> {
    let shown = show(command);
    let status = command.status().with_context(|| format!("`{shown}` does not start"))?;
    if !status.success() {
        bail!("`{shown}` failed: {status}");
    }
    Ok(())
}

/// Whether the command can be started and succeeds; it prints nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn show(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
