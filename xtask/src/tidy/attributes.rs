//! Lints are expected, not allowed: an expectation that no longer holds warns.

use super::Finding;
use super::rust_code::code_only;
use super::tree::Tree;

/// `allow` attributes; `expect` with a reason is what to write.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts_ending(".rs") {
        for (index, line) in code_only(text).lines().enumerate() {
            if ["#[allow(", "#![allow("].iter().any(|attribute| line.contains(attribute)) {
                findings.push(Finding {
                    subject: path.to_owned(),
                    line: index + 1,
                    rule: "allow-attribute",
                    message: "use `expect` with a reason".to_owned(),
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allow_attributes_are_found_in_code_only() {
        let source = "#![allow(dead_code)]\n// #[allow(x)]\n#[expect(x)]\n    #[allow(y)]\n";
        let lines: Vec<_> =
            check(&Tree::of(&[("a.rs", source)])).into_iter().map(|f| f.line).collect();
        assert_eq!(lines, [1, 4]);
    }
}
