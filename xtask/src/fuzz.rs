//! `cargo xtask fuzz`: the bolero targets of the dialect parser, on the stable toolchain.

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, execute};

/// Tests whose names begin so are fuzz targets.
const PREFIX: &str = "fuzz_";
/// Of the whole workspace: of one package alone, dependencies are built anew with fewer features.
const UNIT_TESTS: &str = "test --workspace --lib --locked";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// How long each target runs.
    #[arg(long, default_value_t = 60)]
    pub(crate) seconds: u64,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    // A filter that matches nothing passes; a fuzz run without a target must not.
    let list = cargo(UNIT_TESTS).args(["--quiet", "--", "--list"]).output();
    let list = list.context("listing the unit tests")?;
    let names = String::from_utf8_lossy(&list.stdout);
    let is_target = |line: &str| line.rsplit("::").next().is_some_and(|n| n.starts_with(PREFIX));
    if !names.lines().any(is_target) {
        bail!("there is no unit test named {PREFIX}…");
    }
    let milliseconds = options.seconds.saturating_mul(1000).to_string();
    // bolero's own variable; without it each target runs for a second, as in `cargo test`.
    execute(
        cargo(UNIT_TESTS)
            .args(["--", "--nocapture", PREFIX])
            .env("BOLERO_RANDOM_TEST_TIME_MS", milliseconds),
    )
}
