//! `cargo xtask test`: everything that must hold before a change is merged.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use mainstay_testkit::{Cluster, URL_VARIABLE};

use crate::shell::{cargo, execute, mainstay_binary, program, root};
use crate::steps::Steps;
use crate::{fuzz, prerequisites};

/// Where a test finds the built binary.
const BINARY_VARIABLE: &str = "MAINSTAY_BIN";

/// How long the parser is fuzzed in each run.
const FUZZ_SECONDS: u64 = 60;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Skip the client suites, fuzzing and cargo-deny.
    #[arg(long)]
    quick: bool,
    /// Run only the tests that match: a nextest filter expression, or without nextest a substring.
    #[arg(long)]
    filter: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let mut steps = Steps::default();
    let has_postgres = steps.run("install PostgreSQL", prerequisites::postgres);
    steps.run("format", || execute(&mut cargo("fmt --all --check")));
    steps.run("lints", || {
        execute(&mut cargo("clippy --workspace --all-targets --locked -- -D warnings"))
    });
    let is_built = steps.run("build", || execute(&mut cargo("build --workspace --locked")));
    if is_built && has_postgres {
        tests(&mut steps, options)?;
    }
    if !options.quick {
        steps.run("cargo deny", || {
            prerequisites::cargo_deny()?;
            execute(&mut cargo("deny --log-level error check licenses bans sources"))
        });
    }
    steps.finish()
}

/// The steps that run what was built.
fn tests(steps: &mut Steps, options: &Options) -> Result<()> {
    let mut environment = vec![(BINARY_VARIABLE, mainstay_binary()?.into_os_string())];
    let mut cluster = None;
    if std::env::var_os(URL_VARIABLE).is_none() {
        let started = steps.run("start PostgreSQL", || {
            cluster = Some(Cluster::start_in_memory()?);
            Ok(())
        });
        if !started {
            return Ok(());
        }
    }
    if let Some(cluster) = &cluster {
        environment.push((URL_VARIABLE, cluster.url().into()));
    }
    let with = |mut command: Command| execute(command.envs(environment.iter().cloned()));

    steps.run("tests", || with(test_command(options.filter.as_deref())));
    if options.filter.is_none() {
        steps.run("documentation tests", || with(cargo("test --workspace --doc --locked")));
    }
    if !options.quick {
        for suite in client_suites()? {
            let name = suite.strip_prefix(root()).unwrap_or(&suite).display().to_string();
            steps.run(&name, || {
                prerequisites::node()?;
                with(npm("ci --no-audit --no-fund", &suite))?;
                with(npm("test", &suite))
            });
        }
        steps.run("tests/browser", || {
            let suite = root().join("tests/browser");
            prerequisites::node()?;
            prerequisites::chromium()?;
            with(npm("ci --no-audit --no-fund", &suite))?;
            with(npm("test", &suite))
        });
        steps.run("tests/clients/interop", || match prerequisites::python(&interop()) {
            Some(python) => with(python_suite(&python)),
            None => {
                eprintln!("skipped: Python with venv and pip, or its packages, can't be had here");
                Ok(())
            }
        });
        steps.run("fuzz", || fuzz::run(&fuzz::Options { seconds: FUZZ_SECONDS }));
    }
    Ok(())
}

fn test_command(filter: Option<&str>) -> Command {
    let mut command = if prerequisites::has_nextest() {
        cargo("nextest run --workspace --locked")
    } else {
        cargo("test --workspace --lib --bins --tests --locked")
    };
    if let Some(filter) = filter {
        let flag = if prerequisites::has_nextest() { "--filter-expr" } else { "--" };
        command.args([flag, filter]);
    }
    command
}

/// The folders of `tests/clients` that are Node packages, in order of their names.
fn client_suites() -> Result<Vec<PathBuf>> {
    let clients = root().join("tests/clients");
    if !clients.is_dir() {
        return Ok(Vec::new());
    }
    let mut suites = Vec::new();
    for entry in fs::read_dir(clients)? {
        let folder = entry?.path();
        if folder.join("package.json").is_file() {
            suites.push(folder);
        }
    }
    suites.sort();
    Ok(suites)
}

/// The suite that validates exported events with models that others made of public schemas.
fn interop() -> PathBuf {
    root().join("tests/clients/interop")
}

fn python_suite(python: &Path) -> Command {
    let mut command = Command::new(python);
    command.arg(interop().join("main.py"));
    command
}

fn npm(line: &str, folder: &Path) -> Command {
    let mut command = program("npm", line);
    command.current_dir(folder);
    command
}
