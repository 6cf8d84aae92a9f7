//! Rust files that no crate contains.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::Finding;
use super::rust_code::code_only;
use super::tree::{Tree, folder, join};

/// Rust files that are no target of a crate, no module of one, and named by none of its files.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut used = BTreeSet::new();
    for (path, text) in tree.texts_ending("Cargo.toml") {
        // What does not parse, Cargo reports.
        if let Ok(manifest) = text.parse::<Table>() {
            collect_used(tree, folder(path), &manifest, &mut used);
        }
    }
    let is_dead = |path: &&str| !used.contains(*path);
    let dead = tree.texts_ending(".rs").map(|(path, _)| path).filter(is_dead);
    dead.map(|path| Finding {
        subject: path.to_owned(),
        line: 0,
        rule: "dead-file",
        message: "no `mod` declares it".to_owned(),
    })
    .collect()
}

fn collect_used(tree: &Tree, root: &str, manifest: &Table, used: &mut BTreeSet<String>) {
    let mut pending: Vec<Source> = targets(tree, root, manifest)
        .into_iter()
        .map(|path| Source { module_folder: folder(&path).to_owned(), path })
        .collect();
    let mut named = Vec::new();
    while let Some(source) = pending.pop() {
        let Some(text) = tree.text(&source.path) else {
            continue;
        };
        if used.insert(source.path.clone()) {
            pending.extend(modules(&source, text));
            named.extend(named_files(tree, root, &source.path, text));
        }
    }
    used.extend(named);
}

/// A file, and the folder in which the modules that it declares are.
struct Source {
    path: String,
    module_folder: String,
}

/// The roots of the crate's targets: those Cargo finds by itself, and those the manifest names.
fn targets(tree: &Tree, root: &str, manifest: &Table) -> Vec<String> {
    let found = tree.texts_ending(".rs").map(|(path, _)| path).filter(|path| {
        let Some(path) = path.strip_prefix(root).map(|path| path.trim_start_matches('/')) else {
            return false;
        };
        let parts: Vec<&str> = path.split('/').collect();
        matches!(
            *parts,
            ["build.rs"]
                | ["src", "lib.rs" | "main.rs"]
                | ["src", "bin", _]
                | ["src", "bin", _, "main.rs"]
                | ["tests" | "benches" | "examples", _]
                | ["tests" | "benches" | "examples", _, "main.rs"]
        )
    });
    let sections = ["lib", "bin", "test", "bench", "example"].iter();
    let tables = sections
        .filter_map(|section| manifest.get(*section))
        .flat_map(|section| section.as_array().cloned().unwrap_or_else(|| vec![section.clone()]));
    let named = tables.filter_map(|table| {
        let path = table.get("path").and_then(Value::as_str)?;
        join(root, path)
    });
    found.map(str::to_owned).chain(named).collect()
}

/// The files that the `mod name;` items of a file may mean.
fn modules(source: &Source, text: &str) -> Vec<Source> {
    let code = code_only(text);
    let mut modules = Vec::new();
    let mut attribute = None;
    for (line, code) in text.lines().zip(code.lines()) {
        let path = line.trim().strip_prefix("#[path = \"").and_then(|rest| rest.split('"').next());
        if path.is_some() {
            attribute = path;
        }
        let Some(name) = declared_module(code) else {
            continue;
        };
        if let Some(path) = attribute.take() {
            modules.extend(
                join(folder(&source.path), path)
                    .map(|path| Source { module_folder: folder(&path).to_owned(), path }),
            );
            continue;
        }
        if let Some(module_folder) = join(&source.module_folder, name) {
            let files = [format!("{module_folder}.rs"), format!("{module_folder}/mod.rs")];
            modules.extend(files.map(|path| Source { path, module_folder: module_folder.clone() }));
        }
    }
    modules
}

fn declared_module(code: &str) -> Option<&str> {
    let mut words = code.trim().strip_suffix(';')?.split_whitespace();
    let first = words.find(|word| !word.starts_with("pub"))?;
    let name = words.next()?;
    (first == "mod" && words.next().is_none()).then(|| name.trim_start_matches("r#"))
}

/// Files that a string of the file names: `include!("x.rs")`, or the compile-fail cases of a test,
/// `"tests/ui/*.rs"`.
fn named_files(tree: &Tree, root: &str, path: &str, text: &str) -> Vec<String> {
    let bases = [root, folder(path)];
    let quoted = text.split('"').filter(|piece| !piece.contains(char::is_whitespace));
    let targets = quoted.flat_map(|target| bases.map(|base| join(base, target)));
    let mut named = Vec::new();
    for target in targets.flatten() {
        if let Some(wanted) = target.strip_suffix("/*.rs") {
            let files = tree.texts_ending(".rs").map(|(path, _)| path);
            named.extend(files.filter(|path| folder(path) == wanted).map(str::to_owned));
        } else {
            named.push(target);
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_outside_the_module_tree_are_found() {
        let tree = Tree::of(&[
            ("a/Cargo.toml", "[[bench]]\nname = 'x'\npath = 'speed/x.rs'"),
            ("a/src/lib.rs", "pub mod one;\n// mod three;\n#[path = \"else/four.rs\"]\nmod four;"),
            ("a/src/one.rs", "pub(crate) mod two;"),
            ("a/src/one/two.rs", "include!(\"data.rs\");"),
            ("a/src/one/data.rs", ""),
            ("a/src/three.rs", ""),
            ("a/src/two.rs", ""),
            ("a/src/else/four.rs", "mod five;"),
            ("a/src/else/five.rs", ""),
            ("a/src/else/four/five.rs", ""),
            ("a/speed/x.rs", ""),
            ("a/tests/it/main.rs", "mod common;"),
            ("a/tests/it/common/mod.rs", "mod deep;"),
            ("a/tests/it/common/deep.rs", ""),
            ("a/tests/ui.rs", "cases(\"tests/ui/*.rs\")"),
            ("a/tests/ui/wrong.rs", ""),
            ("loose.rs", ""),
        ]);
        let subjects: Vec<_> = check(&tree).into_iter().map(|finding| finding.subject).collect();
        assert_eq!(
            subjects,
            ["a/src/else/four/five.rs", "a/src/three.rs", "a/src/two.rs", "loose.rs"]
        );
    }
}
