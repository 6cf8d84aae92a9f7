//! Dependencies that nobody uses.

use std::collections::BTreeSet;

use toml::Table;

use super::Finding;
use super::tree::{Tree, folder};

const ROOT: &str = "Cargo.toml";
const SECTIONS: [&str; 3] = ["dependencies", "build-dependencies", "dev-dependencies"];

/// Dependencies of the workspace that no crate takes, and those of a crate that its code doesn't
/// name.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut taken = BTreeSet::new();
    for (path, text) in tree.texts_ending(ROOT) {
        let own = names(text, &SECTIONS.map(|section| vec![section]));
        let code = || tree.texts_ending(".rs").filter(|(file, _)| is_inside(file, folder(path)));
        for name in &own {
            let ident = name.replace('-', "_");
            if !code().any(|(_, text)| mentions(text, &ident)) {
                findings.push(unused(path, name, "is not named in the code of the crate"));
            }
        }
        taken.extend(own);
    }
    let declared = tree.text(ROOT).map(|text| names(text, &[vec!["workspace", "dependencies"]]));
    for name in declared.unwrap_or_default() {
        // Our own are listed for whoever comes to need them.
        if !taken.contains(&name) && !name.starts_with("mainstay") {
            findings.push(unused(ROOT, &name, "is taken by no crate"));
        }
    }
    findings
}

fn unused(path: &str, name: &str, why: &str) -> Finding {
    let message = format!("the dependency {name} {why}");
    let subject = format!("{path} {name}");
    Finding { subject, line: 0, rule: "unused-dependency", message }
}

/// The keys of some tables of a manifest.
fn names(manifest: &str, tables: &[Vec<&str>]) -> BTreeSet<String> {
    // What does not parse, Cargo reports.
    let manifest: Table = manifest.parse().unwrap_or_default();
    let find = |path: &Vec<&str>| {
        path.iter().try_fold(&manifest, |table, key| table.get(*key)?.as_table())
    };
    tables.iter().filter_map(find).flat_map(|table| table.keys().cloned()).collect()
}

fn is_inside(file: &str, folder: &str) -> bool {
    file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a text has a word, not as a part of another.
fn mentions(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(start, _)| {
        !text[..start].ends_with(is_part) && !text[start + word.len()..].starts_with(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_uses_is_found() {
        let root = "[workspace.dependencies]\nserde = '1'\nspare = '1'\nmainstay-new = '1'";
        let manifest = "[dependencies]\nserde.workspace = true\nto-do.workspace = true
            [dev-dependencies]\nserde-json.workspace = true\nmy-test.workspace = true";
        let tree = Tree::of(&[
            (ROOT, root),
            ("a/Cargo.toml", manifest),
            ("a/src/lib.rs", "use serde::Serialize; fn to_dos() {}"),
            ("a/tests/it.rs", "my_test::run()"),
            ("ab/src/lib.rs", "to_do::x()"),
        ]);
        let found: Vec<String> = check(&tree).into_iter().map(|f| f.subject).collect();
        assert_eq!(found, ["a/Cargo.toml serde-json", "a/Cargo.toml to-do", "Cargo.toml spare"]);
    }
}
