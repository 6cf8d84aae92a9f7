//! `cargo xtask refresh`: the generated files that are committed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, execute, mainstay_binary, root};

/// Each generated file, and the arguments with which `mainstay` prints it. Beside them there is a
/// page per module.
const ARTEFACTS: [(&str, &str); 6] = [
    ("docs/schema/schema.sqlite.sql", "schema --format sql --engine sqlite"),
    ("docs/schema/schema.postgres.sql", "schema --format sql --engine postgres"),
    ("docs/schema/openapi.json", "schema --format openapi"),
    ("docs/reference/cli.md", "reference cli"),
    ("docs/reference/configuration.md", "reference configuration"),
    ("docs/reference/entities.schema.json", "entities schema"),
];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Change nothing; fail if a committed file is not what would be generated.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let binary = binary()?;
    let mut stale = Vec::new();
    for (path, arguments) in artefacts(&binary)? {
        let generated = generate(&binary, &arguments)?;
        let file = root().join(&path);
        let committed = fs::read(&file).unwrap_or_default();
        if committed == generated {
            continue;
        }
        if options.check {
            stale.push(format!("{path}: {}", first_difference(&committed, &generated)));
        } else {
            if let Some(folder) = file.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&file, &generated).with_context(|| format!("writing {path}"))?;
            eprintln!("wrote {path}");
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    bail!("run `cargo xtask refresh` and commit:\n{}", stale.join("\n"))
}

/// The generated files with the arguments that print them.
fn artefacts(binary: &Path) -> Result<Vec<(String, String)>> {
    let mut artefacts: Vec<(String, String)> = ARTEFACTS
        .iter()
        .map(|(path, arguments)| ((*path).to_owned(), (*arguments).to_owned()))
        .collect();
    let schema = generate(binary, "schema --format json")?;
    let schema: serde_json::Value = serde_json::from_slice(&schema)?;
    let entities = schema["entities"].as_array().into_iter().flatten();
    let modules: BTreeSet<&str> = entities.filter_map(|entity| entity["module"].as_str()).collect();
    artefacts.extend(modules.into_iter().map(|module| {
        let arguments = format!("schema --format markdown --module {module}");
        (format!("docs/schema/{module}.md"), arguments)
    }));
    Ok(artefacts)
}

fn generate(binary: &Path, arguments: &str) -> Result<Vec<u8>> {
    let output = Command::new(binary)
        .args(arguments.split_whitespace())
        .output()
        .with_context(|| format!("{} does not start", binary.display()))?;
    if !output.status.success() {
        bail!(
            "`mainstay {arguments}` failed ({}):\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(output.stdout)
}

/// The binary named by `MAINSTAY_BIN`, else the one of this workspace, built now.
fn binary() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("MAINSTAY_BIN") {
        return Ok(path.into());
    }
    execute(&mut cargo("build --package mainstay --locked --quiet"))?;
    mainstay_binary()
}

fn first_difference(committed: &[u8], generated: &[u8]) -> String {
    let (committed, generated) =
        (String::from_utf8_lossy(committed), String::from_utf8_lossy(generated));
    let (mut old, mut new) = (committed.lines(), generated.lines());
    let mut number = 1;
    loop {
        match (old.next(), new.next()) {
            (Some(old), Some(new)) if old == new => number += 1,
            (None, None) => return "the line ends differ".to_owned(),
            (old, new) => {
                let (old, new) = (old.unwrap_or("(the end)"), new.unwrap_or("(the end)"));
                return format!("line {number}\n  committed: {old}\n  generated: {new}");
            }
        }
    }
}
