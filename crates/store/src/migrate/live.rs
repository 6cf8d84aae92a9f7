//! The declared schema against the one that is there.

use std::collections::BTreeSet;

/// What is declared and missing, and what is there and not declared, as lines that name it.
pub(super) fn differences(declared: &BTreeSet<String>, live: &BTreeSet<String>) -> Vec<String> {
    let missing = declared.difference(live).map(|line| format!("missing: {line}"));
    let unexpected = live.difference(declared).map(|line| format!("unexpected: {line}"));
    missing.chain(unexpected).collect()
}
