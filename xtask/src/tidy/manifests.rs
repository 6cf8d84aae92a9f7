//! Which way the crates depend on each other, and that all obey the same lints.

use toml::{Table, Value};

use super::Finding;
use super::tree::Tree;

/// The crates from the bottom up. A crate depends on lower layers only.
const LAYERS: [&[&str]; 7] = [
    &["mainstay-entity-derive", "mainstay-ledger", "mainstay-outbound"],
    &["mainstay-entity"],
    &["mainstay-declarations", "mainstay-store", "mainstay-vault"],
    &["mainstay-kernel"],
    &["mainstay-rest"],
    &["mainstay-console", "mainstay-server"],
    &["mainstay"],
];

/// The layer of the modules, beside `mainstay-rest`, which they don't know.
const MODULE_LAYER: usize = 4;

/// The modules. One depends on earlier ones only; what must go the other way goes as an event.
const MODULES: [&str; 15] = [
    "mainstay-identity",
    "mainstay-audit",
    "mainstay-governance",
    "mainstay-delivery",
    "mainstay-reports",
    "mainstay-notify",
    "mainstay-files",
    "mainstay-analytics",
    "mainstay-monitoring",
    "mainstay-compliance",
    "mainstay-integrations",
    "mainstay-ticketing",
    "mainstay-catalog",
    "mainstay-exposure",
    "mainstay-assets",
];

/// What tests share. The product depends on it in tests only.
const FOR_TESTS: [&str; 2] = ["mainstay-declared", "mainstay-testkit"];
/// What developers use.
const TOOLS: [&str; 2] = ["mainstay-benches", "xtask"];

/// Edges that point the wrong way, and crates that don't inherit the lints of the workspace.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts_ending("Cargo.toml") {
        // What does not parse, Cargo reports.
        let Ok(manifest) = text.parse::<Table>() else {
            continue;
        };
        let name = manifest.get("package").and_then(|package| package.get("name"));
        let Some(name) = name.and_then(Value::as_str) else {
            continue;
        };
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        if lints.and_then(Value::as_bool) != Some(true) {
            findings.push(Finding {
                subject: path.to_owned(),
                line: 0,
                rule: "lints",
                message: "lacks `[lints] workspace = true`".to_owned(),
            });
        }
        for dependency in own_dependencies(&manifest) {
            if let Err(message) = may_depend(name, &dependency) {
                let subject = format!("{name} -> {dependency}");
                findings.push(Finding { subject, line: 0, rule: "crate-edge", message });
            }
        }
    }
    findings
}

fn may_depend(from: &str, to: &str) -> Result<(), String> {
    if TOOLS.contains(&from) || FOR_TESTS.contains(&from) {
        return Ok(());
    }
    if FOR_TESTS.contains(&to) {
        return Err("only a dev-dependency, outside of tools".to_owned());
    }
    let place = |name| place(name).ok_or_else(|| format!("`{name}` is in no layer of {}", file!()));
    let ((from_layer, from_order), (to_layer, to_order)) = (place(from)?, place(to)?);
    let is_lower = to_layer < from_layer;
    let is_earlier_module = to_layer == from_layer && to_order < from_order && to_order.is_some();
    if is_lower || is_earlier_module {
        return Ok(());
    }
    Err("points the wrong way: crates depend on lower layers, modules on earlier ones".to_owned())
}

/// The layer of a crate, and its place among the modules if it is one.
fn place(name: &str) -> Option<(usize, Option<usize>)> {
    if let Some(order) = MODULES.iter().position(|module| *module == name) {
        return Some((MODULE_LAYER, Some(order)));
    }
    let layer = LAYERS.iter().position(|layer| layer.contains(&name))?;
    Some((layer, None))
}

/// Our crates among the dependencies. What only tests need may point anywhere.
fn own_dependencies(manifest: &Table) -> Vec<String> {
    let per_target = manifest.get("target").and_then(Value::as_table);
    let tables = per_target.into_iter().flat_map(|targets| targets.values());
    let tables = tables.filter_map(Value::as_table).chain([manifest]);
    let sections = tables
        .flat_map(|table| ["dependencies", "build-dependencies"].map(|section| table.get(section)));
    let dependencies = sections.flatten().filter_map(Value::as_table).flat_map(Table::keys);
    dependencies.filter(|name| name.starts_with("mainstay")).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_point_down() {
        for (from, to, is_allowed) in [
            ("mainstay-kernel", "mainstay-store", true),
            ("mainstay-store", "mainstay-vault", false),
            ("mainstay-store", "mainstay-kernel", false),
            ("mainstay-ledger", "mainstay-entity", false),
            ("mainstay-audit", "mainstay-identity", true),
            ("mainstay-identity", "mainstay-audit", false),
            ("mainstay-audit", "mainstay-rest", false),
            ("mainstay-rest", "mainstay-audit", false),
            ("mainstay-server", "mainstay-audit", true),
            ("mainstay-server", "mainstay-testkit", false),
            ("mainstay-audit", "mainstay-declared", false),
            ("mainstay-declared", "mainstay-entity", true),
            ("xtask", "mainstay-testkit", true),
            ("mainstay-benches", "mainstay", true),
            ("mainstay", "mainstay-unheard-of", false),
        ] {
            assert_eq!(may_depend(from, to).is_ok(), is_allowed, "{from} -> {to}");
        }
    }

    #[test]
    fn all_sections_but_dev_dependencies_count() {
        let manifest = "[package]\nname = 'mainstay-store'\n[lints]\nworkspace = true
            [dependencies]\nmainstay-kernel.workspace = true\nserde = '1'
            [target.'cfg(unix)'.build-dependencies]\nmainstay-rest.workspace = true
            [dev-dependencies]\nmainstay-server.workspace = true";
        let unlinted = "[package]\nname = 'mainstay-vault'";
        let tree = Tree::of(&[("a/Cargo.toml", manifest), ("b/Cargo.toml", unlinted)]);
        let found: Vec<_> = check(&tree).into_iter().map(|f| (f.rule, f.subject)).collect();
        let expected = [
            ("crate-edge", "mainstay-store -> mainstay-rest"),
            ("crate-edge", "mainstay-store -> mainstay-kernel"),
            ("lints", "b/Cargo.toml"),
        ];
        assert_eq!(found, expected.map(|(rule, subject)| (rule, subject.to_owned())));
    }
}
