//! The conformance tables: every column, index and behaviour of the five documents has a home, a
//! reason or is `open`, and what a row names exists.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use serde_json::Value;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

const TABLES: usize = 205;
const COLUMNS: usize = 1_970;
const INDEXES: usize = 437;
const BEHAVIOURS: usize = 511;
/// Modules of whose behaviours none is open any more.
const FINISHED: [&str; 1] = ["identity"];
/// Source columns that may have no home, each with a reason.
const HOMELESS_MAX: usize = 59;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The rows of a table below `docs/conformance`, checked against its header.
fn rows(name: &str, header: &str) -> Vec<Vec<String>> {
    let path = root().join("docs/conformance").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(header), "{name} has another header");
    let width = header.split('\t').count();
    lines
        .map(|line| {
            let row: Vec<String> = line.split('\t').map(str::to_owned).collect();
            assert_eq!(row.len(), width, "{name}: {line}");
            row
        })
        .collect()
}

fn schema() -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_mainstay"))
        .args(["schema", "--format", "json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn declared_columns() -> HashSet<String> {
    let schema = schema();
    let entities = schema["entities"].as_array().unwrap();
    let columns = entities.iter().flat_map(|entity| {
        let table = entity["table"].as_str().unwrap();
        let columns = entity["columns"].as_array().unwrap();
        columns.iter().map(move |column| format!("{table}.{}", column["name"].as_str().unwrap()))
    });
    columns.collect()
}

#[test]
fn every_source_column_has_a_home_or_a_reason() {
    let declared = declared_columns();
    let rows = rows("columns.tsv", "seed\ttable\tcolumn\thome\tnote");
    assert_eq!(rows.len(), COLUMNS);
    let mut seen = HashSet::new();
    let mut homeless = 0;
    for row in &rows {
        assert!(seen.insert(row[..3].join(".")), "listed twice: {row:?}");
        match row[3].as_str() {
            "open" => {}
            reason if reason.starts_with('(') && reason.ends_with(')') => homeless += 1,
            home => assert!(declared.contains(home), "no such column: {row:?}"),
        }
    }
    assert!(homeless <= HOMELESS_MAX, "{homeless} columns without a home");
}

#[test]
fn every_source_table_became_an_entity() {
    let schema = schema();
    let entities = schema["entities"].as_array().unwrap();
    let tables: HashSet<&str> = entities.iter().map(|e| e["table"].as_str().unwrap()).collect();
    let rows = rows("tables.tsv", "seed\ttable\tentity");
    let sources: HashSet<&[String]> = rows.iter().map(|row| &row[..2]).collect();
    assert_eq!(sources.len(), TABLES);
    for row in &rows {
        assert!(tables.contains(row[2].as_str()), "no such table: {row:?}");
    }
}

#[test]
fn every_source_index_is_served_or_has_a_reason() {
    let rows = rows("indexes.tsv", "seed\ttable\tcolumns\tindex\tnote");
    assert_eq!(rows.len(), INDEXES);
    let golden = std::fs::read_to_string(root().join("docs/schema/schema.postgres.sql")).unwrap();
    for row in &rows {
        let index = row[3].as_str();
        let has_reason = index.starts_with('(') && index.ends_with(')');
        assert!(index == "open" || has_reason || golden.contains(index), "no such index: {row:?}");
    }
}

#[test]
fn every_proved_behaviour_names_tests_that_exist() {
    let rows = rows("behaviours.tsv", "id\tmodule\tstatus\ttest\tnote");
    assert_eq!(rows.len(), BEHAVIOURS);
    let ids: BTreeSet<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(ids.len(), BEHAVIOURS, "an id is listed twice");
    let sources = test_sources();
    for row in &rows {
        match row[2].as_str() {
            "open" => {
                assert!(row[3].is_empty(), "an open behaviour names a test: {row:?}");
                assert!(!FINISHED.contains(&row[1].as_str()), "open again: {row:?}");
            }
            "not applicable" => assert!(!row[4].is_empty(), "no reason: {row:?}"),
            "proved" => {
                assert!(!row[3].is_empty(), "no test: {row:?}");
                for test in row[3].split(", ") {
                    assert!(sources.contains(test), "no such test: {row:?}");
                }
            }
            other => panic!("unknown status {other}: {row:?}"),
        }
    }
}

/// OWASP ASVS 5.0: chapters V6, V7 and V8 have 79 lines.
#[test]
fn every_line_of_the_security_standard_is_answered() {
    let text = std::fs::read_to_string(root().join("docs/security/asvs.md")).unwrap();
    let lines: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit())
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let numbers: BTreeSet<&str> = lines.iter().map(|line| line[1]).collect();
    assert_eq!((lines.len(), numbers.len()), (79, 79));
    let sources = test_sources();
    for line in &lines {
        assert!(["met", "not met", "reasoned", "not applicable"].contains(&line[3]), "{line:?}");
        assert!(!line[4].is_empty(), "no reason: {line:?}");
        let named = line[4].split('`').skip(1).step_by(2);
        for test in named.filter(|name| name.matches('_').count() > 2) {
            assert!(sources.contains(&format!("fn {test}(")), "no such test: {test}");
        }
    }
}

/// All Rust and client test code, in which a test's name must stand.
fn test_sources() -> String {
    let mut text = String::new();
    let mut open = vec![root().join("crates"), root().join("tests"), root().join("xtask")];
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.map(Result::unwrap) {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if name != "node_modules" && name != "target" {
                    open.push(path);
                }
            } else if matches!(path.extension().and_then(|e| e.to_str()), Some("rs" | "mjs" | "js"))
            {
                text.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    text
}

#[test]
fn generated_artefacts_are_current() {
    let artefacts: [(&str, &[&str]); 5] = [
        ("schema/schema.sqlite.sql", &["schema", "--format", "sql", "--engine", "sqlite"]),
        ("schema/schema.postgres.sql", &["schema", "--format", "sql", "--engine", "postgres"]),
        ("schema/openapi.json", &["schema", "--format", "openapi"]),
        ("reference/cli.md", &["reference", "cli"]),
        ("reference/configuration.md", &["reference", "configuration"]),
    ];
    for (name, arguments) in artefacts {
        let output = Command::new(env!("CARGO_BIN_EXE_mainstay")).args(arguments).output().unwrap();
        let committed = std::fs::read(root().join("docs").join(name)).unwrap();
        assert!(output.stdout == committed, "{name} is old: run `cargo xtask refresh`");
    }
    for module in modules() {
        let arguments = ["schema", "--format", "markdown", "--module", &module];
        let output = Command::new(env!("CARGO_BIN_EXE_mainstay")).args(arguments).output().unwrap();
        let page = root().join(format!("docs/schema/{module}.md"));
        let committed = std::fs::read(page).unwrap_or_default();
        assert!(output.stdout == committed, "{module}.md is old: run `cargo xtask refresh`");
    }
}

fn modules() -> BTreeSet<String> {
    let schema = schema();
    let entities = schema["entities"].as_array().unwrap();
    entities.iter().map(|entity| entity["module"].as_str().unwrap().to_owned()).collect()
}
