//! What the tests need on the machine, and its installation on Debian.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, execute, program, root, succeeds};

/// A later version may need a newer compiler than `rust-toolchain.toml` names.
const CARGO_DENY_VERSION: &str = "0.20.2";

/// Installs PostgreSQL if it is missing: version 15, or the distribution's own where it is newer.
pub(crate) fn postgres() -> Result<()> {
    if mainstay_testkit::postgres_installed() {
        return Ok(());
    }
    eprintln!("PostgreSQL is missing: installing it");
    apt_update()?;
    if apt_install("postgresql-15").is_err() {
        apt_install("postgresql")?;
    }
    if !mainstay_testkit::postgres_installed() {
        bail!("the PostgreSQL of this distribution is older than 15: install 15 or newer");
    }
    Ok(())
}

/// Installs Node and npm if they are missing.
pub(crate) fn node() -> Result<()> {
    if succeeds(&mut program("node", "--version")) && succeeds(&mut program("npm", "--version")) {
        return Ok(());
    }
    eprintln!("Node is missing: installing it");
    apt_update()?;
    apt_install("nodejs npm")
}

/// Installs Chromium if it is missing.
pub(crate) fn chromium() -> Result<()> {
    if succeeds(&mut program("chromium", "--version")) {
        return Ok(());
    }
    eprintln!("Chromium is missing: installing it");
    apt_update()?;
    apt_install("chromium")
}

/// A Python with the packages that a suite's `requirements.txt` names, in an environment of its own
/// below `target`; none where Python or the packages can't be had.
pub(crate) fn python(suite: &Path) -> Option<PathBuf> {
    let environment = root().join("target/interop-venv");
    let mut create = program("python3", "-m venv");
    if !succeeds(create.arg(&environment)) {
        return None;
    }
    let python = environment.join("bin/python");
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--requirement"]);
    succeeds(install.arg(suite.join("requirements.txt"))).then_some(python)
}

/// Installs cargo-deny if it is missing.
pub(crate) fn cargo_deny() -> Result<()> {
    if succeeds(&mut cargo("deny --version")) {
        return Ok(());
    }
    eprintln!("cargo-deny is missing: installing it");
    // It runs for a second: optimising it takes longer.
    let install = format!("install cargo-deny --locked --debug --version {CARGO_DENY_VERSION}");
    execute(&mut cargo(&install))
}

/// Whether tests can run with cargo-nextest, which is faster but not required.
pub(crate) fn has_nextest() -> bool {
    succeeds(&mut cargo("nextest --version"))
}

fn apt_update() -> Result<()> {
    execute(&mut apt_get("update -q")).context("refreshing the package lists")
}

fn apt_install(packages: &str) -> Result<()> {
    let line = format!("install -q -y --no-install-recommends {packages}");
    execute(&mut apt_get(&line))
        .with_context(|| format!("installing {packages}: without apt-get, install it by hand"))
}

fn apt_get(line: &str) -> Command {
    let is_root = program("id", "-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let line = format!("DEBIAN_FRONTEND=noninteractive apt-get {line}");
    if is_root { program("env", &line) } else { program("sudo", &format!("env {line}")) }
}
