//! What readers feel: sizes, crate edges, dead files, broken links, loose ends.
//!
//! Each rule is a file with one function from the [`Tree`] to its findings.

mod attributes;
mod dead_files;
mod dependencies;
mod exceptions;
mod links;
mod manifests;
mod rust_code;
mod sizes;
mod tree;
mod words;

use std::fmt;

use anyhow::{Result, bail};

use self::tree::Tree;

/// Something to put right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// What it is about: a path, an edge, a function. Stable while lines move, so that an
    /// exception can name it.
    subject: String,
    /// The line, counted from one; 0 for the whole subject.
    line: usize,
    /// The rule, as exceptions name it.
    rule: &'static str,
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, line, rule, message } = self;
        match line {
            0 => write!(formatter, "{subject}: {message} [{rule}]"),
            line => write!(formatter, "{subject}:{line}: {message} [{rule}]"),
        }
    }
}

/// Checks the workspace; an error lists what is wrong.
pub(crate) fn run() -> Result<()> {
    let findings = check(&Tree::read(crate::shell::root())?);
    if findings.is_empty() {
        eprintln!("tidy");
        return Ok(());
    }
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    bail!("{} findings:\n{}", lines.len(), lines.join("\n"))
}

fn check(tree: &Tree) -> Vec<Finding> {
    let rules = [
        attributes::check,
        dead_files::check,
        dependencies::check,
        links::check,
        manifests::check,
        sizes::check_files,
        sizes::check_functions,
        words::check_loose_ends,
        words::check_machine_paths,
    ];
    let findings = rules.into_iter().flat_map(|rule| rule(tree)).collect();
    let mut findings = exceptions::apply(findings, tree);
    findings.sort();
    findings
}

#[cfg(test)]
mod tests {
    #[test]
    fn repository_is_tidy() {
        let wrong = super::run().err().map(|error| format!("{error:#}"));
        assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
    }
}
