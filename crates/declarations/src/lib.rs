//! A product's own tables, views and actions, declared in YAML files.
//!
//! One folder holds them, one file each; the first key tells what a file declares: `table: name`,
//! `view: name` or `action: name`. Reading makes the same metadata that the derive macro makes of
//! a Rust struct, so nothing behind it knows where an entity was declared. All faults of all files
//! are told at once, each with file, line, key and what to write instead.

mod action;
mod error;
mod link;
mod members;
mod name;
mod relationship;
mod table;
mod view;
mod yaml;

pub use error::Error;
pub use table::Seed;

use error::{Faults, Place};
use mainstay_entity::{ActionMeta, EntityMeta};
use members::Item;
use std::path::Path;
use table::Table;
use view::Views;
use yaml::Value;

/// The JSON Schema of declarations, by which editors complete and check.
pub const JSON_SCHEMA: &str = include_str!("entities.schema.json");
/// A table to begin with.
pub const EXAMPLE: &str = include_str!("example.yaml");

/// Larger files are refused, in bytes.
const FILE_MAX: u64 = 1 << 20;
/// More files are refused.
const FILES_MAX: usize = 1_000;

/// What the files of a folder declare.
#[derive(Debug, Default)]
pub struct Declarations {
    /// Tables and views, those first that others refer to.
    pub entities: Vec<EntityMeta>,
    /// Actions.
    pub actions: Vec<ActionMeta>,
    /// What tables hold from the beginning, in the same order.
    pub rows: Vec<Seed>,
}

impl Declarations {
    /// Reads the `.yaml` and `.yml` files of a folder. `known` are the entities that may be
    /// referred to beside those of the files.
    ///
    /// # Errors
    /// Every fault of every file.
    pub fn read(folder: &Path, known: &[EntityMeta]) -> Result<Self, Vec<Error>> {
        let unreadable = |path: &Path, error: std::io::Error| {
            let mut faults = Faults::new(&path.display().to_string());
            faults.add(Place::default(), "", format!("can't be read: {error}"), "");
            faults.into_errors()
        };
        let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unreadable(folder, error))?.path();
            let is_yaml = path.extension().is_some_and(|e| e == "yaml" || e == "yml");
            if !is_yaml || !path.is_file() {
                continue;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let length = path.metadata().map_err(|error| unreadable(&path, error))?.len();
            if length > FILE_MAX || files.len() == FILES_MAX {
                let mut faults = Faults::new(&name);
                let message = format!(
                    "there are at most {FILES_MAX} files, each of at most {FILE_MAX} bytes"
                );
                faults.add(Place::default(), "", message, "split it");
                return Err(faults.into_errors());
            }
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            files.push((name, text));
        }
        // The order in which a folder lists its files is chance.
        files.sort();
        Self::parse(&files, known)
    }

    /// Reads files given as name and text.
    ///
    /// # Errors
    /// Every fault of every file.
    pub fn parse(files: &[(String, String)], known: &[EntityMeta]) -> Result<Self, Vec<Error>> {
        let mut errors = Vec::new();
        let mut tables: Vec<(String, Table)> = Vec::new();
        let mut actions = Vec::new();
        let mut views = Vec::new();
        for (name, text) in files {
            let mut faults = Faults::new(name);
            if let Some(node) = yaml::parse(text, &mut faults) {
                let root = Item::root(&node);
                match first_key(&root, &mut faults) {
                    Some("table") => {
                        let table = table::read(&root, &mut faults);
                        tables.extend(table.map(|table| (name.clone(), table)));
                    }
                    Some("action") => actions.extend(action::read(name, &root, &mut faults)),
                    Some("view") => views.push((name.clone(), node)),
                    _ => {}
                }
            }
            errors.extend(faults.into_errors());
        }
        link::link(&mut tables, known, &mut errors);
        let views = view::all(&views, &tables, known, &mut errors);
        let entities = entities(&tables, views, known, &mut errors);
        if !errors.is_empty() {
            errors.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
            return Err(errors);
        }
        let mut declarations = Self { actions, ..Self::default() };
        declarations.rows = tables.into_iter().filter_map(|(_, table)| table.seed).collect();
        declarations.entities = entities;
        Ok(declarations)
    }
}

/// Tables and views with the relationships between them.
fn entities(
    tables: &[(String, Table)],
    views: Views,
    known: &[EntityMeta],
    errors: &mut Vec<Error>,
) -> Vec<EntityMeta> {
    let mut entities: Vec<EntityMeta> =
        tables.iter().map(|(_, table)| table.meta.clone()).chain(views.entities).collect();
    let of_tables = tables.iter().map(|(file, table)| (file, &table.relationships));
    let of_views = views.relationships.iter().map(|(file, drafts)| (file, drafts));
    let files: Vec<_> = of_tables
        .chain(of_views)
        .enumerate()
        .map(|(position, (file, drafts))| relationship::OfFile { file, position, drafts })
        .collect();
    relationship::link(&mut entities, &files, known, errors);
    entities
}

/// What a file declares.
fn first_key<'a>(root: &Item<'a>, faults: &mut Faults) -> Option<&'a str> {
    const KINDS: [&str; 3] = ["table", "view", "action"];
    let first = match &root.node.value {
        Value::Map(entries) => entries.first().map(|(key, _)| key),
        _ => None,
    };
    let fix = "write `table: name`, `view: name` or `action: name` first";
    match first {
        Some(key) if KINDS.contains(&key.name.as_str()) => Some(&key.name),
        Some(key) => {
            faults.add(key.place, &key.name, "the first key tells what a file declares", fix);
            None
        }
        None => {
            root.refuse("the file declares nothing", fix, faults);
            None
        }
    }
}
